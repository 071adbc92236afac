//! Browser uploads: a form whose fields are the headers of a PutObject, signed by its policy.
//! Knows nothing of buckets and stores; the operation is its caller's.

mod document;
mod fields;
mod file;
mod multipart;
#[cfg(test)]
mod rows;
mod signature;

pub use document::LengthRange;
pub use fields::Fields;

use http::HeaderMap;
use time::OffsetDateTime;

use crate::body::Body;
use crate::error::{Code, S3Error, S3Result};
use crate::sigv4::{Credentials, Identity, Slash, percent_encode};
use document::Document;
use multipart::Multipart;

/// A form whose sender is known and whose policy allows it. Its file has not been read.
#[derive(Debug)]
pub struct Upload {
    /// Who signed.
    pub identity: Identity,
    /// The key of the object, with the file's name in place of `${filename}`.
    pub key: String,
    /// The fields as headers of a PutObject, the SSE-C triple among them.
    pub headers: HeaderMap,
    /// All fields before the file.
    pub fields: Fields,
    /// The file. It ends with an error when it is larger or smaller than the policy allows, or
    /// when the form breaks off.
    pub file: Body,
    /// The answer the form asks for.
    pub success: Success,
}

/// What a form wants to see when the object is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Success {
    /// 200, 201 (with a `PostResponse`) or 204.
    Status(u16),
    /// 303 to this URL; see [`Success::location`].
    Redirect(String),
}

/// Reads a form up to its file and decides who sent it and whether its policy allows it.
///
/// Order: encoding, fields, key, signature, policy, conditions (PST-111, PST-146).
///
/// # Errors
/// As S3 words them: `PreconditionFailed` for another encoding, `MalformedPOSTRequest`,
/// `InvalidArgument`, those of signatures, `InvalidPolicyDocument`, `AccessDenied`.
pub async fn read(
    headers: &HeaderMap,
    body: Body,
    bucket: &str,
    credentials: &[Credentials],
    region: &str,
    now: OffsetDateTime,
) -> S3Result<Upload> {
    let mut form = Multipart::new(headers, body)?;
    let mut fields = Fields::default();
    let filename = loop {
        let part = form.next_part().await?.ok_or_else(no_file)?;
        if part.name.eq_ignore_ascii_case("file") {
            break part.filename;
        }
        fields.push(part.name, form.field().await?)?;
    };
    let key = key(&fields, filename.as_deref())?;
    let identity = signature::authenticate(&fields, credentials, region, now)?;
    let range = match (&identity, fields.get("policy")) {
        (Identity::Signed(_), Some(policy)) => {
            Document::parse(policy)?.check(&fields, bucket, &key, now)?
        }
        _ => None,
    };
    Ok(Upload {
        identity,
        key,
        headers: fields.headers()?,
        success: Success::of(&fields),
        fields,
        file: Body::stream(form.into_file(range)),
    })
}

/// PST-105, PST-141.
fn key(fields: &Fields, filename: Option<&str>) -> S3Result<String> {
    let key = fields.get("key").filter(|key| !key.is_empty());
    let key = key.ok_or_else(|| signature::missing("key"))?;
    Ok(match filename {
        Some(filename) => key.replace("${filename}", filename),
        None => key.to_owned(),
    })
}

fn no_file() -> S3Error {
    S3Error::new(
        Code::InvalidArgument,
        "POST requires exactly one file upload per request.",
    )
    .with("ArgumentName", "file")
    .with("ArgumentValue", "0")
}

impl Success {
    /// PST-101 to PST-104: a redirect to an absolute URL, else a status, else 204.
    fn of(fields: &Fields) -> Self {
        let redirect = fields
            .get("success_action_redirect")
            .or_else(|| fields.get("redirect"));
        if let Some(url) = redirect.filter(|url| is_absolute(url)) {
            return Self::Redirect(url.to_owned());
        }
        match fields.get("success_action_status") {
            Some("200") => Self::Status(200),
            Some("201") => Self::Status(201),
            _ => Self::Status(204),
        }
    }

    /// Where a redirect goes: the URL with bucket, key and ETag (with its quotes) in the query.
    pub fn location(&self, bucket: &str, key: &str, etag: &str) -> Option<String> {
        let Self::Redirect(url) = self else {
            return None;
        };
        let separator = if url.contains('?') { '&' } else { '?' };
        let [bucket, key, etag] =
            [bucket, key, etag].map(|text| percent_encode(text.as_bytes(), Slash::Encoded));
        Some(format!(
            "{url}{separator}bucket={bucket}&key={key}&etag={etag}"
        ))
    }
}

fn is_absolute(url: &str) -> bool {
    url.parse::<http::Uri>()
        .is_ok_and(|uri| matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some())
}
