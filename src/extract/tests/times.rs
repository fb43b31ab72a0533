//! Tests of dates and datelines as a reader of the article sees them.

use super::*;

/// The publication date of an article whose metadata gives `value`.
fn published(value: &str) -> Option<String> {
    let object = serde_json::json!({ "text": "One.", "published": value }).to_string();
    let found = article(&document(Format::Json, object)).expect("the object has a text");
    found.published.map(|moment| moment.to_string())
}

fn reads(cases: &[(&str, Option<&str>)]) {
    for (text, want) in cases {
        assert_eq!(published(text).as_deref(), *want, "{text}");
    }
}

#[test]
fn half_past_twelve_in_the_morning_is_just_after_midnight() {
    reads(&[
        ("2025-01-14 12:30 a.m. UTC", Some("2025-01-14T00:30:00Z")),
        ("2025-01-14 12:30 p.m. UTC", Some("2025-01-14T12:30:00Z")),
        ("2025-01-14 12:00 a.m. UTC", Some("2025-01-14T00:00:00Z")),
        ("2025-01-14 12:00 p.m. UTC", Some("2025-01-14T12:00:00Z")),
        ("2025-01-14 12:30am CET", Some("2025-01-14T00:30:00+01:00")),
        ("January 14, 2025 at 12:30 AM EST", Some("2025-01-14T00:30:00-05:00")),
        ("January 14, 2025 at 12:30 PM EST", Some("2025-01-14T12:30:00-05:00")),
        ("2025-01-14 1:05 pm UTC", Some("2025-01-14T13:05:00Z")),
        ("2025-01-14 11:59 PM UTC", Some("2025-01-14T23:59:00Z")),
        ("2025-01-14 9:07 a.m. UTC", Some("2025-01-14T09:07:00Z")),
        ("2025-01-14 13:30 pm UTC", Some("2025-01-14T13:30:00Z")),
        ("2025-01-14 12:30 UTC", Some("2025-01-14T12:30:00Z")),
        ("2025-01-14 00:30 UTC", Some("2025-01-14T00:30:00Z")),
    ]);
}

#[test]
fn a_time_that_is_none_or_has_no_zone_leaves_the_day() {
    for clock in [
        "12 noon UTC",
        "noon UTC",
        "25:00 UTC",
        "10:60 UTC",
        "10:5 UTC",
        "10:30",
        "9:17 p.m.",
        "10:30 ABC",
        "10:30 +123",
    ] {
        assert_eq!(published(&format!("2025-01-14 {clock}")).as_deref(), Some("2025-01-14"), "{clock}");
        assert_eq!(published(&format!("14/1/2025 {clock}")).as_deref(), Some("2025-01-14"), "{clock}");
    }
    reads(&[
        ("14/1/2025, 10:00 UTC", Some("2025-01-14T10:00:00Z")),
        ("2025-01-14 10:00:59,123 UTC", Some("2025-01-14T10:00:59Z")),
        ("2025-01-14t10:00:07.9Z", Some("2025-01-14T10:00:07Z")),
        ("2025-01-14 - 10:00 UTC", Some("2025-01-14T10:00:00Z")),
    ]);
}

#[test]
fn the_zones_of_newsrooms_have_their_offsets() {
    let zones = [
        ("Z", "Z"),
        ("UTC", "Z"),
        ("GMT", "Z"),
        ("WET", "Z"),
        ("EST", "-05:00"),
        ("CDT", "-05:00"),
        ("EDT", "-04:00"),
        ("CST", "-06:00"),
        ("MDT", "-06:00"),
        ("MST", "-07:00"),
        ("PDT", "-07:00"),
        ("PST", "-08:00"),
        ("CET", "+01:00"),
        ("WEST", "+01:00"),
        ("MEZ", "+01:00"),
        ("CEST", "+02:00"),
        ("EET", "+02:00"),
        ("MESZ", "+02:00"),
        ("SAST", "+02:00"),
        ("EEST", "+03:00"),
        ("MSK", "+03:00"),
        ("TRT", "+03:00"),
        ("JST", "+09:00"),
        ("KST", "+09:00"),
        ("AEST", "+10:00"),
        ("AEDT", "+11:00"),
        ("cet", "+01:00"),
        ("(CET)", "+01:00"),
        ("UTC+2", "+02:00"),
        ("GMT-3", "-03:00"),
        ("+0530", "+05:30"),
        ("+05:30", "+05:30"),
        ("+5", "+05:00"),
        ("-11", "-11:00"),
        ("−03:00", "-03:00"),
        ("+15:59", "+15:59"),
    ];
    for (zone, offset) in zones {
        let want = format!("2025-01-14T10:00:00{offset}");
        assert_eq!(published(&format!("2025-01-14 10:00 {zone}")), Some(want), "{zone}");
    }
    for zone in ["+16:00", "+05:60", "+123", "5", "+"] {
        assert_eq!(published(&format!("2025-01-14 10:00 {zone}")).as_deref(), Some("2025-01-14"), "{zone}");
    }
}

