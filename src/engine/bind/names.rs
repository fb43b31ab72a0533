//! Names as the user types them, resolved to the terms of the index.

use std::collections::HashSet;

use crate::analysis;
use crate::article::Doubt;
use crate::authority::{Among, Authority, Resolution, is_class, unlisted};
use crate::engine::alternatives;
use crate::engine::error::EngineError;
use crate::engine::response::Heading;
use crate::event::Class;
use crate::extract::language;
use crate::query::Field;
use crate::query::pattern::within;

/// Letters by which a mistyped outlet, language or place may differ from one of the index, to be offered as the nearest.
const TYPING_ERRORS: u8 = 2;
/// Nearest values that are offered, at most.
const OFFERED: usize = 5;
/// Values of a field that are all offered where none is near, at most.
const LISTED: usize = 12;
/// Letters of a word that alone can make a value near, at least.
const LONG: usize = 5;

/// The values of an index's fields.
pub(crate) trait Vocabulary {
    /// All values of a field.
    fn values(&self, field: Field) -> Result<Vec<String>, EngineError>;
    /// Whether some article has this value.
    fn has(&self, field: Field, value: &str) -> Result<bool, EngineError>;
}

/// Resolves names by the authority file, and by the values that the index holds.
pub(crate) struct Names<'a> {
    authority: &'a Authority,
    vocabulary: &'a dyn Vocabulary,
}

impl<'a> Names<'a> {
    pub(crate) fn new(authority: &'a Authority, vocabulary: &'a dyn Vocabulary) -> Self {
        Self { authority, vocabulary }
    }

    pub(super) fn authority(&self) -> &'a Authority {
        self.authority
    }

    /// The terms that one filter names. Its names are [`alternatives`]; a name that itself contains a comma, and is not
    /// quoted, is tried first. With `broader`, an actor's narrower actors count too; those of a body always do.
    pub(crate) fn entry(&self, field: Field, entry: &str, broader: bool) -> Result<Vec<String>, EngineError> {
        let (entry, names) = (entry.trim(), alternatives::split(entry));
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        if entry.starts_with('"') && !names.is_empty() {
            return self.resolve(field, &names, broader);
        }
        match self.resolve(field, &[entry], broader) {
            Err(_) if names.len() > 1 => self.resolve(field, &names, broader),
            whole => whole,
        }
    }

    /// The terms that any of these names means.
    pub(super) fn resolve(&self, field: Field, names: &[&str], broader: bool) -> Result<Vec<String>, EngineError> {
        let mut terms = Vec::new();
        for name in names {
            match field {
                Field::Actor => terms.extend(self.actors(name, broader)?),
                Field::Said | Field::Speaker => terms.push(self.actor(field, name)?),
                Field::Affiliation => terms.push(self.affiliation(name)?),
                Field::System => terms.extend(self.systems(name)?),
                Field::Topic => terms.push(self.topic(name)?),
                Field::Outlet | Field::Lang | Field::Place => terms.extend(self.value(field, name)?),
                Field::Doubt => terms.push(one_of(field, name, Doubt::ALL.iter().map(|doubt| doubt.name()))?),
                Field::Event => terms.push(one_of(field, name, Class::ALL.iter().map(|class| class.as_str()))?),
            }
        }
        terms.dedup();
        Ok(terms)
    }

    fn chosen(&self, field: Field, name: &str, resolution: Resolution) -> Result<String, EngineError> {
        let headings = |ids: Vec<String>| ids.into_iter().map(|id| Heading::of(self.authority, id)).collect();
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

    /// The actor that a name means, with the narrower ones of a body. A name after `=` means its own heading alone.
    fn actors(&self, name: &str, broader: bool) -> Result<Vec<String>, EngineError> {
        let exactly = name.strip_prefix('=');
        let id = self.actor(Field::Actor, exactly.unwrap_or(name).trim())?;
        let widened = exactly.is_none() && (broader || id.starts_with("body/"));
        let narrower = if widened { self.authority.narrower(&id) } else { Vec::new() };
        let narrower: Vec<String> = narrower.into_iter().map(str::to_owned).collect();
        Ok([vec![id], narrower].concat())
    }

    fn actor(&self, field: Field, name: &str) -> Result<String, EngineError> {
        let resolution = self.authority.resolve_among(name, Among::Actors);
        // A name that no heading covers, as articles show it.
        let by_name = field == Field::Actor || field.speaks();
        if let (Resolution::Unknown(_), true, Some(id)) = (&resolution, by_name, unlisted(name))
            && self.vocabulary.has(field, &id)?
        {
            return Ok(id);
        }
        self.chosen(field, name, resolution)
    }

    fn affiliation(&self, name: &str) -> Result<String, EngineError> {
        if self.vocabulary.has(Field::Affiliation, name)? {
            return Ok(name.to_owned());
        }
        let id = self.actor(Field::Affiliation, name)?;
        Ok(self.authority.affiliation(&id).map_or(id.clone(), str::to_owned))
    }

    /// The systems that a name means: one with its narrower ones, all of a class, or all that a company makes. A name
    /// after `=` means its own heading alone.
    fn systems(&self, name: &str) -> Result<Vec<String>, EngineError> {
        if let Some(name) = name.strip_prefix('=').map(str::trim) {
            let resolution = self.authority.resolve_among(name, Among::Systems);
            return Ok(vec![self.chosen(Field::System, name, resolution)?]);
        }
        let owned = |ids: Vec<&str>| ids.into_iter().map(str::to_owned).collect::<Vec<_>>();
        let resolution = match self.authority.resolve_among(name, Among::Systems) {
            // A class of systems has the slug of that of programmes.
            Resolution::Ambiguous(ids) if ids.iter().all(|id| is_class(id)) => {
                return Ok(self.with_parts(ids.iter().flat_map(|id| owned(self.authority.systems_of(id))).collect()));
            }
            resolution => resolution,
        };
        if let (Resolution::Unknown(_), Resolution::One(maker)) =
            (&resolution, self.authority.resolve_among(name, Among::Actors))
        {
            let made = owned(self.authority.systems_of(&maker));
            if !made.is_empty() {
                return Ok(made);
            }
        }
        let id = self.chosen(Field::System, name, resolution)?;
        if is_class(&id) {
            return Ok(self.with_parts(owned(self.authority.systems_of(&id))));
        }
        Ok(self.with_parts(vec![id]))
    }

    /// These systems and what is a part of them, of whatever class, so that a whole finds what its parts do.
    fn with_parts(&self, systems: Vec<String>) -> Vec<String> {
        let known: HashSet<&str> = systems.iter().map(String::as_str).collect();
        let parts = self.authority.narrower_of_any(&known);
        let parts: Vec<String> = parts.into_iter().filter(|id| !known.contains(id)).map(str::to_owned).collect();
        [systems, parts].concat()
    }

    /// The actors or, where it names none, the systems that one entry names.
    pub(crate) fn actors_or_systems(&self, entry: &str, broader: bool) -> Result<Vec<String>, EngineError> {
        let actors = self.entry(Field::Actor, entry, broader);
        match actors {
            Err(EngineError::UnknownName { .. }) => self.entry(Field::System, entry, broader).or(actors),
            _ => actors,
        }
    }

    fn topic(&self, name: &str) -> Result<String, EngineError> {
        self.chosen(Field::Topic, name, self.authority.resolve_topic(name))
    }

    /// The values of the index that are `name` but for case and accents.
    fn value(&self, field: Field, name: &str) -> Result<Vec<String>, EngineError> {
        let wanted = folded(name);
        let all = self.vocabulary.values(field)?;
        let same: Vec<String> = all.iter().filter(|value| folded(value) == wanted).cloned().collect();
        if !same.is_empty() {
            return Ok(same);
        }
        if field == Field::Lang
            && let Some(code) = language::named(name).filter(|code| all.contains(code))
        {
            return Ok(vec![code]);
        }
        let nearest = nearest(&wanted, all).into_iter().map(|value| heading(field, value)).collect();
        Err(EngineError::UnknownName { field: field.name(), name: name.to_owned(), nearest })
    }
}

