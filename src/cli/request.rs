//! Arguments that several commands share, and how they become a request.

use anyhow::{Context, bail};
use jiff::Timestamp;
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};
use unicode_width::UnicodeWidthStr;

use super::Global;
use super::choice::{MATCHES, one_of};
use super::saved::typed_filters;
use crate::article::Moment;
use crate::engine::{EngineError, Filters, Matching};
use crate::query::{self, dates};
use crate::saved::Shelf;

/// Filters of search and facets. A filter given twice must hold twice; a comma separates alternatives.
///
/// Saved searches store filters by their long names, so a new filter needs only a field here.
#[derive(Debug, Clone, Default, clap::Args, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
#[command(next_help_heading = "Filters")]
pub(super) struct FilterArgs {
    /// Articles that mention this actor (name, variant or id)
    #[arg(long, value_name = "NAME")]
    actor: Vec<String>,
    /// Count narrower actors too: NATO's commands for NATO. For bodies they always count; =NAME is that heading alone
    #[arg(long)]
    broader: bool,
    /// Least number of mentions of each actor that --actor names
    #[arg(long, value_name = "N")]
    min_mentions: Option<u32>,
    /// Do not count a place that stands for an actor (Moscow warned) as a mention of it
    #[arg(long)]
    no_metonyms: bool,
    /// Articles that are about the actors that --actor names
    ///
    /// Each is the subject of a sentence, or has a weight of 0.5 or more (`despatch help actors`).
    #[arg(long)]
    as_subject: bool,
    /// Articles in which this actor, or who speaks for it, says something; words must stand in it
    #[arg(long, value_name = "NAME")]
    said: Vec<String>,
    /// Articles that say this was done with a system (order, deliver, donate, test, deploy, lose, cancel, approve), by the
    /// actor and with the system that are asked for
    #[arg(long, value_name = "WHAT", hide_short_help = true)]
    event: Vec<String>,
    /// Articles that mention an actor of this state
    #[arg(long, value_name = "STATE")]
    affiliation: Vec<String>,
    /// Articles that mention this weapon system or programme, its class, or one of this maker
    #[arg(long, value_name = "NAME")]
    system: Vec<String>,
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
    /// Articles whose text may not be the whole story, or not the story alone
    #[arg(long)]
    doubtful: bool,
    /// Articles with this reason for doubt (account, fragment, language, notice, readings, short, wall)
    #[arg(long, value_name = "REASON")]
    doubt: Vec<String>,
    /// Published on this day or later: 2025-11-28, 2025-11, yesterday, "last week"
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// Published on this day or earlier
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// Changed on this day or later; published, where no change is known
    #[arg(long, value_name = "DATE")]
    modified_since: Option<String>,
    /// Changed on this day or earlier
    #[arg(long, value_name = "DATE", hide_short_help = true)]
    modified_until: Option<String>,
    /// How many of the query's words a story must have to count
    #[arg(long = "match", value_parser = one_of(MATCHES))]
    #[serde(rename = "match")]
    matching: Option<Matching>,
}

impl FilterArgs {
    /// The filters that are set, by their long names.
    pub(super) fn table(&self) -> anyhow::Result<toml::Table> {
        let mut table = toml::Table::try_from(self)?;
        table.retain(|_, value| match value {
            toml::Value::Array(values) => !values.is_empty(),
            toml::Value::Boolean(on) => *on,
            _ => true,
        });
        Ok(table)
    }

    /// The filters that are set, as they would be typed.
    pub(super) fn typed(&self) -> anyhow::Result<String> {
        Ok(typed_filters(&self.table()?))
    }

    /// Whether `--match` is given.
    pub(super) fn chooses_matching(&self) -> bool {
        self.matching.is_some()
    }

    /// The inverse of [`FilterArgs::table`].
    pub(super) fn from_table(table: toml::Table) -> anyhow::Result<Self> {
        Ok(table.try_into()?)
    }

