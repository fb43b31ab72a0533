//! `despatch digest`: handed over at least once, under one name.

use super::Desk;
use super::new::{story, take_in};

/// A desk with one story, and programs that refuse a message or keep it.
fn desk() -> Desk {
    let desk = Desk::new();
    take_in(&desk, "a.jsonl", &story(1, "Alda buys a ferry."));
    desk.file("bin/refuse", "#!/bin/sh\ncat > \"$HOME/refused\"\nexit 75\n");
    desk.file("bin/take", "#!/bin/sh\ncat > \"$HOME/taken\"\n");
    assert_eq!(desk.shell("chmod +x bin/*").code, 0);
    desk
}

fn read(desk: &Desk, name: &str) -> String {
    std::fs::read_to_string(desk.path().join(name)).unwrap()
}

#[test]
fn a_refused_digest_is_handed_over_again_the_same_bytes() {
    let desk = desk();
    let refused = desk.shell("despatch digest --format eml --to desk@alda.example --exec refuse");
    assert!(refused.code == 2 && refused.stderr.contains("attempt 1 of 5"), "{refused:?}");
    take_in(&desk, "b.jsonl", &story(2, "Alda buys a train."));
    let taken = desk.shell("despatch digest --format eml --to desk@alda.example --exec take");
    assert!(taken.code == 0 && taken.stderr.starts_with("note: handed over: digest "), "{taken:?}");
    // The first message went unchanged, and then one with what had come since.
    let list = desk.json(&["digest", "--list", "--format", "json"]);
    let told: Vec<(&str, u64, u64)> = list
        .iter()
        .map(|one| (one["state"].as_str().unwrap(), one["tries"].as_u64().unwrap(), one["stories"].as_u64().unwrap()))
        .collect();
    assert_eq!(told, [("done", 2, 1), ("done", 1, 1)]);
    let first = desk.shell(&format!("despatch digest --again {} -o -", list[0]["digest"].as_str().unwrap()));
    assert_eq!(first.stdout, read(&desk, "refused"));
    assert!(first.stdout.contains(&format!("Message-ID: <{}@despatch.invalid>", list[0]["digest"].as_str().unwrap())));
    assert!(read(&desk, "taken").contains("Story 2") && !read(&desk, "taken").contains("Story 1"));
    let nothing = desk.shell("rm taken; despatch digest --exec take");
    assert_eq!((nothing.code, nothing.stderr.as_str()), (1, "nothing new\n"));
    assert!(!desk.path().join("taken").exists(), "no message for nothing");
    let empty = desk.shell("despatch digest --exec take --empty");
    assert_eq!((empty.code, desk.path().join("taken").exists()), (1, true));
    assert_eq!(desk.run(&["verify"]).code, 0);
}

#[test]
#[cfg(unix)]
fn one_that_was_killed_while_it_was_handed_over_is_handed_over_again() {
    let desk = desk();
    let killed = desk.shell("despatch digest --format eml --exec \"sh -c 'cat > first; kill -9 \\$PPID'\"; echo over");
    assert_eq!(killed.stdout, "over\n", "{killed:?}");
    assert_eq!(desk.shell("despatch digest --format eml --exec take").code, 0);
    assert!(!read(&desk, "first").is_empty());
    assert_eq!(read(&desk, "first"), read(&desk, "taken"));
    assert_eq!(desk.run(&["digest"]).code, 1);
}

#[test]
#[cfg(unix)]
fn a_digest_under_way_keeps_others_away() {
    let desk = desk();
    desk.file("bin/again", "#!/bin/sh\ndespatch digest --exec take 2> inner; echo $? >> inner; cat > outer\n");
    assert_eq!(desk.shell("chmod +x bin/again; despatch digest --exec again").code, 0);
    let inner = read(&desk, "inner");
    assert!(inner.contains("is at work in") && inner.ends_with("\n2\n"), "{inner}");
    assert!(!read(&desk, "outer").is_empty() && !desk.path().join("taken").exists());
    assert_eq!(desk.run(&["digest"]).code, 1);
    assert_eq!(desk.run(&["verify"]).code, 0);
}

