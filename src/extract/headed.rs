//! What stands under the headline: the smallest element of the page that holds the headline and most of what was found.
//!
//! A story of many parts (a live report, a list, a recipe) is one container to its author and many to an extractor, which
//! keeps one of them. What was found is held against all that stands under the headline.

use dom_query::{Document, NodeRef};

use super::render::{self, Block};
use super::title::key;

/// A block of fewer letters and digits is no evidence of where the story is.
const SHORT: usize = 40;

/// If fewer letters and digits were found, the whole `article` or `main` around the headline is looked at.
const BRIEF: usize = 1000;

/// The blocks under the headline, in the smallest element that holds it and half the letters of `found`. Nothing where
/// the page has no `h1`.
pub(crate) fn blocks(tree: &Document, found: &[Block], headline: &str) -> Vec<Block> {
    let headline = key(headline);
    let headings: Vec<_> = tree.root().descendants_it().filter(|node| node.has_name("h1")).collect();
    let Some(heading) = headings.iter().find(|node| key(&node.text()) == headline).or(headings.first()) else {
        return Vec::new();
    };
    let starts: Vec<(String, usize)> = found
        .iter()
        .filter(|block| block.letters >= SHORT)
        .map(|block| (key(&block.text).chars().take(60).collect(), block.letters))
        .collect();
    let letters: usize = starts.iter().map(|(_, letters)| letters).sum();
    let holds_story = |text: &str| {
        let held = starts.iter().filter(|(start, _)| text.contains(start.as_str())).map(|(_, letters)| letters);
        held.sum::<usize>() * 2 >= letters.max(1)
    };
    let Some(home) = heading.ancestors_it(None).find(|above| holds_story(&key(&above.text()))) else {
        return Vec::new();
    };
    let is_article = |above: &NodeRef<'_>| above.has_name("article") || above.has_name("main");
    let home = match [home].into_iter().chain(home.ancestors_it(None)).find(is_article) {
        Some(article) if letters < BRIEF => article,
        _ => home,
    };
    let mut blocks = render::blocks(&home.html());
    let title = key(&heading.text());
    if let Some(at) = blocks.iter().position(|block| key(&block.text) == title) {
        blocks.drain(..=at);
    }
    blocks
}
