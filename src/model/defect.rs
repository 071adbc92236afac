//! What can be wrong with one request, and what is only unusual about it. Names and requests; what S3 answers
//! is said in [`super::refusal`].

use std::fmt;

use crate::case::call::{Call, Checksum, ChecksumPlace, Corrupt, HeaderEdit, Payload, SignMethod};
use crate::case::triple::{AES256, KeyHeader, KeyMd5Header, KeyName, Triple};
use crate::case::value::{ChecksumAlgorithm, Value};
use crate::wire::{SSE, SSE_C_ALGORITHM, SSE_C_KEY, SSE_C_KEY_MD5};

/// The MD5 of no bytes, base64: a well-formed `Content-MD5` of something else.
const MD5_OF_NOTHING: &str = "1B2M2Y8AsgTpgAmY7PhCfg==";
/// The CRC-32 of no bytes, base64.
const CRC32_OF_NOTHING: &str = "AAAAAA==";
/// Nobody's account.
const NOBODY: &str = "111122223333";

/// One deviation from a correct, ordinary request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum Defect {
    /// The object's triple is not right.
    Triple(Flaw),
    /// The copy source's triple is not right.
    Source(Flaw),
    /// A triple travels over plain http.
    Http,
    /// One digit of the signature is another.
    Signature,
    /// Nobody has this access key id.
    AccessKey,
    /// Not signed.
    Anonymous,
    /// The algorithm header is not signed.
    UnsignedAlgorithm,
    /// The URL expired.
    Expired,
    /// The bucket is said to belong to somebody else.
    Owner,
    /// `x-amz-server-side-encryption: AES256` as well.
    Sse,
    /// `x-amz-server-side-encryption: aws:kms` as well.
    SseKms,
    /// `Content-MD5` of other bytes.
    ContentMd5,
    /// A CRC-32 of other bytes.
    Checksum,
    /// The SHA-256 of other bytes is signed.
    PayloadHash,
    /// The body ends early.
    Truncated,
    /// `If-None-Match: *` on a write.
    IfNoneMatch,
    /// `If-Match` with an ETag that nothing has.
    IfMatch,
    /// `If-None-Match` with the object's ETag on a read.
    NotModified,
    /// Part number 0.
    PartZero,
    /// An upload id that nothing has.
    NoSuchUpload,
    /// The parts of Complete in descending order.
    Descending,
    /// Another ETag for a part of Complete.
    PartEtag,
    /// Complete without parts.
    NoParts,
    /// A version id that is none.
    BadVersion,
    /// Unusual, not wrong: the triple's headers come first.
    Reordered,
    /// Unusual, not wrong: the triple's header names in capitals.
    Capitals,
    /// Unusual, not wrong: the payload is not signed.
    UnsignedPayload,
    /// Unusual, not wrong: aws-chunked with a signature for each chunk.
    Streaming,
    /// Unusual, not wrong: aws-chunked with a checksum as trailer.
    Trailer,
}

/// What is not right with a triple.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[expect(missing_docs, reason = "the table below says what each sends")]
pub enum Flaw {
    Missing,
    OtherKey,
    Stray,
    AlgorithmKms,
    AlgorithmLower,
    AlgorithmEmpty,
    NoAlgorithm,
    NoKey,
    NoMd5,
    KeyOnly,
    Md5Only,
    AlgorithmOnly,
    KeyNotBase64,
    KeyEmpty,
    KeyShort,
    KeyLong,
    Md5OfOther,
    Md5NotBase64,
    Md5Short,
}

/// Every flaw with its name.
pub const FLAWS: &[(Flaw, &str)] = &[
    (Flaw::Missing, "missing"),
    (Flaw::OtherKey, "other-key"),
    (Flaw::Stray, "stray"),
    (Flaw::AlgorithmKms, "algorithm-kms"),
    (Flaw::AlgorithmLower, "algorithm-lower"),
    (Flaw::AlgorithmEmpty, "algorithm-empty"),
    (Flaw::NoAlgorithm, "no-algorithm"),
    (Flaw::NoKey, "no-key"),
    (Flaw::NoMd5, "no-md5"),
    (Flaw::KeyOnly, "key-only"),
    (Flaw::Md5Only, "md5-only"),
    (Flaw::AlgorithmOnly, "algorithm-only"),
    (Flaw::KeyNotBase64, "key-not-base64"),
    (Flaw::KeyEmpty, "key-empty"),
    (Flaw::KeyShort, "key-short"),
    (Flaw::KeyLong, "key-long"),
    (Flaw::Md5OfOther, "md5-of-other"),
    (Flaw::Md5NotBase64, "md5-not-base64"),
    (Flaw::Md5Short, "md5-short"),
];

