//! Short strings without memory of their own: what looking up words mostly waits for is memory.

/// A word of sixteen bytes at most as two numbers; words hold no zero bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Short(u64, u64);

impl Short {
    /// The word, if it is short enough.
    pub(crate) fn of(word: &str) -> Option<Self> {
        let mut bytes = [0; 16];
        bytes.get_mut(..word.len())?.copy_from_slice(word.as_bytes());
        let number = u128::from_le_bytes(bytes);
        Some(Self(number as u64, (number >> 64) as u64))
    }
}

/// What was last found for words, one word in each of a few places. The words that texts mostly consist of are few, and for
/// these this stays in the processor's nearest memory, while the table of all words does not.
#[derive(Debug)]
pub(crate) struct Frequent<V> {
    places: Vec<Option<(Short, V)>>,
}

/// Places, as a power of two.
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

    /// The place where something was found for a word.
    pub(crate) fn find(&self, word: Short) -> Option<usize> {
        let place = Self::place(word);
        self.places.get(place)?.as_ref().filter(|(other, _)| *other == word).map(|_| place)
    }

    /// What is in a place.
    pub(crate) fn get(&self, place: usize) -> Option<&V> {
        self.places.get(place)?.as_ref().map(|(_, value)| value)
    }

    /// Keeps what was found for a word, in the place of another.
    pub(crate) fn put(&mut self, word: Short, value: V) -> usize {
        if self.places.is_empty() {
            self.places.resize_with(1 << PLACES, || None);
        }
        let place = Self::place(word);
        self.places[place] = Some((word, value));
        place
    }

    /// Forgets all.
    pub(crate) fn clear(&mut self) {
        self.places.clear();
    }
}

/// A text of up to 23 bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Small {
    length: u8,
    bytes: [u8; 23],
}

impl Small {
    /// The text, if it is small enough.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let mut bytes = [0; 23];
        bytes.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        Some(Self { length: text.len() as u8, bytes })
    }

    /// The text again.
    pub(crate) fn as_str(&self) -> &str {
        let bytes = self.bytes.get(..usize::from(self.length)).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default() // it was made of a string
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_of_a_place_is_found_and_no_other() {
        let mut frequent = Frequent::default();
        let words: Vec<Short> = (0..5000).map(|n| Short::of(&n.to_string()).unwrap()).collect();
        assert_eq!(frequent.find(words[0]), None);
        for (n, word) in words.iter().enumerate() {
            let place = frequent.put(*word, n);
            assert_eq!((frequent.find(*word), frequent.get(place)), (Some(place), Some(&n)));
        }
        let kept: Vec<usize> = words.iter().filter_map(|word| frequent.find(*word)).collect();
        let found =
            |(n, word): (usize, &Short)| frequent.find(*word).is_none_or(|place| frequent.get(place) == Some(&n));
        assert!(kept.len() > 500 && kept.len() <= 1 << PLACES, "{}", kept.len());
        assert!(words.iter().enumerate().all(found));
        frequent.clear();
        assert_eq!(frequent.find(words[4999]), None);
    }

    #[test]
    fn short_words_are_told_apart_and_small_texts_come_back() {
        assert_eq!(Short::of("frigate"), Short::of("frigate"));
        assert_ne!(Short::of("frigate"), Short::of("frigates"));
        assert_ne!(Short::of("abcdefghijklmnop"), Short::of("abcdefghijklmnoq"));
        assert!(Short::of("abcdefghijklmnop").is_some() && Short::of("abcdefghijklmnopq").is_none());
        for text in ["", "é", "twenty-three-bytes-long"] {
            assert_eq!(Small::of(text).unwrap().as_str(), text);
        }
        assert!(Small::of("twenty-four-bytes-longer").is_none());
    }
}
