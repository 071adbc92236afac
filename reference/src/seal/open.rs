//! Opening a sealed stream, all of it or the segments that hold a range; no byte comes out that
//! has not been authenticated in its place.

use bytes::{Buf as _, Bytes, BytesMut};

use super::aead::TAG_LEN;
use super::{Aead, Cipher, Layout, ObjectKey, OpenError, Slice, StreamHeader};

/// Opens single segments of one stream, in any order.
#[expect(missing_debug_implementations, reason = "holds a key")]
pub struct SegmentReader {
    aead: Box<dyn Aead>,
    header: StreamHeader,
}

impl SegmentReader {
    /// A reader of the stream that `header` describes.
    pub fn new(object_key: &ObjectKey, header: &StreamHeader, cipher: Cipher) -> Self {
        Self {
            aead: header.aead(object_key, cipher),
            header: header.clone(),
        }
    }

    /// Opens segment `index` in place: the plaintext is `segment` without its last 16 bytes.
    ///
    /// `last` says whether it is the stream's last segment; if that is not so it does not open.
    pub fn open<'s>(
        &self,
        index: u32,
        last: bool,
        segment: &'s mut [u8],
    ) -> Result<&'s mut [u8], OpenError> {
        let (text, tag) = segment.split_last_chunk_mut().ok_or(OpenError::Truncated)?;
        self.aead
            .open_in_place(&self.header.nonce(index, last), &[], text, tag)?;
        Ok(text)
    }
}

/// A stream, or a slice of one, being opened: sealed bytes in, plaintext out.
///
/// ```
/// # use ssec_reference::{random::OsRandom, seal::*};
/// # let object_key = ObjectKey::generate(&OsRandom);
/// # let mut stream =
/// #     SealStream::new(&object_key, None, SegmentLen::DEFAULT, Cipher::default(), &OsRandom);
/// # stream.push(b"some bytes").unwrap();
/// # let sealed = stream.finish().unwrap();
/// let layout = Layout::new(sealed.plaintext_len, sealed.header.segment_len).unwrap();
/// let slice = layout.slice(5..10);
/// let read = &sealed.rest[slice.sealed.start as usize..slice.sealed.end as usize];
/// let mut stream = OpenStream::new(&object_key, &sealed.header, &slice, Cipher::default());
/// assert_eq!(stream.push(read)?, "bytes");
/// stream.finish()?;
/// # Ok::<_, OpenError>(())
/// ```
#[expect(missing_debug_implementations, reason = "holds a key")]
pub struct OpenStream {
    reader: SegmentReader,
    layout: Layout,
    /// Sealed bytes of a segment that is not whole yet.
    buffer: BytesMut,
    /// The next segment, and the one after the slice's last.
    index: u64,
    end: u64,
    /// Plaintext bytes to drop before the first that is given out, and to give out from there.
    skip: u64,
    take: u64,
    failed: Option<OpenError>,
}

impl OpenStream {
    /// Begins to open `slice`, which a [`Layout`] with the stream's length gave.
    pub fn new(
        object_key: &ObjectKey,
        header: &StreamHeader,
        slice: &Slice,
        cipher: Cipher,
    ) -> Self {
        let index = u64::from(slice.first_segment);
        Self {
            reader: SegmentReader::new(object_key, header, cipher),
            end: slice.end_segment,
            layout: slice.layout,
            buffer: BytesMut::new(),
            index,
            skip: slice.skip,
            take: slice.take,
            failed: None,
        }
    }

    /// Takes the next sealed bytes and gives the plaintext that they complete, maybe none.
    ///
    /// After an error there is nothing but that error.
    pub fn push(&mut self, sealed: &[u8]) -> Result<Bytes, OpenError> {
        self.buffer.extend_from_slice(sealed);
        self.open_buffer()
    }

    /// As [`Self::push`], without a copy where no bytes are waiting.
    pub fn push_owned(&mut self, sealed: BytesMut) -> Result<Bytes, OpenError> {
        if self.buffer.is_empty() {
            self.buffer = sealed;
        } else {
            self.buffer.extend_from_slice(&sealed);
        }
        self.open_buffer()
    }

