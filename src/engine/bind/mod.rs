//! Binds a query and its filters to an index: names resolved, words analysed, stop words left out, weights given.

mod bound;
mod names;
mod row_words;

use std::collections::HashMap;
use std::ops::Range;

pub(super) use bound::{BoundFilter, BoundNode, BoundQuery, Leaf, LeafId, ValueSet, ValuesId, WordPair};
pub(super) use names::{Names, Vocabulary};

use row_words::RowWords;

use super::error::EngineError;
use super::ranking::Ranking;
use super::request::Filters;
use crate::analysis::Analyzer;
use crate::article::Doubt;
use crate::authority::{Class, is_class, is_system};
use crate::query::pattern::{Pattern, compound_parts, is_stop_text};
use crate::query::{Clause, Field, Kind, Mode, Node, Occur, Part, Query, Speech, Text, Time, Value};
use crate::tag;

/// Clauses of a row in which actors named by several words are looked for, at most: longer rows are sentences.
const NAMED_ROW: usize = 24;
/// Words of an actor's name in a row, at most.
const NAME_WORDS: usize = 6;
/// Bytes of a name that is looked up in the authority file, at most.
const NAME_BYTES: usize = 80;

/// Binds a query and the filters next to it.
///
/// # Errors
///
/// Fails where a name means no actor, topic, outlet, language or place, or several.
pub(super) fn bind(
    query: &Query,
    filters: &Filters,
    names: &Names<'_>,
    analyzer: &mut Analyzer,
    ranking: &Ranking,
) -> Result<BoundQuery, EngineError> {
    let (out, known, broader) = (BoundQuery::default(), HashMap::new(), filters.broader);
    let mut binder = Binder { names, analyzer, ranking, broader, out, known };
    binder.out.root = binder.query(query)?;
    binder.out.filters = binder.filters(filters)?;
    let none = binder.out.wanted_actors().next().is_none();
    if filters.min_mentions > 1 && none {
        binder.out.notes.push("--min-mentions counts mentions of the actors asked for, and none is".to_owned());
    }
    if filters.no_metonyms && none {
        binder.out.notes.push("--no-metonyms is about the actors asked for, and none is".to_owned());
    }
    if filters.as_subject && none {
        binder.out.notes.push("--as-subject is about the actors asked for, and none is".to_owned());
    }
    binder.out.brief = binder.out.leaves.len() <= ranking.brief;
    Ok(binder.out)
}

struct Binder<'a> {
    names: &'a Names<'a>,
    analyzer: &'a mut Analyzer,
    ranking: &'a Ranking,
    /// Narrower actors count too, as for the filters.
    broader: bool,
    out: BoundQuery,
    /// The leaf of each pattern, so that words that the query repeats share one.
    known: HashMap<Pattern, LeafId>,
}

