//! What is known about a target and accepted for now: read from YAML, laid over verdicts, written down again.
//! It knows neither requests nor reports.
//!
//! An entry pins a case to its verdict and to the way in which it fails. Listed and so is `known`; listed, but
//! better now, is `stale` and fails the gate, so that a baseline only ever shrinks; listed, but failing in
//! another way, is not covered.

mod merge;
mod overlay;
mod pin;
mod read;
mod record;
#[cfg(test)]
mod tests;

use time::Date;
use time::format_description::FormatItem;
use time::macros::format_description;

pub use merge::{Merged, merge};
pub use record::Recorder;

use crate::case::error::{CaseError, Source};
use crate::case::place::Place;
use crate::verdict::Verdict;

/// What the first question is called in a baseline: `got: ignored` accepts a target that does no SSE-C.
pub const FIRST_QUESTION: &str = "first-question";

/// Text that begins so still has to be written by somebody: `ssec lint` reports it.
pub const TODO: &str = "TODO";

/// How a date is written: `2026-12-31`.
const DATE: &[FormatItem<'static>] = format_description!("[year]-[month]-[day]");

/// What is accepted of one target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Baseline {
    source: Source,
    about: String,
    entries: Vec<Entry>,
}

/// One case that is not as S3 does, as somebody accepted it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The trial's whole name, or [`FIRST_QUESTION`].
    pub case: String,
    /// The verdict that is accepted: `deviates`, `fail` or `unproven`.
    pub verdict: Verdict,
    /// In which ways it fails: `403 AccessDenied`, `500`, or names of checks.
    pub got: Vec<String>,
    /// Why it is accepted.
    pub reason: String,
    /// Where somebody works on it; a `fail` has one.
    pub issue: Option<String>,
    /// The last day on which it is accepted; a `fail` has one.
    pub until: Option<Date>,
    /// Where it stands.
    pub place: Place,
}

impl Baseline {
    /// The entries, in the order of the file.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The file's name.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.source.path
    }

    /// What is written as [`TODO`]: a reason or an issue that nobody has given yet.
    #[must_use]
    pub fn unfinished(&self) -> Vec<CaseError> {
        let missing = |entry: &Entry| {
            let is_todo = |text: &str| text.starts_with(TODO);
            let field = if is_todo(&entry.reason) {
                "reason"
            } else if entry.issue.as_deref().is_some_and(is_todo) {
                "issue"
            } else {
                return None;
            };
            let message = format!(
                "the {field} for accepting {} is still to be written",
                entry.case
            );
            Some(self.source.error(entry.place, u32::MAX, message))
        };
        self.entries.iter().filter_map(missing).collect()
    }

    fn find(&self, case: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.case == case)
    }

    /// `FILE:LINE` of an entry.
    fn at(&self, entry: &Entry) -> String {
        format!("{}:{}", self.source.path, entry.place.line)
    }
}

impl Entry {
    /// The verdict and in which way, in words.
    fn listed(&self) -> String {
        format!("`{}` with {}", self.verdict, self.got.join(", "))
    }
}

/// Whether this text is a baseline, and not a file of cases: by its one list.
#[must_use]
pub fn is_baseline(source: &Source) -> bool {
    crate::case::yaml::parse(source).is_ok_and(|root| root.get(read::ENTRIES).is_some())
}

/// Today, by which `until` is judged; UTC.
#[must_use]
pub fn today() -> Date {
    time::OffsetDateTime::now_utc().date()
}

fn written(date: Date) -> String {
    date.format(DATE).unwrap_or_default()
}
