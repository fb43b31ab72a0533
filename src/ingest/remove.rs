//! Removing and purging articles. A purge leaves no trace of them in the index directory, and proves that by a search.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::time::Duration;

use aho_corasick::{AhoCorasick, MatchKind};

use super::{IngestError, catch_up, remake, writable};
use crate::archive::{self, Archive, ArticleNum, Traces};
use crate::authority::Authority;
use crate::directory::{self, Role, SETTLE};
use crate::index::{FOLDER, Index, fingerprint};

/// Bytes of a word that is searched for, at least: shorter words stand in any file by chance.
const WORD: usize = 6;
/// Bytes of a piece of text or of packed text that is searched for.
const PIECE: usize = 24;
/// Bytes of a file that are read and searched at a time.
const BLOCK: u64 = 1 << 20;
/// Words and pieces searched for, at most.
const SOUGHT: usize = 100_000;

/// What a purge did and proved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proof {
    /// Articles removed.
    pub articles: u64,
    /// How many of their words, pieces of text and pieces of packed text were searched for: those that nothing else in
    /// the archive contains.
    pub sought: usize,
    /// Files that were searched.
    pub files: usize,
    /// Bytes of these files.
    pub bytes: u64,
    /// Articles that could not be searched for, because every word and piece of theirs also stands in remaining
    /// articles.
    pub indistinct: u64,
}

/// Removes articles from archive and index; returns how many there were.
///
/// # Errors
///
/// Fails where another process writes, or the disk fails.
pub fn remove(dir: &Path, authority: &Authority, nums: &[ArticleNum], wait: Duration) -> Result<u64, IngestError> {
    directory::write_existing(dir, wait, |mut archive| {
        let removed = take_out(&mut archive, nums, false)?;
        follow(dir, &mut archive, authority)?;
        Ok(removed)
    })
}

/// Destroys articles: their rows, versions and places; the dictionaries that hold parts of them; deleted bytes that
/// were not yet overwritten; the segments of the index in which they are only marked as deleted. Where `nums` is empty,
/// it does the same for the articles that were removed before.
///
/// # Errors
///
/// [`IngestError::Remains`] where a trace is still found; otherwise as [`remove`]. The next purge finishes one that was
/// cut short.
///
/// ```
/// use std::time::Duration;
///
/// use despatch::archive::{Archive, ArticleNum};
/// use despatch::authority::Authority;
/// use despatch::ingest::{self, Ingest, Proof};
///
/// # let home = tempfile::tempdir()?;
/// # let (articles, index) = (home.path().join("articles"), home.path().join("index"));
/// # std::fs::create_dir(&articles)?;
/// # std::fs::write(articles.join("ferry.md"), "# Alda buys a ferry\n\nIt sails to Quillmark in May.")?;
/// ingest::run(&Ingest::new(&index, [articles], "2026-03-01".parse()?), Authority::bundled(), &mut |_| {})?;
/// let proof: Proof = ingest::purge(&index, Authority::bundled(), &[ArticleNum(1)], Duration::ZERO)?;
/// assert_eq!((proof.articles, proof.indistinct), (1, 0));
/// assert_eq!(Archive::open(&index)?.counts()?.articles, 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn purge(dir: &Path, authority: &Authority, nums: &[ArticleNum], wait: Duration) -> Result<Proof, IngestError> {
    directory::write_existing(dir, wait, |archive| purge_from(dir, archive, authority, nums))
}

fn purge_from(
    dir: &Path,
    mut archive: Archive,
    authority: &Authority,
    nums: &[ArticleNum],
) -> Result<Proof, IngestError> {
    let traces = nums.iter().map(|num| archive.traces(*num)).collect::<Result<Vec<_>, _>>()?;
    let unfinished = archive.purges()?;
    let articles = take_out(&mut archive, nums, true)?;
    let mut marks = Marks::new(&traces, &mut archive)?;
    let known = archive.any_dictionary(&|data| marks.found_in(data).is_some())?;
    archive.scrub(known || unfinished || nums.is_empty())?;
    // A mark that also occurs in packed bytes of remaining articles proves nothing, so it is dropped.
    let mut others = marks.others();
    archive.each_packed(&mut |packed| others.read(packed))?;
    marks.leave_out(others)?;
    follow(dir, &mut archive, authority)?;
    Index::open(dir)?.drop_deleted()?;
    archive.purged()?;
    drop(archive);
    settle(dir)?;
    let (files, bytes) = match marks.prove_absent(dir, nums) {
        // Merged segments keep column values that no article has any more; a rebuilt index has none.
        Err(IngestError::Remains { file, .. }) if Path::new(&file).starts_with(FOLDER) => {
            remake(dir, &mut Archive::create(dir)?, authority, &mut |_| {})?;
            settle(dir)?;
            // It is made from the remaining articles and the names that go with them, so marks found in it are dropped.
            let mut others = marks.others();
            each_block(dir, marks.longest(), |name, block| {
                if name.starts_with(FOLDER) {
                    others.read(block);
                }
                Ok(())
            })?;
            marks.leave_out(others)?;
            marks.prove_absent(dir, nums)?
        }
        found => found?,
    };
    Ok(Proof { articles, sought: marks.sought.len(), files, bytes, indistinct: marks.indistinct() })
}

