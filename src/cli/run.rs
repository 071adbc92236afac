//! `ssec run`: cases against a target.

use std::time::Duration;

use clap::{Args, ValueEnum};
use ssec::event::{Ending, SseC, Summary};
use ssec::exit;
use ssec::keys::Seed;
use ssec::report::{Reports, Settings, Spec};
use ssec::run::Options;
use ssec::target::{Endpoint, Target};
use ssec::transport::Timeouts;
use ssec::verdict::Gate;

use super::corpus::{Filter, From};
use super::signals::Signals;
use super::target::Connection;
use super::{complain, state_dir};

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
    /// What fails the run: `safe`: fail and unproven; `exact`: deviates too (default: safe for an endpoint, exact
    /// for the reference)
    #[arg(long, value_enum)]
    gate: Option<Level>,
    /// Ask only whether the target does SSE-C at all
    #[arg(long)]
    probe: bool,
    /// A report: human, json, junit, markdown, github or html, to standard output or to a file; repeatable
    #[arg(long = "format", value_name = "FORMAT[=PATH]", default_value = "human")]
    formats: Vec<Spec>,
    /// Show every case (-v), or every answer too (-vv)
    #[arg(short, long, action = clap::ArgAction::Count)]
    verbose: u8,
}

/// Where to run.
#[derive(Args)]
struct At {
    /// The server under test, such as https://s3.example.com (default: the reference server in this binary)
    #[arg(long, value_name = "URL")]
    endpoint: Option<Endpoint>,
    /// The same server over plain http, to test that it refuses customer keys there
    #[arg(long, value_name = "URL", requires = "endpoint")]
    http_endpoint: Option<Endpoint>,
    /// Work in this bucket, which exists; nothing else in it is touched (default: one made for the run)
    #[arg(long, value_name = "NAME", requires = "endpoint")]
    bucket: Option<String>,
    #[command(flatten)]
    connection: Connection,
}

/// How fast, and how long to wait.
#[derive(Args)]
struct Pace {
    /// Cases at a time
    #[arg(long, value_name = "N", default_value_t = ssec::run::JOBS_DEFAULT as u16, value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: u16,
    /// Seconds that a request may take
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout: u64,
    /// Keys and bodies derive from it; the same seed gives the same requests (default: a fresh one)
    #[arg(long, value_name = "TEXT")]
    seed: Option<String>,
    /// Stop at the first case that the gate does not let pass
    #[arg(long)]
    fail_fast: bool,
    /// Leave everything that the run makes on the target
    #[arg(long)]
    keep: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Level {
    Safe,
    Exact,
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
    let trials = if arguments.probe {
        Vec::new()
    } else {
        arguments.filter.choose(&corpus)?
    };
    let options = options(&arguments)?;
    let place = Place::find(arguments.at).await?;
    let target = place.target();
    let settings = Settings {
        verbosity: arguments.verbose,
        credentials: target.credentials.clone(),
        corpus: &corpus,
        accept: None,
    };
    let mut reports = Reports::open(&arguments.formats, &settings)
        .map_err(|error| complain(exit::USAGE, &error.to_string()))?;
    let interrupt = options.interrupt.clone();
    let signals = Signals::listen().map_err(|error| {
        complain(
            exit::INTERNAL,
            &format!("cannot listen for Ctrl-C: {error}"),
        )
    })?;
    tokio::spawn(async move {
        signals.any().await;
        interrupt.trigger();
    });
    let trials: Vec<_> = trials.into_iter().cloned().collect();
    let summary = ssec::run::run(&target, options, &corpus.catalogue, &trials, &mut reports).await;
    place.stop().await;
    if let Err(error) = reports.finish() {
        complain(exit::INTERNAL, &format!("a report is incomplete: {error}"));
        return Err(exit::INTERNAL);
    }
    Ok(code(&summary))
}

/// Standard output takes one report.
fn check_formats(formats: &[Spec]) -> Result<(), u8> {
    if formats.iter().filter(|spec| spec.path.is_none()).count() > 1 {
        let text = "only one report can go to standard output; write the others to files: --format json=PATH";
        return Err(complain(exit::USAGE, text));
    }
    Ok(())
}

fn options(arguments: &Run) -> Result<Options, u8> {
    let seed = match &arguments.pace.seed {
        Some(text) => Seed::new(text),
        None => {
            Seed::random().map_err(|_| complain(exit::INTERNAL, "the system has no randomness"))?
        }
    };
    let bundled = arguments.at.endpoint.is_none();
    let mut options = Options::new(seed);
    options.jobs = arguments.pace.jobs.into();
    options.gate = match (arguments.gate, bundled) {
        (Some(Level::Safe), _) | (None, false) => Gate::Safe,
        (Some(Level::Exact), _) | (None, true) => Gate::Exact,
    };
    options.probe = arguments.probe;
    options.fail_fast = arguments.pace.fail_fast;
    options.keep = arguments.pace.keep;
    options.state_dir = (!bundled).then(state_dir);
    let exchange = Duration::from_secs(arguments.pace.timeout);
    options.timeouts = Timeouts {
        exchange,
        connect: exchange.min(Timeouts::default().connect),
    };
    Ok(options)
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

/// The target, and the reference behind it if it is ours.
enum Place {
    Remote(Target),
    #[cfg(feature = "bundled")]
    Bundled(ssec::bundled::Bundled),
}

impl Place {
    async fn find(at: At) -> Result<Self, u8> {
        match at.endpoint {
            Some(endpoint) => {
                let mut target = at.connection.target(endpoint)?;
                target.http_endpoint = at.http_endpoint;
                target.bucket = at.bucket;
                Ok(Self::Remote(target))
            }
            None => Self::bundled(&at.connection).await,
        }
    }

    #[cfg(feature = "bundled")]
    async fn bundled(connection: &Connection) -> Result<Self, u8> {
        if let Some(option) = connection.idle_option() {
            return Err(complain(exit::USAGE, &format!("{option} needs --endpoint")));
        }
        let options = ssec::bundled::Options::to_judge(connection.addressing());
        ssec::bundled::start(options)
            .await
            .map(Self::Bundled)
            .map_err(|error| {
                complain(
                    exit::INTERNAL,
                    &format!("the reference server does not start: {error}"),
                )
            })
    }

    #[cfg(not(feature = "bundled"))]
    async fn bundled(_: &Connection) -> Result<Self, u8> {
        Err(complain(
            exit::USAGE,
            "this binary has no reference server; name an --endpoint",
        ))
    }

    fn target(&self) -> Target {
        match self {
            Self::Remote(target) => target.clone(),
            #[cfg(feature = "bundled")]
            Self::Bundled(server) => server.target(),
        }
    }

    async fn stop(self) {
        match self {
            Self::Remote(_) => {}
            #[cfg(feature = "bundled")]
            Self::Bundled(server) => server.stop().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use ssec::event::Counts;

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
