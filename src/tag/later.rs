//! Later mentions of names: their heads alone, their abbreviations, surnames of persons without a heading.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Via;
use super::lexicon::NONE;
use super::lists::Cues;
use super::work::{Unlisted, Work};
use crate::analysis::{Gap, Shape};
use crate::authority::{Class, Kind};
use crate::fence;
use crate::wordlist::WordList;

/// Heads of organisations that, with a capital and an article, stand for the whole name.
static HEADS_USED_ALONE: WordList = WordList::new(include_str!("lists/heads_used_alone.txt"));

impl Work<'_> {
    /// Finds heads that stand for a longer name mentioned before (`the Commission`). `Coalition` needs
    /// none.
    pub(super) fn heads_alone(&mut self) {
        let doc = self.doc;
        for at in 0..doc.toks.len() {
            fence::check();
            let tok = &doc.toks[at];
            if !tok.is(Cues::ORG_HEAD) || tok.shape != Shape::Title || doc.opens(at) || !self.free(at) {
                continue;
            }
            let word = doc.folded(at);
            let telling = HEADS_USED_ALONE.has(word);
            let beside = |at: Option<usize>| doc.tok(at).is_some_and(|tok| tok.capital() || tok.gap == Gap::Hyphen);
            let definite = doc.tok(doc.prev(at)).is_some_and(|tok| tok.is(Cues::DETERMINER)) || word == "coalition";
            if !telling
                || !definite
                || beside(doc.prev(at))
                || beside(doc.next(at + 1))
                || matches!(doc.folded_or_empty(doc.next(at + 1)), "of" | "for")
            {
                continue;
            }
            let earlier = self
                .unlisted
                .iter()
                .rev()
                .find(|one| one.end <= at && self.names[one.name].folded.split(' ').any(|own| own == word));
            // The nearest name with this head is meant, listed or not.
            let listed = self.headed(at);
            let nearer = |one: &&Unlisted| listed.is_none_or(|(start, _)| one.start > start);
            if let Some(name) = earlier.filter(nearer).map(|one| one.name) {
                self.mention(at, at + 1, name, Via::Unlisted);
            } else if let Some((_, actor)) = listed {
                self.add(at, at + 1, actor, Via::Alias);
            } else if word == "coalition" {
                self.claim(at, at + 1, Some(Kind::Alliance));
            }
        }
    }

    /// Start and actor, not a person, of the last mention before `at` whose words include the word at `at` and another one.
    fn headed(&self, at: usize) -> Option<(usize, u32)> {
        let lexeme = self.doc.toks[at].lex.id;
        self.matches
            .hits
            .iter()
            .rev()
            .find(|hit| {
                hit.end <= at
                    && hit.actor != NONE
                    && hit.end - hit.start > 1
                    && self.kind(hit.actor) != Kind::Person
                    && (hit.start..hit.end).any(|word| self.doc.toks[word].lex.id == lexeme)
            })
            .map(|hit| (hit.start, hit.actor))
    }

    /// Finds abbreviations that the article uses at least once like an organisation's name: in brackets after a name,
    /// with `the`, a possessive or a verb.
    pub(super) fn abbreviations(&mut self) {
        let doc = self.doc;
        let mut uses: FxHashMap<u32, (bool, Vec<usize>)> = FxHashMap::default();
        let ends: FxHashSet<usize> = self.unlisted.iter().map(|one| one.end).collect();
        for at in 0..doc.toks.len() {
            fence::check();
            let tok = &doc.toks[at];
            let len = tok.end - tok.start;
            if tok.shape != Shape::Upper
                || !(3..=6).contains(&len)
                || tok.is(Cues::NOT_AN_ORG.or(Cues::CREDIT).or(Cues::CALENDAR).or(Cues::RANK))
                || !self.free(at)
            {
                continue;
            }
            if doc.folded(at).contains(|c: char| c.is_ascii_digit()) || crate::analysis::is_ambiguous(doc.folded(at)) {
                continue;
            }
            let bracketed = self.in_brackets(at) && ends.contains(&at);
            let next = doc.tok(doc.next(at + 1));
            let acts = tok.possessive
                || next.is_some_and(|next| next.is(Cues::ACTS.or(Cues::AUXILIARY)) && next.shape == Shape::Lower);
            let thing = next.is_some_and(|next| next.is(Cues::OTHER_HEAD));
            let the = doc.folded_or_empty(doc.prev(at)) == "the"
                && next.is_none_or(|next| next.shape == Shape::Lower)
                && !thing;
            let entry = uses.entry(tok.lex.id).or_default();
            entry.0 |= bracketed || acts || the;
            entry.1.push(at);
        }
        // In the order of the text: numbers of words, and with them the order of the map, depend on what was tagged before.
        let mut alike: Vec<Vec<usize>> =
            uses.into_values().filter(|(like, _)| *like).map(|(_, places)| places).collect();
        alike.sort_unstable();
        for at in alike.into_iter().flatten() {
            let number = doc.prev(at).filter(|before| self.is_ordinal(*before) && self.free(*before));
            self.claim(number.unwrap_or(at), at + 1, Some(Kind::Body));
        }
        self.define();
    }

    /// Makes one name of an unlisted name and the abbreviation in brackets after it: `Long Name (ABC)`.
    fn define(&mut self) {
        let mut same: FxHashMap<usize, usize> = FxHashMap::default();
        let mut ends: FxHashMap<usize, usize> = FxHashMap::default();
        for one in &self.unlisted {
            ends.entry(one.end).or_insert(one.name);
        }
        for one in &self.unlisted {
            if one.start > 0
                && one.end - one.start == 1
                && self.doc.toks[one.start].shape == Shape::Upper
                && self.in_brackets(one.start)
                && let Some(long) = ends.get(&one.start)
            {
                same.insert(one.name, *long);
            }
        }
        for one in &mut self.unlisted {
            if let Some(name) = same.get(&one.name) {
                one.name = *name;
                if one.end - one.start == 1 {
                    one.via = Via::Acronym;
                }
            }
        }
    }

    /// The one unlisted person whose name of three short words begins with this family name: `Chun` after
    /// `Chun Doo Hwan`, `Lai` after `Lai Ching-te`.
    pub(super) fn family_first(&self, at: usize) -> Option<usize> {
        let family = self.doc.folded(at);
        if self.doc.toks[at].is(Cues::FIRST_NAME) {
            return None;
        }
        let mut owners = self.names.begin_with(family).iter().copied().filter(|n| {
            let parts = self.names[*n].folded.split(' ');
            parts.clone().count() == 3 && parts.clone().all(|part| part.len() <= 6)
        });
        let owner = owners.next();
        owner.filter(|_| owners.next().is_none())
    }

    /// Finds mentions of unlisted persons by their surname alone, if only one of them has it.
    pub(super) fn single_surnames(&mut self) {
        let doc = self.doc;
        if !self.names.iter().any(|name| name.kind == Kind::Person) {
            return;
        }
        for at in 0..doc.toks.len() {
            fence::check();
            let tok = &doc.toks[at];
            if !matches!(tok.shape, Shape::Title | Shape::Mixed)
                || tok.end - tok.start < 3
                || tok.is(Cues::COMMON.or(Cues::CALENDAR))
                || self.taken(at)
                || tok.muted
            {
                continue;
            }
            let listed = self.covering(at).is_some_and(|n| {
                let hit = self.hit(n);
                hit.actor != NONE
                    || self
                        .matches
                        .of(hit)
                        .iter()
                        .any(|c| c.class == Class::Surname && self.firm.contains_key(&c.actor))
            });
            let beside = |at: Option<usize>| {
                doc.tok(at).is_some_and(|tok| {
                    tok.shape == Shape::Title
                        && !tok.is(Cues::ROLE.or(Cues::RANK).or(Cues::COMMON))
                        && !tok.shouted
                        && !tok.headline
                })
            };
            let mut before = doc.prev(at);
            let mut start = at;
            if let Some(article) =
                before.filter(|b| matches!(doc.folded(*b), "al" | "el") && doc.toks[at].gap == Gap::Hyphen)
            {
                start = article;
                before = doc.prev(article);
            }
            // `Gatabaki-Mwangi` is one surname.
            while doc.toks[start].gap == Gap::Hyphen
                && start > 0
                && doc.toks[start - 1].capital()
                && !self.taken(start - 1)
            {
                start -= 1;
                before = doc.prev(start);
            }
            let first = before.is_some_and(|b| !doc.opens(b) || doc.toks[b].is(Cues::FIRST_NAME))
                && beside(before)
                && !doc.tok(before).is_some_and(|t| t.possessive);
            let next = !tok.possessive && beside(doc.next(at + 1));
            if listed || first || next {
                continue;
            }
            let surname = (start..=at).map(|at| doc.folded(at)).collect::<Vec<_>>().join(" ");
            let surname = surname.trim_start_matches("al ").trim_start_matches("el ");
            let owners = self.names.end_with(surname);
            if owners.len() > 1 {
                continue;
            }
            let owner = owners.first().copied().or_else(|| self.family_first(at));
            if let Some(name) = owner {
                self.mention(start, at + 1, name, Via::Surname);
            }
        }
    }
}
