//! The chain of signatures over the chunks of a streamed payload. Knows nothing of framing.

use ring::{digest, hmac};

use super::hex;
use super::scope::Scope;

/// The state of a signature chain: each chunk's signature covers the one before it.
///
/// Source: AWS, "Signature calculations for the Authorization header: transferring payload in
/// multiple chunks".
#[derive(Clone)]
pub struct ChunkChain {
    signing_key: hmac::Key,
    time: String,
    scope: Scope,
    previous: String,
}

/// A signature in the chain is not what the chain demands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken;

impl ChunkChain {
    /// A chain that starts from the signature of the head (the seed signature).
    pub fn new(signing_key: hmac::Key, time: &str, scope: Scope, seed: &str) -> Self {
        Self {
            signing_key,
            time: time.to_owned(),
            scope,
            previous: seed.to_owned(),
        }
    }

    /// Checks the signature of the next chunk, given the SHA-256 of its data.
    pub fn chunk(&mut self, data_hash: &[u8], provided: &str) -> Result<(), Broken> {
        let empty = hex::encode(digest::digest(&digest::SHA256, b"").as_ref());
        let tail = format!("{empty}\n{}", hex::encode(data_hash));
        self.link("AWS4-HMAC-SHA256-PAYLOAD", &tail, provided)
    }

    /// Checks the signature of the trailer, given the SHA-256 of its canonical lines.
    pub fn trailer(&mut self, trailer_hash: &[u8], provided: &str) -> Result<(), Broken> {
        self.link(
            "AWS4-HMAC-SHA256-TRAILER",
            &hex::encode(trailer_hash),
            provided,
        )
    }

    fn link(&mut self, algorithm: &str, tail: &str, provided: &str) -> Result<(), Broken> {
        let Self {
            time,
            scope,
            previous,
            ..
        } = self;
        let text = format!("{algorithm}\n{time}\n{scope}\n{previous}\n{tail}");
        let expected = hmac::sign(&self.signing_key, text.as_bytes());
        let provided_bytes = hex::decode(provided).ok_or(Broken)?;
        if subtle::ConstantTimeEq::ct_eq(expected.as_ref(), &provided_bytes[..]).into() {
            self.previous = hex::encode(expected.as_ref());
            Ok(())
        } else {
            Err(Broken)
        }
    }
}

impl std::fmt::Debug for ChunkChain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ChunkChain(..)")
    }
}