/// A value as it is offered; a language with its name.
fn heading(field: Field, value: String) -> Heading {
    let name = if field == Field::Lang { language::name_of(&value) } else { None };
    Heading { label: name.map_or_else(|| value.clone(), str::to_owned), id: value }
}

/// The values that are most like a folded name: they contain it, or a few letters are off, in all or in one word. Where
/// none is and there are few values, all of them.
fn nearest(wanted: &str, all: Vec<String>) -> Vec<String> {
    let few = if all.len() <= LISTED { all.clone() } else { Vec::new() };
    let far = |value: &str| {
        let other = folded(value);
        let apart = other.len().abs_diff(wanted.len());
        let long = |word: &&str| word.chars().count() >= LONG;
        let word = |own: &str| wanted.split(' ').filter(long).any(|word| within(word, own, TYPING_ERRORS));
        if !wanted.is_empty() && (other.contains(wanted) || wanted.contains(&other)) {
            Some(apart)
        } else if within(wanted, &other, TYPING_ERRORS) {
            Some(100 + apart)
        } else {
            other.split(' ').filter(long).any(word).then_some(200 + apart)
        }
    };
    let mut near: Vec<(usize, String)> = all.into_iter().filter_map(|value| Some((far(&value)?, value))).collect();
    near.sort();
    if near.is_empty() { few } else { near.into_iter().take(OFFERED).map(|(_, value)| value).collect() }
}

/// The reason for doubt that a name means. All are known, so one that no article has finds nothing; a name that is none is
/// answered with all.
/// A name of a field whose values are fixed.
fn one_of(field: Field, name: &str, names: impl Iterator<Item = &'static str> + Clone) -> Result<String, EngineError> {
    let wanted = folded(name);
    names.clone().find(|name| *name == wanted).map(str::to_owned).ok_or_else(|| {
        let nearest = names.map(|name| Heading { id: name.to_owned(), label: name.to_owned() }).collect();
        EngineError::UnknownName { field: field.name(), name: name.to_owned(), nearest }
    })
}

fn folded(text: &str) -> String {
    let words = analysis::words(text);
    words.as_slice().iter().map(|word| words.folded(word)).collect::<Vec<_>>().join(" ")
}
