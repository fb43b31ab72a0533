//! How an answer came about: what each part of a query matches, where a score comes from, what would find something.

use std::collections::HashMap;

use tantivy::DocAddress;

use super::bits::Bits;
use super::exec::Executor;
use super::labels::heading;
use super::local::{LocalEngine, Outcome};
use super::plan::Plan;
use super::{ClauseCount, EngineError, Explanation, Filters, Heading, ScorePart, SearchRequest};
use crate::analysis;
use crate::query::pattern::{Alternative, Pattern, is_stop_text};
use crate::query::{Clause, Kind, Mode, Node, Occur, Query, Text};

/// Words listed for a prefix, a pattern or a typing error, at most.
const LISTED: usize = 8;

/// Words of a query for which a nearer one is looked for, at most.
const CORRECTED: usize = 12;
/// Clauses of a query that are left out, one by one, to see whether the others find something, at most.
const LEFT_OUT: usize = 24;

/// The scores of all articles after a step of the ranking.
pub(super) type Step = (&'static str, Vec<Vec<f32>>);

impl LocalEngine<'_> {
    /// What each part of the query and each filter matches by itself, and how it was read.
    pub(super) fn explanation(
        &mut self,
        request: &SearchRequest,
        outcome: &Outcome,
    ) -> Result<Explanation, EngineError> {
        let mut nodes: Vec<&Node> = Vec::new();
        if let Some(root) = &outcome.query.root {
            parts(root, &mut nodes);
        }
        let mut clauses: Vec<ClauseCount> = Vec::new();
        for node in nodes {
            let clause = node.to_string();
            if clauses.iter().any(|known| known.clause == clause) {
                continue;
            }
            let query = Query { root: Some(node.clone()), ..Query::default() };
            let readings = match &node.kind {
                Kind::Text(text) => self.readings(text)?,
                _ => Vec::new(),
            };
            clauses.push(ClauseCount { clause, articles: self.count(&query, &Filters::default(), request)?, readings });
        }
        for (name, filters) in single(&request.filters) {
            let articles = self.count(&Query::default(), &filters, request)?;
            clauses.push(ClauseCount { clause: name, articles, readings: Vec::new() });
        }
        let mut ids: Vec<&String> = Vec::new();
        named(&outcome.plan, &mut |number| {
            ids.extend(outcome.prepared.values.get(number).into_iter().flat_map(|values| &values.terms));
        });
        let mut actors: Vec<Heading> = ids.into_iter().map(|id| heading(self.authority, id.clone())).collect();
        actors.dedup();
        Ok(Explanation { clauses, actors, learnt: Vec::new() })
    }

    /// How many articles match.
    fn count(&mut self, query: &Query, filters: &Filters, request: &SearchRequest) -> Result<u64, EngineError> {
        let outcome = self.carry_out(query.clone(), filters, false)?;
        let mut bits = outcome.bits(None);
        let mentions = Filters {
            min_mentions: request.filters.min_mentions,
            no_metonyms: request.filters.no_metonyms,
            ..Filters::default()
        };
        if !filters.actor.is_empty() {
            self.enough_mentions(&outcome, &mentions, &mut bits)?;
        }
        Ok(bits.iter().map(Bits::count).sum())
    }

    /// How the words of a leaf are read, where it is more than their letters.
    fn readings(&mut self, text: &Text) -> Result<Vec<String>, EngineError> {
        let Some(pattern) = Pattern::new(text, &mut self.analyzer) else { return Ok(Vec::new()) };
        let mut out = Vec::new();
        let words = analysis::words(&text.text);
        for slot in &pattern.slots {
            let terms: Vec<&str> = slot
                .any
                .iter()
                .filter_map(|a| if let Alternative::Term(t) = a { Some(t.as_str()) } else { None })
                .collect();
            let (initialisms, stems): (Vec<&str>, Vec<&str>) =
                terms.iter().partition(|term| term.starts_with(|c: char| c.is_ascii_uppercase()));
            match (initialisms.as_slice(), stems.as_slice()) {
                ([initialism], []) => out.push(format!("the initialism {initialism}, not the word")),
                ([initialism], [..]) => out.push(format!("the initialism {initialism} or the word")),
                (_, [stem]) => {
                    let folded: Vec<&str> = words.as_slice().iter().map(|word| words.folded(word)).collect();
                    let spelling = folded.iter().any(|word| analysis::spelling::canonical(word) != *word);
                    if spelling {
                        out.push(format!("any form of {stem}-, British and American"));
                    } else if !folded.contains(stem) {
                        out.push(format!("any form of {stem}-"));
                    }
                }
                _ => {}
            }
            for alternative in slot.any.iter().filter(|a| matches!(a, Alternative::Glob(_) | Alternative::Fuzzy(..))) {
                out.push(self.accepted(alternative)?);
            }
        }
        out.dedup();
        Ok(out)
    }

    /// The words of the index that a pattern takes: how many, and the most frequent.
    fn accepted(&self, alternative: &Alternative) -> Result<String, EngineError> {
        let mut found: HashMap<String, u32> = HashMap::new();
        for segment in self.searcher.segment_readers() {
            let index = segment.inverted_index(self.fields.form)?;
            let mut stream = index.terms().stream()?;
            while let Some((key, info)) = stream.next() {
                let word = key.split(|b| *b == 0).next().and_then(|word| std::str::from_utf8(word).ok());
                if let Some(word) = word.filter(|word| alternative.accepts(word)) {
                    *found.entry(word.to_owned()).or_default() += info.doc_freq;
                }
            }
        }
        let mut list: Vec<(String, u32)> = found.into_iter().collect();
        list.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let number = list.len();
        let words: Vec<String> = list.into_iter().take(LISTED).map(|(word, _)| word).collect();
        let noun = if number == 1 { "word" } else { "words" };
        let more = if number > LISTED { " ..." } else { "" };
        Ok(format!("{number} {noun}: {}{more}", words.join(", ")))
    }

    /// Each part of the query that must hold, and each filter, without which something is found.
    pub(super) fn emptied_by(
        &mut self,
        request: &SearchRequest,
        outcome: &Outcome,
    ) -> Result<Vec<ClauseCount>, EngineError> {
        let mut out = Vec::new();
        for (clause, query) in outcome.query.root.iter().flat_map(without_one) {
            let articles = self.count(&query, &request.filters, request)?;
            out.push(ClauseCount { clause, articles, readings: Vec::new() });
        }
        for (clause, filters) in without_each(&request.filters) {
            let articles = self.count(&outcome.query, &filters, request)?;
            out.push(ClauseCount { clause, articles, readings: Vec::new() });
        }
        out.retain(|clause| clause.articles > 0);
        Ok(out)
    }

    /// What would find something: a word that is near one that no article has, or the query without a part.
    pub(super) fn suggestions(
        &mut self,
        request: &SearchRequest,
        outcome: &Outcome,
    ) -> Result<Vec<String>, EngineError> {
        let mut out: Vec<String> = Vec::new();
        let mut nearer = outcome.understood.clone();
        let executor = Executor::new(&self.searcher, self.fields, &self.archive, &self.gone)?;
        let mut unknown = 0;
        for (number, leaf) in outcome.prepared.leaves.iter().enumerate().filter(|(_, leaf)| leaf.weight > 0.0) {
            let words = analysis::words(&leaf.text.text);
            let (Mode::Word, [word]) = (leaf.text.mode, words.as_slice()) else { continue };
            let mut found = 0;
            for segment in 0..self.searcher.segment_readers().len() as u32 {
                found +=
                    executor.segment(segment, &Plan::Leaf(number), &outcome.prepared, &outcome.ready, None)?.count();
            }
            if found == 0 && unknown < CORRECTED {
                unknown += 1;
                if let Some(near) = executor.nearest(words.folded(word))? {
                    nearer = replaced(&nearer, &leaf.text.text, &near);
                }
            }
        }
        if nearer != outcome.understood {
            out.push(nearer);
        }
        let fewer = outcome.query.root.iter().flat_map(without_one);
        out.extend(fewer.map(|(_, query)| query.to_string()));
        let mut kept = Vec::new();
        for text in out.into_iter().filter(|text| !text.is_empty()) {
            let query = crate::query::parse(&text, &request.now).unwrap_or_default();
            if query.root.is_some() && !kept.contains(&text) && self.count(&query, &request.filters, request)? > 0 {
                kept.push(text);
            }
        }
        Ok(kept)
    }

    /// Where the score of an article comes from, by the steps of the ranking; the values add up to the score.
    pub(super) fn score_parts(
        &self,
        outcome: &Outcome,
        bare: &[Vec<Vec<f32>>; 2],
        address: DocAddress,
        score: f32,
    ) -> Vec<ScorePart> {
        let of = |scores: &[Vec<f32>]| -> f32 {
            let part = scores.get(address.segment_ord as usize);
            part.and_then(|part| part.get(address.doc_id as usize)).copied().unwrap_or(0.0)
        };
        let [words, titled] = [of(&bare[0]), of(&bare[1])];
        let steps = outcome.steps.as_deref().unwrap_or_default();
        let first = steps.first().map_or(score, |(_, scores)| of(scores));
        let mut out = vec![("text", words), ("title", titled - words), ("actor", first - titled)];
        let mut last = first;
        for (name, scores) in steps.iter().skip(1) {
            let now = of(scores);
            out.push((name, now - last));
            last = now;
        }
        out.into_iter().filter(|(_, value)| *value != 0.0).map(|(part, value)| ScorePart { part, value }).collect()
    }

    /// The scores by the words of the query alone, without titles and actors; then with titles.
    pub(super) fn bare_scores(&self, outcome: &Outcome) -> Result<[Vec<Vec<f32>>; 2], EngineError> {
        let executor =
            Executor::new(&self.searcher, self.fields, &self.archive, &self.gone)?.judging(&outcome.prepared)?;
        let mut plan = outcome.plan.clone();
        unname(&mut plan);
        let scores = |titles: bool| -> Result<Vec<Vec<f32>>, EngineError> {
            let mut ready = executor.ready(&outcome.prepared.leaves)?;
            if !titles {
                ready.iter_mut().for_each(super::ready::Ready::leave_out_title);
            }
            let mut out = Vec::new();
            for (number, segment) in self.searcher.segment_readers().iter().enumerate() {
                let mut part = vec![0.0; segment.max_doc() as usize];
                executor.segment(number as u32, &plan, &outcome.prepared, &ready, Some(&mut part))?;
                out.push(part);
            }
            Ok(out)
        };
        Ok([scores(false)?, scores(true)?])
    }
}

