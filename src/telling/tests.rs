//! What is chosen, and that whatever the order of arrivals and digests each story is told once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::archive::{Archive, ArticleNum};
use crate::authority::Authority;
use crate::directory;
use crate::engine::{Engine, LocalEngine, SearchRequest};
use crate::ingest::{self, Ingest, IngestError};

/// An index directory with a clock.
struct Desk {
    home: tempfile::TempDir,
    now: Moment,
}

impl Desk {
    fn new() -> Self {
        Self { home: tempfile::tempdir().unwrap(), now: "2026-03-01T12:00:00Z".parse().unwrap() }
    }

    fn index(&self) -> PathBuf {
        self.home.path().join("index")
    }

    fn take_in(&self, name: &str, story: &serde_json::Value) {
        let file = self.home.path().join(format!("{name}.jsonl"));
        std::fs::write(&file, format!("{story}\n")).unwrap();
        ingest::run(&Ingest::new(self.index(), [file], self.now), Authority::bundled(), &mut |_| {}).unwrap();
    }

    fn choose(&self, needs: &[Need], wish: &Wish<'_>) -> News {
        let (mut engine, mut archive) =
            (LocalEngine::open(&self.index()).unwrap(), Archive::open(&self.index()).unwrap());
        choose(&mut engine, &mut archive, needs, wish).unwrap()
    }

    fn keep(&self, news: &News) {
        directory::write_existing(&self.index(), Duration::ZERO, |mut archive| {
            let batch = archive.batch()?;
            batch.move_marks(&news.mark, &news.moves, self.now.seconds())?;
            Ok::<_, IngestError>(batch.commit()?)
        })
        .unwrap();
    }

    /// The titles that are told, each with the reason; they count as told from now on.
    fn told(&self, need: &Need) -> Vec<(String, Why)> {
        let news = self.choose(std::slice::from_ref(need), &Wish::new("desk", self.now));
        self.keep(&news);
        news.stories().into_iter().map(|story| (story.title.clone(), story.why)).collect()
    }
}

fn need(query: &str) -> Need {
    Need { name: Some("search".to_owned()), query: query.to_owned(), ..Need::default() }
}

/// Sixty words that no other number gives.
fn words(number: usize) -> String {
    (0..60).map(|n| format!("word{number}x{n}")).collect::<Vec<_>>().join(" ")
}

fn story(number: usize, text: &str, published: &str) -> serde_json::Value {
    serde_json::json!({
        "title": format!("Story {number}"), "text": text, "url": format!("https://alda.example/{number}"),
        "outlet": format!("Outlet {number}"), "published": published,
    })
}

#[test]
fn an_edit_is_news_where_it_makes_an_article_match_and_is_silent_otherwise() {
    let desk = Desk::new();
    let day = "2026-03-01T08:00:00Z";
    desk.take_in("1", &story(1, &format!("Alda buys a ferry. {}", words(1)), day));
    desk.take_in("2", &story(2, &format!("Alda buys a train. {}", words(2)), day));
    let ferry = need("ferry");
    assert_eq!(desk.told(&ferry), [("Story 1".to_owned(), Why::New)]);
    assert_eq!(desk.told(&ferry), []);
    desk.take_in("2", &story(2, &format!("Alda buys a train and a ferry. {}", words(2)), day));
    desk.take_in("1", &story(1, &format!("Alda buys a ferry, again. {}", words(1)), day));
    assert_eq!(desk.told(&ferry), [("Story 2".to_owned(), Why::Edited)]);
    desk.take_in("1", &story(1, &format!("Alda buys a train. {}", words(1)), day));
    assert_eq!(desk.told(&ferry), [], "one that was told and no longer matches");
}

