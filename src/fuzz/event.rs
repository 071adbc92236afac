//! What a hunt tells while it goes on, and at its end: plain data.

use std::path::PathBuf;
use std::time::Duration;

use super::finding::Finding;
use crate::event::{Cleanup, FirstQuestion};
use crate::model::Op;

/// Something happened.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// The first question was answered.
    FirstQuestion(Box<FirstQuestion>),
    /// How far it is.
    Progress(Progress),
    /// Something does not hold: it is being confirmed and shrunk.
    Suspected(Box<Finding>),
    /// Something does not hold.
    Found(Box<Found>),
    /// The target does not know an operation, which is not asked for any more.
    Lacks {
        /// Its name.
        act: &'static str,
        /// What was answered.
        why: String,
    },
}

/// How far a hunt is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Since it began.
    pub elapsed: Duration,
    /// Sequences played.
    pub sequences: u64,
    /// Requests sent.
    pub requests: u64,
    /// Bytes of bodies sent and received.
    pub bytes: u64,
    /// Different answers seen: act, defect, state, status, Code.
    pub seen: usize,
    /// Findings that fail the hunt.
    pub found: usize,
    /// Other differences.
    pub other: usize,
}

/// Something that does not hold, as small as could be made of it.
#[derive(Clone, Debug)]
pub struct Found {
    /// What.
    pub finding: Finding,
    /// The operations that show it.
    pub ops: Vec<Op>,
    /// How often it showed again, of so many times.
    pub reproduced: (u32, u32),
    /// How many operations there were before.
    pub ops_before: usize,
    /// Since the hunt began.
    pub after: Duration,
    /// The case file.
    pub case: String,
    /// Where it was written.
    pub path: Option<PathBuf>,
}

/// A difference that does not fail the hunt.
#[derive(Clone, Debug)]
pub struct Other {
    /// The first of its bucket.
    pub finding: Finding,
    /// The operation that it was.
    pub op: Op,
    /// How often it was seen.
    pub count: u64,
}

/// Why a hunt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The budget is spent.
    Spent,
    /// Something was found, and that was enough.
    FailFast,
    /// Somebody stopped it.
    Interrupted,
    /// It could not begin: unreachable, refused, blocked, unsupported.
    Preflight(String),
    /// The target does no SSE-C at all.
    Ignored,
    /// The target died.
    TargetDied(String),
}

/// A hunt from its end.
#[derive(Clone, Debug)]
pub struct Summary {
    /// How far it came.
    pub progress: Progress,
    /// Why it ended.
    pub ending: Ending,
    /// What failed it.
    pub found: Vec<Found>,
    /// What else differs from S3.
    pub others: Vec<Other>,
    /// What was removed, and what was not.
    pub cleanup: Cleanup,
}
