//! The body of a request or response as one type: bytes at hand, or a stream of them.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Frame, SizeHint};

/// Why a body ended before its end: the connection broke, or what was read is not what was sealed.
pub type BodyError = Box<dyn std::error::Error + Send + Sync>;

type Source = Pin<Box<dyn http_body::Body<Data = Bytes, Error = BodyError> + Send>>;

/// A request or response body.
pub struct Body(Inner);

enum Inner {
    Bytes(Option<Bytes>),
    Stream(Source),
}

impl Body {
    /// No bytes.
    pub fn empty() -> Self {
        Self(Inner::Bytes(None))
    }

    /// A body that is at hand.
    pub fn from_bytes(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        Self(Inner::Bytes((!bytes.is_empty()).then_some(bytes)))
    }

    /// A body that is read piece by piece.
    pub fn stream<B>(body: B) -> Self
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BodyError>,
    {
        use http_body_util::BodyExt;
        Self(Inner::Stream(Box::pin(body.map_err(Into::into))))
    }

    /// The next piece, `None` at the end. Trailers of the transport are passed over.
    pub async fn next(&mut self) -> Option<Result<Bytes, BodyError>> {
        use http_body_util::BodyExt;
        loop {
            match self.frame().await? {
                Ok(frame) => match frame.into_data() {
                    Ok(bytes) if bytes.is_empty() => {}
                    Ok(bytes) => return Some(Ok(bytes)),
                    Err(_) => {}
                },
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        match &mut self.0 {
            Inner::Bytes(bytes) => Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
            Inner::Stream(source) => source.as_mut().poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Inner::Bytes(bytes) => bytes.is_none(),
            Inner::Stream(source) => source.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Inner::Bytes(bytes) => {
                SizeHint::with_exact(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
            }
            Inner::Stream(source) => source.size_hint(),
        }
    }
}

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Body(..)")
    }
}
