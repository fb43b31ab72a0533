use super::*;

/// A home with a project below it, and the world as seen from there.
struct Place {
    dir: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join("project/deep/deeper")).unwrap();
        Self { dir }
    }

    fn file(&self, name: &str, text: &str) {
        std::fs::write(self.dir.path().join(name), text).unwrap();
    }

    fn world(&self) -> World {
        World {
            folder: self.dir.path().join("project/deep/deeper"),
            home: Some(self.dir.path().to_owned()),
            user_file: Some(self.dir.path().join("user.toml")),
            ..World::default()
        }
    }

    fn settings(&self) -> Settings {
        Settings::resolve(&self.world()).unwrap()
    }

    /// The error, with the folder's own name left out, and its hint.
    fn error(&self) -> String {
        let error = Settings::resolve(&self.world()).unwrap_err();
        let told = format!("{error} | {}", error.hint().unwrap_or_default());
        told.replace(&format!("{}/", self.dir.path().display()), "")
    }
}

#[test]
fn each_layer_overrides_the_one_before_and_is_named() {
    let place = Place::new();
    assert_eq!(place.settings().value("limit"), Some("10"));
    place.file("user.toml", "limit = 20\npassages = 2\ncolor = \"never\"\n");
    place.file("project/.despatch.toml", "# ours\npassages = 3\ncolor = \"always\"\n");
    let world = World { environment: vec![("DESPATCH_COLOR".into(), "auto".into())], ..place.world() };
    let settings = Settings::resolve(&world).unwrap();
    let told = |name: &str| {
        let setting = settings.get(name).unwrap();
        format!("{} {}", setting.values.join(","), setting.origin)
            .replace(&format!("{}/", place.dir.path().display()), "")
    };
    assert_eq!(told("limit"), "20 user file user.toml:1");
    assert_eq!(told("passages"), "3 project file project/.despatch.toml:2");
    assert_eq!(told("color"), "auto environment DESPATCH_COLOR");
    assert_eq!(told("format"), "text default");
}

#[test]
fn the_project_file_is_looked_for_up_to_a_repository_or_home() {
    let place = Place::new();
    place.file(".despatch.toml", "limit = 1\n");
    assert_eq!(place.settings().value("limit"), Some("10"), "the home directory is no project");
    place.file("project/.despatch.toml", "limit = 2\n");
    assert_eq!(place.settings().value("limit"), Some("2"));
    std::fs::create_dir(place.dir.path().join("project/deep/.git")).unwrap();
    assert_eq!(place.settings().value("limit"), Some("10"), "what is above a repository is not its own");
    place.file("project/deep/.despatch.toml", "limit = 3\n");
    assert_eq!(place.settings().value("limit"), Some("3"));
    let world = World { no_files: true, ..place.world() };
    assert_eq!(Settings::resolve(&world).unwrap().value("limit"), Some("10"));
}

#[test]
fn mistakes_are_named_with_their_line_and_what_was_meant() {
    let place = Place::new();
    for (text, told) in [
        ("limit = 5\n\nlimitt = 3\n", "user.toml:3: there is no setting 'limitt' | did you mean 'limit'?"),
        ("colour = \"never\"\n", "user.toml:1: there is no setting 'colour' | did you mean 'color'?"),
        ("[search]\nlimit = 3\n", "user.toml:1: there is no setting 'search' | `despatch help settings` lists them"),
        ("\nlimit = \"many\"\n", "user.toml:2: 'limit' takes a whole number from 0 | "),
        ("limit = -1\n", "user.toml:1: 'limit' takes a whole number from 0 | "),
        ("feedback = 1\n", "user.toml:1: 'feedback' takes true or false | "),
        ("authority = [1]\n", "user.toml:1: 'authority' takes a path, or a list of paths | "),
        (
            "timezone = \"Mars/Olympus\"\n",
            "user.toml:1: 'timezone' takes a time zone: UTC, local, or a name like Europe/Brussels | ",
        ),
    ] {
        place.file("user.toml", text);
        assert_eq!(place.error(), told);
    }
    place.file("user.toml", "limit = 5\nlimit: 3\n");
    assert!(place.error().starts_with("user.toml:2: "), "{}", place.error());
    place.file("user.toml", "");
    let world = World { environment: vec![("DESPATCH_LIMIT".into(), "ten".into())], ..place.world() };
    let error = Settings::resolve(&world).unwrap_err();
    assert_eq!(error.to_string(), "DESPATCH_LIMIT=ten: it takes a whole number from 0");
}

