//! RSS, Atom and JSON Feed.

use super::*;

#[test]
fn feeds_give_their_entries_and_say_what_is_only_a_summary() {
    let found = bytes(RSS.as_bytes());
    let first = article(good(&found)[0]);
    assert_eq!(first.title, "Ravenia & Ostmark sign pact");
    assert_eq!(first.text, "Ravenia and Ostmark have signed a defence pact after talks of two years.");
    assert_eq!(first.outlet.as_deref(), Some("The Lorn Herald"));
    assert_eq!(first.byline, ["Ann Bell"]);
    assert_eq!(first.url.as_deref(), Some("https://lorn.example/pact"));
    assert_eq!(first.published.unwrap().to_string(), "2025-03-04T10:00:00+01:00", "a time keeps its zone");
    assert_eq!((first.keywords, first.summary_only), (vec!["Defence".to_owned()], false));
    let second = article(good(&found)[1]);
    assert!(second.summary_only && second.text.contains("rise by a tenth"));
    let atom = bytes(ATOM.as_bytes());
    let atom = article(good(&atom)[0]);
    assert_eq!((atom.byline, atom.language.as_deref()), (vec!["Luc Morel".to_owned()], Some("fr")));
    let times = [atom.published, atom.modified].map(|moment| moment.unwrap().to_string());
    assert_eq!(times, ["2025-03-04T09:00:00Z", "2025-03-04T12:30:00+02:00"]);
    let json = bytes(JSON_FEED.as_bytes());
    assert_eq!(article(good(&json)[0]).text, "A note on {brackets}.");
    assert_eq!(article(good(&json)[0]).published.unwrap().to_string(), "2025-03-04T09:00:00-05:00");
    assert_eq!(article(good(&json)[1]).published, None);
}

#[test]
fn a_cut_feed_gives_its_whole_entries() {
    for (feed, place) in [(RSS, "</item>"), (JSON_FEED, "Another"), (&RSS.replace('\n', "\r\n"), "Budget")] {
        let cut = feed.find(place).unwrap() + place.len() + 3;
        let found = bytes(&feed.as_bytes()[..cut]);
        assert_eq!(good(&found).len(), 1, "{place}");
        assert!(errors(&found)[0].starts_with("x:2: the feed is cut off or damaged"), "{:?}", errors(&found));
    }
    assert_eq!(errors(&bytes(b"<rss version=\"2.0\"><channel>")).len(), 1);
}

#[test]
fn entries_of_feeds_lack_what_the_feed_does_not_say() {
    let feed = r#"<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title> The &lt;b&gt;Lorn&lt;/b&gt;  Herald </title><link>https://lorn.example/</link><description>x</description>
<item><title>1 &amp;lt; 2 and &lt;i&gt;3&lt;/i&gt; &gt; 2</title><guid isPermaLink="true">https://lorn.example/guid</guid>
<author>ann@lorn.example (Ann Bell)</author><pubDate>some day</pubDate></item>
<item><guid isPermaLink="false">tag:7</guid><author>ben@lorn.example</author><description>Only this.</description></item>
<item><title>T</title><link>https://lorn.example/3</link><pubDate>Tue, 04 Mar 2025 10:00:00 GMT</pubDate><description></description></item>
</channel></rss>"#;
    let found = bytes(feed.as_bytes());
    assert_eq!(errors(&found), Vec::<String>::new());
    let objects: Vec<serde_json::Value> = good(&found).iter().map(|doc| object(doc)).collect();
    assert_eq!(objects.len(), 3);
    let text = |n: usize, key: &str| objects[n][key].as_str();
    assert_eq!(text(0, "outlet"), Some("The Lorn Herald"));
    assert_eq!(text(0, "title"), Some("1 < 2 and 3 > 2"));
    assert_eq!(text(0, "url"), Some("https://lorn.example/guid"), "for want of a link");
    assert_eq!(objects[0]["authors"], serde_json::json!(["Ann Bell"]));
    assert_eq!((text(1, "url"), text(1, "title")), (None, None));
    assert_eq!((&objects[1]["authors"], &objects[1]["summary_only"]), (&serde_json::Value::Null, &true.into()));
    assert_eq!(text(1, "summary"), Some("Only this."));
    assert_eq!(text(2, "published"), Some("Tue, 04 Mar 2025 10:00:00 GMT"));
    assert_eq!((text(2, "modified"), text(2, "language")), (None, None));
    let missing = [0, 1].map(|n| extract::article(good(&found)[n]).map(|article| article.published));
    assert!(missing.iter().all(|published| !matches!(published, Ok(Some(_)))), "{missing:?}");
}

