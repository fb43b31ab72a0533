//! The index on a cluster: OpenSearch in place of the tantivy folder, as a cache of the archive.
//!
//! | part | what it does |
//! |---|---|
//! | [`Address`] | where the cluster is, and the name under which indices stand there |
//! | [`Cluster`] | requests, their errors in words, and trying again where the cluster is busy |
//! | `schema` | the fields of an index |
//! | `tape` | the tokens of an article in one string, which the cluster's analysers take apart |
//! | `story` | a story with its copies, as the cluster holds it |
//! | `bulk` | many stories in one request |
//! | `listing` | the articles that an index holds, and how the cluster does |
//! | `state` | which index holds an archive, and up to which version |
//!
//! A story is one document and its copies are nested in it, so that the number of documents that match is the number of
//! stories. Words are analysed here and not on the cluster, so that both indices have the same terms at the same positions.
//!
//! [`operators`] says what an index costs on a cluster, and what to look after.
//!
//! Beside `fetch`, this is the only room that opens a connection, and only to the cluster that the user names.

#[doc = include_str!("operators.md")]
pub mod operators {}

mod address;
mod bulk;
mod error;
mod http;
mod listing;
pub(crate) mod schema;
pub(crate) mod state;
pub(crate) mod story;
mod tape;

pub use address::{Address, Credentials};
pub(crate) use bulk::bulk;
pub use error::ClusterError;
pub use http::Cluster;
pub(crate) use http::each_page;
pub(crate) use listing::Health;
pub(crate) use tape::{EVERY, key};
