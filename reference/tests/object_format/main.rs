//! The sealed object from outside, as `docs/object-format.md` specifies it.

mod tampering;
mod vectors;

use ssec_reference::seal::{
    Cipher, Layout, ObjectKey, OpenError, OpenStream, SealStream, SealedStream, StreamHeader,
};

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
