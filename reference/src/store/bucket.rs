//! A bucket and its settings.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::encoding::rfc3339;

/// A bucket as operations see it; its objects are asked of the store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// Its region, such as `us-east-1`.
    pub region: String,
    /// When it was created. Whole seconds.
    #[serde(with = "rfc3339")]
    pub created: OffsetDateTime,
    /// Whether writes keep what they replace.
    pub versioning: Versioning,
    /// Default encryption and blocked encryption types.
    pub encryption: BucketEncryption,
    /// The bucket policy, as it was put.
    pub policy: Option<String>,
}

/// The versioning state of a bucket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Versioning {
    /// Never configured.
    #[default]
    Unversioned,
    /// Each write makes a version with an id.
    Enabled,
    /// Each write replaces the null version; versions with ids stay.
    Suspended,
}

/// What PutBucketEncryption settles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BucketEncryption {
    /// For objects that ask for nothing.
    pub default: DefaultEncryption,
    /// Whether `BucketKeyEnabled` was set.
    pub bucket_key: bool,
    /// Whether writes that ask for SSE-C are refused (`BlockedEncryptionTypes`, BLK-002).
    pub sse_c_blocked: bool,
    /// Whether somebody put it, so that a copy of an object onto itself takes it on (CPY-101).
    #[serde(default)]
    pub is_explicit: bool,
}

impl BucketEncryption {
    /// AES256, as of a new bucket; what was blocked by default changed in April 2026 (BLK-001).
    pub fn new(sse_c_blocked: bool) -> Self {
        Self {
            default: DefaultEncryption::Aes256,
            bucket_key: false,
            sse_c_blocked,
            is_explicit: false,
        }
    }
}

/// The default encryption of a bucket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DefaultEncryption {
    /// SSE-S3.
    Aes256,
    /// SSE-KMS or DSSE-KMS: kept and shown, sealed like SSE-S3.
    Kms {
        /// `aws:kms` or `aws:kms:dsse`.
        algorithm: String,
        /// The `KMSMasterKeyID`, if one was given.
        key_id: Option<String>,
    },
}
