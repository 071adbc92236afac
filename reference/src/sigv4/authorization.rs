//! The Authorization header: its syntax, its date, its payload hash.

use http::HeaderMap;
use http::header::AUTHORIZATION;
use time::OffsetDateTime;

use super::claim::{Claim, signed_headers, version_2};
use super::payload_hash::Declared;
use super::{Limits, Method, Scope, amz_date};
use crate::date;
use crate::error::{Code, S3Error, S3Result};

/// Reads the claim of an Authorization header, `None` when there is none.
pub(super) fn read(
    headers: &HeaderMap,
    region: &str,
    now: OffsetDateTime,
    limits: &Limits,
) -> S3Result<Option<Claim>> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    let value = value.to_str().ok().filter(|_| values.next().is_none());
    let fields = Fields::parse(value.unwrap_or_default().trim())?;
    let refuse = |fault: super::scope::Fault| fault.refuse(Method::Header);
    let (access_key_id, scope) = Scope::parse(fields.credential).map_err(refuse)?;
    let time = request_time(headers)?;
    scope
        .check(region, &amz_date::basic(time.at))
        .map_err(refuse)?;
    let payload = payload_hash(headers)?;
    let declared = Declared::parse(&payload)?;
    check_skew(&time, now, limits)?;
    Ok(Some(Claim {
        method: Method::Header,
        access_key_id: access_key_id.to_owned(),
        scope,
        time: amz_date::basic(time.at),
        signed_headers: signed_headers(fields.signed_headers),
        signature: fields.signature.to_owned(),
        payload,
        declared,
    }))
}

struct Fields<'a> {
    credential: &'a str,
    signed_headers: &'a str,
    signature: &'a str,
}

impl<'a> Fields<'a> {
    /// SIG-010, SIG-011, SIG-012.
    fn parse(value: &'a str) -> S3Result<Self> {
        let Some((scheme, rest)) = value.split_once(' ') else {
            return Err(invalid_argument(
                "Authorization header is invalid -- one and only one ' ' (space) required.",
            ));
        };
        match scheme {
            "AWS4-HMAC-SHA256" => {}
            other if other.starts_with("AWS") => return Err(version_2(false)),
            _ => return Err(invalid_argument("Unsupported Authorization Type")),
        }
        let mut fields = [("Credential", ""), ("SignedHeaders", ""), ("Signature", "")];
        for piece in rest.split(',') {
            let (name, value) = piece.trim().split_once('=').ok_or_else(three_components)?;
            let slot = fields.iter_mut().find(|(known, _)| *known == name);
            match slot {
                Some((_, slot)) if slot.is_empty() => *slot = value,
                Some(_) | None => return Err(three_components()),
            }
        }
        if let Some((missing, _)) = fields.iter().find(|(_, value)| value.is_empty()) {
            return Err(malformed(&format!("missing {missing}.")));
        }
        let [(_, credential), (_, signed_headers), (_, signature)] = fields;
        Ok(Self {
            credential,
            signed_headers,
            signature,
        })
    }
}

struct RequestTime {
    at: OffsetDateTime,
    sent: String,
}

/// `x-amz-date`, else `Date` (SIG-013).
fn request_time(headers: &HeaderMap) -> S3Result<RequestTime> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let found = match text("x-amz-date") {
        Some(sent) => amz_date::parse(sent).map(|at| (at, sent)),
        None => text("date").and_then(|sent| {
            let at = amz_date::parse(sent).or_else(|| date::parse_http(sent))?;
            Some((at, sent))
        }),
    };
    match found {
        Some((at, sent)) => Ok(RequestTime {
            at,
            sent: sent.to_owned(),
        }),
        None => Err(S3Error::new(
            Code::AccessDenied,
            "AWS authentication requires a valid Date or x-amz-date header.",
        )),
    }
}

/// SIG-004.
fn check_skew(time: &RequestTime, now: OffsetDateTime, limits: &Limits) -> S3Result<()> {
    if (now - time.at).abs() <= limits.max_clock_skew {
        return Ok(());
    }
    let allowed_ms = limits.max_clock_skew.whole_milliseconds();
    Err(S3Error::from(Code::RequestTimeTooSkewed)
        .with("RequestTime", &time.sent)
        .with("ServerTime", amz_date::extended(now))
        .with("MaxAllowedSkewMilliseconds", allowed_ms.to_string()))
}

/// SIG-005.
fn payload_hash(headers: &HeaderMap) -> S3Result<String> {
    match headers.get("x-amz-content-sha256") {
        Some(value) => Ok(String::from_utf8_lossy(value.as_bytes()).trim().to_owned()),
        None => Err(S3Error::new(
            Code::InvalidRequest,
            "Missing required header for this request: x-amz-content-sha256",
        )),
    }
}

/// The value is not repeated: with `Basic` it would be somebody's password.
fn invalid_argument(message: &'static str) -> S3Error {
    S3Error::new(Code::InvalidArgument, message).with("ArgumentName", "Authorization")
}

fn malformed(tail: &str) -> S3Error {
    let message = format!("The authorization header is malformed; {tail}");
    S3Error::new(Code::AuthorizationHeaderMalformed, message)
}

fn three_components() -> S3Error {
    malformed(
        "the authorization header requires three components: \
         Credential, SignedHeaders, and Signature.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: &str, code: Code, message: &str) {
        let error = Fields::parse(value).map(|_| ()).unwrap_err();
        assert_eq!(error.code(), code, "{value}");
        assert!(
            error.message().contains(message),
            "{value}: {}",
            error.message()
        );
        assert!(
            !error
                .elements()
                .iter()
                .any(|(_, text)| text.contains("c2VjcmV0")),
            "{value}"
        );
    }

    #[test]
    fn sig_010_schemes() {
        check(
            "AWS4-HMAC-SHA256",
            Code::InvalidArgument,
            "one and only one ' '",
        );
        check(
            "Basic c2VjcmV0",
            Code::InvalidArgument,
            "Unsupported Authorization Type",
        );
    }

    #[test]
    fn sig_011_components() {
        let malformed = Code::AuthorizationHeaderMalformed;
        check(
            "AWS4-HMAC-SHA256 SignedHeaders=host, Signature=0",
            malformed,
            "missing Credential.",
        );
        check(
            "AWS4-HMAC-SHA256 Credential=a, Signature=0",
            malformed,
            "missing SignedHeaders.",
        );
        check(
            "AWS4-HMAC-SHA256 Credential=a,SignedHeaders=b",
            malformed,
            "missing Signature.",
        );
        check(
            "AWS4-HMAC-SHA256 Credential=a,Signature",
            malformed,
            "three components",
        );
        check(
            "AWS4-HMAC-SHA256 Credential=a,Credential=b",
            malformed,
            "three components",
        );
        check("AWS4-HMAC-SHA256 Wrong=a", malformed, "three components");
    }

    #[test]
    fn sig_012_version_2_names_the_remedy() {
        check(
            "AWS AKID:c2VjcmV0",
            Code::InvalidRequest,
            "Please use AWS4-HMAC-SHA256.",
        );
        check(
            "AWS AKID:c2VjcmV0",
            Code::InvalidRequest,
            "signature_version='s3v4'",
        );
    }
}