#[test]
fn a_new_mark_goes_back_a_week_and_what_came_before_it_is_known() {
    let mut desk = Desk::new();
    desk.take_in("1", &story(1, &format!("Alda buys a ferry. {}", words(1)), "2026-03-01T08:00:00Z"));
    desk.now = "2026-03-10T12:00:00Z".parse().unwrap();
    desk.take_in("2", &story(2, &format!("Borduria buys a ferry. {}", words(2)), "2026-03-10"));
    desk.take_in("3", &story(3, &format!("Borduria bought a ferry. {}", words(3)), "2026-02-01"));
    let news = desk.choose(&[need("ferry")], &Wish::new("desk", desk.now));
    assert_eq!((news.total(), news.found[0].late, news.moves[0].before.len()), (1, 1, 1));
    desk.keep(&news);
    // Neither an edit of what was there before, nor a copy of it, is news.
    desk.take_in("1", &story(1, &format!("Alda buys a ferry now. {}", words(1)), "2026-03-01T08:00:00Z"));
    desk.take_in("4", &story(4, &format!("Alda buys a ferry. {}", words(1)), "2026-03-10"));
    let news = desk.choose(&[need("ferry")], &Wish::new("desk", desk.now));
    assert_eq!((news.total(), news.found[0].copies), (0, 1));
    // What came late waits until it is asked for.
    let late = desk.choose(&[need("ferry")], &Wish { late: true, ..Wish::new("desk", desk.now) });
    let listed: Vec<_> = late.stories().into_iter().map(|story| (story.title.as_str(), story.why)).collect();
    assert_eq!(listed, [("Story 3", Why::Late)]);
    desk.keep(&late);
    let again = desk.choose(&[need("ferry")], &Wish { late: true, ..Wish::new("desk", desk.now) });
    assert_eq!((again.stories().len(), again.found[0].late), (0, 0));
}

#[test]
fn a_mark_stays_where_it_begins_however_long_nothing_is_new_to_it() {
    let mut desk = Desk::new();
    desk.take_in("1", &story(1, &format!("Alda buys a train. {}", words(1)), "2026-03-01"));
    let news = desk.choose(&[need("ferry")], &Wish::new("desk", desk.now));
    assert!(news.total() == 0 && news.has_moves() && news.beginnings().len() == 1);
    desk.keep(&News { moves: news.beginnings(), ..news });
    desk.now = "2026-03-03T12:00:00Z".parse().unwrap();
    desk.take_in("2", &story(2, &format!("Borduria buys a ferry. {}", words(2)), "2026-03-03"));
    desk.now = "2026-03-20T12:00:00Z".parse().unwrap();
    assert_eq!(desk.told(&need("ferry")), [("Story 2".to_owned(), Why::New)]);
}

#[test]
fn whether_an_article_matches_does_not_depend_on_what_else_is_new() {
    let desk = Desk::new();
    desk.take_in("1", &story(1, &format!("Alda buys a ferry and a train. {}", words(1)), "2026-03-01"));
    let both = need("ferry train");
    assert_eq!(desk.told(&both).len(), 1);
    desk.take_in("2", &story(2, &format!("Borduria buys a ferry. {}", words(2)), "2026-03-01"));
    assert_eq!(desk.told(&both), [], "it lacks a word that another article has, as in a search");
}

#[test]
fn a_copy_without_a_date_is_no_newer_than_the_others() {
    let desk = Desk::new();
    let text = format!("Alda buys a ferry. {}", words(1));
    desk.take_in("1", &story(1, &text, "2026-01-01"));
    let mut undated = story(2, &text, "");
    undated.as_object_mut().unwrap().remove("published");
    desk.take_in("2", &undated);
    let news = desk.choose(&[need("ferry")], &Wish::new("desk", desk.now));
    assert_eq!((news.total(), news.found[0].late), (0, 1));
    desk.take_in("3", &story(3, &text, "2026-03-01"));
    let news = desk.choose(&[need("ferry")], &Wish::new("desk", desk.now));
    assert_eq!((news.total(), news.stories()[0].copies), (1, 3), "a dated copy of today is news");
}

