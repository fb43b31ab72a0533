//! For people: titles, passages with marked words, counts.

use std::io::{self, Write};

use jiff::Timestamp;
use unicode_width::UnicodeWidthStr;

use super::{Style, clean};
use crate::archive::{Provenance, Stored, hex};
use crate::article::{Article, Moment};
use crate::authority::Authority;
use crate::duplicate::unshared;
use crate::engine::{ClauseCount, Explanation, Facet, FacetResponse, Heading, Highlight, Hit, SearchResponse};
use crate::tag::{Mention, Tags};

const BOLD: &str = "1";
const DIM: &str = "2";
const WORD: &str = "1;33";
const ACTOR: &str = "1;36";
/// Facets printed for a hit, at most.
const FACETS: usize = 6;

/// A search's hits.
///
/// # Errors
///
/// Fails where `out` does.
pub fn search(response: &SearchResponse, offset: usize, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for hit in &response.hits {
        one(hit, style, out)?;
    }
    let shown = match response.hits.len() {
        0 if response.total == 0 => "nothing found".to_owned(),
        0 => format!("none shown of {}", response.total),
        n => format!("{} to {} of {}", offset + 1, offset + n, counted(response.total, response.copies)),
    };
    writeln!(out, "{}", style.paint(DIM, &shown))
}

/// How a response came about.
///
/// # Errors
///
/// Fails where `out` does.
pub fn explanation(query: &str, explanation: &Explanation, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{} {}", style.paint(BOLD, "understood as"), clean(query))?;
    for ClauseCount { clause, articles, readings } in &explanation.clauses {
        let read = if readings.is_empty() { String::new() } else { format!(" ({})", readings.join("; ")) };
        writeln!(out, "  {:>7} articles match {}{}", articles, clean(clause), style.paint(DIM, &clean(&read)))?;
    }
    if !explanation.actors.is_empty() {
        let list: Vec<String> = explanation.actors.iter().map(|a| format!("{} ({})", a.label, a.id)).collect();
        writeln!(out, "  also, under whatever name: {}", clean(&list.join(", ")))?;
    }
    if !explanation.learnt.is_empty() {
        let words: Vec<String> = explanation.learnt.iter().map(|(word, share)| format!("{word} {share:.3}")).collect();
        writeln!(out, "{}", style.paint(BOLD, "joined by feedback, for the order only"))?;
        for line in wrap(&clean(&words.join(", ")), style.width.saturating_sub(2)) {
            writeln!(out, "  {line}")?;
        }
    }
    writeln!(out)
}

/// `1 article matches`, `12 articles match`.
pub fn articles(number: u64) -> String {
    if number == 1 { "1 article matches".to_owned() } else { format!("{number} articles match") }
}

/// `1 story`, `12 stories (15 copies)`.
fn counted(stories: u64, copies: u64) -> String {
    let noun = if stories == 1 { "story" } else { "stories" };
    if copies == stories { format!("{stories} {noun}") } else { format!("{stories} {noun} ({copies} copies)") }
}

fn one(hit: &Hit, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let title = if hit.title.is_empty() { "(no title)" } else { &hit.title };
    let title = marked(title, &hit.title_highlights, style);
    writeln!(out, "{:>2}  {}", hit.rank, style.paint(BOLD, &title))?;
    let mut facts: Vec<String> = hit.outlet.iter().map(|outlet| clean(outlet).into_owned()).collect();
    facts.extend(hit.published.as_ref().map(|published| published.day().to_string()));
    if hit.copies > 1 {
        let outlets = if hit.outlets == 1 { "outlet" } else { "outlets" };
        facts.push(format!("{} copies in {} {outlets}", hit.copies, hit.outlets));
        let first = hit.first_published.as_ref().filter(|first| first.id != hit.id);
        let first = first.map(|first| format!("first in {}", first.outlet.as_deref().unwrap_or(&first.id)));
        facts.extend(first.map(|text| clean(&text).into_owned()));
    }
    facts.push(hit.id.clone());
    writeln!(out, "    {}", style.paint(DIM, &facts.join(" · ")))?;
    if !hit.score_parts.is_empty() {
        let parts: Vec<String> =
            hit.score_parts.iter().map(|part| format!("{} {:+.2}", part.part, part.value)).collect();
        writeln!(out, "    {}", style.paint(DIM, &format!("score {:.2} = {}", hit.score, parts.join(" "))))?;
    }
    for passage in &hit.passages {
        for line in wrap(&marked(&passage.text, &passage.highlights, style), style.width.saturating_sub(4)) {
            writeln!(out, "    {line}")?;
        }
    }
    for (name, headings) in [("actors", &hit.actors), ("topics", &hit.topics)] {
        if !headings.is_empty() {
            writeln!(out, "    {}", style.paint(DIM, &format!("{name}: {}", labels(headings))))?;
        }
    }
    writeln!(out)
}

