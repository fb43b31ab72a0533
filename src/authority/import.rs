//! Headings from other people's data: FollowTheMoney entities (as OpenSanctions publishes them) and Wikidata items.
//!
//! Both come as JSON Lines. What is taken: names, aliases, country, Wikidata item; the kind follows from the schema
//! or from `P31` (instance of). Everything else is left to the reader of the TOML that comes out.

use serde_json::Value;

use super::compile::key;
use super::source::Actor;
use super::{Authority, Kind};
use crate::wordlist::WordTable;

/// The kind that an item of Wikidata becomes, by its class (`P31`).
static CLASSES: WordTable = WordTable::new(include_str!("lists/wikidata_classes.txt"));

/// What one line gave.
#[derive(Debug, Clone, PartialEq)]
pub enum Imported {
    /// A heading.
    Actor(Box<Actor>),
    /// An entity of a kind that is no actor, or without a name.
    Skipped,
}

/// Reads one line, an entity of FollowTheMoney or an item of Wikidata.
///
/// # Errors
///
/// Says what is wrong with the line.
pub fn line(text: &str, authority: &Authority) -> Result<Imported, String> {
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
    // Variants that differ only in what matching folds are one.
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
}
