//! Hits: what archive and index know of the best articles, put together to be shown.
//!
//! A second thread does half of the work: a search is a process of its own, and showing takes it longer than finding.

use std::collections::HashMap;
use std::ops::Range;

use super::collection::{Collection, IndexView, Scored};
use super::headings::{headings, marks};
use super::phrase::positions;
use super::weight::Weight;
use crate::engine::error::EngineError;
use crate::engine::evidence::Evidence;
use crate::engine::parallel::both;
use crate::engine::period;
use crate::engine::request::SearchRequest;
use crate::engine::response::{Heading, Hit, HitEvent};
use crate::engine::show::{FoundArticle, Kept, Presenter, Wanted};
use crate::index::mentions::Mark;
use crate::index::packed_marks;

/// Hits whose articles are held in memory at a time.
const TOGETHER: usize = 50;
/// Hits up to which a second thread costs more than it saves.
const FEW: usize = 3;

/// What the index knows of a hit.
struct Indexed {
    actors: Vec<Heading>,
    systems: Vec<Heading>,
    topics: Vec<Heading>,
    marks: (Vec<Mark>, Vec<Mark>),
    events: Vec<HitEvent>,
    evidence: Vec<Range<usize>>,
    positions: HashMap<String, Vec<u32>>,
}

/// The hits that these articles make, ranked on from the request's offset.
pub(super) fn hits(
    collection: &Collection<'_>,
    articles: &[Scored],
    weight: &Weight,
    request: &SearchRequest,
) -> Result<Vec<Hit>, EngineError> {
    let wanted = Wanted::of(&weight.bound, |leaf| weight.leaf(leaf).idf);
    let presenter = Presenter::new(&wanted, &weight.bound, request, &collection.ranking);
    let index = collection.index();
    let evidence = Evidence::new(collection.authority, &weight.bound);
    let mut hits: Vec<Hit> = Vec::new();
    for some in articles.chunks(TOGETHER) {
        let parallel = some.len() > FEW;
        let (kept, indexed) = both(parallel, || kept(collection, some), || indexed(index, &presenter, &evidence, some));
        let known = some.iter().zip(kept?.into_iter().zip(indexed?));
        let mut found: Vec<FoundArticle> =
            known.map(|((_, score), (kept, indexed))| put(*score, kept, indexed)).collect();
        let others = found.split_off(found.len() / 2);
        let (first, second) = both(parallel, || presenter.hits(found), || presenter.hits(others));
        hits.extend(first.into_iter().chain(second));
    }
    let first = request.offset.saturating_add(1);
    hits.iter_mut().zip(first..).for_each(|(hit, rank)| hit.rank = rank);
    Ok(hits)
}

fn put(score: f32, kept: Kept, indexed: Indexed) -> FoundArticle {
    let Indexed { actors, systems, topics, marks, events, evidence, positions } = indexed;
    FoundArticle { score, kept, actors, systems, topics, marks, events, evidence, positions }
}

fn kept(collection: &Collection<'_>, articles: &[Scored]) -> Result<Vec<Kept>, EngineError> {
    let stored = collection.stored(articles)?;
    let mut archive = collection.archive.borrow_mut();
    stored.into_iter().map(|stored| Ok(Kept::of(&mut archive, stored)?)).collect()
}

fn indexed(
    index: IndexView<'_>,
    presenter: &Presenter<'_>,
    evidence: &Evidence<'_>,
    articles: &[Scored],
) -> Result<Vec<Indexed>, EngineError> {
    let actors = headings(index, articles, index.fields.actor)?;
    let systems = headings(index, articles, index.fields.system)?;
    let topics = headings(index, articles, index.fields.topic)?;
    let known = actors.into_iter().zip(systems).zip(topics);
    let mut out = Vec::with_capacity(articles.len());
    for ((positions, ((actors, systems), topics)), (address, _)) in
        places(index, presenter, articles)?.into_iter().zip(known).zip(articles)
    {
        let requested = !presenter.requested(&actors, &systems).is_empty();
        let marks = if requested { marks(index, *address)? } else { Default::default() };
        let (mut events, mut spans) = Default::default();
        if evidence.is_wanted() {
            let day = index.published(*address)?.and_then(period::day);
            (events, spans) = evidence.of(&packed_marks(index.searcher, *address)?, day, (&actors, &systems));
        }
        out.push(Indexed { actors, systems, topics, marks, events, evidence: spans, positions });
    }
    Ok(out)
}

/// For each article, where the terms to be highlighted stand in it.
fn places(
    index: IndexView<'_>,
    presenter: &Presenter<'_>,
    articles: &[Scored],
) -> Result<Vec<HashMap<String, Vec<u32>>>, EngineError> {
    let mut out = vec![HashMap::new(); articles.len()];
    let mut order: Vec<usize> = (0..articles.len()).collect();
    order.sort_unstable_by_key(|at| articles[*at].0);
    for hits in order.chunk_by(|a, b| articles[*a].0.segment_ord == articles[*b].0.segment_ord) {
        let segment = articles[hits[0]].0.segment_ord;
        let docs: Vec<u32> = hits.iter().map(|at| articles[*at].0.doc_id).collect();
        let postings = index.searcher.segment_reader(segment).inverted_index(index.fields.text)?;
        for term in presenter.terms() {
            let info = postings.terms().get(term.as_bytes())?;
            for (at, positions) in hits.iter().zip(positions(&postings, info.iter(), &docs)?) {
                out[*at].insert(term.to_owned(), positions);
            }
        }
    }
    Ok(out)
}
