//! What a run tells the world while it goes on: plain data for reporters, which never speak back.
//!
//! Nothing in here holds a credential. Customer keys of the run may appear in `curl` lines on purpose:
//! they are throwaway and derived from the printed seed.

use std::path::PathBuf;
use std::time::Duration;

use serde::Serialize;

use crate::verdict::{Answer, Finding, Gate, Overlay, Verdict};

/// One thing that happened, in order. Cases finish in any order.
#[derive(Clone, Debug)]
pub enum Event {
    /// Always first.
    RunStarted(Box<RunStarted>),
    /// The answer to the first question; absent when it is switched off.
    FirstQuestion(Box<FirstQuestion>),
    /// A feature turned out to be there or not.
    Feature(Feature),
    /// A case began.
    CaseStarted {
        /// `area/topic/id[row]`.
        name: String,
    },
    /// A case has its verdict.
    CaseFinished(Box<CaseResult>),
    /// The target stopped answering in mid-run; what is left will be `unproven`.
    TargetDied {
        /// What the last connection attempts said.
        error: String,
    },
    /// Everything that the run created is gone, or not.
    Cleaned(Box<Cleanup>),
    /// Always last.
    RunFinished(Box<Summary>),
}

/// Receives the events of a run, in order, from one task at a time.
pub trait Sink: Send {
    /// Takes one event. Must not block for long: the run waits for it.
    fn event(&mut self, event: &Event);
}

impl<F: FnMut(&Event) + Send> Sink for F {
    fn event(&mut self, event: &Event) {
        self(event);
    }
}

/// What runs against what.
#[derive(Clone, Debug, Serialize)]
pub struct RunStarted {
    /// The suite and this run.
    pub suite: SuiteInfo,
    /// The server under test.
    pub target: TargetInfo,
    /// How strict the exit code is.
    pub gate: Gate,
}

/// The suite and this run.
#[derive(Clone, Debug, Serialize)]
pub struct SuiteInfo {
    /// Version of the suite.
    pub version: String,
    /// Keys, bodies and names derive from it.
    pub seed: String,
    /// Every object lives below it.
    pub run_id: String,
    /// Expanded cases that will run.
    pub selected: usize,
    /// Cases at a time.
    pub jobs: usize,
}

/// The server under test, as far as it may be printed.
#[derive(Clone, Debug, Serialize)]
pub struct TargetInfo {
    /// Base URL of the https endpoint.
    pub endpoint: String,
    /// Base URL of the plain http endpoint, if one was given.
    pub http_endpoint: Option<String>,
    /// Signing region.
    pub region: String,
    /// `path` or `virtual`.
    pub addressing: String,
    /// Whether this is the reference inside the binary.
    pub bundled: bool,
}

/// Whether the target does SSE-C at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SseC {
    /// It echoes the triple and refuses to read without it.
    Supported,
    /// It takes the key and drops it: no echo, or the object is readable without a key.
    Ignored,
    /// The bucket blocks SSE-C, as S3's new buckets do, and could not be unblocked.
    Blocked,
    /// It refuses a correct SSE-C request.
    Unsupported,
    /// The question was not asked.
    Unasked,
}

impl SseC {
    /// The word used in every report.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Supported => "supported",
            Self::Ignored => "ignored",
            Self::Blocked => "blocked",
            Self::Unsupported => "unsupported",
            Self::Unasked => "unasked",
        }
    }
}

/// One PUT with a right triple and one GET without, before anything else.
#[derive(Clone, Debug, Serialize)]
pub struct FirstQuestion {
    /// The answer.
    pub sse_c: SseC,
    /// What was seen, in one sentence.
    pub because: String,
    /// What to do about it, where something can be done.
    pub remedy: Option<String>,
    /// The run's own bucket was unblocked with PutBucketEncryption first.
    pub unblocked: bool,
    /// Whether the rule that keys travel over https only will be tested.
    pub https_tested: bool,
    /// What the baseline makes of an answer that is `ignored`, or no more.
    pub overlay: Option<Overlay>,
    /// The answers behind it.
    pub answers: Vec<Answer>,
    /// Everything that went over the wire, as in [`CaseResult::transcript`].
    #[serde(skip)]
    pub transcript: Option<String>,
}

/// How it is known that the target has a feature or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Provenance {
    /// Whoever runs the suite said so.
    Declared,
    /// The target said so, by an answer.
    Probed,
    /// Nobody said anything yet.
    Assumed,
}

/// A feature of the target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Feature {
    /// Its name in `needs:`.
    pub name: String,
    /// Whether the target has it.
    pub present: bool,
    /// How that is known.
    pub provenance: Provenance,
    /// The answer or declaration behind it.
    pub because: String,
}

