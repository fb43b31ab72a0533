//! The plain types that all modules share: documents as found, articles as kept.
//!
//! Everything after [`crate::source`] takes and returns these types. What they promise (offsets on `char` boundaries,
//! days or instants) is documented at each field.
//!
//! ```
//! use despatch::article::{Moment, Place};
//!
//! let place = Place { path: "news.zip".into(), member: Some("uk/talks.html".into()), ..Place::default() };
//! assert_eq!(place.to_string(), "news.zip!uk/talks.html");
//! let published: Moment = "2026-02-04T09:30:00+01:00".parse().unwrap();
//! assert_eq!(published.day().to_string(), "2026-02-04");
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Range;
use std::path::Path;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::hidden::Hidden;

/// A document as it was found: bytes, and what is known about them from outside.
#[derive(Debug, Clone, Default)]
pub struct RawDocument {
    /// The bytes, out of any container or compression.
    pub bytes: Vec<u8>,
    /// What the bytes are.
    pub format: Format,
    /// Media type as declared by a protocol (`text/html; charset=iso-8859-1`), if any.
    pub content_type: Option<String>,
    /// Address from which the document was fetched, if the container records it.
    pub address: Option<String>,
    /// When it was fetched, if the container records it.
    pub fetched: Option<Timestamp>,
    /// Of an entry of a feed: the identifier that it has there, or that its parser made of its address or title.
    pub entry_id: Option<String>,
    /// Where the bytes stand.
    pub place: Place,
}

/// What kind of bytes a [`RawDocument`] holds, recognised by content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// HTML or XHTML.
    Html,
    /// Plain text.
    #[default]
    Text,
    /// Markdown, with or without front matter.
    Markdown,
    /// One JSON object that describes an article.
    Json,
    /// PDF.
    Pdf,
    /// A Word document (`.docx`).
    Word,
    /// One entry of an RSS, Atom or JSON feed, or an e-mail message, already turned into a JSON object.
    FeedEntry,
}

/// Where a document stands: a file, and within it the member and record.
///
/// Printed as `path`, `path!member`, `path:record` or `path!member:record`; records count from 1. Control characters
/// are printed as escapes, because the names are not trusted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// Path of the file as given, `-` for standard input. A byte of it that is no UTF-8 is a character from U+EF80 to
    /// U+EFFF, whose last two digits are the byte.
    pub path: String,
    /// Name of the member within an archive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
    /// Number of the record within the file or member, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<u64>,
    /// First and last byte of the record in the (expanded) file, if it has its own range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<(u64, u64)>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        visible(&self.path).fmt(f)?;
        if let Some(member) = &self.member {
            write!(f, "!{}", visible(member))?;
        }
        if let Some(record) = self.record {
            write!(f, ":{record}")?;
        }
        Ok(())
    }
}

/// Bytes of a file's name that are no UTF-8 are kept as characters of a private area, one for each byte, so that the name
/// is text and can be turned back: byte `0xe9` is U+EFE9.
const RAW_BYTES: std::ops::RangeInclusive<char> = '\u{ef80}'..='\u{efff}';

/// A path as text. On Unix [`path_bytes`] turns it back, whatever bytes it has.
pub(crate) fn path_text(path: &Path) -> String {
    let mut text = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        for c in chunk.valid().chars() {
            if RAW_BYTES.contains(&c) {
                c.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| text.push(raw(byte)));
            } else {
                text.push(c);
            }
        }
        chunk.invalid().iter().for_each(|byte| text.push(raw(*byte)));
    }
    text
}

/// The character that stands for a byte that is no UTF-8. Such a byte is above 0x7f.
fn raw(byte: u8) -> char {
    char::from_u32(0xef00 + u32::from(byte)).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// The bytes of a path that [`path_text`] made text.
pub(crate) fn path_bytes(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if RAW_BYTES.contains(&c) => bytes.push((c as u32 & 0xff) as u8),
            c => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    bytes
}

/// Prints a name for a message, with characters that steer a terminal or hide others written as escapes (`\u{1b}`).
pub(crate) fn visible(name: &str) -> impl fmt::Display + '_ {
    struct Visible<'a>(&'a str);
    impl fmt::Display for Visible<'_> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.0.chars().try_for_each(|c| {
                if RAW_BYTES.contains(&c) {
                    return write!(f, "\\x{:02x}", c as u32 & 0xff);
                }
                if Hidden::of(c).is_some() { write!(f, "{}", c.escape_unicode()) } else { fmt::Write::write_char(f, c) }
            })
        }
    }
    Visible(name)
}

