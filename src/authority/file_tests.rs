//! What an authority file's text means: compiled, checked, resolved, written down again.

use super::source::Source;
use super::*;

fn authority(text: &str) -> Authority {
    Authority::compile(&[("test.toml".into(), text.into())]).expect("the file is sound")
}

fn actor(id: &str, rest: &str) -> String {
    let slug = id.split_once('/').map_or(id, |(_, slug)| slug);
    let heading = if rest.contains("heading =") { String::new() } else { format!("heading = \"The {slug}\"\n") };
    format!("[[actor]]\nid = \"{id}\"\n{heading}{rest}\n")
}

/// Who holds an office on each of `days`, if `holders` are its tenures.
fn holders_on(holders: &str, days: &[&str]) -> Vec<Option<String>> {
    let persons: String = ["ann", "bea", "cid"].map(|one| actor(&format!("person/{one}"), "")).concat();
    let office = format!(
        "[[office]]\nid = \"office/o\"\nheading = \"O\"\ntitles = [\"chief\"]\ncountry = \"alda\"\nholders = [{holders}]\n"
    );
    let authority = authority(&(actor("state/alda", "") + &persons + &office));
    let holder = |day: &&str| authority.holder("office/o", day.parse().expect("a day")).map(str::to_owned);
    days.iter().map(holder).collect()
}

#[test]
fn an_office_is_held_from_its_first_day_to_the_day_before_its_last() {
    let some = |who: &str| Some(format!("person/{who}"));
    let two = "{ who = \"person/ann\", from = \"2020-03-05\", to = \"2021-06-07\" }, { who = \"person/bea\", from = \"2021-06-07\" }";
    let days = ["2020-03-04", "2020-03-05", "2021-06-06", "2021-06-07", "2030-01-01"];
    assert_eq!(holders_on(two, &days), [None, some("ann"), some("ann"), some("bea"), some("bea")]);
    // Of a month or a year only the days that are certain count.
    let month = "{ who = \"person/ann\", from = \"2020-03\", to = \"2020-12\" }";
    let days = ["2020-03-31", "2020-04-01", "2020-11-30", "2020-12-01"];
    assert_eq!(holders_on(month, &days), [None, some("ann"), some("ann"), None]);
    let year = "{ who = \"person/ann\", from = \"2020\", to = \"2022\" }";
    let days = ["2020-12-31", "2021-01-01", "2021-12-31", "2022-01-01"];
    assert_eq!(holders_on(year, &days), [None, some("ann"), some("ann"), None]);
    // A tenure without a first day has always begun; one without a last day has not ended.
    assert_eq!(
        holders_on("{ who = \"person/ann\", to = \"2020\" }", &["1900-01-01", "2020-01-01"]),
        [some("ann"), None]
    );
}

#[test]
fn of_open_tenures_the_last_counts_and_two_of_one_day_are_doubtful() {
    let tenure = |who: &str, from: &str| format!("{{ who = \"person/{who}\", from = \"{from}\" }}");
    let (ann, bea, cid) = (tenure("ann", "2020-01-01"), tenure("bea", "2021-01-01"), tenure("cid", "2010-01-01"));
    let twin = tenure("bea", "2020-01-01");
    let day = &["2022-01-01"];
    for (holders, who) in [
        (vec![&ann, &bea], Some("bea")),
        (vec![&bea, &ann], Some("bea")),
        (vec![&ann, &ann], Some("ann")),
        (vec![&ann, &twin], None),
        (vec![&ann, &twin, &bea], Some("bea")),
        (vec![&bea, &ann, &twin], Some("bea")),
        (vec![&cid, &ann, &twin], None),
        (vec![&ann, &twin, &cid], None),
    ] {
        let list: Vec<&str> = holders.into_iter().map(String::as_str).collect();
        let expected = who.map(|who| format!("person/{who}"));
        assert_eq!(holders_on(&list.join(", "), day), [expected], "{list:?}");
    }
}

