//! Every case as one trial of `cargo test`, against one bundled reference per process.
//!
//! The trials are run together, by the same runner as `ssec run`; what libtest shows is their verdicts. Environment:
//! `SSEC_ENDPOINT` (with `SSEC_HTTP_ENDPOINT`, `SSEC_CA_FILE` and AWS credentials) points elsewhere, and then the gate
//! is `safe`, and slow cases are ignored unless asked for with `--ignored`. `SSEC_SHUFFLE=SEED` puts the trials into
//! another order. Under nextest, where every trial is a process, only the file of that trial is read.

use std::collections::BTreeMap;
use std::env;
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use libtest_mimic::{Arguments, Completion, Failed, Trial};
use ssec::bundled;
use ssec::case::Depth;
use ssec::case::load::{Corpus, Library};
use ssec::event::{CaseResult, Event, Summary};
use ssec::keys::Seed;
use ssec::report::human;
use ssec::run::{JOBS_DEFAULT, Options, run};
use ssec::target::{Addressing, Credentials, Target, Trust};
use ssec::verdict::{Gate, Verdict};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let library = Library::embedded();
    let corpus = match (&arguments.filter, arguments.exact) {
        (Some(name), true) => library.load_trial(name),
        _ => library.load(),
    };
    let corpus = match corpus {
        Ok(corpus) => corpus,
        Err(errors) => {
            errors.iter().for_each(|error| eprintln!("{error}\n"));
            return ExitCode::FAILURE;
        }
    };
    let judged = Arc::new(Judged::new(corpus, &arguments));
    let trials = judged.trials();
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// The cases, and their verdicts once somebody asks for one.
struct Judged {
    corpus: Corpus,
    /// Names of the trials that will be asked for, in the order in which they run.
    selected: Vec<String>,
    jobs: usize,
    outcome: OnceLock<Outcome>,
}

struct Outcome {
    gate: Gate,
    results: BTreeMap<String, CaseResult>,
    summary: Summary,
}

impl Judged {
    fn new(corpus: Corpus, arguments: &Arguments) -> Self {
        let asked = |trial: &ssec::case::Trial| {
            let trial = listed(trial, || Ok(Completion::Completed));
            !arguments.is_filtered_out(&trial) && !arguments.is_ignored(&trial)
        };
        let asked = corpus.trials().filter(|trial| asked(trial));
        let mut selected: Vec<_> = asked.map(|trial| trial.name.clone()).collect();
        if let Ok(seed) = env::var("SSEC_SHUFFLE") {
            // Any order that depends on the seed will do.
            let seed = Seed::new(seed);
            selected.sort_by_cached_key(|name| seed.tag(name));
        }
        let jobs = arguments.test_threads.unwrap_or(JOBS_DEFAULT);
        Self {
            corpus,
            selected,
            jobs,
            outcome: OnceLock::new(),
        }
    }

    fn trials(self: &Arc<Self>) -> Vec<Trial> {
        let verdict = |trial: &ssec::case::Trial| {
            let (judged, name) = (self.clone(), trial.name.clone());
            listed(trial, move || judged.verdict(&name))
        };
        self.corpus.trials().map(verdict).collect()
    }

    fn verdict(&self, name: &str) -> Result<Completion, Failed> {
        let outcome = self.outcome.get_or_init(|| self.judge());
        let Some(case) = outcome.results.get(name) else {
            return Err(format!(
                "the run ended before this case: {:?}",
                outcome.summary.ending
            )
            .into());
        };
        if !outcome.gate.holds(case.raw, case.overlay) {
            return Err(human::explain(case, &self.corpus).into());
        }
        Ok(match case.raw {
            Verdict::Skip => Completion::ignored_with(case.reason.as_deref().unwrap_or_default()),
            _ => Completion::Completed,
        })
    }

    /// Runs everything that was asked for.
    fn judge(&self) -> Outcome {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build();
        runtime.expect("a runtime starts").block_on(async {
            match elsewhere() {
                Some(target) => self.judge_at(&target, Gate::Safe).await,
                None => {
                    let options = bundled::Options::to_judge(Addressing::Path);
                    let server = bundled::start(options).await.expect("the reference starts");
                    self.judge_at(&server.target(), Gate::Exact).await
                }
            }
        })
    }

    async fn judge_at(&self, target: &Target, gate: Gate) -> Outcome {
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
        let mut options = Options::new(Seed::random().expect("the system has randomness"));
        options.gate = gate;
        options.jobs = self.jobs;
        let mut results = BTreeMap::new();
        let mut sink = |event: &Event| {
            if let Event::CaseFinished(case) = event {
                results.insert(case.name.clone(), CaseResult::clone(case));
            }
        };
        let summary = run(target, options, &self.corpus.catalogue, &trials, &mut sink).await;
        Outcome {
            gate,
            results,
            summary,
        }
    }
}

fn listed(
    trial: &ssec::case::Trial,
    runner: impl FnOnce() -> Result<Completion, Failed> + Send + 'static,
) -> Trial {
    let slow = trial.depth == Depth::Full && env::var_os("SSEC_ENDPOINT").is_some();
    Trial::ignorable_test(&trial.name, runner).with_ignored_flag(slow)
}

/// Somebody's endpoint, if the environment names one.
fn elsewhere() -> Option<Target> {
    let endpoint = env::var("SSEC_ENDPOINT").ok()?;
    let needed = |name: &str| {
        env::var(name).unwrap_or_else(|_| panic!("{name} is needed beside SSEC_ENDPOINT"))
    };
    let credentials = Credentials::new(
        needed("AWS_ACCESS_KEY_ID"),
        needed("AWS_SECRET_ACCESS_KEY"),
        env::var("AWS_SESSION_TOKEN").ok(),
    );
    let mut target = Target::new(
        endpoint.parse().expect("SSEC_ENDPOINT is an endpoint"),
        credentials,
    );
    target.http_endpoint = env::var("SSEC_HTTP_ENDPOINT")
        .ok()
        .map(|url| url.parse().expect("SSEC_HTTP_ENDPOINT is an endpoint"));
    if let Ok(path) = env::var("SSEC_CA_FILE") {
        target.trust = Trust::Pem(std::fs::read(path).expect("SSEC_CA_FILE can be read"));
    }
    Some(target)
}
