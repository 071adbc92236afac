//! Small secrets, such as the checksums in a record, sealed in one piece and bound to whatever
//! their owner says.

use serde::{Deserialize, Serialize};

use super::aead::{KEY_LEN, NONCE_LEN, TAG_LEN};
use super::{Cipher, ObjectKey, OpenError, kdf};
use crate::random::{Random, random_bytes};
use crate::ssec::key::ServerKey;

/// What a blob is sealed under.
#[derive(Clone, Copy)]
#[expect(missing_debug_implementations, reason = "holds a secret")]
pub enum BlobKey<'a> {
    /// The server's key: openable without the customer's.
    Server(&'a ServerKey),
    /// The key of the write: openable only with the customer's, where there is one.
    Object(&'a ObjectKey),
}

/// A small secret, sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedBlob {
    /// Salt of the key's derivation, drawn per blob.
    #[serde(with = "crate::base64_array")]
    pub salt: [u8; 32],
    /// Nonce, drawn per blob.
    #[serde(with = "crate::base64_array")]
    pub nonce: [u8; NONCE_LEN],
    /// Ciphertext and tag.
    pub sealed: Vec<u8>,
}

/// Seals `plaintext`; it opens again only with the same key and the same `aad`.
pub fn seal_blob(
    under: BlobKey<'_>,
    aad: &[u8],
    plaintext: &[u8],
    cipher: Cipher,
    random: &dyn Random,
) -> SealedBlob {
    let (salt, nonce) = (random_bytes(random), random_bytes(random));
    let mut sealed = Vec::with_capacity(plaintext.len() + TAG_LEN);
    sealed.extend_from_slice(plaintext);
    let tag = under
        .aead(&salt, cipher)
        .seal_in_place(&nonce, aad, &mut sealed);
    sealed.extend_from_slice(&tag);
    SealedBlob {
        salt,
        nonce,
        sealed,
    }
}

/// Opens what [`seal_blob`] sealed under the same key and `aad`.
pub fn open_blob(
    under: BlobKey<'_>,
    aad: &[u8],
    blob: &SealedBlob,
    cipher: Cipher,
) -> Result<Vec<u8>, OpenError> {
    let (text, tag) = blob
        .sealed
        .split_last_chunk::<TAG_LEN>()
        .ok_or(OpenError::Truncated)?;
    let mut text = text.to_vec();
    under
        .aead(&blob.salt, cipher)
        .open_in_place(&blob.nonce, aad, &mut text, tag)?;
    Ok(text)
}

impl BlobKey<'_> {
    fn aead(&self, salt: &[u8; 32], cipher: Cipher) -> Box<dyn super::Aead> {
        let (secret, purpose): (&[u8; KEY_LEN], &[u8]) = match self {
            Self::Server(key) => (key.secret(), b"server-blob"),
            Self::Object(key) => (key.secret(), b"object-blob"),
        };
        cipher.keyed(kdf::derive(secret, salt, &kdf::info(&[purpose])).bytes())
    }
}
