//! Tests of HTML pages: which metadata of a page is believed, and which of its text is the story.

use super::*;

const LONG: &str =
    "The ministry of Ravenia has put the plan off more than once, and nobody on the quay was surprised to hear it.";

fn with(head: &str, above: &str, below: &str) -> Article {
    html(&format!(
        "<html lang=en><head>{head}</head><body><main><article><h1>Two frigates sail north</h1>{above}<p>{LONG}</p>\
         <p>{LONG} It is so.</p>{below}</article></main></body></html>"
    ))
}

fn evidence<'a>(found: &'a Article, field: &str) -> &'a str {
    found.evidence.get(field).map_or("", String::as_str)
}

#[test]
fn the_author_is_taken_from_the_first_place_that_names_a_person() {
    let data = |author: &str| {
        format!(
            "<script type=\"application/ld+json\">{{\"@type\":\"NewsArticle\",\"headline\":\"x\",\"author\":{author}}}</script>"
        )
    };
    let person = data("{\"name\":\"Ada Brook\"}");
    let desk = data("\"News desk\"");
    let company = data("{\"@type\":\"NewsMediaOrganization\",\"name\":\"Quay Agency\"}");
    let meta = "<meta name=author content=\"Tom Reed\">";
    let late = "<meta name=\"dc.creator\" content=\"Ines Vale\">";
    let element = "<p class=byline>By Cy Dale</p>";
    let link = "<a href=\"/author/cy\">Una Hill</a>";
    let line = "<p>By Olaf Berg</p>";
    let rows: [(String, &str, &str, &str); 16] = [
        ([&person, meta, late].concat(), element, "Ada Brook", "json-ld author"),
        ([meta, late].concat(), element, "Tom Reed", "author"),
        (late.to_owned(), element, "Ines Vale", "dc.creator"),
        (String::new(), "<p class=byline>By Cy Dale</p><a href=\"/author/cy\">Una Hill</a><p>By Olaf Berg</p>", "Cy Dale", "byline element"),
        (String::new(), "<a href=\"/author/cy\">Una Hill</a><p>By Olaf Berg</p>", "Una Hill", "byline link"),
        (String::new(), line, "Olaf Berg", "line under the headline"),
        ([&desk, meta].concat(), "", "Tom Reed", "author"),
        ([&company, meta].concat(), "", "Tom Reed", "author"),
        (desk, "", "News desk", "json-ld author"),
        (company, "", "Quay Agency", "json-ld author"),
        (String::new(), "<p class=byline>Cy</p>", "", ""),
        ("<meta name=author content=\"Cy\">".to_owned(), "", "Cy", "author"),
        ("<meta name=\"twitter:label1\" content=\"Written by\"><meta name=\"twitter:data1\" content=\"Cy Dale\">".to_owned(), "", "Cy Dale", "twitter:data1"),
        ("<meta name=\"twitter:label1\" content=\"Est. reading time\"><meta name=\"twitter:data1\" content=\"Cy Dale\">".to_owned(), "", "", ""),
        ("<meta property=\"og:site_name\" content=\"Harbour Post\"><meta name=author content=\"Harbour Post\">".to_owned(), element, "Cy Dale", "byline element"),
        ("<meta property=\"og:site_name\" content=\"Harbour Post\"><meta name=author content=\"The Harbour Post\">".to_owned(), link, "Una Hill", "byline link"),
    ];
    for (head, above, want, from) in rows {
        let found = with(&head, above, "");
        assert_eq!((found.byline.join("; ").as_str(), evidence(&found, "byline")), (want, from), "{head}{above}");
    }
}

#[test]
fn marks_of_an_author_are_believed_below_the_headline_and_beside_each_other() {
    for (above, want) in [
        ("<div><span class=author>Ada Brook</span> <span class=author>Tom Reed</span></div>", "Ada Brook; Tom Reed"),
        ("<a rel=author href=x>Ada Brook</a>", "Ada Brook"),
        ("<span itemprop=\"author name\">Ada Brook</span>", "Ada Brook"),
        ("<span class=\"x AUTHOR-NAME\">Ada Brook</span>", "Ada Brook"),
        ("<span class=article-author-line>Ada Brook</span>", "Ada Brook"),
        ("<span class=article-author-bio>Ada Brook</span>", ""),
        ("<span class=writer>Ada Brook</span>", ""),
        ("<span>Ada Brook</span>", ""),
        ("<span class=author>A</span>", ""),
    ] {
        assert_eq!(with("", above, "").byline.join("; "), want, "{above}");
    }
    let page = |first: &str, below: &str| {
        html(&format!(
            "<html><body><div>{first}</div><main><article><h1>Two frigates sail north</h1>{below}<p>{LONG}</p><p>{LONG} It is so.</p>\
             </article></main><div><div><div><div><span class=author>Una Hill</span></div></div></div></div></body></html>"
        ))
        .byline
    };
    assert_eq!(page("<span class=author>Cy Dale</span>", "<span class=author>Ada Brook</span>"), ["Ada Brook"]);
    assert_eq!(page("<span class=author>Cy Dale</span>", ""), ["Una Hill"]);
    assert_eq!(page("<p>By Cy Dale</p>", ""), ["Una Hill"]);
    let glued = "<p>By <span>Ada Brook</span><span>December 11, 2023</span></p>";
    assert_eq!(with("", glued, "").byline, ["Ada Brook"]);
    let text = |text: &str| with("", &format!("<p>{text}</p>"), "").byline;
    let line = |length: usize| format!("By Ada {} and Tom {}", "b".repeat(33), "r".repeat(length - 49));
    assert_eq!(text(&line(90)).len(), 2);
    assert_eq!(text(&line(91)).len(), 0, "more than 90 letters are no byline");
    assert_eq!(text("By Ada Bea Cora Dora Brook").len(), 0);
    assert_eq!(with("", &format!("<p>{LONG}</p><p>By Ada Brook</p>"), "").byline.len(), 0, "the story has begun");
}

