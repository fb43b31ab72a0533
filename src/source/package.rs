//! Zip archives that are one document, or a web archive, and not a folder of documents.
//!
//! Office documents are recognised by the names of their members. Word documents are read whole (`super::zip`), the
//! others are named as not read.

use std::borrow::Cow;
use std::ops::ControlFlow;

use super::SourceError;
use super::reader::Reader;
use crate::article::Place;

/// A document that consists of the members of a zip archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Package {
    Word,
    Excel,
    PowerPoint,
    OpenDocument,
    Apple,
}

/// Whether an archive is a document, by the names of its members.
pub(super) fn kind<'n>(names: impl Iterator<Item = Cow<'n, str>>) -> Option<Package> {
    let (mut content_types, mut manifest, mut open, mut found) = (false, false, false, None);
    for name in names {
        match name.split('/').next().unwrap_or_default() {
            "[Content_Types].xml" => content_types = true,
            "word" => found = found.or(Some(Package::Word)),
            "xl" => found = found.or(Some(Package::Excel)),
            "ppt" => found = found.or(Some(Package::PowerPoint)),
            "Index" | "Index.zip" if name == "Index.zip" || name.ends_with(".iwa") => return Some(Package::Apple),
            _ if name == "META-INF/manifest.xml" => manifest = true,
            _ if name == "content.xml" => open = true,
            _ => {}
        }
    }
    if manifest && open { Some(Package::OpenDocument) } else { found.filter(|_| content_types) }
}

/// Whether a name is that of an office document, for archives whose table cannot be read.
pub(super) fn kind_by_name(place: &Place) -> Option<Package> {
    let name = place.member.as_deref().unwrap_or(&place.path).to_ascii_lowercase();
    Some(match name.rsplit('.').next()? {
        "docx" | "docm" | "dotx" => Package::Word,
        "xlsx" | "xlsm" => Package::Excel,
        "pptx" | "pptm" | "ppsx" => Package::PowerPoint,
        "odt" | "ods" | "odp" => Package::OpenDocument,
        "pages" | "numbers" | "key" => Package::Apple,
        _ => return None,
    })
}

/// Names a document that is not read; of Word documents those that cannot be opened.
pub(super) fn read(reader: &mut Reader<'_>, kind: Package, place: &Place) -> ControlFlow<()> {
    let (what, instead) = match kind {
        Package::Word => ("a Word document that is damaged", "save it anew"),
        Package::Excel => ("a spreadsheet", "save its rows as JSON Lines"),
        Package::PowerPoint => ("a presentation", "save it as text"),
        Package::OpenDocument => ("an OpenDocument file", "save it as HTML or text"),
        Package::Apple => ("a document of Apple's office programs", "save it as HTML or text"),
    };
    reader.give(Err(SourceError::Unsupported { place: place.clone(), what, instead }))
}

/// Whether an archive is a web archive in a zip (WACZ), by the names of its members.
pub(super) fn is_web_archive<'n>(names: impl Iterator<Item = Cow<'n, str>>) -> bool {
    let (mut described, mut archived) = (false, false);
    for name in names {
        described |= name == "datapackage.json";
        archived |= name.starts_with("archive/") && is_part_of_web_archive(&name);
    }
    described && archived
}

/// Whether a member of a WACZ holds pages: its WARC files do; its lists of pages, indexes and logs do not.
pub(super) fn is_part_of_web_archive(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [".warc", ".warc.gz", ".warc.zst", ".wacz"].iter().any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(names: &[&str]) -> Option<Package> {
        kind(names.iter().map(|name| Cow::Borrowed(*name)))
    }

    #[test]
    fn documents_are_told_from_folders() {
        for (names, want) in [
            (&["[Content_Types].xml", "_rels/.rels", "word/document.xml"][..], Some(Package::Word)),
            (&["xl/workbook.xml", "[Content_Types].xml"], Some(Package::Excel)),
            (&["[Content_Types].xml", "ppt/presentation.xml"], Some(Package::PowerPoint)),
            (&["mimetype", "content.xml", "META-INF/manifest.xml"], Some(Package::OpenDocument)),
            (&["Index/Document.iwa", "preview.jpg"], Some(Package::Apple)),
            (&["word/one.html", "xl/two.html"], None),
            (&["Index/one.html", "content.xml"], None),
            (&["news/a.html"], None),
        ] {
            assert_eq!(of(names), want, "{names:?}");
        }
    }
}
