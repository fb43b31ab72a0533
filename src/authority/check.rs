//! Whether an authority file is sound.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;

use super::compile::{day_range, key};
use super::rule;
use super::source::{Actor, Holder, Office, Source};
use super::table::Kind;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Tagging would go wrong.
    Error,
    /// Worth a look.
    Warning,
}

/// One thing that is wrong or doubtful in an authority file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// The file.
    pub file: String,
    /// The heading.
    pub id: String,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, "{severity}: {}: {}: {}", self.file, self.id, self.message)
    }
}

/// Looks through an authority file; errors come first.
pub fn check(source: &Source) -> Vec<Finding> {
    let mut checker = Checker { source, ids: HashMap::new(), found: Vec::new() };
    checker.ids();
    source.actors.iter().for_each(|actor| checker.actor(actor));
    source.offices.iter().for_each(|office| checker.office(office));
    checker.topics();
    checker.shared_names();
    checker.found.sort_by(|a, b| (a.severity, &a.file, &a.id).cmp(&(b.severity, &b.file, &b.id)));
    checker.found
}

struct Checker<'a> {
    source: &'a Source,
    ids: HashMap<&'a str, &'a str>,
    found: Vec<Finding>,
}

impl<'a> Checker<'a> {
    fn report(&mut self, severity: Severity, file: &str, id: &str, message: String) {
        self.found.push(Finding { severity, file: file.to_owned(), id: id.to_owned(), message });
    }

    fn error(&mut self, file: &str, id: &str, message: String) {
        self.report(Severity::Error, file, id, message);
    }

    fn ids(&mut self) {
        let actors = self.source.actors.iter().map(|a| (a.id.as_str(), a.file.as_str(), a.heading.as_str()));
        let offices = self.source.offices.iter().map(|o| (o.id.as_str(), o.file.as_str(), o.heading.as_str()));
        let all: Vec<_> = actors.chain(offices).collect();
        for (id, file, heading) in all {
            if let Some(other) = self.ids.insert(id, file) {
                self.error(file, id, format!("the id stands in {other} already"));
            }
            if !well_formed(id) {
                self.error(file, id, "an id is kind/slug in small letters, digits and hyphens".to_owned());
            }
            if key(heading).is_empty() {
                self.error(file, id, "the heading is empty".to_owned());
            }
        }
    }

    fn refers(&mut self, file: &str, id: &str, to: &str, what: &str) {
        if !self.ids.contains_key(to) {
            self.error(file, id, format!("{what} {to} is not there"));
        }
    }

    fn actor(&mut self, actor: &Actor) {
        if let Some(country) = &actor.country {
            self.refers(&actor.file, &actor.id, &format!("state/{country}"), "its country");
        }
        for broader in &actor.part_of {
            self.refers(&actor.file, &actor.id, broader, "the broader actor");
        }
        if !actor.id.starts_with("state/") && !actor.demonym.is_empty() {
            self.report(Severity::Warning, &actor.file, &actor.id, "only states have demonyms".to_owned());
        }
        if !actor.generic.is_empty() && actor.country.is_none() && actor.part_of.is_empty() {
            self.error(&actor.file, &actor.id, "a generic name needs a country".to_owned());
        }
        let short: Vec<&String> = actor.strong.iter().filter(|name| key(name).chars().count() < 2).collect();
        for name in short {
            self.error(&actor.file, &actor.id, format!("`{name}` is too short for a strong variant"));
        }
    }

    fn office(&mut self, office: &'a Office) {
        if let Some(country) = &office.country {
            self.refers(&office.file, &office.id, &format!("state/{country}"), "its country");
        }
        if let Some(body) = &office.body {
            self.refers(&office.file, &office.id, body, "its body");
        }
        if office.country.is_none() && office.body.is_none() {
            self.error(&office.file, &office.id, "an office needs a country or a body".to_owned());
        }
        for holder in &office.holders {
            self.refers(&office.file, &office.id, &holder.who, "the holder");
            self.dates(office, holder);
        }
        self.overlaps(office);
    }

