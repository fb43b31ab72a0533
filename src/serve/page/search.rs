//! The page of a search: hits, facets and time from one matching; and the articles most like one.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::Uri;
use maud::{Markup, html};

use super::super::api::bounded;
use super::super::problem::Problem;
use super::super::question::Question;
use super::super::{App, export};
use super::{Page, article, chart, hits, narrow};
use crate::ask::choice::ORDERS;
use crate::ask::{Asked, SearchArgs, SimilarArgs};
use crate::engine::{Engine, Facet, FacetRequest, FacetResponse, LocalEngine, SearchRequest, SearchResponse, Sort};
use crate::render::{clean, grouped, grouped_number_of};

/// Hits of a page, and pages, at most.
const MOST: usize = 100;
const DEEPEST: usize = 1_000;
/// Values of a facet that stand beside a search.
const VALUES: usize = 10;

/// What is on the page.
struct Shown {
    question: Question,
    page: usize,
    limit: usize,
    sort: Sort,
    response: SearchResponse,
    counts: FacetResponse,
    /// The article beside the hits; `None` within where it is not there any more.
    open: Option<Option<article::Shown>>,
}

pub(super) async fn page(State(app): State<Arc<App>>, uri: Uri) -> Result<Page, Problem> {
    let mut question = Question::of(&uri)?;
    let open = question.take("open");
    let page = question.take_number("page", 1, DEEPEST)?.unwrap_or(1);
    let args: SearchArgs = question.read(&["page"])?;
    bounded("limit", args.limit, 1, MOST)?;
    bounded("offset", args.offset, 0, MOST * DEEPEST)?;
    let now = app.now();
    let asked = app.here(now).asked(&args.query, &args.filters)?;
    let question = question.opened(&asked)?;
    let mut request = args.request(&asked, now)?;
    request.offset += (page - 1) * args.limit;
    let counts = counted(&asked, &request);
    let kept = question.clone();
    let ask = move |engine: &mut LocalEngine<'_>| {
        let (response, counts) = engine.search_and_count(&request, &counts)?;
        let open = open.map(|id| if_there(article::Shown::of(engine, &id, &request, kept))).transpose()?;
        Ok::<_, Problem>((response, counts, open))
    };
    let (response, counts, open) = app.pool.ask(ask).await?;
    let shown = Shown { question, page, limit: args.limit, sort: args.sort, response, counts, open };
    let title = if asked.query.is_empty() { "Search".to_owned() } else { clean(&asked.query).into_owned() };
    let feed = shown.question.only(&narrow::names()).under("/search.atom");
    let question = shown.question.clone();
    Ok(Page { feed: Some(feed), begins: question.is_empty(), ..Page::new(title, &question, shown.main()) })
}

/// `None` where there is no such article; what else goes wrong stays a problem.
fn if_there<T>(found: Result<T, Problem>) -> Result<Option<T>, Problem> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(problem) if problem.status.is_client_error() => Ok(None),
        Err(problem) => Err(problem),
    }
}

/// What is counted beside a search.
fn counted(asked: &Asked, search: &SearchRequest) -> FacetRequest {
    let beside = narrow::FACETS.iter().take(narrow::BESIDE).map(|one| one.facet);
    let by: Vec<Facet> = beside.chain(chart::TIMES).collect();
    FacetRequest {
        filters: search.filters.clone(),
        all_values: true,
        limit: VALUES,
        all_copies: search.all_copies,
        ..FacetRequest::new(&asked.query, by, search.now)
    }
}

impl Shown {
    fn main(&self) -> Markup {
        let (question, response) = (&self.question, &self.response);
        let last = usize::try_from(response.total).unwrap_or(usize::MAX).div_ceil(self.limit).clamp(1, DEEPEST);
        html! {
            h1.unseen {
                @if question.query().is_empty() { "Articles" } @else { "Search for " (clean(question.query())) }
            }
            (notes(response))
            (narrow::chips(question, "/"))
            div.found {
                p role="status" { strong { (grouped_number_of(response.total, "story")) } (self.copies()) }
                (self.order())
                (export::links(question))
            }
            @if response.total > 0 { (chart::chart(question, &self.counts)) }
            @if response.total == 0 { (self.nothing()) }
            div.columns {
                @if response.total > 0 {
                    p.narrow { a href="#results" { "Go to the articles" } }
                    details.facets open {
                        summary { h2 { "Narrow" } }
                        (narrow::facets(question, &self.counts))
                    }
                }
                section.results aria-labelledby="results" {
                    h2.unseen id="results" { "Articles found" }
                    @if response.total > 0 && response.hits.is_empty() { p { "There are " (last) " pages." } }
                    (hits::list(question, &response.hits, Some(&self.here())))
                    (hits::pages(question, "/", self.page, last))
                }
                @if let Some(open) = &self.open { (self.preview(open.as_ref())) }
            }
        }
    }

