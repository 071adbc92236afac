//! Customer keys, bodies and names of a run, all derived from its printed seed.
//!
//! The keys are throwaway: whoever has the seed has them. They may be printed on purpose (a curl line
//! that pastes), never by accident: [`CustomerKey`] has no `Display` and a `Debug` that says nothing.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use md5::{Digest, Md5};
use ring::{aead, hkdf};

/// A customer key as S3 wants it: 256 bits.
pub const KEY_LEN: usize = 32;

/// What everything of a run derives from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seed(String);

/// A throwaway customer key of this run.
#[derive(Clone, PartialEq, Eq)]
pub struct CustomerKey([u8; KEY_LEN]);

/// Everything that must never come back in an answer: the customer keys in every usual encoding.
#[derive(Clone, Default)]
pub struct Needles(Vec<(&'static str, Vec<u8>)>);

impl Seed {
    /// A seed from any text; the same text gives the same run.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// A seed nobody has used yet, from the operating system's randomness: 16 hexadecimal digits.
    ///
    /// # Errors
    /// When the operating system has none.
    pub fn random() -> Result<Self, ring::error::Unspecified> {
        let mut bytes = [0; 8];
        ring::rand::SecureRandom::fill(&ring::rand::SystemRandom::new(), &mut bytes)?;
        Ok(Self(hex(&bytes)))
    }

    /// The text to print, and to pass to `--seed`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The customer key `name` of case `case`.
    #[must_use]
    pub fn customer_key(&self, case: &str, name: &str) -> CustomerKey {
        CustomerKey(self.derive("customer-key", case, name))
    }

    /// `len` bytes of key material that is no customer key: too short, too long, or foreign.
    #[must_use]
    pub fn material(&self, case: &str, name: &str, len: usize) -> Vec<u8> {
        self.stream("material", case, name, len)
    }

    /// The body `name` of case `case`: `len` bytes that no other body shares.
    #[must_use]
    pub fn body(&self, case: &str, name: &str, len: usize) -> Vec<u8> {
        self.stream("body", case, name, len)
    }

    /// Eight hexadecimal digits that name something of this run.
    #[must_use]
    pub fn tag(&self, what: &str) -> String {
        hex(&self.derive("tag", what, "")[..4])
    }

    /// HKDF-SHA-256 (RFC 5869) with the purpose, the case and the name as info, each with its length,
    /// so that no two triples give the same bytes.
    fn derive(&self, purpose: &str, case: &str, name: &str) -> [u8; KEY_LEN] {
        let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, b"ssec suite, version 1");
        let prk = salt.extract(self.0.as_bytes());
        let mut info = Vec::new();
        for part in [purpose, case, name] {
            info.extend_from_slice(&(part.len() as u64).to_be_bytes());
            info.extend_from_slice(part.as_bytes());
        }
        let mut out = [0; KEY_LEN];
        prk.expand(&[&info], hkdf::HKDF_SHA256)
            .and_then(|okm| okm.fill(&mut out))
            .expect("32 bytes are within HKDF's limit");
        out
    }

    /// The key stream of AES-256-GCM: as random as HKDF's output, for bodies of any length.
    fn stream(&self, purpose: &str, case: &str, name: &str, len: usize) -> Vec<u8> {
        let key = aead::UnboundKey::new(&aead::AES_256_GCM, &self.derive(purpose, case, name))
            .expect("the key has the algorithm's length");
        let mut bytes = vec![0; len];
        let _tag = aead::LessSafeKey::new(key)
            .seal_in_place_separate_tag(
                aead::Nonce::assume_unique_for_key([0; aead::NONCE_LEN]),
                aead::Aad::empty(),
                &mut bytes,
            )
            .expect("bodies are shorter than AES-GCM's limit of 64 GiB");
        bytes
    }
}

impl CustomerKey {
    /// The 32 bytes.
    #[must_use]
    pub const fn expose(&self) -> &[u8; KEY_LEN] {
        &self.0
    }

    /// The value of `x-amz-server-side-encryption-customer-key`.
    #[must_use]
    pub fn base64(&self) -> String {
        STANDARD.encode(self.0)
    }

    /// The value of `x-amz-server-side-encryption-customer-key-MD5`.
    #[must_use]
    pub fn md5_base64(&self) -> String {
        md5_base64(&self.0)
    }
}

impl std::fmt::Debug for CustomerKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CustomerKey(..)")
    }
}

