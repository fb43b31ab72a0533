//! Tells copies from form letters: texts of one wording that speak of other sums, dates, names or goods.
//!
//! The words of two texts are aligned at the shingles that both have once, and between these by their longest common
//! subsequence. A *slot* is a place where each text has words of its own. Wire copy differs by cuts, additions, rewritten
//! sentences and spelling; a form differs in its slots.

use std::cmp::Ordering;

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};
use std::hash::{Hash as _, Hasher as _};

use super::shingle::WIDTH;
use crate::analysis::{Gap, Shape, spelling, words};
use crate::article::Article;
use crate::wordlist::WordList;

/// Days, which wire copy exchanges for dates.
static WEEKDAYS: WordList = WordList::new(include_str!("lists/weekdays.txt"));

/// Units and currencies, which outlets convert.
static MEASURES: WordList = WordList::new(include_str!("lists/measures.txt"));
/// Words before a number that an outlet rounded.
static ROUNDING: WordList = WordList::new(include_str!("lists/rounding_words.txt"));

/// Longest slot, in words of either text. A longer difference is a sentence written anew.
const SLOT: usize = 8;
/// Cells of the table by which words between two shared shingles are aligned, at most.
const CELLS: usize = 20_000;
/// Letters of a word in small letters that can name goods.
const LONG_WORD: usize = 4;
/// Seconds (3 days) within which an outlet corrects a story or runs it again.
const CORRECTED_WITHIN: u64 = 3 * 24 * 60 * 60;
/// Words that two texts share at the same places from which an outlet may correct two things in a story, not one.
const TWO_CORRECTIONS: usize = 100;
/// By how much a rounded number differs from the exact one, at most, as a share of it; and by how much two conversions
/// with one factor do.
const ROUNDED: f64 = 0.15;
const SAME_FACTOR: f64 = 0.03;
/// Words from which a text that an outlet runs again later is no form: memoranda of a hundred words come again unchanged.
const LONG_TEXT: usize = 200;
/// Share of the longer text that the shorter one must have at the same places where an outlet runs a text again later.
const SAME_TEXT: f64 = 0.97;
/// Shared words for each slot that wire copy may have in another outlet, beyond the first.
const WORDS_A_CHANGE: usize = 250;

/// What a word can say about a story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A short word in small letters, a day.
    Plain,
    /// Other words, which may name goods.
    Thing,
    /// A capital within a sentence.
    Name,
    /// Digits.
    Number,
}

/// A word, its spelling levelled out.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Said {
    form: Box<str>,
    kind: Kind,
}

/// What an article says, in the form in which it is compared word by word.
#[derive(Debug, Default)]
pub struct Wording {
    text: Vec<Said>,
    title: Vec<Box<str>>,
    outlet: Option<String>,
    published: Option<i64>,
}

impl Wording {
    /// The words of an article.
    pub fn of(article: &Article) -> Self {
        let outlet = article.outlet.clone().or_else(|| host(article.url.as_deref()?));
        Self {
            text: said(&article.text),
            title: said(&article.title).into_iter().map(|word| word.form).collect(),
            outlet: outlet.map(|outlet| outlet.to_lowercase()),
            published: article.published.map(|moment| moment.seconds()),
        }
    }

    fn forms(&self) -> FxHashMap<&str, usize> {
        let mut forms = FxHashMap::default();
        for word in &self.text {
            *forms.entry(&*word.form).or_default() += 1;
        }
        forms
    }
}

fn host(url: &str) -> Option<String> {
    let rest = url.split_once("://")?.1;
    let host = rest.split(['/', '?', '#']).next()?;
    Some(host.strip_prefix("www.").unwrap_or(host).to_owned())
}

