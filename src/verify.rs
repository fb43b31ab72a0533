//! Finds what is wrong with an index directory, and what mends it.
//!
//! Four things are checked, from the bytes up: the checksums of all files ([`crate::directory::checksums`]); the
//! archive alone (SQLite's integrity check, the SHA-256 of every version, tables that must agree); the index alone
//! (tantivy's checksums); and index against archive: every article is indexed once, in its newest version, under its
//! group.
//!
//! ```
//! use std::time::Duration;
//!
//! use despatch::authority::Authority;
//! use despatch::directory;
//! use despatch::ingest::{self, Ingest};
//! use despatch::verify::{self, Fault, Mend};
//!
//! # let home = tempfile::tempdir()?;
//! # let (articles, index) = (home.path().join("articles"), home.path().join("index"));
//! # std::fs::create_dir(&articles)?;
//! # std::fs::write(articles.join("ferry.md"), "# Alda buys a ferry\n\nIt sails in May.")?;
//! let now = "2026-03-01".parse()?;
//! ingest::run(&Ingest::new(&index, [articles], now), Authority::bundled(), &mut |_| {})?;
//! assert!(verify::verify(&index, Some(Authority::bundled()), Duration::ZERO)?.faults.is_empty());
//!
//! std::fs::remove_dir_all(index.join("tantivy"))?;
//! let faults: Vec<Fault> = verify::verify(&index, Some(Authority::bundled()), Duration::ZERO)?.faults;
//! assert_eq!(faults[0].mend, Mend::Rebuild, "the index is made again from the archive");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#[cfg(feature = "cluster")]
mod cluster;

use std::path::Path;
use std::time::Duration;

use crate::archive::{self, Archive, ArchiveError, Checked, Newest, VersionSeq};
use crate::authority::Authority;
use crate::directory::checksums::{self, Comparison, Difference};
use crate::directory::{self, DirectoryError, WriteLock, headings};
use crate::fence::fenced;
use crate::index::{self, FOLDER, Index, IndexError, fingerprint};
use crate::ingest::IngestError;
use crate::number::{inflected, number_of};
#[cfg(feature = "cluster")]
pub use cluster::verify_cluster;

/// Articles named in messages where archive and index disagree, at most.
const NAMED: usize = 5;

/// What mends a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mend {
    /// Rebuilding the index from its archive.
    Rebuild,
    /// Restoring an earlier copy of the archive, or reading the inputs into a fresh directory.
    Restore,
    /// Rebuilding with the file of headings given again.
    Headings,
    /// Making the index on a cluster anew.
    #[cfg(feature = "cluster")]
    Feed,
    /// Using the version of the program that wrote the directory, or a newer one.
    OtherVersion,
}

impl Mend {
    /// Advice to the user, with the command to run.
    pub(crate) fn advice(self) -> &'static str {
        match self {
            Self::Rebuild => "run `despatch rebuild`: it makes the index anew, and needs only the archive",
            Self::Restore => {
                "put back a copy of archive.db that was made earlier and run `despatch rebuild`; without one, \
                 run `despatch index --index NEW PATH...` over the documents that it was made from"
            }
            Self::Headings => "run `despatch rebuild --authority FILE` with your file of headings",
            #[cfg(feature = "cluster")]
            Self::Feed => "run `despatch rebuild --all` with the same --backend: it makes the index there anew",
            Self::OtherVersion => "use the version of despatch that wrote it, or one that is newer",
        }
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file at fault, within the index directory.
    pub file: String,
    /// What is wrong with it.
    pub what: String,
    /// What mends it.
    pub mend: Mend,
}

/// What was checked and found.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// What is wrong.
    pub faults: Vec<Fault>,
    /// What could not be checked, or is worth knowing.
    pub notes: Vec<String>,
    /// How many versions of the archive were checked.
    pub versions: Checked,
    /// Articles that the index holds.
    pub indexed: u64,
    /// Segments of the index.
    pub segments: u64,
    /// Articles that a cluster holds, where it was compared too.
    pub on_cluster: Option<u64>,
}

