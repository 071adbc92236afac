//! The case format: what a case says, as plain data.
//!
//! A case file is read once into these types, with every name resolved, every table expanded and
//! every `but` merged, so that whoever plans and sends requests never meets a reference to a
//! table, a half-stated request or an unknown name. The types know nothing of YAML, of HTTP or of
//! the target; `docs/case-format.md` describes the format to authors.

pub mod call;
pub mod data;
pub mod error;
pub mod expect;
pub mod feature;
pub mod lint;
pub mod load;
pub mod node;
pub mod place;
pub mod schema;
pub mod triple;
pub mod value;
pub mod verb;
pub mod yaml;

use std::sync::Arc;

pub use call::Call;
pub use expect::Expect;
pub use place::{At, Place};
pub use verb::Verb;

/// One case file: one topic of one area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseFile {
    /// The file as it is named in messages, such as `cases/put/headers.yaml`.
    pub path: String,
    /// The file's text, for the line under a caret.
    pub text: Arc<str>,
    /// The folder: `put`.
    pub area: String,
    /// The file's name without its ending: `headers`.
    pub topic: String,
    /// One sentence: what the file is about.
    pub about: String,
    /// The cases in the order of the file.
    pub cases: Vec<Case>,
}

/// One case: a rule or two of S3, and the steps that show them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Unique among all cases, and for ever.
    pub id: String,
    /// One sentence that states what S3 does.
    pub title: String,
    /// Why the case is as it is, if that needs saying.
    pub note: Option<String>,
    /// Where its `id` stands.
    pub place: Place,
    /// One trial for each row of its table, or one for a case without a table.
    pub trials: Vec<Trial>,
}

/// What is run and judged: a case, or one row of its table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    /// `area/topic/id` or `area/topic/id[row]`.
    pub name: String,
    /// The id of its case.
    pub id: String,
    /// The title of its case.
    pub title: String,
    /// The area of its file.
    pub area: String,
    /// The file, as [`CaseFile::path`].
    pub file: Arc<str>,
    /// The text of the file, for the line under a caret.
    pub text: Arc<str>,
    /// The name of its row.
    pub row: Option<String>,
    /// Where its case's `id` or its row's name stands.
    pub place: Place,
    /// The ids of the rules it holds the target to: the case's, and those that only steps cite.
    pub rules: Vec<String>,
    /// The ids of public bugs that it catches.
    pub catches: Vec<String>,
    /// Features that the target must have, else the trial is skipped.
    pub needs: Vec<String>,
    /// The bucket it runs in.
    pub bucket: Bucket,
    /// Whether it is left out of a quick run.
    pub depth: Depth,
    /// How many faults its defective requests have at most: 1, or 2 where the order of checks is
    /// what the trial is about.
    pub faults: usize,
    /// Its named bodies.
    pub data: Vec<data::Datum>,
    /// Its steps, in order.
    pub steps: Vec<Step>,
}

/// One step: a request, how its refusal is controlled, and what S3 answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Where the verb stands.
    pub place: Place,
    /// The verb.
    pub verb: Verb,
    /// The request without its defect: correct as far as the author knows.
    pub call: Call,
    /// The request with its defect: the whole of it, `but` already merged over `call`. This is
    /// what the expectation is about, where it is there.
    pub defective: Option<Call>,
    /// The fields that `but` changes, such as `sse_c.md5`, for reports.
    pub defects: Vec<String>,
    /// What proves that a refusal means what it seems to mean.
    pub control: Control,
    /// What S3 answers; `None` for verbs that send nothing.
    pub expect: Option<Expect>,
    /// The name by which later steps refer to the answer.
    pub name: Option<String>,
    /// The ids of the rules that this step shows: its own, else those of the case.
    pub rules: Vec<String>,
}

impl Step {
    /// The request that the expectation is about.
    #[must_use]
    pub fn asked(&self) -> &Call {
        self.defective.as_ref().unwrap_or(&self.call)
    }
}

/// What proves that a refusal means what it seems to mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Control {
    /// Nothing is refused, or what is refused needs no proof (an object that never was).
    Unneeded,
    /// The request without its defect, sent after the look.
    WithoutDefect,
    /// A later step, by its name, succeeds.
    After(String),
    /// None can exist, and why.
    Impossible {
        /// Why.
        because: String,
    },
}

/// The bucket of a trial.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Bucket {
    /// `shared`: the run's bucket, without versions, SSE-C allowed. Only objects are the trial's.
    #[default]
    Shared,
    /// `versioned`: a bucket with versioning enabled, SSE-C allowed. May serve several trials.
    Versioned,
    /// `blocked`: a bucket that blocks SSE-C. May serve several trials.
    Blocked,
    /// `own`: a bucket for this trial alone, without versions, SSE-C allowed. The trial may change
    /// its configuration.
    Own,
    /// `new`: a bucket for this trial alone, exactly as the target makes it.
    New,
}

/// Whether a trial belongs to a quick run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Depth {
    /// `quick`: in every run.
    #[default]
    Quick,
    /// `full`: in full runs only.
    Full,
}
