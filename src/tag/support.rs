//! Names that mean several things: a heading counts only where the article supports it, and nobody is a choice too.
//!
//! Two kinds of evidence are weighed. For a heading speak its other names in the article, the body and the state that it
//! belongs to, and the words of its name. Against it speak other meanings of the same letters: those that the article
//! spells out itself, and those of a list whose words stand in the article.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Via;
use super::context::Weights;
use super::doc::Tok;
use super::index::Candidate;
use super::lexicon::{Lexicon, NONE, WordSet};
use super::lists::Cues;
use super::matcher::Hit;
use super::work::Work;
use crate::analysis::{Gap, Shape, spelling};
use crate::authority::table::field;
use crate::authority::{Class, Kind};
use crate::wordlist::{WordList, WordTable};

/// Initialisms with what else they mean; `=de` marks an ordinary word of a language.
static OTHER_MEANINGS: WordTable = WordTable::new(include_str!("lists/other_meanings.txt"));
/// Names of one or two words that are often no name of the heading, each with the heading.
static AMBIGUOUS_NAMES: WordTable = WordTable::new(include_str!("lists/ambiguous_names.txt"));
/// States whose name is also a place in the United States, a person's name or an ordinary word.
static STATES_IN_DOUBT: WordTable = WordTable::new(include_str!("lists/states_in_doubt.txt"));
/// Words of an article on the home affairs of the United States.
static AMERICAN_AFFAIRS: WordList = WordList::new(include_str!("lists/american_affairs.txt"));
/// Letters of an initialism, at most.
const LETTERS: usize = 6;
/// What a heading needs at least.
const ENOUGH: f32 = 1.0;
/// By how much the best heading must beat the next.
const CLEAR: f32 = 1.5;

/// Why a certain name does not count by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubtful {
    /// Letters with several meanings.
    Initialism,
    /// A state whose name means other things too.
    State,
    /// Another name that is often something else.
    Name,
}

/// Whether a folded name is that of a state in doubt.
pub(super) fn is_state_in_doubt(name: &str) -> bool {
    STATES_IN_DOUBT.get(name).is_some()
}

/// Whether a folded name is often something else than this heading.
pub(super) fn is_ambiguous_name(name: &str, heading: &str) -> bool {
    AMBIGUOUS_NAMES.get(name).is_some_and(|headings| headings.split(' ').any(|own| own == heading))
}

/// Which initialisms are decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Those that mostly mean the heading: other names rest on them.
    Mostly,
    /// All that are left.
    Any,
}

