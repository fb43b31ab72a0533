//! Tests of text, Markdown and JSON: names, addresses, charsets, languages, paragraphs and their places.

use super::*;

fn of(format: Format, source: &str) -> Article {
    article(&document(format, source)).expect(source)
}

fn object(value: &serde_json::Value) -> Article {
    of(Format::Json, &value.to_string())
}

fn byline(value: &str) -> String {
    object(&serde_json::json!({ "text": "Ships sailed.", "author": value, "outlet": "Harbour Post" })).byline.join("; ")
}

#[test]
fn a_declared_author_beats_a_first_line_that_signs() {
    let text = "By Ada Brook\n\nShips sailed.";
    for key in ["byline", "author", "authors", "creator"] {
        let found = object(&serde_json::json!({ "text": text, key: "Tom Reed" }));
        assert_eq!(found.byline, ["Tom Reed"], "{key}");
        assert_eq!(found.evidence.get("byline"), Some(&format!("json {key}")));
    }
    let found = object(&serde_json::json!({ "text": text }));
    assert_eq!((found.byline.join("; ").as_str(), found.text.as_str()), ("Ada Brook", "Ships sailed."));
    assert_eq!(found.evidence.get("byline").map(String::as_str), Some("first line"));
    let found = of(Format::Markdown, &format!("---\nauthor: Tom Reed\n---\n\n{text}"));
    assert_eq!(found.byline, ["Tom Reed"]);
    assert_eq!(found.evidence.get("byline").map(String::as_str), Some("front matter"));
    let found = of(Format::Markdown, &format!("---\ntitle: Ships\n---\n\n{text}"));
    assert_eq!(found.byline, ["Ada Brook"]);
    let found = of(Format::Text, &format!("Frigates sail north\n\n{text}"));
    assert_eq!((found.byline.join("; ").as_str(), found.text.as_str()), ("Ada Brook", "Ships sailed."));
    let all = serde_json::json!({ "text": "One.", "creator": "Cy Dale", "authors": ["Tom Reed"], "author": "Ines Vale", "byline": "Ada Brook" });
    assert_eq!(object(&all).byline, ["Ada Brook"]);
    let unusable = serde_json::json!({ "text": "One.", "byline": "admin", "author": "https://example.org/ada", "authors": ["Tom Reed"] });
    assert_eq!(object(&unusable).byline, ["Tom Reed"], "the next key is asked");
}

#[test]
fn brackets_behind_a_name_are_no_part_of_it() {
    for (given, want) in [
        ("Ada Brook (Lorn Institute)", "Ada Brook"),
        ("Ada Brook (AB)", "Ada Brook"),
        ("Ada Brook [Reuters]", "Ada Brook"),
        ("Ada Brook (Lorn (north)) and Tom Reed (south)", "Ada Brook; Tom Reed"),
        ("Ada Brook (Lorn", "Ada Brook"),
        ("Ada Brook) and Tom Reed", "Ada Brook; Tom Reed"),
        ("Ada (“Addie”) Brook", "Ada  Brook"),
    ] {
        assert_eq!(byline(given), want, "{given}");
    }
}

#[test]
fn what_can_be_no_name_signs_nothing() {
    for (given, want) in [
        ("one two three four five six seven", "one two three four five six seven"),
        ("one two three four five six seven eight", ""),
        ("A", ""),
        ("Al", "Al"),
        ("X12", "X12"),
        ("X123", ""),
        ("1234", ""),
        ("www.example.org", ""),
        ("see http now", ""),
        ("{{ author }}", ""),
        ("Unknown", ""),
        ("N/A", ""),
        ("Admin", ""),
        ("User", ""),
        ("@adabrook", ""),
        ("Ada Brook @adabrook", "Ada Brook"),
        ("Ada Brook <ada@example.org>", "Ada Brook"),
    ] {
        assert_eq!(byline(given), want, "{given}");
    }
    assert_eq!(byline(&format!("Ada {}", "b".repeat(66))).len(), 70);
    assert_eq!(byline(&format!("Ada {}", "b".repeat(67))), "");
    let many: Vec<String> = (b'A'..=b'Z').map(|c| format!("Ada {}rook", char::from(c))).collect();
    assert_eq!(object(&serde_json::json!({ "text": "One.", "authors": many })).byline.len(), 20);
    let twice = serde_json::json!({ "text": "One.", "authors": ["Ada Brook", "ADA BROOK", "Ada-Brook", "Tom Reed"] });
    assert_eq!(object(&twice).byline, ["Ada Brook", "Tom Reed"]);
}

