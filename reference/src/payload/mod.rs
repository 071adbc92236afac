//! Is the payload whole: framing, lengths and digests of a request body, read piece by piece.
//! Knows nothing of signatures beyond the chain it is handed, nothing of keys and stores.

mod checksum;
mod chunked;
mod digests;
mod head;
#[cfg(test)]
mod rows;
mod trailer;

pub use checksum::{Algorithm, Checksum, Hasher};
pub use head::{sent_checksum, stored_content_encoding};

use bytes::Bytes;
use http::HeaderMap;

use crate::body::{Body, BodyError};
use crate::error::{Code, S3Error, S3Result};
use crate::sigv4::PayloadHash;
use chunked::{Chunked, wrong_length};
use digests::Digests;
use head::{Promise, too_large};
use trailer::Trailer;

/// Bounds of a payload.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The greatest object or part in bytes (S3: 5 GiB per request).
    pub max_payload_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_payload_bytes: 5 << 30,
        }
    }
}

/// A request body being read: what comes out is plaintext, unframed and counted.
///
/// Nothing that came out may be kept before [`Payload::finish`] said that it is whole.
#[derive(Debug)]
pub struct Payload {
    body: Body,
    input: Bytes,
    framing: Framing,
    declared_len: Option<u64>,
    sent: Option<Checksum>,
    trailer: Option<Algorithm>,
    digests: Digests,
    limits: Limits,
    state: State,
}

#[derive(Debug)]
enum Framing {
    Plain,
    Chunked(Box<Chunked>),
}

#[derive(Debug)]
enum State {
    Reading,
    Ended,
    Failed(S3Error),
}

/// What is known of a payload that was read to its end and found whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Bytes of plaintext.
    pub length: u64,
    /// The checksum that was sent, or the default that was asked for.
    pub checksum: Option<Checksum>,
    /// The MD5 of the plaintext, if it was asked for or sent.
    pub md5: Option<[u8; 16]>,
}

impl Payload {
    /// Reads the head of a payload and refuses what can be refused before a byte is read.
    ///
    /// # Errors
    /// `MissingContentLength`, `EntityTooLarge`, `InvalidDigest` and `InvalidRequest` for headers
    /// that cannot be right; `NotImplemented` for a body of unknown length.
    pub fn new(
        headers: &HeaderMap,
        hash: &PayloadHash,
        body: Body,
        limits: &Limits,
    ) -> S3Result<Self> {
        let promise = Promise::read(headers, hash, limits)?;
        let expected = promise.length.unwrap_or_default();
        let chunked = |chain, signed| {
            let trailer = Trailer::new(promise.trailer, signed);
            Framing::Chunked(Box::new(Chunked::new(expected, chain, trailer)))
        };
        let (framing, sha256) = match hash {
            PayloadHash::Unsigned => (Framing::Plain, None),
            PayloadHash::Sha256(hash) => (Framing::Plain, Some(*hash)),
            PayloadHash::Streaming { chain, trailer } => {
                (chunked(Some(chain.clone()), *trailer), None)
            }
            PayloadHash::StreamingUnsignedTrailer => (chunked(None, false), None),
        };
        let mut payload = Self {
            body,
            input: Bytes::new(),
            framing,
            declared_len: promise.length,
            sent: promise.checksum,
            trailer: promise.trailer,
            digests: Digests::new(sha256, promise.content_md5),
            limits: *limits,
            state: State::Reading,
        };
        if let Some(algorithm) = payload.sent_algorithm() {
            payload.digests.want_checksum(algorithm);
        }
        Ok(payload)
    }

    /// A payload whose head was refused: reading it gives that refusal. Whoever asks must be
    /// allowed to before a checksum matters (SIG-001), and a read has no payload to look at.
    pub fn refused(error: S3Error) -> Self {
        Self {
            body: Body::empty(),
            input: Bytes::new(),
            framing: Framing::Plain,
            declared_len: None,
            sent: None,
            trailer: None,
            digests: Digests::new(None, None),
            limits: Limits::default(),
            state: State::Failed(error),
        }
    }

    /// Also computes the MD5 of the plaintext: the ETag of an object without SSE-C.
    #[must_use]
    pub fn with_md5(mut self) -> Self {
        self.digests.want_md5();
        self
    }

    /// Computes this checksum when none is sent (S3's default for objects is CRC64NVME:
    /// CHK-002, CHK-106).
    #[must_use]
    pub fn with_default_checksum(mut self, algorithm: Algorithm) -> Self {
        if self.sent_algorithm().is_none() {
            self.digests.want_checksum(algorithm);
        }
        self
    }

    /// Leaves `x-amz-checksum-*` to the caller: on CompleteMultipartUpload it is the object's
    /// (see [`sent_checksum`]), not that of the XML in the payload.
    #[must_use]
    pub fn without_checksum(mut self) -> Self {
        self.sent = None;
        self
    }

