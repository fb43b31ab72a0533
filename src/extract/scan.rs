//! The pass over the bytes of a page before any parser sees them.
//!
//! Scripts, styles, drawings and comments are two thirds of a page. They are dropped first, which saves the parsers
//! time and memory; JSON-LD is kept apart. Elements nested deeper than [`MAX_DEPTH`] lose their tags and keep their
//! text, so that no later step recurses or walks without bound.

/// Open elements beyond which tags are dropped. Real pages stay below 100.
pub(crate) const MAX_DEPTH: usize = 256;

/// Tags that are kept, at most; later ones are dropped. Each costs the parsers up to four kilobytes. Real pages have fewer than
/// 20,000.
const MAX_TAGS: usize = 100_000;

/// Bytes of text without a tag, at most. A longer one gets a tag that shows nothing, because parsers take quadratic time
/// over one text.
const LONG_TEXT: usize = 64 << 10;

/// Bytes of a tag above which it keeps only the attributes that later steps read.
const LONG_TAG: usize = 2048;

/// JSON-LD blocks kept of a page, and bytes of one script that is read, at most.
const MAX_BLOCKS: usize = 64;
const MAX_BLOCK: usize = 2 << 20;

/// A page without what is not text.
#[derive(Debug, Default)]
pub(crate) struct Scanned {
    /// The remaining HTML.
    pub(crate) html: String,
    /// Contents of the JSON-LD scripts.
    pub(crate) json_ld: Vec<String>,
    /// The longest piece of HTML that a script holds as a string: the story of a page that a browser would first have
    /// to run. Used only if the page itself shows too little text.
    pub(crate) in_script: String,
}

// These lists are closed sets of the HTML standard, so they stand in code.

/// Elements dropped with all they hold.
const DROPPED: &[&str] = &[
    "script", "style", "svg", "noscript", "template", "iframe", "object", "canvas", "select", "textarea", "video",
    "audio", "math",
];

/// What cuts a text without end into pieces.
const BREAK: &str = "<span></span>";

/// Tags that only say where a line may be broken: dropped without a blank, as they stand within words.
const JOINTS: &[&str] = &["nobr", "wbr"];

/// Elements without content.
const VOID: &[&str] =
    &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track"];

/// Elements whose end tag may be left out: the parser closes them, so they do not nest.
const SELF_ENDING: &[&str] = &[
    "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "optgroup", "colgroup", "rp", "rt",
    "html", "head", "body",
];

/// Attributes that the later steps read.
const READ: &[&str] = &[
    "class",
    "id",
    "href",
    "rel",
    "property",
    "name",
    "content",
    "itemprop",
    "itemtype",
    "datetime",
    "role",
    "lang",
    "style",
    "hidden",
    "aria-hidden",
    "title",
    "type",
    "http-equiv",
    "charset",
    "src",
    "alt",
];

/// Reads a page once and takes out what holds no text.
pub(crate) fn scan(page: &str) -> Scanned {
    let mut out = Scanned { html: String::with_capacity(page.len() / 2), ..Scanned::default() };
    let mut open: Vec<&str> = Vec::new();
    let mut ends = Ends::default();
    let mut rest = page;
    let mut since = 0;
    while let Some(at) = rest.find('<') {
        push_text(&mut out.html, &rest[..at], &mut since);
        rest = &rest[at..];
        let before = out.html.len();
        rest = if let Some(comment) = rest.strip_prefix("<!--") {
            ends.after_comment(comment)
        } else if let Some(data) = rest.strip_prefix("<![CDATA[") {
            data
        } else {
            tag(rest, &mut out, &mut open, &mut ends, page)
        };
        if out.html[before..].starts_with('<') {
            since = out.html.len();
            ends.tags += 1;
        }
    }
    push_text(&mut out.html, rest, &mut since);
    out
}

