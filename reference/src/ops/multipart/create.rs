//! CreateMultipartUpload: settles key, metadata and checksum for all parts.

use crate::app::App;
use crate::authorize;
use crate::encryption::{self, Wanted};
use crate::error::{Code, S3Error, S3Result};
use crate::head::Head;
use crate::headers as name;
use crate::ops::copy_object::requested_algorithm;
use crate::ops::put_object::{self, Admitted};
use crate::payload::Algorithm;
use crate::respond::{self, set};
use crate::service::{Call, Response};
use crate::store::{ChecksumLabel, ChecksumType, ObjectHead};
use crate::xml::Writer;

/// CreateMultipartUpload.
pub(in crate::ops) fn create(app: &App, call: &Call) -> S3Result<Response> {
    let head = &call.head;
    let bucket = authorize::bucket(app, head)?;
    let wanted = Wanted::read(&head.headers, &bucket)?;
    let checksum = checksum(head)?;
    let Admitted {
        sealing,
        headers,
        tags,
        storage_class,
        ..
    } = put_object::admit(app, call, &bucket, wanted)?;
    let object_head = ObjectHead {
        write_id: sealing.binding.write_id,
        encryption: sealing.encryption.clone(),
        sealed_object_key: sealing.sealed_object_key,
        headers,
        tags,
        storage_class,
        checksum,
    };
    let upload = app.commit(|store| store.create_upload(&bucket.name, head.key(), object_head))?;
    let mut writer = Writer::document("InitiateMultipartUploadResult");
    writer.text("Bucket", &bucket.name).text("Key", head.key());
    writer.text("UploadId", &upload.id);
    let mut response = respond::xml(200, writer);
    if let Some(checksum) = checksum {
        set(
            &mut response,
            name::CHECKSUM_ALGORITHM,
            checksum.algorithm.name(),
        );
        set(&mut response, name::CHECKSUM_TYPE, checksum.kind.as_str());
    }
    encryption::show(
        &mut response,
        app,
        &sealing.encryption,
        sealing.key_md5.as_deref(),
    );
    Ok(response)
}

/// Algorithm and type (CHK-109..112).
fn checksum(head: &Head) -> S3Result<Option<ChecksumLabel>> {
    let asked = head.header(name::CHECKSUM_TYPE);
    let Some(algorithm) = requested_algorithm(head)? else {
        return match asked {
            None => Ok(None),
            Some(_) => Err(S3Error::new(
                Code::InvalidRequest,
                "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm \
                 header.",
            )),
        };
    };
    let kind = match asked.as_deref() {
        None if algorithm == Algorithm::Crc64Nvme => ChecksumType::FullObject,
        None | Some("COMPOSITE") => ChecksumType::Composite,
        Some("FULL_OBJECT") => ChecksumType::FullObject,
        Some(_) => {
            return Err(S3Error::new(
                Code::InvalidRequest,
                "Value for x-amz-checksum-type header is invalid.",
            ));
        }
    };
    let fits = match kind {
        ChecksumType::Composite => algorithm != Algorithm::Crc64Nvme,
        ChecksumType::FullObject => algorithm.combines(),
    };
    if fits {
        return Ok(Some(ChecksumLabel { algorithm, kind }));
    }
    Err(S3Error::new(
        Code::InvalidRequest,
        format!(
            "The {} checksum type cannot be used with the {} checksum algorithm.",
            kind.as_str(),
            algorithm.name().to_ascii_lowercase()
        ),
    ))
}
