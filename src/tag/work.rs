//! From matches to mentions: certain ones first, then those that the certain ones make likely.

use std::cell::OnceCell;

use rustc_hash::{FxHashMap, FxHashSet};

use super::decided::{Barred, InArticle};
use super::doc::Doc;
use super::evidence::Voter;
use super::index::{ANY, Candidate, Index};
use super::lexicon::{Lexicon, NONE, WordSet};
use super::lists::Cues;
use super::matcher::{Hit, Matches};
use super::names::Names;
use super::support::Standing;
use super::why::Step;
use super::{ActorTag, Mention, Tags, Via, weight};
use crate::analysis::{Gap, Shape};
use crate::article::Article;
use crate::authority::table::field;
use crate::authority::{Authority, Class, Kind};
use crate::fence;

/// A mention of a name that no heading covers.
#[derive(Debug, Clone)]
pub(super) struct Unlisted {
    /// First word.
    pub(super) start: usize,
    /// One past the last word.
    pub(super) end: usize,
    /// Its number among the names of the article.
    pub(super) name: usize,
    /// How it was found.
    pub(super) via: Via,
    /// The step that found it.
    pub(super) step: Step,
}

/// A mention as it is in the end, by the numbers of its words.
#[derive(Debug)]
pub(super) struct Settled {
    /// First word.
    pub(super) start: usize,
    /// One past the last word.
    pub(super) end: usize,
    /// Id of the actor.
    pub(super) actor: String,
    pub(super) kind: Kind,
    pub(super) via: Via,
    /// The step that decided it.
    pub(super) step: Step,
    /// The id that a user's decision made another.
    pub(super) merged: Option<String>,
}

/// The tagging of one article: what is decided so far.
pub(super) struct Work<'t> {
    pub(super) index: &'t Index,
    pub(super) authority: &'t Authority,
    pub(super) lexicon: &'t Lexicon,
    pub(super) article: &'t Article,
    pub(super) doc: &'t Doc<'t>,
    pub(super) matches: Matches,
    /// The number of mentions of each actor that are decided so far.
    pub(super) firm: FxHashMap<u32, u32>,
    /// Names without a heading.
    pub(super) names: Names,
    /// Mentions of names without a heading.
    pub(super) unlisted: Vec<Unlisted>,
    /// For each word, whether a mention or a veto covers it. Empty until the search for names without a heading begins.
    pub(super) claimed: Vec<bool>,
    /// For each word, whether a match began there when that search began.
    pub(super) begun: Vec<bool>,
    /// Numbers of capitalised words that are, alone, the subject of a verb.
    pub(super) acting: FxHashSet<u32>,
    /// Numbers of initialisms that the article explains as something that no heading is.
    pub(super) explained: FxHashSet<u32>,
    /// The canonical spellings of the article's words, gathered when they are first wanted.
    pub(super) vocabulary: OnceCell<WordSet>,
    /// Surnames that the model found and that may still be those of listed persons.
    pub(super) pending: Vec<(usize, usize)>,
    /// The model of names, if it votes on this article.
    pub(super) voter: Option<&'t Voter>,
    /// What users decided about names, as far as it holds in this article.
    pub(super) decisions: Option<InArticle<'t>>,
    /// What the users decided against before the rules.
    pub(super) barred: Vec<Barred>,
    /// The step under way, noted on what it decides.
    pub(super) step: Step,
}

impl<'t> Work<'t> {
    pub(super) fn new(
        index: &'t Index,
        authority: &'t Authority,
        lexicon: &'t Lexicon,
        article: &'t Article,
        doc: &'t Doc<'t>,
        matches: Matches,
    ) -> Self {
        let (firm, names, unlisted, claimed, begun, acting, explained, vocabulary, pending) = Default::default();
        Self {
            index,
            authority,
            lexicon,
            article,
            doc,
            matches,
            firm,
            names,
            unlisted,
            claimed,
            begun,
            acting,
            explained,
            vocabulary,
            pending,
            voter: None,
            decisions: None,
            barred: Vec::new(),
            step: Step::default(),
        }
    }

