//! Despatch: full-text search over defence-policy news.
//!
//! Text flows one way, and a room uses only the plain types and the rooms before it:
//!
//! | room | what it does |
//! |---|---|
//! | [`article`] | the plain types of the news side |
//! | [`source`] | files, folders, archives, feeds → [`article::RawDocument`] |
//! | [`extract`] | a raw document → an [`article::Article`] |
//! | [`analysis`] | text → terms, one chain for index, query, passages and highlights |
//! | [`authority`] | the authority file: headings, variants, broader terms |
//! | [`tag`] | the authority file's actors and topics in an article |

pub mod analysis;
pub mod article;
pub mod authority;
pub mod extract;
pub mod source;
pub mod tag;