    /// The question with the page of hits that is shown.
    fn here(&self) -> Question {
        match self.page {
            1 => self.question.clone(),
            page => self.question.with("page", &page.to_string()),
        }
    }

    fn preview(&self, open: Option<&article::Shown>) -> Markup {
        match open {
            Some(article) => article.preview(&self.here().under("/")),
            None => html! {
                section.preview id="preview" tabindex="-1" aria-labelledby="preview-title" {
                    h2 id="preview-title" { "The article is not there" }
                    p { "No article has this identifier, or several have its beginning." }
                }
            },
        }
    }

    fn copies(&self) -> Markup {
        html! {
            @if self.response.copies > self.response.total {
                " (" (grouped_number_of(self.response.copies, "article")) ")"
            }
            // Hits after those that count lack some of the words.
            @if let Some((first, last)) = self.ranks().filter(|(_, last)| *last <= self.response.total) {
                ", " (grouped(first)) " to " (grouped(last))
            }
        }
    }

    /// The ranks of the first and the last hit.
    fn ranks(&self) -> Option<(u64, u64)> {
        let hits = &self.response.hits;
        Some((hits.first()?.rank as u64, hits.last()?.rank as u64))
    }

    /// The choice of the order.
    fn order(&self) -> Markup {
        html! {
            form.order action="/" method="get" {
                input type="hidden" name="q" value=(self.question.query());
                (super::hidden(&self.question.without(&["q"])))
                label for="sort" { "Order" }
                select id="sort" name="sort" {
                    @for one in ORDERS {
                        option value=(one.names[0]) selected[one.value == self.sort] { (one.help) }
                    }
                }
                button type="submit" { "Sort" }
            }
        }
    }

    /// What to do where nothing was found.
    fn nothing(&self) -> Markup {
        let (question, response) = (&self.question, &self.response);
        html! {
            section.nothing {
                h2 { "Nothing found" }
                @if question.is_empty() {
                    p { "The index has no article yet. Articles come in with " code { "despatch index FOLDER" } "." }
                }
                @if !response.suggestions.is_empty() {
                    p { "These find something:" }
                    ul {
                        @for other in &response.suggestions {
                            li { a href=(question.with("q", other).under("/")) { (clean(other)) } }
                        }
                    }
                }
                @if !response.emptied_by.is_empty() {
                    ul {
                        @for clause in &response.emptied_by {
                            li {
                                "without " code { (clean(clause.clause.trim_start_matches("--"))) } ": "
                                (grouped_number_of(clause.articles, "article"))
                            }
                        }
                    }
                }
            }
        }
    }
}

/// How the question was understood, and what there is to say of it.
fn notes(response: &SearchResponse) -> Markup {
    html! {
        @if !response.understood.is_empty() || !response.notes.is_empty() {
            ul.notes {
                @if !response.understood.is_empty() { li { "Understood: " code { (clean(&response.understood)) } } }
                @for note in &response.notes { li { (clean(note)) } }
            }
        }
    }
}

/// The articles most like one.
pub(super) async fn similar(State(app): State<Arc<App>>, Path(id): Path<String>, uri: Uri) -> Result<Page, Problem> {
    let question = Question::of(&uri)?;
    let args: SimilarArgs = question.with("id", &id).read(&[])?;
    bounded("limit", args.limit, 1, MOST)?;
    bounded("offset", args.offset, 0, MOST * DEEPEST)?;
    let request = args.request(app.now())?;
    let ask = move |engine: &mut LocalEngine<'_>| {
        let title = engine.archive().by_id(&args.id)?.article.title;
        Ok::<_, Problem>((title, engine.similar(&args.id, &request)?))
    };
    let (title, response) = app.pool.ask(ask).await?;
    let main = html! {
        h1 { "Articles like “" (clean(&title)) "”" }
        p role="status" { (grouped_number_of(response.total, "story")) }
        ul.notes { li { "Looked for: " (clean(&response.understood)) } }
        h2.unseen { "Articles found" }
        (hits::list(&Question::default(), &response.hits, None))
        p { a href=(format!("/a/{id}")) { "Back to the article" } }
    };
    Ok(Page::new("Similar articles", &Question::default(), main))
}
