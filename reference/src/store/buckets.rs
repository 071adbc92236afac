//! Buckets: creating, changing, deleting and finding them.

use std::sync::Arc;

use super::ids::RecordId;
use super::index::BucketEntry;
use super::journal::Kind;
use super::limits::BUCKETS_MAX;
use super::{Bucket, Store, StoreError};

impl Store {
    /// Makes a bucket.
    ///
    /// # Errors
    /// [`StoreError::BucketAlreadyOwnedByYou`], [`StoreError::TooManyBuckets`].
    pub fn create_bucket(&self, bucket: Bucket) -> Result<Arc<Bucket>, StoreError> {
        let mut commit = self.commit();
        let index = self.index();
        if index.buckets.contains_key(&bucket.name) {
            return Err(StoreError::BucketAlreadyOwnedByYou {
                bucket: bucket.name,
            });
        }
        if index.buckets.len() >= BUCKETS_MAX {
            return Err(StoreError::TooManyBuckets);
        }
        drop(index);
        let (file, bucket) = (RecordId::new(), Arc::new(bucket));
        commit.put(Kind::Bucket, file, &*bucket)?;
        let entry = BucketEntry::new(Arc::clone(&bucket), file);
        self.index_mut().buckets.insert(bucket.name.clone(), entry);
        Ok(bucket)
    }

    /// The bucket of this name, as it is now.
    ///
    /// # Errors
    /// [`StoreError::NoSuchBucket`].
    pub fn bucket(&self, name: &str) -> Result<Arc<Bucket>, StoreError> {
        self.index()
            .entry(name)
            .map(|entry| Arc::clone(&entry.bucket))
    }

    /// All buckets, by name.
    pub fn buckets(&self) -> Vec<Arc<Bucket>> {
        self.index()
            .buckets
            .values()
            .map(|entry| Arc::clone(&entry.bucket))
            .collect()
    }

    /// Changes a bucket's settings; its name stays. Nothing changes if `change` refuses, which
    /// must not call the store.
    ///
    /// # Errors
    /// [`StoreError::NoSuchBucket`], and what `change` says.
    pub fn update_bucket<E: From<StoreError>>(
        &self,
        name: &str,
        change: impl FnOnce(&mut Bucket) -> Result<(), E>,
    ) -> Result<Arc<Bucket>, E> {
        let mut commit = self.commit();
        let (mut bucket, file) = {
            let index = self.index();
            let entry = index.entry(name)?;
            (Bucket::clone(&entry.bucket), entry.file)
        };
        change(&mut bucket)?;
        name.clone_into(&mut bucket.name);
        let bucket = Arc::new(bucket);
        commit.put(Kind::Bucket, file, &*bucket)?;
        self.index_mut().entry_mut(name)?.bucket = Arc::clone(&bucket);
        Ok(bucket)
    }

    /// Deletes a bucket that has no versions and no delete markers; uploads in progress go
    /// with it.
    ///
    /// # Errors
    /// [`StoreError::NoSuchBucket`], [`StoreError::BucketNotEmpty`].
    pub fn delete_bucket(&self, name: &str) -> Result<(), StoreError> {
        let mut commit = self.commit();
        let (file, uploads) = {
            let index = self.index();
            let entry = index.entry(name)?;
            if !entry.is_empty() {
                return Err(StoreError::BucketNotEmpty {
                    bucket: name.to_owned(),
                });
            }
            (
                entry.file,
                entry.uploads_from("", "").cloned().collect::<Vec<_>>(),
            )
        };
        commit.remove(Kind::Bucket, file)?;
        self.index_mut().buckets.remove(name);
        for upload in &uploads {
            commit.sweep(Kind::Upload, [upload.file]);
            commit.sweep(Kind::Part, upload.parts.values().map(|part| part.file));
            upload.release_parts(&[]);
        }
        Ok(())
    }
}
