//! Byte ranges as S3 reads them: `Range` of a GET, and the range of a part copy.

use crate::error::{Code, S3Error, S3Result};

/// Bytes `first..=last` of a body of `total` bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByteRange {
    /// Offset of the first byte.
    pub first: u64,
    /// Offset of the last byte.
    pub last: u64,
    /// Length of the whole.
    pub total: u64,
}

impl ByteRange {
    /// How many bytes the range holds; a range is never empty.
    pub fn byte_count(&self) -> u64 {
        self.last - self.first + 1
    }

    /// Whether the range is the whole.
    pub fn is_whole(&self) -> bool {
        self.byte_count() == self.total
    }

    /// The value of `Content-Range`.
    pub fn content_range(&self) -> String {
        format!("bytes {}-{}/{}", self.first, self.last, self.total)
    }
}

/// What a `Range` header asks for. Malformed and multiple ranges are ignored (RNG-101).
///
/// # Errors
/// `InvalidRange` when no byte of the range exists (RNG-103).
pub fn read(header: Option<&str>, total: u64) -> S3Result<Option<ByteRange>> {
    let Some((first, last)) = header.and_then(parse) else {
        return Ok(None);
    };
    let (first, last) = match (first, last) {
        (Some(first), last) => (first, last.unwrap_or(u64::MAX).min(total.saturating_sub(1))),
        (None, Some(suffix)) if suffix > 0 => {
            (total.saturating_sub(suffix), total.saturating_sub(1))
        }
        (None, _) => (total, total),
    };
    if first >= total {
        return Err(S3Error::from(Code::InvalidRange)
            .with("RangeRequested", header.unwrap_or_default())
            .with("ActualObjectSize", total.to_string()));
    }
    Ok(Some(ByteRange { first, last, total }))
}

/// `bytes=a-b`, `bytes=a-` or `bytes=-n`; anything else is no range.
fn parse(header: &str) -> Option<(Option<u64>, Option<u64>)> {
    let (first, last) = header
        .trim()
        .strip_prefix("bytes=")?
        .trim()
        .split_once('-')?;
    let (first, last) = (offset(first)?, offset(last)?);
    match (first, last) {
        (None, None) => None,
        (Some(first), Some(last)) if first > last => None,
        range => Some(range),
    }
}

/// Digits alone; an absent offset is `Some(None)`, nonsense is `None`.
fn offset(text: &str) -> Option<Option<u64>> {
    match text {
        "" => Some(None),
        text if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok().map(Some),
        _ => None,
    }
}

/// The strict `bytes=first-last` of UploadPartCopy (MPU-114, MPU-115).
///
/// # Errors
/// `InvalidArgument` for another form or an end beyond the source, `InvalidRequest` for a range
/// wholly beyond it.
pub fn read_copy(header: &str, total: u64) -> S3Result<ByteRange> {
    let argument = |message: String| {
        S3Error::new(Code::InvalidArgument, message)
            .with("ArgumentName", "x-amz-copy-source-range")
            .with("ArgumentValue", header)
    };
    let Some((Some(first), Some(last))) = parse(header) else {
        return Err(argument(
            "The x-amz-copy-source-range value must be of the form bytes=first-last where first \
             and last are the zero-based offsets of the first and last bytes to copy"
                .to_owned(),
        ));
    };
    if first >= total {
        return Err(S3Error::new(
            Code::InvalidRequest,
            "The specified copy range is invalid for the source object size",
        ));
    }
    if last >= total {
        return Err(argument(format!(
            "Range specified is not valid for source object of size: {total}"
        )));
    }
    Ok(ByteRange { first, last, total })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(header: &str, total: u64, wanted: Result<Option<(u64, u64)>, Code>) {
        let got = read(Some(header), total);
        let got = got
            .map(|range| range.map(|r| (r.first, r.last)))
            .map_err(|error| error.code());
        assert_eq!(got, wanted, "{header} of {total}");
    }

    #[test]
    fn ranges_of_a_get() {
        check("bytes=0-0", 10, Ok(Some((0, 0))));
        check("bytes=9-9", 10, Ok(Some((9, 9))));
        check("bytes=0-100", 10, Ok(Some((0, 9))));
        check("bytes=3-", 10, Ok(Some((3, 9))));
        check("bytes=-3", 10, Ok(Some((7, 9))));
        check("bytes=-15", 10, Ok(Some((0, 9))));
        check("bytes=-0", 10, Err(Code::InvalidRange));
        check("bytes=10-", 10, Err(Code::InvalidRange));
        check("bytes=100-200", 10, Err(Code::InvalidRange));
        check("bytes=0-", 0, Err(Code::InvalidRange));
        check("bytes=-1", 0, Err(Code::InvalidRange));
        for ignored in [
            "bytes=1-0",
            "bytes=-1-",
            "bytes=0--1",
            "bytes=0-1,3-4",
            "bytes=-",
            "-",
            "0-1",
            "items=0-1",
            "bytes=+1-2",
        ] {
            check(ignored, 10, Ok(None));
        }
    }

    #[test]
    fn ranges_of_a_part_copy() {
        let check = |header: &str, wanted: Result<(u64, u64), Code>| {
            let got = read_copy(header, 10)
                .map(|r| (r.first, r.last))
                .map_err(|e| e.code());
            assert_eq!(got, wanted, "{header}");
        };
        check("bytes=0-9", Ok((0, 9)));
        check("bytes=2-5", Ok((2, 5)));
        for bad in [
            "0-8",
            "bytes=1-0",
            "bytes=-2",
            "bytes=1-",
            "bytes=0-1,3-4",
            "bytes=0-10",
        ] {
            check(bad, Err(Code::InvalidArgument));
        }
        check("bytes=10-12", Err(Code::InvalidRequest));
    }
}
