//! BibTeX, for LaTeX: entries that BibTeX and biblatex read alike.

use std::io::{self, Write};

use super::keys::keys;
use super::names::{Name, parts};
use super::{address, day, on_one_line, passages, title};
use crate::engine::Hit;

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// An entry for each hit; no two have the same key.
pub(super) fn hits(hits: &[Hit], out: &mut dyn Write) -> io::Result<()> {
    hits.iter().zip(keys(hits)).try_for_each(|(hit, key)| entry(&key, hit, out))
}

fn entry(key: &str, hit: &Hit, out: &mut dyn Write) -> io::Result<()> {
    let topics: Vec<String> = hit.topics.iter().map(|topic| escaped(&on_one_line(&topic.label))).collect();
    let day = day(hit);
    // The second pair of braces keeps the capitals of the title: `SAFE`, `NATO`.
    let fields = [
        ("title", Some(format!("{{{{{}}}}}", escaped(&title(hit))))),
        ("author", authors(&hit.byline, hit.outlet.as_deref()).map(braced)),
        ("journal", hit.outlet.as_deref().map(|outlet| braced(escaped(&on_one_line(outlet))))),
        ("year", day.map(|day| format!("{{{:04}}}", day.year()))),
        ("month", day.and_then(|day| MONTHS.get(day.month() as usize - 1)).map(|month| (*month).to_owned())),
        ("day", day.map(|day| format!("{{{}}}", day.day()))),
        ("url", address(hit).map(braced)),
        ("language", hit.language.as_deref().map(|language| braced(escaped(language)))),
        ("keywords", Some(braced(topics.join(", "))).filter(|_| !topics.is_empty())),
        ("abstract", passages(hit).map(|text| braced(escaped(&text)))),
        // BibTeX passes over fields that it does not know.
        ("despatch", Some(braced(escaped(&on_one_line(&hit.id))))),
    ];
    writeln!(out, "@article{{{key},")?;
    for (name, value) in fields.into_iter().filter_map(|(name, value)| Some((name, value?))) {
        writeln!(out, "  {name} = {value},")?;
    }
    writeln!(out, "}}\n")
}

fn braced(text: String) -> String {
    format!("{{{text}}}")
}

fn authors(byline: &[String], outlet: Option<&str>) -> Option<String> {
    let names = byline.iter().map(|name| match parts(&on_one_line(name), outlet) {
        Name::Person { given, family } => format!("{}, {}", escaped(&family), escaped(&given)),
        Name::Whole(name) => format!("{{{}}}", escaped(&name)),
    });
    Some(names.collect::<Vec<_>>().join(" and ")).filter(|text| !text.is_empty())
}

/// Text in which TeX finds nothing to carry out. Braces become `\textbraceleft{}` and `\textbraceright{}`, because
/// BibTeX counts braces even after a backslash.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\textbackslash{}"),
            '{' => out.push_str("\\textbraceleft{}"),
            '}' => out.push_str("\\textbraceright{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '$' | '&' | '#' | '%' | '_' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_for_tex_to_act_on() {
        assert_eq!(
            escaped(r"50% of \$1 {a} x_y^2 ~ #1 & co"),
            r"50\% of \textbackslash{}\$1 \textbraceleft{}a\textbraceright{} x\_y\textasciicircum{}2 \textasciitilde{} \#1 \& co"
        );
    }
}
