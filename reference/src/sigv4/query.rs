//! The query of a request as signatures see it: decoded bytes, and the canonical form.

use crate::headers;

/// The parameters of a query, decoded once, in the order they were sent.
///
/// Decoding never fails: a `%` that begins no escape stands for itself.
#[derive(Debug)]
pub(super) struct Params(Vec<(Vec<u8>, Vec<u8>)>);

/// Parameters that carry a customer key; their values are never written into an answer.
/// Beside the S3 names, that of minio-js 8, which puts its options into the query.
const SECRET: &[&str] = &[headers::SSEC_KEY, headers::COPY_SSEC_KEY, "SSECustomerKey"];

/// What stands where a customer key was.
pub(super) const REDACTED: &str = "REDACTED";

impl Params {
    pub(super) fn parse(query: Option<&str>) -> Self {
        let pairs = query
            .unwrap_or_default()
            .split('&')
            .filter(|pair| !pair.is_empty());
        let decoded = pairs.map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name, Plus::IsSpace), decode(value, Plus::IsSpace))
        });
        Self(decoded.collect())
    }

    /// The first value of `name`, in any case.
    pub(super) fn get(&self, name: &str) -> Option<&[u8]> {
        self.all(name).next()
    }

    /// Whether `name` stands there, in any case.
    pub(super) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Every value of `name`, in any case.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        let same = move |given: &[u8]| given.eq_ignore_ascii_case(name.as_bytes());
        self.0
            .iter()
            .filter(move |pair| same(&pair.0))
            .map(|pair| &pair.1[..])
    }

    /// All names and values.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.0.iter().map(|(name, value)| (&name[..], &value[..]))
    }

    /// Whether a customer key is in the query, where it must never be.
    pub(super) fn has_customer_key(&self) -> bool {
        SECRET.iter().any(|name| self.has(name))
    }

    /// The canonical query: every name with `=`, encoded once, sorted by encoded name and then
    /// by value (SIG-002), the signature itself left out.
    pub(super) fn canonical(&self, redact: bool) -> String {
        let kept = self.iter().filter(|(name, _)| !is(name, "X-Amz-Signature"));
        let mut pairs: Vec<(String, String)> = kept
            .map(|(name, value)| {
                let hide = redact && SECRET.iter().any(|secret| is(name, secret));
                let value = if hide { REDACTED.as_bytes() } else { value };
                (encode(name, Slash::Encoded), encode(value, Slash::Encoded))
            })
            .collect();
        pairs.sort();
        let joined: Vec<String> = pairs
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        joined.join("&")
    }
}

fn is(name: &[u8], other: &str) -> bool {
    name.eq_ignore_ascii_case(other.as_bytes())
}

/// What a plus sign means: itself in a path, a space in a query.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Plus {
    IsPlus,
    IsSpace,
}

/// Whether a slash is encoded: in a query yes, in a path no.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slash {
    Kept,
    Encoded,
}

/// Undoes percent-encoding once.
pub(super) fn decode(text: &str, plus: Plus) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let escape = if byte == b'%' {
            bytes.get(at + 1..at + 3)
        } else {
            None
        };
        match escape.and_then(|pair| Some(hex_digit(pair[0])? << 4 | hex_digit(pair[1])?)) {
            Some(decoded) => {
                out.push(decoded);
                at += 3;
            }
            None => {
                out.push(if byte == b'+' && plus == Plus::IsSpace {
                    b' '
                } else {
                    byte
                });
                at += 1;
            }
        }
    }
    out
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

/// Percent-encodes everything but RFC 3986's unreserved characters, in upper-case hex.
pub(crate) fn encode(bytes: &[u8], slash: Slash) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = String::with_capacity(bytes.len());
    for &byte in bytes {
        let plain = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if plain || (byte == b'/' && slash == Slash::Kept) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(char::from(DIGITS[usize::from(byte >> 4)]));
            out.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(query: &str, canonical: &str) {
        assert_eq!(
            Params::parse(Some(query)).canonical(false),
            canonical,
            "{query}"
        );
    }

    #[test]
    fn canonical_forms() {
        check("uploads", "uploads=");
        check("uploads=", "uploads=");
        check("uploadId=b&partNumber=1", "partNumber=1&uploadId=b");
        check("prefix=a+b%2Bc", "prefix=a%20b%2Bc");
        check("a=%7e/", "a=~%2F");
        check("a=1%", "a=1%25");
        check("&&a=1&", "a=1");
    }

    /// SIG-002: by encoded name first. As joined strings, `a-b=` would sort before `a=`.
    #[test]
    fn sorted_by_name_and_then_by_value() {
        check("a-b=1&a=2&a=10", "a=10&a=2&a-b=1");
    }

    #[test]
    fn a_customer_key_is_shown_to_nobody() {
        for name in SECRET {
            let query = format!("{name}=c2VjcmV0");
            let params = Params::parse(Some(&query));
            assert!(params.has_customer_key());
            assert!(params.canonical(false).ends_with("=c2VjcmV0"));
            assert!(params.canonical(true).ends_with("=REDACTED"));
        }
    }
}
