//! DeleteObject and DeleteObjects. Deleting needs no customer key (OTH-001).

use crate::app::App;
use crate::authorize::{self, Caller};
use crate::error::{Code, S3Error, S3Result};
use crate::head::header;
use crate::headers as name;
use crate::respond::{self, set};
use crate::service::{Call, Response};
use crate::store::{Deleted, Target, VersionId};
use crate::xml::{Element, Writer, malformed};

use super::DOCUMENT_LEN_MAX;

/// The most keys of one DeleteObjects (API reference).
const KEYS_MAX: usize = crate::store::limits::PAGE_ENTRIES_MAX;

/// DeleteObject.
pub(super) fn one(app: &App, call: &Call) -> S3Result<Response> {
    let bucket = authorize::admit(app, call)?;
    let version_id = call.head.query.get("versionId");
    let if_match = header(&call.head.headers, "if-match");
    if let (Some(_), Some(_)) = (&if_match, version_id) {
        return Err(S3Error::from(Code::NotImplemented).with("Header", "If-Match").with(
            "AdditionalMessage",
            "Conditional delete operations are not allowed when a version ID is included in the \
             request parameters.",
        ));
    }
    let deleted = delete(
        app,
        &bucket.name,
        call.head.key(),
        version_id,
        if_match.as_deref(),
    )?;
    let mut response = respond::empty(204);
    if let Some(id) = &deleted.version_id {
        set(&mut response, name::VERSION_ID, id.as_str());
    }
    if deleted.delete_marker {
        set(&mut response, name::DELETE_MARKER, "true");
    }
    Ok(response)
}

fn delete(
    app: &App,
    bucket: &str,
    key: &str,
    version_id: Option<&str>,
    if_match: Option<&str>,
) -> S3Result<Deleted> {
    let version_id = version_id.map(VersionId::parse).transpose()?;
    app.commit(|store| {
        store.delete_object(bucket, key, version_id.as_ref(), |target| {
            judge(if_match, target, key)
        })
    })
}

/// CND-108: `*` wants any object, an ETag that very one.
fn judge(if_match: Option<&str>, target: Target<'_>, key: &str) -> S3Result<()> {
    let Some(wanted) = if_match else {
        return Ok(());
    };
    match target.object() {
        None => Err(S3Error::from(Code::NoSuchKey).with("Key", key)),
        Some(facts) if wanted == "*" || wanted.trim_matches('"') == facts.etag() => Ok(()),
        Some(_) => Err(S3Error::from(Code::PreconditionFailed).with("Condition", "If-Match")),
    }
}

/// DeleteObjects: each key on its own; a failure is told in the answer, not by its status.
pub(super) async fn many(app: &App, call: Call) -> S3Result<Response> {
    let bucket = authorize::bucket(app, &call.head)?;
    let Call {
        head,
        identity,
        payload,
        ..
    } = call;
    let root = Element::parse(&payload.collect(DOCUMENT_LEN_MAX).await?)?;
    let objects: Vec<_> = root.all("Object").collect();
    if objects.is_empty() || objects.len() > KEYS_MAX {
        return Err(malformed());
    }
    let quiet = root
        .text_of("Quiet")
        .is_some_and(|text| text.eq_ignore_ascii_case("true"));
    let caller = Caller::new(&head, &identity);
    let mut writer = Writer::document("DeleteResult");
    for object in objects {
        let key = object
            .text_of("Key")
            .filter(|key| !key.is_empty())
            .ok_or_else(malformed)?;
        let version_id = object.text_of("VersionId").filter(|id| !id.is_empty());
        let if_match = object.text_of("ETag");
        let allowed = authorize::allow_key(app, &caller, &bucket, key);
        match allowed.and_then(|()| delete(app, &bucket.name, key, version_id, if_match)) {
            Ok(_) if quiet => {}
            Ok(deleted) => write_deleted(&mut writer, key, version_id, &deleted),
            Err(error) => write_error(&mut writer, key, version_id, &error),
        }
    }
    Ok(respond::xml(200, writer))
}

fn write_deleted(writer: &mut Writer, key: &str, asked: Option<&str>, deleted: &Deleted) {
    writer
        .open("Deleted")
        .text("Key", key)
        .optional("VersionId", asked);
    if deleted.delete_marker {
        writer.text("DeleteMarker", "true");
        writer.optional(
            "DeleteMarkerVersionId",
            deleted.version_id.as_ref().map(VersionId::as_str),
        );
    }
    writer.close();
}

fn write_error(writer: &mut Writer, key: &str, asked: Option<&str>, error: &S3Error) {
    writer
        .open("Error")
        .text("Key", key)
        .optional("VersionId", asked);
    writer
        .text("Code", error.code().as_str())
        .text("Message", error.message())
        .close();
}
