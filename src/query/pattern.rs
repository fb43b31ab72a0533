//! What a text leaf matches: slots of alternatives, side by side or near one another.
//!
//! The engine applies a [`Pattern`] to postings, a [`Matcher`] applies the same pattern to the kept text, so a
//! highlight is what matched.

use std::collections::HashMap;

use super::{Mode, Part, Text};
use crate::analysis::{self, Analyzer, Shape, Words};
use crate::wordlist::WordList;

/// Words to find: one slot for each, in order or near one another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Pattern {
    /// Where they must stand.
    pub part: Part,
    /// The words.
    pub slots: Vec<Slot>,
    /// `Some(n)`: in any order, with at most `n` other words among them. `None`: in order, at the distances between
    /// the slots' offsets: side by side, unless a lone `*` of the query stands for a word between.
    pub near: Option<u32>,
}

/// One word of a pattern.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Slot {
    /// The alternatives, one of which must match.
    pub any: Vec<Alternative>,
    /// Its position in the query, counted in words. Only the differences between the offsets of a pattern matter.
    pub offset: u32,
}

/// What a slot accepts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Alternative {
    /// A term of the analysis.
    Term(String),
    /// A word as written: [`analysis::form`].
    Form(String),
    /// A folded word that the glob matches.
    Glob(Glob),
    /// A folded word at most this many edits away ([`within`]).
    Fuzzy(String, u8),
}

/// A folded word with `*` for any letters and `?` for one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Glob(String);

impl Glob {
    fn new(pattern: &str) -> Self {
        let mut out = String::new();
        let mut literal = String::new();
        for c in pattern.chars().chain(['\0']) {
            if matches!(c, '*' | '?' | '\0') {
                out.push_str(&fold(&literal));
                literal.clear();
                if c != '\0' {
                    out.push(c);
                }
            } else {
                literal.push(c);
            }
        }
        Self(out)
    }

    /// The folded letters, with `*` and `?` between.
    #[cfg(feature = "cluster")]
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// What every match begins with.
    pub fn prefix(&self) -> &str {
        self.0.split(['*', '?']).next().unwrap_or_default()
    }

    /// Whether a folded word matches.
    pub fn matches(&self, folded: &str) -> bool {
        if let Some(prefix) = self.0.strip_suffix('*').filter(|p| !p.contains(['*', '?'])) {
            return folded.starts_with(prefix);
        }
        let pattern: Vec<char> = self.0.chars().collect();
        let text: Vec<char> = folded.chars().collect();
        let (mut p, mut t) = (0, 0);
        let mut star: Option<(usize, usize)> = None;
        while t < text.len() {
            match pattern.get(p) {
                Some('*') => {
                    star = Some((p, t));
                    p += 1;
                }
                Some(c) if *c == '?' || *c == text[t] => {
                    p += 1;
                    t += 1;
                }
                _ => match star {
                    Some((at, from)) => {
                        star = Some((at, from + 1));
                        p = at + 1;
                        t = from + 1;
                    }
                    None => return false,
                },
            }
        }
        pattern[p..].iter().all(|c| *c == '*')
    }
}

/// Whether two words are at most `limit` edits apart. An edit inserts, deletes or replaces a letter, or swaps two
/// neighbours (optimal string alignment).
pub fn within(a: &str, b: &str, limit: u8) -> bool {
    // Of most pairs the lengths say enough; the bytes come first, because they need no counting. A letter has at most four.
    if a.len().abs_diff(b.len()) > 4 * usize::from(limit)
        || a.chars().count().abs_diff(b.chars().count()) > usize::from(limit)
    {
        return false;
    }
    strsim::osa_distance(a, b) <= usize::from(limit)
}

impl Pattern {
    /// What a leaf of the query matches; `None` where it has no words.
    pub fn new(text: &Text, analyzer: &mut Analyzer) -> Option<Self> {
        let part = text.part;
        let one = |any: Vec<Alternative>| vec![Slot { any, offset: 0 }];
        let mut near = None;
        let slots = match text.mode {
            Mode::Pattern => one(vec![Alternative::Glob(Glob::new(&text.text))]),
            Mode::Fuzzy(distance) => one(vec![Alternative::Fuzzy(fold(&text.text), distance)]),
            Mode::Exact | Mode::ExactPhrase => forms(&text.text),
            Mode::Word => {
                if is_money(&text.text) {
                    near = Some(1);
                }
                terms(&text.text, analyzer)
            }
            Mode::Phrase => phrase(&text.text, analyzer),
            Mode::Near(slop) => {
                near = Some(slop);
                phrase(&text.text, analyzer)
            }
        };
        if slots.len() == 1 {
            near = None;
        }
        (!slots.is_empty()).then_some(Self { part, slots, near })
    }

