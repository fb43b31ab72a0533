//! Two sequences of numbers aligned, in time that grows with their length.
//!
//! Stretches of four that both have once are anchors; the longest rising chain of them is kept (as patience diff does with
//! lines). Between anchors the shortest edit script decides (Myers), where that is cheap; a longer stretch without any
//! anchor has nothing in common worth naming, and counts as replaced. So the result depends on no clock.

use std::ops::Range;

use rustc_hash::FxHashMap;
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Tokens of an anchor.
const WIDTH: usize = 4;
/// Product of the lengths of two stretches up to which they are compared token by token.
const CELLS: usize = 250_000;

/// A stretch of one sequence and what stands in its place in the other; the same where `equal`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) equal: bool,
    pub(super) old: Range<usize>,
    pub(super) new: Range<usize>,
}

/// Cuts both sequences into pieces, in order and without gap; no two neighbours are of one kind.
pub(super) fn align(old: &[u32], new: &[u32]) -> Vec<Piece> {
    let mut out = Pieces(Vec::new());
    let (mut i, mut j) = (0, 0);
    for (x, y) in anchors(old, new) {
        if x < i || y < j {
            continue;
        }
        let back = (1..=(x - i).min(y - j)).take_while(|back| old[x - back] == new[y - back]).count();
        between(old, new, i..x - back, j..y - back, &mut out);
        let rest = old[x..].iter().zip(&new[y..]).take_while(|(a, b)| a == b).count();
        out.equal(x - back..x + rest, y - back..y + rest);
        (i, j) = (x + rest, y + rest);
    }
    between(old, new, i..old.len(), j..new.len(), &mut out);
    out.0
}

/// Aligns two stretches between anchors.
fn between(old: &[u32], new: &[u32], a: Range<usize>, b: Range<usize>, out: &mut Pieces) {
    let (left, right) = (&old[a.clone()], &new[b.clone()]);
    let head = left.iter().zip(right).take_while(|(x, y)| x == y).count();
    let (left, right) = (&left[head..], &right[head..]);
    let tail = left.iter().rev().zip(right.iter().rev()).take_while(|(x, y)| x == y).count();
    let (left, right) = (&left[..left.len() - tail], &right[..right.len() - tail]);
    out.equal(a.start..a.start + head, b.start..b.start + head);
    let (i, j) = (a.start + head, b.start + head);
    if left.is_empty() || right.is_empty() || left.len().saturating_mul(right.len()) > CELLS {
        out.replaced(i..i + left.len(), j..j + right.len());
    } else {
        let (mut i, mut j) = (i, j);
        for op in capture_diff_slices(Algorithm::Myers, left, right) {
            // The lengths count: the places of an op that only cuts or adds may lag behind.
            let (x, y) = (i + op.old_range().len(), j + op.new_range().len());
            match op {
                DiffOp::Equal { .. } => out.equal(i..x, j..y),
                _ => out.replaced(i..x, j..y),
            }
            (i, j) = (x, y);
        }
    }
    out.equal(a.end - tail..a.end, b.end - tail..b.end);
}

/// Where both sequences have a stretch that each has once, in rising order in both.
fn anchors(old: &[u32], new: &[u32]) -> Vec<(usize, usize)> {
    let mut seen: FxHashMap<&[u32], (Option<usize>, Option<usize>)> = FxHashMap::default();
    for (at, window) in old.windows(WIDTH).enumerate() {
        seen.entry(window).and_modify(|(first, _)| *first = None).or_insert((Some(at), None));
    }
    let mut pairs: Vec<(usize, Option<usize>)> = Vec::new();
    let mut place: FxHashMap<usize, usize> = FxHashMap::default();
    for (at, window) in new.windows(WIDTH).enumerate() {
        if let Some((Some(x), _)) = seen.get(window) {
            match place.get(x) {
                Some(pair) => pairs[*pair].1 = None,
                None => {
                    place.insert(*x, pairs.len());
                    pairs.push((*x, Some(at)));
                }
            }
        }
    }
    let mut pairs: Vec<(usize, usize)> = pairs.into_iter().filter_map(|(x, y)| Some((x, y?))).collect();
    pairs.sort_unstable();
    longest_rising(&pairs)
}

