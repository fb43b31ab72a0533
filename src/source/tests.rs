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

#[test]
fn a_folder_is_read_in_order_whatever_its_files_are_called() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("a.dat"), PAGE).unwrap();
    std::fs::write(dir.path().join("b.txt"), "{\"title\":\"one\"}\n{\"title\":\"two\"}\n").unwrap();
    std::fs::write(dir.path().join("c"), gzip(b"[{\"title\":\"three\"},\n {\"title\":\"four\"}]")).unwrap();
    std::fs::write(dir.path().join(".hidden"), PAGE).unwrap();
    let found = all(&[dir.path()], &Options::default());
    let kinds: Vec<(Format, Option<u64>)> = good(&found).iter().map(|doc| (doc.format, doc.place.record)).collect();
    let json = |record| (Format::Json, Some(record));
    assert_eq!(kinds, [(Format::Html, None), json(1), json(2), json(1), json(2)]);
    assert_eq!(good(&found)[2].place.bytes, Some((16, 31)));
    assert_eq!(good(&found)[4].place.bytes, Some((21, 37)));
}

#[test]
fn patterns_lists_and_globs_choose_files() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["one/a.html", "one/b.txt", "two/deep/c.html", "two/.gitignore"] {
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, if name.ends_with("ignore") { "deep\n" } else { "Text." }).unwrap();
    }
    let names = |input: &Path, options: &Options| -> Vec<String> {
        let found = all(&[input], options);
        let name = |doc: &&RawDocument| doc.place.path.rsplit('/').next().unwrap().to_owned();
        good(&found).iter().map(name).collect()
    };
    let with = |include: &[&str], exclude: &[&str]| Options {
        patterns: Patterns::new(include, exclude).unwrap(),
        ..Options::default()
    };
    assert_eq!(names(dir.path(), &Options::default()), ["a.html", "b.txt", "c.html"]);
    assert_eq!(names(dir.path(), &with(&["*.html"], &[])), ["a.html", "c.html"]);
    assert_eq!(names(dir.path(), &with(&[], &["deep", "b.*"])), ["a.html"]);
    assert_eq!(names(dir.path(), &with(&["one/*.txt"], &[])), ["b.txt"]);
    assert_eq!(names(dir.path(), &Options { gitignore: true, ..Options::default() }), ["a.html", "b.txt"]);
    assert_eq!(names(&dir.path().join("*/*.html"), &Options::default()), ["a.html"]);
    assert_eq!(names(&dir.path().join("**/*.html"), &Options::default()), ["a.html", "c.html"]);
    assert_eq!(names(&dir.path().join("t?o"), &Options::default()), ["c.html"]);
    assert!(matches!(all(&[&dir.path().join("*.pdf")], &Options::default())[..], [Err(SourceError::Read { .. })]));
    assert!(Patterns::new(&["a[".to_owned()], &[]).is_err());
    let list = read_list(&mut &b"a b\r\n\nc\n"[..], false).unwrap();
    assert_eq!(list, [PathBuf::from("a b"), PathBuf::from("c")]);
    assert_eq!(read_list(&mut &b"a\nb\0c"[..], true).unwrap(), [PathBuf::from("a\nb"), PathBuf::from("c")]);
}

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
    assert_eq!(errors(&bytes(b"%PDF-1.7 ...")), ["x: a PDF file, which is not read"]);
}

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
fn feeds_give_their_entries_and_say_what_is_only_a_summary() {
    let found = bytes(RSS.as_bytes());
    let first = article(good(&found)[0]);
    assert_eq!(first.title, "Ravenia & Ostmark sign pact");
    assert_eq!(first.text, "Ravenia and Ostmark have signed a defence pact after talks of two years.");
    assert_eq!(first.outlet.as_deref(), Some("The Lorn Herald"));
    assert_eq!(first.byline, ["Ann Bell"]);
    assert_eq!(first.url.as_deref(), Some("https://lorn.example/pact"));
    assert_eq!(first.published.unwrap().to_string(), "2025-03-04T10:00:00+01:00", "a time keeps its zone");
    assert_eq!((first.keywords, first.summary_only), (vec!["Defence".to_owned()], false));
    let second = article(good(&found)[1]);
    assert!(second.summary_only && second.text.contains("rise by a tenth"));
    let atom = bytes(ATOM.as_bytes());
    let atom = article(good(&atom)[0]);
    assert_eq!((atom.byline, atom.language.as_deref()), (vec!["Luc Morel".to_owned()], Some("fr")));
    let times = [atom.published, atom.modified].map(|moment| moment.unwrap().to_string());
    assert_eq!(times, ["2025-03-04T09:00:00Z", "2025-03-04T12:30:00+02:00"]);
    let json = bytes(JSON_FEED.as_bytes());
    assert_eq!(article(good(&json)[0]).text, "A note on {brackets}.");
    assert_eq!(article(good(&json)[0]).published.unwrap().to_string(), "2025-03-04T09:00:00-05:00");
    assert_eq!(article(good(&json)[1]).published, None);
}

