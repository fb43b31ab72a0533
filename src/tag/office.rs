//! Names that many countries share, and titles of offices: the country in context and the day of publication decide.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Via;
use super::context::Weights;
use super::index::Candidate;
use super::lexicon::NONE;
use super::lists::Cues;
use super::matcher::Hit;
use super::work::Work;
use crate::analysis::{Gap, Shape};
use crate::article::Moment;
use crate::authority::{Class, Kind};
use crate::wordlist::WordTable;

/// Names of ministries that mean the British or American one where no country is in context.
static AT_HOME: WordTable = WordTable::new(include_str!("lists/offices_at_home.txt"));

impl Work<'_> {
    /// Decides names that ministries, parliaments and forces of many countries share.
    pub(super) fn generics(&mut self, weights: &Weights) {
        // For each name, whom it meant last; `NONE` is somebody without a heading.
        let mut last: FxHashMap<u32, u32> = FxHashMap::default();
        for n in 0..self.matches.hits.len() {
            let hit = *self.hit(n);
            if hit.veto || hit.actor != NONE {
                continue;
            }
            let found: Vec<Candidate> =
                self.matches.of(&hit).iter().copied().filter(|c| c.class == Class::Generic).collect();
            if found.is_empty() {
                last.extend(self.body_of_title(&hit));
                continue;
            }
            if self.is_adjective(&hit) {
                continue;
            }
            let actor = if self.within_longer(&hit) {
                // `the New York State Senate`: the Senate is that one from then on; not so after `6th Marines`.
                let numbered = self.doc.folded(hit.start - 1).starts_with(|c: char| c.is_ascii_digit());
                (!numbered).then_some(NONE)
            } else {
                self.generic(&hit, &found, weights, &last)
            };
            if let Some(actor) = actor {
                last.insert(hit.node, actor);
            }
            if let Some(actor) = actor.filter(|actor| *actor != NONE) {
                self.decide(n, actor, Via::Alias);
            }
        }
    }

    /// The shared name of a body within a title whose state stands beside it (`a Foreign Ministry spokesman in Beijing`),
    /// and the body: the name means it from then on.
    fn body_of_title(&self, hit: &Hit) -> Option<(u32, u32)> {
        let (node, shared) = super::matcher::shared_within(self.doc, self.index, hit)?;
        let owner = self.owner_before(hit.start).or_else(|| self.owner_after(hit.end, 0))?;
        let state = self.index.actor(owner).state;
        let own = shared.iter().find(|c| state != NONE && self.index.actor(c.actor).state == state);
        Some((node, own.map_or(NONE, |c| c.actor)))
    }

    /// The body that a shared name means; `NONE` where it is that of a state without such a heading.
    fn generic(&self, hit: &Hit, found: &[Candidate], weights: &Weights, last: &FxHashMap<u32, u32>) -> Option<u32> {
        let owner = self.owner_before(hit.start).or_else(|| self.owner_after(hit.end, 1));
        if let Some(owner) = owner {
            let info = self.index.actor(owner);
            let own = found.iter().find(|c| {
                let of = self.index.actor(c.actor);
                self.belongs(c.actor, owner) || (info.state != NONE && of.state == info.state)
            });
            if own.is_some() || self.kind(owner) == Kind::State {
                return Some(own.map_or(NONE, |c| c.actor));
            }
        }
        if !self.is_definite(hit) || self.is_possessed(hit) {
            return None;
        }
        if matches!(self.doc.folded_or_empty(self.doc.prev(hit.start)), "its" | "their" | "his" | "her") {
            let state = self.state_before(hit.start)?;
            return found.iter().find(|c| self.index.actor(c.actor).state == state).map(|c| c.actor);
        }
        if let Some(actor) = last.get(&hit.node) {
            return Some(*actor);
        }
        if let Some(state) = self.state_of_sentence(hit.start) {
            let own = found.iter().find(|c| self.index.actor(c.actor).state == state);
            if own.is_some() || (self.is_shared_widely(found) && !self.is_great_power(state)) {
                return own.map(|c| c.actor);
            }
        }
        let surface = self.doc.surface(hit.start, hit.end);
        let weight = |c: &Candidate| {
            let state = self.index.actor(c.actor).state;
            self.as_spelled(surface, state, if state == NONE { 0.0 } else { weights.of(state) })
        };
        let capital = self.doc.toks[hit.start].capital() && self.doc.toks[hit.end - 1].capital();
        let best = self.clear_best(found, weight, if capital { 0.4 } else { 1.5 });
        let best = best.filter(|actor| {
            !self.is_shared_widely(found) || self.is_about(hit, self.index.actor(*actor).state, found, weights)
        });
        best.or_else(|| self.at_home(hit, found, capital))
    }

    /// Whether an article is about a state where a shared name stands: no other state weighs clearly more, and the state
    /// is named before the end of the sentence, unless it is named often.
    fn is_about(&self, hit: &Hit, state: u32, found: &[Candidate], weights: &Weights) -> bool {
        if state == NONE {
            return true;
        }
        // The United States and the United Kingdom are named everywhere, and call their bodies otherwise.
        let competes =
            |other: u32| !self.is_great_power(other) || found.iter().any(|c| self.index.actor(c.actor).state == other);
        let weight = weights.of(state);
        if self.is_great_power(state) && weight >= 1.0 {
            return true;
        }
        if weight < 0.75 * weights.most(competes) {
            return false;
        }
        let rest = &self.doc.toks[hit.end..];
        let end = hit.end + rest.iter().position(|tok| tok.gap >= Gap::Sentence).unwrap_or(rest.len());
        weight >= 3.0 || hit.start < self.doc.split || self.is_named_before(state, end)
    }

    /// Whether so many states share a name that others without a heading share it too.
    fn is_shared_widely(&self, found: &[Candidate]) -> bool {
        let states: FxHashSet<u32> = found.iter().map(|c| self.index.actor(c.actor).state).collect();
        states.len() > 3
    }

    fn is_great_power(&self, state: u32) -> bool {
        state == self.index.states || state == self.index.kingdom
    }

    /// Whether something before a word points to a state: its name, a body, a place, or the outlet.
    fn is_named_before(&self, state: u32, end: usize) -> bool {
        let points = |hit: &Hit| {
            let actor = if hit.actor != NONE {
                Some(hit.actor)
            } else {
                self.matches.with(hit, Class::Metonym).map(|c| c.actor)
            };
            !hit.veto && actor.is_some_and(|actor| self.index.actor(actor).state == state)
        };
        self.matches.hits.iter().take_while(|hit| hit.start < end).any(points) || self.is_great_power(state)
    }

    /// Whether a capitalised word right before makes the match a part of another name: `Syrian Electronic Army`.
    fn within_longer(&self, hit: &Hit) -> bool {
        let doc = self.doc;
        let first = &doc.toks[hit.start];
        if !first.capital() || first.headline || first.shouted || first.gap > Gap::Space {
            return false;
        }
        doc.prev(hit.start).is_some_and(|at| {
            let tok = &doc.toks[at];
            tok.capital()
                && !tok.possessive
                && !doc.opens(at)
                && self.decided_at(at).is_none()
                && !tok.is(Cues::COMMON.or(Cues::DETERMINER))
        })
    }

    /// Whether a match of one word in lower case only describes the next word: `military action`,
    /// `parliament building`.
    fn is_adjective(&self, hit: &Hit) -> bool {
        let doc = self.doc;
        let single =
            hit.end - hit.start == 1 && doc.toks[hit.start].shape == Shape::Lower && !doc.toks[hit.start].possessive;
        single
            && doc.tok(doc.next(hit.end)).is_some_and(|next| {
                next.gap == Gap::Hyphen
                    || (next.shape == Shape::Lower
                        && !next.is(Cues::ACTS.or(Cues::AUXILIARY).or(Cues::COMMON).or(Cues::PLACE_BEFORE)))
            })
    }

    /// The candidate that weighs at least `least`, and at least 1.5 times as much as the next. Of several candidates of
    /// one state only the first takes part, and none without a weight.
    pub(super) fn clear_best(
        &self,
        found: &[Candidate],
        weight: impl Fn(&Candidate) -> f32,
        least: f32,
    ) -> Option<u32> {
        let mut ranked: Vec<(f32, u32, u32)> = Vec::new();
        for c in found {
            let (weight, state) = (weight(c), self.index.actor(c.actor).state);
            if weight > 0.0 && !ranked.iter().any(|(_, _, other)| *other == state && state != NONE) {
                ranked.push((weight, c.actor, state));
            }
        }
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
        let (best, actor, _) = *ranked.first()?;
        let second = ranked.get(1).map_or(0.0, |(weight, ..)| *weight);
        (best >= least && best >= 1.5 * second && best > second).then_some(actor)
    }

    /// The weight of a state for a name, as its spelling tells: the United States write `defense`.
    fn as_spelled(&self, surface: &str, state: u32, weight: f32) -> f32 {
        if state != self.index.states {
            return weight;
        }
        match surface.to_lowercase() {
            lower if lower.contains("defence") => 0.0,
            lower if lower.contains("defense") => weight + 0.5,
            _ => weight,
        }
    }

    /// The British or American ministry that a name means where no country is clearly in context
    /// (`Ministry of Defence`, `Department of Defense`).
    fn at_home(&self, hit: &Hit, found: &[Candidate], capital: bool) -> Option<u32> {
        let surface = self.doc.surface(hit.start, hit.end);
        let home = match AT_HOME.get(surface)? {
            "american" => self.index.states,
            _ => self.index.kingdom,
        };
        capital.then(|| found.iter().find(|c| self.index.actor(c.actor).state == home).map(|c| c.actor)).flatten()
    }

    /// Whether a shared name means a definite body: it has a capital, opens a sentence, or follows `the` or a
    /// possessive pronoun.
    fn is_definite(&self, hit: &Hit) -> bool {
        let doc = self.doc;
        let first = &doc.toks[hit.start];
        if first.capital() && (!doc.opens(hit.start) || hit.end - hit.start > 1 || first.shape != Shape::Title) {
            return true;
        }
        doc.opens(hit.start)
            || matches!(doc.folded_or_empty(doc.prev(hit.start)), "the" | "its" | "his" | "her" | "their")
    }

    /// Whether somebody who is no listed actor owns what is named: `the bank's board`.
    fn is_possessed(&self, hit: &Hit) -> bool {
        let doc = self.doc;
        doc.tok(doc.prev(hit.start)).is_some_and(|tok| tok.possessive)
            || (doc.folded_or_empty(doc.next(hit.end)) == "of"
                && doc
                    .tok(doc.next(hit.end + 1))
                    .is_some_and(|tok| tok.capital() && self.owner_after(hit.end, 0).is_none()))
    }

    /// Decides titles of offices: they mean the holder on the day of publication, or the office where that is unknown.
    pub(super) fn offices(&mut self, weights: &Weights) {
        let day = self.article.published.as_ref().map(Moment::day);
        for n in 0..self.matches.hits.len() {
            let hit = *self.hit(n);
            if hit.veto || hit.actor != NONE {
                continue;
            }
            let found: Vec<Candidate> =
                self.matches.of(&hit).iter().copied().filter(|c| c.class == Class::Title).collect();
            if found.is_empty() || !self.speaks_of_the_holder(&hit) {
                continue;
            }
            let preferred = self.preferred_by_user(&hit).filter(|office| self.owner_allows(&hit, *office));
            let Some(office) = preferred.or_else(|| self.office(&hit, &found, weights)) else { continue };
            let holder = day.and_then(|day| self.authority.holder_of(office as usize, day));
            self.decide(n, holder.map_or(office, |holder| holder as u32), Via::Office);
        }
    }

    /// Whether `part` belongs to `whole`, directly or through up to three actors between them.
    fn belongs(&self, part: u32, whole: u32) -> bool {
        let mut at = self.index.actor(part).body;
        for _ in 0..4 {
            if at == NONE {
                return false;
            }
            if at == whole {
                return true;
            }
            at = self.index.actor(at).body;
        }
        false
    }

    /// The office that a title means where it stands: by the actor named next to it, the state of its sentence, the
    /// outlet's state unless the paragraph names another one before, or the weights of states and organisations in the
    /// article.
    pub(super) fn office(&self, hit: &Hit, found: &[Candidate], weights: &Weights) -> Option<u32> {
        let before = self.owner_before(hit.start);
        let owner = before.or_else(|| self.owner_after(hit.end, 0));
        if let Some(owner) = owner {
            let state = self.index.actor(owner).state;
            return found
                .iter()
                .find(|c| {
                    let office = self.index.actor(c.actor);
                    self.belongs(c.actor, owner) || (state != NONE && office.state == state)
                })
                .map(|c| c.actor);
        }
        if self.doc.folded_or_empty(self.doc.next(hit.end)) == "of" {
            return None;
        }
        if let Some(state) = self.state_of_sentence(hit.start) {
            let own = found.iter().find(|c| self.index.actor(c.actor).state == state);
            if own.is_some() || !self.is_great_power(state) {
                return own.map(|c| c.actor);
            }
        }
        if let Some(home) = self.home()
            && self.doc.toks[hit.start].capital()
            && self.state_before(hit.start).is_none_or(|state| state == home)
            && let Some(own) = found.iter().find(|c| self.index.actor(c.actor).state == home)
        {
            return Some(own.actor);
        }
        let surface = self.doc.surface(hit.start, hit.end);
        let weight = |c: &Candidate| {
            let office = self.index.actor(c.actor);
            if office.state == NONE || (office.body != NONE && self.kind(office.body) == Kind::Company) {
                let own = self.firm.get(&office.body).copied().unwrap_or(0);
                let whole = self.firm.get(&self.index.actor(office.body).body).copied().unwrap_or(0);
                return own as f32 + 0.5 * whole as f32;
            }
            self.as_spelled(surface, office.state, weights.of(office.state))
        };
        let best = self.clear_best(found, weight, 0.5);
        best.filter(|actor| self.is_about(hit, self.index.actor(*actor).state, found, weights))
    }

    /// Whether a title means its holder of the day and does not stand next to a person's name, which is already a
    /// mention.
    fn speaks_of_the_holder(&self, hit: &Hit) -> bool {
        let doc = self.doc;
        let next = doc.next(hit.end);
        if let Some(tok) = doc.tok(next) {
            let named =
                tok.capital() && tok.gap == Gap::Space && !tok.shouted && !tok.headline && !tok.is(Cues::CALENDAR);
            let compound = tok.gap == Gap::Hyphen
                || matches!(doc.folded(hit.end), "designate" | "elect" | "candidate" | "hopeful" | "emeritus");
            let person = self.hit_starting(hit.end).is_some_and(|n| self.names_person(n));
            if named || compound || person {
                return false;
            }
        }
        let comma =
            doc.toks.get(hit.end).is_some_and(|tok| tok.gap == Gap::Punctuation) && doc.after(hit.end).trim() == ",";
        if self.in_apposition(hit)
            || (comma
                && self
                    .hit_starting(hit.end)
                    .is_some_and(|n| self.names_person(n) && self.hit(n).end - self.hit(n).start > 1))
        {
            return false;
        }
        let mut at = hit.start;
        while let Some(before) = doc.prev(at) {
            let tok = &doc.toks[before];
            if tok.is(Cues::NOT_IN_OFFICE) {
                return false;
            }
            if let Some(n) = self.hit_ending(at)
                && self.hit(n).actor != NONE
            {
                let article = doc.folded_or_empty(doc.prev(self.hit(n).start));
                return !matches!(article, "a" | "an" | "former" | "ex" | "then" | "any" | "every" | "another")
                    && doc.toks[at].gap <= Gap::Space;
            }
            if tok.is(Cues::BETWEEN) && tok.shape == Shape::Lower {
                at = before;
                continue;
            }
            return matches!(doc.folded(before), "the" | "our" | "their" | "his" | "her" | "its")
                || (doc.toks[hit.start].capital()
                    && !tok.capital()
                    && !matches!(doc.folded(before), "a" | "an" | "as" | "of" | "for" | "becoming" | "become"));
        }
        doc.opens(at) && doc.toks[at].capital()
    }

    fn names_person(&self, n: usize) -> bool {
        let hit = self.hit(n);
        let person = |c: &Candidate| self.kind(c.actor) == Kind::Person;
        if hit.actor != NONE { self.kind(hit.actor) == Kind::Person } else { self.matches.of(hit).iter().any(person) }
    }

    /// Whether a title follows a person's name and a comma: `John Healey, the British defence secretary`.
    fn in_apposition(&self, hit: &Hit) -> bool {
        let doc = self.doc;
        let mut at = hit.start;
        for _ in 0..5 {
            let gap = doc.toks[at].gap;
            if gap == Gap::Punctuation {
                let person = self.hit_ending(at).is_some_and(|n| self.names_person(n));
                let name = at > 1
                    && doc.toks[at - 1].capital()
                    && doc.toks[at - 2].capital()
                    && self.covering(at - 1).is_none();
                return doc.before(at).starts_with(',') && (person || name);
            }
            if gap > Gap::Space || at == 0 {
                return false;
            }
            at -= 1;
            let word = &doc.toks[at];
            let state = self.covering(at).is_some_and(|n| self.hit(n).actor != NONE && self.hit(n).start <= at);
            if !(state || word.is(Cues::DETERMINER.or(Cues::BETWEEN).or(Cues::NOT_IN_OFFICE))) {
                return false;
            }
        }
        false
    }
}
