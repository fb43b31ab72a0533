//! Topics: weighted rules over the stems of an article's paragraphs, all evaluated in one pass.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::doc::{Doc, Tok};
use super::lexicon::{Lexicon, NONE};
use super::{RuleEvidence, Span, TopicEvidence, TopicTag};
use crate::analysis::{Gap, words};
use crate::authority::{Authority, rule};
use crate::wordlist::WordList;

static OTHER_SENSES: WordList = WordList::new(include_str!("lists/senses_of_no_topic.txt"));

/// Least weight of the evidence for a topic.
const THRESHOLD: f32 = 4.0;
/// Least weight where the evidence is in one paragraph only, or neither in title nor lead.
const DOUBTFUL: f32 = 6.0;
/// Least weight where the evidence is in one passage of an article of more than [`BRIEF`] words and outside title and
/// lead: a paragraph that says in five ways what another country spends is still the only one that does.
const STRAY: f32 = 9.0;
const BRIEF: usize = 280;
/// Words of an article that is so short that no second passage can be expected.
const SHORT: usize = 60;
/// Paragraphs that begin within this many words of the start of the text belong to the lead: pages put menus, bylines
/// and standfirsts before it, and agencies divide it into two paragraphs.
const LEAD: usize = 40;
/// How many times as much a rule counts in title and lead.
const AHEAD: f32 = 2.0;
/// Most passages of an article of [`ORDINARY`] words in which one rule counts.
const TWICE: u32 = 2;
/// Words of an article up to which the least weights hold as they stand. Beyond, a topic must be spoken of more to be
/// one of the article's topics and not a remark in passing: the weight it needs and the number of passages in which a
/// rule counts grow alike.
const ORDINARY: usize = 800;
/// A longer paragraph is divided: some sources set a whole article, or a list of all they did in a week, as one, in
/// which nearly every rule that joins words by `AND` would find its words.
const LONG: usize = 220;
/// Least words of the passages of a long paragraph, which end with a sentence or, in lists that lack full stops, at
/// the first punctuation after twice as many.
const PASSAGE: usize = 70;

/// A word or phrase of a rule.
#[derive(Debug)]
struct Atom {
    words: Vec<u32>,
    /// The words as written if case and form count, else `None`.
    exact: Option<Box<str>>,
}

#[derive(Debug)]
struct Rule {
    atoms: Vec<u32>,
    weight: f32,
    topic: u32,
    /// As the authority file writes it.
    q: Box<str>,
}

/// The atoms with the same first word, as pairs of their second word and their number; atoms of one word come first.
#[derive(Debug, Default)]
struct Starts(Vec<(Option<u32>, u32)>);

impl Starts {
    /// The atoms that may begin at a word if `second` is the word after it.
    fn before(&self, second: Option<u32>) -> impl Iterator<Item = u32> + '_ {
        let single = self.0.partition_point(|(second, _)| second.is_none());
        let first = single + self.0[single..].partition_point(|(other, _)| *other < second);
        let last = first + self.0[first..].partition_point(|(other, _)| *other == second);
        self.0[..single].iter().chain(&self.0[first..last]).map(|(_, atom)| *atom)
    }
}

/// The topics of an authority file with their rules.
#[derive(Debug, Default)]
pub(super) struct Topics {
    ids: Vec<Box<str>>,
    atoms: Vec<Atom>,
    rules: Vec<Rule>,
    /// Atoms that match stems, by the number of their first word's stem.
    by_stem: Vec<Starts>,
    /// Atoms that match words as written, by the number of their first word.
    by_plain: Vec<Starts>,
    /// Rules by their rarest atom: the one that the fewest rules use.
    keyed: Vec<Vec<u32>>,
}

impl Topics {
    /// Reads the rules and enters their words in `lexicon`.
    pub(super) fn new(authority: &Authority, lexicon: &mut Lexicon) -> Self {
        let mut topics = Self::default();
        let mut known: std::collections::HashMap<rule::Atom, u32> = std::collections::HashMap::new();
        for id in authority.topics() {
            let topic = topics.ids.len() as u32;
            topics.ids.push(id.into());
            for one in authority.topic_rules(id) {
                let Ok(parts) = rule::parse(one.q) else { continue };
                let mut atoms = Vec::new();
                for part in parts {
                    atoms.push(*known.entry(part.clone()).or_insert_with(|| topics.add(&part, lexicon)));
                }
                topics.rules.push(Rule { atoms, weight: one.weight, topic, q: one.q.into() });
            }
        }
        topics.key();
        topics
    }

