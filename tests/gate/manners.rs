//! What a run does on somebody's endpoint, and what it leaves alone.

use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::command::{Folder, check, command, printed, text};
use crate::watched::{Seen, Watched};
use crate::{arguments, run};

/// A bucket that somebody else uses: every request stays below the run's own prefix, nothing is listed beyond it,
/// and only what was written is deleted.
#[test]
fn a_given_bucket_is_touched_only_where_the_run_writes() {
    let server = Watched::start(&["theirs"]);
    let folder = Folder::new("bucket");
    let report = folder.0.join("r.json");
    let json = format!("json={}", text(&report));
    let http = server.http_endpoint.clone();
    let more = [
        "--bucket",
        "theirs",
        "--http-endpoint",
        &http,
        "--gate",
        "exact",
        "--format",
        &json,
    ];
    run(&server, &folder, &more, 0);
    let report = fs::read(&report).expect("it is written");
    let report: serde_json::Value = serde_json::from_slice(&report).expect("it is JSON");
    let run_id = report["suite"]["run_id"]
        .as_str()
        .expect("the run has a name")
        .to_owned();
    assert!(
        report["summary"]["pass"].as_u64().unwrap_or(0) > 300,
        "{}",
        report["summary"]
    );

    let (mut written, mut forms, mut unknown) = (BTreeSet::new(), 0, Vec::new());
    for seen in server.seen() {
        let (bucket, key) = seen.place();
        assert_eq!(bucket, "theirs", "{seen:?}");
        match key {
            Some(key) => assert!(key.starts_with(&run_id), "{seen:?}"),
            None => assert!(stays_below(&seen, &run_id), "{seen:?}"),
        }
        match (seen.method.as_str(), key) {
            ("PUT" | "POST", Some(key)) => {
                written.insert(key.to_owned());
            }
            // The key of a form is in its body.
            ("POST", None) if !seen.target.contains('?') => forms += 1,
            ("DELETE", Some(key)) if !written.contains(key) => unknown.push(key.to_owned()),
            ("DELETE", None) => panic!("a bucket was deleted: {seen:?}"),
            _ => {}
        }
    }
    assert!(
        unknown.len() <= forms,
        "{forms} forms, deleted: {unknown:?}"
    );
}

/// Requests about the bucket itself: listings below the prefix, forms and deletes that name their keys in the body.
fn stays_below(seen: &Seen, run_id: &str) -> bool {
    let query = seen.target.split_once('?').map_or("", |(_, query)| query);
    match seen.method.as_str() {
        "GET" => query
            .split('&')
            .any(|pair| pair.starts_with(&format!("prefix={run_id}"))),
        "POST" => query.is_empty() || query.starts_with("delete"),
        "HEAD" => true,
        _ => false,
    }
}

/// Starts a run that takes long, and waits until it is well under way.
fn started(server: &Watched, folder: &Folder, more: &[&str]) -> std::process::Child {
    let arguments = arguments(server, folder, more);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let child = command(&arguments)
        .env("XDG_STATE_HOME", &folder.0)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let begun = Instant::now();
    while server.seen().len() < 60 && begun.elapsed() < Duration::from_secs(30) {
        std::thread::sleep(Duration::from_millis(20));
    }
    child
}

fn signal(child: &std::process::Child, name: &str) {
    let status = Command::new("kill")
        .args([name, &child.id().to_string()])
        .status();
    assert!(status.is_ok_and(|status| status.success()), "kill is there");
}

/// Buckets that were made, and buckets that were removed.
fn buckets(server: &Watched) -> (BTreeSet<String>, BTreeSet<String>) {
    let seen = server.seen();
    let of = |method: &str| {
        let buckets = seen
            .iter()
            .filter(|seen| seen.method == method && seen.status < 300);
        let buckets = buckets.filter(|seen| !seen.target.contains('?') && seen.place().1.is_none());
        buckets.map(|seen| seen.place().0.to_owned()).collect()
    };
    (of("PUT"), of("DELETE"))
}

