//! Why S3 refuses a request, and which of several reasons it gives. Written from the published recordings of
//! S3's answers; what nobody has recorded is "refused, somehow".

use super::defect::{Defect, Flaw};

/// One reason to refuse a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reason {
    /// When S3 looks for it.
    pub(super) stage: Stage,
    /// The rule that says so.
    pub(super) rule: &'static str,
    /// Status and Code; `None`: refused, with what is not known.
    pub(super) answer: Option<(u16, &'static str)>,
}

/// When S3 looks for a reason, as far as that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// Who asks.
    Signature,
    /// Whether a key travels in clear.
    Tls,
    /// Whose bucket it is said to be.
    Owner,
    /// Whether the object, its source or the upload is there.
    Existence,
    /// Whether there is a triple where there must be one, and none where there must be none.
    Presence,
    /// Whether the triple is well formed.
    Syntax,
    /// Whether the bucket blocks SSE-C.
    Block,
    /// If-Match and If-None-Match.
    Condition,
    /// Whether the range can be satisfied.
    Range,
    /// Whether it is the right key.
    Key,
    /// Whether the parts make an object; whether the copy changes anything.
    Parts,
    /// Whether the body is what its digests say.
    Body,
}

/// Pairs of stages whose order is recorded: the first wins.
const RECORDED: &[(Stage, Stage)] = &[
    (Stage::Tls, Stage::Existence),       // ORD-013
    (Stage::Tls, Stage::Block),           // ORD-001
    (Stage::Existence, Stage::Presence),  // GET-024
    (Stage::Existence, Stage::Condition), // GET-024
    (Stage::Existence, Stage::Range),     // GET-024
    (Stage::Existence, Stage::Key),       // ORD-011
    (Stage::Presence, Stage::Condition),  // GET-018
    (Stage::Presence, Stage::Range),      // GET-012
    (Stage::Syntax, Stage::Condition),    // GET-035
    (Stage::Syntax, Stage::Block),        // BLK-011
    (Stage::Condition, Stage::Key),       // GET-017
    (Stage::Range, Stage::Key),           // GET-014
];

/// What S3 answers where all of these reasons hold; `None`: it does not refuse.
#[must_use]
pub(super) fn decide(reasons: &[Reason]) -> Option<Reason> {
    let wins = |one: &Reason| {
        let before = |other: &Reason| {
            one == other
                || one.stage == Stage::Signature
                || RECORDED.contains(&(one.stage, other.stage))
        };
        reasons.iter().all(before)
    };
    let first = reasons.first()?;
    let winner = reasons.iter().find(|reason| wins(reason));
    Some(winner.copied().unwrap_or(Reason {
        answer: None,
        ..*first
    }))
}

impl Reason {
    /// A reason whose answer is known.
    #[must_use]
    pub(super) const fn new(
        stage: Stage,
        rule: &'static str,
        status: u16,
        code: &'static str,
    ) -> Self {
        Self {
            stage,
            rule,
            answer: Some((status, code)),
        }
    }

    /// A reason whose answer is not known.
    #[must_use]
    pub(super) const fn vague(stage: Stage, rule: &'static str) -> Self {
        Self {
            stage,
            rule,
            answer: None,
        }
    }
}

/// What kind of request carries a triple: each judges it in its own way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Carrier {
    /// Writes an object or starts an upload, and the destination of a copy.
    Write,
    /// A form: what headers are to a PutObject are fields here.
    Form,
    /// A part of an upload.
    Part,
    /// GET and HEAD.
    Read,
    /// GetObjectAttributes.
    Attributes,
    /// The source of a copy.
    Source,
    /// The source of a part.
    PartSource,
    /// Complete.
    Complete,
}

const ALGORITHM: &str = "InvalidEncryptionAlgorithmError";
const ARGUMENT: &str = "InvalidArgument";
const REQUEST: &str = "InvalidRequest";
const DENIED: &str = "AccessDenied";

/// What a flawed triple is answered with; `None`: S3 takes it.
#[must_use]
pub(super) fn of_flaw(carrier: Carrier, flaw: Flaw) -> Option<Reason> {
    match carrier {
        Carrier::Write => on_write(flaw),
        Carrier::Form => on_form(flaw),
        Carrier::Part => on_part(flaw),
        Carrier::Read => on_read(flaw, "GET-002", "GET-003"),
        Carrier::Attributes => on_read(flaw, "ATT-002", "ATT-003"),
        Carrier::Source => on_source(flaw, "CPY-005", "CPY-006"),
        Carrier::PartSource => on_source(flaw, "MPU-020", "MPU-020"),
        Carrier::Complete => Some(Reason::new(Stage::Key, "MPU-013", 400, REQUEST)),
    }
}

