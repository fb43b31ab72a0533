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
    assert_eq!(keys, ["outlet", "text"], "{bare}");
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
