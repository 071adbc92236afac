//! What a request says about its payload: the value of `x-amz-content-sha256`.

use super::chunks::ChunkChain;

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
        chain: ChunkChain,
        /// A signed trailer follows the last chunk.
        trailer: bool,
    },
    /// `STREAMING-UNSIGNED-PAYLOAD-TRAILER`: aws-chunked, a trailer follows, nothing is signed.
    StreamingUnsignedTrailer,
}
