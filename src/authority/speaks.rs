//! For whom an actor speaks.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;

use super::compile::day_number;
use super::table::{ACTOR, HOLDER, NONE, Section, field};
use super::{Authority, Kind};

/// A time during which a person held an office.
#[derive(Debug)]
struct Tenure {
    /// Whose office it was: an organisation's, else a state's.
    of: String,
    /// The first day and the one after the last, since 1970-01-01.
    days: (i32, i32),
}

/// For whom actors speak: themselves, what they are part of, and those whose office they hold on the day; a ministry, a
/// force and who holds an office of the state for the state too.
#[derive(Debug)]
pub(crate) struct SpeaksFor {
    held: HashMap<String, Vec<Tenure>>,
}

impl SpeaksFor {
    /// Reads the offices of an authority file.
    pub(crate) fn new(authority: &Authority) -> Self {
        let table = authority.table();
        let id = |n: usize| table.actor_string(n, field::ID).to_owned();
        let mut held: HashMap<String, Vec<Tenure>> = HashMap::new();
        for office in 0..table.len(Section::Actors, ACTOR) {
            let body = authority.broader(office).first().copied().or_else(|| authority.state_of(office));
            let Some(of) = body.map(id) else { continue };
            for at in authority.holders_of(office) {
                let number = |field| table.number(Section::Holders, HOLDER, at, field);
                let days = (number(1) as i32, number(2) as i32);
                if number(0) != NONE {
                    held.entry(id(number(0) as usize)).or_default().push(Tenure { of: of.clone(), days });
                }
            }
        }
        Self { held }
    }

    /// The ids of those for whom an actor speaks on a day, itself first, each once. Who holds an office of an alliance does
    /// not speak for a state; without a day no office counts.
    pub(crate) fn of(&self, authority: &Authority, actor: &str, day: Option<Date>) -> Vec<String> {
        let mut all = vec![actor.to_owned()];
        let day = day.map(|day| day_number(day.year().into(), day.month().into(), day.day().into()));
        let held = self.held.get(actor).into_iter().flatten();
        let now = held.filter(|tenure| day.is_some_and(|day| (tenure.days.0..tenure.days.1).contains(&day)));
        let offices: Vec<&str> = now.map(|tenure| tenure.of.as_str()).collect();
        for of in offices.iter().copied().chain([actor]) {
            all.extend(std::iter::once(of).chain(authority.part_of(of)).map(str::to_owned));
        }
        if !all.iter().any(|id| Kind::of_id(id) == Some(Kind::Alliance)) {
            let official = |of: &&str| !matches!(Kind::of_id(of), Some(Kind::Person | Kind::Company | Kind::Party));
            let official = offices.iter().copied().chain([actor]).filter(official);
            let states = official.filter_map(|of| authority.affiliation(of));
            let states: Vec<String> = states.map(|slug| format!("state/{slug}")).collect();
            all.extend(states);
        }
        let mut seen = HashSet::new();
        all.retain(|id| seen.insert(id.clone()));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"
[[actor]]
id = "state/alda"
heading = "Alda"
[[actor]]
id = "alliance/harbour-pact"
heading = "Harbour Pact"
[[actor]]
id = "body/alda-ministry"
heading = "Ministry of Alda"
country = "alda"
[[actor]]
id = "person/ines-quarrel"
heading = "Ines Quarrel"
country = "alda"
[[office]]
id = "office/alda-minister"
heading = "Minister of Alda"
titles = ["minister"]
body = "body/alda-ministry"
holders = [{ who = "person/ines-quarrel", from = "2020-01-01", to = "2024-10-01" }]
[[office]]
id = "office/harbour-secretary"
heading = "Secretary of the Harbour Pact"
titles = ["secretary"]
body = "alliance/harbour-pact"
holders = [{ who = "person/ines-quarrel", from = "2024-10-01" }]
"#;

    #[test]
    fn an_office_counts_on_its_days() {
        let authority = Authority::compile(&[("test.toml".into(), FILE.into())]).expect("the file is sound");
        let speaks = SpeaksFor::new(&authority);
        let of = |day: Option<&str>| speaks.of(&authority, "person/ines-quarrel", day.map(|day| day.parse().unwrap()));
        assert_eq!(of(Some("2022-05-01")), ["person/ines-quarrel", "body/alda-ministry", "state/alda"]);
        assert_eq!(of(Some("2024-10-01")), ["person/ines-quarrel", "alliance/harbour-pact"]);
        assert_eq!(of(None), ["person/ines-quarrel"]);
        assert_eq!(speaks.of(&authority, "body/alda-ministry", None), ["body/alda-ministry", "state/alda"]);
    }
}
