//! The ways to get no answer. Their texts never hold a credential: they are made of addresses and causes.

use std::error::Error;
use std::io::{self, ErrorKind};
use std::time::Duration;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TransportError {
    /// The certificates to trust cannot be read.
    #[error("certificates: {0}")]
    Trust(String),
    /// The host's name is unknown.
    #[error("the name {0} does not resolve")]
    Name(String),
    /// Nobody listens there.
    #[error("connection refused")]
    Refused,
    /// The network says no.
    #[error("unreachable: {0}")]
    Unreachable(String),
    /// No TLS session: an unknown, expired or foreign certificate, or no TLS at all.
    #[error("TLS: {0}")]
    Tls(String),
    /// No connection, or no whole answer, in time.
    #[error("no answer within {limit:?}")]
    Timeout {
        /// The limit that was reached.
        limit: Duration,
    },
    /// The connection was cut before the answer.
    #[error("connection closed before an answer")]
    Closed,
    /// The connection was cut within the answer's body.
    #[error("connection closed within the body")]
    HalfBody,
    /// What came is no HTTP.
    #[error("not HTTP: {0}")]
    Garbage(String),
    /// Longer than we read.
    #[error("answer longer than {max} bytes")]
    TooLong {
        /// The limit that was reached.
        max: usize,
    },
    /// Not sent: HTTP cannot carry it.
    #[error("cannot be sent: {0}")]
    Unsendable(String),
}

impl TransportError {
    /// Whether nobody seems to be there at all: what tells a dead server from an odd answer.
    #[must_use]
    pub const fn is_absence(&self) -> bool {
        matches!(self, Self::Name(_) | Self::Refused | Self::Unreachable(_))
    }

    /// Whether the request certainly never left.
    #[must_use]
    pub const fn is_before_sending(&self) -> bool {
        matches!(
            self,
            Self::Trust(_) | Self::Name(_) | Self::Refused | Self::Tls(_) | Self::Unsendable(_)
        )
    }

    /// From an error of a socket.
    pub(super) fn from_io(error: &io::Error) -> Self {
        if let Some(inner) = error.get_ref() {
            if let Some(tls) = inner.downcast_ref::<rustls::Error>() {
                return Self::Tls(tls.to_string());
            }
            if let Some(deeper) = inner.downcast_ref::<io::Error>() {
                return Self::from_io(deeper);
            }
        }
        match error.kind() {
            ErrorKind::ConnectionRefused => Self::Refused,
            ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe
            | ErrorKind::NotConnected
            | ErrorKind::UnexpectedEof => Self::Closed,
            ErrorKind::TimedOut => Self::Unreachable(error.to_string()),
            ErrorKind::InvalidData => Self::Garbage(error.to_string()),
            _ => Self::Unreachable(error.to_string()),
        }
    }

    /// From an error of the HTTP client, by what lies deepest in it.
    pub(super) fn from_client(error: &reqwest::Error, host: &str, limit: Duration) -> Self {
        if error.is_timeout() {
            return Self::Timeout { limit };
        }
        if error.is_dns() {
            return Self::Name(host.to_owned());
        }
        let within_body = error.is_body() || error.is_decode();
        let chain: Vec<&(dyn Error + 'static)> =
            std::iter::successors(Some(error as &(dyn Error + 'static)), |error| {
                (*error).source()
            })
            .collect();
        for cause in chain.iter().rev() {
            if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
                return Self::Tls(tls.to_string());
            }
            if let Some(io) = cause.downcast_ref::<io::Error>() {
                return match Self::from_io(io) {
                    Self::Closed if within_body => Self::HalfBody,
                    other => other,
                };
            }
        }
        let deepest = chain.last().map_or_else(String::new, ToString::to_string);
        match (within_body, error.is_connect(), error.is_builder()) {
            (_, _, true) => Self::Unsendable(deepest),
            (_, true, _) => Self::Unreachable(deepest),
            (true, ..) => Self::HalfBody,
            // hyper has no public kinds behind reqwest; its texts are stable since 0.14.
            _ if deepest.contains("connection closed") || deepest.contains("channel closed") => {
                Self::Closed
            }
            _ => Self::Garbage(deepest),
        }
    }
}
