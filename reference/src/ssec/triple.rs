//! The three SSE-C headers as they were sent, and what can be made of them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use zeroize::Zeroizing;

use super::key::CustomerKey;
use crate::head::header;
use crate::headers as name;

/// Whose triple: the request's own, or that of the copy source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// `x-amz-server-side-encryption-customer-*`
    Object,
    /// `x-amz-copy-source-server-side-encryption-customer-*`
    CopySource,
}

impl Side {
    fn names(self) -> [&'static str; 3] {
        match self {
            Self::Object => [name::SSEC_ALGORITHM, name::SSEC_KEY, name::SSEC_KEY_MD5],
            Self::CopySource => [
                name::COPY_SSEC_ALGORITHM,
                name::COPY_SSEC_KEY,
                name::COPY_SSEC_KEY_MD5,
            ],
        }
    }
}

/// Algorithm, key and key-MD5 as sent: absent and empty are different things.
///
/// Has no Debug: the key is in it. A header sent twice is joined by a comma, as the signature
/// joins it, and so is neither `AES256` nor base64.
#[expect(
    missing_debug_implementations,
    reason = "a secret that cannot be printed cannot leak"
)]
pub struct Triple {
    algorithm: Option<String>,
    key: Option<Zeroizing<String>>,
    key_md5: Option<String>,
}

impl Triple {
    /// Takes the headers of one side.
    pub fn read(headers: &HeaderMap, side: Side) -> Self {
        let [algorithm, key, key_md5] = side.names();
        Self {
            algorithm: header(headers, algorithm),
            key: header(headers, key).map(Zeroizing::new),
            key_md5: header(headers, key_md5),
        }
    }

    /// None of the three was sent.
    pub fn is_absent(&self) -> bool {
        self.algorithm.is_none() && self.key.is_none() && self.key_md5.is_none()
    }

    /// The algorithm's text.
    pub fn algorithm(&self) -> Option<&str> {
        self.algorithm.as_deref()
    }

    /// Whether the key header was sent, whatever is in it.
    pub fn has_key(&self) -> bool {
        self.key.is_some()
    }

    /// Whether the key-MD5 header was sent, whatever is in it.
    pub fn has_key_md5(&self) -> bool {
        self.key_md5.is_some()
    }

    /// The text of the key header, for [`super::rules`] alone, which may echo what is no key.
    pub(super) fn key_text(&self) -> &str {
        self.key.as_ref().map_or("", |text| text)
    }

    /// The decoded key of whatever length, if the header is base64 and not empty.
    pub(super) fn key_bytes(&self) -> Option<Zeroizing<Vec<u8>>> {
        let text = self.key.as_ref().filter(|text| !text.is_empty())?;
        STANDARD.decode(text.as_bytes()).ok().map(Zeroizing::new)
    }

    /// Whether the key-MD5 header is the MD5 of the decoded key.
    pub(super) fn key_md5_matches(&self) -> bool {
        use md5::Digest as _;
        let (Some(bytes), Some(text)) = (self.key_bytes(), &self.key_md5) else {
            return false;
        };
        STANDARD.encode(md5::Md5::digest(&*bytes)) == *text
    }

    /// The customer key, if what was sent decodes to 32 bytes.
    pub fn customer_key(&self) -> Option<CustomerKey> {
        let bytes = self.key_bytes()?;
        let bytes: &[u8; 32] = bytes.as_slice().try_into().ok()?;
        Some(CustomerKey::from_bytes(*bytes))
    }
}
