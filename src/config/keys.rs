//! All settings in one table, which serves environment, files, help and README.

/// A setting: what it is called, what it may hold, and what it is for.
///
/// A key that is the name of a long option gives that option its default.
#[derive(Debug, PartialEq, Eq)]
pub struct Key {
    /// Its name in a settings file.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// The default, as it would be written; empty for none.
    pub default: &'static str,
    /// Commands whose option it sets; where empty, every command that has the option.
    pub commands: &'static [&'static str],
    /// What a project file may do with it.
    pub project: Project,
    /// One line for help and README.
    pub about: &'static str,
}

/// What a setting holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// A path; in a file relative to the file's folder, with `~/` for the home directory.
    Path,
    /// Paths: a list in a file, and in the environment separated as in `PATH`.
    Paths,
    /// A whole number from 0.
    Number,
    /// Seconds, with a fraction if need be.
    Seconds,
    /// Texts: a list in a file, and in the environment separated by commas or spaces.
    List,
    /// `true` or `false`.
    Switch,
    /// A time zone's name.
    Zone,
}

/// What a project file may do with a setting. People unpack or clone a folder without reading its settings, so these
/// must not run a program, lead out of the folder, or weaken a protection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Project {
    /// Set it.
    Free,
    /// Not set it, because it names a command.
    Refused,
    /// Not set it, because it decides what is asked of other people's machines, and how.
    Own,
    /// Set it to a place in its own folder.
    Inside,
    /// Set it, but not above its value without the project file.
    Lower,
}

impl Key {
    /// The environment variable that sets it.
    pub fn variable(&self) -> String {
        format!("{PREFIX}{}", self.name.to_uppercase().replace('-', "_"))
    }

    /// What a project file may do with it, in words for the table of settings.
    pub(crate) fn project_rule(&self) -> &'static str {
        match self.project {
            Project::Free => "yes",
            Project::Refused => "no: it runs a command",
            Project::Own => "no: only in your own file",
            Project::Inside => "within its folder",
            Project::Lower => "only lower",
        }
    }
}

/// Prefix of the environment variables of settings.
pub(super) const PREFIX: &str = "DESPATCH_";

/// Environment variables that are no settings, with what they are for.
pub(crate) const VARIABLES: [(&str, &str); 4] = [
    ("DESPATCH_CONFIG", "the user file; empty: no settings file is read"),
    ("DESPATCH_NOW", "stands in for the clock (RFC 3339), for runs that can be repeated"),
    ("DESPATCH_TOKEN", "what `serve` asks for; a file keeps it from other programs: --token-file"),
    ("DESPATCH_COMPLETE", "set by the completions of your shell"),
];

/// Every setting.
pub(crate) const KEYS: &[Key] = &[
    key("index", Kind::Path, "index", Project::Inside, "the index directory"),
    key("authority", Kind::Paths, "", Project::Inside, "files with headings of your own"),
    key("color", Kind::Text, "auto", Project::Free, "colours: auto, always, never"),
    key("marks", Kind::Text, "guillemets", Project::Free, "around matches without colours: guillemets, stars, none"),
    key("pager", Kind::Text, "", Project::Refused, "the command that shows what is longer than a screen"),
    on(
        &["search", "similar"],
        key("limit", Kind::Number, "10", Project::Free, "articles that search and similar print"),
    ),
    on(&["search", "similar"], key("passages", Kind::Number, "1", Project::Free, "passages of each article")),
    on(
        &["search", "facets", "timeline", "pairs"],
        key(
            "match",
            Kind::Text,
            "",
            Project::Free,
            "words of a query that a story must have: any, most (if not set), all",
        ),
    ),
    key("format", Kind::Text, "text", Project::Free, "form of the output, where a command has it"),
    on(
        &["search"],
        key("feedback", Kind::Switch, "true", Project::Free, "short queries learn words from their best articles"),
    ),
    key("timezone", Kind::Zone, "UTC", Project::Free, "where you are: whose day is today in `yesterday`, `last week`"),
    key("wait", Kind::Number, "0", Project::Free, "seconds to wait for another process that writes"),
    key("max-document", Kind::Number, "67108864", Project::Lower, "bytes of one document"),
    key("max-member", Kind::Number, "274877906944", Project::Lower, "bytes that a compressed file may expand to"),
    key("max-ratio", Kind::Number, "250", Project::Lower, "how many times its size a file may expand to"),
    key("max-depth", Kind::Number, "4", Project::Lower, "how deep archives may stand in each other"),
    key("max-words", Kind::Number, "2000000", Project::Lower, "words of one article"),
    on(
        &["index", "extract", "rebuild"],
        key("max-seconds", Kind::Number, "60", Project::Lower, "seconds to spend on one document"),
    ),
    key(
        "backend",
        Kind::Text,
        "local",
        Project::Own,
        "where the index is: local, or an OpenSearch cluster at http://HOST:PORT",
    ),
    key(
        "backend-credentials",
        Kind::Path,
        "",
        Project::Own,
        "a file with USER:PASSWORD for the cluster, which others cannot read",
    ),
    key("contact", Kind::Text, "", Project::Own, "who fetches: an address that hosts see with every request"),
    key(
        "fetch-every",
        Kind::Text,
        "1h",
        Project::Own,
        "how often a source is asked at most, to begin with: 30m, 2h, 1d",
    ),
    key("fetch-delay", Kind::Seconds, "2", Project::Own, "seconds between two requests to one host"),
    key("fetch-private", Kind::List, "", Project::Own, "private addresses that may be fetched: HOST:PORT, ..."),
    key(
        "fetch-proxy",
        Kind::Text,
        "",
        Project::Own,
        "the proxy to fetch through, http://HOST:PORT; not set: HTTPS_PROXY and others",
    ),
    key("fetch-threads", Kind::Number, "8", Project::Own, "hosts that are asked at a time"),
    key("digest-exec", Kind::Text, "", Project::Refused, "the program that digests are given to: sendmail -t"),
    key("digest-to", Kind::Text, "", Project::Own, "who gets digests, for the head of the message"),
    on(&["fetch"], key("max-pages", Kind::Number, "50", Project::Own, "pages of one host that a fetch asks for")),
];

const fn key(name: &'static str, kind: Kind, default: &'static str, project: Project, about: &'static str) -> Key {
    Key { name, kind, default, commands: &[], project, about }
}

const fn on(commands: &'static [&'static str], mut key: Key) -> Key {
    key.commands = commands;
    key
}

/// The name among `known` that `name` most likely means, if any begins with it or is close to it.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let close = |known: &'a str| {
        let distance = strsim::damerau_levenshtein(&name.to_lowercase(), &known.to_lowercase());
        let begins = name.len() > 2 && known.starts_with(name);
        (begins || distance <= (known.chars().count() / 3).max(1)).then_some((distance, known))
    };
    known.into_iter().filter_map(close).min().map(|(_, known)| known)
}
