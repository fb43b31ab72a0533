//! Pages for people, rendered here: every control is a link or a form, so all of it works without a script, with the
//! browser's own back button, and in a new tab.

mod article;
mod chart;
mod counts;
mod hits;
mod narrow;
mod search;
mod shelf;

use std::sync::Arc;
use std::sync::LazyLock;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use maud::{DOCTYPE, Markup, html};

use super::App;
use super::problem::Problem;
use super::question::Question;
use crate::ask::{self, FilterArgs};
use crate::engine::Highlight;
use crate::render::clean;

const STYLE: &str = include_str!("../assets/style.css");
/// The address of the style sheet: it names its content, so it may be kept for ever.
static STYLE_PATH: LazyLock<String> =
    LazyLock::new(|| format!("/assets/{:08x}.css", crc32fast::hash(STYLE.as_bytes())));

/// Rows of the query language beside the box: what is written, and what it finds.
const LANGUAGE: [(&str, &str); 8] = [
    ("UK SAFE talks", "any of the words, those with most of them first"),
    ("+SAFE -fisheries", "must be there, must not"),
    ("\"joint procurement\"", "these words in this order"),
    ("procur*  missle~1", "a beginning; a typing error"),
    ("A AND (B OR C)", "both; either"),
    ("=SAFE", "exactly as written"),
    ("actor:starmer  topic:procurement", "who and what an article is about, by any name"),
    ("date:2025-11..2026-02", "when it was published"),
];

/// Pages that show what the index holds.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/", get(search::page))
        .route("/a/{id}", get(article::page))
        .route("/a/{id}/similar", get(search::similar))
        .route("/facets/{facet}", get(counts::facet))
        .route("/timeline", get(counts::timeline))
        .route("/together", get(counts::together))
        .route("/names", get(shelf::names))
        .route("/saved", get(shelf::saved))
        .route("/help", get(async || Redirect::permanent("/help/query")))
        .route("/help/{page}", get(shelf::help))
}

/// What is the same whatever the index holds.
pub(super) fn fixed() -> Router<Arc<App>> {
    let kept = "public, max-age=31536000, immutable";
    let style = async move || ([(header::CONTENT_TYPE, "text/css"), (header::CACHE_CONTROL, kept)], STYLE);
    Router::new().route(&STYLE_PATH, get(style)).route("/opensearch.xml", get(opensearch))
}

/// Describes the search to browsers, which then offer it in their address bar. The gate has let the host through, so it
/// is ours.
async fn opensearch(headers: HeaderMap) -> Response {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <OpenSearchDescription xmlns=\"http://a9.com/-/spec/opensearch/1.1/\">\n\
         <ShortName>Despatch</ShortName>\n<Description>Defence-policy news</Description>\n\
         <InputEncoding>UTF-8</InputEncoding>\n\
         <Url type=\"text/html\" template=\"http://{host}/?q={{searchTerms}}\"/>\n</OpenSearchDescription>\n"
    );
    ([(header::CONTENT_TYPE, "application/opensearchdescription+xml")], text).into_response()
}

/// A page with its markup.
pub(super) struct Page {
    /// What it is called in the browser's list of tabs.
    title: String,
    /// The question that the box at the top holds.
    question: Question,
    /// Where a feed of what it shows is.
    feed: Option<String>,
    /// Whether it begins a search, so that typing goes into the box.
    begins: bool,
    main: Markup,
}

impl Page {
    fn new(title: impl Into<String>, question: &Question, main: Markup) -> Self {
        Self { title: title.into(), question: question.clone(), feed: None, begins: false, main }
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (self.title) " · Despatch" }
                    link rel="stylesheet" href=(*STYLE_PATH);
                    link rel="icon" href="data:,";
                    link rel="search" type="application/opensearchdescription+xml" title="Despatch"
                        href="/opensearch.xml";
                    @if let Some(feed) = &self.feed {
                        link rel="alternate" type="application/atom+xml" title="Last added" href=(feed);
                    }
                }
                body {
                    a.skip href="#main" { "Skip to the content" }
                    header { (header_of(&self.question, self.begins)) }
                    main id="main" tabindex="-1" { (self.main) }
                    footer {
                        p { "Despatch " (env!("CARGO_PKG_VERSION")) " · " a href="/help/query" { "Query language" } }
                    }
                }
            }
        };
        ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page.into_string()).into_response()
    }
}

