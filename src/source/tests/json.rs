//! JSON and JSON Lines.

use super::*;

#[test]
fn a_long_line_is_named_and_the_next_is_read() {
    let lines = format!("{{\"a\":\"{}\"}}\n{{\"b\":1}}\n{{\"c\":", "x".repeat(200));
    let found = bytes_with(lines.as_bytes(), &Options { document_bytes: 100, ..Options::default() });
    assert!(matches!(found[0], Err(SourceError::TooLarge { limit: 100, .. })));
    assert_eq!(found[1].as_ref().unwrap().bytes, b"{\"b\":1}");
    assert_eq!(errors(&found), ["x:1: larger than 100 bytes (limit: max-document)"]);
}

#[test]
fn json_values_are_cut_where_they_end() {
    let found = bytes(b"{\n \"title\": \"a } \\\" {\", \"text\": \"x\"\n}\n");
    assert_eq!((good(&found).len(), good(&found)[0].place.record), (1, None));
    let found = bytes(b"{\n \"title\": \"a\"\n}\n{\n \"title\": \"b\"\n}");
    assert_eq!(good(&found).iter().map(|doc| doc.place.record).collect::<Vec<_>>(), [Some(1), Some(2)]);
    let found = bytes(b"[{\"title\": [\"a\", {}]}, {\"title\": \"b\"}, {\"title\": \"c");
    assert_eq!(good(&found).len(), 2);
    assert_eq!(good(&found)[1].bytes, b"{\"title\": \"b\"}");
    assert_eq!(errors(&found), ["x:3: it ends too early: the file is cut off"]);
    let long = format!("[{{\"a\": \"{}\"}}, {{\"b\": 1}}]", "x".repeat(200));
    let found = bytes_with(long.as_bytes(), &Options { document_bytes: 100, ..Options::default() });
    assert_eq!((errors(&found).len(), good(&found)[0].bytes.as_slice()), (1, &b"{\"b\": 1}"[..]));
}

#[test]
fn lines_of_json_with_slips_are_handed_on_one_by_one() {
    let input = b"\xef\xbb\xbf{\"a\":1}\r\n\r\n  {\"b\":2}  \n{\"c\":\nnot json\n{\"d\":4}";
    let found = bytes(input);
    assert_eq!(errors(&found), Vec::<String>::new());
    let seen: Vec<(&[u8], u64)> = good(&found).iter().map(|doc| (&doc.bytes[..], doc.place.record.unwrap())).collect();
    let wanted: [(&[u8], u64); 5] =
        [(b"{\"a\":1}", 1), (b"{\"b\":2}", 3), (b"{\"c\":", 4), (b"not json", 5), (b"{\"d\":4}", 6)];
    assert_eq!(seen, wanted);
    for doc in good(&found) {
        let (start, end) = doc.place.bytes.unwrap();
        assert_eq!(&input[start as usize..end as usize], &doc.bytes[..], "its place in the file");
    }
    let articles: Vec<bool> = good(&found).iter().map(|doc| extract::article(doc).is_ok()).collect();
    assert!(!articles[2] && !articles[3], "those two are no JSON, which extraction tells");
}