/// The leaves of a tree, without the stop words of its rows.
fn parts<'q>(node: &'q Node, out: &mut Vec<&'q Node>) {
    match &node.kind {
        Kind::And(nodes) | Kind::Or(nodes) => nodes.iter().for_each(|node| parts(node, out)),
        Kind::Not(node) => parts(node, out),
        Kind::Row(clauses) => {
            let is_stop = |c: &&Clause| {
                c.occur == Occur::Should && matches!(&c.node.kind, Kind::Text(text) if is_stop_text(text))
            };
            let all = clauses.iter().filter(|c| c.occur == Occur::Should).all(|c| is_stop(&c));
            clauses.iter().filter(|c| all || !is_stop(c)).for_each(|c| parts(&c.node, out));
        }
        _ => out.push(node),
    }
}

/// The query without each of the parts that must hold, in turn: the part, and what is left.
fn without_one(root: &Node) -> Vec<(String, Query)> {
    let left = |kind: Kind| Query { root: Some(Node { kind, span: root.span.clone() }), ..Query::default() };
    let but = |nodes: &[Node], at: usize| -> Vec<Node> {
        nodes.iter().enumerate().filter(|(n, _)| *n != at).map(|(_, node)| node.clone()).collect()
    };
    match &root.kind {
        Kind::And(nodes) => {
            let one = |at: usize| match but(nodes, at).as_slice() {
                [only] => left(only.kind.clone()),
                rest => left(Kind::And(rest.to_vec())),
            };
            nodes.iter().enumerate().take(LEFT_OUT).map(|(at, node)| (node.to_string(), one(at))).collect()
        }
        Kind::Row(clauses) if clauses.len() > 1 => {
            let must = clauses.iter().enumerate().filter(|(_, clause)| clause.occur != Occur::Should);
            must.take(LEFT_OUT)
                .map(|(at, clause)| {
                    let mut rest = clauses.clone();
                    rest.remove(at);
                    let sign = if clause.occur == Occur::Must && !clause.node.is_filter() { "+" } else { "" };
                    let sign = if clause.occur == Occur::MustNot { "-" } else { sign };
                    let query = match rest.as_slice() {
                        [Clause { occur: Occur::Should | Occur::Must, node }] => left(node.kind.clone()),
                        _ => left(Kind::Row(rest)),
                    };
                    (format!("{sign}{}", clause.node), query)
                })
                .collect()
        }
        _ => Vec::new(),
    }
}

