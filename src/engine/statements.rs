//! Statements: who said what, in articles that were read with their quotes.
//!
//! A statement answers a query where it has its words, not where its article does. Those statements count that have the most
//! of the words that any has.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use super::bind::{BoundQuery, Leaf};
use super::quoted::{QuotesRequest, QuotesResponse, Statement};
use super::request::{Matching, Sort};
use super::response::{Heading, Highlight, Reach};
use super::show::highlights_of_words;
use crate::analysis::{self, Analyzer};
use crate::archive::Stored;
use crate::authority::{Authority, SpeaksFor};
use crate::index::quotes::StoredQuote;
use crate::query::pattern::{Matcher, Pattern, Terms};
use crate::query::{Part, Speech};
use crate::quote::Kind;

/// Words from which on the same words are the same statement, whoever prints them.
const TELLING: usize = 4;

/// An article with its quotes.
pub(super) struct Read {
    pub(super) stored: Stored,
    pub(super) title: Vec<StoredQuote>,
    pub(super) text: Vec<StoredQuote>,
    /// Its actors, to which its quotes refer.
    pub(super) actors: Vec<String>,
}

/// Which statements are asked for.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    /// Those with the speaker's own words alone.
    pub(super) direct: bool,
    /// Those alone that are no guess.
    pub(super) certain: bool,
}

/// A statement with the patterns of the query that it has.
pub(super) struct Found {
    pub(super) statement: Statement,
    pub(super) words: HashSet<usize>,
}

/// How many of these patterns the statements of an article have together; 1 for any statement where there are none.
pub(super) fn words_said(read: &Read, patterns: &[Pattern], speakers: &Speakers<'_>) -> usize {
    let found = statements(read, patterns, speakers, Asked { direct: false, certain: false });
    if patterns.is_empty() {
        return found.len().min(1);
    }
    found.iter().flat_map(|one| one.words.iter()).collect::<HashSet<_>>().len()
}

/// The words and phrases that a statement should have: not those that are asked of titles and bylines.
pub(super) fn wanted_patterns(bound: &BoundQuery) -> Vec<Pattern> {
    let leaves = bound.wanted_leaves().filter(|(_, leaf)| !is_of_article(leaf));
    leaves.map(|(_, leaf)| leaf.pattern.clone()).collect()
}

/// How many words the statements of an article must have that itself has `met` of the query's words.
pub(super) fn least_said(bound: &BoundQuery, met: usize) -> usize {
    let of_article = bound.wanted_leaves().filter(|(_, leaf)| is_of_article(leaf)).count();
    met.saturating_sub(of_article).max(1)
}

/// Whether something is asked of an article and not of a statement.
fn is_of_article(leaf: &Leaf) -> bool {
    matches!(leaf.text.part, Part::Title | Part::Byline)
}

/// The statements that have enough of the query's words, in order. `words`: how many these are.
pub(super) fn answer(
    mut found: Vec<Found>,
    request: &QuotesRequest,
    words: usize,
    (understood, notes): (String, Vec<String>),
) -> QuotesResponse {
    let most = found.iter().map(|one| one.words.len()).max().unwrap_or(0);
    let any = found.len() as u64;
    let least = match request.filters.matching {
        Matching::Any => 1.min(words),
        Matching::Most => most,
        Matching::All => words,
    };
    found.retain(|one| one.words.len() >= least);
    let counted = words > 1 && request.filters.matching != Matching::Any;
    let reach = counted.then_some(Reach { total_any: any, words, words_met: most });
    let mut found = if request.all_copies { found } else { once_each(found) };
    let published = |one: &Found| one.statement.published.map(|at| at.seconds());
    let place = |one: &Found| (one.statement.id.clone(), !one.statement.in_title, one.statement.start);
    match request.sort {
        Sort::Relevance => {
            found.sort_by_cached_key(|one| (Reverse(one.words.len()), Reverse(published(one)), place(one)));
        }
        Sort::Oldest => found.sort_by_cached_key(|one| (published(one).is_none(), published(one), place(one))),
        Sort::Newest | Sort::Changed | Sort::Added => {
            found.sort_by_cached_key(|one| (Reverse(published(one)), place(one)))
        }
    }
    let articles: HashSet<&str> = found.iter().map(|one| one.statement.id.as_str()).collect();
    let mut response = QuotesResponse {
        total: found.len() as u64,
        articles: articles.len() as u64,
        understood,
        notes,
        reach,
        statements: Vec::new(),
    };
    response.notes.extend(reach.and_then(|reach| reach.note_of("statement", response.total)));
    let limit = if request.limit == 0 { usize::MAX } else { request.limit };
    let ranked = found.into_iter().zip(1..).map(|(one, rank)| Statement { rank, ..one.statement });
    response.statements = ranked.skip(request.offset).take(limit).collect();
    response
}

