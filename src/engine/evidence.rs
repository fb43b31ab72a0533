//! What a hit was asked for beside words: statements of somebody, and what was done with systems.

use std::ops::Range;

use jiff::civil::Date;

use super::bind::BoundQuery;
use super::events::WantedEvents;
use super::response::{Heading, HitEvent};
use super::statements::Speakers;
use crate::authority::Authority;
use crate::index::events::{self, StoredEvent};
use crate::index::quotes::{self, StoredQuote};

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

    /// Whether anything is asked for.
    pub(super) fn is_wanted(&self) -> bool {
        self.speakers.is_some() || self.events.is_some()
    }

    /// Of an article of this day with these marks, actors and systems: the events, and the bytes of its text that hold events
    /// and statements.
    pub(super) fn of(
        &self,
        marks: &[u8],
        day: Option<Date>,
        (actors, systems): (&[Heading], &[Heading]),
    ) -> (Vec<HitEvent>, Vec<Range<usize>>) {
        let mut found = Vec::new();
        if let Some(wanted) = &self.events {
            let event = |in_title: bool, one: &StoredEvent| {
                let (actor, system) = (actors.get(one.actor)?.clone(), systems.get(one.system)?.clone());
                let StoredEvent { class, start, end, .. } = *one;
                let asked = wanted.wants(class, &actor.id, &system.id);
                asked.then_some(HitEvent { class, actor, system, in_title, start, end })
            };
            let (title, text) = events::unpack(marks).unwrap_or_default();
            found.extend(title.iter().filter_map(|one| event(true, one)));
            found.extend(text.iter().filter_map(|one| event(false, one)));
        }
        let mut spans: Vec<Range<usize>> =
            found.iter().filter(|one: &&HitEvent| !one.in_title).map(|one| one.start..one.end).collect();
        if let Some(speakers) = &self.speakers {
            let (_, text) = quotes::unpack(marks).unwrap_or_default();
            let asked = |quote: &&StoredQuote| {
                let who = quote.actors().filter_map(|at| actors.get(at)).map(|one| &one.id);
                speakers.are(who, quote.kind, day)
            };
            spans.extend(text.iter().filter(asked).map(|quote| quote.start..quote.end));
        }
        (found, spans)
    }
}
