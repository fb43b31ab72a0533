//! What was done with systems: the articles with the events that a request asks for, and those events.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use tantivy::DocAddress;

use super::collection::{Collection, IndexView};
use super::doc_set::DocSet;
use crate::engine::bind::{BoundQuery, ValueSet};
use crate::engine::error::EngineError;
use crate::event::Class;
use crate::fence;
use crate::index::events::{self, StoredEvent};
use crate::index::packed_marks;
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
    fn of_all_classes(bound: &'b BoundQuery) -> Option<Self> {
        let classes = vec![Class::ALL.iter().map(|class| class.as_str()).collect()];
        let (actors, systems) = (bound.wanted_values(Field::Actor), bound.wanted_values(Field::System));
        let wanted = Self { classes, actors: actors.collect(), systems: systems.collect() };
        (!wanted.any_will_do()).then_some(wanted)
    }

    /// Whether every event will do that is of one of the classes.
    fn any_will_do(&self) -> bool {
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
}

/// Keeps the articles in which an actor that is asked for did what is asked for with a system that is asked for.
pub(super) fn keep_events(
    collection: &Collection<'_>,
    wanted: &WantedEvents<'_>,
    found: &mut [DocSet],
) -> Result<(), EngineError> {
    if wanted.any_will_do() {
        return Ok(());
    }
    for (number, found) in (0..).zip(found) {
        for doc in found.iter().collect::<Vec<_>>() {
            if classes_of(collection, wanted, DocAddress::new(number, doc))?.is_empty() {
                found.unset(doc);
            }
        }
    }
    Ok(())
}

/// Of these articles those in which an actor that is asked for did something with a system that is asked for, by what it
/// did; `None` where neither is asked for, so that every event counts.
pub(super) fn by_class(
    collection: &Collection<'_>,
    bound: &BoundQuery,
    found: &[DocSet],
) -> Result<Option<BTreeMap<&'static str, Vec<DocSet>>>, EngineError> {
    let Some(wanted) = WantedEvents::of_all_classes(bound) else { return Ok(None) };
    let segments = || collection.segments().iter().map(|segment| DocSet::empty(segment.max_doc()));
    let mut out: BTreeMap<&str, Vec<DocSet>> = BTreeMap::new();
    for (number, found) in found.iter().enumerate() {
        let Some(column) = collection.index().values(number, collection.fields.event)? else { continue };
        for doc in found.iter().filter(|doc| column.term_ords(*doc).next().is_some()) {
            for class in classes_of(collection, &wanted, DocAddress::new(number as u32, doc))? {
                out.entry(class.as_str()).or_insert_with(|| segments().collect())[number].set(doc);
            }
        }
    }
    Ok(Some(out))
}

/// The classes of an article's events that are asked for.
fn classes_of(
    collection: &Collection<'_>,
    wanted: &WantedEvents<'_>,
    address: DocAddress,
) -> Result<BTreeSet<Class>, EngineError> {
    fence::check();
    let (index, fields) = (collection.index(), collection.fields);
    let (actors, systems) = (index.ids(address, fields.actor)?, index.ids(address, fields.system)?);
    let (title, text) = stored_events(index, address)?;
    let wants = |one: &&StoredEvent| {
        let ids = actors.get(one.actor).zip(systems.get(one.system));
        ids.is_some_and(|(actor, system)| wanted.wants(one.class, actor, system))
    };
    Ok(title.iter().chain(&text).filter(wants).map(|one| one.class).collect())
}

/// What was done with systems in an article, in its title and in its text.
pub(super) fn stored_events(
    index: IndexView<'_>,
    address: DocAddress,
) -> Result<(Vec<StoredEvent>, Vec<StoredEvent>), EngineError> {
    Ok(events::unpack(&packed_marks(index.searcher, address)?).unwrap_or_default())
}