impl Binder<'_> {
    fn query(&mut self, query: &Query) -> Result<BoundNode, EngineError> {
        self.out.notes.extend(query.notes.iter().map(|note| note.text.clone()));
        self.out.post = query.post;
        match &query.root {
            Some(root) => {
                self.out.plain = is_plain(root);
                self.node(root, true)
            }
            None if query.hollow => {
                self.out.notes.push("nothing in the query can be searched".to_owned());
                Ok(BoundNode::Nothing)
            }
            None => Ok(BoundNode::All),
        }
    }

    fn node(&mut self, node: &Node, wanted: bool) -> Result<BoundNode, EngineError> {
        Ok(match &node.kind {
            Kind::All => BoundNode::All,
            Kind::Text(text) => self.text(text, wanted),
            Kind::Field { field, values } => self.values(*field, values, wanted)?,
            Kind::Date { of, range, .. } => BoundNode::Dates(*of, range.clone()),
            Kind::And(nodes) => BoundNode::And(self.nodes(nodes, wanted)?),
            Kind::Or(nodes) => BoundNode::Or(self.nodes(nodes, wanted)?),
            Kind::Not(inner) => BoundNode::Not(Box::new(self.node(inner, !wanted)?)),
            Kind::Row(clauses) => self.row(clauses, wanted)?,
        })
    }

    fn nodes(&mut self, nodes: &[Node], wanted: bool) -> Result<Vec<BoundNode>, EngineError> {
        nodes.iter().map(|node| self.node(node, wanted)).collect()
    }

    fn row(&mut self, clauses: &[Clause], wanted: bool) -> Result<BoundNode, EngineError> {
        let carries = clauses.iter().any(|clause| clause.occur == Occur::Should && !is_stop_clause(clause));
        // What only narrows stands beside the words as a filter does: with or without it they are read alike.
        let several = clauses.iter().filter(|clause| !clause.node.is_filter()).nth(1).is_some();
        let (mut must, mut should, mut not) = (Vec::new(), Vec::new(), Vec::new());
        let mut left_out: Vec<String> = Vec::new();
        let mut neighbours = Neighbours::default();
        let mut words = RowWords::default();
        for (at, clause) in clauses.iter().enumerate() {
            if carries && is_stop_clause(clause) {
                let word = clause.node.to_string().to_lowercase();
                if !left_out.contains(&word) {
                    left_out.push(word);
                }
                neighbours.skip();
                continue;
            }
            match clause.occur {
                Occur::Must => must.push(self.node(&clause.node, wanted)?),
                Occur::MustNot => not.push(self.node(&clause.node, !wanted)?),
                Occur::Should => {
                    let mut node = self.node(&clause.node, wanted)?;
                    if let (Kind::Text(text), true) = (&clause.node.kind, several) {
                        node = self.with_parts(text, node, wanted, &mut neighbours);
                    } else {
                        neighbours.push(self.single_word(&node));
                    }
                    words.push(at, &clause.node, &node);
                    should.push(node);
                }
            }
        }
        if wanted && clauses.len() <= NAMED_ROW {
            for (named_by, actor) in self.actors_of_row(clauses) {
                words.named(named_by, &actor);
                should.push(actor);
            }
        }
        let optional = clauses.iter().any(|clause| clause.occur == Occur::Must && !clause.node.is_filter());
        let words = if optional { Vec::new() } else { words.settled() };
        if wanted {
            self.out.pairs.extend(neighbours.pairs);
        }
        if !left_out.is_empty() {
            self.out.notes.push(format!("common words not searched: {}", left_out.join(", ")));
        }
        Ok(BoundNode::Row { must, should, not, words })
    }

    /// The leaf of a node that is one word.
    fn single_word(&self, node: &BoundNode) -> Option<LeafId> {
        let (BoundNode::Leaf(id) | BoundNode::Named(id, _)) = node else { return None };
        self.out.leaves[id.0].pattern.is_one_word().then_some(*id)
    }

    /// In a row, a compound (`Iran-Iraq`) is found by its parts too, which are neighbours in it.
    fn with_parts(&mut self, text: &Text, whole: BoundNode, wanted: bool, neighbours: &mut Neighbours) -> BoundNode {
        let parts = compound_parts(text);
        let (BoundNode::Leaf(id), false) = (&whole, parts.is_empty()) else {
            let word = self.single_word(&whole);
            neighbours.push(word);
            return whole;
        };
        if wanted {
            self.out.leaves[id.0].weight -= self.ranking.compound_loss;
        }
        self.out.compounds.insert(*id);
        let mut nodes: Vec<BoundNode> = vec![whole];
        for part in &parts {
            let node = self.text(part, wanted);
            neighbours.push(self.single_word(&node));
            nodes.push(node);
        }
        BoundNode::Or(nodes)
    }

    fn text(&mut self, text: &Text, wanted: bool) -> BoundNode {
        let Some(pattern) = Pattern::new(text, self.analyzer) else {
            return BoundNode::Nothing;
        };
        let next = LeafId(self.out.leaves.len());
        let id = *self.known.entry(pattern.clone()).or_insert(next);
        if id == next {
            self.out.leaves.push(Leaf { text: text.clone(), pattern, weight: 0.0 });
        }
        if wanted {
            let leaf = &mut self.out.leaves[id.0];
            leaf.weight = if self.out.post { 1.0 } else { leaf.weight + 1.0 };
        }
        let name = matches!(text.mode, Mode::Word | Mode::Phrase) && text.part == Part::Any;
        match self.actor_named(&text.text).filter(|_| name) {
            Some(actor) => BoundNode::Named(id, self.value_set(field_of(&actor), vec![actor], wanted)),
            None => BoundNode::Leaf(id),
        }
    }

    /// The one actor or system that a text names beyond doubt: an initialism in its case, a surname in capitals that no other
    /// actor and no other kind of name has, any other name, in small letters only where it is no ordinary word.
    fn actor_named(&self, text: &str) -> Option<String> {
        let capital = text.split(' ').any(|word| word.starts_with(char::is_uppercase));
        let ordinary = || text.split(' ').all(|word| tag::is_ordinary(&word.to_lowercase()));
        if text.len() > NAME_BYTES || !capital && ordinary() {
            return None;
        }
        let candidates = self.names.authority().candidates(text);
        let sure = |class: Class| matches!(class, Class::Heading | Class::Strong | Class::Exact);
        let mut names = candidates.iter().filter(|(_, class)| sure(*class));
        let (id, class) = match (names.next(), names.next(), candidates.as_slice()) {
            (Some(one), None, _) => *one,
            (None, None, [(id, Class::Surname)]) => (*id, Class::Surname),
            _ => return None,
        };
        let cased =
            class != Class::Exact || self.names.authority().variants(id).iter().any(|variant| variant.name == text);
        let whole = matches!(class, Class::Heading | Class::Strong) && !(is_system(id) && is_class(id));
        (cased && (capital || whole)).then(|| id.to_owned())
    }

    /// Actors that several words of a row name together, each with the clauses that name it.
    fn actors_of_row(&mut self, clauses: &[Clause]) -> Vec<(Range<usize>, BoundNode)> {
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
            let most = words[at..].iter().take(NAME_WORDS).take_while(|word| word.is_some()).count();
            let found = (2..=most).rev().find_map(|length| {
                let name = words[at..at + length].iter().flatten().copied().collect::<Vec<_>>().join(" ");
                Some((length, self.actor_named(&name)?))
            });
            match found {
                Some((length, actor)) => {
                    let values = self.value_set(field_of(&actor), vec![actor], true);
                    out.push((at..at + length, BoundNode::Values(values)));
                    at += length;
                }
                None => at += 1,
            }
        }
        out
    }

    fn values(&mut self, field: Field, values: &[Value], wanted: bool) -> Result<BoundNode, EngineError> {
        let (names, given): (Vec<&str>, Vec<Option<Speech>>) =
            values.iter().map(|value| as_given(field, &value.text)).unzip();
        let terms = self.names.resolve(field, &names, self.broader)?;
        let id = self.value_set(field, terms, wanted);
        self.out.values[id.0].given = given.into_iter().flatten().next_back();
        Ok(BoundNode::Values(id))
    }

    fn value_set(&mut self, field: Field, terms: Vec<String>, wanted: bool) -> ValuesId {
        self.out.values.push(ValueSet { field, terms, wanted, given: None });
        ValuesId(self.out.values.len() - 1)
    }

    fn filters(&mut self, filters: &Filters) -> Result<Vec<BoundFilter>, EngineError> {
        let mut out = Vec::new();
        for (field, entries) in filters.lists() {
            for entry in entries {
                let (entry, given) = as_given(field, entry);
                let terms = self.names.entry(field, entry, filters.broader)?;
                let id = self.value_set(field, terms, true);
                self.out.values[id.0].given = given;
                out.push(BoundFilter { field: Some(field), node: BoundNode::Values(id) });
            }
        }
        if filters.doubtful {
            let all = Doubt::ALL.iter().map(|doubt| doubt.name().to_owned()).collect();
            let node = BoundNode::Values(self.value_set(Field::Doubt, all, true));
            out.push(BoundFilter { field: None, node });
        }
        if filters.since.is_some() || filters.until.is_some() {
            let range = filters.since.unwrap_or(i64::MIN)..filters.until.unwrap_or(i64::MAX);
            out.push(BoundFilter { field: None, node: BoundNode::Dates(Time::Published, range) });
        }
        if filters.undated {
            let dated = BoundNode::Dates(Time::Published, i64::MIN..i64::MAX);
            out.push(BoundFilter { field: None, node: BoundNode::Not(Box::new(dated)) });
        }
        if filters.modified_since.is_some() || filters.modified_until.is_some() {
            let range = filters.modified_since.unwrap_or(i64::MIN)..filters.modified_until.unwrap_or(i64::MAX);
            out.push(BoundFilter { field: None, node: BoundNode::Dates(Time::Changed, range) });
        }
        Ok(out)
    }
}

