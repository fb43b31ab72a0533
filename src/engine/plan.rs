//! A query tree made ready: names resolved, words analysed, stop words left out.

use std::collections::HashMap;
use std::ops::Range;

use tantivy::schema::Field as IndexField;

use super::{EngineError, Filters, Heading};
use crate::analysis::{self, Analyzer};
use crate::authority::{Authority, Class, Resolution};
use crate::index::Fields;
use crate::query::pattern::{Pattern, is_stop_text};
use crate::query::{Clause, Field, Kind, Mode, Node, Occur, Part, Query, Text, Value};

/// Longer rows are sentences; the names in them are not followed up.
const NAMED: usize = 24;

/// What articles to take.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Plan {
    All,
    Nothing,
    /// Number of a leaf.
    Leaf(usize),
    /// Number of a leaf, and of the values of an actor whom it names.
    Named(usize, usize),
    /// Number of a filter.
    Values(usize),
    Dates(Range<i64>),
    And(Vec<Plan>),
    Or(Vec<Plan>),
    Not(Box<Plan>),
    Row {
        must: Vec<Plan>,
        should: Vec<Plan>,
        not: Vec<Plan>,
    },
}

/// Words to be found, with their part in the score.
#[derive(Debug, Clone)]
pub(super) struct Leaf {
    /// As the query has it.
    pub(super) text: Text,
    pub(super) pattern: Pattern,
    /// How often the query asks for it; 0 where it is only shut out.
    pub(super) weight: f32,
}

/// Any of some values of a field.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Values {
    pub(super) field: Field,
    pub(super) terms: Vec<String>,
    /// It is asked for, not shut out.
    pub(super) wanted: bool,
}

/// A query ready to be carried out.
#[derive(Debug, Default)]
pub(super) struct Prepared {
    pub(super) leaves: Vec<Leaf>,
    pub(super) values: Vec<Values>,
    pub(super) notes: Vec<String>,
    /// Words that stand beside each other in the query.
    pub(super) pairs: Vec<Pair>,
    /// The query is a row of plain words.
    pub(super) plain: bool,
    known: HashMap<Pattern, usize>,
}

/// Two leaves of one word each that follow each other in the query.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pair {
    pub(super) first: usize,
    pub(super) second: usize,
    /// The most positions from the first to the second.
    pub(super) apart: u32,
}

/// What the index holds of a field's values; names are looked up in it.
pub(super) trait Vocabulary {
    /// All values of an outlet, language, place, actor ... field.
    fn values(&self, field: Field) -> Result<Vec<String>, EngineError>;
    /// Whether some article has this value.
    fn has(&self, field: Field, value: &str) -> Result<bool, EngineError>;
}

/// The index's field for a field of the language.
pub(super) fn index_field(fields: &Fields, field: Field) -> IndexField {
    match field {
        Field::Actor => fields.actor,
        Field::Affiliation => fields.affiliation,
        Field::Topic => fields.topic,
        Field::Outlet => fields.outlet,
        Field::Lang => fields.language,
        Field::Place => fields.place,
    }
}

/// Makes plans.
pub(super) struct Planner<'a> {
    authority: &'a Authority,
    vocabulary: &'a dyn Vocabulary,
    analyzer: &'a mut Analyzer,
    pub(super) out: Prepared,
    /// Narrower actors count for every kind of actor.
    broader: bool,
}

impl<'a> Planner<'a> {
    pub(super) fn new(authority: &'a Authority, vocabulary: &'a dyn Vocabulary, analyzer: &'a mut Analyzer) -> Self {
        Self { authority, vocabulary, analyzer, out: Prepared::default(), broader: false }
    }

    pub(super) fn query(&mut self, query: &Query) -> Result<Plan, EngineError> {
        self.out.notes.extend(query.notes.iter().map(|note| note.text.clone()));
        match &query.root {
            Some(root) => {
                self.out.plain = is_plain(root);
                self.node(root, true)
            }
            None if query.hollow => {
                self.out.notes.push("nothing in the query can be searched".to_owned());
                Ok(Plan::Nothing)
            }
            None => Ok(Plan::All),
        }
    }