/// Each filter by itself, with its name.
fn single(filters: &Filters) -> Vec<(String, Filters)> {
    let mut out = Vec::new();
    for (name, field) in LISTS {
        for value in field(&mut filters.clone()).iter() {
            let mut only = Filters { broader: filters.broader, ..Filters::default() };
            field(&mut only).push(value.clone());
            out.push((format!("--{name} {value}"), only));
        }
    }
    for (name, only) in [
        ("--since", Filters { since: filters.since, ..Filters::default() }),
        ("--until", Filters { until: filters.until, ..Filters::default() }),
    ] {
        if only != Filters::default() {
            out.push((name.to_owned(), only));
        }
    }
    out
}

/// The filters without each in turn, with the name of the one that is left out.
fn without_each(filters: &Filters) -> Vec<(String, Filters)> {
    let mut out = Vec::new();
    for (name, field) in LISTS {
        for at in 0..field(&mut filters.clone()).len() {
            let mut rest = filters.clone();
            let value = field(&mut rest).remove(at);
            out.push((format!("--{name} {value}"), rest));
        }
    }
    if filters.since.is_some() {
        out.push(("--since".to_owned(), Filters { since: None, ..filters.clone() }));
    }
    if filters.until.is_some() {
        out.push(("--until".to_owned(), Filters { until: None, ..filters.clone() }));
    }
    out
}

