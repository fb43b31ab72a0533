//! Removing the elements of a page that hold no part of its article, before the main content is looked for.
//!
//! An element is removed for its tag, for being hidden, or for a word in its class or id. Only whole words count, so
//! `shared` is not `share`. An element that holds much of the page's running text stays, unless it holds readers'
//! comments.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use dom_query::{Document, NodeId, NodeRef};
use rustc_hash::{FxHashMap, FxHashSet};

use super::wall;
use crate::wordlist::WordList;

/// Tags that never hold the article.
const TAGS: &[&str] = &["nav", "footer", "form", "button", "dialog", "figcaption", "label", "menu", "aside"];

/// Single words of classes and ids that mark an element outside the article.
static WORDS: WordList = WordList::new(include_str!("lists/aside_classes.txt"));

/// Single words of classes and ids about payment.
static WALLS: WordList = WordList::new(include_str!("lists/wall_classes.txt"));

/// Two consecutive words of such a class or id, with a blank between.
static PAIRS: WordList = WordList::new(include_str!("lists/aside_class_pairs.txt"));

/// What marks elements as outside the article (a tag, a word of a class, being hidden) marks nothing on a page where
/// the elements that it marks hold more than this share of the running text: some publishers put their whole story in
/// paragraphs of the class `paywall`. Readers' comments may hold any share.
const TOO_MUCH: f32 = 0.3;