#[test]
fn digits_alone_are_a_day_or_seconds_by_their_number() {
    reads(&[
        ("20250114", Some("2025-01-14")),
        ("202501142117", Some("2025-01-14")),
        ("20250114211727", Some("2025-01-14")),
        ("20251314", None),
        ("1736889447", Some("2025-01-14T21:17:27Z")),
        ("1736889447999", Some("2025-01-14T21:17:27Z")),
        ("173688944", Some("1975-07-04T06:55:44Z")),
        ("17368894470", None),
        ("1736889", None),
    ]);
    for (value, want) in [
        ("1736889447", "2025-01-14T21:17:27Z"),
        ("1736889447000", "2025-01-14T21:17:27Z"),
        ("-86400", "1969-12-31T00:00:00Z"),
    ] {
        let found = article(&document(Format::Json, format!("{{\"text\": \"One.\", \"date\": {value}}}")));
        let found = found.expect("the object has a text").published.map(|moment| moment.to_string());
        assert_eq!(found.as_deref(), Some(want));
    }
}

#[test]
fn days_in_numbers_are_read_where_they_have_one_meaning() {
    reads(&[
        ("2025/1/4", Some("2025-01-04")),
        ("2025.01.04", Some("2025-01-04")),
        ("2025-01/04", None),
        ("2025年1月4", Some("2025-01-04")),
        ("2025년 1월 4일", Some("2025-01-04")),
        ("2025年1년4日", None),
        ("25-01-04", None),
        ("2024-02-29", Some("2024-02-29")),
        ("2025-02-29", None),
        ("13/12/2025", Some("2025-12-13")),
        ("12/13/2025", Some("2025-12-13")),
        ("12/12/2025", Some("2025-12-12")),
        ("12/11/2025", None),
        ("3.4.2025", Some("2025-04-03")),
        ("3-4-2025", None),
        ("13-4-2025", Some("2025-04-13")),
        ("13/13/2025", None),
        ("12.13.2025", None),
        ("14/01-2025", None),
        ("14/01/25", None),
        ("\"2025-01-04\"", Some("2025-01-04")),
        ("'2025-01-04'", Some("2025-01-04")),
        ("1799-12-31", None),
        ("1800-01-01", Some("1800-01-01")),
        ("2199-12-31", Some("2199-12-31")),
        ("2200-01-01", None),
        ("Stand: 05.03.2024, 14:30 Uhr", Some("2024-03-05")),
        ("Updated 2024-03-05", Some("2024-03-05")),
    ]);
    let label = |letters: usize| format!("{} 13.3.2024", "x".repeat(letters));
    assert_eq!(published(&label(38)).as_deref(), Some("2024-03-13"));
    assert_eq!(published(&label(39)), None, "so much before a date is a sentence");
    let long = |letters: usize| format!("5 March 2024 {}", "x".repeat(letters - 13));
    assert_eq!(published(&long(120)).as_deref(), Some("2024-03-05"));
    assert_eq!(published(&long(121)), None);
}

