//! AbortMultipartUpload: needs no customer key, and is no error after Complete (MPU-018, MPU-112).

use crate::app::App;
use crate::authorize;
use crate::error::S3Result;
use crate::respond;
use crate::service::{Call, Response};

/// AbortMultipartUpload.
pub(in crate::ops) fn abort(app: &App, call: &Call) -> S3Result<Response> {
    let bucket = authorize::admit(app, call)?;
    let upload_id = call.head.query.get("uploadId").unwrap_or_default();
    app.commit(|store| store.abort_upload(&bucket.name, call.head.key(), upload_id))?;
    Ok(respond::empty(204))
}
