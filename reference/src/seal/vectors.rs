//! The derivations step by step against `tests/vectors/object-format`, which another program
//! computed, and the random bytes that tests prescribe.

use std::sync::Mutex;

use serde::Deserialize;

use super::{
    Binding, ObjectKey, SegmentLen, StreamHeader, WrappingKey, kdf, manifest, part_manifest,
};
use crate::random::Random;
use crate::ssec::key::{CustomerKey, KeyVerifier, ServerKey};

/// Random bytes that are given, in the order in which they are drawn.
pub(crate) struct Prescribed(Mutex<std::collections::VecDeque<u8>>);

impl Prescribed {
    pub(crate) fn new(draws: &[&[u8]]) -> Self {
        Self(Mutex::new(draws.concat().into()))
    }
}

impl Random for Prescribed {
    fn fill(&self, out: &mut [u8]) {
        let mut bytes = self.0.lock().expect("no test panics here");
        for byte in out {
            *byte = bytes.pop_front().expect("a test prescribes every byte");
        }
    }
}

/// Bytes from hexadecimal digits.
#[derive(Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Hex(pub(crate) Vec<u8>);

impl TryFrom<String> for Hex {
    type Error = String;

    fn try_from(digits: String) -> Result<Self, String> {
        if !digits.len().is_multiple_of(2) {
            return Err(digits);
        }
        let byte = |at| u8::from_str_radix(&digits[at..at + 2], 16);
        let bytes: Result<_, _> = (0..digits.len()).step_by(2).map(byte).collect();
        bytes.map(Self).map_err(|_| digits)
    }
}

impl Hex {
    pub(crate) fn array<const N: usize>(&self) -> [u8; N] {
        self.0
            .as_slice()
            .try_into()
            .expect("a vector has the right length")
    }
}

#[derive(Deserialize)]
struct KeyVector {
    name: String,
    customer_key: Hex,
    key_md5: String,
    salt: Hex,
    mac: Hex,
}

#[test]
fn key_md5_and_verifier() {
    let vectors: Vec<KeyVector> =
        serde_json::from_str(include_str!("../../tests/vectors/object-format/key.json")).unwrap();
    for vector in vectors {
        let customer_key = CustomerKey::from_bytes(vector.customer_key.array());
        assert_eq!(customer_key.key_md5(), vector.key_md5, "{}", vector.name);
        let made = KeyVerifier::new(&customer_key, &Prescribed::new(&[&vector.salt.0]));
        let expected = KeyVerifier {
            salt: vector.salt.array(),
            mac: vector.mac.array(),
        };
        assert_eq!(made, expected, "{}", vector.name);
    }
}

#[derive(Deserialize)]
struct ObjectKeyVector {
    name: String,
    purpose: String,
    secret: Hex,
    bucket: String,
    key: String,
    write_id: Hex,
    salt: Hex,
    info: Hex,
    wrapping_key: Hex,
}

#[test]
fn wrapping_keys() {
    let vectors: Vec<ObjectKeyVector> = serde_json::from_str(include_str!(
        "../../tests/vectors/object-format/object-key.json"
    ))
    .unwrap();
    for vector in vectors {
        let customer_key = CustomerKey::from_bytes(vector.secret.array());
        let server_key = ServerKey::from_bytes(vector.secret.array());
        let under = match vector.purpose.as_str() {
            "customer" => WrappingKey::Customer(&customer_key),
            "server" => WrappingKey::Server(&server_key),
            other => panic!("no such purpose: {other}"),
        };
        let write_id = vector.write_id.array();
        let info = under.info(&Binding {
            bucket: vector.bucket,
            key: vector.key,
            write_id,
        });
        assert_eq!(info, vector.info.0, "{}", vector.name);
        let key = kdf::derive(&vector.secret.array(), &vector.salt.0, &info);
        assert_eq!(
            key.bytes(),
            vector.wrapping_key.0.as_slice(),
            "{}",
            vector.name
        );
    }
}

