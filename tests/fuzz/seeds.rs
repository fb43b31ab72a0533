//! Seeds of the targets: small inputs of every kind that each target knows.

use std::io::Write;
use std::path::Path;

/// Seeds of a target.
pub(crate) fn of(target: &str) -> Vec<Vec<u8>> {
    match target {
        "charset" => charset(),
        "html" => corpus("web", 12),
        "text" => [corpus("notes", 12), texts(TEXTS)].concat(),
        "packed" => [texts(PDFS), vec![word()]].concat(),
        "json" => texts(JSON),
        "feed" => [corpus("feed", 6), texts(FEEDS)].concat(),
        "mail" => texts(MAILS),
        "warc" => texts(WARCS),
        "archives" => archives(),
        "authority" => texts(AUTHORITY),
        "table" => {
            vec![despatch::authority::Authority::compile(&[("a".to_owned(), AUTHORITY[0].to_owned())]).map_or_else(
                |error| panic!("the seed is no authority file: {error}"),
                |authority| authority.as_bytes().to_vec(),
            )]
        }
        "query" => texts(QUERIES),
        "index" => (0..16u8).map(|file| vec![file, file.wrapping_mul(7), 3, b'x', 0, 255, 1]).collect(),
        _ => Vec::new(),
    }
}

/// PDFs without a table of objects, which the reader has to look for.
const PDFS: &[&str] = &[
    "%PDF-1.4\n1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj\n2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj\n\
     3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources <</Font <</F1 <</Type /Font /Subtype /Type1 \
     /BaseFont /Helvetica>>>>>>>> endobj\n4 0 obj <</Length 99>>\nstream\nBT /F1 10 Tf 72 700 Td [(The fleet)-600(of Alda)] TJ 0 -12 Td \
     (sails to-) Tj T* (morrow.) Tj 1 0 0 1 300 200 Tm <416c6461> Tj ET\nendstream endobj\ntrailer <</Root 1 0 R>>\n%%EOF",
    "%PDF-1.7\n",
];

/// A Word document.
fn word() -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let body = "<w:document><w:body><w:tbl><w:tr><w:tc><w:p><w:r><w:t>A &amp; b</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body></w:document>";
    archive.start_file("word/document.xml", zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(body.as_bytes()).unwrap();
    archive.finish().unwrap().into_inner()
}

fn texts(seeds: &[&str]) -> Vec<Vec<u8>> {
    seeds.iter().map(|seed| seed.as_bytes().to_vec()).collect()
}

/// The first files of a folder of the bundled corpus.
fn corpus(folder: &str, most: usize) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(folder);
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().filter(|path| path.is_file()).take(most).map(|path| std::fs::read(path).unwrap()).collect()
}

fn charset() -> Vec<Vec<u8>> {
    let text = "ALDA, 3 March (AP) - \u{201c}Šefčovič\u{201d} сказал 防衛 \u{feff}and left the harbour.\n\nMore.";
    let mut seeds: Vec<Vec<u8>> = (0..12).map(|label| [&[label][..], text.as_bytes()].concat()).collect();
    seeds.push([&[1, 0xff, 0xfe][..], &text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()].concat());
    seeds.push(b"\x03\x1b$B;d\x1b(B plain".to_vec());
    seeds
}

fn archives() -> Vec<Vec<u8>> {
    let note = b"A note on the frigates of Aldovia, long enough to be kept as an article.\n";
    let gzip = |bytes: &[u8]| {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    };
    let mut tar = tar::Builder::new(Vec::new());
    for name in ["a.txt", "folder/b.txt"] {
        let mut header = tar::Header::new_gnu();
        header.set_size(note.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        tar.append_data(&mut header, name, &note[..]).unwrap();
    }
    let tar = tar.into_inner().unwrap();
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, method) in [("a.txt", zip::CompressionMethod::Stored), ("../b.html", zip::CompressionMethod::Deflated)] {
        zip.start_file(name, zip::write::SimpleFileOptions::default().compression_method(method)).unwrap();
        zip.write_all(note).unwrap();
    }
    let zip = zip.finish().unwrap().into_inner();
    let mut bzip2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    bzip2.write_all(note).unwrap();
    let zstd = zstd::encode_all(&note[..], 1).unwrap();
    vec![
        gzip(note),
        gzip(&tar),
        gzip(&gzip(note)),
        tar.clone(),
        zip,
        bzip2.finish().unwrap(),
        zstd,
        gzip(&vec![b'a'; 60_000]),
    ]
}

