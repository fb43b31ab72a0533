//! Filling the gaps of an extraction from the page.
//!
//! Extractors that look for one container lose parts of a story that is set in many similar sections. The paragraphs
//! that they find show where the story is: within the deepest element that holds nearly all of them, and in certain
//! places of the template (tag and class of parent and grandparent). Running text within that element in the same
//! places of the template belongs to the story too.

use std::collections::{HashMap, HashSet};

use dom_query::{Document, NodeId, NodeRef};
use rustc_hash::FxHashMap;

use super::boilerplate::ends_sentence;
use super::merge::start_of;
use super::render::Block;
use super::title::one_line;

/// A paragraph of fewer letters and digits is no evidence of where the story is.
const SHORT: usize = 40;

/// Smallest ratio of missing to found letters at which the gaps are filled; below it the extraction stays as it is.
const WORTHWHILE: f32 = 0.12;

/// A paragraph of the page.
struct Place<'n> {
    node: NodeRef<'n>,
    start: String,
    letters: usize,
    linked: usize,
    /// Whether it ends as a sentence does.
    sentence: bool,
    /// Whether it is a `p` of running text.
    running: bool,
}

/// The paragraphs of a page, in order.
#[derive(Default)]
pub(crate) struct Paragraphs<'n>(Vec<Place<'n>>);

impl<'n> Paragraphs<'n> {
    /// Reads the paragraphs of a page: block elements that hold no other.
    pub(crate) fn of(document: &'n Document) -> Self {
        let root = document.root();
        let nodes = root.descendants_it().filter(is_block);
        Self(nodes.filter(|node| !node.descendants_it().any(|inner| is_block(&inner))).map(place).collect())
    }

    /// The blocks with as many letters in links as their paragraphs have on the page; extractors lose some links.
    pub(crate) fn with_links(&self, mut blocks: Vec<Block>) -> Vec<Block> {
        let mut linked: HashMap<&str, (usize, usize)> = HashMap::new();
        for place in self.0.iter().filter(|place| place.linked > 0) {
            linked.entry(&place.start).or_insert((place.letters, place.linked));
        }
        for block in &mut blocks {
            if let Some((letters, links)) = linked.get(start_of(&block.text).as_str())
                && *letters == block.letters
            {
                block.linked = block.linked.max(*links);
            }
        }
        blocks
    }

    /// Letters and digits in sentences of the paragraphs within an element, less than half of them in links.
    pub(crate) fn running(&self, home: &NodeRef<'n>) -> usize {
        let inside =
            self.0.iter().filter(|place| place.letters >= 30 && place.linked * 2 < place.letters && place.sentence);
        inside.filter(|place| is_within(&place.node, home.id)).map(|place| place.letters).sum()
    }

    /// The letters of `blocks` that each element of the page holds.
    pub(crate) fn held(&self, blocks: &[Block]) -> FxHashMap<NodeId, usize> {
        let mut held: FxHashMap<NodeId, usize> = FxHashMap::default();
        for place in self.found(blocks) {
            for above in place.node.ancestors_it(None) {
                *held.entry(above.id).or_default() += place.letters;
            }
        }
        held
    }

    /// The paragraphs of the page that `blocks` hold.
    fn found(&self, blocks: &[Block]) -> Vec<&Place<'n>> {
        let starts: HashSet<String> =
            blocks.iter().filter(|block| block.letters >= SHORT).map(|block| start_of(&block.text)).collect();
        self.0.iter().filter(|place| place.letters >= SHORT && starts.contains(&place.start)).collect()
    }

    /// HTML of the whole story, if `blocks` hold only parts of it.
    pub(crate) fn gaps(&self, blocks: &[Block]) -> Option<String> {
        let found = self.found(blocks);
        let known: HashSet<&str> = found.iter().map(|place| place.start.as_str()).collect();
        let is_found = |place: &Place<'_>| place.letters >= SHORT && known.contains(place.start.as_str());
        let total: usize = found.iter().map(|place| place.letters).sum();
        if total < 200 {
            return None;
        }
        let home = with_siblings(home(&found, total)?, &found);
        let mut templates: HashMap<u64, usize> = HashMap::new();
        for place in &found {
            *templates.entry(template(&place.node)).or_default() += place.letters;
        }
        let belongs = |place: &Place<'_>| {
            place.running
                && is_within(&place.node, home)
                && templates.get(&template(&place.node)).is_some_and(|letters| *letters * 5 >= total)
        };
        let missing: usize =
            self.0.iter().filter(|place| !is_found(place) && belongs(place)).map(|place| place.letters).sum();
        if (missing as f32) < WORTHWHILE * total as f32 {
            return None;
        }
        let mut seen = HashSet::new();
        let wanted = |place: &&Place<'_>| is_found(place) || belongs(place) || is_heading(place, home);
        let chosen = self.0.iter().filter(wanted).filter(|place| seen.insert(place.start.as_str()));
        Some(chosen.map(|place| place.node.html().to_string()).collect())
    }
}