    /// Decides every match.
    pub(super) fn run(&mut self) {
        self.listed();
        self.step = Step::Rules;
        self.unlisted();
        self.whole_names();
        self.drop_things();
        self.step = Step::Surname;
        self.surnames();
        self.step = Step::Model;
        self.take_pending();
        self.unlisted.sort_by_key(|one| one.start);
        let weights = self.weigh_states();
        self.step = Step::Office;
        self.offices(&weights);
    }

    /// Decides the matches that need no names without a heading.
    pub(super) fn listed(&mut self) {
        self.at(Step::Divided).part_lower_case();
        self.explanations();
        self.at(Step::Decided).preferences(false);
        self.at(Step::Certain).certain();
        self.versions();
        self.at(Step::Paired).prefixes();
        self.at(Step::Defined).definitions();
        self.at(Step::Weighed).weigh_initialisms(Standing::Mostly);
        self.at(Step::Weak).weak();
        self.weak_systems();
        self.at(Step::Place).metonyms();
        self.at(Step::Doubtful).weigh_states_in_doubt();
        self.at(Step::Weighed).weigh_initialisms(Standing::Any);
        let weights = self.weigh_states();
        self.at(Step::Decided).preferences(true);
        self.at(Step::Shared).initialisms(&weights);
        self.generics(&weights);
        self.at(Step::Inside).rescue();
        self.join_states();
    }

    /// What is decided from now on is decided by this step.
    fn at(&mut self, step: Step) -> &mut Self {
        self.step = step;
        self
    }

    /// A match. All rules look at matches, so here it is seen whether the time for the document is over.
    pub(super) fn hit(&self, n: usize) -> &Hit {
        fence::check();
        &self.matches.hits[n]
    }

    /// Gives a match its actor.
    pub(super) fn decide(&mut self, n: usize, actor: u32, via: Via) {
        let hit = &mut self.matches.hits[n];
        (hit.actor, hit.via, hit.step) = (actor, via, self.step);
        *self.firm.entry(actor).or_default() += 1;
    }

    pub(super) fn kind(&self, actor: u32) -> Kind {
        self.index.actor(actor).kind
    }

    /// Adds a mention of an actor at words that no variant matched.
    pub(super) fn add(&mut self, start: usize, end: usize, actor: u32, via: Via) {
        let hit = Hit { start, end, node: NONE, first: 0, count: 0, actor, via, step: self.step, veto: false };
        let at = self.matches.hits.partition_point(|other| other.start < start);
        self.matches.hits.insert(at, hit);
        if let Some(words) = self.claimed.get_mut(start..end) {
            words.fill(true);
        }
        *self.firm.entry(actor).or_default() += 1;
    }

    /// Divides names whose first word alone has a capital (`Syrian army`, `U.S. military`) into state and possession.
    fn part_lower_case(&mut self) {
        let doc = self.doc;
        let mut states: Vec<Hit> = Vec::new();
        for hit in &mut self.matches.hits {
            let small = hit.end - hit.start > 1
                && doc.toks[hit.start].capital()
                && doc.toks[hit.start + 1..hit.end].iter().all(|tok| tok.shape == Shape::Lower);
            let first = (hit.first as usize..(hit.first + hit.count) as usize).map(|n| self.matches.meanings[n]).next();
            let whole = first.is_some_and(|c| {
                matches!(c.class, Class::Heading | Class::Strong)
                    && matches!(self.index.actor(c.actor).kind, Kind::Body | Kind::Force | Kind::Group | Kind::Company)
            });
            if !small || !whole || hit.veto {
                continue;
            }
            if let Some((state, via)) = self.index.state_named(doc, hit.start) {
                states.push(Hit { end: hit.start + 1, node: NONE, first: 0, count: 0, actor: state, via, ..*hit });
                // What a state has is never a company: `Iran's air forces`.
                hit.veto = first.is_some_and(|c| self.index.actor(c.actor).kind == Kind::Company);
                hit.start += 1;
            }
        }
        for state in states {
            self.add(state.start, state.end, state.actor, state.via);
        }
    }

