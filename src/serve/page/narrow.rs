//! What narrows a search: chips of what is set, and values of facets as links.

use std::sync::LazyLock;

use maud::{Markup, html};

use super::super::question::Question;
use crate::ask::{self, FilterArgs};
use crate::engine::{Facet, FacetCount, FacetResponse, Highlight};
use crate::render::{clean, doubted, grouped};

/// A facet that the page shows: its name in addresses, the filter that takes its values, and how it is headed.
pub(super) struct Shown {
    pub(super) facet: Facet,
    pub(super) name: &'static str,
    pub(super) filter: &'static str,
    pub(super) heading: &'static str,
}

impl Shown {
    /// A value as its filter takes it: just itself, for the count of a body or a system is not that of what belongs to it.
    fn name_of(&self, value: &FacetCount) -> String {
        let widens = self.facet == Facet::System || (self.facet == Facet::Actor && value.value.starts_with("body/"));
        if widens { format!("={}", value.value) } else { value.value.clone() }
    }
}

const fn shown(facet: Facet, name: &'static str, filter: &'static str, heading: &'static str) -> Shown {
    Shown { facet, name, filter, heading }
}

/// The facets, in the order of the page.
pub(super) const FACETS: [Shown; 9] = [
    shown(Facet::Actor, "actor", "actor", "Actors"),
    shown(Facet::Topic, "topic", "topic", "Topics"),
    shown(Facet::Outlet, "outlet", "outlet", "Outlets"),
    shown(Facet::Affiliation, "affiliation", "affiliation", "States"),
    shown(Facet::System, "system", "system", "Systems and programmes"),
    shown(Facet::Speaker, "speaker", "said", "Speakers"),
    shown(Facet::Event, "event", "event", "What was done with systems"),
    shown(Facet::Language, "language", "lang", "Languages"),
    shown(Facet::Place, "place", "place", "Places of the dateline"),
];

/// How many of [`FACETS`] stand beside a search; the others have their pages.
pub(super) const BESIDE: usize = 5;

/// The filters by name, and the query: what other pages take over from a question.
pub(super) fn names() -> Vec<&'static str> {
    static NAMES: LazyLock<Vec<String>> = LazyLock::new(ask::known::<FilterArgs>);
    NAMES.iter().map(String::as_str).chain(["q"]).collect()
}

/// The filters that are set, each with a link that takes it off.
pub(super) fn chips(question: &Question, path: &str) -> Markup {
    let chips = question.chips();
    html! {
        @if !chips.is_empty() {
            ul.chips aria-label="Filters that are set" {
                @for (name, value, without) in &chips {
                    li {
                        a href=(without.under(path)) {
                            (name) @if !value.is_empty() { ": " (clean(value)) }
                            span aria-hidden="true" { " ×" } span.unseen { ", take it off" }
                        }
                    }
                }
                li { a.clear href=(question.only(&["q"]).under(path)) { "Clear all" } }
            }
        }
    }
}

/// The facets of an answer, folded where the screen is narrow.
pub(super) fn facets(question: &Question, counts: &FacetResponse) -> Markup {
    html! {
        @for one in FACETS.iter().take(BESIDE) {
            @if let Some(values) = counts.counts.get(&one.facet).filter(|values| !values.is_empty()) {
                section aria-labelledby={ "facet-" (one.name) } {
                    h3 id={ "facet-" (one.name) } { (one.heading) }
                    ul { @for value in values { li { (link(question, one, value, "/")) } } }
                    @let rest = counts.rest.get(&one.facet).copied().unwrap_or_default();
                    @if rest.count > 0 {
                        p.more {
                            a href=(question.only(&names()).under(&format!("/facets/{}", one.name))) {
                                @match rest.values { Some(more) => { (grouped(more)) " more" }, None => "All" }
                                span.unseen { ": " (one.heading) }
                            }
                        }
                    }
                }
            }
        }
        p.more {
            "Also by: "
            @for one in FACETS.iter().skip(BESIDE) {
                a href=(question.only(&names()).under(&format!("/facets/{}", one.name))) {
                    (one.heading.to_lowercase())
                }
                " "
            }
        }
    }
}

/// A value with its count. The link adds it to what its filter lets through, or takes it back.
pub(super) fn link(question: &Question, of: &Shown, value: &FacetCount, path: &str) -> Markup {
    let name = of.name_of(value);
    let chosen = question.has(of.filter, &name);
    let label = if value.label.is_empty() { &value.value } else { &value.label };
    html! {
        a.value href=(question.toggled(of.filter, &name).under(path)) aria-current=[chosen.then_some("true")] {
            span.box aria-hidden="true" { @if chosen { "☑" } @else { "☐" } }
            span.name { (doubted(label, value.unlisted)) }
            " " span.count { (grouped(value.count)) }
        }
    }
}

/// Marks in order and apart, as of a text of which some lie beyond its end.
pub(super) fn within(marks: &[Highlight], start: usize, end: usize) -> Vec<Highlight> {
    let inside = marks.iter().filter(|mark| mark.start >= start && mark.end <= end);
    inside.map(|mark| Highlight { start: mark.start - start, end: mark.end - start, ..*mark }).collect()
}
