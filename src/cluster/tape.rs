//! The tokens of an article as a string from which the cluster's analysers give the same terms at the same positions.
//!
//! | character | meaning |
//! |---|---|
//! | tab | the next position |
//! | form feed | the next term at the same position |
//! | backspace | behind it the word as written; left out where the only term is the same |
//! | carriage return | within a word as written, between its folded letters and its own |
//! | `;` | a position without a word |
//! | `;;` | before the body of every article: a term that all have once, whose score judges lengths alone |
//!
//! `SAFE talks on` is `SAFE\fsafe\bsafe\rSAFE`, `talk\btalks` and `on`, with tabs between. Kept text holds no control
//! characters, and no word is a lone `;`. A field has a string for each stretch without a gap; between two of them the
//! cluster leaves [`GAP`] positions, as there are between paragraphs.

use crate::analysis::{Analyzer, PARAGRAPH_GAP, form, words};
use crate::index::{Analysed, BODY_POSITION};

/// Positions that the cluster leaves between two strings of a field.
pub(super) const GAP: u32 = PARAGRAPH_GAP;
/// Bytes of a word with its terms, at most; a longer one is left out. The cluster refuses a whole story for a term of
/// 32,767 bytes.
const LONGEST: usize = 8_000;
const NEXT: char = '\t';
const STACKED: char = '\u{c}';
const WRITTEN: char = '\u{8}';
const OWN: char = '\r';
/// A term of every article.
pub(crate) const EVERY: &str = ";;";
/// A position without a word.
pub(super) const HOLE: &str = ";";

/// A form of the analysis as the cluster has it.
pub(crate) fn key(form: &str) -> String {
    form.replace('\0', &OWN.to_string())
}

/// The tokens of an article.
#[derive(Debug, Default)]
pub(super) struct Tapes {
    /// Title and body: the title from position 0, the body from [`BODY_POSITION`].
    pub(super) text: Vec<String>,
    /// The title alone.
    pub(super) title: Vec<String>,
    pub(super) byline: Vec<String>,
    /// Terms of title and body, and of the title.
    pub(super) lengths: [u32; 2],
}

impl Tapes {
    pub(super) fn of(analysed: &Analysed, byline: &[String], analyzer: &mut Analyzer) -> Self {
        let mut text = Tape::default();
        let mut title = Tape::default();
        let mut lengths = [0; 2];
        analysed.each_word(|in_title, position, terms, form| {
            lengths[0] += terms.len() as u32;
            // A title may be so long that its words have positions of the body; it is cut before these.
            if in_title && position + 1 < BODY_POSITION - GAP {
                lengths[1] += terms.len() as u32;
                title.word(position, terms, form);
                text.word(position, terms, form);
            } else if !in_title {
                text.end_title();
                text.word(position, terms, form);
            }
        });
        let byline = byline.iter().map(|name| line(name, analyzer)).collect();
        text.end_title();
        Self { text: text.strings(), title: title.strings(), byline, lengths }
    }
}

/// The tokens of a single line.
fn line(text: &str, analyzer: &mut Analyzer) -> String {
    let words = words(text);
    let mut terms: Vec<(u32, String)> = Vec::new();
    analyzer.terms(&words, |word, term| terms.push((word.position, term.to_owned())));
    let mut tape = Tape::default();
    for word in words.as_slice() {
        let here = terms.iter().filter(|(position, _)| *position == word.position).map(|(_, term)| term.clone());
        let written = form(words.folded(word), &text[word.start as usize..word.end as usize]);
        tape.word(tape.next, &here.collect::<Vec<_>>(), &written);
    }
    tape.strings().join(&NEXT.to_string())
}

/// Writes tokens.
#[derive(Debug, Default)]
struct Tape {
    done: Vec<String>,
    current: String,
    /// The next position.
    next: u32,
    in_body: bool,
}

impl Tape {
    fn word(&mut self, position: u32, terms: &[String], form: &str) {
        if position == self.next + GAP && !self.current.is_empty() {
            self.done.push(std::mem::take(&mut self.current));
            self.next = position;
        }
        while self.next < position {
            self.token(HOLE);
        }
        let key = key(form);
        let mut token = terms.join(&STACKED.to_string());
        if token != key {
            token.push(WRITTEN);
            token.push_str(&key);
        }
        self.token(if token.len() > LONGEST || terms.is_empty() { HOLE } else { &token });
    }

    fn token(&mut self, token: &str) {
        if !self.current.is_empty() {
            self.current.push(NEXT);
        }
        self.current.push_str(token);
        self.next += 1;
    }

    /// Fills the title up, so that the body begins at its position.
    fn end_title(&mut self) {
        if !std::mem::replace(&mut self.in_body, true) {
            while self.next + 1 < BODY_POSITION - GAP {
                self.token(HOLE);
            }
            self.token(EVERY);
        }
    }

    fn strings(mut self) -> Vec<String> {
        if !self.current.is_empty() {
            self.done.push(self.current);
        }
        self.done
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Article;
    use crate::tag::Tags;

    fn tapes(title: &str, text: &str) -> Tapes {
        let article = Article { title: title.to_owned(), text: text.to_owned(), ..Article::default() };
        let mut analyzer = Analyzer::new();
        let analysed = Analysed::new(&article, &Tags::default(), &mut analyzer);
        Tapes::of(&analysed, &["Ann Vell".to_owned()], &mut analyzer)
    }

    #[test]
    fn title_paragraphs_and_byline_are_strings_of_their_own() {
        let tapes = tapes("SAFE talks on", "Ships sailed.\n\nMore.");
        assert_eq!(tapes.title, ["SAFE\u{8}safe\rSAFE\ttalk\u{8}talks\ton"]);
        assert_eq!(tapes.text.len(), 3);
        assert!(tapes.text[0].starts_with(&tapes.title[0]) && tapes.text[0].ends_with(";\t;\t;;"));
        assert_eq!(tapes.text[0].split(NEXT).count(), 900);
        assert_eq!(tapes.text[1..], ["ship\u{8}ships\rShips\tsail\u{8}sailed", "more\u{8}more\rMore"]);
        assert_eq!(tapes.byline, ["ann\u{8}ann\rAnn\tvell\u{8}vell\rVell"]);
    }

    #[test]
    fn the_body_keeps_its_position_after_an_empty_and_after_an_endless_title() {
        let empty = tapes("", "Ships.");
        assert_eq!((empty.title.len(), empty.text.len()), (0, 2));
        assert_eq!(empty.text[0].split(NEXT).count(), 900);
        let endless = tapes(&"ferry ".repeat(1500), "Ships.");
        assert_eq!(endless.text.len(), 2);
        assert_eq!(endless.text[0].split(NEXT).count(), 900);
        assert_eq!(endless.text[1], "ship\u{8}ships\rShips");
    }

    #[test]
    fn a_word_that_the_cluster_would_refuse_leaves_its_position_empty() {
        let tapes = tapes("", &format!("ships {} sailed", "x".repeat(40_000)));
        assert_eq!(tapes.text[1], "ship\u{8}ships\t;\tsail\u{8}sailed");
    }
}
