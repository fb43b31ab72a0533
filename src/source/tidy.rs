//! Making the XML of a feed well-formed, so that one fault costs one item at most.
//!
//! Feeds are written by hand-made templates: a bare `&`, entities of HTML, tags in a text that should be escaped, an
//! item that is not closed, messages of the server before the first line. A strict parser reads none of the items then.
//! One pass over the text writes the feed again, with every element closed, every `&` an entity, and without comments
//! and declarations. It also turns the source that an item names into a category, because the parser drops it.

use std::collections::HashMap;

/// The scheme of the category that carries the source of an item.
pub(super) const SOURCE: &str = "urn:despatch:source";

/// Elements within elements that are kept; what is nested deeper loses its tags.
const DEEP: usize = 64;
/// Bytes of a tag, at most; a longer one is text.
const TAG: usize = 64 << 10;

/// Elements of an RSS item that hold a text and no elements.
const LEAVES: [&str; 9] =
    ["author", "category", "content:encoded", "dc:creator", "description", "guid", "link", "pubDate", "title"];

/// A feed that has been written again.
#[derive(Debug, Default)]
pub(super) struct Tidy {
    pub(super) xml: String,
    /// Where the first item begins, and the bytes of each whole item.
    pub(super) head: usize,
    pub(super) items: Vec<(usize, usize)>,
    /// Closing tags of the elements around the items.
    pub(super) close: String,
    /// Whether the feed ends before its last item or its root does.
    pub(super) cut: bool,
    /// Where the root ends in the text.
    pub(super) end: usize,
}

/// Where a feed begins in a text: at the first tag that only the root of a feed has.
pub(super) fn root(text: &str) -> Option<usize> {
    let named = |at: &usize| {
        let name = name_at(&text[*at + 1..]);
        let local = name.rsplit(':').next().unwrap_or_default();
        let after = text[*at + 1 + name.len()..].trim_start();
        match local {
            "rss" | "RDF" => after.starts_with(|c: char| c == '>' || c.is_alphabetic()),
            "feed" | "entry" => {
                after.starts_with("xmlns") || after.starts_with("xml:") || name.contains(':') || *at == 0
            }
            _ => false,
        }
    };
    text.match_indices('<').map(|(at, _)| at).find(named)
}

/// Writes the feed again; `None` where the text holds none.
pub(super) fn tidy(text: &str) -> Option<Tidy> {
    let start = root(text)?;
    let name = name_at(&text[start + 1..]);
    let (prefix, local) = name.rsplit_once(':').map_or(("", name), |(prefix, local)| (prefix, local));
    let is_atom = matches!(local, "feed" | "entry");
    let item = match (is_atom, prefix) {
        (false, _) => "item".to_owned(),
        (true, "") => "entry".to_owned(),
        (true, prefix) => format!("{prefix}:entry"),
    };
    let mut pass = Pass {
        text,
        at: start,
        item,
        is_atom,
        out: Tidy::default(),
        open: Vec::new(),
        ends: HashMap::new(),
        source: None,
        skip: 0,
        ended: false,
    };
    pass.run();
    Some(pass.finish())
}

/// The name at the start of a tag, after its `<`.
fn name_at(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && !":_-.".contains(c)).unwrap_or(text.len());
    let name = &text[..end];
    if name.starts_with(|c: char| c.is_alphabetic() || c == '_') { name } else { "" }
}

struct Pass<'t> {
    text: &'t str,
    at: usize,
    /// The name of an item.
    item: String,
    is_atom: bool,
    out: Tidy,
    /// The elements that are open.
    open: Vec<&'t str>,
    /// Where each mark that was searched for stands next; the end of the text where it does not.
    ends: HashMap<String, usize>,
    /// The text of the source of an item, while it is read, and the number of elements that were open before it.
    source: Option<(usize, String)>,
    /// Elements that are open but too deep to be kept.
    skip: usize,
    ended: bool,
}

impl<'t> Pass<'t> {
    fn run(&mut self) {
        while self.at < self.text.len() && !self.ended {
            let rest = &self.text[self.at..];
            match rest.find('<') {
                Some(0) => self.mark(rest),
                found => {
                    let end = found.unwrap_or(rest.len());
                    self.write(&rest[..end]);
                    self.at += end;
                }
            }
        }
    }

