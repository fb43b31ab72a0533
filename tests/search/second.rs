//! A second reader of the query language, written from the README and `despatch help query` alone.
//!
//! A query is drawn at random as a tree, judged by the words of an article, and only then written as text. The engine
//! and its parser see only the text; all three must find the same articles.

use std::collections::{BTreeMap, BTreeSet};

use despatch::engine::{Engine, LocalEngine, SearchRequest};
use despatch::query::{Field, Mode, Part, Span, Text, Value};

use super::brute::{self, Reading};
use super::{Dice, now};

/// A query as it was drawn.
#[derive(Debug, Clone)]
pub(crate) enum Own {
    /// Words, a phrase, a pattern.
    Words(Text),
    /// Any of these values of a field.
    Values(Field, Vec<String>),
    /// A span of days: its text, its first and its last day.
    Dates(String, String, String),
    /// A query whose words must be in this part of the article.
    In(Part, Box<Own>),
    Not(Box<Own>),
    And(Vec<Own>),
    Or(Vec<Own>),
    Row(Vec<(Sign, Own)>),
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Sign {
    None,
    Plus,
    Minus,
}

pub(crate) fn words(mode: Mode, text: &str) -> Own {
    Own::Words(Text { part: Part::Any, text: text.to_owned(), mode })
}

/// Draws a tree; `leaf` draws a leaf, of words only where its argument is `true`.
pub(crate) fn draw(dice: &mut Dice, leaf: &mut dyn FnMut(&mut Dice, bool) -> Own) -> Own {
    branch(dice, 2, false, leaf)
}

fn branch(dice: &mut Dice, depth: usize, words_only: bool, leaf: &mut dyn FnMut(&mut Dice, bool) -> Own) -> Own {
    if depth == 0 {
        return leaf(dice, words_only);
    }
    let number = 2 + dice.roll(2);
    match dice.roll(12) {
        0..5 => {
            let sign = |dice: &mut Dice| [Sign::None, Sign::None, Sign::None, Sign::Plus, Sign::Minus][dice.roll(5)];
            let mut clause = |dice: &mut Dice| (sign(dice), positive(dice, depth - 1, words_only, leaf));
            Own::Row((0..number).map(|_| clause(dice)).collect())
        }
        5..7 => Own::And((0..number).map(|_| branch(dice, depth - 1, words_only, leaf)).collect()),
        7..9 => Own::Or((0..number).map(|_| branch(dice, depth - 1, words_only, leaf)).collect()),
        9 => Own::Not(Box::new(positive(dice, depth - 1, words_only, leaf))),
        10 => {
            let part = if dice.roll(2) == 0 { Part::Title } else { Part::Body };
            Own::In(part, Box::new(branch(dice, depth - 1, true, leaf)))
        }
        _ => leaf(dice, words_only),
    }
}

/// A branch that is no negation: in a row, a negation is a sign.
fn positive(dice: &mut Dice, depth: usize, words_only: bool, leaf: &mut dyn FnMut(&mut Dice, bool) -> Own) -> Own {
    fn bare(own: Own) -> Own {
        match own {
            Own::Not(inner) => bare(*inner),
            Own::In(part, inner) => Own::In(part, Box::new(bare(*inner))),
            other => other,
        }
    }
    bare(branch(dice, depth, words_only, leaf))
}

/// The parts of a compound with hyphens, each of which is also looked for in a row; without the prefix "post".
fn parts_of_compound(text: &Text) -> Vec<Text> {
    let has_digit = text.text.contains(|c: char| c.is_ascii_digit());
    if text.mode != Mode::Word || has_digit || !text.text.contains('-') {
        return Vec::new();
    }
    let parts = text.text.split('-').filter(|part| *part != "post");
    parts.map(|part| Text { text: part.to_owned(), ..text.clone() }).collect()
}

impl Own {
    pub(crate) fn matches(&self, reading: &Reading<'_>) -> bool {
        self.holds(reading, Part::Any)
    }

