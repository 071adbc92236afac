//! The two secrets that seal objects, the customer's and the server's, and what may be kept of
//! the customer's. Must not know of headers, requests or stores.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest as _, Md5};
use ring::hmac;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize as _, Zeroizing};

use crate::random::{Random, random_bytes};

/// Bytes in a customer key, a server key and an object key: AES-256.
pub const KEY_LEN: usize = 32;

/// The 256-bit key that a customer sends with a request and that is kept nowhere.
///
/// It has no `Debug`, `Display`, `Serialize`, `Clone` or `PartialEq`, and is wiped when dropped.
/// Source: Amazon S3 User Guide, "Using server-side encryption with customer-provided keys":
/// "Amazon S3 does not store the encryption key that you provide".
#[expect(
    missing_debug_implementations,
    reason = "a secret that cannot be printed cannot leak"
)]
pub struct CustomerKey(Secret);

impl CustomerKey {
    /// Takes the key as the customer sent it, decoded.
    pub fn from_bytes(bytes: [u8; KEY_LEN]) -> Self {
        Self(Secret::new(bytes))
    }

    /// Takes the key as the customer sent it, decoded; `None` unless it is 32 bytes.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        Secret::from_slice(bytes).map(Self)
    }

    /// The base64 of the key's MD5, as it stands in
    /// `x-amz-server-side-encryption-customer-key-MD5`.
    ///
    /// For the answer to the request that brought the key. Never keep it: it is a fast, unsalted
    /// hash of the secret.
    pub fn key_md5(&self) -> String {
        STANDARD.encode(Md5::digest(self.secret()))
    }

    pub(crate) fn secret(&self) -> &[u8; KEY_LEN] {
        self.0.bytes()
    }
}

/// What is kept of a customer key so that a wrong one is refused before anything is opened.
///
/// An HMAC-SHA-256 under the customer key over a label and a random salt: equal keys leave
/// unequal verifiers, and no two keys share one.
/// Source: Amazon S3 User Guide, same page: "we store a randomly salted Hash-based Message
/// Authentication Code (HMAC) value of the encryption key to validate future requests".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyVerifier {
    /// Random, drawn per verifier.
    #[serde(with = "crate::base64_array")]
    pub salt: [u8; 32],
    /// HMAC-SHA-256(customer key, [`VERIFIER_LABEL`] ‖ salt).
    #[serde(with = "crate::base64_array")]
    pub mac: [u8; 32],
}

/// Sets the verifier apart from every other use of the customer key.
pub const VERIFIER_LABEL: &[u8] = b"ssec-reference/v1 key verifier";

impl KeyVerifier {
    /// A verifier for `customer_key` under a fresh salt.
    pub fn new(customer_key: &CustomerKey, random: &dyn Random) -> Self {
        let salt = random_bytes(random);
        Self {
            salt,
            mac: mac(customer_key, &salt),
        }
    }

    /// Whether this is the key the verifier was made of. Takes the same time for every answer.
    pub fn verifies(&self, customer_key: &CustomerKey) -> bool {
        mac(customer_key, &self.salt).ct_eq(&self.mac).into()
    }
}

// The secret is the HMAC key and not its message: HMAC(salt, secret) would be HKDF's extraction
// step, and a salt used twice would put the root of the wrapping key into the record.
fn mac(customer_key: &CustomerKey, salt: &[u8; 32]) -> [u8; 32] {
    let mut context =
        hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, customer_key.secret()));
    context.update(VERIFIER_LABEL);
    context.update(salt);
    let mut mac = [0; 32];
    mac.copy_from_slice(context.sign().as_ref());
    mac
}

/// The server's own 256-bit key, under which objects without a customer key are sealed (SSE-S3)
/// and the secret parts of every record.
#[expect(
    missing_debug_implementations,
    reason = "a secret that cannot be printed cannot leak"
)]
pub struct ServerKey(Secret);

impl ServerKey {
    /// Takes a key that was kept.
    pub fn from_bytes(bytes: [u8; KEY_LEN]) -> Self {
        Self(Secret::new(bytes))
    }

    /// Draws a new key.
    pub fn generate(random: &dyn Random) -> Self {
        Self(Secret::generate(random))
    }

