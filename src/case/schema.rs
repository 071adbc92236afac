//! The JSON Schema of case files, for editors. Made from the tables that the loader reads by, so
//! that it cannot say anything else.

use serde_json::{Map, Value, json};

use super::data::FILLS;
use super::feature::FEATURES;
use super::load::{
    ASKS, BUCKETS, CASE, CHECKSUM_PLACES, COMPUTED, CORRUPTIONS, DATUM, DEPTHS, EXPECT, FIELDS,
    FILE, LISTINGS, MATCHERS, PAYLOADS, SCHEMES, SIGN_METHODS, STATUS_WORDS, TABLE, TRIPLE,
    call_fields, inner, step_fields,
};
use super::value::CHECKSUM_ALGORITHMS;
use super::verb::{Kind, VERBS, VerbSpec};

/// How a reference to a cell of the table begins, as a pattern.
const CELL: &str = r"^\$row\.";

/// The schema of a case file (JSON Schema, draft 2020-12).
#[must_use]
pub fn schema() -> Value {
    let mut definitions = definitions();
    definitions.extend(VERBS.iter().map(|spec| (spec.name.to_owned(), verb(spec))));
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "ssec case file",
        "type": "object",
        "properties": fields(FILE, file_field),
        "required": FILE,
        "additionalProperties": false,
        "$defs": definitions,
    })
}

fn file_field(name: &str) -> Value {
    match name {
        "format" => json!({ "const": 1 }),
        "about" => described(json!({ "type": "string" }), "one sentence: the topic"),
        _ => json!({ "type": "array", "items": refer("case"), "minItems": 1 }),
    }
}

fn case_field(name: &str) -> Value {
    let described = |shape: Value, text: &str| described(shape, text);
    match name {
        "id" => described(json!({ "type": "string" }), "unique, and for ever"),
        "title" => described(
            json!({ "type": "string" }),
            "one sentence that says what S3 does",
        ),
        "note" => described(json!({ "type": "string" }), "why the case is as it is"),
        "rules" => described(
            refer("texts"),
            "ids of the rules that it holds the target to",
        ),
        "catches" => described(refer("texts"), "ids of public bugs that it catches"),
        "needs" => {
            json!({ "type": "array", "items": or_cell(&words(FEATURES.iter().map(|feature| feature.name))) })
        }
        "bucket" => or_cell(&words(names(BUCKETS))),
        "depth" => or_cell(&words(names(DEPTHS))),
        "faults" => or_cell(&json!({ "type": "integer", "minimum": 1 })),
        "data" => or_cell(&json!({ "type": "object", "additionalProperties": refer("datum") })),
        "table" => refer("table"),
        _ => json!({ "type": "array", "items": refer("step"), "minItems": 1 }),
    }
}

