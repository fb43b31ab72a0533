//! The authority file as people write it: TOML.

use std::collections::HashMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// Everything that one or more authority files say.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The actors.
    #[serde(default, rename = "actor", skip_serializing_if = "Vec::is_empty")]
    pub actors: Vec<Actor>,
    /// The offices.
    #[serde(default, rename = "office", skip_serializing_if = "Vec::is_empty")]
    pub offices: Vec<Office>,
    /// The topics.
    #[serde(default, rename = "topic", skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<Topic>,
}

/// One heading with its variants.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Actor {
    /// `kind/slug`.
    pub id: String,
    /// Display name; a strong variant unless it holds a bracket.
    pub heading: String,
    /// Names that count wherever they stand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub strong: Vec<String>,
    /// Names that count only in exactly this case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exact: Vec<String>,
    /// Names that need other evidence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weak: Vec<String>,
    /// Adjectives and inhabitants' names of a state.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub demonym: Vec<String>,
    /// Places that stand for the actor.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metonym: Vec<String>,
    /// Names that many countries share.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub generic: Vec<String>,
    /// Phrases in which no variant is found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub veto: Vec<String>,
    /// A person's surname, where it is not the heading's last word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surname: Option<String>,
    /// Slug of the state to which the actor belongs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Broader actors.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub part_of: Vec<String>,
    /// ISO 3166 code of three letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iso: Option<String>,
    /// Wikidata item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wikidata: Option<String>,
    /// No longer exists.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub former: bool,
    /// A remark for readers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The file it stands in.
    #[serde(skip)]
    pub file: String,
}

/// An office and who held it when.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Office {
    /// `office/slug`.
    pub id: String,
    /// Display name.
    pub heading: String,
    /// The titles under which texts mention it, without the country.
    #[serde(default)]
    pub titles: Vec<String>,
    /// Slug of the state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Id of the organisation it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Several hold it at once, so that its title alone names nobody.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shared: bool,
    /// Its holders.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holders: Vec<Holder>,
    /// A remark for readers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The file it stands in.
    #[serde(skip)]
    pub file: String,
}

/// A tenure.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holder {
    /// Id of the person.
    pub who: String,
    /// First day: a day, a month or a year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The day the next one took over: a day, a month or a year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// A subject heading with the rules that find it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// `parent/child` or `parent`.
    pub id: String,
    /// Display name.
    pub heading: String,
    /// What belongs here and what does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The evidence.
    #[serde(default)]
    pub rules: Vec<Rule>,
    /// The file it stands in.
    #[serde(skip)]
    pub file: String,
}

/// One piece of evidence for a topic.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// A word, a `"phrase"`, `=` before either for the form as written, or up to four of these joined by `AND`.
    pub q: String,
    /// What each paragraph that has it is worth.
    #[serde(default = "one")]
    pub weight: f32,
}

fn one() -> f32 {
    1.0
}

/// A file that is no authority file.
#[derive(Debug)]
pub struct ParseError {
    /// The file.
    pub file: String,
    /// What is wrong and where.
    pub reason: String,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.reason)
    }
}

impl std::error::Error for ParseError {}

impl Source {
    /// Reads files given as name and text, in order.
    ///
    /// # Errors
    ///
    /// Fails on the first file that is not TOML of this form.
    pub fn parse(files: &[(String, String)]) -> Result<Self, ParseError> {
        let mut all = Self::default();
        for (name, text) in files {
            let mut one: Self =
                toml::from_str(text).map_err(|error| ParseError { file: name.clone(), reason: error.to_string() })?;
            one.actors.iter_mut().for_each(|actor| actor.file.clone_from(name));
            one.offices.iter_mut().for_each(|office| office.file.clone_from(name));
            one.topics.iter_mut().for_each(|topic| topic.file.clone_from(name));
            all.actors.append(&mut one.actors);
            all.offices.append(&mut one.offices);
            all.topics.append(&mut one.topics);
        }
        Ok(all)
    }

    /// Adds what `other` says; a heading of the same id replaces the old one.
    pub fn merge(&mut self, other: Self) {
        replace(&mut self.actors, other.actors, |actor| &actor.id);
        replace(&mut self.offices, other.offices, |office| &office.id);
        replace(&mut self.topics, other.topics, |topic| &topic.id);
    }
}

fn replace<T>(old: &mut Vec<T>, new: Vec<T>, id: impl Fn(&T) -> &String) {
    let mut places: HashMap<String, usize> = old.iter().enumerate().map(|(at, one)| (id(one).clone(), at)).collect();
    for one in new {
        match places.get(id(&one)) {
            Some(at) => old[*at] = one,
            None => {
                places.insert(id(&one).clone(), old.len());
                old.push(one);
            }
        }
    }
}