/// Of the same words of one speaker the statement that was published first, with the number of articles and outlets.
fn once_each(found: Vec<Found>) -> Vec<Found> {
    let mut groups: HashMap<(Option<String>, String), Vec<Found>> = HashMap::new();
    let mut out = Vec::new();
    for one in found {
        match telling(&one.statement) {
            Some(key) => groups.entry(key).or_default().push(one),
            None => out.push(one),
        }
    }
    for mut group in groups.into_values() {
        let articles: HashSet<&String> = group.iter().map(|one| &one.statement.id).collect();
        let outlets: HashSet<&Option<String>> = group.iter().map(|one| &one.statement.outlet).collect();
        let (copies, outlets) = (articles.len() as u64, outlets.len() as u64);
        let first = |one: &Found| {
            let published = one.statement.published.map(|at| at.seconds());
            (published.is_none(), published, one.statement.id.clone(), one.statement.start)
        };
        group.sort_by_cached_key(first);
        if let Some(mut one) = group.into_iter().next() {
            (one.statement.copies, one.statement.outlets) = (copies, outlets);
            out.push(one);
        }
    }
    out
}

/// What makes two statements the same: the speaker and the words, folded. A few words tell nothing.
fn telling(statement: &Statement) -> Option<(Option<String>, String)> {
    let words = analysis::words(&statement.text);
    let folded: Vec<&str> = words.as_slice().iter().map(|word| words.folded(word)).collect();
    let speaker = statement.speaker.as_ref().map(|speaker| speaker.id.clone());
    (folded.len() >= TELLING).then(|| (speaker, folded.join(" ")))
}

/// Whose statements are asked for.
pub(super) struct Speakers<'c> {
    authority: &'c Authority,
    speaks: SpeaksFor,
    /// For each request of a speaker its alternatives, and which words of theirs are asked for.
    wanted: Vec<(HashSet<String>, Option<Speech>)>,
}

impl<'c> Speakers<'c> {
    pub(super) fn new(authority: &'c Authority, bound: &BoundQuery) -> Self {
        let wanted = bound.wanted_speakers();
        Self {
            authority,
            speaks: SpeaksFor::new(authority),
            wanted: wanted.map(|values| (values.terms.iter().cloned().collect(), values.given)).collect(),
        }
    }

    /// Whether a statement of these speakers that is given so is asked for, in an article of this day.
    pub(super) fn are<'s>(
        &self,
        speakers: impl Iterator<Item = &'s String>,
        kind: Kind,
        day: Option<jiff::civil::Date>,
    ) -> bool {
        if self.wanted.is_empty() {
            return true;
        }
        let all: Vec<Vec<String>> = speakers.map(|speaker| self.speaks.of(self.authority, speaker, day)).collect();
        self.wanted.iter().all(|(wanted, given)| {
            given.is_none_or(|given| fits(given, kind)) && all.iter().flatten().any(|id| wanted.contains(id))
        })
    }
}

/// Whether a statement is given as it is asked for.
fn fits(given: Speech, kind: Kind) -> bool {
    match given {
        Speech::Direct => kind != Kind::Indirect,
        Speech::Indirect => kind != Kind::Direct,
    }
}

/// The statements of an article that a request may want.
pub(super) fn statements(read: &Read, patterns: &[Pattern], speakers: &Speakers<'_>, asked: Asked) -> Vec<Found> {
    let article = &read.stored.article;
    let day = article.published.map(|published| published.day());
    let (mut analyzer, matcher) = (Analyzer::new(), Matcher::new(patterns));
    let mut out = Vec::new();
    for (in_title, zone, quotes) in [(true, &article.title, &read.title), (false, &article.text, &read.text)] {
        for quote in quotes {
            let who = || quote.actors().filter_map(|at| read.actors.get(at));
            let unwanted = (asked.direct && quote.kind == Kind::Indirect) || (asked.certain && quote.doubtful);
            if unwanted || !speakers.are(who(), quote.kind, day) {
                continue;
            }
            let Some(text) = zone.get(quote.start..quote.end) else { continue };
            let words = analysis::words(text);
            let found = matcher.find(Part::Body, text, &words, Terms::Analysed(&mut analyzer));
            let met: HashSet<usize> = found.iter().map(|one| one.pattern).collect();
            if patterns.is_empty() || !met.is_empty() {
                let highlights = highlights_of_words(patterns, &found, &words, text);
                let heading = |at: usize| Some(Heading::of(speakers.authority, read.actors.get(at)?.clone()));
                let who = (quote.actor.and_then(heading), quote.also.iter().filter_map(|at| heading(*at)).collect());
                let statement = made(read, quote, (in_title, zone), who, highlights);
                out.push(Found { statement, words: met });
            }
        }
    }
    out
}

fn made(
    read: &Read,
    quote: &StoredQuote,
    (in_title, zone): (bool, &str),
    (speaker, also): (Option<Heading>, Vec<Heading>),
    highlights: Vec<Highlight>,
) -> Statement {
    let article = &read.stored.article;
    let words = |(start, end): (usize, usize)| zone.get(start..end).map(str::to_owned);
    Statement {
        rank: 0,
        id: read.stored.id.clone(),
        text: words((quote.start, quote.end)).unwrap_or_default(),
        in_title,
        start: quote.start,
        end: quote.end,
        page: if in_title { None } else { article.page_at(quote.start) },
        kind: quote.kind,
        doubtful: quote.doubtful,
        said_by: quote.speaker.and_then(words),
        speaker,
        also,
        highlights,
        title: article.title.clone(),
        url: article.url.clone(),
        outlet: article.outlet.clone(),
        published: article.published,
        byline: article.byline.clone(),
        copies: 1,
        outlets: 1,
    }
}
