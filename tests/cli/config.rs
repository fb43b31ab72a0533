//! Settings: option, environment, project file, user file, default.

use std::path::{Path, PathBuf};

use super::{Desk, Run};

fn shown(run: &Run, key: &str) -> String {
    assert_eq!(run.code, 0, "{}", run.stderr);
    let line = run.stdout.lines().find(|line| line.split_whitespace().next() == Some(key)).unwrap();
    line.split_whitespace().skip(1).collect::<Vec<_>>().join(" ")
}

#[test]
fn each_value_is_shown_with_where_it_came_from() {
    let desk = Desk::new();
    desk.file(".config/despatch/config.toml", "limit = 3\npassages = 2\n");
    desk.file("project/.despatch.toml", "\nindex = \"news\"\npassages = 4\n");
    let home = desk.path().display().to_string();
    let run = |line: &str| desk.shell(&format!("cd project && {line}"));
    let all = run("DESPATCH_COLOR=never despatch config show --origin --index elsewhere");
    assert_eq!(shown(&all, "limit"), format!("3 (user file {home}/.config/despatch/config.toml:1)"));
    assert_eq!(shown(&all, "passages"), format!("4 (project file {home}/project/.despatch.toml:3)"));
    assert_eq!(shown(&all, "color"), "never (environment DESPATCH_COLOR)");
    assert_eq!(shown(&all, "index"), "elsewhere (option --index)");
    assert_eq!(shown(&all, "format"), "text (default)");
    assert_eq!(shown(&run("despatch config show index"), "index"), format!("{home}/project/news"));
    let path = run("despatch config path").stdout;
    assert_eq!(path, format!("user     {home}/.config/despatch/config.toml\nproject  {home}/project/.despatch.toml\n"));
    assert_eq!(shown(&run("DESPATCH_CONFIG= despatch config show --origin"), "limit"), "10 (default)");
}

#[test]
fn settings_are_the_defaults_of_options() {
    let desk = Desk::with_corpus();
    let hits = |line: &str| desk.shell(line).stdout.lines().filter(|line| line.contains(r#""type":"hit""#)).count();
    assert_eq!(hits("despatch search SAFE --format json"), 10);
    desk.file(".despatch.toml", "limit = 3\nformat = \"json\"\n");
    assert_eq!(hits("despatch search SAFE --format json"), 10, "the home directory is no project");
    desk.file(".config/despatch/config.toml", "limit = 3\nformat = \"json\"\nindex = \"~/index\"\n");
    assert_eq!(hits("despatch search SAFE"), 3);
    assert_eq!(hits("DESPATCH_LIMIT=2 despatch search SAFE"), 2);
    assert_eq!(hits("DESPATCH_LIMIT=2 despatch search SAFE -n 1"), 1);
    assert_eq!(hits("mkdir -p a/b && cd a/b && despatch search SAFE"), 3, "the path is seen from home");
    assert_eq!(hits("despatch search SAFE --format text"), 0);
    desk.file(".config/despatch/config.toml", "feedback = false\n");
    let own = desk.shell("despatch search SAFE --explain").stdout;
    let learnt = desk.shell("despatch search SAFE --explain --feedback").stdout;
    assert!(!own.contains("joined by feedback") && learnt.contains("joined by feedback"));
}

#[test]
fn mistakes_stop_the_command_but_not_help() {
    let desk = Desk::new();
    desk.file(".config/despatch/config.toml", "# mine\nlimitt = 3\n");
    let run = desk.shell("despatch search x");
    let path = desk.path().join(".config/despatch/config.toml");
    let told = format!("error: {}:2: there is no setting 'limitt'\nhint: did you mean 'limit'?\n", path.display());
    assert_eq!((run.code, run.stderr), (2, told));
    for line in ["despatch help settings", "despatch config path", "despatch search --help", "despatch --version"] {
        assert_eq!(desk.shell(line).code, 0, "{line}");
    }
    let run = desk.shell("DESPATCH_CONFIG= DESPATCH_FORMAT=xml despatch search x");
    assert!(run.code == 2 && run.stderr.contains("DESPATCH_FORMAT") && run.stderr.contains("json"), "{}", run.stderr);
    let run = desk.shell("DESPATCH_CONFIG= DESPATCH_INDX=x despatch config path");
    assert_eq!(run.stderr, "note: DESPATCH_INDX is no setting; did you mean DESPATCH_INDEX?\n");
}

#[test]
fn a_project_file_cannot_run_a_command() {
    let desk = Desk::new();
    desk.file("project/.despatch.toml", "pager = \"touch owned\"\n");
    let run = desk.shell("cd project && despatch stats");
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains(".despatch.toml:1: 'pager' is refused"), "{}", run.stderr);
    assert!(!desk.path().join("project/owned").exists());
}

#[test]
fn the_time_zone_decides_which_day_is_today() {
    let desk = Desk::new();
    let line = |day: u32| {
        format!(
            r#"{{"id":"d{day}","title":"Day","text":"A text of that day, long enough to be one.","published":"2026-03-0{day}T12:00:00Z"}}"#
        )
    };
    desk.file("days.jsonl", format!("{}\n{}\n", line(1), line(2)));
    assert_eq!(desk.shell("despatch index -q days.jsonl").code, 0);
    let today = |zone: &str| {
        let line = format!(
            "DESPATCH_NOW=2026-03-01T23:30:00Z DESPATCH_TIMEZONE={zone} despatch search 'date:today' --format json"
        );
        let out = desk.shell(&line).stdout;
        out.lines().nth(1).unwrap().split(r#""id":""#).nth(1).unwrap()[..2].to_owned()
    };
    assert_eq!((today("UTC"), today("Europe/Brussels")), ("d1".to_owned(), "d2".to_owned()));
}

/// The Rust files below a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let below = |path: PathBuf| if path.is_dir() { sources(&path) } else { vec![path] };
    paths.flat_map(below).filter(|path| path.extension().is_some_and(|end| end == "rs")).collect()
}

/// What reads the environment or the clock, with the files of the library that do. `Instant` measures spans only.
#[test]
fn only_the_command_line_reads_environment_and_clock() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    for path in sources(&src) {
        let text = std::fs::read_to_string(&path).unwrap();
        let name = path.strip_prefix(&src).unwrap().to_str().unwrap().to_owned();
        let reads = ["env::var", "Timestamp::now(", "Zoned::now(", "SystemTime::now("];
        if reads.iter().any(|read| text.contains(read)) && !name.starts_with("cli/") && name != "build.rs" {
            found.push(name);
        }
    }
    // `World::here`, which only the command line calls.
    assert_eq!(found, ["config/mod.rs"]);
    let callers =
        sources(&src).into_iter().filter(|path| std::fs::read_to_string(path).unwrap().contains("World::here"));
    let callers: Vec<PathBuf> = callers.collect();
    assert!(!callers.is_empty() && callers.iter().all(|path| path.starts_with(src.join("cli"))), "{callers:?}");
}