#[test]
fn names_are_parted_where_a_sign_or_word_joins_them() {
    for (given, want) in [
        ("Ada Brook and Tom", "Ada Brook; Tom"),
        ("Ada Brook AND Tom Reed", "Ada Brook; Tom Reed"),
        ("Ada Brook & Tom Reed", "Ada Brook; Tom Reed"),
        ("Ada Brook with Tom Reed", "Ada Brook; Tom Reed"),
        ("Ada Brook / Tom Reed | Ines Vale · Cy Dale", "Ada Brook; Tom Reed; Ines Vale; Cy Dale"),
        ("Ana Ruiz y Vega", "Ana Ruiz y Vega"),
        ("Ana Ruiz e Luis Vega", "Ana Ruiz; Luis Vega"),
        ("Ana Ruiz et al", "Ana Ruiz et al"),
        ("Ada Brook - Harbour Post", "Ada Brook"),
        ("Ada Brook at the quay", "Ada Brook"),
        ("Lord in Waiting", "Lord in Waiting"),
        ("Ada Brook, from Lorn", "Ada Brook"),
        ("Ada Brook Photos: Tom Reed", "Ada Brook"),
        ("Words by Ada Brook", "Ada Brook"),
        ("Story by: Ada Brook", "Ada Brook"),
        ("by Ada", "Ada"),
        ("Author: Ada", "Ada"),
        ("Von Brook", "Von Brook"),
        ("Di Rupo", "Di Rupo"),
        ("Bytown Brook", "Bytown Brook"),
        ("Staff", "Staff"),
        ("News desk, Ada Brook", "Ada Brook"),
        ("Ada Editor", "Ada Editor"),
        ("Ada Brook Senior Defence Editor", "Ada Brook"),
        ("The Harbour Post and Ada Brook", "Ada Brook"),
        ("The Harbour Post", "The Harbour Post"),
        ("Harbour Post staff", "Harbour Post"),
        ("田中太郎 記者", "田中太郎"),
        ("“Ada Brook”.", "Ada Brook"),
    ] {
        assert_eq!(byline(given), want, "{given}");
    }
}

#[test]
fn a_first_line_signs_where_it_is_by_and_whole_names_alone() {
    let long = format!("By {}", "Adaline Brooksworth ".repeat(4));
    let rows: [(&str, bool); 12] = [
        ("By Ada Brook", true),
        ("BY ADA BROOK", true),
        ("by Ada Brook", false),
        ("Ada Brook", false),
        ("By Ada", false),
        ("By Ada Brook.", false),
        ("By Ada Brook and Tom", false),
        ("By Ada Bea Cora Brook", true),
        ("By Ada Bea Cora Dora Brook", false),
        ("By the way", false),
        ("By Ada Brook, Defence Editor", true),
        (long.trim(), false),
    ];
    for (line, signs) in rows {
        let found = object(&serde_json::json!({ "text": format!("{line}\n\nShips sailed.") }));
        assert_eq!(!found.byline.is_empty(), signs, "{line}");
        assert_eq!(found.text.starts_with("Ships"), signs, "{line}");
    }
    assert!(object(&serde_json::json!({ "text": "By Ada Brook" })).byline.is_empty(), "the text would be empty");
    let names = |count: usize| format!("By {}", vec!["Ada Brookfield"; count].join(" and "));
    assert_eq!(names(4).len(), 74);
    let pad = |length: usize| format!("By Ada {} and Tom {}", "b".repeat(33), "r".repeat(length - 49));
    for (length, signs) in [(90, true), (91, false)] {
        assert_eq!(
            !object(&serde_json::json!({ "text": format!("{}\n\nShips.", pad(length)) })).byline.is_empty(),
            signs
        );
    }
}

