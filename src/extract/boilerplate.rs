//! Paragraphs that are not the article: calls to read on, to subscribe, to share, captions, notices.

use crate::article::{NewParagraph, ParagraphKind};

use super::title;

/// Drops what is not the article's text from its paragraphs.
pub(crate) fn prune(paragraphs: Vec<NewParagraph>, headline: &str) -> Vec<NewParagraph> {
    let mut out: Vec<NewParagraph> = Vec::with_capacity(paragraphs.len());
    for paragraph in paragraphs {
        let repeated = out.len() < 3 && title::same(&paragraph.text, headline);
        let twice = out.last().is_some_and(|last| last.text == paragraph.text);
        if !repeated && !twice && !is_notice(&paragraph.text) {
            out.push(paragraph);
        }
    }
    while out.last().is_some_and(|last| last.kind == ParagraphKind::Heading) {
        out.pop();
    }
    out
}

/// Whether a short paragraph as a whole is a notice and no sentence of the story.
fn is_notice(text: &str) -> bool {
    if text.len() > 160 {
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
];

const STARTS: &[&str] = &[
    "read more:",
    "read also:",
    "also read:",
    "read next:",
    "see also:",
    "related:",
    "click here to",
    "sign up for our",
    "sign up to our",
    "subscribe to our",
    "lesen sie auch:",
    "lire aussi :",
    "à lire aussi :",
    "leggi anche:",
    "lees ook:",
    "les også:",
    "läs också:",
    "läs mer:",
    "mehr zum thema:",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notices_go_and_sentences_stay() {
        let of = |texts: &[&str]| -> Vec<String> {
            let paragraphs =
                texts.iter().map(|text| NewParagraph { text: (*text).to_owned(), ..NewParagraph::default() });
            prune(paragraphs.collect(), "Frigates sail").into_iter().map(|paragraph| paragraph.text).collect()
        };
        assert_eq!(
            of(&[
                "Frigates sail",
                "Two left.",
                "READ MORE: Another story",
                "Advertisement",
                "They share the harbour.",
                "Related"
            ]),
            ["Two left.", "They share the harbour."]
        );
    }
}
