//! Small secrets, such as the checksums in a record, sealed in one piece and bound to whatever
//! their owner says.

use super::aead::{KEY_LEN, NONCE_LEN, TAG_LEN};
use super::{Aead, Cipher, ObjectKey, OpenError, kdf};
use crate::random::{Random, random_bytes};
use crate::ssec::key::ServerKey;

const SALT_LEN: usize = 32;

/// What a blob is sealed under.
#[derive(Clone, Copy)]
#[expect(missing_debug_implementations, reason = "holds a secret")]
pub enum BlobKey<'a> {
    /// The server's key: the blob opens without the customer's.
    Server(&'a ServerKey),
    /// The key of the write: the blob opens only with what unwraps that.
    Object(&'a ObjectKey),
}

/// Seals `plaintext` into salt ‖ nonce ‖ ciphertext ‖ tag, 60 bytes longer than itself. It opens
/// only under the same key and with the same `aad`, which is not stored.
pub fn seal_blob(
    under: BlobKey<'_>,
    aad: &[u8],
    plaintext: &[u8],
    cipher: Cipher,
    random: &dyn Random,
) -> Vec<u8> {
    let salt = random_bytes::<SALT_LEN>(random);
    let nonce = random_bytes::<NONCE_LEN>(random);
    let mut blob = Vec::with_capacity(SALT_LEN + NONCE_LEN + plaintext.len() + TAG_LEN);
    blob.extend_from_slice(&salt);
    blob.extend_from_slice(&nonce);
    blob.extend_from_slice(plaintext);
    let text = &mut blob[SALT_LEN + NONCE_LEN..];
    let tag = under.aead(&salt, cipher).seal_in_place(&nonce, aad, text);
    blob.extend_from_slice(&tag);
    blob
}

/// Opens what [`seal_blob`] sealed.
pub fn open_blob(
    under: BlobKey<'_>,
    aad: &[u8],
    blob: &[u8],
    cipher: Cipher,
) -> Result<Vec<u8>, OpenError> {
    let (salt, rest) = blob.split_first_chunk::<SALT_LEN>().ok_or(OpenError::Truncated)?;
    let (nonce, rest) = rest.split_first_chunk::<NONCE_LEN>().ok_or(OpenError::Truncated)?;
    let (text, tag) = rest.split_last_chunk::<TAG_LEN>().ok_or(OpenError::Truncated)?;
    let mut text = text.to_vec();
    under.aead(salt, cipher).open_in_place(nonce, aad, &mut text, tag)?;
    Ok(text)
}

impl BlobKey<'_> {
    fn aead(&self, salt: &[u8; SALT_LEN], cipher: Cipher) -> Box<dyn Aead> {
        let (secret, purpose): (&[u8; KEY_LEN], &[u8]) = match self {
            Self::Server(key) => (key.secret(), b"server-blob"),
            Self::Object(key) => (key.secret(), b"object-blob"),
        };
        cipher.keyed(kdf::derive(secret, salt, &kdf::info(&[purpose])).bytes())
    }
}
