//! Checksums of the files of an index directory: taken when a writer is done, compared by `verify`.
//!
//! SQLite and tantivy check much of what they read, but not every byte: free pages, the unused end of a page, columns
//! other than the texts and the footers of segments have no checksum of their own. So the last act of a writer is to
//! record the CRC-32 of every block of every file. CRC-32 detects every change within 32 consecutive bits, and misses
//! any other with a probability of 1 in 4 thousand million; it guards against failing disks, not against a forger.
//!
//! * The list is [`FILE`] while the directory is at rest and [`OPEN`] while a writer is at work or after it was killed:
//!   then only the files that never change (segments) can be compared.
//! * Segments keep the checksum of the run that wrote them. `archive.db` is read again at the end of each run that
//!   takes the lock, at the speed of memory. Damage done to its unchanged pages before that run is therefore recorded
//!   as if it were right; only SQLite's own checks and the SHA-256 of each text can find it then.
//! * `archive.db-shm` is scratch memory that SQLite creates when needed, and is not listed. `archive.db-wal` is empty
//!   at rest.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

use super::Role;
use crate::archive;
use crate::index::FOLDER;

/// Name of the list in a directory at rest.
pub(crate) const FILE: &str = "checksums";
/// Name of the list from the start of a writer to its end.
pub(crate) const OPEN: &str = "checksums.open";
/// First line of the list.
const HEAD: &str = "despatch checksums 1";
/// Bytes of a block that has a checksum of its own; damage is named by block.
const BLOCK: usize = 1 << 20;

/// A file that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Difference {
    /// Its name within the index directory.
    pub file: String,
    /// How it differs, for a message.
    pub what: String,
}

/// The result of comparing a directory with its list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Comparison {
    /// Nobody has written since it was taken: every file was compared.
    Whole(Vec<Difference>),
    /// A writer began and has not ended: only segments were compared.
    Open(Vec<Difference>),
    /// There is no list: no writer has ever ended.
    Missing,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Sum {
    bytes: u64,
    blocks: Vec<u32>,
}

type Sums = BTreeMap<String, Sum>;

/// Marks the list as out of date, and makes that durable before anything else is written.
pub(super) fn begin(dir: &Path) -> io::Result<()> {
    match fs::rename(dir.join(FILE), dir.join(OPEN)) {
        Ok(()) => sync(dir),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(cause) => Err(cause),
    }
}

/// Writes a new list. The archive must be at rest, with nothing left in its log.
pub(super) fn seal(dir: &Path) -> io::Result<()> {
    let before = read(&dir.join(OPEN)).unwrap_or_default();
    let mut sums = Sums::new();
    for name in names(dir)? {
        let kept = before.get(&name).filter(|old| is_final(&name) && is_as_long(dir, &name, old));
        let sum = match kept {
            Some(sum) => sum.clone(),
            None => sum(&dir.join(&name))?,
        };
        sums.insert(name, sum);
    }
    let new = dir.join("checksums.new");
    let mut file = File::create(&new)?;
    file.write_all(print(&sums).as_bytes())?;
    file.sync_all()?;
    fs::rename(&new, dir.join(FILE))?;
    let _ = fs::remove_file(dir.join(OPEN)); // there may be none
    sync(dir)
}

/// Compares the files of a directory with its list.
///
/// # Errors
///
/// Fails where the directory cannot be read.
pub(crate) fn compare(dir: &Path) -> io::Result<Comparison> {
    let open = dir.join(OPEN).exists();
    let list = if open { OPEN } else { FILE };
    let sums = match read(&dir.join(list)) {
        Ok(sums) => sums,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Comparison::Missing),
        Err(cause) => {
            let broken = Difference { file: list.to_owned(), what: cause.to_string() };
            return Ok(if open { Comparison::Open(vec![broken]) } else { Comparison::Whole(vec![broken]) });
        }
    };
    let mut found = Vec::new();
    for (name, sum) in sums.iter().filter(|(name, _)| !open || is_final(name)) {
        match differs(&dir.join(name), sum) {
            Ok(Some(what)) => found.push(Difference { file: name.clone(), what }),
            Ok(None) => {}
            // An interrupted writer may have merged the segment into another.
            Err(cause) if open && cause.kind() == io::ErrorKind::NotFound => {}
            Err(cause) => found.push(Difference { file: name.clone(), what: cause.to_string() }),
        }
    }
    if open {
        return Ok(Comparison::Open(found));
    }
    for name in names(dir)?.into_iter().filter(|name| !sums.contains_key(name) && name.starts_with(FOLDER)) {
        found.push(Difference { file: name, what: "was not there when the last run ended".to_owned() });
    }
    let log = archive::log();
    if fs::metadata(dir.join(&log)).is_ok_and(|meta| meta.len() > 0) {
        found.push(Difference { file: log, what: "holds changes that no run has recorded".to_owned() });
    }
    Ok(Comparison::Whole(found))
}

