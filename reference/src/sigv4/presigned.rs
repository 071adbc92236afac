//! Presigned URLs: the parameters of a signature in the query, and their bounds.

use http::HeaderMap;
use time::{Duration, OffsetDateTime};

use super::claim::{Claim, signed_headers, version_2};
use super::payload_hash::{Declared, UNSIGNED};
use super::query::Params;
use super::scope::Fault;
use super::{Limits, Method, Scope, amz_date};
use crate::error::{Code, S3Error, S3Result};

/// The six parameters of a presigned URL, in the order S3 names them.
const REQUIRED: [&str; 6] = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Signature",
    "X-Amz-Date",
    "X-Amz-SignedHeaders",
    "X-Amz-Expires",
];

/// Whether any part of a query signature stands there: a partial one is never anonymous (PRE-118).
pub(super) fn is_signed(params: &Params) -> bool {
    REQUIRED.iter().any(|name| params.has(name))
}

/// Refuses Signature Version 2 in the query (PRE-103 of that version, SIG-012).
pub(super) fn refuse_version_2(params: &Params) -> S3Result<()> {
    let all = ["Signature", "Expires", "AWSAccessKeyId"].map(|name| params.has(name));
    match all {
        [false, _, false] => Ok(()),
        [true, true, true] => Err(version_2(params.has_customer_key())),
        _ => Err(S3Error::new(
            Code::AccessDenied,
            "Query-string authentication requires the Signature, Expires and AWSAccessKeyId \
             parameters. (They are of signature version 2, which is not supported; in boto3: \
             Config(signature_version='s3v4').)",
        )),
    }
}

/// Reads the claim of a presigned URL.
pub(super) fn read(
    params: &Params,
    headers: &HeaderMap,
    region: &str,
    now: OffsetDateTime,
    limits: &Limits,
) -> S3Result<Claim> {
    let [algorithm, credential, signature, date, signed, expires] = required(params)?;
    if algorithm != "AWS4-HMAC-SHA256" {
        return Err(wrong("X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\""));
    }
    let refuse = |fault: Fault| fault.refuse(Method::Query);
    let (access_key_id, scope) = Scope::parse(&credential).map_err(refuse)?;
    let at = amz_date::parse(&date).ok_or_else(|| {
        wrong("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"")
    })?;
    scope.check(region, &date).map_err(refuse)?;
    let expires_s = expires_s(&expires, limits)?;
    let payload = payload_hash(params, headers);
    let declared = Declared::parse(&payload)?;
    check_time(at, expires_s, now, limits)?;
    Ok(Claim {
        method: Method::Query,
        access_key_id: access_key_id.to_owned(),
        scope,
        time: date,
        signed_headers: signed_headers(&signed),
        signature,
        payload,
        declared,
    })
}

/// PRE-103. A parameter that stands there twice counts as missing.
fn required(params: &Params) -> S3Result<[String; 6]> {
    let mut values = REQUIRED.map(|_| String::new());
    for (value, name) in values.iter_mut().zip(REQUIRED) {
        let mut given = params.all(name);
        match (given.next(), given.next()) {
            (Some(bytes), None) if !bytes.is_empty() => {
                *value = String::from_utf8_lossy(bytes).into_owned();
            }
            _ => {
                return Err(wrong(
                    "Query-string authentication version 4 requires the X-Amz-Algorithm, \
                     X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and \
                     X-Amz-Expires parameters.",
                ));
            }
        }
    }
    Ok(values)
}

/// PRE-130, PRE-141.
fn expires_s(text: &str, limits: &Limits) -> S3Result<u64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong("X-Amz-Expires should be a number"));
    }
    if text.starts_with('-') {
        return Err(wrong("X-Amz-Expires must be non-negative"));
    }
    match text.parse() {
        Ok(seconds) if seconds <= limits.max_expires_s => Ok(seconds),
        _ => Err(wrong(format!(
            "X-Amz-Expires must be less than a week (in seconds); that is, the given \
             X-Amz-Expires must be less than {} seconds",
            limits.max_expires_s
        ))),
    }
}

/// The parameter, else the header, else nothing was hashed.
fn payload_hash(params: &Params, headers: &HeaderMap) -> String {
    let name = "x-amz-content-sha256";
    let header = || headers.get(name).map(http::HeaderValue::as_bytes);
    let value = params
        .get(name)
        .or_else(header)
        .unwrap_or(UNSIGNED.as_bytes());
    String::from_utf8_lossy(value).trim().to_owned()
}

/// PRE-101, PRE-144. That expiry is judged before the signature is our reading (PRE-102 is
/// unknown); either way the request is refused.
fn check_time(
    at: OffsetDateTime,
    expires_s: u64,
    now: OffsetDateTime,
    limits: &Limits,
) -> S3Result<()> {
    if at > now + limits.max_clock_skew {
        return Err(S3Error::new(
            Code::AccessDenied,
            "Request is not valid yet.",
        ));
    }
    let life = Duration::seconds(i64::try_from(expires_s).unwrap_or(i64::MAX));
    let end = at.saturating_add(life);
    if now > end {
        return Err(S3Error::new(Code::AccessDenied, "Request has expired")
            .with("X-Amz-Expires", expires_s.to_string())
            .with("Expires", amz_date::extended(end))
            .with("ServerTime", amz_date::extended(now)));
    }
    Ok(())
}

fn wrong(message: impl Into<std::borrow::Cow<'static, str>>) -> S3Error {
    S3Error::new(Code::AuthorizationQueryParametersError, message)
}
