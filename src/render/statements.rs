//! Statements: for a terminal, as JSON, CSV and Markdown.

use std::io::{self, Write};

use super::export::{Cell, address_of, markdown_escaped, on_one_line, row};
use super::json::{add_reach, header, line};
use super::{Rich, Style, clean, doubted, grouped, grouped_number_of};
use crate::article::Article;
use crate::authority::Authority;
use crate::engine::{Heading, QuotesResponse, Statement};
use crate::quote::{Kind, Quotes};

/// SGR codes of the speaker, and of what is beside the statement.
const SPEAKER: &str = "1;36";
const BESIDE: &str = "2";

/// Each statement with its speaker, the article below it.
///
/// # Errors
///
/// Fails where `out` does.
pub(crate) fn text(response: &QuotesResponse, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let digits = response.statements.last().map_or(1, |last| last.rank.to_string().len());
    let indent = " ".repeat(digits + 2);
    let width = style.width.saturating_sub(indent.len()).max(20);
    for one in &response.statements {
        writeln!(out, "{:>digits$}  {}", one.rank, style.paint(SPEAKER, &speaker(one)))?;
        let (open, close) = marks(one.kind);
        let text = Rich::new().with(open, "").with_marks(&one.text, &one.highlights, "", None, style).with(close, "");
        let source = Rich::new().with(&facts(one), BESIDE);
        for line in text.lines(width, style).into_iter().chain(source.lines(width, style)) {
            writeln!(out, "{indent}{line}")?;
        }
        if let Some(url) = &one.url {
            writeln!(out, "{indent}{}", style.link(url, &style.paint(BESIDE, &clean(url))))?;
        }
        writeln!(out)?;
    }
    let (shown, total) = (response.statements.len(), response.total);
    let of = if shown as u64 == total { String::new() } else { format!("{} of ", grouped(shown as u64)) };
    let articles = grouped_number_of(response.articles, "article");
    writeln!(out, "{of}{} in {articles}", grouped_number_of(total, "statement"))
}

/// The quotation marks of a statement: one in other words has none.
fn marks(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Direct => ("“", "”"),
        Kind::Indirect | Kind::Mixed => ("", ""),
    }
}

fn speaker(one: &Statement) -> String {
    let who: Vec<&Heading> = one.speaker.iter().chain(&one.also).collect();
    named(&who, one.said_by.as_deref(), one.doubtful)
}

/// `Mark Rutte (he)`, `the minister`, `Oto Brandt and Tilda Moor`; with a question mark where it is a guess.
fn named(who: &[&Heading], said_by: Option<&str>, doubtful: bool) -> String {
    let said_by = said_by.map(on_one_line).unwrap_or_default();
    let names: Vec<String> = who.iter().map(|one| doubted(&one.label, one.is_unlisted())).collect();
    let name = match names.split_last() {
        Some((last, [])) if who.iter().any(|one| one.label.ends_with(&said_by)) => last.clone(),
        Some((last, [])) => format!("{last} ({said_by})"),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None if said_by.is_empty() => "(nobody is named)".to_owned(),
        None => said_by,
    };
    if doubtful { format!("{name}, doubtful") } else { name }
}

/// The statements of one article, each behind the byte at which its words begin.
///
/// # Errors
///
/// Fails where `out` does.
pub(crate) fn of_article(
    article: &Article,
    quotes: &Quotes,
    authority: &Authority,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "\n{}", style.paint("1", "quotes"))?;
    for (text, list) in [(&article.title, &quotes.title), (&article.text, &quotes.text)] {
        for quote in list {
            let who = quote.speaker.iter().flat_map(|speaker| speaker.actors());
            let headings: Vec<Heading> = who.map(|id| Heading::of(authority, id.clone())).collect();
            let said = quote.speaker.as_ref().map(|speaker| speaker.surface.as_str());
            let name = named(&headings.iter().collect::<Vec<_>>(), said, quote.doubtful);
            let words = on_one_line(text.get(quote.start..quote.end).unwrap_or_default());
            let (open, close) = marks(quote.kind);
            let line = Rich::new().with(&name, SPEAKER).with(&format!(": {open}{words}{close}"), "");
            for (number, line) in line.lines(style.width.saturating_sub(10).max(20), style).iter().enumerate() {
                let place = if number == 0 { quote.start.to_string() } else { String::new() };
                writeln!(out, "  {place:>6}  {line}")?;
            }
        }
    }
    Ok(())
}

/// Kind, outlet, day, copies, headline and identifier.
fn facts(one: &Statement) -> String {
    let mut facts: Vec<String> = Vec::new();
    if one.kind != Kind::Direct {
        facts.push(kind(one.kind).to_owned());
    }
    facts.extend(one.outlet.as_deref().map(on_one_line));
    facts.push(one.published.map_or_else(|| "undated".to_owned(), |at| at.day().to_string()));
    if one.copies > 1 {
        let outlets = grouped_number_of(one.outlets, "outlet");
        facts.push(format!("{} in {outlets}", grouped_number_of(one.copies, "article")));
    }
    facts.extend(one.page.map(|page| format!("p. {page}")));
    facts.push(on_one_line(&one.title));
    facts.push(one.id.clone());
    facts.retain(|fact| !fact.is_empty());
    facts.join(" · ")
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Direct => "direct",
        Kind::Indirect => "indirect",
        Kind::Mixed => "mixed",
    }
}

