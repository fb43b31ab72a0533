//! The fields of the index, each named once.

use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, Schema, SchemaBuilder, TextFieldIndexing, TextOptions,
};

use super::tokenizer::{FORMS, TERMS};

/// The fields of the index.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    /// Number of the article in the archive.
    pub(crate) num: Field,
    /// Sequence number of the version that is indexed.
    pub(crate) seq: Field,
    /// Number of its group of copies (see [`crate::duplicate`]); missing for the first of a group and for one without
    /// copies.
    pub(crate) group: Field,
    /// Terms of title and body, with positions: the title from 0, the body from [`super::BODY_POSITION`].
    pub(crate) text: Field,
    /// Terms of the title alone, for its weight in the ranking.
    pub(crate) title: Field,
    /// Forms of title and body ([`crate::analysis::form`]), with frequencies but without positions, which `text` and
    /// the archive give.
    pub(crate) form: Field,
    /// Forms of the title alone.
    pub(crate) title_form: Field,
    /// Terms of the byline.
    pub(crate) byline: Field,
    /// Ids of the actors (`person/keir-starmer`), heaviest first.
    pub(crate) actor: Field,
    /// For each of them, in the same order, its weight in hundredths, doubled, and 1 more if the article is about it
    /// ([`crate::tag::ActorTag`]).
    pub(crate) weight: Field,
    /// How the article writes each name without a heading: its id, NUL, and the name.
    pub(crate) written: Field,
    /// States to which the actors belong (`united-kingdom`).
    pub(crate) affiliation: Field,
    /// Ids of the systems and programmes, heaviest first.
    pub(crate) system: Field,
    /// Ids of the topics, heaviest first, parents included.
    pub(crate) topic: Field,
    /// The outlet's name.
    pub(crate) outlet: Field,
    /// ISO 639-1 code.
    pub(crate) language: Field,
    /// Places of the dateline.
    pub(crate) place: Field,
    /// Names of the reasons to doubt the text ([`crate::article::Doubt`]).
    pub(crate) doubt: Field,
    /// Seconds since 1970 of publication; missing where it is unknown.
    pub(crate) published: Field,
    /// Seconds since 1970 of the last change, or of publication where none is known; missing where both are unknown.
    pub(crate) modified: Field,
    /// Ids of the actors who speak in it, in reading order.
    pub(crate) speaker: Field,
    /// Ids of those for whom they speak ([`crate::authority::SpeaksFor`]), themselves included.
    pub(crate) said: Field,
    /// What was done with systems ([`crate::event::Class`]).
    pub(crate) event: Field,
    /// Mentions of actors and systems, packed by [`super::mentions`]; behind them the quotes, by [`super::quotes`], and the
    /// events, by [`super::events`].
    pub(crate) marks: Field,
}

impl Fields {
    /// The schema and its fields.
    pub(crate) fn build() -> (Schema, Self) {
        let mut builder = Schema::builder();
        let fields = Self {
            num: builder.add_u64_field("num", FAST | INDEXED),
            seq: builder.add_u64_field("seq", FAST),
            group: builder.add_u64_field("group", FAST),
            text: terms(&mut builder, "text", TERMS, IndexRecordOption::WithFreqsAndPositions),
            title: terms(&mut builder, "title", TERMS, IndexRecordOption::WithFreqs),
            form: terms(&mut builder, "form", FORMS, IndexRecordOption::WithFreqs),
            title_form: terms(&mut builder, "title_form", FORMS, IndexRecordOption::WithFreqs),
            byline: terms(&mut builder, "byline", TERMS, IndexRecordOption::WithFreqsAndPositions),
            actor: facet(&mut builder, "actor"),
            weight: builder.add_u64_field("weight", FAST),
            written: builder.add_text_field("written", raw()),
            affiliation: facet(&mut builder, "affiliation"),
            system: facet(&mut builder, "system"),
            topic: facet(&mut builder, "topic"),
            outlet: facet(&mut builder, "outlet"),
            language: facet(&mut builder, "language"),
            place: facet(&mut builder, "place"),
            doubt: facet(&mut builder, "doubt"),
            published: builder.add_i64_field("published", FAST),
            modified: builder.add_i64_field("modified", FAST),
            speaker: facet(&mut builder, "speaker"),
            said: facet(&mut builder, "said"),
            event: facet(&mut builder, "event"),
            marks: builder.add_bytes_field("marks", STORED),
        };
        (builder.build(), fields)
    }
}

fn terms(builder: &mut SchemaBuilder, name: &str, tokenizer: &str, option: IndexRecordOption) -> Field {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(tokenizer)
        .set_index_option(option)
        .set_fieldnorms(tokenizer != FORMS);
    builder.add_text_field(name, TextOptions::default().set_indexing_options(indexing))
}

fn facet(builder: &mut SchemaBuilder, name: &str) -> Field {
    builder.add_text_field(name, raw().set_fast("raw"))
}

/// Values as they are, to be looked up.
fn raw() -> TextOptions {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("raw")
        .set_index_option(IndexRecordOption::Basic)
        .set_fieldnorms(false);
    TextOptions::default().set_indexing_options(indexing)
}
