//! What does not hold, and which findings are the same.

use std::fmt;

use crate::model::{Act, Defect};
use crate::verdict::{Check, Grade};

/// Something that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Findings in one bucket are one.
    pub bucket: Bucket,
    /// How much it weighs.
    pub grade: Grade,
    /// Which check found it.
    pub check: Check,
    /// The operation, by its index.
    pub op: usize,
    /// The rule that is violated.
    pub rule: String,
    /// What S3 does.
    pub expected: String,
    /// What the target did.
    pub got: String,
}

/// What makes two findings the same: the invariant, what was done, what was wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bucket {
    /// The id of the invariant.
    pub invariant: &'static str,
    /// What was done.
    pub act: Act,
    /// What was wrong with it.
    pub defect: Option<Defect>,
}

impl Bucket {
    /// A name for files: lower case, words with hyphens.
    #[must_use]
    pub fn slug(&self) -> String {
        let defect = self
            .defect
            .map(|defect| format!("-{defect}"))
            .unwrap_or_default();
        format!("{}-{}{defect}", self.invariant, self.act.name()).replace(':', "-")
    }
}

impl fmt::Display for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.invariant, self.act.name())?;
        self.defect
            .map_or(Ok(()), |defect| write!(f, " with {defect}"))
    }
}