#[test]
fn of_several_dates_the_first_source_is_believed_and_an_instant_of_its_day_preferred() {
    let data =
        |date: &str| format!("<script type=\"application/ld+json\">{{\"@type\":\"NewsArticle\",{date}}}</script>");
    let meta = |name: &str, date: &str| format!("<meta name=\"{name}\" content=\"{date}\">");
    for (head, above, want, from) in [
        (
            data("\"datePublished\":\"2024-03-05\"") + &meta("date", "2024-03-06"),
            "",
            "2024-03-05",
            "json-ld datePublished",
        ),
        (
            data("\"datePublished\":\"2024-03-05\"") + &meta("date", "2024-03-05T08:00:00Z"),
            "",
            "2024-03-05T08:00:00Z",
            "meta date",
        ),
        (
            data("\"datePublished\":\"2024-03-05\"") + &meta("date", "2024-03-06T08:00:00Z"),
            "",
            "2024-03-05",
            "json-ld datePublished",
        ),
        (
            meta("date", "2024-03-05T08:00:00Z") + &meta("article:published_time", "2024-03-04T08:00:00Z"),
            "",
            "2024-03-04T08:00:00Z",
            "meta article:published_time",
        ),
        (data("\"uploadDate\":\"2024-03-05\""), "", "2024-03-05", "json-ld datePublished"),
        (
            String::new(),
            "<time class=published datetime=2024-03-05>x</time><time datetime=2024-03-07>x</time>",
            "2024-03-05",
            "time element",
        ),
        (
            String::new(),
            "<time class=updated datetime=2024-03-07>x</time><time datetime=2024-03-05>x</time>",
            "2024-03-05",
            "time element",
        ),
        (
            String::new(),
            "<time class=\"updated published\" datetime=2024-03-07>x</time>",
            "2024-03-07",
            "last change: time element",
        ),
        (String::new(), "<p class=created><time datetime=2024-03-05>x</time></p>", "2024-03-05", "time element"),
        (String::new(), "<span class=post-date title=soon>5 March 2024</span>", "2024-03-05", "time element"),
        (String::new(), "<span class=post-date title=2024-03-05>yesterday</span>", "2024-03-05", "time element"),
        (String::new(), "<span class=datum>5 March 2024</span>", "2024-03-05", "text at the headline"),
    ] {
        let found = with(&head, above, "");
        let published = found.published.map(|moment| moment.to_string()).unwrap_or_default();
        assert_eq!((published.as_str(), evidence(&found, "published")), (want, from), "{head}{above}");
    }
}

#[test]
fn a_change_is_believed_where_it_is_not_before_publication() {
    for (published, modified, want) in [
        ("2024-03-05T08:00:00Z", "2024-03-05T09:00:00Z", true),
        ("2024-03-05T08:00:00Z", "2024-03-05T08:00:00Z", true),
        ("2024-03-05T08:00:00Z", "2024-03-05", true),
        ("2024-03-05T08:00:00Z", "2024-03-05T07:00:00Z", true),
        ("2024-03-05T08:00:00Z", "2024-03-04T23:00:00Z", false),
        ("2024-03-05", "2024-03-04", false),
        ("", "2024-03-04", true),
    ] {
        let meta = |name: &str, date: &str| format!("<meta property=\"article:{name}_time\" content=\"{date}\">");
        let found = with(&(meta("published", published) + &meta("modified", modified)), "", "");
        assert_eq!(found.modified.is_some(), want, "{published} {modified}");
        let from = if published.is_empty() {
            "last change: meta article:modified_time"
        } else {
            "meta article:published_time"
        };
        assert_eq!(evidence(&found, "published"), from);
    }
    let found = with("", "<time itemprop=dateModified datetime=2024-03-05>x</time>", "");
    assert_eq!(found.modified.map(|day| day.to_string()).as_deref(), Some("2024-03-05"));
    assert_eq!((found.published, evidence(&found, "modified")), (found.modified, "time element"));
    assert_eq!(evidence(&found, "published"), "last change: time element");
}

#[test]
fn dates_without_a_mark_count_near_the_headline_or_where_they_agree() {
    for (above, below, want) in [
        ("<time datetime=2024-03-05>x</time>", "<time datetime=2024-03-09>x</time>", "2024-03-05"),
        ("", "<time datetime=2024-03-05>x</time><time datetime=2024-03-05T08:00:00Z>x</time>", "2024-03-05"),
        ("", "<time datetime=2024-03-05>x</time><time datetime=2024-03-09>x</time>", ""),
        ("<aside><time datetime=2024-03-05>x</time></aside>", "", ""),
        ("<nav><time datetime=2024-03-05>x</time></nav>", "", ""),
        ("<footer><time datetime=2024-03-05>x</time></footer>", "", ""),
        ("<div class=my-event><time datetime=2024-03-05>x</time></div>", "", ""),
        ("<div class=comment><time datetime=2024-03-05>x</time></div>", "", ""),
        ("<time itemprop=startDate datetime=2024-03-05>x</time>", "", ""),
    ] {
        let found = with("", above, below).published.map(|moment| moment.to_string());
        assert_eq!(found.as_deref().unwrap_or_default(), want, "{above}{below}");
    }
    let aloof = |open: &str, close: &str| {
        html(&format!(
            "<html><body><article><h1>Two frigates sail north</h1><p>{LONG}</p><p>{LONG} It is so.</p></article>\
             {open}<time datetime=2024-03-05>x</time>{close}</body></html>"
        ))
        .published
        .is_some()
    };
    assert!(!aloof("<div>", "</div>"), "outside the story a date may be anybody's");
    assert!(aloof("<main>", "</main>"));
}

