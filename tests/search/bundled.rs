//! The bundled corpus: the engine against the plain reader, with all means of the language; facet counts against
//! counting.

use std::collections::{BTreeMap, BTreeSet};

use despatch::analysis;
use despatch::archive::Archive;
use despatch::article::Article;
use despatch::authority::{Authority, Resolution};
use despatch::engine::{Engine, Facet, FacetRequest, LocalEngine, Matching, SearchRequest};
use despatch::query::pattern::is_stop_text;
use despatch::query::{Field, Mode, Part, Text};
use despatch::tag::{Tagger, Tags};

use super::brute::{self, Reading};
use super::second::{self, Own};
use super::{Dice, index_of_corpus, now};

/// An article of the corpus with its tags and its group.
struct Read {
    id: String,
    group: u64,
    article: Article,
    tags: Tags,
}

/// The bundled corpus in an index, and as read from the archive.
struct Shelf {
    _dir: tempfile::TempDir,
    engine: LocalEngine<'static>,
    all: Vec<Read>,
}

fn shelf() -> Shelf {
    let (dir, mut engine) = index_of_corpus();
    let every = SearchRequest { limit: 1000, passages: 0, all_copies: true, ..SearchRequest::new("", now()) };
    let mut archive = Archive::open(dir.path()).unwrap();
    let mut tagger = Tagger::new(Authority::bundled());
    let all = engine
        .rank(&every)
        .unwrap()
        .into_iter()
        .map(|(id, _)| {
            let stored = archive.by_id(&id).unwrap();
            let tags = tagger.tag(&stored.article);
            Read { id, group: stored.group.0, article: stored.article, tags }
        })
        .collect();
    Shelf { _dir: dir, engine, all }
}

/// One to `most` consecutive words of an article.
fn words(dice: &mut Dice, read: &Read, most: usize) -> String {
    let text = if dice.roll(4) == 0 { &read.article.title } else { &read.article.text };
    let list: Vec<&str> = text.split_whitespace().collect();
    let count = (1 + dice.roll(most)).min(list.len());
    let from = dice.roll(list.len() - count + 1);
    list[from..from + count].join(" ").replace(['"', '“', '”', '«', '»', '„', '(', ')', '*', '?', '~'], " ")
}

/// A word of ASCII lower-case letters only.
fn plain(dice: &mut Dice, read: &Read) -> String {
    let whole = words(dice, read, 9);
    let found = whole.split(' ').find(|word| word.len() > 4 && word.bytes().all(|b| b.is_ascii_lowercase()));
    found.unwrap_or("defence").to_owned()
}

/// A value of a field that an article has, or a span of days that contains its date.
fn value(dice: &mut Dice, read: &Read) -> Option<Own> {
    let authority = Authority::bundled();
    let tags = &read.tags;
    let of = |field, text: &str| Some(Own::Values(field, vec![text.to_owned()]));
    match dice.roll(7) {
        0 => {
            let actor = &tags.actors.get(dice.roll(tags.actors.len().max(1)))?.actor;
            let heading = authority.heading(actor)?;
            let sure = matches!(authority.resolve(heading), Resolution::One(id) if id == *actor);
            of(Field::Actor, heading).filter(|_| sure)
        }
        1 => of(Field::Topic, &tags.topics.get(dice.roll(tags.topics.len().max(1)))?.topic),
        2 => of(Field::Outlet, read.article.outlet.as_ref()?),
        3 => {
            let actor = &tags.actors.get(dice.roll(tags.actors.len().max(1)))?.actor;
            of(Field::Affiliation, authority.affiliation(actor)?)
        }
        4 => of(Field::Lang, "en"),
        5 => of(Field::Place, read.article.dateline.as_ref()?.places.first()?),
        _ => {
            let at = jiff::Timestamp::from_second(read.article.published?.seconds()).unwrap();
            let day = at.to_zoned(jiff::tz::TimeZone::UTC).date().to_string();
            let (month, year) = (&day[..7], &day[..4]);
            let dates = |text: String, first: &str, last: &str| Own::Dates(text, first.to_owned(), last.to_owned());
            Some(match dice.roll(3) {
                0 => dates(format!("{month}.."), month, "9"),
                1 => dates(format!("..{day}"), "", &day),
                _ => dates(year.to_owned(), year, &format!("{year}-12-31")),
            })
        }
    }
}

