//! An unsigned request becomes a signed one, by AWS's own arithmetic; pure: the time is an argument.
//!
//! S3's dialect of SigV4: the path is signed as it is sent, without a second percent-encoding and without
//! normalisation, and `x-amz-content-sha256` is always sent and signed
//! (AWS, "Signature Calculations for the Authorization Header", Amazon S3 API Reference).

mod chunked;
mod form;
mod presign;
mod v2;

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation,
    SigningInstructions, SigningSettings, UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use ring::digest;

use crate::case::call::{Corrupt, Payload, Sign, SignMethod};
use crate::keys::hex;
use crate::target::Credentials;
use crate::wire::Request;

const CONTENT_SHA256: &str = "x-amz-content-sha256";
const SERVICE: &str = "s3";

/// Why a request cannot be signed: it is no request that HTTP could carry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the request cannot be signed: {0}")]
pub struct SignError(String);

impl SignError {
    fn new(error: &dyn std::error::Error) -> Self {
        Self(
            error
                .source()
                .map_or_else(|| error.to_string(), |source| format!("{error}: {source}")),
        )
    }
}

/// Who signs, where and when.
#[derive(Clone, Copy, Debug)]
pub struct Signer<'a> {
    /// Whose signature.
    pub credentials: &'a Credentials,
    /// For which region.
    pub region: &'a str,
    /// When; a request's `skew` is added.
    pub now: SystemTime,
}

impl Signer<'_> {
    /// Signs in the header `Authorization`, and puts the body into the framing that `how.payload` asks for.
    ///
    /// # Errors
    /// If the path or a header cannot be sent over HTTP at all.
    pub fn sign(&self, mut request: Request, how: &Sign) -> Result<Request, SignError> {
        match how.method {
            SignMethod::None => return Ok(request),
            SignMethod::V2 => return Ok(v2::header(self, request, how)),
            SignMethod::V4 => {}
        }
        chunked::announce(&mut request, how.payload);
        let payload_hash = payload_hash(&request, how.payload);
        let scope = Scope::of(self, how);
        let (instructions, signature) = scope.instructions(&request, how, payload_hash, None)?;
        for (name, value) in instructions.headers() {
            request.headers.set(name, value);
        }
        request.body = chunked::frame(&request, how.payload, &signature, &scope)?;
        if how.corrupt == Some(Corrupt::Signature) {
            let spoilt = request
                .headers
                .get("authorization")
                .map(|value| spoil(value, &signature));
            request
                .headers
                .set("authorization", spoilt.unwrap_or_default());
        }
        Ok(request)
    }

    /// When this request claims to have been signed.
    fn time(&self, how: &Sign) -> SystemTime {
        shift(self.now, how.skew)
    }
}

/// Everything of a signature that is not the request: whose, where, when, deliberate faults included.
struct Scope {
    credentials: aws_credential_types::Credentials,
    region: String,
    time: SystemTime,
}

impl Scope {
    fn of(signer: &Signer<'_>, how: &Sign) -> Self {
        let id = signer.credentials.access_key_id();
        let id = if how.corrupt == Some(Corrupt::AccessKey) {
            format!("{id}X")
        } else {
            id.to_owned()
        };
        let region = if how.corrupt == Some(Corrupt::Region) {
            "eu-nowhere-9"
        } else {
            signer.region
        };
        Self {
            credentials: aws_credential_types::Credentials::new(
                id,
                signer.credentials.secret_access_key(),
                signer.credentials.session_token().map(str::to_owned),
                None,
                "ssec",
            ),
            region: region.to_owned(),
            time: signer.time(how),
        }
    }

    /// What AWS's signer wants added to the request, and the signature. `expires` asks for a presigned URL.
    fn instructions(
        &self,
        request: &Request,
        how: &Sign,
        payload: SignableBody<'_>,
        expires: Option<Duration>,
    ) -> Result<(SigningInstructions, String), SignError> {
        let identity = self.credentials.clone().into();
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(SERVICE)
            .time(self.time)
            .settings(settings(how, expires))
            .build()
            .map_err(|error| SignError::new(&error))?
            .into();
        let headers = request
            .headers
            .iter()
            .chain(std::iter::once(("host", request.authority.as_str())));
        let signable = SignableRequest::new(&request.method, request.url(), headers, payload)
            .map_err(|error| SignError::new(&error))?;
        Ok(sign(signable, &params)
            .map_err(|error| SignError::new(&error))?
            .into_parts())
    }
}

/// S3's settings; what proxies and transports change is not signed, nor what the case wants unsigned.
fn settings(how: &Sign, expires: Option<Duration>) -> SigningSettings {
    let mut settings = SigningSettings::default();
    settings.percent_encoding_mode = PercentEncodingMode::Single;
    settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    settings.signature_location = if expires.is_some() {
        SignatureLocation::QueryParams
    } else {
        SignatureLocation::Headers
    };
    settings.expires_in = expires;
    let mut unsigned = settings.excluded_headers.unwrap_or_default();
    unsigned.extend(["expect", "connection"].map(Cow::Borrowed));
    unsigned.extend(
        how.unsigned
            .iter()
            .map(|name| Cow::Owned(name.to_ascii_lowercase())),
    );
    settings.excluded_headers = Some(unsigned);
    settings
}

/// The value of `x-amz-content-sha256`: what the case wrote, else what `how` asks for.
fn payload_hash(request: &Request, payload: Payload) -> SignableBody<'static> {
    if let Some(written) = request.headers.get(CONTENT_SHA256) {
        return SignableBody::Precomputed(written.to_owned());
    }
    match payload {
        Payload::Hash => SignableBody::Precomputed(sha256_hex(&request.body)),
        Payload::WrongHash => SignableBody::Precomputed(sha256_hex(b"bytes that are not sent")),
        Payload::Unsigned => SignableBody::UnsignedPayload,
        Payload::Streaming => {
            SignableBody::Precomputed("STREAMING-AWS4-HMAC-SHA256-PAYLOAD".to_owned())
        }
        Payload::StreamingTrailer => SignableBody::StreamingSignedPayloadTrailer,
        Payload::UnsignedTrailer => SignableBody::StreamingUnsignedPayloadTrailer,
    }
}

fn sha256_hex(bytes: &[u8]) -> String {
    hex(digest::digest(&digest::SHA256, bytes).as_ref())
}

/// The text with the last digit of the signature changed.
fn spoil(text: &str, signature: &str) -> String {
    let mut spoilt = signature.to_owned();
    let last = if spoilt.pop() == Some('0') { '1' } else { '0' };
    spoilt.push(last);
    text.replace(signature, &spoilt)
}

/// So many seconds later, or earlier.
fn shift(time: SystemTime, seconds: i64) -> SystemTime {
    let distance = Duration::from_secs(seconds.unsigned_abs());
    let shifted = if seconds < 0 {
        time.checked_sub(distance)
    } else {
        time.checked_add(distance)
    };
    shifted.unwrap_or(time)
}

#[cfg(test)]
mod tests;
