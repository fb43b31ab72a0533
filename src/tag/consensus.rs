//! What the model takes a name for in all of an article: one mention may stand where an actor could, another shows that
//! the name is a programme's or a place's.

use std::hash::{Hash as _, Hasher as _};

use rustc_hash::{FxHashMap, FxHasher};

use super::perceptron::{Guess, Sort};
use super::work::Work;

/// By how much the margins of a name as something else have to exceed those as what it was taken for.
const ELSE: i64 = 150;
/// The same where the rules know the name.
const ELSE_RULED: i64 = 600;
/// How many times as large the margins of a name as a place have to be: actors are called after places.
const PLACE: i64 = 2;

/// The sum of the margins of each name, by its words and sort.
#[derive(Debug, Default)]
pub(super) struct Consensus(FxHashMap<u64, [i64; Sort::ALL.len()]>);

impl Consensus {
    pub(super) fn of(work: &Work, guesses: &[Guess]) -> Self {
        let mut all = Self::default();
        for guess in guesses {
            let sums = all.0.entry(key(work, guess.start, guess.end)).or_default();
            sums[guess.sort as usize] += i64::from(guess.margin);
        }
        all
    }

    /// What the words from `start` up to `end` name in this article, where mentions show that it is something else than
    /// `sort`; `ruled` is whether the rules found them.
    pub(super) fn against(&self, work: &Work, (start, end): (usize, usize), sort: Sort, ruled: bool) -> Option<Sort> {
        let sums = self.0.get(&key(work, start, end))?;
        let of = |sort: Sort| sums[sort as usize];
        let least = if ruled { ELSE_RULED } else { ELSE };
        let actor = of(Sort::Person) + of(Sort::Organisation);
        if of(Sort::Other) > actor + least && of(Sort::Other) >= of(Sort::Place) {
            Some(Sort::Other)
        } else if of(Sort::Place) > PLACE * actor + least {
            Some(Sort::Place)
        } else {
            [Sort::Person, Sort::Organisation]
                .into_iter()
                .find(|other| *other != sort && of(*other) > of(sort) + if ruled { least } else { 0 })
        }
    }
}

/// The words of a name as a number.
fn key(work: &Work, start: usize, end: usize) -> u64 {
    let mut hasher = FxHasher::default();
    work.doc.toks[start..end].iter().for_each(|tok| tok.lex.id.hash(&mut hasher));
    hasher.finish()
}
