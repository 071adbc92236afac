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
    let all = [
        case_shapes(),
        value_shapes(),
        request_shapes(),
        answer_shapes(),
    ];
    let named = all.into_iter().flatten();
    named
        .map(|(name, shape)| (name.to_owned(), shape))
        .collect()
}

type Shapes = Vec<(&'static str, Value)>;

fn case_shapes() -> Shapes {
    let cell = "`$row.column`, or null: not sent";
    let step: Map<String, Value> = VERBS
        .iter()
        .map(|spec| (spec.name.to_owned(), refer(spec.name)))
        .collect();
    let table = object(TABLE, TABLE, |name| match name {
        "columns" => json!({ "type": "array", "items": { "type": "string" }, "minItems": 2 }),
        _ => json!({ "type": "array", "items": { "type": "array" }, "minItems": 1 }),
    });
    let datum = object(DATUM, &[], |name| match name {
        "fill" => or_cell(&words(names(FILLS))),
        _ => refer("text"),
    });
    vec![
        (
            "cell",
            json!({ "description": cell, "type": ["string", "null"], "pattern": CELL }),
        ),
        (
            "case",
            object(CASE, &["id", "title", "rules", "steps"], case_field),
        ),
        (
            "step",
            json!({
                "type": "object",
                "properties": step,
                "additionalProperties": false,
                "minProperties": 1,
                "maxProperties": 1,
            }),
        ),
        ("table", table),
        ("datum", any_of(&[json!({ "type": "string" }), datum])),
    ]
}

fn value_shapes() -> Shapes {
    let slice = object(&["slice", "from", "to", "text"], &[], |_| refer("text"));
    let text_or_bytes = object(&["text", "bytes"], &[], |_| refer("text"));
    let triple = object(TRIPLE, &[], |_| refer("key_part"));
    let header = any_of(&[refer("value"), refer("value_list")]);
    vec![
        ("text", or_cell(&text())),
        ("texts", or_cell(&array(&text()))),
        ("time", or_cell(&json!({ "type": "string" }))),
        ("range", or_cell(&text())),
        ("computed", computed()),
        ("value", any_of(&[refer("cell"), text(), refer("computed")])),
        ("value_list", or_cell(&array(&refer("value")))),
        ("values", or_cell(&map_of(&refer("value")))),
        ("optional_values", or_cell(&map_of(&refer("value")))),
        ("headers", or_cell(&map_of(&header))),
        (
            "body",
            any_of(&[
                text(),
                refer("cell"),
                array(&any_of(&[text(), slice.clone()])),
                slice,
            ]),
        ),
        ("key_part", any_of(&[text(), refer("cell"), text_or_bytes])),
        (
            "triple",
            any_of(&[json!({ "type": "string" }), refer("cell"), triple]),
        ),
    ]
}

fn request_shapes() -> Shapes {
    let part = object(inner::PART, &[], |name| match name {
        "of" | "part" => refer("text"),
        _ => refer("value"),
    });
    let checksum = object(inner::CHECKSUM, &[], |name| match name {
        "algorithm" => or_cell(&words(names(CHECKSUM_ALGORITHMS))),
        "in" => or_cell(&words(names(CHECKSUM_PLACES))),
        _ => refer("value"),
    });
    let policy = object(inner::POLICY, &[], |name| match name {
        "length" => refer("texts"),
        _ => or_cell(&json!({ "type": "object" })),
    });
    let statement = object(inner::STATEMENT, &["effect", "action"], |name| match name {
        "conditions" => or_cell(&map_of(&or_cell(&json!({ "type": "object" })))),
        _ => refer("text"),
    });
    let sign = object(inner::SIGN, &[], |name| match name {
        "method" => or_cell(&words(names(SIGN_METHODS))),
        "corrupt" => or_cell(&words(names(CORRUPTIONS))),
        "payload" => or_cell(&words(names(PAYLOADS))),
        "unsigned" => refer("texts"),
        _ => refer("text"),
    });
    let wire = object(inner::WIRE, &[], |name| match name {
        "scheme" => or_cell(&words(names(SCHEMES))),
        "lines" | "first" => refer("texts"),
        _ => refer("text"),
    });
    vec![
        ("listing", or_cell(&words(names(LISTINGS)))),
        ("ask", or_cell(&words(names(ASKS)))),
        ("parts", list_of(&part)),
        (
            "objects",
            list_of(&object(inner::OBJECT, &["object"], |_| refer("value"))),
        ),
        (
            "checksum",
            any_of(&[words(names(CHECKSUM_ALGORITHMS)), refer("cell"), checksum]),
        ),
        ("form_policy", or_cell(&policy)),
        ("statements", list_of(&statement)),
        (
            "sign",
            any_of(&[words(names(SIGN_METHODS)), refer("cell"), sign]),
        ),
        ("wire", or_cell(&wire)),
    ]
}

fn answer_shapes() -> Shapes {
    let after = object(&["after"], &["after"], |_| json!({ "type": "string" }));
    let expect = object(EXPECT, &["status"], expect_field);
    let matcher = object(MATCHERS, &[], |_| refer("value"));
    vec![
        ("control", any_of(&[words(["none"].into_iter()), after])),
        (
            "expect",
            any_of(&[words(names(STATUS_WORDS)), refer("cell"), expect]),
        ),
        ("matchers", or_cell(&map_of(&refer("matcher")))),
        (
            "matcher",
            any_of(&[refer("value"), refer("value_list"), matcher]),
        ),
    ]
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
        .map(|name| object(&[name], &[name], |_| refer("text")));
    let checksum = &["checksum_of", "algorithm"];
    let all: Vec<Value> = alone
        .chain([object(checksum, checksum, |_| refer("text"))])
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
    or_cell(&array(&any_of(&[
        json!({ "type": "string" }),
        refer("cell"),
        item.clone(),
    ])))
}

fn text() -> Value {
    json!({ "type": ["string", "integer"] })
}

fn array(item: &Value) -> Value {
    json!({ "type": "array", "items": item })
}

fn map_of(shape: &Value) -> Value {
    json!({ "type": "object", "additionalProperties": shape })
}

fn any_of(shapes: &[Value]) -> Value {
    json!({ "anyOf": shapes })
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
