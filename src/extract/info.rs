//! What a PDF or Word document says about itself in its properties, and what of that an article believes.

use super::dates::{self, Manner};
use super::metadata::note;
use super::{byline, canonical, language, metadata, shown};
use crate::article::{Article, Moment, RawDocument};
use crate::wordlist::WordList;

/// Paragraphs at the head of a document in which its title and date are looked for.
pub(crate) const HEAD: usize = 24;
/// Bytes of the longest line that is only about a date.
const DATE_LINE: usize = 120;

/// Endings of files that programs put in place of a title.
static FILES: WordList = WordList::new(include_str!("lists/file_endings.txt"));

/// Names that programs and templates put in place of a title, without a number behind them.
static EMPTY: WordList = WordList::new(include_str!("lists/title_placeholders.txt"));

/// The properties of a document.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Info {
    /// What the properties are called, for the evidence.
    pub(crate) name: &'static str,
    pub(crate) title: Option<String>,
    pub(crate) author: Option<String>,
    pub(crate) keywords: Option<String>,
    pub(crate) language: Option<String>,
    /// When the file was made, as in RFC 3339.
    pub(crate) created: Option<String>,
}

impl Info {
    /// Sets authors, language, date and keywords of an article whose text is set. `head` are its first paragraphs,
    /// `running` its running headers and footers.
    pub(crate) fn set<'t>(
        &self,
        article: &mut Article,
        head: impl Iterator<Item = &'t str>,
        running: &[String],
        document: &RawDocument,
    ) {
        self.set_authors(article);
        language::set(article, self.language.as_deref());
        self.set_date(article, head, running, document);
        if let Some(keywords) = &self.keywords {
            article.keywords = metadata::keywords(keywords.split([',', ';']));
        }
    }

    /// Sets the authors, if they are people and no account of a computer.
    fn set_authors(&self, article: &mut Article) {
        let Some(author) = &self.author else { return };
        let names = byline::names([author.as_str()], &[]);
        let is_person = |name: &String| byline::is_full(name) && name.contains(char::is_uppercase) || !name.is_ascii();
        if !names.is_empty() && names.iter().all(is_person) && !author.contains(['@', '\\', '_']) {
            article.byline = names;
            note(article, "byline", self.name);
        }
    }

    /// Sets the date: one that the head shows in a line about it, else one of the running headers, else one of the
    /// title, else when the file was made.
    fn set_date<'t>(
        &self,
        article: &mut Article,
        head: impl Iterator<Item = &'t str>,
        running: &[String],
        document: &RawDocument,
    ) {
        let host = article.url.as_deref().and_then(canonical::host);
        let manner = Manner::of(article.language.as_deref().or(self.language.as_deref()), host.as_deref());
        let past = |moment: &Moment| dates::not_after(moment, document.fetched);
        let lines = head.filter(|text| text.len() <= DATE_LINE);
        let shown = shown::of_lines(lines, &manner).filter(past).map(|moment| (moment, "first page".to_owned()));
        let running = || {
            let found = shown::of_lines(running.iter().map(String::as_str), &manner).filter(past);
            found.map(|moment| (moment, "running header".to_owned()))
        };
        let in_title = || {
            let found = shown::in_title(&article.title, &manner).filter(past);
            found.map(|moment| (moment, "title".to_owned()))
        };
        let made = || {
            let found = self.created.as_deref().and_then(dates::parse).filter(past);
            found.map(|moment| (moment, format!("{}, creation of the file", self.name)))
        };
        if let Some((moment, from)) = shown.or_else(running).or_else(in_title).or_else(made) {
            article.published = Some(moment);
            note(article, "published", from);
        }
    }
}

/// Whether a title is one, and not a name that a program or a template put there.
pub(crate) fn is_title(title: &str) -> bool {
    let lower = title.to_lowercase();
    let program = ["microsoft word - ", "microsoft powerpoint - "].iter().any(|start| lower.starts_with(start));
    let bare = lower.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ' || c == '-');
    let file = FILES.as_slice().iter().any(|end| lower.ends_with(end))
        || !title.contains(' ') && title.contains(['_', '/', '\\']);
    let letters = title.chars().filter(|c| c.is_alphabetic()).count();
    let code = !title.contains(' ') && title.chars().any(|c| c.is_ascii_digit()) && title.is_ascii();
    !program && !EMPTY.has(bare) && !file && !code && letters >= 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_and_templates_are_no_titles() {
        for title in ["The Alda fleet to 2040", "Rüstungsbericht", "国防报告白皮书"] {
            assert!(is_title(title), "{title}");
        }
        for no in [
            "Microsoft Word - fleet.doc",
            "untitled",
            "Untitled-1",
            "Document1",
            "fleet_v2_final",
            "report.indd",
            "CBP-9012",
            "Layout 1",
            "12",
            "PowerPoint Presentation",
            "fleet v3.pdf",
        ] {
            assert!(!is_title(no), "{no}");
        }
    }
}