fn said(text: &str) -> Vec<Said> {
    let words = words(text);
    let each = words.as_slice().iter().map(|word| {
        let form = spelling::canonical(words.folded(word));
        let kind = match word.shape {
            Shape::Number => Kind::Number,
            _ if form.starts_with(|c: char| c.is_ascii_digit()) => Kind::Number,
            _ if WEEKDAYS.has(&form) => Kind::Plain,
            Shape::Lower => thing(&form),
            _ if word.gap >= Gap::Sentence => thing(&form),
            _ => Kind::Name,
        };
        // The unit in `5bn` is left out, as another outlet writes it as a word.
        let digits = form.trim_end_matches(|c: char| kind == Kind::Number && c.is_alphabetic());
        Said { form: if digits.is_empty() { &form } else { digits }.into(), kind }
    });
    each.collect()
}

fn thing(form: &str) -> Kind {
    if form.chars().count() >= LONG_WORD { Kind::Thing } else { Kind::Plain }
}

/// Whether two articles that share most of their wording report different things.
///
/// An outlet that says the same again with other sums, names, dates or goods tells another story, unless it corrects
/// one: the same headline within three days, and one change, or two in a text of some length. After these days it tells
/// another story with any change, and with a short text even without one. In other outlets a few changes are an editor's,
/// and so are numbers that are rounded or converted, unless the headlines differ in the same words.
pub fn is_another_story(one: &Wording, two: &Wording) -> bool {
    let found = Slots::of(one, two);
    if found.in_titles {
        return true;
    }
    let apart = match (one.published, two.published) {
        (Some(one), Some(two)) => Some(one.abs_diff(two)),
        _ => None,
    };
    if one.outlet != two.outlet {
        return found.hard - found.restated > 1 + found.shared / WORDS_A_CHANGE;
    }
    let changes = found.hard + found.things + found.rewritten;
    if apart.is_some_and(|apart| apart > CORRECTED_WITHIN) {
        let longer = one.text.len().max(two.text.len());
        let same = found.shared as f64 >= SAME_TEXT * longer as f64;
        return changes > 0 || longer < LONG_TEXT || !same;
    }
    let corrected = if one.title == two.title { 1 + usize::from(found.shared >= TWO_CORRECTIONS) } else { 0 };
    changes > corrected
}

/// How two texts differ.
#[derive(Debug, Default)]
struct Slots {
    /// Slots with a number or a name of its own on each side; the same exchange counts once.
    hard: usize,
    /// Those of them whose numbers are rounded or converted.
    restated: usize,
    /// Slots with a word in small letters of its own on each side that the text repeats; the same exchange counts once.
    things: usize,
    /// Longer places with a number or a name of its own on each side.
    rewritten: usize,
    /// Whether each headline has a word that only its own text has, from one slot.
    in_titles: bool,
    /// Words that stand in both texts at the same place.
    shared: usize,
}

impl Slots {
    fn of(one: &Wording, two: &Wording) -> Self {
        let mut found = Self::default();
        let mut seen: FxHashSet<(Vec<&str>, Vec<&str>)> = FxHashSet::default();
        let mut numbers = Vec::new();
        let mut exchanged: FxHashSet<(&str, &str)> = FxHashSet::default();
        let forms = [one.forms(), two.forms()];
        let (mut a, mut b) = (0, 0);
        let pairs = alignment(&one.text, &two.text);
        let end = (one.text.len(), two.text.len());
        for (i, j) in pairs.iter().copied().chain([end]) {
            let slot = (&one.text[a..i], &two.text[b..j]);
            found.shared += usize::from(i < end.0);
            (a, b) = (i + 1, j + 1);
            if slot.0.len().max(slot.1.len()) > SLOT {
                let own = |kind| !own(slot.0, slot.1, kind).is_empty() && !own(slot.1, slot.0, kind).is_empty();
                found.rewritten += usize::from(own(Kind::Number) || own(Kind::Name));
            } else if !slot.0.is_empty() && !slot.1.is_empty() {
                let before = found.hard;
                found.judge(slot, [one, two], &forms, &mut seen);
                numbers.extend(Restated::of(slot).filter(|_| found.hard > before));
                if let ([ours], [theirs]) = slot {
                    let (ours, theirs) = (&*ours.form, &*theirs.form);
                    let headed = |one_has, two_has| headed(one, one_has) && headed(two, two_has);
                    let swapped = exchanged.contains(&(theirs, ours));
                    found.in_titles |= swapped && (headed(ours, theirs) || headed(theirs, ours));
                    exchanged.insert((ours, theirs));
                }
            }
        }
        found.restated = Restated::count(&numbers);
        found
    }

