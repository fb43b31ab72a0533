//! For people: titles, passages with marked words, counts, an article with its mentions.

mod article;
mod bars;
mod counts;
mod coverage;
mod pairs;
mod timeline;
mod why;

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use jiff::tz::TimeZone;
use url::Url;

use super::text::wrap;
use super::{Rich, Style, clean, doubted, grouped, grouped_number_of};
use crate::article::{Doubt, Place};
use crate::engine::{ClauseCount, Explanation, Heading, Highlight, Hit, HitEvent, Reach, Request, SearchResponse};
pub use article::{article, copies, mentions, provenance};
pub(crate) use article::{events, mentions_explained};
pub use counts::facets;
pub(crate) use counts::{figure, name, shortened};
pub use coverage::{Gap, coverage};
pub use pairs::pairs;
pub use timeline::timeline;
pub use why::why;

const BOLD: &str = "1";
const DIM: &str = "2";
/// SGR codes of the lines of actors, of systems and of topics. Each line begins with its name, so nothing rests on colour alone.
const ACTORS: &str = "36";
const SYSTEMS: &str = "33";
const TOPICS: &str = "32";
/// Columns before a hit's text.
const INDENT: usize = 4;
/// Actors and topics printed for a hit, at most.
const FACETS: usize = 6;

/// What to print of a search in addition to its hits.
#[derive(Debug, Clone, Copy, Default)]
pub struct View {
    /// Hits skipped before the first one of the response.
    pub offset: usize,
    /// How long the search took; `None` where it is not printed.
    pub took: Option<Duration>,
    /// Whether to print the score of each hit.
    pub scores: bool,
    /// Whether the total counts articles instead of stories.
    pub all_copies: bool,
    /// Whether to explain below the hits the marks that stand in them.
    pub legend: bool,
}

/// A search's hits.
///
/// # Errors
///
/// Fails where `out` does.
pub fn search(response: &SearchResponse, view: &View, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for hit in &response.hits {
        one(hit, view, style, out)?;
    }
    let (all, total) = match response.reach {
        // Hits may be stories with only some of the words.
        Some(Reach { total_any, .. }) if response.hits.iter().any(|hit| !hit.missing.is_empty()) => {
            let any = counted(total_any, total_any, view.all_copies);
            (total_any, format!("{any} with any of the words; {} counted", grouped(response.total)))
        }
        _ => (response.total, counted(response.total, response.copies, view.all_copies)),
    };
    let shown = match (response.hits.len(), view.offset) {
        (0, _) if response.total == 0 => return Ok(()),
        (0, _) => format!("none shown of {total}"),
        (n, 0) if n as u64 == all => total,
        (n, 0) => format!("{} of {total}", grouped(n as u64)),
        (n, offset) => format!("{} to {} of {total}", grouped(offset as u64 + 1), grouped((offset + n) as u64)),
    };
    let took = view.took.map(|took| format!(", {} ms", grouped(took.as_millis() as u64))).unwrap_or_default();
    writeln!(out, "{}", style.paint(DIM, &format!("{shown}{took}")))?;
    if view.legend { legend(&response.hits, style, out) } else { Ok(()) }
}

