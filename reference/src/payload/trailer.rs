//! The lines after the last chunk: one checksum, and its signature when chunks are signed.

use ring::digest;

use super::{Algorithm, Checksum};
use crate::error::{Code, S3Error, S3Result};
use crate::sigv4::ChunkChain;

/// A trailer being read.
#[derive(Debug)]
pub(super) struct Trailer {
    expected: Option<Algorithm>,
    signed: bool,
    value: Option<String>,
    signature: Option<String>,
}

impl Trailer {
    /// A trailer that brings the checksum named in `x-amz-trailer`, if any.
    pub(super) fn new(expected: Option<Algorithm>, signed: bool) -> Self {
        Self {
            expected,
            signed,
            value: None,
            signature: None,
        }
    }

    /// Takes one line. Some clients end the value with a line feed of its own.
    pub(super) fn line(&mut self, line: &[u8]) -> S3Result<()> {
        let text = std::str::from_utf8(line).map_err(|_| malformed())?;
        let (name, value) = text.split_once(':').ok_or_else(malformed)?;
        let (name, value) = (name.trim(), value.trim());
        let expected = self
            .expected
            .is_some_and(|algorithm| is(name, algorithm.header()));
        let slot = if expected {
            &mut self.value
        } else if self.signed && is(name, "x-amz-trailer-signature") {
            &mut self.signature
        } else {
            return Err(malformed());
        };
        match slot.replace(value.to_owned()) {
            None => Ok(()),
            Some(_) => Err(malformed()),
        }
    }

    /// Checks that all is there that was announced, and gives the checksum.
    pub(super) fn finish(&self, chain: Option<&mut ChunkChain>) -> S3Result<Option<Checksum>> {
        let checksum = match (self.expected, &self.value) {
            (None, _) => None,
            (Some(_), None) => return Err(malformed()),
            (Some(algorithm), Some(value)) => Some(parse(algorithm, value)?),
        };
        if let Some(chain) = chain.filter(|_| self.signed) {
            let signature = self.signature.as_deref().ok_or_else(malformed)?;
            let lines = self.canonical();
            let hash = digest::digest(&digest::SHA256, lines.as_bytes());
            chain
                .trailer(hash.as_ref(), signature)
                .map_err(|_| S3Error::from(Code::SignatureDoesNotMatch))?;
        }
        Ok(checksum)
    }

    fn canonical(&self) -> String {
        match (self.expected, &self.value) {
            (Some(algorithm), Some(value)) => format!("{}:{value}\n", algorithm.header()),
            _ => String::new(),
        }
    }
}

fn is(name: &str, other: &str) -> bool {
    name.eq_ignore_ascii_case(other)
}

fn parse(algorithm: Algorithm, value: &str) -> S3Result<Checksum> {
    Checksum::parse(algorithm, value).ok_or_else(|| {
        let message = format!(
            "Value for {} trailing header is invalid.",
            algorithm.header()
        );
        S3Error::new(Code::InvalidRequest, message)
    })
}

/// STR-003.
fn malformed() -> S3Error {
    Code::MalformedTrailerError.into()
}
