//! Systems and programmes: versions of designations that the authority file does not list, weak names by the words
//! beside them, and where a name begins and ends.

use std::sync::Arc;

use super::Via;
use super::index::Candidate;
use super::lexicon::NONE;
use super::lists::Cues;
use super::matcher::Hit;
use super::work::{Settled, Work};
use crate::analysis::{Gap, Shape};
use crate::authority::{Class, Kind};
use crate::wordlist::WordList;

/// Words after a designation that show that it is something else: `T-72 hours`, `the S-400 index`.
static AFTER_OTHERS: WordList = WordList::new(include_str!("lists/words_after_other_designations.txt"));
/// Words before a designation that show that it is something else: `room C-130`.
static BEFORE_OTHERS: WordList = WordList::new(include_str!("lists/words_before_other_designations.txt"));

/// Words before and after a weak name among which a word of the class is looked for.
const NEAR: usize = 6;
/// Letters and digits that a version adds to a designation, at most: `F-16AM`, `Su-30MKI`, `T-72B3`.
const LONGEST_VERSION: usize = 3;
/// Letters and digits of a designation of which versions are looked for, at least.
const SHORTEST_DESIGNATION: usize = 3;
/// Letters of a part that a hyphen or stroke joins to a designation, at most: the `VN` of `Mi-8AMTSh-VN`.
const LONGEST_PART: usize = 3;