#[test]
fn a_date_that_only_the_text_shows_is_found_beside_the_headline() {
    for (above, want, from) in [
        ("<div>Lorn | 5 March 2024</div>", "2024-03-05", "text at the headline"),
        ("<p><b>Ada Brook</b> <i>5 March 2024, 10:15 GMT</i></p>", "2024-03-05T10:15:00Z", "text at the headline"),
        ("<h5>March 5, 2024 - Words by Ada Brook</h5>", "2024-03-05", "text at the headline"),
        ("<div>Published</div><div>March 5, 2024</div>", "2024-03-05", "text at the headline"),
        ("<p>Updated 7 March 2024 | Published 5 March 2024</p>", "2024-03-05", "text at the headline"),
        ("<aside>Datum: 05.03.2024</aside>", "2024-03-05", "text at the headline"),
        ("<p>Updated: 7 March 2024</p>", "2024-03-07", "last change: text with a label"),
        ("<span data-published=\"2024-03-05T08:00:00Z\"></span>", "2024-03-05T08:00:00Z", "time element"),
        ("<relative-time datetime=2024-03-05T08:00:00Z>x</relative-time>", "2024-03-05T08:00:00Z", "time element"),
        ("<time datetime=PT5M>5 March 2024</time>", "2024-03-05", "time element"),
        ("<span property=\"schema:datePublished\" content=2024-03-05>x</span>", "2024-03-05", "time element"),
        ("<p>The fair of Lorn, 3 March 2024 – 5 March 2024</p>", "", ""),
        ("<p>The fair of Lorn, 3. bis 5. März 2024</p>", "", ""),
        ("<p>Deadline: 5 March 2024</p>", "", ""),
        ("<p>The talks are to begin in the capital on 5 March 2024</p>", "", ""),
        ("<p>© Harbour Post, 5 March 2024</p>", "", ""),
        ("<figure><figcaption>Lorn, 5 March 2024</figcaption></figure>", "", ""),
        ("<div class=related><p>5 March 2024</p></div>", "", ""),
        ("<div><h3>The tanker that sank off the coast</h3><p>5 March 2024</p></div>", "", ""),
        ("<ul><li><a href=/x>The tanker that sank off the coast</a> 5 March 2024</li></ul>", "", ""),
    ] {
        let found = with("", above, "");
        let published = found.published.map(|moment| moment.to_string()).unwrap_or_default();
        assert_eq!((published.as_str(), evidence(&found, "published")), (want, from), "{above}");
    }
    let kicker = with("", "", "").published;
    assert_eq!(kicker, None);
    let page = |above: &str| {
        html(&format!(
            "<html lang=en><body><div><div>{above}</div><h1>Two frigates sail north</h1></div><p>{LONG}</p><p>{LONG} It is so.</p></body></html>"
        ))
        .published
        .is_some()
    };
    assert!(page("5 March 2024"));
    assert!(!page("Today is 5 March 2024"));
}

#[test]
fn a_date_below_the_story_needs_a_label_or_a_mark() {
    for (below, want, from) in [
        ("<p>Posted on 5 March 2024 by Ada Brook</p>", "2024-03-05", "text with a label"),
        ("<p>Stand: 05.03.2024</p>", "2024-03-05", "last change: text with a label"),
        (
            "<p class=postmetadata>This entry was posted on March 5th, 2024 at 9:14 am and is filed under Ships, Sea and more of it.</p>",
            "2024-03-05",
            "text with a label",
        ),
        ("<p>5 March 2024</p>", "", ""),
        ("<p>Posted on 5 March 2024</p><p>Posted on 9 March 2024</p>", "", ""),
        ("<div class=comments><p>Posted on 5 March 2024 by Tom</p></div>", "", ""),
        ("<p>The report was published on 5 March 2024.</p>", "", ""),
    ] {
        let found = with("", "", below);
        let published = found.published.map(|moment| moment.to_string()).unwrap_or_default();
        assert_eq!((published.as_str(), evidence(&found, "published")), (want, from), "{below}");
    }
}

#[test]
fn dates_are_looked_for_in_time_in_proportion() {
    let begin = std::time::Instant::now();
    for (open, part, close) in [
        ("<div class=related>", "<h2>Two frigates sail north</h2>", "</div>"),
        ("<h1>Two frigates</h1><div>", "<span>5 March 2024</span><br>", "</div>"),
        ("<div>", "<p>Posted on 5 March 2024</p>", "</div>"),
        ("<h1>Two frigates</h1>", "<span data-date=2024-03-05>x</span>", ""),
    ] {
        let page = format!("<html><body>{open}{}{close}<p>{LONG}</p></body></html>", part.repeat(10_000));
        let _ = article(&document(Format::Html, page));
    }
    assert!(begin.elapsed() < std::time::Duration::from_secs(60), "{:?}", begin.elapsed());
}

