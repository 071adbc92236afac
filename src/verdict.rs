//! From findings to one verdict per case, and from verdicts to the gate; it knows neither HTTP nor the wire.
//!
//! The whole policy is three short tables: [`grade`] (one finding), [`decide`] (one case) and
//! [`Gate::holds`] (one run).

use serde::Serialize;

/// What a case says about the target. Every case has exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// As S3 does: status, Code, required and forbidden headers, bytes.
    Pass,
    /// Different from S3, yet neither unsafe nor broken.
    Deviates,
    /// Unsafe or broken.
    Fail,
    /// Nothing is known: the control or a set-up step failed, or no answer came.
    Unproven,
    /// The target lacks a feature the case needs.
    Skip,
}

impl Verdict {
    /// The word used in every report and baseline.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Deviates => "deviates",
            Self::Fail => "fail",
            Self::Unproven => "unproven",
            Self::Skip => "skip",
        }
    }
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// What a baseline makes of a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Overlay {
    /// Listed, and exactly as listed: it does not gate.
    Known,
    /// Listed, but the target is better now: the entry must go.
    Stale,
}

impl Overlay {
    /// The word used in every report.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Known => "known",
            Self::Stale => "stale",
        }
    }
}

/// How well a rule is known to be S3's, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Proof {
    /// `inferred`, or `observed` by a single source: an exactness finding is a note on somebody's server.
    Weak,
    /// `recorded`, `documented`, or `observed` by several sources.
    Firm,
}

/// What the violation of a step's rules would mean, as far as grading cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stakes {
    /// One of the cited rules has the impact `key-leak`, `data-leak` or `data-loss`.
    pub unsafe_impact: bool,
    /// The best evidence among the cited rules.
    pub proof: Proof,
}

/// The ways in which an answer can differ from S3's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    /// A request that S3 refuses was accepted.
    Accepted,
    /// A correct and complete request was refused.
    Refused,
    /// A request that S3 tolerates although something is missing or odd was refused.
    Stricter,
    /// Another status of the same kind.
    Status,
    /// Another error Code.
    Code,
    /// A header is missing, superfluous or has another value.
    Header,
    /// The bytes of the object are not those that were stored.
    Bytes,
    /// A field of an XML answer is missing, superfluous or has another value.
    Field,
    /// An error without the XML document that clients parse.
    ErrorDocument,
    /// Content-Length and the body's length differ.
    Length,
    /// An unexpected 5xx.
    ServerError,
    /// A customer key of this run is in an answer, in some encoding.
    KeyInAnswer,
    /// A customer key is in the canonical request that an answer to a wrong signature shows: S3 prints there
    /// what it was sent, and whether it leaves out keys is not known.
    KeyEchoed,
    /// Bytes of the object are in an answer that refuses it.
    PlaintextInAnswer,
    /// The ETag of an SSE-C object is the MD5 of its plaintext.
    EtagIsMd5,
    /// After a refused write the object is not what it was.
    Look,
    /// Two responses that must be equal differ, or the reverse.
    Compare,
}

impl Check {
    /// Every check.
    pub const ALL: &[Self] = &[
        Self::Accepted,
        Self::Refused,
        Self::Stricter,
        Self::Status,
        Self::Code,
        Self::Header,
        Self::Bytes,
        Self::Field,
        Self::ErrorDocument,
        Self::Length,
        Self::ServerError,
        Self::KeyInAnswer,
        Self::KeyEchoed,
        Self::PlaintextInAnswer,
        Self::EtagIsMd5,
        Self::Look,
        Self::Compare,
    ];

    /// The name used in reports and pinned in baselines.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Stricter => "stricter",
            Self::Status => "status",
            Self::Code => "code",
            Self::Header => "header",
            Self::Bytes => "bytes",
            Self::Field => "field",
            Self::ErrorDocument => "error-document",
            Self::Length => "length",
            Self::ServerError => "server-error",
            Self::KeyInAnswer => "key-in-answer",
            Self::KeyEchoed => "key-echoed",
            Self::PlaintextInAnswer => "plaintext-in-answer",
            Self::EtagIsMd5 => "etag-is-md5",
            Self::Look => "look",
            Self::Compare => "compare",
        }
    }
}

/// How much one finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// Shown, never gates: S3's exact answer is not known well enough.
    Note,
    /// Not as S3 does.
    Deviates,
    /// Unsafe or broken.
    Fail,
}

