//! The parameters of an address, and the addresses of other questions.

use axum::http::Uri;
use url::form_urlencoded;

use super::problem::Problem;
use crate::ask::{self, Asked, FilterArgs, ParameterError};
use crate::engine::alternatives::{join, split};

/// Characters of a value, at most.
const LONGEST: usize = 2_000;
/// Parameters of an address, at most.
const MOST: usize = 200;
/// Options of the command line that addresses do not have: how much is given is bounded here.
const NEVER: [&str; 1] = ["all"];

/// The parameters of an address in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Question(Vec<(String, String)>);

impl Question {
    pub(super) fn of(uri: &Uri) -> Result<Self, Problem> {
        let pairs = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
        let pairs: Vec<(String, String)> = pairs.into_owned().take(MOST + 1).collect();
        if pairs.len() > MOST {
            return Err(Problem::parameter(format!("an address has {MOST} parameters at most")));
        }
        match pairs.iter().find(|(_, value)| value.chars().count() > LONGEST) {
            Some((name, _)) => Err(Problem::parameter(format!("'{name}' has {LONGEST} letters at most"))),
            None => Ok(Self(pairs)),
        }
    }

    /// The value of a parameter that was given and is not empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(given, value)| given == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// Takes a parameter out.
    pub(super) fn take(&mut self, name: &str) -> Option<String> {
        let value = self.get(name).map(str::to_owned);
        self.0.retain(|(given, _)| given != name);
        value
    }

    /// Takes a number out, from `least` to `most`.
    pub(super) fn take_number(&mut self, name: &str, least: usize, most: usize) -> Result<Option<usize>, Problem> {
        let Some(value) = self.take(name) else { return Ok(None) };
        let number = value.parse().ok().filter(|number| (least..=most).contains(number));
        number.map(Some).ok_or_else(|| Problem::parameter(format!("'{name}' takes a number from {least} to {most}")))
    }

    /// The question in the words of the command line. `others` are the parameters that were taken out before.
    pub(super) fn read<T: clap::Args>(&self, others: &[&str]) -> Result<T, Problem> {
        let read = match self.0.iter().find(|(name, _)| NEVER.contains(&name.as_str())) {
            Some((name, _)) => Err(ParameterError::unknown(name, ask::known::<T>())),
            None => ask::read(&self.0),
        };
        read.map_err(|error| match error {
            ParameterError::Unknown { name, mut known, .. } => {
                known.retain(|known| !NEVER.contains(&known.as_str()));
                known.extend(others.iter().map(|other| (*other).to_owned()));
                ParameterError::unknown(&name, known).into()
            }
            other => other.into(),
        })
    }

