//! The metadata of a page: the candidates for each field, and which of them is believed.
//!
//! Each field takes the first candidate that is usable; [`Article::evidence`] records where it came from. The order was
//! chosen on pages of many newsrooms. Nothing is taken from running text.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use dom_query::{Document, NodeId, NodeRef};
use url::Url;

use super::dates::Order;
use super::jsonld::JsonLd;
use super::{byline, canonical, dates, language, title};
use crate::article::{Article, Moment, RawDocument};
use crate::wordlist::{WordList, WordTable};

/// Elements of a page that may carry metadata, as found in one walk.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// `<meta>` by `property`, `name` or `itemprop` in lower case; the values in order.
    meta: HashMap<String, Vec<String>>,
    title: Option<String>,
    /// Text of the `h1`s that do not lead home, then of other headings that are marked as the headline.
    headings: Vec<String>,
    main_headings: usize,
    /// Text of headings and elements that name the site.
    site_names: Vec<String>,
    /// Letters and digits of each text node of the page; read only if no heading was found.
    shown: HashSet<String>,
    stamps: Vec<Stamp>,
    /// Whether a paragraph of running text has been passed below the headline.
    in_story: bool,
    /// Elements that are marked as the author.
    authors: Vec<Signature>,
    /// Names from a line between headline and story that is not marked as a byline but opens like one (`By Ada Brook`).
    signed: Vec<String>,
    canonical: Option<String>,
    amp: Option<String>,
    language: Option<String>,
}

/// A date in a `time` element, or in one that is marked as a date.
#[derive(Debug)]
struct Stamp {
    value: String,
    published: bool,
    modified: bool,
    /// Whether it is between headline and story.
    near: bool,
    /// Whether it is not near, not within `article` or `main`, and has no class for the story's date: sites put today's
    /// date and the dates of other stories there.
    aloof: bool,
}

/// An element that is marked as the author.
#[derive(Debug)]
struct Signature {
    text: String,
    /// Marked beyond doubt, not just by a word in its class or address.
    strict: bool,
    /// Whether the headline is above it.
    below: bool,
    /// The three elements around it.
    above: Vec<NodeId>,
}

/// Parts of the addresses of authors' pages.
static AUTHOR_PATHS: WordList = WordList::new(include_str!("lists/author_paths.txt"));

/// Longest text of an element that can be a byline or a marked date, in bytes.
const LONGEST_BYLINE: usize = 200;

impl Page {
    /// Reads what a page's elements say.
    pub(crate) fn read(document: &Document) -> Self {
        let mut page = Self::default();
        for node in document.root().descendants_it().filter(NodeRef::is_element) {
            page.element(&node);
        }
        if page.headings.is_empty() {
            let root = document.root();
            let texts = root.descendants_it().filter(NodeRef::is_text).map(|text| title::key(&text.text()));
            page.shown = texts.filter(|key| key.len() > 12).collect();
        }
        page
    }

    fn element(&mut self, node: &NodeRef<'_>) {
        let Some(name) = node.node_name() else { return };
        match name.as_ref() {
            "html" => {
                self.language = node.attr("lang").or_else(|| node.attr("xml:lang")).map(|value| value.to_string())
            }
            "title" if self.title.is_none() => self.title = Some(node.text().to_string()),
            "h1" | "h2" | "h3" => {
                self.heading(node, name.as_ref());
                self.marked_date(node);
            }
            "meta" => self.meta_element(node),
            "link" => self.link(node),
            "time" => self.time(node),
            "abbr" | "span" | "div" | "p" | "a" | "address" | "li" | "strong" | "em" | "b" => {
                self.author(node);
                self.marked_date(node);
                if has_class(node, |class| matches!(class, "site-title" | "site-name" | "blog-title" | "sitename")) {
                    self.site_names.push(title::clean(&node.text()));
                }
                if name.as_ref() == "p" && !self.headings.is_empty() && !self.in_story {
                    self.in_story = node.normalized_char_count() > 80;
                }
            }
            _ => {}
        }
    }

