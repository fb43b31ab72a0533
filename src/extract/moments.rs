//! When an article was published and last changed: the candidates of a page, and which of them is believed.
//!
//! What a page declares for machines comes first, then what it shows beside the headline, then its address, then dates
//! farther from the headline. The order was chosen on pages of many sites.

use std::cell::OnceCell;
use std::sync::LazyLock;

use dom_query::Document;
use jiff::tz::Offset;
use url::Url;

use super::canonical;
use super::dates::{self, Manner};
use super::jsonld::JsonLd;
use super::metadata::{Page, Stamp, note};
use super::shown::{self, Label, Shown};
use crate::article::{Article, Moment, RawDocument};
use crate::wordlist::WordTable;

/// Names of `<meta>` elements that hold a date of the story, the most trusted first, each with `published` or
/// `modified`.
static META_DATES: LazyLock<Vec<(&str, &str)>> =
    LazyLock::new(|| WordTable::new(include_str!("lists/meta_dates.txt")).ranked());

/// Parts of the names of other `<meta>` elements that hold a date, and which.
static META_PARTS: WordTable = WordTable::new(include_str!("lists/meta_date_parts.txt"));

/// Oldest year that an address can tell: older ones are numbers of something else.
const OLDEST_ADDRESS: i16 = 1990;

/// A date with the part of the document that it is from.
type Dated = (String, Moment);

/// The places of a page where dates stand.
struct Sources<'a> {
    page: &'a Page,
    data: &'a JsonLd,
    document: &'a RawDocument,
    tree: &'a Document,
    manner: Manner,
    headline: String,
    shown: OnceCell<Vec<Shown>>,
}

/// Sets the dates of an article, whose title and address are known.
pub(crate) fn fill(article: &mut Article, page: &Page, data: &JsonLd, document: &RawDocument, tree: &Document) {
    let host = article.url.as_deref().or(document.address.as_deref()).and_then(canonical::host);
    let sources = Sources {
        page,
        data,
        document,
        tree,
        manner: Manner::of(page.language.as_deref(), host.as_deref()).or(page.locale()),
        headline: article.title.clone(),
        shown: OnceCell::new(),
    };
    if let Some((from, moment)) = sources.published(article.url.as_deref()) {
        article.published = Some(moment);
        note(article, "published", from);
    }
    if let Some((from, moment)) = sources.modified()
        && article
            .published
            .is_none_or(|published| published.seconds() <= moment.seconds() || published.day() == moment.day())
    {
        article.modified = Some(moment);
        note(article, "modified", from);
    }
}

impl Sources<'_> {
    /// Reads a date, unless it is after the page was fetched.
    fn read(&self, text: &str) -> Option<Moment> {
        dates::parse_as(text, &self.manner).filter(|moment| self.is_past(moment))
    }

    fn is_past(&self, moment: &Moment) -> bool {
        dates::not_after(moment, self.document.fetched)
    }

    fn metas(&self, date: &'static str) -> impl Iterator<Item = (String, &str)> {
        META_DATES.iter().filter(move |(_, of)| *of == date).flat_map(|(key, _)| {
            self.page.meta_all(key).iter().map(move |value| (format!("meta {key}"), value.as_str()))
        })
    }

    /// The dates of `<meta>` elements whose names are not on the list but say which date they hold.
    fn other_metas(&self, date: &'static str) -> impl Iterator<Item = (String, &str)> {
        let names =
            self.page.meta_names().into_iter().filter(move |name| {
                META_DATES.iter().all(|(known, _)| known != name) && date_in_name(name) == Some(date)
            });
        names
            .flat_map(|name| self.page.meta_all(name).iter().map(move |value| (format!("meta {name}"), value.as_str())))
    }

    /// Dates of elements that are marked as the one of publication, or of the last change.
    fn times(&self, modified: bool) -> impl Iterator<Item = (String, &str)> {
        self.page
            .stamps
            .iter()
            .filter(move |stamp| if modified { stamp.modified } else { stamp.published && !stamp.modified })
            .map(|stamp| ("time element".to_owned(), stamp.value.as_str()))
    }

    /// The dates that the page shows without a mark.
    fn shown(&self) -> &[Shown] {
        self.shown.get_or_init(|| {
            let mut shown = shown::find(self.tree, &self.headline, &self.manner);
            shown.retain(|shown| self.is_past(&shown.moment));
            shown
        })
    }

    fn published(&self, url: Option<&str>) -> Option<Dated> {
        let data = self.data.published.iter().map(|value| ("json-ld datePublished".to_owned(), value.as_str()));
        let marked = data.chain(self.metas("published")).chain(self.times(false)).chain(self.other_metas("published"));
        if let Some((from, moment)) = best(marked, |text| self.read(text)) {
            return Some((from, self.in_local_time(moment)));
        }
        if self.data.event {
            return url.and_then(|url| self.in_address(url));
        }
        let near = || self.beside_headline();
        let address = || url.and_then(|url| self.in_address(url));
        let far = || {
            let found = self.shown().iter().find(|shown| !shown.near && shown.label == Label::Published)?;
            Some(("text with a label".to_owned(), found.moment))
        };
        let titles = [Some(self.headline.as_str()), self.page.title.as_deref()];
        let named = || {
            let moment = titles.into_iter().flatten().find_map(|title| shown::in_title(title, &self.manner))?;
            self.is_past(&moment).then(|| ("title".to_owned(), moment))
        };
        near().or_else(address).or_else(|| self.lone_time()).or_else(far).or_else(named)
    }

    fn modified(&self) -> Option<Dated> {
        let data = self.data.modified.iter().map(|value| ("json-ld dateModified".to_owned(), value.as_str()));
        let marked = data.chain(self.metas("modified")).chain(self.times(true)).chain(self.other_metas("modified"));
        best(marked, |text| self.read(text)).or_else(|| {
            let found = self.shown().iter().find(|shown| shown.label == Label::Modified)?;
            Some(("text with a label".to_owned(), found.moment))
        })
    }

    /// The first unmarked date between headline and story, in a `time` element or in the text.
    fn beside_headline(&self) -> Option<Dated> {
        let near = |stamp: &&Stamp| stamp.near && !stamp.modified;
        let stamp = self.page.stamps.iter().filter(near).find_map(|stamp| self.read(&stamp.value));
        if let Some(moment) = stamp {
            return Some(("time element".to_owned(), moment));
        }
        let shown = self.shown().iter().find(|shown| shown.near && shown.label != Label::Modified)?;
        Some(("text at the headline".to_owned(), shown.moment))
    }

    /// The date of elements far from the headline that are no marks of publication, if all agree on the day. Dates of a
    /// change do not count, nor, where there is a headline, do aloof ones.
    fn lone_time(&self) -> Option<Dated> {
        let headed = !self.page.headings.is_empty();
        let counts = |stamp: &&Stamp| !(stamp.modified || headed && stamp.aloof);
        let stamps = self.page.stamps.iter().filter(counts);
        let moments: Vec<Moment> = stamps.filter_map(|stamp| self.read(&stamp.value)).collect();
        let first = *moments.first()?;
        moments.iter().all(|moment| moment.day() == first.day()).then(|| ("time element".to_owned(), first))
    }

    /// The same instant as an element of the page writes it in the newsroom's own time, if `moment` is in UTC: the day
    /// is then the one that readers saw.
    fn in_local_time(&self, moment: Moment) -> Moment {
        let Moment::Instant(at, Offset::UTC) = moment else { return moment };
        let local =
            |other: &Moment| matches!(other, Moment::Instant(same, offset) if *same == at && *offset != Offset::UTC);
        let metas = self.metas("published").map(|(_, value)| value);
        let stamps = self.page.stamps.iter().map(|stamp| stamp.value.as_str());
        let written = metas.chain(stamps).filter_map(|value| self.read(value)).find(local);
        written.unwrap_or(moment)
    }

    fn in_address(&self, url: &str) -> Option<Dated> {
        let day = in_address(url, &self.manner)?;
        self.is_past(&day).then(|| ("address".to_owned(), day))
    }
}