fn is_block(node: &NodeRef<'_>) -> bool {
    node.node_name().is_some_and(|name| matches!(name.as_ref(), "p" | "h2" | "h3" | "h4" | "li" | "blockquote"))
}

fn place(node: NodeRef<'_>) -> Place<'_> {
    let text = one_line(&node.text());
    let count = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
    let letters = count(&text);
    let links = node.descendants_it().filter(|inner| inner.has_name("a"));
    let linked = if node.ancestors_it(Some(4)).any(|above| above.has_name("a")) {
        letters
    } else {
        links.map(|link| count(&link.text())).sum()
    };
    Place {
        sentence: ends_sentence(&text),
        running: node.has_name("p") && letters >= SHORT && linked * 3 < letters && ends_sentence(&text),
        start: start_of(&text),
        letters,
        linked,
        node,
    }
}

fn is_heading(place: &Place<'_>, home: NodeId) -> bool {
    place.node.node_name().is_some_and(|name| name.starts_with('h'))
        && place.letters > 3
        && is_within(&place.node, home)
}

/// The deepest element that holds nine tenths of the letters found.
fn home(found: &[&Place<'_>], total: usize) -> Option<NodeId> {
    let mut held: HashMap<NodeId, (usize, usize)> = HashMap::new();
    for place in found {
        let above: Vec<NodeRef<'_>> = place.node.ancestors_it(None).collect();
        for (height, node) in above.iter().enumerate() {
            let entry = held.entry(node.id).or_insert((0, above.len() - height));
            entry.0 += place.letters;
        }
    }
    let deepest =
        held.into_iter().filter(|(_, (letters, _))| letters * 10 >= total * 9).max_by_key(|(_, (_, depth))| *depth);
    deepest.map(|(id, _)| id)
}

/// The parent of an element that holds a part of the story, if other parts stand beside it: elements of the same tag, class
/// and `itemprop`. Not where one of them has a headline of its own, as the stories of a list have.
fn with_siblings(home: NodeId, found: &[&Place<'_>]) -> NodeId {
    let above = found.iter().flat_map(|place| place.node.ancestors_it(None));
    let Some(home_node) = above.into_iter().find(|node| node.id == home) else { return home };
    let Some(parent) = home_node.parent() else { return home };
    let mark = |node: &NodeRef<'_>| (node.node_name(), node.attr("class"), node.attr("itemprop"));
    let own = mark(&home_node);
    let is_story = |node: &NodeRef<'_>| {
        let headed = |inner: &NodeRef<'_>| inner.has_name("h1") || inner.has_name("h2") && node.has_name("article");
        node.descendants_it().any(|inner| headed(&inner))
    };
    let alike: Vec<NodeRef<'_>> = parent.element_children().into_iter().filter(|node| mark(node) == own).collect();
    let is_part = (own.1.is_some() || own.2.is_some()) && alike.len() > 1 && !alike.iter().any(is_story);
    if is_part { parent.id } else { home }
}

fn is_within(node: &NodeRef<'_>, home: NodeId) -> bool {
    node.ancestors_it(None).any(|above| above.id == home)
}

/// Tag and class of parent and grandparent, as a number.
fn template(node: &NodeRef<'_>) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    for above in node.ancestors_it(Some(2)) {
        above.node_name().as_deref().hash(&mut hasher);
        above.attr("class").as_deref().hash(&mut hasher);
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::render;
    use dom_query::Document;

    fn paragraph(number: usize) -> String {
        format!("<p>Report {number} says that the ferries between the two islands of Alda sail again in summer.</p>")
    }

    /// A page whose story is six paragraphs, and what is given back where only some of them were found.
    fn filled(found: std::ops::Range<usize>) -> Option<String> {
        let story: String = (0..6).map(paragraph).collect();
        let page =
            format!("<div class=a><div class=b>{story}</div></div><div class=c><div>{}</div></div>", paragraph(9));
        let tree = Document::from(page.as_str());
        let blocks = render::blocks(&found.map(paragraph).collect::<String>());
        Paragraphs::of(&tree).gaps(&blocks)
    }

    #[test]
    fn paragraphs_of_the_story_that_were_lost_come_back_and_no_others() {
        let story = filled(1..4).unwrap();
        let numbers: Vec<&str> = story.split("Report ").skip(1).map(|rest| &rest[..1]).collect();
        assert_eq!(numbers, ["0", "1", "2", "3", "4", "5"]);
        assert_eq!(filled(0..6), None, "nothing was lost");
        assert_eq!(filled(1..2), None, "too little was found to know the story by");
    }
}
