//! Web archives and the responses in them.

use super::*;

#[test]
fn a_web_archive_gives_pages_that_were_fetched() {
    let whole = web_archive();
    let packed: Vec<u8> = whole.split_inclusive(|byte| *byte == 0).flat_map(gzip).collect();
    let members: Vec<u8> =
        String::from_utf8_lossy(&whole).split_inclusive("\r\n\r\n").flat_map(|part| gzip(part.as_bytes())).collect();
    for bytes_of in [whole.clone(), packed, members] {
        let found = bytes(&bytes_of);
        assert_eq!(errors(&found), Vec::<String>::new());
        let [page, text] = good(&found)[..] else { panic!("{found:?}") };
        assert_eq!(page.address.as_deref(), Some("https://one.example/a"));
        assert_eq!(page.content_type.as_deref(), Some("text/html; charset=utf-8"));
        assert_eq!(page.fetched.unwrap().to_string(), "2025-03-04T05:06:07Z");
        assert_eq!((page.place.record, page.format), (Some(3), Format::Html));
        let (start, end) = page.place.bytes.unwrap();
        assert!(whole[start as usize..].starts_with(b"WARC/") && whole[..end as usize].ends_with(b"</html>"));
        assert_eq!(article(page).url.as_deref(), Some("https://one.example/a"));
        assert_eq!((text.bytes.as_slice(), text.format), (&b"Ostmark sells tanks."[..], Format::Text));
    }
}

#[test]
fn chunks_and_compression_of_responses_are_undone() {
    let body = gzip(PAGE.as_bytes());
    let (one, two) = body.split_at(100);
    let mut block =
        b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n"
            .to_vec();
    for chunk in [one, two, &[]] {
        block.extend(format!("{:x}\r\n", chunk.len()).bytes().chain(chunk.iter().copied()).chain(*b"\r\n"));
    }
    let mut file = format!("WARC/1.1\r\nWARC-Type: response\r\nContent-Length: {}\r\n\r\n", block.len()).into_bytes();
    file.extend(&block);
    assert_eq!(good(&bytes(&file))[0].bytes, PAGE.as_bytes());
    let options = Options { document_bytes: 300, ..Options::default() };
    assert_eq!(errors(&bytes_with(&file, &options)), ["x:1: larger than 300 bytes (limit: max-document)"]);
}

#[test]
fn a_damaged_web_archive_gives_the_other_records() {
    let whole = String::from_utf8(web_archive()).unwrap();
    let length = format!(
        "Content-Length: {}\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html",
        http("200 OK", "text/html; charset=utf-8", PAGE).len()
    );
    assert!(whole.contains(&length));
    for wrong in ["700", "20", "x"] {
        let damaged = whole
            .replace(&length, &format!("Content-Length: {wrong}\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html"));
        let found = bytes(damaged.as_bytes());
        assert_eq!(good(&found).last().unwrap().bytes, b"Ostmark sells tanks.", "{wrong}");
        assert!(errors(&found)[0].starts_with("x:3: "), "{:?}", errors(&found));
    }
    let found = bytes(&whole.as_bytes()[..whole.len() - 10]);
    assert_eq!(good(&found).len(), 1);
    assert_eq!(errors(&found), ["x:6: it ends too early: the file is cut off, or the record's length is wrong"]);
    let packed = gzip(whole.as_bytes());
    let found = bytes(&packed[..packed.len() - 20]);
    assert!(errors(&found)[0].contains("the file is cut off"), "{:?}", errors(&found));
}

/// A web archive of one page with this head of an HTTP response, between two other pages.
fn served(head: &str, body: &[u8]) -> Vec<Found> {
    let block = [format!("{head}\r\n\r\n").as_bytes(), body].concat();
    let record = |block: &[u8]| {
        let head = format!("WARC/1.0\r\nWARC-Type: response\r\nContent-Length: {}\r\n\r\n", block.len());
        [head.as_bytes(), block, b"\r\n\r\n"].concat()
    };
    let other = record(http("200 OK", "text/plain", "Another page.").as_bytes());
    let mut found = bytes(&[&other[..], &record(&block), &other].concat());
    for end in [found.len() - 1, 0] {
        assert_eq!(found.remove(end).unwrap().bytes, b"Another page.", "{head}");
    }
    found
}