    /// Finds certain names within matches that are still undecided, such as titles and weak names
    /// (`European Commission president`).
    fn rescue(&mut self) {
        let doc = self.doc;
        let mut found: Vec<(usize, usize, u32, Via)> = Vec::new();
        let mut whole_names: Vec<(usize, u32)> = Vec::new();
        for (n, hit) in self.matches.hits.iter().enumerate() {
            // The state in "Mexico City" is not meant.
            let place = self.matches.with(hit, Class::Metonym).is_some();
            if hit.actor != NONE || hit.veto || place || hit.end - hit.start < 2 {
                continue;
            }
            if self.matches.with(hit, Class::Surname).is_some() {
                // "al-Zarqawi", where "Zarqawi" alone is a certain name.
                let last = super::matcher::firm_at(doc, self.index, hit.end - 1, hit.end);
                let same = last.filter(|(_, c)| self.matches.of(hit).iter().any(|own| own.actor == c.actor));
                whole_names.extend(same.filter(|(_, c)| self.stands_alone(hit, c.actor)).map(|(_, c)| (n, c.actor)));
                continue;
            }
            let mut at = hit.start;
            while at < hit.end {
                let whole = (at == hit.start).then_some(hit.end);
                match super::matcher::firm_at(doc, self.index, at, hit.end).filter(|(end, _)| Some(*end) != whole) {
                    Some((end, candidate)) => {
                        let part = Hit { start: at, end, ..*hit };
                        let via =
                            if candidate.class == Class::Demonym { Via::Demonym } else { self.via(&part, candidate) };
                        found.push((at, end, candidate.actor, via));
                        at = end;
                    }
                    None => at += 1,
                }
            }
        }
        for (n, actor) in whole_names {
            self.decide(n, actor, Via::Surname);
        }
        for (start, end, actor, via) in found {
            if let Some(n) = self.covering(start) {
                // The rest of the title stands before or after the name in it.
                let hit = &mut self.matches.hits[n];
                if hit.start == start {
                    hit.start = end;
                } else {
                    hit.end = start;
                }
            }
            self.add(start, end, actor, via);
        }
        self.matches.hits.retain(|hit| hit.start < hit.end);
        self.matches.hits.sort_by_key(|hit| hit.start);
    }

    /// Whether a surname with its particle is not the end of another person's name.
    fn stands_alone(&self, hit: &Hit, actor: u32) -> bool {
        let before = self.doc.tok(self.doc.prev(hit.start));
        self.stands(hit, actor)
            && !before.is_some_and(|tok| {
                tok.shape == Shape::Title && !tok.is(Cues::ROLE.or(Cues::RANK)) && !self.doc.opens(hit.start - 1)
            })
    }

    /// Makes one mention of a state and its body or force: `UK Ministry of Defence`,
    /// `United States Department of the Treasury`.
    fn join_states(&mut self) {
        let doc = self.doc;
        for n in (1..self.matches.hits.len()).rev() {
            let (before, hit) = (*self.hit(n - 1), *self.hit(n));
            let body = hit.actor != NONE
                && matches!(self.kind(hit.actor), Kind::Body | Kind::Force)
                && hit.end - hit.start > 1;
            let beside = before.end == hit.start
                && doc.toks[hit.start].gap == Gap::Space
                && doc.toks[hit.start].capital()
                && !doc.toks[hit.start - 1].possessive
                && !doc.toks[hit.start].headline;
            if body
                && beside
                && before.actor != NONE
                && before.via != Via::Demonym
                && self.kind(before.actor) == Kind::State
                && self.index.actor(hit.actor).state == before.actor
            {
                self.matches.hits[n].start = before.start;
                if let Some(count) = self.firm.get_mut(&before.actor) {
                    *count = count.saturating_sub(1);
                }
                self.matches.hits.remove(n - 1);
            }
        }
    }

