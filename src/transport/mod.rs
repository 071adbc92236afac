//! Sends one request and returns the whole answer, or why there is none; the only module with sockets.
//!
//! Ordinary requests go through an HTTP client that keeps connections alive; what such a client would
//! refuse to send, or would tidy up, is written by hand.

mod by_hand;
mod error;
mod name;
mod ordinary;
mod reader;
mod tls;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

pub use error::TransportError;

use crate::target::Target;
use crate::wire::{Request, Response};

/// How long things may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// From the first packet to a usable connection.
    pub connect: Duration,
    /// From the first byte of a request to the last of its answer.
    pub exchange: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            exchange: Duration::from_secs(30),
        }
    }
}

/// The way to one target.
#[derive(Debug)]
pub struct Transport {
    ordinary: ordinary::Client,
    by_hand: by_hand::Client,
    sent: AtomicU64,
}

impl Transport {
    /// Prepares the way; nothing is sent yet.
    ///
    /// # Errors
    /// If the certificates to trust cannot be read.
    pub fn new(target: &Target, timeouts: Timeouts) -> Result<Self, TransportError> {
        let tls = tls::config(&target.trust)?;
        let names = name::Names::of(target);
        Ok(Self {
            ordinary: ordinary::Client::new(tls.clone(), names.clone(), timeouts)?,
            by_hand: by_hand::Client::new(Arc::new(tls), names, timeouts),
            sent: AtomicU64::new(0),
        })
    }

    /// Sends the request and waits for the whole answer.
    ///
    /// # Errors
    /// One variant per way to get no answer.
    pub async fn send(&self, request: &Request) -> Result<Response, TransportError> {
        self.sent.fetch_add(1, Ordering::Relaxed);
        match ordinary::url(request) {
            Some(url) if !needs_hands(request) => self.ordinary.send(url, request).await,
            _ => self.by_hand.send(request).await,
        }
    }

    /// How many requests were sent so far.
    #[must_use]
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }
}

/// What a client library would not send as it stands. It would not wait for `100 Continue` either.
fn needs_hands(request: &Request) -> bool {
    let framing = &request.framing;
    framing.by_hand
        || framing.stop_after.is_some()
        || !framing.lines.is_empty()
        || !framing.first.is_empty()
        || request.headers.get("expect").is_some()
        || ["host", "content-length", "transfer-encoding", "connection"]
            .iter()
            .any(|name| request.headers.get(name).is_some())
}
