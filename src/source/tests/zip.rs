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