    /// Decides names that need no other evidence, and demonyms.
    fn certain(&mut self) {
        for n in 0..self.matches.hits.len() {
            let hit = *self.hit(n);
            if hit.veto {
                continue;
            }
            let firm = |class| matches!(class, Class::Heading | Class::Strong | Class::Exact);
            let found: Vec<Candidate> = self.matches.of(&hit).iter().copied().filter(|c| firm(c.class)).collect();
            if let Some(candidate) = self.preferred(&found)
                && self.doubtful(&hit, &found).is_none()
                && self.stands(&hit, candidate.actor)
                && !self.is_misaddressed(&hit, candidate.actor)
                && !(candidate.class == Class::Exact && candidate.language == ANY && self.may_be_a_word(&hit))
            {
                let via = self.via(&hit, candidate);
                self.decide(n, candidate.actor, via);
            } else if let Some(candidate) = self.matches.with(&hit, Class::Demonym)
                && self.is_nationality(&hit)
            {
                self.decide(n, candidate.actor, Via::Demonym);
            }
        }
    }

    /// Whether a name of one word may be an ordinary word that has its capital only because it opens the sentence:
    /// `Labour costs rose`.
    fn may_be_a_word(&self, hit: &Hit) -> bool {
        let doc = self.doc;
        let first = &doc.toks[hit.start];
        let only =
            hit.end - hit.start == 1 && first.shape == Shape::Title && first.gap >= Gap::Sentence && !first.possessive;
        only && doc.tok(doc.next(hit.end)).is_some_and(|next| {
            next.shape == Shape::Lower
                && !next.is(Cues::ACTS.or(Cues::AUXILIARY).or(Cues::COMMON).or(Cues::BRITISH))
                && !doc.toks.iter().any(|other| {
                    other.lex.id == first.lex.id && other.shape == Shape::Title && other.gap < Gap::Punctuation
                })
        })
    }

    /// Finds states in the first halves of paired adjectives: `Franco-German`, `Sino-Russian`.
    fn prefixes(&mut self) {
        let doc = self.doc;
        for at in 0..doc.toks.len().saturating_sub(1) {
            let (tok, next) = (&doc.toks[at], &doc.toks[at + 1]);
            if next.gap != Gap::Hyphen || !tok.capital() || !next.capital() || self.decided_at(at).is_some() {
                continue;
            }
            let Some(state) = self.index.prefixes.get(&tok.lex.word).copied() else { continue };
            if self.index.state_named(doc, at + 1).is_some() {
                match self.covering(at) {
                    Some(n) if self.hit(n).end == at + 1 && !self.hit(n).veto => self.decide(n, state, Via::Demonym),
                    Some(_) => {}
                    None => self.add(at, at + 1, state, Via::Demonym),
                }
            }
        }
    }

    /// Of several actors with the same certain name, one that still exists, then a state before others.
    fn preferred(&self, found: &[Candidate]) -> Option<Candidate> {
        found
            .iter()
            .copied()
            .min_by_key(|c| (self.index.actor(c.actor).former, self.kind(c.actor) != Kind::State, c.class))
    }

    pub(super) fn via(&self, hit: &Hit, candidate: Candidate) -> Via {
        let surface = self.doc.surface(hit.start, hit.end);
        let letters: Vec<char> = surface.chars().filter(|c| c.is_alphabetic()).collect();
        let short = hit.end - hit.start == 1 && letters.len() > 1 && letters.len() <= 8;
        if short && letters.iter().filter(|c| c.is_uppercase()).count() * 2 > letters.len() {
            Via::Acronym
        } else if candidate.class == Class::Heading {
            Via::Name
        } else {
            Via::Alias
        }
    }

    /// Whether a certain name is not a part of another name where it stands.
    pub(super) fn stands(&self, hit: &Hit, actor: u32) -> bool {
        match self.kind(actor) {
            Kind::Person => self.person_stands(hit),
            Kind::State => self.state_stands(hit),
            Kind::System | Kind::Programme => self.system_stands(hit),
            _ => true,
        }
    }

