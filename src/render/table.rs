//! Counts as CSV in long form, one count a row, which spreadsheets and plotting tools read without reshaping.

use std::io::{self, Write};

use super::export::{Cell, row};
use crate::engine::{FacetResponse, PairCount, PairsResponse, TimelineResponse};

fn head(names: &[&str], out: &mut dyn Write) -> io::Result<()> {
    row(&names.iter().map(|name| Cell::Text((*name).to_owned())).collect::<Vec<_>>(), out)
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

/// Facet, value, label, count; the sum of weights too where weights are asked for.
///
/// # Errors
///
/// Fails where `out` does.
pub fn facets(response: &FacetResponse, out: &mut dyn Write) -> io::Result<()> {
    let weighed = response.counts.values().flatten().any(|one| one.weight.is_some());
    let names = ["facet", "value", "label", "count", "weight"];
    head(&names[..names.len() - usize::from(!weighed)], out)?;
    for (facet, counts) in &response.counts {
        let name = serde_json::to_value(facet)?;
        for one in counts {
            let name = text(name.as_str().unwrap_or_default());
            let mut cells = vec![name, text(&one.value), text(&one.label), Cell::number(one.count)];
            if weighed {
                cells.push(one.weight.map_or(Cell::Empty, |weight| Cell::number(format!("{weight:.2}"))));
            }
            row(&cells, out)?;
        }
    }
    Ok(())
}

/// Period, value, label, count. The rows of all articles together come first; their value is empty.
///
/// # Errors
///
/// Fails where `out` does.
pub fn timeline(response: &TimelineResponse, out: &mut dyn Write) -> io::Result<()> {
    head(&["period", "value", "label", "count"], out)?;
    let series = response.series.iter().map(|one| (one.value.as_str(), one.label.as_str(), &one.counts));
    for (value, label, counts) in std::iter::once(("", "all", &response.all)).chain(series) {
        for (period, count) in response.periods.iter().zip(counts) {
            row(&[text(period), text(value), text(label), Cell::number(count)], out)?;
        }
    }
    Ok(())
}

/// Both actors, their counts and those of the pair. A pair counted by time has a row for each period in which it
/// occurs; other pairs have one row, with an empty period.
///
/// # Errors
///
/// Fails where `out` does.
pub fn pairs(response: &PairsResponse, out: &mut dyn Write) -> io::Result<()> {
    let names = ["a", "a_label", "b", "b_label", "period", "count", "count_a", "count_b", "expected", "ratio"];
    head(&names, out)?;
    for pair in &response.pairs {
        let mut line = |period: Cell, counts: &PairCount| {
            let PairCount { count, count_a, count_b, expected, ratio } = counts;
            let numbers = [count, count_a, count_b].map(Cell::number).into_iter();
            let numbers = numbers.chain([expected, ratio].map(|number| Cell::number(format!("{number:.4}"))));
            let names = [text(&pair.a.id), text(&pair.a.label), text(&pair.b.id), text(&pair.b.label), period];
            row(&names.into_iter().chain(numbers).collect::<Vec<_>>(), out)
        };
        if pair.periods.is_empty() {
            line(Cell::Empty, &pair.counts)?;
        }
        for one in &pair.periods {
            line(text(&one.period), &one.counts)?;
        }
    }
    Ok(())
}
