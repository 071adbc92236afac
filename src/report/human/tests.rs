//! What people see, word for word.

use std::time::Duration;

use crate::case::error::Source;
use crate::case::load::{Corpus, Library};
use crate::event::{
    CaseResult, Cleanup, Counts, Ending, Event, FirstQuestion, RunStarted, SseC, SuiteInfo,
    Summary, TargetInfo,
};
use crate::report::{Settings, Style};
use crate::target::Credentials;
use crate::verdict::{Answer, Check, Finding, Gate, Grade, Role, Verdict};

use super::Human;

/// One case file and one rule.
fn corpus() -> Corpus {
    let rules = "\
format: 1
rules:
  - id: GET-003
    says: A read with another key than the object's is refused.
    evidence: recorded
    impact: data-leak
    sources: [{ what: recording, where: 'some/body @1 x.json #7', read: 2026-11-23 }]
";
    let cases = "\
format: 1
about: Keys that open nothing.
cases:
  - { id: wrong, title: It is refused, rules: [GET-003], steps: [
      { get: { object: doc, sse_c: A, expect: { status: 404 } } } ] }
";
    let sources = [
        Source::new("cases/rules/get.yaml", rules),
        Source::new("cases/get/key.yaml", cases),
    ];
    Library::from_sources(sources)
        .load()
        .expect("the corpus is right")
}

/// Everything that is printed for these cases.
fn printed(style: Style, verbosity: u8, gate: Gate, cases: Vec<CaseResult>) -> String {
    let credentials = Credentials::new("id", "secret-value", None);
    let corpus = corpus();
    let settings = Settings {
        verbosity,
        credentials,
        corpus: &corpus,
        accept: None,
    };
    let mut human = Human::new(style, &settings);
    let mut counts = Counts::default();
    let mut events = vec![started(gate), first_question(SseC::Supported, false)];
    for case in cases {
        counts.add(&case);
        events.push(Event::CaseFinished(Box::new(case)));
    }
    events.push(Event::Cleaned(Box::default()));
    events.push(finished(gate, counts, Ending::Complete));
    events.iter().map(|event| human.event(event)).collect()
}

fn started(gate: Gate) -> Event {
    Event::RunStarted(Box::new(RunStarted {
        suite: SuiteInfo {
            version: "0.1.0".to_owned(),
            seed: "5eed".to_owned(),
            run_id: "run-1".to_owned(),
            selected: 2,
            jobs: 8,
        },
        target: TargetInfo {
            endpoint: "https://127.0.0.1:9443".to_owned(),
            http_endpoint: None,
            region: "us-east-1".to_owned(),
            addressing: "path".to_owned(),
            bundled: false,
        },
        gate,
    }))
}

fn first_question(sse_c: SseC, https_tested: bool) -> Event {
    Event::FirstQuestion(Box::new(FirstQuestion {
        sse_c,
        because: "a GET without the key is refused".to_owned(),
        remedy: None,
        unblocked: false,
        https_tested,
        overlay: None,
        answers: Vec::new(),
        transcript: None,
    }))
}

fn finished(gate: Gate, counts: Counts, ending: Ending) -> Event {
    Event::RunFinished(Box::new(Summary {
        counts,
        gate,
        passed: counts.fail + counts.unproven == 0,
        ending,
        sse_c: SseC::Supported,
        https_tested: false,
        features: Vec::new(),
        requests: 7,
        duration: Duration::from_millis(250),
    }))
}

fn case(name: &str, raw: Verdict, findings: Vec<Finding>) -> CaseResult {
    CaseResult {
        name: format!("get/key/{name}"),
        id: name.to_owned(),
        row: None,
        title: "An object cannot be read with another key".to_owned(),
        file: "cases/get/key.yaml".to_owned(),
        line: 5,
        rules: vec!["GET-003".to_owned()],
        raw,
        overlay: None,
        flags: Vec::new(),
        reason: None,
        answers: vec![
            answer(Role::Step, Some(200), "GET /b/doc"),
            answer(Role::Control, Some(200), "GET /b/doc"),
        ],
        findings,
        transcript: None,
        duration: Duration::from_millis(3),
    }
}

fn accepted(grade: Grade) -> Finding {
    Finding {
        step: 0,
        check: Check::Accepted,
        grade,
        expected: "403 AccessDenied".to_owned(),
        got: "200".to_owned(),
        rule: Some("GET-003".to_owned()),
        line: 5,
        column: 39,
    }
}

fn answer(role: Role, status: Option<u16>, request: &str) -> Answer {
    Answer {
        step: 0,
        role,
        request: request.to_owned(),
        status,
        code: None,
        message: None,
        headers: Vec::new(),
        error: status
            .is_none()
            .then(|| "the connection was reset".to_owned()),
        curl: "curl --aws-sigv4 aws:amz:us-east-1:s3".to_owned(),
    }
}

const HEAD: &str = "\
ssec 0.1.0: 2 cases, 8 at a time, seed 5eed
target  https://127.0.0.1:9443 (region us-east-1, path-style)
SSE-C   supported: a GET without the key is refused
https   https rule NOT TESTED: no http endpoint was named
";

