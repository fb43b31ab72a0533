//! Made pairs: 200 of form letters, which are stories of their own, and 200 of true copies.

use serde::Deserialize;

use super::{Places, Wording, is_another_story, is_copy, shingles};
use crate::article::Article;

/// A form with what stands at its places `{0}`, `{1}` … in four stories.
#[derive(Deserialize)]
struct Letter {
    name: String,
    title: String,
    text: String,
    fills: [Vec<String>; 4],
    outlets: [Option<String>; 4],
    dates: [String; 4],
}

/// A report with its copies.
#[derive(Deserialize)]
struct Report {
    name: String,
    title: String,
    text: String,
    outlet: Option<String>,
    date: String,
    copies: [Copy; 5],
}

/// A copy: each edit is a passage of the report and what stands there instead.
#[derive(Deserialize)]
struct Copy {
    title: String,
    outlet: Option<String>,
    date: String,
    edits: Vec<(String, String)>,
}

fn read<T: for<'de> Deserialize<'de>>(lines: &str) -> Vec<T> {
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn article(title: &str, text: &str, outlet: &Option<String>, date: &str) -> Article {
    let published = Some(date.parse().unwrap());
    Article { title: title.into(), text: text.into(), outlet: outlet.clone(), published, ..Article::default() }
}

impl Letter {
    fn story(&self, n: usize) -> Article {
        let fill = |form: &str| {
            let places = self.fills[n].iter().enumerate();
            places.fold(form.to_owned(), |text, (at, own)| text.replace(&format!("{{{at}}}"), own))
        };
        article(&fill(&self.title), &fill(&self.text), &self.outlets[n], &self.dates[n])
    }
}

impl Report {
    fn copy(&self, copy: &Copy) -> Article {
        let edit = |text: String, (old, new): &(String, String)| {
            assert_eq!(text.matches(old.as_str()).count(), 1, "{}: {old}", self.name);
            text.replace(old.as_str(), new)
        };
        article(&copy.title, &copy.edits.iter().fold(self.text.clone(), edit), &copy.outlet, &copy.date)
    }
}

/// Whether two articles would be one story.
fn one_story(one: &Article, two: &Article) -> bool {
    let places = |article: &Article| Places::of(&shingles(&article.text));
    let published = |article: &Article| article.published.map(|moment| moment.seconds());
    is_copy(&places(one), &places(two), (published(one), published(two)))
        && !is_another_story(&Wording::of(one), &Wording::of(two))
}

#[test]
fn form_letters_are_stories_of_their_own() {
    let letters: Vec<Letter> = read(include_str!("../../tests/duplicates/letters.jsonl"));
    let pairs = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3)];
    let joined = letters.iter().flat_map(|letter| pairs.map(|(one, two)| (letter, one, two)));
    let joined: Vec<String> = joined
        .filter(|(letter, one, two)| one_story(&letter.story(*one), &letter.story(*two)))
        .map(|(letter, one, two)| format!("{} {one} {two}", letter.name))
        .collect();
    assert_eq!(letters.len(), 40);
    assert_eq!(joined, [""; 0]);
}

#[test]
fn true_copies_are_one_story() {
    let reports: Vec<Report> = read(include_str!("../../tests/duplicates/copies.jsonl"));
    let mut apart = Vec::new();
    for report in &reports {
        let own = article(&report.title, &report.text, &report.outlet, &report.date);
        let copies = report.copies.iter().enumerate();
        apart.extend(
            copies
                .filter(|(_, copy)| !one_story(&own, &report.copy(copy)))
                .map(|(n, _)| format!("{} {n}", report.name)),
        );
    }
    assert_eq!(reports.len(), 40);
    // `Kr2.9bn` is cut into other numbers than `2.9 billion`.
    assert_eq!(apart, ["frigate-delay 1"]);
}
