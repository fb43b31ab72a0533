//! `/v1`: the answers of the command line as JSON.
//!
//! The routes are one table, of which the router and the OpenAPI document are made.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use axum::routing::{MethodRouter, get};
use serde_json::{Value, json};

use super::App;
use super::lines::{answer, json, object};
use super::problem::Problem;
use super::question::Question;
use super::units::{self, Unit};
use crate::archive::{digest, hex};
use crate::ask::{
    self, FacetsArgs, FilterArgs, NamesArgs, PairsArgs, Parameter, QuotesArgs, SearchArgs, SimilarArgs, TimelineArgs,
};
use crate::engine::{Engine, EngineError, LocalEngine, SearchRequest, SearchResponse};
use crate::render::{json as render, statements};
use crate::saved::Shelf;
use crate::tag::Tagger;

/// Hits of an answer, at most.
const MOST: usize = 100;
/// Hits that can be skipped, at most.
const DEEPEST: usize = 10_000;
/// Pairs, values of a timeline and the like, at most.
const MOST_COUNTS: usize = 1_000;
/// The parameter that goes on from an answer.
const CURSOR: &str = "cursor";

/// A route of the API.
pub(super) struct Route {
    pub(super) path: &'static str,
    pub(super) about: &'static str,
    pub(super) parameters: Vec<Parameter>,
    /// The name of its answer's schema.
    pub(super) schema: &'static str,
    pub(super) handler: MethodRouter<Arc<App>>,
}

/// All routes of the API, but the one that describes them.
pub(super) fn routes() -> Vec<Route> {
    let offsets = || special(units::NAME, "What offsets count: bytes, UTF-16 units or code points", &Unit::NAMES);
    let cursor = || special(CURSOR, "`next` of the answer before: what comes after it", &[]);
    let with = |mut all: Vec<Parameter>, more: Vec<Parameter>| {
        all.retain(|one| one.name != "all" && one.name != "id");
        all.extend(more);
        all
    };
    let route = |path, schema, about, parameters, handler| Route { path, about, parameters, schema, handler };
    vec![
        route(
            "/v1/search",
            "Search",
            "Finds articles, with their best passages",
            with(ask::parameters::<SearchArgs>(), vec![offsets(), cursor()]),
            get(search),
        ),
        route(
            "/v1/facets",
            "Facets",
            "Counts articles by actor, topic, outlet and more",
            ask::parameters::<FacetsArgs>(),
            get(facets),
        ),
        route(
            "/v1/timeline",
            "Timeline",
            "Counts articles over time",
            ask::parameters::<TimelineArgs>(),
            get(timeline),
        ),
        route(
            "/v1/pairs",
            "Pairs",
            "Counts the actors that appear together",
            ask::parameters::<PairsArgs>(),
            get(pairs),
        ),
        route(
            "/v1/quotes",
            "Quotes",
            "Finds statements: who said what",
            with(ask::parameters::<QuotesArgs>(), vec![offsets()]),
            get(quotes),
        ),
        route("/v1/articles/{id}", "Article", "One article with its mentions", vec![offsets()], get(article)),
        route(
            "/v1/articles/{id}/similar",
            "Search",
            "The articles most like a given one",
            with(ask::parameters::<SimilarArgs>(), vec![offsets()]),
            get(similar),
        ),
        route(
            "/v1/names",
            "Facets",
            "The names that filters take, with how many stories each has",
            ask::parameters::<NamesArgs>(),
            get(names),
        ),
        route("/v1/saved", "Saved", "Saved searches with what they find now", Vec::new(), get(saved)),
        route("/v1/index", "Index", "How much the index holds, and what made it", Vec::new(), get(index)),
    ]
}

/// A parameter that the command line does not have.
fn special(name: &str, about: &str, values: &[&str]) -> Parameter {
    Parameter {
        name: name.to_owned(),
        about: about.to_owned(),
        default: values.first().map(|value| (*value).to_owned()),
        values: values.iter().map(|value| (*value).to_owned()).collect(),
        is_switch: false,
        repeats: false,
        required: false,
    }
}

/// Refuses numbers that would cost too much.
pub(super) fn bounded(name: &str, value: usize, least: usize, most: usize) -> Result<(), Problem> {
    match (least..=most).contains(&value) {
        true => Ok(()),
        false => Err(Problem::parameter(format!("'{name}' takes a number from {least} to {most}"))),
    }
}

/// Where an answer goes on, and the question and the index that it belongs to.
struct Cursor {
    offset: usize,
    state: String,
}

impl Cursor {
    fn take(question: &mut Question) -> Result<Option<Self>, Problem> {
        let Some(text) = question.take(CURSOR) else { return Ok(None) };
        let parts = text.split_once('.').and_then(|(offset, state)| {
            let offset = usize::from_str_radix(offset, 16).ok().filter(|offset| *offset <= DEEPEST)?;
            Some(Self { offset, state: state.to_owned() })
        });
        parts.map(Some).ok_or_else(|| Problem::parameter(format!("'{CURSOR}' takes the `next` of an answer")))
    }

