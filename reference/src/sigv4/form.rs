//! The signature of a browser form: over the base64 of its policy, nothing else.

use ring::hmac;
use subtle::ConstantTimeEq as _;
use time::OffsetDateTime;

use super::{Credentials, Identity, Method, PayloadHash, Scope, Signed, amz_date, hex};
use crate::error::{Code, S3Error, S3Result};

/// The fields of a form that claim a signature.
pub(crate) struct FormClaim<'a> {
    pub(crate) credential: &'a str,
    pub(crate) date: &'a str,
    pub(crate) signature: &'a str,
    /// What is signed: the policy as it was sent.
    pub(crate) policy: &'a str,
    /// What a refusal may show of the policy.
    pub(crate) shown: &'a str,
}

impl FormClaim<'_> {
    /// Who signed, and when. In S3's order: credential, access key, signature (PST-144, PST-146,
    /// PST-111).
    pub(crate) fn verify(
        &self,
        credentials: &[Credentials],
        region: &str,
    ) -> S3Result<(Identity, OffsetDateTime)> {
        let at = amz_date::parse(self.date).ok_or_else(|| {
            let form = "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"";
            S3Error::new(Code::InvalidArgument, form)
                .with("ArgumentName", "x-amz-date")
                .with("ArgumentValue", self.date)
        })?;
        let (id, scope) = Scope::parse(self.credential)
            .and_then(|(id, scope)| scope.check(region, self.date).map(|()| (id, scope)))
            .map_err(|fault| {
                S3Error::new(Code::InvalidArgument, fault.text('"'))
                    .with("ArgumentName", "x-amz-credential")
                    .with("ArgumentValue", self.credential)
            })?;
        let known = credentials.iter().find(|known| known.access_key_id() == id);
        let credentials = known
            .ok_or_else(|| S3Error::from(Code::InvalidAccessKeyId).with("AWSAccessKeyId", id))?;
        let key = credentials.signing_key(&scope);
        let expected = hex::encode(hmac::sign(&key, self.policy.as_bytes()).as_ref());
        if !bool::from(expected.as_bytes().ct_eq(self.signature.as_bytes())) {
            return Err(self.mismatch(id));
        }
        let signed = Signed {
            access_key_id: id.to_owned(),
            scope,
            signed_headers: Vec::new(),
            method: Method::Form,
            payload: PayloadHash::Unsigned,
        };
        Ok((Identity::Signed(signed), at))
    }

    /// PST-111: as for a request, without a canonical request.
    fn mismatch(&self, id: &str) -> S3Error {
        S3Error::from(Code::SignatureDoesNotMatch)
            .with("AWSAccessKeyId", id)
            .with("StringToSign", self.shown)
            .with("SignatureProvided", self.signature)
            .with("StringToSignBytes", hex::spaced(self.shown.as_bytes()))
    }
}
