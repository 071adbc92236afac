//! Every report, word for word, for every kind of failure: `golden/` holds them, `UPDATE=1` writes them anew.

mod scenes;

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use scenes::{SECRET, corpus, events, everything};
use serde_json::Value;
use ssec::event::{CaseResult, Ending, Sink};
use ssec::report::{Format, Reports, Settings, Style};
use ssec::target::Credentials;
use ssec::verdict::Gate;

/// A writer that others can look into.
#[derive(Clone, Default)]
struct Page(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Page {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("nobody panicked").extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// One report of one run.
fn report(
    format: Format,
    style: Style,
    gate: Gate,
    cases: Vec<CaseResult>,
    ending: Ending,
) -> String {
    let corpus = corpus();
    let settings = Settings {
        verbosity: 1,
        credentials: Credentials::new("AKIDOFSOMEBODY", SECRET, None),
        corpus: &corpus,
        accept: None,
    };
    let page = Page::default();
    let mut reports = Reports::to_writer(format, page.clone(), style, &settings);
    for event in events(cases, gate, ending) {
        reports.event(&event);
    }
    reports.finish().expect("memory takes everything");
    let bytes = page.0.lock().expect("nobody panicked").clone();
    let text = String::from_utf8(bytes).expect("reports are text");
    assert!(!text.contains('\u{1b}'), "no escape reaches the terminal");
    for form in ["secret/value", "value<", "value&lt;", "of+somebody"] {
        assert!(!text.contains(form), "a credential, escaped or not: {form}");
    }
    text
}

/// Compares with the file of that name, or writes it.
#[track_caller]
fn hold(name: &str, text: &str) {
    let path = Path::new("tests/reports/golden").join(name);
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all("tests/reports/golden").expect("the folder can be made");
        fs::write(&path, text).expect("the file can be written");
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == text,
        "{name} differs; `UPDATE=1 cargo test --test reports` writes it anew\n{text}"
    );
}

fn all(format: Format, style: Style) -> String {
    report(format, style, Gate::Safe, everything(), Ending::Complete)
}

#[test]
fn people_see_every_kind_of_failure() {
    hold("human.txt", &all(Format::Human, Style::PLAIN));
    hold("human-60.txt", &all(Format::Human, Style::wrapped(60)));
    hold("human-160.txt", &all(Format::Human, Style::wrapped(160)));
}

#[test]
fn machines_and_pages_see_them_too() {
    for (name, format) in [
        ("report.xml", Format::Junit),
        ("report.md", Format::Markdown),
        ("report.github", Format::Github),
        ("report.html", Format::Html),
        ("report.json", Format::Json),
    ] {
        hold(name, &all(format, Style::PLAIN));
    }
}

#[test]
fn a_run_that_judged_nothing_is_not_green() {
    let unreachable = || Ending::Preflight("connection refused".to_owned());
    let of = |format| report(format, Style::PLAIN, Gate::Safe, Vec::new(), unreachable());
    assert!(of(Format::Junit).contains("errors=\"1\""));
    assert!(of(Format::Markdown).contains("**The target cannot be tested:** connection refused"));
    assert!(of(Format::Html).contains("The target cannot be tested"));
    assert!(
        of(Format::Github).starts_with("::error title=the target cannot be tested::connection")
    );
}

#[test]
fn the_exact_gate_makes_failures_of_deviations() {
    let of = |gate| {
        report(
            Format::Junit,
            Style::PLAIN,
            gate,
            everything(),
            Ending::Complete,
        )
    };
    let failures = |text: &str| text.matches("<failure ").count();
    let deviating = everything()
        .iter()
        .filter(|case| case.verdict() == "deviates")
        .count();
    assert_eq!(
        failures(&of(Gate::Exact)),
        failures(&of(Gate::Safe)) + deviating
    );
}

#[test]
fn the_page_has_no_markup_of_the_target_and_no_address_of_others() {
    let page = all(Format::Html, Style::PLAIN);
    assert_eq!(page.matches("<script>").count(), 1, "ours alone");
    assert!(page.contains("&lt;script&gt;alert(1)"));
    for forbidden in [
        "<img",
        "<iframe",
        "src=",
        "@import",
        "url(",
        "href=\"http",
        " style=\"",
    ] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
}

#[test]
fn the_schema_describes_every_field_of_the_report() {
    let text = fs::read_to_string("docs/report.schema.json").expect("the schema is there");
    let schema: Value = serde_json::from_str(&text).expect("the schema is JSON");
    assert_eq!(
        schema["properties"]["schema"]["const"],
        ssec::report::json::SCHEMA
    );
    let report: Value =
        serde_json::from_str(&all(Format::Json, Style::PLAIN)).expect("the report is JSON");
    let mut wrong = Vec::new();
    validate(&schema, &schema, &report, "$", &mut wrong);
    assert!(wrong.is_empty(), "{wrong:#?}");
    for (pointer, value) in [
        ("/cases/0/verdict", Value::from("green")),
        ("/cases/0/findings/0/line", Value::from("five")),
        ("/target/sse_c", Value::Null),
        ("/later", Value::from(1)),
    ] {
        let mut report = report.clone();
        match report.pointer_mut(pointer) {
            Some(field) => *field = value,
            None => report["later"] = value,
        }
        let mut wrong = Vec::new();
        validate(&schema, &schema, &report, "$", &mut wrong);
        assert!(!wrong.is_empty(), "{pointer} should be refused");
    }
}

/// Holds a value to the part of JSON Schema that the report's schema uses. Stricter in one thing: a field that
/// the schema does not describe is wrong, so that none is added unseen.
fn validate(root: &Value, schema: &Value, value: &Value, at: &str, wrong: &mut Vec<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = root.pointer(reference.trim_start_matches('#'));
        return validate(
            root,
            target.expect("the reference leads somewhere"),
            value,
            at,
            wrong,
        );
    }
    let types = &schema["type"];
    let is = |name: &Value| name == type_of(value);
    if !types.is_null() && !is(types) && !types.as_array().is_some_and(|all| all.iter().any(is)) {
        wrong.push(format!("{at}: {value} is not {types}"));
    }
    let listed = |all: &Vec<Value>| all.contains(value);
    if !schema["enum"].as_array().is_none_or(listed)
        || !(schema["const"].is_null() || schema["const"] == *value)
    {
        wrong.push(format!("{at}: {value} is not allowed"));
    }
    for (name, field) in value.as_object().into_iter().flatten() {
        let described = schema["properties"]
            .get(name)
            .or(schema.get("additionalProperties"));
        match described {
            Some(described) => validate(root, described, field, &format!("{at}.{name}"), wrong),
            None => wrong.push(format!("{at}.{name} is not described")),
        }
    }
    for name in schema["required"].as_array().into_iter().flatten() {
        if value.get(name.as_str().unwrap_or_default()).is_none() {
            wrong.push(format!("{at}: {name} is missing"));
        }
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        validate(
            root,
            &schema["items"],
            item,
            &format!("{at}[{index}]"),
            wrong,
        );
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