    fn finish(mut self) -> Tidy {
        let inside = self.open.iter().position(|name| *name == self.item);
        self.out.cut = !self.ended;
        self.out.end = self.at;
        if let Some(depth) = inside.filter(|_| !self.ended)
            && let Some((start, _)) = self.out.items.pop()
        {
            // An item that is cut off is left out.
            self.out.xml.truncate(start);
            self.open.truncate(depth);
        }
        if self.out.items.is_empty() {
            self.out.head = self.out.xml.len();
        }
        let closing: String = self.open.iter().rev().map(|name| format!("</{name}>")).collect();
        if !self.ended {
            self.out.xml.push_str(&closing);
        }
        self.out
    }

    /// Reads what begins with `<`.
    fn mark(&mut self, rest: &'t str) {
        if rest.starts_with("<!--") {
            self.pass_over("-->", 4);
        } else if let Some(inner) = rest.strip_prefix("<![CDATA[") {
            self.section(inner);
        } else if rest.starts_with("<?") {
            self.pass_over("?>", 2);
        } else if rest.starts_with("<!") {
            self.pass_over(">", 2);
        } else if let Some(name) = rest.strip_prefix("</").map(name_at).filter(|name| !name.is_empty()) {
            let end = rest[1..].find(['<', '>']).map_or(rest.len(), |end| end + 1);
            self.at += end + usize::from(rest[end..].starts_with('>'));
            if end < rest.len() {
                self.end(name);
            }
        } else {
            match tag(rest) {
                Some(length) => self.start(&rest[..length]),
                None => {
                    self.put("&lt;");
                    self.at += 1;
                }
            }
        }
    }

    /// Steps past the next `end`, or past the mark itself where there is none.
    fn pass_over(&mut self, end: &str, mark: usize) {
        let found = self.next(end);
        self.at = if found < self.text.len() { found + end.len() } else { self.at + mark };
    }

    /// Where `mark` stands next; the end of the text where it does not. Remembered, so that a text without it is
    /// searched once.
    fn next(&mut self, mark: &str) -> usize {
        match self.ends.get(mark) {
            Some(known) if *known >= self.at => *known,
            _ => {
                let found = self.text[self.at..].find(mark).map_or(self.text.len(), |found| self.at + found);
                self.ends.insert(mark.to_owned(), found);
                found
            }
        }
    }

    /// Reads a CDATA section. One that is not closed before the next begins ends with the element that it stands in.
    fn section(&mut self, inner: &'t str) {
        let start = self.at + "<![CDATA[".len();
        let end = self.next("]]>");
        self.at = start;
        let other = self.next("<![CDATA[");
        let parent = self.open.last().map(|name| format!("</{name}>")).unwrap_or_default();
        let stop = if other < end || end == self.text.len() { self.next(&parent).min(end) } else { end };
        let content = &inner[..stop - start];
        self.put(&escaped(content));
        self.at = if stop == end && end < self.text.len() { end + 3 } else { stop };
    }

    fn start(&mut self, tag: &'t str) {
        self.at += tag.len();
        let name = name_at(&tag[1..]);
        let closed = tag.ends_with("/>");
        if name == self.item {
            self.close_to(name);
            if self.out.items.is_empty() {
                self.out.head = self.out.xml.len();
                self.out.close = self.open.iter().rev().map(|name| format!("</{name}>")).collect();
            }
            self.out.items.push((self.out.xml.len(), 0));
        }
        if self.open.len() >= DEEP {
            self.skip += usize::from(!closed);
            return;
        }
        let follows = |open: &&str| LEAVES.contains(open) && LEAVES.contains(&name);
        if !self.is_atom && self.open.last().is_some_and(follows) {
            self.close_to_depth(self.open.len() - 1);
        }
        let is_source = self.in_item()
            && name.strip_suffix("source") == self.item.strip_suffix(if self.is_atom { "entry" } else { "item" });
        if is_source && !closed && self.source.is_none() {
            self.source = Some((self.open.len(), String::new()));
            self.open.push(name);
            return;
        }
        if self.source.is_some() {
            if !closed {
                self.open.push(name);
            }
            return;
        }
        self.put("<");
        self.put(name);
        self.attributes(&tag[1 + name.len()..]);
        self.put(if closed { "/>" } else { ">" });
        if !closed {
            self.open.push(name);
            self.text_of(name);
        }
    }

