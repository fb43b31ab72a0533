//! Tests over whole documents: what a reader of the article gets, and what no document may do.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;
use crate::article::{Doubt, Format, ParagraphKind};

fn document(format: Format, bytes: impl Into<Vec<u8>>) -> RawDocument {
    RawDocument { bytes: bytes.into(), format, ..RawDocument::default() }
}

fn html(page: &str) -> Article {
    article(&document(Format::Html, page)).expect("the page has an article")
}

const STORY: &str = "<p>VALLETTA, 3 May (Agency) - The two frigates left the harbour on Monday morning for a patrol of the northern sea, the ministry said in a statement.</p>\
    <h2>What comes next</h2><p>They return before the summer, and a third ship of the same class is to join them for an exercise with the allies in June.</p>\
    <blockquote><p>We sail when the weather lets us, and it does, said the captain on the quay.</p></blockquote>\
    <ul><li>Two frigates and one tanker take part.</li><li>The exercise lasts for three weeks.</li></ul>\
    <table><tr><td>Crew</td><td>212 sailors aboard</td></tr></table>\
    <p>The opposition asked for a report to parliament on the costs of the patrol, which the minister promised for the autumn of this year.</p>";

fn page() -> String {
    format!(
        "<!DOCTYPE html><html lang=\"en-GB\"><head><title>Frigates sail north | Harbour Post</title>\
         <meta property=\"og:title\" content=\"Frigates sail north\"><meta property=\"og:site_name\" content=\"Harbour Post\">\
         <meta name=\"description\" content=\"Two ships of the navy are on their way to the northern sea, and a third will follow.\">\
         <link rel=\"canonical\" href=\"https://www.harbourpost.example/news/frigates?utm_source=x#top\">\
         <script type=\"application/ld+json\">{{\"@type\":\"NewsArticle\",\"headline\":\"Frigates sail north\",\"datePublished\":\"2024-05-03T08:00:00+02:00\",\
         \"dateModified\":\"2024-05-03T09:30:00+02:00\",\"articleSection\":\"Defence\",\"keywords\":[\"navy\"],\
         \"author\":[{{\"@type\":\"Person\",\"name\":\"By Ada Brook, Defence Correspondent\"}}]}}</script></head>\
         <body><nav><ul><li><a href=/>Home</a></li><li><a href=/a>Politics</a></li></ul></nav><main><article><h1>Frigates sail north</h1>\
         <p class=standfirst>Two ships of the navy are on their way to the northern sea, and a third will follow.</p>{STORY}\
         <div class=\"newsletter-box\"><p>Sign up for our newsletter and get the best stories of the day in your inbox every morning.</p></div>\
         <p><a href=/b>Read more about the tanker that sank off the coast</a></p></article>\
         <aside><p>Most read: the mayor opens a bridge and other stories of the week that you should not miss.</p></aside></main>\
         <footer><p>Copyright Harbour Post. All rights reserved. We use cookies to make this site work for you.</p></footer></body></html>"
    )
}

