//! Learns the model of names from the texts of the folder `training`; only in tests.
//!
//! `cargo test --lib tag::training::train -- --ignored` writes `names.model` again, which takes seconds. It is due when
//! the texts or the features change; after changes to word lists, rules or headings it is only worth while if
//! [`the_model_is_as_good_as_a_new_one`] fails. `cargo test --lib tag::training::cross -- --ignored --nocapture` learns
//! from all texts but one each time and prints how well names of that one are found.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

use super::doc::Doc;
use super::evidence::{FEATURES, Voter};
use super::lexicon::WordSet;
use super::matcher::{self, Hit};
use super::perceptron::{
    BUCKET, CHECKS, Damaged, GAPS, Guess, HEADER, MAGIC, Model, PAIRS, Pairs, ROW, Scores, Sort, TAGS, best_tags,
    best_through, check, passable, place,
};
use super::work::Work;
use super::{Mention, Tagger};
use crate::analysis::words;
use crate::article::Article;
use crate::authority::{Authority, Kind};

/// The training texts, each of another kind of news.
const TEXTS: [(&str, &str); 7] = [
    ("defence", include_str!("training/defence.txt")),
    ("forces", include_str!("training/forces.txt")),
    ("local", include_str!("training/local.txt")),
    ("people", include_str!("training/people.txt")),
    ("programmes", include_str!("training/programmes.txt")),
    ("talk", include_str!("training/talk.txt")),
    ("world", include_str!("training/world.txt")),
];

/// Passes over the samples in one run.
const EPOCHS: usize = 12;
/// Runs in different orders, whose weights are added: their sum varies less than one of them.
const RUNS: u64 = 5;
/// Fewest samples of a feature that is learnt.
const FEWEST: u32 = 3;
/// Least weight, of 127, for the sake of which a feature is kept: those with smaller ones alone change no name.
const LEAST: u8 = 16;
/// By how much the right tags have to win.
const MARGIN: i32 = 10;
/// Features of a hundred that are left out at each step, others each time, so that none is relied on alone.
const LEFT_OUT: u64 = 30;

/// A name as marked: whether in the title, first byte, one past the last, what it stands for.
type Mark = (bool, usize, usize, Sort);

/// An article with its marks.
struct Marked {
    article: Article,
    marks: Vec<Mark>,
}

/// The articles of a training text. Empty lines part them; the first line of each is its headline.
fn articles(text: &str) -> Vec<Marked> {
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).map(str::trim).collect();
    lines.split(|line| line.is_empty()).filter(|lines| !lines.is_empty()).map(marked).collect()
}

fn marked(lines: &[&str]) -> Marked {
    let mut marks = Vec::new();
    let title = unmark(lines[0], true, &mut marks);
    let text = unmark(&lines[1..].join("\n\n"), false, &mut marks);
    Marked { article: Article { title, text, ..Article::default() }, marks }
}

fn unmark(text: &str, title: bool, marks: &mut Vec<Mark>) -> String {
    let mut parts = text.split('[');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (mark, rest) = part.split_once(']').unwrap_or_else(|| panic!("a mark is not closed: {part}"));
        let (letter, name) = mark.split_once(' ').unwrap_or_else(|| panic!("a mark without a letter: {part}"));
        let sort = match letter {
            "P" => Sort::Person,
            "O" => Sort::Organisation,
            "L" => Sort::Place,
            "M" => Sort::Other,
            _ => panic!("no such mark: {part}"),
        };
        marks.push((title, out.len(), out.len() + name.len(), sort));
        out.push_str(name);
        out.push_str(rest);
    }
    out
}

/// Looks at an article as the tagger does right before the vote.
fn before_the_vote<R>(tagger: &mut Tagger, article: &Article, look: impl FnOnce(&Work, &WordSet, &[Hit]) -> R) -> R {
    let (title, text) = (words(&article.title), words(&article.text));
    tagger.lexicon.prune();
    let doc = Doc::new(article, &title, &text, &mut tagger.lexicon);
    let matches = matcher::scan(&doc, &tagger.index);
    let mut work = Work::new(&tagger.index, tagger.authority, &tagger.lexicon, article, &doc, matches);
    work.listed();
    let listed = work.matches.hits.clone();
    let lower = work.prepare();
    work.rules(&lower);
    look(&work, &lower, &listed)
}