#[test]
fn names_of_meta_elements_tell_which_date_they_hold() {
    for (name, want, from) in [
        ("sw-pubdate", "2024-03-05", "meta sw-pubdate"),
        ("iso-8601-publish-date", "2024-03-05", "meta iso-8601-publish-date"),
        ("Updated Date", "2024-03-05", "last change: meta updated date"),
        ("content_lastmodified", "2024-03-05", "last change: meta content_lastmodified"),
        ("article:expiration_time", "", ""),
        ("servertime-created", "", ""),
    ] {
        let found = with(&format!("<meta name=\"{name}\" content=\"2024-03-05\">"), "", "");
        let published = found.published.map(|moment| moment.to_string()).unwrap_or_default();
        assert_eq!((published.as_str(), evidence(&found, "published")), (want, from), "{name}");
    }
}

#[test]
fn an_instant_is_dated_in_the_newsrooms_own_time() {
    let data = "<script type=\"application/ld+json\">{\"@type\":\"NewsArticle\",\"datePublished\":\"2024-03-06T03:15:00Z\"}</script>";
    let found = with(data, "<time datetime=2024-03-05T22:15:00-05:00>x</time>", "");
    assert_eq!(found.published.map(|moment| moment.to_string()).as_deref(), Some("2024-03-05T22:15:00-05:00"));
    let found = with(data, "<time datetime=2024-03-05T21:15:00-05:00>x</time>", "");
    assert_eq!(found.published.map(|moment| moment.to_string()).as_deref(), Some("2024-03-06T03:15:00Z"));
}

#[test]
fn of_two_headlines_the_one_that_readers_see_is_taken() {
    for (og, want, from) in [
        ("Why the frigates left for the north", "Two frigates sail north", "h1"),
        ("Fleet: Two frigates sail north", "Fleet: Two frigates sail north", "og:title"),
        ("Harbour guide of Alda", "Harbour guide of Alda", "og:title"),
    ] {
        let found = with(&format!("<meta property=\"og:title\" content=\"{og}\">"), "", "");
        assert_eq!((found.title.as_str(), evidence(&found, "title")), (want, from), "{og}");
    }
    let late = html(&format!(
        "<html><head><meta property=\"og:title\" content=\"Why the frigates left\"></head><body><article>{}<h1>What frigates are</h1><p>{LONG}</p></article></body></html>",
        format!("<p>{LONG}</p>").repeat(9)
    ));
    assert_eq!(late.title, "Why the frigates left");
}

#[test]
fn a_date_in_the_address_is_the_last_resort() {
    for (path, want) in [
        ("/2024/03/05/ships", "2024-03-05"),
        ("/news-2024-03-05-ships", "2024-03-05"),
        ("/2024-03-05", "2024-03-05"),
        ("/1999/03/05/", "1999-03-05"),
        ("/2024/03-05/ships", ""),
        ("/2024/3/5/ships", "2024-03-05"),
        ("/2024/mar/05/ships", "2024-03-05"),
        ("/2024/0305/ships", "2024-03-05"),
        ("/ships-sail-13-03-2024", "2024-03-13"),
        ("/ships-sail-march-5-2024.html", "2024-03-05"),
        ("/20240305_ships.html", "2024-03-05"),
        ("/c_1240305123", ""),
        ("/20249905/ships", ""),
        ("/12024/03/05/ships", ""),
        ("/2024/03/051/ships", ""),
        ("/1824/03/05/ships", ""),
        ("/2024/13/05/ships", ""),
        ("/20240305/ships", "2024-03-05"),
    ] {
        let found = with(&format!("<link rel=canonical href=\"https://post.example{path}\">"), "", "");
        let published = found.published.map(|moment| moment.to_string()).unwrap_or_default();
        assert_eq!(published, want, "{path}");
        assert_eq!(evidence(&found, "published"), if want.is_empty() { "" } else { "address" });
    }
    let found = with(
        "<link rel=canonical href=\"https://post.example/2024/03/05/a\"><meta name=date content=2024-03-06>",
        "",
        "",
    );
    assert_eq!(evidence(&found, "published"), "meta date");
}

#[test]
fn the_headline_is_what_the_page_tells_the_world_without_the_sites_name() {
    let site = "<meta property=\"og:site_name\" content=\"Harbour Post\">";
    for (head, want, from) in [
        (
            "<meta property=\"og:title\" content=\"Ships off | Harbour Post\"><meta name=\"twitter:title\" content=\"T\">",
            "Ships off",
            "og:title",
        ),
        (
            "<script type=\"application/ld+json\">{\"@type\":\"NewsArticle\",\"headline\":\"Ships gone\"}</script>",
            "Ships gone",
            "json-ld headline",
        ),
        (
            "<script type=\"application/ld+json\">{\"@type\":\"NewsArticle\",\"name\":\"Ships gone\"}</script>",
            "Ships gone",
            "json-ld headline",
        ),
        ("<meta name=\"twitter:title\" content=\"T\"><title>Ships</title>", "Two frigates sail north", "h1"),
        ("<meta property=\"og:title\" content=\"Harbour Post\">", "Two frigates sail north", "h1"),
        ("<meta property=\"og:title\" content=\" \">", "Two frigates sail north", "h1"),
    ] {
        let found = with(&[site, head].concat(), "", "");
        assert_eq!((found.title.as_str(), evidence(&found, "title")), (want, from), "{head}");
    }
    let bare = |head: &str, above: &str| {
        html(&format!(
            "<html><head>{site}{head}</head><body><article>{above}<p>{LONG}</p><p>{LONG} It is so.</p></article></body></html>"
        ))
    };
    for (head, above, want, from) in [
        ("<meta name=\"twitter:title\" content=\"Ships off\"><title>Ships</title>", "", "Ships off", "twitter:title"),
        ("<title>Ships off - Harbour Post</title><title>Other</title>", "", "Ships off", "title"),
        ("<title>Harbour Post: Ships off</title>", "", "Ships off", "title"),
        ("<title>Ships off to sea - Sea News</title>", "<p>Ships off to sea</p>", "Ships off to sea", "title"),
        ("<title>Ships off to sea - Sea News</title>", "", "Ships off to sea - Sea News", "title"),
        ("<title>T</title>", "<h1><a href=/>Sea News</a></h1>", "T", "title"),
        ("<title>T</title>", "<h1><a href=https://post.example/>Sea News</a></h1>", "T", "title"),
        ("<title>T</title>", "<h1><a href=https://post.example/?p=1>Ships off</a></h1>", "Ships off", "h1"),
        ("<title>T</title>", "<h1 class=site-title>Sea News</h1>", "T", "title"),
        ("<title>T</title>", "<h2 class=entry-title>Ships off</h2>", "Ships off", "h1"),
        ("<title>T</title>", "<h3 itemprop=headline>Ships off</h3>", "Ships off", "h1"),
        ("<title>T</title>", "<h2>Ships off</h2>", "T", "title"),
        ("<title>T</title>", "<h2 class=headline>Other</h2><h1>Ships off</h1><h1>More</h1>", "Ships off", "h1"),
    ] {
        let found = bare(head, above);
        assert_eq!((found.title.as_str(), evidence(&found, "title")), (want, from), "{head}{above}");
    }
}