#[test]
fn a_story_is_listed_under_the_first_search_that_it_is_news_to() {
    let desk = Desk::new();
    desk.take_in("1", &story(1, &format!("Alda buys a ferry and a train. {}", words(1)), "2026-03-01"));
    let needs = ["ferry", "train"].map(|word| Need { name: Some(word.to_owned()), ..need(word) });
    let news = desk.choose(&needs, &Wish::new("desk", desk.now));
    assert_eq!((news.total(), news.found[1].elsewhere), (1, 1));
    assert_eq!(
        (news.stories()[0].search.as_deref(), news.stories()[0].also.as_slice()),
        (Some("ferry"), &["train".to_owned()][..])
    );
    desk.keep(&news);
    assert_eq!(desk.choose(&needs, &Wish::new("desk", desk.now)).total(), 0, "told to both");
}

#[test]
fn a_story_of_two_searches_is_told_and_counted_once_beyond_the_limit_too() {
    let desk = Desk::new();
    for n in 1..=5 {
        let text = format!("Alda buys a ferry and a train. {}", words(n));
        desk.take_in(&n.to_string(), &story(n, &text, "2026-03-01"));
    }
    let needs = ["ferry", "train"].map(|word| Need { name: Some(word.to_owned()), ..need(word) });
    let wish = Wish { limit: 2, ..Wish::new("desk", desk.now) };
    let first = desk.choose(&needs, &wish);
    let counts = |news: &News| -> Vec<(usize, u64, u64)> {
        news.found.iter().map(|one| (one.stories.len(), one.more, one.elsewhere)).collect()
    };
    assert_eq!((first.total(), counts(&first)), (5, vec![(2, 1, 2), (2, 0, 3)]));
    let also: Vec<_> = first.stories().iter().map(|story| (story.search.clone(), story.also.concat())).collect();
    let (ferry, train) = ("ferry".to_owned(), "train".to_owned());
    let [one, other] = [(Some(ferry.clone()), train.clone()), (Some(train), ferry)];
    assert_eq!(also, [one.clone(), one, other.clone(), other]);
    desk.keep(&first);
    let second = desk.choose(&needs, &wish);
    assert_eq!((second.total(), counts(&second)), (1, vec![(1, 0, 0), (0, 0, 1)]));
    desk.keep(&second);
    let mut titles: Vec<&str> =
        [&first, &second].iter().flat_map(|news| news.stories()).map(|one| one.title.as_str()).collect();
    titles.sort_unstable();
    assert_eq!(titles, ["Story 1", "Story 2", "Story 3", "Story 4", "Story 5"]);
    assert_eq!(desk.choose(&needs, &wish).total(), 0);
}

#[test]
fn the_rate_of_a_search_is_that_of_the_last_days() {
    let mut desk = Desk::new();
    desk.take_in("1", &story(1, &format!("Alda buys a ferry. {}", words(1)), "2026-03-01"));
    let rate = |desk: &Desk| {
        let (mut engine, archive) = (LocalEngine::open(&desk.index()).unwrap(), Archive::open(&desk.index()).unwrap());
        super::rate(&mut engine, &archive, &need("ferry"), desk.now).unwrap()
    };
    assert_eq!(rate(&desk), None, "too young to say");
    desk.now = "2026-03-05T12:00:00Z".parse().unwrap();
    desk.take_in("2", &story(2, &format!("Borduria buys a ferry. {}", words(2)), "2026-03-05"));
    desk.take_in("3", &story(3, &format!("Borduria buys a ferry. {}", words(2)), "2026-03-05"));
    assert_eq!(rate(&desk), Some(Rate { stories: 2, days: 4 }));
}

#[test]
fn an_identifier_names_what_is_told() {
    let mut news = News { archive: "a".to_owned(), mark: "desk".to_owned(), ..News::default() };
    let first = identifier(&news, 1);
    assert_eq!((first.len(), identifier(&news, 1) == first, identifier(&news, 2) == first), (16, true, false));
    news.moves.push(Move {
        rows: vec![(ArticleNum(1), crate::archive::telling::Standing::Told, Some(1))],
        ..Move::default()
    });
    assert_ne!(identifier(&news, 1), first);
}

