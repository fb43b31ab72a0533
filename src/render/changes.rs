//! What changed between versions of an article: for people, as Markdown, as JSON.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::export::markdown_escaped as escaped;
use super::{Rich, Style, clean, short};
use crate::archive::Stored;
use crate::article::Article;
use crate::diff::{Change, Diff, Excerpt, Kind, Op, excerpts, whole};
use crate::number::number_of;

/// Columns before what belongs to a change.
const INDENT: usize = 4;
/// Places of a change that are printed, unless all are wanted.
const PLACES: usize = 3;
const BOLD: &str = "1";
const DIM: &str = "2";
/// SGR codes of words that were cut (red, struck out) and added (green, underlined): colour alone tells nothing.
const CUT: &str = "31;9";
const ADDED: &str = "32;4";

/// A version with its number among those of its article, from 1.
#[derive(Debug, Clone)]
pub struct Numbered {
    /// Its number.
    pub number: usize,
    /// When it was stored, in RFC 3339.
    pub stored: String,
    /// The same for people.
    pub shown: String,
    /// The article as it was then.
    pub version: Stored,
}

/// What changed between two versions.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The older one.
    pub old: Numbered,
    /// The newer one.
    pub new: Numbered,
    /// What is different.
    pub change: Change,
    /// Whether the program read the same bytes otherwise: no edit of the outlet.
    pub reread: bool,
    /// Whether to print the whole text, not only the sentences around each change.
    pub whole: bool,
}

impl Shown {
    fn articles(&self) -> (&Article, &Article) {
        (&self.old.version.article, &self.new.version.article)
    }

    fn title(&self) -> &str {
        let title = self.new.version.article.title.as_str();
        if title.trim().is_empty() { "(no title)" } else { title }
    }

    /// What changed, on a line.
    #[must_use]
    pub fn summary(&self) -> String {
        let labels = self.labels();
        if labels.is_empty() { "nothing that is read".to_owned() } else { labels.join("; ") }
    }

    /// What kind of change it is, in words.
    fn labels(&self) -> Vec<String> {
        let change = &self.change;
        let mut labels: Vec<String> = Vec::new();
        let mut add = |wanted: bool, label: &str| labels.extend(wanted.then(|| label.to_owned()));
        add(self.reread, "read anew from the same bytes");
        add(!self.reread && change.kinds.contains(&Kind::Full), "the whole text in place of a shorter one");
        add(change.withdrawn, "withdrawn");
        add(change.correction, "with a correction");
        add(change.silent, "silent");
        let kinds: Vec<&str> =
            change.kinds.iter().filter(|kind| **kind != Kind::Full).map(|kind| kind.name()).collect();
        add(!kinds.is_empty(), &kinds.join(", "));
        let (cut, added) =
            (change.title.words_cut + change.text.words_cut, change.title.words_added + change.text.words_added);
        add(cut + added > 0, &format!("{} cut, {added} added", number_of(cut as u64, "word")));
        labels
    }

    /// The places of the text that changed, or all of it.
    fn places(&self) -> (Vec<Excerpt<'_>>, usize) {
        let (old, new) = self.articles();
        if self.change.text.is_same() {
            return (Vec::new(), 0);
        }
        if self.whole {
            return (vec![whole(&self.change.text, &old.text, &new.text)], 0);
        }
        let mut places = excerpts(&self.change.text, &old.text, &new.text);
        let more = places.len().saturating_sub(PLACES);
        places.truncate(PLACES);
        (places, more)
    }

    /// Values that are printed as they were and are.
    fn values(&self) -> Vec<(&'static str, String, String)> {
        let (old, new) = self.articles();
        let names = |article: &Article| match article.byline.join(", ") {
            names if names.is_empty() => "nobody".to_owned(),
            names => names,
        };
        let date = |article: &Article| article.published.map_or("no date".to_owned(), |date| date.to_string());
        let mut out = Vec::new();
        if self.change.kinds.contains(&Kind::Byline) {
            out.push(("byline", names(old), names(new)));
        }
        if self.change.kinds.contains(&Kind::Date) {
            out.push(("published", date(old), date(new)));
        }
        out
    }
}

/// A change for people.
///
/// # Errors
///
/// Fails where `out` does.
pub fn text(shown: &Shown, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut line = |rich: Rich, indent: usize| -> io::Result<()> {
        let width = style.width.saturating_sub(indent);
        rich.lines(width, style).iter().try_for_each(|line| writeln!(out, "{:indent$}{line}", ""))
    };
    let article = &shown.new.version.article;
    line(Rich::new().with_link(&short(shown.title()), BOLD, article.url.as_deref()), 0)?;
    let mut facts: Vec<String> = article.outlet.iter().cloned().collect();
    facts.push(shown.new.shown.clone());
    facts.push(format!("version {} to {}", shown.old.number, shown.new.number));
    facts.push(shown.new.version.id.clone());
    line(Rich::new().with(&facts.join(" · "), DIM), INDENT)?;
    line(Rich::new().with(&shown.labels().join("; "), ""), INDENT)?;
    if !shown.change.title.is_same() {
        let (old, new) = shown.articles();
        let title = whole(&shown.change.title, &old.title, &new.title);
        line(inked(Rich::new().with("headline: ", DIM), &title, style), INDENT)?;
    }
    for (name, old, new) in shown.values() {
        line(Rich::new().with(&format!("{name}: "), DIM).with(&format!("{old} → {new}"), ""), INDENT)?;
    }
    let (places, more) = shown.places();
    for place in &places {
        line(inked(Rich::new(), place, style), INDENT)?;
    }
    if more > 0 {
        let (id, old, new) = (&shown.new.version.id, shown.old.number, shown.new.number);
        let command = format!("{more} more: despatch show {id} --diff {old}..{new} --context all");
        line(Rich::new().with(&command, DIM), INDENT)?;
    }
    writeln!(out)
}

