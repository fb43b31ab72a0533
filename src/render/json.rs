//! JSON Lines: one object a line with its `type`. The first line of an answer is a header with the format's version.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Value, json};

use super::changes::Shown;
use crate::archive::{Form, Gone, Provenance, Stored, Version, hex};
use crate::article::{Article, Place};
use crate::authority::{Authority, is_unlisted};
use crate::duplicate::unshared;
use crate::engine::{
    ClauseCount, EngineError, Facet, FacetCount, FacetResponse, FacetRest, PairsResponse, Reach, SearchResponse,
    TimelineResponse, WhyResponse,
};
use crate::event::Events;
use crate::quote::Quotes;
use crate::tag::{ActorTag, Mention, NotLinked, Tags};

/// Version of the format. Within a version fields are added, but never changed or taken away.
pub(crate) const FORMAT: u32 = 1;

/// A value with its `type` as the first field.
#[derive(Serialize)]
struct Tagged<'a, T: Serialize> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(flatten)]
    value: &'a T,
}

pub(super) fn line<T: Serialize>(kind: &'static str, value: &T, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, &Tagged { kind, value })?;
    out.write_all(b"\n")
}

/// The first line of an answer.
#[derive(Serialize)]
struct Header<'a> {
    format: u32,
    total: u64,
    copies: u64,
    query: &'a str,
    notes: &'a [String],
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    reach: Option<Reach>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    suggestions: &'a [String],
    #[serde(skip_serializing_if = "<[ClauseCount]>::is_empty")]
    emptied_by: &'a [ClauseCount],
    /// Facets only: what the counts of each facet leave out.
    #[serde(skip_serializing_if = "Option::is_none")]
    rest: Option<&'a BTreeMap<Facet, FacetRest>>,
    /// Batches only: the number of the query's line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    /// Batches only: the query as it was typed.
    #[serde(skip_serializing_if = "Option::is_none")]
    typed: Option<&'a str>,
}

impl<'a> Header<'a> {
    fn of(response: &'a SearchResponse) -> Self {
        let SearchResponse { total, copies, understood, notes, reach, suggestions, emptied_by, .. } = response;
        let (format, rest, line, typed) = (FORMAT, None, None, None);
        let (total, copies, query, reach) = (*total, *copies, understood.as_str(), *reach);
        Self { format, total, copies, query, notes, reach, suggestions, emptied_by, rest, line, typed }
    }
}

/// Writes a search: a `header`, an `explanation` if there is one, then one `hit` a line.
///
/// # Errors
///
/// Fails where `out` does.
pub fn search(response: &SearchResponse, out: &mut dyn Write) -> io::Result<()> {
    with_header(&Header::of(response), response, out)
}

fn with_header(header: &Header<'_>, response: &SearchResponse, out: &mut dyn Write) -> io::Result<()> {
    line("header", header, out)?;
    if let Some(explanation) = &response.explanation {
        line("explanation", explanation, out)?;
    }
    response.hits.iter().try_for_each(|hit| line("hit", hit, out))
}

/// Writes the answer to a query of a batch: as [`search`], with `line` and `typed` in the header.
///
/// # Errors
///
/// Fails where `out` does.
pub fn answer(number: usize, typed: &str, response: &SearchResponse, out: &mut dyn Write) -> io::Result<()> {
    with_header(&Header { line: Some(number), typed: Some(typed), ..Header::of(response) }, response, out)
}

/// Writes an `error` for a query of a batch that failed, with the bytes at fault where they are known.
///
/// # Errors
///
/// Fails where `out` does.
pub(crate) fn refusal(number: usize, typed: &str, error: &EngineError, out: &mut dyn Write) -> io::Result<()> {
    let span = match error {
        EngineError::Query { span, .. } => Some([span.start, span.end]),
        _ => None,
    };
    let value =
        json!({"line": number, "typed": typed, "message": error.to_string(), "span": span, "hint": error.hint()});
    line("error", &value, out)
}

/// Writes an `error` for a line of a batch that is no query, such as an unknown saved search.
///
/// # Errors
///
/// Fails where `out` does.
pub(crate) fn refused(number: usize, typed: &str, message: &str, out: &mut dyn Write) -> io::Result<()> {
    line("error", &json!({"line": number, "typed": typed, "message": message, "span": null, "hint": null}), out)
}

/// A count with its facet.
#[derive(Serialize)]
struct Of<'a> {
    facet: Facet,
    #[serde(flatten)]
    count: &'a FacetCount,
}