/// Every defect but those of triples, with its name.
pub const DEFECTS: &[(Defect, &str)] = &[
    (Defect::Http, "http"),
    (Defect::Signature, "signature"),
    (Defect::AccessKey, "access-key"),
    (Defect::Anonymous, "anonymous"),
    (Defect::UnsignedAlgorithm, "unsigned-algorithm"),
    (Defect::Expired, "expired"),
    (Defect::Owner, "owner"),
    (Defect::Sse, "sse"),
    (Defect::SseKms, "sse-kms"),
    (Defect::ContentMd5, "content-md5"),
    (Defect::Checksum, "checksum"),
    (Defect::PayloadHash, "payload-hash"),
    (Defect::Truncated, "truncated"),
    (Defect::IfNoneMatch, "if-none-match"),
    (Defect::IfMatch, "if-match"),
    (Defect::NotModified, "not-modified"),
    (Defect::PartZero, "part-zero"),
    (Defect::NoSuchUpload, "no-such-upload"),
    (Defect::Descending, "descending"),
    (Defect::PartEtag, "part-etag"),
    (Defect::NoParts, "no-parts"),
    (Defect::BadVersion, "bad-version"),
    (Defect::Reordered, "reordered"),
    (Defect::Capitals, "capitals"),
    (Defect::UnsignedPayload, "unsigned-payload"),
    (Defect::Streaming, "streaming"),
    (Defect::Trailer, "trailer"),
];

/// Every defect.
pub fn all() -> impl Iterator<Item = Defect> {
    let flaws = || FLAWS.iter().map(|(flaw, _)| *flaw);
    let others = DEFECTS.iter().map(|(defect, _)| *defect);
    flaws()
        .map(Defect::Triple)
        .chain(flaws().map(Defect::Source))
        .chain(others)
}

impl Defect {
    /// Whether the request is right all the same.
    #[must_use]
    pub const fn is_harmless(self) -> bool {
        matches!(
            self,
            Self::Reordered
                | Self::Capitals
                | Self::UnsignedPayload
                | Self::Streaming
                | Self::Trailer
        )
    }

    /// Changes a request that has what the defect is about; conditions, uploads and versions are the model's.
    pub(super) fn spoil(self, call: &mut Call) {
        match self {
            Self::Triple(flaw) => flaw.spoil(&mut call.sse_c),
            Self::Source(flaw) => flaw.spoil(&mut call.source_sse_c),
            Self::Http => call.wire.http = true,
            Self::Signature => call.sign.corrupt = Some(Corrupt::Signature),
            Self::AccessKey => call.sign.corrupt = Some(Corrupt::AccessKey),
            Self::Anonymous => call.sign.method = SignMethod::None,
            Self::UnsignedAlgorithm => call.sign.unsigned.push(SSE_C_ALGORITHM.to_owned()),
            Self::Expired => call.expires = Some(-60),
            Self::Owner => header(call, "x-amz-expected-bucket-owner", NOBODY),
            Self::Sse => header(call, SSE, AES256),
            Self::SseKms => header(call, SSE, "aws:kms"),
            Self::ContentMd5 => header(call, "Content-MD5", MD5_OF_NOTHING),
            Self::Checksum => {
                let value = Some(Value::Text(CRC32_OF_NOTHING.to_owned()));
                call.checksum = Some(crc32(value, ChecksumPlace::Header));
            }
            Self::PayloadHash => call.sign.payload = Payload::WrongHash,
            Self::Trailer => {
                call.sign.payload = Payload::StreamingTrailer;
                call.checksum = Some(crc32(None, ChecksumPlace::Trailer));
            }
            Self::UnsignedPayload => call.sign.payload = Payload::Unsigned,
            Self::Streaming => call.sign.payload = Payload::Streaming,
            Self::IfNoneMatch => header(call, "If-None-Match", "*"),
            Self::IfMatch => header(call, "If-Match", "\"0123456789abcdef0123456789abcdef\""),
            Self::PartZero => call.part = Some("0".to_owned()),
            Self::BadVersion => call.version = Some(Value::Text("no-version-id".to_owned())),
            Self::Descending => call.parts.reverse(),
            Self::PartEtag => {
                if let Some(last) = call.parts.last_mut() {
                    last.etag = Some(Value::Text("\"0123456789abcdef\"".to_owned()));
                }
            }
            Self::Reordered => {
                let names = [SSE_C_KEY_MD5, SSE_C_KEY, SSE_C_ALGORITHM];
                call.wire.first = names.map(str::to_ascii_lowercase).to_vec();
            }
            Self::Capitals => capitals(call),
            Self::Truncated | Self::NotModified | Self::NoSuchUpload | Self::NoParts => {}
        }
    }
}

