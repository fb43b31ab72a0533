//! What was done with systems, as a request asks for it.

use std::collections::{BTreeSet, HashSet};

use super::bind::{BoundQuery, ValueSet};
use crate::event::Class;
use crate::index::events::StoredEvent;
use crate::query::Field;

/// The events that a request asks for: of these classes, and where it asks for actors or systems, of one of these.
pub(super) struct WantedEvents<'b> {
    classes: Vec<HashSet<&'b str>>,
    actors: Vec<&'b ValueSet>,
    systems: Vec<&'b ValueSet>,
}

impl<'b> WantedEvents<'b> {
    /// What a bound query asks of events, but for its values of the field `except`; `None` where it asks nothing.
    pub(super) fn new(bound: &'b BoundQuery, except: Option<Field>) -> Option<Self> {
        let wanted = |field: Field| bound.wanted_values(field).filter(move |_| except != Some(field));
        let classes: Vec<HashSet<&str>> =
            wanted(Field::Event).map(|values| values.terms.iter().map(String::as_str).collect()).collect();
        let (actors, systems) = (wanted(Field::Actor).collect(), wanted(Field::System).collect());
        (!classes.is_empty()).then_some(Self { classes, actors, systems })
    }

    /// Events of every class, by the actors and with the systems that a bound query asks for; `None` where it asks for
    /// neither.
    pub(super) fn of_all_classes(bound: &'b BoundQuery) -> Option<Self> {
        let classes = vec![Class::ALL.iter().map(|class| class.as_str()).collect()];
        let (actors, systems) = (bound.wanted_values(Field::Actor), bound.wanted_values(Field::System));
        let wanted = Self { classes, actors: actors.collect(), systems: systems.collect() };
        (!wanted.any_will_do()).then_some(wanted)
    }

    /// Whether every event will do that is of one of the classes.
    pub(super) fn any_will_do(&self) -> bool {
        self.actors.is_empty() && self.systems.is_empty()
    }

    /// Whether an event of this class by this actor with this system is asked for.
    pub(super) fn wants(&self, class: Class, actor: &str, system: &str) -> bool {
        let one_of = |sets: &[&ValueSet], id: &str| {
            sets.is_empty() || sets.iter().any(|set| set.terms.iter().any(|term| term == id))
        };
        let class = self.classes.iter().any(|classes| classes.contains(class.as_str()));
        class && one_of(&self.actors, actor) && one_of(&self.systems, system)
    }

    /// The classes of the events that are asked for among those of an article, in its title and in its text, with these
    /// actors and systems.
    pub(super) fn classes(
        &self,
        (title, text): &(Vec<StoredEvent>, Vec<StoredEvent>),
        (actors, systems): (&[String], &[String]),
    ) -> BTreeSet<Class> {
        let wants = |one: &&StoredEvent| {
            let ids = actors.get(one.actor).zip(systems.get(one.system));
            ids.is_some_and(|(actor, system)| self.wants(one.class, actor, system))
        };
        title.iter().chain(text).filter(wants).map(|one| one.class).collect()
    }
}
