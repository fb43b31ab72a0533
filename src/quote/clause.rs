//! Clauses: whether a stretch of a sentence is one, or one begins there.

use super::lists::Class;
use super::pieces::Sep;
use super::subject::Sentence;

/// How far the verb of a clause may stand from its first word.
const VERB_WITHIN: usize = 16;

impl Sentence<'_> {
    /// Whether a stretch has a subject and a finite verb, and is not only the setting of a main clause.
    pub(super) fn is_clause(&self, from: usize, to: usize) -> bool {
        to - from >= 3
            && (from + 1..to).any(|at| self.is_finite(at))
            && (!self.is_setting(from) || (from + 1..to).any(|at| self.pieces[at].sep == Sep::Comma))
    }

    /// Whether a stretch begins as the settings of main clauses do: `In Brussels`, `After the talks`, `Asked why`.
    pub(super) fn is_setting(&self, from: usize) -> bool {
        let from = if self.joined(from + 1) { self.after_adverbs(from) } else { from };
        let head = &self.pieces[from];
        head.is_small(Class::PREPOSITION.or(Class::SUBORDINATOR))
            || head.is(Class::TIME)
            || self.is_participle(from)
            || self.folded(from).ends_with("ed")
    }

    /// Whether a clause without `that` begins at a piece.
    pub(super) fn opens_clause(&self, at: usize, limit: usize) -> bool {
        if self.pieces[at].is_small(Class::PREPOSITION) {
            return false;
        }
        let end = limit.min(at + VERB_WITHIN);
        for n in at + 1..end {
            if matches!(self.pieces[n].sep, Sep::Semicolon | Sep::Dash | Sep::Colon)
                || self.pieces[n].is_small(Class::RELATIVE.or(Class::QUESTION))
            {
                return false;
            }
            if self.is_finite(n) {
                return !self.is_coordinated(n, at);
            }
        }
        false
    }

    /// Whether `and` stands before the verb group that ends with a verb: `noted his movements and began to fire`.
    pub(super) fn is_coordinated(&self, verb: usize, floor: usize) -> bool {
        let group = self.verb_group(verb, floor);
        group > floor && self.pieces[group - 1].is_small(Class::COORDINATOR)
    }

    /// Whether `that` is a subject, as in `asked for a scheme that would`.
    pub(super) fn is_relative_that(&self, at: usize) -> bool {
        self.get(at + 1).is_some_and(|next| {
            let irregular = next.is(Class::FINITE)
                && !next.is(Class::BASE.or(Class::NOUN))
                && !self.folded(at + 1).ends_with(['s', 'd']);
            let small = Class::PREPOSITION.or(Class::DETERMINER).or(Class::ADVERB).or(Class::PRONOUN);
            let past =
                self.folded(at + 1).ends_with("ed") && self.get(at + 2).is_some_and(|piece| piece.is_small(small));
            next.quoted.is_none()
                && !next.capital
                && (next.is(Class::AUXILIARY) && !next.is(Class::PRONOUN) || irregular || past)
        })
    }

    /// Whether a past form is a verb rather than a word beside a noun: `advanced jobs`.
    fn is_past_verb(&self, at: usize) -> bool {
        let small =
            Class::PREPOSITION.or(Class::DETERMINER).or(Class::ADVERB).or(Class::PRONOUN).or(Class::SUBORDINATOR);
        let opens = self.get(at + 1).is_none_or(|next| next.capital || next.is(small) || next.sep != Sep::Space);
        opens || !self.folded(at).ends_with("ed")
    }

    /// Whether a clause without `that` surely begins at a piece: its verb is no form that may be a noun, and after a
    /// verb that takes nouns (`announced`) it is an auxiliary.
    pub(super) fn is_sure_clause(&self, at: usize, limit: usize, strict: bool) -> bool {
        // Whether an infinitive or a list has begun, after which a past form may be a participle.
        let mut bare = false;
        let first = &self.pieces[at];
        if strict && !first.capital && !first.is(Class::PRONOUN) && self.folded(at) != "the" {
            return false;
        }
        for n in at + 1..limit.min(at + VERB_WITHIN) {
            let piece = &self.pieces[n];
            let apart = matches!(piece.sep, Sep::Semicolon | Sep::Dash | Sep::Colon);
            let next = Class::RELATIVE.or(Class::QUESTION).or(Class::SUBORDINATOR);
            if apart || piece.is_small(next) && !piece.is(Class::PREPOSITION) || self.folded(n) == "as" {
                return false;
            }
            bare |= piece.sep == Sep::Comma || self.folded(n) == "to";
            let before = &self.pieces[n - 1];
            let pronoun = before.is_small(Class::PRONOUN) && !before.is(Class::DETERMINER);
            let noun = piece.is(Class::BASE) || self.folded(n).ends_with('s') || strict || bare;
            if self.is_finite(n) && (pronoun || piece.is(Class::AUXILIARY) || !noun && self.is_past_verb(n)) {
                return !self.is_coordinated(n, at);
            }
        }
        false
    }
}
