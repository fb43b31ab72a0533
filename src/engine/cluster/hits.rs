//! Hits: what archive and cluster know of the best articles, put together to be shown.

use std::collections::{BTreeSet, HashMap};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::best::Found;
use super::matching::Asked;
use super::remote::Remote;
use crate::analysis::{Analyzer, words};
use crate::article::Article;
use crate::engine::error::EngineError;
use crate::engine::evidence::Evidence;
use crate::engine::request::SearchRequest;
use crate::engine::response::{Heading, Hit};
use crate::engine::show::{FoundArticle, Kept, Presenter, Wanted};
use crate::fence;
use crate::index::{BODY_POSITION, mentions};

/// Articles that are in memory together, and copies that are asked for in one request.
const TOGETHER: usize = 100;

/// The hits that these copies make, ranked on from the request's offset.
pub(super) fn hits(
    remote: &Remote<'_>,
    found: &[Found],
    (asked, idf): (&Asked, &[f32]),
    request: &SearchRequest,
) -> Result<Vec<Hit>, EngineError> {
    let wanted = Wanted::of(&asked.bound, |leaf| idf[leaf.0]);
    let presenter = Presenter::new(&wanted, &asked.bound, request, &remote.ranking);
    // A name without a heading is shown as the article writes it: how most do would take long to find out.
    let headings = |source: &Value, field: &str| -> Vec<Heading> {
        let written = values(source, "written");
        let heading = |id: String| {
            let own = written.iter().find_map(|entry| entry.strip_prefix(&id)?.strip_prefix('\t'));
            let heading = Heading::of(remote.authority, id);
            match own.filter(|_| heading.is_unlisted()) {
                Some(own) => Heading { label: own.to_owned(), ..heading },
                None => heading,
            }
        };
        values(source, field).into_iter().map(heading).collect()
    };
    let terms: BTreeSet<&str> = presenter.terms().collect();
    let evidence = Evidence::new(remote.authority, &asked.bound);
    let mut hits = Vec::with_capacity(found.len());
    for some in found.chunks(TOGETHER) {
        let sources = sources(remote, some)?;
        let mut articles = Vec::with_capacity(some.len());
        for one in some {
            fence::check();
            let source = sources.get(&one.seq.0).unwrap_or(&Value::Null);
            let mut archive = remote.archive.borrow_mut();
            let stored = archive.by_seq(one.seq)?;
            let positions = places(&stored.article, &terms, &mut remote.analyzer.borrow_mut());
            let marks = source["marks"].as_str().and_then(|marks| STANDARD.decode(marks).ok());
            let marks = marks.unwrap_or_default();
            let (actors, systems) = (headings(source, "actor"), headings(source, "system"));
            let day = stored.article.published.map(|published| published.day());
            let (events, evidence) = evidence.of(&marks, day, (&actors, &systems));
            articles.push(FoundArticle {
                score: one.score,
                kept: Kept::of(&mut archive, stored)?,
                actors,
                systems,
                topics: headings(source, "topic"),
                marks: mentions::unpack(&marks).unwrap_or_default(),
                events,
                evidence,
                positions,
            });
        }
        hits.append(&mut presenter.hits(articles));
    }
    for (rank, hit) in (request.offset.saturating_add(1)..).zip(&mut hits) {
        hit.rank = rank;
    }
    Ok(hits)
}

/// What the cluster keeps of these copies, [`TOGETHER`] at most, to be shown, by their versions: headings and marks.
fn sources(remote: &Remote<'_>, found: &[Found]) -> Result<HashMap<u64, Value>, EngineError> {
    let seqs: Vec<u64> = found.iter().map(|one| one.seq.0).collect();
    let body = json!({
        "size": seqs.len(), "track_total_hits": false, "_source": false,
        "query": { "nested": {
            "path": "c", "query": { "terms": { "c.seq": seqs } },
            "inner_hits": {
                "size": TOGETHER, "_source": ["c.seq", "c.actor", "c.system", "c.topic", "c.written", "c.marks"],
            },
        } },
    });
    let answer = remote.search("headings of hits", &body)?;
    let copies = answer["hits"]["hits"].as_array().into_iter().flatten();
    let copies = copies.filter_map(|story| story["inner_hits"]["c"]["hits"]["hits"].as_array()).flatten();
    let sources = copies.map(|copy| &copy["_source"]);
    Ok(sources.filter_map(|source| Some((source["seq"].as_u64()?, source.clone()))).collect())
}

/// The values of a field of a copy: one or a list of them.
pub(super) fn values(source: &Value, field: &str) -> Vec<String> {
    match &source[field] {
        Value::String(one) => vec![one.clone()],
        Value::Array(list) => list.iter().filter_map(|one| one.as_str().map(str::to_owned)).collect(),
        _ => Vec::new(),
    }
}

/// Where some terms stand in an article: in the title from 0, in the body from [`BODY_POSITION`].
pub(super) fn places(article: &Article, terms: &BTreeSet<&str>, analyzer: &mut Analyzer) -> HashMap<String, Vec<u32>> {
    let mut out: HashMap<String, Vec<u32>> = HashMap::new();
    for (text, first) in [(&article.title, 0), (&article.text, BODY_POSITION)] {
        analyzer.terms(&words(text), |word, term| {
            if terms.contains(term) {
                out.entry(term.to_owned()).or_default().push(first + word.position);
            }
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_have_the_positions_of_the_index() {
        let article =
            Article { title: "Ships".to_owned(), text: "Old ships.\n\nShips.".to_owned(), ..Article::default() };
        let places = places(&article, &BTreeSet::from(["ship"]), &mut Analyzer::new());
        assert_eq!(places["ship"], [0, 1001, 1102]);
    }
}
