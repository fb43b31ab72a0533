//! E-mail messages and saved pages.

use super::*;

#[test]
fn mail_gives_its_html_and_the_sender_as_outlet() {
    let found = bytes(MAIL.as_bytes());
    let newsletter = article(good(&found)[0]);
    assert_eq!(newsletter.title, "Frégates and budgets");
    assert_eq!(newsletter.outlet.as_deref(), Some("The Lorn Briefing"));
    assert_eq!(newsletter.text, "The ministry has ordered frégates from the yard at Port Lorn.");
    assert_eq!(newsletter.published.unwrap().to_string(), "2025-03-04T10:00:00+01:00");
    let cut = &MAIL[..MAIL.len() - 20];
    let found = bytes(cut.as_bytes());
    assert_eq!((good(&found).len(), errors(&found).len()), (1, 1));
}

#[test]
fn a_saved_page_gives_the_page() {
    let saved = MHTML.replace("PAGE", PAGE);
    let found = bytes(saved.as_bytes());
    let [page] = good(&found)[..] else { panic!("{found:?}") };
    assert_eq!((page.format, page.address.as_deref()), (Format::Html, Some("https://lorn.example/frigates")));
    assert!(article(page).text.starts_with("The defence ministry"));
    let found = bytes(&saved.as_bytes()[..saved.len() - 60]);
    assert_eq!((good(&found).len(), errors(&found).len()), (1, 1));
}

fn message(head: &str, body: &str) -> Vec<Found> {
    bytes(format!("{head}\r\nMIME-Version: 1.0\r\n\r\n{body}").as_bytes())
}

#[test]
fn a_message_gives_the_part_that_can_be_read_best() {
    let parts = |kind: &str, parts: &[(&str, &str)]| {
        let body: String =
            parts.iter().map(|(kind, body)| format!("--cut\r\nContent-Type: {kind}\r\n\r\n{body}\r\n")).collect();
        let head = format!("Subject: S\r\nFrom: a@b.example\r\nContent-Type: multipart/{kind}; boundary=\"cut\"");
        message(&head, &format!("{body}--cut--\r\n"))
    };
    let both = [("text/plain", "Plain words."), ("text/html", "<p>Marked words.</p>")];
    let found = parts("alternative", &both);
    let made = object(good(&found)[0]);
    assert_eq!((made["html"].as_str().map(str::trim), made.get("text")), (Some("<p>Marked words.</p>"), None));
    let found = parts("mixed", &[("text/plain", "Plain words."), ("image/png", "PNG")]);
    let made = object(good(&found)[0]);
    assert_eq!((made["text"].as_str().map(str::trim), made.get("html")), (Some("Plain words."), None));
    let found = parts("mixed", &[("image/png", "PNG"), ("application/pdf", "PDF")]);
    assert_eq!((good(&found).len(), errors(&found)), (0, vec!["x: the message has no text".to_owned()]));
    let found = parts("mixed", &[("text/html", "<p>One.</p>"), ("text/html", "<p>Two.</p>")]);
    let html = object(good(&found)[0])["html"].as_str().unwrap().to_owned();
    assert!(html.contains("One.") && html.contains("Two."), "{html}");
}

#[test]
fn a_message_lacks_what_its_head_does_not_say() {
    let object_of = |head: &str| object(good(&message(head, "Some words.\r\n"))[0]);
    let full = object_of(
        "From: \" Ann Bell \" <ann@lorn.example>\r\nTo: x@y.example\r\nSubject: A\r\n title\r\nMessage-ID: <7@x>\r\n\
         Date: Tue, 4 Mar 2025 10:00:00 +0100\r\nContent-Language: fr",
    );
    assert_eq!((full["outlet"].as_str(), full["title"].as_str()), (Some("Ann Bell"), Some("A title")));
    assert_eq!((full["id"].as_str(), full["language"].as_str()), (Some("7@x"), Some("fr")));
    assert_eq!(full["published"], "2025-03-04T10:00:00+01:00");
    let bare =
        object_of("From: post@lorn.example\r\nTo: x@y.example\r\nSubject:  \r\nDate: Tue, 44 Mar 2025 10:00:00 +0100");
    let keys: Vec<&String> = bare.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["outlet", "published", "text"], "{bare}");
    assert_eq!(bare["published"], "Tue, 44 Mar 2025 10:00:00 +0100", "extraction reads no date in it");
    assert_eq!(bare["outlet"], "lorn.example", "the host, where the sender has no name");
    assert_eq!(object_of("From: <>\r\nTo: x@y.example").get("outlet"), None);
}