    /// Adds what one slot says.
    fn judge<'w>(
        &mut self,
        slot: (&'w [Said], &'w [Said]),
        of: [&'w Wording; 2],
        forms: &[FxHashMap<&str, usize>; 2],
        seen: &mut FxHashSet<(Vec<&'w str>, Vec<&'w str>)>,
    ) {
        for kind in [Kind::Number, Kind::Name, Kind::Thing] {
            let numbers = |side: &[Said]| side.iter().any(|word| word.kind == Kind::Number);
            if kind == Kind::Thing && numbers(slot.0) != numbers(slot.1) {
                continue; // `a quarter` and `25 percent`
            }
            let (mut ours, mut theirs) = (own(slot.0, slot.1, kind), own(slot.1, slot.0, kind));
            if kind != Kind::Number {
                ours.retain(|word| !forms[1].contains_key(word));
                theirs.retain(|word| !forms[0].contains_key(word));
            }
            if ours.is_empty() || theirs.is_empty() {
                continue;
            }
            let titled = |words: &[&str], of: &Wording| words.iter().any(|word| headed(of, word));
            self.in_titles |= titled(&ours, of[0]) && titled(&theirs, of[1]);
            let again = |words: &[&str], forms: &FxHashMap<&str, usize>| {
                words.iter().any(|word| forms.get(word).is_some_and(|count| *count > 1))
            };
            let repeated = again(&ours, &forms[0]) && again(&theirs, &forms[1]);
            if !seen.insert((ours, theirs)) {
                continue;
            }
            if kind == Kind::Thing {
                self.things += usize::from(repeated);
            } else {
                self.hard += 1;
                return;
            }
        }
    }
}

/// A slot in which each text has one number that may be the other's.
struct Restated {
    factor: f64,
    /// Whether a rounding word or another unit shows it.
    shown: bool,
}

impl Restated {
    fn of(slot: (&[Said], &[Said])) -> Option<Self> {
        let number = |side: &[Said]| {
            let mut numbers = side.iter().filter(|word| word.kind == Kind::Number);
            let number = numbers.next()?.form.replace(',', "").parse::<f64>().ok()?;
            (numbers.next().is_none() && number > 0.0).then_some(number)
        };
        let factor = number(slot.1)? / number(slot.0)?;
        let has = |list: &WordList, side: &[Said], other: &[Said]| {
            side.iter().any(|word| list.has(&word.form) && !other.iter().any(|said| said.form == word.form))
        };
        let either = |list| has(list, slot.0, slot.1) || has(list, slot.1, slot.0);
        let rounded = (factor - 1.0).abs() < ROUNDED && either(&ROUNDING);
        Some(Self { factor, shown: rounded || either(&MEASURES) })
    }

    /// How many numbers are restated: those that show it, and those with the same factor as one of these.
    fn count(all: &[Self]) -> usize {
        let mut shown: Vec<f64> = all.iter().filter(|one| one.shown).map(|one| one.factor).collect();
        shown.sort_by(f64::total_cmp);
        // The known factors nearest to one, below and above.
        let near = |factor: f64| {
            let at = shown.partition_point(|known| *known < factor);
            [at.checked_sub(1), Some(at)].into_iter().flatten().filter_map(|at| shown.get(at))
        };
        let alike = |one: &Self| near(one.factor).any(|known| (one.factor / known - 1.0).abs() < SAME_FACTOR);
        all.iter().filter(|one| one.shown || alike(one)).count()
    }
}

