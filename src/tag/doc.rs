//! An article as a row of numbered words: the title, then the text.

use super::lexicon::{Lexeme, Lexicon};
use super::lists::Cues;
use crate::analysis::{Gap, Shape, Words};
use crate::article::Article;
use crate::wordlist::WordList;

/// Fewest words of text in a lead: a byline or a place stands in a shorter paragraph of its own before it.
const SHORT: usize = 12;

/// Small words that English alone has.
static ENGLISH_WORDS: WordList = WordList::new(include_str!("lists/english_words.txt"));
/// Short forms of months that are given names too.
static GIVEN_NAMES: WordList = WordList::new(include_str!("lists/given_names_like_months.txt"));
/// Share of [`ENGLISH_WORDS`] in a text from which it is English. English news has a fifth to a third, other languages
/// under a twentieth.
const ENGLISH: f64 = 0.1;

/// A word with what is known of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tok {
    /// First byte in title or text.
    pub(super) start: u32,
    /// One past the last byte.
    pub(super) end: u32,
    /// How it is written.
    pub(super) shape: Shape,
    /// What separates it from the word before.
    pub(super) gap: Gap,
    /// A possessive ending follows.
    pub(super) possessive: bool,
    /// Its paragraph is written in capitals, so that case is no evidence.
    pub(super) shouted: bool,
    /// Its paragraph capitalises nearly every word.
    pub(super) headline: bool,
    /// It belongs to a byline, a credit or a list of links, where nothing is tagged.
    pub(super) muted: bool,
    /// What is known of the word.
    pub(super) lex: Lexeme,
}

impl Tok {
    /// Whether it contains a capital letter.
    pub(super) fn capital(&self) -> bool {
        matches!(self.shape, Shape::Title | Shape::Upper | Shape::Mixed)
    }

    /// Whether it has any of these cues.
    pub(super) fn is(&self, cues: Cues) -> bool {
        self.lex.cues.any(cues)
    }
}

/// An article on its way through tagging.
#[derive(Debug)]
pub(super) struct Doc<'a> {
    title: &'a str,
    text: &'a str,
    title_words: &'a Words,
    text_words: &'a Words,
    /// Title, then text.
    pub(super) toks: Vec<Tok>,
    /// Number of words of the title.
    pub(super) split: usize,
    /// First word of each paragraph; the title is one.
    pub(super) paragraphs: Vec<u32>,
    /// ISO 639-1 code of the language, where the article is not known to be in English.
    pub(super) foreign: Option<&'a str>,
}

impl<'a> Doc<'a> {
    /// Looks up the words of an article, marks paragraphs whose capitals are no evidence, and mutes words that name
    /// nobody in the story, as in bylines.
    pub(super) fn new(
        article: &'a Article,
        title_words: &'a Words,
        text_words: &'a Words,
        lexicon: &mut Lexicon,
    ) -> Self {
        let mut toks = Vec::with_capacity(title_words.len() + text_words.len());
        for list in [title_words, text_words] {
            for word in list.as_slice() {
                toks.push(Tok {
                    start: word.start,
                    end: word.end,
                    shape: word.shape,
                    gap: word.gap,
                    possessive: word.possessive,
                    shouted: false,
                    headline: false,
                    muted: false,
                    lex: lexicon.look(list.folded(word)),
                });
            }
        }
        let mut doc = Self {
            title: &article.title,
            text: &article.text,
            split: title_words.len(),
            title_words,
            text_words,
            toks,
            paragraphs: Vec::new(),
            foreign: None,
        };
        doc.given_names();
        doc.foreign = article.language.as_deref().filter(|language| *language != "en" && !doc.reads_as_english());
        doc.paragraphs();
        doc
    }

    /// `Jan` before a name is a given name and no month.
    fn given_names(&mut self) {
        for at in 0..self.toks.len().saturating_sub(1) {
            if self.toks[at].is(Cues::CALENDAR) && self.is_given_name(at) {
                self.toks[at].lex.cues = self.toks[at].lex.cues.without(Cues::CALENDAR);
            }
        }
    }

    /// Whether the short form of a month is a given name: with no full stop, and with a name behind it.
    fn is_given_name(&self, at: usize) -> bool {
        let (tok, next) = (&self.toks[at], &self.toks[at + 1]);
        let other = Cues::CALENDAR.or(Cues::COMMON).or(Cues::ROLE).or(Cues::RANK).or(Cues::DETERMINER);
        tok.is(Cues::FIRST_NAME)
            && tok.shape == Shape::Title
            && GIVEN_NAMES.has(self.folded(at))
            && (next.shape == Shape::Title && !next.is(other) || next.is(Cues::PARTICLE))
            && self.after(at + 1).starts_with(' ')
    }

