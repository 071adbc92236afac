//! The test vectors, sealed and opened by both ciphers.

use std::collections::VecDeque;
use std::sync::Mutex;

use serde::Deserialize;
use ssec_reference::random::Random;
use ssec_reference::seal::{
    Binding, BlobKey, Cipher, ObjectKey, SealStream, SealedObjectKey, SegmentLen, WrappingKey,
    open_blob, seal_blob,
};
use ssec_reference::ssec::{CustomerKey, ServerKey};

use super::{open, pattern, seal};

/// Random bytes that a vector prescribes, in the order in which they are drawn.
struct Prescribed(Mutex<VecDeque<u8>>);

fn prescribe(draws: &[&Hex]) -> Prescribed {
    Prescribed(Mutex::new(
        draws
            .iter()
            .flat_map(|draw| draw.0.iter().copied())
            .collect(),
    ))
}

impl Random for Prescribed {
    fn fill(&self, out: &mut [u8]) {
        let mut bytes = self.0.lock().expect("no test panics here");
        out.fill_with(|| bytes.pop_front().expect("a vector prescribes every byte"));
    }
}

#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Hex(Vec<u8>);

impl TryFrom<String> for Hex {
    type Error = std::num::ParseIntError;

    fn try_from(digits: String) -> Result<Self, Self::Error> {
        let byte = |at| u8::from_str_radix(digits.get(at..at + 2).unwrap_or("?"), 16);
        (0..digits.len())
            .step_by(2)
            .map(byte)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

impl Hex {
    fn array<const N: usize>(&self) -> [u8; N] {
        self.0
            .as_slice()
            .try_into()
            .expect("a vector has the right length")
    }
}

fn object_key(bytes: &Hex) -> ObjectKey {
    ObjectKey::generate(&prescribe(&[bytes]))
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
    nonce: Hex,
    object_key: Hex,
    sealed: Hex,
}

#[test]
fn wrapped_object_keys() {
    let vectors: Vec<ObjectKeyVector> =
        serde_json::from_str(include_str!("../vectors/object-format/object-key.json")).unwrap();
    for vector in vectors {
        let (customer_key, server_key) = (
            CustomerKey::from_bytes(vector.secret.array()),
            ServerKey::from_bytes(vector.secret.array()),
        );
        let under = match vector.purpose.as_str() {
            "customer" => WrappingKey::Customer(&customer_key),
            _ => WrappingKey::Server(&server_key),
        };
        let binding = Binding {
            bucket: vector.bucket,
            key: vector.key,
            write_id: vector.write_id.array(),
        };
        let expected = SealedObjectKey {
            salt: vector.salt.array(),
            nonce: vector.nonce.array(),
            sealed: vector.sealed.array(),
        };
        for cipher in Cipher::ALL {
            let random = prescribe(&[&vector.salt, &vector.nonce]);
            let sealed = object_key(&vector.object_key).wrap(under, &binding, cipher, &random);
            assert_eq!(sealed, expected, "{} by {cipher:?}", vector.name);
            assert!(
                sealed.unwrap(under, &binding, cipher).is_ok(),
                "{}",
                vector.name
            );
        }
    }
}

#[derive(Deserialize)]
struct StreamVector {
    name: String,
    object_key: Hex,
    part_number: Option<u16>,
    segment_len: SegmentLen,
    salt: Hex,
    nonce_prefix: Hex,
    plaintext_len: usize,
    segments: Vec<SegmentVector>,
    sealed_len: u64,
    sealed_sha256: Hex,
}

#[derive(Deserialize)]
struct SegmentVector {
    index: usize,
    sealed: Option<Hex>,
}

#[test]
fn sealed_streams() {
    let vectors: Vec<StreamVector> =
        serde_json::from_str(include_str!("../vectors/object-format/stream.json")).unwrap();
    for vector in vectors {
        let plaintext = pattern(vector.plaintext_len);
        let object_key = object_key(&vector.object_key);
        for (sealer, opener) in [
            (Cipher::Ring, Cipher::AesGcm),
            (Cipher::AesGcm, Cipher::Ring),
        ] {
            let random = prescribe(&[&vector.salt, &vector.nonce_prefix]);
            let (part_number, segment_len) = (vector.part_number, vector.segment_len);
            let stream = SealStream::new(&object_key, part_number, segment_len, sealer, &random);
            let sealed = seal(stream, &plaintext);
            assert_eq!(
                sealed.rest.len() as u64,
                vector.sealed_len,
                "{}",
                vector.name
            );
            let digest = ring::digest::digest(&ring::digest::SHA256, &sealed.rest);
            assert_eq!(
                digest.as_ref(),
                vector.sealed_sha256.0,
                "{} by {sealer:?}",
                vector.name
            );
            for segment in &vector.segments {
                let at = segment.index * (segment_len.get() as usize + 16);
                let Some(expected) = &segment.sealed else {
                    continue;
                };
                assert!(
                    sealed.rest[at..].starts_with(&expected.0),
                    "{} #{}",
                    vector.name,
                    segment.index
                );
            }
            let opened = open(
                &object_key,
                &sealed.header,
                plaintext.len() as u64,
                &sealed.rest,
                opener,
            );
            assert_eq!(
                opened.as_deref(),
                Ok(&plaintext[..]),
                "{} by {opener:?}",
                vector.name
            );
        }
    }
}

#[derive(Deserialize)]
struct BlobVector {
    name: String,
    purpose: String,
    secret: Hex,
    aad: Hex,
    plaintext: Hex,
    blob: Hex,
}

#[test]
fn sealed_blobs() {
    let vectors: Vec<BlobVector> =
        serde_json::from_str(include_str!("../vectors/object-format/blob.json")).unwrap();
    for vector in vectors {
        let (server_key, object_key) = (
            ServerKey::from_bytes(vector.secret.array()),
            object_key(&vector.secret),
        );
        let under = match vector.purpose.as_str() {
            "server-blob" => BlobKey::Server(&server_key),
            _ => BlobKey::Object(&object_key),
        };
        let random_bytes = Hex(vector.blob.0[..44].to_vec());
        for cipher in Cipher::ALL {
            let random = prescribe(&[&random_bytes]);
            let blob = seal_blob(under, &vector.aad.0, &vector.plaintext.0, cipher, &random);
            assert_eq!(blob, vector.blob.0, "{} by {cipher:?}", vector.name);
            let opened = open_blob(under, &vector.aad.0, &vector.blob.0, cipher);
            assert_eq!(
                opened,
                Ok(vector.plaintext.0.clone()),
                "{} by {cipher:?}",
                vector.name
            );
        }
    }
}

#[test]
fn the_worked_example_of_the_specification_is_one_of_them() {
    let vectors: serde_json::Value =
        serde_json::from_str(include_str!("../vectors/object-format/stream.json")).unwrap();
    let mut vectors = vectors.as_array().expect("a list").iter();
    let vector = vectors
        .find(|vector| vector["plaintext_len"] == 17)
        .expect("17 bytes");
    let specification = include_str!("../../../docs/object-format.md");
    let (_, example) = specification
        .split_once("A stream of 17 bytes")
        .expect("an example");
    // Words that are whole bytes in hexadecimal digits; numbers of segments are single digits.
    let digits: String = example
        .lines()
        .flat_map(|line| line.split_whitespace())
        .filter(|word| word.len() % 2 == 0)
        .filter(|word| word.bytes().all(|byte| b"0123456789abcdef".contains(&byte)))
        .collect();
    let segments = vector["segments"].as_array().expect("a list");
    let fields =
        ["object_key", "salt", "nonce_prefix", "info", "stream_key"].map(|name| &vector[name]);
    let expected: String = fields
        .into_iter()
        .chain(
            segments
                .iter()
                .flat_map(|segment| [&segment["nonce"], &segment["sealed"]]),
        )
        .map(|field| field.as_str().expect("digits"))
        .collect();
    assert_eq!(digits, expected);
}