#[test]
fn paths_of_a_file_are_seen_from_its_folder_or_home() {
    let place = Place::new();
    place.file("user.toml", "index = \"~/news\"\nauthority = [\"own.toml\", \"/etc/more.toml\"]\n");
    let at = |name: &str| place.dir.path().join(name).to_str().unwrap().to_owned();
    let settings = place.settings();
    assert_eq!(settings.get("index").unwrap().values, [at("news")]);
    assert_eq!(settings.get("authority").unwrap().values, [at("own.toml"), "/etc/more.toml".to_owned()]);
    place.file("project/.despatch.toml", "index = \"news\"\n");
    assert_eq!(place.settings().get("index").unwrap().values, [at("project/news")]);
}

#[test]
fn a_project_file_runs_nothing_leads_nowhere_and_takes_no_protection_away() {
    let place = Place::new();
    for (text, why) in [
        ("pager = \"sh -c evil\"\n", "command to run"),
        ("index = \"/tmp/elsewhere\"\n", "its own folder"),
        ("index = \"../other\"\n", "its own folder"),
        ("index = \"~/other\"\n", "its own folder"),
        ("authority = [\"own.toml\", \"deep/../../secret\"]\n", "its own folder"),
        ("max-document = 999999999999\n", "only lower"),
        ("max-seconds = 61\n", "only lower"),
        ("fetch-private = [\"127.0.0.1:80\"]\n", "which machines are asked"),
        ("fetch-delay = 5\n", "which machines are asked"),
        ("fetch-proxy = \"http://127.0.0.1:80\"\n", "which machines are asked"),
        ("contact = \"a@b.example\"\n", "which machines are asked"),
        ("backend = \"http://127.0.0.1:80\"\n", "which machines are asked"),
        ("backend-credentials = \"pass\"\n", "which machines are asked"),
    ] {
        place.file("project/.despatch.toml", text);
        let told = place.error();
        assert!(told.starts_with("project/.despatch.toml:1: '") && told.contains(why), "{text}: {told}");
    }
    place.file("project/.despatch.toml", "max-document = 5000\n");
    assert_eq!(place.settings().value("max-document"), Some("5000"));
    place.file("user.toml", "max-document = 4000\npager = \"less\"\n");
    assert!(place.error().contains("only lower"), "the user's own limit counts too");
}

#[cfg(unix)]
#[test]
fn a_project_file_does_not_lead_out_by_a_link() {
    let place = Place::new();
    std::fs::create_dir(place.dir.path().join("outside")).unwrap();
    std::os::unix::fs::symlink(place.dir.path().join("outside"), place.dir.path().join("project/link")).unwrap();
    place.file("project/.despatch.toml", "index = \"link/index\"\n");
    assert!(place.error().contains("its own folder"), "{}", place.error());
}

#[test]
fn variables_that_are_no_settings_are_told() {
    let place = Place::new();
    let named = |name: &str| (name.to_owned(), "x".to_owned());
    let world = World { environment: vec![named("DESPATCH_INDX"), named("DESPATCH_NOW")], ..place.world() };
    assert_eq!(Settings::resolve(&world).unwrap().strangers, ["DESPATCH_INDX"]);
}

