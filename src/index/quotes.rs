//! An article's quotes, stored in the index behind its mentions ([`super::mentions`]), so that asking for them needs no
//! tagger.
//!
//! Numbers are LEB128. First the quotes of the title, then those of the text, each list headed by its length. A quote is the
//! distance of its beginning from that of the one before, its length, a byte of flags, then, if it has them: the cue, and
//! the speaker's words with the numbers of the actors in the article's list (0 for none, else 1 more): of the first, and of
//! those who say it with him, headed by how many they are.

use super::mentions::Mark;
use crate::leb128::{number, take};
use crate::quote::{Kind, Quote, Quotes};
use crate::tag::Tags;

/// A stored quote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredQuote {
    /// First byte of what was said.
    pub(crate) start: usize,
    /// One past the last byte.
    pub(crate) end: usize,
    /// How it is given.
    pub(crate) kind: Kind,
    /// Whether it is a guess who speaks, or that anybody said this at all.
    pub(crate) doubtful: bool,
    /// The verb or noun of speech.
    pub(crate) cue: Option<(usize, usize)>,
    /// The words for the speaker.
    pub(crate) speaker: Option<(usize, usize)>,
    /// The speaker's index in the article's list of actors.
    pub(crate) actor: Option<usize>,
    /// Those of the actors who say it with him.
    pub(crate) also: Vec<usize>,
}

impl StoredQuote {
    /// Whether a mention stands in what was said.
    pub(crate) fn holds(&self, mark: &Mark) -> bool {
        (self.start..self.end).contains(&mark.start)
    }

    /// The indices of all its speakers.
    pub(crate) fn actors(&self) -> impl Iterator<Item = usize> {
        self.actor.iter().chain(&self.also).copied()
    }
}

/// The kinds of quotes; the index of a kind in this table is its code in the flags.
const KINDS: [Kind; 3] = [Kind::Direct, Kind::Indirect, Kind::Mixed];
/// The bits of a kind.
const KIND: u8 = 3;
/// The quote is doubtful.
const DOUBTFUL: u8 = 4;
/// It has a cue.
const CUE: u8 = 8;
/// It has a speaker.
const SPEAKER: u8 = 16;
/// Others say it too.
const ALSO: u8 = 32;

/// Packs quotes, with their speakers by the place of their actors in `tags`.
pub(super) fn pack(quotes: &Quotes, tags: &Tags, out: &mut Vec<u8>) {
    for list in [&quotes.title, &quotes.text] {
        number(out, list.len());
        let mut last = 0;
        for quote in list {
            number(out, quote.start.saturating_sub(last));
            number(out, quote.end.saturating_sub(quote.start));
            last = quote.start;
            out.push(flags(quote));
            quote.cue.iter().for_each(|cue| span(out, *cue));
            if let Some(speaker) = &quote.speaker {
                span(out, (speaker.start, speaker.end));
                let place = |id: &String| tags.actors.iter().position(|tag| tag.actor == *id);
                number(out, speaker.actor.as_ref().and_then(place).map_or(0, |place| place + 1));
                let also: Vec<usize> = speaker.also.iter().filter_map(place).collect();
                if !speaker.also.is_empty() {
                    number(out, also.len());
                    also.into_iter().for_each(|place| number(out, place));
                }
            }
        }
    }
}

fn flags(quote: &Quote) -> u8 {
    let kind = KINDS.iter().position(|kind| *kind == quote.kind).unwrap_or(0) as u8;
    let bit = |bit: u8, on: bool| if on { bit } else { 0 };
    let also = quote.speaker.as_ref().is_some_and(|speaker| !speaker.also.is_empty());
    let speaker = bit(SPEAKER, quote.speaker.is_some()) | bit(ALSO, also);
    kind | bit(DOUBTFUL, quote.doubtful) | bit(CUE, quote.cue.is_some()) | speaker
}

fn span(out: &mut Vec<u8>, (start, end): (usize, usize)) {
    number(out, start);
    number(out, end.saturating_sub(start));
}

