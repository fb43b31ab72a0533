//! The tokens of an article, computed once, in the thread that tags it, and not again for each field.
//!
//! Tantivy's tokenizers take the text of a field as a string, so the tokens are encoded in one: [`MARK`], and then for
//! each token the distance of its position from the one before (zigzag), the length of its term in bytes, and the term.
//! Numbers are written in characters of six bits, the lowest bits first; a character from U+0040 on says that more
//! follow.

use std::borrow::Cow;

use tantivy::tokenizer::{Token, TokenStream};

use super::BODY_POSITION;
use crate::analysis::{Analyzer, Words, words, write_form};
use crate::article::Article;
use crate::event::{Events, events_of_words};
use crate::quote::{Quotes, quotes_of_words};
use crate::tag::Tags;

/// First character of a string of tokens. Kept text holds no control characters, so no text begins with it.
const MARK: char = '\u{1e}';

/// The terms and forms of title and body with their positions (the title's from 0, the body's from [`BODY_POSITION`]), and
/// the article's quotes.
#[derive(Debug)]
pub struct Analysed {
    pub(super) terms: String,
    pub(super) forms: String,
    pub(super) quotes: Quotes,
    pub(super) events: Events,
    /// Words of the title.
    #[cfg(feature = "cluster")]
    title: usize,
}

impl Analysed {
    /// Cuts an article into words and analyses them.
    pub fn new(article: &Article, tags: &Tags, analyzer: &mut Analyzer) -> Self {
        Self::of(article, tags, &words(&article.title), &words(&article.text), analyzer)
    }

    /// Analyses an article whose title and text are already cut into words.
    pub fn of(article: &Article, tags: &Tags, title: &Words, text: &Words, analyzer: &mut Analyzer) -> Self {
        let mut terms = Tape::with_room_for(&article.text);
        let mut forms = Tape::with_room_for(&article.text);
        for (part, words, first) in [(&article.title, title, 0), (&article.text, text, BODY_POSITION)] {
            put_terms(&mut terms, words, first, analyzer);
            put_forms(&mut forms, part, words, first);
        }
        Self {
            terms: terms.out,
            forms: forms.out,
            quotes: quotes_of_words(article, tags, title, text),
            events: events_of_words(article, tags, title, text),
            #[cfg(feature = "cluster")]
            title: title.len(),
        }
    }

    /// Gives the words of title and body in order: whether it is in the title, position, terms, form.
    #[cfg(feature = "cluster")]
    pub(crate) fn each_word(&self, mut each: impl FnMut(bool, u32, &[String], &str)) {
        let mut terms = Tokens::of(&self.terms, |_| {});
        let mut forms = Tokens::of(&self.forms, |_| {});
        let mut more = terms.advance();
        let (mut stacked, mut word) = (Vec::new(), 0);
        while forms.advance() {
            let position = forms.token.position;
            stacked.clear();
            while more && terms.token.position == position {
                stacked.push(terms.token.text.clone());
                more = terms.advance();
            }
            each(word < self.title, position as u32, &stacked, &forms.token.text);
            word += 1;
        }
    }
}

/// Writes the terms of words whose positions count from `first`.
pub(super) fn put_terms(tape: &mut Tape, words: &Words, first: u32, analyzer: &mut Analyzer) {
    analyzer.terms(words, |word, term| tape.push(term, first + word.position));
}

/// Writes the forms of a text's words, whose positions count from `first`.
pub(super) fn put_forms(tape: &mut Tape, text: &str, words: &Words, first: u32) {
    let mut form = String::new();
    for word in words.as_slice() {
        if words.is_folded(word) {
            tape.push(words.folded(word), first + word.position);
            continue;
        }
        form.clear();
        write_form(words.folded(word), &text[word.start as usize..word.end as usize], &mut form);
        tape.push(&form, first + word.position);
    }
}

/// Encodes tokens.
pub(super) struct Tape {
    out: String,
    position: u32,
}

impl Tape {
    fn with_room_for(text: &str) -> Self {
        let mut out = String::with_capacity(text.len() + text.len() / 4 + 1);
        out.push(MARK);
        Self { out, position: 0 }
    }

    fn push(&mut self, term: &str, position: u32) {
        let step = position.wrapping_sub(self.position) as i32;
        self.position = position;
        number(&mut self.out, (step << 1 ^ step >> 31) as u32);
        number(&mut self.out, term.len() as u32);
        self.out.push_str(term);
    }
}

fn number(out: &mut String, mut value: u32) {
    while value >= 0x40 {
        out.push(char::from(value as u8 & 0x3f | 0x40));
        value >>= 6;
    }
    out.push(char::from(value as u8));
}

/// Decodes tokens.
pub(super) struct Tokens<'a> {
    tape: Cow<'a, str>,
    at: usize,
    token: Token,
}

impl<'a> Tokens<'a> {
    /// Decodes a string of tokens. Any other text is first tokenised by `cut`.
    pub(super) fn of(text: &'a str, cut: impl FnOnce(&mut Tape)) -> Self {
        let tape = if text.starts_with(MARK) {
            Cow::Borrowed(text)
        } else {
            let mut tape = Tape::with_room_for(text);
            cut(&mut tape);
            Cow::Owned(tape.out)
        };
        Self { tape, at: MARK.len_utf8(), token: Token { position: 0, ..Token::default() } }
    }

    fn number(&mut self) -> Option<u32> {
        let mut value = 0u32;
        for shift in (0..u32::BITS).step_by(6) {
            let byte = *self.tape.as_bytes().get(self.at)?;
            self.at += 1;
            value |= u32::from(byte & 0x3f) << shift;
            if byte < 0x40 {
                return Some(value);
            }
        }
        None
    }

    fn next(&mut self) -> Option<()> {
        let step = self.number()?;
        let step = (step >> 1) as i32 ^ -((step & 1) as i32);
        let end = self.number()? as usize + self.at;
        let term = self.tape.get(self.at..end)?;
        self.token.text.clear();
        self.token.text.push_str(term);
        self.token.position = (self.token.position as u32).wrapping_add_signed(step) as usize;
        self.at = end;
        Some(())
    }
}

impl TokenStream for Tokens<'_> {
    fn advance(&mut self) -> bool {
        self.next().is_some()
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Vec<(String, usize)> {
        let mut tokens = Tokens::of(text, |_| panic!("these are tokens"));
        let mut out = Vec::new();
        while tokens.advance() {
            out.push((tokens.token().text.clone(), tokens.token().position));
        }
        out
    }

    #[test]
    fn title_and_body_have_their_positions() {
        let article = Article {
            title: "NATO ships".to_owned(),
            text: "Ships sailed.\n\nMore ships.".to_owned(),
            ..Article::default()
        };
        let analysed = Analysed::new(&article, &Tags::default(), &mut Analyzer::new());
        let terms = read(&analysed.terms);
        assert!(terms.contains(&("ship".to_owned(), 1)) && terms.contains(&("ship".to_owned(), 1000)), "{terms:?}");
        assert_eq!(terms.last().unwrap(), &("ship".to_owned(), 1103));
        assert_eq!(read(&analysed.forms)[0], ("nato\0NATO".to_owned(), 0));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn what_is_written_is_read(tokens in prop::collection::vec(("\\PC{0,90}", any::<u32>()), 0..20)) {
            let mut tape = Tape::with_room_for("");
            for (term, position) in &tokens {
                tape.push(term, *position);
            }
            let wanted: Vec<(String, usize)> = tokens.into_iter().map(|(term, at)| (term, at as usize)).collect();
            prop_assert_eq!(read(&tape.out), wanted);
        }
    }
}
