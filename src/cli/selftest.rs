//! `ssec selftest`: every case against every saboteur, to see what the suite would miss.

use std::io::IsTerminal as _;
use std::sync::Arc;
use std::thread::available_parallelism;

use clap::{Args, ValueEnum};
use ssec::bundled::{Group, Saboteur, saboteurs};
use ssec::exit;
use ssec::keys::Seed;
use ssec::select::fits;
use ssec::selftest::{Matrix, selftest};

use super::corpus::{Filter, From};
use super::{complain, print};

/// Judge the suite itself: which cases notice which broken servers
///
/// A saboteur is the reference with exactly one fault. A case notices it when it passes on the reference and not on the
/// saboteur. A saboteur that nobody notices is a case that is missing; a case that notices nobody proves nothing.
#[derive(Args)]
pub(super) struct Selftest {
    #[command(flatten)]
    filter: Filter,
    #[command(flatten)]
    from: From,
    /// Only these saboteurs; `*` and `?` stand for anything; repeatable
    #[arg(long = "saboteur", value_name = "NAME")]
    saboteurs: Vec<String>,
    /// Saboteurs at a time (default: one per processor)
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// Keys and bodies derive from it (default: a fresh one)
    #[arg(long, value_name = "TEXT")]
    seed: Option<String>,
    /// How the matrix is shown
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Json,
    Markdown,
}

/// Runs the matrix and shows it.
pub(super) async fn run(arguments: Selftest) -> u8 {
    match matrix(&arguments).await {
        Err(code) => code,
        Ok(matrix) => {
            print(&match arguments.format {
                Format::Human => matrix.human(),
                Format::Json => matrix.json(),
                Format::Markdown => matrix.markdown(),
            });
            if arguments.format != Format::Human {
                complain(exit::OK, &matrix.result());
            }
            code(&matrix)
        }
    }
}

/// Survivors fail it.
fn code(matrix: &Matrix) -> u8 {
    match matrix.survivors().next() {
        Some(_) => exit::GATE_FAILED,
        None => exit::OK,
    }
}

async fn matrix(arguments: &Selftest) -> Result<Matrix, u8> {
    let corpus = arguments.from.load()?;
    let trials = arguments.filter.choose(&corpus)?;
    let trials = trials.into_iter().cloned().collect();
    let chosen = chosen(&arguments.saboteurs)?;
    let seed = match &arguments.seed {
        Some(text) => Seed::new(text.as_str()),
        None => {
            Seed::random().map_err(|_| complain(exit::INTERNAL, "the system has no randomness"))?
        }
    };
    let jobs = arguments
        .jobs
        .unwrap_or_else(|| available_parallelism().map_or(1, usize::from));
    let show = std::io::stderr().is_terminal();
    let (mut done, count) = (0, chosen.len());
    let mut told = |row: &ssec::selftest::Row| {
        done += 1;
        if show {
            eprint!("\r\x1b[K{done}/{count} {}", row.saboteur.name);
        }
    };
    let matrix = selftest(Arc::new(corpus), trials, &chosen, jobs, seed, &mut told).await;
    if show {
        eprint!("\r\x1b[K");
    }
    matrix.map_err(|error| complain(exit::INTERNAL, &format!("cannot serve: {error}")))
}

fn chosen(patterns: &[String]) -> Result<Vec<&'static Saboteur>, u8> {
    for pattern in patterns {
        if !saboteurs()
            .iter()
            .any(|saboteur| fits(pattern, saboteur.name))
        {
            return Err(complain(
                exit::USAGE,
                &format!("no saboteur fits `{pattern}`"),
            ));
        }
    }
    // What is left on disks and in logs no case can see.
    let visible = |saboteur: &Saboteur| saboteur.group != Group::AtRest;
    let fit = |saboteur: &&Saboteur| {
        (patterns.is_empty() && visible(saboteur))
            || patterns.iter().any(|pattern| fits(pattern, saboteur.name))
    };
    Ok(saboteurs().iter().filter(fit).collect())
}
