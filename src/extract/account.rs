//! The body that a page's JSON-LD claims, which is held against what extractors find.

use std::collections::HashSet;

use super::boilerplate::ends_sentence;
use super::merge::running;
use super::render::Block;
use super::title::one_line;
use crate::article::ParagraphKind;

/// A shorter account, in bytes, is a summary.
const SHORTEST: usize = 500;

/// The page's own account of its body.
pub(crate) struct Account<'a> {
    text: &'a str,
    shingles: HashSet<u64>,
}

impl<'a> Account<'a> {
    /// The account that a page gives, if it is more than a summary.
    pub(crate) fn of(claimed: Option<&'a str>) -> Option<Self> {
        claimed.filter(|text| text.len() > SHORTEST).map(|text| Self { text, shingles: shingles(text) })
    }

    /// F1 of the shingles of account and blocks.
    pub(crate) fn agreement(&self, blocks: &[Block]) -> f32 {
        let text: Vec<&str> = blocks.iter().map(|block| block.text.as_str()).collect();
        let own = shingles(&text.join(" "));
        let both = own.intersection(&self.shingles).count() as f32;
        2.0 * both / (own.len() + self.shingles.len()).max(1) as f32
    }

    /// Letters and digits.
    pub(crate) fn letters(&self) -> usize {
        self.text.chars().filter(|c| c.is_alphanumeric()).count()
    }

    /// Its paragraphs, where it is whole and without mark-up and has more than `times` the running text of `found`.
    pub(crate) fn instead_of(&self, found: &[Block], times: f32) -> Option<Vec<Block>> {
        let lines = self.text.lines().map(one_line).filter(|line| !line.is_empty());
        let told: Vec<Block> = lines.map(|line| Block::plain(line, ParagraphKind::Text)).collect();
        let longer = running(&told) as f32 > times * running(found).max(1) as f32;
        (longer && !self.text.contains("</") && is_whole(self.text)).then_some(told)
    }

    /// Cuts the blocks after the last one that the account contains. Does so only if the account contains four fifths of
    /// the letters and ends with that block: many accounts are cut off after some length, and say nothing about the end.
    pub(crate) fn cut(&self, mut blocks: Vec<Block>) -> Vec<Block> {
        let knows = |block: &Block| {
            let own = shingles(&block.text);
            !own.is_empty() && own.intersection(&self.shingles).count() * 2 >= own.len()
        };
        let all: usize = blocks.iter().map(|block| block.letters).sum();
        let known: usize = blocks.iter().filter(|block| knows(block)).map(|block| block.letters).sum();
        if known * 5 >= all * 4
            && let Some(last) = blocks.iter().rposition(knows)
            && is_whole(self.text)
            && ends_with(self.text, &blocks[last].text)
        {
            blocks.truncate(last + 1);
        }
        blocks
    }
}

/// Whether a text ends with a sentence and not with dots, so that it was probably not cut off.
fn is_whole(text: &str) -> bool {
    let text = text.trim_end();
    ends_sentence(text) && !text.ends_with("...") && !text.ends_with('…')
}

/// Whether `account` ends with `text`: the last 20 letters and digits of `text` stand among the last 40 of `account`,
/// so at most 20 may follow them.
fn ends_with(account: &str, text: &str) -> bool {
    let tail = |text: &str, letters: usize| -> String {
        text.chars().rev().filter(|c| c.is_alphanumeric()).take(letters).collect()
    };
    tail(account, 40).contains(&tail(text, 20))
}

/// Hashes of every four consecutive words; a word is a run of letters and digits.
fn shingles(text: &str) -> HashSet<u64> {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words
        .windows(4)
        .map(|window| {
            let mut hasher = DefaultHasher::new();
            window.hash(&mut hasher);
            hasher.finish()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::choose::tests::{paragraph, texts};
    use super::*;

    fn of(text: &str) -> Account<'_> {
        Account { text, shingles: shingles(text) }
    }

    fn cut(blocks: &[Block], account: &str) -> usize {
        of(account).cut(blocks.to_vec()).len()
    }

    #[test]
    fn what_follows_the_end_of_the_pages_own_account_is_cut() {
        let story = [paragraph("one", 30), paragraph("two", 30), paragraph("three", 30)];
        let more = [&story[..], &[paragraph("related", 12)]].concat();
        let account = texts(&story);
        assert_eq!(cut(&more, &account), 3);
        assert_eq!(cut(&story, &account), 3);
        // An account that was cut off, or that ends elsewhere, says nothing of the end.
        assert_eq!(cut(&more, account.trim_end_matches('.')), 4);
        assert_eq!(cut(&more, &format!("{account}..")), 4);
        assert_eq!(
            cut(&more, &format!("{account} And then the talks went on until late in the night, it was said.")),
            4
        );
        // Nor does one that knows less than four fifths of the text: 90 of 120 words.
        assert_eq!(cut(&[&story[..], &[paragraph("other", 30)]].concat(), &account), 4);
        // A short paragraph gives no four words in a row to know it by, and is not what the account ends with.
        let signed = [&story[..], &[Block::plain("By Ann Bell.".to_owned(), ParagraphKind::Text)]].concat();
        assert_eq!(cut(&signed, &account), 3);
    }

    #[test]
    fn the_last_words_of_text_and_account_are_compared_and_a_little_may_hang_on() {
        let text = "the ministers signed the treaty in Port Alda";
        assert!(ends_with(text, text));
        assert!(ends_with(&format!("{text}. Read on"), text));
        assert!(!ends_with(&format!("{text}. Read on here for more of this story and others"), text));
        assert!(!ends_with("they signed", text));
    }

    #[test]
    fn an_account_stands_in_for_a_fragment_if_it_is_whole() {
        let story = [paragraph("one", 60), paragraph("two", 60), paragraph("three", 60)];
        let account = texts(&story);
        assert_eq!(of(&account).instead_of(&story[..1], 2.2).map(|blocks| blocks.len()), Some(3));
        assert_eq!(of(&account).instead_of(&story[..2], 2.2), None);
        assert_eq!(of(account.trim_end_matches('.')).instead_of(&story[..1], 2.2), None);
        assert_eq!(of(&format!("<p>{account}</p> .")).instead_of(&story[..1], 2.2), None);
        assert!(Account::of(Some("A summary.")).is_none());
    }
}
