//! The articles of an index directory, open for reading: archive, index and authority file.

use std::cell::RefCell;
use std::sync::OnceLock;

use tantivy::columnar::{Column, StrColumn};
use tantivy::schema::Field as IndexField;
use tantivy::{DocAddress, Searcher, SegmentReader};

use crate::analysis::Analyzer;
use crate::archive::{Archive, ArticleNum, Stored, VersionSeq};
use crate::authority::Authority;
use crate::engine::bind::{Names, Vocabulary};
use crate::engine::error::EngineError;
use crate::engine::ranking::Ranking;
use crate::engine::response::Heading;
use crate::engine::statistics::Statistics;
use crate::fence;
use crate::index::{Fields, Snapshot, opened, written_form};
use crate::query::{Field, Part, Time};

/// An article of the index with its score.
pub(super) type Scored = (DocAddress, f32);

/// What threads can share of a collection: its index and the names of what is in it.
#[derive(Clone, Copy)]
pub(super) struct IndexView<'a> {
    pub(super) searcher: &'a Searcher,
    pub(super) fields: Fields,
    pub(super) authority: &'a Authority,
    columns: &'a [Columns],
}

impl<'a> IndexView<'a> {
    /// The values of the articles of a segment in a field, if any of them has one.
    pub(super) fn values(&self, segment: usize, field: IndexField) -> Result<Option<StrColumn>, EngineError> {
        let (columns, segment) = (&self.columns[segment], &self.searcher.segment_readers()[segment]);
        let open = || Ok(segment.fast_fields().str(segment.schema().get_field_name(field))?);
        opened(&columns.values[field.field_id() as usize], open).cloned()
    }

    /// The values of an article in a field, in the article's order.
    pub(super) fn ids(&self, address: DocAddress, field: IndexField) -> Result<Vec<String>, EngineError> {
        let Some(column) = self.values(address.segment_ord as usize, field)? else { return Ok(Vec::new()) };
        let id = |ord: u64| -> Result<String, EngineError> {
            let mut id = String::new();
            column.ord_to_str(ord, &mut id)?;
            Ok(id)
        };
        column.term_ords(address.doc_id).map(id).collect()
    }

    /// Seconds since 1970 at which an article was published.
    pub(super) fn published(&self, address: DocAddress) -> Result<Option<i64>, EngineError> {
        Ok(self.publications(address.segment_ord as usize)?.first(address.doc_id))
    }

    /// As [`IndexView::published`], of all articles of a segment.
    fn publications(&self, segment: usize) -> Result<&'a Column<i64>, EngineError> {
        let open = || Ok(self.searcher.segment_readers()[segment].fast_fields().i64("published")?);
        opened(&self.columns[segment].published, open)
    }

    /// The weights of the actors of a segment's articles, each in the order of the article's actors: in hundredths, and
    /// whether the article is about the actor.
    pub(super) fn weights(&self, segment: usize) -> Result<Weights, EngineError> {
        let open = || self.searcher.segment_readers()[segment].fast_fields().u64("weight");
        Ok(Weights(opened(&self.columns[segment].weight, open)?.clone()))
    }

    /// A heading as it is shown; a name without one as most articles write it.
    pub(super) fn heading(&self, id: String) -> Result<Heading, EngineError> {
        let mut heading = Heading::of(self.authority, id);
        if heading.is_unlisted()
            && let Some(written) = written_form(self.searcher, self.fields, &heading.id)?
        {
            heading.label = written;
        }
        Ok(heading)
    }
}

/// The weights of actors in the articles of a segment.
pub(super) struct Weights(Column<u64>);

impl Weights {
    /// Of the actors of an article, in their order: the weight from 0 to 1, and whether the article is about the actor.
    pub(super) fn of(&self, doc: u32) -> impl Iterator<Item = (f64, bool)> + '_ {
        self.0.values_for_doc(doc).map(|value| ((value / 2) as f64 / 100.0, value % 2 == 1))
    }
}

/// The articles of an index directory.
pub(super) struct Collection<'a> {
    pub(super) archive: RefCell<Archive>,
    pub(super) searcher: Searcher,
    pub(super) fields: Fields,
    /// The last version that the index covers.
    pub(super) upto: VersionSeq,
    /// Numbers of removed articles that the index still holds.
    pub(super) gone: Vec<ArticleNum>,
    pub(super) authority: &'a Authority,
    pub(super) analyzer: RefCell<Analyzer>,
    pub(super) ranking: Ranking,
    columns: Vec<Columns>,
}

impl<'a> Collection<'a> {
    pub(super) fn new(archive: Archive, index: Snapshot, authority: &'a Authority) -> Self {
        let columns = index.searcher.segment_readers().iter().map(Columns::of).collect();
        Self {
            archive: RefCell::new(archive),
            searcher: index.searcher,
            upto: index.state.map_or(VersionSeq::NONE, |state| state.seq),
            fields: index.fields,
            gone: index.gone,
            authority,
            analyzer: RefCell::new(Analyzer::new()),
            ranking: Ranking::default(),
            columns,
        }
    }

    /// The segments of the index, by number.
    pub(super) fn segments(&self) -> &[SegmentReader] {
        self.searcher.segment_readers()
    }

    /// The field whose postings say where the words of a part stand.
    pub(super) fn text_field(&self, part: Part) -> IndexField {
        if part == Part::Byline { self.fields.byline } else { self.fields.text }
    }