#[test]
fn addresses_of_one_page_meet() {
    for (raw, want) in [
        ("  https://example.org/a  ", "https://example.org/a"),
        ("http://example.org/a", "https://example.org/a"),
        ("https://example.org:443/a", "https://example.org/a"),
        ("http://example.org:80/a", "https://example.org/a"),
        ("https://example.org:80/a", "https://example.org/a"),
        ("https://example.org:8080/a", "https://example.org:8080/a"),
        ("https://example.org/a/", "https://example.org/a"),
        ("https://example.org/a//", "https://example.org/a"),
        ("https://example.org/A", "https://example.org/A"),
        ("https://example.org/a#b", "https://example.org/a"),
        ("https://example.org/a?", "https://example.org/a"),
        ("https://example.org/?id=1", "https://example.org/?id=1"),
        ("https://example.org/a?b=1&a=2", "https://example.org/a?b=1&a=2"),
        ("https://example.org/a?UTM_Source=x&utm-b=1&pk_c=2&id", "https://example.org/a?id"),
        ("https://example.org/a?reference=1&ref=2&utm=3", "https://example.org/a?reference=1&ref=2&utm=3"),
        ("https://example.org/a?id=ref", "https://example.org/a?id=ref"),
        ("https://example.org/a?path=b/", "https://example.org/a?path=b"),
        ("https://mobile.example.org/a", "https://example.org/a"),
        ("https://mobil.example.org/a", "https://example.org/a"),
        ("https://amp.example.org/a", "https://example.org/a"),
        ("https://news.example.org/a", "https://news.example.org/a"),
        ("https://www.m.example.org/a", "https://www.example.org/a"),
        ("https://www.amp.example.org/a", "https://www.example.org/a"),
        ("https://www.m.org/a", "https://www.m.org/a"),
        ("https://m.amp.example.org/a", "https://example.org/a"),
        ("https://m.example/a", "https://m.example/a"),
        ("https://10.0.0.1/a", "https://10.0.0.1/a"),
        ("https://example.org/a/amp", "https://example.org/a"),
        ("https://example.org/a.amp", "https://example.org/a"),
        ("https://example.org/a.amp.html", "https://example.org/a.html"),
        ("https://example.org/amp/a", "https://example.org/a"),
        ("https://example.org/amp/", "https://example.org/"),
        ("https://example.org/a/lamp", "https://example.org/a/lamp"),
        ("https://example.org/ample", "https://example.org/ample"),
        ("https://www.google.com/amp/s/example.org/a?x=1", "https://example.org/a?x=1"),
        ("https://www.google.com/amp/example.org/a", "https://example.org/a"),
        ("https://www.google.com/amp/s/local", "https://www.google.com/s/local"),
        ("https://www.google.com/search?q=1", "https://www.google.com/search?q=1"),
        ("https://x.cdn.ampproject.org/v/s/example.org/a", "https://example.org/a"),
        ("https://x.cdn.ampproject.org/i/s/example.org/a", "https://x.cdn.ampproject.org/i/s/example.org/a"),
    ] {
        assert_eq!(canonical(raw).as_deref(), Ok(want), "{raw}");
    }
}

#[test]
fn an_outlet_without_a_name_is_its_host() {
    let with = |value: serde_json::Value| object(&value);
    let found = with(serde_json::json!({ "text": "One.", "url": "https://www.post.example/a" }));
    assert_eq!(found.outlet.as_deref(), Some("post.example"));
    assert_eq!(found.evidence.get("outlet").map(String::as_str), Some("json host"));
    let found =
        with(serde_json::json!({ "text": "One.", "url": "https://www.post.example/a", "source": "Harbour Post" }));
    assert_eq!(found.outlet.as_deref(), Some("Harbour Post"));
    let mut raw = document(Format::Text, "Ships sailed.");
    raw.address = Some("http://www.post.example/a?utm_source=x".to_owned());
    let found = article(&raw).expect("there is text");
    assert_eq!(found.url.as_deref(), Some("https://www.post.example/a"));
    assert_eq!(found.outlet.as_deref(), Some("post.example"));
    let front = "---\nurl: https://other.example/b\noutlet: The Other\n---\n\nShips sailed.";
    let raw = RawDocument { address: raw.address, ..document(Format::Markdown, front) };
    let found = article(&raw).expect("there is text");
    assert_eq!(found.url.as_deref(), Some("https://other.example/b"), "what the document says comes first");
    assert_eq!(found.outlet.as_deref(), Some("The Other"));
}

