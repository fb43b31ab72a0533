//! Paragraphs that are not the article: calls to read on, to subscribe, to share, captions, notices.

use super::render::Block;
use super::title;
use crate::article::ParagraphKind;

/// Drops what is not the article's text from its paragraphs.
pub(crate) fn prune(blocks: Vec<Block>, headline: &str) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::with_capacity(blocks.len());
    for block in blocks {
        let repeated = out.len() < 3 && title::same(&block.text, headline);
        let twice = out.last().is_some_and(|last| last.text == block.text);
        if !repeated && !twice && !is_notice(&block.text) && !is_link(&block) {
            out.push(block);
        }
    }
    while out.last().is_some_and(|last| last.kind == ParagraphKind::Heading) {
        out.pop();
    }
    out
}

/// A paragraph that is nothing but a link leads away from the story, unless it is a whole sentence of it.
fn is_link(block: &Block) -> bool {
    block.linked * 10 >= block.letters * 9
        && block.letters > 0
        && block.kind != ParagraphKind::Table
        && !ends_sentence(&block.text)
}

/// Words that a line of authors and dates may hold beside names and numbers.
const BESIDE: [&str; 36] = [
    "by",
    "and",
    "on",
    "at",
    "in",
    "published",
    "updated",
    "last",
    "am",
    "pm",
    "gmt",
    "utc",
    "bst",
    "et",
    "est",
    "cet",
    "min",
    "read",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "jan",
    "feb",
    "mar",
    "apr",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
];
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Whether a short text says no more than who wrote the story and when.
pub(crate) fn is_byline(text: &str, names: &[String]) -> bool {
    if text.len() > 200 || ends_sentence(text) {
        return false;
    }
    let mut rest = text.to_lowercase();
    let known =
        names.iter().map(|name| name.to_lowercase()).filter(|name| !name.is_empty() && rest.contains(name.as_str()));
    let known: Vec<String> = known.collect();
    known.iter().for_each(|name| rest = rest.replace(name.as_str(), " "));
    let dated = rest.contains(|c: char| c.is_ascii_digit());
    let said =
        |word: &str| word.bytes().all(|b| b.is_ascii_digit()) || BESIDE.contains(&word) || MONTHS.contains(&word);
    (dated || !known.is_empty()) && rest.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).all(said)
}

/// Whether a text ends as a sentence does.
pub(crate) fn ends_sentence(text: &str) -> bool {
    let text = text.trim_end_matches(['"', '”', '’', '\'', ')', '»', '“', ' ', ']']);
    text.ends_with(['.', '!', '?', ':', '…', '。', '！', '？', '।', '۔', '؟'])
}

/// Whether a short paragraph as a whole is a notice and no sentence of the story.
fn is_notice(text: &str) -> bool {
    if text.len() > 200 {
        return false;
    }
    let lower = text.to_lowercase();
    let lower = lower.trim_matches(|c: char| !c.is_alphanumeric());
    EXACT.contains(&lower) || STARTS.iter().any(|start| lower.starts_with(start))
}

const EXACT: &[&str] = &[
    "advertisement",
    "advertisements",
    "anzeige",
    "werbung",
    "publicité",
    "publicidad",
    "pubblicità",
    "share",
    "share this",
    "share this article",
    "comments",
    "read more",
    "related",
    "related articles",
    "related stories",
    "subscribe",
    "sign up",
    "print",
    "email",
    "tweet",
    "loading",
    "close",
    "more",
    "story continues below advertisement",
    "article continues below",
    "continue reading",
    "mehr zum thema",
    "lesen sie auch",
    "lire aussi",
    "à lire aussi",
    "leggi anche",
    "lea también",
    "article content",
    "continue reading below",
    "view comments",
    "show comments",
    "copy link",
    "reklam",
    "reklame",
    "annons",
    "advertentie",
    "mehr lesen",
];

const STARTS: &[&str] = &[
    "read more:",
    "read also:",
    "also read:",
    "read next:",
    "see also:",
    "related:",
    "click here to",
    "click here for",
    "sign up for our",
    "sign up to our",
    "sign up for the",
    "subscribe to our",
    "subscribe to the",
    "lesen sie auch:",
    "lesen sie auch |",
    "lesen sie hier",
    "lire aussi :",
    "à lire aussi :",
    "leggi anche:",
    "lees ook:",
    "les også:",
    "läs också:",
    "läs mer:",
    "mehr zum thema:",
    "lesetipp:",
    "auch interessant:",
    "zum artikel:",
    "this advertisement has not loaded yet",
    "follow us on",
    "follow @",
    "image source:",
    "image credit:",
    "photo credit:",
    "copyright ©",
    "copyright ⓒ",
    "©",
    "all rights reserved",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn of(texts: &[&str]) -> Vec<String> {
        let blocks = texts.iter().map(|text| Block::plain((*text).to_owned(), ParagraphKind::Text));
        prune(blocks.collect(), "Frigates sail").into_iter().map(|block| block.text).collect()
    }

    #[test]
    fn notices_go_and_sentences_stay() {
        let kept = of(&[
            "Frigates sail",
            "Two left.",
            "READ MORE: Another story",
            "Advertisement",
            "They share the harbour.",
            "Related",
        ]);
        assert_eq!(kept, ["Two left.", "They share the harbour."]);
    }

    #[test]
    fn links_alone_go_unless_they_are_a_sentence() {
        let link = |text: &str| Block {
            linked: text.chars().filter(|c| c.is_alphanumeric()).count(),
            ..Block::plain(text.to_owned(), ParagraphKind::Text)
        };
        let kept = prune(vec![link("Another story of the day"), link("The whole sentence is linked.")], "");
        assert_eq!(kept.len(), 1);
    }
}
