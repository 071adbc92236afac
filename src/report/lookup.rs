//! What a report may look up about the corpus, without knowing how the corpus is kept.

use crate::case::error::Source;

/// A rule as reports show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its id.
    pub id: String,
    /// One sentence: what S3 does.
    pub says: String,
    /// How well that is known: `recorded`, `documented`, `observed`, `inferred`.
    pub evidence: String,
    /// What its violation means: `key-leak`, `data-leak`, `data-loss`, `lock-in`, `interop`.
    pub impact: String,
    /// Where it is known from, one line each.
    pub sources: Vec<String>,
}

/// Read access to rules and case files.
pub trait Lookup: Sync {
    /// The rule with this id.
    fn rule(&self, id: &str) -> Option<Rule>;

    /// A case file under the name that a case result gives it.
    fn source(&self, file: &str) -> Option<Source>;
}
