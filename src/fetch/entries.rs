//! The entries of an answer: of a feed, a sitemap or a list page.

use std::ops::ControlFlow;
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};
use url::Url;

use super::DAY;
use super::about::{About, about};
use super::xml::root;
use super::{links, sitemap};
use crate::archive::following::{Item, Kind, Page, Source};
use crate::archive::{Digest256, digest};
use crate::article::{Format, Place, RawDocument};
use crate::extract::canonical;
use crate::source::{self, Patterns};

/// What a body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Feed,
    Sitemap,
    Index,
    Html,
    /// None of these; what it is, for a message.
    Other(&'static str),
}

/// Recognises a body by its content, whatever the host says that it is.
pub(super) fn what(text: &str) -> What {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if start.is_empty() {
        return What::Other("it is empty");
    }
    if start.starts_with('{') {
        let head = &start[..start.floor_char_boundary(4000)];
        let is_feed = head.contains("jsonfeed.org/version") || head.contains("\"items\"");
        return if is_feed { What::Feed } else { What::Other("it is JSON, and no feed") };
    }
    match root(start).as_deref() {
        Some("rss" | "rdf" | "feed") => What::Feed,
        Some("urlset") => What::Sitemap,
        Some("sitemapindex") => What::Index,
        Some("html" | "head" | "body") => What::Html,
        _ if start.to_ascii_lowercase().contains("<html") => What::Html,
        // Some feeds begin with a warning or a blank line of their program.
        _ if ["<rss", "<feed", "<rdf:RDF"].iter().any(|tag| start.contains(tag)) => What::Feed,
        Some(_) => What::Other("it is XML, and neither feed nor sitemap"),
        None => What::Other("it is neither feed nor page"),
    }
}

/// An entry of a source.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) item: Item,
    /// Its page, if it has an address.
    pub(super) page: Option<Page>,
    /// The entry as a document; `None` where it is only an address.
    pub(super) document: Option<RawDocument>,
    /// Whether it has no more than a summary.
    pub(super) summary: bool,
    /// Whether its source says that it was not changed since the source is followed.
    pub(super) old: bool,
}

/// What an answer holds.
#[derive(Debug, Clone, Default)]
pub(super) struct Entries {
    pub(super) about: About,
    pub(super) entries: Vec<Entry>,
    /// Sitemaps that an index names.
    pub(super) children: Vec<Url>,
    /// What was damaged; the other entries are there.
    pub(super) damage: Option<String>,
}

/// The text of a body: decompressed where it is a packed file, then decoded.
pub(super) fn text_of(body: &[u8], limit: u64) -> String {
    let unpacked = body.starts_with(&[0x1f, 0x8b]).then(|| {
        let mut out = Vec::new();
        let reader = flate2::read::MultiGzDecoder::new(body);
        let _ = std::io::Read::read_to_end(&mut std::io::Read::take(reader, limit), &mut out); // as far as it can be read
        out
    });
    source::decoded(unpacked.as_deref().unwrap_or(body)).into_owned()
}

/// Reads the entries of a body that came from `url`.
///
/// # Errors
///
/// The message says what the body is, where it is none that this kind of source has.
pub(super) fn read(text: &str, source: &Source, url: &Url, now: Timestamp) -> Result<Entries, String> {
    let reader = Reader { source, url, now };
    match (source.kind, what(text)) {
        (Kind::Feed, What::Feed) => Ok(reader.feed(text)),
        (Kind::Sitemap, What::Sitemap) => Ok(reader.sitemap(text)),
        (Kind::Sitemap, What::Index) => Ok(reader.index(text)),
        (Kind::Page, What::Html) => Ok(reader.list(text)),
        (_, What::Html) => Err(format!("not a {}: it is a web page", source.kind.name())),
        (_, What::Other(what)) => Err(format!("not a {}: {what}", source.kind.name())),
        (_, _) => Err(format!("not a {}: it is another kind of source", source.kind.name())),
    }
}

struct Reader<'a> {
    source: &'a Source,
    url: &'a Url,
    now: Timestamp,
}

