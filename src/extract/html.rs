//! HTML pages: the main content and the metadata.

use super::choose::Story;
use super::jsonld::JsonLd;
use super::metadata::Page;
use super::render::Block;
use super::scan::{Scanned, scan};
use super::{boilerplate, canonical, choose, jsonld, lede, metadata, prune, render, wall};
use crate::article::{Article, Doubt, NewParagraph, ParagraphKind, RawDocument};
use crate::fence::fenced;
use dom_query::Document;

/// A page that shows less text than this, in bytes, may hold its story in a script.
const TOO_LITTLE: usize = 300;

/// The article of a page.
pub(crate) fn article(document: &RawDocument, page: &str) -> Article {
    let saved = document.address.is_none().then(|| canonical::saved_from(page)).flatten();
    let saved = saved.map(|address| RawDocument {
        address: Some(address),
        fetched: document.fetched,
        place: document.place.clone(),
        ..RawDocument::default()
    });
    let document = saved.as_ref().unwrap_or(document);
    let Scanned { html, json_ld, in_script } = scan(page);
    let data = jsonld::read(&json_ld);
    let mut article = Article::default();
    let found = fenced(|| {
        let tree = dom_query::Document::from(html.as_str());
        let found = metadata::Page::read(&tree);
        metadata::fill(&mut article, &found, &data, document, &tree);
        let story = body(&tree, &found, &data, &article);
        article.doubts = story.doubts;
        article.set_paragraphs(story.blocks.into_iter().map(NewParagraph::from));
        found
    });
    let found = found.unwrap_or_default();
    if article.text.len() < TOO_LITTLE && !in_script.is_empty() {
        let held = fragment(&in_script);
        if held.text.len() > TOO_LITTLE {
            article.text = held.text;
            article.paragraphs = held.paragraphs;
            article.doubts.clear();
        }
    }
    if wall::is_before(&html, article.text.chars().filter(|c| c.is_alphanumeric()).count()) {
        article.doubts.insert(Doubt::Wall);
    }
    super::language::set(&mut article, metadata::declared_language(&found, &data).as_deref());
    article
}

/// The story, without its authors and with its standfirst.
fn body(tree: &Document, page: &Page, data: &JsonLd, article: &Article) -> Story {
    let headline = article.title.as_str();
    prune::prune(tree);
    let Story { blocks, doubts } = choose::best(tree, data.body.as_deref(), headline);
    let mut blocks = boilerplate::without_authors(blocks, &article.byline);
    let first = blocks.iter().find(|block| block.kind == ParagraphKind::Text).map_or("", |block| block.text.as_str());
    if let Some(text) = lede::find(tree, &page.descriptions(data), headline, first) {
        blocks.insert(0, Block::plain(text, ParagraphKind::Text));
    }
    Story { blocks, doubts }
}

/// The article of a fragment that is only a body (a feed's content, a JSON value).
pub(crate) fn fragment(html: &str) -> Article {
    let mut article = Article::default();
    let html = scan(html).html;
    let blocks = fenced(|| render::blocks(&html)).unwrap_or_default();
    article.set_paragraphs(boilerplate::prune(blocks, "").into_iter().map(NewParagraph::from));
    article
}
