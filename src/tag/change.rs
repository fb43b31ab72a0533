//! Which articles must be tagged again after a change of the authority file.
//!
//! An article keeps its tags if it contains no name of a changed heading, no word that entered or left the vocabulary
//! of all names, no given name that entered or left the persons' headings, no name about which a user decided, and no
//! first word of a part of a changed topic's rules. [`Change::touches`] errs on the side of saying yes: the tags of an
//! article may stay the same.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::lists::PREFIXES;
use crate::analysis::{Stemmer, spelling, words};
use crate::article::Article;
use crate::authority::compile::key;
use crate::authority::source::{Office, Source};
use crate::authority::table::{Section, VARIANT};
use crate::authority::{Authority, Kind, What, rule};

/// The difference between two authority files, as words to search for in articles.
#[derive(Debug, Default)]
pub struct Change {
    /// The words of `single` and `names`, folded, with the numbers used there.
    known: HashMap<Box<str>, u32>,
    /// Any one of these words touches an article.
    single: HashSet<u32>,
    /// A name touches an article that contains all its words, in any order.
    names: Vec<Vec<u32>>,
    /// Any one of these stems touches an article.
    stems: HashSet<Box<str>>,
    /// Articles that mention any of these actors are touched, whatever their words are.
    actors: Vec<String>,
}

impl Change {
    /// The change from `old` to `new`; the other way round it is the same.
    pub fn between(old: &Authority, new: &Authority) -> Self {
        let mut change = Self::default();
        let (was, is) = (old.to_source(), new.to_source());
        let changed = changed_headings(&was, &is);
        for authority in [old, new] {
            for id in &changed {
                for variant in authority.variants(id) {
                    change.add_name(&key(variant.name));
                }
            }
        }
        for (prefix, state) in PREFIXES.rows() {
            if changed.contains(state) {
                change.add_word(prefix);
            }
        }
        change.add_decisions(old, new);
        for words in [vocabulary, given_names] {
            let (before, after) = (words(old), words(new));
            before.symmetric_difference(&after).for_each(|word| change.add_word(word));
        }
        change.add_topics(&was, &is);
        change
    }

    /// Adds the names that decisions are about which only one of the files has, and the actors whose mentions become
    /// another's, directly or by a row of merges.
    fn add_decisions(&mut self, old: &Authority, new: &Authority) {
        let (was, is) = (old.decisions(), new.decisions());
        let gone = was.iter().filter(|one| !is.contains(one));
        let fresh = is.iter().filter(|one| !was.contains(one));
        for decision in gone.chain(fresh).filter(|one| one.what != What::Merge) {
            self.add_name(&key(&decision.name));
        }
        let merges = was.iter().chain(&is).filter(|one| one.what == What::Merge);
        for id in merges.map(|one| &one.name).collect::<BTreeSet<_>>() {
            let before = old.merged(id);
            if before == new.merged(id) {
                continue;
            }
            if id.starts_with("unlisted/") {
                // An id is no name: the index knows who mentions it, and what was merged is mentioned as the other.
                self.actors.push(id.clone());
                self.actors.extend(Some(before).filter(|before| before != id));
            }
            for authority in [old, new] {
                authority.variants(id).iter().for_each(|variant| self.add_name(&key(variant.name)));
            }
        }
    }

    /// Whether a change touches articles by words alone, not by the stems of topics.
    pub(crate) fn is_of_words(&self) -> bool {
        self.stems.is_empty()
    }

    /// Actors whose mentions change, so that every article with one is touched.
    pub(crate) fn actors(&self) -> &[String] {
        &self.actors
    }

    /// The words, folded, with the numbers by which [`Self::sets`] names them.
    pub(crate) fn numbers(&self, folded: &str) -> [Option<u32>; 2] {
        [self.known.get(folded).copied(), self.known.get(&*spelling::canonical(folded)).copied()]
    }

    /// Sets of words by their numbers: the change can touch only articles that have all the words of one.
    pub(crate) fn sets(&self) -> impl Iterator<Item = &[u32]> {
        self.single.iter().map(std::slice::from_ref).chain(self.names.iter().map(Vec::as_slice))
    }

    fn number(&mut self, word: &str) -> u32 {
        let next = self.known.len() as u32;
        *self.known.entry(word.into()).or_insert(next)
    }

    fn add_word(&mut self, word: &str) {
        let number = self.number(word);
        self.single.insert(number);
    }

    fn add_name(&mut self, key: &str) {
        let numbers: Vec<u32> = key.split(' ').map(|word| self.number(word)).collect();
        self.names.push(numbers);
    }

