//! What the model of names looks at: the words of a stretch, their neighbours, and how the article uses them elsewhere.

use std::cell::OnceCell;

use rustc_hash::FxHashMap;

use super::lexicon::{Lexicon, NONE, WordSet};
use super::lists::Cues;
use super::matcher::Hit;
use super::perceptron::{Guess, Model, ROW, Scores, Sort, Sums, join, scores};
use super::work::Work;
use crate::analysis::{Gap, Shape};
use crate::authority::{Class, Kind};

/// Raised when the features change, so that a model learnt from others is noticed.
#[cfg(test)]
pub(super) const FEATURES: u32 = 2;

/// Words that end the name of an organisation, a place or a thing.
const HEADS: Cues = Cues::ORG_HEAD.or(Cues::FIRM_END).or(Cues::PLACE_HEAD).or(Cues::OTHER_HEAD).or(Cues::LOCAL);

/// Words of one stretch, at most: a longer one is cut, so that the work on a word stays bounded.
const LONGEST: usize = 64;
/// Small words between two capitals of one stretch, at most.
const JOINED: usize = 3;

/// How an article uses a word, wherever it stands; a set of bits.
mod used {
    pub(super) const SMALL: u16 = 1;
    pub(super) const CAPITAL: u16 = 1 << 1;
    pub(super) const AFTER_TITLE: u16 = 1 << 2;
    pub(super) const AFTER_GIVEN_NAME: u16 = 1 << 3;
    pub(super) const ACTS: u16 = 1 << 4;
    pub(super) const PLACED: u16 = 1 << 5;
    pub(super) const AFTER_THE: u16 = 1 << 6;
    pub(super) const BEFORE_HEAD: u16 = 1 << 7;
    pub(super) const OWNS: u16 = 1 << 8;
    pub(super) const INTRODUCED: u16 = 1 << 9;
    pub(super) const AFTER_CAPITAL: u16 = 1 << 10;
    pub(super) const BEFORE_CAPITAL: u16 = 1 << 11;
    pub(super) const BRACKETED: u16 = 1 << 12;
}

/// What the authority file says of a word; the values are part of the features.
mod listed {
    pub(super) const PERSON: u8 = 1;
    pub(super) const STATE: u8 = 2;
    pub(super) const DEMONYM: u8 = 3;
    pub(super) const TITLE: u8 = 4;
    pub(super) const VETO: u8 = 5;
    pub(super) const SURNAME: u8 = 6;
    pub(super) const PLACE: u8 = 7;
    pub(super) const ORGANISATION: u8 = 8;
    pub(super) const OTHER: u8 = 9;
}

/// What is known of the words of an article before any stretch of it is looked at.
pub(super) struct Evidence {
    uses: FxHashMap<u32, u16>,
    /// For each word what the authority file says of it; 16 is added to the first word of a name.
    listed: Vec<u8>,
    /// For each word what the rules take it for: [`Sort`] plus 1, and 8 more for the first word of a name.
    ruled: Vec<u8>,
}

/// The features that a word with a capital has, whatever stands around it.
fn features_of_capital(letters: &[u8], cues: Cues, out: &mut Vec<u64>) {
    out.push(feature(1, hash(letters)));
    let ends = [(2, 2), (3, 3), (4, 4)].into_iter().filter(|(_, length)| letters.len() > *length);
    out.extend(ends.map(|(template, length)| feature(template, hash(&letters[letters.len() - length..]))));
    out.extend(letters.get(..3).filter(|_| letters.len() > 3).map(|begin| feature(5, hash(begin))));
    bits(8, cues.bits(), out);
}

/// The features that the word after a word has from that word, whatever else stands around.
fn features_of_left(cues: Cues, out: &mut Vec<u64>) {
    bits(35, cues.bits(), out);
}

/// The features that the word before a word has from that word, whatever else stands around.
fn features_of_right(cues: Cues, out: &mut Vec<u64>) {
    bits(36, cues.bits(), out);
}

/// What the model says of a word, kept from article to article.
#[derive(Debug)]
struct Known {
    /// The hash of its letters.
    letters: u64,
    /// Its weights with a capital.
    capital: Sums,
    /// The weights that it gives to the word after it.
    left: Sums,
    /// The weights that it gives to the word before it.
    right: Sums,
}

