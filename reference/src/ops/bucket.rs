//! Buckets: creating, finding, listing and deleting them, their region and their versioning.

use crate::app::App;
use crate::authorize;
use crate::date;
use crate::error::{Code, S3Error, S3Result};
use crate::headers as name;
use crate::respond::{self, set};
use crate::service::{Call, Response};
use crate::store::{Bucket, BucketEncryption, Versioning};
use crate::xml::{self, Element, Writer};

use super::DOCUMENT_LEN_MAX;

/// ListBuckets.
pub(super) fn list(app: &App, call: &Call) -> S3Result<Response> {
    signed(call)?;
    let mut writer = Writer::document("ListAllMyBucketsResult");
    writer
        .open("Owner")
        .text("ID", &app.settings().account_id)
        .close();
    writer.open("Buckets");
    for bucket in app.store().buckets() {
        writer.open("Bucket");
        writer
            .text("Name", &bucket.name)
            .text("CreationDate", date::iso8601(bucket.created));
        writer.close();
    }
    Ok(respond::xml(200, writer))
}

/// CreateBucket. As in us-east-1, creating one's own bucket again is no error.
pub(super) async fn create(app: &App, call: Call) -> S3Result<Response> {
    signed(&call)?;
    let Call { head, payload, .. } = call;
    let bucket = head.bucket();
    valid_name(bucket)?;
    region_wanted(app, &payload.collect(DOCUMENT_LEN_MAX).await?)?;
    if app.store().bucket(bucket).is_err() {
        app.commit(|store| store.create_bucket(new_bucket(app, bucket)))?;
    }
    let mut response = respond::empty(200);
    set(&mut response, "location", &format!("/{bucket}"));
    Ok(response)
}

/// A bucket as it is at first.
pub(crate) fn new_bucket(app: &App, name: &str) -> Bucket {
    Bucket {
        name: name.to_owned(),
        region: app.region().to_owned(),
        created: app.now(),
        versioning: Versioning::Unversioned,
        encryption: BucketEncryption::new(app.settings().block_sse_c_by_default),
        policy: None,
    }
}

/// The rules of "General purpose bucket naming rules" that concern characters and length.
fn valid_name(name: &str) -> S3Result<()> {
    let inner =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte);
    let edge = |byte: Option<u8>| {
        byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    let valid = (3..=63).contains(&name.len())
        && name.bytes().all(inner)
        && edge(name.bytes().next())
        && edge(name.bytes().last())
        && !name.contains("..")
        && name.parse::<std::net::Ipv4Addr>().is_err();
    if valid {
        return Ok(());
    }
    Err(S3Error::from(Code::InvalidBucketName).with("BucketName", name))
}

fn region_wanted(app: &App, body: &[u8]) -> S3Result<()> {
    if body.is_empty() {
        return Ok(());
    }
    let root = Element::parse(body)?;
    match root.text_of("LocationConstraint") {
        None | Some("") => Ok(()),
        Some(region) if region == app.region() => Ok(()),
        Some(region) => Err(S3Error::from(Code::IllegalLocationConstraintException)
            .with("LocationConstraint", region)),
    }
}

/// HeadBucket.
pub(super) fn head(app: &App, call: &Call) -> S3Result<Response> {
    let bucket = authorize::admit(app, call)?;
    let mut response = respond::empty(200);
    set(&mut response, name::BUCKET_REGION, &bucket.region);
    Ok(response)
}

/// DeleteBucket.
pub(super) fn delete(app: &App, call: &Call) -> S3Result<Response> {
    let bucket = authorize::admit(app, call)?;
    app.commit(|store| store.delete_bucket(&bucket.name))?;
    Ok(respond::empty(204))
}

/// GetBucketLocation; us-east-1 is the empty constraint.
pub(super) fn location(app: &App, call: &Call) -> S3Result<Response> {
    let bucket = authorize::admit(app, call)?;
    let region = bucket.region.as_str();
    let mut document = Writer::document("LocationConstraint");
    document.raw(if region == "us-east-1" { "" } else { region });
    Ok(respond::xml(200, document))
}

/// GetBucketVersioning; a bucket that was never versioned has no status.
pub(super) fn get_versioning(app: &App, call: &Call) -> S3Result<Response> {
    let bucket = authorize::admit(app, call)?;
    let mut writer = Writer::document("VersioningConfiguration");
    match bucket.versioning {
        Versioning::Unversioned => {}
        Versioning::Enabled => {
            writer.text("Status", "Enabled");
        }
        Versioning::Suspended => {
            writer.text("Status", "Suspended");
        }
    }
    Ok(respond::xml(200, writer))
}

/// PutBucketVersioning (VER-008).
pub(super) async fn put_versioning(app: &App, call: Call) -> S3Result<Response> {
    let bucket = authorize::admit(app, &call)?;
    let root = Element::parse(&call.payload.collect(DOCUMENT_LEN_MAX).await?)?;
    let versioning = match root.text_of("Status") {
        Some("Enabled") => Versioning::Enabled,
        Some("Suspended") => Versioning::Suspended,
        Some(_) => return Err(xml::malformed()),
        None => return Err(Code::IllegalVersioningConfigurationException.into()),
    };
    app.commit(|store| {
        store.update_bucket(&bucket.name, |bucket| {
            bucket.versioning = versioning;
            Ok::<_, S3Error>(())
        })
    })?;
    Ok(respond::empty(200))
}

/// What concerns no bucket has no policy: only signed requests may.
fn signed(call: &Call) -> S3Result<()> {
    call.identity
        .access_key_id()
        .map(|_| ())
        .ok_or_else(|| Code::AccessDenied.into())
}