#[test]
fn a_page_gives_its_story_and_what_it_says_about_it() {
    let found = html(&page());
    assert_eq!(found.title, "Frigates sail north");
    assert_eq!(found.byline, ["Ada Brook"]);
    assert_eq!(found.published.map(|moment| moment.to_string()).as_deref(), Some("2024-05-03T08:00:00+02:00"));
    assert_eq!(found.modified.map(|moment| moment.to_string()).as_deref(), Some("2024-05-03T09:30:00+02:00"));
    assert_eq!(found.outlet.as_deref(), Some("Harbour Post"));
    assert_eq!(found.url.as_deref(), Some("https://www.harbourpost.example/news/frigates"));
    assert_eq!(found.language.as_deref(), Some("en"));
    assert_eq!(found.section.as_deref(), Some("Defence"));
    assert_eq!(found.keywords, ["navy"]);
    assert_eq!(found.evidence.get("byline").map(String::as_str), Some("json-ld author"));
    for kept in [
        "Two ships of the navy",
        "The two frigates left",
        "What comes next",
        "said the captain",
        "Two frigates and one tanker",
        "212 sailors",
        "The opposition asked",
    ] {
        assert!(found.text.contains(kept), "{kept} is missing from {}", found.text);
    }
    for dropped in ["newsletter", "Read more", "Most read", "cookies", "Politics"] {
        assert!(!found.text.contains(dropped), "{dropped} is in {}", found.text);
    }
    let kind = |needle: &str| {
        found
            .paragraphs
            .iter()
            .find(|paragraph| found.text[paragraph.range()].contains(needle))
            .map(|paragraph| paragraph.kind)
    };
    assert_eq!(kind("What comes next"), Some(ParagraphKind::Heading));
    assert_eq!(kind("said the captain"), Some(ParagraphKind::Quote));
    assert_eq!(kind("one tanker"), Some(ParagraphKind::ListItem));
    assert_eq!(kind("212 sailors"), Some(ParagraphKind::Table));
}

#[test]
fn a_page_without_dates_gets_none() {
    let page = format!(
        "<html><head><title>Ships</title></head><body><article><h1>Ships</h1><p>On 3 May 2024 the navy said that it would sail in June 2025.</p>{STORY}<p>Comment of 2 January 2023.</p></article></body></html>"
    );
    let found = html(&page);
    assert_eq!(found.published, None);
    assert_eq!(found.modified, None);
}

/// Pages without a date of their own, however many dates they show.
#[test]
fn no_date_is_invented() {
    let long =
        "The ministry of Ravenia has put the plan off more than once, and nobody on the quay was surprised to hear it.";
    let pages = [
        (
            "running text",
            "",
            "<p>On 5 March 2024 the minister said that the ships would sail, and on 6 March they did.</p>",
        ),
        (
            "copyright years",
            "<meta name=copyright content=\"2019-2024\">",
            "<footer>© 2019-2024 Harbour Post, 5 March 2024</footer>",
        ),
        (
            "comments",
            "",
            "<div class=\"comment-list\"><p>Ada, <time datetime=\"2024-03-07T10:00:00Z\">7 March</time>: well said.</p></div>",
        ),
        (
            "related stories",
            "",
            "<ul class=cards><li><a href=/1>One</a> <time datetime=2024-03-05>5 March</time></li><li><a href=/2>Two</a> <time datetime=2024-02-01>1 February</time></li></ul>",
        ),
        (
            "a related story in the margin",
            "",
            "<aside><a href=/1>One</a> <time datetime=2024-03-05>5 March</time></aside>",
        ),
        (
            "an event",
            "<script type=\"application/ld+json\">{\"@type\":\"Event\",\"name\":\"Harbour day\",\"startDate\":\"2024-06-12\"}</script>",
            "<time datetime=2024-06-12>12 June 2024</time>",
        ),
        (
            "an event in mark-up",
            "",
            "<div itemscope itemtype=\"https://schema.org/Event\"><time itemprop=startDate datetime=2024-06-12>12 June</time></div>",
        ),
        (
            "a founding date",
            "<script type=\"application/ld+json\">{\"@type\":\"Organization\",\"name\":\"Harbour Post\",\"foundingDate\":\"1998-04-01\"}</script>",
            "",
        ),
        ("a caption", "", "<figure><img src=x><figcaption>The ship on 5 March 2024. Photo: navy</figcaption></figure>"),
        (
            "templates left as they are",
            "<meta property=\"article:published_time\" content=\"{{ date }}\"><meta name=date content=\"today\"><meta name=pubdate content=\"0000-00-00\">",
            "",
        ),
        ("a meaning that is open", "<meta name=date content=\"03/04/2024\">", ""),
        (
            "an address that only looks dated",
            "<link rel=canonical href=\"https://post.example/2024/13/45/ships-1998-2004\">",
            "",
        ),
        (
            "a date in the link of a picture",
            "<meta property=\"og:image\" content=\"https://post.example/2024/03/05/ship.jpg\">",
            "",
        ),
        ("a year alone", "<meta name=\"dc.date\" content=\"2024\">", ""),
    ];
    for (case, head, body) in pages {
        let page = format!(
            "<html lang=en><head><title>Ships</title>{head}</head><body><main><article><h1>Two frigates sail north</h1>\
             <p>{long}</p><p>{long} It is so.</p></article></main>{body}</body></html>"
        );
        let found = html(&page);
        assert_eq!((found.published, found.modified), (None, None), "{case}");
    }
    let clock = format!(
        "<html><body><header><time datetime=2024-03-05>Tuesday, 5 March 2024</time></header><h1>Two frigates sail north</h1>\
         <p>{long}</p></body></html>"
    );
    assert_eq!(html(&clock).published, None, "the day's date in the head of the site");
}

