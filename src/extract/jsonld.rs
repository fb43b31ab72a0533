//! What a page says about its article in JSON-LD.
//!
//! Blocks are often not quite JSON; the usual faults are mended. References (`{"@id": …}`) are followed once.

use std::collections::HashMap;

use serde_json::{Map, Value};

/// Nodes read from a page, at most; a page of thousands describes anything but one article.
const MAX_NODES: usize = 2000;

/// The values of the node that describes the article.
#[derive(Debug, Default, Clone)]
pub(crate) struct JsonLd {
    pub(crate) headline: Option<String>,
    pub(crate) description: Option<String>,
    /// Names, with whether each is an organisation.
    pub(crate) authors: Vec<(String, bool)>,
    pub(crate) published: Option<String>,
    pub(crate) modified: Option<String>,
    pub(crate) publisher: Option<String>,
    pub(crate) section: Option<String>,
    pub(crate) keywords: Vec<String>,
    pub(crate) url: Option<String>,
    pub(crate) language: Option<String>,
    pub(crate) body: Option<String>,
    /// Name of the web site node, if any.
    pub(crate) site: Option<String>,
    /// The page is about an event.
    pub(crate) event: bool,
}

type Object = Map<String, Value>;

/// Reads the blocks of one page.
pub(crate) fn read(blocks: &[String]) -> JsonLd {
    let values: Vec<Value> = blocks.iter().flat_map(|block| parse(block)).collect();
    let mut nodes = Vec::new();
    for value in &values {
        collect(value, &mut nodes, 0);
    }
    let mut by_id: HashMap<&str, &Object> = HashMap::new();
    for node in &nodes {
        if let Some(id) = node.get("@id").and_then(Value::as_str)
            && node.len() > 1
        {
            by_id.entry(id).or_insert(node);
        }
    }
    let mut best: Option<(u32, &Object)> = None;
    for node in &nodes {
        let rank = rank(node);
        if rank > 0 && best.is_none_or(|(other, _)| rank > other) {
            best = Some((rank, node));
        }
    }
    let mut found = best.map(|(_, node)| facts(node, &by_id)).unwrap_or_default();
    found.event = nodes.iter().any(|node| is_a(node, |kind| kind.ends_with("Event")));
    found.site = nodes.iter().find(|node| is_a(node, |kind| kind == "WebSite")).and_then(|node| text(node.get("name")));
    found
}

/// How likely a node describes the page's article; 0 if it does not. What is no article but has a title and a date (a
/// recipe, a guide) is better than nothing.
fn rank(node: &Object) -> u32 {
    let article = is_a(node, |kind| {
        kind.ends_with("Article") || kind.ends_with("Posting") || matches!(kind, "Report" | "Review" | "Analysis")
    });
    let page = is_a(node, |kind| kind == "WebPage" || kind == "VideoObject");
    let dated = ["datePublished", "dateModified"].iter().any(|key| node.contains_key(*key))
        && ["headline", "name"].iter().any(|key| node.contains_key(*key))
        && !is_a(node, |kind| kind.ends_with("Event") || matches!(kind, "Comment" | "JobPosting" | "WebSite"));
    if !article && !page && !dated {
        return 0;
    }
    let has = |key: &str| u32::from(node.contains_key(key));
    let base = if article { 20 } else { 1 };
    base + 4 * has("headline") + 3 * has("datePublished") + 2 * has("author") + has("articleBody")
}

fn is_a(node: &Object, test: impl Fn(&str) -> bool) -> bool {
    match node.get("@type") {
        Some(Value::String(kind)) => test(short(kind)),
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).any(|kind| test(short(kind))),
        _ => false,
    }
}

/// `http://schema.org/NewsArticle` and `schema:NewsArticle` as `NewsArticle`.
fn short(kind: &str) -> &str {
    kind.rsplit(['/', ':', '#']).next().unwrap_or(kind)
}

/// The nodes that may describe the page itself: not the members of its lists of links.
fn collect<'v>(value: &'v Value, nodes: &mut Vec<&'v Object>, depth: usize) {
    if nodes.len() >= MAX_NODES || depth > 16 {
        return;
    }
    match value {
        Value::Array(values) => values.iter().for_each(|value| collect(value, nodes, depth + 1)),
        Value::Object(node) => {
            nodes.push(node);
            for key in ["@graph", "mainEntity", "mainEntityOfPage", "author", "publisher"] {
                if let Some(inner) = node.get(key) {
                    collect(inner, nodes, depth + 1);
                }
            }
        }
        _ => {}
    }
}

