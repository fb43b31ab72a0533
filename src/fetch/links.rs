//! Links of a page: the feeds that it names, and the articles that a list page leads to.

use dom_query::Document;
use url::Url;

use super::follow::Offer;
use crate::archive::following::Kind;
use crate::fence::fenced;

/// Feeds of a page that are offered, at most.
const OFFERS: usize = 20;
/// Links of a list page that are taken, at most.
const LINKS: usize = 300;

/// The feeds that a page names (`<link rel="alternate">`), those of comments last.
pub(super) fn feeds(html: &str, base: &Url) -> Vec<Offer> {
    let read = fenced(|| {
        let page = Document::from(html);
        let links = page.select("link[rel][href]").nodes().to_vec();
        let mut offers = Vec::new();
        for link in links {
            let attribute = |name: &str| link.attr(name).map(|value| value.to_string()).unwrap_or_default();
            let kind = attribute("type").to_ascii_lowercase();
            let is_feed = ["rss", "atom", "feed+json"].iter().any(|name| kind.contains(name));
            let rel = attribute("rel").to_ascii_lowercase();
            let Ok(url) = base.join(attribute("href").trim()) else { continue };
            if is_feed && rel.split_whitespace().any(|one| one == "alternate") {
                offers.push(Offer { url: url.to_string(), title: attribute("title"), kind: Kind::Feed });
            }
        }
        offers
    });
    let mut offers: Vec<Offer> = read.unwrap_or_default();
    let is_of_comments = |offer: &Offer| {
        let told = format!("{} {}", offer.title, offer.url).to_ascii_lowercase();
        told.contains("comment")
    };
    offers.sort_by_key(is_of_comments);
    let mut seen = std::collections::BTreeSet::new();
    offers.retain(|offer| seen.insert(offer.url.clone()));
    offers.truncate(OFFERS);
    offers
}

/// The addresses of a list page that may be articles: links of the same host with a text of four words or more, or with
/// an address that looks like one.
pub(super) fn articles(html: &str, base: &Url) -> Vec<Url> {
    let read = fenced(|| {
        let page = Document::from(html);
        let links = page.select("a[href]").nodes().to_vec();
        let mut found: Vec<Url> = Vec::new();
        let mut seen = std::collections::BTreeSet::new();
        for link in links {
            let href = link.attr("href").map(|value| value.to_string()).unwrap_or_default();
            let Ok(mut url) = base.join(href.trim()) else { continue };
            url.set_fragment(None);
            let same = url.host_str() == base.host_str() && matches!(url.scheme(), "http" | "https");
            let words = link.text().split_whitespace().count();
            if same && url != *base && (words >= 4 || names_an_article(&url)) && seen.insert(url.to_string()) {
                found.push(url);
            }
        }
        found
    });
    let mut found = read.unwrap_or_default();
    found.truncate(LINKS);
    found
}

/// Whether the last part of a path has four words or a long number, as those of articles have.
fn names_an_article(url: &Url) -> bool {
    let last = url.path_segments().and_then(|mut parts| parts.rfind(|part| !part.is_empty())).unwrap_or_default();
    let digits = last.chars().filter(char::is_ascii_digit).count();
    last.split(['-', '_']).filter(|word| !word.is_empty()).count() >= 4 || digits >= 6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feeds_are_found_and_those_of_comments_come_last() {
        let html = r#"<html><head><link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed">
            <link rel='ALTERNATE home' type='application/atom+xml' title='News' href='atom.xml'><link rel=stylesheet href=x.css>
            <link rel="alternate" type="application/rss+xml" title="Defence" href="https://harbour.example/defence.rss">
            <link rel="alternate" hreflang="fr" href="/fr/"></head></html>"#;
        let found = feeds(html, &Url::parse("https://harbour.example/news/").unwrap());
        let urls: Vec<&str> = found.iter().map(|offer| offer.url.as_str()).collect();
        let expected = [
            "https://harbour.example/news/atom.xml",
            "https://harbour.example/defence.rss",
            "https://harbour.example/comments/feed",
        ];
        assert_eq!(urls, expected);
    }

    #[test]
    fn a_list_page_leads_to_articles_of_its_own_host() {
        let html = r##"<nav><a href="/">Home</a><a href="/about">About us</a></nav><a href="/2026/03/alda-buys-a-ferry#top">x</a>
            <a href="/n/1">Borduria sells two old frigates</a><a href="https://other.example/alda-buys-a-ferry">y</a>
            <a href="/n/20260301">z</a><a href="mailto:a@b.example">Write to us if you can</a>
            <a href="/n/1">Again the same four words</a>"##;
        let found = articles(html, &Url::parse("https://harbour.example/news").unwrap());
        let paths: Vec<&str> = found.iter().map(Url::path).collect();
        assert_eq!(paths, ["/2026/03/alda-buys-a-ferry", "/n/1", "/n/20260301"]);
    }
}
