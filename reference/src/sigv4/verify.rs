//! Proves a claim: the credentials are known, everything is covered, the signature is right.

use http::request::Parts;
use ring::hmac;
use subtle::ConstantTimeEq as _;

use super::canonical::{Canonical, string_to_sign};
use super::claim::Claim;
use super::query::Params;
use super::{ChunkChain, Credentials, Method, Signed, hex, hoist, unsigned};
use crate::error::{Code, S3Error, S3Result};

/// Checks a claim against the request it stands in (order: SIG-001).
pub(super) fn verify(
    parts: &Parts,
    params: &Params,
    claim: Claim,
    credentials: &[Credentials],
) -> S3Result<Signed> {
    let known = credentials
        .iter()
        .find(|known| known.access_key_id() == claim.access_key_id);
    let credentials = known.ok_or_else(|| {
        S3Error::from(Code::InvalidAccessKeyId).with("AWSAccessKeyId", &claim.access_key_id)
    })?;
    if parts.headers.contains_key("x-amz-security-token") || params.has("x-amz-security-token") {
        return Err(Code::InvalidToken.into());
    }
    unsigned::check(&parts.headers, &claim)?;
    let chain = check_signature(parts, params, &claim, credentials)?;
    if claim.method == Method::Query {
        hoist::check_twice(params, &parts.headers)?;
    }
    Ok(Signed {
        access_key_id: claim.access_key_id,
        scope: claim.scope,
        signed_headers: claim.signed_headers,
        method: claim.method,
        payload: claim.declared.signed(|| chain),
    })
}

fn check_signature(
    parts: &Parts,
    params: &Params,
    claim: &Claim,
    credentials: &Credentials,
) -> S3Result<ChunkChain> {
    let canonical = Canonical {
        parts,
        params,
        method: claim.method,
        signed_headers: &claim.signed_headers,
        payload: &claim.payload,
    };
    let string_to_sign = string_to_sign(&claim.time, &claim.scope, &canonical.text());
    let signing_key = credentials.signing_key(&claim.scope);
    let expected = hex::encode(hmac::sign(&signing_key, string_to_sign.as_bytes()).as_ref());
    if !bool::from(expected.as_bytes().ct_eq(claim.signature.as_bytes())) {
        return Err(mismatch(claim, &string_to_sign, &canonical.redacted()));
    }
    Ok(ChunkChain::new(
        signing_key,
        &claim.time,
        claim.scope.clone(),
        &expected,
    ))
}

/// PRE-105. Real S3 shows the canonical request as it is; here the values of customer key
/// headers and parameters are replaced in it, because no answer may carry a key.
fn mismatch(claim: &Claim, string_to_sign: &str, canonical: &[u8]) -> S3Error {
    S3Error::from(Code::SignatureDoesNotMatch)
        .with("AWSAccessKeyId", &claim.access_key_id)
        .with("StringToSign", string_to_sign)
        .with("SignatureProvided", &claim.signature)
        .with("StringToSignBytes", hex::spaced(string_to_sign.as_bytes()))
        .with("CanonicalRequest", String::from_utf8_lossy(canonical))
        .with("CanonicalRequestBytes", hex::spaced(canonical))
}