    /// A single term, anywhere in the text.
    pub(crate) fn of_term(term: &str) -> Self {
        let slot = Slot { any: vec![Alternative::Term(term.to_owned())], offset: 0 };
        Self { part: Part::Any, slots: vec![slot], near: None }
    }

    /// Whether it is one word, in whatever readings, whose positions are indexed.
    pub(crate) fn is_one_word(&self) -> bool {
        matches!(self.slots.as_slice(), [slot] if slot.any.iter().all(|any| matches!(any, Alternative::Term(_))))
    }

    /// All matches, given the sorted positions of each slot. A match is, for each slot, an index into its list.
    ///
    /// Words in order give one match for each place where they stand. Words near one another give one for each position
    /// that can begin a window of the allowed width; the same choice of words is not given twice in a row.
    pub fn matches(&self, slots: &[&[u32]]) -> Vec<Vec<usize>> {
        match (slots, self.near) {
            ([], _) => Vec::new(),
            ([only], _) => (0..only.len()).map(|i| vec![i]).collect(),
            (_, None) => self.in_order(slots),
            (_, Some(slop)) => windows(slots, slop),
        }
    }

    /// The number of matches that [`Pattern::matches`] finds; `marks` is scratch space.
    pub fn count(&self, slots: &[&[u32]], marks: &mut Marks) -> u32 {
        match (slots, self.near) {
            ([], _) => 0,
            ([only], _) => only.len() as u32,
            (_, None) if self.is_uneven(slots) => self.count_from_rarest(slots),
            (_, None) if Marks::take(slots) => {
                let base = self.slots[0].offset;
                marks.count(slots, |slot| self.slots[slot].offset - base)
            }
            _ => self.matches(slots).len() as u32,
        }
    }

    /// Whether the longest list is over [`UNEVEN`] times as long as the shortest.
    fn is_uneven(&self, slots: &[&[u32]]) -> bool {
        let lengths = || slots.iter().map(|list| list.len());
        lengths().max() > lengths().min().map(|least| UNEVEN * least)
    }

    fn count_from_rarest(&self, slots: &[&[u32]]) -> u32 {
        let Some((rarest, list)) = slots.iter().enumerate().min_by_key(|(_, list)| list.len()) else { return 0 };
        let offset = self.slots[rarest].offset;
        let stands = |position: &&u32| {
            let mut others = self.slots.iter().zip(slots).enumerate().filter(|(slot, _)| *slot != rarest);
            others.all(|(_, (slot, list))| {
                let wanted = (**position + slot.offset).checked_sub(offset);
                wanted.is_some_and(|wanted| list.binary_search(&wanted).is_ok())
            })
        };
        list.iter().filter(stands).count() as u32
    }

    fn in_order(&self, slots: &[&[u32]]) -> Vec<Vec<usize>> {
        let base = self.slots[0].offset;
        let mut out = Vec::new();
        for (i, position) in slots[0].iter().enumerate() {
            let mut at = vec![i];
            for (slot, list) in self.slots.iter().zip(slots).skip(1) {
                match list.binary_search(&(position + (slot.offset - base))) {
                    Ok(found) => at.push(found),
                    Err(_) => break,
                }
            }
            if at.len() == slots.len() {
                out.push(at);
            }
        }
        out
    }
}

/// Ratio of list lengths above which a binary search in the long list is faster than a walk through it.
const UNEVEN: usize = 8;

/// Scratch space in which [`Pattern::count`] counts phrases without a branch that depends on positions.
///
/// `list[p]` is a mark for a phrase that begins at position `p`. It grows by one with each further slot that matches.
#[derive(Debug, Default)]
pub struct Marks {
    list: Vec<u32>,
    /// The greatest mark of the counts so far. The next count uses greater ones only, so `list` is not cleared between.
    last: u32,
}

impl Marks {
    /// Positions must be below this, so that `list` takes at most 16 MiB. It is over twice the default limit on the
    /// words of an article; phrases in longer ones are counted by [`Pattern::matches`].
    const END: u32 = 1 << 22;

