//! The command as users meet it: what each exit code takes, what is printed, and that no credential ever is.

mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use http_body_util::Full;
use hyper::{Response, StatusCode};
use support::command::{Folder, check, command, printed, text};
use support::{StandIn, error, ok};

/// A case that a server cannot live up to, in a folder of cases.
fn impossible(folder: &Folder) -> &Path {
    folder.write(
        "get/wrong.yaml",
        "format: 1
about: A wrong expectation.
cases:
  - id: put-is-refused
    title: An ordinary PUT is refused
    rules: [PUT-001]
    data: { doc: 1KiB }
    steps:
      - put: { object: doc, body: doc, sse_c: A, expect: ok }
      - get: { object: doc, sse_c: A, expect: { status: 206, body: doc } }
",
    );
    &folder.0
}

#[test]
fn zero_means_that_the_gate_holds_and_a_case_ran() {
    let (out, _) = check(&["run", "get-with-another-key"], 0);
    assert!(out.contains("SSE-C   supported"), "{out}");
    assert!(
        out.contains("3 pass") && out.contains("gate    exact: holds"),
        "{out}"
    );
    assert!(!out.contains('\u{1b}'), "no colour in a pipe: {out}");
}

#[test]
fn buckets_can_stand_in_front_of_the_host() {
    let (out, _) = check(
        &["run", "get-with-another-key", "--addressing", "virtual"],
        0,
    );
    assert!(
        out.contains("virtual-style") && out.contains("3 pass"),
        "{out}"
    );
}

#[test]
fn options_of_an_endpoint_are_refused_without_one() {
    for option in [
        &["--ca-file", "x"][..],
        &["--insecure"],
        &["--region", "x"],
        &["--bucket", "x"],
    ] {
        check(&[&["run"], option].concat(), 2);
    }
}

#[test]
fn one_means_that_the_gate_failed_and_shows_where() {
    let folder = Folder::new("gate");
    let (out, _) = check(&["run", "--cases", text(impossible(&folder))], 1);
    for expected in [
        "get/wrong.yaml:10:",
        "     - get: { object: doc, sse_c: A, expect: { status: 206, body: doc } }",
        "^^^",
        "= expected: 206",
        "= got:      200",
        "= rule:     PUT-001: ",
        "= repeat:",
        "curl ",
        "gate    exact: FAILS",
        "ssec explain put-is-refused",
    ] {
        assert!(out.contains(expected), "{expected}\n---\n{out}");
    }
}

#[test]
fn two_means_a_mistake_and_that_nothing_was_sent() {
    let folder = Folder::new("typo");
    folder.write(
        "get/typo.yaml",
        "format: 1\nabout: x\ncases:\n  - id: a-case\n    titel: x\n",
    );
    let cases = text(&folder.0);
    let dead = "https://127.0.0.1:1";
    for arguments in [
        &["lint", cases][..],
        &["run", "--cases", cases, "--endpoint", dead],
        &["list", "--cases", cases],
    ] {
        let (_, err) = check(arguments, 2);
        assert!(err.contains("typo.yaml:5:5: "), "{err}");
        assert!(err.contains("5 |     titel: x\n  |     ^^^^^\n"), "{err}");
        assert!(err.contains("did you mean `title`?"), "{err}");
    }
    for arguments in [
        &["run", "--no-such-flag"][..],
        &["run", "--endpoint", "localhost:9000"],
        &["run", "--endpoint", dead, "--ca-file", "/nowhere/ca.pem"],
        &["run", "--format", "xml"],
        &["run", "--format", "json=/nowhere/report.json"],
        &["run", "--cases", "/nowhere"],
        &["explain", "no-such-thing"],
        &["serve", "--https", "localhost"],
    ] {
        check(arguments, 2);
    }
}

#[test]
fn two_is_also_for_missing_credentials() {
    let arguments = ["run", "--endpoint", "https://127.0.0.1:1"];
    let mut command = command(&arguments);
    let output = command
        .env_remove("AWS_ACCESS_KEY_ID")
        .env("HOME", "/nowhere")
        .output();
    let (_, err) = printed(&arguments, &output.expect("the command can be run"), 2);
    assert!(err.contains("AWS_ACCESS_KEY_ID"), "{err}");
}

#[test]
fn three_means_that_the_target_cannot_be_judged() {
    let (out, _) = check(&["run", "--endpoint", "https://127.0.0.1:1"], 3);
    assert!(out.contains("the target cannot be tested"), "{out}");
}

#[test]
fn three_is_also_for_a_certificate_that_is_not_trusted() {
    let stand_in = StandIn::start(|_| error(403, "AccessDenied"));
    let (out, _) = check(&["run", "--endpoint", &stand_in.endpoint], 3);
    assert!(out.contains("certificate"), "{out}");
}

