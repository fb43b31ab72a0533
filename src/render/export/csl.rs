//! CSL-JSON, the data of citation processors (`csl-data.json` of the Citation Style Language).

use std::io::{self, Write};

use serde_json::{Value, json};

use super::names::{Name, parts};
use super::{address, day, on_one_line, passages, title};
use crate::engine::Hit;

/// All hits as one array, an item a line.
pub(super) fn hits(hits: &[Hit], out: &mut dyn Write) -> io::Result<()> {
    for (number, hit) in hits.iter().enumerate() {
        out.write_all(if number == 0 { b"[\n" } else { b",\n" })?;
        serde_json::to_writer(&mut *out, &item(hit))?;
    }
    out.write_all(if hits.is_empty() { b"[]\n" } else { b"\n]\n" })
}

fn item(hit: &Hit) -> Value {
    let authors: Vec<Value> = hit.byline.iter().map(|name| author(&on_one_line(name), hit.outlet.as_deref())).collect();
    let topics: Vec<String> = hit.topics.iter().map(|topic| on_one_line(&topic.label)).collect();
    let fields = [
        ("id", Some(json!(on_one_line(&hit.id)))),
        ("type", Some(json!("article-newspaper"))),
        ("title", Some(json!(title(hit)))),
        ("author", Some(json!(authors)).filter(|_| !authors.is_empty())),
        ("container-title", hit.outlet.as_deref().map(|outlet| json!(on_one_line(outlet)))),
        ("issued", day(hit).map(|day| json!({"date-parts": [[day.year(), day.month(), day.day()]]}))),
        ("language", hit.language.as_ref().map(|language| json!(language))),
        ("URL", address(hit).map(|url| json!(url))),
        ("keyword", Some(json!(topics.join(", "))).filter(|_| !topics.is_empty())),
        ("abstract", passages(hit).map(|text| json!(text))),
    ];
    fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

fn author(name: &str, outlet: Option<&str>) -> Value {
    match parts(name, outlet) {
        Name::Person { given, family } => json!({"family": family, "given": given}),
        Name::Whole(name) => json!({"literal": name}),
    }
}
