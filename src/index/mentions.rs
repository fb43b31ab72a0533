//! An article's mentions, stored in the index as a few bytes, so that a search needs no tagger.
//!
//! Numbers are LEB128. First the mentions of the title, then those of the text, each list headed by its length; a mention is the
//! distance from the end of the one before, its length, the number of its actor in the article's list, and how it was found.

use crate::leb128::{number, take};
use crate::tag::{Mention, Tags, Via};

/// A stored mention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Index of its actor in the article's list of actors, or of its system in that of systems, which follows it.
    pub actor: usize,
    /// How it was found.
    pub via: Via,
}

/// The ways in which mentions are found; the index of a way in this table is its code in the stored bytes.
const VIAS: [Via; 8] =
    [Via::Name, Via::Alias, Via::Acronym, Via::Surname, Via::Demonym, Via::Metonym, Via::Office, Via::Unlisted];

/// Packs the mentions of title and text. A mention of what is neither in `tags.actors` nor in `tags.systems` is left out.
pub(crate) fn pack(tags: &Tags) -> Vec<u8> {
    let mut out = Vec::with_capacity(4 * tags.mentions.len() + 2);
    for list in [&tags.title_mentions, &tags.mentions] {
        let listed = tags.actors.iter().chain(&tags.systems);
        let place = |m: &Mention| listed.clone().position(|tag| tag.actor == m.actor);
        let marks: Vec<(&Mention, usize)> = list.iter().filter_map(|m| Some((m, place(m)?))).collect();
        number(&mut out, marks.len());
        let mut last = 0;
        for (mention, actor) in marks {
            number(&mut out, mention.start.saturating_sub(last));
            number(&mut out, mention.end.saturating_sub(mention.start));
            number(&mut out, actor);
            out.push(VIAS.iter().position(|via| *via == mention.via).unwrap_or(0) as u8);
            last = mention.end;
        }
    }
    out
}

/// The mentions of title and text; `None` where the bytes are damaged.
pub fn unpack(mut bytes: &[u8]) -> Option<(Vec<Mark>, Vec<Mark>)> {
    let title = list(&mut bytes)?;
    Some((title, list(&mut bytes)?))
}

/// The bytes behind the mentions; `None` where these are damaged.
pub(super) fn after(mut bytes: &[u8]) -> Option<&[u8]> {
    list(&mut bytes)?;
    list(&mut bytes)?;
    Some(bytes)
}

fn list(bytes: &mut &[u8]) -> Option<Vec<Mark>> {
    let length = take(bytes)?;
    let mut marks = Vec::with_capacity(length.min(bytes.len()));
    let mut last = 0usize;
    for _ in 0..length {
        let start = last.checked_add(take(bytes)?)?;
        let end = start.checked_add(take(bytes)?)?;
        let actor = take(bytes)?;
        let (via, rest) = bytes.split_first()?;
        *bytes = rest;
        marks.push(Mark { start, end, actor, via: *VIAS.get(*via as usize)? });
        last = end;
    }
    Some(marks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tag::ActorTag;

    #[test]
    fn what_is_packed_is_unpacked() {
        let mention = |start, end, actor: &str, via| Mention {
            start,
            end,
            actor: actor.to_owned(),
            kind: "state".to_owned(),
            via,
        };
        let tags = Tags {
            title_mentions: vec![mention(3, 9, "state/b", Via::Metonym)],
            mentions: vec![mention(0, 300, "state/a", Via::Name), mention(70_000, 70_002, "state/b", Via::Unlisted)],
            actors: ["state/a", "state/b"]
                .map(|a| ActorTag { actor: a.to_owned(), mentions: 1, weight: 1.0, subject: true })
                .to_vec(),
            ..Tags::default()
        };
        let (title, text) = unpack(&pack(&tags)).unwrap();
        assert_eq!(title, [Mark { start: 3, end: 9, actor: 1, via: Via::Metonym }]);
        assert_eq!(text[1], Mark { start: 70_000, end: 70_002, actor: 1, via: Via::Unlisted });
        assert_eq!(unpack(&[5, 1]), None);
    }

    #[test]
    fn every_way_of_finding_comes_back_and_no_part_of_the_bytes_is_taken_for_the_whole() {
        let mention = |(at, via): (usize, &Via)| Mention {
            start: at * 200,
            end: at * 200 + 5,
            actor: "state/a".to_owned(),
            kind: "state".to_owned(),
            via: *via,
        };
        let stray = Mention { actor: "state/other".to_owned(), ..mention((9, &Via::Name)) };
        let tags = Tags {
            title_mentions: vec![mention((0, &Via::Name))],
            mentions: VIAS.iter().enumerate().map(mention).chain([stray]).collect(),
            actors: vec![ActorTag { actor: "state/a".to_owned(), mentions: 9, weight: 1.0, subject: true }],
            ..Tags::default()
        };
        let packed = pack(&tags);
        let (title, text) = unpack(&packed).unwrap();
        assert_eq!((title.len(), text.len()), (1, VIAS.len()), "one of an actor that is not listed is left out");
        assert!(text.iter().zip(VIAS).all(|(mark, via)| mark.via == via));
        assert!(text.iter().enumerate().all(|(at, mark)| (mark.start, mark.end) == (at * 200, at * 200 + 5)));
        assert!((0..packed.len()).all(|end| unpack(&packed[..end]).is_none()));
        let (last, rest) = packed.split_last().unwrap();
        assert_eq!(usize::from(*last), VIAS.len() - 1);
        assert_eq!(unpack(&[rest, &[VIAS.len() as u8]].concat()), None, "there is no such way");
    }
}
