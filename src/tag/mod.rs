//! Finding the authority file's actors and topics in an article.
//!
//! [`Tagger::tag`] cuts title and text into numbered words ([`doc`], [`lexicon`]), finds the longest variants among
//! them ([`matcher`], over the trie of [`index`]), and then decides, from what is certain to what is not: names,
//! names defined in the article, names with several meanings by what the article supports ([`support`]), weak names,
//! systems ([`system`]), places that act ([`metonym`]), shared names and offices by country and date ([`office`]), surnames ([`surname`]), and
//! last the names that no heading covers ([`unlisted`], [`person`], [`firm`], [`later`]), on which a model learnt from
//! text has a [`vote`] ([`perceptron`], [`evidence`]); what turns out to be no actor goes ([`things`]). What users [`decided`] goes before all of that, [`weight`] says how
//! much the article is about each actor, and [`why`] what decided each mention. [`topic`] works on the same words.
//!
//! ```
//! use despatch::article::Article;
//! use despatch::authority::Authority;
//! use despatch::tag::Tagger;
//!
//! let article = Article { text: "Moscow warned NATO, and Keir Starmer replied.".into(), ..Article::default() };
//! let tags = Tagger::new(Authority::bundled()).tag(&article);
//! let found: Vec<&str> = tags.mentions.iter().map(|mention| mention.actor.as_str()).collect();
//! assert_eq!(found, ["state/russia", "alliance/nato", "person/keir-starmer"]);
//! ```

mod change;
mod consensus;
mod context;
mod decided;
mod doc;
mod evidence;
mod firm;
mod index;
mod later;
mod lexicon;
mod lists;
mod matcher;
mod metonym;
mod names;
mod office;
mod perceptron;
mod person;
mod support;
mod surname;
mod system;
mod things;
mod topic;
#[cfg(test)]
mod training;
mod unlisted;
mod vote;
mod weak;
mod weight;
mod whole;
mod why;
mod work;

use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::analysis::{Words, words};
use crate::article::Article;
use crate::authority::Authority;
pub use change::Change;
use decided::Decisions;
use doc::Doc;
use evidence::Voter;
use index::Index;
use lexicon::{Lexicon, Vocabulary};
pub(crate) use lists::{finite_verbs, is_mans_name, is_ordinary, is_womans_name, roles};
use perceptron::Model;
use topic::Topics;
pub(crate) use why::{Explained, NotLinked};
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
    /// A surname, after the full name or with a title.
    Surname,
    /// An adjective or the inhabitants' name.
    Demonym,
    /// A place that stands for the actor.
    Metonym,
    /// The office that the actor holds.
    Office,
    /// A name that no heading covers.
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
    /// `person`, `state`, `alliance`, `body`, `force`, `group`, `company`, `party`, `office`, `system`, `programme`.
    pub kind: String,
    /// How it was found.
    pub via: Via,
}

/// An actor of an article.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ActorTag {
    /// The actor's id.
    pub actor: String,
    /// Number of mentions in title and text.
    pub mentions: u32,
    /// How much the article is about it, from 0.01 to 1: by headline, lead, mentions, and the sentences that it is the
    /// subject of.
    pub weight: f32,
    /// Whether it is the subject of a sentence.
    pub subject: bool,
}

impl ActorTag {
    /// Whether the article is about the actor: it is the subject of a sentence, or weighs a half or more.
    pub(crate) fn is_subject(&self) -> bool {
        self.subject || self.weight >= weight::ABOUT
    }
}

/// A topic of an article.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TopicTag {
    /// The topic's id.
    pub topic: String,
    /// Weight of the evidence.
    pub weight: f32,
}

/// A stretch of an article's title or text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// Whether it lies in the title, not in the text.
    pub title: bool,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// What speaks for a topic of an article.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct TopicEvidence {
    /// The topic's id.
    pub topic: String,
    /// Weight of the evidence.
    pub weight: f32,
    /// The words that satisfied a rule of the topic or of a narrower topic, in reading order.
    pub spans: Vec<Span>,
    /// The satisfied rules of the topic and of narrower topics, what adds most first.
    pub rules: Vec<RuleEvidence>,
}

