//! How much an article is about each of its actors, in place of only how often it names them.
//!
//! The weight is a mean of four parts, each from 0 to 1: whether the headline names the actor; whether the lead does; its
//! mentions over those of the actor with the most; and the sentences of which it is the subject over those of the actor
//! with the most. A mention in a list of [`MANY`] names or more counts a quarter, and one that can be no subject (`by
//! Alda`, `Alda's`, `Aldan`) a half.

use rustc_hash::FxHashMap;

use super::Via;
use super::doc::Doc;
use super::lists::Cues;
use super::metonym::IRREGULAR_PAST_FORMS;
use super::work::Settled;
use crate::analysis::{Gap, Shape};
use crate::authority::Kind;
use crate::wordlist::WordList;

/// Words before a name that keep it from being the subject.
static PREPOSITIONS: WordList = WordList::new(include_str!("lists/words_before_no_subject.txt"));

/// From this many names on, joined by commas and `and`, they are a list.
const MANY: usize = 5;
/// What a mention in such a list counts.
const LISTED: f32 = 0.25;
/// What a mention counts that can be no subject: after a preposition, as an owner, as an adjective, in brackets.
const ASIDE: f32 = 0.5;
/// Shares of headline, lead, mentions and sentences in the weight.
const PARTS: [f32; 4] = [0.3, 0.2, 0.25, 0.25];
/// Mentions, and sentences of which it is the subject, that an actor needs for the whole of that part, however few the
/// others have.
const ENOUGH: f32 = 2.0;
/// From this weight on an article is about an actor, whether it is the subject of a sentence or not.
pub(crate) const ABOUT: f32 = 0.5;

/// How an article speaks of an actor.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Standing {
    /// Mentions in title and text.
    pub(super) mentions: u32,
    /// From 0.01 to 1, in hundredths.
    pub(super) weight: f32,
    /// Whether it is the subject of a sentence.
    pub(super) subject: bool,
}

#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    mentions: u32,
    headline: f32,
    lead: f32,
    mass: f32,
    subject: f32,
}

/// The standing of each actor, by its id.
pub(super) fn standings<'m>(doc: &Doc, mentions: &[&'m Settled]) -> FxHashMap<&'m str, Standing> {
    let (listed, roles, lead) = (listed(doc, mentions), roles(doc, mentions), doc.lead());
    let mut sums: FxHashMap<&str, Sums> = FxHashMap::default();
    for ((one, listed), role) in mentions.iter().zip(listed).zip(roles) {
        let mass = match role {
            _ if listed => LISTED,
            Role::Aside => ASIDE,
            Role::Subject | Role::Object => 1.0,
        };
        let sum = sums.entry(one.actor.as_str()).or_default();
        sum.mentions += 1;
        sum.mass += mass;
        sum.subject += if role == Role::Subject && !listed { 1.0 } else { 0.0 };
        let zone = if one.start < doc.split { &mut sum.headline } else { &mut sum.lead };
        if one.start < lead {
            *zone = zone.max(mass);
        }
    }
    let most = |of: fn(&Sums) -> f32| sums.values().map(of).fold(ENOUGH, f32::max);
    let (most_mass, most_subject) = (most(|sum| sum.mass), most(|sum| sum.subject));
    // An article without a headline, or without text, is weighed by what it has.
    let has = [doc.split > 0, doc.split < doc.toks.len(), true, true];
    let whole: f32 = PARTS.iter().zip(has).filter(|(_, has)| *has).map(|(part, _)| part).sum();
    let standing = |(id, sum): (&'m str, &Sums)| {
        let parts = [sum.headline, sum.lead, sum.mass / most_mass, sum.subject / most_subject];
        let weight: f32 = PARTS.iter().zip(parts).map(|(share, part)| share * part).sum();
        let weight = (100.0 * (weight / whole).clamp(0.01, 1.0)).round() / 100.0;
        (id, Standing { mentions: sum.mentions, weight, subject: sum.subject > 0.0 })
    };
    sums.iter().map(|(id, sum)| standing((id, sum))).collect()
}

/// For each mention, whether it stands in a list of many names.
fn listed(doc: &Doc, mentions: &[&Settled]) -> Vec<bool> {
    let mut out = vec![false; mentions.len()];
    let mut first = 0;
    for next in 1..=mentions.len() {
        if next < mentions.len() && joined(doc, mentions[next - 1], mentions[next]) {
            continue;
        }
        if next - first >= MANY {
            out[first..next].fill(true);
        }
        first = next;
    }
    out
}

/// Whether only commas, semicolons, `and`, `or` and `the` stand between two mentions.
fn joined(doc: &Doc, left: &Settled, right: &Settled) -> bool {
    let between = left.end..right.start;
    let mark = |at: usize| matches!(doc.before(at).trim(), "" | "," | ";");
    (left.start < doc.split) == (right.start < doc.split)
        && between.len() <= 2
        && between.clone().all(|at| mark(at) && matches!(doc.folded(at), "and" | "or" | "the" | "&"))
        && mark(right.start)
        && (!between.is_empty() || matches!(doc.before(right.start).trim(), "," | ";"))
}