    /// Whether so many words are articles, prepositions and auxiliary verbs of English that the text is in English,
    /// whatever language was found: in a short text that is guesswork.
    fn reads_as_english(&self) -> bool {
        let small = (0..self.toks.len()).filter(|at| ENGLISH_WORDS.has(self.folded(*at))).count();
        small as f64 >= ENGLISH * self.toks.len() as f64
    }

    /// The folded form of a word.
    pub(super) fn folded(&self, at: usize) -> &str {
        if at < self.split {
            self.title_words.folded(&self.title_words.as_slice()[at])
        } else {
            self.text_words.folded(&self.text_words.as_slice()[at - self.split])
        }
    }

    /// Whether a word is a contraction (`I'd`, `You've`), which is no name although it has a capital.
    pub(super) fn is_contraction(&self, at: usize) -> bool {
        let surface = self.surface(at, at + 1);
        let mut parts = surface.split(['\'', '’']);
        let first = parts.next().unwrap_or_default();
        parts.next().is_some_and(|rest| matches!(rest, "d" | "m" | "ve" | "ll" | "re" | "t" | "s"))
            && first.len() < 6
            && !self.toks[at].possessive
    }

    /// The folded form of a word; empty for `None` and beyond the end.
    pub(super) fn folded_or_empty(&self, at: Option<usize>) -> &str {
        at.filter(|at| *at < self.toks.len()).map_or("", |at| self.folded(at))
    }

