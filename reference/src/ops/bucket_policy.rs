//! Put-, Get- and DeleteBucketPolicy. The owner is never locked out: a policy does not decide about
//! itself.

use crate::app::App;
use crate::authorize;
use crate::error::{Code, S3Error, S3Result};
use crate::policy::{POLICY_LEN_MAX, Policy};
use crate::respond;
use crate::service::{Call, Response};

/// GetBucketPolicy: as it was put.
pub(super) fn get(app: &App, call: &Call) -> S3Result<Response> {
    let bucket = owned(app, call)?;
    let policy = bucket
        .policy
        .clone()
        .ok_or_else(|| S3Error::from(Code::NoSuchBucketPolicy).with("BucketName", &*bucket.name))?;
    Ok(respond::text(200, "application/json", policy))
}

/// PutBucketPolicy: only what is understood completely is kept (POL-008).
pub(super) async fn put(app: &App, call: Call) -> S3Result<Response> {
    let bucket = owned(app, &call)?;
    let body = call.payload.collect(POLICY_LEN_MAX).await?;
    Policy::parse(&body, &bucket.name)?;
    let text = String::from_utf8(body.to_vec()).map_err(|_| Code::MalformedPolicy)?;
    set_policy(app, &bucket.name, Some(text))?;
    Ok(respond::empty(204))
}

/// DeleteBucketPolicy.
pub(super) fn delete(app: &App, call: &Call) -> S3Result<Response> {
    let bucket = owned(app, call)?;
    set_policy(app, &bucket.name, None)?;
    Ok(respond::empty(204))
}

fn set_policy(app: &App, bucket: &str, policy: Option<String>) -> S3Result<()> {
    app.commit(|store| {
        store.update_bucket(bucket, |bucket| {
            bucket.policy = policy;
            Ok::<_, S3Error>(())
        })
    })?;
    Ok(())
}

fn owned(app: &App, call: &Call) -> S3Result<std::sync::Arc<crate::store::Bucket>> {
    if call.identity.access_key_id().is_none() {
        return Err(Code::AccessDenied.into());
    }
    authorize::bucket(app, &call.head)
}
