//! May this request do this: the bucket's owner, its policy, and its block of SSE-C.

use std::sync::Arc;

use crate::app::App;
use crate::copy_source::CopySource;
use crate::error::{Code, S3Error, S3Result};
use crate::head::{Head, Transport};
use crate::headers as name;
use crate::policy::{self, Ask, Decision, Policy};
use crate::route::Operation as Op;
use crate::service::Call;
use crate::sigv4::Identity;
use crate::store::Bucket;

/// The bucket a request names, once its owner is as expected and its policy allows the request:
/// for all operations that have no headers of encryption to look at in between.
///
/// # Errors
/// As [`bucket`] and [`allow`].
pub(crate) fn admit(app: &App, call: &Call) -> S3Result<Arc<Bucket>> {
    let bucket = bucket(app, &call.head)?;
    allow(app, call, &bucket)?;
    Ok(bucket)
}

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

/// Whether the request may be carried out: signed requests may, unless the bucket's policy
/// denies; anonymous ones may not, unless it allows.
///
/// # Errors
/// `AccessDenied`, with the reason where S3 gives one (POL-007, SIG-016).
pub(crate) fn allow(app: &App, call: &Call, bucket: &Bucket) -> S3Result<()> {
    let resource = object_arn(bucket, call.head.key.as_deref());
    allow_action(app, call, bucket, action(call), &resource)
}

/// The same for one key of a request that is about several.
///
/// # Errors
/// As [`allow`].
pub(crate) fn allow_key(app: &App, call: &Caller<'_>, bucket: &Bucket, key: &str) -> S3Result<()> {
    decide(
        app,
        call,
        bucket,
        "s3:DeleteObject",
        &object_arn(bucket, Some(key)),
    )
}

/// Whether the source of a copy may be read.
///
/// # Errors
/// As [`allow`].
pub(crate) fn allow_source(app: &App, call: &Call, source: &CopySource) -> S3Result<()> {
    let bucket = app.store().bucket(&source.bucket)?;
    let action = match source.version_id {
        Some(_) => "s3:GetObjectVersion",
        None => "s3:GetObject",
    };
    allow_action(
        app,
        call,
        &bucket,
        action,
        &object_arn(&bucket, Some(&source.key)),
    )
}

fn allow_action(
    app: &App,
    call: &Call,
    bucket: &Bucket,
    action: &str,
    resource: &str,
) -> S3Result<()> {
    match decide(app, &Caller::of(call), bucket, action, resource) {
        Err(error) if call.identity.access_key_id().is_none() => Err(match call.operation {
            Op::CreateMultipartUpload => anonymous("initiate multipart uploads"),
            Op::CopyObject | Op::UploadPartCopy => anonymous("copy objects"),
            _ => error,
        }),
        decided => decided,
    }
}

fn anonymous(what: &str) -> S3Error {
    let message = format!("Anonymous users cannot {what}. Please authenticate.");
    S3Error::new(Code::AccessDenied, message)
}

/// Who asks, and with which head.
pub(crate) struct Caller<'a> {
    head: &'a Head,
    access_key_id: Option<&'a str>,
}

impl<'a> Caller<'a> {
    /// The sender of a request.
    pub(crate) fn of(call: &'a Call) -> Self {
        Self {
            head: &call.head,
            access_key_id: call.identity.access_key_id(),
        }
    }

    /// The sender of a request whose body has been taken.
    pub(crate) fn new(head: &'a Head, identity: &'a Identity) -> Self {
        Self {
            head,
            access_key_id: identity.access_key_id(),
        }
    }
}