/// One difference between what S3 does and what the target did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Index of the step in the case, from 0.
    pub step: usize,
    /// Which check found it.
    pub check: Check,
    /// How much it weighs.
    pub grade: Grade,
    /// What S3 does.
    pub expected: String,
    /// What the target did.
    pub got: String,
    /// The rule that is violated.
    pub rule: Option<String>,
    /// Line of the expectation in the case file, from 1; 0 when it has none.
    pub line: u32,
    /// Column of the expectation in the case file, from 1; 0 when it has none.
    pub column: u32,
}

/// What an answer was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The step as written, its defect included.
    Step,
    /// The same request without its defect.
    Control,
    /// What the positive control needs to exist beforehand.
    Setup,
    /// The object after a refused write.
    Look,
}

/// One answer of the target, as reports carry it. Credentials are already redacted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// Index of the step in the case, from 0.
    pub step: usize,
    /// Why the request was sent.
    pub role: Role,
    /// Method and target: `PUT /bucket/object?partNumber=1`.
    pub request: String,
    /// HTTP status; `None` when no answer came.
    pub status: Option<u16>,
    /// S3 error Code, if the answer has one.
    pub code: Option<String>,
    /// S3 error Message, if the answer has one. Shown, never graded.
    pub message: Option<String>,
    /// Response headers in the order received.
    pub headers: Vec<(String, String)>,
    /// Why no answer came.
    pub error: Option<String>,
    /// A command line that repeats the request; credentials come from the environment.
    pub curl: String,
}

impl Answer {
    /// `STATUS[ Code]`, or the reason why there is none: what a baseline pins.
    #[must_use]
    pub fn brief(&self) -> String {
        match (self.status, &self.code, &self.error) {
            (Some(status), Some(code), _) => format!("{status} {code}"),
            (Some(status), None, _) => status.to_string(),
            (None, _, Some(error)) => error.clone(),
            (None, _, None) => "no answer".to_owned(),
        }
    }
}

/// How much one finding weighs. `Note` exists on third-party targets only: our own reference has to
/// do what we infer as well, so callers pass [`Proof::Firm`] for it.
#[must_use]
pub const fn grade(check: Check, stakes: Stakes) -> Grade {
    match check {
        // Always unsafe, whatever the evidence.
        Check::KeyInAnswer
        | Check::PlaintextInAnswer
        | Check::EtagIsMd5
        | Check::Bytes
        | Check::Look => Grade::Fail,
        // Broken.
        Check::Refused | Check::ServerError => Grade::Fail,
        // Accepted what must be refused: unsafe where a rule says so.
        Check::Accepted if stakes.unsafe_impact => Grade::Fail,
        // Exactness, as far as S3's answer is known.
        Check::Accepted
        | Check::Stricter
        | Check::Status
        | Check::Code
        | Check::Header
        | Check::Field
        | Check::ErrorDocument
        | Check::Length
        | Check::KeyEchoed
        | Check::Compare => match stakes.proof {
            Proof::Firm => Grade::Deviates,
            Proof::Weak => Grade::Note,
        },
    }
}

/// Why a case could not be judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// The target lacks a feature; the reason is shown.
    Skip(String),
    /// The control or a set-up step failed, or no answer came; the reason is shown.
    Unproven(String),
}

/// One verdict for a case: the gravest finding wins, unsafe findings outlive a later interruption.
#[must_use]
pub fn decide(findings: &[Finding], stopped: Option<&Stopped>) -> Verdict {
    let worst = findings.iter().map(|finding| finding.grade).max();
    match (worst, stopped) {
        (Some(Grade::Fail), _) => Verdict::Fail,
        (_, Some(Stopped::Unproven(_))) => Verdict::Unproven,
        (_, Some(Stopped::Skip(_))) => Verdict::Skip,
        (Some(Grade::Deviates), None) => Verdict::Deviates,
        (Some(Grade::Note) | None, None) => Verdict::Pass,
    }
}

/// How strict the exit code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Gate {
    /// `fail`, `unproven` and `stale` fail the run.
    Safe,
    /// `deviates` fails it too.
    Exact,
}

impl Gate {
    /// Whether a case with this verdict lets the run pass.
    #[must_use]
    pub const fn holds(self, verdict: Verdict, overlay: Option<Overlay>) -> bool {
        match (overlay, verdict) {
            (Some(Overlay::Known), _) => true,
            (Some(Overlay::Stale), _) => false,
            (None, Verdict::Pass | Verdict::Skip) => true,
            (None, Verdict::Fail | Verdict::Unproven) => false,
            (None, Verdict::Deviates) => matches!(self, Self::Safe),
        }
    }
}

#[cfg(test)]
mod tests;
