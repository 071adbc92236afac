//! `--baseline` and `--write-baseline`: what is accepted of a target for now.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use ssec::baseline::{Baseline, Merged, Recorder, merge, today};
use ssec::case::error::Source;
use ssec::case::load::Corpus;
use ssec::event::{Ending, Summary};
use ssec::exit;
use ssec::target::Target;
use ssec::verdict::Gate;

use super::complain;
use super::corpus::show;
use super::settings::Settings;

/// The file that is proposed to somebody who has none.
const PROPOSED: &str = "baseline.yaml";

/// What is accepted.
#[derive(Args)]
pub(super) struct Baselines {
    /// Let pass what this file lists, as long as it is just so; what got better has to leave it
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Accept what this run finds: write it into this file. What the file says already is kept
    #[arg(long, value_name = "FILE")]
    write_baseline: Option<PathBuf>,
}

/// What was accepted before, and where to write what is accepted now.
pub(super) struct Accepted {
    before: Option<Arc<Baseline>>,
    write: Option<PathBuf>,
    /// The file to propose.
    proposed: PathBuf,
}

impl Baselines {
    /// Reads what was accepted before. A file that is to be written is one of them.
    ///
    /// # Errors
    /// When a file cannot be read or lists what there is not; mistakes are shown with their lines.
    pub(super) fn open(self, settings: &mut Settings, corpus: &Corpus) -> Result<Accepted, u8> {
        let given = settings.take_path("baseline", self.baseline);
        let read = match (&given, &self.write_baseline) {
            (Some(given), Some(write)) if given != write && write.exists() => {
                let (given, write) = (given.display(), write.display());
                let text = format!(
                    "{write} exists; to write into it, name it as --baseline too, not {given}"
                );
                return Err(complain(exit::USAGE, &text));
            }
            (Some(given), write) if given.exists() || write.as_ref() != Some(given) => Some(given),
            (_, Some(write)) if write.exists() => Some(write),
            _ => None,
        };
        let before = read.map(|path| load(path, corpus)).transpose()?;
        Ok(Accepted {
            before: before.map(Arc::new),
            proposed: given.unwrap_or_else(|| PathBuf::from(PROPOSED)),
            write: self.write_baseline,
        })
    }
}

/// Reads a baseline.
///
/// # Errors
/// When it cannot be read, or something in it is wrong; shown.
pub(super) fn load(path: &Path, corpus: &Corpus) -> Result<Baseline, u8> {
    let text = fs::read_to_string(path).map_err(|error| {
        complain(
            exit::USAGE,
            &format!("cannot read {}: {error}", path.display()),
        )
    })?;
    let source = Source::new(path.to_string_lossy(), text);
    Baseline::read(&source, corpus).map_err(|errors| show(&errors))
}

impl Accepted {
    pub(super) fn before(&self) -> Option<Arc<Baseline>> {
        self.before.clone()
    }

    /// The command line of this process, writing a baseline; `None`: it does.
    pub(super) fn command(&self) -> Option<String> {
        if self.write.is_some() {
            return None;
        }
        let words = std::env::args().skip(1).map(|word| quoted(&word));
        let words: Vec<String> = words.collect();
        let file = quoted(&self.proposed.to_string_lossy());
        Some(format!("ssec {} --write-baseline {file}", words.join(" ")))
    }

    /// Writes down what the run found, if that was asked for; the code to exit with then.
    pub(super) fn write(
        &self,
        run: &Recorder,
        summary: &Summary,
        gate: Gate,
        target: &Target,
    ) -> Option<Result<u8, u8>> {
        let path = self.write.as_ref()?;
        if summary.ending != Ending::Complete || summary.counts.judged() == 0 {
            complain(
                exit::GATE_FAILED,
                "no baseline is written: the run was not complete",
            );
            return None;
        }
        let about = format!(
            "What {} does otherwise than S3, accepted for now.",
            target.endpoint
        );
        let merged = merge(self.before.as_deref(), run, gate, &about, today());
        if let Err(error) = replace(path, &merged.text) {
            let text = format!("cannot write {}: {error}", path.display());
            return Some(Err(complain(exit::INTERNAL, &text)));
        }
        Some(Ok(told(path, &merged)))
    }
}

/// Says what was written, and what is left to do.
fn told(path: &Path, merged: &Merged) -> u8 {
    let Merged {
        added,
        changed,
        removed,
        expired,
        ..
    } = merged;
    let path = path.display();
    let text = format!("{path}: {added} added, {changed} changed, {removed} removed");
    complain(exit::OK, &text);
    if added + changed > 0 {
        let text = format!(
            "write down why: `ssec lint {path}` shows where, and --baseline {path} uses it"
        );
        complain(exit::OK, &text);
    }
    if *expired > 0 {
        let text =
            format!("{expired} are over; nobody but you can give them another day: change `until`");
        return complain(exit::GATE_FAILED, &text);
    }
    exit::OK
}

/// Writes a file as a whole, or not at all.
fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let new = path.with_file_name(name);
    fs::write(&new, text)?;
    fs::rename(&new, path)
}

/// One word of a POSIX shell, in quotes where it needs them.
fn quoted(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._/:=,+@%".contains(&byte);
    if !word.is_empty() && word.bytes().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
