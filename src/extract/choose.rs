//! Choosing the story among several readings of a page.
//!
//! The first reading is that of `trafilatura`, the second that of `dom_smoothie`; both lose parts of some stories, and take
//! something else for some. They are held against each other, against what stands under the headline ([`Headed`]), and
//! against the page's own account of its body ([`Account`]). A reading that has much less than another gives way to it.

use std::collections::{BTreeSet, HashSet};

use dom_query::Document;

use super::account::Account;
use super::boilerplate::{self, ends_sentence};
use super::fill::Paragraphs;
use super::headed::Headed;
use super::merge::{merged, running, start_of};
use super::render::{self, Block};
use super::title::key;
use super::{prune, wall};
use crate::article::{Doubt, ParagraphKind};
use crate::fence::fenced;

/// Running text of at least this share of what stands under the headline is all of the story.
const WHOLE: f32 = 0.95;

/// A reading gives way to another that has more than this many times its running text: most of the story would be lost.
const FRAGMENT: f32 = 2.2;

/// Extractors that share less than this part of what they found are of different opinions.
const AGREED: f32 = 0.5;

/// A story that has less than this share of the page's running text may be a fragment.
const KEPT: f32 = 0.4;

/// A story of fewer letters and digits is doubtful.
const SHORT: usize = 150;

/// The page's own account of its body is longer than the story from this many times its letters on.
const LONGER: f32 = 1.3;

/// The story of a page.
#[derive(Debug, Default)]
pub(crate) struct Story {
    /// Its blocks, in order.
    pub(crate) blocks: Vec<Block>,
    /// What speaks against them.
    pub(crate) doubts: BTreeSet<Doubt>,
}

/// The story of a page. `claimed` is the body in its JSON-LD, which decides between readings and shows where the story
/// ends; its text is used only where the page shows a fragment of it.
pub(crate) fn best(tree: &Document, claimed: Option<&str>, headline: &str) -> Story {
    let html = tree.body().map_or_else(|| tree.html(), |body| body.html());
    let page = fenced(|| Paragraphs::of(tree)).unwrap_or_default();
    let reader = Reader { tree, html: &html, headline, page, account: Account::of(claimed) };
    let mut story = reader.story();
    let letters = story.blocks.iter().map(|block| block.letters).sum::<usize>();
    let kept: usize = story.blocks.iter().map(|block| block.text.chars().count()).sum();
    let account = reader.account.as_ref().map_or(0, Account::letters);
    let found = [
        (Doubt::Account, account as f32 > LONGER * letters as f32),
        (Doubt::Fragment, (kept as f32) < KEPT * prune::running_text(tree) as f32),
        (Doubt::Notice, wall::ask(&story.blocks)),
        (Doubt::Short, letters < SHORT),
    ];
    story.doubts.extend(found.into_iter().filter(|(_, holds)| *holds).map(|(doubt, _)| doubt));
    story
}

/// What the readings of one page are made from.
struct Reader<'t> {
    tree: &'t Document,
    html: &'t str,
    headline: &'t str,
    page: Paragraphs<'t>,
    account: Option<Account<'t>>,
}

