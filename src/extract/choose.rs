//! The main content: several opinions, and the choice between them.

use std::collections::HashSet;

use super::boilerplate::{self, ends_sentence};
use super::html::fenced;
use super::render::{self, Block};
use crate::article::ParagraphKind;

/// The best opinion on what the story is. `claimed` is the body that the page's JSON-LD gives: it may vote, and none of
/// its text is used.
pub(crate) fn best(html: &str, claimed: Option<&str>, headline: &str) -> Vec<Block> {
    let of = |content: Option<String>| {
        boilerplate::prune(fenced(|| render::blocks(&content.unwrap_or_default())).unwrap_or_default(), headline)
    };
    let first = of(fenced(|| main_content(html)).flatten());
    let second = of(fenced(|| readable(html)).flatten());
    if let Some(claimed) = claimed.filter(|text| text.len() > 500) {
        let claimed = shingles(claimed);
        let (one, two) = (agreement(&first, &claimed), agreement(&second, &claimed));
        if one.max(two) > 0.5 {
            return if two > one + 0.02 { second } else { first };
        }
    }
    if worth(&second) > 1.1 * worth(&first) + 100.0 { second } else { first }
}

fn main_content(html: &str) -> Option<String> {
    let options = trafilatura::Options::default().with_exclude_comments(true).with_links(true);
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
