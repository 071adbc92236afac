//! `ssec lint`: whether case files and baselines are right; every mistake with its line, a caret and what is allowed.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use ssec::baseline::is_baseline;
use ssec::case::error::Source;
use ssec::exit;

use super::corpus::{From, show};
use super::{baselines, print};

/// Check case files and baselines
#[derive(Args)]
pub(super) struct Lint {
    /// Folders or files (default: the folder `cases`, or the cases in the binary)
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
}

pub(super) fn lint(arguments: &Lint) -> u8 {
    let folder = PathBuf::from("cases");
    let paths = match arguments.paths.as_slice() {
        [] if folder.is_dir() => vec![folder],
        [] => return check(&From { cases: None }, &[]).err().unwrap_or(exit::OK),
        paths => paths.to_vec(),
    };
    let mut code = exit::OK;
    for path in paths {
        let checked = if is_file_of_baseline(&path) {
            check_baseline(&path, &From { cases: None })
        } else {
            let baselines = baselines_of(&path);
            check(&From { cases: Some(path) }, &baselines)
        };
        code = checked.err().unwrap_or(code);
    }
    code
}

/// Case files, and the baselines that lie beside them.
fn check(from: &From, baselines: &[PathBuf]) -> Result<(), u8> {
    let library = from.library()?;
    let errors = ssec::case::lint::lint(&library);
    if !errors.is_empty() {
        return Err(show(&errors));
    }
    let corpus = from.load()?;
    print(&format!(
        "{} files, {} rules, {} cases: no mistake\n",
        corpus.files.len(),
        corpus.catalogue.rules().count(),
        corpus.trials().count(),
    ));
    for baseline in baselines {
        check_baseline(baseline, from)?;
    }
    Ok(())
}

/// A baseline: its form, its cases, and that somebody has given reasons.
fn check_baseline(path: &Path, from: &From) -> Result<(), u8> {
    let baseline = baselines::load(path, &from.load()?)?;
    let unfinished = baseline.unfinished();
    if !unfinished.is_empty() {
        return Err(show(&unfinished));
    }
    let entries = baseline.entries().len();
    print(&format!(
        "{}: {entries} entries: no mistake\n",
        path.display()
    ));
    Ok(())
}

/// Case files are read by their loader, which says what is wrong with them.
fn is_file_of_baseline(path: &Path) -> bool {
    let text = path.is_file().then(|| fs::read_to_string(path));
    let text = text.and_then(Result::ok);
    text.is_some_and(|text| is_baseline(&Source::new(path.to_string_lossy(), text)))
}

fn baselines_of(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder.join("baselines"));
    let mut found: Vec<_> = entries
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    found.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "yaml")
    });
    found.sort();
    found
}
