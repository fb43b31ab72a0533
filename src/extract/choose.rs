//! Choosing the main content between two opinions: the first is that of `trafilatura`, the second that of
//! `dom_smoothie`.

use std::collections::{BTreeSet, HashSet};

use dom_query::Document;

use super::boilerplate::{self, ends_sentence};
use super::headed::Headed;
use super::merge::{merged, running, start_of};
use super::render::{self, Block};
use super::title::{key, one_line};
use super::{fill, prune, wall};
use crate::article::{Doubt, ParagraphKind};
use crate::fence::fenced;

/// Running text of at least this share of what stands under the headline is all of the story.
const WHOLE: f32 = 0.95;

/// Where what stands under the headline has more than this many times the running text that was found, it is taken whole:
/// most of a story would be lost otherwise.
const FRAGMENT: f32 = 2.2;

/// The story of a page.
#[derive(Debug, Default)]
pub(crate) struct Story {
    /// Its blocks, in order.
    pub(crate) blocks: Vec<Block>,
    /// What speaks against them.
    pub(crate) doubts: BTreeSet<Doubt>,
}

/// Extractors that share less than this part of what they found are of different opinions.
const AGREED: f32 = 0.5;

/// A story that has less than this share of the page's running text may be a fragment.
const KEPT: f32 = 0.4;

/// A story of fewer letters and digits is doubtful.
const SHORT: usize = 150;

/// The page's own account of its body is longer than the story from this many times its letters on.
const LONGER: f32 = 1.3;

/// The story. `claimed` is the body in the page's JSON-LD. It decides between opinions and shows where the
/// story ends; its text is used only where the page shows a fragment of it.
pub(crate) fn best(tree: &Document, claimed: Option<&str>, headline: &str) -> Story {
    let mut doubts = BTreeSet::new();
    let blocks = compared(tree, claimed, headline, &mut doubts);
    let letters = blocks.iter().map(|block| block.letters).sum::<usize>();
    let kept: usize = blocks.iter().filter(|block| block.letters > 40).map(|block| block.text.chars().count()).sum();
    let account = claimed.map_or(0, |text| text.chars().filter(|c| c.is_alphanumeric()).count());
    let all = prune::running_text(tree);
    let found = [
        (Doubt::Account, account as f32 > LONGER * letters as f32),
        (Doubt::Fragment, (kept as f32) < KEPT * all as f32),
        (Doubt::Notice, wall::ask(&blocks)),
        (Doubt::Short, letters < SHORT),
    ];
    doubts.extend(found.into_iter().filter(|(_, holds)| *holds).map(|(doubt, _)| doubt));
    Story { blocks, doubts }
}

/// The blocks of the story: the better opinion, filled from the others.
fn compared(tree: &Document, claimed: Option<&str>, headline: &str, doubts: &mut BTreeSet<Doubt>) -> Vec<Block> {
    let html = tree.body().map_or_else(|| tree.html(), |body| body.html());
    let of = |content: Option<String>| {
        let blocks = fenced(|| render::blocks(&content.unwrap_or_default())).unwrap_or_default();
        if is_dump(&blocks, headline) { Vec::new() } else { boilerplate::prune(blocks, headline) }
    };
    let account = claimed.filter(|text| text.len() > 500);
    let claimed = account.map(shingles);
    let page = fenced(|| fill::Paragraphs::of(tree));
    let filled = |blocks: Vec<Block>| {
        let Some(page) = &page else { return blocks };
        let blocks = match page.gaps(&blocks) {
            Some(whole) => of(Some(whole)),
            None => blocks,
        };
        boilerplate::prune(page.with_links(blocks), headline)
    };
    let first = of(fenced(|| main_content(&html)).flatten());
    let mut second = None;
    if !is_sure(&first, claimed.as_ref()) {
        second = Some(of(fenced(|| readable(&html)).flatten()));
    }
    let mut chosen = filled(match &second {
        Some(second) if prefers_second(&first, second, claimed.as_ref()) => second.clone(),
        _ => first,
    });
    let agreed = claimed.as_ref().is_some_and(|claimed| agreement(&chosen, claimed) > 0.8);
    let headed = page.as_ref().and_then(|page| fenced(|| Headed::of(tree, page, &chosen, headline)).flatten());
    let is_whole = chosen_is_whole(&chosen, headed.as_ref().map_or(0, |headed| headed.running));
    if !agreed && !is_whole {
        let second = second.unwrap_or_else(|| of(fenced(|| readable(&html)).flatten()));
        if alike(&chosen, &second) < AGREED {
            doubts.insert(Doubt::Readings);
        }
        chosen = with_second(chosen, second);
        let under = headed.and_then(|headed| fenced(|| headed.blocks())).unwrap_or_default();
        let under = wall::without(boilerplate::prune(under, headline));
        if chosen.is_empty() || running(&under) as f32 > FRAGMENT * running(&chosen).max(1) as f32 {
            chosen = under;
        }
        if let Some(account) = account.filter(|account| is_told(account, &chosen)) {
            return told(account);
        }
    }
    match account {
        Some(account) => until_end(chosen, account),
        None => chosen,
    }
}

