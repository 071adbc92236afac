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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn layout(plaintext_len: u64, segment_len: u32) -> Layout {
        Layout::new(plaintext_len, SegmentLen::new(segment_len).unwrap()).unwrap()
    }

    #[test]
    fn sealed_lengths() {
        let check = |plaintext_len, segment_len, expected: (u64, u64)| {
            let layout = layout(plaintext_len, segment_len);
            assert_eq!((layout.segments(), layout.sealed_len()), expected);
        };
        check(0, 16, (1, 16));
        check(1, 16, (1, 17));
        check(15, 16, (1, 31));
        check(16, 16, (1, 32));
        check(17, 16, (2, 49));
        check(32, 16, (2, 64));
        check(3, 1, (3, 51));
        check(65536, 65536, (1, 65552));
        check(65537, 65536, (2, 65569));
        // 50,000 GiB, far beyond what one stream has to hold.
        check(53_687_091_200_000, 65536, (819_200_000, 53_700_198_400_000));
    }

    #[test]
    fn a_layout_has_as_many_segments_as_32_bits_number() {
        let check = |plaintext_len, segment_len, expected: Option<u64>| {
            let layout = Layout::new(plaintext_len, SegmentLen::new(segment_len).unwrap());
            assert_eq!(layout.ok().map(|layout| layout.segments()), expected);
        };
        check(1 << 32, 1, Some(1 << 32));
        check((1 << 32) + 1, 1, None);
        check(1 << 36, 16, Some(1 << 32));
        check((1 << 36) + 1, 16, None);
        check(u64::MAX, 1, None);
    }

    #[test]
    fn slices_at_the_edges_of_segments() {
        let check = |len, range: Range<u64>, sealed: Range<u64>, first_segment, skip, take| {
            let slice = layout(len, 16).slice(range.clone());
            assert_eq!(
                (slice.sealed, slice.first_segment, slice.skip, slice.take),
                (sealed, first_segment, skip, take),
                "{range:?} of {len}"
            );
        };
        check(0, 0..0, 0..16, 0, 0, 0);
        check(100, 0..1, 0..32, 0, 0, 1);
        check(100, 15..16, 0..32, 0, 15, 1);
        check(100, 15..17, 0..64, 0, 15, 2);
        check(100, 16..17, 32..64, 1, 0, 1);
        check(100, 96..100, 192..212, 6, 0, 4);
        check(100, 99..100, 192..212, 6, 3, 1);
        check(100, 50..u64::MAX, 96..212, 3, 2, 50);
        check(96, 95..96, 160..192, 5, 15, 1);
        check(96, 96..96, 160..192, 5, 16, 0);
        check(100, 40..40, 64..96, 2, 8, 0);
    }

    proptest! {
        // Against counting: byte n lies in segment n / segment_len, and every segment of the
        // range is read whole.
        #[test]
        fn a_slice_reads_exactly_the_segments_of_its_bytes(
            segment_len in 1_u32..20, len in 1_u64..200, a in 0_u64..200, b in 0_u64..200,
        ) {
            let (start, end) = (a.min(b).min(len - 1), a.max(b).min(len - 1) + 1);
            let layout = layout(len, segment_len);
            let slice = layout.slice(start..end);
            let mut sealed_bytes = 0;
            let mut before = 0;
            for segment in 0..layout.segments() {
                let bytes = (0..len).filter(|byte| byte / u64::from(segment_len) == segment);
                let in_range = bytes.clone().any(|byte| (start..end).contains(&byte));
                let sealed_len = bytes.count() as u64 + 16;
                prop_assert_eq!(sealed_len, layout.sealed_segment_len(segment));
                if in_range { sealed_bytes += sealed_len }
                if segment < u64::from(slice.first_segment) { before += sealed_len }
            }
            prop_assert_eq!(slice.sealed, before..before + sealed_bytes);
            prop_assert_eq!(u64::from(slice.first_segment), start / u64::from(segment_len));
            prop_assert_eq!(slice.skip, start % u64::from(segment_len));
            prop_assert_eq!(slice.take, end - start);
        }
    }

    #[test]
    fn a_range_over_streams_is_split_among_them() {
        let check = |lens: &[u64], range: Range<u64>, expected: &[(usize, Range<u64>)]| {
            assert_eq!(
                split(lens.iter().copied(), range.clone()),
                expected,
                "{range:?} {lens:?}"
            );
        };
        check(&[10, 10, 5], 0..25, &[(0, 0..10), (1, 0..10), (2, 0..5)]);
        check(&[10, 10, 5], 9..11, &[(0, 9..10), (1, 0..1)]);
        check(&[10, 10, 5], 10..20, &[(1, 0..10)]);
        check(&[10, 10, 5], 24..25, &[(2, 4..5)]);
        check(&[10, 10, 5], 20..99, &[(2, 0..5)]);
        check(&[0], 0..0, &[(0, 0..0)]);
        check(&[10, 0, 5], 0..15, &[(0, 0..10), (1, 0..0), (2, 0..5)]);
        check(&[10, 0], 0..10, &[(0, 0..10), (1, 0..0)]);
        check(&[10, 0], 0..9, &[(0, 0..9)]);
        check(&[u64::MAX, 10], 5..6, &[(0, 5..6)]);
    }
}
