//! Why a mention means whom it does, in plain words, for `show --why`.
//!
//! Each step of tagging notes itself on what it decides ([`Step`]). The words are made only where they are asked for: the
//! archived text is tagged again, and nothing of it is in the index.

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::decided::spelled;
use super::lexicon::NONE;
use super::matcher::Hit;
use super::work::{Settled, Work};
use super::{Tags, Via};
use crate::article::Moment;
use crate::authority::compile::key;
use crate::authority::table::field;
use crate::authority::{Class, Kind};

/// The step of tagging that decided a mention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Step {
    /// Names that need no other evidence, and demonyms.
    #[default]
    Certain,
    /// The state in a longer name whose other words have no capital (`Syrian army`).
    Divided,
    /// The user's word.
    Decided,
    /// The first half of a paired adjective (`Franco-German`).
    Paired,
    /// An initialism that the article spells out.
    Defined,
    /// An initialism with other meanings, weighed by what the article supports.
    Weighed,
    /// A short name.
    Weak,
    /// A place that acts.
    Place,
    /// A state whose name is also a place, a person's name or a word.
    Doubtful,
    /// An initialism or name that several actors share.
    Shared,
    /// A certain name within a longer match.
    Inside,
    /// The end of a longer name.
    Shortened,
    /// A name without a heading, by the rules.
    Rules,
    /// A name without a heading, by the model.
    Model,
    /// A surname.
    Surname,
    /// An office.
    Office,
}

/// A listed name of the article that means nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct NotLinked {
    /// Whether it stands in the title, not in the text.
    pub title: bool,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Whom it could mean.
    pub candidates: Vec<String>,
    /// Why it means none of them.
    pub why: String,
}

/// The tags of an article with a reason for each mention.
#[derive(Debug, Default)]
pub(crate) struct Explained {
    /// The tags.
    pub tags: Tags,
    /// Why the mentions of the title are mentions, in their order.
    pub title: Vec<String>,
    /// The same for the text.
    pub text: Vec<String>,
    /// Names that were candidates and were not linked.
    pub not_linked: Vec<NotLinked>,
}

impl Work<'_> {
    /// The tags with a reason for each mention, and the names that were not linked.
    pub(super) fn explained(self) -> Explained {
        let all = self.mentions();
        let mut reasons: (Vec<String>, Vec<String>) = Default::default();
        let speller = Speller::new(&self, &all);
        for one in &all {
            let list = if one.start < self.doc.split { &mut reasons.0 } else { &mut reasons.1 };
            list.push(speller.said(one));
        }
        let not_linked = self.not_linked(&all);
        Explained { tags: self.tags(), title: reasons.0, text: reasons.1, not_linked }
    }

    /// The matches of names that ordinarily count, and that mean nobody here.
    fn not_linked(&self, all: &[Settled]) -> Vec<NotLinked> {
        let mut covered = vec![false; self.doc.toks.len()];
        all.iter().for_each(|one| covered[one.start..one.end].fill(true));
        let named = |class| matches!(class, Class::Heading | Class::Strong | Class::Exact | Class::Weak);
        let mut out = Vec::new();
        for hit in &self.matches.hits {
            let open = !covered[hit.start..hit.end].contains(&true) && !self.doc.toks[hit.start].muted;
            let mut actors: Vec<u32> =
                self.matches.of(hit).iter().filter(|c| named(c.class)).map(|c| c.actor).collect();
            actors.sort_unstable();
            actors.dedup();
            if !open || actors.is_empty() {
                continue;
            }
            out.push(self.not(hit.start, hit.end, &actors, self.why_not(hit, actors.len())));
        }
        let barred = self.barred.iter().filter(|one| !self.doc.toks[one.start].muted);
        out.extend(barred.map(|one| self.not(one.start, one.end, &[one.actor], "your decision")));
        out.sort_by_key(|one| (!one.title, one.start));
        out.dedup();
        out
    }

    fn not(&self, start: usize, end: usize, actors: &[u32], why: &str) -> NotLinked {
        let id = |actor: &u32| self.authority.table().actor_string(*actor as usize, field::ID).to_owned();
        NotLinked {
            title: start < self.doc.split,
            start: self.doc.toks[start].start as usize,
            end: self.doc.toks[end - 1].end as usize,
            candidates: actors.iter().map(id).collect(),
            why: why.to_owned(),
        }
    }

    fn why_not(&self, hit: &Hit, candidates: usize) -> &'static str {
        let explained = hit.end - hit.start == 1 && self.explained.contains(&self.doc.toks[hit.start].lex.id);
        let refused = hit.actor != NONE && self.decisions.is_some();
        match () {
            () if refused => "your decision",
            () if explained => "the article spells it out as something else",
            () if hit.veto => "a place, a person's name or a word here, or part of another name",
            () if candidates > 1 => "the article supports none of them clearly",
            () => "a name that needs support, and nothing in the article supports it",
        }
    }
}

