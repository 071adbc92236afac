//! aws-chunked: `size[;chunk-signature=…] CRLF data CRLF` …, then a trailer. A state machine over
//! bytes; it copies no data and buffers no more than one line.

use bytes::{Buf as _, Bytes};
use ring::digest;

use super::Checksum;
use super::trailer::Trailer;
use crate::error::{Code, S3Error, S3Result};
use crate::sigv4::ChunkChain;

/// The longest line of framing in bytes: 16 digits and a signature need 97.
const MAX_LINE_BYTES: usize = 1024;
/// The most lines of a trailer: a checksum and its signature, with room.
const MAX_TRAILER_LINES: usize = 8;
/// The smallest chunk that another one may follow, in bytes (STR-002).
const MIN_CHUNK_BYTES: u64 = 8192;

/// A decoder of one payload.
#[derive(Debug)]
pub(super) struct Chunked {
    step: Step,
    line: Vec<u8>,
    expected: u64,
    announced: u64,
    chunks: u64,
    chunk_len: u64,
    signatures: Option<Signatures>,
    trailer: Trailer,
    trailer_lines: usize,
    checksum: Option<Checksum>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Size,
    Data { left: u64 },
    DataEnd,
    Trailer,
    Done,
}

struct Signatures {
    chain: Box<ChunkChain>,
    hash: digest::Context,
    provided: String,
}

impl Chunked {
    /// `expected` bytes of plaintext; a chain when the chunks are signed.
    pub(super) fn new(expected: u64, chain: Option<Box<ChunkChain>>, trailer: Trailer) -> Self {
        Self {
            step: Step::Size,
            line: Vec::new(),
            expected,
            announced: 0,
            chunks: 0,
            chunk_len: 0,
            signatures: chain.map(Signatures::new),
            trailer,
            trailer_lines: 0,
            checksum: None,
        }
    }

    /// The next piece of data in `input`, `None` when all of `input` is used.
    pub(super) fn take(&mut self, input: &mut Bytes) -> S3Result<Option<Bytes>> {
        while !input.is_empty() {
            match self.step {
                Step::Data { left } => return Ok(Some(self.data(left, input))),
                Step::Done => return Err(malformed()),
                Step::Size | Step::DataEnd | Step::Trailer => {
                    if let Some(line) = self.read_line(input)? {
                        self.line(&line)?;
                    }
                }
            }
        }
        Ok(None)
    }

    /// The checksum of the trailer, once everything was there (STR-001).
    pub(super) fn finish(self) -> S3Result<Option<Checksum>> {
        match self.step {
            Step::Done => Ok(self.checksum),
            Step::Size | Step::Data { .. } | Step::DataEnd | Step::Trailer => Err(malformed()),
        }
    }

    fn data(&mut self, left: u64, input: &mut Bytes) -> Bytes {
        let here = usize::try_from(left).unwrap_or(usize::MAX).min(input.len());
        let piece = input.split_to(here);
        if let Some(signatures) = &mut self.signatures {
            signatures.hash.update(&piece);
        }
        let left = left - piece.len() as u64;
        self.step = if left == 0 {
            Step::DataEnd
        } else {
            Step::Data { left }
        };
        piece
    }

    /// A whole line without its CRLF, `None` when `input` ends before it.
    fn read_line(&mut self, input: &mut Bytes) -> S3Result<Option<Vec<u8>>> {
        while !input.is_empty() {
            self.line.push(input.get_u8());
            if self.line.ends_with(b"\r\n") {
                self.line.truncate(self.line.len() - 2);
                return Ok(Some(std::mem::take(&mut self.line)));
            }
            if self.line.len() > MAX_LINE_BYTES {
                return Err(malformed());
            }
        }
        Ok(None)
    }

    fn line(&mut self, line: &[u8]) -> S3Result<()> {
        match self.step {
            Step::Size => self.chunk_header(line),
            Step::DataEnd if line.is_empty() => {
                self.check_signature()?;
                self.step = Step::Size;
                Ok(())
            }
            Step::Trailer if line.is_empty() => {
                let chain = self
                    .signatures
                    .as_mut()
                    .map(|signatures| &mut *signatures.chain);
                self.checksum = self.trailer.finish(chain)?;
                self.step = Step::Done;
                Ok(())
            }
            Step::Trailer if self.trailer_lines < MAX_TRAILER_LINES => {
                self.trailer_lines += 1;
                self.trailer.line(line)
            }
            Step::Trailer | Step::DataEnd | Step::Data { .. } | Step::Done => Err(malformed()),
        }
    }

    fn chunk_header(&mut self, line: &[u8]) -> S3Result<()> {
        let text = std::str::from_utf8(line).map_err(|_| malformed())?;
        let (size, extension) = match text.split_once(';') {
            Some((size, extension)) => (size, Some(extension)),
            None => (text, None),
        };
        let size = chunk_size(size)?;
        match (
            &mut self.signatures,
            extension.map(|text| text.strip_prefix("chunk-signature=")),
        ) {
            (Some(signatures), Some(Some(provided))) => {
                provided.clone_into(&mut signatures.provided)
            }
            (None, None) => {}
            _ => return Err(malformed()),
        }
        self.begin_chunk(size)
    }

    fn begin_chunk(&mut self, size: u64) -> S3Result<()> {
        let previous = std::mem::replace(&mut self.chunk_len, size);
        self.announced = self.announced.saturating_add(size);
        self.chunks += 1;
        if size == 0 {
            self.check_signature()?;
        } else if self.chunks > 1 && previous < MIN_CHUNK_BYTES {
            return Err(S3Error::from(Code::InvalidChunkSizeError)
                .with("Chunk", self.chunks.to_string())
                .with("BadChunkSize", previous.to_string()));
        }
        if self.announced > self.expected || (size == 0 && self.announced < self.expected) {
            return Err(wrong_length(self.expected, self.announced));
        }
        self.step = if size == 0 {
            Step::Trailer
        } else {
            Step::Data { left: size }
        };
        Ok(())
    }

    fn check_signature(&mut self) -> S3Result<()> {
        let Some(signatures) = &mut self.signatures else {
            return Ok(());
        };
        signatures
            .check()
            .map_err(|_| Code::SignatureDoesNotMatch.into())
    }
}

impl Signatures {
    fn new(chain: Box<ChunkChain>) -> Self {
        Self {
            chain,
            hash: digest::Context::new(&digest::SHA256),
            provided: String::new(),
        }
    }

    fn check(&mut self) -> Result<(), crate::sigv4::Broken> {
        let next = digest::Context::new(&digest::SHA256);
        let hash = std::mem::replace(&mut self.hash, next).finish();
        self.chain.chunk(hash.as_ref(), &self.provided)
    }
}

impl std::fmt::Debug for Signatures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signatures(..)")
    }
}

fn chunk_size(text: &str) -> S3Result<u64> {
    let hex = (1..=16).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !hex {
        return Err(malformed());
    }
    u64::from_str_radix(text, 16).map_err(|_| malformed())
}

/// STR-004, and the same for a plain body.
pub(super) fn wrong_length(expected: u64, provided: u64) -> S3Error {
    let message =
        "You did not provide the number of bytes specified by the Content-Length HTTP header";
    S3Error::new(Code::IncompleteBody, message)
        .with("NumberBytesExpected", expected.to_string())
        .with("NumberBytesProvided", provided.to_string())
}

/// STR-001.
fn malformed() -> S3Error {
    Code::IncompleteBody.into()
}
