//! One JSON object that describes an article, under the names that exporters use.

use serde_json::{Map, Value};

use super::dates::Manner;
use super::escapes::Places;
use super::{ExtractError, byline, canonical, dates, html, language, markdown, text, title};
use crate::article::{Article, Dateline, Format, Moment, RawDocument};

/// Names under which exporters keep a text, a page, and a summary.
const TEXTS: [&str; 6] = ["text", "body", "content", "article_text", "maintext", "fulltext"];
const PAGES: [&str; 3] = ["html", "content_html", "raw_html"];
const SUMMARIES: [&str; 4] = ["summary", "description", "abstract", "lede"];

/// The object that a document holds.
pub(crate) fn object(document: &RawDocument, source: &str) -> Result<Map<String, Value>, ExtractError> {
    let malformed = |what: String| ExtractError::Malformed { place: document.place.clone(), what };
    let value: Value = serde_json::from_str(source.trim_start_matches('\u{FEFF}'))
        .map_err(|error| malformed(format!("not JSON: {error}")))?;
    match value {
        Value::Object(object) => Ok(object),
        _ => Err(malformed("a JSON object is expected".to_owned())),
    }
}

/// The article of a JSON object. The places of its paragraphs count bytes of the text value; [`put_places`] turns them
/// into places in the document.
pub(crate) fn article(document: &RawDocument, object: &Map<String, Value>) -> Article {
    let mut article = body(document, object);
    metadata(&mut article, object, document);
    article
}

/// Turns the places of paragraphs within the text into places in the document. There are none if the document had to be
/// decoded or was made from a feed entry.
pub(crate) fn put_places(article: &mut Article, object: &Map<String, Value>, document: &RawDocument) {
    let source = std::str::from_utf8(&document.bytes).ok().filter(|_| document.format == Format::Json);
    let key = pick(object, &TEXTS).or_else(|| pick(object, &SUMMARIES)).map(|(key, _)| key);
    let places = source.zip(key).and_then(|(source, key)| Places::of_member(source, key));
    for paragraph in &mut article.paragraphs {
        paragraph.input = paragraph.input.zip(places.as_ref()).map(|(range, places)| places.range(range));
    }
}

/// The body, from a text if there is one, else from HTML, else from a summary.
fn body(document: &RawDocument, object: &Map<String, Value>) -> Article {
    if let Some(body) = first_string(object, &TEXTS) {
        return if looks_like_html(&body) { from_html(document, &body) } else { from_text(&body) };
    }
    if let Some(body) = first_string(object, &PAGES) {
        return from_html(document, &body);
    }
    if let Some(body) = first_string(object, &SUMMARIES) {
        let mut article = if looks_like_html(&body) { from_html(document, &body) } else { from_text(&body) };
        article.summary_only = true;
        return article;
    }
    Article::default()
}

fn from_text(body: &str) -> Article {
    let mut article = Article::default();
    if markdown::is_likely(body) {
        article.set_paragraphs(markdown::paragraphs(body, Some(0)));
    } else {
        text::fill_body(&mut article, body);
    }
    article
}

fn from_html(document: &RawDocument, body: &str) -> Article {
    let whole = body.contains("<body") || body.contains("<html");
    if whole {
        let page = RawDocument { bytes: body.as_bytes().to_vec(), ..document.clone() };
        html::article(&page, body)
    } else {
        html::fragment(body)
    }
}

fn looks_like_html(body: &str) -> bool {
    let lower = body[..body.floor_char_boundary(4000)].to_ascii_lowercase();
    ["<p>", "<p ", "</p>", "<div", "<br", "<html", "<body", "<h2", "<ul"].iter().any(|tag| lower.contains(tag))
        && !markdown_marks(body)
}

/// Whether a text is Markdown with stray HTML in it: it has Markdown links and does not begin with a tag.
fn markdown_marks(body: &str) -> bool {
    body.contains("](http") && !body.trim_start().starts_with('<')
}