#[test]
fn after_five_refusals_it_is_set_aside_and_blocks_nothing() {
    let desk = desk();
    for n in 1..=5 {
        let run = desk.shell("despatch digest --exec refuse");
        assert!(run.code == 2, "{n}: {run:?}");
    }
    take_in(&desk, "b.jsonl", &story(2, "Alda buys a train."));
    let later = desk.shell("despatch digest --exec take");
    assert!(later.code == 2 && later.stderr.contains("was refused 5 times"), "it is said at each run: {later:?}");
    assert!(read(&desk, "taken").contains("Story 2") && !read(&desk, "taken").contains("Story 1"));
    let list = desk.json(&["digest", "--list", "--format", "json"]);
    assert_eq!((&list[0]["state"], &list[1]["state"]), (&"stuck".into(), &"done".into()));
    let id = list[0]["digest"].as_str().unwrap();
    let dropped = desk.run(&["digest", "--drop", &id[..6]]);
    assert_eq!((dropped.code, dropped.stderr.as_str()), (0, "note: dropped; its story comes with the next digest\n"));
    let next = desk.shell("despatch digest --exec take");
    assert_eq!((next.code, read(&desk, "taken").contains("Story 1")), (0, true), "{next:?}");
    assert_eq!(desk.shell("despatch digest --exec take").code, 1);
    assert_eq!(desk.run(&["digest", "--drop", id]).code, 2, "it is gone");
    assert_eq!(desk.run(&["verify"]).code, 0);
}

#[test]
fn a_file_is_replaced_whole_and_standard_output_counts_when_it_was_read() {
    let desk = desk();
    if cfg!(target_os = "linux") {
        let full = desk.shell("despatch digest > /dev/full");
        assert_eq!(full.code, 2, "{}", full.stderr);
    }
    let nowhere = desk.run(&["digest", "-o", "none/news.txt"]);
    assert!(nowhere.code == 2 && nowhere.stderr.contains("none/news.txt"), "{nowhere:?}");
    assert_eq!(desk.run(&["digest", "-o", "news.txt"]).code, 0);
    assert!(read(&desk, "news.txt").starts_with("All articles: 1 new story\n"));
    assert_eq!(desk.run(&["digest", "-o", "news.txt"]).code, 1);
    assert!(read(&desk, "news.txt").contains("Story 1"), "nothing new leaves it as it is");
    assert_eq!(desk.run(&["digest", "--mark", "other"]).code, 0);
    assert_eq!(desk.run(&["digest", "--mark", "other"]).code, 1);
}

#[test]
fn a_message_is_read_by_a_mail_program() {
    let desk = desk();
    let run = desk.run(&["digest", "--format", "eml", "--to", "Ada <ada@alda.example>, bo@alda.example"]);
    let message = mail_parser::MessageParser::default().parse(run.stdout.as_bytes()).unwrap();
    assert_eq!(message.subject(), Some("Story 1 · 1 new story (all articles)"));
    let to: Vec<&str> = message.to().unwrap().iter().filter_map(|one| one.address()).collect();
    assert_eq!(to, ["ada@alda.example", "bo@alda.example"]);
    assert_eq!(message.date().unwrap().to_rfc3339(), "2026-03-01T12:00:00Z");
    assert!(message.message_id().unwrap().ends_with("@despatch.invalid"));
    let (text, html) = (message.body_text(0).unwrap(), message.body_html(0).unwrap());
    assert!(text.contains("https://alda.example/1") && html.contains("<a href=\"https://alda.example/1\">Story 1</a>"));
    for remote in ["src=", "@import", "url(", "<link", "<script"] {
        assert!(!html.contains(remote), "{remote}");
    }
    assert!(html.contains("prefers-color-scheme: dark") && html.contains("width=device-width"));
    assert!(
        run.stdout.contains("List-Id: <digest.digest.despatch.invalid>")
            && run.stdout.contains("Auto-Submitted: auto-generated")
    );
    assert!(run.stdout.lines().all(|line| line.len() <= 998));
}

