//! The entries of a source: which are new or changed, which article each is, and whether its page is asked for.

use std::sync::Arc;

use url::Url;

use super::{Fetched, Run, Told};
use crate::archive::following::{Full, Item, Kind, Page};
use crate::archive::{ArticleNum, Digest256, digest};
use crate::article::Article;
use crate::extract;
use crate::fetch::entries::{Entries, Entry};
use crate::fetch::hosts::Task;
use crate::fetch::{FetchError, page};
use crate::ingest::{Arrival, Given};

/// Words of an entry's text that is short.
const SHORT: usize = 150;

impl Run<'_> {
    /// Takes the entries of a source; gives how many are known as they are or as they were, new, and changed.
    pub(super) fn take_entries(
        &mut self,
        at: usize,
        entries: &mut Entries,
    ) -> Result<(usize, usize, usize), FetchError> {
        let (mut known, mut fresh, mut changed) = (0, 0, 0);
        for entry in std::mem::take(&mut entries.entries) {
            let (key, input) = (entry.item.key, entry.item.input);
            if !self.seen.insert(key) {
                known += 1; // the first of its name is the newest
                continue;
            }
            match self.archive.item(&key)?.map(|(input, article, _)| (input, article)) {
                Some((before, _)) if before == input => known += 1,
                // An address that had no date when it was first read: only now there is one that can move.
                Some((before, _)) if entry.document.is_none() && Some(before) == entry.item.page => {
                    known += 1;
                    let told = Told { line: Fetched::default(), completes: false };
                    let item = Some(entry.item);
                    self.arrive(Arrival { document: None, article: None, again: None, item, page: None }, told);
                }
                Some((_, article)) => {
                    known += 1;
                    changed += 1;
                    self.entry(at, entry, article, true)?;
                }
                None => {
                    fresh += 1;
                    self.entry(at, entry, None, false)?;
                }
            }
        }
        Ok((known, fresh, changed))
    }

    /// Takes an entry that is new or changed, and asks for its page where that is wanted.
    pub(super) fn entry(
        &mut self,
        at: usize,
        entry: Entry,
        article: Option<ArticleNum>,
        changed: bool,
    ) -> Result<(), FetchError> {
        let document = entry.document.map(Arc::new);
        let limits = extract::Limits::default();
        let said = document.as_ref().and_then(|document| extract::article_within(document, &limits).ok());
        let document = document.map(Arc::unwrap_or_clone);
        let source = &self.sources[at];
        // What is called a full text and is that short may be no more than a summary.
        let short = || said.as_ref().is_none_or(|said| said.text.split_whitespace().nth(SHORT).is_none());
        let wanted = match source.full {
            Full::Auto => entry.summary || short(),
            Full::Always => true,
            Full::Never => false,
        };
        // What stands in a sitemap when it is first read is old, unless it is one of news.
        let first = self.before[at].body.is_none();
        let old = source.kind == Kind::Sitemap && document.is_none() && (first || entry.old);
        let mut item = entry.item;
        let again = if changed { None } else { self.moved(item.guid.as_ref(), said.as_ref())? };
        item.article = article.or(again);
        let named = entry.page.filter(|_| wanted && !old);
        let url = named.as_ref().and_then(|page| page.url.clone());
        let page = self.page_of(named, &mut item, again, changed)?;
        if let (Some(page), true) = (&page, self.options.pages)
            && let Some(url) = page.url.as_deref().and_then(|url| Url::parse(url).ok())
        {
            let known = match said.clone() {
                Some(said) => Some(Box::new(said)),
                None => self.known(page)?,
            };
            self.add(url, Task::Page { page: Box::new(page.clone()), known });
        }
        let line = Fetched {
            source: self.sources[at].name.clone(),
            url: url.or(document.as_ref().map(|document| document.place.to_string())).unwrap_or_default(),
            bytes: document.as_ref().map_or(0, |document| document.bytes.len() as u64),
            ..Fetched::default()
        };
        let input = document.as_ref().map(|document| digest(&document.bytes)).unwrap_or_default();
        let article = said.map(|said| Given { article: Box::new(said), input, read: None });
        let arrival = Arrival { document, article, again, item: Some(item), page };
        self.arrive(arrival, Told { line, completes: false });
        Ok(())
    }

    /// The page of an entry, if it is to be asked for now: it is new, or its entry has changed.
    pub(super) fn page_of(
        &mut self,
        named: Option<Page>,
        item: &mut Item,
        again: Option<ArticleNum>,
        changed: bool,
    ) -> Result<Option<Page>, FetchError> {
        let Some(page) = named else {
            item.page = None;
            return Ok(None);
        };
        let next = Some(self.now());
        Ok(match self.archive.page(&page.key)? {
            None if self.pages.insert(page.key) => Some(Page { next, article: again, ..page }),
            Some(known) if changed && known.url.is_some() && self.pages.insert(known.key) => {
                Some(Page { next, ..known })
            }
            known => {
                item.article = item.article.or(known.and_then(|known| known.article));
                None
            }
        })
    }

    /// The article that an entry with a new address is: the one that had its identifier before, if it tells the same. Some
    /// feeds give one identifier to many stories, and some stories get another address.
    pub(super) fn moved(
        &mut self,
        guid: Option<&Digest256>,
        said: Option<&Article>,
    ) -> Result<Option<ArticleNum>, FetchError> {
        let (Some(guid), Some(said)) = (guid, said) else { return Ok(None) };
        let Some(num) = self.archive.by_guid(guid)? else { return Ok(None) };
        let known = self.archive.by_num(num)?.article;
        Ok(page::is_the_same_story(&known, said).then_some(num))
    }
}
