//! The Model Context Protocol: an archive as tools of an assistant.
//!
//! | part | what it does |
//! |---|---|
//! | [`Server`] | what the protocol asks for, handed to a free engine of the pool |
//! | `tools`, `schema` | the definitions; `arguments` checks a call against them |
//! | `search`, `read`, `count`, `together`, `quotes`, `names` | a question to the engine, its answer as facts |
//! | `answer`, `fence` | facts as text and as JSON; what came out of articles cleaned, and between marks |
//! | `refusal` | errors from which a model can do better |
//! | `resources`, `prompts`, `complete` | the rest of the protocol |
//! | [`serve`], [`service`] | on standard input and output, over HTTP |
//!
//! Arguments have the names of the long options of the command line, and are read by the same code.
//!
//! # What an article can do
//!
//! A model reads what the tools answer, and an article can contain a sentence that is written for it. No server can
//! keep a model from following it. These hold:
//!
//! * The tools read and do nothing else. What could carry words out of the house must come from another server.
//! * All that came out of an article stands between two lines with a number that is drawn for each answer, and is said
//!   to be quoted; within, titles and names are on one line, and the lines of a text begin with `>` or stand in a fence
//!   of their own. What cannot be seen is dropped.
//! * No word of an article is in a definition, in the instructions or in a prompt; in an error a name is cleaned,
//!   quoted and short.
//! * No answer names a file of this machine, unless the server was started to do so.
//!
//! ```
//! # use despatch::authority::Authority;
//! # use despatch::ingest::{self, Ingest};
//! use despatch::mcp::{Server, Setup};
//! use despatch::pool::{Limits, Pool};
//!
//! # let home = tempfile::tempdir()?;
//! # let (articles, index) = (home.path().join("articles"), home.path().join("index"));
//! # std::fs::create_dir(&articles)?;
//! # std::fs::write(articles.join("talks.md"), "# UK and EU resume SAFE talks\n\nThe two sides met in Brussels.")?;
//! let now = "2026-03-01".parse()?;
//! # ingest::run(&Ingest::new(&index, [articles], now), Authority::bundled(), &mut |_| {})?;
//! let pool = Pool::new(&index, Limits::default())?;
//! let setup = Setup {
//!     index,
//!     now: Box::new(move || now),
//!     matching: None,
//!     feedback: true,
//!     text_only: false,
//!     show_paths: false,
//!     pages: Vec::new(),
//! };
//! let server = Server::new(pool, setup)?; // despatch::mcp::serve(server) answers on standard input and output
//! # drop(server);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answer;
mod arguments;
mod complete;
mod count;
mod desk;
mod fence;
mod http;
mod names;
mod prompts;
mod quotes;
mod read;
mod refusal;
mod resources;
mod schema;
mod search;
mod server;
mod source;
mod stdio;
mod together;
mod tools;
mod wording;

pub use desk::{Page, Setup};
pub use http::{LONGEST, service};
pub use server::Server;
pub use stdio::{over, serve};
