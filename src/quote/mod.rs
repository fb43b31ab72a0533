//! Who said what: direct, indirect and mixed speech in an article, with cue and speaker.
//!
//! [`quotes`] reads a title or text paragraph by paragraph ([`reader`]). [`markup`] finds what is no text, [`marks`] what
//! stands in quotation marks, and [`pieces`] makes a paragraph a row of words and whole quotations. In each sentence
//! [`subject`] finds the noun phrases around a verb, [`cues`] the verbs and nouns of speech, and [`statement`] what each
//! of them says: a [`clause`] or a noun, without the [`gloss`] that the article's author adds. [`content`] makes quotes
//! of that, and [`doubt`] marks those that may be nobody's words.
//!
//! [`lone`] gives the quotations that have no cue of their own to the speaker of what stands before or after, [`labels`]
//! knows transcripts and headlines, [`other_languages`] verbs beside quotations that are not English, and [`speaker`] finds
//! the actor whom a speaker's words mean. What is known of single words stands in the [`lists`].
//!
//! ```
//! use despatch::article::Article;
//! use despatch::authority::Authority;
//! use despatch::quote::{Kind, quotes};
//! use despatch::tag::Tagger;
//!
//! let article = Article { text: "“Europe must pay,” Keir Starmer said. He added that it would.".into(), ..Article::default() };
//! let tags = Tagger::new(Authority::bundled()).tag(&article);
//! let found = quotes(&article, &tags).text;
//! assert_eq!((found[0].kind, &article.text[found[0].start..found[0].end]), (Kind::Direct, "Europe must pay,"));
//! assert_eq!((found[1].kind, &article.text[found[1].start..found[1].end]), (Kind::Indirect, "it would"));
//! let actor = |n: usize| found[n].speaker.as_ref().and_then(|speaker| speaker.actor.as_deref());
//! assert_eq!((actor(0), actor(1)), (Some("person/keir-starmer"), Some("person/keir-starmer")));
//! ```

mod clause;
mod content;
mod cues;
mod doubt;
mod gloss;
mod labels;
mod lists;
mod lone;
mod marks;
mod markup;
mod other_languages;
mod pieces;
mod reader;
mod speaker;
mod statement;
mod subject;

use serde::{Deserialize, Serialize};

use crate::analysis::{Words, words};
use crate::article::Article;
use crate::tag::{Tags, Via};

/// How somebody's words are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// In quotation marks, or after the speaker's label.
    Direct,
    /// In the words of the article.
    Indirect,
    /// In the words of the article, with some of the speaker's own in quotation marks.
    Mixed,
}

/// Who speaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Speaker {
    /// First byte of the words for the speaker.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// The words: a name, a pronoun, `the minister`.
    pub surface: String,
    /// The actor's id, where the words are a mention or the text decides whom they mean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// How the mention of the actor was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<Via>,
    /// The ids of those who say it with that actor: Merkel of `Macron and Merkel`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
}

impl Speaker {
    /// All whom its words mean.
    pub(crate) fn actors(&self) -> impl Iterator<Item = &String> {
        self.actor.iter().chain(&self.also)
    }
}

/// Somebody's words in an article. All offsets are bytes of the title or text that it stands in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// First byte of what was said, after its quotation mark.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// How it is given.
    pub kind: Kind,
    /// First byte of the verb or noun of speech and one past its last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cue: Option<(usize, usize)>,
    /// Who speaks, where the text tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speaker: Option<Speaker>,
    /// Whether it is a guess who speaks, or that anybody said this at all.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub doubtful: bool,
}

/// The quotes of an article, in reading order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quotes {
    /// Those of the title.
    pub title: Vec<Quote>,
    /// Those of the text.
    pub text: Vec<Quote>,
}

/// Finds who said what. Takes time in proportion to the length of the article. The rules are those of English; in some other
/// languages what stands in quotation marks beside a verb of speech is found.
pub fn quotes(article: &Article, tags: &Tags) -> Quotes {
    quotes_of_words(article, tags, &words(&article.title), &words(&article.text))
}

/// As [`quotes`], for an article whose title and text are already cut into words.
pub(crate) fn quotes_of_words(article: &Article, tags: &Tags, title: &Words, text: &Words) -> Quotes {
    let mut quotes = Quotes {
        title: reader::read(&article.title, title, &tags.title_mentions, reader::Part::Title),
        text: reader::read(&article.text, text, &tags.mentions, reader::Part::Text),
    };
    let dateline = end_of_dateline(article);
    // `BREST: France will …`: the place is no speaker.
    let place = |quote: &Quote| quote.speaker.as_ref().is_some_and(|speaker| speaker.end <= dateline);
    quotes.text.retain(|quote| quote.cue.is_some() || !place(quote));
    for quote in quotes.text.iter_mut().filter(|quote| quote.start < dateline && dateline < quote.end) {
        quote.start = dateline;
    }
    quotes
}

/// The first byte of the text behind its dateline, which nobody said: `BREST: France will …`.
fn end_of_dateline(article: &Article) -> usize {
    let dateline = article.dateline.as_ref().map_or("", |dateline| dateline.text.as_str());
    let rest = article.text.strip_prefix(dateline).unwrap_or(&article.text);
    let rest = if dateline.is_empty() { rest } else { rest.trim_start_matches([' ', ':', ',', '-', '–', '—']) };
    article.text.len() - rest.len()
}

#[cfg(test)]
mod tests;
