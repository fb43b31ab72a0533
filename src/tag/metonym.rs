//! Places that stand for an actor (metonyms): they count only where they act, speak or are a party.

use super::Via;
use super::lexicon::NONE;
use super::lists::{Cues, NOUNS_AIMED_AT_ACTORS, takes};
use super::matcher::Hit;
use super::work::Work;
use crate::analysis::{Gap, Shape};
use crate::authority::{Class, Kind};
use crate::wordlist::WordList;

/// Adverbs between a subject and its verb, in addition to those in -ly.
static ADVERBS_BEFORE_VERBS: WordList = WordList::new(include_str!("lists/adverbs_before_verbs.txt"));
/// Verb forms that are plural nouns too: before another verb they are the subject, and the place only describes them.
static VERBS_THAT_ARE_NOUNS: WordList = WordList::new(include_str!("lists/verbs_that_are_nouns.txt"));
/// Words between an auxiliary verb and the word that says what the subject is or does.
static WORDS_AFTER_AUXILIARIES: WordList = WordList::new(include_str!("lists/words_after_auxiliaries.txt"));
/// Adjectives and nouns for what only an actor can be or have: after an auxiliary verb they make an actor of the place.
static PREDICATES_OF_WILL: WordList = WordList::new(include_str!("lists/predicates_of_will.txt"));
/// Words before `with` that make the place after it a party.
static WORDS_OF_DEALING_WITH: WordList = WordList::new(include_str!("lists/words_of_dealing_with.txt"));
/// Words of travel: with one before it, `between` stands before two towns.
static WORDS_OF_TRAVEL: WordList = WordList::new(include_str!("lists/words_of_travel.txt"));
/// Past forms that do not end in -ed.
pub(super) static IRREGULAR_PAST_FORMS: WordList = WordList::new(include_str!("lists/irregular_past_forms.txt"));