#[test]
fn a_record_whose_length_ends_within_its_body_gives_no_page() {
    let page =
        |n: usize| format!("<html><p>Page {n} of the yard at Port Lorn.</p>\r\n<p>{}</p></html>", "x".repeat(200));
    let record = |n: usize, longer: isize| {
        let block = http("200 OK", "text/html", &page(n));
        let right = format!("Content-Length: {}\r\n", block.len());
        let wrong = format!("Content-Length: {}\r\n", block.len().checked_add_signed(longer).unwrap());
        warc_record("response", &format!("https://one.example/{n}"), &block).replace(&right, &wrong)
    };
    let wrong_length = "x:2: its length is wrong: the next record is looked for after it";
    for (longer, told) in [
        (0, None),
        (-1, Some(wrong_length)),
        (-60, Some(wrong_length)),
        (-200, Some(wrong_length)),
        // The blank lines after the record are counted in its length. That does no harm, because it ends where the next
        // record begins.
        (2, None),
        (4, None),
        (7, Some(wrong_length)),
    ] {
        let found = bytes([record(1, 0), record(2, longer), record(3, 0), record(4, 0)].concat().as_bytes());
        let pages: Vec<&str> = good(&found).iter().map(|page| page.address.as_deref().unwrap()).collect();
        let whole =
            ["https://one.example/1", "https://one.example/2", "https://one.example/3", "https://one.example/4"];
        match told {
            None => assert_eq!(pages, whole, "{longer}"),
            Some(_) if longer > 0 => assert_eq!(pages.last(), whole.last(), "{longer}"),
            Some(_) => assert_eq!(pages, [whole[0], whole[2], whole[3]], "{longer}"),
        }
        assert_eq!(errors(&found), told.into_iter().collect::<Vec<_>>(), "{longer}");
    }
}

#[test]
fn only_whole_pages_and_texts_of_successful_responses_are_taken() {
    for (head, format) in [
        ("HTTP/1.1 200 OK\r\nContent-Type: text/html", Some(Format::Html)),
        ("HTTP/1.1 200 OK\r\ncontent-TYPE:text/html;charset=x", Some(Format::Html)),
        ("HTTP/2 200\r\nContent-Type: Text/HTML ; charset=x", Some(Format::Html)),
        ("HTTP/1.0 200 OK\r\nContent-Type: application/xhtml+xml", Some(Format::Html)),
        ("HTTP/1.1 200 OK\r\nContent-Type: text/plain", Some(Format::Text)),
        ("HTTP/1.1 200 OK\nContent-Type:\n text/plain;\n\tcharset=utf-8", Some(Format::Text)),
        ("HTTP/1.1 200 OK\r\nX: y\r\n continued: text\r\nContent-Type: text/plain", Some(Format::Text)),
        ("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Type: image/png", Some(Format::Text)),
        ("HTTP/1.1 200 OK\r\nContent-Type: text/css", None),
        ("HTTP/1.1 200 OK\r\nContent-Type: application/json", None),
        ("HTTP/1.1 200 OK\r\nX-Content-Type: text/html", None),
        ("HTTP/1.1 200 OK", None),
        ("HTTP/1.1 201 Created\r\nContent-Type: text/html", None),
        ("HTTP/1.1 206 Partial Content\r\nContent-Type: text/html", None),
        ("HTTP/1.1 301 Moved\r\nContent-Type: text/html", None),
        ("HTTP/1.1 404 Not Found\r\nContent-Type: text/html", None),
        ("HTTP/1.1 500 Oops\r\nContent-Type: text/html", None),
    ] {
        let found = served(head, b"<p>Body.</p>");
        assert_eq!(good(&found).first().map(|page| page.format), format, "{head}");
        assert_eq!(errors(&found), Vec::<String>::new(), "{head}");
        assert!(good(&found).iter().all(|page| page.bytes == b"<p>Body.</p>"), "{head}");
    }
    for head in ["GET / HTTP/1.1\r\nContent-Type: text/html", "HTTP/1.1 OK\r\nContent-Type: text/html", "HTTP/1.1"] {
        let found = served(head, b"<p>Body.</p>");
        assert_eq!(errors(&found), ["x:2: no HTTP response in a record that should hold one"], "{head}");
    }
    let folded = served("HTTP/1.1 200 OK\r\nContent-Type: text/html;\r\n   charset=iso-8859-1", b"x");
    assert_eq!(good(&folded)[0].content_type.as_deref(), Some("text/html; charset=iso-8859-1"));
}

