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

/// Reads bytes as a file of this name.
fn named(name: &str, bytes: &[u8]) -> Vec<Found> {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join(name), bytes).unwrap();
    all(&[&dir.path().join(name)], &Options::default())
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

#[test]
fn hidden_files_and_members_are_left_out_unless_they_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    std::fs::create_dir_all(path(".git")).unwrap();
    std::fs::create_dir_all(path("in/.cache")).unwrap();
    for name in [".git/a.txt", ".b.txt", "in/.cache/c.txt", "in/.d.txt", "in/e.txt", "f..txt"] {
        std::fs::write(path(name), format!("Text of {name}.")).unwrap();
    }
    let texts = |inputs: &[&Path]| -> Vec<String> {
        let found = all(inputs, &Options::default());
        good(&found)
            .iter()
            .map(|doc| String::from_utf8_lossy(&doc.bytes)[8..].trim_end_matches('.').to_owned())
            .collect()
    };
    assert_eq!(texts(&[dir.path()]), ["f..txt", "in/e.txt"]);
    assert_eq!(texts(&[&path(".b.txt")]), [".b.txt"], "what the user names is read");
    assert_eq!(texts(&[&path(".git")]), [".git/a.txt"]);
    assert_eq!(texts(&[&path("in"), &path("f..txt"), &path("in/e.txt")]), ["in/e.txt", "f..txt", "in/e.txt"]);
    assert_eq!(texts(&[&path("*.txt")]), ["f..txt"]);
    let names = ["./a", "../b", "c/./d", ".e", "f/.g", ".h/i", "__MACOSX/j", "k/__MACOSX/l", "m\\.n", "..o", "p/..q"];
    let members = names.map(|name| (name, &b"Text."[..]));
    for archive in [tarball(&members), zipped(&members)] {
        let found = bytes(&archive);
        let kept: Vec<&str> = good(&found).iter().map(|doc| doc.place.member.as_deref().unwrap()).collect();
        assert_eq!(kept, ["./a", "../b", "c/./d"], "{:?}", errors(&found));
    }
}

#[test]
fn patterns_are_held_against_names_paths_and_folders() {
    let dir = tempfile::tempdir().unwrap();
    let files = ["a.html", "a.txt", "news/2025/b.html", "news/2025/c.txt", "news/b.html", "old/news/d.html"];
    for name in files {
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "Text.").unwrap();
    }
    let members: Vec<(String, &[u8])> = files.iter().map(|name| (format!("./{name}"), &b"Text."[..])).collect();
    let members: Vec<(&str, &[u8])> = members.iter().map(|(name, body)| (name.as_str(), *body)).collect();
    let (tar, rooted) = (tarball(&members), tarball(&files.map(|name| (name, &b"Text."[..]))));
    for (include, exclude, wanted) in [
        (&[][..], &[][..], &[0, 1, 2, 3, 4, 5][..]),
        (&["*.html"], &[], &[0, 2, 4, 5]),
        (&["b.html"], &[], &[2, 4]),
        (&["?.txt"], &[], &[1, 3]),
        (&["news"], &[], &[2, 3, 4, 5]),
        (&["news/"], &[], &[2, 3, 4, 5]),
        (&["/news"], &[], &[2, 3, 4]),
        (&["/news/"], &[], &[2, 3, 4]),
        (&["news/*"], &[], &[2, 3, 4]),
        (&["news/*.html"], &[], &[4]),
        (&["news/**/*.html"], &[], &[2, 4]),
        (&["**/news"], &[], &[2, 3, 4, 5]),
        (&["*.html", "*.txt"], &[], &[0, 1, 2, 3, 4, 5]),
        (&["*.{html,txt}"], &["news"], &[0, 1]),
        (&["*.html"], &["a.*", "2025"], &[4, 5]),
        (&["a.html"], &["*.html"], &[]),
        (&[], &["/news/2025"], &[0, 1, 4, 5]),
        (&[], &["*"], &[]),
    ] {
        let options = Options { patterns: Patterns::new(include, exclude).unwrap(), ..Options::default() };
        let wanted: Vec<&str> = wanted.iter().map(|n: &usize| files[*n]).collect();
        let found = all(&[dir.path()], &options);
        let below = |doc: &&RawDocument| {
            Path::new(&doc.place.path).strip_prefix(dir.path()).unwrap().to_str().unwrap().to_owned()
        };
        assert_eq!(good(&found).iter().map(below).collect::<Vec<_>>(), wanted, "{include:?} {exclude:?}");
        for archive in [&tar, &rooted] {
            let found = bytes_with(archive, &options);
            let member = |doc: &&RawDocument| doc.place.member.as_deref().unwrap().trim_start_matches("./").to_owned();
            assert_eq!(good(&found).iter().map(member).collect::<Vec<_>>(), wanted, "{include:?} {exclude:?}, members");
        }
        // The file that the user names is read in any case.
        assert_eq!(good(&all(&[&dir.path().join("a.txt")], &options)).len(), 1, "{include:?} {exclude:?}");
    }
    assert_eq!(Patterns::new(&["a["], &[]).unwrap_err().to_string().lines().count(), 1);
    assert!(Patterns::new(&[], &["[z-a]"]).is_err());
}