impl Work<'_> {
    /// Decides every place that can stand for an actor.
    pub(super) fn metonyms(&mut self) {
        let places: Vec<usize> = (0..self.matches.hits.len())
            .filter(|n| {
                let hit = self.hit(*n);
                hit.actor == NONE && !hit.veto && self.matches.with(hit, Class::Metonym).is_some()
            })
            .collect();
        let mut acting: Vec<bool> = places.iter().map(|n| self.acts(self.hit(*n))).collect();
        // "London and Paris agreed", "between London and Paris": both places of a pair act.
        for pair in 1..places.len() {
            if self.joined(places[pair - 1], places[pair]) {
                let party = self.is_party(self.hit(places[pair - 1]));
                if acting[pair - 1] && party && !self.is_local(self.hit(places[pair])) {
                    acting[pair] = true;
                } else if acting[pair] && !self.in_a_place(self.hit(places[pair - 1])) {
                    acting[pair - 1] = true;
                }
            }
        }
        // "Ankara, Athens and Nicosia agreed": if the last place of a list acts, so do the others.
        for pair in (1..places.len()).rev() {
            let whole = acting[pair] && !self.in_a_place(self.hit(places[pair]));
            if whole
                && self.listed_together(places[pair - 1], places[pair])
                && !self.in_a_place(self.hit(places[pair - 1]))
            {
                acting[pair - 1] = true;
            }
        }
        for (n, acts) in places.into_iter().zip(acting) {
            if acts && let Some(actor) = self.whose(n) {
                self.decide(n, actor, Via::Metonym);
            }
        }
    }

    /// The actor that a place stands for: of several, one that still exists, then one that the article also mentions
    /// otherwise, then an alliance before a state before anything else.
    fn whose(&self, n: usize) -> Option<u32> {
        let hit = *self.hit(n);
        let meanings = self.matches.of(&hit).iter().filter(|c| c.class == Class::Metonym);
        meanings
            .min_by_key(|c| {
                let info = self.index.actor(c.actor);
                let rank = match info.kind {
                    Kind::Alliance => 0,
                    Kind::State => 1,
                    _ => 2,
                };
                (info.former, std::cmp::Reverse(self.firm.get(&c.actor).copied().unwrap_or(0).min(1)), rank)
            })
            .map(|c| c.actor)
    }

    /// Whether only `and`, `or` or `nor` stands between two hits.
    fn joined(&self, left: usize, right: usize) -> bool {
        let (left, right) = (self.hit(left), self.hit(right));
        left.end + 1 == right.start
            && self.doc.toks[left.end].gap <= Gap::Space
            && matches!(self.doc.folded(left.end), "and" | "or" | "nor")
    }

    /// Whether only a comma stands between two places, and `and` or `or` follows the second.
    fn listed_together(&self, left: usize, right: usize) -> bool {
        let (left, right) = (self.hit(left), self.hit(right));
        let comma = left.end == right.start && self.doc.before(right.start).trim() == ",";
        comma && matches!(self.doc.folded_or_empty(self.doc.next(right.end)), "and" | "or")
    }

    fn acts(&self, hit: &Hit) -> bool {
        let doc = self.doc;
        if doc.toks[hit.start].muted || self.is_local(hit) || self.is_named_so(hit) {
            return false;
        }
        let institution = self.index.institutions.contains(&hit.node);
        if let Some(verdict) = self.by_hyphen(hit) {
            return verdict;
        }
        if self.in_a_place(hit) {
            return self.is_target(hit) || (institution && self.is_origin(hit));
        }
        institution
            || self.is_subject(hit)
            || self.owns(hit)
            || self.is_party(hit)
            || self.is_addressed(hit)
            || self.heads(hit)
    }

    /// Whether the place is a part of a person's name: `Jack London`, `Paris Hilton`.
    fn is_named_so(&self, hit: &Hit) -> bool {
        let doc = self.doc;
        let first = &doc.toks[hit.start];
        if hit.end - hit.start > 1 || first.headline || first.shouted {
            return false;
        }
        let next = doc.tok(doc.next(hit.end));
        let surname = next.is_some_and(|next| {
            next.shape == Shape::Title
                && next.gap == Gap::Space
                && next.lex.word == NONE
                && !next.is(Cues::ROLE.or(Cues::COMMON))
        });
        (self.is_given_name(doc.prev(hit.start)) && first.gap == Gap::Space)
            || (surname && !doc.toks[hit.end - 1].possessive)
    }

    /// Whether the place is meant as a place: before a street, an airport, a suburb or a police force, or before its
    /// own state (`Paris, France`).
    fn is_local(&self, hit: &Hit) -> bool {
        let doc = self.doc;
        let possessive = doc.toks[hit.end - 1].possessive;
        if doc.tok(doc.next(hit.end)).is_some_and(|next| {
            next.is(Cues::LOCAL.or(Cues::PLACE_HEAD))
                && !(possessive && next.is(Cues::WILL))
                && !(next.is(Cues::ACTS) && next.shape == Shape::Lower)
        }) {
            return true;
        }
        let comma =
            doc.toks.get(hit.end).is_some_and(|tok| tok.gap == Gap::Punctuation) && doc.after(hit.end).trim() == ",";
        comma
            && self.hit_starting(hit.end).is_some_and(|n| {
                let next = self.hit(n);
                next.actor != NONE
                    && self.kind(next.actor) == Kind::State
                    && next.via != Via::Demonym
                    && self
                        .matches
                        .with(hit, Class::Metonym)
                        .is_some_and(|place| self.index.actor(place.actor).state == next.actor)
            })
    }

    /// The word before the hit, or the one before that if it is `the`.
    fn word_before(&self, hit: &Hit) -> Option<usize> {
        let before = self.doc.prev(hit.start)?;
        if self.doc.folded(before) == "the" { self.doc.prev(before) } else { Some(before) }
    }

    /// Whether a preposition or the like (`in`, `of`, `capital`) before the hit makes it a place.
    fn in_a_place(&self, hit: &Hit) -> bool {
        let doc = self.doc;
        let Some(before) = self.word_before(hit) else { return false };
        let word = doc.folded(before);
        let tok = &doc.toks[before];
        tok.gap != Gap::Hyphen
            && (tok.is(Cues::PLACE_BEFORE) || matches!(word, "of" | "on" | "for" | "city" | "capital"))
    }

    /// Whether the place is what something is aimed at or comes from: `pressure on Moscow`, `a setback for Kyiv`,
    /// `according to Beijing`.
    fn is_target(&self, hit: &Hit) -> bool {
        let doc = self.doc;
        let Some(before) = self.word_before(hit) else { return false };
        let Some(noun) = doc.prev(before) else { return false };
        takes(&NOUNS_AIMED_AT_ACTORS, doc.folded(noun), doc.folded(before))
    }

    /// Whether an institution acts in spite of the preposition before it: `a statement from the Kremlin`.
    fn is_origin(&self, hit: &Hit) -> bool {
        let doc = self.doc;
        let Some(before) = self.word_before(hit) else { return false };
        matches!(doc.folded(before), "of" | "for" | "on")
            || (doc.folded(before) == "from" && doc.tok(doc.prev(before)).is_some_and(|tok| tok.is(Cues::WILL)))
    }

    /// Whether a place with a hyphen before or after it acts: `Moscow-backed`, `pro-Kremlin`, `London-Brussels talks`,
    /// but not `Paris-based`. `None` where hyphens decide nothing.
    fn by_hyphen(&self, hit: &Hit) -> Option<bool> {
        let doc = self.doc;
        let next = doc.next(hit.end).filter(|next| doc.toks[*next].gap == Gap::Hyphen);
        if let Some(next) = next {
            let word = doc.folded(next);
            if word.ends_with("ed") || matches!(word, "led" | "friendly" | "run") {
                return Some(!matches!(word, "based" | "educated" | "bred"));
            }
            let pair = self.hit_starting(next).map(|n| self.hit(n).end);
            return Some(pair.is_some_and(|end| doc.tok(doc.next(end)).is_some_and(|tok| tok.is(Cues::DEALING))));
        }
        if doc.toks[hit.start].gap != Gap::Hyphen {
            return None;
        }
        let before = doc.prev(hit.start)?;
        if matches!(doc.folded(before), "pro" | "anti") {
            return Some(true);
        }
        self.hit_ending(hit.start)?;
        Some(doc.tok(doc.next(hit.end)).is_some_and(|tok| tok.is(Cues::DEALING)))
    }

    /// Whether the place is the subject of a verb of speech, will or decision.
    fn is_subject(&self, hit: &Hit) -> bool {
        let doc = self.doc;
        let Some(mut next) = doc.next(hit.end) else { return self.is_parenthetic_subject(hit) };
        if doc.toks[hit.end - 1].possessive {
            return false;
        }
        for _ in 0..2 {
            let word = doc.folded(next);
            if !(word.ends_with("ly") || ADVERBS_BEFORE_VERBS.has(word)) {
                break;
            }
            let Some(further) = doc.next(next + 1) else { return false };
            next = further;
        }
        if matches!(doc.folded(next), "that" | "which") {
            let Some(verb) = doc.next(next + 1) else { return false };
            return doc.toks[verb].is(Cues::ACTS);
        }
        if doc.prev(hit.start).is_some_and(|before| doc.folded(before) == "the") {
            return false;
        }
        self.is_verb_of_will(next)
    }

    /// Whether a verb of speech, will or decision begins at a word, with or without auxiliary verbs before it.
    pub(super) fn is_verb_of_will(&self, at: usize) -> bool {
        let doc = self.doc;
        let tok = &doc.toks[at];
        if tok.is(Cues::AUXILIARY) && (tok.shape == Shape::Lower || tok.headline || tok.shouted) {
            return self.auxiliary_of_will(at);
        }
        if !tok.is(Cues::ACTS) || (tok.capital() && !tok.headline && !tok.shouted) {
            return false;
        }
        let word = doc.folded(at);
        let next = doc.tok(doc.next(at + 1));
        if VERBS_THAT_ARE_NOUNS.has(word) {
            // "Moscow attacks kill ten" has no subject in Moscow.
            return next.is_none_or(|next| !next.is(Cues::ACTS.or(Cues::AUXILIARY)));
        }
        let finite = word.ends_with('s') || word.ends_with("ed") || IRREGULAR_PAST_FORMS.has(word);
        finite || self.plural_subject(at)
    }

    /// Whether a pair stands before the verb, which then has its bare form: `London and Paris say`.
    fn plural_subject(&self, verb: usize) -> bool {
        self.hit_ending(verb).is_some_and(|n| {
            let before = self.doc.prev(self.hit(n).start);
            self.doc.folded_or_empty(before) == "and"
        })
    }

    fn auxiliary_of_will(&self, at: usize) -> bool {
        let doc = self.doc;
        let mut next = at + 1;
        for _ in 0..3 {
            let Some(verb) = doc.next(next) else { return false };
            let tok = &doc.toks[verb];
            let word = doc.folded(verb);
            if WORDS_AFTER_AUXILIARIES.has(word) || word.ends_with("ly") {
                next = verb + 1;
                continue;
            }
            let passive_place = doc.folded(at) == "was" && matches!(word, "hit" | "struck" | "attacked" | "set");
            let willing = PREDICATES_OF_WILL.has(word);
            let active = tok.is(Cues::ACTS)
                || (word.ends_with("ing")
                    && !matches!(
                        word,
                        "raining" | "snowing" | "burning" | "sleeping" | "freezing" | "bustling" | "booming"
                    ))
                || (word.ends_with("ed") && matches!(doc.folded(at), "has" | "had" | "have"));
            return !passive_place && (willing || active);
        }
        false
    }

    /// `Moscow, for its part, said`; `London, which opposes the plan`.
    fn is_parenthetic_subject(&self, hit: &Hit) -> bool {
        let doc = self.doc;
        if doc.toks.get(hit.end).is_none_or(|tok| tok.gap != Gap::Punctuation) || doc.after(hit.end).trim() != "," {
            return false;
        }
        match doc.folded(hit.end) {
            "however" | "meanwhile" | "too" | "though" => true,
            "for" => doc.folded_or_empty(doc.next(hit.end + 1)) == "its",
            "in" => doc.folded_or_empty(doc.next(hit.end + 1)) == "turn",
            "which" => doc.next(hit.end + 1).is_some_and(|verb| self.is_verb_of_will(verb)),
            _ => false,
        }
    }

    /// Whether the place owns what only an actor owns: `Beijing's demands`.
    fn owns(&self, hit: &Hit) -> bool {
        let doc = self.doc;
        if !doc.toks[hit.end - 1].possessive {
            return false;
        }
        let mut at = hit.end;
        for _ in 0..3 {
            let Some(next) = doc.next(at) else { return false };
            let tok = &doc.toks[next];
            if tok.is(Cues::WILL) {
                return true;
            }
            if tok.is(Cues::LOCAL.or(Cues::PLACE_HEAD)) || tok.is(Cues::AUXILIARY) || tok.shape != Shape::Lower {
                return false;
            }
            at = next + 1;
        }
        false
    }

    /// Whether the place takes part in something: `talks with Moscow`, `between London and Brussels`,
    /// `vetoed by Beijing`.
    fn is_party(&self, hit: &Hit) -> bool {
        let doc = self.doc;
        let Some(before) = doc.prev(hit.start).filter(|at| doc.toks[*at].is(Cues::PARTY_BEFORE)) else { return false };
        let earlier = |n: usize| {
            (1..=n).filter_map(|back| before.checked_sub(back)).take_while(|at| doc.toks[at + 1].gap <= Gap::Space)
        };
        match doc.folded(before) {
            "between" => {
                let dealing = earlier(5).any(|at| doc.toks[at].is(Cues::DEALING));
                let travel = earlier(5).any(|at| WORDS_OF_TRAVEL.has(doc.folded(at)));
                dealing || !travel
            }
            "by" => earlier(1).any(|at| {
                let word = doc.folded(at);
                (word.ends_with("ed")
                    || IRREGULAR_PAST_FORMS.has(word)
                    || matches!(
                        word,
                        "taken" | "given" | "drawn" | "run" | "done" | "seen" | "driven" | "written" | "chosen"
                    ))
                    && !matches!(word, "passed" | "stopped" | "arrived")
            }),
            "with" => earlier(2).any(|at| {
                doc.toks[at].is(Cues::DEALING.or(Cues::ACTS).or(Cues::WILL))
                    || WORDS_OF_DEALING_WITH.has(doc.folded(at))
            }),
            _ => true,
        }
    }

    /// Whether the place is the object of a verb done to actors: `urged Beijing to`, `accused Moscow of`.
    fn is_addressed(&self, hit: &Hit) -> bool {
        let doc = self.doc;
        if doc.toks[hit.end - 1].possessive || doc.toks[hit.start].shouted {
            return false;
        }
        doc.prev(hit.start).is_some_and(|before| {
            let tok = &doc.toks[before];
            tok.is(Cues::ADDRESSES)
                && (tok.shape == Shape::Lower || tok.headline)
                && !(tok.is(Cues::WILL) && self.is_noun(before))
        })
    }

    /// Whether a determiner (`the`, `its`) before a word shows that it is a noun.
    fn is_noun(&self, at: usize) -> bool {
        self.doc.tok(self.doc.prev(at)).is_some_and(|tok| tok.is(Cues::DETERMINER))
    }

    /// Whether the place describes a government or its people: `the Moscow government`, `a Kyiv spokesman`.
    fn heads(&self, hit: &Hit) -> bool {
        let doc = self.doc;
        matches!(
            doc.folded_or_empty(doc.next(hit.end)),
            "government"
                | "regime"
                | "leadership"
                | "officials"
                | "administration"
                | "diplomats"
                | "spokesman"
                | "spokeswoman"
                | "negotiators"
                | "establishment"
        )
    }
}