    /// The query as it was typed.
    pub(super) fn query(&self) -> &str {
        self.get("q").unwrap_or_default()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|(_, value)| value.is_empty())
    }

    /// The names and values, in order.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// With one value for a parameter.
    pub(super) fn with(&self, name: &str, value: &str) -> Self {
        let mut out = self.without(&[name]);
        out.0.push((name.to_owned(), value.to_owned()));
        out
    }

    /// Without some parameters.
    pub(super) fn without(&self, names: &[&str]) -> Self {
        Self(self.0.iter().filter(|(name, _)| !names.contains(&name.as_str())).cloned().collect())
    }

    /// With these parameters alone.
    pub(super) fn only(&self, names: &[&str]) -> Self {
        Self(self.0.iter().filter(|(name, _)| names.contains(&name.as_str())).cloned().collect())
    }

    /// With the words and filters of the saved search that it names, in the place of its name: what is shown beside an
    /// answer, and where its links lead, is then the same as if they had been typed.
    pub(super) fn opened(&self, asked: &Asked) -> Result<Self, Problem> {
        if !self.query().starts_with('@') {
            return Ok(self.clone());
        }
        let filters = ask::known::<FilterArgs>();
        let filters: Vec<&str> = filters.iter().map(String::as_str).collect();
        let mut out = self.without(&filters).with("q", &asked.query);
        let text = |value: toml::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        for (name, value) in asked.filters.table()? {
            match value {
                toml::Value::Array(all) => out.0.extend(all.into_iter().map(|one| (name.clone(), text(one)))),
                one => out.0.push((name, text(one))),
            }
        }
        Ok(out)
    }

    /// Whether a filter has this name as an alternative.
    pub(super) fn has(&self, name: &str, value: &str) -> bool {
        self.0.iter().any(|(given, values)| given == name && split(values).iter().any(|one| one == value))
    }

    /// With a name as one more alternative of a filter, or without it where it is one.
    pub(super) fn toggled(&self, name: &str, value: &str) -> Self {
        let mut out = self.clone();
        let is_it = |(given, values): &(String, String)| given == name && split(values).iter().any(|one| one == value);
        if let Some(at) = out.0.iter().position(is_it) {
            let mut names = split(&out.0[at].1);
            names.retain(|one| one != value);
            match names.is_empty() {
                true => drop(out.0.remove(at)),
                false => out.0[at].1 = join(&names),
            }
        } else if let Some((_, values)) = out.0.iter_mut().rfind(|(given, values)| given == name && !values.is_empty())
        {
            let mut names = split(values);
            names.push(value.to_owned());
            *values = join(&names);
        } else {
            out.0.push((name.to_owned(), join(&[value])));
        }
        out
    }

    /// The filters that are set, each name of a list by itself, with the question without it.
    pub(super) fn chips(&self) -> Vec<(String, String, Self)> {
        let known = ask::parameters::<FilterArgs>();
        let mut out = Vec::new();
        for (name, value) in self.pairs() {
            match known.iter().find(|known| known.name == name) {
                Some(known) if known.is_switch => out.push((name.to_owned(), String::new(), self.without(&[name]))),
                Some(known) if known.repeats => {
                    out.extend(
                        split(value).into_iter().map(|one| (name.to_owned(), one.clone(), self.toggled(name, &one))),
                    );
                }
                Some(_) if !value.is_empty() => {
                    out.push((name.to_owned(), value.to_owned(), self.without(&[name])));
                }
                _ => {}
            }
        }
        out
    }

    /// The address of this question under a path. Parameters without a value are left out.
    pub(super) fn under(&self, path: &str) -> String {
        let mut out = form_urlencoded::Serializer::new(String::new());
        out.extend_pairs(self.0.iter().filter(|(_, value)| !value.is_empty()));
        match out.finish() {
            none if none.is_empty() => path.to_owned(),
            query => format!("{path}?{query}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(address: &str) -> Question {
        Question::of(&address.parse::<Uri>().unwrap()).unwrap()
    }

    #[test]
    fn a_value_of_a_facet_is_set_joined_and_taken_back() {
        let bare = question("/?q=SAFE");
        let one = bare.toggled("outlet", "Alda, Port and Sea");
        assert_eq!(one.get("outlet"), Some("\"Alda, Port and Sea\""));
        let two = one.toggled("outlet", "Coast Post");
        assert_eq!(two.get("outlet"), Some("\"Alda, Port and Sea\",Coast Post"));
        assert!(two.has("outlet", "Coast Post") && !two.has("outlet", "Alda"));
        assert_eq!(two.toggled("outlet", "Coast Post"), one);
        assert_eq!(one.toggled("outlet", "Alda, Port and Sea"), bare);
    }

    #[test]
    fn each_filter_is_a_chip_that_can_be_taken_off() {
        let question = question("/?q=SAFE&actor=uk,nato&actor=eu&doubtful=true&since=2025-11&page=2&lang=");
        let chips = question.chips();
        let shown: Vec<_> = chips.iter().map(|(name, value, _)| (name.as_str(), value.as_str())).collect();
        let wanted = [("actor", "uk"), ("actor", "nato"), ("actor", "eu"), ("doubtful", ""), ("since", "2025-11")];
        assert_eq!(shown, wanted);
        assert_eq!(chips[0].2.under("/"), "/?q=SAFE&actor=nato&actor=eu&doubtful=true&since=2025-11&page=2");
        assert_eq!(chips[3].2.get("doubtful"), None);
    }

    #[test]
    fn bounds_are_held() {
        let of = |address: String| Question::of(&address.parse::<Uri>().unwrap());
        assert!(of(format!("/?q={}", "é".repeat(10)).replace('é', "%C3%A9")).is_ok());
        assert!(of(format!("/?q={}", "a".repeat(2_001))).is_err());
        assert!(of(format!("/?{}", "a=b&".repeat(201))).is_err());
        assert!(question("/?page=0").take_number("page", 1, 10).is_err());
        assert_eq!(question("/?page=3").take_number("page", 1, 10).unwrap(), Some(3));
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]
        #[test]
        fn an_address_is_read_as_it_was_written(
            values in proptest::collection::vec("[ -~éÅ\u{0}\u{202e}אב😀]{1,12}", 1..4),
        ) {
            let written = Question(values.into_iter().map(|value| ("actor".to_owned(), value)).collect());
            proptest::prop_assert_eq!(question(&written.under("/")), written);
        }
    }
}
