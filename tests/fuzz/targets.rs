//! The targets: each takes any bytes as input of one kind.

use std::cell::RefCell;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

use despatch::archive::Archive;
use despatch::article::{Article, Format, Moment, Place, RawDocument};
use despatch::authority::Authority;
use despatch::engine::{Engine, LocalEngine, SearchRequest};
use despatch::ingest::{self, Ingest};
use despatch::source::{self, Found};
use despatch::tag::Tagger;
use despatch::{extract, passage, query, verify};

/// Code that takes any bytes.
pub(crate) type Target = fn(&[u8]);

/// Every target by its name.
pub(crate) const TARGETS: [(&str, Target); 13] = [
    ("charset", charset),
    ("html", html),
    ("text", text),
    ("packed", packed),
    ("json", json),
    ("feed", feed),
    ("mail", mail),
    ("warc", warc),
    ("archives", archives),
    ("authority", authority),
    ("table", table),
    ("query", query_text),
    ("index", index),
];

thread_local! {
    static TAGGER: RefCell<Tagger<'static>> = RefCell::new(Tagger::new(Authority::bundled()));
}

/// Asserts that an article is well formed, whatever it was made of.
fn check(article: &Article) {
    for paragraph in &article.paragraphs {
        assert!(article.text.get(paragraph.range()).is_some(), "a paragraph off the text");
    }
    let loose = |c: char| c.is_control() && c != '\n' && c != '\t';
    for kept in [&article.title, &article.text].into_iter().chain(&article.byline) {
        assert!(!kept.contains(loose), "a control character is kept: {kept:?}");
    }
}

fn extracted(format: Format, content_type: Option<&str>, bytes: &[u8]) {
    let place = Place { path: "x".to_owned(), ..Place::default() };
    let content_type = content_type.map(str::to_owned);
    let document = RawDocument { bytes: bytes.to_vec(), format, content_type, place, ..RawDocument::default() };
    if let Ok(article) = extract::article(&document) {
        check(&article);
        let tags = TAGGER.with_borrow_mut(|tagger| tagger.tag(&article));
        for (mentions, text) in [(&tags.title_mentions, &article.title), (&tags.mentions, &article.text)] {
            for mention in mentions {
                assert!(text.get(mention.start..mention.end).is_some(), "a mention off its text");
            }
        }
        let words = despatch::analysis::words(&article.text);
        let _ = passage::cut(&passage::sentences(&article, &words));
    }
}

/// A text with one of many charset labels, which the first byte chooses.
fn charset(bytes: &[u8]) {
    const LABELS: [&str; 12] = [
        "utf-8",
        "utf-16",
        "utf-16be",
        "iso-2022-jp",
        "gb18030",
        "big5",
        "euc-kr",
        "shift_jis",
        "windows-1252",
        "x-user-defined",
        "replacement",
        "no such label",
    ];
    let Some((first, rest)) = bytes.split_first() else { return };
    let label = LABELS[usize::from(*first) % LABELS.len()];
    extracted(Format::Text, Some(&format!("text/plain; charset={label}")), rest);
    extracted(Format::Html, Some(&format!("text/html; charset={label}")), rest);
}

fn html(bytes: &[u8]) {
    extracted(Format::Html, None, bytes);
}

fn packed(bytes: &[u8]) {
    extracted(Format::Pdf, None, bytes);
    extracted(Format::Word, None, bytes);
}

fn text(bytes: &[u8]) {
    extracted(Format::Text, None, bytes);
    extracted(Format::Markdown, None, bytes);
}

fn json(bytes: &[u8]) {
    extracted(Format::Json, None, bytes);
    read(&[bytes]);
}

/// Reads parts as one file, whatever it is recognised as.
fn read(parts: &[&[u8]]) {
    thread_local! {
        static HOME: tempfile::TempDir = tempfile::tempdir().unwrap();
    }
    // Limits that keep one run short.
    let options = source::Options {
        document_bytes: 1 << 20,
        member_bytes: 8 << 20,
        zip_bytes: 1 << 20,
        members: 1000,
        ..source::Options::default()
    };
    let path = HOME.with(|home| home.path().join("x"));
    std::fs::write(&path, parts.concat()).unwrap();
    source::read(std::slice::from_ref(&path), &options, &mut |found: Found| {
        if let Err(error) = found {
            let message = error.to_string();
            assert!(!message.contains(|c: char| c.is_control() && c != '\n'), "raw control character: {message:?}");
        }
        ControlFlow::Continue(())
    });
    // Some file systems flush a file that is truncated and written again, which takes milliseconds.
    let _ = std::fs::remove_file(&path);
}

/// A feed. Behind an opening the bytes are read as one also where a mutation made them unrecognisable.
fn feed(bytes: &[u8]) {
    read(&[bytes]);
    read(&[b"<rss version=\"2.0\"><channel>", bytes]);
    read(&[b"<feed xmlns=\"http://www.w3.org/2005/Atom\">", bytes]);
    read(&[b"{\"version\": \"https://jsonfeed.org/version/1.1\", ", bytes]);
}

/// A message, and a mailbox.
fn mail(bytes: &[u8]) {
    read(&[bytes]);
    read(&[b"Subject: S\nFrom: a@a.example\n", bytes]);
    read(&[b"From a@a.example Tue Mar  4 10:00:00 2025\n", bytes]);
}

