//! Reports as strangers hand them in.

use serde_json::{Value, json};

use super::*;

/// A report with these cases: name, raw verdict, verdict.
fn report(endpoint: &str, cases: &[(&str, &str, &str)]) -> Value {
    let case = |(name, raw, verdict): &(&str, &str, &str)| {
        json!({
            "name": name, "id": "x", "rules": ["GET-003"], "raw": raw, "verdict": verdict,
            "reason": null, "findings": [], "answers": [], "of-a-later-version": 1,
        })
    };
    json!({
        "schema": SCHEMA,
        "suite": { "version": "0.1.0" },
        "target": { "endpoint": endpoint, "bundled": false, "sse_c": "supported", "https_tested": true },
        "cases": cases.iter().map(case).collect::<Vec<_>>(),
    })
}

/// A run of that name at that server, with these cases: name and verdict.
pub(crate) fn run(name: &str, cases: &[(&str, &str)]) -> Run {
    let cases: Vec<_> = cases
        .iter()
        .map(|(name, verdict)| (*name, *verdict, *verdict))
        .collect();
    let text = report(&format!("https://{name}"), &cases).to_string();
    let path = PathBuf::from(format!("{name}.json"));
    Run::parse(&path, text.as_bytes()).expect("it is a report")
}

/// A finding against a rule.
pub(crate) fn finding(rule: &str, got: &str) -> Finding {
    Finding {
        step: 0,
        check: "code".to_owned(),
        expected: "403 AccessDenied".to_owned(),
        got: got.to_owned(),
        rule: Some(rule.to_owned()),
    }
}

#[track_caller]
fn check(text: &str, expected: Result<usize, &str>) {
    let run = Run::parse(Path::new("a/minio.json"), text.as_bytes());
    let run = run
        .map(|run| run.cases.len())
        .map_err(|error| error.to_string());
    assert_eq!(run, expected.map_err(str::to_owned));
}

#[test]
fn reports_are_read_and_anything_else_is_named() {
    let good = report(
        "https://x",
        &[("get/a/b", "pass", "pass"), ("get/a/c", "fail", "known")],
    );
    check(&good.to_string(), Ok(2));
    check(
        "",
        Err("a/minio.json: EOF while parsing a value at line 1 column 0"),
    );
    check(
        "{\"a\":",
        Err("a/minio.json: EOF while parsing a value at line 1 column 5"),
    );
    check(
        "[]",
        Err("a/minio.json: invalid length 0, expected a report of ssec at line 1 column 2"),
    );
    check(
        "{}",
        Err("a/minio.json: it names no schema; this version reads ssec.report/1"),
    );
    let other = "{\"schema\":\"ssec.report/2\"}";
    check(
        other,
        Err("a/minio.json: its schema is `ssec.report/2`; this version reads ssec.report/1"),
    );
    let bare = "{\"schema\":\"ssec.report/1\"}";
    check(
        bare,
        Err("a/minio.json: missing field `suite` at line 1 column 26"),
    );
    let deep = format!(
        "{{\"schema\":\"ssec.report/1\",\"x\":{}",
        "[".repeat(100_000)
    );
    check(
        &deep,
        Err("a/minio.json: EOF while parsing a list at line 1 column 100030"),
    );
}

#[test]
fn words_that_do_not_exist_are_errors() {
    for (pointer, wrong) in [
        ("/cases/0/raw", "passed"),
        ("/cases/0/verdict", "green"),
        ("/target/sse_c", "maybe"),
    ] {
        let mut report = report("https://x", &[("get/a/b", "pass", "pass")]);
        *report.pointer_mut(pointer).expect("it is there") = json!(wrong);
        let error = Run::parse(Path::new("r.json"), report.to_string().as_bytes());
        let error = error.expect_err("it is wrong").to_string();
        assert!(error.contains(&format!("`{wrong}`")), "{error}");
    }
    let twice = report(
        "https://x",
        &[("get/a/b", "pass", "pass"), ("get/a/b", "fail", "fail")],
    );
    check(
        &twice.to_string(),
        Err("a/minio.json: the case `get/a/b` is in it twice"),
    );
}

#[test]
fn runs_are_named_apart() {
    let paths = ["a/r.json", "b/r.json", "c.json", "b/r.json"].map(PathBuf::from);
    let text = report("https://x", &[]).to_string();
    let mut runs: Vec<_> = paths
        .iter()
        .map(|path| Run::parse(path, text.as_bytes()).expect("it is a report"))
        .collect();
    name_apart(&mut runs, &paths);
    let names: Vec<_> = runs.iter().map(|run| run.name.as_str()).collect();
    assert_eq!(names, ["a/r", "b/r", "c", "b/r (4)"]);
}