#[test]
fn an_office_that_several_hold_at_once_names_nobody() {
    let text = actor("state/alda", "")
        + &actor("person/ann", "")
        + "[[office]]\nid = \"office/o\"\nheading = \"O\"\ncountry = \"alda\"\nshared = true\nholders = [{ who = \"person/ann\" }]\n";
    let shared = authority(&text);
    let day = "2020-01-01".parse().expect("a day");
    assert_eq!(shared.holder("office/o", day), None);
    assert_eq!(shared.tenures("office/o").len(), 1);
    let single = authority(&text.replace("shared = true\n", ""));
    assert_eq!(single.holder("office/o", day), Some("person/ann"));
}

#[test]
fn tenures_are_told_of_offices_and_of_persons_as_written() {
    let authority = authority(
        &(actor("person/ann", "")
            + &actor("person/bea", "")
            + "[[office]]\nid = \"office/o\"\nheading = \"O\"\nholders = [{ who = \"person/ann\", from = \"2020-03\", to = \"2021\" }, { who = \"person/nobody\" }, { who = \"person/bea\", from = \"2021\" }]\n"),
    );
    let of = |id: &str| -> Vec<(String, Option<String>, Option<String>)> {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        authority.tenures(id).into_iter().map(|one| (one.id.to_owned(), owned(one.from), owned(one.to))).collect()
    };
    let some = |text: &str| Some(text.to_owned());
    let ann = |id: &str| (id.to_owned(), some("2020-03"), some("2021"));
    let bea = |id: &str| (id.to_owned(), some("2021"), None);
    assert_eq!(of("office/o"), [ann("person/ann"), bea("person/bea")], "who is not in the file is left out");
    assert_eq!(of("person/ann"), [ann("office/o")]);
    assert_eq!(of("person/bea"), [bea("office/o")]);
    assert_eq!(of("person/nobody"), []);
}

#[test]
fn a_circle_of_broader_actors_ends() {
    let authority = authority(
        &(actor("body/a", "part_of = [\"body/b\"]")
            + &actor("body/b", "part_of = [\"body/c\"]")
            + &actor("body/c", "part_of = [\"body/a\", \"body/d\"]")
            + &actor("body/d", "country = \"alda\"\npart_of = [\"body/d\"]")
            + &actor("state/alda", "")),
    );
    assert_eq!(authority.part_of("body/a"), ["body/b", "body/c", "body/d"]);
    assert_eq!(authority.part_of("body/b"), ["body/c", "body/a", "body/d"]);
    assert_eq!(authority.part_of("body/d"), Vec::<&str>::new());
    assert_eq!(authority.affiliation("body/a"), Some("alda"));
    assert_eq!(authority.narrower("body/d"), ["body/a", "body/b", "body/c"]);
}

#[test]
fn broader_actors_come_nearest_first_and_the_nearest_country_counts() {
    let authority = authority(
        &(actor("body/a", "part_of = [\"body/b\", \"body/c\"]")
            + &actor("body/b", "part_of = [\"body/d\"]")
            + &actor("body/c", "country = \"brea\"")
            + &actor("body/d", "country = \"alda\"")
            + &actor("state/alda", "")
            + &actor("state/brea", "part_of = [\"state/alda\"]")),
    );
    assert_eq!(authority.part_of("body/a"), ["body/b", "body/c", "body/d"]);
    assert_eq!(authority.affiliation("body/a"), Some("brea"));
    assert_eq!(authority.affiliation("body/b"), Some("alda"));
    assert_eq!(authority.affiliation("state/brea"), Some("brea"), "a state belongs to itself");
    assert_eq!(authority.affiliation("body/nowhere"), None);
}

/// Actors with one name in each class, the likeliest first; strong, exact and veto variants come at the end.
const RANKS: [(&str, &str); 9] = [
    ("body/heading", "heading = \"Quay\""),
    ("body/weak", "weak = [\"Quay\"]"),
    ("state/demonym", "demonym = [\"Quay\"]"),
    ("state/metonym", "metonym = [\"Quay\"]"),
    ("body/generic", "generic = [\"Quay\"]\ncountry = \"demonym\""),
    ("person/surname", "heading = \"Ann Quay\""),
    ("body/strong", "strong = [\"Quay\"]"),
    ("body/exact", "exact = [\"Quay\"]"),
    ("body/veto", "veto = [\"Quay\"]"),
];

