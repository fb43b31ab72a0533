//! One JSON object that describes an article, under the names that exporters use.

use std::borrow::Cow;

use super::dates::Manner;
use super::escapes::Places;
use super::object::{self, Object};
use super::{byline, canonical, dates, html, language, markdown, render, scan, text, title, unescape};
use crate::article::{Article, Dateline, Format, NewParagraph, RawDocument};
use crate::fence::fenced;

/// The article of a JSON object. The places of its paragraphs count bytes of the text value; [`put_places`] turns them
/// into places in the document.
pub(crate) fn article(document: &RawDocument, object: &Object) -> Article {
    let mut article = body(document, object);
    metadata(&mut article, object, document);
    article
}

/// Turns the places of paragraphs within the text into places in the document. There are none if the document had to be
/// decoded or was made from a feed entry.
pub(crate) fn put_places(article: &mut Article, object: &Object, document: &RawDocument) {
    let key = text_in(object, "text").or_else(|| text_in(object, "summary")).map(|(key, _)| key);
    let found = key.filter(|_| document.format == Format::Json).and_then(|key| object.places_of(key));
    let places = found.and_then(|(source, path)| Places::of_path(source, &path));
    for paragraph in &mut article.paragraphs {
        paragraph.input = paragraph.input.zip(places.as_ref()).map(|(range, places)| places.range(range));
    }
}

fn text_in<'o>(object: &'o Object, part: &str) -> Option<(&'o str, String)> {
    object.part(part).into_iter().find_map(|(key, value)| Some((key, object::text(value)?)))
}

/// The body, from a text if there is one, else from HTML, else from a summary.
fn body(document: &RawDocument, object: &Object) -> Article {
    if let Some((_, body)) = text_in(object, "text") {
        // News services cut the text and say by how much.
        return match cut_off(&body) {
            Some(body) => Article { summary_only: true, ..from_value(document, body) },
            None => from_value(document, &body),
        };
    }
    if let Some((_, body)) = text_in(object, "page") {
        return from_html(document, &body);
    }
    if let Some((key, body)) = text_in(object, "summary") {
        let mut article = match key {
            "summary_html" => summary(&body),
            _ => from_value(document, &body),
        };
        article.summary_only = true;
        return article;
    }
    Article::default()
}

fn from_value(document: &RawDocument, body: &str) -> Article {
    let broken = unescape::line_breaks(body);
    match unescape::mark_up(&broken) {
        Some(html) => from_html(document, &html),
        None if looks_like_html(&broken) => from_html(document, &broken),
        None => {
            let mut article = from_text(&broken);
            if matches!(broken, Cow::Owned(_)) {
                // Places in it are none in the value.
                article.paragraphs.iter_mut().for_each(|paragraph| paragraph.input = None);
            }
            article
        }
    }
}

/// The text before a note such as `… [+1234 chars]`.
fn cut_off(body: &str) -> Option<&str> {
    let front = body.trim_end().strip_suffix(" chars]")?.trim_end_matches(|c: char| c.is_ascii_digit());
    front.strip_suffix("[+").map(str::trim_end)
}

/// The article of a summary in HTML. All its blocks are kept: it has no menus around it.
fn summary(html: &str) -> Article {
    let mut article = Article::default();
    let html = scan::scan(html).html;
    article.set_paragraphs(fenced(|| render::blocks(&html)).unwrap_or_default().into_iter().map(Into::into));
    article
}

