//! Opened objects as plaintext: which sealed bytes to read, and a body that reads them.
//!
//! The first bytes are opened before the answer's head is made, so a damaged object is a refusal
//! and not a cut 200. Small bodies are opened on the spot, large ones a batch at a time on the
//! blocking pool, whatever their size in bounded memory.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use http_body::Frame;
use tokio::sync::mpsc;

use crate::body::{Body, BodyError};
use crate::door::{Opened, Selected};
use crate::error::{Code, S3Error, S3Result};
use crate::seal::{Cipher, Layout, OpenStream, Slice};
use crate::store::StoredBody;

/// Plaintext bytes that are opened without leaving the runtime's thread (10 µs per 64 KiB).
const INLINE_LEN_MAX: u64 = 256 * 1024;
/// Sealed bytes that are read at once: fewer hops to the blocking pool than segment by segment.
const BATCH_LEN: u64 = 256 * 1024;
/// Batches that wait for a slow client.
const BATCHES_WAITING: usize = 2;

/// Reads the selected bytes of an opened object, in order.
pub(crate) struct Source {
    opened: Arc<Opened>,
    cipher: Cipher,
    /// The parts still to be read, the next one last: its index, and what of it.
    parts: Vec<(usize, Slice)>,
    current: Option<Current>,
}

struct Current {
    stream: OpenStream,
    body: StoredBody,
    at: u64,
    end: u64,
}

impl Source {
    /// Plans the read.
    ///
    /// # Errors
    /// `InternalError` when the record does not fit together.
    pub(crate) fn new(opened: Arc<Opened>, cipher: Cipher) -> S3Result<Self> {
        let mut parts = plan(&opened)?;
        parts.reverse();
        Ok(Self {
            opened,
            cipher,
            parts,
            current: None,
        })
    }

    /// The next plaintext bytes, at most a batch; `None` at the end. Blocks on the disk.
    pub(crate) fn next(&mut self) -> S3Result<Option<Bytes>> {
        loop {
            let Some(current) = &mut self.current else {
                match self.parts.pop() {
                    None => return Ok(None),
                    Some((index, slice)) => self.current = Some(self.begin(index, &slice)?),
                }
                continue;
            };
            if current.at == current.end {
                if let Some(current) = self.current.take() {
                    current.stream.finish().map_err(damaged)?;
                }
                continue;
            }
            let len = (current.end - current.at).min(BATCH_LEN);
            let sealed = current
                .body
                .read(current.at, len as usize)
                .map_err(damaged)?;
            current.at += len;
            let plaintext = current
                .stream
                .push_owned(BytesMut::from(sealed))
                .map_err(damaged)?;
            if !plaintext.is_empty() {
                return Ok(Some(plaintext));
            }
        }
    }

    /// The next batch, on the blocking pool unless all that was selected is small.
    pub(crate) async fn step(mut self) -> S3Result<(Self, Option<Bytes>)> {
        if self.opened.selected.len <= INLINE_LEN_MAX {
            let batch = self.next()?;
            return Ok((self, batch));
        }
        let stepped = tokio::task::spawn_blocking(move || {
            let batch = self.next()?;
            Ok((self, batch))
        });
        stepped
            .await
            .map_err(|_| S3Error::from(Code::InternalError))?
    }

    fn begin(&self, index: usize, slice: &Slice) -> S3Result<Current> {
        let part = self
            .opened
            .record()?
            .parts
            .get(index)
            .ok_or(Code::InternalError)?;
        let (at, end) = (slice.sealed.start, slice.sealed.end);
        let stream = OpenStream::new(&self.opened.object_key, &part.stream, slice, self.cipher);
        Ok(Current {
            stream,
            body: part.body.clone(),
            at,
            end,
        })
    }
}

/// Which slice of which part holds the selected bytes. Nothing selected still takes one segment,
/// so that an empty answer, too, comes from bytes that were authenticated.
fn plan(opened: &Opened) -> S3Result<Vec<(usize, Slice)>> {
    let Selected { first, len, .. } = opened.selected;
    let mut slices = Vec::new();
    let mut offset = 0;
    for (index, part) in opened.record()?.parts.iter().enumerate() {
        let from = first.max(offset);
        let to = (first + len).min(offset + part.size);
        if from < to || (len == 0 && slices.is_empty()) {
            let layout = Layout::new(part.size, part.stream.segment_len).map_err(damaged)?;
            let range = from.min(to).saturating_sub(offset)..to.saturating_sub(offset);
            slices.push((index, layout.slice(range)));
        }
        offset += part.size;
    }
    Ok(slices)
}

/// The body of an answer.
///
/// # Errors
/// `InternalError` when the first bytes do not open.
pub(crate) async fn body(opened: Arc<Opened>, cipher: Cipher) -> S3Result<Body> {
    let len = opened.selected.len;
    let mut source = Source::new(opened, cipher)?;
    if len <= INLINE_LEN_MAX {
        let mut all = BytesMut::new();
        while let Some(piece) = source.next()? {
            if piece.len() as u64 == len {
                return Ok(Body::from_bytes(piece));
            }
            all.extend_from_slice(&piece);
        }
        return Ok(Body::from_bytes(all.freeze()));
    }
    let (source, first) = source.step().await?;
    let (sender, receiver) = mpsc::channel(BATCHES_WAITING);
    if let Some(first) = first {
        tokio::spawn(pump(source, first, sender));
    }
    Ok(Body::stream(Batches(receiver)))
}

/// Sends batch after batch until the end, an error, or until nobody listens.
async fn pump(mut source: Source, first: Bytes, sender: mpsc::Sender<Result<Bytes, BodyError>>) {
    let mut batch = first;
    loop {
        if sender.send(Ok(batch)).await.is_err() {
            return;
        }
        match source.step().await {
            Ok((next, Some(bytes))) => (source, batch) = (next, bytes),
            Ok((_, None)) => return,
            Err(error) => {
                // The client sees a connection that breaks off: never a wrong byte.
                let _ = sender.send(Err(error.into())).await;
                return;
            }
        }
    }
}

/// The receiving end as a body.
struct Batches(mpsc::Receiver<Result<Bytes, BodyError>>);

impl http_body::Body for Batches {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        self.0
            .poll_recv(cx)
            .map(|item| item.map(|batch| batch.map(Frame::data)))
    }
}

/// Bytes that are gone or do not open: the store was damaged, and the client can do nothing.
fn damaged<E>(_: E) -> S3Error {
    S3Error::from(Code::InternalError)
}
