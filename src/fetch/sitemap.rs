//! Sitemaps, news sitemaps and indexes of them (sitemaps.org, Google News).

use std::collections::BTreeMap;

use super::xml::{Step, walk};

/// An address of a sitemap.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) loc: String,
    pub(super) lastmod: Option<String>,
    /// `news:title`.
    pub(super) title: Option<String>,
    /// `news:publication_date`.
    pub(super) published: Option<String>,
    /// `news:name`.
    pub(super) outlet: Option<String>,
    /// `news:language`.
    pub(super) language: Option<String>,
}

/// Addresses of one minute from which they may be a stamp.
const FEW: usize = 3;
/// Addresses of one sitemap that are read, at most: as many as the protocol allows.
const MOST: usize = 50_000;
/// Sitemaps of an index that are asked for in one run, at most.
pub(super) const CHILDREN: usize = 10;
/// How deep indexes may stand in each other.
pub(super) const DEPTH: u32 = 2;

/// The addresses of a sitemap, or the sitemaps of an index.
pub(super) fn read(text: &str) -> Vec<Place> {
    let mut places = Vec::new();
    let mut now = Place::default();
    walk(text, |path, step| {
        let Step::Close(name, text) = step else { return };
        let within = path.last().map(String::as_str).unwrap_or_default();
        let found = || Some(text.to_owned()).filter(|text| !text.is_empty());
        match (within, name) {
            ("url" | "sitemap", "loc") => text.clone_into(&mut now.loc),
            ("url" | "sitemap", "lastmod") => now.lastmod = found(),
            ("news", "title") => now.title = found(),
            ("news", "publication_date") => now.published = found(),
            ("news", "language") | ("publication", "language") => now.language = found(),
            ("publication", "name") => now.outlet = found(),
            (_, "url" | "sitemap") => {
                let one = std::mem::take(&mut now);
                if !one.loc.is_empty() && places.len() < MOST {
                    places.push(one);
                }
            }
            _ => {}
        }
    });
    places
}

/// Whether most addresses were changed within one minute, by their `lastmod`: then it tells when the sitemap was made, and
/// nothing of them.
pub(super) fn is_stamped(places: &[Place]) -> bool {
    let mut minutes: BTreeMap<&str, usize> = BTreeMap::new();
    for minute in places.iter().filter_map(|place| place.lastmod.as_deref()?.get(.."2026-03-01T12:00".len())) {
        *minutes.entry(minute).or_default() += 1;
    }
    let most = minutes.into_values().max().unwrap_or_default();
    most >= FEW && 2 * most > places.len()
}

/// The sitemaps of an index that are most likely to have news: those changed last by their `lastmod`, where that tells
/// them apart, else by the numbers in their names, else the first.
pub(super) fn newest(mut children: Vec<Place>) -> Vec<Place> {
    let first = children.first().and_then(|child| child.lastmod.clone());
    if children.iter().any(|child| child.lastmod != first) {
        children.sort_by(|one, other| other.lastmod.cmp(&one.lastmod));
    } else {
        let numbers = |child: &Place| -> Vec<u64> {
            let parts = child.loc.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
            parts.filter_map(|part| part.parse().ok()).collect()
        };
        children.sort_by_key(|child| std::cmp::Reverse(numbers(child)));
    }
    children.truncate(CHILDREN);
    children
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_news_sitemap_gives_titles_and_dates() {
        let text = "<?xml version='1.0'?><urlset xmlns:news='n' xmlns:image='i'><url><loc> https://harbour.example/a?x=1&amp;y=2 </loc>\
            <lastmod>2026-03-01</lastmod><news:news><news:publication><news:name>Harbour Post</news:name>\
            <news:language>en</news:language></news:publication><news:publication_date>2026-03-01T08:00:00Z\
            </news:publication_date><news:title>Alda buys a ferry</news:title></news:news>\
            <image:image><image:loc>https://harbour.example/a.jpg</image:loc><image:title>A ferry</image:title></image:image></url>\
            <url><loc>https://harbour.example/b</loc></url><url><loc></loc></url>";
        let found = read(text);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].loc, "https://harbour.example/a?x=1&y=2");
        let news = [&found[0].title, &found[0].published, &found[0].outlet, &found[0].language];
        let expected = ["Alda buys a ferry", "2026-03-01T08:00:00Z", "Harbour Post", "en"];
        assert_eq!(news.map(|value| value.as_deref().unwrap()), expected);
        assert_eq!(found[1], Place { loc: "https://harbour.example/b".to_owned(), ..Place::default() });
    }

    #[test]
    fn the_newest_children_of_an_index_are_asked() {
        let child = |n: u32, lastmod: &str| Place {
            loc: format!("https://harbour.example/sitemap-2026-{n}.xml"),
            lastmod: Some(lastmod.to_owned()),
            ..Place::default()
        };
        let stamped = newest((1..=50).map(|n| child(n, "2026-03-01T00:00:00Z")).collect());
        assert_eq!(stamped.len(), CHILDREN);
        assert!(
            stamped[0].loc.ends_with("-50.xml") && stamped[9].loc.ends_with("-41.xml"),
            "a build stamp tells nothing"
        );
        let dated = newest(vec![child(1, "2026-02-01"), child(9, "2026-01-01"), child(2, "2026-03-01")]);
        assert!(dated[0].loc.ends_with("-2.xml") && dated[2].loc.ends_with("-9.xml"));
    }
}
