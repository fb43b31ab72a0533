//! HTML pages: the main content and the metadata.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::scan::{Scanned, scan};
use super::{boilerplate, jsonld, metadata, render};
use crate::article::{Article, RawDocument};

/// The article of a page.
pub(crate) fn article(document: &RawDocument, page: &str) -> Article {
    let Scanned { html, json_ld } = scan(page);
    let data = jsonld::read(&json_ld);
    let mut article = Article::default();
    let found = fenced(|| metadata::Page::read(&dom_query::Document::from(html.as_str()))).unwrap_or_default();
    metadata::fill(&mut article, &found, &data, document);
    let content = fenced(|| main_content(&html)).flatten().unwrap_or_default();
    let paragraphs = boilerplate::prune(render::paragraphs(&content), &article.title);
    article.set_paragraphs(paragraphs);
    super::language::set(&mut article, metadata::declared_language(&found, &data).as_deref());
    article
}

/// A fragment that is an article's body already (a feed's content, a JSON value).
pub(crate) fn fragment(html: &str) -> Article {
    let mut article = Article::default();
    let html = scan(html).html;
    let paragraphs = fenced(|| render::paragraphs(&html)).unwrap_or_default();
    article.set_paragraphs(boilerplate::prune(paragraphs, ""));
    article
}

fn main_content(html: &str) -> Option<String> {
    let options = trafilatura::Options::default().with_exclude_comments(true);
    trafilatura::extract(html, &options).ok().map(|result| result.content_html)
}

/// Third-party parsers see hostile pages here; a panic in one costs its answer and not the run.
fn fenced<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}