#[test]
fn the_address_is_the_canonical_one_but_no_front_page() {
    let at = |head: &str| {
        let page = format!(
            "<html><head>{head}</head><body><article><h1>Two frigates sail north</h1><p>{LONG}</p><p>{LONG}.</p></article></body></html>"
        );
        let raw = RawDocument {
            address: Some("https://www.post.example/fetched?x=1".to_owned()),
            ..document(Format::Html, page)
        };
        let found = article(&raw).expect("the page has an article");
        (found.url.clone().unwrap_or_default(), evidence(&found, "url").to_owned())
    };
    let data = "<script type=\"application/ld+json\">{\"@type\":\"NewsArticle\",\"url\":\"/data\"}</script>";
    let main = "<script type=\"application/ld+json\">{\"@type\":\"NewsArticle\",\"mainEntityOfPage\":{\"@id\":\"/main\"}}</script>";
    let og = "<meta property=\"og:url\" content=\"/og\">";
    for (head, path, from) in [
        (format!("<link rel=canonical href=/canonical>{og}{data}"), "canonical", "link canonical"),
        (format!("<link rel=\" CANONICAL \" href=/canonical>{og}"), "canonical", "link canonical"),
        (format!("<link rel=canonical href=/>{og}{data}"), "og", "og:url"),
        (format!("<link rel=canonical href=\"mailto:a\">{og}{data}"), "og", "og:url"),
        (data.to_owned(), "data", "json-ld url"),
        (main.to_owned(), "main", "json-ld url"),
        (String::new(), "fetched?x=1", "address"),
        ("<link rel=canonical href=/a?x=1&amp;y=2>".to_owned(), "a?x=1&y=2", "link canonical"),
        ("<link rel=canonical href=/a><link rel=canonical href=/b>".to_owned(), "a", "link canonical"),
        ("<link rel=canonical href=\"/?p=3\">".to_owned(), "?p=3", "link canonical"),
    ] {
        assert_eq!(at(&head), (format!("https://www.post.example/{path}"), from.to_owned()), "{head}");
    }
}

#[test]
fn the_outlet_is_the_first_name_of_the_site_that_is_one() {
    let publisher = "<script type=\"application/ld+json\">{\"@type\":\"NewsArticle\",\"headline\":\"x\",\"publisher\":{\"name\":\"Quay Ltd\"}}</script>";
    let site = "<script type=\"application/ld+json\">{\"@type\":\"WebSite\",\"name\":\"Quay Site\"}</script>";
    let og = |name: &str| format!("<meta property=\"og:site_name\" content=\"{name}\">");
    let app = "<meta name=\"application-name\" content=\"Quay App\">";
    let link = "<link rel=canonical href=\"https://www.post.example/a\">";
    for (head, want, from) in [
        (og("Harbour Post") + publisher + site + app, "Harbour Post", "og:site_name"),
        ([publisher, site, app].concat(), "Quay Site", "json-ld site"),
        ([publisher, link].concat(), "Quay Ltd", "json-ld publisher"),
        (og("post.example") + link + site, "Quay Site", "json-ld site"),
        (
            "<meta name=\"twitter:site\" content=\"@HarbourPost\">".to_owned()
                + &og("HarbourPost")
                + &publisher.replace("Quay Ltd", "The Harbour Post"),
            "The Harbour Post",
            "json-ld publisher",
        ),
        ("<meta name=\"twitter:site\" content=\"@9Quay\">".to_owned() + &og("9Quay") + app, "9Quay", "og:site_name"),
        (og("Home") + link, "post.example", "host"),
        (og("Harbour Post - all of the sea") + link, "Harbour Post", "og:site_name"),
        ("<title>Two frigates sail north | The Post</title>".to_owned() + link, "The Post", "title"),
        ("<title>Two frigates sail north | Sea News</title>".to_owned() + link, "post.example", "host"),
        ([site, app].concat(), "Quay Site", "json-ld site"),
        ([app, link].concat(), "Quay App", "application-name"),
        (link.to_owned(), "post.example", "host"),
        (og("@harbourpost") + link, "post.example", "host"),
        (og("https://post.example") + link, "post.example", "host"),
        (og("–") + link, "post.example", "host"),
        (
            og(&"x".repeat(80)),
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "og:site_name",
        ),
        (og(&"x".repeat(81)) + link, "post.example", "host"),
    ] {
        let found = with(&head, "", "");
        assert_eq!((found.outlet.as_deref().unwrap_or_default(), evidence(&found, "outlet")), (want, from), "{head}");
    }
}

