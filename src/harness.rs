//! The whole suite as the `cargo test` of another server's crate; what a server is, the caller says.
//!
//! A test target without libtest's `main`, in the manifest of the server's crate:
//!
//! ```toml
//! [[test]]
//! name = "sse_c"
//! harness = false
//!
//! [dev-dependencies]
//! ssec = { version = "0.1", default-features = false, features = ["harness"] }
//! ```
//!
//! And `tests/sse_c.rs`:
//!
//! ```no_run
//! use ssec::Target;
//! use ssec::harness::Harness;
//! use ssec::target::{Credentials, Trust};
//! # struct MyServer; impl MyServer {
//! #     async fn start() -> Self { Self }
//! #     fn url(&self) -> String { String::new() }
//! #     fn ca_pem(&self) -> &str { "" }
//! # }
//!
//! fn main() -> std::process::ExitCode {
//!     Harness::new().run(async || {
//!         let server = MyServer::start().await;
//!         let endpoint = server.url().parse().expect("a URL without a path");
//!         let mut target = Target::new(endpoint, Credentials::new("id", "secret", None));
//!         target.trust = Trust::Pem(server.ca_pem().into());
//!         (target, server) // the server lives until the last case is over
//!     })
//! }
//! ```
//!
//! Every case is a trial with a name, so that `cargo test --test sse_c get/` runs one area and `-- --list` lists
//! them all. Slow cases are ignored unless `--ignored` or `--include-ignored` asks for them. The trials are run
//! together, by the same runner as `ssec run`, against one server per process; what libtest shows is their
//! verdicts. Under nextest, where every trial is a process, only the file of that trial is read.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use libtest_mimic::{Arguments, Completion, Failed, Trial};

use crate::case::Depth;
use crate::case::error::CaseError;
use crate::case::load::{Corpus, Library};
use crate::event::{CaseResult, Ending, Event, SseC, Summary};
use crate::keys::Seed;
use crate::report::human;
use crate::run::{JOBS_DEFAULT, Options, run};
use crate::target::Target;
use crate::verdict::{Gate, Verdict};

/// How the suite is run as tests.
#[derive(Clone, Debug)]
pub struct Harness {
    library: Library,
    gate: Gate,
    order: Option<Seed>,
    ignores_slow: bool,
}

impl Default for Harness {
    fn default() -> Self {
        Self::new()
    }
}

impl Harness {
    /// Every case of this version, held to [`Gate::Safe`].
    #[must_use]
    pub fn new() -> Self {
        Self {
            library: Library::embedded(),
            gate: Gate::Safe,
            order: None,
            ignores_slow: true,
        }
    }

    /// Slow cases too, without being asked for them.
    #[must_use]
    pub const fn full(mut self) -> Self {
        self.ignores_slow = false;
        self
    }

    /// Other cases: those of a folder, say.
    #[must_use]
    pub fn library(mut self, library: Library) -> Self {
        self.library = library;
        self
    }

    /// How strict the tests are: under [`Gate::Exact`] a case that deviates fails too.
    #[must_use]
    pub const fn gate(mut self, gate: Gate) -> Self {
        self.gate = gate;
        self
    }

    /// Another order than that of the files: any that depends on the seed.
    #[must_use]
    pub fn shuffle(mut self, seed: Seed) -> Self {
        self.order = Some(seed);
        self
    }

    fn listed(
        &self,
        trial: &crate::case::Trial,
        runner: impl FnOnce() -> Result<Completion, Failed> + Send + 'static,
    ) -> Trial {
        let slow = self.ignores_slow && trial.depth == Depth::Full;
        Trial::ignorable_test(&trial.name, runner).with_ignored_flag(slow)
    }

    /// Runs the tests that the process's arguments ask for, as `main` of a test target does.
    ///
    /// `start` is called once, on a tokio runtime, when the first case is asked for. What it hands back beside the
    /// target is kept until the last case is over: the server itself, or `()`. If it panics, every case fails.
    pub fn run<S, G>(self, start: S) -> ExitCode
    where
        S: AsyncFnOnce() -> (Target, G) + Send + 'static,
        G: 'static,
    {
        let arguments = Arguments::from_args();
        let corpus = match (&arguments.filter, arguments.exact) {
            (Some(name), true) => self.library.load_trial(name),
            _ => self.library.load(),
        };
        let trials = match corpus {
            Ok(corpus) => Arc::new(Judged::new(self, corpus, &arguments, start)).trials(),
            Err(errors) => vec![unreadable(&errors)],
        };
        libtest_mimic::run(&arguments, trials).exit_code()
    }
}

/// The one trial of case files that cannot be read.
fn unreadable(errors: &[CaseError]) -> Trial {
    let errors: Vec<_> = errors.iter().map(ToString::to_string).collect();
    Trial::test("case-files", move || Err(errors.join("\n\n").into()))
}