/// Finds the words of a row that stand side by side in it, but for stop words that are left out.
#[derive(Default)]
struct Neighbours {
    pairs: Vec<WordPair>,
    last: Option<LeafId>,
    /// Stop words since the last word.
    skipped: u32,
}

impl Neighbours {
    fn skip(&mut self) {
        self.skipped += 1;
    }

    /// The next clause of the row: a word, or something else (`None`).
    fn push(&mut self, next: Option<LeafId>) {
        if let (Some(first), Some(second)) = (self.last, next)
            && first != second
        {
            let pair = WordPair { first, second, apart: 1 + self.skipped };
            if !self.pairs.contains(&pair) {
                self.pairs.push(pair);
            }
        }
        (self.last, self.skipped) = (next, 0);
    }
}

/// Whether a clause of a row is a stop word, which is searched only where the row has nothing else.
pub(super) fn is_stop_clause(clause: &Clause) -> bool {
    clause.occur == Occur::Should && matches!(&clause.node.kind, Kind::Text(text) if is_stop_text(text))
}

/// Whether a query is one word or a row of words, but for what only narrows.
fn is_plain(root: &Node) -> bool {
    let word =
        |node: &Node| matches!(&node.kind, Kind::Text(text) if text.mode == Mode::Word && text.part == Part::Any);
    match &root.kind {
        Kind::Row(clauses) => {
            let narrows = |clause: &Clause| clause.occur == Occur::Must && clause.node.is_filter();
            let words = || clauses.iter().filter(|clause| !narrows(clause));
            words().next().is_some() && words().all(|c| c.occur == Occur::Should && word(&c.node))
        }
        _ => word(root),
    }
}

