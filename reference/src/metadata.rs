//! What a write says about its object beside the bytes: headers that reads send back, user
//! metadata, tags and the storage class.

use http::HeaderMap;

use crate::error::{Code, S3Error, S3Result};
use crate::head::{self, decode};
use crate::headers as name;
use crate::store::limits::{
    TAG_KEY_CHARS_MAX, TAG_VALUE_CHARS_MAX, TAGS_MAX, USER_METADATA_BYTES_MAX,
};

/// Headers that are kept and sent back as they came (API reference, PutObject).
const KEPT: &[&str] = &[
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-type",
    "expires",
    name::WEBSITE_REDIRECT,
];

/// What S3 calls bytes nobody described.
const DEFAULT_CONTENT_TYPE: &str = "binary/octet-stream";

/// Storage classes that can be read at once; what they mean for storage is not looked at.
const STORAGE_CLASSES: &[&str] = &[
    "STANDARD",
    "REDUCED_REDUNDANCY",
    "STANDARD_IA",
    "ONEZONE_IA",
    "INTELLIGENT_TIERING",
    "GLACIER_IR",
];

/// Storage classes that would need RestoreObject, which is not served.
const ARCHIVES: &[&str] = &["GLACIER", "DEEP_ARCHIVE"];

/// The headers to keep, names in lower case, `content-type` always among them.
///
/// # Errors
/// `MetadataTooLarge` above 2 KiB of user metadata.
pub(crate) fn headers(headers: &HeaderMap) -> S3Result<Vec<(String, String)>> {
    let mut kept = Vec::new();
    for name in KEPT {
        if let Some(value) =
            head::header(headers, name).and_then(|value| without_framing(name, value))
        {
            kept.push(((*name).to_owned(), value));
        }
    }
    if !headers.contains_key("content-type") {
        kept.push(("content-type".to_owned(), DEFAULT_CONTENT_TYPE.to_owned()));
    }
    let mut user_len = 0;
    for name in headers
        .keys()
        .filter(|name| name.as_str().starts_with(name::META_PREFIX))
    {
        let value = head::header(headers, name.as_str()).unwrap_or_default();
        user_len += name.as_str().len() - name::META_PREFIX.len() + value.len();
        kept.push((name.as_str().to_owned(), value));
    }
    if user_len > USER_METADATA_BYTES_MAX {
        return Err(S3Error::from(Code::MetadataTooLarge)
            .with("Size", user_len.to_string())
            .with("MaxSizeAllowed", USER_METADATA_BYTES_MAX.to_string()));
    }
    Ok(kept)
}

/// `aws-chunked` is framing, not an encoding of the object.
fn without_framing(name: &str, value: String) -> Option<String> {
    if name != "content-encoding" {
        return Some(value);
    }
    let codings: Vec<_> = value
        .split(',')
        .map(str::trim)
        .filter(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case("aws-chunked"))
        .collect();
    (!codings.is_empty()).then(|| codings.join(","))
}

/// The tags of `x-amz-tagging`, a query string.
///
/// # Errors
/// `InvalidArgument` when it is none, `InvalidTag` as [`check_tags`].
pub(crate) fn tags(headers: &HeaderMap) -> S3Result<Vec<(String, String)>> {
    let Some(text) = head::header(headers, name::TAGGING) else {
        return Ok(Vec::new());
    };
    let invalid = |_| {
        S3Error::new(
            Code::InvalidArgument,
            "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query \
             parameters without tag name duplicates.",
        )
        .with("ArgumentName", name::TAGGING)
        .with("ArgumentValue", &text)
    };
    let tags = text
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decode(key, true)?, decode(value, true)?))
        })
        .collect::<S3Result<Vec<_>>>()
        .map_err(invalid)?;
    check_tags(&tags)?;
    Ok(tags)
}

/// Holds tags to S3's limits.
///
/// # Errors
/// `InvalidTag` for too many, too long, or doubled ones.
pub(crate) fn check_tags(tags: &[(String, String)]) -> S3Result<()> {
    let refuse = |message: &'static str| Err(S3Error::new(Code::InvalidTag, message));
    if tags.len() > TAGS_MAX {
        return refuse("Object tags cannot be greater than 10");
    }
    for (index, (key, value)) in tags.iter().enumerate() {
        if key.is_empty() || key.chars().count() > TAG_KEY_CHARS_MAX {
            return refuse("The TagKey you have provided is invalid");
        }
        if value.chars().count() > TAG_VALUE_CHARS_MAX {
            return refuse("The TagValue you have provided is invalid");
        }
        if tags[..index].iter().any(|(earlier, _)| earlier == key) {
            return refuse("Cannot provide multiple Tags with the same key");
        }
    }
    Ok(())
}

/// The storage class asked for.
///
/// # Errors
/// `InvalidStorageClass` for an unknown one, `NotImplemented` for archives.
pub(crate) fn storage_class(headers: &HeaderMap) -> S3Result<String> {
    let class = head::header(headers, name::STORAGE_CLASS).unwrap_or_else(|| "STANDARD".to_owned());
    if ARCHIVES.contains(&class.as_str()) {
        return Err(S3Error::new(
            Code::NotImplemented,
            "Archives are not served here",
        ));
    }
    if !STORAGE_CLASSES.contains(&class.as_str()) {
        return Err(S3Error::from(Code::InvalidStorageClass).with("StorageClassRequested", class));
    }
    Ok(class)
}