/// The cases, and their verdicts once somebody asks for one.
struct Judged<S> {
    harness: Harness,
    corpus: Corpus,
    /// Names of the trials that will be asked for, in the order in which they run.
    selected: Vec<String>,
    jobs: usize,
    start: Mutex<Option<S>>,
    outcome: OnceLock<Outcome>,
}

struct Outcome {
    results: BTreeMap<String, CaseResult>,
    summary: Summary,
    /// What the first question brought to light.
    because: String,
}

impl<S, G> Judged<S>
where
    S: AsyncFnOnce() -> (Target, G) + Send + 'static,
    G: 'static,
{
    fn new(harness: Harness, corpus: Corpus, arguments: &Arguments, start: S) -> Self {
        let asked = |trial: &&crate::case::Trial| {
            let trial = harness.listed(trial, || Ok(Completion::Completed));
            !arguments.is_filtered_out(&trial) && !arguments.is_ignored(&trial)
        };
        let asked = corpus.trials().filter(asked);
        let mut selected: Vec<_> = asked.map(|trial| trial.name.clone()).collect();
        if let Some(seed) = &harness.order {
            selected.sort_by_cached_key(|name| seed.tag(name));
        }
        Self {
            harness,
            corpus,
            selected,
            jobs: arguments.test_threads.unwrap_or(JOBS_DEFAULT),
            start: Mutex::new(Some(start)),
            outcome: OnceLock::new(),
        }
    }

    fn trials(self: &Arc<Self>) -> Vec<Trial> {
        let verdict = |trial: &crate::case::Trial| {
            let (judged, name) = (Arc::clone(self), trial.name.clone());
            self.harness.listed(trial, move || judged.verdict(&name))
        };
        self.corpus.trials().map(verdict).collect()
    }

    fn verdict(&self, name: &str) -> Result<Completion, Failed> {
        let outcome = self.outcome()?;
        let Some(case) = outcome.results.get(name) else {
            return Err(outcome.not_reached().into());
        };
        if outcome.summary.sse_c == SseC::Ignored {
            return Err(format!("SSE-C is ignored: {}", outcome.because).into());
        }
        if !self.harness.gate.holds(case.raw, case.overlay) {
            return Err(human::explain(case, &self.corpus).into());
        }
        Ok(match case.raw {
            Verdict::Skip => Completion::ignored_with(case.reason.as_deref().unwrap_or_default()),
            Verdict::Pass | Verdict::Deviates | Verdict::Fail | Verdict::Unproven => {
                Completion::Completed
            }
        })
    }

    /// The verdicts; the first who asks waits for them all.
    fn outcome(&self) -> Result<&Outcome, Failed> {
        if let Some(outcome) = self.outcome.get() {
            return Ok(outcome);
        }
        let mut start = self.start.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(start) = start.take() {
            // If this panics, that trial tells, and the others find neither start nor outcome.
            let outcome = self.judge(start)?;
            return Ok(self.outcome.get_or_init(|| outcome));
        }
        let missing = || "the target did not start; the first failure says why".into();
        self.outcome.get().ok_or_else(missing)
    }

    /// Runs everything that was asked for.
    fn judge(&self, start: S) -> Result<Outcome, Failed> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?;
        let by_name: BTreeMap<_, _> = self
            .corpus
            .trials()
            .map(|trial| (&trial.name, trial))
            .collect();
        let trials: Vec<_> = self
            .selected
            .iter()
            .map(|name| by_name[name].clone())
            .collect();
        let mut options = Options::new(Seed::random()?);
        options.gate = self.harness.gate;
        options.jobs = self.jobs;
        let mut results = BTreeMap::new();
        let mut because = String::new();
        let mut sink = |event: &Event| match event {
            Event::CaseFinished(case) => {
                results.insert(case.name.clone(), CaseResult::clone(case));
            }
            Event::FirstQuestion(first) => because.clone_from(&first.because),
            _ => {}
        };
        let summary = runtime.block_on(async {
            let (target, _alive) = start().await;
            run(&target, options, &self.corpus.catalogue, &trials, &mut sink).await
        });
        Ok(Outcome {
            results,
            summary,
            because,
        })
    }
}

impl Outcome {
    /// Why a case has no verdict.
    fn not_reached(&self) -> String {
        match (&self.summary.ending, self.summary.sse_c) {
            (Ending::Preflight(why), _) => format!("the target cannot be tested: {why}"),
            (_, SseC::Blocked | SseC::Unsupported) => {
                let word = self.summary.sse_c.as_str();
                format!("SSE-C is {word}: {}", self.because)
            }
            (ending, _) => format!("the run ended before this case: {ending:?}"),
        }
    }
}