impl Reader<'_> {
    fn feed(&self, text: &str) -> Entries {
        let mut out = Entries { about: about(text), ..Entries::default() };
        let options = source::Options { depth: 0, ..source::Options::default() };
        source::read_bytes(text.as_bytes(), &self.source.url, &options, &mut |found| {
            match found {
                Ok(document) if document.format == Format::FeedEntry => out.entries.extend(self.entry(document, text)),
                Ok(_) => out.damage = Some("the feed is damaged: it cannot be read".to_owned()),
                Err(error) => out.damage = Some(error.to_string()),
            }
            ControlFlow::Continue(())
        });
        self.admitted(out)
    }

    /// An entry of a feed, under a place that stays the same when others are put before it.
    fn entry(&self, document: RawDocument, feed: &str) -> Option<Entry> {
        let mut object: Map<String, Value> = serde_json::from_slice(&document.bytes).ok()?;
        let said = object.clone();
        let text = |key: &str| said.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let link = Some(text("url")).filter(|link| !link.trim().is_empty());
        let link = link.and_then(|link| self.url.join(link.trim()).ok());
        let summary = object.get("summary_only").and_then(Value::as_bool).unwrap_or(false);
        // An entry that has a title alone is a story, too, and its page may not be to be had.
        if summary && text("summary").trim().is_empty() && text("summary_html").trim().is_empty() {
            object.remove("summary_html");
            object.insert("summary".to_owned(), text("title").into());
        }
        // A parser makes an identifier where the feed gives none, another each time.
        let own = document.entry_id.clone().filter(|id| !id.is_empty() && feed.contains(id.as_str()));
        let other = || format!("{}\n{}", text("title"), text("published"));
        let address = link.as_ref().and_then(|link| canonical(link.as_str()).ok());
        // An identifier that is the address tells nothing more.
        let guid = own.clone().filter(|id| address.is_some() && canonical(id).ok() != address);
        let guid = guid.map(|id| digest(format!("{}\nguid\n{id}", self.source.num).as_bytes()));
        let name = address.or(own).unwrap_or_else(other);
        if let Some(link) = &link {
            object.insert("url".to_owned(), link.as_str().into());
        }
        let mut entry = self.document(object, &name, link, summary)?;
        entry.item.guid = guid;
        Some(entry)
    }

    /// An entry with the document that it is.
    fn document(&self, mut object: Map<String, Value>, name: &str, link: Option<Url>, summary: bool) -> Option<Entry> {
        if let Some(outlet) = &self.source.outlet {
            object.insert("outlet".to_owned(), outlet.as_str().into());
        }
        let bytes = Value::Object(object).to_string().into_bytes();
        let place = Place { path: self.source.url.clone(), member: Some(name.to_owned()), ..Place::default() };
        let address = link.as_ref().map(ToString::to_string);
        let input = digest(&bytes);
        let document = RawDocument {
            bytes,
            format: Format::FeedEntry,
            address,
            fetched: Some(self.now),
            place,
            ..RawDocument::default()
        };
        let page = link.as_ref().map(|link| self.page(link));
        let key = digest(format!("{}\n{name}", self.source.num).as_bytes());
        let item = Item {
            key,
            source: self.source.num,
            input,
            article: None,
            page: page.as_ref().map(|page| page.key),
            guid: None,
        };
        Some(Entry { item, page, document: Some(document), summary, old: false })
    }

    fn page(&self, link: &Url) -> Page {
        let address = canonical(link.as_str()).unwrap_or_else(|_| link.to_string());
        Page {
            key: digest(address.as_bytes()),
            url: Some(link.to_string()),
            source: Some(self.source.num),
            ..Page::default()
        }
    }

    /// An entry that is only an address.
    fn address(&self, link: &Url) -> Entry {
        let page = self.page(link);
        let key = digest(format!("{}\n{}", self.source.num, canonical(link.as_str()).unwrap_or_default()).as_bytes());
        let item =
            Item { key, source: self.source.num, input: page.key, article: None, page: Some(page.key), guid: None };
        Entry { item, page: Some(page), document: None, summary: true, old: false }
    }

    fn sitemap(&self, text: &str) -> Entries {
        let mut entries = Vec::new();
        let places = sitemap::read(text);
        let stamped = sitemap::is_stamped(&places);
        for place in places {
            let Ok(link) = self.url.join(&place.loc) else { continue };
            // A date that moves makes another entry, so its page is asked for again.
            let date = place.lastmod.as_deref().filter(|_| !stamped);
            let dated = |input: Digest256| date.map_or(input, |date| digest(&[&input, date.as_bytes()].concat()));
            let Some(title) = &place.title else {
                let mut entry = self.address(&link);
                entry.item.input = dated(entry.item.input);
                entries.push(Entry { old: self.is_old(place.lastmod.as_deref()), ..entry });
                continue;
            };
            let mut object = Map::new();
            let values = [("published", &place.published), ("outlet", &place.outlet), ("language", &place.language)];
            object.extend(values.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value.clone()?.into()))));
            object.insert("url".to_owned(), link.as_str().into());
            for key in ["title", "summary"] {
                object.insert(key.to_owned(), title.as_str().into());
            }
            object.insert("summary_only".to_owned(), true.into());
            let name = canonical(link.as_str()).unwrap_or_else(|_| link.to_string());
            entries.extend(self.document(object, &name, Some(link), true).map(|mut entry| {
                entry.item.input = dated(entry.item.input);
                entry
            }));
        }
        self.admitted(Entries { entries, ..Entries::default() })
    }

    /// Whether a sitemap dates an address two days or more before it was first read: a child of an index may be read late.
    fn is_old(&self, lastmod: Option<&str>) -> bool {
        let day: Option<Date> = lastmod.and_then(|text| text.get(..10)?.parse().ok());
        let began = self.source.started.and_then(|at| Timestamp::from_second(at - 2 * DAY).ok());
        let began = began.map(|at| at.to_zoned(TimeZone::UTC).date());
        day.zip(began).is_some_and(|(day, began)| day < began)
    }

    fn index(&self, text: &str) -> Entries {
        let children = sitemap::newest(sitemap::read(text));
        let children = children.iter().filter_map(|child| self.url.join(&child.loc).ok()).collect();
        Entries { children, ..Entries::default() }
    }

    fn list(&self, text: &str) -> Entries {
        let entries = links::articles(text, self.url).iter().map(|link| self.address(link)).collect();
        self.admitted(Entries { entries, ..Entries::default() })
    }

    /// Leaves out the entries whose address the user's patterns leave out.
    fn admitted(&self, mut out: Entries) -> Entries {
        if self.source.include.is_empty() && self.source.exclude.is_empty() {
            return out;
        }
        if let Ok(patterns) = Patterns::new(&self.source.include, &self.source.exclude) {
            out.entries.retain(|entry| {
                let url = entry.page.as_ref().and_then(|page| page.url.as_deref()).unwrap_or_default();
                let path = url.split_once("://").map_or(url, |(_, rest)| rest);
                patterns.admit(Path::new(path))
            });
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(kind: Kind, text: &str) -> Result<Entries, String> {
        let source = Source { num: 7, kind, url: "https://harbour.example/feed".to_owned(), ..Source::default() };
        super::read(text, &source, &Url::parse("https://harbour.example/feed").unwrap(), Timestamp::UNIX_EPOCH)
    }

    fn rss(items: &str) -> String {
        format!("<rss version=\"2.0\"><channel><title>Harbour Post</title>{items}</channel></rss>")
    }

    #[test]
    fn a_body_is_recognised_by_what_it_holds() {
        for (text, expected) in [
            ("<?xml version='1.0'?><rss><channel/></rss>", What::Feed),
            ("\u{feff}\n <feed xmlns='x'/>", What::Feed),
            ("PHP notice <rss version='2.0'>", What::Feed),
            ("{\"version\": \"https://jsonfeed.org/version/1\", \"items\": []}", What::Feed),
            ("<urlset/>", What::Sitemap),
            ("<sitemapindex xmlns='x'>", What::Index),
            ("<!DOCTYPE html><html>", What::Html),
            ("<div><html>", What::Html),
        ] {
            assert_eq!(what(text), expected, "{text}");
        }
        for text in ["", " \n", "{\"a\": 1}", "<svg/>", "plain"] {
            assert!(matches!(what(text), What::Other(_)), "{text}");
        }
    }

    #[test]
    fn an_entry_keeps_its_key_and_place_wherever_it_stands_in_the_feed() {
        let one =
            "<item><title>One</title><link>/a?utm_source=rss</link><guid>1</guid><description>d</description></item>";
        let two = "<item><title>Two</title><guid isPermaLink='false'>tag:two</guid><description>e</description></item>";
        let three = "<item><title>Three</title><description>no guid, no link</description></item>";
        let forth = read(Kind::Feed, &rss(&[one, two, three].concat())).unwrap().entries;
        let back = read(Kind::Feed, &rss(&[three, two, one].concat())).unwrap().entries;
        assert_eq!(forth.len(), 3);
        for (entry, same) in forth.iter().zip(back.iter().rev()) {
            assert_eq!(entry.item, same.item);
            assert_eq!(entry.document.as_ref().unwrap().place, same.document.as_ref().unwrap().place);
        }
        let places: Vec<String> = forth.iter().map(|one| one.document.as_ref().unwrap().place.to_string()).collect();
        assert_eq!(places[0], "https://harbour.example/feed!https://harbour.example/a");
        assert_eq!(places[1], "https://harbour.example/feed!tag:two");
        assert_eq!(forth[0].page.as_ref().unwrap().url.as_deref(), Some("https://harbour.example/a?utm_source=rss"));
        assert!(forth[1].page.is_none() && forth[0].summary);
        let renamed =
            read(Kind::Feed, &rss(&one.replace("<guid>1<", "<guid>2<").replace("utm_source=rss", "fbclid=x"))).unwrap();
        assert_eq!(renamed.entries[0].item.key, forth[0].item.key, "the address tells, not the guid");
    }

    #[test]
    fn an_entry_that_is_only_a_title_is_a_story() {
        let item = "<item><title>Alda orders a ferry</title><link>/a</link><description> </description></item>";
        let entries = read(Kind::Feed, &rss(item)).unwrap().entries;
        let article = crate::extract::article(entries[0].document.as_ref().unwrap()).unwrap();
        assert_eq!((article.text.as_str(), article.summary_only), ("Alda orders a ferry", true));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn nothing_that_a_host_sends_breaks_a_reader(
            parts in prop::collection::vec(prop::sample::select(PARTS.to_vec()), 0..24),
            noise in "\\PC{0,12}",
            cut in any::<prop::sample::Index>(),
        ) {
            let mut text = parts.concat();
            let at = text.floor_char_boundary(cut.index(text.len() + 1));
            text.insert_str(at, &noise);
            for kind in [Kind::Feed, Kind::Sitemap, Kind::Page] {
                let _ = read(kind, &text);
                let _ = read(kind, &text[..at]);
            }
            let _ = (about(&text), super::super::opml::read(&text), text_of(text.as_bytes(), 1 << 20));
        }
    }

    const PARTS: [&str; 24] = [
        "<rss>",
        "<channel>",
        "<item>",
        "</item>",
        "<link>/a</link>",
        "<link href='b'/>",
        "<title>T</title>",
        "<guid>",
        "]]>",
        "<![CDATA[",
        "<!--",
        "-->",
        "&#x10ffff;",
        "&lt;",
        "<urlset>",
        "<url><loc>/x</loc></url>",
        "<sitemapindex>",
        "<sitemap><loc>y</loc><lastmod>20",
        "<html><a href='/z-z-z-z'>q</a>",
        "<outline xmlUrl='u'",
        "{\"items\":[",
        "{\"id\":1}]}",
        "<ttl>-1</ttl><hour>99</hour>",
        "\u{feff}",
    ];

    #[test]
    fn what_is_no_feed_is_named() {
        assert_eq!(read(Kind::Feed, "<html></html>").unwrap_err(), "not a feed: it is a web page");
        assert_eq!(read(Kind::Feed, "").unwrap_err(), "not a feed: it is empty");
        assert_eq!(read(Kind::Sitemap, "<rss/>").unwrap_err(), "not a sitemap: it is another kind of source");
        assert!(read(Kind::Feed, &rss("")).unwrap().entries.is_empty());
        let cut = rss("<item><title>One</title><link>/a</link></item><item><title>T").replace("</channel></rss>", "");
        let cut = read(Kind::Feed, &cut);
        assert!(cut.unwrap().damage.is_some());
    }
}
