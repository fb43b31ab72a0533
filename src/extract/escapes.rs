//! Where the text of a JSON string stands in the source: escapes make the two differ in length.

use std::collections::HashMap;

use serde_json::value::RawValue;

/// The places of one string of a JSON object, from bytes of its text to bytes of the source.
#[derive(Debug)]
pub(crate) struct Places {
    /// After each escape: the offsets reached in the text and in the source. Between two steps both grow alike.
    steps: Vec<(usize, usize)>,
}

impl Places {
    /// The places of a member of the object that `source` holds, or of an object in it, if that is a string.
    pub(crate) fn of_path(source: &str, path: &[&str]) -> Option<Self> {
        let mut part = source.trim_start_matches('\u{FEFF}');
        for key in path {
            let members: HashMap<String, &RawValue> = serde_json::from_str(part).ok()?;
            part = members.get(*key)?.get();
        }
        // The raw value is a part of the source, so the difference of their addresses is its place.
        let start = (part.as_ptr() as usize).checked_sub(source.as_ptr() as usize)?;
        let inner = part.strip_prefix('"')?.strip_suffix('"')?;
        Some(Self::of_string(inner, start + 1))
    }

    /// The places of a string whose source, without quotes, starts at `start`.
    fn of_string(inner: &str, start: usize) -> Self {
        let mut steps = vec![(0, start)];
        let (mut text, mut at) = (0, 0);
        while let Some(plain) = inner[at..].find('\\') {
            text += plain;
            at += plain;
            let (written, read) = escape(&inner[at..]);
            text += read;
            at += written;
            steps.push((text, start + at));
        }
        Self { steps }
    }

    /// The bytes of the source that give the bytes `from..to` of the text.
    pub(crate) fn range(&self, (from, to): (u64, u64)) -> (u64, u64) {
        (self.at(from), self.at(to))
    }

    fn at(&self, offset: u64) -> u64 {
        let before = self.steps.partition_point(|(text, _)| *text as u64 <= offset).saturating_sub(1);
        let (text, source) = self.steps[before];
        source as u64 + offset.saturating_sub(text as u64)
    }
}

/// Bytes of the escape at the start of `source`, and of the character that it stands for.
fn escape(source: &str) -> (usize, usize) {
    if !source.starts_with("\\u") {
        return (2.min(source.len()), 1);
    }
    match unit(source) {
        Some(0xD800..=0xDBFF) if unit(source.get(6..).unwrap_or_default()).is_some() => (12, 4),
        Some(code) => (6, char::from_u32(code).map_or(3, char::len_utf8)),
        None => (source.len(), 0), // No valid JSON; the parser has refused it before.
    }
}

/// The number of `\u1234` at the start of `source`.
fn unit(source: &str) -> Option<u32> {
    u32::from_str_radix(source.strip_prefix("\\u")?.get(..4)?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn escapes_are_counted() {
        let source = r#" {"title": "x", "t\u0065xt": "a\nbé\u00e9\ud83d\ude00 c"}"#;
        let places = Places::of_path(source, &["text"]).expect("the member is a string");
        let text = "a\nbé\u{e9}\u{1f600} c";
        for (part, written) in
            [("a", "a"), ("b", "b"), ("é\u{e9}", "é\\u00e9"), ("\u{1f600}", "\\ud83d\\ude00"), ("c", "c")]
        {
            let from = text.find(part).expect(part) as u64;
            let (start, end) = places.range((from, from + part.len() as u64));
            assert_eq!(&source[start as usize..end as usize], written);
        }
        assert!(Places::of_path(source, &["none"]).is_none());
        assert!(Places::of_path(r#"{"text": {"rendered": "x"}}"#, &["text"]).is_none());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn every_stretch_reads_back(text in "([a-z\"\\\\/\u{8}\n\t é\u{1f600}]|\u{0}){0,30}", cut in 0usize..200, long in 0usize..60) {
            let source = serde_json::json!({ "text": text }).to_string();
            let places = Places::of_path(&source, &["text"]).expect("the member is a string");
            let from = (0..=cut.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            let to = (from..=(from + long).min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(from);
            let (start, end) = places.range((from as u64, to as u64));
            let read: String = serde_json::from_str(&format!("\"{}\"", &source[start as usize..end as usize])).expect("a part of a string");
            prop_assert_eq!(&read, &text[from..to]);
        }
    }
}