#[test]
fn a_name_means_the_likeliest_of_its_kinds() {
    let office = "[[office]]\nid = \"office/title\"\nheading = \"O\"\ntitles = [\"Quay\"]\n";
    // Adds actors from the least likely on: each new one is preferred to those before it.
    let mut text = office.to_owned();
    for (id, rest) in RANKS[1..6].iter().rev() {
        text += &actor(id, rest);
        assert_eq!(authority(&text).resolve("quay"), Resolution::One((*id).to_owned()));
    }
    let order = ["body/weak", "state/demonym", "state/metonym", "body/generic", "person/surname", "office/title"];
    let all = authority(&text);
    assert_eq!(all.candidates("The Quay").into_iter().map(|(id, _)| id).collect::<Vec<_>>(), order);
    assert_eq!(all.candidates("quay")[0].1, Class::Weak);
    // Heading, strong and exact variants have the same rank.
    for (id, rest) in [RANKS[0], RANKS[6], RANKS[7]] {
        assert_eq!(authority(&(text.clone() + &actor(id, rest))).resolve("quay"), Resolution::One(id.to_owned()));
    }
    let both = authority(&(text.clone() + &actor(RANKS[7].0, RANKS[7].1) + &actor(RANKS[0].0, RANKS[0].1)));
    assert_eq!(both.resolve("QUAY"), Resolution::Ambiguous(vec!["body/exact".into(), "body/heading".into()]));
    assert_eq!(authority(&actor(RANKS[8].0, RANKS[8].1)).candidates("quay"), []);
    assert_eq!(authority(office).resolve("quay"), Resolution::One("office/title".into()));
}

#[test]
fn two_names_of_one_actor_are_no_ambiguity() {
    let authority =
        authority(&actor("body/quay", "heading = \"Quay Office\"\nstrong = [\"Harbour\"]\nexact = [\"HARBOUR\"]"));
    assert_eq!(authority.resolve("harbour"), Resolution::One("body/quay".into()));
    assert_eq!(authority.candidates("harbor"), [("body/quay", Class::Strong)]);
}

#[test]
fn a_slug_is_a_name_only_where_no_name_is_the_same() {
    let text =
        actor("body/harbour-office", "heading = \"Quays\"") + &actor("force/harbour-office", "heading = \"Docks\"");
    let both = authority(&text);
    let ids = ["body/harbour-office".to_owned(), "force/harbour-office".to_owned()];
    assert_eq!(both.resolve("Harbor office"), Resolution::Unknown(Vec::new()), "a slug keeps its spelling");
    assert_eq!(both.resolve(" body/harbour-office "), Resolution::One("body/harbour-office".into()));
    let text = text.replace("harbour-office", "dock-office");
    let ids: Vec<String> = ids.iter().map(|id| id.replace("harbour", "dock")).collect();
    assert_eq!(authority(&text).resolve("Dock Office"), Resolution::Ambiguous(ids));
    let named = authority(&(text + &actor("group/dockers", "heading = \"Dock Office\"")));
    assert_eq!(named.resolve("dock-office"), Resolution::One("group/dockers".into()));
}

#[test]
fn the_nearest_names_are_offered_best_first() {
    let near = |text: &str, name: &str| match authority(text).resolve(name) {
        Resolution::Unknown(ids) => ids,
        other => panic!("{name} means {other:?}"),
    };
    let text: String = ["Tollant", "Tolland", "Tolant Works", "Brimsey", "Tolla"]
        .iter()
        .enumerate()
        .map(|(n, heading)| actor(&format!("body/b{n}"), &format!("heading = \"{heading}\"")))
        .collect();
    assert_eq!(near(&text, "Tollan"), ["body/b0", "body/b1", "body/b4"], "one letter away, in the order of the file");
    assert_eq!(
        near(&text, "Tolladn"),
        ["body/b1", "body/b0", "body/b4"],
        "two letters in the wrong order are one slip"
    );
    assert_eq!(near(&text, "Works"), ["body/b2"], "a whole word of a name");
    assert_eq!(near(&text, "works tolant"), ["body/b2"], "all words of a name in any order");
    assert_eq!(near(&text, "Xyzzyx"), Vec::<String>::new());
    assert_eq!(near(&text, ""), Vec::<String>::new());
    let many: String = (0..9).map(|n| actor(&format!("body/b{n}"), &format!("heading = \"Tolland {n}\""))).collect();
    assert_eq!(near(&many, "Tolland"), ["body/b0", "body/b1", "body/b2", "body/b3", "body/b4"]);
    assert_eq!(near(&actor("body/a", "heading = \"Docks\"\nveto = [\"Quayside\"]"), "Quaysid"), Vec::<String>::new());
}

