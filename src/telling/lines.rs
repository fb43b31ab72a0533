//! News as lines: text, Markdown, JSON and CSV. Titles come from the web: characters that steer a terminal or turn the
//! direction of writing are dropped from all forms but JSON, where control characters are escapes.

use std::fmt::Write as _;
use std::io::{self, Write};

use serde_json::json;

use super::{Found, News, Story};
use crate::number::number_of;
use crate::render::export::{Cell, address_of, markdown_escaped, on_one_line, row};
use crate::render::{Rich, Style, short};

/// A story's title as people are shown it, on one line.
pub(super) fn short_title(story: &Story) -> String {
    short(&title(story)).into_owned()
}

/// A story's title, or `(no title)`, on one line.
pub(super) fn title(story: &Story) -> String {
    let title = on_one_line(&story.title);
    if title.is_empty() { "(no title)".to_owned() } else { title }
}

/// The address of a story in visible ASCII, if it is one of a page: as it was asked, where that is known.
pub(super) fn page(story: &Story) -> Option<String> {
    let url = address_of(story.asked.as_deref().or(story.url.as_deref())?);
    (url.starts_with("http://") || url.starts_with("https://")).then_some(url)
}

/// What a search is called in a heading.
pub(super) fn heading(found: &Found) -> String {
    let name = found.name.as_ref().map_or_else(|| "All articles".to_owned(), |name| format!("@{name}"));
    let count = number_of(found.stories.len() as u64 + found.more, "new story");
    match found.elsewhere {
        0 => format!("{name}: {count}"),
        elsewhere => format!("{name}: {count}, and {elsewhere} under other searches"),
    }
}

/// What is counted and not listed, with the command that lists it.
pub(super) fn counted(found: &Found, mark: &str) -> Vec<String> {
    let command = |option: &str| {
        let search = found.name.as_ref().map(|name| format!(" @{name}")).unwrap_or_default();
        let mark = if mark == super::outbox::READER { String::new() } else { format!(" --mark {mark}") };
        format!("despatch new{search}{mark} {option}")
    };
    let mut lines = Vec::new();
    if found.more > 0 {
        lines.push(format!("{} more: {}", found.more, command("--all")));
    }
    if found.copies > 0 {
        lines.push(format!("{} of stories told before", number_of(found.copies, "more copy")));
    }
    if found.late > 0 {
        let there = match found.baseline {
            0 => String::new(),
            all if all == found.late => ", there when you began to follow their sources".to_owned(),
            some => format!(", {some} of them there when you began to follow their sources"),
        };
        lines.push(format!("{} late{there}: {}", found.late, command("--late")));
    }
    lines
}

/// Whether anything is said of a search.
fn is_said(found: &Found) -> bool {
    !found.stories.is_empty() || found.more > 0 || found.elsewhere > 0
}

/// For a terminal and for mail.
///
/// # Errors
///
/// Fails where `out` does.
pub fn text(news: &News, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let width = style.width.saturating_sub(4);
    let mut first = true;
    for found in news.found.iter().filter(|found| is_said(found)) {
        if !std::mem::take(&mut first) {
            writeln!(out)?;
        }
        writeln!(out, "{}", style.paint("1", &heading(found)))?;
        for story in &found.stories {
            writeln!(out)?;
            let url = page(story);
            for line in Rich::new().with_link(&short_title(story), "1", url.as_deref()).lines(width, style) {
                writeln!(out, "  {line}")?;
            }
            let facts = [story.facts(), vec![story.id.clone()]].concat().join(" · ");
            for line in Rich::new().with(&on_one_line(&facts), "2").lines(width, style) {
                writeln!(out, "    {line}")?;
            }
            if let Some(url) = url {
                writeln!(out, "    {}", style.link(&url, &url))?;
            }
        }
        let lines = counted(found, &news.mark);
        if !lines.is_empty() {
            writeln!(out)?;
        }
        for line in lines {
            writeln!(out, "  {line}")?;
        }
    }
    Ok(())
}

/// Markdown (CommonMark), for notes.
///
/// # Errors
///
/// Fails where `out` does.
pub fn markdown(news: &News, out: &mut dyn Write) -> io::Result<()> {
    for found in news.found.iter().filter(|found| is_said(found)) {
        writeln!(out, "## {}\n", markdown_escaped(&heading(found)))?;
        for story in &found.stories {
            let title = markdown_escaped(&short_title(story));
            let title = page(story).map_or_else(|| title.clone(), |url| format!("[{title}](<{url}>)"));
            let facts = [story.facts(), vec![story.id.clone()]].concat().join(" · ");
            writeln!(out, "- {title}  \n  {}", markdown_escaped(&on_one_line(&facts)))?;
        }
        if !found.stories.is_empty() {
            writeln!(out)?;
        }
        for line in counted(found, &news.mark) {
            writeln!(out, "{}\n", markdown_escaped(&line))?;
        }
    }
    Ok(())
}

/// A line for each story and one for each search, as the page of JSON says; not the header.
///
/// # Errors
///
/// Fails where `out` does.
pub fn json(news: &News, out: &mut dyn Write) -> io::Result<()> {
    for story in news.stories() {
        let mut line = serde_json::to_value(story)?;
        if let Some(fields) = line.as_object_mut() {
            fields.insert("type".to_owned(), "new".into());
        }
        writeln!(out, "{line}")?;
    }
    for found in &news.found {
        let line = json!({
            "type": "news", "search": found.name, "from": news.revision(found.from), "to": news.revision(news.upto),
            "stories": found.stories.len(), "elsewhere": found.elsewhere, "more": found.more, "late": found.late,
            "baseline": found.baseline, "copies": found.copies,
        });
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// A table with a head.
///
/// # Errors
///
/// Fails where `out` does.
pub fn csv(news: &News, out: &mut dyn Write) -> io::Result<()> {
    let head = ["search", "also", "id", "story", "title", "url", "outlet", "published", "stored", "copies", "why"];
    row(&head.map(|name| Cell::Text(name.to_owned())), out)?;
    for story in news.stories() {
        let why = serde_json::to_value(story.why)?;
        let cells = [
            Cell::text(story.search.as_deref()),
            Cell::text(Some(story.also.join("; ")).filter(|names| !names.is_empty())),
            Cell::text(Some(&story.id)),
            Cell::text(Some(&story.story)),
            Cell::text(Some(title(story))),
            Cell::text(story.url.as_deref()),
            Cell::text(story.outlet.as_deref()),
            Cell::text(story.published.map(|at| at.to_string())),
            Cell::text(Some(story.stored.to_string())),
            Cell::number(story.copies),
            Cell::text(why.as_str()),
        ];
        row(&cells, out)?;
    }
    Ok(())
}

/// How many stories there are and of which searches: `3 new stories (@uk-safe, @eu)`.
pub(super) fn subject(news: &News) -> String {
    let mut out = number_of(news.total(), "new story");
    let names: Vec<String> = news
        .found
        .iter()
        .filter(|found| is_said(found))
        .map(|found| found.name.as_ref().map_or_else(|| "all articles".to_owned(), |name| format!("@{name}")))
        .collect();
    if !names.is_empty() {
        let _ = write!(out, " ({})", names.join(", ")); // writing to a string cannot fail
    }
    out
}
