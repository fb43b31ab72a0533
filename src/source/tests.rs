//! Every format once whole and once damaged, through [`read`] and, where it is cheap, extraction.

use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::*;
use crate::article::{Article, Format};
use crate::extract;

const PAGE: &str = "<!DOCTYPE html><html><head><title>Ravenia orders frigates</title></head><body><article>\
    <h1>Ravenia orders frigates</h1><p>The defence ministry of Ravenia has ordered four frigates from the yard at \
    Port Lorn, the minister said on Tuesday.</p><p>The first ship is to be delivered in five years, and the crews \
    will be trained with the navy of Ostmark from next spring on.</p></article></body></html>";

fn all(inputs: &[&Path], options: &Options) -> Vec<Found> {
    let inputs: Vec<PathBuf> = inputs.iter().map(|path| (*path).to_owned()).collect();
    let mut found = Vec::new();
    read(&inputs, options, &mut |one| {
        found.push(one);
        ControlFlow::Continue(())
    });
    found
}

/// Reads bytes as a file called `x`.
fn bytes_with(bytes: &[u8], options: &Options) -> Vec<Found> {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("x"), bytes).unwrap();
    all(&[&dir.path().join("x")], options)
}

fn bytes(bytes: &[u8]) -> Vec<Found> {
    bytes_with(bytes, &Options::default())
}

fn good(found: &[Found]) -> Vec<&RawDocument> {
    found.iter().filter_map(|one| one.as_ref().ok()).collect()
}

fn errors(found: &[Found]) -> Vec<String> {
    let end = |message: &str| message.find("/x").map_or(message, |at| &message[at + 1..]).to_owned();
    found.iter().filter_map(|one| one.as_ref().err().map(|error| end(&error.to_string()))).collect()
}

fn article(document: &RawDocument) -> Article {
    extract::article(document).unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut packed = ::bzip2::write::BzEncoder::new(Vec::new(), ::bzip2::Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ::zstd::bulk::compress(bytes, 3).unwrap()
}

fn tarball(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ::tar::Builder::new(Vec::new());
    for (name, body) in members {
        let mut header = ::tar::Header::new_gnu();
        header.set_size(body.len() as u64);
        header.set_mode(0o644);
        if name.len() > 90 {
            archive.append_data(&mut header, name, *body).unwrap();
            continue;
        }
        header.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_cksum();
        archive.append(&header, *body).unwrap();
    }
    archive.into_inner().unwrap()
}

fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ::zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, body) in members {
        archive.start_file(*name, ::zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(body).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn warc_record(kind: &str, address: &str, block: &str) -> String {
    format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {address}\r\nWARC-Date: 2025-03-04T05:06:07Z\r\n\
         Content-Type: application/http; msgtype={kind}\r\nContent-Length: {}\r\n\r\n{block}\r\n\r\n",
        block.len()
    )
}

fn http(status: &str, kind: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nServer: x\r\n\r\n{body}")
}

fn web_archive() -> Vec<u8> {
    [
        "WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 4\r\n\r\na: b\r\n\r\n".to_owned(),
        warc_record("request", "https://one.example/a", "GET /a HTTP/1.1\r\n\r\n"),
        warc_record("response", "https://one.example/a", &http("200 OK", "text/html; charset=utf-8", PAGE)),
        warc_record("response", "https://one.example/b", &http("404 Not Found", "text/html", PAGE)),
        warc_record("response", "https://one.example/c", &http("200 OK", "image/png", "PNG")),
        warc_record("response", "https://one.example/d", &http("200 OK", "text/plain", "Ostmark sells tanks.")),
    ]
    .concat()
    .into_bytes()
}

const RSS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>The Lorn Herald</title><link>https://lorn.example/</link><description>News</description><language>en-gb</language>
<item><title>Ravenia &amp; Ostmark sign pact</title><link>https://lorn.example/pact</link><dc:creator>Ann Bell</dc:creator>
<pubDate>Tue, 04 Mar 2025 10:00:00 +0100</pubDate><category>Defence</category><description>Short.</description>
<content:encoded><![CDATA[<p>Ravenia and Ostmark have signed a defence pact after talks of two years.</p>]]></content:encoded></item>
<item><title>Budget rises</title><link>https://lorn.example/budget</link>
<description>The defence budget of Ravenia will rise by a tenth.</description></item>
</channel></rss>"#;

const ATOM: &str = r#"<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr"><title>Courrier d'Ostmark</title>
<id>urn:x</id><updated>2025-03-04T10:00:00Z</updated>
<entry><title>Un</title><id>urn:1</id><link rel="alternate" href="https://ost.example/1"/><author><name>Luc Morel</name></author>
<published>2025-03-04T09:00:00Z</published><updated>2025-03-04T12:30:00+02:00</updated>
<content type="html">&lt;p&gt;Le ministre a parlé.&lt;/p&gt;</content></entry></feed>"#;

const JSON_FEED: &str = r#"{"version": "https://jsonfeed.org/version/1.1", "title": "Signals",
 "items": [{"id": "1", "url": "https://signals.example/1", "title": "One", "date_published": "2025-03-04T09:00:00-05:00", "content_text": "A note on {brackets}."},
 {"id": "2", "url": "https://signals.example/2", "title": "Two", "content_text": "Another note."}]}"#;

