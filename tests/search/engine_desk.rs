//! Builds small indexes for tests of the engine: articles with chosen texts, mentions and segments.

use despatch::archive::{Archive, Packed, Packer, Stored, digest};
use despatch::article::{Article, Dateline, Doubt, NewParagraph, ParagraphKind, Place};
use despatch::authority::Authority;
use despatch::engine::{LocalEngine, SearchRequest, SearchResponse};
use despatch::index::{Index, State, WriterOptions, fingerprint};
use despatch::tag::{ActorTag, Mention, Tags, TopicTag, Via};

use super::now;

/// An article with its tags.
#[derive(Clone, Default)]
pub(crate) struct Piece {
    article: Article,
    tags: Tags,
}

/// An article with this identifier and text; blank lines separate its paragraphs.
pub(crate) fn piece(id: &str, text: &str) -> Piece {
    let mut article = Article { source_id: Some(id.to_owned()), ..Article::default() };
    article.set_paragraphs(text.split("\n\n").map(|text| NewParagraph {
        text: text.to_owned(),
        kind: ParagraphKind::Text,
        input: None,
        page: None,
    }));
    Piece { article, tags: Tags::default() }
}

impl Piece {
    pub(crate) fn titled(mut self, title: &str) -> Self {
        self.article.title = title.to_owned();
        self
    }

    pub(crate) fn on(mut self, day: &str) -> Self {
        self.article.published = Some(day.parse().unwrap());
        self
    }

    pub(crate) fn in_outlet(mut self, outlet: &str) -> Self {
        self.article.outlet = Some(outlet.to_owned());
        self
    }

    pub(crate) fn at_place(mut self, place: &str) -> Self {
        let (text, places) = (place.to_owned(), vec![place.to_owned()]);
        self.article.dateline = Some(Dateline { text, places, date: None, agency: None });
        self
    }

    pub(crate) fn doubted(mut self, doubts: &[Doubt]) -> Self {
        self.article.doubts = doubts.iter().copied().collect();
        self
    }

    pub(crate) fn by(mut self, name: &str) -> Self {
        self.article.byline.push(name.to_owned());
        self
    }

    /// Marks the next occurrence of `words` in the text (in the title, where `in_title`) as a mention of an actor.
    fn marked(mut self, in_title: bool, words: &str, actor: &str, via: Via) -> Self {
        let (text, list) = match in_title {
            true => (&self.article.title, &mut self.tags.title_mentions),
            false => (&self.article.text, &mut self.tags.mentions),
        };
        let from = list.last().map_or(0, |last: &Mention| last.end);
        let start = from + text[from..].find(words).unwrap();
        let kind = actor.split('/').next().unwrap().to_owned();
        list.push(Mention { start, end: start + words.len(), actor: actor.to_owned(), kind, via });
        match self.tags.actors.iter_mut().find(|tag| tag.actor == actor) {
            Some(tag) => tag.mentions += 1,
            None => {
                self.tags.actors.push(ActorTag { actor: actor.to_owned(), mentions: 1, weight: 1.0, subject: true })
            }
        }
        self
    }

    pub(crate) fn mentions(self, words: &str, actor: &str) -> Self {
        self.marked(false, words, actor, Via::Name)
    }

    pub(crate) fn mentions_in_title(self, words: &str, actor: &str) -> Self {
        self.marked(true, words, actor, Via::Name)
    }

    /// Marks the next occurrence of `words` as a place that stands for the actor.
    pub(crate) fn means(self, words: &str, actor: &str) -> Self {
        self.marked(false, words, actor, Via::Metonym)
    }

    pub(crate) fn on_topics(mut self, topics: &[&str]) -> Self {
        self.tags.topics = topics.iter().map(|topic| TopicTag { topic: (*topic).to_owned(), weight: 1.0 }).collect();
        self
    }
}

/// The engine over some articles.
pub(crate) struct Shelf {
    _dir: tempfile::TempDir,
    pub(crate) engine: LocalEngine<'static>,
}

/// All articles in one segment, in their order.
pub(crate) fn shelf(pieces: &[Piece]) -> Shelf {
    let all: Vec<usize> = (0..pieces.len()).collect();
    shelf_in(pieces, &[&all])
}

/// Puts the articles into the archive in their order, and into the index segment by segment, by their indexes in
/// `pieces`.
pub(crate) fn shelf_in(pieces: &[Piece], segments: &[&[usize]]) -> Shelf {
    let dir = tempfile::tempdir().unwrap();
    let authority = Authority::bundled();
    let mut archive = Archive::create(dir.path()).unwrap();
    let mut packer = Packer::new(None).unwrap();
    let mut batch = archive.batch().unwrap();
    let mut stored = Vec::new();
    for Piece { article, .. } in pieces {
        let id = article.source_id.clone().unwrap();
        let packed = Packed::new(article, &mut packer).unwrap();
        let place = Place { path: id.clone(), ..Place::default() };
        let put = batch.put(&packed, &place, &digest(id.as_bytes()), None, now()).unwrap();
        stored.push(Stored { num: put.num, id, seq: put.seq, group: put.group, article: article.clone() });
    }
    batch.commit().unwrap();
    let index = Index::create(dir.path()).unwrap();
    let mut writer = index.writer(&WriterOptions { threads: 1, memory: 16 << 20 }).unwrap();
    for numbers in segments {
        for number in *numbers {
            writer.put(&stored[*number], &pieces[*number].tags, authority).unwrap();
        }
        let seq = archive.last_seq().unwrap();
        writer.commit(&State { seq, fingerprint: fingerprint(authority) }).unwrap();
    }
    writer.finish().unwrap();
    let snapshot = Index::snapshot(dir.path(), &mut || {}).unwrap();
    let engine = LocalEngine::new(archive, snapshot, authority);
    Shelf { _dir: dir, engine }
}

/// A search that only the texts of articles decide: without feedback, with copies as hits of their own, and counting
/// whatever has one of the words.
pub(crate) fn plain(query: &str) -> SearchRequest {
    SearchRequest { feedback: false, all_copies: true, ..super::any(SearchRequest::new(query, now())) }
}

pub(crate) fn ids(response: &SearchResponse) -> Vec<&str> {
    response.hits.iter().map(|hit| hit.id.as_str()).collect()
}