/// A model with what it says of each word that was asked for, by the word's number.
#[derive(Debug)]
pub(super) struct Voter {
    model: &'static Model,
    known: Vec<OnceCell<Known>>,
    /// The [`Lexicon::generation`] of the words' numbers.
    generation: u32,
}

impl Voter {
    pub(super) fn new(model: &'static Model) -> Self {
        Self { model, known: Vec::new(), generation: 0 }
    }

    /// Makes room for all words of a lexicon.
    pub(super) fn fit(&mut self, lexicon: &Lexicon) {
        if self.generation != lexicon.generation() {
            self.known.clear();
            self.generation = lexicon.generation();
        }
        self.known.resize_with(lexicon.len(), OnceCell::new);
    }
}

/// Mixes a template's number and a value to a feature.
fn feature(template: u64, value: u64) -> u64 {
    let mixed = (value ^ template.wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let mixed = (mixed ^ (mixed >> 32)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    mixed ^ (mixed >> 29)
}

/// A hash of letters that never changes (FNV-1a), because the model keeps it.
fn hash(letters: &[u8]) -> u64 {
    letters.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

impl Work<'_> {
    /// Gathers what the model looks at; `lower` are the words that the article also writes in lower case.
    pub(super) fn evidence(&self, lower: &WordSet, hits: &[Hit]) -> Evidence {
        let mut uses: FxHashMap<u32, u16> = FxHashMap::default();
        for (at, tok) in self.doc.toks.iter().enumerate() {
            if tok.capital() && !tok.muted {
                let small = if lower.has(tok.lex.id) { used::SMALL } else { 0 };
                *uses.entry(tok.lex.id).or_default() |= small | self.use_of(at);
            }
        }
        let mut listed = vec![0; self.doc.toks.len()];
        // A name of a system is no evidence for or against an actor: the model reads it as any other word.
        for hit in hits.iter().filter(|hit| !self.names_system(hit)) {
            let code = self.listing(hit);
            listed[hit.start..hit.end].fill(code);
            if let Some(first) = listed.get_mut(hit.start) {
                *first |= 16;
            }
        }
        let mut ruled = vec![0; self.doc.toks.len()];
        for one in &self.unlisted {
            let code = 1 + Sort::of_kind(self.names[one.name].kind) as u8;
            ruled[one.start..one.end].fill(code);
            ruled[one.start] |= 8;
        }
        Evidence { uses, listed, ruled }
    }

    /// Whether a match means a system, or may mean nothing else.
    fn names_system(&self, hit: &Hit) -> bool {
        let mut meanings = self.matches.of(hit).iter().map(|candidate| candidate.actor);
        let system = |actor: u32| self.kind(actor).is_thing();
        if hit.actor == NONE { hit.count > 0 && meanings.all(system) } else { system(hit.actor) }
    }

    fn listing(&self, hit: &Hit) -> u8 {
        if hit.veto {
            return listed::VETO;
        }
        if hit.actor != NONE {
            return match self.kind(hit.actor) {
                Kind::Person => listed::PERSON,
                Kind::State if hit.via == super::Via::Demonym => listed::DEMONYM,
                Kind::State if hit.via == super::Via::Metonym => listed::PLACE,
                Kind::State => listed::STATE,
                Kind::Office => listed::TITLE,
                _ => listed::ORGANISATION,
            };
        }
        match self.matches.of(hit).first().map(|candidate| candidate.class) {
            Some(Class::Title) => listed::TITLE,
            Some(Class::Surname) => listed::SURNAME,
            Some(Class::Metonym) => listed::PLACE,
            Some(Class::Demonym) => listed::DEMONYM,
            _ => listed::OTHER,
        }
    }

    /// How a capitalised word is used where it stands.
    fn use_of(&self, at: usize) -> u16 {
        let doc = self.doc;
        let tok = &doc.toks[at];
        if tok.shouted || tok.headline {
            return 0;
        }
        let mut bits = 0;
        let mut note = |bit: u16, when: bool| bits |= if when { bit } else { 0 };
        note(used::CAPITAL, !doc.opens(at));
        note(used::OWNS, tok.possessive);
        note(used::BRACKETED, doc.before(at).ends_with('('));
        if let Some(before) = doc.prev(at) {
            let (word, capital) = (&doc.toks[before], doc.toks[before].capital());
            note(used::AFTER_TITLE, word.is(Cues::ROLE.or(Cues::RANK)));
            note(used::AFTER_GIVEN_NAME, capital && word.is(Cues::FIRST_NAME));
            note(used::PLACED, !capital && word.is(Cues::PLACE_BEFORE));
            note(used::AFTER_THE, doc.folded(before) == "the");
            note(used::AFTER_CAPITAL, capital && !doc.opens(before));
        }
        match doc.next(at + 1).map(|next| &doc.toks[next]) {
            Some(next) if next.capital() => {
                note(used::BEFORE_CAPITAL, !tok.possessive);
                note(used::BEFORE_HEAD, next.is(Cues::ORG_HEAD.or(Cues::FIRM_END)));
            }
            Some(next) => note(used::ACTS, next.is(Cues::ACTS.or(Cues::AUXILIARY)) && next.shape == Shape::Lower),
            None => {
                let age = doc.toks.get(at + 1).is_some_and(|next| next.shape == Shape::Number);
                let who = doc.folded_or_empty(Some(at + 1)) == "who";
                note(used::INTRODUCED, (age || who) && doc.before_or_empty(at + 1).starts_with(','));
            }
        }
        bits
    }

    /// The names that the model sees in the article.
    pub(super) fn guesses(&self, voter: &Voter, evidence: &Evidence) -> Vec<Guess> {
        let mut out = Vec::new();
        let (mut features, mut words, mut gaps) = (Vec::new(), Vec::<Scores>::new(), Vec::new());
        self.stretches(|start, end| {
            words.clear();
            gaps.clear();
            for at in start..end {
                features.clear();
                let around = self.around((start, end), at);
                self.features_of_context(evidence, &around, |at| self.known(voter, at).letters, &mut features);
                let mut sums = [0; ROW];
                if self.doc.toks[at].capital() {
                    join(&mut sums, &self.known(voter, at).capital);
                }
                if let Some(before) = around.before {
                    join(&mut sums, &self.known(voter, before).left);
                }
                if let Some(after) = around.after {
                    join(&mut sums, &self.known(voter, after).right);
                }
                voter.model.add(&features, &mut sums);
                words.push(scores(&sums));
                gaps.push(self.gap_class(at));
            }
            voter.model.names(&words, &gaps, start, &mut out);
        });
        out
    }

    /// What the model says of the word at a place, whatever stands around it.
    fn known<'v>(&self, voter: &'v Voter, at: usize) -> &'v Known {
        let tok = &self.doc.toks[at];
        voter.known[tok.lex.id as usize].get_or_init(|| {
            let letters = self.doc.folded(at).as_bytes();
            let sums = |write: &dyn Fn(&mut Vec<u64>)| {
                let (mut features, mut sums) = (Vec::new(), [0; ROW]);
                write(&mut features);
                voter.model.add(&features, &mut sums);
                sums
            };
            Known {
                letters: hash(letters),
                capital: sums(&|out| features_of_capital(letters, tok.lex.cues, out)),
                left: sums(&|out| features_of_left(tok.lex.cues, out)),
                right: sums(&|out| features_of_right(tok.lex.cues, out)),
            }
        })
    }

    /// Calls `each` with the first word and the end of each stretch that may hold names: capitals, numbers, and small
    /// words between capitals, within one sentence.
    pub(super) fn stretches(&self, mut each: impl FnMut(usize, usize)) {
        let toks = &self.doc.toks;
        let mut at = 0;
        while at < toks.len() {
            crate::fence::check();
            if !self.may_begin(at) {
                at += 1;
                continue;
            }
            let mut end = at + 1;
            while end < toks.len() && end - at < LONGEST && toks[end].gap < Gap::Sentence && !toks[end].muted {
                if toks[end].capital() || toks[end].shape == Shape::Number || self.is_syllable_like(end) {
                    end += 1;
                    continue;
                }
                let joint = |n: &usize| toks[*n].gap <= Gap::Space && toks[*n].is(Cues::JOINT);
                let after = (end..toks.len().min(end + JOINED)).take_while(joint).last().map(|last| last + 1);
                match after.filter(|next| toks.get(*next).is_some_and(|tok| tok.capital() && tok.gap <= Gap::Space)) {
                    Some(next) => end = next,
                    None => break,
                }
            }
            if !self.is_plain(at, end) {
                each(at, end);
            }
            at = end;
        }
    }

    /// Whether a stretch can hold no name without a heading, as most cannot: nothing but mentions of listed actors,
    /// dates, and words that are no name by themselves.
    fn is_plain(&self, start: usize, end: usize) -> bool {
        let toks = &self.doc.toks;
        if end - start == 1 {
            let tok = &toks[start];
            let word = Cues::CALENDAR.or(Cues::ROLE).or(Cues::RANK).or(Cues::ORG_HEAD);
            let opener = self.doc.opens(start) && tok.is(Cues::COMMON);
            return opener || tok.is(word) || tok.shape == Shape::Number || self.covers(start, end).is_some();
        }
        let nothing = Cues::CALENDAR.or(Cues::ROLE).or(Cues::RANK).or(Cues::JOINT);
        let mut at = start;
        while at < end {
            match self.covers(at, end) {
                Some(after) => at = after,
                None if toks[at].is(nothing) || toks[at].shape == Shape::Number => at += 1,
                None => return false,
            }
        }
        true
    }

    /// The end of the mention of a listed actor that begins at a word and ends within a stretch.
    pub(super) fn covers(&self, at: usize, end: usize) -> Option<usize> {
        let hit = self.hit_starting(at).map(|n| self.hit(n))?;
        (hit.end <= end && hit.actor != NONE).then_some(hit.end)
    }

    fn may_begin(&self, at: usize) -> bool {
        let toks = &self.doc.toks;
        let tok = &toks[at];
        let next = |most| toks.get(at + 1).is_some_and(|next| next.capital() && next.gap <= most);
        !tok.muted
            && (tok.capital()
                || (tok.shape == Shape::Lower && tok.is(Cues::PARTICLE) && next(Gap::Hyphen))
                || (tok.shape == Shape::Number && next(Gap::Space))
                || (self.is_ordinal(at) && next(Gap::Space)))
    }

    /// Whether a small word hangs on a capitalised one by a hyphen: `Ching-te`.
    fn is_syllable_like(&self, at: usize) -> bool {
        let tok = &self.doc.toks[at];
        tok.gap <= Gap::Hyphen && tok.shape == Shape::Lower && !tok.is(Cues::ORDINARY.or(Cues::COMMON))
    }

    /// The class of what stands before a word, for the weights of tag pairs.
    pub(super) fn gap_class(&self, at: usize) -> u8 {
        match self.doc.toks[at].gap {
            Gap::Joined | Gap::Space => 0,
            Gap::Hyphen => 1,
            Gap::Punctuation => match self.doc.before(at).trim().chars().next() {
                Some(',') => 2,
                Some('&') => 3,
                Some('"' | '“' | '”' | '\'' | '‘' | '’') => 6,
                _ => 4,
            },
            Gap::Sentence | Gap::Paragraph => 5,
        }
    }

    /// A rough class of a word, for features of several words: its form and the lists it stands on.
    fn class(&self, evidence: &Evidence, at: Option<usize>) -> u64 {
        let Some(at) = at.filter(|at| *at < self.doc.toks.len()) else { return 1 };
        let tok = &self.doc.toks[at];
        let form = match tok.shape {
            Shape::Lower => 0,
            Shape::Title if tok.end - tok.start == 1 => 1,
            Shape::Title => 2,
            Shape::Upper => 3,
            Shape::Mixed => 4,
            Shape::Number => 5,
        };
        let lists = [
            Cues::FIRST_NAME,
            Cues::ORG_HEAD.or(Cues::ORG_FRONT).or(Cues::FIRM_END),
            Cues::PLACE_HEAD.or(Cues::LOCAL),
            Cues::ROLE.or(Cues::RANK),
            Cues::ORDINARY.or(Cues::COMMON),
            Cues::OTHER_HEAD,
        ];
        let known = lists.iter().fold(0, |bits, list| bits << 1 | u64::from(tok.is(*list)));
        (known << 8 | u64::from(evidence.listed[at] & 15) << 4 | form) << 1
    }

    /// Writes all features of a word of a stretch.
    #[cfg(test)]
    pub(super) fn features(&self, evidence: &Evidence, stretch: (usize, usize), at: usize, out: &mut Vec<u64>) {
        let around = self.around(stretch, at);
        self.features_of_context(evidence, &around, |at| hash(self.doc.folded(at).as_bytes()), out);
        let cues = |at: usize| self.doc.toks[at].lex.cues;
        if self.doc.toks[at].capital() {
            features_of_capital(self.doc.folded(at).as_bytes(), cues(at), out);
        }
        around.before.iter().for_each(|before| features_of_left(cues(*before), out));
        around.after.iter().for_each(|after| features_of_right(cues(*after), out));
    }

    /// The words around a word of a stretch.
    fn around(&self, (start, end): (usize, usize), at: usize) -> Around {
        let doc = self.doc;
        let toks = &doc.toks;
        let follows = |at: usize| toks[at].gap < Gap::Sentence;
        let before = at.checked_sub(1).filter(|_| follows(at));
        let second_before = before.filter(|before| follows(*before)).and_then(|before| before.checked_sub(1));
        let next = |at: usize| Some(at + 1).filter(|at| *at < toks.len() && follows(*at));
        let after = next(at);
        let near = |n: &usize| doc.toks[*n].gap <= Gap::Space || self.gap_class(*n) == 3;
        let last = (at + 1..end).take_while(near).last().unwrap_or(at);
        let first = (start + 1..=at).rev().take_while(near).last().map_or(at, |n| n - 1);
        let head = |n: &usize, heads: Cues| doc.toks[*n].capital() && doc.toks[*n].is(heads);
        Around {
            at,
            before,
            second_before,
            after,
            second_after: after.and_then(next),
            first,
            last,
            earlier_head: (first..at).rev().find(|n| head(n, HEADS.or(Cues::ORG_FRONT))),
            later_head: (at + 1..=last).find(|n| head(n, HEADS)),
        }
    }

    /// Writes the features that depend on more than one word or on the article.
    fn features_of_context(
        &self,
        evidence: &Evidence,
        around: &Around,
        letters: impl Fn(usize) -> u64 + Copy,
        out: &mut Vec<u64>,
    ) {
        self.features_of_word(evidence, around.at, out);
        self.features_of_neighbours(evidence, around, letters, out);
        self.features_of_stretch(around, letters, out);
        self.features_of_rules(evidence, around.at, out);
    }

    /// Features of the names that the rules found.
    fn features_of_rules(&self, evidence: &Evidence, at: usize, out: &mut Vec<u64>) {
        let ruled = |at: Option<usize>| at.and_then(|at| evidence.ruled.get(at)).map_or(0, |code| u64::from(*code));
        let this = ruled(Some(at));
        out.push(feature(50, this));
        out.push(feature(51, ruled(at.checked_sub(1)) << 8 | this << 4 | ruled(Some(at + 1))));
        out.push(feature(52, this << 40 | self.class(evidence, Some(at))));
    }

    /// Features of the word's form, its lists, and how the article uses it.
    fn features_of_word(&self, evidence: &Evidence, at: usize, out: &mut Vec<u64>) {
        let doc = self.doc;
        let tok = &doc.toks[at];
        let uses = evidence.uses.get(&tok.lex.id).copied().unwrap_or(0);
        let class = self.class(evidence, Some(at));
        let form = class >> 1 & 7;
        let case = u64::from(tok.shouted) | u64::from(tok.headline) << 1 | u64::from(doc.opens(at)) << 2;
        let ordinary = u64::from(tok.is(Cues::ORDINARY.or(Cues::COMMON)));
        out.push(feature(6, form << 8 | u64::from(tok.end - tok.start).min(8) << 4 | case));
        out.push(feature(7, class << 4 | case));
        bits(9, u64::from(uses), out);
        out.push(feature(10, u64::from(uses) << 8 | form << 3 | case));
        out.push(feature(11, u64::from(evidence.listed[at])));
        out.push(feature(12, u64::from(tok.possessive) << 4 | form));
        out.push(feature(13, ordinary << 8 | u64::from(uses & 3) << 4 | case));
    }

    /// Features of the word together with those before and after it.
    fn features_of_neighbours(
        &self,
        evidence: &Evidence,
        around: &Around,
        letters: impl Fn(usize) -> u64 + Copy,
        out: &mut Vec<u64>,
    ) {
        let Around { at, before, second_before, after, second_after, .. } = *around;
        let word = letters(at);
        if !self.doc.toks[at].capital() {
            out.push(feature(1, !word));
            bits(8, self.doc.toks[at].lex.cues.bits(), out);
        }
        let mark = |at: Option<usize>| at.map_or(7, |at| u64::from(self.gap_class(at)));
        let (gap, next_gap) = (mark(before.map(|_| at)), mark(after));
        let (left, right) = (before.map_or(0, letters), after.map_or(0, letters));
        let class = |at: Option<usize>| self.class(evidence, at);
        let (this, class_left, class_right) = (class(Some(at)), class(before), class(after));
        out.push(feature(20, left ^ gap));
        out.push(feature(21, right ^ next_gap));
        out.push(feature(24, left.rotate_left(7) ^ word));
        out.push(feature(25, right.rotate_left(7) ^ word));
        out.push(feature(26, left.rotate_left(7) ^ right));
        out.push(feature(27, (class_left << 20 | this) << 3 | gap));
        out.push(feature(28, (class_right << 20 | this) << 3 | next_gap));
        out.push(feature(29, class_left << 40 | this << 20 | class_right));
        out.push(feature(30, (this << 20 | gap << 4 | next_gap) << 1));
        out.push(feature(31, (left ^ gap).rotate_left(9) ^ class_right));
        out.push(feature(32, (right ^ next_gap).rotate_left(9) ^ class_left));
        out.push(feature(22, second_before.map_or(0, letters)));
        out.push(feature(23, second_after.map_or(0, letters)));
        out.push(feature(33, class(second_before) << 20 | class_left));
        out.push(feature(34, class(second_after) << 20 | class_right));
    }

    /// Features of the words beside this one that are written with a capital too: heads, first and last word.
    fn features_of_stretch(&self, around: &Around, letters: impl Fn(usize) -> u64 + Copy, out: &mut Vec<u64>) {
        let Around { at, first, last, .. } = *around;
        let head = |n: usize| {
            let tok = &self.doc.toks[n];
            u64::from(tok.is(Cues::ORG_HEAD))
                | u64::from(tok.is(Cues::FIRM_END)) << 1
                | u64::from(tok.is(Cues::PLACE_HEAD.or(Cues::LOCAL))) << 2
                | u64::from(tok.is(Cues::OTHER_HEAD)) << 3
        };
        if let Some(later) = around.later_head {
            out.push(feature(40, head(later)));
            out.push(feature(41, head(later) << 4 | (later - at).min(4) as u64));
            out.push(feature(42, letters(later)));
        }
        if let Some(earlier) = around.earlier_head {
            out.push(feature(43, head(earlier) << 4 | (at - earlier).min(4) as u64));
            out.push(feature(44, letters(earlier)));
        }
        out.push(feature(45, letters(last)));
        out.push(feature(46, letters(first)));
        out.push(feature(47, ((at - first).min(4) as u64) << 4 | (last - at).min(4) as u64));
    }
}

/// A word of a stretch, and the words around it that are evidence.
struct Around {
    at: usize,
    before: Option<usize>,
    second_before: Option<usize>,
    after: Option<usize>,
    second_after: Option<usize>,
    first: usize,
    last: usize,
    earlier_head: Option<usize>,
    later_head: Option<usize>,
}

/// A feature for each bit that is set.
fn bits(template: u64, mut set: u64, out: &mut Vec<u64>) {
    while set != 0 {
        out.push(feature(template, u64::from(set.trailing_zeros())));
        set &= set - 1;
    }
}
