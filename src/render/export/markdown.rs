//! Markdown (CommonMark), for reports and notes.

use std::io::{self, Write};

use super::{address, day, on_one_line, title};
use crate::archive::Stored;
use crate::article::ParagraphKind;
use crate::engine::{Heading, Highlight, Hit};
use crate::number::number_of;
use crate::render::{clean, doubted};

/// A hit: a heading with the rank, the facts, the passages as quotations with what matched in bold.
pub(super) fn hit(hit: &Hit, out: &mut dyn Write) -> io::Result<()> {
    let marks = if hit.title.trim().is_empty() { &[][..] } else { &hit.title_highlights };
    let title = if marks.is_empty() { escaped(&title(hit)) } else { on_one_line(&marked(&hit.title, marks)) };
    writeln!(out, "## {}\\. {}\n", hit.rank, linked(&title, address(hit).as_deref()))?;
    facts(hit, out)?;
    for passage in &hit.passages {
        for line in marked(&passage.text, &passage.highlights).lines() {
            writeln!(out, "{}", format!("> {}", guarded(line)).trim_end())?;
        }
        writeln!(out)?;
    }
    facets(hit, out)
}

/// A whole article: title, facts, paragraphs by their kinds.
///
/// # Errors
///
/// Fails where `out` does.
pub fn article(hit: &Hit, stored: &Stored, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# {}\n", linked(&escaped(&title(hit)), address(hit).as_deref()))?;
    facts(hit, out)?;
    for paragraph in &stored.article.paragraphs {
        let text = on_one_line(stored.article.text.get(paragraph.range()).unwrap_or_default());
        let text = guarded(&escaped(&text));
        match paragraph.kind {
            ParagraphKind::Heading => writeln!(out, "## {text}\n")?,
            ParagraphKind::ListItem => writeln!(out, "- {text}\n")?,
            ParagraphKind::Quote => writeln!(out, "> {text}\n")?,
            ParagraphKind::Text | ParagraphKind::Table => writeln!(out, "{text}\n")?,
        }
    }
    facets(hit, out)
}

fn linked(text: &str, address: Option<&str>) -> String {
    address.map_or_else(|| text.to_owned(), |address| format!("[{text}](<{address}>)"))
}

/// Outlet, day, authors, copies and identifier on a line.
fn facts(hit: &Hit, out: &mut dyn Write) -> io::Result<()> {
    let mut facts: Vec<String> = hit.outlet.iter().cloned().collect();
    facts.extend(day(hit).map(|day| day.to_string()));
    facts.extend(Some(hit.byline.join(", ")).filter(|names| !names.is_empty()));
    if hit.copies > 1 {
        facts.push(number_of(hit.copies, "copy"));
    }
    facts.push(hit.id.clone());
    writeln!(out, "{}\n", guarded(&escaped(&on_one_line(&facts.join(" · ")))))
}

fn facets(hit: &Hit, out: &mut dyn Write) -> io::Result<()> {
    let list = |headings: &[Heading]| {
        let labels: Vec<String> =
            headings.iter().map(|heading| doubted(&heading.label, heading.is_unlisted())).collect();
        escaped(&on_one_line(&labels.join(", ")))
    };
    for (name, headings) in [("Actors", &hit.actors), ("Systems", &hit.systems), ("Topics", &hit.topics)] {
        if !headings.is_empty() {
            writeln!(out, "{name}: {}\n", list(headings))?;
        }
    }
    Ok(())
}

/// Text with what matched in bold.
fn marked(text: &str, marks: &[Highlight]) -> String {
    let mut out = String::with_capacity(text.len() + 8 * marks.len());
    let mut at = 0;
    for mark in marks {
        let (Some(before), Some(inside)) = (text.get(at..mark.start), text.get(mark.start..mark.end)) else { continue };
        out.push_str(&escaped(before));
        out.push_str(&format!("**{}**", escaped(inside)));
        at = mark.end;
    }
    out.push_str(&escaped(text.get(at..).unwrap_or_default()));
    out
}

/// Text escaped so that none of it is markup or HTML. Line breaks stay.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    for line in text.split_inclusive('\n') {
        for c in clean(line.trim_end_matches('\n')).chars() {
            match c {
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '&' => out.push_str("&amp;"),
                '\\' | '`' | '*' | '_' | '[' | ']' | '~' | '|' | '$' | '!' => {
                    out.push('\\');
                    out.push(c);
                }
                c => out.push(c),
            }
        }
        if line.ends_with('\n') {
            out.push('\n');
        }
    }
    out
}

/// A line changed so that it opens no heading, list, rule or code block.
fn guarded(line: &str) -> String {
    let line = line.trim_start();
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let after = line[digits..].chars().next();
    if digits > 0 && matches!(after, Some('.' | ')')) {
        return format!("{}\\{}", &line[..digits], &line[digits..]);
    }
    if line.starts_with(['#', '+', '-', '=', ':']) { format!("\\{line}") } else { line.to_owned() }
}