#[test]
fn section_and_keywords_come_from_the_first_place_that_has_them() {
    let data = "<script type=\"application/ld+json\">{\"@type\":\"NewsArticle\",\"articleSection\":[\"Defence\",\"Sea\"],\"keywords\":\"navy; ships, navy\"}</script>";
    let tags = "<meta property=\"article:section\" content=\"World\"><meta property=\"article:tag\" content=\"tag one\"><meta property=\"article:tag\" content=\"tag two\">";
    let meta = "<meta name=keywords content=\"word one, word two;word three\">";
    for (head, section, keywords) in [
        ([data, tags, meta].concat(), "Defence", "navy|ships"),
        ([tags, meta].concat(), "World", "tag one|tag two"),
        (meta.to_owned(), "", "word one|word two|word three"),
    ] {
        let found = with(&head, "", "");
        assert_eq!(found.section.as_deref().unwrap_or_default(), section, "{head}");
        assert_eq!(found.keywords.join("|"), keywords, "{head}");
    }
    let many: Vec<String> = (0..50).map(|n| format!("word {n}")).collect();
    assert_eq!(
        with(&format!("<meta name=keywords content=\"{}, {}\">", "x".repeat(81), many.join(",")), "", "")
            .keywords
            .len(),
        40
    );
    let section = |length: usize| {
        with(&format!("<meta property=\"article:section\" content=\"{}\">", "x".repeat(length)), "", "").section
    };
    assert_eq!((section(80).is_some(), section(81).is_some()), (true, false));
}

