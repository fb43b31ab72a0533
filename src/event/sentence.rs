//! One sentence after the other: an actor, a verb and systems in a clause.

use super::lists::{Role, Verb, may, verb};
use super::{Class, Event};
use crate::analysis::{Gap, Shape, Word, Words, is_measure};
use crate::authority::{is_system, is_unlisted};
use crate::tag::{Mention, Via};

/// Words between a verb and a system, at most.
const NEAR: usize = 12;
/// Words of one event, at most.
const LONGEST: usize = 80;

/// The events of a title or text.
pub(super) fn events(text: &str, words: &Words, mentions: &[Mention], headline: bool) -> Vec<Event> {
    let list = words.as_slice();
    let mut tokens: Vec<Token<'_>> =
        list.iter().map(|word| Token { word, folded: words.folded(word), mention: None }).collect();
    for mention in mentions {
        let first = list.partition_point(|word| (word.end as usize) <= mention.start);
        let inside = tokens[first..].iter_mut().take_while(|token| (token.word.start as usize) < mention.end);
        inside.for_each(|token| token.mention = Some(mention));
    }
    let mut found = Vec::new();
    let sentences = tokens.chunk_by(|_, next| next.word.gap < Gap::Sentence);
    for tokens in sentences.filter(|tokens| tokens.iter().any(|token| token.system().is_some())) {
        crate::fence::check();
        let sentence = Sentence { text, tokens, headline };
        if sentence.is_report() {
            sentence.events(&mut found);
        }
    }
    found.sort_by_key(|one| (one.start, one.end));
    found.dedup();
    found
}

#[derive(Clone, Copy)]
struct Token<'a> {
    word: &'a Word,
    folded: &'a str,
    /// The mention that it is a part of.
    mention: Option<&'a Mention>,
}

impl<'a> Token<'a> {
    fn system(&self) -> Option<&'a Mention> {
        self.mention.filter(|mention| is_system(&mention.actor))
    }

    /// Somebody who may do something with a system.
    fn actor(&self) -> Option<&'a Mention> {
        self.mention.filter(|mention| !is_system(&mention.actor) && !is_unlisted(&mention.actor))
    }

    /// Whether it stands behind the word before it without punctuation.
    fn joined(&self) -> bool {
        self.word.gap < Gap::Punctuation
    }

    fn is(&self, role: Role) -> bool {
        self.mention.is_none() && may(self.folded, role)
    }
}

struct Sentence<'a> {
    text: &'a str,
    tokens: &'a [Token<'a>],
    /// It is a headline, where the present tells of what has happened.
    headline: bool,
}

impl<'a> Sentence<'a> {
    /// Whether it reports: it asks nothing and denies nothing.
    fn is_report(&self) -> bool {
        let last = self.tokens.last().map_or(0, |token| token.word.end as usize);
        let rest = self.text[last..].trim_start_matches(['"', '”', '’', ')', '\'']);
        !rest.starts_with('?')
    }

    fn events(&self, found: &mut Vec<Event>) {
        for at in 0..self.tokens.len() {
            let Some((verb, last)) = self.verb(at) else { continue };
            if self.tokens[..at].iter().any(|token| token.is(Role::Unreal)) {
                continue;
            }
            if let Some((actor, first)) = self.actor_before(at, verb) {
                let systems = self.systems_after(last, verb);
                let before = || self.system_of_clause(first, last, verb);
                let systems = if systems.is_empty() { before().into_iter().collect() } else { systems };
                found.extend(systems.into_iter().map(|system| event(verb, actor, system)));
            } else if let Some(actor) = self.actor_behind(last, verb)
                && let Some(system) = self.system_before(at)
            {
                found.push(event(verb, actor, system));
            }
        }
    }

    /// The verb whose first word stands here, and its last word.
    fn verb(&self, at: usize) -> Option<(Verb, usize)> {
        let here = self.tokens[at];
        if here.mention.is_some() || here.word.shape == Shape::Upper {
            return None;
        }
        let two = self.tokens.get(at + 1).filter(|next| next.joined() && next.mention.is_none());
        let two = two.and_then(|next| verb(&format!("{} {}", here.folded, next.folded))).map(|verb| (verb, at + 1));
        let found = two.or_else(|| verb(here.folded).map(|verb| (verb, at)));
        found.filter(|(verb, _)| !verb.present || self.headline)
    }