#[test]
fn only_responses_over_http_are_looked_at_and_their_heads_in_any_case() {
    let block = http("200 OK", "text/plain", "Ostmark sells tanks.");
    let archive = |head: &str| {
        bytes(format!("WARC/1.1\r\n{head}\r\nContent-Length: {}\r\n\r\n{block}\r\n\r\n", block.len()).as_bytes())
    };
    for (head, taken) in [
        ("WARC-Type: response", true),
        ("warc-type:RESPONSE", true),
        ("WARC-Type: response\r\nContent-Type: application/http", true),
        ("WARC-Type: response\r\nContent-Type: Application/HTTP; msgtype=response", true),
        ("WARC-Type: response\r\nContent-Type: text/dns", false),
        ("WARC-Type: resource", false),
        ("WARC-Type: revisit", false),
        ("WARC-Type: request\r\nContent-Type: application/http; msgtype=request", false),
        ("WARC-Type: conversion", false),
        ("X: response", false),
    ] {
        let found = archive(head);
        assert_eq!((good(&found).len(), errors(&found).len()), (usize::from(taken), 0), "{head}");
    }
    let found =
        archive("WARC-Type: response\r\nWARC-Target-URI: <https://a.example/x>\r\nWARC-Date: 2025-03-04T05:06:07Z");
    assert_eq!(good(&found)[0].address.as_deref(), Some("https://a.example/x"));
    let found = archive("WARC-Type: response\r\nwarc-target-uri: https://a.example\r\n /y\r\nWARC-Date: yesterday");
    assert_eq!(good(&found)[0].address.as_deref(), Some("https://a.example /y"));
    assert_eq!(good(&found)[0].fetched, None);
    for (length, told) in [("x", 1), ("-1", 1), ("", 1), ("99999999999999999999999", 1)] {
        let archive = format!(
            "WARC/1.0\r\nWARC-Type: response\r\nContent-Length: {length}\r\n\r\n{block}\r\n\r\nWARC/1.0\r\nWARC-Type: response\r\nContent-Length: {}\r\n\r\n{block}",
            block.len()
        );
        let found = bytes(archive.as_bytes());
        assert_eq!((good(&found).len(), good(&found)[0].place.record), (1, Some(2)), "{length}");
        assert_eq!(errors(&found)[0], "x:1: a record without a valid Content-Length", "{length}");
        assert!(errors(&found).len() >= told, "{length}");
    }
    let cut = bytes(b"WARC/1.0\r\nWARC-Type: response\r\n");
    assert_eq!(errors(&cut), ["x:1: it ends too early: the file is cut off"]);
}

