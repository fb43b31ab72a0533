//! Statements of a sentence: for each cue, what is said.

use std::ops::Range;

use super::cues::{Build, Cue};
use super::lists::Class;
use super::pieces::Sep;
use super::subject::Sentence;

/// How far the words for time and place of a statement may reach.
const ADJUNCT: usize = 16;

/// Somebody's words within a sentence, in pieces.
#[derive(Debug, Clone)]
pub(super) struct Statement {
    pub(super) content: Range<usize>,
    pub(super) cue: Option<Range<usize>>,
    pub(super) subject: Option<Range<usize>>,
    pub(super) doubtful: bool,
}

impl Sentence<'_> {
    /// The statements, in the order of their cues.
    pub(super) fn statements(&self) -> Vec<Statement> {
        let cues = self.cues();
        let mut found = Vec::new();
        let mut floor = self.first;
        for (n, cue) in cues.iter().enumerate() {
            let mut limit = self.limit(cue, &cues[n + 1..]).min(self.fronted_limit(cue)).min(self.relative_limit(cue));
            let noun = cue.build == Build::Noun && cue.start <= self.first + 4;
            if noun {
                limit = self.noun_limit(cue, limit);
            }
            let within = found.last().is_some_and(|last: &Statement| last.content.contains(&cue.words.start));
            for content in self.contents(cue, floor, limit) {
                floor = floor.max(cue.end);
                let content = self.trimmed(cue, content);
                let doubtful = noun || self.is_doubtful(cue, &content);
                if doubtful && (within && !self.has_speaker(cue) || self.says_nothing(cue, &content)) {
                    continue;
                }
                let make = |content, subject| Statement { content, cue: Some(cue.words.clone()), subject, doubtful };
                let Some((subject, other)) = self.with_verb_left_out(&content) else {
                    found.push(make(content, cue.subject.clone()));
                    continue;
                };
                found.push(make(content.start..subject.start - 1, cue.subject.clone()));
                found.push(make(other, Some(subject)));
            }
        }
        found
    }

    /// A quotation behind the name of whose words it is: `in the words of Marten, “…”`.
    pub(super) fn words_of_somebody(&self) -> Option<Statement> {
        let words = |at: &usize| self.folded(*at) == "words" && self.folded(at + 1) == "of";
        let cue = (self.first..self.last.saturating_sub(3)).find(words)?;
        let name = cue + 2..self.phrase_end(cue + 2);
        let quote = self.get(name.end).filter(|next| next.quoted.is_some())?;
        let apart = matches!(quote.sep, Sep::Comma | Sep::Colon | Sep::Dash);
        (apart && self.pieces[name.end - 1].capital).then(|| Statement {
            content: name.end..name.end + 1,
            cue: Some(cue..cue + 2),
            subject: Some(name),
            doubtful: false,
        })
    }

    /// Who else says something, and what, where the verb is not said again: `Brandt said the guns were old and Moor that
    /// the crews were young`.
    fn with_verb_left_out(&self, content: &Range<usize>) -> Option<(Range<usize>, Range<usize>)> {
        let opens = Class::PRONOUN.or(Class::DETERMINER);
        let other = |and: usize| {
            let first = and + 1;
            let names = (first..content.end).take_while(|at| self.joined(*at) && self.pieces[*at].capital).count();
            let that = first + names;
            let said = that + 1..content.end;
            let subject = self.get(said.start).is_some_and(|next| next.capital || next.is_small(opens));
            let clause = self.joined(that) && self.folded(that) == "that" && subject;
            let clauses = clause && self.is_clause(content.start, and) && self.is_clause(said.start, said.end);
            (names > 0 && clauses).then_some((first..that, said))
        };
        let and = |at: &usize| self.pieces[*at].is_small(Class::COORDINATOR);
        (content.start + 2..content.end.saturating_sub(3)).filter(and).find_map(other)
    }

    /// Where the content after a cue ends at the latest: before a later cue that is joined to this one.
    fn limit(&self, cue: &Cue, later: &[Cue]) -> usize {
        let joins = |next: &Cue| {
            let start = next.start;
            if start <= cue.end {
                return None;
            }
            let coordinated = self.pieces[start - 1].is_small(Class::COORDINATOR)
                || matches!(self.folded(start - 1), "while" | "though" | "although");
            let comma = |at: usize| self.pieces[at].sep != Sep::Space;
            let told = matches!(next.build, Build::Plain) && self.pieces[start].sep == Sep::Comma;
            match next.build {
                // `has agreed to move, the ministry said yesterday`
                _ if told && self.ends_here(next.end) && !self.says_more(next) => Some(start),
                Build::Shared if !self.is_alike(cue, next) => None,
                Build::Shared => (comma(start) || self.pieces[start].is_small(Class::COORDINATOR)).then_some(start),
                Build::According => comma(start).then_some(start),
                Build::Noun => None,
                _ if coordinated && comma(start - 1) && self.is_alike(cue, next) => Some(start - 1),
                _ => (self.pieces[start].sep == Sep::Semicolon).then_some(start),
            }
        };
        later.iter().filter_map(joins).find(|at| *at > cue.end).unwrap_or(self.last)
    }

    /// Whether the forms of two verbs let them share a subject: `to keep and maintain` does not go on with `found`.
    fn is_alike(&self, cue: &Cue, next: &Cue) -> bool {
        let has = |cue: &Cue, class: Class| self.pieces[cue.words.start].is(class);
        let apart = self.pieces[next.start].sep != Sep::Space || next.build != Build::Shared;
        (!has(next, Class::BASE) || has(cue, Class::BASE) && apart)
            && (!has(next, Class::PARTICIPLE) || apart || has(cue, Class::PARTICIPLE))
    }

    /// Where a relative clause ends: at the comma before the verb of the clause around it, or before that verb.
    fn relative_limit(&self, cue: &Cue) -> usize {
        if !cue.relative {
            return self.last;
        }
        let comma = |at: &usize| self.pieces[*at].sep == Sep::Comma;
        let commas = cue.end + 1..self.last;
        let who = self.pieces[cue.start].is_small(Class::RELATIVE);
        let pronoun = if who { cue.start } else { cue.start - 1 };
        // A comma before the verb of what is said stands in a list: `found that trucks, parts and buses threaten`.
        let verb = (cue.end..self.last).find(|at| self.is_finite(*at)).unwrap_or(cue.end);
        let mut commas = commas.filter(comma).filter(|at| *at > verb);
        if self.pieces[pronoun].sep != Sep::Comma {
            return commas.next().unwrap_or_else(|| self.noun_limit(cue, self.last));
        }
        let opens = Class::DETERMINER.or(Class::PREPOSITION).or(Class::RELATIVE).or(Class::SUBORDINATOR);
        let ends = |at: &usize| {
            let piece = &self.pieces[*at];
            self.is_finite(self.after_adverbs(*at)) || who && (piece.capital || piece.is_small(opens))
        };
        commas.find(ends).unwrap_or(self.last)
    }

    fn coordinators(&self, at: usize) -> usize {
        usize::from(at + 1 < self.last && self.pieces[at].is_small(Class::COORDINATOR))
    }

    pub(super) fn after_adverbs(&self, at: usize) -> usize {
        at + (at..self.last - 1).take_while(|n| self.pieces[*n].is_small(Class::ADVERB)).count()
    }

    /// Where the clause of a noun that is itself a subject ends: before the second verb group.
    fn noun_limit(&self, cue: &Cue, limit: usize) -> usize {
        let mut groups = 0;
        let mut at = cue.end + 1;
        while at < limit {
            if self.is_finite(at) && (!self.pieces[at].is(Class::NOUN) || self.pieces[at].is(Class::AUXILIARY)) {
                groups += 1;
                if groups == 2 {
                    return at;
                }
                let auxiliary =
                    |at: usize| self.pieces[at].is_small(Class::AUXILIARY.or(Class::NEGATION).or(Class::ADVERB));
                while at < limit && auxiliary(at) {
                    at += 1;
                }
            }
            at += 1;
        }
        limit
    }

    /// Where the content of a cue ends that stands in a clause before the main one: `Since saying that …, he has`.
    fn fronted_limit(&self, cue: &Cue) -> usize {
        let opener = self.pieces[self.first..cue.start.max(self.first + 1)]
            .iter()
            .find(|piece| !piece.is_small(Class::COORDINATOR));
        let fronted = opener.is_some_and(|piece| piece.is_small(Class::SUBORDINATOR.or(Class::PREPOSITION)));
        let apart = (self.first + 1..cue.start + 1).any(|at| self.pieces[at].sep != Sep::Space);
        if !fronted || apart || cue.build == Build::According {
            return self.last;
        }
        (cue.end + 1..self.last).find(|at| self.pieces[*at].sep == Sep::Comma).unwrap_or(self.last)
    }

    /// What a cue says: the words before it, after it, or both.
    fn contents(&self, cue: &Cue, floor: usize, limit: usize) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        if cue.build == Build::According {
            return self.content_of_according(cue, floor, limit);
        }
        let post = self.content_before(cue, floor);
        if let Some(content) = post {
            found.push(content);
            found.extend(self.content_resumed(cue, limit));
        } else if cue.build != Build::Inverted {
            found.extend(self.content_after(cue, limit));
        } else {
            found.extend(
                (cue.end..limit.min(cue.end + ADJUNCT))
                    .find(|at| self.pieces[*at].sep == Sep::Colon)
                    .map(|at| at..limit),
            );
        }
        found
    }

    fn content_of_according(&self, cue: &Cue, floor: usize, limit: usize) -> Vec<Range<usize>> {
        let opens = cue.start <= floor
            || matches!(self.pieces[cue.start].sep, Sep::Colon | Sep::Stop | Sep::Semicolon)
            || self.pieces[cue.start - 1].is_small(Class::COORDINATOR.or(Class::SUBORDINATOR));
        let rest = (cue.end..limit).find(|at| matches!(self.pieces[*at].sep, Sep::Comma | Sep::Colon));
        let rest = rest.filter(|next| !self.is_participle(*next)).map(|next| next..limit);
        if opens {
            return rest.into_iter().collect();
        }
        if self.pieces[cue.start].sep == Sep::Space
            && !cue.subject.as_ref().is_some_and(|subject| self.is_source(subject))
        {
            return Vec::new();
        }
        let finite = |at: usize| self.is_finite(at) || self.is_finite(at + self.coordinators(at));
        let goes_on = rest.filter(|rest| rest.start == cue.end && finite(rest.start));
        std::iter::once(self.clause_start(floor, cue.start)..cue.start).chain(goes_on).collect()
    }

    /// Whether a noun phrase may be a source: a name, people, or a paper.
    fn is_source(&self, subject: &Range<usize>) -> bool {
        let end = subject.clone().find(|at| self.pieces[*at].is_small(Class::PREPOSITION)).unwrap_or(subject.end);
        let head = &self.pieces[end.max(subject.start + 1) - 1];
        if head.is(Class::MANNER) {
            return false;
        }
        head.capital
            || head.is(Class::MOUTHPIECE.or(Class::ROLE).or(Class::NOUN).or(Class::PRONOUN))
            || self.folded(end.max(subject.start + 1) - 1).ends_with('s')
    }

    /// What was said before a cue that follows it: `“…,” Marten said`, `The plan is dead, officials said`.
    fn content_before(&self, cue: &Cue, floor: usize) -> Option<Range<usize>> {
        let start = cue.start;
        let who = cue.start > self.first && self.pieces[cue.start].is_small(Class::RELATIVE);
        if start <= floor || cue.build == Build::Shared || cue.build == Build::Noun || who {
            return None;
        }
        let sep = self.pieces[start].sep;
        let before = &self.pieces[start - 1];
        if !cue.frames.any(Class::SAID) {
            return None;
        }
        if let Some(n) = before.quoted {
            let from = self.clause_start(floor, start);
            let apart = sep != Sep::Space && sep != Sep::Colon
                || cue.build == Build::Inverted && !self.pieces[cue.words.start].is(Class::BASE);
            let quotes = cue.frames.any(Class::QUOTATION.or(Class::SAY).or(Class::CLAUSE));
            let title = from + 1 < start && self.zone.is_title(&self.zone.quoted[n]);
            return (apart && quotes && !title).then_some(from..start);
        }
        // `We must go on, as Oster said, “nobody else will”`: the words before are the author's.
        let own = cue.as_told && self.get(cue.end).is_some_and(|next| next.quoted.is_some());
        if own || self.says_more(cue) || self.get(cue.end).is_some_and(|next| next.sep == Sep::Colon) {
            return None;
        }
        let told = cue.frames.any(Class::SAY.or(Class::CLAUSE));
        let start = if cue.as_told { start - 1 } else { start };
        let apart = start > floor && matches!(self.pieces[start].sep, Sep::Comma | Sep::Dash);
        let end = if cue.frames.any(Class::HEARER) { self.after_hearer(cue.end, self.last) } else { cue.end };
        if !told || !apart || !self.ends_here(end) {
            return None;
        }
        let from = self.clause_start(floor, start);
        let closes = end >= self.last && start - from > 3 && !self.is_setting(from);
        // `“To build” a port, he wrote, “is”`
        let quoted = (from..start).any(|at| self.pieces[at].quoted.is_some())
            && self.get(cue.end).is_some_and(|next| next.quoted.is_some());
        if self.is_clause(from, start)
            || closes
            || quoted
            || cue.build == Build::Inverted && start - from > 1 && !self.is_setting(from)
        {
            return Some(from..start);
        }
        self.interrupts(cue, from).then_some(from..start)
    }

    /// Whether a cue between commas stands within what is said: `The plan, she said, is dead`.
    fn interrupts(&self, cue: &Cue, from: usize) -> bool {
        let next = self.get(cue.end).filter(|next| next.sep == Sep::Comma && next.quoted.is_none());
        let clause = self.pieces[from].is_small(Class::SUBORDINATOR);
        let phrase = !(from..cue.start).any(|at| self.is_finite(at)) && !self.pieces[from].is_small(Class::PREPOSITION);
        next.is_some_and(|next| {
            let goes_on = phrase && self.is_finite(cue.end);
            let main = clause
                && !next.is_small(Class::RELATIVE.or(Class::COORDINATOR).or(Class::PREPOSITION))
                && !self.is_participle(cue.end);
            goes_on || main
        })
    }

    /// Whether `that` or a quotation follows a cue after words of time and place.
    fn says_more(&self, cue: &Cue) -> bool {
        let at = self.after_adjuncts(cue.end, self.last);
        let remark = at > cue.end && self.get(at).is_some_and(|piece| piece.quoted.is_some());
        remark || self.folded(at) == "that" || cue.frames.any(Class::TO) && self.folded(at) == "to"
    }

    /// Where the clause begins that ends before `end`: after the last cue of the sentence, without a joining word.
    fn clause_start(&self, floor: usize, end: usize) -> usize {
        let mut at = floor;
        if at > self.first {
            while at + 1 < end
                && self.pieces[at].quoted.is_none()
                && (self.pieces[at].is_small(Class::COORDINATOR) || self.pieces[at].sep == Sep::Space)
            {
                at += 1;
            }
        }
        at
    }

    /// Whether nothing but words of time and place follows up to the next comma or the end.
    fn ends_here(&self, at: usize) -> bool {
        if at >= self.last || self.pieces[at].sep != Sep::Space {
            return true;
        }
        let piece = &self.pieces[at];
        piece.is_small(Class::PREPOSITION.or(Class::TIME).or(Class::ADVERB)) || piece.is(Class::DAY)
    }

    /// What goes on after a cue that interrupts: `“…,” Marten said, “…”`, `The plan, she said, is dead`.
    fn content_resumed(&self, cue: &Cue, limit: usize) -> Option<Range<usize>> {
        let quote = (cue.end..limit.min(cue.end + ADJUNCT)).find(|at| self.pieces[*at].quoted.is_some());
        if let Some(quote) = quote {
            let apart =
                matches!(self.pieces[quote].sep, Sep::Comma | Sep::Dash | Sep::Colon | Sep::Stop | Sep::Semicolon);
            return apart.then_some(quote..limit);
        }
        let next = self.get(cue.end).filter(|next| cue.end < limit && next.sep == Sep::Comma)?;
        let quoted = self.pieces[cue.start - 1].quoted.is_some();
        // `said Marten, the minister`
        let more = next.is_small(Class::COORDINATOR) || (cue.end..limit).any(|at| self.is_finite(at));
        if cue.build == Build::Inverted && !more {
            return None;
        }
        let aside = Class::SUBORDINATOR.or(Class::PREPOSITION).or(Class::TIME).or(Class::DAY).or(Class::ADVERB);
        let own = !next.is_small(aside) || self.is_finite(cue.end);
        (own && !quoted && !self.is_participle(cue.end) && limit == self.last).then_some(cue.end..limit)
    }

    /// What is said after a cue.
    fn content_after(&self, cue: &Cue, limit: usize) -> Option<Range<usize>> {
        let frames = cue.frames;
        let at = self.content_start(cue, limit);
        let piece = self.pieces[..limit].get(at).filter(|_| !self.gives_no_words(cue, at))?;
        let content = Some(at..limit);
        match (self.folded(at), piece.sep) {
            // `fears for the tank that the two intend to build`
            ("that", _) if at > cue.end && self.folded(cue.end) == "for" => None,
            ("that", _) if self.is_relative_that(at) => content.filter(|_| frames.any(Class::SAY) && at == cue.end),
            ("that", _) if frames.any(Class::SAID.or(Class::QUESTION)) => (at + 1 < limit).then_some(at + 1..limit),
            _ if piece.quoted.is_some() && frames.any(Class::SAID.or(Class::REMARK).or(Class::QUESTION)) => content,
            (_, Sep::Colon) => content.filter(|_| frames.any(Class::SAID)),
            (_, Sep::Comma) => content.filter(|_| cue.as_told),
            (_, Sep::Space) => self.clause_after(cue, at, limit),
            _ => None,
        }
    }

    /// The piece after a verb's hearer and the words for time and place.
    fn content_start(&self, cue: &Cue, limit: usize) -> usize {
        let at = if cue.frames.any(Class::HEARER) { self.after_hearer(cue.end, limit) } else { cue.end };
        let adjuncts = cue.frames.any(Class::SAID.or(Class::QUESTION).or(Class::TO));
        if adjuncts { self.after_adjuncts(at, limit) } else { at }
    }

    /// Whether nothing that follows a cue is somebody's words: `said nothing`, `announced on Monday was`, `said than`.
    fn gives_no_words(&self, cue: &Cue, at: usize) -> bool {
        let word = self.folded(at);
        let empty = matches!(word, "so" | "nothing" | "anything" | "something");
        let auxiliary = self.get(at).is_some_and(|piece| piece.is_small(Class::AUXILIARY) && !piece.is(Class::PRONOUN));
        empty && !self.get(at + 1).is_some_and(|_| self.is_finite(at + 1))
            || matches!(word, "than" | "as")
            || auxiliary && !cue.relative
            || self.follows_what(cue)
    }

    /// What is said in a clause without `that`, or without any clause.
    fn clause_after(&self, cue: &Cue, at: usize, limit: usize) -> Option<Range<usize>> {
        let (frames, piece, verb) = (cue.frames, &self.pieces[at], &self.pieces[cue.words.start]);
        if piece.is_small(Class::QUESTION) && frames.any(Class::SAY.or(Class::CLAUSE).or(Class::QUESTION)) {
            return Some(at..limit);
        }
        // A base form may be a noun: `the states call attention`.
        let noun =
            verb.is(Class::BASE) && verb.is(Class::NOUN.or(Class::OBJECT).or(Class::THAT)) && !verb.is(Class::SAY);
        if noun && !piece.capital && !piece.is(Class::DETERMINER.or(Class::PRONOUN)) {
            return None;
        }
        // `the policy announced today represents`: the cue is a participle.
        let verb = self.is_finite(at) && !piece.is(Class::BASE) && !self.folded(at).ends_with("ed");
        if verb && !cue.relative && !frames.any(Class::SAY) {
            return None;
        }
        let clause = frames.any(Class::SAY) && !piece.is_small(Class::PREPOSITION)
            || frames.any(Class::CLAUSE.or(Class::SAY)) && self.opens_clause(at, limit);
        if clause { Some(at..limit) } else { self.content_without_clause(frames, at, limit) }
    }

    /// Whether the cue belongs to `what he says`, which names words without giving them, or to `what sailors call “the
    /// lock”`, which gives a term.
    fn follows_what(&self, cue: &Cue) -> bool {
        let what = cue.start > self.first && matches!(self.folded(cue.start - 1), "what" | "whatever");
        let named = |subject: &Range<usize>| {
            subject.clone().any(|at| self.pieces[at].capital || self.pieces[at].is(Class::PRONOUN))
        };
        let term = self.pieces[cue.words.start].is(Class::BASE) && !cue.subject.as_ref().is_some_and(named);
        what && (term || !cue.frames.any(Class::REMARK))
    }

    /// What is said where no clause follows: an infinitive, a noun, somebody urged to act or accused of something.
    fn content_without_clause(&self, frames: Class, at: usize, limit: usize) -> Option<Range<usize>> {
        let piece = &self.pieces[at];
        let near = |word: &str| (at + 1..limit.min(at + ADJUNCT)).any(|n| self.folded(n) == word);
        let to = frames.any(Class::TO)
            && self.folded(at) == "to"
            && !self.get(at + 1).is_some_and(|verb| verb.is(Class::FRAME.or(Class::NOUN).or(Class::SILENCE)));
        let noun = !piece
            .is_small(Class::PREPOSITION.or(Class::ADVERB).or(Class::TIME).or(Class::AUXILIARY).or(Class::COORDINATOR));
        let object = frames.any(Class::OBJECT) && noun;
        let urged = frames.any(Class::URGE) && noun && near("to");
        let accused = frames.any(Class::ACCUSE) && noun && (near("of") || near("for"));
        let remark = frames.any(Class::REMARK) && (at..limit).any(|n| self.pieces[n].quoted.is_some());
        (to || object || urged || accused || remark).then_some(at..limit)
    }

    /// The piece after the hearer: `told reporters in Brussels`, `warned him`.
    fn after_hearer(&self, at: usize, limit: usize) -> usize {
        let Some(first) = self.get(at).filter(|piece| at < limit && piece.sep == Sep::Space && piece.quoted.is_none())
        else {
            return at;
        };
        if self.folded(at) == "that" {
            return at;
        }
        if first.is_small(Class::OBJECTIVE) {
            return at + 1;
        }
        if first.is_small(Class::PRONOUN.or(Class::SUBORDINATOR).or(Class::PREPOSITION)) && !first.is(Class::DETERMINER)
        {
            return at;
        }
        let mut end = at + 1;
        while end < limit && self.joined(end) && end - at < ADJUNCT {
            let piece = &self.pieces[end];
            let stops = piece.quoted.is_some()
                || piece.is_small(
                    Class::PRONOUN.or(Class::SUBORDINATOR).or(Class::AUXILIARY).or(Class::DETERMINER).or(Class::TIME),
                )
                || piece.is(Class::DAY)
                || piece.is_small(Class::PREPOSITION) && !matches!(self.folded(end), "of" | "for" | "at" | "with")
                || self.pieces[end - 1].capital
                    && !piece.capital
                    && !piece.is(Class::PREPOSITION.or(Class::COORDINATOR));
            if stops {
                break;
            }
            end += 1;
        }
        end
    }

    /// The piece after words of time and place between a verb and what is said: `said on Monday in a statement that`.
    fn after_adjuncts(&self, mut at: usize, limit: usize) -> usize {
        while at < limit && self.pieces[at].quoted.is_none() && self.pieces[at].sep == Sep::Space {
            let piece = &self.pieces[at];
            let manner = !piece.capital && self.folded(at).len() > 4 && self.folded(at).ends_with("ly");
            let timely = piece.is(Class::DAY) || piece.is_small(Class::TIME.or(Class::ADVERB)) || manner;
            if timely && !piece.is(Class::PRONOUN) {
                at += 1;
            } else if (piece.is_small(Class::PREPOSITION) && self.folded(at) != "to") || self.folded(at) == "as" {
                match self.after_preposition(at, limit) {
                    Some(next) => at = next,
                    None => break,
                }
            } else {
                break;
            }
        }
        if at < limit && self.pieces[at].sep == Sep::Comma && at > self.first {
            let that = self.folded(at) == "that";
            return if that || self.pieces[at].quoted.is_some() { at } else { self.after_remark(at, limit) };
        }
        at
    }

    /// The piece after a remark between commas that something said follows: `said, on the other hand, that`.
    fn after_remark(&self, at: usize, limit: usize) -> usize {
        let end = limit.min(at + ADJUNCT);
        let said = |n: &usize| self.pieces[*n].quoted.is_some() || self.folded(*n) == "that";
        let next = (at + 1..end).find(|n| self.pieces[*n].sep == Sep::Comma && said(n));
        next.unwrap_or(at)
    }

    /// The piece after a prepositional phrase, where something said follows it.
    fn after_preposition(&self, at: usize, limit: usize) -> Option<usize> {
        let mut venue = None;
        for n in at + 1..limit.min(at + ADJUNCT) {
            let piece = &self.pieces[n];
            let that = self.folded(n) == "that" && n > at + 1 && !self.pieces[n - 1].is_small(Class::COORDINATOR);
            if piece.quoted.is_some() || that || piece.sep != Sep::Space {
                return Some(n);
            }
            if piece.is_small(Class::PRONOUN) && !piece.is(Class::DETERMINER) {
                return venue.is_some().then_some(n);
            }
            if piece.is(Class::VENUE.or(Class::DAY)) || piece.is_small(Class::TIME) {
                venue = Some(n + 1);
            } else if venue.is_some() {
                return venue;
            }
        }
        venue.or_else(|| (limit <= at + ADJUNCT).then_some(limit)).filter(|_| venue.is_some() || limit == self.last)
    }
}