impl Work<'_> {
    /// Why a certain name needs support where it stands, if it does.
    pub(super) fn doubtful(&self, hit: &Hit, found: &[Candidate]) -> Option<Doubtful> {
        let first = &self.doc.toks[hit.start];
        if hit.end - hit.start == 1 && first.shape == Shape::Upper {
            let letters = letters(self.doc.surface(hit.start, hit.end));
            let shared = found.iter().any(|c| c.actor != found[0].actor && !self.index.actor(c.actor).former);
            let state = found.iter().any(|c| self.kind(c.actor) == Kind::State);
            let doubtful = self.explained.contains(&first.lex.id) || OTHER_MEANINGS.get(&letters).is_some() || shared;
            let short = (2..=LETTERS).contains(&letters.len());
            return (short && doubtful && !state).then_some(Doubtful::Initialism);
        }
        self.index.doubtful(hit.node).filter(|doubt| *doubt != Doubtful::State || !first.shouted)
    }

    /// Finds initialisms that the article explains as something that no heading is: `maritime domain awareness (MDA)`.
    pub(super) fn explanations(&mut self) {
        let doc = self.doc;
        for at in 1..doc.toks.len() {
            let tok = &doc.toks[at];
            if tok.gap != Gap::Punctuation || tok.muted || tok.shape == Shape::Lower || !self.in_brackets(at) {
                continue;
            }
            let Some(start) = self.spelled_out(at) else { continue };
            let own: Vec<u32> = self
                .covering(at)
                .map_or(Vec::new(), |n| self.matches.of(self.hit(n)).iter().map(|candidate| candidate.actor).collect());
            let from = self.matches.hits.partition_point(|hit| hit.end <= start);
            let named = self.matches.hits[from..]
                .iter()
                .take_while(|hit| hit.start < at)
                .any(|hit| !hit.veto && self.matches.of(hit).iter().any(|candidate| own.contains(&candidate.actor)));
            let words: WordSet = doc.toks[start..at].iter().map(|tok| tok.lex.canonical).collect();
            let heading = |actor: &u32| self.authority.table().actor_string(*actor as usize, field::HEADING);
            let spelled = own.iter().any(|actor| share(self.lexicon, &words, heading(actor)).0 > 0.6);
            // Words that are vetoed for a heading are those of something else: `Environmental Defense Fund (EDF)`.
            let other = self.matches.hits[from..]
                .iter()
                .take_while(|hit| hit.start < at)
                .any(|hit| hit.veto && hit.start == start && hit.end == at);
            let known = own.len() == 1 && OTHER_MEANINGS.get(&letters(doc.surface(at, at + 1))).is_none();
            if other || !named && !spelled && !known {
                self.explained.insert(tok.lex.id);
            }
        }
    }

    /// The first of the words right before an initialism whose initials are its letters. Small words may stand between.
    pub(super) fn spelled_out(&self, at: usize) -> Option<usize> {
        let doc = self.doc;
        let letters = letters(doc.surface(at, at + 1)).to_lowercase();
        let mut left = letters.chars().rev().peekable();
        let mut word = at;
        while let Some(letter) = left.peek().copied() {
            word = word.checked_sub(1)?;
            if doc.toks[word + 1].gap > Gap::Punctuation || at - word > 2 * LETTERS {
                return None;
            }
            let folded = doc.folded(word);
            if folded.starts_with(letter) {
                left.next();
            } else if doc.toks[word].shape != Shape::Number && !doc.toks[word].is(Cues::EMPTY) {
                return None;
            }
        }
        (letters.len() > 1).then_some(word)
    }

    /// Whether an initialism stands in a reference to a law: `22 U.S.C. 2751`, `section 506 of the FAA`.
    fn is_law(&self, hit: &Hit) -> bool {
        let doc = self.doc;
        let number = |at: Option<usize>| doc.tok(at).is_some_and(|tok| tok.shape == Shape::Number);
        if number(doc.prev(hit.start)) && (number(doc.next(hit.end)) || doc.after(hit.end).contains('§')) {
            return true;
        }
        let sections =
            |word: &str| matches!(word, "section" | "sections" | "sec" | "secs" | "chapter" | "title" | "article");
        let from = hit.start.saturating_sub(8);
        doc.folded_or_empty(doc.prev(hit.start)) == "the"
            && hit.start > 1
            && doc.folded(hit.start - 2) == "of"
            && (from..hit.start).any(|at| sections(doc.folded(at)) && doc.toks[at + 1].shape != Shape::Lower)
    }

    /// Decides initialisms with several meanings by the evidence of the article.
    pub(super) fn weigh_initialisms(&mut self, standing: Standing) {
        let doc = self.doc;
        let mut weights: Option<Weights> = None;
        let mut decided: FxHashMap<u32, Option<u32>> = FxHashMap::default();
        for n in 0..self.matches.hits.len() {
            let hit = *self.hit(n);
            if hit.veto || hit.actor != NONE || hit.end - hit.start > 1 {
                continue;
            }
            let certain = |c: &&Candidate| matches!(c.class, Class::Heading | Class::Strong | Class::Exact);
            let found: Vec<Candidate> = self.matches.of(&hit).iter().filter(certain).copied().collect();
            if found.is_empty() || self.doubtful(&hit, &found) != Some(Doubtful::Initialism) || self.is_law(&hit) {
                continue;
            }
            if standing == Standing::Mostly && prior(&letters(doc.surface(hit.start, hit.end))) < ENOUGH {
                continue;
            }
            let id = doc.toks[hit.start].lex.id;
            let actor = *decided.entry(id).or_insert_with(|| {
                let words = self.vocabulary.get_or_init(|| doc.toks.iter().map(|tok| tok.lex.canonical).collect());
                let weights = weights.get_or_insert_with(|| self.weigh_states());
                self.weighed(&hit, &found, weights, words)
            });
            if let Some(actor) = actor {
                self.decide(n, actor, Via::Acronym);
            }
        }
    }

    /// The heading that an initialism means in this article, if one is supported enough and clearly the best.
    fn weighed(&self, hit: &Hit, found: &[Candidate], weights: &Weights, words: &WordSet) -> Option<u32> {
        let letters = letters(self.doc.surface(hit.start, hit.end));
        let explained = self.explained.contains(&self.doc.toks[hit.start].lex.id);
        let against = if explained { f32::MAX } else { self.other_meaning(&letters, words) };
        let prior = prior(&letters) + self.acts_as_body(hit);
        let mut ranked: Vec<(f32, u32)> =
            found.iter().map(|c| (self.support(hit, c.actor, prior, weights, words), c.actor)).collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
        ranked.dedup_by_key(|(_, actor)| *actor);
        let (best, actor) = *ranked.first()?;
        let next = ranked.get(1).map_or(0.0, |(support, _)| *support);
        (best >= ENOUGH && best > against && best >= CLEAR * next).then_some(actor)
    }

    /// How much the words next to letters show that they are an actor of some kind, not a thing.
    fn acts_as_body(&self, hit: &Hit) -> f32 {
        let doc = self.doc;
        let next = doc.next(hit.end);
        let role = doc.tok(next).is_some_and(|tok| tok.is(Cues::ROLE) && tok.shape == Shape::Lower);
        let acts = next.is_some_and(|at| self.is_verb_of_will(at));
        if role || acts || doc.toks[hit.end - 1].possessive { 0.5 } else { 0.0 }
    }

    /// How well the article supports one of the other meanings of some letters.
    fn other_meaning(&self, letters: &str, words: &WordSet) -> f32 {
        let of_words = meanings(letters).filter(|meaning| !meaning.starts_with('='));
        let support = of_words.map(|meaning| match share(self.lexicon, words, meaning) {
            (share, all) if share == 1.0 && all > 1 && self.has_phrase(meaning) => 2.5,
            (share, all) if share == 1.0 && all == 1 => 0.9,
            (share, all) if share > 0.6 && all > 1 => 0.75,
            _ => 0.0,
        });
        let ordinary = self.article.language.as_deref().is_some_and(|own| {
            meanings(letters).any(|meaning| meaning.strip_prefix('=').is_some_and(|language| language == own))
        });
        support.fold(if ordinary { 1.5 } else { 0.0 }, f32::max)
    }

    /// Whether the telling words of a name stand together somewhere in the article.
    fn has_phrase(&self, name: &str) -> bool {
        let wanted = telling(self.lexicon, name);
        let mut at = 0;
        for tok in self.doc.toks.iter().filter(|tok| !tok.is(Cues::EMPTY)) {
            at = match wanted.get(at) {
                Some(next) if *next == tok.lex.canonical => at + 1,
                _ => usize::from(wanted.first() == Some(&tok.lex.canonical)),
            };
            if at == wanted.len() {
                return true;
            }
        }
        false
    }

    /// How well the article supports a heading, which has this support before the article is read.
    fn support(&self, hit: &Hit, actor: u32, prior: f32, weights: &Weights, words: &WordSet) -> f32 {
        let info = self.index.actor(actor);
        let owner = self.owner_before(hit.start).map(|owner| self.index.actor(owner).state);
        let owned = if owner.is_some_and(|state| state != NONE && state == info.state) { 1.0 } else { 0.0 };
        let named = if self.firm.get(&actor).is_some_and(|count| *count > 0) { 3.0 } else { 0.0 };
        let body = if self.firm.get(&info.body).is_some_and(|count| *count > 0) { 1.0 } else { 0.0 };
        let state = match info.state {
            NONE => 0.0,
            // Most texts name the United States, whatever the letters mean there.
            state if state == self.index.states && prior < 0.5 => 0.25 * weights.of(state).min(2.0),
            state => 0.75 * weights.of(state).min(2.0),
        };
        let heading = self.authority.table().actor_string(actor as usize, field::HEADING);
        let own = match share(self.lexicon, words, heading) {
            (share, all) if share == 1.0 && all > 1 => 1.5,
            (share, all) if share > 0.6 && all > 1 => 0.75,
            _ => 0.0,
        };
        prior + owned + named + body + state + own
    }

    /// Decides states whose name is also a place, a person's name or a word.
    pub(super) fn weigh_states_in_doubt(&mut self) {
        let mut common: FxHashMap<u32, (f32, bool)> = FxHashMap::default();
        for n in 0..self.matches.hits.len() {
            let hit = *self.hit(n);
            if hit.veto || hit.actor != NONE || hit.end - hit.start > 1 {
                continue;
            }
            let state =
                |c: &&Candidate| matches!(c.class, Class::Heading | Class::Strong) && self.kind(c.actor) == Kind::State;
            let Some(candidate) = self.matches.of(&hit).iter().find(state).copied() else { continue };
            if self.doubtful(&hit, &[candidate]) != Some(Doubtful::State) || !self.stands(&hit, candidate.actor) {
                continue;
            }
            let lexeme = self.doc.toks[hit.start].lex.id;
            let (weight, person) = *common.entry(lexeme).or_insert_with(|| self.speaks_of_state(&hit, candidate.actor));
            if weight + self.acts_as_state(&hit) >= ENOUGH {
                self.decide(n, candidate.actor, self.via(&hit, candidate));
            } else {
                // A place or a word is no name without a heading either.
                self.matches.hits[n].veto = !person;
            }
        }
    }

    /// How much an article as a whole speaks for the state of a name rather than for a place, a person or a word; and
    /// whether it names a person so.
    fn speaks_of_state(&self, hit: &Hit, state: u32) -> (f32, bool) {
        let doc = self.doc;
        let word = doc.folded(hit.start);
        let row = STATES_IN_DOUBT.get(word).unwrap_or_default();
        let (prior, against) = row.split_once('\t').unwrap_or((row, ""));
        let prior = prior.parse::<f32>().unwrap_or(ENOUGH);
        let at_home = prior < ENOUGH;
        let (mut own, mut others, mut american) = (0.0f32, FxHashSet::default(), 0.0f32);
        for other in self.matches.hits.iter().filter(|other| !other.veto) {
            let place = self.matches.with(other, Class::Metonym).map(|place| place.actor);
            let actor = if other.actor == NONE { place } else { Some(other.actor) };
            let Some(actor) = actor else { continue };
            let of = self.index.actor(actor).state;
            if of == state {
                own += 1.0;
            } else if of == self.index.states {
                american += if at_home { 0.25 } else { 0.0 };
            } else if of != NONE {
                others.insert(of);
                // Of two states that share a word, the article means the one that it names in full.
                let heading = self.authority.table().actor_string(actor as usize, field::HEADING).to_lowercase();
                if self.kind(actor) == Kind::State && heading.contains(word) && other.end - other.start > 1 {
                    own -= 3.0;
                }
            }
        }
        let mut people = 0.0f32;
        for (at, tok) in doc.toks.iter().enumerate() {
            if tok.lex.id == doc.toks[hit.start].lex.id {
                let longer =
                    self.covering(at).map(|n| self.hit(n)).is_some_and(|hit| hit.end - hit.start > 1 && !hit.veto);
                let first_name = self.is_given_name(doc.prev(at)) && tok.gap == Gap::Space;
                let given = tok.is(Cues::FIRST_NAME)
                    && !tok.possessive
                    && !longer
                    && doc.tok(doc.next(at + 1)).is_some_and(|next| {
                        let other = Cues::ORG_HEAD.or(Cues::ROLE).or(Cues::RANK).or(Cues::CALENDAR).or(Cues::COMMON);
                        next.shape == Shape::Title && next.gap == Gap::Space && !next.is(other) && !next.headline
                    });
                people += if first_name || given { 2.0 } else { 0.0 };
                american += if self.is_in_american_state(at) { 3.0 } else { 0.0 };
            } else if against.split(' ').any(|word| word == doc.folded(at))
                || at_home && (self.is_american_town(at) || AMERICAN_AFFAIRS.has(doc.folded(at)))
            {
                american += 0.5;
            }
        }
        let abroad = 0.5 * others.len().min(2) as f32;
        (prior + own.min(2.0) + abroad - american.min(3.0) - people.min(3.0), people > 0.0)
    }

    /// Whether a name stands in an American address: `Lebanon, Tennessee`; `Atlanta, Georgia`.
    pub(super) fn is_american_place(&self, at: usize) -> bool {
        let doc = self.doc;
        let georgia = doc.folded(at) == "georgia" && at > 0 && self.is_after_comma(at);
        self.is_in_american_state(at) || (georgia && is_american(&doc.toks[at - 1]))
    }

    /// Whether a name is a town, and its state follows: `Lebanon, Tennessee`.
    fn is_in_american_state(&self, at: usize) -> bool {
        let next = self.doc.toks.get(at + 1);
        next.is_some_and(is_american)
            && self.is_after_comma(at + 1)
            && self.index.state_named(self.doc, at + 1).is_none()
    }

    /// Whether a word is a place in the United States that is not explained by the state's name behind it.
    fn is_american_town(&self, at: usize) -> bool {
        let state =
            self.doc.toks.get(at + 1).is_some_and(|next| next.is(Cues::US_PLACE)) || self.is_after_comma(at + 1);
        is_american(&self.doc.toks[at]) && !state && self.decided_at(at).is_none()
    }

    fn is_after_comma(&self, at: usize) -> bool {
        self.doc.toks.get(at).is_some_and(|tok| tok.gap == Gap::Punctuation) && self.doc.before(at).trim() == ","
    }

    /// How much the words next to a name speak for a state.
    fn acts_as_state(&self, hit: &Hit) -> f32 {
        let doc = self.doc;
        if self.is_american_place(hit.start) {
            return -5.0;
        }
        let next = doc.next(hit.end);
        let owner = doc.toks[hit.end - 1].possessive && doc.tok(next).is_some_and(|tok| tok.is(Cues::WILL));
        let acts = next.is_some_and(|at| self.is_verb_of_will(at)) && !doc.toks[hit.end - 1].possessive;
        let before = doc.folded_or_empty(doc.prev(hit.start));
        let place = doc.tok(doc.prev(hit.start)).is_some_and(|tok| tok.is(Cues::PLACE_BEFORE));
        let river = matches!(before, "river" | "the" | "of")
            && doc.folded_or_empty(hit.start.checked_sub(2)) == "river"
            || before == "river"
            || doc.folded_or_empty(next) == "river";
        let mut sum = 0.0;
        if owner || acts {
            sum += 0.5;
        }
        if self.in_list(hit) {
            sum += 1.0;
        }
        if place {
            // Somebody flies to Chad, the state, even where Chad is somebody; in Georgia is said of both.
            let at_home = STATES_IN_DOUBT.get(doc.folded(hit.start)).is_some_and(|row| row.starts_with('0'));
            sum += if at_home { 0.25 } else { 2.0 };
        }
        if river || before == "the" {
            sum -= 3.0;
        }
        sum
    }
}