#[test]
fn days_in_words_need_day_month_and_year() {
    reads(&[
        ("March 2025", None),
        ("5 March", None),
        ("32 March 2025", None),
        ("March 32, 2025", None),
        ("31 April 2025", None),
        ("31 March 2025", Some("2025-03-31")),
        ("5th of March 2025", Some("2025-03-05")),
        ("5 de marzo del 2025", Some("2025-03-05")),
        ("5 de marzo de 2025", Some("2025-03-05")),
        ("5 of March, 2025", Some("2025-03-05")),
        ("2025 March 5", Some("2025-03-05")),
        ("March 5 2025", Some("2025-03-05")),
        ("Mar. 5th, 2025", Some("2025-03-05")),
        ("Wednesday (March 5, 2025)", Some("2025-03-05")),
        ("Wednesday, 5 March 2025 10:00 GMT", Some("2025-03-05T10:00:00Z")),
        ("5 March 2025: 10:00 GMT", Some("2025-03-05T10:00:00Z")),
        ("5 March 2025 | 10:00 GMT", Some("2025-03-05T10:00:00Z")),
        ("5xyz March 2025", None),
        ("5 March 25", None),
        ("5 March 20255", None),
        ("Tue, 14 Jan 2025 21:17:27 EST", Some("2025-01-14T21:17:27-05:00")),
    ]);
}

#[test]
fn english_alone_has_both_orders_of_day_and_month() {
    let long = "The ministry of Ravenia has put the plan off more than once, and nobody on the quay was surprised.";
    for (language, want) in [
        ("en-US", Some("2024-03-04")),
        ("en-us", Some("2024-03-04")),
        ("en_US", Some("2024-03-04")),
        ("en-GB", Some("2024-04-03")),
        ("en-IE", Some("2024-04-03")),
        ("en-AU", Some("2024-04-03")),
        ("en-NZ", Some("2024-04-03")),
        ("en-IN", Some("2024-04-03")),
        ("en-ZA", Some("2024-04-03")),
        ("en-CA", None),
        ("en", None),
        ("de", Some("2024-04-03")),
        ("de-US", Some("2024-04-03")),
        ("german", None),
    ] {
        let page = format!(
            "<html lang={language}><head><meta name=date content=\"03/04/2024\"></head><body><article><h1>Two frigates sail north</h1>\
             <p>{long}</p><p>{long} It is so.</p></article></body></html>"
        );
        let found = html(&page).published.map(|moment| moment.to_string());
        assert_eq!(found.as_deref(), want, "{language}");
    }
}

#[test]
fn a_date_may_be_a_day_and_two_hours_after_the_fetch_and_no_more() {
    for (value, kept) in
        [("2025-01-15T14:00:00Z", true), ("2025-01-15T14:00:01Z", false), ("2025-01-15", true), ("2025-01-16", false)]
    {
        let object = serde_json::json!({ "text": "One.", "published": value, "modified": value }).to_string();
        let raw = RawDocument { fetched: "2025-01-14T12:00:00Z".parse().ok(), ..document(Format::Json, object) };
        let found = article(&raw).expect("the object has a text");
        assert_eq!((found.published.is_some(), found.modified.is_some()), (kept, kept), "{value}");
    }
}

/// Places, day and agency of the dateline, and the text that is left.
fn dateline(text: &str, published: &str) -> (String, Option<String>, Option<String>, String) {
    let object = serde_json::json!({ "text": text, "published": published }).to_string();
    let found = article(&document(Format::Json, object)).expect("the object has a text");
    let line = found.dateline.unwrap_or_default();
    (line.places.join("/"), line.date.map(|date| date.to_string()), line.agency, found.text)
}

