//! Sealing a body of any length in segments, in the STREAM construction: every segment carries
//! its index and whether it is the last, so that nothing can be cut, added, moved or swapped.

use bytes::{Bytes, BytesMut};
use serde::{Deserialize, Serialize};

use super::aead::{NONCE_LEN, TAG_LEN};
use super::{Aead, Cipher, ObjectKey, TooLong, kdf};
use crate::random::{Random, random_bytes};

/// How many plaintext bytes a segment holds: 1 byte to 1 MiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct SegmentLen(u32);

/// What must be kept beside a sealed stream to open it again; nothing in it is secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamHeader {
    /// Salt of the stream key's derivation: drawn for this stream, and so in this very call of
    /// UploadPart, even where the part is uploaded again.
    #[serde(with = "crate::base64_array")]
    pub salt: [u8; 16],
    /// The first bytes of every nonce, drawn for this stream.
    #[serde(with = "crate::base64_array")]
    pub nonce_prefix: [u8; 7],
    /// Plaintext bytes in every segment but the last.
    pub segment_len: SegmentLen,
    /// The part that this stream is, `None` where it is a whole object.
    pub part_number: Option<u16>,
}

/// A body being sealed: plaintext in, sealed bytes out.
///
/// ```
/// # use ssec_reference::{random::OsRandom, seal::*};
/// let object_key = ObjectKey::generate(&OsRandom);
/// let mut stream =
///     SealStream::new(&object_key, None, SegmentLen::DEFAULT, Cipher::default(), &OsRandom);
/// stream.push(b"some ")?;
/// stream.push(b"bytes")?;
/// let batch = stream.take(); // whenever `stream.ready()` says it is worth it
/// let sealed = stream.finish()?;
/// assert_eq!(batch.len() + sealed.rest.len(), 10 + 16);
/// # Ok::<_, TooLong>(())
/// ```
#[expect(missing_debug_implementations, reason = "holds a key and plaintext")]
pub struct SealStream {
    aead: Box<dyn Aead>,
    header: StreamHeader,
    /// Sealed segments, then at most one segment of plaintext.
    buffer: BytesMut,
    /// How much of the buffer is sealed.
    ready: usize,
    /// The index of the segment that is being filled.
    index: u32,
    plaintext_len: u64,
}

/// A body that has been sealed to its end.
#[derive(Clone, Debug)]
pub struct SealedStream {
    /// The sealed bytes that had not been taken.
    pub rest: Bytes,
    /// What to keep to open the stream.
    pub header: StreamHeader,
    /// Plaintext bytes in the stream.
    pub plaintext_len: u64,
}

impl SegmentLen {
    /// 64 KiB: the tags cost 0.02 %, a small range opens no more than this.
    pub const DEFAULT: Self = Self(64 * 1024);
    /// What a record may ask a reader to hold in memory.
    pub const MAX: Self = Self(1024 * 1024);

    /// A segment length of `len` bytes; `None` unless it is from 1 to [`Self::MAX`].
    pub const fn new(len: u32) -> Option<Self> {
        if len >= 1 && len <= Self::MAX.0 {
            Some(Self(len))
        } else {
            None
        }
    }

    /// The bytes.
    pub const fn get(self) -> u32 {
        self.0
    }

    fn as_usize(self) -> usize {
        self.0 as usize
    }
}

impl TryFrom<u32> for SegmentLen {
    type Error = String;

    fn try_from(len: u32) -> Result<Self, String> {
        Self::new(len).ok_or_else(|| format!("a segment of {len} bytes"))
    }
}

impl From<SegmentLen> for u32 {
    fn from(len: SegmentLen) -> Self {
        len.0
    }
}

impl StreamHeader {
    /// A header with fresh randomness. Private: a stream is never sealed under a header that was
    /// not drawn for it.
    fn draw(part_number: Option<u16>, segment_len: SegmentLen, random: &dyn Random) -> Self {
        Self {
            salt: random_bytes(random),
            nonce_prefix: random_bytes(random),
            segment_len,
            part_number,
        }
    }

    /// The cipher under this stream's own key.
    pub(super) fn aead(&self, object_key: &ObjectKey, cipher: Cipher) -> Box<dyn Aead> {
        cipher.keyed(kdf::derive(object_key.secret(), &self.salt, &self.info()).bytes())
    }

    pub(super) fn info(&self) -> Vec<u8> {
        let purpose: &[u8] = if self.part_number.is_some() {
            b"part"
        } else {
            b"object"
        };
        let part_number = self.part_number.unwrap_or(0).to_be_bytes();
        kdf::info(&[purpose, &part_number, &self.segment_len.get().to_be_bytes()])
    }

