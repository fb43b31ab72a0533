//! What the user is told of what does not go as it should, and what to type.

use std::process::Stdio;
use std::time::{Duration, Instant};

use super::server::{Server, Step};
use super::{Desk, feed, page, story};

#[test]
fn the_source_that_fails_is_named_with_its_fault_at_once() {
    let server = Server::new();
    server.on("/well", vec![Step::ok(feed(&server, &[]))]);
    let mut desk = Desk::following(&server, &["/well", "/ill"]);
    let run = desk.ok(&["fetch"]);
    assert!(run.stdout.contains("1 failing (ill: there is nothing at this address (404))"), "{run:?}");
    let listed = desk.ok(&["following", "--failing"]).stdout;
    assert!(listed.contains("ill ") && listed.contains("slow") && !listed.contains("well "), "{listed}");
    desk.hour = 1;
    assert_eq!(desk.run(&["following", "--failing", "well"]).code, 1);
}

#[test]
fn a_source_that_fails_again_and_again_is_asked_less_often_and_that_is_said() {
    let server = Server::new();
    server.on("/ill", vec![Step::new(503, &[("Retry-After", "60")], "")]);
    let mut desk = Desk::following(&server, &["/ill"]);
    let mut asked = Vec::new();
    for hour in 0..=40 {
        desk.hour = hour;
        desk.fetch(&[]);
        asked.extend(server.paths().iter().map(|_| hour));
    }
    assert_eq!(asked, [0, 1, 3, 7, 15, 31]);
    let listed = desk.ok(&["following"]).stdout;
    assert!(listed.contains("; 6 times in a row, so it is asked again only after 24 hours\n"), "{listed}");
}

#[test]
fn a_page_that_is_not_there_has_a_reason_to_wait() {
    let server = Server::new();
    server.on("/feed", vec![Step::ok(feed(&server, &[("/a", "Alda orders ferries", "ferries of Alda")]))]);
    let desk = Desk::following(&server, &["/feed"]);
    let run = desk.fetch(&[]);
    let line = run.lines("fetched").into_iter().find(|line| line["status"] == 404).unwrap();
    assert_eq!(
        (&line["outcome"], &line["fault"]),
        (&"fault".into(), &"its host answers with status 404; it is asked again".into())
    );
    assert_eq!(
        desk.ok(&["open", &server.article("/a"), "--print"]).stdout.trim(),
        server.url("/a"),
        "http as it was asked"
    );
    let listed = desk.ok(&["following"]).stdout;
    assert!(listed.contains("pages that are asked again: 1 (404: nothing is there)"), "{listed}");
    assert_eq!(desk.source("feed")["retried"]["404"], 1);
}

#[test]
fn fetch_says_why_pages_were_not_had() {
    let server = Server::new();
    let items = [("/a", "Alda orders ferries", "ferries"), ("/b", "Tarvia votes", "votes"), ("/c", "A yard", "debts")];
    server.on("/feed", vec![Step::ok(feed(&server, &items))]);
    server.on("/b", vec![Step::status(403)]);
    server.on("/c", vec![Step::status(410)]);
    let run = Desk::following(&server, &["/feed"]).ok(&["fetch"]);
    let said = "3 new articles, 2 kept as summaries (1 blocked, 1 gone); pages: 1 waiting, 1 asked again later \
                (404: nothing is there)";
    assert!(run.stdout.contains(said), "{run:?}");
}

#[test]
fn a_broken_feed_does_not_count_as_well() {
    let server = Server::new();
    let whole = feed(&server, &[("/a", "One", "x"), ("/b", "Two", "y")]);
    let at = whole.find("<item><title>Two").unwrap() + 12;
    server.on("/cut", vec![Step::ok(&whole[..at])]);
    let nothing = whole.find("<item>").unwrap() + 9;
    server.on("/empty", vec![Step::ok(&whole[..nothing])]);
    let mut desk = Desk::of(&[&server]);
    let refused = desk.run(&["follow", &server.url("/empty"), "--as", "empty"]);
    assert!(refused.code == 2 && refused.stderr.contains("nothing to follow: "), "{refused:?}");
    desk.ok(&["follow", &server.url("/cut"), "--as", "cut"]);
    assert_eq!((desk.counts().0, desk.source("cut")["state"].as_str()), (1, Some("slow")));
    assert!(desk.ok(&["following", "--failing"]).stdout.contains("cut "));
    server.on("/cut", vec![Step::ok(whole)]);
    desk.hour = 3;
    desk.fetched(&["--no-pages"]);
    assert_eq!((desk.counts().0, desk.source("cut")["state"].as_str()), (2, Some("well")));
}