/// What the marks mean that stand in these hits.
fn legend(hits: &[Hit], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let passages = hits.iter().flat_map(|hit| hit.passages.iter().flat_map(|passage| &passage.highlights));
    let marks: Vec<&Highlight> = hits.iter().flat_map(|hit| &hit.title_highlights).chain(passages).collect();
    let mark = |actor| if style.colored { if actor { "underlined" } else { "red" } } else { style.marks.name(actor) };
    let known = [
        (marks.iter().any(|mark| !mark.actor), mark(false), "a word of the query"),
        (marks.iter().any(|mark| mark.actor), mark(true), "a mention of an actor that was asked for"),
        (hits.iter().any(|hit| hit.copies > 1), "copies", "one report that several outlets ran (show ID --copies)"),
        (
            hits.iter().any(|hit| !hit.doubts.is_empty()),
            "doubtful",
            "the text may not be the whole story (help doubts)",
        ),
        (hits.iter().any(|hit| hit.gone.is_some()), "gone", "its page is not there any more"),
        (hits.iter().any(|hit| !hit.missing.is_empty()), "without", "words that it lacks; it is not counted"),
    ];
    let told: Vec<String> = known
        .iter()
        .filter(|(seen, mark, _)| *seen && !mark.is_empty())
        .map(|(_, mark, meaning)| format!("{mark}: {meaning}"))
        .collect();
    for line in wrap(&told.join("; "), DIM, style.width, style) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// How the query was understood, what each part matches, and what feedback added to it.
///
/// # Errors
///
/// Fails where `out` does.
pub fn explanation(query: &str, explanation: &Explanation, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{} {}", style.paint(BOLD, "understood as"), clean(query))?;
    for ClauseCount { clause, articles, readings } in &explanation.clauses {
        let read = if readings.is_empty() { String::new() } else { format!(" ({})", readings.join("; ")) };
        let (number, read) = (grouped(*articles), style.paint(DIM, &clean(&read)));
        writeln!(out, "  {number:>7} {} {}{read}", articles_match(*articles), clean(clause))?;
    }
    if !explanation.actors.is_empty() {
        let list: Vec<String> = explanation.actors.iter().map(|a| format!("{} ({})", a.label, a.id)).collect();
        writeln!(out, "  also, under whatever name: {}", clean(&list.join(", ")))?;
    }
    if !explanation.learnt.is_empty() {
        let words: Vec<String> = explanation.learnt.iter().map(|(word, share)| format!("{word} {share:.3}")).collect();
        writeln!(out, "{}", style.paint(BOLD, "joined by feedback, for the order only"))?;
        for line in wrap(&words.join(", "), "", style.width.saturating_sub(2), style) {
            writeln!(out, "  {line}")?;
        }
    }
    if !explanation.requests.is_empty() {
        writeln!(
            out,
            "{}",
            style.paint(BOLD, "asked of the cluster: milliseconds, those of the cluster alone, and for what")
        )?;
        for Request { what, ms, cluster_ms } in &explanation.requests {
            writeln!(out, "  {ms:>7.1} {cluster_ms:>7.1} {what}")?;
        }
    }
    writeln!(out)
}

/// `1 article matches`, `12 articles match`.
pub fn articles(number: u64) -> String {
    format!("{} {}", grouped(number), articles_match(number))
}

fn articles_match(number: u64) -> &'static str {
    if number == 1 { "article matches" } else { "articles match" }
}

/// `1 story`, `1,482 stories (2,031 copies)`, `3 articles`.
pub(crate) fn counted(total: u64, copies: u64, all_copies: bool) -> String {
    let stories = grouped_number_of(total, if all_copies { "article" } else { "story" });
    if copies == total { stories } else { format!("{stories} ({})", grouped_number_of(copies, "copy")) }
}

fn one(hit: &Hit, view: &View, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let width = style.width.saturating_sub(INDENT);
    let title = if hit.title.is_empty() { "(no title)" } else { &hit.title };
    let title = Rich::new().with_marks(title, &hit.title_highlights, BOLD, hit.url.as_deref(), style);
    for (number, line) in title.lines(width, style).iter().enumerate() {
        let rank = if number == 0 { hit.rank.to_string() } else { String::new() };
        writeln!(out, "{rank:>2}  {line}")?;
    }
    let indent = " ".repeat(INDENT);
    for line in facts(hit, view, style).lines(width, style) {
        writeln!(out, "{indent}{line}")?;
    }
    if !is_one_word(&hit.id, width) {
        // An identifier that is broken over two lines cannot be copied.
        writeln!(out, "{indent}{}", style.paint(DIM, &clean(&hit.id)))?;
    }
    if !hit.score_parts.is_empty() {
        let parts: Vec<String> =
            hit.score_parts.iter().map(|part| format!("{} {:+.2}", part.part, part.value)).collect();
        writeln!(out, "{indent}{}", style.paint(DIM, &format!("score {:.2} = {}", hit.score, parts.join(" "))))?;
    }
    for passage in &hit.passages {
        let page = passage.page.map(|page| format!("p. {page}  ")).unwrap_or_default();
        let text = Rich::new().with(&page, DIM).with_marks(&passage.text, &passage.highlights, "", None, style);
        for line in text.lines(width, style) {
            writeln!(out, "{indent}{line}")?;
        }
    }
    for (name, headings, code) in
        [("actors", &hit.actors, ACTORS), ("systems", &hit.systems, SYSTEMS), ("topics", &hit.topics, TOPICS)]
    {
        if !headings.is_empty() {
            let text = Rich::new().with(&format!("{name}: "), DIM).with(&labels(headings), code);
            for line in text.lines(width, style) {
                writeln!(out, "{indent}{line}")?;
            }
        }
    }
    let mut events: Vec<String> = Vec::new();
    for HitEvent { class, actor, system, .. } in &hit.events {
        let event = format!("{class}: {}, {}", doubted(&actor.label, actor.is_unlisted()), system.label);
        if !events.contains(&event) {
            events.push(event);
        }
    }
    for event in events {
        for line in Rich::new().with("event: ", DIM).with(&event, "").lines(width, style) {
            writeln!(out, "{indent}{line}")?;
        }
    }
    writeln!(out)
}