fn facts(node: &Object, by_id: &HashMap<&str, &Object>) -> JsonLd {
    let mut authors = Vec::new();
    for key in ["author", "creator"] {
        if authors.is_empty() {
            people(node.get(key), by_id, &mut authors, 0);
        }
    }
    let mut publisher = Vec::new();
    people(node.get("publisher"), by_id, &mut publisher, 0);
    let url = text(node.get("url")).or_else(|| match node.get("mainEntityOfPage") {
        Some(Value::Object(page)) => text(page.get("@id")).or_else(|| text(page.get("url"))),
        other => text(other),
    });
    JsonLd {
        headline: text(node.get("headline")).or_else(|| text(node.get("name"))),
        description: text(node.get("description")),
        authors,
        published: text(node.get("datePublished")).or_else(|| text(node.get("uploadDate"))),
        modified: text(node.get("dateModified")),
        publisher: publisher.into_iter().next().map(|(name, _)| name),
        section: list(node.get("articleSection")).into_iter().next(),
        keywords: keywords(node.get("keywords")),
        url,
        language: text(node.get("inLanguage")),
        body: node.get("articleBody").or_else(|| node.get("reviewBody")).and_then(Value::as_str).map(str::to_owned),
        ..JsonLd::default()
    }
}

/// Names of persons and organisations: a string, an object with a name, a reference, or a list of these.
fn people(value: Option<&Value>, by_id: &HashMap<&str, &Object>, out: &mut Vec<(String, bool)>, depth: usize) {
    match value {
        Some(Value::String(name)) => out.push((name.clone(), false)),
        Some(Value::Array(values)) if depth < 4 => {
            for value in values.iter().take(50) {
                people(Some(value), by_id, out, depth + 1);
            }
        }
        Some(Value::Object(node)) => {
            let node = match node.get("@id").and_then(Value::as_str) {
                Some(id) if !node.contains_key("name") => by_id.get(id).copied().unwrap_or(node),
                _ => node,
            };
            let organisation = is_a(node, |kind| kind.ends_with("Organization") || kind == "Corporation");
            match node.get("name") {
                Some(Value::String(name)) => out.push((name.clone(), organisation)),
                Some(names @ Value::Array(_)) => {
                    out.extend(list(Some(names)).into_iter().map(|name| (name, organisation)))
                }
                _ => {
                    let part = |key: &str| text(node.get(key));
                    if let (Some(given), Some(family)) = (part("givenName"), part("familyName")) {
                        out.push((format!("{given} {family}"), false));
                    }
                }
            }
        }
        _ => {}
    }
}

fn text(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Array(values) => values.iter().find_map(|value| value.as_str()).map(|text| text.trim().to_owned()),
        Value::Object(node) => {
            node.get("@value").or_else(|| node.get("name")).and_then(Value::as_str).map(str::to_owned)
        }
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn list(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) => vec![text.trim().to_owned()],
        Some(Value::Array(values)) => values.iter().filter_map(|value| text(Some(value))).collect(),
        _ => Vec::new(),
    }
}

fn keywords(value: Option<&Value>) -> Vec<String> {
    list(value).iter().flat_map(|text| text.split([',', ';'])).map(|word| word.trim().to_owned()).collect()
}

/// The values of a block; several objects one after another are read as several values.
fn parse(block: &str) -> Vec<Value> {
    let block = block.trim();
    let block = block.strip_prefix("<!--").unwrap_or(block).trim_end_matches("-->");
    let block = block.replace("<![CDATA[", "").replace("]]>", "");
    let block = block.trim().trim_start_matches("//").trim_end_matches("//").trim().trim_end_matches(';');
    // Some templates write the whole block as they write text between tags.
    let decoded = || html_escape::decode_html_entities(block).into_owned();
    stream(block)
        .or_else(|| stream(&mended(block)))
        .or_else(
            || if block.contains("&quot;") || block.contains("&#34;") { stream(&mended(&decoded())) } else { None },
        )
        .unwrap_or_default()
}

