//! Articles to compressed bytes and back: JSON under zstd with a dictionary trained on the first articles.
//!
//! News articles are short: each by itself gives zstd little to refer to, which a dictionary makes up for.

use std::collections::HashMap;
use std::sync::Arc;

use zstd::dict::{DecoderDictionary, EncoderDictionary};

use super::ArchiveError;
use crate::article::Article;

/// Level of compression.
const LEVEL: i32 = 6;
/// Bytes of a trained dictionary.
const DICTIONARY: usize = 110 << 10;
/// An article that unpacks to more is taken for damage.
const MAX_ARTICLE: usize = 1 << 30;
/// Articles needed to train a dictionary.
pub(super) const SAMPLES: usize = 200;

/// A dictionary by which articles are packed, shared between threads.
#[derive(Clone)]
pub struct Dictionary {
    /// Its number in the archive.
    pub(super) num: i64,
    encoder: Arc<EncoderDictionary<'static>>,
}

impl std::fmt::Debug for Dictionary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Dictionary").field("num", &self.num).finish()
    }
}

impl Dictionary {
    pub(super) fn new(num: i64, data: &[u8]) -> Self {
        Self { num, encoder: Arc::new(EncoderDictionary::copy(data, LEVEL)) }
    }
}

/// Trains a dictionary on serialised articles.
pub(super) fn train(samples: &[Vec<u8>]) -> Result<Vec<u8>, ArchiveError> {
    Ok(zstd::dict::from_samples(samples, DICTIONARY)?)
}

/// Packs a serialised article.
pub(super) fn pack(json: &[u8], dictionary: Option<&Dictionary>) -> Result<Vec<u8>, ArchiveError> {
    let mut packer = match dictionary {
        Some(dictionary) => zstd::bulk::Compressor::with_prepared_dictionary(&dictionary.encoder)?,
        None => zstd::bulk::Compressor::new(LEVEL)?,
    };
    packer.include_checksum(false)?;
    Ok(packer.compress(json)?)
}

/// Makes sure that the unpacker has a dictionary.
pub(super) fn learn(unpacker: &mut Unpacker, db: &rusqlite::Connection, dict: i64) -> Result<(), ArchiveError> {
    if !unpacker.knows(dict) {
        let data: Vec<u8> = db.query_row("SELECT data FROM dictionary WHERE num = ?1", [dict], |row| row.get(0))?;
        unpacker.learn(dict, &data);
    }
    Ok(())
}

/// Unpacks articles; keeps the dictionaries it has met.
#[derive(Default)]
pub(super) struct Unpacker {
    dictionaries: HashMap<i64, DecoderDictionary<'static>>,
}

impl Unpacker {
    fn knows(&self, dict: i64) -> bool {
        dict == 0 || self.dictionaries.contains_key(&dict)
    }

    fn learn(&mut self, dict: i64, data: &[u8]) {
        self.dictionaries.insert(dict, DecoderDictionary::copy(data));
    }

    /// The serialised article of a row.
    pub(super) fn bytes(&self, dict: i64, data: &[u8]) -> Result<Vec<u8>, ArchiveError> {
        let mut unpacker = match self.dictionaries.get(&dict) {
            Some(dictionary) => zstd::bulk::Decompressor::with_prepared_dictionary(dictionary)?,
            None => zstd::bulk::Decompressor::new()?,
        };
        let size = zstd::zstd_safe::get_frame_content_size(data)
            .ok()
            .flatten()
            .and_then(|size| usize::try_from(size).ok())
            .filter(|size| *size <= MAX_ARTICLE)
            .ok_or_else(|| ArchiveError::Damaged("a stored article has no valid length".to_owned()))?;
        Ok(unpacker.decompress(data, size)?)
    }

    pub(super) fn article(&self, dict: i64, data: &[u8]) -> Result<Article, ArchiveError> {
        serde_json::from_slice(&self.bytes(dict, data)?)
            .map_err(|cause| ArchiveError::Damaged(format!("a stored article cannot be read: {cause}")))
    }
}
