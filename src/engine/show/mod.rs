//! Hits made of stored articles: passages, highlights, copies.

mod highlights;
mod kept;

pub(super) use highlights::of_words as highlights_of_words;
pub(super) use kept::Kept;

use std::collections::HashMap;
use std::ops::Range;

use super::bind::{BoundQuery, LeafId, ValueSet};
use super::ranking::Ranking;
use super::request::SearchRequest;
use super::response::{FirstCopy, Heading, Highlight, Hit, HitEvent, Passage};
use crate::analysis::{self, Analyzer, Words};
use crate::archive::Group;
use crate::article::Article;
use crate::index::BODY_POSITION;
use crate::index::mentions::Mark;
use crate::passage;
use crate::query::Part;
use crate::query::pattern::{Found, Matcher, Pattern, Terms};

/// An article that was found, with what its archive and its index know of it.
pub(super) struct FoundArticle {
    pub(super) score: f32,
    pub(super) kept: Kept,
    /// Most mentioned first.
    pub(super) actors: Vec<Heading>,
    /// Heaviest first.
    pub(super) systems: Vec<Heading>,
    /// Heaviest first.
    pub(super) topics: Vec<Heading>,
    /// Where its actors and systems are mentioned, in the title and in the text; may be empty where the query requests none.
    pub(super) marks: (Vec<Mark>, Vec<Mark>),
    /// What was done with systems, as far as the query asks for it.
    pub(super) events: Vec<HitEvent>,
    /// Bytes of the text that hold statements and events that the query asks for.
    pub(super) evidence: Vec<Range<usize>>,
    /// For each term of the query, where it stands in title and body.
    pub(super) positions: HashMap<String, Vec<u32>>,
}

/// The words and phrases that a query asks for, with their weights.
pub(super) struct Wanted {
    patterns: Vec<Pattern>,
    weights: Vec<f32>,
}

impl Wanted {
    /// Those of a bound query; `idf` is that of a leaf.
    pub(super) fn of(bound: &BoundQuery, idf: impl Fn(LeafId) -> f32) -> Self {
        let leaves = bound.wanted_leaves().map(|(id, leaf)| (leaf.pattern.clone(), idf(id) * leaf.weight));
        let (patterns, weights) = leaves.unzip();
        Self { patterns, weights }
    }
}

/// Makes hits of the articles that were found.
pub(super) struct Presenter<'a> {
    wanted: &'a Wanted,
    matcher: Matcher<'a>,
    /// The actors and systems that the query requests.
    headings: Vec<&'a ValueSet>,
    request: &'a SearchRequest,
    ranking: &'a Ranking,
}

impl<'a> Presenter<'a> {
    pub(super) fn new(
        wanted: &'a Wanted,
        bound: &'a BoundQuery,
        request: &'a SearchRequest,
        ranking: &'a Ranking,
    ) -> Self {
        let matcher = Matcher::new(&wanted.patterns);
        Self { wanted, matcher, headings: bound.wanted_headings().collect(), request, ranking }
    }

    /// The terms whose positions in an article are needed to highlight them.
    pub(super) fn terms(&self) -> impl Iterator<Item = &str> {
        self.matcher.terms()
    }

    /// The numbers of those actors and systems of an article, counted in this order, that the query requests.
    pub(super) fn requested(&self, actors: &[Heading], systems: &[Heading]) -> Vec<usize> {
        let requested = |one: &Heading| self.headings.iter().any(|values| values.terms.contains(&one.id));
        let all = actors.iter().chain(systems).enumerate();
        all.filter(|(_, one)| requested(one)).map(|(number, _)| number).collect()
    }

    /// The hits that articles make, not ranked yet.
    pub(super) fn hits(&self, articles: Vec<FoundArticle>) -> Vec<Hit> {
        let (mut analyzer, mut memory) = (Analyzer::new(), Words::default());
        articles.into_iter().map(|article| self.hit(article, &mut analyzer, &mut memory)).collect()
    }

