//! A baseline lets pass what it lists, as long as it is just so.

use std::fs;
use std::process::Command;

use crate::support::command::{Folder, check, command, printed, text};
use crate::support::{StandIn, ok};

const HEAD: &str =
    "format: 1\nabout: What the reference does otherwise than these cases say.\nentries:\n";
const WRONG: &str = "  - case: put-is-refused\n    verdict: deviates\n    got: status\n    reason: the case is wrong on purpose\n";

/// Two cases: the reference lives up to one of them only.
fn cases(folder: &Folder) {
    folder.write(
        "cases/get/wrong.yaml",
        "format: 1
about: A wrong expectation and a right one.
cases:
  - id: put-is-refused
    title: A read is answered with a range
    rules: [PUT-001]
    data: { doc: 1KiB }
    steps:
      - put: { object: doc, body: doc, sse_c: A, expect: ok }
      - get: { object: doc, sse_c: A, expect: { status: 206, body: doc } }
  - id: put-is-taken
    title: A read is answered with the object
    rules: [PUT-001]
    data: { doc: 1KiB }
    steps:
      - put: { object: doc, body: doc, sse_c: A, expect: ok }
      - get: { object: doc, sse_c: A, expect: { status: 200, body: doc } }
",
    );
}

/// Runs these two with a baseline.
#[track_caller]
fn with(name: &str, baseline: &str, code: i32) -> (String, String) {
    let folder = Folder::new(name);
    cases(&folder);
    folder.write("b.yaml", baseline);
    let (cases, baseline) = (folder.0.join("cases"), folder.0.join("b.yaml"));
    check(
        &[
            "run",
            "--cases",
            text(&cases),
            "--baseline",
            text(&baseline),
        ],
        code,
    )
}

#[test]
fn what_is_listed_and_so_does_not_fail_the_gate() {
    let pinned = format!("{HEAD}{}", WRONG.replace("got: status", "got: 200"));
    let (out, _) = with("known", &pinned, 0);
    assert!(
        out.contains("1 pass, 1 known") && out.contains("gate    exact: holds"),
        "{out}"
    );
}

#[test]
fn what_fails_in_another_way_is_not_covered() {
    let other = format!(
        "{HEAD}{}",
        WRONG.replace("got: status", "got: 403 AccessDenied")
    );
    let (out, _) = with("otherwise", &other, 1);
    assert!(
        out.contains("deviates  get/wrong/put-is-refused") && out.contains("[not-as-listed]"),
        "{out}"
    );
}

#[test]
fn what_got_better_or_is_over_has_to_leave() {
    let better = format!("{HEAD}{}", WRONG.replace("put-is-refused", "put-is-taken"));
    let (out, _) = with("better", &better, 1);
    assert!(out.contains("stale     get/wrong/put-is-taken"), "{out}");
    assert!(out.contains("now `pass`: remove the entry"), "{out}");
    let over = format!(
        "{HEAD}{}    until: 2026-01-31\n",
        WRONG.replace("got: status", "got: 200")
    );
    let (out, _) = with("over", &over, 1);
    assert!(out.contains("until 2026-01-31, which is over"), "{out}");
}

#[test]
fn a_case_that_there_is_no_more_is_a_mistake_before_anything_is_sent() {
    let gone = format!(
        "{HEAD}{}",
        WRONG.replace("put-is-refused", "put-is-refsued")
    );
    let (out, err) = with("vanished", &gone, 2);
    assert!(out.is_empty(), "{out}");
    assert!(
        err.contains("b.yaml:4:11: there is no case put-is-refsued"),
        "{err}"
    );
    assert!(err.contains("  |           ^^^^^^^^^^^^^^\n"), "{err}");
    assert!(err.contains("did you mean `put-is-refused`?"), "{err}");
}