/// Whether a word stands in a headline.
fn headed(of: &Wording, word: &str) -> bool {
    of.title.iter().any(|own| **own == *word)
}

/// The words of a kind that one side of a slot has and the other lacks. Of names, one is not lacking that is shortened
/// there (`Jan.`, `Gov.`).
fn own<'w>(side: &'w [Said], other: &[Said], kind: Kind) -> Vec<&'w str> {
    let shortened = |one: &str, two: &str| {
        let (short, long) = if one.len() <= two.len() { (one, two) } else { (two, one) };
        kind == Kind::Name && short.len() > 2 && long.starts_with(short)
    };
    let lacks = |word: &&Said| {
        word.kind == kind && !other.iter().any(|said| said.form == word.form || shortened(&said.form, &word.form))
    };
    side.iter().filter(lacks).map(|word| &*word.form).collect()
}

/// Pairs of places at which two texts have the same word, rising in both.
fn alignment(one: &[Said], two: &[Said]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::with_capacity(one.len().min(two.len()));
    let (mut a, mut b) = (0, 0);
    for (i, j) in [(0, 0)].into_iter().chain(anchors(one, two)).chain([(one.len(), two.len())]) {
        if i < a || j < b {
            continue;
        }
        align_between((one, a, i), (two, b, j), &mut pairs);
        let same = one[i..].iter().zip(&two[j..]).take_while(|(x, y)| x.form == y.form).count();
        pairs.extend((0..same).map(|n| (i + n, j + n)));
        (a, b) = (i + same, j + same);
    }
    pairs
}

/// Places of the shingles that each text has exactly once, in an order that rises in both (the longest such).
fn anchors(one: &[Said], two: &[Said]) -> Vec<(usize, usize)> {
    let (ours, theirs) = (single_shingles(one), single_shingles(two));
    let mut both: Vec<(usize, usize)> =
        ours.iter().filter_map(|(hash, place)| theirs.get(hash).map(|other| (*place, *other))).collect();
    both.sort_unstable();
    rising(&both)
}

fn single_shingles(text: &[Said]) -> FxHashMap<u64, usize> {
    let mut places: FxHashMap<u64, Option<usize>> = FxHashMap::default();
    for (place, window) in text.windows(WIDTH).enumerate() {
        let mut hasher = FxHasher::default();
        window.iter().for_each(|word| word.form.hash(&mut hasher));
        places.entry(hasher.finish()).and_modify(|known| *known = None).or_insert(Some(place));
    }
    places.into_iter().filter_map(|(hash, place)| Some((hash, place?))).collect()
}

/// The longest part of pairs sorted by their first numbers whose second numbers rise too (patience sorting).
fn rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (n, (_, second)) in pairs.iter().enumerate() {
        let at = ends.partition_point(|end| pairs[*end].1 < *second);
        before.push(at.checked_sub(1).map(|last| ends[last]));
        if at == ends.len() { ends.push(n) } else { ends[at] = n }
    }
    let mut chain: Vec<(usize, usize)> = Vec::with_capacity(ends.len());
    let mut at = ends.last().copied();
    while let Some(n) = at {
        chain.push(pairs[n]);
        at = before[n];
    }
    chain.reverse();
    chain
}