    /// Reads a heading. It is the site's name if it links to the front page or its class says so, and the headline if
    /// it is an `h1` or marked as one.
    fn heading(&mut self, node: &NodeRef<'_>, name: &str) {
        let home = |link: &NodeRef<'_>| {
            link.attr("href").is_some_and(|href| {
                href.as_ref() == "/" || Url::parse(&href).is_ok_and(|url| url.path() == "/" && url.query().is_none())
            })
        };
        let headline = || {
            node.attr("itemprop").is_some_and(|property| property.as_ref() == "headline")
                || has_class(node, |class| {
                    matches!(class, "entry-title" | "entry-header" | "post-title" | "article-title" | "headline")
                })
        };
        let text = title::clean(&node.text());
        if text.is_empty() {
            return;
        }
        let leads_home = node.descendants_it().chain(node.parent()).any(|link| link.has_name("a") && home(&link));
        if leads_home || has_class(node, |class| matches!(class, "site-title" | "site-name" | "blog-title")) {
            self.site_names.push(text);
        } else if name == "h1" {
            let first = self.headings.len().min(self.main_headings);
            self.headings.insert(first, text);
            self.main_headings += 1;
        } else if headline() {
            self.headings.push(text);
        }
    }

    fn meta_element(&mut self, node: &NodeRef<'_>) {
        let Some(content) = node.attr("content").filter(|content| !content.trim().is_empty()) else { return };
        for key in ["property", "name", "itemprop", "http-equiv"] {
            if let Some(key) = node.attr(key) {
                self.meta.entry(key.trim().to_ascii_lowercase()).or_default().push(content.trim().to_owned());
            }
        }
    }

    fn link(&mut self, node: &NodeRef<'_>) {
        let (Some(rel), Some(href)) = (node.attr("rel"), node.attr("href")) else { return };
        match rel.trim().to_ascii_lowercase().as_str() {
            "canonical" if self.canonical.is_none() => self.canonical = Some(href.to_string()),
            "amphtml" if self.amp.is_none() => self.amp = Some(href.to_string()),
            _ => {}
        }
    }

    fn time(&mut self, node: &NodeRef<'_>) {
        let value = node.attr("datetime").map(|value| value.to_string()).unwrap_or_else(|| node.text().to_string());
        let mark = format!(
            "{} {} {}",
            node.attr_or("class", ""),
            node.attr_or("itemprop", ""),
            node.parent().map(|parent| parent.attr_or("class", "").to_string()).unwrap_or_default()
        )
        .to_ascii_lowercase();
        let modified = mark.contains("modif") || mark.contains("updat");
        let published = mark.contains("publi") || mark.contains("created") || mark.contains("entry-date");
        self.stamp(node, value, published, modified);
    }

    /// Reads elements other than `meta` and `time` that are marked as a date: by `itemprop`, by the class of a
    /// microformat, or by one that templates use for the story's own date.
    fn marked_date(&mut self, node: &NodeRef<'_>) {
        let property = node.attr("itemprop").unwrap_or_default();
        let published = property.contains("datePublished") || has_class(node, |class| class == "published");
        let modified = property.contains("dateModified") || has_class(node, |class| class == "updated");
        if !(published || modified || has_class(node, is_date_class)) {
            return;
        }
        let value =
            ["content", "datetime", "title"].iter().find_map(|name| node.attr(name)).map(|value| value.to_string());
        let value = value
            .filter(|value| value.contains(|c: char| c.is_ascii_digit()))
            .unwrap_or_else(|| node.text().to_string());
        if value.len() <= LONGEST_BYLINE {
            self.stamp(node, title::one_line(&value), published, modified);
        }
    }

    fn stamp(&mut self, node: &NodeRef<'_>, value: String, published: bool, modified: bool) {
        let is_named =
            |above: &NodeRef<'_>, names: &[&str]| above.node_name().is_some_and(|name| names.contains(&name.as_ref()));
        let apart = |above: &NodeRef<'_>| {
            let of = format!("{} {}", above.attr_or("class", ""), above.attr_or("itemtype", "")).to_ascii_lowercase();
            of.contains("event") || of.contains("comment") || is_named(above, &["aside", "footer", "nav"])
        };
        if node.attr_or("itemprop", "").ends_with("Date") || node.ancestors_it(None).any(|above| apart(&above)) {
            return;
        }
        let near = !self.headings.is_empty() && !self.in_story;
        let aloof = !near
            && !has_class(node, is_date_class)
            && !node.ancestors_it(None).any(|above| is_named(&above, &["article", "main"]));
        self.stamps.push(Stamp { value, published, modified, near, aloof });
    }

    fn author(&mut self, node: &NodeRef<'_>) {
        if self.authors.len() >= 60 {
            return;
        }
        let strict = node.attr("rel").is_some_and(|rel| rel.as_ref() == "author")
            || node.attr("itemprop").is_some_and(|property| property.split_whitespace().any(|word| word == "author"))
            || node.attr("class").is_some_and(|class| class.split_whitespace().any(is_author_class));
        let loose = || {
            node.attr("href").is_some_and(|href| AUTHOR_PATHS.as_slice().iter().any(|path| href.contains(path)))
                || node.attr("class").is_some_and(|class| class.split_whitespace().any(is_like_author_class))
        };
        if !strict && !loose() {
            if self.signed.is_empty()
                && !self.headings.is_empty()
                && !self.in_story
                && node.normalized_char_count() <= 90
            {
                self.signed = byline::signed(&title::one_line(&node.text()));
            }
            return;
        }
        let text = title::one_line(&node.text());
        if (3..LONGEST_BYLINE).contains(&text.len()) {
            let above = node.ancestors_it(Some(3)).map(|above| above.id).collect();
            self.authors.push(Signature { text, strict, below: !self.headings.is_empty(), above });
        }
    }

    /// The texts of the page's first byline: the first author element below the headline (else the first of all), and
    /// those that share one of its three nearest ancestors. `strict` chooses between elements marked beyond doubt and
    /// the others.
    fn byline(&self, strict: bool) -> Vec<String> {
        let fits = |signature: &&Signature| signature.strict == strict;
        let first = self
            .authors
            .iter()
            .filter(fits)
            .find(|signature| signature.below)
            .or_else(|| self.authors.iter().find(fits));
        let Some(first) = first else { return Vec::new() };
        let beside = |signature: &&Signature| {
            signature.below == first.below && signature.above.iter().any(|node| first.above.contains(node))
        };
        self.authors.iter().filter(fits).filter(beside).map(|signature| signature.text.clone()).collect()
    }

    /// What the page says it is about, in a sentence or two.
    pub(crate) fn descriptions(&self, data: &JsonLd) -> Vec<String> {
        let metas = ["og:description", "description", "twitter:description"].iter().flat_map(|key| self.meta_all(key));
        metas.chain(&data.description).map(|text| title::clean(text)).collect()
    }

    fn meta_first(&self, keys: &[&'static str]) -> Option<(&'static str, String)> {
        keys.iter().find_map(|key| {
            let value = self.meta.get(*key)?.first()?;
            Some((*key, value.clone()))
        })
    }

    fn meta_all(&self, key: &str) -> &[String] {
        self.meta.get(key).map_or(&[], Vec::as_slice)
    }
}

