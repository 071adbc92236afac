//! Buckets: creating, changing, deleting and finding them.

use std::sync::Arc;

use super::{Bucket, Store, StoreError};

impl Store {
    /// Makes a bucket.
    ///
    /// # Errors
    /// [`StoreError::BucketAlreadyOwnedByYou`], [`StoreError::TooManyBuckets`].
    pub fn create_bucket(&self, bucket: Bucket) -> Result<Arc<Bucket>, StoreError> {
        todo!()
    }

    /// The bucket of this name, as it is now.
    ///
    /// # Errors
    /// [`StoreError::NoSuchBucket`].
    pub fn bucket(&self, name: &str) -> Result<Arc<Bucket>, StoreError> {
        todo!()
    }

    /// All buckets, by name.
    pub fn buckets(&self) -> Vec<Arc<Bucket>> {
        todo!()
    }

    /// Changes a bucket's settings; its name stays. Nothing changes if `change` refuses.
    ///
    /// # Errors
    /// [`StoreError::NoSuchBucket`], and what `change` says.
    pub fn update_bucket<E: From<StoreError>>(
        &self,
        name: &str,
        change: impl FnOnce(&mut Bucket) -> Result<(), E>,
    ) -> Result<Arc<Bucket>, E> {
        todo!()
    }

    /// Deletes a bucket that has no versions and no delete markers; uploads in progress go
    /// with it.
    ///
    /// # Errors
    /// [`StoreError::NoSuchBucket`], [`StoreError::BucketNotEmpty`].
    pub fn delete_bucket(&self, name: &str) -> Result<(), StoreError> {
        todo!()
    }
}
