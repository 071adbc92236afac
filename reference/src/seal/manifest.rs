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
    let streams: Vec<_> =
        streams.into_iter().map(|(header, plaintext_len)| entry(header, plaintext_len)).collect();
    let mut fields: Vec<&[u8]> =
        vec![b"manifest", binding.bucket.as_bytes(), binding.key.as_bytes(), &binding.write_id];
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
