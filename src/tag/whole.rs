//! Names without a heading, made whole: the number of a unit, the end of a firm's name, what an organisation is for.
//!
//! Rules and model end a name where the text interrupts it: `Strike Fighter Squadron (VFA) 22`, `Corvane Systems, Inc.`
//! Here a name takes in what belongs to it, and a name that owns another is divided from it.

use rustc_hash::FxHashSet;

use super::Via;
use super::lists::Cues;
use super::work::{Unlisted, Work};
use crate::analysis::{Gap, Shape};
use crate::authority::Kind;
use crate::fence;
use crate::wordlist::WordList;

/// Heads of organisations that are also what an office deals with.
static FIELDS: WordList = WordList::new(include_str!("lists/fields_of_work.txt"));

/// Words of a name that is looked at, at most.
const LONGEST: usize = 30;
/// Letters and digits of a unit's number, at most.
const LONGEST_NUMBER: u32 = 4;

impl Work<'_> {
    /// Gives each name the words that belong to it.
    pub(super) fn whole_names(&mut self) {
        let mut found = std::mem::take(&mut self.unlisted);
        let mut inside: FxHashSet<usize> = FxHashSet::default();
        let mut owners = Vec::new();
        for one in &mut found {
            fence::check();
            let (start, end) = self.whole(one);
            if (start, end) == (one.start, one.end) {
                continue;
            }
            inside.extend(one.end..end);
            inside.extend(start..one.start);
            if start > one.start {
                owners.push(self.renamed(one, one.start, start));
            }
            *one = self.renamed(one, start, end);
        }
        // The abbreviation in brackets is a part of the longer name now.
        found.retain(|one| !inside.contains(&one.start));
        found.extend(owners);
        self.unlisted = found;
    }

    /// The words of a mention with those that belong to it and without its owner.
    fn whole(&self, one: &Unlisted) -> (usize, usize) {
        if one.end - one.start > LONGEST {
            return (one.start, one.end);
        }
        if self.names[one.name].kind == Kind::Person {
            return (one.start, self.generation(one).unwrap_or(one.end));
        }
        let start = self.after_its_owner(one).or_else(|| self.spelled_from(one)).unwrap_or(one.start);
        let end = self.numbered(one).or_else(|| self.firm_end(one.end)).or_else(|| self.purpose(one.end));
        let end = end.or_else(|| self.fields(one));
        (start, end.unwrap_or(one.end))
    }

    /// One past what tells a person from an elder of the same name: `James Brekkedal, Jr.`
    fn generation(&self, one: &Unlisted) -> Option<usize> {
        let (doc, end) = (self.doc, one.end);
        let whole = end - one.start > 1 && end < doc.toks.len() && doc.before(end) == ", ";
        (whole && matches!(doc.folded(end), "jr" | "sr" | "ii" | "iii" | "iv")).then_some(end + 1)
    }

    /// A mention of other words in the place of one.
    fn renamed(&mut self, one: &Unlisted, start: usize, end: usize) -> Unlisted {
        self.claimed[start..end].fill(true);
        let kind = if start == one.start { self.names[one.name].kind } else { self.guess(start, end) };
        let name = self.names.number(self.folded_name(start, end), kind);
        Unlisted { start, end, name, via: Via::Unlisted, step: one.step }
    }

    /// Where a name begins that another one owns: `University of Tarn's School of Law`.
    fn after_its_owner(&self, one: &Unlisted) -> Option<usize> {
        let toks = &self.doc.toks;
        let headed = |from: usize, to: usize| toks[from..to].iter().any(|tok| tok.is(Cues::ORG_HEAD) && tok.capital());
        let owner = |end: &usize| {
            toks[end - 1].possessive
                && toks[self.head_of_name(one.start, *end)].is(Cues::ORG_HEAD)
                && headed(*end, one.end)
        };
        (one.start + 2..one.end.saturating_sub(1)).find(owner)
    }

    /// Where a name begins that was found without its first words. An initialism in brackets behind it has letters for
    /// them (`Sector Risk Agency (SRA)`), or a hyphen joins them to it.
    fn spelled_from(&self, one: &Unlisted) -> Option<usize> {
        let (doc, end) = (self.doc, one.end);
        let hyphen = (doc.toks[one.start].gap == Gap::Hyphen).then(|| one.start - 1);
        let initialism = end < doc.toks.len() && self.in_brackets(end);
        let first =
            initialism.then(|| self.spelled_out(end)).flatten().filter(|first| *first < one.start).or(hyphen)?;
        let joins = |at: usize| {
            let small = doc.toks[at].is(Cues::JOINT);
            (doc.toks[at].capital() || small) && self.decided(at).is_none() && !doc.opens(at)
        };
        let near = (first + 1..=one.start).all(|at| doc.toks[at].gap <= Gap::Punctuation);
        (near && doc.toks[first].capital() && (first..one.start).all(joins)).then_some(first)
    }

    /// One past the number after a unit's abbreviation, which may stand in brackets after its name:
    /// `Strike Fighter Squadron (VFA) 22`, `CSG 9`.
    fn numbered(&self, one: &Unlisted) -> Option<usize> {
        let (doc, toks, end) = (self.doc, &self.doc.toks, one.end);
        let unit = self.names[one.name].kind == Kind::Force;
        let initialism = end - one.start == 1 && toks[one.start].shape == Shape::Upper;
        let bracketed = end < toks.len() && self.in_brackets(end);
        let at = if bracketed { end + 1 } else { end };
        let next = toks.get(at)?;
        let beside = if bracketed { [") ", ")-"] } else { [" ", "-"] }.contains(&doc.before(at));
        let number = next.shape == Shape::Number && next.end - next.start <= LONGEST_NUMBER;
        (unit && number && beside && (bracketed || initialism) && !self.taken(at)).then_some(at + 1)
    }

    /// One past the end of a firm's name behind a comma: `Corvane Systems, Inc.`
    fn firm_end(&self, end: usize) -> Option<usize> {
        let next = self.doc.toks.get(end)?;
        let comma = self.doc.before(end) == ", ";
        (comma && next.is(Cues::FIRM_END) && next.capital() && !self.taken(end)).then_some(end + 1)
    }

    /// One past the last of the words from `from` on that only white space or hyphens part and that pass; `None` where
    /// the first does not pass.
    fn run_of(&self, from: usize, passes: impl Fn(&usize) -> bool) -> Option<usize> {
        let end = self.doc.toks.len().min(from + LONGEST);
        let beside = (from..end).take_while(|at| *at == from || self.doc.next(*at).is_some());
        beside.take_while(passes).last().map(|last| last + 1)
    }

    /// One past the further fields of an organisation that the text lists: `Bureau of South and Central Asian Affairs`,
    /// `School of Law, Trade Policy, and Ethics`.
    fn fields(&self, one: &Unlisted) -> Option<usize> {
        let (doc, toks) = (self.doc, &self.doc.toks);
        let headed = |tie: usize| matches!(doc.folded(tie), "of" | "for" | "on") && toks[tie - 1].is(Cues::ORG_HEAD);
        let field = |at: &usize| {
            let tok = &toks[*at];
            let head = tok.is(Cues::ORG_HEAD) && !FIELDS.has(doc.folded(*at));
            let other =
                head || tok.is(Cues::RANK.or(Cues::CALENDAR)) || tok.is(Cues::FIRST_NAME) && !tok.is(Cues::ROLE);
            let free = self.decided(*at).is_none_or(|n| self.hit(n).via == Via::Demonym);
            tok.capital() && !tok.headline && !tok.possessive && free && !other
        };
        if !(one.start + 1..one.end).any(headed) || toks[one.end - 1].possessive {
            return None;
        }
        let run = |from: usize| self.run_of(from, field);
        let ordinary = |stop: &usize| toks[stop - 1].is(Cues::ORDINARY) && !toks[stop - 1].is(Cues::ROLE);
        let last = |stop: usize, comma: bool| {
            let gap = doc.before_or_empty(stop);
            let and = stop < toks.len() && doc.folded(stop) == "and" && (gap == " " || comma && gap == ", ");
            let joined = and || gap == " & " || comma && gap == ", & ";
            joined.then(|| run(stop + usize::from(and))).flatten().filter(ordinary)
        };
        let mut stop = one.end;
        while stop < toks.len() && stop - one.end < LONGEST {
            if let Some(end) = last(stop, stop > one.end) {
                // `Bureau of Oceans and International Environmental and Scientific Affairs`
                return Some(last(end, false).unwrap_or(end));
            }
            stop = run(stop).filter(|_| doc.before(stop) == ", ")?;
        }
        None
    }

    /// One past the words that say what an organisation is for: `Tarn Institute for Integrative Cancer Research`.
    fn purpose(&self, end: usize) -> Option<usize> {
        let doc = self.doc;
        let last = &doc.toks[end - 1];
        let tie = |at: &usize| matches!(doc.folded(*at), "for" | "of") && doc.toks[*at].shape == Shape::Lower;
        let first = |tie: usize| {
            let next = doc.next(tie + 1)?;
            let first = if doc.folded(next) == "the" { doc.next(next + 1)? } else { next };
            doc.toks[first].capital().then_some(first)
        };
        let at = doc.next(end).filter(tie)?;
        let first_word = first(at)?;
        let names = |at: &usize| {
            let tok = &doc.toks[*at];
            let free = self.decided(*at).is_none() && !tok.headline && !tok.shouted;
            tok.capital() && free && !tok.is(Cues::CALENDAR.or(Cues::RANK).or(Cues::ROLE))
        };
        let stop = self.run_of(first_word, names)?;
        // `School of Law of Tarn University`: two names. `Court for the District of Tarn`: the name goes on.
        let another = doc.folded(at) == "of" && doc.toks[first_word..stop].iter().any(|tok| tok.is(Cues::ORG_HEAD));
        let goes_on = doc.next(stop).filter(tie).and_then(first).is_some();
        (last.is(Cues::ORG_HEAD) && !last.possessive && !last.headline && !another && !goes_on).then_some(stop)
    }
}
