//! A digest as a message for a mail program (RFC 5322): text, and HTML without pictures or anything remote.

use std::fmt::Write as _;

use html_escape::{encode_double_quoted_attribute, encode_text};
use mail_builder::MessageBuilder;
use mail_builder::headers::raw::Raw;

use super::lines::{counted, heading, page, short_title, subject, text, title};
use super::{News, TellingError};
use crate::article::Moment;
use crate::render::export::on_one_line;
use crate::render::{Marks, Style};

/// Columns of the text: as mail programs wrap it.
const COLUMNS: usize = 76;
/// Characters of the first title that the subject shows, at most.
const SHOWN: usize = 80;

/// The envelope of a digest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Letter<'a> {
    /// Identifier of the digest.
    pub id: &'a str,
    /// Who is to get it, if the message says so: their addresses.
    pub to: &'a [String],
    /// When it is made.
    pub now: Moment,
}

/// The message.
///
/// # Errors
///
/// Fails only where memory does.
pub fn mail(news: &News, letter: &Letter<'_>) -> Result<Vec<u8>, TellingError> {
    let from = letter.to.first().cloned().unwrap_or_else(|| "despatch@localhost".to_owned());
    let list = format!("<{}.digest.despatch.invalid>", news.mark);
    let failed = |cause| TellingError::Output { what: "the message".to_owned(), cause };
    let mut plain = Vec::new();
    let style = Style { colored: false, linked: false, marks: Marks::None, width: COLUMNS };
    text(news, &style, &mut plain).map_err(failed)?;
    let mut message = MessageBuilder::new()
        .message_id(format!("{}@despatch.invalid", letter.id))
        .date(letter.now.seconds())
        .from(("Despatch".to_owned(), from))
        .subject(headline(news))
        .header("List-Id", Raw::new(list))
        .header("Auto-Submitted", Raw::new("auto-generated"));
    if !letter.to.is_empty() {
        message = message.to(letter.to.to_vec());
    }
    let message = message.text_body(String::from_utf8_lossy(&plain).into_owned()).html_body(html(news));
    message.write_to_vec().map_err(failed)
}

/// The addresses of a list: `Ada <ada@example.org>, bo@example.org`; `None` where it is none, such as one of several lines.
#[must_use]
pub fn addresses(list: &str) -> Option<Vec<String>> {
    let bare = |one: &str| match (one.rfind('<'), one.rfind('>')) {
        (Some(from), Some(to)) if from < to => one[from + 1..to].trim().to_owned(),
        _ => one.trim().to_owned(),
    };
    let all: Vec<String> = list.split(',').map(bare).filter(|one| !one.is_empty()).collect();
    let is_good = |one: &String| !one.contains(|c: char| c.is_whitespace() || c.is_control() || "<>".contains(c));
    (!list.contains(char::is_control) && !all.is_empty() && all.iter().all(is_good)).then_some(all)
}

/// The addresses to which a message is.
#[must_use]
pub fn recipients(message: &[u8]) -> Vec<String> {
    let parsed = mail_parser::MessageParser::default().parse_headers(message);
    let Some(to) = parsed.as_ref().and_then(|message| message.to()) else { return Vec::new() };
    to.iter().filter_map(|one| one.address()).map(str::to_owned).collect()
}

/// The subject: the newest title, and how many more there are.
fn headline(news: &News) -> String {
    let Some(first) = news.stories().first().map(|story| title(story)) else {
        return format!("Despatch: {}", subject(news));
    };
    let mut shown: String = first.chars().take(SHOWN).collect();
    if shown.len() < first.len() {
        shown.push('…');
    }
    format!("{shown} · {}", subject(news))
}

/// The head of the page: one column, for narrow and wide windows, light and dark.
const HEAD: &str = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
<meta name=\"color-scheme\" content=\"light dark\"><meta name=\"supported-color-schemes\" content=\"light dark\">\
<title>Despatch</title>\n<style>\n\
:root { color-scheme: light dark; }\n\
body { margin: 0; padding: 16px; background: #ffffff; color: #1a1a1a; font: 16px/1.45 Georgia, serif; }\n\
main { max-width: 640px; margin: 0 auto; overflow-wrap: anywhere; }\n\
h1 { font: bold 15px/1.3 system-ui, sans-serif; margin: 28px 0 8px; padding-bottom: 4px; border-bottom: 1px solid #767676; }\n\
ol { list-style: none; margin: 0; padding: 0; }\n\
li { margin: 0 0 16px; }\n\
a { color: #0b4f8a; }\n\
b { font-size: 17px; }\n\
p, small { font: 14px/1.4 system-ui, sans-serif; color: #595959; margin: 2px 0; }\n\
@media (prefers-color-scheme: dark) {\n\
body { background: #16181b; color: #e8e6e3; }\n\
a { color: #8ec5ff; }\n\
p, small { color: #b0b0b0; }\n\
}\n</style></head>\n<body><main>\n";

fn html(news: &News) -> String {
    let mut out = HEAD.to_owned();
    for found in news.found.iter().filter(|found| !found.stories.is_empty() || found.more > 0 || found.elsewhere > 0) {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "<h1>{}</h1>\n<ol>", encode_text(&heading(found)));
        for story in &found.stories {
            let name = short_title(story);
            let name = encode_text(&name);
            let linked = match page(story) {
                Some(url) => format!("<a href=\"{}\">{name}</a>", encode_double_quoted_attribute(&url)),
                None => name.into_owned(),
            };
            let facts = on_one_line(&story.facts().join(" · "));
            let id = on_one_line(&story.id);
            let (facts, id) = (encode_text(&facts), encode_text(&id));
            let _ = writeln!(out, "<li><b>{linked}</b><br><small>{facts} · {id}</small></li>");
        }
        out.push_str("</ol>\n");
        for line in counted(found, &news.mark) {
            let _ = writeln!(out, "<p>{}</p>", encode_text(&line));
        }
    }
    out + "</main></body></html>\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_addresses_is_one_line_of_addresses() {
        let read = |list| addresses(list).map(|all| all.join(" "));
        assert_eq!(
            read("Ada <ada@alda.example>, bo@alda.example,").as_deref(),
            Some("ada@alda.example bo@alda.example")
        );
        assert_eq!(read("root").as_deref(), Some("root"));
        for bad in ["", " , ", "a@x.example\r\nBcc: b@x.example", "a@x.example\n", "a@x.example Bcc: b"] {
            assert_eq!(read(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_message_says_to_whom_it_is() {
        let now = "2026-03-01T12:00:00Z".parse().unwrap();
        for to in [vec![], vec!["ada@alda.example".to_owned(), "bo@alda.example".to_owned()]] {
            let message = mail(&News::default(), &Letter { id: "a", to: &to, now }).unwrap();
            assert_eq!(recipients(&message), to);
        }
        assert_eq!(recipients(b""), [""; 0]);
    }
}
