//! Zip archives.

use super::*;

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
fn a_web_archive_in_a_zip_gives_its_pages_alone() {
    let members: [(&str, &[u8]); 6] = [
        ("archive/data.warc", &web_archive()),
        ("datapackage.json", b"{\"profile\": \"data-package\", \"title\": \"Crawl\", \"text\": \"x\"}"),
        ("pages/pages.jsonl", b"{\"url\": \"https://one.example/a\", \"title\": \"A\", \"text\": \"Menu. Page.\"}"),
        ("indexes/index.cdx", b"com,example)/ 2025 {\"url\": \"x\"}"),
        ("logs/crawl.log", b"started"),
        ("archive/screenshots.html", b"<html>x</html>"),
    ];
    let found = bytes(&zipped(&members));
    assert_eq!((good(&found).len(), errors(&found)), (2, Vec::new()));
    // Without its description it is a folder like any other.
    assert!(bytes(&zipped(&[members[0], members[4]])).len() == 3);
}

#[test]
fn a_word_document_is_one_document_wherever_it_stands() {
    let document = zipped(&[
        ("[Content_Types].xml", &b"<x/>"[..]),
        ("word/document.xml", b"<x/>"),
        ("word/media/a.html", b"<p>x"),
    ]);
    let folder = zipped(&[("a.txt", b"The ministry said so."), ("in/b.docx", &document)]);
    for (found, member) in [(bytes(&document), None), (bytes(&folder), Some("in/b.docx"))] {
        let last = *good(&found).last().unwrap();
        assert_eq!((last.format, &last.bytes, last.place.member.as_deref()), (Format::Word, &document, member));
    }
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("b.docx"), &document[..60]).unwrap();
    let cut = all(&[&dir.path().join("b.docx")], &Options::default());
    assert!(errors(&cut)[0].contains("a Word document that is damaged"), "{:?}", errors(&cut));
}

#[test]
fn an_office_document_is_one_failure_and_what_is_left_behind_is_none() {
    for (names, what) in [
        (&["[Content_Types].xml", "xl/workbook.xml"][..], "a spreadsheet"),
        (&["[Content_Types].xml", "ppt/presentation.xml"], "a presentation"),
        (&["mimetype", "content.xml", "META-INF/manifest.xml"], "an OpenDocument file"),
    ] {
        let members: Vec<(&str, &[u8])> = names.iter().map(|name| (*name, &b"<x>The ministry</x>"[..])).collect();
        let document = zipped(&members);
        let told = errors(&bytes(&document));
        assert!(told.len() == 1 && told[0].starts_with(&format!("x: {what}, which is not read; ")), "{told:?}");
        let folder = zipped(&[
            ("a.txt", b"The ministry said so."),
            ("b.docx", &document),
            ("Thumbs.db", b"\0\0\0"),
            ("in/DESKTOP.INI", b"[x]"),
        ]);
        let found = bytes(&folder);
        assert_eq!((good(&found).len(), errors(&found).len()), (1, 1), "{:?}", errors(&found));
    }
}
