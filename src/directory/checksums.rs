//! Checksums of the files of an index directory: taken when a writer is done, compared by `verify`.
//!
//! SQLite and tantivy check much of what they read, but not every byte: free pages, the unused end of a page, columns
//! beside the texts and the footers of segments have no checksum of their own. So the last act of a writer is to record
//! the CRC-32 of every block of every file. CRC-32 tells every change of up to 32 bits in a row, and any other with odds of
//! 1 to 4 thousand million; it guards against failing disks, not against a forger.
//!
//! * The list is [`FILE`] while the directory is at rest and [`OPEN`] while a writer is at work or after it was killed:
//!   then only the files that never change (segments) can be compared.
//! * Segments keep the checksum of the run that wrote them. `archive.db` is read anew at the end of each run that takes
//!   the lock, at the speed of memory; damage done to its unchanged pages before that run is recorded with it, and then
//!   found by what SQLite and the SHA-256 of each text tell.
//! * `archive.db-shm` is scratch memory that SQLite makes anew, and is not listed. `archive.db-wal` is empty at rest.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

use super::Role;
use crate::archive;
use crate::index::FOLDER;

/// Name of the list in a directory at rest.
pub const FILE: &str = "checksums";
/// Name of the list from the start of a writer to its end.
pub const OPEN: &str = "checksums.open";
/// First line of the list.
const HEAD: &str = "despatch checksums 1";
/// Bytes that share a checksum; damage is named by block.
const BLOCK: usize = 1 << 20;

/// A file that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Its name within the index directory.
    pub file: String,
    /// What is different.
    pub what: String,
}

/// What the list says of the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Comparison {
    /// Nobody has written since it was taken: every file was compared.
    Whole(Vec<Difference>),
    /// A writer began and has not come to its end: only segments were compared.
    Open(Vec<Difference>),
    /// There is no list: no writer has ever come to its end.
    Missing,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Sum {
    bytes: u64,
    blocks: Vec<u32>,
}

type Sums = BTreeMap<String, Sum>;

/// Marks the list as out of date, lastingly, before anything is written.
pub(super) fn begin(dir: &Path) -> io::Result<()> {
    match fs::rename(dir.join(FILE), dir.join(OPEN)) {
        Ok(()) => sync(dir),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(cause) => Err(cause),
    }
}

/// Takes the list anew. The archive must be at rest, with nothing left in its log.
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
pub fn compare(dir: &Path) -> io::Result<Comparison> {
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
            // A writer that was cut short may have merged the segment away.
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

/// The files that are listed: archive, headings, and all of the index. The lock file names who is at work, and is empty at
/// rest.
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

/// How a file differs from what it was.
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

/// Makes renames lasting.
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
        for name in all {
            let path = dir.path().join(&name);
            let whole = fs::read(&path).unwrap();
            for at in (0..whole.len()).step_by(1 + whole.len() / 97) {
                let mut bytes = whole.clone();
                bytes[at] ^= 1 << (at % 8);
                fs::write(&path, &bytes).unwrap();
                assert_eq!(files(compare(dir.path()).unwrap()), [name.as_str()], "byte {at}");
            }
            fs::write(&path, &whole).unwrap();
        }
        assert_eq!(compare(dir.path()).unwrap(), Comparison::Whole(Vec::new()));
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
