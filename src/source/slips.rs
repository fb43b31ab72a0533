//! Mending small slips of those who write JSON, so that one costs a value at most and not the document.

/// The JSON without its slips; `None` where there are none that are known. What cannot be mended stays as it is.
///
/// Outside of strings: `NaN`, `Infinity`, `undefined` and Python's `None`, `True`, `False`; a comma before a closing
/// bracket; commas and brackets behind the value. In strings: control characters, halves of surrogate pairs, escapes
/// that JSON does not know. Where it can, it writes as many bytes as there were, so that places stay what they are.
pub(crate) fn mend(text: &str) -> Option<String> {
    let mut pass = Pass { bytes: text.as_bytes(), at: 0, out: Vec::with_capacity(text.len() + 16) };
    let (mut depth, mut in_string) = (0usize, false);
    while let Some(byte) = pass.bytes.get(pass.at).copied() {
        match byte {
            b'"' => in_string = !in_string,
            b'\\' if in_string => {
                pass.escape();
                continue;
            }
            b'\n' | b'\r' if in_string => {
                pass.put(if byte == b'\n' { b"\\n" } else { b"\\r" }, 1);
                continue;
            }
            0..=0x1f if in_string => {
                pass.put(b" ", 1);
                continue;
            }
            b'{' | b'[' if !in_string => depth += 1,
            b'}' | b']' if !in_string => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    pass.put(&[byte], 1);
                    pass.end();
                    break;
                }
            }
            b',' if !in_string && pass.closes() => {
                pass.put(b" ", 1);
                continue;
            }
            _ if !in_string && pass.word() => continue,
            _ => {}
        }
        pass.put(&[byte], 1);
    }
    let mended = String::from_utf8(pass.out).ok()?;
    (mended != text).then_some(mended)
}

struct Pass<'t> {
    bytes: &'t [u8],
    at: usize,
    out: Vec<u8>,
}

impl Pass<'_> {
    fn put(&mut self, bytes: &[u8], read: usize) {
        self.out.extend_from_slice(bytes);
        self.at += read;
    }

    /// Whether a closing bracket follows the comma.
    fn closes(&self) -> bool {
        let next = self.bytes[self.at + 1..].iter().find(|byte| !byte.is_ascii_whitespace());
        matches!(next, Some(b'}' | b']'))
    }

    /// Replaces a word that is no value of JSON by one of the same length.
    fn word(&mut self) -> bool {
        const WORDS: [(&[u8], &[u8]); 8] = [
            (b"-Infinity", b"null     "),
            (b"Infinity", b"null    "),
            (b"NaN", b"[] "),
            (b"NaT", b"[] "),
            (b"undefined", b"null     "),
            (b"None", b"null"),
            (b"True", b"true"),
            (b"False", b"false"),
        ];
        let rest = &self.bytes[self.at..];
        let Some((word, value)) = WORDS.iter().find(|(word, _)| rest.starts_with(word)) else { return false };
        self.put(value, word.len());
        true
    }

    /// Reads an escape in a string.
    fn escape(&mut self) {
        let rest = &self.bytes[self.at..];
        match rest.get(1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.put(&rest[..2], 2),
            Some(b'u') => match (unit(rest), rest.get(6..).and_then(unit)) {
                (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => self.put(&rest[..12], 12),
                (Some(0xd800..=0xdfff), _) => self.put(b"\\ufffd", 6),
                (Some(_), _) => self.put(&rest[..6], 6),
                (None, _) => self.put(b"\\\\", 1),
            },
            Some(b'\'') => self.put(b"'", 2),
            Some(_) => self.put(b"\\\\", 1),
            None => self.put(b"", 1),
        }
    }

    /// Blanks out commas and brackets behind the value, if nothing else stands there.
    fn end(&mut self) {
        let rest = &self.bytes[self.at..];
        let stray = rest.iter().all(|byte| byte.is_ascii_whitespace() || b",;]}".contains(byte));
        if stray {
            self.out.extend(std::iter::repeat_n(b' ', rest.len()));
        } else {
            self.out.extend_from_slice(rest);
        }
    }
}

/// The number of `\u1234` at the start of some bytes.
fn unit(bytes: &[u8]) -> Option<u32> {
    let digits = std::str::from_utf8(bytes.strip_prefix(b"\\u")?.get(..4)?).ok()?;
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_costs_its_value() {
        for (slip, want) in [
            (r#"{"a":NaN,"b":-Infinity,"c":[Infinity,],}"#, r#"{"a":[],"b":null,"c":[null]}"#),
            (r#"{"a":None,"b":True,"c":undefined}"#, r#"{"a":null,"b":true,"c":null}"#),
            ("{\"a\":\"x\ty\u{1}z\nw\"}", r#"{"a":"x y z\nw"}"#),
            (r#"{"a":"x \ud83d y \ude00 \ud83d\ude00"}"#, "{\"a\":\"x \u{fffd} y \u{fffd} \u{1f600}\"}"),
            (r#"{"a":"it\'s C:\x \u12"}"#, r#"{"a":"it's C:\\x \\u12"}"#),
            (r#"{"a":"NaN, None,]"},"#, r#"{"a":"NaN, None,]"}"#),
            (r#"{"a":1}],"#, r#"{"a":1}"#),
        ] {
            let mended = mend(slip).expect(slip);
            let read: serde_json::Value = serde_json::from_str(&mended).expect(slip);
            assert_eq!(read, serde_json::from_str::<serde_json::Value>(want).expect(want), "{slip}");
        }
        for other in [r#"{"a":"b\u00e9"}"#, "{\"a\":", "{\"a\":1} x", ""] {
            assert!(
                mend(other).is_none_or(|mended| serde_json::from_str::<serde_json::Value>(&mended).is_err()),
                "{other}"
            );
        }
    }
}
