//! Hits: what archive and index know of the best articles, their passages and highlights.
//!
//! Half of the work is done by a second thread: a search is a process of its own, and what is shown takes it longer than what
//! is found.

use std::collections::HashMap;

use tantivy::{DocAddress, Searcher};

use super::both::both;
use super::labels::{labels, marks};
use super::local::{LocalEngine, Outcome};
use super::plan::Values;
use super::postings::positions;
use super::{EngineError, FirstCopy, Heading, Highlight, Hit, Passage, SearchRequest};
use crate::analysis::{self, Analyzer, Words};
use crate::archive::{Group, Stored};
use crate::article::{Article, Place};
use crate::authority::Authority;
use crate::index::mentions::Mark;
use crate::index::{BODY_POSITION, Fields};
use crate::passage;
use crate::query::pattern::{Found, Matcher, Pattern, Terms};
use crate::query::{Field, Part};

/// Hits whose articles are held in memory at a time.
const TOGETHER: usize = 50;
/// So few are not worth a thread.
const FEW: usize = 3;

/// What the archive has of a hit.
struct Kept {
    stored: Stored,
    group: Option<Group>,
    place: Option<Place>,
}

/// What the index has of a hit.
struct Indexed {
    address: DocAddress,
    score: f32,
    /// Where the terms that are looked for stand in it.
    terms: HashMap<String, Vec<u32>>,
    actors: Vec<Heading>,
    topics: Vec<Heading>,
}

impl LocalEngine<'_> {
    /// The hits that some of the best articles make, numbered on from the request's offset.
    pub(super) fn hits(
        &self,
        best: &[(DocAddress, f32)],
        outcome: &Outcome,
        request: &SearchRequest,
    ) -> Result<Vec<Hit>, EngineError> {
        let leaves = outcome.prepared.leaves.iter().zip(&outcome.ready).filter(|(leaf, _)| leaf.weight > 0.0);
        let (patterns, weights): (Vec<Pattern>, Vec<f32>) =
            leaves.map(|(leaf, ready)| (leaf.pattern.clone(), ready.idf * leaf.weight)).unzip();
        let values = outcome.prepared.values.iter();
        let show = Show {
            searcher: &self.searcher,
            fields: self.fields,
            authority: self.authority,
            patterns: &patterns,
            weights: &weights,
            matcher: Matcher::new(&patterns),
            actors: values.filter(|values| values.wanted && values.field == Field::Actor).collect(),
            request,
        };
        let mut hits: Vec<Hit> = Vec::new();
        for some in best.chunks(TOGETHER) {
            let together = some.len() > FEW;
            let (kept, indexed) = both(together, || self.kept(some), || show.indexed(some));
            let mut known: Vec<(Kept, Indexed)> = kept?.into_iter().zip(indexed?).collect();
            let others = known.split_off(known.len() / 2);
            let (first, second) = both(together, || show.hits(known), || show.hits(others));
            hits.extend(first?.into_iter().chain(second?));
        }
        let first = request.offset.saturating_add(1);
        hits.iter_mut().zip(first..).for_each(|(hit, rank)| hit.rank = rank);
        Ok(hits)
    }

    fn kept(&self, best: &[(DocAddress, f32)]) -> Result<Vec<Kept>, EngineError> {
        let stored = self.stored(best)?;
        let mut archive = self.archive.borrow_mut();
        let keep = |stored: Stored| {
            let group = if archive.copies(stored.group)? == 0 { None } else { Some(archive.group(stored.num)?) };
            Ok(Kept { group, place: archive.first_place(stored.seq)?, stored })
        };
        stored.into_iter().map(keep).collect()
    }
}

/// What hits are made of, beside the archive.
struct Show<'a> {
    searcher: &'a Searcher,
    fields: Fields,
    authority: &'a Authority,
    patterns: &'a [Pattern],
    weights: &'a [f32],
    matcher: Matcher<'a>,
    /// The actors that are asked for.
    actors: Vec<&'a Values>,
    request: &'a SearchRequest,
}

