//! Objects: writing, finding, tagging and deleting their versions.

use std::sync::Arc;

use super::{Bucket, Facts, ObjectRecord, Store, StoreError, Version, VersionId};

/// What a write or delete would meet, as it is at the instant it would take place.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// The bucket.
    pub bucket: &'a Bucket,
    /// The key's current version, which may be a delete marker; or, for a delete that names a
    /// version, that version.
    pub version: Option<&'a Version>,
}

impl<'a> Target<'a> {
    /// The object there, if there is one: a delete marker is none (CND-101).
    pub fn object(&self) -> Option<Facts<'a>> {
        self.version?.facts()
    }
}

/// What a write did.
#[derive(Clone, Debug)]
pub struct Written {
    /// The version that was made. Its id is [`VersionId::Null`] unless versioning is enabled.
    pub version: Arc<Version>,
    /// False if a later write of the null version stands and nothing was kept (VER-009).
    pub kept: bool,
}

/// What a delete did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deleted {
    /// The version that was removed because it was named (whether it existed or not), or the
    /// delete marker that was made. `None` in a bucket that was never versioned.
    pub version_id: Option<VersionId>,
    /// Whether that version was, or is, a delete marker.
    pub delete_marker: bool,
}

impl Store {
    /// The version asked for, or the current one. It may be a delete marker.
    ///
    /// # Errors
    /// [`StoreError::NoSuchBucket`]; [`StoreError::NoSuchVersion`] if a version is asked for,
    /// [`StoreError::NoSuchKey`] if the key has none at all.
    pub fn version(
        &self,
        bucket: &str,
        key: &str,
        id: Option<&VersionId>,
    ) -> Result<Arc<Version>, StoreError> {
        todo!()
    }

    /// Stores an object whose bodies are committed: a new version where versioning is enabled,
    /// else the null version. `judge` sees what is there at the instant of the swap, and
    /// nothing is stored if it refuses: CND-101, CND-102.
    ///
    /// # Errors
    /// [`StoreError::NoSuchBucket`], [`StoreError::KeyTooLong`], and what `judge` says.
    pub fn put_object<E: From<StoreError>>(
        &self,
        bucket: &str,
        key: &str,
        object: ObjectRecord,
        judge: impl FnOnce(Target<'_>) -> Result<(), E>,
    ) -> Result<Written, E> {
        todo!()
    }

    /// Replaces the tags of a version, or of the current one.
    ///
    /// # Errors
    /// As [`version`](Store::version); [`StoreError::IsDeleteMarker`] for a delete marker asked
    /// for by id, [`StoreError::NoSuchKey`] for one that is current.
    pub fn set_tags(
        &self,
        bucket: &str,
        key: &str,
        id: Option<&VersionId>,
        tags: Vec<(String, String)>,
    ) -> Result<Arc<Version>, StoreError> {
        todo!()
    }

    /// Without `id`: removes the null version of a bucket that was never versioned, else makes
    /// a delete marker (which replaces the null version where versioning is suspended: VER-005).
    /// With `id`: removes that version. What is not there is no error.
    ///
    /// # Errors
    /// [`StoreError::NoSuchBucket`], and what `judge` says (CND-108).
    pub fn delete_object<E: From<StoreError>>(
        &self,
        bucket: &str,
        key: &str,
        id: Option<&VersionId>,
        judge: impl FnOnce(Target<'_>) -> Result<(), E>,
    ) -> Result<Deleted, E> {
        todo!()
    }
}