#[test]
fn four_means_that_nothing_ran() {
    let (_, err) = check(&["run", "get-with-anotherkey"], 4);
    assert!(
        err.contains("did you mean `get-with-another-key`?"),
        "{err}"
    );
    check(&["list", "--rule", "NO-999"], 4);
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_cleans_up_and_says_130() {
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
    static ASKED: AtomicUsize = AtomicUsize::new(0);
    static DELETED: AtomicUsize = AtomicUsize::new(0);
    let stand_in = StandIn::start(|request| {
        // Slow enough that the run is not over when it is interrupted.
        std::thread::sleep(Duration::from_millis(30));
        ASKED.fetch_add(1, SeqCst);
        DELETED.fetch_add(usize::from(request.method() == "DELETE"), SeqCst);
        ok()
    });
    let folder = Folder::new("interrupt");
    let ca = stand_in.ca_file(&folder.0);
    let arguments = [
        "run",
        "--endpoint",
        &stand_in.endpoint,
        "--ca-file",
        text(&ca),
    ];
    let mut run = command(&arguments);
    let run = run
        .env("XDG_STATE_HOME", &folder.0)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let child = run.spawn().expect("it starts");
    while ASKED.load(SeqCst) < 10 {
        std::thread::sleep(Duration::from_millis(20));
    }
    let killed = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(killed.is_ok_and(|status| status.success()), "kill is there");
    let output = child.wait_with_output().expect("it ends");
    let (out, _) = printed(&arguments, &output, 130);
    assert!(out.contains("(interrupted)"), "{out}");
    assert!(DELETED.load(SeqCst) > 1, "what was made is removed");
    let left = fs::read_dir(folder.0.join("ssec")).expect("the journal had its folder");
    assert_eq!(left.count(), 0, "the journal goes when nothing is left");
}

#[test]
fn a_server_that_refuses_everything_is_not_judged() {
    let (out, _) = against(&StandIn::start(|_| error(403, "AccessDenied")), 3);
    assert!(out.contains("the target cannot be tested"), "{out}");
    assert!(!out.contains("pass"), "{out}");
}

#[test]
fn a_server_that_accepts_everything_ignores_sse_c() {
    let (out, _) = against(&StandIn::start(|_| ok()), 1);
    assert!(out.contains("SSE-C   ignored"), "{out}");
    assert!(out.contains("gate    safe: FAILS"), "{out}");
}

#[test]
fn a_server_that_speaks_another_protocol_is_not_judged() {
    let html = || Response::new(Full::from("<html><p>Welcome!</html>"));
    let (out, _) = against(
        &StandIn::start(move |_| {
            let mut answer = html();
            *answer.status_mut() = StatusCode::NOT_FOUND;
            answer
        }),
        3,
    );
    assert!(out.contains("is this an S3 endpoint?"), "{out}");
}

/// Runs everything against a stand-in.
#[track_caller]
fn against(stand_in: &StandIn, code: i32) -> (String, String) {
    let folder = Folder::new(&stand_in.endpoint.replace(['/', ':'], "-"));
    let ca = stand_in.ca_file(&folder.0);
    let arguments = [
        "run",
        "--endpoint",
        &stand_in.endpoint,
        "--ca-file",
        text(&ca),
    ];
    let output = command(&arguments)
        .env("XDG_STATE_HOME", &folder.0)
        .output();
    printed(&arguments, &output.expect("the command can be run"), code)
}

#[test]
fn the_machine_readable_report_is_written_beside_the_other() {
    let folder = Folder::new("json");
    let report = folder.0.join("report.json");
    let json = format!("json={}", text(&report));
    let (out, _) = check(
        &[
            "run",
            "get-with-another-key",
            "--format",
            "human",
            "--format",
            &json,
        ],
        0,
    );
    assert!(out.contains("gate    exact: holds"), "{out}");
    let document = fs::read(&report).expect("the report is there");
    let document: serde_json::Value = serde_json::from_slice(&document).expect("it is JSON");
    assert_eq!(document["schema"], "ssec.report/1");
    assert_eq!(document["summary"]["pass"], 3);
    assert_eq!(document["cases"].as_array().map(Vec::len), Some(3));
    assert_eq!(document["gate"]["passed"], true);
}

#[test]
fn json_alone_is_all_there_is_on_standard_output() {
    let (out, _) = check(&["run", "get-with-another-key", "--format", "json"], 0);
    let document: serde_json::Value =
        serde_json::from_str(&out).expect("it is JSON and nothing else");
    assert_eq!(document["target"]["sse_c"], "supported");
    check(&["run", "--format", "json", "--format", "human"], 2);
}

#[test]
fn probing_asks_the_first_question_only() {
    let (out, _) = check(&["run", "--probe"], 0);
    assert!(out.contains("SSE-C   supported"), "{out}");
    assert!(!out.contains("gate"), "{out}");
}

#[test]
fn everything_can_be_explained() {
    let (out, _) = check(&["explain", "GET-003"], 0);
    assert!(
        out.contains("data-leak") && out.contains("get-with-another-key"),
        "{out}"
    );
    let (out, _) = check(&["explain", "get-with-another-key[1KiB]"], 0);
    assert!(
        out.contains("GET-003") && out.contains("but: { sse_c: B }"),
        "{out}"
    );
    let (_, err) = check(&["explain", "GET-03"], 2);
    assert!(err.contains("did you mean `GET-003`?"), "{err}");
}

#[test]
fn listing_and_linting_send_nothing_and_succeed() {
    let (out, _) = check(&["list", "get"], 0);
    assert!(
        out.contains("get/keys/get-with-another-key[1KiB]  "),
        "{out}"
    );
    let (out, _) = check(&["list", "--rules"], 0);
    assert!(out.contains("GET-003 "), "{out}");
    let (out, _) = check(&["lint"], 0);
    assert!(out.contains("no mistake"), "{out}");
}

#[test]
fn help_and_version_are_no_errors() {
    let (out, _) = check(&["--help"], 0);
    assert!(out.contains("Exit codes:"), "{out}");
    let (out, _) = check(&["--version"], 0);
    assert!(out.starts_with("ssec "), "{out}");
    check(&[], 2);
}