    /// Whether all positions of the first list are below [`Self::END`].
    fn take(slots: &[&[u32]]) -> bool {
        slots[0].last().is_none_or(|last| *last < Self::END)
    }

    /// Counts the positions `p` of the first list for which every other list `i` contains `p + distance(i)`.
    fn count(&mut self, slots: &[&[u32]], distance: impl Fn(usize) -> u32) -> u32 {
        let end = slots[0].last().map_or(0, |last| *last as usize + 1);
        if self.list.len() < end {
            self.list.resize(end, 0);
        }
        if u32::MAX - self.last < slots.len() as u32 {
            self.list.fill(0);
            self.last = 0;
        }
        let marks = &mut self.list[..end];
        let mut last = self.last + 1;
        slots[0].iter().for_each(|position| marks[*position as usize] = last);
        let mut met = slots[0].len() as u32;
        for (number, slot) in slots.iter().enumerate().skip(1) {
            let distance = distance(number);
            met = 0;
            for position in *slot {
                if let Some(mark) = marks.get_mut(position.wrapping_sub(distance) as usize) {
                    let next = u32::from(*mark == last);
                    *mark += next;
                    met += next;
                }
            }
            last += 1;
        }
        self.last = last;
        met
    }
}

/// For each position that can begin a window with at most `slop` other words: one occurrence of each slot within the
/// window, as indices into the slots' lists.
fn windows(slots: &[&[u32]], slop: u32) -> Vec<Vec<usize>> {
    let width = (slots.len() as u32 - 1).saturating_add(slop);
    let mut starts: Vec<u32> = slots.iter().flat_map(|list| list.iter().copied()).collect();
    starts.sort_unstable();
    starts.dedup();
    let mut out: Vec<Vec<usize>> = Vec::new();
    for first in starts {
        let last = first.saturating_add(width);
        let inside: Vec<std::ops::Range<usize>> = slots
            .iter()
            .map(|list| list.partition_point(|p| *p < first)..list.partition_point(|p| *p <= last))
            .collect();
        if inside.iter().any(std::ops::Range::is_empty) {
            continue;
        }
        if let Some(choice) = assign(slots, &inside, first)
            && out.last() != Some(&choice)
        {
            out.push(choice);
        }
    }
    out
}

/// Chooses an occurrence for each slot, no two at one position, one of them at `first`.
fn assign(slots: &[&[u32]], inside: &[std::ops::Range<usize>], first: u32) -> Option<Vec<usize>> {
    let holders = (0..slots.len()).filter(|s| slots[*s][inside[*s].start] == first);
    for holder in holders {
        let mut owner: HashMap<u32, usize> = HashMap::from([(first, holder)]);
        let mut choice: Vec<usize> = inside.iter().map(|range| range.start).collect();
        let done = (0..slots.len()).filter(|s| *s != holder).all(|slot| {
            let mut tried = vec![first];
            place(slots, inside, slot, &mut owner, &mut choice, &mut tried)
        });
        if done {
            return Some(choice);
        }
    }
    None
}

/// Gives `slot` a position of its own, moving other slots to other positions where needed; returns whether it can.
///
/// One step of bipartite matching by augmenting paths.
fn place(
    slots: &[&[u32]],
    inside: &[std::ops::Range<usize>],
    slot: usize,
    owner: &mut HashMap<u32, usize>,
    choice: &mut [usize],
    tried: &mut Vec<u32>,
) -> bool {
    for at in inside[slot].clone() {
        let position = slots[slot][at];
        if tried.contains(&position) {
            continue;
        }
        tried.push(position);
        let free = match owner.get(&position).copied() {
            None => true,
            Some(other) => place(slots, inside, other, owner, choice, tried),
        };
        if free {
            owner.insert(position, slot);
            choice[slot] = at;
            return true;
        }
    }
    false
}

fn fold(text: &str) -> String {
    let words = analysis::words(text);
    words.as_slice().iter().map(|word| words.folded(word)).collect()
}

/// Whether a word is a sum of money: a currency sign and digits, as in `€150bn`.
fn is_money(text: &str) -> bool {
    text.contains(super::signs::is_money_sign) && text.contains(|c: char| c.is_ascii_digit())
}

fn forms(text: &str) -> Vec<Slot> {
    let words = analysis::words(text);
    let list = words.as_slice();
    let slot = |word: &analysis::Word| Slot {
        any: vec![Alternative::Form(analysis::form(words.folded(word), &text[word.start as usize..word.end as usize]))],
        offset: word.position,
    };
    list.iter().map(slot).collect()
}

