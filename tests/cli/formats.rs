//! Every format through the binary: whole, and damaged next to a good document.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::Desk;

const PAGE: &str = "<!DOCTYPE html><html lang=\"en\"><head><title>Alda orders frigates</title></head><body><article><h1>Alda orders frigates</h1>\
    <p>The government of Alda ordered four frigates on Friday, its defence ministry said, in the largest naval contract that the country has signed.</p>\
    <p>The ships are to be built over the next ten years at the yard in Port Alda, which will take on some two thousand workers for the task.</p>\
    </article></body></html>";

const NOTE: &str =
    "Alda's yard has no room for frigates, and its minister knows it.\n\nA second yard would take years to build.\n";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn zipped(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(bytes).unwrap();
    archive.finish().unwrap().into_inner()
}

fn tarred(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut header = tar::Header::new_gnu();
    header.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
    header.set_size(bytes.len() as u64);
    header.set_mode(0o644);
    header.set_cksum();
    let mut archive = tar::Builder::new(Vec::new());
    archive.append(&header, bytes).unwrap();
    archive.into_inner().unwrap()
}

fn web_archive() -> Vec<u8> {
    let response = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{PAGE}");
    let record = |kind: &str, block: &str| {
        format!(
            "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://post.example/frigates\r\nWARC-Date: 2025-11-29T10:00:00Z\r\n\
             Content-Type: application/http; msgtype={kind}\r\nContent-Length: {}\r\n\r\n{block}\r\n\r\n",
            block.len()
        )
    };
    let request = record("request", "GET /frigates HTTP/1.1\r\n\r\n");
    // One gzip member a record, as crawlers write them.
    [gzip(request.as_bytes()), gzip(record("response", &response).as_bytes())].concat()
}

fn message() -> String {
    format!(
        "From: The Alda Letter <post@letter.example>\r\nTo: a@b.example\r\nSubject: Frigates\r\nDate: Fri, 28 Nov 2025 09:00:00 +0100\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=\"cut\"\r\n\r\n--cut\r\nContent-Type: text/plain\r\n\r\nPlain frigates.\r\n\
         --cut\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{PAGE}\r\n--cut--\r\n"
    )
}

fn saved_page() -> String {
    format!(
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://post.example/frigates\r\nSubject: x\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/related; type=\"text/html\"; boundary=\"cut\"\r\n\r\n--cut\r\nContent-Type: text/html\r\n\
         Content-Location: https://post.example/frigates\r\n\r\n{PAGE}\r\n--cut--\r\n"
    )
}

fn feed(kind: &str) -> String {
    match kind {
        "rss" => "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Alda Post</title><item><title>Frigates</title>\
                  <link>https://post.example/1</link><pubDate>Fri, 28 Nov 2025 09:00:00 +0100</pubDate>\
                  <description>Alda has ordered four frigates from its own yard.</description></item></channel></rss>"
            .to_owned(),
        "atom" => "<?xml version=\"1.0\"?><feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Alda Post</title><id>x</id><entry><title>Frigates</title><id>y</id>\
                   <link href=\"https://post.example/1\"/><published>2025-11-28T09:00:00+01:00</published>\
                   <content type=\"html\">&lt;p&gt;Alda has ordered four frigates from its own yard.&lt;/p&gt;</content></entry></feed>"
            .to_owned(),
        _ => "{\"version\": \"https://jsonfeed.org/version/1.1\", \"title\": \"Alda Post\", \"items\": [{\"id\": \"1\", \"url\": \"https://post.example/1\", \
              \"title\": \"Frigates\", \"date_published\": \"2025-11-28T09:00:00+01:00\", \"content_text\": \"Alda has ordered four frigates from its own yard.\"}]}"
            .to_owned(),
    }
}

