//! What is kept: killed runs, several runs at a time, removed articles, names and lists.

use std::process::Stdio;
use std::time::Duration;

use super::server::{Server, Step};
use super::{Desk, feed, page, story};

#[test]
fn a_run_that_is_killed_takes_nothing_twice_and_loses_nothing() {
    let server = Server::new();
    let paths: Vec<String> = (0..30).map(|n| format!("/s/{n}")).collect();
    let items: Vec<(&str, &str, &str)> =
        paths.iter().map(|path| (path.as_str(), "A story of Alda", "ferries")).collect();
    server.on("/feed", vec![Step::new(200, &[("ETag", "\"1\"")], feed(&server, &items))]);
    paths.iter().enumerate().for_each(|(n, path)| {
        server.on(path, vec![Step::ok(page("A story of Alda", &story(n as u64))).late(Duration::from_millis(4))]);
    });
    let desk = Desk::following(&server, &["/feed"]);
    for after in [5, 30, 60, 120, 200] {
        let mut child = desk.command(&["fetch", "--now"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(after));
        child.kill().unwrap();
        child.wait().unwrap();
        let archive = desk.archive();
        let source = &archive.sources().unwrap()[0];
        let articles = archive.counts().unwrap().articles;
        assert!(source.etag.is_none() || articles == 30, "the validators are ahead of {articles} items");
    }
    desk.fetched(&["--now"]);
    assert_eq!(desk.fetched(&["--now"])["pages_waiting"], 0);
    assert_eq!(desk.counts(), (30, 60), "each item once, with its page");
    desk.verify();
}

/// Copies a folder with its files.
fn copied(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir(to).unwrap();
    for file in std::fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
}

#[test]
fn where_a_run_was_killed_after_the_archive_was_written_the_index_is_brought_up_to_it() {
    let server = Server::new();
    let items = [("/b", "Borduria orders quillmarks", "quillmarks"), ("/a", "Alda orders ferries", "ferries")];
    server.on("/feed", vec![Step::ok(feed(&server, &items[1..])), Step::ok(feed(&server, &items))]);
    let mut desk = Desk::following(&server, &["/feed"]);
    desk.fetched(&["--no-pages"]);
    let index = desk.dir.path().join("index");
    copied(&index.join("tantivy"), &desk.dir.path().join("before"));
    desk.hour = 2;
    assert_eq!(desk.fetched(&["--no-pages"])["new"], 1);
    // As the disk is at the moment between: the archive has the story, the index has not, and nothing is sealed.
    std::fs::remove_dir_all(index.join("tantivy")).unwrap();
    std::fs::rename(desk.dir.path().join("before"), index.join("tantivy")).unwrap();
    std::fs::rename(index.join("checksums"), index.join("checksums.open")).unwrap();
    assert!(desk.ok(&["search", "quillmarks"]).stdout.contains("Borduria"));
    desk.hour = 4;
    assert_eq!(desk.fetched(&["--no-pages"])["new"], 0);
    assert_eq!(desk.counts(), (2, 2));
    desk.verify();
}

#[test]
fn a_second_fetch_names_the_first_and_an_index_runs_beside_it() {
    let server = Server::new();
    server.on("/feed", vec![Step::ok(feed(&server, &[("/a", "One", "x")])).late(Duration::from_millis(600))]);
    let desk = Desk::following(&server, &["/feed"]);
    let mut child = desk.command(&["fetch"]).stdout(Stdio::null()).spawn().unwrap();
    while server.seen().is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
    let second = desk.run(&["fetch"]);
    assert!(
        second.code == 2 && second.stderr.contains(&format!("process {} (despatch fetch)", child.id())),
        "{second:?}"
    );
    std::fs::write(desk.dir.path().join("b.txt"), "Borduria sells two frigates to Alda.").unwrap();
    desk.ok(&["index", "b.txt"]);
    assert!(child.wait().unwrap().success());
    assert_eq!(desk.counts().0, 2);
    desk.verify();
}

#[test]
fn a_purged_article_is_not_fetched_again() {
    let server = Server::new();
    let items =
        [("/secret", "Quillmark orders ferries", "Quillmark ferries"), ("/b", "Alda orders ferries", "ferries")];
    server.on("/feed", vec![Step::ok(feed(&server, &items)), Step::ok(feed(&server, &items) + " ")]);
    for path in ["/secret", "/b"] {
        server.on(path, vec![Step::ok(page("Alda orders ferries", &story(path.len() as u64)))]);
    }
    let mut desk = Desk::following(&server, &["/feed"]);
    assert_eq!(desk.fetched(&[])["completed"], 2);
    let purged = desk.ok(&["purge", &server.article("/secret"), "--yes"]);
    assert!(purged.stdout.contains('1'), "{purged:?}");
    desk.verify();
    let bytes = std::fs::read(desk.dir.path().join("index/archive.db")).unwrap();
    assert!(!bytes.windows(7).any(|window| window == b"/secret"), "its address is gone");
    server.seen();
    desk.hour = 2;
    let done = desk.fetched(&[]);
    assert_eq!((&done["new"], &done["unchanged"]), (&0.into(), &1.into()));
    assert_eq!(server.paths(), ["/feed"]);
    assert_eq!(desk.counts().0, 1);
}

#[test]
fn a_list_of_another_reader_is_followed_once() {
    let desk = Desk::of(&[]);
    let list = r#"<opml version="1.0"><body><outline text="Sea"><outline text="Deep"><outline text="Harbour Post" xmlUrl="https://harbour.example/feed"/>
        </outline><outline text="Ravenia" type="x" xmlUrl="http://ravenia.example/rss?a=1&amp;b=2"/></outline>
        <outline text="bad" xmlUrl="gopher://old.example/"/><outline xmlUrl="https://harbour.example/feed"/></body></opml>"#;
    std::fs::write(desk.dir.path().join("list.opml"), list).unwrap();
    let first = desk.run(&["follow", "--opml", "list.opml"]);
    assert_eq!(first.code, 2);
    assert_eq!(
        first.stdout,
        "followed: harbour.example (feed 'Harbour Post', https://harbour.example/feed)\n\
         followed: ravenia.example (feed 'Ravenia', http://ravenia.example/rss?a=1&b=2)\n\
         not valid: gopher://old.example/: only http and https are followed\n"
    );
    let again = desk.run(&["follow", "--opml", "list.opml"]);
    assert_eq!(again.stdout.matches("there already: ").count(), 2, "{again:?}");
    assert_eq!(desk.ok(&["following", "--format", "json"]).lines("source").len(), 2);
    let out = desk.ok(&["following", "--format", "opml"]).stdout;
    std::fs::write(desk.dir.path().join("out.opml"), out).unwrap();
    let other = Desk::of(&[]);
    let path = desk.dir.path().join("out.opml");
    assert_eq!(other.ok(&["follow", "--opml", path.to_str().unwrap()]).stdout.lines().count(), 2);
}

#[test]
fn names_are_unique_and_unfollowing_keeps_the_articles() {
    let server = Server::new();
    server.on("/feed", vec![Step::ok(feed(&server, &[("/a", "One", "x")]))]);
    server.on("/other", vec![Step::ok(feed(&server, &[("/b", "Two", "y")]))]);
    let desk = Desk::of(&[&server]);
    assert_eq!(desk.run(&["following"]).code, 1);
    assert_eq!(desk.run(&["fetch"]).code, 2, "there is no index");
    let run = desk.ok(&["follow", &server.url("/feed"), "--as", "harbour"]);
    assert_eq!(
        run.stdout,
        format!(
            "followed: harbour (feed 'Harbour Post', {})\n1 item, 1 new article; 1 page waiting: despatch fetch\n",
            server.url("/feed")
        )
    );
    assert!(desk.ok(&["follow", &server.url("/feed")]).stdout.starts_with("there already: harbour "));
    let taken = desk.run(&["follow", &server.url("/other"), "--as", "harbour"]);
    assert!(taken.code == 2 && taken.stderr.contains("another source is called 'harbour'"), "{taken:?}");
    desk.ok(&["follow", &server.url("/other")]);
    assert_eq!(desk.counts().0, 2);
    desk.ok(&["unfollow", "harbour"]);
    desk.ok(&["unfollow", &server.url("/other")]);
    assert_eq!(desk.run(&["unfollow", "harbour"]).code, 2);
    assert_eq!((desk.run(&["following"]).code, desk.counts().0), (1, 2));
    assert_eq!(desk.archive().pages_waiting().unwrap(), 0);
    desk.verify();
}

#[test]
fn hostile_titles_do_not_steer_the_terminal() {
    let server = Server::new();
    let text = feed(&server, &[]).replace("Harbour Post", "Har&#27;[2Jbour &#x202e;Post&#13;&#10;Bcc: a@b.example");
    server.on("/feed", vec![Step::ok(text)]);
    let desk = Desk::of(&[&server]);
    let run = desk.ok(&["follow", &server.url("/feed")]);
    assert!(!run.stdout.contains(['\u{1b}', '\u{202e}', '\r']) && run.stdout.lines().count() == 2, "{run:?}");
    let listed = desk.ok(&["following"]).stdout;
    assert!(!listed.contains(['\u{1b}', '\u{202e}', '\r']), "{listed:?}");
}

#[test]
fn titles_that_would_fill_the_screen_are_cut_for_eyes_and_whole_in_json() {
    let server = Server::new();
    let (long, colored) = ("x".repeat(10_000), "Alda \\u001b[31mbuys\\u001b[0m ferries");
    let item = |path: &str, title: &str| {
        format!("{{\"id\":\"{path}\",\"url\":\"{}\",\"title\":\"{title}\",\"summary\":\"ferries\"}}", server.url(path))
    };
    let text = |items: &str| {
        format!("{{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"{long}\",\"items\":[{items}]}}")
    };
    let items = [item("/a", &long), item("/b", colored)].join(",");
    server.on("/feed", vec![Step::ok(text("")), Step::ok(text(&items))]);
    let mut desk = Desk::of(&[&server]);
    let followed = desk.ok(&["follow", &server.url("/feed"), "--as", "feed"]).stdout;
    assert!(followed.len() < 500, "{followed}");
    desk.hour = 2;
    desk.fetched(&["--no-pages"]);
    for form in ["text", "md"] {
        let news = desk.ok(&["new", "--peek", "--format", form]).stdout;
        assert!(news.contains("Alda buys ferries") && !news.contains(&"x".repeat(400)), "{news}");
        // They were asked without TLS, and that is how they can be read.
        assert!(news.contains(&server.url("/b")) && !news.contains("https://"), "{news}");
    }
    let titles = desk.ok(&["new", "--peek", "--format", "json"]).lines("new");
    assert!(titles.iter().any(|line| line["title"] == long.as_str()));
}
