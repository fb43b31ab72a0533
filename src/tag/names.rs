//! The names of one article that no heading covers, found again by their words.

use std::ops::Deref;

use rustc_hash::FxHashMap;

use crate::authority::Kind;

/// A name that no heading covers.
#[derive(Debug, Clone)]
pub(super) struct Name {
    /// `unlisted/SLUG`.
    pub(super) id: String,
    /// What it seems to be.
    pub(super) kind: Kind,
    /// Folded words.
    pub(super) folded: String,
}

/// Bytes of a person's name whose parts are found again, at most.
const LONGEST: usize = 200;

/// Names by their numbers. A text may have a name in every line, so they are never searched one by one.
#[derive(Debug, Default)]
pub(super) struct Names {
    list: Vec<Name>,
    whole: FxHashMap<String, usize>,
    /// Persons by the words with which their names begin, and by those with which they end.
    begins: FxHashMap<String, Vec<usize>>,
    ends: FxHashMap<String, Vec<usize>>,
}

impl Names {
    /// The number of a name, a new one if it is new. A person's name of several words that begins or ends a known longer
    /// one is the same person.
    pub(super) fn number(&mut self, folded: String, kind: Kind) -> usize {
        let person = kind == Kind::Person && folded.contains(' ');
        let part = |of: &FxHashMap<String, Vec<usize>>| {
            of.get(&folded).filter(|_| person).and_then(|found| found.first().copied())
        };
        let known = self.whole.get(&folded).copied();
        let same = [known, part(&self.begins), part(&self.ends)].into_iter().flatten().min();
        same.unwrap_or_else(|| self.add(folded, kind))
    }

    fn add(&mut self, folded: String, kind: Kind) -> usize {
        let number = self.list.len();
        if kind == Kind::Person && folded.len() <= LONGEST {
            for (at, _) in folded.match_indices(' ') {
                self.begins.entry(folded[..at].to_owned()).or_default().push(number);
                self.ends.entry(folded[at + 1..].to_owned()).or_default().push(number);
            }
            // `Roe` is the surname of `Ann Roe Jr.`
            let whole = ["jr", "sr", "ii", "iii"].iter().find_map(|end| folded.strip_suffix(end)?.strip_suffix(' '));
            for (at, _) in whole.unwrap_or_default().match_indices(' ') {
                self.ends.entry(whole.unwrap_or_default()[at + 1..].to_owned()).or_default().push(number);
            }
        }
        let slug: String = folded.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
        self.whole.insert(folded.clone(), number);
        self.list.push(Name { id: format!("unlisted/{slug}"), kind, folded });
        number
    }

    /// The kind of the name with exactly these words.
    pub(super) fn kind_of(&self, folded: &str) -> Option<Kind> {
        self.whole.get(folded).map(|number| self.list[*number].kind)
    }

    /// The persons whose names have more words than these and begin with them.
    pub(super) fn begin_with(&self, words: &str) -> &[usize] {
        self.begins.get(words).map_or(&[], Vec::as_slice)
    }

    /// The persons whose names have more words than these and end with them.
    pub(super) fn end_with(&self, words: &str) -> &[usize] {
        self.ends.get(words).map_or(&[], Vec::as_slice)
    }
}

impl Deref for Names {
    type Target = [Name];

    fn deref(&self) -> &[Name] {
        &self.list
    }
}
