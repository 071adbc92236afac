//! Which headers a signature must cover. One table of exceptions.

use http::HeaderMap;

use super::Method;
use super::claim::Claim;
use crate::error::{Code, S3Error, S3Result};
use crate::headers;

/// Where an exception holds.
enum Where {
    Anywhere,
    Presigned,
}

/// `x-amz-*` headers that may be sent unsigned.
///
/// The payload hash is let through in both ways of signing (PRE-108 recorded, PRE-145). On a
/// presigned URL the customer key and its MD5 need not be signed, so that a URL can be made
/// without them; the algorithm must be (PRE-002, PRE-003). The copy source's pair follows the
/// plain one. PRE-145 reads the pair as listed too; we follow the observation on AWS.
const EXCEPTIONS: &[(&str, Where)] = &[
    ("x-amz-content-sha256", Where::Anywhere),
    (headers::SSEC_KEY, Where::Presigned),
    (headers::SSEC_KEY_MD5, Where::Presigned),
    (headers::COPY_SSEC_KEY, Where::Presigned),
    (headers::COPY_SSEC_KEY_MD5, Where::Presigned),
];

/// PRE-003, PRE-004, PRE-009, PRE-107, PRE-108: every `x-amz-*` header that was sent is signed,
/// and so is the host.
pub(super) fn check(sent: &HeaderMap, claim: &Claim) -> S3Result<()> {
    let must = |name: &str| {
        name == "host" || (name.starts_with("x-amz-") && !may_be_unsigned(name, claim.method))
    };
    let names = std::iter::once("host").chain(sent.keys().map(http::HeaderName::as_str));
    let mut missing: Vec<&str> = names
        .filter(|name| must(name) && !claim.signs(name))
        .collect();
    missing.sort_unstable();
    missing.dedup();
    if missing.is_empty() {
        return Ok(());
    }
    let message = "There were headers present in the request which were not signed";
    Err(S3Error::new(Code::AccessDenied, message).with("HeadersNotSigned", missing.join(", ")))
}

fn may_be_unsigned(name: &str, method: Method) -> bool {
    EXCEPTIONS.iter().any(|(exempt, holds)| {
        *exempt == name
            && match holds {
                Where::Anywhere => true,
                Where::Presigned => method == Method::Query,
            }
    })
}