/// Writes counts: a `header`, then one `facet` a line.
///
/// # Errors
///
/// Fails where `out` does.
pub fn facets(response: &FacetResponse, out: &mut dyn Write) -> io::Result<()> {
    let FacetResponse { total, copies, understood, notes, reach, rest, .. } = response;
    let empty = SearchResponse::default();
    let (total, copies, query, reach) = (*total, *copies, understood.as_str(), *reach);
    line("header", &Header { total, copies, query, notes, reach, rest: Some(rest), ..Header::of(&empty) }, out)?;
    for (facet, counts) in &response.counts {
        counts.iter().try_for_each(|count| line("facet", &Of { facet: *facet, count }, out))?;
    }
    Ok(())
}

/// Writes counts over time: a `header` with the periods and the counts of all articles, then one `series` a line.
///
/// # Errors
///
/// Fails where `out` does.
pub fn timeline(response: &TimelineResponse, out: &mut dyn Write) -> io::Result<()> {
    let TimelineResponse { total, copies, understood, notes, reach, periods, all, undated, gaps, .. } = response;
    let mut header = json!({
        "format": FORMAT, "total": total, "copies": copies, "query": understood, "notes": notes,
        "periods": periods, "counts": all, "undated": undated,
    });
    if !gaps.is_empty() {
        header["gaps"] = json!(gaps);
    }
    add_reach(&mut header, reach.as_ref());
    line("header", &header, out)?;
    response.series.iter().try_for_each(|series| line("series", series, out))
}

/// The parts of a header that all answers have.
pub(super) fn header(total: u64, understood: &str, notes: &[String]) -> Value {
    json!({"format": FORMAT, "total": total, "query": understood, "notes": notes})
}

/// Adds to a header how many of the query's words the counted stories have.
pub(super) fn add_reach(header: &mut Value, reach: Option<&Reach>) {
    if let Some(Reach { total_any, words, words_met }) = reach {
        header["total_any"] = json!(total_any);
        header["words"] = json!(words);
        header["words_met"] = json!(words_met);
    }
}

/// Writes actors that appear together: a `header`, then one `pair` a line.
///
/// # Errors
///
/// Fails where `out` does.
pub fn pairs(response: &PairsResponse, out: &mut dyn Write) -> io::Result<()> {
    let PairsResponse { total, copies, understood, notes, reach, pairs_total, .. } = response;
    let mut header = json!({
        "format": FORMAT, "total": total, "copies": copies, "query": understood, "notes": notes, "pairs": pairs_total,
    });
    if response.spoken {
        header["spoken"] = json!(true);
    }
    add_reach(&mut header, reach.as_ref());
    line("header", &header, out)?;
    response.pairs.iter().try_for_each(|pair| line("pair", pair, out))
}

/// Writes why an article is in an answer as a `why`, with what else is known of the article.
///
/// # Errors
///
/// Fails where `out` does.
pub fn why(response: &WhyResponse, known: &Value, out: &mut dyn Write) -> io::Result<()> {
    let mut value = serde_json::to_value(response)?;
    value["article"] = known.clone();
    line("why", &value, out)
}

/// Writes that an article was removed, as a `why`.
///
/// # Errors
///
/// Fails where `out` does.
pub fn removed(id: &str, reason: &str, out: &mut dyn Write) -> io::Result<()> {
    line("why", &json!({"id": id, "verdict": "removed", "reasons": [reason]}), out)
}

/// Writes an extracted document as an `article`, with the place that it came from as `input`, who said what in it, and what was
/// done with systems.
///
/// # Errors
///
/// Fails where `out` does.
pub fn extracted(
    article: &Article,
    place: &Place,
    tags: &Tags,
    (quotes, events): (&Quotes, &Events),
    authority: &Authority,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut value = fields(article, tags, authority);
    value["quotes"] = json!(quotes.text);
    value["title_quotes"] = json!(quotes.title);
    value["events"] = json!(events.text);
    value["title_events"] = json!(events.title);
    value["input"] = json!(place.to_string());
    value["id"] = json!(article.source_id);
    line("article", &value, out)
}

/// The copies of an article's story, each with the passages that it cut or added against `stored`.
pub fn copies(stored: &Stored, copies: &[Stored]) -> Value {
    let texts = |from: &Stored, other: &Stored| -> Vec<String> {
        let own = &from.article.text;
        unshared(own, &other.article.text).into_iter().map(|range| own[range].to_owned()).collect()
    };
    let one = |copy: &Stored| {
        json!({
            "id": copy.id,
            "title": copy.article.title,
            "outlet": copy.article.outlet,
            "published": copy.article.published,
            "url": copy.article.url,
            "cut": texts(stored, copy),
            "added": texts(copy, stored),
        })
    };
    copies.iter().filter(|copy| copy.num != stored.num).map(one).collect()
}

