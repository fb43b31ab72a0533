//! Checks an authority file for errors and doubtful headings.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;

use super::compile::{day_range, key};
use super::rule;
use super::source::{Actor, Decision, Holder, Office, Source, System, What};
use super::table::Kind;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Severity {
    /// Tagging would give wrong results.
    Error,
    /// A person should look at it; it may be meant.
    Warning,
}

/// One thing that is wrong or doubtful in an authority file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// The file in which the heading stands.
    pub file: String,
    /// The id of the heading.
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

/// Checks an authority file; errors come first, then warnings, both in order of file and id.
pub(crate) fn check(source: &Source) -> Vec<Finding> {
    let mut checker = Checker { source, ids: HashMap::new(), found: Vec::new() };
    checker.ids();
    source.actors.iter().for_each(|actor| checker.actor(actor));
    source.offices.iter().for_each(|office| checker.office(office));
    source.systems.iter().for_each(|system| checker.system(system));
    source.decisions.iter().for_each(|decision| checker.decision(decision));
    checker.topics();
    checker.shared_names();
    checker.found.sort_by(|a, b| (a.severity, &a.file, &a.id).cmp(&(b.severity, &b.file, &b.id)));
    checker.found
}

/// What is wrong with an id: its kind, or its letters.
pub(super) fn ill_formed(id: &str) -> String {
    let kinds = Kind::ALL.map(Kind::name);
    match id.split_once('/') {
        Some((kind, _)) if !kinds.contains(&kind) => {
            format!("there is no kind '{kind}'; the kinds are {}", kinds.join(", "))
        }
        _ => "an id is kind/slug in small letters, digits and hyphens".to_owned(),
    }
}