/// The shapes, by name. A shape that a field of a request has is also named in `FIELDS`.
fn definitions() -> Map<String, Value> {
    let text = || json!({ "type": ["string", "integer"] });
    let values = json!({ "type": "object", "additionalProperties": refer("value") });
    let step: Map<String, Value> = VERBS
        .iter()
        .map(|spec| (spec.name.to_owned(), refer(spec.name)))
        .collect();
    let all = json!({
        "cell": { "description": "`$row.column`, or null: not sent", "type": ["string", "null"], "pattern": CELL },
        "case": object(CASE, &["id", "title", "rules", "steps"], case_field),
        "step": { "type": "object", "properties": step, "additionalProperties": false, "minProperties": 1, "maxProperties": 1 },
        "table": object(TABLE, TABLE, |name| match name {
            "columns" => json!({ "type": "array", "items": { "type": "string" }, "minItems": 2 }),
            _ => json!({ "type": "array", "items": { "type": "array" }, "minItems": 1 }),
        }),
        "datum": { "anyOf": [{ "type": "string" }, object(DATUM, &[], |name| match name {
            "fill" => or_cell(&words(names(FILLS))),
            _ => text(),
        })] },
        "text": or_cell(&text()),
        "texts": or_cell(&json!({ "type": "array", "items": text() })),
        "time": or_cell(&json!({ "type": "string" })),
        "range": or_cell(&text()),
        "value": { "anyOf": [refer("cell"), text(), refer("computed")] },
        "computed": computed(),
        "values": or_cell(&values.clone()),
        "optional_values": or_cell(&values),
        "value_list": or_cell(&json!({ "type": "array", "items": refer("value") })),
        "headers": or_cell(&json!({ "type": "object", "additionalProperties": { "anyOf": [refer("value"), refer("value_list")] } })),
        "body": { "anyOf": [text(), refer("cell"), { "type": "array", "items": text() }, object(&["slice", "from", "to", "text"], &[], |_| text_or_cell())] },
        "triple": { "anyOf": [{ "type": "string" }, refer("cell"), object(TRIPLE, &[], |_| refer("key_part"))] },
        "key_part": { "anyOf": [text(), refer("cell"), object(&["text", "bytes"], &[], |_| text_or_cell())] },
        "listing": or_cell(&words(names(LISTINGS))),
        "ask": or_cell(&words(names(ASKS))),
        "parts": list_of(&object(inner::PART, &[], |name| if name == "of" || name == "part" { text_or_cell() } else { refer("value") })),
        "objects": list_of(&object(inner::OBJECT, &["object"], |_| refer("value"))),
        "checksum": { "anyOf": [words(names(CHECKSUM_ALGORITHMS)), refer("cell"), object(inner::CHECKSUM, &[], |name| match name {
            "algorithm" => or_cell(&words(names(CHECKSUM_ALGORITHMS))),
            "in" => or_cell(&words(names(CHECKSUM_PLACES))),
            _ => refer("value"),
        })] },
        "form_policy": or_cell(&object(inner::POLICY, &[], |name| match name {
            "length" => or_cell(&json!({ "type": "array", "items": text_or_cell(), "minItems": 2, "maxItems": 2 })),
            _ => or_cell(&json!({ "type": "object" })),
        })),
        "statements": list_of(&object(inner::STATEMENT, &["effect", "action"], |name| match name {
            "conditions" => or_cell(&json!({ "type": "object", "additionalProperties": or_cell(&json!({ "type": "object" })) })),
            _ => text_or_cell(),
        })),
        "sign": { "anyOf": [words(names(SIGN_METHODS)), refer("cell"), object(inner::SIGN, &[], |name| match name {
            "method" => or_cell(&words(names(SIGN_METHODS))),
            "corrupt" => or_cell(&words(names(CORRUPTIONS))),
            "payload" => or_cell(&words(names(PAYLOADS))),
            "unsigned" => refer("texts"),
            _ => text_or_cell(),
        })] },
        "wire": or_cell(&object(inner::WIRE, &[], |name| match name {
            "scheme" => or_cell(&words(names(SCHEMES))),
            "lines" | "first" => refer("texts"),
            _ => text_or_cell(),
        })),
        "control": { "anyOf": [words(["none"].into_iter()), object(&["after"], &["after"], |_| json!({ "type": "string" }))] },
        "expect": { "anyOf": [words(names(STATUS_WORDS)), refer("cell"), object(EXPECT, &["status"], expect_field)] },
        "matchers": or_cell(&json!({ "type": "object", "additionalProperties": refer("matcher") })),
        "matcher": { "anyOf": [refer("value"), refer("value_list"), object(MATCHERS, &[], |_| refer("value"))] },
    });
    match all {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn expect_field(name: &str) -> Value {
    match name {
        "status" => {
            json!({ "anyOf": [{ "type": "integer", "minimum": 200, "maximum": 599 }, words(names(STATUS_WORDS)), refer("cell")] })
        }
        "headers" | "xml" => refer("matchers"),
        "body" => refer("body"),
        _ => refer("text"),
    }
}

fn computed() -> Value {
    let alone = COMPUTED
        .iter()
        .filter(|name| **name != "checksum_of")
        .map(|name| object(&[name], &[name], |_| text_or_cell()));
    let checksum = &["checksum_of", "algorithm"];
    let all: Vec<Value> = alone
        .chain([object(checksum, checksum, |_| text_or_cell())])
        .collect();
    json!({ "anyOf": all })
}

/// The fields of one verb.
fn verb(spec: &VerbSpec) -> Value {
    let call = call_fields(spec);
    let mut properties: Map<String, Value> = call
        .iter()
        .map(|name| ((*name).to_owned(), call_field(name)))
        .collect();
    let but = object(&call, &[], call_field);
    properties.extend(
        step_fields(spec)
            .into_iter()
            .map(|name| (name.to_owned(), step_field(name, &but))),
    );
    let required: Vec<&str> = spec
        .required
        .iter()
        .copied()
        .chain((spec.kind != Kind::Local).then_some("expect"))
        .collect();
    json!({
        "description": spec.operation,
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn call_field(name: &str) -> Value {
    FIELDS
        .iter()
        .find(|field| field.name == name)
        .map_or(Value::Null, |field| {
            described(refer(field.shape), field.says)
        })
}

fn step_field(name: &str, but: &Value) -> Value {
    match name {
        "but" => or_cell(&but.clone()),
        "expect" | "control" => refer(name),
        "rules" => refer("texts"),
        "because" => described(json!({ "type": "string" }), "why there can be no control"),
        _ => described(json!({ "type": "string" }), "a name for the answer"),
    }
}

fn object(allowed: &[&str], required: &[&str], shape: impl Fn(&str) -> Value) -> Value {
    json!({ "type": "object", "properties": fields(allowed, shape), "required": required, "additionalProperties": false })
}

fn fields(names: &[&str], shape: impl Fn(&str) -> Value) -> Map<String, Value> {
    names
        .iter()
        .map(|name| ((*name).to_owned(), shape(name)))
        .collect()
}

fn list_of(item: &Value) -> Value {
    let items = json!({ "anyOf": [{ "type": "string" }, refer("cell"), item] });
    or_cell(&json!({ "type": "array", "items": items }))
}

fn text_or_cell() -> Value {
    refer("text")
}

fn or_cell(shape: &Value) -> Value {
    json!({ "anyOf": [shape, refer("cell")] })
}

fn words<'a>(words: impl Iterator<Item = &'a str>) -> Value {
    json!({ "enum": words.collect::<Vec<_>>() })
}

fn names<'a, T>(table: &'a [(&'a str, T)]) -> impl Iterator<Item = &'a str> {
    table.iter().map(|(name, _)| *name)
}

fn refer(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

fn described(shape: Value, text: &str) -> Value {
    match shape {
        Value::Object(mut map) => {
            map.insert("description".to_owned(), json!(text));
            Value::Object(map)
        }
        other => other,
    }
}