#[test]
fn a_page_is_saved_as_mhtml_where_it_says_from_where() {
    let head = |more: &str| format!("{more}Subject: S\r\nDate: Tue, 4 Mar 2025 10:00:00 +0100");
    let related = "Content-Type: multipart/related; boundary=\"cut\"\r\n";
    let mixed = "Content-Type: multipart/mixed; boundary=\"cut\"\r\n";
    let located =
        "--cut\r\nContent-Type: text/html\r\nContent-Location: https://a.example/x\r\n\r\n<p>One.</p>\r\n--cut--\r\n";
    let local = located.replace("https://a.example/x", "cid:1");
    let unlocated = located.replace("Content-Location: https://a.example/x\r\n", "");
    let snapshot = "Snapshot-Content-Location: https://b.example/y\r\n";
    let received = "Received: from a.example by b.example; Tue, 4 Mar 2025 10:00:00 +0100\r\n";
    for (more, body, format, address) in [
        (related.to_owned(), located, Format::Html, Some("https://a.example/x")),
        (related.to_uppercase().replace("CUT", "cut"), located, Format::Html, Some("https://a.example/x")),
        (related.to_owned(), &local, Format::Html, None),
        (format!("{snapshot}{related}"), located, Format::Html, Some("https://b.example/y")),
        (format!("{snapshot}{mixed}"), &unlocated, Format::Html, Some("https://b.example/y")),
        (format!("{received}{related}"), located, Format::FeedEntry, None),
        (mixed.to_owned(), located, Format::FeedEntry, None),
        (related.to_owned(), &unlocated, Format::FeedEntry, None),
    ] {
        let found = message(&head(&more), body);
        assert_eq!(errors(&found), Vec::<String>::new(), "{more}{body}");
        let [page] = good(&found)[..] else { panic!("{found:?}") };
        assert_eq!((page.format, page.address.as_deref()), (format, address), "{more}{body}");
        if format == Format::Html {
            assert_eq!(page.fetched.unwrap().to_string(), "2025-03-04T09:00:00Z");
            assert_eq!(page.content_type.as_deref(), Some("text/html; charset=utf-8"));
        }
    }
}

/// A message whose parts are separated by the boundary `cut`.
fn parted(kind: &str, parts: &[&str]) -> Vec<Found> {
    let body: String = parts.iter().map(|part| format!("--cut\r\n{part}\r\n")).collect();
    message(
        &format!("Subject: S\r\nFrom: a@b.example\r\nContent-Type: multipart/{kind}; boundary=\"cut\""),
        &format!("{body}--cut--\r\n"),
    )
}

fn texts(found: &[Found]) -> Vec<String> {
    good(found).iter().map(|doc| article(doc).text).collect()
}

const PLAIN: &str = "Content-Type: text/plain\r\n\r\n";
const HTML: &str = "Content-Type: text/html\r\n\r\n";

#[test]
fn the_parts_of_a_sequence_are_all_text_and_of_alternatives_one_is() {
    let lede = format!("{PLAIN}The ministry ordered <frigates>.\r\n\r\nNobody asked.");
    let footer = format!("{HTML}<html><head><title>x</title></head><body><p>The list goes on.</p></body></html>");
    assert_eq!(
        texts(&parted("mixed", &[&lede, &footer])),
        ["The ministry ordered <frigates>.\n\nNobody asked.\n\nThe list goes on."]
    );
    let second = format!("{PLAIN}The second part.");
    assert_eq!(
        texts(&parted("mixed", &[&lede, &second])),
        ["The ministry ordered <frigates>.\n\nNobody asked.\n\nThe second part."]
    );
    let attached = "Content-Type: text/plain\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\nAttached words.";
    assert_eq!(texts(&parted("mixed", &[&second, attached])), ["The second part."]);
    assert_eq!(texts(&parted("mixed", &[attached])), ["Attached words."], "for want of any other text");
    // HTML that shows next to nothing is no alternative.
    let long = format!("{PLAIN}{}", "The ministry ordered four frigates from the yard at Port Lorn. ".repeat(4));
    let stub = format!("{HTML}<p>See below.</p>");
    assert!(texts(&parted("alternative", &[&long, &stub]))[0].contains("Port Lorn"));
    assert_eq!(texts(&parted("alternative", &[&second, &footer])).len(), 1);
    let calendar = "Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR";
    assert_eq!(texts(&parted("mixed", &[&second, calendar])), ["The second part."]);
}