/// What a mention is in its sentence, by its place alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Subject,
    /// Any other, but no aside.
    Object,
    /// After a preposition, an owner, an adjective, in brackets.
    Aside,
}

/// For each mention, what it is in its sentence. The subject is the first of the sentence that stands before its first
/// verb, in no bracket, after no preposition, and owns nothing; names joined to it are subjects too, and so is who
/// follows `said`.
fn roles(doc: &Doc, mentions: &[&Settled]) -> Vec<Role> {
    let mut out = vec![Role::Object; mentions.len()];
    let (mut at, mut verb, mut found, mut inside) = (0, false, None::<usize>, false);
    for (n, one) in mentions.iter().enumerate() {
        while at <= one.start {
            if at == doc.split || doc.toks[at].gap >= Gap::Sentence {
                (verb, found, inside) = (false, None, false);
            }
            if let Some(bracket) = doc.before(at).rfind(['(', ')']) {
                inside = doc.before(at)[bracket..].starts_with('(');
            }
            verb |= at < one.start && is_verb(doc, at);
            at += 1;
        }
        let joined_to = found.filter(|found| found + 1 == n && joined(doc, mentions[n - 1], one));
        let aside = inside || is_aside(doc, one);
        let first = found.is_none() && !verb && !aside;
        let said = says_before(doc, one.start);
        if !inside && (first || said || joined_to.is_some()) {
            out[n] = Role::Subject;
            found = Some(n);
        } else if aside {
            out[n] = Role::Aside;
        }
        // The words of a name are no verbs.
        at = at.max(one.end);
    }
    out
}

/// Whether a name cannot be a subject where it stands: after a preposition, as an owner, or as an adjective.
fn is_aside(doc: &Doc, one: &Settled) -> bool {
    let article = |at: usize| matches!(doc.folded(at), "the" | "a" | "an");
    let before = doc.prev(one.start).and_then(|at| if article(at) { doc.prev(at) } else { Some(at) });
    let after_preposition = before.is_some_and(|at| PREPOSITIONS.has(doc.folded(at)));
    let adjective = one.via == Via::Demonym && one.kind == Kind::State;
    after_preposition || adjective || doc.toks[one.end - 1].possessive
}

/// Whether a word is a finite verb by its looks.
fn is_verb(doc: &Doc, at: usize) -> bool {
    let tok = &doc.toks[at];
    if tok.shape != Shape::Lower && !tok.headline && !tok.shouted {
        return false;
    }
    let word = doc.folded(at);
    tok.is(Cues::ACTS.or(Cues::AUXILIARY))
        || IRREGULAR_PAST_FORMS.has(word)
        || (word.len() > 4 && word.ends_with("ed") && tok.gap != Gap::Hyphen)
}

/// Whether a verb of speech stands right before a name: `said Ines Quarrel`.
fn says_before(doc: &Doc, start: usize) -> bool {
    doc.prev(start).is_some_and(|at| matches!(doc.folded(at), "said" | "says" | "added"))
}

#[cfg(test)]
mod tests {
    use crate::article::Article;
    use crate::authority::Authority;
    use crate::tag::{ActorTag, Tagger};

    const FILE: &str = r#"
[[actor]]
id = "state/alda"
heading = "Alda"
demonym = ["Aldan"]
[[actor]]
id = "state/brea"
heading = "Brea"
demonym = ["Brean"]
[[actor]]
id = "state/cora"
heading = "Cora Isles"
[[actor]]
id = "state/dorn"
heading = "Dornland"
[[actor]]
id = "state/esk"
heading = "Eskmark"
[[actor]]
id = "state/fen"
heading = "Fenland"
[[actor]]
id = "alliance/pact"
heading = "Harbour Pact"
[[actor]]
id = "company/quay"
heading = "Quayworks Group"
[[actor]]
id = "person/ines"
heading = "Ines Quarrel"
[[actor]]
id = "person/oto"
heading = "Oto Brandt"
"#;

