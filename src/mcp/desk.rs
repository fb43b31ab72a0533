//! What a tool has at hand while it answers.

use std::fmt;
use std::path::PathBuf;

use super::answer::Record;
use super::arguments::Arguments;
use super::refusal::Refusal;
use crate::archive::{digest, hex};
use crate::article::Moment;
use crate::ask::{Asked, FilterArgs, Here};
use crate::engine::{Engine, Filters, LocalEngine, Matching, SearchRequest};

/// A page that explains something, as `despatch help` prints it.
#[derive(Debug, Clone)]
pub struct Page {
    /// Its name.
    pub name: &'static str,
    /// What it is about.
    pub about: &'static str,
    /// Its text.
    pub text: String,
}

/// What a server is started with.
pub struct Setup {
    /// The index directory.
    pub index: PathBuf,
    /// The present, in the user's time zone.
    pub now: Box<dyn Fn() -> Moment + Send + Sync>,
    /// How many words must match where a question does not say it.
    pub matching: Option<Matching>,
    /// Whether short queries learn words from their best articles.
    pub feedback: bool,
    /// Answers are texts alone: definitions have no schema of answers, and answers no structure.
    pub text_only: bool,
    /// Answers say from which files articles were read.
    pub show_paths: bool,
    /// The pages that assistants can read.
    pub pages: Vec<Page>,
}

impl fmt::Debug for Setup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Setup").field("index", &self.index).finish_non_exhaustive()
    }
}

/// An engine with all that an answer needs beside it.
pub(super) struct Desk<'e, 'a> {
    pub(super) engine: &'e mut LocalEngine<'a>,
    pub(super) setup: &'e Setup,
    pub(super) now: Moment,
}

impl<'e, 'a> Desk<'e, 'a> {
    pub(super) fn new(engine: &'e mut LocalEngine<'a>, setup: &'e Setup) -> Self {
        Self { engine, setup, now: (setup.now)() }
    }

    /// A question with the saved search that it may name.
    pub(super) fn asked(&self, words: &[String], filters: &FilterArgs) -> Result<Asked, Refusal> {
        let here = Here { index: &self.setup.index, now: self.now, matching: None };
        let mut asked = here.asked(words, filters)?;
        asked.filters.matching = asked.filters.matching.or(self.setup.matching);
        Ok(asked)
    }

    /// Where nothing was found: the parts of the question without which something is, and queries that find something.
    pub(super) fn why_nothing(&mut self, query: &str, filters: &Filters, head: Record) -> Result<Record, Refusal> {
        let request =
            SearchRequest { filters: filters.clone(), limit: 0, passages: 0, ..SearchRequest::new(query, self.now) };
        let found = self.engine.search(&request)?;
        Ok(super::search::why_nothing(&found, head))
    }
}

/// Where a page of an answer begins.
pub(super) struct Cursor {
    pub(super) offset: usize,
    /// The question, and the state of the index.
    mark: String,
}

impl Cursor {
    /// The place at which the argument `cursor` lets an answer begin. All arguments that a page may not change must be
    /// left in `arguments`.
    ///
    /// # Errors
    ///
    /// Fails where it belongs to another question, or the index has changed since.
    pub(super) fn take(desk: &Desk<'_, '_>, arguments: &mut Arguments) -> Result<Self, Refusal> {
        let given = arguments.text("cursor")?;
        let question = format!("{} {}", desk.engine.upto().0, arguments.written());
        let mark = hex(&digest(question.as_bytes())[..6]);
        let Some(given) = given else { return Ok(Self { offset: 0, mark }) };
        let place = given.split_once('-').filter(|(_, other)| *other == mark);
        let offset = place.and_then(|(offset, _)| offset.parse().ok()).ok_or_else(|| {
            Refusal::new(
                "This cursor is of another question, or the index has changed since. Call again without cursor, with \
                 the same arguments.",
            )
        })?;
        Ok(Self { offset, mark })
    }

    /// The cursor of what follows the first `shown` rows of this page, where it may have more than these.
    pub(super) fn next(&self, shown: usize, more: bool) -> Option<String> {
        (more && shown > 0).then(|| format!("{}-{}", self.offset + shown, self.mark))
    }
}