fn is_american(tok: &Tok) -> bool {
    tok.is(Cues::US_PLACE) && tok.capital()
}

/// The letters of an initialism in capitals, without points.
fn letters(surface: &str) -> String {
    surface.chars().filter(|c| c.is_alphanumeric() || *c == '&').flat_map(char::to_uppercase).collect()
}

/// The words of a name that tell something, by the numbers of their canonical spellings.
fn telling(lexicon: &Lexicon, name: &str) -> Vec<u32> {
    let name = name.split('(').next().unwrap_or_default().to_lowercase();
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 1);
    let telling = words.filter(|word| !lexicon.cues(word).any(Cues::EMPTY));
    telling.map(|word| lexicon.canonical(&spelling::canonical(word))).collect()
}

/// The share of a name's telling words that are in a set, and how many telling words there are.
fn share(lexicon: &Lexicon, words: &WordSet, name: &str) -> (f32, usize) {
    let telling = telling(lexicon, name);
    let found = telling.iter().filter(|word| words.has(**word)).count();
    (if telling.is_empty() { 0.0 } else { found as f32 / telling.len() as f32 }, telling.len())
}

/// What speaks for the headings of some letters before the article is read: 1 where the letters nearly always mean them.
fn prior(letters: &str) -> f32 {
    match OTHER_MEANINGS.get(letters).and_then(|row| row.split('\t').next()) {
        Some("mostly") => 1.0,
        Some("rarely") => 0.0,
        _ => 0.5,
    }
}

