//! Which state an ambiguous name belongs to: decided by the words next to it, else by the article as a whole.

use rustc_hash::FxHashMap;

use super::lexicon::NONE;
use super::lists::Cues;
use super::work::Work;
use crate::analysis::{Gap, Shape};
use crate::authority::{Class, Kind};
use crate::wordlist::WordList;

/// Outlets whose "defence secretary" is the British one, by a part of their name.
static BRITISH_OUTLETS: WordList = WordList::new(include_str!("lists/british_outlets.txt"));
/// Outlets whose "defense secretary" is the American one.
static AMERICAN_OUTLETS: WordList = WordList::new(include_str!("lists/american_outlets.txt"));

/// How much an article speaks of each state: a sum of evidence, without an upper bound.
#[derive(Debug, Default)]
pub(super) struct Weights(FxHashMap<u32, f32>);

impl Weights {
    fn add(&mut self, state: u32, weight: f32) {
        if state != NONE {
            *self.0.entry(state).or_default() += weight;
        }
    }

    /// The weight of the state that weighs most among those that may compete.
    pub(super) fn most(&self, competes: impl Fn(u32) -> bool) -> f32 {
        self.0.iter().filter(|(state, _)| competes(**state)).map(|(_, weight)| *weight).fold(0.0, f32::max)
    }

    /// The weight of one state.
    pub(super) fn of(&self, state: u32) -> f32 {
        self.0.get(&state).copied().unwrap_or(0.0)
    }
}