impl Report {
    /// Adds a fault.
    pub fn fault(&mut self, file: impl Into<String>, what: impl Into<String>, mend: Mend) {
        let fault = Fault { file: file.into(), what: what.into(), mend };
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }
}

/// Checks an index directory. Whether the index was made with `authority` is checked only where that is given.
///
/// Keeps writers away during the check. Waits at most `wait` for one that is at work; where it does not end, only what
/// does not change is checked. A directory that cannot be written is checked without the lock.
///
/// # Errors
///
/// Fails only where there is nothing to check.
pub fn verify(dir: &Path, authority: Option<&Authority>, wait: Duration) -> Result<Report, IngestError> {
    if !directory::is_one(dir) {
        return Err(ArchiveError::Missing(dir.to_owned()).into());
    }
    let mut report = Report::default();
    let at_rest = match WriteLock::hold(dir, wait) {
        Ok(lock) => Ok(Some(lock)),
        Err(error @ DirectoryError::Locked { .. }) => Err(error),
        Err(_) => Ok(None), // cannot be written, so nobody writes
    };
    if let Err(error) = &at_rest {
        report.notes.push(format!("{error}: only what does not change was checked"));
    }
    let still = at_rest.is_ok();
    compare(dir, still, &mut report);
    let archived = check_archive(dir, still, &mut report);
    let (own, indexed) = check_index_steadily(dir, authority, still);
    for Fault { file, what, mend } in own.faults {
        report.fault(file, what, mend);
    }
    report.notes.extend(own.notes);
    report.segments = own.segments;
    if let (Some(indexed), Some((last, articles)), true) = (indexed, &archived, still) {
        report.indexed = indexed.1.len() as u64;
        agree(*last, articles, indexed, &mut report, HERE);
    }
    Ok(report)
}

/// What mends a file that is not as it was written.
fn mend(file: &str) -> Mend {
    match file {
        headings::TEXT => Mend::Headings,
        _ if file.starts_with(archive::FILE) => Mend::Restore,
        _ => Mend::Rebuild,
    }
}

fn compare(dir: &Path, still: bool, report: &mut Report) {
    let found = match checksums::compare(dir) {
        Ok(Comparison::Whole(found)) => found,
        Ok(Comparison::Open(found)) => {
            if still {
                report.notes.push(
                    "the last run did not come to its end: archive.db has no checksum of its bytes until the next \
                     `despatch index` or `despatch rebuild`"
                        .to_owned(),
                );
            }
            found
        }
        Ok(Comparison::Missing) => {
            report.notes.push(
                "no checksums of the files were recorded: `despatch rebuild` or the next `despatch index` does that"
                    .to_owned(),
            );
            return;
        }
        Err(cause) => {
            report.notes.push(format!("{}: {cause}", dir.display()));
            return;
        }
    };
    let gone = !dir.join(FOLDER).exists(); // reported once, for all its files
    for Difference { file, what } in found.into_iter().filter(|one| !(gone && one.file.starts_with(FOLDER))) {
        let mend = mend(&file);
        report.fault(file, what, mend);
    }
}

/// Checks the archive. Returns its last sequence number and its articles, if they can be read.
fn check_archive(dir: &Path, still: bool, report: &mut Report) -> Option<(VersionSeq, Vec<Newest>)> {
    let mut archive = match Archive::open(dir) {
        Ok(archive) => archive,
        Err(error) => {
            let (what, mend) = match &error {
                ArchiveError::Missing(_) => ("is missing".to_owned(), Mend::Restore),
                ArchiveError::Foreign { what, .. } if what.starts_with("archive format") => {
                    (what.clone(), Mend::OtherVersion)
                }
                ArchiveError::Foreign { what, .. } => (what.clone(), Mend::Restore),
                other => (other.to_string(), Mend::Restore),
            };
            report.fault(archive::FILE, what, mend);
            return None;
        }
    };
    if archive.purges().unwrap_or(false) {
        report.notes.push("a purge did not come to its end: `despatch purge --yes` ends it".to_owned());
    }
    let mut faults = Vec::new();
    match archive.verify(&mut |what| faults.push(what)) {
        Ok(checked) => report.versions = checked,
        Err(error) => faults.push(error.to_string()),
    }
    if !still {
        faults.retain(|what| what.starts_with("version ")); // the tables change between two looks
    }
    for what in faults {
        report.fault(archive::FILE, what, Mend::Restore);
    }
    let last = archive.last_seq().ok()?;
    Some((last, archive.newest().ok()?))
}