fn from_text(body: &str) -> Article {
    let mut article = Article::default();
    if markdown::is_likely(body) {
        article.set_paragraphs(markdown::paragraphs(body, Some(0)));
    } else {
        let plain = |mut paragraph: NewParagraph| {
            paragraph.text = unescape::inline(&paragraph.text).into_owned();
            paragraph
        };
        article.set_paragraphs(text::paragraphs(body).into_iter().map(plain));
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
    [
        "<p>",
        "<p ",
        "</p>",
        "<div",
        "<br",
        "<html",
        "<body",
        "<h1",
        "<h2",
        "<h3",
        "<ul",
        "<ol",
        "<li>",
        "<blockquote",
        "<table",
    ]
    .iter()
    .any(|tag| lower.contains(tag))
        && !markdown_marks(body)
}

/// Whether a text is Markdown with stray HTML in it: it has Markdown links and does not begin with a tag.
fn markdown_marks(body: &str) -> bool {
    body.contains("](http") && !body.trim_start().starts_with('<')
}

fn metadata(article: &mut Article, object: &Object, document: &RawDocument) {
    let mut noted: Vec<(&str, String)> = Vec::new();
    article.source_id = object.text_of("id").map(|(_, value)| value);
    if let Some((key, value)) = object.text_of("title") {
        article.title = unescape::inline(&title::clean(&value)).into_owned();
        noted.push(("title", key.to_owned()));
    }
    // Some exporters keep the address of the page as its source.
    let sources = object
        .part("outlet")
        .into_iter()
        .filter(|(key, value)| *key == "source" && object::string(value).is_some_and(|value| is_page(&value)));
    let of_value = object
        .part("url")
        .into_iter()
        .chain(sources)
        .filter_map(|(key, value)| Some((key, canonical::canonical(&object::string(value)?).ok()?)));
    let of_document =
        document.address.as_deref().and_then(|value| Some(("address", canonical::canonical(value).ok()?)));
    if let Some((key, url)) = of_value.chain(of_document).next() {
        article.url = Some(url);
        noted.push(("url", key.to_owned()));
    }
    outlet(article, object, &mut noted);
    let outlets: Vec<String> = article.outlet.iter().cloned().collect();
    for (key, value) in object.part("byline") {
        let written: Vec<String> =
            object::texts(value).iter().map(|name| unescape::inline(name).into_owned()).collect();
        let names = byline::names(written.iter().map(String::as_str), &outlets);
        if !names.is_empty() {
            article.byline = names;
            noted.push(("byline", key.to_owned()));
            break;
        }
    }
    let host = article.url.as_deref().and_then(canonical::host);
    let declared = object.text_of("language").map(|(_, language)| language);
    let manner = Manner::of(declared.as_deref(), host.as_deref());
    let known = |part| object.date_of(part, &manner).filter(|(_, moment)| dates::not_after(moment, document.fetched));
    if let Some((key, found)) = known("published") {
        article.published = Some(found);
        noted.push(("published", key.to_owned()));
    }
    if let Some((key, found)) = known("modified") {
        article.modified = Some(found);
        noted.push(("modified", key.to_owned()));
    }
    if let Some((key, value)) = object.text_of("section") {
        article.section = Some(title::clean(&value));
        noted.push(("section", key.to_owned()));
    }
    let words: Vec<String> = object.part("keywords").iter().flat_map(|(_, value)| object::texts(value)).collect();
    if !words.is_empty() {
        article.keywords = super::metadata::keywords(words.iter().flat_map(|word| word.split([',', ';'])));
        noted.push(("keywords", "keywords".to_owned()));
    }
    for (field, key) in noted {
        article.evidence.insert(field.to_owned(), format!("json {key}"));
    }
}

/// The outlet: its name, else its host, also where the exporter keeps an address in place of the name.
fn outlet(article: &mut Article, object: &Object, noted: &mut Vec<(&str, String)>) {
    let named = object.part("outlet").into_iter().filter_map(|(key, value)| Some((key, object::string(value)?)));
    let name = |(key, value): (&str, String)| match value.contains("://") {
        true => None,
        false => Some((key.to_owned(), title::clean(&value))),
    };
    if let Some((key, value)) = named.filter_map(name).find(|(_, value)| !value.is_empty()) {
        article.outlet = Some(value);
        noted.push(("outlet", key));
    } else if article.outlet.is_none()
        && let Some(host) = article.url.as_deref().and_then(canonical::host)
    {
        article.outlet = Some(host);
        noted.push(("outlet", "host".to_owned()));
    }
}

/// Whether an address is that of a page and not of a whole site.
fn is_page(address: &str) -> bool {
    let path = address.split_once("://").map(|(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
    path.is_some_and(|path| !path.is_empty())
}

/// The language that the object declares.
pub(crate) fn declared_language(object: &Object) -> Option<String> {
    object.text_of("language").and_then(|(_, value)| language::code(&value))
}

/// The dateline that the object declares, for a text that has none.
pub(crate) fn declared_dateline(object: &Object) -> Option<Dateline> {
    let places: Vec<String> = object.texts_of("dateline")?.1.iter().map(|place| title::clean(place)).collect();
    let places: Vec<String> = places.into_iter().filter(|place| !place.is_empty()).collect();
    (!places.is_empty()).then(|| Dateline { text: places.join(", "), places, ..Dateline::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(source: &str) -> Article {
        let document = RawDocument { bytes: source.as_bytes().to_vec(), ..RawDocument::default() };
        article(&document, &Object::read(&document, source).expect(source))
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
            assert!(Object::read(&RawDocument::default(), source).is_err(), "{source}");
        }
    }
}