#[test]
fn content_codings_are_undone_where_the_body_has_them() {
    let zlib = |bytes: &[u8]| {
        let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(bytes).unwrap();
        packed.finish().unwrap()
    };
    let body = b"<p>Ostmark sells tanks.</p>";
    for (coding, raw) in [
        ("gzip", gzip(body)),
        ("GZIP", gzip(body)),
        ("x-gzip", gzip(body)),
        ("deflate", zlib(body)),
        ("zstd", zstd(body)),
        ("identity", body.to_vec()),
        // The archive has undone the coding and kept the header.
        ("gzip", body.to_vec()),
        ("deflate", body.to_vec()),
        ("zstd", body.to_vec()),
        ("br", body.to_vec()),
    ] {
        let found = served(&format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: {coding}"), &raw);
        assert_eq!(errors(&found), Vec::<String>::new(), "{coding}");
        assert_eq!(good(&found)[0].bytes, body, "{coding}");
    }
    let told = |coding: &str, raw: &[u8]| {
        errors(&served(&format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: {coding}"), raw))
    };
    assert_eq!(told("br", b"\x8b\xff\x00"), ["x:2: its content coding 'br' is not read"]);
    assert!(told("gzip", b"\x1f\x8b\x08no gzip at all")[0].starts_with("x:2: its content coding is damaged: "));
    // Browsers show as much of a cut body as they can read.
    let long = "Ostmark sells tanks. ".repeat(3000);
    let packed = gzip(long.as_bytes());
    let found =
        served("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: gzip", &packed[..packed.len() - 9]);
    assert!(!good(&found)[0].bytes.is_empty() && long.as_bytes().starts_with(&good(&found)[0].bytes));
    let chunked = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\ntransfer-encoding: Chunked";
    assert_eq!(good(&served(chunked, b"4\r\nOst\n\r\nA;x=y\r\nmark sells\r\n0\r\n\r\n"))[0].bytes, b"Ost\nmark sells");
    assert_eq!(good(&served(chunked, b"Ostmark sells tanks."))[0].bytes, b"Ostmark sells tanks.");
    assert_eq!(
        good(&served("HTTP/1.1 200 OK\r\nContent-Type: text/plain", b"4\r\nOstm\r\n0\r\n"))[0].bytes,
        b"4\r\nOstm\r\n0\r\n"
    );
}

#[test]
fn records_that_hold_a_page_or_a_text_themselves_are_read() {
    let record = |kind: &str, address: &str, media: &str, block: &str| {
        let many: String = (0..300).map(|n| format!("X-Note-{n}: {n}\r\n")).collect();
        format!(
            "WARC/1.1\r\nWARC-Type: {kind}\r\n{many}WARC-Target-URI: {address}\r\nContent-Type: {media}\r\nContent-Length: {}\r\n\r\n{block}\r\n\r\n",
            block.len()
        )
    };
    let file = [
        record("resource", "https://one.example/a", "text/html; charset=utf-8", PAGE),
        record("conversion", "https://one.example/b", "text/plain", "Ostmark sells tanks."),
        record("resource", "https://one.example/c", "image/png", "PNG"),
        record("resource", "urn:text:https://one.example/a", "text/plain", "Menu. Ravenia orders frigates."),
        record("resource", "metadata://crawler/log", "text/plain", "A log."),
        record("metadata", "https://one.example/a", "text/html", PAGE),
        record("response", "https://one.example/d", "application/http", &http("200 OK", "text/html", PAGE)),
    ]
    .concat();
    let found = bytes(file.as_bytes());
    assert_eq!(errors(&found), Vec::<String>::new());
    let seen: Vec<(&str, Format)> =
        good(&found).iter().map(|doc| (doc.address.as_deref().unwrap(), doc.format)).collect();
    let wanted = [
        ("https://one.example/a", Format::Html),
        ("https://one.example/b", Format::Text),
        ("https://one.example/d", Format::Html),
    ];
    assert_eq!(seen, wanted);
    let options = Options { document_bytes: 100, ..Options::default() };
    let found = bytes_with(file.as_bytes(), &options);
    assert_eq!((good(&found).len(), errors(&found).len()), (1, 2), "{:?}", errors(&found));
}
