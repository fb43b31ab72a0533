//! Whether the text of a page is the story of the entry that led to it, or what a host shows in its place: a question
//! for consent, an account or money, a check for robots.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use url::Url;

use super::net::Answer;
use crate::archive::digest;
use crate::archive::following::Page;
use crate::article::{Article, Doubt, Format, Place, RawDocument};
use crate::extract::{self, canonical};
use crate::ingest::Given;
use crate::source;
use crate::wordlist::WordList;

/// Parts of addresses to which hosts send readers who have not agreed to something yet.
static WALLS: WordList = WordList::new(include_str!("lists/wall_addresses.txt"));

/// Letters of a text that is short: it must share words with its entry.
const SHORT: usize = 600;
/// Letters of a text that a page calls not free and that is taken for its free part.
const FREE_PART: usize = 1200;
/// Words of a page of which no entry tells anything, so that it counts as an article.
const WORDS: usize = 200;
/// Longer words by which a story is told from another, at least.
const TELLING: usize = 8;
/// Bytes of what is known of a text by which it is recognised.
const START: usize = 2000;
/// Letters of a word by which a text is recognised.
const WORD: usize = 4;

/// What a page gave.
#[derive(Debug)]
pub(super) enum Verdict {
    /// Its story.
    Story(Box<Story>),
    /// Something in the place of its story; the reason.
    Held(&'static str),
    /// Nothing that is an article.
    None,
}

/// The story of a page.
#[derive(Debug)]
pub(super) struct Story {
    /// The page, without its bytes: many wait to be written.
    pub(super) document: RawDocument,
    /// The bytes that it had.
    pub(super) size: u64,
    pub(super) given: Given,
}

/// Reads a page that was asked for as `page`, came from `from` and answered with a body. `known` is the article as the
/// entry gives it, or as an earlier page gave it.
pub(super) fn judge(page: &Page, from: &Url, answer: &Answer, known: Option<&Article>, now: Timestamp) -> Verdict {
    if answer.header("cf-mitigated").is_some() {
        return Verdict::Held("blocked");
    }
    let asked = page.url.as_deref().and_then(|url| Url::parse(url).ok());
    if asked.as_ref().is_some_and(|asked| leads_to_a_wall(asked, from)) {
        return Verdict::Held("wall");
    }
    if asked.as_ref().is_some_and(|asked| leads_up(asked, from)) {
        return Verdict::Held("gone");
    }
    let Some(document) = document(asked.as_ref().unwrap_or(from), answer, now) else { return Verdict::Held("error") };
    let document = Arc::new(document);
    let Ok(mut article) = extract::article_within(&document, &extract::Limits::default()) else {
        return if known.is_none() { Verdict::None } else { Verdict::Held("error") };
    };
    let letters = article.text.chars().filter(|c| c.is_alphanumeric()).count();
    if letters < FREE_PART && says_it_is_not_free(&answer.body) {
        return Verdict::Held("paywall");
    }
    if article.doubts.contains(&Doubt::Wall) || article.doubts.contains(&Doubt::Notice) {
        return Verdict::Held("wall");
    }
    match known {
        None if article.text.split_whitespace().count() < WORDS => return Verdict::None,
        // Another text than it had may be an edit; the run decides.
        Some(known) if !page.is_kept() && !shares_words(&article, known, if letters < SHORT { 3 } else { 6 }) => {
            return Verdict::Held("wall");
        }
        Some(known) => complete(&mut article, known),
        None => {}
    }
    // One article, whatever address the page has for itself: the entry has it under this one already.
    article.url = document.address.as_deref().and_then(|address| canonical(address).ok()).or(article.url);
    let (input, size) = (digest(&document.bytes), document.bytes.len() as u64);
    let document = RawDocument { bytes: Vec::new(), ..Arc::unwrap_or_clone(document) };
    Verdict::Story(Box::new(Story { document, size, given: Given { article: Box::new(article), input, read: None } }))
}

/// The one document of a body, under the address that was asked for.
fn document(asked: &Url, answer: &Answer, now: Timestamp) -> Option<RawDocument> {
    let address = canonical(asked.as_str()).unwrap_or_else(|_| asked.to_string());
    let options = source::Options { depth: 0, ..source::Options::default() };
    let mut found = None;
    source::read_bytes(&answer.body, &address, &options, &mut |one| {
        found = found.take().or(one.ok());
        std::ops::ControlFlow::Continue(())
    });
    let found = found.filter(|one| matches!(one.format, Format::Html | Format::Pdf | Format::Word | Format::Text))?;
    Some(RawDocument {
        content_type: answer.header("content-type").map(str::to_owned),
        address: Some(asked.to_string()),
        fetched: Some(now),
        place: Place { path: address, ..Place::default() },
        ..found
    })
}

/// Whether a redirect led to an address with a part that names a wall, and that the address asked for does not have.
fn leads_to_a_wall(asked: &Url, from: &Url) -> bool {
    let parts = |url: &Url| -> BTreeSet<String> {
        let text = format!("{} {}", url.host_str().unwrap_or_default(), url.path()).to_ascii_lowercase();
        text.split(|c: char| !c.is_ascii_alphanumeric()).map(str::to_owned).collect()
    };
    let before = parts(asked);
    parts(from).difference(&before).any(|part| WALLS.has(part))
}

/// Whether a redirect led to the front page or to a section above the address asked for, as some hosts answer for what
/// they do not have any more.
fn leads_up(asked: &Url, from: &Url) -> bool {
    let parts = |url: &Url| -> Vec<String> {
        let parts = url.path().split('/').filter(|part| !part.is_empty());
        parts.map(str::to_owned).collect()
    };
    let (before, after) = (parts(asked), parts(from));
    after.len() < before.len() && before.starts_with(&after) && from.query().is_none()
}

/// Whether a page declares that its article is not free (`isAccessibleForFree`, schema.org).
fn says_it_is_not_free(body: &[u8]) -> bool {
    const KEY: &[u8] = b"isAccessibleForFree";
    let text = |at: usize| {
        let after = &body[at + KEY.len()..(at + KEY.len() + 20).min(body.len())];
        let value: Vec<u8> = after.iter().copied().filter(|byte| byte.is_ascii_alphabetic()).take(5).collect();
        value.eq_ignore_ascii_case(b"false")
    };
    memchr(body, KEY).any(text)
}

fn memchr<'a>(body: &'a [u8], key: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    body.windows(key.len()).enumerate().filter(move |(_, window)| *window == key).map(|(at, _)| at)
}