    fn name(offset: usize, state: &str) -> String {
        format!("{offset:x}.{state}")
    }
}

/// What a cursor belongs to: the question, and the state of the index by which its hits are in order.
fn state_of(question: &str, engine: &LocalEngine<'_>) -> String {
    let text = format!("{question}\n{}\n{}", engine.upto(), engine.authority().fingerprint());
    hex(&digest(text.as_bytes())[..8])
}

async fn search(State(app): State<Arc<App>>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    let mut question = Question::of(&uri)?;
    let (unit, cursor) = (Unit::take(&mut question)?, Cursor::take(&mut question)?);
    let args: SearchArgs = question.read(&[units::NAME, CURSOR])?;
    bounded("limit", args.limit, 0, MOST)?;
    bounded("offset", args.offset, 0, DEEPEST)?;
    let now = app.now();
    let asked = app.here(now).asked(&args.query, &args.filters)?;
    let mut request = args.request(&asked, now)?;
    request.offset = cursor.as_ref().map_or(request.offset, |cursor| cursor.offset);
    let (offset, limit) = (request.offset, request.limit);
    let same = question.without(&["offset"]).under("");
    let shows_paths = app.show_paths;
    let (response, state) = app
        .pool
        .ask(move |engine| {
            let state = state_of(&same, engine);
            if cursor.is_some_and(|cursor| cursor.state != state) {
                return Err(moved_on());
            }
            Ok((found(engine, |engine| engine.search(&request), unit, shows_paths)?, state))
        })
        .await?;
    let next = offset + response.hits.len();
    let more = limit > 0 && response.hits.len() == limit && next <= DEEPEST;
    let mut lines = Vec::new();
    render::search(&response, &mut lines)?;
    answer(lines, "hits", &headers, |object| {
        if more {
            object.insert("next".to_owned(), Cursor::name(next, &state).into());
        }
    })
}

fn moved_on() -> Problem {
    let detail = "the index has changed since the answer before, so its hits are no longer in the same order";
    Problem::new(StatusCode::CONFLICT, "moved-on", "The index moved on", detail)
        .with_hint(Some("ask again from the beginning".to_owned()))
}

/// Finds hits, and takes out of them what is not to be told.
pub(super) fn found(
    engine: &mut LocalEngine<'_>,
    search: impl FnOnce(&mut LocalEngine<'_>) -> Result<SearchResponse, EngineError>,
    unit: Unit,
    shows_paths: bool,
) -> Result<SearchResponse, Problem> {
    let mut response = search(engine)?;
    unit.turn_hits(&mut response, engine)?;
    if !shows_paths {
        response.hits.iter_mut().for_each(|hit| hit.place = None);
    }
    Ok(response)
}

async fn similar(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let mut question = Question::of(&uri)?.with("id", &id);
    let unit = Unit::take(&mut question)?;
    let args: SimilarArgs = question.read(&[units::NAME])?;
    bounded("limit", args.limit, 0, MOST)?;
    bounded("offset", args.offset, 0, DEEPEST)?;
    let request = args.request(app.now())?;
    let shows_paths = app.show_paths;
    let similar = move |engine: &mut LocalEngine<'_>| engine.similar(&args.id, &request);
    let response = app.pool.ask(move |engine| found(engine, similar, unit, shows_paths)).await?;
    let mut lines = Vec::new();
    render::search(&response, &mut lines)?;
    answer(lines, "hits", &headers, |_| {})
}

async fn facets(State(app): State<Arc<App>>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    let args: FacetsArgs = Question::of(&uri)?.read(&[])?;
    let now = app.now();
    let request = args.request(&app.here(now).asked(&args.query, &args.filters)?, now)?;
    let response = app.pool.ask(move |engine| Ok::<_, Problem>(engine.facets(&request)?)).await?;
    let mut lines = Vec::new();
    render::facets(&response, &mut lines)?;
    answer(lines, "facets", &headers, |_| {})
}

async fn names(State(app): State<Arc<App>>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    let args: NamesArgs = Question::of(&uri)?.read(&[])?;
    let request = args.request(app.now());
    let mut response = app.pool.ask(move |engine| Ok::<_, Problem>(engine.facets(&request)?)).await?;
    args.narrow(&mut response);
    let mut lines = Vec::new();
    render::facets(&response, &mut lines)?;
    answer(lines, "facets", &headers, |_| {})
}

async fn timeline(State(app): State<Arc<App>>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    let args: TimelineArgs = Question::of(&uri)?.read(&[])?;
    bounded("limit", args.limit, 0, MOST_COUNTS)?;
    let now = app.now();
    let request = args.request(&app.here(now).asked(&args.query, &args.filters)?, now)?;
    let question = move |engine: &mut LocalEngine<'_>| {
        let mut response = engine.timeline(&request)?;
        args.note_gaps(&mut response, engine.archive(), &now)?;
        Ok::<_, Problem>(response)
    };
    let response = app.pool.ask(question).await?;
    let mut lines = Vec::new();
    render::timeline(&response, &mut lines)?;
    answer(lines, "series", &headers, |_| {})
}