/// A random leaf for the second reader, made of words of the corpus.
fn own_leaf(dice: &mut Dice, all: &[Read], words_only: bool) -> Own {
    let read = &all[dice.roll(all.len())];
    let word = plain(dice, read);
    let word = if is_stop_text(&word_of(&word)) { "defence".to_owned() } else { word };
    let run = |dice: &mut Dice, most| {
        let text = words(dice, read, most);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if analysis::words(&text).is_empty() { "joint".to_owned() } else { text }
    };
    match dice.roll(if words_only { 10 } else { 14 }) {
        0 | 1 => second::words(Mode::Phrase, &run(dice, 3)),
        2 => second::words(Mode::Near(dice.roll(5) as u32), &run(dice, 3)),
        3 => second::words(Mode::Pattern, &format!("{}*", &word[..3 + dice.roll(2)])),
        4 => second::words(Mode::Fuzzy(1), &format!("{}{}", &word[..2], &word[3..])),
        5 => second::words(Mode::Exact, &word),
        0..=9 => second::words(Mode::Word, &word),
        _ => value(dice, read).unwrap_or_else(|| second::words(Mode::Word, &word)),
    }
}

fn word_of(word: &str) -> Text {
    Text { part: Part::Any, text: word.to_owned(), mode: Mode::Word }
}

fn leaf(dice: &mut Dice, read: &Read) -> String {
    let word = plain(dice, read);
    match dice.roll(14) {
        0 | 1 => format!("\"{}\"", words(dice, read, 3)),
        2 => format!("\"{}\"~{}", words(dice, read, 3), dice.roll(5)),
        3 => format!("{}*", &word[..3 + dice.roll(2)]),
        4 => format!("{}?{}", &word[..2], &word[3..]),
        5 => format!("{}{}~1", &word[..2], &word[3..]),
        6 => format!("title:{word}"),
        7 => format!("body:\"{}\"", words(dice, read, 2)),
        8 => format!("=\"{}\"", words(dice, read, 2).trim_matches(|c: char| !c.is_alphanumeric())),
        9 | 10 => value(dice, read).map_or(word, |own| own.text(dice)),
        _ => words(dice, read, 1),
    }
}

fn query(dice: &mut Dice, all: &[Read]) -> String {
    let read = &all[dice.roll(all.len())];
    if dice.roll(8) == 0 {
        return words(dice, read, 6);
    }
    let mut out = Vec::new();
    for _ in 0..1 + dice.roll(3) {
        let sign = ["", "", "", "+", "-"][dice.roll(5)];
        let other = &all[dice.roll(all.len())];
        out.push(match dice.roll(8) {
            0 => format!("{sign}({} AND {})", leaf(dice, read), leaf(dice, read)),
            1 => format!("{sign}({} OR {})", leaf(dice, read), leaf(dice, other)),
            2 => format!("{sign}({} NOT {})", leaf(dice, read), leaf(dice, other)),
            _ => format!("{sign}{}", leaf(dice, read)),
        });
    }
    out.join(" ")
}

