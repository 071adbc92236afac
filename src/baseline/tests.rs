//! Baselines: what is refused and where, what an entry makes of a case, and what writing keeps.

use time::Date;
use time::macros::date;

use super::*;
use crate::case::load::{Corpus, Library};
use crate::event::{CaseResult, Event, FirstQuestion, Sink, SseC};
use crate::verdict::{Answer, Check, Finding, Gate, Grade, Overlay, Role};

const TODAY: Date = date!(2026 - 11 - 24);

fn corpus() -> Corpus {
    let cases = "format: 1\nabout: x\ncases:\n  - id: no-key\n    title: t\n    rules: [PUT-001]\n    \
        table: { columns: [name, key], rows: [[a->b, A], [two, B]] }\n    \
        steps:\n      - head: { object: a, sse_c: $row.key, expect: ok }\n  - id: whole\n    title: t\n    \
        rules: [PUT-001]\n    steps:\n      - head: { object: a, sse_c: A, expect: ok }\n";
    let rule = "format: 1\nrules:\n  - id: PUT-001\n    says: s\n    evidence: inferred\n    impact: interop\n    \
        sources: [{ what: reading, where: x, read: 2026-11-23 }]\n";
    let retired = "format: 1\nretired: [{ id: gone, because: it was wrong }]\n";
    let sources = [
        ("put/headers.yaml", cases),
        ("rules/put.yaml", rule),
        ("retired.yaml", retired),
    ];
    Library::from_sources(sources.map(|(path, text)| Source::new(path, text)))
        .load()
        .unwrap_or_else(|errors| panic!("{errors:?}"))
}

const HEAD: &str = "format: 1\nabout: What a server does otherwise.\nentries:\n";

fn read(entries: &str) -> Result<Baseline, String> {
    let source = Source::new("b.yaml", format!("{HEAD}{entries}"));
    Baseline::read(&source, &corpus()).map_err(|errors| errors[0].to_string())
}

fn baseline(entries: &str) -> Baseline {
    read(entries).unwrap_or_else(|error| panic!("{error}"))
}

fn entry(case: &str, rest: &str) -> String {
    format!("  - {{ case: \"{case}\", reason: known for long, {rest} }}\n")
}

#[track_caller]
fn refused(case: &str, rest: &str, expected: &[&str]) {
    let error = read(&entry(case, rest)).expect_err("it is refused");
    for expected in expected {
        assert!(error.contains(expected), "{expected}\n---\n{error}");
    }
}

#[test]
fn what_is_wrong_is_shown_where_it_stands() {
    let so = "verdict: deviates, got: 403 AccessDenied";
    refused(
        "no-kye[two]",
        so,
        &[
            "b.yaml:4:13: there is no case no-kye[two]",
            "did you mean `no-key[two]`?",
        ],
    );
    refused(
        "put/headers/no-kez[two]",
        so,
        &["did you mean `put/headers/no-key[two]`?"],
    );
    refused(
        "no-key",
        so,
        &[
            "there is no case no-key",
            "allowed: no-key[a->b], no-key[two]",
        ],
    );
    refused("gone", so, &["it was retired: it was wrong"]);
    refused(
        "whole",
        "verdict: pass, got: 200",
        &["`pass` is no verdict", "allowed: deviates, fail, unproven"],
    );
    refused(
        "whole",
        "verdict: deviates, got: 40x",
        &["`40x` is neither"],
    );
    refused(
        "whole",
        "verdict: deviates, got: heeder",
        &["did you mean `header`?"],
    );
    refused(
        "whole",
        "verdict: deviates, got: []",
        &["`got` must say something"],
    );
    refused(
        "whole",
        "verdict: fail, got: 200, until: 2026-12-31",
        &["a `fail` needs the field `issue`"],
    );
    refused(
        "whole",
        "verdict: fail, got: 200, issue: x",
        &["a `fail` needs the field `until`"],
    );
    refused(
        "whole",
        "verdict: fail, got: 200, issue: x, until: soon",
        &["`soon` is no date"],
    );
    refused(
        "whole",
        &format!("{so}, because: x"),
        &["an entry has no field `because`"],
    );
    refused("first-question", so, &["can be accepted in one way"]);
    let twice = read(&(entry("whole", so) + &entry("put/headers/whole", so)));
    assert!(twice.is_err_and(|error| error.contains("is listed twice")));
}

#[test]
fn a_row_is_listed_by_its_id_or_by_its_whole_name() {
    for name in ["no-key[a->b]", "put/headers/no-key[a->b]"] {
        let baseline = baseline(&entry(name, "verdict: deviates, got: header"));
        assert_eq!(baseline.entries()[0].case, "put/headers/no-key[a->b]");
    }
}

