//! What there is: buckets, versions by key, uploads. Pure bookkeeping in memory; knows nothing
//! of disks, clocks or why something changes.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::bucket::Bucket;
use super::error::StoreError;
use super::ids::RecordId;
use super::upload::{StoredPart, Upload, UploadState};
use super::version::{Version, VersionId};

/// All buckets by name.
#[derive(Default)]
pub(super) struct Index {
    pub(super) buckets: BTreeMap<String, BucketEntry>,
}

/// A bucket and all that is in it.
pub(super) struct BucketEntry {
    pub(super) bucket: Arc<Bucket>,
    pub(super) file: RecordId,
    keys: BTreeMap<String, Vec<Arc<Version>>>,
    uploads: BTreeMap<(String, String), Arc<Upload>>,
    /// Completed uploads whose version is still there, with its key and id.
    finished: HashMap<String, (String, VersionId)>,
}

impl Index {
    /// Whether there is neither a version nor an upload in any bucket.
    pub(super) fn is_empty(&self) -> bool {
        self.buckets
            .values()
            .all(|entry| entry.keys.is_empty() && entry.uploads.is_empty())
    }

    pub(super) fn entry(&self, bucket: &str) -> Result<&BucketEntry, StoreError> {
        self.buckets
            .get(bucket)
            .ok_or_else(|| no_such_bucket(bucket))
    }

    pub(super) fn entry_mut(&mut self, bucket: &str) -> Result<&mut BucketEntry, StoreError> {
        self.buckets
            .get_mut(bucket)
            .ok_or_else(|| no_such_bucket(bucket))
    }
}

impl BucketEntry {
    pub(super) fn new(bucket: Arc<Bucket>, file: RecordId) -> Self {
        let (keys, uploads, finished) = Default::default();
        Self {
            bucket,
            file,
            keys,
            uploads,
            finished,
        }
    }

    /// Whether there is neither a version nor a delete marker.
    pub(super) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// A key's versions, the current one last.
    pub(super) fn versions(&self, key: &str) -> &[Arc<Version>] {
        self.keys.get(key).map_or(&[], Vec::as_slice)
    }

    pub(super) fn current(&self, key: &str) -> Option<&Arc<Version>> {
        self.versions(key).last()
    }

    pub(super) fn version(&self, key: &str, id: &VersionId) -> Option<&Arc<Version>> {
        self.versions(key).iter().find(|version| version.id == *id)
    }

    /// Keys in order from `from` on, each with its versions.
    pub(super) fn keys_from(&self, from: &str) -> impl Iterator<Item = (&str, &[Arc<Version>])> {
        let keys = self
            .keys
            .range::<str, _>((std::ops::Bound::Included(from), std::ops::Bound::Unbounded));
        keys.map(|(key, versions)| (key.as_str(), versions.as_slice()))
    }

    /// Enters a version at its place in the order of writes; returns the one of the same id
    /// that it replaces.
    pub(super) fn insert(&mut self, version: Arc<Version>) -> Option<Arc<Version>> {
        let replaced = self.remove(&version.key, &version.id);
        if let Some(upload_id) = version.upload_id() {
            let place = (version.key.clone(), version.id.clone());
            self.finished.insert(upload_id.to_owned(), place);
        }
        let versions = self.keys.entry(version.key.clone()).or_default();
        let at = versions.partition_point(|other| other.sequence < version.sequence);
        versions.insert(at, version);
        replaced
    }

    /// Takes a version out.
    pub(super) fn remove(&mut self, key: &str, id: &VersionId) -> Option<Arc<Version>> {
        let versions = self.keys.get_mut(key)?;
        let at = versions.iter().position(|version| version.id == *id)?;
        let removed = versions.remove(at);
        if versions.is_empty() {
            self.keys.remove(key);
        }
        if let Some(upload_id) = removed.upload_id() {
            self.finished.remove(upload_id);
        }
        Some(removed)
    }

    pub(super) fn upload(&self, key: &str, id: &str) -> Result<UploadState, StoreError> {
        if let Some((of, version)) = self.finished.get(id)
            && of == key
            && let Some(version) = self.version(key, version)
        {
            return Ok(UploadState::Finished(Arc::clone(version)));
        }
        self.open_upload(key, id).cloned().map(UploadState::Open)
    }

    pub(super) fn open_upload(&self, key: &str, id: &str) -> Result<&Arc<Upload>, StoreError> {
        let upload = self.uploads.get(&(key.to_owned(), id.to_owned()));
        upload.ok_or_else(|| no_such_upload(id))
    }

    /// Uploads by key, each key's oldest first, from this key and id on.
    pub(super) fn uploads_from(&self, key: &str, id: &str) -> impl Iterator<Item = &Arc<Upload>> {
        self.uploads
            .range((key.to_owned(), id.to_owned())..)
            .map(|(_, upload)| upload)
    }

    pub(super) fn insert_upload(&mut self, upload: Arc<Upload>) {
        self.uploads
            .insert((upload.key.clone(), upload.id.clone()), upload);
    }

    pub(super) fn remove_upload(&mut self, key: &str, id: &str) -> Option<Arc<Upload>> {
        self.uploads.remove(&(key.to_owned(), id.to_owned()))
    }

    /// Adds a part to an upload; returns the one of the same number that it replaces.
    pub(super) fn insert_part(
        &mut self,
        key: &str,
        id: &str,
        part: Arc<StoredPart>,
    ) -> Result<Option<Arc<StoredPart>>, StoreError> {
        let upload = self.uploads.get_mut(&(key.to_owned(), id.to_owned()));
        let upload = upload.ok_or_else(|| no_such_upload(id))?;
        Ok(Arc::make_mut(upload).parts.insert(part.number, part))
    }
}

fn no_such_bucket(bucket: &str) -> StoreError {
    StoreError::NoSuchBucket {
        bucket: bucket.to_owned(),
    }
}

fn no_such_upload(upload_id: &str) -> StoreError {
    StoreError::NoSuchUpload {
        upload_id: upload_id.to_owned(),
    }
}
