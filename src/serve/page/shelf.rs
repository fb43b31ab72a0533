//! Pages to look things up: the names that filters take, saved searches, help.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::Uri;
use maud::html;

use super::super::api::saved_searches;
use super::super::problem::Problem;
use super::super::question::Question;
use super::super::{App, HelpPage};
use super::{Page, narrow};
use crate::ask::{NamesArgs, typed};
use crate::engine::{Engine, FacetCount};
use crate::render::{clean, grouped, grouped_number_of};

/// Names of a page, at most.
const MOST: usize = 500;

/// The names that filters take.
pub(super) async fn names(State(app): State<Arc<App>>, uri: Uri) -> Result<Page, Problem> {
    let mut question = Question::of(&uri)?;
    if question.get("what").is_none() {
        question = question.with("what", "actor");
    }
    let args: NamesArgs = question.read(&[])?;
    let request = args.request(app.now());
    let mut response = app.pool.ask(move |engine| Ok::<_, Problem>(engine.facets(&request)?)).await?;
    args.narrow(&mut response);
    let (facet, _) = args.what;
    let found: Vec<FacetCount> = response.counts.into_values().flatten().collect();
    let main = html! {
        h1 { "Names" }
        form.find action="/names" method="get" {
            label for="what" { "List" }
            select id="what" name="what" {
                @for one in narrow::FACETS.iter().filter(|one| one.name != "speaker") {
                    option value=(one.name) selected[one.facet == facet] { (one.heading) }
                }
            }
            label for="text" { "with" }
            input id="text" name="text" value=(question.get("text").unwrap_or_default()) autocomplete="off";
            button type="submit" { "Find" }
        }
        p role="status" { (grouped_number_of(found.len() as u64, "name")) }
        ul.values {
            @for value in found.iter().take(MOST) {
                li {
                    @match narrow::FACETS.iter().find(|one| one.facet == facet) {
                        Some(of) => (narrow::link(&Question::default(), of, value, "/")),
                        None => (clean(&value.label)),
                    }
                }
            }
        }
        @if found.len() > MOST { p { "The first " (grouped(MOST as u64)) "." } }
    };
    Ok(Page::new("Names", &Question::default(), main))
}

/// Saved searches with what they find now.
pub(super) async fn saved(State(app): State<Arc<App>>, uri: Uri) -> Result<Page, Problem> {
    let question = Question::of(&uri)?.only(&[]);
    let all = saved_searches(&app).await?;
    let main = html! {
        h1 { "Saved searches" }
        @if all.is_empty() { p { "None. " code { "despatch save NAME QUERY" } " makes one." } }
        @else {
            table {
                caption.unseen { "Saved searches" }
                thead { tr { th scope="col" { "Name" } th scope="col" { "Stories" } th scope="col" { "Search" } } }
                tbody {
                    @for (name, found) in &all {
                        tr {
                            th scope="row" {
                                a href=(question.with("q", &format!("@{name}")).under("/")) { "@" (name) }
                            }
                            @match found {
                                Ok((saved, total)) => {
                                    td { (grouped(*total)) } td { code { (clean(&typed(saved))) } }
                                }
                                Err(problem) => { td { "–" } td { (clean(&problem.detail)) } }
                            }
                        }
                    }
                }
            }
        }
    };
    Ok(Page::new("Saved searches", &question, main))
}

/// A page of help, as the command line prints it.
pub(super) async fn help(State(app): State<Arc<App>>, Path(page): Path<String>) -> Result<Page, Problem> {
    let Some(HelpPage { name, text, .. }) = app.help.iter().find(|one| one.name == page) else {
        return Err(Problem::no_page());
    };
    let main = html! {
        h1 { "Help: " (name) }
        nav aria-label="Pages of help" {
            ul {
                @for HelpPage { name: other, about, .. } in &app.help {
                    li {
                        a href=(format!("/help/{other}")) aria-current=[(other == name).then_some("page")] { (other) }
                        ": " (about)
                    }
                }
            }
        }
        pre.wide tabindex="0" { (text) }
    };
    Ok(Page::new(format!("Help: {name}"), &Question::default(), main))
}
