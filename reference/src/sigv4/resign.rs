//! Signs a request anew: for whoever holds the credentials and altered a request on its way.

use http::HeaderValue;
use http::header::AUTHORIZATION;
use http::request::Parts;
use ring::hmac;
use time::OffsetDateTime;

use super::canonical::{Canonical, string_to_sign};
use super::payload_hash::UNSIGNED;
use super::query::Params;
use super::{Credentials, Method, Scope, amz_date, hex};

/// Puts a fresh signature over the host and all `x-amz-*` headers into the Authorization header.
///
/// The payload hash is signed as it stands in `x-amz-content-sha256` (`UNSIGNED-PAYLOAD` if it is
/// absent). Signed chunks cannot be signed anew here: their chain begins at the old signature.
pub fn resign(parts: &mut Parts, credentials: &Credentials, region: &str, now: OffsetDateTime) {
    let time = amz_date::basic(now);
    parts.headers.remove(AUTHORIZATION);
    parts.headers.insert("x-amz-date", ascii(&time));
    let payload = parts
        .headers
        .entry("x-amz-content-sha256")
        .or_insert_with(|| ascii(UNSIGNED));
    let payload = String::from_utf8_lossy(payload.as_bytes()).into_owned();
    let names = parts.headers.keys().map(http::HeaderName::as_str);
    let mut signed_headers: Vec<String> = names
        .filter(|name| name.starts_with("x-amz-"))
        .map(str::to_owned)
        .collect();
    signed_headers.push("host".to_owned());
    signed_headers.sort();
    let canonical = Canonical {
        params: &Params::parse(parts.uri.query()),
        method: Method::Header,
        signed_headers: &signed_headers,
        payload: &payload,
        parts,
    };
    let scope = Scope::new(&time[..8], region, "s3");
    let text = string_to_sign(&time, &scope, &canonical.text());
    let signature = hmac::sign(&credentials.signing_key(&scope), text.as_bytes());
    let value = format!(
        "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={}, Signature={}",
        credentials.access_key_id(),
        signed_headers.join(";"),
        hex::encode(signature.as_ref()),
    );
    parts.headers.insert(AUTHORIZATION, ascii(&value));
}

fn ascii(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}