#[test]
fn a_failure_explains_itself() {
    let cases = vec![
        case("wrong", Verdict::Fail, vec![accepted(Grade::Fail)]),
        case("right", Verdict::Pass, Vec::new()),
    ];
    let expected = "\
fail      get/key/wrong  accepted: expected 403 AccessDenied, got 200

fail: get/key/wrong
  An object cannot be read with another key
  cases/get/key.yaml:5:39: accepted what S3 refuses
    |
  5 |       { get: { object: doc, sse_c: A, expect: { status: 404 } } } ] }
    |                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
   = expected: 403 AccessDenied
   = got:      200
   = answer:   GET /b/doc -> 200
   = control:  without the defect: GET /b/doc -> 200
   = rule:     GET-003: A read with another key than the object's is refused.
   = impact:   data-leak (the rule is recorded once)
   = source:   recording: some/body @1 x.json #7
   = repeat:
     curl --aws-sigv4 aws:amz:us-east-1:s3

result  2 cases in 0.25 s, 7 requests: 1 pass, 1 fail
gate    safe: FAILS
next    1 unsafe or broken, https not tested (--http-endpoint URL)
next    why it matters: ssec explain wrong
";
    assert_eq!(
        printed(Style::PLAIN, 0, Gate::Safe, cases),
        format!("{HEAD}{expected}")
    );
}

#[test]
fn what_does_not_gate_is_one_line() {
    let cases = vec![
        case("other", Verdict::Deviates, vec![accepted(Grade::Deviates)]),
        case("note", Verdict::Pass, vec![accepted(Grade::Note)]),
    ];
    let expected = "\
deviates  get/key/other  accepted: expected 403 AccessDenied, got 200

result  2 cases in 0.25 s, 7 requests: 1 pass, 1 deviate, 1 note
gate    safe: holds
next    1 not exact, https not tested (--http-endpoint URL)
";
    assert_eq!(
        printed(Style::PLAIN, 0, Gate::Safe, cases),
        format!("{HEAD}{expected}")
    );
}

#[test]
fn an_unproven_case_says_why() {
    let mut unproven = case("died", Verdict::Unproven, Vec::new());
    unproven.reason = Some("the control failed".to_owned());
    unproven.answers = vec![answer(Role::Control, None, "PUT /b/doc")];
    let expected = "\
unproven: get/key/died
  An object cannot be read with another key
  cases/get/key.yaml:5:1: nothing is known about this case
    |
  5 |       { get: { object: doc, sse_c: A, expect: { status: 404 } } } ] }
    | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
   = reason:   the control failed
   = answer:   control PUT /b/doc -> the connection was reset
   = repeat:
     curl --aws-sigv4 aws:amz:us-east-1:s3
";
    let text = printed(Style::PLAIN, 0, Gate::Safe, vec![unproven]);
    assert!(text.contains(expected), "{text}");
}

#[test]
fn verbose_runs_show_every_case_and_every_answer() {
    let cases = || vec![case("right", Verdict::Pass, Vec::new())];
    let line = "pass      get/key/right\n";
    assert!(!printed(Style::PLAIN, 0, Gate::Safe, cases()).contains(line));
    assert!(printed(Style::PLAIN, 1, Gate::Safe, cases()).contains(line));
    let answers = "          step    GET /b/doc -> 200\n          control GET /b/doc -> 200\n";
    assert!(printed(Style::PLAIN, 2, Gate::Safe, cases()).contains(&format!("{line}{answers}")));
}

#[test]
fn skipped_cases_are_counted_by_reason() {
    let skipped = |name: &str, reason: &str| CaseResult {
        reason: Some(reason.to_owned()),
        ..case(name, Verdict::Skip, Vec::new())
    };
    let cases = vec![
        skipped("a", "no versions"),
        skipped("b", "no versions"),
        skipped("c", "no POST"),
    ];
    let text = printed(Style::PLAIN, 0, Gate::Safe, cases);
    let expected = "skipped 1: no POST\nskipped 2: no versions\nresult  3 cases in 0.25 s, 7 requests: 3 skipped\n";
    assert!(text.contains(expected), "{text}");
    assert!(text.contains("next    no case was judged"), "{text}");
}

#[test]
fn a_narrow_terminal_wraps_prose() {
    let cases = vec![case("wrong", Verdict::Fail, vec![accepted(Grade::Fail)])];
    let text = printed(Style::wrapped(44), 0, Gate::Safe, cases);
    let expected = "\
   = rule:     GET-003: A read with another
               key than the object's is
               refused.
";
    assert!(text.contains(expected), "{text}");
}

#[test]
fn leftovers_are_loud() {
    let corpus = corpus();
    let settings = Settings {
        verbosity: 0,
        credentials: Credentials::new("id", "secret-value", None),
        corpus: &corpus,
        accept: None,
    };
    let mut human = Human::new(Style::PLAIN, &settings);
    human.event(&started(Gate::Safe));
    human.event(&Event::Cleaned(Box::new(Cleanup {
        removed: 1,
        leftovers: vec!["object b/doc: 500".to_owned()],
        journal: Some("/tmp/run-1.journal".into()),
        kept: false,
    })));
    let ending = Ending::Preflight("connection refused".to_owned());
    let text = human.event(&finished(Gate::Safe, Counts::default(), ending));
    assert_eq!(
        text,
        "\nthe target cannot be tested: connection refused\n\
         LEFT ON THE TARGET: 1 that could not be removed\n        \
         object b/doc: 500\n        \
         remove them with: ssec clean /tmp/run-1.journal\n"
    );
}