impl Flaw {
    fn name(self) -> &'static str {
        let row = FLAWS.iter().find(|(flaw, _)| *flaw == self);
        row.map_or("", |(_, name)| name)
    }

    /// Another triple than the right one.
    fn spoil(self, triple: &mut Option<Triple>) {
        if self == Self::Stray {
            *triple = KeyName::new('A').map(Triple::of);
        }
        let Some(right) = triple.as_mut() else { return };
        let text = |text: &str| Some(text.to_owned());
        match self {
            Self::Missing => *triple = None,
            Self::Stray => {}
            Self::OtherKey => *right = Triple::of(right.key_name().map_or_else(a_key, another)),
            Self::AlgorithmKms => right.algorithm = text("aws:kms"),
            Self::AlgorithmLower => right.algorithm = text("aes256"),
            Self::AlgorithmEmpty => right.algorithm = text(""),
            Self::NoAlgorithm => right.algorithm = None,
            Self::NoKey => right.key = KeyHeader::Omit,
            Self::NoMd5 => right.key_md5 = KeyMd5Header::Omit,
            Self::KeyOnly => {
                right.algorithm = None;
                right.key_md5 = KeyMd5Header::Omit;
            }
            Self::Md5Only => {
                right.algorithm = None;
                right.key = KeyHeader::Omit;
            }
            Self::AlgorithmOnly => {
                right.key = KeyHeader::Omit;
                right.key_md5 = KeyMd5Header::Omit;
            }
            Self::KeyNotBase64 => right.key = KeyHeader::Text("!!!".to_owned()),
            Self::KeyEmpty => right.key = KeyHeader::Text(String::new()),
            Self::KeyShort => of_length(right, 16),
            Self::KeyLong => of_length(right, 33),
            Self::Md5OfOther => {
                right.key_md5 = KeyMd5Header::Of(right.key_name().map_or_else(a_key, another));
            }
            Self::Md5NotBase64 => right.key_md5 = KeyMd5Header::Text("!!!".to_owned()),
            Self::Md5Short => right.key_md5 = KeyMd5Header::Bytes(15),
        }
    }
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Triple(flaw) => write!(f, "triple:{}", flaw.name()),
            Self::Source(flaw) => write!(f, "source:{}", flaw.name()),
            other => {
                let row = DEFECTS.iter().find(|(defect, _)| defect == other);
                f.write_str(row.map_or("", |(_, name)| name))
            }
        }
    }
}

fn of_length(triple: &mut Triple, len: usize) {
    triple.key = KeyHeader::Bytes(len);
    triple.key_md5 = KeyMd5Header::OfSent;
}

fn a_key() -> KeyName {
    KeyName::new('A').expect("A is a capital")
}

/// The next of the four keys.
fn another(key: KeyName) -> KeyName {
    let next = match key.letter() {
        'A' => 'B',
        'B' => 'C',
        'C' => 'D',
        _ => 'A',
    };
    KeyName::new(next).expect("these are capitals")
}

fn crc32(value: Option<Value>, place: ChecksumPlace) -> Checksum {
    Checksum {
        algorithm: ChecksumAlgorithm::Crc32,
        value,
        place,
    }
}

fn header(call: &mut Call, name: &str, value: &str) {
    call.headers.push(HeaderEdit {
        name: name.to_owned(),
        values: vec![Value::Text(value.to_owned())],
    });
}

/// The same three headers with their names in capitals.
fn capitals(call: &mut Call) {
    let Some(key) = call.sse_c.as_ref().and_then(Triple::key_name) else {
        return;
    };
    let values = [
        Value::Text(AES256.to_owned()),
        Value::Key(key),
        Value::KeyMd5(key),
    ];
    for (name, value) in [SSE_C_ALGORITHM, SSE_C_KEY, SSE_C_KEY_MD5]
        .into_iter()
        .zip(values)
    {
        call.headers.push(HeaderEdit {
            name: name.to_ascii_uppercase(),
            values: vec![value],
        });
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_defect_has_a_name_of_its_own() {
        let names: BTreeSet<String> = all().map(|defect| defect.to_string()).collect();
        assert_eq!(names.len(), all().count());
        assert!(
            names
                .iter()
                .all(|name| !name.is_empty() && !name.ends_with(':'))
        );
    }

    #[test]
    fn every_flaw_makes_another_triple() {
        let right = KeyName::new('C').map(Triple::of);
        for (flaw, name) in FLAWS {
            let mut triple = right.clone();
            flaw.spoil(&mut triple);
            assert_ne!(triple, right, "{name}");
        }
    }
}
