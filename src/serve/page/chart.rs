//! Stories over time: bars that are links to their time, with a table behind them.

use maud::{Markup, html};

use super::super::question::Question;
use crate::engine::{Facet, FacetCount, FacetResponse};
use crate::render::grouped;

/// Bars of a chart, at most; more are taken together in longer times.
const BARS: usize = 60;
/// Width of a bar with the space after it, and height of the chart, in units of the drawing.
const STEP: u64 = 16;
const HEIGHT: u64 = 80;

/// The lengths of a bar's time, the finest first.
pub(super) const TIMES: [Facet; 3] = [Facet::Day, Facet::Month, Facet::Year];

/// The chart of an answer that was counted by [`TIMES`], with fields for the first and the last day.
pub(super) fn chart(question: &Question, counts: &FacetResponse) -> Markup {
    let periods = |facet: &Facet| counts.counts.get(facet).filter(|periods| (1..=BARS).contains(&periods.len()));
    let Some((per, periods)) = TIMES.iter().find_map(|facet| Some((*facet, periods(facet)?))) else {
        return dates(question);
    };
    let undated = counts.rest.get(&per).map_or(0, |rest| rest.without);
    let most = periods.iter().map(|period| period.count).max().unwrap_or(1).max(1);
    let width = STEP * periods.len() as u64;
    html! {
        section.time aria-labelledby="time" {
            h2.unseen id="time" { "Stories over time" }
            svg viewBox={ "0 0 " (width) " " (HEIGHT) } preserveAspectRatio="none" role="group"
                aria-label="Stories over time; the table after it has the numbers" {
                @for (at, period) in periods.iter().enumerate() { (bar(question, period, at as u64 * STEP, most)) }
            }
            p.ends {
                span { (periods[0].value) } span { (periods[periods.len() - 1].value) }
            }
            (dates(question))
            @if undated > 0 {
                p {
                    (grouped(undated)) " undated: "
                    a href=(question.with("undated", "true").under("/")) { "all articles without a date, copies too" }
                }
            }
            details {
                summary { "As a table" }
                table {
                    caption { "Stories by time of publication" }
                    thead { tr { th scope="col" { "Time" } th scope="col" { "Stories" } } }
                    tbody {
                        @for period in periods.iter().filter(|period| period.count > 0) {
                            tr {
                                th scope="row" { a href=(during(question, period)) { (period.value) } }
                                td { (grouped(period.count)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A bar. The whole height is its target, however low it is.
fn bar(question: &Question, period: &FacetCount, x: u64, most: u64) -> Markup {
    let height = (period.count * HEIGHT).div_ceil(most).min(HEIGHT);
    html! {
        @if period.count > 0 {
            a href=(during(question, period)) aria-label={ (period.value) ": " (grouped(period.count)) } {
                title { (period.value) ": " (grouped(period.count)) }
                rect.target x=(x) y="0" width=(STEP) height=(HEIGHT) {}
                rect.bar x=(x + 1) y=(HEIGHT - height) width=(STEP - 2) height=(height) {}
            }
        }
    }
}

/// The address of a question about one time alone.
fn during(question: &Question, period: &FacetCount) -> String {
    question.with("since", &period.value).with("until", &period.value).under("/")
}

/// Fields for the first and the last day.
fn dates(question: &Question) -> Markup {
    let field = |name: &'static str, label: &'static str| {
        html! {
            label for=(name) { (label) }
            input id=(name) name=(name) value=(question.get(name).unwrap_or_default()) size="12"
                placeholder="2025-11-28" autocomplete="off";
        }
    };
    html! {
        form.dates action="/" method="get" {
            input type="hidden" name="q" value=(question.query());
            (super::hidden(&question.without(&["q", "since", "until", "undated"])))
            (field("since", "From"))
            (field("until", "to"))
            button type="submit" { "Set" }
        }
    }
}
