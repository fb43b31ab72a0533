//! A search in the forms that other programs read, by the renderers of the command line.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use maud::{Markup, html};
use serde_json::Value;

use super::api::found;
use super::lines::{NDJSON, object};
use super::problem::Problem;
use super::question::Question;
use super::units::Unit;
use super::{App, feed};
use crate::ask::SearchArgs;
use crate::engine::{Engine, LocalEngine, SearchResponse};
use crate::render::export::{self, DEFAULT, Form};
use crate::render::json;
use crate::tag::Tagger;

/// Hits of an export, at most and if no limit is given.
const MOST: usize = 10_000;
/// Entries of a feed if no limit is given.
const FEED: usize = 50;

/// How an export is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Written {
    Object,
    Lines,
    Form(Form),
    Feed,
}

/// An export: the end of its address, its type, how it is written, and what its link says.
type Export = (&'static str, &'static str, Written, &'static str);

const EXPORTS: [Export; 8] = [
    ("csv", "text/csv; charset=utf-8", Written::Form(Form::Csv), "CSV"),
    ("ris", "application/x-research-info-systems", Written::Form(Form::Ris), "RIS"),
    ("bib", "application/x-bibtex; charset=utf-8", Written::Form(Form::Bibtex), "BibTeX"),
    ("csl.json", "application/vnd.citationstyles.csl+json", Written::Form(Form::CslJson), "CSL-JSON"),
    ("md", "text/markdown; charset=utf-8", Written::Form(Form::Markdown), "Markdown"),
    ("json", "application/json", Written::Object, "JSON"),
    ("jsonl", NDJSON, Written::Lines, "JSON Lines"),
    ("atom", "application/atom+xml", Written::Feed, "Atom"),
];

/// The forms in which an article alone is written.
const OF_ARTICLE: [usize; 5] = [1, 2, 3, 4, 0];

pub(super) fn routes() -> Router<Arc<App>> {
    let search = EXPORTS.into_iter().fold(Router::new(), |router, one| {
        let answer = async move |State(app): State<Arc<App>>, uri: Uri| search(&app, &uri, one).await;
        router.route(&format!("/search.{}", one.0), get(answer))
    });
    OF_ARTICLE.into_iter().map(|at| EXPORTS[at]).fold(search, |router, one| {
        let answer = async move |State(app): State<Arc<App>>, Path(id): Path<String>| article(&app, id, one).await;
        router.route(&format!("/a/{{id}}/cite.{}", one.0), get(answer))
    })
}

/// Links to all forms of a search.
pub(super) fn links(question: &Question) -> Markup {
    html! {
        details.exports {
            summary { "Take along" }
            ul {
                @for (end, _, _, label) in EXPORTS {
                    li { a href=(question.under(&format!("/search.{end}"))) { (label) } }
                }
            }
        }
    }
}

/// Links to the forms of an article.
pub(super) fn links_of_article(id: &str) -> Markup {
    html! {
        details.exports {
            summary { "Cite" }
            ul {
                @for (end, _, _, label) in OF_ARTICLE.map(|at| EXPORTS[at]) {
                    li { a href=(format!("/a/{id}/cite.{end}")) { (label) } }
                }
            }
        }
    }
}

async fn search(app: &App, uri: &Uri, one: Export) -> Result<Response, Problem> {
    let mut question = Question::of(uri)?;
    let most = if one.2 == Written::Feed { FEED } else { MOST };
    question = question.without(&["page"]);
    let limit = question.take_number("limit", 1, MOST)?.unwrap_or(most);
    if one.2 == Written::Feed {
        // By arrival: what is added late would be missed in the order of publication.
        question = question.with("sort", "added");
    }
    let args: SearchArgs = question.read(&["limit", "page"])?;
    let now = app.now();
    let asked = app.here(now).asked(&args.query, &args.filters)?;
    let mut request = args.request(&asked, now)?;
    request.limit = limit;
    let shows_paths = app.show_paths;
    if one.2 != Written::Feed {
        let ask = move |engine: &mut LocalEngine<'_>| {
            found(engine, |engine| engine.search(&request), Unit::Bytes, shows_paths)
        };
        return Ok(file("despatch", one, written(&app.pool.ask(ask).await?, one.2)?));
    }
    let ask = move |engine: &mut LocalEngine<'_>| {
        let response = found(engine, |engine| engine.search(&request), Unit::Bytes, shows_paths)?;
        let archive = engine.archive();
        let mut stored = Vec::new();
        for hit in &response.hits {
            let num = archive.by_id(&hit.id)?.num;
            stored.push(archive.versions(num)?.last().map(|(_, stored)| *stored).unwrap_or_default());
        }
        Ok::<_, Problem>((response, stored, archive.uuid()?.unwrap_or_default()))
    };
    let (response, stored, archive) = app.pool.ask(ask).await?;
    Ok(file("despatch", one, feed::write(&response, &stored, &archive, &asked.query, now)?))
}

fn written(response: &SearchResponse, how: Written) -> Result<Vec<u8>, Problem> {
    let mut out = Vec::new();
    match how {
        Written::Form(form) => export::hits(&response.hits, form, &DEFAULT, &mut out)?,
        Written::Lines | Written::Feed => json::search(response, &mut out)?,
        Written::Object => {
            json::search(response, &mut out)?;
            out = Value::Object(object(&out, "hits")?).to_string().into_bytes();
        }
    }
    Ok(out)
}

/// An article with its whole text, as the command line writes it.
async fn article(app: &App, id: String, one: Export) -> Result<Response, Problem> {
    let name = app.pool.ask(move |engine| {
        let authority = engine.authority();
        let archive = engine.archive();
        let stored = archive.by_id(&id)?;
        let tags = Tagger::new(authority).tag(&stored.article);
        let hit = export::whole(&stored, &tags, authority, &[], &archive.group(stored.num)?);
        let mut out = Vec::new();
        match one.2 {
            Written::Form(Form::Markdown) => export::markdown_article(&hit, &stored, &mut out)?,
            Written::Form(form) => export::hits(&[hit], form, &DEFAULT, &mut out)?,
            _ => {}
        }
        Ok::<_, Problem>((stored.id, out))
    });
    let (id, out) = name.await?;
    Ok(file(&id, one, out))
}

/// A file to keep, or to look at where browsers can. Its name holds nothing of what was asked.
fn file(name: &str, (end, kind, how, _): Export, body: Vec<u8>) -> Response {
    let shown = matches!(how, Written::Feed | Written::Object | Written::Lines | Written::Form(Form::Markdown));
    let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
    let disposition = if shown { "inline" } else { "attachment" };
    let disposition = format!("{disposition}; filename=\"{name}.{end}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)], body).into_response()
}
