//! A plain reader of the query language: it decides from an article's text alone what matches, slowly and without an
//! index.

use std::collections::BTreeSet;

use despatch::analysis::{Analyzer, words};
use despatch::article::Article;
use despatch::authority::{Authority, Class, Resolution};
use despatch::engine::Hit;
use despatch::event::events;
use despatch::query::pattern::{compound_parts, is_stop_text};
use despatch::query::{self, Clause, Field, Kind, Mode, Node, Occur, Part, Text};
use despatch::quote::quotes;
use despatch::tag::Tags;

pub(crate) struct Wanted(query::Query);

pub(crate) fn parse(text: &str) -> Wanted {
    Wanted(query::parse(text, &super::now()).unwrap())
}

/// An article as the plain reader sees it: its words and tags.
pub(crate) struct Reading<'a> {
    pub(crate) article: &'a Article,
    pub(crate) tags: &'a Tags,
    words: Vec<Word>,
}

impl<'a> Reading<'a> {
    pub(crate) fn new(article: &'a Article, tags: &'a Tags) -> Self {
        Self { article, tags, words: read(article) }
    }

    fn mentions(&self, actors: &[String]) -> bool {
        self.tags.actors.iter().chain(&self.tags.systems).any(|tag| actors.contains(&tag.actor))
    }
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

/// Whether two words differ by at most `limit` edits: a letter wrong, missing, too many or swapped with the next.
fn nearly(a: &[char], b: &[char], limit: u8) -> bool {
    let (Some((first, a_rest)), Some((other, b_rest))) = (a.split_first(), b.split_first()) else {
        return a.len() + b.len() <= usize::from(limit);
    };
    if first == other && nearly(a_rest, b_rest, limit) {
        return true;
    }
    let Some(limit) = limit.checked_sub(1) else { return false };
    let swapped = || a.len() > 1 && b.len() > 1 && a[0] == b[1] && a[1] == b[0] && nearly(&a[2..], &b[2..], limit);
    nearly(a_rest, b_rest, limit) || nearly(a_rest, b, limit) || nearly(a, b_rest, limit) || swapped()
}

/// All matches of a leaf; each is a list of indexes of words.
fn choices(text: &Text, article: &[Word]) -> Vec<Vec<usize>> {
    let here = |word: &Word| match text.part {
        Part::Any => true,
        Part::Title => word.title,
        Part::Body => !word.title,
        Part::Byline => false,
    };
    let query = words(&text.text);
    let lower: Vec<char> = text.text.to_lowercase().replace('š', "s").replace('č', "c").chars().collect();
    let mut terms: Vec<Vec<String>> = vec![Vec::new(); query.len()];
    Analyzer::new().query_terms(&query, |word, term| {
        let slot = query.as_slice().iter().position(|w| w == word).unwrap();
        terms[slot].push(term.to_owned());
    });
    let fits = |slot: usize, word: &Word| -> bool {
        match text.mode {
            Mode::Pattern => glob(&lower, &word.folded.chars().collect::<Vec<_>>()),
            Mode::Fuzzy(limit) => nearly(&lower, &word.folded.chars().collect::<Vec<_>>(), limit),
            Mode::Exact | Mode::ExactPhrase => {
                let own = &query.as_slice()[slot];
                word.written == text.text[own.start as usize..own.end as usize]
            }
            _ => word.terms.iter().any(|term| terms[slot].contains(term)),
        }
    };
    let single = matches!(text.mode, Mode::Pattern | Mode::Fuzzy(_));
    let slots = if single { 1 } else { query.len() };
    let money = text.mode == Mode::Word && text.text.starts_with(['€', '$', '£']);
    let slop = match text.mode {
        Mode::Near(slop) => Some(i64::from(slop)),
        _ if money => Some(1),
        _ => None,
    };
    let candidates: Vec<Vec<usize>> = (0..slots)
        .map(|slot| (0..article.len()).filter(|n| here(&article[*n]) && fits(slot, &article[*n])).collect())
        .collect();
    let mut out: Vec<Vec<usize>> = vec![Vec::new()];
    for slot in 0..slots {
        let mut next = Vec::new();
        for chosen in &out {
            for number in &candidates[slot] {
                let word = &article[*number];
                let follows = slop.is_some() || slot == 0 || article[chosen[slot - 1]].position + 1 == word.position;
                if follows && !chosen.contains(number) {
                    let mut chosen = chosen.clone();
                    chosen.push(*number);
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

/// The actor that a text names, where it is beyond doubt a single one.
fn actor_named(text: &str) -> Option<String> {
    let authority = Authority::bundled();
    if !text.split(' ').any(|word| word.starts_with(char::is_uppercase)) || text.len() > 80 {
        return None;
    }
    let all = authority.candidates(text);
    let sure: Vec<_> = all.iter().filter(|(_, c)| matches!(c, Class::Heading | Class::Strong | Class::Exact)).collect();
    let (id, class) = match (sure.as_slice(), all.as_slice()) {
        ([one], _) => **one,
        ([], [one @ (_, Class::Surname)]) => *one,
        _ => return None,
    };
    let as_written = |v: &despatch::authority::Variant<'_>| v.name == text;
    (class != Class::Exact || authority.variants(id).iter().any(as_written)).then(|| id.to_owned())
}

/// The actors that a leaf names.
fn actor_of(text: &Text) -> Vec<String> {
    let name = matches!(text.mode, Mode::Word | Mode::Phrase) && text.part == Part::Any;
    if name { actor_named(&text.text).into_iter().collect() } else { Vec::new() }
}

/// The actors named by two to six words of a row that follow each other.
fn actors_of_row(clauses: &[Clause]) -> Vec<String> {
    named_by_row(clauses).into_iter().map(|(_, actor)| actor).collect()
}

/// The same, each with the clauses that name it.
fn named_by_row(clauses: &[Clause]) -> Vec<(std::ops::Range<usize>, String)> {
    let word = |clause: &Clause| match &clause.node.kind {
        Kind::Text(text) if clause.occur == Occur::Should && text.mode == Mode::Word && text.part == Part::Any => {
            Some(text.text.clone())
        }
        _ => None,
    };
    let list: Vec<Option<String>> = clauses.iter().map(word).collect();
    let mut out = Vec::new();
    let mut at = 0;
    while at < list.len() && clauses.len() <= 24 {
        let run: Vec<&str> = list[at..].iter().take(6).map_while(|word| word.as_deref()).collect();
        let found = (2..=run.len()).rev().find_map(|n| Some((n, actor_named(&run[..n].join(" "))?)));
        let length = found.as_ref().map_or(1, |(n, _)| *n);
        out.extend(found.map(|(_, actor)| (at..at + length, actor)));
        at += length;
    }
    out
}

/// The actors of a clause that names them by value.
fn actors_of_values(values: &[query::Value]) -> Vec<String> {
    let authority = Authority::bundled();
    let mut out = Vec::new();
    for value in values {
        let Resolution::One(id) = authority.resolve(&value.text) else { panic!("{}", value.text) };
        if id.starts_with("body/") {
            out.extend(authority.narrower(&id).into_iter().map(str::to_owned));
        }
        out.push(id);
    }
    out
}

impl Wanted {
    pub(crate) fn matches(&self, reading: &Reading<'_>) -> bool {
        match &self.0.root {
            Some(root) => holds(root, reading, true),
            None => !self.0.hollow,
        }
    }

    /// How many of the query's words an article has, and how many there are.
    pub(crate) fn words(&self, reading: &Reading<'_>) -> (usize, usize) {
        let mut all = Vec::new();
        if let Some(root) = &self.0.root {
            words_of(root, reading, &mut all);
        }
        (all.iter().filter(|has| **has).count(), all.len())
    }
}

/// For each word of a row, and of the rows that it requires, whether an article has it.
fn words_of(node: &Node, reading: &Reading<'_>, out: &mut Vec<bool>) {
    let Kind::Row(clauses) = &node.kind else { return };
    let must = || clauses.iter().filter(|clause| clause.occur == Occur::Must).map(|clause| &clause.node);
    if must().all(is_filter) {
        let carries = clauses.iter().any(|c| c.occur == Occur::Should && !is_stop(&c.node));
        let named = named_by_row(clauses);
        let mut known = BTreeSet::new();
        for (at, clause) in clauses.iter().enumerate() {
            if clause.occur != Occur::Should || carries && is_stop(&clause.node) {
                continue;
            }
            let parts = with_parts(&clause.node, clauses).into_iter().skip(1).collect::<Vec<_>>();
            let by_parts = !parts.is_empty() && parts.iter().all(|part| leaf_holds(part, reading));
            let by_name =
                named.iter().any(|(by, actor)| by.contains(&at) && reading.mentions(std::slice::from_ref(actor)));
            if known.insert(key(&clause.node)) {
                out.push(holds(&clause.node, reading, true) || by_parts || by_name);
            }
        }
    }
    must().for_each(|node| words_of(node, reading, out));
}

/// What tells a word of a query from others: its terms, or all of it where it is more than one word.
fn key(node: &Node) -> String {
    let Kind::Text(text) = &node.kind else { return node.to_string() };
    let query = words(&text.text);
    if query.len() != 1 || text.mode != Mode::Word {
        return node.to_string();
    }
    let mut terms = Vec::new();
    Analyzer::new().query_terms(&query, |_, term| terms.push(term.to_owned()));
    format!("{:?} {}", text.part, terms.join(" "))
}

fn is_stop(node: &Node) -> bool {
    matches!(&node.kind, Kind::Text(text) if is_stop_text(text))
}

/// Whether a clause only narrows, so that the words beside it are still searched for.
fn is_filter(node: &Node) -> bool {
    match &node.kind {
        Kind::Field { .. } | Kind::Date { .. } => true,
        Kind::Text(text) => text.part == Part::Byline,
        Kind::All => false,
        Kind::And(nodes) | Kind::Or(nodes) => nodes.iter().all(is_filter),
        Kind::Not(node) => is_filter(node),
        Kind::Row(clauses) => clauses.iter().all(|clause| is_filter(&clause.node)),
    }
}

/// The leaves of a clause of a row: the clause itself, and the parts of a compound.
fn with_parts(node: &Node, row: &[Clause]) -> Vec<Text> {
    match &node.kind {
        Kind::Text(text)
            if row.iter().filter(|clause| !is_filter(&clause.node)).count() > 1 && actor_of(text).is_empty() =>
        {
            [vec![text.clone()], compound_parts(text)].concat()
        }
        Kind::Text(text) => vec![text.clone()],
        _ => Vec::new(),
    }
}

pub(crate) fn leaf_holds(text: &Text, reading: &Reading<'_>) -> bool {
    !choices(text, &reading.words).is_empty() || reading.mentions(&actor_of(text))
}

/// The ids of those who say something in an article.
pub(crate) fn speakers(article: &Article, tags: &Tags) -> Vec<String> {
    let quotes = quotes(article, tags);
    let all = quotes.title.into_iter().chain(quotes.text);
    all.filter_map(|quote| quote.speaker).flat_map(|one| one.actor.into_iter().chain(one.also)).collect()
}

/// What an article says was done with systems.
pub(crate) fn done(article: &Article, tags: &Tags) -> Vec<String> {
    let events = events(article, tags);
    let classes = events.title.iter().chain(&events.text).map(|event| event.class.to_string());
    classes.collect::<std::collections::BTreeSet<_>>().into_iter().collect()
}

pub(crate) fn value_holds(field: Field, values: &[query::Value], reading: &Reading<'_>) -> bool {
    let authority = Authority::bundled();
    let (article, tags) = (reading.article, reading.tags);
    let same = |own: Option<&String>, value: &query::Value| {
        own.is_some_and(|own| own.to_lowercase() == value.text.to_lowercase())
    };
    match field {
        Field::Doubt => values.iter().any(|value| article.doubts.iter().any(|doubt| doubt.name() == value.text)),
        Field::Actor => reading.mentions(&actors_of_values(values)),
        Field::Affiliation => values
            .iter()
            .any(|value| tags.actors.iter().any(|tag| authority.affiliation(&tag.actor) == Some(value.text.as_str()))),
        Field::System => values.iter().any(|value| tags.systems.iter().any(|tag| tag.actor == value.text)),
        Field::Said | Field::Speaker => values.iter().any(|value| speakers(article, tags).contains(&value.text)),
        Field::Event => values.iter().any(|value| done(article, tags).contains(&value.text)),
        Field::Topic => values.iter().any(|value| tags.topics.iter().any(|tag| tag.topic == value.text)),
        Field::Outlet => values.iter().any(|value| same(article.outlet.as_ref(), value)),
        Field::Lang => values.iter().any(|value| same(article.language.as_ref(), value)),
        Field::Place => values.iter().any(|value| {
            article.dateline.iter().flat_map(|dateline| &dateline.places).any(|place| same(Some(place), value))
        }),
    }
}

fn holds(node: &Node, reading: &Reading<'_>, wanted: bool) -> bool {
    let inner = |node: &Node| holds(node, reading, wanted);
    match &node.kind {
        Kind::All => true,
        Kind::Text(text) => leaf_holds(text, reading),
        Kind::Field { field, values } => value_holds(*field, values, reading),
        Kind::Date { range, .. } => reading.article.published.is_some_and(|at| range.contains(&at.seconds())),
        Kind::And(nodes) => nodes.iter().all(inner),
        Kind::Or(nodes) => nodes.iter().any(inner),
        Kind::Not(node) => !holds(node, reading, !wanted),
        Kind::Row(clauses) => {
            let of = |occur| clauses.iter().filter(move |c| c.occur == occur).map(|c| &c.node);
            let carries = of(Occur::Should).any(|node| !is_stop(node));
            let should: Vec<&Node> = of(Occur::Should).filter(|node| !carries || !is_stop(node)).collect();
            let named = if wanted { actors_of_row(clauses) } else { Vec::new() };
            let must = of(Occur::Must).all(inner);
            let some =
                |node: &&Node| inner(node) || with_parts(node, clauses).iter().any(|text| leaf_holds(text, reading));
            let any = (should.is_empty() && named.is_empty())
                || of(Occur::Must).any(|node| !is_filter(node))
                || should.iter().any(some)
                || reading.mentions(&named);
            must && any && !of(Occur::MustNot).any(|node| holds(node, reading, !wanted))
        }
    }
}

/// The leaves and actors that a query looks for, without those that it excludes and without the stop words of rows.
#[derive(Default)]
struct Asked {
    leaves: Vec<Text>,
    /// Each list: the actors of one clause.
    actors: Vec<Vec<String>>,
}

fn asked(node: &Node, wanted: bool, out: &mut Asked) {
    match &node.kind {
        Kind::Text(text) if wanted => out.leaves.push(text.clone()),
        Kind::Field { field: Field::Actor, values } if wanted => out.actors.push(actors_of_values(values)),
        Kind::And(nodes) | Kind::Or(nodes) => nodes.iter().for_each(|node| asked(node, wanted, out)),
        Kind::Not(node) => asked(node, !wanted, out),
        Kind::Row(clauses) => {
            let carries = clauses.iter().any(|c| c.occur == Occur::Should && !is_stop(&c.node));
            if wanted {
                out.actors.extend(actors_of_row(clauses).into_iter().map(|actor| vec![actor]));
            }
            for clause in clauses {
                if !(carries && clause.occur == Occur::Should && is_stop(&clause.node)) {
                    let wanted = wanted == (clause.occur != Occur::MustNot);
                    asked(&clause.node, wanted, out);
                    if wanted && clause.occur == Occur::Should {
                        out.leaves.extend(with_parts(&clause.node, clauses));
                    }
                }
            }
        }
        _ => {}
    }
}

/// Marked bytes: whether they are in the title, first byte, one past the last.
type Marks = BTreeSet<(bool, usize, usize)>;

/// The marks of a hit, of words and of actors. Asserts that passages do not overlap and are parts of the text.
fn marks(article: &Article, hit: &Hit) -> (Marks, Marks) {
    let (mut of_words, mut of_actors) = (Marks::new(), Marks::new());
    for highlight in &hit.title_highlights {
        let marks = if highlight.actor { &mut of_actors } else { &mut of_words };
        marks.insert((true, highlight.start, highlight.end));
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
            let marks = if highlight.actor { &mut of_actors } else { &mut of_words };
            marks.insert((false, passage.start + highlight.start, passage.start + highlight.end));
        }
    }
    (of_words, of_actors)
}

/// Asserts that every highlight consists of words of true matches or is a mention of a requested actor, and that each
/// leaf that matches has one match marked in full. Returns the number of marks.
pub(crate) fn check_highlights(wanted: &Wanted, reading: &Reading<'_>, hit: &Hit, query: &str) -> usize {
    let read = &reading.words;
    let mut asks = Asked::default();
    if let Some(root) = &wanted.0.root {
        asked(root, true, &mut asks);
    }
    let (of_words, of_actors) = marks(reading.article, hit);
    let touches = |marks: &Marks, title: bool, start: usize, end: usize| {
        marks.iter().any(|m| m.0 == title && m.1 < end && start < m.2)
    };
    let marked = |word: &Word| of_words.iter().any(|s| s.0 == word.title && s.1 <= word.start && word.end <= s.2);
    let mut true_words: BTreeSet<usize> = BTreeSet::new();
    let mut named: Vec<Vec<String>> = asks.actors;
    for leaf in &asks.leaves {
        let found = choices(leaf, read);
        assert!(
            found.is_empty() || found.iter().any(|choice| choice.iter().all(|n| marked(&read[*n]))),
            "{query}: nothing is marked for {leaf} in {}",
            hit.id
        );
        if found.is_empty() {
            named.push(actor_of(leaf));
        }
        true_words.extend(found.into_iter().flatten());
    }
    for (number, word) in read.iter().enumerate() {
        let touched = touches(&of_words, word.title, word.start, word.end);
        assert!(!touched || true_words.contains(&number), "{query}: '{}' is marked in {}", word.written, hit.id);
    }
    let tags = reading.tags;
    let mentions: Vec<(bool, &despatch::tag::Mention)> =
        tags.title_mentions.iter().map(|m| (true, m)).chain(tags.mentions.iter().map(|m| (false, m))).collect();
    let mut asked_for: BTreeSet<&str> = named.iter().flatten().map(String::as_str).collect();
    let of_leaves: Vec<String> = asks.leaves.iter().flat_map(actor_of).collect();
    asked_for.extend(of_leaves.iter().map(String::as_str));
    for (title, start, end) in &of_actors {
        let known = mentions
            .iter()
            .any(|(t, m)| (t, &m.start, &m.end) == (title, start, end) && asked_for.contains(m.actor.as_str()));
        assert!(known, "{query}: {start}..{end} is marked as an actor in {}", hit.id);
    }
    for actors in named.iter().filter(|actors| !actors.is_empty() && reading.mentions(actors)) {
        let shown = mentions.iter().any(|(title, m)| {
            actors.contains(&m.actor)
                && (touches(&of_actors, *title, m.start, m.end) || touches(&of_words, *title, m.start, m.end))
        });
        assert!(shown, "{query}: no mention of {actors:?} is marked in {}", hit.id);
    }
    of_words.len() + of_actors.len()
}
