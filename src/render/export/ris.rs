//! RIS, for reference managers (Research Information Systems; the tags as Zotero, Mendeley and EndNote read them).

use std::io::{self, Write};

use super::names::{Name, parts};
use super::{address, day, on_one_line, passages, title};
use crate::engine::Hit;

/// One record with its citation key. Lines end in CRLF, as the format requires, and no value contains a line break.
pub(super) fn hit(key: &str, hit: &Hit, out: &mut dyn Write) -> io::Result<()> {
    let mut line = |tag: &str, value: &str| write!(out, "{tag}  - {value}\r\n");
    line("TY", "NEWS")?;
    line("ID", key)?;
    line("AN", &on_one_line(&hit.id))?;
    line("TI", &title(hit))?;
    for name in &hit.byline {
        match parts(&on_one_line(name), hit.outlet.as_deref()) {
            Name::Person { given, family } => line("AU", &format!("{family}, {given}"))?,
            Name::Whole(name) => line("AU", &name)?,
        }
    }
    if let Some(outlet) = &hit.outlet {
        line("T2", &on_one_line(outlet))?;
    }
    if let Some(day) = day(hit) {
        line("PY", &format!("{:04}", day.year()))?;
        line("DA", &format!("{:04}/{:02}/{:02}", day.year(), day.month(), day.day()))?;
    }
    if let Some(language) = &hit.language {
        line("LA", language)?;
    }
    if let Some(url) = address(hit) {
        line("UR", &url)?;
    }
    for topic in &hit.topics {
        line("KW", &on_one_line(&topic.label))?;
    }
    if let Some(text) = passages(hit) {
        line("AB", &text)?;
    }
    write!(out, "ER  - \r\n\r\n")
}
