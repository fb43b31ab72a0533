//! The variants of an authority file as a trie over numbered words; shared by taggers.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Via;
use super::doc::Doc;
use super::lexicon::{Lexicon, NONE};
use super::lists::{Cues, INSTITUTIONS, PREFIXES};
use super::support::{Doubtful, is_ambiguous_name, is_state_in_doubt};
use crate::analysis::Shape;
use crate::authority::compile::{has_punctuation, key};
use crate::authority::table::{ACTOR, Section, VARIANT, field};
use crate::authority::{Authority, Class, Kind, class_of};
use crate::wordlist::entries;

/// One meaning of a variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Candidate {
    /// Number of the actor.
    pub(super) actor: u32,
    /// What it needs to count as a mention.
    pub(super) class: Class,
    /// Number of the name as written in [`Index::names`] where case decides, else [`NONE`].
    pub(super) name: u32,
    /// The language of the articles in which it counts, by its place in [`LANGUAGES`]; [`ANY`] for all.
    pub(super) language: u8,
    /// Whether the name as written has letters of other alphabets than the English one.
    pub(super) accented: bool,
    /// Whether the name as written has capitals only.
    pub(super) capitals: bool,
}

/// What tagging needs to know of an actor.
#[derive(Debug, Clone, Copy)]
pub(super) struct ActorInfo {
    /// Its kind.
    pub(super) kind: Kind,
    /// Number of its state, or [`NONE`].
    pub(super) state: u32,
    /// Number of its first broader actor (`part_of`; of an office its `body`), or [`NONE`].
    pub(super) body: u32,
    /// Whether it no longer exists.
    pub(super) former: bool,
}

#[derive(Debug, Clone, Copy, Default)]
struct Node {
    first: u32,
    count: u32,
    punctuation: bool,
    doubt: Option<Doubtful>,
}

/// What shows, beside a weak name of a system, that the system is meant.
#[derive(Debug, Default)]
pub(super) struct SystemClass {
    /// Words of its class.
    pub(super) words: Arc<FxHashSet<u32>>,
    /// Its makers.
    pub(super) makers: Vec<u32>,
}

/// The variants of an authority file, found by their words.
#[derive(Debug, Default)]
pub(super) struct Index {
    roots: Vec<u32>,
    edges: FxHashMap<u64, u32>,
    nodes: Vec<Node>,
    /// The meanings of all variants; those of one variant are adjacent.
    pub(super) candidates: Vec<Candidate>,
    /// Names of class [`Class::Exact`], as written.
    pub(super) names: Vec<Box<str>>,
    /// The actors by number.
    pub(super) actors: Vec<ActorInfo>,
    /// States by the number of their adjective prefix (`Franco-`).
    pub(super) prefixes: FxHashMap<u32, u32>,
    /// The nodes at which names of [`INSTITUTIONS`] end.
    pub(super) institutions: FxHashSet<u32>,
    /// Systems by their designations, folded: one or two words, the last with a digit.
    pub(super) designations: FxHashMap<Box<str>, u32>,
    /// What shows that a weak name means a system.
    pub(super) classes: FxHashMap<u32, SystemClass>,
    /// Offices by holder, past holders included.
    pub(super) offices: FxHashMap<u32, Vec<u32>>,
    /// Number of the United Kingdom, or [`NONE`].
    pub(super) kingdom: u32,
    /// Number of the United States, or [`NONE`].
    pub(super) states: u32,
}

/// Stands for all languages.
pub(super) const ANY: u8 = u8::MAX;

/// The languages in which states and main bodies are known by their names there, each with its list.
pub(super) const LANGUAGES: [(&str, &str); 6] = [
    ("de", include_str!("lists/names_german.txt")),
    ("es", include_str!("lists/names_spanish.txt")),
    ("fr", include_str!("lists/names_french.txt")),
    ("it", include_str!("lists/names_italian.txt")),
    ("nl", include_str!("lists/names_dutch.txt")),
    ("pl", include_str!("lists/names_polish.txt")),
];