fn stream(block: &str) -> Option<Vec<Value>> {
    let mut values = Vec::new();
    for value in serde_json::Deserializer::from_str(block).into_iter::<Value>() {
        match value {
            Ok(value) => values.push(value),
            Err(_) if values.is_empty() => return None,
            Err(_) => break,
        }
    }
    Some(values)
}

/// Mends the usual faults: control characters become blanks; commas before a closing bracket or another comma are
/// dropped, and so are comments and backslashes that begin no valid escape; quotation marks within a string are
/// escaped; and what a block that was cut off leaves open is closed.
fn mended(block: &str) -> String {
    let mut out = String::with_capacity(block.len());
    let mut open: Vec<char> = Vec::new();
    let mut rest = block;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '"' => {
                let last = out.trim_end_matches(' ').chars().next_back();
                let key = open.last() == Some(&'}') && matches!(last, Some('{' | ','));
                rest = string(rest, key, &mut out);
                if !key && after_blanks(rest).starts_with('"') {
                    out.push(',');
                }
            }
            '/' if rest.starts_with(['/', '*']) => rest = after_comment(rest),
            ',' => {
                let next = after_blanks(rest);
                if !(next.is_empty() || next.starts_with(['}', ']', ','])) {
                    out.push(',');
                }
            }
            c if c.is_control() => out.push(' '),
            c => {
                match c {
                    '{' => open.push('}'),
                    '[' => open.push(']'),
                    '}' | ']' => drop(open.pop()),
                    _ => {}
                }
                out.push(c);
            }
        }
    }
    out.extend(open.iter().rev());
    out
}

/// Copies a string whose opening mark has been read, the name of a member or a value; gives what follows its closing
/// mark.
fn string<'b>(text: &'b str, key: bool, out: &mut String) -> &'b str {
    out.push('"');
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '\\' => {
                let Some(next) = rest.chars().next() else { break };
                rest = &rest[next.len_utf8()..];
                match next {
                    '"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' | 'u' => out.extend(['\\', next]),
                    next => out.push(next),
                }
            }
            '"' if ends_string(rest, key) => break,
            '"' => out.push_str("\\\""),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out.push('"');
    rest
}

/// Whether a quotation mark before `rest` ends its string: after the name of a member follows a colon, after a value a
/// closing bracket, the end, or a comma and then the start of another value.
fn ends_string(rest: &str, key: bool) -> bool {
    let next = after_blanks(rest);
    let value = |next: &str| {
        next.is_empty()
            || next.starts_with(['"', '{', '[', '}', ']', ',', '-', '/'])
            || next.starts_with(|c: char| c.is_ascii_digit())
            || ["true", "false", "null"].iter().any(|word| next.starts_with(word))
    };
    match next.chars().next() {
        None => true,
        Some(':') => key,
        _ if key => false,
        Some('}' | ']') => true,
        Some(',') => value(after_blanks(&next[1..])),
        // A comma is missing between two members.
        Some('"') => rest.starts_with(['\n', '\r']),
        _ => false,
    }
}

/// What follows the blanks at the start of a text, if there are few of them.
fn after_blanks(text: &str) -> &str {
    let length = text.bytes().take(MOST_BLANKS).take_while(u8::is_ascii_whitespace).count();
    &text[length..]
}

/// Blanks between two signs that are looked through, at most, so that mending stays linear.
const MOST_BLANKS: usize = 400;

