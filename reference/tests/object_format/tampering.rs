//! What somebody might try who can write to the store and has no key.

use ssec_reference::random::OsRandom;
use ssec_reference::seal::{
    Binding, BlobKey, Cipher, Layout, ObjectKey, OpenError, SealStream, SealedObjectKey,
    SealedStream, SegmentLen, StreamHeader, WrappingKey, manifest, open_blob, part_manifest,
    seal_blob,
};
use ssec_reference::ssec::{CustomerKey, ServerKey};

use super::{open, pattern, seal};

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

#[test]
fn the_blob_of_a_first_part_does_not_pass_for_an_object_cut_to_it() {
    let server_key = ServerKey::generate(&OsRandom);
    let under = BlobKey::Server(&server_key);
    let binding = Binding::new("bucket", "key", &OsRandom);
    let part = three_segments(&ObjectKey::generate(&OsRandom), Some(1)).header;
    let of_part = part_manifest(&binding, &part, 40);
    let blob = seal_blob(under, &of_part, b"checksum", Cipher::default(), &OsRandom);
    let of_object = manifest(&binding, [(&part, 40)]);
    let opened = open_blob(under, &of_object, &blob, Cipher::default());
    assert_eq!(opened, Err(OpenError::Damaged));
}
