//! Made-up runs: one case for every way in which an answer can differ from S3's.

use std::time::Duration;

use ssec::case::error::Source;
use ssec::case::load::{Corpus, Library};
use ssec::event::{
    CaseResult, Cleanup, Counts, Ending, Event, FirstQuestion, RunStarted, SseC, SuiteInfo,
    Summary, TargetInfo,
};
use ssec::verdict::{Answer, Check, Finding, Gate, Grade, Overlay, Role, Verdict};

/// What the target says where it repeats a credential.
pub(crate) const SECRET: &str = "secret/value<&>of+somebody";

/// One rule and one case file.
pub(crate) fn corpus() -> Corpus {
    let rules = "\
format: 1
rules:
  - id: GET-003
    says: A read with another key than the object's is refused with 403 AccessDenied, whoever asks.
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
    let corpus = Library::from_sources(sources).load();
    corpus.expect("the corpus is right")
}

/// Every kind of finding: check, grade, expected, got.
const FINDINGS: &[(Check, Grade, &str, &str)] = &[
    (Check::Accepted, Grade::Fail, "403 AccessDenied", "200"),
    (Check::Refused, Grade::Fail, "200", "403 AccessDenied"),
    (
        Check::Stricter,
        Grade::Deviates,
        "200",
        "400 InvalidArgument",
    ),
    (Check::Status, Grade::Deviates, "403", "400"),
    (
        Check::Code,
        Grade::Deviates,
        "403 AccessDenied",
        "403 Forbidden",
    ),
    (
        Check::Header,
        Grade::Deviates,
        "x-amz-version-id",
        "no such header",
    ),
    (
        Check::Bytes,
        Grade::Fail,
        "the 1024 bytes of doc",
        "other bytes from offset 16",
    ),
    (
        Check::Field,
        Grade::Deviates,
        "ETag: absent",
        "ETag: \"a|b\"",
    ),
    (
        Check::ErrorDocument,
        Grade::Deviates,
        "an error document",
        "<html>, 100% & more",
    ),
    (
        Check::Length,
        Grade::Deviates,
        "Content-Length: 3",
        "2 bytes",
    ),
    (
        Check::ServerError,
        Grade::Fail,
        "400 InvalidArgument",
        "500 InternalError",
    ),
    (
        Check::KeyInAnswer,
        Grade::Fail,
        "no customer key",
        "key A in base64",
    ),
    (
        Check::PlaintextInAnswer,
        Grade::Fail,
        "nothing of the object",
        "16 bytes of doc",
    ),
    (
        Check::EtagIsMd5,
        Grade::Fail,
        "another ETag",
        "the MD5 of the plaintext",
    ),
    (
        Check::Look,
        Grade::Fail,
        "404 NoSuchKey",
        "200, the bytes of doc",
    ),
    (
        Check::Compare,
        Grade::Deviates,
        "different ETags",
        "equal ETags",
    ),
    (
        Check::Code,
        Grade::Note,
        "403 AccessDenied",
        "400 InvalidArgument",
    ),
];

/// The cases of a run in which everything happens.
pub(crate) fn everything() -> Vec<CaseResult> {
    let mut cases: Vec<_> = FINDINGS.iter().map(found).collect();
    let plain = |name: &str, raw, reason: Option<&str>| CaseResult {
        reason: reason.map(str::to_owned),
        ..case(name, raw)
    };
    cases.push(plain("right", Verdict::Pass, None));
    cases.push(plain("skipped", Verdict::Skip, Some("needs versions: 501")));
    let control = "the control failed: 403 AccessDenied";
    cases.push(plain("control", Verdict::Unproven, Some(control)));
    let mut setup = plain("set-up", Verdict::Unproven, Some("a set-up step failed"));
    setup.answers = vec![silent()];
    cases.push(setup);
    let mut known = found(&FINDINGS[4]);
    (known.name, known.overlay) = ("get/key/known".to_owned(), Some(Overlay::Known));
    cases.push(known);
    let mut stale = plain("stale", Verdict::Pass, None);
    stale.overlay = Some(Overlay::Stale);
    cases.push(stale);
    let mut alone = found(&FINDINGS[0]);
    alone.name = "put/key/alone".to_owned();
    alone.reason = Some("no request without the defect can succeed".to_owned());
    alone.flags = vec!["no-control".to_owned()];
    alone.answers.pop();
    cases.push(alone);
    cases
}

