//! Initialisms against words: `US` is not "us", `SAFE` is not "safe".
//!
//! Capitals are believed in ordinary text, save where a writer raises the voice ("we must ACT now"). They say nothing
//! in a headline in capitals, and British house style gives an initialism one capital only (`the Safe fund`): there
//! the neighbours decide, and where these are silent both terms are kept. Each decision is one of a few rules over
//! the words before and the word after, within the sentence; the lists hold what writers on defence put there.

use super::words::{Gap, Shape, Word, Words};

/// Initialisms of the field, folded, that are also English words or names. Only these keep apart by case; every other one
/// (NATO, Nato, nato) is one term.
const AMBIGUOUS: &[&str] = &[
    "ace", "act", "ad", "aid", "aids", "aim", "amid", "arm", "asap", "asset", "bad", "bat", "best", "can", "cap",
    "care", "cast", "cat", "coin", "cop", "core", "cost", "dart", "eagle", "edge", "ego", "epic", "era", "fast",
    "fist", "foil", "form", "gap", "harm", "hot", "ice", "imp", "in", "is", "it", "jam", "juice", "law", "lay", "led",
    "mad", "map", "mars", "mast", "me", "mend", "mist", "mod", "mop", "nice", "oh", "or", "pen", "pest", "plan",
    "quad", "raft", "ram", "rap", "raw", "ready", "safe", "salt", "sam", "sat", "seal", "shape", "shield", "sip",
    "slam", "soar", "spear", "star", "start", "stem", "step", "sub", "sure", "swat", "swift", "tag", "tap", "tar",
    "tempest", "top", "tow", "trip", "us", "war", "who", "wise",
];

/// For each first letter, a bit for each length that one of them has.
const LENGTHS: [u8; 26] = {
    let mut lengths = [0; 26];
    let mut at = 0;
    while at < AMBIGUOUS.len() {
        let word = AMBIGUOUS[at].as_bytes();
        lengths[(word[0] - b'a') as usize] |= 1 << word.len();
        at += 1;
    }
    lengths
};

/// Whether the folded word is both an initialism of the field and an ordinary word.
pub fn is_ambiguous(folded: &str) -> bool {
    let first = folded.bytes().next().and_then(|first| first.checked_sub(b'a'));
    let lengths = first.and_then(|first| LENGTHS.get(usize::from(first)));
    lengths.is_some_and(|lengths| folded.len() < u8::BITS as usize && lengths & 1 << folded.len() != 0)
        && AMBIGUOUS.binary_search(&folded).is_ok()
}

/// What follows an initialism and hardly ever the word; sorted by the first.
const FOLLOWERS: &[(&str, &str)] = &[
    ("act", "commander headquarters hq"),
    ("aids", "drugs epidemic patients programme relief virus"),
    ("asap", "act funding funds law money production programme regulation scheme"),
    ("can", "bus"),
    ("coin", "doctrine operations strategy tactics"),
    ("dart", "impact mission probe spacecraft"),
    ("harm", "missile missiles"),
    ("ice", "agent agents arrests custody detainees detention director officers officials raid raids"),
    (
        "is",
        "affiliate affiliates bride brides caliphate cell cells commander detainees fighter fighters flag \
         group insurgents jihadists leader leaders loyalists militant militants prisoners propaganda suspects \
         terrorists",
    ),
    (
        "it",
        "budget chief company contract contractor contracts department director estate experts failure \
         failures firm firms infrastructure network networks outage outages project projects provider sector \
         security services specialist specialists staff supplier suppliers support system systems team \
         upgrade workers",
    ),
    ("law", "launcher launchers rocket rockets"),
    ("mad", "doctrine"),
    (
        "mod",
        "budget chiefs contract contracts figures insiders minister ministers official officials paper \
         procurement says site sites source sources spending spokesman spokesperson spokeswoman staff",
    ),
    ("mop", "bomb bombs"),
    ("quad", "allies countries foreign leaders meeting members ministers nations partners statement summit talks"),
    ("raw", "agent agents chief officer officers official officials operation operative operatives"),
    (
        "safe",
        "application applications bid billions borrowing budget cash deal fund funding funds instrument loan \
         loans mechanism member membership money participation plan plans pot program programme projects \
         regulation rules scheme talks tranche vote",
    ),
    ("salt", "accord accords agreement agreements talks treaties treaty"),
    (
        "sam",
        "batteries battery coverage launcher launchers missile missiles radar radars site sites system \
         systems threat",
    ),
    ("seal", "commandos raid team teams"),
    ("shape", "commander headquarters hq officer officers planners spokesman spokesperson staff"),
    (
        "start",
        "accord agreement ceilings expires expiry inspections inspectors lapses limits negotiator negotiators \
         pact successor talks treaties treaty verification",
    ),
    ("stem", "courses education graduates skills subjects teachers"),
    ("step", "fund platform regulation"),
    ("sure", "bonds loans programme scheme"),
    ("swat", "officers team teams unit units"),
    ("swift", "ban code codes exclusion messaging network payment payments system"),
    ("tow", "launcher launchers missile missiles"),
    (
        "us",
        "administration admiral agencies aid air allies ally ambassador arms army arsenal base bases bombers \
         carrier citizens congress defence defense diplomat diplomats dollar elections embassy envoy exports \
         firms fleet forces foreign general government intelligence jets lawmakers marines military missile \
         missiles navy negotiators nuclear official officials president sanctions secretary senate senator \
         senators soldiers special spending state strike strikes tariffs threat treasury troops vice \
         warplanes warship warships weapons",
    ),
    (
        "who",
        "adviser advisers aid chief convoy data declares director doctors envoy experts figures official \
         officials report spokesman spokesperson spokeswoman staff team teams urges warns",
    ),
];

