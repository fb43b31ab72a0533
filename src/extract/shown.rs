//! Dates that a page shows its readers without marking them for machines: beside the headline, or with a label (`Last
//! updated: 5 March 2025`) anywhere around the story.
//!
//! The page is cut into lines, as a reader sees them. Dates of other stories, comments and events are told from the
//! story's own by what stands between them and the headline, and by the words around them.

use std::collections::HashSet;

use dom_query::{Document, NodeId, NodeRef};

use super::boilerplate::{BESIDE, ends_sentence};
use super::dates::{self, Found, Manner};
use super::prune::split_words;
use super::title;
use crate::article::Moment;
use crate::wordlist::{WordList, WordTable};

/// What the words before a date say about it: `published`, `modified`, or `other` (an event, a deadline).
static LABELS: WordTable = WordTable::new(include_str!("lists/date_labels.txt"));

/// Words of class names and ids that mark comments, events and other stories.
static APART: WordList = WordList::new(include_str!("lists/apart_classes.txt"));

/// Parts of the addresses of authors' pages.
pub(crate) static AUTHOR_PATHS: WordList = WordList::new(include_str!("lists/author_paths.txt"));

/// Elements that do not break a line.
const INLINE: &[&str] = &[
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "em", "font", "i", "ins", "label",
    "mark", "q", "s", "small", "span", "strong", "sub", "sup", "time", "tt", "u",
];

/// Bytes of the longest line that can be about a date.
const LONGEST_LINE: usize = 240;

/// Bytes between headline and date, at most, and lines of as many bytes or more that are paragraphs of the story.
const FAR: usize = 900;
const PARAGRAPH: usize = 100;

/// The same above the headline, and lines there.
const FAR_ABOVE: usize = 160;
const LINES_ABOVE: usize = 5;

/// Bytes of the largest element that can be a card for another story.
const CARD: usize = 500;

/// Lines with a date that are looked at, at most.
const MOST: usize = 80;

/// A line of a page.
struct Line<'a> {
    /// The innermost element that holds it and breaks lines.
    node: NodeRef<'a>,
    text: String,
}

/// What the words before a date say about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Label {
    Published,
    Modified,
    None,
}

/// A date that stands on the page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Shown {
    pub(crate) moment: Moment,
    pub(crate) label: Label,
    /// Beside the headline, not elsewhere on the page.
    pub(crate) near: bool,
}

/// The dates that a page shows for the story under `headline`, likeliest first. Those far from it have a label.
pub(crate) fn find(document: &Document, headline: &str, manner: &Manner) -> Vec<Shown> {
    let lines = lines(document);
    let manner = manner.with_short_years();
    let Some(at) = headline_among(&lines, headline) else {
        return far(&lines, 0..lines.len(), &HashSet::new(), &manner);
    };
    let around: HashSet<NodeId> = lines[at].node.ancestors_it(None).map(|above| above.id).collect();
    let story = below(&lines, at);
    let mut found = near(&lines, at + 1..story, &around, &manner);
    let close = |line: &Line<'_>| {
        let shared = line.node.ancestors_it(None).find(|above| around.contains(&above.id));
        shared.is_some_and(|shared| !["body", "html"].iter().any(|name| shared.has_name(name)))
    };
    let above: Vec<Shown> = near(&lines, above(&lines, at)..at, &around, &manner)
        .into_iter()
        .filter(|_| lines.get(at.saturating_sub(1)).is_some_and(close))
        .collect();
    found.extend(above.into_iter().rev());
    // Stable: what is published comes first, then what has no label.
    found.sort_by_key(|shown| match shown.label {
        Label::Published => 0,
        Label::None => 1,
        Label::Modified => 2,
    });
    found.extend(far(&lines, story..lines.len(), &around, &manner));
    found
}

/// The day in a title (`Report of 5 March 2025`), unless it is one of a period.
pub(crate) fn in_title(title: &str, manner: &Manner) -> Option<Moment> {
    let text = dates::ascii_digits(title);
    let found: Vec<Found> = dates::find(&text, manner).take(2).collect();
    let [only] = found.as_slice() else { return None };
    (!is_end_of_period(&text[..only.start])).then_some(only.moment)
}