    /// Prefix ‖ segment index ‖ 1 for the last segment, 0 for the others.
    pub(super) fn nonce(&self, index: u32, last: bool) -> [u8; NONCE_LEN] {
        let mut nonce = [0; NONCE_LEN];
        nonce[..7].copy_from_slice(&self.nonce_prefix);
        nonce[7..11].copy_from_slice(&index.to_be_bytes());
        nonce[11] = last.into();
        nonce
    }
}

impl SealStream {
    /// Begins a stream under a salt and nonce prefix drawn here and now.
    pub fn new(
        object_key: &ObjectKey,
        part_number: Option<u16>,
        segment_len: SegmentLen,
        cipher: Cipher,
        random: &dyn Random,
    ) -> Self {
        let header = StreamHeader::draw(part_number, segment_len, random);
        Self {
            aead: header.aead(object_key, cipher),
            header,
            buffer: BytesMut::new(),
            ready: 0,
            index: 0,
            plaintext_len: 0,
        }
    }

    /// Takes the next plaintext bytes of the body.
    pub fn push(&mut self, mut plaintext: &[u8]) -> Result<(), TooLong> {
        let segment_len = self.header.segment_len.as_usize();
        self.buffer
            .reserve(plaintext.len() + plaintext.len() / segment_len * TAG_LEN + TAG_LEN);
        while !plaintext.is_empty() {
            // A full segment waits until it is known not to be the last.
            let mut filled = self.buffer.len() - self.ready;
            if filled == segment_len {
                self.seal_segment(false)?;
                filled = 0;
            }
            let (now, later) = plaintext.split_at(plaintext.len().min(segment_len - filled));
            self.buffer.extend_from_slice(now);
            self.plaintext_len += now.len() as u64;
            plaintext = later;
        }
        Ok(())
    }

    /// How many sealed bytes [`Self::take`] would give.
    pub fn ready(&self) -> usize {
        self.ready
    }

    /// Takes the sealed bytes so far out of the stream.
    pub fn take(&mut self) -> Bytes {
        let ready = std::mem::take(&mut self.ready);
        self.buffer.split_to(ready).freeze()
    }

    /// Seals the last segment, which is empty where the body is.
    pub fn finish(mut self) -> Result<SealedStream, TooLong> {
        self.seal_segment(true)?;
        Ok(SealedStream {
            rest: self.buffer.freeze(),
            header: self.header,
            plaintext_len: self.plaintext_len,
        })
    }

