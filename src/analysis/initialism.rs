//! Distinguishing initialisms from words: `US` is not "us", `SAFE` is not "safe".
//!
//! Capitals in ordinary text are always found as the initialism. Where a writer may stress a word ("we must ACT now"),
//! the word is indexed too, at the same position. Capitals say nothing in a headline in capitals, and British house style
//! gives an initialism one capital only (`the Safe fund`). There the neighbours decide, and where they do not, both terms
//! are kept. Each decision is one of a few rules over the two words before and the word after, within the sentence; the
//! lists hold the neighbours that are usual in writing on defence.

use super::words::{Gap, Shape, Word, Words};
use crate::wordlist::{WordList, WordTable};

/// Initialisms of the field that are also English words or names, with their traits. Only for these does case matter;
/// every other one (NATO, Nato, nato) is one term.
static AMBIGUOUS: WordTable = WordTable::new(INITIALISMS);
const INITIALISMS: &str = include_str!("lists/initialisms.txt");

/// For each first letter, the lengths of its ambiguous words as a set of bits: a quick test before the table is asked.
const LENGTHS: [u8; 26] = {
    let text = INITIALISMS.as_bytes();
    let mut lengths = [0; 26];
    let mut start = 0;
    while start < text.len() {
        let mut tab = start;
        while text[tab] != b'\t' && text[tab] != b'\n' {
            tab += 1;
        }
        if text[start].is_ascii_lowercase() {
            lengths[(text[start] - b'a') as usize] |= 1 << (tab - start);
        }
        start = tab;
        while text[start] != b'\n' {
            start += 1;
        }
        start += 1;
    }
    lengths
};

/// Whether the folded word is both an initialism of the field and an ordinary word.
pub(crate) fn is_ambiguous(folded: &str) -> bool {
    let first = folded.bytes().next().and_then(|first| first.checked_sub(b'a'));
    let lengths = first.and_then(|first| LENGTHS.get(usize::from(first)));
    lengths.is_some_and(|lengths| folded.len() < u8::BITS as usize && lengths & 1 << folded.len() != 0)
        && AMBIGUOUS.get(folded).is_some()
}

/// Pairs of words in which the first is the initialism (`us troops`): the second rarely follows the ordinary word.
static INITIALISM_PHRASES: WordList = WordList::new(include_str!("lists/initialism_phrases.txt"));

/// Pairs of words in which the ambiguous one is the ordinary word (`uncle sam`); the second column names it.
static WORD_PHRASES: WordTable = WordTable::new(include_str!("lists/word_phrases.txt"));

/// Words before a verb that is stressed by capitals: `must ACT`.
static URGES: WordList = WordList::new(include_str!("lists/before_verbs.txt"));

/// Words before a quality that is stressed by capitals: `stay SAFE`.
static BECOMES: WordList = WordList::new(include_str!("lists/before_qualities.txt"));

/// Words before the name of a programme or treaty: `joins SAFE`.
static SLOTS: WordList = WordList::new(include_str!("lists/before_programmes.txt"));

/// Words that do not continue a noun phrase, so that it ends before them.
static SMALL: WordList = WordList::new(include_str!("lists/after_phrases.txt"));

/// Small words that are written in capitals only for stress.
static LOUD: WordList = WordList::new(include_str!("lists/loud_words.txt"));

/// How an occurrence of an ambiguous word is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    Initialism,
    Word,
    /// No rule decides: it is indexed as both.
    Either,
}

/// How the paragraph around a word is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Sentences,
    /// A headline with Most of Its Words Capitalised.
    Headline,
    Capitals,
}

/// `f35b` → `f35`: the designation without its variant letter.
pub(super) fn designation_base(folded: &str) -> Option<&str> {
    let [.., digit, letter] = folded.as_bytes() else { return None };
    if !(digit.is_ascii_digit() && letter.is_ascii_lowercase()) {
        return None; // most words
    }
    let base = &folded[..folded.len() - 1];
    let letters = base.bytes().take_while(u8::is_ascii_lowercase).count();
    let digits = base.len() - letters;
    ((1..=4).contains(&letters) && (1..=4).contains(&digits) && base.bytes().skip(letters).all(|b| b.is_ascii_digit()))
        .then_some(base)
}

