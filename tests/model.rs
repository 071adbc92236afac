//! The model against the reference, in this process: sequences of operations, each answer compared with what the
//! model says S3 answers. `SSEC_MODEL_CASES` plays more sequences than a few seconds' worth.

#[expect(
    unreachable_pub,
    reason = "it is shared with whoever plays sequences in this process"
)]
#[path = "../fuzz/src/in_process.rs"]
mod in_process;

use std::env;

use in_process::{BUCKET, InProcess};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use ssec::fuzz::{Played, Stage, play};
use ssec::keys::Seed;
use ssec::model::{ACTS, Act, Defect, Op, Scale, defect};

/// Sequences unless said otherwise.
const CASES: u32 = 400;
/// The longest sequence.
const OPS_MAX: usize = 24;

#[test]
fn the_reference_does_what_the_model_says() {
    let cases = env::var("SSEC_MODEL_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok());
    let mut runner = TestRunner::new(Config {
        cases: cases.unwrap_or(CASES),
        failure_persistence: None,
        max_shrink_iters: 4000,
        ..Config::default()
    });
    let sequences = prop::collection::vec(op(), 1..OPS_MAX);
    let outcome = runner.run(&sequences, |ops| {
        let played = played(&ops);
        prop_assert!(played.findings.is_empty(), "{}", said(&ops, &played));
        prop_assert_eq!(&played.over, &None);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

/// A sequence in a server of its own.
fn played(ops: &[Op]) -> Played {
    let server = InProcess::new();
    let seed = Seed::new("model");
    let stage = Stage {
        endpoint: &server,
        bucket: BUCKET,
        prefix: "",
        seed: &seed,
        catalogue: None,
        scale: Scale::TINY,
    };
    runtime().block_on(play(&stage, ops))
}

fn runtime() -> tokio::runtime::Runtime {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime starts")
}

fn said(ops: &[Op], played: &Played) -> String {
    let ops: Vec<String> = ops.iter().map(|op| format!("  {op}\n")).collect();
    let findings = played.findings.iter().map(|finding| {
        format!(
            "operation {}, {} ({}): {}, got {}\n",
            finding.op, finding.bucket, finding.rule, finding.expected, finding.got
        )
    });
    format!("\n{}{}", ops.concat(), findings.collect::<String>())
}

/// Operations by their weights; one in four with a defect.
fn op() -> impl Strategy<Value = Op> {
    let numbers = (0u8..3, 0u8..3, 0u8..5, 0u8..8, 0u8..28, 0u8..18);
    let defects = prop::sample::select(defect::all().collect::<Vec<Defect>>());
    (act(), numbers, prop::option::weighted(0.25, defects)).prop_map(
        |(act, (object, source, key, handle, size, range), defect)| Op {
            act,
            object,
            source,
            key,
            handle,
            size,
            range,
            defect,
        },
    )
}

fn act() -> impl Strategy<Value = Act> {
    let acts = ACTS
        .iter()
        .flat_map(|(act, weight)| vec![*act; *weight as usize]);
    prop::sample::select(acts.collect::<Vec<Act>>())
}
