//! What S3 answers against what the target answered: every difference, none of them graded; pure.
//!
//! First what the author wrote ([`written`]), then what holds for every answer ([`always`]).

mod always;
mod body;
mod matcher;
mod status;
mod written;

#[cfg(test)]
mod tests;

use bytes::Bytes;

pub use body::overlaps;
pub use status::{ErrorDocument, error_document};

use crate::case::expect::Expect;
use crate::case::place::Place;
use crate::case::value::Value;
use crate::case::verb::Verb;
use crate::keys::Needles;
use crate::plan::Bodies;
use crate::verdict::Check;
use crate::wire::Response;

/// What was asked, and what is known about the object it was asked of.
#[derive(Clone, Copy)]
pub struct Question<'a> {
    /// The verb of the step.
    pub verb: Verb,
    /// The method that was sent: HEAD answers have no body.
    pub method: &'a str,
    /// What S3 answers.
    pub expect: &'a Expect,
    /// Makes texts of computed values.
    pub value: &'a dyn Fn(&Value) -> Result<String, String>,
    /// The trial's bodies.
    pub bodies: &'a Bodies,
    /// The request is not the usual one (a defect, an odd signature, half a triple): a server that
    /// refuses it is stricter than S3, not broken.
    pub unusual: bool,
    /// The step only prepares: what it answers in detail is another case's business.
    pub setup: bool,
    /// The step is about ETags: whether they are MD5s counts here.
    pub about_etags: bool,
    /// The step is about what its answer says of the triple.
    pub about_echo: bool,
    /// Key-MD5 of the customer key under which the resulting or read object is; `None`: plain or unknown.
    pub key_md5: Option<&'a str>,
    /// Whether the request itself carries a triple.
    pub has_triple: bool,
    /// The object's, or the part's, plaintext, if known.
    pub plaintext: Option<&'a Bytes>,
    /// The request names the object's key, or the object has none.
    pub entitled: bool,
    /// Keys that must not come back.
    pub needles: &'a Needles,
}

impl std::fmt::Debug for Question<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Question")
            .field("verb", &self.verb)
            .field("expect", &self.expect)
            .finish_non_exhaustive()
    }
}

/// One difference between S3's answer and the target's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Which check found it.
    pub check: Check,
    /// What S3 does.
    pub expected: String,
    /// What the target did.
    pub got: String,
    /// Where the expectation stands.
    pub place: Place,
    /// The rule that the check itself holds, if the step's rules are not what it is about.
    pub rule: Option<&'static str>,
}

impl Difference {
    fn new(
        check: Check,
        place: Place,
        expected: impl Into<String>,
        got: impl Into<String>,
    ) -> Self {
        Self {
            check,
            place,
            expected: expected.into(),
            got: got.into(),
            rule: None,
        }
    }
}

/// Every difference between what S3 answers and `response`.
#[must_use]
pub fn check(question: &Question<'_>, response: &Response) -> Vec<Difference> {
    let mut found = Vec::from_iter(always::secrecy(question, response));
    let comparison = status::compare(question.expect, question.unusual, response.status);
    let same_kind = comparison.same_kind;
    found.extend(comparison.difference);
    found.extend(always::plaintext(question, response));
    if question.setup {
        return found;
    }
    let document = error_document(question.method, response);
    found.extend(always::well_formed(question, response, document.as_ref()));
    if same_kind {
        let code = written::code(question, response, document.as_ref());
        // Of another error than S3's nothing else is compared.
        if code.is_none() {
            found.extend(written::headers(question, response));
            found.extend(written::elements(question, response));
            found.extend(written::body(question, response));
        }
        found.extend(code);
        if response.is_success() {
            found.extend(always::sse_c(question, response));
        }
    }
    found
}
