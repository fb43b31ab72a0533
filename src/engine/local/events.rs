//! Events of the articles of the index on this machine: see [`crate::engine::events`].

use std::collections::{BTreeMap, BTreeSet};

use tantivy::DocAddress;

use super::collection::{Collection, IndexView};
use super::doc_set::DocSet;
use crate::engine::bind::BoundQuery;
use crate::engine::error::EngineError;
use crate::engine::events::WantedEvents;
use crate::event::Class;
use crate::fence;
use crate::index::events::{self, StoredEvent};
use crate::index::packed_marks;

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
    Ok(wanted.classes(&stored_events(index, address)?, (&actors, &systems)))
}

/// What was done with systems in an article, in its title and in its text.
pub(super) fn stored_events(
    index: IndexView<'_>,
    address: DocAddress,
) -> Result<(Vec<StoredEvent>, Vec<StoredEvent>), EngineError> {
    Ok(events::unpack(&packed_marks(index.searcher, address)?).unwrap_or_default())
}