    fn add_topics(&mut self, was: &Source, is: &Source) {
        let rules = |source: &Source| -> BTreeMap<String, Vec<(String, u32)>> {
            let rules = |topic: &crate::authority::source::Topic| {
                topic.rules.iter().map(|rule| (rule.q.clone(), rule.weight.to_bits())).collect()
            };
            source.topics.iter().map(|topic| (topic.id.clone(), rules(topic))).collect()
        };
        let (before, after) = (rules(was), rules(is));
        let mut stemmer = Stemmer::default();
        for id in before.keys().chain(after.keys()).filter(|id| before.get(*id) != after.get(*id)) {
            for (q, _) in before.get(id).into_iter().chain(after.get(id)).flatten() {
                for atom in rule::parse(q).unwrap_or_default() {
                    let cut = words(&atom.text);
                    if let Some(first) = cut.as_slice().first() {
                        self.stems.insert(stemmer.term(cut.folded(first)).into());
                    }
                }
            }
        }
    }

    /// Whether the change may alter the tags of an article; those of [`Self::actors`] aside.
    pub fn touches(&self, article: &Article, stemmer: &mut Stemmer) -> bool {
        let mut seen = vec![false; self.known.len()];
        for text in [&article.title, &article.text] {
            let cut = words(text);
            for word in cut.as_slice() {
                let folded = cut.folded(word);
                for number in self.numbers(folded).into_iter().flatten() {
                    seen[number as usize] = true;
                }
                if !self.stems.is_empty() && self.stems.contains(stemmer.term(folded)) {
                    return true;
                }
            }
        }
        let there = |number: &u32| seen[*number as usize];
        self.single.iter().any(there) || self.names.iter().any(|name| name.iter().all(there))
    }
}

/// The ids of headings that were added, removed or altered, and of headings that depend on them: whatever belongs to an
/// actor whose country or broader actors changed, offices that such an actor held, and all holders of these offices.
/// Notes and Wikidata items do not count, because tagging does not use them.
fn changed_headings(was: &Source, is: &Source) -> BTreeSet<String> {
    let (mut changed, mut moved) = (BTreeSet::new(), BTreeSet::new());
    let actors = |source: &Source| -> BTreeMap<String, _> {
        let plain = source.actors.iter().map(|actor| {
            let mut actor = actor.clone();
            (actor.note, actor.wikidata) = (None, None);
            actor.file.clear();
            (actor.id.clone(), actor)
        });
        plain.collect()
    };
    let (before, after) = (actors(was), actors(is));
    for id in before.keys().chain(after.keys()) {
        let (old, new) = (before.get(id), after.get(id));
        if old == new {
            continue;
        }
        changed.insert(id.clone());
        let kin = |one: &crate::authority::source::Actor| (one.country.clone(), one.part_of.clone());
        if old.map(kin) != new.map(kin) {
            moved.insert(id.clone());
        }
    }
    add_offices(was, is, &mut changed, &mut moved);
    add_narrower(was, is, &mut changed, &mut moved);
    changed
}

/// Adds offices that changed or that a moved actor holds, with all their holders, past ones included.
fn add_offices(was: &Source, is: &Source, changed: &mut BTreeSet<String>, moved: &mut BTreeSet<String>) {
    let offices = |source: &Source| -> BTreeMap<String, Office> {
        let plain = source.offices.iter().map(|office| {
            let mut office = office.clone();
            office.note = None;
            office.file.clear();
            (office.id.clone(), office)
        });
        plain.collect()
    };
    let (before, after) = (offices(was), offices(is));
    for id in before.keys().chain(after.keys()) {
        let (old, new) = (before.get(id), after.get(id));
        let held = |office: &Office| office.holders.iter().any(|holder| moved.contains(&holder.who));
        if old == new && !new.is_some_and(held) {
            continue;
        }
        changed.insert(id.clone());
        let holders = old.into_iter().chain(new).flat_map(|office| &office.holders);
        changed.extend(holders.map(|holder| holder.who.clone()));
        if old.map(|office| (&office.country, &office.body)) != new.map(|office| (&office.country, &office.body)) {
            moved.insert(id.clone());
        }
    }
}

