//! `x-amz-copy-source`: which object a copy reads.

use crate::error::{Code, S3Error, S3Result};
use crate::head::{Head, decode};
use crate::headers::COPY_SOURCE;

/// Bucket, key and version of a copy's source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopySource {
    /// The bucket.
    pub bucket: String,
    /// The key, decoded.
    pub key: String,
    /// The version, if one is named.
    pub version_id: Option<String>,
}

impl CopySource {
    /// Reads the header of CopyObject and UploadPartCopy.
    ///
    /// # Errors
    /// `InvalidArgument` when it names no bucket or no key, or is not percent-encoded UTF-8.
    pub fn read(head: &Head) -> S3Result<Self> {
        let text = head.header(COPY_SOURCE).unwrap_or_default();
        Self::parse(&text).ok_or_else(|| {
            S3Error::new(
                Code::InvalidArgument,
                "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
            )
            .with("ArgumentName", COPY_SOURCE)
            .with("ArgumentValue", text)
        })
    }

    /// `[/]BUCKET/KEY[?versionId=ID]`, key and bucket percent-encoded. Clients send it with and
    /// without the leading slash; a plus sign is itself.
    pub fn parse(text: &str) -> Option<Self> {
        let (path, version_id) = match text.split_once("?versionId=") {
            Some((path, id)) => (path, Some(decode(id, false).ok()?)),
            None => (text, None),
        };
        let path = decode(path.strip_prefix('/').unwrap_or(path), false).ok()?;
        let (bucket, key) = path.split_once('/')?;
        if bucket.is_empty() || key.is_empty() {
            return None;
        }
        Some(Self {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            version_id: version_id.filter(|id| !id.is_empty()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, wanted: Option<(&str, &str, Option<&str>)>) {
        let got = CopySource::parse(text);
        let got = got.as_ref().map(|source| {
            (
                source.bucket.as_str(),
                source.key.as_str(),
                source.version_id.as_deref(),
            )
        });
        assert_eq!(got, wanted, "{text}");
    }

    #[test]
    fn forms_that_clients_send() {
        check("b/k", Some(("b", "k", None)));
        check("/b/k", Some(("b", "k", None)));
        check("b/a%20b/c%2Bd+e", Some(("b", "a b/c+d+e", None)));
        check("b%2Fk", Some(("b", "k", None)));
        check("b/k?versionId=v1", Some(("b", "k", Some("v1"))));
        check("b/k%3FversionId=v1", Some(("b", "k?versionId=v1", None)));
        for bad in ["", "/", "b", "b/", "/b/", "b/%zz", "//k"] {
            check(bad, None);
        }
    }
}
