//! Cues of a sentence: verbs of speech with their subjects, in reading order.

use std::ops::Range;

use super::lists::{Class, frames_with};
use super::pieces::Sep;
use super::subject::Sentence;
use crate::analysis::Gap;

/// Longest source after `according to` that is no name, in pieces.
const SOURCE: usize = 16;

/// How a cue stands to the words around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Build {
    /// The subject stands before the verb.
    Plain,
    /// The subject stands after the verb: `said Marten`.
    Inverted,
    /// The subject is that of another verb: `and added`, `, saying`.
    Shared,
    /// The hearer is the subject, and the speaker follows: `was told by Marten`.
    Passive,
    /// `according to`: the speaker follows.
    According,
    /// A noun: `the claim by Marten that`.
    Noun,
}

/// A verb of speech or another cue.
#[derive(Debug, Clone)]
pub(super) struct Cue {
    /// First piece of subject, verb group or joining word, whichever stands first.
    pub(super) start: usize,
    /// One past the last piece of verb and inverted subject.
    pub(super) end: usize,
    /// The pieces of the cue itself.
    pub(super) words: Range<usize>,
    pub(super) subject: Option<Range<usize>>,
    pub(super) frames: Class,
    pub(super) build: Build,
    /// `as` stands before it.
    pub(super) as_told: bool,
    /// The clause that the cue stands in tells more of a noun: `which Marten says`, `who said`.
    pub(super) relative: bool,
}

