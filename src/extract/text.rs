//! Plain text: a title line if there is one, hard-wrapped lines joined, every paragraph with its place in the input.

use crate::article::{Article, NewParagraph, ParagraphKind};

use super::title::one_line;

/// A first line of more characters than this is no headline.
const LONGEST_TITLE: usize = 160;

/// A stretch of the input that becomes one paragraph.
struct Block<'t> {
    text: &'t str,
    start: usize,
    /// A blank line follows.
    closed: bool,
}

/// Fills title and paragraphs from plain text. `offset` is added to every place in the input.
pub(crate) fn fill(article: &mut Article, text: &str, offset: Option<u64>) {
    let mut blocks = blocks(text);
    if let Some(first) = blocks.first()
        && blocks.len() > 1
        && is_title(first)
    {
        article.title = one_line(first.text);
        article.evidence.insert("title".to_owned(), "first line".to_owned());
        blocks.remove(0);
    }
    set(article, blocks, offset);
}

/// The paragraphs alone, with their places in `text`: the title is known from elsewhere.
pub(crate) fn paragraphs(text: &str) -> Vec<NewParagraph> {
    of_blocks(blocks(text), Some(0))
}

fn set(article: &mut Article, blocks: Vec<Block<'_>>, offset: Option<u64>) {
    article.set_paragraphs(of_blocks(blocks, offset));
}

fn of_blocks(blocks: Vec<Block<'_>>, offset: Option<u64>) -> Vec<NewParagraph> {
    let paragraph = |block: Block<'_>| {
        let at = offset.map(|offset| offset + block.start as u64);
        let (text, kind) = item(block.text);
        NewParagraph { text: one_line(text), kind, input: at.map(|at| (at, at + block.text.len() as u64)), page: None }
    };
    blocks.into_iter().map(paragraph).collect()
}

/// A list item's text without its bullet.
fn item(text: &str) -> (&str, ParagraphKind) {
    match text
        .strip_prefix(['•', '‣', '◦', '▪'])
        .or_else(|| text.strip_prefix("- "))
        .or_else(|| text.strip_prefix("* "))
    {
        Some(rest) => (rest, ParagraphKind::ListItem),
        None => (text, ParagraphKind::Text),
    }
}

/// Whether a block is a headline: one short line before a blank line that does not end in `.`, `,`, `;`, `:` or `…`,
/// and is neither a list item nor a dateline.
fn is_title(block: &Block<'_>) -> bool {
    let text = block.text.trim();
    block.closed
        && !text.contains('\n')
        && text.chars().count() <= LONGEST_TITLE
        && text.chars().any(char::is_alphabetic)
        && !text.ends_with(['.', ',', ';', ':', '…'])
        && item(text).1 == ParagraphKind::Text
        && super::dateline::parse(text, None).is_none()
}

/// Cuts text into paragraphs: at blank lines, before list items, before an indented line that follows the end of a
/// sentence, and at every line end where the lines are not wrapped.
fn blocks(text: &str) -> Vec<Block<'_>> {
    let lines: Vec<(usize, &str)> = lines(text).collect();
    let wrapped = is_wrapped(&lines);
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let mut start: Option<usize> = None;
    let mut end = 0;
    let mut previous = "";
    for (at, line) in &lines {
        let trimmed = line.trim();
        let indent = line.len() - line.trim_start().len();
        if trimmed.is_empty() {
            if let Some(from) = start.take() {
                blocks.push(Block { text: &text[from..end], start: from, closed: true });
            }
            continue;
        }
        let breaks = !wrapped || item(trimmed).1 == ParagraphKind::ListItem || indent >= 2 && ends_sentence(previous);
        if breaks && let Some(from) = start.take() {
            blocks.push(Block { text: &text[from..end], start: from, closed: false });
        }
        start.get_or_insert(at + indent);
        end = at + indent + trimmed.len();
        previous = trimmed;
    }
    if let Some(from) = start {
        blocks.push(Block { text: &text[from..end], start: from, closed: false });
    }
    blocks
}

fn ends_sentence(line: &str) -> bool {
    line.trim_end_matches(['"', '”', '’', '\'', ')']).ends_with(['.', '!', '?', ':'])
}

/// Lines with the byte at which each starts; `\r\n`, `\n` and a lone `\r` end a line.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    let mut done = false;
    std::iter::from_fn(move || {
        if done {
            return None;
        }
        let rest = &text[at..];
        let start = at;
        match rest.find(['\n', '\r', '\u{2028}', '\u{2029}']) {
            Some(end) => {
                let sign = rest[end..].chars().next().map_or(1, char::len_utf8);
                at += end + if rest[end..].starts_with("\r\n") { 2 } else { sign };
                Some((start, &rest[..end]))
            }
            None => {
                done = true;
                Some((start, rest))
            }
        }
    })
}

/// Whether the text is hard-wrapped. Of the lines that another one follows directly, at most one in ten is longer than
/// 120 characters, at least half do not end a sentence, and at least six in ten have 40 characters or more.
fn is_wrapped(lines: &[(usize, &str)]) -> bool {
    let followed: Vec<&str> = lines
        .windows(2)
        .filter(|pair| !pair[0].1.trim().is_empty() && !pair[1].1.trim().is_empty())
        .map(|pair| pair[0].1.trim())
        .collect();
    if followed.is_empty() {
        return false;
    }
    let long = followed.iter().filter(|line| line.chars().count() > 120).count();
    let open = followed.iter().filter(|line| !ends_sentence(line)).count();
    let full = followed.iter().filter(|line| line.chars().count() >= 40).count();
    long * 10 <= followed.len() && open * 10 >= followed.len() * 5 && full * 10 >= followed.len() * 6
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Article {
        let mut article = Article::default();
        fill(&mut article, text, Some(0));
        article
    }

    #[test]
    fn a_short_first_line_before_a_blank_one_is_the_title() {
        let article = of("Frigates sail for the Gulf\n\nTwo frigates left on Monday.\n\nThey return in May.\n");
        assert_eq!(article.title, "Frigates sail for the Gulf");
        assert_eq!(article.text, "Two frigates left on Monday.\n\nThey return in May.");
    }

    #[test]
    fn without_one_the_title_stays_empty() {
        for text in [
            "OSLO: Two frigates left on Monday.\nThey return in May.\n",
            "Two frigates left on Monday.\n\nThey return in May.",
            "A line\nanother line\n",
            "One line only",
        ] {
            assert_eq!(of(text).title, "", "{text}");
        }
    }

    #[test]
    fn wrapped_lines_are_joined_and_places_kept() {
        let text = "Two frigates left the harbour of the capital on Monday\r\nmorning for a patrol that will take them into the northern\r\nsea and back, the ministry said.\r\n\r\nThey return in May.";
        let article = of(text);
        assert_eq!(article.paragraphs.len(), 2);
        assert!(article.text.starts_with("Two frigates left the harbour of the capital on Monday morning for"));
        for paragraph in &article.paragraphs {
            let (from, to) = paragraph.input.expect("plain text has places");
            let source: Vec<&str> = text[from as usize..to as usize].split_whitespace().collect();
            assert_eq!(source.join(" "), article.text[paragraph.range()]);
        }
    }

    #[test]
    fn long_lines_are_paragraphs() {
        let line = "The ministry said that the two frigates would sail on Monday and would be back before the summer, and that nothing else was planned.";
        let article = of(&format!("{line}\n{line}\n- first item\n"));
        assert_eq!(article.paragraphs.len(), 3);
        assert_eq!(article.paragraphs[2].kind, ParagraphKind::ListItem);
    }
}
