//! Names without a heading that are no actors: programmes, documents, events, equipment, and words with a capital.
//!
//! Rules and model find names by their form and by the words around them, one mention at a time. Here an article's
//! mentions of one name are looked at together: a name whose words do not show an actor counts only if one of its
//! mentions does what actors do.

use rustc_hash::FxHashSet;

use super::lexicon::NONE;
use super::lists::Cues;
use super::work::{Unlisted, Work};
use crate::analysis::{Gap, Shape};
use crate::authority::Kind;
use crate::fence;
use crate::wordlist::WordList;

/// Regions, seas and places, which the news also lets act.
static REGIONS: WordList = WordList::new(include_str!("lists/regions.txt"));

impl Work<'_> {
    /// Drops the mentions of names that are no actors.
    pub(super) fn drop_things(&mut self) {
        let mut found = std::mem::take(&mut self.unlisted);
        let mut mentions: Vec<Vec<&Unlisted>> = vec![Vec::new(); self.names.len()];
        for one in &found {
            mentions[one.name].push(one);
        }
        let explained = self.things_explained();
        let is_thing = |(name, all): (usize, &Vec<&Unlisted>)| self.is_thing(name, all, &explained);
        let things: Vec<bool> = mentions.iter().enumerate().map(is_thing).collect();
        found.retain(|one| !things[one.name] && !self.is_designation(one) && self.is_sure_abroad(one));
        self.unlisted = found;
    }

    /// Whether a mention in another language than English, where nouns have capitals or other rules, has a known given
    /// name or the end of a firm's name.
    fn is_sure_abroad(&self, one: &Unlisted) -> bool {
        let toks = &self.doc.toks;
        self.doc.foreign.is_none() || toks[one.start].is(Cues::FIRST_NAME) || toks[one.end - 1].is(Cues::FIRM_END)
    }

    /// Whether a mention of a person or a firm is the designation of a weapon or vehicle: `Leopard 2A8`.
    fn is_designation(&self, one: &Unlisted) -> bool {
        let designation = |at: usize| {
            let folded = self.doc.folded(at);
            folded.contains(|c: char| c.is_ascii_digit()) && folded.contains(|c: char| c.is_ascii_alphabetic())
        };
        matches!(self.names[one.name].kind, Kind::Person | Kind::Company)
            && (self.doc.prev(one.start).is_some_and(designation) || (one.start..one.end).any(designation))
    }

    /// Whether none of the mentions of a name shows an actor.
    fn is_thing(&self, name: usize, mentions: &[&Unlisted], explained: &FxHashSet<u32>) -> bool {
        fence::check();
        let whole = |one: &&&Unlisted| one.end - one.start == self.names[name].folded.split(' ').count();
        let Some(first) = mentions.iter().find(whole).or(mentions.first()) else { return false };
        if self.names[name].kind == Kind::Person {
            return self.is_emphasis(mentions) || mentions.iter().all(|one| self.is_broken_off(one));
        }
        let toks = &self.doc.toks[first.start..first.end];
        let head = &self.doc.toks[self.head_of_name(first.start, first.end)];
        if !toks.iter().any(|tok| tok.is(Cues::FIRM_END))
            && !head.is(Cues::ORG_HEAD)
            && head.is(Cues::OTHER_HEAD.or(Cues::RANK).or(Cues::ROLE))
        {
            return true;
        }
        let place = toks.iter().all(|tok| tok.is(Cues::US_PLACE)) || REGIONS.has(&self.names[name].folded);
        if place || mentions.iter().all(|one| self.is_piece(one)) {
            return true;
        }
        let initialism = toks.len() == 1 && toks[0].shape == Shape::Upper;
        if initialism && explained.contains(&toks[0].lex.id) {
            return true;
        }
        let ordinary = |tok: &super::doc::Tok| {
            tok.is(Cues::ORDINARY.or(Cues::COMMON).or(Cues::JOINT).or(Cues::OTHER_HEAD)) || tok.shape == Shape::Number
        };
        let headed = toks.iter().any(|tok| tok.is(Cues::ORG_HEAD.or(Cues::FIRM_END)) && tok.capital());
        let plain = !headed && toks.iter().all(ordinary);
        (initialism || plain) && !mentions.iter().any(|one| self.does(one, toks.len() > 1 || initialism))
    }

    /// Whether a mention is the end of a longer name whose other words nothing covers: `Atmospheric and Oceanic Sciences`.
    fn is_piece(&self, one: &Unlisted) -> bool {
        let doc = self.doc;
        let joint = doc.prev(one.start).filter(|at| matches!(doc.folded(*at), "and" | "&" | "of"));
        let before = joint.and_then(|at| doc.prev(at));
        let open = |at: usize| {
            let tok = &doc.toks[at];
            tok.capital() && !tok.possessive && !tok.headline && !tok.shouted && !self.taken(at) && !doc.opens(at)
        };
        before.is_some_and(open)
    }

    /// Numbers of the initialisms that the article spells out, where it does so first, in words that are no
    /// organisation's.
    fn things_explained(&self) -> FxHashSet<u32> {
        let toks = &self.doc.toks;
        let (mut seen, mut things) = (FxHashSet::default(), FxHashSet::default());
        for at in (1..toks.len()).filter(|at| self.in_brackets(*at)) {
            let Some(first) = self.spelled_out(at) else { continue };
            let thing = !toks[self.head_of_name(first, at)].is(Cues::ORG_HEAD) && !(first..at).any(|at| self.taken(at));
            if seen.insert(toks[at].lex.id) && thing {
                things.insert(toks[at].lex.id);
            }
        }
        things
    }

    /// The word that says what a name names: the last one before `of` or `for`.
    fn head_of_name(&self, start: usize, end: usize) -> usize {
        let tie = |at: &usize| self.doc.toks[*at].shape == Shape::Lower && self.doc.toks[*at].is(Cues::JOINT);
        (start + 1..end).find(tie).unwrap_or(end) - 1
    }

    /// Whether a mention does what only actors do: it owns something, decides or says something, has officers, or
    /// explains the name before it. An adjective has `officers` as well: `Federal officials`.
    fn does(&self, one: &Unlisted, officers: bool) -> bool {
        let doc = self.doc;
        let next = doc.next(one.end);
        let lower = |tok: &super::doc::Tok, cues: Cues| tok.shape == Shape::Lower && tok.is(cues);
        let verb = next.is_some_and(|at| self.is_verb_of_will(at) || lower(&doc.toks[at], Cues::ACTS));
        let officers = officers && doc.tok(next).is_some_and(|tok| lower(tok, Cues::ROLE.or(Cues::TRADE)));
        let before = doc.prev(one.start);
        let the = before.filter(|at| doc.toks[*at].is(Cues::DETERMINER)).map_or(before, |at| doc.prev(at));
        let of = the.filter(|at| matches!(doc.folded(*at), "of" | "at" | "by"));
        let officer = of.and_then(|at| doc.prev(at)).is_some_and(|at| doc.toks[at].is(Cues::ROLE.or(Cues::ACTS)));
        let told = doc.tok(before).is_some_and(|tok| lower(tok, Cues::ADDRESSES.or(Cues::TRADE)));
        let listed = || one.start > 0 && self.covering(one.start - 1).is_some_and(|n| self.hit(n).actor != NONE);
        let explains = one.via == super::Via::Acronym || (self.in_brackets(one.start) && listed());
        doc.toks[one.end - 1].possessive || verb || officers || officer || told || explains
    }

    /// Whether a person's single name is only ever written in capitals, next to other words in capitals:
    /// `IN WITNESS WHEREOF`.
    fn is_emphasis(&self, mentions: &[&Unlisted]) -> bool {
        let doc = self.doc;
        let title = Cues::RANK.or(Cues::ROLE);
        let loud = |at: Option<usize>| doc.tok(at).is_some_and(|tok| tok.shape == Shape::Upper && !tok.is(title));
        mentions.iter().all(|one| {
            let single = one.end - one.start == 1 && doc.toks[one.start].shape == Shape::Upper;
            single && (loud(doc.prev(one.start)) || loud(doc.next(one.end)))
        })
    }

    /// Whether a speaker breaks a word off: `Senator Co- `.
    fn is_broken_off(&self, one: &Unlisted) -> bool {
        one.end - one.start == 1
            && self.doc.after(one.end).starts_with(['-', '—'])
            && self.doc.toks.get(one.end).is_none_or(|next| next.gap > Gap::Hyphen)
    }
}
