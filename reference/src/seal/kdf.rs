//! How every key is derived: HKDF-SHA-256 (RFC 5869) over an unambiguous description of its use.

use ring::hkdf;

use super::aead::KEY_LEN;
use crate::ssec::key::Secret;

/// The format and its version; the first field of every `info`.
pub(crate) const FORMAT: &[u8] = b"ssec-reference/v1";

/// The fields one after the other, each behind its length in bytes (64-bit big-endian), after
/// [`FORMAT`]: no two lists of fields give the same bytes.
pub(crate) fn info(fields: &[&[u8]]) -> Vec<u8> {
    let mut info = Vec::new();
    for field in [FORMAT].iter().chain(fields) {
        info.extend_from_slice(&(field.len() as u64).to_be_bytes());
        info.extend_from_slice(field);
    }
    info
}

/// HKDF-SHA-256: extraction with `salt`, expansion with `info` to one key.
pub(crate) fn derive(secret: &[u8; KEY_LEN], salt: &[u8], info: &[u8]) -> Secret {
    let mut key = Secret::zero();
    hkdf::Salt::new(hkdf::HKDF_SHA256, salt)
        .extract(secret)
        .expand(&[info], hkdf::HKDF_SHA256)
        .and_then(|okm| okm.fill(key.bytes_mut()))
        .expect("32 bytes are within HKDF's limit of 255 blocks");
    key
}
