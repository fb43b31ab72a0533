//! JSON as exporters, crawlers and interfaces of news services write it.

use super::*;

const BODY: &str =
    "The ministry of Ravenia ordered howitzers on Monday, officials said.\n\nThe order covers spare parts.";

fn of(source: &str) -> Article {
    article(&document(Format::Json, source)).expect(source)
}

fn day(article: &Article) -> Option<String> {
    article.published.map(|moment| moment.day().to_string())
}

/// Articles of one report as programs write it: all give the same title, text, day, author, outlet and address.
#[test]
fn every_exporter_gives_the_whole_article() {
    let lines = serde_json::json!(BODY).to_string();
    for (name, source) in [
        (
            "news-please",
            r#"{"authors": ["Ann Bell"], "date_download": "2025-03-09 10:00:00", "date_publish": "2025-03-03 09:30:00", "description": "D", "filename": "a.json", "language": "en", "maintext": BODY, "source_domain": "lorn.example", "text": null, "title": "T", "url": "https://lorn.example/a"}"#,
        ),
        (
            "trafilatura",
            r#"{"title": "T", "author": "Ann Bell", "hostname": "lorn.example", "date": "2025-03-03", "categories": "", "tags": "", "fingerprint": "x", "id": null, "license": null, "raw_text": "The ministry ...", "source": "https://lorn.example/a", "source-hostname": "lorn.example", "excerpt": "E", "text": BODY}"#,
        ),
        (
            "newspaper",
            r#"{"title": "T", "authors": ["Ann Bell"], "publish_date": "2025-03-03T09:30:00", "source_url": "https://lorn.example", "url": "https://lorn.example/a", "text": BODY, "summary": "S", "keywords": ["x"], "top_image": "https://lorn.example/i.jpg"}"#,
        ),
        (
            "schema.org",
            r#"{"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "x"}, {"@type": "NewsArticle", "mainEntityOfPage": {"@id": "https://lorn.example/a"}, "headline": "T", "datePublished": "2025-03-03T09:30:00Z", "author": [{"@type": "Person", "name": "Ann Bell"}], "publisher": {"@type": "Organization", "name": "lorn.example"}, "articleBody": BODY}]}"#,
        ),
        (
            "MongoDB",
            r#"{"_id": {"$oid": "65e5c0ffee"}, "title": "T", "author": "Ann Bell", "url": "https://lorn.example/a", "text": BODY, "published": {"$date": {"$numberLong": "1740994200000"}}}"#,
        ),
        (
            "MongoDB, legacy",
            r#"{"_id": {"$oid": "65e5c0ffee"}, "title": "T", "author": "Ann Bell", "url": "https://lorn.example/a", "text": BODY, "published": {"$date": 1740994200000}}"#,
        ),
        (
            "Elasticsearch",
            r#"{"_index": "news", "_id": "1", "_source": {"title": "T", "byline": "Ann Bell", "url": "https://lorn.example/a", "content": BODY, "@timestamp": "2025-03-03T09:30:00Z"}}"#,
        ),
        (
            "JSON:API",
            r#"{"type": "articles", "id": "1", "attributes": {"title": "T", "authors": [{"name": "Ann Bell"}], "url": "https://lorn.example/a", "body": BODY, "published-at": "2025-03-03T09:30:00Z"}}"#,
        ),
        (
            "Guardian",
            r#"{"id": "world/1", "sectionName": "World", "webPublicationDate": "2025-03-03T09:30:00Z", "webTitle": "T", "webUrl": "https://lorn.example/a", "fields": {"bodyText": BODY, "byline": "Ann Bell"}}"#,
        ),
        (
            "Fundus",
            r#"{"title": "T", "authors": ["Ann Bell"], "publishing_date": "2025-03-03 09:30:00+00:00", "url": "https://lorn.example/a", "topics": ["army"], "body": {"summary": [], "sections": [{"headline": [], "paragraphs": ["The ministry of Ravenia ordered howitzers on Monday, officials said."]}, {"headline": [], "paragraphs": ["The order covers spare parts."]}]}}"#,
        ),
        (
            "Readability",
            r#"{"title": "T", "byline": "Ann Bell", "dir": null, "content": "<div><p>The ministry of Ravenia ordered howitzers on Monday, officials said.</p><p>The order covers spare parts.</p></div>", "textContent": "The ministry", "length": 99, "excerpt": "E", "siteName": "lorn.example", "publishedTime": "2025-03-03T09:30:00Z", "url": "https://lorn.example/a"}"#,
        ),
        (
            "WordPress",
            r#"{"id": 7, "date": "2025-03-03T09:30:00", "date_gmt": "2025-03-03T09:30:00", "link": "https://lorn.example/a", "title": {"rendered": "T"}, "author": "Ann Bell", "content": {"rendered": "<p>The ministry of Ravenia ordered howitzers on Monday, officials said.</p>\n<p>The order covers spare parts.</p>", "protected": false}, "excerpt": {"rendered": "<p>E</p>"}}"#,
        ),
        (
            "portable text",
            r#"{"title": "T", "author": "Ann Bell", "url": "https://lorn.example/a", "date": "2025-03-03", "body": [{"_type": "block", "children": [{"text": "The ministry of Ravenia "}, {"text": "ordered howitzers on Monday, officials said."}]}, {"_type": "block", "children": [{"text": "The order covers spare parts."}]}]}"#,
        ),
        (
            "a list of paragraphs",
            r#"{"title": "T", "author": "Ann Bell", "url": "https://lorn.example/a", "date": "2025-03-03", "paragraphs": ["The ministry of Ravenia ordered howitzers on Monday, officials said.", "The order covers spare parts."]}"#,
        ),
    ] {
        let found = of(&source.replace("BODY", &lines));
        assert_eq!(found.text, BODY, "{name}");
        assert_eq!((found.title.as_str(), found.byline.as_slice()), ("T", &["Ann Bell".to_owned()][..]), "{name}");
        assert_eq!(found.url.as_deref(), Some("https://lorn.example/a"), "{name}");
        assert_eq!(found.outlet.as_deref(), Some("lorn.example"), "{name}");
        if name != "Elasticsearch" {
            assert_eq!(day(&found).as_deref(), Some("2025-03-03"), "{name}");
        }
        assert!(!found.summary_only, "{name}");
    }
}