    /// The filters of a request; dates such as "yesterday" are counted from `now`.
    pub(super) fn filters(&self, now: &Moment) -> anyhow::Result<Filters> {
        let span = |name: &str, text: &Option<String>| {
            let Some(text) = text else { return Ok(None) };
            dates::span(text, now).map(Some).with_context(|| format!("--{name} {text}"))
        };
        let both = |prefix: &str, since: &Option<String>, until: &Option<String>| {
            let names = ["since", "until"].map(|name| format!("{prefix}{name}"));
            let spans = (span(&names[0], since)?, span(&names[1], until)?);
            if let (Some(from), Some(to)) = (&spans.0, &spans.1)
                && from.start >= to.end
            {
                let given = |text: &Option<String>| text.clone().unwrap_or_default();
                let [one, other] = names;
                bail!("--{one} {} is after --{other} {}: no day is in both", given(since), given(until));
            }
            Ok((spans.0.map(|span| span.start), spans.1.map(|span| span.end)))
        };
        let (since, until) = both("", &self.since, &self.until)?;
        let (modified_since, modified_until) = both("modified-", &self.modified_since, &self.modified_until)?;
        Ok(Filters {
            actor: self.actor.clone(),
            said: self.said.clone(),
            event: self.event.clone(),
            affiliation: self.affiliation.clone(),
            system: self.system.clone(),
            topic: self.topic.clone(),
            outlet: self.outlet.clone(),
            lang: self.lang.clone(),
            place: self.place.clone(),
            doubt: self.doubt.clone(),
            doubtful: self.doubtful,
            broader: self.broader,
            min_mentions: self.min_mentions.unwrap_or(1),
            no_metonyms: self.no_metonyms,
            matching: self.matching.unwrap_or_default(),
            since,
            until,
            modified_since,
            modified_until,
            as_subject: self.as_subject,
        })
    }
}

/// The present, in the user's time zone. `DESPATCH_NOW` (RFC 3339) stands in for the clock, for repeatable runs.
pub(super) fn now(global: &Global) -> anyhow::Result<Moment> {
    let now = match std::env::var("DESPATCH_NOW") {
        Ok(text) => text.parse().with_context(|| format!("DESPATCH_NOW={text}"))?,
        Err(_) => Moment::Instant(Timestamp::now(), Offset::UTC),
    };
    Ok(match now {
        Moment::Instant(at, _) => Moment::from(&at.to_zoned(global.settings.time_zone())),
        day => day,
    })
}

/// A query with its filters.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) query: String,
    pub(super) filters: FilterArgs,
}

/// The words and filters of the command line. Where the first word is `@NAME`, they look within that saved search.
///
/// # Errors
///
/// Fails where there is no saved search of that name.
pub(super) fn asked(words: &[String], filters: &FilterArgs, global: &Global) -> anyhow::Result<Asked> {
    let name =
        words.first().and_then(|first| first.strip_prefix('@')).filter(|name| !name.contains(char::is_whitespace));
    let Some(name) = name else { return Ok(Asked { query: words.join(" "), filters: filters.clone() }) };
    let saved = Shelf::of(&global.index).get(name)?;
    let more = words[1..].join(" ");
    let query = if more.trim().is_empty() { saved.query } else { both(&saved.query, &more, &now(global)?) };
    let mut table = saved.filters;
    for (name, value) in filters.table()? {
        match (table.get_mut(&name), value) {
            (Some(toml::Value::Array(old)), toml::Value::Array(new)) => old.extend(new),
            // What is only the setting's value is not above what was saved.
            (Some(_), new) if name == "match" && new.as_str() == global.settings.value("match") => {}
            (_, value) => drop(table.insert(name, value)),
        }
    }
    Ok(Asked { query, filters: FilterArgs::from_table(table).with_context(|| words[0].clone())? })
}

/// A query that matches what both match. Each is parsed and printed, so that an open bracket or quotation mark of one
/// cannot reach into the other; one that cannot be parsed stays as typed, and the search reports its error.
fn both(one: &str, other: &str, now: &Moment) -> String {
    let read = |text: &str| query::parse(text, now).map_or_else(|_| text.to_owned(), |query| query.to_string());
    match (read(one), read(other)) {
        (one, other) if one.is_empty() => other,
        (one, other) if other.is_empty() => one,
        (one, other) => format!("+({one}) +({other})"),
    }
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
