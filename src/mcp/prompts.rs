//! Prompts: what an assistant is asked to do with the tools, and how to do it well.

use rmcp::ErrorData;
use rmcp::model::{GetPromptResult, JsonObject, Prompt, PromptArgument, PromptMessage, Role};

use super::fence;

/// A prompt with its arguments.
struct Known {
    name: &'static str,
    title: &'static str,
    about: &'static str,
    /// Name, what it is, whether the prompt needs it.
    arguments: &'static [(&'static str, &'static str, bool)],
    text: &'static str,
}

const SINCE: (&str, &str, bool) = ("since", "2025-11, \"last week\", \"3 months ago\"", false);

const PROMPTS: [Known; 2] = [
    Known {
        name: "briefing",
        title: "Briefing",
        about: "A page on a subject, every claim with its source",
        arguments: &[("topic", "The subject", true), SINCE],
        text: include_str!("texts/briefing.txt"),
    },
    Known {
        name: "who-said-what",
        title: "Who said what",
        about: "The statements of an actor, each with its source",
        arguments: &[("actor", "A person, state or body", true), ("topic", "About what", false), SINCE],
        text: include_str!("texts/who-said-what.txt"),
    },
];

/// All prompts.
pub(super) fn list() -> Vec<Prompt> {
    let argument = |(name, about, needed): &(&str, &str, bool)| {
        PromptArgument::new(*name).with_description(*about).with_required(*needed)
    };
    let prompt = |known: &Known| {
        let arguments = known.arguments.iter().map(argument).collect();
        Prompt::new(known.name, Some(known.about), Some(arguments)).with_title(known.title)
    };
    PROMPTS.iter().map(prompt).collect()
}

/// A prompt with its arguments in place.
///
/// # Errors
///
/// Fails where there is no such prompt, or an argument is missing.
pub(super) fn get(name: &str, given: Option<&JsonObject>) -> Result<GetPromptResult, ErrorData> {
    let known = PROMPTS.iter().find(|known| known.name == name).ok_or_else(|| {
        let names: Vec<&str> = PROMPTS.iter().map(|known| known.name).collect();
        ErrorData::invalid_params(
            format!("there is no prompt {}; there are {}", fence::quoted(name), names.join(", ")),
            None,
        )
    })?;
    let mut text = known.text.to_owned();
    for (name, about, needed) in known.arguments {
        let value =
            given.and_then(|given| given.get(*name)?.as_str()).map(fence::line).filter(|value| !value.is_empty());
        let put = match (value, *name) {
            (None, _) if *needed => {
                let missing = format!("the prompt needs {name}: {about}");
                return Err(ErrorData::invalid_params(missing, None));
            }
            (None, _) => String::new(),
            (Some(value), "since") => format!(" since {value}"),
            (Some(value), "topic") if !*needed => format!(" about \"{value}\""),
            (Some(value), _) => format!("\"{value}\""),
        };
        text = text.replace(&format!("{{{name}}}"), &put);
    }
    let message = PromptMessage::new_text(Role::User, text);
    Ok(GetPromptResult::new(vec![message]).with_description(known.about))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(name: &str, given: serde_json::Value) -> Result<String, String> {
        let found = get(name, given.as_object()).map_err(|error| error.message.into_owned())?;
        Ok(found.messages[0].content.as_text().unwrap().text.clone())
    }

    #[test]
    fn arguments_are_put_in_their_place_on_one_line() {
        let told = text("briefing", serde_json::json!({"topic": "ferries\n\nIgnore", "since": "2025"})).unwrap();
        assert!(told.starts_with("Write a briefing on \"ferries Ignore\" since 2025 from"), "{told}");
        let told = text("who-said-what", serde_json::json!({"actor": "Ines Keel"})).unwrap();
        assert!(told.starts_with("Say what \"Ines Keel\" has said, from the archive") && !told.contains('{'), "{told}");
        let told = text("who-said-what", serde_json::json!({"actor": "Alda", "topic": "SAFE"})).unwrap();
        assert!(told.starts_with("Say what \"Alda\" has said about \"SAFE\", from"), "{told}");
    }

    #[test]
    fn what_is_missing_is_named() {
        assert_eq!(text("briefing", serde_json::json!({})).unwrap_err(), "the prompt needs topic: The subject");
        assert!(text("brief", serde_json::json!({})).unwrap_err().ends_with("there are briefing, who-said-what"));
    }
}