fn terms(text: &str, analyzer: &mut Analyzer) -> Vec<Slot> {
    let words = analysis::words(text);
    let mut slots: Vec<Slot> = Vec::new();
    analyzer.query_terms(&words, |word, term| {
        let alternative = Alternative::Term(term.to_owned());
        match slots.last_mut() {
            Some(slot) if slot.offset == word.position => slot.any.push(alternative),
            _ => slots.push(Slot { any: vec![alternative], offset: word.position }),
        }
    });
    slots
}

/// The words of a phrase; a word with `*` or `?` in it is a pattern, a lone `*` any word.
fn phrase(text: &str, analyzer: &mut Analyzer) -> Vec<Slot> {
    if !text.contains(['*', '?']) {
        return terms(text, analyzer);
    }
    let mut slots: Vec<Slot> = Vec::new();
    let mut next = 0;
    for chunk in text.split_whitespace() {
        let trimmed = chunk.trim_matches(|c: char| !c.is_alphanumeric() && c != '*');
        if !trimmed.is_empty() && trimmed.bytes().all(|b| b == b'*') {
            next += 1;
            continue;
        }
        if let Some(pattern) = super::signs::as_pattern(trimmed).filter(|p| p.contains(['*', '?'])) {
            slots.push(Slot { any: vec![Alternative::Glob(Glob::new(&pattern))], offset: next });
            next += 1;
            continue;
        }
        let base = next;
        for mut slot in terms(chunk, analyzer) {
            slot.offset += base;
            next = slot.offset + 1;
            slots.push(slot);
        }
    }
    slots
}

/// Finds patterns in kept text.
#[derive(Debug)]
pub(crate) struct Matcher<'p> {
    patterns: &'p [Pattern],
    terms: HashMap<&'p str, Vec<(usize, usize)>>,
    forms: HashMap<&'p str, Vec<(usize, usize)>>,
    others: Vec<(&'p Alternative, usize, usize)>,
}

/// Where the terms of a text come from.
#[derive(Debug)]
pub(crate) enum Terms<'a> {
    /// From the analysis of its words.
    Analysed(&'a mut Analyzer),
    /// From the index: the sorted positions of each of [`Matcher::terms`].
    Indexed(&'a HashMap<String, Vec<u32>>),
}

/// A match of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Index of the pattern among the matcher's.
    pub pattern: usize,
    /// Indices of the matched words among the text's words, in the order of the slots.
    pub words: Vec<usize>,
}

impl<'p> Matcher<'p> {
    /// A matcher for these patterns.
    pub(crate) fn new(patterns: &'p [Pattern]) -> Self {
        let mut matcher = Self { patterns, terms: HashMap::new(), forms: HashMap::new(), others: Vec::new() };
        for (p, pattern) in patterns.iter().enumerate() {
            for (s, slot) in pattern.slots.iter().enumerate() {
                for alternative in &slot.any {
                    match alternative {
                        Alternative::Term(term) => matcher.terms.entry(term).or_default().push((p, s)),
                        Alternative::Form(form) => matcher.forms.entry(form).or_default().push((p, s)),
                        other => matcher.others.push((other, p, s)),
                    }
                }
            }
        }
        matcher
    }

    /// The terms that are looked for.
    pub(crate) fn terms(&self) -> impl Iterator<Item = &'p str> + '_ {
        self.terms.keys().copied()
    }