/// What a rule adds to the weight of a topic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct RuleEvidence {
    /// The rule as the authority file writes it.
    pub q: String,
    /// Paragraphs in which it counts.
    pub paragraphs: u32,
    /// What it adds in all; negative where it speaks against the topic.
    pub weight: f32,
}

/// All that tagging finds in an article.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Tags {
    /// Mentions in the title, in reading order and without overlap.
    pub title_mentions: Vec<Mention>,
    /// Mentions in the text, in reading order and without overlap.
    pub mentions: Vec<Mention>,
    /// The actors, heaviest first.
    pub actors: Vec<ActorTag>,
    /// The systems and programmes, heaviest first.
    pub systems: Vec<ActorTag>,
    /// The topics, heaviest first. With a topic its broader topic is always found.
    pub topics: Vec<TopicTag>,
}

impl Tags {
    /// For each name without a heading, its longest mention as the article writes it.
    pub(crate) fn written<'t>(&'t self, article: &'t Article) -> FxHashMap<&'t str, &'t str> {
        let mut longest: FxHashMap<&str, &str> = FxHashMap::default();
        let zones = [(&article.title, &self.title_mentions), (&article.text, &self.mentions)];
        for (zone, mention) in zones.into_iter().flat_map(|(zone, list)| list.iter().map(move |one| (zone, one))) {
            let words = zone.get(mention.start..mention.end).unwrap_or_default();
            if mention.actor.starts_with("unlisted/") {
                let known = longest.entry(&mention.actor).or_insert(words);
                *known = if words.len() > known.len() { words } else { known };
            }
        }
        longest
    }
}

/// The names and the rules of an authority file with their words, which taggers share.
#[derive(Debug, Clone)]
struct Base {
    words: Arc<Vocabulary>,
    index: Arc<Index>,
    topics: Arc<Topics>,
}

impl Base {
    fn new(authority: &Authority) -> Self {
        let mut lexicon = Lexicon::new();
        let index = Arc::new(Index::new(authority, &mut lexicon));
        let topics = Arc::new(Topics::new(authority, &mut lexicon));
        Self { words: lexicon.known(), index, topics }
    }

    /// That of the bundled file is made once: it takes long.
    fn of(authority: &Authority) -> Self {
        static BUNDLED: OnceLock<Base> = OnceLock::new();
        match std::ptr::eq(authority, Authority::bundled()) {
            true => BUNDLED.get_or_init(|| Self::new(authority)).clone(),
            false => Self::new(authority),
        }
    }
}

/// Finds actors and topics. Building one takes long for an authority file that is not bundled; use it for many articles.
#[derive(Debug)]
pub struct Tagger<'a> {
    authority: &'a Authority,
    lexicon: Lexicon,
    index: Arc<Index>,
    topics: Arc<Topics>,
    decisions: Decisions,
    voter: Option<Voter>,
}

impl<'a> Tagger<'a> {
    /// A tagger for an authority file.
    pub fn new(authority: &'a Authority) -> Self {
        let Base { words, index, topics } = Base::of(authority);
        let decisions = Decisions::of(authority);
        Self {
            authority,
            lexicon: Lexicon::of(words),
            index,
            topics,
            decisions,
            voter: Model::bundled().map(Voter::new),
        }
    }

