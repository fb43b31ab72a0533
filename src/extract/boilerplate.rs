//! Paragraphs that are not the article: calls to read on, to subscribe, to share, captions, notices.

use super::render::Block;
use super::{dates, title};
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
    while out.len() > 2 && out.last().is_some_and(|last| last.kind == ParagraphKind::Heading || is_label(last)) {
        out.pop();
    }
    let lead = out.iter().take(6).take_while(|block| is_label(block)).count();
    if out.get(lead).is_some_and(|block| block.letters > 3 * LABEL) {
        out.drain(..lead);
    }
    out
}

/// Letters of a label, at most.
const LABEL: usize = 25;

/// A section, a tag or an agency above the story, sources and tags below it: short, and no sentence.
fn is_label(block: &Block) -> bool {
    block.letters <= LABEL
        && matches!(block.kind, ParagraphKind::Text | ParagraphKind::ListItem)
        && !ends_sentence(&block.text)
}

/// Drops what stands around the story and names its authors: lines of names and dates above it, notes on a person below.
pub(crate) fn without_authors(mut blocks: Vec<Block>, names: &[String]) -> Vec<Block> {
    let above = blocks.iter().take(4).take_while(|block| is_byline(&block.text, names)).count();
    blocks.drain(..above);
    while blocks.len() > 2 && blocks.last().is_some_and(|last| is_note_on(&last.text, names)) {
        blocks.pop();
    }
    blocks
}

/// Whether a paragraph tells who an author of the story is.
fn is_note_on(text: &str, names: &[String]) -> bool {
    text.len() < 600
        && names.iter().filter(|name| name.contains(' ')).any(|name| {
            let rest = text.strip_prefix(name.as_str()).unwrap_or_default().trim_start_matches([',', ' ', ':', '(']);
            rest.len() < text.len()
                && IS.iter().any(|verb| rest.strip_prefix(verb).is_some_and(|rest| rest.starts_with(' ')))
        })
}

/// What follows a name in a note on a person.
const IS: [&str; 24] = [
    "is",
    "was",
    "has",
    "writes",
    "covers",
    "reports",
    "works",
    "joined",
    "leads",
    "ist",
    "arbeitet",
    "schreibt",
    "berichtet",
    "est",
    "es",
    "è",
    "é",
    "jest",
    "is een",
    "är",
    "er",
    "on Twitter",
    "on X",
    "can be",
];

/// A paragraph that is hardly more than a link leads away from the story, unless it is a whole sentence of it.
fn is_link(block: &Block) -> bool {
    block.linked * 10 >= block.letters * 6
        && block.letters > 0
        && block.kind != ParagraphKind::Table
        && !ends_sentence(&block.text)
}

/// Words that a line of authors and dates may hold beside names, months and numbers.
const BESIDE: &[&str] = &[
    "by",
    "and",
    "on",
    "at",
    "in",
    "published",
    "updated",
    "posted",
    "last",
    "first",
    "am",
    "pm",
    "gmt",
    "utc",
    "bst",
    "et",
    "est",
    "edt",
    "pt",
    "ist",
    "cet",
    "cest",
    "min",
    "mins",
    "minutes",
    "read",
    "th",
    "st",
    "nd",
    "rd",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "mon",
    "tue",
    "tues",
    "wed",
    "thu",
    "thur",
    "thurs",
    "fri",
    "sat",
    "sun",
    "von",
    "und",
    "am",
    "um",
    "uhr",
    "stand",
    "veröffentlicht",
    "aktualisiert",
    "zuletzt",
    "der",
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonntag",
    "par",
    "et",
    "le",
    "à",
    "publié",
    "mis",
    "jour",
    "modifié",
    "lundi",
    "mardi",
    "mercredi",
    "jeudi",
    "vendredi",
    "samedi",
    "dimanche",
    "por",
    "y",
    "el",
    "de",
    "las",
    "hs",
    "h",
    "publicado",
    "actualizado",
    "lunes",
    "martes",
    "miércoles",
    "jueves",
    "viernes",
    "sábado",
    "domingo",
    "di",
    "il",
    "alle",
    "ore",
    "pubblicato",
    "aggiornato",
    "em",
    "às",
    "atualizado",
    "door",
    "om",
    "uur",
    "gepubliceerd",
    "bijgewerkt",
    "av",
    "kl",
    "publicerad",
    "uppdaterad",
    "publisert",
    "oppdatert",
    "opublikowano",
    "aktualizacja",
    "dodano",
    "godz",
    "yayınlanma",
    "güncelleme",
    "tarihi",
    "опубліковано",
    "оновлено",
    "о",
    "опубликовано",
    "в",
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
        |word: &str| word.bytes().all(|b| b.is_ascii_digit()) || BESIDE.contains(&word) || dates::month(word).is_some();
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
    EXACT.contains(&lower)
        || STARTS.iter().any(|start| lower.starts_with(start))
        || !ends_sentence(text) && (is_credit(lower) || is_address(lower))
}

