//! Multipart uploads: starting, filling, completing and aborting them.

use std::sync::Arc;

use super::objects::{Target, Written};
use super::{ObjectHead, ObjectRecord, PartRecord, Store, StoreError, StoredPart};
use super::{Upload, UploadState, Version};

/// What a Complete did.
#[derive(Clone, Debug)]
pub enum Completion {
    /// The upload became an object.
    Done(Written),
    /// It had become this version before, which is still there; nothing was judged.
    Repeated(Arc<Version>),
}

impl Store {
    /// Starts an upload.
    ///
    /// # Errors
    /// [`StoreError::NoSuchBucket`], [`StoreError::KeyTooLong`].
    pub fn create_upload(
        &self,
        bucket: &str,
        key: &str,
        head: ObjectHead,
    ) -> Result<Arc<Upload>, StoreError> {
        todo!()
    }

    /// The upload with this id for this key, in progress or completed.
    ///
    /// # Errors
    /// [`StoreError::NoSuchBucket`], [`StoreError::NoSuchUpload`].
    pub fn upload(
        &self,
        bucket: &str,
        key: &str,
        upload_id: &str,
    ) -> Result<UploadState, StoreError> {
        todo!()
    }

    /// Adds a part whose body is committed, or replaces the one with its number.
    ///
    /// # Errors
    /// [`StoreError::NoSuchBucket`], [`StoreError::NoSuchUpload`] also if the upload was
    /// completed or aborted meanwhile.
    pub fn put_part(
        &self,
        bucket: &str,
        key: &str,
        upload_id: &str,
        part: PartRecord,
    ) -> Result<Arc<StoredPart>, StoreError> {
        todo!()
    }

    /// Turns an upload into an object. `build` sees the upload and what the key has at the
    /// instant of the swap, and makes the object from parts of the upload; if it refuses, the
    /// upload stays as it was. The object takes the upload's id and its time of initiation;
    /// parts that `build` left out are removed.
    ///
    /// # Errors
    /// [`StoreError::NoSuchBucket`], [`StoreError::NoSuchUpload`], and what `build` says.
    pub fn complete_upload<E: From<StoreError>>(
        &self,
        bucket: &str,
        key: &str,
        upload_id: &str,
        build: impl FnOnce(&Upload, Target<'_>) -> Result<ObjectRecord, E>,
    ) -> Result<Completion, E> {
        todo!()
    }

    /// Removes an upload in progress and its parts; one that was completed is left as it is
    /// (MPU-018, MPU-112).
    ///
    /// # Errors
    /// [`StoreError::NoSuchBucket`], [`StoreError::NoSuchUpload`].
    pub fn abort_upload(
        &self,
        bucket: &str,
        key: &str,
        upload_id: &str,
    ) -> Result<(), StoreError> {
        todo!()
    }
}
