//! Undoing mark-up and escapes in values that should be plain text.
//!
//! Exporters leave tags, entities and the escapes of other formats in the texts and titles that they write. They are
//! undone only where nothing else can be meant.

use std::borrow::Cow;

/// Elements within a paragraph: a closed set of the HTML standard, so it stands in code.
const INLINE: [&str; 36] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "del", "dfn", "em", "font", "i", "img",
    "ins", "kbd", "label", "mark", "nobr", "o:p", "q", "s", "small", "span", "strike", "strong", "sub", "sup", "time",
    "tt", "u", "var", "wbr", "picture",
];

/// Bytes of a tag, at most.
const TAG: usize = 2000;
/// Bytes of an entity, at most.
const ENTITY: usize = 32;

/// A text of one paragraph without tags, entities and escapes.
pub(crate) fn inline(text: &str) -> Cow<'_, str> {
    if !text.contains(['<', '&', '\\']) && !has_lost_backslash(text) {
        return Cow::Borrowed(text);
    }
    let formula = has_formula(text);
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['<', '&', '\\', 'u']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let read = match rest.as_bytes()[0] {
            b'<' => tag(rest, &mut out),
            b'&' => entity(rest, &mut out),
            b'\\' if !formula => backslash(rest, &mut out),
            b'\\' => 0,
            _ => lost_backslash(rest, &mut out),
        };
        if read == 0 {
            let sign = rest.chars().next().map_or(1, char::len_utf8);
            out.push_str(&rest[..sign]);
            rest = &rest[sign..];
        } else {
            rest = &rest[read..];
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Whether a text has commands of TeX (`\frac{`), where `\[` opens a formula.
fn has_formula(text: &str) -> bool {
    text.match_indices('\\').any(|(at, _)| {
        let letters = text[at + 1..].bytes().take(20).take_while(u8::is_ascii_lowercase).count();
        letters > 2 && text.as_bytes().get(at + 1 + letters) == Some(&b'{')
    })
}

/// Drops the inline tag at the start of `rest`; gives its length, 0 where there is none.
fn tag(rest: &str, out: &mut String) -> usize {
    if rest.starts_with("<!--") {
        return rest[..rest.floor_char_boundary(TAG)].find("-->").map_or(0, |end| end + 3);
    }
    let inner = rest[1..].strip_prefix('/').unwrap_or(&rest[1..]);
    let length = inner.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b':').count();
    let name = inner[..length].to_ascii_lowercase();
    let ends = |byte: u8| byte == b'>' || byte == b'<';
    let end =
        rest.bytes().take(TAG).skip(1).position(ends).map(|end| end + 1).filter(|end| rest.as_bytes()[*end] == b'>');
    let Some(end) = end.filter(|_| INLINE.contains(&name.as_str())) else { return 0 };
    let after = inner[length..].bytes().next();
    if !matches!(after, Some(b'>' | b'/' | b' ' | b'\t' | b'\n')) {
        return 0;
    }
    if name == "br" {
        out.push(' ');
    }
    end + 1
}

/// Decodes the entity at the start of `rest`, also one whose `&` is an entity itself; gives its length.
fn entity(rest: &str, out: &mut String) -> usize {
    let name_end =
        |text: &str| text.bytes().take(ENTITY).position(|byte| !byte.is_ascii_alphanumeric() && byte != b'#');
    let whole = |text: &str| name_end(&text[1..]).filter(|end| text.as_bytes()[1 + end] == b';').map(|end| end + 2);
    let Some(length) = whole(rest) else { return 0 };
    let decoded = html_escape::decode_html_entities(&rest[..length]);
    if decoded == rest[..length] {
        return 0;
    }
    if decoded == "&" {
        // `&amp;#8217;`
        let twice = format!("&{}", &rest[length..rest.floor_char_boundary(length + ENTITY)]);
        if let Some(inner) = whole(&twice) {
            let character = html_escape::decode_html_entities(&twice[..inner]);
            if character != twice[..inner] {
                out.push_str(&character);
                return length + inner - 1;
            }
        }
    }
    out.push_str(&decoded);
    length
}

