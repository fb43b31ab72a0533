//! Passages: an article's text in stretches of whole sentences, scored by how much of the query they contain.
//!
//! [`cut`] joins sentences until a passage holds [`FEWEST`] to [`MOST`] words: long enough to quote, short enough to
//! read at a glance. No passage crosses a subheading; the subheading opens the passage after it.
//!
//! ```
//! use despatch::analysis;
//! use despatch::article::Article;
//! use despatch::passage::{self, Sentence, Stretch};
//!
//! let article = Article { text: "Alda ordered ferries. Each costs a million. Pilots cheered.".into(), ..Article::default() };
//! let sentences: Vec<Sentence> = passage::sentences(&article, &analysis::words(&article.text));
//! let stretches: Vec<Stretch> = passage::around(&sentences, [30].into_iter(), 0); // byte 30 is in "costs"
//! assert_eq!(&article.text[stretches[0].bytes.clone()], "Each costs a million.");
//! assert_eq!(passage::cut(&sentences).len(), 1, "so few words are one passage");
//! ```

use std::collections::HashSet;
use std::hash::Hash;
use std::ops::Range;

use crate::analysis::{self, Gap, Words};
use crate::article::{Article, ParagraphKind};
use crate::query::pattern::Found;

/// Words that a passage must have before the end of a paragraph ends it. It can be shorter before a subheading, before
/// a sentence for which there is no room, and at the end of the text.
pub(crate) const FEWEST: usize = 60;
/// The most words that a passage can have.
pub(crate) const MOST: usize = 160;

/// The parameters of [`score`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scoring {
    /// A word that a passage has `n` times counts for its weight times `1 + repeated * ln(n)`.
    pub repeated: f32,
    /// What two words side by side add, as a share of the lesser weight; at `d` words' distance a `d`th of that.
    pub close: f32,
    /// Factor of the first passage of an article.
    pub lead: f32,
}

impl Default for Scoring {
    fn default() -> Self {
        Self { repeated: 0.15, close: 0.3, lead: 1.02 }
    }
}

/// A sentence, or a part of one that is longer than a passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// Its bytes.
    pub bytes: Range<usize>,
    /// Its words, as indices into the text's words.
    pub words: Range<usize>,
    /// Whether it begins a paragraph.
    pub opens: bool,
    /// Whether it is a subheading or part of one.
    pub heading: bool,
}

/// A stretch of an article.
#[derive(Debug, Clone, PartialEq)]
pub struct Stretch {
    /// Its bytes in the text.
    pub bytes: Range<usize>,
    /// Its words, as indices into the text's words.
    pub words: Range<usize>,
    /// How much of the query it contains, as [`score`] sets it; higher is better.
    pub score: f32,
}

/// The sentences of an article's text. One of more than [`MOST`] words is cut after every [`MOST`] words.
pub fn sentences(article: &Article, words: &Words) -> Vec<Sentence> {
    let text = &article.text;
    let list = words.as_slice();
    let mut starts: Vec<(usize, usize, bool)> = Vec::new(); // byte, word, opens a paragraph
    let mut since = 0;
    for (number, word) in list.iter().enumerate() {
        let begins = number == 0 || word.gap >= Gap::Sentence;
        let long = !begins && number - since >= MOST;
        if !begins && !long {
            continue;
        }
        since = number;
        let after = if number == 0 { 0 } else { list[number - 1].end as usize };
        let between = &text[after..word.start as usize];
        let start = match between.rfind(char::is_whitespace) {
            Some(at) => after + at + between[at..].chars().next().map_or(1, char::len_utf8),
            None if number == 0 => 0,
            None => word.start as usize,
        };
        starts.push((start, number, word.gap == Gap::Paragraph));
    }
    let mut out = Vec::with_capacity(starts.len());
    let mut paragraphs = article.paragraphs.iter().peekable();
    for (i, (start, word, opens)) in starts.iter().copied().enumerate() {
        let (stop, last) = starts.get(i + 1).map_or((text.len(), list.len()), |next| (next.0, next.1));
        let end = start + text[start..stop].trim_end().len();
        let at = list[word].start as usize;
        while paragraphs.next_if(|p| p.end <= at).is_some() {}
        let heading = paragraphs.peek().is_some_and(|p| p.kind == ParagraphKind::Heading && p.range().contains(&at));
        out.push(Sentence { bytes: start..end, words: word..last, opens, heading });
    }
    out
}

