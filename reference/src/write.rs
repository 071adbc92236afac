//! Plaintext on its way into the store: sealed segment by segment, in bounded memory.

use std::sync::Arc;

use bytes::Bytes;
use md5::{Digest as _, Md5};

use crate::app::App;
use crate::door::Opened;
use crate::error::{Code, S3Error, S3Result};
use crate::payload::{Algorithm, Checksum, Hasher, Payload, Verified};
use crate::read::Source;
use crate::seal::{ObjectKey, SealStream, StreamHeader};
use crate::store::{NewBody, StoredBody};

/// Sealed bytes that are handed to the store at once. Four times as many are no faster, and cost ten
/// uploads at a time 50 MiB more.
const BATCH_LEN: usize = 256 * 1024;

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

/// Seals and stores what a client sends; only a payload that is whole comes out. `extra`: a
/// checksum beside the one that was sent.
///
/// # Errors
/// What is wrong with the payload; nothing is stored then.
pub(crate) async fn seal_payload(
    app: &App,
    mut payload: Payload,
    object_key: &ObjectKey,
    part: Option<u16>,
    extra: Option<Algorithm>,
) -> S3Result<(Stored, Verified, Option<Checksum>)> {
    let mut sealer = Sealer::new(app, object_key, part)?;
    let mut extra = extra.map(Hasher::new);
    while let Some(piece) = payload.next().await {
        let piece = piece?;
        if let Some(hasher) = &mut extra {
            hasher.update(&piece);
        }
        sealer = sealer.push(&piece).await?;
    }
    let verified = payload.finish()?;
    let stored = sealer.finish().await?;
    Ok((stored, verified, extra.map(Hasher::finish)))
}

/// What a copy made: the sealed bytes, and what was computed over the plaintext on the way.
pub(crate) struct Copied {
    pub(crate) stored: Stored,
    pub(crate) checksum: Checksum,
    pub(crate) md5: [u8; 16],
}

/// Opens the selected bytes of one object and seals them anew under the key of another.
///
/// # Errors
/// `InternalError` when the source does not open; nothing is stored then.
pub(crate) async fn seal_copy(
    app: &App,
    opened: Arc<Opened>,
    object_key: &ObjectKey,
    part: Option<u16>,
    algorithm: Algorithm,
) -> S3Result<Copied> {
    let mut source = Source::new(opened, app.cipher())?;
    let mut sealer = Sealer::new(app, object_key, part)?;
    let mut hasher = Hasher::new(algorithm);
    let mut md5 = Md5::new();
    loop {
        let (next, batch) = source.step().await?;
        source = next;
        let Some(batch) = batch else { break };
        hasher.update(&batch);
        md5.update(&batch);
        sealer = sealer.push(&batch).await?;
    }
    let stored = sealer.finish().await?;
    Ok(Copied {
        stored,
        checksum: hasher.finish(),
        md5: md5.finalize().into(),
    })
}

fn failed<E>(_: E) -> S3Error {
    S3Error::from(Code::InternalError)
}
