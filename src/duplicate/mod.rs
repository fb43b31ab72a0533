//! Near-duplicates: wire copy that several outlets ran, found at ingest and joined into groups.
//!
//! A text is a set of *shingles*, stretches of four words. Two texts that share most of the shingles of the shorter one
//! are copies ([`is_copy`]). MinHash decides which texts to compare at all (A. Broder, *On the resemblance and
//! containment of documents*, 1997): the smallest values of some hash functions over a set agree between two sets as
//! often as the sets overlap. A few of these values together make a key, and texts that share keys are compared. A new
//! text therefore costs at most 16 look-ups, however many texts there are.
//!
//! Resemblance of whole texts fails where a copy is cut short, so three views are taken of each text: all of it, its
//! first 120 words, and its first 40, which only matter where one of the two is short. The headline plays no part.
//!
//! Form letters share most of their shingles too, and are no copies: what two texts say differently decides
//! ([`is_another_story`]).
//!
//! ```
//! use despatch::duplicate::{Places, is_copy, shingles};
//!
//! let wire = "The parliament of Alda voted on Tuesday to buy twelve patrol aircraft from Borduria. The vote ended a \
//!             dispute of three years over the price, and the first two are to arrive next spring.";
//! let run = format!("PORT ALDA - {wire} Reporting by our correspondent.");
//! let places = |text: &str| Places::of(&shingles(text));
//! assert!(is_copy(&places(wire), &places(&run), (None, None)));
//! assert!(!is_copy(&places(wire), &places("The trams of Borduria go to Syldavia."), (None, None)));
//! ```

mod compare;
mod differ;
#[cfg(test)]
mod made_tests;
mod shingle;

pub use compare::{Places, is_copy, unshared};
pub use differ::{Wording, is_another_story};
pub use shingle::shingles;

/// Texts of fewer shingles than this have no copies: they are too short to tell.
pub(crate) const MIN_SHINGLES: usize = 12;
/// Words of the long lead.
const LEAD: usize = 120;
/// Words of the short lead.
const OPENING: usize = 40;
/// Shingles up to which a text counts as short: a copy cut to this length may differ from the whole in its long lead.
const SHORT: usize = 160;

/// What is needed to find the copies of a text: its shingles in order, the keys to post and the keys to look up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sketch {
    /// A hash of each stretch of four words, in order.
    pub shingles: Vec<u32>,
    /// The keys under which later texts find it.
    pub posted: Vec<u32>,
    /// The keys under which it finds earlier texts.
    pub sought: Vec<u32>,
}

/// A part of a text that is hashed to `keys` keys, each of them made of the `values` smallest values of as many
/// functions.
#[derive(Debug, Clone, Copy)]
struct View {
    seed: u64,
    keys: usize,
    values: usize,
}

const WHOLE: View = View { seed: 1, keys: 6, values: 3 };
const LONG_LEAD: View = View { seed: 2, keys: 4, values: 3 };
const SHORT_LEAD: View = View { seed: 3, keys: 3, values: 2 };

/// Sketches a text.
pub fn sketch(text: &str) -> Sketch {
    let shingles = shingle::shingles(text);
    if shingles.len() < MIN_SHINGLES {
        return Sketch { shingles, ..Sketch::default() };
    }
    let lead = |words: usize| &shingles[..shingles.len().min(words - shingle::WIDTH + 1)];
    let mut posted = WHOLE.keys(&shingles, 0);
    posted.extend(LONG_LEAD.keys(lead(LEAD), 0));
    let mut sought = posted.clone();
    let short = shingles.len() <= SHORT;
    let of_short = SHORT_LEAD.keys(lead(OPENING), 1);
    let of_long = SHORT_LEAD.keys(lead(OPENING), 2);
    posted.extend(if short { &of_short } else { &of_long });
    sought.extend(&of_short);
    if short {
        sought.extend(&of_long);
    }
    Sketch { shingles, posted, sought }
}

impl View {
    /// The keys of a set of shingles. Keys with different `mark`s do not match.
    fn keys(self, shingles: &[u32], mark: u64) -> Vec<u32> {
        let functions: Vec<(u64, u64)> = (0..self.keys * self.values)
            .map(|at| {
                let seed = mix(self.seed << 32 | at as u64);
                (seed | 1, mix(seed))
            })
            .collect();
        let mut smallest = vec![u32::MAX; functions.len()];
        for shingle in shingles {
            for (least, (times, plus)) in smallest.iter_mut().zip(&functions) {
                let value = (u64::from(*shingle).wrapping_mul(*times).wrapping_add(*plus) >> 32) as u32;
                *least = (*least).min(value);
            }
        }
        let key = |(at, values): (usize, &[u32])| {
            let start = mix(self.seed << 48 | mark << 40 | at as u64);
            (values.iter().fold(start, |sum, value| mix(sum ^ u64::from(*value))) >> 32) as u32
        };
        smallest.chunks(self.values).enumerate().map(key).collect()
    }
}