#[test]
fn an_input_with_stars_is_a_pattern_where_no_such_file_exists() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["a/1.txt", "a/b/2.txt", "a/b/c/3.txt", "d/1.txt", "[x].txt"] {
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, format!("Text of {name}")).unwrap();
    }
    let texts = |pattern: &str| -> Vec<String> {
        let found = all(&[&dir.path().join(pattern)], &Options::default());
        assert!(errors(&found).is_empty(), "{pattern}: {:?}", errors(&found));
        good(&found).iter().map(|doc| String::from_utf8_lossy(&doc.bytes)[8..].to_owned()).collect()
    };
    assert_eq!(texts("a/*"), ["a/1.txt", "a/b/2.txt", "a/b/c/3.txt"], "a folder that matches is read whole");
    assert_eq!(texts("*/*.txt"), ["a/1.txt", "d/1.txt"]);
    assert_eq!(texts("a/**/*.txt"), ["a/1.txt", "a/b/2.txt", "a/b/c/3.txt"]);
    assert_eq!(texts("**"), ["[x].txt", "a/1.txt", "a/b/2.txt", "a/b/c/3.txt", "d/1.txt"], "each once");
    assert_eq!(texts("*/b/*/3.txt"), ["a/b/c/3.txt"]);
    assert_eq!(texts("{a,d}/1.txt"), ["a/1.txt", "d/1.txt"]);
    assert_eq!(texts("[ad]/1.txt"), ["a/1.txt", "d/1.txt"]);
    assert_eq!(texts("[x].txt"), ["[x].txt"], "a file of that very name");
    let none =
        all(&[&dir.path().join("a/*.pdf"), &dir.path().join("a/1.txt"), &dir.path().join("gone")], &Options::default());
    assert!(matches!(&none[..], [Err(SourceError::Read { .. }), Ok(_), Err(SourceError::Read { .. })]), "{none:?}");
    for (name, pattern) in [("a*", true), ("a?", true), ("[a", true), ("{a", true), ("a-b_c.d~", false), ("", false)] {
        assert_eq!(super::paths::is_pattern(Path::new(name)), pattern, "{name}");
    }
}

