//! Two runs over the same needs: what changed, and whether chance alone could have done it.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::Measures;

/// How one measure changed from an earlier run.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Its name.
    pub measure: &'static str,
    /// Mean of the differences.
    pub difference: f64,
    /// Needs that gained.
    pub better: usize,
    /// Needs that lost.
    pub worse: usize,
    /// Needs that stayed.
    pub same: usize,
    /// See [`paired_test`].
    pub p: f64,
}

/// A measure by name.
type Named = (&'static str, fn(&Measures) -> f64);

/// The measures by name.
const NAMED: [Named; 5] = [
    ("ndcg@10", |m| m.ndcg_10),
    ("map", |m| m.map),
    ("p@10", |m| m.precision_10),
    ("recall@100", |m| m.recall_100),
    ("mrr", |m| m.mrr),
];

/// How each measure changed from an earlier run to a later one, over the needs that both have.
pub fn changes(earlier: &BTreeMap<String, Measures>, later: &BTreeMap<String, Measures>) -> Vec<Change> {
    let both: Vec<(&Measures, &Measures)> =
        later.iter().filter_map(|(need, after)| Some((earlier.get(need)?, after))).collect();
    NAMED
        .iter()
        .map(|(measure, value)| {
            let (before, after): (Vec<f64>, Vec<f64>) = both.iter().map(|(a, b)| (value(a), value(b))).unzip();
            let differences: Vec<f64> = after.iter().zip(&before).map(|(after, before)| after - before).collect();
            let count = |wanted: fn(f64) -> bool| differences.iter().filter(|d| wanted(**d)).count();
            let (better, worse) = (count(|d| d > 1e-9), count(|d| d < -1e-9));
            Change {
                measure,
                difference: differences.iter().sum::<f64>() / differences.len().max(1) as f64,
                better,
                worse,
                same: differences.len() - better - worse,
                p: paired_test(&after, &before),
            }
        })
        .collect()
}

/// Probability that chance alone makes the means of paired values differ at least as much as they do.
///
/// Fisher's randomisation test, two-sided: by chance, each difference could as well have the other sign. Where at most
/// twelve pairs differ, all combinations of signs are tried, otherwise 10,000 random ones.
pub(crate) fn paired_test(a: &[f64], b: &[f64]) -> f64 {
    const DRAWS: u32 = 10_000;
    let differences: Vec<f64> = a.iter().zip(b).map(|(a, b)| a - b).filter(|d| *d != 0.0).collect();
    let observed = differences.iter().sum::<f64>().abs();
    let extreme = |signs: &mut dyn FnMut() -> bool| -> bool {
        let sum: f64 = differences.iter().map(|d| if signs() { *d } else { -d }).sum();
        sum.abs().partial_cmp(&(observed - 1e-12)) != Some(Ordering::Less)
    };
    if differences.len() <= 12 {
        let all = 1u32 << differences.len();
        let count = (0..all).filter(|pattern| {
            let mut at = 0;
            extreme(&mut || {
                at += 1;
                pattern >> (at - 1) & 1 == 0
            })
        });
        return count.count() as f64 / f64::from(all);
    }
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut coin = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state >> 33 & 1 == 0
    };
    let count = (0..DRAWS).filter(|_| extreme(&mut coin)).count();
    (count as f64 + 1.0) / f64::from(DRAWS + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_lists_do_not_differ_and_very_unequal_ones_do() {
        assert!(paired_test(&[0.5, 0.2], &[0.5, 0.2]) > 0.99);
        assert!(paired_test(&[1.0; 20], &[0.0; 20]) < 0.001);
        // Differences 3 2 1: of the eight ways to sign them only +++ and --- add up to 6.
        assert!((paired_test(&[3.0, 2.0, 1.0], &[0.0; 3]) - 0.25).abs() < 1e-12);
        // All of twelve: the two ways to sign them alike, of 4096, exactly.
        assert!((paired_test(&[1.0; 12], &[0.0; 12]) - 2.0 / 4096.0).abs() < 1e-12);
        assert!((paired_test(&[1.0; 13], &[1.0; 13]) - 1.0).abs() < 1e-12, "pairs that do not differ are left out");
        // 2 1 -1: |sum| is at least 2 for +++ ++- +-+ and their opposites.
        assert!((paired_test(&[2.0, 1.0, 0.0], &[0.0, 0.0, 1.0]) - 0.75).abs() < 1e-12);
    }

    #[test]
    fn draws_come_near_the_exact_probability() {
        // Thirteen differences of 1, two of them negative: P(|sum| >= 9) = 2 (C(13,0) + C(13,1) + C(13,2)) / 2^13.
        let a: Vec<f64> = (0..13).map(|n| if n < 2 { -1.0 } else { 1.0 }).collect();
        let exact = 2.0 * (1.0 + 13.0 + 78.0) / 8192.0;
        assert!((paired_test(&a, &[0.0; 13]) - exact).abs() < 0.004);
    }

    #[test]
    fn changes_count_needs_of_both_runs() {
        let m = |map: f64| Measures { map, ..Measures::default() };
        let earlier = BTreeMap::from([("1".to_owned(), m(0.5)), ("2".to_owned(), m(0.5)), ("3".to_owned(), m(1.0))]);
        let later = BTreeMap::from([("1".to_owned(), m(0.75)), ("2".to_owned(), m(0.25)), ("4".to_owned(), m(1.0))]);
        let all = changes(&earlier, &later);
        let map = all.iter().find(|change| change.measure == "map").unwrap();
        assert_eq!((map.better, map.worse, map.same), (1, 1, 0));
        assert!(map.difference.abs() < 1e-12 && (map.p - 1.0).abs() < 1e-12);
    }
}