/// Joins sentences into passages, in the order of the text and without overlap.
pub fn cut(sentences: &[Sentence]) -> Vec<Stretch> {
    let mut groups: Vec<Range<usize>> = Vec::new();
    let size = |range: &Range<usize>| -> usize { sentences[range.clone()].iter().map(|s| s.words.len()).sum() };
    let mut current = 0..0;
    for (i, sentence) in sentences.iter().enumerate() {
        if !current.is_empty() {
            let words = size(&current);
            let after_heading = sentences[i - 1].heading;
            let full = words + sentence.words.len() > MOST;
            let done = words >= FEWEST && sentence.opens && !after_heading;
            let section = sentence.heading && sentence.opens && !after_heading;
            if full || done || section {
                groups.push(std::mem::replace(&mut current, i..i));
            }
        }
        current = if current.is_empty() { i..i + 1 } else { current.start..i + 1 };
    }
    if !current.is_empty() {
        groups.push(current);
    }
    join_short(&mut groups, sentences);
    groups.into_iter().map(|group| joined(&sentences[group])).collect()
}

/// The sentences that contain the bytes `found`, each with `context` more sentences before and after it; stretches that
/// touch are joined. Where no sentence contains any, the first sentence with its context.
pub fn around(sentences: &[Sentence], found: impl Iterator<Item = usize>, context: usize) -> Vec<Stretch> {
    let mut wanted: Vec<usize> = found
        .map(|byte| sentences.partition_point(|sentence| sentence.bytes.end <= byte))
        .filter(|sentence| *sentence < sentences.len())
        .collect();
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.is_empty() && !sentences.is_empty() {
        wanted.push(0);
    }
    let mut groups: Vec<Range<usize>> = Vec::new();
    for at in wanted {
        let (from, to) =
            (at.saturating_sub(context), at.saturating_add(context).saturating_add(1).min(sentences.len()));
        match groups.last_mut() {
            Some(last) if from <= last.end => last.end = to,
            _ => groups.push(from..to),
        }
    }
    groups.into_iter().map(|group| joined(&sentences[group])).collect()
}

fn joined(sentences: &[Sentence]) -> Stretch {
    let (first, last) = (&sentences[0], &sentences[sentences.len() - 1]);
    Stretch { bytes: first.bytes.start..last.bytes.end, words: first.words.start..last.words.end, score: 0.0 }
}

/// Joins two neighbouring passages where one has fewer than [`FEWEST`] words, both together have at most [`MOST`], and
/// no subheading stands between them.
fn join_short(groups: &mut Vec<Range<usize>>, sentences: &[Sentence]) {
    let size = |range: &Range<usize>| -> usize { sentences[range.clone()].iter().map(|s| s.words.len()).sum() };
    let mut i = 1;
    while i < groups.len() {
        let (a, b) = (size(&groups[i - 1]), size(&groups[i]));
        if (a < FEWEST || b < FEWEST) && a + b <= MOST && !sentences[groups[i].start].heading {
            groups[i - 1].end = groups[i].end;
            groups.remove(i);
        } else {
            i += 1;
        }
    }
}

