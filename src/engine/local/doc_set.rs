//! Sets of articles of a segment, as bits.

/// Articles in all of these sets, one for each segment.
pub(crate) fn total(sets: &[DocSet]) -> u64 {
    sets.iter().map(DocSet::count).sum()
}

/// A set of articles of one segment, by their numbers in it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DocSet(Vec<u64>);

impl DocSet {
    pub(crate) fn empty(max_doc: u32) -> Self {
        Self(vec![0; max_doc.div_ceil(64) as usize])
    }

    pub(crate) fn full(max_doc: u32) -> Self {
        let mut bits = Self(vec![u64::MAX; max_doc.div_ceil(64) as usize]);
        if let Some(last) = bits.0.last_mut()
            && !max_doc.is_multiple_of(64)
        {
            *last = (1 << (max_doc % 64)) - 1;
        }
        bits
    }

    pub(crate) fn set(&mut self, doc: u32) {
        self.0[doc as usize / 64] |= 1 << (doc % 64);
    }

    /// Sets several articles.
    pub(crate) fn extend(&mut self, docs: &[u32]) {
        docs.iter().for_each(|doc| self.set(*doc));
    }

    pub(crate) fn has(&self, doc: u32) -> bool {
        self.0[doc as usize / 64] >> (doc % 64) & 1 == 1
    }

    pub(crate) fn unset(&mut self, doc: u32) {
        self.0[doc as usize / 64] &= !(1 << (doc % 64));
    }

    pub(crate) fn and(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a &= b);
    }

    pub(crate) fn xor(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a ^= b);
    }

    pub(crate) fn clear(&mut self) {
        self.0.fill(0);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    pub(crate) fn or(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a |= b);
    }

    pub(crate) fn and_not(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a &= !b);
    }

    pub(crate) fn count(&self) -> u64 {
        self.0.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.0.iter().enumerate().flat_map(|(at, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                (rest != 0).then(|| {
                    let bit = rest.trailing_zeros();
                    rest &= rest - 1;
                    at as u32 * 64 + bit
                })
            })
        })
    }
}
