//! Digests as a feed (Atom, RFC 4287): the stories that the last ones told of.

use std::collections::HashSet;

use jiff::Timestamp;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::lines::{page, title};
use super::{News, Story, TellingError};
use crate::render::clean;
use crate::render::export::on_one_line;

/// The feed: the stories of `news`, then those that were told before, each with the time when it was told.
///
/// # Errors
///
/// Fails only where memory does.
pub fn atom(news: &News, now: Timestamp, before: &[(Story, Timestamp)]) -> Result<Vec<u8>, TellingError> {
    let fresh = news.stories().into_iter().map(|story| (story, now));
    let all = fresh.chain(before.iter().map(|(story, at)| (story, *at)));
    let mut ids = HashSet::new();
    // No two entries have one id (RFC 4287, 4.1.1).
    let all: Vec<(&Story, Timestamp)> = all.filter(|(story, _)| ids.insert(&story.id)).collect();
    let updated = all.iter().map(|(_, at)| *at).max().unwrap_or(now);
    let name = format!("urn:despatch:{}:{}", news.archive, on_one_line(&news.mark));
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    let mut write = || -> std::io::Result<()> {
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        let feed = writer.create_element("feed").with_attribute(("xmlns", "http://www.w3.org/2005/Atom"));
        feed.write_inner_content(|writer| {
            leaf(writer, "id", &name)?;
            leaf(writer, "title", &format!("Despatch: {}", on_one_line(&news.mark)))?;
            leaf(writer, "updated", &updated.to_string())?;
            writer.create_element("author").write_inner_content(|writer| leaf(writer, "name", "Despatch"))?;
            all.iter().try_for_each(|(story, at)| entry(writer, &news.archive, story, *at))
        })?;
        Ok(())
    };
    write().map_err(|cause| TellingError::Output { what: "the feed".to_owned(), cause })?;
    let mut out = writer.into_inner();
    out.push(b'\n');
    Ok(out)
}

fn entry(writer: &mut Writer<Vec<u8>>, archive: &str, story: &Story, at: Timestamp) -> std::io::Result<()> {
    writer.create_element("entry").write_inner_content(|writer| {
        let id = percent_encoding::utf8_percent_encode(&story.id, percent_encoding::NON_ALPHANUMERIC);
        leaf(writer, "id", &format!("urn:despatch:{archive}:{id}"))?;
        leaf(writer, "title", &title(story))?;
        leaf(writer, "updated", &at.to_string())?;
        if let Some(published) = story.published.filter(|_| !story.date_doubtful) {
            let published = Timestamp::from_second(published.seconds()).unwrap_or(at);
            leaf(writer, "published", &published.to_string())?;
        }
        let facts = on_one_line(&story.facts().join(" · "));
        match page(story) {
            Some(url) => {
                writer.create_element("link").with_attribute(("href", url.as_str())).write_empty()?;
                leaf(writer, "summary", &facts)?;
            }
            // An entry has an address or a content (RFC 4287, 4.1.2).
            None => leaf(writer, "content", &facts)?,
        }
        if let Some(search) = &story.search {
            writer.create_element("category").with_attribute(("term", search.as_str())).write_empty()?;
        }
        Ok(())
    })?;
    Ok(())
}

/// An element with a text. Characters that XML does not allow are dropped.
pub(crate) fn leaf(writer: &mut Writer<Vec<u8>>, name: &str, text: &str) -> std::io::Result<()> {
    let allowed = |c: &char| !matches!(c, '\u{fffe}' | '\u{ffff}');
    let text: String = clean(text).chars().filter(allowed).collect();
    writer.create_element(name).write_text_content(BytesText::new(&text))?;
    Ok(())
}
