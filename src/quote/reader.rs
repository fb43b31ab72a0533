//! Reading a title or text paragraph by paragraph: sentences, turns of a transcript, and quotations within quotations.

use std::ops::Range;

use super::labels::{Label, are_names, has_role, is_clock, is_remark, of_quotations, turns, unquoted};
use super::lists::{Class, class_of};
use super::lone::Told;
use super::marks::{Quoted, quoted};
use super::markup::{is_within, markup};
use super::pieces::{Piece, Zone};
use super::speaker::Cast;
use super::statement::Statement;
use super::subject::Sentence;
use super::{Kind, Quote, Speaker};
use crate::analysis::Words;
use crate::tag::Mention;

/// What is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Title,
    Text,
}

/// The quotes of a title or text.
pub(super) fn read(text: &str, words: &Words, mentions: &[Mention], part: Part) -> Vec<Quote> {
    let paragraphs = paragraphs(text);
    let markup = markup(text);
    let mut marks = Vec::new();
    let mut first_mark = Vec::with_capacity(paragraphs.len() + 1);
    for (n, paragraph) in paragraphs.iter().enumerate() {
        first_mark.push(marks.len());
        let goes_on = paragraphs.get(n + 1).is_some_and(|next| text[next.start..].starts_with(['\'', '‘']));
        let plain = |one: &Quoted| !is_within(&markup, one.outer.start);
        marks.extend(quoted(text, paragraph.clone(), goes_on).into_iter().filter(plain));
    }
    first_mark.push(marks.len());
    let classes: Vec<Class> = words.as_slice().iter().map(|word| class_of(words.folded(word))).collect();
    let zone = Zone { text, words, classes: &classes, quoted: &marks, markup: &markup, headline: part == Part::Title };
    let cast = Cast::new(&zone, mentions);
    let labels = turns(text, &paragraphs, |range| cast.has_person(range));
    let mut reader = Reader {
        zone: &zone,
        cast,
        found: Vec::new(),
        last: None,
        open: false,
        colon: false,
        ended: false,
        waiting: 0..0,
    };
    for (n, paragraph) in paragraphs.iter().enumerate() {
        crate::fence::check();
        let label = labels.get(n).and_then(Option::as_ref);
        if label.is_some() || reader.is_turn(&labels, n) && !reader.ended {
            reader.turn(paragraph, label);
        } else {
            reader.paragraph(paragraph.clone(), first_mark[n]..first_mark[n + 1]);
        }
    }
    reader.in_order()
}

/// Whether a line ends with the end of a sentence.
fn ends_sentence(line: &str) -> bool {
    line.trim_end_matches(['”', '"', '’', '\'', '»', ')']).ends_with(['.', '!', '?', '…', ':', ';'])
}

/// The stretches between blank lines, without white space at their ends. A line that ends a sentence is one too.
fn paragraphs(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut from = 0;
    for line in text.split_inclusive('\n') {
        let start = from + line.len() - line.trim_start().len();
        let end = from + line.trim_end().len();
        from += line.len();
        match found.last_mut() {
            Some(last) if last.end + 1 == start && !ends_sentence(&text[last.clone()]) && start < end => last.end = end,
            _ if start < end => found.push(start..end),
            _ => {}
        }
    }
    found
}

pub(super) struct Reader<'a> {
    pub(super) zone: &'a Zone<'a>,
    pub(super) cast: Cast<'a>,
    pub(super) found: Vec<Quote>,
    /// The last speaker.
    pub(super) last: Option<Speaker>,
    /// Whether the last paragraph ended within a quotation.
    pub(super) open: bool,
    /// Whether the last paragraph ended with a colon.
    pub(super) colon: bool,
    /// Whether the transcript has ended with a time of day; what follows is nobody's until somebody is named.
    pub(super) ended: bool,
    /// Quotes that run on into the next paragraph and whose speaker may be named there.
    pub(super) waiting: Range<usize>,
}