/// A name in another language.
#[derive(Debug)]
struct Name {
    written: &'static str,
    actor: u32,
    class: Class,
    language: u8,
}

/// Names in other languages and expressions that name nobody, by their key.
struct Abroad(FxHashMap<String, Vec<Name>>);

impl Abroad {
    /// A name of several headings, and one marked as doubtful, counts only with other evidence.
    fn read(authority: &Authority) -> Self {
        let mut names: FxHashMap<String, Vec<Name>> = FxHashMap::default();
        for (language, (_, list)) in (0..).zip(LANGUAGES) {
            for row in entries(list) {
                let mut columns = row.split('\t');
                let (Some(written), Some(ids)) = (columns.next(), columns.next()) else { continue };
                let class = match columns.next() {
                    Some("shared") => Class::Generic,
                    Some(_) => Class::Weak,
                    None => Class::Exact,
                };
                for actor in ids.split(' ').filter_map(|id| authority.table().actor(id)) {
                    let name = Name { written, actor: actor as u32, class, language };
                    names.entry(key(written)).or_default().push(name);
                }
            }
        }
        for written in entries(include_str!("lists/expressions.txt")) {
            for key in [key(written), key(&plural(written))] {
                let name = Name { written, actor: NONE, class: Class::Veto, language: ANY };
                names.entry(key).or_default().push(name);
            }
        }
        Self(names)
    }
}

/// The plural of an English noun, by the rules of spelling.
fn plural(noun: &str) -> String {
    match noun {
        _ if noun.ends_with(['s', 'x']) || noun.ends_with("ch") || noun.ends_with("sh") => format!("{noun}es"),
        _ if noun.ends_with("man") => format!("{}men", &noun[..noun.len() - 3]),
        _ if noun.ends_with('y') && !noun.ends_with("ay") && !noun.ends_with("ey") && !noun.ends_with("oy") => {
            format!("{}ies", &noun[..noun.len() - 1])
        }
        _ => format!("{noun}s"),
    }
}

impl Index {
    /// Builds the trie, and enters its words and the persons' given names in `lexicon`.
    pub(super) fn new(authority: &Authority, lexicon: &mut Lexicon) -> Self {
        let mut abroad = Abroad::read(authority);
        let table = authority.table();
        let mut index = Self { nodes: vec![Node::default()], ..Self::default() };
        index.kingdom = table.actor("state/united-kingdom").map_or(NONE, |n| n as u32);
        index.states = table.actor("state/united-states").map_or(NONE, |n| n as u32);
        index.read_actors(authority);
        let count = table.len(Section::Variants, VARIANT);
        let mut at = 0;
        while at < count {
            let name = table.string(table.number(Section::Variants, VARIANT, at, 0));
            let first = index.candidates.len() as u32;
            let mut punctuation = false;
            while at < count && table.string(table.number(Section::Variants, VARIANT, at, 0)) == name {
                let (actor, variant) = authority.variant(at);
                if variant.class != Class::Lookup && actor < index.actors.len() {
                    punctuation |= has_punctuation(variant.name);
                    let (accented, capitals) = (!variant.name.is_ascii(), !variant.name.contains(char::is_lowercase));
                    let name = index.keep_name(variant.class, variant.name);
                    let (actor, class) = (actor as u32, variant.class);
                    index.candidates.push(Candidate { actor, class, name, language: ANY, accented, capitals });
                }
                at += 1;
            }
            punctuation |= index.add_abroad(abroad.0.remove(name).unwrap_or_default());
            let count = index.candidates.len() as u32 - first;
            if count > 0 {
                index.note_designation(name, first);
                let doubt = index.doubt(authority, name, first);
                index.insert(name, Node { first, count, punctuation, doubt }, lexicon);
            }
        }
        let mut rest: Vec<(String, Vec<Name>)> = abroad.0.into_iter().collect();
        rest.sort_unstable_by(|one, two| one.0.cmp(&two.0));
        for (key, names) in rest {
            let first = index.candidates.len() as u32;
            let punctuation = index.add_abroad(names);
            let count = index.candidates.len() as u32 - first;
            index.insert(&key, Node { first, count, punctuation, doubt: None }, lexicon);
        }
        index.read_lists(authority, lexicon);
        index.read_classes(authority, lexicon);
        index
    }