    fn node(&mut self, node: &Node, wanted: bool) -> Result<Plan, EngineError> {
        Ok(match &node.kind {
            Kind::All => Plan::All,
            Kind::Text(text) => self.text(text, wanted),
            Kind::Field { field, values } => self.values(*field, values, wanted)?,
            Kind::Date { range, .. } => Plan::Dates(range.clone()),
            Kind::And(nodes) => Plan::And(self.nodes(nodes, wanted)?),
            Kind::Or(nodes) => Plan::Or(self.nodes(nodes, wanted)?),
            Kind::Not(inner) => Plan::Not(Box::new(self.node(inner, !wanted)?)),
            Kind::Row(clauses) => self.row(clauses, wanted)?,
        })
    }

    fn nodes(&mut self, nodes: &[Node], wanted: bool) -> Result<Vec<Plan>, EngineError> {
        nodes.iter().map(|node| self.node(node, wanted)).collect()
    }

    fn row(&mut self, clauses: &[Clause], wanted: bool) -> Result<Plan, EngineError> {
        let is_stop = |clause: &Clause| {
            clause.occur == Occur::Should && matches!(&clause.node.kind, Kind::Text(text) if is_stop_text(text))
        };
        let carries = clauses.iter().any(|c| c.occur == Occur::Should && !is_stop(c));
        let (mut must, mut should, mut not) = (Vec::new(), Vec::new(), Vec::new());
        let mut left_out: Vec<String> = Vec::new();
        let (mut words, mut skipped) = (Vec::new(), Vec::new());
        let mut passed = 0;
        for clause in clauses {
            if carries && is_stop(clause) {
                let word = clause.node.to_string().to_lowercase();
                if !left_out.contains(&word) {
                    left_out.push(word);
                }
                passed += 1;
                continue;
            }
            match clause.occur {
                Occur::Must => must.push(self.node(&clause.node, wanted)?),
                Occur::Should => {
                    let mut plan = self.node(&clause.node, wanted)?;
                    if let (Kind::Text(text), true) = (&clause.node.kind, clauses.len() > 1) {
                        plan = self.with_parts(text, plan, wanted);
                    }
                    words.push(match plan {
                        Plan::Leaf(number) | Plan::Named(number, _) => {
                            self.out.leaves[number].pattern.single_term().map(|_| number)
                        }
                        _ => None,
                    });
                    skipped.push(std::mem::take(&mut passed));
                    should.push(plan);
                }
                Occur::MustNot => not.push(self.node(&clause.node, !wanted)?),
            }
        }
        if wanted && clauses.len() <= NAMED {
            should.extend(self.actors_of_row(clauses));
        }
        if wanted {
            self.out.pairs.extend(super::rerank::pairs(&words, &skipped));
        }
        if !left_out.is_empty() {
            self.out.notes.push(format!("common words not searched: {}", left_out.join(", ")));
        }
        Ok(Plan::Row { must, should, not })
    }

    /// In a row, a compound (`Iran-Iraq`) is found by its parts too; side by side they count for half as much again.
    fn with_parts(&mut self, text: &Text, whole: Plan, wanted: bool) -> Plan {
        let parts = crate::query::pattern::compound_parts(text);
        let (Plan::Leaf(number), false) = (&whole, parts.is_empty()) else { return whole };
        if wanted {
            self.out.leaves[*number].weight -= 0.5;
        }
        let mut plans: Vec<Plan> = parts.iter().map(|part| self.text(part, wanted)).collect();
        plans.insert(0, whole);
        Plan::Or(plans)
    }

    fn text(&mut self, text: &Text, wanted: bool) -> Plan {
        let Some(pattern) = Pattern::new(text, self.analyzer) else {
            return Plan::Nothing;
        };
        let next = self.out.leaves.len();
        let number = *self.out.known.entry(pattern.clone()).or_insert(next);
        if number == next {
            self.out.leaves.push(Leaf { text: text.clone(), pattern, weight: 0.0 });
        }
        if wanted {
            self.out.leaves[number].weight += 1.0;
        }
        let name = matches!(text.mode, Mode::Word | Mode::Phrase) && text.part == Part::Any;
        match self.actor_named(&text.text).filter(|_| name) {
            Some(actor) => match self.filter(Field::Actor, vec![actor], wanted) {
                Plan::Values(values) => Plan::Named(number, values),
                other => other,
            },
            None => Plan::Leaf(number),
        }
    }