/// The marks of an article as ranges of its words.
fn marks_of_words(work: &Work, marks: &[Mark]) -> Vec<(usize, usize, Sort)> {
    let doc = work.doc;
    let mut out = Vec::new();
    for (title, from, to, sort) in marks {
        let mut zone = if *title { 0..doc.split } else { doc.split..doc.toks.len() };
        let inside = |at: &usize| doc.toks[*at].start as usize >= *from && doc.toks[*at].end as usize <= *to;
        let end = zone.clone().rfind(inside);
        out.extend(zone.find(inside).zip(end).map(|(first, last)| (first, last + 1, *sort)));
    }
    out
}

/// The words of one stretch: the numbers of their features, the gaps before them, their right tags.
struct Sample {
    features: Vec<Vec<u32>>,
    gaps: Vec<u8>,
    tags: Vec<usize>,
}

/// All samples, with the features by their numbers.
#[derive(Default)]
struct Samples {
    numbers: FxHashMap<u64, u32>,
    features: Vec<u64>,
    counts: Vec<u32>,
    list: Vec<Sample>,
}

impl Samples {
    fn of(tagger: &mut Tagger, texts: &[&str]) -> Self {
        let mut samples = Self::default();
        texts.iter().flat_map(|text| articles(text)).for_each(|one| samples.add(tagger, &one));
        samples
    }

    fn add(&mut self, tagger: &mut Tagger, one: &Marked) {
        before_the_vote(tagger, &one.article, |work, lower, listed| {
            let mut tags = vec![0; work.doc.toks.len()];
            for (start, end, sort) in marks_of_words(work, &one.marks) {
                tags[start..end].fill(sort.first_tag() + 1);
                tags[start] = sort.first_tag();
            }
            let evidence = work.evidence(lower, listed);
            let mut hashes = Vec::new();
            work.stretches(|start, end| {
                let mut sample = Sample { features: Vec::new(), gaps: Vec::new(), tags: tags[start..end].to_vec() };
                // A name may begin before the stretch.
                if sample.tags[0] > 0 && sample.tags[0].is_multiple_of(2) {
                    sample.tags[0] -= 1;
                }
                for at in start..end {
                    hashes.clear();
                    work.features(&evidence, (start, end), at, &mut hashes);
                    sample.features.push(hashes.iter().map(|hash| self.number(*hash)).collect());
                    sample.gaps.push(work.gap_class(at));
                }
                self.list.push(sample);
            });
        });
    }

    fn number(&mut self, feature: u64) -> u32 {
        let next = self.features.len() as u32;
        let number = *self.numbers.entry(feature).or_insert(next);
        if number == next {
            self.features.push(feature);
            self.counts.push(0);
        }
        self.counts[number as usize] += 1;
        number
    }
}

/// A source of numbers that look random and are the same everywhere.
struct Lots(u64);

impl Lots {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }
}

/// Weights, and the sums from which their averages over all steps follow: an update at step `n` enters `n` times.
struct Perceptron {
    weights: Vec<Scores>,
    sums: Vec<[i64; TAGS]>,
    pairs: Box<Pairs>,
    pair_sums: Box<[[[i64; TAGS]; TAGS]; GAPS]>,
    step: i64,
    run: u64,
}

impl Perceptron {
    fn learn(samples: &Samples, run: u64) -> Self {
        let mut new = Self {
            weights: vec![[0; TAGS]; samples.features.len()],
            sums: vec![[0; TAGS]; samples.features.len()],
            pairs: Box::new([[[0; TAGS]; TAGS]; GAPS]),
            pair_sums: Box::new([[[0; TAGS]; TAGS]; GAPS]),
            step: 0,
            run,
        };
        let mut order: Vec<usize> = (0..samples.list.len()).collect();
        let mut lots = Lots(run);
        for _ in 0..EPOCHS {
            (1..order.len()).rev().for_each(|at| order.swap(at, lots.below(at + 1)));
            order.iter().for_each(|at| new.see(samples, &samples.list[*at]));
        }
        new
    }

    /// Whether a feature counts at this step.
    fn counts(&self, samples: &Samples, number: u32) -> bool {
        let step = (self.step as u64 ^ self.run << 40).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let lot = (u64::from(number) ^ step).wrapping_mul(0xff51_afd7_ed55_8ccd) >> 40;
        samples.counts[number as usize] >= FEWEST && lot % 100 >= LEFT_OUT
    }

