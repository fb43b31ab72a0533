//! One article: its text with the mentions of actors marked, where it came from, its copies.

use std::collections::BTreeSet;
use std::io::{self, Write};

use jiff::Timestamp;

use super::counts::shortened;
use super::{ACTORS, BOLD, DIM, SYSTEMS, TOPICS};
use crate::archive::{Provenance, Stored, VersionSeq, hex};
use crate::article::{Article, Doubt, Moment};
use crate::authority::{Authority, is_unlisted};
use crate::duplicate::unshared;
use crate::engine::Highlight;
use crate::event::Events;
use crate::render::text::wrap;
use crate::render::{Rich, Style, clean, doubted};
use crate::tag::{Explained, Mention, Tags};

/// Below this width the words of a mention and its actor share what room there is.
const NARROW: usize = 60;

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
    let title = if article.title.is_empty() { "(no title)" } else { &article.title };
    let title = Rich::new().with_marks(title, &marks(&tags.title_mentions), BOLD, article.url.as_deref(), style);
    for line in title.lines(style.width, style) {
        writeln!(out, "{line}")?;
    }
    head(stored, style, out)?;
    let all = marks(&tags.mentions);
    for paragraph in &article.paragraphs {
        let inside: Vec<Highlight> = all
            .iter()
            .filter(|mark| paragraph.start <= mark.start && mark.end <= paragraph.end)
            .map(|mark| Highlight { start: mark.start - paragraph.start, end: mark.end - paragraph.start, actor: true })
            .collect();
        writeln!(out)?;
        let text = article.text.get(paragraph.range()).unwrap_or_default();
        for line in Rich::new().with_marks(text, &inside, "", None, style).lines(style.width, style) {
            writeln!(out, "{line}")?;
        }
    }
    writeln!(out)?;
    tail(article, tags, authority, style, out)
}

fn marks(mentions: &[Mention]) -> Vec<Highlight> {
    mentions.iter().map(|m| Highlight { start: m.start, end: m.end, actor: true }).collect()
}

/// What is known about an article, a line each.
fn head(stored: &Stored, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let article = &stored.article;
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
        ("doubtful", reasons(&article.doubts)),
    ];
    for (name, value) in facts.into_iter().filter_map(|(name, value)| Some((name, value?))) {
        let name = style.paint(DIM, &format!("{name:<10}"));
        writeln!(out, "{name} {}", style.link(&value, &clean(&value)))?;
    }
    Ok(())
}

/// The reasons to doubt a text, in words; `None` where there is none.
fn reasons(doubts: &BTreeSet<Doubt>) -> Option<String> {
    let reasons: Vec<&str> = doubts.iter().map(|doubt| doubt.reason()).collect();
    (!reasons.is_empty()).then(|| reasons.join("; "))
}

/// The article's actors and systems with their mentions, and its topics.
fn tail(article: &Article, tags: &Tags, authority: &Authority, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let heading = |id: &str, label: Option<&str>| label.unwrap_or(id).to_owned();
    let written = tags.written(article);
    let label = |id: &str| authority.heading(id).or_else(|| written.get(id).copied());
    let shown = |id: &str| doubted(&heading(id, label(id)), is_unlisted(id));
    let actors = tags.actors.iter().map(|tag| format!("{} ({})", shown(&tag.actor), tag.mentions));
    let actors: Vec<String> = actors.collect();
    let topics: Vec<String> =
        tags.topics.iter().map(|tag| heading(&tag.topic, authority.topic_heading(&tag.topic))).collect();
    let systems: Vec<String> =
        tags.systems.iter().map(|tag| format!("{} ({})", shown(&tag.actor), tag.mentions)).collect();
    for (name, list, code) in [("actors", actors, ACTORS), ("systems", systems, SYSTEMS), ("topics", topics, TOPICS)] {
        if list.is_empty() && name == "systems" {
            continue;
        }
        let text = Rich::new().with(&format!("{name}: "), DIM).with(&list.join(", "), code);
        for line in text.lines(style.width, style) {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

/// The SGR code of a kind of actor. The kind is printed as a word too, so nothing rests on colour alone.
fn kind_color(kind: &str) -> &'static str {
    match kind {
        "person" => "32",
        "state" => "34",
        "alliance" => "35",
        "body" => "36",
        "force" => "33",
        "group" => "31",
        "company" => "92",
        "party" => "95",
        "system" | "programme" => "93",
        _ => "2",
    }
}

/// Every mention: the byte at which it begins, its words, the actor, its kind, and how it was found.
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
    let [words, names] = if style.width < NARROW { [style.width / 4, style.width / 3] } else { [28, 32] };
    for (text, list) in [(&article.title, &tags.title_mentions), (&article.text, &tags.mentions)] {
        for mention in list {
            let surface = clean(text.get(mention.start..mention.end).unwrap_or_default()).into_owned();
            let label = authority.heading(&mention.actor).unwrap_or(&mention.actor);
            let via = serde_json::to_value(mention.via).unwrap_or_default();
            let via = via.as_str().unwrap_or_default();
            let color = kind_color(&mention.kind);
            let fit = |text: &str, columns| {
                let text = if style.width < NARROW { shortened(text, columns) } else { text.to_owned() };
                padded(&text, columns)
            };
            let (surface, label) = (style.paint(color, &fit(&surface, words)), fit(label, names));
            let kind = style.paint(color, &mention.kind);
            writeln!(out, "  {:>6}  {surface} {label} {kind} {via}", mention.start)?;
        }
    }
    Ok(())
}

/// What an article says was done with systems, a line each: where, what, who, with which, and the words.
///
/// # Errors
///
/// Fails where `out` does.
pub(crate) fn events(
    article: &Article,
    events: &Events,
    authority: &Authority,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "\n{}", style.paint(BOLD, "events"))?;
    let label = |id: &str| authority.heading(id).unwrap_or(id).to_owned();
    for (text, list) in [(&article.title, &events.title), (&article.text, &events.text)] {
        for one in list {
            let words = text.get(one.start..one.end).unwrap_or_default();
            let (class, actor, system) = (one.class, label(&one.actor), label(&one.system));
            let line = format!("{class}: {actor}, {system}: {words}");
            for (n, line) in wrap(&line, "", style.width.saturating_sub(10), style).iter().enumerate() {
                let place = if n == 0 { one.start.to_string() } else { String::new() };
                writeln!(out, "  {place:>6}  {line}")?;
            }
        }
    }
    Ok(())
}

