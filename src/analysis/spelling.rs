//! British and American spellings of one word meet in one form.
//!
//! The pairs come from general knowledge of English spelling. Rules convert whole classes, and a list bounds each rule:
//! either of the words that it holds for (`-our`, `-re`, doubled `l`) or, for the open class `-ise`, of the words that
//! it does not hold for.
//!
//! Where both spellings have two words that differ in meaning, these stay apart: tyre and tire, storey and story, kerb
//! and curb, cheque and check, draught and draft, prise and prize, device and devise. Two pairs meet although British
//! writers distinguish the noun from the verb: licence and license, practice and practise. Americans write one form for
//! both, so nobody could search their texts for one alone, and the sense is the same. Names follow the words they are
//! made of: Grey meets Gray.
//!
//! `percent` becomes `cent`. [`words()`](super::words()) reads `per cent`, and `%` after a number, as the word
//! `percent`, so all three meet, in phrases too.

use std::borrow::Cow;
use std::sync::LazyLock;

use crate::wordlist::{WordList, WordTable, entries};

/// The form under which the spellings of a folded word meet: the American one.
///
/// Doing it twice changes nothing more. Only words in small ASCII letters have another spelling, and nothing is
/// allocated for a word that is already in its form.
pub(crate) fn canonical(folded: &str) -> Cow<'_, str> {
    if folded.len() < 2 || !folded.bytes().all(|b| b.is_ascii_lowercase()) {
        return Cow::Borrowed(folded);
    }
    let Some(mut form) = respell(folded) else { return Cow::Borrowed(folded) };
    // This ends: a rule makes the word shorter or turns an `s` into a `z`, or its form is one that no rule knows.
    while let Some(next) = respell(&form) {
        form = next;
    }
    form
}

/// One step towards the American form.
fn respell(word: &str) -> Option<Cow<'static, str>> {
    if let Some(form) = WHOLE.get(word) {
        return Some(Cow::Borrowed(form));
    }
    type Rule = (&'static [[u8; 2]], fn(&str) -> Option<String>);
    const RULES: [Rule; 9] = [
        (&[*b"ou"], our),
        (&[*b"is"], ise),
        (&[*b"en"], ence),
        (&[*b"ae", *b"oe", *b"ph", *b"en"], ligature),
        (&[*b"re"], re),
        (&[*b"ll"], doubled_l),
        (&[*b"gu"], ogue),
        (&[*b"ys"], yse),
        (&[*b"ea"], eable),
    ];
    let fits = |(pairs, _): &&Rule| pairs.iter().any(|pair| has_pair(word, *pair));
    RULES.iter().filter(fits).find_map(|(_, rule)| rule(word)).or_else(|| inflected(word)).map(Cow::Owned)
}

/// Whether the list has the word, or the word after one of the prefixes that verbs take.
fn has_prefixed(list: &WordList, word: &str) -> bool {
    list.has(word)
        || ["un", "re", "de", "mis", "over", "out", "pre", "in"]
            .iter()
            .any(|prefix| word.strip_prefix(prefix).is_some_and(|rest| list.has(rest)))
}

/// Whether a word contains two letters side by side: a quick test, by which most rules are passed over for most words.
fn has_pair(word: &str, pair: [u8; 2]) -> bool {
    word.as_bytes().windows(2).any(|two| two == pair)
}

/// `armoured` → `armored`.
fn our(word: &str) -> Option<String> {
    let (stem, rest) = word.split_once("our")?;
    OUR.has(stem).then(|| [stem, "or", rest].concat())
}

/// `mobilised` → `mobilized`, `organisational` → `organizational`. New words take this ending, so the exceptions are
/// listed.
fn ise(word: &str) -> Option<String> {
    let at = word.rfind("is")?;
    let (stem, rest) = (&word[..at], &word[at + 2..]);
    let verb = matches!(
        rest,
        "e" | "ed" | "es" | "er" | "ers" | "ing" | "ings" | "able" | "ably" | "ability" | "ement" | "ements"
    );
    let noun = matches!(rest, "ation" | "ations" | "ational" | "ationally");
    if !(verb || noun) || stem.len() < 3 {
        return None;
    }
    let vowel = stem.ends_with(['a', 'e', 'i', 'o', 'u', 'w']);
    let spelt = if vowel { ISE_AFTER_VOWEL.contains(&stem) } else { !ISE_BY_NATURE.has(stem) };
    spelt.then(|| [stem, "iz", rest].concat())
}

/// `defence` → `defense`, `licences` → `licenses`.
fn ence(word: &str) -> Option<String> {
    let at = word.find("enc")?;
    let (stem, rest) = (&word[..at], &word[at + 3..]);
    let ending = rest.starts_with('e') || (stem == "lic" && rest.starts_with("ing"));
    let known = matches!(stem, "def" | "off" | "lic" | "pret" | "biodef" | "cyberdef" | "unlic" | "indef");
    (known && ending).then(|| [stem, "ens", rest].concat())
}

/// `manoeuvre` → `maneuvre`, `anaesthetic` → `anesthetic`; and two other beginnings, `sulph-` and `enquir-`.
fn ligature(word: &str) -> Option<String> {
    if let Some(rest) = word.strip_prefix("sulph") {
        return Some(["sulf", rest].concat());
    }
    if let Some(rest) = word.strip_prefix("enquir") {
        return Some(["inquir", rest].concat());
    }
    if !word.contains("ae") && !word.contains("oe") {
        return None;
    }
    let (part, with) = LIGATURES.iter().find(|(part, _)| word.contains(part))?;
    Some(word.replacen(part, with, 1))
}