/// The quotes of title and text; `None` where the bytes are damaged.
pub(crate) fn unpack(bytes: &[u8]) -> Option<(Vec<StoredQuote>, Vec<StoredQuote>)> {
    let mut bytes = super::mentions::after(bytes)?;
    let title = list(&mut bytes)?;
    Some((title, list(&mut bytes)?))
}

/// The bytes behind the quotes; `None` where these are damaged.
pub(super) fn after(bytes: &[u8]) -> Option<&[u8]> {
    let mut bytes = super::mentions::after(bytes)?;
    list(&mut bytes)?;
    list(&mut bytes)?;
    Some(bytes)
}

fn list(bytes: &mut &[u8]) -> Option<Vec<StoredQuote>> {
    let length = take(bytes)?;
    let mut quotes = Vec::with_capacity(length.min(bytes.len()));
    let mut last = 0usize;
    for _ in 0..length {
        let start = last.checked_add(take(bytes)?)?;
        let end = start.checked_add(take(bytes)?)?;
        last = start;
        let (flags, rest) = bytes.split_first()?;
        *bytes = rest;
        let cue = if flags & CUE > 0 { Some(taken(bytes)?) } else { None };
        let (speaker, actor) = match flags & SPEAKER {
            0 => (None, None),
            _ => (Some(taken(bytes)?), take(bytes)?.checked_sub(1)),
        };
        let mut also = Vec::new();
        if flags & ALSO > 0 {
            for _ in 0..take(bytes)? {
                also.push(take(bytes)?);
            }
        }
        let kind = *KINDS.get(usize::from(flags & KIND))?;
        quotes.push(StoredQuote { start, end, kind, doubtful: flags & DOUBTFUL > 0, cue, speaker, actor, also });
    }
    Some(quotes)
}

fn taken(bytes: &mut &[u8]) -> Option<(usize, usize)> {
    let start = take(bytes)?;
    Some((start, start.checked_add(take(bytes)?)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quote::Speaker;
    use crate::tag::ActorTag;

    fn tags() -> Tags {
        let actor = |id: &str| ActorTag { actor: id.to_owned(), mentions: 1, weight: 1.0, subject: true };
        Tags { actors: vec![actor("state/a"), actor("person/b")], ..Tags::default() }
    }

    #[test]
    fn what_is_packed_is_unpacked_and_no_part_is_taken_for_the_whole() {
        let speaker = |actor: Option<&str>| Speaker {
            start: 400,
            end: 407,
            surface: "Brandt".to_owned(),
            actor: actor.map(str::to_owned),
            via: None,
            also: vec!["state/a".to_owned(), "state/stray".to_owned()],
        };
        let quote = |start, kind, cue, speaker| Quote { start, end: start + 300, kind, cue, speaker, doubtful: false };
        let quotes = Quotes {
            title: vec![quote(3, Kind::Indirect, None, None)],
            text: vec![
                quote(10, Kind::Direct, Some((310, 314)), Some(speaker(Some("person/b")))),
                Quote { doubtful: true, ..quote(12, Kind::Mixed, None, Some(speaker(Some("person/stray")))) },
            ],
        };
        let mut packed = super::super::mentions::pack(&tags());
        pack(&quotes, &tags(), &mut packed);
        let (title, text) = unpack(&packed).unwrap();
        let bare = StoredQuote {
            start: 3,
            end: 303,
            kind: Kind::Indirect,
            doubtful: false,
            cue: None,
            speaker: None,
            actor: None,
            also: Vec::new(),
        };
        assert_eq!(title, std::slice::from_ref(&bare));
        let told = StoredQuote { speaker: Some((400, 407)), also: vec![0], ..bare };
        let first = StoredQuote { start: 10, end: 310, kind: Kind::Direct, cue: Some((310, 314)), ..told.clone() };
        assert_eq!(text[0], StoredQuote { actor: Some(1), ..first });
        assert_eq!(text[1], StoredQuote { start: 12, end: 312, kind: Kind::Mixed, doubtful: true, ..told });
        assert!((0..packed.len()).all(|end| unpack(&packed[..end]).is_none()));
    }
}
