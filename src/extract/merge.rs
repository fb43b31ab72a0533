//! Two readings of one page made into one.
//!
//! Extractors take a story from the container that looks most like it, and so lose what stands in another: an opening
//! above a picture, or sections between advertisements. What a second reading has before the end of the first belongs
//! to the story; what it has after that end is as often another story, and is left out.

use std::collections::{HashMap, HashSet};

use super::boilerplate::ends_sentence;
use super::render::Block;
use super::wall;
use crate::article::ParagraphKind;

/// A block of fewer letters and digits is no place by which two readings are laid side by side.
const SHORT: usize = 20;

/// Two readings that share less than this part of the letters of the first are of different stories.
const STRANGE: f32 = 0.1;

/// Running text that the second has between the blocks of the first is taken from this share of the first on; less is
/// mostly inlays.
const WORTHWHILE: f32 = 0.12;

/// Letters and digits in running text: sentences of at least 30 of them, less than half in links, that ask nothing of the
/// reader.
pub(crate) fn running(blocks: &[Block]) -> usize {
    blocks.iter().filter(|block| is_running(block)).map(|block| block.letters).sum()
}

fn is_running(block: &Block) -> bool {
    block.letters >= 30
        && block.linked * 2 < block.letters
        && ends_sentence(&block.text)
        && wall::phrases(&block.text) == 0
}

/// The first reading with what the second has before its end. `None` where the two are of different stories.
pub(crate) fn merged(first: &[Block], second: &[Block]) -> Option<Vec<Block>> {
    let shared = shared(first, second);
    let letters: usize = first.iter().map(|block| block.letters).sum();
    let common: usize = shared.iter().map(|(one, _)| first[*one].letters).sum();
    let (Some((_, opening)), Some((_, end))) = (shared.first(), shared.last()) else { return None };
    if (common as f32) < STRANGE * letters as f32 {
        return None;
    }
    let known: HashSet<String> = first.iter().map(|block| start_of(&block.text)).collect();
    let is_new = |block: &&Block| !known.contains(&start_of(&block.text));
    let between: Vec<Block> = second[*opening..*end].iter().filter(is_new).cloned().collect();
    let fills = running(&between) as f32 >= WORTHWHILE * running(first) as f32;
    let mut out: Vec<Block> =
        second[..*opening].iter().filter(is_new).filter(|block| is_running(block)).cloned().collect();
    let (mut one, mut two) = (0, *opening);
    for (at, beside) in &shared {
        out.extend_from_slice(&first[one..*at]);
        let gap: Vec<Block> = second[two..*beside].iter().filter(is_new).cloned().collect();
        if fills && !wall::ask(&gap) {
            out.extend(gap.into_iter().filter(is_story));
        }
        out.push(first[*at].clone());
        (one, two) = (at + 1, beside + 1);
    }
    out.extend_from_slice(&first[one..]);
    Some(out)
}

/// Whether a block that only one reading has may be part of the story: running text, a heading, an item of a list.
fn is_story(block: &Block) -> bool {
    is_running(block) || matches!(block.kind, ParagraphKind::Heading | ParagraphKind::ListItem)
}

/// The blocks that both readings have, in the order of both: places in the first and in the second.
fn shared(first: &[Block], second: &[Block]) -> Vec<(usize, usize)> {
    let mut places: HashMap<String, usize> = HashMap::new();
    for (place, block) in first.iter().enumerate().filter(|(_, block)| block.letters >= SHORT) {
        places.entry(start_of(&block.text)).or_insert(place);
    }
    let mut out: Vec<(usize, usize)> = Vec::new();
    for (place, block) in second.iter().enumerate().filter(|(_, block)| block.letters >= SHORT) {
        if let Some(one) = places.get(&start_of(&block.text))
            && out.last().is_none_or(|(last, _)| last < one)
        {
            out.push((*one, place));
        }
    }
    out
}

/// The first 60 letters and digits of a text in lower case, by which a paragraph is recognised.
pub(crate) fn start_of(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(name: &str) -> Block {
        let text = format!("The {name} of the fleet left the harbour of Alda on the day that had been set for it.");
        Block::plain(text, ParagraphKind::Text)
    }

    fn blocks(names: &str) -> Vec<Block> {
        names.split_whitespace().map(block).collect()
    }

    fn names(blocks: &[Block]) -> String {
        blocks.iter().filter_map(|block| block.text.split(' ').nth(1)).collect::<Vec<_>>().join(" ")
    }

    fn of(first: &str, second: &str) -> Option<String> {
        merged(&blocks(first), &blocks(second)).map(|blocks| names(&blocks))
    }

    #[test]
    fn what_the_second_has_before_the_end_of_the_first_is_taken() {
        assert_eq!(of("second fourth", "first second third fourth").as_deref(), Some("first second third fourth"));
        assert_eq!(of("one two three", "two extra three").as_deref(), Some("one two extra three"));
    }

    #[test]
    fn what_follows_the_end_of_the_first_may_be_another_story() {
        assert_eq!(of("one two", "one two other story").as_deref(), Some("one two"));
    }

    #[test]
    fn nothing_of_the_first_is_lost_and_nothing_comes_twice() {
        assert_eq!(of("one two three four", "two four").as_deref(), Some("one two three four"));
        assert_eq!(of("one two", "two one").as_deref(), Some("one two"));
    }

    #[test]
    fn inlays_between_the_blocks_of_a_long_story_stay_out() {
        let first = "a b c d e f g h i j";
        assert_eq!(of(first, "a b inlay c d e f g h i j").as_deref(), Some(first));
        assert_eq!(
            of(first, "a b more and more c d e f g h i j").as_deref(),
            Some("a b more and more c d e f g h i j")
        );
    }

    #[test]
    fn readings_of_different_stories_are_not_merged() {
        assert_eq!(of("one two three", "four five six"), None);
        assert_eq!(of("one", ""), None);
        assert_eq!(of("", "one"), None);
    }
}