/// Adds every actor and office that belongs, directly or through others, to one whose country or broader actors
/// changed (`moved`).
fn add_narrower(was: &Source, is: &Source, changed: &mut BTreeSet<String>, moved: &mut BTreeSet<String>) {
    loop {
        let mut fresh: Vec<String> = Vec::new();
        for source in [was, is] {
            for actor in &source.actors {
                let state = actor.country.as_ref().map(|country| format!("state/{country}"));
                if state.iter().chain(&actor.part_of).any(|broader| moved.contains(broader)) {
                    fresh.push(actor.id.clone());
                }
            }
            for office in &source.offices {
                let state = office.country.as_ref().map(|country| format!("state/{country}"));
                if state.iter().chain(&office.body).any(|broader| moved.contains(broader)) {
                    fresh.push(office.id.clone());
                    changed.extend(office.holders.iter().map(|holder| holder.who.clone()));
                }
            }
        }
        let before = moved.len();
        changed.extend(fresh.iter().cloned());
        moved.extend(fresh);
        if moved.len() == before {
            return;
        }
    }
}

/// Every word of every variant, folded.
fn vocabulary(authority: &Authority) -> BTreeSet<String> {
    let table = authority.table();
    let count = table.len(Section::Variants, VARIANT);
    let keys = (0..count).map(|n| table.string(table.number(Section::Variants, VARIANT, n, 0)));
    keys.flat_map(|key| key.split(' ')).map(str::to_owned).collect()
}

/// The first words of persons' headings, folded.
fn given_names(authority: &Authority) -> BTreeSet<String> {
    let persons = authority.actors().filter(|id| Kind::of_id(id) == Some(Kind::Person));
    let first = |id| key(authority.heading(id).unwrap_or_default()).split(' ').next().map(str::to_owned);
    persons.filter_map(first).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = r#"
[[actor]]
id = "state/alda"
heading = "Alda"
demonym = ["Aldan"]
[[actor]]
id = "person/ines-quarrel"
heading = "Ines Quarrel"
country = "alda"
[[office]]
id = "office/alda-defence-minister"
heading = "Defence Minister of Alda"
titles = ["defence minister"]
country = "alda"
holders = [{ who = "person/ines-quarrel", from = "2023-02-01" }]
[[topic]]
id = "ships"
heading = "Ships"
rules = [{ q = "frigate", weight = 3 }]
"#;

    fn authority(text: &str) -> Authority {
        Authority::compile(&[("test.toml".into(), text.into())]).expect("the file is sound")
    }

    /// Which of a few texts the change from the base file touches.
    fn touched(now: &str) -> Vec<&'static str> {
        let change = Change::between(&authority(BASE), &authority(now));
        let touches = |text: &&str| {
            let article = Article { text: (*text).to_owned(), ..Article::default() };
            change.touches(&article, &mut Stemmer::default())
        };
        let texts = [
            "Alda paid.",
            "Ines Quarrel left.",
            "The defence minister left.",
            "Two frigates sank.",
            "The Harbour Pact met.",
            "A corvette sailed.",
        ];
        texts.into_iter().filter(touches).collect()
    }

    #[test]
    fn only_what_changed_touches() {
        assert!(touched(BASE).is_empty());
        let pact = "[[actor]]\nid = \"alliance/harbour-pact\"\nheading = \"Harbour Pact\"\n";
        assert_eq!(touched(&format!("{BASE}{pact}")), ["The Harbour Pact met."]);
        assert_eq!(touched(&BASE.replace("frigate", "corvette")), ["Two frigates sank.", "A corvette sailed."]);
        assert_eq!(touched(&BASE.replace("\"Aldan\"", "\"Aldic\"")), ["Alda paid."]);
    }

    #[test]
    fn a_decision_touches_what_has_its_names() {
        let decision = |what: &str, name: &str, heading: &str| {
            format!("{BASE}[[decision]]\nwhat = \"{what}\"\nname = \"{name}\"\nheading = \"{heading}\"\n")
        };
        assert_eq!(touched(&decision("veto", "the Corvette", "state/alda")), ["A corvette sailed."]);
        assert_eq!(touched(&decision("merge", "person/ines-quarrel", "state/alda")), ["Ines Quarrel left."]);
        // Of a name without a heading the index knows the articles.
        let merged = authority(&decision("merge", "unlisted/f-35-office", "state/alda"));
        let change = |old: &Authority, new: &Authority| Change::between(old, new).actors().to_vec();
        assert_eq!(change(&authority(BASE), &merged), ["unlisted/f-35-office"]);
        assert_eq!(change(&merged, &authority(BASE)), ["unlisted/f-35-office", "state/alda"]);
        // What was merged before goes along.
        let row = |merges: &[(&str, &str)]| {
            let one = |(name, heading): &(&str, &str)| {
                format!("[[decision]]\nwhat = \"merge\"\nname = \"{name}\"\nheading = \"{heading}\"\n")
            };
            authority(&format!("{BASE}{}", merges.iter().map(one).collect::<String>()))
        };
        let (first, second) = (("person/ines-quarrel", "state/alda"), ("state/alda", "alliance/pact"));
        let (one, two) = (row(&[first]), row(&[first, second]));
        let article = Article { text: "Ines Quarrel left.".into(), ..Article::default() };
        for (old, new) in [(&one, &two), (&two, &one)] {
            assert!(Change::between(old, new).touches(&article, &mut Stemmer::default()));
        }
        // The same decision in both files is no change.
        let both = authority(&decision("veto", "Alda", "state/alda"));
        let article = Article { text: "Alda paid.".into(), ..Article::default() };
        assert!(!Change::between(&both, &both.clone()).touches(&article, &mut Stemmer::default()));
    }

    #[test]
    fn an_office_touches_its_holders_and_a_country_what_belongs_to_it() {
        let dates = BASE.replace("2023-02-01", "2023-03-01");
        assert_eq!(touched(&dates), ["Ines Quarrel left.", "The defence minister left."]);
        let union = "[[actor]]\nid = \"alliance/union\"\nheading = \"Unio\"\n";
        let moved = format!("{union}{BASE}").replace("demonym", "part_of = [\"alliance/union\"]\ndemonym");
        assert_eq!(touched(&moved), ["Alda paid.", "Ines Quarrel left.", "The defence minister left."]);
    }

    /// Added to the base file: a body and a force of Alda, an office of the body, and a state that has neither.
    const WIDER: &str = r#"
