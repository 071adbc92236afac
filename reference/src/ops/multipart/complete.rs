//! CompleteMultipartUpload: makes an object of the listed parts, with or without the key.

use crate::app::App;
use crate::authorize;
use crate::checksums::{self, Kept};
use crate::conditions::WriteCondition;
use crate::encryption;
use crate::error::{Code, S3Error, S3Result};
use crate::head::Head;
use crate::headers as name;
use crate::ops::DOCUMENT_LEN_MAX;
use crate::ops::put_object::{judge, show_version};
use crate::payload::{Algorithm, Checksum};
use crate::respond;
use crate::seal::{manifest, part_manifest};
use crate::service::{Call, Response};
use crate::ssec::rules::{self, Facts};
use crate::ssec::{CustomerKey, Side, Triple};
use crate::store::{
    Bucket, ChecksumType, Completion, ObjectHead, ObjectRecord, PartRecord, StoreError, StoredPart,
    Target, Upload, UploadState, Version,
};
use crate::xml::Writer;

use super::part_list::{self, Listed};
use super::{binding, check_key};

/// CompleteMultipartUpload. A block of SSE-C does not stop it (MPU-026).
pub(in crate::ops) async fn complete(app: &App, call: Call) -> S3Result<Response> {
    let bucket = authorize::admit(app, &call)?;
    let condition = WriteCondition::read(&call.head.headers)?;
    let Call { head, payload, .. } = call;
    let body = payload.without_checksum().collect(DOCUMENT_LEN_MAX).await?;
    let listed = part_list::read(&body)?;
    let upload_id = head.query.get("uploadId").unwrap_or_default();
    let state = app.store().upload(&bucket.name, head.key(), upload_id)?;
    let upload = match state {
        UploadState::Open(upload) => upload,
        UploadState::Finished(version) => return repeat(app, &bucket, &head, &listed, &version),
    };
    let customer_key = check_key(&head, rules::COMPLETE, &upload)?;
    let mut whole = None;
    let completion = app.commit(|store| {
        store.complete_upload(&bucket.name, head.key(), upload_id, |upload, target| {
            let (record, kept) = build(app, &head, &condition, &listed, upload, target)?;
            whole = Some(kept);
            Ok::<_, S3Error>(record)
        })
    })?;
    match completion {
        Completion::Repeated(version) => repeat(app, &bucket, &head, &listed, &version),
        Completion::Done(written) => {
            let may_show = upload.head.encryption.verifier().is_none() || customer_key.is_some();
            let kept = whole.as_ref().filter(|_| may_show);
            answer(
                app,
                &bucket,
                &head,
                &written.version,
                customer_key.as_ref(),
                kept,
            )
        }
    }
}

/// A finished upload answers the same list as the first time, without checksums (MPU-015), and
/// another list as if it were gone (MPU-108).
fn repeat(
    app: &App,
    bucket: &Bucket,
    head: &Head,
    listed: &[Listed],
    version: &Version,
) -> S3Result<Response> {
    let facts = version.facts().ok_or(Code::InternalError)?;
    let triple = Triple::read(&head.headers, Side::Object);
    rules::decide(
        rules::COMPLETE,
        &Facts {
            triple: Some(&triple),
            verifier: facts.verifier(),
            upload_has_checksum: facts.checksum_named(),
            ..Facts::default()
        },
    )?;
    let numbers = listed.iter().map(|part| part.number);
    let same_list = numbers.eq(facts.parts().map(|(number, _)| number))
        && part_list::object_etag(listed) == facts.etag();
    if !same_list {
        let upload_id = facts.upload_id().unwrap_or_default().to_owned();
        return Err(StoreError::NoSuchUpload { upload_id }.into());
    }
    answer(
        app,
        bucket,
        head,
        version,
        triple.customer_key().as_ref(),
        None,
    )
}

fn answer(
    app: &App,
    bucket: &Bucket,
    head: &Head,
    version: &Version,
    customer_key: Option<&CustomerKey>,
    kept: Option<&Kept>,
) -> S3Result<Response> {
    let facts = version.facts().ok_or(Code::InternalError)?;
    let mut writer = Writer::document("CompleteMultipartUploadResult");
    writer.text("Location", format!("/{}/{}", bucket.name, head.key()));
    writer.text("Bucket", &bucket.name).text("Key", head.key());
    writer.text("ETag", format!("\"{}\"", facts.etag()));
    if let Some(kept) = kept {
        writer.text(kept.checksum.algorithm().element(), kept.value());
        writer.text("ChecksumType", kept.kind.as_str());
    }
    let mut response = respond::xml(200, writer);
    show_version(&mut response, bucket, &version.id);
    // Without the key there is no key-MD5 to show (MPU-011): it is computed, never stored.
    let key_md5 = customer_key.map(CustomerKey::key_md5);
    encryption::show(&mut response, app, facts.encryption(), key_md5.as_deref());
    Ok(response)
}