/// A web archive.
fn warc(bytes: &[u8]) {
    read(&[bytes]);
    read(&[b"WARC/1.0\r\n", bytes]);
}

/// An archive with members: tar and zip, each as a file and within a stream.
fn archives(bytes: &[u8]) {
    let packed = |bytes: &[u8]| {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    };
    read(&[bytes]);
    read(&[&packed(bytes)]);
    // A member that is no archive, and then whatever the bytes are: a mutated header is not recognised as the first one.
    let mut header = tar::Header::new_gnu();
    header.set_path("x").unwrap();
    header.set_cksum();
    read(&[header.as_bytes(), bytes]);
    let opening = b"PK\x03\x04";
    read(&[opening, bytes]);
    read(&[&packed(&[opening, bytes].concat())]);
}

/// An authority file, without the bundled ones.
fn authority(bytes: &[u8]) {
    let file = [("fuzz.toml".to_owned(), String::from_utf8_lossy(bytes).into_owned())];
    if let Ok(authority) = Authority::compile(&file) {
        let article = Article { text: "The minister of Aldovia spoke.".to_owned(), ..Article::default() };
        let _ = Tagger::new(&authority).tag(&article);
    }
}

/// A compiled authority file, as an index directory keeps it.
fn table(bytes: &[u8]) {
    if let Ok(authority) = Authority::from_bytes(bytes.to_vec()) {
        let _ = authority.fingerprint();
    }
}

/// A printed query parses back to itself, and the span of an error lies within the query.
fn query_text(bytes: &[u8]) {
    let now: Moment = "2026-03-01".parse().unwrap();
    let text = String::from_utf8_lossy(bytes);
    match query::parse(&text, &now) {
        Ok(parsed) => {
            let printed = parsed.to_string();
            match query::parse(&printed, &now) {
                // The printed query may need more brackets than the text had, and their depth is limited.
                Ok(again) if again.notes.iter().any(|note| note.text.contains("nested too deep")) => {}
                Ok(again) => assert_eq!(again.to_string(), printed),
                Err(error) => panic!("{printed:?} does not parse: {}", error.message),
            }
        }
        Err(error) => assert!(text.get(error.span.clone()).is_some(), "a span off the query: {:?}", error.span),
    }
}

/// An undamaged index directory, of which each run damages a copy.
fn template() -> &'static Path {
    static HOME: OnceLock<tempfile::TempDir> = OnceLock::new();
    let home = HOME.get_or_init(|| {
        let home = tempfile::tempdir().unwrap();
        let line = |n: usize| {
            format!("{{\"url\":\"https://news.example/{n}\",\"title\":\"Report {n}\",\"text\":\"The frigates of Aldovia, number {n}, left.\"}}\n")
        };
        std::fs::write(home.path().join("in.jsonl"), (0..12).map(line).collect::<String>()).unwrap();
        let job = Ingest {
            dir: home.path().join("index"),
            inputs: vec![home.path().join("in.jsonl")],
            now: "2026-03-01".parse().unwrap(),
            source: source::Options::default(),
            wait: Duration::ZERO,
            goes_on: false,
            local: true,
            readmit: false,
limits: despatch::extract::Limits::default(),
        };
        ingest::run(&job, Authority::bundled(), &mut |_| {}).unwrap();
        home
    });
    home.path()
}

/// An index directory with one damaged file: the first byte chooses the file, the next two where the rest is written
/// over it.
fn index(bytes: &[u8]) {
    let [which, high, low, rest @ ..] = bytes else { return };
    let home = tempfile::tempdir().unwrap();
    let mut names = Vec::new();
    for folder in ["index", "index/tantivy"] {
        std::fs::create_dir_all(home.path().join(folder)).unwrap();
        for entry in std::fs::read_dir(template().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let name = path.strip_prefix(template()).unwrap().to_owned();
                std::fs::copy(&path, home.path().join(&name)).unwrap();
                // The files of a segment are named differently in every template, so they are sorted by extension.
                let key = path.extension().unwrap_or_default().to_owned();
                names.push((folder, key, name));
            }
        }
    }
    names.sort();
    let name = &names[usize::from(*which) % names.len()].2;
    let mut content = std::fs::read(home.path().join(name)).unwrap();
    let whole = content.clone();
    let at = usize::from(u16::from_be_bytes([*high, *low])) % content.len().max(1);
    let end = (at + rest.len()).min(content.len());
    content.splice(at..end, rest.iter().copied());
    std::fs::write(home.path().join(name), &content).unwrap();

    let dir = home.path().join("index");
    let report = verify::verify(&dir, Some(Authority::bundled()), Duration::ZERO);
    let counts = content != whole && name.file_name().is_some_and(|name| name != "write.lock");
    assert!(!counts || report.is_ok_and(|report| !report.faults.is_empty()), "not found: {name:?} at {at}");
    // A damaged index may answer with an error, or tantivy may panic on it; the command line reports both.
    let _ = std::panic::catch_unwind(|| {
        let now: Moment = "2026-03-01".parse().unwrap();
        let (archive, index) = ingest::open(&dir, Authority::bundled()).ok()?;
        let mut engine = LocalEngine::new(archive, index, Authority::bundled());
        engine.search(&SearchRequest::new("frigates", now)).ok()
    });
    let _ = Archive::open(&dir).and_then(|mut archive| archive.by_id("https://news.example/3"));
}
