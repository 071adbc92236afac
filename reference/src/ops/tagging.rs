//! Object tags: they are not encrypted and need no customer key (OTH-002, OTH-013).

use crate::app::App;
use crate::authorize;
use crate::door;
use crate::error::{Code, S3Result};
use crate::headers as name;
use crate::metadata::check_tags;
use crate::respond::{self, set};
use crate::service::{Call, Response};
use crate::store::{Version, VersionId, Versioning};
use crate::xml::{Element, Writer, malformed};

use super::DOCUMENT_LEN_MAX;

/// GetObjectTagging.
pub(super) fn get(app: &App, call: &Call) -> S3Result<Response> {
    authorize::admit(app, call)?;
    let wanted = version_id(call)?;
    let version = app
        .store()
        .version(call.head.bucket(), call.head.key(), wanted.as_ref())?;
    let by_id = wanted.is_some();
    let facts = version
        .facts()
        .ok_or_else(|| door::marker(&version, &call.head.method, by_id))?;
    let mut writer = Writer::document("Tagging");
    writer.open("TagSet");
    for (key, value) in facts.tags() {
        writer
            .open("Tag")
            .text("Key", key)
            .text("Value", value)
            .close();
    }
    answer(app, call, respond::xml(200, writer), &version)
}

/// GetBucketTagging: buckets have no tags here, which S3 says like this.
pub(super) fn of_bucket(app: &App, call: &Call) -> S3Result<Response> {
    authorize::admit(app, call)?;
    Err(Code::NoSuchTagSet.into())
}

/// PutObjectTagging.
pub(super) async fn put(app: &App, call: Call) -> S3Result<Response> {
    authorize::admit(app, &call)?;
    let Call { head, payload, .. } = call;
    let tags = read(&payload.collect(DOCUMENT_LEN_MAX).await?)?.ok_or_else(malformed)?;
    let version_id = head
        .query
        .get("versionId")
        .map(VersionId::parse)
        .transpose()?;
    let version =
        app.commit(|store| store.set_tags(head.bucket(), head.key(), version_id.as_ref(), tags))?;
    answer_for(app, head.bucket(), respond::empty(200), &version)
}

/// The tags of a `<Tagging>`; `None` where the document has no tag set.
///
/// # Errors
/// `MalformedXML`, `InvalidTag`.
pub(super) fn read(document: &[u8]) -> S3Result<Option<Vec<(String, String)>>> {
    let root = Element::parse(document)?;
    let Some(set) = root.child("TagSet") else {
        return Ok(None);
    };
    let tag = |tag: &Element| {
        let key = tag.text_of("Key").ok_or_else(malformed)?;
        let value = tag.text_of("Value").ok_or_else(malformed)?;
        Ok((key.to_owned(), value.to_owned()))
    };
    let tags = set.all("Tag").map(tag).collect::<S3Result<Vec<_>>>()?;
    check_tags(&tags)?;
    Ok(Some(tags))
}

/// DeleteObjectTagging.
pub(super) fn delete(app: &App, call: &Call) -> S3Result<Response> {
    authorize::admit(app, call)?;
    let wanted = version_id(call)?;
    let (bucket, key) = (call.head.bucket(), call.head.key());
    let version = app.commit(|store| store.set_tags(bucket, key, wanted.as_ref(), Vec::new()))?;
    answer(app, call, respond::empty(204), &version)
}

fn version_id(call: &Call) -> S3Result<Option<VersionId>> {
    Ok(call
        .head
        .query
        .get("versionId")
        .map(VersionId::parse)
        .transpose()?)
}

fn answer(app: &App, call: &Call, response: Response, version: &Version) -> S3Result<Response> {
    answer_for(app, call.head.bucket(), response, version)
}

fn answer_for(
    app: &App,
    bucket: &str,
    mut response: Response,
    version: &Version,
) -> S3Result<Response> {
    if app.store().bucket(bucket)?.versioning != Versioning::Unversioned {
        set(&mut response, name::VERSION_ID, version.id.as_str());
    }
    Ok(response)
}
