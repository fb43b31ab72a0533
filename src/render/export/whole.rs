//! An article as a hit.

use crate::archive::{Group, Provenance, Stored};
use crate::authority::Authority;
use crate::engine::{FirstCopy, Heading, Hit, Passage};
use crate::tag::Tags;

/// The article as a hit whose only passage is the whole text, for the forms that print hits.
pub(crate) fn whole(stored: &Stored, tags: &Tags, authority: &Authority, places: &[Provenance], group: &Group) -> Hit {
    let article = &stored.article;
    let heading = |id: &str, label: Option<&str>| Heading { id: id.to_owned(), label: label.unwrap_or(id).to_owned() };
    let written = tags.written(article);
    let label = |id: &str| authority.heading(id).or_else(|| written.get(id).copied());
    let text = article.text.clone();
    let first = group.first_published().filter(|_| group.members.len() > 1);
    Hit {
        rank: 1,
        score: 0.0,
        id: stored.id.clone(),
        title: article.title.clone(),
        title_highlights: Vec::new(),
        missing: Vec::new(),
        url: article.url.clone(),
        outlet: article.outlet.clone(),
        published: article.published,
        byline: article.byline.clone(),
        language: article.language.clone(),
        place: places.iter().find(|one| one.seq == stored.seq).map(|one| one.place.clone()),
        doubts: article.doubts.clone(),
        actors: tags.actors.iter().map(|tag| heading(&tag.actor, label(&tag.actor))).collect(),
        systems: tags.systems.iter().map(|tag| heading(&tag.actor, label(&tag.actor))).collect(),
        topics: tags.topics.iter().map(|tag| heading(&tag.topic, authority.topic_heading(&tag.topic))).collect(),
        events: Vec::new(),
        copies: group.members.len().max(1) as u64,
        outlets: group.outlets().len().max(1) as u64,
        first_published: first.and_then(|first| {
            Some(FirstCopy { id: first.id.clone(), outlet: first.outlet.clone(), published: first.published? })
        }),
        gone: None,
        score_parts: Vec::new(),
        passages: vec![Passage { start: 0, end: text.len(), text, score: 0.0, page: None, highlights: Vec::new() }],
    }
}
