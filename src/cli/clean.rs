//! `ssec clean`: removes what a run that was killed left on its target, from its journal.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use ssec::exit;
use ssec::journal::Journal;
use ssec::keys::Seed;
use ssec::run::Options;
use ssec::target::{Addressing, Endpoint};

use super::settings::Named;
use super::target::Connection;
use super::{complain, print, state_dir};

/// Remove what a killed run left behind, from its journal
#[derive(Args)]
pub(super) struct Clean {
    /// The journal that the run named, or that its report names (default: show which there are)
    #[arg(value_name = "JOURNAL")]
    journal: Option<PathBuf>,
    #[command(flatten)]
    named: Named,
    #[command(flatten)]
    connection: Connection,
}

pub(super) async fn clean(arguments: Clean) -> u8 {
    match &arguments.journal {
        None => show(&state_dir()),
        Some(journal) => match remove(journal, &arguments).await {
            Ok(code) | Err(code) => code,
        },
    }
}

/// The journals of runs that were killed, or that are still running.
fn show(folder: &Path) -> u8 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut journals: Vec<_> = entries
        .map(|entry| entry.path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "journal")
        })
        .collect();
    journals.sort();
    let mut text = format!("{} journals in {}\n", journals.len(), folder.display());
    for path in &journals {
        let what = match Journal::read(path) {
            Ok((head, entries)) => format!("{} things on {}", entries.len(), head.endpoint),
            Err(error) => format!("unreadable: {error}"),
        };
        let _ = writeln!(text, "  {}  {what}", path.display());
    }
    print(&text);
    exit::OK
}

async fn remove(journal: &Path, arguments: &Clean) -> Result<u8, u8> {
    let named = |error: &dyn std::fmt::Display| format!("{}: {error}", journal.display());
    let usage = |error: &dyn std::fmt::Display| complain(exit::USAGE, &named(error));
    let (head, _) = Journal::read(journal).map_err(|error| usage(&error))?;
    let endpoint: Endpoint = head.endpoint.parse().map_err(|error| usage(&error))?;
    let mut settings = arguments.named.settings()?;
    let mut target = arguments.connection.target(endpoint, &mut settings)?;
    target.region = head.region;
    target.addressing = match head.addressing.as_str() {
        "virtual" => Addressing::Virtual,
        _ => Addressing::Path,
    };
    let options = Options::new(Seed::new(head.run_id));
    let cleanup = ssec::run::clean(&target, journal, options)
        .await
        .map_err(|error| complain(exit::PREFLIGHT, &target.credentials.redact(&named(&error))))?;
    print(&format!(
        "{} removed, {} left\n",
        cleanup.removed,
        cleanup.leftovers.len()
    ));
    for leftover in &cleanup.leftovers {
        complain(exit::GATE_FAILED, &target.credentials.redact(leftover));
    }
    Ok(if cleanup.leftovers.is_empty() {
        exit::OK
    } else {
        exit::GATE_FAILED
    })
}
