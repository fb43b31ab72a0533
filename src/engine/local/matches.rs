//! The articles that a query and its filters match, segment by segment, with their scores.

use rustc_hash::FxHashSet;
use tantivy::DocAddress;
use tantivy::columnar::StrColumn;

use super::collapse::stories;
use super::collection::Collection;
use super::doc_set::{DocSet, total};
use super::events::keep_events;
use super::headings::marks;
use super::quotes::keep_said;
use super::segment::{Matched, matched, matching};
use super::weight::Weight;
use super::word_counts::{SegmentCounts, most};
use crate::article::Moment;
use crate::engine::absent;
use crate::engine::bind::{ValueSet, bind};
use crate::engine::error::EngineError;
use crate::engine::events::WantedEvents;
use crate::engine::request::{Filters, Matching};
use crate::engine::response::Reach;
use crate::fence;
use crate::query::{self, Field, Query};
use crate::tag::Via;

/// What a query and its filters match.
pub(super) struct Matches {
    pub(super) query: Query,
    /// The query as it was understood, in the query language.
    pub(super) understood: String,
    pub(super) weight: Weight,
    /// The articles that match the query alone.
    found: Vec<DocSet>,
    /// The articles that each filter lets through, with its field.
    filtered: Vec<(Option<Field>, Vec<DocSet>)>,
    /// The score of every article by the query; empty for each segment where scores were not wanted.
    pub(super) scores: Vec<Vec<f32>>,
    /// How many of the query's words each article has; empty where it has fewer than two.
    counts: Vec<SegmentCounts>,
    /// Whether any article has each leaf of the query.
    pub(super) has: Vec<bool>,
}

/// The articles that match a query and its filters, and those of them that count.
pub(super) struct Answers {
    /// All that match: with one of the words at least.
    pub(super) any: Vec<DocSet>,
    /// Those with as many of the words as the request asks for.
    pub(super) counted: Vec<DocSet>,
    /// How many of the words each counted article has, and how many articles have any; `None` where all that match count.
    pub(super) reach: Option<Reach>,
}

impl Answers {
    /// [`Answers::reach`] in stories, unless the request counts all copies.
    pub(super) fn reach(&self, collection: &Collection<'_>, all_copies: bool) -> Result<Option<Reach>, EngineError> {
        let Some(reach) = self.reach else { return Ok(None) };
        Ok(Some(Reach { total_any: stories(collection, &self.any, all_copies)?, ..reach }))
    }
}

impl Matches {
    /// Parses a query and matches it, and notes which of its words no article has.
    pub(super) fn of_text(
        collection: &Collection<'_>,
        text: &str,
        filters: &Filters,
        now: &Moment,
        scored: bool,
    ) -> Result<Self, EngineError> {
        let mut matches = Self::of(collection, query::parse(text, now)?, filters, scored)?;
        let absent: Vec<bool> = matches.has.iter().map(|has| !has).collect();
        let absent = absent::notes(collection, &matches.weight.bound, &absent)?;
        matches.weight.bound.notes.extend(absent);
        Ok(matches)
    }

    /// Matches a query with its filters.
    pub(super) fn of(
        collection: &Collection<'_>,
        query: Query,
        filters: &Filters,
        scored: bool,
    ) -> Result<Self, EngineError> {
        let mut analyzer = collection.analyzer.borrow_mut();
        let bound = bind(&query, filters, &collection.names(), &mut analyzer, &collection.ranking)?;
        Self::of_weight(collection, query, Weight::new(collection, bound)?, scored)
    }

    /// Matches a weighted query.
    pub(super) fn of_weight(
        collection: &Collection<'_>,
        query: Query,
        weight: Weight,
        scored: bool,
    ) -> Result<Self, EngineError> {
        let Matched { found, scores, counts, has } = matched(&weight, collection, scored)?;
        let filters = weight.bound.filters.iter();
        let filtered = filters.map(|filter| Ok((filter.field, matching(&weight, collection, &filter.node)?)));
        let filtered = filtered.collect::<Result<_, EngineError>>()?;
        Ok(Self { understood: query.to_string(), query, weight, found, filtered, scores, counts, has })
    }

    /// What the user should know of how the query was read.
    pub(super) fn notes(&self) -> &[String] {
        &self.weight.bound.notes
    }

    /// Whether some filter is on a field.
    pub(super) fn is_filtered_by(&self, field: Field) -> bool {
        self.filtered.iter().any(|(filter, _)| *filter == Some(field))
    }

    /// Drops articles that match the query.
    pub(super) fn retain(&mut self, keep: impl Fn(DocAddress) -> bool) {
        for (number, found) in self.found.iter_mut().enumerate() {
            for doc in found.iter().collect::<Vec<_>>() {
                if !keep(DocAddress::new(number as u32, doc)) {
                    found.unset(doc);
                }
            }
        }
    }

    /// The articles that match the query and all filters but those on the field `except`, and those of them that have as
    /// many of its words as the filters ask for.
    pub(super) fn answers(
        &self,
        collection: &Collection<'_>,
        filters: &Filters,
        except: Option<Field>,
    ) -> Result<Answers, EngineError> {
        let mut any = self.articles(collection, filters, except)?;
        let bound = &self.weight.bound;
        let worded = bound.wanted_leaves().next().is_some();
        if bound.wanted_speakers().any(|values| worded || values.given.is_some()) {
            keep_said(collection, self, filters.matching, &mut any)?;
        }
        Ok(self.counted(any, filters))
    }