/// The box at the top, filled, and the way to the other pages with the same question.
fn header_of(question: &Question, begins: bool) -> Markup {
    let asked = question.only(&narrow::names());
    html! {
        a.brand href="/" { "Despatch" }
        search {
            form.ask action="/" method="get" {
                label.unseen for="q" { "Search for" }
                input id="q" type="search" name="q" value=(question.query()) autocomplete="off" spellcheck="false"
                    maxlength="2000" autofocus[begins];
                (hidden(&question.without(&["q"])))
                button type="submit" { "Search" }
            }
            details.language {
                summary { "How to ask" }
                table {
                    caption.unseen { "The query language" }
                    tbody {
                        @for (written, finds) in LANGUAGE {
                            tr { th scope="row" { code { (written) } } td { (finds) } }
                        }
                    }
                }
                p { a href="/help/query" { "All of the query language" } }
            }
        }
        nav aria-label="Pages" {
            a href=(asked.under("/timeline")) { "Over time" }
            a href=(asked.under("/together")) { "Together" }
            a href="/names" { "Names" }
            a href="/saved" { "Saved" }
            a href="/help/query" { "Help" }
        }
    }
}

/// The filters of a question as fields that a form carries along.
fn hidden(question: &Question) -> Markup {
    let kept = narrow::names();
    html! {
        @for (name, value) in question.pairs().filter(|(name, value)| kept.contains(name) && !value.is_empty()) {
            input type="hidden" name=(name) value=(value);
        }
    }
}

/// A text with what matched marked: words, and mentions of requested actors in another way. Letters that hide text or
/// turn its direction are left out.
fn marked(text: &str, marks: &[Highlight]) -> Markup {
    let mut pieces = Vec::new();
    let mut at = 0;
    for mark in marks {
        let (Some(before), Some(within)) = (text.get(at..mark.start), text.get(mark.start..mark.end)) else { continue };
        pieces.push((flowing(before), None));
        pieces.push((flowing(within), Some(mark.actor)));
        at = mark.end;
    }
    pieces.push((flowing(text.get(at..).unwrap_or_default()), None));
    html! {
        @for (piece, mark) in &pieces {
            @match mark {
                None => (piece),
                Some(false) => mark { (piece) },
                Some(true) => mark.actor { (piece) },
            }
        }
    }
}

/// A text as a page shows it: what ends a line parts two words.
fn flowing(text: &str) -> String {
    clean(&text.replace('\n', " ")).into_owned()
}

/// Problems for people who read pages, as pages.
pub(super) async fn problems_as_pages(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let accept = request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    let reads_page = accept.contains("text/html") && !path.starts_with("/v1/");
    let question = Question::of(request.uri()).unwrap_or_default();
    let response = next.run(request).await;
    match response.extensions().get::<Problem>().filter(|_| reads_page) {
        Some(problem) => problem_page(problem, &question),
        None => response,
    }
}

fn problem_page(problem: &Problem, question: &Question) -> Response {
    let known = ask::known::<FilterArgs>();
    let kept: Vec<&str> = known.iter().map(String::as_str).chain(["q"]).collect();
    let main = html! {
        h1 { (problem.title) }
        p role="alert" { (clean(&problem.detail)) }
        @if let Some(hint) = &problem.hint { p { "Hint: " (clean(hint)) } }
        p { a href=(question.only(&["q"]).under("/")) { "Ask without filters" } " · " a href="/" { "Begin again" } }
    };
    let mut response = Page::new(problem.title, &question.only(&kept), main).into_response();
    problem.dress(&mut response);
    response
}