#[test]
fn a_text_begins_with_its_title_or_has_none() {
    let long = "a".repeat(160);
    let longer = "a".repeat(161);
    let rows: [(&str, &str); 14] = [
        ("Frigates sail\n\nOne.", "Frigates sail"),
        ("Frigates sail!\n\nOne.", "Frigates sail!"),
        ("Frigates sail?\n\nOne.", "Frigates sail?"),
        ("Frigates sail.\n\nOne.", ""),
        ("Frigates sail,\n\nOne.", ""),
        ("Frigates sail;\n\nOne.", ""),
        ("Frigates sail:\n\nOne.", ""),
        ("Frigates sail…\n\nOne.", ""),
        ("Frigates sail\nOne.", ""),
        ("Frigates sail", ""),
        ("- Frigates sail\n\nOne.", ""),
        ("2024\n\nOne.", ""),
        ("OSLO – Frigates sail\n\nOne.", ""),
        ("\n\n  Frigates   sail \n\nOne.", "Frigates sail"),
    ];
    for (text, title) in rows {
        let found = of(Format::Text, text);
        assert_eq!(found.title, title, "{text:?}");
        assert_eq!(found.evidence.contains_key("title"), !title.is_empty());
    }
    assert_eq!(of(Format::Text, &format!("{long}\n\nOne.")).title, long);
    assert_eq!(of(Format::Text, &format!("{longer}\n\nOne.")).title, "");
}

/// The paragraphs of a plain text, list items with a mark.
fn paragraphs(text: &str) -> Vec<String> {
    let found = of(Format::Text, text);
    let shown = |paragraph: &crate::article::Paragraph| {
        let mark = if paragraph.kind == ParagraphKind::ListItem { "* " } else { "" };
        format!("{mark}{}", &found.text[paragraph.range()])
    };
    found.paragraphs.iter().map(shown).collect()
}

#[test]
fn lines_of_a_text_are_paragraphs_unless_it_is_wrapped() {
    let wrapped = "The two frigates left the harbour of Lorn on Monday\nmorning for a patrol that takes them into the north\nsea, and the ministry says that they return in May.";
    assert_eq!(paragraphs(wrapped).len(), 1);
    let indented = wrapped.to_owned() + "\n  Nobody was on the quay, for it rained as it always\ndoes there in spring.";
    assert_eq!(paragraphs(&indented).len(), 2, "an indented line behind a sentence begins a paragraph");
    let open =
        wrapped.replace("return in May.", "return in") + "\n  May, as the ministry of the interior said in a note.";
    assert_eq!(paragraphs(&open).len(), 1, "an indented line within a sentence does not");
    let listed = format!("{wrapped}\n{wrapped}") + "\n- One tanker\n* Two frigates\n• Three boats";
    assert_eq!(paragraphs(&listed)[1..], ["* One tanker", "* Two frigates", "* Three boats"]);
    assert_eq!(paragraphs("One ends.\nTwo ends.\nThree ends."), ["One ends.", "Two ends.", "Three ends."]);
    assert_eq!(paragraphs("Short\nlines\nof a poem"), ["Short", "lines", "of a poem"]);
    assert_eq!(
        paragraphs("One ends.\r\rTwo ends.\u{2028}Three ends.\r\n \r\nFour."),
        ["One ends.", "Two ends.", "Three ends.", "Four."]
    );
}

