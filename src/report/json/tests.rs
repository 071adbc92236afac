//! What machines read, field by field.

use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::event::{Cleanup, Ending, SuiteInfo, Summary, TargetInfo};
use crate::verdict::{Gate, Verdict};

fn started() -> RunStarted {
    RunStarted {
        suite: SuiteInfo {
            version: "0.1.0".to_owned(),
            seed: "5eed".to_owned(),
            run_id: "run-1".to_owned(),
            selected: 1,
            jobs: 8,
        },
        target: TargetInfo {
            endpoint: "https://127.0.0.1:9443".to_owned(),
            http_endpoint: None,
            region: "us-east-1".to_owned(),
            addressing: "path".to_owned(),
            bundled: true,
        },
        gate: Gate::Exact,
    }
}

fn deviating() -> CaseResult {
    let finding = Finding {
        step: 1,
        check: Check::Code,
        grade: Grade::Deviates,
        expected: "403 AccessDenied".to_owned(),
        got: "403 Forbidden".to_owned(),
        rule: Some("GET-003".to_owned()),
        line: 14,
        column: 9,
    };
    let answer = Answer {
        step: 1,
        role: Role::Step,
        request: "GET /b/doc".to_owned(),
        status: Some(403),
        code: Some("Forbidden".to_owned()),
        message: None,
        headers: vec![("server".to_owned(), "x".to_owned())],
        error: None,
        curl: "curl".to_owned(),
    };
    CaseResult {
        name: "get/key/wrong[b]".to_owned(),
        id: "wrong".to_owned(),
        row: Some("b".to_owned()),
        title: "A title".to_owned(),
        file: "cases/get/key.yaml".to_owned(),
        line: 10,
        rules: vec!["GET-003".to_owned()],
        raw: Verdict::Deviates,
        overlay: None,
        flags: Vec::new(),
        reason: None,
        findings: vec![finding],
        answers: vec![answer],
        transcript: None,
        duration: Duration::from_millis(3),
    }
}

fn summary(counts: Counts) -> Summary {
    Summary {
        counts,
        gate: Gate::Exact,
        passed: false,
        ending: Ending::Complete,
        sse_c: SseC::Supported,
        https_tested: false,
        features: Vec::new(),
        requests: 7,
        duration: Duration::from_millis(250),
    }
}

/// The document of a run with one case, read back.
fn read_back() -> Value {
    let mut counts = Counts::default();
    counts.add(&deviating());
    let record = Record {
        started: started(),
        first_question: None,
        cases: vec![deviating()],
        died: None,
        cleanup: Cleanup::default(),
        summary: summary(counts),
    };
    serde_json::from_str(&document(&record)).expect("it is JSON")
}

#[test]
fn the_document_has_the_fields_of_the_schema() {
    let document = read_back();
    assert_eq!(document["schema"], SCHEMA);
    assert_eq!(document["suite"]["seed"], "5eed");
    assert_eq!(document["target"]["sse_c"], "supported");
    assert_eq!(
        document["gate"],
        json!({ "level": "exact", "passed": false })
    );
    assert_eq!(document["run"]["ending"], "complete");
    assert_eq!(
        document["summary"],
        json!({
            "pass": 0, "deviates": 1, "fail": 0, "unproven": 0,
            "skip": 0, "known": 0, "stale": 0, "notes": 0,
        })
    );
}

#[test]
fn a_case_carries_its_findings_and_every_answer() {
    assert_eq!(
        read_back()["cases"][0],
        json!({
            "name": "get/key/wrong[b]", "id": "wrong", "row": "b", "title": "A title",
            "file": "cases/get/key.yaml", "line": 10, "rules": ["GET-003"],
            "verdict": "deviates", "raw": "deviates", "flags": [], "reason": null,
            "findings": [{
                "step": 1, "check": "code", "grade": "deviates", "expected": "403 AccessDenied",
                "got": "403 Forbidden", "rule": "GET-003", "line": 14, "column": 9,
            }],
            "answers": [{
                "step": 1, "role": "step", "request": "GET /b/doc", "status": 403,
                "code": "Forbidden", "message": null, "headers": [["server", "x"]], "error": null,
                "curl": "curl",
            }],
            "duration_ms": 3,
        })
    );
}