/// Whether the page's account of its body is long enough beside what was found to be the only place of most of the story,
/// and whole.
fn is_told(account: &str, chosen: &[Block]) -> bool {
    !account.contains("</")
        && is_whole(account)
        && running(&told(account)) as f32 > FRAGMENT * running(chosen).max(1) as f32
}

/// The paragraphs of the page's account of its body.
fn told(account: &str) -> Vec<Block> {
    let lines = account.lines().map(one_line).filter(|line| !line.is_empty());
    lines.map(|line| Block::plain(line, ParagraphKind::Text)).collect()
}

/// Whether `chosen` is a story at all, and has nearly all of the `headed` letters of running text under the headline.
fn chosen_is_whole(chosen: &[Block], headed: usize) -> bool {
    let own = running(chosen);
    own > 600 && headed > 0 && own as f32 >= WHOLE * headed as f32
}

/// The share of letters that two opinions have in common (Dice's coefficient).
fn alike(one: &[Block], other: &[Block]) -> f32 {
    let known: HashSet<String> = other.iter().map(|block| start_of(&block.text)).collect();
    let letters = |blocks: &[Block]| blocks.iter().map(|block| block.letters).sum::<usize>() as f32;
    let common: usize =
        one.iter().filter(|block| known.contains(&start_of(&block.text))).map(|block| block.letters).sum();
    2.0 * common as f32 / (letters(one) + letters(other)).max(1.0)
}

/// The chosen opinion with what the other has before its end; the other where the two are of different stories and it is
/// worth more.
fn with_second(chosen: Vec<Block>, second: Vec<Block>) -> Vec<Block> {
    match merged(&chosen, &second) {
        Some(both) => both,
        None if worth(&second) > 1.1 * worth(&chosen).max(1.0) => second,
        None => chosen,
    }
}

/// Whether an opinion is the text of the whole page in one paragraph: it begins with the headline. Extractors give that
/// where they find no paragraph, without blanks at the seams.
fn is_dump(blocks: &[Block], headline: &str) -> bool {
    let headline = key(headline);
    let begins = |block: &Block| {
        let text = key(&block.text);
        text.len() > headline.len() && text.starts_with(&headline)
    };
    blocks.len() == 1 && !headline.is_empty() && begins(&blocks[0])
}

/// Whether the first opinion needs no second: it has more than 1,200 letters, three quarters of them in running text,
/// and agrees with the claimed body if there is one.
fn is_sure(first: &[Block], claimed: Option<&HashSet<u64>>) -> bool {
    let letters: usize = first.iter().map(|block| block.letters).sum();
    let story = letters > 1200 && worth(first) > 0.5 * letters as f32;
    story && claimed.is_none_or(|claimed| agreement(first, claimed) > 0.8)
}

/// Whether the second opinion is better: it agrees more with the claimed body, or, if there is none or neither opinion
/// agrees with it, the first is worth less than a fifth of the second.
fn prefers_second(first: &[Block], second: &[Block], claimed: Option<&HashSet<u64>>) -> bool {
    if let Some(claimed) = claimed {
        let (one, two) = (agreement(first, claimed), agreement(second, claimed));
        if one.max(two) > 0.5 {
            return two > one + 0.02;
        }
    }
    worth(second) > 0.0 && worth(first) < 0.2 * worth(second)
}

/// Cuts the blocks after the last one that `account`, the claimed body, contains. Does so only if `account` contains
/// four fifths of the letters and ends with that block: many accounts are cut off after some length, and say nothing
/// about the end.
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

/// Whether a text ends with a sentence and not with dots, so that it was probably not cut off.
fn is_whole(text: &str) -> bool {
    let text = text.trim_end();
    ends_sentence(text) && !text.ends_with("...") && !text.ends_with('…')
}

/// Whether `account` ends with `text`: the last 20 letters and digits of `text` stand among the last 40 of `account`,
/// so at most 20 may follow them.
fn ends_with(account: &str, text: &str) -> bool {
    let tail = |text: &str, letters: usize| -> String {
        text.chars().rev().filter(|c| c.is_alphanumeric()).take(letters).collect()
    };
    tail(account, 40).contains(&tail(text, 20))
}