fn decide(
    app: &App,
    caller: &Caller<'_>,
    bucket: &Bucket,
    action: &str,
    resource: &str,
) -> S3Result<()> {
    let principal = caller.access_key_id.map(|user| user_arn(app, user));
    let ask = Ask {
        principal: principal.as_deref(),
        action,
        resource,
        secure: caller.head.transport == Transport::Tls,
        headers: &caller.head.headers,
    };
    let decision = match &bucket.policy {
        None => Decision::NoMatch,
        Some(text) => Policy::parse(text.as_bytes(), &bucket.name)?.decide(&ask),
    };
    match (decision, &principal) {
        (Decision::Deny, _) => Err(policy::denied(&ask)),
        (Decision::Allow, _) | (Decision::NoMatch, Some(_)) => Ok(()),
        (Decision::NoMatch, None) => Err(Code::AccessDenied.into()),
    }
}

/// The action that policies know an operation by (service authorization reference, Amazon S3).
fn action(call: &Call) -> &'static str {
    let versioned = call.head.query.has("versionId");
    match call.operation {
        Op::GetObject | Op::HeadObject if versioned => "s3:GetObjectVersion",
        Op::GetObject | Op::HeadObject => "s3:GetObject",
        Op::GetObjectAttributes if versioned => "s3:GetObjectVersionAttributes",
        Op::GetObjectAttributes => "s3:GetObjectAttributes",
        Op::PutObject
        | Op::PostObject
        | Op::CopyObject
        | Op::CreateMultipartUpload
        | Op::UploadPart
        | Op::UploadPartCopy
        | Op::CompleteMultipartUpload => "s3:PutObject",
        Op::AbortMultipartUpload => "s3:AbortMultipartUpload",
        Op::ListParts => "s3:ListMultipartUploadParts",
        Op::DeleteObject if versioned => "s3:DeleteObjectVersion",
        Op::DeleteObject | Op::DeleteObjects => "s3:DeleteObject",
        Op::GetObjectTagging => "s3:GetObjectTagging",
        Op::PutObjectTagging => "s3:PutObjectTagging",
        Op::DeleteObjectTagging => "s3:DeleteObjectTagging",
        Op::GetObjectAcl => "s3:GetObjectAcl",
        Op::PutObjectAcl => "s3:PutObjectAcl",
        Op::ListBuckets => "s3:ListAllMyBuckets",
        Op::CreateBucket => "s3:CreateBucket",
        Op::DeleteBucket => "s3:DeleteBucket",
        Op::HeadBucket | Op::ListObjects | Op::ListObjectsV2 => "s3:ListBucket",
        Op::ListObjectVersions => "s3:ListBucketVersions",
        Op::ListMultipartUploads => "s3:ListBucketMultipartUploads",
        Op::GetBucketLocation => "s3:GetBucketLocation",
        Op::GetBucketVersioning => "s3:GetBucketVersioning",
        Op::PutBucketVersioning => "s3:PutBucketVersioning",
        Op::GetBucketEncryption => "s3:GetEncryptionConfiguration",
        Op::PutBucketEncryption | Op::DeleteBucketEncryption => "s3:PutEncryptionConfiguration",
        Op::GetBucketPolicy => "s3:GetBucketPolicy",
        Op::PutBucketPolicy => "s3:PutBucketPolicy",
        Op::DeleteBucketPolicy => "s3:DeleteBucketPolicy",
        Op::GetBucketAcl => "s3:GetBucketAcl",
        Op::GetBucketTagging => "s3:GetBucketTagging",
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
            user_arn(app, call.identity.access_key_id().unwrap_or("anonymous")),
            object_arn(bucket, call.head.key.as_deref()),
        ),
    ))
}

/// `arn:aws:iam::ACCOUNT:user/ACCESS-KEY-ID`
fn user_arn(app: &App, access_key_id: &str) -> String {
    format!(
        "arn:aws:iam::{}:user/{access_key_id}",
        app.settings().account_id
    )
}

/// `arn:aws:s3:::BUCKET[/KEY]`
fn object_arn(bucket: &Bucket, key: Option<&str>) -> String {
    match key {
        Some(key) => format!("arn:aws:s3:::{}/{key}", bucket.name),
        None => format!("arn:aws:s3:::{}", bucket.name),
    }
}
