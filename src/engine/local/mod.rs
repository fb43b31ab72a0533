//! The engine over an index directory of this machine.
//!
//! [`matches::Matches`] is a query matched: the bound query is weighted ([`weight`]: postings looked up, idf), and each segment
//! scored ([`segment`]: sets of articles, and an array of scores). Searches then collapse copies, rank and rescore
//! ([`search`]); facets, timelines and pairs count the sets.

mod arrivals;
mod collapse;
mod collection;
mod doc_set;
mod events;
mod explain;
mod facets;
mod fuzzy;
mod headings;
mod hits;
mod lookup;
mod matches;
mod pairs;
mod period_counts;
mod phrase;
mod posting_list;
mod quotes;
mod rescore;
mod search;
mod segment;
mod similar;
mod timeline;
mod top_docs;
mod value_counts;
mod weighed;
mod weight;
mod why;
mod word_counts;

use std::path::Path;

use super::quoted::{QuotesRequest, QuotesResponse};
use super::request::{ArrivalsRequest, FacetRequest, PairsRequest, SearchRequest, TimelineRequest};
use super::response::{Arrivals, FacetResponse, Hit, PairsResponse, SearchResponse, TimelineResponse};
use super::why::WhyResponse;
use super::{Engine, EngineError};
use crate::archive::{Archive, VersionSeq};
use crate::authority::Authority;
use crate::directory::headings as own_headings;
use crate::index::Snapshot;
use crate::ingest::{self, IngestError};
use collection::Collection;
use search::Selection;

/// The engine over an open archive and index.
pub struct LocalEngine<'a>(Collection<'a>);

impl std::fmt::Debug for LocalEngine<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LocalEngine").field("archive", &self.0.archive).finish_non_exhaustive()
    }
}

impl LocalEngine<'static> {
    /// An engine over the index of a directory, with the headings that the index was made with. Headings of its own stay in
    /// memory until the process ends.
    ///
    /// # Errors
    ///
    /// [`IngestError::Outdated`] where the index was made by other rules; where there is none or it cannot be read.
    pub fn open(dir: &Path) -> Result<Self, IngestError> {
        let own = own_headings::for_reading(dir)?;
        let authority = own.map_or_else(Authority::bundled, |authority| Box::leak(Box::new(authority)));
        let (archive, index) = ingest::open(dir, authority)?;
        Ok(Self::new(archive, index, authority))
    }
}

impl<'a> LocalEngine<'a> {
    /// An engine over an open archive and its index.
    pub fn new(archive: Archive, index: Snapshot, authority: &'a Authority) -> Self {
        Self(Collection::new(archive, index, authority))
    }

    /// The archive, as it was when the index was opened.
    pub fn archive(&mut self) -> &mut Archive {
        self.0.archive.get_mut()
    }

    /// The headings with which the index was made.
    pub fn authority(&self) -> &'a Authority {
        self.0.authority
    }

    /// A search, and counts of what it matches, from one matching: what a page shows. Query and filters of the counts are
    /// those of the search.
    ///
    /// # Errors
    ///
    /// As [`Engine::search`].
    pub fn search_and_count(
        &mut self,
        search: &SearchRequest,
        counts: &FacetRequest,
    ) -> Result<(SearchResponse, FacetResponse), EngineError> {
        let selection = Selection::of(&self.0, search)?;
        let counts = facets::facets_of(&self.0, &selection.matches, counts)?;
        Ok((selection.respond(&self.0, search)?, counts))
    }

    /// The hit that an article is for a request, whether it matches or not; its rank is 0.
    ///
    /// # Errors
    ///
    /// Fails where no article has the identifier; otherwise as [`Engine::search`].
    pub fn hit(&mut self, id: &str, request: &SearchRequest) -> Result<Hit, EngineError> {
        why::hit(&self.0, id, request)
    }

    /// The last version that the index covers.
    pub fn upto(&self) -> VersionSeq {
        self.0.upto
    }
}

impl Engine for LocalEngine<'_> {
    fn search(&mut self, request: &SearchRequest) -> Result<SearchResponse, EngineError> {
        Selection::of(&self.0, request)?.respond(&self.0, request)
    }

    fn rank(&mut self, request: &SearchRequest) -> Result<Vec<(String, f32)>, EngineError> {
        Selection::of(&self.0, request)?.ids(&self.0, request)
    }

    fn similar(&mut self, id: &str, request: &SearchRequest) -> Result<SearchResponse, EngineError> {
        similar::similar(&self.0, id, request)
    }

    fn why(&mut self, id: &str, request: &SearchRequest) -> Result<WhyResponse, EngineError> {
        why::why(&self.0, id, request)
    }

    fn facets(&mut self, request: &FacetRequest) -> Result<FacetResponse, EngineError> {
        facets::facets(&self.0, request)
    }

    fn timeline(&mut self, request: &TimelineRequest) -> Result<TimelineResponse, EngineError> {
        timeline::timeline(&self.0, request)
    }

    fn arrivals(&mut self, request: &ArrivalsRequest) -> Result<Arrivals, EngineError> {
        arrivals::arrivals(&self.0, request)
    }

    fn quotes(&mut self, request: &QuotesRequest) -> Result<QuotesResponse, EngineError> {
        quotes::quotes(&self.0, request)
    }

    fn pairs(&mut self, request: &PairsRequest) -> Result<PairsResponse, EngineError> {
        pairs::pairs(&self.0, request)
    }
}
