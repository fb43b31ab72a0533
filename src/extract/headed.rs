//! What stands under the headline: the smallest element of the page that holds the headline and most of what was found.
//!
//! A story of many parts (a live report, a list, a recipe) is one container to its author and many to an extractor, which
//! keeps one of them. What was found is held against all that stands under the headline.

use dom_query::{Document, NodeRef};

use super::fill::Paragraphs;
use super::render::{self, Block};
use super::title::key;

/// If fewer letters and digits were found, the whole `article` or `main` around the headline is looked at.
const BRIEF: usize = 1000;

/// The part of a page under its headline.
pub(crate) struct Headed<'n> {
    home: NodeRef<'n>,
    headline: String,
    /// Letters and digits of running text that it has, at least: an estimate that needs no rendering.
    pub(crate) running: usize,
}

impl<'n> Headed<'n> {
    /// The part of a page that holds its headline and half the letters of `found`, all of it where nothing was found;
    /// `None` where the page has no `h1`.
    pub(crate) fn of(tree: &'n Document, page: &Paragraphs<'n>, found: &[Block], headline: &str) -> Option<Self> {
        let headings: Vec<NodeRef<'n>> = tree.root().descendants_it().filter(|node| node.has_name("h1")).collect();
        let headline = key(headline);
        let heading = headings.iter().find(|node| key(&node.text()) == headline).or(headings.first())?;
        let held = page.held(found);
        let letters = held.values().max().copied().unwrap_or(0);
        let above: Vec<NodeRef<'n>> = heading.ancestors_it(None).collect();
        let at = above.iter().position(|node| held.get(&node.id).copied().unwrap_or(0) * 2 >= letters)?;
        let is_article = |node: &&NodeRef<'n>| node.has_name("article") || node.has_name("main");
        let home = match above[at..].iter().find(is_article) {
            Some(article) if letters < BRIEF => article,
            _ if letters == 0 => above.last()?,
            _ => &above[at],
        };
        let running = page.running(home).max(bare(home));
        Some(Self { home: *home, headline: key(&heading.text()), running })
    }

    /// Its blocks below the headline.
    pub(crate) fn blocks(&self) -> Vec<Block> {
        let mut blocks = render::blocks(&self.home.html());
        if let Some(at) = blocks.iter().position(|block| key(&block.text) == self.headline) {
            blocks.drain(..=at);
        }
        blocks
    }
}

/// Letters and digits of long text nodes outside links, for pages that have bare `div` where others have paragraphs. A
/// tenth is taken off for headings and captions among them.
fn bare(home: &NodeRef<'_>) -> usize {
    let texts = home.descendants_it().filter(NodeRef::is_text).map(|node| (node.normalized_char_count(), node));
    let long =
        texts.filter(|(count, node)| *count > 40 && !node.ancestors_it(Some(3)).any(|above| above.has_name("a")));
    let letters: usize = long.map(|(_, node)| node.text().chars().filter(|c| c.is_alphanumeric()).count()).sum();
    letters * 9 / 10
}