/// Handles the tag at the start of `rest`; gives what follows it.
fn tag<'p>(rest: &'p str, out: &mut Scanned, open: &mut Vec<&'p str>, ends: &mut Ends, page: &'p str) -> &'p str {
    let closing = rest[1..].starts_with('/');
    let from = if closing { 2 } else { 1 };
    let length = rest[from..].bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-').count();
    let name = &rest[from..from + length];
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        // `<!DOCTYPE`, `<?xml`, or a bare sign in the text.
        let marks = rest[1..].starts_with(['!', '?', '/']);
        let Some(end) = marks.then(|| ends.of_tag(rest)).flatten() else {
            out.html.push_str("&lt;");
            return &rest[1..];
        };
        return &rest[end + 1..];
    }
    let Some(end) = tag_end(rest) else {
        return ""; // A tag cut in the middle ends the page.
    };
    let (source, after) = rest.split_at(end);
    if is_in(name, JOINTS) || name.eq_ignore_ascii_case("template") && (closing || is_shadow_root(source)) {
        return after;
    }
    if ends.tags > MAX_TAGS && !is_in(name, DROPPED) {
        push_blank(&mut out.html);
        return after;
    }
    if closing {
        close(name, source, out, open);
        return after;
    }
    if let Some(dropped) = DROPPED.iter().find(|dropped| dropped.eq_ignore_ascii_case(name)) {
        return skip_element(dropped, source, after, out, ends, page);
    }
    let counted = !is_in(name, VOID) && !is_in(name, SELF_ENDING);
    if counted && open.len() >= MAX_DEPTH {
        push_blank(&mut out.html);
        return after;
    }
    // A slash at the end says nothing in HTML, and may belong to an unquoted address.
    if counted {
        open.push(name);
    }
    push_tag(&mut out.html, name, source);
    after
}

/// Closes the nearest open element of that name, and those left open within it.
fn close(name: &str, source: &str, out: &mut Scanned, open: &mut Vec<&str>) {
    if is_in(name, SELF_ENDING) {
        out.html.push_str(source);
        return;
    }
    if is_in(name, DROPPED) {
        return;
    }
    let found = open.iter().rev().take(64).position(|opened| opened.eq_ignore_ascii_case(name));
    if let Some(back) = found {
        open.truncate(open.len() - back - 1);
        out.html.push_str(source);
    }
}

/// End marks that the rest of the page does not have. Each is looked for only until it is not found once, so that a
/// page of unclosed tags is read once and not once per tag.
#[derive(Default)]
struct Ends {
    missing: Vec<&'static str>,
    no_comment_ends: bool,
    no_tag_ends: bool,
    /// Tags that were kept.
    tags: usize,
}

impl Ends {
    /// Where the tag at the start of `rest` ends.
    fn of_tag(&mut self, rest: &str) -> Option<usize> {
        let end = if self.no_tag_ends { None } else { rest.find('>') };
        self.no_tag_ends = end.is_none();
        end
    }

    /// What follows a comment. Of one that never ends only the opening is dropped.
    fn after_comment<'p>(&mut self, comment: &'p str) -> &'p str {
        if self.no_comment_ends {
            return comment;
        }
        match comment.split_once("-->") {
            Some((_, after)) => after,
            None => {
                self.no_comment_ends = true;
                comment
            }
        }
    }
}

fn skip_element<'p>(
    name: &'static str,
    source: &str,
    after: &'p str,
    out: &mut Scanned,
    ends: &mut Ends,
    page: &'p str,
) -> &'p str {
    let empty = matches!(name, "svg" | "math") && (source.ends_with("\"/>") || source.ends_with(" />"));
    if empty || ends.missing.contains(&name) {
        return after;
    }
    let Some((content, following)) = until_end_tag(name, after) else {
        ends.missing.push(name);
        // An unclosed script swallows the rest of the page in a browser too; of other elements only the tag is dropped.
        return if matches!(name, "script" | "style") { &page[page.len()..] } else { after };
    };
    if name == "script" && is_json_ld(source) && out.json_ld.len() < MAX_BLOCKS && content.len() <= MAX_BLOCK {
        out.json_ld.push(content.to_owned());
    } else if name == "script" && content.len() <= MAX_BLOCK && content.contains("\\u003cp") {
        keep_longest(&mut out.in_script, content);
    }
    out.html.push(' ');
    following
}

/// Puts the string of `script` with the most escaped paragraphs into `kept`, if it is longer than 500 bytes and than
/// `kept`.
fn keep_longest(kept: &mut String, script: &str) {
    let best = strings(script).max_by_key(|string| string.matches("\\u003cp").count());
    let Some(string) = best.filter(|string| string.len() > kept.len().max(500) && string.contains("\\u003cp")) else {
        return;
    };
    *kept = serde_json::from_str::<String>(&format!("\"{string}\"")).unwrap_or_default();
}

/// The contents of the double-quoted strings of a script, still escaped.
fn strings(script: &str) -> impl Iterator<Item = &str> {
    let mut rest = script;
    std::iter::from_fn(move || {
        let start = rest.find('"')? + 1;
        let inner = &rest[start..];
        let mut escaped = false;
        let end = inner.bytes().position(|byte| {
            let ends = byte == b'"' && !escaped;
            escaped = byte == b'\\' && !escaped;
            ends
        })?;
        rest = &inner[end + 1..];
        Some(&inner[..end])
    })
}