#[test]
fn places_count_bytes_of_the_file_where_it_needed_no_decoding() {
    let text = "Ships sailed.\n\nThey return.";
    let places = |bytes: Vec<u8>| -> Vec<Option<(u64, u64)>> {
        let found = article(&document(Format::Text, bytes)).expect("there is text");
        found.paragraphs.iter().map(|paragraph| paragraph.input).collect()
    };
    assert_eq!(places(text.into()), [Some((0, 13)), Some((15, 27))]);
    assert_eq!(places([b"\xef\xbb\xbf", text.as_bytes()].concat()), [Some((3, 16)), Some((18, 30))]);
    assert_eq!(places([text.as_bytes(), b"\xe9"].concat()), [None, None]);
    assert_eq!(places([text.as_bytes(), b"\0"].concat()), [None, None]);
}

#[test]
fn front_matter_is_read_under_all_its_names() {
    let of = |front: &str| {
        super::super::article(&document(Format::Markdown, format!("---\n{front}\n---\n\nShips sailed."))).expect(front)
    };
    for key in ["author", "authors", "byline", "Author"] {
        assert_eq!(of(&format!("{key}: Ada Brook")).byline, ["Ada Brook"], "{key}");
    }
    for key in ["date", "published", "pubdate"] {
        assert_eq!(
            of(&format!("{key}: 2024-05-06")).published.map(|day| day.to_string()).as_deref(),
            Some("2024-05-06")
        );
    }
    for key in ["modified", "updated", "lastmod"] {
        assert_eq!(
            of(&format!("{key}: 2024-05-06")).modified.map(|day| day.to_string()).as_deref(),
            Some("2024-05-06")
        );
    }
    for key in ["outlet", "source", "publisher", "site"] {
        assert_eq!(of(&format!("{key}: 'Harbour Post'")).outlet.as_deref(), Some("Harbour Post"), "{key}");
    }
    for key in ["url", "link", "canonical"] {
        assert_eq!(
            of(&format!("{key}: https://example.org/a/")).url.as_deref(),
            Some("https://example.org/a"),
            "{key}"
        );
    }
    for key in ["language", "lang"] {
        assert_eq!(of(&format!("{key}: fr-FR")).language.as_deref(), Some("fr"), "{key}");
    }
    for key in ["section", "category"] {
        assert_eq!(of(&format!("{key}: Defence")).section.as_deref(), Some("Defence"), "{key}");
    }
    for key in ["tags", "keywords"] {
        assert_eq!(of(&format!("{key}: navy, ships, navy")).keywords, ["navy", "ships"], "{key}");
        assert_eq!(of(&format!("{key}:\n  - navy\n  - ships")).keywords, ["navy", "ships"], "{key}");
    }
    let found = of("title: A\nauthors: [Ada Brook, \"Tom Reed\"]\nmood: calm\ndate:");
    assert_eq!((found.title.as_str(), found.byline.join("; ").as_str()), ("A", "Ada Brook; Tom Reed"));
    assert_eq!((found.published, found.evidence.len()), (None, 2), "{:?}", found.evidence);
    let dots =
        super::super::article(&document(Format::Markdown, "\n---\r\ntitle: A\r\n...\r\nShips sailed.")).expect("text");
    assert_eq!((dots.title.as_str(), dots.text.as_str()), ("A", "Ships sailed."));
    let open = super::super::article(&document(Format::Markdown, "---\ntitle: A\n\nShips sailed.")).expect("text");
    assert_eq!(open.title, "", "front matter that is not closed is none");
}

