//! The OpenAPI document against the real handlers: what it says is what they do.

use reqwest::Method;
use serde_json::{Value, json};

use super::{plain, pushed};
use crate::harness::programs::{Heard, Port, heard, token_in};
use crate::on_both_databases;

/// Where a reference leads.
fn followed<'a>(document: &'a Value, part: &'a Value) -> &'a Value {
    match part["$ref"].as_str() {
        Some(reference) => {
            let pointer = reference.trim_start_matches('#');
            let found = document.pointer(pointer);
            followed(document, found.unwrap_or_else(|| panic!("no {reference}")))
        }
        None => part,
    }
}

/// What is wrong with a value by its schema: as much of JSON Schema as the document uses.
fn faults(document: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let schema = followed(document, schema);
    let mut faults = Vec::new();
    let is = |name: &str| match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "null" => value.is_null(),
        other => panic!("{at}: {other} is no type"),
    };
    let fits = match &schema["type"] {
        Value::String(name) => is(name),
        Value::Array(names) => names.iter().any(|name| is(name.as_str().unwrap())),
        other => panic!("{at} has the type {other}"),
    };
    if !fits {
        faults.push(format!("{at} is {value}"));
    }
    if let Some(fields) = value.as_object() {
        for name in schema["required"].as_array().into_iter().flatten() {
            if !fields.contains_key(name.as_str().unwrap()) {
                faults.push(format!("{at}.{name} is missing"));
            }
        }
        for (name, field) in fields {
            match schema["properties"].get(name) {
                Some(below) => {
                    faults.extend(self::faults(
                        document,
                        below,
                        field,
                        &format!("{at}.{name}"),
                    ));
                }
                None if schema["additionalProperties"] == json!(false) => {
                    faults.push(format!("{at}.{name} is not told of"));
                }
                None => {}
            }
        }
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        faults.extend(self::faults(
            document,
            &schema["items"],
            item,
            &format!("{at}[{index}]"),
        ));
    }
    faults
}

/// The answer is one that the document tells of, and looks as it says.
fn assert_told(document: &Value, operation: &Value, heard: &Heard) {
    let status = heard.status.to_string();
    let told = &operation["responses"][&status];
    assert!(told.is_object(), "nobody tells of {heard:?}");
    let told = followed(document, told);
    let kind = heard.header("content-type").unwrap();
    let schema = &told["content"][kind]["schema"];
    assert!(schema.is_object(), "{status} comes as {kind}");
    assert_eq!(faults(document, schema, &heard.json, "answer"), [""; 0]);
    for name in told["headers"]
        .as_object()
        .into_iter()
        .flat_map(|all| all.keys())
    {
        let always = status != "200";
        assert!(
            !always || heard.header(name).is_some(),
            "{status} has no {name}"
        );
    }
}

async fn document(port: &Port) -> Value {
    let heard = heard(port.request(Method::GET, "/v1/openapi.json")).await;
    assert_eq!(heard.status, 200);
    heard.json
}

on_both_databases! {
    async fn the_document_tells_of_every_address_and_every_example_in_it_is_taken(db: TestDatabase) {
        let (stage, port, token) = pushed(&db).await;
        stage.says("maya", "kpi new critical-patches-in-time Patches unit:% direction:higher target:95 frequency:monthly").await;
        stage.says("maya", "source push critical-patches-in-time").await;
        for (key, source) in [
            ("disks", "format:alertmanager only:severity=critical"),
            ("logins", "format:generic id:/id at:/timestamp only:\"/rule/level>=12\""),
        ] {
            stage.says("maya", &format!("kpi new {key} Alerts unit:alerts direction:lower target:3 frequency:weekly")).await;
            stage.says("maya", &format!("source webhook {key} {source}")).await;
        }
        let risks = token_in(&plain(&stage.says("maya", "token new grc --risks").await));
        let document = document(&port).await;
        assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
        let mut posts = 0;
        for (path, operations) in document["paths"].as_object().unwrap() {
            for (method, operation) in operations.as_object().unwrap() {
                let method: Method = method.to_uppercase().parse().unwrap();
                // It is there, and asks for a token unless it says that it does not.
                let nobody = heard(port.request(method.clone(), path)).await;
                let expected = if operation["security"] == json!([]) { 200 } else { 401 };
                assert_eq!(nobody.status, expected, "{path}");
                assert_told(&document, operation, &nobody);
                let content = &operation["requestBody"]["content"]["application/json"];
                let Some(example) = content.get("example") else { continue };
                assert_eq!(faults(&document, &content["schema"], example, "body"), [""; 0]);
                let token = if path == "/v1/risks" { &risks } else { &token };
                let taken = port.posts(token, path, example).await;
                assert_eq!(taken.status, 200, "{path}: {taken:?}");
                assert_told(&document, operation, &taken);
                posts += 1;
            }
        }
        assert_eq!(posts, 4);
    }

    async fn every_refusal_is_one_that_the_document_tells_of(db: TestDatabase) {
        let (stage, port, token) = pushed(&db).await;
        let document = document(&port).await;
        let one = token_in(&plain(&stage.says("maya", "token new siem incidents").await));
        let measurements = &document["paths"]["/v1/measurements"]["post"];
        let good = json!({"measurements": [{"kpi": "patches", "period": "2026-10", "value": 96}]});
        let bad = json!({"measurements": [{"kpi": "patches", "period": "2027-10", "value": 96}]});
        let long = json!({"measurements": [{"kpi": "patches", "period": "2026-10", "value": 96, "note": "x".repeat(3_000_000)}]});
        for (token, body, status) in [
            (&token, &good, 200),
            (&token, &json!({"measurements": 1}), 400),
            (&"nobody".to_owned(), &good, 401),
            (&one, &good, 403),
            (&token, &long, 413),
            (&token, &bad, 422),
        ] {
            let heard = port.posts(token, "/v1/measurements", body).await;
            assert_eq!(heard.status, status, "{heard:?}");
            assert_told(&document, measurements, &heard);
        }
        let alerts = &document["paths"]["/v1/alerts/alertmanager"]["post"];
        let nobodys = port.posts(&token, "/v1/alerts/alertmanager", &json!({"alerts": []})).await;
        assert_eq!(nobodys.status, 422);
        assert_told(&document, alerts, &nobodys);
        let bare = port.request(Method::POST, "/v1/measurements").bearer_auth(&token);
        let bare = heard(bare.body("1")).await;
        assert_eq!(bare.status, 415);
        assert_told(&document, measurements, &bare);
    }
}
