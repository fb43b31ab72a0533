//! A search as a feed (Atom, RFC 4287): what was added last comes first, whenever it was published, so that a reader
//! misses nothing that came late.

use std::io;

use jiff::Timestamp;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, Event};

use crate::article::Moment;
use crate::engine::{Hit, SearchResponse};
use crate::render::export::{address_of, on_one_line};
use crate::telling::leaf;

/// The feed of an answer. `archive` is the name of the archive, which makes the names of its entries those of no other;
/// `stored` says when the text of each hit came in.
pub(super) fn write(
    response: &SearchResponse,
    stored: &[Timestamp],
    archive: &str,
    query: &str,
    now: Moment,
) -> io::Result<Vec<u8>> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    let newest = stored.iter().max().copied().unwrap_or_else(|| instant(now));
    let title = if query.is_empty() { "all articles".to_owned() } else { on_one_line(query) };
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let feed = writer.create_element("feed").with_attribute(("xmlns", "http://www.w3.org/2005/Atom"));
    feed.write_inner_content(|writer| {
        leaf(writer, "id", &format!("urn:despatch:{archive}:search:{}", encoded(&response.understood)))?;
        leaf(writer, "title", &format!("Despatch: {title}"))?;
        leaf(writer, "updated", &newest.to_string())?;
        writer.create_element("author").write_inner_content(|writer| leaf(writer, "name", "Despatch"))?;
        response.hits.iter().zip(stored).try_for_each(|(hit, stored)| entry(writer, archive, hit, *stored))
    })?;
    let mut out = writer.into_inner();
    out.push(b'\n');
    Ok(out)
}

fn entry(writer: &mut Writer<Vec<u8>>, archive: &str, hit: &Hit, stored: Timestamp) -> io::Result<()> {
    let title = on_one_line(&hit.title);
    let text = hit.passages.iter().map(|passage| on_one_line(&passage.text)).collect::<Vec<_>>().join(" […] ");
    writer.create_element("entry").write_inner_content(|writer| {
        leaf(writer, "id", &format!("urn:despatch:{archive}:{}", encoded(&hit.id)))?;
        leaf(writer, "title", if title.is_empty() { "(no title)" } else { &title })?;
        leaf(writer, "updated", &stored.to_string())?;
        if let Some(published) = hit.published {
            leaf(writer, "published", &instant(published).to_string())?;
        }
        if !hit.byline.is_empty() {
            let names = on_one_line(&hit.byline.join(", "));
            writer.create_element("author").write_inner_content(|writer| leaf(writer, "name", &names))?;
        }
        let url = hit.url.as_deref().filter(|url| url.starts_with("https://") || url.starts_with("http://"));
        match url {
            Some(url) => {
                writer.create_element("link").with_attribute(("href", address_of(url).as_str())).write_empty()?;
                leaf(writer, "summary", &text)?;
            }
            // An entry has an address or a content (RFC 4287, 4.1.2).
            None => leaf(writer, "content", &text)?,
        }
        Ok(())
    })?;
    Ok(())
}

fn instant(at: Moment) -> Timestamp {
    Timestamp::from_second(at.seconds()).unwrap_or_default()
}

fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}