fn has_class(node: &NodeRef<'_>, test: impl Fn(&str) -> bool) -> bool {
    node.attr("class").is_some_and(|classes| classes.split_whitespace().any(|class| test(&class.to_ascii_lowercase())))
}

/// Class names that templates use for the date of the story itself.
static DATE_CLASSES: WordList = WordList::new(include_str!("lists/date_classes.txt"));

/// Class names that mark an author's name.
static AUTHOR_CLASSES: WordList = WordList::new(include_str!("lists/author_classes.txt"));

/// Parts of class names that contain `author` and mark something else: a portrait, a date.
static BESIDE_AUTHOR: WordList = WordList::new(include_str!("lists/beside_author_classes.txt"));

/// Whether templates use a class name for the date of the story itself.
fn is_date_class(class: &str) -> bool {
    DATE_CLASSES.has(class)
}

/// Whether a class name marks an author's name.
fn is_author_class(class: &str) -> bool {
    AUTHOR_CLASSES.has(&class.to_ascii_lowercase())
}

/// Whether a class name contains `author` or `byline`, and no part that marks something else.
fn is_like_author_class(class: &str) -> bool {
    let lower = class.to_ascii_lowercase();
    (lower.contains("author") || lower.contains("byline"))
        && !BESIDE_AUTHOR.as_slice().iter().any(|other| lower.contains(other))
}