#[test]
fn a_topic_is_found_by_id_last_part_and_heading() {
    let topic = |id: &str, heading: &str| format!("[[topic]]\nid = \"{id}\"\nheading = \"{heading}\"\n");
    let text = topic("ships", "Vessels")
        + &topic("ships/frigates", "Frigates and corvettes")
        + &topic("yards", "Yards")
        + &topic("yards/frigates", "Building");
    let topics = authority(&text);
    let one = |id: &str| Resolution::One(id.to_owned());
    for (name, found) in [
        (" ships/frigates ", one("ships/frigates")),
        ("Ships", one("ships")),
        ("vessels", one("ships")),
        ("frigates and corvettes", one("ships/frigates")),
        ("frigates", Resolution::Ambiguous(vec!["ships/frigates".into(), "yards/frigates".into()])),
        ("corvettes", Resolution::Unknown(vec!["ships/frigates".into()])),
        ("vesels", Resolution::Unknown(vec!["ships".into()])),
        ("yard", Resolution::Unknown(vec!["yards".into()])),
        ("zzzzzzzzzz", Resolution::Unknown(vec![])),
    ] {
        assert_eq!(topics.resolve_topic(name), found, "{name}");
    }
    assert_eq!(topics.topics().count(), 4);
}

const EVERYTHING: &str = r#"
[[actor]]
id = "body/alda-admiralty"
heading = "Admiralty of Alda"
strong = ["Admiralty+", "Sea Office"]
exact = ["ADM", "Adm"]
weak = ["Sea Lords"]
generic = ["admiralty"]
veto = ["Admiralty Arch"]
country = "alda"
part_of = ["alliance/pact", "state/alda"]
wikidata = "Q1"
former = true
note = "Closed."
[[actor]]
id = "alliance/pact"
heading = "Pact"
[[actor]]
id = "person/al-quarrel"
heading = "Ines Al-Quarrel"
surname = "Al-Quarrel"
country = "alda"
[[actor]]
id = "state/alda"
heading = "Alda"
demonym = ["Aldan"]
metonym = ["Port Alda"]
iso = "ALD"
[[office]]
id = "office/lord"
heading = "Lord of the Sea"
titles = ["sea lord"]
country = "alda"
body = "body/alda-admiralty"
shared = true
note = "Two of them."
holders = [{ who = "person/al-quarrel", from = "2020-01", to = "2021" }]
[[topic]]
id = "ships"
heading = "Ships"
scope = "Not boats."
rules = [{ q = "frigate" }, { q = '="Sea Day"', weight = -2.5 }]
"#;

#[test]
fn all_that_a_file_says_is_written_down_again() {
    let mut said = Source::parse(&[("test.toml".into(), EVERYTHING.into())]).expect("the file is sound");
    said.actors.sort_by(|a, b| a.id.cmp(&b.id));
    let compiled = authority(EVERYTHING);
    let mut again = compiled.to_source();
    assert_eq!(again.actors.len(), 4);
    for actor in &mut again.actors {
        for list in [&mut actor.strong, &mut actor.exact] {
            list.sort();
        }
    }
    assert_eq!(again, said);
    assert_eq!(compile::compile(&said), compiled.as_bytes(), "the order of the file does not matter");
}

#[test]
fn every_table_that_is_cut_short_is_refused() {
    let bytes = authority(EVERYTHING).as_bytes().to_vec();
    let refused = (0..bytes.len()).filter(|len| Authority::from_bytes(bytes[..*len].to_vec()).is_err()).count();
    assert_eq!(refused, bytes.len());
    assert!(Authority::from_bytes(bytes.clone()).is_ok());
    for byte in 0..4 {
        let mut other = bytes.clone();
        other[byte] ^= 1;
        assert!(Authority::from_bytes(other).is_err(), "byte {byte} of the magic number");
    }
}

