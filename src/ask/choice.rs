//! Values of options, in tables: what is typed, what help says of it, and what it means to the library. The types of
//! the library are used as they are, so that they need no mirror that clap could derive.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::engine::{Facet, FacetSort, Matching, PairSort, Sort};

/// One value of an option.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Choice<T> {
    /// What is typed: its name, then other names that help does not list.
    pub(crate) names: &'static [&'static str],
    pub(crate) help: &'static str,
    pub(crate) value: T,
}

/// A value with its names and its help.
pub(crate) const fn choice<T>(names: &'static [&'static str], help: &'static str, value: T) -> Choice<T> {
    Choice { names, help, value }
}

/// What a name means; `None` where no choice has it.
pub(crate) fn named<T: Copy>(choices: &[Choice<T>], name: &str) -> Option<T> {
    choices.iter().find(|one| one.names.contains(&name)).map(|one| one.value)
}

/// A parser that takes these values and no others.
pub(crate) fn one_of<T: Copy + Send + Sync + 'static>(
    choices: &'static [Choice<T>],
) -> impl TypedValueParser<Value = T> {
    let possible = choices.iter().filter_map(|one| {
        let (name, aliases) = one.names.split_first()?;
        Some(PossibleValue::new(*name).help(one.help).aliases(aliases))
    });
    PossibleValuesParser::new(possible.collect::<Vec<_>>())
        .try_map(|typed| named(choices, &typed).ok_or("not one of the possible values"))
}

/// How many of a query's words a story must have to count.
pub(crate) const MATCHES: &[Choice<Matching>] = &[
    choice(&["any"], "One of them", Matching::Any),
    choice(&["most"], "All where some story has all, else the most that any has; the default", Matching::Most),
    choice(&["all"], "All", Matching::All),
];

/// The order of articles.
pub(crate) const ORDERS: &[Choice<Sort>] = &[
    choice(&["relevance"], "Best first", Sort::Relevance),
    choice(&["newest"], "Newest first", Sort::Newest),
    choice(&["oldest"], "Oldest first", Sort::Oldest),
    choice(&["modified"], "Last changed first; published, where no change is known", Sort::Changed),
    choice(&["added"], "Last added first, whenever it was published", Sort::Added),
];

/// The order of the values of a facet.
pub(crate) const FACET_ORDERS: &[Choice<FacetSort>] = &[
    choice(&["count"], "Most frequent first", FacetSort::Count),
    choice(&["surprise"], "First what is most over-represented compared with the whole index", FacetSort::Surprise),
];

/// The order of pairs.
pub(crate) const PAIR_ORDERS: &[Choice<PairSort>] = &[
    choice(&["count"], "Most stories first", PairSort::Count),
    choice(&["ratio"], "Highest ratio to what was expected first; best with --least", PairSort::Ratio),
];

/// By what `facets` counts.
pub(crate) const FACETS: &[Choice<Facet>] = &[
    choice(&["actor"], "Actors", Facet::Actor),
    choice(&["speaker"], "Actors who say something", Facet::Speaker),
    choice(&["affiliation"], "States to which actors belong", Facet::Affiliation),
    choice(&["system"], "Weapon systems and programmes", Facet::System),
    choice(&["event"], "What was done with systems", Facet::Event),
    choice(&["topic"], "Topics", Facet::Topic),
    choice(&["outlet"], "Outlets", Facet::Outlet),
    choice(&["language"], "Languages", Facet::Language),
    choice(&["place"], "Places of the dateline", Facet::Place),
    choice(&["doubt"], "Reasons to doubt that the text is the whole story", Facet::Doubt),
    choice(&["day"], "Days of publication (UTC)", Facet::Day),
    choice(&["week"], "Weeks of publication, from Monday on", Facet::Week),
    choice(&["month"], "Months of publication", Facet::Month),
    choice(&["quarter"], "Quarters of publication", Facet::Quarter),
    choice(&["year"], "Years of publication", Facet::Year),
];