/// Where publishers put the date.
#[test]
fn dates_are_found_where_publishers_put_them() {
    let long =
        "The ministry of Ravenia has put the plan off more than once, and nobody on the quay was surprised to hear it.";
    for (head, below, want) in [
        (
            "<meta property=\"article:published_time\" content=\"2024-03-05T09:14:00+01:00\">",
            "",
            "2024-03-05T09:14:00+01:00",
        ),
        ("<meta itemprop=datePublished content=\"2024-03-05T09:14:00+0100\">", "", "2024-03-05T09:14:00+01:00"),
        ("<meta name=\"parsely-pub-date\" content=\"2024-03-05T08:14:00Z\">", "", "2024-03-05T08:14:00Z"),
        ("<meta name=\"sailthru.date\" content=\"Tue, 05 Mar 2024 09:14:00 +0100\">", "", "2024-03-05T09:14:00+01:00"),
        ("<meta name=\"DC.date.issued\" content=\"2024-03-05\">", "", "2024-03-05"),
        ("<meta name=\"dcterms.created\" content=\"2024-03-05\">", "", "2024-03-05"),
        ("<meta name=date content=\"05/03/2024\">", "", "2024-03-05"),
        ("<link rel=canonical href=\"https://post.example/2024/03/05/ships\">", "", "2024-03-05"),
        (
            "<script type=\"application/ld+json\">{\"@graph\":[{\"@type\":\"WebPage\",\"datePublished\":\"2024-03-05T08:14:00Z\"}]}</script>",
            "",
            "2024-03-05T08:14:00Z",
        ),
        ("", "<time datetime=\"2024-03-05T09:14+01:00\">today</time>", "2024-03-05T09:14:00+01:00"),
        ("", "<time pubdate>5. März 2024, 9:14 Uhr</time>", "2024-03-05"),
        ("", "<abbr class=published title=\"2024-03-05T09:14:00+01:00\">09:14</abbr>", "2024-03-05T09:14:00+01:00"),
        ("", "<span class=\"post-date\">Posted on March 5, 2024</span>", "2024-03-05"),
        ("", "<span itemprop=datePublished>5 March 2024</span>", "2024-03-05"),
        ("", "<span class=\"entry-date\">5. März 2024</span>", "2024-03-05"),
    ] {
        let page = format!(
            "<html lang=de><head><title>Ships</title>{head}</head><body><main><article><h1>Two frigates sail north</h1>{below}\
             <p>{long}</p><p>{long} It is so.</p></article></main><ul><li><time datetime=2023-01-01>1 January</time></li></ul></body></html>"
        );
        let found = html(&page).published.map(|moment| moment.to_string());
        assert_eq!(found.as_deref(), Some(want), "{head}{below}");
    }
}