    /// The authority file.
    pub fn authority(&self) -> &'a Authority {
        self.authority
    }

    /// Finds the actors and topics of an article.
    pub fn tag(&mut self, article: &Article) -> Tags {
        self.tag_words(article, &words(&article.title), &words(&article.text))
    }

    /// As [`Tagger::tag`], for an article whose title and text are already cut into words.
    pub(crate) fn tag_words(&mut self, article: &Article, title: &Words, text: &Words) -> Tags {
        self.lexicon.prune();
        let doc = Doc::new(article, title, text, &mut self.lexicon);
        self.voter.iter_mut().for_each(|voter| voter.fit(&self.lexicon));
        let mut tags = self.work(article, &doc).tags();
        tags.topics = self.topics.find(&doc);
        tags
    }

    /// As [`Tagger::tag`], with the reason for each mention.
    pub(crate) fn explained(&mut self, article: &Article) -> Explained {
        self.lexicon.prune();
        let (title, text) = (words(&article.title), words(&article.text));
        let doc = Doc::new(article, &title, &text, &mut self.lexicon);
        self.voter.iter_mut().for_each(|voter| voter.fit(&self.lexicon));
        let mut explained = self.work(article, &doc).explained();
        explained.tags.topics = self.topics.find(&doc);
        explained
    }

    /// The mentions of an article, decided.
    fn work<'t>(&'t self, article: &'t Article, doc: &'t Doc<'t>) -> Work<'t> {
        let mut matches = matcher::scan(doc, &self.index);
        let decisions = self.decisions.in_article(article);
        let barred = decisions.as_ref().map_or(Vec::new(), |decisions| decisions.prepare(doc, &mut matches));
        let mut work = Work::new(&self.index, self.authority, &self.lexicon, article, doc, matches);
        (work.decisions, work.barred) = (decisions, barred);
        work.voter = self.voter.as_ref().filter(|_| vote::is_english(article));
        work.run();
        work
    }

    /// The topics of an article, each with the words that satisfied its rules.
    pub(crate) fn topic_evidence(&mut self, article: &Article) -> Vec<TopicEvidence> {
        self.lexicon.prune();
        let (title, text) = (words(&article.title), words(&article.text));
        let doc = Doc::new(article, &title, &text, &mut self.lexicon);
        let found = self.topics.find(&doc);
        self.topics.evidence(&doc, &found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"
[[actor]]
id = "state/alda"
heading = "Alda"
demonym = ["Aldan"]
metonym = ["Port Alda"]
[[actor]]
id = "state/norra-isles"
heading = "Norra Isles"
weak = ["Norra"]
[[actor]]
id = "body/alda-ministry-of-defence"
heading = "Ministry of Defence of Alda"
generic = ["defence ministry"]
country = "alda"
[[actor]]
id = "person/ines-quarrel"
heading = "Ines Quarrel"
country = "alda"
[[actor]]
id = "person/oto-brandt"
heading = "Oto Brandt"
country = "alda"
[[actor]]
id = "alliance/harbour-pact"
heading = "Harbour Pact"
exact = ["SURE"]
[[office]]
id = "office/alda-defence-minister"
heading = "Defence Minister of Alda"
titles = ["defence minister"]
country = "alda"
holders = [
  { who = "person/oto-brandt", from = "2020-05", to = "2023-02-01" },
  { who = "person/ines-quarrel", from = "2023-02-01" },
]
[[topic]]
id = "ships"
heading = "Ships"
[[topic]]
id = "ships/frigates"
heading = "Frigates"
rules = [{ q = "frigate", weight = 3 }, { q = '="Harbour Fund"', weight = 2 }]
"#;

    fn tags(text: &str, date: &str) -> Vec<(String, String, Via)> {
        let authority = Authority::compile(&[("test.toml".into(), FILE.into())]).expect("the file is sound");
        let published = date.parse().ok();
        let article = Article { text: text.into(), published, ..Article::default() };
        let mentions = Tagger::new(&authority).tag(&article).mentions;
        mentions.into_iter().map(|m| (text[m.start..m.end].to_owned(), m.actor, m.via)).collect()
    }

    fn found(text: &str, date: &str) -> Vec<String> {
        tags(text, date).into_iter().map(|(surface, actor, _)| format!("{surface}={actor}")).collect()
    }

    #[test]
    fn the_day_decides_who_holds_an_office() {
        let text = "Alda's defence minister signed.";
        for (day, who) in [
            ("2020-05-20", "office/alda-defence-minister"),
            ("2020-06-01", "person/oto-brandt"),
            ("2023-01-31", "person/oto-brandt"),
            ("2023-02-01", "person/ines-quarrel"),
        ] {
            assert_eq!(found(text, day), ["Alda=state/alda".to_owned(), format!("defence minister={who}")], "{day}");
        }
    }

    #[test]
    fn a_name_shared_by_countries_takes_the_one_beside_it() {
        assert_eq!(
            found("The Aldan defence ministry paid.", "2024-01-01"),
            ["Aldan=state/alda", "defence ministry=body/alda-ministry-of-defence"]
        );
        assert!(found("The defence ministry paid.", "2024-01-01").is_empty());
    }

    #[test]
    fn surnames_follow_full_names_of_one_person_only() {
        let text = "Ines Quarrel spoke. Quarrel left.";
        assert_eq!(tags(text, "")[1], ("Quarrel".into(), "person/ines-quarrel".into(), Via::Surname));
        assert_eq!(found("Ines Quarrel met Tilda Quarrel, a lawyer; Quarrel left.", "").len(), 2);
    }

    #[test]
    fn a_form_of_address_for_the_other_sex_means_another_person() {
        let text = "Donald Trump left. Melania Trump stayed. Mrs. Trump met the winners. Mr. Trump did not.";
        let article = Article { text: text.into(), ..Article::default() };
        let found = Tagger::new(Authority::bundled()).tag(&article).mentions;
        let actors: Vec<&str> = found.iter().map(|mention| mention.actor.as_str()).collect();
        let [he, she] = ["person/donald-trump", "unlisted/melania-trump"];
        assert_eq!(actors, [he, she, she, he]);
        let text = "Pete Hegseth spoke. Mrs. Hegseth stood beside him. Mr Hilary Benn stood too.";
        let article = Article { text: text.into(), ..Article::default() };
        let found = Tagger::new(Authority::bundled()).tag(&article).mentions;
        let actors: Vec<&str> = found.iter().map(|mention| mention.actor.as_str()).collect();
        assert_eq!(actors, ["person/pete-hegseth", "unlisted/hegseth", "person/hilary-benn"]);
    }

    #[test]
    fn an_initialism_that_is_spelled_out_as_something_else_is_not_the_heading() {
        let text =
            "The Environmental Defense Fund (EDF) met. EDF left. The founder spoke in America, and the Senat in Vell.";
        let article = Article { text: text.into(), ..Article::default() };
        let found = Tagger::new(Authority::bundled()).tag(&article).mentions;
        let wrong = ["programme/defence-fund/edf", "person/elon-musk", "body/france-senate"];
        assert!(!found.iter().any(|mention| wrong.contains(&mention.actor.as_str())), "{found:?}");
    }

    #[test]
    fn a_company_is_not_a_state_and_what_it_has() {
        let text = "Iran’s air forces flew. Iran Air flew too.";
        let article = Article { text: text.into(), ..Article::default() };
        let found = Tagger::new(Authority::bundled()).tag(&article).mentions;
        let of: Vec<(&str, &str)> = found.iter().map(|m| (&text[m.start..m.end], m.actor.as_str())).collect();
        assert!(of.iter().all(|(surface, actor)| *actor != "company/iran-air" || *surface == "Iran Air"), "{of:?}");
        assert_eq!(of.len(), 2, "{of:?}");
    }

    #[test]
    fn a_weak_name_of_a_state_needs_a_verb_a_place_or_a_list_of_states() {
        let norra = |text: &str| found(text, "").contains(&"Norra=state/norra-isles".to_owned());
        for text in [
            "The crews thanked Alda, Norra and others.",
            "The crews thanked Norra, Alda and others.",
            "The crews thanked Alda and Norra.",
            "The crews thanked Norra and Alda.",
            "The crews thanked Norra Isles. Then they left Norra.",
        ] {
            assert!(norra(text), "{text}");
        }
        for text in [
            "The crews thanked Norra.",
            "The crews thanked Norra and left.",
            "The crews, Norra among them, left.",
            "The Aldan and Norra sailed.",
            "Alda paid. The crews thanked Norra.",
            "Alda thanked Norra.",
            "The crews thanked Norra, who left.",
        ] {
            assert!(!norra(text), "{text}");
        }
    }

    #[test]
    fn places_act_or_are_places() {
        assert_eq!(found("Port Alda rejected the plan.", ""), ["Port Alda=state/alda"]);
        assert!(found("The ship left Port Alda.", "").is_empty());
        assert_eq!(found("It is sure that SURE pays.", ""), ["SURE=alliance/harbour-pact"]);
    }

    #[test]
    fn headline_lead_and_sentences_weigh_in_the_order() {
        let authority = Authority::compile(&[("test.toml".into(), FILE.into())]).expect("the file is sound");
        let rest = "Much was said by Ines Quarrel. Ines Quarrel left again.";
        let text = format!("The Harbour Pact met on Monday to talk about ships and their crews at length.\n\n{rest}");
        let article = Article { title: "Oto Brandt resigns".into(), text, ..Article::default() };
        let actors = Tagger::new(&authority).tag(&article).actors;
        let order: Vec<(&str, u32)> = actors.iter().map(|tag| (tag.actor.as_str(), tag.mentions)).collect();
        assert_eq!(order, [("person/oto-brandt", 1), ("alliance/harbour-pact", 1), ("person/ines-quarrel", 2)]);
    }

    #[test]
    fn unlisted_names_are_written_as_the_article_does() {
        let authority = Authority::compile(&[("test.toml".into(), FILE.into())]).expect("the file is sound");
        let text = "The US Embassy shut. Dr. Ines van der Velde met Oto Brandt; Velde said the US Embassy would open.";
        let article = Article { text: text.into(), ..Article::default() };
        let tags = Tagger::new(&authority).tag(&article);
        let mut written: Vec<&str> = tags.written(&article).into_values().collect();
        written.sort_unstable();
        assert_eq!(written, ["Ines van der Velde", "US Embassy"]);
    }

    #[test]
    fn topics_need_a_lead_or_two_paragraphs_and_bring_their_parents() {
        let authority = Authority::compile(&[("test.toml".into(), FILE.into())]).expect("the file is sound");
        let mut tagger = Tagger::new(&authority);
        let mut topics = |text: &str| -> Vec<String> {
            let article = Article { text: text.into(), ..Article::default() };
            tagger.tag(&article).topics.into_iter().map(|topic| topic.topic).collect()
        };
        assert_eq!(topics("Four frigates were ordered."), ["ships", "ships/frigates"]);
        assert_eq!(topics("The harbour fund pays.\n\nNothing else."), Vec::<String>::new());
        let long = "Much else was said before. ".repeat(10);
        assert!(topics(&format!("{long}\n\nA frigate sank.")).is_empty(), "one mention far below the lead");
    }

    #[test]
    fn a_topic_shows_the_words_that_carry_it() {
        let authority = Authority::compile(&[("test.toml".into(), FILE.into())]).expect("the file is sound");
        let text = "Four frigates were ordered by the Harbour Fund.".to_owned();
        let article = Article { title: "A frigate for Alda".into(), text, ..Article::default() };
        let evidence = Tagger::new(&authority).topic_evidence(&article);
        let words = |topic: &TopicEvidence| -> Vec<String> {
            let zone = |span: &Span| if span.title { &article.title } else { &article.text };
            topic.spans.iter().map(|span| zone(span)[span.start..span.end].to_owned()).collect()
        };
        let found: Vec<_> = evidence.iter().map(|topic| (topic.topic.as_str(), words(topic))).collect();
        let carry: Vec<String> = ["frigate", "frigates", "Harbour Fund"].map(str::to_owned).to_vec();
        assert_eq!(found, [("ships", carry.clone()), ("ships/frigates", carry)]);
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig { cases: 48, failure_persistence: None, ..proptest::prelude::ProptestConfig::default() })]
        #[test]
        fn mentions_lie_in_order_apart_and_on_boundaries(title in "\\PC{0,40}", text in "(?s).{0,300}") {
            let article = Article { title, text, ..Article::default() };
            let tags = Tagger::new(Authority::bundled()).tag(&article);
            for (zone, mentions) in [(&article.title, &tags.title_mentions), (&article.text, &tags.mentions)] {
                let mut last = 0;
                for mention in mentions {
                    proptest::prop_assert!(mention.start >= last && mention.start < mention.end);
                    proptest::prop_assert!(zone.get(mention.start..mention.end).is_some());
                    last = mention.end;
                }
            }
        }
    }
}
