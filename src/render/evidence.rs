//! The evidence for an article's topics, on a terminal and as JSON: the words by which each was assigned.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::{Rich, Style, clean};
use crate::article::Article;
use crate::authority::Authority;
use crate::engine::Highlight;
use crate::number::number_of;
use crate::tag::{Span, TopicEvidence};

const BOLD: &str = "1";
const DIM: &str = "2";
/// Passages shown for each topic, at most.
const SHOWN: usize = 4;
/// Rules shown for each topic, at most.
const RULES: usize = 12;
/// Bytes of text shown before the first and after the last word of the evidence in a paragraph, at most.
const AROUND: usize = 110;

/// Prints each topic with the passages that support it, the words of the evidence marked; with `rules`, also what each
/// rule adds to its weight.
///
/// # Errors
///
/// Fails where `out` does.
pub(crate) fn topics(
    article: &Article,
    evidence: &[TopicEvidence],
    authority: &Authority,
    rules: bool,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "\n{}", style.paint(BOLD, "topics"))?;
    for topic in evidence {
        let label = clean(authority.topic_heading(&topic.topic).unwrap_or(&topic.topic)).into_owned();
        writeln!(
            out,
            "  {} {}",
            style.paint(BOLD, &label),
            style.paint(DIM, &format!("{} {:.0}", topic.topic, topic.weight))
        )?;
        if rules {
            for rule in topic.rules.iter().take(RULES) {
                let times = match rule.paragraphs {
                    0 | 1 => String::new(),
                    2 => ", twice".to_owned(),
                    more => format!(", {more} times"),
                };
                writeln!(out, "    {:>+5.1}  {}{times}", rule.weight, clean(&rule.q))?;
            }
            let more = topic.rules.len().saturating_sub(RULES);
            if more > 0 {
                let more = number_of(more as u64, "more rule");
                writeln!(out, "    {}", style.paint(DIM, &format!("and {more}")))?;
            }
        }
        if evidence.iter().any(|other| is_narrower(&other.topic, &topic.topic) && other.spans == topic.spans) {
            continue; // the narrower topic shows the same passages
        }
        let passages = passages(article, &topic.spans);
        for (text, marks) in passages.iter().take(SHOWN) {
            let width = style.width.saturating_sub(4);
            for line in Rich::new().with_marks(text, marks, "", None, style).lines(width, style) {
                writeln!(out, "    {line}")?;
            }
        }
        let more = passages.len().saturating_sub(SHOWN);
        if more > 0 {
            writeln!(out, "    {}", style.paint(DIM, &format!("and {}", number_of(more as u64, "more passage"))))?;
        }
    }
    Ok(())
}

fn is_narrower(topic: &str, broader: &str) -> bool {
    topic.strip_prefix(broader).is_some_and(|rest| rest.starts_with('/'))
}

/// The same as JSON: for each topic its weight and the words of its evidence.
pub(crate) fn json(article: &Article, evidence: &[TopicEvidence]) -> Value {
    let place = |span: &Span| {
        let text = if span.title { &article.title } else { &article.text };
        json!({
            "in": if span.title { "title" } else { "text" },
            "start": span.start,
            "end": span.end,
            "surface": text.get(span.start..span.end),
        })
    };
    let one = |topic: &TopicEvidence| {
        let spans: Vec<Value> = topic.spans.iter().map(place).collect();
        json!({"id": topic.topic, "weight": topic.weight, "spans": spans, "rules": topic.rules})
    };
    evidence.iter().map(one).collect()
}

/// The title and the excerpts of paragraphs that contain `spans`, each with the spans as highlights of the excerpt.
/// Excerpts are cut between words.
fn passages<'a>(article: &'a Article, spans: &[Span]) -> Vec<(std::borrow::Cow<'a, str>, Vec<Highlight>)> {
    let mut all = Vec::new();
    let title = marks(spans.iter().filter(|span| span.title), 0);
    if !title.is_empty() {
        all.push((article.title.as_str().into(), title));
    }
    for paragraph in &article.paragraphs {
        let inside = |span: &&Span| !span.title && paragraph.start <= span.start && span.end <= paragraph.end;
        let inside: Vec<&Span> = spans.iter().filter(inside).collect();
        let (Some(first), Some(last)) = (inside.first(), inside.iter().map(|span| span.end).max()) else { continue };
        let range = paragraph.range();
        let start = article.text.floor_char_boundary(first.start.saturating_sub(AROUND)).max(range.start);
        let end = article.text.ceil_char_boundary(last.saturating_add(AROUND)).min(range.end);
        // Cut after a space, so that no word is cut in two.
        let cut = |at: usize| article.text.get(at..end).and_then(|text| text.find(' ')).map_or(at, |n| at + n + 1);
        let begin = if start > range.start { cut(start).min(first.start) } else { start };
        let stop = if end < range.end {
            article.text.get(last..end).and_then(|text| text.rfind(' ')).map_or(end, |n| last + n)
        } else {
            end
        };
        let dots = |there: bool| if there { "… " } else { "" };
        let lead = dots(begin > range.start);
        let text =
            format!("{lead}{}{}", article.text.get(begin..stop).unwrap_or_default(), dots(stop < range.end).trim_end());
        let shift = begin.wrapping_sub(lead.len());
        all.push((text.into(), marks(inside.into_iter(), shift)));
    }
    all
}