#[test]
fn of_the_nodes_of_json_ld_the_likeliest_article_speaks() {
    let data = |nodes: &str| format!("<script type=\"application/ld+json\">{nodes}</script>");
    for (nodes, title) in [
        (
            r#"[{"@type":"WebPage","headline":"Page","datePublished":"2024-03-05","author":"Ada Brook"},{"@type":"BlogPosting","headline":"Post"}]"#,
            "Post",
        ),
        (r#"[{"@type":"NewsArticle","name":"One"},{"@type":"NewsArticle","headline":"Two"}]"#, "Two"),
        (r#"[{"@type":"NewsArticle","headline":"One"},{"@type":"NewsArticle","headline":"Two"}]"#, "One"),
        (
            r#"[{"@type":"NewsArticle","headline":"One"},{"@type":"NewsArticle","headline":"Two","datePublished":"2024-03-05"}]"#,
            "Two",
        ),
        (
            r#"[{"@type":"NewsArticle","headline":"One","author":"Ada Brook"},{"@type":"NewsArticle","headline":"Two","datePublished":"2024-03-05"}]"#,
            "Two",
        ),
        (
            r#"[{"@type":"NewsArticle","headline":"One","articleBody":"x"},{"@type":"NewsArticle","headline":"Two","author":"Ada Brook"}]"#,
            "Two",
        ),
        (r#"{"@type":["Thing","http://schema.org/Report"],"headline":"One"}"#, "One"),
        (r#"{"@type":"schema:Review","headline":"One"}"#, "One"),
        (r#"{"@type":"VideoObject","name":"One"}"#, "One"),
        (r#"{"@type":"WebPage","mainEntity":{"@type":"NewsArticle","headline":"One"}}"#, "One"),
        (r#"{"@type":"WebPage","hasPart":{"@type":"NewsArticle","headline":"One"}}"#, "Two frigates sail north"),
        (r#"{"@type":"Recipe","headline":"One"}"#, "Two frigates sail north"),
        (r#"{"@type":"NewsArticle","headline":{"@value":"One"}}"#, "One"),
        (r#"{"@type":"NewsArticle","headline":["One","Two"]}"#, "One"),
        (r#"{"@type":"NewsArticle","headline":7}"#, "7"),
        ("/*<![CDATA[*/", "Two frigates sail north"),
        ("//<![CDATA[\n{\"@type\":\"NewsArticle\",\"headline\":\"One\"}\n//]]>", "One"),
        (r#"{"@type":"NewsArticle","headline":"One"};"#, "One"),
        ("{\"@type\":\"NewsArticle\",,\"headline\":\"One\\q \\\"two\\\"\",}", "Oneq \"two\""),
    ] {
        assert_eq!(with(&data(nodes), "", "").title, title, "{nodes}");
    }
    for (author, want) in [
        (r#""Ada Brook""#, "Ada Brook"),
        (r#"["Ada Brook",{"name":"Tom Reed"}]"#, "Ada Brook; Tom Reed"),
        (r#"{"givenName":"Ada","familyName":"Brook"}"#, "Ada Brook"),
        (r#"{"givenName":"Ada"}"#, ""),
        (r#"{"name":["Ada Brook","Tom Reed"]}"#, "Ada Brook; Tom Reed"),
        (r##"{"@id":"#p","name":"Ada Brook"}"##, "Ada Brook"),
        (r##"{"@id":"#p"}"##, "Cy Dale"),
        (r##"{"@id":"#q"}"##, ""),
    ] {
        let node = format!(
            r##"[{{"@type":"NewsArticle","author":{author}}},{{"@type":"Person","@id":"#p","name":"Cy Dale"}}]"##
        );
        assert_eq!(with(&data(&node), "", "").byline.join("; "), want, "{author}");
    }
    assert_eq!(with(&data(r#"{"@type":"NewsArticle","creator":"Ada Brook"}"#), "", "").byline, ["Ada Brook"]);
    assert_eq!(
        with(&data(r#"{"@type":"NewsArticle","author":"Tom Reed","creator":"Ada Brook"}"#), "", "").byline,
        ["Tom Reed"]
    );
}

#[test]
fn what_is_put_between_the_paragraphs_of_a_story_is_no_part_of_it() {
    let story = with("", "", "").text;
    assert!(story.ends_with("It is so.") && story.starts_with("The ministry"), "{story}");
    let words = "One that sank last year off the coast of Alda, with all that was on it.";
    for inner in [
        "<nav><p>{}</p></nav>",
        "<aside><p>{}</p></aside>",
        "<footer><p>{}</p></footer>",
        "<form><p>{}</p></form>",
        "<figure><figcaption>{}</figcaption></figure>",
        "<div style=\"display:none\"><p>{}</p></div>",
        "<div style=\"color:red; display: none\"><p>{}</p></div>",
        "<div aria-hidden=true><p>{}</p></div>",
        "<div class=newsletter><p>{}</p></div>",
        "<div class=story-relatedLinks><p>{}</p></div>",
        "<div id=social_bar><p>{}</p></div>",
        "<div class=\"author-bio\"><p>{}</p></div>",
        "<div class=\"authorBio\"><p>{}</p></div>",
        "<div class=\"read more\"><p>{}</p></div>",
        "<p><a href=/x>Read on about the ship that sank off the coast</a></p>",
        "<p>Advertisement</p>",
        "<p>Photo: Tom Reed</p>",
        "<p>A ship at the quay. Getty Images</p>",
        "<p>ada@example.org</p>",
        "<p>Two frigates sail north</p>",
    ] {
        let found = with("", "", &(inner.replace("{}", words) + &format!("<p>{LONG} Last.</p>")));
        assert!(found.text.ends_with("It is so.\n\nThe ministry of Ravenia has put the plan off more than once, and nobody on the quay was surprised to hear it. Last.")
            || inner.contains("Two frigates sail north"), "{inner}: {}", found.text);
    }
    for inner in [
        "<p>{}</p>",
        "<div><p>{}</p></div>",
        "<div class=popularity><p>{}</p></div>",
        "<div aria-hidden=false><p>{}</p></div>",
        "<div style=\"display:block\"><p>{}</p></div>",
        "<p><a href=/x>{}</a></p>",
        "<p>Advertisement sales fell. {}</p>",
        "<p>He said ada@example.org was his. {}</p>",
    ] {
        let found = with("", "", &(inner.replace("{}", words) + &format!("<p>{LONG} Last.</p>")));
        assert!(found.text.contains(words), "{inner}: {}", found.text);
    }
}

#[test]
fn labels_above_and_below_a_story_are_no_part_of_it() {
    let text = |above: &str, below: &str| with("", above, below).text;
    let story = text("", "");
    for (above, below) in [
        ("<p>Defence</p>", ""),
        ("<p>Defence</p><p>Sea</p>", ""),
        ("", "<p>navy</p><p>ships</p>"),
        ("", "<h2>More of it</h2>"),
        ("<p>By Ada Brook | 5 March 2024</p>", ""),
        ("<p>Published 5 March 2024, 10:15 GMT</p>", ""),
        ("<p>By Ada Brook | 5 March 2024</p><p>Updated 6 March 2024</p><p>10:15 GMT, 2 min read</p>", ""),
        ("<p>Two frigates sail north</p>", ""),
    ] {
        assert_eq!(text(above, below), story, "{above} {below}");
    }
    let author = "<meta name=author content=\"Ada Brook\">";
    for (below, kept) in [
        ("<p>Ada Brook is the defence editor.</p>", false),
        ("<p>Ada Brook, who writes on ships, is the defence editor.</p>", true),
        ("<p>Ada Brook covers the navy.</p>", false),
        ("<p>Ada Brook istanbul.</p>", true),
        ("<p>Tom Reed is the defence editor.</p>", true),
    ] {
        assert_eq!(with(author, "", below).text != story, kept, "{below}");
    }
}

#[test]
fn a_standfirst_that_the_page_shows_begins_the_text() {
    let words = "Ships of the navy are on their way to the sea, and more will follow them.";
    let meta = format!("<meta name=description content=\"{words}\">");
    let more = format!("{LONG} They had heard as much for years, and went home to wait for the next one.");
    let first = |head: &str, above: &str| {
        let page = format!(
            "<html><head>{head}</head><body><header><h1>Two frigates sail north</h1>{above}</header><article><p>{LONG}</p><p>{more} One.</p><p>{more} Two.</p><p>{more} Three.</p></article></body></html>"
        );
        html(&page).text.split("\n\n").next().unwrap_or_default().to_owned()
    };
    assert_eq!(first("", &format!("<div class=standfirst>{words}</div>")), words);
    assert_eq!(first("", &format!("<div class=article-dek>{words}</div>")), words);
    assert_eq!(first("", &format!("<div itemprop=description>{words}</div>")), words);
    assert_eq!(first(&meta, &format!("<div>{words}</div>")), words);
    assert_eq!(first("", &format!("<div>{words}</div>")), LONG);
    assert_eq!(first(&meta, ""), LONG, "what the page does not show is no text of it");
    assert_eq!(first("", "<div class=standfirst>Ships of the navy are off.</div>"), LONG, "too short");
}

#[test]
fn a_heading_that_is_never_closed_is_no_headline() {
    let page = format!("<title>Two frigates sail north</title><h1>Two frigates sail<p>{LONG}</p>").replace("</p>", "");
    assert_eq!(html(&format!("{page} {}", format!("{LONG} ").repeat(5))).title, "Two frigates sail north");
}

#[test]
fn a_story_that_only_a_script_holds_is_found() {
    let paragraph = |n: usize| format!("\\u003cp\\u003e{LONG} {n}.\\u003c/p\\u003e");
    let page = |count: usize, shown: &str| {
        format!(
            "<html><body><h1>Two frigates sail north</h1><p>{shown}</p><script>push([\"{}\"])</script></body></html>",
            (0..count).map(paragraph).collect::<String>()
        )
    };
    let held = html(&page(6, "Loading the story."));
    assert!(held.text.starts_with(LONG), "{}", held.text);
    // A short string, or a long one without paragraphs, is no story.
    let teaser = "<script>x = \"\\u003cp\\u003eAda Brook sailed.\\u003c/p\\u003e\"</script>".to_owned();
    let settings = format!("<script>'\\u003cp'; x = \"{}\"</script>", "Ada Brook sailed. ".repeat(60));
    for script in [teaser, settings] {
        let shown = html(&format!("<html><body><h1>Two frigates</h1><p>Loading the story.</p>{script}</body></html>"));
        assert!(!shown.text.contains("Ada Brook"), "{}", shown.text);
    }
    let shown = format!("{LONG} {LONG} {LONG} Shown.");
    assert!(html(&page(6, &shown)).text.ends_with("Shown."), "a page that shows its story needs no script");
}

/// The paragraphs of a feed's or exporter's HTML, which is all story.
fn body(html: &str) -> String {
    let object = serde_json::json!({ "html": html }).to_string();
    article(&document(Format::Json, object)).map(|found| found.text.replace("\n\n", " | ")).unwrap_or_default()
}

#[test]
fn notices_between_paragraphs_go_and_sentences_like_them_stay() {
    for notice in [
        "Read more: Ships sink off Alda.",
        "READ MORE",
        "– Related –",
        "Advertisement",
        "Photo by Tom Reed",
        "Foto: Tom Reed",
        "The quay at dawn (Getty Images)",
        "The quay at dawn. Tom Reed/AFP",
        "ada@example.org",
        "Write to ada@example.org",
        "Copyright © Harbour Post 2024",
        "All rights reserved by the Harbour Post",
        "One left.",
    ] {
        assert_eq!(
            body(&format!("<p>One left.</p><p>{notice}</p><p>Two left.</p>")),
            "One left. | Two left.",
            "{notice}"
        );
    }
    for kept in [
        "Advertisement sales fell.",
        "Related matters came up.",
        "He said that Getty Images had it.",
        "He wrote to ada@example.org.",
        "He wrote to ada@example.org and to all of the others",
        "To you@me",
        "Read on: ships sink off Alda.",
        "Two left.  ",
    ] {
        let want = format!("One left. | {} | Three left.", kept.trim());
        assert_eq!(body(&format!("<p>One left.</p><p>{kept}</p><p>Three left.</p>")), want);
    }
    let notice = |length: usize| format!("Read more: {}.", "x".repeat(length - 12));
    assert_eq!(body(&format!("<p>One left.</p><p>{}</p>", notice(200))), "One left.");
    assert_eq!(
        body(&format!("<p>One left.</p><p>{}</p>", notice(201))).len(),
        9 + 3 + 201,
        "so long a text is no notice"
    );
}

#[test]
fn short_lines_around_a_story_are_labels() {
    let story = "The two frigates left the harbour of Lorn on Monday morning for a patrol of the north sea and the coast of Alda.";
    let of = |above: &str, below: &str| body(&format!("{above}<p>{story}</p><p>One left.</p><p>Two left.</p>{below}"));
    let bare = of("", "");
    for (above, below) in [
        ("<p>Defence</p>", ""),
        ("<p>Defence</p><p>Sea</p><p>North</p>", ""),
        ("", "<p>navy</p><ul><li>ships</li><li>sea</li></ul>"),
        ("", "<h2>More</h2>"),
    ] {
        assert_eq!(of(above, below), bare, "{above}{below}");
    }
    for (above, below, kept) in [
        ("<h2>Defence</h2>", "", "Defence"),
        ("<p>It is so.</p>", "", "It is so."),
        ("<p>abcdefghijklmnopqrstuvwxyz</p>", "", "abcdefghijklmnopqrstuvwxyz"),
        ("", "<p>abcdefghijklmnopqrstuvwxyz</p>", "abcdefghijklmnopqrstuvwxyz"),
        ("", "<p><a href=x>All ships sank.</a></p>", "All ships sank."),
        ("", "<p>The ministry said that it saw <a href=x>no ships</a> off the coast</p>", "no ships"),
        ("", "<p>navy</p><p>It is so.</p>", "navy"),
    ] {
        assert!(of(above, below).contains(kept), "{above}{below}");
    }
    let short = "One ship left the harbour of Lorn on Monday.";
    assert_eq!(
        body(&format!("<p>Defence</p><p>{short}</p><p>Two left.</p>")),
        format!("Defence | {short} | Two left.")
    );
    assert_eq!(
        body("<p>Defence</p><p>One left.</p><p>Two left.</p>"),
        "Defence | One left. | Two left.",
        "no story below it"
    );
}
