//! What a PDF says about itself: its document information, and its XMP where that is silent.

use hayro_syntax::Pdf;
use hayro_syntax::object::dict::keys::METADATA;
use hayro_syntax::object::{DateTime, Dict, Stream};

use super::bounds;
use crate::extract::info::{Info, is_title};
use crate::extract::title::one_line;

/// Bytes of XMP that are looked at.
const XMP: usize = 1 << 20;

pub(super) fn read(pdf: &Pdf) -> Info {
    let info = pdf.metadata();
    let catalog = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id());
    let xmp = catalog.as_ref().and_then(|catalog| catalog.get::<Stream<'_>>(METADATA)).filter(bounds::is_small);
    let xmp = xmp
        .and_then(|stream| stream.decoded_data().ok())
        .map(|data| String::from_utf8_lossy(&data[..data.len().min(XMP)]).into_owned());
    let said = |bytes: &Option<Box<[u8]>>, name: &str| {
        let own = bytes.as_deref().map(decoded).filter(|text| !text.is_empty());
        own.or_else(|| xmp.as_deref().and_then(|xmp| in_xmp(xmp, name)))
    };
    Info {
        name: "PDF information",
        title: said(&info.title, "dc:title").filter(|title| is_title(title)),
        author: said(&info.author, "dc:creator"),
        keywords: info.keywords.as_deref().map(decoded).filter(|text| !text.is_empty()),
        language: catalog
            .and_then(|catalog| catalog.get::<hayro_syntax::object::String<'_>>("Lang"))
            .map(|lang| text(&lang)),
        created: info.creation_date.as_ref().map(moment).or_else(|| in_xmp(xmp.as_deref()?, "xmp:CreateDate")),
    }
}

/// A text string of the document: UTF-16 or UTF-8 with a mark, else the encoding of PDF, which is Latin-1 as far as
/// names are concerned.
pub(super) fn text(string: &hayro_syntax::object::String<'_>) -> String {
    decoded_raw(string.as_bytes())
}

fn decoded(bytes: &[u8]) -> String {
    one_line(&decoded_raw(bytes))
}

fn decoded_raw(bytes: &[u8]) -> String {
    let decoded = match bytes {
        [0xfe, 0xff, rest @ ..] => encoding_rs::UTF_16BE.decode_without_bom_handling(rest).0.into_owned(),
        [0xff, 0xfe, rest @ ..] => encoding_rs::UTF_16LE.decode_without_bom_handling(rest).0.into_owned(),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => bytes.iter().map(|byte| pdf_char(*byte)).collect(),
    };
    decoded.chars().filter(|c| !c.is_control()).collect()
}

/// A byte of PDFDocEncoding.
fn pdf_char(byte: u8) -> char {
    const UPPER: [char; 31] = [
        '•', '†', '‡', '…', '—', '–', 'ƒ', '⁄', '‹', '›', '−', '‰', '„', '“', '”', '‘', '’', '‚', '™', 'ﬁ', 'ﬂ', 'Ł',
        'Œ', 'Š', 'Ÿ', 'Ž', 'ı', 'ł', 'œ', 'š', 'ž',
    ];
    match byte {
        0x80..=0x9e => UPPER[usize::from(byte - 0x80)],
        0xa0 => '€',
        _ => char::from(byte),
    }
}

/// The first text of an element of XMP.
fn in_xmp(xmp: &str, name: &str) -> Option<String> {
    let after = &xmp[xmp.find(&format!("<{name}"))? + 1..];
    let inner = &after[after.find('>')? + 1..];
    let inner = &inner[..inner.find(&format!("</{name}"))?];
    let text = match inner.find("<rdf:li") {
        Some(at) => {
            let item = &inner[at..];
            let item = &item[item.find('>')? + 1..];
            &item[..item.find('<')?]
        }
        None => inner,
    };
    Some(one_line(&html_escape::decode_html_entities(text))).filter(|text| !text.is_empty())
}

/// A date of the document information as RFC 3339.
fn moment(date: &DateTime) -> String {
    let DateTime { year, month, day, hour, minute, second, utc_offset_hour: hours, utc_offset_minute: minutes } = date;
    let sign = if *hours < 0 { '-' } else { '+' };
    let hours = hours.unsigned_abs();
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{sign}{hours:02}:{minutes:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_decoded_by_their_mark() {
        assert_eq!(decoded(b"\xfe\xff\0A\0l\0d\0a"), "Alda");
        assert_eq!(decoded(b"\xef\xbb\xbfM\xc3\xbcller"), "Müller");
        assert_eq!(decoded(b"M\xfcller \x85 Co"), "Müller – Co");
    }

    #[test]
    fn xmp_is_read() {
        let xmp = "<x><dc:title><rdf:Alt><rdf:li xml:lang='x-default'>Ships &amp; men</rdf:li></rdf:Alt></dc:title>\
                   <xmp:CreateDate>2031-02-03T04:05:06Z</xmp:CreateDate></x>";
        assert_eq!(in_xmp(xmp, "dc:title").as_deref(), Some("Ships & men"));
        assert_eq!(in_xmp(xmp, "xmp:CreateDate").as_deref(), Some("2031-02-03T04:05:06Z"));
        assert_eq!(in_xmp(xmp, "dc:creator"), None);
    }
}