    fn seal_segment(&mut self, last: bool) -> Result<(), TooLong> {
        let next = if last {
            Some(self.index)
        } else {
            self.index.checked_add(1)
        };
        let next = next.ok_or(TooLong)?;
        let nonce = self.header.nonce(self.index, last);
        let tag = self
            .aead
            .seal_in_place(&nonce, &[], &mut self.buffer[self.ready..]);
        self.buffer.extend_from_slice(&tag);
        self.ready = self.buffer.len();
        self.index = next;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::sync::{Arc, Mutex};

    use proptest::prelude::*;

    use super::super::OpenError;
    use super::*;
    use crate::random::OsRandom;
    use crate::seal::vectors::Prescribed;

    fn stream(segment_len: u32, random: &dyn Random) -> SealStream {
        let object_key = ObjectKey::generate(&Prescribed::new(&[&[1; 32]]));
        let segment_len = SegmentLen::new(segment_len).unwrap();
        SealStream::new(&object_key, Some(3), segment_len, Cipher::default(), random)
    }

    fn seal(plaintext: &[u8], segment_len: u32) -> Bytes {
        let mut stream = stream(segment_len, &OsRandom);
        stream.push(plaintext).unwrap();
        stream.finish().unwrap().rest
    }

    #[test]
    fn a_full_segment_waits_for_the_next_byte() {
        let mut stream = stream(16, &OsRandom);
        let mut check = |push: &[u8], ready| {
            stream.push(push).unwrap();
            assert_eq!(stream.ready(), ready);
        };
        check(&[0; 15], 0);
        check(&[0; 1], 0);
        check(b"", 0);
        check(&[0; 1], 32);
        check(&[0; 31], 64);
        assert_eq!(stream.take().len(), 64);
        assert_eq!((stream.ready(), stream.take().len()), (0, 0));
        let sealed = stream.finish().unwrap();
        assert_eq!((sealed.rest.len(), sealed.plaintext_len), (32, 48));
    }

    proptest! {
        #[test]
        fn how_the_body_arrives_changes_nothing(
            plaintext in prop::collection::vec(any::<u8>(), 0..200),
            cuts in prop::collection::vec(0_usize..200, 0..6),
            segment_len in 1_u32..40,
        ) {
            let draws = || Prescribed::new(&[&[2; 16], &[3; 7]]);
            let mut at_once = stream(segment_len, &draws());
            at_once.push(&plaintext).unwrap();
            let mut piecemeal = stream(segment_len, &draws());
            let mut sealed = Vec::new();
            let mut rest = &plaintext[..];
            for cut in cuts {
                let (now, later) = rest.split_at(cut.min(rest.len()));
                piecemeal.push(now).unwrap();
                sealed.extend_from_slice(&piecemeal.take());
                rest = later;
            }
            piecemeal.push(rest).unwrap();
            let finished = piecemeal.finish().unwrap();
            sealed.extend_from_slice(&finished.rest);
            prop_assert_eq!(&sealed, &at_once.finish().unwrap().rest);
            prop_assert_eq!(finished.plaintext_len, plaintext.len() as u64);
        }
    }

    #[test]
    fn equal_plaintexts_share_no_block() {
        // The same key, part number and bytes twice: what uploading a part again is.
        let plaintext = [0; 1600];
        let (one, other) = (seal(&plaintext, 64), seal(&plaintext, 64));
        let blocks: HashSet<_> = one.chunks_exact(16).chain(other.chunks_exact(16)).collect();
        assert_eq!(blocks.len(), 2 * 1600 / 64 * 5);
    }

    #[test]
    fn every_stream_draws_its_own_salt_and_prefix() {
        let headers = (0..100).map(|_| stream(16, &OsRandom).header);
        let (salts, prefixes): (HashSet<_>, HashSet<_>) = headers
            .map(|header| (header.salt, header.nonce_prefix))
            .unzip();
        assert_eq!((salts.len(), prefixes.len()), (100, 100));
    }

    struct Recorder(Arc<Mutex<Vec<[u8; NONCE_LEN]>>>);

    impl Aead for Recorder {
        fn seal_in_place(&self, nonce: &[u8; 12], aad: &[u8], _: &mut [u8]) -> [u8; TAG_LEN] {
            assert!(aad.is_empty());
            self.0.lock().unwrap().push(*nonce);
            [0; TAG_LEN]
        }

        fn open_in_place(
            &self,
            _: &[u8; 12],
            _: &[u8],
            _: &mut [u8],
            _: &[u8; TAG_LEN],
        ) -> Result<(), OpenError> {
            Err(OpenError::Damaged)
        }
    }

    proptest! {
        #[test]
        fn no_nonce_is_used_twice(
            segment_len in 1_u32..9, pieces in prop::collection::vec(0_usize..50, 0..8),
        ) {
            let nonces = Arc::new(Mutex::new(Vec::new()));
            let mut stream = stream(segment_len, &OsRandom);
            stream.aead = Box::new(Recorder(Arc::clone(&nonces)));
            let prefix = stream.header.nonce_prefix;
            for piece in &pieces {
                stream.push(&vec![0; *piece]).unwrap();
            }
            stream.finish().unwrap();
            let nonces = nonces.lock().unwrap();
            let total: usize = pieces.iter().sum();
            prop_assert_eq!(nonces.len(), total.div_ceil(segment_len as usize).max(1));
            prop_assert_eq!(nonces.iter().collect::<HashSet<_>>().len(), nonces.len());
            prop_assert!(nonces.iter().all(|nonce| nonce.starts_with(&prefix)));
            let lasts: Vec<_> = nonces.iter().map(|nonce| nonce[11]).collect();
            let (last, others) = lasts.split_last().unwrap();
            prop_assert!(*last == 1 && others.iter().all(|flag| *flag == 0));
        }
    }

    #[test]
    fn the_segment_counter_does_not_wrap() {
        let mut full = stream(1, &OsRandom);
        full.index = u32::MAX;
        full.push(b"a").unwrap();
        assert_eq!(full.push(b"b"), Err(TooLong));
        let mut last = stream(1, &OsRandom);
        last.index = u32::MAX;
        last.push(b"a").unwrap();
        assert_eq!(last.finish().map(|sealed| sealed.rest.len()), Ok(17));
    }

    #[test]
    fn a_header_survives_its_record_and_a_wild_segment_length_does_not() {
        let header = stream(16, &OsRandom).header;
        let text = serde_json::to_string(&header).unwrap();
        assert_eq!(serde_json::from_str::<StreamHeader>(&text).unwrap(), header);
        for (wild, taken) in [
            ("0", false),
            ("1", true),
            ("1048576", true),
            ("1048577", false),
        ] {
            let text = text.replace("\"segment_len\":16", &format!("\"segment_len\":{wild}"));
            assert_eq!(
                serde_json::from_str::<StreamHeader>(&text).is_ok(),
                taken,
                "{wild}"
            );
        }
    }
}
