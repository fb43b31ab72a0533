//! Limits on what a file may expand to.

use super::*;

#[test]
fn limits_are_named_with_the_place() {
    let mut nested = b"Text.".to_vec();
    for _ in 0..5 {
        nested = gzip(&nested);
    }
    assert_eq!(errors(&bytes(&nested)), ["x: nested more than 4 deep (limit: max-depth)"]);
    let tar = tarball(&[("1", b"One."), ("2", b"Two."), ("3", b"Three.")]);
    let found = bytes_with(&tar, &Options { members: 2, ..Options::default() });
    assert_eq!((good(&found).len(), errors(&found)), (2, vec!["x: more than 2 members (limit: members)".to_owned()]));
    let lines = "{\"title\":\"one\"}\n".repeat(100);
    let found = bytes_with(&gzip(lines.as_bytes()), &Options { member_bytes: 500, ..Options::default() });
    assert_eq!(errors(&found), ["x:32: expands to more than 500 bytes (limit: max-member)"]);
    let zip = gzip(&zipped(&[("a", PAGE.as_bytes())]));
    let found = bytes_with(&zip, &Options { zip_bytes: 100, ..Options::default() });
    assert!(errors(&found)[0].ends_with("over 100 bytes (limit: zip_bytes)"));
}

/// `bytes` copies of one byte in gzip, made without holding them in memory.
fn bomb(byte: u8, bytes: u64) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    io::copy(&mut io::Read::take(io::repeat(byte), bytes), &mut packed).unwrap();
    packed.finish().unwrap()
}

#[test]
fn a_bomb_stops_at_a_limit() {
    let zeros = bomb(0, 300 << 20);
    assert!(zeros.len() < 400 << 10);
    assert_eq!(errors(&bytes(&zeros)), ["x: not text, which is not read"]);
    // A line without end: the reader must read on to find the next one.
    let lines = [gzip(b"{\"title\":\"one\"}\n{\"x\":\""), bomb(b'x', 300 << 20)].concat();
    let found = bytes_with(&lines, &Options { document_bytes: 1 << 20, ..Options::default() });
    assert_eq!(good(&found).len(), 1);
    assert_eq!(
        errors(&found),
        [
            "x:2: larger than 1048576 bytes (limit: max-document)",
            "x:2: expands to more than 250 times its size (limit: max-ratio)"
        ]
    );
    let mut tar = tarball(&[("a", b"One.")]);
    tar.truncate(1024);
    let mut header = ::tar::Header::new_gnu();
    header.set_path("huge").unwrap();
    header.set_size(300 << 20);
    header.set_cksum();
    tar.extend(header.as_bytes());
    let found = bytes(&[gzip(&tar), zeros].concat());
    assert_eq!(good(&found).len(), 1);
    assert_eq!(
        errors(&found),
        ["x!huge: not text, which is not read", "x: expands to more than 250 times its size (limit: max-ratio)"]
    );
}

/// Each kind of input with a document of exactly 300 bytes: within a limit of 300, over one of 299.
#[test]
fn a_document_as_long_as_the_limit_is_read_and_one_byte_more_is_not() {
    let body = "y".repeat(300);
    let json = format!("{{\"a\":\"{}\"}}", "y".repeat(292));
    assert_eq!((body.len(), json.len()), (300, 300));
    let response = |coding: &str, body: &[u8]| {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n{coding}\r\n\r\n");
        let length = head.len() + body.len();
        [
            format!("WARC/1.0\r\nWARC-Type: response\r\nContent-Length: {length}\r\n\r\n{head}").as_bytes(),
            body,
            b"\r\n\r\n",
        ]
        .concat()
    };
    let message = format!("Subject: x\nFrom: a@b.example\n\n{}\n", "y".repeat(269));
    assert_eq!(message.len(), 300);
    let cases: [(&str, Vec<u8>, &str, usize); 12] = [
        ("text", body.clone().into_bytes(), "x", 1),
        ("gzip", gzip(body.as_bytes()), "x", 1),
        ("zip", zipped(&[("m", body.as_bytes())]), "x!m", 1),
        ("one line", json.clone().into_bytes(), "x:1", 1),
        ("a line", format!("{json}\n{{}}\n").into_bytes(), "x:1", 2),
        ("a line of another system", format!("{json}\r\n{{}}\r\n").into_bytes(), "x:1", 2),
        ("the last line", format!("{{}}\n{json}").into_bytes(), "x:2", 2),
        ("an array", format!("[{json}, {{}}]").into_bytes(), "x:1", 2),
        ("a response", response("X: y", body.as_bytes()), "x:1", 1),
        ("a packed response", response("Content-Encoding: gzip", &gzip(body.as_bytes())), "x:1", 1),
        ("a message", message.clone().into_bytes(), "x", 1),
        ("a mailbox", format!("From a@b Mon Mar  3 10:00:00 2025\n{message}").into_bytes(), "x:1", 1),
    ];
    for (what, input, place, documents) in cases {
        let found = bytes_with(&input, &Options { document_bytes: 300, ..Options::default() });
        assert_eq!((errors(&found), good(&found).len()), (Vec::new(), documents), "{what}");
        let found = bytes_with(&input, &Options { document_bytes: 299, ..Options::default() });
        let told = format!("{place}: larger than 299 bytes (limit: max-document)");
        assert_eq!((errors(&found), good(&found).len()), (vec![told], documents - 1), "{what}");
    }
}