fn metadata(article: &mut Article, object: &Map<String, Value>, document: &RawDocument) {
    let mut noted: Vec<(&str, &str)> = Vec::new();
    article.source_id = first_string(object, &["id", "_id", "guid", "uuid"]);
    if let Some((key, value)) = pick(object, &["title", "headline"]) {
        article.title = title::clean(&value);
        noted.push(("title", key));
    }
    let address = pick(object, &["url", "link", "canonical_url", "permalink"])
        .or_else(|| document.address.clone().map(|value| ("address", value)));
    if let Some((key, url)) = address.and_then(|(key, value)| Some((key, canonical::canonical(&value).ok()?))) {
        article.url = Some(url);
        noted.push(("url", key));
    }
    if let Some((key, value)) =
        pick(object, &["outlet", "source", "site", "site_name", "publisher", "publication", "feed_title"])
    {
        article.outlet = Some(title::clean(&value));
        noted.push(("outlet", key));
    } else if article.outlet.is_none()
        && let Some(host) = article.url.as_deref().and_then(canonical::host)
    {
        article.outlet = Some(host);
        noted.push(("outlet", "host"));
    }
    let outlets: Vec<String> = article.outlet.iter().cloned().collect();
    for key in ["byline", "author", "authors", "creator"] {
        let names = byline::names(people(object.get(key)).iter().map(String::as_str), &outlets);
        if !names.is_empty() {
            article.byline = names;
            noted.push(("byline", key));
            break;
        }
    }
    let host = article.url.as_deref().and_then(canonical::host);
    let manner = Manner::of(first_string(object, &["language", "lang"]).as_deref(), host.as_deref());
    let moment = |keys: &[&'static str]| -> Option<(&'static str, Moment)> {
        keys.iter()
            .find_map(|key| Some((*key, date(object.get(*key)?, &manner)?)))
            .filter(|(_, moment)| dates::not_after(moment, document.fetched))
    };
    if let Some((key, found)) = moment(&[
        "published",
        "date",
        "date_published",
        "published_at",
        "publish_date",
        "pubDate",
        "publishedAt",
        "datePublished",
        "created_at",
        "timestamp",
    ]) {
        article.published = Some(found);
        noted.push(("published", key));
    }
    if let Some((key, found)) =
        moment(&["modified", "updated", "date_modified", "updated_at", "dateModified", "updatedAt"])
    {
        article.modified = Some(found);
        noted.push(("modified", key));
    }
    if let Some((key, value)) = pick(object, &["section", "category"]) {
        article.section = Some(title::clean(&value));
        noted.push(("section", key));
    }
    let words: Vec<String> = ["keywords", "tags"].iter().flat_map(|key| people(object.get(*key))).collect();
    if !words.is_empty() {
        article.keywords = super::metadata::keywords(words.iter().flat_map(|word| word.split([',', ';'])));
        noted.push(("keywords", "keywords"));
    }
    for (field, key) in noted {
        article.evidence.insert(field.to_owned(), format!("json {key}"));
    }
}

/// The language that the object declares.
pub(crate) fn declared_language(object: &Map<String, Value>) -> Option<String> {
    first_string(object, &["language", "lang"]).and_then(|value| language::code(&value))
}

/// The dateline that the object declares, for a text that has none.
pub(crate) fn declared_dateline(object: &Map<String, Value>) -> Option<Dateline> {
    let places = people(object.get("dateline"))
        .iter()
        .map(|place| title::clean(place))
        .filter(|place| !place.is_empty())
        .collect::<Vec<_>>();
    (!places.is_empty()).then(|| Dateline { text: places.join(", "), places, ..Dateline::default() })
}

