//! Reading the members of a tar archive from a stream.
//!
//! The reader is our own: the `tar` crate holds a long name in memory at whatever length its header claims. Here names
//! and extended headers are limited to 1 MiB, and a damaged header ends the archive with an error, after the members
//! before it.

use std::io::{self, BufRead, Read};

/// Bytes of a header, and the unit in which members are laid out.
const BLOCK: usize = 512;
/// Bytes of a name or an extended header, at most.
const EXTENSION: u64 = 1 << 20;

/// Whether a stream begins with the header of a member.
pub(super) fn is_header(head: &[u8]) -> bool {
    head.get(..BLOCK).is_some_and(|block| block[0] != 0 && (&block[257..262] == b"ustar" || is_sum_right(block)))
}

/// Whether the checksum of a header is right: the sum of its bytes, with those of the checksum counted as spaces. Some
/// programs sum signed bytes, so that sum is accepted too.
fn is_sum_right(block: &[u8]) -> bool {
    let Some(said) = number(&block[148..156]) else { return false };
    let plain = |at: usize| if (148..156).contains(&at) { b' ' } else { block[at] };
    let unsigned: u64 = (0..BLOCK).map(|at| u64::from(plain(at))).sum();
    let signed: i64 = (0..BLOCK).map(|at| i64::from(plain(at).cast_signed())).sum();
    said == unsigned || i64::try_from(said).is_ok_and(|said| said == signed)
}

/// A numeric field: octal digits, or big-endian binary (first bit set) where the number is too large for them.
fn number(field: &[u8]) -> Option<u64> {
    if field.first()? & 0x80 != 0 {
        let (high, low) = field.split_at(field.len().saturating_sub(8));
        let small = high.iter().all(|byte| matches!(byte, 0 | 0x80));
        return small.then(|| low.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)));
    }
    let text = field.split(|byte| *byte == 0).next()?.trim_ascii();
    if text.is_empty() {
        return Some(0);
    }
    u64::from_str_radix(std::str::from_utf8(text).ok()?, 8).ok()
}

/// A regular file of an archive.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) size: u64,
}

/// Reads an archive member by member. After [`Tar::next`] the stream stands at the bytes of the member. They must be
/// read through [`Tar::body`], which counts them, so that the next call knows how many to skip.
pub(super) struct Tar<'a> {
    input: &'a mut dyn BufRead,
    /// Bytes of the member and its padding that were not read yet.
    rest: u64,
    /// Whether the stream has ended within a member; the read of that member has failed.
    cut: bool,
}

impl<'a> Tar<'a> {
    pub(super) fn new(input: &'a mut dyn BufRead) -> Self {
        Self { input, rest: 0, cut: false }
    }

    /// The next regular file, past folders, links and devices; `None` at the end.
    ///
    /// # Errors
    ///
    /// Fails where the archive is cut or a header is damaged.
    pub(super) fn next(&mut self) -> io::Result<Option<Member>> {
        if self.cut {
            return Ok(None);
        }
        let (mut long_name, mut extended) = (None, Extended::default());
        loop {
            let rest = std::mem::take(&mut self.rest);
            skip(&mut *self.input, rest)?;
            let mut block = [0; BLOCK];
            if !self.block(&mut block)? || block.iter().all(|byte| *byte == 0) {
                return Ok(None);
            }
            if !is_sum_right(&block) {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "a member's header is damaged"));
            }
            let size = number(&block[124..136])
                .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "a member's size is damaged"))?;
            let size = if block[156] == b'x' { size } else { extended.size.unwrap_or(size) };
            self.rest = size.checked_next_multiple_of(BLOCK as u64).unwrap_or(u64::MAX);
            match block[156] {
                b'L' => long_name = Some(self.extension(size)?),
                b'x' => extended = Extended::parse(&self.extension(size)?),
                0 | b'0' | b'7' => {
                    let name = extended.path.take().or(long_name.take()).unwrap_or_else(|| short_name(&block));
                    let end = name.iter().position(|byte| *byte == 0).unwrap_or(name.len());
                    let name = String::from_utf8_lossy(&name[..end]).into_owned();
                    if !name.ends_with('/') {
                        return Ok(Some(Member { name, size }));
                    }
                }
                b'g' | b'K' | b'V' => {}
                _ => (long_name, extended) = (None, Extended::default()),
            }
        }
    }

    /// The bytes of the member that [`Tar::next`] gave.
    pub(super) fn body(&mut self, member: &Member) -> Body<'_> {
        Body { left: member.size, rest: &mut self.rest, cut: &mut self.cut, input: &mut *self.input }
    }

    /// Reads a header; false at the end of the stream.
    fn block(&mut self, block: &mut [u8; BLOCK]) -> io::Result<bool> {
        if self.input.fill_buf()?.is_empty() {
            return Ok(false); // without the two empty blocks that should end it
        }
        self.input.read_exact(block).map(|()| true)
    }

    fn extension(&mut self, size: u64) -> io::Result<Vec<u8>> {
        if size > EXTENSION {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a member's name or extended header is too long"));
        }
        let mut bytes = vec![0; usize::try_from(size).unwrap_or(0)];
        self.input.read_exact(&mut bytes)?;
        self.rest = self.rest.saturating_sub(size);
        Ok(bytes)
    }
}

fn short_name(block: &[u8]) -> Vec<u8> {
    let text = |field: &[u8]| field.split(|byte| *byte == 0).next().unwrap_or_default().to_vec();
    let name = text(&block[..100]);
    let prefix = if &block[257..263] == b"ustar\0" { text(&block[345..500]) } else { Vec::new() };
    if prefix.is_empty() { name } else { [&prefix[..], b"/", &name[..]].concat() }
}

fn skip(input: &mut dyn BufRead, bytes: u64) -> io::Result<()> {
    if io::copy(&mut input.take(bytes), &mut io::sink())? < bytes {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(())
}

/// The fields of an extended header that are used; they replace those of the next member.
#[derive(Debug, Default)]
struct Extended {
    path: Option<Vec<u8>>,
    size: Option<u64>,
}

impl Extended {
    /// Reads records `LENGTH KEY=VALUE\n`.
    fn parse(mut bytes: &[u8]) -> Self {
        let mut extended = Self::default();
        while let Some(space) = bytes.iter().position(|byte| *byte == b' ') {
            let length = std::str::from_utf8(&bytes[..space]).ok().and_then(|text| text.parse::<usize>().ok());
            let Some(record) = length.filter(|length| *length > space).and_then(|length| bytes.get(space + 1..length))
            else {
                break;
            };
            let record_length = space + 1 + record.len();
            let record = record.strip_suffix(b"\n").unwrap_or(record);
            if let Some(path) = record.strip_prefix(b"path=") {
                extended.path = Some(path.to_vec());
            } else if let Some(size) = record.strip_prefix(b"size=") {
                extended.size = std::str::from_utf8(size).ok().and_then(|size| size.parse().ok());
            }
            bytes = &bytes[record_length..];
        }
        extended
    }
}

/// The bytes of one member. If the archive ends within it, reading fails instead of ending.
pub(super) struct Body<'a> {
    left: u64,
    rest: &'a mut u64,
    cut: &'a mut bool,
    input: &'a mut dyn BufRead,
}

impl Read for Body<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        if wanted == 0 {
            return Ok(0);
        }
        let read = self.input.read(&mut buffer[..wanted])?;
        if read == 0 {
            *self.cut = true;
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left -= read as u64;
        *self.rest = self.rest.saturating_sub(read as u64);
        Ok(read)
    }
}