/// Gives an article what its page does not say and its entry does: when it was published, by whom.
fn complete(article: &mut Article, known: &Article) {
    let mut taken = Vec::new();
    if article.title.is_empty() && !known.title.is_empty() {
        article.title.clone_from(&known.title);
        taken.push("title");
    }
    if article.published.is_none() && known.published.is_some() {
        (article.published, article.modified) = (known.published, article.modified.or(known.modified));
        taken.extend(["published", "modified"]);
    }
    let unnamed = article.evidence.get("outlet").is_none_or(|from| from == "host");
    if (article.outlet.is_none() || unnamed) && known.outlet.is_some() {
        article.outlet.clone_from(&known.outlet);
        taken.push("outlet");
    }
    if article.byline.is_empty() && !known.byline.is_empty() {
        article.byline.clone_from(&known.byline);
        taken.push("byline");
    }
    if article.section.is_none() && known.section.is_some() {
        article.section.clone_from(&known.section);
        taken.push("section");
    }
    if article.keywords.is_empty() && !known.keywords.is_empty() {
        article.keywords.clone_from(&known.keywords);
        taken.push("keywords");
    }
    for field in taken {
        if let Some(from) = known.evidence.get(field) {
            let from = if from.starts_with("entry: ") { from.clone() } else { format!("entry: {from}") };
            article.evidence.insert(field.to_owned(), from);
        }
    }
}

/// Whether a text has one in `share` of the longer words of what is known of it: title, and the beginning of the text.
fn shares_words(article: &Article, known: &Article, share: usize) -> bool {
    let (told, shared) = words_in(article, known);
    shared * share >= told
}

/// Whether an entry tells of a story that is known: three in four of its longer words stand there, and it has enough.
pub(super) fn is_the_same_story(known: &Article, said: &Article) -> bool {
    let (told, shared) = words_in(known, said);
    told >= TELLING && shared * 4 >= told * 3
}

/// How many longer words the title and the beginning of the text of `known` have, and how many of them `article` has.
fn words_in(article: &Article, known: &Article) -> (usize, usize) {
    let start = &known.text[..known.text.floor_char_boundary(START)];
    let mut told: BTreeSet<String> = [&known.title, start].into_iter().flat_map(longer_words).collect();
    let count = told.len();
    for word in [&article.title, &article.text].into_iter().flat_map(|text| longer_words(text)) {
        told.remove(&word);
        if told.is_empty() {
            break;
        }
    }
    (count, count - told.len())
}