/// `centre` → `center`, `centred` → `centered`.
fn re(word: &str) -> Option<String> {
    let (stem, rest) = word.rsplit_once("re")?;
    if !rest.is_empty() && !RE_ENDINGS.has(rest) {
        return None;
    }
    let letter = if rest == "d" { "e" } else { "" };
    RE.has(stem).then(|| [stem, "er", letter, rest].concat())
}

/// `travelled` → `traveled`, `counsellor` → `counselor`.
fn doubled_l(word: &str) -> Option<String> {
    let at = word.rfind("ll")? + 1;
    let (base, rest) = (&word[..at], &word[at + 1..]);
    let ending = L_ENDINGS.has(rest) || (base == "tranquil" && (rest.starts_with("is") || rest.starts_with("iz")));
    (ending && has_prefixed(&DOUBLED_L, base)).then(|| [base, rest].concat())
}

/// `dialogue` → `dialog`, `catalogued` → `cataloged`.
fn ogue(word: &str) -> Option<String> {
    let (stem, rest) = word.rsplit_once("ogu")?;
    let end = match rest {
        "e" => "",
        "es" => "s",
        "ed" | "er" | "ers" | "ing" => rest,
        _ => return None,
    };
    OGUE.contains(&stem).then(|| [stem, "og", end].concat())
}

/// `analysed` → `analyzed`. `analyses` stays: it is the plural of a noun more often than the verb.
fn yse(word: &str) -> Option<String> {
    let (stem, rest) = word.rsplit_once("ys")?;
    let ending = matches!(rest, "e" | "ed" | "er" | "ers" | "ing" | "able");
    (ending && YSE.has(stem)).then(|| [stem, "yz", rest].concat())
}

/// `sizeable` → `sizable`.
fn eable(word: &str) -> Option<String> {
    let (stem, rest) = word.rsplit_once("eab")?;
    let ending = matches!(rest, "le" | "ly" | "ility");
    (ending && has_prefixed(&EABLE, stem)).then(|| [stem, "ab", rest].concat())
}

/// `ploughed` → `plowed`: a word of the list with an ending.
fn inflected(word: &str) -> Option<String> {
    let first = word.as_bytes().first()?;
    let from = INFLECTED.partition_point(|(british, _)| british.as_bytes().first() < Some(first));
    let near = INFLECTED[from..].iter().take_while(|(british, _)| british.as_bytes().first() == Some(first));
    let (with, rest) = near.filter_map(|(british, with)| Some((with, word.strip_prefix(british)?))).next()?;
    let ending = rest.is_empty() || ENDINGS.has(rest);
    ending.then(|| [with, rest].concat())
}

/// Endings after the `re` of `centre`.
static RE_ENDINGS: WordList = WordList::new(include_str!("lists/endings_after_re.txt"));

/// Parts of words that are written `ae` or `oe` in British spelling, each with its American form.
static LIGATURES: LazyLock<Pairs> = LazyLock::new(|| pairs(include_str!("lists/ligatures.txt")));

/// Words in -our (British) and -or (American), without the ending.
static OUR: WordList = WordList::new(include_str!("lists/stems_in_our.txt"));

/// Words in -re and -er, without the ending, after `oe` has become `e`.
static RE: WordList = WordList::new(include_str!("lists/stems_in_re.txt"));

/// Words that end in -ise on both sides of the ocean, without the ending: the bound of the rule for -ise.
static ISE_BY_NATURE: WordList = WordList::new(include_str!("lists/stems_always_in_ise.txt"));

/// The few words that take -ise after a vowel; every other one (noise, praise, cruise) is -ise by nature.
const ISE_AFTER_VOWEL: &[&str] = &["archa", "colloqu", "ghetto", "hebra", "juda", "soliloqu", "ventriloqu"];

/// Verbs in -yse and -yze, without the ending.
static YSE: WordList = WordList::new(include_str!("lists/stems_in_yse.txt"));

/// Words in -ogue and -og, without the ending.
const OGUE: &[&str] =
    &["anal", "catal", "decal", "demag", "dial", "epil", "homol", "monol", "pedag", "travel", "trial", "tril"];

/// Words whose last `l` is doubled before an ending in British spelling only.
static DOUBLED_L: WordList = WordList::new(include_str!("lists/words_with_doubled_l.txt"));

/// Endings before which that `l` is doubled.
static L_ENDINGS: WordList = WordList::new(include_str!("lists/endings_after_doubled_l.txt"));

/// Verbs that keep their final e before -able in British spelling only, listed without it.
static EABLE: WordList = WordList::new(include_str!("lists/stems_in_eable.txt"));

/// Words that follow no rule: as found → American.
static WHOLE: WordTable = WordTable::new(include_str!("lists/spellings.txt"));

/// Words that take the same endings in both spellings: as found, American. In the order of the file, which is that of
/// bytes: [`inflected`] searches it by first letter.
static INFLECTED: LazyLock<Pairs> = LazyLock::new(|| pairs(include_str!("lists/spelling_stems.txt")));

/// Endings that these words take.
static ENDINGS: WordList = WordList::new(include_str!("lists/endings.txt"));

/// A table whose entries are tried one after the other, because they are parts of words and cannot be looked up.
type Pairs = Vec<(&'static str, &'static str)>;

fn pairs(text: &'static str) -> Pairs {
    entries(text).filter_map(|line| line.split_once('\t')).collect()
}
