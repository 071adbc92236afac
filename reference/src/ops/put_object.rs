//! PutObject.

use http::header::ETAG;

use crate::app::App;
use crate::authorize;
use crate::checksums::{self, Kept};
use crate::conditions::WriteCondition;
use crate::encryption::{self, Sealing, Wanted};
use crate::error::{Code, S3Result};
use crate::metadata;
use crate::payload::{Algorithm, Payload};
use crate::random::{Random, random_bytes};
use crate::respond::{self, set};
use crate::seal::{manifest, part_manifest};
use crate::service::{Call, Response};
use crate::sigv4::hex;
use crate::store::{
    Bucket, Encryption, ObjectHead, ObjectRecord, PartRecord, Target, VersionId, Versioning,
    Written,
};
use crate::write::{self, Stored};

/// What is settled about a write before its body is read.
pub(super) struct Admitted {
    pub(super) sealing: Sealing,
    pub(super) condition: WriteCondition,
    pub(super) headers: Vec<(String, String)>,
    pub(super) tags: Vec<(String, String)>,
    pub(super) storage_class: String,
}

/// PutObject: the head decides, then the body is sealed, then the object appears at once.
pub(super) async fn put(app: &App, call: Call) -> S3Result<Response> {
    let bucket = authorize::bucket(app, &call.head)?;
    let wanted = Wanted::read(&call.head.headers, &bucket)?;
    let admitted = admit(app, &call, &bucket, wanted)?;
    let Call { head, payload, .. } = call;
    store(app, &bucket, head.key(), payload, admitted).await
}

/// Policy and block after the headers of encryption (BLK-011, POL-005), then the rest of the head.
pub(super) fn admit(app: &App, call: &Call, bucket: &Bucket, wanted: Wanted) -> S3Result<Admitted> {
    authorize::allow(app, call, bucket)?;
    if wanted.is_sse_c() {
        authorize::not_blocked(app, call, bucket)?;
    }
    let headers = &call.head.headers;
    Ok(Admitted {
        condition: WriteCondition::read(headers)?,
        headers: metadata::headers(headers)?,
        tags: metadata::tags(headers)?,
        storage_class: metadata::storage_class(headers)?,
        sealing: wanted.begin(app, bucket.name.as_str(), call.head.key()),
    })
}

/// Reads, seals and stores the body of PutObject and PostObject, and answers.
pub(super) async fn store(
    app: &App,
    bucket: &Bucket,
    key: &str,
    payload: Payload,
    admitted: Admitted,
) -> S3Result<Response> {
    judge_early(app, bucket, key, &admitted.condition)?;
    let is_sse_c = matches!(admitted.sealing.encryption, Encryption::SseC { .. });
    let payload = payload.with_default_checksum(Algorithm::Crc64Nvme);
    let payload = if is_sse_c {
        payload
    } else {
        payload.with_md5()
    };
    let Admitted {
        sealing, condition, ..
    } = &admitted;
    let (stored, verified, _) =
        write::seal_payload(app, payload, &sealing.object_key, None, None).await?;
    let etag = match verified.md5 {
        Some(md5) if !is_sse_c => hex::encode(&md5),
        _ => opaque_etag(app.random()),
    };
    let kept = verified.checksum.map(Kept::full);
    let record = record(app, &admitted, stored, etag, kept.as_ref());
    let written = commit(app, bucket, key, record, condition)?;
    let mut response = written_answer(app, bucket, &admitted.sealing, &written)?;
    if let Some(kept) = &kept {
        kept.show(&mut response);
    }
    Ok(response)
}

/// A condition that fails already is refused before the body is read.
pub(super) fn judge_early(
    app: &App,
    bucket: &Bucket,
    key: &str,
    condition: &WriteCondition,
) -> S3Result<()> {
    let version = app.store().version(&bucket.name, key, None).ok();
    let etag = version
        .as_ref()
        .and_then(|version| version.facts())
        .map(|facts| facts.etag());
    condition.judge(etag, key)
}

/// Makes an object appear, if its condition holds at that instant.
pub(super) fn commit(
    app: &App,
    bucket: &Bucket,
    key: &str,
    record: ObjectRecord,
    condition: &WriteCondition,
) -> S3Result<Written> {
    app.commit(|store| {
        store.put_object(&bucket.name, key, record, |target| {
            judge(condition, target, key)
        })
    })
}

/// The same as [`judge_early`] at the instant of the write.
pub(super) fn judge(condition: &WriteCondition, target: Target<'_>, key: &str) -> S3Result<()> {
    condition.judge(target.object().map(|facts| facts.etag()), key)
}

/// The record of an object in one stream.
pub(super) fn record(
    app: &App,
    admitted: &Admitted,
    stored: Stored,
    etag: String,
    kept: Option<&Kept>,
) -> ObjectRecord {
    let sealing = &admitted.sealing;
    let part_manifest = part_manifest(&sealing.binding, &stored.stream, stored.len);
    let manifest = manifest(&sealing.binding, [(&stored.stream, stored.len)]);
    let part = PartRecord {
        number: 1,
        size: stored.len,
        etag: etag.clone(),
        last_modified: app.now(),
        stream: stored.stream,
        sealed_checksums: checksums::seal(app, &part_manifest, None),
        body: stored.body,
    };
    ObjectRecord {
        head: object_head(admitted, kept),
        etag,
        size: stored.len,
        parts: vec![part],
        upload_id: None,
        checksum_named: false,
        sealed_checksums: checksums::seal(app, &manifest, kept),
    }
}

fn object_head(admitted: &Admitted, kept: Option<&Kept>) -> ObjectHead {
    ObjectHead {
        write_id: admitted.sealing.binding.write_id,
        encryption: admitted.sealing.encryption.clone(),
        sealed_object_key: admitted.sealing.sealed_object_key.clone(),
        headers: admitted.headers.clone(),
        tags: admitted.tags.clone(),
        storage_class: admitted.storage_class.clone(),
        checksum: kept.map(Kept::label),
    }
}

/// 200 with the ETag, the version and the encryption.
pub(super) fn written_answer(
    app: &App,
    bucket: &Bucket,
    sealing: &Sealing,
    written: &Written,
) -> S3Result<Response> {
    let mut response = respond::empty(200);
    let facts = written.version.facts().ok_or(Code::InternalError)?;
    set(
        &mut response,
        ETAG.as_str(),
        &format!("\"{}\"", facts.etag()),
    );
    show_version(&mut response, bucket, &written.version.id);
    encryption::show(
        &mut response,
        app,
        &sealing.encryption,
        sealing.key_md5.as_deref(),
    );
    Ok(response)
}

/// A write says its version only while versioning is enabled (VER-004).
pub(super) fn show_version(response: &mut Response, bucket: &Bucket, id: &VersionId) {
    if bucket.versioning == Versioning::Enabled {
        set(response, crate::headers::VERSION_ID, id.as_str());
    }
}

/// 32 hexadecimal digits that say nothing about the bytes (ETG-001).
pub(super) fn opaque_etag(random: &dyn Random) -> String {
    hex::encode(&random_bytes::<16>(random))
}
