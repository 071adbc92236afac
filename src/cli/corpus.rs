//! Which cases a command is about: where they are read from, and which of them are selected.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use ssec::case::error::CaseError;
use ssec::case::load::{Corpus, Library};
use ssec::case::{Depth, Trial};
use ssec::exit;
use ssec::select::Selection;

use super::complain;

/// Where cases come from.
#[derive(Args)]
pub(super) struct From {
    /// Read cases from this folder or file instead of those in the binary
    #[arg(long, value_name = "PATH")]
    pub(super) cases: Option<PathBuf>,
}

impl From {
    /// The files, found and not yet read.
    pub(super) fn library(&self) -> Result<Library, u8> {
        match &self.cases {
            None => Ok(Library::embedded()),
            Some(path) => {
                Library::from_path(path).map_err(|error| complain(exit::USAGE, &error.to_string()))
            }
        }
    }

    /// Reads every case; mistakes are shown with their lines.
    pub(super) fn load(&self) -> Result<Corpus, u8> {
        self.library()?.load().map_err(|errors| show(&errors))
    }
}

/// Shows mistakes in case files and hands back the code to exit with.
pub(super) fn show(errors: &[CaseError]) -> u8 {
    for error in errors {
        eprintln!("{error}\n");
    }
    let mistakes = if errors.len() == 1 {
        "mistake"
    } else {
        "mistakes"
    };
    complain(exit::USAGE, &format!("{} {mistakes}", errors.len()))
}

/// Which cases are meant.
#[derive(Args)]
pub(super) struct Filter {
    /// Ids, areas or names of cases; `*` and `?` stand for anything
    #[arg(value_name = "FILTER")]
    names: Vec<String>,
    /// Only cases of this area, such as `get`; repeatable
    #[arg(long = "area", value_name = "AREA")]
    areas: Vec<String>,
    /// Only cases about this rule, such as `GET-003` or `GET-*`; repeatable
    #[arg(long = "rule", value_name = "RULE")]
    rules: Vec<String>,
    /// `quick` leaves out the cases that move megabytes
    #[arg(long, value_enum, default_value_t = Deep::Full)]
    depth: Deep,
}

#[derive(Clone, Copy, ValueEnum)]
enum Deep {
    Quick,
    Full,
}

impl Filter {
    /// The trials that are meant, in the order of their files.
    ///
    /// # Errors
    /// When there are none: says what was probably meant, and gives the code to exit with.
    pub(super) fn choose<'c>(&self, corpus: &'c Corpus) -> Result<Vec<&'c Trial>, u8> {
        let selection = Selection {
            names: self.names.clone(),
            areas: self.areas.clone(),
            rules: self.rules.clone(),
            depth: match self.depth {
                Deep::Quick => Some(Depth::Quick),
                Deep::Full => None,
            },
        };
        for (word, meant) in selection.unknown(corpus.trials()) {
            let hint = meant.map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
            complain(exit::NOTHING_RAN, &format!("no case fits `{word}`{hint}"));
        }
        let chosen: Vec<_> = corpus
            .trials()
            .filter(|trial| selection.takes(trial))
            .collect();
        if !chosen.is_empty() {
            return Ok(chosen);
        }
        let deeper = Selection {
            depth: None,
            ..selection
        };
        let slow = corpus.trials().filter(|trial| deeper.takes(trial)).count();
        let hint = if slow > 0 {
            format!(" ({slow} with --depth full)")
        } else {
            String::new()
        };
        Err(complain(
            exit::NOTHING_RAN,
            &format!("nothing is selected{hint}"),
        ))
    }
}
