//! Objects: writing, finding, tagging and deleting their versions.

use std::sync::Arc;

use super::ids::RecordId;
use super::journal::Kind;
use super::limits::KEY_BYTES_MAX;
use super::{
    Bucket, Commit, Facts, ObjectRecord, Store, StoreError, Version, VersionId, Versioning,
};

/// What a write or delete would meet, as it is at the instant it would take place.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// The bucket.
    pub bucket: &'a Bucket,
    /// The key's current version, which may be a delete marker; or, for a delete that names a
    /// version, that version.
    pub version: Option<&'a Version>,
}

/// A [`Target`] that outlives the look at the index.
pub(super) struct Seen {
    pub(super) bucket: Arc<Bucket>,
    pub(super) version: Option<Arc<Version>>,
}

impl Seen {
    pub(super) fn target(&self) -> Target<'_> {
        Target {
            bucket: &self.bucket,
            version: self.version.as_deref(),
        }
    }
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
        let seen = self.see(bucket, key, id)?;
        seen.version.ok_or_else(|| {
            let key = key.to_owned();
            match id {
                Some(id) => StoreError::NoSuchVersion {
                    key,
                    version_id: id.to_string(),
                },
                None => StoreError::NoSuchKey { key },
            }
        })
    }

    /// Stores an object whose bodies are committed: a new version where versioning is enabled,
    /// else the null version. `judge` sees what is there at the instant of the swap, and
    /// nothing is stored if it refuses: CND-101, CND-102. It must not call the store.
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
        check_key(key)?;
        let mut commit = self.commit();
        let seen = self.see(bucket, key, None)?;
        judge(seen.target())?;
        let sequence = commit.next_sequence();
        let version = Version {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            id: self.new_version_id(seen.bucket.versioning, sequence),
            last_modified: self.now(),
            object: Some(object),
            sequence,
            file: RecordId::new(),
        };
        Ok(self.place(&mut commit, version)?)
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
        let mut commit = self.commit();
        let mut version = Version::clone(&*self.version(bucket, key, id)?);
        let Some(object) = &mut version.object else {
            let key = key.to_owned();
            return Err(match id {
                Some(id) => StoreError::IsDeleteMarker {
                    key,
                    version_id: id.to_string(),
                },
                None => StoreError::NoSuchKey { key },
            });
        };
        object.head.tags = tags;
        commit.put(Kind::Version, version.file, &version)?;
        let version = Arc::new(version);
        let replaced = self
            .index_mut()
            .entry_mut(bucket)?
            .insert(Arc::clone(&version));
        drop(replaced);
        Ok(version)
    }

    /// Without `id`: removes the null version of a bucket that was never versioned, else makes
    /// a delete marker (which replaces the null version where versioning is suspended: VER-005).
    /// With `id`: removes that version. What is not there is no error. `judge` must not call
    /// the store.
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
        let mut commit = self.commit();
        let seen = self.see(bucket, key, id)?;
        judge(seen.target())?;
        if seen.target().object().is_some() && self.is_current(&seen) {
            self.mark_uploads(&mut commit, bucket, key)?;
        }
        let versioning = seen.bucket.versioning;
        if id.is_some() || versioning == Versioning::Unversioned {
            let delete_marker = seen
                .version
                .as_ref()
                .is_some_and(|is| is.is_delete_marker());
            if let Some(version) = seen.version {
                self.remove(&mut commit, &version)?;
            }
            return Ok(Deleted {
                version_id: id.cloned(),
                delete_marker,
            });
        }
        let marker = self.place_marker(&mut commit, bucket, key, versioning)?;
        Ok(Deleted {
            version_id: Some(marker.id.clone()),
            delete_marker: true,
        })
    }

    /// The bucket, and the version asked for or the current one, if there is one.
    pub(super) fn see(
        &self,
        bucket: &str,
        key: &str,
        id: Option<&VersionId>,
    ) -> Result<Seen, StoreError> {
        let index = self.index();
        let entry = index.entry(bucket)?;
        let version = match id {
            Some(id) => entry.version(key, id),
            None => entry.current(key),
        };
        Ok(Seen {
            bucket: Arc::clone(&entry.bucket),
            version: version.cloned(),
        })
    }

    fn is_current(&self, seen: &Seen) -> bool {
        seen.version.as_ref().is_some_and(|version| {
            let index = self.index();
            let entry = index.entry(&version.bucket).ok();
            let current = entry.and_then(|entry| entry.current(&version.key));
            current.is_some_and(|current| current.id == version.id)
        })
    }

    /// The id of a version that is written now.
    pub(super) fn new_version_id(&self, versioning: Versioning, sequence: u64) -> VersionId {
        match versioning {
            Versioning::Enabled => VersionId::new(sequence, &*self.random),
            Versioning::Unversioned | Versioning::Suspended => VersionId::Null,
        }
    }

    /// Enters a version on disk and in the index, in the place of the one of the same id;
    /// unless that one was written later (VER-009).
    pub(super) fn place(
        &self,
        commit: &mut Commit,
        mut version: Version,
    ) -> Result<Written, StoreError> {
        let replaced = self
            .see(&version.bucket, &version.key, Some(&version.id))?
            .version;
        if let Some(replaced) = &replaced {
            if replaced.sequence > version.sequence {
                return Ok(Written {
                    version: Arc::new(version),
                    kept: false,
                });
            }
            version.file = replaced.file;
        }
        version.set_claimed(true);
        if let Err(error) = commit.put(Kind::Version, version.file, &version) {
            // Bodies of a record that may be on disk must stay.
            version.set_claimed(commit.is_broken());
            return Err(error);
        }
        let version = Arc::new(version);
        self.index_mut()
            .entry_mut(&version.bucket)?
            .insert(Arc::clone(&version));
        if let Some(replaced) = replaced {
            replaced.set_claimed(false);
        }
        Ok(Written {
            version,
            kept: true,
        })
    }

    fn place_marker(
        &self,
        commit: &mut Commit,
        bucket: &str,
        key: &str,
        versioning: Versioning,
    ) -> Result<Arc<Version>, StoreError> {
        check_key(key)?;
        let sequence = commit.next_sequence();
        let marker = Version {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            id: self.new_version_id(versioning, sequence),
            last_modified: self.now(),
            object: None,
            sequence,
            file: RecordId::new(),
        };
        self.place(commit, marker).map(|written| written.version)
    }

    fn remove(&self, commit: &mut Commit, version: &Version) -> Result<(), StoreError> {
        commit.remove(Kind::Version, version.file)?;
        let removed = self
            .index_mut()
            .entry_mut(&version.bucket)?
            .remove(&version.key, &version.id);
        version.set_claimed(false);
        drop(removed);
        Ok(())
    }
}

/// Refuses keys that are too long.
pub(super) fn check_key(key: &str) -> Result<(), StoreError> {
    match key.len() {
        bytes if bytes > KEY_BYTES_MAX => Err(StoreError::KeyTooLong { bytes }),
        _ => Ok(()),
    }
}
