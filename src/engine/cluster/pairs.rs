//! Which actors appear together: the pairs of each article are values of it, as passages do not depend on the question.

use serde_json::{Value, json};

use super::facets::{ask, every_period, every_value_of, over_time, period_counts, period_field};
use super::matching::{Asked, counted};
use super::remote::Remote;
use super::sieve::candidates;
use super::translate::{all, any, one_of};
use crate::authority::is_system;
use crate::engine::error::EngineError;
use crate::engine::level;
use crate::engine::pairs::{Actor, Found, Key, Pairs, Story, Tally, without_metonyms};
use crate::engine::period;
use crate::engine::request::{Facet, PairsRequest};
use crate::engine::response::PairsResponse;
use crate::engine::statements::Speakers;
use crate::index::{mentions, quotes};

/// The fields of the cluster that are counted for a request.
struct Fields {
    pair: &'static str,
    /// The first of a pair, if he is counted otherwise than the second: as a speaker.
    first: Option<&'static str>,
    actors: &'static [&'static str],
}

impl Fields {
    fn of(request: &PairsRequest, systems: bool) -> Self {
        let (pair, first) = match request.spoken {
            true => ("c.spoken_pair", Some("c.speaker")),
            false if request.filters.no_metonyms => ("c.named_pair", None),
            false => ("c.pair", None),
        };
        let actors: &[_] = match systems {
            _ if request.filters.no_metonyms => &["c.named"],
            true => &["c.actor", "c.system"],
            false => &["c.actor"],
        };
        Self { pair, first, actors }
    }
}

/// Counts actors that appear together.
pub(super) fn pairs(remote: &Remote<'_>, request: &PairsRequest) -> Result<PairsResponse, EngineError> {
    let mut pairs = Pairs::new(request, &remote.names())?;
    level::check(remote, remote.authority, [Facet::Actor, Facet::System], request.below.as_deref())?;
    let asked = Asked::new(remote, &request.query, &request.filters, &request.now)?;
    let answers = asked.answers(remote, None)?;
    let (filter, reach) = (&answers.counted, answers.reach(request.all_copies));
    // Which of the statements are meant does not stand in the fields.
    let some = request.filters.no_metonyms || asked.bound.wanted_speakers().next().is_some();
    let copies;
    if request.spoken && some {
        copies = counted(&ask(remote, filter, json!({}))?, true);
        pairs = count_here(remote, pairs, Speakers::new(remote.authority, &asked.bound), filter)?;
    } else {
        let fields = Fields::of(request, pairs.systems);
        copies = count(remote, &mut pairs, &fields, filter)?;
        if let Some(per) = request.per {
            let (found, _) = pairs.found();
            count_over_time(remote, &mut pairs, &fields, filter, (&found, period_field(per)))?;
        }
    }
    let (found, all) = pairs.found();
    let headings = remote.headings(&pairs.ids(&found))?;
    let (understood, mut notes) = (asked.read.to_string(), asked.notes);
    let mut response = PairsResponse { copies, spoken: request.spoken, reach, understood, ..PairsResponse::default() };
    pairs.answer((&found, all), &headings, &mut response);
    notes.extend(reach.and_then(|reach| reach.note(response.total, request.all_copies)));
    response.notes = notes;
    Ok(response)
}

/// Counts pairs, those in them and all stories; how many articles these are.
fn count(remote: &Remote<'_>, pairs: &mut Pairs<'_>, fields: &Fields, filter: &Value) -> Result<u64, EngineError> {
    let all_copies = pairs.request.all_copies;
    let stories = ask(remote, filter, json!({}))?;
    pairs.counts.insert((None, (None, None)), counted(&stories, all_copies));
    for field in fields.actors {
        for (id, count) in every_value_of(remote, filter, field, all_copies)? {
            let actor = pairs.actors.number(id);
            pairs.counts.insert((None, (None, Some(actor))), count);
        }
    }
    if let Some(field) = fields.first {
        for (id, count) in every_value_of(remote, filter, field, all_copies)? {
            let actor = pairs.actors.number(id);
            pairs.counts.insert((None, (Some(actor), None)), count);
        }
    }
    let side = pairs.narrowest().map(|ids| any(vec![one_of("c.actor", ids), one_of("c.system", ids)]));
    let narrowed = side.map(|side| all(vec![filter.clone(), side]));
    for (pair, count) in every_value_of(remote, narrowed.as_ref().unwrap_or(filter), fields.pair, all_copies)? {
        let Some((one, other)) = pair.split_once('\t') else { continue };
        if pairs.systems || !is_system(one) && !is_system(other) {
            let (one, other) = (pairs.actors.number(one.to_owned()), pairs.actors.number(other.to_owned()));
            let key = pairs.key(one, other);
            pairs.counts.insert((None, key), count);
        }
    }
    Ok(counted(&stories, true))
}