struct Checker<'a> {
    source: &'a Source,
    /// The file of each id.
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
        let classes = self.source.classes.iter().map(|c| (c.id.as_str(), c.file.as_str(), c.heading.as_str()));
        let systems = self.source.systems.iter().map(|s| (s.id.as_str(), s.file.as_str(), s.heading.as_str()));
        let all: Vec<_> = actors.chain(offices).chain(classes).chain(systems).collect();
        for (id, file, heading) in all {
            if let Some(other) = self.ids.insert(id, file) {
                self.error(file, id, format!("the id stands in {other} already"));
            }
            if !well_formed(id) {
                self.error(file, id, ill_formed(id));
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

    /// A decision about a heading that is not there does nothing.
    fn decision(&mut self, Decision { what, name, heading, .. }: &Decision) {
        let merged = (*what == What::Merge).then_some(name);
        for id in merged.into_iter().chain([heading]) {
            if !id.starts_with("unlisted/") && !self.ids.contains_key(id.as_str()) {
                self.error("decisions", name, format!("the heading {id} is not there"));
            }
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

    fn system(&mut self, system: &System) {
        let (file, id) = (&system.file, &system.id);
        match super::class_of(id) {
            Some(class) => self.refers(file, id, class, "its class"),
            None => self.error(file, id, "a system needs a class: system/class/slug".to_owned()),
        }
        for broader in &system.part_of {
            self.refers(file, id, broader, "the broader system");
        }
        for maker in &system.makers {
            self.refers(file, id, maker, "its maker");
        }
        for state in &system.states {
            self.refers(file, id, &format!("state/{state}"), "its state");
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

    /// Reports tenures of one office that share days, whichever days their months and years stand for. If the earlier
    /// one has no end, it is only a warning, because the next one closes it.
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
            } else if latest <= to {
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

    /// Reports names that several actors have as heading, strong or exact variant, or as metonym. It is an error if at
    /// least two actors that still exist have the name as other than a metonym and none of them is a direct part of
    /// another.
    fn shared_names(&mut self) {
        let mut names: BTreeMap<String, Vec<(Named, bool)>> = BTreeMap::new();
        let all = self.source.actors.iter().map(Named::actor).chain(self.source.systems.iter().map(Named::system));
        for named in all {
            let metonyms = named.metonyms.iter().map(|name| (name, false));
            for (name, firm) in named.firm().map(|name| (name, true)).chain(metonyms) {
                let users = names.entry(key(name)).or_default();
                if !users.iter().any(|(user, _)| user.id == named.id) {
                    users.push((named, firm));
                }
            }
        }
        for (name, users) in names {
            let firm: Vec<Named> = users.iter().filter(|(_, firm)| *firm).map(|(named, _)| *named).collect();
            let (severity, users) = if firm.len() > 1 {
                let meant = related(&firm) || firm.iter().filter(|named| !named.former).count() < 2;
                (if meant { Severity::Warning } else { Severity::Error }, firm)
            } else if users.len() > 1 {
                (Severity::Warning, users.into_iter().map(|(named, _)| named).collect())
            } else {
                continue;
            };
            let ids: Vec<&str> = users.iter().map(|named| named.id).collect();
            let message = format!("`{name}` is a name of {}", ids.join(", "));
            self.report(severity, users[0].file, users[0].id, message);
        }
    }
}

/// What the names of an actor or system say of it.
#[derive(Clone, Copy)]
struct Named<'a> {
    id: &'a str,
    file: &'a str,
    heading: &'a String,
    strong: &'a [String],
    exact: &'a [String],
    weak: &'a [String],
    metonyms: &'a [String],
    part_of: &'a [String],
    former: bool,
}

impl<'a> Named<'a> {
    fn actor(actor: &'a Actor) -> Self {
        let Actor { id, file, heading, strong, exact, weak, metonym, part_of, former, .. } = actor;
        Self { id, file, heading, strong, exact, weak, metonyms: metonym, part_of, former: *former }
    }

    fn system(system: &'a System) -> Self {
        let System { id, file, heading, strong, exact, weak, part_of, .. } = system;
        Self { id, file, heading, strong, exact, weak, metonyms: &[], part_of, former: false }
    }

    /// The names that count without other evidence.
    fn firm(self) -> impl Iterator<Item = &'a String> {
        let bare =
            !self.heading.contains('(') && !self.exact.contains(self.heading) && !self.weak.contains(self.heading);
        bare.then_some(self.heading).into_iter().chain(self.strong).chain(self.exact)
    }
}

/// Whether one of these actors is a direct broader actor of another.
fn related(all: &[Named]) -> bool {
    all.iter().any(|one| all.iter().any(|other| one.part_of.iter().any(|id| id == other.id)))
}

fn well_formed(id: &str) -> bool {
    let (Some(kind), Some((_, slugs))) = (Kind::of_id(id), id.split_once('/')) else { return false };
    let good = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let levels = if kind.is_thing() { 2 } else { 1 };
    slugs.split('/').count() <= levels && slugs.split(['-', '/']).all(good)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(text: &str) -> Vec<(Severity, String, String)> {
        let source = Source::parse(&[("test.toml".into(), text.into())]).expect("the file is sound");
        check(&source).into_iter().map(|one| (one.severity, one.id, one.message)).collect()
    }

    fn actor(id: &str, rest: &str) -> String {
        let heading = if rest.contains("heading =") { String::new() } else { format!("heading = \"The {id}\"\n") };
        format!("[[actor]]\nid = \"{id}\"\n{heading}{rest}\n")
    }

    fn office(rest: &str) -> String {
        let persons = actor("person/ann", "") + &actor("person/bea", "") + &actor("state/alda", "");
        format!("{persons}[[office]]\nid = \"office/o\"\nheading = \"O\"\n{rest}\n")
    }

    fn held(holders: &str) -> String {
        office(&format!("country = \"alda\"\nholders = [{holders}]"))
    }

    #[test]
    fn a_sound_file_has_no_findings() {
        let sound = actor("state/alda", "demonym = [\"Aldan\"]")
            + &actor(
                "body/quay-2",
                "strong = [\"QO\"]\ngeneric = [\"quay\"]\ncountry = \"alda\"\npart_of = [\"state/alda\"]",
            )
            + &actor("force/fleet", "generic = [\"fleet\"]\npart_of = [\"body/quay-2\"]")
            + "[[topic]]\nid = \"ships\"\nheading = \"Ships\"\n[[topic]]\nid = \"ships/x\"\nheading = \"X\"\nrules = [{ q = \"ship\" }]\n";
        assert_eq!(findings(&sound), []);
        let two = "{ who = \"person/ann\", from = \"2020\", to = \"2021-05\" }, { who = \"person/bea\", from = \"2021-05-31\" }";
        assert_eq!(findings(&held(two)), []);
        assert_eq!(findings(&office("body = \"person/ann\"")), []);
    }

    #[test]
    fn each_fault_is_found() {
        use Severity::{Error, Warning};
        let tenure =
            |who: &str, from: &str, to: &str| format!("{{ who = \"person/{who}\", from = \"{from}\", to = \"{to}\" }}");
        let open = |who: &str, from: &str| format!("{{ who = \"person/{who}\", from = \"{from}\" }}");
        let quay = |rest: &str| actor("body/quay", rest);
        for (text, severity, id, message) in [
            (quay("") + &quay("heading = \"Another\""), Error, "body/quay", "the id stands in test.toml already"),
            (actor("body/Quay", ""), Error, "body/Quay", "an id is kind/slug in small letters, digits and hyphens"),
            (actor("body/", ""), Error, "body/", "an id is kind/slug in small letters, digits and hyphens"),
            (
                actor("body/quay--2", ""),
                Error,
                "body/quay--2",
                "an id is kind/slug in small letters, digits and hyphens",
            ),
            (
                actor("planet/mars", ""),
                Error,
                "planet/mars",
                "there is no kind 'planet'; the kinds are person, state, alliance, body, force, group, company, party, \
                 office, system, programme",
            ),
            (actor("body", ""), Error, "body", "an id is kind/slug in small letters, digits and hyphens"),
            (quay("heading = \"…\""), Error, "body/quay", "the heading is empty"),
            (quay("country = \"brea\""), Error, "body/quay", "its country state/brea is not there"),
            (quay("part_of = [\"body/x\"]"), Error, "body/quay", "the broader actor body/x is not there"),
            (quay("demonym = [\"Quayan\"]"), Warning, "body/quay", "only states have demonyms"),
            (quay("generic = [\"quay\"]"), Error, "body/quay", "a generic name needs a country"),
            (quay("strong = [\"Q\"]"), Error, "body/quay", "`Q` is too short for a strong variant"),
            (office("country = \"brea\""), Error, "office/o", "its country state/brea is not there"),
            (office("body = \"body/x\""), Error, "office/o", "its body body/x is not there"),
            (office(""), Error, "office/o", "an office needs a country or a body"),
            (held("{ who = \"person/cid\" }"), Error, "office/o", "the holder person/cid is not there"),
            (held(&open("ann", "2020-13")), Error, "office/o", "`2020-13` is not a day, month or year"),
            (held("{ who = \"person/ann\", to = \"May\" }"), Error, "office/o", "`May` is not a day, month or year"),
            (
                held(&tenure("ann", "2021-02", "2021-01-31")),
                Error,
                "office/o",
                "the tenure of person/ann ends before it begins",
            ),
            (
                held(&(tenure("ann", "2020", "2021-05-02") + ", " + &open("bea", "2021-05-01"))),
                Error,
                "office/o",
                "the tenures of person/ann and person/bea overlap",
            ),
            (
                held(&(open("bea", "2021") + ", " + &open("ann", "2020"))),
                Warning,
                "office/o",
                "the tenure of person/ann is left open, and person/bea follows",
            ),
            (
                held(&(open("ann", "2020") + ", " + &open("bea", "2020"))),
                Error,
                "office/o",
                "the tenures of person/ann and person/bea overlap",
            ),
            (
                held(&(tenure("ann", "2020", "2021-06") + ", " + &open("bea", "2021-05"))),
                Error,
                "office/o",
                "the tenures of person/ann and person/bea overlap",
            ),
            ("[[topic]]\nid = \"a\"\nheading = \"A\"\n".repeat(2), Error, "a", "the topic stands there twice"),
            ("[[topic]]\nid = \"a/b\"\nheading = \"A\"\n".to_owned(), Error, "a/b", "the parent topic a is not there"),
            (
                "[[topic]]\nid = \"a\"\nheading = \"A\"\nrules = [{ q = \"two words\" }]\n".to_owned(),
                Error,
                "a",
                "`two words` needs quotation marks",
            ),
            (
                quay("strong = [\"Pier\"]") + &actor("force/pier", "heading = \"PIER\""),
                Error,
                "body/quay",
                "`pier` is a name of body/quay, force/pier",
            ),
            (
                quay("exact = [\"PIER\"]") + &actor("force/pier", "heading = \"Pier\"\npart_of = [\"body/quay\"]"),
                Warning,
                "body/quay",
                "`pier` is a name of body/quay, force/pier",
            ),
            (
                quay("heading = \"Pier\"\nformer = true") + &actor("force/pier", "heading = \"Pier\""),
                Warning,
                "body/quay",
                "`pier` is a name of body/quay, force/pier",
            ),
            (
                quay("metonym = [\"Pier\"]") + &actor("force/pier", "heading = \"Pier\""),
                Warning,
                "body/quay",
                "`pier` is a name of body/quay, force/pier",
            ),
        ] {
            assert_eq!(findings(&text), [(severity, id.to_owned(), message.to_owned())], "{text}");
        }
    }

    #[test]
    fn offices_that_several_hold_may_overlap_and_names_may_be_shared_where_that_is_said() {
        let two = "{ who = \"person/ann\", from = \"2020\" }, { who = \"person/bea\", from = \"2021\" }";
        assert_eq!(findings(&office(&format!("country = \"alda\"\nshared = true\nholders = [{two}]"))), []);
        let fleet = actor("force/fleet", "heading = \"Fleet\"");
        for other in [
            "heading = \"Fleet\"\nweak = [\"Fleet\"]",
            "heading = \"Fleet (old)\"",
            "weak = [\"Fleet\"]",
            "veto = [\"Fleet\"]",
        ] {
            assert_eq!(findings(&(fleet.clone() + &actor("body/quay", other))), [], "{other}");
        }
        assert_eq!(findings(&actor("body/quay", "heading = \"Quay\"\nstrong = [\"QUAY\"]\nmetonym = [\"Quay\"]")), []);
    }

    #[test]
    fn errors_come_before_warnings_and_say_where_they_are() {
        let text = actor("body/a", "demonym = [\"Aan\"]")
            + &actor("body/b", "country = \"x\"")
            + &actor("body/a-b", "country = \"x\"");
        let ids: Vec<_> = findings(&text).into_iter().map(|(severity, id, _)| (severity, id)).collect();
        let error = |id: &str| (Severity::Error, id.to_owned());
        assert_eq!(ids, [error("body/a-b"), error("body/b"), (Severity::Warning, "body/a".to_owned())]);
        let source = Source::parse(&[("own.toml".into(), text)]).expect("the file is sound");
        let shown: Vec<String> = check(&source).iter().map(ToString::to_string).collect();
        assert_eq!(shown[0], "error: own.toml: body/a-b: its country state/x is not there");
        assert_eq!(shown[2], "warning: own.toml: body/a: only states have demonyms");
    }
}