/// A case with one finding per `(check, grade)`, all at a step that was answered like this.
fn case(verdict: Verdict, status: u16, code: Option<&str>, found: &[(Check, Grade)]) -> CaseResult {
    let finding = |&(check, grade)| Finding {
        step: 1,
        check,
        grade,
        expected: String::new(),
        got: String::new(),
        rule: None,
        line: 1,
        column: 1,
    };
    let answer = Answer {
        step: 1,
        role: Role::Step,
        request: String::new(),
        status: (status > 0).then_some(status),
        code: code.map(str::to_owned),
        message: None,
        headers: Vec::new(),
        error: None,
        curl: String::new(),
    };
    CaseResult {
        name: "put/headers/whole".to_owned(),
        id: "whole".to_owned(),
        row: None,
        title: String::new(),
        file: String::new(),
        line: 1,
        rules: Vec::new(),
        raw: verdict,
        overlay: None,
        flags: Vec::new(),
        reason: None,
        findings: found.iter().map(finding).collect(),
        answers: vec![answer],
        transcript: None,
        duration: std::time::Duration::ZERO,
    }
}

fn deviates(code: &str) -> CaseResult {
    case(
        Verdict::Deviates,
        400,
        Some(code),
        &[(Check::Code, Grade::Deviates)],
    )
}

/// What an entry makes of a case: the overlay's word, `-` without one, and the reason.
#[track_caller]
fn check(listed: &str, mut now: CaseResult, expected: &str, because: &str) {
    baseline(&entry("whole", listed)).lay_over(&mut now, TODAY);
    assert_eq!(
        now.overlay.map_or("-", Overlay::as_str),
        expected,
        "{listed} {now:?}"
    );
    let reason = now.reason.unwrap_or_default();
    assert!(reason.contains(because), "{because}\n---\n{reason}");
}

#[test]
fn listed_and_so_is_known_better_is_stale_and_otherwise_is_not_covered() {
    use Verdict::{Fail, Pass, Skip, Unproven};
    let listed = "verdict: deviates, got: 400 InvalidRequest";
    check(
        listed,
        deviates("InvalidRequest"),
        "known",
        "known for long",
    );
    check(listed, deviates("AccessDenied"), "-", "");
    check(
        listed,
        case(Pass, 200, None, &[]),
        "stale",
        "now `pass`: remove the entry",
    );
    check(listed, case(Skip, 501, None, &[]), "-", "");
    check(listed, case(Unproven, 0, None, &[]), "-", "");
    check(
        listed,
        case(Fail, 200, None, &[(Check::Accepted, Grade::Fail)]),
        "-",
        "",
    );
    let fails = "verdict: fail, got: 200, issue: x, until: 2026-12-31";
    check(
        fails,
        case(Fail, 200, None, &[(Check::Accepted, Grade::Fail)]),
        "known",
        "",
    );
    check(
        fails,
        deviates("AccessDenied"),
        "stale",
        "now `deviates` with 400 AccessDenied",
    );
    check(
        "verdict: unproven, got: no-answer",
        case(Unproven, 0, None, &[]),
        "known",
        "",
    );
    check(
        "verdict: unproven, got: 403",
        case(Unproven, 403, None, &[]),
        "known",
        "",
    );
    check(
        "verdict: unproven, got: 403",
        deviates("AccessDenied"),
        "-",
        "",
    );
}

#[test]
fn every_gravest_finding_is_pinned() {
    let both = [
        (Check::Header, Grade::Deviates),
        (Check::Field, Grade::Deviates),
    ];
    let now = |found: &[(Check, Grade)]| case(Verdict::Deviates, 200, None, found);
    check(
        "verdict: deviates, got: [header, field]",
        now(&both),
        "known",
        "",
    );
    check("verdict: deviates, got: header", now(&both), "-", "");
    check(
        "verdict: deviates, got: [header, field]",
        now(&both[..1]),
        "stale",
        "now `deviates` with header",
    );
    let note = [
        (Check::Header, Grade::Deviates),
        (Check::Field, Grade::Note),
    ];
    check("verdict: deviates, got: header", now(&note), "known", "");
}

#[test]
fn what_is_over_is_stale() {
    let listed = |until: &str| format!("verdict: deviates, got: 400 AccessDenied, until: {until}");
    check(&listed("2026-11-24"), deviates("AccessDenied"), "known", "");
    check(
        &listed("2026-11-23"),
        deviates("AccessDenied"),
        "stale",
        "listed as `deviates` with 400 AccessDenied in b.yaml:4 until 2026-11-23, which is over",
    );
}

fn first(sse_c: SseC) -> FirstQuestion {
    FirstQuestion {
        sse_c,
        because: "so".to_owned(),
        remedy: None,
        unblocked: false,
        https_tested: true,
        overlay: None,
        answers: Vec::new(),
        transcript: None,
    }
}