/// Only what the last screen says is used: the command that it gives is typed into a shell.
#[test]
fn the_last_screen_is_enough_to_get_to_a_green_gate() {
    let folder = Folder::new("accept");
    cases(&folder);
    let cases = folder.0.join("cases");
    let (out, _) = check(&["run", "--cases", text(&cases)], 1);
    let line = out
        .lines()
        .find_map(|line| line.strip_prefix("accept  as baseline: "));
    let line = line.unwrap_or_else(|| panic!("no command: {out}"));
    let program = env!("CARGO_BIN_EXE_ssec");
    let typed = line.replacen("ssec", program, 1);
    let shell = Command::new("sh")
        .args(["-c", &typed])
        .current_dir(&folder.0)
        .output();
    let (_, err) = printed(&[&typed], &shell.expect("there is a shell"), 0);
    assert!(
        err.contains("baseline.yaml: 1 added, 0 changed, 0 removed"),
        "{err}"
    );

    let baseline = folder.0.join("baseline.yaml");
    let accepted = [
        "run",
        "--cases",
        text(&cases),
        "--baseline",
        text(&baseline),
    ];
    let (out, _) = check(&accepted, 0);
    assert!(!out.contains("accept "), "{out}");

    // Somebody still has to say why.
    let lint = ["lint", text(&baseline)];
    let text = fs::read_to_string(&baseline).expect("it was written");
    assert!(
        text.contains("got: 200") && text.contains("reason: TODO"),
        "{text}"
    );
    let embedded = text.replace("get/wrong/put-is-refused", "get-with-another-key[1KiB]");
    fs::write(&baseline, &embedded).expect("it can be written");
    let (_, err) = check(&lint, 2);
    assert!(err.contains("is still to be written"), "{err}");
    fs::write(&baseline, embedded.replace("TODO", "we know")).expect("it can be written");
    let (out, _) = check(&lint, 0);
    assert!(out.contains("1 entries: no mistake"), "{out}");
}

#[test]
fn writing_keeps_what_the_file_says() {
    let folder = Folder::new("merge");
    cases(&folder);
    let kept = format!(
        "# Ours.\n{HEAD}  # Their parser.\n{}",
        WRONG.replace("got: status", "got: 200")
    );
    folder.write("b.yaml", &kept);
    let (cases, baseline) = (folder.0.join("cases"), folder.0.join("b.yaml"));
    let arguments = [
        "run",
        "--cases",
        text(&cases),
        "--write-baseline",
        text(&baseline),
    ];
    check(&arguments, 0);
    assert_eq!(fs::read_to_string(&baseline).expect("it is there"), kept);
    let only = [&arguments[..], &["put-is-taken"]].concat();
    check(&only, 0);
    assert_eq!(
        fs::read_to_string(&baseline).expect("it is there"),
        kept,
        "what did not run stays"
    );
    folder.write("other.yaml", &kept);
    let other = folder.0.join("other.yaml");
    let both = [&arguments[..], &["--baseline", text(&other)]].concat();
    let (_, err) = check(&both, 2);
    assert!(err.contains("exists"), "{err}");
}

#[test]
fn a_target_without_sse_c_can_be_accepted_too() {
    let stand_in = StandIn::start(|_| ok());
    let folder = Folder::new("ignored");
    let (ca, baseline) = (stand_in.ca_file(&folder.0), folder.0.join("b.yaml"));
    let run = |option: &str, code: i32| {
        let mut arguments = vec![
            "run",
            "--endpoint",
            &stand_in.endpoint,
            "--ca-file",
            text(&ca),
            "--area",
            "get",
        ];
        arguments.extend([option, text(&baseline)]);
        let output = command(&arguments)
            .env("XDG_STATE_HOME", &folder.0)
            .output();
        printed(&arguments, &output.expect("the command can be run"), code)
    };
    run("--write-baseline", 0);
    let written = fs::read_to_string(&baseline).expect("it was written");
    assert!(
        written.contains("case: first-question\n    verdict: fail\n    got: ignored\n"),
        "{written}"
    );
    let (out, _) = run("--baseline", 0);
    assert!(
        out.contains("known: the baseline accepts it for now"),
        "{out}"
    );
}