/// Scores passages by what they hold of the query. Each pattern counts by its weight, more where it is there several
/// times; of all pairs of neighbouring matches of different patterns the closest adds a share of the lesser weight. The
/// first passage of an article gets a little more, so that it comes before an equal one.
pub fn score(stretches: &mut [Stretch], found: &[Found], weights: &[f32], scoring: &Scoring) {
    for (rank, stretch) in stretches.iter_mut().enumerate() {
        let mut hits: Vec<(usize, usize)> = Vec::new(); // word, pattern
        for one in found {
            if one.words.first().is_some_and(|first| stretch.words.contains(first)) {
                hits.push((one.words[0], one.pattern));
            }
        }
        hits.sort_unstable();
        let mut counts = vec![0u32; weights.len()];
        hits.iter().for_each(|(_, pattern)| counts[*pattern] += 1);
        let held: f32 = counts
            .iter()
            .zip(weights)
            .map(|(n, w)| if *n > 0 { w * (1.0 + scoring.repeated * (*n as f32).ln()) } else { 0.0 })
            .sum();
        let mut close = 0.0;
        for pair in hits.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            if a.1 != b.1 {
                let apart = (b.0 - a.0).max(1) as f32;
                close = f32::max(close, weights[a.1].min(weights[b.1]) / apart);
            }
        }
        let lead = if rank == 0 { scoring.lead } else { 1.0 };
        stretch.score = lead * (held + scoring.close * close);
    }
}