const TEXTS: &[&str] = &[
    "ALDA, 3 March (Alda Press) - By Ann Example\n\nThe frigates left.\n\n## Then\n\n* one\n* two\n\n> said\n\n| a | b |\n|---|---|\n",
    "---\ntitle: \"A title\"\ndate: 2025-11-28\nauthor: [Ann, Ben]\n---\n# Head\n\n[link](https://a.example/x \"t\") `code` ![i](j)\n",
];
const JSON: &[&str] = &[
    "{\"id\":\"7\",\"url\":\"https://a.example/7\",\"title\":\"T\",\"text\":\"One.\\n\\nTwo \\ud83d\\ude00.\",\"byline\":[\"Ann\"],\"published\":\"2025-11-28T09:00:00+01:00\"}",
    "{\"title\":\"T\",\"html\":\"<p>One</p><script>x</script>\",\"author\":{\"name\":\"A\"},\"date\":1700000000}\n{\"text\":\"Two\"}\n",
    "[{\"text\":\"One\"},{\"text\":\"Two\",\"language\":\"de\"}]",
];
const FEEDS: &[&str] = &[
    "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>A</title><item><title>B &amp; C</title><link>https://a.example/1</link><pubDate>Fri, 28 Nov 2025 09:00:00 +0100</pubDate><description><![CDATA[<p>Text</p>]]></description></item></channel></rss>",
    "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>A</title><entry><id>x</id><title type=\"html\">B</title><updated>2025-11-28T09:00:00Z</updated><content type=\"xhtml\"><div>Text</div></content></entry></feed>",
    "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"A\",\"items\":[{\"id\":\"1\",\"content_html\":\"<p>Text</p>\",\"date_published\":\"2025-11-28T09:00:00Z\"}]}",
];
const MAILS: &[&str] = &[
    "From ann@a.example Fri Nov 28 09:00:00 2025\nFrom: Ann <ann@a.example>\nSubject: =?utf-8?q?Fr=C3=BCh?=\nDate: Fri, 28 Nov 2025 09:00:00 +0100\nContent-Type: multipart/alternative; boundary=\"b\"\n\n--b\nContent-Type: text/plain\n\nText\n--b\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\nPHA+VGV4dDwvcD4=\n--b--\n\nFrom ben@a.example Fri Nov 28 10:00:00 2025\nSubject: B\n\n>From the start\n",
    "From: <Saved by Blink>\nSnapshot-Content-Location: https://a.example/\nSubject: S\nMIME-Version: 1.0\nContent-Type: multipart/related; type=\"text/html\"; boundary=\"----x\"\n\n------x\nContent-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n<html><body><p>A=3DB</p></body></html>\n------x--\n",
];
const WARCS: &[&str] = &[
    "WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 4\r\n\r\nabcd\r\n\r\nWARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/\r\nWARC-Date: 2025-11-28T09:00:00Z\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: 112\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n1a\r\n<html><p>Text</p></html>\r\n\r\n0\r\n\r\n\r\n\r\n",
];
const AUTHORITY: &[&str] = &[
    "[[actor]]\nid = \"state/aldovia\"\nheading = \"Aldovia\"\nstrong = [\"Aldovia\", \"the Republic of Aldovia\"]\n",
    "[[actor]]\nid = \"person/ann-example\"\nheading = \"Ann Example\"\nstrong = [\"Ann Example\"]\nweak = [\"Example\"]\npart_of = [\"state/aldovia\"]\n\n[[topic]]\nid = \"x\"\nheading = \"X\"\n",
];
const QUERIES: &[&str] = &[
    "UK SAFE talks",
    "+SAFE -fisheries",
    "\"joint procurement\"~3",
    "procur* missle~1",
    "title:budget OR body:\"x y\"",
    "actor:\"EU\" affiliation:uk topic:procurement",
    "date:2025..2026-02 date:\"last month\"",
    "=SAFE =\"defense\"",
    "(a AND (b OR NOT c)) -d",
    "l'état d\u{2019}Ivoire \u{201c}x\u{201d} F-35 U.S. 155 mm",
    "((((((((((a))))))))))",
];
