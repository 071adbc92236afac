//! Who signed a form: Signature Version 4 over its policy. Pure.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use time::{Duration, OffsetDateTime};

use super::document::expired;
use super::fields::Fields;
use crate::error::{Code, S3Error, S3Result};
use crate::sigv4::{Credentials, FormClaim, Identity, version_2};

/// The fields of a signature with the names S3 gives them, in its order of asking (PST-112,
/// PST-113, PST-142).
const FIELDS: [&str; 4] = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Signature",
];

/// How long after its date a form may be used; S3 gives credentials of a form a week.
const LIFE_MAX: Duration = Duration::days(7);

/// Proves who signed the form. A form without any field of a signature is anonymous, be there a
/// policy or not (PST-114).
pub(super) fn authenticate(
    fields: &Fields,
    credentials: &[Credentials],
    region: &str,
    now: OffsetDateTime,
) -> S3Result<Identity> {
    if !FIELDS.iter().any(|name| fields.get(name).is_some()) {
        if ["AWSAccessKeyId", "Signature"]
            .iter()
            .any(|name| fields.get(name).is_some())
        {
            return Err(version_2(false));
        }
        return Ok(Identity::anonymous());
    }
    let policy = need(fields, "Policy")?;
    let [algorithm, credential, date, signature] = FIELDS.map(|name| need(fields, name));
    if algorithm? != "AWS4-HMAC-SHA256" {
        return Err(argument(
            "X-Amz-Algorithm",
            "Only AWS4-HMAC-SHA256 is supported",
        ));
    }
    let shown = if names_customer_key(policy) {
        "REDACTED"
    } else {
        policy
    };
    let (credential, date, signature) = (credential?, date?, signature?);
    let claim = FormClaim {
        credential,
        date,
        signature,
        policy,
        shown,
    };
    let (identity, at) = claim.verify(credentials, region)?;
    if now > at.saturating_add(LIFE_MAX) {
        return Err(expired());
    }
    Ok(identity)
}

fn need<'a>(fields: &'a Fields, name: &str) -> S3Result<&'a str> {
    fields.get(name).ok_or_else(|| missing(name))
}

/// A field that must be there (two spaces, as recorded).
pub(super) fn missing(name: &str) -> S3Error {
    let message = format!(
        "Bucket POST must contain a field named '{name}'.  If it is specified, please check the \
         order of the fields."
    );
    argument(name, message).with("ArgumentValue", "")
}

fn argument(name: &str, message: impl Into<std::borrow::Cow<'static, str>>) -> S3Error {
    S3Error::new(Code::InvalidArgument, message).with("ArgumentName", name)
}

/// A policy names the customer key it allows, and no answer may carry a key: neither in clear
/// nor within the base64 that is the string to sign. A policy that was cut is looked through
/// from every alignment.
fn names_customer_key(policy: &str) -> bool {
    let symbols: Vec<u8> = policy
        .bytes()
        .filter(|byte| !b"=\r\n ".contains(byte))
        .collect();
    (0..4.min(symbols.len())).any(|skip| {
        let quads = symbols[skip..].chunks_exact(4);
        let bytes: Vec<u8> = quads
            .flat_map(|quad| STANDARD.decode(quad).unwrap_or_default())
            .collect();
        String::from_utf8_lossy(&bytes)
            .to_ascii_lowercase()
            .contains("customer-key")
    })
}