    /// Words the errors as S3 does for a part.
    #[must_use]
    pub fn of_part(mut self) -> Self {
        self.digests.word_as_part();
        self
    }

    /// The length of the plaintext as declared. `None` if the head gives none: then the body is
    /// empty, which is right for a copy and `MissingContentLength` for an object or part.
    pub fn declared_len(&self) -> Option<u64> {
        self.declared_len
    }

    /// The algorithm of the checksum that came or will come with the payload.
    pub fn sent_algorithm(&self) -> Option<Algorithm> {
        self.sent.as_ref().map(Checksum::algorithm).or(self.trailer)
    }

    /// The body as it came, of which nothing was read yet: a form has framing of its own.
    #[must_use]
    pub fn into_body(self) -> Body {
        self.body
    }

    /// The next piece of plaintext, `None` at the end.
    pub async fn next(&mut self) -> Option<S3Result<Bytes>> {
        while matches!(self.state, State::Reading) {
            let piece = match self.take() {
                Ok(Some(piece)) => Ok(piece),
                Ok(None) => match self.body.next().await {
                    Some(Ok(bytes)) => {
                        self.input = bytes;
                        continue;
                    }
                    Some(Err(error)) => Err(self.broken(&error)),
                    None => {
                        self.state = State::Ended;
                        break;
                    }
                },
                Err(error) => Err(error),
            };
            if let Err(error) = &piece {
                self.state = State::Failed(error.clone());
            }
            return Some(piece);
        }
        None
    }

    /// Checks length, payload hash, Content-MD5 and checksum of all that was read.
    ///
    /// # Errors
    /// The error that [`Payload::next`] gave, `IncompleteBody` if bytes are missing,
    /// `XAmzContentSHA256Mismatch`, `BadDigest`, `MalformedTrailerError`.
    pub fn finish(self) -> S3Result<Verified> {
        match self.state {
            State::Ended => {}
            State::Failed(error) => return Err(error),
            State::Reading => return Err(Code::IncompleteBody.into()),
        }
        let trailer = match self.framing {
            Framing::Plain => None,
            Framing::Chunked(chunked) => chunked.finish()?,
        };
        let provided = self.digests.length();
        if let Some(expected) = self.declared_len.filter(|declared| *declared != provided) {
            return Err(wrong_length(expected, provided));
        }
        let values = self.digests.finish(self.sent.or(trailer).as_ref())?;
        Ok(Verified {
            length: values.length,
            checksum: values.checksum,
            md5: values.md5,
        })
    }

    /// Reads a small payload whole, such as the XML of an operation.
    ///
    /// # Errors
    /// `MaxMessageLengthExceeded` beyond `limit_bytes`, and those of [`Payload::finish`].
    pub async fn collect(mut self, limit_bytes: usize) -> S3Result<Bytes> {
        let mut all = Vec::new();
        while let Some(piece) = self.next().await {
            let piece = piece?;
            if piece.len() > limit_bytes.saturating_sub(all.len()) {
                return Err(S3Error::from(Code::MaxMessageLengthExceeded)
                    .with("MaxMessageLengthBytes", limit_bytes.to_string()));
            }
            all.extend_from_slice(&piece);
        }
        self.finish().map(|_| Bytes::from(all))
    }

    /// The next piece of what is at hand.
    fn take(&mut self) -> S3Result<Option<Bytes>> {
        let piece = match &mut self.framing {
            Framing::Plain if self.input.is_empty() => None,
            Framing::Plain => Some(std::mem::take(&mut self.input)),
            Framing::Chunked(chunked) => chunked.take(&mut self.input)?,
        };
        if let Some(piece) = &piece {
            self.digests.update(piece);
            self.check_length()?;
        }
        Ok(piece)
    }

    fn check_length(&self) -> S3Result<()> {
        let read = self.digests.length();
        match self.declared_len {
            Some(declared) if read > declared => Err(wrong_length(declared, read)),
            Some(_) => Ok(()),
            None if read > self.limits.max_payload_bytes => Err(too_large(read, &self.limits)),
            None => Ok(()),
        }
    }

    /// A body that broke off: refused by who reads it for us, too slow, or gone.
    fn broken(&self, error: &BodyError) -> S3Error {
        if let Some(refusal) = error.downcast_ref::<S3Error>() {
            return refusal.clone();
        }
        if timed_out(error.as_ref()) {
            return Code::RequestTimeout.into();
        }
        match self.declared_len {
            Some(declared) => wrong_length(declared, self.digests.length()),
            None => Code::IncompleteBody.into(),
        }
    }
}

fn timed_out(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut at = Some(error);
    while let Some(error) = at {
        let io = error.downcast_ref::<std::io::Error>();
        if io.is_some_and(|io| io.kind() == std::io::ErrorKind::TimedOut)
            || error.is::<tokio::time::error::Elapsed>()
        {
            return true;
        }
        at = error.source();
    }
    false
}