/// One article about frigates in each format; the file names do not show the format.
fn formats() -> Vec<(&'static str, Vec<u8>)> {
    let line = "{\"title\": \"Frigates\", \"text\": \"Alda has ordered four frigates from its own yard.\", \"published\": \"2025-11-28T09:00:00+01:00\"}";
    let xhtml = PAGE.replace(
        "<!DOCTYPE html><html lang=\"en\">",
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" \"x\"><html xmlns=\"http://www.w3.org/1999/xhtml\" xml:lang=\"en\">",
    );
    let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(PAGE.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    vec![
        ("html", PAGE.into()),
        ("xhtml", xhtml.into()),
        ("utf-16", wide),
        ("text", NOTE.into()),
        ("markdown", "---\ntitle: Frigates\n---\n\nAlda orders *frigates* again.\n".into()),
        ("json", line.replace(", ", ",\n").into()),
        ("json lines", format!("{line}\n").into()),
        ("rss", feed("rss").into()),
        ("atom", feed("atom").into()),
        ("json feed", feed("json").into()),
        ("warc", web_archive()),
        ("mail", message().into()),
        ("mailbox", format!("From post@letter.example Fri Nov 28 09:00:00 2025\r\n{}\r\n", message()).into()),
        ("mhtml", saved_page().into()),
        ("gzip", gzip(PAGE.as_bytes())),
        ("zstd", zstd::bulk::compress(PAGE.as_bytes(), 3).unwrap()),
        ("bzip2", {
            let mut packed = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
            packed.write_all(PAGE.as_bytes()).unwrap();
            packed.finish().unwrap()
        }),
        ("zip", zipped("page", PAGE.as_bytes())),
        ("tar", tarred("page", PAGE.as_bytes())),
        ("tar in gzip", gzip(&tarred("page", PAGE.as_bytes()))),
    ]
}

/// A PDF of two pages that says on each what is given. Its table of objects is left to the reader to find.
fn pdf(pages: [&str; 2]) -> Vec<u8> {
    let font = "<</Font <</F1 <</Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding>>>>>>";
    let page = |number: usize, text: &str| {
        let lines: Vec<String> =
            text.as_bytes().chunks(70).map(|line| format!("({}) '", String::from_utf8_lossy(line))).collect();
        let ops = format!("BT /F1 10 Tf 12 TL 72 712 Td {} ET", lines.join(" "));
        format!(
            "{number} 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources {font} /Contents {} 0 R>> endobj\n\
             {} 0 obj <</Length {}>>\nstream\n{ops}\nendstream endobj\n",
            number + 1,
            number + 1,
            ops.len()
        )
    };
    format!(
        "%PDF-1.4\n1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj\n2 0 obj <</Type /Pages /Kids [3 0 R 5 0 R] /Count 2>> endobj\n{}{}\
         trailer <</Root 1 0 R>>\nstartxref\n0\n%%EOF\n",
        page(3, pages[0]),
        page(5, pages[1])
    )
    .into_bytes()
}

/// A Word document of one paragraph.
fn word(text: &str) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let body = format!("<w:document><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>");
    for (name, part) in [("[Content_Types].xml", "<Types/>"), ("word/document.xml", &body)] {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(part.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn a_passage_of_a_pdf_has_its_page() {
    let first =
        "The committee of Alda met in spring and heard the minister, who said that the yard in Port Alda was full.";
    let second =
        "Two corvettes would be ordered in Brenia, she said, and the crews would be trained there from the summer on.";
    let desk = Desk::new();
    desk.file("in/report", pdf([first, second]));
    desk.file("in/more.zip", zipped("in/brief", &word("The tugs of Alda are old, says a brief.")));
    let run = desk.run(&["index", "in"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let hit = &desk.json(&["search", "corvettes", "--format", "json"])[1];
    let passage = &hit["passages"][0];
    assert!(passage["text"].as_str().unwrap().contains("corvettes"), "{hit}");
    assert_eq!(passage["page"], 1, "the passage begins there: {hit}");
    let one = desk.json(&["search", "corvettes", "--format", "json", "--context", "0"]);
    assert_eq!(one[1]["passages"][0]["page"], 2, "{one:?}");
    assert!(desk.run(&["search", "corvettes", "--context", "0"]).stdout.contains("p. 2  Two"));
    let shown = desk.run(&["show", hit["id"].as_str().unwrap(), "--provenance"]).stdout;
    assert!(shown.contains(", page 1\n") && shown.contains(", page 2\n"), "{shown}");
    let article = &desk.json(&["extract", "in/report"])[0];
    assert_eq!(article["paragraphs"][1]["page"], 2, "{article}");
    let tugs = &desk.json(&["search", "tugs", "--format", "json"])[1];
    assert!(tugs["passages"][0].get("page").is_none(), "{tugs}");
}

#[test]
fn a_pdf_that_cannot_be_read_whole_is_named_in_one_line() {
    let whole = pdf(["The committee of Alda met.", "Two corvettes were ordered."]);
    let end = whole.windows(7).position(|window| window == b"trailer").unwrap();
    for (bytes, code, what) in [
        (&whole[..], 0, ""),
        (&whole[..end], 2, "it is cut off"),
        (&pdf(["", ""])[..], 2, "a scanned PDF without text; run it through OCR (ocrmypdf) first"),
        (b"%PDF-1.7\n", 2, "a damaged PDF"),
    ] {
        let desk = Desk::new();
        desk.file("in/a", bytes);
        let run = desk.run(&["index", "in"]);
        assert_eq!(run.code, code, "{what}: {}", run.stderr);
        assert!(
            run.stderr.lines().count() == usize::from(code > 0) && run.stderr.contains(what),
            "{what}: {}",
            run.stderr
        );
    }
}

#[test]
fn every_format_gives_its_article() {
    let desk = Desk::new();
    for (name, bytes) in formats() {
        desk.file(&format!("in/{name}"), bytes);
        let articles = desk.json(&["extract", &format!("in/{name}")]);
        assert_eq!(articles.len(), 1, "{name}");
        assert!(articles[0]["text"].as_str().unwrap().contains("frigates"), "{name}: {}", articles[0]);
        if ["rss", "atom", "json feed", "json", "json lines", "mail", "mailbox"].contains(&name) {
            assert_eq!(articles[0]["published"], "2025-11-28T09:00:00+01:00", "{name}");
        }
    }
    let run = desk.run(&["index", "in"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
}

/// Two thirds of each file: one message that names it, where the format shows that it is cut, and the document next to
/// it is indexed.
#[test]
fn a_file_cut_in_the_middle_is_named_and_the_next_is_indexed() {
    for (name, bytes) in formats() {
        let cut = &bytes[..bytes.len() * 2 / 3];
        let desk = Desk::new();
        desk.file("in/a", cut);
        desk.file("in/b.txt", NOTE);
        let run = desk.run(&["index", "in"]);
        assert_eq!(desk.run(&["search", "+second +yard", "--count"]).stdout, "1\n", "{name}: {}", run.stderr);
        // It cannot be seen that a page or a text is cut.
        let silent = ["html", "xhtml", "utf-16", "text", "markdown"].contains(&name);
        assert_eq!(run.code, if silent { 0 } else { 2 }, "{name}: {}", run.stderr);
        let lines: Vec<&str> = run.stderr.lines().collect();
        assert_eq!(lines.len(), usize::from(!silent), "{name}: {lines:?}");
        assert!(lines.iter().all(|line| line.contains("in/a")), "{name}: {lines:?}");
    }
}

#[test]
fn wrong_labels_wrong_lengths_and_names_that_climb_do_no_harm() {
    let desk = Desk::new();
    desk.file("in/label.html", PAGE.replace("<head>", "<head><meta charset=\"utf-16\">").replace("Alda", "Älda"));
    desk.file("in/latin.html", {
        let page = PAGE.replace("<head>", "<head><meta charset=\"iso-8859-1\">").replace("Port Alda", "Port Älda");
        page.chars().map(|c| u8::try_from(c as u32).unwrap()).collect::<Vec<u8>>()
    });
    let climbs = PAGE.replace("Alda", "Älda").replace("four", "five");
    desk.file("in/climbs.tar", tarred("../../../climbed.html", climbs.as_bytes()));
    desk.file("in/climbs.zip", zipped("../climbed.html", climbs.as_bytes()));
    let mut wrong = tarred("page", PAGE.as_bytes());
    wrong[124..135].copy_from_slice(b"00000000007");
    desk.file("in/wrong.tar", wrong);
    let run = desk.run(&["index", "in"]);
    assert_eq!(run.code, 2);
    assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
    assert!(run.stderr.contains("wrong.tar"), "{}", run.stderr);
    // The members of both archives are one article with two places.
    assert_eq!(desk.run(&["search", "+Älda +frigates", "--all-copies", "--count"]).stdout, "3\n");
    let five = &desk.json(&["search", "+five +frigates", "--format", "json"])[1];
    let places = desk.run(&["show", five["id"].as_str().unwrap(), "--provenance"]).stdout;
    assert!(
        places.contains("climbs.tar!../../../climbed.html") && places.contains("climbs.zip!../climbed.html"),
        "{places}"
    );
    let mut names: Vec<_> = std::fs::read_dir(desk.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["in", "index"], "nothing is written beside");
    assert!(!desk.path().parent().unwrap().join("climbed.html").exists());
}

/// Ten gigabytes of zeros in ten megabytes: one gzip member again and again, as `cat` would join them.
#[test]
fn ten_gigabytes_of_zeros_stop_at_a_limit() {
    let block = gzip(&vec![0; 64 << 20]);
    let zeros = block.repeat(160);
    assert!(zeros.len() < 11 << 20, "{}", zeros.len());
    let desk = Desk::new();
    desk.file("in/a.gz", &zeros);
    // The same after a good line.
    desk.file(
        "in/b.jsonl.gz",
        [gzip(format!("{{\"text\": \"{}\"}}\n{{\"text\": \"", "All about frigates. ".repeat(1000)).as_bytes()), zeros]
            .concat(),
    );
    desk.file("in/c.txt", NOTE);
    let run = desk.run(&["index", "in"]);
    assert_eq!(run.code, 2);
    let lines: Vec<&str> = run.stderr.lines().filter(|line| !line.is_empty()).collect();
    assert!(lines[0].contains("in/a.gz: not text, which is not read"), "{lines:?}");
    assert!(
        lines[1].contains("in/b.jsonl.gz:2: expands to more than 250 times its size (limit: max-ratio)"),
        "{lines:?}"
    );
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert_eq!(desk.run(&["search", "frigates", "--count"]).stdout, "2\n");
}

#[test]
fn provenance_tells_where_each_paragraph_and_value_came_from() {
    let desk = Desk::new();
    let line =
        r#"{"title": "Frigates", "text": "LONDON: \"Four\" fr\u00e9gates sail.\n\nTwo stay.", "outlet": "Alda Post"}"#;
    desk.file("in/a.jsonl", format!("{line}\n"));
    assert_eq!(desk.run(&["index", "in"]).code, 0);
    let hit = &desk.json(&["search", "frégates", "--format", "json"])[1];
    let id = hit["id"].as_str().unwrap();
    let shown = &desk.json(&["show", id, "--format", "json"])[0];
    let written: Vec<&str> = shown["paragraphs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &line[one["input"][0].as_u64().unwrap() as usize..one["input"][1].as_u64().unwrap() as usize])
        .collect();
    assert_eq!(written, [r#"\"Four\" fr\u00e9gates sail."#, "Two stay."]);
    let printed = desk.run(&["show", id, "--provenance"]).stdout;
    for part in
        ["in/a.jsonl:1 (read ", "SHA-256 ", "title from json title", "outlet from json outlet", "dateline from text"]
    {
        assert!(printed.contains(part), "{part} is missing from {printed}");
    }
    let at = line.find("Two stay").unwrap();
    assert!(printed.contains(&format!("bytes {at}..{} of the input", at + 9)), "{printed}");
}

#[test]
fn lists_of_paths_patterns_and_ignored_files() {
    let desk = Desk::new();
    desk.file("in/a b.txt", NOTE);
    desk.file("in/deep/c.txt", NOTE.replace("second", "third"));
    desk.file("in/.gitignore", "deep\n");
    desk.file("list", "in/a b.txt\0in/deep\0");
    let total = |arguments: &[&str]| desk.run(arguments).stdout.lines().count();
    assert_eq!(total(&["extract", "--files-from", "list", "-0"]), 2);
    assert_eq!(total(&["extract", "in"]), 2, "what git ignores is read");
    assert_eq!(total(&["extract", "in", "--gitignore"]), 1);
    assert_eq!(total(&["extract", "in/**/*.txt"]), 2);
    assert_eq!(total(&["extract", "in", "--include", "c.*"]), 1);
    assert_eq!(total(&["extract", "in", "--exclude", "deep"]), 1);
}

#[test]
fn what_is_no_text_is_one_line_and_no_article() {
    let desk = Desk::new();
    let noise: Vec<u8> = (0..60_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    desk.file("in/a.bin", &noise);
    desk.file("in/b.csv", "id,title\n1,Frigates\n2,Tanks\n");
    desk.file(
        "in/c.txt",
        format!("{}\n", "TWFuIGlzIGRpc3Rpbmd1aXNoZWQgbm90IG9ubHkgYnkgaGlzIHJlYXNvbiwgYnV0IGJ5IHRoaX\n".repeat(900)),
    );
    desk.file("in/d.txt", NOTE);
    let run = desk.run(&["index", "in"]);
    assert_eq!((run.code, run.stderr.lines().filter(|line| !line.is_empty()).count()), (2, 3), "{}", run.stderr);
    for (file, what) in [
        ("in/a.bin", "not text, which is not read"),
        ("in/b.csv", "a table, which is not read; save its rows as JSON Lines"),
        ("in/c.txt", "it holds no words"),
    ] {
        assert!(run.stderr.contains(&format!("{file}: {what}")), "{}", run.stderr);
    }
    assert!(run.stdout.starts_with("1 new, 0 changed, 0 unchanged, 3 failed"), "{}", run.stdout);
    assert_eq!(desk.run(&["search", "*", "--count"]).stdout, "1\n");
    // A file that is named and lies in a folder that is named is read once.
    let run = desk.run(&["index", "in/a.bin", "in"]);
    assert!(run.stdout.starts_with("0 new, 0 changed, 1 unchanged, 3 failed"), "{}", run.stdout);
}

#[test]
fn a_run_that_finds_nothing_says_so() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path().join("empty")).unwrap();
    for command in ["index", "extract"] {
        let run = desk.run(&[command, "empty"]);
        assert!(run.stderr.contains("no document found"), "{command}: {}", run.stderr);
    }
}

#[test]
fn no_panic_of_a_parser_is_printed() {
    let desk = Desk::new();
    let feed = "<?xml version=\"1.0\"\n x\u{1} encoding=\"ISO-8859-1\"?><rss version=\"2.0\"><channel><title>Alda Post</title>\
        <item><title>One</title><description>Frigates sail from Alda on Monday.</description></item></channel></rss>";
    desk.file("in/a.xml", feed);
    let run = desk.run(&["index", "in"]);
    assert_eq!((run.code, run.stderr.contains("panicked")), (0, false), "{}", run.stderr);
    assert_eq!(desk.run(&["search", "frigates", "--count"]).stdout, "1\n");
}