    /// Whether a person's name is not a part of the name of a ship, a university or another person.
    fn person_stands(&self, hit: &Hit) -> bool {
        let doc = self.doc;
        let before = doc.prev(hit.start);
        if let Some(tok) = doc.tok(before) {
            let ship = tok.is(Cues::SHIP) && (tok.shape == Shape::Upper || tok.shape == Shape::Lower);
            let single = hit.end - hit.start == 1;
            let strange = tok.shape == Shape::Title
                && doc.toks[hit.start].gap == Gap::Space
                && tok.lex.word == NONE
                && !tok.possessive
                && !(tok.shouted || tok.headline)
                && !tok.is(Cues::ROLE.or(Cues::RANK).or(Cues::CALENDAR).or(Cues::COMMON))
                && !before.is_some_and(|at| doc.opens(at) || doc.folded(at).ends_with('s'));
            if ship || (single && (self.is_given_name(before) || strange)) {
                return false;
            }
        }
        let next = doc.tok(doc.next(hit.end));
        let last = &doc.toks[hit.end - 1];
        if let Some(next) = next
            && next.shape == Shape::Title
            && !last.possessive
            && !next.shouted
            && !next.headline
            && next.is(Cues::ORG_HEAD.or(Cues::PLACE_HEAD).or(Cues::OTHER_HEAD))
            && !next.is(Cues::RULE)
        {
            return false;
        }
        // The Dalai Lama and the Aga Khan bear titles that take an article.
        let office = matches!(doc.folded(hit.start), "dalai" | "aga" | "panchen");
        let article = doc.folded_or_empty(before) == "the" && hit.end - hit.start > 1 && !office;
        !article || last.possessive || next.is_some_and(|next| next.is(Cues::RULE))
    }

    /// Whether a word is a given name by its list and its capital, and no rank.
    pub(super) fn is_given_name(&self, at: Option<usize>) -> bool {
        self.doc.tok(at).is_some_and(|tok| {
            tok.shape == Shape::Title
                && tok.is(Cues::FIRST_NAME)
                && !tok.is(Cues::RANK)
                && !tok.shouted
                && !tok.possessive
        })
    }

    /// Whether a state's name means the state, unlike in Atlanta, Georgia; Jordan Henderson; Michael Jordan.
    fn state_stands(&self, hit: &Hit) -> bool {
        let doc = self.doc;
        let (first, last) = (&doc.toks[hit.start], &doc.toks[hit.end - 1]);
        if hit.end - hit.start > 1 || first.shape != Shape::Title {
            return true;
        }
        if self.is_given_name(doc.prev(hit.start)) && first.gap == Gap::Space {
            return false;
        }
        let ship = |tok: &super::doc::Tok| tok.is(Cues::SHIP) && tok.shape == Shape::Upper;
        if doc.tok(doc.prev(hit.start)).is_some_and(ship) || self.is_american_place(hit.start) {
            return false;
        }
        let next = doc.tok(doc.next(hit.end));
        let street = matches!(
            doc.folded_or_empty(doc.next(hit.end)),
            "street" | "avenue" | "road" | "lane" | "boulevard" | "drive" | "square" | "terrace"
        );
        if street && next.is_some_and(|next| next.shape == Shape::Title && !last.possessive && !next.headline) {
            return false;
        }
        let named = next.is_some_and(|next| {
            next.shape == Shape::Title
                && next.gap == Gap::Space
                && !next.shouted
                && !next.headline
                && !next.is(Cues::ORG_HEAD.or(Cues::ROLE).or(Cues::RANK).or(Cues::CALENDAR).or(Cues::COMMON))
                && next.lex.word == NONE
        });
        if named && first.is(Cues::FIRST_NAME) && !last.possessive {
            return false;
        }
        true
    }

