//! Variants of a query and of its filters, by which an answer is explained or a better query is suggested.

pub(super) use super::bind::is_stop_clause;
use super::request::Filters;
use crate::query::{Clause, Field, Kind, Node, Occur, Query};

/// Clauses that are left out, one by one, to see whether the others find something, at most.
const LEFT_OUT: usize = 24;

/// The leaves of a tree, without the stop words of its rows.
pub(super) fn parts<'q>(node: &'q Node, out: &mut Vec<&'q Node>) {
    match &node.kind {
        Kind::And(nodes) | Kind::Or(nodes) => nodes.iter().for_each(|node| parts(node, out)),
        Kind::Not(node) => parts(node, out),
        Kind::Row(clauses) => {
            let all = clauses.iter().filter(|c| c.occur == Occur::Should).all(is_stop_clause);
            clauses.iter().filter(|c| all || !is_stop_clause(c)).for_each(|c| parts(&c.node, out));
        }
        _ => out.push(node),
    }
}

/// The query without each of the parts that must hold, in turn: the part as it is written, and the rest of the query.
pub(super) fn without_one(root: &Node) -> Vec<(String, Query)> {
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

/// Each filter by itself, with the option that sets it.
pub(super) fn single_filters(filters: &Filters) -> Vec<(String, Filters)> {
    let mut out = Vec::new();
    for (field, entries) in filters.lists() {
        for entry in entries {
            let mut only = Filters { broader: filters.broader, ..Filters::default() };
            only.list_mut(field).push(entry.clone());
            out.push((option(field, entry), only));
        }
    }
    for (name, only) in [
        ("--doubtful", Filters { doubtful: filters.doubtful, ..Filters::default() }),
        ("--since", Filters { since: filters.since, ..Filters::default() }),
        ("--until", Filters { until: filters.until, ..Filters::default() }),
        ("--undated", Filters { undated: filters.undated, ..Filters::default() }),
        ("--modified-since", Filters { modified_since: filters.modified_since, ..Filters::default() }),
        ("--modified-until", Filters { modified_until: filters.modified_until, ..Filters::default() }),
    ] {
        if only != Filters::default() {
            out.push((name.to_owned(), only));
        }
    }
    out
}

/// The filters without each in turn, with the option of the one that is left out.
pub(super) fn without_each_filter(filters: &Filters) -> Vec<(String, Filters)> {
    let mut out = Vec::new();
    for (field, entries) in filters.lists() {
        for (at, entry) in entries.iter().enumerate() {
            let mut rest = filters.clone();
            rest.list_mut(field).remove(at);
            out.push((option(field, entry), rest));
        }
    }
    if filters.doubtful {
        out.push(("--doubtful".to_owned(), Filters { doubtful: false, ..filters.clone() }));
    }
    if filters.since.is_some() {
        out.push(("--since".to_owned(), Filters { since: None, ..filters.clone() }));
    }
    if filters.until.is_some() {
        out.push(("--until".to_owned(), Filters { until: None, ..filters.clone() }));
    }
    if filters.undated {
        out.push(("--undated".to_owned(), Filters { undated: false, ..filters.clone() }));
    }
    if filters.modified_since.is_some() {
        out.push(("--modified-since".to_owned(), Filters { modified_since: None, ..filters.clone() }));
    }
    if filters.modified_until.is_some() {
        out.push(("--modified-until".to_owned(), Filters { modified_until: None, ..filters.clone() }));
    }
    if filters.as_subject {
        out.push(("--as-subject".to_owned(), Filters { as_subject: false, ..filters.clone() }));
    }
    out
}

fn option(field: Field, entry: &str) -> String {
    format!("--{} {entry}", field.name())
}

/// A query with a word replaced wherever it stands by itself.
pub(super) fn replaced(query: &str, word: &str, by: &str) -> String {
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