/// Of the ambiguous words those that people are told to do.
const VERBS: &[&str] = &[
    "act", "aid", "aim", "arm", "care", "cast", "fast", "form", "harm", "ice", "jam", "lay", "led", "map", "mend",
    "pen", "plan", "ram", "seal", "shape", "shield", "slam", "soar", "start", "stem", "step", "tag", "tap", "tow",
];

/// Those that say how something is.
const QUALITIES: &[&str] =
    &["bad", "best", "fast", "hot", "mad", "nice", "raw", "ready", "safe", "sure", "swift", "wise"];

/// Those that British papers write with one capital.
const HOUSE_STYLE: &[&str] = &["asap", "dart", "mod", "quad", "safe", "shape", "start", "step", "sure"];

/// Those about which nothing is settled in a headline in capitals unless a neighbour speaks.
const PROMINENT: &[&str] =
    &["act", "asap", "dart", "ice", "raw", "safe", "salt", "sam", "shape", "start", "stem", "sure", "swift"];

/// What stands before a verb.
const URGES: &[&str] = &[
    "and", "cannot", "could", "dont", "i", "lets", "may", "might", "must", "never", "not", "now", "please", "shall",
    "should", "they", "to", "we", "will", "would", "you",
];

/// What stands before a quality.
const BECOMES: &[&str] = &[
    "always", "are", "as", "be", "become", "been", "being", "feel", "feels", "felt", "get", "gets", "gone", "him",
    "is", "it", "keep", "keeping", "keeps", "kept", "less", "made", "make", "makes", "more", "never", "nobody", "not",
    "remain", "remains", "seem", "so", "stay", "stays", "still", "them", "too", "truly", "us", "very", "was", "were",
    "you",
];

/// What stands before the name of a programme or treaty.
const SLOTS: &[&str] = &[
    "eu", "eus", "extend", "extends", "into", "join", "joined", "joining", "joins", "leave", "leaving", "of",
    "outside", "quit", "quits", "ratify", "scrap", "signed", "suspend", "suspends", "through", "under", "via",
    "within",
];

/// Words that a noun phrase does not go on with.
const SMALL: &[&str] = &[
    "a",
    "about",
    "again",
    "against",
    "all",
    "alone",
    "and",
    "any",
    "anymore",
    "as",
    "at",
    "because",
    "before",
    "but",
    "by",
    "enough",
    "ever",
    "every",
    "everyone",
    "everything",
    "fast",
    "faster",
    "first",
    "for",
    "forever",
    "from",
    "her",
    "here",
    "his",
    "how",
    "if",
    "immediately",
    "in",
    "is",
    "it",
    "its",
    "like",
    "more",
    "my",
    "no",
    "not",
    "nothing",
    "now",
    "of",
    "on",
    "or",
    "our",
    "out",
    "over",
    "quickly",
    "rather",
    "so",
    "soon",
    "than",
    "that",
    "the",
    "their",
    "them",
    "then",
    "there",
    "these",
    "they",
    "this",
    "those",
    "to",
    "today",
    "together",
    "tomorrow",
    "tonight",
    "until",
    "up",
    "us",
    "was",
    "we",
    "what",
    "when",
    "where",
    "while",
    "why",
    "with",
    "without",
    "you",
    "your",
];