    /// The one actor that a text names beyond doubt: a name in capitals, an initialism in its case, a surname that no
    /// other actor and no other kind of name has.
    fn actor_named(&self, text: &str) -> Option<String> {
        let capital = text.split(' ').any(|word| word.starts_with(char::is_uppercase));
        if !capital || text.len() > 80 {
            return None;
        }
        let candidates = self.authority.candidates(text);
        let sure = |class: Class| matches!(class, Class::Heading | Class::Strong | Class::Exact);
        let mut names = candidates.iter().filter(|(_, class)| sure(*class));
        let (id, class) = match (names.next(), names.next(), candidates.as_slice()) {
            (Some(one), None, _) => *one,
            (None, None, [(id, Class::Surname)]) => (*id, Class::Surname),
            _ => return None,
        };
        let cased = class != Class::Exact || self.authority.variants(id).iter().any(|variant| variant.name == text);
        cased.then(|| id.to_owned())
    }

    /// Actors that several words of a row name together.
    fn actors_of_row(&mut self, clauses: &[Clause]) -> Vec<Plan> {
        let words: Vec<Option<&str>> = clauses
            .iter()
            .map(|clause| match &clause.node.kind {
                Kind::Text(text)
                    if clause.occur == Occur::Should && text.mode == Mode::Word && text.part == Part::Any =>
                {
                    Some(text.text.as_str())
                }
                _ => None,
            })
            .collect();
        let mut out = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let most = words[at..].iter().take(6).take_while(|word| word.is_some()).count();
            let found = (2..=most).rev().find_map(|length| {
                let name = words[at..at + length].iter().flatten().copied().collect::<Vec<_>>().join(" ");
                Some((length, self.actor_named(&name)?))
            });
            match found {
                Some((length, actor)) => {
                    out.push(self.filter(Field::Actor, vec![actor], true));
                    at += length;
                }
                None => at += 1,
            }
        }
        out
    }

    fn values(&mut self, field: Field, values: &[Value], wanted: bool) -> Result<Plan, EngineError> {
        let names: Vec<&str> = values.iter().map(|value| value.text.as_str()).collect();
        let terms = self.resolve(field, &names)?;
        Ok(self.filter(field, terms, wanted))
    }

    fn filter(&mut self, field: Field, terms: Vec<String>, wanted: bool) -> Plan {
        self.out.values.push(Values { field, terms, wanted });
        Plan::Values(self.out.values.len() - 1)
    }

    /// The filters beside the query, each with the field it is on.
    pub(super) fn filters(&mut self, filters: &Filters) -> Result<Vec<(Option<Field>, Plan)>, EngineError> {
        let mut out = Vec::new();
        let lists = [
            (Field::Actor, &filters.actor),
            (Field::Affiliation, &filters.affiliation),
            (Field::Topic, &filters.topic),
            (Field::Outlet, &filters.outlet),
            (Field::Lang, &filters.lang),
            (Field::Place, &filters.place),
        ];
        self.broader = filters.broader;
        for (field, list) in lists {
            for entry in list {
                let whole = self.resolve(field, &[entry.trim()]);
                let names: Vec<&str> = entry.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
                let terms = match whole {
                    Err(_) if names.len() > 1 => self.resolve(field, &names)?,
                    other => other?,
                };
                let plan = self.filter(field, terms, true);
                out.push((Some(field), plan));
            }
        }
        if filters.since.is_some() || filters.until.is_some() {
            let range = filters.since.unwrap_or(i64::MIN)..filters.until.unwrap_or(i64::MAX);
            out.push((None, Plan::Dates(range)));
        }
        Ok(out)
    }

    fn resolve(&self, field: Field, names: &[&str]) -> Result<Vec<String>, EngineError> {
        let mut terms = Vec::new();
        for name in names {
            match field {
                Field::Actor => terms.extend(self.actors(name)?),
                Field::Affiliation => terms.push(self.affiliation(name)?),
                Field::Topic => terms.push(self.topic(name)?),
                Field::Outlet | Field::Lang | Field::Place => terms.extend(self.value(field, name)?),
            }
        }
        terms.dedup();
        Ok(terms)
    }

    fn heading(&self, id: String) -> Heading {
        let label = self.authority.heading(&id).or_else(|| self.authority.topic_heading(&id)).unwrap_or(&id).to_owned();
        Heading { id, label }
    }

    fn chosen(&self, field: Field, name: &str, resolution: Resolution) -> Result<String, EngineError> {
        let headings = |ids: Vec<String>| ids.into_iter().map(|id| self.heading(id)).collect();
        match resolution {
            Resolution::One(id) => Ok(id),
            _ if name.contains('/') && self.vocabulary.has(field, name)? => Ok(name.to_owned()),
            Resolution::Ambiguous(ids) => Err(EngineError::AmbiguousName {
                field: field.name(),
                name: name.to_owned(),
                candidates: headings(ids),
            }),
            Resolution::Unknown(ids) => {
                Err(EngineError::UnknownName { field: field.name(), name: name.to_owned(), nearest: headings(ids) })
            }
        }
    }

    /// The actor that a name means, with the narrower ones of a body.
    fn actors(&self, name: &str) -> Result<Vec<String>, EngineError> {
        let exactly = name.strip_prefix('=');
        let id = self.actor(Field::Actor, exactly.unwrap_or(name).trim())?;
        let widened = exactly.is_none() && (self.broader || id.starts_with("body/"));
        let narrower = if widened { self.authority.narrower(&id) } else { Vec::new() };
        let narrower: Vec<String> = narrower.into_iter().map(str::to_owned).collect();
        Ok([vec![id], narrower].concat())
    }

    fn actor(&self, field: Field, name: &str) -> Result<String, EngineError> {
        self.chosen(field, name, self.authority.resolve(name))
    }

    fn affiliation(&self, name: &str) -> Result<String, EngineError> {
        if self.vocabulary.has(Field::Affiliation, name)? {
            return Ok(name.to_owned());
        }
        let id = self.actor(Field::Affiliation, name)?;
        Ok(self.authority.affiliation(&id).map_or(id.clone(), str::to_owned))
    }

    fn topic(&self, name: &str) -> Result<String, EngineError> {
        self.chosen(Field::Topic, name, self.authority.resolve_topic(name))
    }

    /// Values of the index that are `name` but for case and accents.
    fn value(&self, field: Field, name: &str) -> Result<Vec<String>, EngineError> {
        let wanted = folded(name);
        let all = self.vocabulary.values(field)?;
        let same: Vec<String> = all.iter().filter(|value| folded(value) == wanted).cloned().collect();
        if !same.is_empty() {
            return Ok(same);
        }
        let mut near: Vec<(usize, String)> = all
            .into_iter()
            .filter_map(|value| {
                let other = folded(&value);
                let contains = !wanted.is_empty() && (other.contains(&wanted) || wanted.contains(&other));
                let close = crate::query::pattern::within(&wanted, &other, 2);
                (contains || close).then(|| (usize::from(!contains) * 100 + other.len().abs_diff(wanted.len()), value))
            })
            .collect();
        near.sort();
        let nearest = near.into_iter().take(5).map(|(_, value)| Heading { id: value.clone(), label: value }).collect();
        Err(EngineError::UnknownName { field: field.name(), name: name.to_owned(), nearest })
    }
}

fn folded(text: &str) -> String {
    let words = analysis::words(text);
    words.as_slice().iter().map(|word| words.folded(word)).collect::<Vec<_>>().join(" ")
}

/// Whether a query is one word or a row of words.
fn is_plain(root: &Node) -> bool {
    let word =
        |node: &Node| matches!(&node.kind, Kind::Text(text) if text.mode == Mode::Word && text.part == Part::Any);
    match &root.kind {
        Kind::Row(clauses) => clauses.iter().all(|c| c.occur == Occur::Should && word(&c.node)),
        _ => word(root),
    }
}
