//! Paragraphs that are not the article: calls to read on, to subscribe, to share, captions, notices.

use std::collections::HashSet;

use super::render::Block;
use super::{dates, title};
use crate::article::ParagraphKind;
use crate::wordlist::WordList;

/// Drops the paragraphs that are not the article's text.
pub(crate) fn prune(blocks: Vec<Block>, headline: &str) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::with_capacity(blocks.len());
    for block in without_copies(blocks) {
        let repeated = out.len() < 3 && title::same(&block.text, headline);
        let twice = out.last().is_some_and(|last| last.text == block.text);
        if !repeated && !twice && !is_notice(&block.text) && !is_link(&block) {
            out.push(block);
        }
    }
    while out.len() > 2 && out.last().is_some_and(|last| last.kind == ParagraphKind::Heading || is_label(last)) {
        out.pop();
    }
    let lead = out.iter().take(6).take_while(|block| is_label(block)).count();
    if out.get(lead).is_some_and(|block| block.letters > 3 * LABEL) {
        out.drain(..lead);
    }
    out
}

/// A paragraph of this many letters and digits is known again by its text; shorter ones may be a refrain.
const PHRASE: usize = 60;

/// Paragraphs that stood before are dropped only where they hold at least one in this many letters: the story then stands
/// on the page more than once, for small and large screens.
const COPIED: usize = 4;

/// The blocks without those that stood before, where the page holds its story more than once.
fn without_copies(mut blocks: Vec<Block>) -> Vec<Block> {
    let mut seen: HashSet<String> = HashSet::new();
    let copies: Vec<bool> =
        blocks.iter().map(|block| block.letters >= PHRASE && !seen.insert(block.text.clone())).collect();
    let copied: usize = blocks.iter().zip(&copies).filter(|(_, copy)| **copy).map(|(block, _)| block.letters).sum();
    if copied * COPIED >= blocks.iter().map(|block| block.letters).sum::<usize>().max(1) {
        let mut copies = copies.iter();
        blocks.retain(|_| copies.next() == Some(&false));
    }
    blocks
}

/// Letters of a label, at most.
const LABEL: usize = 25;

/// Whether a block is a label: a section, tag or agency above the story, sources or tags below it. It is short and no
/// sentence.
fn is_label(block: &Block) -> bool {
    block.letters <= LABEL
        && matches!(block.kind, ParagraphKind::Text | ParagraphKind::ListItem)
        && !ends_sentence(&block.text)
}

/// Drops the paragraphs that only name the authors: lines of names and dates above the story, notes on a person below
/// it.
pub(crate) fn without_authors(mut blocks: Vec<Block>, names: &[String]) -> Vec<Block> {
    let above = blocks.iter().take(4).take_while(|block| is_byline(&block.text, names)).count();
    blocks.drain(..above);
    while blocks.len() > 2 && blocks.last().is_some_and(|last| is_note_on(&last.text, names)) {
        blocks.pop();
    }
    blocks
}

/// Whether a paragraph is a note on an author: it begins with the name and a verb (`Ada Brook covers`).
fn is_note_on(text: &str, names: &[String]) -> bool {
    text.len() < 600
        && names.iter().filter(|name| name.contains(' ')).any(|name| {
            let rest = text.strip_prefix(name.as_str()).unwrap_or_default().trim_start_matches([',', ' ', ':', '(']);
            rest.len() < text.len()
                && IS.as_slice().iter().any(|verb| rest.strip_prefix(verb).is_some_and(|rest| rest.starts_with(' ')))
        })
}

/// Words that follow the name in a note on an author.
static IS: WordList = WordList::new(include_str!("lists/verbs_after_author.txt"));

/// A paragraph that is hardly more than a link leads away from the story, unless it is a whole sentence of it.
fn is_link(block: &Block) -> bool {
    block.linked * 10 >= block.letters * 6
        && block.letters > 0
        && block.kind != ParagraphKind::Table
        && !ends_sentence(&block.text)
}

