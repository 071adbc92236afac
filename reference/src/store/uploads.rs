//! Multipart uploads: starting, filling, completing and aborting them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::ids::{self, RecordId};
use super::journal::Kind;
use super::objects::{Seen, Target, Written, check_key};
use super::recover::PartFile;
use super::{Commit, ObjectHead, ObjectRecord, PartRecord, Store, StoreError, StoredPart};
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
        check_key(key)?;
        let mut commit = self.commit();
        self.index().entry(bucket)?;
        let sequence = commit.next_sequence();
        let upload = Arc::new(Upload {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            id: ids::new_upload_id(sequence, &*self.random),
            initiated: self.now(),
            head,
            deleted_since: false,
            sequence,
            parts: BTreeMap::new(),
            file: RecordId::new(),
        });
        commit.put(Kind::Upload, upload.file, &*upload)?;
        self.index_mut()
            .entry_mut(bucket)?
            .insert_upload(Arc::clone(&upload));
        Ok(upload)
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
        self.index().entry(bucket)?.upload(key, upload_id)
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
        let mut commit = self.commit();
        let upload = Arc::clone(self.index().entry(bucket)?.open_upload(key, upload_id)?);
        let replaced = upload.parts.get(&part.number);
        let file = replaced.map_or_else(RecordId::new, |replaced| replaced.file);
        let part = Arc::new(StoredPart { record: part, file });
        part.body.set_claimed(true);
        let record = PartFile {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            upload_id: upload_id.to_owned(),
            part: &part.record,
        };
        if let Err(error) = commit.put(Kind::Part, file, &record) {
            part.body.set_claimed(commit.is_broken());
            return Err(error);
        }
        // With no handle of ours the index need not copy the list of parts.
        drop(upload);
        let replaced =
            self.index_mut()
                .entry_mut(bucket)?
                .insert_part(key, upload_id, Arc::clone(&part))?;
        if let Some(replaced) = replaced {
            replaced.body.set_claimed(false);
        }
        Ok(part)
    }

    /// Turns an upload into an object. `build` sees the upload and what the key has at the
    /// instant of the swap, and makes the object from parts of the upload; if it refuses, the
    /// upload stays as it was. It must not call the store. The object takes the upload's id
    /// and its time of initiation; parts that `build` left out are removed.
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
        let mut commit = self.commit();
        let upload = match self.upload(bucket, key, upload_id)? {
            UploadState::Open(upload) => upload,
            UploadState::Finished(version) => return Ok(Completion::Repeated(version)),
        };
        let seen = self.see(bucket, key, None)?;
        let object = ObjectRecord {
            upload_id: Some(upload_id.to_owned()),
            ..build(&upload, seen.target())?
        };
        let written = self.place(&mut commit, self.completed(&upload, &seen, object))?;
        let parts = written.version.object.as_ref().filter(|_| written.kept);
        let parts = parts.map_or(&[][..], |object| &object.parts);
        self.remove_upload(&mut commit, &upload, parts)?;
        Ok(Completion::Done(written))
    }

    /// Removes an upload in progress and its parts; one that was completed is left as it is
    /// (MPU-018, MPU-112).
    ///
    /// # Errors
    /// [`StoreError::NoSuchBucket`], [`StoreError::NoSuchUpload`].
    pub fn abort_upload(&self, bucket: &str, key: &str, upload_id: &str) -> Result<(), StoreError> {
        let mut commit = self.commit();
        match self.upload(bucket, key, upload_id)? {
            UploadState::Open(upload) => self.remove_upload(&mut commit, &upload, &[]),
            UploadState::Finished(_) => Ok(()),
        }
    }

    /// The version that an upload becomes. Its place in the order of writes is that of its
    /// initiation (AWS: "Uploading and copying objects using multipart upload", "Concurrent
    /// multipart upload operations"; VER-009).
    fn completed(&self, upload: &Upload, seen: &Seen, object: ObjectRecord) -> Version {
        Version {
            bucket: upload.bucket.clone(),
            key: upload.key.clone(),
            id: self.new_version_id(seen.bucket.versioning, upload.sequence),
            last_modified: upload.initiated,
            object: Some(object),
            sequence: upload.sequence,
            file: RecordId::new(),
        }
    }

    /// Takes an upload away, record first: from then on its parts mean nothing.
    fn remove_upload(
        &self,
        commit: &mut Commit,
        upload: &Upload,
        kept: &[PartRecord],
    ) -> Result<(), StoreError> {
        commit.remove(Kind::Upload, upload.file)?;
        commit.sweep(Kind::Part, upload.parts.values().map(|part| part.file));
        let removed = self
            .index_mut()
            .entry_mut(&upload.bucket)?
            .remove_upload(&upload.key, &upload.id);
        upload.release_parts(kept);
        drop(removed);
        Ok(())
    }

    /// Notes in the uploads of a key that the object there is about to be deleted (MPU-110).
    pub(super) fn mark_uploads(
        &self,
        commit: &mut Commit,
        bucket: &str,
        key: &str,
    ) -> Result<(), StoreError> {
        let index = self.index();
        let uploads = index.entry(bucket)?.uploads_from(key, "");
        let of_key = uploads.take_while(|upload| upload.key == key);
        let unmarked: Vec<_> = of_key
            .filter(|upload| !upload.deleted_since)
            .cloned()
            .collect();
        drop(index);
        for upload in unmarked {
            let marked = Upload {
                deleted_since: true,
                ..Upload::clone(&upload)
            };
            commit.put(Kind::Upload, upload.file, &marked)?;
            self.index_mut()
                .entry_mut(bucket)?
                .insert_upload(Arc::new(marked));
        }
        Ok(())
    }
}