    /// The actor who is the subject of the verb that begins here, and the first word of its name.
    fn actor_before(&self, verb_at: usize, verb: Verb) -> Option<(&'a Mention, usize)> {
        let (mut at, mut own, mut is, mut which) = (verb_at, false, false, false);
        loop {
            let joined = self.tokens[at].joined();
            // `Alda, which ordered`, `the Quay Agency (QA) ordered`
            let bracket = if joined { None } else { self.before_bracket(at) };
            if !joined && !which && bracket.is_none() {
                return None;
            }
            at = bracket.unwrap_or(at).checked_sub(1)?;
            let token = self.tokens[at];
            if let Some(actor) = token.actor() {
                let first = self.first_of(actor, at);
                // `Poland's army` and `the Polish army` are Poland; other things of Poland are not.
                let whole = own || (!token.word.possessive && actor.via != Via::Demonym);
                let sells = verb.by_contract() && actor.kind == "company";
                let fits = whole && !sells && is == verb.progressive && (which || self.opens(first));
                return fits.then_some((actor, first));
            }
            if which {
                return None;
            }
            which = token.mention.is_none() && matches!(token.folded, "which" | "who");
            let be = verb.progressive && matches!(token.folded, "is" | "are");
            (is, own) = (is || be, own || token.is(Role::Own));
            if !(which || be || token.is(Role::Between) || token.is(Role::Own)) {
                return None;
            }
        }
    }

    /// The first word of a short form in brackets that ends before a word: `the Quay Agency (QA) has`.
    fn before_bracket(&self, at: usize) -> Option<usize> {
        let last = at.checked_sub(1)?;
        let short = self.tokens[last].mention?;
        let first = self.first_of(short, last);
        let long = self.tokens[first.checked_sub(1)?].mention?;
        let brackets = self.before(first) == "(" && self.before(at) == ")";
        (brackets && long.actor == short.actor).then_some(first)
    }