#[test]
fn a_markdown_heading_is_the_title_only_at_the_top() {
    let of = |text: &str| super::super::article(&document(Format::Markdown, text)).expect(text);
    let rows = [
        ("# Frigates sail\n\nOne.", "Frigates sail", "One."),
        ("Frigates sail\n===\n\nOne.", "Frigates sail", "One."),
        ("## Frigates sail\n\nOne.", "", "Frigates sail\n\nOne."),
        ("One.\n\n# Frigates sail\n\nTwo.", "", "One.\n\nFrigates sail\n\nTwo."),
        ("---\ntitle: Frigates sail\n---\n# FRIGATES SAIL!\n\nOne.", "Frigates sail", "One."),
        ("---\ntitle: Ships\n---\n# Frigates sail\n\nOne.", "Ships", "Frigates sail\n\nOne."),
    ];
    for (text, title, body) in rows {
        let found = of(text);
        assert_eq!((found.title.as_str(), found.text.as_str()), (title, body), "{text:?}");
    }
    let text = "# T\n\nOne [ship](https://example.org).  \nTwo.\n\n---\n\n1. a\n2. b\n\n> q\n\nx<br>y &amp; z";
    let found = of(text);
    let kinds: Vec<(&str, ParagraphKind)> = found.paragraphs.iter().map(|p| (&found.text[p.range()], p.kind)).collect();
    let want = [
        ("One ship.", ParagraphKind::Text),
        ("Two.", ParagraphKind::Text),
        ("a", ParagraphKind::ListItem),
        ("b", ParagraphKind::ListItem),
        ("q", ParagraphKind::Quote),
        ("xy & z", ParagraphKind::Text),
    ];
    assert_eq!(kinds, want);
    let (from, to) = found.paragraphs[2].input.expect("Markdown has places");
    assert_eq!(&text[from as usize..to as usize], "a");
}

#[test]
fn a_text_in_json_is_markdown_or_html_where_it_has_their_marks() {
    let text = |body: &str| object(&serde_json::json!({ "text": body })).text;
    for (body, want) in [
        ("One **ship** sailed.", "One ship sailed."),
        ("# Ships\n\nOne.", "Ships\n\nOne."),
        ("One *ship* sailed.", "One ship sailed."),
        ("One * ship * sailed.", "One * ship * sailed."),
        ("One *s* sailed.", "One *s* sailed."),
        ("One*ship* sailed.", "One*ship* sailed."),
        ("#1 of the ships", "#1 of the ships"),
        ("See [it](/a).", "See it."),
        ("One <p>ship</p>", "One\n\nship"),
        ("One<br>Ship", "One\n\nShip"),
        ("One<br>ship", "One ship"),
        ("One < two ships", "One < two ships"),
        ("<p>See [it](https://example.org).</p>", "See [it](https://example.org)."),
        ("See [it](https://example.org).<br>", "See it."),
    ] {
        assert_eq!(text(body), want, "{body}");
    }
}

#[test]
fn json_is_read_under_the_names_of_exporters_and_the_first_wins() {
    for (key, summary) in [
        ("text", false),
        ("body", false),
        ("content", false),
        ("article_text", false),
        ("maintext", false),
        ("fulltext", false),
        ("html", false),
        ("content_html", false),
        ("raw_html", false),
        ("summary", true),
        ("description", true),
        ("abstract", true),
        ("lede", true),
    ] {
        let found = object(&serde_json::json!({ key: "<p>Ships sailed.</p>" }));
        assert_eq!((found.text.as_str(), found.summary_only), ("Ships sailed.", summary), "{key}");
    }
    let found = object(&serde_json::json!({ "summary": "S.", "html": "<p>H.</p>", "body": "B.", "text": " " }));
    assert_eq!((found.text.as_str(), found.summary_only), ("B.", false));
    let found = object(&serde_json::json!({ "summary": "S.", "html": "<p>H.</p>" }));
    assert_eq!((found.text.as_str(), found.summary_only), ("H.", false));
    for key in [
        "published",
        "date",
        "date_published",
        "published_at",
        "publish_date",
        "pubDate",
        "publishedAt",
        "datePublished",
        "created_at",
        "timestamp",
    ] {
        let found = object(&serde_json::json!({ "text": "One.", key: "2024-05-06" }));
        assert_eq!(found.published.map(|day| day.to_string()).as_deref(), Some("2024-05-06"), "{key}");
        assert_eq!(found.evidence.get("published"), Some(&format!("json {key}")));
    }
    for key in ["modified", "updated", "date_modified", "updated_at", "dateModified", "updatedAt"] {
        let found = object(&serde_json::json!({ "text": "One.", key: "2024-05-06" }));
        assert_eq!(found.modified.map(|day| day.to_string()).as_deref(), Some("2024-05-06"), "{key}");
        assert_eq!(found.published, found.modified, "the only date known dates the article: {key}");
        assert_eq!(found.evidence.get("published"), Some(&format!("last change: json {key}")));
    }
    let found = object(&serde_json::json!({
        "text": "One.", "published": "soon", "date": "2024-05-06", "id": {"name": "n1"}, "_id": "x", "headline": "H", "link": "mailto:a",
        "address": "https://no.example/", "category": {"title": "Defence"}, "keywords": "navy; ships", "tags": ["ships", {"name": "sea"}],
        "publisher": " ", "feed_title": {"rendered": "Harbour Post"}
    }));
    assert_eq!(
        found.published.map(|day| day.to_string()).as_deref(),
        Some("2024-05-06"),
        "what cannot be read is passed over"
    );
    assert_eq!((found.source_id.as_deref(), found.title.as_str(), found.url.as_deref()), (Some("n1"), "H", None));
    assert_eq!((found.section.as_deref(), found.outlet.as_deref()), (Some("Defence"), Some("Harbour Post")));
    assert_eq!(found.keywords, ["navy", "ships", "sea"]);
}

