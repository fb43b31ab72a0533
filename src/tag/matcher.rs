//! Longest matches of variants in an article's words, with the meanings that the case of their letters allows.

use super::Via;
use super::doc::Doc;
use super::index::{ANY, Candidate, Index, LANGUAGES};
use super::lexicon::NONE;
use super::lists::Cues;
use super::why::Step;
use crate::analysis::{Gap, Shape};
use crate::authority::{Class, Kind};

/// A match of a variant; it becomes a mention once an actor is decided.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hit {
    /// First word.
    pub(super) start: usize,
    /// One past the last word.
    pub(super) end: usize,
    /// The node of the trie, or [`NONE`] if no variant matched.
    pub(super) node: u32,
    /// The first of its possible meanings in [`Matches::meanings`].
    pub(super) first: u32,
    /// Number of its possible meanings.
    pub(super) count: u32,
    /// The actor, or [`NONE`] while undecided.
    pub(super) actor: u32,
    /// How the actor was found.
    pub(super) via: Via,
    /// The step that decided the actor.
    pub(super) step: Step,
    /// Whether the variant is a veto: no actor is found in these words.
    pub(super) veto: bool,
}

/// All matches of an article, in reading order and without overlap.
#[derive(Debug, Default)]
pub(super) struct Matches {
    /// The matches.
    pub(super) hits: Vec<Hit>,
    /// The possible meanings of all hits; those of one hit are adjacent.
    pub(super) meanings: Vec<Candidate>,
}

impl Matches {
    /// The meanings of a hit.
    pub(super) fn of(&self, hit: &Hit) -> &[Candidate] {
        &self.meanings[hit.first as usize..(hit.first + hit.count) as usize]
    }

    /// The first meaning of a class.
    pub(super) fn with(&self, hit: &Hit, class: Class) -> Option<Candidate> {
        self.of(hit).iter().copied().find(|candidate| candidate.class == class)
    }
}

/// Finds the longest variant at each place, left to right.
pub(super) fn scan(doc: &Doc, index: &Index) -> Matches {
    let mut out = Matches::default();
    let mut ends: Vec<(usize, u32)> = Vec::new();
    let mut at = 0;
    while at < doc.toks.len() {
        crate::fence::check();
        let tok = &doc.toks[at];
        let root = if tok.lex.word == NONE || tok.muted { None } else { index.root(tok.lex.word) };
        let Some(root) = root else {
            at += 1;
            continue;
        };
        walk(doc, index, at, root, &mut ends);
        at = longest(doc, index, at, &ends, &mut out).unwrap_or(at + 1);
    }
    out
}

/// Records the longest match that case allows, and returns its end. A title that begins with a name
/// (`Kremlin spokesman`) gives way to the name.
fn longest(doc: &Doc, index: &Index, at: usize, ends: &[(usize, u32)], out: &mut Matches) -> Option<usize> {
    for (n, (end, node)) in ends.iter().enumerate().rev() {
        let Some(found) = admit(doc, index, at, *end, *node, out) else { continue };
        let Some(last) = out.hits.last().copied() else { return Some(found) };
        let title = !last.veto && out.of(&last).iter().all(|c| c.class == Class::Title);
        if !title || n == 0 || !doc.toks[at].capital() {
            return Some(found);
        }
        let named =
            |class| matches!(class, Class::Heading | Class::Strong | Class::Exact | Class::Demonym | Class::Metonym);
        for (end, node) in ends[..n].iter().rev() {
            out.hits.pop();
            if let Some(shorter) = admit(doc, index, at, *end, *node, out) {
                if out.hits.last().is_some_and(|hit| out.of(hit).iter().any(|c| named(c.class))) {
                    return Some(shorter);
                }
                out.hits.pop();
            }
            out.hits.push(last);
        }
        return Some(found);
    }
    None
}

/// The longest certain name (heading, strong or exact) or demonym that begins at a word and ends at or before `limit`.
pub(super) fn firm_at(doc: &Doc, index: &Index, start: usize, limit: usize) -> Option<(usize, Candidate)> {
    let tok = &doc.toks[start];
    let root = if tok.lex.word == NONE || tok.muted { None } else { index.root(tok.lex.word) }?;
    let mut ends = Vec::new();
    walk(doc, index, start, root, &mut ends);
    let firm = |class| matches!(class, Class::Heading | Class::Strong | Class::Exact | Class::Demonym);
    ends.iter().rev().filter(|(end, _)| *end <= limit).find_map(|(end, node)| {
        let mut out = Matches::default();
        admit(doc, index, start, *end, *node, &mut out)?;
        let found =
            out.meanings.iter().filter(|c| firm(c.class)).min_by_key(|c| (index.actor(c.actor).former, c.class));
        found.map(|candidate| (*end, *candidate))
    })
}