/// A news article: one story as one outlet published it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Article {
    /// Identifier that the input gave (JSON `id`), if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_id: Option<String>,
    /// Canonical address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Headline, without the outlet's name. Empty if the document has none.
    pub title: String,
    /// Names of the authors, one each, without "By" or job titles.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub byline: Vec<String>,
    /// Where and when the report was written; it is removed from the start of `text`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dateline: Option<Dateline>,
    /// When the outlet published it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<Moment>,
    /// When the outlet last changed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified: Option<Moment>,
    /// Who published it: the site's name, else its host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outlet: Option<String>,
    /// ISO 639-1 code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The outlet's section.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// The outlet's own keywords.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<String>,
    /// The body: paragraphs separated by one blank line. Offsets into an article count bytes of this text, unless they
    /// are said to lie in the title.
    pub text: String,
    /// The paragraphs of `text`, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paragraphs: Vec<Paragraph>,
    /// Whether the text is only a summary, as in a feed that gives no full text.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub summary_only: bool,
    /// Why the text may not be the story, the whole story, or the story alone; nothing where nothing speaks against it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub doubts: BTreeSet<Doubt>,
    /// The part of the document from which each value was taken: `title` → `json-ld`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub evidence: BTreeMap<String, String>,
}

impl Article {
    /// The page on which the text at a byte stands, or on which the paragraph begins that runs over the page's end.
    #[must_use]
    pub fn page_at(&self, byte: usize) -> Option<u32> {
        let after = self.paragraphs.partition_point(|paragraph| paragraph.start <= byte);
        self.paragraphs.get(after.checked_sub(1)?)?.page
    }

    /// Replaces text and paragraphs. The new paragraphs must contain no blank lines; empty ones are left out.
    pub fn set_paragraphs<I: IntoIterator<Item = NewParagraph>>(&mut self, paragraphs: I) {
        self.text.clear();
        self.paragraphs.clear();
        for new in paragraphs {
            let body = new.text.trim();
            if body.is_empty() {
                continue;
            }
            if !self.text.is_empty() {
                self.text.push_str("\n\n");
            }
            let start = self.text.len();
            self.text.push_str(body);
            self.paragraphs.push(Paragraph {
                start,
                end: self.text.len(),
                kind: new.kind,
                input: new.input,
                page: new.page,
            });
        }
    }
}

/// Why the text of an article may not be the story that its page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Doubt {
    /// The page's own account of its body is longer by a third.
    Account,
    /// The text has less than 40 % of the running text of the page.
    Fragment,
    /// The text is in another language than the page declares.
    Language,
    /// A third of the text asks for a subscription, an account, money or consent.
    Notice,
    /// Two methods of extraction share less than half of what they found.
    Readings,
    /// The text has fewer than 150 letters.
    Short,
    /// The text is short, and the page asks for a subscription or consent: it may be the free part of the story.
    Wall,
}

impl Doubt {
    /// Every reason for doubt, by name.
    pub const ALL: [Self; 7] =
        [Self::Account, Self::Fragment, Self::Language, Self::Notice, Self::Readings, Self::Short, Self::Wall];

    /// Its name, as in JSON and queries.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Fragment => "fragment",
            Self::Language => "language",
            Self::Notice => "notice",
            Self::Readings => "readings",
            Self::Short => "short",
            Self::Wall => "wall",
        }
    }

    /// What it says of an article, for a reader.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::Account => "the page's own account of its text is longer by a third",
            Self::Fragment => "less than 40 % of the page's running text is in the article",
            Self::Language => "the text is in another language than the page declares",
            Self::Notice => "much of the text asks for a subscription, an account, money or consent",
            Self::Readings => "two methods of extraction share less than half of what they found",
            Self::Short => "the text has fewer than 150 letters",
            Self::Wall => "the text is short and the page asks for a subscription or consent",
        }
    }
}

/// A paragraph on its way into an [`Article`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewParagraph {
    /// The paragraph's text.
    pub text: String,
    /// Its part in the article.
    pub kind: ParagraphKind,
    /// Bytes of the input from which it came, where they are known.
    pub input: Option<(u64, u64)>,
    /// Page on which it begins, from 1, if the document has pages.
    pub page: Option<u32>,
}