    /// The bytes to keep in a file that only the server can read.
    pub fn secret(&self) -> &[u8; KEY_LEN] {
        self.0.bytes()
    }
}

/// 32 secret bytes: boxed, so that a move leaves no copy behind, and wiped when dropped.
pub(crate) struct Secret(Box<Zeroizing<[u8; KEY_LEN]>>);

impl Secret {
    pub(crate) fn new(mut bytes: [u8; KEY_LEN]) -> Self {
        let mut secret = Self::zero();
        secret.0.copy_from_slice(&bytes);
        bytes.zeroize();
        secret
    }

    pub(crate) fn from_slice(bytes: &[u8]) -> Option<Self> {
        let mut secret = Self::zero();
        (bytes.len() == KEY_LEN).then(|| secret.0.copy_from_slice(bytes))?;
        Some(secret)
    }

    pub(crate) fn generate(random: &dyn Random) -> Self {
        let mut secret = Self::zero();
        random.fill(secret.0.as_mut_slice());
        secret
    }

    pub(crate) fn zero() -> Self {
        Self(Box::new(Zeroizing::new([0; KEY_LEN])))
    }

    pub(crate) fn bytes(&self) -> &[u8; KEY_LEN] {
        &self.0
    }

    pub(crate) fn bytes_mut(&mut self) -> &mut [u8; KEY_LEN] {
        &mut self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::OsRandom;
    use crate::seal::{ObjectKey, OpenStream, SealStream, SegmentReader};

    // Two impls would apply to a type that has the trait, and `_` could not be inferred.
    macro_rules! lack {
        ($($type:ty)* => $($trait:path)*) => {
            lack!(@ [$($type)*] $([$trait])*);
        };
        (@ $types:tt $([$trait:path])*) => { $(lack!(@@ $types $trait);)* };
        (@@ [$($type:ty)*] $trait:path) => {
            const _: () = {
                trait Lacks<Marker> { const OK: () = (); }
                impl<T> Lacks<()> for T {}
                struct Has;
                impl<T: $trait> Lacks<Has> for T {}
                $(const _: () = <$type as Lacks<_>>::OK;)*
            };
        };
    }

    lack!(
        CustomerKey ServerKey Secret ObjectKey SealStream OpenStream SegmentReader
        => std::fmt::Debug std::fmt::Display Serialize Clone PartialEq
    );

    #[test]
    fn a_verifier_knows_its_key_alone() {
        let key = CustomerKey::from_bytes([1; KEY_LEN]);
        let verifier = KeyVerifier::new(&key, &OsRandom);
        assert!(verifier.verifies(&key));
        for bit in 0..KEY_LEN * 8 {
            let mut other = [1; KEY_LEN];
            other[bit / 8] ^= 1 << (bit % 8);
            assert!(
                !verifier.verifies(&CustomerKey::from_bytes(other)),
                "bit {bit}"
            );
        }
    }

    #[test]
    fn a_changed_verifier_knows_nobody() {
        let key = CustomerKey::from_bytes([1; KEY_LEN]);
        let verifier = KeyVerifier::new(&key, &OsRandom);
        for bit in 0..512 {
            let mut changed = verifier.clone();
            let fields = [&mut changed.salt, &mut changed.mac];
            *fields.into_iter().flatten().nth(bit / 8).unwrap() ^= 1 << (bit % 8);
            assert!(!changed.verifies(&key), "bit {bit}");
        }
    }

    #[test]
    fn verifiers_of_one_key_are_unlike() {
        let key = CustomerKey::from_bytes([1; KEY_LEN]);
        let [one, other] = [(); 2].map(|()| KeyVerifier::new(&key, &OsRandom));
        assert!(one.salt != other.salt && one.mac != other.mac);
        let text = serde_json::to_string(&one).unwrap();
        assert_eq!(serde_json::from_str::<KeyVerifier>(&text).unwrap(), one);
    }

    #[test]
    fn a_key_has_32_bytes() {
        for len in [0, 16, 31, 33, 64] {
            assert!(
                CustomerKey::from_slice(&vec![1; len]).is_none(),
                "{len} bytes"
            );
        }
        let key = CustomerKey::from_slice(&[1; 32]).unwrap();
        assert_eq!(key.secret(), &[1; 32]);
    }
}
