//! Speakers: which actor the words for a speaker mean.
//!
//! A name is a mention already. `A spokesman for Alda` speaks for the mention after it. A pronoun, `the minister` and
//! `the company` mean the last fitting mention that is the first of its sentence, or the last fitting speaker.

use std::cell::OnceCell;
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::Speaker;
use super::lists::{Class, class_of};
use super::marks::Quoted;
use super::pieces::Zone;
use crate::analysis::{Gap, Shape, Word, Words};
use crate::tag::{Mention, Via, is_mans_name, is_womans_name};

/// Sentences that are looked through for whom a pronoun means.
const SENTENCES: usize = 6;
/// Mentions that are looked through for whom `the minister` means.
const MENTIONS: usize = 60;
/// Mentions of an actor by which its sex is sought.
const FIRST: usize = 4;
/// Words around a mention among which its bearer's office may stand.
const BESIDE: usize = 4;
/// Words after a letter among which it is said who signed it.
const SIGNED: usize = 12;

/// What is known of a person's sex.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sex {
    Woman,
    Man,
}

/// Whom words for a speaker may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sought {
    Person(Option<Sex>),
    /// A body, firm, state or other organisation; of this kind, if one is named.
    Organisation(&'static str),
}

/// The mentions of a title or text.
pub(super) struct Cast<'a> {
    text: &'a str,
    words: &'a Words,
    classes: &'a [Class],
    quoted: &'a [Quoted],
    mentions: &'a [Mention],
    /// The first mentions of each actor, once they are asked for.
    first: OnceCell<FxHashMap<&'a str, Vec<&'a Mention>>>,
    /// The person who bears a surname, folded, none where several do; once it is asked for.
    surnames: OnceCell<FxHashMap<&'a str, Option<(&'a str, Via)>>>,
}

/// The bytes between two words, whichever stands first.
fn words_span(list: &[Word], one: usize, other: usize) -> Range<usize> {
    let (first, last) = (one.min(other), one.max(other));
    list[first].start as usize..list[last].end as usize
}

impl<'a> Cast<'a> {
    pub(super) fn new(zone: &'a Zone<'a>, mentions: &'a [Mention]) -> Self {
        let Zone { text, words, classes, quoted, .. } = *zone;
        Self { text, words, classes, quoted, mentions, first: OnceCell::new(), surnames: OnceCell::new() }
    }

    fn first(&self) -> &FxHashMap<&'a str, Vec<&'a Mention>> {
        self.first.get_or_init(|| {
            let mut first: FxHashMap<&str, Vec<&Mention>> = FxHashMap::default();
            for mention in self.mentions {
                let own = first.entry(&mention.actor).or_default();
                if own.len() < FIRST {
                    own.push(mention);
                }
            }
            first
        })
    }