/// A paragraph of an article's text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paragraph {
    /// First byte in [`Article::text`].
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Its part in the article.
    #[serde(default, skip_serializing_if = "ParagraphKind::is_text")]
    pub kind: ParagraphKind,
    /// Bytes of the input from which it came (plain text, Markdown, JSON), where they are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<(u64, u64)>,
    /// Page on which it begins, from 1, if the document has pages (PDF). It counts sheets: the number printed on the page
    /// may be another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
}

impl Paragraph {
    /// The bytes of the article's text that the paragraph covers.
    pub fn range(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// The part that a paragraph plays in its article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ParagraphKind {
    /// Running text.
    #[default]
    Text,
    /// A subheading: no passage crosses it.
    Heading,
    /// An item of a list.
    ListItem,
    /// A block quotation.
    Quote,
    /// A row of a table.
    Table,
}

impl ParagraphKind {
    fn is_text(&self) -> bool {
        *self == Self::Text
    }
}

/// The dateline of a report: `BRUSSELS, 3 March (Agency) -`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dateline {
    /// As it stood in the text.
    pub text: String,
    /// Places, one or more, capitalised as names (`Brussels`).
    pub places: Vec<String>,
    /// Day, where the dateline has one and the year is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// News agency, where the dateline names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<String>,
}

/// A point in time as a publisher gives it: a day, or an instant with the offset from UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Only the day is known.
    Day(Date),
    /// An instant, with the offset under which it was written.
    Instant(Timestamp, Offset),
}

impl Moment {
    /// The day in the offset that the publisher wrote.
    pub fn day(&self) -> Date {
        match self {
            Self::Day(day) => *day,
            Self::Instant(at, offset) => offset.to_datetime(*at).date(),
        }
    }

    /// Seconds since 1970-01-01 in UTC; of a day, those of its midnight in UTC.
    pub fn seconds(&self) -> i64 {
        match self {
            Self::Day(day) => day.to_zoned(TimeZone::UTC).map_or(i64::MIN, |zoned| zoned.timestamp().as_second()),
            Self::Instant(at, _) => at.as_second(),
        }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => write!(f, "{day}"),
            Self::Instant(at, offset) if *offset == Offset::UTC => write!(f, "{at}"),
            Self::Instant(at, offset) => write!(f, "{}", at.display_with_offset(*offset)),
        }
    }
}

impl FromStr for Moment {
    type Err = jiff::Error;

    /// Reads a day (`2025-11-28`) or an RFC 3339 instant with its offset.
    fn from_str(text: &str) -> Result<Self, jiff::Error> {
        let text = text.trim();
        if text.len() == 10 {
            return Ok(Self::Day(text.parse()?));
        }
        let at: Timestamp = text.parse()?;
        let offset = jiff::fmt::temporal::Pieces::parse(text)?.to_numeric_offset();
        Ok(Self::Instant(at, offset.unwrap_or(Offset::UTC)))
    }
}

