//! Completion of the arguments of prompts and of addresses.

use rmcp::model::{CompletionInfo, Reference};

use super::desk::Desk;
use super::refusal::Refusal;
use super::{names, resources};
use crate::ask::choice::{NAMES, named};

/// Beginnings of a span of time.
const SINCE: [&str; 6] = ["yesterday", "last week", "last month", "3 months ago", "this year", "last year"];

/// What may be meant by what was typed so far, the likeliest first.
pub(super) fn complete(
    desk: &mut Desk<'_, '_>,
    of: &Reference,
    argument: &str,
    typed: &str,
) -> Result<CompletionInfo, Refusal> {
    let begins = |all: Vec<String>| all.into_iter().filter(|one| one.starts_with(typed)).collect::<Vec<_>>();
    let mut values = match (of, argument) {
        (Reference::Prompt(_), "actor" | "topic") => match named(NAMES, argument) {
            Some(kind) => names::completions(desk, kind, typed)?,
            None => Vec::new(),
        },
        (Reference::Prompt(_), "since") => begins(SINCE.map(str::to_owned).into()),
        (Reference::Resource(_), "name") => begins(resources::saved_names(desk.setup)),
        (Reference::Resource(_), "page") => begins(desk.setup.pages.iter().map(|page| page.name.to_owned()).collect()),
        _ => Vec::new(),
    };
    let total = values.len();
    values.truncate(CompletionInfo::MAX_VALUES);
    let mut info = CompletionInfo::default();
    (info.has_more, info.total) = (Some(values.len() < total), u32::try_from(total).ok());
    info.values = values;
    Ok(info)
}