/// Whose a picture is.
fn is_credit(lower: &str) -> bool {
    ["photo by ", "photos by ", "photograph: ", "photo: ", "foto: ", "bild: ", "picture: ", "image: ", "photo - "]
        .iter()
        .any(|start| lower.starts_with(start))
        || [
            "getty images",
            "shutterstock",
            "alamy",
            "/reuters",
            "ap photo",
            "afp via",
            "picture alliance",
            "/afp",
            "/epa",
        ]
        .iter()
        .any(|owner| lower.contains(owner))
}

/// An author's address, with hardly a word beside it.
fn is_address(lower: &str) -> bool {
    lower.len() < 80
        && lower.split_whitespace().count() <= 5
        && lower.split_whitespace().any(|word| word.contains('@') && word.contains('.') && word.len() > 6)
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
    "tags",
    "topics",
    "share on facebook",
    "share on twitter",
    "leave a comment",
    "leave a reply",
    "printable version",
    "print this page",
    "send to a friend",
    "email this article",
    "back to top",
    "more on this story",
    "you might also like",
    "you may also like",
    "recommended",
    "most read",
    "most popular",
    "latest news",
    "verwandte artikel",
    "das könnte sie auch interessieren",
    "weitere artikel",
    "sur le même sujet",
    "articles liés",
    "lire la suite",
    "te puede interesar",
    "noticias relacionadas",
    "leer más",
    "leia também",
    "veja também",
    "leia mais",
    "articoli correlati",
    "potrebbe interessarti",
    "leggi tutto",
    "czytaj także",
    "czytaj też",
    "zobacz też",
    "zobacz także",
    "читайте також",
    "читайте также",
    "ilgili haberler",
    "lees meer",
    "lees ook",
    "läs mer",
    "läs också",
    "les mer",
    "les også",
    "læs også",
    "lue myös",
    "baca juga",
    "xem thêm",
    "اقرأ أيضا",
    "関連記事",
    "関連キーワード",
    "あわせて読みたい",
    "おすすめ記事",
    "관련기사",
];

const STARTS: &[&str] = &[
    "already a subscriber",
    "already have an account",
    "already a member",
    "subscribe now for",
    "subscribe now to",
    "subscribe to continue",
    "subscribe to read",
    "to continue reading",
    "to read the full",
    "log in to continue",
    "log in to read",
    "sign in to continue",
    "sign in to read",
    "this article is for subscribers",
    "this content is for subscribers",
    "this post is for paid",
    "déjà abonné",
    "cet article est réservé aux abonnés",
    "sie sind bereits abonnent",
    "bereits abonnent",
    "jetzt abonnieren und",
    "ya eres suscriptor",
    "¿ya eres suscriptor",
    "sei già abbonato",
    "já é assinante",
    "masz już konto",
    "al abonnee",
    "redan prenumerant",
    "この記事は会員限定",
    "この記事は有料",
    "leia também:",
    "veja também:",
    "lea también:",
    "te puede interesar:",
    "czytaj także:",
    "czytaj też:",
    "zobacz też:",
    "zobacz także:",
    "читайте також:",
    "читайте также:",
    "lees meer:",
    "læs også:",
    "les mer:",
    "lue myös:",
    "baca juga:",
    "اقرأ أيضا:",
    "اقرأ أيضاً:",
    "you can follow",
    "topics:",
    "tags:",
    "filed under:",
    "posted in:",
    "labels:",
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
