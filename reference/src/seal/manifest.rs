//! Which streams make up an object, as bytes that a record's sealed blob is bound to: without it
//! whoever can write to the store could drop, repeat or reorder whole parts unnoticed.

use super::{Binding, StreamHeader, kdf};

/// The object at `binding` as the list of its streams, each with its plaintext length, in order.
///
/// The associated data for [`super::seal_blob`] under the server's key. (Under the object key it
/// could not be: an upload may be completed by a request without the customer key.)
pub fn manifest<'h>(
    binding: &Binding,
    streams: impl IntoIterator<Item = (&'h StreamHeader, u64)>,
) -> Vec<u8> {
    describe(b"manifest", binding, streams)
}

/// One part, whether its upload is complete or not. Not the manifest of an object with one
/// stream: what is sealed for a part never passes for what is sealed for the object.
pub fn part_manifest(binding: &Binding, header: &StreamHeader, plaintext_len: u64) -> Vec<u8> {
    describe(b"part-manifest", binding, [(header, plaintext_len)])
}

fn describe<'h>(
    purpose: &[u8],
    binding: &Binding,
    streams: impl IntoIterator<Item = (&'h StreamHeader, u64)>,
) -> Vec<u8> {
    let streams: Vec<_> = streams
        .into_iter()
        .map(|(header, plaintext_len)| entry(header, plaintext_len))
        .collect();
    let mut fields: Vec<&[u8]> = vec![
        purpose,
        binding.bucket.as_bytes(),
        binding.key.as_bytes(),
        &binding.write_id,
    ];
    fields.extend(streams.iter().map(Vec::as_slice));
    kdf::info(&fields)
}

/// Salt ‖ nonce prefix ‖ segment length ‖ part number ‖ plaintext length, the numbers big-endian.
fn entry(header: &StreamHeader, plaintext_len: u64) -> Vec<u8> {
    let mut entry = Vec::with_capacity(16 + 7 + 4 + 2 + 8);
    entry.extend_from_slice(&header.salt);
    entry.extend_from_slice(&header.nonce_prefix);
    entry.extend_from_slice(&header.segment_len.get().to_be_bytes());
    entry.extend_from_slice(&header.part_number.unwrap_or(0).to_be_bytes());
    entry.extend_from_slice(&plaintext_len.to_be_bytes());
    entry
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::seal::SegmentLen;

    fn header(part_number: u16, salt: u8) -> StreamHeader {
        StreamHeader {
            salt: [salt; 16],
            nonce_prefix: [salt; 7],
            segment_len: SegmentLen::DEFAULT,
            part_number: Some(part_number),
        }
    }

    #[test]
    fn a_part_dropped_repeated_moved_swapped_or_cut_shows() {
        let binding = Binding {
            bucket: "b".to_owned(),
            key: "k".to_owned(),
            write_id: [1; 16],
        };
        let (one, two, again) = (header(1, 1), header(2, 2), header(2, 3));
        let lists: [&[(&StreamHeader, u64)]; 8] = [
            &[(&one, 9), (&two, 5)],
            &[(&one, 9)],
            &[(&two, 5)],
            &[(&one, 9), (&two, 5), (&two, 5)],
            &[(&two, 5), (&one, 9)],
            &[(&one, 9), (&again, 5)],
            &[(&one, 9), (&two, 4)],
            &[],
        ];
        let distinct: HashSet<_> = lists
            .iter()
            .map(|list| manifest(&binding, list.iter().copied()))
            .collect();
        assert_eq!(distinct.len(), lists.len());
    }

    #[test]
    fn an_object_elsewhere_has_another_manifest() {
        let place = |bucket: &str, key: &str, id| {
            let binding = Binding {
                bucket: bucket.to_owned(),
                key: key.to_owned(),
                write_id: [id; 16],
            };
            manifest(&binding, [(&header(1, 1), 5)])
        };
        let places = [
            place("b", "k", 1),
            place("bk", "", 1),
            place("b", "K", 1),
            place("b", "k", 2),
        ];
        assert_eq!(HashSet::from(places.clone()).len(), places.len());
    }

    #[test]
    fn a_part_is_not_the_object_of_that_part() {
        let binding = Binding {
            bucket: "b".to_owned(),
            key: "k".to_owned(),
            write_id: [1; 16],
        };
        let one = header(1, 1);
        assert_ne!(
            part_manifest(&binding, &one, 9),
            manifest(&binding, [(&one, 9)])
        );
    }
}