/// The day of the first line that says when a text was published; a date with another label does not count. Lines are
/// those of a document without marks, such as a PDF.
pub(crate) fn of_lines<'t>(lines: impl Iterator<Item = &'t str>, manner: &Manner) -> Option<Moment> {
    let manner = manner.with_short_years();
    let mut plain = None;
    for line in lines {
        let text = dates::ascii_digits(line);
        let found: Vec<Found> = dates::find(&text, &manner).take(4).collect();
        if found.is_empty() || text.contains('©') || !is_about_dates(&text, &found, false) {
            continue;
        }
        match label_of(&text[..found[0].start]) {
            Some("published") => return Some(found[0].moment),
            // Before a colon stands what the date is of: `Tender closes: 1 December`.
            None if !text[..found[0].start].trim_end().ends_with(':') => plain = plain.or(Some(found[0].moment)),
            _ => {}
        }
    }
    plain
}

/// The lines of a page, in order.
fn lines(document: &Document) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    let mut broken = true;
    let Some(body) = document.body() else { return lines };
    for node in body.descendants_it() {
        if node.is_text() {
            let text = title::one_line(&node.text());
            let inline = |above: &NodeRef<'_>| above.node_name().is_some_and(|name| INLINE.contains(&name.as_ref()));
            let Some(holder) = node.ancestors_it(None).find(|above| !inline(above)) else { continue };
            match lines.last_mut().filter(|last| !broken && last.node.id == holder.id) {
                _ if text.is_empty() => continue,
                Some(line) => {
                    line.text.push(' ');
                    line.text.push_str(&text);
                }
                None => lines.push(Line { node: holder, text }),
            }
            broken = false;
        } else if node.has_name("br") || node.has_name("hr") {
            broken = true;
        }
    }
    lines
}

/// The line that is the headline: an `h1` with its text, else any heading, else any line; without one, the first `h1`.
fn headline_among(lines: &[Line<'_>], headline: &str) -> Option<usize> {
    let wanted = title::key(headline);
    let named = |line: &Line<'_>, names: &[&str]| {
        line.node.node_name().is_some_and(|name| names.contains(&name.as_ref()))
            || line.node.parent().and_then(|above| above.node_name()).is_some_and(|name| names.contains(&name.as_ref()))
    };
    let is_alike = |line: &Line<'_>| {
        let key = title::key(&line.text);
        key == wanted || key.len() > 20 && (wanted.starts_with(&key) || key.starts_with(&wanted))
    };
    let alike: Vec<usize> = if wanted.is_empty() {
        Vec::new()
    } else {
        let short = lines.iter().enumerate().filter(|(_, line)| line.text.len() < 400);
        short.filter(|(_, line)| is_alike(line)).map(|(at, _)| at).collect()
    };
    let first = |names: &[&str]| alike.iter().copied().find(|at| named(&lines[*at], names));
    let mains: Vec<usize> = (0..lines.len()).filter(|at| named(&lines[*at], &["h1"])).take(MOST).collect();
    // A short `h1`, or one that leads somewhere, is the name of the site.
    let main = |line: &Line<'_>| {
        line.text.len() >= 20 && !line.node.descendants_it().chain(line.node.parent()).any(|node| node.has_name("a"))
    };
    first(&["h1"])
        .or_else(|| mains.iter().copied().find(|at| main(&lines[*at])))
        .or_else(|| first(&["h2", "h3", "h4"]))
        .or_else(|| mains.first().copied())
        .or_else(|| alike.first().copied())
}

