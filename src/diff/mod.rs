//! What changed between two versions of an article, word by word.
//!
//! Both texts are levelled first: spaces, line breaks, quotation marks, dashes and composed letters, and the furniture of
//! the page ("Updated 5 minutes ago", links to other stories), are no change. Then words are aligned, and each change is
//! weighed: a number, a name, a negation, another word or three words make an edit; the rest is small, such as a misprint
//! that was mended.
//!
//! ```
//! use despatch::article::Article;
//! use despatch::diff::{Change, Kind, Op, diff};
//!
//! let version = |text: &str| Article { text: text.into(), ..Article::default() };
//! let (old, new) = (version("Alda ordered 12 ferries."), version("Alda ordered 14 ferries."));
//! let change = Change::between(&old, &new);
//! assert!(change.kinds.contains(&Kind::Text) && change.silent && !change.small);
//! let text = diff(&old.text, &new.text);
//! let cut: Vec<&str> = text.ops.iter().filter(|op| op.op == Op::Delete).map(|op| &old.text[op.old.clone()]).collect();
//! assert_eq!(cut, ["12"]);
//! ```

mod align;
mod excerpt;
mod furniture;
mod notes;
#[cfg(test)]
mod tests;
mod tokens;
mod weigh;

use std::collections::BTreeSet;
use std::ops::Range;

use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};

use crate::article::{Article, Moment};
use crate::duplicate::shingles;
use align::Piece;
pub use excerpt::{Excerpt, Segment, excerpts, whole};
use tokens::{Forms, Token, tokens};
use weigh::Weight;

/// Words from which a change of words is an edit, cut and added ones counted.
const EDIT: usize = 3;

/// What became of a stretch of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Op {
    /// It stayed, but for spaces, signs and furniture that are levelled out.
    Equal,
    /// The old text has it.
    Delete,
    /// The new text has it.
    Insert,
}

/// A stretch of the old text and what is in its place in the new one, in bytes; one of them is empty unless they are equal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Edit {
    /// What became of it.
    pub op: Op,
    /// Its bytes in the old text.
    #[serde(serialize_with = "pair")]
    pub old: Range<usize>,
    /// Its bytes in the new text.
    #[serde(serialize_with = "pair")]
    pub new: Range<usize>,
}

fn pair<S: Serializer>(range: &Range<usize>, serializer: S) -> Result<S::Ok, S::Error> {
    let mut pair = serializer.serialize_seq(Some(2))?;
    pair.serialize_element(&range.start)?;
    pair.serialize_element(&range.end)?;
    pair.end()
}

/// How two texts differ.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diff {
    /// Stretches that cover both texts, in order and without gap. A stretch that was replaced is cut, then added. Taking
    /// what stayed from the old text and what was added from the new one gives the new text, but for what is levelled out.
    pub ops: Vec<Edit>,
    /// Words that were cut.
    pub words_cut: usize,
    /// Words that were added.
    pub words_added: usize,
    /// Whether nothing but small changes were made.
    pub small: bool,
}

impl Diff {
    /// Whether the texts tell the same in the same words.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.ops.iter().all(|op| op.op == Op::Equal)
    }
}

/// Compares two texts word by word. Takes time in proportion to their length.
#[must_use]
pub fn diff(old: &str, new: &str) -> Diff {
    let mut forms = Forms::default();
    let (left, right) = (tokens(old, &mut forms), tokens(new, &mut forms));
    let of = |tokens: &[Token]| -> Vec<u32> { tokens.iter().map(|token| token.form).collect() };
    let pieces = align::align(&of(&left), &of(&right));
    let counts = [&left, &right].map(|tokens| counts(tokens));
    let between = |counts: &[usize], range: Range<usize>| counts[range.end] - counts[range.start];
    let pieces = align::join(pieces, |range| between(&counts[0], range), |range| between(&counts[1], range));
    let mut out = Diff { small: true, ..Diff::default() };
    let mut heavy = 0;
    for piece in pieces.iter().filter(|piece| !piece.equal) {
        let weight = Weight::of(&left[piece.old.clone()], &right[piece.new.clone()]);
        (out.words_cut, out.words_added) = (out.words_cut + weight.cut, out.words_added + weight.added);
        heavy += weight.words;
        out.small &= !weight.telling;
    }
    out.small &= heavy < EDIT;
    out.ops = ops(&pieces, (&left, old.len()), (&right, new.len()));
    out
}

