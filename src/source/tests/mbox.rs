//! Mailboxes.

use super::*;

#[test]
fn a_mailbox_gives_its_messages() {
    let found = bytes(&mailbox());
    assert_eq!(errors(&found), Vec::<String>::new());
    let [first, second] = good(&found)[..] else { panic!("{found:?}") };
    assert_eq!((first.place.record, second.place.record), (Some(1), Some(2)));
    let (start, end) = first.place.bytes.unwrap();
    assert!(mailbox()[start as usize..end as usize].starts_with(b"From: The Lorn"));
    let second = article(second);
    assert!(second.text.contains("\n\nFrom Lorn to Ostmark."), "{}", second.text);
    assert_eq!(second.outlet.as_deref(), Some("briefing.example"));
    let packed = gzip(&mailbox());
    let found = bytes(&packed[..packed.len() - 12]);
    assert_eq!(errors(&found), ["x:2: it ends too early: the file is cut off"]);
    let found = bytes_with(&mailbox(), &Options { document_bytes: 300, ..Options::default() });
    assert_eq!(errors(&found), ["x:1: larger than 300 bytes (limit: max-document)"]);
    assert_eq!(good(&found).len(), 1);
}

#[test]
fn a_mailbox_is_cut_where_header_lines_follow_a_separator() {
    let open = "From a@b.example Tue Mar  4 10:00:00 2025";
    let head = "Subject: S\nFrom: a@b.example\n";
    let texts = |mailbox: &str| -> Vec<String> {
        let found = bytes(mailbox.as_bytes());
        assert_eq!(errors(&found), Vec::<String>::new(), "{mailbox}");
        let text =
            |doc: &&RawDocument| object(doc)["text"].as_str().unwrap().replace("\r\n", "\n").trim_end().to_owned();
        good(&found).iter().map(text).collect()
    };
    let one =
        format!("{open}\n{head}\nOne\n{open}\nand more.\n\nFrom London to Paris.\n>From here\n>>From there\n>Front\n");
    let wanted = format!("One\n{open}\nand more.\n\nFrom London to Paris.\nFrom here\n>From there\n>Front");
    assert_eq!(texts(&one), [wanted], "what no header lines follow is text");
    let three = format!("{open}\n{head}\nOne\n\n{open}\n{head}\nTwo\n  \n{open}\n{head}\nThree");
    assert_eq!(texts(&three), ["One", "Two", "Three"]);
    assert_eq!(texts(&three.replace('\n', "\r\n")), ["One", "Two", "Three"]);
    assert_eq!(texts(&format!("\n\n{three}")), ["One", "Two", "Three"]);
    let found = bytes(three.as_bytes());
    for (n, doc) in good(&found).iter().enumerate() {
        let (start, end) = doc.place.bytes.unwrap();
        assert!(three[start as usize..end as usize].starts_with(head), "{n}");
        assert!(three[..end as usize].ends_with("Three") || three[end as usize..].starts_with("From "), "{n}");
        assert_eq!(doc.place.record, Some(n as u64 + 1));
    }
}

#[test]
fn separators_that_are_not_by_the_book_count_and_lines_of_letters_do_not() {
    let head = |n: usize| format!("From: Ann <a@b.example>\nTo: x@y.example\nSubject: {n}\n\nText {n}.\n");
    let titles = |mailbox: &str| -> Vec<String> {
        let found = bytes(mailbox.as_bytes());
        good(&found).iter().map(|doc| object(doc)["title"].as_str().unwrap().to_owned()).collect()
    };
    for open in [
        "From a@b.example Tue Mar  4 10:00:00 2025",
        "From a@b.example",
        "From - Tue Mar 04 10:00:00 2025",
        "From MAILER-DAEMON Tue Mar  4 10:00:00 2025",
        "From \"Ann Bell\" Tue Mar  4 10:00 2025",
    ] {
        for blank in ["", "\n"] {
            let mailbox = format!("{open}\n{}{blank}{open}\n{}", head(1), head(2));
            assert_eq!(titles(&mailbox), ["1", "2"], "{open:?} {blank:?}");
        }
    }
    for line in [
        "From 09:30 the delegations sat in Lorn.",
        "From Monday 10:00 on the port is closed\nNote: ships wait outside",
        "From Lorn the minister wrote:\nTo: all\nSubject: ships",
        "From a@b.example we learned this:\nDate: unknown",
        "From a@b.example Tue Mar  4 10:00:00 2025\n\nSubject: x\nTo: y",
    ] {
        let mailbox = format!("From a@b.example Tue Mar  4 10:00:00 2025\n{}\n{line}\nThe end.\n", head(1));
        assert_eq!(titles(&mailbox), ["1"], "{line}");
        let found = bytes(mailbox.as_bytes());
        let text = object(good(&found)[0])["text"].as_str().unwrap().replace("\r\n", "\n");
        assert!(text.contains(line) && text.contains("The end."), "{text}");
        let alone = bytes(format!("{line}\n\nThe end.\n").as_bytes());
        assert_eq!(good(&alone)[0].format, Format::Text, "a text that begins so");
    }
}
