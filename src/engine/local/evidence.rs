//! What a hit was asked for beside words: statements of somebody, and what was done with systems.

use std::ops::Range;

use tantivy::DocAddress;

use super::collection::IndexView;
use super::events::{WantedEvents, stored_events};
use super::headings::stored_quotes;
use super::quotes::Speakers;
use crate::authority::Authority;
use crate::engine::bind::BoundQuery;
use crate::engine::error::EngineError;
use crate::engine::period;
use crate::engine::response::{Heading, HitEvent};
use crate::index::events::StoredEvent;
use crate::index::quotes::StoredQuote;

/// The statements and events that a request asks for.
pub(super) struct Evidence<'b> {
    speakers: Option<Speakers<'b>>,
    events: Option<WantedEvents<'b>>,
}

impl<'b> Evidence<'b> {
    /// What a bound query asks for.
    pub(super) fn new(authority: &'b Authority, bound: &'b BoundQuery) -> Self {
        let asks = bound.wanted_speakers().next().is_some();
        Self { speakers: asks.then(|| Speakers::new(authority, bound)), events: WantedEvents::new(bound, None) }
    }

    /// Of an article with these actors and systems: the events, and the bytes of its text that hold events and statements.
    pub(super) fn of(
        &self,
        index: IndexView<'_>,
        address: DocAddress,
        (actors, systems): (&[Heading], &[Heading]),
    ) -> Result<(Vec<HitEvent>, Vec<Range<usize>>), EngineError> {
        let mut events = Vec::new();
        if let Some(wanted) = &self.events {
            let event = |in_title: bool, one: &StoredEvent| {
                let (actor, system) = (actors.get(one.actor)?.clone(), systems.get(one.system)?.clone());
                let StoredEvent { class, start, end, .. } = *one;
                let asked = wanted.wants(class, &actor.id, &system.id);
                asked.then_some(HitEvent { class, actor, system, in_title, start, end })
            };
            let (title, text) = stored_events(index, address)?;
            events.extend(title.iter().filter_map(|one| event(true, one)));
            events.extend(text.iter().filter_map(|one| event(false, one)));
        }
        let mut spans: Vec<Range<usize>> =
            events.iter().filter(|one| !one.in_title).map(|one| one.start..one.end).collect();
        if let Some(speakers) = &self.speakers {
            let published = index.published(address)?.and_then(period::day);
            let (_, text) = stored_quotes(index, address)?;
            let asked = |quote: &&StoredQuote| {
                let who = quote.actors().filter_map(|at| actors.get(at)).map(|one| &one.id);
                speakers.are(who, quote.kind, published)
            };
            spans.extend(text.iter().filter(asked).map(|quote| quote.start..quote.end));
        }
        Ok((events, spans))
    }
}