impl Work<'_> {
    /// Adds up the evidence for each state: its mentions, words peculiar to Britain or America, and the outlet.
    pub(super) fn weigh_states(&self) -> Weights {
        let mut weights = Weights::default();
        for hit in self.matches.hits.iter().filter(|hit| !hit.veto) {
            let headline = if hit.start < self.doc.split { 1.5 } else { 1.0 };
            if hit.actor == NONE {
                if let Some(place) = self.matches.with(hit, Class::Metonym) {
                    weights.add(self.index.actor(place.actor).state, 0.6 * headline);
                }
                continue;
            }
            let own = self.kind(hit.actor) == Kind::State;
            weights.add(self.index.actor(hit.actor).state, headline * if own { 1.0 } else { 0.8 });
        }
        for tok in &self.doc.toks {
            if tok.is(Cues::BRITISH) && tok.capital() {
                weights.add(self.index.kingdom, 1.5);
            }
            if tok.is(Cues::AMERICAN) && tok.capital() {
                weights.add(self.index.states, 1.0);
            }
        }
        if let Some(home) = self.home() {
            weights.add(home, 2.0);
        }
        weights
    }

    /// The state whose readers the outlet writes for, if it is Britain or the United States.
    pub(super) fn home(&self) -> Option<u32> {
        let outlet = self.article.outlet.as_deref()?.to_lowercase();
        let from = |list: &WordList| list.iter().any(|name| outlet.contains(name));
        match (from(&BRITISH_OUTLETS), from(&AMERICAN_OUTLETS)) {
            (true, false) => Some(self.index.kingdom),
            (false, true) => Some(self.index.states),
            _ => None,
        }
    }

    /// The index of the hit whose last word stands right before word `end`; vetoes are left out.
    pub(super) fn hit_ending(&self, end: usize) -> Option<usize> {
        let n = self.matches.hits.partition_point(|hit| hit.end < end);
        self.matches.hits.get(n).filter(|hit| hit.end == end && !hit.veto).map(|_| n)
    }

    /// The index of the hit that begins at word `start`; vetoes are left out.
    pub(super) fn hit_starting(&self, start: usize) -> Option<usize> {
        let n = self.matches.hits.partition_point(|hit| hit.start < start);
        self.matches.hits.get(n).filter(|hit| hit.start == start && !hit.veto).map(|_| n)
    }

    /// The index of the hit that covers a word, vetoes included.
    pub(super) fn covering(&self, at: usize) -> Option<usize> {
        let n = self.matches.hits.partition_point(|hit| hit.end <= at);
        self.matches.hits.get(n).filter(|hit| hit.start <= at).map(|_| n)
    }

    /// The actor that a hit gives to its context: the decided one, else the first for which its place can stand.
    pub(super) fn meaning(&self, n: usize) -> Option<u32> {
        let hit = self.hit(n);
        if hit.actor != NONE {
            return Some(hit.actor);
        }
        self.matches.with(hit, Class::Metonym).map(|place| place.actor)
    }

    /// The state named last before a word, within the word's paragraph.
    pub(super) fn state_before(&self, start: usize) -> Option<u32> {
        let n = self.matches.hits.partition_point(|hit| hit.end <= start);
        let begin = self.doc.paragraphs.partition_point(|first| *first as usize <= start);
        let first = self.doc.paragraphs.get(begin.checked_sub(1)?).map_or(0, |first| *first as usize);
        self.matches.hits[..n].iter().rev().take_while(|hit| hit.start >= first).find_map(|hit| {
            let meaning = if hit.actor != NONE { hit.actor } else { self.matches.with(hit, Class::Metonym)?.actor };
            (self.kind(meaning) == Kind::State && !hit.veto).then_some(meaning)
        })
    }

    /// The state in which a sentence is set: `In Stockholm the governing party ...`. `None` where the sentence names
    /// two states before the word, or its first one without `in`.
    pub(super) fn state_of_sentence(&self, start: usize) -> Option<u32> {
        let doc = self.doc;
        let mut at = start;
        while at > 0 && doc.toks[at].gap < Gap::Sentence {
            at -= 1;
        }
        let n = self.matches.hits.partition_point(|hit| hit.start < at);
        let mut set: Option<u32> = None;
        for hit in self.matches.hits[n..].iter().take_while(|hit| hit.end <= start).filter(|hit| !hit.veto) {
            let meaning = if hit.actor != NONE {
                Some(hit.actor)
            } else {
                self.matches.with(hit, Class::Metonym).map(|c| c.actor)
            };
            let Some(state) = meaning.filter(|actor| self.kind(*actor) == Kind::State) else { continue };
            if set.is_some_and(|other| other != state) {
                return None;
            }
            let inside = hit.via != super::Via::Demonym && doc.folded_or_empty(doc.prev(hit.start)) == "in";
            if inside || set.is_some() {
                set = Some(state);
            } else {
                return None;
            }
        }
        set
    }

    /// The actor named right before a name (`Ukrainian`, `Britain's new`, `NATO`), at most two adjectives between them.
    pub(super) fn owner_before(&self, start: usize) -> Option<u32> {
        let doc = self.doc;
        let mut at = start;
        for _ in 0..3 {
            let before = doc.prev(at)?;
            if let Some(n) = self.hit_ending(at) {
                return self.meaning(n);
            }
            let tok = &doc.toks[before];
            if !tok.is(Cues::BETWEEN) || tok.shape != Shape::Lower {
                return None;
            }
            at = before;
        }
        None
    }

    /// The actor named right after a name: `of Ukraine`, `in Kyiv`, `officials in Moscow`, `(UK)`. At most
    /// `words_between` other words in lower case may stand before the preposition.
    pub(super) fn owner_after(&self, end: usize, words_between: usize) -> Option<u32> {
        let doc = self.doc;
        if doc.toks.get(end).is_some_and(|tok| tok.gap == Gap::Punctuation) && doc.before(end).trim() == "(" {
            let n = self.hit_starting(end)?;
            return doc.after(self.hit(n).end).starts_with(')').then(|| self.meaning(n)).flatten();
        }
        let mut at = end;
        for _ in 0..=words_between {
            let next = doc.next(at)?;
            let word = doc.folded(next);
            if matches!(word, "of" | "in" | "for") {
                let mut place = doc.next(next + 1)?;
                if doc.folded(place) == "the" {
                    place = doc.next(place + 1)?;
                }
                let n = self.hit_starting(place)?;
                let hit = self.hit(n);
                let adjective = self.matches.with(hit, Class::Demonym).is_some() && hit.via == super::Via::Demonym;
                return if adjective { None } else { self.meaning(n) };
            }
            let tok = &doc.toks[next];
            if tok.shape != Shape::Lower || tok.is(Cues::ACTS.or(Cues::AUXILIARY).or(Cues::COMMON)) || word == "to" {
                return None;
            }
            at = next + 1;
        }
        None
    }
}