    /// Says that there are no more sealed bytes: an error unless the slice is whole.
    pub fn finish(self) -> Result<(), OpenError> {
        match self.failed {
            Some(error) => Err(error),
            None if self.index < self.end => Err(OpenError::Truncated),
            None => Ok(()),
        }
    }

    fn open_buffer(&mut self) -> Result<Bytes, OpenError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        self.open_segments().inspect_err(|&error| {
            self.failed = Some(error);
            self.buffer.clear();
        })
    }

    // Opens every whole segment where it lies and moves the plaintexts together.
    fn open_segments(&mut self) -> Result<Bytes, OpenError> {
        let (mut read, mut written) = (0, 0);
        while self.index < self.end {
            let len = self.segment_len();
            let Some(segment) = self.buffer.get_mut(read..read + len) else {
                break;
            };
            let last = self.index + 1 == self.layout.segments();
            let index = u32::try_from(self.index).expect("a layout has at most 2^32 segments");
            self.reader.open(index, last, segment)?;
            let text_len = len - TAG_LEN;
            self.buffer.copy_within(read..read + text_len, written);
            (read, written) = (read + len, written + text_len);
            self.index += 1;
        }
        if self.index == self.end && self.buffer.len() > read {
            return Err(OpenError::Extended);
        }
        let mut plaintext = self.buffer.split_to(read);
        plaintext.truncate(written);
        Ok(self.trim(plaintext.freeze()))
    }

    fn segment_len(&self) -> usize {
        usize::try_from(self.layout.sealed_segment_len(self.index))
            .expect("a segment is at most a mebibyte")
    }

    fn trim(&mut self, mut plaintext: Bytes) -> Bytes {
        let skip = usize::try_from(self.skip)
            .unwrap_or(usize::MAX)
            .min(plaintext.len());
        plaintext.advance(skip);
        self.skip -= skip as u64;
        plaintext.truncate(usize::try_from(self.take).unwrap_or(usize::MAX));
        self.take -= plaintext.len() as u64;
        plaintext
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::random::OsRandom;
    use crate::seal::{SealStream, SealedStream, SegmentLen};

    struct Sealed {
        object_key: ObjectKey,
        stream: SealedStream,
        layout: Layout,
    }

    fn seal(plaintext: &[u8], segment_len: u32, cipher: Cipher) -> Sealed {
        let object_key = ObjectKey::generate(&OsRandom);
        let segment_len = SegmentLen::new(segment_len).unwrap();
        let mut stream = SealStream::new(&object_key, None, segment_len, cipher, &OsRandom);
        stream.push(plaintext).unwrap();
        let layout = Layout::new(plaintext.len() as u64, segment_len).unwrap();
        Sealed {
            object_key,
            stream: stream.finish().unwrap(),
            layout,
        }
    }

    impl Sealed {
        fn open(&self, slice: &Slice, cipher: Cipher) -> OpenStream {
            OpenStream::new(&self.object_key, &self.stream.header, slice, cipher)
        }

        fn open_whole(&self, sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
            let mut stream = self.open(&self.layout.whole(), Cipher::default());
            let plaintext = stream.push(sealed)?;
            stream.finish().map(|()| plaintext.to_vec())
        }
    }

    fn bytes(slice: &Slice) -> std::ops::Range<usize> {
        usize::try_from(slice.sealed.start).unwrap()..usize::try_from(slice.sealed.end).unwrap()
    }

    fn pattern(len: usize) -> Vec<u8> {
        (0..len).map(|i| u8::try_from(i % 251).unwrap()).collect()
    }

    proptest! {
        #[test]
        fn any_range_comes_out_as_it_went_in(
            len in 0_usize..200,
            segment_len in 1_u32..40,
            range: (u8, u8),
            piece_len in 1_usize..80,
            ring_seals: bool,
            owned: bool,
        ) {
            let (sealer, opener) = match ring_seals {
                true => (Cipher::Ring, Cipher::AesGcm),
                false => (Cipher::AesGcm, Cipher::Ring),
            };
            let plaintext = pattern(len);
            let sealed = seal(&plaintext, segment_len, sealer);
            let (start, end) = (range.0.min(range.1), range.0.max(range.1));
            let slice = sealed.layout.slice(start.into()..end.into());
            let read = &sealed.stream.rest[bytes(&slice)];
            let mut stream = sealed.open(&slice, opener);
            let mut opened = Vec::new();
            for piece in read.chunks(piece_len) {
                let plaintext = match owned {
                    true => stream.push_owned(piece.into()),
                    false => stream.push(piece),
                };
                opened.extend_from_slice(&plaintext.unwrap());
            }
            prop_assert_eq!(stream.finish(), Ok(()));
            let expected = plaintext.get(start.into()..).unwrap_or_default();
            prop_assert_eq!(&opened, &expected[..expected.len().min((end - start).into())]);
        }
    }

    #[test]
    fn whole_segments_around_every_edge() {
        for len in 0..=70 {
            let plaintext = pattern(len);
            let sealed = seal(&plaintext, 16, Cipher::default());
            assert_eq!(
                sealed.open_whole(&sealed.stream.rest),
                Ok(plaintext),
                "{len} bytes"
            );
        }
    }

    #[test]
    fn damage_lets_nothing_later_out_and_lasts() {
        let sealed = seal(&pattern(80), 16, Cipher::default());
        let mut bytes = sealed.stream.rest.to_vec();
        bytes[2 * 32] ^= 1;
        let mut stream = sealed.open(&sealed.layout.whole(), Cipher::default());
        let mut segments = bytes.chunks(32);
        let mut next = |stream: &mut OpenStream| stream.push(segments.next().unwrap());
        assert_eq!(next(&mut stream).as_deref(), Ok(&pattern(80)[..16]));
        assert_eq!(next(&mut stream).as_deref(), Ok(&pattern(80)[16..32]));
        for _ in 0..3 {
            assert_eq!(next(&mut stream), Err(OpenError::Damaged));
        }
        assert_eq!(stream.finish(), Err(OpenError::Damaged));
    }

    #[test]
    fn a_range_does_not_read_past_its_own_segments() {
        let sealed = seal(&pattern(80), 16, Cipher::default());
        let slice = sealed.layout.slice(20..30);
        let mut range = bytes(&slice);
        range.end += 1;
        let mut stream = sealed.open(&slice, Cipher::default());
        assert_eq!(
            stream.push(&sealed.stream.rest[range]),
            Err(OpenError::Extended)
        );
    }

    #[test]
    fn single_segments_open_in_any_order_and_only_as_what_they_are() {
        let sealed = seal(&pattern(40), 16, Cipher::default());
        let reader =
            SegmentReader::new(&sealed.object_key, &sealed.stream.header, Cipher::default());
        let check = |segment: usize, index, last, expected: Result<&[u8], OpenError>| {
            let mut bytes = sealed.stream.rest.chunks(32).nth(segment).unwrap().to_vec();
            assert_eq!(
                reader.open(index, last, &mut bytes).as_deref(),
                expected.as_deref()
            );
        };
        let plaintext = pattern(40);
        check(2, 2, true, Ok(&plaintext[32..]));
        check(0, 0, false, Ok(&plaintext[..16]));
        check(1, 1, false, Ok(&plaintext[16..32]));
        check(2, 2, false, Err(OpenError::Damaged));
        check(0, 0, true, Err(OpenError::Damaged));
        check(0, 1, false, Err(OpenError::Damaged));
        assert_eq!(
            reader.open(0, false, &mut [0; 15]).err(),
            Some(OpenError::Truncated)
        );
    }

    #[test]
    fn streams_go_where_work_is_done() {
        fn sent<T: Send + Sync>() {}
        sent::<OpenStream>();
        sent::<SealStream>();
        sent::<ObjectKey>();
    }
}
