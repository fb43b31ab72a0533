//! Pages of counts: all values of a facet, counts over time, who appears together.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::Uri;
use maud::{Markup, html};

use super::super::App;
use super::super::api::bounded;
use super::super::problem::Problem;
use super::super::question::Question;
use super::{Page, narrow};
use crate::ask::choice::{LINES, PERIODS};
use crate::ask::{FacetsArgs, PairsArgs, TimelineArgs};
use crate::engine::{Engine, Facet, FacetSort, LocalEngine, PairsResponse, TimelineResponse};
use crate::render::{clean, doubted, grouped, grouped_number_of};

/// Values and pairs of a page, at most.
const MOST: usize = 1_000;
/// Periods of a table, at most; of more it shows the last.
const PERIODS_SHOWN: usize = 36;

/// All values of a facet.
pub(super) async fn facet(State(app): State<Arc<App>>, Path(facet): Path<String>, uri: Uri) -> Result<Page, Problem> {
    let Some(of) = narrow::FACETS.iter().find(|one| one.name == facet) else { return Err(Problem::no_page()) };
    let question = Question::of(&uri)?;
    let mut typed = question.clone();
    let find = typed.take("find").unwrap_or_default();
    let args: FacetsArgs = typed.with("by", of.name).with("all-values", "true").with("limit", "0").read(&["find"])?;
    let now = app.now();
    let asked = app.here(now).asked(&args.query, &args.filters)?;
    let question = question.opened(&asked)?;
    let request = args.request(&asked, now)?;
    let response = app.pool.ask(move |engine| Ok::<_, Problem>(engine.facets(&request)?)).await?;
    let wanted = find.to_lowercase();
    let all = response.counts.get(&of.facet).map(Vec::as_slice).unwrap_or_default();
    let fitting = all.iter().filter(|one| one.label.to_lowercase().contains(&wanted));
    let fitting: Vec<_> = fitting.take(MOST).collect();
    let kept = question.only(&narrow::names());
    let path = format!("/facets/{}", of.name);
    let turned = match args.sort {
        FacetSort::Count => ("surprise", "First what is unusual here"),
        FacetSort::Surprise => ("count", "First what is most frequent"),
    };
    let main = html! {
        h1 { (of.heading) }
        (narrow::chips(&kept, &path))
        p role="status" {
            (grouped(fitting.len() as u64)) " of " (grouped(all.len() as u64))
            " in " (grouped_number_of(response.total, "story"))
        }
        @if of.facet == Facet::Speaker {
            p {
                "A number counts the stories in which the name itself says something. Its link also finds those in which "
                "somebody speaks for it, and looks for the words of the question in what was said."
            }
        }
        form.find action=(path) method="get" {
            input type="hidden" name="q" value=(kept.query());
            (super::hidden(&kept.without(&["q"])))
            label for="find" { "Only names with" }
            input id="find" name="find" value=(find) autocomplete="off";
            button type="submit" { "Find" }
        }
        p { a href=(kept.with("sort", turned.0).under(&path)) { (turned.1) } }
        ul.values { @for value in &fitting { li { (narrow::link(&kept, of, value, "/")) } } }
        p { a href=(kept.under("/")) { "Back to the search" } }
    };
    Ok(Page::new(of.heading, &kept, main))
}

/// Counts over time.
pub(super) async fn timeline(State(app): State<Arc<App>>, uri: Uri) -> Result<Page, Problem> {
    let question = Question::of(&uri)?;
    let args: TimelineArgs = question.read(&[])?;
    bounded("limit", args.limit, 0, MOST)?;
    let now = app.now();
    let asked = app.here(now).asked(&args.query, &args.filters)?;
    let question = question.opened(&asked)?;
    let request = args.request(&asked, now)?;
    let (by, per) = (args.by, args.per);
    let ask = move |engine: &mut LocalEngine<'_>| {
        let mut response = engine.timeline(&request)?;
        args.note_gaps(&mut response, engine.archive(), &now)?;
        Ok::<_, Problem>(response)
    };
    let response = app.pool.ask(ask).await?;
    let kept = question.only(&narrow::names());
    let choice = |id: &'static str, label: &'static str, options: Vec<(&'static str, &'static str, bool)>| {
        html! {
            label for=(id) { (label) }
            select id=(id) name=(id) {
                @for (name, help, chosen) in options { option value=(name) selected[chosen] { (help) } }
            }
        }
    };
    let lines = LINES.iter().map(|one| (one.names[0], one.help, one.value == by)).collect();
    let periods = PERIODS.iter().map(|one| (one.names[0], one.help, one.value == per)).collect();
    let main = html! {
        h1 { "Over time" }
        (notes(&response.notes))
        (narrow::chips(&kept, "/timeline"))
        p role="status" { (grouped_number_of(response.total, "story")) }
        form.order action="/timeline" method="get" {
            input type="hidden" name="q" value=(kept.query());
            (super::hidden(&kept.without(&["q"])))
            (choice("by", "A line for", lines))
            (choice("per", "by", periods))
            button type="submit" { "Count" }
        }
        (table(&kept, &response))
    };
    Ok(Page::new("Over time", &kept, main))
}

