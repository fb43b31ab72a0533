//! The model of names and the rules vote on names that no heading covers.
//!
//! What the rules found is evidence for the model. A guess of the model with a margin of [`SURE`] goes before the rules'
//! names that it touches, unless one of them is the same name with more words; so a place or a weapon that the rules took
//! for an organisation is dropped. Other names of the rules stand. A guess with a margin of [`LIKELY`] is taken where
//! the rules found nothing. What the model takes a name for in the whole article has the last word ([`Consensus`]).
//! Mentions of listed actors stay as they are unless a longer name contains them.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Via;
use super::consensus::Consensus;
use super::evidence::Voter;
use super::lexicon::{NONE, WordSet};
use super::lists::Cues;
use super::matcher::Hit;
use super::perceptron::{Guess, Sort};
use super::unlisted::is_undertaking;
use super::why::Step;
use super::work::{Unlisted, Work};
use crate::analysis::{Gap, Shape};
use crate::article::Article;
use crate::authority::{Class, Kind};
use crate::fence;

/// Least margin of a guess that goes before the rules (cross-validation: flat between 50 and 250).
const SURE: i32 = 150;
/// Least margin of a guess where the rules found nothing.
const LIKELY: i32 = 130;
/// Least margin of a guess that a single word is a person's name, where the rules found nothing.
const SINGLE: i32 = 250;
/// Least margin of a guess that takes a name away from the rules because it is no actor.
const AGAINST: i32 = 300;
/// The same where the name has an organisation's head, or the rules know it and it may be a place.
const AGAINST_FIRM: i32 = 600;

/// Whether the model may vote on an article: it has only seen English. Texts too short to tell may be English.
pub(super) fn is_english(article: &Article) -> bool {
    article.language.as_deref().is_none_or(|language| language == "en")
}

/// A name that the vote chose: its words, and its kind if the rules know it.
#[derive(Clone, Copy)]
struct Choice {
    start: usize,
    end: usize,
    sort: Sort,
    kind: Option<Kind>,
}

