//! Changes with the sentences around them.

use std::ops::Range;

use super::{Diff, Op};
use crate::analysis::{self, Gap};

/// Bytes of a sentence that are shown before and after a change, at most.
const MOST: usize = 240;

/// A stretch of an excerpt, in the order in which it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment<'a> {
    /// What became of it.
    pub op: Op,
    /// Its text: of the old version if it was cut, else of the new one.
    pub text: &'a str,
}

/// The sentences around a change, with what was cut and added in them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Excerpt<'a> {
    /// Its stretches.
    pub segments: Vec<Segment<'a>>,
    /// Whether it begins within a sentence.
    pub cut_before: bool,
    /// Whether it ends within a sentence.
    pub cut_after: bool,
}

/// Each change with the rest of its sentence; changes of one sentence stand in one excerpt.
#[must_use]
pub fn excerpts<'a>(diff: &Diff, old: &'a str, new: &'a str) -> Vec<Excerpt<'a>> {
    let sentences = sentences(new);
    let around = |bytes: &Range<usize>| {
        let first = sentences.partition_point(|sentence| sentence.end <= bytes.start).min(sentences.len().max(1) - 1);
        let last = sentences.partition_point(|sentence| sentence.end < bytes.end.max(bytes.start + 1));
        let last = last.min(sentences.len().max(1) - 1).max(first);
        match (sentences.get(first), sentences.get(last)) {
            (Some(first), Some(last)) => first.start.min(bytes.start)..last.end.max(bytes.end),
            _ => bytes.clone(),
        }
    };
    let mut out: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    for op in diff.ops.iter().filter(|op| op.op != Op::Equal) {
        let whole = around(&op.new);
        match out.last_mut() {
            Some((last, changed)) if whole.start < last.end || op.new.start <= changed.end => {
                last.end = last.end.max(whole.end);
                changed.end = op.new.end.max(changed.end);
            }
            _ => out.push((whole, op.new.clone())),
        }
    }
    out.into_iter().map(|(whole, changed)| cut_out(diff, (old, new), &whole, &changed)).collect()
}

/// The whole text with its changes.
#[must_use]
pub fn whole<'a>(diff: &Diff, old: &'a str, new: &'a str) -> Excerpt<'a> {
    cut_out(diff, (old, new), &(0..new.len()), &(0..new.len()))
}

/// The stretches of the new text within `whole`, with what was cut there. Of what stays, at most [`MOST`] bytes are kept
/// before and after `changed`.
fn cut_out<'a>(
    diff: &Diff,
    (old, new): (&'a str, &'a str),
    whole: &Range<usize>,
    changed: &Range<usize>,
) -> Excerpt<'a> {
    let start = new.ceil_char_boundary(whole.start.max(changed.start.saturating_sub(MOST)));
    let end = new.floor_char_boundary(whole.end.min(changed.end.saturating_add(MOST)));
    let mut segments = Vec::new();
    let first = diff.ops.partition_point(|op| op.new.end < start);
    for op in diff.ops[first..].iter().take_while(|op| op.new.start <= end) {
        let text = match op.op {
            Op::Delete
                if (start..=end).contains(&op.new.start) && (changed.start..=changed.end).contains(&op.new.start) =>
            {
                &old[op.old.clone()]
            }
            Op::Delete => continue,
            _ => {
                let (from, to) = (op.new.start.max(start), op.new.end.min(end));
                if from >= to {
                    continue;
                }
                &new[from..to]
            }
        };
        if !text.is_empty() {
            segments.push(Segment { op: op.op, text });
        }
    }
    Excerpt { segments, cut_before: start > whole.start, cut_after: end < whole.end }
}

/// The bytes of the sentences of a text, without the spaces between them.
fn sentences(text: &str) -> Vec<Range<usize>> {
    let words = analysis::words(text);
    let mut starts: Vec<usize> = Vec::new();
    let mut after = 0;
    for word in words.as_slice() {
        if word.gap >= Gap::Sentence {
            let between = &text[after..word.start as usize];
            let space = between.rfind(char::is_whitespace);
            let start = space
                .map_or(word.start as usize, |at| after + at + between[at..].chars().next().map_or(1, char::len_utf8));
            starts.push(if starts.is_empty() { after.min(start) } else { start });
        }
        after = word.end as usize;
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().zip(ends).map(|(start, end)| *start..*start + text[*start..end].trim_end().len()).collect()
}
