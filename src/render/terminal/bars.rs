//! Numbers as bars and sparklines of block characters.

const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// The mark of 0 in a sparkline.
const NOTHING: char = '·';

/// A bar for `value`, `columns` long for `most`; every value above 0 shows at least an eighth of a column.
pub(super) fn bar(value: u64, most: u64, columns: usize) -> String {
    let eighths = scaled(value, most, 8 * columns as u64) as usize;
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}

/// One mark of a sparkline, from a low block to a full one for `most`; [`NOTHING`] for 0.
pub(super) fn spark(value: u64, most: u64) -> char {
    match scaled(value, most, 8) {
        0 => NOTHING,
        eighths => HEIGHTS[(eighths as usize - 1).min(7)],
    }
}

/// `value` on a scale where `most` is `full`: rounded, but at least 1 for every value above 0.
fn scaled(value: u64, most: u64, full: u64) -> u64 {
    if value == 0 || most == 0 {
        return 0;
    }
    let exact = u128::from(value.min(most)) * u128::from(full);
    let rounded = (2 * exact + u128::from(most)) / (2 * u128::from(most));
    (rounded as u64).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_end_on_eighths_and_nothing_alone_is_empty() {
        let bars: Vec<String> = [0, 1, 4, 5, 8, 1000].map(|value| bar(value, 1000, 25)).into();
        assert_eq!(bars, ["", "▏", "▏", "▏", "▎", "█".repeat(25).as_str()]);
        assert_eq!(bar(3, 8, 4), "█▌");
        assert_eq!(bar(u64::MAX, u64::MAX, 3), "███");
        assert_eq!(bar(7, 0, 3), "");
    }

    #[test]
    fn sparks_rise_with_the_value() {
        let line: String = [0, 1, 2, 4, 6, 8, 9].map(|value| spark(value, 8)).into_iter().collect();
        assert_eq!(line, "·▁▂▄▆██");
    }
}
