//! The authority file: one heading for each actor and topic, with its variants and broader headings.
//!
//! [`source`] is the TOML that people edit; [`compile`] turns it into a [`table`] of bytes. The bundled table is
//! compiled when the program is built and read in place, so that opening it costs nothing.
//!
//! ```
//! use despatch::authority::{Authority, AuthorityError, Resolution};
//!
//! let authority = Authority::bundled();
//! assert_eq!(authority.resolve("zelensky"), Resolution::One("person/volodymyr-zelensky".into()));
//! assert_eq!(authority.heading("alliance/nato"), Some("NATO"));
//! assert!(matches!(authority.resolve("ministry of defence"), Resolution::Ambiguous(_)));
//!
//! let own = Authority::compile(&[("own.toml".into(), "[[actor]]\nid = \"state/alda\"".into())]);
//! assert!(matches!(own, Err(AuthorityError::Parse(_))), "a heading is missing");
//! ```

mod check;
pub(crate) mod compile;
#[cfg(test)]
mod file_tests;
pub(crate) mod import;
mod resolve;
pub(crate) mod rule;
pub(crate) mod source;
mod speaks;
pub(crate) mod table;

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::OnceLock;

use jiff::civil::Date;

pub(crate) use check::{Severity, check};
pub use compile::key;
pub use resolve::Resolution;
pub(crate) use resolve::{Among, unlisted};
pub(crate) use source::Source;
pub use source::{Decision, What};
pub(crate) use speaks::SpeaksFor;
pub use table::{Class, Kind};

use table::{ACTOR, DECISION, HOLDER, NONE, RULE, Section, TOPIC, Table, VARIANT, field};

/// The value of [`field::FORMER`] in the record of an office that several persons hold at once.
const SHARED: u32 = 2;

static BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/authority.bin"));

/// What can be wrong with an authority file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuthorityError {
    /// A file is not TOML of the form that [`source`] describes.
    #[error(transparent)]
    Parse(#[from] source::ParseError),
    /// The bytes are not a compiled table of this version.
    #[error("this is no compiled authority file of this version")]
    Layout,
}

/// A compiled authority file.
#[derive(Debug, Clone)]
pub struct Authority {
    bytes: Cow<'static, [u8]>,
}

/// One name of an actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variant<'a> {
    /// As the authority file writes it.
    pub name: &'a str,
    /// The evidence that it needs to count as a mention.
    pub class: Class,
}

/// A tenure of an office.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tenure<'a> {
    /// Id of the holder, in the tenures of an office; id of the office, in the tenures of a person.
    pub id: &'a str,
    /// The day, month or year in which it began, as written.
    pub from: Option<&'a str>,
    /// The day, month or year in which the next holder took over, as written.
    pub to: Option<&'a str>,
}

/// One rule of a topic.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct TopicRule<'a> {
    /// The rule as written.
    pub q: &'a str,
    /// What a paragraph that satisfies the rule adds to the topic's weight: twice this in title and lead, and in two
    /// paragraphs of an article at most.
    pub weight: f32,
}