/// The values and origin of a setting in an environment, or the error.
fn from_environment(variables: &[(&str, &str)], name: &str) -> String {
    let environment = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    match Settings::resolve(&World { environment, no_files: true, ..World::default() }) {
        Ok(settings) => {
            let setting = settings.get(name).unwrap();
            format!("{} | {}", setting.values.join(" "), setting.origin)
        }
        Err(error) => error.to_string(),
    }
}

#[test]
fn every_setting_has_a_variable_of_its_name() {
    let mut tried = 0;
    for key in KEYS {
        let (value, shown) = match key.kind {
            Kind::Number => ("3", "3"),
            Kind::Switch => ("false", "false"),
            Kind::Zone => ("Europe/Brussels", "Europe/Brussels"),
            Kind::Paths => ("a.toml:/b/c.toml", "a.toml /b/c.toml"),
            Kind::Seconds => ("0.5", "0.5"),
            Kind::List => ("a:1,b:2", "a:1 b:2"),
            Kind::Text | Kind::Path => ("x y", "x y"),
        };
        let variable = format!("DESPATCH_{}", key.name.to_uppercase().replace('-', "_"));
        assert_eq!(key.variable(), variable);
        let told = from_environment(&[(&variable, value)], key.name);
        assert_eq!(told, format!("{shown} | environment {variable}"));
        let unset = from_environment(&[(&variable, "")], key.name);
        assert_eq!(unset, format!("{} | default", key.default), "an empty variable sets nothing");
        tried += 1;
    }
    assert_eq!(tried, 29);
    assert_eq!(
        from_environment(&[("DESPATCH_MAX_DOCUMENT", "3")], "max-document"),
        "3 | environment DESPATCH_MAX_DOCUMENT"
    );
}

#[test]
fn a_variable_that_cannot_be_is_refused_with_what_it_takes() {
    for (name, value, expected) in [
        ("DESPATCH_LIMIT", "-1", "a whole number from 0"),
        ("DESPATCH_LIMIT", "1.5", "a whole number from 0"),
        ("DESPATCH_MAX_WORDS", "many", "a whole number from 0"),
        ("DESPATCH_FEEDBACK", "yes", "true or false"),
        ("DESPATCH_FEEDBACK", "1", "true or false"),
        ("DESPATCH_TIMEZONE", "Mars/Olympus", "a time zone: UTC, local, or a name like Europe/Brussels"),
    ] {
        let told = from_environment(&[(name, value)], "limit");
        assert_eq!(told, format!("{name}={value}: it takes {expected}"));
    }
    assert_eq!(from_environment(&[("DESPATCH_LIMIT", "0")], "limit"), "0 | environment DESPATCH_LIMIT");
    assert_eq!(from_environment(&[("DESPATCH_FEEDBACK", "true")], "feedback"), "true | environment DESPATCH_FEEDBACK");
}

#[test]
fn values_of_a_file_are_of_the_kind_that_the_setting_takes() {
    let place = Place::new();
    let with = |line: &str| {
        place.file("user.toml", &format!("{line}\n"));
        let name = line.split(' ').next().unwrap();
        match Settings::resolve(&place.world()) {
            Ok(settings) => settings.get(name).unwrap().values.join(" "),
            Err(error) => error.to_string().split_once("takes ").map_or(error.to_string(), |(_, what)| what.to_owned()),
        }
        .replace(&format!("{}/", place.dir.path().display()), "HOME/")
    };
    for (line, told) in [
        ("limit = 0", "0"),
        ("limit = 1_000", "1000"),
        ("limit = 0x10", "16"),
        ("limit = 1.5", "a whole number from 0"),
        ("limit = \"5\"", "a whole number from 0"),
        ("feedback = false", "false"),
        ("feedback = \"false\"", "true or false"),
        ("color = \"\"", "text in quotation marks"),
        ("color = 3", "text in quotation marks"),
        ("index = 3", "text in quotation marks"),
        ("index = \"/abs/x\"", "/abs/x"),
        ("index = \"~\"", "HOME/~"),
        ("index = \"~/x\"", "HOME/x"),
        ("pager = \"~/x\"", "~/x"),
        ("timezone = 3", "the name of a time zone in quotation marks"),
        ("timezone = \"local\"", "local"),
        ("authority = \"one.toml\"", "HOME/one.toml"),
        ("authority = [\"one.toml\", \"~/two.toml\"]", "HOME/one.toml HOME/two.toml"),
        ("authority = []", ""),
        ("authority = [\"one.toml\", \"\"]", "a path, or a list of paths"),
        ("authority = \"\"", "a path, or a list of paths"),
    ] {
        assert_eq!(with(line), told, "{line}");
    }
}