/// The files that are listed: archive, headings, and all of the index. The lock file is not: its content changes with
/// each writer.
fn names(dir: &Path) -> io::Result<Vec<String>> {
    let listed = |name: &String| matches!(Role::of(name), Role::Archive | Role::Headings | Role::Index);
    Ok(super::files(dir)?.into_iter().map(|(name, _)| name).filter(listed).collect())
}

/// Whether a file, once written, is never changed: the parts of a segment.
fn is_final(name: &str) -> bool {
    let stem =
        name.strip_prefix(FOLDER).and_then(|name| name.strip_prefix('/')).and_then(|name| name.split('.').next());
    stem.is_some_and(|stem| stem.len() == 32 && stem.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn is_as_long(dir: &Path, name: &str, sum: &Sum) -> bool {
    fs::metadata(dir.join(name)).is_ok_and(|meta| meta.len() == sum.bytes)
}

/// Reads a file block by block.
fn blocks(path: &Path, each: &mut dyn FnMut(&[u8])) -> io::Result<()> {
    let mut file = File::open(path)?;
    let mut block = Vec::with_capacity(BLOCK);
    loop {
        block.clear();
        (&mut file).take(BLOCK as u64).read_to_end(&mut block)?;
        if block.is_empty() {
            return Ok(());
        }
        each(&block);
    }
}

fn sum(path: &Path) -> io::Result<Sum> {
    let mut sum = Sum { bytes: 0, blocks: Vec::new() };
    blocks(path, &mut |block| {
        sum.bytes += block.len() as u64;
        sum.blocks.push(crc32fast::hash(block));
    })?;
    Ok(sum)
}

/// How a file differs from its recorded checksums, for a message; `None` where it does not.
fn differs(path: &Path, was: &Sum) -> io::Result<Option<String>> {
    let is = sum(path)?;
    if is.bytes != was.bytes {
        return Ok(Some(format!("has {} bytes, had {}", is.bytes, was.bytes)));
    }
    let bad = is.blocks.iter().zip(&was.blocks).position(|(is, was)| is != was);
    Ok(bad.map(|number| {
        let from = (number * BLOCK) as u64;
        let to = is.bytes.min(from + BLOCK as u64) - 1;
        format!("is not as it was written (in bytes {from} to {to})")
    }))
}

/// The list as text; its last line is its own checksum.
fn print(sums: &Sums) -> String {
    let mut text = format!("{HEAD}\n");
    for (name, sum) in sums {
        let blocks: Vec<String> = sum.blocks.iter().map(|crc| format!("{crc:08x}")).collect();
        text.push_str(&format!("{name}\t{}\t{}\n", sum.bytes, blocks.join(",")));
    }
    let own = crc32fast::hash(text.as_bytes());
    text.push_str(&format!("{own:08x}\n"));
    text
}

fn read(path: &Path) -> io::Result<Sums> {
    let bytes = fs::read(path)?;
    parse(&bytes).ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "is not as it was written"))
}

