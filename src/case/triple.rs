//! The three SSE-C headers as a case states them: names and malformations, never a secret.

use std::fmt;

/// The name of a customer key, `A` to `Z`; its 32 bytes are derived when a run begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyName(char);

impl KeyName {
    /// The key of that letter, if it is one of `A` to `Z`.
    #[must_use]
    pub fn new(letter: char) -> Option<Self> {
        letter.is_ascii_uppercase().then_some(Self(letter))
    }

    /// The letter.
    #[must_use]
    pub fn letter(self) -> char {
        self.0
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What the three headers of one SSE-C triple carry.
///
/// Serves the object's triple (`x-amz-server-side-encryption-customer-*`) and the copy source's
/// (`x-amz-copy-source-server-side-encryption-customer-*`) alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Triple {
    /// `…-customer-algorithm`; `None`: the header is not sent.
    pub algorithm: Option<String>,
    /// `…-customer-key`.
    pub key: KeyHeader,
    /// `…-customer-key-MD5`.
    pub key_md5: KeyMd5Header,
}

impl Triple {
    /// The correct triple of a named key.
    #[must_use]
    pub fn of(key: KeyName) -> Self {
        Self {
            algorithm: Some(AES256.to_owned()),
            key: KeyHeader::Named(key),
            key_md5: KeyMd5Header::Of(key),
        }
    }

    /// The named key that the key header carries, if it does.
    #[must_use]
    pub fn key_name(&self) -> Option<KeyName> {
        match self.key {
            KeyHeader::Named(name) => Some(name),
            KeyHeader::Text(_) | KeyHeader::Bytes(_) | KeyHeader::Omit => None,
        }
    }

    /// Whether a header is not sent, by its name in a case: `key`, `md5` or `algorithm`.
    #[must_use]
    pub fn lacks(&self, part: &str) -> bool {
        match part {
            "key" => self.key == KeyHeader::Omit,
            "md5" => self.key_md5 == KeyMd5Header::Omit,
            _ => self.algorithm.is_none(),
        }
    }
}

/// The one algorithm that S3 takes.
pub const AES256: &str = "AES256";

/// What the header `…-customer-key` carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyHeader {
    /// The base64 of a named key.
    Named(KeyName),
    /// This text as it stands.
    Text(String),
    /// The base64 of so many derived bytes: key material of a wrong length.
    Bytes(usize),
    /// The header is not sent.
    Omit,
}

/// What the header `…-customer-key-MD5` carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyMd5Header {
    /// The base64 of the MD5 of a named key, whatever key is sent.
    Of(KeyName),
    /// The base64 of the MD5 of what the key header carries: of the bytes that its text decodes
    /// to, or of the text itself where that is not base64. Used where the key has no name.
    OfSent,
    /// This text as it stands.
    Text(String),
    /// The base64 of so many derived bytes: an MD5 of a wrong length or of nothing.
    Bytes(usize),
    /// The header is not sent.
    Omit,
}
