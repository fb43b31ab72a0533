//! What a run did, and what it reports while it is under way.

use std::collections::BTreeMap;

/// What a run did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Sources that were to be asked.
    pub sources: u64,
    /// Those that had nothing new.
    pub unchanged: u64,
    /// Those that had something new.
    pub with_news: u64,
    /// Those that failed.
    pub failing: u64,
    /// Those that have to wait, as their hosts want to be left alone.
    pub waiting: u64,
    /// Articles that were not there before.
    pub new: u64,
    /// Articles with another text than they had.
    pub changed: u64,
    /// Articles of which there was a summary, and is the page now.
    pub completed: u64,
    /// Articles that stay as their source gives them, because their page does not show them.
    pub held: u64,
    /// Why these are: how many by the reason.
    pub held_by: BTreeMap<String, u64>,
    /// Pages that could not be had now and are asked again, by the status of the answer; 0 where there was none.
    pub again_by: BTreeMap<u16, u64>,
    /// Pages whose stories are kept and that answered when they were asked again.
    pub rechecked: u64,
    /// Articles whose pages are not there any more, by this run.
    pub gone: u64,
    /// Pages that are still to be asked for.
    pub pages_waiting: u64,
    /// Sources that became failing in this run.
    pub became_failing: u64,
    /// Faults of any kind.
    pub faults: u64,
    /// Those that failed, each with its fault.
    pub faulty: Vec<(String, String)>,
    /// Whether it ended early, as it was told to.
    pub stopped: bool,
    /// Whether no source could be reached at all.
    pub no_network: bool,
    /// What the user is to be told once.
    pub news: Vec<String>,
}

/// An address that was asked, or an entry or page that was taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fetched {
    /// Name of the source.
    pub source: String,
    /// The address.
    pub url: String,
    /// The status of the answer.
    pub status: Option<u16>,
    /// `new`, `changed`, `unchanged`, `held`, `waiting` or `fault`.
    pub outcome: &'static str,
    /// Identifier of the article.
    pub id: Option<String>,
    /// Bytes of the decoded body.
    pub bytes: u64,
    /// Milliseconds until it was there.
    pub ms: u64,
    /// What went wrong, or why it is held.
    pub fault: Option<String>,
}

/// What a run reports while it is under way.
#[derive(Debug)]
pub enum Line<'a> {
    /// Something was asked for or taken.
    Fetched(&'a Fetched),
    /// A document that gave no article, or was damaged.
    Warning(&'a str),
}