    fn zone(&self, at: usize) -> &'a str {
        if at < self.split { self.title } else { self.text }
    }

    /// The bytes from word `start` up to word `end`.
    pub(super) fn surface(&self, start: usize, end: usize) -> &'a str {
        let (from, to) = (self.toks[start].start as usize, self.toks[end - 1].end as usize);
        self.zone(start).get(from..to).unwrap_or("")
    }

    /// The characters between a word and the one before it, or the start of title or text.
    pub(super) fn before(&self, at: usize) -> &'a str {
        let from = if at == 0 || at == self.split { 0 } else { self.toks[at - 1].end as usize };
        self.zone(at).get(from..self.toks[at].start as usize).unwrap_or("")
    }

    /// As [`Self::before`]; empty beyond the end.
    pub(super) fn before_or_empty(&self, at: usize) -> &'a str {
        if at < self.toks.len() { self.before(at) } else { "" }
    }

    /// The characters between word `end - 1` and word `end`, or the end of title or text.
    pub(super) fn after(&self, end: usize) -> &'a str {
        let zone = self.zone(end - 1);
        let to = if end == self.toks.len() || end == self.split { zone.len() } else { self.toks[end].start as usize };
        zone.get(self.toks[end - 1].end as usize..to).unwrap_or("")
    }

    /// The word before `at`, if only white space, a hyphen or a slash separates them.
    pub(super) fn prev(&self, at: usize) -> Option<usize> {
        (at > 0 && self.toks[at].gap <= Gap::Space).then(|| at - 1)
    }

    /// The word at `end`, if only white space, a hyphen or a slash separates it from the one before.
    pub(super) fn next(&self, end: usize) -> Option<usize> {
        (end < self.toks.len() && self.toks[end].gap <= Gap::Space).then_some(end)
    }

    /// The word with this number, if there is one.
    pub(super) fn tok(&self, at: Option<usize>) -> Option<&Tok> {
        at.and_then(|at| self.toks.get(at))
    }

    /// Whether a word opens a sentence, a quotation or an item of a list.
    pub(super) fn opens(&self, at: usize) -> bool {
        self.toks[at].gap >= Gap::Sentence || {
            let before = self.before(at);
            self.toks[at].gap == Gap::Punctuation && (before.contains(['“', '"', '•', '*', '\n']))
        }
    }

    /// One past the last word of the lead, which ends with the paragraph that brings the text to [`SHORT`] words.
    pub(super) fn lead(&self) -> usize {
        let mut ends = self.paragraphs.iter().map(|first| *first as usize).skip(1).chain([self.toks.len()]);
        ends.find(|end| *end >= self.split + SHORT).unwrap_or(self.toks.len())
    }

    fn paragraphs(&mut self) {
        let mut start = 0;
        while start < self.toks.len() {
            let rest = &self.toks[start + 1..];
            let end = rest.iter().position(|tok| tok.gap == Gap::Paragraph).map_or(self.toks.len(), |n| start + 1 + n);
            self.paragraphs.push(start as u32);
            self.weigh_case(start, end);
            self.mute(start, end);
            start = end;
        }
        self.mute_links();
    }

    /// Mutes the headlines of other articles that pages list after their text: three or more paragraphs at the end,
    /// each shorter than 20 words and without closing punctuation, after at least three other paragraphs.
    fn mute_links(&mut self) {
        let ends = |n: usize| self.paragraphs.get(n + 1).map_or(self.toks.len(), |next| *next as usize);
        let is_line = |n: usize| {
            let (start, end) = (self.paragraphs[n] as usize, ends(n));
            start >= self.split
                && end - start < 20
                && !self.after(end).trim_start().starts_with(['.', '!', '?', '…', ':', '”', '"', ';', ')'])
        };
        let count = self.paragraphs.len();
        let lines = (0..count).rev().take_while(|n| is_line(*n)).count();
        let running = count - lines;
        if lines >= 3 && running >= 3 {
            let first = self.paragraphs[running] as usize;
            self.silence(first, self.toks.len());
        }
    }

    /// Marks a paragraph that is written in capitals (`shouted`) or capitalises nearly every word (`headline`).
    fn weigh_case(&mut self, start: usize, end: usize) {
        let (mut upper, mut title, mut lower) = (0, 0, 0);
        for (at, tok) in (start..end).zip(&self.toks[start..end]) {
            let long = tok.end - tok.start > 3;
            match tok.shape {
                Shape::Upper => upper += 1,
                Shape::Title if long => title += 1,
                Shape::Lower if long => lower += 1,
                // `2BN` says nothing.
                Shape::Mixed if long && !self.surface(at, at + 1).starts_with(|c: char| c.is_ascii_digit()) => {
                    title += 1
                }
                _ => {}
            }
        }
        let few = self.toks[start..end].iter().filter(|tok| tok.shape == Shape::Lower).count();
        let shouted = upper > 2 && few == 0 && title <= upper / 4;
        // A short sentence full of names is no headline: it ends with a full stop and has words in lower case.
        let sentence = self.after(end).trim_start().starts_with(['.', '!', '?']) && few > 1;
        let headline = !shouted && !sentence && title >= 3 && lower <= title / 4 && end - start < 40;
        for tok in &mut self.toks[start..end] {
            tok.shouted = shouted;
            tok.headline = headline;
        }
    }

    /// Mutes bylines, credits and references to other articles (`Read more`).
    fn mute(&mut self, start: usize, end: usize) {
        let opening: Vec<&str> = (start..end.min(start + 3)).map(|at| self.folded(at)).collect();
        let whole = matches!(
            opening.as_slice(),
            ["reporting" | "editing", "by", ..]
                | ["additional", "reporting", ..]
                | ["read" | "see", "more" | "also", ..]
        ) && (end - start < 40);
        if whole {
            self.silence(start, end);
            return;
        }
        if opening.first() == Some(&"by") && self.toks.get(start + 1).is_some_and(Tok::capital) && end - start > 1 {
            let stop = self.clause_end(start + 1, end);
            let short = stop - start <= 8
                || (stop == end && stop - start <= 16 && !self.after(end).trim_start().starts_with('.'));
            let spoken = (start..stop).any(|at| self.toks[at].is(Cues::ACTS) && self.toks[at].shape == Shape::Lower);
            if short && !spoken && (stop < end || end - start <= 16) {
                self.silence(start, stop);
            }
        }
        // The mark of a question in a transcript: `Q Thank you, Jen.`
        if self.folded(start) == "q" && self.toks.get(start + 1).is_some_and(|tok| tok.gap == Gap::Space) {
            self.silence(start, start + 1);
        }
        for at in start..end {
            if self.toks[at].is(Cues::CREDIT) {
                self.mute_credit(at, start, end);
            }
        }
    }

    fn mute_credit(&mut self, at: usize, start: usize, end: usize) {
        let word = self.folded(at);
        let label =
            matches!(word, "photo" | "photos" | "photograph" | "picture" | "pictures" | "image" | "images" | "credit");
        let colon = self.after(at + 1).starts_with(':');
        let by = at + 1 < end && self.folded(at + 1) == "by" && self.toks.get(at + 2).is_some_and(Tok::capital);
        if label && at + 1 < end && (colon || by) {
            let stop = self.clause_end(at + 1, end);
            self.silence(at, stop);
        } else if !label {
            let bracketed = self.before(at).ends_with(['(', '/', '©']) && !self.after(at + 1).starts_with([' ', ',']);
            let beside = at > start && self.toks[at - 1].is(Cues::CREDIT) && self.toks[at].gap <= Gap::Space;
            if bracketed || beside {
                self.silence(at, at + 1);
                if beside {
                    self.silence(at - 1, at);
                }
            }
        }
    }

    /// The first word after `from` that begins a sentence or follows a semicolon, closing bracket, bar or line break;
    /// `end` if there is none.
    fn clause_end(&self, from: usize, end: usize) -> usize {
        (from + 1..end)
            .find(|at| self.toks[*at].gap >= Gap::Sentence || self.before(*at).contains([';', ')', '|', '\n']))
            .unwrap_or(end)
    }

    fn silence(&mut self, start: usize, end: usize) {
        self.toks[start..end].iter_mut().for_each(|tok| tok.muted = true);
    }
}
