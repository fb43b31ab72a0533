//! The engine over the index of a cluster, and the archive that it was made of.
//!
//! The cluster finds and counts ([`translate`]: a bound query as a filter; [`matching`]: which stories count; [`facets`],
//! [`timeline`]). Scores are its BM25 with the parameters of the local index; feedback and closeness are computed here, from
//! the texts in the archive ([`best`], [`search`]), and so are passages and marks ([`hits`]).

mod best;
mod explain;
mod facets;
mod hits;
mod matching;
mod pairs;
mod quotes;
mod remote;
mod rescore;
mod scores;
mod search;
mod sieve;
mod similar;
mod timeline;
mod translate;
mod weighed;

use super::quoted::{QuotesRequest, QuotesResponse};
use super::request::{ArrivalsRequest, FacetRequest, PairsRequest, SearchRequest, TimelineRequest};
use super::response::{Arrivals, FacetResponse, PairsResponse, SearchResponse, TimelineResponse};
use super::why::WhyResponse;
use super::{Engine, EngineError};
use crate::archive::Archive;
use crate::authority::Authority;
use crate::cluster::Cluster;
use remote::Remote;

/// The engine over an archive and its index on a cluster.
pub struct ClusterEngine<'a>(Remote<'a>);

impl std::fmt::Debug for ClusterEngine<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClusterEngine").field("cluster", &self.0.cluster).finish_non_exhaustive()
    }
}

impl<'a> ClusterEngine<'a> {
    /// An engine over an archive and the index that a cluster has of it.
    ///
    /// # Errors
    ///
    /// Fails where the cluster cannot be reached, or has no index of this archive that was made by these headings.
    pub fn open(archive: Archive, authority: &'a Authority, cluster: Cluster) -> Result<Self, EngineError> {
        Ok(Self(Remote::open(archive, authority, cluster)?))
    }
}

/// What the local index answers and that of a cluster does not.
fn only_here<T>(what: &str) -> Result<T, EngineError> {
    Err(EngineError::unsupported(what, "leave out --backend: the local index answers it, and is brought up first"))
}

impl Engine for ClusterEngine<'_> {
    fn search(&mut self, request: &SearchRequest) -> Result<SearchResponse, EngineError> {
        search::search(&self.0, request)
    }

    fn rank(&mut self, request: &SearchRequest) -> Result<Vec<(String, f32)>, EngineError> {
        search::rank(&self.0, request)
    }

    fn similar(&mut self, id: &str, request: &SearchRequest) -> Result<SearchResponse, EngineError> {
        similar::similar(&self.0, id, request)
    }

    fn why(&mut self, _: &str, _: &SearchRequest) -> Result<WhyResponse, EngineError> {
        only_here("why an article is found")
    }

    fn facets(&mut self, request: &FacetRequest) -> Result<FacetResponse, EngineError> {
        facets::facets(&self.0, request)
    }

    fn timeline(&mut self, request: &TimelineRequest) -> Result<TimelineResponse, EngineError> {
        timeline::timeline(&self.0, request)
    }

    fn arrivals(&mut self, _: &ArrivalsRequest) -> Result<Arrivals, EngineError> {
        only_here("what came in")
    }

    fn quotes(&mut self, request: &QuotesRequest) -> Result<QuotesResponse, EngineError> {
        quotes::quotes(&self.0, request)
    }

    fn pairs(&mut self, request: &PairsRequest) -> Result<PairsResponse, EngineError> {
        pairs::pairs(&self.0, request)
    }
}
