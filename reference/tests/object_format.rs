//! The sealed object from outside: the vectors of docs/object-format.md sealed and opened by both
//! ciphers, and what somebody who can write to the store might try.

use std::collections::VecDeque;
use std::sync::Mutex;

use serde::Deserialize;
use ssec_reference::random::{OsRandom, Random};
use ssec_reference::seal::{
    Binding, BlobKey, Cipher, Layout, ObjectKey, OpenError, OpenStream, SealStream,
    SealedObjectKey, SealedStream, SegmentLen, StreamHeader, WrappingKey, manifest, open_blob,
    seal_blob,
};
use ssec_reference::ssec::{CustomerKey, ServerKey};

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
        serde_json::from_str(include_str!("vectors/object-format/object-key.json")).unwrap();
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
        serde_json::from_str(include_str!("vectors/object-format/stream.json")).unwrap();
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
        serde_json::from_str(include_str!("vectors/object-format/blob.json")).unwrap();
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

fn pattern(len: usize) -> Vec<u8> {
    (0..=250).cycle().take(len).collect()
}

fn seal(mut stream: SealStream, plaintext: &[u8]) -> SealedStream {
    stream.push(plaintext).expect("the counter is long enough");
    stream.finish().expect("the counter is long enough")
}

fn open(
    object_key: &ObjectKey,
    header: &StreamHeader,
    plaintext_len: u64,
    sealed: &[u8],
    cipher: Cipher,
) -> Result<Vec<u8>, OpenError> {
    let layout = Layout::new(plaintext_len, header.segment_len).expect("short enough");
    let mut stream = OpenStream::new(object_key, header, &layout.whole(), cipher);
    let plaintext = stream.push(sealed)?;
    stream.finish().map(|()| plaintext.to_vec())
}

/// A stream of three segments (16, 16 and 8 bytes) under `object_key`.
fn three_segments(object_key: &ObjectKey, part_number: Option<u16>) -> SealedStream {
    let segment_len = SegmentLen::new(16).expect("16 bytes are enough");
    let stream = SealStream::new(
        object_key,
        part_number,
        segment_len,
        Cipher::default(),
        &OsRandom,
    );
    seal(stream, &pattern(40))
}

fn refuse(object_key: &ObjectKey, header: &StreamHeader, sealed: &[u8], attempt: &str) {
    for cipher in Cipher::ALL {
        let opened = open(object_key, header, 40, sealed, cipher);
        assert!(opened.is_err(), "{attempt} is not noticed by {cipher:?}");
    }
}

#[test]
fn every_bit_of_a_stream_counts() {
    let object_key = ObjectKey::generate(&OsRandom);
    let sealed = three_segments(&object_key, None);
    for bit in 0..sealed.rest.len() * 8 {
        let mut damaged = sealed.rest.to_vec();
        damaged[bit / 8] ^= 1 << (bit % 8);
        refuse(
            &object_key,
            &sealed.header,
            &damaged,
            &format!("a flip of bit {bit}"),
        );
    }
}

#[test]
fn every_field_of_a_header_counts() {
    let object_key = ObjectKey::generate(&OsRandom);
    let SealedStream { rest, header, .. } = three_segments(&object_key, Some(1));
    for bit in 0..(16 + 7) * 8 {
        let mut damaged = header.clone();
        let fields = [&mut damaged.salt[..], &mut damaged.nonce_prefix];
        *fields
            .into_iter()
            .flatten()
            .nth(bit / 8)
            .expect("within the header") ^= 1 << (bit % 8);
        refuse(
            &object_key,
            &damaged,
            &rest,
            &format!("a flip of bit {bit} of the header"),
        );
    }
    for part_number in [None, Some(0), Some(2), Some(256)] {
        let moved = StreamHeader {
            part_number,
            ..header.clone()
        };
        refuse(
            &object_key,
            &moved,
            &rest,
            &format!("part 1 as {part_number:?}"),
        );
    }
    for len in [1, 8, 15, 17, 32, 40, 72] {
        let segment_len = SegmentLen::new(len).expect("a length");
        let resized = StreamHeader {
            segment_len,
            ..header.clone()
        };
        refuse(
            &object_key,
            &resized,
            &rest,
            &format!("segments of {len} bytes"),
        );
    }
}

#[test]
fn a_stream_cut_or_extended_is_refused_at_any_length() {
    let object_key = ObjectKey::generate(&OsRandom);
    let sealed = three_segments(&object_key, None);
    let twice = [&sealed.rest[..], &sealed.rest[..]].concat();
    for len in (0..twice.len()).filter(|len| *len != sealed.rest.len()) {
        refuse(
            &object_key,
            &sealed.header,
            &twice[..len],
            &format!("a cut to {len} bytes"),
        );
    }
}

