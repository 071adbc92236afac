//! A report of schema `ssec.report/1` as it comes from a file: whatever is in it, a value or a clear error.
//!
//! Its own types: unknown fields are skipped, for version 1 may gain some; what is read here has been in it from the
//! beginning.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::{Deserializer, Error as _};

use crate::event::SseC;
use crate::report::json::SCHEMA;
use crate::report::judgement::Tally;
use crate::verdict::{Overlay, Verdict};

/// The largest report that is read, in bytes; one of a full run has about 5 MB.
const FILE_LEN_MAX: u64 = 256 << 20;

/// Why a file is no report.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It cannot be read at all.
    #[error("{}: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// It is larger than any report.
    #[error("{}: larger than {} MiB, which no report is", path.display(), FILE_LEN_MAX >> 20)]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// It is not JSON, or a field is not what it should be.
    #[error("{}: {error}", path.display())]
    Json {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        error: serde_json::Error,
    },
    /// It is JSON of another kind or version.
    #[error("{}: {found}; this version reads {SCHEMA}", path.display())]
    Schema {
        /// The file.
        path: PathBuf,
        /// What it says of itself.
        found: String,
    },
    /// One name stands for two cases.
    #[error("{}: the case `{name}` is in it twice", path.display())]
    Twice {
        /// The file.
        path: PathBuf,
        /// The name.
        name: String,
    },
}

/// One run.
#[derive(Clone, Debug)]
pub struct Run {
    /// What it is called beside the others: from its file's name.
    pub name: String,
    /// The suite.
    pub suite: Suite,
    /// The server.
    pub target: Target,
    /// The cases by name.
    pub cases: BTreeMap<String, Case>,
}

/// The suite of a run.
#[derive(Clone, Debug, Deserialize)]
pub struct Suite {
    /// Its version.
    pub version: String,
}

/// The server of a run.
#[derive(Clone, Debug, Deserialize)]
pub struct Target {
    /// Base URL.
    pub endpoint: String,
    /// Whether it is the reference inside the binary.
    pub bundled: bool,
    /// The answer to the first question.
    #[serde(deserialize_with = "sse_c")]
    pub sse_c: SseC,
    /// Whether the rule that keys travel over https only was tested.
    pub https_tested: bool,
}

/// One case.
#[derive(Clone, Debug, Deserialize)]
pub struct Case {
    /// `area/topic/id[row]`.
    pub name: String,
    /// Rules that it cites.
    pub rules: Vec<String>,
    /// Its verdict before any baseline.
    #[serde(deserialize_with = "verdict")]
    pub raw: Verdict,
    /// What the baseline made of it.
    #[serde(rename = "verdict", deserialize_with = "overlay")]
    pub overlay: Option<Overlay>,
    /// Why it was skipped or is unproven.
    pub reason: Option<String>,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// One difference between S3 and the target.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Finding {
    /// Index of the step, from 0.
    pub step: usize,
    /// Which check found it.
    pub check: String,
    /// What S3 does.
    pub expected: String,
    /// What the target did.
    pub got: String,
    /// The rule that is violated.
    pub rule: Option<String>,
}

#[derive(Deserialize)]
#[serde(expecting = "a report of ssec")]
struct Named {
    schema: Option<String>,
}

#[derive(Deserialize)]
struct Document {
    suite: Suite,
    target: Target,
    cases: Vec<Case>,
}

impl Run {
    /// Reads a report.
    ///
    /// # Errors
    /// When it is none, with its path and what is wrong.
    pub fn read(path: &Path) -> Result<Self, ReadError> {
        let file = |error| ReadError::File {
            path: path.to_owned(),
            error,
        };
        if fs::metadata(path).map_err(file)?.len() > FILE_LEN_MAX {
            return Err(ReadError::TooLarge {
                path: path.to_owned(),
            });
        }
        Self::parse(path, &fs::read(path).map_err(file)?)
    }

    /// Reads a report from its text; the path names it.
    ///
    /// # Errors
    /// As [`Run::read`].
    pub fn parse(path: &Path, text: &[u8]) -> Result<Self, ReadError> {
        let path = || path.to_owned();
        let json = |error| ReadError::Json {
            path: path(),
            error,
        };
        let found = match serde_json::from_slice::<Named>(text).map_err(json)?.schema {
            Some(schema) if schema == SCHEMA => None,
            Some(schema) => Some(format!("its schema is `{schema}`")),
            None => Some("it names no schema".to_owned()),
        };
        if let Some(found) = found {
            return Err(ReadError::Schema {
                path: path(),
                found,
            });
        }
        let document: Document = serde_json::from_slice(text).map_err(json)?;
        let mut cases = BTreeMap::new();
        for case in document.cases {
            if let Some(other) = cases.insert(case.name.clone(), case) {
                return Err(ReadError::Twice {
                    path: path(),
                    name: other.name,
                });
            }
        }
        let name = path()
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        Ok(Self {
            name,
            suite: document.suite,
            target: document.target,
            cases,
        })
    }

