//! How an article is named and cited.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::answer::{Fact, Record};
use super::fence;
use crate::article::Moment;

/// The beginning of the address of an article.
pub(super) const ARTICLE: &str = "despatch://article/";

/// What is encoded in the identifier of an article within an address.
const NOT_IN_IDS: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b':').remove(b'_').remove(b'~');

/// The address of an article.
pub(super) fn uri(id: &str) -> String {
    format!("{ARTICLE}{}", utf8_percent_encode(id, NOT_IN_IDS))
}

/// The address of some bytes of an article's text.
pub(super) fn stretch(id: &str, start: usize, end: usize) -> String {
    format!("{}#{start}-{end}", uri(id))
}

/// The identifier that an address names, and the bytes; any other text is an identifier itself.
pub(super) fn located(text: &str) -> (String, Option<(usize, usize)>) {
    let Some(rest) = text.trim().strip_prefix(ARTICLE) else { return (text.trim().to_owned(), None) };
    let (id, stretch) = rest.split_once('#').unwrap_or((rest, ""));
    let bytes = stretch.split_once('-').and_then(|(start, end)| Some((start.parse().ok()?, end.parse().ok()?)));
    (percent_decode_str(id).decode_utf8_lossy().into_owned(), bytes)
}

/// An article as others cite it.
pub(super) struct Source<'a> {
    pub(super) id: &'a str,
    pub(super) title: &'a str,
    pub(super) outlet: Option<&'a str>,
    pub(super) published: Option<Moment>,
    pub(super) url: Option<&'a str>,
}

impl Source<'_> {
    /// `Quay Post, "Alda buys ferries", 2 February 2026`.
    pub(super) fn cite(&self) -> String {
        let day = self.published.map_or_else(|| "undated".to_owned(), |at| at.day().strftime("%-d %B %Y").to_string());
        let title = fence::short(self.title);
        let title = if title.is_empty() { "(no title)".to_owned() } else { format!("\"{title}\"") };
        let outlet = self.outlet.map(fence::short).filter(|outlet| !outlet.is_empty());
        outlet.into_iter().chain([title, day]).collect::<Vec<_>>().join(", ")
    }

    /// Its facts, added to others.
    pub(super) fn facts(&self, record: Record) -> Record {
        record
            .with("id", self.id)
            .with("title", Fact::Line(fence::short(self.title)))
            .with_some("outlet", self.outlet.map(|outlet| Fact::Line(fence::short(outlet))))
            .with_some("published", self.published.map(|at| at.to_string()))
            .with_some("url", self.url.and_then(fence::web_address))
            .with("uri", uri(self.id))
            .with("cite", Fact::Line(self.cite()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_an_article_and_bytes_of_it() {
        for id in ["a31df03bc881", "ledger-1", "a/b c#é%"] {
            assert_eq!(located(&uri(id)), (id.to_owned(), None));
            assert_eq!(located(&stretch(id, 3, 12)), (id.to_owned(), Some((3, 12))));
        }
        assert_eq!(located(" a31 "), ("a31".to_owned(), None));
        assert_eq!(located("https://ledger.example/x#1-2").1, None);
        assert_eq!(located("despatch://article/a#x-2"), ("a".to_owned(), None));
    }

    #[test]
    fn a_citation_says_what_is_known() {
        let source = Source {
            id: "a",
            title: "Alda\nbuys ferries",
            outlet: Some("Quay Post"),
            published: "2026-02-02".parse().ok(),
            url: None,
        };
        assert_eq!(source.cite(), "Quay Post, \"Alda buys ferries\", 2 February 2026");
        assert_eq!(Source { outlet: None, published: None, title: "", ..source }.cite(), "(no title), undated");
    }
}
