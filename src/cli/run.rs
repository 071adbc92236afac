//! `ssec run`: cases against a target.

use std::path::PathBuf;

use clap::Args;
use ssec::baseline::Recorder;
use ssec::event::{Ending, Event, Sink, SseC, Summary};
use ssec::exit;
use ssec::report::{Progress, Reports, Settings, Spec, Traces};
use ssec::run::Interrupt;

use super::baselines::Baselines;
use super::corpus::{Filter, From};
use super::pace::Pace;
use super::place::{At, Place};
use super::signals::Signals;
use super::{complain, estimate, manners};

/// Run cases against an endpoint, or against the reference server in this binary
#[derive(Args)]
pub(super) struct Run {
    #[command(flatten)]
    filter: Filter,
    #[command(flatten)]
    from: From,
    #[command(flatten)]
    at: At,
    #[command(flatten)]
    pace: Pace,
    #[command(flatten)]
    baselines: Baselines,
    /// Ask only whether the target does SSE-C at all, and say what a run would cost
    #[arg(long)]
    probe: bool,
    /// Agree to a run against AWS itself, which costs a little money
    #[arg(long)]
    yes_aws: bool,
    /// A report: human, json, junit, markdown, github or html, to standard output or to a file; repeatable
    #[arg(long = "format", value_name = "FORMAT[=PATH]", default_value = "human")]
    formats: Vec<Spec>,
    /// Write what goes over the wire into this folder, a file per case, without credentials
    #[arg(long, value_name = "DIR")]
    trace: Option<PathBuf>,
    /// Show every case (-v), or every answer too (-vv)
    #[arg(short, long, action = clap::ArgAction::Count)]
    verbose: u8,
}

/// Runs the chosen cases and reports them.
pub(super) async fn run(arguments: Run) -> u8 {
    match attempt(arguments).await {
        Ok(code) | Err(code) => code,
    }
}

async fn attempt(arguments: Run) -> Result<u8, u8> {
    check_formats(&arguments.formats)?;
    let corpus = arguments.from.load()?;
    let chosen = arguments.filter.choose(&corpus)?;
    let mut told = arguments.at.named.settings()?;
    let accepted = arguments.baselines.open(&mut told, &corpus)?;
    let place = Place::find(arguments.at, &mut told).await?;
    let target = place.target();
    let mut options = arguments.pace.options(&mut told, place.is_bundled())?;
    options.probe = arguments.probe;
    options.baseline = accepted.before();
    options.transcripts = arguments.trace.is_some();
    if arguments.verbose > 0 {
        eprint!("{}", target.credentials.redact(&told.told()));
    }
    manners::agree(&target, &chosen, arguments.yes_aws)?;
    let settings = Settings {
        verbosity: arguments.verbose,
        credentials: target.credentials.clone(),
        corpus: &corpus,
        accept: accepted.command(),
    };
    let mut outputs = Outputs::open(&arguments.formats, &settings, arguments.trace)?;
    listen(&options.interrupt)?;
    let gate = options.gate;
    let trials: Vec<_> = if arguments.probe {
        Vec::new()
    } else {
        chosen.iter().copied().cloned().collect()
    };
    let summary = ssec::run::run(&target, options, &corpus.catalogue, &trials, &mut outputs).await;
    place.stop().await;
    if arguments.probe {
        eprint!("{}", estimate::said(&chosen));
    }
    let recorder = outputs.finish()?;
    match accepted.write(&recorder, &summary, gate, &target) {
        Some(outcome) => outcome,
        None => Ok(code(&summary)),
    }
}

/// The first signal ends the run, the second its cleanup too.
pub(super) fn listen(interrupt: &Interrupt) -> Result<(), u8> {
    let mut signals = Signals::listen().map_err(|error| {
        complain(
            exit::INTERNAL,
            &format!("cannot listen for Ctrl-C: {error}"),
        )
    })?;
    let interrupt = interrupt.clone();
    tokio::spawn(async move {
        signals.any().await;
        interrupt.trigger();
        complain(
            exit::INTERRUPTED,
            "stopping; again to leave what the run made where it is",
        );
        signals.any().await;
        interrupt.trigger();
    });
    Ok(())
}

/// Everybody who listens to a run.
struct Outputs<'a> {
    reports: Progress<Reports<'a>>,
    recorder: Recorder,
    traces: Option<Traces>,
}

