//! Short words as numbers, and a small cache with such keys. Looking up words is bound by the latency of memory, so
//! what is looked up most is kept close together.

/// A word of at most sixteen bytes as two numbers. Different words give different numbers, because words hold no zero
/// bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Short(u64, u64);

impl Short {
    /// The word, if it is short enough.
    #[inline]
    pub(crate) fn of(word: &str) -> Option<Self> {
        let bytes = word.as_bytes();
        match bytes.len() {
            0..8 => Some(Self(up_to_eight(bytes), 0)),
            8..=16 => {
                let (first, rest) = bytes.split_at(8);
                Some(Self(up_to_eight(first), up_to_eight(rest)))
            }
            _ => None,
        }
    }
}

/// Up to eight bytes as a little-endian number, read in two pieces that may overlap.
fn up_to_eight(bytes: &[u8]) -> u64 {
    let length = bytes.len() as u32;
    match (bytes.first_chunk::<8>(), bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        (Some(all), ..) => u64::from_le_bytes(*all),
        (_, Some(first), Some(last)) => {
            u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << (8 * (length - 4))
        }
        _ => bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)),
    }
}

/// A direct-mapped cache from words to values: a word has one place, and shares it with others. The words that make up
/// most of a text are few; for these the table stays in the processor's cache, while the table of all words does not.
#[derive(Debug)]
pub(crate) struct Frequent<V> {
    places: Vec<Option<(Short, V)>>,
}

/// Base-2 logarithm of the number of places.
const PLACES: u32 = 11;

impl<V> Default for Frequent<V> {
    fn default() -> Self {
        Self { places: Vec::new() }
    }
}

impl<V> Frequent<V> {
    fn place(word: Short) -> usize {
        let mixed = (word.0 ^ word.1.rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> (u64::BITS - PLACES)) as usize
    }

    /// The value of a word, if no other word has taken its place.
    #[inline]
    pub(crate) fn get(&self, word: Short) -> Option<&V> {
        self.places.get(Self::place(word))?.as_ref().filter(|(other, _)| *other == word).map(|(_, value)| value)
    }

    /// Keeps the value of a word, instead of the word that had its place.
    pub(crate) fn put(&mut self, word: Short, value: V) {
        if self.places.is_empty() {
            self.places.resize_with(1 << PLACES, || None);
        }
        self.places[Self::place(word)] = Some((word, value));
    }

    /// Forgets all.
    pub(crate) fn clear(&mut self) {
        self.places.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_of_a_place_is_found_and_no_other() {
        let mut frequent = Frequent::default();
        let words: Vec<Short> = (0..5000).map(|n| Short::of(&n.to_string()).unwrap()).collect();
        assert_eq!(frequent.get(words[0]), None);
        for (n, word) in words.iter().enumerate() {
            frequent.put(*word, n);
            assert_eq!(frequent.get(*word), Some(&n));
        }
        let kept = words.iter().filter(|word| frequent.get(**word).is_some()).count();
        assert!(kept > 500 && kept <= 1 << PLACES, "{kept}");
        assert!(words.iter().enumerate().all(|(n, word)| frequent.get(*word).is_none_or(|found| *found == n)));
        frequent.clear();
        assert_eq!(frequent.get(words[4999]), None);
    }

    #[test]
    fn short_words_are_told_apart() {
        let longest = "abcdefghijklmnop";
        for length in 0..=longest.len() {
            let word = &longest[..length];
            let mut bytes = [0; 16];
            bytes[..length].copy_from_slice(word.as_bytes());
            let [first, rest] = [0, 8].map(|at| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap()));
            assert_eq!(Short::of(word), Some(Short(first, rest)), "{word}");
        }
        assert_ne!(Short::of("frigate"), Short::of("frigates"));
        assert_eq!(Short::of("abcdefghijklmnopq"), None);
    }
}