impl Authority {
    /// The authority file that is compiled into the program.
    pub fn bundled() -> &'static Self {
        static BUNDLED: OnceLock<Authority> = OnceLock::new();
        BUNDLED.get_or_init(|| Self { bytes: Cow::Borrowed(BYTES) })
    }

    /// Takes a table that was compiled earlier.
    ///
    /// # Errors
    ///
    /// Fails if the bytes are not a table of this version.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, AuthorityError> {
        Table::new(&bytes).ok_or(AuthorityError::Layout)?;
        Ok(Self { bytes: Cow::Owned(bytes) })
    }

    /// Compiles an authority file from these files only, each given as name and text.
    ///
    /// # Errors
    ///
    /// Fails on the first file that is not an authority file.
    pub fn compile(files: &[(String, String)]) -> Result<Self, AuthorityError> {
        Self::from_bytes(compile::compile(&Source::parse(files)?))
    }

    /// This authority file with the headings of further files added; a heading replaces an old one of the same id.
    ///
    /// # Errors
    ///
    /// Fails on the first file that is not an authority file, or has an actor of no kind.
    pub(crate) fn with_files(&self, files: &[(String, String)]) -> Result<Self, AuthorityError> {
        let mut source = self.to_source();
        let more = Source::parse(files)?;
        // The compiler leaves out what has no kind; a user's heading must not go without a word.
        if let Some(stray) = more.actors.iter().find(|actor| Kind::of_id(&actor.id).is_none()) {
            let reason = check::ill_formed(&stray.id);
            return Err(
                source::ParseError { file: stray.file.clone(), reason: format!("{}: {reason}", stray.id) }.into()
            );
        }
        source.merge(more);
        Self::from_bytes(compile::compile(&source))
    }

    /// The table's bytes, to be kept and given to [`Authority::from_bytes`].
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// A view of the table; an unreadable table counts as empty.
    pub(crate) fn table(&self) -> Table<'_> {
        Table::new(&self.bytes).unwrap_or_else(Table::empty)
    }

    /// A hash of the table. It changes whenever tags could change, and also with what tagging ignores, such as notes.
    pub fn fingerprint(&self) -> u64 {
        self.table().fingerprint()
    }

    /// The display name of an actor (`person/keir-starmer`).
    pub fn heading(&self, id: &str) -> Option<&str> {
        let table = self.table();
        table.actor(id).map(|n| table.actor_string(n, field::HEADING))
    }

    /// The kind of an actor, if the authority file has this id.
    pub fn kind(&self, id: &str) -> Option<Kind> {
        self.table().actor(id).and_then(|_| Kind::of_id(id))
    }

    /// The slug of the state to which an actor belongs (`united-kingdom`); a state belongs to itself.
    ///
    /// An actor without a country belongs to the state of its nearest broader actor that has one.
    pub fn affiliation(&self, id: &str) -> Option<&str> {
        let table = self.table();
        let state = self.state_of(table.actor(id)?)?;
        table.actor_string(state, field::ID).strip_prefix("state/")
    }

    /// Number of the state to which an actor belongs.
    pub(crate) fn state_of(&self, actor: usize) -> Option<usize> {
        let table = self.table();
        let own = |n: usize| {
            if table.number(Section::Actors, ACTOR, n, field::KIND) == Kind::State as u32 {
                return Some(n);
            }
            let country = table.number(Section::Actors, ACTOR, n, field::COUNTRY);
            (country != NONE).then_some(country as usize)
        };
        own(actor).or_else(|| self.broader(actor).into_iter().find_map(own))
    }

    /// Numbers of all broader actors, nearest first; once it has 64 of them, the search goes no further up.
    fn broader(&self, actor: usize) -> Vec<usize> {
        let table = self.table();
        let mut all: Vec<usize> = Vec::new();
        let mut next = vec![actor];
        while !next.is_empty() && all.len() < 64 {
            let mut wider = Vec::new();
            for n in next {
                let first = table.number(Section::Actors, ACTOR, n, field::PART_OF) as usize;
                let len = table.number(Section::Actors, ACTOR, n, field::PART_OF_LEN) as usize;
                for at in 0..len.min(64) {
                    let parent = table.number(Section::PartOf, 1, first.saturating_add(at), 0) as usize;
                    if parent != NONE as usize && parent != actor && !all.contains(&parent) {
                        all.push(parent);
                        wider.push(parent);
                    }
                }
            }
            next = wider;
        }
        all
    }

    /// The ids of all broader actors of an actor, direct and indirect, nearest first.
    pub(crate) fn part_of(&self, id: &str) -> Vec<&str> {
        let table = self.table();
        let Some(actor) = table.actor(id) else { return Vec::new() };
        self.broader(actor).into_iter().map(|n| table.actor_string(n, field::ID)).collect()
    }

    /// The ids of all actors that have this one among their broader actors, in order of id.
    pub fn narrower(&self, id: &str) -> Vec<&str> {
        self.narrower_of_any(&HashSet::from([id]))
    }

    /// As [`Authority::narrower`], of any of these.
    pub(crate) fn narrower_of_any(&self, ids: &HashSet<&str>) -> Vec<&str> {
        self.actors().filter(|narrow| self.part_of(narrow).iter().any(|broader| ids.contains(broader))).collect()
    }

    /// The ids of the companies that make a system.
    pub fn makers(&self, id: &str) -> Vec<&str> {
        self.run(id, field::MAKERS)
    }

    /// The ids of the states that operate a system, ordered it or take part in a programme.
    pub fn states(&self, id: &str) -> Vec<&str> {
        self.run(id, field::STATES)
    }

    /// The ids of the systems and programmes of a class, or those that a company or one of its parts makes.
    pub(crate) fn systems_of(&self, id: &str) -> Vec<&str> {
        let parts = self.narrower(id);
        let made = |system: &str| self.makers(system).iter().any(|maker| *maker == id || parts.contains(maker));
        let things = self.actors().filter(|id| is_system(id) && !is_class(id));
        things.filter(|system| class_of(system) == Some(id) || made(system)).collect()
    }

    /// The words that show, beside a weak name, that something of this class is meant.
    pub(crate) fn class_words(&self, class: &str) -> impl Iterator<Item = &str> {
        self.optional(class, field::WORDS).unwrap_or_default().split('\n').filter(|word| !word.is_empty())
    }

    /// ISO 3166-1 alpha-3 code of a state.
    pub fn iso(&self, id: &str) -> Option<&str> {
        self.optional(id, field::ISO)
    }

    /// Wikidata item of an actor.
    pub(crate) fn wikidata(&self, id: &str) -> Option<&str> {
        self.optional(id, field::WIKIDATA)
    }

    /// The name of the file in which an actor stands.
    pub fn file(&self, id: &str) -> Option<&str> {
        self.optional(id, field::FILE)
    }

    fn optional(&self, id: &str, field: usize) -> Option<&str> {
        let table = self.table();
        let actor = table.actor(id)?;
        let at = table.number(Section::Actors, ACTOR, actor, field);
        (at != NONE).then(|| table.string(at))
    }

    /// The ids of all actors and offices, in order.
    pub fn actors(&self) -> impl Iterator<Item = &str> {
        let table = self.table();
        (0..table.len(Section::Actors, ACTOR)).map(move |n| table.actor_string(n, field::ID))
    }

    /// The ids of all topics, in order.
    pub fn topics(&self) -> impl Iterator<Item = &str> {
        let table = self.table();
        (0..table.len(Section::Topics, TOPIC)).map(move |n| table.string(table.number(Section::Topics, TOPIC, n, 0)))
    }

    /// The variants of an actor, in order of their folded names.
    pub fn variants(&self, id: &str) -> Vec<Variant<'_>> {
        let table = self.table();
        let Some(actor) = table.actor(id) else { return Vec::new() };
        let first = table.number(Section::Actors, ACTOR, actor, field::VARIANTS) as usize;
        let len = table.number(Section::Actors, ACTOR, actor, field::VARIANTS_LEN) as usize;
        (first..first.saturating_add(len))
            .map_while(|at| {
                let number = table.number(Section::VariantsOf, 1, at, 0);
                (number != NONE).then(|| self.variant(number as usize).1)
            })
            .collect()
    }

    /// Variant number `n` and its actor's number.
    pub(crate) fn variant(&self, n: usize) -> (usize, Variant<'_>) {
        let table = self.table();
        let record = |field| table.number(Section::Variants, VARIANT, n, field);
        let class = Class::ALL.get(record(3) as usize).copied().unwrap_or(Class::Lookup);
        (record(2) as usize, Variant { name: table.string(record(1)), class })
    }

    /// The tenures of an office, or of a person, as far as the authority file records them.
    pub(crate) fn tenures(&self, id: &str) -> Vec<Tenure<'_>> {
        let table = self.table();
        let Some(asked) = table.actor(id) else { return Vec::new() };
        let mut out = Vec::new();
        for office in 0..table.len(Section::Actors, ACTOR) {
            for at in self.holders_of(office) {
                let record = |field| table.number(Section::Holders, HOLDER, at, field);
                let other = if office == asked {
                    record(0) as usize
                } else if record(0) as usize == asked {
                    office
                } else {
                    continue;
                };
                let written = |field| Some(record(field)).filter(|at| *at != NONE).map(|at| table.string(at));
                out.push(Tenure { id: table.actor_string(other, field::ID), from: written(3), to: written(4) });
            }
        }
        out
    }

    /// The records of an office's tenures; empty for actors.
    pub(crate) fn holders_of(&self, office: usize) -> std::ops::Range<usize> {
        let table = self.table();
        let len = table.number(Section::Actors, ACTOR, office, field::HOLDERS_LEN);
        if len == 0 || len == NONE {
            return 0..0;
        }
        let first = table.number(Section::Actors, ACTOR, office, field::HOLDERS) as usize;
        first..first.saturating_add(len as usize)
    }

    /// The id of the holder of an office on a day. `None` if the authority file names nobody for the day or leaves a
    /// doubt, as it does for shared offices.
    pub fn holder(&self, office: &str, day: Date) -> Option<&str> {
        let table = self.table();
        let holder = self.holder_of(table.actor(office)?, day)?;
        Some(table.actor_string(holder, field::ID))
    }

    /// Number of the holder of an office on a day. Of several tenures that cover the day, the one that began last
    /// counts; `None` if two persons began on the same day.
    pub(crate) fn holder_of(&self, office: usize, day: Date) -> Option<usize> {
        let table = self.table();
        if table.number(Section::Actors, ACTOR, office, field::FORMER) == SHARED {
            return None;
        }
        let day = compile::day_number(i32::from(day.year()), i32::from(day.month()), i32::from(day.day()));
        let mut best: Option<(i32, u32)> = None;
        let mut twice = false;
        for at in self.holders_of(office) {
            let record = |field| table.number(Section::Holders, HOLDER, at, field);
            let (who, from, to) = (record(0), record(1) as i32, record(2) as i32);
            if day < from || day >= to {
                continue;
            }
            match best {
                Some((begin, _)) if from < begin => {}
                Some((begin, other)) if from == begin => twice |= other != who,
                _ => (best, twice) = (Some((from, who)), false),
            }
        }
        best.filter(|_| !twice).map(|(_, who)| who as usize)
    }

    /// The display name of a topic.
    pub(crate) fn topic_heading(&self, id: &str) -> Option<&str> {
        let table = self.table();
        table.topic(id).map(|n| table.string(table.number(Section::Topics, TOPIC, n, 1)))
    }

    /// The scope note of a topic: what belongs to it and what does not.
    pub(crate) fn topic_scope(&self, id: &str) -> Option<&str> {
        let table = self.table();
        let at = table.number(Section::Topics, TOPIC, table.topic(id)?, 2);
        (at != NONE).then(|| table.string(at))
    }

    /// The rules of a topic.
    pub(crate) fn topic_rules(&self, id: &str) -> Vec<TopicRule<'_>> {
        let table = self.table();
        let Some(topic) = table.topic(id) else { return Vec::new() };
        let first = table.number(Section::Topics, TOPIC, topic, 3) as usize;
        let len = table.number(Section::Topics, TOPIC, topic, 4) as usize;
        (first..first.saturating_add(len).min(table.len(Section::Rules, RULE)))
            .map(|at| TopicRule {
                q: table.string(table.number(Section::Rules, RULE, at, 0)),
                weight: f32::from_bits(table.number(Section::Rules, RULE, at, 1)),
            })
            .collect()
    }

    /// What users decided about names and headings, in the order of their decisions.
    pub(crate) fn decisions(&self) -> Vec<Decision> {
        let table = self.table();
        let one = |n: usize| {
            let field = |field| table.number(Section::Decisions, DECISION, n, field);
            let outlet = Some(field(3)).filter(|at| *at != NONE).map(|at| table.string(at).to_owned());
            let [name, heading] = [1, 2].map(|at| table.string(field(at)).to_owned());
            Some(Decision { what: *What::ALL.get(field(0) as usize)?, name, heading, outlet })
        };
        (0..table.len(Section::Decisions, DECISION)).filter_map(one).collect()
    }

    /// The heading whose mentions those of `id` are, by the users' decisions: `id` itself where none is about it.
    pub(crate) fn merged(&self, id: &str) -> String {
        let decisions = self.decisions();
        let mut id = id.to_owned();
        // A merge of A and B and one of B and A were no end, so each decision is followed once.
        for _ in 0..decisions.len() {
            let next = decisions.iter().rev().find(|one| one.what == What::Merge && one.name == id);
            let Some(next) = next else { break };
            id.clone_from(&next.heading);
        }
        id
    }

    /// The authority file as a [`Source`], which can be merged with others and compiled again.
    pub(crate) fn to_source(&self) -> Source {
        let mut source = Source::default();
        let owned = |text: Option<&str>| text.map(str::to_owned);
        for id in self.actors() {
            let file = owned(self.file(id)).unwrap_or_default();
            let heading = self.heading(id).unwrap_or_default().to_owned();
            let country = owned(self.optional_country(id));
            let note = owned(self.optional(id, field::NOTE));
            match Kind::of_id(id) {
                Some(Kind::Office) => source.offices.push(self.office_source(id, heading, country, note, file)),
                Some(kind) if kind.is_thing() && is_class(id) => {
                    let words = self.class_words(id).map(str::to_owned).collect();
                    source.classes.push(source::SystemClass { id: id.to_owned(), heading, words, file });
                }
                Some(kind) if kind.is_thing() => source.systems.push(self.system_source(id, heading, note, file)),
                _ => source.actors.push(self.actor_source(id, heading, country, note, file)),
            }
        }
        let table = self.table();
        for id in self.topics() {
            let rules = self.topic_rules(id);
            source.topics.push(source::Topic {
                id: id.to_owned(),
                heading: self.topic_heading(id).unwrap_or_default().to_owned(),
                scope: owned(self.topic_scope(id)),
                rules: rules.iter().map(|rule| source::Rule { q: rule.q.to_owned(), weight: rule.weight }).collect(),
                file: table
                    .topic(id)
                    .map_or("", |n| table.string(table.number(Section::Topics, TOPIC, n, 5)))
                    .to_owned(),
            });
        }
        source.decisions = self.decisions();
        source
    }

    fn optional_country(&self, id: &str) -> Option<&str> {
        let table = self.table();
        let state = table.number(Section::Actors, ACTOR, table.actor(id)?, field::COUNTRY);
        (state != NONE).then(|| table.actor_string(state as usize, field::ID).trim_start_matches("state/"))
    }

    fn direct_part_of(&self, id: &str) -> Vec<String> {
        self.run(id, field::PART_OF).into_iter().map(str::to_owned).collect()
    }

    /// The ids in the run that begins at a field of an actor's record; the field after it has its length.
    fn run(&self, id: &str, start: usize) -> Vec<&str> {
        let table = self.table();
        let Some(actor) = table.actor(id) else { return Vec::new() };
        let first = table.number(Section::Actors, ACTOR, actor, start) as usize;
        let len = table.number(Section::Actors, ACTOR, actor, start + 1) as usize;
        (0..len)
            .map(|at| table.number(Section::PartOf, 1, first.saturating_add(at), 0))
            .take_while(|n| *n != NONE)
            .map(|n| table.actor_string(n as usize, field::ID))
            .collect()
    }

    fn is_shared(&self, id: &str) -> bool {
        let table = self.table();
        table.actor(id).is_some_and(|n| table.number(Section::Actors, ACTOR, n, field::FORMER) == SHARED)
    }

    fn office_source(
        &self,
        id: &str,
        heading: String,
        country: Option<String>,
        note: Option<String>,
        file: String,
    ) -> source::Office {
        let titles = self.variants(id).into_iter().filter(|v| v.class == Class::Title);
        let holders = self.tenures(id).into_iter().map(|tenure| source::Holder {
            who: tenure.id.to_owned(),
            from: tenure.from.map(str::to_owned),
            to: tenure.to.map(str::to_owned),
        });
        source::Office {
            id: id.to_owned(),
            heading,
            titles: titles.map(|v| v.name.to_owned()).collect(),
            country,
            body: self.direct_part_of(id).pop(),
            shared: self.is_shared(id),
            holders: holders.collect(),
            note,
            file,
        }
    }

    fn system_source(&self, id: &str, heading: String, note: Option<String>, file: String) -> source::System {
        let variants = self.variants(id);
        let names = |class: Class| {
            let plus = |v: &Variant<'_>| class == Class::Strong && v.class == Class::Lookup && v.name.ends_with('+');
            let of_class = variants.iter().filter(|v| v.class == class || plus(v));
            let mut names: Vec<String> = of_class.map(|v| v.name.to_owned()).collect();
            names.sort();
            names.dedup();
            names
        };
        let owned = |ids: Vec<&str>| ids.into_iter().map(str::to_owned).collect::<Vec<_>>();
        source::System {
            id: id.to_owned(),
            heading,
            strong: names(Class::Strong),
            exact: names(Class::Exact),
            weak: names(Class::Weak),
            veto: names(Class::Veto),
            makers: owned(self.makers(id)),
            states: self.states(id).into_iter().map(|id| id.trim_start_matches("state/").to_owned()).collect(),
            part_of: self.direct_part_of(id),
            note,
            file,
        }
    }

    fn actor_source(
        &self,
        id: &str,
        heading: String,
        country: Option<String>,
        note: Option<String>,
        file: String,
    ) -> source::Actor {
        let variants = self.variants(id);
        let names = |class: Class| -> Vec<String> {
            variants.iter().filter(|v| v.class == class).map(|v| v.name.to_owned()).collect()
        };
        let table = self.table();
        let former = table.actor(id).is_some_and(|n| table.number(Section::Actors, ACTOR, n, field::FORMER) == 1);
        source::Actor {
            id: id.to_owned(),
            heading,
            strong: variants
                .iter()
                .filter(|v| v.class == Class::Strong || (v.class == Class::Lookup && v.name.ends_with('+')))
                .map(|v| v.name.to_owned())
                .collect(),
            exact: names(Class::Exact),
            weak: names(Class::Weak),
            demonym: names(Class::Demonym),
            metonym: names(Class::Metonym),
            generic: names(Class::Generic),
            veto: names(Class::Veto),
            surname: self.optional(id, field::SURNAME).map(str::to_owned),
            country,
            part_of: self.direct_part_of(id),
            iso: self.iso(id).map(str::to_owned),
            wikidata: self.wikidata(id).map(str::to_owned),
            former,
            note,
            file,
        }
    }
}