/// Pronouns and their like before `is`.
const SUBJECTS: &[&str] = &[
    "he", "here", "how", "it", "nobody", "nothing", "now", "she", "that", "there", "this", "time", "what", "where",
    "which", "who", "why",
];

/// Small words that nobody writes in capitals but to raise the voice.
const LOUD: &[&str] = &[
    "again",
    "all",
    "and",
    "are",
    "be",
    "been",
    "do",
    "does",
    "ever",
    "every",
    "everything",
    "first",
    "for",
    "have",
    "him",
    "how",
    "is",
    "keep",
    "let",
    "lets",
    "make",
    "more",
    "must",
    "my",
    "need",
    "needs",
    "never",
    "no",
    "not",
    "nothing",
    "now",
    "only",
    "our",
    "really",
    "so",
    "stand",
    "stay",
    "stop",
    "that",
    "the",
    "them",
    "they",
    "this",
    "time",
    "to",
    "today",
    "together",
    "want",
    "was",
    "we",
    "what",
    "when",
    "where",
    "why",
    "will",
    "with",
    "you",
    "your",
];

/// What an occurrence of an ambiguous word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    Initialism,
    Word,
    /// Nothing decides: it is found as both.
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
    /// The end of the paragraph that was looked at last, and how it is written.
    paragraph: (usize, Style),
}

impl<'w> Reader<'w> {
    pub(super) fn new(words: &'w Words) -> Self {
        Self { words, paragraph: (0, Style::Sentences) }
    }

    /// What word number `at` of an article is; nothing where it is not ambiguous. Numbers must not go down.
    pub(super) fn read(&mut self, at: usize) -> Option<Reading> {
        let (word, folded, style) = self.look(at)?;
        if is_dotted(word, folded) || word.shape == Shape::Mixed {
            return Some(Reading::Initialism);
        }
        let place = Place::new(self.words, at, folded);
        Some(match (word.shape, style) {
            (Shape::Upper, Style::Capitals) => place.among_capitals(),
            (Shape::Upper, _) if place.is_loud() => place.among_capitals(),
            (Shape::Upper, _) => place.in_capitals(),
            (Shape::Title, Style::Sentences) => place.with_one_capital(),
            (Shape::Title, Style::Headline) => place.opening(),
            _ => Reading::Word,
        })
    }

    /// As [`Reader::read`] for a query, whose writer chose the capitals: only a query wholly in them is not believed.
    pub(super) fn read_query(&mut self, at: usize) -> Option<Reading> {
        let (word, folded, style) = self.look(at)?;
        let capitals = is_dotted(word, folded) || matches!(word.shape, Shape::Upper | Shape::Mixed);
        Some(match (capitals, style) {
            (false, _) => Reading::Word,
            (true, Style::Capitals) if !is_dotted(word, folded) => Reading::Either,
            (true, _) => Reading::Initialism,
        })
    }

    /// An ambiguous word that is not simply in small letters, and how its paragraph is written.
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

fn has(list: &[&str], word: &str) -> bool {
    list.binary_search(&word).is_ok()
}

/// An ambiguous word among its neighbours in the sentence; a missing neighbour is empty.
struct Place<'w> {
    folded: &'w str,
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

    /// Whether a noun follows that the initialism alone takes.
    fn has_follower(&self) -> bool {
        let found = FOLLOWERS.binary_search_by(|(word, _)| (*word).cmp(self.folded));
        !self.cut.1 && found.is_ok_and(|n| FOLLOWERS[n].1.split(' ').any(|word| word == self.after))
    }

    /// Whether the phrase ends with this word.
    fn ends(&self) -> bool {
        self.cut.1 || has(SMALL, self.after)
    }

    /// Whether a small word beside this one is in capitals: the voice is raised.
    fn is_loud(&self) -> bool {
        let upper = |shape: Option<Shape>, cut: bool, word: &str| {
            shape == Some(Shape::Upper) && !cut && (has(LOUD, word) || (word == "it" && self.folded == "is"))
        };
        upper(self.shapes.0, self.cut.0, self.before) || upper(self.shapes.1, self.cut.1, self.after)
    }

