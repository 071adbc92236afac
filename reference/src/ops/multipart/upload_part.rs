//! UploadPart: one more sealed stream, under a salt drawn in this very call.

use http::header::ETAG;

use crate::app::App;
use crate::authorize;
use crate::checksums::{self, Kept};
use crate::encryption;
use crate::error::{Code, S3Error, S3Result};
use crate::ops::get_object::part_number;
use crate::ops::put_object::opaque_etag;
use crate::payload::{Algorithm, Checksum, Payload};
use crate::respond::{self, set};
use crate::seal::part_manifest;
use crate::service::{Call, Response};
use crate::sigv4::hex;
use crate::ssec::{CustomerKey, Side, Triple, rules};
use crate::store::{ChecksumType, PartRecord, Upload};
use crate::write::{self, Stored};

use super::{binding, check_key, object_key, open_upload};

/// UploadPart.
pub(in crate::ops) async fn upload_part(app: &App, call: Call) -> S3Result<Response> {
    let number = part_number(call.head.query.get("partNumber").unwrap_or_default())?;
    admit(app, &call)?;
    let upload = open_upload(app, &call.head)?;
    let customer_key = check_key(&call.head, rules::PART, &upload)?;
    let payload = call.payload.of_part();
    fits_upload(&payload, &upload)?;
    let object_key = object_key(app, &upload, customer_key.as_ref())?;
    let payload = if customer_key.is_some() {
        payload
    } else {
        payload.with_md5()
    };
    let sent = payload.sent_algorithm();
    let extra = Some(algorithm(&upload)).filter(|algorithm| sent != Some(*algorithm));
    let (stored, verified, computed) =
        write::seal_payload(app, payload, &object_key, Some(number), extra).await?;
    let etag = match (&customer_key, verified.md5) {
        (None, Some(md5)) => hex::encode(&md5),
        _ => opaque_etag(app.random()),
    };
    let own = computed
        .or_else(|| verified.checksum.clone())
        .ok_or(Code::InternalError)?;
    // Without a named algorithm the part's checksum is ours alone (CHK-004, CHK-113).
    let shown = upload.head.checksum.is_some();
    let part = record(app, &upload, number, stored, etag, own.clone(), shown);
    let part = app.commit(|store| store.put_part(&upload.bucket, &upload.key, &upload.id, part))?;
    let mut response = respond::empty(200);
    set(&mut response, ETAG.as_str(), &format!("\"{}\"", part.etag));
    if let Some(checksum) = verified.checksum.or(Some(own).filter(|_| shown)) {
        set(
            &mut response,
            checksum.algorithm().header(),
            &checksum.to_base64(),
        );
    }
    show_encryption(app, &mut response, &upload, customer_key.as_ref());
    Ok(response)
}

/// The triple, then policy and block: what both ways to upload a part begin with.
pub(super) fn admit(app: &App, call: &Call) -> S3Result<()> {
    let bucket = authorize::bucket(app, &call.head)?;
    let triple = Triple::read(&call.head.headers, Side::Object);
    encryption::check_triple(&call.head.headers, &triple)?;
    authorize::allow(app, call, &bucket)?;
    if triple.is_absent() {
        return Ok(());
    }
    authorize::not_blocked(app, call, &bucket)
}

/// CHK-113, CHK-114: the part's checksum against what the upload was created with.
fn fits_upload(payload: &Payload, upload: &Upload) -> S3Result<()> {
    let Some(label) = &upload.head.checksum else {
        return Ok(());
    };
    let name = |algorithm: Algorithm| algorithm.name().to_ascii_lowercase();
    let mismatch = |actual: String| {
        Err(S3Error::new(
            Code::InvalidRequest,
            format!(
                "Checksum Type mismatch occurred, expected checksum Type: {}, actual checksum \
                 Type: {actual}",
                name(label.algorithm)
            ),
        ))
    };
    match payload.sent_algorithm() {
        Some(sent) if sent != label.algorithm => mismatch(name(sent)),
        None if label.kind == ChecksumType::Composite => mismatch("null".to_owned()),
        _ => Ok(()),
    }
}

/// The algorithm that the whole will have: what Create named, or S3's default.
pub(super) fn algorithm(upload: &Upload) -> Algorithm {
    upload
        .head
        .checksum
        .map_or(Algorithm::Crc64Nvme, |label| label.algorithm)
}

/// The record of a part.
pub(super) fn record(
    app: &App,
    upload: &Upload,
    number: u16,
    stored: Stored,
    etag: String,
    checksum: Checksum,
    shown: bool,
) -> PartRecord {
    let manifest = part_manifest(&binding(upload), &stored.stream, stored.len);
    let kept = Kept {
        shown,
        ..Kept::full(checksum)
    };
    PartRecord {
        number,
        size: stored.len,
        etag,
        last_modified: app.now(),
        stream: stored.stream,
        sealed_checksums: checksums::seal(app, &manifest, Some(&kept)),
        body: stored.body,
    }
}

/// Whose key seals the upload; the key-MD5 of the key that came with this request.
pub(super) fn show_encryption(
    app: &App,
    response: &mut Response,
    upload: &Upload,
    customer_key: Option<&CustomerKey>,
) {
    let key_md5 = customer_key.map(CustomerKey::key_md5);
    encryption::show(response, app, &upload.head.encryption, key_md5.as_deref());
}