/// Aligns two stretches, given with their bounds, by their longest common subsequence; too long ones not at all.
fn align_between(one: (&[Said], usize, usize), two: (&[Said], usize, usize), pairs: &mut Vec<(usize, usize)>) {
    let (ours, theirs) = (&one.0[one.1..one.2], &two.0[two.1..two.2]);
    if ours.is_empty() || theirs.is_empty() || ours.len() * theirs.len() > CELLS {
        return;
    }
    let width = theirs.len() + 1;
    let mut best = vec![0u32; (ours.len() + 1) * width];
    for i in (0..ours.len()).rev() {
        for j in (0..theirs.len()).rev() {
            best[i * width + j] = if ours[i].form == theirs[j].form {
                best[(i + 1) * width + j + 1] + 1
            } else {
                best[(i + 1) * width + j].max(best[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < ours.len() && j < theirs.len() {
        if ours[i].form == theirs[j].form {
            pairs.push((one.1 + i, two.1 + j));
            (i, j) = (i + 1, j + 1);
        } else {
            match best[(i + 1) * width + j].cmp(&best[i * width + j + 1]) {
                Ordering::Less => j += 1,
                _ => i += 1,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn article(outlet: &str, day: &str, title: &str, text: &str) -> Wording {
        let published = format!("2025-03-{day}").parse().ok();
        let outlet = Some(outlet.to_owned()).filter(|name| !name.is_empty());
        Wording::of(&Article { title: title.into(), text: text.into(), outlet, published, ..Article::default() })
    }

    const LETTER: &str = "Memorandum for the harbour master. By the authority given to me by the law of Alda, I direct \
        the release of up to 350 million crowns in boats and services of the fleet, and in training, to give help to \
        Norra, and I ask that this memorandum be printed. It gives no right to anybody, and nothing in it limits what \
        the law grants to the harbour master, who is to report to the parliament within a month of the release.";

    fn letter(change: &[(&str, &str)]) -> String {
        change.iter().fold(LETTER.to_owned(), |text, (old, new)| {
            assert!(text.contains(old), "{old}");
            text.replace(old, new)
        })
    }

    fn apart(one: (&str, &str, &str, &str), two: (&str, &str, &str, &str)) -> bool {
        let (one, two) = (article(one.0, one.1, one.2, one.3), article(two.0, two.1, two.2, two.3));
        let found = is_another_story(&one, &two);
        assert_eq!(found, is_another_story(&two, &one), "the same from both sides");
        found
    }

    #[test]
    fn form_letters_of_an_outlet_are_stories_of_their_own() {
        for (change, another) in [
            (("350 million", "200 million"), true),
            (("Norra", "Syldavia"), true),
            (("350 million crowns in boats", "40 thousand crowns in mines"), true),
            // Goods named once are not told from an editor's word.
            (("boats and services", "radar and services"), false),
        ] {
            let other = letter(&[change]);
            let found = apart(("Register", "01", "Memorandum", LETTER), ("Register", "02", "Another one", &other));
            assert_eq!(found, another, "{change:?}");
        }
        let boats = format!("{LETTER} The boats are of use.");
        let radars = letter(&[("boats", "radars")]) + " The radars are of use.";
        assert!(apart(("Register", "01", "Memorandum", &boats), ("Register", "20", "Memorandum", &radars)));
        let titled = |goods: &str| format!("Release of {goods}");
        let once = letter(&[("boats", "radars")]);
        assert!(apart(("Register", "01", &titled("boats"), LETTER), ("Register", "01", &titled("radars"), &once)));
    }

    #[test]
    fn an_outlet_that_comes_back_later_tells_another_story() {
        let run = |days: &str, title: &str, text: &str| {
            apart(("Register", "01", title, LETTER), ("Register", days, "Memorandum", text))
        };
        assert!(run("05", "Memorandum", LETTER), "a form that says the same again");
        assert!(!run("04", "Memorandum", LETTER));
        assert!(run("05", "Memorandum", &format!("{LETTER} The harbour master reported twice.")));
        let long = (0..150).fold(LETTER.to_owned(), |text, n| text + " boat" + &n.to_string());
        assert!(!apart(("Register", "01", "Speech", &long), ("Register", "20", "Speech", &long)), "a text run again");
        let more = format!("{long} {}", "More was said on the boats. ".repeat(3));
        assert!(apart(("Register", "01", "Speech", &long), ("Register", "20", "Speech", &more)));
    }

    #[test]
    fn a_correction_replaces_its_story() {
        let other = letter(&[("350 million", "250 million")]);
        assert!(!apart(("Register", "01", "Memorandum", LETTER), ("Register", "02", "Memorandum", &other)));
        assert!(apart(("Register", "01", "Memorandum", LETTER), ("Register", "05", "Memorandum", &other)), "4 days");
        assert!(apart(("Register", "01", "Memorandum", LETTER), ("Register", "02", "Another", &other)));
        let more = letter(&[("350 million", "250 million"), ("Norra", "Syldavia")]);
        assert!(apart(("Register", "01", "Memorandum", LETTER), ("Register", "02", "Memorandum", &more)));
    }

    const WIRE: &str = "The parliament of Alda voted on Tuesday to buy 12 patrol aircraft from Borduria, defence \
        minister Ines Quarrel said. The vote ended a dispute of three years over the price of 400 million crowns. The \
        first two aircraft are to arrive in January, and pilots will be trained at Port Lorn. Critics say that the \
        fleet is too small for the long coast, and that spares for the older type can no longer be had.";

    #[test]
    fn wire_copy_is_edited_by_outlets() {
        let edited = [
            WIRE.replace("defence", "defense").replace("on Tuesday", "Wednesday"),
            WIRE.replace("January", "Jan."),
            WIRE.replace("400 million", "400m"),
            WIRE.replace("Ines Quarrel", "Inés Quarrel"),
            WIRE.replace("Port Lorn", "Port Lorne"),
            WIRE.replace("12 patrol", "13 patrol"),
            WIRE.replace("Critics say that", "Some members of the opposition fear that"),
            format!("PORT ALDA (Wire) - {WIRE} Reporting by Tilda Oss; editing by Oto Brandt."),
            format!("{} (Reporting by Nils Holm)", &WIRE[..WIRE.len() * 2 / 3]),
            WIRE.replace(
                " pilots will be trained",
                " as the minister told the members of the house on Monday, pilots of the coast guard will be trained",
            ),
        ];
        for text in &edited {
            assert!(
                !apart(("Wire", "04", "Alda buys aircraft", WIRE), ("Post", "05", "New patrol aircraft", text)),
                "{text}"
            );
        }
        let other = WIRE.replace("12 patrol", "8 patrol").replace("Borduria", "Syldavia").replace("400", "90");
        assert!(apart(("Wire", "04", "Alda buys aircraft", WIRE), ("Post", "05", "New patrol aircraft", &other)));
    }

    #[test]
    fn headlines_tell_forms_apart_in_all_outlets() {
        let (one, two) = (letter(&[]), letter(&[("Norra", "Syldavia")]));
        assert!(apart(("Register", "01", "Help for Norra", &one), ("Post", "01", "Help for Syldavia", &two)));
        assert!(!apart(("Register", "01", "Help for Norra", &one), ("Post", "01", "Help for neighbours", &two)));
    }

    #[test]
    fn counts_of_two_days_are_two_reports() {
        let count = |day: &str, sorties: &str| {
            format!(
                "The joint staff said on {day} March that its aircraft had flown {sorties} sorties since the new year. The \
                 figures are checked every night, it said in the note that it puts on its page at nine, and the crews go on \
                 with their watch along the whole coast."
            )
        };
        let (one, two) = (count("3", "8,780"), count("4", "8,793"));
        assert!(apart(("Gulf Wire", "03", "Evening count", &one), ("Gulf Wire", "04", "Evening count", &two)));
        assert!(!apart(("Gulf Wire", "03", "Evening count", &one), ("Coast Post", "04", "At night", &one)));
        assert!(apart(("", "03", "Evening count", &one), ("", "04", "Evening count", &two)), "outlets unknown");
    }

    #[test]
    fn nothing_is_nothing_else() {
        assert!(!apart(("", "01", "", ""), ("", "01", "", "")));
        let long = "a b c d ".repeat(3000);
        assert!(!apart(("", "01", "", &long), ("", "01", "", &long)));
    }
}
