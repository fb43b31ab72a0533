//! The metadata of a page: the candidates for each field, and which of them is believed.
//!
//! Each field takes the first candidate that is usable; [`Article::evidence`] records where it came from. The order was
//! chosen on pages of many newsrooms. Nothing is taken from running text.

use std::collections::{HashMap, HashSet};

use dom_query::{Document, NodeId, NodeRef};
use url::Url;

use super::jsonld::JsonLd;
use super::shown::AUTHOR_PATHS;
use super::{byline, canonical, dates, language, moments, shown, title};
use crate::article::{Article, RawDocument};
use crate::wordlist::WordList;

/// Elements of a page that may carry metadata, as found in one walk.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// `<meta>` by `property`, `name` or `itemprop` in lower case; the values in order.
    meta: HashMap<String, Vec<String>>,
    pub(crate) title: Option<String>,
    /// Text of the `h1`s that do not lead home, then of other headings that are marked as the headline.
    pub(crate) headings: Vec<String>,
    main_headings: usize,
    /// Whether the first `h1` stands below paragraphs of running text.
    late_heading: bool,
    /// Paragraphs of running text above the first `h1`.
    paragraphs_above: usize,
    /// The first heading of lower rank that may be a headline.
    subheading: Option<String>,
    /// Headings of lower rank that have been looked at.
    subheadings: usize,
    /// Text of headings and elements that name the site.
    site_names: Vec<String>,
    /// Letters and digits of each text node of the page; read only if no heading was found.
    shown: HashSet<String>,
    pub(crate) stamps: Vec<Stamp>,
    /// Whether a paragraph of running text has been passed below the headline.
    in_story: bool,
    /// Elements that are marked as the author.
    authors: Vec<Signature>,
    /// Names from a line between headline and story that is not marked as a byline but opens like one (`By Ada Brook`).
    signed: Vec<String>,
    canonical: Option<String>,
    amp: Option<String>,
    pub(crate) language: Option<String>,
}

/// A date in a `time` element, or in one that is marked as a date.
#[derive(Debug)]
pub(crate) struct Stamp {
    pub(crate) value: String,
    pub(crate) published: bool,
    pub(crate) modified: bool,
    /// Whether it is between headline and story.
    pub(crate) near: bool,
    /// Whether it is not near, not within `article` or `main`, and has no class for the story's date: sites put today's
    /// date and the dates of other stories there.
    pub(crate) aloof: bool,
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

/// Longest heading that can be a headline, in bytes: an `h1` that is never closed holds the story.
const LONGEST_HEADLINE: usize = 400;

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
                if name.as_ref() == "p" && !self.in_story && node.normalized_char_count() > 80 {
                    self.paragraphs_above += usize::from(self.main_headings == 0);
                    self.in_story = !self.headings.is_empty();
                }
            }
            "ins" | "del" => {}
            // `relative-time` and its kind.
            _ if node.has_attr("datetime") => self.time(node),
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
        if text.is_empty() || text.len() > LONGEST_HEADLINE {
            return;
        }
        let leads_home = node.descendants_it().chain(node.parent()).any(|link| link.has_name("a") && home(&link));
        if leads_home || has_class(node, |class| matches!(class, "site-title" | "site-name" | "blog-title")) {
            self.site_names.push(text);
        } else if name == "h1" {
            let first = self.headings.len().min(self.main_headings);
            self.late_heading |= self.main_headings == 0 && self.paragraphs_above > MOST_ABOVE;
            self.headings.insert(first, text);
            self.main_headings += 1;
        } else if headline() {
            self.headings.push(text);
        } else if self.subheading.is_none() && self.subheadings < MOST_SUBHEADINGS {
            self.subheadings += 1;
            self.subheading = Some(text).filter(|text| text.len() >= 15 && !is_beside_story(node));
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
        let attribute = ["datetime", "title"].iter().filter_map(|name| node.attr(name)).map(|value| value.to_string());
        let mut values = attribute.chain([title::one_line(&node.text())]);
        // A `datetime` can hold a length of time or a fault of the template.
        let Some(value) = values.find(|value| value.len() <= LONGEST_BYLINE && dates::has_date(value)) else { return };
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

    /// Reads elements other than `meta` and `time` that are marked as a date: by `itemprop` or `property`, by the class
    /// of a microformat, by one that templates use for the story's own date, or, below the headline, by an attribute
    /// that holds a date.
    fn marked_date(&mut self, node: &NodeRef<'_>) {
        let properties = ["itemprop", "property"].map(|name| node.attr(name).unwrap_or_default());
        let names = |part: &str| properties.iter().any(|property| property.contains(part));
        let published = names("datePublished") || names("dateCreated") || has_class(node, |class| class == "published");
        let modified = names("dateModified") || has_class(node, |class| class == "updated");
        let marked = published || modified || has_class(node, is_date_class);
        let attributes = || {
            let own = ["content", "datetime", "title"].iter().filter_map(|name| node.attr(name));
            let value = own.map(|value| value.to_string()).find(|value| value.contains(|c: char| c.is_ascii_digit()));
            value.or_else(|| self.date_attribute(node))
        };
        let value = if marked {
            attributes().unwrap_or_else(|| title::one_line(&node.text()))
        } else if let Some(value) = self.date_attribute(node) {
            value
        } else {
            return;
        };
        if value.len() <= LONGEST_BYLINE {
            self.stamp(node, title::one_line(&value), published, modified);
        }
    }

    /// The date in an attribute of an element between headline and story.
    fn date_attribute(&self, node: &NodeRef<'_>) -> Option<String> {
        if self.headings.is_empty() || self.in_story {
            return None;
        }
        let attributes = node.attrs();
        let dated = attributes.iter().filter(|attribute| DATE_ATTRIBUTES.has(&attribute.name.local));
        dated.map(|attribute| attribute.value.to_string()).find(|value| dates::has_date(value))
    }

    fn stamp(&mut self, node: &NodeRef<'_>, value: String, published: bool, modified: bool) {
        let is_named =
            |above: &NodeRef<'_>, names: &[&str]| above.node_name().is_some_and(|name| names.contains(&name.as_ref()));
        let apart = |above: &NodeRef<'_>| {
            // The classes of a whole story name its subjects (`category-event`).
            let whole = is_named(above, &["article", "main", "body", "html"]);
            !whole && shown::has_class_of_others(above)
                || above.attr_or("itemtype", "").to_ascii_lowercase().contains("event")
                || is_named(above, &["aside", "footer", "nav"])
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
                self.signed = byline::signed(&text_in_lines(node).replace('\n', " | "));
            }
            return;
        }
        let text = text_in_lines(node);
        if (3..LONGEST_BYLINE).contains(&text.len()) && !is_beside_story(node) {
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

    /// The text of the `h1`s, if all have the same and the first stands above the story.
    fn only_heading(&self) -> Option<&str> {
        if self.late_heading {
            return None;
        }
        let mains = self.headings.get(..self.main_headings)?;
        let first = mains.first()?;
        mains.iter().all(|other| title::same(other, first)).then_some(first.as_str())
    }

    /// The language and country for which the page is written, as it tells social networks (`en_US`).
    pub(crate) fn locale(&self) -> Option<&str> {
        self.meta_all("og:locale").first().map(String::as_str)
    }

    /// The names of the `<meta>` elements, sorted.
    pub(crate) fn meta_names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.meta.keys().map(String::as_str).collect();
        names.sort_unstable();
        names
    }

    /// The values of the `<meta>` elements of a name.
    pub(crate) fn meta_all(&self, key: &str) -> &[String] {
        self.meta.get(key).map_or(&[], Vec::as_slice)
    }
}