/// Undoes the escape at the start of `rest`: of Markdown (`\(`, `\_`), of JSON that was written twice (`\u2019`, `\"`,
/// `\/`); gives its length.
fn backslash(rest: &str, out: &mut String) -> usize {
    if out.ends_with('\\') {
        return 0;
    }
    match rest.as_bytes().get(1) {
        Some(b'u') => unicode(&rest[1..], out).map_or(0, |read| read + 1),
        Some(sign) if b"()[]_*#.!\"'-&$%~/+".contains(sign) => {
            out.push(char::from(*sign));
            2
        }
        _ => 0,
    }
}

/// Decodes `u1234` at the start of `rest`, with the other half of a surrogate pair behind it; gives its length.
fn unicode(rest: &str, out: &mut String) -> Option<usize> {
    let unit = |text: &str| {
        let digits = text.strip_prefix('u')?.get(..4)?;
        digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u16::from_str_radix(digits, 16).ok())?
    };
    let first = unit(rest)?;
    let second = rest.get(5..).and_then(|rest| unit(rest.strip_prefix('\\')?));
    if let Some(second) = second
        && let Some(Ok(character)) = char::decode_utf16([first, second]).next()
        && character.len_utf16() == 2
    {
        out.push(character);
        return Some(11);
    }
    let character =
        char::from_u32(u32::from(first)).filter(|character| !character.is_control() || character.is_whitespace())?;
    out.push(character);
    Some(5)
}

/// Typographic signs that lost the backslash of their escape.
fn has_lost_backslash(text: &str) -> bool {
    ["u200b", "u201", "u202", "u206", "u26", "u27", "u00"].iter().any(|mark| text.contains(mark))
}

/// Decodes `u2019` and its like, whose backslash a program has dropped, where it stands as the sign would
/// (`Ministeru2019s`, ` u201cNo`); gives its length.
fn lost_backslash(rest: &str, out: &mut String) -> usize {
    let Some(code) = rest.get(1..5) else { return 0 };
    let before = out.chars().next_back();
    let in_word = out.chars().rev().take(2).filter(|c| c.is_alphabetic()).count() == 2;
    let next = rest[5..].chars().next();
    let apart = before.is_none_or(|c| c.is_whitespace() || "([“‘—".contains(c));
    let after = |ends: &[&str]| {
        let tail = &rest[5..];
        let word = &tail[..tail.find(|c: char| !c.is_alphabetic()).unwrap_or(tail.len())];
        ends.contains(&word)
    };
    if matches!(code, "2060" | "200b" | "200B") {
        return 5; // invisible
    }
    if code == "2019" && in_word && rest[5..].starts_with(" s ") {
        out.push_str("’s");
        return 7;
    }
    let in_number = before.is_some_and(|c| c.is_ascii_digit());
    let joins =
        next.is_some_and(char::is_alphanumeric) && (in_word || before.is_some_and(|c| ".)%".contains(c)) || in_number);
    let certain = match code {
        "2019" => {
            in_word && after(&["", "s", "t", "d", "m", "re", "ve", "ll"])
                || in_number && after(&["s"])
                || apart && next.is_some_and(|c| c.is_ascii_lowercase())
        }
        "2018" => apart && next.is_some_and(char::is_alphanumeric),
        "201c" | "201C" => apart,
        "201d" | "201D" => !apart,
        "2010" | "2011" => joins,
        "2013" | "2014" => joins || apart && next.is_some_and(char::is_whitespace),
        "2026" => in_word && next.is_none_or(char::is_whitespace),
        "00a0" => next.is_some_and(|c| !c.is_ascii_digit()),
        _ if code.starts_with("26") || code.starts_with("27") => apart && next.is_some_and(char::is_whitespace),
        _ => {
            code.starts_with("00")
                && matches!(code.as_bytes()[2], b'c'..=b'f' | b'C'..=b'F')
                && (in_word || next.is_some_and(char::is_alphabetic))
        }
    };
    if certain { unicode(rest, out).unwrap_or(0) } else { 0 }
}