/// Fills the article's metadata from what the page and its JSON-LD say.
pub(crate) fn fill(article: &mut Article, page: &Page, data: &JsonLd, document: &RawDocument) {
    address(article, page, data, document);
    outlet(article, page, data, document);
    let mut sites: Vec<String> = article.outlet.iter().cloned().collect();
    sites.extend(data.site.clone());
    sites.extend(data.publisher.clone());
    sites.extend(page.site_names.iter().take(5).cloned());
    if let Some(host) = article.url.as_deref().or(document.address.as_deref()).and_then(canonical::host) {
        sites.extend(host.split('.').next().map(str::to_owned));
        sites.push(host);
    }
    headline(article, page, data, &sites);
    authors(article, page, data, &sites);
    moments(article, page, data, document);
    subject(article, page, data);
}

/// The language that the page declares.
pub(crate) fn declared_language(page: &Page, data: &JsonLd) -> Option<String> {
    let meta = page
        .meta_first(&["og:locale", "content-language", "language", "dc.language", "inlanguage"])
        .map(|(_, value)| value);
    page.language.clone().filter(|value| language::code(value).is_some()).or(meta).or_else(|| data.language.clone())
}

fn note(article: &mut Article, field: &str, from: impl Into<String>) {
    article.evidence.insert(field.to_owned(), from.into());
}

fn address(article: &mut Article, page: &Page, data: &JsonLd, document: &RawDocument) {
    let base = document.address.as_deref().and_then(|address| Url::parse(address).ok());
    let meta = page.meta_first(&["og:url", "twitter:url", "al:web:url"]);
    let candidates = [
        page.canonical.clone().map(|value| ("link canonical", value)),
        meta.map(|(_, value)| ("og:url", value)),
        data.url.clone().map(|value| ("json-ld url", value)),
        document.address.clone().map(|value| ("address", value)),
    ];
    for (from, value) in candidates.into_iter().flatten() {
        let value = html_escape::decode_html_entities(value.trim()).into_owned();
        let absolute = match &base {
            Some(base) => base.join(&value).map(String::from).unwrap_or(value),
            None => value,
        };
        let Ok(url) = canonical::canonical(&absolute) else { continue };
        // Some sites name their front page as canonical for every page.
        let front = Url::parse(&url).is_ok_and(|url| url.path() == "/" && url.query().is_none());
        if front && from != "address" {
            continue;
        }
        article.url = Some(url);
        note(article, "url", from);
        return;
    }
}

fn outlet(article: &mut Article, page: &Page, data: &JsonLd, document: &RawDocument) {
    let meta = page.meta_first(&["og:site_name"]).map(|(_, value)| ("og:site_name", value));
    let more =
        page.meta_first(&["application-name", "apple-mobile-web-app-title", "dc.publisher", "dcterms.publisher"]);
    let host = article.url.as_deref().or(document.address.as_deref()).and_then(canonical::host);
    let candidates = [
        meta,
        data.publisher.clone().map(|value| ("json-ld publisher", value)),
        data.site.clone().map(|value| ("json-ld site", value)),
        more,
        host.map(|value| ("host", value)),
    ];
    for (from, value) in candidates.into_iter().flatten() {
        let name = title::clean(&value);
        if name.chars().any(char::is_alphanumeric)
            && name.len() <= 80
            && !name.starts_with("http")
            && !name.starts_with('@')
        {
            article.outlet = Some(name);
            note(article, "outlet", from);
            return;
        }
    }
}

fn headline(article: &mut Article, page: &Page, data: &JsonLd, sites: &[String]) {
    let headings: Vec<&String> =
        page.headings.iter().filter(|text| !sites.iter().any(|site| title::same(site, text))).collect();
    let og = page.meta_first(&["og:title"]).map(|(_, value)| title::clean(&value));
    let tag = page.title.as_deref().map(title::clean);
    let twitter = page.meta_first(&[
        "twitter:title",
        "dc.title",
        "dcterms.title",
        "parsely-title",
        "sailthru.title",
        "headline",
        "title",
    ]);
    // Without a heading, the longest part of the title that is a whole text node of the page serves as one.
    let parts = tag.iter().flat_map(|tag| title::parts(tag));
    let set_apart = parts.filter(|part| page.shown.contains(&title::key(part))).max_by_key(|part| part.len());
    let main = headings.first().map(|text| text.as_str()).or(set_apart);
    let tag_alone = tag.as_deref().map(|tag| title::without_blog(tag, sites).to_owned());
    let candidates = [
        og.map(|value| ("og:title", value)),
        data.headline.clone().map(|value| ("json-ld headline", title::clean(&value))),
        headings.first().map(|value| ("h1", (*value).clone())),
        twitter.map(|(key, value)| (key, title::clean(&value))),
        tag_alone.map(|value| ("title", value)),
    ];
    let candidates: Vec<(&str, String)> = candidates
        .into_iter()
        .flatten()
        .map(|(from, value)| (from, title::without_site(&value, sites, main)))
        .filter(|(_, value)| !value.is_empty() && !sites.iter().any(|site| title::same(site, value)))
        .collect();
    // `og:title` comes first: outlets publish it as the title of the story, while the heading on the page is often
    // shorter.
    if let Some((from, value)) = candidates.first() {
        article.title.clone_from(value);
        note(article, "title", *from);
    }
}