/// What has a line of its own in a timeline; `None` for all articles together. The name keeps clap from taking the
/// argument for one that may be left out.
pub(crate) type Line = Option<Facet>;

/// What has a line of its own in a timeline.
pub(crate) const LINES: &[Choice<Line>] = &[
    choice(&["all"], "All articles together, alone", None),
    choice(&["actor"], "Actors", Some(Facet::Actor)),
    choice(&["speaker"], "Actors who say something", Some(Facet::Speaker)),
    choice(&["affiliation"], "States to which actors belong", Some(Facet::Affiliation)),
    choice(&["system"], "Weapon systems and programmes", Some(Facet::System)),
    choice(&["event"], "What was done with systems", Some(Facet::Event)),
    choice(&["topic"], "Topics", Some(Facet::Topic)),
    choice(&["outlet"], "Outlets", Some(Facet::Outlet)),
    choice(&["language"], "Languages", Some(Facet::Language)),
    choice(&["place"], "Places of the dateline", Some(Facet::Place)),
    choice(&["doubt"], "Reasons to doubt that the text is the whole story", Some(Facet::Doubt)),
];

/// A facet, and how many levels of its hierarchy are listed; 0 for all.
pub(crate) type Named = (Facet, usize);

/// What names are listed of.
pub(crate) const NAMES: &[Choice<Named>] = &[
    choice(&["topic", "topics"], "Topics", (Facet::Topic, 0)),
    choice(&["outlet", "outlets"], "Outlets", (Facet::Outlet, 0)),
    choice(&["lang", "language", "languages"], "Languages", (Facet::Language, 0)),
    choice(&["kind", "kinds"], "Kinds of actor", (Facet::Actor, 1)),
    choice(&["place", "places"], "Places of the dateline", (Facet::Place, 0)),
    choice(&["actor", "actors"], "Actors", (Facet::Actor, 0)),
    choice(&["system", "systems"], "Weapon systems and programmes", (Facet::System, 0)),
    choice(&["affiliation", "affiliations"], "States to which actors belong", (Facet::Affiliation, 0)),
];

/// Lengths of a period.
pub(crate) const PERIODS: &[Choice<Facet>] = &[
    choice(&["day"], "Days", Facet::Day),
    choice(&["week"], "Weeks from Monday (ISO 8601)", Facet::Week),
    choice(&["month"], "Months", Facet::Month),
    choice(&["quarter"], "Quarters", Facet::Quarter),
    choice(&["year"], "Years", Facet::Year),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T: Copy + Send + Sync + 'static>(choices: &'static [Choice<T>], typed: &str) -> Option<T> {
        let arg = clap::Arg::new("value").value_parser(one_of(choices));
        let matches = clap::Command::new("test").arg(arg).try_get_matches_from(["test", typed]).ok()?;
        matches.get_one::<T>("value").copied()
    }

    #[test]
    fn every_name_means_its_own_value_and_others_are_refused() {
        for one in FACETS {
            assert!(one.names.iter().all(|name| read(FACETS, name) == Some(one.value)), "{one:?}");
        }
        assert_eq!(read(LINES, "all"), Some(None));
        assert_eq!((read(PERIODS, "Week"), read(PERIODS, "")), (None, None));
    }

    #[test]
    fn facets_are_called_as_in_json() {
        let lines = LINES.iter().filter_map(|one| Some((one.names[0], one.value?)));
        let others = FACETS.iter().chain(PERIODS).map(|one| (one.names[0], one.value));
        let named: Vec<(&str, Facet)> = others.chain(lines).collect();
        assert_eq!(named.len(), FACETS.len() + PERIODS.len() + LINES.len() - 1);
        for (name, facet) in named {
            assert_eq!(serde_json::to_value(facet).unwrap(), name);
        }
        assert!(PERIODS.iter().all(|one| one.value.is_time()));
    }
}
