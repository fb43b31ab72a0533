//! Values ordered by how much more frequent they are among the hits than in the index.

use std::collections::HashMap;

use super::response::FacetCount;

/// Orders values by the difference of their shares among `hits` stories and among all of the index, times the ratio of the
/// two, and notes both on each. `index` has their counts there.
pub(super) fn order(list: &mut [FacetCount], hits: u64, index: &HashMap<String, u64>, total: u64) {
    let total = total.max(1) as f64;
    let mut order: HashMap<String, f64> = HashMap::new();
    for count in list.iter_mut() {
        let in_index = index.get(&count.value).copied().unwrap_or(count.count);
        let (share, usual) = (count.count as f64 / hits.max(1) as f64, in_index.max(1) as f64 / total);
        count.in_index = Some(in_index);
        count.surprise = Some(share / usual);
        order.insert(count.value.clone(), (share - usual) * share / usual);
    }
    list.sort_by(|a, b| order[&b.value].total_cmp(&order[&a.value]).then_with(|| a.value.cmp(&b.value)));
}