    fn surnames(&self) -> &FxHashMap<&'a str, Option<(&'a str, Via)>> {
        self.surnames.get_or_init(|| {
            let mut surnames: FxHashMap<&str, Option<(&str, Via)>> = FxHashMap::default();
            for mention in self.mentions.iter().filter(|mention| mention.kind == "person") {
                if let Some(last) = self.word_numbers(&(mention.start..mention.end)).last() {
                    let surname = self.words.folded(&self.words.as_slice()[last]);
                    let known = surnames.entry(surname).or_insert(Some((&mention.actor, mention.via)));
                    *known = known.filter(|(actor, _)| *actor == mention.actor);
                }
            }
            surnames
        })
    }

    /// Whether a person is mentioned in a range.
    pub(super) fn has_person(&self, range: &Range<usize>) -> bool {
        self.within(range).iter().any(|mention| mention.kind == "person")
    }

    /// The first person that is mentioned in a range outside quotations.
    pub(super) fn person_in(&self, range: &Range<usize>) -> Option<Speaker> {
        let person = |mention: &&Mention| mention.kind == "person" && !self.is_quoted(mention.start);
        let mention = self.within(range).iter().find(person)?;
        Some(self.speaker(mention.start..mention.end, None))
    }

    /// The mentions that begin within a range.
    fn within(&self, range: &Range<usize>) -> &[Mention] {
        let from = self.mentions.partition_point(|mention| mention.start < range.start);
        let to = from + self.mentions[from..].partition_point(|mention| mention.start < range.end);
        &self.mentions[from..to]
    }

    /// The numbers of the words that begin within a range.
    fn word_numbers(&self, range: &Range<usize>) -> Range<usize> {
        let list = self.words.as_slice();
        let from = list.partition_point(|word| (word.start as usize) < range.start);
        let to = from + list[from..].partition_point(|word| (word.start as usize) < range.end);
        from..to
    }

    fn class(&self, word: usize) -> Class {
        self.classes.get(word).copied().unwrap_or_default()
    }

    fn folded(&self, word: usize) -> &str {
        self.words.as_slice().get(word).map_or("", |word| self.words.folded(word))
    }

    /// The speaker whose words fill a range; `last` is the speaker before.
    pub(super) fn speaker(&self, range: Range<usize>, last: Option<&Speaker>) -> Speaker {
        let range = self.without_both(self.without_possessive(self.with_officer(range)));
        let found = self.named(&range);
        let own = || if found.is_none() { self.without_titles(range.clone()) } else { range.clone() };
        let named = found.filter(|(_, head)| *head).map(|(mention, _)| mention.start..mention.end);
        let span = named.unwrap_or_else(own);
        let found = found.map(|(mention, _)| (mention.actor.clone(), mention.via));
        let found = found.or_else(|| self.bearer(&range));
        let (actor, via) = found.or_else(|| self.meant(&range, last)).unzip();
        let also = if actor.is_some() { self.also(&range) } else { Vec::new() };
        Speaker { start: span.start, end: span.end, surface: self.text[span].to_owned(), actor, via, also }
    }

    /// Those behind the first in `Macron, Merkel and May`; not Alda in `Oster of Alda and Brandt`.
    fn also(&self, range: &Range<usize>) -> Vec<String> {
        let Some((first, others)) = self.within(range).split_first().filter(|_| self.is_joined(range)) else {
            return Vec::new();
        };
        let list = self.words.as_slice();
        let speaks = |mention: &&Mention| {
            let words = self.word_numbers(&(mention.start..mention.end));
            let before = words.start.checked_sub(1).map_or(Class::default(), |before| self.class(before));
            let owner = list[words].last().is_some_and(|word| word.possessive);
            !owner && mention.via != Via::Demonym && !self.is_hyphened(mention) && !before.any(Class::PREPOSITION)
        };
        let mut also: Vec<String> = others.iter().filter(speaks).map(|mention| mention.actor.clone()).collect();
        also.retain(|actor| *actor != first.actor);
        also.dedup();
        also
    }

    /// Whether a word joins speakers in a range, and not two offices of one: `chairman and CEO Marta Quill`.
    fn is_joined(&self, range: &Range<usize>) -> bool {
        let role = |word: Option<usize>| word.is_some_and(|word| self.class(word).any(Class::ROLE));
        let list = self.words.as_slice();
        let within = |word: usize| self.mentions_cover(list[word].start as usize);
        let joins = |word: usize| matches!(self.folded(word), "and" | "or") && !within(word);
        let mut words = self.word_numbers(range);
        words.any(|word| joins(word) && !(role(word.checked_sub(1)) && role(Some(word + 1))))
    }

    /// Words that end within the name of a body, with it, the office behind it and who holds it: `Quay Council on Ships
    /// Chairman Oto Brandt`.
    fn with_officer(&self, range: Range<usize>) -> Range<usize> {
        let Some(body) = self.within(&range).last().filter(|body| body.end > range.end && body.kind != "person") else {
            return range;
        };
        let list = self.words.as_slice();
        let office = |word: &usize| list[*word].gap == Gap::Space && self.class(*word).any(Class::ROLE);
        let first = list.partition_point(|word| (word.start as usize) < body.end);
        let name = first + (first..list.len()).take_while(office).count();
        let starts =
            list.get(name).filter(|word| name > first && word.gap == Gap::Space).map(|word| word.start as usize);
        let officer =
            starts.and_then(|start| self.within(&(start..start + 1)).first().filter(|one| one.kind == "person"));
        range.start..officer.map_or(body.end, |officer| officer.end)
    }

    /// The person whose name ends the words, right behind an office or the body of one: `Quay Ministry Secretary Oto
    /// Brandt`, `Secretary of Quays and Ships Oto Brandt`.
    fn officer(&self, range: &Range<usize>) -> Option<&Mention> {
        let (last, others) = self.within(range).split_last()?;
        let body = others.last()?;
        let words = self.word_numbers(range);
        let name = self.word_numbers(&(last.start..last.end));
        let near = name.start > words.start && self.words.as_slice()[name.start].gap <= Gap::Space;
        let ends = name.end + 1 >= words.end;
        let of_body = body.end <= last.start && self.class(words.start).any(Class::ROLE) && {
            self.word_numbers(&(body.start..body.end)).end == name.start
        };
        let office = near && ends && (self.class(name.start - 1).any(Class::ROLE) || of_body);
        (last.kind == "person" && office).then_some(last)
    }

    /// `Marten's` as a speaker is Marten.
    fn without_possessive(&self, range: Range<usize>) -> Range<usize> {
        let words = &self.words.as_slice()[self.word_numbers(&range)];
        let end = words.last().filter(|word| word.possessive).map_or(range.end, |word| word.end as usize);
        range.start..end.max(range.start + 1).min(range.end)
    }

    /// `Both` is no part of the names after it.
    fn without_both(&self, range: Range<usize>) -> Range<usize> {
        let words = self.word_numbers(&range);
        let next = self.words.as_slice().get(words.start + 1);
        let both = words.len() > 3 && self.folded(words.start) == "both";
        let next = next.filter(|word| both && (word.start as usize) < range.end);
        next.map_or(range.start, |word| word.start as usize)..range.end
    }

    /// `Admiral Jan Kessel` as a speaker is Jan Kessel.
    fn without_titles(&self, range: Range<usize>) -> Range<usize> {
        let list = self.words.as_slice();
        let words = self.word_numbers(&range);
        let title = |word: &usize| self.class(*word).any(Class::ROLE);
        let titles = words.clone().take_while(title).count();
        let names = words.clone().skip(titles).all(|word| list[word].shape != Shape::Lower);
        let skipped = if names && titles < words.len() { titles } else { 0 };
        let first = list.get(words.start + skipped).filter(|word| (word.start as usize) < range.end);
        first.map_or(range.start, |word| word.start as usize)..range.end
    }

    /// The mention that a noun phrase means, and whether it is a person's name that stands for the whole phrase.
    fn named(&self, range: &Range<usize>) -> Option<(&Mention, bool)> {
        let mentions = self.within(range);
        let head = self.head_end(range);
        if let Some(officer) = self.officer(range).filter(|_| !self.is_joined(range)) {
            return Some((officer, true));
        }
        if self.is_joined(range) && mentions.len() > 1 {
            return mentions.iter().find(|mention| !self.is_hyphened(mention)).map(|mention| (mention, false));
        }
        if let Some(mention) = mentions.iter().rfind(|mention| mention.end >= head && mention.start < head) {
            return Some((mention, mention.kind == "person"));
        }
        let noun = self.word_numbers(&(range.start..head)).last().map_or("", |word| self.folded(word));
        let speaks = class_of(noun).any(Class::MOUTHPIECE);
        // The words of a government are not those of the person whose name it bears.
        let person = noun.starts_with("spokes") || !class_of(noun).any(Class::ROLE.or(Class::BODY));
        // `Senior administration official`: no name stands there.
        let nameless = |mention: &Mention| {
            let mut words = self.word_numbers(&(mention.start..mention.end)).map(|word| self.class(word));
            mention.actor.starts_with("unlisted/") && words.next_back().is_some_and(|last| last.any(Class::BODY))
        };
        let fits = |mention: &&Mention| speaks && (mention.kind != "person" || person) && !nameless(mention);
        mentions.iter().rev().find(fits).map(|mention| (mention, false))
    }

    /// Whether a name only tells where somebody is from or who helps: `Alda-based`.
    fn is_hyphened(&self, mention: &Mention) -> bool {
        let next = self.words.as_slice().get(self.word_numbers(&(mention.start..mention.end)).end);
        next.is_some_and(|next| next.gap == Gap::Hyphen)
    }

    /// Where the head of a noun phrase ends: before its first comma or preposition.
    fn head_end(&self, range: &Range<usize>) -> usize {
        let words = self.word_numbers(range);
        let list = self.words.as_slice();
        for word in words.clone().skip(1) {
            let one = &list[word];
            let within = self.mentions_cover(one.start as usize);
            let preposition = class_of(self.words.folded(one)).any(Class::PREPOSITION.or(Class::RELATIVE));
            if !within && (one.gap >= Gap::Punctuation || preposition) {
                return list[word - 1].end as usize;
            }
        }
        list[words].last().map_or(range.end, |word| word.end as usize)
    }

    /// Whether a mention began before a byte and goes on there.
    fn mentions_cover(&self, at: usize) -> bool {
        let next = self.mentions.partition_point(|mention| mention.start < at);
        next > 0 && self.mentions[next - 1].end > at
    }

    /// The one person of the article who bears the surname at the end of a name that is no mention.
    fn bearer(&self, range: &Range<usize>) -> Option<(String, Via)> {
        // Not the one whom the words tell of: `a critic of Marten`.
        let last = self.word_numbers(&(range.start..self.head_end(range))).last()?;
        let name = self.words.as_slice().get(last).is_some_and(|word| word.shape != Shape::Lower);
        let (actor, via) = self.surnames().get(self.folded(last)).filter(|_| name)?.as_ref()?;
        Some(((*actor).to_owned(), *via))
    }

    /// The actor whom words without a name mean.
    fn meant(&self, range: &Range<usize>, last: Option<&Speaker>) -> Option<(String, Via)> {
        let words = self.word_numbers(range);
        let (first, noun) = (self.folded(words.start), self.folded(words.end.checked_sub(1)?));
        let definite = words.len() < 4 && matches!(first, "the" | "a" | "an" | "his" | "her" | "its");
        let sought = match (words.len(), first) {
            (1, "he" | "his") => Sought::Person(Some(Sex::Man)),
            (1, "she" | "her") => Sought::Person(Some(Sex::Woman)),
            (1, "it") => Sought::Organisation(""),
            _ if noun.starts_with("spokes") && words.len() < 3 => Sought::Organisation(""),
            _ if definite && first != "a" => match noun {
                "company" | "firm" | "shipbuilder" | "manufacturer" | "group" | "contractor" => {
                    Sought::Organisation("company")
                }
                "ministry" | "agency" | "department" | "commission" | "institute" => Sought::Organisation("body"),
                "alliance" => Sought::Organisation("alliance"),
                "party" => Sought::Organisation("party"),
                "letter" | "memo" | "memorandum" => return self.signatory(&words),
                _ if self.words_have(&words, "former") => return self.out_of_office(range.start, noun),
                _ => return self.in_office(range.start, noun),
            },
            _ => return None,
        };
        let mention = self.last_subject(range.start, sought);
        let last = last.filter(|last| mention.is_some() || self.is_near(last.start, range.start));
        let said = last.filter(|last| last.start > mention.map_or(0, |mention| mention.start));
        let said = said.filter(|last| last.start < range.start && self.fits_speaker(last, sought));
        let said = said.and_then(|last| Some((last.actor.clone()?, last.via?)));
        said.or_else(|| mention.map(|mention| (mention.actor.clone(), mention.via)))
    }

    /// Whether no sentence with an unknown subject stands between a speaker and the words that may mean it.
    fn is_near(&self, speaker: usize, before: usize) -> bool {
        let words = self.word_numbers(&(speaker..before));
        let starts = |word: &usize| *word > words.start && self.words.as_slice()[*word].gap >= Gap::Sentence;
        !words.clone().rev().take(200).filter(starts).any(|word| self.has_unknown_subject(word, words.end))
    }

    fn words_have(&self, words: &Range<usize>, folded: &str) -> bool {
        words.clone().any(|word| self.folded(word) == folded)
    }

    /// Whether a speaker may be meant.
    fn fits_speaker(&self, speaker: &Speaker, sought: Sought) -> bool {
        let Some(actor) = speaker.actor.as_deref() else { return false };
        self.first().get(actor).and_then(|own| own.first()).is_some_and(|mention| self.fits(mention, sought))
    }

    fn fits(&self, mention: &Mention, sought: Sought) -> bool {
        match sought {
            Sought::Person(sex) => {
                mention.kind == "person" && (sex.is_none() || self.sex(mention).is_none_or(|own| sex == Some(own)))
            }
            Sought::Organisation("") => {
                mention.kind != "person" && mention.kind != "office" && mention.via != Via::Demonym
            }
            // An unlisted firm is not always known as one.
            Sought::Organisation("company") if mention.via == Via::Unlisted => {
                mention.kind == "company" || mention.kind == "body"
            }
            Sought::Organisation(kind) => mention.kind == kind,
        }
    }

    /// The sex of a person, by given name, title, or a word of kinship beside it.
    fn sex(&self, mention: &Mention) -> Option<Sex> {
        for one in self.first().get(mention.actor.as_str()).into_iter().flatten() {
            let words = self.word_numbers(&(one.start..one.end));
            let title = words.start.checked_sub(1).filter(|title| *title >= self.sentence_start(words.end));
            let after = words.end..self.sentence_end(words.end).min(words.end + BESIDE);
            let found = [words.start].into_iter().chain(title).chain(after).find_map(|word| self.sex_in(word));
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// The sex that a word tells: a given name, a title, a word of kinship, a pronoun.
    fn sex_in(&self, word: usize) -> Option<Sex> {
        let (folded, class) = (self.folded(word), self.class(word));
        if is_womans_name(folded) || class.any(Class::WOMAN) {
            return Some(Sex::Woman);
        }
        (is_mans_name(folded) || class.any(Class::MAN)).then_some(Sex::Man)
    }

    /// The first fitting mention of the nearest sentence that has one, before a byte and outside quotations. A sentence
    /// that is about the same pronoun (`He sat where Moor sits now.`) is asked last.
    fn last_subject(&self, before: usize, sought: Sought) -> Option<&Mention> {
        let list = self.words.as_slice();
        let mut end = self.word_numbers(&(before..before)).start;
        let own = self.sentence_start(end + 1);
        let mut passed = None;
        for _ in 0..SENTENCES {
            let start = self.sentence_start(end);
            let (from, to) =
                (list.get(start)?.start as usize, list.get(end).map_or(self.text.len(), |word| word.start as usize));
            let inside = self.within(&(from..to.min(before)));
            let found = inside.iter().find(|mention| !self.is_quoted(mention.start) && self.fits(mention, sought));
            let found =
                found.or_else(|| self.lone_name(inside, start, end).filter(|_| end == own && is_person(sought)));
            let about = start != own && self.is_pronoun_for(start, sought);
            if found.is_none() && !about && start != own && self.has_unknown_subject(start, end) {
                return passed;
            }
            // In its own sentence a pronoun means nobody who is only a part of what is said.
            if found.is_some() && !about && !(start == own && matches!(sought, Sought::Organisation(_))) {
                return found;
            }
            passed = passed.or(found.filter(|_| about));
            end = start;
            if start == 0 {
                break;
            }
        }
        passed
    }

    /// Whether a word is the pronoun for a person of the sex that is sought.
    fn is_pronoun_for(&self, word: usize, sought: Sought) -> bool {
        match sought {
            Sought::Person(Some(Sex::Man)) => self.folded(word) == "he",
            Sought::Person(Some(Sex::Woman)) => self.folded(word) == "she",
            _ => false,
        }
    }

    /// The single name without a heading with which a sentence begins, where a verb follows: `Moor disagreed.` What it
    /// names is a guess, which a pronoun for a person right after it corrects.
    fn lone_name<'m>(&self, inside: &'m [Mention], first: usize, end: usize) -> Option<&'m Mention> {
        let word = self.words.as_slice().get(first)?;
        let alone = |one: &&Mention| one.start == word.start as usize && one.end == word.end as usize;
        let name = inside.first().filter(|one| one.via == Via::Unlisted).filter(alone)?;
        self.has_unknown_subject(first, end).then_some(name)
    }

    /// Whether a sentence begins with a name that is no mention, and a verb: `Moor disagreed.`
    fn has_unknown_subject(&self, first: usize, end: usize) -> bool {
        let list = self.words.as_slice();
        let name = list.get(first).is_some_and(|word| word.shape == Shape::Title && !self.folded(first).ends_with('s'));
        let verb = first + 1 < end && list[first + 1].gap == Gap::Space;
        let finite = self.class(first + 1).any(Class::FINITE);
        name && verb && self.class(first) == Class::default() && (finite || self.folded(first + 1).ends_with("ed"))
    }

    /// The first word of the sentence that the word before `end` belongs to.
    fn sentence_start(&self, end: usize) -> usize {
        let list = self.words.as_slice();
        (1..end).rev().take(200).find(|word| list[*word].gap >= Gap::Sentence).unwrap_or(0)
    }

    fn sentence_end(&self, from: usize) -> usize {
        let list = self.words.as_slice();
        (from..list.len()).take(200).find(|word| list[*word].gap >= Gap::Sentence).unwrap_or(list.len())
    }

    fn is_quoted(&self, at: usize) -> bool {
        let next = self.quoted.partition_point(|one| one.outer.start <= at);
        self.quoted[..next].iter().rev().take(4).any(|one| one.outer.end > at)
    }

    /// Whether a noun for an office may belong to the name beside it: no verb but `is` and `became`, pronoun, semicolon, or preposition that
    /// offices have none of stands between, as in `Oto Brandt, the minister of defence`.
    fn is_office_of(&self, noun: usize, name: &Range<usize>) -> bool {
        let list = self.words.as_slice();
        let between = if noun < name.start { noun + 1..name.start } else { name.end..noun };
        let other = Class::FINITE.or(Class::PRONOUN).or(Class::RELATIVE);
        let parts = |word: usize| {
            let class = self.class(word);
            let verb = class.any(other) && !class.any(Class::BE) && self.folded(word) != "became";
            let joins = class.any(Class::PREPOSITION) && !matches!(self.folded(word), "of" | "for" | "at" | "in");
            list[word].shape == Shape::Lower && (verb || joins)
        };
        // `Brandt and the minister` are two.
        let other = noun > name.start && self.class(name.end).any(Class::COORDINATOR);
        !other && !self.text[words_span(list, noun, name.start)].contains(';') && !between.into_iter().any(parts)
    }

    /// The last person beside whose name a noun for an office stands: `the minister`.
    fn in_office(&self, before: usize, noun: &str) -> Option<(String, Via)> {
        self.with_office(before, noun, |word| self.folded(word) == noun && !self.is_former(word))
    }

    /// The last person beside whose name the noun stands for an office that was left: `the former minister`.
    fn out_of_office(&self, before: usize, noun: &str) -> Option<(String, Via)> {
        let left = |word| self.folded(word) == "predecessor" || self.folded(word) == noun && self.is_former(word);
        self.with_office(before, noun, left)
    }

    fn is_former(&self, word: usize) -> bool {
        word > 0 && self.folded(word - 1) == "former"
    }

    /// The last person beside whose name a word for an office stands.
    fn with_office(&self, before: usize, noun: &str, is_it: impl Fn(usize) -> bool) -> Option<(String, Via)> {
        class_of(noun).any(Class::ROLE).then_some(())?;
        let to = self.mentions.partition_point(|mention| mention.start < before);
        let persons = self.mentions[..to].iter().rev().take(MENTIONS).filter(|mention| mention.kind == "person");
        let found = persons.into_iter().find(|mention| {
            let words = self.word_numbers(&(mention.start..mention.end));
            let (first, last) = (self.sentence_start(words.end), self.sentence_end(words.end));
            let beside = words.start.saturating_sub(BESIDE).max(first)..(words.end + BESIDE).min(last);
            beside.into_iter().any(|word| is_it(word) && self.is_office_of(word, &words))
        })?;
        Some((found.actor.clone(), found.via))
    }

    /// The person who signed the letter that speaks: `The letter, dated 3 May and signed by Brandt, states`.
    fn signatory(&self, letter: &Range<usize>) -> Option<(String, Via)> {
        let near = letter.end..(letter.end + SIGNED).min(self.sentence_end(letter.end));
        let signed = |word: &usize| matches!(self.folded(*word), "signed" | "written") && self.folded(word + 1) == "by";
        let by = near.clone().find(signed)?;
        let list = self.words.as_slice();
        let names = list[by].end as usize..list[near.end - 1].end as usize;
        // What a lone name without a heading names is a guess.
        let may_sign = |one: &&Mention| one.kind == "person" || one.via == Via::Unlisted;
        let person = self.within(&names).iter().find(may_sign)?;
        Some((person.actor.clone(), person.via))
    }
}

fn is_person(sought: Sought) -> bool {
    matches!(sought, Sought::Person(_))
}
