//! What is known of a word: its classes, and what may follow it where it is a verb of speech.
//!
//! The words are kept in the files of the folder `lists`.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::tag;
use crate::wordlist::{WordList, WordTable};

static WORDS: WordTable = WordTable::new(include_str!("lists/words.txt"));
static VERBS: WordTable = WordTable::new(include_str!("lists/verbs.txt"));
static NOUNS: WordList = WordList::new(include_str!("lists/nouns.txt"));
static SOMEBODIES: WordList = WordList::new(include_str!("lists/somebodies.txt"));
static MOUTHPIECES: WordList = WordList::new(include_str!("lists/mouthpieces.txt"));

/// Classes of a word and frames of a verb; a set of bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Class(u64);

/// The names that the lists use, in the order of their bits.
const NAMES: [&str; 47] = [
    "pronoun",
    "author",
    "auxiliary",
    "determiner",
    "preposition",
    "coordinator",
    "subordinator",
    "negation",
    "be",
    "adverb",
    "time",
    "day",
    "reflexive",
    "question",
    "relative",
    "venue",
    "say",
    "clause",
    "that",
    "quotation",
    "to",
    "hearer",
    "object",
    "remark",
    "urge",
    "accuse",
    "noun",
    "mouthpiece",
    "participle",
    "base",
    "finite",
    "role",
    "source",
    "particle",
    "unreal",
    "plural",
    "silence",
    "objective",
    "woman",
    "man",
    "somebody",
    "body",
    "act",
    "manner",
    "degree",
    "thought",
    "claim",
];

impl Class {
    pub(super) const PRONOUN: Self = Self(1);
    pub(super) const AUTHOR: Self = Self(1 << 1);
    pub(super) const AUXILIARY: Self = Self(1 << 2);
    pub(super) const DETERMINER: Self = Self(1 << 3);
    pub(super) const PREPOSITION: Self = Self(1 << 4);
    pub(super) const COORDINATOR: Self = Self(1 << 5);
    pub(super) const SUBORDINATOR: Self = Self(1 << 6);
    pub(super) const NEGATION: Self = Self(1 << 7);
    pub(super) const BE: Self = Self(1 << 8);
    pub(super) const ADVERB: Self = Self(1 << 9);
    pub(super) const TIME: Self = Self(1 << 10);
    pub(super) const DAY: Self = Self(1 << 11);
    pub(super) const REFLEXIVE: Self = Self(1 << 12);
    pub(super) const QUESTION: Self = Self(1 << 13);
    pub(super) const RELATIVE: Self = Self(1 << 14);
    pub(super) const VENUE: Self = Self(1 << 15);
    /// Any clause follows the verb.
    pub(super) const SAY: Self = Self(1 << 16);
    /// A clause follows, with or without `that`.
    pub(super) const CLAUSE: Self = Self(1 << 17);
    /// A clause with `that` follows.
    pub(super) const THAT: Self = Self(1 << 18);
    /// Words in quotation marks follow.
    pub(super) const QUOTATION: Self = Self(1 << 19);
    /// An infinitive follows.
    pub(super) const TO: Self = Self(1 << 20);
    /// A hearer stands before what is said.
    pub(super) const HEARER: Self = Self(1 << 21);
    /// A noun tells what was said.
    pub(super) const OBJECT: Self = Self(1 << 22);
    /// What follows is somebody's words where it holds a quotation.
    pub(super) const REMARK: Self = Self(1 << 23);
    /// Somebody, then an infinitive.
    pub(super) const URGE: Self = Self(1 << 24);
    /// Somebody, then `of`.
    pub(super) const ACCUSE: Self = Self(1 << 25);
    /// A noun for what somebody says.
    pub(super) const NOUN: Self = Self(1 << 26);
    /// A noun for who speaks for another.
    pub(super) const MOUTHPIECE: Self = Self(1 << 27);
    /// A form in `-ing`.
    pub(super) const PARTICIPLE: Self = Self(1 << 28);
    /// The base form of a verb of speech.
    pub(super) const BASE: Self = Self(1 << 29);
    /// A finite verb.
    pub(super) const FINITE: Self = Self(1 << 30);
    /// A title, rank or role of a person.
    pub(super) const ROLE: Self = Self(1 << 31);
    /// Words that are no names where they open a sentence.
    pub(super) const SMALL: Self = Self(0x23ff);
    /// `According`, before `to`.
    pub(super) const SOURCE: Self = Self(1 << 32);
    /// A verb that is a verb of speech with some particles.
    pub(super) const PARTICLE: Self = Self(1 << 33);
    /// What may be a cue.
    pub(super) const CUE: Self = Self(0x3ff << 16 | 1 << 26 | 1 << 32 | 1 << 33);
    /// A modal verb that reports no statement: `could`.
    pub(super) const UNREAL: Self = Self(1 << 34);
    /// A plural that does not end in `s`.
    pub(super) const PLURAL: Self = Self(1 << 35);
    /// A verb for speaking that says nothing after `declined to`.
    pub(super) const SILENCE: Self = Self(1 << 36);
    /// A pronoun as an object: `him`.
    pub(super) const OBJECTIVE: Self = Self(1 << 37);
    /// A word beside a woman's name, or before it.
    pub(super) const WOMAN: Self = Self(1 << 38);
    /// A word beside a man's name, or before it.
    pub(super) const MAN: Self = Self(1 << 39);
    /// A noun for people, bodies and papers that may say something.
    pub(super) const SOMEBODY: Self = Self(1 << 40);
    /// A body whose words are not those of the person whose name it bears.
    pub(super) const BODY: Self = Self(1 << 41);
    /// A verb that may tell of an act and not of words: `ordered`.
    pub(super) const ACT: Self = Self(1 << 42);
    /// What one acts by, and not what says something: `according to the agreement`.
    pub(super) const MANNER: Self = Self(1 << 43);
    /// A word that makes the participle after it an adjective: `most feared`.
    pub(super) const DEGREE: Self = Self(1 << 44);
    /// A verb for what somebody thinks, and need not have said.
    pub(super) const THOUGHT: Self = Self(1 << 45);
    /// A verb for saying what others deny: `claimed`.
    pub(super) const CLAIM: Self = Self(1 << 46);
    /// Some frame of a verb of speech.
    pub(super) const FRAME: Self = Self(0x3ff << 16);
    /// What may follow where a hearer was named.
    pub(super) const SAID: Self = Self(1 << 16 | 1 << 17 | 1 << 18 | 1 << 19);

    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) const fn any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The class of this name; none for an unknown one.
    fn named(name: &str) -> Self {
        NAMES.iter().position(|known| *known == name).map_or(Self(0), |bit| Self(1 << bit))
    }
}

