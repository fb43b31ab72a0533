//! Hits in the forms that other programs read: CSV, Markdown, RIS, BibTeX, CSL-JSON, columns.
//!
//! Article text is untrusted: no form lets it start a formula, open a tag or end a record.

mod bibtex;
mod csl;
mod csv;
mod fields;
mod keys;
mod markdown;
mod names;
mod ris;
mod whole;

use std::io::{self, Write};

use jiff::civil::Date;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::engine::Hit;
use crate::hidden::without_sequences;
use crate::render::clean;
pub use csv::Cell;
pub use csv::row;
pub use fields::{DEFAULT, Field, columns, json};
pub use markdown::article as markdown_article;
pub(crate) use markdown::escaped as markdown_escaped;
pub(crate) use whole::whole;

/// A form of hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A table with a head (RFC 4180), with these columns.
    Csv,
    /// A list to paste into a report.
    Markdown,
    /// For reference managers.
    Ris,
    /// For LaTeX.
    Bibtex,
    /// A JSON array for citation processors.
    CslJson,
}

/// Writes hits in a form; `fields` are the columns of CSV.
///
/// # Errors
///
/// Fails where `out` does.
pub fn hits(hits: &[Hit], form: Form, fields: &[Field], out: &mut dyn Write) -> io::Result<()> {
    match form {
        Form::Csv => fields::csv(hits, fields, out),
        Form::Markdown => hits.iter().try_for_each(|hit| markdown::hit(hit, out)),
        Form::Ris => hits.iter().zip(keys::keys(hits)).try_for_each(|(hit, key)| ris::hit(&key, hit, out)),
        Form::Bibtex => bibtex::hits(hits, out),
        Form::CslJson => csl::hits(hits, out),
    }
}

/// Text on one line: no control characters, every run of white space one space.
pub(crate) fn on_one_line(text: &str) -> String {
    let spaced = without_sequences(text).replace(char::is_control, " ");
    clean(&spaced).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The title, or `(no title)`.
fn title(hit: &Hit) -> String {
    let title = on_one_line(&hit.title);
    if title.is_empty() { "(no title)".to_owned() } else { title }
}

/// The day of publication, by the publisher's clock.
fn day(hit: &Hit) -> Option<Date> {
    hit.published.as_ref().map(crate::article::Moment::day)
}

/// What is encoded in an address, besides all that is not ASCII: what is not visible, and what could end a BibTeX group
/// or a Markdown link. `%` stays, because an address is encoded already.
const NOT_IN_ADDRESSES: &AsciiSet =
    &CONTROLS.add(b' ').add(b'<').add(b'>').add(b'{').add(b'}').add(b'\\').add(b'^').add(b'`').add(b'|').add(b'"');

/// The address in visible ASCII.
fn address(hit: &Hit) -> Option<String> {
    hit.url.as_deref().map(address_of)
}

/// An address in visible ASCII.
pub(crate) fn address_of(url: &str) -> String {
    utf8_percent_encode(url, NOT_IN_ADDRESSES).to_string()
}

/// The passages as one text, `[…]` between them; `None` where there are none.
fn passages(hit: &Hit) -> Option<String> {
    let texts: Vec<String> = hit.passages.iter().map(|passage| on_one_line(&passage.text)).collect();
    Some(texts.join(" […] ")).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_visible_ascii_but_what_could_end_it() {
        let kept: String = (0..=0x7f)
            .map(|byte: u8| char::from(byte))
            .filter(|c| utf8_percent_encode(&c.to_string(), NOT_IN_ADDRESSES).to_string() == c.to_string())
            .collect();
        let (large, small) = ("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz");
        assert_eq!(kept, format!("!#$%&'()*+,-./0123456789:;=?@{large}[]_{small}~"));
        assert_eq!(utf8_percent_encode("é\u{1f}\\", NOT_IN_ADDRESSES).to_string(), "%C3%A9%1F%5C");
    }
}
