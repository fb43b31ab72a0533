//! What the cluster cannot decide: whether somebody says the words of a query, did something with a system, or is mentioned
//! often enough. The articles that it finds without that are looked at here, by the marks that it keeps of each; then it is
//! told which of them count.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rayon::prelude::*;
use serde_json::{Value, json};

use super::facets::is_cut;
use super::hits::values;
use super::matching::Asked;
use super::remote::{Remote, counts_in};
use super::translate::{MOST_VALUES, one_of};
use crate::archive::VersionSeq;
use crate::cluster::each_page;
use crate::engine::bind::BoundQuery;
use crate::engine::error::EngineError;
use crate::engine::events::WantedEvents;
use crate::engine::request::{Filters, Matching};
use crate::engine::statements::{Read, Speakers, least_said, wanted_patterns, words_said};
use crate::event::Class;
use crate::fence;
use crate::index::{events, mentions, quotes};
use crate::query::Field;
use crate::tag::Via;

/// Stories whose copies are read in one request.
const PAGE: usize = 1000;
/// Articles whose texts are in memory at a time.
const CHUNK: usize = 256;

/// What the cluster keeps of a copy.
pub(super) struct Candidate {
    /// Number of its story.
    pub(super) story: u64,
    pub(super) num: u64,
    seq: VersionSeq,
    pub(super) published: Option<i64>,
    pub(super) actors: Vec<String>,
    /// The weights of the actors, in hundredths.
    pub(super) weights: Vec<u64>,
    pub(super) systems: Vec<String>,
    pub(super) marks: Vec<u8>,
}

/// What is to be looked at, of a request but for its values of the field `except`.
pub(super) struct Sieve<'b> {
    asked: &'b Asked,
    events: Option<WantedEvents<'b>>,
    /// Mentions of the actors that are asked for are counted.
    mentions: bool,
    /// Statements must have the words.
    said: bool,
}

impl<'b> Sieve<'b> {
    /// `None` where the cluster decides all. `said`: statements are to have the words, if somebody's are asked for.
    pub(super) fn new(asked: &'b Asked, except: Option<Field>, said: bool) -> Option<Self> {
        let (bound, filters) = (&asked.bound, &asked.requested);
        let worded = bound.wanted_leaves().next().is_some();
        let counts = filters.min_mentions > 1 || filters.no_metonyms;
        let sieve = Self {
            asked,
            events: WantedEvents::new(bound, except).filter(|wanted| !wanted.any_will_do()),
            mentions: except != Some(Field::Actor) && counts && bound.wanted_actors().next().is_some(),
            said: said && bound.wanted_speakers().any(|values| worded || values.given.is_some()),
        };
        (sieve.events.is_some() || sieve.mentions || sieve.said).then_some(sieve)
    }

    /// The copies that count of those that a filter matches, as a filter.
    pub(super) fn sift(&self, remote: &Remote<'_>, filter: &Value) -> Result<Value, EngineError> {
        let mut found = candidates(remote, filter)?;
        found.retain(|one| {
            self.events.as_ref().is_none_or(|wanted| !classes(wanted, one).is_empty())
                && (!self.mentions || is_mentioned(&self.asked.bound, &self.asked.requested, one))
        });
        if self.said {
            found = self.said(remote, filter, found)?;
        }
        Ok(these(found.iter().map(|one| one.num)))
    }

    /// Those in which whoever is asked for says as many of the query's words as the article has, or with [`Matching::Any`] one.
    fn said(&self, remote: &Remote<'_>, filter: &Value, found: Vec<Candidate>) -> Result<Vec<Candidate>, EngineError> {
        let bound = &self.asked.bound;
        let (patterns, speakers) = (wanted_patterns(bound), Speakers::new(remote.authority, bound));
        let mut met: HashMap<u64, usize> = HashMap::new();
        for word in &self.asked.words {
            let with = json!({ "bool": { "filter": [filter, word] } });
            nums(remote, &with)?.into_iter().for_each(|num| *met.entry(num).or_default() += 1);
        }
        let any = self.asked.requested.matching == Matching::Any || self.asked.words.is_empty();
        let said = in_articles(remote, &found, |read| words_said(read, &patterns, &speakers))?;
        let enough = |(one, said): &(Candidate, usize)| {
            *said >= if any { 1 } else { least_said(bound, met.get(&one.num).copied().unwrap_or(1)) }
        };
        Ok(found.into_iter().zip(said).filter(enough).map(|(one, _)| one).collect())
    }
}

/// The copies with these numbers, as a filter.
fn these(nums: impl Iterator<Item = u64>) -> Value {
    one_of("c.num", &nums.collect::<Vec<u64>>())
}