#[test]
fn an_atom_entry_has_its_page_its_authors_and_its_own_language() {
    let feed = r#"<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr"><title>Courrier</title><id>urn:x</id>
<updated>2025-03-04T10:00:00Z</updated><author><name>Desk</name></author>
<entry><title>Un</title><id>urn:1</id><link rel="self" href="https://a.example/self"/>
<link rel="alternate" type="application/pdf" href="https://a.example/pdf"/>
<link rel="alternate" type="text/html" href="https://a.example/page"/><updated>2025-03-04T09:00:00Z</updated>
<published>2025-03-04T09:00:00Z</published><category term="defence" label="Defence"/><category term="sea"/>
<content type="text">Plain &lt;words&gt;.</content></entry>
<entry xml:lang="en"><title>Two</title><id>https://a.example/2</id><author><name>Ann Bell</name></author>
<link rel="enclosure" href="https://a.example/mp3"/><updated>2025-03-05T09:00:00Z</updated><content type="html">  </content></entry>
<entry><title>Three</title><id>urn:3</id><link href="https://a.example/only.pdf" type="application/pdf"/>
<content type="html">&lt;p&gt;Marked words.&lt;/p&gt;</content></entry></feed>"#;
    let found = bytes(feed.as_bytes());
    let objects: Vec<serde_json::Value> = good(&found).iter().map(|doc| object(doc)).collect();
    assert_eq!(objects.len(), 3, "{:?}", errors(&found));
    let text = |n: usize, key: &str| objects[n][key].as_str();
    assert_eq!(text(0, "url"), Some("https://a.example/page"));
    assert_eq!(good(&found)[0].address.as_deref(), Some("https://a.example/page"));
    assert_eq!(objects[0]["authors"], serde_json::json!(["Desk"]), "the feed's");
    assert_eq!((text(0, "language"), text(0, "text"), text(0, "html")), (Some("fr"), Some("Plain <words>."), None));
    assert_eq!((text(0, "published"), text(0, "modified")), (Some("2025-03-04T09:00:00Z"), None), "not changed since");
    assert_eq!(objects[0]["keywords"], serde_json::json!(["Defence", "sea"]));
    assert_eq!(objects[1]["authors"], serde_json::json!(["Ann Bell"]));
    assert_eq!((text(1, "url"), objects[1]["summary_only"].as_bool()), (Some("https://a.example/2"), Some(true)));
    assert_eq!(objects[1]["keywords"], serde_json::Value::Null);
    assert_eq!(text(2, "url"), Some("https://a.example/only.pdf"), "the only one there is");
    assert_eq!((text(2, "html"), text(2, "text")), (Some("<p>Marked words.</p>"), None));
    assert_eq!(good(&found).iter().map(|doc| doc.place.record.unwrap()).collect::<Vec<_>>(), [1, 2, 3]);
}

