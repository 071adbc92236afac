//! How fast bodies are sealed and opened, and how the two ciphers compare.
//!
//! `cargo bench -p ssec-reference --bench seal`

use std::hint::black_box;
use std::time::Instant;

use bytes::Bytes;
use ssec_reference::random::OsRandom;
use ssec_reference::seal::{
    Cipher, Layout, ObjectKey, OpenStream, SealStream, SealedStream, SegmentLen,
};

/// Bytes in the body.
const BODY_LEN: usize = 64 * 1024 * 1024;
/// Bytes that arrive at once from a connection, and that go at once to and from the store.
const PIECE_LEN: usize = 16 * 1024;
const BATCH_LEN: usize = 1024 * 1024;
/// The best round counts: what the machine does when nobody disturbs it.
const ROUNDS: usize = 9;

fn main() {
    let body = vec![7; BODY_LEN];
    let object_key = ObjectKey::generate(&OsRandom);
    let [ring, aes_gcm] = Cipher::ALL.map(|cipher| {
        let sealing = gigabytes_per_s(|| drop(seal(&object_key, &body, cipher, |_| {})));
        let mut sealed = Vec::new();
        let end = seal(&object_key, &body, cipher, |batch| {
            sealed.extend_from_slice(&batch)
        });
        let opening = gigabytes_per_s(|| open(&object_key, &end, &sealed, cipher));
        println!(
            "{:<8} seals {sealing:5.2} GB/s, opens {opening:5.2} GB/s",
            cipher.as_str()
        );
        (sealing, opening)
    });
    let (sealing, opening) = (ring.0 / aes_gcm.0, ring.1 / aes_gcm.1);
    println!("ring : aes-gcm = {sealing:.1} sealing, {opening:.1} opening");
}

/// Seals as a server does: small pieces in, large batches out. The last of it comes by `take`.
fn seal(
    object_key: &ObjectKey,
    body: &[u8],
    cipher: Cipher,
    mut take: impl FnMut(Bytes),
) -> SealedStream {
    let mut stream = SealStream::new(object_key, None, SegmentLen::DEFAULT, cipher, &OsRandom);
    for piece in body.chunks(PIECE_LEN) {
        stream.push(piece).expect("the counter is long enough");
        if stream.ready() >= BATCH_LEN {
            take(black_box(stream.take()));
        }
    }
    let end = stream.finish().expect("the counter is long enough");
    take(end.rest.clone());
    end
}

fn open(object_key: &ObjectKey, end: &SealedStream, sealed: &[u8], cipher: Cipher) {
    let layout = Layout::new(end.plaintext_len, end.header.segment_len).expect("short enough");
    let mut stream = OpenStream::new(object_key, &end.header, &layout.whole(), cipher);
    for batch in sealed.chunks(BATCH_LEN) {
        black_box(stream.push(batch).expect("what was sealed opens"));
    }
    stream.finish().expect("what was sealed is whole");
}

fn gigabytes_per_s(mut work: impl FnMut()) -> f64 {
    let round = |_| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    let best = (0..ROUNDS).map(round).min().expect("there are rounds");
    BODY_LEN as f64 / best.as_secs_f64() / 1e9
}
