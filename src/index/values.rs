//! What an index holds of an article beside its words: headings, places, times, speakers, mentions.

use std::collections::BTreeSet;

use rustc_hash::FxHashSet;

use super::{Analysed, events, mentions, quotes, written};
use crate::archive::Stored;
use crate::authority::{Authority, SpeaksFor};
use crate::quote::{Quotes, Speaker};
use crate::tag::Tags;

/// The values of an article, by the fields of [`super::schema::Fields`].
#[derive(Debug)]
pub(crate) struct Values<'a> {
    /// Actors with their weights, as the field `weight` has them.
    pub(crate) actors: Vec<(&'a str, u64)>,
    pub(crate) affiliations: Vec<&'a str>,
    pub(crate) systems: Vec<&'a str>,
    pub(crate) topics: Vec<&'a str>,
    pub(crate) written: Vec<String>,
    pub(crate) outlet: Option<&'a str>,
    pub(crate) language: Option<&'a str>,
    pub(crate) places: Vec<&'a str>,
    pub(crate) doubts: Vec<&'static str>,
    pub(crate) published: Option<i64>,
    pub(crate) modified: Option<i64>,
    pub(crate) speakers: Vec<&'a str>,
    pub(crate) said: Vec<String>,
    pub(crate) events: Vec<&'static str>,
    pub(crate) marks: Vec<u8>,
}

impl<'a> Values<'a> {
    /// The values of an article with these tags.
    pub(crate) fn of(
        stored: &'a Stored,
        analysed: &'a Analysed,
        tags: &'a Tags,
        authority: &'a Authority,
        speaks: &SpeaksFor,
    ) -> Self {
        let article = &stored.article;
        let mut marks = mentions::pack(tags);
        quotes::pack(&analysed.quotes, tags, &mut marks);
        events::pack(&analysed.events, tags, &mut marks);
        let classes = analysed.events.title.iter().chain(&analysed.events.text).map(|event| event.class);
        let (speakers, said) = speakers(stored, &analysed.quotes, authority, speaks);
        let affiliations: BTreeSet<&str> =
            tags.actors.iter().filter_map(|tag| authority.affiliation(&tag.actor)).collect();
        Self {
            actors: tags.actors.iter().map(|tag| (tag.actor.as_str(), weight(tag.weight, tag.is_subject()))).collect(),
            affiliations: affiliations.into_iter().collect(),
            systems: tags.systems.iter().map(|tag| tag.actor.as_str()).collect(),
            topics: tags.topics.iter().map(|topic| topic.topic.as_str()).collect(),
            written: tags.written(article).into_iter().map(|(id, name)| written::entry(id, name)).collect(),
            outlet: article.outlet.as_deref(),
            language: article.language.as_deref(),
            places: article.dateline.iter().flat_map(|line| &line.places).map(String::as_str).collect(),
            doubts: article.doubts.iter().map(|doubt| doubt.name()).collect(),
            published: article.published.map(|published| published.seconds()),
            modified: article.modified.or(article.published).map(|changed| changed.seconds()),
            speakers,
            said,
            events: classes.collect::<BTreeSet<_>>().into_iter().map(|class| class.as_str()).collect(),
            marks,
        }
    }
}

/// The weight of an actor in hundredths, doubled, and 1 more if the article is about it.
fn weight(weight: f32, is_subject: bool) -> u64 {
    let hundredths = (100.0 * weight).round().clamp(1.0, 100.0) as u64;
    2 * hundredths + u64::from(is_subject)
}

/// Who speaks in an article, and for whom.
fn speakers<'a>(
    stored: &Stored,
    quotes: &'a Quotes,
    authority: &Authority,
    speaks: &SpeaksFor,
) -> (Vec<&'a str>, Vec<String>) {
    let day = stored.article.published.map(|published| published.day());
    let quotes = quotes.title.iter().chain(&quotes.text);
    let all = quotes.filter_map(|quote| quote.speaker.as_ref()).flat_map(Speaker::actors);
    let (mut seen, mut speakers, mut said) = (FxHashSet::default(), Vec::new(), Vec::new());
    for speaker in all.filter(|speaker| seen.insert(speaker.as_str())) {
        speakers.push(speaker.as_str());
        for id in speaks.of(authority, speaker, day) {
            if !said.contains(&id) {
                said.push(id);
            }
        }
    }
    (speakers, said)
}
