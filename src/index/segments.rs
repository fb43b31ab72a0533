//! Chooses the segments to merge: each segment costs every search a little, and a merge costs as much as it has
//! articles.

use tantivy::index::{SegmentId, SegmentMeta};

/// A segment is not merged if it has at least this many times as many articles as all smaller ones together. So an
/// index of any size has two to five segments, and an article is written again each time its segment has grown this
/// many times.
const LARGER: u32 = 10;

/// The segments to merge into one: none, two or more, or a single one at least half of which is deleted.
pub(super) fn to_merge(mut segments: Vec<SegmentMeta>) -> Vec<SegmentId> {
    segments.sort_by_key(|segment| std::cmp::Reverse(segment.num_docs()));
    let sizes: Vec<(u32, u32)> =
        segments.iter().map(|segment| (segment.num_docs(), segment.num_deleted_docs())).collect();
    segments[first_to_merge(&sizes)..].iter().map(SegmentMeta::id).collect()
}

/// The index of the first segment to merge; all after it are merged with it. `sizes` are the live and deleted articles
/// of each segment, the largest first.
fn first_to_merge(sizes: &[(u32, u32)]) -> usize {
    let left_alone = |at: usize| {
        let (alive, deleted) = sizes[at];
        let smaller: u32 = sizes[at + 1..].iter().map(|(alive, _)| alive).sum();
        let alone = at + 1 == sizes.len() || alive / LARGER >= smaller.max(1);
        alone && deleted < alive.max(1)
    };
    (0..sizes.len()).find(|at| !left_alone(*at)).unwrap_or(sizes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(sizes: &[u32]) -> Vec<u32> {
        let with_none_deleted: Vec<(u32, u32)> = sizes.iter().map(|size| (*size, 0)).collect();
        sizes[first_to_merge(&with_none_deleted)..].to_vec()
    }

    #[test]
    fn a_bulk_load_becomes_one_and_a_small_one_leaves_the_large_alone() {
        assert_eq!(merged(&[8000, 7900, 7800, 400]), [8000, 7900, 7800, 400]);
        assert_eq!(merged(&[100_000, 100, 100]), [100, 100]);
        assert_eq!(merged(&[100_000]), [0; 0]);
        assert_eq!(merged(&[]), [0; 0]);
        assert_eq!(first_to_merge(&[(100, 0), (5, 5)]), 1, "half of it was deleted");
    }

    #[test]
    fn daily_loads_leave_few_segments_and_write_little_again() {
        let mut sizes = vec![100_000u32];
        let (mut written, mut most) = (0, 0);
        for _ in 0..1000 {
            sizes.extend([100, 100]);
            sizes.sort_unstable_by_key(|size| std::cmp::Reverse(*size));
            let with_none_deleted: Vec<(u32, u32)> = sizes.iter().map(|size| (*size, 0)).collect();
            let merged: u32 = sizes.split_off(first_to_merge(&with_none_deleted)).iter().sum();
            if merged > 0 {
                sizes.push(merged);
                written += u64::from(merged);
            }
            most = most.max(sizes.len());
        }
        assert_eq!(sizes.iter().sum::<u32>(), 300_000);
        assert!(most <= 4, "{most} segments");
        assert!(written < 30 * 200_000, "{written} articles were written again for 200,000 new ones");
    }
}