/// Makes the object's record and its checksum, or refuses; the upload stays as it was then.
fn build(
    app: &App,
    head: &Head,
    condition: &WriteCondition,
    listed: &[Listed],
    upload: &Upload,
    target: Target<'_>,
) -> S3Result<(ObjectRecord, Kept)> {
    let parts = part_list::find(listed, upload)?;
    for (listed, part) in listed.iter().zip(&parts) {
        let own = part_checksum(app, upload, part)?.checksum.to_base64();
        part_list::check_checksums(listed, &own, upload)?;
    }
    part_list::check_sizes(&parts, app.settings().part_len_min)?;
    let kept = whole_checksum(app, upload, &parts)?;
    let size = parts.iter().map(|part| part.size).sum();
    check_whole(head, upload, &kept, size)?;
    judge_upload(condition, upload, target)?;
    let streams = parts.iter().map(|part| (&part.stream, part.size));
    let manifest = manifest(&binding(upload), streams);
    let record = ObjectRecord {
        head: ObjectHead {
            checksum: Some(kept.label()),
            ..upload.head.clone()
        },
        etag: part_list::object_etag(listed),
        size,
        parts: parts.iter().map(|part| PartRecord::clone(part)).collect(),
        upload_id: Some(upload.id.clone()),
        checksum_named: upload.head.checksum.is_some(),
        sealed_checksums: checksums::seal(app, &manifest, Some(&kept)),
    };
    Ok((record, kept))
}

/// MPU-110: an object that was deleted while it was uploaded is a conflict, not an absence.
fn judge_upload(condition: &WriteCondition, upload: &Upload, target: Target<'_>) -> S3Result<()> {
    judge(condition, target, &upload.key)?;
    if *condition == WriteCondition::Absent && upload.deleted_since {
        return Err(S3Error::from(Code::ConditionalRequestConflict)
            .with("Condition", "If-None-Match")
            .with("Key", &*upload.key));
    }
    Ok(())
}

fn part_checksum(app: &App, upload: &Upload, part: &StoredPart) -> S3Result<Kept> {
    let manifest = part_manifest(&binding(upload), &part.stream, part.size);
    let kept = checksums::open(app, &manifest, &part.sealed_checksums)?;
    kept.ok_or_else(|| Code::InternalError.into())
}

/// The checksum of the whole: of the bytes, combined from the parts, or of the parts' checksums.
fn whole_checksum(app: &App, upload: &Upload, parts: &[&StoredPart]) -> S3Result<Kept> {
    let own = |part: &&StoredPart| Ok((part_checksum(app, upload, part)?.checksum, part.size));
    let own: Vec<(Checksum, u64)> = parts.iter().map(own).collect::<S3Result<_>>()?;
    let label = upload.head.checksum;
    let algorithm = label.map_or(Algorithm::Crc64Nvme, |label| label.algorithm);
    if label.is_some_and(|label| label.kind == ChecksumType::Composite) {
        let checksums: Vec<_> = own.into_iter().map(|(checksum, _)| checksum).collect();
        let whole = Checksum::composite(algorithm, &checksums);
        return Ok(Kept {
            kind: ChecksumType::Composite,
            parts: parts.len(),
            ..Kept::full(whole)
        });
    }
    let whole = Checksum::combine(algorithm, &own).ok_or(Code::InternalError)?;
    Ok(Kept::full(whole))
}

/// What the headers of Complete say about the whole (CHK-117..119).
fn check_whole(head: &Head, upload: &Upload, kept: &Kept, size: u64) -> S3Result<()> {
    let invalid = |message: String| Err(S3Error::new(Code::InvalidRequest, message));
    if let Some(sent) = head.header(name::CHECKSUM_TYPE) {
        let created = upload
            .head
            .checksum
            .map_or("null", |label| label.kind.as_str());
        if sent != created {
            return invalid(format!(
                "The upload was created using the {created} checksum mode. The complete request \
                 must use the same checksum mode."
            ));
        }
    }
    let algorithm = kept.checksum.algorithm();
    if let Some(sent) = head.header(algorithm.header())
        && sent != kept.value()
        && sent != kept.checksum.to_base64()
    {
        return Err(S3Error::new(
            Code::BadDigest,
            format!(
                "The {} you specified did not match the calculated checksum.",
                algorithm.name().to_ascii_lowercase()
            ),
        ));
    }
    match head.header(name::MP_OBJECT_SIZE) {
        Some(sent) if sent != size.to_string() => invalid(format!(
            "The provided 'x-amz-mp-object-size' header value {sent} does not match what was \
             computed: {size}"
        )),
        _ => Ok(()),
    }
}
