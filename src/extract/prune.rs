//! Elements of a page that hold no part of its article, taken out before the main content is looked for.
//!
//! An element goes by its tag, by being hidden, or by the words in its class and id: whole words, so that `shared` is
//! not `share`. Whatever the words say, an element that holds much of the page's running text stays.

use std::collections::HashMap;

use dom_query::{Document, NodeId, NodeRef};

/// Tags that never hold the article.
const TAGS: &[&str] = &["nav", "footer", "form", "button", "dialog", "figcaption", "label", "menu", "aside"];

/// Single words of classes and ids.
const WORDS: &[&str] = &[
    "newsletter",
    "newsletters",
    "related",
    "share",
    "sharing",
    "sharebar",
    "sharetools",
    "social",
    "cookie",
    "cookies",
    "consent",
    "gdpr",
    "breadcrumb",
    "breadcrumbs",
    "disqus",
    "outbrain",
    "taboola",
    "advert",
    "advertisement",
    "advertising",
    "advertorial",
    "sponsored",
    "subscribe",
    "subscription",
    "signup",
    "readmore",
    "addthis",
    "sharethis",
    "authorbox",
    "paywall",
    "toolbar",
    "recirc",
    "recirculation",
    "recommended",
    "recommendations",
    "recommendation",
    "caption",
    "piano",
    "regwall",
    "onetrust",
    "didomi",
    "jp-relatedposts",
    "wprm",
    "tooltip",
    "popup",
    "modal",
    "skiplink",
    "trending",
    "mostread",
    "popular",
    "comments",
    "commentlist",
    "respond",
    "noprint",
    "infobox2",
    "dfp",
];

/// Two words that follow each other.
const PAIRS: &[(&str, &str)] = &[
    ("author", "bio"),
    ("author", "box"),
    ("about", "author"),
    ("author", "info"),
    ("author", "profile"),
    ("author", "description"),
    ("read", "more"),
    ("read", "also"),
    ("read", "next"),
    ("see", "also"),
    ("also", "read"),
    ("more", "on"),
    ("more", "from"),
    ("more", "stories"),
    ("most", "read"),
    ("most", "popular"),
    ("most", "viewed"),
    ("sign", "up"),
    ("sr", "only"),
    ("visually", "hidden"),
    ("screen", "reader"),
    ("tag", "list"),
    ("tags", "links"),
    ("post", "tags"),
    ("entry", "tags"),
    ("article", "tags"),
    ("tag", "cloud"),
    ("post", "navigation"),
    ("nav", "links"),
    ("site", "footer"),
    ("site", "header"),
    ("comment", "list"),
    ("comments", "area"),
    ("ad", "container"),
    ("ad", "wrapper"),
    ("ad", "slot"),
    ("ad", "unit"),
    ("twitter", "tweet"),
    ("instagram", "media"),
    ("tiktok", "embed"),
    ("fb", "post"),
    ("up", "next"),
    ("inline", "promo"),
    ("promo", "box"),
    ("link", "list"),
    ("you", "may"),
    ("might", "like"),
    ("also", "like"),
    ("image", "credit"),
    ("photo", "credit"),
    ("image", "caption"),
    ("photo", "caption"),
    ("media", "caption"),
    ("credit", "line"),
    ("gallery", "caption"),
    ("wp", "caption"),
    ("save", "article"),
    ("follow", "us"),
    ("push", "notification"),
    ("back", "top"),
];

/// An element that holds more than this share of the page's running text stays, whatever it is called.
const TOO_MUCH: f32 = 0.3;

/// Takes the elements out that hold no part of the article.
pub(crate) fn prune(document: &Document) {
    unfold_layout(document);
    let running = running_text(&document.root()).max(1);
    let mut doomed = Vec::new();
    for node in document.root().descendants_it().filter(NodeRef::is_element) {
        if is_boilerplate(&node) {
            doomed.push(node);
        }
    }
    for node in doomed {
        let share = running_text(&node) as f32 / running as f32;
        if share <= TOO_MUCH {
            node.remove_from_parent();
        }
    }
}

/// A cell that holds more than this share of the page's running text is a column of the page.
const COLUMN: f32 = 0.6;

/// Old pages are laid out by a table: of its row only the cell with the story stays, and is no cell any more.
fn unfold_layout(document: &Document) {
    let mut letters: HashMap<NodeId, usize> = HashMap::new();
    let mut running = 0;
    for paragraph in document.root().descendants_it().filter(|inner| inner.has_name("p")) {
        let count = paragraph.normalized_char_count();
        if count > 40 {
            running += count;
            for cell in paragraph.ancestors_it(None).filter(|node| node.has_name("td")) {
                *letters.entry(cell.id).or_default() += count;
            }
        }
    }
    let columns: Vec<NodeRef<'_>> = document
        .root()
        .descendants_it()
        .filter(|node| letters.get(&node.id).is_some_and(|count| *count as f32 > COLUMN * running as f32))
        .collect();
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

/// Letters in the paragraphs of an element.
fn running_text(node: &NodeRef<'_>) -> usize {
    let paragraphs = node.descendants_it().filter(|inner| inner.has_name("p"));
    paragraphs.map(|inner| inner.normalized_char_count()).filter(|count| *count > 40).sum()
}

fn is_boilerplate(node: &NodeRef<'_>) -> bool {
    let Some(name) = node.node_name() else { return false };
    let name = name.as_ref();
    if matches!(name, "html" | "head" | "body" | "main" | "article" | "h1") {
        return false;
    }
    if TAGS.contains(&name) || is_hidden(node) {
        return true;
    }
    let class = node.attr("class");
    let id = node.attr("id");
    let mut words = Vec::new();
    for value in [class.as_deref(), id.as_deref()].into_iter().flatten() {
        if value.len() > 400 {
            continue;
        }
        split_words(value, &mut words);
        words.push(String::new());
    }
    words.iter().any(|word| WORDS.contains(&word.as_str()))
        || words.windows(2).any(|pair| PAIRS.iter().any(|(one, two)| pair[0] == *one && pair[1] == *two))
}

fn is_hidden(node: &NodeRef<'_>) -> bool {
    let style = node.attr("style");
    let style = style.as_deref().unwrap_or_default();
    style.len() < 400 && (style.contains("display:none") || style.contains("display: none"))
        || node.attr("aria-hidden").is_some_and(|value| value.as_ref() == "true")
}

/// The words of `article-body__textBox`, in lower case.
fn split_words(value: &str, words: &mut Vec<String>) {
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