/// The text of an element, each element in it that is set apart on a line of its own.
fn text_in_lines(node: &NodeRef<'_>) -> String {
    let mut text = String::new();
    for inner in node.descendants_it() {
        if inner.is_text() {
            let part = inner.text();
            // Two elements without a blank between them are shown apart, unless they are parts of a word.
            let glued = text.ends_with(char::is_lowercase) && part.starts_with(char::is_uppercase);
            if glued {
                text.push('\n');
            }
            text.push_str(&part.replace('\n', " "));
        } else if inner.node_name().is_some_and(|name| matches!(name.as_ref(), "br" | "p" | "div" | "li" | "h3" | "h4"))
        {
            text.push('\n');
        }
    }
    text.split('\n').map(title::one_line).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// Paragraphs of running text that can stand above the headline of a page: notices and a summary.
const MOST_ABOVE: usize = 8;

/// Headings of lower rank among which one is looked for that may be a headline, at most.
const MOST_SUBHEADINGS: usize = 20;

/// Characters of the largest box beside a story; a larger element holds the story too.
const MOST_IN_BOX: usize = 2000;

/// Whether an element is of a comment, another story or a box beside the story.
fn is_beside_story(node: &NodeRef<'_>) -> bool {
    let beside = |above: &NodeRef<'_>| {
        above.has_name("nav") || shown::has_apart_class(above) && above.normalized_char_count() < MOST_IN_BOX
    };
    let holds_headline = |above: &NodeRef<'_>| above.descendants_it().any(|inner| inner.has_name("h1"));
    node.ancestors_it(Some(8)).any(|above| beside(&above) && !holds_headline(&above))
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

/// Attributes that hold a date.
static DATE_ATTRIBUTES: WordList = WordList::new(include_str!("lists/date_attributes.txt"));

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
pub(crate) fn fill(article: &mut Article, page: &Page, data: &JsonLd, document: &RawDocument, tree: &Document) {
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
    moments::fill(article, page, data, document, tree);
    subject(article, page, data);
}

/// The language that the page declares.
pub(crate) fn declared_language(page: &Page, data: &JsonLd) -> Option<String> {
    let meta = page
        .meta_first(&["og:locale", "content-language", "language", "dc.language", "inlanguage"])
        .map(|(_, value)| value);
    page.language.clone().filter(|value| language::code(value).is_some()).or(meta).or_else(|| data.language.clone())
}

/// Records where the value of a field is from.
pub(crate) fn note(article: &mut Article, field: &str, from: impl Into<String>) {
    article.evidence.insert(field.to_owned(), from.into());
}

fn address(article: &mut Article, page: &Page, data: &JsonLd, document: &RawDocument) {
    let base = document.address.as_deref().and_then(|address| Url::parse(address).ok());
    let meta = page.meta_first(&["og:url", "twitter:url", "al:web:url"]);
    let og = page.meta_all("og:title").iter();
    let titles: Vec<&str> = page.title.iter().chain(og).chain(&page.headings).map(String::as_str).collect();
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
        // Some sites name their front page or a section as canonical for every page.
        if from != "address" && !canonical::fits(&url, document.address.as_deref(), &titles) {
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
    ];
    let names: Vec<(&str, String)> =
        candidates.into_iter().flatten().filter_map(|(from, value)| Some((from, title::site_name(&value)?))).collect();
    let handle = page.meta_all("twitter:site").first().map(|handle| handle.trim_start_matches('@'));
    // An address, a handle or a company's legal name is taken only where the site has a better one.
    let is_handle = |name: &str| handle.is_some_and(|handle| handle == name) && !name.chars().all(char::is_uppercase);
    let poor = |name: &str| {
        host.as_deref().is_some_and(|host| host.eq_ignore_ascii_case(name.trim_start_matches("www.")))
            || title::is_legal_name(name)
    };
    let titled = || {
        let host = host.as_deref()?;
        let part = page.title.as_deref().and_then(|title| title::site_in_title(title, host));
        Some(("title", part.or_else(|| page.site_names.iter().find(|name| title::is_of_host(name, host)).cloned())?))
    };
    let good = names.iter().find(|(_, name)| !poor(name)).cloned();
    // Of a handle (`HarbourPost`) the same in words is better.
    let in_words = |handle: &(&str, String)| {
        let same = |name: &str| name != handle.1 && title::key(name).ends_with(&title::key(&handle.1));
        names.iter().find(|(_, name)| same(name)).cloned()
    };
    let good = good.map(|name| if is_handle(&name.1) { in_words(&name).unwrap_or(name) } else { name });
    let found = good.or_else(titled).or_else(|| names.first().cloned());
    if let Some((from, name)) = found.or_else(|| host.clone().map(|host| ("host", host))) {
        article.outlet = Some(name);
        note(article, "outlet", from);
    }
}

fn headline(article: &mut Article, page: &Page, data: &JsonLd, sites: &[String]) {
    let is_site = |text: &str| sites.iter().any(|site| title::same(site, text));
    let headings: Vec<&str> = page.headings.iter().map(String::as_str).filter(|text| !is_site(text)).collect();
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
    let shown: Vec<&str> = if headings.is_empty() { set_apart.into_iter().collect() } else { headings.clone() };
    let tag_alone = tag.as_deref().map(|tag| title::without_blog(tag, sites).to_owned());
    let candidates = [
        og.map(|value| ("og:title", value)),
        data.headline.clone().map(|value| ("json-ld headline", title::clean(&value))),
        headings.first().map(|value| ("h1", (*value).to_owned())),
        twitter.map(|(key, value)| (key, title::clean(&value))),
        tag_alone.map(|value| ("title", value)),
        page.subheading.clone().map(|value| ("heading", value)),
    ];
    let around = title::Around { sites, authors: &author_names(page, data), section: section(page, data) };
    let found = candidates
        .into_iter()
        .flatten()
        .map(|(from, value)| (from, title::without_site(&value, &around, &shown)))
        .find(|(_, value)| !value.is_empty() && !is_site(value));
    let Some((from, value)) = found else { return };
    // `og:title` may be worded for search engines; readers see the heading, if there is only one.
    let (from, value) = match page.only_heading().filter(|heading| !is_site(heading)) {
        Some(heading) if title::is_other_wording(&value, heading) => ("h1", heading.to_owned()),
        _ => (from, value),
    };
    article.title = value;
    note(article, "title", from);
}

/// The names of authors that the page declares, as it writes them.
fn author_names(page: &Page, data: &JsonLd) -> Vec<String> {
    let declared = data.authors.iter().map(|(name, _)| name.clone());
    declared.chain(page.meta_all("author").iter().cloned()).filter(|name| name.contains(' ')).take(20).collect()
}

/// The section that the page declares.
fn section(page: &Page, data: &JsonLd) -> Option<String> {
    let meta = || page.meta_first(&["article:section", "og:article:section", "parsely-section"]);
    data.section.clone().or_else(|| meta().map(|(_, value)| value)).map(|value| title::clean(&value))
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
            names.retain(|name| byline::is_full(name) && byline::is_capitalised(name));
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