fn longer_words(text: &str) -> impl Iterator<Item = String> + '_ {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() >= WORD);
    words.map(str::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORY: &str = "<p>The defence ministry of Alda has ordered a ferry from the yard at Port Lorn, the minister said on \
        Tuesday. The ship is to be delivered in five years and will carry troops to the islands of the south.</p>\
        <p>The crews will be trained with the navy of Borduria from next spring on, an official said, and the first \
        exercises at sea are planned for the summer after that. Parliament is to vote on the sum in June.</p>";

    fn judged(told: &str, asked: &str, from: &str, head: &str, body: &str, headers: &[(&str, &str)]) -> String {
        let page = Page { url: Some(asked.to_owned()), ..Page::default() };
        let html = format!(
            "<html><head><title>Alda orders a ferry</title>{head}</head><body>\
             <article><h1>Alda orders a ferry</h1>{body}</article></body></html>"
        );
        let answer = Answer { body: html.into_bytes(), ..Answer::with_headers(headers) };
        let known = Article { title: told.to_owned(), ..Article::default() };
        let known = Some(&known).filter(|_| !told.is_empty());
        match judge(&page, &Url::parse(from).unwrap(), &answer, known, Timestamp::UNIX_EPOCH) {
            Verdict::Story(story) => story.given.article.url.unwrap(),
            Verdict::Held(why) => why.to_owned(),
            Verdict::None => "none".to_owned(),
        }
    }

    /// A story of many paragraphs.
    fn long() -> String {
        (0..12)
            .map(|n| STORY.replace("Port Lorn", &format!("Port Lorn {n}")).replace("five", &format!("{n}")))
            .collect()
    }

    const AT: &str = "https://harbour.example/ferry?utm_source=rss";

    #[test]
    fn a_story_is_taken_under_the_address_of_its_entry() {
        let told = "Alda orders a ferry The defence ministry ordered a ferry";
        let canonical = "<link rel='canonical' href='https://harbour.example/2026/other'>";
        assert_eq!(judged(told, AT, AT, canonical, STORY, &[]), "https://harbour.example/ferry");
        assert_eq!(judged(told, AT, "https://harbour.example/ferry", "", STORY, &[]), "https://harbour.example/ferry");
        // An address about consent that was asked for is no wall.
        let about = "https://harbour.example/privacy/ferry";
        assert_eq!(judged(told, about, about, "", STORY, &[]), about);
        // A story that is called not free and is there as a whole.
        let head = r#"<script type="application/ld+json">{"isAccessibleForFree": false}</script>"#;
        assert_eq!(judged(told, AT, AT, head, &long(), &[]), "https://harbour.example/ferry");
    }

    #[test]
    fn a_page_without_date_and_outlet_has_those_of_its_entry() {
        let known = Article {
            title: "Ferry".to_owned(),
            published: "2026-03-01T08:00:00Z".parse().ok(),
            outlet: Some("Harbour Post".to_owned()),
            byline: vec!["Ann Bell".to_owned()],
            evidence: [("published".to_owned(), "json published".to_owned())].into(),
            ..Article::default()
        };
        let mut article = Article {
            title: "Alda orders a ferry".to_owned(),
            outlet: Some("harbour.example".to_owned()),
            evidence: [("outlet".to_owned(), "host".to_owned())].into(),
            ..Article::default()
        };
        complete(&mut article, &known);
        assert_eq!(
            (article.published, &article.outlet, &article.byline),
            (known.published, &known.outlet, &known.byline)
        );
        assert_eq!(article.title, "Alda orders a ferry");
        assert_eq!(article.evidence["published"], "entry: json published");
        let own = Article {
            outlet: Some("Ravenia Today".to_owned()),
            evidence: [("outlet".to_owned(), "og:site_name".to_owned())].into(),
            ..article.clone()
        };
        let mut kept = own.clone();
        complete(&mut kept, &known);
        assert_eq!(kept, own);
    }

    #[test]
    fn what_stands_in_the_place_of_a_story_is_held() {
        let told = "Alda orders a ferry The defence ministry ordered a ferry";
        assert_eq!(judged(told, AT, "https://consent.harbour.example/collect?x=1", "", STORY, &[]), "wall");
        assert_eq!(judged(told, AT, "https://harbour.example/login?next=/ferry", "", STORY, &[]), "wall");
        assert_eq!(judged(told, AT, AT, "", STORY, &[("cf-mitigated", "challenge")]), "blocked");
        for value in ["false", "\"False\"", " false"] {
            let head = format!(r#"<script type="application/ld+json">{{"isAccessibleForFree":{value}}}</script>"#);
            assert_eq!(judged(told, AT, AT, &head, STORY, &[]), "paywall", "{value}");
        }
        let other = "Ravenia quarrels over fisheries and grain quotas";
        assert_eq!(judged(other, AT, AT, "", STORY, &[]), "wall", "a short text of something else");
        assert_eq!(judged(other, AT, AT, "", &long(), &[]), "wall", "a long one");
        let deep = "https://harbour.example/news/2026/ferry";
        for up in ["https://harbour.example/", "https://harbour.example/news/", "https://www.harbour.example/news"] {
            assert_eq!(judged(told, deep, up, "", &long(), &[]), "gone", "{up}");
        }
        assert_eq!(judged(told, deep, "https://harbour.example/news/?p=1", "", STORY, &[]), deep);
        let asks = "<p>We use cookies. Accept all cookies to continue reading.</p>\
                    <p>Subscribe now to read on. Already a subscriber? Sign in.</p>";
        assert_eq!(judged(told, AT, AT, "", asks, &[]), "wall");
        assert_eq!(judged("", AT, AT, "", STORY, &[]), "none", "a short page that no entry tells of");
    }
}