    /// The system that a clause tells of: `the F-35 jets that Alda ordered last year`. `first` is the first word of the
    /// clause's actor.
    fn system_of_clause(&self, first: usize, verb_end: usize, verb: Verb) -> Option<&'a Mention> {
        let ends = self.tokens.get(verb_end + 1).is_none_or(|next| !next.joined() || next.is(Role::After));
        let the = first > 0 && self.tokens[first].joined() && self.tokens[first - 1].folded == "the";
        let that = first.checked_sub(1 + usize::from(the))?;
        let joins = matches!(self.tokens[that].folded, "that" | "which") && self.tokens[that + 1].joined();
        if !joins || !ends || verb.by.is_some() {
            return None;
        }
        let mut at = that;
        while let Some(before) = at.checked_sub(1).filter(|_| self.tokens[at].joined()) {
            let token = self.tokens[before];
            if let Some(system) = token.system() {
                return (!token.word.possessive).then_some(system);
            }
            if !token.is(Role::Unit) {
                return None;
            }
            at = before;
        }
        None
    }

    /// Whether a noun phrase that begins here, but for its article and the state that it belongs to, begins a clause.
    fn opens(&self, mut first: usize) -> bool {
        let before = |first: usize| first.checked_sub(1).map(|before| (before, self.tokens[before]));
        if let Some((at, token)) = before(first).filter(|_| self.tokens[first].joined())
            && let Some(state) = token.mention.filter(|one| one.kind == "state")
            && (token.word.possessive || state.via == Via::Demonym)
        {
            first = self.first_of(state, at);
        }
        if first > 0 && self.tokens[first].joined() && self.tokens[first - 1].folded == "the" {
            first -= 1;
        }
        let Some((_, before)) = before(first) else { return true };
        !self.tokens[first].joined() || before.is(Role::Opens) || before.is(Role::Own)
    }

    /// The first word of a mention that this word is a part of.
    fn first_of(&self, mention: &Mention, mut at: usize) -> usize {
        while at > 0 && self.tokens[at - 1].mention.is_some_and(|one| std::ptr::eq(one, mention)) {
            at -= 1;
        }
        at
    }

    /// One past the last word of a mention that this word is a part of.
    fn after(&self, mention: &Mention, mut at: usize) -> usize {
        while self.tokens.get(at).and_then(|token| token.mention).is_some_and(|one| std::ptr::eq(one, mention)) {
            at += 1;
        }
        at
    }

    /// The systems that are the objects of a verb that ends here.
    fn systems_after(&self, verb_end: usize, verb: Verb) -> Vec<&'a Mention> {
        let mut found = Vec::new();
        let (mut at, mut near, mut said) = (verb_end + 1, 0, verb.by.is_none());
        while let Some(token) = self.tokens.get(at).filter(|_| near < NEAR && at - verb_end < LONGEST) {
            if let Some(system) = token.system() {
                // `signed an agreement for the programme` orders nothing.
                let ordered = said && !(verb.by_contract() && system.kind == "programme");
                let Some(end) = self.end_of_object(self.after(system, at), verb).filter(|_| ordered) else { break };
                found.push(system);
                (at, near) = (end, 0);
                continue;
            }
            let comma = !token.joined();
            if comma && (found.is_empty() || !self.is_comma(at)) {
                break;
            }
            said |= verb.by.is_some_and(|by| token.is(by));
            let joins = !found.is_empty() && token.folded == "and";
            if !joins && !self.may_be_inside(at, verb) {
                break;
            }
            (at, near) = (at + 1, near + 1);
        }
        found
    }

    /// Whether only a comma stands before this word.
    fn is_comma(&self, at: usize) -> bool {
        self.before(at) == ","
    }

    /// What stands between this word and the one before it, without white space around it.
    fn before(&self, at: usize) -> &'a str {
        let Some(before) = at.checked_sub(1) else { return "" };
        let between = self.tokens[before].word.end as usize..self.tokens[at].word.start as usize;
        self.text.get(between).unwrap_or_default().trim()
    }

    /// Whether a word may stand between a verb and the system that is its object: a number, a word of the list, the
    /// system's maker or origin.
    fn may_be_inside(&self, at: usize, verb: Verb) -> bool {
        let token = self.tokens[at];
        if token.is(Role::Made) && self.tokens[at - 1].folded == "to" {
            return verb.awards;
        }
        if let Some(mention) = token.mention {
            // `gave Alda 20 tanks`
            let gives = matches!(verb.class, Class::Deliver | Class::Donate | Class::Approve);
            let hearer = gives && mention.kind == "state";
            return mention.via == Via::Demonym || mention.kind == "company" || hearer;
        }
        let number = is_measure(token.folded) || token.folded.bytes().any(|byte| byte.is_ascii_digit());
        let deals = matches!(verb.class, Class::Approve | Class::Cancel);
        let deal = deals && (token.is(Role::Deal) || token.is(Role::Own));
        let by = verb.by.is_some_and(|by| token.is(by));
        number || deal || by || token.is(Role::Inside) || token.is(Role::Unit)
    }

    /// One past the last word of an object whose system ends before this word; `None` where the system only helps to
    /// name something else.
    fn end_of_object(&self, mut at: usize, verb: Verb) -> Option<usize> {
        if self.tokens[at - 1].word.possessive {
            return None;
        }
        let deal = matches!(verb.class, Class::Approve | Class::Cancel);
        while let Some(token) = self.tokens.get(at).filter(|token| token.joined()) {
            if token.word.gap == Gap::Hyphen {
                return None;
            }
            let noun = token.is(Role::Unit) || (deal && token.is(Role::Deal) && !token.is(Role::After));
            if !noun {
                return token.is(Role::After).then_some(at);
            }
            at += 1;
        }
        Some(at)
    }

    /// The actor who did it, of a participle that ends here: `ordered by Alda`.
    fn actor_behind(&self, verb_end: usize, verb: Verb) -> Option<&'a Mention> {
        let by = self.tokens.get(verb_end + 1).filter(|by| by.joined() && by.folded == "by")?;
        if verb.present || verb.progressive || verb.by.is_some() || by.mention.is_some() {
            return None;
        }
        let mut at = verb_end + 2;
        if self.tokens.get(at).is_some_and(|token| token.joined() && token.folded == "the") {
            at += 1;
        }
        let actor_at = |at: usize| self.tokens.get(at).filter(|token| token.joined()).and_then(Token::actor);
        let mut actor = actor_at(at)?;
        let mut end = self.after(actor, at);
        let owns = |actor: &Mention, end: usize| actor.via == Via::Demonym || self.tokens[end - 1].word.possessive;
        if owns(actor, end)
            && let Some(own) = actor_at(end)
        {
            // `the Aldan army`, which has a heading of its own
            (actor, end) = (own, self.after(own, end));
        }
        let mut own = !owns(actor, end);
        while self.tokens.get(end).is_some_and(|token| token.joined() && token.is(Role::Own)) {
            (own, end) = (true, end + 1);
        }
        // `ordered by Alda came late`, but `by Quay Works customer Alda`
        let goes_on = |next: &Token<'_>| actor.kind == "state" && next.word.shape == Shape::Lower;
        let ends = self.tokens.get(end).is_none_or(|next| !next.joined() || next.is(Role::After) || goes_on(next));
        (ends && own).then_some(actor)
    }

    /// The system that was dealt with so, before a participle that begins here.
    fn system_before(&self, verb: usize) -> Option<&'a Mention> {
        let mut at = verb;
        loop {
            if !self.tokens[at].joined() && at != verb {
                return None;
            }
            at = at.checked_sub(1)?;
            let token = self.tokens[at];
            if let Some(system) = token.system() {
                return (!token.word.possessive).then_some(system);
            }
            if !token.is(Role::Passive) && !token.is(Role::Unit) && !token.is(Role::Between) {
                return None;
            }
        }
    }
}

fn event(verb: Verb, actor: &Mention, system: &Mention) -> Event {
    Event {
        class: verb.class,
        actor: actor.actor.clone(),
        system: system.actor.clone(),
        start: actor.start.min(system.start),
        end: actor.end.max(system.end),
    }
}