    /// As [`Matches::answers`], but the words may stand anywhere in an article, whose words were asked for or not.
    pub(super) fn answers_in_articles(
        &self,
        collection: &Collection<'_>,
        filters: &Filters,
    ) -> Result<Answers, EngineError> {
        Ok(self.counted(self.articles(collection, filters, None)?, filters))
    }

    /// Of these articles those that have as many of the words as the filters ask for.
    fn counted(&self, any: Vec<DocSet>, filters: &Filters) -> Answers {
        // Without words to count by, or where all count, both sets are the same.
        if self.counts.is_empty() || filters.matching == Matching::Any {
            return Answers { counted: any.clone(), any, reach: None };
        }
        let words = self.weight.bound.root.words().len();
        let (mut counted, words_met) = most(&self.counts, &any);
        if filters.matching == Matching::All && words_met < words {
            counted.iter_mut().for_each(DocSet::clear);
        }
        let reach = Some(Reach { total_any: total(&any), words, words_met });
        Answers { any, counted, reach }
    }

    /// How many of the query's words an article has, where there is more than one.
    pub(super) fn words_met(&self, address: DocAddress) -> Option<usize> {
        let counts = self.counts.get(address.segment_ord as usize)?;
        let words = 0..self.weight.bound.root.words().len();
        Some(words.filter(|at| counts.has(*at, address.doc_id) == Some(true)).count())
    }

    /// The words of the query that an article lacks; empty where they are too many to tell.
    pub(super) fn missing(&self, address: DocAddress) -> Vec<String> {
        let (segment, doc) = (address.segment_ord as usize, address.doc_id);
        let words = self.weight.bound.root.words().into_iter().enumerate();
        let lacks = words.filter(|(at, _)| self.counts.get(segment).and_then(|one| one.has(*at, doc)) == Some(false));
        lacks.map(|(_, word)| word.text.clone()).collect()
    }

    /// The articles that match the query and all filters but those on the field `except`.
    fn articles(
        &self,
        collection: &Collection<'_>,
        filters: &Filters,
        except: Option<Field>,
    ) -> Result<Vec<DocSet>, EngineError> {
        let mut out = self.found.clone();
        for (field, filtered) in &self.filtered {
            if except.is_none() || *field != except {
                out.iter_mut().zip(filtered).for_each(|(all, filtered)| all.and(filtered));
            }
        }
        if let Some(wanted) = WantedEvents::new(&self.weight.bound, except) {
            keep_events(collection, &wanted, &mut out)?;
        }
        // Without its own filter the facet of actors counts those who are mentioned next to the requested ones too.
        if except != Some(Field::Actor) && (filters.min_mentions > 1 || filters.no_metonyms || filters.as_subject) {
            self.keep_mentioned(collection, filters, &mut out)?;
        }
        Ok(out)
    }

    /// Removes the articles that mention a requested actor too seldom, only by a place that stands for it where such mentions
    /// do not count, or not as a subject where it must be one.
    fn keep_mentioned(
        &self,
        collection: &Collection<'_>,
        filters: &Filters,
        found: &mut [DocSet],
    ) -> Result<(), EngineError> {
        let wanted: Vec<&ValueSet> = self.weight.bound.wanted_actors().collect();
        let counts_mentions = filters.min_mentions > 1 || filters.no_metonyms;
        for (number, found) in found.iter_mut().enumerate() {
            let Some(column) = collection.index().values(number, collection.fields.actor)? else { continue };
            let weights = collection.index().weights(number)?;
            let ords = wanted.iter().map(|values| ords_of(&column, values)).collect::<Result<Vec<_>, _>>()?;
            for doc in found.iter().collect::<Vec<_>>() {
                fence::check();
                let address = DocAddress::new(number as u32, doc);
                let actors: Vec<u64> = column.term_ords(doc).collect();
                let about = |ords: &FxHashSet<u64>| {
                    let mut all = actors.iter().zip(weights.of(doc));
                    all.any(|(actor, (_, about))| about && ords.contains(actor))
                };
                let subject = !filters.as_subject || ords.iter().all(about);
                let marks =
                    if counts_mentions && subject { marks(collection.index(), address)? } else { Default::default() };
                let mentioned = |ords: &FxHashSet<u64>| {
                    let counted = marks.0.iter().chain(&marks.1).filter(|mark| {
                        let named = actors.get(mark.actor).is_some_and(|actor| ords.contains(actor));
                        named && !(filters.no_metonyms && mark.via == Via::Metonym)
                    });
                    counted.count() >= filters.min_mentions.max(1) as usize
                };
                if !subject || (counts_mentions && !ords.iter().all(mentioned)) {
                    found.unset(doc);
                }
            }
        }
        Ok(())
    }
}

/// The ordinals of some values in a column's dictionary.
fn ords_of(column: &StrColumn, values: &ValueSet) -> Result<FxHashSet<u64>, EngineError> {
    let mut ords = FxHashSet::default();
    for term in &values.terms {
        ords.extend(column.dictionary().term_ord(term.as_bytes())?);
    }
    Ok(ords)
}