fn labels(headings: &[Heading]) -> String {
    let mut list: Vec<&str> = headings.iter().take(FACETS).map(|heading| heading.label.as_str()).collect();
    let more = headings.len().saturating_sub(FACETS);
    let rest = format!("{more} more");
    if more > 0 {
        list.push(&rest);
    }
    clean(&list.join(", ")).into_owned()
}

/// Text with its highlights coloured, or between guillemets where there are no colours.
fn marked(text: &str, highlights: &[Highlight], style: &Style) -> String {
    let mut out = String::with_capacity(text.len() + 16 * highlights.len());
    let mut at = 0;
    for highlight in highlights {
        let (Some(before), Some(inside)) = (text.get(at..highlight.start), text.get(highlight.start..highlight.end))
        else {
            continue;
        };
        out.push_str(&clean_lines(before));
        let inside = clean(inside);
        if style.colored {
            out.push_str(&style.paint(if highlight.actor { ACTOR } else { WORD }, &inside));
        } else {
            out.push('«');
            out.push_str(&inside);
            out.push('»');
        }
        at = highlight.end;
    }
    out.push_str(&clean_lines(text.get(at..).unwrap_or_default()));
    out
}

/// As [`clean`], but lines stay lines.
fn clean_lines(text: &str) -> String {
    text.split('\n').map(clean).collect::<Vec<_>>().join("\n")
}

/// Lines of at most `width` columns, a new one for each paragraph; colour codes take no room.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let options = textwrap::Options::new(width.max(20)).break_words(false);
    let paragraphs = text.lines().filter(|line| !line.trim().is_empty());
    paragraphs.flat_map(|line| textwrap::wrap(line, &options)).map(std::borrow::Cow::into_owned).collect()
}

/// Counts, one block a facet, with bars.
///
/// # Errors
///
/// Fails where `out` does.
pub fn facets(response: &FacetResponse, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for (facet, counts) in &response.counts {
        writeln!(out, "{}", style.paint(BOLD, name(*facet)))?;
        let most = counts.iter().map(|count| count.count).max().unwrap_or(1).max(1);
        let column = counts.iter().map(|count| clean(&count.label).width()).max().unwrap_or(0).min(48);
        for count in counts {
            let label = clean(&count.label);
            let room = " ".repeat(column.saturating_sub(label.width()));
            let length = (count.count * 20).div_ceil(most) as usize;
            let mut value = if count.value == count.label { String::new() } else { count.value.clone() };
            if let (Some(times), Some(all)) = (count.surprise, count.in_index) {
                value = format!("{times:.1} times its share of the index ({all}) {value}");
            }
            let line =
                format!("  {label}{room} {:>6} {:<20} {}", count.count, "▇".repeat(length), style.paint(DIM, &value));
            writeln!(out, "{}", line.trim_end())?;
        }
        let rest = response.rest.get(facet).copied().unwrap_or_default();
        let mut left: Vec<String> = Vec::new();
        if rest.values > 0 {
            left.push(format!("{} more, counted {} times", rest.values, rest.count));
        }
        if rest.without > 0 {
            left.push(format!("{} with none", rest.without));
        }
        if !left.is_empty() {
            writeln!(out, "  {}", style.paint(DIM, &left.join("; ")))?;
        }
    }
    writeln!(out, "{}", style.paint(DIM, &counted(response.total, response.copies)))
}

fn name(facet: Facet) -> &'static str {
    match facet {
        Facet::Actor => "actors",
        Facet::Affiliation => "affiliations",
        Facet::Topic => "topics",
        Facet::Outlet => "outlets",
        Facet::Language => "languages",
        Facet::Place => "places",
        Facet::Day => "days",
        Facet::Week => "weeks",
        Facet::Month => "months",
        Facet::Quarter => "quarters",
        Facet::Year => "years",
    }
}

