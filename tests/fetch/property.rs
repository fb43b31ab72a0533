//! Any order of polls, kills, edits and repeated items gives the archive that one clean pass gives.
//!
//! A kill is what it leaves on the disk: the files of the index as they are in the middle of a run take the place of those
//! at its end.

use std::collections::BTreeMap;
use std::path::Path;

use despatch::archive::Archive;
use despatch::article::Moment;
use despatch::authority::Authority;
use despatch::fetch::{Options, Wish, fetch, wish_without_looking};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::server::{Server, Step};
use super::{feed, page, story};

const FEEDS: u64 = 3;

/// What happens.
#[derive(Debug, Clone)]
enum Event {
    /// This many further items are published.
    Publish(u64),
    /// An item is edited.
    Edit(u64),
    /// All sources are asked, or one of them.
    Poll(Option<u64>),
    /// All are asked, and the run is killed after so many lines of its report.
    Kill(usize),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        (1..4u64).prop_map(Event::Publish),
        (0..9u64).prop_map(Event::Edit),
        proptest::option::of(0..FEEDS).prop_map(Event::Poll),
        (0..12usize).prop_map(Event::Kill),
    ]
}

/// Feeds with summaries, and the pages behind them; a third of the items is in two feeds.
struct World {
    server: Server,
    items: u64,
    edits: BTreeMap<u64, u64>,
}

impl World {
    fn new() -> Self {
        let world = Self { server: Server::new(), items: 0, edits: BTreeMap::new() };
        world.show();
        world
    }

    fn show(&self) {
        for number in 0..FEEDS {
            let of = |item: &u64| item % FEEDS == number || (item.is_multiple_of(3) && (item + 1) % FEEDS == number);
            let texts: Vec<[String; 2]> = (0..self.items)
                .rev()
                .filter(of)
                .map(|item| [format!("/s/{item}"), format!("Order {item} of Alda")])
                .collect();
            let items: Vec<(&str, &str, &str)> = texts
                .iter()
                .map(|[path, title]| (path.as_str(), title.as_str(), "The ministry of Alda orders"))
                .collect();
            self.server.on(&format!("/f{number}"), vec![Step::ok(feed(&self.server, &items))]);
        }
        for item in 0..self.items {
            let edit = self.edits.get(&item).copied().unwrap_or_default();
            let text = story(item * 10).replace("unit", &format!("unit {edit} of"));
            self.server.on(&format!("/s/{item}"), vec![Step::ok(page(&format!("Order {item} of Alda"), &text))]);
        }
    }

    fn options(&self, dir: &Path, hour: i64) -> Options {
        let at: jiff::Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
        let at = at.checked_add(jiff::SignedDuration::from_hours(hour)).unwrap();
        Options {
            private: [self.server.host()].into(),
            delay: std::time::Duration::ZERO,
            now_all: true,
            batch: 2,
            ..Options::new(dir, Moment::from(&at.to_zoned(jiff::tz::TimeZone::UTC)))
        }
    }

    fn follow(&self, dir: &Path) {
        let wish = |number| Wish {
            url: self.server.url(&format!("/f{number}")),
            name: Some(format!("f{number}")),
            ..Wish::default()
        };
        for followed in wish_without_looking(&self.options(dir, 0), &(0..FEEDS).map(wish).collect::<Vec<_>>()).unwrap()
        {
            followed.unwrap();
        }
    }

    /// The newest text of every article, by its address.
    fn archive(&self, dir: &Path) -> BTreeMap<String, String> {
        let mut archive = Archive::open(dir).unwrap();
        let mut found = BTreeMap::new();
        for item in 0..self.items {
            if let Ok(stored) = archive.by_id(&self.server.article(&format!("/s/{item}"))) {
                let texts: Vec<String> = archive
                    .history(stored.num)
                    .unwrap()
                    .into_iter()
                    .map(|version| archive.at(version.seq).unwrap().article.text)
                    .collect();
                assert!(texts.windows(2).all(|two| two[0] != two[1]), "no version is stored twice: {texts:?}");
                found.insert(format!("/s/{item}"), stored.article.text);
            }
        }
        assert_eq!(archive.counts().unwrap().articles, found.len() as u64, "every article once");
        archive.verify(&mut |fault| panic!("{fault}")).unwrap();
        found
    }
}

/// Copies the files of an index over those of another folder.
fn copy(from: &Path, to: &Path) {
    let _ = std::fs::remove_dir_all(to);
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        // A file that is gone by now was one that the writer had made for itself.
        match entry.path().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(std::fs::copy(entry.path(), target)),
        }
    }
}

/// Asks all sources; gives how many articles are new or have changed.
fn poll(options: &Options) -> u64 {
    let report = fetch(options, Authority::bundled(), &mut |_| {}).unwrap();
    assert_eq!(report.failing, 0, "{report:?}");
    report.new + report.changed + report.completed
}

fn lived(world: &mut World, dir: &Path, events: &[Event]) {
    let mut hour = 0;
    for event in events {
        hour += 2;
        match event {
            Event::Publish(count) => world.items += count,
            Event::Edit(item) => *world.edits.entry(*item).or_default() += 1,
            Event::Poll(which) => {
                let names = which.iter().map(|number| format!("f{number}")).collect();
                poll(&Options { names, ..world.options(dir, hour) });
            }
            Event::Kill(after) => {
                let beside = dir.with_extension("killed");
                let mut lines = 0;
                let told = &mut |_: despatch::fetch::Line<'_>| {
                    if lines == *after {
                        copy(dir, &beside);
                    }
                    lines += 1;
                };
                fetch(&world.options(dir, hour), Authority::bundled(), told).unwrap();
                if beside.exists() {
                    std::fs::remove_dir_all(dir).unwrap();
                    std::fs::rename(&beside, dir).unwrap();
                }
            }
        }
        world.show();
    }
    // Until each page was asked for again and nothing is new any more.
    for round in 1..4 {
        poll(&world.options(dir, hour + round * 100));
    }
    assert_eq!(poll(&world.options(dir, hour + 400)), 0);
}

#[test]
fn any_order_of_polls_and_kills_gives_the_archive_of_one_clean_pass() {
    let config = Config { cases: 5, failure_persistence: None, max_shrink_iters: 20, ..Config::default() };
    let mut runner = TestRunner::new(config);
    let kills = std::cell::Cell::new(0);
    let found = runner.run(&proptest::collection::vec(event(), 4..9), |events| {
        let home = tempfile::tempdir().unwrap();
        let (dir, clean) = (home.path().join("lived"), home.path().join("clean"));
        let mut world = World::new();
        world.items = 3;
        world.show();
        world.follow(&dir);
        lived(&mut world, &dir, &events);
        world.follow(&clean);
        poll(&world.options(&clean, 0));
        kills.set(kills.get() + events.iter().filter(|event| matches!(event, Event::Kill(_))).count());
        prop_assert_eq!(world.archive(&dir), world.archive(&clean));
        prop_assert_eq!(world.archive(&clean).len() as u64, world.items);
        Ok(())
    });
    found.unwrap();
    assert!(kills.get() > 2, "{kills:?}");
}