/// Of the copies that a filter matches those in which an actor that is asked for did something with a system that is asked for,
/// as filters, by what it did; `None` where neither is asked for, so that every event counts.
pub(super) fn by_class(
    remote: &Remote<'_>,
    bound: &BoundQuery,
    filter: &Value,
) -> Result<Option<BTreeMap<&'static str, Value>>, EngineError> {
    let Some(wanted) = WantedEvents::of_all_classes(bound) else { return Ok(None) };
    let filter = json!({ "bool": { "filter": [filter, { "exists": { "field": "c.event" } }] } });
    let mut out: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
    for one in candidates(remote, &filter)? {
        for class in classes(&wanted, &one) {
            out.entry(class.as_str()).or_default().push(one.num);
        }
    }
    Ok(Some(out.into_iter().map(|(class, nums)| (class, these(nums.into_iter()))).collect()))
}

/// The classes of a copy's events that are asked for.
fn classes(wanted: &WantedEvents<'_>, one: &Candidate) -> BTreeSet<Class> {
    wanted.classes(&events::unpack(&one.marks).unwrap_or_default(), (&one.actors, &one.systems))
}

/// Whether a copy mentions each actor that is asked for often enough, otherwise than by places where these do not count.
fn is_mentioned(bound: &BoundQuery, filters: &Filters, one: &Candidate) -> bool {
    let (title, text) = mentions::unpack(&one.marks).unwrap_or_default();
    bound.wanted_actors().all(|set| {
        let counted = title.iter().chain(&text).filter(|mark| {
            let named = one.actors.get(mark.actor).is_some_and(|actor| set.terms.contains(actor));
            named && !(filters.no_metonyms && mark.via == Via::Metonym)
        });
        counted.count() >= filters.min_mentions.max(1) as usize
    })
}

/// What is found in the articles of some copies, which are read some at a time, in their order.
pub(super) fn in_articles<T: Send>(
    remote: &Remote<'_>,
    copies: &[Candidate],
    find: impl Fn(&Read) -> T + Sync,
) -> Result<Vec<T>, EngineError> {
    let mut out = Vec::with_capacity(copies.len());
    for some in copies.chunks(CHUNK) {
        let read = some.iter().map(|one| read(remote, one)).collect::<Result<Vec<Read>, EngineError>>()?;
        out.par_extend(read.par_iter().map(&find));
    }
    Ok(out)
}

fn read(remote: &Remote<'_>, one: &Candidate) -> Result<Read, EngineError> {
    fence::check();
    let stored = remote.archive.borrow_mut().by_seq(one.seq)?;
    let (title, text) = quotes::unpack(&one.marks).unwrap_or_default();
    Ok(Read { stored, title, text, actors: one.actors.clone() })
}

/// The numbers of the copies that a filter matches.
///
/// # Errors
///
/// [`EngineError::Unsupported`] where they are too many to be told to the cluster again.
fn nums(remote: &Remote<'_>, filter: &Value) -> Result<HashSet<u64>, EngineError> {
    let parts = json!({ "n": {
        "filter": filter, "aggs": { "v": { "terms": { "field": "c.num", "size": MOST_VALUES } } },
    } });
    let answer = remote.search("articles to be looked at", &counts_in(filter, &parts))?;
    let found = &answer["aggregations"]["c"]["n"]["v"];
    if is_cut(found) {
        return Err(EngineError::unsupported(
            format!("a question for which more than {MOST_VALUES} articles have to be read here"),
            "narrow the question with words, or with --since and --until",
        ));
    }
    let buckets = found["buckets"].as_array().into_iter().flatten();
    Ok(buckets.filter_map(|bucket| bucket["key"].as_u64()).collect())
}

/// The copies that a filter matches, in the order of their stories.
pub(super) fn candidates(remote: &Remote<'_>, filter: &Value) -> Result<Vec<Candidate>, EngineError> {
    let wanted = nums(remote, filter)?;
    let (mut out, mut seen) = (Vec::with_capacity(wanted.len()), HashSet::new());
    let body = json!({
        "size": PAGE, "track_total_hits": false, "sort": [{ "story": "asc" }],
        "_source": ["story", "c.num", "c.seq", "c.published", "c.actor", "c.weight", "c.system", "c.marks"],
        "query": { "constant_score": { "filter": { "nested": { "path": "c", "query": filter } } } },
    });
    each_page(
        body,
        |body| remote.search("marks of articles", body),
        |stories| {
            let copies = stories.iter().flat_map(copies_of);
            out.extend(copies.filter(|one| wanted.contains(&one.num) && seen.insert(one.num)));
            Ok(())
        },
    )?;
    Ok(out)
}

fn copies_of(story: &Value) -> impl Iterator<Item = Candidate> {
    let source = &story["_source"];
    let copies = source["c"].as_array().into_iter().flatten();
    copies.filter_map(|copy| candidate(source["story"].as_u64()?, copy))
}

fn candidate(story: u64, copy: &Value) -> Option<Candidate> {
    Some(Candidate {
        story,
        num: copy["num"].as_u64()?,
        seq: VersionSeq(copy["seq"].as_u64()?),
        published: copy["published"].as_i64(),
        actors: values(copy, "actor"),
        weights: copy["weight"].as_array().into_iter().flatten().filter_map(Value::as_u64).collect(),
        systems: values(copy, "system"),
        marks: copy["marks"].as_str().and_then(|marks| STANDARD.decode(marks).ok()).unwrap_or_default(),
    })
}
