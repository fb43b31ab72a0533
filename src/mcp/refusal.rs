//! Why a tool gives no answer, in words from which a model can do better.
//!
//! What was asked wrongly says what would be right, and how to call again. What is wrong with the index or the program
//! is nothing that a model can mend: it says so, and names no file.

use crate::archive::ArchiveError;
use crate::ask::{AskError, ParameterError};
use crate::engine::{EngineError, Heading};
use crate::pool::PoolError;
use crate::saved::SavedError;

use super::fence;

/// Candidates that are named, at most.
const NAMED: usize = 10;

/// Why there is no answer.
#[derive(Debug)]
pub(super) struct Refusal(pub(super) String);

impl Refusal {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl From<PoolError> for Refusal {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Engine(error) => error.into(),
            PoolError::Busy => Self::new("Too many questions wait for an answer. Call again in a moment."),
            PoolError::Late(_) => Self::new(format!(
                "{error}. Ask for less: fewer words with * or ~, a shorter span of since and until, one value of by."
            )),
            _ => broken(),
        }
    }
}

impl From<EngineError> for Refusal {
    fn from(error: EngineError) -> Self {
        Self(match error {
            EngineError::Query { message, hint, .. } => {
                let hint = hint.unwrap_or_else(|| "`despatch://help/query` explains the query language".to_owned());
                format!("The query is not understood: {}. Hint: {}.", fence::line(&message), fence::line(&hint))
            }
            EngineError::UnknownName { field, name, nearest } if nearest.is_empty() => {
                let name = fence::quoted(&name);
                format!(
                    "There is no {field} {name}. Call names with find {name} to see what there is, or leave it out."
                )
            }
            EngineError::UnknownName { field, name, nearest } => {
                let name = fence::quoted(&name);
                let again = nearest.first().map(|first| fence::quoted(&first.id)).unwrap_or_default();
                format!(
                    "There is no {field} {name}; the nearest: {}. Call again with {again} for {name}.",
                    list(&nearest)
                )
            }
            EngineError::AmbiguousName { field, name, candidates } => {
                let name = fence::quoted(&name);
                format!("The {field} {name} could be any of {}. Call again with one of these ids.", list(&candidates))
            }
            EngineError::UnknownLevel { name, levels } => {
                let levels: Vec<String> = levels.iter().take(3 * NAMED).map(|level| fence::quoted(level)).collect();
                format!("Nothing is below {}. The levels: {}.", fence::quoted(&name), levels.join(", "))
            }
            EngineError::Archive(error) => return error.into(),
            _ => return broken(),
        })
    }
}

impl From<ArchiveError> for Refusal {
    fn from(error: ArchiveError) -> Self {
        match error {
            ArchiveError::NoArticle(id) => Self(format!(
                "There is no article {}. Ids stand in the hits of search: call it first.",
                fence::quoted(&id)
            )),
            ArchiveError::Removed(id) => {
                Self(format!("The article {} was removed from the archive.", fence::quoted(&id)))
            }
            ArchiveError::AmbiguousId { id, candidates } => {
                let candidates: Vec<String> = candidates.iter().map(|id| fence::quoted(id)).collect();
                let id = fence::quoted(&id);
                Self(format!("Several ids begin with {id}: {}. Call again with a whole one.", candidates.join(", ")))
            }
            _ => broken(),
        }
    }
}

impl From<AskError> for Refusal {
    fn from(error: AskError) -> Self {
        match error {
            AskError::Saved(SavedError::Unknown { name, nearest }) => {
                let nearest = nearest.map(|name| format!("; did you mean {}?", fence::quoted(&name)));
                let rest = nearest
                    .unwrap_or_else(|| "; the resources despatch://saved/... are those that there are.".to_owned());
                Self(format!("There is no saved search {}{rest}", fence::quoted(&name)))
            }
            AskError::Saved(SavedError::Name(name)) => {
                Self(format!("There is no saved search {}.", fence::quoted(&name)))
            }
            AskError::Saved(_) => broken(),
            other => {
                let hint = other.hint().map(|hint| format!(" Hint: {}.", fence::line(&hint))).unwrap_or_default();
                Self(format!("{}.{hint}", fence::line(&other.to_string())))
            }
        }
    }
}

impl From<ParameterError> for Refusal {
    fn from(error: ParameterError) -> Self {
        Self(format!("{}.", fence::line(&error.to_string())))
    }
}

/// Something is wrong that only the person with the index can mend.
pub(super) fn broken() -> Refusal {
    Refusal::new(
        "The index cannot be read now. Calling again will not help: tell the person whom you work for to run `despatch \
         doctor`.",
    )
}

/// `Keir Starmer (person/keir-starmer), …`.
fn list(headings: &[Heading]) -> String {
    let one = |heading: &Heading| match heading.label == heading.id {
        true => fence::quoted(&heading.id),
        false => format!("{} ({})", fence::quoted(&heading.label), fence::line(&heading.id)),
    };
    let mut shown: Vec<String> = headings.iter().take(NAMED).map(one).collect();
    shown.extend((headings.len() > NAMED).then(|| format!("{} more", headings.len() - NAMED)));
    shown.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::dates::DateError;

    fn heading(id: &str, label: &str) -> Heading {
        Heading { id: id.to_owned(), label: label.to_owned() }
    }

    #[test]
    fn a_wrong_name_says_how_to_call_again() {
        let nearest = vec![heading("person/ines-keel", "Ines Keel")];
        let error = EngineError::UnknownName { field: "actor", name: "Ines Kel".to_owned(), nearest };
        assert_eq!(
            Refusal::from(error).0,
            "There is no actor 'Ines Kel'; the nearest: 'Ines Keel' (person/ines-keel). Call again with \
             'person/ines-keel' for 'Ines Kel'."
        );
        let candidates = (0..12).map(|n| heading(&format!("ship/{n}"), "Alda")).collect();
        let error = EngineError::AmbiguousName { field: "actor", name: "Alda".to_owned(), candidates };
        assert!(Refusal::from(error).0.contains("2 more. Call again with one of these ids."));
    }

    #[test]
    fn what_only_the_owner_can_mend_names_no_file() {
        let damaged = ArchiveError::Foreign { path: "/home/keel/index".into(), what: "no archive".to_owned() };
        let denied = EngineError::from(std::io::Error::other("/home/keel/index"));
        for told in [Refusal::from(damaged).0, Refusal::from(denied).0, Refusal::from(PoolError::Fault).0] {
            assert!(told.contains("despatch doctor") && !told.contains("keel"), "{told}");
        }
    }

    #[test]
    fn a_date_that_is_none_says_what_would_be_one() {
        let cause = DateError { text: "soon".to_owned(), hint: "write 2025".to_owned() };
        let error = AskError::Date { option: "since".to_owned(), text: "soon".to_owned(), cause };
        assert_eq!(Refusal::from(error).0, "--since soon. Hint: write 2025.");
    }
}