    /// The index's field for a field of the query language.
    pub(super) fn value_field(&self, field: Field) -> IndexField {
        match field {
            Field::Actor => self.fields.actor,
            Field::Said => self.fields.said,
            Field::Speaker => self.fields.speaker,
            Field::Event => self.fields.event,
            Field::Affiliation => self.fields.affiliation,
            Field::System => self.fields.system,
            Field::Topic => self.fields.topic,
            Field::Outlet => self.fields.outlet,
            Field::Lang => self.fields.language,
            Field::Place => self.fields.place,
            Field::Doubt => self.fields.doubt,
        }
    }

    /// What threads can share.
    pub(super) fn index(&self) -> IndexView<'_> {
        IndexView { searcher: &self.searcher, fields: self.fields, authority: self.authority, columns: &self.columns }
    }

    /// Versions of the articles of a segment.
    pub(super) fn seqs(&self, segment: usize) -> Result<&Column<u64>, EngineError> {
        opened(&self.columns[segment].seq, || Ok(self.segments()[segment].fast_fields().u64("seq")?))
    }

    /// Numbers of the articles of a segment.
    pub(super) fn nums(&self, segment: usize) -> Result<&Column<u64>, EngineError> {
        opened(&self.columns[segment].num, || Ok(self.segments()[segment].fast_fields().u64("num")?))
    }

    /// Groups of the articles of a segment that are copies.
    pub(super) fn groups(&self, segment: usize) -> Result<&Column<u64>, EngineError> {
        opened(&self.columns[segment].group, || Ok(self.segments()[segment].fast_fields().u64("group")?))
    }

    /// Seconds since 1970 at which the articles of a segment were published.
    pub(super) fn published(&self, segment: usize) -> Result<&Column<i64>, EngineError> {
        self.index().publications(segment)
    }

    /// Seconds since 1970 at which the articles of a segment were last changed, or published where no change is known.
    pub(super) fn changed(&self, segment: usize) -> Result<&Column<i64>, EngineError> {
        opened(&self.columns[segment].changed, || Ok(self.segments()[segment].fast_fields().i64("modified")?))
    }

    /// The times of one kind.
    pub(super) fn times(&self, segment: usize, of: Time) -> Result<&Column<i64>, EngineError> {
        match of {
            Time::Published => self.published(segment),
            Time::Changed => self.changed(segment),
        }
    }

    /// How much is known of where an article of a segment comes from: outlet and time of publication, 0 to 2.
    pub(super) fn origin(&self, segment: usize, doc: u32) -> Result<usize, EngineError> {
        let outlets = self.index().values(segment, self.fields.outlet)?;
        let outlet = outlets.is_some_and(|column| column.ords().first(doc).is_some());
        Ok(usize::from(outlet) + usize::from(self.published(segment)?.first(doc).is_some()))
    }

    /// The version of an article.
    pub(super) fn seq(&self, address: DocAddress) -> Result<VersionSeq, EngineError> {
        Ok(VersionSeq(self.seqs(address.segment_ord as usize)?.first(address.doc_id).unwrap_or_default()))
    }

    /// Articles as the archive has them.
    pub(super) fn stored(&self, articles: &[Scored]) -> Result<Vec<Stored>, EngineError> {
        let mut archive = self.archive.borrow_mut();
        let stored = |(address, _): &Scored| {
            fence::check();
            Ok(archive.by_seq(self.seq(*address)?)?)
        };
        articles.iter().map(stored).collect()
    }

    /// Resolves names by this collection.
    pub(super) fn names(&self) -> Names<'_> {
        Names::new(self.authority, self)
    }
}

impl Vocabulary for Collection<'_> {
    fn values(&self, field: Field) -> Result<Vec<String>, EngineError> {
        let mut out = Vec::new();
        for segment in self.segments() {
            let index = segment.inverted_index(self.value_field(field))?;
            let mut stream = index.terms().stream()?;
            while let Some((key, _)) = stream.next() {
                out.push(String::from_utf8_lossy(key).into_owned());
            }
        }
        out.sort_unstable();
        out.dedup();
        Ok(out)
    }

    fn has(&self, field: Field, value: &str) -> Result<bool, EngineError> {
        for segment in self.segments() {
            let index = segment.inverted_index(self.value_field(field))?;
            if index.terms().get(value.as_bytes())?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl Statistics for Collection<'_> {
    fn articles(&self) -> f32 {
        self.segments().iter().map(|segment| u64::from(segment.max_doc())).sum::<u64>() as f32
    }

    fn frequency(&self, term: &str) -> Result<u64, EngineError> {
        let mut found = 0;
        for segment in self.segments() {
            let index = segment.inverted_index(self.fields.text)?;
            found += index.terms().get(term.as_bytes())?.map_or(0, |info| u64::from(info.doc_freq));
        }
        Ok(found)
    }
}

/// The columns of a segment, each opened when it is first wanted: the larger the segment, the longer that takes.
#[derive(Default)]
struct Columns {
    seq: OnceLock<Column<u64>>,
    num: OnceLock<Column<u64>>,
    group: OnceLock<Column<u64>>,
    published: OnceLock<Column<i64>>,
    changed: OnceLock<Column<i64>>,
    weight: OnceLock<Column<u64>>,
    /// Those of values, by the number of their field.
    values: Vec<OnceLock<Option<StrColumn>>>,
}

impl Columns {
    fn of(segment: &SegmentReader) -> Self {
        let values = segment.schema().fields().map(|_| OnceLock::new()).collect();
        Self { values, ..Self::default() }
    }
}
