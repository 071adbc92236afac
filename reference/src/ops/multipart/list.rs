//! ListParts and ListMultipartUploads.

use crate::app::App;
use crate::authorize;
use crate::checksums;
use crate::date;
use crate::error::S3Result;
use crate::ops::list_objects::Listing;
use crate::respond;
use crate::seal::part_manifest;
use crate::service::{Call, Response};
use crate::ssec::rules;
use crate::store::limits::{PAGE_ENTRIES_MAX, PARTS_MAX};
use crate::store::{StoredPart, Upload};
use crate::xml::Writer;

use super::{binding, check_key, open_upload};

/// ListParts: needs the key only where checksums would be shown (MPU-009, MPU-010).
pub(in crate::ops) fn list_parts(app: &App, call: &Call) -> S3Result<Response> {
    let head = &call.head;
    let bucket = authorize::admit(app, call)?;
    let max = head.query.number("max-parts", i32::MAX as u64)?;
    let max = max.map_or(PAGE_ENTRIES_MAX, |max| {
        max.min(PAGE_ENTRIES_MAX as u64) as usize
    });
    let marker = head.query.number("part-number-marker", i32::MAX as u64)?;
    let marker = marker.map_or(0, |marker| marker.min(u64::from(PARTS_MAX)) as u16);
    let upload = open_upload(app, head)?;
    if upload.head.checksum.is_some() {
        check_key(head, rules::LIST_PARTS, &upload)?;
    }
    let (parts, truncated) =
        app.store()
            .list_parts(&bucket.name, head.key(), &upload.id, marker, max)?;
    let mut writer = Writer::document("ListPartsResult");
    writer.text("Bucket", &bucket.name).text("Key", head.key());
    writer.text("UploadId", &upload.id);
    owner(app, &mut writer);
    writer.text("StorageClass", &upload.head.storage_class);
    writer.text("PartNumberMarker", marker.to_string());
    let last = parts.last().map_or(0, |part| part.number);
    writer.text("NextPartNumberMarker", last.to_string());
    writer.text("MaxParts", max.to_string());
    writer.text("IsTruncated", truncated.to_string());
    if let Some(label) = &upload.head.checksum {
        writer.text("ChecksumAlgorithm", label.algorithm.name());
        writer.text("ChecksumType", label.kind.as_str());
    }
    for part in &parts {
        write_part(app, &mut writer, &upload, part)?;
    }
    Ok(respond::xml(200, writer))
}

fn write_part(app: &App, writer: &mut Writer, upload: &Upload, part: &StoredPart) -> S3Result<()> {
    writer
        .open("Part")
        .text("PartNumber", part.number.to_string());
    writer.text("LastModified", date::iso8601(part.last_modified));
    writer.text("ETag", format!("\"{}\"", part.etag));
    writer.text("Size", part.size.to_string());
    let manifest = part_manifest(&binding(upload), &part.stream, part.size);
    let kept = checksums::open(app, &manifest, &part.sealed_checksums)?;
    if let Some(kept) = kept.filter(|kept| kept.shown) {
        writer.text(
            kept.checksum.algorithm().element(),
            kept.checksum.to_base64(),
        );
    }
    writer.close();
    Ok(())
}

fn owner(app: &App, writer: &mut Writer) {
    let id = &app.settings().account_id;
    writer.open("Initiator").text("ID", id).close();
    writer.open("Owner").text("ID", id).close();
}

/// ListMultipartUploads.
pub(in crate::ops) fn list_uploads(app: &App, call: &Call) -> S3Result<Response> {
    let bucket = authorize::admit(app, call)?;
    let listing = Listing::read(&call.head, "max-uploads")?;
    let key_marker = listing.parameter("key-marker");
    let id_marker = listing
        .parameter("upload-id-marker")
        .filter(|_| key_marker.is_some());
    let page = app
        .store()
        .list_uploads(&bucket.name, listing.query(key_marker), id_marker)?;
    let mut writer = Writer::document("ListMultipartUploadsResult");
    writer.text("Bucket", &bucket.name);
    writer.text("KeyMarker", listing.name(key_marker.unwrap_or_default()));
    writer.text("UploadIdMarker", id_marker.unwrap_or_default());
    if let Some(next) = &page.next {
        writer.text("NextKeyMarker", listing.name(&next.key));
        writer.optional("NextUploadIdMarker", next.id.as_ref());
    }
    listing.begin(&mut writer, "MaxUploads");
    writer.text("IsTruncated", page.next.is_some().to_string());
    for upload in &page.items {
        writer.open("Upload").text("Key", listing.name(&upload.key));
        writer.text("UploadId", &upload.id);
        owner(app, &mut writer);
        writer.text("StorageClass", &upload.head.storage_class);
        writer.text("Initiated", date::iso8601(upload.initiated));
        if let Some(label) = &upload.head.checksum {
            writer.text("ChecksumAlgorithm", label.algorithm.name());
            writer.text("ChecksumType", label.kind.as_str());
        }
        writer.close();
    }
    listing.common_prefixes(&mut writer, &page.common_prefixes);
    Ok(respond::xml(200, writer))
}
