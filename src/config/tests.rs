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
