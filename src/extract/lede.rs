//! The standfirst: the sentence or two under the headline that extractors leave out.
//!
//! It is taken only where the page shows it: as an element that says what the page's description says, or that is
//! named as a standfirst, above the first paragraph of the story.

use dom_query::{Document, NodeRef};

use super::title::{key, one_line};
use crate::wordlist::WordList;

/// Letters and digits of a standfirst, at least and at most.
const SHORTEST: usize = 40;
const LONGEST: usize = 700;

/// Class words that name a standfirst.
static NAMES: WordList = WordList::new(include_str!("lists/standfirst_classes.txt"));

/// The standfirst of the page, if it shows one that the story does not begin with. `first` is the story's first
/// paragraph.
pub(crate) fn find(document: &Document, descriptions: &[String], headline: &str, first: &str) -> Option<String> {
    let described: Vec<String> =
        descriptions.iter().map(|text| key(text)).filter(|text| text.chars().count() >= 30).collect();
    let first_key = key(first);
    let first_start: String = first_key.chars().take(40).collect();
    let mut found = None;
    let headed = document.root().descendants_it().any(|node| node.has_name("h1"));
    let mut below = !headed;
    for node in document.root().descendants_it().filter(NodeRef::is_text) {
        let text = node.text();
        if text.trim().len() < 12 {
            continue;
        }
        let start: String =
            text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).take(40).collect();
        if start.chars().count() >= 20 && first_start.starts_with(&start) && found.is_some() {
            break;
        }
        below |= node.ancestors_it(Some(4)).any(|node| node.has_name("h1"));
        let matches = described.iter().any(|text| start.chars().count() >= 12 && text.starts_with(&start));
        let Some(block) = block_of(&node) else { continue };
        if !(matches || below && is_named(&block)) || in_head(&block) {
            if start.chars().count() >= 20 && first_start.starts_with(&start) {
                break;
            }
            continue;
        }
        let whole = one_line(&block.text());
        let whole_key = key(&whole);
        let count = whole_key.chars().count();
        if (SHORTEST..=LONGEST).contains(&count)
            && !first_key.starts_with(&whole_key)
            && !whole_key.starts_with(&first_start)
            && whole_key != key(headline)
            && (is_named(&block)
                || described.iter().any(|text| whole_key.starts_with(text.as_str()) || text.starts_with(&whole_key)))
        {
            found = Some(whole);
            break;
        }
        if start.chars().count() >= 20 && first_start.starts_with(&start) {
            break;
        }
    }
    found
}

/// The nearest element around a text that is a block.
fn block_of<'n>(node: &NodeRef<'n>) -> Option<NodeRef<'n>> {
    let mut at = node.parent()?;
    while let Some(parent) = at.parent() {
        let inline = at.node_name().is_some_and(|name| {
            matches!(name.as_ref(), "a" | "b" | "i" | "em" | "strong" | "span" | "font" | "u" | "small" | "mark")
        });
        if !inline {
            break;
        }
        at = parent;
    }
    Some(at)
}

fn in_head(block: &NodeRef<'_>) -> bool {
    block.node_name().is_some_and(|name| matches!(name.as_ref(), "head" | "title" | "meta" | "h1" | "li" | "option"))
}

fn is_named(block: &NodeRef<'_>) -> bool {
    let named = |node: &NodeRef<'_>| {
        let class = node.attr_or("class", "").to_ascii_lowercase();
        let property = node.attr_or("itemprop", "");
        class.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| NAMES.has(word))
            || matches!(property.as_ref(), "description" | "alternativeHeadline")
    };
    named(block) || block.parent().is_some_and(|parent| named(&parent) && parent.element_children().len() == 1)
}