    fn see(&mut self, samples: &Samples, sample: &Sample) {
        self.step += 1;
        let features: Vec<Vec<usize>> = sample
            .features
            .iter()
            .map(|all| {
                all.iter().filter(|number| self.counts(samples, **number)).map(|number| *number as usize).collect()
            })
            .collect();
        let words: Vec<Scores> = features
            .iter()
            .zip(&sample.tags)
            .map(|(features, right)| {
                let mut scores = [MARGIN; TAGS];
                scores[*right] = 0;
                for number in features {
                    scores.iter_mut().zip(self.weights[*number]).for_each(|(score, weight)| *score += weight);
                }
                scores
            })
            .collect();
        let found = best_tags(&best_through(&passable(&self.pairs), &words, &sample.gaps));
        let before = |tags: &[usize], at: usize| at.checked_sub(1).map_or(0, |at| tags[at]);
        for (at, features) in features.iter().enumerate() {
            let (right, wrong) = (sample.tags[at], found[at]);
            let gap = usize::from(sample.gaps[at]);
            for (from, to, by) in [(before(&sample.tags, at), right, 1), (before(&found, at), wrong, -1)] {
                self.pairs[gap][from][to] += by;
                self.pair_sums[gap][from][to] += i64::from(by) * self.step;
                for number in features.iter().filter(|_| right != wrong) {
                    self.weights[*number][to] += by;
                    self.sums[*number][to] += i64::from(by) * self.step;
                }
            }
        }
    }

    /// The averages of all weights, times the number of steps: of features, then of pairs of tags.
    fn averages(&self) -> (Vec<i64>, Vec<i64>) {
        let average = |(weight, sum): (&i32, &i64)| i64::from(*weight) * (self.step + 1) - sum;
        let of_features = self.weights.iter().flatten().zip(self.sums.iter().flatten()).map(average).collect();
        let of_pairs = self.pairs.iter().flatten().flatten().zip(self.pair_sums.iter().flatten().flatten());
        (of_features, of_pairs.map(average).collect())
    }
}

/// The model that samples give.
fn learn(samples: &Samples) -> Vec<u8> {
    let (mut weights, mut pairs) = Perceptron::learn(samples, 1).averages();
    for run in 2..=RUNS {
        let (more_weights, more_pairs) = Perceptron::learn(samples, run).averages();
        weights.iter_mut().zip(more_weights).for_each(|(sum, own)| *sum += own);
        pairs.iter_mut().zip(more_pairs).for_each(|(sum, own)| *sum += own);
    }
    let mut sizes: Vec<i64> = weights.iter().map(|weight| weight.abs()).filter(|size| *size > 0).collect();
    sizes.sort_unstable();
    // One weight in a thousand is larger than a byte holds, and is cut.
    let full = sizes[sizes.len() - 1 - sizes.len() / 1000];
    let byte = |weight: &i64| ((2 * weight * 127 + weight.signum() * full) / (2 * full)).clamp(-127, 127) as i8 as u8;
    let rows = samples.features.iter().zip(weights.chunks(TAGS).map(|row| row.iter().map(byte).collect::<Vec<u8>>()));
    let rows = rows
        .map(|(feature, row)| (*feature, row))
        .filter(|(_, row)| row.iter().any(|weight| (*weight as i8).unsigned_abs() >= LEAST));
    let rows: Vec<_> = rows.collect();
    let buckets = (2 * rows.len()).div_ceil(CHECKS).next_power_of_two();
    let mut out = [&MAGIC[..], &[0; 4], &fingerprint(), &(buckets as u32).to_le_bytes()].concat();
    out.extend(pairs.iter().map(byte));
    out.extend(table(&rows, buckets));
    let sum = crc32fast::hash(&out[8..]);
    out[4..8].copy_from_slice(&sum.to_le_bytes());
    out
}

