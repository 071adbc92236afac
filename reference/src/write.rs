//! Plaintext on its way into the store: sealed segment by segment, in bounded memory.

use bytes::Bytes;

use crate::app::App;
use crate::error::{Code, S3Error, S3Result};
use crate::payload::{Payload, Verified};
use crate::seal::{ObjectKey, SealStream, StreamHeader};
use crate::store::{NewBody, StoredBody};

/// Sealed bytes that are handed to the store at once.
const BATCH_LEN: usize = 1024 * 1024;

/// A body being sealed and stored. Dropped before [`Sealer::finish`], nothing is left of it.
pub(crate) struct Sealer {
    stream: SealStream,
    body: NewBody,
    durable: bool,
}

/// A body that is sealed and stored, and named by no record yet.
pub(crate) struct Stored {
    pub(crate) body: StoredBody,
    pub(crate) stream: StreamHeader,
    pub(crate) len: u64,
}

impl Sealer {
    /// Begins a stream under a salt drawn now: a part that is uploaded again gets another.
    pub(crate) fn new(app: &App, object_key: &ObjectKey, part: Option<u16>) -> S3Result<Self> {
        let segment_len = app.settings().segment_len;
        let stream = SealStream::new(object_key, part, segment_len, app.cipher(), app.random());
        let body = app.store().create_body().map_err(failed)?;
        Ok(Self {
            stream,
            body,
            durable: app.store().is_durable(),
        })
    }

    /// Takes the next plaintext bytes.
    pub(crate) async fn push(mut self, plaintext: &[u8]) -> S3Result<Self> {
        self.stream.push(plaintext).map_err(failed)?;
        if self.stream.ready() < BATCH_LEN {
            return Ok(self);
        }
        let batch = self.stream.take();
        let Self {
            stream,
            body,
            durable,
        } = self;
        let body = append(body, batch, durable).await?;
        Ok(Self {
            stream,
            body,
            durable,
        })
    }

    /// Seals the last segment and makes the body durable.
    pub(crate) async fn finish(self) -> S3Result<Stored> {
        let Self {
            stream,
            body,
            durable,
        } = self;
        let sealed = stream.finish().map_err(failed)?;
        let body = append(body, sealed.rest, durable).await?;
        let body = if durable {
            tokio::task::spawn_blocking(move || body.commit())
                .await
                .map_err(failed)?
        } else {
            body.commit()
        };
        let body = body.map_err(failed)?;
        Ok(Stored {
            body,
            stream: sealed.header,
            len: sealed.plaintext_len,
        })
    }
}

async fn append(mut body: NewBody, batch: Bytes, durable: bool) -> S3Result<NewBody> {
    if !durable {
        body.append(&batch).map_err(failed)?;
        return Ok(body);
    }
    let appended = tokio::task::spawn_blocking(move || body.append(&batch).map(|()| body));
    appended.await.map_err(failed)?.map_err(failed)
}

/// Seals and stores what a client sends; only a payload that is whole comes out.
///
/// # Errors
/// What is wrong with the payload; nothing is stored then.
pub(crate) async fn seal_payload(
    app: &App,
    mut payload: Payload,
    object_key: &ObjectKey,
    part: Option<u16>,
) -> S3Result<(Stored, Verified)> {
    let mut sealer = Sealer::new(app, object_key, part)?;
    while let Some(piece) = payload.next().await {
        sealer = sealer.push(&piece?).await?;
    }
    let verified = payload.finish()?;
    Ok((sealer.finish().await?, verified))
}

fn failed<E>(_: E) -> S3Error {
    S3Error::from(Code::InternalError)
}