/// Reads the ambiguous words of a text, front to back.
pub(super) struct Reader<'w> {
    words: &'w Words,
    /// The end of the last paragraph that was classified (as a number of a word), and its style.
    paragraph: (usize, Style),
}

impl<'w> Reader<'w> {
    pub(super) fn new(words: &'w Words) -> Self {
        Self { words, paragraph: (0, Style::Sentences) }
    }

    /// How word number `at` of an article is read; `None` if it is not ambiguous, or simply in small letters. Calls
    /// must come in ascending order of `at`.
    pub(super) fn read(&mut self, at: usize) -> Option<Reading> {
        let (word, folded, style) = self.look(at)?;
        if is_dotted(word, folded) || word.shape == Shape::Mixed {
            return Some(Reading::Initialism);
        }
        let place = Place::new(self.words, at, folded);
        Some(match (word.shape, style) {
            (Shape::Upper, Style::Capitals) => place.among_capitals(),
            (Shape::Upper, _) if place.is_loud() => place.among_stressed(),
            (Shape::Upper, _) => place.in_capitals(),
            (Shape::Title, Style::Sentences) => place.with_one_capital(),
            (Shape::Title, Style::Headline) => place.opening(),
            _ => Reading::Word,
        })
    }

    /// As [`Reader::read`], for a query. Its writer chose the capitals, so they are believed unless the whole query is
    /// in capitals. One capital within a query may be British house style (`New Start`): then both are sought.
    pub(super) fn read_query(&mut self, at: usize) -> Option<Reading> {
        let (word, folded, style) = self.look(at)?;
        let capitals = is_dotted(word, folded) || matches!(word.shape, Shape::Upper | Shape::Mixed);
        let house = || word.shape == Shape::Title && Place::new(self.words, at, folded).is_house_style();
        Some(match (capitals, style) {
            (false, _) if house() => Reading::Either,
            (false, _) => Reading::Word,
            (true, Style::Capitals) if !is_dotted(word, folded) => Reading::Either,
            (true, _) => Reading::Initialism,
        })
    }

    /// The ambiguous word number `at`, unless it is simply in small letters, and the style of its paragraph.
    fn look(&mut self, at: usize) -> Option<(&'w Word, &'w str, Style)> {
        let word = self.words.as_slice().get(at)?;
        let folded = self.words.folded(word);
        if (word.shape == Shape::Lower && !is_dotted(word, folded)) || !is_ambiguous(folded) {
            return None;
        }
        if at >= self.paragraph.0 {
            self.paragraph = paragraph(self.words, at);
        }
        Some((word, folded, self.paragraph.1))
    }
}

/// `U.S.`, also `u.s.`: written with dots.
fn is_dotted(word: &Word, folded: &str) -> bool {
    (word.end - word.start) as usize > folded.len() && word.shape != Shape::Title
}

/// The end of the paragraph that holds word number `at`, and how it is written.
fn paragraph(words: &Words, at: usize) -> (usize, Style) {
    let list = words.as_slice();
    let start = list[..=at].iter().rposition(|w| w.gap == Gap::Paragraph).unwrap_or(0);
    let end = list[at + 1..].iter().position(|w| w.gap == Gap::Paragraph).map_or(list.len(), |n| at + 1 + n);
    let count = |is: fn(&Word, u32) -> bool| list[start..end].iter().filter(|w| is(w, w.end - w.start)).count();
    let small = |w: &Word| matches!(w.shape, Shape::Lower | Shape::Mixed);
    let long = list[start..end].iter().filter(|w| small(w) && w.end - w.start > 3).count();
    let titled = count(|w, length| w.shape == Shape::Title && length > 1);
    let capitals = count(|w, length| w.shape == Shape::Upper && length > 4);
    let style = if capitals > 0 && titled == 0 && end - start > 2 && !list[start..end].iter().any(small) {
        Style::Capitals
    } else if titled > 2 && titled > 3 * long {
        Style::Headline
    } else {
        Style::Sentences
    };
    (end, style)
}

