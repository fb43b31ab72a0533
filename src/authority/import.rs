//! Imports headings from FollowTheMoney entities (as OpenSanctions publishes them) and Wikidata items.
//!
//! Both are JSON Lines. Names, aliases, country and Wikidata item are imported; the kind follows from the schema or
//! from `P31` (instance of). The rest is for a person to add to the TOML that is made of them.

use serde_json::Value;

use super::compile::key;
use super::source::Actor;
use super::{Authority, Kind};
use crate::wordlist::WordTable;

/// The kind of heading that a Wikidata item becomes, by its class (`P31`).
static CLASSES: WordTable = WordTable::new(include_str!("lists/wikidata_classes.txt"));

/// The result of reading one line.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Imported {
    /// A heading.
    Actor(Box<Actor>),
    /// Nothing, because the entity is of a kind that is no actor, or has no name from which an id can be made.
    Skipped,
}

/// Reads one line: a FollowTheMoney entity or a Wikidata item. `authority` gives the states.
///
/// # Errors
///
/// Fails if the line is not JSON, or is neither an entity nor an item. The text says what is wrong.
pub(crate) fn line(text: &str, authority: &Authority) -> Result<Imported, String> {
    let value: Value = serde_json::from_str(text).map_err(|cause| format!("not valid JSON: {cause}"))?;
    if value.get("schema").is_some() {
        return Ok(follow_the_money(&value, authority));
    }
    if value.get("labels").is_some() {
        return Ok(wikidata(&value, authority));
    }
    Err("neither an entity of FollowTheMoney (schema, properties) nor an item of Wikidata (labels, claims)".to_owned())
}

fn follow_the_money(entity: &Value, authority: &Authority) -> Imported {
    let kind = match entity["schema"].as_str().unwrap_or_default() {
        "Person" => Kind::Person,
        "PublicBody" => Kind::Body,
        "Company" => Kind::Company,
        "Organization" | "LegalEntity" => Kind::Body,
        _ => return Imported::Skipped,
    };
    let list = |name: &str| strings(&entity["properties"][name]);
    let names = [list("name"), list("alias")].concat();
    let heading = entity["caption"].as_str().map(str::to_owned).or_else(|| names.first().cloned());
    let country = [list("citizenship"), list("nationality"), list("country"), list("jurisdiction")].concat();
    let country = country.iter().find_map(|code| state(code, authority));
    actor(kind, heading, &names, &list("weakAlias"), country, list("wikidataId").into_iter().next())
}

fn wikidata(item: &Value, authority: &Authority) -> Imported {
    let of = |property: &str| -> Vec<String> {
        let statements = item["claims"][property].as_array();
        let ids = statements.into_iter().flatten().filter_map(|one| {
            one.pointer("/mainsnak/datavalue/value/id").or(Some(one)).and_then(Value::as_str).map(str::to_owned)
        });
        ids.collect()
    };
    let Some(kind) = of("P31").iter().find_map(|class| CLASSES.get(class).and_then(Kind::of_id)) else {
        return Imported::Skipped;
    };
    let heading = item.pointer("/labels/en/value").or(item.pointer("/labels/en")).and_then(Value::as_str);
    let aliases = item.pointer("/aliases/en").and_then(Value::as_array).into_iter().flatten();
    let aliases: Vec<String> =
        aliases.filter_map(|one| one.get("value").or(Some(one)).and_then(Value::as_str).map(str::to_owned)).collect();
    let states = [of("P27"), of("P17")].concat();
    let by_item = |item: &String| {
        let found = authority.actors().find(|id| id.starts_with("state/") && authority.wikidata(id) == Some(item));
        found.and_then(|id| id.strip_prefix("state/")).map(str::to_owned)
    };
    let id = item["id"].as_str().map(str::to_owned);
    actor(kind, heading.map(str::to_owned), &aliases, &[], states.iter().find_map(by_item), id)
}