/// One article: head, text with its mentions marked, actors and topics.
///
/// # Errors
///
/// Fails where `out` does.
pub fn article(
    stored: &Stored,
    tags: &Tags,
    authority: &Authority,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let article = &stored.article;
    let marks = |mentions: &[Mention]| -> Vec<Highlight> {
        mentions.iter().map(|m| Highlight { start: m.start, end: m.end, actor: true }).collect()
    };
    writeln!(out, "{}", style.paint(BOLD, &marked(&article.title, &marks(&tags.title_mentions), style)))?;
    let moment = |moment: &Option<Moment>| moment.map(|m| m.to_string());
    let facts = [
        ("id", Some(stored.id.clone())),
        ("outlet", article.outlet.clone()),
        ("byline", Some(article.byline.join(", ")).filter(|byline| !byline.is_empty())),
        ("published", moment(&article.published)),
        ("modified", moment(&article.modified)),
        ("dateline", article.dateline.as_ref().map(|dateline| dateline.text.clone())),
        ("language", article.language.clone()),
        ("url", article.url.clone()),
    ];
    for (name, value) in facts.into_iter().filter_map(|(name, value)| Some((name, value?))) {
        writeln!(out, "{} {}", style.paint(DIM, &format!("{name:<10}")), clean(&value))?;
    }
    let all = marks(&tags.mentions);
    for paragraph in &article.paragraphs {
        let inside: Vec<Highlight> = all
            .iter()
            .filter(|mark| paragraph.start <= mark.start && mark.end <= paragraph.end)
            .map(|mark| Highlight { start: mark.start - paragraph.start, end: mark.end - paragraph.start, actor: true })
            .collect();
        writeln!(out)?;
        for line in wrap(&marked(&article.text[paragraph.range()], &inside, style), style.width) {
            writeln!(out, "{line}")?;
        }
    }
    let heading = |id: &str, label: Option<&str>| label.unwrap_or(id).to_owned();
    let actors: Vec<String> = tags
        .actors
        .iter()
        .map(|tag| format!("{} ({})", heading(&tag.actor, authority.heading(&tag.actor)), tag.mentions))
        .collect();
    let topics: Vec<String> =
        tags.topics.iter().map(|tag| heading(&tag.topic, authority.topic_heading(&tag.topic))).collect();
    writeln!(out)?;
    for (name, list) in [("actors", actors), ("topics", topics)] {
        for line in wrap(&format!("{name}: {}", clean(&list.join(", "))), style.width) {
            writeln!(out, "{}", style.paint(DIM, &line))?;
        }
    }
    Ok(())
}

/// Every mention: where, what, who, how found.
///
/// # Errors
///
/// Fails where `out` does.
pub fn mentions(
    article: &Article,
    tags: &Tags,
    authority: &Authority,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "\n{}", style.paint(BOLD, "mentions"))?;
    for (text, list) in [(&article.title, &tags.title_mentions), (&article.text, &tags.mentions)] {
        for mention in list {
            let surface = clean(text.get(mention.start..mention.end).unwrap_or_default()).into_owned();
            let label = authority.heading(&mention.actor).unwrap_or(&mention.actor);
            let via = serde_json::to_value(mention.via).unwrap_or_default();
            let via = via.as_str().unwrap_or_default();
            writeln!(out, "  {:>6}  {surface:<28} {label:<32} {} {via}", mention.start, mention.kind)?;
        }
    }
    Ok(())
}

/// The copies of an article's story, first published first, with what each has that `stored` has not.
///
/// # Errors
///
/// Fails where `out` does.
pub fn copies(stored: &Stored, copies: &[Stored], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{}", style.paint(BOLD, "copies"))?;
    for copy in copies {
        let published = copy.article.published.map_or("undated".to_owned(), |moment| moment.to_string());
        let outlet = copy.article.outlet.as_deref().unwrap_or("unknown outlet");
        let this = if copy.num == stored.num { " (this one)" } else { "" };
        writeln!(out, "  {published}  {}  {}  {}{this}", copy.id, clean(outlet), clean(&copy.article.title))?;
        for (sign, from, other) in [("-", stored, copy), ("+", copy, stored)] {
            for range in unshared(&from.article.text, &other.article.text) {
                for line in wrap(&clean(&from.article.text[range].replace('\n', " ")), style.width.saturating_sub(6)) {
                    writeln!(out, "    {sign} {line}")?;
                }
            }
        }
    }
    Ok(())
}

/// Where an article was found, its versions, what each value came from, and where each paragraph stands in the input.
///
/// # Errors
///
/// Fails where `out` does.
pub fn provenance(
    article: &Article,
    places: &[Provenance],
    versions: &[(u64, Timestamp)],
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "\n{}", style.paint(BOLD, "places"))?;
    for one in places {
        let place = one.place.to_string();
        writeln!(out, "  {} (read {}, version {}, SHA-256 {})", clean(&place), one.seen, one.seq, hex(&one.input))?;
    }
    writeln!(out, "{}", style.paint(BOLD, "versions"))?;
    for (seq, stored) in versions {
        writeln!(out, "  {seq} stored {stored}")?;
    }
    writeln!(out, "{}", style.paint(BOLD, "values"))?;
    for (field, from) in &article.evidence {
        writeln!(out, "  {field} from {}", clean(from))?;
    }
    writeln!(out, "{}", style.paint(BOLD, "paragraphs"))?;
    for paragraph in &article.paragraphs {
        let input = paragraph.input.map(|(from, to)| format!(", bytes {from}..{to} of the input")).unwrap_or_default();
        writeln!(out, "  bytes {}..{} of the text{input}", paragraph.start, paragraph.end)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_stand_without_colours_and_survive_bad_ranges() {
        let plain = Style { colored: false, width: 80 };
        let mark = |start, end| Highlight { start, end, actor: false };
        assert_eq!(marked("The SAFE fund", &[mark(4, 8)], &plain), "The «SAFE» fund");
        assert_eq!(marked("é", &[mark(1, 9)], &plain), "é");
        let colored = Style { colored: true, width: 80 };
        assert_eq!(marked("SAFE\x1b[2J", &[mark(0, 4)], &colored), "\x1b[1;33mSAFE\x1b[0m[2J");
    }
}
