//! UploadPartCopy: a part whose bytes come from another object.

use std::sync::Arc;

use crate::app::App;
use crate::authorize;
use crate::copy_source::CopySource;
use crate::date;
use crate::door::{Opened, Selected, Selection};
use crate::error::S3Result;
use crate::head::Head;
use crate::headers as name;
use crate::ops::copy_object::{open_source, source_version};
use crate::ops::get_object::part_number;
use crate::ops::put_object::opaque_etag;
use crate::range;
use crate::respond::{self, set};
use crate::service::{Call, Response};
use crate::sigv4::hex;
use crate::ssec::rules;
use crate::write;
use crate::xml::Writer;

use super::upload_part::{admit, algorithm, record, show_encryption};
use super::{check_key, object_key, open_upload};

/// UploadPartCopy. The target's triple is judged before the source's (CPY-105).
pub(in crate::ops) async fn upload_part_copy(app: &App, call: Call) -> S3Result<Response> {
    let head = &call.head;
    let number = part_number(head.query.get("partNumber").unwrap_or_default())?;
    let source = CopySource::read(head)?;
    authorize::expected_owner(app, head, name::SOURCE_EXPECTED_BUCKET_OWNER)?;
    admit(app, &call)?;
    authorize::allow_source(app, &call, &source)?;
    let upload = open_upload(app, head)?;
    let customer_key = check_key(head, rules::PART, &upload)?;
    let mut opened = open_source(app, head, &source, Selection::Whole)?;
    select(head, &mut opened)?;
    let object_key = object_key(app, &upload, customer_key.as_ref())?;
    let source_version = source_version(app, &source, &opened.version().id);
    let algorithm = algorithm(&upload);
    let copied =
        write::seal_copy(app, Arc::new(opened), &object_key, Some(number), algorithm).await?;
    let etag = match customer_key {
        Some(_) => opaque_etag(app.random()),
        None => hex::encode(&copied.md5),
    };
    let shown = upload.head.checksum.is_some();
    let checksum = copied.checksum;
    let part = record(
        app,
        &upload,
        number,
        copied.stored,
        etag,
        checksum.clone(),
        shown,
    );
    let part = app.commit(|store| store.put_part(&upload.bucket, &upload.key, &upload.id, part))?;
    let mut writer = Writer::document("CopyPartResult");
    writer.text("LastModified", date::iso8601(part.last_modified));
    writer.text("ETag", format!("\"{}\"", part.etag));
    if shown {
        writer.text(checksum.algorithm().element(), checksum.to_base64());
    }
    let mut response = respond::xml(200, writer);
    show_encryption(app, &mut response, &upload, customer_key.as_ref());
    if let Some(id) = source_version {
        set(&mut response, name::COPY_SOURCE_VERSION_ID, &id);
    }
    Ok(response)
}

/// `x-amz-copy-source-range` (MPU-114, MPU-115).
fn select(head: &Head, opened: &mut Opened) -> S3Result<()> {
    let Some(text) = head.header(name::COPY_SOURCE_RANGE) else {
        return Ok(());
    };
    let range = range::read_copy(&text, opened.record()?.size)?;
    opened.selected = Selected {
        first: range.first,
        len: range.byte_count(),
        range: Some(range),
        ..opened.selected
    };
    Ok(())
}