/// Spreads the bits of a number (the last step of SplitMix64).
fn mix(mut value: u64) -> u64 {
    value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    value = (value ^ value >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ value >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ value >> 31
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn keys_met(one: &Sketch, two: &Sketch) -> usize {
        one.sought.iter().filter(|key| two.posted.contains(key)).count()
    }

    fn words(from: usize, to: usize) -> String {
        (from..to).map(|n| format!("word{} ", mix(n as u64) % 5000)).collect()
    }

    #[test]
    fn a_cut_or_extended_copy_meets_the_whole() {
        let whole = sketch(&words(0, 600));
        for other in [words(0, 60), words(0, 200), words(0, 600) + &words(900, 960), words(900, 940) + &words(0, 600)] {
            let other = sketch(&other);
            assert!(keys_met(&whole, &other) > 0 && keys_met(&other, &whole) > 0);
        }
        assert_eq!(keys_met(&whole, &sketch(&words(1000, 1600))), 0);
        assert!(sketch("Too short to say anything.").posted.is_empty());
    }

    #[test]
    fn a_text_has_keys_from_12_shingles_on() {
        let (short, enough) = (sketch(&words(0, 14)), sketch(&words(0, 15)));
        assert_eq!((short.shingles.len(), short.posted.len(), short.sought.len()), (11, 0, 0));
        // The whole, the long lead and the short lead; a short text seeks beginnings of long ones too.
        assert_eq!((enough.shingles.len(), enough.posted.len(), enough.sought.len()), (12, 13, 16));
        assert_eq!((sketch(&words(0, 163)).sought.len(), sketch(&words(0, 164)).sought.len()), (16, 13));
    }

    /// Leads of 40 and 120 words: what follows them plays no part.
    #[test]
    fn what_follows_a_lead_does_not_change_its_keys() {
        let shared = |words_alike: usize, one: usize, two: usize| {
            let text = |other: usize, length: usize| words(0, words_alike) + &words(other, other + length);
            keys_met(&sketch(&text(7000, one)), &sketch(&text(90_000, two)))
        };
        assert!(shared(120, 900, 900) >= 4, "the long lead");
        assert!(shared(40, 60, 900) >= 3, "the short lead, of a short text and a long one");
        assert!(shared(40, 60, 60) >= 3, "the short lead, of two short ones");
        assert_eq!(shared(40, 2000, 2000), 0, "two long texts with the same first sentence");
    }

    /// Archives store these keys: with other ones, no copy of an article stored before would be found.
    #[test]
    fn the_keys_of_a_text_stay_what_they_are() {
        let sum = |numbers: &[u32]| numbers.iter().fold(0, |sum, number| mix(sum ^ u64::from(*number)));
        let sums = [60, 400].map(|length| {
            let made = sketch(&words(0, length));
            [sum(&made.shingles), sum(&made.posted), sum(&made.sought)]
        });
        let short = [7286700481175151726, 18400521123814088711, 9696579452126960790];
        let long = [12974671798896882435, 18229501595064271543, 5185865683694945807];
        assert_eq!(sums, [short, long]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn smallest_values_agree_as_often_as_the_sets_overlap(shared in 50usize..400, own in 0usize..400, seed in any::<u32>()) {
            let set = |from: usize, len: usize| (from..from + len).map(|n| mix(u64::from(seed) << 20 | n as u64) as u32);
            let one: Vec<u32> = set(0, shared).chain(set(10_000, own)).collect();
            let two: Vec<u32> = set(0, shared).chain(set(20_000, own)).collect();
            let view = View { seed: 9, keys: 256, values: 1 };
            let (one, two) = (view.keys(&one, 0), view.keys(&two, 0));
            let agree = one.iter().zip(&two).filter(|(one, two)| one == two).count() as f64 / 256.0;
            let overlap = shared as f64 / (shared + 2 * own) as f64;
            prop_assert!((agree - overlap).abs() < 0.16, "{agree} for {overlap}");
        }

        #[test]
        fn any_text_can_be_sketched(text in "\\PC{0,400}") {
            let made = sketch(&text);
            prop_assert!(made.posted.len() <= made.sought.len() && made.sought.len() <= 16);
        }
    }
}