#[test]
fn a_dateline_without_a_year_is_of_the_last_such_day_before_or_on_the_day_of_publication() {
    for (day, published, want) in [
        ("3 March", "2026-03-03", Some("2026-03-03")),
        ("2 March", "2026-03-03", Some("2026-03-02")),
        ("4 March", "2026-03-03", Some("2025-03-04")),
        ("3 March", "2026-03-03T23:30:00-05:00", Some("2026-03-03")),
        ("3 March", "2026-03-03T00:30:00+09:00", Some("2026-03-03")),
        ("1 January", "2026-01-01", Some("2026-01-01")),
        ("31 December", "2026-01-01", Some("2025-12-31")),
        ("31 December", "2025-12-31", Some("2025-12-31")),
        ("2 January", "2026-01-01", Some("2025-01-02")),
        ("3 March 2024", "2026-03-03", Some("2024-03-03")),
        ("March 3, 2024", "2026-03-03", Some("2024-03-03")),
        ("March 3", "2026-03-03", Some("2026-03-03")),
        ("Mar. 3", "2026-03-03", Some("2026-03-03")),
        ("1st March", "2026-03-03", Some("2026-03-01")),
        ("March 2nd", "2026-03-03", Some("2026-03-02")),
        ("3rd March", "2026-03-03", Some("2026-03-03")),
        ("4th February", "2026-03-03", Some("2026-02-04")),
        ("29 February", "2026-03-03", None),
        ("3 March", "", None),
    ] {
        let (places, date, agency, text) = dateline(&format!("LONDON, {day} (Reuters) - Ships sailed."), published);
        assert_eq!((places.as_str(), text.as_str()), ("London", "Ships sailed."), "{day}");
        assert_eq!(agency.as_deref(), Some("Reuters"), "{day}");
        assert_eq!(date.as_deref(), want, "{day} in an article of {published}");
        let (_, beside, ..) = dateline(&format!("London {day}: Ships sailed."), published);
        if !day.contains(',') {
            assert_eq!(beside.as_deref(), want, "{day} behind the place in an article of {published}");
        }
    }
}

#[test]
fn a_dateline_names_places_agency_and_day_in_many_forms() {
    for (head, places, agency) in [
        ("LONDON (Reuters) –", "London", Some("Reuters")),
        ("LONDON [Reuters] –", "London", Some("Reuters")),
        ("LONDON (AFP/dpa) -", "London", Some("AFP/dpa")),
        ("LONDON (Quay News) -", "London", Some("Quay News")),
        ("LONDON (with pictures) -", "London", None),
        ("LONDON (Area 51) -", "London", None),
        ("LONDON (A very long name of an agency abroad) -", "London", None),
        ("LONDON (the quay, ap) -", "London", Some("the quay, ap")),
        ("LONDON (AP – Reuters) –", "London", Some("AP – Reuters")),
        ("BERLIN/dpa -", "Berlin", Some("dpa")),
        ("Berlin, Reuters -", "Berlin", Some("Reuters")),
        ("LONDON -", "London", None),
        ("LONDON –", "London", None),
        ("LONDON —", "London", None),
        ("LONDON ―", "London", None),
        ("LONDON --", "London", None),
        ("LONDON--", "London", None),
        ("LONDON—", "London", None),
        ("LONDON (AP)-", "London", Some("AP")),
        ("LONDON:", "London", None),
        ("LORNBURG –", "Lornburg", None),
        ("LORNBURG (AP):", "Lornburg", Some("AP")),
        ("LORNBURG, Ontario:", "Lornburg", None),
        ("Lornburg, Ontario –", "Lornburg", None),
        ("Oslo:", "Oslo", None),
        ("Oslo, Berlin –", "Oslo/Berlin", None),
        ("OSLO/LORNBURG –", "Oslo/Lornburg", None),
        ("RIO DE JANEIRO –", "Rio de Janeiro", None),
        ("STRATFORD-UPON-AVON –", "Stratford-Upon-Avon", None),
        ("WASHINGTON DC –", "Washington DC", None),
        ("N’DJAMENA –", "N’djamena", None),
        ("ON THE RHINE –", "On The Rhine", None),
    ] {
        let (found, _, from, text) = dateline(&format!("{head} Ships sailed."), "2026-03-03");
        assert_eq!((found.as_str(), from.as_deref(), text.as_str()), (places, agency, "Ships sailed."), "{head}");
    }
    assert_eq!(dateline("LONDON:Ships sailed.", "").3, "Ships sailed.");
    let bracket = dateline("PHILIPPINE SEA (June 21, 2020) – Ships sailed.", "2026-03-03");
    assert_eq!((bracket.0.as_str(), bracket.1.as_deref()), ("Philippine Sea", Some("2020-06-21")));
    assert_eq!(bracket.2, None, "the day in brackets is no agency");
}

