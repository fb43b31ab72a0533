//! What actors did with weapon systems, where a sentence says it plainly: who ordered, delivered, gave, tested, deployed,
//! lost, cancelled or approved what.
//!
//! Two forms are read: `Alda has ordered 32 F-35A jets` and `32 F-35A jets were ordered by Alda`. Between the actor, the
//! verb and the system stand only words of the [`lists`]. All else is left out: plans, wishes, denials, conditions and
//! questions, and systems that only help to name something else (`F-35 pilots`). Precision goes before recall.
//!
//! ```
//! use despatch::article::Article;
//! use despatch::authority::Authority;
//! use despatch::event::{Class, events};
//! use despatch::tag::Tagger;
//!
//! let article = Article { text: "Last week Germany ordered 18 more Leopard 2A8 tanks.".into(), ..Article::default() };
//! let tags = Tagger::new(Authority::bundled()).tag(&article);
//! let found = &events(&article, &tags).text[0];
//! assert_eq!((found.class, found.actor.as_str()), (Class::Order, "state/germany"));
//! assert_eq!(&article.text[found.start..found.end], "Germany ordered 18 more Leopard 2A8");
//! ```

mod lists;
mod sentence;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::analysis::{Words, words};
use crate::article::Article;
use crate::tag::Tags;

/// What an actor did with a system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Ordered or bought it.
    Order,
    /// Delivered or sent it.
    Deliver,
    /// Gave it away.
    Donate,
    /// Tested it.
    Test,
    /// Deployed or stationed it.
    Deploy,
    /// Lost it.
    Lose,
    /// Cancelled its purchase or development.
    Cancel,
    /// Approved its purchase, sale or development.
    Approve,
}

impl Class {
    /// All classes.
    pub const ALL: [Self; 8] =
        [Self::Order, Self::Deliver, Self::Donate, Self::Test, Self::Deploy, Self::Lose, Self::Cancel, Self::Approve];

    /// The name that lists, formats and the command line use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Deliver => "deliver",
            Self::Donate => "donate",
            Self::Test => "test",
            Self::Deploy => "deploy",
            Self::Lose => "lose",
            Self::Cancel => "cancel",
            Self::Approve => "approve",
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Class {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|class| class.as_str() == name).ok_or(())
    }
}

/// Something that an actor did with a system. Offsets are bytes of the title or text that it stands in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// What was done.
    pub class: Class,
    /// The actor's id.
    pub actor: String,
    /// The id of the system or programme.
    pub system: String,
    /// First byte of the words that say so: of the actor or the system, whichever comes first.
    pub start: usize,
    /// One past the last byte of actor, verb and system.
    pub end: usize,
}

/// The events of an article, in reading order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Events {
    /// Those of the title.
    pub title: Vec<Event>,
    /// Those of the text.
    pub text: Vec<Event>,
}

/// Finds what was done with systems. Takes time in proportion to the length of the article. The rules are those of English.
pub fn events(article: &Article, tags: &Tags) -> Events {
    if tags.systems.is_empty() {
        return Events::default();
    }
    events_of_words(article, tags, &words(&article.title), &words(&article.text))
}

/// As [`events`], for an article whose title and text are already cut into words.
pub(crate) fn events_of_words(article: &Article, tags: &Tags, title: &Words, text: &Words) -> Events {
    if tags.systems.is_empty() {
        return Events::default();
    }
    Events {
        title: sentence::events(&article.title, title, &tags.title_mentions, true),
        text: sentence::events(&article.text, text, &tags.mentions, false),
    }
}

#[cfg(test)]
mod tests;
