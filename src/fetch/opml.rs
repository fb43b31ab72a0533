//! OPML: lists of sources, as feed readers write and read them.

use super::xml::{Step, walk};
use crate::archive::following::Source;

/// A line of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// The address of the feed.
    pub url: String,
    /// Its title; empty if it has none.
    pub title: String,
}

/// The feeds of a list, at any depth of its folders, each address once. The second value says whether the list came to
/// its end.
#[must_use]
pub fn read(text: &str) -> (Vec<Line>, bool) {
    let mut lines: Vec<Line> = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    let whole = walk(text, |_, step| {
        let Step::Open(name, attributes) = step else { return };
        if !name.eq_ignore_ascii_case("outline") {
            return;
        }
        let Some(url) = attributes.get("xmlUrl").filter(|url| !url.is_empty()) else { return };
        let title = attributes.get("title").or_else(|| attributes.get("text")).unwrap_or_default();
        if seen.insert(url.clone()) {
            lines.push(Line { url, title });
        }
    });
    (lines, whole)
}

/// The sources as an OPML list.
#[must_use]
pub fn write(sources: &[Source]) -> String {
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n  <head>\n    \
                   <title>Followed by despatch</title>\n  </head>\n  <body>\n"
        .to_owned();
    for source in sources {
        let title = source.outlet.as_deref().or(source.title.as_deref()).unwrap_or(&source.name);
        out.push_str(&format!(
            "    <outline type=\"rss\" text=\"{0}\" title=\"{0}\" xmlUrl=\"{1}\"/>\n",
            escaped(title),
            escaped(&source.url)
        ));
    }
    out + "  </body>\n</opml>\n"
}

/// A text as the value of an attribute; characters that XML does not allow are left out.
fn escaped(text: &str) -> String {
    let clean: String = text.chars().filter(|c| !c.is_control()).collect();
    html_escape::encode_double_quoted_attribute(&clean).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_any_depth_are_read_and_what_is_written_is_read() {
        let text = r#"<?xml version="1.0"?><opml><body><outline text="Alda"><outline text="Sea"><outline text="Deep">
            <outline text="Harbour &amp; Post" xmlUrl="https://harbour.example/feed?a=1&amp;b=2"/></outline></outline>
            <outline type="x" title="Two" text="2" xmlurl="https://two.example/rss"/></outline>
            <outline text="again" xmlUrl="https://two.example/rss"/><outline text="no feed" htmlUrl="https://x.example"/></body></opml>"#;
        let (lines, whole) = read(text);
        assert!(whole);
        let found: Vec<(&str, &str)> = lines.iter().map(|line| (line.title.as_str(), line.url.as_str())).collect();
        let expected = [("Harbour & Post", "https://harbour.example/feed?a=1&b=2"), ("Two", "https://two.example/rss")];
        assert_eq!(found, expected);
        let sources: Vec<Source> = lines
            .iter()
            .map(|line| Source { url: line.url.clone(), title: Some(line.title.clone()), ..Source::default() })
            .collect();
        assert_eq!(read(&write(&sources)), (lines, true));
        assert!(!read("<opml><body><outline xmlUrl='https://cut.example/'").1);
    }
}
