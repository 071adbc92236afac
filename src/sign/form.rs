//! The signature of a browser form: over its base64 policy document, in form fields.
//!
//! AWS, "Authenticating Requests in Browser-Based Uploads Using POST (AWS Signature Version 4)".

use aws_sigv4::sign::v4;
use time::OffsetDateTime;
use time::macros::format_description;

use super::{SERVICE, Scope, Signer, spoil, v2};
use crate::case::call::{Corrupt, Sign, SignMethod};

impl Signer<'_> {
    /// The fields that a form needs besides `policy` and `x-amz-signature`; the policy has to allow them.
    #[must_use]
    pub fn form_fields(&self, how: &Sign) -> Vec<(&'static str, String)> {
        let scope = Scope::of(self, how);
        match how.method {
            SignMethod::None => Vec::new(),
            SignMethod::V2 => vec![(
                "AWSAccessKeyId",
                scope.credentials.access_key_id().to_owned(),
            )],
            SignMethod::V4 => {
                let date = OffsetDateTime::from(scope.time);
                let credential = format!(
                    "{}/{}/{}/{SERVICE}/aws4_request",
                    scope.credentials.access_key_id(),
                    date.format(format_description!("[year][month][day]"))
                        .unwrap_or_default(),
                    scope.region,
                );
                let amz_date = date.format(format_description!(
                    "[year][month][day]T[hour][minute][second]Z"
                ));
                let mut fields = vec![
                    ("x-amz-algorithm", "AWS4-HMAC-SHA256".to_owned()),
                    ("x-amz-credential", credential),
                    ("x-amz-date", amz_date.unwrap_or_default()),
                ];
                let token = scope.credentials.session_token();
                fields.extend(token.map(|token| ("x-amz-security-token", token.to_owned())));
                fields
            }
        }
    }

    /// The field that holds the signature of a base64 policy document, if the form is signed at all.
    #[must_use]
    pub fn form_signature(&self, policy: &str, how: &Sign) -> Option<(&'static str, String)> {
        let scope = Scope::of(self, how);
        let (name, signature) = match how.method {
            SignMethod::None => return None,
            SignMethod::V2 => ("signature", v2::signature(self, policy)),
            SignMethod::V4 => {
                let secret = self.credentials.secret_access_key();
                let key = v4::generate_signing_key(secret, scope.time, &scope.region, SERVICE);
                (
                    "x-amz-signature",
                    v4::calculate_signature(key, policy.as_bytes()),
                )
            }
        };
        let spoilt = how.corrupt == Some(Corrupt::Signature);
        Some((
            name,
            if spoilt {
                spoil(&signature, &signature)
            } else {
                signature
            },
        ))
    }
}