async fn pairs(State(app): State<Arc<App>>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    let args: PairsArgs = Question::of(&uri)?.read(&[])?;
    bounded("limit", args.limit, 1, MOST_COUNTS)?;
    let now = app.now();
    let request = args.request(&app.here(now).asked(&args.query, &args.filters)?, now)?;
    let response = app.pool.ask(move |engine| Ok::<_, Problem>(engine.pairs(&request)?)).await?;
    let mut lines = Vec::new();
    render::pairs(&response, &mut lines)?;
    answer(lines, "pairs", &headers, |_| {})
}

async fn quotes(State(app): State<Arc<App>>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    let mut question = Question::of(&uri)?;
    let unit = Unit::take(&mut question)?;
    let args: QuotesArgs = question.read(&[units::NAME])?;
    bounded("limit", args.limit, 1, MOST)?;
    bounded("offset", args.offset, 0, DEEPEST)?;
    let now = app.now();
    let request = args.request(&app.here(now).asked(&args.query, &args.filters)?, now)?;
    let question = move |engine: &mut LocalEngine<'_>| {
        let mut response = engine.quotes(&request)?;
        unit.turn_statements(&mut response.statements, engine)?;
        Ok::<_, Problem>(response)
    };
    let response = app.pool.ask(question).await?;
    let mut lines = Vec::new();
    statements::json(&response, &mut lines)?;
    answer(lines, "statements", &headers, |_| {})
}

async fn article(State(app): State<Arc<App>>, Path(id): Path<String>, uri: Uri) -> Result<Response, Problem> {
    let mut question = Question::of(&uri)?;
    let unit = Unit::take(&mut question)?;
    question.read::<Nothing>(&[units::NAME])?;
    let shows_paths = app.show_paths;
    let lines = app.pool.ask(move |engine| article_line(engine, &id, shows_paths)).await?;
    let mut article = Value::Object(object(&lines, "")?);
    unit.turn_article(&mut article);
    Ok(json(&article))
}

/// A question without parameters.
#[derive(clap::Args)]
struct Nothing {}

fn article_line(engine: &mut LocalEngine<'_>, id: &str, shows_paths: bool) -> Result<Vec<u8>, Problem> {
    let authority = engine.authority();
    let archive = engine.archive();
    let stored = archive.by_id(id)?;
    let places = if shows_paths { archive.provenance(stored.num)? } else { Vec::new() };
    let mut further = Vec::new();
    further.extend(archive.why_held(stored.num)?.map(|why| ("held", Value::from(why.as_str()))));
    further.extend(archive.gone(stored.num)?.map(|gone| ("gone", render::gone(&gone))));
    let tags = Tagger::new(authority).tag(&stored.article);
    let mut line = Vec::new();
    render::article(&stored.article, (&stored.id, &places), &tags, None, &further, authority, &mut line)?;
    Ok(line)
}

async fn saved(State(app): State<Arc<App>>, uri: Uri) -> Result<Response, Problem> {
    Question::of(&uri)?.read::<Nothing>(&[])?;
    let all = saved_searches(&app).await?;
    let shown = all.into_iter().map(|(name, found)| match found {
        Ok((saved, total)) => json!({
            "name": name, "query": saved.query, "filters": saved.filters, "alert": saved.alert, "total": total,
        }),
        Err(problem) => json!({"name": name, "problem": problem}),
    });
    Ok(json(&json!({"saved": shown.collect::<Vec<_>>()})))
}

/// A saved search with the stories that it finds now, or why it cannot be asked.
type Found = Result<(crate::saved::Saved, u64), Problem>;

/// All saved searches by name, counted one after the other on one engine.
pub(super) async fn saved_searches(app: &App) -> Result<Vec<(String, Found)>, Problem> {
    let (shelf, now) = (Shelf::of(&app.index), app.now());
    let names = shelf.names()?;
    let count = move |engine: &mut LocalEngine<'_>, name: &str| -> Found {
        let saved = shelf.get(name)?;
        let filters = FilterArgs::from_table(saved.filters.clone())?.filters(&now)?;
        let request = SearchRequest { filters, limit: 0, passages: 0, ..SearchRequest::new(&saved.query, now) };
        let total = engine.search(&request)?.total;
        Ok((saved, total))
    };
    let question = move |engine: &mut LocalEngine<'_>| {
        Ok(names.into_iter().map(|name| (name.clone(), count(engine, &name))).collect())
    };
    app.pool.ask(question).await
}

async fn index(State(app): State<Arc<App>>, uri: Uri) -> Result<Response, Problem> {
    Question::of(&uri)?.read::<Nothing>(&[])?;
    let question = |engine: &mut LocalEngine<'_>| {
        let (upto, headings) = (engine.upto(), engine.authority().fingerprint());
        let counts = engine.archive().counts()?;
        Ok::<_, Problem>(json!({
            "program": env!("CARGO_PKG_VERSION"), "format": render::FORMAT, "articles": counts.articles,
            "versions": counts.versions, "upto": upto, "headings": format!("{headings:016x}"),
        }))
    };
    Ok(json(&app.pool.ask(question).await?))
}