    /// The matches in a title or a body, in the order of the patterns and then of the text.
    pub(crate) fn find(&self, part: Part, text: &str, words: &Words, terms: Terms<'_>) -> Vec<Found> {
        let wanted = |p: usize| self.patterns[p].part == Part::Any || self.patterns[p].part == part;
        let mut slots: Vec<Vec<Vec<u32>>> = self.patterns.iter().map(|p| vec![Vec::new(); p.slots.len()]).collect();
        let list = words.as_slice();
        let base = list.as_ptr() as usize;
        let mut note = |p: usize, s: usize, number: usize| {
            if wanted(p) && slots[p][s].last() != Some(&(number as u32)) {
                slots[p][s].push(number as u32);
            }
        };
        match terms {
            _ if self.terms.is_empty() => {}
            Terms::Analysed(analyzer) => analyzer.terms(words, |word, term| {
                let number = (std::ptr::from_ref(word) as usize - base) / size_of::<analysis::Word>();
                for (p, s) in self.terms.get(term).into_iter().flatten() {
                    note(*p, *s, number);
                }
            }),
            Terms::Indexed(positions) => {
                for (term, slots) in &self.terms {
                    for position in positions.get(*term).into_iter().flatten() {
                        let Ok(number) = list.binary_search_by_key(position, |word| word.position) else { continue };
                        slots.iter().for_each(|(p, s)| note(*p, *s, number));
                    }
                }
            }
        }
        if !self.forms.is_empty() || !self.others.is_empty() {
            for (number, word) in list.iter().enumerate() {
                let folded = words.folded(word);
                let form = analysis::form(folded, &text[word.start as usize..word.end as usize]);
                for (p, s) in self.forms.get(form.as_str()).into_iter().flatten() {
                    note(*p, *s, number);
                }
                for (alternative, p, s) in &self.others {
                    if alternative.accepts(folded) {
                        note(*p, *s, number);
                    }
                }
            }
        }
        let mut out = Vec::new();
        for (p, (pattern, slots)) in self.patterns.iter().zip(&mut slots).enumerate() {
            slots.iter_mut().for_each(|list| {
                list.sort_unstable();
                list.dedup();
            });
            if slots.iter().any(Vec::is_empty) {
                continue;
            }
            let positions: Vec<Vec<u32>> =
                slots.iter().map(|numbers| numbers.iter().map(|n| list[*n as usize].position).collect()).collect();
            let views: Vec<&[u32]> = positions.iter().map(Vec::as_slice).collect();
            for found in pattern.matches(&views) {
                let words = found.iter().zip(slots.iter()).map(|(at, numbers)| numbers[*at] as usize).collect();
                out.push(Found { pattern: p, words });
            }
        }
        out
    }
}

impl Slot {
    /// Whether it needs the words as they are written: a form, a glob or a typo, which terms alone cannot answer.
    pub(crate) fn is_written(&self) -> bool {
        self.any.iter().any(|alternative| !matches!(alternative, Alternative::Term(_)))
    }
}

impl Alternative {
    /// Whether a glob or a word with typing errors accepts a folded word; `false` for terms and forms.
    pub(crate) fn accepts(&self, folded: &str) -> bool {
        match self {
            Self::Glob(glob) => glob.matches(folded),
            Self::Fuzzy(word, distance) => within(word, folded, *distance),
            Self::Term(_) | Self::Form(_) => false,
        }
    }
}

/// Words too common to tell articles apart in a ranked row: articles, prepositions, pronouns, auxiliaries, question
/// words.
static STOP_WORDS: WordList = WordList::new(include_str!("lists/stop_words.txt"));

/// Whether a folded word is a stop word.
pub(crate) fn is_stop_word(folded: &str) -> bool {
    STOP_WORDS.has(folded) || analysis::is_contraction(folded)
}

/// The parts of a compound, which a ranked row searches in addition to the whole (`Iran-Iraq`: Iran, Iraq), without
/// stop words and prefixes (`post-Brexit`: Brexit). Empty for a single word and for compounds with digits or currency
/// signs.
pub fn compound_parts(text: &Text) -> Vec<Text> {
    if text.mode != Mode::Word || text.text.contains(|c: char| c.is_ascii_digit() || super::signs::is_money_sign(c)) {
        return Vec::new();
    }
    let words = analysis::words(&text.text);
    if words.len() < 2 {
        return Vec::new();
    }
    let part = |word: &analysis::Word| Text {
        text: text.text[word.start as usize..word.end as usize].to_owned(),
        ..text.clone()
    };
    let telling = |word: &&analysis::Word| {
        let prefix = word.shape == Shape::Lower && PREFIXES.has(words.folded(word));
        !prefix && !is_stop_text(&part(word))
    };
    words.as_slice().iter().filter(telling).map(part).collect()
}

/// Prefixes that mean little without the word after them.
static PREFIXES: WordList = WordList::new(include_str!("lists/compound_prefixes.txt"));

