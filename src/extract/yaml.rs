//! Values of YAML on one line, as front matter has them: plain, in single quotes, in double quotes with escapes, and lists
//! in brackets. What is not well written is taken as it stands.

/// The text of a value.
pub(super) fn scalar(value: &str) -> String {
    let value = value.trim();
    match value.chars().next() {
        Some(quote @ ('"' | '\'')) => match quoted(value, quote) {
            Some((text, rest)) if rest.trim().is_empty() || rest.trim_start().starts_with('#') => text,
            _ => value.trim_matches(['"', '\'']).to_owned(),
        },
        _ => value.to_owned(),
    }
}

/// The values of what stands between the brackets of a list.
pub(super) fn list(inside: &str) -> Vec<String> {
    let mut values = Vec::new();
    let mut rest = inside.trim_start();
    while !rest.is_empty() {
        let quote = rest.chars().next().filter(|first| matches!(first, '"' | '\''));
        let after = quote.and_then(|quote| quoted(rest, quote)).map_or(rest, |(_, after)| after);
        let end = rest.len() - after.len() + after.find(',').unwrap_or(after.len());
        values.push(scalar(&rest[..end]));
        rest = rest.get(end + 1..).unwrap_or_default().trim_start();
    }
    values
}

/// The text of a quoted value at the beginning, and what follows its closing quote; `None` where there is none.
fn quoted(value: &str, quote: char) -> Option<(String, &str)> {
    let mut out = String::new();
    let mut letters = value.strip_prefix(quote)?.chars();
    while let Some(letter) = letters.next() {
        if letter == quote && quote == '\'' && letters.as_str().starts_with('\'') {
            out.extend(letters.next());
        } else if letter == quote {
            return Some((out, letters.as_str()));
        } else if letter == '\\' && quote == '"' {
            let rest = letters.as_str();
            let (character, after) = escaped(rest).unwrap_or(('\\', rest));
            out.push(character);
            letters = after.chars();
        } else {
            out.push(letter);
        }
    }
    None
}

/// The character that an escape stands for, after its backslash, and what follows (YAML 1.2, 5.7); `None` where it is none.
fn escaped(rest: &str) -> Option<(char, &str)> {
    let first = rest.chars().next()?;
    let after = &rest[first.len_utf8()..];
    let digits = match first {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        _ => {
            let character = match first {
                '0' => '\0',
                'a' => '\x07',
                'b' => '\x08',
                't' | '\t' => '\t',
                'n' => '\n',
                'v' => '\x0b',
                'f' => '\x0c',
                'r' => '\r',
                'e' => '\x1b',
                ' ' | '"' | '/' | '\\' => first,
                'N' => '\u{85}',
                '_' => '\u{a0}',
                'L' => '\u{2028}',
                'P' => '\u{2029}',
                _ => return None,
            };
            return Some((character, after));
        }
    };
    let written = after.get(..digits).filter(|written| written.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    let high = u32::from_str_radix(written, 16).ok()?;
    let after = &after[digits..];
    // Programs that write JSON into YAML give characters beyond 16 bits as two.
    let low = after.strip_prefix("\\u").and_then(|low| low.get(..4)).and_then(|low| u32::from_str_radix(low, 16).ok());
    match low.filter(|low| (0xd800..0xdc00).contains(&high) && (0xdc00..0xe000).contains(low)) {
        Some(low) => Some((char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00))?, &after[6..])),
        None => Some((char::from_u32(high)?, after)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_read_as_yaml_has_them() {
        for (written, text) in [
            (r#""The \"Alda\" pact""#, "The \"Alda\" pact"),
            (r#""caf\u00e9 \x41 \U0001F6A2 \ud83d\udea2""#, "café A 🚢 🚢"),
            (r#""one\\two\/three\tfour""#, "one\\two/three\tfour"),
            ("'Alda''s \\n plan'", "Alda's \\n plan"),
            (r#""Said \"no\"" # a note"#, "Said \"no\""),
            ("plain, with 'quotes' inside", "plain, with 'quotes' inside"),
            ("  plain  ", "plain"),
            // What is not well written stays.
            (r#""open"#, "open"),
            (r#""C:\qua\u12""#, r"C:\qua\u12"),
            (r#""a" and "b""#, r#"a" and "b"#),
            (r#""\ud83d alone""#, r"\ud83d alone"),
            ("\"", ""),
            ("'", ""),
            ("", ""),
            ("\"\\", "\\"),
        ] {
            assert_eq!(scalar(written), text, "{written}");
        }
    }

    #[test]
    fn a_comma_within_quotes_parts_no_values() {
        assert_eq!(list(r#"navy, "ships, large", 'Alda''s, too' ,x"#), ["navy", "ships, large", "Alda's, too", "x"]);
        assert_eq!(list(" a,, b, "), ["a", "", "b"]);
        assert_eq!(list(r#""open, b"#), ["open", "b"]);
        assert!(list("").is_empty() && list("  ").is_empty());
    }
}
