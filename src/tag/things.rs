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

/// Programmes, laws, products and other names that are practically never an actor's.
static NAMED_THINGS: WordList = WordList::new(include_str!("lists/named_things.txt"));

/// Words of a ship's name, at most.
const SHIP: usize = 5;

/// What an article says of things, and where it names actors.
struct AboutThings {
    /// Folded names of its ships and storms.
    called: FxHashSet<String>,
    /// Numbers of the initialisms that it explains as things.
    explained: FxHashSet<u32>,
    /// For each word, whether it belongs to an actor's name.
    actors: Vec<bool>,
}

impl Work<'_> {
    /// Drops the mentions of names that are no actors.
    pub(super) fn drop_things(&mut self) {
        let mut found = std::mem::take(&mut self.unlisted);
        let mut mentions: Vec<Vec<&Unlisted>> = vec![Vec::new(); self.names.len()];
        for one in &found {
            mentions[one.name].push(one);
        }
        let about = self.about_things(&found);
        let is_thing = |(name, all): (usize, &Vec<&Unlisted>)| {
            let folded = &self.names[name].folded;
            about.called.contains(folded) || NAMED_THINGS.has(folded) || self.is_thing(name, all, &about)
        };
        let things: Vec<bool> = mentions.iter().enumerate().map(is_thing).collect();
        let stays = |one: &Unlisted| !things[one.name] && !self.is_designation(one) && self.is_sure_abroad(one);
        found.retain(|one| stays(one) && !self.is_tail(one) && !self.is_thing_alone(one, &about));
        self.unlisted = found;
    }

    /// Gathers what tells things from actors, once for all names of the article.
    fn about_things(&self, found: &[Unlisted]) -> AboutThings {
        let mut actors: Vec<bool> = (0..self.doc.toks.len()).map(|at| self.decided(at).is_some()).collect();
        found.iter().for_each(|one| actors[one.start..one.end].fill(true));
        AboutThings { called: self.ships_and_storms(), explained: self.things_explained(&actors), actors }
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
    fn is_thing(&self, name: usize, mentions: &[&Unlisted], about: &AboutThings) -> bool {
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
        if mentions.iter().all(|one| self.is_of_an_office(one) || self.is_heading(one)) || self.is_plural(first) {
            return true;
        }
        let place = toks.iter().all(|tok| tok.is(Cues::US_PLACE)) || REGIONS.has(&self.names[name].folded);
        if place || mentions.iter().all(|one| self.is_piece(one, about)) {
            return true;
        }
        let initialism = toks.len() == 1 && toks[0].shape == Shape::Upper;
        if initialism && about.explained.contains(&toks[0].lex.id) {
            return true;
        }
        let ordinary = |tok: &super::doc::Tok| {
            tok.is(Cues::ORDINARY.or(Cues::COMMON).or(Cues::JOINT).or(Cues::OTHER_HEAD)) || tok.shape == Shape::Number
        };
        let headed = toks.iter().any(|tok| tok.is(Cues::ORG_HEAD.or(Cues::FIRM_END)) && tok.capital());
        let plain = !headed && toks.iter().all(ordinary);
        (initialism || plain) && !mentions.iter().any(|one| self.does(one, toks.len() > 1 || initialism))
    }

    /// Whether a mention is what an office deals with: `Assistant Secretary for Legislative Affairs`,
    /// `SENIOR ADMINISTRATION OFFICIAL`.
    fn is_of_an_office(&self, one: &Unlisted) -> bool {
        let (doc, toks) = (self.doc, &self.doc.toks);
        let role = |at: Option<usize>| doc.tok(at).is_some_and(|tok| tok.capital() && tok.is(Cues::ROLE));
        let tie = doc.prev(one.start).filter(|at| matches!(doc.folded(*at), "for" | "of"));
        let headed = toks[one.start..one.end].iter().any(|tok| tok.is(Cues::ORG_HEAD.or(Cues::FIRM_END)));
        let shouted = toks[one.start..one.end].iter().all(|tok| tok.shape == Shape::Upper);
        let label =
            shouted && doc.tok(doc.next(one.end)).is_some_and(|tok| tok.shape == Shape::Upper && tok.is(Cues::ROLE));
        // `Under Secretary of Defense for Policy`
        let office = (one.start..one.end).any(|at| doc.folded(at) == "for") && doc.folded_or_empty(tie) == "of";
        ((office || !headed) && tie.is_some_and(|tie| role(doc.prev(tie)))) || label
    }

    /// Whether a mention is a line of its own in capitals, of ordinary words: `DISTRICT COURT`.
    fn is_heading(&self, one: &Unlisted) -> bool {
        let ordinary = Cues::ORDINARY.or(Cues::COMMON).or(Cues::ORG_HEAD).or(Cues::OTHER_HEAD);
        let toks = &self.doc.toks[one.start..one.end];
        let alone = self.doc.prev(one.start).is_none() && self.doc.next(one.end).is_none();
        alone && toks.len() > 1 && toks.iter().all(|tok| tok.shape == Shape::Upper && tok.is(ordinary))
    }

    /// Whether a name is an initialism in the plural, which names a class: `CPAs`.
    fn is_plural(&self, one: &Unlisted) -> bool {
        let surface = self.doc.surface(one.start, one.end);
        let stem = surface.strip_suffix('s').unwrap_or_default();
        stem.len() > 1 && stem.chars().all(char::is_uppercase)
    }

    /// Whether a mention is a part of a longer name whose other words belong to no actor: `Atmospheric and Oceanic
    /// Sciences`, `State of the Union Address`, `Energy Platform` without its head.
    fn is_piece(&self, one: &Unlisted, about: &AboutThings) -> bool {
        let (doc, toks) = (self.doc, &self.doc.toks);
        let open = |at: usize| {
            let tok = &toks[at];
            tok.capital() && !tok.headline && !tok.shouted && !about.actors[at] && !doc.opens(at)
        };
        let before = doc.prev(one.start);
        let the = before.filter(|at| doc.folded(*at) == "the").and_then(|at| doc.prev(at));
        let joint = before.filter(|at| matches!(doc.folded(*at), "and" | "&" | "of"));
        let joint = joint.or(the.filter(|at| doc.folded(*at) == "of"));
        let ends_one = |at: usize| open(at) && !toks[at].possessive && !toks[at].is(Cues::ROLE.or(Cues::RANK));
        let before_joint = |at: usize| doc.prev(at).or((doc.before(at) == ", ").then(|| at - 1));
        if joint.and_then(before_joint).is_some_and(ends_one) {
            return true;
        }
        let small = |at: usize| toks[at].is(Cues::ORDINARY.or(Cues::COMMON)) || self.decided(at).is_some();
        let plain = (one.start..one.end).all(|at| small(at) && !toks[at].possessive);
        let goes_on = doc.next(one.end).filter(|at| open(*at) && !toks[*at].is(Cues::RANK.or(Cues::FIRST_NAME)));
        plain && goes_on.is_some()
    }

    /// The names of the ships and storms that the article gives with their prefix: after `USS Ellen Brekke` and
    /// `Hurricane Odile` the names alone are theirs too.
    fn ships_and_storms(&self) -> FxHashSet<String> {
        let toks = &self.doc.toks;
        let prefix = |at: &usize| {
            let ship = toks[*at].is(Cues::SHIP) && toks[*at].shape == Shape::Upper;
            ship || matches!(self.doc.folded(*at), "hurricane" | "typhoon" | "cyclone")
        };
        let name = |prefix: usize| {
            let rest = prefix + 1..toks.len().min(prefix + 1 + SHIP);
            rest.take_while(|at| self.doc.next(*at).is_some() && toks[*at].capital()).last()
        };
        let run = |prefix: usize| Some(self.folded_name(prefix + 1, name(prefix)? + 1));
        (0..toks.len()).filter(prefix).filter_map(run).collect()
    }

    /// Numbers of the initialisms that the article spells out, where it does so first, in words that are no
    /// organisation's.
    fn things_explained(&self, actors: &[bool]) -> FxHashSet<u32> {
        let toks = &self.doc.toks;
        let (mut seen, mut things) = (FxHashSet::default(), FxHashSet::default());
        for at in (1..toks.len()).filter(|at| self.in_brackets(*at)) {
            let Some(first) = self.spelled_out(at) else { continue };
            let thing = !toks[self.head_of_name(first, at)].is(Cues::ORG_HEAD) && !actors[first..at].contains(&true);
            if seen.insert(toks[at].lex.id) && thing {
                things.insert(toks[at].lex.id);
            }
        }
        things
    }

    /// The word that says what a name names: the last one before `of` or `for`.
    pub(super) fn head_of_name(&self, start: usize, end: usize) -> usize {
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

    /// Whether a single word that was taken for an organisation whose name begins with it is a thing by itself.
    fn is_thing_alone(&self, one: &Unlisted, about: &AboutThings) -> bool {
        let single = one.end - one.start == 1 && self.names[one.name].kind != Kind::Person;
        let first_word = one.via == super::Via::Unlisted && about.explained.contains(&self.doc.toks[one.start].lex.id);
        single && (first_word || NAMED_THINGS.has(self.doc.folded(one.start)))
    }

    /// Whether a mention that is no person's begins within a compound: `Roe-Doe Administration`.
    fn is_tail(&self, one: &Unlisted) -> bool {
        let toks = &self.doc.toks;
        let compound = toks[one.start].gap == Gap::Hyphen && one.start > 0 && toks[one.start - 1].capital();
        compound && self.names[one.name].kind != Kind::Person
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
