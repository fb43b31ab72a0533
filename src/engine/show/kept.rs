//! What an archive knows of the articles that are hits.

use jiff::Timestamp;

use crate::archive::{Archive, ArchiveError, Group, Stored};
use crate::article::Place;

/// What an archive knows of a hit.
pub(in crate::engine) struct Kept {
    pub(in crate::engine) stored: Stored,
    /// The group of copies it is in, if there are others.
    pub(in crate::engine) group: Option<Group>,
    /// Where it was first read from.
    pub(in crate::engine) place: Option<Place>,
    /// Since when its page is not there any more.
    pub(in crate::engine) gone: Option<Timestamp>,
}

impl Kept {
    /// What the archive knows of an article beside its text.
    pub(in crate::engine) fn of(archive: &mut Archive, stored: Stored) -> Result<Self, ArchiveError> {
        let group = if archive.copies(stored.group)? == 0 { None } else { Some(archive.group(stored.num)?) };
        let gone = archive.gone(stored.num)?.filter(|gone| gone.back.is_none()).map(|gone| gone.first);
        Ok(Self { group, place: archive.first_place(stored.seq)?, gone, stored })
    }
}
