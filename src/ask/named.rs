//! Questions as pairs of name and value, as addresses and tools have them.

use clap::{Arg, ArgAction, Command};

use crate::config::nearest;

/// The name under which the query goes; other arguments have their own, options their long one.
const QUERY: (&str, &str) = ("query", "q");

/// What a question can be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub about: String,
    /// Its value where it is not given.
    pub default: Option<String>,
    /// The values that it takes; empty where it takes any.
    pub values: Vec<String>,
    /// Whether it is on or off; then its value is `true` or `false`, or none for `true`.
    pub is_switch: bool,
    /// Whether it may be given more than once.
    pub repeats: bool,
    /// Whether it must be given.
    pub required: bool,
}

/// Why parameters are no question.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ParameterError {
    /// There is no such parameter.
    #[error("there is no parameter '{name}'")]
    Unknown {
        /// The name.
        name: String,
        /// What was probably meant.
        nearest: Option<String>,
        /// All that there are.
        known: Vec<String>,
    },
    /// A parameter takes no such value, or does not go with another.
    #[error("{0}")]
    Value(String),
}

impl ParameterError {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Unknown { nearest: Some(nearest), known, .. } => {
                Some(format!("did you mean '{nearest}'? The known ones: {}", known.join(", ")))
            }
            Self::Unknown { known, .. } => Some(format!("the known ones: {}", known.join(", "))),
            Self::Value(_) => None,
        }
    }

    /// The error for a name that is none of these.
    pub(crate) fn unknown(name: &str, known: Vec<String>) -> Self {
        let nearest = nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
        Self::Unknown { name: name.to_owned(), nearest, known }
    }
}

fn command<T: clap::Args>() -> Command {
    T::augment_args(Command::new("question").no_binary_name(true).disable_help_flag(true))
}

fn name(arg: &Arg) -> &str {
    let id = arg.get_id().as_str();
    arg.get_long().unwrap_or(if id == QUERY.0 { QUERY.1 } else { id })
}

fn is_switch(arg: &Arg) -> bool {
    matches!(arg.get_action(), ArgAction::SetTrue)
}

fn default(arg: &Arg) -> String {
    let values: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    values.join(",")
}

/// The names of the parameters of a kind of question.
pub(crate) fn known<T: clap::Args>() -> Vec<String> {
    command::<T>().get_arguments().map(|arg| name(arg).to_owned()).collect()
}

/// The parameters of a kind of question.
pub fn parameters<T: clap::Args>() -> Vec<Parameter> {
    let parameter = |arg: &Arg| Parameter {
        name: name(arg).to_owned(),
        about: arg.get_help().map(ToString::to_string).unwrap_or_default(),
        default: Some(default(arg)).filter(|default| !default.is_empty()),
        values: if is_switch(arg) {
            Vec::new()
        } else {
            arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect()
        },
        is_switch: is_switch(arg),
        repeats: matches!(arg.get_action(), ArgAction::Append) && arg.get_id() != QUERY.0,
        required: arg.is_required_set(),
    };
    command::<T>().get_arguments().map(parameter).collect()
}

/// Reads a question. A value that is empty counts as not given, as a form has it for a field that was left empty.
///
/// # Errors
///
/// Fails on a name that there is not, and on a value that is not taken.
pub fn read<T: clap::Args>(pairs: &[(impl AsRef<str>, impl AsRef<str>)]) -> Result<T, ParameterError> {
    let mut command = command::<T>();
    let (mut options, mut positional) = (Vec::new(), Vec::new());
    for (given, value) in pairs.iter().map(|(name, value)| (name.as_ref(), value.as_ref())) {
        let Some(arg) = command.get_arguments().find(|arg| name(arg) == given) else {
            return Err(ParameterError::unknown(given, known::<T>()));
        };
        match value {
            _ if is_switch(arg) => options.extend(switched(given, value)?.then(|| format!("--{given}"))),
            "" => {}
            _ if arg.get_id() == QUERY.0 => positional.extend(words(value)),
            _ if arg.is_positional() => positional.push(value.to_owned()),
            _ => options.push(format!("--{given}={value}")),
        }
    }
    // Else another that has no name on the command line would be taken for it.
    if let Some(missing) = missing(&command, pairs) {
        return Err(ParameterError::Value(missing));
    }
    let arguments = options.into_iter().chain(["--".to_owned()]).chain(positional);
    let matches = command.try_get_matches_from_mut(arguments);
    matches.and_then(|matches| T::from_arg_matches(&matches)).map_err(|error| ParameterError::Value(said(&error)))
}

/// That a parameter is missing, with the values that it takes.
fn missing(command: &Command, pairs: &[(impl AsRef<str>, impl AsRef<str>)]) -> Option<String> {
    let given =
        |arg: &Arg| pairs.iter().any(|(given, value)| given.as_ref() == name(arg) && !value.as_ref().is_empty());
    let arg = command.get_arguments().find(|arg| arg.is_required_set() && !given(arg))?;
    let values = arg.get_possible_values();
    let values: Vec<&str> = values.iter().filter(|one| !one.is_hide_set()).map(|one| one.get_name()).collect();
    Some(match values.is_empty() {
        true => format!("the parameter '{}' is missing", name(arg)),
        false => format!("the parameter '{}' is missing: {}", name(arg), values.join(", ")),
    })
}

