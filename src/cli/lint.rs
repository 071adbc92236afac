//! `ssec lint`: whether case files are right; every mistake with its line, a caret and what is allowed.

use std::path::PathBuf;

use clap::Args;
use ssec::exit;

use super::corpus::{From, show};
use super::print;

/// Check case files
#[derive(Args)]
pub(super) struct Lint {
    /// Folders or files (default: the folder `cases`, or the cases in the binary)
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
}

pub(super) fn lint(arguments: &Lint) -> u8 {
    let folder = PathBuf::from("cases");
    let sources = match arguments.paths.as_slice() {
        [] if folder.is_dir() => vec![Some(folder)],
        [] => vec![None],
        paths => paths.iter().cloned().map(Some).collect(),
    };
    let mut code = exit::OK;
    for cases in sources {
        if let Err(wrong) = check(&From { cases }) {
            code = wrong;
        }
    }
    code
}

fn check(from: &From) -> Result<(), u8> {
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
    Ok(())
}