    /// Files each rule under its rarest atom, so that few rules are examined in vain.
    fn key(&mut self) {
        self.by_stem.iter_mut().chain(&mut self.by_plain).for_each(|starts| starts.0.sort_unstable());
        let mut uses = vec![0u32; self.atoms.len()];
        self.rules.iter().flat_map(|rule| &rule.atoms).for_each(|atom| uses[*atom as usize] += 1);
        self.keyed = vec![Vec::new(); self.atoms.len()];
        for (number, rule) in (0..).zip(&self.rules) {
            if let Some(rarest) = rule.atoms.iter().min_by_key(|atom| uses[**atom as usize]) {
                self.keyed[*rarest as usize].push(number);
            }
        }
    }

    fn add(&mut self, part: &rule::Atom, lexicon: &mut Lexicon) -> u32 {
        let cut = words(&part.text);
        let numbers: Vec<u32> = cut
            .as_slice()
            .iter()
            .map(|word| {
                let folded = cut.folded(word);
                if part.exact { lexicon.intern_plain(folded) } else { lexicon.intern_stem(folded) }
            })
            .collect();
        let number = self.atoms.len() as u32;
        if let Some(first) = numbers.first() {
            let starts = if part.exact { &mut self.by_plain } else { &mut self.by_stem };
            let first = *first as usize;
            starts.resize_with(starts.len().max(first + 1), Starts::default);
            starts[first].0.push((numbers.get(1).copied(), number));
        }
        self.atoms.push(Atom { words: numbers, exact: part.exact.then(|| part.text.as_str().into()) });
        number
    }

    /// The topics of an article, heaviest first.
    pub(super) fn find(&self, doc: &Doc) -> Vec<TopicTag> {
        self.tally(doc).finish()
    }

