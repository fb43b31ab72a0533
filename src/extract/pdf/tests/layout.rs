//! Lines, columns, tables, notes, hyphens: what belongs together, and in which order.

use super::*;
use ParagraphKind::{Heading, ListItem, Table, Text};

/// A paragraph of four lines of 60 characters, the last one short.
const FLEET: [&str; 4] = [
    "The fleet of Alda has nine frigates and will have seven when",
    "the two oldest of them leave the service in the spring, said",
    "the minister on Monday. She told the committee that a review",
    "had begun.",
];
const FLEET_TEXT: &str = "The fleet of Alda has nine frigates and will have seven when the two oldest of them leave the service in the \
                          spring, said the minister on Monday. She told the committee that a review had begun.";

#[test]
fn lines_become_paragraphs_at_gaps_indents_and_short_lines() {
    let second =
        ["A second yard would take years to build, and the men who are", "to work in it have yet to be found."];
    let want = [
        FLEET_TEXT,
        "A second yard would take years to build, and the men who are to work in it have yet to be found.",
    ];
    let mut gap = Page::default();
    gap.lines(72.0, 700.0, 10.0, &FLEET).lines(72.0, 640.0, 10.0, &second);
    let mut indent = Page::default();
    indent.lines(72.0, 700.0, 10.0, &FLEET).at(90.0, 652.0, 10.0, second[0]).at(72.0, 640.0, 10.0, second[1]);
    let mut short = Page::default();
    short.lines(72.0, 700.0, 10.0, &[&FLEET[..], &second[..]].concat());
    for page in [gap, indent, short] {
        assert_eq!(texts(&article(&Pdf::of([page]))), want);
    }
}

#[test]
fn words_are_joined_over_the_ends_of_lines() {
    for (first, second, before, want) in [
        (
            "The report on naval procure-",
            "ment was published.",
            "Nothing.",
            "The report on naval procurement was published.",
        ),
        (
            "The ships of the Franco-",
            "German programme are late.",
            "Nothing.",
            "The ships of the Franco-German programme are late.",
        ),
        (
            "A plan for the well-",
            "being of sailors exists.",
            "The well-being counts.",
            "A plan for the well-being of sailors exists.",
        ),
        ("A costly long-", "term contract was signed.", "Nothing.", "A costly long-term contract was signed."),
        ("It is a re-", "Armament of sorts for all.", "The rearmament.", "It is a reArmament of sorts for all."),
        ("A patrol -", "the third - left the port.", "Nothing.", "A patrol - the third - left the port."),
        ("The coop\\255", "eration with Brenia is old.", "Nothing.", "The cooperation with Brenia is old."),
    ] {
        let mut page = Page::default();
        page.lines(72.0, 700.0, 10.0, &[first, second]).at(72.0, 600.0, 10.0, &format!("He said: {before}"));
        page.lines(72.0, 500.0, 10.0, &FLEET);
        let article = article(&Pdf::of([page]));
        assert_eq!(texts(&article)[0], want);
    }
}

#[test]
fn headings_are_larger_or_bold() {
    let mut page = Page::default();
    page.at(72.0, 720.0, 20.0, "The fleet to 2040").at(72.0, 680.0, 14.0, "A review of ships");
    page.lines(72.0, 650.0, 10.0, &FLEET)
        .bold(72.0, 590.0, 10.0, "What the yards can do")
        .lines(72.0, 575.0, 10.0, &FLEET);
    let article = article(&Pdf::of([page]));
    assert_eq!(article.title, "The fleet to 2040");
    let want =
        [("A review of ships", Heading), (FLEET_TEXT, Text), ("What the yards can do", Heading), (FLEET_TEXT, Text)];
    assert_eq!(paragraphs(&article), want);
}

