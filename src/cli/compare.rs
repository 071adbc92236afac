//! `ssec compare`: reports of several runs, side by side.

use std::fs;
use std::path::PathBuf;

use clap::Args;
use ssec::compare::page::{Page, Spec};
use ssec::compare::read::{Run, name_apart};
use ssec::compare::{change, is_one_server, rules, side_by_side};
use ssec::exit;

use super::corpus::From;
use super::{complain, print};

/// Compare the JSON reports of several runs
#[derive(Args)]
pub(super) struct Compare {
    /// Reports of `ssec run --format json=FILE`, each named by its file
    #[arg(value_name = "REPORT", required = true)]
    reports: Vec<PathBuf>,
    /// What changed from the first report to the second (as is shown of two reports about one endpoint)
    #[arg(long, conflicts_with = "rules")]
    changes: bool,
    /// Which rules of S3 the run confirms and which it contradicts: for a run against Amazon S3
    #[arg(long)]
    rules: bool,
    /// text, markdown or html, to standard output or to a file; repeatable
    #[arg(long = "format", value_name = "FORMAT[=PATH]", default_value = "text")]
    formats: Vec<Spec>,
    #[command(flatten)]
    from: From,
}

pub(super) fn compare(arguments: &Compare) -> u8 {
    let page = match page(arguments) {
        Ok(page) => page,
        Err(code) => return code,
    };
    for spec in &arguments.formats {
        let text = page.write(spec.notation);
        match &spec.path {
            None => print(&text),
            Some(path) => {
                if let Err(error) = fs::write(path, text) {
                    return complain(exit::USAGE, &format!("{}: {error}", path.display()));
                }
            }
        }
    }
    exit::OK
}

fn page(arguments: &Compare) -> Result<Page, u8> {
    let usage = |text: &str| complain(exit::USAGE, text);
    let runs: Result<Vec<_>, _> = arguments
        .reports
        .iter()
        .map(|path| Run::read(path))
        .collect();
    let mut runs = runs.map_err(|error| usage(&error.to_string()))?;
    name_apart(&mut runs, &arguments.reports);
    match &runs[..] {
        [run] if arguments.rules => Ok(rules::compare(run, &arguments.from.load()?.catalogue)),
        _ if arguments.rules => Err(usage("--rules takes one report")),
        [before, after] if arguments.changes || is_one_server(before, after) => {
            Ok(change::compare(before, after))
        }
        _ if arguments.changes => Err(usage("--changes takes two reports, the earlier one first")),
        runs => Ok(side_by_side::compare(runs)),
    }
}
