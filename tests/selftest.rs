//! The suite is judged by saboteurs: each is noticed by a case of its own area, which names a rule.
//!
//! Here every saboteur meets the cases of its area; `ssec selftest` lets it meet all of them.

#![cfg(feature = "bundled")]

use std::sync::Arc;
use std::thread::available_parallelism;

use ssec::bundled::{Group, Saboteur, saboteurs};
use ssec::case::load::{Corpus, Library};
use ssec::keys::Seed;
use ssec::selftest::{Matrix, Row, selftest};

/// Saboteurs that no case of their area notices yet, each with the case that is missing.
const UNNOTICED: &[(&str, &str)] = &[
    (
        "get-ends-early",
        "a body that breaks off is no answer, and so unproven",
    ),
    (
        "range-is-empty",
        "a body that breaks off is no answer, and so unproven",
    ),
    (
        "http-source-key-is-taken",
        "a copy over http with the key of its source",
    ),
    ("part-head-is-whole", "HEAD of a part"),
    (
        "copy-ignores-case-of-source-md5",
        "a source key-MD5 in letters of another case",
    ),
    (
        "copy-checksum-of-ciphertext",
        "the checksum in the result of a copy",
    ),
    (
        "copy-condition-knows-another-etag",
        "a condition on a copy's source that holds",
    ),
    ("rotation-replace-is-plain", "a rotation that says REPLACE"),
    ("if-match-never-holds", "an If-Match that holds"),
    (
        "block-stops-plain-writes",
        "an ordinary write into a bucket that blocks SSE-C",
    ),
];

fn corpus() -> Arc<Corpus> {
    Arc::new(
        Library::embedded()
            .load()
            .expect("the embedded cases are sound"),
    )
}

/// The saboteurs that `which` picks against the cases of `area`.
fn matrix(corpus: &Arc<Corpus>, area: &str, which: impl Fn(&Saboteur) -> bool) -> Matrix {
    let trials = corpus.trials().filter(|trial| trial.area == area);
    let trials: Vec<_> = trials.cloned().collect();
    let picked: Vec<_> = saboteurs()
        .iter()
        .filter(|saboteur| which(saboteur))
        .collect();
    let jobs = available_parallelism().map_or(1, usize::from);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime starts");
    let seed = Seed::new("selftest");
    let told = &mut |_: &Row| {};
    let matrix = selftest(corpus.clone(), trials, &picked, jobs, seed, told);
    runtime.block_on(matrix).expect("servers start")
}

#[test]
fn every_saboteur_is_noticed_in_its_own_area() {
    let corpus = corpus();
    let mut areas: Vec<_> = saboteurs().iter().map(|saboteur| saboteur.area).collect();
    areas.dedup();
    areas.sort_unstable();
    areas.dedup();
    let mut mute = Vec::new();
    for area in areas {
        let of_area = |saboteur: &Saboteur| saboteur.area == area && saboteur.group == Group::Wire;
        for row in matrix(&corpus, area, of_area).rows {
            let name = row.saboteur.name;
            let named = row.own().any(|kill| !kill.rules.is_empty());
            if !named && !UNNOTICED.iter().any(|(unnoticed, _)| *unnoticed == name) {
                mute.push(format!("{area}: {name}: {}", row.saboteur.says));
            }
        }
    }
    assert!(mute.is_empty(), "nobody notices\n{}", mute.join("\n"));
}

#[test]
fn every_saboteur_that_is_excused_exists() {
    for (name, _) in UNNOTICED {
        assert!(ssec::bundled::saboteur(name).is_some(), "{name}");
    }
}

/// A server that denies everything passes half of a suite without controls; here it passes nothing.
#[test]
fn a_server_that_denies_everything_proves_nothing() {
    let corpus = corpus();
    for area in ["get", "head", "copy"] {
        let matrix = matrix(&corpus, area, |saboteur| saboteur.name == "always-403");
        let row = matrix.rows.first().expect("one saboteur");
        let met = row.kills.len() + row.undecided.len();
        assert_eq!(
            met,
            matrix.judged.len(),
            "{area}: some case passes where everything is 403"
        );
    }
}
