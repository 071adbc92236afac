//! The report for CI servers: JUnit's XML, one suite per area, one test case per case.
//!
//! JUnit knows less than we do. What fails the gate is a `failure`; what nothing is known about is an `error`;
//! what a baseline lists is `skipped`, as an expected failure is elsewhere; what differs and does not gate
//! succeeds and says so in its output. Every case carries its own verdict as a property.

use quick_junit::{NonSuccessKind, Property, Report, TestCase, TestCaseStatus, TestSuite};

use super::human::{self, explain};
use super::record::{Record, area_of, gate_word, reason_of};
use crate::case::load::Corpus;
use crate::event::{CaseResult, Ending, SseC};
use crate::verdict::{Overlay, Verdict};

/// The whole run; ends with a line feed.
#[must_use]
pub fn document(record: &Record, corpus: &Corpus) -> String {
    let mut report = Report::new("ssec");
    report.set_time(record.summary.duration);
    report.add_test_suite(target(record));
    for (area, _) in record.areas() {
        let mut suite = TestSuite::new(area);
        let cases = record.cases.iter().filter(|case| area_of(case) == area);
        let time = cases.clone().map(|case| case.duration).sum();
        suite.set_time(time);
        suite.add_test_cases(cases.map(|case| test_case(record, corpus, case)));
        report.add_test_suite(suite);
    }
    let text = report.to_string();
    text.expect("texts that quick-junit has cleaned make XML")
}

/// What was judged, and whether it could be: a run that judged nothing must not look green.
fn target(record: &Record) -> TestSuite {
    let (started, summary) = (&record.started, &record.summary);
    let mut suite = TestSuite::new("target");
    suite.add_properties([
        ("suite", started.suite.version.as_str()),
        ("seed", &started.suite.seed),
        ("endpoint", &started.target.endpoint),
        ("region", &started.target.region),
        ("addressing", &started.target.addressing),
        ("gate", gate_word(summary.gate)),
        ("sse-c", summary.sse_c.as_str()),
        (
            "https-rule",
            if summary.https_tested {
                "tested"
            } else {
                "not tested"
            },
        ),
    ]);
    let status = match unusable(record) {
        Some(why) => status(NonSuccessKind::Error, "target", &why, ""),
        None if summary.sse_c == SseC::Ignored => {
            let why = because(record);
            status(NonSuccessKind::Failure, "ignored", &why, "")
        }
        None => TestCaseStatus::success(),
    };
    let mut case = TestCase::new("does SSE-C", status);
    case.set_classname("target");
    suite.add_test_case(case);
    suite
}

/// Why the run says less than was asked, if it does.
fn unusable(record: &Record) -> Option<String> {
    match (&record.summary.ending, record.summary.sse_c) {
        (Ending::Preflight(why), _) => Some(why.clone()),
        (Ending::TargetDied, _) => Some(format!(
            "the target stopped answering: {}",
            record.died.as_deref().unwrap_or("no reason is known")
        )),
        (Ending::Interrupted, _) => Some("the run was interrupted".to_owned()),
        (_, SseC::Blocked | SseC::Unsupported) => Some(because(record)),
        (Ending::Complete | Ending::FirstQuestion | Ending::FailFast, _) => None,
    }
}

/// The answer to the first question in one line.
fn because(record: &Record) -> String {
    let because = record.first_question.as_ref().map(|first| &*first.because);
    let word = record.summary.sse_c.as_str();
    format!("SSE-C {word}: {}", because.unwrap_or("nobody asked"))
}

fn test_case(record: &Record, corpus: &Corpus, case: &CaseResult) -> TestCase {
    let name = case.name.splitn(3, '/').nth(2).unwrap_or(&case.name);
    let class = &case.name[..case.name.len() - name.len()];
    let mut test = TestCase::new(name, status_of(record, corpus, case));
    test.set_classname(class.trim_end_matches('/').replace('/', "."));
    test.set_time(case.duration);
    test.extra.insert("file".into(), case.file.as_str().into());
    let line = case.line.to_string();
    test.extra.insert("line".into(), line.as_str().into());
    test.add_property(Property::new("verdict", case.verdict()));
    test.add_property(Property::new("rules", case.rules.join(" ")));
    let quiet = !record.gates(case) && case.raw != Verdict::Skip;
    if quiet && !case.findings.is_empty() {
        test.set_system_out(explain(case, corpus));
    }
    test
}

fn status_of(record: &Record, corpus: &Corpus, case: &CaseResult) -> TestCaseStatus {
    let brief = human::brief(case);
    match (case.overlay, case.raw) {
        (Some(Overlay::Known), _) => skipped(&format!("known: {brief}")),
        (Some(Overlay::Stale), _) => {
            let message = "stale: better than the baseline lists; the entry must go";
            let text = explain(case, corpus);
            status(NonSuccessKind::Failure, "stale", message, &text)
        }
        (None, Verdict::Skip) => skipped(reason_of(case)),
        (None, Verdict::Unproven) => {
            let text = explain(case, corpus);
            status(NonSuccessKind::Error, "unproven", reason_of(case), &text)
        }
        (None, verdict) if record.gates(case) => {
            let text = explain(case, corpus);
            status(NonSuccessKind::Failure, verdict.as_str(), &brief, &text)
        }
        (None, Verdict::Pass | Verdict::Deviates | Verdict::Fail) => TestCaseStatus::success(),
    }
}

fn skipped(message: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    status.set_message(message);
    status
}

fn status(kind: NonSuccessKind, type_: &str, message: &str, text: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    status.set_type(type_);
    status.set_message(message);
    if !text.is_empty() {
        status.set_description(text);
    }
    status
}
