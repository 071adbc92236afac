//! What listings are asked and what they answer; one shape for objects, versions and uploads.

use std::sync::Arc;

use super::{Store, StoreError, StoredPart, Upload, Version, VersionId};

/// What a listing is asked for. The default asks for everything.
#[derive(Clone, Copy, Debug, Default)]
pub struct Query<'a> {
    /// Only keys that begin with this.
    pub prefix: &'a str,
    /// Keys that have this after the prefix are rolled up into one common prefix.
    pub delimiter: Option<&'a str>,
    /// Only keys (and common prefixes) after this one: `marker`, `start-after`, `key-marker`,
    /// or the last name of the page before.
    pub after: Option<&'a str>,
    /// The most entries of the page, common prefixes included; above
    /// [`PAGE_ENTRIES_MAX`](super::limits::PAGE_ENTRIES_MAX) counts as that.
    pub max: Option<usize>,
}

/// One page of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The entries, in order.
    pub items: Vec<T>,
    /// The common prefixes, in order.
    pub common_prefixes: Vec<String>,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<Next>,
}

/// The last entry of a page that is not the last one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    /// Its key, or the common prefix: the next page's [`Query::after`].
    pub key: String,
    /// Its version id or upload id, if it is not a common prefix.
    pub id: Option<String>,
}

impl Store {
    /// The current versions of a bucket's keys; keys under a delete marker are passed over.
    ///
    /// # Errors
    /// [`StoreError::NoSuchBucket`].
    pub fn list_objects(
        &self,
        bucket: &str,
        query: Query<'_>,
    ) -> Result<Page<Arc<Version>>, StoreError> {
        todo!()
    }

    /// All versions and delete markers: by key, each key's newest first. The flag says whether
    /// it is the key's current version. With `version_after`, goes on within the key
    /// [`Query::after`], behind that version, even if it is gone meanwhile.
    ///
    /// # Errors
    /// [`StoreError::NoSuchBucket`].
    pub fn list_versions(
        &self,
        bucket: &str,
        query: Query<'_>,
        version_after: Option<&VersionId>,
    ) -> Result<Page<(Arc<Version>, bool)>, StoreError> {
        todo!()
    }

    /// The uploads in progress: by key, each key's oldest first. With `upload_after`, goes on
    /// within the key [`Query::after`], behind that upload, even if it is gone meanwhile.
    ///
    /// # Errors
    /// [`StoreError::NoSuchBucket`].
    pub fn list_uploads(
        &self,
        bucket: &str,
        query: Query<'_>,
        upload_after: Option<&str>,
    ) -> Result<Page<Arc<Upload>>, StoreError> {
        todo!()
    }

    /// The parts of an upload in progress with a number above `after`, and whether there are
    /// more than these.
    ///
    /// # Errors
    /// [`StoreError::NoSuchBucket`], [`StoreError::NoSuchUpload`].
    pub fn list_parts(
        &self,
        bucket: &str,
        key: &str,
        upload_id: &str,
        after: u16,
        max: usize,
    ) -> Result<(Vec<Arc<StoredPart>>, bool), StoreError> {
        todo!()
    }
}