#[test]
fn feeds_of_every_kind_that_are_cut_give_their_whole_entries() {
    let rdf = "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://purl.org/rss/1.0/\">\
        <channel><title>A</title></channel><item><title>One</title><link>https://a.example/1</link></item>\
        <item><title>Two</title><link>https://a.example/2</link></item></rdf:RDF>";
    let entry = |n: usize| format!("<atom:entry><atom:title>{n}</atom:title><atom:id>{n}</atom:id></atom:entry>");
    let atom = format!(
        "<atom:feed xmlns:atom=\"http://www.w3.org/2005/Atom\"><atom:title>A</atom:title>{}{}</atom:feed>",
        entry(1),
        entry(2)
    );
    for (feed, end) in [(rdf, "</item>"), (&atom, "</atom:entry>"), (RSS, "</item>")] {
        assert_eq!(good(&bytes(feed.as_bytes())).len(), 2, "{feed}");
        let second = feed.match_indices(end).nth(1).unwrap().0;
        let found = bytes(&feed.as_bytes()[..second + end.len() - 1]);
        assert_eq!((good(&found).len(), errors(&found).len()), (1, 1), "{feed}");
        let found = bytes(&feed.as_bytes()[..second + end.len()]);
        assert_eq!((good(&found).len(), errors(&found).len()), (2, 1), "{feed}");
        assert!(errors(&found)[0].starts_with("x:3: the feed is cut off or damaged: "), "{:?}", errors(&found));
    }
}

/// An RSS feed of these items.
fn rss(items: &[&str]) -> String {
    let items: String = items.iter().map(|item| format!("<item>{item}</item>")).collect();
    format!("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Sea & Sky</title>{items}</channel></rss>")
}

#[test]
fn a_fault_costs_one_item_at_most() {
    let good_item = |n: usize| {
        format!("<title>Item {n}</title><link>https://a.example/{n}</link><description>Words {n}.</description>")
    };
    for fault in [
        "<title>R&D & more</title><link>https://a.example/?a=1&b=2</link><description>Words.</description>",
        "<title>Caf&eacute;&nbsp;Zo&euml; &bogus; &#xZZ;</title><description>Words.</description>",
        "<title>Under 5 < 6</title><description>Words <b>bold<br> and <img src=x>.</description>",
        "<title>Not closed<link>https://a.example/x</link><description>Words.</description>",
        "<title>Wrong</titel></title><description>Words.</description></b>",
        "<title>Attribute</title><enclosure url=http://a.example/?a&b length=1/><x y='></title><description>Words.</description>",
        "<title>\u{b}Control\u{1}</title><description><![CDATA[Words]] > not closed</description>",
        "<nothing:known>x</nothing:known><title>Prefix</title><description>Words.</description>",
        "<title>Ends the channel</title><description>Words.</description></channel>",
        "<title>Comment</title><!-- a -- b --><description>Words.</description><!-- never closed",
    ] {
        let (first, last) = (good_item(1), good_item(3));
        let found = bytes(rss(&[&first, fault, &last]).as_bytes());
        let titles: Vec<String> =
            good(&found).iter().map(|doc| object(doc)["title"].as_str().unwrap_or("").to_owned()).collect();
        assert!(
            titles.contains(&"Item 1".to_owned()) && titles.contains(&"Item 3".to_owned()),
            "{fault}: {titles:?} {:?}",
            errors(&found)
        );
        assert!(good(&found).iter().all(|doc| object(doc)["outlet"] == "Sea & Sky"), "{fault}");
    }
}