#[test]
fn the_fingerprint_tells_every_change() {
    let fingerprint = |text: &str| authority(text).fingerprint();
    let own = fingerprint(EVERYTHING);
    assert_eq!(own, fingerprint(EVERYTHING));
    for (from, to) in [("2021", "2022"), ("-2.5", "-2.4"), ("Port Alda", "Port Brea"), ("former = true\n", "")] {
        assert_ne!(own, fingerprint(&EVERYTHING.replace(from, to)), "{from}");
    }
}

#[test]
fn of_two_headings_with_one_id_the_last_stays() {
    let first = actor("body/quay", "heading = \"Old Quay\"\nstrong = [\"Wharf\"]");
    let second = actor("body/quay", "heading = \"New Quay\"");
    let topic = |heading: &str| format!("[[topic]]\nid = \"t\"\nheading = \"{heading}\"\n");
    let authority = authority(&(first + &second + &topic("Old") + &topic("New") + &actor("planet/mars", "")));
    assert_eq!(authority.actors().collect::<Vec<_>>(), ["body/quay"], "what is of no kind is left out");
    assert_eq!(authority.heading("body/quay"), Some("New Quay"));
    assert_eq!(authority.candidates("wharf"), []);
    assert_eq!((authority.topics().count(), authority.topic_heading("t")), (1, Some("New")));
}

#[test]
fn a_heading_gives_the_names_that_it_can_be_found_by() {
    let classes = |id: &str, rest: &str| -> Vec<(String, Class)> {
        let text = actor(id, rest) + &actor("state/alda", "");
        let authority = authority(&text);
        let mut all: Vec<_> = authority.variants(id).iter().map(|one| (one.name.to_owned(), one.class)).collect();
        all.sort();
        all
    };
    let list =
        |pairs: &[(&str, Class)]| pairs.iter().map(|(name, class)| ((*name).to_owned(), *class)).collect::<Vec<_>>();
    for (id, rest, found) in [
        ("body/a", "heading = \"Quay Office\"", &[("Quay Office", Class::Heading)][..]),
        ("body/a", "heading = \"QO\"\nexact = [\"QO\"]", &[("QO", Class::Exact), ("QO", Class::Lookup)]),
        ("body/a", "heading = \"Quay\"\nweak = [\"Quay\"]", &[("Quay", Class::Weak), ("Quay", Class::Lookup)]),
        (
            "body/a",
            "heading = \"Quay Office (Alda)\"\ncountry = \"alda\"",
            &[("Quay Office", Class::Generic), ("Quay Office (Alda)", Class::Lookup)],
        ),
        (
            "body/a",
            "heading = \"Quay Office (x)\"",
            &[("Quay Office", Class::Weak), ("Quay Office (x)", Class::Lookup)],
        ),
        ("body/a", "heading = \"Quay (x)\"", &[("Quay (x)", Class::Lookup)]),
        (
            "person/a",
            "heading = \"Ann Quay (x)\"\nsurname = \"Quay\"\ncountry = \"alda\"",
            &[("Ann Quay", Class::Weak), ("Ann Quay (x)", Class::Lookup), ("Quay", Class::Surname)],
        ),
        (
            "person/a",
            "heading = \"Ann al-Quay\"",
            &[("Ann al-Quay", Class::Heading), ("Quay", Class::Surname), ("al-Quay", Class::Surname)],
        ),
        (
            "body/a",
            "heading = \"Quay\"\nstrong = [\"Quay Plus+\"]\nveto = [\"Quay+\"]",
            &[("Quay", Class::Heading), ("Quay Plus+", Class::Lookup), ("Quay+", Class::Veto)],
        ),
        (
            "body/a",
            "heading = \"Quay\"\nstrong = [\"The QUAY\", \"…\"]",
            &[("Quay", Class::Heading), ("The QUAY", Class::Strong)],
        ),
    ] {
        assert_eq!(classes(id, rest), list(found), "{rest}");
    }
}

#[test]
fn a_text_that_is_too_long_is_cut_between_letters() {
    let long = "é".repeat(40_000);
    let authority = authority(&actor("body/a", &format!("heading = \"{long}\"")));
    assert_eq!(authority.heading("body/a"), Some(&long[..65_534]));
}
