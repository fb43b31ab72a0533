//! Arguments that several commands share, and their way into a request.

use anyhow::Context;
use jiff::Timestamp;
use jiff::tz::Offset;
use unicode_width::UnicodeWidthStr;

use crate::article::Moment;
use crate::engine::{EngineError, Filters};
use crate::query::dates;

/// Filters of search and facets. A filter given twice must hold twice; a comma separates alternatives.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Filters")]
pub(super) struct FilterArgs {
    /// Articles that mention this actor (name, variant or id)
    #[arg(long, value_name = "NAME")]
    actor: Vec<String>,
    /// Narrower actors count too: NATO's commands for NATO. For bodies they always do; =NAME means just that heading
    #[arg(long)]
    broader: bool,
    /// Mentions of each actor that --actor names, at least
    #[arg(long, value_name = "N", default_value_t = 1)]
    min_mentions: u32,
    /// A place that stands for an actor (Moscow warned) is no mention of it
    #[arg(long)]
    no_metonyms: bool,
    /// Articles that mention an actor of this state
    #[arg(long, value_name = "STATE")]
    affiliation: Vec<String>,
    /// Articles on this topic
    #[arg(long, value_name = "TOPIC")]
    topic: Vec<String>,
    /// Articles of this outlet
    #[arg(long, value_name = "NAME")]
    outlet: Vec<String>,
    /// Articles in this language (ISO 639-1)
    #[arg(long, value_name = "CODE")]
    lang: Vec<String>,
    /// Articles with this place in the dateline
    #[arg(long, value_name = "PLACE")]
    place: Vec<String>,
    /// Published on this day or later: 2025-11-28, 2025-11, yesterday, "last week"
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// Published on this day or earlier
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
}

impl FilterArgs {
    /// The filters, with dates as they are meant at `now`.
    pub(super) fn filters(&self, now: &Moment) -> anyhow::Result<Filters> {
        let span = |name: &str, text: &Option<String>| {
            let Some(text) = text else { return Ok(None) };
            dates::span(text, now).map(Some).with_context(|| format!("--{name} {text}"))
        };
        Ok(Filters {
            actor: self.actor.clone(),
            affiliation: self.affiliation.clone(),
            topic: self.topic.clone(),
            outlet: self.outlet.clone(),
            lang: self.lang.clone(),
            place: self.place.clone(),
            broader: self.broader,
            min_mentions: self.min_mentions,
            no_metonyms: self.no_metonyms,
            since: span("since", &self.since)?.map(|span| span.start),
            until: span("until", &self.until)?.map(|span| span.end),
        })
    }
}

/// The present. `DESPATCH_NOW` (RFC 3339) stands in for the clock, for repeatable runs.
pub(super) fn now() -> anyhow::Result<Moment> {
    match std::env::var("DESPATCH_NOW") {
        Ok(text) => text.parse().with_context(|| format!("DESPATCH_NOW={text}")),
        Err(_) => Ok(Moment::Instant(Timestamp::now(), Offset::UTC)),
    }
}

/// Words of the command line as one query.
pub(super) fn query(words: &[String]) -> String {
    words.join(" ")
}

/// An error in a query with the query and a caret under the part at fault.
pub(super) fn with_caret(error: EngineError, query: &str) -> anyhow::Error {
    let EngineError::Query { span, .. } = &error else { return error.into() };
    let (start, end) = (query.floor_char_boundary(span.start), query.floor_char_boundary(span.end));
    let before = query[..start].width();
    let carets = "^".repeat(query[start..end.max(start)].width().max(1));
    let shown = format!("{error}\n  {}\n  {}{carets}", query.replace(char::is_control, " "), " ".repeat(before));
    anyhow::Error::new(error).context(shown)
}
