//! An archive and its index on a cluster, open for reading.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::Instant;

use serde_json::{Value, json};

use super::facets::every_value_of;
use super::translate::{MOST_VALUES, value_field};
use crate::analysis::Analyzer;
use crate::archive::{Archive, ArticleNum, VersionSeq};
use crate::authority::Authority;
use crate::cluster::schema::fingerprint_of;
use crate::cluster::state::{Home, State};
use crate::cluster::{Cluster, ClusterError};
use crate::engine::bind::{Names, Vocabulary};
use crate::engine::error::EngineError;
use crate::engine::ranking::Ranking;
use crate::engine::response::{Heading, Request};
use crate::engine::statistics::Statistics;
use crate::index::{LOOKS, PAUSE};
use crate::query::Field;

/// Questions in one request, at most.
const TOGETHER: usize = 128;
/// Characters of a regular expression, at most; the cluster's own limit is 1,000.
const EXPRESSION: usize = 900;

/// An archive and its index on a cluster.
pub(super) struct Remote<'a> {
    pub(super) cluster: Cluster,
    pub(super) state: State,
    pub(super) archive: RefCell<Archive>,
    pub(super) authority: &'a Authority,
    pub(super) analyzer: RefCell<Analyzer>,
    pub(super) ranking: Ranking,
    /// Removed articles that the index still holds.
    pub(super) gone: Vec<ArticleNum>,
    /// What the user should know of the index.
    pub(super) notes: Vec<String>,
    /// Articles that match filters, by these.
    counts: RefCell<HashMap<String, u64>>,
    /// What was asked since the engine was opened.
    pub(super) requests: RefCell<Vec<Request>>,
    /// See [`Remote::prefer`].
    preference: Cell<u64>,
}

impl<'a> Remote<'a> {
    pub(super) fn open(archive: Archive, authority: &'a Authority, cluster: Cluster) -> Result<Self, EngineError> {
        let (last, state) = look(&archive, authority, &cluster)?;
        let mut notes = Vec::new();
        if state.seq < last {
            let note = "the index on the cluster lags behind the archive: `despatch rebuild` with the same --backend brings it up";
            notes.push(note.to_owned());
        }
        Ok(Self {
            gone: archive.gone_after(state.seq)?,
            archive: RefCell::new(archive),
            cluster,
            state,
            authority,
            analyzer: RefCell::new(Analyzer::new()),
            ranking: Ranking::default(),
            notes,
            counts: RefCell::default(),
            requests: RefCell::default(),
            preference: Cell::default(),
        })
    }

    /// From now on asks those replicas that this question chooses: as each has other remains of what was deleted, two of them
    /// score a little differently, and one question is to have one answer.
    pub(super) fn prefer(&self, question: &str) {
        let mut hasher = DefaultHasher::new();
        question.hash(&mut hasher);
        self.preference.set(hasher.finish());
    }