/// The first line below the headline at `at` that is of the story, or too far from the headline.
fn below(lines: &[Line<'_>], at: usize) -> usize {
    let (mut passed, mut paragraphs) = (0, 0);
    for (number, line) in lines.iter().enumerate().skip(at + 1) {
        passed += line.text.len();
        paragraphs += usize::from(line.text.len() >= PARAGRAPH);
        // One paragraph may be the standfirst.
        if passed > FAR || paragraphs > 1 {
            return number;
        }
    }
    lines.len()
}

/// The first line above the headline at `at` that is close to it.
fn above(lines: &[Line<'_>], at: usize) -> usize {
    let mut passed = 0;
    let mut first = at;
    while first > 0 && at - first < LINES_ABOVE {
        passed += lines[first - 1].text.len();
        if passed > FAR_ABOVE {
            break;
        }
        first -= 1;
    }
    first
}

/// The dates of the lines beside the headline.
fn near(lines: &[Line<'_>], range: std::ops::Range<usize>, around: &HashSet<NodeId>, manner: &Manner) -> Vec<Shown> {
    let dated = range.flat_map(|at| dates_of(lines, at, manner).into_iter().map(move |date| (at, date)));
    dated
        .take(MOST)
        .filter(|(at, (_, label))| !is_apart(&lines[*at].node, around, *label))
        .map(|(_, (moment, label))| Shown { moment, label, near: true })
        .collect()
}

/// The dates with a label elsewhere on the page: none of a kind if those of that kind disagree.
fn far(lines: &[Line<'_>], range: std::ops::Range<usize>, around: &HashSet<NodeId>, manner: &Manner) -> Vec<Shown> {
    let dated = range.flat_map(|at| dates_of(lines, at, manner).into_iter().map(move |date| (at, date)));
    let all: Vec<Shown> = dated
        .filter(|(_, (_, label))| *label != Label::None)
        .take(MOST)
        .filter(|(at, (_, label))| !is_apart(&lines[*at].node, around, *label))
        .map(|(_, (moment, label))| Shown { moment, label, near: false })
        .collect();
    let of = |label: Label| {
        let mut days = all.iter().filter(|shown| shown.label == label);
        let first = days.next().copied();
        first.filter(|first| days.all(|other| other.moment.day() == first.moment.day()))
    };
    of(Label::Published).into_iter().chain(of(Label::Modified)).collect()
}

/// The dates of a line that is about dates and authors, with their labels.
fn dates_of(lines: &[Line<'_>], at: usize, manner: &Manner) -> Vec<(Moment, Label)> {
    let line = &lines[at].text;
    if line.len() > LONGEST_LINE || !line.contains(|c: char| c.is_numeric()) {
        return Vec::new();
    }
    let text = dates::ascii_digits(line);
    let found: Vec<Found> = dates::find(&text, manner).take(4).collect();
    let marked = std::iter::once(lines[at].node).chain(lines[at].node.parent());
    let meta =
        marked.into_iter().any(|node| ["meta", "date"].iter().any(|part| node.attr_or("class", "").contains(part)));
    if found.is_empty() || text.contains('©') || !is_about_dates(&text, &found, meta) {
        return Vec::new();
    }
    let before = at.checked_sub(1).map_or("", |before| lines[before].text.as_str());
    let before = if before.len() <= 40 && !before.contains(|c: char| c.is_numeric()) { before } else { "" };
    let mut dates = Vec::new();
    let mut from = 0;
    for date in &found {
        let own = &text[from..date.start];
        from = date.end;
        // `This entry was made on 3 March 2025 and posted by ...`
        let behind = || {
            let after = &text[from..text.floor_char_boundary(from + 40)];
            label_of(after).filter(|label| meta && *label != "other")
        };
        match label_of(own).or_else(|| if own.trim().len() < 4 { label_of(before) } else { None }).or_else(behind) {
            Some("published") => dates.push((date.moment, Label::Published)),
            Some("modified") => dates.push((date.moment, Label::Modified)),
            Some(_) => {}
            None => dates.push((date.moment, Label::None)),
        }
    }
    dates
}

/// What the last word with a meaning before a date says about it.
fn label_of(words: &str) -> Option<&'static str> {
    let lower = words.to_lowercase();
    lower.split(|c: char| !c.is_alphanumeric()).rev().find_map(|word| LABELS.get(word))
}

/// Whether a line says when and by whom, and is no sentence and no period of time: beside its dates it has at most three
/// words in small letters that lines of authors and dates do not have. Where the element is marked as one for such
/// lines (`meta`), only the words before the first date count.
fn is_about_dates(text: &str, found: &[Found], meta: bool) -> bool {
    let period = |gap: &str| PERIODS.has(gap.trim());
    let starts: Vec<usize> = found.iter().map(|date| date.start).collect();
    if found.windows(2).any(|pair| period(&text[pair[0].end..pair[1].start]))
        || starts.iter().any(|start| is_end_of_period(&text[..*start]))
    {
        return false;
    }
    let mut from = 0;
    let mut strange = 0;
    let after = if meta { None } else { Some((text.len(), text.len())) };
    for part in found.iter().map(|date| (date.start, date.end)).take(if meta { 1 } else { found.len() }).chain(after) {
        let words = text[from..part.0].split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        strange += words
            .filter(|word| word.starts_with(char::is_lowercase))
            .filter(|word| !BESIDE.has(word) && LABELS.get(word).is_none())
            .count();
        from = part.1;
    }
    strange <= if ends_sentence(text) && !meta { 0 } else { 3 }
}

/// Signs and words between the first and the last day of a period.
static PERIODS: WordList = WordList::new(include_str!("lists/period_joints.txt"));

/// Whether a text ends in a day and a sign of a period (`3. bis`).
fn is_end_of_period(before: &str) -> bool {
    let before = before.trim_end();
    PERIODS.as_slice().iter().any(|sign| {
        before
            .strip_suffix(sign)
            .is_some_and(|day| day.trim_end().trim_end_matches('.').ends_with(|c: char| c.is_ascii_digit()))
    })
}

/// Whether an element below the nearest one that holds the headline too is of a comment, an event or another story. A
/// foot of the page counts only where the date has a label.
fn is_apart(node: &NodeRef<'_>, around: &HashSet<NodeId>, label: Label) -> bool {
    let mut small = true;
    let own = |above: &NodeRef<'_>| !around.contains(&above.id);
    for above in std::iter::once(*node).chain(node.ancestors_it(None)).take_while(own) {
        let tag = above.node_name().unwrap_or_default();
        let foot = || label == Label::None && !above.ancestors_it(None).any(|around| is_story(&around));
        if matches!(tag.as_ref(), "nav" | "figure" | "figcaption") || tag.as_ref() == "footer" && foot() {
            return true;
        }
        if tag.as_ref() != "body" && has_apart_class(&above) {
            return true;
        }
        small = small && above.normalized_char_count() <= CARD;
        if small && (is_card(&above, node.id) || above.has_name("a") && label == Label::None) {
            return true;
        }
    }
    false
}

/// Whether an element may hold the story.
fn is_story(node: &NodeRef<'_>) -> bool {
    node.has_name("article") || node.has_name("main")
}

/// Whether a word of an element's class or id marks it as one beside the story.
pub(crate) fn has_apart_class(node: &NodeRef<'_>) -> bool {
    let mut words = Vec::new();
    for value in ["class", "id"].iter().filter_map(|name| node.attr(name)).filter(|value| value.len() < 400) {
        split_words(&value, &mut words);
    }
    words.iter().any(|word| APART.has(word))
}

/// Whether a word of an element's class marks a comment or an event.
pub(crate) fn has_class_of_others(node: &NodeRef<'_>) -> bool {
    let mut words = Vec::new();
    if let Some(class) = node.attr("class").filter(|class| class.len() < 400) {
        split_words(&class, &mut words);
    }
    words.iter().any(|word| matches!(word.as_str(), "comment" | "comments" | "commentlist" | "event" | "events"))
}

/// Whether a small element leads to another story: it holds a heading, or a link of many letters that does not lead to
/// an author.
fn is_card(node: &NodeRef<'_>, line: NodeId) -> bool {
    node.descendants_it().filter(|inner| inner.id != line).any(|inner| {
        let Some(name) = inner.node_name() else { return false };
        match name.as_ref() {
            "h1" | "h2" | "h3" | "h4" => inner.normalized_char_count() > 20,
            "a" => {
                let href = inner.attr_or("href", "");
                inner.normalized_char_count() > 30 && !AUTHOR_PATHS.as_slice().iter().any(|path| href.contains(path))
            }
            _ => false,
        }
    })
}
