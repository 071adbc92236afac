//! What clients find after their server was killed in the middle of anything they asked for.
//!
//! The process is killed (SIGKILL), not the power cut: what a disk does with synced bytes is not
//! tested. Every answered write must be there, the one without an answer done or undone.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod child;
mod client;
#[path = "../wire/keys.rs"]
#[allow(dead_code, reason = "each test crate uses its share")]
mod keys;
mod look;
mod model;
mod rng;
#[path = "../wire/sign.rs"]
#[allow(dead_code, reason = "each test crate uses its share")]
mod sign;
#[path = "../wire/xml.rs"]
mod xml;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use child::Child;
use model::{KINDS, World};
use rng::Rng;

/// How often the server is killed while it answers.
const KILLS: u64 = 72;
/// How long a start may take before it is killed, in microseconds.
const START_MAX_US: u64 = 20_000;

#[test]
fn after_a_kill_every_answered_write_is_there() {
    let dir = TempDir::new();
    let mut world = World::default();
    let mut interrupted = BTreeMap::new();
    for seed in 0..KILLS {
        let mut rng = Rng(seed);
        // Every fifth start is killed too, in the middle of recovery.
        if seed % 5 == 4 {
            let child = Child::spawn(dir.path());
            std::thread::sleep(Duration::from_micros(rng.below(START_MAX_US)));
            child.kill();
        }
        kill_in_the_middle(&dir, &mut world, seed, &mut rng);
        if let Some(step) = &world.pending {
            *interrupted.entry(step.kind()).or_insert(0) += 1;
        }
    }
    let mut child = Child::spawn(dir.path());
    world.check(&mut child.connect());
    child.kill();
    for kind in KINDS {
        assert!(
            interrupted.contains_key(&kind),
            "{kind:?} was never interrupted: {interrupted:?}"
        );
    }
}

/// Starts the server, looks at what is there, and kills it while it carries out one step: at a
/// random point of the time that such a step takes.
fn kill_in_the_middle(dir: &TempDir, world: &mut World, seed: u64, rng: &mut Rng) {
    let mut child = Child::spawn(dir.path());
    let mut client = child.connect();
    let wanted = world.check(&mut client);
    let bodies = std::fs::read_dir(dir.path().join("bodies"))
        .unwrap()
        .count();
    assert_eq!(
        bodies, wanted,
        "seed {seed}: sealed bodies that belong to nothing"
    );
    let kind = KINDS[(seed % KINDS.len() as u64) as usize];
    let rehearsal = world.plan(kind, &mut client, rng);
    let begun = Instant::now();
    world
        .perform(rehearsal, &mut client)
        .expect("nobody kills it yet");
    let life = begun.elapsed().mul_f64(rng.below(1000) as f64 / 1000.0);
    let step = world.plan(kind, &mut client, rng);
    let killer = std::thread::spawn(move || {
        std::thread::sleep(life);
        child.kill();
    });
    // Whether it was answered or not is known to the model.
    let _ = world.perform(step, &mut client);
    killer.join().unwrap();
}

/// A folder that goes when it is dropped.
struct TempDir(PathBuf);

impl TempDir {
    fn new() -> Self {
        let name = format!("ssec-kill-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path).unwrap();
        Self(path)
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
