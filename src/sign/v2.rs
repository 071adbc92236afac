//! Signature Version 2, which S3 still accepts in old regions: sent only to see it refused.
//!
//! AWS, "Signing and Authenticating REST Requests (AWS Signature Version 2)".

use std::time::UNIX_EPOCH;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

use super::{Scope, Signer};
use crate::case::call::Sign;
use crate::wire::Request;

/// Signs in the header `Authorization`.
pub(super) fn header(signer: &Signer<'_>, mut request: Request, how: &Sign) -> Request {
    let scope = Scope::of(signer, how);
    let date = OffsetDateTime::from(scope.time)
        .format(&Rfc2822)
        .unwrap_or_default();
    request.headers.set("Date", date.replace("+0000", "GMT"));
    let date = request.headers.get("Date").unwrap_or_default().to_owned();
    let signature = signature(signer, &string_to_sign(&request, &date));
    let value = format!("AWS {}:{signature}", scope.credentials.access_key_id());
    request.headers.set("Authorization", value);
    request
}

/// Signs in the query.
pub(super) fn presign(signer: &Signer<'_>, request: &mut Request, how: &Sign, lifetime_s: i64) {
    let scope = Scope::of(signer, how);
    let now = scope
        .time
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    let expires = now.saturating_add_signed(lifetime_s).to_string();
    let signature = signature(signer, &string_to_sign(request, &expires));
    request.add_query("AWSAccessKeyId", Some(scope.credentials.access_key_id()));
    request.add_query("Signature", Some(&signature));
    request.add_query("Expires", Some(&expires));
}

/// Base64 of the HMAC-SHA-1 of `text`.
pub(super) fn signature(signer: &Signer<'_>, text: &str) -> String {
    let key = hmac::Key::new(
        hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        signer.credentials.secret_access_key().as_bytes(),
    );
    STANDARD.encode(hmac::sign(&key, text.as_bytes()))
}

fn string_to_sign(request: &Request, date: &str) -> String {
    let header = |name| request.headers.get(name).unwrap_or_default();
    let mut amz: Vec<_> = request
        .headers
        .iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), value))
        .filter(|(name, _)| name.starts_with("x-amz-"))
        .collect();
    amz.sort_unstable();
    let amz: String = amz
        .iter()
        .map(|(name, value)| format!("{name}:{value}\n"))
        .collect();
    format!(
        "{}\n{}\n{}\n{date}\n{amz}{}",
        request.method,
        header("content-md5"),
        header("content-type"),
        request.path
    )
}
