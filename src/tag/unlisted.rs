//! Names that no heading covers but that the text presents as a person or an organisation.

use rustc_hash::FxHashSet;

use super::Via;
use super::lexicon::{NONE, WordSet};
use super::lists::{Cues, KINDS};
use super::matcher::Hit;
use super::why::Step;
use super::work::{Unlisted, Work};
use crate::analysis::{Gap, Shape};
use crate::authority::Kind;
use crate::fence;
use crate::wordlist::WordList;

/// Small words that join the parts of a name (`of`, `and`, `de la`).
static TIES: WordList = WordList::new(include_str!("lists/ties_in_names.txt"));

/// Whether a word opens the name of an undertaking or event, not of an actor (`Operation`, `Treaty`).
pub(super) fn is_undertaking(word: &str) -> bool {
    matches!(
        word,
        "operation"
            | "exercise"
            | "project"
            | "resolution"
            | "treaty"
            | "mission"
            | "hurricane"
            | "typhoon"
            | "cyclone"
    )
}

/// Nouns before `of` for what an organisation has; they are no part of its name.
static BELONGINGS_BEFORE_OF: WordList = WordList::new(include_str!("lists/belongings_before_of.txt"));

/// Rank of the end of a firm's name (`Inc`) among the words of [`KINDS`].
const RANK_OF_FIRM_ENDS: u8 = 3;

