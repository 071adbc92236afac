//! The machine-readable report, schema `ssec.report/1`: its own types, so that a change inside the runner
//! cannot change the schema unseen.
//!
//! Fields may be added within version 1; none is removed, renamed or given another meaning.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::event::{CaseResult, Counts, Provenance, RunStarted, SseC};
use crate::verdict::{Answer, Check, Finding, Grade, Role};

use super::record::Record;

/// Name and version of the schema.
pub const SCHEMA: &str = "ssec.report/1";

/// The whole run as one document; ends with a line feed.
#[must_use]
pub fn document(record: &Record) -> String {
    let document = Document {
        schema: SCHEMA,
        suite: Suite::from(&record.started),
        target: Target::from(record),
        summary: record.summary.counts.into(),
        gate: GateView {
            level: record.summary.gate,
            passed: record.summary.passed,
        },
        run: Run::from(record),
        cases: record.cases.iter().map(Case::from).collect(),
    };
    let text = serde_json::to_string_pretty(&document);
    text.expect("strings, numbers and lists: nothing that JSON cannot say") + "\n"
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    suite: Suite<'a>,
    target: Target<'a>,
    summary: Totals,
    gate: GateView,
    run: Run<'a>,
    cases: Vec<Case<'a>>,
}

#[derive(Serialize)]
struct Suite<'a> {
    version: &'a str,
    seed: &'a str,
    run_id: &'a str,
    selected: usize,
    jobs: usize,
}

impl<'a> From<&'a RunStarted> for Suite<'a> {
    fn from(started: &'a RunStarted) -> Self {
        let suite = &started.suite;
        Self {
            version: &suite.version,
            seed: &suite.seed,
            run_id: &suite.run_id,
            selected: suite.selected,
            jobs: suite.jobs,
        }
    }
}

#[derive(Serialize)]
struct Target<'a> {
    endpoint: &'a str,
    http_endpoint: Option<&'a str>,
    region: &'a str,
    addressing: &'a str,
    bundled: bool,
    sse_c: SseC,
    because: Option<&'a str>,
    https_tested: bool,
    features: BTreeMap<&'a str, Feature<'a>>,
}

#[derive(Serialize)]
struct Feature<'a> {
    present: bool,
    provenance: Provenance,
    because: &'a str,
}

impl<'a> From<&'a Record> for Target<'a> {
    fn from(record: &'a Record) -> Self {
        let summary = &record.summary;
        let target = &record.started.target;
        let first = record.first_question.as_ref();
        let features = summary.features.iter().map(|feature| {
            let view = Feature {
                present: feature.present,
                provenance: feature.provenance,
                because: &feature.because,
            };
            (feature.name.as_str(), view)
        });
        Self {
            endpoint: &target.endpoint,
            http_endpoint: target.http_endpoint.as_deref(),
            region: &target.region,
            addressing: &target.addressing,
            bundled: target.bundled,
            sse_c: summary.sse_c,
            because: first.map(|first| first.because.as_str()),
            https_tested: summary.https_tested,
            features: features.collect(),
        }
    }
}

#[derive(Serialize)]
struct Totals {
    pass: usize,
    deviates: usize,
    fail: usize,
    unproven: usize,
    skip: usize,
    known: usize,
    stale: usize,
    notes: usize,
}

impl From<Counts> for Totals {
    fn from(counts: Counts) -> Self {
        let Counts {
            pass,
            deviates,
            fail,
            unproven,
            skip,
            known,
            stale,
            notes,
        } = counts;
        Self {
            pass,
            deviates,
            fail,
            unproven,
            skip,
            known,
            stale,
            notes,
        }
    }
}

#[derive(Serialize)]
struct GateView {
    level: crate::verdict::Gate,
    passed: bool,
}

#[derive(Serialize)]
struct Run<'a> {
    ending: &'a crate::event::Ending,
    requests: u64,
    duration_ms: u128,
    removed: usize,
    leftovers: &'a [String],
}

impl<'a> From<&'a Record> for Run<'a> {
    fn from(record: &'a Record) -> Self {
        let summary = &record.summary;
        Self {
            ending: &summary.ending,
            requests: summary.requests,
            duration_ms: summary.duration.as_millis(),
            removed: record.cleanup.removed,
            leftovers: &record.cleanup.leftovers,
        }
    }
}

#[derive(Serialize)]
struct Case<'a> {
    name: &'a str,
    id: &'a str,
    row: Option<&'a str>,
    title: &'a str,
    file: &'a str,
    line: u32,
    rules: &'a [String],
    verdict: &'static str,
    raw: &'static str,
    flags: &'a [String],
    reason: Option<&'a str>,
    findings: Vec<FindingView<'a>>,
    answers: Vec<AnswerView<'a>>,
    duration_ms: u128,
}

impl<'a> From<&'a CaseResult> for Case<'a> {
    fn from(case: &'a CaseResult) -> Self {
        Self {
            name: &case.name,
            id: &case.id,
            row: case.row.as_deref(),
            title: &case.title,
            file: &case.file,
            line: case.line,
            rules: &case.rules,
            verdict: case.verdict(),
            raw: case.raw.as_str(),
            flags: &case.flags,
            reason: case.reason.as_deref(),
            findings: case.findings.iter().map(FindingView::from).collect(),
            answers: case.answers.iter().map(AnswerView::from).collect(),
            duration_ms: case.duration.as_millis(),
        }
    }
}

#[derive(Serialize)]
struct FindingView<'a> {
    step: usize,
    check: Check,
    grade: Grade,
    expected: &'a str,
    got: &'a str,
    rule: Option<&'a str>,
    line: u32,
    column: u32,
}

impl<'a> From<&'a Finding> for FindingView<'a> {
    fn from(finding: &'a Finding) -> Self {
        Self {
            step: finding.step,
            check: finding.check,
            grade: finding.grade,
            expected: &finding.expected,
            got: &finding.got,
            rule: finding.rule.as_deref(),
            line: finding.line,
            column: finding.column,
        }
    }
}

#[derive(Serialize)]
struct AnswerView<'a> {
    step: usize,
    role: Role,
    request: &'a str,
    status: Option<u16>,
    code: Option<&'a str>,
    message: Option<&'a str>,
    headers: &'a [(String, String)],
    error: Option<&'a str>,
    curl: &'a str,
}

impl<'a> From<&'a Answer> for AnswerView<'a> {
    fn from(answer: &'a Answer) -> Self {
        Self {
            step: answer.step,
            role: answer.role,
            request: &answer.request,
            status: answer.status,
            code: answer.code.as_deref(),
            message: answer.message.as_deref(),
            headers: &answer.headers,
            error: answer.error.as_deref(),
            curl: &answer.curl,
        }
    }
}

#[cfg(test)]
mod tests;