    /// How the index is to be searched. Statistics of words are those of all parts of the index, so that it does not matter how
    /// many it has.
    fn way(&self) -> [(&'static str, String); 2] {
        let kind = if self.state.shards > 1 { "dfs_query_then_fetch" } else { "query_then_fetch" };
        [("search_type", kind.to_owned()), ("preference", format!("{:x}", self.preference.get()))]
    }

    /// Asks the index, for what is to be told where somebody wants to know.
    pub(super) fn search(&self, what: &'static str, body: &Value) -> Result<Value, EngineError> {
        let way = self.way().map(|(name, value)| format!("{name}={value}")).join("&");
        let start = Instant::now();
        let answer =
            self.cluster.send("POST", &format!("{}/_search?{way}", self.state.index), body).map_err(in_words)?;
        self.note(what, start, &answer);
        self.cluster.whole(answer).map_err(in_words)
    }

    fn note(&self, what: &'static str, start: Instant, answer: &Value) {
        let ms = |took: f64| (took * 10.0).round() / 10.0;
        let (there, whole) = (answer["took"].as_f64().unwrap_or(0.0), start.elapsed().as_secs_f64() * 1e3);
        self.requests.borrow_mut().push(Request { what, ms: ms(whole), cluster_ms: ms(there) });
    }

    /// Asks the index several questions at once.
    fn many(&self, what: &'static str, bodies: &[Value]) -> Result<Vec<Value>, EngineError> {
        let mut out = Vec::with_capacity(bodies.len());
        for some in bodies.chunks(TOGETHER) {
            let way = json!(BTreeMap::from(self.way()));
            let lines: String = some.iter().map(|body| format!("{way}\n{body}\n")).collect();
            let start = Instant::now();
            let mut answer = self.cluster.lines(&format!("{}/_msearch", self.state.index), lines.as_bytes())?;
            self.note(what, start, &answer);
            let answers = answer["responses"].as_array_mut().map(std::mem::take).unwrap_or_default();
            if answers.len() != some.len() {
                let why = "it did not answer every question".to_owned();
                return Err(ClusterError::Answer { host: self.cluster.host(), why }.into());
            }
            for answer in answers {
                out.push(self.cluster.whole(answer).map_err(in_words)?);
            }
        }
        Ok(out)
    }

    /// How many articles match each of these filters.
    pub(super) fn count(&self, filters: &[Value]) -> Result<Vec<u64>, EngineError> {
        let keys: Vec<String> = filters.iter().map(Value::to_string).collect();
        let known = |key: &String| self.counts.borrow().contains_key(key);
        let mut unknown: Vec<usize> = (0..keys.len()).filter(|at| !known(&keys[*at])).collect();
        unknown.sort_unstable_by_key(|at| &keys[*at]);
        unknown.dedup_by_key(|at| &keys[*at]);
        let bodies = unknown.iter().map(|at| {
            let filter = &filters[*at];
            counts_in(filter, &json!({ "n": { "filter": filter } }))
        });
        for (at, answer) in unknown.iter().zip(self.many("how often words stand", &bodies.collect::<Vec<_>>())?) {
            let count = answer["aggregations"]["c"]["n"]["doc_count"].as_u64().unwrap_or(0);
            self.counts.borrow_mut().insert(keys[*at].clone(), count);
        }
        let counts = self.counts.borrow();
        Ok(keys.iter().map(|key| counts.get(key).copied().unwrap_or(0)).collect())
    }

    /// Looks up how many articles have each of these terms; with a term comes a copy that has it. The cluster says the number
    /// where it explains the score of that copy, so it need not count. A number that it does not say is counted when it is
    /// wanted.
    pub(super) fn look_up(&self, terms: &[(&str, VersionSeq)]) -> Result<(), EngineError> {
        let mut copies: BTreeMap<VersionSeq, Vec<Value>> = BTreeMap::new();
        for (term, seq) in terms {
            copies.entry(*seq).or_default().push(one_term(term));
        }
        let bodies = copies.into_iter().map(|(seq, terms)| {
            let of_copy = json!({ "bool": { "filter": { "term": { "c.seq": seq.0 } }, "should": terms } });
            json!({
                "size": 1, "track_total_hits": false, "stored_fields": "_none_", "explain": true,
                "query": { "nested": { "path": "c", "query": of_copy } },
            })
        });
        let answers = self.many("how often words stand", &bodies.collect::<Vec<_>>())?;
        let mut counts = self.counts.borrow_mut();
        for hit in answers.iter().filter_map(|answer| answer["hits"]["hits"].as_array()).flatten() {
            each_count(&hit["_explanation"], &mut |term, found| {
                counts.insert(one_term(term).to_string(), found);
            });
        }
        Ok(())
    }

    /// Resolves names by this index.
    pub(super) fn names(&self) -> Names<'_> {
        Names::new(self.authority, self)
    }

    /// Headings as they are shown; names without one as most articles write them.
    pub(super) fn headings(&self, ids: &[String]) -> Result<HashMap<String, Heading>, EngineError> {
        let mut out: HashMap<String, Heading> =
            ids.iter().map(|id| (id.clone(), Heading::of(self.authority, id.clone()))).collect();
        let mut unlisted: Vec<&str> = ids.iter().map(String::as_str).filter(|id| out[*id].is_unlisted()).collect();
        unlisted.sort_unstable();
        unlisted.dedup();
        for (id, name) in self.written(&unlisted)? {
            if let Some(heading) = out.get_mut(&id) {
                heading.label = name;
            }
        }
        Ok(out)
    }

    /// The form in which most articles write each of these names; of several the one of the first article.
    fn written(&self, ids: &[&str]) -> Result<Vec<(String, String)>, EngineError> {
        let mut groups: Vec<(Vec<&str>, String)> = Vec::new();
        for id in ids {
            let expression = format!("{}\t.*", literal(id));
            match groups.last_mut() {
                Some((ids, all)) if all.len() + expression.len() < EXPRESSION => {
                    ids.push(id);
                    all.extend(["|", &expression]);
                }
                _ => groups.push((vec![id], expression)),
            }
        }
        let bodies = groups.iter().map(|(ids, expression)| {
            let forms = json!({ "w": {
                "terms": { "field": "c.written", "include": expression, "size": MOST_VALUES },
                "aggs": { "first": { "min": { "field": "c.num" } } },
            } });
            counts_in(&json!({ "terms": { "c.actor": ids } }), &forms)
        });
        let answers = self.many("how names are written", &bodies.collect::<Vec<_>>())?;
        let mut best: HashMap<String, (u64, f64, String)> = HashMap::new();
        for bucket in
            answers.iter().filter_map(|answer| answer["aggregations"]["c"]["w"]["buckets"].as_array()).flatten()
        {
            let Some((id, name)) = bucket["key"].as_str().and_then(|key| key.split_once('\t')) else { continue };
            let (count, first) =
                (bucket["doc_count"].as_u64().unwrap_or(0), bucket["first"]["value"].as_f64().unwrap_or(0.0));
            let known = best.get(id);
            if known.is_none_or(|(most, least, _)| count > *most || count == *most && first < *least) {
                best.insert(id.to_owned(), (count, first, name.to_owned()));
            }
        }
        Ok(best.into_iter().map(|(id, (_, _, name))| (id, name)).collect())
    }
}

