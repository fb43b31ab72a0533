//! Organisations that the words next to their names reveal: nouns for them, their staff, their possessions.

use rustc_hash::FxHashMap;

use super::lists::{Cues, NOUNS_BEFORE_FIRMS, TRADES, takes};
use super::work::Work;
use crate::analysis::{Gap, Shape};
use crate::authority::Kind;
use crate::wordlist::WordList;

/// Nouns for what only firms have: one right after a name makes the name a firm's.
static THINGS_FIRMS_HAVE: WordList = WordList::new(include_str!("lists/things_firms_have.txt"));
/// Nouns for things that are called after the maker or owner named right before them.
static THINGS_CALLED_BY_MAKER: WordList = WordList::new(include_str!("lists/things_called_by_maker.txt"));
/// Nouns for people who work for the organisation named right before them.
static OFFICERS_OF_FIRMS: WordList = WordList::new(include_str!("lists/officers_of_firms.txt"));

impl Work<'_> {
    /// Finds names that the words next to them show to be organisations'.
    pub(super) fn firms(&mut self) {
        let mut at = 0;
        while at < self.doc.toks.len() {
            crate::fence::check();
            let end = self.firm_run(at);
            if end > at
                && let Some(kind) = self.firm_kind(at, end)
            {
                self.claim(at, end, Some(kind));
            }
            at = end.max(at + 1);
        }
    }

    /// Finds single words that act and that nothing else explains.
    pub(super) fn actors_alone(&mut self) {
        for at in 0..self.doc.toks.len() {
            crate::fence::check();
            if self.firm_run_to(at, at + 2) == at + 1 && self.acts_alone(at, at + 1) {
                // A person speaks; what buys or denies may be a firm.
                let speaks = matches!(
                    self.doc.folded_or_empty(self.doc.next(at + 1)),
                    "said"
                        | "says"
                        | "told"
                        | "added"
                        | "recalled"
                        | "explained"
                        | "noted"
                        | "replied"
                        | "wrote"
                        | "thinks"
                );
                let kind = if speaks { Kind::Person } else { Kind::Company };
                self.claim(at, at + 1, Some(kind));
            }
        }
    }

    /// The end of a run of capitalised words that no mention covers, joined by blanks or `&`; `start` if there is none.
    fn firm_run(&self, start: usize) -> usize {
        self.firm_run_to(start, self.doc.toks.len())
    }

    /// As [`Self::firm_run`], not beyond the word `stop`.
    fn firm_run_to(&self, start: usize, stop: usize) -> usize {
        let doc = self.doc;
        let fits = |at: usize| {
            let tok = &doc.toks[at];
            tok.capital()
                && self.free(at)
                && !tok.is(Cues::CALENDAR.or(Cues::RANK).or(Cues::NOT_AN_ORG))
                && !doc.is_contraction(at)
        };
        if !fits(start) || (doc.opens(start) && doc.toks[start].is(Cues::COMMON)) {
            return start;
        }
        let mut end = start + 1;
        while end < doc.toks.len().min(stop)
            && fits(end)
            && !doc.toks[end - 1].possessive
            && (doc.toks[end].gap == Gap::Space || self.is_ampersand(end))
        {
            end += 1;
        }
        end
    }

    fn is_ampersand(&self, at: usize) -> bool {
        self.doc.before(at).trim() == "&"
    }

    /// The kind of organisation that the run names, if its own words or those next to it show that it names one.
    fn firm_kind(&self, start: usize, end: usize) -> Option<Kind> {
        let doc = self.doc;
        let empty = (start..end).all(|at| doc.toks[at].is(Cues::ORDINARY.or(Cues::COMMON)));
        let role = (start..end).any(|at| doc.toks[at].is(Cues::ROLE) && !doc.toks[at].is(Cues::FIRST_NAME));
        if end - start > 5 || role || (end - start == 1 && doc.toks[end - 1].is(Cues::DETERMINER)) {
            return None;
        }
        let long = |at: usize| doc.toks[at].end - doc.toks[at].start > 2;
        let shouted = (start..end).all(|at| doc.toks[at].shape == Shape::Upper);
        if (start + 1..end).any(|at| self.is_ampersand(at)) && (start..end).all(long) && !empty && !shouted {
            return Some(Kind::Company);
        }
        if doc.toks[start].is(Cues::ORG_FRONT) && end - start > 1 && !empty {
            return Some(self.guess(start, end));
        }
        if self.begins_with_initials(start, end) {
            return Some(Kind::Company);
        }
        if doc.toks[start].is(Cues::FIRST_NAME) && end - start > 1 {
            return None;
        }
        if let Some(kind) = self.trade_before(start) {
            return Some(kind);
        }
        if end - start == 1 && self.is_run_together(start) {
            return Some(Kind::Company);
        }
        let known = !empty
            && (self.is_place_of_work(start)
                || self.has_what_firms_have(end)
                || self.is_it(end)
                || self.has_officers(end)
                || self.is_introduced_as_one(end)
                || self.describes_a_thing(start, end));
        (known && !doc.toks[end - 1].is(Cues::PLACE_HEAD)).then_some(Kind::Company)
    }

    /// The kind that a noun right before the name says: `the lender Nordbank`, `news agency ARNA`.
    fn trade_before(&self, start: usize) -> Option<Kind> {
        let doc = self.doc;
        let before = doc.prev(start)?;
        let tok = &doc.toks[before];
        let small = tok.shape == Shape::Lower || (tok.shape == Shape::Title && doc.opens(before));
        if doc.toks[start].gap != Gap::Space || !tok.is(Cues::TRADE) || !small || tok.possessive {
            return None;
        }
        Some(TRADES.get(doc.folded(before)).and_then(Kind::of_id).unwrap_or(Kind::Company))
    }

    /// Whether somebody who works there or something bought of it stands before the name and a preposition:
    /// `chief executive of Nordbank`, `an analyst at Nordbank`, `a stake in Nordbank`.
    fn is_place_of_work(&self, start: usize) -> bool {
        let doc = self.doc;
        let Some(tie) = doc.prev(start).filter(|at| doc.toks[*at].shape == Shape::Lower) else { return false };
        let Some(who) = doc.tok(doc.prev(tie)) else { return false };
        let preposition = doc.folded(tie);
        // `spokesman for Nordbank` needs a role; the other prepositions need none.
        takes(&NOUNS_BEFORE_FIRMS, doc.folded(tie - 1), preposition) && (preposition != "for" || who.is(Cues::ROLE))
    }

    /// `Nordbank shares`, `Nordbank's chief executive`.
    fn has_what_firms_have(&self, end: usize) -> bool {
        let Some(next) = self.doc.next(end) else { return false };
        let word = self.doc.folded(next);
        let has = THINGS_FIRMS_HAVE.has(word)
            || (word == "chief" && self.doc.folded_or_empty(self.doc.next(next + 1)) == "executive");
        self.doc.toks[next].shape == Shape::Lower && has
    }

    /// `ING Barings`, `IG Metall`: initials, then a name.
    fn begins_with_initials(&self, start: usize, end: usize) -> bool {
        let doc = self.doc;
        let first = &doc.toks[start];
        let small = |at: usize| {
            let tok = &doc.toks[at];
            tok.is(Cues::ORDINARY.or(Cues::COMMON).or(Cues::PLACE_HEAD).or(Cues::OTHER_HEAD).or(Cues::LOCAL))
                || tok.shape == Shape::Number
        };
        end - start > 1
            && first.shape == Shape::Upper
            && !doc.toks[start + 1].is(Cues::FIRST_NAME)
            && (2..=4).contains(&(first.end - first.start))
            && !first.is(Cues::NOT_AN_ORG.or(Cues::CREDIT).or(Cues::SHIP))
            && !crate::analysis::is_ambiguous(doc.folded(start))
            && doc.surface(start, start + 1).chars().all(char::is_alphabetic)
            && !(start + 1..end).any(small)
            && (start + 1..end).any(|at| doc.toks[at].shape == Shape::Title)
    }

    /// `OceanGate`: two words written as one.
    fn is_run_together(&self, at: usize) -> bool {
        let doc = self.doc;
        let surface = doc.surface(at, at + 1);
        if matches!(doc.folded_or_empty(doc.prev(at)), "by" | "on" | "via" | "over" | "through" | "using") {
            return false; // what somebody spoke by, not who spoke
        }
        // A handle or a part of an address is no name.
        let address = doc.before(at).ends_with(['@', '#', '/', '=', '_'])
            || doc.after(at + 1).strip_prefix('.').is_some_and(|rest| rest.is_empty());
        let inner = surface.char_indices().skip(3).any(|(_, c)| c.is_uppercase());
        doc.toks[at].shape == Shape::Mixed
            && surface.chars().next().is_some_and(char::is_uppercase)
            && surface.chars().all(char::is_alphabetic)
            && surface.chars().count() > 5
            && inner
            && !address
            && !["Mac", "Fitz", "Van", "Del", "Dela", "Vander"].iter().any(|prefix| surface.starts_with(prefix))
            && doc.toks[at].gap != Gap::Hyphen
            && doc.tok(doc.next(at + 1)).is_none_or(|next| next.shape != Shape::Number && next.gap != Gap::Hyphen)
    }

    /// Whether the name is that of a thing's maker or owner: `a Ryanair jet`, `the Volkstrom plant`.
    fn describes_a_thing(&self, start: usize, end: usize) -> bool {
        let doc = self.doc;
        let article = doc.tok(doc.prev(start)).is_some_and(|tok| tok.is(Cues::DETERMINER) && tok.shape == Shape::Lower);
        article && !doc.toks[end - 1].possessive && THINGS_CALLED_BY_MAKER.has(doc.folded_or_empty(doc.next(end)))
    }

    /// Whether a single word is the subject of a verb of will and no ordinary word, place or person's name:
    /// `Dynegy had scrapped a merger`.
    fn acts_alone(&self, start: usize, end: usize) -> bool {
        const OTHER: Cues = Cues::ORDINARY
            .or(Cues::COMMON)
            .or(Cues::FIRST_NAME)
            .or(Cues::ROLE)
            .or(Cues::RANK)
            .or(Cues::US_PLACE)
            .or(Cues::PLACE_HEAD)
            .or(Cues::OTHER_HEAD)
            .or(Cues::CALENDAR);
        let doc = self.doc;
        let tok = &doc.toks[start];
        let before = doc.tok(doc.prev(start));
        // `Gunmen attacked`: a plural noun at the start of a sentence, not a name.
        let many = ["men", "ers", "ists", "ors", "ants", "ees", "ies", "ians"];
        if doc.opens(start) && many.iter().any(|ending| doc.folded(start).ends_with(ending)) {
            return false;
        }
        let subject = before.is_none_or(|before| {
            before.shape == Shape::Lower
                && before.is(Cues::COMMON.or(Cues::ACTS))
                && !before.is(Cues::PLACE_BEFORE.or(Cues::ROLE).or(Cues::DETERMINER))
        }) && doc.folded_or_empty(doc.prev(start)) != "of";
        end - start == 1
            && tok.shape == Shape::Title
            && tok.end - tok.start > 3
            && !tok.possessive
            && !tok.is(OTHER)
            && self.covering(start).is_none()
            && subject
            && doc.next(end).is_some_and(|verb| doc.toks[verb].shape == Shape::Lower && self.is_verb_of_will(verb))
            && !self.is_something_else(start)
    }

    /// Whether the article shows the word elsewhere as something else: somebody's surname, a place, a ship.
    fn is_something_else(&self, at: usize) -> bool {
        const BEFORE: Cues =
            Cues::PLACE_BEFORE.or(Cues::PARTICLE).or(Cues::SHIP).or(Cues::PLACE_HEAD).or(Cues::OTHER_HEAD);
        let doc = self.doc;
        let capital =
            |n: Option<usize>| doc.tok(n).is_some_and(|tok| tok.capital() && !tok.is(Cues::COMMON.or(Cues::CALENDAR)));
        let id = doc.toks[at].lex.id;
        let surname = self
            .names
            .iter()
            .any(|name| name.kind == Kind::Person && name.folded.split([' ', '-']).any(|part| part == doc.folded(at)));
        surname
            || (0..doc.toks.len()).filter(|other| doc.toks[*other].lex.id == id && *other != at).any(|other| {
                let before = doc.prev(other);
                capital(before)
                    || capital(doc.next(other + 1))
                    || doc.toks[other].gap == Gap::Hyphen
                    || doc.tok(before).is_some_and(|tok| tok.is(BEFORE))
                    || doc.folded_or_empty(before) == "of"
            })
    }

    /// Whether somebody who works there follows the name: `Nordbank economist Reto Camenzind`, `Nordbank chief trader`.
    fn has_officers(&self, end: usize) -> bool {
        let doc = self.doc;
        let adjective = |word: &str| ["an", "ish", "ese", "ic", "al"].iter().any(|ending| word.ends_with(ending));
        let Some(next) = doc.next(end).filter(|at| doc.toks[*at].gap == Gap::Space) else { return false };
        !doc.toks[end - 1].possessive
            && doc.toks[next].shape == Shape::Lower
            && !adjective(doc.folded(end - 1))
            && OFFICERS_OF_FIRMS.has(doc.folded(next))
    }

    /// Whether a comma and a noun for an organisation follow the name: `Quillmark, a software firm`.
    fn is_introduced_as_one(&self, end: usize) -> bool {
        let doc = self.doc;
        let comma = doc.toks.get(end).is_some_and(|tok| tok.gap == Gap::Punctuation) && doc.before(end).trim() == ",";
        comma
            && matches!(doc.folded(end), "a" | "an" | "the")
            && (end + 1..(end + 5).min(doc.toks.len())).take_while(|at| doc.toks[*at].gap <= Gap::Space).any(|at| {
                let tok = &doc.toks[at];
                tok.shape == Shape::Lower
                    && !tok.possessive
                    && (tok.is(Cues::TRADE) || matches!(doc.folded(at), "start" | "company" | "firm" | "startup"))
            })
    }

    /// Whether the article says `it` of the name: `Nordbank said it would`.
    fn is_it(&self, end: usize) -> bool {
        let doc = self.doc;
        let Some(verb) = doc.next(end).filter(|at| matches!(doc.folded(*at), "said" | "says")) else { return false };
        matches!(doc.folded_or_empty(doc.next(verb + 1)), "it" | "its")
    }

    /// Finds further mentions of unlisted names where case or the words next to them were no evidence, as in headlines.
    pub(super) fn echoes(&mut self) {
        let doc = self.doc;
        // Names and their words, by the first word.
        let mut known: FxHashMap<u32, Vec<(usize, Vec<u32>)>> = FxHashMap::default();
        for one in &self.unlisted {
            let words: Vec<u32> = (one.start..one.end).map(|at| doc.toks[at].lex.id).collect();
            let telling =
                words.len() > 1 || !doc.toks[one.start].is(Cues::ORDINARY.or(Cues::COMMON).or(Cues::ORG_HEAD));
            let alike = known.entry(doc.toks[one.start].lex.id).or_default();
            if telling && !alike.iter().any(|(_, other)| *other == words) {
                alike.push((one.name, words));
            }
        }
        let mut at = 0;
        while at < doc.toks.len() {
            crate::fence::check();
            let mut alike = known.get(&doc.toks[at].lex.id).into_iter().flatten();
            let found = alike.find(|(_, words)| self.echoes_at(at, words)).map(|(name, words)| (*name, words.len()));
            if let Some((name, len)) = found {
                self.mention(at, at + len, name, super::Via::Unlisted);
            }
            at += found.map_or(1, |(_, len)| len);
        }
    }

    fn echoes_at(&self, at: usize, words: &[u32]) -> bool {
        let doc = self.doc;
        at + words.len() <= doc.toks.len()
            && (at..at + words.len()).all(|n| {
                let tok = &doc.toks[n];
                tok.lex.id == words[n - at]
                    && tok.shape != Shape::Lower
                    && !tok.muted
                    && !self.taken(n)
                    && (n == at || tok.gap <= Gap::Space)
            })
            && (words.len() > 1 || !self.has_capital_beside(at))
    }

    /// Whether a capitalised word next to a single word makes it a part of a longer name.
    pub(super) fn has_capital_beside(&self, at: usize) -> bool {
        let doc = self.doc;
        let capital = |n: Option<usize>| {
            doc.tok(n).is_some_and(|tok| tok.capital() && !tok.headline && !tok.shouted && !tok.possessive)
                && n.is_some_and(|n| !self.taken(n))
        };
        capital(doc.prev(at).filter(|before| !doc.opens(*before)))
            || (!doc.toks[at].possessive && capital(doc.next(at + 1)))
    }
}
