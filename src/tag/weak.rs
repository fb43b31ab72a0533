//! Weak names, which are also words or other names, and abbreviations that an article defines.

use rustc_hash::FxHashMap;

use super::Via;
use super::context::Weights;
use super::index::Candidate;
use super::lexicon::NONE;
use super::lists::Cues;
use super::matcher::Hit;
use super::support::Doubtful;
use super::work::Work;
use crate::analysis::{Gap, Shape};
use crate::authority::{Class, Kind};

impl Work<'_> {
    /// Finds abbreviations that the article defines (`Long Name (ABC)`) and gives all their uses, earlier ones too, the
    /// actor of the long name.
    pub(super) fn definitions(&mut self) {
        let doc = self.doc;
        let mut defined: FxHashMap<u32, u32> = FxHashMap::default();
        for at in 1..doc.toks.len() {
            let tok = &doc.toks[at];
            if tok.gap != Gap::Punctuation || tok.muted || !self.in_brackets(at) {
                continue;
            }
            let Some(long) = self.hit_ending(at).map(|n| *self.hit(n)).filter(|hit| hit.actor != NONE) else {
                continue;
            };
            let person = self.kind(long.actor) == Kind::Person;
            if !person && long.end - long.start > 1 && self.abbreviates(at, &long) {
                defined.insert(tok.lex.id, long.actor);
            }
        }
        if !defined.is_empty() {
            self.apply(&defined);
        }
    }

    /// Whether a word is an abbreviation with capitals that stands alone in brackets, with or without quotation marks.
    pub(super) fn in_brackets(&self, at: usize) -> bool {
        let tok = &self.doc.toks[at];
        let len = tok.end - tok.start;
        matches!(tok.shape, Shape::Upper | Shape::Mixed)
            && (2..=12).contains(&len)
            && self.doc.before(at).ends_with(['(', '“', '"'])
            && self.doc.before(at).contains('(')
            && self.doc.after(at + 1).starts_with([')', '”', '"', ','])
    }

    /// Whether an abbreviation begins like one of the words of the long name.
    fn abbreviates(&self, at: usize, long: &Hit) -> bool {
        let initial = self.doc.folded(at).chars().next();
        (long.start..long.end).any(|word| self.doc.folded(word).chars().next() == initial)
    }

    fn apply(&mut self, defined: &FxHashMap<u32, u32>) {
        let doc = self.doc;
        let mut fresh: Vec<Hit> = Vec::new();
        for (at, tok) in doc.toks.iter().enumerate() {
            let Some(actor) = defined.get(&tok.lex.id) else { continue };
            let written = matches!(tok.shape, Shape::Upper | Shape::Mixed) && !tok.muted && !tok.shouted;
            if !written {
                continue;
            }
            match self.covering(at) {
                Some(n) if self.hit(n).end - self.hit(n).start == 1 => {
                    let old = self.hit(n).actor;
                    if let Some(count) = self.firm.get_mut(&old) {
                        *count = count.saturating_sub(1);
                    }
                    self.matches.hits[n].veto = false;
                    self.decide(n, *actor, Via::Acronym);
                }
                Some(_) => {}
                None => {
                    fresh.push(Hit {
                        start: at,
                        end: at + 1,
                        node: NONE,
                        first: 0,
                        count: 0,
                        actor: *actor,
                        via: Via::Acronym,
                        step: self.step,
                        veto: false,
                    });
                    *self.firm.entry(*actor).or_default() += 1;
                }
            }
        }
        if !fresh.is_empty() {
            self.matches.hits.extend(fresh);
            self.matches.hits.sort_by_key(|hit| hit.start);
        }
    }

    /// Decides weak names: one counts if the article mentions the actor by another name, or if a cue stands next to it.
    pub(super) fn weak(&mut self) {
        for n in 0..self.matches.hits.len() {
            let hit = *self.hit(n);
            if hit.veto || hit.actor != NONE || !self.alone(&hit) {
                continue;
            }
            let firm = |c: &&Candidate| matches!(c.class, Class::Heading | Class::Strong | Class::Exact);
            let certain: Vec<Candidate> = self.matches.of(&hit).iter().filter(firm).copied().collect();
            let name = !certain.is_empty() && self.doubtful(&hit, &certain) == Some(Doubtful::Name);
            let counts =
                |c: &&Candidate| !self.kind(c.actor).is_thing() && (c.class == Class::Weak || (name && firm(c)));
            let mut best: Option<(u32, u32)> = None;
            // A verb after an initialism that two actors share does not say which of them acts.
            let weak = self.matches.of(&hit).iter().filter(|c| c.class == Class::Weak && counts(c)).count();
            let shared = weak > 1 && self.doc.toks[hit.start].shape == Shape::Upper;
            for candidate in self.matches.of(&hit).iter().filter(counts) {
                let firm = self.firm.get(&candidate.actor).copied().unwrap_or(0);
                let trusted = (firm > 0 || self.is_short_for_part(&hit, candidate.actor)) && self.is_name_like(&hit);
                if (trusted || (!shared && self.has_cue(&hit, candidate.actor)))
                    && best.is_none_or(|(count, _)| firm > count)
                {
                    best = Some((firm, candidate.actor));
                }
            }
            if let Some((_, actor)) = best
                && (self.kind(actor) != Kind::State || self.stands(&hit, actor))
            {
                self.decide(n, actor, Via::Alias);
            }
        }
    }

    /// Decides initialisms that several actors share by the states and organisations of the article: `SDF` is one force
    /// in an article on Syria and another in one on Japan.
    pub(super) fn initialisms(&mut self, weights: &Weights) {
        for n in 0..self.matches.hits.len() {
            let hit = *self.hit(n);
            let tok = &self.doc.toks[hit.start];
            let initialism = hit.end - hit.start == 1 && tok.shape == Shape::Upper && !tok.shouted;
            if hit.veto
                || hit.actor != NONE
                || !initialism
                || crate::analysis::is_ambiguous(self.doc.folded(hit.start))
                || !self.alone(&hit)
                || self.explained.contains(&tok.lex.id)
            {
                continue;
            }
            let found: Vec<Candidate> =
                self.matches.of(&hit).iter().copied().filter(|c| c.class == Class::Weak).collect();
            let weight = |c: &Candidate| {
                let info = self.index.actor(c.actor);
                let state = if info.state == NONE { 0.0 } else { weights.of(info.state) };
                state + self.firm.get(&info.body).copied().unwrap_or(0) as f32
            };
            let least = if found.len() > 1 { 1.0 } else { 2.0 };
            if let Some(actor) = self.clear_best(&found, weight, least) {
                self.decide(n, actor, Via::Acronym);
            }
        }
    }

    /// Whether `the` and one word stand for a part of an organisation that the article mentions more than once:
    /// `the Council` in an article on the European Union that names no other council.
    fn is_short_for_part(&self, hit: &Hit, actor: u32) -> bool {
        let info = self.index.actor(actor);
        let whole = self.firm.get(&info.body).copied().unwrap_or(0) > 1;
        let lexeme = self.doc.toks[hit.end - 1].lex.id;
        whole
            && hit.end - hit.start == 1
            && matches!(info.kind, Kind::Body | Kind::Force)
            && self.doc.folded_or_empty(self.doc.prev(hit.start)) == "the"
            && !self.matches.hits.iter().any(|other| {
                other.actor != NONE && other.end - other.start > 1 && self.doc.toks[other.end - 1].lex.id == lexeme
            })
    }

    /// Whether no capitalised word next to a name makes it a part of a longer name.
    fn alone(&self, hit: &Hit) -> bool {
        let doc = self.doc;
        let first = &doc.toks[hit.start];
        if first.headline || first.shouted {
            return true;
        }
        let before = doc.prev(hit.start).is_some_and(|at| {
            let tok = &doc.toks[at];
            tok.capital()
                && !tok.possessive
                && tok.gap <= Gap::Punctuation
                && self.decided_at(at).is_none()
                && !tok.is(Cues::COMMON.or(Cues::DETERMINER).or(Cues::ROLE).or(Cues::RANK))
                && !doc.opens(at)
        });
        let next = doc.next(hit.end).is_some_and(|at| {
            let tok = &doc.toks[at];
            tok.shape == Shape::Title
                && tok.gap == Gap::Space
                && !doc.toks[hit.end - 1].possessive
                && self.decided_at(at).is_none()
                && !tok.is(Cues::ROLE.or(Cues::CALENDAR))
        });
        !before && !next
    }

    /// The decided hit that covers a word.
    pub(super) fn decided_at(&self, at: usize) -> Option<usize> {
        self.covering(at).filter(|n| self.hit(*n).actor != NONE)
    }

    /// Whether a name has its capital for another reason than opening a sentence.
    fn is_name_like(&self, hit: &Hit) -> bool {
        let doc = self.doc;
        let first = &doc.toks[hit.start];
        let names = hit.end - hit.start > 1 || matches!(first.shape, Shape::Upper | Shape::Mixed);
        names
            || !doc.opens(hit.start)
            || doc.next(hit.end).is_some_and(|next| doc.toks[next].is(Cues::ACTS.or(Cues::AUXILIARY)))
            || doc.toks[hit.end - 1].possessive
    }

    /// Whether the words next to a weak name show that it means an actor of this kind.
    fn has_cue(&self, hit: &Hit, actor: u32) -> bool {
        let doc = self.doc;
        let next = doc.next(hit.end);
        let firm_word =
            |at: Option<usize>| doc.tok(at).is_some_and(|tok| tok.is(Cues::FIRM) && tok.shape == Shape::Lower);
        let acts = next.is_some_and(|at| self.is_verb_of_will(at)) && !doc.toks[hit.end - 1].possessive;
        match self.kind(actor) {
            Kind::Company => acts || firm_word(next) || firm_word(doc.prev(hit.start)),
            Kind::State => {
                let owns = doc.toks[hit.end - 1].possessive && doc.tok(next).is_some_and(|tok| tok.is(Cues::WILL));
                let place = doc
                    .tok(doc.prev(hit.start))
                    .is_some_and(|tok| tok.is(Cues::PLACE_BEFORE) && tok.shape == Shape::Lower);
                acts || owns || place || self.in_list(hit)
            }
            Kind::Party => {
                acts || matches!(
                    doc.folded_or_empty(next),
                    "mp" | "mps"
                        | "government"
                        | "leader"
                        | "leadership"
                        | "party"
                        | "peer"
                        | "peers"
                        | "manifesto"
                        | "conference"
                )
            }
            Kind::Group => {
                acts || matches!(
                    doc.folded_or_empty(next),
                    "fighters" | "militants" | "militant" | "rebels" | "gunmen" | "insurgents"
                )
            }
            _ => false,
        }
    }

    /// Whether a name stands in a list next to a state: `Syria, Jordan and Iraq`.
    pub(super) fn in_list(&self, hit: &Hit) -> bool {
        let doc = self.doc;
        let state = |n: Option<usize>| {
            n.is_some_and(|n| {
                self.hit(n).actor != NONE
                    && self.kind(self.hit(n).actor) == Kind::State
                    && self.hit(n).via != Via::Demonym
            })
        };
        let comma =
            |at: usize| doc.toks.get(at).is_some_and(|tok| tok.gap == Gap::Punctuation) && doc.before(at).trim() == ",";
        let and = |at: usize| at < doc.toks.len() && matches!(doc.folded(at), "and" | "or" | "with");
        (comma(hit.start) && state(self.hit_ending(hit.start)))
            || (hit.start > 1 && and(hit.start - 1) && state(self.hit_ending(hit.start - 1)))
            || (comma(hit.end) && state(self.hit_starting(hit.end)))
            || (and(hit.end) && state(self.hit_starting(hit.end + 1)))
    }
}