/// A name that somebody speaks under, and which words of his are asked for behind it: `rutte~indirect`. In a list the last
/// mark holds for all.
fn as_given(field: Field, name: &str) -> (&str, Option<Speech>) {
    let marked = |(mark, given): (&str, Speech)| Some((name.trim_end().strip_suffix(mark)?, Some(given)));
    field.speaks().then(|| Speech::ALL.into_iter().find_map(marked)).flatten().unwrap_or((name, None))
}

/// The field whose values have this id.
fn field_of(id: &str) -> Field {
    if is_system(id) { Field::System } else { Field::Actor }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authority::Authority;
    use crate::engine::response::Heading;

    /// An index with these outlets and no other value.
    struct Outlets(&'static [&'static str]);

    impl Vocabulary for Outlets {
        fn values(&self, field: Field) -> Result<Vec<String>, EngineError> {
            let all = if field == Field::Outlet { self.0 } else { &[] };
            Ok(all.iter().map(|outlet| (*outlet).to_owned()).collect())
        }

        fn has(&self, _: Field, _: &str) -> Result<bool, EngineError> {
            Ok(false)
        }
    }

    fn bound_with(text: &str, filters: &Filters) -> Result<BoundQuery, EngineError> {
        let query = crate::query::parse(text, &"2026-02-04".parse().unwrap()).unwrap();
        let vocabulary = Outlets(&["Alda Post", "Alda Times", "Coast Post, The"]);
        let names = Names::new(Authority::bundled(), &vocabulary);
        bind(&query, filters, &names, &mut Analyzer::new(), &Ranking::default())
    }

    fn bound(text: &str) -> BoundQuery {
        bound_with(text, &Filters::default()).unwrap()
    }

    #[test]
    fn a_class_of_systems_has_the_parts_of_its_systems_of_whatever_class() {
        let of = |name: &str| {
            let query = bound(name);
            query.values.iter().flat_map(|set| set.terms.clone()).collect::<std::collections::HashSet<String>>()
        };
        let (whole, part) = (of("system:air-defence"), of("system:Patriot"));
        assert!(part.len() > 1 && part.is_subset(&whole), "{part:?}");
    }

    #[test]
    fn a_name_in_small_letters_is_one_unless_it_is_an_ordinary_word() {
        let named = |text: &str| bound(text).root.named_leaves().len();
        assert_eq!((named("Zelensky"), named("zelensky"), named("ukraine")), (1, 1, 1));
        assert_eq!((named("turkey"), named("us"), named("may"), named("safe"), named("ajax")), (1, 0, 0, 0, 0));
        for text in ["drone wall", "middle east talks", "moon landing", "frigates", "jef"] {
            assert_eq!(named(text), 0, "{text}");
        }
    }

    fn actors(text: &str) -> Vec<String> {
        let bound = bound(text);
        let ids = bound.root.named_actors().into_iter().flat_map(|values| bound.value_set(values).terms.clone());
        ids.collect()
    }

    fn weights(text: &str) -> Vec<(String, f32)> {
        bound(text).leaves.into_iter().map(|leaf| (leaf.text.text, leaf.weight)).collect()
    }

    #[test]
    fn words_name_an_actor_only_as_it_is_written() {
        assert_eq!(actors("JEF exercise"), ["alliance/joint-expeditionary-force"]);
        assert_eq!(actors("Jef exercise"), [""; 0], "an initialism in another case");
        assert_eq!(actors("Keir speech STARMER"), ["person/keir-starmer"], "a surname that no other actor has");
        assert_eq!(
            actors("keir starmer speech"),
            ["person/keir-starmer"; 2],
            "no capital: by the surname, and together"
        );
        assert_eq!(actors("speech by Emmanuel MACRON")[1..], ["person/emmanuel-macron"], "together, after the surname");
        assert_eq!(actors("-JEF exercise"), [""; 0], "excluded words name nobody");
    }

    #[test]
    fn words_weigh_what_the_query_asks_of_them() {
        assert_eq!(weights("ferry ferry harbour"), [("ferry".to_owned(), 2.0), ("harbour".to_owned(), 1.0)]);
        assert_eq!(weights("ferry -harbour"), [("ferry".to_owned(), 1.0), ("harbour".to_owned(), 0.0)]);
        let compound = [("ferry-boat".to_owned(), 0.5), ("ferry".to_owned(), 1.0), ("boat".to_owned(), 1.0)];
        assert_eq!(weights("ferry-boat harbour")[..3], compound, "its parts count too");
        assert_eq!(weights("ferry-boat"), [("ferry-boat".to_owned(), 1.0)], "alone it is a phrase");
        assert_eq!(weights("ferry ferry harbour @alda")[0], ("ferry".to_owned(), 1.0), "a word of a post counts once");
        assert_eq!(weights("#ferry harbour harbour").last(), Some(&("harbour".to_owned(), 1.0)));
        assert_eq!(
            weights("a@b.example ferry ferry").last(),
            Some(&("ferry".to_owned(), 2.0)),
            "an address is no name"
        );
    }

    #[test]
    fn the_parts_of_a_compound_are_neighbours_and_so_are_the_words_beside_it() {
        let query = bound("new ferry-boat harbour");
        let text = |leaf: LeafId| query.leaf(leaf).text.text.as_str();
        let pairs: Vec<_> = query.pairs.iter().map(|pair| (text(pair.first), text(pair.second), pair.apart)).collect();
        assert_eq!(pairs, [("new", "ferry", 1), ("ferry", "boat", 1), ("boat", "harbour", 1)]);
    }

    #[test]
    fn stop_words_are_left_out_with_a_note_where_something_else_is_asked() {
        let query = bound("The ferry and the harbour");
        let operator = "'and' is no operator; write AND where both must be there";
        assert_eq!(query.notes, [operator, "common words not searched: the, and"]);
        let apart = |pair: &WordPair| (pair.first.0, pair.second.0, pair.apart);
        assert_eq!(query.pairs.iter().map(apart).collect::<Vec<_>>(), [(0, 1, 3)], "two words stand between");
        assert!(query.plain && query.brief);
        assert_eq!(bound("the of").leaves.len(), 2);
        let long = bound("one two three four five six seven eight");
        assert!(long.plain && !long.brief && !bound("+ferry harbour").plain);
    }

    #[test]
    fn a_filter_is_one_name_or_any_of_several() {
        let outlets = |entry: &str| {
            let filters = Filters { outlet: vec![entry.to_owned()], ..Filters::default() };
            bound_with("", &filters).map(|bound| bound.values[0].terms.clone())
        };
        assert_eq!(outlets("alda post").unwrap(), ["Alda Post"]);
        assert_eq!(outlets("Alda Times, alda post").unwrap(), ["Alda Times", "Alda Post"]);
        assert_eq!(outlets("Coast Post, The").unwrap(), ["Coast Post, The"], "a comma inside a name");
        assert_eq!(outlets("\"Coast Post, The\",alda post").unwrap(), ["Coast Post, The", "Alda Post"]);
        match outlets("Alda Pots") {
            Err(EngineError::UnknownName { field: "outlet", nearest, .. }) => {
                assert_eq!(nearest, ["Alda Post"].map(|name| Heading { id: name.into(), label: name.into() }));
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn filters_about_actors_say_so_where_none_is_asked_for() {
        let notes = |filters: Filters| bound_with("ferry", &filters).unwrap().notes;
        let none = [
            Filters { min_mentions: 2, ..Filters::default() },
            Filters { no_metonyms: true, ..Filters::default() },
            Filters { as_subject: true, ..Filters::default() },
        ];
        for filters in none {
            assert_eq!(notes(filters.clone()).len(), 1, "{filters:?}");
            assert_eq!(notes(Filters { actor: vec!["NATO".to_owned()], ..filters }), [""; 0]);
        }
    }

    #[test]
    fn names_of_bodies_widen_and_others_only_on_request() {
        let actors = |entry: &str, broader: bool| {
            let filters = Filters { actor: vec![entry.to_owned()], broader, ..Filters::default() };
            bound_with("", &filters).unwrap().values[0].terms.clone()
        };
        assert_eq!(actors("Keir Starmer", false), ["person/keir-starmer"]);
        let parliament = actors("Parliament of Austria", false);
        assert!(parliament[0] == "body/austria-parliament" && parliament.len() > 1, "{parliament:?}");
        assert_eq!(actors("=Parliament of Austria", true), ["body/austria-parliament"]);
        assert_eq!(actors("NATO", false), ["alliance/nato"]);
        assert!(actors("NATO", true).len() > 1);
    }
}
