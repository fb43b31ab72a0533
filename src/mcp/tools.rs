//! The tools: their definitions, which never change while the server runs, and what answers each.

use rmcp::model::{self, ToolAnnotations};
use serde_json::{Map, Value, json};

use super::answer::Answer;
use super::arguments::Arguments;
use super::desk::Desk;
use super::refusal::Refusal;
use super::schema::{bounded, described, filters, flag, object, one_of, rows, said, text, texts, whole};
use super::{count, names, quotes, read, search, together};
use crate::ask::choice::{FACET_ORDERS, FACETS, NAMES, ORDERS, PAIR_ORDERS, PERIODS};

/// A tool.
pub(super) struct Tool {
    pub(super) name: &'static str,
    title: &'static str,
    about: &'static str,
    /// Its arguments beside the filters.
    own: fn() -> Value,
    filters: Filters,
    needs: &'static [&'static str],
    /// The schema of its answers: their fields, and those that each has.
    gives: fn() -> (Value, Value),
    pub(super) run: fn(&mut Desk<'_, '_>, Arguments) -> Result<Answer, Refusal>,
}

/// Which filters a tool takes; `All` come with their help.
#[derive(PartialEq, Eq)]
enum Filters {
    None,
    Common,
    All,
}

/// All tools, in the order in which they are listed.
pub(super) const TOOLS: &[Tool] = &[
    Tool {
        name: "search",
        title: "Search articles",
        about: "Finds articles, each with passages to quote. Counts stories: a report with its copies once. Where \
                nothing is found, says which part emptied it. Every text of a list must hold; commas within one mean \
                any: [\"NATO,EU\"]. Without a query the newest come first.",
        own: || {
            json!({
                "query": said("Words; +must -not \"a phrase\" (a OR b) begin* title:word; @name is a saved search"),
                "like": said("Id of an article: those most like it"),
                "sort": one_of(ORDERS),
                "limit": bounded(20, 5),
                "passages": described(bounded(5, 1), "Of each article; 0: headlines alone"),
                "cursor": said("next_cursor of the answer before"),
            })
        },
        filters: Filters::All,
        needs: &[],
        gives: || {
            (
                json!({"total": whole(), "hits": rows(&["id", "title", "uri", "cite"]), "next_cursor": text()}),
                json!(["total", "hits"]),
            )
        },
        run: search::search,
    },
    Tool {
        name: "read",
        title: "Read an article, check a quotation",
        about: "Gives the words of an article from start (a byte) on. With quote it checks a wording: found, if the \
                text has exactly these characters; nearly, if but for spacing, quotation marks and dashes. Check \
                each quotation before you use it.",
        own: || {
            json!({
                "id": said("Id, its beginning, the address, or a uri of an answer (despatch://article/ID#START-END)"),
                "start": whole(),
                "end": whole(),
                "max_chars": bounded(20_000, 6000),
                "quote": said("The wording to look for"),
            })
        },
        filters: Filters::None,
        needs: &["id"],
        gives: || {
            (
                json!({"id": text(), "text": text(), "start": whole(), "end": whole(), "next_start": whole(),
                    "quote": {"type": "object", "required": ["found", "nearly"]}}),
                json!(["id"]),
            )
        },
        run: read::read,
    },
    Tool {
        name: "count",
        title: "Count stories",
        about: "Counts the stories that query and filters find, by who and what is in them, or over time. sort \
                surprise: first what is unusually frequent.",
        own: || {
            let by: Vec<&str> =
                FACETS.iter().filter(|one| !one.value.is_time()).filter_map(|one| one.names.first().copied()).collect();
            json!({
            "query": text(),
            "by": described(
                json!({"type": "array", "items": {"type": "string", "enum": by}}),
                "Default: actor, topic; with per: one at most"
            ),
            "per": one_of(PERIODS),
            "limit": bounded(100, 10),
            "sort": one_of(FACET_ORDERS),
            "below": said("Only values below this: person, body, procurement"),
                        })
        },
        filters: Filters::Common,
        needs: &[],
        gives: || {
            (
                json!({"total": whole(), "counts": {"type": "object"}, "periods": rows(&["period", "count"])}),
                json!(["total"]),
            )
        },
        run: count::count,
    },
    Tool {
        name: "together",
        title: "Who appears with whom",
        about: "Counts actors that one passage mentions together, against what chance would give (ratio). actor \
                names one or both of the pair; the rest chooses the stories. It says nothing of why: read the \
                passage.",
        own: || {
            json!({
                "query": text(),
                "below": said("Kind of the other side: person, state, company, system"),
                "least": whole(),
                "sort": one_of(PAIR_ORDERS),
                "limit": bounded(50, 10),
            })
        },
        filters: Filters::Common,
        needs: &[],
        gives: || (json!({"total": whole(), "pairs": rows(&["a", "b", "count", "ratio"])}), json!(["total", "pairs"])),
        run: together::together,
    },
    Tool {
        name: "quotes",
        title: "Who said what",
        about: "Finds statements, newest first; the words of the query stand in what was said. by names the speaker: \
                a person, or a state or body with all who speak for it. kind says whether the words are the \
                speaker's own.",
        own: || {
            json!({
                "query": text(),
                "by": texts(),
                "direct": described(flag(), "Only the speaker's own words"),
                "certain": described(flag(), "Leave out guesses"),
                "sort": one_of(ORDERS),
                "limit": bounded(20, 5),
                "cursor": text(),
            })
        },
        filters: Filters::Common,
        needs: &[],
        gives: || {
            (
                json!({"total": whole(), "statements": rows(&["text", "kind", "id", "uri", "cite"]), "next_cursor": text()}),
                json!(["total", "statements"]),
            )
        },
        run: quotes::quotes,
    },
    Tool {
        name: "names",
        title: "Look names up",
        about: "Says what the archive calls someone or something, with ids for filters. Call it where a filter knows \
                no name, or a name can mean several.",
        own: || {
            json!({
                "find": said("Part of a name, an abbreviation or another spelling; without it the most frequent"),
                "kind": one_of(NAMES),
                "limit": bounded(50, 8),
            })
        },
        filters: Filters::None,
        needs: &[],
        gives: || (json!({"names": rows(&["kind", "id", "label", "stories"])}), json!(["names"])),
        run: names::names,
    },
];

/// The tool of this name.
pub(super) fn named(name: &str) -> Option<&'static Tool> {
    TOOLS.iter().find(|tool| tool.name == name)
}

impl Tool {
    /// The schemas of its arguments, by name.
    pub(super) fn arguments(&self) -> Map<String, Value> {
        let mut all = object((self.own)());
        if self.filters != Filters::None {
            all.append(&mut filters(self.filters == Filters::All));
        }
        all
    }

    /// The definition that clients get. With `text_only` it promises no structured answer.
    pub(super) fn definition(&self, text_only: bool) -> model::Tool {
        let mut input =
            object(json!({"type": "object", "properties": self.arguments(), "additionalProperties": false}));
        if !self.needs.is_empty() {
            input.insert("required".to_owned(), json!(self.needs));
        }
        let hints = ToolAnnotations::new().read_only(true).destructive(false).idempotent(true).open_world(false);
        let tool = model::Tool::new(self.name, self.about, input).with_title(self.title).with_annotations(hints);
        if text_only {
            return tool;
        }
        let (properties, required) = (self.gives)();
        let output = json!({"type": "object", "properties": properties, "required": required});
        tool.with_raw_output_schema(object(output).into())
    }
}
