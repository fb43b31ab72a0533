//! What users decided about names and headings, applied to the matches before all rules and to the mentions after them.
//!
//! A spelling that never means a heading loses that meaning; a preferred heading is taken where the article leaves the
//! choice; and a heading that was merged with another is the other from the start, so that its surnames and initialisms
//! are too. What the rules find by other ways than the variants is put right at the end.

use rustc_hash::FxHashMap;

use super::Via;
use super::doc::Doc;
use super::lexicon::NONE;
use super::matcher::{Hit, Matches};
use super::work::Work;
use crate::analysis::spelling;
use crate::article::Article;
use crate::authority::compile::key;
use crate::authority::{Authority, Class, Decision, Kind, What};

/// The decisions of an authority file, looked up by the folded spelling.
#[derive(Debug, Default)]
pub(super) struct Decisions {
    names: FxHashMap<String, Vec<Named>>,
    /// The numbers of actors whose mentions are those of another.
    merged: FxHashMap<u32, u32>,
    /// The same for ids, with those of names without a heading.
    merged_ids: FxHashMap<String, String>,
}

/// A decision about a spelling.
#[derive(Debug)]
struct Named {
    what: What,
    heading: String,
    /// The number of the heading, if it is in the authority file.
    actor: u32,
    /// The folded name of the outlet in whose articles it holds.
    outlet: Option<String>,
}

impl Decisions {
    pub(super) fn of(authority: &Authority) -> Self {
        let mut all = Self::default();
        let number = |id: &str| authority.table().actor(id).map_or(NONE, |n| n as u32);
        for Decision { what, name, heading, outlet } in authority.decisions() {
            if what == What::Merge {
                let target = authority.merged(&name);
                let (from, to) = (number(&name), number(&target));
                if from != NONE && to != NONE && from != to {
                    all.merged.insert(from, to);
                }
                all.merged_ids.insert(name, target);
                continue;
            }
            let actor = number(&heading);
            let one = Named { what, heading, actor, outlet: outlet.map(|outlet| key(&outlet)) };
            all.names.entry(key(&name)).or_default().push(one);
        }
        all
    }

    /// The decisions that hold in an article; `None` where there are none.
    pub(super) fn in_article(&self, article: &Article) -> Option<InArticle<'_>> {
        if self.names.is_empty() && self.merged_ids.is_empty() {
            return None;
        }
        let outlet = article.outlet.as_deref().map(key);
        Some(InArticle { all: self, outlet })
    }
}

/// Words that a user decided not to mean an actor.
#[derive(Debug, Clone, Copy)]
pub(super) struct Barred {
    /// First word.
    pub(super) start: usize,
    /// One past the last word.
    pub(super) end: usize,
    /// The number of the actor.
    pub(super) actor: u32,
}

/// The decisions that hold in one article.
#[derive(Debug)]
pub(super) struct InArticle<'d> {
    all: &'d Decisions,
    outlet: Option<String>,
}

impl InArticle<'_> {
    /// The decisions about the words from `start` up to `end`, the last one first.
    fn about(&self, doc: &Doc, start: usize, end: usize) -> impl Iterator<Item = &Named> {
        let found = if self.all.names.is_empty() { None } else { self.all.names.get(&spelled(doc, start, end)) };
        let holds = |one: &&Named| one.outlet.is_none() || one.outlet == self.outlet;
        found.into_iter().flatten().rev().filter(holds)
    }

    fn is_vetoed(&self, doc: &Doc, start: usize, end: usize, id: &str) -> bool {
        self.about(doc, start, end).any(|one| one.what == What::Veto && one.heading == id)
    }

    /// Takes away the meanings that were decided against, and gives those of merged headings to the others. A match
    /// without a meaning left is none. Returns the meanings that were taken away, each with its words.
    pub(super) fn prepare(&self, doc: &Doc, matches: &mut Matches) -> Vec<Barred> {
        let mut barred = Vec::new();
        for hit in &mut matches.hits {
            let vetoed: Vec<u32> =
                self.about(doc, hit.start, hit.end).filter(|one| one.what == What::Veto).map(|one| one.actor).collect();
            let (first, mut kept) = (hit.first as usize, 0);
            for n in first..first + hit.count as usize {
                let mut meaning = matches.meanings[n];
                if vetoed.contains(&meaning.actor) {
                    barred.push(Barred { start: hit.start, end: hit.end, actor: meaning.actor });
                    continue;
                }
                meaning.actor = self.all.merged.get(&meaning.actor).copied().unwrap_or(meaning.actor);
                let known = &matches.meanings[first..first + kept];
                if vetoed.contains(&meaning.actor)
                    || known.iter().any(|other| (other.actor, other.class) == (meaning.actor, meaning.class))
                {
                    continue;
                }
                matches.meanings[first + kept] = meaning;
                kept += 1;
            }
            hit.count = kept as u32;
        }
        matches.hits.retain(|hit| hit.count > 0 || hit.veto);
        barred
    }

    /// The ids of the headings that were made this one.
    pub(super) fn merged_into(&self, id: &str) -> Vec<&str> {
        let all = self.all.merged_ids.iter().filter(|(_, to)| *to == id);
        all.map(|(from, _)| from.as_str()).collect()
    }

    /// The id and kind that a mention has in the end; `None` where it was decided that it is none.
    pub(super) fn settle<'i>(
        &'i self,
        doc: &Doc,
        (start, end): (usize, usize),
        id: &'i str,
        kind: Kind,
    ) -> Option<(&'i str, Kind)> {
        let merged = self.all.merged_ids.get(id).map(String::as_str);
        let gone = |id: &str| self.is_vetoed(doc, start, end, id);
        if gone(id) || merged.is_some_and(gone) {
            return None;
        }
        Some(merged.map_or((id, kind), |other| (other, Kind::of_id(other).unwrap_or(kind))))
    }
}