/// Features and their weights as buckets.
fn table(rows: &[(u64, Vec<u8>)], buckets: usize) -> Vec<u8> {
    let mut places: Vec<Vec<&(u64, Vec<u8>)>> = vec![Vec::new(); buckets];
    rows.iter().for_each(|row| places[place(row.0) & (buckets - 1)].push(row));
    let (mut heads, mut weights, mut number) = (Vec::new(), Vec::new(), 0u32);
    for rows in &mut places {
        rows.sort_by_key(|row| check(row.0));
        rows.dedup_by_key(|row| check(row.0));
        rows.truncate(CHECKS);
        heads.extend(number.to_le_bytes());
        let checks = rows.iter().map(|row| check(row.0)).chain(std::iter::repeat(0)).take(CHECKS);
        heads.extend(checks.flat_map(u16::to_le_bytes));
        rows.iter().for_each(|row| weights.extend(row.1.iter().copied().chain([0; ROW]).take(ROW)));
        number += rows.len() as u32;
    }
    let lost = rows.len() - number as usize;
    assert!(lost * 100 < rows.len(), "{lost} of {} features found no place", rows.len());
    [heads, weights].concat()
}

/// What tells models of other texts or features apart.
fn fingerprint() -> [u8; 8] {
    let mut digest = Sha256::new();
    digest.update(FEATURES.to_le_bytes());
    TEXTS.iter().for_each(|(_, text)| digest.update(text));
    digest.finalize()[..8].try_into().unwrap()
}

fn read(bytes: Vec<u8>) -> &'static Model {
    Box::leak(Box::new(Model::read(Cow::Owned(bytes)).unwrap()))
}

/// A tagger whose names come from the rules alone.
fn rules() -> Tagger<'static> {
    let mut tagger = Tagger::new(Authority::bundled());
    tagger.voter = None;
    tagger
}

/// How many names were found, were marked, and were both.
#[derive(Default, Clone, Copy)]
struct Tally {
    right: usize,
    found: usize,
    wanted: usize,
}

impl Tally {
    fn add<T: PartialEq>(&mut self, found: &[T], wanted: &[T]) {
        self.right += found.iter().filter(|one| wanted.contains(one)).count();
        self.found += found.len();
        self.wanted += wanted.len();
    }

    fn f1(self) -> f64 {
        200.0 * self.right as f64 / (self.found + self.wanted).max(1) as f64
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let share = |of: usize| 100.0 * self.right as f64 / of.max(1) as f64;
        write!(f, "P {:5.1}  R {:5.1}  F1 {:5.1}", share(self.found), share(self.wanted), self.f1())
    }
}

/// How well a model alone finds the marked names of each sort.
fn judge(tagger: &mut Tagger, model: &'static Model, text: &str) -> BTreeMap<Sort, Tally> {
    let mut tallies: BTreeMap<Sort, Tally> = BTreeMap::new();
    let mut voter = Voter::new(model);
    for one in articles(text) {
        before_the_vote(tagger, &one.article, |work, lower, listed| {
            let wanted = marks_of_words(work, &one.marks);
            voter.fit(work.lexicon);
            let found = work.guesses(&voter, &work.evidence(lower, listed));
            let found: Vec<_> = found.iter().map(|guess: &Guess| (guess.start, guess.end, guess.sort)).collect();
            for sort in Sort::ALL {
                let of =
                    |all: &[(usize, usize, Sort)]| all.iter().filter(|one| one.2 == sort).copied().collect::<Vec<_>>();
                tallies.entry(sort).or_default().add(&of(&found), &of(&wanted));
            }
        });
    }
    tallies
}

/// How well the tagger finds marked persons and organisations. The full stop of `Corp.` makes no difference.
fn judge_tagger(tagger: &mut Tagger, text: &str) -> BTreeMap<Sort, Tally> {
    let mut tallies: BTreeMap<Sort, Tally> = BTreeMap::new();
    for one in articles(text) {
        let tags = tagger.tag(&one.article);
        for sort in [Sort::Person, Sort::Organisation] {
            let found = |title: bool, list: &[Mention]| -> Vec<(bool, usize, usize)> {
                let kind = |mention: &&Mention| {
                    Kind::of_id(&mention.kind)
                        .is_some_and(|kind| !matches!(kind, Kind::State | Kind::Office) && Sort::of_kind(kind) == sort)
                };
                list.iter().filter(kind).map(|mention| (title, mention.start, mention.end)).collect()
            };
            let found = [found(true, &tags.title_mentions), found(false, &tags.mentions)].concat();
            let wanted = one.marks.iter().filter(|mark| mark.3 == sort);
            let wanted: Vec<_> = wanted.map(|(title, start, end, _)| (*title, *start, *end)).collect();
            tallies.entry(sort).or_default().add(&found, &wanted);
        }
    }
    tallies
}

