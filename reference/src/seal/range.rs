//! Where the bytes of sealed streams are: pure arithmetic over lengths, no keys, no bytes.

use std::ops::Range;

use super::aead::TAG_LEN;
use super::{SegmentLen, TooLong};

/// The shape of a sealed stream, given by how many plaintext bytes it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    segment_len: u64,
    plaintext_len: u64,
}

/// The segments that hold a range of plaintext, and where the range lies in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slice {
    /// The sealed bytes to read.
    pub sealed: Range<u64>,
    /// The index of the first segment among them.
    pub first_segment: u32,
    /// Plaintext bytes to drop at the beginning of the first segment.
    pub skip: u64,
    /// Plaintext bytes to take after those.
    pub take: u64,
    pub(super) end_segment: u64,
    pub(super) layout: Layout,
}

/// Which of an object's streams, given by their plaintext lengths, hold its bytes `range`, and
/// which bytes of each. Empty streams within the range are named too: they say that they are so.
pub fn split(lens: impl IntoIterator<Item = u64>, range: Range<u64>) -> Vec<(usize, Range<u64>)> {
    let mut slices = Vec::new();
    let mut offset = 0;
    for (stream, len) in lens.into_iter().enumerate() {
        let start = range.start.max(offset);
        let end = range.end.min(offset.saturating_add(len));
        if start < end || (len == 0 && start == end) {
            slices.push((stream, start - offset..end - offset));
        }
        offset = offset.saturating_add(len);
    }
    slices
}

impl Layout {
    /// The layout of `plaintext_len` bytes.
    pub fn new(plaintext_len: u64, segment_len: SegmentLen) -> Result<Self, TooLong> {
        let layout = Self {
            segment_len: segment_len.get().into(),
            plaintext_len,
        };
        u32::try_from(layout.segments() - 1)
            .map(|_| layout)
            .map_err(|_| TooLong)
    }

    /// How many segments there are: at least one.
    pub fn segments(&self) -> u64 {
        self.plaintext_len.div_ceil(self.segment_len).max(1)
    }

    /// Plaintext bytes in the stream.
    pub fn plaintext_len(&self) -> u64 {
        self.plaintext_len
    }

    /// Sealed bytes in the stream: the plaintext and a tag per segment.
    pub fn sealed_len(&self) -> u64 {
        self.plaintext_len + self.segments() * TAG_LEN as u64
    }

    /// All of the stream.
    pub fn whole(&self) -> Slice {
        self.slice(0..self.plaintext_len)
    }

    /// The plaintext bytes `range`, cut to the stream's end. An empty range, too, takes the one
    /// segment it lies in, so that nothing is answered from bytes nobody authenticated.
    pub fn slice(&self, range: Range<u64>) -> Slice {
        let end = range.end.min(self.plaintext_len);
        let start = range.start.min(end);
        let first = (start / self.segment_len).min(self.segments() - 1);
        let after = end.div_ceil(self.segment_len).max(first + 1);
        let sealed_segment_len = self.segment_len + TAG_LEN as u64;
        Slice {
            sealed: first * sealed_segment_len..(after * sealed_segment_len).min(self.sealed_len()),
            first_segment: u32::try_from(first).expect("a layout has at most 2^32 segments"),
            skip: start - first * self.segment_len,
            take: end - start,
            end_segment: after,
            layout: *self,
        }
    }

    /// Sealed bytes in segment `index`, tag included.
    pub(super) fn sealed_segment_len(&self, index: u64) -> u64 {
        let rest = self.plaintext_len - index * self.segment_len;
        rest.min(self.segment_len) + TAG_LEN as u64
    }
}
