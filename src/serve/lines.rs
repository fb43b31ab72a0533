//! Answers in the JSON Lines of the command line, and as one object of the same fields.

use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

use super::problem::Problem;

/// The type of JSON Lines.
pub(super) const NDJSON: &str = "application/x-ndjson";

/// An answer: the header's fields and a list of the others where one object is wanted, else the lines as they are.
pub(super) fn answer(
    lines: Vec<u8>,
    list: &str,
    headers: &HeaderMap,
    finish: impl FnOnce(&mut Map<String, Value>),
) -> Result<Response, Problem> {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    if accept.contains(NDJSON) {
        return Ok(([(header::CONTENT_TYPE, NDJSON)], lines).into_response());
    }
    let mut object = object(&lines, list)?;
    finish(&mut object);
    Ok(json(&Value::Object(object)))
}

/// A value as the body of a response.
pub(super) fn json(value: &Value) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}

/// One object: the fields of a header or an article, an explanation under its name, and all other lines in a list.
pub(super) fn object(lines: &[u8], list: &str) -> Result<Map<String, Value>, Problem> {
    let (mut out, mut rest) = (Map::new(), Vec::new());
    for line in lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let mut fields: Map<String, Value> = serde_json::from_slice(line)?;
        match fields.remove("type").as_ref().and_then(Value::as_str) {
            Some("header") => {
                out.extend(fields);
                // Of pairs the lines say how many there are under the name of the list.
                if let Some(count) = out.remove(list) {
                    out.insert(format!("{list}_total"), count);
                }
            }
            Some("article") => out.extend(fields),
            Some("explanation") => drop(out.insert("explanation".to_owned(), Value::Object(fields))),
            _ => rest.push(Value::Object(fields)),
        }
    }
    if !list.is_empty() {
        out.insert(list.to_owned(), Value::Array(rest));
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_one_object() {
        let lines = br#"{"type":"header","format":1,"total":2,"pairs":7}
{"type":"explanation","clauses":[]}
{"type":"pair","count":3}
"#;
        let object = Value::Object(object(lines, "pairs").unwrap());
        let wanted = serde_json::json!({
            "format": 1, "total": 2, "pairs_total": 7, "pairs": [{"count": 3}], "explanation": {"clauses": []},
        });
        assert_eq!(object, wanted);
    }
}