/// Puts the reasons of one article into words.
struct Speller<'w, 't> {
    work: &'w Work<'t>,
    /// For each actor the first mention that is no surname and no office.
    in_full: FxHashMap<&'w str, usize>,
    /// Which paragraph of the text a word stands in, counted from 1; the title is 0.
    paragraphs: Vec<usize>,
}

impl<'w, 't> Speller<'w, 't> {
    fn new(work: &'w Work<'t>, all: &'w [Settled]) -> Self {
        let mut in_full = FxHashMap::default();
        for one in all.iter().filter(|one| !matches!(one.via, Via::Surname | Via::Office)) {
            in_full.entry(one.actor.as_str()).or_insert(one.start);
        }
        let doc = work.doc;
        let title = doc.paragraphs.iter().filter(|first| (**first as usize) < doc.split).count();
        let mut paragraphs = vec![0; doc.toks.len()];
        for (number, first) in doc.paragraphs.iter().enumerate().skip(title) {
            paragraphs[*first as usize..].fill(number + 1 - title);
        }
        Self { work, in_full, paragraphs }
    }

    fn heading(&self, id: &str) -> String {
        let words = || id.trim_start_matches("unlisted/").replace('-', " ");
        self.work.authority.heading(id).map_or_else(words, str::to_owned)
    }

    /// Where an actor is first named in full.
    fn named_in_full(&self, id: &str) -> Option<String> {
        let paragraph = self.paragraphs.get(*self.in_full.get(id)?)?;
        Some(if *paragraph == 0 { "in the headline".to_owned() } else { format!("in paragraph {paragraph}") })
    }

    fn said(&self, one: &Settled) -> String {
        if let Some(from) = one.merged.clone().or_else(|| self.merged_before(one)) {
            return format!("your decision: {} is {}", self.heading(&from), self.heading(&one.actor));
        }
        if one.via == Via::Surname && one.step != Step::Decided {
            return self.surname(one);
        }
        match one.step {
            Step::Decided => "your decision".to_owned(),
            Step::Divided => "a state before what belongs to it".to_owned(),
            Step::Paired => "the first half of a paired adjective".to_owned(),
            Step::Defined => "initialism; the article spells it out".to_owned(),
            Step::Place => "a place that acts, speaks or is a party".to_owned(),
            Step::Doubtful => "also a place, a person's name or a word; the article speaks of the state".to_owned(),
            Step::Inside => "a name within a longer one".to_owned(),
            Step::Shortened => "the end of a longer name in the article".to_owned(),
            Step::Weak => self.weak(one),
            Step::Weighed | Step::Shared => self.chosen(one),
            Step::Office => self.office(one),
            Step::Rules | Step::Model => self.unlisted(one),
            Step::Certain | Step::Surname => match one.via {
                Via::Name => "full name".to_owned(),
                Via::Acronym if one.kind != Kind::Person => "initialism of its own".to_owned(),
                Via::Demonym => "adjective or name of the inhabitants".to_owned(),
                _ => "another name of its own".to_owned(),
            },
        }
    }

    /// The heading whose name this is and that a user's decision made another before all rules.
    fn merged_before(&self, one: &Settled) -> Option<String> {
        let name = spelled(self.work.doc, one.start, one.end);
        let named = |id: &str| self.work.authority.variants(id).iter().any(|variant| key(variant.name) == name);
        let from = self.work.decisions.as_ref()?.merged_into(&one.actor);
        from.into_iter().find(|from| named(from) && !named(&one.actor)).map(str::to_owned)
    }

    fn surname(&self, one: &Settled) -> String {
        let whose = self.heading(&one.actor);
        match self.named_in_full(&one.actor) {
            Some(place) => format!("surname of {whose}, named in full {place}"),
            None => format!("surname of {whose}, by the title, rank or office beside it"),
        }
    }

    fn weak(&self, one: &Settled) -> String {
        let strong = self.in_full.get(one.actor.as_str()).is_some_and(|first| *first != one.start);
        if strong { "short name; the article has another name of it" } else { "short name; the words beside it" }
            .to_owned()
    }

    /// For a name with several meanings: how many there are, and what speaks for this one.
    fn chosen(&self, one: &Settled) -> String {
        let hit = self.work.matches.hits.iter().find(|hit| hit.start == one.start && hit.actor != NONE);
        let mut actors: Vec<u32> =
            hit.map_or(Vec::new(), |hit| self.work.matches.of(hit).iter().map(|c| c.actor).collect());
        actors.sort_unstable();
        actors.dedup();
        let count = match actors.len() {
            0 | 1 => "a name with other meanings".to_owned(),
            count => format!("one of {count} meanings"),
        };
        let state = self.work.authority.affiliation(&one.actor);
        let state = state.and_then(|state| self.work.authority.heading(&format!("state/{state}")));
        match (self.in_full.get(one.actor.as_str()), state) {
            (Some(first), _) if *first < one.start => {
                format!("{count}; chosen as the article has another name of it before")
            }
            (_, Some(state)) => format!("{count}; chosen as the article is about {state}"),
            _ => format!("{count}; chosen as the words of the article support it"),
        }
    }

