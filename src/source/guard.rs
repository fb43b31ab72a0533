//! Limits on what a file may expand to, enforced while it is read.
//!
//! A decompression bomb is recognised by its ratio: [`Budget`] counts the bytes read of the file itself, and every
//! [`Guard`] over an expanded stream compares the bytes that it has given with that count.

use std::cell::Cell;
use std::error::Error;
use std::fmt;
use std::io::{self, BufRead, Read, Seek, SeekFrom};
use std::rc::Rc;

use super::{Limit, Options};

/// Expanded bytes up to which the ratio is not checked: a small file may compress very well.
const RATIO_FROM: u64 = 64 << 20;
/// Bytes at the start of a stream by which its kind is recognised, at most.
pub(super) const HEAD: usize = 16 << 10;

/// The bytes read of one file, and the limit that was exceeded last. Clones share both, so that all layers of a file's
/// expansion have one budget.
#[derive(Clone, Default)]
pub(super) struct Budget {
    read: Rc<Cell<u64>>,
    exceeded: Rc<Cell<Option<Limit>>>,
}

impl Budget {
    /// Takes the limit that made the last read fail; a second call gives `None`.
    pub(super) fn exceeded(&self) -> Option<Limit> {
        self.exceeded.take()
    }
}

/// Counts what is read of a file.
pub(super) struct Counted<R> {
    inner: R,
    budget: Budget,
}

impl<R> Counted<R> {
    pub(super) fn new(inner: R, budget: &Budget) -> Self {
        Self { inner, budget: budget.clone() }
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.budget.read.set(self.budget.read.get().saturating_add(read as u64));
        Ok(read)
    }
}

impl<R: Seek> Seek for Counted<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

/// A stream that fails once it expands beyond its limits. After an error every further read fails too.
pub(super) struct Guard<R> {
    inner: R,
    budget: Budget,
    given: u64,
    member_bytes: u64,
    ratio: u64,
    over: Option<Limit>,
    failed: bool,
}

impl<R> Guard<R> {
    pub(super) fn new(inner: R, budget: &Budget, options: &Options) -> Self {
        Self {
            inner,
            budget: budget.clone(),
            given: 0,
            member_bytes: options.member_bytes,
            ratio: options.ratio,
            over: None,
            failed: false,
        }
    }

    /// The total number of bytes that may be given, for what was read of the file so far, and the limit that this
    /// number comes from.
    fn allowed(&self) -> (u64, Limit) {
        let by_ratio = self.budget.read.get().saturating_mul(self.ratio).max(RATIO_FROM);
        if by_ratio < self.member_bytes {
            (by_ratio, Limit::Ratio(self.ratio))
        } else {
            (self.member_bytes, Limit::MemberBytes(self.member_bytes))
        }
    }
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.failed {
            return Err(io::Error::other(Again));
        }
        if let Some(limit) = self.over {
            self.failed = true;
            self.budget.exceeded.set(Some(limit));
            return Err(io::Error::other(limit.to_string()));
        }
        let read = match self.inner.read(buffer) {
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => return Err(cause),
            Err(cause) => {
                self.failed = true;
                return Err(cause);
            }
            Ok(read) => read,
        };
        let (allowed, limit) = self.allowed();
        let left = allowed.saturating_sub(self.given);
        self.given = self.given.saturating_add(read as u64);
        if read as u64 <= left {
            return Ok(read);
        }
        // What is within the limit is given; the next read fails.
        self.over = Some(limit);
        match usize::try_from(left).unwrap_or(read).min(read) {
            0 => self.read(buffer),
            within => Ok(within),
        }
    }
}

/// The error of a stream that has failed before. It is not handed over again: see [`was_told`].
#[derive(Debug)]
struct Again;

impl fmt::Display for Again {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cannot be read any further")
    }
}

impl Error for Again {}

/// Whether an error only repeats one that was handed over before.
pub(super) fn was_told(cause: &io::Error) -> bool {
    let mut cause: &(dyn Error + 'static) = cause;
    loop {
        if cause.is::<Again>() {
            return true;
        }
        let inner = cause.downcast_ref::<io::Error>().and_then(|cause| cause.get_ref());
        cause = match inner {
            Some(inner) => inner,
            None => match cause.source() {
                Some(source) => source,
                None => return false,
            },
        };
    }
}

/// A stream whose first bytes have been looked at and are given again to its reader.
pub(super) struct Head<'a> {
    bytes: Vec<u8>,
    at: usize,
    pending: Option<io::Error>,
    inner: &'a mut dyn BufRead,
}

impl<'a> Head<'a> {
    /// Reads [`HEAD`] bytes ahead, or all that there are, even where they come in small pieces.
    pub(super) fn of(inner: &'a mut dyn BufRead) -> Self {
        let (bytes, pending) = first_bytes(&mut *inner);
        Self { bytes, at: 0, pending, inner }
    }

    pub(super) fn seen(&self) -> &[u8] {
        &self.bytes
    }
}

/// The first bytes of a stream, [`HEAD`] at most, and the error that ended them, if any.
pub(super) fn first_bytes<R: Read + ?Sized>(input: &mut R) -> (Vec<u8>, Option<io::Error>) {
    let mut bytes = Vec::with_capacity(HEAD);
    let cause = input.take(HEAD as u64).read_to_end(&mut bytes).err();
    (bytes, cause)
}

impl Read for Head<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut available = self.fill_buf()?;
        let read = available.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

impl BufRead for Head<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at < self.bytes.len() {
            return Ok(&self.bytes[self.at..]);
        }
        match self.pending.take() {
            Some(cause) => Err(cause),
            None => self.inner.fill_buf(),
        }
    }

    fn consume(&mut self, amount: usize) {
        if self.at < self.bytes.len() {
            self.at = (self.at + amount).min(self.bytes.len());
        } else {
            self.inner.consume(amount);
        }
    }
}
