//! What the author of an article adds to somebody's words, behind them in the same sentence.

use std::ops::Range;

use super::cues::Cue;
use super::lists::Class;
use super::pieces::{Piece, Sep};
use super::subject::Sentence;

impl Sentence<'_> {
    /// The content of a cue without what its author adds behind a comma: `, which …`, `, ending …`, `, a contrast to …`;
    /// and, where it is no clause, without the next verb of the same subject.
    pub(super) fn trimmed(&self, cue: &Cue, content: Range<usize>) -> Range<usize> {
        if content.start < cue.end {
            return content;
        }
        let clause = self.opens_clause(content.start, content.end)
            || content.start > self.first && self.folded(content.start - 1) == "that";
        let remark = !cue.frames.any(Class::SAID);
        let aside = |at: usize| {
            remark && self.pieces[at].sep == Sep::Dash && (content.start..at).any(|n| self.pieces[n].quoted.is_some())
        };
        // `announced measures without saying which`
        let without = |at: usize| self.folded(at) == "without" && at + 1 < content.end && self.is_participle(at + 1);
        let ends = |at: &usize| {
            without(*at)
                || self.is_verb_in_list(*at, &content)
                || self.is_gloss(*at, &content)
                || aside(*at)
                || (!clause || self.pieces[*at].sep == Sep::Comma) && self.is_next_verb(*at, &content)
                || !clause && self.is_next_perfect(*at, &content)
                || self.is_parallel(cue, *at, &content)
        };
        let end = (content.start + 1..content.end).find(ends).unwrap_or(content.end);
        content.start..end
    }

    /// Whether the author's remark begins at a piece and runs to the end.
    fn is_gloss(&self, at: usize, content: &Range<usize>) -> bool {
        let piece = &self.pieces[at];
        if piece.sep != Sep::Comma || !(content.start..at).any(|n| self.is_finite(n) || self.folded(n) == "to") {
            return false;
        }
        let rest = at + 1..content.end;
        let plain = !rest.clone().any(|n| {
            // `called on the yards, which are full, to build`
            let goes_on = self.pieces[n].is_small(Class::COORDINATOR) || self.folded(n) == "to";
            self.pieces[n].quoted.is_some() || self.pieces[n].sep != Sep::Space && goes_on
        });
        let relative = piece.is_small(Class::RELATIVE) && self.folded(at) != "that";
        // `a claim that India has not confirmed`: the verb is that of a relative clause.
        let verb = rest.clone().find(|n| self.is_finite(*n)).unwrap_or(content.end);
        let told = (at + 1..verb).any(|n| self.pieces[n].is_small(Class::RELATIVE));
        let joined = (at + 1..verb).any(|n| self.pieces[n].is_small(Class::COORDINATOR));
        let compares = matches!((self.folded(at), self.folded(at + 1)), ("more" | "less", "than") | ("one", "of"));
        let noun = (matches!(self.folded(at), "a" | "an") || compares) && !joined && (told || verb == content.end);
        // `dialogues, training and sharing` is a list.
        let list = self.pieces[..content.end].get(at + 1).is_none_or(|next| next.is_small(Class::COORDINATOR));
        // `allies are, this year, increasing`: the participle is that of the verb.
        let open =
            (content.start..at).any(|n| self.pieces[n].is_small(Class::BE) && self.pieces[n + 1].sep == Sep::Comma);
        let participle = self.is_participle(at) && !list && !open && self.folded(at) != "including";
        plain && (relative || noun || participle && !piece.capital)
    }

    /// Whether the next verb of the subject follows a comma: `declared martial law, broke off relations`.
    fn is_verb_in_list(&self, at: usize, content: &Range<usize>) -> bool {
        let piece = &self.pieces[at];
        let form = !piece.is(Class::BASE.or(Class::AUXILIARY)) && !self.folded(at).ends_with(['s', 'd']);
        let that = content.start > self.first && self.folded(content.start - 1) == "that";
        let first = !that && !(content.start..at).any(|n| self.is_finite(n));
        piece.sep == Sep::Comma && form && first && self.is_finite(at)
    }

    /// Whether the preposition of the cue comes again: `for saying that … and for seeking`.
    fn is_parallel(&self, cue: &Cue, at: usize, content: &Range<usize>) -> bool {
        let verb = cue.words.start;
        let before =
            verb.checked_sub(1).filter(|before| *before >= self.first && self.pieces[verb].is(Class::PARTICIPLE));
        before.is_some_and(|before| {
            self.pieces[before].is_small(Class::PREPOSITION)
                && self.pieces[at].is_small(Class::COORDINATOR)
                && at + 1 < content.end
                && self.folded(at + 1) == self.folded(before)
        })
    }

    /// Whether `, and had` follows, behind an infinitive: `asking him to reconsider, and had received`.
    fn is_next_perfect(&self, at: usize, content: &Range<usize>) -> bool {
        let comma = self.pieces[at].sep == Sep::Comma && self.pieces[at].is_small(Class::COORDINATOR);
        comma && at + 1 < content.end && matches!(self.folded(at + 1), "had" | "has" | "have")
    }

    /// Whether `and` and a past form follow that is the next act of the subject: `their concern … and expressed`.
    fn is_next_verb(&self, at: usize, content: &Range<usize>) -> bool {
        let verb = self.pieces[..content.end].get(at + 1);
        let small = Class::DETERMINER.or(Class::PRONOUN).or(Class::PREPOSITION).or(Class::SUBORDINATOR);
        let opens = |next: &Piece| next.capital || next.is(small);
        self.pieces[at].is_small(Class::COORDINATOR)
            && verb.is_some_and(|verb| !verb.is(Class::BASE.or(Class::AUXILIARY)))
            && self.is_finite(at + 1)
            && self.folded(at + 1).ends_with("ed")
            && self.pieces[..content.end].get(at + 2).is_some_and(opens)
    }
}
