//! Comma-separated values (RFC 4180, but rows end in LF) in UTF-8, in which no spreadsheet finds a formula.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::render::clean;

/// A cell of a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Text, which may come from an article and is guarded against formulas.
    Text(String),
    /// A number, as it is to be printed.
    Number(String),
    /// Nothing.
    Empty,
}

impl Cell {
    /// Text, or nothing.
    pub fn text(text: Option<impl Into<String>>) -> Self {
        text.map_or(Self::Empty, |text| Self::Text(text.into()))
    }

    /// A number.
    pub fn number(number: impl ToString) -> Self {
        Self::Number(number.to_string())
    }

    /// What is printed, before any quoting.
    pub(super) fn shown(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Owned(text.split('\n').map(clean).collect::<Vec<_>>().join("\n")),
            Self::Number(number) => Cow::Borrowed(number),
            Self::Empty => Cow::Borrowed(""),
        }
    }
}

/// Writes a row.
///
/// # Errors
///
/// Fails where `out` does.
pub fn row(cells: &[Cell], out: &mut dyn Write) -> io::Result<()> {
    for (number, cell) in cells.iter().enumerate() {
        if number > 0 {
            out.write_all(b",")?;
        }
        let shown = cell.shown();
        let text = if matches!(cell, Cell::Text(_)) { unarmed(&shown) } else { shown };
        if text.contains([',', '"', '\n', '\r']) || text.starts_with(' ') || text.ends_with(' ') {
            write!(out, "\"{}\"", text.replace('"', "\"\""))?;
        } else {
            out.write_all(text.as_bytes())?;
        }
    }
    out.write_all(b"\n")
}

/// Text with a `'` before it where a spreadsheet would run it as a formula (OWASP, "CSV Injection").
fn unarmed(text: &str) -> Cow<'_, str> {
    let first = text.trim_start_matches(' ').chars().next();
    if first.is_some_and(|c| "=+-@\t\r\n＝＋－＠".contains(c)) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(cells: &[Cell]) -> String {
        let mut out = Vec::new();
        row(cells, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn no_text_starts_a_formula_and_numbers_stay_numbers() {
        for bad in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1"] {
            let text = written(&[Cell::Text(bad.to_owned())]);
            let first = text.trim_matches(['"', '\n']).chars().next();
            assert!(!first.is_some_and(|c| "=+-@\t\r ＝".contains(c)), "{bad:?} gave {text:?}");
        }
        assert_eq!(written(&[Cell::number(-1.5), Cell::Empty, Cell::Text("a-b".to_owned())]), "-1.5,,a-b\n");
    }

    #[test]
    fn quotes_commas_and_lines_stay_in_their_cell() {
        assert_eq!(written(&[Cell::Text("a \"b\", c\nd".to_owned())]), "\"a \"\"b\"\", c\nd\"\n");
    }

    /// Each sign has a cell of its own, because each alone would break the row or be lost.
    #[test]
    fn a_cell_reads_back_whichever_sign_it_holds() {
        let cells =
            ["say \"no\" now", "\"", "\"all of it\"", "a,b", "a\nb", " a", "a ", "a;b", "a\u{a0}b", "plain", ""];
        let row = cells.map(|text| Cell::Text(text.to_owned()));
        let text = written(&[&row[..], &[Cell::number(7)]].concat());
        assert!(
            text.starts_with("\"say \"\"no\"\" now\",\"\"\"\",") && text.ends_with(",a;b,a\u{a0}b,plain,,7\n"),
            "{text}"
        );
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].iter().collect::<Vec<_>>(), [&cells[..], &["7"]].concat());
    }
}