#[test]
fn a_project_file_may_say_what_takes_no_protection_away() {
    let place = Place::new();
    let own = place.dir.path().join("project");
    for (line, name, value) in [
        // Setting a limit to its own value does not raise it.
        ("max-document = 67108864", "max-document", "67108864".to_owned()),
        ("max-document = 67108863", "max-document", "67108863".to_owned()),
        ("max-ratio = 0", "max-ratio", "0".to_owned()),
        ("wait = 99", "wait", "99".to_owned()),
        ("index = \"sub/index\"", "index", own.join("sub/index").display().to_string()),
        ("authority = [\"own.toml\"]", "authority", own.join("own.toml").display().to_string()),
    ] {
        place.file("project/.despatch.toml", &format!("{line}\n"));
        assert_eq!(place.settings().value(name), Some(value.as_str()), "{line}");
    }
    let limits = ["max-document", "max-member", "max-ratio", "max-depth", "max-words", "max-seconds"];
    for name in limits {
        let default: u64 = KEYS.iter().find(|key| key.name == name).unwrap().default.parse().unwrap();
        place.file("project/.despatch.toml", &format!("{name} = {}\n", default + 1));
        assert!(place.error().contains("only lower"), "{name}");
    }
    // What a project file cannot set, the user's own file and the environment can.
    place.file("project/.despatch.toml", "");
    place.file("user.toml", "pager = \"less -R\"\nmax-document = 99999999999\nindex = \"../elsewhere\"\n");
    assert_eq!(place.settings().value("pager"), Some("less -R"));
    assert_eq!(place.settings().value("max-document"), Some("99999999999"));
    assert!(place.settings().value("index").unwrap().ends_with("/../elsewhere"));
}

#[test]
fn the_project_file_of_the_current_directory_goes_before_one_above() {
    let place = Place::new();
    place.file("project/.despatch.toml", "limit = 2\npassages = 2\n");
    place.file("project/deep/deeper/.despatch.toml", "limit = 4\n");
    assert_eq!(place.settings().value("limit"), Some("4"));
    assert_eq!(place.settings().value("passages"), Some("1"), "one file counts, not all of them");
    // In the home directory itself none counts; nor one that is a folder.
    place.file(".despatch.toml", "limit = 9\n");
    let at_home = World { folder: place.dir.path().to_owned(), ..place.world() };
    assert_eq!(at_home.project_file(), None);
    let without_home = World { home: None, ..at_home.clone() };
    assert_eq!(without_home.project_file(), Some(place.dir.path().join(".despatch.toml")));
    assert_eq!(World { no_files: true, ..without_home }.project_file(), None);
    std::fs::create_dir(place.dir.path().join("project/deep/.despatch.toml")).unwrap();
    std::fs::remove_file(place.dir.path().join("project/deep/deeper/.despatch.toml")).unwrap();
    assert_eq!(place.settings().value("limit"), Some("2"));
}

