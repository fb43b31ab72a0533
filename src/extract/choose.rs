//! The main content: several opinions, and the choice between them.

use std::collections::HashSet;

use super::boilerplate::{self, ends_sentence};
use dom_query::Document;

use super::fill;
use super::html::fenced;
use super::render::{self, Block};
use crate::article::ParagraphKind;

/// The best opinion on what the story is. `claimed` is the body that the page's JSON-LD gives: it may vote, and none of
/// its text is used.
pub(crate) fn best(tree: &Document, claimed: Option<&str>, headline: &str) -> Vec<Block> {
    let html = tree.body().map_or_else(|| tree.html(), |body| body.html());
    let of = |content: Option<String>| {
        boilerplate::prune(fenced(|| render::blocks(&content.unwrap_or_default())).unwrap_or_default(), headline)
    };
    let first = of(fenced(|| main_content(&html)).flatten());
    let account = claimed.filter(|text| text.len() > 500);
    let claimed = account.map(shingles);
    let chosen = if is_sure(&first, claimed.as_ref()) {
        first
    } else {
        let second = of(fenced(|| readable(&html)).flatten());
        if prefers_second(&first, &second, claimed.as_ref()) { second } else { first }
    };
    let Some(page) = fenced(|| fill::Paragraphs::of(tree)) else { return chosen };
    let chosen = match page.gaps(&chosen) {
        Some(whole) => of(Some(whole)),
        None => chosen,
    };
    let chosen = boilerplate::prune(page.with_links(chosen), headline);
    match account {
        Some(account) => until_end(chosen, account),
        None => chosen,
    }
}

/// Whether the first opinion needs no second: it reads as a story, and the page's own account says the same if there is one.
fn is_sure(first: &[Block], claimed: Option<&HashSet<u64>>) -> bool {
    let letters: usize = first.iter().map(|block| block.letters).sum();
    let story = letters > 1200 && worth(first) > 0.5 * letters as f32;
    story && claimed.is_none_or(|claimed| agreement(first, claimed) > 0.8)
}

/// The first opinion holds unless it is a dump of the page, or the page itself speaks for the other.
fn prefers_second(first: &[Block], second: &[Block], claimed: Option<&HashSet<u64>>) -> bool {
    if let Some(claimed) = claimed {
        let (one, two) = (agreement(first, claimed), agreement(second, claimed));
        if one.max(two) > 0.5 {
            return two > one + 0.02;
        }
    }
    worth(second) > 0.0 && worth(first) < 0.2 * worth(second)
}

/// Cuts what follows the last paragraph that the page's own account of the body knows, if that account knows nearly all the
/// rest and ends with that paragraph: many are cut off after some length.
fn until_end(mut blocks: Vec<Block>, account: &str) -> Vec<Block> {
    let claimed = shingles(account);
    let knows = |block: &Block| {
        let own = shingles(&block.text);
        !own.is_empty() && own.intersection(&claimed).count() * 2 >= own.len()
    };
    let all: usize = blocks.iter().map(|block| block.letters).sum();
    let known: usize = blocks.iter().filter(|block| knows(block)).map(|block| block.letters).sum();
    if known * 5 >= all * 4
        && let Some(last) = blocks.iter().rposition(knows)
        && is_whole(account)
        && ends_with(account, &blocks[last].text)
    {
        blocks.truncate(last + 1);
    }
    blocks
}

/// Whether a text ends as one that was not cut off.
fn is_whole(text: &str) -> bool {
    let text = text.trim_end();
    ends_sentence(text) && !text.ends_with("...") && !text.ends_with('…')
}

/// Whether the last words of a text are those of its account; what hangs on behind them is minded little.
fn ends_with(account: &str, text: &str) -> bool {
    let tail = |text: &str, letters: usize| -> String {
        text.chars().rev().filter(|c| c.is_alphanumeric()).take(letters).collect()
    };
    tail(account, 40).contains(&tail(text, 20))
}

fn main_content(html: &str) -> Option<String> {
    let options = trafilatura::Options::default()
        .with_exclude_comments(true)
        .with_links(true)
        .with_html_date_mode(trafilatura::HtmlDateMode::Disabled);
    trafilatura::extract(html, &options).ok().map(|result| result.content_html)
}

fn readable(html: &str) -> Option<String> {
    let config = dom_smoothie::Config { disable_json_ld: true, ..dom_smoothie::Config::default() };
    let article = dom_smoothie::Readability::new(html, None, Some(config)).ok()?.parse().ok()?;
    Some(article.content.to_string())
}

/// Letters of running text, less those that look like none.
fn worth(blocks: &[Block]) -> f32 {
    blocks
        .iter()
        .map(|block| {
            let letters = block.letters as f32;
            let runs = block.kind == ParagraphKind::Heading || ends_sentence(&block.text) && block.letters >= 30;
            let linked = block.linked as f32 / letters.max(1.0);
            // A page dumped into one paragraph is no story.
            let dumped = block.letters > 6000;
            if dumped {
                -letters
            } else if runs && linked < 0.5 {
                letters
            } else {
                -letters
            }
        })
        .sum()
}

/// F1 of the shingles of two texts.
fn agreement(blocks: &[Block], claimed: &HashSet<u64>) -> f32 {
    let text: Vec<&str> = blocks.iter().map(|block| block.text.as_str()).collect();
    let own = shingles(&text.join(" "));
    let both = own.intersection(claimed).count() as f32;
    2.0 * both / (own.len() + claimed.len()).max(1) as f32
}

/// Hashes of every four letters-and-digits words in a row.
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
