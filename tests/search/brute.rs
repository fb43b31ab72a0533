//! What the query language means, straight from an article's text: slow, plain, and without an index.

use std::collections::BTreeSet;

use despatch::analysis::{Analyzer, words};
use despatch::article::Article;
use despatch::engine::Hit;
use despatch::query::{self, Field, Kind, Mode, Node, Occur, Part, Text};

pub(crate) struct Wanted(query::Query);

pub(crate) fn parse(text: &str) -> Wanted {
    Wanted(query::parse(text, &super::now()).unwrap())
}

/// A word of an article: its part, position, bytes, folded and written form, and terms.
struct Word {
    title: bool,
    position: i64,
    start: usize,
    end: usize,
    folded: String,
    written: String,
    terms: Vec<String>,
}

fn read(article: &Article) -> Vec<Word> {
    let mut out = Vec::new();
    for (title, text) in [(true, &article.title), (false, &article.text)] {
        let words = words(text);
        let first = out.len();
        for word in words.as_slice() {
            let (start, end) = (word.start as usize, word.end as usize);
            let base = if title { 0 } else { 1_000_000 };
            out.push(Word {
                title,
                position: base + i64::from(word.position),
                start,
                end,
                folded: words.folded(word).to_owned(),
                written: text[start..end].to_owned(),
                terms: Vec::new(),
            });
        }
        Analyzer::new().terms(&words, |word, term| {
            let at = words.as_slice().iter().position(|w| w == word).unwrap();
            out[first + at].terms.push(term.to_owned());
        });
    }
    out
}

fn glob(pattern: &[char], text: &[char]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some(('*', rest)) => (0..=text.len()).any(|n| glob(rest, &text[n..])),
        Some(('?', rest)) => !text.is_empty() && glob(rest, &text[1..]),
        Some((c, rest)) => text.first() == Some(c) && glob(rest, &text[1..]),
    }
}

fn edits(a: &[char], b: &[char]) -> usize {
    if a.is_empty() || b.is_empty() {
        return a.len() + b.len();
    }
    let same = usize::from(a[0] != b[0]) + edits(&a[1..], &b[1..]);
    let mut best = same.min(1 + edits(&a[1..], b)).min(1 + edits(a, &b[1..]));
    if a.len() > 1 && b.len() > 1 && a[0] == b[1] && a[1] == b[0] {
        best = best.min(1 + edits(&a[2..], &b[2..]));
    }
    best
}

/// All choices of words for a leaf that make it true; each choice is a list of numbers of words.
fn choices(text: &Text, article: &[Word]) -> Vec<Vec<usize>> {
    let here = |word: &Word| match text.part {
        Part::Any => true,
        Part::Title => word.title,
        Part::Body => !word.title,
        Part::Byline => false,
    };
    let query = words(&text.text);
    let lower: Vec<char> = text.text.to_lowercase().chars().collect();
    let fits = |slot: usize, word: &Word| -> bool {
        match text.mode {
            Mode::Pattern => glob(&lower, &word.folded.chars().collect::<Vec<_>>()),
            Mode::Fuzzy(limit) => {
                word.folded.chars().count().abs_diff(lower.len()) <= usize::from(limit)
                    && edits(&lower, &word.folded.chars().collect::<Vec<_>>()) <= usize::from(limit)
            }
            Mode::Exact | Mode::ExactPhrase => {
                let own = &query.as_slice()[slot];
                word.written == text.text[own.start as usize..own.end as usize]
            }
            _ => {
                let own = query.as_slice()[slot].position;
                let mut any = false;
                Analyzer::new().query_terms(&query, |w, term| {
                    any |= w.position == own && word.terms.iter().any(|t| t == term);
                });
                any
            }
        }
    };
    let single = matches!(text.mode, Mode::Pattern | Mode::Fuzzy(_));
    let slots = if single { 1 } else { query.len() };
    let money = text.mode == Mode::Word && text.text.starts_with('€');
    let slop = match text.mode {
        Mode::Near(slop) => Some(i64::from(slop)),
        _ if money => Some(1),
        _ => None,
    };
    let mut out: Vec<Vec<usize>> = vec![Vec::new()];
    for slot in 0..slots {
        let mut next = Vec::new();
        for chosen in &out {
            for (number, word) in article.iter().enumerate() {
                let follows = slop.is_some() || slot == 0 || article[chosen[slot - 1]].position + 1 == word.position;
                if follows && here(word) && !chosen.contains(&number) && fits(slot, word) {
                    let mut chosen = chosen.clone();
                    chosen.push(number);
                    let at = |n: &usize| article[*n].position;
                    let width = chosen.iter().map(at).max().unwrap() - chosen.iter().map(at).min().unwrap();
                    if slop.is_none_or(|slop| width <= slots as i64 - 1 + slop) {
                        next.push(chosen);
                    }
                }
            }
        }
        out = next;
    }
    out
}

