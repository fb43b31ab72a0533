//! Needs as judged collections write them: lines with a tab, JSON Lines, TREC's `<top>` blocks.

use serde_json::Value;

use super::{EvalError, Need};

/// Which part of a need becomes the query, where it has several.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Part {
    /// The title, or the only text there is.
    #[default]
    Title,
    /// The description.
    Description,
    /// Both, one after the other.
    Both,
}

/// Reads needs: `NUMBER`, a tab, `QUERY`, one a line; or a JSON object a line with `id` and `query`; or TREC's `<top>`
/// blocks. `part` chooses among title and description where a need has both.
///
/// # Errors
///
/// Fails on a line without a tab, on a JSON object without number or text, and on a block without number or text.
pub fn read_needs(text: &str, part: Part) -> Result<Vec<Need>, EvalError> {
    let text = text.trim_start_matches('\u{feff}');
    if text.contains("<top>") || text.contains("<TOP>") {
        return blocks(text, part);
    }
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(at, line)| if line.starts_with('{') { object(at, line, part) } else { tabbed(at, line) }).collect()
}

fn tabbed(at: usize, line: &str) -> Result<Need, EvalError> {
    let (id, query) = line
        .split_once('\t')
        .ok_or_else(|| EvalError { line: at + 1, what: "no tab between number and query".to_owned() })?;
    Ok(Need { id: id.trim().to_owned(), query: tidy(query) })
}

fn object(at: usize, line: &str, part: Part) -> Result<Need, EvalError> {
    let error = |what: &str| EvalError { line: at + 1, what: what.to_owned() };
    let value: Value = serde_json::from_str(line).map_err(|cause| error(&cause.to_string()))?;
    let field = |names: &[&str]| {
        names.iter().find_map(|name| match value.get(name)? {
            Value::String(text) => Some(text.trim().to_owned()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        })
    };
    let id = field(&["id", "_id", "num", "number", "qid", "query_id"]).ok_or_else(|| error("no \"id\""))?;
    let title = field(&["query", "title", "text", "question"]);
    let description = field(&["description", "desc"]);
    let query = choose(title, description, part).ok_or_else(|| error("no \"query\""))?;
    Ok(Need { id, query: tidy(&query) })
}

fn choose(title: Option<String>, description: Option<String>, part: Part) -> Option<String> {
    match (part, title, description) {
        (Part::Title, Some(title), _) => Some(title),
        (Part::Description, _, Some(description)) => Some(description),
        (Part::Both, Some(title), Some(description)) => Some(format!("{title} {description}")),
        (_, title, description) => title.or(description),
    }
}

/// Reads TREC's blocks: `<top> <num> Number: 051 <title> Topic: Airbus Subsidies <desc> Description: ... </top>`. The
/// tags are often left open; a part ends where the next begins.
fn blocks(text: &str, part: Part) -> Result<Vec<Need>, EvalError> {
    let lower = text.to_ascii_lowercase();
    let mut out = Vec::new();
    for (start, _) in lower.match_indices("<top>") {
        let rest = &lower[start + 5..];
        let end = ["</top>", "<top>"].iter().filter_map(|tag| rest.find(tag)).min().unwrap_or(rest.len());
        let block = start + 5..start + 5 + end;
        let field = |tag: &str, label: &str| -> Option<String> {
            let at = block.start + lower[block.clone()].find(tag)? + tag.len();
            let stop = text[at..block.end].find('<').map_or(block.end, |n| at + n);
            let value = tidy(&text[at..stop]);
            let labelled = value.get(..label.len()).is_some_and(|start| start.eq_ignore_ascii_case(label));
            Some(if labelled { value[label.len()..].trim().to_owned() } else { value })
        };
        let line = text[..start].matches('\n').count() + 1;
        let error = |what: &str| EvalError { line, what: what.to_owned() };
        let number = field("<num>", "Number:").filter(|n| !n.is_empty()).ok_or_else(|| error("no <num>"))?;
        let (title, desc) = (field("<title>", "Topic:"), field("<desc>", "Description:"));
        let query = choose(title, desc, part).ok_or_else(|| error("no <title>"))?;
        // Judgements number need 051 as 51.
        let id = number.trim_start_matches('0');
        out.push(Need { id: if id.is_empty() { number.clone() } else { id.to_owned() }, query });
    }
    Ok(out)
}

fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, part: Part) -> Vec<(String, String)> {
        read_needs(text, part).unwrap().into_iter().map(|need| (need.id, need.query)).collect()
    }

    fn need(id: &str, query: &str) -> (String, String) {
        (id.to_owned(), query.to_owned())
    }

    #[test]
    fn lines_with_a_tab_and_objects() {
        let lines = "1\tUK SAFE talks\r\n\n q2 \t tank\tdeal \n";
        assert_eq!(read(lines, Part::Title), [need("1", "UK SAFE talks"), need("q2", "tank deal")]);
        let objects = "{\"_id\": 7, \"text\": \"a  b\"}\n{\"id\": \"x\", \"query\": \"c\", \"desc\": \"d\"}\n";
        assert_eq!(read(objects, Part::Title), [need("7", "a b"), need("x", "c")]);
        assert_eq!(read(objects, Part::Both)[1], need("x", "c d"));
        assert_eq!(read_needs("1\ta\nb\n", Part::Title).unwrap_err().line, 2);
        assert_eq!(read_needs("{\"id\": 1}\n", Part::Title).unwrap_err().line, 1);
    }

    #[test]
    fn blocks_with_open_tags_and_closed_ones() {
        let old = "<top>\n<head> Tipster\n<num> Number:  051\n<dom> Domain: Economics\n<title> Topic:  Ferry\n  Subsidies\n\n\
                   <desc> Description:\n\nDocument will discuss aid to ferries.\n\n<narr> Narrative:\nA relevant one.\n</top>\n";
        let new = "<top><num>402</num><title>coastal guns</title><desc>Description: Find guns.</desc></top>";
        let both = format!("{old}\n{new}");
        assert_eq!(read(&both, Part::Title), [need("51", "Ferry Subsidies"), need("402", "coastal guns")]);
        assert_eq!(read(&both, Part::Description)[0].1, "Document will discuss aid to ferries.");
        assert_eq!(read(&both, Part::Both)[1].1, "coastal guns Find guns.");
        assert_eq!(read_needs("\n<top><title>x</top>", Part::Title).unwrap_err().line, 2);
    }
}