#[derive(Deserialize)]
struct StreamVector {
    name: String,
    object_key: Hex,
    part_number: Option<u16>,
    segment_len: u32,
    salt: Hex,
    nonce_prefix: Hex,
    info: Hex,
    stream_key: Hex,
    segments: Vec<SegmentVector>,
}

#[derive(Deserialize)]
struct SegmentVector {
    index: u32,
    last: bool,
    nonce: Hex,
}

#[test]
fn stream_keys_and_nonces() {
    let vectors: Vec<StreamVector> = serde_json::from_str(include_str!(
        "../../tests/vectors/object-format/stream.json"
    ))
    .unwrap();
    for vector in vectors {
        let header = StreamHeader {
            salt: vector.salt.array(),
            nonce_prefix: vector.nonce_prefix.array(),
            segment_len: SegmentLen::new(vector.segment_len).unwrap(),
            part_number: vector.part_number,
        };
        assert_eq!(header.info(), vector.info.0, "{}", vector.name);
        let object_key = ObjectKey::generate(&Prescribed::new(&[&vector.object_key.0]));
        let key = kdf::derive(object_key.secret(), &header.salt, &header.info());
        assert_eq!(
            key.bytes(),
            vector.stream_key.0.as_slice(),
            "{}",
            vector.name
        );
        for segment in vector.segments {
            let nonce = header.nonce(segment.index, segment.last);
            assert_eq!(
                nonce,
                segment.nonce.array(),
                "{} #{}",
                vector.name,
                segment.index
            );
        }
    }
}

#[derive(Deserialize)]
struct BlobVector {
    name: String,
    purpose: String,
    secret: Hex,
    info: Hex,
    blob: Hex,
    blob_key: Hex,
}

#[test]
fn blob_keys() {
    let vectors: Vec<BlobVector> =
        serde_json::from_str(include_str!("../../tests/vectors/object-format/blob.json")).unwrap();
    for vector in vectors {
        let info = kdf::info(&[vector.purpose.as_bytes()]);
        assert_eq!(info, vector.info.0, "{}", vector.name);
        let key = kdf::derive(&vector.secret.array(), &vector.blob.0[..32], &info);
        assert_eq!(key.bytes(), vector.blob_key.0.as_slice(), "{}", vector.name);
    }
}

#[derive(Deserialize)]
struct ManifestVector {
    name: String,
    purpose: String,
    bucket: String,
    key: String,
    write_id: Hex,
    streams: Vec<StreamEntry>,
    manifest: Hex,
}

#[derive(Deserialize)]
struct StreamEntry {
    salt: Hex,
    nonce_prefix: Hex,
    segment_len: SegmentLen,
    part_number: Option<u16>,
    plaintext_len: u64,
}

#[test]
fn manifests() {
    let vectors: Vec<ManifestVector> = serde_json::from_str(include_str!(
        "../../tests/vectors/object-format/manifest.json"
    ))
    .unwrap();
    for vector in vectors {
        let binding = Binding {
            bucket: vector.bucket,
            key: vector.key,
            write_id: vector.write_id.array(),
        };
        let header = |entry: &StreamEntry| StreamHeader {
            salt: entry.salt.array(),
            nonce_prefix: entry.nonce_prefix.array(),
            segment_len: entry.segment_len,
            part_number: entry.part_number,
        };
        let headers: Vec<_> = vector
            .streams
            .iter()
            .map(|entry| (header(entry), entry.plaintext_len))
            .collect();
        let described = match (vector.purpose.as_str(), headers.as_slice()) {
            ("part-manifest", [(header, len)]) => part_manifest(&binding, header, *len),
            _ => manifest(&binding, headers.iter().map(|(header, len)| (header, *len))),
        };
        assert_eq!(described, vector.manifest.0, "{}", vector.name);
    }
}
