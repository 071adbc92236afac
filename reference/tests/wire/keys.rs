//! Customer keys of tests, and the three headers that carry them, whole or spoilt.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest as _, Md5};

/// 32 bytes that are no secret.
#[derive(Clone, Copy)]
pub(crate) struct Key(pub(crate) [u8; 32]);

pub(crate) const A: Key = key(0xa1);
pub(crate) const B: Key = key(0xb7);
pub(crate) const C: Key = key(0xcd);

/// The names of the three headers of the object's side, in the order of [`Triple`].
pub(crate) const OBJECT_SIDE: [&str; 3] = [
    "x-amz-server-side-encryption-customer-algorithm",
    "x-amz-server-side-encryption-customer-key",
    "x-amz-server-side-encryption-customer-key-MD5",
];
/// The same of the source of a copy.
pub(crate) const SOURCE_SIDE: [&str; 3] = [
    "x-amz-copy-source-server-side-encryption-customer-algorithm",
    "x-amz-copy-source-server-side-encryption-customer-key",
    "x-amz-copy-source-server-side-encryption-customer-key-MD5",
];

const fn key(seed: u8) -> Key {
    let mut bytes = [0; 32];
    let mut at = 0;
    while at < bytes.len() {
        bytes[at] = seed.wrapping_mul(at as u8 + 1) ^ seed;
        at += 1;
    }
    Key(bytes)
}

impl Key {
    pub(crate) fn base64(&self) -> String {
        STANDARD.encode(self.0)
    }

    pub(crate) fn md5(&self) -> String {
        md5_of(&self.0)
    }

    /// The right triple of this key.
    pub(crate) fn triple(&self) -> Triple {
        Triple::of_bytes(&self.0)
    }
}

fn md5_of(bytes: &[u8]) -> String {
    STANDARD.encode(Md5::digest(bytes))
}

/// Algorithm, key and key-MD5; `None` is not sent.
#[derive(Clone)]
pub(crate) struct Triple(pub(crate) [Option<String>; 3]);

impl Triple {
    /// A key of any length with its own MD5.
    pub(crate) fn of_bytes(bytes: &[u8]) -> Self {
        let texts = ["AES256".to_owned(), STANDARD.encode(bytes), md5_of(bytes)];
        Self(texts.map(Some))
    }

    /// `len` bytes with their own MD5.
    pub(crate) fn of_len(len: usize) -> Self {
        Self::of_bytes(&vec![0x5a; len])
    }

    pub(crate) fn algorithm(self, text: &str) -> Self {
        self.with(0, Some(text))
    }

    pub(crate) fn key(self, text: &str) -> Self {
        self.with(1, Some(text))
    }

    pub(crate) fn md5(self, text: &str) -> Self {
        self.with(2, Some(text))
    }

    /// The MD5 of so many bytes of nothing in particular.
    pub(crate) fn md5_of_len(self, len: usize) -> Self {
        self.with(2, Some(&STANDARD.encode(vec![7; len])))
    }

    pub(crate) fn no_algorithm(self) -> Self {
        self.with(0, None)
    }

    pub(crate) fn no_key(self) -> Self {
        self.with(1, None)
    }

    pub(crate) fn no_md5(self) -> Self {
        self.with(2, None)
    }

    fn with(mut self, index: usize, text: Option<&str>) -> Self {
        self.0[index] = text.map(str::to_owned);
        self
    }
}