fn on_write(flaw: Flaw) -> Option<Reason> {
    let is = |rule, code| Some(Reason::new(Stage::Syntax, rule, 400, code));
    match flaw {
        Flaw::AlgorithmKms => is("PUT-002", ALGORITHM),
        Flaw::AlgorithmLower => is("PUT-003", ALGORITHM),
        Flaw::AlgorithmEmpty => is("PUT-004", ALGORITHM),
        Flaw::NoAlgorithm => is("PUT-005", ARGUMENT),
        Flaw::KeyOnly => is("PUT-006", ARGUMENT),
        Flaw::Md5Only => is("PUT-007", ARGUMENT),
        Flaw::NoKey => is("PUT-008", ARGUMENT),
        Flaw::AlgorithmOnly => is("PUT-009", ARGUMENT),
        Flaw::NoMd5 => is("PUT-010", ARGUMENT),
        Flaw::KeyNotBase64 => is("PUT-011", ARGUMENT),
        Flaw::KeyEmpty => is("PUT-012", ARGUMENT),
        Flaw::KeyShort | Flaw::KeyLong => is("PUT-013", ARGUMENT),
        Flaw::Md5OfOther => is("PUT-014", ARGUMENT),
        Flaw::Md5NotBase64 | Flaw::Md5Short => is("PUT-016", ARGUMENT),
        // Another key, or none, is another correct write.
        Flaw::Missing | Flaw::OtherKey | Flaw::Stray => None,
    }
}

fn on_form(flaw: Flaw) -> Option<Reason> {
    on_write(flaw).map(|reason| Reason {
        rule: "PST-130",
        ..reason
    })
}

fn on_part(flaw: Flaw) -> Option<Reason> {
    match flaw {
        Flaw::Missing => Some(Reason::new(Stage::Presence, "MPU-004", 400, REQUEST)),
        Flaw::Stray => Some(Reason::new(Stage::Presence, "MPU-005", 400, REQUEST)),
        Flaw::OtherKey => Some(Reason::new(Stage::Key, "MPU-006", 400, REQUEST)),
        Flaw::NoMd5 => Some(Reason::new(Stage::Syntax, "MPU-007", 400, ARGUMENT)),
        Flaw::Md5OfOther => Some(Reason::new(Stage::Syntax, "MPU-008", 400, ARGUMENT)),
        other => on_write(other).map(|reason| Reason {
            rule: "MPU-031",
            ..reason
        }),
    }
}

fn on_read(flaw: Flaw, missing: &'static str, other_key: &'static str) -> Option<Reason> {
    let syntax = |rule, code| Some(Reason::new(Stage::Syntax, rule, 400, code));
    let vague = |rule| Some(Reason::vague(Stage::Syntax, rule));
    match flaw {
        Flaw::Missing => Some(Reason::new(Stage::Presence, missing, 400, REQUEST)),
        Flaw::Stray => Some(Reason::new(Stage::Presence, "GET-009", 400, REQUEST)),
        Flaw::OtherKey => Some(Reason::new(Stage::Key, other_key, 403, DENIED)),
        Flaw::AlgorithmKms => syntax("GET-004", ALGORITHM),
        Flaw::AlgorithmLower | Flaw::AlgorithmEmpty => vague("GET-004"),
        Flaw::NoAlgorithm => vague("GET-040"),
        Flaw::NoKey | Flaw::Md5Only => vague("GET-039"),
        // Reads do without it.
        Flaw::NoMd5 => None,
        Flaw::KeyOnly => syntax("GET-032", ARGUMENT),
        Flaw::AlgorithmOnly => syntax("GET-031", ARGUMENT),
        Flaw::KeyNotBase64 => syntax("GET-034", ARGUMENT),
        Flaw::KeyEmpty => vague("GET-034"),
        // Reads do not look at the length: it is just not the key.
        Flaw::KeyShort | Flaw::KeyLong => Some(Reason::new(Stage::Key, "GET-005", 403, DENIED)),
        Flaw::Md5OfOther => syntax("GET-006", ARGUMENT),
        Flaw::Md5NotBase64 => syntax("GET-007", ARGUMENT),
        Flaw::Md5Short => vague("GET-007"),
    }
}

