//! Presigned URLs: the signature travels in the query.

use std::time::Duration;

use aws_sigv4::http_request::SignableBody;

use super::{Scope, SignError, Signer, shift, spoil, v2};
use crate::case::call::{Corrupt, Sign, SignMethod};
use crate::wire::{Request, percent_encode};

/// The lifetime of a URL that is to be expired.
const EXPIRED_AFTER_S: i64 = 300;

impl Signer<'_> {
    /// The URL that allows `request` for so many seconds; negative: it expired so many seconds ago.
    /// Every header of the request is signed, but those that `how` wants unsigned.
    ///
    /// # Errors
    /// If the path or a header cannot be sent over HTTP at all.
    pub fn presign(
        &self,
        request: &Request,
        how: &Sign,
        expires_s: i64,
    ) -> Result<String, SignError> {
        let (now, lifetime_s) = if expires_s < 0 {
            (
                shift(self.now, expires_s.saturating_sub(EXPIRED_AFTER_S)),
                EXPIRED_AFTER_S,
            )
        } else {
            (self.now, expires_s)
        };
        let signer = Signer { now, ..*self };
        let mut request = request.clone();
        match how.method {
            SignMethod::None => {}
            SignMethod::V2 => v2::presign(&signer, &mut request, how, lifetime_s),
            SignMethod::V4 => signer.presign_v4(
                &mut request,
                how,
                Duration::from_secs(lifetime_s.unsigned_abs()),
            )?,
        }
        Ok(request.url())
    }

    fn presign_v4(
        &self,
        request: &mut Request,
        how: &Sign,
        lifetime: Duration,
    ) -> Result<(), SignError> {
        let scope = Scope::of(self, how);
        let (instructions, signature) =
            scope.instructions(request, how, SignableBody::UnsignedPayload, Some(lifetime))?;
        for (name, value) in instructions.params() {
            request.add_query(&percent_encode(name, ""), Some(value));
        }
        if how.corrupt == Some(Corrupt::Signature) {
            request.query = spoil(&request.query, &signature);
        }
        Ok(())
    }
}
