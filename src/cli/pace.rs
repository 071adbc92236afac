//! How a run goes: fast or slowly, and what ends it.

use std::time::Duration;
use std::{fmt, str::FromStr};

use clap::{Args, ValueEnum};
use ssec::config::{Retries, Seconds, Width};
use ssec::exit;
use ssec::keys::Seed;
use ssec::run::{Options, Rate};
use ssec::transport::Timeouts;
use ssec::verdict::Gate;

use super::settings::Settings;
use super::{complain, state_dir};

/// How fast, how long to wait, and when to stop.
#[derive(Args)]
pub(super) struct Pace {
    /// What fails the run: `safe`: fail and unproven; `exact`: deviates too (default: safe for an endpoint, exact
    /// for the reference)
    #[arg(long, value_enum)]
    gate: Option<Level>,
    /// Cases at a time (default: 8)
    #[arg(long, value_name = "N")]
    jobs: Option<Width>,
    /// Requests per second at most, such as 20/s, all cases together (default: no limit)
    #[arg(long, value_name = "N/s")]
    rate: Option<Rate>,
    /// Seconds that a request may take (default: 30)
    #[arg(long, value_name = "SECONDS")]
    timeout: Option<Seconds>,
    /// How often to repeat a request that did not reach the target, or that it put off with 503 SlowDown; a case that
    /// passes then is shown as flaky (default: 0)
    #[arg(long, value_name = "N")]
    retries: Option<Retries>,
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

impl FromStr for Level {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        <Self as ValueEnum>::from_str(text, false)
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Safe => "safe",
            Self::Exact => "exact",
        })
    }
}

impl Pace {
    /// The options of a run at this pace.
    ///
    /// # Errors
    /// When the environment says something odd; the code to exit with.
    pub(super) fn options(&self, settings: &mut Settings, bundled: bool) -> Result<Options, u8> {
        let seed = match &self.seed {
            Some(text) => Seed::new(text),
            None => Seed::random()
                .map_err(|_| complain(exit::INTERNAL, "the system has no randomness"))?,
        };
        let mut options = Options::new(seed);
        let gate = settings.take("gate", self.gate)?;
        options.gate = match (gate, bundled) {
            (Some(Level::Safe), _) | (None, false) => Gate::Safe,
            (Some(Level::Exact), _) | (None, true) => Gate::Exact,
        };
        if let Some(Width(jobs)) = settings.take("jobs", self.jobs)? {
            options.jobs = jobs.into();
        }
        options.rate = settings.take("rate", self.rate)?;
        if let Some(Seconds(seconds)) = settings.take("timeout", self.timeout)? {
            let exchange = Duration::from_secs(seconds.into());
            options.timeouts = Timeouts {
                exchange,
                connect: exchange.min(Timeouts::default().connect),
            };
        }
        let retries = settings.take("retries", self.retries)?;
        options.retries = retries.map_or(0, |Retries(times)| times.into());
        options.fail_fast = self.fail_fast;
        options.keep = self.keep;
        options.state_dir = (!bundled).then(state_dir);
        Ok(options)
    }
}