/// The lists, read once.
#[derive(Debug, Default)]
struct Lists {
    classes: FxHashMap<&'static str, Class>,
    /// Particles that give a verb further frames.
    particles: FxHashMap<&'static str, Vec<(&'static str, Class)>>,
}

fn lists() -> &'static Lists {
    static LISTS: OnceLock<Lists> = OnceLock::new();
    LISTS.get_or_init(Lists::read)
}

/// The classes of a folded word.
pub(super) fn class_of(folded: &str) -> Class {
    lists().classes.get(folded).copied().unwrap_or_default()
}

/// The frames that a verb has with a particle, both folded.
pub(super) fn frames_with(verb: &str, particle: &str) -> Option<Class> {
    let (_, frames) = lists().particles.get(verb)?.iter().find(|(own, _)| *own == particle)?;
    Some(*frames)
}

impl Lists {
    fn read() -> Self {
        let mut lists = Self::default();
        NOUNS.iter().for_each(|word| lists.add(word, Class::NOUN));
        MOUTHPIECES.iter().for_each(|word| lists.add(word, Class::MOUTHPIECE));
        SOMEBODIES.iter().for_each(|word| lists.add(word, Class::SOMEBODY));
        tag::finite_verbs().for_each(|word| lists.add(word, Class::FINITE));
        tag::roles().for_each(|word| lists.add(word, Class::ROLE));
        for (word, classes) in WORDS.rows() {
            lists.add(word, classes.split(' ').map(Class::named).fold(Class::default(), Class::or));
        }
        for (base, rest) in VERBS.rows() {
            let (frames, forms) = rest.split_once('\t').unwrap_or((rest, ""));
            for form in forms.split(' ').chain([base]).filter(|form| !form.is_empty()) {
                lists.add_verb(form, frames, form == base);
            }
        }
        lists
    }

    fn add(&mut self, word: &'static str, class: Class) {
        let known = self.classes.entry(word).or_default();
        *known = known.or(class);
    }

    fn add_verb(&mut self, form: &'static str, frames: &'static str, is_base: bool) {
        self.add(
            form,
            match form {
                _ if is_base => Class::BASE.or(Class::FINITE),
                _ if form.ends_with("ing") => Class::PARTICIPLE,
                _ => Class::FINITE,
            },
        );
        for frame in frames.split(' ') {
            match frame.split_once(':') {
                Some((particle, frame)) => {
                    self.add(form, Class::PARTICLE);
                    self.particles.entry(form).or_default().push((particle, Class::named(frame)));
                }
                None => self.add(form, Class::named(frame)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_in_the_lists_is_known() {
        let frames = VERBS.rows().flat_map(|(_, rest)| rest.split('\t').next().unwrap().split(' '));
        let frames = frames.map(|frame| frame.split_once(':').map_or(frame, |(_, frame)| frame));
        for name in WORDS.rows().flat_map(|(_, classes)| classes.split(' ')).chain(frames) {
            assert_ne!(Class::named(name), Class::default(), "{name}");
        }
    }

    #[test]
    fn forms_have_the_frames_of_their_verb() {
        assert!(class_of("said").any(Class::SAY) && class_of("said").any(Class::FINITE));
        assert!(class_of("saying").any(Class::PARTICIPLE) && !class_of("saying").any(Class::FINITE));
        assert!(class_of("say").any(Class::BASE) && class_of("told").any(Class::HEARER));
        assert_eq!((frames_with("called", "for"), frames_with("said", "for")), (Some(Class::OBJECT), None));
        assert_eq!(class_of("frigate"), Class::default());
    }
}