/// A `header`, then one `statement` a line.
///
/// # Errors
///
/// Fails where `out` does.
pub(crate) fn json(response: &QuotesResponse, out: &mut dyn Write) -> io::Result<()> {
    let QuotesResponse { total, articles, understood, notes, reach, .. } = response;
    let mut head = header(*total, understood, notes);
    head["articles"] = serde_json::json!(articles);
    add_reach(&mut head, reach.as_ref());
    line("header", &head, out)?;
    response.statements.iter().try_for_each(|one| line("statement", one, out))
}

/// A row a statement.
///
/// # Errors
///
/// Fails where `out` does.
pub(crate) fn csv(statements: &[Statement], out: &mut dyn Write) -> io::Result<()> {
    let names = "speaker,label,said_by,kind,doubtful,text,outlet,published,title,url,id,page,copies,outlets";
    row(&names.split(',').map(|name| Cell::Text(name.to_owned())).collect::<Vec<_>>(), out)?;
    for one in statements {
        let cells = [
            Cell::text(one.speaker.as_ref().map(|speaker| speaker.id.as_str())),
            Cell::text(one.speaker.as_ref().map(|speaker| speaker.label.as_str())),
            Cell::text(one.said_by.as_deref()),
            Cell::text(Some(kind(one.kind))),
            Cell::text(one.doubtful.then_some("doubtful")),
            Cell::text(Some(on_one_line(&one.text))),
            Cell::text(one.outlet.as_deref()),
            Cell::text(one.published.map(|at| at.to_string())),
            Cell::text(Some(one.title.as_str())),
            Cell::text(one.url.as_deref()),
            Cell::text(Some(one.id.as_str())),
            one.page.map_or(Cell::Empty, Cell::number),
            Cell::number(one.copies),
            Cell::number(one.outlets),
        ];
        row(&cells, out)?;
    }
    Ok(())
}

/// A list to paste into a report: the speaker, the words, the article.
///
/// # Errors
///
/// Fails where `out` does.
pub(crate) fn markdown(statements: &[Statement], out: &mut dyn Write) -> io::Result<()> {
    for one in statements {
        let (open, close) = marks(one.kind);
        let words = markdown_escaped(&on_one_line(&one.text));
        let title = markdown_escaped(&on_one_line(&one.title));
        let title = one.url.as_deref().map_or_else(|| title.clone(), |url| format!("[{title}](<{}>)", address_of(url)));
        let mut facts: Vec<String> = one.outlet.iter().map(|outlet| markdown_escaped(&on_one_line(outlet))).collect();
        facts.extend(one.published.map(|at| at.day().to_string()));
        let facts = if facts.is_empty() { String::new() } else { format!(" ({})", facts.join(", ")) };
        writeln!(out, "- **{}**: {open}{words}{close} {title}{facts}", markdown_escaped(&speaker(one)))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement() -> Statement {
        Statement {
            rank: 1,
            id: "a1".to_owned(),
            text: "we pay <b>".to_owned(),
            in_title: false,
            start: 4,
            end: 14,
            page: Some(2),
            kind: Kind::Direct,
            doubtful: true,
            said_by: Some("She".to_owned()),
            speaker: Some(Heading { id: "person/ines-quarrel".to_owned(), label: "Ines Quarrel".to_owned() }),
            also: Vec::new(),
            highlights: Vec::new(),
            title: "Alda pays".to_owned(),
            url: Some("https://ledger.example/a b".to_owned()),
            outlet: Some("The Ledger".to_owned()),
            published: "2026-03-01".parse().ok(),
            byline: Vec::new(),
            copies: 3,
            outlets: 2,
        }
    }

    #[test]
    fn a_statement_is_shown_with_its_speaker_and_its_article() {
        let style = Style { colored: false, linked: false, marks: super::super::Marks::Guillemets, width: 80 };
        let response =
            QuotesResponse { total: 4, articles: 3, statements: vec![statement()], ..QuotesResponse::default() };
        let mut out = Vec::new();
        text(&response, &style, &mut out).unwrap();
        let shown = String::from_utf8(out).unwrap();
        assert_eq!(
            shown,
            "1  Ines Quarrel (She), doubtful\n   “we pay <b>”\n   The Ledger · 2026-03-01 · 3 articles in 2 outlets · p. 2 · Alda pays · a1\n   https://ledger.example/a b\n\n1 of 4 statements in 3 articles\n"
        );
    }

    #[test]
    fn all_who_say_it_together_are_named() {
        let moor = Heading { id: "unlisted/moor".to_owned(), label: "Tilda Moor".to_owned() };
        let one = Statement { also: vec![moor], said_by: Some("Quarrel and Moor".to_owned()), ..statement() };
        assert_eq!(speaker(&one), "Ines Quarrel and Tilda Moor?, doubtful");
    }

    #[test]
    fn a_report_can_take_a_statement_in() {
        let mut out = Vec::new();
        markdown(&[statement()], &mut out).unwrap();
        let shown = String::from_utf8(out).unwrap();
        assert!(shown.starts_with("- **Ines Quarrel (She), doubtful**: “we pay "), "{shown}");
        assert!(
            shown.contains("(<https://ledger.example/a%20b>) (The Ledger, 2026-03-01)") && !shown.contains("<b>"),
            "{shown}"
        );
        let mut out = Vec::new();
        csv(&[statement()], &mut out).unwrap();
        let rows = String::from_utf8(out).unwrap();
        assert!(
            rows.lines()
                .nth(1)
                .is_some_and(|row| row.starts_with("person/ines-quarrel,Ines Quarrel,She,direct,doubtful,"))
        );
    }
}
