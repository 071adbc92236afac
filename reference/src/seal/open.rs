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
/// let mut stream = OpenStream::new(&object_key, &sealed.header, slice, Cipher::default());
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
        slice: Slice,
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