#[test]
fn places_of_a_text_in_json_count_bytes_of_the_file() {
    for key in ["text", "body", "summary"] {
        let source = format!("{{\"title\": \"T\", \"{key}\": \"One \\\"ship\\\".\\n\\nTwo.\"}}");
        let found = of(Format::Json, &source);
        let written: Vec<&str> = found
            .paragraphs
            .iter()
            .filter_map(|paragraph| paragraph.input)
            .map(|(from, to)| &source[from as usize..to as usize])
            .collect();
        assert_eq!(written, ["One \\\"ship\\\".", "Two."], "{key}");
    }
}

#[test]
fn a_charset_is_that_of_mark_header_page_or_guess_in_this_order() {
    let text = |bytes: &[u8], header: Option<&str>| {
        let raw = RawDocument { content_type: header.map(str::to_owned), ..document(Format::Text, bytes) };
        article(&raw).expect("there is text").text
    };
    assert_eq!(text(b"\xfe\xff\0N\0a\0t\0o", Some("text/plain; charset=utf-8")), "Nato");
    assert_eq!(text(b"\xd8efc", Some("text/plain; CHARSET = 'iso-8859-2'")), "Řefc");
    assert_eq!(text(b"charset=koi8-r \xd8efc", Some("text/plain; charset=iso-8859-2")), "charset=koi8-r Řefc");
    assert_eq!(text(b"charset=iso-8859-2 \xd8efc", Some("text/plain")), "charset=iso-8859-2 Řefc");
    assert_eq!(text(b" <?xml encoding=\"iso-8859-2\"?>\xd8efc", None), "<?xml encoding=\"iso-8859-2\"?>Řefc");
    assert_eq!(text(b"<?xml encoding=\"koi8-r\"?>\xd8efc", None), "<?xml encoding=\"koi8-r\"?>ьefc");
    assert_eq!(text(b"encoding=\"koi8-r\" \xd8efc", None), "encoding=\"koi8-r\" Řefc", "only XML declares so");
    let far = |blanks: usize| [" ".repeat(blanks).as_bytes(), b"charset=koi8-r \xd8efc"].concat();
    assert!(text(&far(4096 - 14), None).ends_with("ьefc"));
    assert!(text(&far(4096), None).ends_with("Řefc"), "a declaration stands near the start");
    let japanese = "\u{1b}$BKI1R\u{1b}(B and more";
    assert_eq!(text(japanese.as_bytes(), Some("text/plain; charset=iso-2022-jp")), "防衛 and more");
    assert_eq!(text(b"Ships sailed\x80.", Some("text/plain; charset=nonsense")), "Ships sailed€.");
    assert_eq!(text("Café\0s".as_bytes(), None), "Cafés");
    let utf16: Vec<u8> = "Ships sailed.".encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(text(&utf16, None), "Ships sailed.");
    let utf16: Vec<u8> = "Ships sailed.".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(text(&utf16, None), "Ships sailed.");
    let broken = |bytes: usize| [b"\xe9 charset=utf-8 ".as_slice(), "a".repeat(bytes - 16).as_bytes()].concat();
    assert!(text(&broken(200), None).starts_with('\u{fffd}'), "one broken byte in 200 is still UTF-8");
    assert!(text(&broken(199), None).starts_with('é'), "more than that is not");
}