/// A text without what is levelled out: the words and signs by which it is compared, with a space after each. Two texts that
/// differ in layout and furniture alone give the same.
#[must_use]
pub fn levelled(text: &str) -> String {
    let mut forms = Forms::default();
    let tokens = tokens(text, &mut forms);
    let forms = forms.by_number();
    tokens.iter().flat_map(|token| [forms.get(token.form as usize).copied().unwrap_or_default(), " "]).collect()
}

/// For each place in a sequence, how many words stand before it.
fn counts(tokens: &[Token]) -> Vec<usize> {
    let mut count = 0;
    let mut out = vec![0];
    out.extend(tokens.iter().map(|token| {
        count += usize::from(token.word.is_some());
        count
    }));
    out
}

/// Pieces as stretches of bytes. The spaces after what stays belong to it, where both texts have some; a stretch that is
/// replaced ends with its last word, one that is only cut or added ends before the next.
fn ops(pieces: &[Piece], (old, old_end): (&[Token], usize), (new, new_end): (&[Token], usize)) -> Vec<Edit> {
    let mut out: Vec<Edit> = Vec::new();
    let mut push = |op, old: Range<usize>, new: Range<usize>| {
        if !old.is_empty() || !new.is_empty() {
            out.push(Edit { op, old, new });
        }
    };
    let (mut i, mut j, mut tight) = (0, 0, false);
    for (at, piece) in pieces.iter().enumerate() {
        let ends = |tokens: &[Token], to: usize, whole: usize| {
            let end = to.checked_sub(1).map_or(0, |last| tokens[last].bytes.end);
            (end, tokens.get(to).map_or(whole, |next| next.bytes.start).max(end))
        };
        let ((x, wide_x), (y, wide_y)) = (ends(old, piece.old.end, old_end), ends(new, piece.new.end, new_end));
        tight = match piece.equal {
            true => x == wide_x || y == wide_y,
            false => tight || (!piece.old.is_empty() && !piece.new.is_empty()) || at + 1 == pieces.len(),
        };
        let (x, y) = match (at + 1 == pieces.len(), tight) {
            (true, _) if piece.equal => (old_end, new_end),
            (_, true) => (x.max(i), y.max(j)),
            (_, false) if piece.equal => (wide_x, wide_y),
            // What has no words here ends where it begins.
            (_, false) => {
                (if piece.old.is_empty() { i } else { wide_x }, if piece.new.is_empty() { j } else { wide_y })
            }
        };
        if piece.equal {
            push(Op::Equal, i..x, j..y);
        } else {
            push(Op::Delete, i..x, j..j);
            push(Op::Insert, x..x, j..y);
        }
        (i, j) = (x, y);
    }
    push(Op::Equal, i..old_end, j..new_end);
    out
}

/// What is different in an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Its headline.
    Headline,
    /// Its text.
    Text,
    /// Who wrote it.
    Byline,
    /// When it was published.
    Date,
    /// A summary has become the whole text, or that of a feed the one of its page: no edit of the outlet.
    Full,
    /// Something else, such as keywords.
    Details,
}

impl Kind {
    /// Its name, as in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Headline => "headline",
            Self::Text => "text",
            Self::Byline => "byline",
            Self::Date => "date",
            Self::Full => "full",
            Self::Details => "details",
        }
    }
}

