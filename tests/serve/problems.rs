//! Problem documents, and the description of the API.

use serde_json::{Value, json};

use super::{Site, encoded};

/// A schema of the description by its name.
fn schema(document: &Value, name: &str) -> jsonschema::Validator {
    let whole = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": format!("#/components/schemas/{name}"), "components": document["components"],
    });
    jsonschema::validator_for(&whole).unwrap()
}

fn check(validator: &jsonschema::Validator, value: &Value, what: &str) {
    let errors: Vec<String> =
        validator.iter_errors(value).map(|error| format!("{error} at {}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{what}: {errors:?}");
}

#[test]
fn every_error_is_a_problem_document() {
    let site = Site::of_corpus();
    let problem = schema(&site.json("/v1/openapi.json"), "Problem");
    let told = |path: &str, status: u16, kind: &str| {
        let answer = site.get(path);
        assert_eq!(
            (answer.status.as_u16(), answer.header("content-type")),
            (status, "application/problem+json"),
            "{path}"
        );
        let value = answer.json();
        check(&problem, &value, path);
        assert_eq!(
            (value["type"].as_str(), value["status"].as_u64()),
            (Some(&*format!("/problems/{kind}")), Some(status.into()))
        );
        value
    };
    let date = told("/v1/search?q=SAFE+date:never", 400, "bad-query");
    let (from, to) = (date["span"][0].as_u64().unwrap(), date["span"][1].as_u64().unwrap());
    assert_eq!(&"SAFE date:never"[from as usize..to as usize], "never");
    assert!(date["hint"].as_str().unwrap().contains("2025-11"), "{date}");
    let unknown = told("/v1/search?actor=Keir+Starmr", 400, "unknown-name");
    assert_eq!(unknown["nearest"][0]["id"], "person/keir-starmer");
    let ambiguous = told("/v1/search?actor=smith", 400, "ambiguous-name");
    assert!(ambiguous["candidates"].as_array().unwrap().len() > 1);
    told("/v1/facets?below=nowhere", 400, "unknown-level");
    let since = told("/v1/search?since=never", 400, "bad-parameter");
    assert!(since["detail"].as_str().unwrap().contains("since=never") && since["hint"].is_string(), "{since}");
    told("/v1/search?since=2026-02&until=2025", 400, "bad-parameter");
    told("/v1/search?sort=best", 400, "bad-parameter");
    told("/v1/pairs?actor=a&actor=b&actor=c", 400, "bad-parameter");
    let parameter = told("/v1/search?actors=uk", 400, "unknown-parameter");
    let known: Vec<&str> = parameter["parameters"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(["q", "actor", "cursor", "offsets"].iter().all(|name| known.contains(name)) && !known.contains(&"all"));
    told("/v1/articles/zzzz", 404, "no-article");
    told("/v1/articles/zzzz/similar", 404, "no-article");
    let few = told("/v1/articles/a", 400, "ambiguous-id");
    assert!(few["candidates"].as_array().unwrap().len() > 1);
    told("/v1/nothing", 404, "no-page");
    told("/v1/names", 400, "bad-parameter");
    told("/v1/search?q=@nobody", 404, "no-saved-search");
}

#[test]
fn the_description_is_that_of_the_routes() {
    let site = Site::of_corpus();
    let document = site.json("/v1/openapi.json");
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let id = site.json("/v1/search?q=SAFE")["hits"][0]["id"].as_str().unwrap().to_owned();
    for (path, item) in document["paths"].as_object().unwrap() {
        if path == "/v1/openapi.json" {
            continue;
        }
        let address = path.replace("{id}", &id);
        let operation = &item["get"];
        let reference = &operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"];
        let name = reference.as_str().unwrap().rsplit('/').next().unwrap();
        let needed = if path == "/v1/names" { "?what=topic" } else { "?" };
        let answer = site.json(&format!("{address}{needed}"));
        check(&schema(&document, name), &answer, path);
        let unknown = site.get(&format!("{address}?no-such-parameter=1"));
        assert_eq!(unknown.status, 400, "{path}");
        let known: Vec<String> = serde_json::from_value(unknown.json()["parameters"].clone()).unwrap_or_default();
        let described = operation["parameters"].as_array().unwrap().iter().filter(|one| one["in"] == "query");
        let mut described: Vec<String> = described.map(|one| one["name"].as_str().unwrap().to_owned()).collect();
        let mut known: Vec<String> = known.into_iter().filter(|name| name != "id").collect();
        described.sort();
        known.sort();
        assert_eq!(described, known, "{path}");
    }
}

#[test]
fn values_that_are_described_are_taken() {
    let site = Site::of_corpus();
    let document = site.json("/v1/openapi.json");
    for (path, item) in document["paths"].as_object().unwrap() {
        for one in item["get"]["parameters"].as_array().into_iter().flatten().filter(|one| one["in"] == "query") {
            let of_items = &one["schema"]["items"]["enum"];
            let values = if of_items.is_array() { of_items } else { &one["schema"]["enum"] };
            for value in values.as_array().into_iter().flatten().filter_map(Value::as_str) {
                let (path, name) = (path.replace("/{id}", "/1"), one["name"].as_str().unwrap());
                if path.ends_with("/similar") && name == "match" {
                    continue; // it has no words to match, and says so
                }
                let answer = site.get(&format!("{path}?{name}={}", encoded(value)));
                assert!(!answer.body.contains("/problems/bad-parameter"), "{path} {name}={value}: {}", answer.body);
            }
        }
    }
}

#[test]
fn hostile_addresses_are_answered_calmly() {
    let site = Site::of_corpus();
    let values =
        ["%00", "%FF%FE", "%F0%9F%98%80", "%E2%80%AEabc", "%22%22%22", "((((", "%2B-%2B-", "a%00b", "%0d%0aX-A:b"];
    for value in values {
        for path in ["/", "/v1/search", "/v1/quotes", "/v1/facets", "/timeline", "/search.csv", "/search.atom"] {
            for name in ["q", "actor", "outlet", "since", "page", value] {
                let answer = site.get(&format!("{path}?{name}={value}"));
                assert!(
                    answer.status == 200 || answer.status.is_client_error(),
                    "{path} {name} {value}: {}",
                    answer.body
                );
                assert!(answer.headers.get("x-a").is_none());
            }
        }
        let path = format!("/a/{value}");
        assert!(site.get(&path).status.is_client_error(), "{path}");
    }
}
