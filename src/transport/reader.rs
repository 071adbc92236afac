//! Reads an answer from a stream, whatever its framing, with limits on all of it.

use bytes::{Buf as _, Bytes, BytesMut};
use tokio::io::AsyncReadExt as _;

use super::TransportError;
use super::by_hand::Stream;
use super::ordinary::text;
use crate::wire::{BODY_LEN_MAX, HEAD_LEN_MAX, HEADERS_MAX, Headers, Request, Response};

/// Digits and extensions of a chunk's size line.
const CHUNK_LINE_LEN_MAX: usize = 1024;

/// A connection, and what was read of it beyond what was asked for.
pub(super) struct Connection {
    pub(super) stream: Box<dyn Stream>,
    buffer: BytesMut,
}

impl Connection {
    pub(super) fn new(stream: Box<dyn Stream>) -> Self {
        Self {
            stream,
            buffer: BytesMut::new(),
        }
    }

    /// The head of the next answer that is no `1xx`.
    pub(super) async fn read_final_head(&mut self) -> Result<(u16, Headers), TransportError> {
        loop {
            let (status, headers) = self.read_head().await?;
            if status >= 200 {
                return Ok((status, headers));
            }
        }
    }

    pub(super) async fn read_head(&mut self) -> Result<(u16, Headers), TransportError> {
        loop {
            if let Some((head_len, status, headers)) = parse_head(&self.buffer)? {
                self.buffer.advance(head_len);
                return Ok((status, headers));
            }
            if self.buffer.len() > HEAD_LEN_MAX {
                return Err(TransportError::TooLong { max: HEAD_LEN_MAX });
            }
            if !self.read_more().await? {
                return Err(TransportError::Closed);
            }
        }
    }

    pub(super) async fn read_answer(
        &mut self,
        request: &Request,
        status: u16,
        headers: Headers,
    ) -> Result<Response, TransportError> {
        let bodiless = request.method == "HEAD" || status == 204 || status == 304;
        let chunked = headers
            .all("transfer-encoding")
            .any(|value| value.to_ascii_lowercase().contains("chunked"));
        let length = headers.get("content-length").map(str::trim);
        let body = match length {
            _ if bodiless => Bytes::new(),
            _ if chunked => self.read_chunked().await?,
            Some(length) => {
                let length = length
                    .parse()
                    .map_err(|_| TransportError::Garbage("Content-Length".to_owned()))?;
                self.read_exactly(length).await?
            }
            None => self.read_to_end().await?,
        };
        Ok(Response {
            status,
            headers,
            body,
        })
    }

    async fn read_exactly(&mut self, length: usize) -> Result<Bytes, TransportError> {
        if length > BODY_LEN_MAX {
            return Err(TransportError::TooLong { max: BODY_LEN_MAX });
        }
        while self.buffer.len() < length {
            if !self.read_more().await? {
                return Err(TransportError::HalfBody);
            }
        }
        Ok(self.buffer.split_to(length).freeze())
    }

    async fn read_chunked(&mut self) -> Result<Bytes, TransportError> {
        let mut body = BytesMut::new();
        loop {
            let line = self.read_line().await?;
            let digits = line.split(';').next().unwrap_or_default().trim();
            let size = usize::from_str_radix(digits, 16)
                .map_err(|_| TransportError::Garbage("a chunk's size".to_owned()))?;
            if size == 0 {
                while !self.read_line().await?.is_empty() {}
                return Ok(body.freeze());
            }
            if body.len().saturating_add(size) > BODY_LEN_MAX {
                return Err(TransportError::TooLong { max: BODY_LEN_MAX });
            }
            body.extend_from_slice(&self.read_exactly(size).await?);
            self.read_line().await?;
        }
    }

    async fn read_line(&mut self) -> Result<String, TransportError> {
        loop {
            if let Some(end) = self.buffer.windows(2).position(|pair| pair == b"\r\n") {
                let line = self.buffer.split_to(end);
                self.buffer.advance(2);
                return Ok(text(&line));
            }
            if self.buffer.len() > CHUNK_LINE_LEN_MAX {
                return Err(TransportError::TooLong {
                    max: CHUNK_LINE_LEN_MAX,
                });
            }
            if !self.read_more().await? {
                return Err(TransportError::HalfBody);
            }
        }
    }

    async fn read_to_end(&mut self) -> Result<Bytes, TransportError> {
        while self.read_more().await? {
            if self.buffer.len() > BODY_LEN_MAX {
                return Err(TransportError::TooLong { max: BODY_LEN_MAX });
            }
        }
        Ok(self.buffer.split().freeze())
    }

    /// Whether anything came; a peer that closes TLS without saying so ends the answer all the same.
    async fn read_more(&mut self) -> Result<bool, TransportError> {
        match self.stream.read_buf(&mut self.buffer).await {
            Ok(count) => Ok(count > 0),
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Ok(false),
            Err(error) => Err(TransportError::from_io(&error)),
        }
    }
}

/// Length, status and headers of a complete head; `None` if more must be read.
fn parse_head(bytes: &[u8]) -> Result<Option<(usize, u16, Headers)>, TransportError> {
    let mut lines = [httparse::EMPTY_HEADER; HEADERS_MAX];
    let mut head = httparse::Response::new(&mut lines);
    let parsed = head
        .parse(bytes)
        .map_err(|error| TransportError::Garbage(error.to_string()))?;
    let httparse::Status::Complete(length) = parsed else {
        return Ok(None);
    };
    let headers = head
        .headers
        .iter()
        .map(|line| (line.name.to_owned(), text(line.value)))
        .collect();
    Ok(Some((length, head.code.unwrap_or_default(), headers)))
}