/// A filter's name on the command line, and its values.
type List = (&'static str, fn(&mut Filters) -> &mut Vec<String>);

const LISTS: [List; 6] = [
    ("actor", |f| &mut f.actor),
    ("affiliation", |f| &mut f.affiliation),
    ("topic", |f| &mut f.topic),
    ("outlet", |f| &mut f.outlet),
    ("lang", |f| &mut f.lang),
    ("place", |f| &mut f.place),
];

/// The values of actors whom words of the plan name.
fn named(plan: &Plan, found: &mut impl FnMut(usize)) {
    match plan {
        Plan::Named(_, values) => found(*values),
        Plan::And(plans) | Plan::Or(plans) => plans.iter().for_each(|plan| named(plan, found)),
        Plan::Not(plan) => named(plan, found),
        Plan::Row { must, should, .. } => {
            must.iter().for_each(|plan| named(plan, found));
            for plan in should {
                match plan {
                    Plan::Values(values) => found(*values),
                    plan => named(plan, found),
                }
            }
        }
        _ => {}
    }
}

/// Leaves out what actors add to the scores.
fn unname(plan: &mut Plan) {
    match plan {
        Plan::Named(leaf, _) => *plan = Plan::Leaf(*leaf),
        Plan::And(plans) | Plan::Or(plans) => plans.iter_mut().for_each(unname),
        Plan::Not(plan) => unname(plan),
        Plan::Row { must, should, not } => must.iter_mut().chain(should).chain(not).for_each(unname),
        _ => {}
    }
}

/// A query with a word replaced wherever it stands by itself.
fn replaced(query: &str, word: &str, by: &str) -> String {
    let mut out = String::with_capacity(query.len());
    let mut rest = query;
    while let Some(at) = rest.find(word) {
        let whole = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        let alone = whole(rest[..at].chars().next_back()) && whole(rest[at + word.len()..].chars().next());
        out.push_str(&rest[..at]);
        out.push_str(if alone { by } else { word });
        rest = &rest[at + word.len()..];
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Moment;

    fn lefts(text: &str) -> Vec<String> {
        let now: Moment = "2026-02-04".parse().unwrap();
        let query = crate::query::parse(text, &now).unwrap();
        query.root.iter().flat_map(without_one).map(|(part, left)| format!("{part} | {left}")).collect()
    }

    #[test]
    fn each_part_that_must_hold_is_left_out_in_turn() {
        assert_eq!(lefts("+a +b c"), ["+a | +b c", "+b | +a c"]);
        assert_eq!(lefts("a AND b"), ["a | b", "b | a"]);
        assert_eq!(lefts("+tank -gun"), ["+tank | -gun", "-gun | tank"]);
        assert_eq!(lefts("outlet:Post tank"), ["outlet:Post | tank"]);
        assert!(lefts("a b").is_empty());
    }

    #[test]
    fn words_are_replaced_whole() {
        assert_eq!(replaced("misile AND misiles misile*", "misile", "missile"), "missile AND misiles missile*");
    }

    #[test]
    fn a_word_alone_stands_between_no_letters_or_digits() {
        for (query, wanted) in [
            ("feries", "ferries"),
            ("(feries", "(ferries"),
            ("feries1 xferies feries", "feries1 xferies ferries"),
            ("title:feries \"feries\"", "title:ferries \"ferries\""),
            ("éferies", "éferies"),
            ("x", "x"),
        ] {
            assert_eq!(replaced(query, "feries", "ferries"), wanted);
        }
    }
}
