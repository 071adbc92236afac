//! The digests of a payload, computed while it passes, and compared at its end.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest as _, Md5};
use ring::digest;

use super::head::ContentMd5;
use super::{Algorithm, Checksum, Hasher};
use crate::error::{Code, S3Error, S3Result};
use crate::sigv4::hex;

/// All that is computed over one payload; only what somebody asked for.
pub(super) struct Digests {
    length: u64,
    sha256: Option<(digest::Context, [u8; 32])>,
    content_md5: Option<ContentMd5>,
    md5: Option<Md5>,
    checksum: Option<Hasher>,
    of_part: bool,
}

/// The values at the end.
pub(super) struct Values {
    pub(super) length: u64,
    pub(super) checksum: Option<Checksum>,
    pub(super) md5: Option<[u8; 16]>,
}

impl Digests {
    pub(super) fn new(sha256: Option<[u8; 32]>, content_md5: Option<ContentMd5>) -> Self {
        Self {
            length: 0,
            sha256: sha256.map(|given| (digest::Context::new(&digest::SHA256), given)),
            md5: content_md5.is_some().then(Md5::new),
            content_md5,
            checksum: None,
            of_part: false,
        }
    }

    pub(super) fn want_md5(&mut self) {
        self.md5.get_or_insert_with(Md5::new);
    }

    pub(super) fn want_checksum(&mut self, algorithm: Algorithm) {
        self.checksum = Some(Hasher::new(algorithm));
    }

    pub(super) fn word_as_part(&mut self) {
        self.of_part = true;
    }

    pub(super) fn length(&self) -> u64 {
        self.length
    }

    pub(super) fn update(&mut self, piece: &[u8]) {
        self.length += piece.len() as u64;
        if let Some((context, _)) = &mut self.sha256 {
            context.update(piece);
        }
        if let Some(md5) = &mut self.md5 {
            md5.update(piece);
        }
        if let Some(hasher) = &mut self.checksum {
            hasher.update(piece);
        }
    }

    /// Compares with what was sent: payload hash, Content-MD5, checksum.
    pub(super) fn finish(self, sent: Option<&Checksum>) -> S3Result<Values> {
        check_sha256(self.sha256)?;
        let md5 = self.md5.map(|md5| md5.finalize().into());
        if let (Some(sent), Some(md5)) = (&self.content_md5, md5) {
            check_md5(sent, md5, self.of_part)?;
        }
        let checksum = self.checksum.map(Hasher::finish);
        if let (Some(sent), Some(computed)) = (sent, &checksum) {
            check_checksum(sent, computed)?;
        }
        Ok(Values {
            length: self.length,
            checksum,
            md5,
        })
    }
}

impl std::fmt::Debug for Digests {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Digests")
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}

/// SIG-014.
fn check_sha256(sha256: Option<(digest::Context, [u8; 32])>) -> S3Result<()> {
    let Some((context, given)) = sha256 else {
        return Ok(());
    };
    let computed = context.finish();
    if computed.as_ref() == given {
        return Ok(());
    }
    Err(S3Error::from(Code::XAmzContentSHA256Mismatch)
        .with("ClientComputedContentSHA256", hex::encode(&given))
        .with("S3ComputedContentSHA256", hex::encode(computed.as_ref())))
}

/// CHK-108: the digest that was sent comes back in hex, for a part in base64.
fn check_md5(sent: &ContentMd5, computed: [u8; 16], of_part: bool) -> S3Result<()> {
    if sent.bytes == computed {
        return Ok(());
    }
    let expected = if of_part {
        sent.sent.clone()
    } else {
        hex::encode(&sent.bytes)
    };
    Err(S3Error::from(Code::BadDigest)
        .with("CalculatedDigest", STANDARD.encode(computed))
        .with("ExpectedDigest", expected))
}

/// CHK-102.
fn check_checksum(sent: &Checksum, computed: &Checksum) -> S3Result<()> {
    if sent == computed {
        return Ok(());
    }
    let name = sent.algorithm().name();
    let message = format!("The {name} you specified did not match the calculated checksum.");
    Err(S3Error::new(Code::BadDigest, message))
}