#[test]
fn json_values_are_told_apart_whatever_stands_between_them() {
    for (input, values) in [
        ("[{\"a\":1},]", &["{\"a\":1}"][..]),
        ("[ {\"a\":1} {\"b\":2}\n,\n{\"c\":3} ]  ", &["{\"a\":1}", "{\"b\":2}", "{\"c\":3}"]),
        ("[{\"a\":[1,[2]]},{\"b\":{\"c\":{}}}]", &["{\"a\":[1,[2]]}", "{\"b\":{\"c\":{}}}"]),
        ("[{\"a\":\"]}\\\\\"},{\"b\":\"\\\"}\"}]", &["{\"a\":\"]}\\\\\"}", "{\"b\":\"\\\"}\"}"]),
        ("[{\"a\":1}, 7, \"x, y\", null]", &["{\"a\":1}", "7", "\"x, y\"", "null"]),
        ("[{\"a\":1}]\n[{\"b\":2}]", &["{\"a\":1}", "{\"b\":2}"]),
        ("{\n\"a\":1}}{\"b\":2}", &["{\n\"a\":1}", "{\"b\":2}"]),
        ("[]", &[]),
        ("[ ]", &[]),
    ] {
        let found = bytes(input.as_bytes());
        let seen: Vec<String> =
            good(&found).iter().map(|doc| String::from_utf8_lossy(&doc.bytes).into_owned()).collect();
        assert_eq!(
            (seen.as_slice(), errors(&found)),
            (&values.iter().map(|v| (*v).to_owned()).collect::<Vec<_>>()[..], vec![]),
            "{input}"
        );
        for (n, doc) in good(&found).iter().enumerate() {
            if let Some((start, end)) = doc.place.bytes {
                assert_eq!(&input[start as usize..end as usize], values[n], "{input}");
                assert_eq!(doc.place.record, Some(n as u64 + 1), "{input}");
            }
        }
    }
    // A single object in a file has no record number; two in a row both have one.
    assert_eq!(good(&bytes(b"{\n\"a\":1}\n"))[0].place.record, None);
    assert_eq!(good(&bytes(b"[{\"a\":1}]"))[0].place.record, Some(1));
    let cut = bytes(b"{\n\"a\":1}\n{\"b\":");
    assert_eq!(
        (good(&cut)[0].place.record, errors(&cut)),
        (Some(1), vec!["x:2: it ends too early: the file is cut off".to_owned()])
    );
}

#[test]
fn the_articles_of_an_answer_are_documents_with_places_of_their_own() {
    let answer = r#"{"status": "ok", "articles": [{"title": "A", "text": "One."}, {"title": "B", "text": "Two."}]}"#;
    let pretty = answer.replace("[{", "[\n{");
    for input in [answer.to_owned(), pretty, format!("\u{feff}{answer}\n"), format!("[{answer}]")] {
        let found = bytes(input.as_bytes());
        assert_eq!(errors(&found), Vec::<String>::new());
        let titles: Vec<String> = good(&found).iter().map(|doc| article(doc).title).collect();
        assert_eq!(titles, ["A", "B"], "{input}");
        for doc in good(&found) {
            let (start, end) = doc.place.bytes.unwrap();
            assert!(input.as_bytes()[start as usize..end as usize] == doc.bytes, "{input}");
        }
    }
    let pages = format!("{answer}\n{answer}\n");
    let found = bytes(pages.as_bytes());
    let places: Vec<String> =
        good(&found).iter().map(|doc| doc.place.to_string().rsplit('/').next().unwrap().to_owned()).collect();
    assert_eq!(places, ["x!#1:1", "x!#1:2", "x!#2:1", "x!#2:2"]);
}

#[test]
fn json_in_two_bytes_a_character_is_read() {
    let lines = "{\"title\": \"Łódź\", \"text\": \"One.\"}\n{\"title\": \"B\", \"text\": \"Two.\"}\n";
    for (mark, order) in
        [(true, u16::to_le_bytes as fn(u16) -> [u8; 2]), (true, u16::to_be_bytes), (false, u16::to_le_bytes)]
    {
        let wide: Vec<u8> = mark.then_some(0xfeff).into_iter().chain(lines.encode_utf16()).flat_map(order).collect();
        let found = bytes(&wide);
        let titles: Vec<String> = good(&found).iter().map(|doc| article(doc).title).collect();
        assert_eq!(titles, ["Łódź", "B"]);
    }
}

#[test]
fn lines_with_slips_are_articles() {
    let lines = "{\"title\": \"A\", \"author\": NaN, \"text\": \"One\ttwo \\ud83d.\"},\n{\"title\": \"B\", \"text\": \"Two.\",}\n";
    let found = bytes(lines.as_bytes());
    let texts: Vec<String> = good(&found).iter().map(|doc| article(doc).text).collect();
    assert_eq!((texts, errors(&found)), (vec!["One two \u{fffd}.".to_owned(), "Two.".to_owned()], vec![]));
}
