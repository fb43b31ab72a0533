//! The analysis chain as tokenizers of tantivy.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer, TokenizerManager};

use super::{BODY_POSITION, TITLE_END};
use crate::analysis::{Analyzer, words, write_form};

/// Name of the tokenizer that gives terms.
pub(super) const TERMS: &str = "terms";
/// Name of the tokenizer that gives words as written.
pub(super) const FORMS: &str = "forms";

pub(super) fn register(manager: &TokenizerManager) {
    manager.register(TERMS, Terms::default());
    manager.register(FORMS, Forms);
}

#[derive(Default)]
struct Terms {
    analyzer: Analyzer,
}

impl Clone for Terms {
    fn clone(&self) -> Self {
        Self::default() // each thread has its own cache of stems
    }
}

impl Tokenizer for Terms {
    type TokenStream<'a> = Collected;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Collected {
        let mut out = Collected::sized(text);
        for (part, first) in parts(text) {
            self.analyzer.terms(&words(part), |word, term| out.push(term, first + word.position as usize));
        }
        out
    }
}

#[derive(Clone)]
struct Forms;

impl Tokenizer for Forms {
    type TokenStream<'a> = Collected;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Collected {
        let mut out = Collected::sized(text);
        for (part, first) in parts(text) {
            let words = words(part);
            for word in words.as_slice() {
                let written = &part[word.start as usize..word.end as usize];
                out.push_form(words.folded(word), written, first + word.position as usize);
            }
        }
        out
    }
}

/// Title and body with the position of the first word of each; a text without the mark is all title.
fn parts(text: &str) -> impl Iterator<Item = (&str, usize)> {
    let (title, body) = text.split_once(TITLE_END).unwrap_or((text, ""));
    [(title, 0), (body, BODY_POSITION as usize)].into_iter()
}

/// The tokens of one text, collected.
#[derive(Default)]
struct Collected {
    arena: String,
    tokens: Vec<(usize, usize)>,
    next: usize,
    token: Token,
}

impl Collected {
    fn sized(text: &str) -> Self {
        Self { arena: String::with_capacity(text.len()), tokens: Vec::with_capacity(text.len() / 5), ..Self::default() }
    }

    fn push(&mut self, term: &str, position: usize) {
        self.arena.push_str(term);
        self.tokens.push((self.arena.len(), position));
    }

    fn push_form(&mut self, folded: &str, written: &str, position: usize) {
        write_form(folded, written, &mut self.arena);
        self.tokens.push((self.arena.len(), position));
    }
}

impl TokenStream for Collected {
    fn advance(&mut self) -> bool {
        let Some((end, position)) = self.tokens.get(self.next).copied() else {
            return false;
        };
        let start = if self.next == 0 { 0 } else { self.tokens[self.next - 1].0 };
        self.token.text.clear();
        self.token.text.push_str(&self.arena[start..end]);
        self.token.position = position;
        self.next += 1;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
