//! The canonical request as S3 builds it, and the string to sign. Pure text.
//!
//! S3 encodes once and never normalises a path; it sorts the signed names itself, so a client
//! that sorted whole header lines (curl before 8.10) is refused.

use http::request::Parts;
use ring::digest;

use super::query::{Params, Plus, REDACTED, Slash, decode, encode};
use super::{Method, hex};
use crate::headers;

/// Headers whose values are never written into an answer.
const SECRET: &[&str] = &[headers::SSEC_KEY, headers::COPY_SSEC_KEY];

/// Header names that are read from the header alone, though the query has them as well.
const NEVER_FROM_QUERY: &[&str] = &[
    "x-amz-server-side-encryption-customer-",
    "x-amz-copy-source-server-side-encryption-customer-",
];

/// What a canonical request is made of.
pub(super) struct Canonical<'a> {
    pub(super) parts: &'a Parts,
    pub(super) params: &'a Params,
    pub(super) method: Method,
    /// Lower case, sorted.
    pub(super) signed_headers: &'a [String],
    /// The payload hash as sent.
    pub(super) payload: &'a str,
}

impl Canonical<'_> {
    /// The text that is hashed.
    pub(super) fn text(&self) -> Vec<u8> {
        self.build(false)
    }

    /// The text that an answer may show: customer keys are replaced.
    pub(super) fn redacted(&self) -> Vec<u8> {
        self.build(true)
    }

    fn build(&self, redact: bool) -> Vec<u8> {
        let path = encode(&decode(self.parts.uri.path(), Plus::IsPlus), Slash::Kept);
        let mut out = Vec::new();
        for line in [
            self.parts.method.as_str(),
            &path,
            &self.params.canonical(redact),
        ] {
            out.extend_from_slice(line.as_bytes());
            out.push(b'\n');
        }
        for name in self.signed_headers {
            out.extend_from_slice(name.as_bytes());
            out.push(b':');
            if redact && SECRET.contains(&name.as_str()) {
                out.extend_from_slice(REDACTED.as_bytes());
            } else {
                out.extend_from_slice(&self.value(name));
            }
            out.push(b'\n');
        }
        let tail = format!("\n{}\n{}", self.signed_headers.join(";"), self.payload);
        out.extend_from_slice(tail.as_bytes());
        out
    }

    /// The value a signed name is signed with: repeated headers joined by commas, spaces trimmed
    /// and collapsed, nothing for an absent header (PRE-146). On a presigned URL an `x-amz-*`
    /// parameter of the same name takes the header's place (PRE-110, PRE-112, PRE-120).
    fn value(&self, name: &str) -> Vec<u8> {
        if name == "host"
            && let Some(authority) = self.parts.uri.authority()
        {
            return authority.as_str().as_bytes().to_vec();
        }
        let hoisted = self.method == Method::Query
            && name.starts_with("x-amz-")
            && !NEVER_FROM_QUERY
                .iter()
                .any(|prefix| name.starts_with(prefix));
        if hoisted && let Some(value) = self.params.get(name) {
            return collapse(value);
        }
        let values = self.parts.headers.get_all(name).iter();
        let values: Vec<Vec<u8>> = values.map(|value| collapse(value.as_bytes())).collect();
        values.join(&b","[..])
    }
}

/// The four lines that the signing key signs.
pub(super) fn string_to_sign(time: &str, scope: &super::Scope, canonical: &[u8]) -> String {
    let hash = hex::encode(digest::digest(&digest::SHA256, canonical).as_ref());
    format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{hash}")
}

/// Runs of spaces become one, and none at the ends; S3 leaves other white space as it is.
fn collapse(value: &[u8]) -> Vec<u8> {
    let words: Vec<&[u8]> = value
        .split(|byte| *byte == b' ')
        .filter(|word| !word.is_empty())
        .collect();
    words.join(&b" "[..])
}