#[test]
fn a_message_counts_as_handed_over_only_where_it_was_taken() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("news.txt");
    let program = |line: &str| Message::Program(line.split(' ').map(str::to_owned).collect());
    hand_over(&Message::File(file.clone()), b"one").unwrap();
    hand_over(&Message::File(file.clone()), b"two").unwrap();
    assert_eq!(std::fs::read(&file).unwrap(), b"two");
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 1, "nothing is left lying");
    assert!(hand_over(&Message::File(home.path().join("none/news.txt")), b"x").is_err());
    assert!(
        hand_over(&program("no-such-program-at-all"), b"x").is_err()
            && hand_over(&Message::Program(vec![]), b"x").is_err()
    );
    if cfg!(unix) {
        assert!(hand_over(&program("true"), &vec![0; 1 << 20]).is_ok(), "it need not read");
        assert!(hand_over(&program("false"), b"x").is_err());
        assert!(hand_over(&Message::File(Path::new("/dev/null").into()), b"x").is_ok());
    }
}

/// One step of a random order.
#[derive(Debug, Clone)]
enum Step {
    /// An article comes: the text, which its copies share, and whether it matches.
    Come { article: usize, text: usize, matches: bool },
    /// News is told, so many stories at most.
    Tell(usize),
    /// It is only looked at, or was not taken.
    Look,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let come = (0..9_usize, any::<bool>()).prop_map(|(article, matches)| Step::Come {
        article,
        text: article % 5,
        matches: matches || article % 5 < 3,
    });
    let step = prop_oneof![6 => come, 2 => (1..3_usize).prop_map(Step::Tell), 1 => Just(Step::Look)];
    proptest::collection::vec(step, 1..14)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]
    /// Texts of numbers below 3 always match, so that no copy leaves its group; the others are edited to and fro.
    #[test]
    fn the_told_stories_are_the_matching_ones_each_once(steps in steps()) {
        let desk = Desk::new();
        desk.take_in("start", &story(99, &format!("Alda sells a horse. {}", words(99)), "2026-03-01"));
        let mut told: BTreeMap<ArticleNum, usize> = BTreeMap::new();
        let mut ever: BTreeSet<String> = BTreeSet::new();
        let matching = |desk: &Desk| -> BTreeSet<String> {
            let request = SearchRequest { limit: 99, passages: 0, all_copies: true, ..SearchRequest::new("ferry", desk.now) };
            let mut engine = LocalEngine::open(&desk.index()).unwrap();
            engine.rank(&request).unwrap().into_iter().map(|(id, _)| id).collect()
        };
        let tell = |desk: &Desk, limit: usize, told: &mut BTreeMap<ArticleNum, usize>| {
            let news = desk.choose(&[need("ferry")], &Wish { limit, ..Wish::new("desk", desk.now) });
            let mut archive = Archive::open(&desk.index()).unwrap();
            for story in news.stories() {
                for member in archive.group(story.num).unwrap().members {
                    *told.entry(member.num).or_default() += 1;
                }
            }
            desk.keep(&news);
            news.stories().len()
        };
        for step in &steps {
            match step {
                Step::Come { article, text, matches } => {
                    let what = if *matches { "ferry" } else { "train" };
                    let number = if *text < 3 { *text } else { 10 + article };
                    desk.take_in(&article.to_string(), &story(*article, &format!("Alda buys a {what}. {}", words(number)), "2026-03-01"));
                }
                Step::Tell(limit) => {
                    tell(&desk, *limit, &mut told);
                    ever.extend(matching(&desk));
                }
                Step::Look => drop(desk.choose(&[need("ferry")], &Wish::new("desk", desk.now))),
            }
        }
        while tell(&desk, 2, &mut told) > 0 {}
        prop_assert!(told.values().all(|times| *times == 1), "{told:?}");
        let mut archive = Archive::open(&desk.index()).unwrap();
        for id in matching(&desk) {
            let num = archive.by_id(&id).unwrap().num;
            let members = archive.group(num).unwrap().members;
            prop_assert!(members.iter().any(|member| told.contains_key(&member.num)), "{id} was never told");
        }
    }
}
