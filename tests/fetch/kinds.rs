//! Sitemaps, list pages, and pages that name feeds.

use std::io::Write;

use super::server::{Server, Step};
use super::{Desk, feed, page, story};

#[test]
fn a_news_sitemap_gives_summaries_and_their_pages() {
    let server = Server::new();
    let entry = |path: &str, title: &str| {
        format!(
            "<url><loc>{}</loc><lastmod>2026-03-01</lastmod><news:news><news:publication><news:name>Harbour Post</news:name>\
             <news:language>en</news:language></news:publication><news:publication_date>2026-03-01T08:00:00Z</news:publication_date>\
             <news:title>{title}</news:title></news:news></url>",
            server.url(path)
        )
    };
    let map = format!(
        "<urlset xmlns:news=\"n\">{}{}</urlset>",
        entry("/a", "Alda orders ferries"),
        entry("/b", "Tarvia votes")
    );
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(map.as_bytes()).unwrap();
    server.on("/news.xml.gz", vec![Step::new(200, &[("Content-Type", "application/gzip")], packed.finish().unwrap())]);
    server.on("/a", vec![Step::ok(page("Alda orders ferries", &story(1)))]);
    let desk = Desk::of(&[&server]);
    let run = desk.ok(&["follow", &server.url("/news.xml.gz"), "--as", "news"]);
    assert!(
        run.stdout.contains("(sitemap,") && run.stdout.contains("2 items, 2 new articles; 2 pages waiting"),
        "{run:?}"
    );
    let done = desk.fetched(&[]);
    assert_eq!((&done["completed"], &done["pages_waiting"]), (&1.into(), &1.into()));
    let shown = desk.ok(&["show", &server.article("/b"), "--format", "json"]).stdout;
    assert!(
        shown.contains("Tarvia votes") && shown.contains("Harbour Post") && shown.contains("2026-03-01"),
        "{shown}"
    );
}

#[test]
fn of_an_index_of_sitemaps_the_newest_are_read() {
    let server = Server::new();
    let children: String = (1..=50)
        .map(|n| {
            format!(
                "<sitemap><loc>{}</loc><lastmod>2026-03-01</lastmod></sitemap>",
                server.url(&format!("/map{n}.xml"))
            )
        })
        .collect();
    let index = format!("<sitemapindex>{children}</sitemapindex>");
    server.on("/index.xml", vec![Step::new(200, &[("ETag", "\"1\"")], index)]);
    for n in 1..=50 {
        let map = format!("<urlset><url><loc>{}</loc></url></urlset>", server.url(&format!("/old{n}")));
        server.on(&format!("/map{n}.xml"), vec![Step::ok(map)]);
    }
    let mut desk = Desk::of(&[&server]);
    desk.ok(&["follow", &server.url("/index.xml"), "--as", "maps"]);
    assert_eq!(desk.source("maps")["validators"], "none", "its sitemaps change while the index does not");
    let paths = server.paths();
    let asked = paths.iter().filter(|path| path.starts_with("/map")).count();
    assert!(asked == 10 && paths.contains(&"/map50.xml".to_owned()), "{paths:?}");
    assert_eq!((desk.counts().0, desk.archive().pages_waiting().unwrap()), (0, 0), "what is old is not asked for");
    let old = format!("<url><loc>{}</loc><lastmod>2026-02-01T08:00:00Z</lastmod></url>", server.url("/late"));
    let known = format!("<url><loc>{}</loc></url>", server.url("/old50"));
    let new = format!("<url><loc>{}</loc><lastmod>2026-03-01</lastmod></url>", server.url("/new"));
    let new = format!("<urlset>{old}{known}{new}</urlset>");
    server.on("/map50.xml", vec![Step::ok(new)]);
    server.on("/new", vec![Step::ok(page("Alda orders ferries", &story(1)))]);
    desk.hour = 2;
    assert_eq!(desk.fetched(&[])["new"], 1);
    let paths = server.paths();
    assert!(
        paths.contains(&"/new".to_owned()) && !paths.iter().any(|path| path == "/old50" || path == "/late"),
        "{paths:?}"
    );
}

#[test]
fn a_page_that_names_feeds_offers_them_and_follows_none() {
    let server = Server::new();
    let link = |title: &str, path: &str| {
        format!("<link rel=\"alternate\" type=\"application/rss+xml\" title=\"{title}\" href=\"{path}\">")
    };
    let head = [link("Comments", "/comments"), link("News", "/news.xml"), link("Defence", "/defence.xml")].concat();
    server.on("/", vec![Step::ok(format!("<html><head>{head}</head><body>x</body></html>"))]);
    let desk = Desk::of(&[&server]);
    let run = desk.run(&["follow", &server.url("/")]);
    assert_eq!(run.code, 2);
    let expected: String = [("/news.xml", "News"), ("/defence.xml", "Defence"), ("/comments", "Comments")]
        .map(|(path, title)| format!("despatch follow {}  # {title}\n", server.url(path)))
        .concat();
    assert_eq!(run.stdout, expected);
    assert_eq!(desk.run(&["following"]).code, 1);
}

#[test]
fn a_page_that_names_none_has_the_usual_addresses_tried() {
    let server = Server::new();
    server.on("/", vec![Step::ok("<html><body>x</body></html>")]);
    let maps = format!("User-agent: *\nSitemap: {}\nsitemap:{}\n", server.url("/all.xml"), server.url("/news.xml"));
    server.on("/robots.txt", vec![Step::ok(maps)]);
    server.on("/feed", vec![Step::to(302, "/")]);
    server.on("/rss.xml", vec![Step::ok(feed(&server, &[]))]);
    let desk = Desk::of(&[&server]);
    let run = desk.run(&["follow", &server.url("/")]);
    assert_eq!(run.code, 2);
    let expected: String = [("/news.xml", "sitemap"), ("/all.xml", "sitemap"), ("/rss.xml", "Harbour Post")]
        .map(|(path, title)| format!("despatch follow {}  # {title}\n", server.url(path)))
        .concat();
    assert_eq!(run.stdout, expected);
}

#[test]
fn a_list_page_leads_to_its_articles() {
    let server = Server::new();
    let list = "<html><body><nav><a href='/about'>About</a></nav><a href='/2026/alda-orders-more-ferries'>x</a>\
                <a href='/n/short'>Four words lead here</a><a href='/sport/four-words-of-sport'>y</a></body></html>";
    server.on("/list", vec![Step::ok(list)]);
    server.on("/2026/alda-orders-more-ferries", vec![Step::ok(page("Alda orders more ferries", &story(1)))]);
    server.on("/n/short", vec![Step::ok(page("Contact", "<p>Write to us at any time of the day.</p>"))]);
    let desk = Desk::of(&[&server]);
    assert_eq!(desk.run(&["follow", &server.url("/list")]).code, 2);
    desk.ok(&["follow", &server.url("/list"), "--as", "list", "--kind", "page", "--exclude", "sport"]);
    server.seen();
    assert_eq!(desk.fetched(&[])["new"], 1);
    let paths = server.paths();
    assert_eq!(paths, ["/robots.txt", "/2026/alda-orders-more-ferries", "/n/short"]);
    assert_eq!(desk.counts().0, 1, "what is no article is left out");
}
