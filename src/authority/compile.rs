//! Compiles a source into a table: every name is folded once, and every reference becomes a number.

use std::collections::HashMap;

use super::source::{Actor, Office, Source, System, SystemClass, Topic};
use super::table::{ACTOR, Class, HEADER, HOLDER, Kind, MAGIC, NONE, SECTIONS, field};
use crate::analysis::{Gap, spelling, words};

/// The folded form in which a variant and its mentions in texts are equal: folded words in American spelling, separated
/// by blanks, without a leading "the".
pub fn key(name: &str) -> String {
    let words = words(name);
    let mut out = String::with_capacity(name.len());
    for (at, word) in words.as_slice().iter().enumerate() {
        let folded = words.folded(word);
        if at == 0 && folded == "the" && words.len() > 1 {
            continue;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&spelling::canonical(folded));
    }
    out
}

/// Whether a variant has punctuation between its words (`Washington, D.C.`), so that its mentions may have some too.
pub(crate) fn has_punctuation(name: &str) -> bool {
    words(name).as_slice().iter().skip(1).any(|word| word.gap >= Gap::Punctuation)
}

/// The other forms in which texts write a name of a system: its plural, and a designation with a blank (`F 35`).
fn forms(name: &str) -> Vec<String> {
    let spaced = spaced(name);
    let plural = |name: &String| {
        let ends = name.ends_with(|last: char| last.is_alphanumeric() && last != 's' && last != 'x');
        ends.then(|| format!("{name}s"))
    };
    let plurals: Vec<String> =
        [Some(&name.to_owned()), spaced.as_ref()].into_iter().flatten().filter_map(plural).collect();
    spaced.into_iter().chain(plurals).collect()
}

/// A designation with a blank between its letters and its number. A name of one letter needs its hyphen: `M 1` is none.
fn spaced(name: &str) -> Option<String> {
    let letters = name.bytes().take_while(u8::is_ascii_uppercase).count();
    let rest = &name[letters..];
    let number = rest.strip_prefix('-').unwrap_or(rest);
    let designation = letters > usize::from(number.len() == rest.len());
    (designation && number.starts_with(|c: char| c.is_ascii_digit())).then(|| format!("{} {number}", &name[..letters]))
}

/// The surname in a person's heading: the last word, leaving out suffixes such as `Jr` and `III`.
pub(crate) fn surname(heading: &str) -> &str {
    let mut words: Vec<&str> = heading.split_whitespace().collect();
    while words.len() > 1
        && words.last().is_some_and(|last| matches!(last.trim_end_matches('.'), "Jr" | "Sr" | "II" | "III" | "IV"))
    {
        words.pop();
    }
    words.last().map_or(heading, |last| last.trim_end_matches(','))
}

/// The days that a year (`2023`), month (`2023-05`) or day (`2023-05-31`) covers, as days since 1970-01-01: the first,
/// and the one after the last. `None` if `date` is none of these.
pub(crate) fn day_range(date: &str) -> Option<(i32, i32)> {
    let mut parts = date.split('-');
    let year: i32 = parts.next().filter(|y| y.len() == 4)?.parse().ok()?;
    let month: Option<i32> = parts.next().map(str::parse).transpose().ok()?;
    let day: Option<i32> = parts.next().map(str::parse).transpose().ok()?;
    if parts.next().is_some()
        || month.is_some_and(|m| !(1..=12).contains(&m))
        || day.is_some_and(|d| d < 1 || d > days_in(year, month.unwrap_or(1)))
    {
        return None;
    }
    Some(match (month, day) {
        (None, _) => (day_number(year, 1, 1), day_number(year + 1, 1, 1)),
        (Some(m), None) => (day_number(year, m, 1), day_number(year + m / 12, m % 12 + 1, 1)),
        (Some(m), Some(d)) => (day_number(year, m, d), day_number(year, m, d) + 1),
    })
}

fn days_in(year: i32, month: i32) -> i32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the Gregorian calendar.
pub(crate) fn day_number(year: i32, month: i32, day: i32) -> i32 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Turns a source into a table. References to unknown ids are left out; of several headings with one id the last is
/// kept.
pub(crate) fn compile(source: &Source) -> Vec<u8> {
    Compiler::default().run(source)
}

