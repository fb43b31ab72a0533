//! The page of an article: its text with what matched and whom it mentions, its facts, the copies of its story.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::Uri;
use maud::{Markup, html};

use super::super::App;
use super::super::export;
use super::super::problem::Problem;
use super::super::question::Question;
use super::{Page, flowing, hits, marked, narrow};
use crate::archive::{Group, Stored};
use crate::article::{Paragraph, ParagraphKind};
use crate::ask::SearchArgs;
use crate::authority::is_unlisted;
use crate::engine::{Highlight, Hit, LocalEngine, SearchRequest};
use crate::render::{clean, doubted};
use crate::tag::{ActorTag, Tagger, Tags};

/// Bytes of a text that a preview has, at most; it ends after a paragraph.
const PREVIEW: usize = 6 << 10;

/// An article with what a question marks in it.
pub(super) struct Shown {
    question: Question,
    stored: Stored,
    group: Group,
    hit: Hit,
    tags: Tags,
    /// Actors by how much the article is about them: id, name, mentions.
    actors: Vec<(String, String, u32)>,
}

pub(super) async fn page(State(app): State<Arc<App>>, Path(id): Path<String>, uri: Uri) -> Result<Page, Problem> {
    let question = Question::of(&uri)?;
    let args: SearchArgs = question.read(&[])?;
    let now = app.now();
    let asked = app.here(now).asked(&args.query, &args.filters)?;
    let request = args.request(&asked, now)?;
    let kept = question.clone();
    let shown = app.pool.ask(move |engine| Shown::of(engine, &id, &request, kept)).await?;
    Ok(Page::new(clean(&shown.stored.article.title), &question, shown.main()))
}

impl Shown {
    pub(super) fn of(
        engine: &mut LocalEngine<'_>,
        id: &str,
        request: &SearchRequest,
        question: Question,
    ) -> Result<Self, Problem> {
        // Passages without end are the whole text, and all that matched in it.
        let hit = engine.hit(id, &SearchRequest { passages: usize::MAX, ..request.clone() })?;
        let authority = engine.authority();
        let stored = engine.archive().by_id(id)?;
        let group = engine.archive().group(stored.num)?;
        let tags = Tagger::new(authority).tag(&stored.article);
        let written = tags.written(&stored.article);
        let name = |tag: &ActorTag| {
            let name = authority.heading(&tag.actor).or_else(|| written.get(tag.actor.as_str()).copied());
            (tag.actor.clone(), doubted(name.unwrap_or(&tag.actor), is_unlisted(&tag.actor)), tag.mentions)
        };
        let actors = tags.actors.iter().map(name).collect();
        Ok(Self { question, group, hit, actors, tags, stored })
    }

    fn main(&self) -> Markup {
        let matches = self.matches();
        html! {
            article.whole {
                header {
                    h1 lang=[self.language()] { (self.title()) }
                    (self.facts(&matches))
                }
                div.text lang=[self.language()] { (self.text(&self.stored.article.paragraphs, &matches)) }
            }
            aside { (self.aside()) }
        }
    }

    /// The beginning of the article, beside a search; `without` is the address of the search alone.
    pub(super) fn preview(&self, without: &str) -> Markup {
        let paragraphs = &self.stored.article.paragraphs;
        let shown = paragraphs.iter().take_while(|one| one.end <= PREVIEW).count().max(1).min(paragraphs.len());
        let end = paragraphs[..shown].last().map_or(0, |one| one.end);
        let matches: Vec<Highlight> = self.matches().into_iter().filter(|mark| mark.end <= end).collect();
        let whole = self.question.only(&["q"]).under(&format!("/a/{}", self.stored.id));
        html! {
            section.preview id="preview" tabindex="-1" aria-labelledby="preview-title" {
                h2 id="preview-title" lang=[self.language()] { a href=(whole) { (self.title()) } }
                (self.facts(&matches))
                div.text lang=[self.language()] { (self.text(&paragraphs[..shown], &matches)) }
                p.more {
                    @if shown < paragraphs.len() { a href=(whole) { "The whole article" } }
                    a href=(without) { "Close the preview" }
                }
            }
        }
    }

    fn language(&self) -> Option<&str> {
        hits::language(self.stored.article.language.as_deref())
    }

    fn title(&self) -> Markup {
        let title = &self.stored.article.title;
        html! {
            @if title.trim().is_empty() { "(no title)" }
            @else { (marked(title, &self.hit.title_highlights)) }
        }
    }

    /// What is known of the article, what may be doubted, and the way to the first match.
    fn facts(&self, matches: &[Highlight]) -> Markup {
        html! {
            (hits::facts(&self.hit))
            @for doubt in &self.hit.doubts { p.doubt { "Doubtful: " (doubt.reason()) } }
            @if self.hit.gone.is_some() { p.doubt { "Its page is not there any more." } }
            @if !matches.is_empty() {
                p { a href="#match-1" { "Go to the first of " (matches.len()) " matches" } }
            }
        }
    }