/// Takes the elements out that hold no part of the article.
pub(crate) fn prune(document: &Document) {
    unfold_layout(document);
    breaks_to_paragraphs(document);
    let running = Running::of(document);
    let marked: Vec<(NodeRef<'_>, Mark)> = document
        .root()
        .descendants_it()
        .filter(NodeRef::is_element)
        .flat_map(|node| marks(&node).into_iter().map(move |mark| (node, mark)))
        .collect();
    let shares = shares(&marked, &running);
    let is_outside = |(node, mark): &(NodeRef<'_>, Mark)| {
        shares[mark] <= TOO_MUCH || running.beside(node) >= STORY && is_discussion(node)
    };
    marked.iter().filter(|marked| is_outside(marked)).for_each(|(node, _)| node.remove_from_parent());
}

/// What marks an element as outside the article.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Mark {
    /// Its tag, which is one of [`TAGS`].
    Tag(&'static str),
    /// A word of its class or id, or two.
    Name(String),
    /// It is hidden.
    Hidden,
}

/// The share of the page's running text within the elements that each mark marks; of those within one another, only
/// the outermost counts.
fn shares(marked: &[(NodeRef<'_>, Mark)], running: &Running) -> HashMap<Mark, f32> {
    let mut shares: HashMap<Mark, f32> = HashMap::new();
    let mut outermost: HashMap<&Mark, HashSet<NodeId>> = HashMap::new();
    for (node, mark) in marked {
        let nodes = outermost.entry(mark).or_default();
        if node.ancestors_it(None).any(|above| nodes.contains(&above.id)) {
            continue;
        }
        nodes.insert(node.id);
        *shares.entry(mark.clone()).or_default() += running.share(node);
    }
    shares
}

/// Characters of running text that a page has.
pub(crate) fn running_text(document: &Document) -> usize {
    Running::of(document).all
}

/// How many characters of running text each element holds. Running text is any text node of some length outside links,
/// whatever element it is in: many pages have `br` or bare `div` where others have paragraphs.
struct Running {
    letters: FxHashMap<NodeId, usize>,
    all: usize,
}

/// A text node of this many characters or fewer is no running text.
const STRETCH: usize = 40;

impl Running {
    fn of(document: &Document) -> Self {
        let mut letters: FxHashMap<NodeId, usize> = FxHashMap::default();
        let mut all = 0;
        for text in document.root().descendants_it().filter(NodeRef::is_text) {
            let count = text.normalized_char_count();
            if count <= STRETCH || text.ancestors_it(None).any(|above| above.has_name("a") || above.has_name("head")) {
                continue;
            }
            all += count;
            for above in text.ancestors_it(None) {
                *letters.entry(above.id).or_default() += count;
            }
        }
        Self { letters, all: all.max(1) }
    }

    /// Characters of running text outside an element.
    fn beside(&self, node: &NodeRef<'_>) -> usize {
        self.all.saturating_sub(self.letters.get(&node.id).copied().unwrap_or(0))
    }

    /// The share of the page's running text that an element holds.
    fn share(&self, node: &NodeRef<'_>) -> f32 {
        self.letters.get(&node.id).copied().unwrap_or(0) as f32 / self.all as f32
    }
}

/// Characters of running text that suffice for a story. If this many are outside a discussion, it is removed, however
/// long it is.
const STORY: usize = 250;

/// Whether an element holds readers' comments: a whole class or id says so (for the names of two words, its end), and it
/// holds no `h1`. There may be more of them than of the story.
fn is_discussion(node: &NodeRef<'_>) -> bool {
    const NAMES: [&str; 11] = [
        "comment-list",
        "commentlist",
        "comments-area",
        "comments-list",
        "comment-section",
        "comments-section",
        "comments-container",
        "comments-wrapper",
        "article-comments",
        "post-comments",
        "disqus_thread",
    ];
    let is_name = |name: &str| name == "comments" || NAMES.iter().any(|end| name.ends_with(end));
    let named = |value: &str| value.split_whitespace().any(|name| is_name(&name.to_ascii_lowercase()));
    ["class", "id"].iter().any(|attribute| node.attr(attribute).is_some_and(|value| named(&value)))
        && !node.descendants_it().any(|inner| inner.has_name("h1"))
}

/// A cell that holds more than this share of the page's running text is a column of the page.
const COLUMN: f32 = 0.6;

/// Removes the table by which old pages are laid out: of its row only the cell with the story stays, and cell, row and
/// table become `div`.
fn unfold_layout(document: &Document) {
    if !document.root().descendants_it().any(|node| node.has_name("td")) {
        return;
    }
    let running = Running::of(document);
    let columns: Vec<NodeRef<'_>> =
        document.root().descendants_it().filter(|node| node.has_name("td") && running.share(node) > COLUMN).collect();
    for column in columns {
        let row: Vec<NodeRef<'_>> = column.parent().map(|row| row.children()).unwrap_or_default();
        for cell in row.into_iter().filter(|cell| cell.id != column.id && (cell.has_name("td") || cell.has_name("th")))
        {
            cell.remove_from_parent();
        }
        for node in column.ancestors(Some(3)).into_iter().chain([column]) {
            if node.node_name().is_some_and(|name| matches!(name.as_ref(), "td" | "tr" | "tbody" | "table")) {
                node.rename("div");
            }
        }
    }
}

/// Turns each stretch of text between two or more `br` in a row into a paragraph, for pages that have no element for
/// it.
fn breaks_to_paragraphs(document: &Document) {
    let root = document.root();
    let parents: Vec<NodeRef<'_>> = root.descendants_it().filter(has_double_break).collect();
    for parent in parents {
        let mut run: Vec<NodeRef<'_>> = Vec::new();
        let mut between: Vec<NodeRef<'_>> = Vec::new();
        for child in parent.children() {
            if child.has_name("br") || is_blank(&child) {
                between.push(child);
                continue;
            }
            if between.iter().filter(|node| node.has_name("br")).count() > 1 {
                wrap(document, std::mem::take(&mut run));
                between.iter().for_each(NodeRef::remove_from_parent);
            } else if !run.is_empty() {
                run.append(&mut between);
            }
            between.clear();
            if is_inline(&child) {
                run.push(child);
            } else {
                wrap(document, std::mem::take(&mut run));
            }
        }
        wrap(document, run);
        if parent.has_name("p") {
            parent.rename("div");
        }
    }
}

fn has_double_break(node: &NodeRef<'_>) -> bool {
    if !node.is_element() || node.has_name("pre") {
        return false;
    }
    let mut breaks = 0;
    node.children_it(false).any(|child| {
        if child.has_name("br") {
            breaks += 1;
        } else if !is_blank(&child) {
            breaks = 0;
        }
        breaks > 1
    })
}

fn is_blank(node: &NodeRef<'_>) -> bool {
    !node.is_element() && (!node.is_text() || node.text().trim().is_empty())
}

fn is_inline(node: &NodeRef<'_>) -> bool {
    // A closed set of the HTML standard.
    const INLINE: [&str; 22] = [
        "a", "b", "i", "em", "strong", "span", "font", "u", "small", "big", "mark", "img", "br", "sup", "sub", "abbr",
        "q", "cite", "code", "s", "del", "ins",
    ];
    node.is_text() || node.node_name().is_some_and(|name| INLINE.contains(&name.as_ref()))
}

/// Wraps consecutive nodes in a `p`, or in a `div` if one of them contains double breaks itself.
fn wrap(document: &Document, run: Vec<NodeRef<'_>>) {
    let Some(first) = run.first() else { return };
    let nested =
        run.iter().any(|node| has_double_break(node) || node.descendants_it().any(|inner| has_double_break(&inner)));
    let paragraph = document.tree.new_element(if nested { "div" } else { "p" });
    first.insert_before(&paragraph);
    run.iter().for_each(|node| paragraph.append_child(node));
}

/// Whether one of [`PAIRS`] begins with a word.
fn opens_pair(word: &str) -> bool {
    static OPENERS: LazyLock<FxHashSet<&str>> =
        LazyLock::new(|| PAIRS.iter().filter_map(|pair| Some(pair.split_once(' ')?.0)).collect());
    OPENERS.contains(word)
}

/// Everything that marks an element as outside the article.
fn marks(node: &NodeRef<'_>) -> Vec<Mark> {
    let Some(name) = node.node_name() else { return Vec::new() };
    let name = name.as_ref();
    if matches!(name, "html" | "head" | "body" | "main" | "article" | "h1") {
        return Vec::new();
    }
    let mut marks: Vec<Mark> = TAGS.iter().filter(|tag| **tag == name).map(|tag| Mark::Tag(tag)).collect();
    if is_hidden(node) {
        marks.push(Mark::Hidden);
    }
    let values = ["class", "id"].iter().filter_map(|attribute| node.attr(attribute));
    let mut words = Vec::new();
    for value in values.filter(|value| value.len() <= 400) {
        words.clear();
        split_words(&value, &mut words);
        marks.extend(words.iter().filter(|word| WORDS.has(word)).cloned().map(Mark::Name));
        let pairs = words.windows(2).filter(|pair| opens_pair(&pair[0])).map(|pair| pair.join(" "));
        marks.extend(pairs.filter(|pair| PAIRS.has(pair)).map(Mark::Name));
        let asks = words.iter().filter(|word| WALLS.has(word)).take(1).filter(|_| wall::is_box(&node.text()));
        marks.extend(asks.cloned().map(Mark::Name));
    }
    marks
}

fn is_hidden(node: &NodeRef<'_>) -> bool {
    let style = node.attr("style");
    let style = style.as_deref().unwrap_or_default();
    style.len() < 400 && (style.contains("display:none") || style.contains("display: none"))
        || node.attr("aria-hidden").is_some_and(|value| value.as_ref() == "true")
}

/// The words of `article-body__textBox`, in lower case.
pub(crate) fn split_words(value: &str, words: &mut Vec<String>) {
    let mut word = String::new();
    let mut lower = false;
    for c in value.chars() {
        let ends = !c.is_ascii_alphanumeric() || c.is_ascii_uppercase() && lower;
        if ends && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_ascii_alphanumeric() {
            word.push(c.to_ascii_lowercase());
        }
        lower = c.is_ascii_lowercase();
    }
    if !word.is_empty() {
        words.push(word);
    }
}