    fn tally(&self, doc: &Doc) -> Tally<'_> {
        let mut tally = Tally::new(self, doc);
        for (number, (start, end)) in passages(doc).into_iter().enumerate() {
            let found = self.atoms_in(doc, start, end);
            if end <= doc.split {
                tally.title(found, number);
            } else {
                tally.passage(&found, number, start < doc.split + LEAD);
            }
        }
        tally
    }

    /// The evidence for the topics that were found: the words of every satisfied rule with a positive weight.
    pub(super) fn evidence(&self, doc: &Doc, found: &[TopicTag]) -> Vec<TopicEvidence> {
        let mut spans: BTreeMap<&str, Vec<Span>> = BTreeMap::new();
        let counted = self.tally(doc).counted;
        let mut title: Vec<(u32, usize)> = Vec::new();
        self.each_atom(doc, 0, doc.split, &mut |atom, at| title.push((atom, at)));
        for (start, end) in passages(doc) {
            let mut places: Vec<(u32, usize)> = if end <= doc.split { Vec::new() } else { title.clone() };
            self.each_atom(doc, start, end, &mut |atom, at| places.push((atom, at)));
            places.sort_unstable();
            let mut atoms: Vec<u32> = places.iter().map(|(atom, _)| *atom).collect();
            atoms.dedup();
            for rule in self.satisfied(&atoms).into_iter().map(|number| &self.rules[number as usize]) {
                if rule.weight <= 0.0 {
                    continue;
                }
                let own = places.iter().filter(|(atom, _)| rule.atoms.contains(atom));
                let own = own.map(|(atom, at)| span(doc, *at, at + self.atoms[*atom as usize].words.len()));
                spans.entry(&self.ids[rule.topic as usize]).or_default().extend(own);
            }
        }
        let carries =
            |topic: &str, id: &str| id == topic || id.strip_prefix(topic).is_some_and(|rest| rest.starts_with('/'));
        let all = found.iter().map(|tag| {
            let own = spans.iter().filter(|(id, _)| carries(&tag.topic, id)).flat_map(|(_, spans)| spans);
            let mut own: Vec<Span> = own.cloned().collect();
            own.sort_unstable_by_key(|span| (!span.title, span.start, span.end));
            own.dedup();
            let rules = counted.iter().map(|(number, counts)| (&self.rules[*number as usize], *counts));
            let rules = rules.filter(|(rule, _)| carries(&tag.topic, &self.ids[rule.topic as usize]));
            TopicEvidence { topic: tag.topic.clone(), weight: tag.weight, spans: own, rules: most_first(rules) }
        });
        all.collect()
    }

    /// The rules whose atoms are all among `found`, which is sorted.
    fn satisfied(&self, found: &[u32]) -> Vec<u32> {
        let mut rules: Vec<u32> = found.iter().flat_map(|atom| &self.keyed[*atom as usize]).copied().collect();
        rules.sort_unstable(); // sums of weights do not depend on which atoms there are
        rules.retain(|number| self.rules[*number as usize].atoms.iter().all(|atom| found.binary_search(atom).is_ok()));
        rules
    }

    /// The atoms of a paragraph, sorted, each once.
    fn atoms_in(&self, doc: &Doc, start: usize, end: usize) -> Vec<u32> {
        let mut found = Vec::new();
        self.each_atom(doc, start, end, &mut |atom, _| found.push(atom));
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Calls `tell` for every atom in the words from `start` up to `end`, with the atom's first word.
    fn each_atom(&self, doc: &Doc, start: usize, end: usize, tell: &mut impl FnMut(u32, usize)) {
        for at in start..end {
            let tok = &doc.toks[at];
            if (tok.lex.stem, tok.lex.plain) == (NONE, NONE) {
                continue;
            }
            let next = doc.toks[at + 1..end].first().map(|next| next.lex);
            // `NONE` lies beyond the end of both vectors, so that `get` finds nothing.
            let by_stem = (self.by_stem.get(tok.lex.stem as usize), next.map(|next| next.stem));
            let by_plain = (self.by_plain.get(tok.lex.plain as usize), next.map(|next| next.plain));
            for (starts, second) in [by_stem, by_plain] {
                for atom in starts.into_iter().flat_map(|starts| starts.before(second)) {
                    if self.stands(doc, at, end, &self.atoms[atom as usize]) {
                        tell(atom, at);
                    }
                }
            }
        }
    }

    fn stands(&self, doc: &Doc, at: usize, end: usize, atom: &Atom) -> bool {
        let stop = at + atom.words.len();
        if stop > end || doc.toks[at].muted {
            return false;
        }
        let number = |tok: &Tok| if atom.exact.is_some() { tok.lex.plain } else { tok.lex.stem };
        let run = doc.toks[at..stop].iter().zip(&atom.words).all(|(tok, word)| number(tok) == *word)
            && doc.toks[at + 1..stop].iter().all(|tok| tok.gap <= Gap::Punctuation);
        run && !is_of_a_pair(doc, at, stop)
            && atom.exact.as_ref().is_none_or(|written| {
                let shouted = doc.toks[at].shouted && !written.contains(' ');
                !shouted && same_letters(written, doc.surface(at, stop))
            })
    }
}

/// Whether a word alone has another sense beside its neighbour: `think tank`.
fn is_of_a_pair(doc: &Doc, at: usize, stop: usize) -> bool {
    let pair = |first: usize| {
        let singular = doc.folded(first + 1).trim_end_matches('s');
        doc.toks[first + 1].gap <= Gap::Space && OTHER_SENSES.has(&format!("{} {singular}", doc.folded(first)))
    };
    stop == at + 1 && (at > 0 && pair(at - 1) || stop < doc.toks.len() && pair(at))
}

/// What each rule adds, what adds most first.
fn most_first<'r>(rules: impl Iterator<Item = (&'r Rule, (u32, f32))>) -> Vec<RuleEvidence> {
    let one =
        |(rule, (paragraphs, weight)): (&Rule, (u32, f32))| RuleEvidence { q: rule.q.to_string(), paragraphs, weight };
    let mut list: Vec<RuleEvidence> = rules.map(one).collect();
    list.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.q.cmp(&b.q)));
    list
}

