//! Walks the chosen trials against a target and tells what happens; it prints nothing.
//!
//! The order of a run: journal, first question, trials (several at a time), cleanup, summary.

mod answer;
mod buckets;
mod cleanup;
mod control;
mod doubt;
mod guest;
mod judge;
mod local;
mod look;
mod memory;
mod options;
mod pace;
mod preflight;
mod probe;
mod proven;
mod result;
mod session;
mod steps;
mod tally;
mod transcript;
mod walk;

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use tokio::task::JoinSet;

pub(crate) use guest::{Guest, Unanswered};
pub use options::{Interrupt, JOBS_DEFAULT, Options};
pub use pace::{Rate, RateError};

use crate::case::Trial;
use crate::catalogue::Catalogue;
use crate::event::{
    CaseResult, Cleanup, Ending, Event, FirstQuestion, RunStarted, Sink, SseC, SuiteInfo, Summary,
    TargetInfo,
};
use crate::journal::{Head, Journal, SCHEMA};
use crate::keys::Seed;
use crate::select::{Choice, choose};
use crate::target::Target;
use crate::verdict::Stopped;
use buckets::Buckets;
use session::Session;
use tally::Tally;

/// What a case is flagged with in which a request had to be repeated.
pub const FLAKY: &str = "flaky";
/// What a case is flagged with when the target does no SSE-C at all.
pub const NOT_EVIDENCE: &str = "not-evidence";

/// Judges `target` by `trials`, tells `sink` what happens, and removes what was created.
///
/// Every event of the run goes to `sink` in order, from this task: first [`Event::RunStarted`], last
/// [`Event::RunFinished`] with the summary that is also returned. Must run on a tokio runtime with time and
/// network.
pub async fn run(
    target: &Target,
    options: Options,
    catalogue: &Catalogue,
    trials: &[Trial],
    sink: &mut dyn Sink,
) -> Summary {
    let begun = Instant::now();
    let run_id = options.run_id.clone().unwrap_or_else(fresh_id);
    sink.event(&Event::RunStarted(Box::new(started(
        target,
        &options,
        &run_id,
        trials.len(),
    ))));
    let tally = Tally::new(&options);
    let session = match open(target, options, run_id) {
        Ok(session) => Arc::new(session),
        Err(why) => {
            let summary = tally.summary(Ending::Preflight(why), Vec::new());
            sink.event(&Event::RunFinished(Box::new(summary.clone())));
            return summary;
        }
    };
    let mut run = Run {
        tally,
        https_tested: false,
    };
    let ending = run
        .walk(&session, trials, &Arc::new(catalogue.clone()), sink)
        .await;
    // What the ending was is known before the cleanup gives the target another chance.
    let cleanup = clean_up(&session).await;
    sink.event(&Event::Cleaned(Box::new(cleanup)));
    let mut summary = run.tally.summary(ending, session.features());
    summary.https_tested = run.https_tested;
    summary.requests = session.transport.sent();
    summary.duration = begun.elapsed();
    sink.event(&Event::RunFinished(Box::new(summary.clone())));
    summary
}

/// Removes what a run left, from its journal; the journal goes when nothing is left.
///
/// # Errors
/// If the journal cannot be read, or the target cannot be reached at all.
pub async fn clean(target: &Target, journal: &Path, options: Options) -> Result<Cleanup, String> {
    let (head, entries) = Journal::read(journal).map_err(|error| error.to_string())?;
    let session = open(
        target,
        Options {
            state_dir: None,
            ..options
        },
        head.run_id,
    )?;
    let mut cleanup = cleanup::clean(&Arc::new(session), entries).await;
    if cleanup.leftovers.is_empty() {
        std::fs::remove_file(journal).map_err(|error| error.to_string())?;
    } else {
        cleanup.journal = Some(journal.to_owned());
    }
    Ok(cleanup)
}

/// A run that goes on.
struct Run {
    tally: Tally,
    https_tested: bool,
}

impl Run {
    /// The first question, then every trial.
    async fn walk(
        &mut self,
        session: &Arc<Session>,
        trials: &[Trial],
        catalogue: &Arc<Catalogue>,
        sink: &mut dyn Sink,
    ) -> Ending {
        let buckets = Arc::new(Buckets::default());
        let is_http = session.target.endpoint.scheme == crate::wire::Scheme::Http;
        self.https_tested = session.target.http_endpoint.is_some() || is_http;
        if session.options.first_question || session.options.probe {
            let asked = preflight::first_question(session, &buckets).await;
            let mut answered = match asked {
                _ if session.options.interrupt.is_triggered() => return Ending::Interrupted,
                Err(why) => return Ending::Preflight(session.redactor.text(&why).into_owned()),
                Ok(answered) => answered,
            };
            self.tally.first(&mut answered);
            let stop = session.options.probe || stops(&answered);
            sink.event(&Event::FirstQuestion(Box::new(answered)));
            if stop {
                return Ending::FirstQuestion;
            }
        }
        probe::probe(session, &buckets, trials).await;
        self.trials(session, &buckets, trials, catalogue, sink)
            .await
    }