impl Show<'_> {
    fn indexed(&self, best: &[(DocAddress, f32)]) -> Result<Vec<Indexed>, EngineError> {
        let labels = |column| labels(self.searcher, self.authority, best, column);
        let all = best.iter().zip(self.terms(best)?).zip(labels("actor")?.into_iter().zip(labels("topic")?));
        let indexed = |((found, terms), (actors, topics)): ((&(DocAddress, f32), _), _)| {
            let (address, score) = *found;
            Indexed { address, score, terms, actors, topics }
        };
        Ok(all.map(indexed).collect())
    }

    /// For each of some articles, where the terms that are looked for stand in it.
    fn terms(&self, best: &[(DocAddress, f32)]) -> Result<Vec<HashMap<String, Vec<u32>>>, EngineError> {
        let mut out = vec![HashMap::new(); best.len()];
        let mut order: Vec<usize> = (0..best.len()).collect();
        order.sort_unstable_by_key(|at| best[*at].0);
        for hits in order.chunk_by(|a, b| best[*a].0.segment_ord == best[*b].0.segment_ord) {
            let segment = best[hits[0]].0.segment_ord;
            let docs: Vec<u32> = hits.iter().map(|at| best[*at].0.doc_id).collect();
            let index = self.searcher.segment_reader(segment).inverted_index(self.fields.text)?;
            for term in self.matcher.terms() {
                let info = index.terms().get(term.as_bytes())?;
                for (at, positions) in hits.iter().zip(positions(&index, info.iter(), &docs)?) {
                    out[*at].insert(term.to_owned(), positions);
                }
            }
        }
        Ok(out)
    }

    /// Makes hits of what is known of them.
    fn hits(&self, known: Vec<(Kept, Indexed)>) -> Result<Vec<Hit>, EngineError> {
        let (mut analyzer, mut memory) = (Analyzer::new(), Words::default());
        known.into_iter().map(|(kept, indexed)| self.hit(kept, indexed, &mut analyzer, &mut memory)).collect()
    }

    fn hit(
        &self,
        Kept { stored, group, place }: Kept,
        Indexed { address, score, terms, actors, topics }: Indexed,
        analyzer: &mut Analyzer,
        memory: &mut Words,
    ) -> Result<Hit, EngineError> {
        let article = stored.article;
        let asked = |actor: &Heading| self.actors.iter().any(|values| values.terms.contains(&actor.id));
        let wanted: Vec<usize> =
            actors.iter().enumerate().filter(|(_, actor)| asked(actor)).map(|(at, _)| at).collect();
        let (title_marks, text_marks) =
            if wanted.is_empty() { Default::default() } else { marks(self.searcher, address)? };
        let title_words = analysis::words(&article.title);
        // Without passages nothing of the body is shown, so nothing of it is looked at.
        let body = if self.request.passages == 0 { "" } else { article.text.as_str() };
        let words = analysis::words_into(body, std::mem::take(memory));
        let (in_title, in_text) = self.found((&article.title, &title_words), (body, &words), terms, analyzer);
        let in_title = highlights(self.patterns, &in_title, &title_words, &article.title);
        let title_highlights = spread(in_title, mentioned(&title_marks, &wanted, &article.title));
        let passages = self.passages(&article, &words, &in_text, mentioned(&text_marks, &wanted, &article.text));
        *memory = words;
        let first_published = group.as_ref().and_then(Group::first_published).and_then(|first| {
            let (id, outlet) = (first.id.clone(), first.outlet.clone());
            Some(FirstCopy { id, outlet, published: first.published? })
        });
        Ok(Hit {
            rank: 0,
            score,
            id: stored.id,
            title: article.title,
            title_highlights,
            url: article.url,
            outlet: article.outlet,
            published: article.published,
            byline: article.byline,
            language: article.language,
            place,
            actors,
            topics,
            copies: group.as_ref().map_or(1, |group| group.members.len() as u64),
            outlets: group.as_ref().map_or(1, |group| group.outlets().len() as u64),
            first_published,
            passages,
            score_parts: Vec::new(),
        })
    }

    /// What is found in title and body, each with its words.
    fn found(
        &self,
        (title, title_words): (&str, &Words),
        (body, words): (&str, &Words),
        terms: HashMap<String, Vec<u32>>,
        analyzer: &mut Analyzer,
    ) -> (Vec<Found>, Vec<Found>) {
        let in_title = |terms| self.matcher.find(Part::Title, title, title_words, terms);
        let in_body = |terms| self.matcher.find(Part::Body, body, words, terms);
        if title_words.as_slice().last().is_some_and(|word| word.position >= BODY_POSITION) {
            // The title runs into the positions of the body: only the text can tell them apart.
            (in_title(Terms::Analysed(analyzer)), in_body(Terms::Analysed(analyzer)))
        } else {
            let (title_terms, body_terms) = divided(terms);
            (in_title(Terms::Indexed(&title_terms)), in_body(Terms::Indexed(&body_terms)))
        }
    }

    /// The best passages with what is highlighted in them.
    fn passages(&self, article: &Article, words: &Words, found: &[Found], actors: Vec<Highlight>) -> Vec<Passage> {
        let sentences = passage::sentences(article, words);
        let mut stretches = match self.request.context {
            Some(context) => {
                let list = words.as_slice();
                let found = found.iter().flat_map(|found| &found.words).map(|word| list[*word].start as usize);
                passage::around(&sentences, found.chain(actors.iter().map(|mark| mark.start)), context)
            }
            None => passage::cut(&sentences),
        };
        passage::score(&mut stretches, found, self.weights);
        for stretch in &mut stretches {
            let held = actors.iter().filter(|mark| stretch.bytes.contains(&mark.start)).count();
            stretch.score += 0.5 * (held as f32).min(2.0);
        }
        let spans = spread(highlights(self.patterns, found, words, &article.text), actors);
        let mut order: Vec<usize> = (0..stretches.len()).collect();
        order.sort_by(|a, b| stretches[*b].score.total_cmp(&stretches[*a].score).then(a.cmp(b)));
        let shown = order.into_iter().take(self.request.passages).enumerate();
        shown
            .filter(|(n, i)| *n == 0 || stretches[*i].score > 0.0)
            .map(|(_, i)| cut_out(&article.text, &stretches[i], &spans))
            .collect()
    }
}

