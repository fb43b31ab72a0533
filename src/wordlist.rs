//! Word lists: knowledge about words, kept as text files next to the code that reads them.
//!
//! A file has one entry per line, sorted by bytes, without repetition. A line that begins with `#` is a comment; the
//! comments at the head say what the list contains, where it comes from, and which words belong on it. The columns of a
//! table are separated by tabs, and the first one is the key.

use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet};

/// The entries of a file, without comments.
pub(crate) fn entries(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// A set of words or word groups, read from its file on first use.
#[derive(Debug)]
pub(crate) struct WordList {
    text: &'static str,
    set: OnceLock<FxHashSet<&'static str>>,
    slice: OnceLock<Vec<&'static str>>,
}

impl WordList {
    /// The list of a file that is compiled in: `WordList::new(include_str!("lists/ranks.txt"))`.
    pub(crate) const fn new(text: &'static str) -> Self {
        Self { text, set: OnceLock::new(), slice: OnceLock::new() }
    }

    /// Whether the list contains `entry`, which must be folded as the entries of the list are.
    pub(crate) fn has(&self, entry: &str) -> bool {
        self.set.get_or_init(|| entries(self.text).collect()).contains(entry)
    }

    /// The entries as a slice, for lists whose entries are searched for inside a text or at its start.
    pub(crate) fn as_slice(&self) -> &[&'static str] {
        self.slice.get_or_init(|| entries(self.text).collect())
    }

    /// The entries in the order of the file.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &'static str> + use<> {
        entries(self.text)
    }
}

/// A table that maps a key to the rest of its row, read from its file on first use.
#[derive(Debug)]
pub(crate) struct WordTable {
    text: &'static str,
    map: OnceLock<FxHashMap<&'static str, &'static str>>,
}

impl WordTable {
    /// The table of a file that is compiled in.
    pub(crate) const fn new(text: &'static str) -> Self {
        Self { text, map: OnceLock::new() }
    }

    /// The columns after the key, separated by tabs.
    pub(crate) fn get(&self, key: &str) -> Option<&'static str> {
        let read = || entries(self.text).filter_map(|line| line.split_once('\t')).collect();
        self.map.get_or_init(read).get(key).copied()
    }

    /// The rows in the order of the file: the key, and the other columns separated by tabs.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (&'static str, &'static str)> + use<> {
        entries(self.text).filter_map(|line| line.split_once('\t'))
    }

    /// The rows of a table whose second column is a rank, lowest rank first: the key, and the columns after the rank. A
    /// rank that is not a number comes last.
    pub(crate) fn ranked(&self) -> Vec<(&'static str, &'static str)> {
        let mut rows: Vec<_> =
            self.rows().map(|(key, rest)| (key, rest.split_once('\t').unwrap_or((rest, "")))).collect();
        rows.sort_by_key(|(_, (rank, _))| rank.parse().unwrap_or(u32::MAX));
        rows.into_iter().map(|(key, (_, rest))| (key, rest)).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::*;

    /// The text files in folders called `lists` below `folder`.
    fn files(folder: &Path) -> Vec<PathBuf> {
        let mut found = Vec::new();
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                found.extend(files(&path));
            } else if folder.ends_with("lists") && path.extension().is_some_and(|extension| extension == "txt") {
                found.push(path);
            }
        }
        found
    }

    #[test]
    fn every_list_has_a_head_and_is_sorted_unique_and_trimmed() {
        let files = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
        assert!(files.len() >= 3, "{files:?}");
        for file in files {
            let text = std::fs::read_to_string(&file).unwrap();
            let name = file.display();
            assert!(
                text.starts_with("# "),
                "{name}: no comment at the head says what the list holds and where it is from"
            );
            let entries: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
            assert!(!entries.is_empty(), "{name}: no entries");
            let key = |entry: &&str| entry.split('\t').next().unwrap_or_default().to_owned();
            for (before, after) in entries.iter().zip(&entries[1..]) {
                assert!(key(before) < key(after), "{name}: '{after}' stands after '{before}'");
            }
            for entry in entries {
                assert!(!entry.is_empty() && entry.trim() == entry, "{name}: '{entry}'");
            }
        }
    }

    #[test]
    fn comments_are_no_entries_and_keys_lead_to_their_row() {
        let list = WordList::new("# words\nalpha\nbeta gamma\n");
        assert!(list.has("alpha") && list.has("beta gamma") && !list.has("# words") && !list.has("beta"));
        assert_eq!(list.iter().collect::<Vec<_>>(), list.as_slice());
        assert_eq!(list.as_slice().len(), 2);
        let table = WordTable::new("# key, value\na\t1\t2\nb\t3\n");
        assert_eq!((table.get("a"), table.get("b"), table.get("c")), (Some("1\t2"), Some("3"), None));
        assert_eq!(table.rows().collect::<Vec<_>>(), [("a", "1\t2"), ("b", "3")]);
        let ranked = WordTable::new("# key, rank, value\na\t10\tlast\nb\t2\tx\ty\nc\t1\n");
        assert_eq!(ranked.ranked(), [("c", ""), ("b", "x\ty"), ("a", "last")]);
    }
}
