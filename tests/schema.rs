//! What is generated is current: `cases/schema.json`, the tables of `docs/case-format.md`,
//! `docs/rules.md`; and the examples of the page are cases. `UPDATE=1` writes them anew.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use ssec::case::error::Source;
use ssec::case::feature::FEATURES;
use ssec::case::lint::lint;
use ssec::case::load::{FIELDS, Library};
use ssec::case::schema::schema;
use ssec::case::verb::{VERBS, Verb};
use ssec::catalogue::Rule;

const SCHEMA: &str = "cases/schema.json";
const PAGE: &str = "docs/case-format.md";

#[test]
fn the_schema_is_current() {
    let text = serde_json::to_string_pretty(&schema()).expect("a schema is JSON") + "\n";
    hold(SCHEMA, &text);
}

#[test]
fn the_tables_of_the_page_are_current() {
    let mut page = fs::read_to_string(PAGE).expect("the page is there");
    for (name, table) in [
        ("verbs", verbs()),
        ("fields", fields()),
        ("features", features()),
    ] {
        let begin = format!("<!-- {name}: generated, see tests/schema.rs -->\n");
        let start = page.find(&begin).expect("the page has the mark") + begin.len();
        let end = start
            + page[start..]
                .find("<!-- end -->")
                .expect("the page has the end mark");
        page.replace_range(start..end, &table);
    }
    hold(PAGE, &page);
}

#[test]
fn the_page_of_rules_is_current() {
    let corpus = Library::embedded()
        .load()
        .unwrap_or_else(|errors| panic!("{}", errors[0]));
    let mut areas: BTreeMap<&str, String> = BTreeMap::new();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for rule in corpus.catalogue.rules() {
        let area = Path::new(&*rule.file)
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or_default();
        areas.entry(area).or_default().push_str(&row(rule));
        *counts.entry(rule.evidence.name()).or_default() += 1;
    }
    let counts: Vec<String> = counts
        .iter()
        .map(|(name, count)| format!("{count} {name}"))
        .collect();
    let mut page = format!(
        "# The rules\n\nWhat Amazon S3 does with customer keys, rule by rule: {}. Made from `cases/rules/`; \
         `UPDATE=1 cargo test --test schema` writes it anew. `ssec explain ID` says which cases hold a rule.\n",
        counts.join(", ")
    );
    for (area, rows) in areas {
        page.push_str(&format!("\n## {area}\n\n{RULE_HEAD}{rows}"));
    }
    hold("docs/rules.md", &page);
}

const RULE_HEAD: &str = "| rule | what S3 does | known | at stake | no case because | sources |\n|---|---|---|---|---|---|\n";

fn row(rule: &Rule) -> String {
    let untested = rule.untested.clone().unwrap_or_default();
    let sources: Vec<&str> = rule
        .sources
        .iter()
        .map(|source| source.at.as_str())
        .collect();
    let cells = [
        &rule.says,
        &rule.evidence_in_words(),
        rule.impact.name(),
        &untested,
        &sources.join("; "),
    ];
    let cells: Vec<String> = cells
        .iter()
        .map(|cell| cell.replace('|', "\\|").replace('<', "&lt;"))
        .collect();
    format!("| {} | {} |\n", rule.id, cells.join(" | "))
}

/// Compares a file with what it should be, or writes it.
fn hold(path: &str, expected: &str) {
    if std::env::var_os("UPDATE").is_some() {
        fs::write(path, expected).expect("the file can be written");
    }
    let found = fs::read_to_string(path).unwrap_or_default();
    assert!(
        found == expected,
        "{path} is stale; `UPDATE=1 cargo test --test schema` writes it anew"
    );
}

