//! Noun phrases: who the subject of a verb is, found by small words, capitals and commas.

use std::ops::Range;

use super::lists::Class;
use super::pieces::{Piece, Sep, Zone};
use crate::analysis::Gap;

/// Longest noun phrase, in pieces.
const LONGEST: usize = 30;
/// Longest prefix that a hyphen joins to a verb, in bytes.
const LONGEST_PREFIX: usize = 3;

/// A sentence, in which subjects are looked for.
#[derive(Clone, Copy)]
pub(super) struct Sentence<'a> {
    pub(super) zone: &'a Zone<'a>,
    pub(super) pieces: &'a [Piece],
    /// First piece.
    pub(super) first: usize,
    /// One past the last piece.
    pub(super) last: usize,
}

/// The subject of a verb.
#[derive(Debug, Clone)]
pub(super) struct Subject {
    /// Its words.
    pub(super) words: Range<usize>,
    /// Where they begin with the titles and remarks around them.
    pub(super) start: usize,
}

impl From<Range<usize>> for Subject {
    fn from(words: Range<usize>) -> Self {
        Self { start: words.start, words }
    }
}

/// Words that cannot be within a noun phrase, but for the word right before the verb.
const BREAKS: Class = Class::SUBORDINATOR.or(Class::AUXILIARY).or(Class::PRONOUN);

