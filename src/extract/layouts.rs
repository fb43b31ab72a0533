//! Tests of extraction from pages in the layouts of blog themes, old sites and newsrooms in many languages.
//!
//! `tests/extraction/NAME.html` is a page, `NAME.txt` what a reader would copy from it by hand. All outlets and events
//! are invented.

use std::path::Path;

use crate::article::{Article, Format, RawDocument};

/// The article in the form of the `.txt` file: lines of metadata, a blank line, the text.
fn shown(article: &Article, wanted: &str) -> String {
    let mut out = format!("title: {}\n", article.title);
    let mut line = |key: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            out.push_str(&format!("{key}: {value}\n"));
        }
    };
    line("byline", Some(article.byline.join("; ")));
    line("published", article.published.map(|moment| moment.to_string()));
    // If a page does not name its outlet, its host stands in; it is shown only if `wanted` has an outlet.
    line("outlet", article.outlet.clone().filter(|_| wanted.contains("\noutlet: ")));
    out + "\n" + &article.text + "\n"
}

#[test]
fn every_layout_gives_its_article() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/extraction");
    let mut pages: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.retain(|path| path.extension().is_some_and(|end| end == "html"));
    pages.sort();
    assert!(pages.len() >= 26, "{} pages", pages.len());
    for path in pages {
        let document =
            RawDocument { bytes: std::fs::read(&path).unwrap(), format: Format::Html, ..RawDocument::default() };
        let wanted = std::fs::read_to_string(path.with_extension("txt")).unwrap();
        let found = super::article(&document).unwrap();
        assert_eq!(shown(&found, &wanted), wanted, "{}", path.display());
    }
}