/// Where some of an article's actors, by number, are mentioned in a text.
fn mentioned(marks: &[Mark], wanted: &[usize], text: &str) -> Vec<Highlight> {
    let good = marks.iter().filter(|mark| wanted.contains(&mark.actor) && text.get(mark.start..mark.end).is_some());
    good.map(|mark| Highlight { start: mark.start, end: mark.end, actor: true }).collect()
}

/// Positions in title and body, each from the first of its part.
fn divided(terms: HashMap<String, Vec<u32>>) -> (HashMap<String, Vec<u32>>, HashMap<String, Vec<u32>>) {
    let (mut title, mut body) = (HashMap::new(), HashMap::new());
    for (term, mut positions) in terms {
        let rest = positions.split_off(positions.partition_point(|position| *position < BODY_POSITION));
        body.insert(term.clone(), rest.into_iter().map(|position| position - BODY_POSITION).collect());
        title.insert(term, positions);
    }
    (title, body)
}

/// The bytes of what was found: a phrase as a whole, words near one another each for itself.
fn highlights(patterns: &[Pattern], found: &[Found], words: &Words, text: &str) -> Vec<Highlight> {
    let list = words.as_slice();
    let mut out = Vec::new();
    for one in found {
        let mut last: Option<usize> = None;
        for number in &one.words {
            let (start, end) = (list[*number].start as usize, list[*number].end as usize);
            let joins = patterns[one.pattern].near.is_none() && last.is_some_and(|last| last + 1 == *number);
            match out.last_mut() {
                Some(Highlight { end: before, .. }) if joins && !text[*before..start].contains('\n') => *before = end,
                _ => out.push(Highlight { start, end, actor: false }),
            }
            last = Some(*number);
        }
    }
    out
}

/// Highlights in order and apart; a word of the query goes before a mention of an actor.
fn spread(words: Vec<Highlight>, actors: Vec<Highlight>) -> Vec<Highlight> {
    let mut words = words;
    words.sort_unstable_by_key(|h| (h.start, h.end));
    let mut out: Vec<Highlight> = Vec::with_capacity(words.len());
    for next in words {
        match out.last_mut() {
            Some(last) if next.start < last.end => last.end = last.end.max(next.end),
            _ => out.push(next),
        }
    }
    let apart = |m: &Highlight| !out.iter().any(|h| h.start < m.end && m.start < h.end);
    let mut kept: Vec<Highlight> = actors.into_iter().filter(apart).collect();
    out.append(&mut kept);
    out.sort_unstable_by_key(|h| h.start);
    out
}

fn cut_out(text: &str, stretch: &passage::Stretch, spans: &[Highlight]) -> Passage {
    let bytes = stretch.bytes.clone();
    let inside = spans.iter().filter(|h| h.start < bytes.end && h.end > bytes.start);
    let highlights = inside
        .map(|h| Highlight {
            start: h.start.max(bytes.start) - bytes.start,
            end: h.end.min(bytes.end) - bytes.start,
            actor: h.actor,
        })
        .collect();
    Passage {
        text: text[bytes.clone()].to_owned(),
        start: bytes.start,
        end: bytes.end,
        score: stretch.score,
        highlights,
    }
}
