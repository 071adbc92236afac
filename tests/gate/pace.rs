//! How fast, how often, until when; and what a run costs.

use std::collections::BTreeSet;
use std::fs;
use std::time::Duration;

use crate::run;
use crate::support::command::{Folder, check, text};
use crate::watched::{Seen, Watched, error};

const CASE: &str = "get-with-another-key";

#[test]
fn no_two_requests_are_nearer_than_the_rate_allows() {
    let server = Watched::start(&[]);
    run(&server, &Folder::new("rate"), &[CASE, "--rate", "50/s"], 0);
    let mut times: Vec<_> = server.seen().iter().map(|seen| seen.at).collect();
    times.sort();
    assert!(times.len() > 10, "{} requests", times.len());
    let took = times[times.len() - 1] - times[0];
    let least = Duration::from_millis(20) * (times.len() as u32 - 1);
    assert!(
        took >= least.mul_f64(0.9),
        "{} requests in {took:?}",
        times.len()
    );
}

/// A server that puts every request off once.
fn slow_down(
    before: &[Seen],
    request: &ssec_reference::service::Request,
) -> Option<ssec_reference::service::Response> {
    let (method, target) = (request.method().as_str(), request.uri().to_string());
    let known = before
        .iter()
        .any(|seen| seen.method == method && seen.target == target);
    (!known && target.contains("/get-with-another-key/")).then(|| error(503, "SlowDown"))
}

#[test]
fn what_was_put_off_is_repeated_if_one_likes_and_shown_as_flaky() {
    let server = || Watched::slow(&[], Duration::ZERO, slow_down);
    let (out, _) = run(&server(), &Folder::new("no-retries"), &[CASE], 1);
    assert!(out.contains("503 SlowDown"), "{out}");
    let (out, _) = run(
        &server(),
        &Folder::new("retries"),
        &[CASE, "--retries", "2"],
        0,
    );
    assert!(
        out.contains("pass      get/") && out.contains("[flaky]"),
        "{out}"
    );
}

#[test]
fn a_write_that_may_have_been_done_is_never_repeated() {
    let broken = |_: &[Seen], request: &ssec_reference::service::Request| {
        let target = request.uri().to_string();
        target
            .contains("/get-with-another-key/")
            .then(|| error(500, "InternalError"))
    };
    let server = Watched::slow(&[], Duration::ZERO, broken);
    run(
        &server,
        &Folder::new("broken"),
        &[CASE, "--retries", "3"],
        1,
    );
    let puts: Vec<_> = server
        .seen()
        .into_iter()
        .filter(|seen| seen.status == 500 && seen.method == "PUT")
        .collect();
    let places: BTreeSet<_> = puts.iter().map(|seen| seen.target.clone()).collect();
    assert!(!puts.is_empty() && puts.len() == places.len(), "{puts:?}");
}

#[test]
fn the_first_failure_can_be_the_last() {
    let refuse = |_: &[Seen], request: &ssec_reference::service::Request| {
        let target = request.uri().to_string();
        target
            .contains("/get-with-")
            .then(|| error(403, "AccessDenied"))
    };
    let server = Watched::slow(&[], Duration::ZERO, refuse);
    let folder = Folder::new("fail-fast");
    let report = folder.0.join("r.json");
    let json = format!("json={}", text(&report));
    run(
        &server,
        &folder,
        &["get/keys", "--jobs", "1", "--fail-fast", "--format", &json],
        1,
    );
    let report = fs::read(&report).expect("it is written");
    let report: serde_json::Value = serde_json::from_slice(&report).expect("it is JSON");
    assert_eq!(report["run"]["ending"], "fail-fast");
    let cases = report["cases"].as_array().map_or(0, Vec::len);
    assert!(
        cases < report["suite"]["selected"].as_u64().unwrap_or(0) as usize,
        "{cases} cases"
    );
}

#[test]
fn the_same_seed_gives_the_same_keys_and_keep_leaves_them() {
    let server = Watched::start(&[]);
    let folder = Folder::new("seed");
    let report = |name: &str| {
        let report = folder.0.join(name);
        let json = format!("json={}", text(&report));
        run(
            &server,
            &folder,
            &[CASE, "--seed", "ours", "--keep", "--format", &json],
            0,
        );
        let report = fs::read(&report).expect("it is written");
        let report: serde_json::Value = serde_json::from_slice(&report).expect("it is JSON");
        report["suite"]["seed"].clone()
    };
    assert_eq!(report("a.json"), report("b.json"));
    assert!(
        server.seen().iter().all(|seen| seen.method != "DELETE"),
        "everything is kept"
    );
    let left = fs::read_dir(folder.0.join("ssec")).expect("the journals have a folder");
    assert_eq!(left.count(), 2, "a journal says what is there");
}

#[test]
fn the_cost_is_known_beforehand() {
    let folder = Folder::new("cost");
    let report = folder.0.join("r.json");
    let json = format!("json={}", text(&report));
    check(&["run", "--depth", "quick", "--format", &json], 0);
    let report = fs::read(&report).expect("it is written");
    let report: serde_json::Value = serde_json::from_slice(&report).expect("it is JSON");
    let sent = report["run"]["requests"].as_f64().expect("it is a number");
    let (out, _) = check(&["list", "--depth", "quick"], 0);
    let estimated: f64 = out
        .lines()
        .last()
        .and_then(|line| line.split("about ").nth(1)?.split(' ').next()?.parse().ok())
        .unwrap_or_else(|| panic!("no estimate: {out}"));
    assert!(
        (estimated / sent - 1.0).abs() < 0.2,
        "{estimated} estimated, {sent} sent"
    );
    let (_, err) = check(&["run", "--probe"], 0);
    assert!(
        err.contains(" requests and ") && err.contains(" MiB sent"),
        "{err}"
    );
}