/// An ambiguous word among its neighbours in the sentence; a missing neighbour is empty.
struct Place<'w> {
    folded: &'w str,
    traits: &'static str,
    /// The word before and the one before that.
    before: &'w str,
    second: &'w str,
    after: &'w str,
    /// Shapes of the neighbours.
    shapes: (Option<Shape>, Option<Shape>),
    /// Whether punctuation stands before, and after.
    cut: (bool, bool),
    /// Whether the word after the next begins with a capital: `to SHAPE in Mons`.
    to_name: bool,
}

impl<'w> Place<'w> {
    fn new(words: &'w Words, at: usize, folded: &'w str) -> Self {
        let list = words.as_slice();
        let joined = |n: usize| list.get(n).is_some_and(|w| w.gap < Gap::Sentence);
        let fold = |n: usize| list.get(n).map_or("", |w| words.folded(w));
        let previous = at.checked_sub(1).filter(|_| joined(at));
        let second = previous.and_then(|n| n.checked_sub(1)).filter(|n| joined(n + 1));
        let next = Some(at + 1).filter(|n| joined(*n));
        let cut = |n: usize| list.get(n).is_none_or(|w| w.gap >= Gap::Punctuation);
        Self {
            folded,
            traits: AMBIGUOUS.get(folded).unwrap_or_default(),
            before: previous.map_or("", fold),
            second: second.map_or("", fold),
            after: next.map_or("", fold),
            shapes: (previous.map(|n| list[n].shape), next.map(|n| list[n].shape)),
            cut: (cut(at), cut(at + 1)),
            to_name: joined(at + 1)
                && joined(at + 2)
                && matches!(fold(at + 1), "in" | "at")
                && list.get(at + 2).is_some_and(|w| w.shape != Shape::Lower),
        }
    }

    /// Whether the word has a trait of the table. `verb`: it can be an order (`ACT`). `quality`: it says how something
    /// is. `house`: British papers write it with one capital.
    fn has_trait(&self, name: &str) -> bool {
        self.traits.split(' ').any(|one| one == name)
    }

    /// Whether a noun follows that goes with the initialism and hardly ever with the word: `US troops`.
    fn has_follower(&self) -> bool {
        !self.cut.1 && INITIALISM_PHRASES.has(&[self.folded, " ", self.after].concat())
    }

    /// Whether the word before shows that this one is the English word: `uncle Sam`, `those WHO`.
    fn is_word_after(&self) -> bool {
        self.is_word_in(&[self.before, " ", self.folded].concat())
    }

    /// Whether the word after shows that this one is the English word: `safe haven`, `IT is`.
    fn is_word_before(&self) -> bool {
        self.is_word_in(&[self.folded, " ", self.after].concat())
    }

    fn is_word_in(&self, phrase: &str) -> bool {
        WORD_PHRASES.get(phrase).is_some_and(|words| words.split(' ').any(|word| word == self.folded))
    }

    /// Whether the phrase ends with this word.
    fn ends(&self) -> bool {
        self.cut.1 || SMALL.has(self.after)
    }

    /// Whether a small word next to this one is in capitals, so that the writer stresses words.
    fn is_loud(&self) -> bool {
        let upper = |shape: Option<Shape>, cut: bool, word: &str| {
            shape == Some(Shape::Upper) && !cut && (LOUD.has(word) || (word == "it" && self.folded == "is"))
        };
        upper(self.shapes.0, self.cut.0, self.before) || upper(self.shapes.1, self.cut.1, self.after)
    }