/// The paragraphs of an article, long ones divided, as pairs of their first word and one past their last.
fn passages(doc: &Doc) -> Vec<(usize, usize)> {
    let mut out = Vec::with_capacity(doc.paragraphs.len());
    for (number, start) in doc.paragraphs.iter().enumerate() {
        let mut start = *start as usize;
        let end = doc.paragraphs.get(number + 1).map_or(doc.toks.len(), |next| *next as usize);
        if end - start > LONG {
            for at in start + PASSAGE..end.saturating_sub(PASSAGE / 2) {
                let (words, gap) = (at - start, doc.toks[at].gap);
                let closed = gap == Gap::Sentence || words >= 2 * PASSAGE && gap == Gap::Punctuation;
                if words >= PASSAGE && closed {
                    out.push((start, at));
                    start = at;
                }
            }
        }
        out.push((start, end));
    }
    out
}

fn span(doc: &Doc, start: usize, end: usize) -> Span {
    let (from, to) = (doc.toks[start].start as usize, doc.toks[end - 1].end as usize);
    Span { title: start < doc.split, start: from, end: to }
}

fn same_letters(a: &str, b: &str) -> bool {
    a.chars().filter(|c| c.is_alphanumeric()).eq(b.chars().filter(|c| c.is_alphanumeric()))
}

/// What speaks for a topic.
#[derive(Debug, Default, Clone, Copy)]
struct Evidence {
    weight: f32,
    /// Whether a part of it stands in title or lead.
    lead: bool,
    /// The first paragraph with a part of it.
    first: Option<usize>,
    /// Whether other paragraphs have a part of it too.
    several: bool,
}

impl Evidence {
    fn stands_in(&mut self, paragraph: Option<usize>) {
        self.several |= self.first.is_some() && paragraph.is_some() && self.first != paragraph;
        self.first = self.first.or(paragraph);
    }

    /// Adds the evidence for a narrower topic; a negative weight counts as 0, because what speaks against the narrower
    /// topic does not speak against this one.
    fn add(&mut self, other: Self) {
        self.weight += other.weight.max(0.0);
        self.lead |= other.lead;
        self.stands_in(other.first);
        self.several |= other.several;
    }

    /// Whether it is enough in an article of so many `words`.
    fn suffices(&self, words: usize) -> bool {
        let need = if self.lead && (self.several || words <= SHORT) {
            THRESHOLD
        } else if words > BRIEF && !self.lead && !self.several {
            STRAY
        } else {
            DOUBTFUL
        };
        self.weight >= need * length(words)
    }
}

/// How many times as much evidence an article of so many words needs as an ordinary one: it grows with the root, since
/// long articles have more topics as well.
fn length(words: usize) -> f32 {
    (words as f32 / ORDINARY as f32).max(1.0).sqrt()
}

/// The evidence for each topic, summed over the passages of an article.
struct Tally<'a> {
    topics: &'a Topics,
    evidence: FxHashMap<u32, Evidence>,
    /// The number of passages in which each rule has counted, and what it has added.
    counted: FxHashMap<u32, (u32, f32)>,
    /// The atoms of the title.
    title: Vec<u32>,
    /// Number of words of the text.
    words: usize,
}

impl<'a> Tally<'a> {
    fn new(topics: &'a Topics, doc: &Doc) -> Self {
        let (evidence, counted) = (FxHashMap::default(), FxHashMap::default());
        Self { topics, evidence, counted, title: Vec::new(), words: doc.toks.len() - doc.split }
    }

    /// Counts the title, whose words then join with those of every passage.
    fn title(&mut self, found: Vec<u32>, number: usize) {
        for rule in self.topics.satisfied(&found) {
            self.count(rule, number, AHEAD);
        }
        self.title = found;
    }

    /// Counts a passage. The title says what it is about, so that a rule may find some of its words there; one that
    /// finds all of them there has counted already.
    fn passage(&mut self, found: &[u32], number: usize, lead: bool) {
        let mut joined = [found, &self.title].concat();
        joined.sort_unstable();
        joined.dedup();
        for rule in self.topics.satisfied(&joined) {
            if self.topics.rules[rule as usize].atoms.iter().any(|atom| found.binary_search(atom).is_ok()) {
                self.count(rule, number, if lead { AHEAD } else { 1.0 });
            }
        }
    }