/// What changed between two versions of an article.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// What is different; nothing where the versions tell the same.
    pub kinds: BTreeSet<Kind>,
    /// The headlines compared.
    pub title: Diff,
    /// The texts compared.
    pub text: Diff,
    /// Whether the outlet says in a new note that it has changed the article.
    pub correction: bool,
    /// Whether the headline now says that the story is taken back.
    pub withdrawn: bool,
    /// Whether headline or text changed without a note and without a later date.
    pub silent: bool,
    /// Whether it is no edit, or one of a few words without number, name or negation.
    pub small: bool,
}

impl Change {
    /// Compares two versions of an article.
    #[must_use]
    pub fn between(old: &Article, new: &Article) -> Self {
        let (title, text) = (diff(&old.title, &new.title), diff(&old.text, &new.text));
        let mut kinds = BTreeSet::new();
        let mut add = |kind: Kind, differs: bool| {
            if differs {
                kinds.insert(kind);
            }
        };
        let byline =
            |article: &Article| -> BTreeSet<String> { article.byline.iter().map(|name| name.to_lowercase()).collect() };
        add(Kind::Headline, !title.is_same());
        add(Kind::Text, !text.is_same());
        add(Kind::Byline, byline(old) != byline(new));
        add(Kind::Date, old.published != new.published);
        add(Kind::Full, old.summary_only && !new.summary_only);
        let differs = kinds.is_empty() && differs_in_details(old, new);
        if differs {
            kinds.insert(Kind::Details);
        }
        let correction = notes::has_new_note(old, new);
        let withdrawn = notes::is_withdrawn(&new.title) && !notes::is_withdrawn(&old.title);
        let edited = !title.is_same() || !text.is_same();
        let at = |moment: Option<Moment>| moment.map(|moment| moment.seconds());
        let later = at(new.modified) > at(old.modified.or(old.published)) || at(new.published) > at(old.published);
        let completed = kinds.contains(&Kind::Full);
        let told = [
            (!title.is_same() && !title.small) || (!text.is_same() && !text.small),
            correction || withdrawn,
            kinds.contains(&Kind::Byline) && !old.byline.is_empty() && !new.byline.is_empty(),
            kinds.contains(&Kind::Date) && other_day(old, new),
        ];
        let small = completed || !told.contains(&true);
        let silent = edited && !completed && !correction && !later;
        Self { kinds, title, text, correction, withdrawn, silent, small }
    }

    /// The same change, known to be none of the outlet's: the program found a better form of the article, or reads the same
    /// bytes otherwise.
    #[must_use]
    pub fn completed(mut self) -> Self {
        self.kinds.insert(Kind::Full);
        (self.silent, self.correction, self.withdrawn, self.small) = (false, false, false, true);
        self
    }
}

/// Whether two versions were published on different days, as far as both say.
fn other_day(old: &Article, new: &Article) -> bool {
    old.published.zip(new.published).is_some_and(|(old, new)| old.day() != new.day())
}

/// Whether anything but the values that have kinds of their own differs.
fn differs_in_details(old: &Article, new: &Article) -> bool {
    old.keywords != new.keywords
        || old.section != new.section
        || old.outlet != new.outlet
        || old.modified != new.modified
        || old.dateline != new.dateline
        || old.url != new.url
        || old.language != new.language
        || old.doubts != new.doubts
        || old.text != new.text
        || old.title != new.title
}

/// The share of the stretches of four words of a text that another one has, too: 1 where it has all, and where the text is
/// too short to have any and the other begins with it.
#[must_use]
pub fn kept_share(old: &str, new: &str) -> f64 {
    let (left, right): (BTreeSet<u32>, BTreeSet<u32>) =
        (shingles(old).into_iter().collect(), shingles(new).into_iter().collect());
    if left.is_empty() {
        return if new.contains(old.trim()) { 1.0 } else { 0.0 };
    }
    left.intersection(&right).count() as f64 / left.len() as f64
}
