//! Finding the authority file's actors and topics in an article.
//!
//! [`Tagger::tag`] cuts title and text into numbered words ([`doc`], [`lexicon`]), finds the longest variants among them
//! ([`matcher`], over the trie of [`index`]), and then decides, from what is certain to what is not: names, names defined in
//! the article, weak names, places that act ([`metonym`]), shared names and offices by country and date ([`office`]), surnames
//! ([`surname`]), and last the names that no heading covers ([`unlisted`]). [`topic`] uses the same words.

mod context;
mod doc;
mod index;
mod lexicon;
mod lists;
mod matcher;
mod metonym;
mod office;
mod surname;
mod topic;
mod unlisted;
mod weak;
mod work;

use serde::{Deserialize, Serialize};

use crate::article::Article;
use crate::authority::Authority;
use doc::Doc;
use index::Index;
use lexicon::Lexicon;
use topic::Topics;
use work::Work;

/// How a mention was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Via {
    /// The heading itself.
    Name,
    /// Another name.
    Alias,
    /// An abbreviation in capitals.
    Acronym,
    /// A surname after the full name.
    Surname,
    /// An adjective or the inhabitants' name.
    Demonym,
    /// A place that stands for the actor.
    Metonym,
    /// The office that the actor holds.
    Office,
    /// No heading covers it.
    Unlisted,
}

/// A place in a text where an actor is mentioned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// First byte in the text (or title) it belongs to.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// The actor's id; `unlisted/SLUG` for a name without a heading.
    pub actor: String,
    /// `person`, `state`, `alliance`, `body`, `force`, `group`, `company`, `party`, `office`.
    pub kind: String,
    /// How it was found.
    pub via: Via,
}

/// An actor of an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActorTag {
    /// The actor's id.
    pub actor: String,
    /// Number of mentions in title and text.
    pub mentions: u32,
}

/// A topic of an article.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TopicTag {
    /// The topic's id.
    pub topic: String,
    /// Weight of the evidence.
    pub weight: f32,
}

/// All that tagging finds in an article.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Tags {
    /// Mentions in the title, in order, apart.
    pub title_mentions: Vec<Mention>,
    /// Mentions in the text, in order, apart.
    pub mentions: Vec<Mention>,
    /// The actors, most mentioned first.
    pub actors: Vec<ActorTag>,
    /// The topics, heaviest first; a child's parent is among them.
    pub topics: Vec<TopicTag>,
}

/// Finds actors and topics; made once, used for many articles.
#[derive(Debug)]
pub struct Tagger<'a> {
    authority: &'a Authority,
    lexicon: Lexicon,
    index: Index,
    topics: Topics,
}

impl<'a> Tagger<'a> {
    /// A tagger for an authority file.
    pub fn new(authority: &'a Authority) -> Self {
        let mut lexicon = Lexicon::new();
        let index = Index::new(authority, &mut lexicon);
        let topics = Topics::new(authority, &mut lexicon);
        Self { authority, lexicon, index, topics }
    }

    /// Finds the actors and topics of an article.
    pub fn tag(&mut self, article: &Article) -> Tags {
        self.lexicon.prune();
        let doc = Doc::new(article, &mut self.lexicon);
        let matches = matcher::scan(&doc, &self.index);
        let mut work = Work::new(&self.index, self.authority, article, &doc, matches);
        work.run();
        let mut tags = work.tags();
        tags.topics = self.topics.find(&doc);
        tags
    }
}
