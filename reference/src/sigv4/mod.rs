//! Who is asking: Signature Version 4 in the Authorization header or in the query.
//! Pure functions; no sockets, no clock of its own, no store.

mod amz_date;
mod authorization;
mod canonical;
mod chunks;
mod claim;
mod credentials;
mod form;
pub(crate) mod hex;
mod hoist;
mod payload_hash;
mod presigned;
mod query;
mod resign;
mod scope;
mod unsigned;
#[cfg(test)]
mod vectors;
mod verify;

pub use chunks::{Broken, ChunkChain};
pub(crate) use claim::version_2;
pub use credentials::Credentials;
pub(crate) use form::FormClaim;
pub use hoist::hoist;
pub use payload_hash::PayloadHash;
pub(crate) use query::{Slash, encode as percent_encode};
pub use resign::resign;
pub use scope::Scope;

use http::request::Parts;
use time::{Duration, OffsetDateTime};

use crate::error::{Code, S3Error, S3Result};
use payload_hash::{Declared, UNSIGNED};
use query::Params;

/// Who sent a request, as far as its signature proves it.
#[derive(Clone, Debug)]
pub enum Identity {
    /// No signature at all: a bucket policy decides.
    Anonymous {
        /// What the request says about its payload.
        payload: PayloadHash,
    },
    /// A valid signature.
    Signed(Signed),
}

/// What a valid signature proves.
#[derive(Clone, Debug)]
pub struct Signed {
    /// Who signed.
    pub access_key_id: String,
    /// Day, region and service of the signature.
    pub scope: Scope,
    /// The signed header names, lower case and sorted.
    pub signed_headers: Vec<String>,
    /// Where the signature stood.
    pub method: Method,
    /// What was signed about the payload.
    pub payload: PayloadHash,
}

/// Where a signature stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// In the Authorization header.
    Header,
    /// In the query of a presigned URL.
    Query,
    /// In the fields of a form, over its policy.
    Form,
}

/// How far the times of a signature may be off.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The greatest difference between the request's time and ours (S3: 15 minutes).
    pub max_clock_skew: Duration,
    /// The longest life of a presigned URL in seconds (S3: a week).
    pub max_expires_s: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_clock_skew: Duration::minutes(15),
            max_expires_s: 604_800,
        }
    }
}

impl Identity {
    /// Nobody, with a payload that nobody hashed.
    pub(crate) fn anonymous() -> Self {
        Self::Anonymous {
            payload: PayloadHash::Unsigned,
        }
    }

    /// The access key id, `None` for an anonymous request.
    pub fn access_key_id(&self) -> Option<&str> {
        match self {
            Self::Anonymous { .. } => None,
            Self::Signed(signed) => Some(&signed.access_key_id),
        }
    }

    /// Whether the signature stood in the query.
    pub fn is_presigned(&self) -> bool {
        matches!(self, Self::Signed(signed) if signed.method == Method::Query)
    }

    /// What the request says about its payload; give it to [`crate::payload::Payload::new`].
    pub fn payload(&self) -> &PayloadHash {
        match self {
            Self::Anonymous { payload } => payload,
            Self::Signed(signed) => &signed.payload,
        }
    }
}

/// Proves who sent a request, or says why not, in S3's order of checks: syntax, scope, dates,
/// access key, unsigned headers, signature, names sent twice (SIG-001).
///
/// `parts` is the head as it came: path and query still encoded.
pub fn authenticate(
    parts: &Parts,
    credentials: &[Credentials],
    region: &str,
    now: OffsetDateTime,
    limits: &Limits,
) -> S3Result<Identity> {
    let params = Params::parse(parts.uri.query());
    let header = parts.headers.contains_key(http::header::AUTHORIZATION);
    let claim = match (header, presigned::is_signed(&params)) {
        (true, true) if params.has("X-Amz-Signature") || params.has("X-Amz-Algorithm") => {
            return Err(two_mechanisms());
        }
        (true, _) => authorization::read(&parts.headers, region, now, limits)?,
        (false, true) => Some(presigned::read(
            &params,
            &parts.headers,
            region,
            now,
            limits,
        )?),
        (false, false) => {
            presigned::refuse_version_2(&params)?;
            None
        }
    };
    match claim {
        Some(claim) => verify::verify(parts, &params, claim, credentials).map(Identity::Signed),
        None => Ok(Identity::Anonymous {
            payload: anonymous_payload(parts)?,
        }),
    }
}

fn anonymous_payload(parts: &Parts) -> S3Result<PayloadHash> {
    let header = parts
        .headers
        .get("x-amz-content-sha256")
        .map(http::HeaderValue::as_bytes);
    let text = String::from_utf8_lossy(header.unwrap_or(UNSIGNED.as_bytes()));
    Declared::parse(text.trim())?.anonymous()
}

fn two_mechanisms() -> S3Error {
    let message = "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, \
                   Signature query string parameter or the Authorization header should be specified";
    S3Error::new(Code::InvalidArgument, message).with("ArgumentName", "Authorization")
}
