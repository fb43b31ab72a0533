//! What was done with systems in an article, stored in the index behind its quotes ([`super::quotes`]).
//!
//! Numbers are LEB128. First the events of the title, then those of the text, each list headed by its length. An event is the
//! code of its class, the numbers of its actor and of its system in the article's lists of these, the distance of its
//! beginning from that of the one before, and its length.

use super::quotes;
use crate::event::{Class, Event, Events};
use crate::leb128::{number, take};
use crate::tag::{ActorTag, Tags};

/// A stored event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StoredEvent {
    /// What was done.
    pub(crate) class: Class,
    /// The actor's index in the article's list of actors.
    pub(crate) actor: usize,
    /// The system's index in the article's list of systems.
    pub(crate) system: usize,
    /// First byte of the words that say so.
    pub(crate) start: usize,
    /// One past the last byte.
    pub(crate) end: usize,
}

/// Packs events. One of an actor or system that `tags` does not list is left out.
pub(super) fn pack(events: &Events, tags: &Tags, out: &mut Vec<u8>) {
    let place = |list: &[ActorTag], id: &str| list.iter().position(|tag| tag.actor == id);
    let stored = |one: &Event| {
        let (actor, system) = (place(&tags.actors, &one.actor)?, place(&tags.systems, &one.system)?);
        Some(StoredEvent { class: one.class, actor, system, start: one.start, end: one.end })
    };
    for list in [&events.title, &events.text] {
        let list: Vec<StoredEvent> = list.iter().filter_map(stored).collect();
        number(out, list.len());
        let mut last = 0;
        for one in list {
            out.push(Class::ALL.iter().position(|class| *class == one.class).unwrap_or(0) as u8);
            number(out, one.actor);
            number(out, one.system);
            number(out, one.start.saturating_sub(last));
            number(out, one.end.saturating_sub(one.start));
            last = one.start;
        }
    }
}

/// The events of title and text; `None` where the bytes are damaged.
pub(crate) fn unpack(bytes: &[u8]) -> Option<(Vec<StoredEvent>, Vec<StoredEvent>)> {
    let mut bytes = quotes::after(bytes)?;
    let title = list(&mut bytes)?;
    Some((title, list(&mut bytes)?))
}

fn list(bytes: &mut &[u8]) -> Option<Vec<StoredEvent>> {
    let length = take(bytes)?;
    let mut events = Vec::with_capacity(length.min(bytes.len()));
    let mut last = 0usize;
    for _ in 0..length {
        let (class, rest) = bytes.split_first()?;
        *bytes = rest;
        let class = *Class::ALL.get(usize::from(*class))?;
        let (actor, system) = (take(bytes)?, take(bytes)?);
        let start = last.checked_add(take(bytes)?)?;
        let end = start.checked_add(take(bytes)?)?;
        last = start;
        events.push(StoredEvent { class, actor, system, start, end });
    }
    Some(events)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quote::Quotes;

    #[test]
    fn what_is_packed_is_unpacked_and_no_part_is_taken_for_the_whole() {
        let tag = |id: &str| ActorTag { actor: id.to_owned(), mentions: 1, weight: 1.0, subject: true };
        let tags = Tags {
            actors: vec![tag("state/a"), tag("force/b")],
            systems: vec![tag("system/tank/c"), tag("system/ship/d")],
            ..Tags::default()
        };
        let event = |class, actor: &str, system: &str, start| Event {
            class,
            actor: actor.to_owned(),
            system: system.to_owned(),
            start,
            end: start + 200,
        };
        let events = Events {
            title: vec![event(Class::Approve, "force/b", "system/ship/d", 2)],
            text: vec![
                event(Class::Order, "state/a", "system/tank/c", 300),
                event(Class::Order, "state/stray", "system/tank/c", 310),
                event(Class::Lose, "force/b", "system/tank/c", 320),
            ],
        };
        let mut packed = super::super::mentions::pack(&tags);
        quotes::pack(&Quotes::default(), &tags, &mut packed);
        pack(&events, &tags, &mut packed);
        let stored = |class, actor, system, start| StoredEvent { class, actor, system, start, end: start + 200 };
        let (title, text) = unpack(&packed).unwrap();
        assert_eq!(title, [stored(Class::Approve, 1, 1, 2)]);
        assert_eq!(text, [stored(Class::Order, 0, 0, 300), stored(Class::Lose, 1, 0, 320)]);
        assert!((0..packed.len()).all(|end| unpack(&packed[..end]).is_none()));
    }
}