    fn holds(&self, reading: &Reading<'_>, part: Part) -> bool {
        match self {
            Self::Words(text) => brute::leaf_holds(&Text { part, ..text.clone() }, reading),
            Self::Values(field, values) => {
                let value = |text: &String| Value { text: text.clone(), span: Span::default() };
                brute::value_holds(*field, &values.iter().map(value).collect::<Vec<_>>(), reading)
            }
            Self::Dates(_, first, last) => reading.article.published.is_some_and(|at| {
                let at = jiff::Timestamp::from_second(at.seconds()).unwrap();
                let day = at.to_zoned(jiff::tz::TimeZone::UTC).date().to_string();
                (first..=last).contains(&&day)
            }),
            Self::In(part, inner) => inner.holds(reading, *part),
            Self::Not(inner) => !inner.holds(reading, part),
            Self::And(list) => list.iter().all(|own| own.holds(reading, part)),
            Self::Or(list) => list.iter().any(|own| own.holds(reading, part)),
            Self::Row(clauses) => {
                let (mut must, mut any, mut some) = (false, false, false);
                let several = clauses.iter().filter(|(_, own)| !own.narrows()).count() > 1;
                for (sign, own) in clauses {
                    let holds = own.holds(reading, part);
                    match sign {
                        Sign::Minus if holds => return false,
                        Sign::Minus => {}
                        Sign::None if !own.narrows() => {
                            some = true;
                            any |= holds || several && own.holds_by_parts(reading, part);
                        }
                        _ if !holds => return false,
                        // Beside values alone one of the words must still hold.
                        _ => must |= !own.narrows(),
                    }
                }
                must || any || !some
            }
        }
    }

    /// Whether it narrows the results without a sign, because it names only values or days.
    fn narrows(&self) -> bool {
        match self {
            Self::Values(..) | Self::Dates(..) => true,
            Self::Words(_) | Self::In(..) => false,
            Self::Not(inner) => inner.narrows(),
            Self::And(list) | Self::Or(list) => list.iter().all(Self::narrows),
            Self::Row(clauses) => clauses.iter().all(|(_, own)| own.narrows()),
        }
    }

    fn holds_by_parts(&self, reading: &Reading<'_>, part: Part) -> bool {
        match self {
            Self::Words(text) => {
                parts_of_compound(&Text { part, ..text.clone() }).iter().any(|text| brute::leaf_holds(text, reading))
            }
            Self::In(part, inner) => inner.holds_by_parts(reading, *part),
            _ => false,
        }
    }

    /// Writes it as somebody could type it: spaces, brackets that change nothing, one sign or another.
    pub(crate) fn text(&self, dice: &mut Dice) -> String {
        let text = self.write(dice, 0);
        // A text of eight or more words may be taken for a pasted sentence; in brackets it is a query.
        if text.split_whitespace().count() >= 8 { format!("({text})") } else { text }
    }

    /// Writes it as part of another query. `around` says how tightly that binds: a row 0, OR 1, AND 2, a sign 3.
    fn write(&self, dice: &mut Dice, around: u8) -> String {
        let (text, binds) = match self {
            Self::Words(text) => (written(text, dice), 4),
            Self::Values(field, values) => {
                let list: Vec<String> = values.iter().map(|value| format!("\"{value}\"")).collect();
                (format!("{}:{}", field.name(), list.join(",")), 4)
            }
            Self::Dates(text, ..) => (format!("date:{text}"), 4),
            Self::In(part, inner) => {
                let name = part.name().unwrap();
                let text = match &**inner {
                    Self::Words(_) if dice.roll(2) == 0 => inner.write(dice, 5),
                    _ => format!("({})", inner.write(dice, 0)),
                };
                (format!("{name}:{text}"), 4)
            }
            Self::Not(inner) => {
                let sign = ["NOT ", "-", "NOT  ", "NOT NOT NOT "][dice.roll(4)];
                (format!("{sign}{}", inner.write(dice, 3)), 3)
            }
            Self::And(list) => (joined(list, "AND", 3, dice), 2),
            Self::Or(list) => (joined(list, "OR", 2, dice), 1),
            Self::Row(clauses) => {
                let mut out = String::new();
                for (sign, own) in clauses {
                    out += match sign {
                        Sign::None => ["", "", "", "", "NOT NOT "][dice.roll(5)],
                        Sign::Plus => "+",
                        Sign::Minus => ["-", "NOT ", "NOT +"][dice.roll(3)],
                    };
                    let signed = *sign != Sign::None || out.ends_with("NOT ");
                    out += &own.write(dice, if signed { 3 } else { 1 });
                    out += [" ", " ", "  ", "\t"][dice.roll(4)];
                }
                (out.trim_end().to_owned(), 0)
            }
        };
        // 5: the value of a field, which stands without brackets of its own.
        if around < 5 && (binds < around || dice.roll(8) == 0) { format!("({text})") } else { text }
    }

