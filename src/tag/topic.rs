//! Topics: weighted rules over the stems of an article's paragraphs, all found in one pass.

use super::TopicTag;
use super::doc::{Doc, Tok};
use super::lexicon::{Lexicon, NONE, QuickMap};
use crate::analysis::{Gap, words};
use crate::authority::{Authority, rule};

/// What a topic's evidence must add up to.
const THRESHOLD: f32 = 4.0;
/// How often one rule counts.
const TWICE: u8 = 2;

/// A run of words that a rule asks for.
#[derive(Debug)]
struct Atom {
    words: Vec<u32>,
    /// The words as written, where case and form count.
    exact: Option<Box<str>>,
}

#[derive(Debug)]
struct Rule {
    atoms: Vec<u32>,
    weight: f32,
    topic: u32,
}

/// The topics of an authority file with their rules.
#[derive(Debug, Default)]
pub(super) struct Topics {
    ids: Vec<Box<str>>,
    atoms: Vec<Atom>,
    rules: Vec<Rule>,
    /// Atoms by their first word: its stem, or its number as written with the top bit set.
    starts: QuickMap<u32, Vec<u32>>,
    /// Rules by each of their atoms.
    uses: Vec<Vec<u32>>,
}

const PLAIN: u32 = 1 << 31;

impl Topics {
    /// Reads the rules and tells `lexicon` of every word.
    pub(super) fn new(authority: &Authority, lexicon: &mut Lexicon) -> Self {
        let mut topics = Self::default();
        let mut known: std::collections::HashMap<rule::Atom, u32> = std::collections::HashMap::new();
        for id in authority.topics() {
            let topic = topics.ids.len() as u32;
            topics.ids.push(id.into());
            for one in authority.topic_rules(id) {
                let Ok(parts) = rule::parse(one.q) else { continue };
                let number = topics.rules.len() as u32;
                let mut atoms = Vec::new();
                for part in parts {
                    let at = *known.entry(part.clone()).or_insert_with(|| topics.add(&part, lexicon));
                    topics.uses[at as usize].push(number);
                    atoms.push(at);
                }
                topics.rules.push(Rule { atoms, weight: one.weight, topic });
            }
        }
        topics
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
            let start = if part.exact { first | PLAIN } else { *first };
            self.starts.entry(start).or_default().push(number);
        }
        self.atoms.push(Atom { words: numbers, exact: part.exact.then(|| part.text.as_str().into()) });
        self.uses.push(Vec::new());
        number
    }

    /// The topics of an article, heaviest first.
    pub(super) fn find(&self, doc: &Doc) -> Vec<TopicTag> {
        let mut tally = Tally { topics: self, weights: QuickMap::default(), times: QuickMap::default() };
        let lead = usize::from(doc.split > 0) + 1;
        for (number, start) in doc.paragraphs.iter().enumerate() {
            let end = doc.paragraphs.get(number + 1).map_or(doc.toks.len(), |next| *next as usize);
            let found = self.atoms_in(doc, *start as usize, end);
            tally.paragraph(found, number < lead);
        }
        tally.finish()
    }

    /// The atoms of a paragraph, sorted, each once.
    fn atoms_in(&self, doc: &Doc, start: usize, end: usize) -> Vec<u32> {
        let mut found = Vec::new();
        for at in start..end {
            let tok = &doc.toks[at];
            let stem = (tok.lex.stem != NONE).then_some(tok.lex.stem);
            let plain = (tok.lex.plain != NONE).then_some(tok.lex.plain | PLAIN);
            for start in stem.into_iter().chain(plain) {
                for atom in self.starts.get(&start).into_iter().flatten() {
                    if self.stands(doc, at, end, &self.atoms[*atom as usize]) {
                        found.push(*atom);
                    }
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn stands(&self, doc: &Doc, at: usize, end: usize, atom: &Atom) -> bool {
        let stop = at + atom.words.len();
        if stop > end || doc.toks[at].muted {
            return false;
        }
        let number = |tok: &Tok| if atom.exact.is_some() { tok.lex.plain } else { tok.lex.stem };
        let run = doc.toks[at..stop].iter().zip(&atom.words).all(|(tok, word)| number(tok) == *word)
            && doc.toks[at + 1..stop].iter().all(|tok| tok.gap <= Gap::Punctuation);
        run && atom.exact.as_ref().is_none_or(|written| {
            let shouted = doc.toks[at].shouted && !written.contains(' ');
            !shouted && same_letters(written, doc.surface(at, stop))
        })
    }
}

fn same_letters(a: &str, b: &str) -> bool {
    a.chars().filter(|c| c.is_alphanumeric()).eq(b.chars().filter(|c| c.is_alphanumeric()))
}

/// The evidence as it adds up.
struct Tally<'a> {
    topics: &'a Topics,
    /// Sum, whether title or lead has some, and the number of paragraphs with evidence.
    weights: QuickMap<u32, (f32, bool, u32)>,
    times: QuickMap<u32, u8>,
}

impl Tally<'_> {
    fn paragraph(&mut self, found: Vec<u32>, lead: bool) {
        let mut rules: Vec<u32> = found.iter().flat_map(|atom| &self.topics.uses[*atom as usize]).copied().collect();
        rules.sort_unstable();
        rules.dedup();
        let mut counted: Vec<u32> = Vec::new();
        for number in rules {
            let rule = &self.topics.rules[number as usize];
            if !rule.atoms.iter().all(|atom| found.binary_search(atom).is_ok()) {
                continue;
            }
            let times = self.times.entry(number).or_default();
            if *times >= TWICE {
                continue;
            }
            *times += 1;
            let entry = self.weights.entry(rule.topic).or_default();
            entry.0 += if lead { 2.0 * rule.weight } else { rule.weight };
            entry.1 |= lead;
            if !counted.contains(&rule.topic) {
                counted.push(rule.topic);
                entry.2 += 1;
            }
        }
    }

    fn finish(self) -> Vec<TopicTag> {
        let mut out: Vec<TopicTag> = Vec::new();
        for (topic, (weight, lead, paragraphs)) in self.weights {
            if weight < THRESHOLD || !(lead || paragraphs > 1) {
                continue;
            }
            let mut id = &*self.topics.ids[topic as usize];
            loop {
                match out.iter_mut().find(|tag| tag.topic == id) {
                    Some(tag) => tag.weight = tag.weight.max(weight),
                    None => out.push(TopicTag { topic: id.to_owned(), weight }),
                }
                match id.rsplit_once('/') {
                    Some((parent, _)) => id = parent,
                    None => break,
                }
            }
        }
        out.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.topic.cmp(&b.topic)));
        out
    }
}
