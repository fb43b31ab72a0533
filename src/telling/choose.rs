//! Chooses the stories that are told.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use super::story::is_doubtful;
use super::{Found, Need, News, Story, TellingError, WEEK, Why, Wish};
use crate::archive::telling::{Coming, Mark, Move, Standing};
use crate::archive::{Archive, ArchiveError, ArticleNum, GroupNum, VersionSeq};
use crate::article::Moment;
use crate::engine::{Arrival, Arrivals, ArrivalsRequest, Engine};

/// Seconds of a day.
const DAY: i64 = 86_400;

/// Chooses what is new to these searches. A story is told once over all of them: it is listed under the first search that
/// it is news to and that has room for it, else counted under the first.
///
/// # Errors
///
/// Fails where a search names something that does not exist, or the archive cannot be read.
pub fn choose(
    engine: &mut dyn Engine,
    archive: &mut Archive,
    needs: &[Need],
    wish: &Wish<'_>,
) -> Result<News, TellingError> {
    let mut news = News { archive: archive.uuid()?.unwrap_or_default(), mark: wish.mark.to_owned(), ..News::default() };
    let begun = archive.begun()?;
    let mut searched = Vec::with_capacity(needs.len());
    for need in needs {
        let looked = Looked::at(engine, archive, need, wish)?;
        news.upto = looked.arrivals.upto;
        for note in &looked.arrivals.notes {
            let note = if need.name.is_some() { format!("{}: {note}", need.typed()) } else { note.clone() };
            news.notes.push(note);
        }
        let sorted = looked.sorted(archive, &begun)?;
        searched.push((need, looked, sorted));
    }
    let shares = Shares::of(searched.iter().map(|(_, _, sorted)| sorted), wish);
    let mut telling = Telling { archive, wish, shares, news, places: HashMap::new(), also: Vec::new() };
    for (need, looked, sorted) in searched {
        telling.tell(need, &looked, sorted)?;
    }
    Ok(telling.end())
}

/// How many stories a search would have found lately.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Stories that it would have found.
    pub stories: u64,
    /// In so many days: 30, or fewer where the archive is younger.
    pub days: u64,
}

/// How many stories a search would have found in the last 30 days; `None` where the archive is younger than a day.
///
/// # Errors
///
/// As [`choose`].
pub fn rate(
    engine: &mut dyn Engine,
    archive: &Archive,
    need: &Need,
    now: Moment,
) -> Result<Option<Rate>, TellingError> {
    let Some(first) = archive.first_stored()? else { return Ok(None) };
    let age = now.seconds().saturating_sub(first);
    if age < DAY {
        return Ok(None);
    }
    let days = u64::try_from((age + DAY / 2) / DAY).unwrap_or_default().min(30);
    let from = now.seconds().saturating_sub(30 * DAY).max(first);
    let after = archive.seq_before(from)?;
    let arrivals = asked(engine, need, after, Vec::new(), now)?;
    let mut stories = std::collections::HashSet::new();
    for arrival in arrivals.found {
        if archive.coming(ArticleNum(arrival.group.0), after)?.is_none_or(|coming| coming.seq > after) {
            stories.insert(arrival.group);
        }
    }
    Ok(Some(Rate { stories: stories.len() as u64, days }))
}

fn asked(
    engine: &mut dyn Engine,
    need: &Need,
    after: VersionSeq,
    among: Vec<ArticleNum>,
    now: Moment,
) -> Result<Arrivals, TellingError> {
    let request = ArrivalsRequest { query: need.query.clone(), filters: need.filters.clone(), after, among, now };
    engine.arrivals(&request).map_err(|cause| TellingError::Engine { search: need.typed(), cause })
}

/// What a search finds since its mark.
struct Looked {
    mark: Option<Mark>,
    /// Whether the mark is yet to be made.
    is_new: bool,
    from: VersionSeq,
    arrivals: Arrivals,
}

/// An article that may be told.
struct Candidate {
    arrival: Arrival,
    coming: Coming,
    class: Class,
    /// It was not looked at before.
    is_fresh: bool,
}

/// What an article would be told as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    New,
    Edited,
    Late,
    /// Late, as it was there when its source was first asked.
    Baseline,
}

impl Class {
    fn why(self) -> Why {
        match self {
            Self::New => Why::New,
            Self::Edited => Why::Edited,
            Self::Late | Self::Baseline => Why::Late,
        }
    }

    /// Whether it is listed where there is room.
    fn is_wanted(self, wish: &Wish<'_>) -> bool {
        self <= Self::Edited || wish.late
    }

    /// What becomes of a story that is not listed.
    fn standing(self) -> Standing {
        match self {
            Self::New => Standing::Waiting,
            Self::Edited => Standing::WaitingEdited,
            Self::Late | Self::Baseline => Standing::Late,
        }
    }
}

/// The candidates by story, newest first, and what is only counted.
#[derive(Default)]
struct Sorted {
    stories: Vec<(Class, GroupNum, Vec<Candidate>)>,
    before: Vec<ArticleNum>,
    /// Articles of told stories.
    copies: Vec<ArticleNum>,
    /// How many of these are further copies, not looked at before.
    fresh: u64,
}