[[actor]]
id = "body/admiralty"
heading = "Aldan Admiralty"
country = "alda"
[[actor]]
id = "force/fleet"
heading = "Aldan Fleet"
part_of = ["body/admiralty"]
[[office]]
id = "office/first-lord"
heading = "First Lord"
titles = ["first lord"]
body = "body/admiralty"
holders = [{ who = "person/tilda-moor", from = "2020" }]
[[actor]]
id = "person/tilda-moor"
heading = "Tilda Moor"
country = "alda"
[[actor]]
id = "state/brea"
heading = "Brea"
[[actor]]
id = "alliance/union"
heading = "Unio"
"#;

    /// The headings that change when `to` replaces `from` in the wider file.
    fn changed(from: &str, to: &str) -> Vec<String> {
        let (was, is) = (format!("{BASE}{WIDER}"), format!("{BASE}{WIDER}").replacen(from, to, 1));
        assert!(from.is_empty() || was != is, "{from} stands nowhere");
        let forth = changed_headings(&authority(&was).to_source(), &authority(&is).to_source());
        let back = changed_headings(&authority(&is).to_source(), &authority(&was).to_source());
        assert_eq!(forth, back, "{from} there and back");
        forth.into_iter().collect()
    }

    #[test]
    fn just_the_headings_change_whose_standing_hangs_on_what_was_written() {
        let minister = "office/alda-defence-minister";
        for (from, to, expected) in [
            ("", "", &[][..]),
            // A name changes its own heading only; a note or Wikidata item changes none.
            ("heading = \"Brea\"", "heading = \"Brea\"\ndemonym = [\"Brean\"]", &["state/brea"]),
            ("heading = \"Brea\"", "heading = \"Brea\"\nnote = \"Far.\"\nwikidata = \"Q1\"", &[]),
            ("heading = \"Alda\"", "heading = \"Alda\"\nstrong = [\"Alde\"]", &["state/alda"]),
            ("heading = \"Brea\"", "heading = \"Brea\"\nformer = true", &["state/brea"]),
            // A tenure or title changes the office and all who ever held it; a note changes nothing.
            ("from = \"2020\"", "from = \"2021\"", &["office/first-lord", "person/tilda-moor"]),
            ("titles = [\"first lord\"]", "titles = [\"sea lord\"]", &["office/first-lord", "person/tilda-moor"]),
            ("titles = [\"first lord\"]", "titles = [\"first lord\"]\nnote = \"Old.\"", &[]),
            (
                "who = \"person/tilda-moor\"",
                "who = \"person/ines-quarrel\"",
                &["office/first-lord", "person/ines-quarrel", "person/tilda-moor"],
            ),
            // A person's country changes the offices that the person held, and everybody else who held them.
            (
                "heading = \"Tilda Moor\"\ncountry = \"alda\"",
                "heading = \"Tilda Moor\"\ncountry = \"brea\"",
                &["office/first-lord", "person/tilda-moor"],
            ),
            (
                "heading = \"Ines Quarrel\"\ncountry = \"alda\"",
                "heading = \"Ines Quarrel\"",
                &[minister, "person/ines-quarrel"],
            ),
            // The country of a body changes all that is part of it, with offices and their holders.
            (
                "heading = \"Aldan Admiralty\"\ncountry = \"alda\"",
                "heading = \"Aldan Admiralty\"\ncountry = \"brea\"",
                &["body/admiralty", "force/fleet", "office/first-lord", "person/tilda-moor"],
            ),
            ("part_of = [\"body/admiralty\"]", "part_of = [\"alliance/union\"]", &["force/fleet"]),
            // The body of an office changes the office and its holders.
            ("body = \"body/admiralty\"", "body = \"alliance/union\"", &["office/first-lord", "person/tilda-moor"]),
            // The broader actor of a state changes all that belongs to the state.
            (
                "heading = \"Alda\"",
                "heading = \"Alda\"\npart_of = [\"alliance/union\"]",
                &[
                    "body/admiralty",
                    "force/fleet",
                    minister,
                    "office/first-lord",
                    "person/ines-quarrel",
                    "person/tilda-moor",
                    "state/alda",
                ],
            ),
        ] {
            assert_eq!(changed(from, to), expected, "{from} -> {to}");
        }
    }

    #[test]
    fn an_article_is_touched_by_all_words_of_a_name_and_by_one_word_of_a_rule() {
        let quarrel =
            BASE.replace("heading = \"Ines Quarrel\"", "heading = \"Ines Quarrel\"\nstrong = [\"Quarrel upon Alda\"]");
        // `upon` is new to the vocabulary, so it touches alone; of each name all words must be there.
        let change = Change::between(&authority(BASE), &authority(&quarrel));
        let touches = |title: &str, text: &str| {
            let article = Article { title: title.into(), text: text.into(), ..Article::default() };
            change.touches(&article, &mut Stemmer::default())
        };
        for (title, text, touched) in [
            ("", "Ines spoke to a Quarrel.", true),
            ("Ines", "Quarrel left.", true),
            ("INÉS", "quarrel left.", true),
            ("", "Ines left.", false),
            ("", "The moon shone upon them.", true),
            ("", "Alda paid.", false),
            ("", "", false),
        ] {
            assert_eq!(touches(title, text), touched, "{title} {text}");
        }
        let topic = |rules: &str| BASE.replace("{ q = \"frigate\", weight = 3 }", rules);
        for (rules, expected) in [
            ("{ q = \"frigate\", weight = 2 }", &["Two frigates sank."][..]),
            ("", &["Two frigates sank."]),
            ("{ q = \"corvette AND alda\", weight = 3 }", &["Alda paid.", "Two frigates sank.", "A corvette sailed."]),
            (
                "{ q = '\"sail corvette\"' }, { q = \"frigate\", weight = 3 }",
                &["Two frigates sank.", "A corvette sailed."],
            ),
        ] {
            assert_eq!(touched(&topic(rules)), expected, "{rules}");
        }
        assert_eq!(touched(&BASE.replace("heading = \"Ships\"", "heading = \"Boats\"")), Vec::<&str>::new());
    }

    #[test]
    fn what_is_spelled_in_two_ways_is_found_in_both() {
        let centre = "[[actor]]\nid = \"body/centre\"\nheading = \"Tidal Defence Centre\"\n";
        let change = Change::between(&authority(BASE), &authority(&format!("{BASE}{centre}")));
        for text in ["The Tidal Defence Centre met.", "The Tidal Defense Center met."] {
            let article = Article { text: text.into(), ..Article::default() };
            assert!(change.touches(&article, &mut Stemmer::default()), "{text}");
        }
    }

    #[test]
    fn the_first_half_of_a_pair_of_states_touches_too() {
        let france = |names: &str| format!("{BASE}[[actor]]\nid = \"state/france\"\nheading = \"France\"\n{names}");
        let change = Change::between(&authority(&france("")), &authority(&france("demonym = [\"Aldan\"]\n")));
        let article = Article { text: "A Franco-Brean plan.".into(), ..Article::default() };
        assert!(change.touches(&article, &mut Stemmer::default()));
    }

    #[test]
    fn a_new_given_name_touches_every_bearer() {
        let moor = "[[actor]]\nid = \"person/tilda-moor\"\nheading = \"Tilda Moor\"\n";
        let change = Change::between(&authority(BASE), &authority(&format!("{BASE}{moor}")));
        let article = Article { text: "Tilda Brack left.".into(), ..Article::default() };
        assert!(change.touches(&article, &mut Stemmer::default()));
    }
}