fn main_content(html: &str) -> Option<String> {
    // Whatever it finds is compared with other opinions, so that it need not fall back on the whole page.
    let config = trafilatura::Config::default().with_min_extracted_size(1);
    let options = trafilatura::Options::default()
        .with_exclude_comments(true)
        .with_links(true)
        .with_html_date_mode(trafilatura::HtmlDateMode::Disabled)
        .with_config(config);
    trafilatura::extract(html, &options).ok().map(|result| result.content_html)
}

fn readable(html: &str) -> Option<String> {
    let config = dom_smoothie::Config { disable_json_ld: true, ..dom_smoothie::Config::default() };
    let article = dom_smoothie::Readability::new(html, None, Some(config)).ok()?.parse().ok()?;
    Some(article.content.to_string())
}

/// Letters in headings and sentences, less those in link texts, fragments and dumps.
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

/// Hashes of every four consecutive words; a word is a run of letters and digits.
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A paragraph of `words` words that no other paragraph has, ending as a sentence does.
    fn paragraph(name: &str, words: usize) -> Block {
        let text: Vec<String> = (0..words).map(|n| format!("{name}{n}")).collect();
        Block::plain(format!("{}.", text.join(" ")), ParagraphKind::Text)
    }

    fn texts(blocks: &[Block]) -> String {
        blocks.iter().map(|block| block.text.as_str()).collect::<Vec<_>>().join("\n")
    }

    fn cut(blocks: &[Block], account: &str) -> usize {
        until_end(blocks.to_vec(), account).len()
    }

    #[test]
    fn what_follows_the_end_of_the_pages_own_account_is_cut() {
        let story = [paragraph("one", 30), paragraph("two", 30), paragraph("three", 30)];
        let more = [&story[..], &[paragraph("related", 12)]].concat();
        let account = texts(&story);
        assert_eq!(cut(&more, &account), 3);
        assert_eq!(cut(&story, &account), 3);
        // An account that was cut off, or that ends elsewhere, says nothing of the end.
        assert_eq!(cut(&more, account.trim_end_matches('.')), 4);
        assert_eq!(cut(&more, &format!("{account}..")), 4);
        assert_eq!(
            cut(&more, &format!("{account} And then the talks went on until late in the night, it was said.")),
            4
        );
        // Nor does one that knows less than four fifths of the text: 90 of 120 words.
        assert_eq!(cut(&[&story[..], &[paragraph("other", 30)]].concat(), &account), 4);
        // A short paragraph gives no four words in a row to know it by, and is not what the account ends with.
        let signed = [&story[..], &[Block::plain("By Ann Bell.".to_owned(), ParagraphKind::Text)]].concat();
        assert_eq!(cut(&signed, &account), 3);
    }

    #[test]
    fn the_last_words_of_text_and_account_are_compared_and_a_little_may_hang_on() {
        let text = "the ministers signed the treaty in Port Alda";
        assert!(ends_with(text, text));
        assert!(ends_with(&format!("{text}. Read on"), text));
        assert!(!ends_with(&format!("{text}. Read on here for more of this story and others"), text));
        assert!(!ends_with("they signed", text));
    }

    #[test]
    fn the_second_opinion_is_taken_where_the_page_speaks_for_it_or_the_first_is_a_dump() {
        let (story, other) = ([paragraph("story", 60)], [paragraph("other", 60)]);
        let claimed = shingles(&texts(&story));
        assert!(prefers_second(&other, &story, Some(&claimed)));
        assert!(!prefers_second(&story, &other, Some(&claimed)));
        assert!(!prefers_second(&story, &story, Some(&claimed)));
        // An account that knows neither decides nothing; then the first holds unless it is worth less than a fifth.
        let strange = shingles(&texts(&[paragraph("strange", 60)]));
        for claimed in [None, Some(&strange)] {
            assert!(!prefers_second(&other, &story, claimed));
            assert!(prefers_second(&[paragraph("short", 5)], &story, claimed));
            assert!(!prefers_second(&[paragraph("story", 15)], &[paragraph("story", 60)], claimed));
            assert!(!prefers_second(&other, &[], claimed));
        }
    }

    #[test]
    fn a_long_story_needs_no_second_opinion_unless_the_page_says_otherwise() {
        let (long, short) = (vec![paragraph("story", 300)], vec![paragraph("story", 100)]);
        assert!(is_sure(&long, None) && !is_sure(&short, None));
        assert!(is_sure(&long, Some(&shingles(&texts(&long)))));
        assert!(!is_sure(&long, Some(&shingles(&texts(&[paragraph("other", 300)])))));
        // Half of it is links.
        let links = Block { linked: long[0].letters, ..long[0].clone() };
        assert!(!is_sure(&[long[0].clone(), links], None));
    }
}