#[test]
fn what_only_looks_like_a_dateline_stays_in_the_text() {
    for text in [
        "LORNBURG: Ships sailed.",
        "Lornburg – Ships sailed.",
        "Lornburg, Ontario: Ships sailed.",
        "Oslo, Berlin: Ships sailed.",
        "Ships (LONDON –) sailed.",
        "LONDON! – Ships sailed.",
        "LONDON-Ships sailed.",
        "LONDON -Ships sailed.",
        "LONDON:ships sailed.",
        "LONDON“ – Ships sailed.",
        "LONDON –",
        "london – Ships sailed.",
        "ONE TWO THREE FOUR FIVE SIX – Ships sailed.",
        "A. B., C. D., E. F., G. H., I. J. – Ships sailed.",
        "AB – Ships sailed.",
        "LONDON, which waits – Ships sailed.",
        "LONDON, Some Other Long Name – Ships sailed.",
        "LONDON, UPDATE – Ships sailed.",
        "GEN. REED – Ships sailed.",
        "NATO – Ships sailed.",
        "ROOM 101 – Ships sailed.",
    ] {
        let (places, _, _, left) = dateline(text, "2026-03-03");
        assert_eq!((places.as_str(), left.as_str()), ("", text));
    }
    let head = |letters: usize| format!("{} – Ships sailed.", ["LONDON"; 1].concat() + &" ".repeat(letters));
    assert_eq!(dateline(&head(1), "").0, "London");
}

#[test]
fn a_dateline_stands_in_the_first_paragraphs_and_below_no_sentence() {
    let places = |above: &[&str]| {
        let mut text = above.join("\n\n");
        if !above.is_empty() {
            text.push_str("\n\n");
        }
        dateline(&(text + "OSLO — Ships sailed.\n\nThey return."), "").0
    };
    assert_eq!(places(&[]), "Oslo");
    assert_eq!(places(&["Defence desk"]), "Oslo");
    assert_eq!(places(&["Defence desk", "Third squadron", "On the quay"]), "Oslo");
    assert_eq!(places(&["Defence desk", "Third squadron", "On the quay", "In the rain"]), "");
    assert_eq!(places(&["Ships have sailed."]), "");
    assert_eq!(places(&[&"a".repeat(120)]), "Oslo");
    assert_eq!(places(&[&"a".repeat(121)]), "");
    let below = dateline("Defence desk\n\nOSLO — Ships sailed.\n\nThey return.", "");
    assert_eq!(below.3, "Defence desk\n\nShips sailed.\n\nThey return.");
}

#[test]
fn the_dateline_of_the_text_beats_a_declared_one() {
    let of = |text: &str| {
        let object = serde_json::json!({ "text": text, "dateline": ["Bergen", " "] }).to_string();
        article(&document(Format::Json, object)).expect("the object has a text").dateline.unwrap_or_default().places
    };
    assert_eq!(of("OSLO — Ships sailed."), ["Oslo"]);
    assert_eq!(of("Ships sailed."), ["Bergen"]);
}

#[test]
fn a_dateline_moves_the_places_of_its_paragraphs() {
    let text = "Defence desk\n\nOSLO — Ships sailed.\n\nThey return.";
    let found = article(&document(Format::Json, serde_json::json!({ "text": text }).to_string()));
    let found = found.expect("the object has a text");
    let kept: Vec<&str> = found.paragraphs.iter().map(|paragraph| &found.text[paragraph.range()]).collect();
    assert_eq!(kept, ["Defence desk", "Ships sailed.", "They return."]);
    let found = article(&document(Format::Text, "Title\n\n".to_owned() + text)).expect("there is text");
    let source = "Title\n\n".to_owned() + text;
    let written: Vec<&str> = found
        .paragraphs
        .iter()
        .filter_map(|paragraph| paragraph.input)
        .map(|(from, to)| &source[from as usize..to as usize])
        .collect();
    assert_eq!(written, ["Defence desk", "Ships sailed.", "They return."]);
    assert_eq!(found.evidence.get("dateline").map(String::as_str), Some("text"));
}
