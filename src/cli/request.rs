//! What every question needs besides its options: when it is asked, and how an error in a query is shown.

use anyhow::Context;
use jiff::Timestamp;
use jiff::tz::Offset;
use unicode_width::UnicodeWidthStr;

use super::Global;
use crate::article::Moment;
use crate::ask::{Asked, FilterArgs, Here};
use crate::engine::EngineError;

/// The present, in the user's time zone.
pub(super) fn now(global: &Global) -> anyhow::Result<Moment> {
    Ok(clock(global)?())
}

/// A clock that shows the user's time zone. `DESPATCH_NOW` (RFC 3339) stands in for it, for repeatable runs.
pub(super) fn clock(global: &Global) -> anyhow::Result<impl Fn() -> Moment + use<>> {
    let fixed: Option<Moment> = match std::env::var("DESPATCH_NOW") {
        Ok(text) => Some(text.parse().with_context(|| format!("DESPATCH_NOW={text}"))?),
        Err(_) => None,
    };
    let zone = global.settings.time_zone();
    Ok(move || match fixed.unwrap_or_else(|| Moment::Instant(Timestamp::now(), Offset::UTC)) {
        Moment::Instant(at, _) => Moment::from(&at.to_zoned(zone.clone())),
        day => day,
    })
}

/// The words and filters of the command line, those of the saved search among them that it names.
///
/// # Errors
///
/// Fails where there is no saved search of that name.
pub(super) fn asked(words: &[String], filters: &FilterArgs, global: &Global) -> anyhow::Result<Asked> {
    let here = Here { index: &global.index, now: now(global)?, matching: global.settings.value("match") };
    Ok(here.asked(words, filters)?)
}

/// An error in a query with the query and a caret under the part at fault.
pub(super) fn with_caret(error: EngineError, query: &str) -> anyhow::Error {
    let EngineError::Query { span, .. } = &error else { return error.into() };
    let (start, end) = (query.floor_char_boundary(span.start), query.floor_char_boundary(span.end));
    let before = query[..start].width();
    let carets = "^".repeat(query[start..end.max(start)].width().max(1));
    let shown = format!("{error}\n  {}\n  {}{carets}", query.replace(char::is_control, " "), " ".repeat(before));
    anyhow::Error::new(error).context(shown)
}