/// A case with its verdict and everything that led to it.
#[derive(Clone, Debug, Serialize)]
pub struct CaseResult {
    /// `area/topic/id[row]`.
    pub name: String,
    /// The case's id, unique and for ever.
    pub id: String,
    /// Name of the table row, if the case has a table.
    pub row: Option<String>,
    /// One sentence: what S3 does.
    pub title: String,
    /// Case file, relative to the corpus.
    pub file: String,
    /// Line of the case in the file, from 1.
    pub line: u32,
    /// Rules the case cites.
    pub rules: Vec<String>,
    /// Verdict before any baseline.
    pub raw: Verdict,
    /// What the baseline makes of it.
    pub overlay: Option<Overlay>,
    /// `not-evidence` (the target ignores SSE-C), `flaky`, `no-control`.
    pub flags: Vec<String>,
    /// Why it was skipped or is unproven; for a no-control step why none can exist.
    pub reason: Option<String>,
    /// Every difference found.
    pub findings: Vec<Finding>,
    /// Every answer, in order.
    pub answers: Vec<Answer>,
    /// Everything that went over the wire, readable and without credentials; only where it was asked for.
    #[serde(skip)]
    pub transcript: Option<String>,
    /// Wall time.
    #[serde(skip)]
    pub duration: Duration,
}

impl CaseResult {
    /// The verdict's word after the baseline: one of the five, or `known`, or `stale`.
    #[must_use]
    pub const fn verdict(&self) -> &'static str {
        match self.overlay {
            Some(overlay) => overlay.as_str(),
            None => self.raw.as_str(),
        }
    }
}

/// What happened to what the run created.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Cleanup {
    /// Buckets, objects, versions and uploads removed.
    pub removed: usize,
    /// What could not be removed, one line each.
    pub leftovers: Vec<String>,
    /// The journal that `ssec clean` takes; `None` when nothing is left.
    pub journal: Option<PathBuf>,
    /// Objects were kept on purpose.
    pub kept: bool,
}

/// Cases by verdict, after the baseline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// As S3 does.
    pub pass: usize,
    /// Not as S3 does.
    pub deviates: usize,
    /// Unsafe or broken.
    pub fail: usize,
    /// Nothing is known.
    pub unproven: usize,
    /// The target lacks the feature.
    pub skip: usize,
    /// As the baseline lists.
    pub known: usize,
    /// Better than the baseline lists.
    pub stale: usize,
    /// Findings that never gate, over all cases.
    pub notes: usize,
}

impl Counts {
    /// Cases that were judged, that is: not skipped.
    #[must_use]
    pub const fn judged(&self) -> usize {
        self.pass + self.deviates + self.fail + self.unproven + self.known + self.stale
    }

    /// Adds one case.
    pub fn add(&mut self, case: &CaseResult) {
        use crate::verdict::Grade;
        self.notes += case
            .findings
            .iter()
            .filter(|finding| finding.grade == Grade::Note)
            .count();
        let counter = match (case.overlay, case.raw) {
            (Some(Overlay::Known), _) => &mut self.known,
            (Some(Overlay::Stale), _) => &mut self.stale,
            (None, Verdict::Pass) => &mut self.pass,
            (None, Verdict::Deviates) => &mut self.deviates,
            (None, Verdict::Fail) => &mut self.fail,
            (None, Verdict::Unproven) => &mut self.unproven,
            (None, Verdict::Skip) => &mut self.skip,
        };
        *counter += 1;
    }
}

/// How a run ended.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// Cases by verdict.
    pub counts: Counts,
    /// How strict the gate was.
    pub gate: Gate,
    /// Whether every case let it pass, at least one was judged, and the target stayed alive.
    pub passed: bool,
    /// How it ended.
    pub ending: Ending,
    /// The answer to the first question.
    pub sse_c: SseC,
    /// Whether the rule that keys travel over https only was tested.
    pub https_tested: bool,
    /// What is known about the target's features.
    pub features: Vec<Feature>,
    /// Requests sent, all told.
    pub requests: u64,
    /// Wall time of the run.
    #[serde(skip)]
    pub duration: Duration,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// Every selected case has a verdict.
    Complete,
    /// The first question says that there is nothing to test (`blocked`, `unsupported`), or only it was asked.
    FirstQuestion,
    /// The target could not be used at all: unreachable, credentials refused, not S3.
    Preflight(String),
    /// The target died in mid-run.
    TargetDied,
    /// Somebody pressed Ctrl-C; cleanup was done.
    Interrupted,
    /// The first failure was enough.
    FailFast,
}