#[test]
fn following_a_known_source_again_takes_over_what_is_wanted_now() {
    let server = Server::new();
    server.on("/feed", vec![Step::ok(feed(&server, &[]))]);
    server.on("/other", vec![Step::ok(feed(&server, &[]))]);
    let desk = Desk::of(&[&server]);
    desk.ok(&["follow", &server.url("/feed"), "--as", "harbour"]);
    desk.ok(&["follow", &server.url("/other"), "--as", "other"]);
    let again = desk.ok(&["follow", &server.url("/feed"), "--as", "port", "--every", "30m", "--outlet", "Port Post"]);
    assert!(again.stdout.starts_with("changed: port "), "{again:?}");
    assert_eq!(desk.source("port")["outlet"], "Port Post");
    let taken = desk.run(&["follow", &server.url("/feed"), "--as", "other"]);
    assert!(taken.code == 2 && taken.stderr.contains("another source is called 'other'"), "{taken:?}");
    assert!(desk.ok(&["follow", &server.url("/feed")]).stdout.starts_with("there already: port "));
    assert_eq!(desk.archive().sources().unwrap().iter().find(|one| one.name == "port").unwrap().every, Some(1800));
}

#[test]
fn hints_say_what_to_type() {
    let desk = Desk::of(&[]);
    let ftp = desk.run(&["follow", "ftp://harbour.example/feed"]);
    assert!(ftp.stderr.contains("hint: an address begins with http:// or https://"), "{ftp:?}");
    let private = desk.run(&["follow", "http://10.0.0.7:8080/feed"]);
    let never = desk.run(&["follow", "http://harbour.example/feed", "--every", "0s"]);
    assert!(never.code == 2 && never.stderr.contains("that is no time at all: at least 1s"), "{never:?}");
    let word = desk.command(&["following"]).env("DESPATCH_FETCH_PRIVATE", "127.0.0.1:80,x").output().unwrap();
    let told = String::from_utf8(word.stderr).unwrap();
    assert!(word.status.code() == Some(2) && told.contains("DESPATCH_FETCH_PRIVATE"), "{told}");
    let long = desk.run(&["follow", "http://harbour.example/feed", "--as", &"x".repeat(10_000), "--add-only"]);
    assert!(long.code == 2 && long.stderr.len() < 500 && long.stderr.contains("over 100 letters"), "{long:?}");
    assert!(
        private.stderr.contains("hint: if it is yours: despatch config set fetch-private 10.0.0.7:8080"),
        "{private:?}"
    );
}

#[test]
fn the_feeds_that_a_site_has_now_are_offered_for_one_that_is_not_there_any_more() {
    let server = Server::new();
    let home = "<html><head><link rel='alternate' type='application/rss+xml' title='News' href='/new.xml'>\
                <link rel='alternate' type='application/rss+xml' href='/kept'></head><body>Harbour</body></html>";
    server.on("/", vec![Step::ok(home)]);
    server.on("/old", vec![Step::ok(feed(&server, &[])), Step::status(404)]);
    server.on("/kept", vec![Step::ok(feed(&server, &[]))]);
    let mut desk = Desk::following(&server, &["/old", "/kept"]);
    for hour in [0, 30, 60] {
        desk.hour = hour;
        desk.fetched(&[]);
        assert!(!server.paths().contains(&"/".to_owned()), "{hour}");
    }
    desk.hour = 90;
    let run = desk.fetch(&[]);
    assert!(server.paths().contains(&"/".to_owned()));
    assert!(run.stderr.contains(&format!("its site names another feed: {}", server.url("/new.xml"))), "{run:?}");
    assert!(!run.stderr.contains(&server.url("/kept")), "it is followed");
    let listed = desk.ok(&["following", "old"]).stdout;
    assert!(listed.contains(&format!("despatch follow {}", server.url("/new.xml"))), "{listed}");
}