#[test]
fn a_title_of_two_lines_is_one() {
    let mut page = Page::default();
    page.at(100.0, 720.0, 18.0, "The fleet of Alda").at(130.0, 698.0, 18.0, "to 2040").lines(72.0, 650.0, 10.0, &FLEET);
    let article = article(&Pdf::of([page]));
    assert_eq!((article.title.as_str(), texts(&article)), ("The fleet of Alda to 2040", vec![FLEET_TEXT]));
}

#[test]
fn running_headers_and_page_numbers_go() {
    let pages: Vec<Page> = (1..=5)
        .map(|number| {
            let mut page = Page::default();
            page.at(72.0, 760.0, 8.0, &format!("House Paper 12 - Session {number}")).at(
                300.0,
                30.0,
                8.0,
                &format!("Page {number}"),
            );
            page.lines(72.0, 700.0, 10.0, &FLEET).at(
                72.0,
                600.0,
                10.0,
                &format!("Page {number} has a sentence of its own."),
            );
            page
        })
        .collect();
    let article = article(&Pdf::of(pages));
    let own: Vec<String> = (1..=5).map(|number| format!("Page {number} has a sentence of its own.")).collect();
    let want: Vec<&str> = own.iter().flat_map(|own| [FLEET_TEXT, own]).collect();
    assert_eq!(texts(&article), want);
    assert_eq!(pages_of(&article), [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
}

fn pages_of(article: &Article) -> Vec<u32> {
    super::pages(article)
}

#[test]
fn headers_of_left_and_right_pages_go_too() {
    let pages: Vec<Page> = (1..=6)
        .map(|number| {
            let mut page = page(&FLEET);
            match number % 2 {
                0 => page.at(72.0, 760.0, 8.0, &format!("{number}   Defence Committee")),
                _ => page.at(400.0, 760.0, 8.0, &format!("The fleet to 2040   {number}")),
            };
            page
        })
        .collect();
    assert_eq!(texts(&article(&Pdf::of(pages))), [FLEET_TEXT; 6]);
}

#[test]
fn what_stands_on_one_page_only_stays() {
    let mut page = page(&FLEET);
    page.at(72.0, 760.0, 8.0, "House Paper 12").at(72.0, 30.0, 8.0, "Printed in Port Alda");
    let article = article(&Pdf::of([page]));
    assert!(
        article.text.contains("House Paper 12") && article.text.contains("Printed in Port Alda"),
        "{}",
        article.text
    );
}

#[test]
fn a_paragraph_runs_over_the_end_of_a_page_and_the_notes_there() {
    let mut first = Page::default();
    first.lines(72.0, 160.0, 10.0, &FLEET[..2]).lines(
        72.0,
        90.0,
        7.0,
        &["1 Statement of the Alda navy, 3 March 2031."],
    );
    let mut second = Page::default();
    second.lines(72.0, 700.0, 10.0, &FLEET[2..]).at(72.0, 600.0, 10.0, "The next one stands on the second page.");
    let article = article(&Pdf::of([first, second]));
    let want = [FLEET_TEXT, "1 Statement of the Alda navy, 3 March 2031.", "The next one stands on the second page."];
    assert_eq!(texts(&article), want);
    assert_eq!(pages_of(&article), [1, 1, 2]);
    assert_eq!(article.page_at(article.text.len() - 3), Some(2));
}

#[test]
fn columns_are_read_one_after_the_other() {
    let left = [
        "The fleet of Alda has nine",
        "frigates and will have only",
        "seven when two of the oldest",
        "leave the service in spring,",
        "said the minister.",
    ];
    let right = [
        "A second yard would take the",
        "government years to build and",
        "nobody knows where the men who",
        "are to work in it should come",
        "from, she said.",
    ];
    let mut page = Page::default();
    page.at(72.0, 740.0, 18.0, "Ships of Alda, a report in two columns")
        .lines(72.0, 700.0, 10.0, &left)
        .lines(320.0, 698.0, 10.0, &right);
    let article = article(&Pdf::of([page]));
    assert_eq!(article.title, "Ships of Alda, a report in two columns");
    let want = [
        "The fleet of Alda has nine frigates and will have only seven when two of the oldest leave the service in spring, said the minister.",
        "A second yard would take the government years to build and nobody knows where the men who are to work in it should come from, she said.",
    ];
    assert_eq!(texts(&article), want);
}

#[test]
fn a_paragraph_runs_over_the_end_of_a_column() {
    let left = [
        "The fleet of Alda has nine",
        "frigates and will have only",
        "seven when two of the oldest",
        "leave the service in spring",
        "and are sold to the navy of",
    ];
    let right = [
        "Brenia, whose minister has not",
        "said when they will be paid or",
        "where the men who are to sail",
        "them will be trained in the",
        "years that follow.",
    ];
    let mut page = Page::default();
    page.lines(72.0, 700.0, 10.0, &left).lines(320.0, 700.0, 10.0, &right);
    let article = article(&Pdf::of([page]));
    assert_eq!(texts(&article), [format!("{} {}", left.join(" "), right.join(" "))]);
}

#[test]
fn rows_of_tables_have_bars() {
    let mut page = page(&FLEET);
    for (row, cells) in
        [["Year", "Frigates", "Budget"], ["2031", "9", "1,200"], ["2032", "7", "1,350"]].iter().enumerate()
    {
        for (column, cell) in cells.iter().enumerate() {
            page.at(72.0 + 120.0 * column as f32, 600.0 - 14.0 * row as f32, 10.0, cell);
        }
    }
    let article = article(&Pdf::of([page]));
    let want = [
        (FLEET_TEXT, Text),
        ("Year | Frigates | Budget", Table),
        ("2031 | 9 | 1,200", Table),
        ("2032 | 7 | 1,350", Table),
    ];
    assert_eq!(paragraphs(&article), want);
}

#[test]
fn bullets_make_lists_and_numbers_begin_paragraphs() {
    let mut page = page(&FLEET);
    page.at(72.0, 620.0, 10.0, "\u{95}")
        .at(90.0, 620.0, 10.0, "two frigates that are to be built in Port Alda and")
        .at(90.0, 608.0, 10.0, "fitted in Brenia");
    page.at(72.0, 596.0, 10.0, "- one tanker");
    page.lines(
        72.0,
        500.0,
        10.0,
        &[
            "12. The committee asks the ministry for a plan by the summer.",
            "13. It also asks for the figures of the last four years.",
        ],
    );
    let article = article(&Pdf::of([page]));
    let want = [
        (FLEET_TEXT, Text),
        ("two frigates that are to be built in Port Alda and fitted in Brenia", ListItem),
        ("one tanker", ListItem),
        ("12. The committee asks the ministry for a plan by the summer.", Text),
        ("13. It also asks for the figures of the last four years.", Text),
    ];
    assert_eq!(paragraphs(&article), want);
}

#[test]
fn raised_numbers_stay_on_their_line() {
    let mut page = Page::default();
    page.at(72.0, 700.0, 10.0, "The ministry")
        .at(145.0, 704.0, 6.0, "1")
        .at(152.0, 700.0, 10.0, "denied it.")
        .lines(72.0, 650.0, 10.0, &FLEET);
    assert_eq!(texts(&article(&Pdf::of([page])))[0], "The ministry1 denied it.");
}

#[test]
fn a_number_at_the_foot_of_one_page_is_no_page_number() {
    let mut first = page(&FLEET);
    first.at(300.0, 30.0, 10.0, "2031");
    let article = article(&Pdf::of([first, page(&FLEET)]));
    assert!(article.text.contains("2031"), "{}", article.text);
}

#[test]
fn entries_of_a_table_of_contents_stand_apart() {
    let mut page = page(&FLEET);
    page.lines(
        72.0,
        500.0,
        10.0,
        &["Ships of the line . . . . . . . . . 4", "Ships of the coast.................. 12"],
    );
    let article = article(&Pdf::of([page]));
    assert_eq!(texts(&article)[1..], ["Ships of the line … 4", "Ships of the coast … 12"]);
}
