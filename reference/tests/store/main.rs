//! The store as operations use it: versions, uploads, conditions, listings, and that a data
//! folder gives back what was put into it.

mod bodies;
mod buckets;
mod conditions;
mod folder;
mod listings;
mod model;
#[path = "../stored/mod.rs"]
mod stored;
mod uploads;
mod version_rules;

use std::sync::Arc;

use proptest::prelude::*;
use ssec_reference::clock::SystemClock;
use ssec_reference::error::{Code, S3Error};
use ssec_reference::random::OsRandom;
use ssec_reference::store::{
    BodyHome, Completion, MemoryBodies, ObjectRecord, Query, Store, StoreError, Target, Upload,
    UploadState, VersionId, Versioning,
};
use stored::model::{Model, Op, View};
use stored::{
    BUCKET, TempDir, body, bucket, check_files, current, delete, head, object, object_of, open,
    part, parts, put, store, text, versions,
};

fn allow(_: Target<'_>) -> Result<(), StoreError> {
    Ok(())
}

/// An upload of `key` with parts 1, 2, …
fn upload(store: &Store, key: &str, texts: &[&str]) -> String {
    let id = store
        .create_upload(BUCKET, key, head())
        .expect("an upload")
        .id
        .clone();
    for (number, text) in (1..).zip(texts) {
        store
            .put_part(BUCKET, key, &id, part(store, number, text))
            .expect("a part");
    }
    id
}

/// Makes the object of all parts.
fn build(upload: &Upload, _: Target<'_>) -> Result<ObjectRecord, StoreError> {
    let parts = upload.parts.values().map(|part| part.record.clone());
    Ok(object_of(upload.head.clone(), parts.collect()))
}

fn complete(store: &Store, key: &str, id: &str) -> Result<Completion, StoreError> {
    store.complete_upload(BUCKET, key, id, build)
}
