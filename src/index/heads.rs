//! The values of a facet that most articles have, kept for segments that have many values.
//!
//! Counts of facets ask for the most frequent values, and a dictionary of hundreds of thousands takes longer to go through
//! than the rest of the answer. So the numbers of the most frequent ones are written into the commit, segment by segment;
//! a segment for which they are missing is read anew.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tantivy::SegmentReader;
use tantivy::schema::Field;
use tantivy::termdict::TermDictionary;

use super::{Fields, IndexError};

/// Values that are noted, at most.
const NOTED: usize = 256;
/// A dictionary of no more values is gone through when it is asked.
const MANY: usize = 4096;

/// The values of a field in a segment that most articles have, by number in its dictionary.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heads {
    /// Their numbers, in no order.
    pub ords: Vec<u64>,
    /// No other value has more articles.
    pub rest: u32,
}

/// For each segment, by its id, and each field of many values, by its name.
pub type OfSegments = BTreeMap<String, BTreeMap<String, Heads>>;

impl Heads {
    /// Those of a segment and a field, from what was noted or from its dictionary.
    ///
    /// # Errors
    ///
    /// Fails where the dictionary cannot be read.
    pub fn of(noted: &OfSegments, segment: &SegmentReader, field: Field) -> Result<Self, IndexError> {
        let noted = noted.get(&segment.segment_id().uuid_string());
        let noted = noted.and_then(|fields| fields.get(segment.schema().get_field_name(field)));
        match noted {
            Some(heads) => Ok(heads.clone()),
            None => Self::read(segment.inverted_index(field)?.terms(), NOTED),
        }
    }

    /// The `most` values, or up to twice as many, that most articles have.
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

/// What has to be noted of a segment.
pub(super) fn to_note(segment: &SegmentReader, fields: Fields) -> Result<BTreeMap<String, Heads>, IndexError> {
    let mut out = BTreeMap::new();
    for field in [fields.actor, fields.affiliation, fields.topic, fields.outlet, fields.language, fields.place] {
        let index = segment.inverted_index(field)?;
        if index.terms().num_terms() > MANY {
            out.insert(segment.schema().get_field_name(field).to_owned(), Heads::read(index.terms(), NOTED)?);
        }
    }
    Ok(out)
}