    /// Notes a designation that means a system for certain.
    fn note_designation(&mut self, name: &str, first: u32) {
        let number = name.rsplit(' ').next().is_some_and(|word| word.contains(|c: char| c.is_ascii_digit()));
        let designation = number && name.matches(' ').count() < 2 && name.starts_with(|c: char| c.is_ascii_lowercase());
        let firm = |c: &&Candidate| {
            matches!(c.class, Class::Heading | Class::Strong | Class::Exact) && self.actor(c.actor).kind.is_thing()
        };
        let found = self.candidates[first as usize..].iter().find(firm).map(|c| c.actor).filter(|_| designation);
        self.designations.extend(found.map(|system| (name.into(), system)));
    }

    fn read_classes(&mut self, authority: &Authority, lexicon: &mut Lexicon) {
        let table = authority.table();
        let number = |id: &str| table.actor(id).map(|n| n as u32);
        let mut words: FxHashMap<&str, Arc<FxHashSet<u32>>> = FxHashMap::default();
        for n in (0..self.actors.len()).filter(|n| self.actors[*n].kind.is_thing()) {
            let id = table.actor_string(n, field::ID);
            let Some(class) = class_of(id) else { continue };
            let of_class = || Arc::new(authority.class_words(class).map(|word| lexicon.intern(word)).collect());
            let words = words.entry(class).or_insert_with(of_class).clone();
            let makers = authority.makers(id).into_iter().filter_map(number).collect();
            self.classes.insert(n as u32, SystemClass { words, makers });
        }
    }

    /// Why a variant, whose meanings begin at `first`, needs support.
    fn doubt(&self, authority: &Authority, name: &str, first: u32) -> Option<Doubtful> {
        let id = |c: &Candidate| authority.table().actor_string(c.actor as usize, field::ID);
        if is_state_in_doubt(name) {
            return Some(Doubtful::State);
        }
        let mut meanings = self.candidates[first as usize..].iter().filter(|c| c.actor != NONE);
        meanings.any(|c| is_ambiguous_name(name, id(c))).then_some(Doubtful::Name)
    }

    /// Adds names in other languages to the meanings of a variant; whether one has punctuation between its words.
    fn add_abroad(&mut self, names: Vec<Name>) -> bool {
        let mut punctuation = false;
        for Name { written, actor, class, language } in names {
            punctuation |= has_punctuation(written);
            let (accented, capitals) = (!written.is_ascii(), !written.contains(char::is_lowercase));
            let name = self.keep_name(class, written);
            self.candidates.push(Candidate { actor, class, name, language, accented, capitals });
        }
        punctuation
    }

    fn keep_name(&mut self, class: Class, name: &str) -> u32 {
        if class != Class::Exact {
            return NONE;
        }
        self.names.push(name.into());
        self.names.len() as u32 - 1
    }

    fn read_actors(&mut self, authority: &Authority) {
        let table = authority.table();
        for n in 0..table.len(Section::Actors, ACTOR) {
            let number = |field| table.number(Section::Actors, ACTOR, n, field);
            let kind = Kind::ALL.get(number(field::KIND) as usize).copied().unwrap_or(Kind::Body);
            let body = if number(field::PART_OF_LEN) == 0 {
                NONE
            } else {
                table.number(Section::PartOf, 1, number(field::PART_OF) as usize, 0)
            };
            let state = authority.state_of(n).map_or(NONE, |n| n as u32);
            self.actors.push(ActorInfo { kind, state, body, former: number(field::FORMER) == 1 });
            for at in authority.holders_of(n) {
                let who = table.number(Section::Holders, crate::authority::table::HOLDER, at, 0);
                self.offices.entry(who).or_default().push(n as u32);
            }
        }
    }

