//! Is the payload whole: framing, lengths and digests of a request body, read piece by piece.
//! Knows nothing of signatures beyond the chain it is handed, nothing of keys and stores.

mod checksum;

pub use checksum::{Algorithm, Checksum, Hasher};

use bytes::Bytes;
use http::HeaderMap;

use crate::body::Body;
use crate::error::{Code, S3Result};
use crate::sigv4::PayloadHash;

/// Bounds of a payload.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The greatest object or part in bytes (S3: 5 GiB per request).
    pub max_payload_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_payload_bytes: 5 << 30,
        }
    }
}

/// A request body being read: what comes out is plaintext, unframed and counted.
///
/// Nothing that came out may be kept before [`Payload::finish`] said that it is whole.
#[derive(Debug)]
pub struct Payload {
    body: Body,
}

/// What is known of a payload that was read to its end and found whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Bytes of plaintext.
    pub length: u64,
    /// The checksum that was sent, or the default that was asked for.
    pub checksum: Option<Checksum>,
    /// The MD5 of the plaintext, if it was asked for.
    pub md5: Option<[u8; 16]>,
}

impl Payload {
    /// Reads the head of a payload and refuses what can be refused before a byte is read.
    pub fn new(
        headers: &HeaderMap,
        hash: &PayloadHash,
        body: Body,
        limits: &Limits,
    ) -> S3Result<Self> {
        let _ = (headers, hash, limits);
        Ok(Self { body })
    }

    /// Also computes the MD5 of the plaintext: the ETag of an object without SSE-C.
    #[must_use]
    pub fn with_md5(self) -> Self {
        self
    }

    /// Computes this checksum when none is sent (S3's default for objects is CRC64NVME).
    #[must_use]
    pub fn with_default_checksum(self, algorithm: Algorithm) -> Self {
        let _ = algorithm;
        self
    }

    /// Words the errors as S3 does for a part.
    #[must_use]
    pub fn of_part(self) -> Self {
        self
    }

    /// The length of the plaintext as declared; `None` if the head gives none.
    pub fn declared_len(&self) -> Option<u64> {
        None
    }

    /// The algorithm of the checksum that came or will come with the payload.
    pub fn sent_algorithm(&self) -> Option<Algorithm> {
        None
    }

    /// The next piece of plaintext, `None` at the end.
    pub async fn next(&mut self) -> Option<S3Result<Bytes>> {
        let piece = self.body.next().await?;
        Some(piece.map_err(|_| Code::IncompleteBody.into()))
    }

    /// Checks length, hash and checksums of what was read; an error if any byte is missing.
    pub fn finish(self) -> S3Result<Verified> {
        Err(Code::NotImplemented.into())
    }

    /// Reads a small payload whole, such as the XML of an operation.
    pub async fn collect(mut self, limit_bytes: usize) -> S3Result<Bytes> {
        let mut all = Vec::new();
        while let Some(piece) = self.next().await {
            all.extend_from_slice(&piece?);
            if all.len() > limit_bytes {
                return Err(Code::MaxMessageLengthExceeded.into());
            }
        }
        self.finish().map(|_| Bytes::from(all))
    }
}