    fn office(&self, one: &Settled) -> String {
        let day = self.work.article.published.as_ref().map(Moment::day);
        match day {
            _ if one.kind == Kind::Office => "title of an office; its holder on the day is not known".to_owned(),
            Some(day) => format!("title of an office that {} held on {day}", self.heading(&one.actor)),
            None => "title of an office".to_owned(),
        }
    }

    fn unlisted(&self, one: &Settled) -> String {
        let how = if one.step == Step::Model { "model" } else { "rule" };
        match one.via {
            Via::Acronym => "initialism of a name without a heading; the article spells it out".to_owned(),
            _ => format!("{how}: {}", one.kind.name()),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::article::Article;
    use crate::authority::Authority;
    use crate::tag::Tagger;

    const FILE: &str = r#"
[[actor]]
id = "state/alda"
heading = "Alda"
demonym = ["Aldan"]
metonym = ["Port Alda"]
[[actor]]
id = "alliance/harbour-pact"
heading = "Harbour Pact"
exact = ["CPX"]
[[actor]]
id = "body/court"
heading = "Court of Public Inquiry"
exact = ["CPX"]
[[actor]]
id = "body/alda-ministry"
heading = "Ministry of Defence of Alda"
generic = ["defence ministry"]
country = "alda"
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
"#;

    /// Each mention of the text with its reason.
    fn reasons(text: &str, decisions: &str) -> Vec<String> {
        let authority = Authority::compile(&[("test.toml".into(), format!("{FILE}{decisions}"))]).expect("it is sound");
        let published = "2024-03-01".parse().ok();
        let article = Article { text: text.into(), title: "A day".into(), published, ..Article::default() };
        let explained = Tagger::new(&authority).explained(&article);
        let mentions = explained.tags.mentions.iter().zip(&explained.text);
        let said = mentions.map(|(m, why)| format!("{}: {why}", &text[m.start..m.end]));
        let not = explained
            .not_linked
            .iter()
            .map(|one| format!("{}: not {}: {}", &text[one.start..one.end], one.candidates.join(" or "), one.why));
        said.chain(not).collect()
    }

    #[test]
    fn every_mention_says_what_decided_it() {
        let text = "Ines Quarrel left Port Alda.\n\nThe Aldan defence ministry paid. Port Alda rejected the plan. \
            Quarrel spoke. Alda's defence minister wept.";
        assert_eq!(
            reasons(text, ""),
            [
                "Ines Quarrel: full name",
                "Aldan: adjective or name of the inhabitants",
                "defence ministry: a name with other meanings; chosen as the article is about Alda",
                "Port Alda: a place that acts, speaks or is a party",
                "Quarrel: surname of Ines Quarrel, named in full in paragraph 1",
                "Alda: full name",
                "defence minister: title of an office that Ines Quarrel held on 2024-03-01",
            ]
        );
    }

    #[test]
    fn names_without_a_heading_and_names_that_were_not_linked_say_why() {
        let found = reasons("General Tilda Moor met the Quay Board in the rain. Moor left.", "");
        assert!(found.contains(&"Moor: surname of tilda moor, named in full in paragraph 1".to_owned()), "{found:?}");
        assert!(found.iter().any(|one| one.starts_with("Tilda Moor: ") && one.ends_with(": person")), "{found:?}");
        let found = reasons("Nobody had expected CPX on a Monday in the rain.", "");
        let not = "CPX: not alliance/harbour-pact or body/court: the article supports none of them clearly";
        assert_eq!(found, [not]);
        let found = reasons("The Court of Public Inquiry (CPX) met.", "");
        assert_eq!(found, ["Court of Public Inquiry: full name", "CPX: initialism; the article spells it out"]);
    }

    #[test]
    fn the_users_word_is_named() {
        let prefer = "[[decision]]\nwhat = \"prefer\"\nname = \"CPX\"\nheading = \"body/court\"\n";
        assert_eq!(reasons("Nobody had expected the CPX.", prefer), ["CPX: your decision"]);
        let veto = "[[decision]]\nwhat = \"veto\"\nname = \"Harbour Pact\"\nheading = \"alliance/harbour-pact\"\n";
        let found = reasons("The Harbour Pact met.", veto);
        assert!(found.contains(&"Harbour Pact: not alliance/harbour-pact: your decision".to_owned()), "{found:?}");
        let merge = "[[decision]]\nwhat = \"merge\"\nname = \"alliance/harbour-pact\"\nheading = \"body/court\"\n";
        let found = reasons("The Harbour Pact met.", merge);
        assert_eq!(found, ["Harbour Pact: your decision: Harbour Pact is Court of Public Inquiry"]);
    }
}
