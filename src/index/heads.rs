//! The most frequent values of each facet, recorded for segments with many values.
//!
//! Facet counts need the most frequent values, and reading through a dictionary of hundreds of thousands takes longer
//! than the rest of the answer. So the ordinals of the most frequent values are written into the commit, segment by
//! segment. Where they are missing, the segment's dictionary is read.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tantivy::SegmentReader;
use tantivy::schema::Field;
use tantivy::termdict::TermDictionary;

use super::{Fields, IndexError};

/// How many of a field's most frequent values are recorded for a segment: at least this many, and fewer than twice as
/// many.
const NOTED: usize = 256;
/// Nothing is recorded for a dictionary of at most this many values; it is read when it is needed.
const MANY: usize = 4096;

/// The most frequent values of a field in a segment, by their ordinals in its dictionary.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Heads {
    /// Their ordinals, in no particular order.
    pub ords: Vec<u64>,
    /// No value outside `ords` has more articles than this.
    pub rest: u32,
}

/// The most frequent values by segment id and field name, for the fields with many values.
pub(crate) type OfSegments = BTreeMap<String, BTreeMap<String, Heads>>;

impl Heads {
    /// The most frequent values of a field in a segment, as recorded, else from its dictionary.
    ///
    /// # Errors
    ///
    /// Fails where the dictionary cannot be read.
    pub(crate) fn of(noted: &OfSegments, segment: &SegmentReader, field: Field) -> Result<Self, IndexError> {
        let noted = noted.get(&segment.segment_id().uuid_string());
        let noted = noted.and_then(|fields| fields.get(segment.schema().get_field_name(field)));
        match noted {
            Some(heads) => Ok(heads.clone()),
            None => Self::read(segment.inverted_index(field)?.terms(), NOTED),
        }
    }

    /// Finds the most frequent values of a dictionary: at least `most` (if it has as many), and fewer than twice as
    /// many.
    pub(crate) fn read(terms: &TermDictionary, most: usize) -> Result<Self, IndexError> {
        let (mut heads, mut rest): (Vec<(u32, u64)>, u32) = (Vec::with_capacity(2 * most), 0);
        let mut stream = terms.range().without_keys().into_stream()?;
        while stream.advance() {
            let frequency = stream.value().doc_freq;
            if frequency <= rest {
                continue;
            }
            heads.push((frequency, stream.term_ord()));
            if heads.len() == 2 * most {
                heads.select_nth_unstable_by_key(most, |(frequency, _)| Reverse(*frequency));
                rest = heads[most].0;
                heads.truncate(most);
            }
        }
        Ok(Self { ords: heads.into_iter().map(|(_, ord)| ord).collect(), rest })
    }
}

/// The values to record for a segment, by field name.
pub(super) fn to_note(segment: &SegmentReader, fields: Fields) -> Result<BTreeMap<String, Heads>, IndexError> {
    let mut out = BTreeMap::new();
    let Fields { actor, affiliation, topic, outlet, language, place, doubt, .. } = fields;
    for field in [actor, affiliation, topic, outlet, language, place, doubt] {
        let index = segment.inverted_index(field)?;
        if index.terms().num_terms() > MANY {
            out.insert(segment.schema().get_field_name(field).to_owned(), Heads::read(index.terms(), NOTED)?);
        }
    }
    Ok(out)
}