fn authors(article: &mut Article, page: &Page, data: &JsonLd, sites: &[String]) {
    let of = |key: &str| page.meta_all(key).to_vec();
    let data_names: Vec<String> = data.authors.iter().map(|(name, _)| name.clone()).collect();
    let metas = [
        "author",
        "article:author",
        "articleauthor",
        "byl",
        "byline",
        "parsely-author",
        "sailthru.author",
        "dc.creator",
        "dcterms.creator",
        "cxenseparse:author",
        "twitter:creator:name",
    ];
    let mut candidates = vec![("json-ld author", data_names)];
    candidates.extend(metas.map(|key| (key, of(key))));
    candidates.push(("byline element", page.byline(true)));
    candidates.push(("byline link", page.byline(false)));
    if let Some((_, label)) = page.meta_first(&["twitter:label1"])
        && ["written by", "by", "author", "von", "verfasst von", "par", "écrit par", "escrito por"]
            .contains(&label.to_lowercase().as_str())
    {
        candidates.push(("twitter:data1", of("twitter:data1")));
    }
    candidates.push(("line under the headline", page.signed.clone()));
    let shown = |from: &str| from.starts_with("byline ");
    // The outlet signs only where no person does.
    let mut outlet: Option<(&str, Vec<String>)> = None;
    for (from, raw) in candidates {
        let mut names = byline::names(raw.iter().map(String::as_str), sites);
        if shown(from) {
            names.retain(|name| byline::is_full(name));
        }
        if names.is_empty() {
            continue;
        }
        if names.iter().all(|name| {
            byline::is_outlet(name, sites)
                || byline::is_desk(name)
                || data.authors.iter().any(|(other, organisation)| *organisation && other == name)
        }) {
            outlet.get_or_insert((from, names));
            continue;
        }
        article.byline = names;
        note(article, "byline", from);
        return;
    }
    if let Some((from, names)) = outlet {
        article.byline = names;
        note(article, "byline", from);
    }
}

/// Names of `<meta>` elements that hold a date of the story, the most trusted first, each with `published` or
/// `modified`.
static META_DATES: LazyLock<Vec<(&str, &str)>> =
    LazyLock::new(|| WordTable::new(include_str!("lists/meta_dates.txt")).ranked());

fn moments(article: &mut Article, page: &Page, data: &JsonLd, document: &RawDocument) {
    let order = page.language.as_deref().and_then(Order::of);
    let usable =
        |text: &str| dates::parse_with(text, order).filter(|moment| dates::not_after(moment, document.fetched));
    let metas = |date: &'static str| {
        META_DATES.iter().filter(move |(_, of)| *of == date).flat_map(move |(key, _)| {
            page.meta_all(key).iter().map(move |value| (format!("meta {key}"), value.clone()))
        })
    };
    let times = |modified: bool| {
        page.stamps
            .iter()
            .filter(move |stamp| if modified { stamp.modified } else { stamp.published && !stamp.modified })
            .map(|stamp| ("time element".to_owned(), stamp.value.clone()))
    };
    let published = data
        .published
        .clone()
        .map(|value| ("json-ld datePublished".to_owned(), value))
        .into_iter()
        .chain(metas("published"))
        .chain(times(false));
    let modified = data
        .modified
        .clone()
        .map(|value| ("json-ld dateModified".to_owned(), value))
        .into_iter()
        .chain(metas("modified"))
        .chain(times(true));
    let shown = || if data.event { None } else { lone_time(page, usable) };
    let found = best(published, usable).or_else(shown).or_else(|| in_address(article, usable));
    if let Some((from, moment)) = found {
        article.published = Some(moment);
        note(article, "published", from);
    }
    if let Some((from, moment)) = best(modified, usable)
        && article
            .published
            .is_none_or(|published| published.seconds() <= moment.seconds() || published.day() == moment.day())
    {
        article.modified = Some(moment);
        note(article, "modified", from);
    }
}

