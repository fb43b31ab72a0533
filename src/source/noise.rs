//! Telling text from what is none: random or compressed bytes, programs, dumps.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

/// Bytes of one stretch that is looked at, and the number of stretches.
const STRETCH: usize = 4 << 10;
const STRETCHES: usize = 8;

/// Whether bytes hold no text: in one of the stretches that are looked at, more than one character in 20 is a control
/// character. Random bytes have twice as many, no encoding of text has any.
pub(crate) fn is_noise(bytes: &[u8]) -> bool {
    if let Some((encoding, skip)) = Encoding::for_bom(bytes).filter(|(encoding, _)| *encoding != encoding_rs::UTF_8) {
        return stretches(&bytes[skip..]).any(|stretch| is_noise_utf16(stretch, encoding));
    }
    if let Some(encoding) = utf16_without_mark(bytes) {
        return stretches(bytes).any(|stretch| is_noise_utf16(stretch, encoding));
    }
    stretches(bytes).any(|stretch| {
        let controls = stretch.iter().filter(|byte| is_control(**byte)).count();
        controls * 20 > stretch.len()
    })
}

/// Stretches from the start to the end of the bytes, at even offsets.
fn stretches(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let step = (bytes.len() / STRETCHES).max(STRETCH) & !1;
    bytes.chunks(step.max(2)).map(|part| &part[..part.len().min(STRETCH)])
}

fn is_control(byte: u8) -> bool {
    // Tab, line feed, vertical tab, form feed, carriage return, and escape, by which Japanese mail changes its alphabet.
    matches!(byte, 0..=8 | 0x0e..=0x1a | 0x1c..=0x1f | 0x7f)
}

fn is_noise_utf16(bytes: &[u8], encoding: &'static Encoding) -> bool {
    let unit = |pair: &[u8]| match encoding == UTF_16BE {
        true => u16::from_be_bytes([pair[0], pair[1]]),
        false => u16::from_le_bytes([pair[0], pair[1]]),
    };
    let units = bytes.chunks_exact(2).map(unit);
    let is_wrong = |found: &Result<char, _>| match found {
        Ok(c) => matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{fff0}'..='\u{fffb}') || c.is_control() && !c.is_whitespace(),
        Err(_) => true,
    };
    let wrong = char::decode_utf16(units).filter(is_wrong).count();
    wrong * 40 > bytes.len()
}

/// The UTF-16 in which bytes without a byte-order mark are written, for alphabets: one half of the pairs has few values
/// there (that of the alphabet, and zero for blanks and digits).
pub(crate) fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(4096) & !1];
    if sample.len() < 16 {
        return None;
    }
    let of_half = |half: usize| {
        let mut counts = [0usize; 256];
        sample.iter().skip(half).step_by(2).for_each(|byte| counts[usize::from(*byte)] += 1);
        let zeros = counts[0];
        counts.sort_unstable_by(|one, other| other.cmp(one));
        (zeros, counts[0] + counts[1])
    };
    let pairs = sample.len() / 2;
    let is_high = |half: usize| {
        let (zeros, common) = of_half(half);
        let (other_zeros, other_common) = of_half(1 - half);
        common * 10 >= pairs * 9 && zeros * 20 >= pairs && other_zeros * 50 <= pairs && other_common * 10 < pairs * 8
    };
    match (is_high(0), is_high(1)) {
        (true, false) => Some(UTF_16BE),
        (false, true) => Some(UTF_16LE),
        _ if std::str::from_utf8(sample).is_ok() => None,
        _ => [UTF_16LE, UTF_16BE].into_iter().find(|encoding| is_east_asian(sample, encoding)),
    }
}