#[test]
fn a_target_without_sse_c_can_be_accepted_too() {
    let baseline = baseline(&entry(
        "first-question",
        "verdict: fail, got: ignored, issue: x, until: 2026-12-31",
    ));
    for (sse_c, expected) in [
        (SseC::Ignored, Overlay::Known),
        (SseC::Supported, Overlay::Stale),
    ] {
        let mut first = first(sse_c);
        baseline.lay_over_first(&mut first, TODAY);
        assert_eq!(first.overlay, Some(expected));
    }
}

/// What a run of these cases makes of a baseline.
fn merged(before: Option<&Baseline>, cases: &[CaseResult], gate: Gate) -> Merged {
    let mut recorder = Recorder::default();
    for case in cases {
        recorder.event(&Event::CaseFinished(Box::new(case.clone())));
    }
    merge(
        before,
        &recorder,
        gate,
        "What h does otherwise: found 2026-11-24",
        TODAY,
    )
}

#[test]
fn a_new_baseline_lists_what_the_gate_forbids_and_accepts_just_that() {
    let fails = case(Verdict::Fail, 200, None, &[(Check::Accepted, Grade::Fail)]);
    let mut other = deviates("AccessDenied");
    other.name = "put/headers/no-key[a->b]".to_owned();
    let cases = [fails.clone(), other];
    let safe = merged(None, &cases, Gate::Safe);
    assert_eq!(
        safe.text,
        "format: 1\nabout: \"What h does otherwise: found 2026-11-24\"\nentries:\n  - case: put/headers/whole\n    \
         verdict: fail\n    got: 200\n    reason: TODO\n    issue: TODO\n    until: 2027-02-22\n"
    );
    let exact = merged(None, &cases, Gate::Exact);
    assert_eq!((safe.added, exact.added), (1, 2));
    let read =
        Baseline::read(&Source::new("b.yaml", exact.text), &corpus()).expect("it can be read");
    for mut case in cases {
        read.lay_over(&mut case, TODAY);
        assert_eq!(case.overlay, Some(Overlay::Known), "{}", case.name);
    }
    let unfinished: Vec<String> = read.unfinished().iter().map(ToString::to_string).collect();
    assert_eq!(unfinished.len(), 2);
    assert!(
        unfinished[0].contains("is still to be written"),
        "{unfinished:?}"
    );
}

const WRITTEN: &str = "# Ours.
format: 1
about: What a server does otherwise.
entries:
  # Their parser.
  - case: whole
    verdict: deviates
    got: 400 InvalidRequest
    reason: see their manual   # page 7
  - case: no-key[two]
    verdict: deviates
    got: header
    reason: not in this run
";

fn before() -> Baseline {
    Baseline::read(&Source::new("b.yaml", WRITTEN), &corpus()).expect("it can be read")
}

#[test]
fn what_still_holds_is_left_as_it_is_written() {
    let same = merged(Some(&before()), &[deviates("InvalidRequest")], Gate::Exact);
    assert_eq!(same.text, WRITTEN);
    assert_eq!((same.added, same.changed, same.removed), (0, 0, 0));
}

#[test]
fn what_holds_no_more_is_removed_and_what_changed_needs_a_reason_again() {
    let better = merged(
        Some(&before()),
        &[case(Verdict::Pass, 200, None, &[])],
        Gate::Exact,
    );
    assert_eq!(better.removed, 1);
    assert!(
        better.text.starts_with("# Ours.") && !better.text.contains("whole"),
        "{}",
        better.text
    );
    assert!(better.text.contains("not in this run"));
    let other = merged(Some(&before()), &[deviates("AccessDenied")], Gate::Exact);
    assert_eq!(other.changed, 1);
    let expected = "got: 400 AccessDenied\n    reason: \"TODO, was: see their manual\"\n";
    assert!(other.text.contains(expected), "{}", other.text);
}

#[test]
fn a_day_that_is_over_is_not_renewed() {
    let text = WRITTEN.replace("reason: see", "until: 2026-11-01\n    reason: see");
    let before =
        Baseline::read(&Source::new("b.yaml", text.clone()), &corpus()).expect("it can be read");
    let merged = merged(Some(&before), &[deviates("InvalidRequest")], Gate::Exact);
    assert_eq!((merged.expired, merged.text), (1, text));
}

#[test]
fn entries_on_one_line_are_written_anew_without_loss() {
    let before = read("  [{ case: whole, verdict: deviates, got: header, reason: \"a: b\" }]\n")
        .expect("it is YAML");
    let merged = merged(Some(&before), &[], Gate::Exact);
    let after =
        Baseline::read(&Source::new("b.yaml", merged.text), &corpus()).expect("it can be read");
    assert_eq!(
        (after.about.clone(), &after.entries()[0].reason),
        (before.about.clone(), &"a: b".to_owned())
    );
}