/// The first candidate that can be read; if it is only a day, a later one of the same day that is an instant.
fn best(
    candidates: impl Iterator<Item = (String, String)>,
    usable: impl Fn(&str) -> Option<Moment>,
) -> Option<(String, Moment)> {
    let mut first: Option<(String, Moment)> = None;
    for (from, value) in candidates {
        let Some(moment) = usable(&value) else { continue };
        match (&first, moment) {
            (None, Moment::Instant(..)) => return Some((from, moment)),
            (None, Moment::Day(_)) => first = Some((from, moment)),
            (Some((_, Moment::Day(day))), Moment::Instant(..)) if moment.day() == *day => return Some((from, moment)),
            _ => {}
        }
    }
    first
}

/// The publication date from dates that are not marked as one. Takes the first between headline and story; without one
/// there, all dates of the page must agree on the day. Dates of a modification do not count, nor, where there is a
/// headline, do aloof ones.
fn lone_time(page: &Page, usable: impl Fn(&str) -> Option<Moment>) -> Option<(String, Moment)> {
    let headed = !page.headings.is_empty();
    let read = |stamp: &Stamp| usable(&stamp.value).filter(|_| !(stamp.modified || headed && stamp.aloof));
    let near = page.stamps.iter().filter(|stamp| stamp.near).find_map(read);
    let moments: Vec<Moment> = page.stamps.iter().filter_map(read).collect();
    let first = near.or(moments.first().copied())?;
    let agree = near.is_some() || moments.iter().all(|moment| moment.day() == first.day());
    agree.then(|| ("time element".to_owned(), first))
}

/// The date in the article's address: `/2025/01/14/` or `/2025-01-14-`.
fn in_address(article: &Article, usable: impl Fn(&str) -> Option<Moment>) -> Option<(String, Moment)> {
    let url = Url::parse(article.url.as_deref()?).ok()?;
    let path = url.path();
    let bytes = path.as_bytes();
    for at in 0..bytes.len() {
        let Some(part) = path.get(at..at + 10) else { continue };
        let part_bytes = part.as_bytes();
        let separator = part_bytes[4];
        let shape = matches!(separator, b'/' | b'-')
            && part_bytes[7] == separator
            && part_bytes.iter().enumerate().all(|(i, byte)| i == 4 || i == 7 || byte.is_ascii_digit());
        let alone =
            at > 0 && !bytes[at - 1].is_ascii_digit() && bytes.get(at + 10).is_none_or(|byte| !byte.is_ascii_digit());
        if shape && alone && (part.starts_with("19") || part.starts_with("20")) {
            return usable(&part.replace('/', "-")).map(|moment| ("address".to_owned(), moment));
        }
    }
    None
}

fn subject(article: &mut Article, page: &Page, data: &JsonLd) {
    let section = page
        .meta_first(&["article:section", "og:article:section", "parsely-section"])
        .map(|(_, value)| ("article:section", value));
    if let Some((from, value)) = data.section.clone().map(|value| ("json-ld articleSection", value)).or(section) {
        let value = title::clean(&value);
        if !value.is_empty() && value.len() <= 80 {
            article.section = Some(value);
            note(article, "section", from);
        }
    }
    let tags: Vec<String> = page.meta_all("article:tag").to_vec();
    let meta: Vec<String> = ["keywords", "news_keywords"]
        .iter()
        .flat_map(|key| page.meta_all(key))
        .flat_map(|value| value.split([',', ';']))
        .map(str::to_owned)
        .collect();
    for (from, words) in [("json-ld keywords", data.keywords.clone()), ("article:tag", tags), ("meta keywords", meta)] {
        let words = keywords(words.iter().map(String::as_str));
        if !words.is_empty() {
            article.keywords = words;
            note(article, "keywords", from);
            return;
        }
    }
}

/// Keywords cleaned, each once, at most 40.
pub(crate) fn keywords<'t>(raw: impl Iterator<Item = &'t str>) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in raw.map(title::clean) {
        if !word.is_empty() && word.len() <= 80 && words.len() < 40 && !words.contains(&word) {
            words.push(word);
        }
    }
    words
}