impl Work<'_> {
    /// Finds versions of designations: `F-16AM`, where the authority file has `F-16`; `Leopard 2A7A1`.
    pub(super) fn versions(&mut self) {
        for at in 0..self.doc.toks.len() {
            let tok = &self.doc.toks[at];
            if tok.shape == Shape::Lower || tok.muted || self.covering(at).is_some() {
                continue;
            }
            let word = self.doc.folded(at);
            if let Some(system) = version_of(word, |designation| self.index.designations.get(designation).copied()) {
                self.add(at, at + 1, system, Via::Alias);
                continue;
            }
            let Some(before) = at.checked_sub(1).filter(|_| tok.gap <= Gap::Space) else { continue };
            let of_two = |number: &str| {
                let name = format!("{} {number}", self.doc.folded(before));
                self.index.designations.get(name.as_str()).copied()
            };
            let found = version_of(word, of_two).filter(|_| self.doc.toks[before].capital());
            match (found, self.covering(before)) {
                (Some(system), None) => self.add(before, at + 1, system, Via::Alias),
                (Some(system), Some(n)) if (self.hit(n).start, self.hit(n).end) == (before, at) => {
                    self.matches.hits[n].end = at + 1;
                    self.decide(n, system, Via::Alias);
                }
                _ => {}
            }
        }
    }

    /// Decides weak names of systems: by another name in the article, else by words of the class beside them, the nearest
    /// first. A later mention may decide an earlier one.
    pub(super) fn weak_systems(&mut self) {
        let undecided = |hit: &Hit| !hit.veto && hit.actor == NONE;
        let all = 0..self.matches.hits.len();
        let weak = |c: &Candidate| c.class == Class::Weak && self.kind(c.actor).is_thing();
        let mut rest: Vec<usize> =
            all.filter(|n| undecided(self.hit(*n)) && self.matches.of(self.hit(*n)).iter().any(weak)).collect();
        loop {
            let before = rest.len();
            rest.retain(|n| {
                let best = self.weak_system(*n);
                best.inspect(|system| self.decide(*n, *system, Via::Alias)).is_none()
            });
            if rest.is_empty() || rest.len() == before {
                return;
            }
        }
    }

    fn weak_system(&self, n: usize) -> Option<u32> {
        let hit = *self.hit(n);
        if !self.is_whole(&hit) || self.is_surname_here(&hit) || self.is_other_designation(&hit) {
            return None;
        }
        let initialism = hit.end - hit.start == 1 && self.doc.toks[hit.start].shape == Shape::Upper;
        if initialism && self.explained.contains(&self.doc.toks[hit.start].lex.id) {
            return None;
        }
        let near = if initialism { 1 } else { NEAR };
        let weak = self.matches.of(&hit).iter().filter(|c| c.class == Class::Weak && self.kind(c.actor).is_thing());
        weak.filter_map(|c| {
            let named = self.firm.get(&c.actor).copied().unwrap_or(0);
            let word = self.class_word(&hit, c.actor).filter(|far| *far <= near);
            // Beside a word of its class a name of two systems is that one; else the one that the article names.
            let doubt = match (word, named) {
                (Some(far), _) => far,
                (None, 0) => return None,
                (None, _) => NEAR + 1,
            };
            Some((doubt, std::cmp::Reverse(named), c.actor))
        })
        .min()
        .map(|(_, _, system)| system)
    }

    /// How many words away, in its sentence, a word shows that a weak name means a system of this class: a word of the
    /// class, another system of it, its maker, or right before it a force (`RAF Chinooks`).
    fn class_word(&self, hit: &Hit, system: u32) -> Option<usize> {
        let class = self.index.classes.get(&system)?;
        let doc = self.doc;
        let shows = |at: usize| {
            let tok = &doc.toks[at];
            let word = tok.lex.word != NONE && !tok.muted && class.words.contains(&tok.lex.word);
            let alike = |other: u32| {
                self.index.classes.get(&other).is_some_and(|other| Arc::ptr_eq(&other.words, &class.words))
            };
            let force = |n: usize| self.hit(n).end == hit.start && self.kind(self.hit(n).actor) == Kind::Force;
            let beside = |n: usize| class.makers.contains(&self.hit(n).actor) || alike(self.hit(n).actor) || force(n);
            word || self.decided_at(at).is_some_and(beside)
        };
        let before = (1..=NEAR).map_while(|far| {
            let at = hit.start.checked_sub(far)?;
            (doc.toks[at + 1].gap < Gap::Sentence).then_some((far, at))
        });
        let after = (1..=NEAR).map_while(|far| {
            let at = hit.end + far - 1;
            (doc.toks.get(at)?.gap < Gap::Sentence).then_some((far, at))
        });
        before.chain(after).filter(|(_, at)| shows(*at)).map(|(far, _)| far).min()
    }

    /// Whether a weak name is no part of a longer name: with a capitalised word before or behind it, or of a class of ships.
    fn is_whole(&self, hit: &Hit) -> bool {
        let doc = self.doc;
        let last = &doc.toks[hit.end - 1];
        let more = doc.next(hit.end).is_some_and(|at| {
            let tok = &doc.toks[at];
            let longer = tok.shape == Shape::Title && tok.gap == Gap::Space && !tok.headline && !tok.shouted;
            longer && !last.possessive && self.decided_at(at).is_none() && !tok.is(Cues::COMMON.or(Cues::CALENDAR))
        });
        let part = doc.prev(hit.start).is_some_and(|at| {
            let tok = &doc.toks[at];
            let inside = tok.shape == Shape::Title && !tok.possessive && !tok.headline && !tok.shouted;
            inside && doc.toks[hit.start].gap == Gap::Space && !doc.opens(at) && self.decided_at(at).is_none()
        });
        let ships = doc.toks.get(hit.end).is_some_and(|tok| tok.gap == Gap::Hyphen && doc.folded(hit.end) == "class");
        !part && !more && !ships
    }

    /// Whether the article has a person of this name: a given name, an initial or a rank stands before it somewhere.
    fn is_surname_here(&self, hit: &Hit) -> bool {
        let doc = self.doc;
        let tok = &doc.toks[hit.start];
        let after_given_name = |at: usize| {
            let same = doc.toks[at].lex.id == tok.lex.id && doc.toks[at].gap <= Gap::Punctuation;
            let before = at.checked_sub(1).filter(|_| same);
            let title = |word: &super::doc::Tok| {
                let initial = word.end - word.start == 1 && doc.before(at).starts_with('.');
                word.shape == Shape::Title && (word.is(Cues::RANK) || initial)
            };
            let space = doc.toks[at].gap == Gap::Space;
            // The last word of `Lockheed Martin` is a given name too.
            let named =
                before.and_then(|at| self.decided_at(at)).is_some_and(|n| self.kind(self.hit(n).actor) != Kind::Person);
            !named && ((space && self.is_given_name(before)) || doc.tok(before).is_some_and(title))
        };
        hit.end - hit.start == 1 && tok.shape == Shape::Title && (0..doc.toks.len()).any(after_given_name)
    }

    /// Whether the words beside a designation show that it is a room, an hour, an index.
    fn is_other_designation(&self, hit: &Hit) -> bool {
        let doc = self.doc;
        let designation = doc.folded(hit.end - 1).contains(|c: char| c.is_ascii_digit());
        let after = doc.next(hit.end).is_some_and(|at| AFTER_OTHERS.has(doc.folded(at)));
        let before = doc.prev(hit.start).is_some_and(|at| BEFORE_OTHERS.has(doc.folded(at)));
        designation && hit.end - hit.start == 1 && (after || before)
    }

    /// Whether a certain name of a system is one where it stands.
    pub(super) fn system_stands(&self, hit: &Hit) -> bool {
        !self.is_other_designation(hit) && !self.is_surname_here(hit)
    }

    /// A mention of a system without what stands in small letters at its ends and names its class, and without its owner;
    /// with the parts that a hyphen or stroke joins to its designation: `Patriot` of `Patriot missiles`, `F-16C/D`.
    pub(super) fn fitted(&self, mut one: Settled, system: u32) -> Settled {
        let doc = self.doc;
        let Some(class) = self.index.classes.get(&system) else { return one };
        let name = |at: &usize| doc.toks[*at].shape != Shape::Lower;
        let of_class = |at: usize| class.words.contains(&doc.toks[at].lex.word);
        let (first, last) = ((one.start..one.end).find(name), (one.start..one.end).rev().find(name));
        let (Some(first), Some(last)) = (first, last) else { return one };
        if last + 1 < one.end && of_class(one.end - 1) {
            one.end = last + 1;
        }
        if (one.start..first).any(of_class) {
            one.start = first;
        }
        if doc.toks[one.start].possessive && one.end - one.start > 1 {
            one.start += 1;
        }
        while self.is_part_of_designation(one.end) {
            one.end += 1;
        }
        one
    }

    /// Whether a word is joined by a hyphen or stroke to the name before it and can be a part of a designation.
    fn is_part_of_designation(&self, at: usize) -> bool {
        let Some(tok) = self.doc.toks.get(at).filter(|tok| tok.gap == Gap::Hyphen) else { return false };
        let word = self.doc.folded(at);
        let letters = tok.capital() && word.len() <= LONGEST_PART && matches!(tok.shape, Shape::Upper | Shape::Title);
        (letters || word.contains(|c: char| c.is_ascii_digit())) && self.covering(at).is_none()
    }
}

/// The system whose designation a word begins with, if what follows can be a version: a letter, and no more than two
/// letters or digits.
fn version_of(word: &str, system: impl Fn(&str) -> Option<u32>) -> Option<u32> {
    let digit = word.find(|c: char| c.is_ascii_digit()).filter(|_| word.is_ascii())?;
    let least = word.len().saturating_sub(LONGEST_VERSION).max(digit + 1).max(SHORTEST_DESIGNATION);
    let mut ends = (least..word.len()).rev().filter(|end| word[*end..].starts_with(|c: char| c.is_ascii_lowercase()));
    ends.find_map(|end| system(&word[..end]))
}