fn switched(name: &str, value: &str) -> Result<bool, ParameterError> {
    match value {
        "" | "true" | "1" | "on" => Ok(true),
        "false" | "0" | "off" => Ok(false),
        _ => Err(ParameterError::Value(format!("invalid value '{value}' for '{name}': true or false"))),
    }
}

/// A query in one text as the words of a command line: the name of a saved search is a word of its own.
pub(crate) fn words(query: &str) -> Vec<String> {
    let query = query.trim();
    match query.split_once(char::is_whitespace) {
        Some((name, more)) if name.starts_with('@') => vec![name.to_owned(), more.trim().to_owned()],
        _ => vec![query.to_owned()],
    }
}

/// What clap says, without how a command is used.
fn said(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let lines = text.lines().take_while(|line| !line.is_empty()).map(str::trim);
    as_parameters(lines.collect::<Vec<_>>().join(" ").trim_start_matches("error: "))
}

/// A text in which options (`'--limit <N>'`) and arguments (`'<WHAT>'`) are called as parameters are (`'limit'`, `'what'`).
fn as_parameters(text: &str) -> String {
    if let Some((before, after)) = text.split_once(" for '<")
        && let Some((argument, after)) = after.split_once(">'")
    {
        return format!("{before} for '{}'{after}", argument.to_lowercase());
    }
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, option)) = rest.split_once("'--") {
        let (option, after) = option.split_once('\'').unwrap_or((option, ""));
        out.extend([before, "'", option.split([' ', '=']).next().unwrap_or_default(), "'"]);
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ask::{FacetsArgs, SearchArgs, SimilarArgs};
    use crate::engine::{Facet, Sort};

    #[test]
    fn what_is_wrong_is_said_in_the_words_of_addresses() {
        let told = |pairs: &[(&str, &str)]| read::<FacetsArgs>(pairs).unwrap_err().to_string();
        assert!(told(&[("by", "actor"), ("limit", "abc")]).starts_with("invalid value 'abc' for 'limit'"));
        let missing = read::<crate::ask::NamesArgs>(&[("text", "x")]).unwrap_err().to_string();
        assert!(missing.starts_with("the parameter 'what' is missing: "), "{missing}");
        let wrong = read::<crate::ask::NamesArgs>(&[("what", "ships")]).unwrap_err().to_string();
        assert!(wrong.starts_with("invalid value 'ships' for 'what'"), "{wrong}");
    }

    #[test]
    fn parameters_are_the_long_options() {
        let pairs = [("q", "@alda patrol  boats"), ("actor", "uk"), ("actor", "\"A, B\""), ("sort", "newest")];
        let args: SearchArgs = read(&pairs).unwrap();
        assert_eq!(args.query, ["@alda", "patrol  boats"]);
        assert_eq!((args.filters.actor, args.sort), (vec!["uk".to_owned(), "\"A, B\"".to_owned()], Sort::Newest));
        let args: SearchArgs =
            read(&[("q", "--limit=3"), ("since", ""), ("all-copies", ""), ("doubtful", "0")]).unwrap();
        assert_eq!((args.query, args.filters.since, args.limit), (vec!["--limit=3".to_owned()], None, 10));
        assert!(args.all_copies && !args.filters.doubtful);
        let args: FacetsArgs = read(&[("by", "outlet,month")]).unwrap();
        assert_eq!(args.by, [Facet::Outlet, Facet::Month]);
        assert_eq!(read::<SimilarArgs>(&[("id", "a3"), ("limit", "2")]).unwrap().id, "a3");
    }

    #[test]
    fn what_is_not_taken_is_said() {
        let refused = |name: &str, value: &str| read::<SearchArgs>(&[(name, value)]).unwrap_err();
        let unknown = refused("actors", "uk");
        assert_eq!(unknown.to_string(), "there is no parameter 'actors'");
        assert!(unknown.hint().unwrap().starts_with("did you mean 'actor'? The known ones: q, actor, "));
        let sort = refused("sort", "best").to_string();
        assert!(sort.contains("'best'") && sort.contains("relevance, newest"), "{sort}");
        assert!(refused("limit", "-1").to_string().contains("'-1'"));
        assert!(refused("explain", "maybe").to_string().contains("true or false"));
        assert!(read::<SearchArgs>(&[("limit", "1"), ("limit", "2")]).is_err());
    }

    #[test]
    fn all_parameters_are_listed() {
        let all = parameters::<SearchArgs>();
        let named = |name: &str| all.iter().find(|one| one.name == name).unwrap();
        assert!(named("actor").repeats && !named("q").repeats && named("explain").is_switch);
        assert_eq!(named("sort").values, ["relevance", "newest", "oldest", "modified", "added"]);
        assert_eq!((named("limit").default.as_deref(), named("actor").default.as_deref()), (Some("10"), None));
    }
}