impl Wanted {
    pub(crate) fn matches(&self, article: &Article) -> bool {
        match &self.0.root {
            Some(root) => holds(root, article, &read(article)),
            None => !self.0.hollow,
        }
    }
}

fn is_stop(node: &Node) -> bool {
    matches!(&node.kind, Kind::Text(text) if query::pattern::is_stop_text(text))
}

fn holds(node: &Node, article: &Article, read: &[Word]) -> bool {
    let inner = |node: &Node| holds(node, article, read);
    match &node.kind {
        Kind::All => true,
        Kind::Text(text) => !choices(text, read).is_empty(),
        Kind::Field { field: Field::Outlet, values } => values.iter().any(|value| {
            article.outlet.as_ref().is_some_and(|outlet| outlet.to_lowercase() == value.text.to_lowercase())
        }),
        Kind::Field { .. } => false,
        Kind::Date { range, .. } => article.published.is_some_and(|at| range.contains(&at.seconds())),
        Kind::And(nodes) => nodes.iter().all(inner),
        Kind::Or(nodes) => nodes.iter().any(inner),
        Kind::Not(node) => !inner(node),
        Kind::Row(clauses) => {
            let of = |occur| clauses.iter().filter(move |c| c.occur == occur).map(|c| &c.node);
            let carries = of(Occur::Should).any(|node| !is_stop(node));
            let should: Vec<&Node> = of(Occur::Should).filter(|node| !carries || !is_stop(node)).collect();
            let must = of(Occur::Must).all(inner);
            let any = should.is_empty() || of(Occur::Must).next().is_some() || should.iter().any(|node| inner(node));
            must && any && !of(Occur::MustNot).any(inner)
        }
    }
}

/// The leaves that ask for words, without those that only shut out and the stop words of rows.
fn asked<'q>(node: &'q Node, wanted: bool, out: &mut Vec<&'q Text>) {
    match &node.kind {
        Kind::Text(text) if wanted => out.push(text),
        Kind::And(nodes) | Kind::Or(nodes) => nodes.iter().for_each(|node| asked(node, wanted, out)),
        Kind::Not(node) => asked(node, !wanted, out),
        Kind::Row(clauses) => {
            let carries = clauses.iter().any(|c| c.occur == Occur::Should && !is_stop(&c.node));
            for clause in clauses {
                if !(carries && clause.occur == Occur::Should && is_stop(&clause.node)) {
                    asked(&clause.node, wanted == (clause.occur != Occur::MustNot), out);
                }
            }
        }
        _ => {}
    }
}

/// Every highlight is made of words of true matches; every leaf that holds has one of its matches marked in full.
pub(crate) fn check_highlights(wanted: &Wanted, article: &Article, hit: &Hit, query: &str) {
    let read = read(article);
    let mut leaves = Vec::new();
    if let Some(root) = &wanted.0.root {
        asked(root, true, &mut leaves);
    }
    let mut spans: BTreeSet<(bool, usize, usize)> = BTreeSet::new();
    for highlight in &hit.title_highlights {
        spans.insert((true, highlight.start, highlight.end));
    }
    let mut last = 0;
    let mut in_order: Vec<_> = hit.passages.iter().collect();
    in_order.sort_by_key(|passage| passage.start);
    for passage in in_order {
        assert!(passage.start >= last, "passages overlap");
        assert_eq!(article.text[passage.start..passage.end], passage.text);
        last = passage.end;
        let mut at = 0;
        for highlight in &passage.highlights {
            assert!(
                highlight.start >= at
                    && highlight.start < highlight.end
                    && passage.text.get(highlight.start..highlight.end).is_some()
            );
            at = highlight.end;
            spans.insert((false, passage.start + highlight.start, passage.start + highlight.end));
        }
    }
    let marked = |word: &Word| spans.iter().any(|s| s.0 == word.title && s.1 <= word.start && word.end <= s.2);
    let mut true_words: BTreeSet<usize> = BTreeSet::new();
    for leaf in leaves {
        let found = choices(leaf, &read);
        assert!(
            found.is_empty() || found.iter().any(|choice| choice.iter().all(|n| marked(&read[*n]))),
            "{query}: nothing is marked for {leaf} in {}",
            hit.id
        );
        true_words.extend(found.into_iter().flatten());
    }
    for (number, word) in read.iter().enumerate() {
        let touched = spans.iter().any(|s| s.0 == word.title && s.1 < word.end && word.start < s.2);
        assert!(!touched || true_words.contains(&number), "{query}: '{}' is marked in {}", word.written, hit.id);
    }
}