impl Sentence<'_> {
    pub(super) fn folded(&self, at: usize) -> &str {
        if at < self.last { self.zone.folded(&self.pieces[at]) } else { "" }
    }

    pub(super) fn get(&self, at: usize) -> Option<&Piece> {
        self.pieces[..self.last].get(at)
    }

    /// Whether the piece at `at` follows the one before it with only white space between.
    pub(super) fn joined(&self, at: usize) -> bool {
        at > self.first && at < self.last && self.pieces[at].sep == Sep::Space
    }

    /// Whether a piece is a finite verb. A form that may be a noun counts only where no determiner stands before it.
    pub(super) fn is_finite(&self, at: usize) -> bool {
        let piece = &self.pieces[at];
        if piece.quoted.is_some() || piece.capital || piece.possessive {
            return false;
        }
        if piece.is(Class::AUXILIARY) {
            return true;
        }
        let before = (at > self.first && self.joined(at)).then(|| &self.pieces[at - 1]);
        // `France-based`, `grim-faced`, but not `co-signed`
        let adjective = |before: &Piece| before.capital || before.end - before.start > LONGEST_PREFIX;
        if before.is_some_and(adjective) && self.zone.words.as_slice()[piece.word].gap == Gap::Hyphen {
            return false;
        }
        let noun = before.is_some_and(|before| {
            before.is(Class::DETERMINER.or(Class::PREPOSITION))
                || before.possessive
                || before.capital && self.plural(at)
        });
        let past = self.folded(at).ends_with("ed") && !piece.is(Class::ROLE);
        // A participle after its noun: `those killed in`, `a plan backed by`.
        let passive =
            past && self.joined(at + 1) && matches!(self.folded(at + 1), "at" | "by" | "from" | "in" | "with");
        (piece.is(Class::FINITE) || (past && !passive)) && !noun
    }

    /// Whether a noun after a name rather than its verb: `Aldan claims`.
    fn plural(&self, at: usize) -> bool {
        self.pieces[at].is(Class::NOUN.or(Class::MOUTHPIECE).or(Class::ROLE))
    }

    /// The first piece of the verb group that ends with a verb: before its auxiliaries and adverbs.
    pub(super) fn verb_group(&self, verb: usize, floor: usize) -> usize {
        let mut at = verb;
        while at > floor && self.joined(at) && self.pieces[at - 1].quoted.is_none() {
            let before = &self.pieces[at - 1];
            let floating = matches!(self.folded(at - 1), "all" | "both" | "each") && at - 1 > floor;
            let adverb = floating
                || before.is_small(Class::ADVERB.or(Class::NEGATION).or(Class::REFLEXIVE))
                || (!before.capital && self.folded(at - 1).ends_with("ly") && !before.is(Class::ROLE));
            // The auxiliary of `who'd` is its own subject.
            let auxiliary = before.is_small(Class::AUXILIARY) && !before.is(Class::PRONOUN);
            let day = before.is(Class::DAY) && at - 1 > floor;
            if !adverb && !auxiliary && !day {
                break;
            }
            at -= 1;
            if day && at > floor + 1 && self.folded(at - 1) == "on" {
                at -= 1;
            }
        }
        at
    }

    /// The subject that stands before a verb group.
    pub(super) fn before(&self, group: usize, floor: usize) -> Option<Subject> {
        if group <= floor {
            return None;
        }
        if matches!(self.pieces[group].sep, Sep::Comma | Sep::Dash | Sep::Stop) {
            return self.around_remark(group, floor);
        }
        if self.pieces[group].sep != Sep::Space {
            return None;
        }
        self.phrase_before(group, floor).map(|phrase| self.with_list(phrase, floor)).map(Subject::from)
    }

    /// A phrase with the names before it in a list: `Alda, Borduria and Norra`. A name behind a preposition is none of
    /// them: `In Portmouth, Alda and Norra said`.
    fn with_list(&self, phrase: Range<usize>, floor: usize) -> Range<usize> {
        let joins = |at: usize| self.pieces[at].is_small(Class::COORDINATOR);
        let mut start = phrase.start;
        if start > floor && joins(start - 1) {
            start -= 1;
        } else if !phrase.clone().any(joins) {
            return phrase;
        }
        let mut named = false;
        while start > floor && self.pieces[start].sep == Sep::Comma {
            let Some(item) = self.phrase_before(start, floor).filter(|item| item.start < start) else { return phrase };
            (start, named) = (item.start, self.pieces[item.end - 1].capital);
        }
        let behind = start > self.first && self.joined(start) && self.pieces[start - 1].is_small(Class::PREPOSITION);
        if behind || !named { phrase } else { start..phrase.end }
    }

    /// The subject before remarks between commas: `Rutte, the secretary general, said`. Of noun phrases in a row the
    /// first one is it. A single name right after another one is the country or state of a place.
    fn around_remark(&self, group: usize, floor: usize) -> Option<Subject> {
        let from = group.saturating_sub(2 * LONGEST).max(floor);
        let relative = |at: &usize| self.pieces[*at].sep == Sep::Comma && self.pieces[*at].is_small(Class::RELATIVE);
        let mut end = (from + 1..group).find(relative).unwrap_or(group);
        // The last noun phrase of the row that was found, and the one before it.
        let mut row: Vec<Range<usize>> = Vec::new();
        while end > from {
            let comma = (from + 1..end).rev().find(|at| matches!(self.pieces[*at].sep, Sep::Comma | Sep::Dash));
            let first = comma.unwrap_or(from);
            match self
                .whole_phrase(first, end)
                .or_else(|| self.phrase_of_clause(first, end))
                .filter(|phrase| !self.is_second_place(phrase, from))
            {
                Some(phrase) => row.insert(0, phrase),
                None if row.is_empty() || self.is_age(first, end) => {}
                None => break,
            }
            end = first;
        }
        self.of_row(&row)
    }

    /// The name at the end of a stretch that is the subject of a clause there: `the plan that Marten, the president, announced`.
    fn phrase_of_clause(&self, first: usize, end: usize) -> Option<Range<usize>> {
        let that = |at: &usize| matches!(self.folded(*at), "that" | "which" | "whom");
        let name = (first + 1..end).rev().find(that)? + 1;
        let names = name < end && (name..end).all(|at| self.joined(at) && self.pieces[at].capital);
        names.then_some(name..end)
    }

    /// Whether a stretch between commas is somebody's age.
    fn is_age(&self, first: usize, end: usize) -> bool {
        end - first == 1 && self.folded(first).starts_with(|c: char| c.is_ascii_digit())
    }

    /// The subject among noun phrases in a row: the first one, the name beside it if it is only a role, or the list
    /// that they are.
    fn of_row(&self, row: &[Range<usize>]) -> Option<Subject> {
        let first = row.first()?.clone();
        let start = first.start;
        let joined = |phrase: &Range<usize>| phrase.clone().any(|at| self.pieces[at].is_small(Class::COORDINATOR));
        let next = row.get(1).cloned();
        let name = next.clone().filter(|next| next.len() < 5 && next.clone().all(|at| self.pieces[at].capital));
        let words = match (name, next) {
            (Some(name), _) if joined(&first) => start..name.end,
            (Some(name), _) if self.is_role(&first) => name,
            (_, Some(next)) if self.pieces[next.start].capital && joined(&next) => start..next.end,
            _ => first,
        };
        Some(Subject { words, start })
    }

    /// Whether the head of a noun phrase is no name: `the defence minister of Alda`.
    fn is_role(&self, phrase: &Range<usize>) -> bool {
        let end = phrase.clone().find(|at| self.pieces[*at].is_small(Class::PREPOSITION)).unwrap_or(phrase.end);
        end > phrase.start && !self.pieces[end - 1].capital
    }

    /// Whether a phrase is one name, and stands after a stretch that is no noun phrase and ends with a name:
    /// `after a storm in Portmouth, Alda`.
    fn is_second_place(&self, phrase: &Range<usize>, floor: usize) -> bool {
        let single = phrase.end - phrase.start == 1 && self.pieces[phrase.start].capital && phrase.start > floor;
        single && self.pieces[phrase.start - 1].capital && {
            let comma = (floor + 1..phrase.start).rev().find(|at| self.pieces[*at].sep != Sep::Space);
            let apposition =
                self.get(phrase.end).is_some_and(|next| next.is(Class::DETERMINER.or(Class::ROLE).or(Class::RELATIVE)));
            self.whole_phrase(comma.unwrap_or(floor), phrase.start).is_none() && !apposition
        }
    }

    /// The name between commas that begins at a piece: `his campaign manager, Jeff Weaver, said`.
    fn name_beside(&self, at: usize, limit: usize) -> Option<Range<usize>> {
        let name =
            |n: &usize| self.pieces[*n].quoted.is_none() && self.pieces[*n].capital && (*n == at || self.joined(*n));
        let end = at + (at..limit).take_while(name).count();
        let whole = end == limit || self.pieces[end].sep == Sep::Comma;
        ((2..5).contains(&(end - at)) && whole && self.pieces[at].sep == Sep::Comma).then_some(at..end)
    }

    /// A noun phrase that fills a stretch, after words that open a sentence.
    fn whole_phrase(&self, first: usize, end: usize) -> Option<Range<usize>> {
        let first = self.after_openers(first, end);
        let head = self.get(first).filter(|_| first < end)?;
        let small = Class::PREPOSITION.or(Class::SUBORDINATOR).or(Class::AUTHOR).or(Class::ADVERB).or(Class::TIME);
        if head.quoted.is_some() || head.is(small) || end - first > LONGEST || self.is_participle(first) {
            return None;
        }
        if !head.capital
            && !head.is(Class::DETERMINER.or(Class::ROLE).or(Class::PRONOUN).or(Class::MOUTHPIECE))
            && first > self.first
        {
            return None;
        }
        let breaks =
            |at: usize| self.pieces[at].quoted.is_some() || self.is_finite(at) || self.pieces[at].is_small(BREAKS);
        (!(first + 1..end).any(breaks)).then_some(first..end)
    }

    pub(super) fn is_participle(&self, at: usize) -> bool {
        !self.pieces[at].is(Class::ROLE.or(Class::DETERMINER).or(Class::PRONOUN).or(Class::PREPOSITION))
            && self.folded(at).ends_with("ing")
            && self.folded(at).len() > 5
    }

    /// The first piece of a stretch that is no conjunction or adverb.
    fn after_openers(&self, mut at: usize, end: usize) -> usize {
        while at < end && self.pieces[at].quoted.is_none() {
            let piece = &self.pieces[at];
            let opens = piece.is(Class::COORDINATOR) || (piece.is(Class::ADVERB) && !piece.is(Class::DETERMINER));
            let so = matches!(self.folded(at), "so" | "as" | "while" | "whereas" | "though" | "although" | "that");
            // `2. The Secretary found`
            let number = at == self.first
                && self.folded(at).bytes().all(|byte| byte.is_ascii_digit())
                && self.get(at + 1).is_some_and(|next| next.is(Class::DETERMINER));
            if !(opens || so || number) {
                break;
            }
            at += 1;
        }
        at
    }

    /// The noun phrase right before a piece.
    fn phrase_before(&self, end: usize, floor: usize) -> Option<Range<usize>> {
        let last = &self.pieces[end - 1];
        if last.quoted.is_some() || last.is_small(Class::COORDINATOR) || last.is_small(Class::PREPOSITION) {
            return None;
        }
        if last.is(Class::PRONOUN) && !last.is(Class::DETERMINER) {
            return Some(end - 1..end);
        }
        let first = self.scan_back(end, floor);
        let first = self.after_openers(first, end - 1);
        let fits = first < end && !self.pieces[end - 1].is_small(Class::SUBORDINATOR.or(Class::AUXILIARY));
        fits.then_some(())?;
        if self.pieces[first].is(Class::PREPOSITION.or(Class::TIME)) || self.is_participle(first) {
            return self.tail(first, end);
        }
        Some(first..end)
    }

    /// How far back a noun phrase goes. A phrase that would run into a verb ends after the last `and` or preposition
    /// but `of` and `for`.
    fn scan_back(&self, end: usize, floor: usize) -> usize {
        let from = end.saturating_sub(LONGEST).max(floor);
        let mut fallback = None;
        let mut at = end - 1;
        while at > from && self.joined(at) {
            let before = &self.pieces[at - 1];
            if before.quoted.is_some() {
                break;
            }
            // `more than 40 countries`
            if self.folded(at - 1) == "than" && at > from + 1 && self.pieces[at - 2].is_small(Class::DEGREE) {
                at -= 2;
                continue;
            }
            let opens = self.pieces[at].capital || self.pieces[at].is_small(Class::DETERMINER);
            let contact = self.folded(at - 1) == "that" && opens;
            let stops = before.is_small(BREAKS) && !before.is(Class::DETERMINER) || contact || self.is_finite(at - 1);
            if stops && let Some(who) = self.relative_of(at - 1, from) {
                at = who;
                continue;
            }
            if stops {
                return if before.is(Class::RELATIVE) { at } else { fallback.unwrap_or(at) };
            }
            if before.is_small(Class::COORDINATOR) {
                let names = self.pieces[at].capital && at - 1 > from && self.pieces[at - 2].capital;
                if !names {
                    fallback.get_or_insert(at);
                }
            } else if before.is_small(Class::PREPOSITION) && !matches!(self.folded(at - 1), "of" | "for") {
                fallback = Some(at);
            }
            at -= 1;
        }
        at
    }

    /// The relative pronoun that is the subject of a verb within a noun phrase: `an official who knew the plan`.
    fn relative_of(&self, verb: usize, floor: usize) -> Option<usize> {
        let group = self.verb_group(verb, floor);
        let who = group.checked_sub(1).filter(|who| *who > floor && self.joined(group) && self.joined(*who))?;
        (self.is_finite(verb) && matches!(self.folded(who), "who" | "which" | "that")).then_some(who)
    }

    /// The noun phrase at the end of a stretch that begins with a preposition or a time: the name with the words for
    /// what its bearer is, or what follows the last determiner.
    fn tail(&self, first: usize, end: usize) -> Option<Range<usize>> {
        let mut at = end;
        while at > first + 1 {
            let before = &self.pieces[at - 1];
            let small_end = at == end || self.pieces[at].capital || before.is(Class::ROLE.or(Class::MOUTHPIECE));
            let year = self.folded(at - 1).bytes().all(|byte| byte.is_ascii_digit());
            if before.is(Class::DAY.or(Class::TIME)) || before.is_small(Class::PREPOSITION) || year {
                break;
            }
            if before.is(Class::DETERMINER) {
                return Some(at - 1..end);
            }
            if !(before.capital || before.is(Class::ROLE.or(Class::MOUTHPIECE)) || small_end) {
                break;
            }
            at -= 1;
        }
        (at < end).then_some(at..end)
    }

    /// The subject that stands after an inverted verb: `said Michael Tyler, a spokesman`.
    pub(super) fn after(&self, verb: usize) -> Option<Range<usize>> {
        let first = verb + 1;
        let head = self.get(first).filter(|_| self.joined(first))?;
        let small = Class::PREPOSITION.or(Class::SUBORDINATOR).or(Class::ADVERB).or(Class::TIME).or(Class::AUXILIARY);
        if self.folded(first) == "that" {
            return None;
        }
        if head.quoted.is_some() || (head.is_small(small) && !head.is(Class::DETERMINER)) || head.is(Class::DAY) {
            return None;
        }
        if head.is(Class::PRONOUN) && !head.is(Class::DETERMINER) {
            return Some(first..first + 1);
        }
        let end = self.phrase_end(first);
        let named = self.get(end).and_then(|_| self.name_beside(end, self.last));
        named.filter(|_| self.is_role(&(first..end))).or_else(|| (end > first).then_some(first..end))
    }

    /// One past the noun phrase that begins at a piece.
    pub(super) fn phrase_end(&self, first: usize) -> usize {
        let mut at = first + 1;
        while at < self.last && at - first < LONGEST && self.joined(at) {
            let piece = &self.pieces[at];
            let named = self.pieces[at - 1].capital;
            let preposition = piece.is_small(Class::PREPOSITION)
                && !(matches!(self.folded(at), "of" | "for")
                    || !named && matches!(self.folded(at), "at" | "with" | "in" | "from" | "to"));
            let linked = self.pieces[at - 1].is_small(Class::PREPOSITION.or(Class::COORDINATOR).or(Class::DETERMINER));
            let breaks = piece.quoted.is_some()
                || piece.is_small(Class::DETERMINER) && !linked
                || piece.is_small(BREAKS.or(Class::TIME).or(Class::ADVERB)) && !piece.is(Class::DETERMINER)
                || piece.is(Class::DAY)
                || preposition
                || piece.is(Class::PARTICIPLE)
                || self.is_finite(at);
            if breaks {
                break;
            }
            at += 1;
        }
        while at > first + 1
            && self.pieces[at - 1].is_small(Class::PREPOSITION.or(Class::COORDINATOR).or(Class::DETERMINER))
        {
            at -= 1;
        }
        at
    }

    /// The subject of the clause that begins at `floor`: that of its first finite verb.
    pub(super) fn main(&self, floor: usize, end: usize) -> Option<Range<usize>> {
        let end = end.min(floor + 2 * LONGEST);
        let opener = self.after_coordinators(floor, end);
        let fronted = opener < end
            && (self.pieces[opener].is_small(Class::SUBORDINATOR.or(Class::PREPOSITION)) || self.is_participle(opener));
        let comma = (opener + 1..end).find(|at| self.pieces[*at].sep == Sep::Comma).filter(|_| fronted);
        comma.and_then(|comma| self.first_subject(comma, end)).or_else(|| self.first_subject(floor, end))
    }

    fn after_coordinators(&self, at: usize, end: usize) -> usize {
        at + (at..end).take_while(|n| self.pieces[*n].is_small(Class::COORDINATOR)).count()
    }

    fn first_subject(&self, floor: usize, end: usize) -> Option<Range<usize>> {
        for at in floor + 1..end {
            if self.is_finite(at) {
                let group = self.verb_group(at, floor);
                let subject = self.before(group, floor).filter(|one| !self.pieces[one.words.start].is(Class::RELATIVE));
                if let Some(subject) = subject {
                    return Some(subject.words);
                }
            }
        }
        None
    }

    /// The name before `who`: its antecedent.
    pub(super) fn antecedent(&self, who: usize, floor: usize) -> Option<Range<usize>> {
        if who <= floor || !matches!(self.pieces[who].sep, Sep::Space | Sep::Comma | Sep::Dash) {
            return None;
        }
        let phrase = self.phrase_before(who, floor)?;
        // `It was Moor, not Brandt, who said`.
        if phrase.start > floor + 1 && self.folded(phrase.start - 1) == "not" {
            return self.phrase_before(phrase.start - 1, floor);
        }
        // `withdraw a report which`: a verb that was taken for a part of the phrase.
        let article = phrase.clone().skip(1).find(|at| {
            let before = &self.pieces[at - 1];
            let joins = Class::PREPOSITION.or(Class::DETERMINER).or(Class::COORDINATOR);
            matches!(self.folded(*at), "a" | "an" | "the") && !before.capital && !before.is_small(joins)
        });
        // `that includes Cummins, which`.
        let verb = self.pieces[phrase.start].class == Class::default()
            && !self.pieces[phrase.start].capital
            && self.folded(phrase.start).ends_with('s')
            && self.pieces[phrase.end - 1].capital
            && phrase.len() > 1;
        Some(article.unwrap_or(phrase.start + usize::from(verb))..phrase.end)
    }
}
