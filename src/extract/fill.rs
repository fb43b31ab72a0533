//! Gaps in an extraction, filled from the page.
//!
//! Stories that are set in many like sections lose some of them to extractors that look for one container. The
//! paragraphs found tell where the story lives: the smallest element that holds nearly all of them, and the elements
//! of the template (tag and class of parent and grandparent) that they sit in. Running text of that element in the same
//! places belongs to the story too.

use std::collections::{HashMap, HashSet};

use dom_query::{Document, NodeId, NodeRef};

use super::boilerplate::ends_sentence;
use super::render::Block;
use super::title::one_line;

/// Letters below which a paragraph is no evidence.
const SHORT: usize = 40;

/// What is missing must be at least this share of what was found, or the extraction stays as it is.
const WORTHWHILE: f32 = 0.12;

/// A paragraph of the page.
struct Place<'n> {
    node: NodeRef<'n>,
    start: String,
    letters: usize,
    template: u64,
    found: bool,
    running: bool,
}

/// HTML of the whole story, if `blocks` hold only parts of it.
pub(crate) fn gaps(document: &Document, blocks: &[Block]) -> Option<String> {
    let starts: HashSet<String> =
        blocks.iter().filter(|block| block.letters >= SHORT).map(|block| start_of(&block.text)).collect();
    let places = places(document, &starts);
    let total: usize = places.iter().filter(|place| place.found).map(|place| place.letters).sum();
    if total < 200 {
        return None;
    }
    let home = home(&places, total)?;
    let mut templates: HashMap<u64, usize> = HashMap::new();
    for place in places.iter().filter(|place| place.found) {
        *templates.entry(place.template).or_default() += place.letters;
    }
    let wanted = |place: &Place<'_>| {
        place.found
            || place.running
                && templates.get(&place.template).is_some_and(|letters| *letters * 5 >= total)
                && is_within(&place.node, home)
    };
    let missing: usize = places.iter().filter(|place| !place.found && wanted(place)).map(|place| place.letters).sum();
    if (missing as f32) < WORTHWHILE * total as f32 {
        return None;
    }
    let mut seen = HashSet::new();
    let chosen =
        places.iter().filter(|place| (wanted(place) || is_heading(place, home)) && seen.insert(place.start.clone()));
    Some(chosen.map(|place| place.node.html().to_string()).collect())
}

fn places<'n>(document: &'n Document, starts: &HashSet<String>) -> Vec<Place<'n>> {
    let is_block = |node: &NodeRef<'_>| {
        node.node_name().is_some_and(|name| matches!(name.as_ref(), "p" | "h2" | "h3" | "h4" | "li" | "blockquote"))
    };
    let root = document.root();
    let nodes = root.descendants_it().filter(|node| is_block(node));
    nodes
        .filter(|node| !node.descendants_it().any(|inner| is_block(&inner)))
        .map(|node| {
            let text = one_line(&node.text());
            let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
            let linked: usize = node
                .descendants_it()
                .filter(|inner| inner.has_name("a"))
                .map(|link| link.text().chars().filter(|c| c.is_alphanumeric()).count())
                .sum();
            let start = start_of(&text);
            Place {
                found: letters >= SHORT && starts.contains(&start),
                running: node.has_name("p") && letters >= SHORT && linked * 3 < letters && ends_sentence(&text),
                template: template(&node),
                start,
                letters,
                node,
            }
        })
        .collect()
}

fn is_heading(place: &Place<'_>, home: NodeId) -> bool {
    place.node.node_name().is_some_and(|name| name.starts_with('h'))
        && place.letters > 3
        && is_within(&place.node, home)
}

/// The deepest element that holds nine tenths of what was found.
fn home(places: &[Place<'_>], total: usize) -> Option<NodeId> {
    let mut held: HashMap<NodeId, (usize, usize)> = HashMap::new();
    for place in places.iter().filter(|place| place.found) {
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

/// The first letters and digits of a text, by which a paragraph is known again.
fn start_of(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).take(60).collect()
}
