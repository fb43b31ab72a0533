//! The compiled authority file: one block of bytes, read in place.
//!
//! It has a header with the offsets of the sections, then records of little-endian `u32`, then strings. Nothing is
//! decoded when the table is opened. What an offset outside the table points to is read as [`NONE`] or an empty string.

/// The first bytes of every table; the last of them is the version of the layout.
pub(crate) const MAGIC: [u8; 4] = *b"DAT\x03";

/// The parts of a table, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    /// Actors, offices, systems, programmes and their classes, sorted by id.
    Actors,
    /// Variants, sorted by folded name.
    Variants,
    /// Numbers of direct broader actors, of makers and of states; those of one actor are adjacent.
    PartOf,
    /// Numbers of variants; those of one actor are adjacent.
    VariantsOf,
    /// Tenures; those of one office are adjacent.
    Holders,
    /// Topics, sorted by id.
    Topics,
    /// Topic rules; those of one topic are adjacent.
    Rules,
    /// What users decided about names, in the order of their decisions.
    Decisions,
    /// Strings, each after its length in bytes (a little-endian `u16`).
    Strings,
}

/// Number of sections.
pub(crate) const SECTIONS: usize = 9;
/// Length of the header in bytes: magic, fingerprint, then start and end of each section.
pub(crate) const HEADER: usize = 4 + 8 + SECTIONS * 8;
/// Stands for "no number" and "no string".
pub(crate) const NONE: u32 = u32::MAX;

/// Length of an actor's record in `u32` numbers, which [`field`] lists.
pub(crate) const ACTOR: usize = 21;
/// Length of a variant's record: folded name, name as written, actor, class.
pub(crate) const VARIANT: usize = 4;
/// Length of a tenure's record: person, first day, day after the last, and both as written. Days count from 1970-01-01.
pub(crate) const HOLDER: usize = 5;
/// Length of a topic's record: id, heading, scope, first rule, number of rules, file.
pub(crate) const TOPIC: usize = 6;
/// Length of a rule's record: text, and the bits of its weight as `f32`.
pub(crate) const RULE: usize = 2;
/// Length of a decision's record: its kind, name, heading, and outlet.
pub(crate) const DECISION: usize = 4;

/// Fields of an actor's record, as indices into its numbers.
pub(crate) mod field {
    /// Its id.
    pub(crate) const ID: usize = 0;
    /// Its heading.
    pub(crate) const HEADING: usize = 1;
    /// Its kind.
    pub(crate) const KIND: usize = 2;
    /// Number of its state.
    pub(crate) const COUNTRY: usize = 3;
    /// Its ISO code.
    pub(crate) const ISO: usize = 4;
    /// Its Wikidata item.
    pub(crate) const WIKIDATA: usize = 5;
    /// A remark.
    pub(crate) const NOTE: usize = 6;
    /// 1 if it no longer exists, 2 for an office that several persons hold at once, else 0.
    pub(crate) const FORMER: usize = 7;
    /// First of its direct broader actors.
    pub(crate) const PART_OF: usize = 8;
    /// Number of its direct broader actors.
    pub(crate) const PART_OF_LEN: usize = 9;
    /// First of its variants.
    pub(crate) const VARIANTS: usize = 10;
    /// Number of its variants.
    pub(crate) const VARIANTS_LEN: usize = 11;
    /// First of an office's tenures.
    pub(crate) const HOLDERS: usize = 12;
    /// Number of an office's tenures.
    pub(crate) const HOLDERS_LEN: usize = 13;
    /// The file it stands in.
    pub(crate) const FILE: usize = 14;
    /// A person's surname, if the authority file gives one.
    pub(crate) const SURNAME: usize = 15;
    /// First of a system's makers.
    pub(crate) const MAKERS: usize = 16;
    /// Number of a system's makers.
    pub(crate) const MAKERS_LEN: usize = 17;
    /// First of a system's states.
    pub(crate) const STATES: usize = 18;
    /// Number of a system's states.
    pub(crate) const STATES_LEN: usize = 19;
    /// The words of a class, each on a line.
    pub(crate) const WORDS: usize = 20;
}