impl Work<'_> {
    /// Finds organisations, then persons, then later mentions of both.
    pub(super) fn unlisted(&mut self) {
        let lower = self.prepare();
        let voter = self.voter.map(|voter| (voter, self.matches.hits.clone()));
        self.rules(&lower);
        match voter {
            Some((voter, listed)) => self.vote(voter, &lower, listed),
            None => self.later(),
        }
        self.unlisted.sort_by_key(|one| one.start);
    }

    /// Gathers what the search for names without a heading needs; gives the words that the article also writes in lower
    /// case.
    pub(super) fn prepare(&mut self) -> WordSet {
        self.acting = self.acting_words();
        self.begun = vec![false; self.doc.toks.len()];
        for hit in &self.matches.hits {
            self.begun[hit.start] = true;
        }
        self.open_words();
        self.lower_words()
    }

    /// Finds names where the rules know them for the first time.
    pub(super) fn rules(&mut self, lower: &WordSet) {
        self.organisations(lower);
        self.firms();
        self.persons(lower);
        self.actors_alone();
    }

    /// Finds later mentions of the names found so far.
    pub(super) fn later(&mut self) {
        self.heads_alone();
        self.abbreviations();
        self.echoes();
        self.single_surnames();
    }

    /// Prepares the search for names without a heading.
    pub(super) fn open_words(&mut self) {
        self.claimed = vec![false; self.doc.toks.len()];
        for hit in &self.matches.hits {
            if hit.actor != NONE || hit.veto {
                self.claimed[hit.start..hit.end].fill(true);
            }
        }
    }

    /// Words that the article also writes in lower case: their capital at the start of a sentence is no evidence.
    fn lower_words(&self) -> WordSet {
        self.doc.toks.iter().filter(|tok| tok.shape == Shape::Lower).map(|tok| tok.lex.id).collect()
    }

    /// Capitalised words that are, alone, the subject of a verb.
    fn acting_words(&self) -> FxHashSet<u32> {
        let doc = self.doc;
        let acts = |at: usize| {
            doc.toks[at].shape == Shape::Title
                && doc.next(at + 1).is_some_and(|next| {
                    doc.toks[next].shape == Shape::Lower && doc.toks[next].is(Cues::ACTS.or(Cues::AUXILIARY))
                })
                && doc.prev(at).is_none_or(|before| !doc.toks[before].capital() || doc.opens(before))
        };
        (0..doc.toks.len()).filter(|at| acts(*at)).map(|at| doc.toks[at].lex.id).collect()
    }

    /// Whether no mention covers a word and its capital is evidence.
    pub(super) fn free(&self, at: usize) -> bool {
        let tok = &self.doc.toks[at];
        !tok.muted && !tok.shouted && !tok.headline && !self.taken(at)
    }

    /// Whether a mention or veto covers a word.
    pub(super) fn taken(&self, at: usize) -> bool {
        self.claimed[at]
    }

    /// The hit with an actor that covers a word.
    pub(super) fn decided(&self, at: usize) -> Option<usize> {
        if self.taken(at) { self.covering(at).filter(|n| self.hit(*n).actor != NONE) } else { None }
    }

    /// Records a mention of an unlisted name.
    pub(super) fn mention(&mut self, start: usize, end: usize, name: usize, via: Via) {
        self.claimed[start..end].fill(true);
        self.unlisted.push(Unlisted { start, end, name, via, step: self.step });
    }

    /// Whether a word is an ordinal number: `3rd`, `101st`.
    pub(super) fn is_ordinal(&self, at: usize) -> bool {
        let word = self.doc.folded(at);
        word.starts_with(|c: char| c.is_ascii_digit())
            && ["st", "nd", "rd", "th"].iter().any(|ending| word.ends_with(ending))
    }

    fn organisations(&mut self, lower: &WordSet) {
        let mut at = 0;
        while at < self.doc.toks.len() {
            fence::check();
            let tok = &self.doc.toks[at];
            let begins = (tok.capital() && !(self.doc.opens(at) && tok.is(Cues::COMMON))) || self.is_ordinal(at);
            if !begins || tok.muted || tok.shouted || tok.headline || self.is_person_at(at) {
                at += 1;
                continue;
            }
            let end = self.capital_run(at);
            match self.organisation(at, end, lower) {
                Some((start, stop)) => {
                    match self.shortened(start, stop) {
                        Some(actor) => {
                            self.step = Step::Shortened;
                            self.add(start, stop, actor, Via::Alias);
                            self.step = Step::Rules;
                        }
                        None => self.claim(start, stop, None),
                    }
                    at = stop.max(end);
                }
                None => at = self.after_tie(at, end),
            }
        }
    }

    /// Where to search on in a run that is no name: at the first capitalised word after a tie, which may begin another
    /// name (`Lt. Vanceford of the State Police`), else at the end of the run.
    fn after_tie(&self, start: usize, end: usize) -> usize {
        let tie = (start..end).find(|at| self.doc.toks[*at].shape == Shape::Lower);
        tie.and_then(|tie| (tie..end).find(|at| self.doc.toks[*at].capital())).unwrap_or(end)
    }

    fn is_person_at(&self, at: usize) -> bool {
        self.decided(at).is_some_and(|n| self.kind(self.hit(n).actor) == Kind::Person)
    }

    /// The end of a run of capitalised words, with ties between them.
    fn capital_run(&self, start: usize) -> usize {
        let doc = self.doc;
        let mut end = start + 1;
        let mut head = doc.toks[start].is(Cues::ORG_HEAD.or(Cues::ORG_FRONT));
        while end < doc.toks.len() {
            let tok = &doc.toks[end];
            let glued = tok.gap == Gap::Joined && doc.before(end).contains('.') && doc.folded(end - 1).len() > 1;
            if tok.gap > Gap::Space || tok.muted || glued {
                break;
            }
            if tok.is(Cues::CALENDAR) && tok.capital() {
                break;
            }
            if (tok.capital() || self.is_ordinal(end)) && !self.is_person_at(end) && !tok.is(Cues::RANK) {
                head |= tok.is(Cues::ORG_HEAD);
                end += 1;
                continue;
            }
            let Some(next) = self.after_ties(end) else { break };
            let conjunction = matches!(doc.folded(end), "and" | "on" | "in");
            if doc.toks[end - 1].possessive
                || (!head && doc.folded(end) != "and" && doc.folded(end) != "of")
                || (conjunction && !self.list_within(end, next, head))
            {
                break;
            }
            end = next;
        }
        end
    }

    /// The capitalised word after a tie, with or without `the` between them.
    fn after_ties(&self, at: usize) -> Option<usize> {
        let doc = self.doc;
        if !TIES.has(doc.folded(at)) || doc.toks[at].shape != Shape::Lower {
            return None;
        }
        let mut next = doc.next(at + 1)?;
        if doc.folded(next) == "the" {
            next = doc.next(next + 1)?;
        }
        (doc.toks[next].capital() && !self.is_person_at(next) && !doc.toks[next].is(Cues::CALENDAR)).then_some(next)
    }

    /// Whether what follows `and` or `on` belongs to the name: `Ministry of Energy and Trade`,
    /// `Search and Rescue Agency`.
    fn list_within(&self, tie: usize, next: usize, head: bool) -> bool {
        let doc = self.doc;
        if doc.folded(tie) != "and" {
            return head && doc.folded(tie) == "on";
        }
        if self.decided_at(next).is_some() || self.decided_at(tie - 1).is_some() {
            return false;
        }
        let later = (next + 1..next + 4).take_while(|at| doc.next(*at).is_some_and(|at| doc.toks[at].capital()));
        later.into_iter().any(|at| doc.toks[at].is(Cues::ORG_HEAD)) && !doc.toks[tie - 1].is(Cues::ORG_HEAD)
    }

    /// Where a name begins that a listed actor owns: `Kenya's Supreme Court`, `the World Bank's Evaluation Group`. An
    /// office owns nothing: `the President's Intelligence Advisory Board`.
    fn after_listed_owner(&self, start: usize) -> usize {
        let hit = self.hit_starting(start).map(|n| self.hit(n)).filter(|hit| hit.actor != NONE);
        let owns = |hit: &&Hit| self.doc.toks[hit.end - 1].possessive && self.kind(hit.actor) != Kind::Person;
        hit.filter(owns).map_or(start, |hit| hit.end)
    }

    /// The organisation's name within a run, if the run contains one.
    fn organisation(&self, start: usize, end: usize, lower: &WordSet) -> Option<(usize, usize)> {
        let doc = self.doc;
        let mut start = self.after_listed_owner(start);
        while start < end
            && doc.opens(start)
            && lower.has(doc.toks[start].lex.id)
            && !doc.toks[start].is(Cues::FIRST_NAME)
        {
            start += 1;
        }
        // `Broker Tolland Securities`: a role or trade that opens the sentence is no part of the name.
        while start + 2 < end
            && doc.opens(start)
            && doc.toks[start].is(Cues::ROLE.or(Cues::TRADE))
            && !doc.toks[start].is(Cues::ORG_HEAD.or(Cues::ORG_FRONT))
        {
            start += 1;
        }
        if start < end && doc.toks[start].is(Cues::DETERMINER) {
            start += 1;
        }
        start = self.after_role_of(start, end);
        // `Shares of Corvane Pharmaceuticals`: the name begins after `of`.
        if start + 2 < end
            && doc.opens(start)
            && BELONGINGS_BEFORE_OF.has(doc.folded(start))
            && doc.folded(start + 1) == "of"
        {
            start += 2;
        }
        if start >= end || (start..end).any(|at| doc.toks[at].is(Cues::RANK)) || is_undertaking(doc.folded(start)) {
            return None;
        }
        let role = (start..end).rev().find(|at| doc.toks[*at].is(Cues::ROLE) && !doc.toks[*at].is(Cues::ORG_HEAD));
        let end = role.map_or(end, |role| role.max(start));
        if let Some(stop) = self.fronted(start, end) {
            return Some((start, stop));
        }
        let head = (start..end)
            .rev()
            .find(|at| doc.toks[*at].is(Cues::ORG_HEAD.or(Cues::FIRM_END)) && doc.toks[*at].capital())?;
        // `Vandermark of the District Court`: two names.
        let parted = (start..head).find(|at| doc.folded(*at) == "of" && doc.toks[*at].shape == Shape::Lower);
        if parted.is_some_and(|tie| {
            (start..tie).all(|at| !doc.toks[at].is(Cues::ORG_HEAD.or(Cues::ORG_FRONT).or(Cues::ORDINARY)))
        }) {
            return None;
        }
        let other = (head + 1..end)
            .any(|at| doc.toks[at].is(Cues::OTHER_HEAD.or(Cues::PLACE_HEAD)) && !doc.toks[at].is(Cues::ORG_HEAD));
        if role.is_some()
            && head + 1 == end
            && matches!(
                doc.folded(head),
                "defence" | "defense" | "finance" | "press" | "service" | "resistance" | "energy"
            )
        {
            return None;
        }
        let tied = head + 1 < end && TIES.has(doc.folded(head + 1)) && !doc.toks[head].is(Cues::FIRM_END);
        let stop = if tied { end } else { self.with_number(head + 1) };
        if (other && !tied) || stop - start < 2 {
            return None;
        }
        self.is_worth(start, stop).then_some((start, stop))
    }

    /// Where a name begins behind a role in it: `Member of the Safety Commission`, but not `Office of the Director of
    /// Intelligence`.
    pub(super) fn after_role_of(&self, start: usize, end: usize) -> usize {
        let doc = self.doc;
        let heads = Cues::ORG_HEAD.or(Cues::ORG_FRONT);
        let first =
            (start..end).find(|at| doc.toks[*at].is(Cues::ROLE.or(heads))).filter(|at| !doc.toks[*at].is(heads));
        let tie = first.map(|role| role + 1).filter(|tie| *tie < end && doc.toks[*tie].shape == Shape::Lower);
        let next = tie.and_then(|tie| (tie..end).find(|at| doc.toks[*at].capital()));
        next.unwrap_or(start)
    }

    /// The end of a name whose head is its first word: `Statistics Finland`, `Fondation des Cathédrales`.
    fn fronted(&self, start: usize, end: usize) -> Option<usize> {
        let doc = self.doc;
        if !doc.toks[start].is(Cues::ORG_FRONT) || end - start < 2 || doc.toks[start].possessive {
            return None;
        }
        let state = self.hit_starting(start + 1).map(|n| self.hit(n)).filter(|hit| {
            hit.actor != NONE && self.kind(hit.actor) == Kind::State && hit.via != Via::Demonym && hit.end <= end
        });
        let tied = doc.toks[start + 1].shape == Shape::Lower;
        state.map(|hit| hit.end).or(tied.then_some(end))
    }

    /// The end of a name with the number that may follow it: `Mobile Unit Two`, `Committee 1267`.
    fn with_number(&self, stop: usize) -> usize {
        let doc = self.doc;
        let number = doc.next(stop).is_some_and(|at| {
            let tok = &doc.toks[at];
            let spelled = matches!(
                doc.folded(at),
                "one" | "two" | "three" | "four" | "five" | "six" | "seven" | "eight" | "nine" | "ten"
            );
            (tok.shape == Shape::Title && spelled)
                || (tok.shape == Shape::Number && tok.gap == Gap::Space && tok.end - tok.start < 5)
        });
        if number && !doc.toks[stop - 1].possessive && !doc.toks[stop - 1].is(Cues::FIRM_END) { stop + 1 } else { stop }
    }

    /// Whether a name is more than the mentions already found in it.
    pub(super) fn is_worth(&self, start: usize, stop: usize) -> bool {
        let mut states = 0;
        let mut at = start;
        // A listed name is kept where a tie and more words follow it (`of Germany`).
        if self.hit_starting(start).is_some_and(|n| {
            let hit = self.hit(n);
            hit.actor != NONE
                && self.kind(hit.actor) != Kind::State
                && hit.end < stop
                && TIES.has(self.doc.folded(hit.end))
        }) {
            return false;
        }
        while at < stop {
            match self.decided(at) {
                Some(n) => {
                    let hit = self.hit(n);
                    let state = self.kind(hit.actor) == Kind::State;
                    let whole = hit.start <= start && hit.end >= stop;
                    if whole || hit.start < start || hit.end > stop || (!state && hit.end == stop) {
                        return false;
                    }
                    states += usize::from(state);
                    at = hit.end;
                }
                None => at += 1,
            }
        }
        let government = self.doc.folded(stop - 1) == "government"
            || (states > 0
                && stop - start == 2
                && matches!(self.doc.folded(stop - 1), "forces" | "government" | "service" | "services" | "officials"));
        !government
    }

    /// The listed actor for which a shorter form stands, because a longer mention of it ends in the same words:
    /// `Response Force` for `NATO Response Force`.
    fn shortened(&self, start: usize, stop: usize) -> Option<u32> {
        if (start..stop).any(|at| self.decided_at(at).is_some()) {
            return None;
        }
        let same = |a: usize, b: usize| self.doc.toks[a].lex.id == self.doc.toks[b].lex.id;
        self.matches
            .hits
            .iter()
            .find(|hit| {
                hit.actor != NONE
                    && self.kind(hit.actor) != Kind::Person
                    && hit.end - hit.start > stop - start
                    && (0..stop - start).all(|back| same(hit.end - 1 - back, stop - 1 - back))
            })
            .map(|hit| hit.actor)
    }

    /// Makes words an unlisted name and withdraws the mentions found within it. If `kind` is
    /// `None`, the words decide it.
    pub(super) fn claim(&mut self, start: usize, stop: usize, kind: Option<Kind>) {
        for at in start..stop {
            if let Some(n) = self.decided(at) {
                let actor = self.hit(n).actor;
                self.matches.hits[n].actor = NONE;
                if let Some(count) = self.firm.get_mut(&actor) {
                    *count = count.saturating_sub(1);
                }
            }
        }
        let kind = kind.unwrap_or_else(|| self.guess(start, stop));
        let name = self.name(start, stop, kind);
        self.mention(start, stop, name, Via::Unlisted);
    }

    /// The kind of organisation that the words of a name show; a body where they show none.
    pub(super) fn guess(&self, start: usize, stop: usize) -> Kind {
        let doc = self.doc;
        let words = (start..stop).filter_map(|at| KINDS.get(doc.folded(at))?.split_once('\t'));
        let by_word = words.filter_map(|(rank, kind)| Some((rank.parse().ok()?, Kind::of_id(kind)?)));
        let firm = (start..stop).any(|at| doc.toks[at].is(Cues::FIRM_END));
        let ranked = by_word.chain(firm.then_some((RANK_OF_FIRM_ENDS, Kind::Company)));
        ranked.min_by_key(|(rank, _)| *rank).map_or(Kind::Body, |(_, kind)| kind)
    }

    /// The number of a name, a new one if it is new in the article.
    fn name(&mut self, start: usize, stop: usize, kind: Kind) -> usize {
        let folded = self.folded_name(start, stop);
        self.names.number(folded, kind)
    }

    /// The folded words of a name.
    pub(super) fn folded_name(&self, start: usize, stop: usize) -> String {
        (start..stop).map(|at| self.doc.folded(at)).collect::<Vec<_>>().join(" ")
    }
}