/// Words that a line of authors and dates may hold in addition to names, months and numbers.
pub(crate) static BESIDE: WordList = WordList::new(include_str!("lists/byline_words.txt"));

/// Whether a short text says no more than who wrote the story and when.
pub(crate) fn is_byline(text: &str, names: &[String]) -> bool {
    if text.len() > 200 || ends_sentence(text) {
        return false;
    }
    let mut rest = text.to_lowercase();
    let known =
        names.iter().map(|name| name.to_lowercase()).filter(|name| !name.is_empty() && rest.contains(name.as_str()));
    let known: Vec<String> = known.collect();
    known.iter().for_each(|name| rest = rest.replace(name.as_str(), " "));
    let dated = rest.contains(|c: char| c.is_ascii_digit());
    let said =
        |word: &str| word.bytes().all(|b| b.is_ascii_digit()) || BESIDE.has(word) || dates::month(word).is_some();
    (dated || !known.is_empty()) && rest.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).all(said)
}

/// Whether a text ends as a sentence does.
pub(crate) fn ends_sentence(text: &str) -> bool {
    let text = text.trim_end_matches(['"', '”', '’', '\'', ')', '»', '“', ' ', ']']);
    text.ends_with(['.', '!', '?', ':', '…', '。', '！', '？', '।', '۔', '؟'])
}

/// Whether a short paragraph as a whole is a notice and no sentence of the story.
fn is_notice(text: &str) -> bool {
    if text.len() > 200 {
        return false;
    }
    let lower = text.to_lowercase();
    let lower = lower.trim_matches(|c: char| !c.is_alphanumeric());
    EXACT.has(lower)
        || STARTS.as_slice().iter().any(|start| lower.starts_with(start))
        || !ends_sentence(text) && (is_credit(lower) || is_address(lower))
}

/// Whether a short text says whose a picture is.
fn is_credit(lower: &str) -> bool {
    ["photo by ", "photos by ", "photograph: ", "photo: ", "foto: ", "bild: ", "picture: ", "image: ", "photo - "]
        .iter()
        .any(|start| lower.starts_with(start))
        || [
            "getty images",
            "shutterstock",
            "alamy",
            "/reuters",
            "ap photo",
            "afp via",
            "picture alliance",
            "/afp",
            "/epa",
        ]
        .iter()
        .any(|owner| lower.contains(owner))
}

/// Whether a short text is an e-mail address with at most four other words.
fn is_address(lower: &str) -> bool {
    lower.len() < 80
        && lower.split_whitespace().count() <= 5
        && lower.split_whitespace().any(|word| word.contains('@') && word.contains('.') && word.len() > 6)
}

/// Paragraphs that are a notice as a whole.
static EXACT: WordList = WordList::new(include_str!("lists/notices.txt"));

/// Beginnings of short paragraphs that are a notice.
static STARTS: WordList = WordList::new(include_str!("lists/notice_beginnings.txt"));

#[cfg(test)]
mod tests {
    use super::*;

    fn of(texts: &[&str]) -> Vec<String> {
        let blocks = texts.iter().map(|text| Block::plain((*text).to_owned(), ParagraphKind::Text));
        prune(blocks.collect(), "Frigates sail").into_iter().map(|block| block.text).collect()
    }

    #[test]
    fn notices_go_and_sentences_stay() {
        let kept = of(&[
            "Frigates sail",
            "Two left.",
            "READ MORE: Another story",
            "Advertisement",
            "They share the harbour.",
            "Related",
        ]);
        assert_eq!(kept, ["Two left.", "They share the harbour."]);
    }

    #[test]
    fn links_alone_go_unless_they_are_a_sentence() {
        let link = |text: &str| Block {
            linked: text.chars().filter(|c| c.is_alphanumeric()).count(),
            ..Block::plain(text.to_owned(), ParagraphKind::Text)
        };
        let kept = prune(vec![link("Another story of the day"), link("The whole sentence is linked.")], "");
        assert_eq!(kept.len(), 1);
    }
}