/// Whether an id is that of a system or programme, or of a class of them.
pub(crate) fn is_system(id: &str) -> bool {
    Kind::of_id(id).is_some_and(Kind::is_thing)
}

/// Whether an id is that of a name without a heading.
pub(crate) fn is_unlisted(id: &str) -> bool {
    id.starts_with("unlisted/")
}

/// Whether the id of a system or programme is that of a class.
pub(crate) fn is_class(id: &str) -> bool {
    id.matches('/').count() == 1
}

/// The class of a system or programme, as an id: `system/combat-aircraft` of `system/combat-aircraft/f-35`.
pub(crate) fn class_of(id: &str) -> Option<&str> {
    id.rsplit_once('/').map(|(class, _)| class).filter(|class| class.contains('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"
[[actor]]
id = "state/alda"
heading = "Alda"
strong = ["Aldan Republic"]
iso = "ALD"
[[actor]]
id = "body/alda-navy-office"
heading = "Navy Office (Alda)"
part_of = ["body/alda-ministry"]
[[actor]]
id = "body/alda-ministry"
heading = "Ministry of Alda"
generic = ["Ministry"]
country = "alda"
[[actor]]
id = "person/ines-quarrel"
heading = "Ines Quarrel"
"#;

    fn authority() -> Authority {
        Authority::compile(&[("test.toml".into(), FILE.into())]).expect("the file is sound")
    }

    #[test]
    fn names_resolve_in_any_case_and_spelling() {
        let authority = authority();
        for name in ["state/alda", "ALDA", "the aldan republic", "alda"] {
            assert_eq!(authority.resolve(name), Resolution::One("state/alda".into()), "{name}");
        }
        assert_eq!(authority.resolve("quarrel"), Resolution::One("person/ines-quarrel".into()));
        assert_eq!(authority.resolve("Quarel"), Resolution::Unknown(vec!["person/ines-quarrel".into()]));
    }

    #[test]
    fn what_belongs_to_a_state_is_found_through_broader_actors() {
        let authority = authority();
        assert_eq!(authority.affiliation("body/alda-navy-office"), Some("alda"));
        assert_eq!(authority.part_of("body/alda-navy-office"), ["body/alda-ministry"]);
        assert_eq!(authority.narrower("body/alda-ministry"), ["body/alda-navy-office"]);
        assert_eq!(authority.affiliation("person/ines-quarrel"), None);
    }

    #[test]
    fn a_user_file_replaces_and_adds_headings() {
        let file = "[[actor]]\nid = \"state/alda\"\nheading = \"New Alda\"\n[[actor]]\nid = \"state/brea\"\nheading = \"Brea\"\n";
        let wider = authority().with_files(&[("user.toml".into(), file.into())]).expect("the file is sound");
        assert_eq!(wider.heading("state/alda"), Some("New Alda"));
        assert_eq!(wider.resolve("brea"), Resolution::One("state/brea".into()));
        assert_eq!(wider.affiliation("body/alda-ministry"), Some("alda"));
        assert_ne!(wider.fingerprint(), authority().fingerprint());
    }

    #[test]
    fn a_heading_of_an_unknown_kind_is_refused_with_the_kinds() {
        let file = "[[actor]]\nid = \"firm/quay\"\nheading = \"Quay\"\n";
        let error = authority().with_files(&[("user.toml".into(), file.into())]).unwrap_err().to_string();
        assert!(
            error.starts_with("user.toml: firm/quay: there is no kind 'firm'") && error.contains("company"),
            "{error}"
        );
    }

    #[test]
    fn a_table_survives_being_written_down_again() {
        let bundled = Authority::bundled();
        let again = compile::compile(&bundled.to_source());
        assert_eq!(again.len(), bundled.as_bytes().len());
    }

    #[test]
    fn bytes_that_are_no_table_are_refused() {
        assert!(Authority::from_bytes(vec![0; 500]).is_err());
        let mut cut = Authority::bundled().as_bytes().to_vec();
        cut.truncate(cut.len() / 2);
        assert!(Authority::from_bytes(cut).is_err());
    }
}