/// Since when the page of an article is not there any more, or from when to when it was not.
pub(crate) fn gone(gone: &Gone) -> Value {
    let back = gone.back.map(|back| back.to_string());
    json!({"first": gone.first.to_string(), "last": gone.last.to_string(), "status": gone.status, "back": back})
}

/// A version of an article, with what changed in it, as a `version`.
pub(crate) fn version(number: usize, version: &Version, change: Option<&Shown>) -> Value {
    let change = change.map(|one| &one.change);
    json!({
        "type": "version", "version": number, "stored": version.stored.to_string(),
        "form": version.form.map(Form::name), "reread": version.reread,
        "kind": change.map(|change| &change.kinds), "silent": change.is_some_and(|change| change.silent),
        "correction": change.is_some_and(|change| change.correction),
        "withdrawn": change.is_some_and(|change| change.withdrawn),
        "small": change.is_some_and(|change| change.small),
    })
}

/// Writes a stored article as an `article`, with the `places` where it was found, and `further` fields.
///
/// # Errors
///
/// Fails where `out` does.
pub fn article(
    article: &Article,
    (id, places): (&str, &[Provenance]),
    tags: &Tags,
    reasons: Option<[&[String]; 2]>,
    further: &[(&str, Value)],
    authority: &Authority,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut value = fields(article, tags, authority);
    value["id"] = json!(id);
    for (list, reasons) in ["title_mentions", "mentions"].into_iter().zip(reasons.into_iter().flatten()) {
        let mentions = value[list].as_array_mut().into_iter().flatten();
        mentions.zip(reasons).for_each(|(mention, why)| mention["why"] = json!(why));
    }
    for (name, further) in further {
        value[*name] = further.clone();
    }
    value["places"] = places
        .iter()
        .map(|one| {
            json!({
                "place": one.place,
                "sha256": hex(&one.input),
                "seen": one.seen.to_string(),
                "fetched": one.fetched.map(|at| at.to_string()),
                "version": one.seq,
            })
        })
        .collect();
    line("article", &value, out)
}

/// The names that were candidates and were not linked.
pub(crate) fn not_linked(article: &Article, list: &[NotLinked]) -> Value {
    let one = |one: &NotLinked| {
        let text = if one.title { &article.title } else { &article.text };
        json!({
            "in": if one.title { "title" } else { "text" },
            "start": one.start,
            "end": one.end,
            "surface": text.get(one.start..one.end),
            "candidates": one.candidates,
            "why": one.why,
        })
    };
    list.iter().map(one).collect()
}

fn fields(article: &Article, tags: &Tags, authority: &Authority) -> Value {
    let with_surface = |text: &str, mentions: &[Mention]| -> Value {
        mentions
            .iter()
            .map(|m| {
                json!({
                    "start": m.start,
                    "end": m.end,
                    "surface": text.get(m.start..m.end),
                    "actor": m.actor,
                    "kind": m.kind,
                    "via": m.via,
                })
            })
            .collect()
    };
    let written = tags.written(article);
    let label = |id: &str| authority.heading(id).or_else(|| written.get(id).copied()).unwrap_or(id).to_owned();
    let weighed = |tag: &ActorTag| {
        let ActorTag { actor, mentions, weight, .. } = tag;
        let weight = (100.0 * f64::from(*weight)).round() / 100.0;
        let mut value = json!({"id": actor, "label": label(actor), "mentions": mentions, "weight": weight});
        if is_unlisted(actor) {
            value["unlisted"] = json!(true);
        }
        value
    };
    let actors: Value = tags.actors.iter().map(weighed).collect();
    let systems: Value = tags.systems.iter().map(weighed).collect();
    let topics: Value = tags
        .topics
        .iter()
        .map(|tag| json!({"id": tag.topic, "label": authority.topic_heading(&tag.topic).unwrap_or(&tag.topic)}))
        .collect();
    json!({
        "url": article.url,
        "title": article.title,
        "byline": article.byline,
        "dateline": article.dateline,
        "published": article.published,
        "modified": article.modified,
        "outlet": article.outlet,
        "language": article.language,
        "section": article.section,
        "keywords": article.keywords,
        "text": article.text,
        "paragraphs": article.paragraphs,
        "summary_only": article.summary_only,
        "doubts": article.doubts,
        "evidence": article.evidence,
        "title_mentions": with_surface(&article.title, &tags.title_mentions),
        "mentions": with_surface(&article.text, &tags.mentions),
        "actors": actors,
        "systems": systems,
        "topics": topics,
    })
}
