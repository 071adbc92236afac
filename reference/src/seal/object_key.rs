//! The key of one write, and how it is wrapped so that only the customer's (or the server's) key
//! gets it back, and only in the place it was wrapped for.

use serde::{Deserialize, Serialize};

use super::aead::{KEY_LEN, NONCE_LEN, TAG_LEN};
use super::{Cipher, OpenError, kdf};
use crate::random::{Random, random_bytes};
use crate::ssec::key::{CustomerKey, Secret, ServerKey};

/// The key that seals the bytes of one write: one PutObject, one copy, one multipart upload.
///
/// Like the customer key it cannot be printed, serialized or cloned, and is wiped when dropped.
#[expect(
    missing_debug_implementations,
    reason = "a secret that cannot be printed cannot leak"
)]
pub struct ObjectKey(Secret);

/// What the object key is wrapped under.
#[derive(Clone, Copy)]
#[expect(missing_debug_implementations, reason = "holds a secret")]
pub enum WrappingKey<'a> {
    /// The key that came with the request: SSE-C.
    Customer(&'a CustomerKey),
    /// The server's own: SSE-S3.
    Server(&'a ServerKey),
}

/// The place that a wrapped object key belongs to; anywhere else it does not unwrap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Binding {
    /// The bucket's name.
    pub bucket: String,
    /// The object's name.
    pub key: String,
    /// Random, drawn when the write began and kept in its record. Not the version id: an upload
    /// may be completed, and so given its version, by a request without the customer key.
    #[serde(with = "crate::base64_array")]
    pub write_id: [u8; 16],
}

/// An object key, wrapped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedObjectKey {
    /// Salt of the wrapping key's derivation, drawn per wrap.
    #[serde(with = "crate::base64_array")]
    pub salt: [u8; 32],
    /// Nonce, drawn per wrap.
    #[serde(with = "crate::base64_array")]
    pub nonce: [u8; NONCE_LEN],
    /// The object key's ciphertext and tag.
    #[serde(with = "crate::base64_array")]
    pub sealed: [u8; KEY_LEN + TAG_LEN],
}

impl Binding {
    /// A place with a fresh write id.
    pub fn new(bucket: &str, key: &str, random: &dyn Random) -> Self {
        Self {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            write_id: random_bytes(random),
        }
    }
}

impl ObjectKey {
    /// Draws a key for one write.
    pub fn generate(random: &dyn Random) -> Self {
        Self(Secret::generate(random))
    }

    /// Wraps the key for `binding`.
    pub fn wrap(
        &self,
        under: WrappingKey<'_>,
        binding: &Binding,
        cipher: Cipher,
        random: &dyn Random,
    ) -> SealedObjectKey {
        let (salt, nonce) = (random_bytes(random), random_bytes(random));
        let info = under.info(binding);
        let mut sealed = [0; KEY_LEN + TAG_LEN];
        let (text, tag) = sealed.split_at_mut(KEY_LEN);
        text.copy_from_slice(self.secret());
        let aead = cipher.keyed(kdf::derive(under.secret(), &salt, &info).bytes());
        tag.copy_from_slice(&aead.seal_in_place(&nonce, &info, text));
        SealedObjectKey {
            salt,
            nonce,
            sealed,
        }
    }

    pub(crate) fn secret(&self) -> &[u8; KEY_LEN] {
        self.0.bytes()
    }
}

impl SealedObjectKey {
    /// The object key, if it was wrapped under this key and for this place.
    pub fn unwrap(
        &self,
        under: WrappingKey<'_>,
        binding: &Binding,
        cipher: Cipher,
    ) -> Result<ObjectKey, OpenError> {
        let info = under.info(binding);
        let (text, tag) = self.sealed.split_at(KEY_LEN);
        let mut tag_bytes = [0; TAG_LEN];
        tag_bytes.copy_from_slice(tag);
        let mut key = Secret::zero();
        key.bytes_mut().copy_from_slice(text);
        let aead = cipher.keyed(kdf::derive(under.secret(), &self.salt, &info).bytes());
        aead.open_in_place(&self.nonce, &info, key.bytes_mut(), &tag_bytes)?;
        Ok(ObjectKey(key))
    }
}