/// Moves the archive's log into its file. Fails while another process reads the archive.
fn settle(dir: &Path) -> Result<(), IngestError> {
    if Archive::settle(dir, SETTLE)? {
        return Ok(());
    }
    let (file, what) = (archive::log(), "another process reads the archive: purge again".to_owned());
    Err(IngestError::Remains { file, what })
}

fn take_out(archive: &mut Archive, nums: &[ArticleNum], purge: bool) -> Result<u64, IngestError> {
    let mut batch = archive.batch()?;
    let (mut removed, mut moved) = (0, Vec::new());
    for num in nums {
        removed += u64::from(batch.remove(*num, purge, &mut moved)?);
    }
    batch.commit()?;
    archive.write_keys(true)?;
    Ok(removed)
}

/// Brings the index up to the archive, or rebuilds it where it was made by other rules.
fn follow(dir: &Path, archive: &mut Archive, authority: &Authority) -> Result<(), IngestError> {
    if let Some(index) = writable(dir)?
        && index.state()?.is_none_or(|state| state.fingerprint == fingerprint(authority))
    {
        catch_up(archive, &index, authority, &mut |_| {})?;
        return Ok(());
    }
    remake(dir, archive, authority, &mut |_| {})?;
    Ok(())
}

/// Marks: byte strings that would betray purged articles, namely their words, pieces of their text and of their packed
/// text.
struct Marks {
    /// The marks of each article.
    own: Vec<BTreeSet<Vec<u8>>>,
    /// The marks that nothing else contains.
    sought: Vec<Vec<u8>>,
    finder: AhoCorasick,
}

impl Marks {
    fn new(traces: &[Traces], archive: &mut Archive) -> Result<Self, IngestError> {
        let own: Vec<BTreeSet<Vec<u8>>> = traces.iter().map(of).collect();
        let all: BTreeSet<&Vec<u8>> = own.iter().flatten().collect();
        let all: Vec<Vec<u8>> = all.into_iter().take(SOUGHT).cloned().collect();
        // The index may hold a word of remaining articles in any case, so case is ignored.
        let small: Vec<Vec<u8>> = all.iter().map(|mark| lower(mark)).collect();
        let mut others = Others::new(finder(&small)?, all.len());
        archive.each_text(&mut |text| others.read(&lower(text)))?;
        let sought = others.leave(all);
        let finder = finder(&sought)?;
        Ok(Self { own, sought, finder })
    }

    /// Starts a record of the marks that the remaining data contains, too.
    fn others(&self) -> Others {
        Others::new(self.finder.clone(), self.sought.len())
    }

    /// Drops every mark that the remaining data contains.
    fn leave_out(&mut self, others: Others) -> Result<(), IngestError> {
        self.sought = others.leave(std::mem::take(&mut self.sought));
        self.finder = finder(&self.sought)?;
        Ok(())
    }

    /// Bytes of the longest mark.
    fn longest(&self) -> usize {
        self.sought.iter().map(Vec::len).max().unwrap_or(0)
    }

    /// Articles without any mark that can be searched for.
    fn indistinct(&self) -> u64 {
        self.own.iter().filter(|own| !self.sought.iter().any(|mark| own.contains(mark))).count() as u64
    }

    /// The first mark that `bytes` contains.
    fn found_in(&self, bytes: &[u8]) -> Option<&[u8]> {
        self.finder.find(bytes).map(|found| self.sought[found.pattern().as_usize()].as_slice())
    }

