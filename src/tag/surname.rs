//! Surnames: after the full name or with a title, where they can mean only one person.

use super::Via;
use super::context::Weights;
use super::lexicon::NONE;
use super::lists::{Cues, MEN, WOMEN};
use super::matcher::Hit;
use super::why::Step;
use super::work::{Unlisted, Work};
use crate::analysis::{Gap, Shape};
use crate::article::Moment;
use crate::authority::table::field;
use crate::authority::{Class, Kind};
use crate::wordlist::WordTable;

/// What stands in the names of the offices of those who bear a role.
static ROLES_IN_BODIES: WordTable = WordTable::new(include_str!("lists/roles_in_bodies.txt"));

/// The sex of those who have a form of address: `woman` or `man`.
static FORMS_OF_ADDRESS: WordTable = WordTable::new(include_str!("lists/forms_of_address.txt"));

/// A person named in the article.
#[derive(Clone, Copy)]
enum Person {
    /// The number of the actor.
    Listed(u32),
    /// The number of a name without a heading.
    Unlisted(usize),
}

impl Work<'_> {
    /// Decides surnames that the authority file has; they may also mean a person of the article without a heading.
    pub(super) fn surnames(&mut self) {
        let weights = self.weigh_states();
        for n in 0..self.matches.hits.len() {
            let hit = *self.hit(n);
            if let Some(name) = self.addressed_otherwise(&hit) {
                self.add_surname(&hit, name);
                continue;
            }
            if self.matches.of(&hit).iter().any(|candidate| self.is_misaddressed(&hit, candidate.actor)) {
                continue;
            }
            if hit.veto || hit.actor != NONE || self.matches.with(&hit, Class::Surname).is_none() || !self.is_bare(&hit)
            {
                continue;
            }
            if self.shares_surname(&hit) {
                match self.named_before(&hit).filter(|_| self.is_not_a_word(&hit) || self.speaks(&hit)) {
                    Some(Person::Listed(actor)) => self.decide(n, actor, Via::Surname),
                    Some(Person::Unlisted(name)) => {
                        self.add_surname(&hit, name);
                    }
                    None => {}
                }
            } else if let Some(actor) = self.surname_of(&hit, &weights) {
                self.decide(n, actor, Via::Surname);
            } else if let Some(name) = self.unlisted_surname(&hit) {
                self.add_surname(&hit, name);
            } else if let Some(actor) = self.preferred_by_user(&hit) {
                self.step = Step::Decided;
                self.decide(n, actor, Via::Surname);
                self.step = Step::Surname;
            }
        }
    }

    /// Whether a form of address before a surname is for the other sex than the person's given name: `Mrs Trump` is not Donald
    /// Trump.
    pub(super) fn is_misaddressed(&self, hit: &Hit, person: u32) -> bool {
        let address = self.doc.prev(hit.start).and_then(|at| FORMS_OF_ADDRESS.get(self.doc.folded(at)));
        let Some(address) = address else { return false };
        let names = if address == "woman" { &MEN } else { &WOMEN };
        let heading = self.authority.table().actor_string(person as usize, field::HEADING).to_lowercase();
        let given = heading.split(' ').next().unwrap_or_default();
        let beside = self.doc.toks[hit.start].gap <= Gap::Space && self.doc.folded(hit.start) != given;
        beside && self.kind(person) == Kind::Person && names.has(given)
    }

    /// The person without a heading whom a surname means behind a form of address that is not for the one with a heading.
    fn addressed_otherwise(&self, hit: &Hit) -> Option<usize> {
        let free = hit.actor == NONE && !hit.veto && !self.covered_by_unlisted(hit.start);
        let other = || self.matches.of(hit).iter().any(|candidate| self.is_misaddressed(hit, candidate.actor));
        let mut names = self.names_with_surname(hit);
        names.next().filter(|_| names.next().is_none() && free && other())
    }

    /// Adds a mention of a person without a heading by the surname alone.
    fn add_surname(&mut self, hit: &Hit, name: usize) {
        let via = Via::Surname;
        self.unlisted.push(Unlisted { start: hit.start, end: hit.end, name, via, step: Step::Surname });
    }

    /// Whether a surname stands alone, not as a part of another person's or thing's name.
    fn is_bare(&self, hit: &Hit) -> bool {
        let doc = self.doc;
        let first = &doc.toks[hit.start];
        if first.muted || self.covered_by_unlisted(hit.start) {
            return false;
        }
        if first.shouted || first.headline {
            return true;
        }
        if first.gap == Gap::Hyphen {
            return false;
        }
        if let Some(before) = doc.prev(hit.start) {
            let tok = &doc.toks[before];
            let titled = tok.is(Cues::RANK.or(Cues::ROLE)) || self.covering(before).is_some();
            if tok.capital() && !tok.possessive && !titled && !tok.is(Cues::COMMON) && !doc.opens(before) {
                return false;
            }
            if self.is_given_name(Some(before)) && self.decided_at(before).is_none() {
                return false;
            }
        }
        doc.next(hit.end).is_none_or(|at| {
            let tok = &doc.toks[at];
            doc.toks[hit.end - 1].possessive
                || tok.gap == Gap::Hyphen
                || tok.shape == Shape::Lower
                || tok.shape == Shape::Number
                || self.decided_at(at).is_some()
                || tok.is(Cues::RULE)
        })
    }

    fn covered_by_unlisted(&self, at: usize) -> bool {
        self.unlisted.iter().any(|one| one.start <= at && at < one.end)
    }

    fn surname_of(&self, hit: &Hit, weights: &Weights) -> Option<u32> {
        let all: Vec<u32> =
            self.matches.of(hit).iter().filter(|c| c.class == Class::Surname).map(|c| c.actor).collect();
        let mut named = all.iter().copied().filter(|actor| self.firm.contains_key(actor));
        let first = named.next();
        if first.is_some() || self.unlisted_surname(hit).is_some() || self.shares_surname(hit) {
            let alone = named.next().is_none() && !self.shares_surname(hit);
            return first.filter(|_| alone && (self.is_not_a_word(hit) || self.speaks(hit)));
        }
        self.titled(hit, &all, weights).or_else(|| self.in_office(hit, &all, weights))
    }

    /// Whether the article names two persons without a heading, or one with and one without, who have this surname.
    fn shares_surname(&self, hit: &Hit) -> bool {
        let listed = self.matches.of(hit).iter().any(|c| c.class == Class::Surname && self.firm.contains_key(&c.actor));
        let unlisted = self.names_with_surname(hit).count();
        unlisted + usize::from(listed) > 1
    }

    /// The person with this surname whom the article names before this place, if there is only one.
    fn named_before(&self, hit: &Hit) -> Option<Person> {
        let listed = self.matches.of(hit).iter().filter(|c| c.class == Class::Surname).map(|c| c.actor);
        let listed = listed
            .filter(|actor| self.matches.hits.iter().any(|other| other.actor == *actor && other.end <= hit.start))
            .map(Person::Listed);
        let unlisted = self
            .names_with_surname(hit)
            .filter(|name| self.unlisted.iter().any(|one| one.name == *name && one.end <= hit.start))
            .map(Person::Unlisted);
        let mut all = listed.chain(unlisted);
        let one = all.next();
        one.filter(|_| all.next().is_none())
    }

    fn names_with_surname(&self, hit: &Hit) -> impl Iterator<Item = usize> {
        let surname = (hit.start..hit.end).map(|at| self.doc.folded(at)).collect::<Vec<_>>().join(" ");
        self.names.end_with(&surname).iter().copied()
    }

    fn unlisted_surname(&self, hit: &Hit) -> Option<usize> {
        let mut found = self.names_with_surname(hit);
        let one = found.next()?;
        let listed = self.matches.of(hit).iter().any(|c| c.class == Class::Surname && self.firm.contains_key(&c.actor));
        (found.next().is_none() && !listed && (self.is_not_a_word(hit) || self.speaks(hit))).then_some(one)
    }

    /// Whether the surname is not also a common word, an auxiliary verb, a day or a month (`Will`, `May`).
    fn is_not_a_word(&self, hit: &Hit) -> bool {
        let doc = self.doc;
        let tok = &doc.toks[hit.start];
        let word = tok.is(Cues::CALENDAR.or(Cues::COMMON).or(Cues::AUXILIARY)) && hit.end - hit.start == 1;
        !word || (hit.end - hit.start > 1)
    }

    /// Whether the surname has a possessive ending or a verb of speech or will after it, and no preposition of place
    /// before.
    fn speaks(&self, hit: &Hit) -> bool {
        let tok = &self.doc.toks[hit.start];
        if hit.end - hit.start == 1 && tok.is(Cues::COMMON) && !tok.is(Cues::CALENDAR) {
            return false;
        }
        let preposition = self.doc.tok(self.doc.prev(hit.start)).is_some_and(|tok| tok.is(Cues::PLACE_BEFORE));
        !preposition
            && (self.doc.toks[hit.end - 1].possessive
                || self.doc.next(hit.end).is_some_and(|next| self.is_verb_of_will(next)))
    }

    /// The person meant by a surname after a title, rank or form of address: `Defence Secretary Healey`, `Gen. Cavoli`,
    /// `Mr Blinken`. After the title of an office, one who holds or held it; after a rank or a form of address, one in
    /// office on the day, in an article on that person's state.
    fn titled(&self, hit: &Hit, all: &[u32], weights: &Weights) -> Option<u32> {
        let doc = self.doc;
        let before = doc.prev(hit.start)?;
        let tok = &doc.toks[before];
        if doc.toks[hit.start].is(Cues::RANK) && tok.is(Cues::RANK.or(Cues::ROLE)) {
            return None;
        }
        let title = self.hit_ending(hit.start).map(|n| *self.hit(n));
        let offices: Vec<u32> = title
            .map(|title| self.matches.of(&title).iter().filter(|c| c.class == Class::Title).map(|c| c.actor).collect())
            .unwrap_or_default();
        let owner = title.and_then(|title| self.owner_before(title.start));
        let held = |person: &u32| {
            self.index.offices.get(person).is_some_and(|held| held.iter().any(|office| offices.contains(office)))
        };
        if !offices.is_empty() {
            let holders: Vec<u32> = all.iter().copied().filter(held).collect();
            let unknown = all.iter().copied().filter(|person| !self.index.offices.contains_key(person));
            return self.one_of(&holders, owner).or_else(|| {
                let unknown: Vec<u32> = unknown.collect();
                if holders.is_empty() && owner.is_some() { self.one_of(&unknown, owner) } else { None }
            });
        }
        if !(tok.is(Cues::RANK.or(Cues::ROLE)) && tok.capital() && doc.toks[hit.start].gap <= Gap::Space) {
            return None;
        }
        let role = doc.folded(before);
        let fits = |person: &u32| {
            let offices = self.index.offices.get(person);
            let heading = |office: &u32| self.authority.table().actor_string(*office as usize, field::HEADING);
            let sits = ROLES_IN_BODIES.get(role).unwrap_or(role);
            let fits = |heading: String| sits.split('|').any(|word| heading.contains(word));
            let named = offices.is_some_and(|all| all.iter().any(|office| fits(heading(office).to_lowercase())));
            let known = offices.is_none() || tok.is(Cues::RANK);
            named || (known && self.is_of_article(*person, weights) && self.serves(*person))
        };
        let fitting: Vec<u32> = all.iter().copied().filter(fits).collect();
        self.one_of(&fitting, None)
    }

    /// Whether an article speaks of the state to which a person belongs.
    fn is_of_article(&self, person: u32, weights: &Weights) -> bool {
        let state = self.index.actor(person).state;
        state == NONE || weights.of(state) >= 1.0
    }

    /// Whether a person holds an office on the day of publication, or is known without one.
    fn serves(&self, person: u32) -> bool {
        let Some(offices) = self.index.offices.get(&person) else { return true };
        let Some(day) = self.article.published.as_ref().map(Moment::day) else { return true };
        offices.iter().any(|office| self.authority.holder_of(*office as usize, day) == Some(person as usize))
    }

    /// The only one of these persons who belongs to the owner's state; of several, the only one in office on the day of
    /// publication.
    fn one_of(&self, persons: &[u32], owner: Option<u32>) -> Option<u32> {
        let state = owner.map(|owner| self.index.actor(owner).state);
        let of_state: Vec<u32> = persons
            .iter()
            .copied()
            .filter(|person| state.is_none_or(|state| state == NONE || self.index.actor(*person).state == state))
            .collect();
        match of_state.as_slice() {
            [one] => Some(*one),
            [] => None,
            _ => self.only_in_office(&of_state),
        }
    }

    /// The only one of these persons who holds an office on the day of publication.
    fn only_in_office(&self, persons: &[u32]) -> Option<u32> {
        let day = self.article.published.as_ref().map(Moment::day)?;
        let mut serving = persons.iter().copied().filter(|person| {
            self.index.offices.get(person).is_some_and(|offices| {
                offices.iter().any(|office| self.authority.holder_of(*office as usize, day) == Some(*person as usize))
            })
        });
        let one = serving.next();
        one.filter(|_| serving.next().is_none())
    }

    /// The person meant by a surname before a word for a government (`the Macron administration`), if only one with this
    /// surname is in office on the day of publication, and the article speaks of that person's state.
    fn in_office(&self, hit: &Hit, all: &[u32], weights: &Weights) -> Option<u32> {
        let next = self.doc.tok(self.doc.next(hit.end));
        let rules = next.is_some_and(|next| next.is(Cues::RULE) && next.shape == Shape::Lower);
        rules.then(|| self.only_in_office(all)).flatten().filter(|person| self.is_of_article(*person, weights))
    }
}
