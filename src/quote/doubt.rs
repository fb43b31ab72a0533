//! Statements that are not sure: something that nobody says, or somebody who is no speaker.

use std::ops::Range;

use super::cues::{Build, Cue};
use super::lists::Class;
use super::pieces::Sep;
use super::subject::Sentence;

impl Sentence<'_> {
    /// Whether it is unsure that the content of a cue is somebody's words.
    pub(super) fn is_doubtful(&self, cue: &Cue, content: &Range<usize>) -> bool {
        if content.clone().all(|at| self.pieces[at].quoted.is_some()) {
            return false;
        }
        let own = content.clone().any(|at| self.pieces[at].quoted.is_some());
        let nobody = cue.subject.as_ref().is_none_or(|subject| !self.is_somebody(subject));
        nobody
            || cue.frames.any(Class::ACT.or(Class::THOUGHT))
            || self.is_denied(cue, content)
            || self.is_condition(cue)
            || self.is_noun_of_speech(cue)
            || self.has_gap(cue, content)
            || self.is_hearsay(cue)
            || ((!own || cue.frames.any(Class::OBJECT)) && !self.is_said(cue, content))
    }

    /// Whether somebody speaks, and not a thing that shows something.
    pub(super) fn has_speaker(&self, cue: &Cue) -> bool {
        cue.subject.as_ref().is_some_and(|subject| self.is_somebody(subject))
    }

    /// Whether the words behind a cue are surely nobody's: those of an act that follows another (`to set a price and
    /// counter threats`), of what a noun is about (`the year of admitting women`), or words that are cut off before a
    /// list (`announced actions to:`).
    pub(super) fn says_nothing(&self, cue: &Cue, content: &Range<usize>) -> bool {
        let that = content.start > self.first && self.folded(content.start - 1) == "that";
        let own = that || content.clone().any(|at| self.pieces[at].quoted.is_some());
        let act = !cue.frames.any(Class::OBJECT.or(Class::URGE)) && !self.is_said(cue, content);
        let infinitive = cue.build == Build::Shared && self.pieces[cue.words.start].is(Class::BASE) && act;
        let cut = content.end == self.last && {
            let last = &self.pieces[content.end - 1];
            self.folded(content.end - 1) == "to" || last.is_small(Class::AUXILIARY.or(Class::COORDINATOR))
        };
        let of =
            cue.words.start > self.first && self.folded(cue.words.start - 1) == "of" && self.is_noun_of_speech(cue);
        !own && (infinitive || of) || cut
    }

    /// Whether a noun phrase may mean people, a body or a paper.
    pub(super) fn is_somebody(&self, subject: &Range<usize>) -> bool {
        let small = Class::PREPOSITION.or(Class::RELATIVE);
        let end = (subject.start + 1..subject.end).find(|at| self.pieces[*at].is_small(small)).unwrap_or(subject.end);
        let speaks = Class::SOMEBODY.or(Class::ROLE).or(Class::MOUTHPIECE).or(Class::NOUN).or(Class::PLURAL);
        let head = &self.pieces[end - 1];
        let joined = |at: usize| self.pieces[at].is(Class::BE) && at > self.first && self.folded(at - 1) == "to";
        let cut = subject.start > self.first + 1 && joined(subject.start - 1);
        let pronoun = head.is(Class::PRONOUN) && !matches!(self.folded(end - 1), "it" | "this" | "these" | "there");
        let has = |class: Class| subject.clone().any(|at| self.pieces[at].is_small(class));
        let ago = subject.clone().any(|at| self.folded(at) == "ago") || has(Class::TIME) && has(Class::COORDINATOR);
        let any = matches!(self.folded(subject.start), "anybody" | "anyone" | "whoever");
        !cut && !ago
            && !any
            && (head.capital
                || head.possessive
                || head.is(speaks)
                || pronoun
                || end == subject.start + 1 && head.is(Class::DETERMINER)
                || self.folded(subject.start) == "it")
    }

    /// Whether nothing was said yet, or by nobody: `will encourage`, `look around and say`, `as they say`.
    fn is_hearsay(&self, cue: &Cue) -> bool {
        let verb = cue.words.start;
        let group = self.verb_group(verb, self.first);
        let future = (group..verb).any(|at| matches!(self.folded(at), "will" | "would" | "to"));
        let infinitive = cue.build == Build::Shared && self.pieces[verb].is(Class::BASE);
        future || infinitive || cue.as_told && self.folded(cue.start) == "they"
    }

    /// Whether what somebody said may be the opposite: `Alda was not plotting, as Brandt claimed`.
    fn is_denied(&self, cue: &Cue, content: &Range<usize>) -> bool {
        let denied = content.end <= cue.start && content.clone().any(|at| self.pieces[at].is(Class::NEGATION));
        denied && cue.as_told && cue.frames.any(Class::CLAIM)
    }

    /// Whether somebody may say it, or says it whenever: `asked if he thought`, `when they suspect`.
    fn is_condition(&self, cue: &Cue) -> bool {
        let before = cue.start.checked_sub(1).filter(|at| *at >= self.first && cue.build == Build::Plain);
        before.is_some_and(|at| match self.folded(at) {
            "if" | "whether" | "unless" | "whenever" => true,
            "when" | "once" | "until" => self.pieces[cue.words.start].is(Class::BASE),
            _ => false,
        })
    }

    /// Whether a participle only says what a noun is about: `an interest in encouraging`, `the need of concluding`.
    fn is_noun_of_speech(&self, cue: &Cue) -> bool {
        let verb = cue.words.start;
        let of = verb.checked_sub(2).filter(|at| *at >= self.first && self.pieces[verb].is(Class::PARTICIPLE));
        of.is_some_and(|noun| {
            let joined = self.joined(verb) && self.joined(noun + 1);
            joined && matches!(self.folded(noun + 1), "of" | "in") && !self.is_finite(noun) && !self.is_participle(noun)
        })
    }

    /// Whether a relative pronoun takes the place of a part of what is said: `which they said brought`.
    fn has_gap(&self, cue: &Cue, content: &Range<usize>) -> bool {
        let before = cue.start.checked_sub(1).filter(|at| *at >= self.first && cue.build != Build::According);
        let verb = cue.end == content.start
            && (self.is_finite(content.start) || content.end < self.last && self.is_finite(content.end));
        cue.build == Build::Plain
            && before.is_some_and(|at| self.pieces[at].is_small(Class::RELATIVE) && (verb || self.folded(at) != "that"))
            && content.start >= cue.end
    }

    /// Whether what a cue gives is a clause, an infinitive, or somebody urged to act, and not a mere noun.
    fn is_said(&self, cue: &Cue, content: &Range<usize>) -> bool {
        if content.end <= cue.start {
            let aside = self.pieces[cue.start].sep == Sep::Dash;
            return self.is_clause(content.start, content.end) && (!aside || cue.build != Build::Plain);
        }
        let bare =
            self.pieces[content.start].is_small(Class::PREPOSITION) && !content.clone().any(|at| self.is_finite(at));
        let that = content.start > self.first && self.folded(content.start - 1) == "that" && !bare;
        let infinitive = self.pieces[..content.end]
            .get(content.start + 1)
            .is_some_and(|verb| !verb.capital && !verb.is(Class::DETERMINER.or(Class::PRONOUN)));
        let to = self.folded(content.start) == "to" && infinitive && !matches!(self.folded(cue.end), "a" | "an");
        let question = self.pieces[content.start].is_small(Class::QUESTION);
        let comma = |at: &usize| self.pieces[*at].sep != Sep::Space;
        let first = (content.start + 1..content.end).find(comma).unwrap_or(content.end);
        let head = &self.pieces[content.start];
        let person = head.capital
            || head.is(Class::DETERMINER.or(Class::PRONOUN).or(Class::OBJECTIVE))
            || self.folded(content.start).ends_with('s');
        let told = cue.frames.any(Class::HEARER) && content.start > cue.end;
        let acts = |at: usize| {
            let verb = self.pieces[..content.end].get(at + 1);
            self.folded(at) == "to" && verb.is_some_and(|verb| !verb.capital && !verb.is(Class::DETERMINER))
        };
        let urged = cue.frames.any(Class::URGE) && !told && person && (content.start..first).any(acts);
        let clause = match cue.frames {
            frames if frames.any(Class::SAY) => self.opens_clause(content.start, content.end),
            frames => {
                let strict = frames.any(Class::OBJECT);
                frames.any(Class::CLAUSE) && self.is_sure_clause(content.start, content.end, strict)
            }
        };
        let source = cue.build == Build::According && self.is_clause(content.start, content.end);
        that || to || question || urged || clause || source
    }
}