fn found(&(check, grade, expected, got): &(Check, Grade, &str, &str)) -> CaseResult {
    let (raw, end) = match grade {
        Grade::Note => (Verdict::Pass, "-note"),
        Grade::Deviates => (Verdict::Deviates, ""),
        Grade::Fail => (Verdict::Fail, ""),
    };
    let mut case = case(&format!("{}{end}", check.as_str()), raw);
    case.findings = vec![Finding {
        step: 0,
        check,
        grade,
        expected: expected.to_owned(),
        got: got.to_owned(),
        rule: Some("GET-003".to_owned()),
        line: 5,
        column: 39,
    }];
    if check == Check::Look {
        case.answers.push(answer(Role::Look, 200, None));
    }
    case
}

fn case(name: &str, raw: Verdict) -> CaseResult {
    CaseResult {
        name: format!("get/key/{name}"),
        id: name.to_owned(),
        row: None,
        title: "An object cannot be read with another key, <b>not</b> even by its owner".to_owned(),
        file: "cases/get/key.yaml".to_owned(),
        line: 4,
        rules: vec!["GET-003".to_owned()],
        raw,
        overlay: None,
        flags: Vec::new(),
        reason: None,
        answers: match raw {
            Verdict::Skip => Vec::new(),
            _ => vec![
                answer(Role::Step, 403, Some("Forbidden")),
                answer(Role::Control, 200, None),
            ],
        },
        findings: Vec::new(),
        transcript: None,
        duration: Duration::from_millis(3),
    }
}

/// An answer of a target that repeats a credential and would like to steer the terminal.
fn answer(role: Role, status: u16, code: Option<&str>) -> Answer {
    Answer {
        step: 0,
        role,
        request: "GET /bucket/doc".to_owned(),
        status: Some(status),
        code: code.map(str::to_owned),
        message: code.map(|_| format!("</pre><script>alert(1)</script> {SECRET} \u{1b}[2J")),
        headers: vec![("x-said".to_owned(), SECRET.to_owned())],
        error: None,
        curl: "curl -sS -i 'https://127.0.0.1:9443/bucket/doc'".to_owned(),
    }
}

fn silent() -> Answer {
    Answer {
        status: None,
        error: Some("the connection was reset".to_owned()),
        ..answer(Role::Setup, 0, None)
    }
}

/// The events of a run with these cases.
pub(crate) fn events(cases: Vec<CaseResult>, gate: Gate, ending: Ending) -> Vec<Event> {
    let mut counts = Counts::default();
    let mut events = vec![started(gate, cases.len())];
    let judged = !matches!(ending, Ending::Preflight(_));
    if judged {
        events.push(first_question());
    }
    for case in cases {
        counts.add(&case);
        events.push(Event::CaseFinished(Box::new(case)));
    }
    events.push(Event::Cleaned(Box::<Cleanup>::default()));
    events.push(Event::RunFinished(Box::new(Summary {
        counts,
        gate,
        passed: judged && counts.fail + counts.unproven + counts.stale == 0,
        ending,
        sse_c: if judged {
            SseC::Supported
        } else {
            SseC::Unasked
        },
        https_tested: false,
        features: Vec::new(),
        requests: 7,
        duration: Duration::from_millis(250),
    })));
    events
}

fn started(gate: Gate, selected: usize) -> Event {
    Event::RunStarted(Box::new(RunStarted {
        suite: SuiteInfo {
            version: "0.1.0".to_owned(),
            seed: "5eed".to_owned(),
            run_id: "run-1".to_owned(),
            selected,
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

fn first_question() -> Event {
    Event::FirstQuestion(Box::new(FirstQuestion {
        sse_c: SseC::Supported,
        because: "a GET without the key is refused".to_owned(),
        remedy: None,
        unblocked: false,
        https_tested: false,
        overlay: None,
        answers: Vec::new(),
        transcript: None,
    }))
}