#[test]
#[ignore = "writes the model"]
fn train() {
    let bytes = learn(&Samples::of(&mut rules(), &TEXTS.map(|(_, text)| text)));
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tag/names.model");
    std::fs::write(path, bytes).unwrap();
}

#[test]
#[ignore = "prints figures"]
#[allow(clippy::print_stdout)]
fn cross_validation() {
    let mut tagger = rules();
    for (held, (name, text)) in TEXTS.iter().enumerate() {
        let others: Vec<&str> = (0..TEXTS.len()).filter(|n| *n != held).map(|n| TEXTS[n].1).collect();
        let model = read(learn(&Samples::of(&mut tagger, &others)));
        let alone = judge(&mut tagger, model, text);
        let before = judge_tagger(&mut tagger, text);
        tagger.voter = Some(Voter::new(model));
        let after = judge_tagger(&mut tagger, text);
        tagger.voter = None;
        for (who, tallies) in [("model", alone), ("rules", before), ("vote", after)] {
            tallies.iter().for_each(|(sort, tally)| println!("{name:8} {who:6} {:13} {tally}", format!("{sort:?}")));
        }
    }
}

#[test]
fn the_model_was_learnt_from_these_texts() {
    let model = Model::bundled().expect("the model is sound");
    assert_eq!(model.fingerprint(), fingerprint(), "the texts or features changed: see the head of this file");
}

/// Word lists, rules and headings change often, and each change moves some weights. What counts is the result.
#[test]
fn the_model_is_as_good_as_a_new_one() {
    let mut tagger = rules();
    let samples = Samples::of(&mut tagger, &TEXTS.map(|(_, text)| text));
    let bytes = learn(&samples);
    assert!(bytes == learn(&samples), "learning gives other bytes the second time");
    assert!(bytes.len() < 2_000_000);
    let (old, new) = (Model::bundled().expect("the model is sound"), read(bytes));
    for (name, text) in TEXTS {
        let (old, new) = (judge(&mut tagger, old, text), judge(&mut tagger, new, text));
        for sort in Sort::ALL {
            assert!(old[&sort].wanted > 100, "{name} {sort:?}");
            assert!(
                old[&sort].f1() > new[&sort].f1() - 1.0,
                "{name} {sort:?}: {} is stale, {} is new",
                old[&sort],
                new[&sort]
            );
        }
    }
}

#[test]
fn a_damaged_model_is_refused() {
    let bytes =
        learn(&Samples::of(&mut rules(), &["Roe left\n[P Ann Roe] left [L Alda].\n\nRoe came\n[P Ann Roe] came."]));
    assert!(Model::read(Cow::Owned(bytes.clone())).is_ok());
    let refused = |bytes: &[u8]| Model::read(Cow::Owned(bytes.to_vec())).map(|_| ()).unwrap_err();
    assert_eq!(refused(b""), Damaged::Magic);
    assert_eq!(refused(&MAGIC), Damaged::Length);
    assert_eq!(refused(&bytes[..HEADER + PAIRS]), Damaged::Length);
    assert_eq!(refused(&bytes[..HEADER + PAIRS + BUCKET - 1]), Damaged::Length);
    assert_eq!(refused(&bytes[..bytes.len() - 1]), Damaged::Length);
    assert_eq!(refused(&bytes[..bytes.len() - ROW]), Damaged::Checksum);
    for at in [0, 4, 8, HEADER, bytes.len() - 1] {
        let mut other = bytes.clone();
        other[at] ^= 1;
        assert_eq!(refused(&other), if at == 0 { Damaged::Magic } else { Damaged::Checksum }, "{at}");
    }
}

#[test]
fn marks_are_read() {
    let text = "# A head.\n\n[P Roe] wins\n[P Ann Roe], of [O Roe & Co.], won.\nShe left.\n\nNext\n[L Alda].\n";
    let all = articles(text);
    assert_eq!(all.len(), 2);
    assert_eq!(
        (all[0].article.title.as_str(), all[0].article.text.as_str()),
        ("Roe wins", "Ann Roe, of Roe & Co., won.\n\nShe left.")
    );
    assert_eq!(
        all[0].marks,
        [(true, 0, 3, Sort::Person), (false, 0, 7, Sort::Person), (false, 12, 21, Sort::Organisation)]
    );
    assert_eq!(all[1].marks, [(false, 0, 4, Sort::Place)]);
}
