//! What is kept of an object: one record for whatever way it was written. Its crypto fields
//! are opaque here; their types belong to `seal` and `ssec`.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::body::StoredBody;
use super::encoding::{algorithm, base64, hex, rfc3339};
use crate::payload::Algorithm;
use crate::seal::{SealedObjectKey, StreamHeader};
use crate::ssec::KeyVerifier;

/// What is settled about an object before its first byte: by PutObject, CopyObject, PostObject
/// or CreateMultipartUpload.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectHead {
    /// Random, drawn with each write; what the object key is bound to.
    #[serde(with = "hex")]
    pub write_id: [u8; 16],
    /// Whose key seals the object.
    pub encryption: Encryption,
    /// The object key, sealed under the customer's or the server's key.
    pub sealed_object_key: SealedObjectKey,
    /// Headers that reads send back, names in lower case: `content-type`, `cache-control`, …,
    /// and user metadata as `x-amz-meta-…`. In clear, as in S3 (OTH-013).
    pub headers: Vec<(String, String)>,
    /// Tags, in the order given.
    pub tags: Vec<(String, String)>,
    /// The storage class, such as `STANDARD`.
    pub storage_class: String,
    /// The flexible checksum that was asked for, as listings name it.
    pub checksum: Option<ChecksumLabel>,
}

/// Whose key seals an object.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Encryption {
    /// The server's, `AES256`.
    SseS3,
    /// The server's too: this reference has no KMS, but keeps what was asked for.
    SseKms {
        /// `aws:kms` or `aws:kms:dsse`.
        algorithm: String,
        /// The key id that was asked for.
        key_id: Option<String>,
        /// Whether a bucket key was asked for.
        bucket_key: bool,
    },
    /// The customer's.
    SseC {
        /// Tells the right customer key from any other.
        verifier: KeyVerifier,
    },
}

impl Encryption {
    /// The verifier of the customer key, if a customer key seals the object.
    pub fn verifier(&self) -> Option<&KeyVerifier> {
        match self {
            Self::SseC { verifier } => Some(verifier),
            Self::SseS3 | Self::SseKms { .. } => None,
        }
    }
}

/// A flexible checksum as S3 names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChecksumLabel {
    /// The algorithm.
    #[serde(with = "algorithm")]
    pub algorithm: Algorithm,
    /// What it covers.
    pub kind: ChecksumType,
}

/// What the checksum of an object covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ChecksumType {
    /// The bytes of the object.
    FullObject,
    /// The checksums of its parts.
    Composite,
}

impl ChecksumType {
    /// The name in `x-amz-checksum-type`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FullObject => "FULL_OBJECT",
            Self::Composite => "COMPOSITE",
        }
    }
}

/// An object as it is stored. The version that holds it has the id and the time.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectRecord {
    /// What was settled before its first byte.
    pub head: ObjectHead,
    /// Without quotes.
    pub etag: String,
    /// Plaintext bytes.
    pub size: u64,
    /// The sealed streams in order, one for each part; a single PutObject has one, number 1.
    pub parts: Vec<PartRecord>,
    /// The multipart upload it came from, if it came from one.
    pub upload_id: Option<String>,
    /// Whether CreateMultipartUpload named a checksum algorithm: a repeated Complete then needs
    /// the customer key as the first one did (MPU-015).
    pub checksum_named: bool,
    /// Checksums of the whole plaintext, sealed; opaque here.
    #[serde(with = "base64")]
    pub sealed_checksums: Vec<u8>,
}

impl ObjectRecord {
    /// The number of parts for `x-amz-mp-parts-count`; a single write has none (MPU-113).
    pub fn parts_count(&self) -> Option<usize> {
        self.upload_id.is_some().then_some(self.parts.len())
    }
}

/// One sealed stream: a part of a multipart upload, or the whole of a single write.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartRecord {
    /// 1 to 10,000.
    pub number: u16,
    /// Plaintext bytes.
    pub size: u64,
    /// Without quotes.
    pub etag: String,
    /// When it was uploaded. Whole seconds.
    #[serde(with = "rfc3339")]
    pub last_modified: OffsetDateTime,
    /// How the stream is sealed.
    pub stream: StreamHeader,
    /// The part's checksums, sealed; opaque here.
    #[serde(with = "base64")]
    pub sealed_checksums: Vec<u8>,
    /// The sealed bytes.
    pub body: StoredBody,
}
