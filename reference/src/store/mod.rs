//! Buckets, versions, uploads and their sealed bytes, in memory or in a folder. Knows nothing
//! of crypto, HTTP or S3's requests.
//!
//! Everything is found in one index in memory; bodies have a [home](BodyHome) of their own. A
//! write commits its bodies first and is then entered in the index in one step: it is seen
//! whole or not at all. With a data folder each entry is a record file as well.

mod body;
mod bucket;
mod buckets;
mod encoding;
mod error;
mod facts;
mod ids;
pub mod limits;
mod listing;
mod objects;
mod record;
mod upload;
mod uploads;
mod version;

use std::io;
use std::path::Path;
use std::sync::Arc;

pub use body::{BodyHome, BodyId, BodyWriter, StoredBody};
pub use bucket::{Bucket, BucketEncryption, DefaultEncryption, Versioning};
pub use error::{OpenError, StoreError};
pub use facts::Facts;
pub use listing::{Next, Page, Query};
pub use objects::{Deleted, Target, Written};
pub use record::{
    ChecksumLabel, ChecksumType, Encryption, ObjectHead, ObjectRecord, PartRecord,
};
pub use upload::{StoredPart, Upload, UploadState};
pub use uploads::Completion;
pub use version::{Version, VersionId};

use crate::clock::Clock;
use crate::random::Random;

/// The store. Calls are synchronous; see [`is_durable`](Store::is_durable) for where to make
/// them. Readers are never held up by the disk.
pub struct Store {}

impl Store {
    /// A store that lives as long as the process.
    pub fn in_memory(clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        todo!()
    }

    /// Opens or makes the data folder `dir`.
    ///
    /// # Errors
    /// [`OpenError`]; nothing in the folder is changed then.
    pub fn on_disk(
        dir: &Path,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, OpenError> {
        todo!()
    }

    /// A store whose bodies live in a home of the caller's, with records below `dir` if one is
    /// given. Embedding seam.
    ///
    /// # Errors
    /// As [`on_disk`](Store::on_disk).
    pub fn with_bodies(
        dir: Option<&Path>,
        bodies: Arc<dyn BodyHome>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, OpenError> {
        todo!()
    }

    /// Whether calls that write wait for the disk, and so belong on a thread that may block.
    pub fn is_durable(&self) -> bool {
        todo!()
    }

    /// Begins a body. Dropped before it is committed, it is gone.
    pub fn create_body(&self) -> io::Result<NewBody> {
        todo!()
    }
}

/// A body that is being written.
pub struct NewBody {
    writer: Box<dyn BodyWriter>,
    home: Arc<dyn BodyHome>,
}

impl NewBody {
    /// Adds sealed bytes at the end.
    pub fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.writer.append(bytes)
    }

    /// Makes the body durable. It is removed again if the handle is dropped before a record
    /// that names it is in the store.
    pub fn commit(self) -> io::Result<StoredBody> {
        Ok(StoredBody::unclaimed(self.home, self.writer.commit()?))
    }
}

/// Reads a secret of `len` bytes from a file, or makes the file (mode 0600) with random bytes.
///
/// # Errors
/// [`OpenError::Damaged`] if the file has another length, [`OpenError::Io`].
pub fn read_or_create_secret(
    path: &Path,
    len: usize,
    random: &dyn Random,
) -> Result<Vec<u8>, OpenError> {
    todo!()
}
