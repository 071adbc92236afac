//! What a data folder is worth after its server was killed in the middle of anything.
//!
//! The process is killed, not the power cut: what a disk does with synced bytes is not tested.

mod stored;

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

use ssec_reference::store::Versioning;
use stored::model::{Model, Op, View};
use stored::{BUCKET, TempDir, bucket, check_files, open};

/// How often the child is killed.
const ROUNDS: u64 = 50;

/// Where the child finds its folder and its seed.
const DIR_VARIABLE: &str = "SSEC_CRASH_DIR";
const SEED_VARIABLE: &str = "SSEC_CRASH_SEED";

#[test]
fn after_a_kill_each_operation_is_done_or_undone() {
    let dir = TempDir::new();
    let store = open(&dir).expect("a fresh folder");
    store
        .create_bucket(bucket(BUCKET, Versioning::Unversioned))
        .expect("a bucket");
    drop(store);
    // Whether the last operation was done cannot always be seen at once.
    let mut possible = vec![Model::default()];
    let mut steps = 0;
    for seed in 0..ROUNDS {
        let begun = kill_at_random(&dir, seed);
        steps += begun;
        possible = possible
            .iter()
            .flat_map(|model| ends(model, seed, begun))
            .collect();
        possible.dedup();
        let expected: Vec<_> = possible.iter().map(Model::view).collect();
        let seen = reopen(&dir);
        possible.retain(|model| model.view() == seen);
        assert!(
            !possible.is_empty(),
            "round {seed}: {seen:#?}\nis none of {expected:#?}"
        );
    }
    assert!(
        steps > ROUNDS,
        "the child hardly did anything: {steps} steps"
    );
}

/// What may be there after a kill: all operations but the last one begun are done.
fn ends(model: &Model, seed: u64, begun: u64) -> [Model; 2] {
    let mut undone = model.clone();
    (0..begun.saturating_sub(1)).for_each(|step| undone.apply(&Op::at(seed, step)));
    let mut done = undone.clone();
    begun
        .checked_sub(1)
        .into_iter()
        .for_each(|last| done.apply(&Op::at(seed, last)));
    [undone, done]
}

/// Runs the child until it is killed; returns how many operations it began.
fn kill_at_random(dir: &TempDir, seed: u64) -> u64 {
    let mut child = Command::new(std::env::current_exe().expect("this test"))
        .args([
            "--exact",
            "child_that_is_killed",
            "--ignored",
            "--nocapture",
        ])
        .env(DIR_VARIABLE, dir.path())
        .env(SEED_VARIABLE, seed.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .expect("this test runs again");
    let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut begun = 0;
    let mut line = String::new();
    while begun == 0 && out.read_line(&mut line).expect("readable") > 0 {
        begun += u64::from(line.starts_with("begin"));
        line.clear();
    }
    // A prime number of microseconds steps through the operations of different rounds.
    std::thread::sleep(Duration::from_micros(seed * 977 % 40_000));
    child.kill().expect("killed");
    child.wait().expect("ended");
    let mut rest = String::new();
    out.read_to_string(&mut rest).expect("readable");
    begun
        + rest
            .lines()
            .filter(|line| line.starts_with("begin"))
            .count() as u64
}

/// What is seen after a restart; nothing else may be left.
fn reopen(dir: &TempDir) -> View {
    let seen = View::of(&open(dir).expect("the folder is sound"));
    check_files(dir, &seen);
    seen
}

#[test]
#[ignore = "only as the child of the test above"]
fn child_that_is_killed() {
    let Some(dir) = std::env::var_os(DIR_VARIABLE) else {
        return;
    };
    let seed = std::env::var(SEED_VARIABLE)
        .ok()
        .and_then(|seed| seed.parse().ok());
    let seed: u64 = seed.expect("a seed");
    let (clock, random) = (
        ssec_reference::clock::SystemClock,
        ssec_reference::random::OsRandom,
    );
    let store = ssec_reference::store::Store::on_disk(
        dir.as_ref(),
        std::sync::Arc::new(clock),
        std::sync::Arc::new(random),
    );
    let store = store.expect("the folder is sound");
    // The parent kills within 40 ms; the bound is for a parent that died.
    for step in 0..100_000 {
        // Straight to the pipe: a line that is buffered dies with this process.
        let mut out = std::io::stdout().lock();
        out.write_all(format!("\nbegin {step}\n").as_bytes())
            .expect("a pipe");
        out.flush().expect("a pipe");
        drop(out);
        Op::at(seed, step).perform(&store).expect("performed");
    }
}