/// A text whose line breaks are written as `\n`, with real ones. That is certain where there is no real one, and the
/// signs stand in pairs or between sentences.
pub(crate) fn line_breaks(text: &str) -> Cow<'_, str> {
    if text.contains('\n') || !text.contains("\\n") {
        return Cow::Borrowed(text);
    }
    let between = |(at, mark): (usize, &str)| {
        let before = text[..at].chars().next_back();
        let after = text[at + mark.len()..].chars().next();
        before.is_some_and(|c| ".!?:\"”’)".contains(c))
            && after.is_some_and(|c| c.is_uppercase() || "\"“‘(".contains(c))
    };
    if text.contains("\\n\\n") || text.contains("\\r\\n") || text.match_indices("\\n").any(between) {
        Cow::Owned(text.replace("\\r\\n", "\n").replace("\\n", "\n").replace("\\t", " "))
    } else {
        Cow::Borrowed(text)
    }
}

/// The HTML of a text in which all tags are escaped (`&lt;p&gt;`); `None` where it has none or tags of its own.
pub(crate) fn mark_up(text: &str) -> Option<String> {
    let escaped = ["&lt;p&gt;", "&lt;/p&gt;", "&lt;br", "&lt;div", "&lt;/a&gt;", "&lt;/span&gt;"];
    let own = text
        .match_indices('<')
        .any(|(at, _)| text[at + 1..].starts_with(|c: char| c == '/' || c.is_ascii_alphabetic()));
    (!own && escaped.iter().any(|mark| text.contains(mark)))
        .then(|| html_escape::decode_html_entities(text).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_certain_is_undone_and_nothing_else() {
        for (text, want) in [
            (
                "The <span style=\"x: y\">ministry</span> said <a href='#'>no</a><br/>again",
                "The ministry said no again",
            ),
            ("R&amp;D, caf&eacute;, it&#8217;s, it&amp;#8217;s", "R&D, café, it’s, it’s"),
            (r"Article \(vii\) of the \[draft\] by snake\_case", "Article (vii) of the [draft] by snake_case"),
            (r"It\u2019s \ud83d\ude00 \u00e9tat", "It’s \u{1f600} état"),
            ("Russiau2019s plan, u201cno,u201d it said u2014 andu2014well", "Russia’s plan, “no,” it said — and—well"),
            ("Macronu00e9 u00e9tat", "Macroné état"),
            (
                "u2705 COVID-u206019, 12u2019s, U.S.u2013Japan, 5u20137, Bidenu2019 s own",
                "✅ COVID-19, 12’s, U.S.–Japan, 5–7, Biden’s own",
            ),
            // Nothing else is touched.
            (
                "5 < 6 and a <user> of AT&T &co; in C:\\new, EU2019, eu2019 fu2013",
                "5 < 6 and a <user> of AT&T &co; in C:\\new, EU2019, eu2019 fu2013",
            ),
            ("\\\\(x\\\\)", "\\\\(x\\\\)"),
            (r"\[ \frac{a}{b} \]", r"\[ \frac{a}{b} \]"),
        ] {
            assert_eq!(inline(text), want);
        }
    }

    #[test]
    fn line_breaks_that_were_written_as_signs() {
        assert_eq!(line_breaks(r"One.\nTwo \"), "One.\nTwo \\");
        assert_eq!(line_breaks(r"one\n\ntwo"), "one\n\ntwo");
        for other in [r"in C:\new", "One.\nTwo.\\nThree"] {
            assert_eq!(line_breaks(other), other);
        }
    }

    #[test]
    fn tags_that_are_all_escaped() {
        assert_eq!(mark_up("&lt;p&gt;One &amp;amp; two&lt;/p&gt;").as_deref(), Some("<p>One &amp; two</p>"));
        assert_eq!(mark_up("<p>&lt;br&gt;</p>"), None);
        assert_eq!(mark_up("One &lt; two"), None);
    }
}