    /// Reads a word in capitals among small letters: the initialism, and the word too if its neighbours are those of a
    /// stressed word.
    fn in_capitals(&self) -> Reading {
        let stressed = match self.folded {
            "in" | "me" | "oh" | "or" => !(self.cut.0 && self.shapes.0 == Some(Shape::Title)),
            "can" => !self.has_follower(),
            "is" => !self.has_follower() && self.is_verb(),
            "it" => self.is_pronoun(),
            "who" => self.is_relative(),
            "us" => self.is_object(),
            _ => !self.has_follower() && !self.to_name && self.is_stressed(),
        };
        if stressed || self.is_perhaps_stressed() { Reading::Either } else { Reading::Initialism }
    }

    /// Whether it follows `that`, which begins a clause (`said that SAFE was open`) more often than it points at a word
    /// (`at that COST`).
    fn is_perhaps_stressed(&self) -> bool {
        self.before == "that"
            && self.ends()
            && !self.has_follower()
            && !matches!(self.folded, "us" | "who" | "it" | "is")
    }

    /// Whether the neighbours are those of a stressed word: `must ACT now`, `stay SAFE`, `only a START`.
    fn is_stressed(&self) -> bool {
        let verb = self.has_trait("verb") && URGES.has(self.before) && !self.cut.0 && self.ends();
        let quality = self.has_trait("quality") && BECOMES.has(self.before) && self.ends();
        let one =
            matches!(self.before, "a" | "an" | "this" | "our" | "your" | "good" | "first" | "real") && self.ends();
        let order = self.has_trait("verb")
            && self.before.is_empty()
            && SMALL.has(self.after)
            && !self.cut.1
            && !matches!(self.after, "is" | "was" | "and" | "in" | "of");
        verb || quality || one || order
    }

    /// Whether `IS` is the verb: `it IS time`, `what IS the plan`.
    fn is_verb(&self) -> bool {
        self.is_word_after()
            || (!self.before.is_empty() && self.is_word_before())
            || (!self.before.is_empty()
                && self.cut.1
                && self.shapes.0 == Some(Shape::Lower)
                && !is_preposition(self.before))
    }

    /// Whether `IT` is the pronoun: `get IT done`, `and IT is time`.
    fn is_pronoun(&self) -> bool {
        let opens = self.cut.0
            || matches!(self.before, "" | "and" | "but" | "that" | "because" | "if" | "as" | "when" | "so" | "think");
        (self.is_word_before() && opens) || (self.is_word_after() && (self.ends() || self.after == "done"))
    }

    /// Whether `WHO` is the pronoun: `those WHO pay`, `WHO will decide`.
    fn is_relative(&self) -> bool {
        self.is_word_before() || self.is_word_after()
    }

    /// Whether `US` is the pronoun: `tell US more`, `all of US`.
    fn is_object(&self) -> bool {
        let share = matches!(
            self.second,
            "all" | "both" | "none" | "some" | "many" | "most" | "half" | "two" | "each" | "rest"
        );
        let stressed =
            is_preposition(self.before) && self.cut.1 && self.before != "in" && self.shapes.0 == Some(Shape::Lower);
        !self.has_follower()
            && ((self.is_word_after() && self.ends())
                || (self.before == "of" && share)
                || stressed
                || self.is_word_before())
    }

    /// Reads a word in capitals where its neighbour is a stressed word: as among capitals, but never as the word alone.
    fn among_stressed(&self) -> Reading {
        match self.among_capitals() {
            Reading::Word => Reading::Either,
            reading => reading,
        }
    }

    /// Reads a word in a headline in capitals, where case says nothing. It is the word alone only in a fixed phrase, as a
    /// verb behind its auxiliary, and where it is one of the smallest words.
    fn among_capitals(&self) -> Reading {
        let the = self.before == "the" || self.before == "uks";
        match self.folded {
            "us" if self.is_object() => Reading::Word,
            "us" | "mod" | "quad" => Reading::Initialism,
            "in" | "me" | "oh" | "or" | "can" => Reading::Word,
            _ if self.folded == "start" && self.before == "new" && self.has_follower() => Reading::Initialism,
            _ if self.has_trait("verb") && URGES.has(self.before) => Reading::Word,
            _ if self.has_follower() => Reading::Initialism,
            "who" | "sam" | "asap" | "dart" | "safe" if the => Reading::Initialism,
            "who" if matches!(self.after, "says" | "said") && self.before.is_empty() => Reading::Either,
            "is" | "it" | "who" => Reading::Word,
            "asap" if self.cut.1 => Reading::Either,
            "asap" | "safe" | "start" | "step" | "sure" if SLOTS.has(self.before) => Reading::Initialism,
            _ if self.to_name_slot() => Reading::Initialism,
            _ if self.is_word_after() || self.is_word_before() => Reading::Word,
            _ => Reading::Either,
        }
    }

