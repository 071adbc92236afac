//! ACLs, as far as clients need them: the owner has full control, and nothing else is granted.

use crate::app::App;
use crate::authorize;
use crate::door;
use crate::error::{Code, S3Error, S3Result};
use crate::respond;
use crate::service::{Call, Response};
use crate::store::VersionId;
use crate::xml::Writer;

/// GetObjectAcl and GetBucketAcl; no customer key is asked for (OTH-003).
pub(super) fn get(app: &App, call: &Call) -> S3Result<Response> {
    exists(app, call)?;
    let owner = app.settings().account_id.as_str();
    let mut writer = Writer::document("AccessControlPolicy");
    writer.open("Owner").text("ID", owner).close();
    writer.open("AccessControlList").open("Grant");
    writer.raw(&format!(
        "<Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
         xsi:type=\"CanonicalUser\"><ID>{owner}</ID></Grantee>"
    ));
    writer.text("Permission", "FULL_CONTROL");
    Ok(respond::xml(200, writer))
}

/// PutObjectAcl: what grants nothing new is accepted, anything else is not served.
pub(super) fn put(app: &App, call: &Call) -> S3Result<Response> {
    exists(app, call)?;
    match call.head.header("x-amz-acl").as_deref() {
        Some("private" | "bucket-owner-full-control") => Ok(respond::empty(200)),
        _ => Err(S3Error::new(
            Code::NotImplemented,
            "Only the private ACL is served here",
        )),
    }
}

fn exists(app: &App, call: &Call) -> S3Result<()> {
    let bucket = authorize::admit(app, call)?;
    let Some(key) = call.head.key.as_deref() else {
        return Ok(());
    };
    let wanted = call
        .head
        .query
        .get("versionId")
        .map(VersionId::parse)
        .transpose()?;
    let version = app.store().version(&bucket.name, key, wanted.as_ref())?;
    if !version.is_delete_marker() {
        return Ok(());
    }
    Err(door::marker(&version, &call.head.method, wanted.is_some()))
}
