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
fn a_mailbox_is_cut_where_a_line_opens_a_message_after_an_empty_one() {
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
    assert_eq!(texts(&one), [wanted], "without an empty line before it, or without a time in it, it is text");
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