    fn dates(&mut self, office: &Office, holder: &Holder) {
        let read = |date: &Option<String>| date.as_deref().map(day_range);
        let (from, to) = (read(&holder.from), read(&holder.to));
        for (date, range) in [(&holder.from, from), (&holder.to, to)] {
            if range == Some(None) {
                let date = date.as_deref().unwrap_or_default();
                self.error(&office.file, &office.id, format!("`{date}` is not a day, month or year"));
            }
        }
        if let (Some(Some((from, _))), Some(Some((_, to)))) = (from, to)
            && from >= to
        {
            self.error(&office.file, &office.id, format!("the tenure of {} ends before it begins", holder.who));
        }
    }

    /// Two tenures of one office share days, whatever days the written months and years stand for. A tenure without
    /// an end is closed by the next one.
    fn overlaps(&mut self, office: &'a Office) {
        if office.shared {
            return;
        }
        let mut tenures: Vec<(i32, i32, i32, bool, &str)> = office
            .holders
            .iter()
            .map(|holder| {
                let from = holder.from.as_deref().and_then(day_range).unwrap_or((i32::MIN, i32::MIN));
                let to = holder.to.as_deref().and_then(day_range);
                (from.0, from.1, to.map_or(i32::MAX, |(first, _)| first), to.is_none(), holder.who.as_str())
            })
            .collect();
        tenures.sort_unstable();
        for pair in tenures.windows(2) {
            let ((from, _, to, open, first), (next, latest, _, _, second)) = (pair[0], pair[1]);
            if open && from < next {
                let message = format!("the tenure of {first} is left open, and {second} follows");
                self.report(Severity::Warning, &office.file, &office.id, message);
            } else if latest < to {
                self.error(&office.file, &office.id, format!("the tenures of {first} and {second} overlap"));
            }
        }
    }

    fn topics(&mut self) {
        let known: HashSet<&str> = self.source.topics.iter().map(|topic| topic.id.as_str()).collect();
        let mut seen = HashSet::new();
        for topic in &self.source.topics {
            if !seen.insert(&topic.id) {
                self.error(&topic.file, &topic.id, "the topic stands there twice".to_owned());
            }
            if let Some((parent, _)) = topic.id.rsplit_once('/')
                && !known.contains(parent)
            {
                self.error(&topic.file, &topic.id, format!("the parent topic {parent} is not there"));
            }
            for one in &topic.rules {
                if let Err(reason) = rule::parse(&one.q) {
                    self.error(&topic.file, &topic.id, reason);
                }
            }
        }
    }

    /// Names that stand for two actors without saying so.
    fn shared_names(&mut self) {
        let mut names: BTreeMap<String, Vec<(&Actor, bool)>> = BTreeMap::new();
        for actor in &self.source.actors {
            let heading = Some(&actor.heading)
                .filter(|h| !h.contains('(') && !actor.exact.contains(h) && !actor.weak.contains(h));
            let firm = heading.into_iter().chain(&actor.strong).chain(&actor.exact).map(|name| (name, true));
            for (name, firm) in firm.chain(actor.metonym.iter().map(|name| (name, false))) {
                let users = names.entry(key(name)).or_default();
                if !users.iter().any(|(user, _)| user.id == actor.id) {
                    users.push((actor, firm));
                }
            }
        }
        for (name, users) in names {
            let firm: Vec<&Actor> = users.iter().filter(|(_, firm)| *firm).map(|(actor, _)| *actor).collect();
            let (severity, users) = if firm.len() > 1 {
                let meant = related(&firm) || firm.iter().filter(|actor| !actor.former).count() < 2;
                (if meant { Severity::Warning } else { Severity::Error }, firm)
            } else if users.len() > 1 {
                (Severity::Warning, users.into_iter().map(|(actor, _)| actor).collect())
            } else {
                continue;
            };
            let ids: Vec<&str> = users.iter().map(|actor| actor.id.as_str()).collect();
            let message = format!("`{name}` is a name of {}", ids.join(", "));
            self.report(severity, &users[0].file, &users[0].id, message);
        }
    }
}

/// Whether each of these is a broader actor of another or has one that is among them.
fn related(actors: &[&Actor]) -> bool {
    actors.iter().any(|actor| actors.iter().any(|other| actor.part_of.contains(&other.id)))
}

fn well_formed(id: &str) -> bool {
    let Some((_, slug)) = id.split_once('/') else { return false };
    let good = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    Kind::of_id(id).is_some() && slug.split('-').all(good)
}