/// The longest shared name that begins a title: its node, and whom it may mean (`foreign ministry` in
/// `foreign ministry spokesman`).
pub(super) fn shared_within<'i>(doc: &Doc, index: &'i Index, hit: &Hit) -> Option<(u32, Vec<&'i Candidate>)> {
    let root = index.root(doc.toks[hit.start].lex.word)?;
    let mut ends = Vec::new();
    walk(doc, index, hit.start, root, &mut ends);
    ends.iter().rev().filter(|(end, _)| *end < hit.end).find_map(|(_, node)| {
        let shared: Vec<&Candidate> = index.at(*node).iter().filter(|c| c.class == Class::Generic).collect();
        (!shared.is_empty()).then_some((*node, shared))
    })
}

/// Lists the ends of all variants that begin at a word, shortest first.
fn walk(doc: &Doc, index: &Index, start: usize, root: u32, ends: &mut Vec<(usize, u32)>) {
    ends.clear();
    let (mut node, mut at, mut parted) = (root, start + 1, false);
    loop {
        if !index.at(node).is_empty() && (!parted || index.punctuated(node)) {
            ends.push((at, node));
        }
        let Some(tok) = doc.toks.get(at).filter(|tok| tok.gap <= Gap::Punctuation && !tok.muted) else { return };
        parted |= tok.gap == Gap::Punctuation;
        match (tok.lex.word != NONE).then(|| index.step(node, tok.lex.word)).flatten() {
            Some(next) => node = next,
            // Skips a middle initial in a person's name that the file gives without it.
            None if tok.shape == Shape::Title && tok.end - tok.start == 1 && !parted => {
                let next = doc.toks.get(at + 1).filter(|tok| tok.gap <= Gap::Space && tok.lex.word != NONE);
                match next.and_then(|tok| index.step(node, tok.lex.word)) {
                    Some(next) if index.at(next).iter().any(|c| index.actor(c.actor).kind == Kind::Person) => {
                        node = next;
                        at += 1;
                    }
                    _ => return,
                }
            }
            None => return,
        }
        at += 1;
    }
}

/// Adds a hit with the meanings that case allows, and returns its end; `None` and no hit if case allows none.
fn admit(doc: &Doc, index: &Index, start: usize, end: usize, node: u32, out: &mut Matches) -> Option<usize> {
    let first = out.meanings.len() as u32;
    let case = Case::of(doc, start, end);
    let mut veto = false;
    for candidate in index.at(node).iter().filter(|candidate| is_of_language(doc, start, end, candidate)) {
        let fits = match candidate.class {
            Class::Heading | Class::Strong | Class::Weak if is_short_initialism(doc, index, start, end, candidate) => {
                doc.toks[start].shape == Shape::Upper
            }
            Class::Heading | Class::Strong if index.actor(candidate.actor).kind == Kind::Person => case.ends,
            Class::Heading | Class::Strong => case.any || end - start > 3,
            Class::Weak | Class::Demonym | Class::Metonym | Class::Surname => case.last,
            Class::Exact => is_exact(doc, index, start, end, candidate),
            Class::Generic | Class::Title => true,
            Class::Veto => case.any,
            Class::Lookup => false,
        };
        if fits {
            veto |= candidate.class == Class::Veto;
            out.meanings.push(*candidate);
        }
    }
    if veto {
        // One actor's veto may be the name of another: then the name counts and the veto does not.
        let named = |c: &Candidate| !matches!(c.class, Class::Veto | Class::Surname | Class::Title);
        if out.meanings[first as usize..].iter().any(named) {
            let kept: Vec<Candidate> = out.meanings.drain(first as usize..).filter(named).collect();
            out.meanings.extend(kept);
            veto = false;
        }
    }
    let count = out.meanings.len() as u32 - first;
    if count == 0 {
        return None;
    }
    out.hits.push(Hit { start, end, node, first, count, actor: NONE, via: Via::Name, step: Step::default(), veto });
    Some(end)
}

/// Whether a match is a name of a system that is an initialism of up to four letters, which counts in capitals alone.
fn is_short_initialism(doc: &Doc, index: &Index, start: usize, end: usize, candidate: &Candidate) -> bool {
    let thing = index.actor(candidate.actor).kind.is_thing();
    let word = doc.folded(start);
    thing && candidate.capitals && end - start == 1 && word.len() <= 4 && !word.contains(|c: char| c.is_ascii_digit())
}