    /// Whether a demonym is a nationality; before a thing of style it is none (a Georgian terraced house).
    fn is_nationality(&self, hit: &Hit) -> bool {
        let doc = self.doc;
        let style = (hit.end..hit.end + 2)
            .filter_map(|at| doc.next(at))
            .any(|at| doc.toks[at].is(Cues::STYLE) && doc.toks[at].shape == Shape::Lower);
        !style
    }

    /// One past the last byte of a name that ends before word `end`: the full stop of `Corp.` and `Jr.` belongs to it.
    fn end_of_name(&self, end: usize) -> usize {
        let stop = matches!(self.doc.folded(end - 1), "bros" | "co" | "corp" | "inc" | "jr" | "ltd" | "sr")
            && self.doc.after(end).starts_with('.');
        self.doc.toks[end - 1].end as usize + usize::from(stop)
    }

    /// A mention as the users' decisions have it; `None` where it is none by them.
    fn settled(&self, mut one: Settled) -> Option<Settled> {
        let Some(decisions) = &self.decisions else { return Some(one) };
        let (id, kind) = decisions.settle(self.doc, (one.start, one.end), &one.actor, one.kind)?;
        if id != one.actor {
            let actor = id.to_owned();
            one.merged = Some(std::mem::replace(&mut one.actor, actor));
            one.via =
                if one.via == Via::Unlisted && !one.actor.starts_with("unlisted/") { Via::Alias } else { one.via };
        }
        one.kind = kind;
        Some(one)
    }

    /// All mentions in reading order.
    pub(super) fn mentions(&self) -> Vec<Settled> {
        let table = self.authority.table();
        let listed = self.matches.hits.iter().filter(|hit| hit.actor != NONE).map(|hit| {
            let actor = table.actor_string(hit.actor as usize, field::ID).to_owned();
            let (kind, via, step) = (self.index.actor(hit.actor).kind, hit.via, hit.step);
            let Hit { start, end, .. } = *hit;
            let one = Settled { start, end, actor, kind, via, step, merged: None };
            if kind.is_thing() { self.fitted(one, hit.actor) } else { one }
        });
        let unlisted = self.unlisted.iter().map(|one| {
            let name = &self.names[one.name];
            let (actor, kind) = (name.id.clone(), name.kind);
            let Unlisted { start, end, via, step, .. } = *one;
            Settled { start, end, actor, kind, via, step, merged: None }
        });
        let mut all: Vec<Settled> = listed.chain(unlisted).filter_map(|one| self.settled(one)).collect();
        all.sort_by_key(|one| one.start);
        all
    }

    /// Actors, or systems, by their mentions, the heaviest first.
    fn heaviest_first(&self, mentions: &[&Settled]) -> Vec<ActorTag> {
        let tag = |(actor, standing): (&str, weight::Standing)| {
            let weight::Standing { mentions, weight, subject } = standing;
            ActorTag { actor: actor.to_owned(), mentions, weight, subject }
        };
        let mut tags: Vec<ActorTag> = weight::standings(self.doc, mentions).into_iter().map(tag).collect();
        let by_weight = |a: &ActorTag, b: &ActorTag| b.weight.total_cmp(&a.weight).then(b.mentions.cmp(&a.mentions));
        tags.sort_by(|a, b| by_weight(a, b).then_with(|| a.actor.cmp(&b.actor)));
        tags
    }

    /// The mentions in title and text, and their actors and systems, the heaviest first.
    pub(super) fn tags(self) -> Tags {
        let mut tags = Tags::default();
        let all = self.mentions();
        let (systems, actors): (Vec<&Settled>, Vec<&Settled>) = all.iter().partition(|one| one.kind.is_thing());
        tags.actors = self.heaviest_first(&actors);
        tags.systems = self.heaviest_first(&systems);
        for Settled { start, end, actor, kind, via, .. } in all {
            let (from, to) = (self.doc.toks[start].start as usize, self.end_of_name(end));
            let mention = Mention { start: from, end: to, actor, kind: kind.name().to_owned(), via };
            if start < self.doc.split {
                tags.title_mentions.push(mention);
            } else {
                tags.mentions.push(mention);
            }
        }
        tags
    }
}