#[test]
fn a_text_that_a_service_cut_off_is_only_a_summary() {
    let found =
        of(r#"{"title": "T", "description": "D.", "content": "The ministry ordered howitzers… [+2345 chars]"}"#);
    assert_eq!((found.text.as_str(), found.summary_only), ("The ministry ordered howitzers…", true));
}

#[test]
fn mark_up_and_escapes_in_values_are_undone_and_places_kept() {
    let source = r#"{"title": "Raveniau2019s <i>plan</i>", "text": "Under \\(vii\\) the <span style=\"x\">minister</span> of R&amp;D spoke.\n\nIt&#8217;s done."}"#;
    let found = of(source);
    assert_eq!(found.title, "Ravenia’s plan");
    assert_eq!(found.text, "Under (vii) the minister of R&D spoke.\n\nIt’s done.");
    let (start, end) = found.paragraphs[1].input.expect("the value is a text");
    assert_eq!(&source[start as usize..end as usize], "It&#8217;s done.");
    assert_eq!(of(r#"{"text": "One.\\nTwo.\\n\\nThree."}"#).text, "One.\n\nTwo.\n\nThree.");
    assert_eq!(of(r#"{"text": "&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;"}"#).text, "One.\n\nTwo.");
}

#[test]
fn places_lead_through_wrappers_and_slips_of_the_same_length() {
    for source in [
        r#"{"_id": "7", "_source": {"title": "T", "text": "One.\n\nTwo \"x\"."}}"#,
        "{\"title\": NaN, \"text\": \"One.\\n\\nTwo \\\"x\\\".\",}",
    ] {
        let found = of(source);
        let (start, end) = found.paragraphs[1].input.expect("a place");
        assert_eq!(&source[start as usize..end as usize], "Two \\\"x\\\".", "{source}");
    }
    let longer = of("{\"text\": \"One.\n\nTwo.\"}");
    assert_eq!((longer.text.as_str(), longer.paragraphs[1].input), ("One.\n\nTwo.", None));
}