impl Work<'_> {
    /// Replaces the names that the rules found by those that the vote chooses; `listed` are the matches from before the
    /// rules looked for names without a heading.
    pub(super) fn vote(&mut self, voter: &Voter, lower: &WordSet, listed: Vec<Hit>) {
        let guesses = self.guesses(voter, &self.evidence(lower, &listed));
        let guesses: Vec<Guess> =
            guesses.into_iter().map(|guess| self.trimmed(guess)).filter(|guess| self.may_be(guess)).collect();
        let consensus = Consensus::of(self, &guesses);
        let single = |guess: &&Guess| guess.sort.is_actor() && guess.end - guess.start == 1;
        let faint: Vec<Guess> = guesses.iter().filter(single).copied().collect();
        let mut chosen = self.chosen(guesses);
        chosen.retain_mut(|one| self.agrees(&consensus, one));
        self.start_again(listed);
        // Single words come last: most are a part of a longer name.
        let (alone, whole): (Vec<_>, Vec<_>) = chosen.into_iter().partition(|one| self.is_one_name(one));
        whole.iter().for_each(|one| self.take(one));
        let begun = self.organisations_by_first_word();
        faint.iter().for_each(|guess| self.first_word(guess, &begun));
        let (persons, others): (Vec<_>, Vec<_>) = alone.into_iter().partition(|one| one.sort == Sort::Person);
        others.iter().for_each(|one| self.take(one));
        self.later();
        for one in &persons {
            let word = self.doc.folded(one.end - 1);
            if self.names.end_with(word).is_empty() && self.names.begin_with(word).is_empty() {
                self.take(one);
            }
        }
        self.single_surnames();
    }

    /// The organisations of several words found so far, by their first words; `None` where two begin alike.
    fn organisations_by_first_word(&self) -> FxHashMap<u32, Option<usize>> {
        let mut begun: FxHashMap<u32, Option<usize>> = FxHashMap::default();
        for one in self.unlisted.iter().filter(|one| one.end - one.start > 1) {
            if self.names[one.name].kind != Kind::Person {
                let owner = begun.entry(self.doc.toks[one.start].lex.id).or_insert(Some(one.name));
                *owner = owner.filter(|name| *name == one.name);
            }
        }
        begun
    }

    /// Takes a single word, however unsure the model is of it, for the one person or organisation of the article whose
    /// name begins with it: `Mosaic` after `Mosaic Shipping`.
    fn first_word(&mut self, guess: &Guess, begun: &FxHashMap<u32, Option<usize>>) {
        const PLAIN: Cues = Cues::COMMON.or(Cues::ORG_HEAD).or(Cues::ORG_FRONT);
        let (at, tok) = (guess.start, &self.doc.toks[guess.start]);
        let plain = tok.is(PLAIN) || tok.is(Cues::ORDINARY) && self.doc.opens(at);
        let name = match (guess.sort, self.names.begin_with(self.doc.folded(at))) {
            (Sort::Person, [name]) => Some(*name),
            (Sort::Organisation, _) => begun.get(&tok.lex.id).copied().flatten(),
            _ => None,
        };
        if let Some(name) = name.filter(|_| !plain && !self.taken(at) && !self.has_capital_beside(at)) {
            let surname = guess.sort == Sort::Person && self.family_first(at).is_some();
            self.mention(at, at + 1, name, if surname { Via::Surname } else { Via::Unlisted });
        }
    }

    /// The names that rules and model together find: persons first, then the others, each in reading order.
    fn chosen(&self, guesses: Vec<Guess>) -> Vec<Choice> {
        let by_rule: FxHashSet<(usize, usize)> = self.unlisted.iter().map(|one| (one.start, one.end)).collect();
        let needed = |guess: &Guess| match guess.sort {
            Sort::Person if guess.end - guess.start == 1 => SINGLE,
            Sort::Person | Sort::Organisation => SURE,
            Sort::Place | Sort::Other if self.is_headed(guess) => AGAINST_FIRM,
            Sort::Place if by_rule.contains(&(guess.start, guess.end)) => AGAINST_FIRM,
            Sort::Place | Sort::Other => AGAINST,
        };
        let (sure, rest): (Vec<Guess>, Vec<Guess>) =
            guesses.into_iter().partition(|guess| guess.margin >= needed(guess));
        let mut covered = vec![false; self.doc.toks.len()];
        let mut chosen: Vec<Choice> = Vec::new();
        let mut ruled: Vec<&Unlisted> = self.unlisted.iter().collect();
        ruled.sort_by_key(|one| one.start);
        for (n, guess) in sure.iter().enumerate() {
            // Names of the rules lie apart, so only the last one that begins before the guess ends may contain it.
            let before = ruled.partition_point(|one| one.start < guess.end).checked_sub(1).map(|n| ruled[n]);
            let beside = [n.checked_sub(1), Some(n + 1)].into_iter().flatten().filter_map(|n| sure.get(n));
            let joins = |one: &Unlisted| beside.clone().any(|other| self.is_longer(one, other));
            if before.is_some_and(|one| self.is_longer(one, guess) && !joins(one)) {
                continue;
            }
            covered[guess.start..guess.end].fill(true);
            chosen.push(self.choice(guess));
        }
        for one in ruled {
            if !covered[one.start..one.end].contains(&true) {
                covered[one.start..one.end].fill(true);
                let kind = self.names[one.name].kind;
                chosen.push(Choice { start: one.start, end: one.end, sort: Sort::of_kind(kind), kind: Some(kind) });
            }
        }
        let likely = |guess: &&Guess| {
            let least = if guess.sort == Sort::Person && guess.end - guess.start == 1 { SINGLE } else { LIKELY };
            guess.margin >= least && guess.sort.is_actor() && !covered[guess.start..guess.end].contains(&true)
        };
        chosen.extend(rest.iter().filter(likely).map(|guess| self.choice(guess)));
        chosen.sort_by_key(|one| (one.sort != Sort::Person, one.start));
        chosen
    }

    /// Whether a name is an actor's by what the model takes it for in the whole article; person or organisation is set
    /// by that too. A name of several words in which the rules know the kind of organisation stands.
    fn agrees(&self, consensus: &Consensus, one: &mut Choice) -> bool {
        let known = one.kind.is_some_and(|kind| kind != Kind::Company) && one.end - one.start > 1;
        let other = consensus.against(self, (one.start, one.end), one.sort, one.kind.is_some());
        let other = other.filter(|_| one.sort.is_actor() && !known);
        if let Some(sort) = other.filter(|sort| sort.is_actor()) {
            (one.sort, one.kind) = (sort, (sort == Sort::Person).then_some(Kind::Person));
        }
        other.is_none_or(Sort::is_actor)
    }

    /// Whether a name's head is an organisation's: `Mobility Fund`.
    fn is_headed(&self, guess: &Guess) -> bool {
        self.doc.toks[self.head_of_name(guess.start, guess.end)].is(Cues::ORG_HEAD)
    }

    /// A guess as a choice, with the kind that the rules gave to a name of these words.
    fn choice(&self, guess: &Guess) -> Choice {
        let Guess { start, end, sort, .. } = *guess;
        let kind = self.names.kind_of(&self.folded_name(start, end)).filter(|kind| Sort::of_kind(*kind) == sort);
        Choice { start, end, sort, kind }
    }

    /// Whether a name that the rules found has the words of a guess of its sort and more.
    fn is_longer(&self, one: &Unlisted, guess: &Guess) -> bool {
        one.start <= guess.start
            && guess.end <= one.end
            && guess.end - guess.start < one.end - one.start
            && Sort::of_kind(self.names[one.name].kind) == guess.sort
    }

    /// Whether words are one name: a single word, or several that hyphens join.
    fn is_one_name(&self, one: &Choice) -> bool {
        (one.start + 1..one.end).all(|at| self.doc.toks[at].gap <= Gap::Hyphen)
    }

    /// An organisation without the listed actor that owns it: `Kenya's Supreme Court`; a person without a title.
    fn trimmed(&self, guess: Guess) -> Guess {
        let title = |at: &usize| self.doc.toks[*at].is(Cues::RANK.or(Cues::ROLE));
        let owns = |end: &usize| self.doc.toks[end - 1].possessive;
        let start = match guess.sort {
            Sort::Organisation => {
                let start = self.covers(guess.start, guess.end - 1).filter(owns).unwrap_or(guess.start);
                Some(self.after_role_of(start, guess.end))
            }
            Sort::Person => {
                let titles = (guess.start..guess.end - 1).take_while(title).count();
                Some(self.after_occupation(guess.start + titles, guess.end))
            }
            Sort::Place | Sort::Other => None,
        };
        Guess { start: start.unwrap_or(guess.start), ..guess }
    }

    /// Whether a guess obeys what holds for the names that the rules find.
    fn may_be(&self, guess: &Guess) -> bool {
        let handle = self.doc.before(guess.start).ends_with(['@', '#']);
        let from = self.barred.partition_point(|one| one.start < guess.start);
        let here = self.barred[from..].iter().take_while(|one| one.start == guess.start);
        let barred = here.map(|one| one.end).any(|end| end == guess.end);
        match guess.sort {
            _ if handle || barred || self.doc.is_contraction(guess.start) => false,
            Sort::Person => self.may_be_person(guess),
            Sort::Organisation => self.may_be_organisation(guess),
            Sort::Place | Sort::Other => true,
        }
    }

    fn may_be_person(&self, guess: &Guess) -> bool {
        let doc = self.doc;
        // A comma or a semicolon parts two names; a nickname in quotation marks does not.
        let parted = (guess.start + 1..guess.end).any(|at| matches!(self.gap_class(at), 2 | 4));
        let ship = |tok: &super::doc::Tok| tok.is(Cues::SHIP) && tok.shape == Shape::Upper;
        // `Then-Roe aides`
        let tail = doc.toks[guess.start].gap == Gap::Hyphen;
        !doc.toks[guess.start].is(Cues::CALENDAR)
            && !tail
            && !parted
            && !doc.tok(doc.prev(guess.start)).is_some_and(ship)
            && !self.is_namesake_of_a_place(guess.end)
    }

    fn may_be_organisation(&self, guess: &Guess) -> bool {
        let doc = self.doc;
        let toks = &doc.toks[guess.start..guess.end];
        let [first, ..] = toks else { return false };
        // The rules for listed names left such a match undecided, and they know more of it.
        let undecided = self
            .hit_starting(guess.start)
            .map(|n| self.hit(n))
            .is_some_and(|hit| hit.end == guess.end && hit.actor == NONE);
        // A head alone stands for a name mentioned before, if for any: `heads_alone` decides.
        let head = toks.len() == 1 && first.is(Cues::ORG_HEAD);
        let place = toks.last().is_some_and(|last| last.is(Cues::PLACE_HEAD) && !last.is(Cues::ORG_HEAD));
        // A comma parts two names, but not `Roe, Inc.`
        let parted = (guess.start + 1..guess.end)
            .any(|at| matches!(self.gap_class(at), 2 | 4) && !doc.toks[at].is(Cues::FIRM_END));
        // `NATO Allies`
        let headless =
            |at: usize| !toks[at - guess.start..].iter().any(|tok| tok.is(Cues::ORG_HEAD.or(Cues::FIRM_END)));
        let listed = self.hit_starting(guess.start).map(|n| self.hit(n));
        let added = listed.is_some_and(|hit| hit.actor != NONE && hit.end < guess.end && headless(hit.end));
        !undecided
            && !head
            && !added
            && !parted
            && !place
            && !first.is(Cues::CALENDAR.or(Cues::NOT_AN_ORG))
            && !toks.iter().all(|tok| tok.is(Cues::CREDIT))
            && !is_undertaking(doc.folded(guess.start))
    }

    /// Forgets the names that the rules found, but not the mentions of listed actors that they added.
    fn start_again(&mut self, listed: Vec<Hit>) {
        let found = std::mem::replace(&mut self.matches.hits, listed);
        for hit in found.into_iter().filter(|hit| hit.node == NONE && hit.count == 0 && hit.actor != NONE) {
            let hits = &mut self.matches.hits;
            let at = hits.partition_point(|other| other.start < hit.start);
            let free = hits.get(at).is_none_or(|next| hit.end <= next.start)
                && at.checked_sub(1).is_none_or(|before| hits[before].end <= hit.start);
            if free {
                hits.insert(at, hit);
            }
        }
        self.firm.clear();
        for hit in self.matches.hits.iter().filter(|hit| hit.actor != NONE) {
            *self.firm.entry(hit.actor).or_default() += 1;
        }
        self.names = Default::default();
        self.unlisted.clear();
        self.open_words();
    }

    /// Makes words a name, or bars the words of a place from being one, unless other names are in the way.
    fn take(&mut self, one: &Choice) {
        fence::check();
        let (start, end) = (one.start, one.end);
        self.step = if one.kind.is_some() { Step::Rules } else { Step::Model };
        if !one.sort.is_actor() {
            if !(start..end).any(|at| self.taken(at)) {
                self.claimed[start..end].fill(true);
            }
        } else if one.kind.is_some() {
            self.claim(start, end, one.kind);
        } else if one.sort == Sort::Person {
            if self.is_listed_surname(start, end) {
                self.pending.push((start, end));
            } else if self.is_open(start, end) {
                self.claim(start, end, Some(Kind::Person));
            }
        } else if self.is_one_name(one) && !self.names.end_with(self.doc.folded(end - 1)).is_empty() {
            // A later mention of a person, which `later` finds.
        } else if self.is_open(start, end) && self.is_worth(start, end) && !self.is_owned(start) {
            self.claim(start, end, None);
        }
    }

    /// Whether a name begins with a person's surname in the possessive: `Roe's House`.
    fn is_owned(&self, start: usize) -> bool {
        self.doc.toks[start].possessive && !self.names.end_with(self.doc.folded(start)).is_empty()
    }

    /// Whether words are a surname of persons of the authority file, which `surnames` decides later.
    fn is_listed_surname(&self, start: usize, end: usize) -> bool {
        self.hit_starting(start)
            .map(|n| self.hit(n))
            .is_some_and(|hit| hit.end == end && hit.actor == NONE && self.matches.with(hit, Class::Surname).is_some())
    }

    /// Takes the surnames that turned out to be nobody's of the authority file. At the start of a sentence they may be
    /// other words, so there they count only if they stand elsewhere too.
    pub(super) fn take_pending(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        let opens = |start: usize, end: usize| self.doc.opens(start) && !self.doc.toks[end - 1].possessive;
        let (opening, within): (Vec<_>, Vec<_>) = pending.into_iter().partition(|(start, end)| opens(*start, *end));
        for (start, end) in within {
            self.take_surname(start, end);
        }
        for (start, end) in opening {
            if self.names.kind_of(&self.folded_name(start, end)).is_some() {
                self.take_surname(start, end);
            }
        }
    }

    fn take_surname(&mut self, start: usize, end: usize) {
        let decided = self.covering(start).is_some_and(|n| self.hit(n).actor != NONE);
        if !decided && !(start..end).any(|at| self.taken(at)) {
            self.claim(start, end, Some(Kind::Person));
        }
    }

    /// Whether nothing but mentions that are parts of a longer name stands in the way of a name.
    fn is_open(&self, start: usize, end: usize) -> bool {
        let mut at = start;
        while at < end {
            if !self.taken(at) {
                at += 1;
                continue;
            }
            let Some(hit) = self.covering(at).map(|n| self.hit(n)) else { return false };
            let kind = self.kind(hit.actor);
            let listed = hit.actor != NONE && kind != Kind::Person && !kind.is_thing();
            let part = hit.start >= start && hit.end <= end && hit.end - hit.start < end - start;
            if !listed || !part {
                return false;
            }
            at = hit.end;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use crate::article::Article;
    use crate::authority::Authority;
    use crate::tag::Tagger;

    #[test]
    fn the_model_has_no_vote_in_other_languages() {
        let mut tagger = Tagger::new(Authority::bundled());
        let mut names = |language: Option<&str>| {
            let text = "The report by Friends of the Tannet says otters have returned to the river.".to_owned();
            let article = Article { text, language: language.map(str::to_owned), ..Article::default() };
            tagger.tag(&article).mentions.len()
        };
        assert_eq!(["en", "de"].map(|language| names(Some(language))), [1, 0]);
        assert_eq!(names(None), 1);
    }
}
