//! Which heading a user means by an id, a slug, a heading or a variant, in any case or spelling.

use super::compile::key;
use super::table::{ACTOR, Class, Section, VARIANT, field};
use super::{Authority, compile, is_system};
use crate::analysis;

/// What a name can mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// Exactly this heading.
    One(String),
    /// Any of these headings.
    Ambiguous(Vec<String>),
    /// No heading; these are the nearest ones, best first.
    Unknown(Vec<String>),
}

/// Which headings a name may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Among {
    /// All but topics.
    All,
    /// Actors and offices.
    Actors,
    /// Systems, programmes and their classes.
    Systems,
}

impl Among {
    fn has(self, id: &str) -> bool {
        match self {
            Self::All => true,
            Self::Actors => !is_system(id),
            Self::Systems => is_system(id),
        }
    }
}

/// The id that a name has where no heading covers it; `None` where it has no letters.
pub(crate) fn unlisted(name: &str) -> Option<String> {
    let cut = analysis::words(name);
    let slug: Vec<&str> = cut.as_slice().iter().map(|word| cut.folded(word)).collect();
    let slug = slug.join("-").replace(|c: char| !c.is_alphanumeric(), "-");
    (!slug.is_empty()).then(|| format!("unlisted/{slug}"))
}

/// Most headings that are suggested for an unknown name.
const NEAREST: usize = 5;

impl Authority {
    /// The actor that a user means by an id, its slug, a heading or a variant, in any case or spelling.
    ///
    /// If several actors have this variant, its class decides, in this order: headings, strong and exact names; weak
    /// names; demonyms; places that stand for the actor; names that many countries share; surnames; titles of offices.
    /// Slugs are compared only if no variant matches. A heading, or a name without one, that a user merged with another
    /// means the other.
    pub fn resolve(&self, name: &str) -> Resolution {
        self.resolve_among(name, Among::All)
    }

    /// As [`Self::resolve`], of some headings alone.
    pub(crate) fn resolve_among(&self, name: &str, among: Among) -> Resolution {
        let mut ids = match self.resolve_unmerged(name, among) {
            Resolution::Unknown(_) if self.merged(name.trim()) != name.trim() => vec![name.trim().to_owned()],
            Resolution::Unknown(nearest) => match unlisted(name).filter(|id| self.merged(id) != *id) {
                Some(merged) => vec![merged],
                None => return Resolution::Unknown(nearest),
            },
            Resolution::One(id) => vec![id],
            Resolution::Ambiguous(ids) => ids,
        };
        ids.iter_mut().for_each(|id| *id = self.merged(id));
        ids.sort();
        ids.dedup();
        if ids.len() == 1 { Resolution::One(ids.remove(0)) } else { Resolution::Ambiguous(ids) }
    }

    /// As [`Self::resolve`], without the users' decisions.
    pub(crate) fn resolve_unmerged(&self, name: &str, among: Among) -> Resolution {
        let table = self.table();
        let name = name.trim();
        if table.actor(name).is_some() && among.has(name) {
            return Resolution::One(name.to_owned());
        }
        let mut found = self.named(&key(name));
        found.retain(|(_, actor)| among.has(table.actor_string(*actor, field::ID)));
        if found.is_empty() {
            found = self.with_slug(&slug(name));
        }
        found.retain(|(_, actor)| among.has(table.actor_string(*actor, field::ID)));
        let best = found.iter().map(|(rank, _)| *rank).min();
        let mut ids: Vec<String> = found
            .into_iter()
            .filter(|(rank, _)| Some(*rank) == best)
            .map(|(_, actor)| table.actor_string(actor, field::ID).to_owned())
            .collect();
        ids.sort();
        ids.dedup();
        match ids.len() {
            0 => Resolution::Unknown(self.nearest(&key(name), among)),
            1 => Resolution::One(ids.remove(0)),
            _ => Resolution::Ambiguous(ids),
        }
    }

    /// Every actor that a name can mean, with the class of the variant, the likeliest first. An actor that has the name
    /// in two classes of different rank may be listed once for each.
    pub fn candidates(&self, name: &str) -> Vec<(&str, Class)> {
        let table = self.table();
        let mut found: Vec<(u8, &str, Class)> = table
            .variants_named(&key(name))
            .map(|n| self.variant(n))
            .filter(|(_, variant)| variant.class != Class::Veto)
            .map(|(actor, variant)| (rank(variant.class), table.actor_string(actor, field::ID), variant.class))
            .collect();
        found.sort();
        found.dedup_by_key(|(_, id, _)| *id);
        found.into_iter().map(|(_, id, class)| (id, class)).collect()
    }