/// Counts who speaks of whom, in the statements of these speakers, by the marks of articles.
fn count_here<'r>(
    remote: &Remote<'_>,
    pairs: Pairs<'r>,
    speakers: Speakers<'r>,
    filter: &Value,
) -> Result<Pairs<'r>, EngineError> {
    let request = pairs.request;
    let mut tally = Tally::new(pairs, Some(speakers));
    for one in candidates(remote, filter)? {
        let systems = one.systems.into_iter().filter(|_| tally.pairs.systems);
        let ids: Vec<String> = one.actors.into_iter().chain(systems).collect();
        let mut actors: Vec<Option<Actor>> = ids.into_iter().map(|id| Some(tally.pairs.actors.number(id))).collect();
        let mut marks = mentions::unpack(&one.marks).unwrap_or_default();
        if request.filters.no_metonyms {
            without_metonyms(&mut actors, &mut marks);
        }
        let period = request.per.and_then(|per| Some(period::number(per, one.published?)));
        let story = Story { group: (!request.all_copies).then_some(one.story), period };
        tally.add_actors(story, &actors);
        let quotes = quotes::unpack(&one.marks).unwrap_or_default();
        tally.add_speeches(story, &actors, &marks, &quotes, one.published.and_then(period::day));
    }
    Ok(tally.pairs)
}

/// Counts these pairs, those in them and all stories, in each period.
fn count_over_time(
    remote: &Remote<'_>,
    pairs: &mut Pairs<'_>,
    fields: &Fields,
    filter: &Value,
    (found, period): (&[Found], &str),
) -> Result<(), EngineError> {
    let all_copies = pairs.request.all_copies;
    let stories = ask(remote, filter, json!({ "t": every_period(period) }))?;
    let all = period_counts(remote, &stories["t"], all_copies)?;
    let periods = all.len();
    pairs.counts.extend(all.into_iter().map(|(number, count)| ((Some(number), (None, None)), count)));
    let ids = pairs.ids(found);
    let of = |pair: &Found| [pair.0, pair.1].map(|actor| pairs.actors.ids[actor as usize].clone());
    let named: Vec<(String, Key)> = found
        .iter()
        .map(|pair| {
            let [mut one, mut other] = of(pair);
            if !pairs.request.spoken && one > other {
                std::mem::swap(&mut one, &mut other);
            }
            (format!("{one}\t{other}"), pairs.key(pair.0, pair.1))
        })
        .collect();
    let mut lists: Vec<(&str, Vec<(String, Key)>)> = vec![(fields.pair, named)];
    let mut singles = |field, key: &dyn Fn(u32) -> Key| {
        let list = ids.iter().map(|id| (id.clone(), key(pairs.actors.number(id.clone())))).collect();
        lists.push((field, list));
    };
    for field in fields.actors {
        singles(*field, &|actor| (None, Some(actor)));
    }
    if let Some(field) = fields.first {
        singles(field, &|actor| (Some(actor), None));
    }
    for (field, list) in lists {
        let values: Vec<&str> = list.iter().map(|(value, _)| value.as_str()).collect();
        for (at, number, count) in over_time(remote, filter, (field, &values), (period, periods), all_copies)? {
            pairs.counts.insert((Some(number), list[at].1), count);
        }
    }
    Ok(())
}