/// Checks the index; checks again where a writer has meanwhile replaced the state in which faults were found.
fn check_index_steadily(
    dir: &Path,
    authority: Option<&Authority>,
    still: bool,
) -> (Report, Option<(VersionSeq, Vec<Newest>)>) {
    // Tantivy trusts what it reads, so damage may make it panic.
    let check = || {
        let mut report = Report::default();
        match fenced(|| check_index(dir, authority, &mut report)) {
            Some(indexed) => (report, indexed),
            None => {
                report.fault(FOLDER, "cannot be read: tantivy gave up on it", Mend::Rebuild);
                (report, None)
            }
        }
    };
    index::steadily(dir, check, |(report, _)| still || report.faults.is_empty())
}

/// What is said of an index that was made by other rules.
const OTHER_RULES: &str = "was made by another version or another authority file";

/// Checks the index. Returns the last sequence number that it covers, and its articles.
fn check_index(dir: &Path, authority: Option<&Authority>, report: &mut Report) -> Option<(VersionSeq, Vec<Newest>)> {
    let index = match Index::open(dir) {
        Ok(index) => index,
        Err(IndexError::Missing(_)) if !dir.join(checksums::FILE).exists() => {
            let what =
                "there is no index yet, or a rebuild was cut short: the next search or `despatch index` makes it";
            report.notes.push(what.to_owned());
            return None;
        }
        Err(IndexError::Missing(_)) => {
            report.fault(FOLDER, "is missing", Mend::Rebuild);
            return None;
        }
        Err(IndexError::Outdated(_)) => {
            report.fault(FOLDER, OTHER_RULES, Mend::Rebuild);
            return None;
        }
        Err(error) => {
            report.fault(format!("{FOLDER}/meta.json"), error.to_string(), Mend::Rebuild);
            return None;
        }
    };
    let mut fault = |file: String, what: String| report.fault(file, what, Mend::Rebuild);
    match index.damaged_files() {
        Ok(files) => {
            let damaged = !files.is_empty();
            files.iter().for_each(|file| {
                fault(
                    format!("{FOLDER}/{}", file.display()),
                    "has another checksum than it was written with".to_owned(),
                );
            });
            if damaged {
                return None;
            }
        }
        Err(error) => {
            fault(FOLDER.to_owned(), error.to_string());
            return None;
        }
    }
    let state = match index.state() {
        Ok(Some(state)) => state,
        Ok(None) => index::State { seq: VersionSeq::NONE, fingerprint: String::new() },
        Err(error) => {
            fault(format!("{FOLDER}/meta.json"), error.to_string());
            return None;
        }
    };
    if authority.is_some_and(|authority| !state.fingerprint.is_empty() && state.fingerprint != fingerprint(authority)) {
        fault(FOLDER.to_owned(), OTHER_RULES.to_owned());
    }
    match (index.articles(), index.segments()) {
        (Ok(articles), Ok(segments)) => {
            report.segments = segments as u64;
            Some((state.seq, articles))
        }
        (Err(error), _) | (_, Err(error)) => {
            fault(FOLDER.to_owned(), error.to_string());
            None
        }
    }
}

/// An index that is compared with the archive, as faults name it, and what mends it.
#[derive(Clone, Copy)]
struct Place<'a> {
    name: &'a str,
    mend: Mend,
}

/// The index on this machine.
const HERE: Place<'_> = Place { name: FOLDER, mend: Mend::Rebuild };