/// Times from the last to the first, values beside each other.
fn table(question: &Question, response: &TimelineResponse) -> Markup {
    let first = response.periods.len().saturating_sub(PERIODS_SHOWN);
    html! {
        @if first > 0 {
            p { "The last " (PERIODS_SHOWN) " of " (response.periods.len()) " times; narrow by dates to see others." }
        }
        div.wide tabindex="0" role="region" aria-label="Counts over time" {
            table {
                caption { "Stories by time of publication" }
                thead {
                    tr {
                        th scope="col" { "Time" }
                        th scope="col" { "All" }
                        @for series in &response.series { th scope="col" { (doubted(&series.label, series.unlisted)) } }
                    }
                }
                tbody {
                    @for at in (first..response.periods.len()).rev() {
                        @let period = &response.periods[at];
                        tr {
                            th scope="row" {
                                a href=(question.with("since", period).with("until", period).under("/")) { (period) }
                            }
                            td { (grouped(response.all[at])) }
                            @for series in &response.series { td { (grouped(series.counts[at])) } }
                        }
                    }
                    @if response.undated > 0 {
                        tr {
                            th scope="row" { a href=(question.with("undated", "true").under("/")) { "undated" } }
                            td { (grouped(response.undated)) }
                        }
                    }
                }
            }
        }
    }
}

/// Who appears with whom.
pub(super) async fn together(State(app): State<Arc<App>>, uri: Uri) -> Result<Page, Problem> {
    let question = Question::of(&uri)?;
    let args: PairsArgs = question.read(&[])?;
    bounded("limit", args.limit, 1, MOST)?;
    let now = app.now();
    let asked = app.here(now).asked(&args.query, &args.filters)?;
    let question = question.opened(&asked)?;
    let request = args.request(&asked, now)?;
    let response = app.pool.ask(move |engine| Ok::<_, Problem>(engine.pairs(&request)?)).await?;
    let kept = question.only(&narrow::names());
    let main = html! {
        h1 { "Who appears together" }
        (notes(&response.notes))
        (narrow::chips(&kept, "/together"))
        p role="status" {
            (grouped_number_of(response.pairs_total, "pair")) " in " (grouped_number_of(response.total, "story"))
        }
        (pairs(&kept, &response))
    };
    Ok(Page::new("Together", &kept, main))
}

fn pairs(question: &Question, response: &PairsResponse) -> Markup {
    let without = question.without(&["actor"]);
    html! {
        div.wide tabindex="0" role="region" aria-label="Pairs" {
            table {
                caption { "Stories in which a passage mentions both, and how many were to be expected by chance" }
                thead {
                    tr { @for head in ["One", "Other", "Stories", "Expected", "Ratio"] { th scope="col" { (head) } } }
                }
                tbody {
                    @for pair in &response.pairs {
                        @let both = without.with("actor", &pair.a.id).under("/") + "&actor=" + &percent(&pair.b.id);
                        tr {
                            th scope="row" { a href=(both) { (doubted(&pair.a.label, pair.a.is_unlisted())) } }
                            td {
                                a href=(without.with("actor", &pair.b.id).under("/together")) {
                                    (doubted(&pair.b.label, pair.b.is_unlisted()))
                                }
                            }
                            td { (grouped(pair.counts.count)) }
                            td { (format!("{:.1}", pair.counts.expected)) }
                            td { (format!("{:.1}", pair.counts.ratio)) }
                        }
                    }
                }
            }
        }
    }
}

fn percent(id: &str) -> String {
    url::form_urlencoded::byte_serialize(id.as_bytes()).collect()
}

/// What there is to say of an answer.
pub(super) fn notes(notes: &[String]) -> Markup {
    html! { @if !notes.is_empty() { ul.notes { @for note in notes { li { (clean(note)) } } } } }
}