/// The names that some passage of an article mentions together, or its title, the lesser of two first: of a title with
/// these names, and a text with these at these bytes.
pub(crate) fn together<N: Copy + Ord + Hash>(
    article: &Article,
    title: impl Iterator<Item = N>,
    text: &[(usize, N)],
) -> HashSet<(N, N)> {
    let words = analysis::words(&article.text);
    let stretches = cut(&sentences(article, &words)).into_iter();
    let inside = stretches.map(|stretch| {
        let here = text.iter().filter(|(start, _)| stretch.bytes.contains(start));
        here.map(|(_, name)| *name).collect::<Vec<_>>()
    });
    let mut out = HashSet::new();
    for mut names in inside.chain([title.collect()]) {
        names.sort_unstable();
        names.dedup();
        for (at, one) in names.iter().enumerate() {
            out.extend(names[at + 1..].iter().map(|other| (*one, *other)));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::words;
    use crate::article::NewParagraph;

    fn article(paragraphs: &[(&str, ParagraphKind)]) -> Article {
        let mut article = Article::default();
        let paragraphs = paragraphs.iter().map(|(text, kind)| NewParagraph {
            text: (*text).to_owned(),
            kind: *kind,
            input: None,
            page: None,
        });
        article.set_paragraphs(paragraphs);
        article
    }

    fn sentences_of(text: &str) -> Vec<String> {
        let article = article(&[(text, ParagraphKind::Text)]);
        let words = words(&article.text);
        sentences(&article, &words).iter().map(|s| article.text[s.bytes.clone()].to_owned()).collect()
    }

    #[test]
    fn abbreviations_end_no_sentence() {
        for whole in [
            "Gen. Ada Moor met Lt. Col. Bo Lind at No. 10 on Jan. 5.",
            "The U.S. Army said so at 5 p.m. on Friday.",
            "Sen. Cy Dunn (R., Alda) and Dr. E. F. Gray spoke.",
            "St. Olaf Corp. Chairman Gil Hart left.",
            "It cost $2.5 million, vs. $1.1 million in Sept. 2024.",
            "Prime Minister J. K. Lowe visited Ft. Dunn.",
        ] {
            assert_eq!(sentences_of(whole), [whole]);
        }
        for (text, count) in [
            ("It ended at 5 p.m. The crowd left.", 2),
            ("He flew to the U.S. He came back.", 2),
            ("“We won.” They left. Nobody stayed!", 3),
            ("Who pays? The treasury. “Not us,” said Gen. Moor.", 3),
        ] {
            assert_eq!(sentences_of(text).len(), count, "{text}: {:?}", sentences_of(text));
        }
    }

    #[test]
    fn passages_hold_60_to_160_words_of_whole_sentences() {
        let sentence = |n: usize| format!("Sentence {} {}end.", n, "word ".repeat(5 + n * 7 % 23));
        let paragraph = |from: usize, to: usize| (from..to).map(sentence).collect::<Vec<_>>().join(" ");
        let long = format!("Over {}out.", "word ".repeat(400));
        let parts = [paragraph(0, 3), paragraph(3, 12), paragraph(12, 40), long, paragraph(40, 41), paragraph(41, 60)];
        let list: Vec<(&str, ParagraphKind)> = parts.iter().map(|text| (text.as_str(), ParagraphKind::Text)).collect();
        let article = article(&list);
        let words = words(&article.text);
        let sentences = sentences(&article, &words);
        let passages = cut(&sentences);
        let mut last = 0;
        for passage in &passages {
            assert_eq!(passage.words.start, last, "no word is lost");
            last = passage.words.end;
            assert!(passage.words.len() <= MOST, "{}", passage.words.len());
            assert!(sentences.iter().any(|s| s.bytes.start == passage.bytes.start));
            assert!(sentences.iter().any(|s| s.bytes.end == passage.bytes.end));
        }
        assert_eq!(last, words.len());
        let short = passages.iter().filter(|passage| passage.words.len() < FEWEST).count();
        assert!(short <= 2, "{short} of {} are short", passages.len());
    }

    #[test]
    fn sentences_around_what_was_found() {
        let article = article(&[("One. Two. Three. Four. Five.", ParagraphKind::Text)]);
        let words = words(&article.text);
        let sentences = sentences(&article, &words);
        let texts = |found: &[usize], context| -> Vec<&str> {
            around(&sentences, found.iter().copied(), context).iter().map(|s| &article.text[s.bytes.clone()]).collect()
        };
        assert_eq!(texts(&[5], 0), ["Two."]);
        assert_eq!(texts(&[0, 25], 1), ["One. Two.", "Four. Five."]);
        assert_eq!(texts(&[0, 25], 2), ["One. Two. Three. Four. Five."]);
        assert_eq!(texts(&[], 0), ["One."]);
        assert_eq!(texts(&[10], usize::MAX), ["One. Two. Three. Four. Five."]);
    }

    /// A sentence of this many words.
    fn of(words: usize) -> String {
        format!("Word{}.", " word".repeat(words - 1))
    }

    /// The length of each passage of an article, in words.
    fn lengths(paragraphs: &[(&str, ParagraphKind)]) -> Vec<usize> {
        let article = article(paragraphs);
        let words = words(&article.text);
        cut(&sentences(&article, &words)).iter().map(|passage| passage.words.len()).collect()
    }

    #[test]
    fn short_sections_under_subheadings_stay_apart() {
        fn heading(text: &str) -> (&str, ParagraphKind) {
            (text, ParagraphKind::Heading)
        }
        fn text(text: &str) -> (&str, ParagraphKind) {
            (text, ParagraphKind::Text)
        }
        let short = of(5);
        let parts = [text("A lede."), heading("One"), text(&short), heading("Two"), text(&short), text("More.")];
        let article = article(&parts);
        let words = words(&article.text);
        let passages = cut(&sentences(&article, &words));
        let texts: Vec<&str> = passages.iter().map(|passage| &article.text[passage.bytes.clone()]).collect();
        let body = "Word word word word word.";
        assert_eq!(texts, ["A lede.", &format!("One\n\n{body}"), &format!("Two\n\n{body}\n\nMore.")]);
        // A subheading stands with the next one and with what follows it, however long it is.
        assert_eq!(lengths(&[text("A."), heading("One"), heading("Two"), text(&short)]), [1, 7]);
        assert_eq!(lengths(&[heading(&of(61)), text(&of(20)), text(&of(60))]), [81, 60]);
        // The last section joins no other, and the longest passage before a subheading stays as it is.
        assert_eq!(lengths(&[text(&of(60)), heading("One"), text("A.")]), [60, 2]);
        assert_eq!(lengths(&[text(&of(20)), heading("One"), text(&of(70)), text(&of(10))]), [20, 81]);
    }

    #[test]
    fn a_passage_ends_with_its_paragraph_from_60_words_on_and_holds_160_at_most() {
        let paragraphs = |sizes: &[usize]| {
            let texts: Vec<String> = sizes.iter().map(|words| of(*words)).collect();
            lengths(&texts.iter().map(|text| (text.as_str(), ParagraphKind::Text)).collect::<Vec<_>>())
        };
        for (sizes, passages) in [
            (&[60, 60][..], &[60, 60][..]),
            (&[59, 60], &[119]),
            (&[59, 101], &[160]),
            (&[59, 102], &[59, 102]),
            (&[60, 101], &[60, 101]),
            (&[70, 10], &[80]),
            (&[70, 10, 70], &[70, 80]),
            (&[150, 10], &[160]),
            (&[150, 11], &[150, 11]),
            (&[10, 150], &[160]),
            (&[160], &[160]),
            (&[161], &[160, 1]),
            (&[321], &[160, 160, 1]),
            (&[1], &[1]),
            (&[], &[]),
        ] {
            assert_eq!(paragraphs(sizes), passages, "{sizes:?}");
        }
        // Within a paragraph a passage goes on as long as there is room.
        let one = |sizes: &[usize]| {
            let text = sizes.iter().map(|words| of(*words)).collect::<Vec<_>>().join(" ");
            lengths(&[(&text, ParagraphKind::Text)])
        };
        assert_eq!(one(&[60, 100]), [160]);
        assert_eq!(one(&[60, 101]), [60, 101]);
        assert_eq!(one(&[60, 60, 40]), [160]);
        assert_eq!(one(&[60, 60, 41]), [120, 41]);
    }

    #[test]
    fn a_passage_scores_by_what_it_holds_how_often_and_how_close() {
        let stretch = |words: Range<usize>| Stretch { bytes: 0..0, words, score: 9.0 };
        let scores = |found: &[(usize, usize)], weights: &[f32]| -> Vec<f32> {
            let found: Vec<Found> =
                found.iter().map(|(pattern, word)| Found { pattern: *pattern, words: vec![*word, word + 1] }).collect();
            let mut stretches = [stretch(0..10), stretch(10..30)];
            score(&mut stretches, &found, weights, &Scoring::default());
            stretches.iter().map(|stretch| stretch.score).collect()
        };
        let alike = |found: &[(usize, usize)], wanted: [f32; 2]| {
            let scores = scores(found, &[1.0, 2.0]);
            let near = scores.iter().zip(wanted).all(|(score, wanted)| (score - wanted).abs() < 1e-5);
            assert!(near, "{found:?}: {scores:?}, not {wanted:?}");
        };
        alike(&[], [0.0, 0.0]);
        // The first passage of an article comes before an equal one.
        alike(&[(0, 9), (0, 10)], [1.02, 1.0]);
        alike(&[(1, 10), (1, 29), (1, 30)], [0.0, 2.0 * (1.0 + 0.15 * 2f32.ln())]);
        // Two words of the query close to each other count by the lesser weight and the distance; one word twice does
        // not.
        alike(&[(0, 12), (1, 14)], [0.0, 3.0 + 0.3 * 1.0 / 2.0]);
        alike(&[(1, 12), (0, 20), (1, 21)], [0.0, 1.0 + 2.0 * (1.0 + 0.15 * 2f32.ln()) + 0.3 * 1.0]);
        alike(&[(0, 12), (1, 12)], [0.0, 3.0 + 0.3]);
    }

    #[test]
    fn sentences_that_touch_are_one_passage_and_a_byte_between_two_is_of_the_later() {
        let article = article(&[("One. Two. Three. Four. Five.", ParagraphKind::Text)]);
        let words = words(&article.text);
        let sentences = sentences(&article, &words);
        let texts = |found: &[usize], context| -> Vec<&str> {
            around(&sentences, found.iter().copied(), context).iter().map(|s| &article.text[s.bytes.clone()]).collect()
        };
        assert_eq!(texts(&[0, 5], 0), ["One. Two."]);
        assert_eq!(texts(&[5, 0, 5], 0), ["One. Two."]);
        assert_eq!(texts(&[0, 17], 1), ["One. Two. Three. Four. Five."]);
        assert_eq!(texts(&[3], 0), ["One."]);
        assert_eq!(texts(&[4], 0), ["Two."]);
        assert_eq!(texts(&[27], 0), ["Five."]);
        assert_eq!(texts(&[28, 99], 0), ["One."], "nothing stands there");
        assert!(around(&[], [0].into_iter(), 1).is_empty());
    }
}