#[test]
fn a_date_after_the_fetch_is_refused() {
    let mut raw = document(Format::Html, page());
    raw.fetched = "2024-01-01T00:00:00Z".parse().ok();
    let found = article(&raw).expect("the page has an article");
    assert_eq!((found.published, found.modified), (None, None));
    let object = "{\"text\": \"One.\", \"published\": \"2024-05-03\", \"modified\": \"2023-12-31\"}";
    let raw = RawDocument { fetched: raw.fetched, ..document(Format::Json, object) };
    let found = article(&raw).expect("the object has a text");
    assert_eq!(found.evidence.get("published").map(String::as_str), Some("last change: json modified"));
    assert_eq!(found.modified.map(|moment| moment.to_string()).as_deref(), Some("2023-12-31"));
    let page = page().replace("</head>", "<meta name=date content=\"2023-12-30\"></head>");
    let raw = RawDocument { fetched: raw.fetched, ..document(Format::Html, page) };
    let found = article(&raw).expect("the page has an article").published;
    assert_eq!(found.map(|moment| moment.to_string()).as_deref(), Some("2023-12-30"), "the next source is asked");
}

#[test]
fn json_ld_gives_no_text_that_the_page_does_not_show() {
    let invented = "A text that stands nowhere on the page and says other things. ".repeat(20);
    let page = page().replace("\"headline\"", &format!("\"articleBody\":\"{invented}\",\"headline\""));
    assert!(!html(&page).text.contains("stands nowhere"));
}

#[test]
fn a_plain_text_with_a_dateline_has_no_invented_title() {
    let text = "LONDON: The two governments are said to weigh new talks on “closer ties”, officials said on Monday.\n\
                The prime minister’s office said that it was open to them.\nA visit is planned for next week, according to diplomats.\n";
    let found = article(&document(Format::Text, text)).expect("there is text");
    assert_eq!(found.title, "");
    assert_eq!(found.dateline.as_ref().map(|dateline| dateline.places.clone()), Some(vec!["London".to_owned()]));
    assert!(found.text.starts_with("The two governments"));
    let (from, to) = found.paragraphs[0].input.expect("plain text has places");
    assert!(text[from as usize..to as usize].starts_with("The two governments"));
}

#[test]
fn control_characters_do_not_reach_the_text() {
    let found = html(&page().replace("on the quay", "on\u{1}\u{7f} the&#27;[31m\u{0} quay"));
    assert!(found.text.chars().all(|c| !c.is_control() || c == '\n'), "{:?}", found.text);
}

#[test]
fn empty_and_foreign_documents_are_named() {
    for format in [Format::Html, Format::Text, Format::Markdown, Format::Json] {
        assert!(article(&document(format, "")).is_err(), "{format:?}");
    }
    assert!(matches!(article(&document(Format::Json, "{")), Err(ExtractError::Malformed { .. })));
}

/// Limits are generous, because the tests run unoptimised and in parallel.
fn within(limit: Duration, page: &str) {
    let start = Instant::now();
    let _ = article(&document(Format::Html, page));
    assert!(start.elapsed() < limit, "took {:?}", start.elapsed());
}

#[test]
fn hostile_pages_take_bounded_time() {
    let limit = Duration::from_secs(60);
    within(limit, &format!("{}deep{}", "<div>".repeat(100_000), "</div>".repeat(100_000)));
    within(limit, &"<b><i><a href=x>".repeat(30_000));
    within(limit, &"<table><tr><td>".repeat(30_000));
    within(limit, &"<script>".repeat(100_000));
    within(limit, &"<svg><template>".repeat(50_000));
    within(limit, &"<!--".repeat(100_000));
    within(limit, &"<p title=\"".repeat(50_000));
    within(limit, &format!("<p {}>x</p>", "a=1 ".repeat(100_000)));
    within(limit, &format!("<html><body><p>{}</p></body></html>", "word ".repeat(300_000)));
    within(limit, &"</div></p>".repeat(100_000));
}

