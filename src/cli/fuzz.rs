//! `ssec fuzz`: sequences of operations against a target, judged by a model of S3.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use ssec::case::load::Library;
use ssec::exit;
use ssec::fuzz::event::{Ending, Event, Found, Progress, Summary};
use ssec::fuzz::{Budget, file_name, hunt};
use ssec::model::invariants;

use super::pace::Pace;
use super::place::{At, Place};
use super::run::listen;
use super::{complain, manners, print};

/// How many other differences are shown without -v.
const OTHERS_SHOWN: usize = 10;

/// Fuzz an endpoint, or the reference server in this binary, with a model of S3 as the judge
#[derive(Args)]
pub(super) struct Fuzz {
    #[command(flatten)]
    at: At,
    #[command(flatten)]
    pace: Pace,
    /// How long, such as 90s, 10m or 8h
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = time)]
    max_time: Duration,
    /// How many requests
    #[arg(long, value_name = "N", default_value_t = u64::MAX, hide_default_value = true)]
    max_ops: u64,
    /// How many bytes of bodies, such as 500MiB or 2GiB
    #[arg(long, value_name = "SIZE", default_value = "10GiB", value_parser = size)]
    max_bytes: u64,
    /// Where findings are written, a case file each, for `ssec run --cases`
    #[arg(long, value_name = "DIR", default_value = "ssec-findings")]
    findings: PathBuf,
    /// Agree to fuzzing AWS itself, which costs money
    #[arg(long)]
    yes_aws: bool,
    /// Show every other difference from S3 too
    #[arg(short, long)]
    verbose: bool,
}

/// Hunts, and says what was found.
pub(super) async fn fuzz(arguments: Fuzz) -> u8 {
    match attempt(arguments).await {
        Ok(code) | Err(code) => code,
    }
}

async fn attempt(arguments: Fuzz) -> Result<u8, u8> {
    let corpus = Library::embedded().load().map_err(|errors| {
        let first = errors.first().map(ToString::to_string);
        complain(exit::INTERNAL, &first.unwrap_or_default())
    })?;
    let mut told = arguments.at.named.settings()?;
    let place = Place::find(arguments.at, &mut told).await?;
    let target = place.target();
    let options = arguments.pace.options(&mut told, place.is_bundled())?;
    manners::agree(&target, &[], arguments.yes_aws)?;
    listen(&options.interrupt)?;
    let budget = Budget {
        time: arguments.max_time,
        requests: arguments.max_ops,
        bytes: arguments.max_bytes,
    };
    print(&format!(
        "Fuzzing {} with seed {}\n",
        target.endpoint,
        options.seed.as_str()
    ));
    let mut screen = Screen {
        folder: arguments.findings,
        is_terminal: io::stderr().is_terminal(),
        broken: None,
    };
    let summary = hunt(&target, options, budget, &corpus.catalogue, &mut |event| {
        screen.event(&event);
    })
    .await;
    place.stop().await;
    print(&said(&summary, arguments.verbose));
    if let Some(why) = screen.broken {
        return Err(complain(exit::INTERNAL, &why));
    }
    Ok(code(&summary))
}

/// The exit code that a hunt deserves.
fn code(summary: &Summary) -> u8 {
    match &summary.ending {
        Ending::Interrupted => exit::INTERRUPTED,
        Ending::Preflight(_) => exit::PREFLIGHT,
        Ending::Ignored | Ending::TargetDied(_) => exit::GATE_FAILED,
        Ending::Spent | Ending::FailFast if !summary.found.is_empty() => exit::GATE_FAILED,
        Ending::Spent | Ending::FailFast if summary.progress.requests == 0 => exit::NOTHING_RAN,
        Ending::Spent | Ending::FailFast => exit::OK,
    }
}

/// What is shown while it goes on, and the files of findings.
struct Screen {
    folder: PathBuf,
    is_terminal: bool,
    broken: Option<String>,
}

impl Screen {
    fn event(&mut self, event: &Event) {
        match event {
            Event::FirstQuestion(answered) => {
                print(&format!(
                    "{}: {}\n",
                    answered.sse_c.as_str(),
                    answered.because
                ));
            }
            Event::Progress(progress) => self.line(&so_far(progress)),
            Event::Suspected(finding) => {
                self.line(&format!("{}: confirming and shrinking", finding.bucket));
            }
            Event::Found(found) => self.found(found),
            Event::Lacks { act, why } => {
                self.clear();
                print(&format!("leaves out {act}: {why}\n"));
            }
            _ => {}
        }
    }

    fn found(&mut self, found: &Found) {
        self.clear();
        print(&of_found(found));
        match written(&self.folder, found) {
            Ok(path) => print(&format!(
                "  judge it again: ssec run --cases {}\n\n",
                path.display()
            )),
            Err(error) => {
                self.broken = Some(format!("a finding cannot be written: {error}"));
                print(&found.case);
            }
        }
    }

