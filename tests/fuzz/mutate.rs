//! Mutates seeds by a few small changes at a time.

/// Gives mutated inputs, the same ones for the same seed.
pub(crate) struct Mutator<'a> {
    state: u64,
    seeds: &'a [Vec<u8>],
}

/// Numbers and pieces that parsers trip over.
const PIECES: [&[u8]; 30] = [
    b"\0",
    b"\xff",
    b"\xff\xff\xff\xff",
    b"\x80\0\0\0",
    b"\x7f\xff\xff\xff",
    b"\r\n\r\n",
    b"\n",
    b"\"",
    b"'",
    b"<",
    b">",
    b"</",
    b"<!--",
    b"<![CDATA[",
    b"&#x110000;",
    b"&",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b"(",
    b"~9",
    b"*",
    b"-1",
    b"99999999999999999999",
    b"\xe2\x80\xae",
    b"\x1b[31m",
    b"\xf0\x9f\x98\x80",
    b"e\xcc\x81",
];
/// Bytes of a mutated input, at most.
const LONGEST: usize = 16 << 10;

impl<'a> Mutator<'a> {
    pub(crate) fn new(seed: u64, seeds: &'a [Vec<u8>]) -> Self {
        Self { state: seed, seeds }
    }

    fn dice(&mut self, end: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) as usize % end.max(1)
    }

    /// A seed with one to eight changes.
    pub(crate) fn next(&mut self) -> Vec<u8> {
        let mut bytes = self.seeds[self.dice(self.seeds.len())].clone();
        for _ in 0..=self.dice(8) {
            self.change(&mut bytes);
            bytes.truncate(LONGEST);
        }
        bytes
    }

    /// A random range of at least one byte within `length` bytes; short ones are likelier.
    fn range(&mut self, length: usize) -> std::ops::Range<usize> {
        let start = self.dice(length);
        let most = [4, 32, 512, length][self.dice(4)];
        start..(start + 1 + self.dice(most)).min(length)
    }

    fn change(&mut self, bytes: &mut Vec<u8>) {
        let length = bytes.len();
        if length == 0 {
            bytes.extend_from_slice(PIECES[self.dice(PIECES.len())]);
            return;
        }
        match self.dice(9) {
            0 => {
                let at = self.dice(length);
                bytes[at] ^= 1 << self.dice(8);
            }
            1 => {
                let at = self.dice(length);
                bytes[at] = self.dice(256) as u8;
            }
            2 => {
                let range = self.range(length);
                bytes.drain(range);
            }
            3 => {
                let piece = PIECES[self.dice(PIECES.len())];
                let at = self.dice(length + 1);
                bytes.splice(at..at, piece.iter().copied());
            }
            4 => {
                let (range, at) = (self.range(length), self.dice(length + 1));
                let copy = bytes[range].to_vec();
                bytes.splice(at..at, copy);
            }
            5 => {
                let (range, times) = (self.range(length), 2 + self.dice(300));
                let copy = bytes[range.clone()].to_vec();
                let many: Vec<u8> = copy.iter().copied().cycle().take((copy.len() * times).min(LONGEST)).collect();
                bytes.splice(range, many);
            }
            6 => {
                let other = &self.seeds[self.dice(self.seeds.len())];
                if !other.is_empty() {
                    let (from, at) = (self.range(other.len()), self.dice(length + 1));
                    bytes.splice(at..at, other[from].iter().copied());
                }
            }
            7 => bytes.truncate(self.dice(length + 1)),
            _ => {
                let range = self.range(length);
                let small = self.dice(4) as u8;
                bytes[range].iter_mut().for_each(|byte| *byte = byte.wrapping_add(small));
            }
        }
    }
}
