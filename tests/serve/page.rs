//! The pages, without a script: what they show, and where their links lead.

use dom_query::Document;

use super::{Answer, Site};

/// The addresses of links that a selector finds.
fn links(page: &Document, selector: &str) -> Vec<String> {
    page.select(selector).iter().filter_map(|link| link.attr("href").map(|href| href.to_string())).collect()
}

fn text(page: &Document, selector: &str) -> String {
    page.select(selector).text().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The number of stories that a page says it shows.
fn total(page: &Document) -> u64 {
    let status = text(page, "[role=status]");
    status.split(' ').next().unwrap().replace(',', "").parse().unwrap_or_else(|_| panic!("{status}"))
}

fn all_pages(site: &Site) -> Vec<(String, Answer)> {
    let id = site.json("/v1/search?q=SAFE")["hits"][0]["id"].as_str().unwrap().to_owned();
    let paths = [
        "/",
        "/?q=SAFE+talks",
        "/?q=SAFE&actor=uk,eu&since=2025-11&sort=newest&page=2",
        "/?q=xyzzy",
        "/a/{id}?q=SAFE",
        "/a/{id}/similar",
        "/facets/actor?q=SAFE",
        "/facets/outlet?find=post",
        "/timeline?q=SAFE",
        "/together?q=SAFE",
        "/names?what=topic",
        "/saved",
        "/help/query",
        "/?actor=nobody-of-this-name",
        "/nothing",
    ];
    paths.map(|path| path.replace("{id}", &id)).map(|path| (path.clone(), site.visit(&path))).into()
}

#[test]
fn a_search_marks_what_matched_and_narrows_by_links() {
    let site = Site::of_corpus();
    let page = site.visit("/?q=SAFE+talks").page();
    assert_eq!(page.select("input[name=q]").attr("value").as_deref(), Some("SAFE talks"));
    let marks: Vec<String> = page.select(".hits mark").iter().map(|mark| mark.text().to_string()).collect();
    assert!(marks.iter().any(|mark| mark == "SAFE") && marks.iter().all(|mark| mark != "safe"), "{marks:?}");
    let found = site.json("/v1/search?q=SAFE+talks");
    assert_eq!(total(&page), found["total"].as_u64().unwrap());
    let shown = links(&page, ".hits h3 a");
    let wanted =
        found["hits"].as_array().unwrap().iter().map(|hit| format!("/a/{}?q=SAFE+talks", hit["id"].as_str().unwrap()));
    assert_eq!(shown, wanted.collect::<Vec<_>>());
    let article = site.visit(&shown[0]).page();
    assert!(article.select(".text mark").exists() && article.select("#match-1").exists());
    assert_eq!(links(&article, "a[href='#match-1']").len(), 1);
    assert!(article.select("span.mention").exists());
}

#[test]
fn a_number_of_a_facet_is_the_total_of_its_link() {
    let site = Site::of_corpus();
    for asked in ["/?q=SAFE", "/?q=SAFE&since=2026-01", "/?q=SAFE&topic=procurement"] {
        let page = site.visit(asked).page();
        let values: Vec<(String, u64, bool)> = page
            .select(".facets a.value")
            .iter()
            .map(|link| {
                let count = link.select(".count").text().replace(',', "").parse().unwrap();
                (link.attr("href").unwrap().to_string(), count, link.attr("aria-current").is_some())
            })
            .collect();
        assert!(values.len() > 20, "{}", values.len());
        for (href, count, chosen) in values.iter().filter(|(href, ..)| !href.contains("topic=procurement%2C")) {
            if !chosen && !asked.contains("topic") {
                assert_eq!(total(&site.visit(href).page()), *count, "{href}");
            }
        }
    }
}

#[test]
fn a_number_of_the_page_of_events_is_the_total_of_its_link() {
    let site = Site::of_corpus();
    for asked in ["/facets/event", "/facets/event?actor=uk", "/facets/event?system=F-35&actor=Poland"] {
        for link in site.visit(asked).page().select("ul.values a.value").iter() {
            let count: u64 = link.select(".count").text().replace(',', "").parse().unwrap();
            let href = link.attr("href").unwrap().to_string();
            assert_eq!(total(&site.visit(&href).page()), count, "{href}");
        }
    }
    let speakers = site.visit("/facets/speaker").page();
    assert!(speakers.select("main p").text().contains("somebody speaks for it"));
}

#[test]
fn values_of_a_facet_are_alternatives_and_are_taken_back() {
    let site = Site::of_corpus();
    let page = site.visit("/?q=SAFE").page();
    let first = links(&page, "#facet-actor ~ ul a.value")[0].clone();
    let one = site.visit(&first).page();
    let chosen = one.select("#facet-actor ~ ul a.value[aria-current]");
    assert_eq!(chosen.length(), 1);
    assert_eq!(chosen.attr("href").as_deref(), Some("/?q=SAFE"), "taking it back leads to the question before");
    let second = links(&one, "#facet-actor ~ ul a.value:not([aria-current])")[0].clone();
    let two = site.visit(&second).page();
    assert!(total(&two) >= total(&one) && total(&two) <= total(&page));
    let chips: Vec<String> = links(&two, ".chips a");
    assert_eq!(chips.len(), 3, "two names, and all");
    assert_eq!(chips[1], first);
    assert_eq!(chips[2], "/?q=SAFE");
    let numbers = site.json(&second.replace("/?", "/v1/search?"));
    assert_eq!(total(&two), numbers["total"].as_u64().unwrap());
}

#[test]
fn the_chart_leads_into_its_times() {
    let site = Site::of_corpus();
    let page = site.visit("/?q=SAFE").page();
    let bars = links(&page, ".time svg a");
    assert!(bars.len() > 1);
    let counts: Vec<u64> =
        page.select(".time table td").iter().map(|cell| cell.text().replace(',', "").parse().unwrap()).collect();
    assert_eq!(links(&page, ".time table a"), bars, "the table has what the picture shows");
    for (bar, count) in bars.iter().zip(counts) {
        assert_eq!(total(&site.visit(bar).page()), count, "{bar}");
    }
    assert_eq!(page.select(".dates input[name=since]").length(), 1);
}

#[test]
fn what_has_no_date_is_a_link() {
    let dated = "---\ndate: 2026-02-02\n---\n# Alda buys frigates\n\nAlda will buy two frigates for its navy.";
    let undated = "# Alda sells ferries\n\nAlda will sell the four ferries of its northern line.";
    let site = Site::of(&[("dated.md", dated), ("undated.md", undated)]);
    let page = site.visit("/?q=Alda").page();
    assert_eq!(links(&page, ".time p a"), ["/?q=Alda&undated=true"]);
    let found = site.visit("/?q=Alda&undated=true").page();
    assert_eq!((total(&found), found.select(".hits h3").text().as_ref()), (1, "Alda sells ferries"));
    let table = site.visit("/timeline?q=Alda").page();
    let row = links(&table, "tbody a").pop().unwrap();
    assert_eq!(total(&site.visit(&row).page()), 1, "{row}");
}

#[test]
fn all_pages_of_an_answer_together_are_the_answer() {
    let site = Site::of_corpus();
    let (mut seen, mut next) = (Vec::new(), Some("/?q=defence&limit=20".to_owned()));
    let mut all = 0;
    while let Some(path) = next {
        let page = site.visit(&path).page();
        all = total(&page);
        seen.extend(links(&page, ".hits h3 a"));
        next = links(&page, "a[rel=next]").first().cloned();
    }
    let wanted = site.json(&format!("/search.json?q=defence&limit={all}").replace("limit=0", "limit=1"));
    let ids: Vec<String> = wanted["hits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|hit| format!("/a/{}?q=defence", hit["id"].as_str().unwrap()))
        .collect();
    assert_eq!(seen, ids);
}

#[test]
fn every_link_of_the_pages_leads_to_a_page() {
    let site = Site::of_corpus();
    let mut paths: Vec<String> = Vec::new();
    // The page of an error keeps the filters, so that nothing that was typed is lost.
    for (_, answer) in all_pages(&site).into_iter().filter(|(_, answer)| answer.status == 200) {
        let page = Document::from(answer.body.as_str());
        let own = links(&page, "a[href^='/']").into_iter().chain(links(&page, "link[href^='/']"));
        let own = own.map(|path| path.split('#').next().unwrap().to_owned());
        // One of each kind is enough: the path, and the names of the parameters.
        for path in own {
            let kind = |path: &str| {
                let (path, query) = path.split_once('?').unwrap_or((path, ""));
                let names: Vec<&str> = query.split('&').map(|pair| pair.split('=').next().unwrap()).collect();
                format!("{}?{}", path.split('/').take(2).collect::<Vec<_>>().join("/"), names.join("&"))
            };
            if !paths.iter().any(|known| kind(known) == kind(&path)) {
                paths.push(path);
            }
        }
    }
    assert!(paths.len() > 30, "{paths:?}");
    for path in paths {
        let answer = site.visit(&path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    }
}

#[test]
fn pages_bring_nothing_from_elsewhere_and_run_nothing() {
    let site = Site::of_corpus();
    for (path, answer) in all_pages(&site) {
        let page = Document::from(answer.body.as_str());
        assert!(answer.header("content-type").starts_with("text/html"), "{path}: {}", answer.body);
        assert!(!page.select("script, style, iframe, img, object, [style], [onclick], [onload]").exists(), "{path}");
        for link in page.select("[href], [src], [action]").iter() {
            let address = ["href", "src", "action"].iter().find_map(|name| link.attr(name)).unwrap().to_string();
            let elsewhere = !address.starts_with('/') && !address.starts_with('#') && address != "data:,";
            if elsewhere {
                assert!(address.starts_with("http") && link.is("a"), "{path}: {address}");
                assert_eq!(link.attr("rel").as_deref(), Some("noopener noreferrer"), "{path}: {address}");
            }
        }
    }
}

#[test]
fn pages_can_be_read_aloud_and_walked_by_keys() {
    let site = Site::of_corpus();
    for (path, answer) in all_pages(&site) {
        let page = Document::from(answer.body.as_str());
        assert_eq!(page.select("h1").length(), 1, "{path}");
        assert_eq!(page.select("html").attr("lang").as_deref(), Some("en"), "{path}");
        assert_eq!(page.select("a.skip").attr("href").as_deref(), Some("#main"), "{path}");
        assert!(page.select("main#main").exists() && !text(&page, "title").is_empty(), "{path}");
        let ids: Vec<String> = page.select("[id]").iter().map(|one| one.attr("id").unwrap().to_string()).collect();
        let mut once = ids.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), ids.len(), "{path}: {ids:?}");
        for field in page.select("input:not([type=hidden]), select").iter() {
            let id = field.attr("id").unwrap();
            assert!(page.select(&format!("label[for='{id}']")).exists(), "{path}: {id} has no label");
        }
        let levels: Vec<u32> = page
            .select("h1, h2, h3, h4")
            .iter()
            .map(|one| one.nodes()[0].node_name().unwrap()[1..].parse().unwrap())
            .collect();
        assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{path}: {levels:?}");
        assert!(page.select("table").iter().all(|table| table.select("caption").exists()), "{path}");
    }
    let page = site.visit("/?q=SAFE").page();
    assert!(page.select("[role=status]").exists() && page.select(".hits article[lang=en]").exists());
    assert!(page.select("input[autofocus]").is_empty(), "a reader of results is not moved to the box");
    assert!(site.visit("/").page().select("input[autofocus]").exists());
    assert!(site.visit("/names").page().select("input[autofocus]").is_empty());
}

#[test]
fn pages_are_small() {
    let site = Site::of_corpus();
    let page = site.visit("/?q=SAFE+talks");
    let style = links(&Document::from(page.body.as_str()), "link[rel=stylesheet]");
    let style = site.get(&style[0]);
    assert_eq!((style.status.as_u16(), style.header("content-type")), (200, "text/css"));
    assert!(style.header("cache-control").contains("immutable"));
    let size = page.body.len() + style.body.len();
    assert!(size <= 60 << 10, "{size} bytes");
}

#[test]
fn hostile_articles_stay_text() {
    let article = |title: &str, outlet: &str, url: &str| {
        let article = serde_json::json!({
            "title": title, "outlet": outlet, "url": url, "byline": ["<b>Ann</b>"], "published": "2026-02-02",
            "text": "Frigates <script>alert(1)</script> of Alda \"><img src=x onerror=alert(2)> lie in Port Varna.\u{202e}",
        });
        article.to_string()
    };
    let lines = [
        article("<script>alert(1)</script> frigates", "javascript:alert(1)", "javascript:alert(2)"),
        article("\"><img onerror=alert(1)> frigates", "</title><script>", "data:text/html,<script>alert(1)</script>"),
        article("=cmd() frigates", "&amp;lt;", "https://news.example/\"><script>"),
    ];
    let site = Site::of(&[("hostile.jsonl", &lines.join("\n"))]);
    let ids: Vec<String> = site.json("/v1/search?q=frigates")["hits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|hit| hit["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids.len(), 3);
    let mut paths: Vec<String> =
        ["/?q=frigates", "/facets/outlet", "/names?what=outlet", "/timeline?by=outlet"].map(str::to_owned).into();
    paths.push("/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E".to_owned());
    paths.push("/?outlet=%3Cscript%3E&actor=%22%3E%3Cimg%3E".to_owned());
    paths.extend(ids.iter().map(|id| format!("/a/{id}?q=frigates")));
    for path in paths {
        let answer = site.visit(&path);
        let page = Document::from(answer.body.as_str());
        assert!(!page.select("script, img, b, [onerror]").exists(), "{path}");
        assert!(!answer.body.contains('\u{202e}'), "{path}");
        for href in links(&page, "a, link") {
            assert!(["/", "#", "https://", "data:,"].iter().any(|known| href.starts_with(known)), "{path}: {href}");
        }
    }
    let table = site.get("/search.csv?q=frigates");
    assert!(table.header("content-disposition").starts_with("attachment"));
    assert!(
        !table.body.contains("\n=cmd") && !table.body.contains(",=cmd") && !table.body.contains("\"=cmd"),
        "{}",
        table.body
    );
}

#[test]
fn each_state_has_its_page_and_status() {
    let site = Site::of_corpus();
    let state = |path: &str| {
        let answer = site.visit(path);
        let page = Document::from(answer.body.as_str());
        (answer.status.as_u16(), text(&page, "h1"), text(&page, "main"))
    };
    let nothing = state("/?q=xyzzy");
    assert_eq!(nothing.0, 200);
    assert!(nothing.2.contains("Nothing found"), "{}", nothing.2);
    assert_eq!(state("/?actor=Keir+Starmr").0, 400);
    assert!(state("/?actor=Keir+Starmr").2.contains("Keir Starmer"));
    assert!(state("/?actor=smith").2.contains("could be any of"));
    assert_eq!(state("/?q=date:never").0, 400);
    assert!(state("/?actors=uk").2.contains("did you mean 'actor'"));
    assert_eq!((state("/a/zzzz").0, state("/facets/nothing").0, state("/help/nothing").0), (404, 404, 404));
    assert_eq!(state("/a/a").0, 400);
    assert_eq!(state("/saved").0, 200);
    let empty = Site::of(&[]);
    assert_eq!(empty.visit("/").status, 503);
    despatch::archive::Archive::create(&empty.index()).unwrap();
    let page = empty.visit("/");
    assert!(page.status == 200 && page.body.contains("no article yet"), "{}", page.body);
}

#[test]
fn a_feed_lists_what_came_last_first() {
    let site =
        Site::of(&[("new.md", "---\ndate: 2026-02-20\n---\n# New frigates\n\nAlda has new frigates in Port Varna.")]);
    site.add("old.md", "---\ndate: 2019-01-05\nurl: https://post.example/old\n---\n# Old frigates\n\nBorduria had old frigates in 2019.");
    let answer = site.get("/search.atom?q=frigates");
    assert_eq!(answer.header("content-type"), "application/atom+xml");
    let feed = roxmltree::Document::parse(&answer.body).unwrap();
    let named = |node: roxmltree::Node<'_, '_>, name: &str| {
        node.children()
            .find(|child| child.has_tag_name(("http://www.w3.org/2005/Atom", name)))
            .and_then(|child| child.text().map(str::to_owned))
    };
    let entries: Vec<_> = feed.descendants().filter(|node| node.tag_name().name() == "entry").collect();
    let titles: Vec<_> = entries.iter().map(|entry| named(*entry, "title").unwrap()).collect();
    assert_eq!(titles, ["Old frigates", "New frigates"]);
    let root = feed.root_element();
    for node in [root, entries[0], entries[1]] {
        assert!(named(node, "id").unwrap().starts_with("urn:despatch:"));
        assert!(named(node, "updated").unwrap().parse::<jiff::Timestamp>().is_ok());
    }
    assert_ne!(named(entries[0], "id"), named(entries[1], "id"));
}

#[test]
fn a_search_is_taken_along_in_every_form() {
    let site = Site::of_corpus();
    let page = site.visit("/?q=SAFE").page();
    let forms = links(&page, ".exports a");
    assert_eq!(forms.len(), 8);
    let total = site.json("/v1/search?q=SAFE")["total"].as_u64().unwrap();
    let rows = csv::Reader::from_reader(site.get("/search.csv?q=SAFE").body.as_bytes()).records().count() as u64;
    assert!(rows >= total, "{rows} of {total}");
    for form in forms {
        let answer = site.get(&form);
        assert!(answer.status == 200 && !answer.body.is_empty(), "{form}");
        assert!(answer.header("content-disposition").contains("despatch."), "{form}");
    }
    let id = site.json("/v1/search?q=SAFE")["hits"][0]["id"].as_str().unwrap().to_owned();
    for form in links(&site.visit(&format!("/a/{id}")).page(), ".exports a") {
        assert!(site.get(&form).body.len() > 100, "{form}");
    }
    let description = site.get("/opensearch.xml");
    let xml = roxmltree::Document::parse(&description.body).unwrap();
    let template = xml.descendants().find_map(|node| node.attribute("template")).unwrap().to_owned();
    assert_eq!(template, "http://127.0.0.1:7373/?q={searchTerms}");
}

#[test]
fn an_api_alone_has_no_page() {
    let site = Site::of_corpus_with(|options| options.no_page = true);
    for path in ["/", "/a/1", "/search.csv", "/opensearch.xml", "/help/query"] {
        assert_eq!(site.get(path).status, 404, "{path}");
    }
    assert_eq!(site.get("/v1/search?q=SAFE").status, 200);
}

#[test]
fn words_of_two_paragraphs_stay_apart() {
    let site = Site::of(&[("a.md", "# Alda buys frigates\n\nAlda will buy two frigates.\n\nBorduria sells them.")]);
    let passage = site.visit("/?q=frigates+Borduria").page().select(".hits blockquote p").text();
    assert_eq!(
        passage.split_whitespace().collect::<Vec<_>>().join(" "),
        "Alda will buy two frigates. Borduria sells them."
    );
    let id = site.json("/v1/search?q=frigates")["hits"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(site.visit(&format!("/a/{id}?q=frigates")).page().select(".text p").length(), 2);
}

#[test]
fn an_article_opens_beside_its_search() {
    let site = Site::of_corpus();
    let page = site.visit("/?q=SAFE&limit=3&page=2").page();
    assert_eq!(page.select("#preview").length(), 0);
    let previews = links(&page, ".hits .more a");
    assert_eq!(previews.len(), 3);
    assert!(previews.iter().all(|one| one.contains("page=2") && one.ends_with("#preview")), "{previews:?}");
    let open = site.visit(previews[1].trim_end_matches("#preview")).page();
    assert_eq!(links(&open, ".hits h3 a"), links(&page, ".hits h3 a"), "the hits stay");
    let preview = open.select("#preview");
    assert_eq!(preview.select("h2 a").text(), page.select(".hits h3 a").iter().nth(1).unwrap().text());
    assert!(preview.select("mark#match-1").length() == 1 && preview.select(".text p").length() > 1);
    let ways = links(&open, "#preview > .more a");
    assert_eq!(ways.last().unwrap(), "/?q=SAFE&limit=3&page=2", "it can be closed");
    let gone = site.visit("/?q=SAFE&open=ffffffffffff").page();
    assert_eq!(gone.select("#preview-title").text().as_ref(), "The article is not there");
    assert!(total(&gone) > 0);
}

#[test]
fn a_preview_ends_where_a_page_would_be_too_long() {
    let paragraph = format!("{} frigates.", "Alda builds ships. ".repeat(40));
    let text = format!("# Alda\n\n{}", vec![paragraph.as_str(); 40].join("\n\n"));
    let site = Site::of(&[("long.md", text.as_str())]);
    let id = site.json("/v1/search?q=frigates")["hits"][0]["id"].as_str().unwrap().to_owned();
    let page = site.visit(&format!("/?q=frigates&open={id}")).page();
    let shown = page.select("#preview .text p").length();
    assert!((2..12).contains(&shown), "{shown}");
    assert_eq!(page.select("#preview mark[id]").length(), shown, "matches that are not shown have no place");
    assert_eq!(links(&page, "#preview > .more a")[0], format!("/a/{id}?q=frigates"));
}

#[test]
fn a_feed_stays_the_same_until_something_comes_in() {
    let site =
        Site::of(&[("undated.md", "# Alda sells ferries\n\nAlda will sell the four ferries of its northern line.")]);
    let before = site.get("/search.atom?q=ferries").body;
    site.set_clock("2026-03-05T08:00:00Z");
    assert_eq!(site.get("/search.atom?q=ferries").body, before);
    assert!(before.contains("<updated>2026-03-01T00:00:00Z</updated>"), "when it came in: {before}");
}

#[test]
fn addresses_that_lead_nowhere_say_where_to_go() {
    let site = Site::of_corpus();
    assert_eq!(site.visit("/help").header("location"), "/help/query");
    let beyond = site.visit("/?q=SAFE&page=99").page();
    assert!(beyond.select(".results").text().contains("There are 2 pages."), "{}", beyond.select(".results").text());
    let refused = site.get("/v1/search?undated=true&since=2025");
    assert_eq!(refused.status, 400);
    assert!(refused.body.contains("--undated"), "{}", refused.body);
}

#[test]
fn a_saved_search_is_shown_with_its_words_and_filters() {
    let site = Site::of(&[
        ("a.md", "---\ndate: 2026-01-05\n---\n# Alda and NATO\n\nGermany and NATO spoke of the frigates."),
        ("b.md", "---\ndate: 2026-01-06\n---\n# Borduria and NATO\n\nNATO spoke of the frigates of Borduria."),
    ]);
    let saved = super::despatch(site.index().parent().unwrap())
        .args(["save", "talks", "frigates", "--actor", "germany", "--since", "1990", "--match", "any"])
        .output()
        .unwrap();
    assert!(saved.status.success(), "{saved:?}");
    let page = site.visit("/?q=%40talks").page();
    assert_eq!(page.select("#q").attr("value").as_deref(), Some("frigates"));
    let typed = site.visit("/?q=frigates&actor=germany&match=any&since=1990").page();
    assert_eq!((total(&page), total(&typed)), (1, 1));
    assert_eq!(links(&page, ".facets a"), links(&typed, ".facets a"));
    assert_eq!(page.select(".chips").text(), typed.select(".chips").text());
}