#[test]
fn a_user_file_that_cannot_be_read_is_an_error_and_a_missing_one_is_none() {
    let place = Place::new();
    let world = World { user_file: Some(place.dir.path().join("none.toml")), ..place.world() };
    assert_eq!(Settings::resolve(&world).unwrap().value("limit"), Some("10"));
    let world = World { user_file: Some(place.dir.path().join("project")), ..place.world() };
    assert!(matches!(Settings::resolve(&world), Err(ConfigError::Read { .. })));
    let world = World { no_files: true, ..world };
    assert!(Settings::resolve(&world).is_ok());
}

#[test]
fn an_option_goes_before_all_and_a_setting_knows_where_it_was_set() {
    let place = Place::new();
    place.file("user.toml", "timezone = \"UTC\"\n");
    let mut settings = place.settings();
    assert_eq!(settings.time_zone(), TimeZone::UTC);
    let from_file = settings.get("timezone").unwrap().refused("another").to_string();
    assert_eq!(from_file, format!("{}:1: 'timezone' takes another", place.dir.path().join("user.toml").display()));
    settings.set("timezone", vec!["Europe/Brussels".to_owned()], Origin::Option("timezone".to_owned()));
    settings.set("nosuch", vec!["x".to_owned()], Origin::Default);
    let setting = settings.get("timezone").unwrap();
    assert_eq!(setting.origin.to_string(), "option --timezone");
    assert_eq!(setting.refused("another").to_string(), "DESPATCH_TIMEZONE=Europe/Brussels: it takes another");
    assert_eq!(settings.time_zone().iana_name(), Some("Europe/Brussels"));
    assert_eq!(settings.iter().count(), KEYS.len());
    assert!(settings.get("nosuch").is_none() && settings.value("authority").is_none());
}

#[test]
fn the_nearest_name_is_near() {
    let known = ["limit", "passages", "max-document", "max-depth"];
    for (name, meant) in [
        ("limt", Some("limit")),
        ("LIMIT", Some("limit")),
        ("lmi", None),
        ("pas", Some("passages")),
        ("pa", None),
        ("passaegs", Some("passages")),
        ("max-documents", Some("max-document")),
        ("max-d", Some("max-depth")),
        ("xyz", None),
        ("", None),
    ] {
        assert_eq!(nearest(name, known), meant, "{name}");
    }
    assert_eq!(nearest("b", ["c", "a"]), Some("a"), "of two that are as near, the first by name");
}

#[test]
fn the_programs_own_variables_are_no_strangers() {
    let named = |name: &str| (name.to_owned(), "x".to_owned());
    let environment =
        vec![named("DESPATCH_CONFIG"), named("DESPATCH_COMPLETE"), named("DESPATCH_NOW"), named("DESPATCH_X")];
    let settings = Settings::resolve(&World { environment, no_files: true, ..World::default() }).unwrap();
    assert_eq!(settings.strangers, ["DESPATCH_X"]);
}

#[test]
fn lists_and_seconds_are_written_in_a_file_and_in_the_environment() {
    let place = Place::new();
    place.file("user.toml", "fetch-private = [\"127.0.0.1:80\", \"[::1]:81\"]\nfetch-delay = 0.5\n");
    let settings = place.settings();
    assert_eq!(settings.get("fetch-private").unwrap().values, ["127.0.0.1:80", "[::1]:81"]);
    assert_eq!(settings.value("fetch-delay"), Some("0.5"));
    let variables = [("DESPATCH_FETCH_PRIVATE", "127.0.0.1:80,10.0.0.1:81"), ("DESPATCH_FETCH_DELAY", "0")];
    let environment = variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let settings = Settings::resolve(&World { environment, ..place.world() }).unwrap();
    assert_eq!(settings.get("fetch-private").unwrap().values, ["127.0.0.1:80", "10.0.0.1:81"]);
    assert_eq!(settings.value("fetch-delay"), Some("0"));
    place.file("user.toml", "fetch-delay = \"soon\"\n");
    assert_eq!(place.error(), "user.toml:1: 'fetch-delay' takes a number of seconds from 0 | ");
}
