//! multipart/form-data (RFC 7578), read as it comes: fields whole, the file as a stream.
//! Buffers no more than the limits of fields, or one piece of the body.

use bytes::{Buf as _, Bytes, BytesMut};
use http::HeaderMap;
use http::header::CONTENT_TYPE;

use super::document::LengthRange;
use super::file::{FilePart, find};
use crate::body::Body;
use crate::error::{Code, S3Error, S3Result};

/// All that may precede the file, in bytes (S3: 20 KB of fields).
const FIELDS_LEN_MAX: usize = 20 * 1024;
/// The longest boundary in characters (RFC 2046 §5.1.1).
const BOUNDARY_LEN_MAX: usize = 70;

/// A reader of parts.
#[derive(Debug)]
pub(super) struct Multipart {
    body: Body,
    buffer: BytesMut,
    /// `CRLF -- boundary`.
    delimiter: Vec<u8>,
    read_len: usize,
}

/// The head of a part.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PartHead {
    pub(super) name: String,
    pub(super) filename: Option<String>,
}

impl Multipart {
    /// Reads the boundary from the head of the request (PST-115, PST-140).
    pub(super) fn new(headers: &HeaderMap, body: Body) -> S3Result<Self> {
        let value = headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        let boundary = boundary(value.unwrap_or_default())?;
        // What a client sends first lacks the CRLF that every other delimiter begins with.
        let buffer = BytesMut::from(&b"\r\n"[..]);
        let delimiter = [b"\r\n--", boundary.as_bytes()].concat();
        Ok(Self {
            body,
            buffer,
            delimiter,
            read_len: 0,
        })
    }

    /// The head of the next part, `None` after the last.
    pub(super) async fn next_part(&mut self) -> S3Result<Option<PartHead>> {
        self.skip_delimiter().await?;
        let tail = self.take_exactly(2).await?;
        match &tail[..] {
            b"\r\n" => {}
            b"--" => return Ok(None),
            _ => return Err(malformed()),
        }
        let mut head = PartHead {
            name: String::new(),
            filename: None,
        };
        loop {
            let line = self.take_until(b"\r\n").await?;
            if line.is_empty() {
                break;
            }
            head.read_line(&line)?;
        }
        if head.name.is_empty() {
            Err(malformed())
        } else {
            Ok(Some(head))
        }
    }

    /// The whole value of the part whose head was just read.
    pub(super) async fn field(&mut self) -> S3Result<String> {
        let delimiter = self.delimiter.clone();
        let at = self.find(&delimiter).await?;
        let value = self.buffer.split_to(at);
        self.check_len(self.read_len.saturating_sub(self.buffer.len()))?;
        String::from_utf8(value.to_vec()).map_err(|_| malformed())
    }

    /// The part whose head was just read, as a stream; what follows it is passed over.
    pub(super) fn into_file(self, range: Option<LengthRange>) -> FilePart {
        FilePart::new(self.body, self.buffer, self.delimiter, range)
    }

    async fn skip_delimiter(&mut self) -> S3Result<()> {
        let expected = self.delimiter.clone();
        let found = self.take_exactly(expected.len()).await?;
        if found == expected {
            Ok(())
        } else {
            Err(malformed())
        }
    }

    async fn take_exactly(&mut self, len: usize) -> S3Result<Bytes> {
        while self.buffer.len() < len {
            self.fill().await?;
        }
        Ok(self.buffer.split_to(len).freeze())
    }

    async fn take_until(&mut self, end: &[u8]) -> S3Result<Bytes> {
        let at = self.find(end).await?;
        let line = self.buffer.split_to(at).freeze();
        self.buffer.advance(end.len());
        Ok(line)
    }

    async fn find(&mut self, wanted: &[u8]) -> S3Result<usize> {
        let mut searched = 0;
        loop {
            if let Some(at) = find(&self.buffer[searched..], wanted) {
                return Ok(searched + at);
            }
            searched = self.buffer.len().saturating_sub(wanted.len() - 1);
            self.fill().await?;
        }
    }

    fn check_len(&self, len: usize) -> S3Result<()> {
        if len <= FIELDS_LEN_MAX {
            return Ok(());
        }
        Err(Code::MaxPostPreDataLengthExceededError.into())
    }

    async fn fill(&mut self) -> S3Result<()> {
        self.check_len(self.read_len)?;
        match self.body.next().await {
            Some(Ok(piece)) => {
                self.read_len += piece.len();
                self.buffer.extend_from_slice(&piece);
                Ok(())
            }
            Some(Err(_)) | None => Err(malformed()),
        }
    }
}

impl PartHead {
    fn read_line(&mut self, line: &[u8]) -> S3Result<()> {
        let line = std::str::from_utf8(line).map_err(|_| malformed())?;
        let (name, value) = line.split_once(':').ok_or_else(malformed)?;
        if name.eq_ignore_ascii_case("content-disposition") {
            self.name = parameter(value, "name").unwrap_or_default();
            self.filename = parameter(value, "filename");
        }
        Ok(())
    }
}

fn boundary(content_type: &str) -> S3Result<String> {
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("multipart/form-data") {
        return Err(S3Error::from(Code::PreconditionFailed).with(
            "Condition",
            "Bucket POST must be of the enclosure-type multipart/form-data",
        ));
    }
    parameter(content_type, "boundary")
        .filter(|boundary| (1..=BOUNDARY_LEN_MAX).contains(&boundary.len()))
        .ok_or_else(malformed)
}

/// A parameter of a header value, quoted or not.
fn parameter(value: &str, wanted: &str) -> Option<String> {
    let mut rest = value.split_once(';')?.1;
    loop {
        let (name, tail) = rest.split_once('=')?;
        let (text, tail) = match tail.strip_prefix('"') {
            Some(quoted) => quoted_text(quoted)?,
            None => {
                let end = tail.find(';').unwrap_or(tail.len());
                (tail[..end].trim().to_owned(), &tail[end..])
            }
        };
        if name.trim().eq_ignore_ascii_case(wanted) {
            return Some(text);
        }
        rest = tail.split_once(';')?.1;
    }
}

/// The text before the closing quote, and what follows it.
fn quoted_text(text: &str) -> Option<(String, &str)> {
    let mut out = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((out, &text[at + 1..])),
            '\\' => match chars.next()?.1 {
                c @ ('"' | '\\') => out.push(c),
                c => out.extend(['\\', c]),
            },
            c => out.push(c),
        }
    }
    None
}

fn malformed() -> S3Error {
    Code::MalformedPOSTRequest.into()
}