#[test]
fn a_cut_feed_gives_its_whole_entries() {
    for (feed, place) in [(RSS, "</item>"), (JSON_FEED, "Another"), (&RSS.replace('\n', "\r\n"), "Budget")] {
        let cut = feed.find(place).unwrap() + place.len() + 3;
        let found = bytes(&feed.as_bytes()[..cut]);
        assert_eq!(good(&found).len(), 1, "{place}");
        assert!(errors(&found)[0].starts_with("x:2: the feed is cut off or damaged"), "{:?}", errors(&found));
    }
    assert_eq!(errors(&bytes(b"<rss version=\"2.0\"><channel>")).len(), 1);
}

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
fn a_saved_page_gives_the_page() {
    let saved = MHTML.replace("PAGE", PAGE);
    let found = bytes(saved.as_bytes());
    let [page] = good(&found)[..] else { panic!("{found:?}") };
    assert_eq!((page.format, page.address.as_deref()), (Format::Html, Some("https://lorn.example/frigates")));
    assert!(article(page).text.starts_with("The defence ministry"));
    let found = bytes(&saved.as_bytes()[..saved.len() - 60]);
    assert_eq!((good(&found).len(), errors(&found).len()), (1, 1));
}

#[test]
fn archives_and_compression_within_each_other() {
    let lines: &[u8] = b"{\"title\":\"one\"}\n{\"title\":\"two\"}\n";
    let long = format!("{}/page.html", "folder".repeat(30));
    let tar = tarball(&[("a.html", PAGE.as_bytes()), ("b.gz", &gzip(lines)), (".c", b"x"), (&long, b"<p>x</p>")]);
    let zip = zipped(&[("news.tar", &tar), ("x.bz2", &bzip2(lines)), ("y.zst", &zstd(lines)), ("__MACOSX/z", b"x")]);
    let member = |doc: &&RawDocument| {
        format!("{}:{}", doc.place.member.as_deref().unwrap_or("-"), doc.place.record.unwrap_or(0))
    };
    let expected = [
        "news.tar!a.html:0",
        "news.tar!b.gz:1",
        "news.tar!b.gz:2",
        &format!("news.tar!{long}:0"),
        "x.bz2:1",
        "x.bz2:2",
        "y.zst:1",
        "y.zst:2",
    ];
    for file in [zip.clone(), gzip(&zip), bzip2(&zip), zstd(&zip)] {
        let found = bytes(&file);
        assert_eq!(errors(&found), Vec::<String>::new());
        assert_eq!(good(&found).iter().map(member).collect::<Vec<_>>(), expected);
    }
    let streams = [
        gzip(lines),
        bzip2(lines),
        zstd(lines),
        [gzip(b"{\"title\":\"one\"}\n"), gzip(b"{\"title\":\"two\"}\n")].concat(),
    ];
    for file in streams {
        assert_eq!(good(&bytes(&file)).iter().map(member).collect::<Vec<_>>(), ["-:1", "-:2"]);
    }
    let wanted = Options { patterns: Patterns::new(&["*.html", "*.tar"], &["folder*"]).unwrap(), ..Options::default() };
    assert_eq!(good(&bytes_with(&zip, &wanted)).iter().map(member).collect::<Vec<_>>(), ["news.tar!a.html:0"]);
}

#[test]
fn members_are_only_names() {
    let names = ["../../etc/cron.d/x", "/abs/\u{1b}[31mred", "a\u{202e}lmth.b"];
    let tar = tarball(&names.map(|name| (name, &b"\x01\0\0\0\0"[..])));
    let found = bytes(&tar);
    assert_eq!(
        errors(&found),
        [
            "x!../../etc/cron.d/x: not text, which is not read",
            "x!/abs/\\u{1b}[31mred: not text, which is not read",
            "x!a\\u{202e}lmth.b: not text, which is not read",
        ]
    );
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("x"), zipped(&[("../out.html", PAGE.as_bytes())])).unwrap();
    let found = all(&[dir.path()], &Options::default());
    assert_eq!(good(&found)[0].place.member.as_deref(), Some("../out.html"));
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[test]
fn damaged_archives_give_their_good_members() {
    let page = |n: u8| (0..200u16).map(|i| format!("Paragraph {i} of page {n}.\n\n")).collect::<String>();
    let (one, two) = (page(1), page(2));
    let members = [("1.txt", one.as_bytes()), ("2.txt", two.as_bytes())];
    let tar = tarball(&members);
    let zip = zipped(&members);
    for cut in [&tar[..tar.len() - 3000], &zip[..zip.len() - 400], &gzip(&zip)[..500], &gzip(&tar[..tar.len() - 3000])]
    {
        let found = bytes(cut);
        assert!(good(&found).iter().all(|doc| doc.bytes == one.as_bytes()));
        assert!(
            !errors(&found).is_empty() && errors(&found).iter().all(|error| error.starts_with('x')),
            "{:?}",
            errors(&found)
        );
    }
    assert_eq!(good(&bytes(&tar[..tar.len() - 3000])).len(), 1);
    assert_eq!(errors(&bytes(&tar[..tar.len() - 3000])), ["x!2.txt: it ends too early: the file is cut off"]);
    assert_eq!(good(&bytes(&zip[..zip.len() - 400])).len(), 1);
    let mut wrong = tar.clone();
    let second = 512 + one.len().next_multiple_of(512);
    wrong[second + 124..second + 135].copy_from_slice(b"00000000001");
    assert_eq!(errors(&bytes(&wrong)), ["x: damaged: a member's header is damaged"]);
    let cut = zstd(two.as_bytes());
    assert_eq!(errors(&bytes(&cut[..cut.len() - 30])).len(), 1);
    let cut = bzip2(two.as_bytes());
    assert_eq!(errors(&bytes(&cut[..cut.len() - 30])).len(), 1);
}

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