    /// In capitals among small letters: the initialism, unless the grammar around it is that of a stressed word.
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
        if stressed { Reading::Word } else { Reading::Initialism }
    }

    /// `must ACT now`, `stay SAFE`, `only a START`.
    fn is_stressed(&self) -> bool {
        let verb = has(VERBS, self.folded) && has(URGES, self.before) && !self.cut.0 && self.ends();
        let quality = has(QUALITIES, self.folded) && has(BECOMES, self.before) && self.ends();
        let one = matches!(self.before, "a" | "an" | "this" | "that" | "our" | "your" | "good" | "first" | "real")
            && self.ends();
        let order = has(VERBS, self.folded)
            && self.before.is_empty()
            && has(SMALL, self.after)
            && !self.cut.1
            && !matches!(self.after, "is" | "was" | "and" | "in" | "of");
        verb || quality || one || order
    }

    /// `it IS time`, `what IS the plan`.
    fn is_verb(&self) -> bool {
        has(SUBJECTS, self.before)
            || (!self.before.is_empty()
                && matches!(
                    self.after,
                    "not"
                        | "a"
                        | "an"
                        | "the"
                        | "it"
                        | "this"
                        | "that"
                        | "still"
                        | "now"
                        | "going"
                        | "our"
                        | "possible"
                ))
            || (!self.before.is_empty()
                && self.cut.1
                && self.shapes.0 == Some(Shape::Lower)
                && !is_preposition(self.before))
    }

    /// `get IT done`, `and IT is time`.
    fn is_pronoun(&self) -> bool {
        let verb = matches!(
            self.after,
            "is" | "was"
                | "will"
                | "has"
                | "had"
                | "must"
                | "can"
                | "does"
                | "would"
                | "could"
                | "should"
                | "may"
                | "might"
        );
        let opens = self.cut.0
            || matches!(self.before, "" | "and" | "but" | "that" | "because" | "if" | "as" | "when" | "so" | "think");
        let object = matches!(
            self.before,
            "do" | "did"
                | "does"
                | "get"
                | "got"
                | "want"
                | "need"
                | "is"
                | "mean"
                | "know"
                | "believe"
                | "like"
                | "doing"
        );
        (verb && opens) || (object && (self.ends() || self.after == "done"))
    }

    /// `those WHO pay`, `WHO will decide`.
    fn is_relative(&self) -> bool {
        matches!(self.after, "we" | "they" | "you" | "he" | "she" | "i" | "are" | "the")
            || matches!(
                self.before,
                "those"
                    | "people"
                    | "someone"
                    | "anyone"
                    | "everyone"
                    | "one"
                    | "ask"
                    | "asked"
                    | "know"
                    | "knows"
                    | "decide"
                    | "decides"
                    | "matter"
                    | "question"
                    | "is"
                    | "men"
                    | "women"
                    | "anybody"
                    | "leaders"
                    | "voters"
            )
    }

    /// `tell US more`, `all of US`.
    fn is_object(&self) -> bool {
        let told = matches!(
            self.before,
            "tell"
                | "tells"
                | "told"
                | "help"
                | "helps"
                | "give"
                | "gives"
                | "gave"
                | "let"
                | "lets"
                | "make"
                | "makes"
                | "made"
                | "show"
                | "shows"
                | "showed"
                | "protect"
                | "protects"
                | "keep"
                | "keeps"
                | "threatens"
                | "is"
                | "unlike"
        );
        let share = matches!(
            self.second,
            "all" | "both" | "none" | "some" | "many" | "most" | "half" | "two" | "each" | "rest"
        );
        let stressed =
            is_preposition(self.before) && self.cut.1 && self.before != "in" && self.shapes.0 == Some(Shape::Lower);
        !self.has_follower()
            && ((told && self.ends())
                || (self.before == "of" && share)
                || stressed
                || matches!(self.after, "all" | "both" | "alone"))
    }

    /// In a headline in capitals, or where the voice is raised: the case says nothing.
    fn among_capitals(&self) -> Reading {
        let the = self.before == "the" || self.before == "uks";
        match self.folded {
            "us" if self.is_object() => Reading::Word,
            "us" | "mod" | "quad" => Reading::Initialism,
            "in" | "me" | "oh" | "or" | "can" => Reading::Word,
            _ if self.folded == "start" && self.before == "new" && self.has_follower() => Reading::Initialism,
            _ if has(VERBS, self.folded) && has(URGES, self.before) => Reading::Word,
            _ if self.has_follower() => Reading::Initialism,
            "who" | "sam" | "asap" | "dart" | "safe" if the => Reading::Initialism,
            "who" if matches!(self.after, "says" | "said") && self.before.is_empty() => Reading::Either,
            "is" | "it" | "who" => Reading::Word,
            "asap" if self.cut.1 => Reading::Word,
            "asap" | "safe" | "start" | "step" | "sure" if has(SLOTS, self.before) => Reading::Initialism,
            _ if self.to_name_slot() => Reading::Initialism,
            _ if !has(PROMINENT, self.folded) || the || self.is_stressed() || self.is_ordinary() => Reading::Word,
            _ => Reading::Either,
        }
    }

    /// `AT SHAPE`, which nobody writes of a shape.
    fn to_name_slot(&self) -> bool {
        self.folded == "shape" && matches!(self.before, "at" | "from")
    }

    /// Whether a neighbour is one that the word has and the initialism has not.
    fn is_ordinary(&self) -> bool {
        let small = !self.after.is_empty() && !self.cut.1 && has(SMALL, self.after);
        let common = match self.folded {
            "safe" => matches!(
                self.after,
                "corridor"
                    | "haven"
                    | "havens"
                    | "passage"
                    | "place"
                    | "return"
                    | "route"
                    | "zone"
                    | "zones"
                    | "distance"
                    | "hands"
            ),
            "ice" => {
                matches!(self.before, "arctic" | "black" | "sea" | "thin")
                    || matches!(self.after, "breaker" | "cap" | "sheet")
            }
            "sam" => matches!(self.before, "uncle"),
            "raw" => matches!(self.after, "materials" | "material" | "deal" | "data" | "power"),
            "act" => matches!(self.before, "security" | "balancing" | "war" | "authorization" | "jones" | "class"),
            _ => false,
        };
        small || common || has(BECOMES, self.before) || matches!(self.before, "a" | "an" | "in")
    }

    /// With one capital inside a sentence: house style, a name, or a quotation's first word.
    fn with_one_capital(&self) -> Reading {
        if self.before.is_empty() || self.cut.0 {
            return self.opening();
        }
        let named = |shape: Option<Shape>, cut: bool| shape == Some(Shape::Title) && !cut;
        match self.folded {
            _ if !has(HOUSE_STYLE, self.folded) => Reading::Word,
            "mod" | "asap" => Reading::Initialism,
            "quad" if self.before == "the" => Reading::Initialism,
            _ if self.has_follower() || has(SLOTS, self.before) || self.to_name_slot() => Reading::Initialism,
            "start" if self.before == "new" => Reading::Initialism,
            _ if named(self.shapes.0, self.cut.0) || named(self.shapes.1, self.cut.1) => Reading::Word,
            _ => Reading::Either,
        }
    }

    /// With one capital that a sentence's beginning or a headline gives to every word.
    fn opening(&self) -> Reading {
        match self.folded {
            "mod" => Reading::Initialism,
            "quad" | "safe" | "asap" | "shape" if self.has_follower() => Reading::Initialism,
            "start" if self.before == "new" && self.has_follower() => Reading::Initialism,
            _ if has(HOUSE_STYLE, self.folded) && self.has_follower() => Reading::Either,
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
    fn the_lists_are_sorted_for_their_search() {
        assert!(AMBIGUOUS.iter().all(|word| is_ambiguous(word)));
        assert!(!["", "a", "usa", "shields", "é", "7th", "tempestuous"].into_iter().any(is_ambiguous));
        for list in [AMBIGUOUS, VERBS, QUALITIES, HOUSE_STYLE, PROMINENT, URGES, BECOMES, SLOTS, SMALL, SUBJECTS, LOUD]
        {
            assert!(list.is_sorted(), "{list:?}");
        }
        assert!(FOLLOWERS.is_sorted_by_key(|(word, _)| word));
        for (word, _) in FOLLOWERS {
            assert!(is_ambiguous(word), "{word}");
        }
    }

    #[test]
    fn variant_letters_come_off() {
        assert_eq!(designation_base("f35b"), Some("f35"));
        assert_eq!(designation_base("mq9b"), Some("mq9"));
        assert_eq!(designation_base("f35"), None);
        assert_eq!(designation_base("brexit"), None);
    }
}