#[test]
fn a_list_of_paths_is_taken_line_by_line_or_by_nul_bytes() {
    let list = |bytes: &[u8], nul| -> Result<Vec<String>, String> {
        let list = read_list(&mut &bytes[..], nul).map_err(|error| error.to_string())?;
        Ok(list.into_iter().map(|path| path.to_string_lossy().into_owned()).collect())
    };
    let owned = |paths: &[&str]| Ok(paths.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>());
    assert_eq!(list(b"a b\r\n\r\n c \nd", false), owned(&["a b", " c ", "d"]));
    assert_eq!(list(b"a\r\0\0b\nc\0d", true), owned(&["a\r", "b\nc", "d"]));
    assert_eq!(list(b"", false), owned(&[]));
    let long = |length: usize| [&b"a\n"[..], &vec![b'x'; length], b"\nb"].concat();
    assert_eq!(list(&long((64 << 10) - 2), false).map(|paths| paths.len()), Ok(3));
    assert_eq!(list(&long(64 << 10), false), Err("path 2 of the list is too long".to_owned()));
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
        ("[{\"a\":1}]\n[{\"b\":2}]", &["{\"a\":1}", "[{\"b\":2}]"]),
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

#[test]
fn an_atom_entry_has_its_page_its_authors_and_its_own_language() {
    let feed = r#"<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr"><title>Courrier</title><id>urn:x</id>
<updated>2025-03-04T10:00:00Z</updated><author><name>Desk</name></author>
<entry><title>Un</title><id>urn:1</id><link rel="self" href="https://a.example/self"/>
<link rel="alternate" type="application/pdf" href="https://a.example/pdf"/>
<link rel="alternate" type="text/html" href="https://a.example/page"/><updated>2025-03-04T09:00:00Z</updated>
<published>2025-03-04T09:00:00Z</published><category term="defence" label="Defence"/><category term="sea"/>
<content type="text">Plain &lt;words&gt;.</content></entry>
<entry xml:lang="en"><title>Two</title><id>https://a.example/2</id><author><name>Ann Bell</name></author>
<link rel="enclosure" href="https://a.example/mp3"/><updated>2025-03-05T09:00:00Z</updated><content type="html">  </content></entry>
<entry><title>Three</title><id>urn:3</id><link href="https://a.example/only.pdf" type="application/pdf"/>
<content type="html">&lt;p&gt;Marked words.&lt;/p&gt;</content></entry></feed>"#;
    let found = bytes(feed.as_bytes());
    let objects: Vec<serde_json::Value> = good(&found).iter().map(|doc| object(doc)).collect();
    assert_eq!(objects.len(), 3, "{:?}", errors(&found));
    let text = |n: usize, key: &str| objects[n][key].as_str();
    assert_eq!(text(0, "url"), Some("https://a.example/page"));
    assert_eq!(good(&found)[0].address.as_deref(), Some("https://a.example/page"));
    assert_eq!(objects[0]["authors"], serde_json::json!(["Desk"]), "the feed's");
    assert_eq!((text(0, "language"), text(0, "text"), text(0, "html")), (Some("fr"), Some("Plain <words>."), None));
    assert_eq!((text(0, "published"), text(0, "modified")), (Some("2025-03-04T09:00:00Z"), None), "not changed since");
    assert_eq!(objects[0]["keywords"], serde_json::json!(["Defence", "sea"]));
    assert_eq!(objects[1]["authors"], serde_json::json!(["Ann Bell"]));
    assert_eq!((text(1, "url"), objects[1]["summary_only"].as_bool()), (Some("https://a.example/2"), Some(true)));
    assert_eq!(objects[1]["keywords"], serde_json::Value::Null);
    assert_eq!(text(2, "url"), Some("https://a.example/only.pdf"), "the only one there is");
    assert_eq!((text(2, "html"), text(2, "text")), (Some("<p>Marked words.</p>"), None));
    assert_eq!(good(&found).iter().map(|doc| doc.place.record.unwrap()).collect::<Vec<_>>(), [1, 2, 3]);
}

#[test]
fn feeds_of_every_kind_that_are_cut_give_their_whole_entries() {
    let rdf = "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://purl.org/rss/1.0/\">\
        <channel><title>A</title></channel><item><title>One</title><link>https://a.example/1</link></item>\
        <item><title>Two</title><link>https://a.example/2</link></item></rdf:RDF>";
    let entry = |n: usize| format!("<atom:entry><atom:title>{n}</atom:title><atom:id>{n}</atom:id></atom:entry>");
    let atom = format!(
        "<atom:feed xmlns:atom=\"http://www.w3.org/2005/Atom\"><atom:title>A</atom:title>{}{}</atom:feed>",
        entry(1),
        entry(2)
    );
    for (feed, end) in [(rdf, "</item>"), (&atom, "</atom:entry>"), (RSS, "</item>")] {
        assert_eq!(good(&bytes(feed.as_bytes())).len(), 2, "{feed}");
        let second = feed.match_indices(end).nth(1).unwrap().0;
        let found = bytes(&feed.as_bytes()[..second + end.len() - 1]);
        assert_eq!((good(&found).len(), errors(&found).len()), (1, 1), "{feed}");
        let found = bytes(&feed.as_bytes()[..second + end.len()]);
        assert_eq!((good(&found).len(), errors(&found).len()), (2, 1), "{feed}");
        assert!(errors(&found)[0].starts_with("x:3: the feed is cut off or damaged: "), "{:?}", errors(&found));
    }
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

#[test]
fn tar_members_have_the_names_and_lengths_that_their_headers_give() {
    let header = |name: &str, kind: ::tar::EntryType, size: u64| {
        let mut header = ::tar::Header::new_ustar();
        header.set_path(name).unwrap();
        header.set_entry_type(kind);
        header.set_size(size);
        header.set_mode(0o644);
        header.set_cksum();
        header
    };
    use ::tar::EntryType as Kind;
    let padded = |body: &[u8]| {
        let mut bytes = body.to_vec();
        bytes.resize(body.len().next_multiple_of(512), 0);
        bytes
    };
    let entry = |header: &::tar::Header, body: &[u8]| [&header.as_bytes()[..], &padded(body)].concat();
    let file = |name: &str, body: &[u8]| entry(&header(name, Kind::Regular, body.len() as u64), body);
    let extended = |records: &str| entry(&header("x", Kind::XHeader, records.len() as u64), records.as_bytes());
    let long =
        |name: &str| entry(&header("l", Kind::GNULongName, name.len() as u64 + 1), format!("{name}\0").as_bytes());
    let seen = |archive: &[u8]| -> Vec<(String, String)> {
        let found = bytes(archive);
        assert_eq!(errors(&found), Vec::<String>::new());
        let pair =
            |doc: &&RawDocument| (doc.place.member.clone().unwrap(), String::from_utf8_lossy(&doc.bytes).into_owned());
        good(&found).iter().map(pair).collect()
    };
    let pair = |name: &str, body: &str| (name.to_owned(), body.to_owned());

    let folder = "folder/".repeat(20);
    let deep = format!("{folder}a.txt");
    assert!(deep.len() > 100);
    assert_eq!(seen(&file(&deep, b"Deep.")), [pair(&deep, "Deep.")], "its folder stands in a field of its own");
    let others = [Kind::Directory, Kind::Symlink, Kind::Link, Kind::Char, Kind::Fifo];
    let others: Vec<u8> = others.iter().flat_map(|kind| entry(&header("other", *kind, 0), b"")).collect();
    assert_eq!(seen(&[others, file("a", b"A."), file("b", b"B.")].concat()), [pair("a", "A."), pair("b", "B.")]);
    assert_eq!(
        seen(&[file("a", b"A."), vec![0; 512], file("b", b"B.")].concat()),
        [pair("a", "A.")],
        "an empty block ends it"
    );

    let archive = [extended("14 path=long\n"), file("short", b"A."), file("b", b"B.")].concat();
    assert_eq!(seen(&archive), [pair("short", "A."), pair("b", "B.")], "a record of a wrong length says nothing");
    let archive = [extended("13 path=long\n"), file("short", b"A."), file("b", b"B.")].concat();
    assert_eq!(seen(&archive), [pair("long", "A."), pair("b", "B.")], "for the next member alone");
    let sized = entry(&header("short", Kind::Regular, 0), b"A body.");
    assert_eq!(
        seen(&[extended("9 size=7\n11 mtime=1\n"), sized, file("b", b"B.")].concat()),
        [pair("short", "A body."), pair("b", "B.")]
    );
    assert_eq!(
        seen(&[long("from/gnu"), file("short", b"A."), file("b", b"B.")].concat()),
        [pair("from/gnu", "A."), pair("b", "B.")]
    );
    let archive = [long("of/link"), entry(&header("link", Kind::Symlink, 0), b""), file("b", b"B.")].concat();
    assert_eq!(seen(&archive), [pair("b", "B.")], "a link's long name is not the next file's");
    let global = entry(&header("g", Kind::XGlobalHeader, 13), b"13 path=long\n");
    assert_eq!(seen(&[global, file("b", b"B.")].concat()), [pair("b", "B.")]);

    let mut binary = header("big", Kind::Regular, 0);
    binary.as_old_mut().size = [0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2];
    binary.set_cksum();
    assert_eq!(seen(&entry(&binary, b"A.")), [pair("big", "A.")], "a length in binary");
    let mut old = ::tar::Header::new_old();
    old.set_path("old").unwrap();
    old.set_size(2);
    old.set_cksum();
    assert_eq!(seen(&entry(&old, b"A.")), [pair("old", "A.")], "from before there was a mark");
    let mut signed = header("\u{e9}", Kind::Regular, 2);
    let sum = |signed: &::tar::Header| {
        let plain =
            |(at, byte): (usize, &u8)| if (148..156).contains(&at) { 32 } else { i64::from(byte.cast_signed()) };
        signed.as_bytes().iter().enumerate().map(plain).sum::<i64>()
    };
    let digits = format!("{:06o}\0 ", sum(&signed));
    signed.as_old_mut().cksum.copy_from_slice(digits.as_bytes());
    assert_eq!(seen(&entry(&signed, b"A.")), [pair("\u{e9}", "A.")], "a sum of signed bytes");
    let mut wrong = file("a", b"A.");
    wrong[0] = b'b';
    assert_eq!(errors(&bytes(&wrong)), ["x: damaged: a member's header is damaged"]);
    let huge = header("l", Kind::GNULongName, (1 << 20) + 1);
    let found = bytes(&[&file("a", b"A.")[..], huge.as_bytes()].concat());
    assert_eq!(
        (good(&found).len(), errors(&found)),
        (1, vec!["x: damaged: a member's name or extended header is too long".to_owned()])
    );
    let found = bytes(&[file("a", b"A."), file("b", b"B.")[..100].to_vec()].concat());
    assert_eq!((good(&found).len(), errors(&found)), (1, vec!["x: it ends too early: the file is cut off".to_owned()]));
}

#[test]
fn folders_and_links_of_a_zip_archive_are_no_members() {
    let mut archive = ::zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = ::zip::write::SimpleFileOptions::default();
    archive.add_directory("folder", options).unwrap();
    archive.add_symlink("link", "folder/a.txt", options).unwrap();
    archive.start_file("folder/a.txt", options.compression_method(::zip::CompressionMethod::Stored)).unwrap();
    archive.write_all(b"Text.").unwrap();
    let whole = archive.finish().unwrap().into_inner();
    let members =
        |found: &[Found]| -> Vec<String> { good(found).iter().map(|doc| doc.place.member.clone().unwrap()).collect() };
    assert_eq!(members(&bytes(&whole)), ["folder/a.txt"]);
    assert_eq!(members(&bytes(&gzip(&whole))), ["folder/a.txt"]);
    // One member is damaged: it is named, and the others are read.
    let mut zip = zipped(&[("a", b"First text."), ("b", PAGE.as_bytes()), ("c", b"Third text.")]);
    let at = zip.windows(4).position(|window| window == b"PK\x03\x04").unwrap();
    let second = at + 4 + zip[at + 4..].windows(4).position(|window| window == b"PK\x03\x04").unwrap();
    zip[second + 60] ^= 0xff;
    let found = bytes(&zip);
    assert_eq!(members(&found), ["a", "c"]);
    assert!(errors(&found).len() == 1 && errors(&found)[0].starts_with("x!b: "), "{:?}", errors(&found));
}

#[test]
fn what_holds_no_text_is_named_by_its_kind() {
    let kinds: [(&[u8], &str); 12] = [
        (b"%PDF-1.7", "a PDF file"),
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
        assert!(told.ends_with(&format!("/page.html: {what}, which is not read")), "{told}");
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

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
        targets::run(&input);
    }

    #[test]
    fn no_bytes_break_a_reader(input in prop::collection::vec(any::<u8>(), 0..600)) {
        targets::run(&input);
    }
}

mod targets;
