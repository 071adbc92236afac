//! Requests signed by AWS's own signer, as a client of S3 signs them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation,
    SigningSettings, UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use http::HeaderValue;
use http::request::Parts;
use ssec_reference::error::{Code, S3Error, S3Result};
use ssec_reference::sigv4::{Credentials, Identity, Limits, authenticate};
use time::OffsetDateTime;

/// 2013-05-24T00:00:00Z, the time of AWS's documented examples.
pub(crate) const NOW_S: u64 = 1_369_353_600;
pub(crate) const ACCESS_KEY_ID: &str = "AKIAIOSFODNN7EXAMPLE";
pub(crate) const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
pub(crate) const HOST: &str = "examplebucket.s3.amazonaws.com";

/// How a request is signed.
#[derive(Clone, Copy)]
pub(crate) struct How<'a> {
    pub(crate) payload: &'a str,
    pub(crate) expires_s: Option<u64>,
    pub(crate) at_s: u64,
    pub(crate) region: &'a str,
    pub(crate) access_key_id: &'a str,
    pub(crate) secret: &'a str,
}

impl Default for How<'_> {
    fn default() -> Self {
        Self {
            payload: "UNSIGNED-PAYLOAD",
            expires_s: None,
            at_s: NOW_S,
            region: "us-east-1",
            access_key_id: ACCESS_KEY_ID,
            secret: SECRET,
        }
    }
}

/// A presigned URL that lives an hour.
pub(crate) fn presigned() -> How<'static> {
    How {
        expires_s: Some(3600),
        ..How::default()
    }
}

/// Signs a request with all its headers.
pub(crate) fn signed(method: &str, target: &str, headers: &[(&str, &str)], how: How<'_>) -> Parts {
    let identity =
        aws_credential_types::Credentials::new(how.access_key_id, how.secret, None, None, "test");
    let identity = identity.into();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(how.region)
        .name("s3")
        .time(UNIX_EPOCH + Duration::from_secs(how.at_s))
        .settings(settings(how))
        .build()
        .unwrap()
        .into();
    let url = format!("https://{HOST}{target}");
    let all = headers.iter().copied().chain([("host", HOST)]);
    let body = SignableBody::Precomputed(how.payload.to_owned());
    let signable = SignableRequest::new(method, &url, all, body).unwrap();
    let (instructions, _) = sign(signable, &params).unwrap().into_parts();
    let mut target = target.to_owned();
    for (name, value) in instructions.params() {
        let separator = if target.contains('?') { '&' } else { '?' };
        let value = value.replace('/', "%2F").replace(';', "%3B");
        target.push_str(&format!("{separator}{name}={value}"));
    }
    let mut request = http::Request::builder()
        .method(method)
        .uri(target)
        .header("host", HOST);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    for (name, value) in instructions.headers() {
        request = request.header(name, value);
    }
    request.body(()).unwrap().into_parts().0
}

fn settings(how: How<'_>) -> SigningSettings {
    let mut settings = SigningSettings::default();
    settings.percent_encoding_mode = PercentEncodingMode::Single;
    settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    if let Some(seconds) = how.expires_s {
        settings.signature_location = SignatureLocation::QueryParams;
        settings.expires_in = Some(Duration::from_secs(seconds));
        settings.payload_checksum_kind = PayloadChecksumKind::NoHeader;
    }
    settings
}

/// What the server says at a time.
pub(crate) fn at(parts: &Parts, now_s: u64) -> S3Result<Identity> {
    let now = OffsetDateTime::from(SystemTime::UNIX_EPOCH + Duration::from_secs(now_s));
    let credentials = [Credentials::new(ACCESS_KEY_ID, SECRET)];
    authenticate(parts, &credentials, "us-east-1", now, &Limits::default())
}

/// What the server says at the time of signing.
pub(crate) fn now(parts: &Parts) -> S3Result<Identity> {
    at(parts, NOW_S)
}

/// The text of an element of an error.
pub(crate) fn element<'a>(error: &'a S3Error, name: &str) -> &'a str {
    let found = error.elements().iter().find(|(given, _)| *given == name);
    &found
        .unwrap_or_else(|| panic!("{name} in {:?}", error.elements()))
        .1
}

pub(crate) const ALGORITHM: (&str, &str) =
    ("x-amz-server-side-encryption-customer-algorithm", "AES256");
pub(crate) const KEY: (&str, &str) = (
    "x-amz-server-side-encryption-customer-key",
    "c2VjcmV0LXNlY3JldA==",
);
pub(crate) const KEY_MD5: (&str, &str) = ("x-amz-server-side-encryption-customer-key-md5", "bWQ1");
pub(crate) const SOURCE_KEY: (&str, &str) = (
    "x-amz-copy-source-server-side-encryption-customer-key",
    "c291cmNlLWtleQ==",
);
pub(crate) const UNSIGNED_HEADERS: &str =
    "There were headers present in the request which were not signed";

#[track_caller]
pub(crate) fn refused(answer: S3Result<Identity>, code: Code, message: &str) -> S3Error {
    let error = answer.unwrap_err();
    assert_eq!(error.code(), code, "{error}");
    assert!(error.message().contains(message), "{error}");
    error
}

pub(crate) fn get(headers: &[(&str, &str)], how: How<'_>) -> Parts {
    signed("GET", "/key", headers, how)
}

/// The same request with one header more, which nobody signed.
pub(crate) fn with(mut parts: Parts, (name, value): (&'static str, &str)) -> Parts {
    parts
        .headers
        .append(name, HeaderValue::from_str(value).unwrap());
    parts
}

pub(crate) fn without(mut parts: Parts, name: &str) -> Parts {
    parts.headers.remove(name).unwrap();
    parts
}

/// The same request with another target.
pub(crate) fn retarget(mut parts: Parts, change: impl Fn(&str) -> String) -> Parts {
    let target = change(&parts.uri.to_string());
    parts.uri = target.parse().unwrap();
    parts
}