/// A request for counts in the stories with a copy that a filter matches: the parts count copies, all of these stories.
pub(super) fn counts_in(filter: &Value, parts: &Value) -> Value {
    json!({
        "size": 0, "track_total_hits": false,
        "query": { "constant_score": { "filter": { "nested": { "path": "c", "query": filter } } } },
        "aggs": { "c": { "nested": { "path": "c" }, "aggs": parts } },
    })
}

/// The last version of an archive, as it is held from now on, and the state of its index on a cluster.
fn look(archive: &Archive, authority: &Authority, cluster: &Cluster) -> Result<(VersionSeq, State), EngineError> {
    let name = archive.uuid()?.unwrap_or_default();
    let home = Home::new(cluster, &name);
    for _ in 0..LOOKS {
        let last = archive.hold()?;
        let state = home.state()?.ok_or_else(|| ClusterError::NoIndex { host: cluster.host() })?;
        if state.fingerprint != fingerprint_of(authority) {
            break;
        }
        if state.seq <= last && archive.fed_tokens()?.contains(&state.token) {
            return Ok((last, state));
        }
        // A writer may have written the state after the archive was held.
        archive.release()?;
        std::thread::sleep(PAUSE);
    }
    Err(ClusterError::Outdated { host: cluster.host() }.into())
}

/// What an error of the cluster means for the question.
fn in_words(error: ClusterError) -> EngineError {
    match &error {
        ClusterError::Answer { why, .. } if why.contains("maxClauseCount") => EngineError::unsupported(
            "a question of more than some 500 words, those counted for which a pattern within a phrase stands",
            "ask for fewer words, write a longer beginning of the word, or ask for the pattern by itself",
        ),
        _ => error.into(),
    }
}

/// The copies with a term.
fn one_term(term: &str) -> Value {
    json!({ "term": { "c.tape": term } })
}

/// Goes through an explanation of a score, and gives each term of the text with the number of articles that have it.
fn each_count(part: &Value, each: &mut dyn FnMut(&str, u64)) {
    let parts = || part["details"].as_array().into_iter().flatten();
    let of_term = part["description"].as_str().and_then(|said| said.strip_prefix("weight(c.tape:"));
    match of_term.and_then(|said| said.split(" in ").next()) {
        Some(term) => parts().for_each(|part| {
            if let Some(found) = count_in(part) {
                each(term, found);
            }
        }),
        None => parts().for_each(|part| each_count(part, each)),
    }
}

/// The number of articles with a term in the explanation of its rarity.
fn count_in(part: &Value) -> Option<u64> {
    let is_count = part["description"].as_str().is_some_and(|said| said.starts_with("n, number of documents"));
    if is_count {
        return part["value"].as_u64();
    }
    part["details"].as_array().into_iter().flatten().find_map(count_in)
}

/// A text as a regular expression that matches it alone.
fn literal(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if !c.is_alphanumeric() {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

impl Vocabulary for Remote<'_> {
    fn values(&self, field: Field) -> Result<Vec<String>, EngineError> {
        let values = every_value_of(self, &json!({ "match_all": {} }), value_field(field), true)?;
        Ok(values.into_iter().map(|(value, _)| value).collect())
    }

    fn has(&self, field: Field, value: &str) -> Result<bool, EngineError> {
        Ok(self.count(&[json!({ "term": { value_field(field): value } })])?[0] > 0)
    }
}

impl Statistics for Remote<'_> {
    fn articles(&self) -> f32 {
        self.state.articles as f32
    }

    fn frequency(&self, term: &str) -> Result<u64, EngineError> {
        Ok(self.count(&[one_term(term)])?[0])
    }

    fn frequencies(&self, terms: &[&str]) -> Result<Vec<u64>, EngineError> {
        self.count(&terms.iter().map(|term| one_term(term)).collect::<Vec<_>>())
    }
}