    fn hit(&self, found: FoundArticle, analyzer: &mut Analyzer, memory: &mut Words) -> Hit {
        let Kept { stored, group, place, gone } = found.kept;
        let article = stored.article;
        let requested = self.requested(&found.actors, &found.systems);
        let (title_marks, text_marks) = &found.marks;
        let title_words = analysis::words(&article.title);
        // Without passages nothing of the body is shown, so nothing of it is looked at.
        let body = if self.request.passages == 0 { "" } else { article.text.as_str() };
        let words = analysis::words_into(body, std::mem::take(memory));
        let (in_title, in_text) =
            self.matched((&article.title, &title_words), (body, &words), found.positions, analyzer);
        let in_title = highlights::of_words(&self.wanted.patterns, &in_title, &title_words, &article.title);
        let title_highlights =
            highlights::merged(in_title, highlights::mentioned(title_marks, &requested, &article.title));
        let mentioned = highlights::mentioned(text_marks, &requested, &article.text);
        let passages = self.passages(&article, &words, &in_text, (mentioned, &found.evidence));
        *memory = words;
        let first_published = group.as_ref().and_then(Group::first_published).and_then(|first| {
            let (id, outlet) = (first.id.clone(), first.outlet.clone());
            Some(FirstCopy { id, outlet, published: first.published? })
        });
        Hit {
            rank: 0,
            score: found.score,
            id: stored.id,
            title: article.title,
            title_highlights,
            missing: Vec::new(),
            url: article.url,
            outlet: article.outlet,
            published: article.published,
            byline: article.byline,
            language: article.language,
            place,
            doubts: article.doubts,
            gone,
            actors: found.actors,
            systems: found.systems,
            topics: found.topics,
            events: found.events,
            copies: group.as_ref().map_or(1, |group| group.members.len() as u64),
            outlets: group.as_ref().map_or(1, |group| group.outlets().len() as u64),
            first_published,
            passages,
            score_parts: Vec::new(),
        }
    }

    /// What is found in title and body, each with its words.
    fn matched(
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

    /// The best passages with what is highlighted in them: first those that hold what the query asks for beside words.
    fn passages(
        &self,
        article: &Article,
        words: &Words,
        found: &[Found],
        (actors, evidence): (Vec<Highlight>, &[Range<usize>]),
    ) -> Vec<Passage> {
        let sentences = passage::sentences(article, words);
        let mut stretches = match self.request.context {
            Some(context) => {
                let list = words.as_slice();
                let found = found.iter().flat_map(|found| &found.words).map(|word| list[*word].start as usize);
                let places = actors.iter().map(|mark| mark.start).chain(evidence.iter().map(|span| span.start));
                passage::around(&sentences, found.chain(places), context)
            }
            None => passage::cut(&sentences),
        };
        passage::score(&mut stretches, found, &self.wanted.weights, &self.ranking.passages);
        for stretch in &mut stretches {
            let held = actors.iter().filter(|mark| stretch.bytes.contains(&mark.start)).count();
            stretch.score += self.ranking.passage_actor * (held as f32).min(self.ranking.passage_actors);
        }
        let in_words = highlights::of_words(&self.wanted.patterns, found, words, &article.text);
        let spans = highlights::merged(in_words, actors);
        let holds = |at: usize| {
            let bytes = &stretches[at].bytes;
            evidence.iter().any(|span| span.start < bytes.end && bytes.start < span.end)
        };
        let mut order: Vec<usize> = (0..stretches.len()).collect();
        let score = |at: usize| stretches[at].score;
        order.sort_by(|a, b| holds(*b).cmp(&holds(*a)).then(score(*b).total_cmp(&score(*a))).then(a.cmp(b)));
        let shown = order.into_iter().take(self.request.passages).enumerate();
        shown
            .filter(|(n, i)| *n == 0 || stretches[*i].score > 0.0 || holds(*i))
            .map(|(_, i)| cut_out(article, &stretches[i], &spans))
            .collect()
    }
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

fn cut_out(article: &Article, stretch: &passage::Stretch, spans: &[Highlight]) -> Passage {
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
        text: article.text[bytes.clone()].to_owned(),
        start: bytes.start,
        end: bytes.end,
        page: article.page_at(bytes.start),
        score: stretch.score,
        highlights,
    }
}
