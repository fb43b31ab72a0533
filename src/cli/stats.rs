//! `despatch stats`: what the index holds.

use std::io::Write;
use std::path::Path;

use super::format::Format;
use super::output::Output;
use super::request::now;
use super::{Global, Outcome, headings};
use crate::archive::{Archive, FILE};
use crate::engine::{Engine, Facet, FacetRequest, LocalEngine};
use crate::index::FOLDER;
use crate::ingest;

/// Says what the index holds.
///
/// Prints the numbers of articles, versions, outlets, actors and topics, the first and last month, and the sizes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Form of the output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Output) -> anyhow::Result<Outcome> {
    let authority = headings::of_index(global)?;
    let (archive, index) = ingest::open(&global.index, authority)?;
    let counts = Archive::open(&global.index)?.counts()?;
    let mut engine = LocalEngine::new(archive, index, authority);
    let by = vec![Facet::Actor, Facet::Topic, Facet::Outlet, Facet::Language, Facet::Month];
    let facets = engine.facets(&FacetRequest::new("", by, now(global)?))?;
    let distinct = |facet| facets.counts.get(&facet).map_or(0, Vec::len);
    let months = facets.counts.get(&Facet::Month).map_or(&[][..], Vec::as_slice);
    let edge = |month: Option<&crate::engine::FacetCount>| month.map(|count| count.value.clone());
    let report = serde_json::json!({
        "type": "stats",
        "articles": counts.articles,
        "versions": counts.versions,
        "places": counts.places,
        "outlets": distinct(Facet::Outlet),
        "languages": distinct(Facet::Language),
        "actors": distinct(Facet::Actor),
        "topics": distinct(Facet::Topic),
        "first_month": edge(months.first()),
        "last_month": edge(months.last()),
        "archive_bytes": size(&global.index.join(FILE)),
        "index_bytes": size(&global.index.join(FOLDER)),
    });
    if args.format == Format::Json {
        writeln!(out, "{report}")?;
    } else {
        for (name, value) in report.as_object().into_iter().flatten().filter(|(name, _)| *name != "type") {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            writeln!(out, "{:<14} {value}", name.replace('_', " "))?;
        }
    }
    Ok(Outcome::Done)
}

/// Bytes of a file, or of all files in a folder and its folders.
pub(super) fn size(path: &Path) -> u64 {
    match std::fs::read_dir(path) {
        Ok(entries) => entries.flatten().map(|entry| size(&entry.path())).sum(),
        Err(_) => std::fs::metadata(path).map_or(0, |meta| meta.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_of_a_folder_is_that_of_all_files_within() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join("a/b")).unwrap();
        for (name, bytes) in [("one", 3), ("a/two", 20), ("a/b/three", 100)] {
            std::fs::write(dir.path().join(name), vec![0; bytes]).unwrap();
        }
        let sizes = ["one", "a", "", "none"].map(|name| size(&dir.path().join(name)));
        assert_eq!(sizes, [3, 120, 123, 0]);
    }
}