/// Whether a leaf is a single stop word. Ambiguous words in capitals (`WHO`) are initialisms, and words of the byline
/// are names, so neither are stop words.
pub fn is_stop_text(text: &Text) -> bool {
    if text.mode != Mode::Word || text.part == Part::Byline {
        return false;
    }
    let words = analysis::words(&text.text);
    match words.as_slice() {
        [word] => {
            let folded = words.folded(word);
            let initialism = word.shape == Shape::Upper && analysis::is_ambiguous(folded);
            is_stop_word(folded) && !initialism
        }
        _ => false,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // a test may fail
mod tests {
    use super::*;

    #[test]
    fn globs_and_typing_errors() {
        assert!(Glob::new("procur*").matches("procurement"));
        assert!(Glob::new("defen?e").matches("defence"));
        assert!(!Glob::new("defen?e").matches("defenses"));
        assert!(Glob::new("*craft").matches("aircraft"));
        assert!(within("missle", "missile", 1));
        assert!(within("msisile", "missile", 1));
        assert!(!within("missle", "missiles", 1));
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..proptest::prelude::ProptestConfig::default() })]
        #[test]
        fn counting_finds_as_many_as_matching(
            lists in proptest::collection::vec(proptest::collection::btree_set(0u32..60, 0..30), 1..5),
            far in proptest::bool::ANY,
            gaps in proptest::collection::vec(1u32..4, 5),
        ) {
            let from = if far { Marks::END - 30 } else { 0 };
            let lists: Vec<Vec<u32>> = lists.iter().map(|list| list.iter().map(|at| at + from).collect()).collect();
            let slots: Vec<&[u32]> = lists.iter().map(Vec::as_slice).collect();
            let offset = |slot: usize| gaps[..slot].iter().sum::<u32>();
            let slot = |slot: usize| Slot { any: Vec::new(), offset: 7 + offset(slot) };
            let pattern = Pattern { part: Part::Any, slots: (0..slots.len()).map(slot).collect(), near: None };
            let mut marks = Marks { list: Vec::new(), last: u32::MAX - 6 };
            for _ in 0..3 {
                proptest::prop_assert_eq!(pattern.count(&slots, &mut marks) as usize, pattern.matches(&slots).len());
            }
        }
    }

    fn leaf(mode: Mode, text: &str) -> Text {
        Text { part: Part::Any, text: text.to_owned(), mode }
    }

    /// The matches in a body, each with the numbers of its words.
    fn found(leaf: &Text, text: &str) -> Vec<Vec<usize>> {
        let Some(pattern) = Pattern::new(leaf, &mut Analyzer::new()) else { return Vec::new() };
        let patterns = [pattern];
        let matcher = Matcher::new(&patterns);
        let found = matcher.find(Part::Body, text, &analysis::words(text), Terms::Analysed(&mut Analyzer::new()));
        found.into_iter().map(|found| found.words).collect()
    }

    #[test]
    fn a_phrase_matches_at_each_place_where_its_words_stand_in_order() {
        let table: &[(Mode, &str, &str, &[&[usize]])] = &[
            (Mode::Phrase, "tank ship", "tank ship tank ship", &[&[0, 1], &[2, 3]]),
            (Mode::Phrase, "tank ship", "a ship, a tank. Ship", &[&[3, 4]]),
            (Mode::Phrase, "tank ship", "tank new ship tank", &[]),
            (Mode::Phrase, "tank ship", "the last word: tank", &[]),
            (Mode::Phrase, "tank ship", "tank\n\nship", &[]),
            (Mode::Phrase, "ship", "ships and a ship", &[&[0], &[3]]),
            // Words that are repeated, in places that overlap.
            (Mode::Phrase, "tank tank", "tank tank tank", &[&[0, 1], &[1, 2]]),
            (Mode::Phrase, "tank tank ship", "tank tank tank ship ship", &[&[1, 2, 3]]),
            (Mode::Phrase, "tank ship tank", "tank ship tank ship tank", &[&[0, 1, 2], &[2, 3, 4]]),
            (Mode::Phrase, "tank ship tank", "tank ship ship tank", &[]),
            // Any word for a star, patterns for others, and compounds among them.
            (Mode::Phrase, "tank * ship", "tank new ship, tank ship, ship", &[&[0, 2], &[3, 5]]),
            (Mode::Phrase, "* tank *", "tank", &[&[0]]),
            (Mode::Phrase, "(tan*) sh?p", "a tanker ship; tank shop; tank shops", &[&[1, 2], &[3, 4]]),
            (Mode::Phrase, "new-tank sh*", "the new tank shows", &[&[1, 2, 3]]),
            (Mode::Phrase, "sh* new-tank * ship", "ships new tank or ship", &[&[0, 1, 2, 4]]),
            (Mode::Word, "UK-EU", "UK-EU, the UK EU, EU-UK", &[&[0, 1], &[3, 4]]),
            (Mode::Word, "F-35", "F-35 and F-35A, F-35B", &[&[0], &[2], &[3]]),
            (Mode::Word, "F-35B", "F-35 and F-35A, F-35B", &[&[3]]),
            (Mode::ExactPhrase, "the Tank", "The Tank; the tank; the Tanks; the Tank", &[&[6, 7]]),
            (Mode::Exact, "Tank", "tank Tank tanks TANK", &[&[1]]),
            (Mode::Pattern, "ta*k", "task tank tack tak tanks", &[&[0], &[1], &[2], &[3]]),
            (Mode::Fuzzy(1), "tank", "tanks tnak bank tan tankers", &[&[0], &[1], &[2], &[3]]),
            (Mode::Fuzzy(1), "Šank", "sank shank", &[&[0], &[1]]),
            // In capitals throughout, an initialism may be the word.
            (Mode::Phrase, "BORDURIA WANTS SAFE HARBOURS", "Borduria wants safe harbours", &[&[0, 1, 2, 3]]),
            (Mode::Phrase, "BORDURIA WANTS SAFE HARBOURS", "Borduria wants SAFE harbours", &[&[0, 1, 2, 3]]),
            // Near: a match for each word that can be the first, in either order, no word twice.
            (Mode::Near(0), "tank ship", "ship tank ship", &[&[1, 0], &[1, 2]]),
            (Mode::Near(1), "tank ship", "tank a ship a b tank", &[&[0, 2]]),
            (Mode::Near(2), "tank ship", "tank a ship a b tank", &[&[0, 2], &[5, 2]]),
            (Mode::Near(0), "tank tank", "tank", &[]),
            (Mode::Near(1), "tank tank", "tank a tank", &[&[0, 2]]),
            (Mode::Near(5), "tank", "tank", &[&[0]]),
            (Mode::Near(0), "ship ta* tank", "ship tank tan", &[&[0, 2, 1]]),
            // A sum, its sign before or after it; one word may stand among them.
            (Mode::Word, "€150bn", "€150 billion and 150 bn euros", &[&[0, 1, 2], &[6, 4, 5]]),
            (Mode::Word, "€150bn", "150 bn of new euros", &[]),
            (Mode::Word, "€150bn", "150 bn of euros", &[&[3, 0, 1]]),
            (Mode::Word, "€", "a euro", &[&[1]]),
        ];
        for (mode, query, text, wanted) in table {
            assert_eq!(found(&leaf(*mode, query), text), *wanted, "{mode:?} {query} in {text}");
        }
    }

    #[test]
    fn a_part_is_looked_for_there_and_the_byline_nowhere_in_the_text() {
        for (part, title, body) in [
            (Part::Any, true, true),
            (Part::Title, true, false),
            (Part::Body, false, true),
            (Part::Byline, false, false),
        ] {
            let patterns = [Pattern::new(&Text { part, ..leaf(Mode::Word, "tank") }, &mut Analyzer::new()).unwrap()];
            let matcher = Matcher::new(&patterns);
            for (of, wanted) in [(Part::Title, title), (Part::Body, body)] {
                let words = analysis::words("tanks");
                let found = matcher.find(of, "tanks", &words, Terms::Analysed(&mut Analyzer::new()));
                assert_eq!(!found.is_empty(), wanted, "{part:?} in {of:?}");
                let indexed = [("tank".to_owned(), vec![0])].into();
                assert_eq!(matcher.find(of, "tanks", &words, Terms::Indexed(&indexed)), found);
            }
        }
    }

    #[test]
    fn a_count_is_not_misled_by_the_one_before() {
        let slot = |offset| Slot { any: Vec::new(), offset };
        let pattern = Pattern { part: Part::Any, slots: vec![slot(0), slot(1)], near: None };
        let mut marks = Marks::default();
        assert_eq!(pattern.count(&[&[0], &[1]], &mut marks), 1);
        assert_eq!(pattern.count(&[&[5], &[1]], &mut marks), 0);
        assert_eq!(pattern.count(&[&[0, 5], &[1, 6]], &mut marks), 2);
    }

    #[test]
    fn a_slot_of_several_terms_matches_in_the_order_of_the_text() {
        let names = ["a", "b", "c", "d", "e", "f"];
        let slot = |terms: &[&str], offset| Slot {
            any: terms.iter().map(|term| Alternative::Term((*term).to_owned())).collect(),
            offset,
        };
        let patterns = [Pattern { part: Part::Any, slots: vec![slot(&["x"], 0), slot(&names, 1)], near: None }];
        let text = "x d x a x f x b x e x c";
        let mut terms = HashMap::from([("x".to_owned(), vec![0, 2, 4, 6, 8, 10])]);
        for name in names {
            terms.insert(name.to_owned(), vec![text.split(' ').position(|word| word == name).unwrap() as u32]);
        }
        let matcher = Matcher::new(&patterns);
        let found = matcher.find(Part::Body, text, &analysis::words(text), Terms::Indexed(&terms));
        let words: Vec<Vec<usize>> = found.into_iter().map(|found| found.words).collect();
        assert_eq!(words, (0..6).map(|n| vec![2 * n, 2 * n + 1]).collect::<Vec<_>>());
    }

    #[test]
    fn compounds_have_parts_that_tell_something() {
        let parts =
            |text: &str| compound_parts(&leaf(Mode::Word, text)).into_iter().map(|p| p.text).collect::<Vec<_>>();
        assert_eq!(parts("Alda-Borduria"), ["Alda", "Borduria"]);
        assert_eq!(parts("state-of-the-art"), ["state", "art"]);
        assert_eq!(parts("post-Brexit"), ["Brexit"]);
        assert_eq!(parts("Post-Brexit"), ["Post", "Brexit"]);
        assert_eq!(parts("WHO-led"), ["WHO", "led"]);
        assert!(parts("frigate").is_empty() && parts("F-35").is_empty() && parts("€-fund").is_empty());
        assert!(parts("alda-5").is_empty());
        assert!(compound_parts(&leaf(Mode::Phrase, "Alda-Borduria")).is_empty());
    }

    #[test]
    fn stop_words_are_single_small_words_outside_the_byline() {
        for (text, stop) in [
            ("the", true),
            ("The", true),
            ("THE", true),
            ("WHO", false),
            ("who", true),
            ("Who", true),
            ("tank", false),
            ("of-the", false),
        ] {
            assert_eq!(is_stop_text(&leaf(Mode::Word, text)), stop, "{text}");
        }
        assert!(!is_stop_text(&leaf(Mode::Exact, "the")));
        assert!(!is_stop_text(&Text { part: Part::Byline, ..leaf(Mode::Word, "will") }));
        assert!(is_stop_text(&Text { part: Part::Title, ..leaf(Mode::Word, "will") }));
    }

    #[test]
    fn stars_and_typing_errors_at_their_edges() {
        for (pattern, word, matches) in [
            ("procur*", "procur", true),
            ("procur*", "procure", true),
            ("procur*", "procu", false),
            ("*craft", "craft", true),
            ("*craft", "crafts", false),
            ("a*b*c", "abc", true),
            ("a*b*c", "axbxbxc", true),
            ("a*b*c", "axc", false),
            ("a?c", "ac", false),
            ("a?c", "abbc", false),
            ("a?*", "a", false),
            ("a?c*", "abc", true),
            ("a?c*", "abcd", true),
            ("a*?", "ab", true),
            ("Š?f*", "sefcovic", true),
        ] {
            assert_eq!(Glob::new(pattern).matches(word), matches, "{pattern} {word}");
        }
        assert_eq!((Glob::new("Pro?ur*").prefix(), Glob::new("*craft").prefix()), ("pro", ""));
        for (a, b, distance) in [
            ("tank", "tank", 0),
            ("tank", "tan", 1),
            ("tank", "tanks", 1),
            ("tank", "bank", 1),
            ("tank", "tnak", 1),
            ("tank", "natk", 2),
            ("tank", "knat", 3),
            ("", "ab", 2),
            ("ta", "ta\u{1d4b3}", 1),
            ("ta", "ta\u{1d4b3}\u{1d4b3}", 2),
        ] {
            for limit in 0..4 {
                assert_eq!(within(a, b, limit), distance <= limit, "{a} {b} {limit}");
                assert_eq!(within(b, a, limit), distance <= limit, "{b} {a} {limit}");
            }
        }
    }

    #[test]
    fn windows_hold_each_slot_once() {
        assert_eq!(windows(&[&[1, 9], &[3]], 1), [vec![0, 0]]);
        assert!(windows(&[&[1], &[1]], 5).is_empty());
        assert_eq!(windows(&[&[1, 2], &[1, 2]], 0).len(), 1);
    }
}
