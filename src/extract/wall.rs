//! What a page says to its reader: boxes that ask for a subscription, an account, money or consent.

use std::borrow::Cow;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::render::Block;
use crate::wordlist::WordList;

/// What a page says to its reader and no story does.
static PHRASES: WordList = WordList::new(include_str!("lists/wall_phrases.txt"));

/// A box has one such phrase in this many letters and digits, or in fewer. A story that has a box within it has more.
const DENSITY: usize = 400;

/// A text of this many letters or fewer under a name about payment is a button or label.
const LABEL: usize = 80;

/// How often a text asks something of its reader.
pub(crate) fn phrases(text: &str) -> usize {
    static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
        AhoCorasick::builder().ascii_case_insensitive(true).kind(Some(AhoCorasickKind::DFA)).build(PHRASES.iter()).ok()
    });
    // The finder folds the case of ASCII alone.
    let lower = if text.is_ascii() { Cow::Borrowed(text) } else { Cow::Owned(text.to_lowercase()) };
    FINDER.as_ref().map_or(0, |finder| finder.find_iter(lower.as_ref()).count())
}

/// A story of fewer letters and digits may be the free part of one, if its page asks [`MANY`] times.
const FREE_PART: usize = 1200;

/// Phrases that ask, on a page with a wall.
const MANY: usize = 3;

/// Whether a page (HTML) of which this many letters are the story may stand before a wall.
pub(crate) fn is_before(page: &str, letters: usize) -> bool {
    let asked =
        || page.split('<').map(|rest| phrases(rest.split_once('>').map_or(rest, |(_, text)| text))).sum::<usize>();
    letters < FREE_PART && asked() >= MANY
}

/// Whether the text of an element with a name about payment asks for it. Many publishers give such a name to the part of
/// the story that follows the free part.
pub(crate) fn is_box(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
    letters <= LABEL || phrases(text) * DENSITY >= letters
}

/// Whether blocks as a whole speak to the reader: those that ask hold at least a third of their letters.
pub(crate) fn ask(blocks: &[Block]) -> bool {
    let asking: usize = blocks.iter().filter(|block| phrases(&block.text) > 0).map(|block| block.letters).sum();
    asking > 0 && asking * 3 >= blocks.iter().map(|block| block.letters).sum()
}

/// The blocks without those that ask something of the reader, and without what stands between two of these if it is at
/// most two blocks.
pub(crate) fn without(blocks: Vec<Block>) -> Vec<Block> {
    let asking: Vec<usize> = (0..blocks.len()).filter(|place| phrases(&blocks[*place].text) > 0).collect();
    let mut out = vec![true; blocks.len()];
    for place in &asking {
        out[*place] = false;
    }
    for pair in asking.windows(2).filter(|pair| pair[1] - pair[0] <= 3) {
        out[pair[0]..pair[1]].fill(false);
    }
    blocks.into_iter().zip(out).filter(|(_, stays)| *stays).map(|(block, _)| block).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::ParagraphKind;

    #[test]
    fn a_box_asks_and_a_story_tells() {
        assert!(is_box("Subscribe"));
        assert_eq!(["Jetzt abonnieren", "Оформите подписку", "ПОДПИШИТЕСЬ НА нас"].map(phrases), [1, 1, 1]);
        assert!(is_box(
            "Enjoy unlimited access to the Alda Post. Cancel anytime, or sign in to your account and read on today."
        ));
        let story = "The minister of Alda said that two more frigates would be built in the yard at Port Alda this year, \
                     and that the first of them would sail in the spring of the next. ";
        assert!(!is_box(story));
        assert!(!is_box(&format!("{}Sign up for our letter.", story.repeat(9))));
    }

    #[test]
    fn stretches_that_ask_are_taken_out_of_a_story() {
        let block = |text: &str| Block::plain(text.to_owned(), ParagraphKind::Text);
        let texts = ["The fleet left.", "Support our work.", "It matters.", "Sign up today.", "It came back."];
        let left = without(texts.iter().map(|text| block(text)).collect());
        assert_eq!(
            left.iter().map(|block| block.text.as_str()).collect::<Vec<_>>(),
            ["The fleet left.", "It came back."]
        );
        assert!(ask(&[block("Sign up for more."), block("It costs nothing.")]));
        assert!(!ask(&[block("The fleet left the harbour."), block("It came back in the evening of the same day.")]));
    }
}
