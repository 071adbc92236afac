//! Which invariant a difference violates; a table, no judgement.

use crate::case::verb::Verb;
use crate::model::defect::{Defect, Flaw};
use crate::model::{Move, Origin};
use crate::verdict::Check;

/// The id of the invariant. `expected` is what the check says it expected: a header's or an element's name first.
#[must_use]
pub(super) fn invariant(check: Check, expected: &str, one: &Move) -> &'static str {
    if one.is_look
        && matches!(
            check,
            Check::Bytes
                | Check::Accepted
                | Check::Refused
                | Check::Field
                | Check::Header
                | Check::Status
                | Check::Code
        )
    {
        return "failed-write-leaves-nothing";
    }
    match check {
        Check::ServerError => "never-5xx",
        Check::KeyInAnswer | Check::KeyEchoed => "no-key-reflected",
        Check::PlaintextInAnswer => "wrong-key-no-byte",
        Check::EtagIsMd5 => "etag-not-md5",
        Check::ErrorDocument => "error-shape",
        Check::Bytes | Check::Length => of_bytes(one),
        Check::Look => "failed-write-leaves-nothing",
        Check::Accepted | Check::Stricter => one.defect.map_or("monotone-defects", of_defect),
        Check::Refused => of_refused(one),
        Check::Status | Check::Code => "error-shape",
        Check::Header => of_header(expected, one),
        Check::Field => of_field(one),
        Check::Compare if expected.ends_with("again") => "error-precedence-stable",
        Check::Compare => "no-oracle-on-key",
    }
}

/// Wrong bytes break the promise of how the object came to be, or of what was asked for.
fn of_bytes(one: &Move) -> &'static str {
    let call = one.step.asked();
    if call.part.is_some() {
        return "part-number-is-slice";
    }
    if call.range.is_some() || call.headers.iter().any(|edit| edit.name == "Range") {
        return "range-is-slice";
    }
    match one.aim.origin {
        _ if call.version.is_some() => "version-key-binding",
        Origin::Put => "roundtrip",
        Origin::Copy => "copy-is-get",
        Origin::Rotation => "rotation",
        Origin::Parts => "parts-irrelevant",
    }
}

fn of_refused(one: &Move) -> &'static str {
    match one.step.verb {
        Verb::Get | Verb::Head | Verb::Attributes | Verb::Use => of_bytes(one),
        Verb::Delete | Verb::AbortUpload | Verb::ListParts | Verb::List => "irrelevant-verbs",
        _ => "monotone-defects",
    }
}

fn of_header(expected: &str, one: &Move) -> &'static str {
    let name = expected
        .split(':')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let hides = one
        .step
        .expect
        .as_ref()
        .is_some_and(|expect| expect.is_refusal());
    match name.as_str() {
        _ if hides => "wrong-key-no-metadata",
        "etag" => "etag-not-md5",
        "content-range" | "content-length" => "range-is-slice",
        "x-amz-mp-parts-count" => "part-number-is-slice",
        "x-amz-version-id" | "x-amz-delete-marker" => "version-key-binding",
        name if name.starts_with("x-amz-meta-") => "metadata-preserved",
        _ => "echo-headers",
    }
}

const fn of_field(one: &Move) -> &'static str {
    match one.step.verb {
        Verb::List => "last-writer",
        Verb::ListParts => "parts-irrelevant",
        _ => "etag-not-md5",
    }
}

/// What a server does not see that takes what is wrong, or does not take what is only unusual.
const fn of_defect(defect: Defect) -> &'static str {
    match defect {
        Defect::Triple(flaw) | Defect::Source(flaw) => of_flaw(flaw),
        Defect::Http => "https-only",
        Defect::Signature
        | Defect::AccessKey
        | Defect::Anonymous
        | Defect::UnsignedAlgorithm
        | Defect::Expired => "signed-or-refused",
        Defect::Sse | Defect::SseKms => "no-mixed-sse",
        Defect::Truncated => "abort-safe",
        Defect::Reordered
        | Defect::Capitals
        | Defect::UnsignedPayload
        | Defect::Streaming
        | Defect::Trailer => "header-spelling-irrelevant",
        Defect::Owner
        | Defect::ContentMd5
        | Defect::Checksum
        | Defect::PayloadHash
        | Defect::IfNoneMatch
        | Defect::IfMatch
        | Defect::NotModified
        | Defect::PartZero
        | Defect::NoSuchUpload
        | Defect::Descending
        | Defect::PartEtag
        | Defect::NoParts
        | Defect::BadVersion => "monotone-defects",
    }
}

const fn of_flaw(flaw: Flaw) -> &'static str {
    match flaw {
        Flaw::Missing | Flaw::OtherKey => "wrong-key-no-byte",
        Flaw::Stray => "monotone-defects",
        Flaw::NoAlgorithm
        | Flaw::NoKey
        | Flaw::NoMd5
        | Flaw::KeyOnly
        | Flaw::Md5Only
        | Flaw::AlgorithmOnly => "all-or-nothing-triple",
        Flaw::AlgorithmKms
        | Flaw::AlgorithmLower
        | Flaw::AlgorithmEmpty
        | Flaw::KeyNotBase64
        | Flaw::KeyEmpty
        | Flaw::KeyShort
        | Flaw::KeyLong
        | Flaw::Md5OfOther
        | Flaw::Md5NotBase64
        | Flaw::Md5Short => "header-value-strict",
    }
}
