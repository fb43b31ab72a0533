//! Hits of a search, and the pages of a long answer.

use maud::{Markup, html};

use super::super::question::Question;
use super::marked;
use crate::engine::{Heading, Hit};
use crate::render::{clean, doubted, grouped_number_of, short};

/// The hits in their order; with a way to see each beside the page `beside`, if there is one.
pub(super) fn list(question: &Question, hits: &[Hit], beside: Option<&Question>) -> Markup {
    let preview = |hit: &Hit| Some(format!("{}#preview", beside?.with("open", &hit.id).under("/")));
    html! {
        ol.hits start=[hits.first().map(|hit| hit.rank)] {
            @for hit in hits {
                li {
                    (one(question, hit))
                    @if let Some(address) = preview(hit) { p.more { a href=(address) { "Preview" } } }
                }
            }
        }
    }
}

fn one(question: &Question, hit: &Hit) -> Markup {
    let page = question.only(&["q"]).under(&format!("/a/{}", hit.id));
    html! {
        article lang=[language(hit.language.as_deref())] {
            h3 {
                a href=(page) {
                    @if hit.title.trim().is_empty() { "(no title)" }
                    @else { (marked(&hit.title, &hit.title_highlights)) }
                }
            }
            (facts(hit))
            @for passage in &hit.passages {
                blockquote {
                    p { (marked(&passage.text, &passage.highlights)) }
                    @if let Some(page) = passage.page { p.beside { "p. " (page) } }
                }
            }
            (beside(question, hit))
        }
    }
}

/// Outlet, day, authors, the address that the publisher gave it.
pub(super) fn facts(hit: &Hit) -> Markup {
    html! {
        p.facts lang="en" {
            @if let Some(outlet) = &hit.outlet { span { (short(outlet)) } }
            span {
                @match &hit.published {
                    Some(at) => { time datetime=(at) { (at.day()) } }
                    None => "undated",
                }
            }
            @if !hit.byline.is_empty() { span { (short(&hit.byline.join(", "))) } }
            @if let Some(url) = hit.url.as_deref().filter(|url| is_address(url)) {
                span.original {
                    a href=(url) rel="noopener noreferrer" { "original" } span.address { " " (clean(url)) }
                }
            }
        }
    }
}

/// Copies, what it lacks, why it may be doubted, who and what it is about.
fn beside(question: &Question, hit: &Hit) -> Markup {
    let article = question.only(&["q"]).under(&format!("/a/{}", hit.id));
    let headings = |all: &[Heading], most: usize, filter: &'static str| {
        let shown: Vec<(String, String)> = all
            .iter()
            .take(most)
            .map(|one| (doubted(&one.label, one.is_unlisted()), question.toggled(filter, &one.id).under("/")))
            .collect();
        html! { @for (label, address) in shown { a href=(address) { (label) } } }
    };
    html! {
        div.beside lang="en" {
            @if hit.copies > 1 {
                p {
                    a href={ (article) "#copies" } { (grouped_number_of(hit.copies, "copy")) }
                    " in " (grouped_number_of(hit.outlets, "outlet"))
                    @if let Some(first) = &hit.first_published {
                        ", first"
                        @if let Some(outlet) = &first.outlet { " in " (short(outlet)) }
                        " on " (first.published.day())
                    }
                }
            }
            @if !hit.missing.is_empty() { p { "without: " s { (clean(&hit.missing.join(", "))) } } }
            @for doubt in &hit.doubts { p { "Doubtful: " (doubt.reason()) } }
            @if hit.gone.is_some() { p { "Its page is not there any more." } }
            @if !hit.actors.is_empty() || !hit.topics.is_empty() {
                p.headings { (headings(&hit.actors, 5, "actor")) (headings(&hit.topics, 3, "topic")) }
            }
        }
    }
}

/// Whether an address opens a page of the web, and does nothing else.
pub(super) fn is_address(url: &str) -> bool {
    let lower = url.to_ascii_lowercase();
    (lower.starts_with("https://") || lower.starts_with("http://")) && url.bytes().all(|byte| byte.is_ascii_graphic())
}

/// A language as HTML takes it: of an article nobody has checked it.
pub(super) fn language(code: Option<&str>) -> Option<&str> {
    code.filter(|code| (2..=3).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_lowercase()))
}

/// Links to the other pages of an answer.
pub(super) fn pages(question: &Question, path: &str, page: usize, last: usize) -> Markup {
    let address = |page: usize| match page {
        1 => question.under(path),
        page => question.with("page", &page.to_string()).under(path),
    };
    let near = page.saturating_sub(3).max(1)..=(page + 3).min(last);
    html! {
        @if last > 1 {
            nav.pages aria-label="Pages of hits" {
                @if page > 1 { a rel="prev" href=(address(page - 1)) { "Previous" } }
                @if *near.start() > 1 { a href=(address(1)) { "1" } span { "…" } }
                @for number in near.clone() {
                    @if number == page { span aria-current="page" { (number) } }
                    @else { a href=(address(number)) { (number) } }
                }
                @if *near.end() < last { span { "…" } a href=(address(last)) { (last) } }
                @if page < last { a rel="next" href=(address(page + 1)) { "Next" } }
            }
        }
    }
}