    fn named(&self, key: &str) -> Vec<(u8, usize)> {
        self.table()
            .variants_named(key)
            .map(|n| self.variant(n))
            .filter(|(_, variant)| variant.class != Class::Veto)
            .map(|(actor, variant)| (rank(variant.class), actor))
            .collect()
    }

    fn with_slug(&self, slug: &str) -> Vec<(u8, usize)> {
        let table = self.table();
        (0..table.len(Section::Actors, ACTOR))
            .filter(|n| table.actor_string(*n, field::ID).rsplit_once('/').is_some_and(|(_, own)| own == slug))
            .map(|n| (0, n))
            .collect()
    }

    /// The ids of at most [`NEAREST`] actors: those with a name that contains all words of `key`, then those with a
    /// name a few edits away: at most a third of the letters of `key`, or two if that is more.
    fn nearest(&self, key: &str, among: Among) -> Vec<String> {
        let table = self.table();
        let limit = (key.chars().count() / 3).max(2);
        let mut found: Vec<(usize, usize)> = Vec::new();
        for n in 0..table.len(Section::Variants, VARIANT) {
            let (actor, variant) = self.variant(n);
            let other = !among.has(table.actor_string(actor, field::ID));
            if other || matches!(variant.class, Class::Veto | Class::Title) {
                continue;
            }
            let name = table.string(table.number(Section::Variants, VARIANT, n, 0));
            if !key.is_empty() && key.split(' ').all(|word| name.split(' ').any(|own| own == word)) {
                found.push((0, actor));
            } else if let Some(distance) = distance(key, name, limit) {
                found.push((distance, actor));
            }
        }
        found.sort_unstable();
        let mut ids: Vec<String> = Vec::new();
        for (_, actor) in found {
            let id = table.actor_string(actor, field::ID);
            if !ids.iter().any(|known| known == id) {
                ids.push(id.to_owned());
            }
            if ids.len() == NEAREST {
                break;
            }
        }
        ids
    }

    /// The topic that a user means by an id (`procurement/combat-aircraft`), the last part of an id, or a heading.
    pub(crate) fn resolve_topic(&self, name: &str) -> Resolution {
        let table = self.table();
        let name = name.trim();
        if table.topic(name).is_some() {
            return Resolution::One(name.to_owned());
        }
        let (wanted, slug) = (key(name), slug(name));
        let all: Vec<(&str, String)> =
            self.topics().map(|id| (id, compile::key(self.topic_heading(id).unwrap_or_default()))).collect();
        let mut ids: Vec<String> = all
            .iter()
            .filter(|(id, heading)| *heading == wanted || id.rsplit('/').next() == Some(slug.as_str()))
            .map(|(id, _)| (*id).to_owned())
            .collect();
        match ids.len() {
            1 => Resolution::One(ids.remove(0)),
            0 => Resolution::Unknown(nearest_topics(&wanted, &slug, &all)),
            _ => Resolution::Ambiguous(ids),
        }
    }
}

fn nearest_topics(wanted: &str, slug: &str, all: &[(&str, String)]) -> Vec<String> {
    let mut near: Vec<(usize, &str)> = all
        .iter()
        .filter_map(|(id, heading)| {
            let last = id.rsplit('/').next().unwrap_or(id);
            let held = wanted.split(' ').any(|word| heading.split(' ').any(|own| own == word));
            // A word of five letters or more with a typing error: "nucular" for "nuclear weapons".
            let long = |word: &&str| word.chars().count() > 4;
            let near = |own: &str| wanted.split(' ').filter(long).any(|word| distance(word, own, 2).is_some());
            let nearly = || heading.split(' ').filter(long).any(near);
            let by_letters = distance(wanted, heading, 4).or_else(|| distance(slug, last, 3));
            let by_words = || if held { Some(9) } else { nearly().then_some(10) };
            by_letters.or_else(by_words).map(|far| (far, *id))
        })
        .collect();
    near.sort_unstable();
    near.into_iter().take(NEAREST).map(|(_, id)| id.to_owned()).collect()
}

/// The order in which classes are preferred, the lowest first.
fn rank(class: Class) -> u8 {
    match class {
        Class::Heading | Class::Strong | Class::Exact | Class::Lookup => 0,
        Class::Weak => 1,
        Class::Demonym => 2,
        Class::Metonym => 3,
        Class::Generic => 4,
        Class::Surname => 5,
        Class::Title => 6,
        Class::Veto => 7,
    }
}

fn slug(name: &str) -> String {
    key(name).replace([' ', '.'], "-")
}

/// The edit distance of two strings in characters, with swaps of neighbours counted as one edit (optimal string
/// alignment); `None` if it is above `limit`.
fn distance(a: &str, b: &str, limit: usize) -> Option<usize> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > limit {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let change = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = change.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        if row.iter().min().is_some_and(|least| *least > limit) {
            return None;
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().filter(|d| *d <= limit)
}
