use std::io::Write;

use super::*;
use crate::article::Format;
use ParagraphKind::{Heading, ListItem, Table, Text};

/// A Word document: `document.xml` with this body, and `more` files of the ZIP archive, each with its name.
fn docx(body: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let document = format!("<?xml version='1.0'?><w:document xmlns:w='urn:w'><w:body>{body}</w:body></w:document>");
    let parts = [("[Content_Types].xml", "<Types/>"), ("word/document.xml", &document)];
    for (name, text) in parts.iter().chain(more) {
        archive.start_file(*name, options).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn paragraph(style: &str, text: &str) -> String {
    let style = if style.is_empty() { String::new() } else { format!("<w:pPr><w:pStyle w:val='{style}'/></w:pPr>") };
    format!("<w:p>{style}<w:r><w:t xml:space='preserve'>{text}</w:t></w:r></w:p>")
}

fn read(bytes: Vec<u8>) -> Article {
    crate::extract::article(&RawDocument { bytes, format: Format::Word, ..RawDocument::default() }).unwrap()
}

fn paragraphs(article: &Article) -> Vec<(&str, ParagraphKind)> {
    article.paragraphs.iter().map(|paragraph| (&article.text[paragraph.range()], paragraph.kind)).collect()
}

const STYLES: &str = "<w:styles xmlns:w='urn:w'><w:style w:styleId='berschrift1'><w:name w:val='heading 1'/></w:style>\
                      <w:style w:styleId='Titel'><w:name w:val='Title'/></w:style></w:styles>";

#[test]
fn styles_make_titles_and_headings_in_every_language() {
    let body = paragraph("Titel", "The fleet to 2040")
        + &paragraph("berschrift1", "Ships")
        + &paragraph("", "Alda has nine frigates.");
    let article = read(docx(&body, &[("word/styles.xml", STYLES)]));
    assert_eq!(article.title, "The fleet to 2040");
    assert_eq!(paragraphs(&article), [("Ships", Heading), ("Alda has nine frigates.", Text)]);
}

#[test]
fn runs_are_one_text_and_signs_are_kept() {
    let body = "<w:p><w:r><w:t>The nav</w:t></w:r><w:r><w:t>y &amp; the</w:t><w:tab/><w:t>army</w:t></w:r><w:r><w:t xml:space='preserve'> of Brook</w:t>\
                <w:noBreakHyphen/><w:t>Reed met</w:t><w:br/><w:t>&#233;lan.</w:t></w:r></w:p>";
    assert_eq!(read(docx(body, &[])).text, "The navy & the army of Brook-Reed met élan.");
}

#[test]
fn deleted_text_and_fields_do_not_print_and_inserted_text_does() {
    let body = "<w:p><w:r><w:t>Alda buys </w:t></w:r><w:del><w:r><w:delText>six</w:delText></w:r></w:del><w:ins><w:r><w:t>nine</w:t></w:r></w:ins>\
                <w:r><w:instrText>PAGEREF x</w:instrText></w:r><w:r><w:t xml:space='preserve'> ships.</w:t></w:r></w:p>";
    assert_eq!(read(docx(body, &[])).text, "Alda buys nine ships.");
}

#[test]
fn rows_of_tables_have_bars_and_a_table_within_a_cell_stays_there() {
    let cell = |text: &str| format!("<w:tc>{}</w:tc>", paragraph("", text));
    let inner = format!("<w:tc><w:tbl><w:tr>{}{}</w:tr></w:tbl></w:tc>", cell("a"), cell("b"));
    let body = format!(
        "{}<w:tbl><w:tr>{}{}</w:tr><w:tr>{}{inner}</w:tr></w:tbl>{}",
        paragraph("", "Before."),
        cell("Year"),
        cell("Frigates"),
        cell("2031"),
        paragraph("", "After.")
    );
    let want = [("Before.", Text), ("Year | Frigates", Table), ("2031 | a | b", Table), ("After.", Text)];
    assert_eq!(paragraphs(&read(docx(&body, &[]))), want);
}

#[test]
fn numbered_paragraphs_are_items() {
    let item = "<w:p><w:pPr><w:numPr><w:ilvl w:val='0'/><w:numId w:val='3'/></w:numPr></w:pPr><w:r><w:t>one tanker</w:t></w:r></w:p>";
    let none = item.replace("'3'", "'0'").replace("one", "no");
    let body = paragraph("", "Alda buys:") + item + &none + &paragraph("ListParagraph", "two tugs");
    let want = [("Alda buys:", Text), ("one tanker", ListItem), ("no tanker", Text), ("two tugs", ListItem)];
    assert_eq!(paragraphs(&read(docx(&body, &[]))), want);
}

#[test]
fn notes_follow_the_text() {
    let notes = format!(
        "<w:footnotes xmlns:w='urn:w'><w:footnote w:id='1'>{}</w:footnote></w:footnotes>",
        paragraph("", "See the budget of 2031.")
    );
    let article = read(docx(&paragraph("", "Alda has nine frigates."), &[("word/footnotes.xml", &notes)]));
    assert_eq!(article.text, "Alda has nine frigates.\n\nSee the budget of 2031.");
}

#[test]
fn a_text_box_is_read_once() {
    let shape = format!("<w:txbxContent>{}</w:txbxContent>", paragraph("", "In a box."));
    let body = format!(
        "<w:p><w:r><w:t>Outside.</w:t></w:r><w:r><mc:AlternateContent><mc:Choice>{shape}</mc:Choice><mc:Fallback>{shape}</mc:Fallback>\
         </mc:AlternateContent></w:r></w:p>"
    );
    let mut texts = read(docx(&body, &[])).text;
    texts.truncate(texts.len());
    assert_eq!(texts.matches("In a box.").count(), 1);
    assert!(texts.contains("Outside."));
}

#[test]
fn the_properties_give_title_author_and_date() {
    let core = "<cp:coreProperties><dc:title>Ships of Alda</dc:title><dc:creator>Ada Brook</dc:creator><dcterms:created>2031-02-03T04:05:06Z\
                </dcterms:created><cp:keywords>navy; ships</cp:keywords></cp:coreProperties>";
    let article = read(docx(&paragraph("", "Alda has nine frigates."), &[("docProps/core.xml", core)]));
    assert_eq!((article.title.as_str(), article.byline.as_slice()), ("Ships of Alda", &["Ada Brook".to_owned()][..]));
    assert_eq!(article.published.map(|moment| moment.to_string()).as_deref(), Some("2031-02-03T04:05:06Z"));
    assert_eq!(article.evidence["published"], "Word properties, creation of the file");
    assert_eq!(article.keywords, ["navy", "ships"]);
}

#[test]
fn a_printed_date_comes_before_the_one_of_the_file() {
    let core = "<cp:coreProperties><dc:title>Document1</dc:title><dc:creator>jsmith</dc:creator><dcterms:created>2031-02-03T04:05:06Z</dcterms:created>\
                </cp:coreProperties>";
    let body = paragraph("Heading1", "Ships of Alda")
        + &paragraph("", "3 January 2031")
        + &paragraph("", "Alda has nine frigates.");
    let article = read(docx(&body, &[("docProps/core.xml", core)]));
    assert_eq!((article.title.as_str(), article.byline.is_empty()), ("Ships of Alda", true));
    assert_eq!(article.published.map(|moment| moment.to_string()).as_deref(), Some("2031-01-03"));
}

#[test]
fn damage_is_an_error_or_less_text_but_no_panic() {
    let bytes = docx(&paragraph("", "Alda has nine frigates."), &[("word/styles.xml", STYLES)]);
    for cut in 0..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[cut] ^= 0x55;
        for bytes in [bytes[..cut].to_vec(), flipped] {
            let _ = crate::extract::article(&RawDocument { bytes, format: Format::Word, ..RawDocument::default() });
        }
    }
    let deep = docx(&"<w:tbl><w:tr><w:tc>".repeat(5000), &[]);
    assert!(
        crate::extract::article(&RawDocument { bytes: deep, format: Format::Word, ..RawDocument::default() }).is_err()
    );
    let cut = docx(&format!("{}<w:p><w:r><w:t>And the", paragraph("", "Alda has nine frigates.")), &[]);
    assert_eq!(read(cut).text.split("\n\n").next(), Some("Alda has nine frigates."));
}