fn pick(object: &Map<String, Value>, keys: &[&'static str]) -> Option<(&'static str, String)> {
    keys.iter().find_map(|key| Some((*key, string(object.get(*key)?)?)))
}

fn first_string(object: &Map<String, Value>, keys: &[&'static str]) -> Option<String> {
    pick(object, keys).map(|(_, value)| value)
}

/// A value as text: a string or number, an object by its `name`, `title` or `rendered`.
fn string(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(object) => object
            .get("name")
            .or_else(|| object.get("title"))
            .or_else(|| object.get("rendered"))
            .and_then(Value::as_str)
            .map(str::to_owned),
        _ => None,
    }
}

/// The texts in a value: a string, an object with a name, or a list of these.
fn people(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Array(values)) => values.iter().filter_map(string).collect(),
        Some(value) => string(value).into_iter().collect(),
        None => Vec::new(),
    }
}

fn date(value: &Value, manner: &Manner) -> Option<Moment> {
    match value {
        Value::String(text) => dates::parse_as(text, manner),
        Value::Number(number) => dates::of_number(number.as_f64()?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(source: &str) -> Article {
        article(&RawDocument::default(), &object(&RawDocument::default(), source).expect(source))
    }

    #[test]
    fn names_that_exporters_use() {
        let found = of(
            r#"{"id": 7, "url": "https://example.org/a#x", "title": "Frigates &amp; more", "text": "One.\n\nTwo.",
            "authors": [{"name": "Ada Brook"}, "Tom Reed"], "date": 1736889447, "source": {"name": "Harbour Post"}, "tags": ["navy"], "unknown": 1}"#,
        );
        assert_eq!(found.source_id.as_deref(), Some("7"));
        assert_eq!(found.url.as_deref(), Some("https://example.org/a"));
        assert_eq!(found.title, "Frigates & more");
        assert_eq!(found.byline, ["Ada Brook", "Tom Reed"]);
        assert_eq!(found.published.map(|moment| moment.to_string()).as_deref(), Some("2025-01-14T21:17:27Z"));
        assert_eq!(found.outlet.as_deref(), Some("Harbour Post"));
        assert_eq!(found.text, "One.\n\nTwo.");
        assert!(!found.summary_only);
    }

    #[test]
    fn paragraphs_keep_their_place_in_the_source() {
        let source = r#"{"id": 1, "text": "LONDON: He said \"no\".\n\nTwo caf\u00e9s \ud83d\ude00 closed.\n\nEnd.", "title": "T"}"#;
        let document =
            RawDocument { bytes: source.as_bytes().to_vec(), format: Format::Json, ..RawDocument::default() };
        let found = super::super::article(&document).expect(source);
        let written: Vec<&str> = found
            .paragraphs
            .iter()
            .map(|paragraph| paragraph.input.expect("JSON has places"))
            .map(|(from, to)| &source[from as usize..to as usize])
            .collect();
        assert_eq!(written, [r#"He said \"no\"."#, r"Two caf\u00e9s \ud83d\ude00 closed.", "End."]);
        let entry = RawDocument { format: Format::FeedEntry, ..document };
        let found = super::super::article(&entry).expect(source);
        assert!(found.paragraphs.iter().all(|paragraph| paragraph.input.is_none()), "the object of an entry is ours");
    }

    #[test]
    fn markdown_html_and_summaries_in_values() {
        assert_eq!(
            of(r#"{"text": "Two [frigates](https://example.org) **sail**.\n\n- one"}"#).text,
            "Two frigates sail.\n\none"
        );
        assert_eq!(
            of(r#"{"html": "<p>Two <b>frigates</b> sail.</p><p>Soon.</p>"}"#).text,
            "Two frigates sail.\n\nSoon."
        );
        let found = of(r#"{"summary": "Two frigates sail."}"#);
        assert!(found.summary_only && found.text == "Two frigates sail.");
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for source in ["", "[1]", "{\"a\":", "7"] {
            assert!(object(&RawDocument::default(), source).is_err(), "{source}");
        }
    }
}