fn parse(bytes: &[u8]) -> Option<Sums> {
    let text = std::str::from_utf8(bytes).ok()?;
    let body = &text[..text.strip_suffix('\n')?.rfind('\n')? + 1];
    if text[body.len()..] != format!("{:08x}\n", crc32fast::hash(body.as_bytes())) {
        return None;
    }
    let lines = body.strip_prefix(HEAD)?.strip_prefix('\n')?.lines();
    lines
        .map(|line| {
            let mut parts = line.split('\t');
            let (name, bytes, blocks) = (parts.next()?, parts.next()?, parts.next()?);
            let blocks = blocks.split(',').filter(|crc| !crc.is_empty());
            let blocks = blocks.map(|crc| u32::from_str_radix(crc, 16).ok()).collect::<Option<_>>()?;
            Some((name.to_owned(), Sum { bytes: bytes.parse().ok()?, blocks }))
        })
        .collect()
}

/// Makes renames in the directory durable.
fn sync(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join(FOLDER)).unwrap();
        fs::write(dir.path().join(archive::FILE), vec![7; 3 * BLOCK / 2]).unwrap();
        fs::write(dir.path().join("tantivy/meta.json"), "{}").unwrap();
        fs::write(dir.path().join("tantivy/0123456789abcdef0123456789abcdef.pos"), "positions").unwrap();
        seal(dir.path()).unwrap();
        dir
    }

    fn files(comparison: Comparison) -> Vec<String> {
        match comparison {
            Comparison::Whole(found) | Comparison::Open(found) => found.into_iter().map(|one| one.file).collect(),
            Comparison::Missing => vec!["no list".to_owned()],
        }
    }

    #[test]
    fn every_flipped_byte_is_found_and_named() {
        let dir = home();
        assert_eq!(compare(dir.path()).unwrap(), Comparison::Whole(Vec::new()));
        let mut all = names(dir.path()).unwrap();
        all.push(FILE.to_owned());
        assert_eq!(all.len(), 4);
        let mut flips = 0;
        for name in all {
            let path = dir.path().join(&name);
            let whole = fs::read(&path).unwrap();
            flips += (0..whole.len()).step_by(1 + whole.len() / 97).len();
            for at in (0..whole.len()).step_by(1 + whole.len() / 97) {
                let mut bytes = whole.clone();
                bytes[at] ^= 1 << (at % 8);
                fs::write(&path, &bytes).unwrap();
                assert_eq!(files(compare(dir.path()).unwrap()), [name.as_str()], "byte {at}");
            }
            fs::write(&path, &whole).unwrap();
        }
        assert!(flips > 150, "{flips} flips");
        assert_eq!(compare(dir.path()).unwrap(), Comparison::Whole(Vec::new()));
    }

    #[test]
    fn damage_is_named_by_what_is_different_and_where() {
        let dir = home();
        let told = || match compare(dir.path()).unwrap() {
            Comparison::Whole(found) => found.into_iter().map(|one| format!("{}: {}", one.file, one.what)).collect(),
            other => vec![format!("{other:?}")],
        };
        let path = dir.path().join(archive::FILE);
        for (at, blocks) in [(0, "0 to 1048575"), (BLOCK - 1, "0 to 1048575"), (BLOCK, "1048576 to 1572863")] {
            let mut bytes = vec![7; 3 * BLOCK / 2];
            bytes[at] = 8;
            fs::write(&path, bytes).unwrap();
            assert_eq!(told(), [format!("archive.db: is not as it was written (in bytes {blocks})")]);
        }
        fs::write(&path, vec![7; 3 * BLOCK / 2 - 1]).unwrap();
        assert_eq!(told(), ["archive.db: has 1572863 bytes, had 1572864"]);
        fs::write(&path, vec![7; 3 * BLOCK / 2]).unwrap();
        assert_eq!(told(), Vec::<String>::new());
    }

    #[test]
    fn what_belongs_to_an_index_is_listed_and_nothing_else() {
        let dir = home();
        let others =
            ["write.lock", "archive.db-shm", "archive.db-wal", "authority.txt", "x-authority-1.bin", "saved.toml"];
        for name in others.into_iter().chain(["authority.toml", "authority-77.bin"]) {
            fs::write(dir.path().join(name), "").unwrap();
        }
        let segment = "tantivy/0123456789abcdef0123456789abcdef.pos";
        let listed = ["archive.db", "authority-77.bin", "authority.toml", segment, "tantivy/meta.json"];
        assert_eq!(names(dir.path()).unwrap(), listed);
        // What is not of the index may come and go.
        seal(dir.path()).unwrap();
        fs::remove_file(dir.path().join("saved.toml")).unwrap();
        fs::write(dir.path().join("authority-78.bin"), "x").unwrap();
        assert_eq!(compare(dir.path()).unwrap(), Comparison::Whole(Vec::new()));
        let bare = tempfile::tempdir().unwrap();
        assert_eq!(names(bare.path()).unwrap(), Vec::<String>::new());
        assert_eq!(compare(bare.path()).unwrap(), Comparison::Missing);
        begin(bare.path()).unwrap();
        assert_eq!(compare(bare.path()).unwrap(), Comparison::Missing, "there was no list to open");
    }

    #[test]
    fn only_parts_of_segments_never_change() {
        let stem = "0123456789abcdef0123456789abcdef";
        for name in [format!("tantivy/{stem}.pos"), format!("tantivy/{stem}.17.del"), format!("tantivy/{stem}")] {
            assert!(is_final(&name), "{name}");
        }
        let others = ["tantivy/meta.json", "archive.db", "tantivy/.managed.json", "tantivy/0123456789abcdef.pos"];
        for name in others.map(str::to_owned).into_iter().chain([format!("{stem}.pos"), format!("tantivy/{stem}0.pos")])
        {
            assert!(!is_final(&name), "{name}");
        }
    }

    #[test]
    fn a_segment_keeps_its_checksum_while_it_keeps_its_length() {
        let dir = home();
        let segment = dir.path().join("tantivy/0123456789abcdef0123456789abcdef.pos");
        begin(dir.path()).unwrap();
        // Left half written by a writer that was killed, and written by the next one.
        fs::write(&segment, "positions, and more").unwrap();
        seal(dir.path()).unwrap();
        assert_eq!(compare(dir.path()).unwrap(), Comparison::Whole(Vec::new()));
        assert!(!dir.path().join(OPEN).exists() && !dir.path().join("checksums.new").exists());
    }

    #[test]
    fn a_segment_that_went_is_told_unless_a_writer_was_cut_short() {
        let dir = home();
        fs::remove_file(dir.path().join("tantivy/0123456789abcdef0123456789abcdef.pos")).unwrap();
        assert_eq!(files(compare(dir.path()).unwrap()), ["tantivy/0123456789abcdef0123456789abcdef.pos"]);
        begin(dir.path()).unwrap();
        assert_eq!(compare(dir.path()).unwrap(), Comparison::Open(Vec::new()));
        fs::write(dir.path().join(OPEN), "not a list\n").unwrap();
        assert!(matches!(compare(dir.path()).unwrap(), Comparison::Open(found) if found[0].file == OPEN));
    }

    #[test]
    fn while_a_writer_is_at_work_segments_alone_are_compared() {
        let dir = home();
        begin(dir.path()).unwrap();
        fs::write(dir.path().join(archive::FILE), "changed").unwrap();
        assert_eq!(compare(dir.path()).unwrap(), Comparison::Open(Vec::new()));
        let segment = dir.path().join("tantivy/0123456789abcdef0123456789abcdef.pos");
        fs::write(&segment, "Positions").unwrap();
        assert_eq!(files(compare(dir.path()).unwrap()).len(), 1);
        // A damaged segment is not taken for a new one when the writer is done.
        seal(dir.path()).unwrap();
        assert_eq!(files(compare(dir.path()).unwrap()).len(), 1);
        fs::remove_file(&segment).unwrap();
        begin(dir.path()).unwrap();
        seal(dir.path()).unwrap();
        assert_eq!(compare(dir.path()).unwrap(), Comparison::Whole(Vec::new()));
    }

    #[test]
    fn files_that_come_and_go_at_rest_are_told() {
        let dir = home();
        fs::write(dir.path().join("tantivy/stray"), "x").unwrap();
        fs::remove_file(dir.path().join("tantivy/meta.json")).unwrap();
        fs::write(dir.path().join("archive.db-wal"), "x").unwrap();
        let found = files(compare(dir.path()).unwrap());
        assert_eq!(found, ["tantivy/meta.json", "tantivy/stray", "archive.db-wal"]);
    }
}