/// The longest chain of pairs that rise in their second number, too (patience sorting).
fn longest_rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let (mut ends, mut before): (Vec<usize>, Vec<Option<usize>>) = (Vec::new(), vec![None; pairs.len()]);
    for (at, (_, y)) in pairs.iter().enumerate() {
        let pile = ends.partition_point(|end| pairs[*end].1 < *y);
        before[at] = pile.checked_sub(1).map(|below| ends[below]);
        if pile == ends.len() { ends.push(at) } else { ends[pile] = at }
    }
    let mut chain: Vec<(usize, usize)> =
        std::iter::successors(ends.last().copied(), |at| before[*at]).map(|at| pairs[at]).collect();
    chain.reverse();
    chain
}

/// Pieces that are joined with the one before where both are of one kind.
struct Pieces(Vec<Piece>);

impl Pieces {
    fn equal(&mut self, old: Range<usize>, new: Range<usize>) {
        self.add(true, old, new);
    }

    fn replaced(&mut self, old: Range<usize>, new: Range<usize>) {
        self.add(false, old, new);
    }

    fn add(&mut self, equal: bool, old: Range<usize>, new: Range<usize>) {
        if old.is_empty() && new.is_empty() {
            return;
        }
        match self.0.last_mut() {
            Some(last) if last.equal == equal => (last.old.end, last.new.end) = (old.end, new.end),
            _ => self.0.push(Piece { equal, old, new }),
        }
    }
}

/// Joins replaced pieces between which little stays: a few words that two sentences happen to share are no reason to show
/// them as one sentence with many changes. `words` counts those of a stretch of the old sequence.
pub(super) fn join(
    pieces: Vec<Piece>,
    words: impl Fn(Range<usize>) -> usize,
    added: impl Fn(Range<usize>) -> usize,
) -> Vec<Piece> {
    /// Words that stay, at most.
    const FEW: usize = 3;
    let size = |piece: &Piece| words(piece.old.clone()).max(added(piece.new.clone()));
    let mut out: Vec<Piece> = Vec::with_capacity(pieces.len());
    let mut pieces = pieces.into_iter().peekable();
    while let Some(piece) = pieces.next() {
        let few = piece.equal && words(piece.old.clone()) <= FEW;
        let (before, after) = (out.last().map(&size), pieces.peek().map(&size));
        let joins = few
            && before.zip(after).is_some_and(|(before, after)| {
                let stays = words(piece.old.clone());
                stays == 0 || (stays < before && stays < after)
            });
        match out.last_mut() {
            Some(last) if joins || (!last.equal && !piece.equal) => {
                (last.equal, last.old.end, last.new.end) = (false, piece.old.end, piece.new.end);
            }
            _ => out.push(piece),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(old: &[u32], new: &[u32]) {
        let (mut i, mut j, mut last) = (0, 0, None);
        for piece in align(old, new) {
            assert_eq!((piece.old.start, piece.new.start), (i, j));
            assert_ne!(last.replace(piece.equal), Some(piece.equal));
            (i, j) = (piece.old.end, piece.new.end);
            if piece.equal {
                assert_eq!(old[piece.old.clone()], new[piece.new.clone()]);
            } else {
                assert!(!piece.old.is_empty() || !piece.new.is_empty());
            }
        }
        assert_eq!((i, j), (old.len(), new.len()));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn pieces_tile_both_sequences(
            old in prop::collection::vec(0u32..9, 0..60),
            new in prop::collection::vec(0u32..9, 0..60),
            cut in 0usize..60,
        ) {
            check(&old, &new);
            let shared: Vec<u32> = old[..cut.min(old.len())].iter().chain(&new).copied().collect();
            check(&old, &shared);
        }
    }

    #[test]
    fn two_long_texts_without_anything_in_common_take_a_moment() {
        let old: Vec<u32> = (0..300_000).collect();
        let new: Vec<u32> = (300_000..600_000).collect();
        assert_eq!(align(&old, &new).len(), 1);
        // Nothing but repetition: no anchor at all.
        let old: Vec<u32> = (0..200_000).map(|n| n % 3).collect();
        let new: Vec<u32> = (0..200_000).map(|n| n % 2).collect();
        check(&old, &new);
        // Anchors everywhere, and between them stretches of the greatest size that is compared.
        let with = |other: u32| -> Vec<u32> {
            (0..200_000u32)
                .map(|n| if n % 504 < 4 { n } else { other + n.wrapping_mul(2_654_435_761) % 1_000_000 })
                .collect()
        };
        check(&with(1_000_000), &with(3_000_000));
    }
}
