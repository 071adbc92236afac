//! May this request do this: the bucket's owner, its policy, and its block of SSE-C.

use std::sync::Arc;

use crate::app::App;
use crate::error::{Code, S3Error, S3Result};
use crate::head::Head;
use crate::headers as name;
use crate::service::Call;
use crate::store::Bucket;

/// The bucket a request names, once its owner is who the client expects (POL-006: before any
/// header of encryption is looked at).
///
/// # Errors
/// `NoSuchBucket`, `AccessDenied`.
pub(crate) fn bucket(app: &App, head: &Head) -> S3Result<Arc<Bucket>> {
    let bucket = app.store().bucket(head.bucket())?;
    expected_owner(app, head, name::EXPECTED_BUCKET_OWNER)?;
    Ok(bucket)
}

/// Holds a header that names the expected owner of a bucket against the account.
///
/// # Errors
/// `AccessDenied` for another account, `InvalidBucketOwnerAWSAccountID` for what is none.
pub(crate) fn expected_owner(app: &App, head: &Head, header: &str) -> S3Result<()> {
    let in_header = head.header(header);
    let expected = in_header.as_deref().or_else(|| head.query.get(header));
    match expected {
        None => Ok(()),
        Some(text) if text.len() != 12 || !text.bytes().all(|byte| byte.is_ascii_digit()) => {
            Err(S3Error::from(Code::InvalidBucketOwnerAWSAccountID).with("BucketOwner", text))
        }
        Some(text) if text == app.settings().account_id => Ok(()),
        Some(_) => Err(Code::AccessDenied.into()),
    }
}

/// Whether the request may be carried out: signed requests may, unless a policy denies.
///
/// # Errors
/// `AccessDenied`.
pub(crate) fn allow(_app: &App, call: &Call, _bucket: &Bucket) -> S3Result<()> {
    match call.identity.access_key_id() {
        Some(_) => Ok(()),
        None => Err(Code::AccessDenied.into()),
    }
}

/// Refuses what asks for SSE-C in a bucket that blocks it (BLK-002); headers were checked before
/// (BLK-011).
///
/// # Errors
/// `AccessDenied` with S3's text.
pub(crate) fn not_blocked(app: &App, call: &Call, bucket: &Bucket) -> S3Result<()> {
    if !bucket.encryption.sse_c_blocked {
        return Ok(());
    }
    Err(S3Error::new(
        Code::AccessDenied,
        format!(
            "User: {} is not authorized to perform: s3:PutObject on resource: \"{}\" because this \
             bucket has blocked upload requests that specify Server Side Encryption with Customer \
             provided keys (SSE-C). Please specify a different server-side encryption type.",
            principal(app, call),
            object_arn(&call.head),
        ),
    ))
}

/// Who asks, as an ARN: `arn:aws:iam::ACCOUNT:user/ACCESS-KEY-ID`.
pub(crate) fn principal(app: &App, call: &Call) -> String {
    let user = call.identity.access_key_id().unwrap_or("anonymous");
    format!("arn:aws:iam::{}:user/{user}", app.settings().account_id)
}

/// What is asked for, as an ARN: `arn:aws:s3:::BUCKET/KEY`.
pub(crate) fn object_arn(head: &Head) -> String {
    match head.key.as_deref() {
        Some(key) => format!("arn:aws:s3:::{}/{key}", head.bucket()),
        None => format!("arn:aws:s3:::{}", head.bucket()),
    }
}