#[test]
fn the_other_limits_too_are_met_only_by_what_is_over_them() {
    let with = |input: &[u8], options: Options| {
        let found = bytes_with(input, &options);
        (good(&found).len(), errors(&found))
    };
    let tar = tarball(&[("1", b"One."), ("2", b"Two."), ("3", b"Three.")]);
    assert_eq!(with(&tar, Options { members: 3, ..Options::default() }), (3, vec![]));
    let zip = zipped(&[("1", b"One."), ("2", b"Two."), ("3", b"Three.")]);
    assert_eq!(with(&zip, Options { members: 3, ..Options::default() }), (3, vec![]));
    let told = vec!["x: more than 2 members (limit: members)".to_owned()];
    assert_eq!(with(&zip, Options { members: 2, ..Options::default() }), (2, told.clone()));
    // Members of nested archives count too.
    let nested = tarball(&[("a.zip", &zipped(&[("1", b"One.")])), ("2", b"Two.")]);
    assert_eq!(with(&nested, Options { members: 3, ..Options::default() }), (2, vec![]));
    let inner = vec!["x!a.zip: more than 1 members (limit: members)".to_owned()];
    assert_eq!(with(&nested, Options { members: 1, ..Options::default() }), (0, inner));

    let mut packed = b"Text.".to_vec();
    for depth in 1..=3u32 {
        packed = gzip(&packed);
        assert_eq!(with(&packed, Options { depth, ..Options::default() }), (1, vec![]), "{depth}");
        let told = vec![format!("x: nested more than {} deep (limit: max-depth)", depth - 1)];
        assert_eq!(with(&packed, Options { depth: depth - 1, ..Options::default() }), (0, told), "{depth}");
    }
    for flat in [&tar, &zip] {
        assert_eq!(with(flat, Options { depth: 1, ..Options::default() }).0, 3);
        let told = vec!["x: nested more than 0 deep (limit: max-depth)".to_owned()];
        assert_eq!(with(flat, Options { depth: 0, ..Options::default() }), (0, told));
    }

    let lines = "{\"title\":\"one\"}\n".repeat(10);
    for input in [gzip(lines.as_bytes()), tarball(&[("m", lines.as_bytes())]), zipped(&[("m", lines.as_bytes())])] {
        assert_eq!(with(&input, Options { member_bytes: 160, ..Options::default() }), (10, vec![]));
        let (lines, told) = with(&input, Options { member_bytes: 159, ..Options::default() });
        assert!(
            lines == 9 && told.len() == 1 && told[0].ends_with("more than 159 bytes (limit: max-member)"),
            "{told:?}"
        );
    }
    // A file that is not compressed may have any length.
    assert_eq!(with(lines.as_bytes(), Options { member_bytes: 10, ..Options::default() }), (10, vec![]));

    let length = zip.len() as u64;
    assert_eq!(with(&gzip(&zip), Options { zip_bytes: length, ..Options::default() }), (3, vec![]));
    let told = vec![format!("x: a zip archive within a stream, over {} bytes (limit: zip_bytes)", length - 1)];
    assert_eq!(with(&gzip(&zip), Options { zip_bytes: length - 1, ..Options::default() }), (0, told));
    assert_eq!(
        with(&zip, Options { zip_bytes: 1, ..Options::default() }),
        (3, vec![]),
        "a file needs no memory for that"
    );
}