/// Splits at the end tag that closes the element whose start tag stands just before `text`. Scripts and styles hold
/// no elements; others may hold one of their own name (templates do).
fn until_end_tag<'p>(name: &str, text: &'p str) -> Option<(&'p str, &'p str)> {
    let raw = matches!(name, "script" | "style" | "textarea");
    let mut from = 0;
    let mut within = 0_u32;
    while let Some(at) = text[from..].find('<').map(|at| at + from) {
        from = at + 1;
        let closing = text[from..].starts_with('/');
        let rest = &text.as_bytes()[from + usize::from(closing)..];
        let named = rest.len() >= name.len()
            && rest[..name.len()].eq_ignore_ascii_case(name.as_bytes())
            && rest.get(name.len()).is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte != b'-');
        if !named {
            continue;
        }
        if closing && within == 0 {
            let end = text[at..].find('>').map_or(text.len(), |end| at + end + 1);
            return Some((&text[..at], &text[end..]));
        }
        if closing {
            within -= 1;
        } else if !raw {
            within += 1;
        }
    }
    None
}

/// Whether a template is a shadow root that browsers show in place (HTML, "declarative shadow root").
fn is_shadow_root(tag: &str) -> bool {
    attributes(tag, "<template".len()).any(|(key, _)| is_in(key, &["shadowrootmode", "shadowroot"]))
}

fn is_json_ld(tag: &str) -> bool {
    tag.len() < LONG_TAG && tag.to_ascii_lowercase().contains("ld+json")
}

/// The length of the tag at the start of `text`, its `>` included; quotes may hold a `>`.
fn tag_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut quote = None;
    let mut value = false;
    for (at, byte) in bytes.iter().copied().enumerate().skip(1) {
        match quote {
            Some(mark) if byte == mark => quote = None,
            Some(_) => {}
            None => match byte {
                b'>' => return Some(at + 1),
                b'"' | b'\'' if value => quote = Some(byte),
                b'=' => value = true,
                b' ' | b'\t' | b'\n' | b'\r' => {}
                _ => value = false,
            },
        }
    }
    // A quote that never closes: the tag ends at its first `>`.
    text.find('>').map(|at| at + 1)
}

fn push_tag(html: &mut String, name: &str, source: &str) {
    if source.len() <= LONG_TAG || name.eq_ignore_ascii_case("meta") && source.len() <= 16 * LONG_TAG {
        html.push_str(source);
        return;
    }
    html.push('<');
    html.push_str(name);
    for (key, value) in attributes(source, name.len() + 1) {
        if is_in(key, READ) && value.len() <= LONG_TAG && !value.contains('"') {
            html.push(' ');
            html.push_str(key);
            html.push_str("=\"");
            html.push_str(value);
            html.push('"');
        }
    }
    html.push('>');
}

/// The attributes of a tag's source, undecoded.
fn attributes(source: &str, from: usize) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = source.get(from..).unwrap_or_default();
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '/' | '"' | '\'' | '='));
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '>')).unwrap_or(rest.len());
        if end == 0 {
            return None;
        }
        let key = &rest[..end];
        rest = rest[end..].trim_start();
        let Some(value) = rest.strip_prefix('=').map(str::trim_start) else {
            return Some((key, ""));
        };
        let (value, after) = match value.chars().next() {
            Some(mark @ ('"' | '\'')) => value[1..].split_once(mark).unwrap_or((&value[1..], "")),
            _ => value.split_at(value.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(value.len())),
        };
        rest = after;
        Some((key, value))
    })
}

/// Appends text without its control characters: some are the renderer's marks, and none is text. `since` is where the
/// text began to which it is added; a text without end is cut into pieces by empty tags, which extractors pass over.
fn push_text(html: &mut String, mut text: &str, since: &mut usize) {
    while html.len() - *since + text.len() > LONG_TEXT {
        let (part, after) = text.split_at(piece(text, LONG_TEXT.saturating_sub(html.len() - *since)));
        push_plain(html, part);
        html.push_str(BREAK);
        *since = html.len();
        text = after;
        if after.is_empty() {
            return;
        }
    }
    push_plain(html, text);
}

/// Appends the blank that stands for a dropped tag, if there is none yet.
fn push_blank(html: &mut String) {
    if !html.ends_with(' ') {
        html.push(' ');
    }
}