fn actor(
    kind: Kind,
    heading: Option<String>,
    names: &[String],
    weak: &[String],
    country: Option<String>,
    wikidata: Option<String>,
) -> Imported {
    let Some(heading) = heading.filter(|heading| !key(heading).is_empty()) else { return Imported::Skipped };
    let slug = key(&heading).replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    let slug = slug.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
    if slug.is_empty() {
        return Imported::Skipped;
    }
    // Of variants with the same folded form the first is kept, because matching cannot tell them apart.
    let mut seen = vec![key(&heading)];
    let mut fresh = |list: &[String]| -> Vec<String> {
        let mut kept = Vec::new();
        for name in list {
            let folded = key(name);
            if folded.len() > 1 && !seen.contains(&folded) {
                seen.push(folded);
                kept.push(name.trim().to_owned());
            }
        }
        kept
    };
    let (strong, weak) = (fresh(names), fresh(weak));
    let id = format!("{}/{slug}", kind.name());
    Imported::Actor(Box::new(Actor { id, heading, strong, weak, country, wikidata, ..Actor::default() }))
}

/// The slug of the state with this ISO 3166 code (two or three letters).
fn state(code: &str, authority: &Authority) -> Option<String> {
    let alpha3 = match code.len() {
        2 => rust_iso3166::from_alpha2(&code.to_uppercase())?.alpha3.to_owned(),
        3 => code.to_uppercase(),
        _ => return None,
    };
    let id = authority.actors().find(|id| authority.iso(id) == Some(alpha3.as_str()))?;
    id.strip_prefix("state/").map(str::to_owned)
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Imported {
        line(text, Authority::bundled()).unwrap()
    }

    #[test]
    fn an_entity_of_follow_the_money_becomes_a_heading() {
        let text = r#"{"id":"x-1","schema":"Person","caption":"Otto Quell","properties":{"name":["Otto Quell","OTTO QUELL"],
            "alias":["Oto Kvell"],"weakAlias":["Quelle"],"citizenship":["de"],"wikidataId":["Q1"]}}"#;
        let Imported::Actor(actor) = read(&text.replace('\n', "")) else { panic!() };
        assert_eq!((actor.id.as_str(), actor.strong.as_slice()), ("person/otto-quell", &["Oto Kvell".to_owned()][..]));
        assert_eq!((actor.country.as_deref(), actor.weak.as_slice()), (Some("germany"), &["Quelle".to_owned()][..]));
    }

    #[test]
    fn an_item_of_wikidata_becomes_a_heading() {
        let text = r#"{"id":"Q2","labels":{"en":{"value":"Quell Works"}},"aliases":{"en":[{"value":"QW AG"}]},
            "claims":{"P31":[{"mainsnak":{"datavalue":{"value":{"id":"Q4830453"}}}}]}}"#;
        let Imported::Actor(actor) = read(&text.replace('\n', "")) else { panic!() };
        assert_eq!((actor.id.as_str(), actor.wikidata.as_deref()), ("company/quell-works", Some("Q2")));
        assert_eq!(actor.strong, ["QW AG"]);
    }

    #[test]
    fn other_kinds_are_skipped_and_other_lines_refused() {
        assert_eq!(read(r#"{"schema":"Vessel","caption":"Sea"}"#), Imported::Skipped);
        assert_eq!(read(r#"{"schema":"Person","properties":{"name":["…"]}}"#), Imported::Skipped);
        assert!(line("[]", Authority::bundled()).is_err());
        assert!(line("{", Authority::bundled()).is_err());
    }

    fn states() -> Authority {
        let state = |slug: &str, iso: &str, item: &str| {
            format!("[[actor]]\nid = \"state/{slug}\"\nheading = \"{slug}\"\niso = \"{iso}\"\nwikidata = \"{item}\"\n")
        };
        let person = "[[actor]]\nid = \"person/x\"\nheading = \"X\"\nwikidata = \"Q7\"\n";
        let text = person.to_owned() + &state("alda", "FRA", "Q142") + &state("brea", "DEU", "Q183");
        Authority::compile(&[("test.toml".into(), text)]).unwrap()
    }

    fn heading(text: &str) -> Option<Actor> {
        match line(text, &states()).unwrap() {
            Imported::Actor(actor) => Some(*actor),
            Imported::Skipped => None,
        }
    }

    #[test]
    fn the_kind_of_an_entity_follows_from_its_schema() {
        let id =
            |schema: &str| heading(&format!("{{\"schema\":\"{schema}\",\"caption\":\"Quell\"}}")).map(|actor| actor.id);
        for (schema, kind) in [
            ("Person", "person"),
            ("PublicBody", "body"),
            ("Company", "company"),
            ("Organization", "body"),
            ("LegalEntity", "body"),
        ] {
            assert_eq!(id(schema), Some(format!("{kind}/quell")), "{schema}");
        }
        assert_eq!(id("Vessel"), None);
    }

    #[test]
    fn the_country_of_an_entity_is_its_citizenship_before_any_other() {
        let country = |properties: &str| {
            heading(&format!("{{\"schema\":\"Person\",\"caption\":\"Q\",\"properties\":{{{properties}}}}}"))
                .and_then(|actor| actor.country)
        };
        let order = ["citizenship", "nationality", "country", "jurisdiction"];
        for pair in order.windows(2) {
            let both = format!("\"{}\":[\"fr\"],\"{}\":[\"DE\"]", pair[1], pair[0]);
            assert_eq!(country(&both).as_deref(), Some("brea"), "{pair:?}");
            assert_eq!(country(&format!("\"{}\":[\"fra\"]", pair[1])).as_deref(), Some("alda"));
        }
        assert_eq!(country("\"country\":[\"zz\",\"fr\"]").as_deref(), Some("alda"), "the first that is known");
        assert_eq!(country("\"country\":[\"f\",\"fran\",\"ita\"]"), None);
    }

    #[test]
    fn names_that_differ_only_in_what_is_folded_are_one() {
        let entity = r#"{"schema":"Person","properties":{"name":["Ötto Quell","OTTO QUELL","Q"],"alias":[" Quell Otto ","quell otto"],"weakAlias":["otto quell","Quelle"]}}"#;
        let actor = heading(entity).unwrap();
        assert_eq!((actor.id.as_str(), actor.heading.as_str()), ("person/otto-quell", "Ötto Quell"));
        assert_eq!((actor.strong, actor.weak), (vec!["Quell Otto".to_owned()], vec!["Quelle".to_owned()]));
        let slug = |caption: &str| {
            heading(&format!("{{\"schema\":\"Person\",\"caption\":\"{caption}\"}}")).map(|actor| actor.id)
        };
        assert_eq!(slug("The O'Quell & Sons"), Some("person/oquell-sons".into()));
        assert_eq!(slug("日本"), None, "a slug has letters that can be typed anywhere");
    }

    #[test]
    fn the_kind_of_an_item_follows_from_the_first_class_that_is_known() {
        let item = |claims: &str| {
            heading(&format!("{{\"id\":\"Q9\",\"labels\":{{\"en\":\"Quell\"}},\"claims\":{{{claims}}}}}"))
        };
        let id = |classes: &str| item(&format!("\"P31\":[{classes}]")).map(|actor| actor.id);
        for (class, kind) in [
            ("Q5", "person"),
            ("Q3624078", "state"),
            ("Q6256", "state"),
            ("Q4830453", "company"),
            ("Q891723", "company"),
            ("Q7278", "party"),
            ("Q484652", "alliance"),
            ("Q1127126", "alliance"),
            ("Q176799", "force"),
            ("Q4508", "force"),
            ("Q17149090", "group"),
            ("Q192350", "body"),
            ("Q43229", "body"),
        ] {
            assert_eq!(id(&format!("\"{class}\"")), Some(format!("{kind}/quell")), "{class}");
        }
        assert_eq!(id("\"Q1\",\"Q7278\",\"Q5\""), Some("party/quell".into()));
        assert_eq!(id("\"Q1\""), None);
        let actor = item("\"P31\":[\"Q5\"],\"P17\":[\"Q142\"],\"P27\":[\"Q7\",\"Q183\"]").unwrap();
        assert_eq!((actor.country.as_deref(), actor.wikidata.as_deref()), (Some("brea"), Some("Q9")));
        assert_eq!(item("\"P31\":[\"Q5\"],\"P17\":[\"Q142\"]").unwrap().country.as_deref(), Some("alda"));
    }
}