/// An excerpt with what was cut and added in colour, or between signs.
fn inked(rich: Rich, excerpt: &Excerpt<'_>, style: &Style) -> Rich {
    let mut rich = if excerpt.cut_before { rich.with("… ", "") } else { rich };
    for segment in &excerpt.segments {
        rich = match (segment.op, style.colored) {
            (Op::Equal, _) => rich.with(segment.text, ""),
            (Op::Delete, true) => rich.with(segment.text, CUT),
            (Op::Insert, true) => rich.with(segment.text, ADDED),
            (Op::Delete, false) => rich.with(&signed("[-", segment.text, "-]"), ""),
            (Op::Insert, false) => rich.with(&signed("{+", segment.text, "+}"), ""),
        };
    }
    if excerpt.cut_after { rich.with(" …", "") } else { rich }
}

/// Text between two signs, which stand within the spaces around it. A paragraph has signs of its own.
fn signed(open: &str, text: &str, close: &str) -> String {
    let mut out = String::new();
    for part in text.split_inclusive('\n') {
        let inner = part.trim();
        if inner.is_empty() {
            out.push_str(part);
            continue;
        }
        let start = part.len() - part.trim_start().len();
        out.push_str(&part[..start]);
        out.push_str(&format!("{open}{inner}{close}"));
        out.push_str(&part[start + inner.len()..]);
    }
    out
}

/// A change as Markdown: what was cut struck out, what was added in bold.
///
/// # Errors
///
/// Fails where `out` does.
pub fn markdown(shown: &Shown, out: &mut dyn Write) -> io::Result<()> {
    let article = &shown.new.version.article;
    let title = escaped(&short(&shown.title().replace('\n', " ")));
    match &article.url {
        Some(url) => writeln!(out, "## [{title}](<{}>)\n", clean(url).replace(['<', '>', ' '], ""))?,
        None => writeln!(out, "## {title}\n")?,
    }
    let mut facts: Vec<String> = article.outlet.iter().cloned().collect();
    facts.push(shown.new.shown.clone());
    facts.push(format!("version {} to {}", shown.old.number, shown.new.number));
    facts.push(shown.new.version.id.clone());
    facts.extend(shown.labels());
    writeln!(out, "{}\n", escaped(&clean(&facts.join(" · "))))?;
    if !shown.change.title.is_same() {
        let (old, new) = shown.articles();
        writeln!(out, "Headline: {}\n", marked(&whole(&shown.change.title, &old.title, &new.title)))?;
    }
    for (name, old, new) in shown.values() {
        writeln!(out, "{name}: {}\n", escaped(&clean(&format!("{old} → {new}"))))?;
    }
    let (places, more) = shown.places();
    for place in &places {
        let marked = marked(place);
        let lines: Vec<&str> = marked.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        writeln!(out, "> {}\n", lines.join("\n>\n> "))?;
    }
    if more > 0 { writeln!(out, "{more} more\n") } else { Ok(()) }
}

fn marked(excerpt: &Excerpt<'_>) -> String {
    let mut out = String::new();
    out.push_str(if excerpt.cut_before { "… " } else { "" });
    for segment in &excerpt.segments {
        let text: String = segment
            .text
            .split_inclusive('\n')
            .map(|line| escaped(&clean(line.trim_end_matches('\n'))) + if line.ends_with('\n') { "\n" } else { "" })
            .collect();
        match segment.op {
            Op::Equal => out.push_str(&text),
            Op::Delete => out.push_str(&signed("~~", &text, "~~")),
            Op::Insert => out.push_str(&signed("**", &text, "**")),
        }
    }
    out.push_str(if excerpt.cut_after { " …" } else { "" });
    out
}

/// A change as a line of JSON, of type `change`.
///
/// # Errors
///
/// Fails where `out` does.
pub fn json(shown: &Shown, out: &mut dyn Write) -> io::Result<()> {
    let (old, new) = shown.articles();
    let change = &shown.change;
    let mut line = json!({
        "type": "change", "id": shown.new.version.id, "url": new.url, "outlet": new.outlet,
        "old": shown.old.number, "new": shown.new.number,
        "old_stored": shown.old.stored, "new_stored": shown.new.stored,
        "kind": change.kinds, "silent": change.silent, "correction": change.correction,
        "withdrawn": change.withdrawn, "small": change.small, "reread": shown.reread,
        "words_cut": change.title.words_cut + change.text.words_cut,
        "words_added": change.title.words_added + change.text.words_added,
        "title": {"old": old.title, "new": new.title, "hunks": hunks(&change.title, &old.title, &new.title)},
        "hunks": hunks(&change.text, &old.text, &new.text),
    });
    if change.kinds.contains(&Kind::Byline) {
        line["byline"] = json!({"old": old.byline, "new": new.byline});
    }
    if change.kinds.contains(&Kind::Date) {
        line["published"] = json!({"old": old.published, "new": new.published});
    }
    if shown.whole {
        line["text"] = json!({"old": old.text, "new": new.text});
    }
    writeln!(out, "{line}")
}

/// The stretches of two texts, with the words of those that were cut or added; none where the texts are the same.
fn hunks(diff: &Diff, old: &str, new: &str) -> Vec<Value> {
    let one = |edit: &crate::diff::Edit| {
        let mut value = serde_json::to_value(edit).unwrap_or_default();
        match edit.op {
            Op::Equal => {}
            Op::Delete => value["text"] = json!(old.get(edit.old.clone())),
            Op::Insert => value["text"] = json!(new.get(edit.new.clone())),
        }
        value
    };
    if diff.is_same() { Vec::new() } else { diff.ops.iter().map(one).collect() }
}
