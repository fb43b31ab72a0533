//! Searching: a request in, a response out.
//!
//! Three layers answer a request, and only the middle one knows where the postings are:
//!
//! 1. `bind` turns a query tree and filters into a bound query: names resolved to the terms of the index, words analysed,
//!    weights given. It is free of any index type.
//! 2. `local` matches, scores and counts a bound query over the tantivy index of a directory.
//! 3. `show` makes hits of stored articles: passages, highlights, copies.
//!
//! [`Engine`] is the interface; [`LocalEngine`] is the engine over an index directory of this machine.
//!
//! ```
//! use despatch::engine::{
//!     Engine, Explanation, Facet, FacetCount, FacetRequest, FacetRest, Filters, LocalEngine, ScorePart, SearchRequest,
//!     Series, TimelineRequest, TimelineResponse,
//! };
//! # use despatch::authority::Authority;
//! # use despatch::ingest::{self, Ingest};
//! # let home = tempfile::tempdir()?;
//! # let (articles, index) = (home.path().join("articles"), home.path().join("index"));
//! # std::fs::create_dir(&articles)?;
//! # let text = "---\ndate: 2026-02-27\n---\n# UK and EU resume SAFE talks\n\nThe two sides met in Brussels.";
//! # std::fs::write(articles.join("talks.md"), text)?;
//! let now = "2026-03-01".parse()?;
//! # ingest::run(&Ingest::new(&index, [articles], now), Authority::bundled(), &mut |_| {})?;
//! let mut engine = LocalEngine::open(&index)?;
//!
//! let filters = Filters { actor: vec!["UK".into()], ..Filters::default() };
//! let found = engine.search(&SearchRequest { filters, explain: true, ..SearchRequest::new("talks", now) })?;
//! let why: Explanation = found.explanation.ok_or("none")?;
//! assert_eq!(why.clauses[1].clause, "--actor UK");
//! let parts: &[ScorePart] = &found.hits[0].score_parts;
//! let score: f32 = parts.iter().map(|part| part.value).sum();
//! assert!((score - found.hits[0].score).abs() < 1e-3);
//!
//! let counted = engine.facets(&FacetRequest::new("talks", vec![Facet::Actor], now))?;
//! let actors: &[FacetCount] = &counted.counts[&Facet::Actor];
//! let rest: FacetRest = counted.rest[&Facet::Actor];
//! assert!(actors.iter().any(|actor| actor.label == "United Kingdom") && rest.without == 0);
//!
//! let timeline: TimelineResponse = engine.timeline(&TimelineRequest {
//!     query: "talks".into(),
//!     filters: Filters::default(),
//!     by: Some(Facet::Actor),
//!     per: Facet::Month,
//!     limit: 1,
//!     below: None,
//!     all_copies: false,
//!     now,
//! })?;
//! let series: &Series = &timeline.series[0];
//! assert_eq!((timeline.periods[0].as_str(), series.counts[0]), ("2026-02", 1));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod absent;
pub(crate) mod alternatives;
mod bind;
mod bm25;
mod closeness;
#[cfg(feature = "cluster")]
mod cluster;
mod error;
mod events;
mod evidence;
mod explain;
mod feedback;
mod label;
mod level;
mod local;
mod pairs;
mod parallel;
mod period;
mod period_counts;
mod quoted;
mod ranking;
mod request;
mod response;
mod rewrite;
mod show;
mod similar;
mod statements;
mod statistics;
mod surprise;
mod timetable;
mod weighed;
mod why;

#[cfg(feature = "cluster")]
pub use cluster::ClusterEngine;
pub use error::EngineError;
pub use local::LocalEngine;
pub use period::MOST_PERIODS;
pub(crate) use period::{name as period_name, number as period_number};
pub use quoted::{QuotesRequest, QuotesResponse, Statement};
pub use request::{
    ArrivalsRequest, Facet, FacetRequest, FacetSort, Filters, Matching, PairSort, PairsRequest, SearchRequest, Sort,
    TimelineRequest,
};
pub use response::{
    Arrival, Arrivals, ClauseCount, Explanation, FacetCount, FacetResponse, FacetRest, FirstCopy, Heading, Highlight,
    Hit, HitEvent, Pair, PairCount, PairPeriod, PairsResponse, Passage, Reach, Request, ScorePart, SearchResponse,
    Series, TimelineResponse,
};
pub use why::{Demand, Standing, Verdict, WhyPart, WhyResponse};

/// Answers requests over a collection of articles.
pub trait Engine {
    /// Finds articles and their best passages.
    ///
    /// # Errors
    ///
    /// Fails where the query or a filter names something that does not exist, or the index cannot be read.
    fn search(&mut self, request: &SearchRequest) -> Result<SearchResponse, EngineError>;

    /// The identifiers and scores of the hits that [`Engine::search`] finds, in the same order, without their texts.
    ///
    /// # Errors
    ///
    /// As [`Engine::search`].
    fn rank(&mut self, request: &SearchRequest) -> Result<Vec<(String, f32)>, EngineError>;

    /// Finds the articles most like one, by its most telling words: frequent in it and rare elsewhere. The article and the
    /// copies of its story are left out. `request.query` is ignored.
    ///
    /// # Errors
    ///
    /// Fails where no article has the identifier, a filter names something that does not exist, or the index cannot be read.
    fn similar(&mut self, id: &str, request: &SearchRequest) -> Result<SearchResponse, EngineError>;

    /// Says why an article is a hit of [`Engine::search`], or why not. The limit and offset of the request do not matter.
    ///
    /// # Errors
    ///
    /// Fails where no article has the identifier; otherwise as [`Engine::search`].
    fn why(&mut self, id: &str, request: &SearchRequest) -> Result<WhyResponse, EngineError>;

    /// Counts articles by facets.
    ///
    /// # Errors
    ///
    /// As [`Engine::search`].
    fn facets(&mut self, request: &FacetRequest) -> Result<FacetResponse, EngineError>;

    /// Counts articles by the values of a facet over time.
    ///
    /// # Errors
    ///
    /// As [`Engine::search`].
    fn timeline(&mut self, request: &TimelineRequest) -> Result<TimelineResponse, EngineError>;

    /// Finds which of the articles that [`Engine::search`] counts came in after a version.
    ///
    /// # Errors
    ///
    /// As [`Engine::search`].
    fn arrivals(&mut self, request: &ArrivalsRequest) -> Result<Arrivals, EngineError>;

    /// Finds what was said.
    ///
    /// # Errors
    ///
    /// As [`Engine::search`].
    fn quotes(&mut self, request: &QuotesRequest) -> Result<QuotesResponse, EngineError>;

    /// Counts actors that appear together.
    ///
    /// # Errors
    ///
    /// As [`Engine::search`].
    fn pairs(&mut self, request: &PairsRequest) -> Result<PairsResponse, EngineError>;
}
