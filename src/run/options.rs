//! How a run goes: its seed, its pace, its limits, and how to stop it.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::watch;

use super::pace::Rate;
use crate::baseline::Baseline;
use crate::keys::Seed;
use crate::transport::Timeouts;
use crate::verdict::Gate;

/// How a run goes.
#[derive(Clone, Debug)]
pub struct Options {
    /// Keys and bodies derive from it.
    pub seed: Seed,
    /// Names the run's buckets and objects; `None`: eight fresh digits, so that runs with one seed do not meet.
    pub run_id: Option<String>,
    /// Cases at a time.
    pub jobs: usize,
    /// How strict the gate is.
    pub gate: Gate,
    /// What is accepted of this target.
    pub baseline: Option<Arc<Baseline>>,
    /// Requests per second at most, all cases together.
    pub rate: Option<Rate>,
    /// How often a request is repeated that did not reach the target, or was answered `503 SlowDown`.
    pub retries: u32,
    /// Hand out what goes over the wire with every case.
    pub transcripts: bool,
    /// Ask first whether the target does SSE-C at all. Off, every case is on its own: for self-tests.
    pub first_question: bool,
    /// Ask nothing but the first question.
    pub probe: bool,
    /// Stop at the first case that the gate does not let pass.
    pub fail_fast: bool,
    /// Leave what was created where it is.
    pub keep: bool,
    /// Folder for the journal; `None`: in memory only.
    pub state_dir: Option<PathBuf>,
    /// How long things may take.
    pub timeouts: Timeouts,
    /// Stops the run; cleanup is still done.
    pub interrupt: Interrupt,
}

/// Cases at a time unless said otherwise.
pub const JOBS_DEFAULT: usize = 8;

impl Options {
    /// A run with this seed, and everything else as usual.
    #[must_use]
    pub fn new(seed: Seed) -> Self {
        Self {
            seed,
            run_id: None,
            jobs: JOBS_DEFAULT,
            gate: Gate::Safe,
            baseline: None,
            rate: None,
            retries: 0,
            transcripts: false,
            first_question: true,
            probe: false,
            fail_fast: false,
            keep: false,
            state_dir: None,
            timeouts: Timeouts::default(),
            interrupt: Interrupt::default(),
        }
    }
}

/// Stops a run from outside: after Ctrl-C, say. Once: the run ends and cleans up. Twice: it does not clean up
/// either.
#[derive(Clone, Debug)]
pub struct Interrupt(Arc<watch::Sender<u32>>);

impl Default for Interrupt {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(0)))
    }
}

impl Interrupt {
    /// Stops the run as soon as may be.
    pub fn trigger(&self) {
        self.0.send_modify(|times| *times = times.saturating_add(1));
    }

    /// Whether somebody stopped it.
    #[must_use]
    pub fn is_triggered(&self) -> bool {
        *self.0.borrow() > 0
    }

    /// Returns once somebody stopped it so many times.
    pub(super) async fn triggered(&self, times: u32) {
        // The sender lives in `self`: waiting cannot fail.
        let _ = self.0.subscribe().wait_for(|seen| *seen >= times).await;
    }
}