#[test]
fn messages_within_a_message_are_documents_of_their_own() {
    let inner = |n: usize| {
        format!(
            "From: Lorn Herald <h@lorn.example>\r\nSubject: Inner {n}\r\nDate: Tue, {n} Mar 2025 10:00:00 +0100\r\n\r\nWords of number {n}."
        )
    };
    let forwarded = |n: usize| format!("Content-Type: message/rfc822\r\n\r\n{}", inner(n));
    let note = format!("{PLAIN}For the archive.");
    let saved = format!(
        "Content-Type: application/octet-stream; name=\"b.eml\"\r\nContent-Disposition: attachment; filename=\"b.eml\"\r\n\r\n{}",
        inner(3)
    );
    let found = parted("mixed", &[&note, &forwarded(1), &saved]);
    assert_eq!(errors(&found), Vec::<String>::new());
    let articles: Vec<Article> = good(&found).iter().map(|doc| article(doc)).collect();
    assert_eq!(articles.iter().map(|one| one.title.as_str()).collect::<Vec<_>>(), ["S", "Inner 1", "Inner 3"]);
    assert_eq!(articles[1].outlet.as_deref(), Some("Lorn Herald"));
    assert_eq!(articles[1].published.unwrap().to_string(), "2025-03-01T10:00:00+01:00");
    let places: Vec<String> = good(&found).iter().map(|doc| doc.place.to_string()).collect();
    assert!(places[0].ends_with("/x") && places[1].ends_with("/x:1") && places[2].ends_with("/x:2"), "{places:?}");
    // A digest needs no text of its own; its parts are messages although they do not say so.
    let digest = parted("digest", &[&format!("\r\n{}", inner(1)), &format!("\r\n{}", inner(2))]);
    assert_eq!(
        (texts(&digest), errors(&digest).len()),
        (vec!["Words of number 1.".to_owned(), "Words of number 2.".to_owned()], 0)
    );
    // In a mailbox their places are those within the letter.
    let boxed = format!(
        "From a@b Tue Mar  4 10:00:00 2025\nSubject: S\nFrom: a@b.example\nContent-Type: message/rfc822\n\n{}",
        inner(1)
    );
    let places: Vec<String> = good(&bytes(boxed.as_bytes())).iter().map(|doc| doc.place.to_string()).collect();
    assert!(places.len() == 1 && places[0].ends_with("/x!#1:1"), "{places:?}");
}

#[test]
fn messages_nested_without_end_do_no_harm() {
    let level = "Content-Type: message/rfc822\n\n";
    let found = bytes(format!("From: a@b.example\nTo: c@d.example\n{}", level.repeat(100_000)).as_bytes());
    assert_eq!(errors(&found), ["x: more than 2000 messages are nested in this one"]);
    let found = bytes(format!("From: a@b.example\nTo: c@d.example\n{}", level.repeat(1900)).as_bytes());
    assert!(good(&found).len() <= 1);
}

#[test]
fn flowed_lines_are_joined() {
    let flowed = |more: &str, body: &str| {
        let head =
            format!("Subject: S\r\nFrom: a@b.example\r\nContent-Type: text/plain; charset=utf-8; format=flowed{more}");
        texts(&message(&head, body)).remove(0)
    };
    assert_eq!(
        flowed("; delsp=yes", "The fri \r\ngates sail \r\n at dawn.\r\nNext line.\r\n"),
        "The frigates sailat dawn.\n\nNext line."
    );
    assert_eq!(
        flowed("", "The frigates \r\nsail at dawn.\r\n\r\nNext \r\n From here.\r\n"),
        "The frigates sail at dawn.\n\nNext From here."
    );
    assert_eq!(
        flowed("; DelSp=No", "One \r\ntwo.\r\n> said \r\n> so\r\n-- \r\nAnn\r\n"),
        "One two.\n\n> said so\n\n--\n\nAnn"
    );
}

#[test]
fn a_date_without_an_offset_is_read_as_it_is_written() {
    let date = |line: &str| {
        let found = message(&format!("From: Ann\r\nTo: desk@x.example\r\nSubject: S\r\n{line}"), "Some words.\r\n");
        article(good(&found)[0]).published.map(|moment| moment.to_string())
    };
    for line in ["Date: Tue, 04 Mar 2025 10:00:00", "Sent: Tuesday, 4 March 2025 10:00", "Date: 2025-03-04 10:00:00"] {
        assert_eq!(date(line).as_deref(), Some("2025-03-04"), "{line}");
    }
    assert_eq!(date("Date: Tue, 04 Mar 2025 10:00:00 +0200 (EET)").as_deref(), Some("2025-03-04T10:00:00+02:00"));
    assert_eq!(date("Date: Tue, 04 Mar 2025 10:00:00 GMT").as_deref(), Some("2025-03-04T10:00:00Z"));
    assert_eq!(date("Date: some day"), None);
}

#[test]
fn a_part_of_html_that_is_cut_off_is_read_as_far_as_it_goes() {
    let head = "From: a@b.example\r\nTo: c@d.example\r\nContent-Type: multipart/mixed; boundary=\"cut\"\r\n\r\n";
    let found = bytes(format!("{head}--cut\r\n{HTML}<p>The ministry ordered frigates.</p><p>Nobo").as_bytes());
    assert_eq!(errors(&found), ["x: the message ends before its last part does: it is cut off"]);
    assert_eq!(texts(&found), ["The ministry ordered frigates.\n\nNobo"]);
    let saved = MHTML.replace("PAGE", PAGE);
    let found = bytes(&saved.as_bytes()[..saved.find("next spring").unwrap()]);
    assert_eq!((good(&found).len(), errors(&found).len()), (1, 1), "{:?}", errors(&found));
}