/// What follows a comment whose first slash has been read.
fn after_comment(rest: &str) -> &str {
    let end = if rest.starts_with('/') { "\n" } else { "*/" };
    rest[1..].split_once(end).map_or("", |(_, after)| after)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(block: &str) -> JsonLd {
        read(&[block.to_owned()])
    }

    #[test]
    fn references_within_a_graph_are_followed() {
        let found = of(r##"{"@graph":[
            {"@type":"WebSite","name":"Harbour Post"},
            {"@type":["NewsArticle"],"headline":"Frigates sail","author":{"@id":"#p"},"publisher":{"@id":"#o"},
             "datePublished":"2024-02-01T08:00:00Z","keywords":["navy, fleet","ships"]},
            {"@type":"Person","@id":"#p","name":"Ada Brook"},
            {"@type":"Organization","@id":"#o","name":"Harbour Post Ltd"}]}"##);
        assert_eq!(found.headline.as_deref(), Some("Frigates sail"));
        assert_eq!(found.authors, [("Ada Brook".to_owned(), false)]);
        assert_eq!(found.publisher.as_deref(), Some("Harbour Post Ltd"));
        assert_eq!(found.site.as_deref(), Some("Harbour Post"));
        assert_eq!(found.keywords, ["navy", "fleet", "ships"]);
    }

    #[test]
    fn lists_of_links_are_not_the_article() {
        let found =
            of(r#"{"@type":"ItemList","itemListElement":[{"@type":"NewsArticle","headline":"Another story"}]}"#);
        assert_eq!(found.headline, None);
    }

    #[test]
    fn usual_faults_are_mended() {
        let found = of("<!-- {\"@type\":\"Article\",\"headline\":\"Two\nlines \\' here\",} -->");
        assert_eq!(found.headline.as_deref(), Some("Two lines ' here"));
        assert_eq!(
            of("{\"@type\":\"Article\",\"headline\":\"One\"}{\"@type\":\"Thing\"}").headline.as_deref(),
            Some("One")
        );
    }

    #[test]
    fn damaged_blocks_still_tell_date_author_and_outlet() {
        let whole = r#"{"@type":"NewsArticle","headline":"Frigates sail","description":"x","datePublished":"2025-03-03",
            "author":{"name":"Ada Brook"},"publisher":{"name":"Harbour Post"}}"#;
        let said = |description: &str| whole.replace("\"x\"", &format!("\"{description}\""));
        for block in [
            whole.replace('"', "&quot;"),
            whole.replace('"', "&#34;"),
            said("Two\nlines"),
            said("He said \"no\" to it"),
            said("He said \"no\", and left: \"so\""),
            said("\"No\": he left"),
            said("A link to https://post.example/a // b"),
            whole.replace("\"x\",", "\"x\",,"),
            whole.replace("\"}}", "\",},}"),
            whole.replace("\"x\",", "\"x\", // the lede\n"),
            whole.replace("\"x\",", "/* the lede */ \"x\","),
            whole.replace("\"x\",", "\"x\"\n"),
            whole.trim_end_matches('}').to_owned(),
        ] {
            let found = of(&block);
            assert_eq!(found.published.as_deref(), Some("2025-03-03"), "{block}");
            assert_eq!(found.authors, [("Ada Brook".to_owned(), false)], "{block}");
            assert_eq!(found.publisher.as_deref(), Some("Harbour Post"), "{block}");
        }
    }

    #[test]
    fn a_guide_with_a_date_is_better_than_nothing() {
        let guide = r#"{"@type":"HowTo","name":"Tie a knot","datePublished":"2025-03-03"}"#;
        assert_eq!(of(guide).published.as_deref(), Some("2025-03-03"));
        let both = format!(r#"[{guide},{{"@type":"NewsArticle","headline":"Frigates sail"}}]"#);
        assert_eq!(of(&both).headline.as_deref(), Some("Frigates sail"));
        assert_eq!(of(r#"{"@type":"Event","name":"Harbour day","datePublished":"2025-03-03"}"#).published, None);
    }

    #[test]
    fn mending_takes_time_in_proportion() {
        let begin = std::time::Instant::now();
        for part in ["\"", "\",", "{\"a\"", "\" ", "/*", "&quot;", "[\n"] {
            of(&format!("{{\"a\":{}", part.repeat(400_000 / part.len())));
        }
        assert!(begin.elapsed() < std::time::Duration::from_secs(20), "{:?}", begin.elapsed());
    }

    #[test]
    fn deep_and_broken_blocks_are_passed_over() {
        assert!(of(&"{\"a\":".repeat(100_000)).headline.is_none());
        assert!(of("[1, 2, {]").headline.is_none());
    }
    #[test]
    fn an_article_is_looked_for_sixteen_levels_deep() {
        let nested = |levels: usize| {
            let article = r#"{"@type":"Article","headline":"Deep"}"#;
            of(&format!("{}{article}{}", "[".repeat(levels), "]".repeat(levels))).headline
        };
        assert_eq!(nested(16).as_deref(), Some("Deep"));
        assert_eq!(nested(17), None);
    }
}