impl Looked {
    fn at(engine: &mut dyn Engine, archive: &Archive, need: &Need, wish: &Wish<'_>) -> Result<Self, TellingError> {
        let search = need.name.as_deref().unwrap_or_default();
        let mark = if wish.since.is_some() { None } else { archive.mark(wish.mark, search)? };
        let is_new = mark.is_none() && wish.since.is_none();
        let from = match (wish.since, &mark) {
            (Some(since), _) => since,
            (None, Some(mark)) => mark.seq,
            (None, None) => archive.seq_before(wish.now.seconds().saturating_sub(WEEK))?,
        };
        let among = mark.map(|mark| archive.waiting(mark.num, wish.late)).transpose()?.unwrap_or_default();
        let after = if is_new { VersionSeq::NONE } else { from };
        Ok(Self { mark, is_new, from, arrivals: asked(engine, need, after, among, wish.now)? })
    }

    /// Sorts the articles into stories.
    fn sorted(&self, archive: &Archive, begun: &BTreeMap<u64, i64>) -> Result<Sorted, ArchiveError> {
        let mut groups: BTreeMap<GroupNum, Vec<Arrival>> = BTreeMap::new();
        self.arrivals.found.iter().for_each(|one| groups.entry(one.group).or_default().push(*one));
        let mut out = Sorted::default();
        for (group, arrivals) in groups {
            let known = self.is_known(archive, group)?;
            let before = out.before.len();
            let mut candidates = Vec::new();
            for arrival in arrivals {
                let Some(coming) = archive.coming(arrival.num, self.from)? else { continue };
                if self.is_new && coming.seq <= self.from {
                    out.before.push(arrival.num);
                } else if let Some((class, is_fresh)) = self.class(archive, &arrival, coming, begun)? {
                    candidates.push(Candidate { arrival, coming, class, is_fresh });
                }
            }
            if known || out.before.len() > before {
                out.copies.extend(candidates.iter().map(|one| one.arrival.num));
                out.fresh += candidates.iter().filter(|one| one.is_fresh).count() as u64;
            } else if let Some(class) = class_of(&mut candidates) {
                candidates.sort_by_key(Candidate::order);
                out.stories.push((class, group, candidates));
            }
        }
        out.stories.sort_by_key(|(_, group, all)| (Reverse(all.first().map(Candidate::time)), Reverse(*group)));
        Ok(out)
    }

    /// Whether any copy of a story was told, or was there before the mark.
    fn is_known(&self, archive: &Archive, group: GroupNum) -> Result<bool, ArchiveError> {
        let Some(mark) = self.mark else { return Ok(false) };
        for num in archive.members_of(group)? {
            if archive.standing(mark.num, num)?.is_some_and(Standing::is_known) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What an article would be told as, and whether it was not looked at before; `None` where it is known.
    fn class(
        &self,
        archive: &Archive,
        arrival: &Arrival,
        coming: Coming,
        begun: &BTreeMap<u64, i64>,
    ) -> Result<Option<(Class, bool)>, ArchiveError> {
        let standing = self.mark.map(|mark| archive.standing(mark.num, arrival.num)).transpose()?.flatten();
        match standing {
            Some(Standing::Told | Standing::Before) => return Ok(None),
            Some(Standing::Waiting) => return Ok(Some((Class::New, false))),
            Some(Standing::WaitingEdited) => return Ok(Some((Class::Edited, false))),
            None if coming.seq <= self.from && !coming.completed => return Ok(Some((Class::Edited, true))),
            None | Some(Standing::Late) => {}
        }
        if archive.was_there(arrival.num, coming.stored, begun)? {
            return Ok(Some((Class::Baseline, standing.is_none())));
        }
        let late = arrival.published.is_some_and(|at| at < coming.stored.saturating_sub(WEEK));
        // One that was put off as late stays so, even where the date was mended since.
        let class = if late || standing == Some(Standing::Late) { Class::Late } else { Class::New };
        Ok(Some((class, standing.is_none())))
    }
}

impl Candidate {
    /// When it is news: the time of publication, or of arrival where that is unknown or cannot be.
    fn time(&self) -> i64 {
        let published = self.arrival.published.filter(|at| !is_doubtful(*at, self.coming.stored));
        published.unwrap_or(self.coming.stored)
    }

    /// The copies of a story: those that are told before those that are only counted, then the first published.
    fn order(&self) -> (Class, bool, i64, ArticleNum) {
        let undated = self.arrival.published.is_none_or(|at| is_doubtful(at, self.coming.stored));
        (self.class, undated, self.time(), self.arrival.num)
    }
}

/// What a story would be told as: what speaks most for it among its copies. A copy without a date is as old as the oldest
/// of the others.
fn class_of(candidates: &mut [Candidate]) -> Option<Class> {
    let dated = candidates.iter().filter(|one| one.arrival.published.is_some()).min_by_key(|one| one.arrival.published);
    if let Some(oldest) = dated.map(|one| one.class).filter(|class| *class >= Class::Late) {
        let undated = candidates.iter_mut().filter(|one| one.arrival.published.is_none() && one.class == Class::New);
        undated.for_each(|one| one.class = oldest);
    }
    candidates.iter().map(|one| one.class).min()
}

/// Under which search each story is told.
struct Shares {
    /// The search that lists a story, by its place.
    listed: HashMap<GroupNum, usize>,
    /// The search that counts one for which no search has room.
    counted: HashMap<GroupNum, usize>,
}

impl Shares {
    fn of<'a>(searches: impl Iterator<Item = &'a Sorted> + Clone, wish: &Wish<'_>) -> Self {
        let mut listed = HashMap::new();
        for (at, sorted) in searches.clone().enumerate() {
            let mut room = wish.limit;
            for (class, group, _) in &sorted.stories {
                if room > 0 && class.is_wanted(wish) && !listed.contains_key(group) {
                    listed.insert(*group, at);
                    room -= 1;
                }
            }
        }
        let mut counted = HashMap::new();
        for (at, sorted) in searches.enumerate() {
            for (class, group, _) in &sorted.stories {
                if *class <= Class::Edited && !listed.contains_key(group) {
                    counted.entry(*group).or_insert(at);
                }
            }
        }
        Self { listed, counted }
    }
}

/// The news while it is gathered.
struct Telling<'a> {
    archive: &'a mut Archive,
    wish: &'a Wish<'a>,
    shares: Shares,
    news: News,
    /// Where each story stands: the place of its search, and its own there.
    places: HashMap<GroupNum, (usize, usize)>,
    /// Stories that another search lists, each with the name of one that it is news to as well.
    also: Vec<(GroupNum, String)>,
}

