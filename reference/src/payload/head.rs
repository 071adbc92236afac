//! What the head of a request promises about its payload: length, digests, trailer.
//! Refuses what can be refused before a byte is read.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING};

use super::{Algorithm, Checksum, Limits};
use crate::error::{Code, S3Error, S3Result};
use crate::sigv4::PayloadHash;

/// The promises of a head.
#[derive(Debug)]
pub(super) struct Promise {
    /// Bytes of plaintext.
    pub(super) length: Option<u64>,
    pub(super) content_md5: Option<ContentMd5>,
    /// The checksum in a header.
    pub(super) checksum: Option<Checksum>,
    /// The checksum that will stand in the trailer.
    pub(super) trailer: Option<Algorithm>,
}

/// `Content-MD5`, 16 bytes, and how it was written.
#[derive(Debug)]
pub(super) struct ContentMd5 {
    pub(super) bytes: [u8; 16],
    pub(super) sent: String,
}

impl Promise {
    pub(super) fn read(headers: &HeaderMap, hash: &PayloadHash, limits: &Limits) -> S3Result<Self> {
        let chunked = is_chunked(hash);
        let length = if chunked {
            Some(decoded_len(headers)?)
        } else {
            content_len(headers)?
        };
        if let Some(proposed) = length.filter(|length| *length > limits.max_payload_bytes) {
            return Err(too_large(proposed, limits));
        }
        let content_md5 = content_md5(headers)?;
        let checksum = sent_checksum(headers)?;
        let trailer = if has_trailer(hash) {
            trailer(headers)?
        } else {
            None
        };
        if checksum.is_some() && trailer.is_some() {
            return Err(several());
        }
        let algorithm = checksum.as_ref().map(Checksum::algorithm).or(trailer);
        check_sdk_algorithm(headers, algorithm)?;
        Ok(Self {
            length,
            content_md5,
            checksum,
            trailer,
        })
    }
}

/// The value of the one `x-amz-checksum-*` header (CHK-101, CHK-103, CHK-104).
///
/// On CompleteMultipartUpload it speaks of the object, on all other requests of the payload.
pub fn sent_checksum(headers: &HeaderMap) -> S3Result<Option<Checksum>> {
    const NOT_VALUES: [&str; 3] = ["mode", "algorithm", "type"];
    let mut found = None;
    for (name, value) in headers {
        let Some(tail) = name.as_str().strip_prefix("x-amz-checksum-") else {
            continue;
        };
        if NOT_VALUES.contains(&tail) {
            continue;
        }
        let algorithm = Algorithm::from_header(name.as_str()).ok_or_else(|| {
            invalid("The algorithm type you specified in x-amz-checksum- header is invalid.")
        })?;
        if found.is_some() {
            return Err(several());
        }
        let text = value.to_str().unwrap_or_default();
        found = Some(Checksum::parse(algorithm, text.trim()).ok_or_else(|| {
            invalid(format!(
                "Value for {} header is invalid.",
                algorithm.header()
            ))
        })?);
    }
    Ok(found)
}

/// The content encoding to keep with an object: what was sent, without the framing `aws-chunked`.
pub fn stored_content_encoding(headers: &HeaderMap) -> Option<String> {
    let values = headers.get_all(CONTENT_ENCODING).iter();
    let kept: Vec<&str> = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .filter(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case("aws-chunked"))
        .collect();
    (!kept.is_empty()).then(|| kept.join(","))
}

/// The payload is framed as aws-chunked.
pub(super) fn is_chunked(hash: &PayloadHash) -> bool {
    match hash {
        PayloadHash::Unsigned | PayloadHash::Sha256(_) => false,
        PayloadHash::Streaming { .. } | PayloadHash::StreamingUnsignedTrailer => true,
    }
}

fn has_trailer(hash: &PayloadHash) -> bool {
    match hash {
        PayloadHash::Unsigned | PayloadHash::Sha256(_) => false,
        PayloadHash::Streaming { trailer, .. } => *trailer,
        PayloadHash::StreamingUnsignedTrailer => true,
    }
}

/// The refusal of a payload beyond the limit.
pub(super) fn too_large(proposed: u64, limits: &Limits) -> S3Error {
    S3Error::from(Code::EntityTooLarge)
        .with("ProposedSize", proposed.to_string())
        .with("MaxSizeAllowed", limits.max_payload_bytes.to_string())
}

/// STR-005.
fn decoded_len(headers: &HeaderMap) -> S3Result<u64> {
    let value = headers.get("x-amz-decoded-content-length");
    value
        .and_then(number)
        .ok_or_else(|| Code::MissingContentLength.into())
}

/// A body of unknown length is not implemented by S3; no body at all needs no length.
fn content_len(headers: &HeaderMap) -> S3Result<Option<u64>> {
    match headers.get(CONTENT_LENGTH) {
        Some(value) => number(value)
            .map(Some)
            .ok_or_else(|| Code::MissingContentLength.into()),
        None if headers.contains_key(TRANSFER_ENCODING) => {
            Err(S3Error::from(Code::NotImplemented).with("Header", "Transfer-Encoding"))
        }
        None => Ok(None),
    }
}

fn number(value: &http::HeaderValue) -> Option<u64> {
    let text = value.to_str().ok()?;
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

/// CHK-107.
fn content_md5(headers: &HeaderMap) -> S3Result<Option<ContentMd5>> {
    let Some(value) = headers.get("content-md5") else {
        return Ok(None);
    };
    let sent = String::from_utf8_lossy(value.as_bytes()).trim().to_owned();
    let bytes = STANDARD
        .decode(&sent)
        .ok()
        .and_then(|bytes| <[u8; 16]>::try_from(bytes).ok());
    match bytes {
        Some(bytes) => Ok(Some(ContentMd5 { bytes, sent })),
        None => Err(S3Error::from(Code::InvalidDigest).with("Content-MD5", sent)),
    }
}

/// The names in `x-amz-trailer`: none, or one checksum.
fn trailer(headers: &HeaderMap) -> S3Result<Option<Algorithm>> {
    let values = headers.get_all("x-amz-trailer").iter();
    let mut names = values
        .flat_map(|value| value.to_str().unwrap_or("?").split(','))
        .map(str::trim)
        .filter(|name| !name.is_empty());
    let Some(name) = names.next() else {
        return Ok(None);
    };
    let algorithm = Algorithm::from_header(name).ok_or_else(|| {
        invalid("The value specified in the x-amz-trailer header is not supported")
    })?;
    if names.next().is_some() {
        Err(several())
    } else {
        Ok(Some(algorithm))
    }
}

/// CHK-105, CHK-106: an algorithm named without any value is not a fault.
fn check_sdk_algorithm(headers: &HeaderMap, sent: Option<Algorithm>) -> S3Result<()> {
    let Some(value) = headers.get("x-amz-sdk-checksum-algorithm") else {
        return Ok(());
    };
    let named = value.to_str().ok().and_then(Algorithm::from_name);
    match (named, sent) {
        (Some(named), Some(sent)) if named == sent => Ok(()),
        (Some(_), None) => Ok(()),
        _ => Err(invalid(
            "Value for x-amz-sdk-checksum-algorithm header is invalid.",
        )),
    }
}

fn several() -> S3Error {
    invalid("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.")
}

fn invalid(message: impl Into<std::borrow::Cow<'static, str>>) -> S3Error {
    S3Error::new(Code::InvalidRequest, message)
}
