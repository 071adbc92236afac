//! The file of a form as a body: what lies before the delimiter, within the sizes that the
//! policy allows.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use http_body::Frame;

use super::document::LengthRange;
use crate::body::{Body, BodyError};
use crate::error::{Code, S3Error};

/// The file of a form. What follows it is read and passed over (PST-147), so that the end of
/// this body is the end of a form that came whole.
#[derive(Debug)]
pub(super) struct FilePart {
    body: Body,
    buffer: BytesMut,
    delimiter: Vec<u8>,
    step: Step,
    range: LengthRange,
    len: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Data,
    Rest,
}

impl FilePart {
    /// `buffer` is what was read of the file already.
    pub(super) fn new(
        body: Body,
        buffer: BytesMut,
        delimiter: Vec<u8>,
        range: Option<LengthRange>,
    ) -> Self {
        let range = range.unwrap_or(LengthRange {
            min: 0,
            max: u64::MAX,
        });
        Self {
            body,
            buffer,
            delimiter,
            step: Step::Data,
            range,
            len: 0,
        }
    }

    /// What of the buffer is certainly data.
    fn take(&mut self) -> Option<Bytes> {
        let len = match find(&self.buffer, &self.delimiter) {
            Some(at) => {
                self.step = Step::Rest;
                at
            }
            None => self.buffer.len().saturating_sub(self.delimiter.len() - 1),
        };
        let piece = self.buffer.split_to(len).freeze();
        if self.step == Step::Rest {
            self.buffer.clear();
        }
        self.len += piece.len() as u64;
        (!piece.is_empty()).then_some(piece)
    }

    /// PST-126.
    fn check_max(&self) -> Result<(), BodyError> {
        if self.len <= self.range.max {
            return Ok(());
        }
        let error = S3Error::from(Code::EntityTooLarge)
            .with("ProposedSize", self.len.to_string())
            .with("MaxSizeAllowed", self.range.max.to_string());
        Err(error.into())
    }

    /// PST-126.
    fn check_min(&self) -> Result<(), BodyError> {
        if self.len >= self.range.min {
            return Ok(());
        }
        let error = S3Error::from(Code::EntityTooSmall)
            .with("ProposedSize", self.len.to_string())
            .with("MinSizeAllowed", self.range.min.to_string());
        Err(error.into())
    }
}

impl http_body::Body for FilePart {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        loop {
            if self.step == Step::Data
                && let Some(piece) = self.take()
            {
                let checked = self.check_max();
                return Poll::Ready(Some(checked.map(|()| Frame::data(piece))));
            }
            match ready!(Pin::new(&mut self.body).poll_frame(cx)) {
                Some(Ok(frame)) => {
                    if let (Step::Data, Ok(piece)) = (self.step, frame.into_data()) {
                        self.buffer.extend_from_slice(&piece);
                    }
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None if self.step == Step::Rest => {
                    return Poll::Ready(self.check_min().err().map(Err));
                }
                None => {
                    let error = S3Error::from(Code::MalformedPOSTRequest);
                    return Poll::Ready(Some(Err(error.into())));
                }
            }
        }
    }
}

/// Where `wanted` begins.
pub(super) fn find(haystack: &[u8], wanted: &[u8]) -> Option<usize> {
    let first = *wanted.first()?;
    let mut from = 0;
    while let Some(at) = haystack[from..].iter().position(|byte| *byte == first) {
        let at = from + at;
        if haystack[at..].starts_with(wanted) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}
