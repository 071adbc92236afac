//! What of an object may be seen without its key, and the lock on the rest.

use super::record::{ChecksumLabel, Encryption, ObjectRecord};
use super::version::Version;
use crate::ssec::{KeyProof, KeyVerifier};

/// What S3 tells about an object before a key is proved: what listings show, and what
/// conditions and ranges are judged by. User metadata, checksums and bytes are not among it.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a>(&'a ObjectRecord);

impl<'a> Facts<'a> {
    /// Without quotes.
    pub fn etag(&self) -> &'a str {
        &self.0.etag
    }

    /// Plaintext bytes.
    pub fn size(&self) -> u64 {
        self.0.size
    }

    /// Number and plaintext bytes of each part, in order.
    pub fn parts(&self) -> impl ExactSizeIterator<Item = (u16, u64)> + use<'a> {
        self.0.parts.iter().map(|part| (part.number, part.size))
    }

    /// The number of parts for `x-amz-mp-parts-count`; a single write has none (MPU-113).
    pub fn parts_count(&self) -> Option<usize> {
        self.0.parts_count()
    }

    /// The multipart upload it came from, if it came from one.
    pub fn upload_id(&self) -> Option<&'a str> {
        self.0.upload_id.as_deref()
    }

    /// Whether CreateMultipartUpload named a checksum algorithm.
    pub fn checksum_named(&self) -> bool {
        self.0.checksum_named
    }

    /// Whose key seals it.
    pub fn encryption(&self) -> &'a Encryption {
        &self.0.head.encryption
    }

    /// The verifier of the customer key, if a customer key seals it.
    pub fn verifier(&self) -> Option<&'a KeyVerifier> {
        self.0.head.encryption.verifier()
    }

    /// The tags.
    pub fn tags(&self) -> &'a [(String, String)] {
        &self.0.head.tags
    }

    /// The storage class.
    pub fn storage_class(&self) -> &'a str {
        &self.0.head.storage_class
    }

    /// Algorithm and type of the checksum, as listings show them; not its value.
    pub fn checksum(&self) -> Option<&'a ChecksumLabel> {
        self.0.head.checksum.as_ref()
    }
}

impl Version {
    /// What anybody may see of the object; a delete marker has none.
    pub fn facts(&self) -> Option<Facts<'_>> {
        self.object.as_ref().map(Facts)
    }

    /// All of the object, for whoever proved its key.
    pub fn unlock(&self, _: &KeyProof) -> Option<&ObjectRecord> {
        self.object.as_ref()
    }
}