    fn read_lists(&mut self, authority: &Authority, lexicon: &mut Lexicon) {
        let table = authority.table();
        for (prefix, state) in PREFIXES.rows() {
            if let Some(state) = table.actor(state) {
                let word = lexicon.intern(prefix);
                self.prefixes.insert(word, state as u32);
            }
        }
        for name in INSTITUTIONS.iter() {
            if let Some(node) = self.node(&key(name), lexicon) {
                self.institutions.insert(node);
            }
        }
        for (n, actor) in self.actors.iter().enumerate() {
            if actor.kind == Kind::Person {
                let heading = key(table.actor_string(n, field::HEADING));
                if let Some((first, _)) = heading.split_once(' ')
                    && first.len() > 2
                    && !lexicon.cues(first).any(Cues::COMMON.or(Cues::PARTICLE).or(Cues::CALENDAR))
                {
                    lexicon.add_cue(first, Cues::FIRST_NAME);
                }
            }
        }
    }

    fn insert(&mut self, name: &str, node: Node, lexicon: &mut Lexicon) {
        let mut at = 0;
        for (depth, word) in name.split(' ').enumerate() {
            let word = lexicon.intern(word);
            let fresh = self.nodes.len() as u32;
            let next = if depth == 0 {
                if self.roots.len() <= word as usize {
                    self.roots.resize(word as usize + 1, NONE);
                }
                let slot = &mut self.roots[word as usize];
                if *slot == NONE {
                    *slot = fresh;
                }
                *slot
            } else {
                *self.edges.entry(u64::from(at) << 32 | u64::from(word)).or_insert(fresh)
            };
            if next == fresh {
                self.nodes.push(Node::default());
            }
            at = next;
        }
        self.nodes[at as usize] = node;
    }

    fn node(&self, key: &str, lexicon: &mut Lexicon) -> Option<u32> {
        let mut at = 0;
        for (depth, word) in key.split(' ').enumerate() {
            let word = lexicon.intern(word);
            at = if depth == 0 { self.root(word)? } else { self.step(at, word)? };
        }
        Some(at)
    }

    /// The node of a variant's first word.
    pub(super) fn root(&self, word: u32) -> Option<u32> {
        self.roots.get(word as usize).copied().filter(|node| *node != NONE)
    }

    /// The node that a word leads to from `node`.
    pub(super) fn step(&self, node: u32, word: u32) -> Option<u32> {
        self.edges.get(&(u64::from(node) << 32 | u64::from(word))).copied()
    }

    /// The meanings of the variant that ends at a node.
    pub(super) fn at(&self, node: u32) -> &[Candidate] {
        let node = &self.nodes[node as usize];
        &self.candidates[node.first as usize..(node.first + node.count) as usize]
    }

    /// The state that one capitalised word names, and how it does so.
    pub(super) fn state_named(&self, doc: &Doc, at: usize) -> Option<(u32, Via)> {
        let tok = &doc.toks[at];
        let node = if tok.lex.word == NONE || tok.muted { None } else { self.root(tok.lex.word) }?;
        let state = |c: &&Candidate| self.actor(c.actor).kind == Kind::State;
        let found = self.at(node).iter().filter(state).find_map(|c| match c.class {
            Class::Demonym => Some((c.actor, Via::Demonym)),
            Class::Heading | Class::Strong => Some((c.actor, Via::Name)),
            Class::Exact if tok.shape == Shape::Upper && !tok.shouted => Some((c.actor, Via::Acronym)),
            _ => None,
        });
        found.filter(|_| tok.capital())
    }

    /// Why the variant that ends at a node needs support.
    pub(super) fn doubtful(&self, node: u32) -> Option<Doubtful> {
        self.nodes.get(node as usize).and_then(|node| node.doubt)
    }

    /// Whether a variant that ends at a node has punctuation between its words.
    pub(super) fn punctuated(&self, node: u32) -> bool {
        self.nodes[node as usize].punctuation
    }

    /// What is known of an actor; for an unknown number a body without a state.
    pub(super) fn actor(&self, n: u32) -> ActorInfo {
        self.actors.get(n as usize).copied().unwrap_or(ActorInfo {
            kind: Kind::Body,
            state: NONE,
            body: NONE,
            former: false,
        })
    }
}