impl From<&Zoned> for Moment {
    fn from(zoned: &Zoned) -> Self {
        Self::Instant(zoned.timestamp(), zoned.offset())
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Moment {
        text.parse().expect(text)
    }

    #[test]
    fn a_moment_is_printed_as_it_was_read() {
        let texts = ["2025-11-28", "2025-11-28T10:00:00Z", "2025-11-28T10:00:00+09:00", "2025-11-28T23:30:00-05:30"];
        for text in texts {
            assert_eq!(moment(text).to_string(), text);
            let json = serde_json::to_string(&moment(text)).expect(text);
            assert_eq!(json, format!("\"{text}\""));
            assert_eq!(serde_json::from_str::<Moment>(&json).expect(text), moment(text));
        }
        assert_eq!(moment(" 2025-11-28 "), moment("2025-11-28"));
        for text in ["", "2025-13-01", "2025-11-28T10:00", "yesterday", "20251128"] {
            assert!(text.parse::<Moment>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_day_of_an_instant_is_that_of_its_own_offset_and_its_seconds_those_of_utc() {
        for (text, day, seconds) in [
            ("1970-01-02", "1970-01-02", 86_400),
            ("1970-01-02T00:00:00Z", "1970-01-02", 86_400),
            ("1970-01-02T00:30:00+01:00", "1970-01-02", 84_600),
            ("1970-01-01T23:30:00-01:00", "1970-01-01", 88_200),
            ("1969-12-31", "1969-12-31", -86_400),
        ] {
            let moment = moment(text);
            assert_eq!((moment.day().to_string().as_str(), moment.seconds()), (day, seconds), "{text}");
        }
    }

    #[test]
    fn a_place_is_printed_as_path_member_and_record_with_control_characters_escaped() {
        let place = |path: &str, member: Option<&str>, record| {
            Place { path: path.to_owned(), member: member.map(str::to_owned), record, bytes: Some((1, 2)) }.to_string()
        };
        assert_eq!(place("a.html", None, None), "a.html");
        assert_eq!(place("a.zip", Some("b.html"), None), "a.zip!b.html");
        assert_eq!(place("a.jsonl", None, Some(3)), "a.jsonl:3");
        assert_eq!(place("a.zip", Some("b.jsonl"), Some(3)), "a.zip!b.jsonl:3");
        assert_eq!(place("a\u{1b}[m", Some("b\u{202e}c"), None), "a\\u{1b}[m!b\\u{202e}c");
    }

    #[test]
    fn characters_that_act_unseen_are_written_as_escapes_and_no_others() {
        let hidden = "\0\n\t\u{7f}\u{85}\u{ad}\u{61c}\u{180e}\u{200b}\u{200f}\u{2028}\u{202e}\u{2060}\u{206f}\u{feff}\u{fff9}\u{fffb}\u{e0000}\u{e007f}";
        assert_eq!(visible(hidden).to_string().matches("\\u{").count(), hidden.chars().count());
        let seen = "a é\u{200a}\u{2010}\u{2027}\u{202f}\u{205f}\u{2070}\u{fff8}\u{fffc}\u{e0080}\u{1f600}";
        assert_eq!(visible(seen).to_string(), seen);
    }

    #[cfg(unix)]
    #[test]
    fn a_path_that_is_no_text_is_kept_by_its_bytes() {
        use std::os::unix::ffi::OsStrExt;
        for name in [&b"caf\xe9.html"[..], b"caf\xc3\xa9.html", b"\xff\xfe\x80", "\u{efe9}x".as_bytes(), b"plain"] {
            let text = path_text(Path::new(std::ffi::OsStr::from_bytes(name)));
            assert_eq!(path_bytes(&text), name, "{text:?}");
        }
        assert_eq!(visible(&path_text(Path::new(std::ffi::OsStr::from_bytes(b"caf\xe9")))).to_string(), "caf\\xe9");
    }

    #[test]
    fn paragraphs_are_joined_by_a_blank_line_and_empty_ones_left_out() {
        let new = |text: &str, kind| NewParagraph { text: text.to_owned(), kind, input: Some((7, 9)), page: None };
        let mut article = Article::default();
        article.set_paragraphs([new("old", ParagraphKind::Text)]);
        article.set_paragraphs([
            new(" \n", ParagraphKind::Text),
            new(" One. ", ParagraphKind::Heading),
            new("", ParagraphKind::Text),
            new("Zwölf.", ParagraphKind::Quote),
        ]);
        assert_eq!(article.text, "One.\n\nZwölf.");
        let found: Vec<_> = article.paragraphs.iter().map(|p| (&article.text[p.range()], p.kind, p.input)).collect();
        assert_eq!(
            found,
            [("One.", ParagraphKind::Heading, Some((7, 9))), ("Zwölf.", ParagraphKind::Quote, Some((7, 9)))]
        );
    }

    #[test]
    fn what_an_article_lacks_is_left_out_of_its_json() {
        let mut article = Article::default();
        article.set_paragraphs([NewParagraph { text: "One.".to_owned(), ..NewParagraph::default() }]);
        let json = serde_json::to_string(&article).expect("an article is JSON");
        assert_eq!(json, "{\"title\":\"\",\"text\":\"One.\",\"paragraphs\":[{\"start\":0,\"end\":4}]}");
        article.summary_only = true;
        article.paragraphs[0].kind = ParagraphKind::ListItem;
        let json = serde_json::to_string(&article).expect("an article is JSON");
        assert!(json.contains("\"kind\":\"list-item\"") && json.contains("\"summary_only\":true"), "{json}");
        assert_eq!(serde_json::from_str::<Article>(&json).expect("an article is read back"), article);
    }
}
