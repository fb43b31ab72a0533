//! Despatch: full-text search over defence-policy news.
//!
//! A folder of articles, indexed and searched:
//!
//! ```
//! use despatch::authority::Authority;
//! use despatch::engine::{Engine, LocalEngine, SearchRequest};
//! use despatch::ingest::{self, Ingest};
//!
//! # let home = tempfile::tempdir()?;
//! # let (articles, index) = (home.path().join("articles"), home.path().join("index"));
//! # std::fs::create_dir(&articles)?;
//! # std::fs::write(articles.join("talks.md"), "# UK and EU resume SAFE talks\n\nThe two sides met in Brussels on Monday.")?;
//! let now = "2026-03-01".parse()?;
//! ingest::run(&Ingest::new(&index, [articles], now), Authority::bundled(), &mut |_| {})?;
//! let mut engine = LocalEngine::open(&index)?;
//! let found = engine.search(&SearchRequest::new("SAFE talks", now))?;
//! assert_eq!((found.total, found.hits[0].title.as_str()), (1, "UK and EU resume SAFE talks"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`architecture`] describes how the parts fit together. Text flows one way, and a room uses only the plain types and
//! the rooms before it:
//!
//! | room | what it does |
//! |---|---|
//! | [`article`] | the plain types: documents as found, articles as kept |
//! | [`source`] | files, folders, archives, feeds → [`article::RawDocument`] |
//! | [`extract`] | a raw document → an [`article::Article`] |
//! | [`analysis`] | text → terms, one chain for index, query, passages and highlights |
//! | [`duplicate`] | wire copy: which texts are copies of one report |
//! | [`diff`] | what changed between two versions of an article, word by word |
//! | [`archive`] | every version of every article, in order, with its places (SQLite) |
//! | [`authority`] | the authority file: headings, variants, broader terms |
//! | [`tag`] | the authority file's actors and topics in an article |
//! | [`quote`] | who said what in an article: direct, indirect and mixed speech with its speakers |
//! | [`event`] | what was done with weapon systems: who ordered, delivered, lost ... what |
//! | [`query`] | query text → a tree whose nodes know their bytes |
//! | [`passage`] | an article's text → passages, scored |
//! | [`index`] | schema, writer and state of the tantivy index |
//! | [`directory`] | the index directory: its files, its lock, its checksums, its headings |
//! | `cluster` | the index on an OpenSearch cluster: its fields, its stories; opens connections to it alone |
//! | [`ingest`] | documents into archive and index; the index rebuilt from the archive |
//! | [`verify`] | what is wrong with an index directory, and what mends it |
//! | [`engine`] | a search request → a response with hits, passages and facet counts |
//! | [`eval`] | judged queries: measures of the ranking |
//! | [`render`] | responses as text for a terminal, JSON, CSV, SVG, Markdown and references |
//! | [`corpus`] | the bundled articles |
//! | [`config`] | settings: default < user file < project file < environment < option |
//! | [`saved`] | searches kept under a name |
//! | [`ask`] | questions in the words of the command line: options, saved searches, addresses |
//! | [`telling`] | what is new since a mark, and digests that tell of it |
//! | `fetch` | followed sources, polite requests, what is due: opens connections to what is followed alone |
//! | `pool` | engines on threads, for many who ask at once |
//! | `mcp` | the archive as tools of an assistant (Model Context Protocol) |
//! | `serve` | the page and the JSON API, behind their gate: the only room that opens a port |
//! | [`cli`] | the command line |

#[doc = include_str!("architecture.md")]
pub mod architecture {}

pub mod analysis;
pub mod archive;
pub mod article;
pub mod ask;
pub mod authority;
pub mod cli;
#[cfg(feature = "cluster")]
pub mod cluster;
pub mod config;
pub mod corpus;
pub mod diff;
pub mod directory;
pub mod duplicate;
pub mod engine;
pub mod eval;
pub mod event;
pub mod extract;
mod fence;
#[cfg(feature = "fetch")]
pub mod fetch;
mod hidden;
pub mod index;
pub mod ingest;
mod leb128;
#[cfg(feature = "serve")]
pub mod mcp;
mod number;
pub mod passage;
mod period;
#[cfg(feature = "serve")]
pub mod pool;
pub mod query;
pub mod quote;
pub mod render;
pub mod saved;
#[cfg(feature = "serve")]
pub mod serve;
pub mod source;
pub mod tag;
pub mod telling;
pub mod verify;
mod wordlist;
