//! `x-amz-*` parameters of a presigned URL that stand for headers, and what happens when both
//! are sent. The SSE-C triple is never among them: a key in a URL is a key in a log.

use http::{HeaderMap, HeaderName, HeaderValue};

use super::query::Params;
use crate::error::{Code, S3Error, S3Result};
use crate::headers;

/// Parameters that S3 reads as if they were headers (PRE-113 recorded); a name that ends in `-`
/// is a prefix. Not among them: `x-amz-checksum-mode` (recorded as ignored), SSE (PRE-121).
const HONOURED: &[&str] = &[
    headers::EXPECTED_BUCKET_OWNER,
    "x-amz-request-payer",
    headers::STORAGE_CLASS,
    "x-amz-sdk-checksum-algorithm",
    "x-amz-checksum-crc32",
    "x-amz-checksum-crc32c",
    "x-amz-checksum-crc64nvme",
    "x-amz-checksum-sha1",
    "x-amz-checksum-sha256",
    headers::META_PREFIX,
    "if-match",
    "if-none-match",
];

/// Gives the headers of a presigned request those that its query stands for.
///
/// Call it after [`super::authenticate`] said [`super::Method::Query`]: the signature covers the
/// query, so the values are as trustworthy as signed headers. A header that was sent wins.
///
/// # Errors
/// `InvalidArgument` for a value that no header can hold.
pub fn hoist(headers: &mut HeaderMap, query: Option<&str>) -> S3Result<()> {
    for (name, value) in Params::parse(query).iter() {
        let name = name.to_ascii_lowercase();
        let Ok(name) = HeaderName::from_bytes(&name) else {
            continue;
        };
        if honoured(name.as_str()) && !headers.contains_key(&name) {
            let value = HeaderValue::from_bytes(value).map_err(|_| refuse(&name))?;
            headers.insert(name, value);
        }
    }
    Ok(())
}

fn honoured(name: &str) -> bool {
    HONOURED.iter().any(|known| {
        if known.ends_with('-') {
            name.starts_with(known)
        } else {
            name == *known
        }
    })
}

/// What is sent both as a parameter and as a header, once the signature is proven
/// (PRE-110 to PRE-112): a few names are refused even with equal values, any with different ones.
pub(super) fn check_twice(params: &Params, headers: &HeaderMap) -> S3Result<()> {
    for (name, value) in params.iter() {
        let name = String::from_utf8_lossy(name).to_ascii_lowercase();
        let customer = name.contains("server-side-encryption-customer-");
        let header = if customer || !name.starts_with("x-amz-") {
            None
        } else {
            headers.get(&name)
        };
        match (name.as_str(), header) {
            (_, None) => {}
            (headers::EXPECTED_BUCKET_OWNER, Some(_)) => {
                return Err(S3Error::new(
                    Code::InvalidBucketOwnerAWSAccountID,
                    "Expected bucket owner must be provided as either a header or parameter, \
                     not both",
                ));
            }
            ("x-amz-request-payer", Some(_)) => return Err(refuse(&name)),
            (_, Some(header)) if header.as_bytes() != value => return Err(refuse(&name)),
            (_, Some(_)) => {}
        }
    }
    Ok(())
}

fn refuse(name: impl AsRef<str>) -> S3Error {
    S3Error::from(Code::InvalidArgument).with("ArgumentName", name.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hoisted(query: &str) -> Vec<String> {
        let mut headers = HeaderMap::new();
        hoist(&mut headers, Some(query)).unwrap();
        let mut names: Vec<String> = headers.keys().map(ToString::to_string).collect();
        names.sort();
        names
    }

    #[test]
    fn pre_113_named_parameters_are_headers() {
        let query = "X-Amz-Meta-A=1&x-amz-checksum-crc32=AAAAAA%3D%3D&If-None-Match=*";
        assert_eq!(
            hoisted(query),
            ["if-none-match", "x-amz-checksum-crc32", "x-amz-meta-a"]
        );
        assert!(hoisted("x-amz-checksum-mode=ENABLED&x-id=GetObject&X-Amz-Date=1").is_empty());
    }

    #[test]
    fn pre_121_encryption_is_never_read_from_a_query() {
        let all = [
            headers::SSE,
            headers::SSEC_ALGORITHM,
            headers::SSEC_KEY,
            headers::SSEC_KEY_MD5,
            headers::COPY_SSEC_ALGORITHM,
            headers::COPY_SSEC_KEY,
            headers::COPY_SSEC_KEY_MD5,
        ];
        for name in all {
            assert!(hoisted(&format!("{name}=x")).is_empty(), "{name}");
        }
    }
}