    /// A line that the next one replaces; nothing in a pipe.
    fn line(&self, text: &str) {
        if self.is_terminal {
            let _ = write!(io::stderr().lock(), "\r\x1b[K{text}");
        }
    }

    fn clear(&self) {
        self.line("");
    }
}

fn written(folder: &Path, found: &Found) -> io::Result<PathBuf> {
    std::fs::create_dir_all(folder)?;
    let path = folder.join(file_name(&found.finding));
    std::fs::write(&path, &found.case)?;
    Ok(path)
}

fn so_far(progress: &Progress) -> String {
    let seconds = progress.elapsed.as_secs_f64().max(0.001);
    #[expect(
        clippy::cast_precision_loss,
        reason = "shown with no digits after the point"
    )]
    let per_second = progress.requests as f64 / seconds;
    format!(
        "{:.0} s, {} sequences, {} requests ({per_second:.0}/s), {} different answers, {} found, {} other",
        seconds,
        progress.sequences,
        progress.requests,
        progress.seen,
        progress.found,
        progress.other
    )
}

fn of_found(found: &Found) -> String {
    let finding = &found.finding;
    let mut text = format!(
        "FOUND {} after {:.1} s\n",
        finding.bucket,
        found.after.as_secs_f64()
    );
    if let Some(invariant) = invariants::find(finding.bucket.invariant) {
        let _ = writeln!(text, "  {}", invariant.says);
    }
    let _ = writeln!(text, "  expected {} ({})", finding.expected, finding.rule);
    let _ = writeln!(text, "  got      {}", finding.got);
    let (again, of) = found.reproduced;
    let _ = writeln!(
        text,
        "  {again} of {of} times again; {} operations, {} before:",
        found.ops.len(),
        found.ops_before
    );
    for op in &found.ops {
        let _ = writeln!(text, "    {op}");
    }
    text
}

fn said(summary: &Summary, verbose: bool) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "{}", so_far(&summary.progress));
    let shown = if verbose { usize::MAX } else { OTHERS_SHOWN };
    if !summary.others.is_empty() {
        let _ = writeln!(
            text,
            "{} differences from S3 that do not fail this gate:",
            summary.others.len()
        );
    }
    for other in summary.others.iter().take(shown) {
        let finding = &other.finding;
        let _ = writeln!(
            text,
            "  {} ({} times): {}, got {} ({})",
            finding.bucket, other.count, finding.expected, finding.got, finding.rule
        );
    }
    if summary.others.len() > shown {
        let _ = writeln!(text, "  and {} more: -v", summary.others.len() - shown);
    }
    for left in &summary.cleanup.leftovers {
        let _ = writeln!(text, "NOT REMOVED {left}");
    }
    if let Some(journal) = summary
        .cleanup
        .journal
        .as_ref()
        .filter(|_| !summary.cleanup.kept)
    {
        let _ = writeln!(text, "remove it with: ssec clean {}", journal.display());
    }
    let _ = writeln!(text, "{}", verdict(summary));
    text
}

fn verdict(summary: &Summary) -> String {
    let count = summary.found.len();
    match &summary.ending {
        Ending::Spent | Ending::FailFast if count > 0 => format!("{count} found"),
        Ending::Spent | Ending::FailFast => "nothing found".to_owned(),
        Ending::Interrupted => format!("interrupted, {count} found"),
        Ending::Preflight(why) => format!("cannot be judged: {why}"),
        Ending::Ignored => {
            "the target ignores SSE-C: what is stored with a key is returned without it".to_owned()
        }
        Ending::TargetDied(why) => format!("the target died: {why}; {count} found"),
    }
}

/// `90s`, `10m`, `8h`
fn time(text: &str) -> Result<Duration, String> {
    let units = [("s", 1), ("m", 60), ("h", 3600)];
    number(text, &units)
        .map(Duration::from_secs)
        .ok_or_else(|| "such as 90s, 10m or 8h".to_owned())
}

/// `500MiB`, `2GiB`
fn size(text: &str) -> Result<u64, String> {
    let units = [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)];
    number(text, &units).ok_or_else(|| "such as 500MiB or 2GiB".to_owned())
}

fn number(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let (digits, factor) = units
        .iter()
        .find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, *factor)))?;
    digits.parse::<u64>().ok()?.checked_mul(factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_sizes_have_units() {
        assert_eq!(time("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(time("8h"), Ok(Duration::from_secs(8 * 3600)));
        assert_eq!(size("2GiB"), Ok(2 << 30));
        for odd in ["", "s", "60", "-1s", "1.5h", "99999999999999999999s"] {
            assert!(time(odd).is_err(), "{odd}");
        }
    }
}