fn on_source(flaw: Flaw, missing: &'static str, other_key: &'static str) -> Option<Reason> {
    match flaw {
        Flaw::Missing => Some(Reason::new(Stage::Presence, missing, 400, REQUEST)),
        Flaw::Stray => Some(Reason::new(Stage::Presence, "CPY-010", 400, REQUEST)),
        Flaw::OtherKey => Some(Reason::new(Stage::Key, other_key, 400, REQUEST)),
        Flaw::AlgorithmKms => Some(Reason::new(Stage::Syntax, "CPY-007", 400, ALGORITHM)),
        Flaw::NoMd5 => None,
        Flaw::Md5OfOther => Some(Reason::new(Stage::Syntax, "CPY-014", 400, ARGUMENT)),
        Flaw::KeyShort | Flaw::KeyLong => Some(Reason::vague(Stage::Key, "CPY-019")),
        _ => Some(Reason::vague(Stage::Syntax, "CPY-019")),
    }
}

/// What a defect of the whole request is answered with, where it does not depend on what is there.
#[must_use]
pub(super) fn of_request(defect: Defect) -> Option<Reason> {
    let is = |stage, rule, status, code| Some(Reason::new(stage, rule, status, code));
    match defect {
        Defect::Http => is(Stage::Tls, "PUT-022", 400, ARGUMENT),
        Defect::Signature => is(Stage::Signature, "PRE-105", 403, "SignatureDoesNotMatch"),
        Defect::AccessKey => Some(Reason::vague(Stage::Signature, "PRE-118")),
        Defect::Anonymous => is(Stage::Signature, "PRE-118", 403, DENIED),
        Defect::UnsignedAlgorithm => is(Stage::Signature, "PRE-009", 403, DENIED),
        Defect::Expired => is(Stage::Signature, "PRE-101", 403, DENIED),
        Defect::Owner => is(Stage::Owner, "POL-006", 403, DENIED),
        Defect::Sse => is(Stage::Syntax, "PUT-017", 400, ARGUMENT),
        Defect::SseKms => is(Stage::Syntax, "PUT-018", 400, ARGUMENT),
        Defect::ContentMd5 => is(Stage::Body, "CHK-108", 400, "BadDigest"),
        Defect::Checksum => is(Stage::Body, "CHK-102", 400, "BadDigest"),
        Defect::PayloadHash => Some(Reason::vague(Stage::Body, "SIG-014")),
        Defect::Truncated => Some(Reason::vague(Stage::Body, "STR-001")),
        Defect::PartZero => is(Stage::Parts, "MPU-106", 400, ARGUMENT),
        Defect::NoSuchUpload => is(Stage::Existence, "MPU-101", 404, "NoSuchUpload"),
        Defect::BadVersion => is(Stage::Existence, "VER-001", 400, ARGUMENT),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ORD-007, GET-012, ORD-013: two reasons whose order is recorded. GET-015 and ORD-014: one that is not.
    #[test]
    fn the_first_of_two_reasons_is_given_where_the_order_is_recorded() {
        let range = Reason::new(Stage::Range, "GET-015", 416, "InvalidRange");
        let key = Reason::new(Stage::Key, "GET-003", 403, DENIED);
        let missing = Reason::new(Stage::Presence, "GET-002", 400, REQUEST);
        let syntax = Reason::new(Stage::Syntax, "GET-006", 400, ARGUMENT);
        assert_eq!(decide(&[key, range]), Some(range));
        assert_eq!(decide(&[range, missing]), Some(missing));
        assert_eq!(decide(&[]), None);
        let unknown = decide(&[range, syntax]).expect("it is refused");
        assert_eq!(unknown.answer, None);
    }

    #[test]
    fn reads_and_writes_differ_as_recorded() {
        let answer = |carrier, flaw| of_flaw(carrier, flaw).and_then(|reason| reason.answer);
        assert_eq!(answer(Carrier::Read, Flaw::NoMd5), None);
        assert_eq!(answer(Carrier::Write, Flaw::NoMd5), Some((400, ARGUMENT)));
        assert_eq!(answer(Carrier::Read, Flaw::KeyShort), Some((403, DENIED)));
        assert_eq!(
            answer(Carrier::Write, Flaw::KeyShort),
            Some((400, ARGUMENT))
        );
        assert_eq!(answer(Carrier::Read, Flaw::OtherKey), Some((403, DENIED)));
        assert_eq!(
            answer(Carrier::Source, Flaw::OtherKey),
            Some((400, REQUEST))
        );
    }
}