impl Telling<'_> {
    /// Tells what is new to a search, and notes what is to be kept.
    fn tell(&mut self, need: &Need, looked: &Looked, sorted: Sorted) -> Result<(), TellingError> {
        let at = self.news.found.len();
        let mut found = Found { name: need.name.clone(), from: looked.from, copies: sorted.fresh, ..Found::default() };
        let mut rows: Vec<_> = sorted.copies.iter().map(|num| (*num, Standing::Told, None)).collect();
        let mut place = self.news.stories().len() as u64;
        for (class, group, candidates) in sorted.stories {
            let listed = self.shares.listed.get(&group).copied().filter(|_| class.is_wanted(self.wish));
            let story = if listed == Some(at) { self.read(&candidates, group, class)? } else { None };
            let (standing, number) = if let Some(story) = story {
                self.places.insert(group, (at, found.stories.len()));
                found.stories.push(Story { search: need.name.clone(), ..story });
                place += 1;
                (Standing::Told, Some(place))
            } else if listed.is_some_and(|other| other != at) {
                found.elsewhere += 1;
                self.also.extend(need.name.clone().map(|name| (group, name)));
                (Standing::Told, None)
            } else {
                let is_elsewhere = self.shares.counted.get(&group).is_some_and(|first| *first != at);
                let is_fresh = self.wish.late || candidates.iter().any(|one| one.is_fresh);
                found.count(class, is_elsewhere, is_fresh);
                (class.standing(), None)
            };
            rows.extend(candidates.iter().map(|one| (one.arrival.num, standing, number)));
        }
        self.news.found.push(found);
        self.news.moves.push(Move {
            search: need.name.clone().unwrap_or_default(),
            is_new: looked.is_new,
            from: looked.from,
            to: looked.arrivals.upto.max(looked.from),
            before: sorted.before,
            rows,
        });
        Ok(())
    }

    /// The story as it is told, by the first of its copies.
    fn read(&mut self, copies: &[Candidate], group: GroupNum, class: Class) -> Result<Option<Story>, ArchiveError> {
        let Some(first) = copies.first() else { return Ok(None) };
        Story::read(self.archive, first.arrival.num, group, first.coming.stored, class.why())
    }

    /// The news, each story with the names of all searches that it is news to.
    fn end(mut self) -> News {
        for (group, name) in self.also {
            let Some((search, story)) = self.places.get(&group) else { continue };
            let found = self.news.found.get_mut(*search);
            if let Some(story) = found.and_then(|found| found.stories.get_mut(*story)) {
                story.also.push(name);
            }
        }
        self.news
    }
}

impl Found {
    /// Counts a story that is not listed. What was counted as late before, and was edited since, is not counted again.
    fn count(&mut self, class: Class, is_elsewhere: bool, is_fresh: bool) {
        match class {
            Class::New | Class::Edited if is_elsewhere => self.elsewhere += 1,
            Class::New | Class::Edited => self.more += 1,
            Class::Late if is_fresh => self.late += 1,
            Class::Baseline if is_fresh => (self.late, self.baseline) = (self.late + 1, self.baseline + 1),
            Class::Late | Class::Baseline => {}
        }
    }
}
