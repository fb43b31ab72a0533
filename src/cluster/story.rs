//! A story with its copies, as a cluster holds it.

use std::collections::{BTreeSet, HashSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use super::tape::Tapes;
use crate::analysis::Analyzer;
use crate::archive::{GroupNum, Stored};
use crate::article::Article;
use crate::authority::{Authority, SpeaksFor};
use crate::index::mentions::{self, Mark};
use crate::index::{Analysed, Values, quotes};
use crate::passage;
use crate::tag::{Tags, Via};

/// Fields with the number of the period in which a copy was published.
pub(crate) const PERIODS: [&str; 5] = ["day", "week", "month", "quarter", "year"];

/// A story: the number of its group is its name.
#[derive(Debug, Serialize)]
pub(crate) struct Story {
    pub(crate) story: u64,
    /// The values of its copy, where it has one alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    only: Option<Ranked>,
    #[serde(rename = "c")]
    copies: Vec<Copy>,
}

/// The values of a copy by which it is ranked: the fields of [`super::schema::ONLY`].
#[derive(Debug, Clone, Default, Serialize)]
struct Ranked {
    num: u64,
    seq: u64,
    /// How much is known of where it comes from: outlet and time of publication, 0 to 2.
    origin: u8,
    /// Terms of title and body, and of the title.
    length: u32,
    title_length: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    published: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    modified: Option<i64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    actor: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    system: Vec<String>,
}

/// One of its copies. Fields without a value are left out.
#[derive(Debug, Serialize)]
pub(crate) struct Copy {
    #[serde(flatten)]
    ranked: Ranked,
    tape: Vec<String>,
    title_tape: Vec<String>,
    byline_tape: Vec<String>,
    /// All levels above actors, systems and topics, and themselves.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    actor_up: Vec<String>,
    /// The weights of actors, in their order, in hundredths.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    weight: Vec<u64>,
    /// Actors that the article is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    subject: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    affiliation: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    system_up: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    topic: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    topic_up: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    written: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outlet: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    place: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    doubt: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    speaker: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    said: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    event: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    named: Vec<String>,
    #[serde(flatten)]
    pairs: Pairs,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    periods: Option<Periods>,
    /// As the local index has them ([`crate::index::mentions`]).
    marks: String,
}

/// See [`PERIODS`].
#[derive(Debug, Serialize)]
struct Periods {
    day: i64,
    week: i64,
    month: i64,
    quarter: i64,
    year: i64,
}

impl Periods {
    /// Those of a moment, seconds since 1970.
    fn of(at: i64) -> Self {
        use crate::period::{Period, number};
        let number = |period| number(period, at);
        Self {
            day: number(Period::Day),
            week: number(Period::Week),
            month: number(Period::Month),
            quarter: number(Period::Quarter),
            year: number(Period::Year),
        }
    }
}

impl Story {
    pub(crate) fn new(group: GroupNum, copies: Vec<Copy>) -> Self {
        let only = match copies.as_slice() {
            [copy] => Some(copy.ranked.clone()),
            _ => None,
        };
        Self { story: group.0, only, copies }
    }
}

impl Copy {
    /// An article as a copy of its story.
    pub(crate) fn new(
        stored: &Stored,
        analysed: &Analysed,
        tags: &Tags,
        authority: &Authority,
        speaks: &SpeaksFor,
        analyzer: &mut Analyzer,
    ) -> Self {
        let values = Values::of(stored, analysed, tags, authority, speaks);
        let tapes = Tapes::of(analysed, &stored.article.byline, analyzer);
        let subjects = values.actors.iter().filter(|(_, weight)| weight % 2 == 1).map(|(actor, _)| (*actor).to_owned());
        let together = Together::of(&stored.article, &values);
        let actor: Vec<String> = values.actors.iter().map(|(actor, _)| (*actor).to_owned()).collect();
        Self {
            actor_up: levels(actor.iter().map(String::as_str)),
            ranked: Ranked {
                num: stored.num.0,
                seq: stored.seq.0,
                origin: u8::from(values.outlet.is_some()) + u8::from(values.published.is_some()),
                length: tapes.lengths[0],
                title_length: tapes.lengths[1],
                published: values.published,
                modified: values.modified,
                actor,
                system: owned(&values.systems),
            },
            tape: tapes.text,
            title_tape: tapes.title,
            byline_tape: tapes.byline,
            weight: values.actors.iter().map(|(_, weight)| weight / 2).collect(),
            subject: subjects.collect(),
            affiliation: owned(&values.affiliations),
            system_up: levels(values.systems.iter().copied()),
            topic_up: levels(values.topics.iter().copied()),
            topic: owned(&values.topics),
            written: values.written.iter().map(|entry| entry.replace('\0', "\t")).collect(),
            outlet: values.outlet.map(str::to_owned),
            language: values.language.map(str::to_owned),
            place: owned(&values.places),
            doubt: owned(&values.doubts),
            speaker: owned(&values.speakers),
            said: values.said,
            event: owned(&values.events),
            periods: values.published.map(Periods::of),
            named: together.named,
            pairs: together.pairs,
            marks: STANDARD.encode(&values.marks),
        }
    }
}

/// Pairs of those in an article, each as [`joined`] has it.
#[derive(Debug, Default, Serialize)]
struct Pairs {
    /// Whom a passage names together, otherwise than by a place that stands for them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    named_pair: Vec<String>,
    /// Whom it mentions together beside these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    other_pair: Vec<String>,
    /// A speaker and whom his words mention.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    spoken_pair: Vec<String>,
}

/// Two identifiers as one value.
fn joined((one, other): (&str, &str)) -> String {
    format!("{one}\t{other}")
}

/// Who is mentioned with whom in an article.
#[derive(Debug, Default)]
struct Together {
    /// Actors and systems that are mentioned otherwise than by a place that stands for them.
    named: Vec<String>,
    pairs: Pairs,
}

impl Together {
    fn of(article: &Article, values: &Values<'_>) -> Self {
        let ids: Vec<&str> = values.actors.iter().map(|(id, _)| *id).chain(values.systems.iter().copied()).collect();
        let (title, text) = mentions::unpack(&values.marks).unwrap_or_default();
        let id = |mark: &Mark| ids.get(mark.actor).copied();
        let pairs = |wanted: fn(&Mark) -> bool| {
            let text: Vec<_> = text.iter().filter(|m| wanted(m)).filter_map(|m| Some((m.start, id(m)?))).collect();
            let title = title.iter().filter(|mark| wanted(mark)).filter_map(id);
            passage::together(article, title, &text)
        };
        let named_pairs = pairs(is_named);
        let other_pairs = match title.iter().chain(&text).all(is_named) {
            true => HashSet::new(),
            false => &pairs(|_| true) - &named_pairs,
        };
        let list = |pairs: HashSet<(&str, &str)>| {
            let mut list: Vec<String> = pairs.into_iter().map(joined).collect();
            list.sort_unstable();
            list
        };
        let named: BTreeSet<&str> = title.iter().chain(&text).filter(|mark| is_named(mark)).filter_map(id).collect();
        let mut spoken = BTreeSet::new();
        let (title_quotes, text_quotes) = quotes::unpack(&values.marks).unwrap_or_default();
        for (quotes, marks) in [(title_quotes, &title), (text_quotes, &text)] {
            for quote in &quotes {
                let said = marks.iter().filter(|mark| quote.holds(mark));
                let said: Vec<&str> = said.filter_map(id).collect();
                for speaker in quote.actors().filter_map(|at| ids.get(at).copied()) {
                    spoken
                        .extend(said.iter().filter(|other| **other != speaker).map(|other| joined((speaker, *other))));
                }
            }
        }
        Self {
            named: named.into_iter().map(str::to_owned).collect(),
            pairs: Pairs {
                named_pair: list(named_pairs),
                other_pair: list(other_pairs),
                spoken_pair: spoken.into_iter().collect(),
            },
        }
    }
}

/// Whether a mention is more than a place that stands for somebody.
fn is_named(mark: &Mark) -> bool {
    mark.via != Via::Metonym
}

fn owned(values: &[&str]) -> Vec<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}

/// The levels above some values, and themselves, each once.
fn levels<'a>(values: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for value in values {
        let above = value.match_indices('/').map(|(at, _)| &value[..at]);
        for level in above.chain([value]) {
            if !out.iter().any(|known| known == level) {
                out.push(level.to_owned());
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::schema::ONLY;

    #[test]
    fn what_ranks_a_copy_has_the_fields_that_are_read_with_a_story() {
        let (at, some) = (Some(1), vec!["state/alda".to_owned()]);
        let ranked = Ranked { published: at, modified: at, actor: some.clone(), system: some, ..Ranked::default() };
        let value = serde_json::to_value(ranked).unwrap();
        let fields: BTreeSet<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(fields, BTreeSet::from(ONLY));
    }

    #[test]
    fn levels_are_given_once_and_in_order() {
        let values = ["procurement/ships", "procurement/ships/frigates", "cyber"];
        assert_eq!(
            levels(values.into_iter()),
            ["procurement", "procurement/ships", "procurement/ships/frigates", "cyber"]
        );
    }
}
