//! Multipart uploads: the operations, and what they share.

mod abort;
mod complete;
mod create;
mod list;
mod part_list;
mod upload_part;
mod upload_part_copy;

pub(super) use abort::abort;
pub(super) use complete::complete;
pub(super) use create::create;
pub(super) use list::{list_parts, list_uploads};
pub(super) use upload_part::upload_part;
pub(super) use upload_part_copy::upload_part_copy;

use std::sync::Arc;

use crate::app::App;
use crate::error::{Code, S3Result};
use crate::head::Head;
use crate::seal::{Binding, ObjectKey, WrappingKey};
use crate::ssec::rules::{self, Facts, Rule};
use crate::ssec::{CustomerKey, Side, Triple};
use crate::store::{StoreError, Upload, UploadState};

/// The upload in progress that a request names; a finished one is none (CHK-124).
fn open_upload(app: &App, head: &Head) -> S3Result<Arc<Upload>> {
    let upload_id = head.query.get("uploadId").unwrap_or_default();
    match app.store().upload(head.bucket(), head.key(), upload_id)? {
        UploadState::Open(upload) => Ok(upload),
        UploadState::Finished(_) => Err(StoreError::NoSuchUpload {
            upload_id: upload_id.to_owned(),
        }
        .into()),
    }
}

/// Walks a table of rules over the upload, and gives the customer key if one was presented.
fn check_key(head: &Head, table: &[Rule], upload: &Upload) -> S3Result<Option<CustomerKey>> {
    let triple = Triple::read(&head.headers, Side::Object);
    let facts = Facts {
        triple: Some(&triple),
        verifier: upload.head.encryption.verifier(),
        upload_has_checksum: upload.head.checksum.is_some(),
        ..Facts::default()
    };
    rules::decide(table, &facts)?;
    Ok(triple.customer_key())
}

/// What the parts of an upload are bound to.
fn binding(upload: &Upload) -> Binding {
    Binding {
        bucket: upload.bucket.clone(),
        key: upload.key.clone(),
        write_id: upload.head.write_id,
    }
}

/// The object key that all parts of an upload are sealed under.
fn object_key(
    app: &App,
    upload: &Upload,
    customer_key: Option<&CustomerKey>,
) -> S3Result<ObjectKey> {
    let under = match (upload.head.encryption.verifier(), customer_key) {
        (None, _) => WrappingKey::Server(app.server_key()),
        (Some(_), Some(customer_key)) => WrappingKey::Customer(customer_key),
        (Some(_), None) => return Err(Code::InternalError.into()),
    };
    let sealed = &upload.head.sealed_object_key;
    let unwrapped = sealed.unwrap(under, &binding(upload), app.cipher());
    unwrapped.map_err(|_| Code::InternalError.into())
}