/// Where to cut a text, at `length` bytes or just before, so that no character and no entity is cut in two.
fn piece(text: &str, length: usize) -> usize {
    let end = text.floor_char_boundary(length.min(text.len()));
    let start = text.floor_char_boundary(end.saturating_sub(40));
    text[start..end].rfind('&').map_or(end, |at| start + at)
}

fn push_plain(html: &mut String, text: &str) {
    let control = |c: char| c.is_ascii_control() && !matches!(c, '\n' | '\t' | '\r' | '\u{C}');
    if text.bytes().any(|byte| control(byte as char)) {
        html.extend(text.chars().filter(|c| !control(*c)));
    } else {
        html.push_str(text);
    }
}

fn is_in(name: &str, list: &[&str]) -> bool {
    list.iter().any(|one| one.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_texts_without_end_are_bounded() {
        let many = scan(&"<p>a<b>b".repeat(MAX_TAGS)).html;
        assert!(many.matches('<').count() <= MAX_TAGS + 1 && many.ends_with("a b"), "{}", many.matches('<').count());
        let nested = scan(&"<div>".repeat(100_000)).html;
        assert!(nested.len() < 10 * MAX_DEPTH, "{}", nested.len());
        let text = scan(&"words &amp; more &#233; ".repeat(20_000)).html;
        let longest = text.split(BREAK).map(str::len).max();
        assert!(longest.is_some_and(|longest| longest <= LONG_TEXT) && text.contains(BREAK));
        assert_eq!(text.replace(BREAK, ""), "words &amp; more &#233; ".repeat(20_000));
        assert!(text.split(BREAK).all(|part| part.rfind('&').is_none_or(|at| part[at..].contains(';'))));
    }

    #[test]
    fn what_is_no_text_goes_and_json_ld_is_put_aside() {
        let page = "<!DOCTYPE html><HTML><script type='application/ld+json'>{\"a\":\"</div>\"}</script>\
                    <SCRIPT>if (a < b) {}</SCRIPT><style>p{}</style><!-- x > y --><p title='a > b'>One</p>2 < 3</HTML>";
        let scanned = scan(page);
        assert_eq!(scanned.html, "<HTML>   <p title='a > b'>One</p>2 &lt; 3</HTML>");
        assert_eq!(scanned.json_ld, ["{\"a\":\"</div>\"}"]);
    }

    #[test]
    fn a_story_held_in_a_script_is_put_aside() {
        let story = "\\u003cp class=\\\"a\\\"\\u003eTwo frigates sail.\\u003c/p\\u003e".repeat(20);
        let scanned = scan(&format!("<script>push([1,\"x\",\"{story}\"])</script>"));
        assert!(scanned.in_script.starts_with("<p class=\"a\">Two frigates sail.</p>"), "{}", scanned.in_script);
    }

    #[test]
    fn deep_nesting_keeps_its_text_only() {
        let page = format!("{}deep{}<p>after</p>", "<div>".repeat(5000), "</div>".repeat(5000));
        let html = scan(&page).html;
        assert_eq!(html.matches("<div>").count(), MAX_DEPTH);
        assert!(html.contains("deep") && html.ends_with("<p>after</p>"), "{html}");
    }

    #[test]
    fn unclosed_paragraphs_do_not_count_as_nesting() {
        let page = "<p>line<br>".repeat(3000);
        assert_eq!(scan(&page).html, page);
    }

    #[test]
    fn cut_and_unclosed_pages_pass() {
        assert_eq!(scan("<p>text <a href=\"x").html, "<p>text ");
        assert_eq!(scan("<p><a href=/x/>b</a></p>").html, "<p><a href=/x/>b</a></p>");
        assert_eq!(scan("a <svg><path> b").html, "a <path> b");
        assert_eq!(scan("a <script>b").html, "a ");
        assert_eq!(scan("<div>a<template><div><template>x</template></div></template>b</div>").html, "<div>a b</div>");
        assert_eq!(scan("a <p title=\">b").html, "a <p title=\">b");
        assert_eq!(scan("fri<wbr>gate <NOBR>two</NOBR>").html, "frigate two");
        assert_eq!(
            scan("<x-a><template class=a shadowrootmode=open><p>x</p></template></x-a>").html,
            "<x-a><p>x</p></x-a>"
        );
    }

    #[test]
    fn long_tags_keep_what_is_read() {
        let page = format!("<div data-state=\"{}\" class=\"story body\" onclick=x>t</div>", "x".repeat(9000));
        assert_eq!(scan(&page).html, "<div class=\"story body\">t</div>");
    }
}