#[test]
fn much_json_ld_takes_bounded_time() {
    let mut data = String::from("{\"@type\":\"NewsArticle\",\"headline\":\"Frigates sail north\",\"hasPart\":");
    for at in 0..1000 {
        let _ = write!(data, "{{\"@type\":\"WebPageElement\",\"name\":\"{}{at}\",\"hasPart\":", "x".repeat(1250));
    }
    data.push_str("null");
    data.push_str(&"}".repeat(1001));
    within(
        Duration::from_secs(2),
        &page().replace("</head>", &format!("<script type=\"application/ld+json\">{data}</script></head>")),
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400), kind in 0..4_usize) {
        let format = [Format::Html, Format::Text, Format::Markdown, Format::Json][kind];
        let _ = article(&document(format, bytes));
    }

    #[test]
    fn no_markup_panics(parts in proptest::collection::vec(prop_oneof![
        Just("<p>"), Just("</p>"), Just("<div class=\"article-body\">"), Just("</div>"), Just("<a href='/x/'>"), Just("</a>"), Just("<table><tr><td>"), Just("<li>"),
        Just("<script type=application/ld+json>{\"@type\":\"Article\",\"author\":"), Just("</script>"), Just("<h1>"), Just("<blockquote>"), Just("<!--"), Just("-->"), Just("<svg"), Just(">"),
        Just("OSLO (AP) — The ships sail on Monday, officials said. "), Just("é&#1;\u{2028}İ"), Just("<time datetime=2024>"), Just("\u{0}"),
    ], 0..60)) {
        let page = parts.concat();
        if let Ok(found) = article(&document(Format::Html, page.as_str())) {
            for paragraph in &found.paragraphs {
                prop_assert!(found.text.get(paragraph.range()).is_some_and(|text| !text.trim().is_empty() && !text.contains('\n')));
            }
        }
    }

    #[test]
    fn paragraphs_of_text_lie_where_they_say(text in "([A-Za-z(,:—–. é]{0,30}\n{0,3}\r?){0,12}") {
        if let Ok(found) = article(&document(Format::Text, text.as_str())) {
            for paragraph in &found.paragraphs {
                let kept: Vec<&str> = found.text[paragraph.range()].split_whitespace().collect();
                let (from, to) = paragraph.input.expect("plain text has places");
                let source: Vec<&str> = text[from as usize..to as usize].split_whitespace().collect();
                prop_assert!(source.join(" ").ends_with(&kept.join(" ")), "{:?} {:?}", source, kept);
            }
        }
    }
}

#[test]
fn a_page_laid_out_by_a_table_gives_the_column_with_the_story() {
    let page = format!(
        "<html><head><meta name=author content=\"Ada Brook\"></head><body><table><tr><td><a href=/land>Land</a><br><a href=/sea>Sea</a></td><td><h1>Frigates sail north</h1>\
         <p>Ada Brook, 3 May 2024</p>{STORY}</td><td><b>Tenders closing soon</b><br><a href=/x>Mayor opens a bridge over the river</a></td>\
         </tr></table></body></html>"
    );
    let text = html(&page).text;
    assert!(text.starts_with("The two frigates left"), "{text}");
    assert!(text.ends_with("autumn of this year."), "{text}");
    assert!(text.contains("212 sailors aboard"), "a table within the story stays: {text}");
}

#[test]
fn a_line_of_authors_and_dates_is_no_paragraph() {
    let names = ["Ada Brook".to_owned(), "Tom Reed".to_owned()];
    assert!(boilerplate::is_byline("By Ada Brook and Tom Reed, 3 May 2024", &names));
    assert!(boilerplate::is_byline("Published 3 May 2024, 10:15 GMT", &[]));
    assert!(!boilerplate::is_byline("Ada Brook resigned on 3 May 2024", &names));
    assert!(!boilerplate::is_byline("What comes next", &names));
}

mod exporters;
mod pages;
mod plain;
mod times;
mod whole;