    fn count(&mut self, number: u32, passage: usize, factor: f32) {
        let rule = &self.topics.rules[number as usize];
        let (times, sum) = self.counted.entry(number).or_default();
        if *times >= (TWICE as f32 * length(self.words)) as u32 {
            return;
        }
        *times += 1;
        *sum += factor * rule.weight;
        let entry = self.evidence.entry(rule.topic).or_default();
        entry.weight += factor * rule.weight;
        if rule.weight > 0.0 {
            entry.lead |= factor > 1.0;
            entry.stands_in(Some(passage));
        }
    }

    fn finish(self) -> Vec<TopicTag> {
        let words = self.words;
        let mut sums: BTreeMap<&str, Evidence> = BTreeMap::new();
        for (topic, evidence) in &self.evidence {
            let mut id = Some(&*self.topics.ids[*topic as usize]);
            while let Some(topic) = id {
                sums.entry(topic).or_default().add(*evidence);
                id = topic.rsplit_once('/').map(|(parent, _)| parent);
            }
        }
        let mut out: Vec<TopicTag> = sums
            .into_iter()
            .filter(|(_, evidence)| evidence.suffices(words))
            .map(|(topic, evidence)| TopicTag { topic: topic.to_owned(), weight: evidence.weight })
            .collect();
        out.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.topic.cmp(&b.topic)));
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(weight: f32, lead: bool, paragraphs: &[usize]) -> Evidence {
        let mut out = Evidence { weight, lead, ..Evidence::default() };
        paragraphs.iter().for_each(|one| out.stands_in(Some(*one)));
        out
    }

    use crate::article::Article;
    use crate::tag::Tagger;

    /// The topics of an article with their weights, by rules of one topic `t` or of the topics that `rules` declares.
    fn found(rules: &str, title: &str, text: &str) -> Vec<(String, f32)> {
        let file = if rules.starts_with("[[") {
            rules.to_owned()
        } else {
            format!("[[topic]]\nid = \"t\"\nheading = \"T\"\nrules = [{rules}]\n")
        };
        let authority = Authority::compile(&[("test.toml".into(), file)]).expect("the file is sound");
        let article = Article { title: title.into(), text: text.into(), ..Article::default() };
        let topics = Tagger::new(&authority).tag(&article).topics;
        topics.into_iter().map(|tag| (tag.topic, tag.weight)).collect()
    }

    /// The weight of the topic `t`, 0 where it is not found.
    fn weight(rules: &str, title: &str, text: &str) -> f32 {
        found(rules, title, text).first().map_or(0.0, |(_, weight)| *weight)
    }

    #[test]
    fn each_kind_of_rule_asks_for_what_it_says() {
        let rule = |q: &str| format!("{{ q = '{q}', weight = 3 }}");
        for (q, text, holds) in [
            // A word: any of its forms, any case.
            ("frigate", "Frigates sailed.", true),
            ("frigate", "FRIGATE", true),
            ("frigate", "A corvette sailed.", false),
            // A phrase: its words in order, side by side, within a sentence.
            ("\"sea day\"", "On sea days they sail.", true),
            ("\"sea day\"", "The sea, day by day.", true),
            ("\"sea day\"", "The day sea.", false),
            ("\"sea day\"", "The sea on a day.", false),
            ("\"sea day\"", "They went to sea. Day broke.", false),
            ("\"sea day\"", "They went to sea", false),
            ("\"sea day\"", "The sea\n\nDay broke.", false),
            ("\"sea day fund\"", "The sea day funds.", true),
            ("\"sea day fund\"", "The sea day found.", false),
            // As written.
            ("=SAFE", "The SAFE loans.", true),
            ("=SAFE", "A safe loan.", false),
            ("=SAFE", "Safe loans.", false),
            ("=SAFE", "SAFE LOANS FOR EVERY SINGLE ONE", false),
            ("=\"Sea Day\"", "The Sea Day came.", true),
            ("=\"Sea Day\"", "The Sea-Day came.", true),
            ("=\"Sea Day\"", "The sea day came.", false),
            ("=\"Sea Day\"", "The Sea Days came.", false),
            ("=\"SEA DAY\"", "A SEA DAY FOR EVERY SINGLE ONE", true),
            ("=frigate", "One frigate sailed.", true),
            ("=frigate", "Two frigates sailed.", false),
            // Joined: all of them in one paragraph, in any order.
            ("frigate AND contract", "A contract for a frigate.", true),
            ("frigate AND contract", "A frigate.\n\nA contract.", false),
            ("frigate AND contract", "A frigate.", false),
            ("frigate AND =SAFE AND \"sea day\"", "SAFE pays for sea days of frigates.", true),
            ("frigate AND =SAFE AND \"sea day\"", "SAFE pays for a sea of frigates.", false),
        ] {
            assert_eq!(weight(&rule(q), "", text) == 6.0, holds, "{q} in {text}");
        }
    }

    #[test]
    fn title_and_lead_count_twice_and_a_rule_twice_at_most() {
        let far = "Much was said of other things. ".repeat(8); // 48 words
        let rule = "{ q = 'frigate', weight = 3 }";
        assert_eq!(weight(rule, "A frigate", ""), 6.0);
        assert_eq!(weight(rule, "", "A frigate, a frigate and a frigate."), 6.0, "once a paragraph");
        assert_eq!(weight(rule, "A frigate", "A frigate.\n\nA frigate."), 12.0, "the third does not count");
        assert_eq!(weight(rule, "A frigate", &format!("{far}\n\nA frigate.")), 9.0);
        assert_eq!(weight(rule, "", &format!("{far}\n\nA frigate.\n\nA frigate.\n\nA frigate.")), 6.0);
        // A paragraph that begins at the 40th word of the text is below the lead; the title's words do not count.
        let words = |n: usize| "word ".repeat(n);
        assert_eq!(weight(rule, "One two three", &format!("{}\n\nA frigate.", words(39))), 6.0);
        assert_eq!(weight(rule, "", &format!("{}\n\nA frigate.", words(40))), 0.0);
        let two = "{ q = 'frigate' }, { q = 'corvette' }";
        assert_eq!(weight(two, "", &format!("A frigate and a corvette. {far}{far}")), 0.0, "4 in one paragraph");
        assert_eq!(weight(two, "", "A frigate and a corvette."), 4.0, "4 in one paragraph of a text with no other");
        assert_eq!(weight("{ q = 'frigate' }, { q = 'corvette' }", "A frigate", "A corvette."), 4.0, "4 in two");
    }

    #[test]
    fn what_speaks_against_a_topic_is_taken_off_and_says_nothing_of_its_parent() {
        let rules = "{ q = 'frigate', weight = 3 }, { q = 'museum', weight = -1 }";
        assert_eq!(weight(rules, "A frigate", "A frigate."), 12.0);
        assert_eq!(weight(rules, "A frigate", "A frigate as a museum."), 10.0);
        // The paragraphs that speak against it are no second paragraph for it.
        let tug = format!("A tug. {}", "Much was said of other things. ".repeat(12)); // 74 words
        assert_eq!(weight("{ q = 'frigate', weight = 3 }, { q = 'tug', weight = -0.5 }", "A frigate", &tug), 0.0);
        let topic =
            |id: &str, rules: &str| format!("[[topic]]\nid = \"{id}\"\nheading = \"{id}\"\nrules = [{rules}]\n");
        let tree = topic("a", "{ q = 'ship', weight = 2 }")
            + &topic("a/b", "{ q = 'museum', weight = -9 }")
            + &topic("a/c", "{ q = 'frigate', weight = 3 }")
            + &topic("a/c/d", "{ q = 'tanker', weight = 1 }");
        let at = |text: &str| found(&tree, "", text);
        let list =
            |pairs: &[(&str, f32)]| pairs.iter().map(|(id, weight)| ((*id).to_owned(), *weight)).collect::<Vec<_>>();
        assert_eq!(at("A ship, a frigate, a tanker in a museum."), list(&[("a", 12.0), ("a/c", 8.0)]));
        assert_eq!(at("A frigate."), list(&[("a", 6.0), ("a/c", 6.0)]), "of one weight by their names");
    }

    #[test]
    fn bylines_carry_no_topic() {
        let rule = "{ q = 'frigate', weight = 3 }";
        assert_eq!(weight(rule, "", "Reporting by Ann Frigate and others"), 0.0);
        assert_eq!(weight(rule, "", "Reporting on a frigate and others"), 6.0);
    }

    #[test]
    fn a_rule_may_find_some_of_its_words_in_the_title() {
        let rule = "{ q = 'frigate AND contract', weight = 3 }";
        assert_eq!(weight(rule, "A frigate", "A contract."), 6.0);
        let far = "Much was said of other things. ".repeat(8); // 48 words
        assert_eq!(weight(rule, "A frigate", &format!("{far}\n\nA contract.\n\nThe contract.")), 6.0);
        assert_eq!(weight(rule, "A contract for a frigate", "Nothing of it."), 6.0, "once");
    }

    #[test]
    fn long_paragraphs_are_divided_at_sentences() {
        let rule = "{ q = 'frigate AND contract', weight = 3 }";
        let far = "Much was said of other things. ".repeat(25); // 150 words
        assert_eq!(weight(rule, "", &format!("A frigate. {far}A contract. {far}")), 0.0);
        assert_eq!(weight(rule, "", &format!("A frigate. A contract. {far}{far}")), 6.0);
        let list = "one thing – ".repeat(150);
        assert_eq!(weight(rule, "", &format!("A frigate – {list} a contract")), 0.0, "in lists at other punctuation");
    }

    #[test]
    fn doubtful_evidence_weighs_more() {
        assert!(evidence(4.0, true, &[0, 2]).suffices(500));
        assert!(!evidence(4.0, true, &[1, 1]).suffices(500));
        assert!(evidence(4.0, true, &[1, 1]).suffices(SHORT));
        assert!(!evidence(4.0, false, &[3, 5]).suffices(500));
        assert!(evidence(6.0, false, &[3, 5]).suffices(500));
        // One passage that is neither title nor lead.
        assert!(!evidence(8.0, false, &[3]).suffices(500));
        assert!(evidence(9.0, false, &[3]).suffices(500));
        assert!(evidence(6.0, false, &[3]).suffices(BRIEF));
        // A long article must say more.
        assert!(!evidence(11.0, false, &[3, 5]).suffices(4 * ORDINARY));
        assert!(evidence(12.0, false, &[3, 5]).suffices(4 * ORDINARY));
    }

    #[test]
    fn a_word_with_another_sense_beside_its_neighbour_is_no_sign_of_a_topic() {
        let text = "A think tank in Vell said that Alda should buy ships. Think tanks want the army to buy tents. The think \
                    tank has a contract with the army.";
        let article = Article { title: "Tents".into(), text: text.into(), ..Article::default() };
        let topics = crate::tag::Tagger::new(Authority::bundled()).tag(&article).topics;
        assert!(!topics.iter().any(|topic| topic.topic.contains("land")), "{topics:?}");
    }

    #[test]
    fn short_articles_of_many_kinds_get_their_topics() {
        #[derive(serde::Deserialize)]
        struct Case {
            title: String,
            text: String,
            topics: Vec<String>,
            not: Vec<String>,
        }
        let mut tagger = Tagger::new(Authority::bundled());
        let mut faults = String::new();
        for line in include_str!("../../tests/topics/articles.jsonl").lines() {
            let case: Case = serde_json::from_str(line).expect("a case");
            let article = Article { title: case.title, text: case.text, ..Article::default() };
            let found: Vec<String> = tagger.tag(&article).topics.into_iter().map(|tag| tag.topic).collect();
            let missed = case.topics.iter().filter(|topic| !found.contains(topic));
            let wrong = case.not.iter().filter(|topic| found.contains(topic));
            let list: Vec<_> = missed.map(|one| format!("no {one}")).chain(wrong.cloned()).collect();
            if !list.is_empty() {
                faults += &format!("{}: {}\n", article.title, list.join(", "));
            }
        }
        assert!(faults.is_empty(), "{faults}");
    }

    #[test]
    fn children_add_up_to_their_parent() {
        let mut parent = evidence(-2.0, false, &[]);
        let mut sum = Evidence::default();
        sum.add(parent);
        sum.add(evidence(3.0, true, &[1]));
        sum.add(evidence(2.0, false, &[4]));
        assert!(sum.suffices(500) && sum.weight == 5.0);
        parent.add(evidence(-1.0, false, &[]));
        assert_eq!(parent.weight, -2.0);
    }
}
