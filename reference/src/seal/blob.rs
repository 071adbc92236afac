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
    let (salt, rest) = blob
        .split_first_chunk::<SALT_LEN>()
        .ok_or(OpenError::Truncated)?;
    let (nonce, rest) = rest
        .split_first_chunk::<NONCE_LEN>()
        .ok_or(OpenError::Truncated)?;
    let (text, tag) = rest
        .split_last_chunk::<TAG_LEN>()
        .ok_or(OpenError::Truncated)?;
    let mut text = text.to_vec();
    under
        .aead(salt, cipher)
        .open_in_place(nonce, aad, &mut text, tag)?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::OsRandom;

    fn server_key() -> ServerKey {
        ServerKey::from_bytes([1; KEY_LEN])
    }

    #[test]
    fn a_blob_opens_with_its_key_and_its_aad_alone() {
        let (server_key, object_key) = (server_key(), ObjectKey::generate(&OsRandom));
        let under = BlobKey::Server(&server_key);
        let blob = seal_blob(under, b"here", b"secret", Cipher::Ring, &OsRandom);
        assert_eq!(
            open_blob(under, b"here", &blob, Cipher::AesGcm),
            Ok(b"secret".to_vec())
        );
        let damaged = Err(OpenError::Damaged);
        assert_eq!(open_blob(under, b"there", &blob, Cipher::Ring), damaged);
        assert_eq!(
            open_blob(BlobKey::Object(&object_key), b"here", &blob, Cipher::Ring),
            damaged
        );
        let other = ServerKey::from_bytes([2; KEY_LEN]);
        assert_eq!(
            open_blob(BlobKey::Server(&other), b"here", &blob, Cipher::Ring),
            damaged
        );
    }

    #[test]
    fn every_bit_and_every_byte_of_a_blob_counts() {
        let server_key = server_key();
        let under = BlobKey::Server(&server_key);
        let blob = seal_blob(under, b"", b"secret", Cipher::Ring, &OsRandom);
        for bit in 0..blob.len() * 8 {
            let mut damaged = blob.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert!(
                open_blob(under, b"", &damaged, Cipher::Ring).is_err(),
                "bit {bit}"
            );
        }
        for len in 0..blob.len() {
            assert!(
                open_blob(under, b"", &blob[..len], Cipher::Ring).is_err(),
                "{len} bytes"
            );
        }
        let extended = [&blob[..], b"\0"].concat();
        assert_eq!(
            open_blob(under, b"", &extended, Cipher::Ring),
            Err(OpenError::Damaged)
        );
    }

    #[test]
    fn the_same_secret_twice_is_two_unlike_blobs() {
        let server_key = server_key();
        let blob = || {
            seal_blob(
                BlobKey::Server(&server_key),
                b"",
                b"secret",
                Cipher::Ring,
                &OsRandom,
            )
        };
        let (one, other) = (blob(), blob());
        assert!(one.iter().zip(&other).filter(|(a, b)| a == b).count() < one.len() / 4);
    }
}
