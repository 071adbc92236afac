//! The SSE-C headers of a request, as a case states them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Ground;
use crate::case::call::Call;
use crate::case::triple::{KeyHeader, KeyMd5Header, Triple};
use crate::keys::md5_base64;
use crate::wire::{
    Headers, SOURCE_SSE_C_ALGORITHM, SOURCE_SSE_C_KEY, SOURCE_SSE_C_KEY_MD5, SSE_C_ALGORITHM,
    SSE_C_KEY, SSE_C_KEY_MD5,
};

/// Adds both triples of a call.
pub(super) fn add(headers: &mut Headers, ground: &Ground<'_>, call: &Call) {
    let triples = [
        (&call.sse_c, [SSE_C_ALGORITHM, SSE_C_KEY, SSE_C_KEY_MD5]),
        (
            &call.source_sse_c,
            [
                SOURCE_SSE_C_ALGORITHM,
                SOURCE_SSE_C_KEY,
                SOURCE_SSE_C_KEY_MD5,
            ],
        ),
    ];
    for (triple, names) in triples {
        for (name, value) in names
            .into_iter()
            .zip(triple.iter().flat_map(|triple| values(ground, triple)))
        {
            if let Some(value) = value {
                headers.push(name, value);
            }
        }
    }
}

/// Algorithm, key and key-MD5 as they are sent; `None`: not sent.
pub(super) fn values(ground: &Ground<'_>, triple: &Triple) -> [Option<String>; 3] {
    let key = key(ground, &triple.key);
    let key_md5 = match &triple.key_md5 {
        KeyMd5Header::Of(name) => Some(ground.customer_key(*name).md5_base64()),
        KeyMd5Header::OfSent => key.as_deref().map(md5_of_sent),
        KeyMd5Header::Text(text) => Some(text.clone()),
        KeyMd5Header::Bytes(len) => {
            Some(STANDARD.encode(ground.seed.material(ground.case, "key-md5", *len)))
        }
        KeyMd5Header::Omit => None,
    };
    [triple.algorithm.clone(), key, key_md5]
}

fn key(ground: &Ground<'_>, key: &KeyHeader) -> Option<String> {
    match key {
        KeyHeader::Named(name) => Some(ground.customer_key(*name).base64()),
        KeyHeader::Text(text) => Some(text.clone()),
        KeyHeader::Bytes(len) => {
            Some(STANDARD.encode(ground.seed.material(ground.case, "key", *len)))
        }
        KeyHeader::Omit => None,
    }
}

/// The MD5 of what the sent text decodes to, or of the text itself where it is no base64.
fn md5_of_sent(sent: &str) -> String {
    STANDARD
        .decode(sent)
        .map_or_else(|_| md5_base64(sent.as_bytes()), |bytes| md5_base64(&bytes))
}
