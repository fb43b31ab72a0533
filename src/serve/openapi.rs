//! The description of the API (OpenAPI 3.1): paths and parameters from the table of routes, schemas from a file.

use axum::response::Response;
use serde_json::{Map, Value, json};

use super::api::{Route, routes};
use super::lines::json;
use crate::ask::Parameter;

/// The schemas of answers. Fields are only added, so an object may have more.
const SCHEMAS: &str = include_str!("assets/schemas.json");

pub(super) async fn document() -> Response {
    let mut paths: Map<String, Value> =
        routes().iter().map(|route| (route.path.to_owned(), json!({"get": operation(route)}))).collect();
    paths.insert(
        "/v1/openapi.json".to_owned(),
        json!({"get": {
            "summary": "This description", "responses": {"200": {"description": "OpenAPI 3.1"}},
        }}),
    );
    let schemas: Value = serde_json::from_str(SCHEMAS).unwrap_or_default(); // a test reads it
    json(&json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Despatch", "version": env!("CARGO_PKG_VERSION"), "license": {"name": "Apache-2.0"},
            "description": "Full-text search over defence-policy news. Parameters are the long options of the command \
                            line; `despatch help query` explains the query language, `despatch help json` every field.",
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"}, "basic": {"type": "http", "scheme": "basic"},
            },
        },
        "security": [{}, {"bearer": []}, {"basic": []}],
    }))
}

fn operation(route: &Route) -> Value {
    let of_path = route.path.contains("{id}").then(|| {
        json!({
            "name": "id", "in": "path", "required": true, "schema": {"type": "string"},
            "description": "Identifier of the article, or the beginning of one",
        })
    });
    let parameters: Vec<Value> = of_path.into_iter().chain(route.parameters.iter().map(parameter)).collect();
    let problem = json!({
        "description": "Why there is no answer",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    });
    let schema = format!("#/components/schemas/{}", route.schema);
    json!({
        "summary": route.about,
        "operationId": route.path.trim_start_matches("/v1/").replace("/{id}", "").replace('/', "-"),
        "parameters": parameters,
        "responses": {
            "200": {"description": route.about, "content": {"application/json": {"schema": {"$ref": schema}}}},
            "304": {"description": "The answer with the tag of If-None-Match is still right"},
            "default": problem,
        },
    })
}

fn parameter(one: &Parameter) -> Value {
    let mut schema = json!({"type": "string"});
    if !one.values.is_empty() {
        schema["enum"] = json!(one.values);
    }
    if one.is_switch {
        schema = json!({"type": "boolean"});
    } else if let Some(default) = &one.default {
        schema["default"] = json!(default);
    }
    if one.repeats {
        schema = json!({"type": "array", "items": schema});
    }
    json!({
        "name": one.name, "in": "query", "required": one.required, "description": one.about, "schema": schema,
        "explode": true,
    })
}