/// Whether a variant counts in the language of the article. In another language than English, English words for
/// nationalities, offices and bodies, places that act, and weak names mean nothing certain, and a single word is no name
/// without its accents (`Über` is no Uber) or capitals (`Esa` is no ESA).
fn is_of_language(doc: &Doc, start: usize, end: usize, candidate: &Candidate) -> bool {
    let Some(foreign) = doc.foreign else { return candidate.language == ANY };
    let single = end - start == 1;
    if single && candidate.capitals && doc.toks[start].shape != Shape::Upper {
        return false;
    }
    if candidate.language != ANY {
        return LANGUAGES.get(usize::from(candidate.language)).is_some_and(|(language, _)| *language == foreign);
    }
    let english =
        matches!(candidate.class, Class::Demonym | Class::Generic | Class::Title | Class::Weak | Class::Metonym);
    let accents = single && !candidate.accented && !doc.surface(start, end).is_ascii();
    !english && !accents
}

/// Which words of a match have capitals.
struct Case {
    any: bool,
    last: bool,
    /// The last one, and in a match of two words the first one too.
    ends: bool,
}

impl Case {
    fn of(doc: &Doc, start: usize, end: usize) -> Self {
        let toks = &doc.toks[start..end];
        // The last part of a given name is small after a hyphen: `Lai Ching-te`.
        let joined = toks.len() > 2 && toks[toks.len() - 1].gap == Gap::Hyphen && toks[toks.len() - 2].capital();
        let last = joined || toks.last().is_some_and(|tok| tok.capital());
        let first = toks.first().is_some_and(|tok| tok.capital());
        Self { any: toks.iter().any(|tok| tok.capital()), last, ends: last && (first || toks.len() > 2) }
    }
}

/// Whether a match is written like an exact variant: in the same case, with or without punctuation, in a paragraph in
/// capitals, or as British house style writes an initialism.
fn is_exact(doc: &Doc, index: &Index, start: usize, end: usize, candidate: &Candidate) -> bool {
    let Some(name) = index.names.get(candidate.name as usize) else { return false };
    let surface = doc.surface(start, end);
    let letters = |text: &'_ str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let tok = &doc.toks[start];
    if end - start == 1 && name.len() == surface.len() && **name == *surface {
        return believed(doc, index, start, end, candidate);
    }
    if letters(surface) == letters(name) {
        return end - start > 1 || surface.contains('.') || believed(doc, index, start, end, candidate);
    }
    let shouted = tok.shouted && letters(surface).to_lowercase() == letters(name).to_lowercase();
    let thing = index.actor(candidate.actor).kind.is_thing();
    (shouted && !name.chars().all(char::is_uppercase) && end - start > 1)
        || (!thing && house_style(doc, start, end, name))
}

/// Whether an exact match counts where it stands. In a paragraph in capitals, an initialism that is also an ordinary
/// word mostly does not.
fn believed(doc: &Doc, index: &Index, start: usize, end: usize, candidate: &Candidate) -> bool {
    let tok = &doc.toks[start];
    if !tok.shouted || end - start > 1 || !crate::analysis::is_ambiguous(doc.folded(start)) {
        return true;
    }
    // There only a state counts (`US`), after punctuation, `and` or `the`.
    index.actor(candidate.actor).kind == Kind::State
        && (tok.gap >= Gap::Punctuation || matches!(doc.folded_or_empty(doc.prev(start)), "and" | "the"))
}

/// Whether British house style writes the initialism so: `Mod` for MoD, `Jef` for JEF. The word has one capital, stands
/// within a sentence, and is neither an ordinary word nor next to another capitalised word.
fn house_style(doc: &Doc, start: usize, end: usize, name: &str) -> bool {
    let tok = &doc.toks[start];
    if doc.foreign.is_some()
        || end - start > 1
        || tok.shape != Shape::Title
        || tok.headline
        || tok.shouted
        || tok.end - tok.start < 3
    {
        return false;
    }
    let folded = doc.folded(start);
    let initialism = name.chars().filter(|c| c.is_uppercase()).count() > 1 && name.chars().all(char::is_alphanumeric);
    let ordinary =
        tok.is(Cues::ORG_HEAD.or(Cues::OTHER_HEAD).or(Cues::COMMON).or(Cues::ROLE).or(Cues::FIRST_NAME).or(Cues::ACTS));
    let known = folded == "mod" || !(crate::analysis::is_ambiguous(folded) || ordinary);
    let capital = |at: Option<usize>| doc.tok(at).is_some_and(|tok| tok.capital() && !tok.possessive);
    let named = capital(doc.next(end)) || (capital(doc.prev(start)) && !doc.opens(start - 1) && folded != "mod");
    initialism && known && !named && (!doc.opens(start) || folded == "mod")
}