/// What kind of actor a heading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A human being.
    Person,
    /// A state or territory.
    State,
    /// An alliance, international organisation or format.
    Alliance,
    /// A ministry, parliament, institution, agency or think tank.
    Body,
    /// An armed force, command or unit.
    Force,
    /// An armed group or movement.
    Group,
    /// A firm.
    Company,
    /// A political party.
    Party,
    /// An office that persons hold.
    Office,
    /// A weapon system, platform, sensor, munition or satellite, or a class of them.
    System,
    /// A programme, fund or initiative, or a class of them.
    Programme,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 11] = [
        Self::Person,
        Self::State,
        Self::Alliance,
        Self::Body,
        Self::Force,
        Self::Group,
        Self::Company,
        Self::Party,
        Self::Office,
        Self::System,
        Self::Programme,
    ];

    /// The word before the slash of an id.
    pub fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::State => "state",
            Self::Alliance => "alliance",
            Self::Body => "body",
            Self::Force => "force",
            Self::Group => "group",
            Self::Company => "company",
            Self::Party => "party",
            Self::Office => "office",
            Self::System => "system",
            Self::Programme => "programme",
        }
    }

    /// What belongs to it, in a few words.
    pub(crate) fn described(self) -> &'static str {
        match self {
            Self::Person => "a human being",
            Self::State => "a state or territory",
            Self::Alliance => "an alliance, international organisation or format of talks",
            Self::Body => "a ministry, parliament, institution, agency or think tank",
            Self::Force => "an armed force, command or unit of a state or alliance",
            Self::Group => "an armed group or movement",
            Self::Company => "a firm",
            Self::Party => "a political party",
            Self::Office => "an office that persons hold; its title means the holder on the day",
            Self::System => "a weapon system, platform, sensor, munition or satellite",
            Self::Programme => "a programme, fund or initiative",
        }
    }

    /// Whether it is a thing that actors make, buy and use, and no actor.
    pub fn is_thing(self) -> bool {
        matches!(self, Self::System | Self::Programme)
    }

    /// The kind that an id names.
    pub(crate) fn of_id(id: &str) -> Option<Self> {
        let kind = id.split('/').next()?;
        Self::ALL.into_iter().find(|k| k.name() == kind)
    }
}

/// The evidence that a variant needs to count as a mention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// The heading itself, which needs what a strong variant needs.
    Heading,
    /// A capital letter.
    Strong,
    /// Capitals exactly as written; British house style may write an initialism with one (`Mod`).
    Exact,
    /// A capital letter, and another name of the actor in the article or a word that shows what is meant.
    Weak,
    /// A capital letter; an adjective or the inhabitants' name.
    Demonym,
    /// A sentence in which the place acts, speaks or is a party.
    Metonym,
    /// A country in context, because many countries share the name.
    Generic,
    /// None: it is no mention, and forbids any within its words.
    Veto,
    /// The full name elsewhere in the article, or a title, or a verb and an office held that day.
    Surname,
    /// A country or organisation in context; the title of an office.
    Title,
    /// It is no mention and is found only for what a user types: a heading with a bracket, a heading that is also
    /// listed as exact or weak, an office's heading, a name that ends in a plus sign.
    Lookup,
}

impl Class {
    /// All classes.
    pub const ALL: [Self; 11] = [
        Self::Heading,
        Self::Strong,
        Self::Exact,
        Self::Weak,
        Self::Demonym,
        Self::Metonym,
        Self::Generic,
        Self::Veto,
        Self::Surname,
        Self::Title,
        Self::Lookup,
    ];

    /// The name of the class in the authority file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Heading | Self::Lookup => "heading",
            Self::Strong => "strong",
            Self::Exact => "exact",
            Self::Weak => "weak",
            Self::Demonym => "demonym",
            Self::Metonym => "metonym",
            Self::Generic => "generic",
            Self::Veto => "veto",
            Self::Surname => "surname",
            Self::Title => "title",
        }
    }
}