#[derive(Default)]
struct Compiler {
    strings: Vec<u8>,
    places: HashMap<String, u32>,
    numbers: HashMap<String, u32>,
    variants: Vec<(String, String, u32, Class)>,
}

enum Entry<'a> {
    Actor(&'a Actor),
    Office(&'a Office),
    Class(&'a SystemClass),
    System(&'a System),
}

impl Entry<'_> {
    fn id(&self) -> &str {
        match self {
            Self::Actor(actor) => &actor.id,
            Self::Office(office) => &office.id,
            Self::Class(class) => &class.id,
            Self::System(system) => &system.id,
        }
    }
}

impl Compiler {
    fn run(mut self, source: &Source) -> Vec<u8> {
        let mut entries: Vec<Entry> = source.actors.iter().map(Entry::Actor).collect();
        entries.extend(source.offices.iter().map(Entry::Office));
        entries.extend(source.classes.iter().map(Entry::Class));
        entries.extend(source.systems.iter().map(Entry::System));
        entries.reverse();
        entries.sort_by(|a, b| a.id().cmp(b.id()));
        entries.dedup_by(|a, b| a.id() == b.id());
        entries.retain(|entry| Kind::of_id(entry.id()).is_some());
        self.numbers = entries.iter().zip(0..).map(|(entry, n)| (entry.id().to_owned(), n)).collect();
        for (entry, number) in entries.iter().zip(0..) {
            match entry {
                Entry::Actor(actor) => self.actor_variants(actor, number),
                Entry::Office(office) => self.office_variants(office, number),
                Entry::Class(class) => self.variant(&class.heading, number, Class::Lookup),
                Entry::System(system) => self.system_variants(system, number),
            }
        }
        self.variants.sort_by(|a, b| (&a.0, a.2, a.3, &a.1).cmp(&(&b.0, b.2, b.3, &b.1)));
        self.variants.dedup_by(|a, b| {
            let written = a.3 != Class::Exact || a.1 == b.1;
            (&a.0, a.2, a.3) == (&b.0, b.2, b.3) && written
        });
        let mut sections: [Vec<u32>; SECTIONS - 1] = Default::default();
        let mut of_actor: Vec<Vec<u32>> = vec![Vec::new(); entries.len()];
        for (number, (key, surface, actor, class)) in (0..).zip(std::mem::take(&mut self.variants)) {
            of_actor[actor as usize].push(number);
            let record = [self.string(&key), self.string(&surface), actor, class as u32];
            sections[1].extend(record);
        }
        for (entry, variants) in entries.iter().zip(&of_actor) {
            let record = match entry {
                Entry::Actor(actor) => self.actor_record(actor, &mut sections[2]),
                Entry::Office(office) => self.office_record(office, &mut sections),
                Entry::Class(class) => self.class_record(class),
                Entry::System(system) => self.system_record(system, &mut sections[2]),
            };
            let at = sections[0].len();
            sections[0].extend(record);
            sections[0][at + field::VARIANTS] = sections[3].len() as u32;
            sections[0][at + field::VARIANTS_LEN] = variants.len() as u32;
            sections[3].extend(variants);
        }
        self.topics(source, &mut sections);
        for decision in &source.decisions {
            let (name, heading) = (self.string(&decision.name), self.string(&decision.heading));
            sections[7].extend([decision.what as u32, name, heading, self.optional(decision.outlet.as_ref())]);
        }
        self.finish(&sections)
    }

    /// Adds a string, once, and returns its offset. Strings are cut at 65,535 bytes, the largest length
    /// that the table can store.
    fn string(&mut self, text: &str) -> u32 {
        if let Some(at) = self.places.get(text) {
            return *at;
        }
        let cut = (0..=text.len().min(usize::from(u16::MAX))).rev().find(|at| text.is_char_boundary(*at));
        let text = &text[..cut.unwrap_or(0)];
        let at = self.strings.len() as u32;
        self.strings.extend((text.len() as u16).to_le_bytes());
        self.strings.extend(text.as_bytes());
        self.places.insert(text.to_owned(), at);
        at
    }

    fn optional(&mut self, text: Option<&String>) -> u32 {
        text.map_or(NONE, |text| self.string(text))
    }

    fn number(&self, id: &str) -> u32 {
        self.numbers.get(id).copied().unwrap_or(NONE)
    }

    fn variant(&mut self, surface: &str, actor: u32, class: Class) {
        let key = key(surface);
        // Folding drops the plus sign of "Weimar+", so that such a name would match every "Weimar".
        let class = if surface.ends_with('+') && class != Class::Veto { Class::Lookup } else { class };
        if !key.is_empty() {
            self.variants.push((key, surface.to_owned(), actor, class));
        }
    }

    fn actor_variants(&mut self, actor: &Actor, number: u32) {
        let exact = actor.exact.contains(&actor.heading) || actor.weak.contains(&actor.heading);
        let class = if actor.heading.contains('(') || exact { Class::Lookup } else { Class::Heading };
        self.variant(&actor.heading, number, class);
        if let Some((name, _)) = actor.heading.split_once(" (").filter(|(name, _)| name.contains(' ')) {
            let owned = actor.country.is_some() && !actor.id.starts_with("person/");
            self.variant(name, number, if owned { Class::Generic } else { Class::Weak });
        }
        for (class, names) in [
            (Class::Strong, &actor.strong),
            (Class::Exact, &actor.exact),
            (Class::Weak, &actor.weak),
            (Class::Demonym, &actor.demonym),
            (Class::Metonym, &actor.metonym),
            (Class::Generic, &actor.generic),
            (Class::Veto, &actor.veto),
        ] {
            for name in names {
                self.variant(name, number, class);
            }
        }
        if actor.id.starts_with("person/") {
            let surname = actor.surname.as_deref().unwrap_or_else(|| surname(&actor.heading));
            self.variant(surname, number, Class::Surname);
            let bare =
                surname.get(..3).filter(|article| matches!(&article.to_lowercase()[..], "al-" | "el-" | "al " | "el "));
            if let Some(article) = bare {
                self.variant(&surname[article.len()..], number, Class::Surname);
            }
        }
    }

    fn office_variants(&mut self, office: &Office, number: u32) {
        self.variant(&office.heading, number, Class::Lookup);
        for title in &office.titles {
            self.variant(title, number, Class::Title);
        }
    }

    fn system_variants(&mut self, system: &System, number: u32) {
        let exact = system.exact.contains(&system.heading) || system.weak.contains(&system.heading);
        let bracket = system.heading.contains('(');
        self.variant(&system.heading, number, if bracket || exact { Class::Lookup } else { Class::Heading });
        let heading = Some(&system.heading).filter(|_| !bracket && !exact);
        self.variants_and_forms(heading, number, Class::Strong);
        for (class, names) in
            [(Class::Strong, &system.strong), (Class::Exact, &system.exact), (Class::Weak, &system.weak)]
        {
            names.iter().for_each(|name| self.variant(name, number, class));
            self.variants_and_forms(names, number, class);
        }
        system.veto.iter().for_each(|phrase| self.variant(phrase, number, Class::Veto));
    }

    /// Adds the other forms in which texts write the names of a system.
    fn variants_and_forms<'n>(&mut self, names: impl IntoIterator<Item = &'n String>, number: u32, class: Class) {
        for name in names {
            forms(name).iter().for_each(|form| self.variant(form, number, class));
        }
    }

    fn actor_record(&mut self, actor: &Actor, part_of: &mut Vec<u32>) -> [u32; ACTOR] {
        let mut record = self.record(&actor.id, &actor.heading, actor.country.as_deref(), &actor.file);
        record[field::ISO] = self.optional(actor.iso.as_ref());
        record[field::WIKIDATA] = self.optional(actor.wikidata.as_ref());
        record[field::NOTE] = self.optional(actor.note.as_ref());
        record[field::FORMER] = u32::from(actor.former);
        record[field::SURNAME] = self.optional(actor.surname.as_ref());
        let broader: Vec<u32> = actor.part_of.iter().map(|id| self.number(id)).filter(|n| *n != NONE).collect();
        record[field::PART_OF] = part_of.len() as u32;
        record[field::PART_OF_LEN] = broader.len() as u32;
        part_of.extend(broader);
        record
    }

    fn office_record(&mut self, office: &Office, sections: &mut [Vec<u32>; SECTIONS - 1]) -> [u32; ACTOR] {
        let mut record = self.record(&office.id, &office.heading, office.country.as_deref(), &office.file);
        record[field::NOTE] = self.optional(office.note.as_ref());
        record[field::FORMER] = u32::from(office.shared) * 2;
        if let Some(body) = office.body.as_deref().map(|id| self.number(id)).filter(|n| *n != NONE) {
            record[field::PART_OF] = sections[2].len() as u32;
            record[field::PART_OF_LEN] = 1;
            sections[2].push(body);
        }
        record[field::HOLDERS] = (sections[4].len() / HOLDER) as u32;
        for holder in &office.holders {
            let who = self.number(&holder.who);
            if who == NONE {
                continue;
            }
            // Of a month or year only the days that are certain count; on the others the title means the office itself.
            let from = holder
                .from
                .as_deref()
                .and_then(day_range)
                .map_or(i32::MIN, |(first, after)| if after - first > 1 { after } else { first });
            let to = holder.to.as_deref().and_then(day_range).map_or(i32::MAX, |(first, _)| first);
            let written = [self.optional(holder.from.as_ref()), self.optional(holder.to.as_ref())];
            sections[4].extend([who, from as u32, to as u32, written[0], written[1]]);
        }
        record[field::HOLDERS_LEN] = (sections[4].len() / HOLDER) as u32 - record[field::HOLDERS];
        record
    }

    fn class_record(&mut self, class: &SystemClass) -> [u32; ACTOR] {
        let mut record = self.record(&class.id, &class.heading, None, &class.file);
        record[field::WORDS] = self.string(&class.words.join("\n"));
        record
    }

    fn system_record(&mut self, system: &System, runs: &mut Vec<u32>) -> [u32; ACTOR] {
        let mut record = self.record(&system.id, &system.heading, None, &system.file);
        record[field::NOTE] = self.optional(system.note.as_ref());
        let states: Vec<String> = system.states.iter().map(|slug| format!("state/{slug}")).collect();
        for (first, len, ids) in [
            (field::PART_OF, field::PART_OF_LEN, &system.part_of),
            (field::MAKERS, field::MAKERS_LEN, &system.makers),
            (field::STATES, field::STATES_LEN, &states),
        ] {
            let known: Vec<u32> = ids.iter().map(|id| self.number(id)).filter(|n| *n != NONE).collect();
            record[first] = runs.len() as u32;
            record[len] = known.len() as u32;
            runs.extend(known);
        }
        record
    }

    fn record(&mut self, id: &str, heading: &str, country: Option<&str>, file: &str) -> [u32; ACTOR] {
        let mut record = [NONE; ACTOR];
        record[field::ID] = self.string(id);
        record[field::HEADING] = self.string(heading);
        record[field::KIND] = Kind::of_id(id).map_or(NONE, |kind| kind as u32);
        record[field::COUNTRY] = country.map_or(NONE, |slug| self.number(&format!("state/{slug}")));
        record[field::FORMER] = 0;
        for run in [field::PART_OF_LEN, field::HOLDERS_LEN, field::MAKERS_LEN, field::STATES_LEN] {
            record[run] = 0;
        }
        record[field::FILE] = self.string(file);
        record
    }

    fn topics(&mut self, source: &Source, sections: &mut [Vec<u32>; SECTIONS - 1]) {
        let mut topics: Vec<&Topic> = source.topics.iter().rev().collect();
        topics.sort_by(|a, b| a.id.cmp(&b.id));
        topics.dedup_by(|a, b| a.id == b.id);
        for topic in topics {
            let first = (sections[6].len() / 2) as u32;
            for rule in &topic.rules {
                let text = self.string(&rule.q);
                sections[6].extend([text, rule.weight.to_bits()]);
            }
            let scope = self.optional(topic.scope.as_ref());
            let file = self.string(&topic.file);
            let record =
                [self.string(&topic.id), self.string(&topic.heading), scope, first, topic.rules.len() as u32, file];
            sections[5].extend(record);
        }
    }

    fn finish(self, sections: &[Vec<u32>; SECTIONS - 1]) -> Vec<u8> {
        let mut out = vec![0; HEADER];
        let mut bounds = Vec::new();
        for section in sections {
            let start = out.len() as u32;
            section.iter().for_each(|number| out.extend(number.to_le_bytes()));
            bounds.extend([start, out.len() as u32]);
        }
        bounds.push(out.len() as u32);
        out.extend(&self.strings);
        bounds.push(out.len() as u32);
        out[..4].copy_from_slice(&MAGIC);
        for (at, bound) in bounds.iter().enumerate() {
            out[12 + at * 4..16 + at * 4].copy_from_slice(&bound.to_le_bytes());
        }
        let fingerprint = fnv(&out[12..]);
        out[4..12].copy_from_slice(&fingerprint.to_le_bytes());
        out
    }
}

/// The 64-bit FNV-1a hash of Fowler, Noll and Vo, which is the same on every machine.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_meet_under_one_key() {
        assert_eq!(key("The Ministry of Defence"), "ministry of defense");
        assert_eq!(key("Maroš Šefčovič"), key("Maros Sefcovic"));
        assert_eq!(key("U.S."), "us");
    }

    #[test]
    fn dates_become_days() {
        assert_eq!(day_range("1970-01-01"), Some((0, 1)));
        assert_eq!(day_range("2024-02"), Some((19754, 19783)));
        assert_eq!(day_range("2023").map(|(a, b)| b - a), Some(365));
        assert_eq!(day_range("2023-02-29"), None);
        assert_eq!(day_range("12/2023"), None);
    }

    #[test]
    fn surnames_leave_suffixes_out() {
        assert_eq!(surname("Lloyd Example III"), "Example");
        assert_eq!(surname("Anna Kowal-Nowak"), "Kowal-Nowak");
    }

    #[test]
    fn a_leading_article_is_no_part_of_a_name_unless_it_is_all_of_it() {
        for (name, folded) in
            [("the Quad", "quad"), ("The", "the"), ("Over the Hill", "over the hill"), ("", ""), ("…", "")]
        {
            assert_eq!(key(name), folded);
        }
    }

    #[test]
    fn punctuation_within_a_name_is_told() {
        for name in ["Washington, D.C.", "Quay (Alda)", "Quay: Office"] {
            assert!(has_punctuation(name), "{name}");
        }
        for name in ["", "Quay", "Quay-Office", "Quay Office", "(Quay"] {
            assert!(!has_punctuation(name), "{name}");
        }
    }

    #[test]
    fn every_month_and_year_has_its_days() {
        let epoch = jiff::civil::date(1970, 1, 1);
        let mut months = 0;
        for year in 1892..2108_i16 {
            for month in 1..=12_i8 {
                let first = jiff::civil::date(year, month, 1);
                let number = |date: jiff::civil::Date| (date - epoch).get_days();
                let (begin, after) = (number(first), number(first.last_of_month()) + 1);
                assert_eq!(day_range(&format!("{year}-{month:02}")), Some((begin, after)), "{year}-{month}");
                let last = first.days_in_month();
                assert_eq!(day_range(&format!("{year}-{month}-{last}")), Some((after - 1, after)));
                assert_eq!(day_range(&format!("{year}-{month}-{}", last + 1)), None, "{year}-{month}");
                months += 1;
            }
            let number = |date: jiff::civil::Date| (date - epoch).get_days();
            let days = (number(jiff::civil::date(year, 1, 1)), number(jiff::civil::date(year + 1, 1, 1)));
            assert_eq!(day_range(&year.to_string()), Some(days));
        }
        assert_eq!(months, 216 * 12);
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for date in [
            "",
            "203",
            "20233",
            "2023-0",
            "2023-13",
            "2023-01-0",
            "2023-01-32",
            "2023-01-01-01",
            "2023-x",
            "2023-01-",
            "-2023",
            "2023 ",
        ] {
            assert_eq!(day_range(date), None, "{date}");
        }
    }

    #[test]
    fn a_surname_is_the_last_word_that_is_no_suffix() {
        for (heading, last) in [
            ("Ann Quay Jr.", "Quay"),
            ("Ann Quay, Jr", "Quay"),
            ("Ann Quay Sr", "Quay"),
            ("Ann Quay II", "Quay"),
            ("Ann Quay IV", "Quay"),
            ("Ann Quay III Jr", "Quay"),
            ("Ann Quay V", "V"),
            ("Jr", "Jr"),
            ("", ""),
        ] {
            assert_eq!(surname(heading), last, "{heading}");
        }
    }
}