    /// Cases by verdict before any baseline.
    #[must_use]
    pub fn tally(&self) -> Tally {
        Tally::of(self.cases.values().map(|case| case.raw))
    }

    /// Why what passed in this run is no evidence of SSE-C, if it is none.
    #[must_use]
    pub fn is_no_evidence(&self) -> Option<&'static str> {
        match self.target.sse_c {
            SseC::Ignored => Some(
                "the target takes customer keys and drops them, so what passed is no evidence of SSE-C",
            ),
            SseC::Blocked => Some("the bucket blocked SSE-C, so nothing was judged"),
            SseC::Unsupported => Some("the target has no SSE-C, so nothing was judged"),
            SseC::Supported | SseC::Unasked => None,
        }
    }
}

impl Case {
    /// The verdict's word after the baseline.
    #[must_use]
    pub const fn verdict(&self) -> &'static str {
        match self.overlay {
            Some(overlay) => overlay.as_str(),
            None => self.raw.as_str(),
        }
    }

    /// The area: the first word of the name.
    #[must_use]
    pub fn area(&self) -> &str {
        self.name.split('/').next().unwrap_or_default()
    }

    /// What the first finding got, unless the case passed all the same.
    #[must_use]
    pub fn got(&self) -> Option<&str> {
        let first = self.findings.first().map(|finding| finding.got.as_str());
        first.filter(|_| self.raw != Verdict::Pass)
    }
}

/// Gives the runs names that differ: files of one name are told apart by their folders, and those by a number.
pub fn name_apart(runs: &mut [Run], paths: &[PathBuf]) {
    let names: Vec<_> = runs.iter().map(|run| run.name.clone()).collect();
    let is_taken = |name: &String| names.iter().filter(|other| *other == name).count() > 1;
    for (run, path) in runs
        .iter_mut()
        .zip(paths)
        .filter(|(run, _)| is_taken(&run.name))
    {
        if let Some(folder) = path.parent().and_then(Path::file_name) {
            run.name = format!("{}/{}", folder.to_string_lossy(), run.name);
        }
    }
    for index in 1..runs.len() {
        let (before, rest) = runs.split_at_mut(index);
        if before.iter().any(|run| run.name == rest[0].name) {
            rest[0].name.push_str(&format!(" ({})", index + 1));
        }
    }
}

const VERDICTS: &[Verdict] = &[
    Verdict::Pass,
    Verdict::Deviates,
    Verdict::Fail,
    Verdict::Unproven,
    Verdict::Skip,
];

fn verdict<'de, D: Deserializer<'de>>(from: D) -> Result<Verdict, D::Error> {
    let word = String::deserialize(from)?;
    let known = VERDICTS.iter().find(|verdict| verdict.as_str() == word);
    known
        .copied()
        .ok_or_else(|| D::Error::custom(format_args!("unknown verdict `{word}`")))
}

fn overlay<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Overlay>, D::Error> {
    let word = String::deserialize(from)?;
    let overlays = [Overlay::Known, Overlay::Stale];
    match overlays
        .into_iter()
        .find(|overlay| overlay.as_str() == word)
    {
        Some(overlay) => Ok(Some(overlay)),
        None if VERDICTS.iter().any(|verdict| verdict.as_str() == word) => Ok(None),
        None => Err(D::Error::custom(format_args!("unknown verdict `{word}`"))),
    }
}

fn sse_c<'de, D: Deserializer<'de>>(from: D) -> Result<SseC, D::Error> {
    let word = String::deserialize(from)?;
    let known = [
        SseC::Supported,
        SseC::Ignored,
        SseC::Blocked,
        SseC::Unsupported,
        SseC::Unasked,
    ];
    known
        .into_iter()
        .find(|answer| answer.as_str() == word)
        .ok_or_else(|| {
            D::Error::custom(format_args!(
                "unknown answer `{word}` to whether there is SSE-C"
            ))
        })
}

#[cfg(test)]
pub(crate) mod tests;