impl Reader<'_> {
    /// The better of the first two readings, completed where it is not whole.
    fn story(&self) -> Story {
        let first = self.reading(main_content);
        let second = (!self.is_sure(&first)).then(|| self.reading(readable));
        let chosen = match &second {
            Some(second) if self.prefers_second(&first, second) => second.clone(),
            _ => first,
        };
        let mut story = Story { blocks: self.filled(chosen), doubts: BTreeSet::new() };
        let headed = fenced(|| Headed::of(self.tree, &self.page, &story.blocks, self.headline)).flatten();
        if !self.is_agreed(&story.blocks) && !is_whole_of(&story.blocks, headed.as_ref()) {
            self.complete(&mut story, second, headed);
        }
        if let Some(account) = &self.account {
            story.blocks = account.cut(story.blocks);
        }
        story
    }

    /// Fills a story from the second reading; takes all that stands under the headline, or the page's own account, where
    /// it is a fragment of these.
    fn complete(&self, story: &mut Story, second: Option<Vec<Block>>, headed: Option<Headed<'_>>) {
        let second = second.unwrap_or_else(|| self.reading(readable));
        if alike(&story.blocks, &second) < AGREED {
            story.doubts.insert(Doubt::Readings);
        }
        let mut blocks = with_second(std::mem::take(&mut story.blocks), second);
        let under = headed.and_then(|headed| fenced(|| headed.blocks())).unwrap_or_default();
        let under = wall::without(boilerplate::prune(under, self.headline));
        if blocks.is_empty() || running(&under) as f32 > FRAGMENT * running(&blocks).max(1) as f32 {
            blocks = under;
        }
        story.blocks = match self.account.as_ref().and_then(|account| account.instead_of(&blocks, FRAGMENT)) {
            Some(told) => told,
            None => blocks,
        };
    }

    /// The blocks that an extractor finds; none where it gives the text of the whole page.
    fn reading(&self, extract: impl Fn(&str) -> Option<String>) -> Vec<Block> {
        self.blocks(&fenced(|| extract(self.html)).flatten().unwrap_or_default())
    }

    fn blocks(&self, html: &str) -> Vec<Block> {
        let blocks = fenced(|| render::blocks(html)).unwrap_or_default();
        if is_dump(&blocks, self.headline) { Vec::new() } else { boilerplate::prune(blocks, self.headline) }
    }

    /// The blocks with the gaps between them filled from the page.
    fn filled(&self, blocks: Vec<Block>) -> Vec<Block> {
        let blocks = match self.page.gaps(&blocks) {
            Some(whole) => self.blocks(&whole),
            None => blocks,
        };
        boilerplate::prune(self.page.with_links(blocks), self.headline)
    }

    /// Whether the page's own account says the same.
    fn is_agreed(&self, blocks: &[Block]) -> bool {
        self.account.as_ref().is_some_and(|account| account.agreement(blocks) > 0.8)
    }

    /// Whether the first reading needs no second: it has more than 1,200 letters, three quarters of them in running text,
    /// and the page's own account, if there is one, says the same.
    fn is_sure(&self, first: &[Block]) -> bool {
        let letters: usize = first.iter().map(|block| block.letters).sum();
        letters > 1200 && worth(first) > 0.5 * letters as f32 && (self.account.is_none() || self.is_agreed(first))
    }

    /// Whether the second reading is better: it agrees more with the page's own account, or, if there is none or neither
    /// agrees with it, the first is worth less than a fifth of the second.
    fn prefers_second(&self, first: &[Block], second: &[Block]) -> bool {
        if let Some(account) = &self.account {
            let (one, two) = (account.agreement(first), account.agreement(second));
            if one.max(two) > 0.5 {
                return two > one + 0.02;
            }
        }
        worth(second) > 0.0 && worth(first) < 0.2 * worth(second)
    }
}

/// Whether blocks are a story at all, and have nearly all of the running text that stands under the headline.
fn is_whole_of(blocks: &[Block], headed: Option<&Headed<'_>>) -> bool {
    let (own, all) = (running(blocks), headed.map_or(0, |headed| headed.running));
    own > 600 && all > 0 && own as f32 >= WHOLE * all as f32
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

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A paragraph of `words` words that no other paragraph has, ending as a sentence does.
    pub(in crate::extract) fn paragraph(name: &str, words: usize) -> Block {
        let text: Vec<String> = (0..words).map(|n| format!("{name}{n}")).collect();
        Block::plain(format!("{}.", text.join(" ")), ParagraphKind::Text)
    }

    /// The texts of some blocks, a line each.
    pub(in crate::extract) fn texts(blocks: &[Block]) -> String {
        blocks.iter().map(|block| block.text.as_str()).collect::<Vec<_>>().join("\n")
    }

    fn with_account<T>(claimed: Option<&String>, ask: impl Fn(&Reader<'_>) -> T) -> T {
        let tree = Document::from("<p>A page.</p>");
        let account = Account::of(claimed.map(String::as_str));
        ask(&Reader { tree: &tree, html: "", headline: "", page: Paragraphs::default(), account })
    }

    fn prefers(first: &[Block], second: &[Block], claimed: Option<&String>) -> bool {
        with_account(claimed, |reader| reader.prefers_second(first, second))
    }

    fn sure(first: &[Block], claimed: Option<&String>) -> bool {
        with_account(claimed, |reader| reader.is_sure(first))
    }

    #[test]
    fn the_second_opinion_is_taken_where_the_page_speaks_for_it_or_the_first_is_a_dump() {
        let (story, other) = ([paragraph("story", 100)], [paragraph("other", 100)]);
        let claimed = texts(&story);
        assert!(prefers(&other, &story, Some(&claimed)));
        assert!(!prefers(&story, &other, Some(&claimed)));
        assert!(!prefers(&story, &story, Some(&claimed)));
        // An account that knows neither decides nothing; then the first holds unless it is worth less than a fifth.
        let strange = texts(&[paragraph("strange", 100)]);
        for claimed in [None, Some(&strange)] {
            assert!(!prefers(&other, &story, claimed));
            assert!(prefers(&[paragraph("short", 5)], &story, claimed));
            assert!(!prefers(&[paragraph("story", 15)], &[paragraph("story", 60)], claimed));
            assert!(!prefers(&other, &[], claimed));
        }
    }

    #[test]
    fn a_long_story_needs_no_second_opinion_unless_the_page_says_otherwise() {
        let (long, short) = (vec![paragraph("story", 300)], vec![paragraph("story", 100)]);
        assert!(sure(&long, None) && !sure(&short, None));
        assert!(sure(&long, Some(&texts(&long))));
        assert!(!sure(&long, Some(&texts(&[paragraph("other", 300)]))));
        // Half of it is links.
        let links = Block { linked: long[0].letters, ..long[0].clone() };
        assert!(!sure(&[long[0].clone(), links], None));
    }
}
