//! Chooses the stories that are told.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use super::story::is_doubtful;
use super::{Found, Need, News, Story, TellingError, WEEK, Why, Wish};
use crate::archive::telling::{Coming, Mark, Move, Standing};
use crate::archive::{Archive, ArchiveError, ArticleNum, GroupNum, VersionSeq};
use crate::article::Moment;
use crate::engine::{Arrival, Arrivals, ArrivalsRequest, Engine};

/// Chooses what is new to these searches. A story is listed under the first search that it is news to.
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
    let mut listed: HashMap<GroupNum, (usize, usize)> = HashMap::new();
    for need in needs {
        let looked = Looked::at(engine, archive, need, wish)?;
        news.upto = looked.arrivals.upto;
        for note in &looked.arrivals.notes {
            let note = if need.name.is_some() { format!("{}: {note}", need.typed()) } else { note.clone() };
            news.notes.push(note);
        }
        let sorted = looked.sorted(archive, &begun)?;
        tell(archive, need, wish, sorted, &looked, &mut news, &mut listed)?;
    }
    Ok(news)
}

/// How many stories a day a search would have found in the last 30 days; `None` where the archive is younger than a day.
///
/// # Errors
///
/// As [`choose`].
pub fn per_day(
    engine: &mut dyn Engine,
    archive: &Archive,
    need: &Need,
    now: Moment,
) -> Result<Option<f64>, TellingError> {
    let Some(first) = archive.first_stored()? else { return Ok(None) };
    let from = now.seconds().saturating_sub(30 * 86_400).max(first);
    let days = now.seconds().saturating_sub(from) as f64 / 86_400.0;
    if days < 1.0 {
        return Ok(None);
    }
    let after = archive.seq_before(from)?;
    let arrivals = asked(engine, need, after, Vec::new(), now)?;
    let mut stories = std::collections::HashSet::new();
    for arrival in arrivals.found {
        if archive.coming(ArticleNum(arrival.group.0), after)?.is_none_or(|coming| coming.seq > after) {
            stories.insert(arrival.group);
        }
    }
    Ok(Some(stories.len() as f64 / days))
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

/// Lists the stories of a search as far as its limit goes, and notes what is to be kept.
fn tell(
    archive: &mut Archive,
    need: &Need,
    wish: &Wish<'_>,
    sorted: Sorted,
    looked: &Looked,
    news: &mut News,
    listed: &mut HashMap<GroupNum, (usize, usize)>,
) -> Result<(), TellingError> {
    let mut found = Found { name: need.name.clone(), from: looked.from, ..Found::default() };
    let mut step = Move {
        search: need.name.clone().unwrap_or_default(),
        is_new: looked.is_new,
        from: looked.from,
        to: looked.arrivals.upto.max(looked.from),
        before: sorted.before,
        rows: sorted.copies.iter().map(|num| (*num, Standing::Told, None)).collect(),
    };
    found.copies = sorted.fresh;
    let mut place = news.stories().len() as u64;
    for (class, group, candidates) in sorted.stories {
        let wanted = class <= Class::Edited || wish.late;
        let mut keep = |standing: Standing, place: Option<u64>| {
            step.rows.extend(candidates.iter().map(|one| (one.arrival.num, standing, place)));
        };
        if let (true, Some((at, story))) = (wanted, listed.get(&group)) {
            if let (Some(name), Some(story)) =
                (&need.name, news.found.get_mut(*at).and_then(|found| found.stories.get_mut(*story)))
            {
                story.also.push(name.clone());
            }
            found.elsewhere += 1;
            keep(Standing::Told, None);
            continue;
        }
        let first = candidates.first().filter(|_| wanted && found.stories.len() < wish.limit);
        let story = match first {
            Some(first) => Story::read(archive, first.arrival.num, group, first.coming.stored, class.why())?,
            None => None,
        };
        match (story, class) {
            (Some(story), _) => {
                listed.insert(group, (news.found.len(), found.stories.len()));
                found.stories.push(Story { search: need.name.clone(), ..story });
                place += 1;
                keep(Standing::Told, Some(place));
                continue;
            }
            (None, Class::New | Class::Edited) => found.more += 1,
            // What was counted as late before, and was edited since, is not counted again.
            (None, Class::Late | Class::Baseline) if !wish.late && candidates.iter().all(|one| !one.is_fresh) => {}
            (None, Class::Late) => found.late += 1,
            (None, Class::Baseline) => (found.late, found.baseline) = (found.late + 1, found.baseline + 1),
        }
        keep(class.standing(), None);
    }
    news.found.push(found);
    news.moves.push(step);
    Ok(())
}