/// Whether an identifier stays in one piece where lines of this width are wrapped.
fn is_one_word(id: &str, width: usize) -> bool {
    id.len() <= width && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// Outlet, day, copies, score, identifier (one that could be broken is left out), and on a terminal with links the file.
fn facts(hit: &Hit, view: &View, style: &Style) -> Rich {
    let mut facts: Vec<String> = hit.outlet.iter().cloned().collect();
    facts.extend(hit.published.as_ref().map(|published| published.day().to_string()));
    if hit.copies > 1 {
        let (copies, outlets) = (grouped_number_of(hit.copies, "copy"), grouped_number_of(hit.outlets, "outlet"));
        facts.push(format!("{copies} in {outlets}"));
        let first = hit.first_published.as_ref().filter(|first| first.id != hit.id);
        facts.extend(first.map(|first| format!("first in {}", first.outlet.as_deref().unwrap_or(&first.id))));
    }
    facts.extend(doubtful(&hit.doubts));
    facts.extend(hit.gone.map(|since| format!("gone since {}", since.to_zoned(TimeZone::UTC).date())));
    if !hit.missing.is_empty() {
        facts.push(format!("without {}", hit.missing.join(", ")));
    }
    if view.scores {
        facts.push(format!("score {:.2}", hit.score));
    }
    let apart = !is_one_word(&hit.id, style.width.saturating_sub(INDENT));
    facts.extend(Some(hit.id.clone()).filter(|_| !apart));
    let rich = Rich::new().with(&facts.join(" · "), DIM);
    match hit.place.as_ref().and_then(|place| Some((file_name(place)?, address(place)?))).filter(|_| style.linked) {
        Some((name, address)) => rich.with(" · ", DIM).with_link(&name, DIM, Some(&address)),
        None => rich,
    }
}

/// `doubtful: fragment, wall`, where the text of an article is.
fn doubtful(doubts: &BTreeSet<Doubt>) -> Option<String> {
    let names: Vec<&str> = doubts.iter().map(|doubt| doubt.name()).collect();
    (!names.is_empty()).then(|| format!("doubtful: {}", names.join(", ")))
}

/// The last part of a place's path with member and record: `news.jsonl:12`.
fn file_name(place: &Place) -> Option<String> {
    let name = Path::new(&place.path).file_name()?.to_str()?;
    Some(Place { path: name.to_owned(), ..place.clone() }.to_string())
}

/// The `file:` address of the file in which a place is, if it is still there.
fn address(place: &Place) -> Option<String> {
    let path = std::path::absolute(&place.path).ok().filter(|path| path.is_file())?;
    Url::from_file_path(path).ok().map(String::from)
}

fn labels(headings: &[Heading]) -> String {
    let shown = headings.iter().take(FACETS);
    let mut list: Vec<String> = shown.map(|heading| doubted(&heading.label, heading.is_unlisted())).collect();
    let more = headings.len().saturating_sub(FACETS);
    if more > 0 {
        list.push(format!("{more} more"));
    }
    list.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_to_a_file_shows_its_name_and_the_record() {
        let place = Place { path: "/news/2025/alda.jsonl".into(), record: Some(12), ..Place::default() };
        assert_eq!(file_name(&place).as_deref(), Some("alda.jsonl:12"));
        assert_eq!(file_name(&Place { path: "/".into(), ..Place::default() }), None);
    }
}