#[test]
fn a_stream_is_not_another_length_whatever_its_record_says() {
    let object_key = ObjectKey::generate(&OsRandom);
    let sealed = three_segments(&object_key, None);
    for claimed in (0..200).filter(|len| *len != 40) {
        let layout = Layout::new(claimed, sealed.header.segment_len).expect("short enough");
        let mut bytes = sealed.rest.to_vec();
        bytes.resize(
            usize::try_from(layout.sealed_len()).expect("short enough"),
            0,
        );
        let opened = open(
            &object_key,
            &sealed.header,
            claimed,
            &bytes,
            Cipher::default(),
        );
        assert_eq!(opened, Err(OpenError::Damaged), "{claimed} bytes");
    }
}

#[test]
fn segments_moved_within_their_stream_are_refused() {
    let object_key = ObjectKey::generate(&OsRandom);
    let sealed = three_segments(&object_key, None);
    let [one, two, three] = [0..32, 32..64, 64..88].map(|range| &sealed.rest[range]);
    let check = |order: &[&[u8]], attempt| {
        refuse(&object_key, &sealed.header, &order.concat(), attempt);
    };
    assert!(
        open(
            &object_key,
            &sealed.header,
            40,
            &[one, two, three].concat(),
            Cipher::Ring
        )
        .is_ok()
    );
    check(&[two, one, three], "a swap");
    check(&[one, one, three], "a repetition");
    check(&[two, three], "a lost first segment");
    check(&[one, three], "a lost middle segment");
    check(&[one, two], "a lost last segment");
    check(&[one, two, two, three], "an insertion");
    check(&[one, two, three, three], "a second last segment");
}

#[test]
fn segments_of_other_streams_are_refused() {
    let object_key = ObjectKey::generate(&OsRandom);
    let target = three_segments(&object_key, Some(1));
    let check = |donor: &SealedStream, attempt: &str| {
        for segment in [0..32, 32..64, 64..88] {
            let mut spliced = target.rest.to_vec();
            spliced[segment.clone()].copy_from_slice(&donor.rest[segment.clone()]);
            refuse(
                &object_key,
                &target.header,
                &spliced,
                &format!("{attempt}, bytes {segment:?}"),
            );
        }
        refuse(&object_key, &target.header, &donor.rest, attempt);
    };
    check(
        &three_segments(&object_key, Some(1)),
        "another upload of the part",
    );
    check(&three_segments(&object_key, Some(2)), "another part");
    check(&three_segments(&object_key, None), "the object itself");
    check(
        &three_segments(&ObjectKey::generate(&OsRandom), Some(1)),
        "another object",
    );
}

/// Two objects stored with one customer key, as an attacker with the disk would see them.
struct Stored {
    binding: Binding,
    sealed_key: SealedObjectKey,
    stream: SealedStream,
}

fn store(bucket: &str, key: &str, customer_key: &CustomerKey) -> Stored {
    let binding = Binding::new(bucket, key, &OsRandom);
    let object_key = ObjectKey::generate(&OsRandom);
    let under = WrappingKey::Customer(customer_key);
    let sealed_key = object_key.wrap(under, &binding, Cipher::default(), &OsRandom);
    Stored {
        binding,
        sealed_key,
        stream: three_segments(&object_key, None),
    }
}

#[test]
fn objects_under_one_customer_key_cannot_be_exchanged() {
    let customer_key = CustomerKey::from_bytes([9; 32]);
    let under = WrappingKey::Customer(&customer_key);
    let target = store("bucket", "key", &customer_key);
    let read = |sealed_key: &SealedObjectKey, stream: &SealedStream| {
        let object_key = sealed_key.unwrap(under, &target.binding, Cipher::default())?;
        open(
            &object_key,
            &stream.header,
            40,
            &stream.rest,
            Cipher::default(),
        )
    };
    assert_eq!(read(&target.sealed_key, &target.stream), Ok(pattern(40)));
    for (bucket, key) in [("bucket", "other"), ("other", "key"), ("bucket", "key")] {
        let other = store(bucket, key, &customer_key);
        assert_eq!(
            read(&other.sealed_key, &other.stream),
            Err(OpenError::Damaged),
            "{bucket}/{key}"
        );
        assert_eq!(
            read(&target.sealed_key, &other.stream),
            Err(OpenError::Damaged),
            "{bucket}/{key}"
        );
    }
}

#[test]
fn a_record_bound_to_its_manifest_opens_with_no_other_list_of_parts() {
    let server_key = ServerKey::generate(&OsRandom);
    let under = BlobKey::Server(&server_key);
    let object_key = ObjectKey::generate(&OsRandom);
    let binding = Binding::new("bucket", "key", &OsRandom);
    let [one, two] = [1, 2].map(|number| three_segments(&object_key, Some(number)).header);
    let list = [(&one, 40), (&two, 40)];
    let aad = manifest(&binding, list);
    let blob = seal_blob(under, &aad, b"checksum", Cipher::default(), &OsRandom);
    let check = |streams: &[(&StreamHeader, u64)], expected: bool| {
        let aad = manifest(&binding, streams.iter().copied());
        let opened = open_blob(under, &aad, &blob, Cipher::default());
        assert_eq!(opened.is_ok(), expected, "{streams:?}");
    };
    check(&list, true);
    check(&list[..1], false);
    check(&[list[1], list[0]], false);
    check(&[list[0], list[1], list[1]], false);
    check(&[list[0], (&two, 39)], false);
}