fn verbs() -> String {
    let list = |names: &[&str]| {
        names
            .iter()
            .map(|name| format!("`{name}`"))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let rows = VERBS.iter().map(|verb| {
        format!(
            "| `{}` | {} | {} | {} |\n",
            verb.name,
            verb.operation,
            list(verb.required),
            list(verb.optional)
        )
    });
    format!(
        "| verb | what it asks for | needs | may have |\n|---|---|---|---|\n{}",
        rows.collect::<String>()
    )
}

fn fields() -> String {
    let rows = FIELDS
        .iter()
        .map(|field| format!("| `{}` | {} |\n", field.name, field.says));
    format!("| field | |\n|---|---|\n{}", rows.collect::<String>())
}

fn features() -> String {
    let rows = FEATURES
        .iter()
        .map(|feature| format!("| `{}` | {} |\n", feature.name, feature.says));
    format!("| feature | |\n|---|---|\n{}", rows.collect::<String>())
}

#[test]
fn the_table_of_verbs_is_in_their_order_and_names_fields_that_there_are() {
    for verb in VERBS {
        assert_eq!(verb.verb.name(), verb.name);
        for name in verb.required.iter().chain(verb.optional) {
            assert!(
                FIELDS.iter().any(|field| field.name == *name),
                "{}: {name}",
                verb.name
            );
        }
    }
    for field in FIELDS {
        let common = ["headers", "query", "sign", "wire"].contains(&field.name);
        let taken = |verb: &&ssec::case::verb::VerbSpec| {
            verb.required.contains(&field.name) || verb.optional.contains(&field.name)
        };
        assert!(
            common || VERBS.iter().any(|verb| taken(&verb)),
            "no verb takes {}",
            field.name
        );
        assert!(
            schema()
                .pointer(&format!("/$defs/{}", field.shape))
                .is_some(),
            "{} has no shape",
            field.name
        );
    }
    assert_eq!(Verb::Raw.spec().verb, Verb::Raw);
}

/// The page's examples, as one file each.
fn examples() -> Vec<Source> {
    let page = fs::read_to_string(PAGE).expect("the page is there");
    let blocks = page
        .split("```yaml\n")
        .skip(1)
        .filter_map(|rest| Some(rest.split_once("```")?.0));
    let cases = blocks.filter(|block| block.contains("- id: ") && block.contains("title:"));
    let files = cases.enumerate().map(|(number, block)| {
        let head = if block.starts_with("format:") {
            ""
        } else {
            "format: 1\nabout: An example.\ncases:\n"
        };
        Source::new(
            format!("put/example{number}.yaml"),
            format!("{head}{block}"),
        )
    });
    files.collect()
}

#[test]
fn the_examples_of_the_page_are_cases() {
    let examples = examples();
    assert!(
        examples.len() >= 5,
        "only {} examples were found",
        examples.len()
    );
    let rules = fs::read_dir("cases/rules")
        .expect("there are rules")
        .map(|entry| {
            let path = entry.expect("the folder can be read").path();
            let text = fs::read_to_string(&path).expect("the file was just listed");
            Source::new(path.display().to_string(), text)
        });
    let library = Library::from_sources(examples.into_iter().chain(rules));
    let errors: Vec<String> = lint(&library).iter().map(ToString::to_string).collect();
    let errors: Vec<&String> = errors
        .iter()
        .filter(|error| error.starts_with("put/example"))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn the_schema_takes_every_case_of_the_corpus_and_of_the_page() {
    let schema = schema();
    let library = Library::embedded();
    let examples = examples();
    for source in library.case_sources().chain(&examples) {
        let file: Value = serde_yaml::from_str(&source.text)
            .unwrap_or_else(|error| panic!("{}: {error}", source.path));
        if let Err(error) = validate(&schema, &schema, &file) {
            panic!("{}: {error}", source.path);
        }
    }
}

#[test]
fn the_schema_refuses_what_the_loader_refuses() {
    let step = |step: Value| json!({ "format": 1, "about": "x", "cases": [{ "id": "a", "title": "t", "rules": ["PUT-001"], "steps": [step] }] });
    let good = json!({ "put": { "object": "a", "expect": "ok" } });
    assert_eq!(validate(&schema(), &schema(), &step(good)), Ok(()));
    for bad in [
        json!({ "pit": { "object": "a", "expect": "ok" } }),
        json!({ "put": { "object": "a", "expect": "ok" }, "get": { "object": "a", "expect": "ok" } }),
        json!({ "put": { "expect": "ok" } }),
        json!({ "put": { "object": "a" } }),
        json!({ "put": { "object": "a", "range": "1-2", "expect": "ok" } }),
        json!({ "put": { "object": "a", "expect": "okay" } }),
        json!({ "put": { "object": "a", "sign": "hedaer", "expect": "ok" } }),
        json!({ "put": { "object": "a", "sse_c": { "kex": "A" }, "expect": "ok" } }),
        json!({ "put": { "object": "a", "but": { "expect": "ok" }, "expect": "ok" } }),
        json!({ "put": { "object": "a", "expect": { "error": "X" } } }),
        json!({ "put": { "object": "a", "expect": { "status": 99 } } }),
    ] {
        assert!(
            validate(&schema(), &schema(), &step(bad.clone())).is_err(),
            "{bad}"
        );
    }
}

/// The part of JSON Schema that our schema uses. A keyword that it does not know is an error.
fn validate(root: &Value, shape: &Value, value: &Value) -> Result<(), String> {
    for (keyword, rule) in shape.as_object().ok_or("a schema is an object")? {
        let holds = match keyword.as_str() {
            "$ref" => {
                let pointer = rule
                    .as_str()
                    .and_then(|text| text.strip_prefix('#'))
                    .ok_or("a local reference")?;
                return validate(
                    root,
                    root.pointer(pointer).ok_or("a dangling reference")?,
                    value,
                );
            }
            "type" => names(rule).any(|name| has_type(value, name)),
            // The one pattern that our schema has.
            "pattern" => {
                rule == r"^\$row\." && value.as_str().is_none_or(|text| text.starts_with("$row."))
            }
            "enum" => rule.as_array().is_some_and(|words| words.contains(value)),
            "const" => rule == value,
            "anyOf" => return any_of(root, rule, value),
            "minimum" => value.as_i64() >= rule.as_i64(),
            "maximum" => value.as_i64() <= rule.as_i64(),
            "minItems" => value
                .as_array()
                .is_none_or(|items| items.len() as u64 >= rule.as_u64().unwrap_or(0)),
            "maxItems" => value
                .as_array()
                .is_none_or(|items| items.len() as u64 <= rule.as_u64().unwrap_or(0)),
            "minProperties" => value
                .as_object()
                .is_none_or(|map| map.len() as u64 >= rule.as_u64().unwrap_or(0)),
            "maxProperties" => value
                .as_object()
                .is_none_or(|map| map.len() as u64 <= rule.as_u64().unwrap_or(0)),
            "required" => names(rule).all(|name| value.get(name).is_some()),
            "items" => {
                value
                    .as_array()
                    .into_iter()
                    .flatten()
                    .try_for_each(|item| validate(root, rule, item))?;
                true
            }
            "properties" | "additionalProperties" => {
                properties(root, shape, value)?;
                true
            }
            "description" | "title" | "$schema" | "$defs" => true,
            other => return Err(format!("unknown keyword {other}")),
        };
        if !holds {
            return Err(format!("{value} is not {keyword} {rule}"));
        }
    }
    Ok(())
}

fn any_of(root: &Value, shapes: &Value, value: &Value) -> Result<(), String> {
    let mut errors = Vec::new();
    for shape in shapes.as_array().ok_or("anyOf is a list")? {
        match validate(root, shape, value) {
            Ok(()) => return Ok(()),
            Err(error) => errors.push(error),
        }
    }
    Err(errors.join("; "))
}

fn properties(root: &Value, shape: &Value, value: &Value) -> Result<(), String> {
    for (name, field) in value.as_object().into_iter().flatten() {
        match (
            shape.get("properties").and_then(|known| known.get(name)),
            shape.get("additionalProperties"),
        ) {
            (Some(known), _) => {
                validate(root, known, field).map_err(|error| format!("{name}: {error}"))?
            }
            (None, Some(Value::Bool(false))) => return Err(format!("{name} is not allowed")),
            (None, Some(other)) => {
                validate(root, other, field).map_err(|error| format!("{name}: {error}"))?
            }
            (None, None) => {}
        }
    }
    Ok(())
}

fn names(rule: &Value) -> impl Iterator<Item = &str> {
    let list = rule
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or(std::slice::from_ref(rule));
    list.iter().filter_map(Value::as_str)
}

fn has_type(value: &Value, name: &str) -> bool {
    match name {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "null" => value.is_null(),
        "object" => value.is_object(),
        "array" => value.is_array(),
        other => panic!("unknown type {other}"),
    }
}
