//! Why an article is in an answer, or why not.

use std::io::{self, Write};

use super::{BOLD, counted};
use crate::engine::{Demand, Verdict, WhyPart, WhyResponse};
use crate::render::text::wrap;
use crate::render::{Style, clean, grouped};

/// Says whether an article is in the answer, what keeps it out, and which words and filters it meets.
///
/// # Errors
///
/// Fails where `out` does.
pub fn why(response: &WhyResponse, all_copies: bool, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let total = counted(response.total, response.total, all_copies);
    let place = response.rank.map(|rank| grouped(rank as u64)).unwrap_or_default();
    let verdict = match response.verdict {
        Verdict::Counts if response.parts.is_empty() => format!("place {place} of {total}, newest first"),
        Verdict::Counts => format!("in the answer: place {place} of {total}"),
        Verdict::Partial => format!("listed at place {place}, behind what counts ({total})"),
        Verdict::Copy => "in the answer, by another copy".to_owned(),
        Verdict::Out => format!("not in the answer ({total})"),
    };
    writeln!(out, "{}", style.paint(BOLD, &verdict))?;
    for reason in &response.reasons {
        lines(&format!("because {reason}"), "  ", style, out)?;
    }
    response.parts.iter().try_for_each(|part| line(part, style, out))?;
    if !response.score_parts.is_empty() {
        let parts = response.score_parts.iter().map(|part| format!("{} {:+.2}", part.part, part.value));
        let parts = parts.collect::<Vec<_>>().join(" ");
        lines(&format!("score {:.2} = {parts}", response.score), "  ", style, out)?;
    }
    Ok(())
}

/// `has SAFE (the initialism SAFE, not the word)`, `lacks talks`, `passes --topic procurement`.
fn line(part: &WhyPart, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let sign = if part.demand == Demand::MustNot { "-" } else { "" };
    let word = match (part.filter, part.has) {
        (true, true) => "passes",
        (true, false) => "fails",
        (false, true) => "has",
        (false, false) => "lacks",
    };
    let read = if part.readings.is_empty() { String::new() } else { format!(" ({})", part.readings.join("; ")) };
    let instead = part.instead.as_ref().map(|instead| format!(": {instead}")).unwrap_or_default();
    lines(&format!("{word:<6} {sign}{}{read}{instead}", part.clause), "  ", style, out)
}

fn lines(text: &str, indent: &str, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for (number, line) in wrap(&clean(text), "", style.width.saturating_sub(indent.len() + 2), style).iter().enumerate()
    {
        let further = if number == 0 { "" } else { "  " };
        writeln!(out, "{indent}{further}{line}")?;
    }
    Ok(())
}