    /// What matched in the text, in order, apart.
    fn matches(&self) -> Vec<Highlight> {
        let moved = |start: usize| {
            move |mark: &Highlight| Highlight { start: mark.start + start, end: mark.end + start, ..*mark }
        };
        let all = self.hit.passages.iter().flat_map(|one| one.highlights.iter().map(moved(one.start)));
        let mut all: Vec<Highlight> = all.filter(|mark| !mark.actor).collect();
        all.sort_by_key(|mark| mark.start);
        all
    }

    fn text(&self, paragraphs: &[Paragraph], matches: &[Highlight]) -> Markup {
        let (article, mut number) = (&self.stored.article, 0);
        let paragraphs: Vec<Markup> = paragraphs
            .iter()
            .map(|one| {
                let text = article.text.get(one.range()).unwrap_or_default();
                let own = narrow::within(matches, one.start, one.end);
                let inner = self.pieces(text, one.start, &own, &mut number);
                match one.kind {
                    ParagraphKind::Heading => html! { h2 { (inner) } },
                    ParagraphKind::ListItem => html! { ul { li { (inner) } } },
                    ParagraphKind::Quote => html! { blockquote { p { (inner) } } },
                    ParagraphKind::Text | ParagraphKind::Table => html! { p { (inner) } },
                }
            })
            .collect();
        html! { @for paragraph in paragraphs { (paragraph) } }
    }

    /// A paragraph with its matches, each with a place to go to and a link to the next, and the mentions between them.
    fn pieces(&self, text: &str, start: usize, matches: &[Highlight], number: &mut usize) -> Markup {
        let mut at = 0;
        let mut out = Vec::new();
        for mark in matches {
            let Some(within) = text.get(mark.start..mark.end) else { continue };
            out.push(self.mentions(text, start, at, mark.start));
            *number += 1;
            out.push(html! { mark id={ "match-" (number) } { (flowing(within)) } });
            at = mark.end;
        }
        out.push(self.mentions(text, start, at, text.len()));
        html! { @for piece in out { (piece) } }
    }

    /// A stretch of a paragraph, which begins at byte `start` of the text, with its mentions of actors.
    fn mentions(&self, text: &str, start: usize, from: usize, to: usize) -> Markup {
        let inside = self.tags.mentions.iter().filter(|one| one.start >= start + from && one.end <= start + to);
        let mut at = from;
        let mut out = Vec::new();
        for one in inside {
            let (Some(before), Some(within)) =
                (text.get(at..one.start - start), text.get(one.start - start..one.end - start))
            else {
                continue;
            };
            let name = self.actors.iter().find(|(id, ..)| *id == one.actor).map(|(_, name, _)| name.as_str());
            out.push(html! { (flowing(before)) span.mention title=[name] { (flowing(within)) } });
            at = one.end - start;
        }
        out.push(html! { (flowing(text.get(at..to).unwrap_or_default())) });
        html! { @for piece in out { (piece) } }
    }

    fn aside(&self) -> Markup {
        let bare = Question::default();
        let id = &self.stored.id;
        html! {
            @if !self.actors.is_empty() {
                section aria-labelledby="actors" {
                    h2 id="actors" { "Mentions" }
                    ul {
                        @for (id, name, mentions) in &self.actors {
                            li {
                                a.value href=(bare.toggled("actor", id).under("/")) {
                                    span.name { (name) } " " span.count { (mentions) }
                                }
                            }
                        }
                    }
                }
            }
            @if !self.hit.topics.is_empty() {
                section aria-labelledby="topics" {
                    h2 id="topics" { "Topics" }
                    ul {
                        @for one in &self.hit.topics {
                            li { a.value href=(bare.toggled("topic", &one.id).under("/")) { (clean(&one.label)) } }
                        }
                    }
                }
            }
            section aria-labelledby="copies" {
                h2 id="copies" { "Copies" }
                @if self.group.members.len() < 2 { p { "None." } }
                ul {
                    @for one in self.group.members.iter().filter(|one| one.id != *id) {
                        li {
                            a.value href=(self.question.under(&format!("/a/{}", one.id))) {
                                (clean(one.outlet.as_deref().unwrap_or("(no outlet)")))
                                @if let Some(at) = &one.published { ", " (at.day()) }
                            }
                        }
                    }
                }
            }
            p { a href=(format!("/a/{id}/similar")) { "Similar articles" } }
            (export::links_of_article(id))
            p { a href=(self.question.under("/")) { "Back to the search" } }
        }
    }
}