#[test]
fn a_feed_keeps_the_stories_of_earlier_digests() {
    let desk = desk();
    let line = ["digest", "--mark", "feed", "--format", "atom", "-o", "news.atom"];
    assert_eq!(desk.run(&line).code, 0);
    take_in(&desk, "b.jsonl", &story(2, "Alda buys a train <& more>."));
    assert_eq!(desk.run_with(&line, &[("DESPATCH_NOW", "2026-03-01T13:00:00Z")]).code, 0);
    let text = read(&desk, "news.atom");
    let feed = roxmltree::Document::parse(&text).unwrap();
    let all = |name: &str| -> Vec<String> {
        let named = feed.descendants().filter(|node| node.has_tag_name(("http://www.w3.org/2005/Atom", name)));
        named.filter_map(|node| node.text()).map(str::to_owned).collect()
    };
    assert_eq!(all("title"), ["Despatch: feed", "Story 2", "Story 1"]);
    assert_eq!(all("updated"), ["2026-03-01T13:00:00Z", "2026-03-01T13:00:00Z", "2026-03-01T12:00:00Z"]);
    assert!(all("id").iter().all(|id| id.starts_with("urn:despatch:")));
    assert_eq!(all("id").iter().collect::<std::collections::BTreeSet<_>>().len(), 3);
}

/// What a feed and its entries lack, or have too often, by RFC 4287, 4.1.1 and 4.1.2.
fn faults_of_feed(text: &str) -> Vec<String> {
    let document = roxmltree::Document::parse(text).unwrap();
    let feed = document.root_element();
    let named = |node: roxmltree::Node<'_, '_>, name: &str| -> Vec<String> {
        let of = node.children().filter(|child| child.has_tag_name(("http://www.w3.org/2005/Atom", name)));
        of.map(|child| child.attribute("href").or(child.text()).unwrap_or_default().to_owned()).collect()
    };
    let (mut faults, mut ids) = (Vec::new(), std::collections::BTreeSet::new());
    let entries = feed.children().filter(|node| node.has_tag_name(("http://www.w3.org/2005/Atom", "entry")));
    for node in std::iter::once(feed).chain(entries) {
        for name in ["id", "title", "updated"] {
            let found = named(node, name);
            if found.len() != 1 || found[0].trim().is_empty() {
                faults.push(format!("{name}: {found:?}"));
            }
        }
        let id = named(node, "id").concat();
        if url::Url::parse(&id).is_err() || id.contains(' ') || !ids.insert(id.clone()) {
            faults.push(format!("{id} is no address, or is there twice"));
        }
        let times = [named(node, "updated"), named(node, "published")].concat();
        faults.extend(times.into_iter().filter(|time| time.parse::<jiff::Timestamp>().is_err()));
        let alternates = named(node, "link").len();
        if node != feed && (alternates > 1 || alternates + named(node, "content").len() == 0) {
            faults.push(format!("{id} has neither an address nor a content"));
        }
    }
    if named(feed, "author").len() != 1 || feed.descendants().all(|node| node.tag_name().name() != "name") {
        faults.push("no author".to_owned());
    }
    faults
}