/// Compares what the index holds with what it must hold.
fn agree(
    last: VersionSeq,
    archived: &[Newest],
    (seq, indexed): (VersionSeq, Vec<Newest>),
    report: &mut Report,
    Place { name, mend }: Place<'_>,
) {
    if seq < last {
        let way = match mend {
            #[cfg(feature = "cluster")]
            Mend::Feed => "`despatch rebuild` with the same --backend",
            _ => "the next search or `despatch index`",
        };
        report.notes.push(format!("the index goes to version {seq} of {last}: {way} brings it up to the archive"));
        return;
    }
    if seq > last {
        let what = format!("goes to version {seq}, but the archive only to {last}: they do not belong together");
        report.fault(name, what, mend);
    }
    let (mut missing, mut wrong) = (Vec::new(), Vec::new());
    let mut held = indexed.iter().copied().peekable();
    for want in archived {
        while let Some(have) = held.next_if(|have| have.num < want.num) {
            wrong.push(format!("article number {} is not in the archive, or indexed twice", have.num));
        }
        match held.next_if(|have| have.num == want.num) {
            Some(have) if have == *want => {}
            Some(have) if have.seq != want.seq => {
                wrong.push(format!("article number {} has version {}, not {}", want.num, have.seq, want.seq));
            }
            Some(have) => {
                wrong.push(format!("article number {} is in group {}, not {}", want.num, have.group, want.group));
            }
            None => missing.push(want.num.to_string()),
        }
    }
    wrong.extend(held.map(|have| format!("article number {} is not in the archive, or indexed twice", have.num)));
    if !missing.is_empty() {
        let count = missing.len() as u64;
        let first = missing[..missing.len().min(NAMED)].join(", ");
        report.fault(
            name,
            format!("lacks {} of the archive ({} {first})", number_of(count, "article"), inflected(count, "number")),
            mend,
        );
    }
    let more = wrong.len().saturating_sub(NAMED);
    for what in wrong.into_iter().take(NAMED) {
        report.fault(name, what, mend);
    }
    if more > 0 {
        let verb = if more == 1 { "is" } else { "are" };
        let more = number_of(more as u64, "more article");
        report.fault(name, format!("{more} {verb} not as in the archive"), mend);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;
    use crate::archive::{ArticleNum, GroupNum};
    use crate::ingest::{Ingest, run};

    fn newest((num, seq, group): (u64, u64, u64)) -> Newest {
        Newest { num: ArticleNum(num), seq: VersionSeq(seq), group: GroupNum(group) }
    }

    /// Faults, notes and number of indexed articles, for an archive that ends with version 4 and has articles 1 to 3,
    /// the last two of them copies of one story.
    fn told(seq: u64, indexed: &[(u64, u64, u64)]) -> (Vec<String>, Vec<String>, u64) {
        let archived = [(1, 4, 1), (2, 2, 2), (3, 3, 2)].map(newest);
        let mut report = Report::default();
        let indexed: Vec<Newest> = indexed.iter().copied().map(newest).collect();
        report.indexed = indexed.len() as u64;
        agree(VersionSeq(4), &archived, (VersionSeq(seq), indexed), &mut report, HERE);
        assert!(report.faults.iter().all(|fault| fault.file == FOLDER && fault.mend == Mend::Rebuild));
        (report.faults.into_iter().map(|fault| fault.what).collect(), report.notes, report.indexed)
    }

    #[test]
    fn an_index_that_does_not_hold_what_the_archive_does_is_told() {
        let (one, two, three) = ((1, 4, 1), (2, 2, 2), (3, 3, 2));
        assert_eq!(told(4, &[one, two, three]), (Vec::new(), Vec::new(), 3));
        let stray = |num| format!("article number {num} is not in the archive, or indexed twice");
        let cases = [
            (vec![one, three], vec!["lacks 1 article of the archive (number 2)".to_owned()]),
            (vec![], vec!["lacks 3 articles of the archive (numbers 1, 2, 3)".to_owned()]),
            (vec![(1, 1, 1), two, three], vec!["article number 1 has version 1, not 4".to_owned()]),
            (vec![one, two, (3, 3, 3)], vec!["article number 3 is in group 3, not 2".to_owned()]),
            (vec![one, two, two, three], vec![stray(2)]),
            (vec![one, two, three, three], vec![stray(3)]),
            (vec![(0, 1, 0), one, two, three, (7, 3, 7)], vec![stray(0), stray(7)]),
        ];
        for (indexed, faults) in cases {
            let held = indexed.len() as u64;
            assert_eq!(told(4, &indexed), (faults, Vec::new(), held), "{indexed:?}");
        }
        // Only the first few are named; the rest are counted.
        let five = [one, two, three, (4, 1, 4), (5, 1, 5), (6, 1, 6), (7, 1, 7), (8, 1, 8)];
        assert_eq!(told(4, &five).0, [4, 5, 6, 7, 8].map(stray));
        let six = [&five[..], &[(9, 1, 9)]].concat();
        let faults = told(4, &six).0;
        assert_eq!((faults.len(), faults[5].as_str()), (6, "1 more article is not as in the archive"));
        let archived: Vec<Newest> = (1..=7).map(|num| newest((num, num, num))).collect();
        let mut report = Report::default();
        agree(VersionSeq(7), &archived, (VersionSeq(7), Vec::new()), &mut report, HERE);
        assert_eq!(report.faults[0].what, "lacks 7 articles of the archive (numbers 1, 2, 3, 4, 5)");
    }

    #[test]
    fn an_index_behind_the_archive_is_no_fault_and_one_ahead_of_it_is() {
        let (faults, notes, _) = told(3, &[]);
        assert_eq!((faults.len(), notes.len()), (0, 1));
        assert!(notes[0].contains("goes to version 3 of 4"), "{notes:?}");
        let (faults, notes, _) = told(5, &[(1, 4, 1), (2, 2, 2), (3, 3, 2)]);
        let ahead = "goes to version 5, but the archive only to 4: they do not belong together";
        assert_eq!((faults, notes.len()), (vec![ahead.to_owned()], 0));
    }

    #[test]
    fn each_file_has_what_mends_it() {
        for (file, what) in [
            ("archive.db", Mend::Restore),
            ("archive.db-wal", Mend::Restore),
            ("authority.toml", Mend::Headings),
            ("authority-0123.bin", Mend::Rebuild),
            ("tantivy/meta.json", Mend::Rebuild),
            ("checksums", Mend::Rebuild),
        ] {
            assert_eq!(mend(file), what, "{file}");
        }
        let advice = [Mend::Rebuild, Mend::Restore, Mend::Headings, Mend::OtherVersion].map(Mend::advice);
        let words = [
            "`despatch rebuild`: it makes",
            "put back a copy of archive.db",
            "--authority FILE",
            "version of despatch",
        ];
        for (advice, word) in advice.iter().zip(words) {
            assert!(advice.contains(word), "{advice}");
        }
    }

    #[test]
    fn what_cannot_be_checked_is_said_and_is_no_fault() {
        let home = tempfile::tempdir().unwrap();
        let (dir, note) = (home.path().join("index"), home.path().join("note.txt"));
        let missing = verify(&dir, None, Duration::ZERO);
        assert!(matches!(missing, Err(IngestError::Archive(ArchiveError::Missing(_)))), "{missing:?}");
        std::fs::write(&note, "A note on the frigates of Aldovia, long enough to be kept.\n").unwrap();
        let job = Ingest {
            dir: dir.clone(),
            inputs: vec![note],
            now: "2026-03-01".parse().unwrap(),
            source: crate::source::Options::default(),
            wait: Duration::ZERO,
            readmit: false,
            limits: crate::extract::Limits::default(),
            goes_on: false,
            local: true,
        };
        run(&job, Authority::bundled(), &mut |_| {}).unwrap();
        let check = |authority: Option<&Authority>| {
            let report = verify(&dir, authority, Duration::ZERO).unwrap();
            let faults = report.faults.iter().map(|fault| format!("{}: {} {:?}", fault.file, fault.what, fault.mend));
            let counted = (report.versions.versions, report.indexed, report.segments);
            (faults.collect::<Vec<_>>(), report.notes.join("; "), counted)
        };
        assert_eq!(check(Some(Authority::bundled())), (Vec::new(), String::new(), (1, 1, 1)));
        let own = "[[actor]]\nid = \"state/aldovia\"\nheading = \"Aldovia\"\n";
        let own = Authority::bundled().with_files(&[("own.toml".into(), own.into())]).unwrap();
        let other = format!("{FOLDER}: was made by another version or another authority file Rebuild");
        assert_eq!(check(Some(&own)).0, [other]);
        assert_eq!(check(None).0, Vec::<String>::new());

        let lock = WriteLock::take(&dir, Duration::ZERO).unwrap();
        let (faults, notes, (versions, indexed, _)) = check(None);
        assert_eq!((faults, versions, indexed), (Vec::new(), 1, 0));
        assert!(
            notes.contains("only what does not change was checked") && !notes.contains("come to its end"),
            "{notes}"
        );
        drop(lock); // it did not seal
        let (faults, notes, counted) = check(None);
        assert_eq!((faults, counted), (Vec::new(), (1, 1, 1)));
        assert!(notes.starts_with("the last run did not come to its end"), "{notes}");
        std::fs::remove_file(dir.join(checksums::OPEN)).unwrap();
        assert!(check(None).1.starts_with("no checksums of the files were recorded"));

        let mut archive = Archive::create(&dir).unwrap();
        let mut batch = archive.batch().unwrap();
        assert!(batch.remove(ArticleNum(1), true, &mut Vec::new()).unwrap());
        batch.commit().unwrap();
        let (faults, notes, _) = check(None);
        assert_eq!(faults, Vec::<String>::new());
        assert!(
            notes.contains("a purge did not come to its end") && notes.contains("goes to version 1 of 2"),
            "{notes}"
        );
        drop(archive);
        WriteLock::take(&dir, Duration::ZERO).unwrap().seal().unwrap();
        std::fs::remove_dir_all(dir.join(FOLDER)).unwrap();
        assert_eq!(check(None).0, [format!("{FOLDER}: is missing Rebuild")], "told once, not for each of its files");
    }

    #[test]
    fn beside_a_writer_that_replaces_the_index_there_is_no_fault() {
        let home = tempfile::tempdir().unwrap();
        let (dir, beside, note) = (home.path().join("index"), home.path().join("beside"), home.path().join("note.txt"));
        std::fs::write(&note, "A note on the frigates of Aldovia, long enough to be kept.\n").unwrap();
        let job = Ingest {
            dir: dir.clone(),
            inputs: vec![note],
            now: "2026-03-01".parse().unwrap(),
            source: crate::source::Options::default(),
            wait: Duration::ZERO,
            readmit: false,
            limits: crate::extract::Limits::default(),
            goes_on: false,
            local: true,
        };
        run(&job, Authority::bundled(), &mut |_| {}).unwrap();
        let files: Vec<_> = std::fs::read_dir(dir.join(FOLDER)).unwrap().map(|entry| entry.unwrap()).collect();
        let files: Vec<_> = files.iter().map(|file| (file.file_name(), std::fs::read(file.path()).unwrap())).collect();
        let _lock = WriteLock::take(&dir, Duration::ZERO).unwrap();
        let done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let checker = scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    let report = verify(&dir, None, Duration::ZERO).unwrap();
                    assert!(report.faults.is_empty(), "{:?}", report.faults);
                }
            });
            for _ in 0..300 {
                std::fs::create_dir_all(beside.join(FOLDER)).unwrap();
                files.iter().for_each(|(name, bytes)| {
                    std::fs::write(beside.join(FOLDER).join(name), bytes).unwrap();
                });
                Index::replace(&dir, &beside).unwrap();
            }
            done.store(true, Ordering::Relaxed);
            checker.join().unwrap();
        });
    }
}