/// A view of a compiled table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Table<'a> {
    bytes: &'a [u8],
}

impl<'a> Table<'a> {
    /// A view of `bytes`, or `None` if they do not begin with [`MAGIC`] or a section lies outside them.
    pub(crate) fn new(bytes: &'a [u8]) -> Option<Self> {
        let table = Self { bytes };
        let whole = (0..SECTIONS).all(|n| {
            let (start, end) = table.bounds(n);
            start <= end && end <= bytes.len() && start >= HEADER
        });
        (bytes.len() >= HEADER && bytes.starts_with(&MAGIC) && whole).then_some(table)
    }

    /// A table without anything.
    pub(crate) fn empty() -> Self {
        Self { bytes: &[0; HEADER] }
    }

    /// The hash of everything after it, as the compiler wrote it.
    pub(crate) fn fingerprint(self) -> u64 {
        self.bytes.get(4..12).and_then(|b| b.try_into().ok()).map_or(0, u64::from_le_bytes)
    }

    fn word(self, at: usize) -> u32 {
        self.bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(NONE, u32::from_le_bytes)
    }

    fn bounds(self, section: usize) -> (usize, usize) {
        let at = 12 + section * 8;
        (self.word(at) as usize, self.word(at + 4) as usize)
    }

    /// Number `field` of record `record` in a section whose records have `width` numbers.
    pub(crate) fn number(self, section: Section, width: usize, record: usize, field: usize) -> u32 {
        let (start, end) = self.bounds(section as usize);
        let at = start + (record * width + field) * 4;
        if at + 4 <= end { self.word(at) } else { NONE }
    }

    /// Number of records in a section.
    pub(crate) fn len(self, section: Section, width: usize) -> usize {
        let (start, end) = self.bounds(section as usize);
        (end - start) / (4 * width)
    }

    /// The string at an offset of the string section; empty if it lies outside or is not UTF-8.
    pub(crate) fn string(self, at: u32) -> &'a str {
        let (start, end) = self.bounds(Section::Strings as usize);
        let at = start.saturating_add(at as usize);
        if at + 2 > end {
            return "";
        }
        let len = usize::from(u16::from_le_bytes([self.bytes[at], self.bytes[at + 1]]));
        self.bytes.get(at + 2..at + 2 + len).and_then(|b| std::str::from_utf8(b).ok()).unwrap_or("")
    }

    /// A string field of an actor's record.
    pub(crate) fn actor_string(self, actor: usize, field: usize) -> &'a str {
        self.string(self.number(Section::Actors, ACTOR, actor, field))
    }

    /// Number of the actor with this id.
    pub(crate) fn actor(self, id: &str) -> Option<usize> {
        search(self.len(Section::Actors, ACTOR), |n| self.actor_string(n, field::ID).cmp(id))
    }

    /// Number of the topic with this id.
    pub(crate) fn topic(self, id: &str) -> Option<usize> {
        search(self.len(Section::Topics, TOPIC), |n| self.string(self.number(Section::Topics, TOPIC, n, 0)).cmp(id))
    }

    /// The numbers of the variants whose folded name is `key`.
    pub(crate) fn variants_named(self, key: &str) -> std::ops::Range<usize> {
        let count = self.len(Section::Variants, VARIANT);
        let name = |n: usize| self.string(self.number(Section::Variants, VARIANT, n, 0));
        let start = partition(count, |n| name(n) < key);
        let end = start + partition(count - start, |n| name(start + n) <= key);
        start..end
    }
}

fn search(len: usize, compare: impl Fn(usize) -> std::cmp::Ordering) -> Option<usize> {
    let at = partition(len, |n| compare(n).is_lt());
    (at < len && compare(at).is_eq()).then_some(at)
}

fn partition(len: usize, before: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, len);
    while low < high {
        let middle = low + (high - low) / 2;
        if before(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}
