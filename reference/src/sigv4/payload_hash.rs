//! What a request says about its payload: the value of `x-amz-content-sha256`.

use super::chunks::ChunkChain;
use super::hex;
use crate::error::{Code, S3Error, S3Result};

/// How the payload is protected, and so how it must be read.
#[derive(Clone, Debug)]
pub enum PayloadHash {
    /// `UNSIGNED-PAYLOAD`: the bytes are as they come.
    Unsigned,
    /// The SHA-256 of the whole payload.
    Sha256([u8; 32]),
    /// `STREAMING-AWS4-HMAC-SHA256-PAYLOAD[-TRAILER]`: aws-chunked, every chunk signed.
    Streaming {
        /// The chain that starts from the signature of the head.
        chain: Box<ChunkChain>,
        /// A signed trailer follows the last chunk.
        trailer: bool,
    },
    /// `STREAMING-UNSIGNED-PAYLOAD-TRAILER`: aws-chunked, a trailer follows, nothing is signed.
    StreamingUnsignedTrailer,
}

/// The value before the chain of signatures is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Declared {
    Unsigned,
    Sha256([u8; 32]),
    Streaming { trailer: bool },
    StreamingUnsignedTrailer,
}

/// What is signed for a payload that nobody hashed.
pub(super) const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

/// Source: AWS, "Authenticating requests (AWS Signature Version 4)", `x-amz-content-sha256`.
const KEYWORDS: &[(&str, Declared)] = &[
    (UNSIGNED, Declared::Unsigned),
    (
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        Declared::Streaming { trailer: false },
    ),
    (
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
        Declared::Streaming { trailer: true },
    ),
    (
        "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        Declared::StreamingUnsignedTrailer,
    ),
];

impl Declared {
    /// Reads a keyword or the hex of a SHA-256 (SIG-015).
    pub(super) fn parse(text: &str) -> S3Result<Self> {
        if let Some((_, declared)) = KEYWORDS.iter().find(|(keyword, _)| *keyword == text) {
            return Ok(*declared);
        }
        let hash = hex::decode(text).and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        hash.map(Self::Sha256).ok_or_else(|| {
            let names: Vec<&str> = KEYWORDS.iter().map(|(keyword, _)| *keyword).collect();
            let names = names.join(", ");
            S3Error::new(
                Code::InvalidArgument,
                format!("x-amz-content-sha256 must be {names} or a valid sha256 value."),
            )
            .with("ArgumentName", "x-amz-content-sha256")
            .with("ArgumentValue", text)
        })
    }

    /// The value of a signed request, whose signature begins the chain.
    pub(super) fn signed(self, chain: impl FnOnce() -> ChunkChain) -> PayloadHash {
        match self {
            Self::Unsigned => PayloadHash::Unsigned,
            Self::Sha256(hash) => PayloadHash::Sha256(hash),
            Self::Streaming { trailer } => PayloadHash::Streaming {
                chain: Box::new(chain()),
                trailer,
            },
            Self::StreamingUnsignedTrailer => PayloadHash::StreamingUnsignedTrailer,
        }
    }

    /// The value of an anonymous request; signed chunks without a signature of the head are a
    /// partial signature, which is never anonymous (PRE-118).
    pub(super) fn anonymous(self) -> S3Result<PayloadHash> {
        match self {
            Self::Unsigned => Ok(PayloadHash::Unsigned),
            Self::Sha256(hash) => Ok(PayloadHash::Sha256(hash)),
            Self::Streaming { .. } => Err(Code::AccessDenied.into()),
            Self::StreamingUnsignedTrailer => Ok(PayloadHash::StreamingUnsignedTrailer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sig_015_anything_else_is_an_invalid_argument() {
        for bad in ["", "unsigned-payload", "UNSIGNED", "e3b0", &"g".repeat(64)] {
            let error = Declared::parse(bad).unwrap_err();
            assert_eq!(error.code(), Code::InvalidArgument, "{bad}");
        }
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert!(matches!(Declared::parse(empty), Ok(Declared::Sha256(_))));
    }

    #[test]
    fn pre_118_signed_chunks_are_never_anonymous() {
        let declared = Declared::parse("STREAMING-AWS4-HMAC-SHA256-PAYLOAD").unwrap();
        assert_eq!(declared.anonymous().unwrap_err().code(), Code::AccessDenied);
    }
}