    fn in_item(&self) -> bool {
        self.open.iter().any(|name| *name == self.item)
    }

    /// Where an element of RSS that holds a text holds tags instead, they are escaped, as they should have been.
    fn text_of(&mut self, name: &'t str) {
        if self.is_atom || !LEAVES.contains(&name) || !self.in_item() {
            return;
        }
        let end = self.next(&format!("</{name}>"));
        let item = self.next("</item>").min(self.next("<item"));
        if end < self.text.len() && end < item {
            let inner = &self.text[self.at..end];
            if inner.contains('<') && !inner.contains("<![CDATA[") {
                self.write(&inner.replace('<', "&lt;"));
                self.at = end;
            }
        }
    }

    fn end(&mut self, name: &'t str) {
        if self.skip > 0 {
            self.skip -= 1;
            return;
        }
        let Some(depth) = self.open.iter().rposition(|open| *open == name) else { return };
        let item = self.open.iter().position(|open| *open == self.item);
        // The end of what is around an item, within the item, is a fault if items follow.
        if item.is_some_and(|item| depth < item) && self.next(&format!("<{}", self.item)) < self.text.len() {
            return;
        }
        self.close_to_depth(depth);
        self.ended = self.open.is_empty();
    }

    /// Closes an element of this name that is open, and all in it.
    fn close_to(&mut self, name: &str) {
        if let Some(depth) = self.open.iter().rposition(|open| *open == name) {
            self.skip = 0;
            self.close_to_depth(depth);
        }
    }

    fn close_to_depth(&mut self, depth: usize) {
        while self.open.len() > depth {
            let Some(name) = self.open.pop() else { return };
            match self.source.take() {
                Some((from, text)) if self.open.len() <= from => self.put_source(&text),
                Some(open) => self.source = Some(open),
                None => self.put(&format!("</{name}>")),
            }
            if name == self.item
                && let Some(item) = self.out.items.last_mut()
            {
                item.1 = self.out.xml.len();
            }
        }
    }

    fn put_source(&mut self, text: &str) {
        let name = text.trim();
        if name.is_empty() || name.starts_with("http") {
            return;
        }
        let quoted = name.replace('"', "&quot;");
        if self.is_atom {
            let prefix = self.item.strip_suffix("entry").unwrap_or_default();
            self.out.xml.push_str(&format!("<{prefix}category scheme=\"{SOURCE}\" term=\"{quoted}\"/>"));
        } else {
            self.out.xml.push_str(&format!("<category domain=\"{SOURCE}\">{name}</category>"));
        }
    }

    fn attributes(&mut self, tag: &str) {
        let mut rest = tag.trim_end_matches('>').trim_end_matches('/');
        let mut names: Vec<&str> = Vec::new();
        while let Some(equals) = rest.find('=').filter(|_| names.len() < 64) {
            let name = rest[..equals].split_whitespace().last().unwrap_or_default();
            let value = rest[equals + 1..].trim_start();
            let (value, after) = match value.chars().next() {
                Some(quote @ ('"' | '\'')) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
                _ => value.split_once(char::is_whitespace).unwrap_or((value, "")),
            };
            if name_at(name) == name && !name.is_empty() && !names.contains(&name) {
                names.push(name);
                let value = entities(value).replace('<', "&lt;").replace('"', "&quot;");
                self.put(&format!(" {name}=\"{value}\""));
            }
            rest = after;
        }
    }

    fn write(&mut self, text: &str) {
        let text = entities(text);
        self.put(&text);
    }

    /// Appends well-formed text: to the source, while it is read, else to the feed.
    fn put(&mut self, text: &str) {
        let in_title = self.open.last().is_some_and(|name| name.rsplit(':').next() == Some("title"));
        match &mut self.source {
            // Of what stands in the source of an Atom entry only the title is its name.
            Some((_, source)) if !self.is_atom || in_title => source.push_str(text),
            Some(_) => {}
            None => self.out.xml.push_str(text),
        }
    }
}

/// The length of the tag at the start of a text; `None` where there is no tag.
fn tag(text: &str) -> Option<usize> {
    if name_at(&text[1..]).is_empty() {
        return None;
    }
    let mut quote = None;
    let mut before = b' ';
    for (at, byte) in text.bytes().enumerate().skip(1).take(TAG) {
        match (quote, byte) {
            (None, b'>') => return Some(at + 1),
            (None, b'<') => return None,
            (None, b'"' | b'\'') if before == b'=' => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            before = byte;
        }
    }
    None
}