const MAIL: &str = "From: The Lorn Briefing <post@briefing.example>\r\nTo: reader@home.example\r\n\
    Subject: =?utf-8?Q?Fr=C3=A9gates?= and budgets\r\nDate: Tue, 4 Mar 2025 10:00:00 +0100\r\nMessage-ID: <n1@briefing.example>\r\n\
    MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=\"cut\"\r\n\r\n\
    --cut\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nThe ministry has ordered frigates.\r\n\
    --cut\r\nContent-Type: text/html; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
    <p>The ministry has ordered fr=E9gates from the yard at Port Lorn.</p>\r\n--cut--\r\n";

const MHTML: &str = "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://lorn.example/frigates\r\n\
    Subject: Ravenia orders frigates\r\nDate: Tue, 4 Mar 2025 10:00:00 -0000\r\nMIME-Version: 1.0\r\n\
    Content-Type: multipart/related; type=\"text/html\"; boundary=\"cut\"\r\n\r\n\
    --cut\r\nContent-Type: text/html\r\nContent-Location: https://lorn.example/frigates\r\n\r\nPAGE\r\n\
    --cut\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--cut--\r\n";

fn mailbox() -> Vec<u8> {
    let open = "From post@briefing.example Tue Mar  4 10:00:00 2025\r\n";
    let second =
        "Subject: Second\r\nFrom: desk@briefing.example\r\n\r\nOn Monday:\r\n\r\n>From Lorn to Ostmark.\r\n\r\n";
    format!("{open}{MAIL}\r\n{open}{second}").into_bytes()
}

fn seeds() -> Vec<Vec<u8>> {
    let tar = tarball(&[("a.html", PAGE.as_bytes()), ("b", RSS.as_bytes())]);
    let zip = zipped(&[("a.html", PAGE.as_bytes()), ("b", JSON_FEED.as_bytes())]);
    let texts = [
        PAGE,
        RSS,
        ATOM,
        JSON_FEED,
        MAIL,
        MHTML,
        "[{\"a\": \"\\\"\"}]",
        "{\"a\":1}\n{\"b\":2}",
        "PHP Notice: x\n<rss version='2'><channel><item><title>A & B &nbsp;<b>c<link>d</link><item><source>e</item>",
        "{\"ok\": NaN, \"articles\": [{\"title\": \"A \\ud83d\", \"text\": \"a\tb\"},]}",
        "From: a@b.example\nTo: c\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain; \
         format=flowed; delsp=yes\n\na \nb\n--x\nContent-Type: message/rfc822\n\nSubject: s\n\nt\n--x--\n",
        "id,title,date,url\n1,\"A\nb\",c,d\n",
    ];
    let mut seeds: Vec<Vec<u8>> = texts.map(|text| text.as_bytes().to_vec()).into();
    seeds.extend([
        mailbox(),
        web_archive(),
        gzip(&tar),
        gzip(&web_archive()),
        bzip2(RSS.as_bytes()),
        zstd(&zip),
        tar,
        zip,
    ]);
    seeds
}

#[test]
fn targets_run_over_seeds_cut_anywhere() {
    for seed in seeds() {
        targets::run(&seed);
        for at in (0..seed.len()).step_by(seed.len() / 23 + 1) {
            targets::run(&seed[..at]);
            targets::run(&seed[at..]);
        }
    }
}

#[test]
fn reading_stops_where_it_is_told_to() {
    let dir = tempfile::tempdir().unwrap();
    let lines = b"{\"title\":\"one\"}\n{\"title\":\"two\"}\n";
    let nested = zipped(&[("a.tar", &tarball(&[("1", lines), ("2", lines)])), ("b", lines)]);
    std::fs::write(dir.path().join("a"), nested).unwrap();
    std::fs::write(dir.path().join("b"), web_archive()).unwrap();
    std::fs::write(dir.path().join("c"), mailbox()).unwrap();
    std::fs::write(dir.path().join("d"), RSS).unwrap();
    std::fs::write(dir.path().join("e"), "[{\"a\":1},{\"b\":2}]").unwrap();
    std::fs::write(dir.path().join("f"), "%PDF-1.7").unwrap();
    let whole = all(&[dir.path(), dir.path()], &Options::default()).len();
    assert_eq!(whole, 2 * (6 + 2 + 2 + 2 + 2 + 1));
    for most in 1..=whole {
        let mut seen = 0;
        read(&[dir.path().to_owned(), dir.path().to_owned()], &Options::default(), &mut |_| {
            seen += 1;
            if seen == most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert_eq!(seen, most);
    }
}

/// The JSON that a feed's or message's entry became.
fn object(document: &RawDocument) -> serde_json::Value {
    assert_eq!(document.format, Format::FeedEntry);
    serde_json::from_slice(&document.bytes).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_change_of_a_seed_breaks_a_reader(
        which in 0usize..20,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        tail in prop::collection::vec(any::<u8>(), 0..16),
    ) {
        let mut input = seeds().swap_remove(which);
        for (at, byte) in changes {
            let at = at.index(input.len());
            input[at] = byte;
        }
        input.extend(tail);
        targets::run(&input);
    }

    #[test]
    fn no_bytes_break_a_reader(input in prop::collection::vec(any::<u8>(), 0..600)) {
        targets::run(&input);
    }
}

mod archives;
mod feed;
mod guard;
mod json;
mod mail;
mod mbox;
mod paths;
mod sniff;
mod tar;
mod targets;
mod warc;
mod zip;