#[test]
fn a_feed_keeps_the_rules_of_atom_whatever_a_story_is_called() {
    let desk = Desk::new();
    let bare = r#"{"id":"a b/ü","title":"","text":"Alda buys a ferry without a page of its own."}"#;
    let hostile =
        r#"{"id":"x&<y>","title":"A ]]> <b> & \u0001\ufffe\u202e title","text":"Tarvia votes.","url":"javascript:x"}"#;
    take_in(&desk, "a.jsonl", &format!("{bare}\n{hostile}\n{}", story(3, "Alda buys a train.")));
    let run = desk.run(&["digest", "--mark", "feed", "--format", "atom"]);
    assert_eq!((run.code, run.stdout.matches("<entry>").count()), (0, 3), "{run:?}");
    assert_eq!(faults_of_feed(&run.stdout), [""; 0], "{}", run.stdout);
    let broken =
        run.stdout.replace("<content>", "<rights>").replace("</content>", "</rights>").replace("Z</up", "</up");
    assert!(faults_of_feed(&broken).len() > 3, "the check sees faults");
    let mail = desk.run(&["digest", "--mark", "mail", "--format", "eml"]);
    let message = mail_parser::MessageParser::default().parse(mail.stdout.as_bytes()).unwrap();
    let html = message.body_html(0).unwrap();
    let body = &html[html.find("<body>").unwrap()..html.find("</html>").unwrap()];
    let body = roxmltree::Document::parse(&body.replace("<br>", "<br/>").replace('\u{fffe}', ""))
        .map(|body| body.descendants().count());
    assert!(body.is_ok_and(|nodes| nodes > 10), "each element is closed: {html}");
}

#[test]
fn a_purge_takes_the_messages_with_it_that_tell_of_the_article() {
    let desk = Desk::new();
    let secret = story(1, "Quillmark buys a ferry.").replace("Story 1", "Quillmarkish ferries");
    take_in(&desk, "a.jsonl", &(secret + &story(2, "Alda buys a train.")));
    assert_eq!(desk.shell("despatch digest --format eml -o out.eml").code, 0);
    assert_eq!(desk.shell("despatch digest --mark second --format eml --exec false").code, 2);
    let purged = desk.run(&["purge", "https://alda.example/1", "--yes"]);
    assert!(purged.code == 0 && purged.stdout.contains("gone for good"), "{purged:?}");
    let bytes = std::fs::read(desk.path().join("index/archive.db")).unwrap();
    assert!(!bytes.windows(12).any(|window| window == b"Quillmarkish"), "no message holds it");
    assert_eq!(desk.run(&["verify"]).code, 0);
    let list = desk.json(&["digest", "--list", "--format", "json"]);
    assert_eq!((&list[0]["kept"], &list[1]["state"]), (&false.into(), &"dropped".into()));
    assert_eq!(desk.run(&["digest"]).code, 1, "the other story was told");
    let again = desk.run(&["digest", "--mark", "second"]);
    assert!(again.code == 0 && again.stdout.contains("Story 2") && !again.stdout.contains("Quill"), "{again:?}");
}

#[test]
fn a_project_file_names_no_program_and_no_reader() {
    let desk = desk();
    for (line, name) in [("digest-exec = \"take\"", "digest-exec"), ("digest-to = \"x@alda.example\"", "digest-to")] {
        desk.file(".despatch.toml", format!("{line}\n"));
        let run = desk.shell("cp .despatch.toml .despatch.toml.bak; HOME=/nowhere despatch digest");
        assert!(run.code == 2 && run.stderr.contains(name) && run.stderr.contains("refused"), "{run:?}");
        assert!(!desk.path().join("taken").exists());
    }
    std::fs::remove_file(desk.path().join(".despatch.toml")).unwrap();
    let own = desk.shell("DESPATCH_DIGEST_EXEC=take DESPATCH_DIGEST_TO=ada@alda.example despatch digest --format eml");
    assert!(own.code == 0 && read(&desk, "taken").contains("To: <ada@alda.example>"), "{own:?}");
}

#[test]
fn a_waiting_digest_goes_as_it_was_made_and_that_is_said() {
    let desk = desk();
    assert_eq!(desk.shell("despatch digest --format eml --to ada@alda.example --exec refuse").code, 2);
    let id = desk.json(&["digest", "--list", "--format", "json"])[0]["digest"].as_str().unwrap().to_owned();
    let taken = desk.shell("despatch digest --format md --to bo@alda.example --exec take");
    let said = format!(
        "note: digest {id} goes out as it was made, as eml to ada@alda.example; for a new one: --drop {id}\n\
         note: handed over: digest {id} of 2026-03-01 12:00, 1 story\nnothing new since then\n"
    );
    assert_eq!((taken.code, taken.stderr), (0, said));
    assert_eq!(read(&desk, "taken"), read(&desk, "refused"));
    let again = desk.run(&["digest", "--again", "--format", "eml", "--to", "bo@alda.example"]);
    assert!(again.code == 0 && again.stderr.contains("as it was made, to ada@alda.example"), "{again:?}");
    let same = desk.run(&["digest", "--again", "--format", "eml", "--to", "ada@alda.example"]);
    assert_eq!(same.stderr, "");
}