impl<'a> Outputs<'a> {
    fn open(formats: &[Spec], settings: &Settings<'a>, trace: Option<PathBuf>) -> Result<Self, u8> {
        let usage = |error: std::io::Error| complain(exit::USAGE, &error.to_string());
        let traces = trace.map(|folder| Traces::open(folder, settings.credentials.clone()));
        Ok(Self {
            reports: Progress::new(Reports::open(formats, settings).map_err(usage)?),
            recorder: Recorder::default(),
            traces: traces.transpose().map_err(usage)?,
        })
    }

    /// What was recorded, if everything that was asked for is written.
    fn finish(self) -> Result<Recorder, u8> {
        let reports = self.reports.into_inner().finish();
        let traces = self.traces.map_or(Ok(()), Traces::finish);
        match reports.and(traces) {
            Ok(()) => Ok(self.recorder),
            Err(error) => Err(complain(
                exit::INTERNAL,
                &format!("a report is incomplete: {error}"),
            )),
        }
    }
}

impl Sink for Outputs<'_> {
    fn event(&mut self, event: &Event) {
        self.recorder.event(event);
        if let Some(traces) = &mut self.traces {
            traces.event(event);
        }
        self.reports.event(event);
    }
}

/// Standard output takes one report.
fn check_formats(formats: &[Spec]) -> Result<(), u8> {
    if formats.iter().filter(|spec| spec.path.is_none()).count() > 1 {
        let text = "only one report can go to standard output; write the others to files: --format json=PATH";
        return Err(complain(exit::USAGE, text));
    }
    Ok(())
}

/// The exit code that a run deserves.
fn code(summary: &Summary) -> u8 {
    match (&summary.ending, summary.sse_c) {
        (Ending::Interrupted, _) => exit::INTERRUPTED,
        (Ending::Preflight(_), _) => exit::PREFLIGHT,
        (Ending::FirstQuestion, SseC::Supported) => exit::OK,
        (Ending::FirstQuestion, SseC::Ignored) => exit::GATE_FAILED,
        (Ending::FirstQuestion, SseC::Blocked | SseC::Unsupported | SseC::Unasked) => {
            exit::PREFLIGHT
        }
        (Ending::TargetDied, _) => exit::GATE_FAILED,
        (Ending::Complete | Ending::FailFast, _) if summary.passed => exit::OK,
        (Ending::Complete | Ending::FailFast, _) if summary.counts.judged() == 0 => {
            exit::NOTHING_RAN
        }
        (Ending::Complete | Ending::FailFast, _) => exit::GATE_FAILED,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use ssec::event::Counts;
    use ssec::verdict::Gate;

    use super::*;

    #[track_caller]
    fn check(ending: Ending, sse_c: SseC, counts: Counts, passed: bool, expected: u8) {
        let summary = Summary {
            counts,
            gate: Gate::Safe,
            passed,
            ending,
            sse_c,
            https_tested: true,
            features: Vec::new(),
            requests: 1,
            duration: Duration::ZERO,
        };
        assert_eq!(code(&summary), expected, "{summary:?}");
    }

    #[test]
    fn a_run_deserves_one_code() {
        let none = Counts::default();
        let pass = Counts { pass: 1, ..none };
        let fail = Counts { fail: 1, ..none };
        let skip = Counts { skip: 1, ..none };
        check(Ending::Complete, SseC::Supported, pass, true, 0);
        check(Ending::Complete, SseC::Supported, fail, false, 1);
        check(Ending::Complete, SseC::Ignored, pass, false, 1);
        check(Ending::FailFast, SseC::Supported, fail, false, 1);
        check(Ending::TargetDied, SseC::Supported, pass, false, 1);
        check(
            Ending::Preflight(String::new()),
            SseC::Unasked,
            none,
            false,
            3,
        );
        check(Ending::FirstQuestion, SseC::Blocked, none, false, 3);
        check(Ending::FirstQuestion, SseC::Unsupported, none, false, 3);
        check(Ending::FirstQuestion, SseC::Supported, none, false, 0);
        check(Ending::FirstQuestion, SseC::Ignored, none, false, 1);
        check(Ending::Complete, SseC::Supported, skip, false, 4);
        check(Ending::Complete, SseC::Supported, none, false, 4);
        check(Ending::Interrupted, SseC::Supported, fail, false, 130);
    }
}