    /// Headline, text, and the actors in the order in which the article is about them; after `|` those that are no
    /// subjects. Actors in brackets may stand in any order.
    const ARTICLES: &[(&str, &str, &str)] = &[
        ("Ines Quarrel resigns", "Ines Quarrel resigned on Monday. Oto Brandt will miss her.", "ines oto"),
        ("A visit to the hills", "Oto Brandt met Ines Quarrel. Oto Brandt spoke first. Brandt left.", "oto | ines"),
        ("Brea pays late", "Brea paid late. The bill was sent by Alda in the spring, officials said.", "brea | alda"),
        ("A bill", "The bill was sent by Alda. Brea paid the bill of Alda in spring.", "brea | alda"),
        ("Quayworks Group wins a contract", "Quayworks Group won the order. The order is for Alda.", "quay | alda"),
        ("Ferries", "Alda ordered two ferries from Quayworks Group. Alda will pay in May.", "alda | quay"),
        (
            "Harbour Pact admits Brea",
            "Alda, Brea, Cora Isles, Dornland, Eskmark and Fenland are its members. The Harbour Pact admitted Brea.",
            "pact | brea [alda cora dorn esk fen]",
        ),
        (
            "A vote on fish",
            "Ines Quarrel lost the vote. The others were Alda, Brea, Cora Isles, Dornland and Eskmark.",
            "ines | [alda brea cora dorn esk]",
        ),
        ("Aldan ferry sinks", "An Aldan ferry sank. Brea sent boats. Brea found the crew.", "brea | alda"),
        ("Alda's fleet", "The fleet of Alda sailed. Oto Brandt watched it. Oto Brandt wept.", "oto | alda"),
        ("Rain", "It rained. “We wept,” said Ines Quarrel. Much was said about Oto Brandt.", "ines | oto"),
        ("Talks in Brea", "Alda and Dornland met in Brea. Alda and Dornland agreed.", "[alda dorn] | brea"),
        ("Talks", "In Brea, Ines Quarrel met nobody. She left Brea with a coat.", "ines | brea"),
        ("A letter", "Ines Quarrel (once of the Harbour Pact) wrote. Ines Quarrel wrote again.", "ines | pact"),
        ("A ship", "The ship left Alda for Brea. It came back to Alda.", "| alda brea"),
        ("", "The Harbour Pact met. Brea was named once, at the end, by somebody.", "[pact brea]"),
        ("Oto Brandt and Ines Quarrel marry", "The two met in Alda, at a ball.", "[oto ines] | alda"),
        ("Dornland warns Brea", "Dornland warned Brea on Monday. Dornland will not pay.", "dorn | brea"),
        ("Dornland sanctions Quayworks Group", "It will not be paid. Dornland said no.", "dorn | quay"),
        (
            "New hulls",
            "Two hulls came.\n\nQuayworks Group built them.\n\nQuayworks Group will build more.\n\nA clerk of Brea paid.",
            "quay | brea",
        ),
        ("Ines Quarrel: a life", "She was born in Fenland. She worked for the Harbour Pact.", "ines | [fen pact]"),
        ("Eskmark, Fenland sign", "Eskmark and Fenland signed. Nobody from Brea came.", "[esk fen] | brea"),
        ("On Brea", "Of Brea little is known. Oto Brandt has been there. Oto Brandt came back.", "oto | brea"),
        ("A day", "Alda said on Monday that Brea would pay. Alda said so twice.", "alda | brea"),
    ];

    fn actors(title: &str, text: &str) -> Vec<ActorTag> {
        let authority = Authority::compile(&[("test.toml".into(), FILE.into())]).expect("the file is sound");
        let article = Article { title: title.into(), text: text.into(), ..Article::default() };
        Tagger::new(&authority).tag(&article).actors
    }

    /// The names of an expected order, those in brackets together.
    fn groups(expected: &str) -> Vec<Vec<String>> {
        let mut out: Vec<Vec<String>> = Vec::new();
        let mut open = false;
        for word in expected.replace('|', " ").split_whitespace() {
            let name = word.trim_matches(['[', ']']).to_owned();
            match out.last_mut().filter(|_| open) {
                Some(group) => group.push(name),
                None => out.push(vec![name]),
            }
            open = (open || word.starts_with('[')) && !word.ends_with(']');
        }
        out
    }

    #[test]
    fn articles_are_about_their_actors_in_the_order_that_a_reader_finds() {
        let mut wrong = Vec::new();
        for (title, text, expected) in ARTICLES {
            let found = actors(title, text);
            let order: Vec<&str> = found.iter().map(|one| one.actor.split('/').nth(1).unwrap()).collect();
            let mut at = 0;
            let mut right = true;
            for group in groups(expected) {
                let mut own: Vec<&str> = order.iter().skip(at).take(group.len()).copied().collect();
                let mut wanted: Vec<&str> = group.iter().map(String::as_str).collect();
                own.sort_unstable();
                wanted.sort_unstable();
                right &= own == wanted;
                at += group.len();
            }
            let others = expected.split_once('|').map_or("", |(_, others)| others);
            let no_subjects: Vec<&str> = others.split_whitespace().map(|one| one.trim_matches(['[', ']'])).collect();
            let as_said =
                found.iter().all(|one| one.subject != no_subjects.contains(&one.actor.split('/').nth(1).unwrap()));
            if !right || at != order.len() || !as_said {
                let told: Vec<String> =
                    found.iter().map(|one| format!("{} {} {}", one.actor, one.weight, one.subject)).collect();
                wrong.push(format!("{title} / {text}\n  {expected}\n  {told:?}"));
            }
        }
        assert_eq!(ARTICLES.len(), 24);
        assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    }

    #[test]
    fn a_weight_lies_between_nothing_and_all() {
        for (title, text, _) in ARTICLES {
            assert!(actors(title, text).iter().all(|one| (0.01..=1.0).contains(&one.weight)), "{title}");
        }
        let whole = actors("Brea pays", "Brea paid. Brea will pay again.");
        assert_eq!(whole.iter().map(|one| one.weight).collect::<Vec<_>>(), [1.0]);
        assert_eq!(actors("", "A clerk spoke of Brea.")[0].weight, 0.23);
    }
}
