//! A story as it is told.

use jiff::Timestamp;
use serde::Serialize;

use crate::archive::{Archive, ArchiveError, ArticleNum, Group, GroupNum, VersionSeq};
use crate::article::{Doubt, Moment};
use crate::engine::FirstCopy;
use crate::render::short;

/// Why a story is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// It came in.
    New,
    /// It was edited, and matches since.
    Edited,
    /// It came long after it was published, or was there when its source was first asked.
    Late,
}

/// A story that is told, by the copy that was published first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Story {
    /// The saved search under which it is told; `None` for all articles.
    pub search: Option<String>,
    /// Further searches that it is news to.
    pub also: Vec<String>,
    /// Identifier of the article.
    pub id: String,
    /// Identifier of the first article of its story here; the same for all copies.
    pub story: String,
    /// Headline.
    pub title: String,
    /// Address.
    pub url: Option<String>,
    /// Outlet.
    pub outlet: Option<String>,
    /// When it was published.
    pub published: Option<Moment>,
    /// Whether that is more than a day after it came, and is not to be believed.
    pub date_doubtful: bool,
    /// When it came in.
    pub stored: Timestamp,
    /// Articles that run the story, this one included.
    pub copies: u64,
    /// Outlets that ran it.
    pub outlets: u64,
    /// The copy that was published first, where there are several and it is known.
    pub first_published: Option<FirstCopy>,
    /// Why its text may not be the whole story.
    pub doubts: Vec<Doubt>,
    /// Whether its text is only a summary.
    pub summary_only: bool,
    /// Why it is told.
    pub why: Why,
    /// Number of the article.
    #[serde(skip)]
    pub num: ArticleNum,
    /// Its address with `http:`, where it was asked so: that of an article is `https:`, so that copies meet.
    #[serde(skip)]
    pub asked: Option<String>,
}

impl Story {
    /// Reads what is told of an article; `None` where it is not there any more.
    pub(super) fn read(
        archive: &mut Archive,
        num: ArticleNum,
        group: GroupNum,
        stored: i64,
        why: Why,
    ) -> Result<Option<Self>, ArchiveError> {
        let article = match archive.by_num(num) {
            Ok(found) => found,
            Err(ArchiveError::NoArticle(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let copies = archive.group(num)?;
        let (id, article) = (article.id, article.article);
        let doubtful = article.published.is_some_and(|at| is_doubtful(at.seconds(), stored));
        Ok(Some(Self {
            search: None,
            also: Vec::new(),
            story: archive.public_id(ArticleNum(group.0))?.unwrap_or_else(|| id.clone()),
            id,
            title: article.title,
            asked: asked(archive, num, article.url.as_deref())?,
            url: article.url,
            outlet: article.outlet,
            published: article.published,
            date_doubtful: doubtful,
            stored: Timestamp::from_second(stored).unwrap_or_default(),
            copies: copies.members.len() as u64,
            outlets: copies.outlets().len().max(1) as u64,
            first_published: first(&copies),
            doubts: article.doubts.into_iter().collect(),
            summary_only: article.summary_only,
            why,
            num,
        }))
    }

    /// What stands beside the title: outlet, day, how many others ran it, what is doubtful.
    pub(super) fn facts(&self) -> Vec<String> {
        let mut facts: Vec<String> = self.outlet.iter().map(|outlet| short(outlet).into_owned()).collect();
        match self.published {
            Some(at) if self.date_doubtful => facts.push(format!("{}?", at.day())),
            Some(at) => facts.push(at.day().to_string()),
            None => facts.push("undated".to_owned()),
        }
        match (self.outlets.saturating_sub(1), self.copies.saturating_sub(1)) {
            (0, 0) => {}
            (0, copies) => facts.push(format!("and {}", crate::number::number_of(copies, "more copy"))),
            (outlets, _) => facts.push(format!("and {}", crate::number::number_of(outlets, "more outlet"))),
        }
        if let Some(first) = self.first_published.as_ref().filter(|first| first.id != self.id) {
            let whose = first.outlet.as_ref().map_or(first.id.as_str(), String::as_str);
            facts.push(format!("first in {}", short(whose)));
        }
        match self.why {
            Why::New => {}
            Why::Edited => facts.push("edited into it".to_owned()),
            Why::Late => facts.push("late".to_owned()),
        }
        if self.summary_only {
            facts.push("summary".to_owned());
        }
        if !self.doubts.is_empty() {
            let names: Vec<&str> = self.doubts.iter().map(|doubt| doubt.name()).collect();
            facts.push(format!("doubtful: {}", names.join(", ")));
        }
        if !self.also.is_empty() {
            let names: Vec<String> = self.also.iter().map(|name| format!("@{name}")).collect();
            facts.push(format!("also {}", names.join(", ")));
        }
        facts
    }
}

/// The address of an article with `http:`, where its page was asked so, or the source on its host that has it.
fn asked(archive: &Archive, num: ArticleNum, url: Option<&str>) -> Result<Option<String>, ArchiveError> {
    let Some(rest) = url.and_then(|url| url.strip_prefix("https://")) else { return Ok(None) };
    let places = match archive.address_of_page(num)? {
        Some(page) => vec![page],
        None => archive.provenance(num)?.into_iter().map(|one| one.place.path).collect(),
    };
    let host = |rest: &str| rest.split(['/', '?', '#']).next().map(str::to_owned);
    let is_plain = |place: &String| place.strip_prefix("http://").is_some_and(|place| host(place) == host(rest));
    Ok(places.iter().any(is_plain).then(|| format!("http://{rest}")))
}

fn first(copies: &Group) -> Option<FirstCopy> {
    let first = copies.first_published().filter(|_| copies.members.len() > 1)?;
    Some(FirstCopy { id: first.id.clone(), outlet: first.outlet.clone(), published: first.published? })
}

/// Whether a time of publication lies more than a day after the arrival.
pub(super) fn is_doubtful(published: i64, stored: i64) -> bool {
    published > stored.saturating_add(86_400)
}

/// The stories that the digests of a mark told of, each with the time when it was told, the last first.
///
/// # Errors
///
/// Fails where the archive cannot be read.
pub fn told_before(archive: &mut Archive, mark: &str, limit: usize) -> Result<Vec<(Story, Timestamp)>, ArchiveError> {
    let mut out = Vec::new();
    for (num, at, search) in archive.told_by_digests(mark, limit)? {
        let Some(coming) = archive.coming(num, VersionSeq::NONE)? else { continue };
        let group = archive.group_of(num)?;
        if let Some(story) = Story::read(archive, num, group, coming.stored, Why::New)? {
            out.push((Story { search: Some(search).filter(|name| !name.is_empty()), ..story }, at));
        }
    }
    Ok(out)
}
