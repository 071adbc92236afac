//! Which sizes and ranges are worth asking for: around the borders of ciphers, segments and parts.

use crate::case::call::ByteRange;

/// Sizes in bytes of bodies and parts, and where borders are.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    /// Sizes of bodies.
    pub bodies: &'static [u64],
    /// Sizes of parts.
    pub parts: &'static [u64],
    /// A server may cut its ciphertext here, and at every multiple.
    pub segment: u64,
    /// The smallest part that is not the last.
    pub part_min: u64,
}

impl Scale {
    /// For servers in general: S3's smallest part, segments as they are common.
    pub const S3: Self = Self {
        bodies: &[
            100, 0, 1, 15, 16, 17, 1024, 4095, 4096, 4097, 65_535, 65_536, 65_537, 131_073,
        ],
        parts: &[100, 5 << 20, 1, 16, (5 << 20) + 1, 65_537],
        segment: 65_536,
        part_min: 5 << 20,
    };
    /// For a server with segments of 16 bytes and parts of 40, so that borders are everywhere.
    pub const TINY: Self = Self {
        bodies: &[100, 0, 1, 15, 16, 17, 31, 32, 33, 47, 48, 49, 64, 255],
        parts: &[40, 1, 16, 41, 48, 100],
        segment: 16,
        part_min: 40,
    };

    /// The size of a body.
    #[must_use]
    pub fn body(&self, class: u8) -> u64 {
        self.bodies[usize::from(class) % self.bodies.len()]
    }

    /// The size of a part.
    #[must_use]
    pub fn part(&self, class: u8) -> u64 {
        self.parts[usize::from(class) % self.parts.len()]
    }
}

/// What a read asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Excerpt {
    /// Everything.
    All,
    /// `Range`.
    Range(ByteRange),
    /// `partNumber`.
    Part(u16),
    /// A `Range` that is none, which S3 ignores.
    Nonsense,
}

/// How many classes of excerpts there are.
pub const EXCERPTS: u8 = 18;

impl Excerpt {
    /// What class `class` is for an object of `len` bytes in parts of these lengths (none: not multipart).
    #[must_use]
    pub(super) fn of(class: u8, len: u64, parts: &[u64], segment: u64) -> Self {
        use ByteRange::{Between, From, Last};
        let end = len.saturating_sub(1);
        let around = |border: u64| Between(border.saturating_sub(1), border.max(1));
        let range = match class % EXCERPTS {
            1 => Between(0, 0),
            2 => Between(end, end),
            3 => Between(0, end),
            4 => Between(0, len + 10),
            5 if len > 0 => Last(1),
            6 if len > 0 => Last(len),
            7 if len > 0 => Last(len + 5),
            8 => From(end),
            9 => From(len),
            10 => Between(len, len + 1),
            11 => around(segment),
            12 => around(parts.first().copied().unwrap_or(segment * 2)),
            13 => Between(len / 3, (len / 3).max(len * 2 / 3)),
            14 => Last(0),
            15 if len > 0 => return Self::Part(1),
            16 if len > 0 => return Self::Part(2),
            17 => return Self::Nonsense,
            _ => return Self::All,
        };
        Self::Range(range)
    }
}

/// First and last byte of a range within `len` bytes; `None`: it cannot be satisfied (RFC 9110 §14.1.2).
#[must_use]
pub(super) fn within(range: ByteRange, len: u64) -> Option<(u64, u64)> {
    let last = len.checked_sub(1)?;
    match range {
        ByteRange::Between(from, to) => (from <= last).then_some((from, to.min(last))),
        ByteRange::From(from) => (from <= last).then_some((from, last)),
        ByteRange::Last(0) => None,
        ByteRange::Last(count) => Some((len.saturating_sub(count), last)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_cut_to_the_object_or_cannot_be_satisfied() {
        for (range, len, expected) in [
            (ByteRange::Between(0, 99), 10, Some((0, 9))),
            (ByteRange::Between(10, 11), 10, None),
            (ByteRange::From(9), 10, Some((9, 9))),
            (ByteRange::Last(15), 10, Some((0, 9))),
            (ByteRange::Last(0), 10, None),
            (ByteRange::Last(1), 0, None),
        ] {
            assert_eq!(within(range, len), expected, "{range:?} of {len}");
        }
    }

    #[test]
    fn every_class_of_a_range_is_a_range() {
        for class in 0..EXCERPTS {
            for len in [0, 1, 16, 100] {
                if let Excerpt::Range(ByteRange::Between(from, to)) =
                    Excerpt::of(class, len, &[], 16)
                {
                    assert!(from <= to, "class {class} of {len} bytes");
                }
            }
        }
    }
}
