//! XML of feeds, sitemaps and lists, read as far as it can be.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Levels of elements; deeper ones are damage.
const LEVELS: usize = 200;
/// Characters of one text or value that are kept, at most.
const LONGEST: usize = 4000;

/// What a walk meets.
#[derive(Debug)]
pub(super) enum Step<'a> {
    /// An element begins; its name without prefix, and its attributes.
    Open(&'a str, Attributes<'a>),
    /// An element ends; its name without prefix, and its text without that of the elements within it.
    Close(&'a str, &'a str),
}

/// The attributes of an element.
#[derive(Debug)]
pub(super) struct Attributes<'a>(&'a BytesStart<'a>);

impl Attributes<'_> {
    /// The value of an attribute, whatever its prefix and case.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        let is_named = |key: &str| key.eq_ignore_ascii_case(name);
        let attribute = self.0.attributes().flatten().find(|one| is_named(one.key.local_name().as_ref()))?;
        let value = html_escape::decode_html_entities(&attribute.value);
        Some(value.trim().chars().take(LONGEST).collect())
    }
}

/// Hands over the elements of an XML text up to its end or the first damage; gives whether it came to the end. The path
/// names the elements that are open, outermost first, without the one that begins or ends.
pub(super) fn walk(text: &str, mut each: impl FnMut(&[String], Step<'_>)) -> bool {
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}').trim_start());
    reader.config_mut().check_end_names = false;
    let (mut path, mut texts): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    loop {
        let Ok(event) = reader.read_event() else { return false };
        let part = match &event {
            Event::Eof => return path.is_empty(),
            Event::Start(tag) => {
                let name = tag.local_name().as_ref().to_owned();
                each(&path, Step::Open(&name, Attributes(tag)));
                path.push(name);
                texts.push(String::new());
                if path.len() > LEVELS {
                    return false;
                }
                continue;
            }
            Event::Empty(tag) => {
                let name = tag.local_name().as_ref().to_owned();
                each(&path, Step::Open(&name, Attributes(tag)));
                each(&path, Step::Close(&name, ""));
                continue;
            }
            Event::End(_) => {
                if let (Some(name), Some(text)) = (path.pop(), texts.pop()) {
                    each(&path, Step::Close(&name, text.trim()));
                }
                continue;
            }
            Event::Text(text) => (**text).to_owned(),
            Event::CData(text) => (**text).to_owned(),
            Event::GeneralRef(name) => html_escape::decode_html_entities(&format!("&{};", &**name)).into_owned(),
            _ => continue,
        };
        if let Some(text) = texts.last_mut().filter(|text| text.len() < LONGEST) {
            text.push_str(&part);
        }
    }
}

/// The name of the first element of a text, without prefix and in small letters; `None` where it has none.
pub(super) fn root(text: &str) -> Option<String> {
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    loop {
        rest = rest.strip_prefix('<')?;
        let end = match rest {
            _ if rest.starts_with("!--") => "-->",
            _ if rest.starts_with('?') => "?>",
            _ if rest.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("!doctype")) => ">",
            _ => {
                let name = rest.split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next()?;
                return Some(name.rsplit(':').next()?.to_ascii_lowercase());
            }
        };
        rest = rest[rest.find(end)? + end.len()..].trim_start();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_come_with_their_texts_up_to_the_first_damage() {
        let mut closed = Vec::new();
        let whole =
            walk("<a><b x='1 &amp; 2'>one<c/> &lt;two&gt;<![CDATA[ & three]]></b><d>", |path, step| match step {
                Step::Open("b", attributes) => closed.push(attributes.get("X").unwrap()),
                Step::Close(name, text) => closed.push(format!("{}/{name}={text}", path.join("/"))),
                Step::Open(..) => {}
            });
        assert_eq!(closed, ["1 & 2", "a/b/c=", "a/b=one <two> & three"]);
        assert!(!whole, "it is cut off");
        assert!(!walk(&"<a>".repeat(5000), |_, _| {}));
    }

    #[test]
    fn the_first_element_is_found_behind_what_may_stand_before_it() {
        let before = "\u{feff} <?xml version='1.0'?><!-- <rss> --><!DOCTYPE rdf:RDF [] >\n";
        assert_eq!(root(&format!("{before}<rdf:RDF xmlns='x'>")).as_deref(), Some("rdf"));
        assert_eq!(root("<!doctype html><HTML lang=en>").as_deref(), Some("html"));
        assert_eq!(root("{\"version\": 1}"), None);
        assert_eq!(root("<!-- no end"), None);
    }
}
