//! Recognising what a file holds.

use super::*;

#[test]
fn html_text_and_markdown() {
    let found = bytes(PAGE.as_bytes());
    assert!(article(good(&found)[0]).text.starts_with("The defence ministry of Ravenia"));
    let found = bytes(b"The ministry said nothing.\n\nNobody asked.\n");
    assert_eq!(article(good(&found)[0]).paragraphs.len(), 2);
    let found = bytes(b"---\ntitle: Tanks\n---\n\nOstmark sells *tanks*.\n");
    assert_eq!(article(good(&found)[0]).title, "Tanks");
    let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(PAGE.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert!(article(good(&bytes(&wide))[0]).text.starts_with("The defence ministry of Ravenia"));
    let wrong_label = PAGE.replace("<head>", "<head><meta charset=\"utf-16\">");
    assert!(article(good(&bytes(wrong_label.as_bytes()))[0]).text.contains("Port Lorn"));
    assert_eq!(good(&bytes(b"%PDF-1.7 ..."))[0].format, Format::Pdf);
}

/// Reads bytes as a file of this name.
fn named(name: &str, bytes: &[u8]) -> Vec<Found> {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join(name), bytes).unwrap();
    all(&[&dir.path().join(name)], &Options::default())
}

#[test]
fn what_holds_no_text_is_named_by_its_kind() {
    let kinds: [(&[u8], &str); 11] = [
        (b"\x89PNG\r\n\x1a\n", "a PNG image"),
        (b"\xff\xd8\xff\xe0", "a JPEG image"),
        (b"GIF89a", "a GIF image"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file"),
        (b"\xfd7zXZ\0\0", "an xz archive"),
        (b"7z\xbc\xaf\x27\x1c\0", "a 7z archive"),
        (b"Rar!\x1a\x07\x01\0", "a RAR archive"),
        (b"SQLite format 3\0", "an SQLite file"),
        (b"\x7fELF\x02", "a program"),
        (b"OggS\0", "an Ogg file"),
        (b"{\\rtf1\\ansi", "an RTF file"),
    ];
    for (head, what) in kinds {
        let told = named("page.html", head).remove(0).unwrap_err().to_string();
        assert!(told.contains(&format!("/page.html: {what}, which is not read")), "{told}");
    }
    // One byte in 20 may be zero. UTF-16 has every other byte zero and is read, with or without a byte-order mark.
    let with_zeros = |zeros: usize, length: usize| [vec![0; zeros], vec![b'x'; length - zeros]].concat();
    assert_eq!(good(&bytes(&with_zeros(5, 100))).len(), 1);
    assert_eq!(errors(&bytes(&with_zeros(6, 100))), ["x: not text, which is not read"]);
    let wide = |order: fn(u16) -> [u8; 2]| "Text in two bytes.".encode_utf16().flat_map(order).collect::<Vec<u8>>();
    for text in [wide(u16::to_le_bytes), wide(u16::to_be_bytes)] {
        assert_eq!(good(&bytes(&text)).len(), 1);
    }
}

#[test]
fn tables_lists_and_pictures_are_named() {
    let cases: [(&str, &[u8], &str); 9] = [
        ("a.csv", b"title,text\nOne,\"A, b\"\nTwo,C\n", "a table"),
        ("a.txt", b"id\ttitle\tdate\turl\n1\tA\tb\tc\n2\tA\tb\tc\n3\tA\tb\tc\n4\tA\tb\tc\n", "a table"),
        (
            "a.xml",
            b"<?xml version='1.0'?><urlset xmlns='x'><url><loc>https://a.example</loc></url></urlset>",
            "a sitemap, which only lists addresses",
        ),
        ("a.svg", b"<svg xmlns='x'><text>Words</text></svg>", "an SVG image"),
        ("a.opml", b"<?xml version='1.0'?><opml><body/></opml>", "a list of feeds (OPML)"),
        ("a.ics", b"BEGIN:VCALENDAR\r\nSUMMARY:x", "a calendar"),
        ("a.webp", b"RIFF\x10\0\0\0WEBPVP8 ", "a WebP image"),
        ("a.mp4", b"\0\0\0\x18ftypisom\0\0", "a video file"),
        ("a.mp3", b"ID3\x03\0\0", "an audio file"),
    ];
    for (name, head, what) in cases {
        let told = named(name, head).remove(0).unwrap_err().to_string();
        assert!(told.contains(&format!("/{name}: {what}, which is not read")), "{told}");
    }
}

#[test]
fn bytes_that_are_no_text_are_refused_wherever_they_stand() {
    let noise: Vec<u8> = (0..40_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    for input in [
        noise.clone(),
        [&b"\xff\xfe"[..], &noise].concat(),
        [&b"<html><p>Words"[..], &noise].concat(),
        ["The ministry said so. ".repeat(2000).as_bytes(), &noise].concat(),
    ] {
        assert_eq!(errors(&bytes(&input)), ["x: not text, which is not read"]);
    }
}