/// The words from `start` up to `end` in the form in which names are compared.
pub(super) fn spelled(doc: &Doc, start: usize, end: usize) -> String {
    let the = end - start > 1 && doc.folded(start) == "the";
    let words = (start + usize::from(the)..end).map(|at| spelling::canonical(doc.folded(at)));
    words.collect::<Vec<_>>().join(" ")
}

impl Work<'_> {
    /// The actor that the user prefers for a match, if the match can mean it.
    pub(super) fn preferred_by_user(&self, hit: &Hit) -> Option<u32> {
        let decisions = self.decisions.as_ref()?;
        let preferred = decisions.about(self.doc, hit.start, hit.end).find(|one| one.what == What::Prefer)?;
        let actor = decisions.all.merged.get(&preferred.actor).copied().unwrap_or(preferred.actor);
        self.matches.of(hit).iter().any(|c| c.actor == actor && c.class != Class::Veto).then_some(actor)
    }

    /// Takes the headings that the user prefers, where the article does not say itself what the words mean.
    ///
    /// With `shared`, of names that many countries share: another owner beside one (`Alda's defence ministry`) leaves no
    /// choice. Titles and surnames come later, when it is known whom the article names.
    pub(super) fn preferences(&mut self, shared: bool) {
        if self.decisions.is_none() {
            return;
        }
        for n in 0..self.matches.hits.len() {
            let hit = *self.hit(n);
            let explained = hit.end - hit.start == 1 && self.explained.contains(&self.doc.toks[hit.start].lex.id);
            if hit.actor != NONE || explained {
                continue;
            }
            let Some(actor) = self.preferred_by_user(&hit) else { continue };
            let own = |c: &&super::index::Candidate| c.actor == actor;
            let class = self.matches.of(&hit).iter().filter(own).map(|c| c.class).min();
            let free = match class {
                Some(Class::Surname | Class::Title) | None => false,
                Some(Class::Generic) => shared && self.owner_allows(&hit, actor),
                Some(_) => !shared && self.stands(&hit, actor),
            };
            if free {
                self.matches.hits[n].veto = false;
                let via = match self.matches.of(&hit).iter().find(own) {
                    Some(c) if c.class == Class::Demonym => Via::Demonym,
                    Some(c) if c.class == Class::Metonym => Via::Metonym,
                    Some(c) => self.via(&hit, *c),
                    None => Via::Alias,
                };
                self.decide(n, actor, via);
            }
        }
    }

    /// Whether nobody else's name stands beside a shared name as its owner.
    pub(super) fn owner_allows(&self, hit: &Hit, actor: u32) -> bool {
        let owner = self.owner_before(hit.start).or_else(|| self.owner_after(hit.end, 1));
        owner.is_none_or(|owner| {
            let state = self.index.actor(owner).state;
            owner == actor || (state != NONE && state == self.index.actor(actor).state)
        })
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
[[actor]]
id = "state/brea"
heading = "Brea"
demonym = ["Brean"]
[[actor]]
id = "party/citizens"
heading = "Citizens of Progress Initiative"
exact = ["CPX"]
country = "alda"
[[actor]]
id = "body/court"
heading = "Court of Public Inquiry"
exact = ["CPX"]
country = "brea"
[[actor]]
id = "body/alda-ministry"
heading = "Ministry of Defence of Alda"
generic = ["defence ministry"]
country = "alda"
[[actor]]
id = "body/brea-ministry"
heading = "Ministry of Defence of Brea"
generic = ["defence ministry"]
country = "brea"
[[actor]]
id = "person/ines-quarrel"
heading = "Ines Quarrel"
country = "alda"
[[actor]]
id = "person/ines-m-quarrel"
heading = "Ines Marta Quarrel-Dunn"
surname = "Quarrel-Dunn"
country = "alda"
"#;

    fn found_in(outlet: &str, text: &str, decisions: &str) -> Vec<String> {
        let file = format!("{FILE}{decisions}");
        let authority = Authority::compile(&[("test.toml".into(), file)]).expect("the file is sound");
        let article = Article { text: text.into(), outlet: Some(outlet.into()), ..Article::default() };
        let mentions = Tagger::new(&authority).tag(&article).mentions;
        mentions.into_iter().map(|m| format!("{}={}", &text[m.start..m.end], m.actor)).collect()
    }

    fn decision(what: &str, name: &str, heading: &str, outlet: &str) -> String {
        let outlet = if outlet.is_empty() { String::new() } else { format!("outlet = \"{outlet}\"\n") };
        format!("[[decision]]\nwhat = \"{what}\"\nname = \"{name}\"\nheading = \"{heading}\"\n{outlet}")
    }

    #[test]
    fn a_spelling_does_not_mean_a_heading_that_was_decided_against() {
        let text = "The Citizens of Progress Initiative (CPX) met in Alda. The CPX voted.";
        let before = found_in("Quay", text, "");
        assert!(before.contains(&"CPX=party/citizens".to_owned()), "{before:?}");
        let veto = decision("veto", "CPX", "party/citizens", "");
        let after = found_in("Quay", text, &veto);
        assert!(!after.contains(&"CPX=party/citizens".to_owned()), "{after:?}");
        assert!(after[0].ends_with("=party/citizens"), "its other names stay: {after:?}");
        let elsewhere = decision("veto", "CPX", "party/citizens", "Moor Post");
        assert_eq!(found_in("Quay", text, &elsewhere), before);
        assert_eq!(found_in("moor post", text, &elsewhere), after);
        // A name without a heading, which is none.
        let text = "The Harbour Board met. The Harbour Board voted.";
        assert_eq!(found_in("Quay", text, "").len(), 2);
        assert_eq!(found_in("Quay", text, &decision("veto", "harbour board", "unlisted/harbour-board", "")).len(), 0);
    }

    #[test]
    fn a_surname_may_be_barred_from_a_person() {
        let text = "Ines Quarrel spoke. Quarrel left.";
        assert_eq!(found_in("Quay", text, "").len(), 2);
        let veto = decision("veto", "Quarrel", "person/ines-quarrel", "");
        assert_eq!(found_in("Quay", text, &veto), ["Ines Quarrel=person/ines-quarrel"]);
    }

    #[test]
    fn a_preferred_heading_is_taken_where_the_article_leaves_the_choice() {
        let text = "Nobody had expected the CPX to vote on a Monday.";
        assert!(found_in("Quay", text, "").iter().all(|one| !one.contains("body/court")));
        let prefer = decision("prefer", "CPX", "body/court", "");
        assert_eq!(found_in("Quay", text, &prefer), ["CPX=body/court"]);
        let other = decision("prefer", "CPX", "party/citizens", "Moor Post");
        let both = format!("{prefer}{other}");
        assert_eq!(found_in("Moor Post", text, &both), ["CPX=party/citizens"], "the last one counts");
        assert_eq!(found_in("Quay", text, &both), ["CPX=body/court"]);
        // What the article says itself stands.
        let explained = "The Committee for Peat Xylology (CPX) met. The CPX voted.";
        let found = found_in("Quay", explained, &prefer);
        assert!(found.iter().all(|one| !one.contains("body/court")), "{found:?}");
        let ministry = decision("prefer", "defence ministry", "body/alda-ministry", "");
        let found = found_in("Quay", "The defence ministry paid.", &ministry);
        assert_eq!(found, ["defence ministry=body/alda-ministry"]);
        let found = found_in("Quay", "Brea's defence ministry paid.", &ministry);
        assert_eq!(found, ["Brea=state/brea", "defence ministry=body/brea-ministry"]);
        let surname = decision("prefer", "Quarrel", "person/ines-quarrel", "");
        assert_eq!(
            found_in("Quay", "Late that night Quarrel said nothing.", &surname),
            ["Quarrel=person/ines-quarrel"]
        );
        let other = found_in("Quay", "Tilda Quarrel spoke. Quarrel left.", &surname);
        assert!(other.iter().all(|one| !one.contains("person/")), "{other:?}");
    }

    #[test]
    fn merged_headings_are_one() {
        let text = "Ines Marta Quarrel-Dunn spoke. Quarrel-Dunn left. The Harbour Board met.";
        let merge = decision("merge", "person/ines-m-quarrel", "person/ines-quarrel", "");
        let found = found_in("Quay", text, &merge);
        assert_eq!(found.iter().filter(|one| one.ends_with("=person/ines-quarrel")).count(), 2, "{found:?}");
        let unlisted = decision("merge", "unlisted/harbour-board", "body/court", "");
        assert!(found_in("Quay", text, &unlisted).contains(&"Harbour Board=body/court".to_owned()));
        // Two merges that lead to each other end.
        let circle = format!("{merge}{}", decision("merge", "person/ines-quarrel", "person/ines-m-quarrel", ""));
        assert!(!found_in("Quay", text, &circle).is_empty());
        let authority = Authority::compile(&[("a".into(), format!("{FILE}{merge}"))]).unwrap();
        let resolved = authority.resolve("Ines Marta Quarrel-Dunn");
        assert_eq!(resolved, crate::authority::Resolution::One("person/ines-quarrel".into()));
    }
}