    /// Whether it is `SHAPE` after `at` or `from`, which nobody writes of a shape.
    fn to_name_slot(&self) -> bool {
        self.folded == "shape" && matches!(self.before, "at" | "from")
    }

    /// Whether a word of a query with one capital may be an initialism. The first word of a query has a capital anyway.
    fn is_house_style(&self) -> bool {
        matches!(self.folded, "asap" | "mod" | "quad") || (self.has_trait("house") && !self.before.is_empty())
    }

    /// Reads a word with one capital inside a sentence, which may be house style, a name, or the first word of a
    /// quotation.
    fn with_one_capital(&self) -> Reading {
        if self.before.is_empty() || self.cut.0 {
            return self.opening();
        }
        let named = |shape: Option<Shape>, cut: bool| shape == Some(Shape::Title) && !cut;
        match self.folded {
            _ if !self.has_trait("house") => Reading::Word,
            "mod" | "asap" => Reading::Initialism,
            "quad" if self.before == "the" => Reading::Initialism,
            _ if self.has_follower() || SLOTS.has(self.before) || self.to_name_slot() => Reading::Initialism,
            "start" if self.before == "new" => Reading::Initialism,
            _ if named(self.shapes.0, self.cut.0) || named(self.shapes.1, self.cut.1) => Reading::Word,
            _ => Reading::Either,
        }
    }

    /// Reads a word with one capital that says nothing, because a sentence begins here or a headline gives one to every
    /// word.
    fn opening(&self) -> Reading {
        match self.folded {
            "mod" => Reading::Initialism,
            "quad" | "safe" | "asap" | "shape" if self.has_follower() => Reading::Initialism,
            "start" if self.before == "new" && self.has_follower() => Reading::Initialism,
            _ if self.has_trait("house") && self.has_follower() => Reading::Either,
            _ => Reading::Word,
        }
    }
}

fn is_preposition(word: &str) -> bool {
    matches!(
        word,
        "against" | "about" | "between" | "by" | "for" | "from" | "in" | "of" | "on" | "to" | "with" | "without"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_speak_of_ambiguous_words() {
        assert!(AMBIGUOUS.rows().all(|(word, _)| is_ambiguous(word)));
        let counts = [AMBIGUOUS.rows().count(), INITIALISM_PHRASES.iter().count(), WORD_PHRASES.rows().count()];
        assert!(counts.iter().all(|count| *count > 50), "{counts:?}");
        assert!(!["", "a", "usa", "shields", "é", "7th", "tempestuous"].into_iter().any(is_ambiguous));
        for phrase in INITIALISM_PHRASES.iter() {
            let (word, after) = phrase.split_once(' ').unwrap_or_default();
            assert!(is_ambiguous(word) && !after.contains(' '), "{phrase}");
        }
        for (phrase, words) in WORD_PHRASES.rows() {
            let (one, other) = phrase.split_once(' ').unwrap_or_default();
            assert!(words.split(' ').all(|word| is_ambiguous(word) && (word == one || word == other)), "{phrase}");
        }
        let traits = ["-", "house", "quality", "verb"];
        assert!(AMBIGUOUS.rows().all(|(_, row)| row.split(' ').all(|name| traits.contains(&name))));
    }

    #[test]
    fn variant_letters_come_off() {
        assert_eq!(designation_base("f35b"), Some("f35"));
        assert_eq!(designation_base("mq9b"), Some("mq9"));
        assert_eq!(designation_base("f35"), None);
        assert_eq!(designation_base("brexit"), None);
    }
}