/// Which date a `<meta>` element holds, by the parts of its name.
fn date_in_name(name: &str) -> Option<&'static str> {
    let parts: Vec<&str> = META_PARTS.rows().filter(|(part, _)| name.contains(part)).map(|(_, of)| of).collect();
    let has = |of: &str| parts.contains(&of);
    match () {
        () if has("other") => None,
        () if has("modified") => Some("modified"),
        () => has("published").then_some("published"),
    }
}

/// The first candidate that can be read; if it is only a day, a later one of the same day that is an instant.
fn best<'v>(
    candidates: impl Iterator<Item = (String, &'v str)>,
    read: impl Fn(&str) -> Option<Moment>,
) -> Option<Dated> {
    let mut first: Option<Dated> = None;
    for (from, value) in candidates {
        let Some(moment) = read(value) else { continue };
        match (&first, moment) {
            (None, Moment::Instant(..)) => return Some((from, moment)),
            (None, Moment::Day(_)) => first = Some((from, moment)),
            (Some((_, Moment::Day(day))), Moment::Instant(..)) if moment.day() == *day => return Some((from, moment)),
            _ => {}
        }
    }
    first
}

/// The day in an address: `/2025/01/14/`, `/2025-01-14-`, `/20250114/`, `/2025/0114/`, `/2025/jan/14/`, `-14-01-2025`.
fn in_address(url: &str, manner: &Manner) -> Option<Moment> {
    let url = Url::parse(url).ok()?;
    let path = url.path().replace(['_', '+'], " ");
    let recent = |moment: &Moment| moment.day().year() >= OLDEST_ADDRESS;
    let written = dates::find(&path, manner).map(|found| found.moment).find(recent);
    written.or_else(|| in_digits(&path).filter(recent))
}

/// A day written in digits alone, or with one slash, among the digits of a path.
fn in_digits(path: &str) -> Option<Moment> {
    let runs: Vec<&str> = path.split(|c: char| !c.is_ascii_digit() && c != '/').collect();
    let whole = runs.iter().flat_map(|run| run.split('/')).filter(|run| run.len() == 8);
    let parted = runs.iter().flat_map(|run| {
        let parts: Vec<&str> = run.split('/').collect();
        let pairs = parts.windows(2).filter(|pair| pair[0].len() == 4 && pair[1].len() == 4);
        pairs.map(|pair| pair.concat()).collect::<Vec<_>>()
    });
    let likely = |run: &&str| run.starts_with("19") || run.starts_with("20");
    whole
        .filter(likely)
        .find_map(dates::parse)
        .or_else(|| parted.filter(|run| likely(&run.as_str())).find_map(|run| dates::parse(&run)))
}