impl Needles {
    /// Adds one key in its raw, base64, URL-safe base64, percent-encoded and hexadecimal forms.
    pub fn add(&mut self, key: &CustomerKey) {
        let unpadded = key.base64().trim_end_matches('=').to_owned();
        let escaped = unpadded.replace('+', "%2B").replace('/', "%2F");
        let lower = hex(&key.0);
        let forms = [
            ("raw", key.0.to_vec()),
            ("base64", unpadded.clone().into_bytes()),
            (
                "URL-safe base64",
                URL_SAFE_NO_PAD.encode(key.0).into_bytes(),
            ),
            ("percent-encoded base64", escaped.clone().into_bytes()),
            (
                "percent-encoded base64",
                escaped
                    .replace("%2B", "%2b")
                    .replace("%2F", "%2f")
                    .into_bytes(),
            ),
            ("hexadecimal", lower.to_ascii_uppercase().into_bytes()),
            ("hexadecimal", lower.into_bytes()),
        ];
        for (form, needle) in forms {
            if !self.0.iter().any(|(_, known)| *known == needle) {
                self.0.push((form, needle));
            }
        }
    }

    /// The form of the first key found in `hay`.
    #[must_use]
    pub fn find(&self, hay: &[u8]) -> Option<&'static str> {
        self.0
            .iter()
            .find(|(_, needle)| contains(hay, needle))
            .map(|(form, _)| *form)
    }
}

impl std::fmt::Debug for Needles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Needles({})", self.0.len())
    }
}

/// Base64 of the MD5 of `bytes`: of a customer key, or of a payload.
#[must_use]
pub fn md5_base64(bytes: &[u8]) -> String {
    STANDARD.encode(Md5::digest(bytes))
}

/// Lower-case hexadecimal MD5 of `bytes`: what the ETag of an SSE-C object must not be.
#[must_use]
pub fn md5_hex(bytes: &[u8]) -> String {
    hex(&Md5::digest(bytes))
}

/// Lower-case hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// Whether `needle` is somewhere in `hay`.
#[must_use]
pub fn contains(hay: &[u8], needle: &[u8]) -> bool {
    let Some((&first, rest)) = needle.split_first() else {
        return true;
    };
    let mut hay = hay;
    while let Some(at) = hay.iter().position(|&byte| byte == first) {
        hay = &hay[at + 1..];
        if hay.starts_with(rest) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A published vector, so that encoding and MD5 are not judged by themselves: ceph/s3-tests
    /// @8f0ae7b4 s3tests/functional/test_s3.py.
    #[test]
    fn encodes_as_published() {
        let bytes = STANDARD
            .decode("pO3upElrwuEXSoFwCfnZPdSsmt/xWeFa0N9KgDijwVs=")
            .unwrap();
        let key = CustomerKey(bytes.try_into().unwrap());
        assert_eq!(key.base64(), "pO3upElrwuEXSoFwCfnZPdSsmt/xWeFa0N9KgDijwVs=");
        assert_eq!(key.md5_base64(), "DWygnHRtgiJ77HCm+1rvHw==");
        assert_eq!(format!("{key:?}"), "CustomerKey(..)");
    }

    #[test]
    fn derives_the_same_from_the_same_and_nothing_else() {
        let seed = Seed::new("s");
        let key = |case: &str, name: &str| *seed.customer_key(case, name).expose();
        assert_eq!(key("a", "B"), key("a", "B"));
        assert_ne!(key("a", "B"), key("a", "C"));
        assert_ne!(
            key("a", "B"),
            key("aB", ""),
            "the border between case and name counts"
        );
        assert_ne!(
            key("a", "B"),
            *Seed::new("t").customer_key("a", "B").expose()
        );
        assert_ne!(seed.body("a", "B", 32), seed.material("a", "B", 32));
    }

    #[test]
    fn a_longer_body_begins_like_a_shorter_one_and_is_not_zero() {
        let seed = Seed::new("s");
        let long = seed.body("case", "doc", 100_000);
        assert_eq!(long[..10], seed.body("case", "doc", 10)[..]);
        assert!(long.iter().filter(|&&byte| byte == 0).count() < 1_000);
    }

    #[test]
    fn finds_a_key_in_every_form() {
        let key = Seed::new("s").customer_key("case", "A");
        let mut needles = Needles::default();
        needles.add(&key);
        let check = |hay: Vec<u8>, expected: Option<&str>| assert_eq!(needles.find(&hay), expected);
        check([b"<a>", &key.expose()[..], b"</a>"].concat(), Some("raw"));
        check(
            format!("<Key>{}</Key>", key.base64()).into_bytes(),
            Some("base64"),
        );
        check(hex(key.expose()).into_bytes(), Some("hexadecimal"));
        check(
            hex(key.expose()).to_uppercase().into_bytes(),
            Some("hexadecimal"),
        );
        check(key.md5_base64().into_bytes(), None);
        check(Vec::new(), None);
        check(key.expose()[..31].to_vec(), None);
    }

    #[test]
    fn contains_finds_what_overlaps() {
        for (hay, needle, expected) in [
            ("aab", "ab", true),
            ("aaab", "aab", true),
            ("", "a", false),
            ("ab", "abc", false),
            ("x", "", true),
        ] {
            assert_eq!(
                contains(hay.as_bytes(), needle.as_bytes()),
                expected,
                "{hay} {needle}"
            );
        }
    }
}
