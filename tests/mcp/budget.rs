//! What answers and definitions may take, and that their two forms agree.

use serde_json::{Value, json};

use crate::{answer, call, client, corpus, index_with, questions, text};

#[tokio::test]
async fn all_definitions_fit_into_eight_kilobytes() {
    let tools = client(corpus()).await.list_all_tools().await.unwrap();
    let size = serde_json::to_string(&tools).unwrap().len();
    assert!(size <= 8 * 1024, "{size}");
}

#[tokio::test]
async fn every_answer_fits_its_schema_and_says_all_in_its_text() {
    let client = client(corpus()).await;
    let tools = client.list_all_tools().await.unwrap();
    let validator = |name: &str| {
        let tool = tools.iter().find(|tool| tool.name == name).unwrap();
        let schema = Value::Object(tool.output_schema.as_ref().unwrap().as_ref().clone());
        jsonschema::validator_for(&schema).unwrap()
    };
    let mut asked = 0;
    for (tool, arguments) in questions() {
        let result = call(&client, tool, arguments.clone()).await;
        let (told, structure) = (text(&result), result.structured_content.unwrap_or_default());
        assert_eq!(result.is_error, Some(false), "{tool} {arguments}: {told}");
        let fault = validator(tool).validate(&structure).err().map(|fault| fault.to_string());
        assert_eq!(fault, None, "{tool} {arguments}: {structure}");
        scalars(&structure, &mut |fact| assert!(told.contains(fact), "{tool} {arguments}: {fact:?} is not in\n{told}"));
        for size in [told.chars().count(), structure.to_string().chars().count()] {
            assert!(size <= 40_000, "{tool} {arguments}: {size}");
        }
        asked += 1;
    }
    assert!(asked > 50, "{asked}");
}

/// Each line of a text, and each number.
fn scalars(value: &Value, each: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => text.lines().for_each(&mut *each),
        Value::Number(number) => each(&number.to_string()),
        Value::Array(values) => values.iter().for_each(|value| scalars(value, each)),
        Value::Object(fields) => fields.values().for_each(|value| scalars(value, each)),
        Value::Null | Value::Bool(_) => {}
    }
}

#[tokio::test]
async fn a_search_takes_ten_kilobytes_unless_more_is_asked_for() {
    let client = client(corpus()).await;
    for query in ["UK SAFE talks", "SAFE", "drones", "nuclear", ""] {
        let result = call(&client, "search", json!({"query": query})).await;
        let sizes = [text(&result).len(), result.structured_content.unwrap().to_string().len()];
        assert!(sizes.iter().all(|size| *size <= 10 * 1024), "{query}: {sizes:?}");
    }
}

#[tokio::test]
async fn huge_articles_are_cut_and_the_rest_can_be_had() {
    let sentence = "Alda will buy ferries with \"quotation\" marks and \\ backslashes from Borduria this year. ";
    let article = |n: usize| {
        let (title, text) = (format!("{} {n}", "Ferries ".repeat(900)), sentence.repeat(400 + n * 37));
        json!({"id": format!("ledger-{n}"), "title": title, "text": text, "outlet": "The Ledger ".repeat(400)})
    };
    let home = index_with(&(0..40).map(article).collect::<Vec<_>>());
    let client = client(&home.path().join("index")).await;
    let (mut seen, mut cursor, mut pages) = (Vec::new(), None, 0);
    loop {
        let mut asked = json!({"query": "ferries", "limit": 20, "passages": 5});
        if let Some(cursor) = &cursor {
            asked["cursor"] = Value::clone(cursor);
        }
        let result = call(&client, "search", asked).await;
        let structure = result.structured_content.clone().unwrap();
        let sizes = [text(&result).chars().count(), structure.to_string().chars().count()];
        assert!(sizes.iter().all(|size| *size <= 40_000), "{sizes:?}");
        seen.extend(crate::texts(&structure["hits"], "id").into_iter().map(str::to_owned));
        pages += 1;
        match structure.get("next_cursor") {
            Some(next) => cursor = Some(next.clone()),
            None => break,
        }
    }
    let stories = answer(&client, "count", json!({"query": "ferries"})).await["total"].as_u64().unwrap();
    assert_eq!(seen.len() as u64, stories);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len() as u64, stories, "no story comes twice");
    assert!(pages > 2 || stories < 10, "{pages} pages of {stories} stories");
}