impl Sentence<'_> {
    /// The cues, in reading order.
    pub(super) fn cues(&self) -> Vec<Cue> {
        let mut cues: Vec<Cue> = Vec::new();
        let mut main = None;
        for at in self.first..self.last {
            let piece = &self.pieces[at];
            if !piece.is(Class::CUE) {
                continue;
            }
            let cue = match piece.is(Class::SOURCE) {
                true => self.according(at),
                _ if piece.is(Class::NOUN) && self.is_noun(at) => self.noun(at),
                _ => self.verb(at, &cues, &mut main),
            };
            cues.extend(cue);
        }
        cues
    }

    fn according(&self, at: usize) -> Option<Cue> {
        let first = at + 2;
        self.get(first).filter(|_| self.folded(at + 1) == "to").filter(|piece| piece.quoted.is_none())?;
        let end = self.source_end(first, self.phrase_end(first));
        Some(Cue {
            start: at,
            end,
            words: at..first,
            subject: Some(first..end),
            frames: Class::SAY,
            build: Build::According,
            as_told: false,
            relative: false,
        })
    }

    /// One past a source that is no name, with all that tells more of it: `figures published by the institute`.
    fn source_end(&self, first: usize, end: usize) -> usize {
        if self.pieces[end - 1].capital {
            return end;
        }
        let stops = |at: &usize| {
            let piece = &self.pieces[*at];
            piece.quoted.is_some()
                || piece.sep != Sep::Space
                || piece.is_small(Class::SUBORDINATOR.or(Class::AUXILIARY))
        };
        let stop = (end..self.last).find(stops).unwrap_or(self.last);
        if stop - first <= SOURCE { stop } else { end }
    }

    /// Whether a form that may be a noun or a verb is a noun here.
    fn is_noun(&self, at: usize) -> bool {
        if !self.joined(at) {
            return !self.pieces[at].is(Class::FRAME);
        }
        let before = &self.pieces[at - 1];
        let pronoun = before.is(Class::PRONOUN) && !matches!(self.folded(at - 1), "this" | "these" | "all" | "any");
        (before.is(Class::DETERMINER.or(Class::PREPOSITION)) && !pronoun)
            || before.possessive
            || !self.pieces[at].is(Class::FRAME)
    }

    /// A noun whose owner is named, before `that`: `Alda's claim that`, `claims by Alda that`.
    fn noun(&self, at: usize) -> Option<Cue> {
        let owner_before = self.joined(at).then(|| self.owner(at)).flatten();
        let by = (self.folded(at + 1) == "by" || self.folded(at + 1) == "from" || self.folded(at + 1) == "of")
            && self.get(at + 2).is_some();
        let (subject, next) = match owner_before {
            Some(owner) => (owner, at + 1),
            None if by => {
                let end = self.phrase_end(at + 2);
                (at + 2..end, end)
            }
            None => return None,
        };
        let relative = self.get(next + 1).is_some_and(|_| self.is_finite(next + 1));
        (self.folded(next) == "that" && !relative).then(|| Cue {
            start: at.min(subject.start),
            end: next,
            words: at..at + 1,
            subject: Some(subject),
            frames: Class::THAT,
            build: Build::Noun,
            as_told: false,
            relative: false,
        })
    }

    /// The possessive before a noun: `Alda's`, `his`.
    fn owner(&self, at: usize) -> Option<Range<usize>> {
        let from = at.saturating_sub(3).max(self.first);
        let own = (from..at)
            .rev()
            .find(|n| self.pieces[*n].possessive || matches!(self.folded(*n), "his" | "her" | "their" | "its"))?;
        if !self.pieces[own].possessive {
            return Some(own..own + 1);
        }
        self.before(own + 1, self.first).map(|subject| subject.words)
    }

    fn verb(&self, at: usize, cues: &[Cue], main: &mut Option<Option<Range<usize>>>) -> Option<Cue> {
        let piece = &self.pieces[at];
        let opens = at == self.first && piece.is(Class::FINITE) && !piece.is(Class::BASE);
        if piece.quoted.is_some() || piece.possessive || (piece.capital && !self.zone.headline && !opens) {
            return None;
        }
        let (frames, words) = self.frames_at(at);
        let parted = matches!(self.folded(words.end), "up" | "off" | "down" | "away") || self.is_hyphened(at);
        if !frames.any(Class::FRAME) || parted || self.is_noun_form(at) {
            return None;
        }
        let group = self.verb_group(at, self.first);
        let past = !piece.is(Class::PARTICIPLE.or(Class::BASE));
        // `our strongest, most feared force`
        let adjective = self.joined(at) && self.pieces[at - 1].is_small(Class::DEGREE) && !self.joined(words.end);
        if past && (self.is_reduced(group) || adjective) {
            return None;
        }
        if past && self.is_passive(group, at) {
            return self.passive(at, group, frames);
        }
        let (subject, start, build) = self.subject_of(at, group, words.end, cues, main)?;
        let as_told = start > self.first && self.folded(start - 1) == "as" || self.folded(start) == "as";
        if build == Build::Plain && !subject.as_ref().is_some_and(|subject| self.agrees(subject, at, group)) {
            return None;
        }
        let let_me = |subject: &Range<usize>| self.folded(subject.start) == "let";
        let nobody = subject
            .as_ref()
            .is_some_and(|subject| self.pieces[subject.start].is_small(Class::NEGATION) || let_me(subject));
        let author =
            nobody || subject.as_ref().is_some_and(|subject| subject.clone().any(|n| self.is_author(n, subject)));
        let end = if build == Build::Inverted {
            subject.as_ref().map_or(words.end, |subject| subject.end)
        } else {
            words.end
        };
        let relative = self.is_relative(start);
        (!author && subject.is_some()).then_some(Cue { start, end, words, subject, frames, build, as_told, relative })
    }

    /// The frames of a verb, and the pieces of it: with its particle, if it has one.
    fn frames_at(&self, at: usize) -> (Class, Range<usize>) {
        let piece = &self.pieces[at];
        let may = piece.is(Class::PARTICLE) && self.joined(at + 1);
        let with = may.then(|| frames_with(self.folded(at), self.folded(at + 1))).flatten();
        with.map_or((piece.class, at..at + 1), |frames| (frames, at..at + 2))
    }

    /// Whether a past form right after a conjunction is a passive: `when asked`, `as said`.
    fn is_reduced(&self, group: usize) -> bool {
        let conjunction = Class::SUBORDINATOR.or(Class::PREPOSITION);
        group > self.first
            && self.joined(group)
            && self.pieces[group - 1].is_small(conjunction)
            && !self.pieces[group - 1].is(Class::RELATIVE.or(Class::PRONOUN).or(Class::DETERMINER))
    }

    /// Whether a cue begins with a relative pronoun or right after one.
    fn is_relative(&self, start: usize) -> bool {
        // `said that he asked`: a conjunction.
        let joins = |at: usize| {
            let verb = &self.pieces[at - 1];
            self.folded(at) == "that" && self.joined(at) && verb.is_small(Class::SAID) && !verb.is(Class::NOUN)
        };
        let pronoun = |at: usize| at > self.first && self.pieces[at].is_small(Class::RELATIVE) && !joins(at);
        pronoun(start) || start > self.first && pronoun(start - 1) && self.joined(start)
    }

    fn is_passive(&self, group: usize, verb: usize) -> bool {
        (group..verb).any(|at| self.pieces[at].is(Class::BE))
    }

    /// A hearer as the subject: `Brandt was told by Kessel that`. Who speaks may be left out.
    fn passive(&self, verb: usize, group: usize, frames: Class) -> Option<Cue> {
        let by = self.folded(verb + 1) == "by" && self.get(verb + 2).is_some();
        let subject = by.then(|| verb + 2..self.phrase_end(verb + 2));
        let end = subject.as_ref().map_or(verb + 1, |subject| subject.end);
        let told = frames.any(Class::HEARER) && frames.any(Class::SAID);
        told.then_some(Cue {
            start: group,
            end,
            words: verb..verb + 1,
            subject,
            frames: Class::THAT,
            build: Build::Passive,
            as_told: false,
            relative: false,
        })
    }

    /// Whether a hyphen joins a word to one of its neighbours.
    fn is_hyphened(&self, at: usize) -> bool {
        let words = self.zone.words.as_slice();
        let near = |n: usize| words.get(n).is_some_and(|word| word.gap <= Gap::Hyphen);
        near(self.pieces[at].word) || near(self.pieces[at].word + 1)
    }

    /// Whether a phrase may be the subject of a verb: a base form needs a plural, and words in small letters without
    /// an article are a plural or a role.
    fn agrees(&self, subject: &Range<usize>, verb: usize, group: usize) -> bool {
        let last = subject.end - 1;
        let (head, word) = (&self.pieces[last], self.folded(last));
        let plural = (word.ends_with('s') && !head.possessive && word != "this")
            || head.is(Class::PLURAL)
            || subject
                .clone()
                .any(|at| self.pieces[at].is_small(Class::COORDINATOR) || matches!(self.folded(at), "of"));
        if self.pieces[verb].is(Class::BASE) && group == verb && !plural && !matches!(self.folded(verb), "read" | "put")
        {
            return false;
        }
        let thing =
            matches!(word, "it" | "this" | "that" | "these" | "what" | "which" | "there") && last == subject.start;
        if thing && !self.pieces[verb].is(Class::QUOTATION) {
            return false;
        }
        let named = subject.clone().any(|at| self.pieces[at].capital || self.pieces[at].possessive);
        let known = self.pieces[subject.start].is(Class::DETERMINER.or(Class::PRONOUN))
            || head.is(Class::ROLE.or(Class::MOUTHPIECE));
        named || known || plural || self.pieces[verb].sep != Sep::Space || head.is(Class::NOUN)
    }

    fn is_author(&self, at: usize, subject: &Range<usize>) -> bool {
        at == subject.start && subject.end - subject.start == 1 && self.pieces[at].is(Class::AUTHOR)
    }

    /// Whether a form is no report: a noun, an infinitive, a passive, a denial, or what could be said.
    fn is_noun_form(&self, at: usize) -> bool {
        let piece = &self.pieces[at];
        let group = self.verb_group(at, self.first);
        let within = |class: Class| (group..at).any(|n| self.pieces[n].is(class));
        let past = !piece.is(Class::PARTICIPLE) && !piece.is(Class::BASE);
        if within(Class::NEGATION)
            || (past && within(Class::BE) && !piece.is(Class::HEARER))
            || (within(Class::UNREAL) && self.get(at + 1).is_none_or(|next| next.quoted.is_none()))
        {
            return true;
        }
        if group == self.first || !self.joined(group) {
            return false;
        }
        let before = &self.pieces[group - 1];
        let pronoun = before.is(Class::PRONOUN) && !matches!(self.folded(group - 1), "this" | "these" | "that" | "one");
        let word = self.folded(group - 1);
        match word {
            "to" => !(piece.is(Class::BASE) && group > self.first + 1 && self.folded(group - 2) == "on"),
            _ if piece.is(Class::PARTICIPLE) => before.is(Class::DETERMINER) && !pronoun || before.possessive,
            _ => (before.is_small(Class::DETERMINER.or(Class::PREPOSITION)) && !pronoun) || before.possessive,
        }
    }

    /// The subject of a verb group, where the cue starts, and how it is built. No subject at all is `None`.
    fn subject_of(
        &self,
        verb: usize,
        group: usize,
        end: usize,
        cues: &[Cue],
        main: &mut Option<Option<Range<usize>>>,
    ) -> Option<(Option<Range<usize>>, usize, Build)> {
        let mut shared = |start: usize| {
            let says = |cue: &&Cue| !matches!(cue.build, Build::Noun | Build::According) && cue.frames.any(Class::SAID);
            let last = cues.iter().rev().find(says);
            let own = last.and_then(|cue| cue.subject.clone());
            let subject = own.or_else(|| main.get_or_insert_with(|| self.main(self.first, self.last)).clone());
            Some((subject, start, Build::Shared))
        };
        let before = (group > self.first).then(|| &self.pieces[group - 1]);
        let participle =
            self.pieces[verb].is(Class::PARTICIPLE) && !(group..verb).any(|n| self.pieces[n].is(Class::BE));
        let joiner = before.is_some_and(|before| {
            before.is_small(Class::COORDINATOR) || matches!(self.folded(group - 1), "then" | "to" | "which")
        });
        if let Some(before) = before
            && before.is_small(Class::RELATIVE)
            && self.joined(group)
            && self.folded(group - 1) != "that"
        {
            return Some((self.antecedent(group - 1, self.first), group - 1, Build::Plain));
        }
        if participle {
            let open = before.is_none_or(|before| before.is_small(Class::PREPOSITION.or(Class::SUBORDINATOR)));
            if joiner || open || self.pieces[group].sep != Sep::Space {
                let start = if joiner || open && before.is_some() { group - 1 } else { group };
                return shared(start);
            }
        } else if joiner {
            return shared(group - 1);
        }
        let own = self.own_subject(verb, group, end, participle)?;
        // `issued a statement saying`: the statement is an object, its speaker the subject.
        let with = own.1 > self.first && self.folded(own.1 - 1) == "with";
        if participle && !with && (self.first..own.1).any(|at| self.is_finite(at)) {
            return shared(group);
        }
        // `with each of them expected to pay`, `to address reports that`
        let noun = self.pieces[verb].is(Class::NOUN) && group > self.first + 1 && self.folded(group - 2) == "to";
        if !participle && (with && self.folded(end) == "to" || noun && !self.pieces[group - 1].capital) {
            return None;
        }
        Some(own)
    }

    /// The subject that stands before a verb group or, inverted, after it.
    fn own_subject(
        &self,
        verb: usize,
        group: usize,
        end: usize,
        participle: bool,
    ) -> Option<(Option<Range<usize>>, usize, Build)> {
        // `say officials`, but not `maintain Aldan yards`
        let base = self.pieces[verb].is(Class::BASE) && !self.pieces[verb].is(Class::SAY);
        let inverted = (!participle && group == verb && !base).then(|| self.after(end - 1)).flatten();
        let apart = self.pieces[group].sep == Sep::Comma;
        let closes = |subject: &Range<usize>| subject.end >= self.last || self.pieces[subject.end].sep != Sep::Space;
        let sure = |subject: &Range<usize>| apart && closes(subject) && self.may_speak(subject);
        match (inverted, self.before(group, self.first)) {
            (Some(subject), before) if before.is_none() || sure(&subject) => {
                Some((Some(subject), group, Build::Inverted))
            }
            (_, before) => before.map(|subject| (Some(subject.words), subject.start, Build::Plain)),
        }
    }

    /// Whether a noun phrase begins as those for speakers do, and not `an investment` of `Harbour, a firm, announced an
    /// investment`.
    fn may_speak(&self, subject: &Range<usize>) -> bool {
        let head = &self.pieces[subject.start];
        let pronoun = head.is(Class::PRONOUN) && subject.len() == 1;
        head.capital || pronoun || head.is(Class::ROLE.or(Class::MOUTHPIECE)) || self.is_somebody(subject)
    }
}
