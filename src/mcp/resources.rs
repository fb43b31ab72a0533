//! Resources: articles, saved searches and pages of help, by their addresses. Articles are never listed: `search` finds
//! them.

use rmcp::model::{Resource, ResourceTemplate};
use serde_json::{Value, json};

use super::arguments::Arguments;
use super::desk::{Desk, Page, Setup};
use super::refusal::{Refusal, broken};
use super::source::ARTICLE;
use super::{fence, tools};
use crate::saved::Shelf;

const SAVED: &str = "despatch://saved/";
const HELP: &str = "despatch://help/";

/// Saved searches that are listed, at most.
const LISTED: usize = 500;

/// The pages of help, then the saved searches.
pub(super) fn list(setup: &Setup) -> Vec<Resource> {
    let page = |page: &Page| {
        let name = format!("help/{}", page.name);
        Resource::new(format!("{HELP}{}", page.name), name).with_description(page.about).with_mime_type("text/plain")
    };
    let saved = |name: String| {
        let resource = Resource::new(format!("{SAVED}{name}"), format!("saved/{name}"));
        resource.with_description("A saved search with what it finds now").with_mime_type("text/plain")
    };
    setup.pages.iter().map(page).chain(saved_names(setup).into_iter().take(LISTED).map(saved)).collect()
}

pub(super) fn templates() -> Vec<ResourceTemplate> {
    let template = |uri: String, name: &str, about: &str| {
        ResourceTemplate::new(uri, name).with_description(about).with_mime_type("text/plain")
    };
    vec![
        template(format!("{ARTICLE}{{id}}"), "article", "The words of an article; #START-END for some bytes of them"),
        template(format!("{SAVED}{{name}}"), "saved search", "A saved search with what it finds now"),
        template(format!("{HELP}{{page}}"), "help", "How to write queries, dates and names"),
    ]
}

/// The names of the saved searches; none where they cannot be read.
pub(super) fn saved_names(setup: &Setup) -> Vec<String> {
    Shelf::of(&setup.index).names().unwrap_or_default()
}

/// What is at an address; `None` where nothing is.
pub(super) fn read(desk: &mut Desk<'_, '_>, uri: &str) -> Result<Option<String>, Refusal> {
    if let Some(name) = uri.strip_prefix(HELP) {
        return Ok(desk.setup.pages.iter().find(|page| page.name == name).map(|page| page.text.clone()));
    }
    if let Some(name) = uri.strip_prefix(SAVED) {
        return saved(desk, name);
    }
    if !uri.starts_with(ARTICLE) {
        return Ok(None);
    }
    let asked = json!({"id": uri, "max_chars": 20_000});
    answered(desk, "read", asked).map(Some)
}

fn saved(desk: &mut Desk<'_, '_>, name: &str) -> Result<Option<String>, Refusal> {
    if !saved_names(desk.setup).iter().any(|known| known == name) {
        return Ok(None);
    }
    let found = answered(desk, "search", json!({"query": format!("@{name}"), "limit": 10}))?;
    Ok(Some(format!("saved search: {}\n{found}", fence::line(name))))
}

/// What a tool answers, as text.
fn answered(desk: &mut Desk<'_, '_>, tool: &str, asked: Value) -> Result<String, Refusal> {
    let tool = tools::named(tool).ok_or_else(broken)?;
    let arguments = Arguments::new(tool, asked.as_object().cloned())?;
    Ok((tool.run)(desk, arguments)?.to_text())
}
