//! Words of a dictionary within a few edits of one, without going through all of it: the band of the edit distance's table
//! that can still matter, kept while the dictionary's paths are walked (Ukkonen, "Algorithms for approximate string
//! matching", 1985).
//!
//! `strsim` compares two words, so it would need every word of the dictionary. `levenshtein_automata` walks one, and counts a
//! swap as one edit if it is asked to, but it first builds a table of all states for each word: 0.1 ms for two edits by its own
//! figures, for an automaton that is walked once. Nor does it know of the byte 0 that ends the word of a key.

use tantivy_fst::Automaton;

/// Edits at most.
const MOST: usize = 2;
/// Entries of a row of the table that can be within [`MOST`] edits.
const BAND: usize = 2 * MOST + 1;
/// Any distance greater than [`MOST`].
const FAR: u8 = MOST as u8 + 1;

/// Accepts the keys whose folded word (all before a byte 0) is at most `limit` edits from a word; a swap of neighbours is one
/// edit, as for [`within`](crate::query::pattern::within).
pub(super) struct Near {
    word: Vec<char>,
    limit: u8,
}

impl Near {
    /// For at most `limit` edits; more than [`MOST`] count as [`MOST`].
    pub(super) fn new(word: &str, limit: u8) -> Self {
        Self { word: word.chars().collect(), limit: limit.min(MOST as u8) }
    }

    /// The distance of the whole word from what was read.
    fn distance(&self, state: &State) -> u8 {
        let at = (self.word.len() + MOST).checked_sub(state.read);
        at.and_then(|at| state.row.get(at)).copied().unwrap_or(FAR)
    }

    /// The letter of the word before a place of the row; `None` outside the word.
    fn before(&self, read: usize, at: usize, back: usize) -> Option<char> {
        (read + at).checked_sub(MOST + back).and_then(|at| self.word.get(at)).copied()
    }

    fn step(&self, state: &State, c: char) -> State {
        let read = state.read + 1;
        let mut row = [FAR; BAND];
        for at in 0..BAND {
            // The letters of the word that this entry compares.
            let Some(prefix) = (read + at).checked_sub(MOST).filter(|prefix| *prefix <= self.word.len()) else {
                continue;
            };
            let mut best = state.row.get(at + 1).map_or(FAR, |before| before + 1);
            if at > 0 {
                best = best.min(row[at - 1] + 1);
            }
            if prefix > 0 {
                let last = self.before(read, at, 1);
                best = best.min(state.row[at] + u8::from(last != Some(c)));
                if prefix > 1 && last == state.last && self.before(read, at, 2) == Some(c) {
                    best = best.min(state.earlier[at] + 1);
                }
            }
            row[at] = best.min(FAR);
        }
        State { read, row, earlier: state.row, last: Some(c), ..State::default() }
    }
}

/// How far a key has been read.
#[derive(Debug, Clone, Default)]
pub(super) struct State {
    /// Letters read.
    read: usize,
    /// The distances between the letters read and the beginnings of the word whose lengths differ by at most [`MOST`].
    row: [u8; BAND],
    /// The same one letter earlier.
    earlier: [u8; BAND],
    last: Option<char>,
    /// The bytes of a letter that is not read to its end.
    bytes: [u8; 4],
    held: usize,
    /// The folded word has ended: whether it is near.
    ended: Option<bool>,
}

impl Automaton for Near {
    type State = State;

    fn start(&self) -> State {
        let mut row = [FAR; BAND];
        for (at, distance) in row.iter_mut().enumerate().skip(MOST) {
            *distance = (at - MOST) as u8;
        }
        State { row, earlier: [FAR; BAND], ..State::default() }
    }

    fn is_match(&self, state: &State) -> bool {
        state.ended.unwrap_or_else(|| state.held == 0 && self.distance(state) <= self.limit)
    }

    fn can_match(&self, state: &State) -> bool {
        state.ended.unwrap_or_else(|| state.row.iter().chain(&state.earlier).any(|distance| *distance <= self.limit))
    }

    fn will_always_match(&self, state: &State) -> bool {
        state.ended == Some(true)
    }

    fn accept(&self, state: &State, byte: u8) -> State {
        if state.ended.is_some() {
            return state.clone();
        }
        if byte == 0 {
            return State { ended: Some(self.is_match(state)), ..state.clone() };
        }
        let mut next = state.clone();
        next.bytes[next.held.min(3)] = byte;
        next.held += 1;
        match std::str::from_utf8(&next.bytes[..next.held.min(4)]) {
            Ok(letter) => letter.chars().next().map_or(next, |c| self.step(state, c)),
            Err(_) if next.held < 4 => next,
            Err(_) => State { ended: Some(false), ..next },
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::query::pattern::within;

    fn takes(near: &Near, key: &str) -> bool {
        let mut state = near.start();
        for byte in key.bytes() {
            if !near.can_match(&state) {
                return false;
            }
            state = near.accept(&state, byte);
        }
        near.is_match(&state)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn it_takes_what_is_within_so_many_edits(a in "[abcé]{0,7}", b in "[abcé]{0,7}", limit in 0u8..3) {
            let near = Near::new(&a, limit);
            prop_assert_eq!(takes(&near, &b), within(&a, &b, limit));
            let key = format!("{b}\0Aé");
            prop_assert_eq!(takes(&near, &key), within(&a, &b, limit));
        }
    }
}