/// Spans as highlights, their bytes counted from `shift`; one that overlaps the highlight before it is dropped.
fn marks<'a>(spans: impl Iterator<Item = &'a Span>, shift: usize) -> Vec<Highlight> {
    let mut out: Vec<Highlight> = Vec::new();
    for span in spans {
        let (start, end) = (span.start.wrapping_sub(shift), span.end.wrapping_sub(shift));
        if out.last().is_none_or(|last| last.end <= start) {
            out.push(Highlight { start, end, actor: false });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tag::RuleEvidence;

    #[test]
    fn passages_are_cut_at_words_and_mark_what_carries_the_topic() {
        let text = format!("{} frigates sail {}", "many words before ".repeat(12), "and after them ".repeat(12));
        let at = text.find("frigates").expect("it is there");
        let whole =
            crate::article::Paragraph { start: 0, end: text.len(), kind: Default::default(), input: None, page: None };
        let article = Article { text, paragraphs: vec![whole], ..Article::default() };
        let span = Span { title: false, start: at, end: at + 8 };
        let found = passages(&article, &[span.clone(), Span { end: at + 4, ..span }]);
        let [(passage, marks)] = found.as_slice() else { panic!("one passage: {found:?}") };
        assert!(passage.starts_with("… ") && passage.ends_with('…') && passage.len() < 260, "{passage}");
        let [mark] = marks.as_slice() else { panic!("one mark: {marks:?}") };
        assert_eq!(&passage[mark.start..mark.end], "frigates");
    }

    #[test]
    fn a_topic_shows_four_passages_unless_a_narrower_one_shows_the_same() {
        let mut article = Article { title: "On ships".to_owned(), ..Article::default() };
        article.set_paragraphs((0..6).map(|n| crate::article::NewParagraph {
            text: format!("Ship {n} sails."),
            kind: Default::default(),
            input: None,
            page: None,
        }));
        let spans = |paragraphs: usize, title: bool| -> Vec<Span> {
            let inside = article.paragraphs.iter().take(paragraphs);
            let inside = inside.map(|p| Span { title: false, start: p.start, end: p.start + 4 });
            title.then_some(Span { title: true, start: 3, end: 8 }).into_iter().chain(inside).collect()
        };
        let shown = |topics: &[(&str, Vec<Span>)]| {
            let evidence: Vec<TopicEvidence> = topics
                .iter()
                .map(|(topic, spans)| TopicEvidence {
                    topic: (*topic).to_owned(),
                    weight: 2.5,
                    spans: spans.clone(),
                    rules: Vec::new(),
                })
                .collect();
            let style = Style { colored: false, linked: false, marks: crate::render::Marks::Guillemets, width: 60 };
            let mut out = Vec::new();
            topics_of(&article, &evidence, &style, &mut out);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(shown(&[("x", spans(1, true))]), "\ntopics\n  x x 2\n    On «ships»\n    «Ship» 0 sails.\n");
        assert_eq!(shown(&[("x", spans(4, false))]).lines().count(), 7);
        let five = shown(&[("x", spans(5, false))]);
        assert!(five.ends_with("«Ship» 3 sails.\n    and 1 more passage\n"), "{five}");
        assert!(shown(&[("x", spans(5, true))]).ends_with("    and 2 more passages\n"));
        let same = shown(&[("x", spans(2, false)), ("x/y", spans(2, false))]);
        assert!(same.starts_with("\ntopics\n  x x 2\n  x/y x/y 2\n    «Ship» 0"), "{same}");
        let other = shown(&[("x", spans(2, false)), ("x/y", spans(1, false))]);
        assert_eq!(other.matches("«Ship» 0").count(), 2, "{other}");
        let unlike = shown(&[("x", spans(1, false)), ("xy/z", spans(1, false))]);
        assert_eq!(unlike.matches("«Ship» 0").count(), 2, "{unlike}");
        let rules = vec![RuleEvidence { q: "ship".to_owned(), paragraphs: 1, weight: 2.0 }];
        let one = TopicEvidence { topic: "x".to_owned(), weight: 2.0, spans: spans(1, true), rules };
        let list = json(&article, std::slice::from_ref(&one));
        let style = Style { colored: false, linked: false, marks: crate::render::Marks::Guillemets, width: 60 };
        let mut out = Vec::new();
        topics(&article, &[one], Authority::bundled(), true, &style, &mut out).unwrap();
        assert!(String::from_utf8(out).unwrap().starts_with("\ntopics\n  x x 2\n     +2.0  ship\n"));
        assert_eq!(
            list,
            json!([{"id": "x", "weight": 2.0, "spans": [
                {"in": "title", "start": 3, "end": 8, "surface": "ships"},
                {"in": "text", "start": 0, "end": 4, "surface": "Ship"},
            ], "rules": [{"q": "ship", "paragraphs": 1, "weight": 2.0}]}])
        );
    }

    fn topics_of(article: &Article, evidence: &[TopicEvidence], style: &Style, out: &mut Vec<u8>) {
        topics(article, evidence, Authority::bundled(), false, style, out).unwrap();
    }
}