    /// Searches every file of the directory for the marks. Searches the index for the articles; for words that its
    /// dictionaries hold and no article has; and for files that it no longer uses, because a text can be reassembled
    /// from postings. Returns how many files and bytes were read.
    ///
    /// Packed texts need not be unpacked: all of them were read when the marks were chosen, and what they contain is no
    /// mark.
    fn prove_absent(&self, dir: &Path, nums: &[ArticleNum]) -> Result<(usize, u64), IngestError> {
        let read = each_block(dir, self.longest(), |name, block| match self.found_in(block) {
            Some(mark) => Err(IngestError::Remains { file: name.to_owned(), what: shown(mark) }),
            None => Ok(()),
        })?;
        let words = self.sought.iter().filter_map(|mark| std::str::from_utf8(mark).ok());
        let words = words.filter(|word| word.chars().all(char::is_alphanumeric));
        let index = Index::open(dir)?;
        if let Some(what) = index.first_left(nums, words)? {
            return Err(IngestError::Remains { file: FOLDER.to_owned(), what });
        }
        if let Some(file) = index.first_stray(dir)? {
            return Err(IngestError::Remains { file, what: "a part of the index that it no longer uses".to_owned() });
        }
        Ok(read)
    }
}

/// A record of the marks that the remaining data contains, too.
struct Others {
    finder: AhoCorasick,
    held: Vec<bool>,
}

impl Others {
    fn new(finder: AhoCorasick, marks: usize) -> Self {
        Self { finder, held: vec![false; marks] }
    }

    fn read(&mut self, bytes: &[u8]) {
        self.finder.find_overlapping_iter(bytes).for_each(|found| self.held[found.pattern().as_usize()] = true);
    }

    /// The marks that were not found.
    fn leave(self, marks: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
        marks.into_iter().zip(self.held).filter(|(_, held)| !held).map(|(mark, _)| mark).collect()
    }
}

/// Reads every file of an index directory in blocks, each preceded by the last `longest` bytes of the one before, so
/// that no mark is cut. Returns how many files and bytes were read.
fn each_block(
    dir: &Path,
    longest: usize,
    mut each: impl FnMut(&str, &[u8]) -> Result<(), IngestError>,
) -> Result<(usize, u64), IngestError> {
    let (mut files, mut bytes) = (0, 0);
    for (name, path) in directory::files(dir).map_err(|cause| IngestError::folder(dir, cause))? {
        // The user's headings and saved searches are no article text, the list of checksums holds names of files, and the
        // lock file names the command line of this very process.
        if matches!(Role::of(&name), Role::Headings | Role::Saved | Role::Checksums | Role::Lock) {
            continue;
        }
        let fail = |cause| IngestError::folder(&path, cause);
        let mut file = match File::open(&path) {
            Ok(file) => file,
            // A reader that ends may delete the memory file of SQLite's log.
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => continue,
            Err(cause) => return Err(fail(cause)),
        };
        let mut block = Vec::new();
        loop {
            block.drain(..block.len().saturating_sub(longest));
            let read = (&mut file).take(BLOCK).read_to_end(&mut block).map_err(fail)?;
            if read == 0 {
                break;
            }
            bytes += read as u64;
            each(&name, &block)?;
        }
        files += 1;
    }
    Ok((files, bytes))
}

/// The marks of an article: its words as written and in lower case, pieces of its text, pieces of its packed text.
fn of(traces: &Traces) -> BTreeSet<Vec<u8>> {
    let mut marks = BTreeSet::new();
    for text in &traces.texts {
        let text = String::from_utf8_lossy(text);
        for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() >= WORD) {
            marks.insert(word.as_bytes().to_vec());
            marks.insert(word.to_lowercase().into_bytes());
        }
        marks.extend(text.as_bytes().chunks_exact(PIECE).map(<[u8]>::to_vec));
    }
    for packed in &traces.packed {
        marks.extend(packed.get(PIECE..).unwrap_or_default().chunks_exact(PIECE).map(<[u8]>::to_vec));
    }
    marks
}

fn finder(marks: &[Vec<u8>]) -> Result<AhoCorasick, IngestError> {
    let built = AhoCorasick::builder().match_kind(MatchKind::Standard).build(marks);
    built.map_err(|cause| IngestError::Remains { file: String::new(), what: cause.to_string() })
}

fn lower(text: &[u8]) -> Vec<u8> {
    String::from_utf8_lossy(text).to_lowercase().into_bytes()
}

/// A mark for a message.
fn shown(mark: &[u8]) -> String {
    std::str::from_utf8(mark).map_or_else(|_| "a piece of packed text".to_owned(), |text| format!("'{text}'"))
}