#[test]
fn what_a_server_prints_before_a_feed_does_not_matter() {
    let feed = rss(&["<title>One</title><description>Words.</description>"]);
    for before in [
        "",
        "\n\n  ",
        "<!-- cached -->\n",
        "<br />\n<b>Warning</b>: call of a <i>thing</i> in <b>/var/www</b> on line <b>7</b><br />\n",
        "PHP Notice: undefined variable in /var/www/feed on line 3\n",
        "<script>var a = '<';</script>\n",
    ] {
        let found = bytes(format!("{before}{feed}").as_bytes());
        assert_eq!((good(&found).len(), errors(&found).len()), (1, 0), "{before}");
        assert_eq!(object(good(&found)[0])["title"], "One", "{before}");
    }
    let atom = ATOM.replace("<?xml version=\"1.0\"?>", "Deprecated: x\n");
    assert_eq!(good(&bytes(atom.as_bytes())).len(), 1);
    // A page or a text that shows such a tag is no feed.
    for text in [
        "The tag <rss version=\"2.0\"> opens a feed, and <channel> follows.",
        "<html><body><p>One</p><rss version=\"2\"><channel></body></html>",
    ] {
        assert_ne!(good(&bytes(text.as_bytes()))[0].format, Format::FeedEntry, "{text}");
    }
    // One feed after the other.
    let found = bytes(format!("{feed}\n{feed}").as_bytes());
    assert_eq!(good(&found).iter().map(|doc| doc.place.record.unwrap()).collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn a_description_of_rss_is_html() {
    for (description, text) in [
        (
            "<![CDATA[Aides of Zo&euml; met near the R&amp;D yard&#8217;s gate.]]>",
            "Aides of Zoë met near the R&D yard’s gate.",
        ),
        ("<![CDATA[<img src=\"a.jpg\"/> The frigate is late.]]>", "The frigate is late."),
        ("&lt;a href=\"x\"&gt;Norway&lt;/a&gt; picks &lt;i&gt;one&lt;/i&gt;.", "Norway picks one."),
        (
            "He said so.&lt;ul&gt;&lt;li&gt;one&lt;/li&gt;&lt;li&gt;two&lt;/li&gt;&lt;/ul&gt;",
            "He said so.\n\none\n\ntwo",
        ),
        ("He said <b>no</b>.", "He said no."),
        ("Under 5 &lt; 6 %.", "Under 5 < 6 %."),
        ("First line.\n\nSecond line.", "First line.\n\nSecond line."),
    ] {
        let found = bytes(rss(&[&format!("<title>T</title><description>{description}</description>")]).as_bytes());
        let found = article(good(&found)[0]);
        assert_eq!((found.text.as_str(), found.summary_only), (text, true), "{description}");
    }
}

#[test]
fn the_source_that_an_item_names_is_its_outlet() {
    let item = |title: &str, source: &str| {
        format!(
            "<title>{title}</title><description>Words.</description><source url=\"https://s.example\">{source}</source><category>navy</category>"
        )
    };
    for (title, source, wanted, outlet) in [
        ("Norway picks a frigate - The Fjord Times", "The Fjord Times", "Norway picks a frigate", "The Fjord Times"),
        ("Norway picks a frigate | Sea &amp; Sky", "Sea &amp; Sky", "Norway picks a frigate", "Sea & Sky"),
        ("The Fjord Times", "The Fjord Times", "The Fjord Times", "The Fjord Times"),
        ("A day with The Fjord Times", "The Fjord Times", "A day with The Fjord Times", "The Fjord Times"),
        ("Norway picks a frigate", "", "Norway picks a frigate", "Sea & Sky"),
        ("Norway picks a frigate", "https://s.example/feed", "Norway picks a frigate", "Sea & Sky"),
    ] {
        let found = bytes(rss(&[&item(title, source)]).as_bytes());
        let made = object(good(&found)[0]);
        assert_eq!((made["title"].as_str(), made["outlet"].as_str()), (Some(wanted), Some(outlet)), "{title} {source}");
        assert_eq!(made["keywords"], serde_json::json!(["navy"]));
    }
    let atom = ATOM.replace(
        "<author>",
        "<source><id>urn:2</id><title>Le Fjord</title><updated>2025-01-01T00:00:00Z</updated></source><author>",
    );
    let found = bytes(atom.as_bytes());
    let made = object(good(&found)[0]);
    assert_eq!((made["outlet"].as_str(), made["title"].as_str()), (Some("Le Fjord"), Some("Un")));
    assert_eq!(made["published"], "2025-03-04T09:00:00Z");
}

#[test]
fn a_feed_in_an_old_encoding_with_a_broken_declaration_is_read() {
    let feed = "<?xml version=\"1.0\"\n junk before encoding=\"ISO-8859-1\"?>".to_owned()
        + &rss(&["<title>Caf\u{e9}</title>"])[21..];
    let latin: Vec<u8> = feed.chars().map(|c| c as u8).collect();
    let found = bytes(&latin);
    assert_eq!(errors(&found), Vec::<String>::new());
    assert_eq!(object(good(&found)[0])["title"], "Café");
}
