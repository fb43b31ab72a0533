//! The analysis chain as tokenizers of tantivy.

use tantivy::tokenizer::{Tokenizer, TokenizerManager};

use super::analysed::{Tokens, put_forms, put_terms};
use crate::analysis::{Analyzer, words};

/// Name of the tokenizer that gives terms.
pub(super) const TERMS: &str = "terms";
/// Name of the tokenizer that gives forms.
pub(super) const FORMS: &str = "forms";

pub(crate) fn register(manager: &TokenizerManager) {
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
    type TokenStream<'a> = Tokens<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Tokens<'a> {
        Tokens::of(text, |tape| put_terms(tape, &words(text), 0, &mut self.analyzer))
    }
}

#[derive(Clone)]
struct Forms;

impl Tokenizer for Forms {
    type TokenStream<'a> = Tokens<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Tokens<'a> {
        Tokens::of(text, |tape| put_forms(tape, text, &words(text), 0))
    }
}
