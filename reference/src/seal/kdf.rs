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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_lists_of_fields_share_their_bytes() {
        let lists: [&[&[u8]]; 6] = [
            &[],
            &[b""],
            &[b"ab", b"c"],
            &[b"a", b"bc"],
            &[b"abc"],
            &[b"ab", b"c", b""],
        ];
        let distinct: std::collections::HashSet<_> = lists.into_iter().map(info).collect();
        assert_eq!(distinct.len(), lists.len());
    }

    #[test]
    fn secret_salt_and_info_all_matter() {
        let key = |secret: u8, salt: &[u8], info: &[u8]| *derive(&[secret; 32], salt, info).bytes();
        let keys = [
            key(1, b"s", b"i"),
            key(2, b"s", b"i"),
            key(1, b"t", b"i"),
            key(1, b"s", b"j"),
        ];
        assert_eq!(std::collections::HashSet::from(keys).len(), keys.len());
    }
}
