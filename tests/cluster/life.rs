//! Articles change, go and move between stories; readers ask while an index is made again; programs are killed.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::desk::{Desk, corpus, said};

fn story(place: &str, number: usize) -> String {
    format!(
        "The navy of {place} has bought four frigates and a supply ship, the ministry said on day {number}. The yard at \
         Port Vell will build them within six years. Parliament has voted the money, and the first keel is to be laid in \
         spring. Ravenia has asked for the plans, the minister added."
    )
}

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(folder.join(format!("{name}.txt")), format!("{name} frigates\n\n{text}\n")).unwrap();
}

/// What each index finds: totals and every hit, whatever their order.
fn same(desk: &Desk) -> String {
    let (here, there) =
        desk.both(&["search", "frigates", "--all", "--all-copies", "--fields", "id,title", "--sort", "added"]);
    assert_eq!(here, there);
    let (here_counts, there_counts) = desk.both(&["search", "frigates", "--count"]);
    assert_eq!(here_counts, there_counts);
    format!("{here}{here_counts}")
}

#[test]
fn what_changes_moves_and_goes_here_does_there() {
    let Some(desk) = Desk::new("life") else { return };
    let folder = desk.path().join("articles");
    for (number, place) in ["Alda", "Borduria", "Vell"].into_iter().enumerate() {
        write(&folder, place, &story(place, number));
    }
    desk.index(&folder);
    let first = same(&desk);
    // A copy of a story that is there.
    write(&folder, "Wire", &story("Alda", 0));
    desk.index(&folder);
    let copied = same(&desk);
    assert_ne!(first, copied);
    // The copy becomes another story, and one article another text.
    write(
        &folder,
        "Wire",
        "Nothing of the kind: the frigates of Alda are sold to a film company, and the crews are on leave.",
    );
    desk.index(&folder);
    let moved = same(&desk);
    assert_ne!(copied, moved);
    desk.change(&["remove", "Borduria", "--yes"]);
    let removed = same(&desk);
    assert!(moved.contains("Borduria") && !removed.contains("Borduria"));
    // Nothing is new.
    desk.index(&folder);
    assert_eq!(same(&desk), removed);
}

#[test]
fn several_archives_feed_one_cluster_and_each_finds_its_own() {
    let (Some(one), Some(other)) = (Desk::new("shared"), Desk::new("shared")) else { return };
    for (desk, place) in [(&one, "Alda"), (&other, "Borduria")] {
        write(&desk.path().join("articles"), place, &story(place, 1));
        desk.index(&desk.path().join("articles"));
    }
    let [first, second] = [&one, &other].map(same);
    assert!(first.contains("Alda") && !first.contains("Borduria") && second.contains("Borduria"));
    assert!(one.there(&["rebuild", "--all", "-q"]).status().unwrap().success());
    assert_eq!([&one, &other].map(same), [first, second]);
}

#[test]
fn verify_names_what_a_cluster_lacks() {
    let Some(desk) = Desk::new("lacking") else { return };
    let folder = desk.path().join("articles");
    for (number, place) in ["Alda", "Borduria"].into_iter().enumerate() {
        write(&folder, place, &story(place, number));
    }
    desk.index(&folder);
    let verify = || desk.there(&["verify"]).output().unwrap();
    assert!(verify().status.success(), "{}", said(&verify()));
    desk.delete_story(1);
    let told = verify();
    assert_eq!(told.status.code(), Some(2));
    let faults = String::from_utf8_lossy(&told.stdout).into_owned();
    assert!(faults.contains("lacks 1 article of the archive (number 1)"), "{faults}");
    assert!(said(&told).contains("despatch rebuild --all"), "{}", said(&told));
    let doctor = desk.there(&["doctor"]).output().unwrap();
    let screen = String::from_utf8_lossy(&doctor.stdout).into_owned();
    assert!(doctor.status.code() == Some(2) && screen.contains("OpenSearch") && screen.contains("lacks 1"), "{screen}");
    let again = desk.there(&["rebuild", "-q"]).output().unwrap();
    assert!(again.status.code() == Some(2) && said(&again).contains("has lost 1 article"), "{}", said(&again));
    assert!(desk.there(&["rebuild", "--all", "-q"]).status().unwrap().success());
    assert!(verify().status.success(), "{}", said(&verify()));
}

#[test]
fn an_archive_that_was_restored_or_copied_is_not_taken_for_the_one_that_the_cluster_has() {
    let Some(desk) = Desk::new("restored") else { return };
    let folder = desk.path().join("articles");
    write(&folder, "Alda", &story("Alda", 0));
    desk.index(&folder);
    let (there, kept) = (desk.path().join("there"), desk.path().join("kept"));
    let copy = |from: &Path, to: &Path| {
        let _ = std::fs::remove_dir_all(to);
        std::fs::create_dir(to).unwrap();
        for file in ["archive.db", "checksums"] {
            std::fs::copy(from.join(file), to.join(file)).unwrap();
        }
    };
    copy(&there, &kept);
    write(&folder, "Vell", &story("Vell", 1));
    desk.there(&["index", "-q", "articles"]).status().unwrap();
    copy(&kept, &there);
    let refused = desk.there(&["search", "frigates", "--count"]).output().unwrap();
    assert!(String::from_utf8_lossy(&refused.stderr).contains("from another archive"), "{refused:?}");
    // Another second article than the one that the cluster has: both have the same number.
    std::fs::remove_file(folder.join("Vell.txt")).unwrap();
    write(&folder, "Ravenia", &story("Ravenia", 2));
    let told = said(&desk.there(&["index", "-q", "articles"]).output().unwrap());
    assert!(told.contains("another copy's") && !told.contains("error"), "{told}");
    desk.index(&folder);
    let found = same(&desk);
    assert!(found.contains("Ravenia") && !found.contains("Vell"), "{found}");
}

#[test]
fn readers_get_whole_answers_while_the_index_is_made_again() {
    let Some(desk) = Desk::new("readers") else { return };
    desk.index(&corpus());
    let ask = || {
        let output = desk.there(&["search", "defence", "--count"]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    let (wanted, over) = (ask(), AtomicBool::new(false));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    assert_eq!(ask(), wanted);
                }
            });
        }
        for _ in 0..3 {
            let output = desk.there(&["rebuild", "--all", "-q"]).output();
            over.store(output.is_err(), Ordering::Relaxed);
            let output = output.unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        over.store(true, Ordering::Relaxed);
    });
}

#[test]
fn a_run_that_is_killed_is_made_again_and_nothing_is_lost_or_there_twice() {
    let Some(desk) = Desk::new("killed") else { return };
    let folder = desk.path().join("articles");
    for number in 0..300 {
        let place = ["Alda", "Borduria", "Vell", "Ravenia"][number % 4];
        write(
            &folder,
            &format!("n{number}"),
            &format!("{}\n\nNumber {number}. {}", story(place, number), "More. ".repeat(number)),
        );
    }
    let kills = if std::env::var_os("DESPATCH_LONG").is_some() { 50 } else { 8 };
    for kill in 0..kills {
        let mut run = desk.there(&["index", "-q", "articles"]).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(20 + 37 * kill % 900));
        run.kill().unwrap();
        run.wait().unwrap();
    }
    desk.index(&folder);
    same(&desk);
}
