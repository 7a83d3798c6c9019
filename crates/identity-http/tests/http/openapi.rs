//! The document of the API, and whether the API is as it says.

use serde_json::{Value, json};

use crate::{
    routes::{document, good, operations, resolved},
    support::{OPERATOR, World},
};

/// Whether a value is what a schema says, with no field beside those that it names.
pub(crate) fn fits(document: &Value, schema: &Value, value: &Value) -> Result<(), String> {
    let schema = resolved(document, schema);
    if let Some(choices) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
        let fitting = choices.iter().any(|choice| fits(document, choice, value).is_ok());
        return if fitting { Ok(()) } else { Err(format!("{value} is none of {choices:?}")) };
    }
    if let Some(parts) = schema["allOf"].as_array() {
        return fits(document, &together(document, parts), value);
    }
    let kinds = match &schema["type"] {
        Value::Array(kinds) => kinds.clone(),
        Value::Null => return Ok(()),
        kind => vec![kind.clone()],
    };
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    if !kinds.iter().any(|named| named == kind || (named == "number" && kind == "integer")) {
        return Err(format!("{value} is not {kinds:?}"));
    }
    if let Value::Array(items) = value {
        return items.iter().try_for_each(|item| fits(document, &schema["items"], item));
    }
    let Value::Object(fields) = value else { return Ok(()) };
    for required in schema["required"].as_array().into_iter().flatten() {
        if !fields.contains_key(required.as_str().unwrap()) {
            return Err(format!("{required} is missing"));
        }
    }
    for (field, value) in fields {
        match (schema["properties"].get(field), &schema["additionalProperties"]) {
            (Some(schema), _) => fits(document, schema, value).map_err(|why| format!("{field}: {why}"))?,
            (None, Value::Null | Value::Bool(false)) => return Err(format!("{field} is not in the document")),
            (None, other) => fits(document, other, value).map_err(|why| format!("{field}: {why}"))?,
        }
    }
    Ok(())
}

/// Several objects in one.
fn together(document: &Value, parts: &[Value]) -> Value {
    let mut whole = json!({ "type": "object", "properties": {}, "required": [] });
    for part in parts {
        let part = resolved(document, part);
        for (field, schema) in part["properties"].as_object().unwrap() {
            whole["properties"][field] = schema.clone();
        }
        whole["required"].as_array_mut().unwrap().extend(part["required"].as_array().cloned().unwrap_or_default());
    }
    whole
}

#[tokio::test]
async fn the_document_is_openapi_3_1_and_served_as_it_is() {
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    let world = World::new().await;
    assert_eq!(world.get("/openapi.json").await.expect(200).json(), document);
    assert_eq!(document["components"]["securitySchemes"]["bearer"]["scheme"], "bearer");
}

#[test]
fn every_operation_says_what_it_does_and_what_each_answer_means() {
    let mut ids = std::collections::BTreeSet::new();
    let tags = document()["tags"].as_array().unwrap().iter().map(|tag| tag["name"].clone()).collect::<Vec<_>>();
    for operation in operations() {
        let name = operation.name();
        assert!(operation.document["summary"].as_str().is_some_and(|text| text.ends_with('.')), "{name}");
        assert!(
            ids.insert(operation.document["operationId"].clone().to_string()),
            "{name}: {} is taken",
            operation.document["operationId"]
        );
        assert!(operation.document["tags"].as_array().unwrap().iter().all(|tag| tags.contains(tag)), "{name}");
        let responses = operation.document["responses"].as_object().unwrap();
        assert!(responses.keys().any(|status| status.starts_with('2')), "{name}");
        for (status, response) in responses {
            assert!(response["description"].as_str().is_some_and(|text| !text.is_empty()), "{name} {status}");
            if !status.starts_with(['2', '3']) {
                assert!(response.pointer("/content/application~1problem+json").is_some(), "{name} {status}");
            }
        }
        for name in operation.path.split('{').skip(1).map(|rest| rest.split('}').next().unwrap()) {
            let named = operation.document["parameters"].as_array().unwrap().iter().any(|parameter| parameter["name"] == name);
            assert!(named, "{} does not describe {name}", operation.name());
        }
    }
}

#[test]
fn every_reference_leads_somewhere() {
    fn walk(document: &Value, value: &Value) {
        match value {
            Value::Object(fields) => {
                resolved(document, value);
                fields.values().for_each(|value| walk(document, value));
            }
            Value::Array(items) => items.iter().for_each(|value| walk(document, value)),
            _ => {}
        }
    }
    walk(&document(), &document());
}

#[tokio::test]
async fn every_route_answers_what_the_document_lists_for_success() {
    let document = document();
    for operation in operations() {
        let world = World::new().await;
        let ada = world.api().logs_in(OPERATOR).await;
        let (path, body) = good(&world, &operation).await;
        let answer = ada.send(&operation.method, &path, body.as_ref()).await;
        let name = operation.name();
        let response = &operation.document["responses"][answer.status.to_string()];
        assert!(answer.status < 300 && !response.is_null(), "{name}: {} {}", answer.status, answer.body);
        match response.pointer("/content/application~1json/schema") {
            Some(schema) => {
                assert_eq!(answer.header("content-type"), "application/json", "{name}");
                fits(&document, schema, &answer.json()).unwrap_or_else(|why| panic!("{name}: {why}: {}", answer.body));
            }
            None => match response["content"].as_object() {
                Some(kinds) => assert!(kinds.contains_key(answer.header("content-type")), "{name}"),
                None => assert_eq!(answer.body, "", "{name}"),
            },
        }
        if let (Some(schema), Some(body)) = (operation.body(&document), body) {
            fits(&document, &schema, &body).unwrap_or_else(|why| panic!("{name} takes {why}"));
        }
    }
}

#[test]
fn every_body_of_a_request_refuses_other_fields() {
    for operation in operations() {
        if let Some(schema) = operation.body(&document()) {
            assert_eq!(schema["additionalProperties"], false, "{}", operation.name());
            let inner = schema["properties"].as_object().unwrap().values().map(|schema| resolved(&document(), schema));
            for schema in inner.filter(|schema| schema.get("properties").is_some()) {
                assert_eq!(schema["additionalProperties"], false, "{}: {schema}", operation.name());
            }
        }
    }
}

#[test]
fn the_document_names_every_kind_of_problem() {
    let document = serde_json::to_value(identity_http::openapi()).unwrap();
    let kinds = document.pointer("/components/schemas/Problem/properties/type/enum").and_then(serde_json::Value::as_array).unwrap();
    let of = |name: &str| kinds.iter().filter(|kind| **kind == format!("urn:identity:problem:{name}")).count();
    for name in ["dead-link", "throttled", "unavailable", "invalid-request"] {
        assert_eq!(of(name), 1, "{name}");
    }
}