#[test]
fn the_engine_finds_and_marks_in_the_corpus_what_a_reader_finds() {
    let mut shelf = shelf();
    let mut dice = Dice(1_234_567_891_011);
    let readings: Vec<Reading<'_>> = shelf.all.iter().map(|read| Reading::new(&read.article, &read.tags)).collect();
    let (mut pairs, mut matched, mut marked) = (0, 0, 0);
    for _ in 0..50 {
        let text = query(&mut dice, &shelf.all);
        let request = SearchRequest {
            limit: 1000,
            passages: usize::MAX,
            all_copies: true,
            ..super::any(SearchRequest::new(&text, now()))
        };
        let response = shelf.engine.search(&request).unwrap();
        let wanted = brute::parse(&text);
        let found: BTreeSet<&str> = response.hits.iter().map(|hit| hit.id.as_str()).collect();
        let right: BTreeSet<&str> = shelf
            .all
            .iter()
            .zip(&readings)
            .filter(|(_, reading)| wanted.matches(reading))
            .map(|(read, _)| read.id.as_str())
            .collect();
        assert_eq!(found, right, "{text}  understood: {}", response.understood);
        for hit in &response.hits {
            let at = shelf.all.iter().position(|read| read.id == hit.id).unwrap();
            marked += brute::check_highlights(&wanted, &readings[at], hit, &text);
        }
        pairs += readings.len();
        matched += right.len();
    }
    assert!(
        pairs >= 2000 && matched >= 300 && marked >= 3000,
        "{pairs} pairs, {matched} matches, {marked} marks: too few to show anything"
    );
    let named: Vec<(&str, Reading<'_>)> = shelf.all.iter().map(|read| read.id.as_str()).zip(readings).collect();
    let leaf = |dice: &mut Dice, words_only: bool| own_leaf(dice, &shelf.all, words_only);
    let kinds = second::agree(&mut shelf.engine, &named, &mut dice, 60, leaf);
    let all =
        ["Word", "Phrase", "Pattern", "Fuzzy", "actor", "topic", "outlet", "date", "AND", "OR", "NOT", "Plus", "Minus"];
    let missing: Vec<_> = all.iter().filter(|kind| !kinds.contains_key(**kind)).collect();
    assert!(kinds["query"] >= 30 && missing.is_empty(), "too few to show anything: {missing:?} {kinds:?}");
}

/// The values of a facet that an article has.
fn values(read: &Read, facet: Facet) -> Vec<String> {
    let authority = Authority::bundled();
    let mut out: Vec<String> = match facet {
        Facet::Actor => read.tags.actors.iter().map(|tag| tag.actor.clone()).collect(),
        Facet::Affiliation => {
            read.tags.actors.iter().filter_map(|tag| authority.affiliation(&tag.actor)).map(str::to_owned).collect()
        }
        Facet::System => read.tags.systems.iter().map(|tag| tag.actor.clone()).collect(),
        Facet::Speaker => brute::speakers(&read.article, &read.tags),
        Facet::Event => brute::done(&read.article, &read.tags),
        Facet::Topic => read.tags.topics.iter().map(|tag| tag.topic.clone()).collect(),
        Facet::Outlet => read.article.outlet.iter().cloned().collect(),
        Facet::Language => read.article.language.iter().cloned().collect(),
        Facet::Place => read.article.dateline.iter().flat_map(|dateline| dateline.places.clone()).collect(),
        Facet::Doubt => read.article.doubts.iter().map(|doubt| doubt.name().to_owned()).collect(),
        time @ (Facet::Day | Facet::Week | Facet::Month | Facet::Quarter | Facet::Year) => read
            .article
            .published
            .iter()
            .map(|at| {
                let day = jiff::Timestamp::from_second(at.seconds()).unwrap().to_zoned(jiff::tz::TimeZone::UTC).date();
                match time {
                    Facet::Day => day.to_string(),
                    Facet::Week => {
                        let week = day.iso_week_date();
                        format!("{}-W{:02}", week.year(), week.week())
                    }
                    Facet::Quarter => format!("{}-Q{}", day.year(), (day.month() - 1) / 3 + 1),
                    Facet::Year => day.year().to_string(),
                    _ => day.to_string()[..7].to_owned(),
                }
            })
            .collect(),
    };
    out.sort();
    out.dedup();
    out
}

const FACETS: [Facet; 14] = [
    Facet::Actor,
    Facet::Speaker,
    Facet::System,
    Facet::Affiliation,
    Facet::Topic,
    Facet::Outlet,
    Facet::Language,
    Facet::Place,
    Facet::Doubt,
    Facet::Day,
    Facet::Week,
    Facet::Month,
    Facet::Quarter,
    Facet::Year,
];

/// Facet counts by reading: of stories, or of all copies.
fn counted(hits: &[&Read], facet: Facet, all_copies: bool) -> BTreeMap<String, u64> {
    let mut seen: BTreeSet<(u64, String)> = BTreeSet::new();
    for (number, read) in (0..).zip(hits) {
        let story = if all_copies { number } else { read.group };
        seen.extend(values(read, facet).into_iter().map(|value| (story, value)));
    }
    let mut out = BTreeMap::new();
    seen.into_iter().for_each(|(_, value)| *out.entry(value).or_default() += 1);
    out
}

#[test]
fn counts_equal_counting_for_every_facet_and_filter() {
    let mut shelf = shelf();
    let mut dice = Dice(99_887_766_554_433);
    let readings: Vec<Reading<'_>> = shelf.all.iter().map(|read| Reading::new(&read.article, &read.tags)).collect();
    let (mut copies, mut stories_found, mut counts_found) = (0, 0, 0);
    for _ in 0..25 {
        let text = if dice.roll(2) == 0 { String::new() } else { query(&mut dice, &shelf.all) };
        let mut request = FacetRequest::new(&text, FACETS.to_vec(), now());
        request.all_copies = dice.roll(2) == 0;
        let authority = Authority::bundled();
        // Each filter with the values that it takes.
        let mut chosen: Vec<(Facet, Vec<String>)> = Vec::new();
        for facet in FACETS.into_iter().filter(|facet| !facet.is_time() && *facet != Facet::Speaker) {
            if dice.roll(3) > 0 {
                continue;
            }
            let pick = |dice: &mut Dice| values(&shelf.all[dice.roll(shelf.all.len())], facet).first().cloned();
            let taken: Vec<String> = (0..1 + dice.roll(2)).filter_map(|_| pick(&mut dice)).collect();
            let wide = |value: &String| {
                let narrower = matches!(facet, Facet::Actor | Facet::System) && !authority.narrower(value).is_empty();
                value.contains(',') || (narrower && (value.starts_with("body/") || facet == Facet::System))
            };
            if taken.is_empty() || taken.iter().any(wide) {
                continue; // a body or system includes its narrower headings
            }
            let filter = match facet {
                Facet::Actor => &mut request.filters.actor,
                Facet::Affiliation => &mut request.filters.affiliation,
                Facet::System => &mut request.filters.system,
                Facet::Topic => &mut request.filters.topic,
                Facet::Outlet => &mut request.filters.outlet,
                Facet::Language => &mut request.filters.lang,
                Facet::Doubt => &mut request.filters.doubt,
                _ => &mut request.filters.place,
            };
            filter.push(taken.join(","));
            chosen.push((facet, taken));
        }
        let since = (dice.roll(3) == 0).then_some(1_640_995_200);
        request.filters.since = since;
        request.filters.doubtful = dice.roll(4) == 0;
        request.filters.matching = [Matching::Any, Matching::Most, Matching::All][dice.roll(3)];
        request.all_values = dice.roll(2) == 0;
        let response = shelf.engine.facets(&request).unwrap();
        let wanted = brute::parse(&text);
        let found: Vec<bool> = readings.iter().map(|reading| wanted.matches(reading)).collect();
        let hits = |except: Option<Facet>| -> Vec<&Read> {
            let all = shelf.all.iter().zip(&found).filter(|(read, found)| {
                let dated = since.is_none_or(|since| read.article.published.is_some_and(|at| at.seconds() >= since));
                let filtered = chosen.iter().filter(|(facet, _)| Some(*facet) != except);
                let mut filtered =
                    filtered.map(|(facet, taken)| values(read, *facet).iter().any(|v| taken.contains(v)));
                let doubtful = !request.filters.doubtful || !read.article.doubts.is_empty();
                **found && dated && doubtful && filtered.all(|holds| holds)
            });
            let all: Vec<&Read> = all.map(|(read, _)| read).collect();
            let has =
                |read: &Read| wanted.words(&readings[shelf.all.iter().position(|one| one.id == read.id).unwrap()]);
            let most = all.iter().map(|read| has(read).0).max().unwrap_or_default();
            let least = |(_, number): (usize, usize)| match request.filters.matching {
                Matching::All if number > 1 => number,
                Matching::Most if number > 1 => most,
                _ => 0,
            };
            all.into_iter().filter(|read| has(read).0 >= least(has(read))).collect()
        };
        let except = |facet| Some(facet).filter(|_| request.all_values);
        let stories: BTreeSet<u64> = hits(None).iter().map(|read| read.group).collect();
        assert_eq!(response.copies as usize, hits(None).len(), "{text} {:?}", request.filters);
        if !request.all_copies {
            assert_eq!(response.total as usize, stories.len(), "{text} {:?}", request.filters);
        }
        for facet in FACETS {
            let counts = counted(&hits(except(facet)), facet, request.all_copies);
            let found: BTreeMap<String, u64> = response.counts[&facet]
                .iter()
                .filter(|count| count.count > 0)
                .map(|count| (count.value.clone(), count.count))
                .collect();
            assert_eq!(found, counts, "{facet:?} {text} {:?} all copies: {}", request.filters, request.all_copies);
            counts_found += counts.len();
        }
        copies += hits(None).len();
        stories_found += stories.len();
    }
    assert!(
        copies > stories_found && stories_found >= 200 && counts_found >= 2000,
        "{copies} copies, {stories_found} stories, {counts_found} counts: too few to show anything"
    );
}