/// A desk whose fetch asks for a page that takes five seconds, after another that is there at once; the fetch.
fn slow(server: &Server) -> (Desk, std::process::Child) {
    let items = [("/a", "Alda orders ferries", "ferries of Alda"), ("/b", "Alda orders boats", "boats of Alda")];
    server.on("/feed", vec![Step::ok(feed(server, &items))]);
    server.on("/a", vec![Step::ok(page("Alda orders ferries", &story(1)))]);
    server.on("/b", vec![Step::ok(page("Alda orders boats", &story(2))).late(Duration::from_secs(20))]);
    let desk = Desk::following(server, &["/feed"]);
    let child = desk.command(&["fetch"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let began = Instant::now();
    while !server.paths().contains(&"/b".to_owned()) {
        assert!(began.elapsed() < Duration::from_secs(60));
        std::thread::sleep(Duration::from_millis(5));
    }
    (desk, child)
}

#[cfg(unix)]
#[test]
fn a_service_that_is_stopped_writes_what_it_has_and_ends() {
    let server = Server::new();
    let (desk, child) = slow(&server);
    let began = Instant::now();
    let sent = std::process::Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
    assert!(sent.unwrap().success());
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && stderr.contains("stopped as it was told to"), "{stderr}");
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    assert_eq!(desk.counts(), (2, 3), "two items, and the page that had come");
    assert_eq!(desk.archive().pages_waiting().unwrap(), 1);
    desk.verify();
    assert!(!desk.ok(&["doctor"]).stdout.contains("unfinished"));
}

#[test]
fn doctor_names_a_fetch_that_is_under_way_and_one_that_was_killed() {
    let server = Server::new();
    let (desk, mut child) = slow(&server);
    let process = format!("process {} (despatch fetch)", child.id());
    let doctor = desk.run(&["doctor"]).stdout;
    assert!(doctor.contains(&format!("{process} is under way")), "{doctor}");
    let busy = desk.run(&["fetch", "-q"]);
    assert!(busy.code == 2 && busy.stderr.contains(&format!("error: {process} fetches already")), "{busy:?}");
    child.kill().unwrap();
    child.wait().unwrap();
    let doctor = desk.run(&["doctor"]).stdout.replace("\n  ", " ");
    assert!(doctor.contains(&format!("{process} was interrupted: `despatch fetch`")), "{doctor}");
    assert!(!doctor.contains("all is well"), "{doctor}");
    // Following something does not end it.
    server.on("/other", vec![Step::ok(feed(&server, &[]))]);
    desk.ok(&["follow", &server.url("/other")]);
    assert!(desk.run(&["doctor"]).stdout.replace("\n  ", " ").contains(&format!("{process} was interrupted")));
    server.on("/b", vec![Step::ok(page("Alda orders boats", &story(2)))]);
    desk.fetched(&["--now"]);
    assert!(!desk.run(&["doctor"]).stdout.contains("interrupted: `despatch fetch`"));
}

#[test]
fn a_proxy_of_the_users_settings_is_asked_and_a_projects_is_refused() {
    let (server, proxy) = (Server::new(), Server::new());
    let desk = Desk::of(&[&server]);
    let output = desk
        .command(&["follow", "http://harbour.example/feed"])
        .env("DESPATCH_FETCH_PROXY", format!("http://{}", proxy.host()))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(proxy.paths().iter().any(|path| path.contains("harbour.example")), "{output:?}");
    // As with curl, what NO_PROXY names is asked past it.
    server.on("/feed", vec![Step::ok(feed(&server, &[]))]);
    let mut past = desk.command(&["follow", &server.url("/feed")]);
    past.env("DESPATCH_FETCH_PROXY", format!("http://{}", proxy.host())).env("NO_PROXY", "harbour.example, 127.0.0.1");
    assert!(past.output().unwrap().status.success() && proxy.paths().is_empty() && !server.paths().is_empty());
    let project = desk.dir.path().join("project");
    std::fs::create_dir(&project).unwrap();
    std::fs::write(project.join(".despatch.toml"), "fetch-proxy = \"http://evil.example\"\n").unwrap();
    let output = desk.command(&["following"]).current_dir(&project).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(2) && told.contains("'fetch-proxy' is refused"), "{told}");
}