/// Whether bytes read as UTF-16 are Chinese, Japanese or Korean: nearly all characters are of these scripts, and some are
/// their punctuation, kana or blanks.
fn is_east_asian(sample: &[u8], encoding: &'static Encoding) -> bool {
    let text = encoding.decode_without_bom_handling(sample).0;
    let is_mark = |c: &char| matches!(c, ' ' | '\n' | '\u{3000}'..='\u{30ff}' | '\u{ff01}'..='\u{ff5e}');
    let is_script = |c: &char| matches!(c, '\r' | '!'..='~' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{2010}'..='\u{2026}');
    let (all, marks) = (text.chars().count(), text.chars().filter(is_mark).count());
    let script = text.chars().filter(is_script).count();
    marks * 20 >= all && (marks + script) * 20 >= all * 19
}

/// Characters of a word, at most; a longer stretch without a blank is a dump or an address.
const WORD: usize = 60;

/// Bytes of a text that is too short to be judged.
const SHORT: usize = 1000;

/// Whether a text that was decoded holds no words: nearly all of it stands in stretches of ASCII without a blank that
/// are longer than any word (base64, hexadecimal digits), or much of it is no character of any script.
pub(crate) fn holds_no_words(text: &str) -> bool {
    let (mut all, mut long, mut wrong) = (0, 0, 0);
    for word in text.split_whitespace() {
        all += word.len();
        if word.len() > WORD && word.bytes().filter(u8::is_ascii).count() * 10 > word.len() * 9 {
            long += word.len();
        }
        let is_wrong = |c: &char| c.is_control() || matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{fff0}'..='\u{ffff}');
        wrong += if word.is_ascii() { 0 } else { word.chars().filter(is_wrong).map(char::len_utf8).sum() };
    }
    all > SHORT && (long * 10 > all * 9 || wrong * 5 > all)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes that look random, the same in every run.
    fn random(length: usize) -> Vec<u8> {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()[3]
        };
        std::iter::repeat_with(&mut next).take(length).collect()
    }

    #[test]
    fn random_bytes_are_noise_with_a_mark_or_without() {
        assert!(is_noise(&random(5000)));
        assert!(is_noise(&[&b"\xff\xfe"[..], &random(5000)].concat()));
        assert!(is_noise(&[&b"\xfe\xff"[..], &random(5000)].concat()));
        let behind_text = [b"The ministry said nothing. ".repeat(4000), random(100_000)].concat();
        assert!(is_noise(&behind_text));
    }

    #[test]
    fn text_in_old_encodings_is_text() {
        let russian = "Министр обороны сообщил во вторник, что в 2025 году флот получит три новых корабля. ".repeat(20);
        let japanese = "防衛大臣は火曜日、二〇二五年に新しい艦艇を三隻受け取ると述べた。".repeat(20);
        for (label, text) in [
            ("koi8-r", &russian),
            ("windows-1251", &russian),
            ("ibm866", &russian),
            ("shift_jis", &japanese),
            ("euc-jp", &japanese),
            ("iso-2022-jp", &japanese),
            ("gb18030", &japanese),
        ] {
            let encoding = Encoding::for_label(label.as_bytes()).expect(label);
            assert!(!is_noise(&encoding.encode(text).0), "{label}");
        }
        for text in [&russian, &japanese, &"The minister said that.\r\n".repeat(9)] {
            for order in [u16::to_le_bytes, u16::to_be_bytes] {
                let wide: Vec<u8> = text.encode_utf16().flat_map(order).collect();
                let mark = order(0xfeff);
                assert!(!is_noise(&[&mark[..], &wide].concat()), "{text}");
                assert!(!is_noise(&wide) && utf16_without_mark(&wide).is_some(), "{text}");
            }
        }
    }

    #[test]
    fn dumps_hold_no_words() {
        assert!(holds_no_words(&"TWFuIGlzIGRpc3Rpbmd1aXNoZWQ".repeat(50)));
        assert!(holds_no_words(&"0123456789abcdef".repeat(80)));
        assert!(!holds_no_words(
            "防衛大臣は火曜日、二〇二五年に新しい艦艇を三隻受け取ると述べた。".repeat(50).as_str()
        ));
        let address = "https://example.org/".to_owned() + &"a".repeat(100);
        assert!(!holds_no_words(&"a".repeat(SHORT)));
        assert!(!holds_no_words(&format!("{} {address}", "The ministry said nothing. ".repeat(50))));
    }
}