#[test]
fn nothing_is_printed_that_cannot_be_noted() {
    let desk = desk();
    std::fs::create_dir(desk.path().join("index/probe")).unwrap();
    for command in ["digest", "new"] {
        let run = desk.run(&[command]);
        assert!((run.code, run.stdout.as_str()) == (2, "") && run.stderr.starts_with("error: "), "{run:?}");
    }
    assert_eq!(desk.run(&["new", "--peek"]).code, 0);
    std::fs::remove_dir(desk.path().join("index/probe")).unwrap();
    assert_eq!((desk.run(&["digest"]).code, desk.run(&["new"]).code), (0, 0));
}

#[test]
fn what_is_gone_is_not_spoken_of_as_if_it_could_be_had() {
    let desk = desk();
    assert!(desk.run(&["digest", "--again"]).stderr.contains("no digest was made yet for the mark digest"));
    assert_eq!(desk.run(&["digest"]).code, 0);
    assert_eq!(desk.run(&["purge", "https://alda.example/1", "--yes"]).code, 0);
    let again = desk.run(&["digest", "--again"]);
    let said = "of 2026-03-01 12:00, 1 story is gone for good: an article in it was taken out since";
    assert!(again.code == 2 && again.stderr.contains(said) && !again.stderr.contains("--list"), "{again:?}");
    let list = desk.run(&["digest", "--list"]).stdout;
    assert!(list.contains("done") && list.ends_with("mark digest, not kept any more\n"), "{list}");
    let show = desk.run(&["show", "https://alda.example/1"]).stderr;
    assert!(show.contains("what was taken out stays out; if you have its file"), "{show}");
}

#[test]
fn a_reader_of_several_lines_is_refused() {
    let desk = desk();
    for to in ["a@alda.example\r\nBcc: b@alda.example", "a@alda.example Bcc: b@alda.example", ""] {
        let run = desk.run(&["digest", "--format", "eml", "--to", to]);
        assert!(run.code == 2 && run.stderr.contains("--to is to be a line of addresses"), "{run:?}");
        let run = desk.run_with(&["digest", "--format", "eml"], &[("DESPATCH_DIGEST_TO", to)]);
        assert_eq!(run.code, if to.is_empty() { 0 } else { 2 }, "{run:?}");
    }
    assert!(desk.run_with(&["digest"], &[("DESPATCH_DIGEST_TO", "a\nb")]).stderr.contains("DESPATCH_DIGEST_TO"));
}

#[test]
fn doctor_names_the_messages_that_were_not_handed_over() {
    let desk = desk();
    assert_eq!(desk.shell("despatch digest --mark desk --exec refuse").code, 2);
    let id = desk.json(&["digest", "--list", "--format", "json"])[0]["digest"].as_str().unwrap().to_owned();
    let doctor = |desk: &Desk| desk.run(&["doctor"]).stdout.replace("\n  ", " ");
    let waiting = doctor(&desk);
    let said = format!("digest {id} was not handed over yet (1 attempt): `despatch digest --mark desk` does it");
    assert!(waiting.contains(&said) && !waiting.contains("all is well"), "{waiting}");
    for _ in 2..=5 {
        assert_eq!(desk.shell("despatch digest --mark desk --exec refuse").code, 2);
    }
    let stuck = doctor(&desk);
    assert!(stuck.contains(&format!("`despatch digest --again {id}` hands it over")), "{stuck}");
    assert!(stuck.contains("no fault in the files; not all is finished"), "{stuck}");
    assert_eq!(desk.run(&["digest", "--drop", &id]).code, 0);
    assert!(doctor(&desk).contains("all is well"));
}