#[test]
fn the_language_is_that_of_the_text_with_the_declaration_as_a_check() {
    let french = "Le ministre de la défense a déclaré jeudi que les deux frégates quitteront le port avant la fin du mois, et \
                  que la marine attend encore les crédits promis par le parlement. Personne ne sait quand les navires reviendront, \
                  car la mission dépend des alliés et de la météo dans le nord.";
    let of = |text: &str, declared: Option<&str>| {
        let found = object(&serde_json::json!({ "text": text, "language": declared }));
        (found.language.unwrap_or_default(), found.evidence.get("language").cloned().unwrap_or_default())
    };
    let pair = |language: &str, from: &str| (language.to_owned(), from.to_owned());
    assert_eq!(of(french, Some("fr")), pair("fr", "declared and text"));
    assert_eq!(of(french, None), pair("fr", "text"));
    assert_eq!(of(french, Some("en")), pair("fr", "text, declared en"));
    assert_eq!(of("Nato.", Some("en")), pair("en", "declared"));
    assert_eq!(of("Nato.", Some("x-default")), pair("", ""));
    assert_eq!(of("Nato.", None), pair("", ""));
    for (said, want) in [
        ("english", "en"),
        ("Deutsch", "de"),
        ("german", "de"),
        ("français", "fr"),
        ("French", "fr"),
        ("spanish", "es"),
        ("español", "es"),
        ("in", "id"),
        ("iw", "he"),
        ("nob", "no"),
        ("fas", "fa"),
        ("xyz", ""),
        ("e1", ""),
        ("de;q=1", "de"),
        ("en,de", "en"),
        (" pt-BR", "pt"),
    ] {
        assert_eq!(of("Nato.", Some(said)).0, want, "{said}");
    }
}

#[test]
fn a_text_of_small_english_words_is_english_whatever_it_declares() {
    let english = "The ships of the navy sailed to the north and the crews were glad that the sea was calm for the first time in weeks. ";
    let found = object(&serde_json::json!({ "text": english.repeat(4), "language": "fr" }));
    assert_eq!(found.language.as_deref(), Some("en"));
}

#[test]
fn a_line_with_a_date_under_the_headline_dates_a_text() {
    let story = "Alda ordered four ships in May 2024, which will be built in Vell and delivered from 2029 onwards, the navy said.";
    let day = |format, head: &str| {
        let found = of(format, &format!("{head}\n\n{story}"));
        found.published.map(|moment| moment.day().to_string())
    };
    for (format, head) in [
        (Format::Text, "Ships for Alda\n\nPublished: 2026-11-20"),
        (Format::Text, "Ships for Alda\n\nBy Ines Quill, 20 November 2026"),
        (Format::Markdown, "# Ships for Alda\n\nBy Ines Quill, 20 November 2026"),
        (Format::Markdown, "# Ships for Alda\n\nNov. 20, 2026"),
    ] {
        assert_eq!(day(format, head).as_deref(), Some("2026-11-20"), "{head}");
    }
    for head in ["Treaty signed at Vell on 3 May 1994", "Hearing in Vell, 12 March 2024"] {
        assert_eq!(day(Format::Text, &format!("Ships for Alda\n\n{head}")), None, "{head}");
    }
    for head in ["Ships for Alda", "Ships for Alda\n\nTender closes: 2026-12-01", "Ships for Alda\n\n© 2026 Quay Post"]
    {
        assert_eq!(day(Format::Text, head), None, "{head}");
    }
    let found = of(Format::Text, &format!("VELL, Nov. 20, 2026 (Alda News) - {story}"));
    assert_eq!(found.published.map(|moment| moment.day().to_string()).as_deref(), Some("2026-11-20"));
}
