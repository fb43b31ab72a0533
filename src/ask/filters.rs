//! Filters, which all questions share.

use serde::{Deserialize, Serialize};

use super::AskError;
use super::choice::{MATCHES, one_of};
use super::typed::typed_filters;
use crate::article::Moment;
use crate::engine::{Filters, Matching};
use crate::query::dates::{self, DateError};

/// Filters of search and facets. A filter given twice must hold twice; a comma separates alternatives.
///
/// Saved searches store filters by their long names, so a new filter needs only a field here.
#[derive(Debug, Clone, Default, clap::Args, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
#[command(next_help_heading = "Filters")]
pub struct FilterArgs {
    /// Articles that mention this actor (name, variant or id)
    #[arg(long, value_name = "NAME")]
    pub actor: Vec<String>,
    /// Count narrower actors too: NATO's commands for NATO. For bodies they always count; =NAME is that heading alone
    #[arg(long)]
    pub broader: bool,
    /// Least number of mentions of each actor that --actor names
    #[arg(long, value_name = "N")]
    pub min_mentions: Option<u32>,
    /// Do not count a place that stands for an actor (Moscow warned) as a mention of it
    #[arg(long)]
    pub no_metonyms: bool,
    /// Articles that are about the actors that --actor names
    ///
    /// Each is the subject of a sentence, or has a weight of 0.5 or more (`despatch help actors`).
    #[arg(long)]
    pub as_subject: bool,
    /// Articles in which this actor, or who speaks for it, says something; words must stand in it
    #[arg(long, value_name = "NAME")]
    pub said: Vec<String>,
    /// Articles that say this was done with a system (order, deliver, donate, test, deploy, lose, cancel, approve), by the
    /// actor and with the system that are asked for
    #[arg(long, value_name = "WHAT", hide_short_help = true)]
    pub event: Vec<String>,
    /// Articles that mention an actor of this state
    #[arg(long, value_name = "STATE")]
    pub affiliation: Vec<String>,
    /// Articles that mention this weapon system or programme, its class, or one of this maker; =NAME is that one alone
    #[arg(long, value_name = "NAME")]
    pub system: Vec<String>,
    /// Articles on this topic
    #[arg(long, value_name = "TOPIC")]
    pub topic: Vec<String>,
    /// Articles of this outlet
    #[arg(long, value_name = "NAME")]
    pub outlet: Vec<String>,
    /// Articles in this language (ISO 639-1)
    #[arg(long, value_name = "CODE")]
    pub lang: Vec<String>,
    /// Articles with this place in the dateline
    #[arg(long, value_name = "PLACE")]
    pub place: Vec<String>,
    /// Articles whose text may not be the whole story, or not the story alone
    #[arg(long)]
    pub doubtful: bool,
    /// Articles with this reason for doubt (account, fragment, language, notice, readings, short, wall)
    #[arg(long, value_name = "REASON")]
    pub doubt: Vec<String>,
    /// Published on this day or later: 2025-11-28, 2025-11, yesterday, "last week"
    #[arg(long, value_name = "DATE")]
    pub since: Option<String>,
    /// Published on this day or earlier
    #[arg(long, value_name = "DATE")]
    pub until: Option<String>,
    /// Published on a day that is not known
    #[arg(long, hide_short_help = true)]
    pub undated: bool,
    /// Changed on this day or later; published, where no change is known
    #[arg(long, value_name = "DATE")]
    pub modified_since: Option<String>,
    /// Changed on this day or earlier
    #[arg(long, value_name = "DATE", hide_short_help = true)]
    pub modified_until: Option<String>,
    /// How many of the query's words a story must have to count
    #[arg(long = "match", value_parser = one_of(MATCHES))]
    #[serde(rename = "match")]
    pub matching: Option<Matching>,
}

impl FilterArgs {
    /// The filters that are set, by their long names.
    ///
    /// # Errors
    ///
    /// Fails where a value cannot be stored.
    pub fn table(&self) -> Result<toml::Table, AskError> {
        let mut table = toml::Table::try_from(self).map_err(|error| AskError::Filters(error.to_string()))?;
        table.retain(|_, value| match value {
            toml::Value::Array(values) => !values.is_empty(),
            toml::Value::Boolean(on) => *on,
            _ => true,
        });
        Ok(table)
    }

    /// The filters that are set, as they would be typed.
    pub(crate) fn typed(&self) -> Result<String, AskError> {
        Ok(typed_filters(&self.table()?))
    }

    /// The inverse of [`FilterArgs::table`].
    ///
    /// # Errors
    ///
    /// Fails where there is no filter of a name, or it takes no such value.
    pub fn from_table(table: toml::Table) -> Result<Self, AskError> {
        table.try_into().map_err(|error: toml::de::Error| AskError::Filters(error.message().to_owned()))
    }

    /// The filters of a request; dates such as "yesterday" are counted from `now`.
    ///
    /// # Errors
    ///
    /// Fails where a date means nothing, or no day is in both dates.
    pub fn filters(&self, now: &Moment) -> Result<Filters, AskError> {
        let end = |option: &str, text: &Option<String>, of: fn(&str, &Moment) -> Result<i64, DateError>| {
            let Some(text) = text else { return Ok(None) };
            let wrong = |cause| AskError::Date { option: option.to_owned(), text: text.clone(), cause };
            of(text, now).map(Some).map_err(wrong)
        };
        let both = |prefix: &str, since: &Option<String>, until: &Option<String>| {
            let names = ["since", "until"].map(|name| format!("{prefix}{name}"));
            let ends = (end(&names[0], since, dates::since)?, end(&names[1], until, dates::until)?);
            if let (Some(from), Some(to)) = ends
                && from >= to
            {
                let given = |text: &Option<String>| text.clone().unwrap_or_default();
                let [from, to] = names;
                return Err(AskError::Order { from, since: given(since), to, until: given(until) });
            }
            Ok(ends)
        };
        let (since, until) = both("", &self.since, &self.until)?;
        if self.undated && (since.is_some() || until.is_some()) {
            return Err(AskError::Misused(
                "--undated means no day, so it does not go with --since and --until".to_owned(),
            ));
        }
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
            undated: self.undated,
            modified_since,
            modified_until,
            as_subject: self.as_subject,
        })
    }
}