impl WrappingKey<'_> {
    fn secret(&self) -> &[u8; KEY_LEN] {
        match self {
            Self::Customer(key) => key.secret(),
            Self::Server(key) => key.secret(),
        }
    }

    pub(super) fn info(&self, binding: &Binding) -> Vec<u8> {
        let purpose: &[u8] = match self {
            Self::Customer(_) => b"customer",
            Self::Server(_) => b"server",
        };
        kdf::info(&[
            purpose,
            binding.bucket.as_bytes(),
            binding.key.as_bytes(),
            &binding.write_id,
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::OsRandom;

    fn place() -> Binding {
        Binding {
            bucket: "bucket".to_owned(),
            key: "key".to_owned(),
            write_id: [7; 16],
        }
    }

    #[test]
    fn what_one_cipher_wrapped_the_other_unwraps() {
        let (customer_key, object_key) = (
            CustomerKey::from_bytes([1; KEY_LEN]),
            ObjectKey::generate(&OsRandom),
        );
        let under = WrappingKey::Customer(&customer_key);
        for (one, other) in [
            (Cipher::Ring, Cipher::AesGcm),
            (Cipher::AesGcm, Cipher::Ring),
        ] {
            let sealed = object_key.wrap(under, &place(), one, &OsRandom);
            let unwrapped = sealed.unwrap(under, &place(), other).unwrap();
            assert_eq!(unwrapped.secret(), object_key.secret());
        }
    }

    #[test]
    fn nothing_unwraps_elsewhere_or_under_another_key() {
        let (customer_key, other) = (
            CustomerKey::from_bytes([1; KEY_LEN]),
            CustomerKey::from_bytes([2; KEY_LEN]),
        );
        let server_key = ServerKey::from_bytes([1; KEY_LEN]);
        let under = WrappingKey::Customer(&customer_key);
        let cipher = Cipher::default();
        let sealed = ObjectKey::generate(&OsRandom).wrap(under, &place(), cipher, &OsRandom);
        let check = |under: WrappingKey<'_>, binding: Binding| {
            assert!(
                sealed.unwrap(under, &binding, cipher).is_err(),
                "{binding:?}"
            );
        };
        check(WrappingKey::Customer(&other), place());
        check(WrappingKey::Server(&server_key), place());
        check(
            under,
            Binding {
                bucket: "buckets".to_owned(),
                ..place()
            },
        );
        check(
            under,
            Binding {
                key: "Key".to_owned(),
                ..place()
            },
        );
        check(
            under,
            Binding {
                write_id: [8; 16],
                ..place()
            },
        );
        check(
            under,
            Binding {
                bucket: "bucketk".to_owned(),
                key: "ey".to_owned(),
                ..place()
            },
        );
    }

    #[test]
    fn every_bit_of_a_wrapped_key_counts() {
        let server_key = ServerKey::from_bytes([1; KEY_LEN]);
        let under = WrappingKey::Server(&server_key);
        let sealed =
            ObjectKey::generate(&OsRandom).wrap(under, &place(), Cipher::default(), &OsRandom);
        for bit in 0..(32 + NONCE_LEN + KEY_LEN + TAG_LEN) * 8 {
            let mut damaged = sealed.clone();
            let fields = [
                &mut damaged.salt[..],
                &mut damaged.nonce,
                &mut damaged.sealed,
            ];
            *fields.into_iter().flatten().nth(bit / 8).unwrap() ^= 1 << (bit % 8);
            let opened = damaged.unwrap(under, &place(), Cipher::default());
            assert_eq!(opened.err(), Some(OpenError::Damaged), "bit {bit}");
        }
    }

    #[test]
    fn a_wrapped_key_survives_its_record() {
        let server_key = ServerKey::from_bytes([1; KEY_LEN]);
        let under = WrappingKey::Server(&server_key);
        let sealed =
            ObjectKey::generate(&OsRandom).wrap(under, &place(), Cipher::default(), &OsRandom);
        let text = serde_json::to_string(&(&sealed, place())).unwrap();
        let read: (SealedObjectKey, Binding) = serde_json::from_str(&text).unwrap();
        assert_eq!(read, (sealed, place()));
    }
}
