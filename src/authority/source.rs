//! The authority file as people write it: TOML.

use std::collections::HashMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// Everything that one or more authority files say.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Source {
    /// The actors.
    #[serde(default, rename = "actor", skip_serializing_if = "Vec::is_empty")]
    pub actors: Vec<Actor>,
    /// The offices.
    #[serde(default, rename = "office", skip_serializing_if = "Vec::is_empty")]
    pub offices: Vec<Office>,
    /// The classes of systems and programmes.
    #[serde(default, rename = "class", skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<SystemClass>,
    /// The systems and programmes.
    #[serde(default, rename = "system", skip_serializing_if = "Vec::is_empty")]
    pub systems: Vec<System>,
    /// The topics.
    #[serde(default, rename = "topic", skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<Topic>,
    /// What a user decided about names and headings.
    #[serde(default, rename = "decision", skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<Decision>,
}

/// What a user decided about a name, or about two headings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// What was decided.
    pub what: What,
    /// The spelling; of a merge, the id of the heading that is given up.
    pub name: String,
    /// The id of the heading; `unlisted/SLUG` for a name without one.
    pub heading: String,
    /// The outlet in whose articles it holds; in all without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outlet: Option<String>,
}

/// The kinds of decisions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// The spelling never means the heading.
    Veto,
    /// Where the spelling can mean several headings, it means this one.
    Prefer,
    /// Two headings are one; the mentions of the first are mentions of the second.
    Merge,
}

impl What {
    /// All kinds.
    pub(crate) const ALL: [Self; 3] = [Self::Veto, Self::Prefer, Self::Merge];
}

/// One heading with its variants.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Actor {
    /// `kind/slug`.
    pub id: String,
    /// Display name. It also counts as a strong variant, unless it contains a bracket or is listed under `exact` or
    /// `weak`. Two or more words before a bracket count as a generic variant of an actor with a country, but not of a
    /// person, else as a weak one.
    pub heading: String,
    /// Names that count wherever they stand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub strong: Vec<String>,
    /// Names that count only with exactly these capitals.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exact: Vec<String>,
    /// Names that count only with other evidence in the article.
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
    /// Phrases that are not this actor, although they contain one of its variants.
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
    /// ISO 3166-1 alpha-3 code of a state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iso: Option<String>,
    /// Wikidata item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wikidata: Option<String>,
    /// Whether it no longer exists.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub former: bool,
    /// A remark for readers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The file it stands in.
    #[serde(skip)]
    pub file: String,
}

/// A class of systems or programmes: combat aircraft, defence funds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SystemClass {
    /// `system/slug` or `programme/slug`.
    pub id: String,
    /// Display name.
    pub heading: String,
    /// Words that show, beside a weak name, that something of this class is meant.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
    /// The file it stands in.
    #[serde(skip)]
    pub file: String,
}

/// A weapon system, platform, sensor, munition, satellite, or a programme.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct System {
    /// `system/class/slug` or `programme/class/slug`.
    pub id: String,
    /// Display name; it counts as that of an [`Actor`] does.
    pub heading: String,
    /// Names that count wherever they stand. Their plurals count too, and `F 35` where the name is `F-35`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub strong: Vec<String>,
    /// Names that count only with exactly these capitals.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exact: Vec<String>,
    /// Names that count only with other evidence in the article.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weak: Vec<String>,
    /// Phrases that are not this system, although they contain one of its names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub veto: Vec<String>,
    /// Ids of the companies that make it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub makers: Vec<String>,
    /// Slugs of states that operate it, ordered it or take part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub states: Vec<String>,
    /// Broader systems or programmes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub part_of: Vec<String>,
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
pub(crate) struct Office {
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
    /// Whether several persons hold it at once, so that its title names none of them.
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
pub(crate) struct Holder {
    /// Id of the person.
    pub who: String,
    /// The day, month or year in which the tenure began. A tenure that began in a month or year counts from the end of
    /// it, because only then it is certain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The day, month or year in which the next holder took over. The tenure counts up to its beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// A subject heading with the rules that find it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Topic {
    /// `parent/child` or `parent`.
    pub id: String,
    /// Display name.
    pub heading: String,
    /// The scope note: what belongs to the topic and what does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The rules that are evidence for it.
    #[serde(default)]
    pub rules: Vec<Rule>,
    /// The file it stands in.
    #[serde(skip)]
    pub file: String,
}

/// One piece of evidence for a topic.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    /// A word, a `"phrase"`, `=` before either for the form as written, or up to four of these joined by `AND`.
    pub q: String,
    /// What a paragraph that satisfies the rule adds to the topic's weight; may be negative.
    #[serde(default = "one")]
    pub weight: f32,
}

fn one() -> f32 {
    1.0
}

/// The error for a file that is not an authority file.
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
    pub(crate) fn parse(files: &[(String, String)]) -> Result<Self, ParseError> {
        let mut all = Self::default();
        for (name, text) in files {
            let mut one: Self =
                toml::from_str(text).map_err(|error| ParseError { file: name.clone(), reason: error.to_string() })?;
            one.actors.iter_mut().for_each(|actor| actor.file.clone_from(name));
            one.offices.iter_mut().for_each(|office| office.file.clone_from(name));
            one.classes.iter_mut().for_each(|class| class.file.clone_from(name));
            one.systems.iter_mut().for_each(|system| system.file.clone_from(name));
            one.topics.iter_mut().for_each(|topic| topic.file.clone_from(name));
            all.actors.append(&mut one.actors);
            all.offices.append(&mut one.offices);
            all.classes.append(&mut one.classes);
            all.systems.append(&mut one.systems);
            all.topics.append(&mut one.topics);
            all.decisions.append(&mut one.decisions);
        }
        Ok(all)
    }

    /// Adds the headings and decisions of `other`; a heading with the id of an old one replaces it.
    pub(crate) fn merge(&mut self, other: Self) {
        replace(&mut self.actors, other.actors, |actor| &actor.id);
        replace(&mut self.offices, other.offices, |office| &office.id);
        replace(&mut self.classes, other.classes, |class| &class.id);
        replace(&mut self.systems, other.systems, |system| &system.id);
        replace(&mut self.topics, other.topics, |topic| &topic.id);
        for decision in other.decisions {
            self.decisions.retain(|known| *known != decision);
            self.decisions.push(decision);
        }
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
