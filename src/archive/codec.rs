//! Compresses serialised articles ([`super::layout`]) and back: zstd with a dictionary trained on the first articles.
//!
//! News articles are short: a single one gives zstd little to refer back to, and a dictionary makes up for that.
//! Measured on 6,000 articles of 12 KB, this packs tighter than blocks of 256 KB, and each article can be read and
//! removed alone.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use zstd::bulk::{Compressor, Decompressor};

use super::{ArchiveError, layout};
use crate::article::Article;

/// Level of zstd. The next levels take three times as long to save a twentieth of the size.
const LEVEL: i32 = 3;
/// Bytes of a trained dictionary, at most.
const DICTIONARY: usize = 110 << 10;
/// Bytes to which a stored article may unpack; a greater length is taken for damage.
const MAX_ARTICLE: usize = 1 << 30;
/// Articles needed to train a dictionary.
pub(super) const SAMPLES: usize = 200;
/// Bytes of articles that a dictionary is trained on, at most.
const SAMPLED: usize = 4 << 20;

/// A dictionary with which articles are packed, shared between threads.
#[derive(Clone)]
pub struct Dictionary {
    /// Its number in the archive.
    num: i64,
    data: Arc<[u8]>,
}

impl std::fmt::Debug for Dictionary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Dictionary").field("num", &self.num).finish()
    }
}

impl Dictionary {
    pub(super) fn new(num: i64, data: &[u8]) -> Self {
        Self { num, data: data.into() }
    }

    #[cfg(test)]
    pub(super) fn num(&self) -> i64 {
        self.num
    }
}

/// Trains a dictionary on serialised articles.
pub(super) fn train(samples: &[Vec<u8>]) -> Result<Vec<u8>, ArchiveError> {
    let mut bytes = 0;
    let within = |sample: &&Vec<u8>| {
        bytes += sample.len();
        bytes <= SAMPLED
    };
    let samples: Vec<&Vec<u8>> = samples.iter().take_while(within).collect();
    Ok(zstd::dict::from_samples(&samples, DICTIONARY)?)
}

/// Packs articles. Each thread has its own, which keeps zstd's tables and the prepared dictionary between articles.
pub struct Packer {
    dict: i64,
    inner: Compressor<'static>,
}

impl std::fmt::Debug for Packer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Packer").field("dict", &self.dict).finish()
    }
}

impl Packer {
    /// A packer with or without a dictionary.
    ///
    /// # Errors
    ///
    /// Fails only where memory does.
    pub fn new(dictionary: Option<&Dictionary>) -> Result<Self, ArchiveError> {
        let mut inner = match dictionary {
            Some(dictionary) => Compressor::with_dictionary(LEVEL, &dictionary.data)?,
            None => Compressor::new(LEVEL)?,
        };
        inner.include_checksum(false)?;
        Ok(Self { dict: dictionary.map_or(0, |d| d.num), inner })
    }

    /// The number of its dictionary, 0 for none.
    pub(super) fn dict(&self) -> i64 {
        self.dict
    }

    /// Packs a serialised article.
    pub(super) fn pack(&mut self, bytes: &[u8]) -> Result<Vec<u8>, ArchiveError> {
        Ok(self.inner.compress(bytes)?)
    }
}

/// Loads a dictionary into the unpacker, unless it is there; 0 stands for none.
pub(super) fn learn(unpacker: &mut Unpacker, db: &rusqlite::Connection, dict: i64) -> Result<(), ArchiveError> {
    if let Entry::Vacant(place) = unpacker.by_dictionary.entry(dict) {
        let inner = if dict == 0 {
            Decompressor::new()?
        } else {
            let data: Vec<u8> = db.query_row("SELECT data FROM dictionary WHERE num = ?1", [dict], |row| row.get(0))?;
            Decompressor::with_dictionary(&data)?
        };
        place.insert(inner);
    }
    Ok(())
}

/// Unpacks articles; keeps the dictionaries it has met.
#[derive(Default)]
pub(super) struct Unpacker {
    by_dictionary: HashMap<i64, Decompressor<'static>>,
}

impl Unpacker {
    /// Unpacks the serialised article of a row; [`learn`] must have loaded its dictionary.
    pub(super) fn bytes(&mut self, dict: i64, data: &[u8]) -> Result<Vec<u8>, ArchiveError> {
        let damaged = |what: &str| ArchiveError::Damaged(what.to_owned());
        let size = zstd::zstd_safe::get_frame_content_size(data)
            .ok()
            .flatten()
            .and_then(|size| usize::try_from(size).ok())
            .filter(|size| *size <= MAX_ARTICLE)
            .ok_or_else(|| damaged("a stored article has no valid length"))?;
        let unpacker = self.by_dictionary.get_mut(&dict).ok_or_else(|| damaged("a dictionary is missing"))?;
        Ok(unpacker.decompress(data, size)?)
    }

    pub(super) fn article(&mut self, dict: i64, data: &[u8]) -> Result<Article, ArchiveError> {
        layout::from_bytes(&self.bytes(dict, data)?)
    }
}