impl Reader<'_> {
    /// What was found, in reading order.
    fn in_order(self) -> Vec<Quote> {
        let mut found = self.found;
        found.retain(|quote| quote.start < quote.end);
        found.sort_by_key(|quote| (quote.start, quote.end));
        found.dedup_by(|later, earlier| (later.start, later.end) == (earlier.start, earlier.end));
        found
    }

    fn paragraph(&mut self, paragraph: Range<usize>, marks: Range<usize>) {
        let top: Vec<usize> = marks.clone().filter(|n| self.zone.quoted[*n].depth == 0).collect();
        let colon = self.zone.text[paragraph.clone()].contains(':');
        if top.is_empty() && !colon && paragraph.start > 0 && !self.zone.has_cue(&paragraph) {
            (self.open, self.colon) = (false, false);
            return;
        }
        if let Some(speaker) = self.listed(&paragraph, &top) {
            return self.quotations(&speaker, &top, &marks);
        }
        let pieces = self.zone.pieces(paragraph.clone(), &top);
        if pieces.is_empty() {
            return;
        }
        let sentences = self.zone.sentences(&pieces);
        let before = self.found.len();
        let mut told = Told::new(pieces.len());
        for range in &sentences {
            let statements = self.statements(&pieces, range, &paragraph);
            self.tell(&pieces, &statements, &mut told);
        }
        self.lone(&pieces, &sentences, &mut told);
        self.part_at_asides(before);
        self.close(&pieces, &sentences, &told, paragraph.end);
        self.nested(&marks);
    }

    /// Whoever's name stands before the quotations that are all else in a paragraph.
    fn listed(&self, paragraph: &Range<usize>, top: &[usize]) -> Option<Speaker> {
        let label = of_quotations(self.zone, paragraph, top)?;
        let text = &self.zone.text[label.clone()];
        let name = label.start..label.start + text.find(',').unwrap_or(text.len());
        let person = self.cast.person_in(&name).or_else(|| self.cast.person_in(&label));
        let speaker = person.unwrap_or_else(|| self.cast.speaker(name.clone(), None));
        let text = &self.zone.text[name];
        (speaker.actor.is_some() || are_names(text) || has_role(text)).then_some(speaker)
    }

    /// Makes quotes of quotations whose speaker is known.
    fn quotations(&mut self, speaker: &Speaker, top: &[usize], marks: &Range<usize>) {
        for mark in top.iter().map(|n| &self.zone.quoted[*n]).filter(|mark| !self.zone.is_title(mark)) {
            let (start, end) = self.inner(mark);
            let speaker = Some(speaker.clone());
            self.found.push(Quote { start, end, kind: Kind::Direct, cue: None, speaker, doubtful: false });
        }
        self.open = top.last().is_some_and(|n| !self.zone.quoted[*n].closed);
        (self.last, self.colon, self.waiting) = (Some(speaker.clone()), false, 0..0);
        self.nested(marks);
    }

    pub(super) fn sentence<'p>(&'p self, pieces: &'p [Piece], range: Range<usize>) -> Sentence<'p> {
        Sentence { zone: self.zone, pieces, first: range.start, last: range.end }
    }

    /// The statements of a sentence. Only the first paragraph may be a headline.
    fn statements(&self, pieces: &[Piece], range: &Range<usize>, paragraph: &Range<usize>) -> Vec<Statement> {
        let sentence = self.sentence(pieces, range.clone());
        let span = |label: &Range<usize>| pieces[label.start].start..pieces[label.end - 1].end;
        let headline = paragraph.start == 0 && range.start == 0;
        let labels = |label: &Range<usize>| sentence.is_speaker(label) || self.cast.has_person(&span(label));
        let quoted = |next: usize| pieces[next..range.end].iter().all(|piece| piece.quoted.is_some());
        let label = sentence.label().filter(|(label, next)| quoted(*next) || headline && labels(label));
        if let Some((label, next)) = label {
            return vec![Statement { content: next..range.end, cue: None, subject: Some(label), doubtful: false }];
        }
        let last = range.end == pieces.len() && !ends_sentence(&self.zone.text[paragraph.clone()]);
        if let Some(source) = sentence.source().filter(|_| headline && last) {
            return vec![Statement { content: 0..source.start, cue: None, subject: Some(source), doubtful: false }];
        }
        if let Some(statement) = sentence.words_of_somebody() {
            return vec![statement];
        }
        let found = sentence.statements();
        if found.is_empty() { sentence.of_another_language() } else { found }
    }

    /// Makes quotes of the statements of a sentence.
    fn tell(&mut self, pieces: &[Piece], statements: &[Statement], told: &mut Told) {
        let mut speaker = None;
        let mut outer = 0..0;
        for statement in statements {
            let made = self.quotes_of(pieces, statement);
            let nested = outer.contains(&statement.content.start) && speaker.is_some();
            told.cover(&statement.content);
            if !nested {
                outer = statement.content.clone();
                let own = made.last().and_then(|quote| quote.speaker.clone());
                self.last = own.clone().or_else(|| self.last.take());
                speaker = own.or(speaker);
            }
            self.found.extend(made);
        }
        told.speakers.push(speaker);
    }

    /// Whether an unlabelled paragraph of a transcript goes on with the turn before.
    fn is_turn(&self, labels: &[Option<Label>], n: usize) -> bool {
        labels.get(..n).is_some_and(|before| before.iter().any(Option::is_some))
    }

    /// A turn of a transcript, or a further paragraph of one.
    fn turn(&mut self, paragraph: &Range<usize>, label: Option<&Label>) {
        if let Some(label) = label {
            self.last = Some(self.cast.speaker(label.name.clone(), None));
        }
        let start = label.map_or(paragraph.start, |label| label.body);
        let body = &self.zone.text[start..paragraph.end];
        self.ended = is_clock(body);
        if self.ended || is_remark(body) {
            return;
        }
        let said = unquoted(body).unwrap_or_else(|| body.strip_suffix('.').unwrap_or(body));
        let start = start + body.find(said).unwrap_or(0);
        let end = start + said.len();
        let speaker = self.last.clone();
        self.found.push(Quote { start, end, kind: Kind::Direct, cue: None, speaker, doubtful: false });
    }

    /// Within somebody's words a pronoun means somebody else: `“He said ‘Go’,” Marten said`.
    fn unless_own(&self, quote: &mut Quote) {
        let around = |outer: &&Quote| outer.start <= quote.start && quote.end <= outer.end;
        let outer = self.found.iter().rev().find(around).and_then(|outer| outer.speaker.as_ref()?.actor.clone());
        let Some(speaker) = quote.speaker.as_mut() else { return };
        let pronoun = matches!(speaker.surface.to_lowercase().as_str(), "he" | "she" | "it" | "they");
        if pronoun && outer.is_some() && speaker.actor == outer {
            (speaker.actor, speaker.via) = (None, None);
        }
    }

    /// The quotations within quotations that have a cue there.
    fn nested(&mut self, marks: &Range<usize>) {
        for outer in marks.clone() {
            let depth = self.zone.quoted[outer].depth;
            let inner = self.zone.quoted[outer].inner.clone();
            let inside: Vec<usize> = (outer + 1..marks.end)
                .take_while(|n| self.zone.quoted[*n].outer.start < inner.end)
                .filter(|n| self.zone.quoted[*n].depth == depth + 1)
                .collect();
            if inside.is_empty() {
                continue;
            }
            let pieces = self.zone.pieces(inner, &inside);
            let holds = |one: &&Statement| one.content.clone().any(|at| pieces[at].quoted.is_some());
            for range in self.zone.sentences(&pieces) {
                let statements = self.sentence(&pieces, range).statements();
                for statement in statements.iter().filter(holds) {
                    let mut made = self.quotes_of(&pieces, statement);
                    made.iter_mut().for_each(|quote| self.unless_own(quote));
                    self.found.extend(made);
                }
            }
        }
    }
}