/// Every mention with what decided it, a line each, and the names that were not linked.
///
/// # Errors
///
/// Fails where `out` does.
pub(crate) fn mentions_explained(
    article: &Article,
    explained: &Explained,
    authority: &Authority,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let label = |id: &str| authority.heading(id).unwrap_or(id).to_owned();
    let mut list = |name: &str, rows: Vec<(usize, &str, String, &str)>| -> io::Result<()> {
        writeln!(out, "\n{}", style.paint(BOLD, name))?;
        for (start, surface, whom, why) in rows {
            let text = format!("{start:>6}  {} = {}: {}", clean(surface), clean(&whom), clean(why));
            for (n, line) in wrap(&text, "", style.width.saturating_sub(10), style).iter().enumerate() {
                writeln!(out, "{}{line}", if n == 0 { "  " } else { "          " })?;
            }
        }
        Ok(())
    };
    let zones = [
        (&article.title, &explained.tags.title_mentions, &explained.title),
        (&article.text, &explained.tags.mentions, &explained.text),
    ];
    let mentions = zones.into_iter().flat_map(|(text, mentions, why)| {
        let surface = |m: &Mention| text.get(m.start..m.end).unwrap_or_default();
        mentions.iter().zip(why).map(move |(m, why)| (m.start, surface(m), label(&m.actor), why.as_str()))
    });
    list("mentions", mentions.collect())?;
    if explained.not_linked.is_empty() {
        return Ok(());
    }
    let not = explained.not_linked.iter().map(|one| {
        let text = if one.title { &article.title } else { &article.text };
        let whom: Vec<String> = one.candidates.iter().map(|id| label(id)).collect();
        let surface = text.get(one.start..one.end).unwrap_or_default();
        (one.start, surface, format!("not {}", whom.join(" or ")), one.why.as_str())
    });
    list("not linked", not.collect())
}

/// Text padded with spaces to a number of columns.
pub(super) fn padded(text: &str, columns: usize) -> String {
    let used = textwrap::core::display_width(text);
    format!("{text}{}", " ".repeat(columns.saturating_sub(used)))
}

/// The copies of an article's story as given, with the passages that each cut (`-`) or added (`+`) against `stored`.
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
                for line in wrap(&from.article.text[range].replace('\n', " "), "", style.width.saturating_sub(6), style)
                {
                    writeln!(out, "    {sign} {line}")?;
                }
            }
        }
    }
    Ok(())
}

/// Where an article was found, its versions, the evidence for each value, and the bytes of each paragraph in the input.
///
/// # Errors
///
/// Fails where `out` does.
pub fn provenance(
    article: &Article,
    places: &[Provenance],
    versions: &[(VersionSeq, Timestamp)],
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
    if !article.doubts.is_empty() {
        writeln!(out, "{}", style.paint(BOLD, "doubts"))?;
    }
    for doubt in &article.doubts {
        writeln!(out, "  {}: {}", doubt.name(), doubt.reason())?;
    }
    writeln!(out, "{}", style.paint(BOLD, "values"))?;
    for (field, from) in &article.evidence {
        writeln!(out, "  {field} from {}", clean(from))?;
    }
    writeln!(out, "{}", style.paint(BOLD, "paragraphs"))?;
    for paragraph in &article.paragraphs {
        let input = paragraph.input.map(|(from, to)| format!(", bytes {from}..{to} of the input")).unwrap_or_default();
        let page = paragraph.page.map(|page| format!(", page {page}")).unwrap_or_default();
        writeln!(out, "  bytes {}..{} of the text{input}{page}", paragraph.start, paragraph.end)?;
    }
    Ok(())
}