/// A text of a CDATA section outside of one.
fn escaped(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    if escaped.contains(is_forbidden) { escaped.replace(is_forbidden, "") } else { escaped }
}

/// A character that XML forbids.
fn is_forbidden(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// Longest name of an entity, in bytes.
const ENTITY: usize = 32;

/// A text in which every `&` begins an entity of XML: those of HTML become their characters, a bare one `&amp;`.
fn entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let end = rest.bytes().take(ENTITY).position(|byte| !byte.is_ascii_alphanumeric() && byte != b'#');
        let name = end.filter(|end| rest.as_bytes()[*end] == b';').map(|end| &rest[..end]);
        match name.map(|name| (name, html_escape::decode_html_entities(&format!("&{name};")).into_owned())) {
            Some((name, character)) if character.len() != name.len() + 2 || !character.starts_with('&') => {
                out.push_str(&escaped(&character));
                rest = &rest[name.len() + 1..];
            }
            _ => out.push_str("&amp;"),
        }
    }
    out.push_str(rest);
    if out.contains(is_forbidden) { out.replace(is_forbidden, "") } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn xml(text: &str) -> String {
        tidy(text).expect(text).xml
    }

    #[test]
    fn faults_are_mended_where_they_stand() {
        for (inner, want) in [
            ("<title>A & B &nbsp;&eacute; &amp; &#8217; &lt;</title>", "<title>A &amp; B \u{a0}é &amp; ’ &lt;</title>"),
            ("<link>https://a.example/?a=1&b=2</link>", "<link>https://a.example/?a=1&amp;b=2</link>"),
            ("<title>Under 5 < 6 % & more</title>", "<title>Under 5 &lt; 6 % &amp; more</title>"),
            ("<enclosure url='x?a&b' url=\"y\" bare/>", "<enclosure url=\"x?a&amp;b\"/>"),
            ("<title>One <b>bold<br> word</title>", "<title>One &lt;b>bold&lt;br> word</title>"),
            ("<!-- a -- b --><title>One</title>", "<title>One</title>"),
            ("<title>One</Link></title>", "<title>One&lt;/Link></title>"),
            ("<guid>1<title>One</title>", "<guid>1</guid><title>One</title>"),
            ("<title>\u{1}One</title>", "<title>One</title>"),
            ("<title><![CDATA[R&D <b>x</b>]]></title>", "<title>R&amp;D &lt;b&gt;x&lt;/b&gt;</title>"),
            (
                "<source url=\"x\">Sea & Sky</source>",
                "<category domain=\"urn:despatch:source\">Sea &amp; Sky</category>",
            ),
        ] {
            let whole = format!(
                "junk <b>\n<?xml version='1.0'?><rss version=\"2\"><channel><item>{inner}</item></channel></rss> x"
            );
            let want = format!("<rss version=\"2\"><channel><item>{want}</item></channel></rss>");
            assert_eq!(xml(&whole), want);
        }
    }

    #[test]
    fn an_item_that_is_not_closed_ends_where_the_next_begins() {
        let got = tidy("<rss version=\"2\"><channel><item><title>A<item><title>B</title></item><item><title>C")
            .expect("a feed");
        assert_eq!(
            got.xml,
            "<rss version=\"2\"><channel><item><title>A</title></item><item><title>B</title></item></channel></rss>"
        );
        assert!(got.cut && got.items.len() == 2, "{got:?}");
        let got = xml(
            "<rss version=\"2\"><channel><item><description><![CDATA[A</description></item><item><description><![CDATA[B]]></description></item></channel></rss>",
        );
        assert!(got.contains("<description>A</description></item><item><description>B</description>"), "{got}");
    }

    #[test]
    fn an_entry_of_atom_carries_the_title_of_its_source() {
        let got = xml(
            "<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry><title>T</title><source><id>urn:1</id><title>Sea &amp; \"Sky\"</title><updated>2025</updated></source></entry></feed>",
        );
        assert!(
            got.contains(
                "<title>T</title><category scheme=\"urn:despatch:source\" term=\"Sea &amp; &quot;Sky&quot;\"/></entry>"
            ),
            "{got}"
        );
    }
}
