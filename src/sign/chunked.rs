//! The aws-chunked framing of a body, with and without chunk signatures and trailers.
//!
//! AWS, "Signature Calculations for the Authorization Header: Transferring Payload in Multiple Chunks" and
//! "… Including Trailing Headers (Chunked Upload)", Amazon S3 API Reference.

use aws_sigv4::sign::v4;
use bytes::{BufMut as _, Bytes, BytesMut};

use super::{SERVICE, Scope, SignError};
use crate::case::call::Payload;
use crate::wire::{Headers, Request};

/// Payload bytes in one chunk. S3 wants at least 8 KiB in all chunks but the last.
const CHUNK_LEN: usize = 64 * 1024;

/// Adds the headers that announce the framing; they are signed like any other.
pub(super) fn announce(request: &mut Request, payload: Payload) {
    if !is_chunked(payload) {
        return;
    }
    let encoding = match request.headers.get("content-encoding") {
        Some(encoding) => format!("aws-chunked,{encoding}"),
        None => "aws-chunked".to_owned(),
    };
    request.headers.set("content-encoding", encoding);
    if request
        .headers
        .get("x-amz-decoded-content-length")
        .is_none()
    {
        request.headers.set(
            "x-amz-decoded-content-length",
            request.body.len().to_string(),
        );
    }
    if has_trailer(payload) && request.headers.get("x-amz-trailer").is_none() {
        let names: Vec<_> = request.trailers.iter().map(|(name, _)| name).collect();
        let names = names.join(",");
        request.headers.set("x-amz-trailer", names);
    }
}

/// The body as it goes out. `seed` is the signature of the head.
pub(super) fn frame(
    request: &Request,
    payload: Payload,
    seed: &str,
    scope: &Scope,
) -> Result<Bytes, SignError> {
    if !is_chunked(payload) {
        return Ok(request.body.clone());
    }
    let signs = matches!(payload, Payload::Streaming | Payload::StreamingTrailer);
    let mut running = signs.then(|| Running {
        scope,
        signature: seed.to_owned(),
    });
    let mut out = BytesMut::with_capacity(request.body.len() + 1024);
    for at in (0..request.body.len()).step_by(CHUNK_LEN) {
        let end = request.body.len().min(at + CHUNK_LEN);
        put_chunk(&mut out, &request.body.slice(at..end), running.as_mut())?;
        out.put_slice(b"\r\n");
    }
    put_chunk(&mut out, &Bytes::new(), running.as_mut())?;
    if has_trailer(payload) {
        put_trailers(&mut out, &request.trailers, running.as_mut())?;
    }
    out.put_slice(b"\r\n");
    Ok(out.freeze())
}

/// The chain of signatures: each covers the one before.
struct Running<'a> {
    scope: &'a Scope,
    signature: String,
}

/// What a signature of the chain covers.
enum Link<'a> {
    Chunk(&'a Bytes),
    Trailers(&'a Headers),
}

impl Running<'_> {
    fn extend(&mut self, link: &Link<'_>) -> Result<&str, SignError> {
        let identity = self.scope.credentials.clone().into();
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.scope.region)
            .name(SERVICE)
            .time(self.scope.time)
            .settings(())
            .build()
            .map_err(|error| SignError::new(&error))?;
        let signed = match link {
            Link::Chunk(chunk) => v4::sign_chunk(chunk, &self.signature, &params),
            Link::Trailers(trailers) => {
                let headers = header_map(trailers)?
                    .try_into()
                    .map_err(|error| SignError::new(&error))?;
                v4::sign_trailer(&headers, &self.signature, &params)
            }
        };
        self.signature = signed
            .map_err(|error| SignError::new(&error))?
            .signature()
            .to_owned();
        Ok(&self.signature)
    }
}

fn put_chunk(
    out: &mut BytesMut,
    chunk: &Bytes,
    running: Option<&mut Running<'_>>,
) -> Result<(), SignError> {
    out.put_slice(format!("{:x}", chunk.len()).as_bytes());
    if let Some(running) = running {
        out.put_slice(
            format!(";chunk-signature={}", running.extend(&Link::Chunk(chunk))?).as_bytes(),
        );
    }
    out.put_slice(b"\r\n");
    out.put_slice(chunk);
    Ok(())
}

fn put_trailers(
    out: &mut BytesMut,
    trailers: &Headers,
    running: Option<&mut Running<'_>>,
) -> Result<(), SignError> {
    for (name, value) in trailers.iter() {
        out.put_slice(format!("{name}:{value}\r\n").as_bytes());
    }
    if let Some(running) = running {
        let signature = running.extend(&Link::Trailers(trailers))?;
        out.put_slice(format!("x-amz-trailer-signature:{signature}\r\n").as_bytes());
    }
    Ok(())
}

fn header_map(headers: &Headers) -> Result<http::HeaderMap, SignError> {
    let mut map = http::HeaderMap::new();
    for (name, value) in headers.iter() {
        let name = http::HeaderName::try_from(name).map_err(|error| SignError::new(&error))?;
        map.append(
            name,
            http::HeaderValue::try_from(value).map_err(|error| SignError::new(&error))?,
        );
    }
    Ok(map)
}

const fn is_chunked(payload: Payload) -> bool {
    matches!(
        payload,
        Payload::Streaming | Payload::StreamingTrailer | Payload::UnsignedTrailer
    )
}

const fn has_trailer(payload: Payload) -> bool {
    matches!(
        payload,
        Payload::StreamingTrailer | Payload::UnsignedTrailer
    )
}