#[cfg(unix)]
#[test]
fn what_a_killed_run_left_is_removed_from_its_journal() {
    let server = Watched::slow(&[], Duration::from_millis(5), |_, _| None);
    let folder = Folder::new("killed");
    let mut child = started(&server, &folder, &[]);
    signal(&child, "-KILL");
    assert!(
        child.wait().expect("it ends").code().is_none(),
        "it was killed in mid-run"
    );
    let (made, removed) = buckets(&server);
    assert!(
        !made.is_empty() && removed.is_empty(),
        "{made:?} {removed:?}"
    );

    let journals: Vec<_> = fs::read_dir(folder.0.join("ssec"))
        .expect("it has a journal")
        .flatten()
        .collect();
    assert_eq!(journals.len(), 1);
    let (journal, ca) = (journals[0].path(), folder.0.join("ca.pem"));
    let clean = |arguments: &[&str]| {
        let output = command(arguments).env("XDG_STATE_HOME", &folder.0).output();
        printed(arguments, &output.expect("the command can be run"), 0)
    };
    let (out, _) = clean(&["clean"]);
    assert!(
        out.contains(text(&journal)) && out.contains(&server.endpoint),
        "{out}"
    );
    let (out, _) = clean(&["clean", text(&journal), "--ca-file", text(&ca)]);
    assert!(out.contains(" removed, 0 left"), "{out}");
    let (made, removed) = buckets(&server);
    assert_eq!(
        made, removed,
        "every bucket is gone, so everything in them is"
    );
    assert!(!journal.exists(), "nothing is left to clean");
}

#[cfg(unix)]
#[test]
fn a_second_interrupt_leaves_everything_and_says_so() {
    let server = Watched::slow(&[], Duration::from_millis(40), |_, _| None);
    let folder = Folder::new("twice");
    let child = started(&server, &folder, &[]);
    signal(&child, "-TERM");
    std::thread::sleep(Duration::from_millis(60));
    signal(&child, "-INT");
    let output = child.wait_with_output().expect("it ends");
    let (out, err) = printed(&["run"], &output, 130);
    assert!(err.contains("again to leave what the run made"), "{err}");
    assert!(
        out.contains("LEFT ON THE TARGET") && out.contains("remove them with: ssec clean "),
        "{out}"
    );
    let left = fs::read_dir(folder.0.join("ssec")).expect("the journal has its folder");
    assert_eq!(left.count(), 1, "the journal stays");
}

#[test]
fn nothing_is_sent_to_aws_itself_unless_somebody_agrees() {
    for endpoint in [
        "https://s3.us-east-1.amazonaws.com",
        "https://s3.cn-north-1.amazonaws.com.cn",
    ] {
        let (out, err) = check(&["run", "--endpoint", endpoint], 2);
        assert!(out.is_empty(), "{out}");
        assert!(
            err.contains("is AWS itself") && err.contains("--yes-aws"),
            "{err}"
        );
        assert!(err.contains(" requests and "), "{err}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn five_means_that_the_suite_could_not_do_its_work() {
    let (_, err) = check(
        &["run", "get-with-another-key", "--format", "json=/dev/full"],
        5,
    );
    assert!(err.contains("a report is incomplete"), "{err}");
}

#[test]
fn shells_and_man_are_told_about_the_command() {
    for shell in ["bash", "zsh", "fish"] {
        let (out, _) = check(&["completions", shell], 0);
        assert!(out.contains("write-baseline"), "{shell}");
    }
    let (out, _) = check(&["man"], 0);
    assert!(
        out.starts_with(".ie") || out.contains(".TH ssec 1"),
        "{out}"
    );
    let (out, _) = check(&["man", "run"], 0);
    assert!(out.contains("baseline"), "{out}");
    check(&["man", "nothing"], 2);
    check(&["completions", "dos"], 2);
}
