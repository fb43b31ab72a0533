//! Answers and dumps in which the articles lie in a list: `{"status": "ok", "articles": [...]}`.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use serde_json::value::RawValue;

use super::slips;
use crate::wordlist::WordList;

/// Keys under which programs keep lists of articles.
static LISTS: WordList = WordList::new(include_str!("lists/article_lists.txt"));
/// Keys of an article's text, folded.
const TEXTS: [&str; 12] = [
    "text",
    "body",
    "content",
    "articletext",
    "maintext",
    "fulltext",
    "articlebody",
    "html",
    "contenthtml",
    "contenttext",
    "bodytext",
    "rawhtml",
];
/// Keys of what stands around an article.
const WRAPPERS: [&str; 6] = ["_source", "article", "attributes", "document", "doc", "fields"];

/// Levels of objects in which a list is looked for.
const DEEP: u32 = 3;

type Members<'j> = HashMap<Cow<'j, str>, &'j RawValue>;

/// The articles in a JSON value, if it is an envelope around a list of them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Articles {
    /// The value, without slips if it had some.
    pub(super) text: String,
    /// The bytes of each article in the value.
    pub(super) ranges: Vec<Range<usize>>,
    /// Whether these are the bytes of the input too.
    pub(super) same_places: bool,
}

/// Finds the articles in a value.
pub(super) fn articles(bytes: &[u8]) -> Option<Articles> {
    let text = std::str::from_utf8(bytes).ok()?;
    if let Some(members) = members(text) {
        let ranges = ranges(text, &list(&members, DEEP)?);
        return Some(Articles { text: text.to_owned(), ranges, same_places: true });
    }
    let mended = slips::mend(text)?;
    let ranges = ranges(&mended, &list(&members(&mended)?, DEEP)?);
    Some(Articles { same_places: mended.len() == text.len(), text: mended, ranges })
}

/// The bytes of values that are parts of `text`.
fn ranges(text: &str, values: &[&RawValue]) -> Vec<Range<usize>> {
    let of = |value: &&RawValue| {
        let start = (value.get().as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
        Some(start..start + value.get().len())
    };
    values.iter().filter_map(of).collect()
}

fn members(text: &str) -> Option<Members<'_>> {
    text.trim_start().starts_with('{').then(|| serde_json::from_str(text).ok())?
}

fn list<'j>(members: &Members<'j>, deep: u32) -> Option<Vec<&'j RawValue>> {
    if members.iter().any(|(key, value)| is_text_key(key) && !is_list(value) && !is_empty(value)) {
        return None; // an article itself
    }
    let known = LISTS.iter().filter_map(|key| Some((key, *members.get(key)?)));
    for (_, value) in known {
        if let Some(list) = elements(value, is_article) {
            return Some(list);
        }
        if let Some(inner) = self::members(value.get()).filter(|_| deep > 0)
            && let Some(list) = list(&inner, deep - 1)
        {
            return Some(list);
        }
    }
    let mut others: Vec<&&RawValue> = members.values().collect();
    others.sort_by_key(|value| value.get().as_ptr());
    let has_text = |members: &Members<'_>| members.keys().any(|key| is_text_key(key));
    if let Some(list) = others.iter().find_map(|value| elements(value, has_text)) {
        return Some(list);
    }
    // A table that was written by its index: {"0": {...}, "1": {...}}.
    let all = others.iter().all(|value| self::members(value.get()).is_some_and(|members| has_text(&members)));
    (all && !others.is_empty()).then(|| others.into_iter().copied().collect())
}

/// The elements of a list of objects, if the first object is what is wanted.
fn elements(value: &RawValue, wanted: impl Fn(&Members<'_>) -> bool) -> Option<Vec<&RawValue>> {
    if !is_list(value) {
        return None;
    }
    let elements: Vec<&RawValue> = serde_json::from_str(value.get()).ok()?;
    let objects: Vec<&RawValue> = elements.into_iter().filter(|element| element.get().starts_with('{')).collect();
    let first = members(objects.first()?.get())?;
    wanted(&first).then_some(objects)
}

fn is_article(members: &Members<'_>) -> bool {
    let has = |key: &str| members.keys().any(|other| other.eq_ignore_ascii_case(key));
    WRAPPERS.iter().any(|key| members.get(*key).is_some_and(|value| value.get().starts_with('{')))
        || has("title")
        || has("headline")
        || has("webTitle")
        || members.keys().any(|key| is_text_key(key))
}

fn is_text_key(key: &str) -> bool {
    let folded: String = key.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect();
    TEXTS.contains(&folded.as_str())
}

fn is_list(value: &RawValue) -> bool {
    value.get().starts_with('[')
}

fn is_empty(value: &RawValue) -> bool {
    matches!(value.get(), "null" | "\"\"" | "{}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let found = articles(text.as_bytes())
            .map(|found| found.ranges.iter().map(|range| found.text[range.clone()].to_owned()).collect());
        found.unwrap_or_default()
    }

    #[test]
    fn lists_are_found_where_programs_keep_them() {
        let two = [r#"{"title": "A", "text": "a"}"#, r#"{"title": "B", "text": "b"}"#];
        let list = format!("[{}, {}]", two[0], two[1]);
        for around in [
            r#"{"status": "ok", "articles": LIST}"#,
            r#"{"articles": {"results": LIST, "page": 1}}"#,
            r#"{"took": 3, "hits": {"total": 2, "hits": LIST}}"#,
            r#"{"clippings": LIST, "title": "A collection"}"#,
            r#"{"content": LIST}"#,
            r#"{"page": NaN, "data": LIST,}"#,
        ] {
            assert_eq!(found(&around.replace("LIST", &list)), two, "{around}");
        }
        assert_eq!(found(&format!(r#"{{"10": {}, "2": {}}}"#, two[0], two[1])), two);
        assert_eq!(found(r#"{"hits": {"hits": [{"_id": "1", "_source": {"title": "A"}}]}}"#).len(), 1);
        for article in [
            r#"{"title": "A", "text": "a", "items": [{"title": "B", "url": "b"}]}"#,
            r#"{"title": "A", "body": {"sections": [{"text": "a"}]}}"#,
            r#"{"title": "A", "summary": "s", "images": [{"url": "x", "caption": "c"}]}"#,
            r#"{"a": 1}"#,
            "[1]",
        ] {
            assert_eq!(found(article), Vec::<String>::new(), "{article}");
        }
    }
}