    /// Counts the kinds of nodes in it.
    fn count(&self, out: &mut BTreeMap<String, usize>) {
        let name = match self {
            Self::Words(text) => format!("{:?}", text.mode).split('(').next().unwrap_or_default().to_owned(),
            Self::Values(field, _) => field.name().to_owned(),
            Self::Dates(..) => "date".to_owned(),
            Self::In(part, _) => format!("{part:?}"),
            Self::Not(_) => "NOT".to_owned(),
            Self::And(_) => "AND".to_owned(),
            Self::Or(_) => "OR".to_owned(),
            Self::Row(_) => "row".to_owned(),
        };
        *out.entry(name).or_default() += 1;
        match self {
            Self::In(_, inner) | Self::Not(inner) => inner.count(out),
            Self::And(list) | Self::Or(list) => list.iter().for_each(|own| own.count(out)),
            Self::Row(clauses) => {
                for (sign, own) in clauses {
                    *out.entry(format!("{sign:?}")).or_default() += 1;
                    own.count(out);
                }
            }
            _ => {}
        }
    }
}

fn joined(list: &[Own], operator: &str, around: u8, dice: &mut Dice) -> String {
    let operands: Vec<String> = list.iter().map(|own| own.write(dice, around)).collect();
    operands.join(&if dice.roll(2) == 0 { format!(" {operator} ") } else { format!("  {operator}\t") })
}

fn written(text: &Text, dice: &mut Dice) -> String {
    let words = &text.text;
    let quoted = |dice: &mut Dice| {
        let (open, close) = [("\"", "\""), ("“", "”"), ("«", "»"), ("„", "“")][dice.roll(4)];
        format!("{open}{words}{close}")
    };
    match text.mode {
        Mode::Word | Mode::Pattern => words.clone(),
        Mode::Exact => format!("={words}"),
        Mode::Phrase => quoted(dice),
        Mode::ExactPhrase => format!("={}", quoted(dice)),
        Mode::Near(distance) => format!("{}~{distance}", quoted(dice)),
        Mode::Fuzzy(1) if dice.roll(2) == 0 => format!("{words}~"),
        Mode::Fuzzy(distance) => format!("{words}~{distance}"),
    }
}

/// Compares engine, plain reader and second reader over `number` queries. Returns how often each kind of node occurred
/// in a query that matches some articles and not all.
pub(crate) fn agree(
    engine: &mut LocalEngine<'_>,
    readings: &[(&str, Reading<'_>)],
    dice: &mut Dice,
    number: usize,
    mut leaf: impl FnMut(&mut Dice, bool) -> Own,
) -> BTreeMap<String, usize> {
    let mut kinds = BTreeMap::new();
    for _ in 0..number {
        let own = draw(dice, &mut leaf);
        let text = own.text(dice);
        let request = SearchRequest {
            limit: 1000,
            passages: 0,
            all_copies: true,
            ..super::any(SearchRequest::new(&text, now()))
        };
        let response = engine.search(&request).unwrap_or_else(|error| panic!("{text}: {error}"));
        let wanted = brute::parse(&text);
        let ids = |holds: &dyn Fn(&Reading<'_>) -> bool| -> BTreeSet<&str> {
            readings.iter().filter(|(_, reading)| holds(reading)).map(|(id, _)| *id).collect()
        };
        let right = ids(&|reading| own.matches(reading));
        let understood = &response.understood;
        assert_eq!(ids(&|reading| wanted.matches(reading)), right, "{text}\nunderstood: {understood}\n{own:?}");
        let found: BTreeSet<&str> = response.hits.iter().map(|hit| hit.id.as_str()).collect();
        assert_eq!(found, right, "{text}\nunderstood: {understood}\n{own:?}");
        if !right.is_empty() && right.len() < readings.len() {
            own.count(&mut kinds);
            *kinds.entry("query".to_owned()).or_default() += 1;
        }
    }
    kinds
}