/// What else some letters mean.
fn meanings(letters: &str) -> impl Iterator<Item = &'static str> {
    OTHER_MEANINGS.get(letters).into_iter().flat_map(|row| row.split('\t').skip(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authority::Authority;
    use crate::tag::index::LANGUAGES;

    #[test]
    fn every_row_of_a_list_is_about_a_heading() {
        let authority = Authority::bundled();
        let unknown = |id: &&str| authority.heading(id).is_none();
        let names = LANGUAGES.iter().flat_map(|(_, list)| crate::wordlist::entries(list));
        let headings = names.filter_map(|row| row.split('\t').nth(1)).flat_map(|ids| ids.split(' '));
        assert_eq!(headings.filter(unknown).collect::<Vec<_>>(), [""; 0]);
        let headings = AMBIGUOUS_NAMES.rows().flat_map(|(_, ids)| ids.split(' '));
        assert_eq!(headings.filter(unknown).collect::<Vec<_>>(), [""; 0]);
        let odd = |row: &(&str, &str)| {
            !["mostly", "often", "rarely"].iter().any(|word| row.1.split('\t').next() == Some(word))
        };
        assert_eq!(OTHER_MEANINGS.rows().filter(odd).collect::<Vec<_>>(), [("", ""); 0]);
    }

    #[test]
    fn names_are_compared_by_their_telling_words() {
        let mut lexicon = Lexicon::new();
        let words: WordSet = ["ministry", "defence"].map(|word| lexicon.look(word).canonical).into_iter().collect();
        assert_eq!(telling(&lexicon, "Ministry of Defense (Alda)"), telling(&lexicon, "the Ministry of Defence"));
        assert_eq!(share(&lexicon, &words, "Ministry of Defence"), (1.0, 2));
        assert_eq!(share(&lexicon, &words, "Ministry of Ships"), (0.5, 2));
        assert_eq!(share(&lexicon, &words, "of the"), (0.0, 0));
        assert_eq!(letters("U.S.C."), "USC");
    }
}
