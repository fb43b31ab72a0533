//! Persons that no heading covers, found by titles, given names, appositions, verbs of speech, and capitals that
//! nothing else explains.

use super::lexicon::{NONE, WordSet};
use super::lists::Cues;
use super::work::Work;
use crate::analysis::{Gap, Shape};
use crate::authority::{Class, Kind};

/// Words that belong to no person's name unless other evidence shows one.
const NOT_A_NAME: Cues = Cues::ORDINARY
    .or(Cues::COMMON)
    .or(Cues::CALENDAR)
    .or(Cues::ORG_HEAD)
    .or(Cues::ORG_FRONT)
    .or(Cues::OTHER_HEAD)
    .or(Cues::PLACE_HEAD)
    .or(Cues::LOCAL)
    .or(Cues::US_PLACE)
    .or(Cues::ROLE)
    .or(Cues::RANK)
    .or(Cues::FIRM_END)
    .or(Cues::CREDIT);

impl Work<'_> {
    /// Finds persons' names; `lower` are the words that the article also writes in lower case.
    pub(super) fn persons(&mut self, lower: &WordSet) {
        let placed = self.placed_words();
        let mut at = 0;
        while at < self.doc.toks.len() {
            crate::fence::check();
            if let Some(end) = self.namesake(at) {
                self.claim(at, end, Some(Kind::Person));
                at = end;
                continue;
            }
            if let Some(end) = self.title_at(at) {
                at = end;
                continue;
            }
            if !self.can_begin(at, lower) {
                at += 1;
                continue;
            }
            let end = self.person_run(at);
            let start = self.after_titles(at, end);
            if self.is_person(start, end) || self.is_unexplained(start, end, &placed) {
                self.claim(start, end, Some(Kind::Person));
            }
            at = end.max(at + 1);
        }
    }

    /// The end of a veto that begins here and reads like a person's name: of `Michael Jordan` the authority file says
    /// only that it does not mean Jordan.
    fn namesake(&self, at: usize) -> Option<usize> {
        let doc = self.doc;
        if !self.begun[at] {
            return None;
        }
        let hit = self.covering(at).map(|n| self.hit(n)).filter(|hit| hit.veto && hit.start == at)?;
        let name =
            |at: usize| doc.toks[at].shape == Shape::Title && !doc.toks[at].is(NOT_A_NAME) && !doc.toks[at].muted;
        let person = doc.toks[at].is(Cues::FIRST_NAME)
            && (2..=3).contains(&(hit.end - hit.start))
            && (at + 1..hit.end).all(name)
            && doc.tok(doc.prev(at)).is_none_or(|tok| !tok.is(Cues::SHIP.or(Cues::DETERMINER).or(Cues::PLACE_BEFORE)))
            && doc.tok(doc.next(hit.end)).is_none_or(|tok| !tok.capital() || doc.toks[hit.end - 1].possessive);
        person.then_some(hit.end)
    }

    /// The end of an office's title of several words that begins here (`Secretary of State`).
    fn title_at(&self, at: usize) -> Option<usize> {
        if !self.begun[at] {
            return None;
        }
        let hit = self.hit_starting(at).map(|n| self.hit(n)).filter(|hit| hit.actor == NONE)?;
        let title = self.matches.of(hit).iter().any(|c| c.class == Class::Title);
        (title && hit.count > 0 && hit.end - hit.start > 1).then_some(hit.end)
    }

    /// Capitalised words that the article uses as places, right after `in`, `near` or the like.
    fn placed_words(&self) -> Vec<u32> {
        let doc = self.doc;
        let place = |at: usize| {
            doc.toks[at].capital()
                && doc.prev(at).is_some_and(|before| {
                    doc.toks[before].shape == Shape::Lower
                        && matches!(
                            doc.folded(before),
                            "in" | "at" | "near" | "outside" | "around" | "inside" | "through"
                        )
                })
        };
        (0..doc.toks.len()).filter(|at| place(*at)).map(|at| doc.toks[at].lex.id).collect()
    }

    fn can_begin(&self, at: usize, lower: &WordSet) -> bool {
        let tok = &self.doc.toks[at];
        let is_article = || {
            matches!(self.doc.folded(at), "al" | "el" | "abu" | "ibn" | "bin")
                && tok.shape == Shape::Lower
                && self.doc.toks.get(at + 1).is_some_and(|next| next.capital() && next.gap <= Gap::Space)
        };
        // `Q Jen, on the speech`: a single letter that opens a sentence is a label.
        let is_label = || self.doc.opens(at) && tok.end - tok.start == 1 && !self.doc.after(at + 1).starts_with('.');
        if !(tok.capital() || is_article())
            || is_label()
            || !self.free_for_person(at)
            || tok.is(Cues::CALENDAR)
            || self.doc.is_contraction(at)
        {
            return false;
        }
        let opens = self.doc.opens(at) && !tok.is(Cues::FIRST_NAME.or(Cues::RANK).or(Cues::ROLE));
        !(opens && (tok.is(Cues::COMMON) || lower.has(tok.lex.id))) && !tok.is(Cues::DETERMINER)
    }

    /// Whether a word may belong to a person's name and no mention covers it. In a headline, where most words have
    /// capitals, words of [`NOT_A_NAME`] are excluded unless they are given names or ranks.
    fn free_for_person(&self, at: usize) -> bool {
        let tok = &self.doc.toks[at];
        let headline = !tok.headline || tok.is(Cues::FIRST_NAME.or(Cues::RANK)) || !tok.is(NOT_A_NAME);
        !tok.muted && !tok.shouted && headline && !self.taken(at)
    }

    /// The end of a run of capitalised words and particles that no mention covers; a run of nine words ends.
    fn person_run(&self, start: usize) -> usize {
        let doc = self.doc;
        let mut end = start + 1;
        while end < doc.toks.len() && end - start < 9 {
            let tok = &doc.toks[end];
            // The full stop of an initial or a rank does not end the name: the analysis takes it for a blank.
            let near = tok.gap <= Gap::Space;
            let origin = tok.gap == Gap::Hyphen && matches!(doc.folded(end - 1), "al" | "el") && !tok.muted;
            let given = doc.toks[end - 1].is(Cues::FIRST_NAME) || doc.toks[end - 1].end - doc.toks[end - 1].start == 1;
            if let Some(surname) = self.after_nickname(end).filter(|_| given) {
                end = surname + 1;
                continue;
            }
            if !near || doc.toks[end - 1].possessive || !(self.free_for_person(end) || origin) {
                break;
            }
            let preposition = matches!(doc.folded(end), "at" | "as");
            let particle = tok.is(Cues::PARTICLE) && tok.shape == Shape::Lower && !preposition;
            if (tok.capital() && !tok.is(Cues::CALENDAR)) || self.is_syllable(end) {
                end += 1;
            } else if particle {
                match self.after_particles(end) {
                    Some(next) => end = next + 1,
                    None => break,
                }
            } else {
                break;
            }
        }
        end
    }

    /// The capitalised word after a nickname of one or two words in quotation marks that begins at a word:
    /// `James A. “Sandy” Brekkedal`.
    fn after_nickname(&self, at: usize) -> Option<usize> {
        let doc = self.doc;
        let quoted = matches!(doc.before(at).trim_start_matches('.'), " \"" | " “" | " ‘" | " '" | " (");
        let closed = |at: &usize| matches!(doc.before(*at), "\" " | "” " | "’ " | "' " | ") ");
        let name = |at: usize| doc.toks[at].shape == Shape::Title && self.free_for_person(at);
        let next = (at + 1..doc.toks.len().min(at + 3)).find(closed).filter(|_| quoted)?;
        (at..=next).all(name).then_some(next)
    }

    /// Whether a word is the second half of a given name, in lower case and no ordinary word: `Moo-hyun`, `Ching-te`.
    fn is_syllable(&self, at: usize) -> bool {
        let (tok, before) = (&self.doc.toks[at], &self.doc.toks[at - 1]);
        tok.gap == Gap::Hyphen
            && tok.shape == Shape::Lower
            && before.shape == Shape::Title
            && tok.end - tok.start < 8
            && !tok.is(NOT_A_NAME.or(Cues::ACTS).or(Cues::PARTICLE))
            && !self.doc.folded(at).ends_with("ed")
            && !matches!(self.doc.folded(at), "era" | "led" | "run")
    }

    /// The capitalised word after one or more particles that begin at a word.
    fn after_particles(&self, at: usize) -> Option<usize> {
        let doc = self.doc;
        let mut next = at + 1;
        while next < doc.toks.len()
            && doc.toks[next].gap <= Gap::Space
            && doc.toks[next].is(Cues::PARTICLE)
            && doc.toks[next].shape == Shape::Lower
        {
            next += 1;
        }
        let tok = doc.toks.get(next)?;
        let origin = tok.gap == Gap::Hyphen && tok.capital();
        (tok.capital() && tok.gap <= Gap::Space && (self.free_for_person(next) || origin)).then_some(next)
    }

    /// The first word of a run after its titles and ranks.
    fn after_titles(&self, start: usize, end: usize) -> usize {
        (start..end)
            .rev()
            .find(|at| {
                let tok = &self.doc.toks[*at];
                // `Gen.` is a rank, `Gen` may be a name.
                let dotted = tok.is(Cues::RANK) && self.doc.after(*at + 1).starts_with('.');
                tok.is(Cues::ROLE.or(Cues::RANK).or(Cues::ORG_HEAD)) && (dotted || !tok.is(Cues::FIRST_NAME))
            })
            .map_or_else(|| self.after_occupation(start, end), |at| at + 1)
    }

    /// The first word of a run, after an occupation that may open the sentence: `Printer Oriol Casademunt`.
    pub(super) fn after_occupation(&self, start: usize, end: usize) -> usize {
        let tok = &self.doc.toks[start];
        let agent =
            ["er", "or", "ist", "man", "woman", "guard"].iter().any(|end| self.doc.folded(start).ends_with(end));
        if self.doc.folded(start) == "justice" && end - start > 1 {
            return start + 1;
        }
        let occupation = self.doc.opens(start)
            && end - start > 2
            && tok.gap != Gap::Hyphen
            && !tok.is(Cues::FIRST_NAME)
            && (agent || tok.is(Cues::ORDINARY))
            && self.doc.toks[start + 1].gap == Gap::Space;
        start + usize::from(occupation)
    }

    fn is_person(&self, start: usize, end: usize) -> bool {
        let doc = self.doc;
        if start >= end {
            return false;
        }
        let titled = self.is_titled(start);
        let words =
            (start..end).filter(|at| doc.toks[*at].end - doc.toks[*at].start > 1 && doc.toks[*at].capital()).count();
        if (start..end).any(|at| {
            let tok = &doc.toks[at];
            let head = tok.is(Cues::PLACE_HEAD.or(Cues::OTHER_HEAD));
            let digit = doc.folded(at).contains(|c: char| c.is_ascii_digit());
            digit || (head && !(at == start && tok.is(Cues::FIRST_NAME)))
        }) {
            return false;
        }
        if !titled && self.is_namesake_of_a_place(end) {
            return false;
        }
        if doc.folded_or_empty(start.checked_sub(1)) == "the" && doc.toks[start].gap <= Gap::Space {
            return false;
        }
        let upper = (start..end)
            .filter(|at| {
                doc.toks[*at].shape == Shape::Upper
                    && doc.toks[*at].end - doc.toks[*at].start > 2
                    && !self.is_initials(*at)
                    && !matches!(doc.folded(*at), "iii" | "viii" | "xii" | "xvi")
            })
            .count();
        if upper > 0 && !(titled && upper == words) {
            return false;
        }
        let ordinary = (start..end).all(|at| doc.toks[at].is(Cues::ORDINARY.or(Cues::COMMON)));
        if ordinary && !doc.toks[start].is(Cues::FIRST_NAME) {
            return false;
        }
        if words < 2 || !(start + 1..end).any(|at| doc.toks[at].gap != Gap::Hyphen) {
            return titled && self.is_single_name(start, end);
        }
        let given = doc.toks[start].is(Cues::FIRST_NAME)
            || (doc.toks[start].end - doc.toks[start].start <= 2 && doc.toks[start + 1].is(Cues::FIRST_NAME));
        let particle = (start..end).any(|at| {
            doc.toks[at].is(Cues::PARTICLE) && matches!(doc.folded(at), "bin" | "ibn" | "abu" | "von" | "van")
        });
        words <= 5 && (titled || given || particle || self.is_introduced(end) || self.recurs(start, end))
    }

    /// Whether the name is that of a place called after a person: `Jorge Chavez airport`.
    pub(super) fn is_namesake_of_a_place(&self, end: usize) -> bool {
        let doc = self.doc;
        !doc.toks[end - 1].possessive
            && matches!(
                doc.folded_or_empty(doc.next(end)),
                "airport" | "stadium" | "street" | "avenue" | "square" | "hospital" | "bridge" | "airbase" | "highway"
            )
    }

    /// Whether a name of one word after a title is a person's: no listed surname, no part of a longer name
    /// (`President Najibullah`).
    fn is_single_name(&self, start: usize, end: usize) -> bool {
        let doc = self.doc;
        let listed = self.covering(end - 1).is_some_and(|n| self.matches.with(self.hit(n), Class::Surname).is_some());
        let compound = doc.tok(doc.next(end)).is_some_and(|next| next.capital());
        !listed
            && !compound
            && (start..end).all(|at| !doc.toks[at].is(Cues::COMMON.or(Cues::ORG_HEAD).or(Cues::NOT_IN_OFFICE)))
    }

    /// Whether a word consists of initials: `C.M.`, `J.K.`
    fn is_initials(&self, at: usize) -> bool {
        self.doc.surface(at, at + 1).contains('.') && self.doc.folded(at).len() <= 3
    }

    /// Whether two to four words, none of them an ordinary word, can only be a person's name: they stand where a person
    /// may stand and a place may not.
    fn is_unexplained(&self, start: usize, end: usize, placed: &[u32]) -> bool {
        let doc = self.doc;
        if start >= end || !(2..=4).contains(&(end - start)) {
            return false;
        }
        let plain = |at: usize| {
            let tok = &doc.toks[at];
            match tok.shape {
                Shape::Title | Shape::Mixed => !tok.is(NOT_A_NAME) && !tok.headline,
                Shape::Upper => tok.end - tok.start == 1 || (at == start && self.is_initials(at)),
                Shape::Lower => tok.is(Cues::PARTICLE) || tok.gap == Gap::Hyphen,
                _ => false,
            }
        };
        let last = &doc.toks[end - 1];
        let surname = self.covering(end - 1).is_some_and(|n| self.matches.with(self.hit(n), Class::Surname).is_some());
        (start..end).all(plain)
            && (start + 1..end).any(|at| doc.toks[at].gap != Gap::Hyphen)
            && last.end - last.start > 1
            && (surname || !placed.contains(&doc.toks[start].lex.id))
            && (self.may_stand_after(start) || (surname && self.follows_preposition(start)))
            && self.may_stand_before(end)
    }

    /// Whether the name may be a person's, judging by the word before it.
    fn may_stand_after(&self, start: usize) -> bool {
        let doc = self.doc;
        let Some(before) = doc.prev(start) else { return !doc.before(start).contains(['(', ':', '[']) };
        let tok = &doc.toks[before];
        if doc.toks[start].gap == Gap::Hyphen || tok.capital() && !doc.opens(before) && !tok.possessive {
            return false;
        }
        !(tok.is(Cues::PLACE_BEFORE.or(Cues::DETERMINER).or(Cues::TRADE).or(Cues::SHIP).or(Cues::PLACE_HEAD))
            || matches!(doc.folded(before), "of" | "on" | "in" | "at" | "a" | "an" | "beat" | "as" | "or" | "like"))
    }

    fn follows_preposition(&self, start: usize) -> bool {
        matches!(
            self.doc.folded_or_empty(self.doc.prev(start)),
            "of" | "to" | "from" | "on" | "as" | "or" | "like" | "at"
        )
    }

    /// Whether the name may be a person's, judging by what follows: not the head of a thing's or place's name, and not
    /// the country in which a place lies.
    fn may_stand_before(&self, end: usize) -> bool {
        let doc = self.doc;
        if let Some(next) = doc.tok(doc.next(end)).filter(|_| !doc.toks[end - 1].possessive) {
            return next.gap != Gap::Hyphen
                && !next.capital()
                && next.shape != Shape::Number
                && (next.is(Cues::ACTS)
                    || !next.is(Cues::LOCAL.or(Cues::FIRM).or(Cues::PLACE_HEAD).or(Cues::OTHER_HEAD)));
        }
        let state = self
            .hit_starting(end)
            .is_some_and(|n| self.hit(n).actor != NONE && self.kind(self.hit(n).actor) == Kind::State);
        !(state && doc.before(end).trim() == ",")
    }

    /// Whether a title, rank or role stands right before the name.
    fn is_titled(&self, start: usize) -> bool {
        let doc = self.doc;
        let Some(before) = doc.prev(start) else { return false };
        let tok = &doc.toks[before];
        let role = (tok.is(Cues::RANK) && tok.capital() || tok.is(Cues::ROLE)) && !tok.possessive;
        let title = self
            .hit_ending(start)
            .is_some_and(|n| self.matches.of(self.hit(n)).iter().any(|c| c.class == Class::Title));
        (role || title) && doc.toks[start].gap <= Gap::Space
    }

    /// Whether what follows introduces the name as a person's: `Name said`, `Name, 43,`, `Name, a lawyer,`.
    fn is_introduced(&self, end: usize) -> bool {
        let doc = self.doc;
        let Some(tok) = doc.toks.get(end) else { return false };
        if tok.gap <= Gap::Space {
            return matches!(
                doc.folded(end),
                "said"
                    | "says"
                    | "told"
                    | "added"
                    | "who"
                    | "wrote"
                    | "testified"
                    | "resigned"
                    | "explained"
                    | "warned"
                    | "argued"
            );
        }
        if tok.gap != Gap::Punctuation || !doc.before(end).starts_with([',', '(']) {
            return false;
        }
        let age = tok.shape == Shape::Number && tok.end - tok.start == 2;
        let who = doc.folded(end) == "who";
        // `Name, where the President spoke` is no apposition, although it holds a role.
        let apposition = !tok.is(Cues::COMMON) || tok.is(Cues::DETERMINER) || tok.is(Cues::NOT_IN_OFFICE);
        let role = apposition
            && (end..(end + 6).min(doc.toks.len()))
                .take_while(|at| *at == end || doc.toks[*at].gap <= Gap::Space)
                .any(|at| doc.toks[at].is(Cues::ROLE) && (doc.toks[at].shape == Shape::Lower || at > end));
        age || who || role || matches!(doc.folded(end), "said" | "told")
    }

    /// Whether the last word of the name is, alone, the subject of a verb elsewhere in the article.
    fn recurs(&self, start: usize, end: usize) -> bool {
        let doc = self.doc;
        let last = &doc.toks[end - 1];
        let plain = (start..end).all(|at| {
            doc.toks[at].shape == Shape::Title
                && !doc.toks[at].is(Cues::COMMON.or(Cues::ORG_HEAD).or(Cues::CALENDAR))
                && doc.toks[at].lex.word == NONE
        });
        plain && end - start <= 3 && self.acting.contains(&last.lex.id)
    }
}