    /// So many trials at a time as the options say; their events in the order in which they end.
    async fn trials(
        &mut self,
        session: &Arc<Session>,
        buckets: &Arc<Buckets>,
        trials: &[Trial],
        catalogue: &Arc<Catalogue>,
        sink: &mut dyn Sink,
    ) -> Ending {
        let mut waiting = trials.iter().cloned();
        let mut running = JoinSet::new();
        let mut reported_dead = false;
        loop {
            while running.len() < session.options.jobs.max(1)
                && !self.stops_early(session)
                && let Some(trial) = waiting.next()
            {
                sink.event(&Event::CaseStarted {
                    name: trial.name.clone(),
                });
                let (session, buckets, catalogue) = (
                    Arc::clone(session),
                    Arc::clone(buckets),
                    Arc::clone(catalogue),
                );
                running.spawn(async move { one(&session, &buckets, &catalogue, &trial).await });
            }
            let Some(ended) = running.join_next().await else {
                break;
            };
            // A panic within a trial is a defect of the suite: it ends the run as one.
            let mut result =
                ended.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()));
            for feature in session.news() {
                sink.event(&Event::Feature(feature));
            }
            if let (Some(error), false) = (session.death(), reported_dead) {
                reported_dead = true;
                sink.event(&Event::TargetDied { error });
            }
            self.tally.take(&mut result);
            sink.event(&Event::CaseFinished(Box::new(result)));
        }
        match (session.options.interrupt.is_triggered(), session.death()) {
            (true, _) => Ending::Interrupted,
            (false, Some(_)) => Ending::TargetDied,
            (false, None) if session.options.fail_fast && !self.tally.holds => Ending::FailFast,
            (false, None) => Ending::Complete,
        }
    }

    fn stops_early(&self, session: &Session) -> bool {
        session.options.interrupt.is_triggered() || (session.options.fail_fast && !self.tally.holds)
    }
}

/// One trial: skipped, in its bucket, or not run because the target is dead.
async fn one(
    session: &Session,
    buckets: &Buckets,
    catalogue: &Catalogue,
    trial: &Trial,
) -> CaseResult {
    if let Some(error) = session.death() {
        return result::unrun(
            trial,
            Stopped::Unproven(format!("the target died: {error}")),
        );
    }
    if let Choice::Skip { reason } = choose(trial, &session.lacking()) {
        return result::unrun(trial, Stopped::Skip(reason));
    }
    match buckets.of(session, trial).await {
        Ok(bucket) => walk::judge(session, catalogue, trial, &bucket).await,
        Err(stopped) => result::unrun(trial, stopped),
    }
}

const fn stops(answered: &FirstQuestion) -> bool {
    matches!(answered.sse_c, SseC::Blocked | SseC::Unsupported)
}

async fn clean_up(session: &Arc<Session>) -> Cleanup {
    let journal = || session.journal.path().map(Path::to_owned);
    if !session.was_reached() {
        // Nothing was ever sent, so that nothing can be left.
        let _ = session.journal.close();
        return Cleanup::default();
    }
    if session.options.keep {
        return Cleanup {
            journal: journal(),
            kept: true,
            ..Cleanup::default()
        };
    }
    session.begin_cleaning();
    let mut cleanup = cleanup::clean(session, session.journal.entries()).await;
    if cleanup.leftovers.is_empty() {
        if let Err(error) = session.journal.close() {
            cleanup.leftovers.push(format!("the journal: {error}"));
        }
    } else {
        cleanup.journal = journal();
    }
    cleanup
}

fn open(target: &Target, options: Options, run_id: String) -> Result<Session, String> {
    let head = Head {
        schema: SCHEMA.to_owned(),
        endpoint: target.endpoint.to_string(),
        region: target.region.clone(),
        addressing: target.addressing.as_str().to_owned(),
        run_id: run_id.clone(),
    };
    let journal = Journal::create(options.state_dir.as_deref(), &head)
        .map_err(|error| format!("the journal cannot be written: {error}"))?;
    Session::new(target.clone(), options, run_id, journal).map_err(|failure| failure.to_string())
}

fn started(target: &Target, options: &Options, run_id: &str, selected: usize) -> RunStarted {
    RunStarted {
        suite: SuiteInfo {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            seed: options.seed.as_str().to_owned(),
            run_id: run_id.to_owned(),
            selected,
            jobs: options.jobs,
        },
        target: TargetInfo {
            endpoint: target.endpoint.to_string(),
            http_endpoint: target.http_endpoint.as_ref().map(ToString::to_string),
            region: target.region.clone(),
            addressing: target.addressing.as_str().to_owned(),
            bundled: target.bundled,
        },
        gate: options.gate,
    }
}

/// A name that no other run has.
fn fresh_id() -> String {
    let fresh = Seed::random().map(|seed| seed.as_str()[..8].to_owned());
    // Without randomness the time must do.
    fresh.unwrap_or_else(|_| {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        format!("{:08x}", since.map_or(0, |since| since.subsec_nanos()))
    })
}