/// One byte again and again in gzip, made without holding them.
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
    // Lines without end: the reader has to go on to find the next one.
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

fn seeds() -> Vec<Vec<u8>> {
    let tar = tarball(&[("a.html", PAGE.as_bytes()), ("b", RSS.as_bytes())]);
    let zip = zipped(&[("a.html", PAGE.as_bytes()), ("b", JSON_FEED.as_bytes())]);
    let texts = [PAGE, RSS, ATOM, JSON_FEED, MAIL, MHTML, "[{\"a\": \"\\\"\"}]", "{\"a\":1}\n{\"b\":2}"];
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

fn run_targets(input: &[u8]) {
    for target in [targets::any, targets::feed, targets::mail, targets::warc, targets::archives] {
        target(input);
    }
}

#[test]
fn targets_run_over_seeds_cut_anywhere() {
    for seed in seeds() {
        run_targets(&seed);
        for at in (0..seed.len()).step_by(seed.len() / 23 + 1) {
            run_targets(&seed[..at]);
            run_targets(&seed[at..]);
        }
    }
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
        // The empty lines after it count as a part of it: no harm, as it ends where the next one begins.
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

/// The JSON that a feed's or message's entry became.
fn object(document: &RawDocument) -> serde_json::Value {
    assert_eq!(document.format, Format::FeedEntry);
    serde_json::from_slice(&document.bytes).unwrap()
}

#[test]
fn entries_of_feeds_lack_what_the_feed_does_not_say() {
    let feed = r#"<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title> The &lt;b&gt;Lorn&lt;/b&gt;  Herald </title><link>https://lorn.example/</link><description>x</description>
<item><title>1 &amp;lt; 2 and &lt;i&gt;3&lt;/i&gt; &gt; 2</title><guid isPermaLink="true">https://lorn.example/guid</guid>
<author>ann@lorn.example (Ann Bell)</author><pubDate>some day</pubDate></item>
<item><guid isPermaLink="false">tag:7</guid><author>ben@lorn.example</author><description>Only this.</description></item>
<item><title>T</title><link>https://lorn.example/3</link><pubDate>Tue, 04 Mar 2025 10:00:00 GMT</pubDate><description></description></item>
</channel></rss>"#;
    let found = bytes(feed.as_bytes());
    assert_eq!(errors(&found), Vec::<String>::new());
    let objects: Vec<serde_json::Value> = good(&found).iter().map(|doc| object(doc)).collect();
    assert_eq!(objects.len(), 3);
    let text = |n: usize, key: &str| objects[n][key].as_str();
    assert_eq!(text(0, "outlet"), Some("The Lorn Herald"));
    assert_eq!(text(0, "title"), Some("1 < 2 and 3 > 2"));
    assert_eq!(text(0, "url"), Some("https://lorn.example/guid"), "for want of a link");
    assert_eq!(objects[0]["authors"], serde_json::json!(["Ann Bell"]));
    assert_eq!((text(1, "url"), text(1, "title")), (None, None));
    assert_eq!((&objects[1]["authors"], &objects[1]["summary_only"]), (&serde_json::Value::Null, &true.into()));
    assert_eq!(text(1, "summary"), Some("Only this."));
    assert_eq!(text(2, "published"), Some("Tue, 04 Mar 2025 10:00:00 GMT"));
    assert_eq!((text(2, "modified"), text(2, "language")), (None, None));
    let missing = [0, 1].map(|n| extract::article(good(&found)[n]).map(|article| article.published));
    assert!(missing.iter().all(|published| !matches!(published, Ok(Some(_)))), "{missing:?}");
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn no_change_of_a_seed_breaks_a_reader(
        which in 0usize..16,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        tail in prop::collection::vec(any::<u8>(), 0..16),
    ) {
        let mut input = seeds().swap_remove(which);
        for (at, byte) in changes {
            let at = at.index(input.len());
            input[at] = byte;
        }
        input.extend(tail);
        run_targets(&input);
    }

    #[test]
    fn no_bytes_break_a_reader(input in prop::collection::vec(any::<u8>(), 0..600)) {
        run_targets(&input);
    }
}
