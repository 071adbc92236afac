//! Buckets, versions, uploads and their sealed bytes, in memory or in a folder. Knows nothing
//! of crypto, HTTP or S3's requests.
//!
//! Everything is found in one index in memory; bodies have a [home](BodyHome) of their own. A
//! write commits its bodies first and is then entered in the index in one step: it is seen
//! whole or not at all. With a data folder each entry is a record file as well:
//!
//! ```text
//! lock                    held by the one server that has the folder open
//! server.key              the secret that objects without a customer key need, mode 0600
//! buckets/ID.json         a record each; the names say nothing about what is in them
//! versions/ID.json        objects and delete markers
//! uploads/ID.json         multipart uploads in progress
//! parts/ID.json           their parts
//! bodies/ID               sealed bytes
//! ```
//!
//! A body is durable before its record is, and a record is gone before its body is. So after a
//! crash a folder holds whole records, and at worst bodies, parts and uploads that no record
//! speaks for: they are swept when it is opened. Anything else that does not fit is damage,
//! and is reported, not repaired.

mod body;
mod bucket;
mod buckets;
mod disk;
mod encoding;
mod error;
mod facts;
mod files;
mod ids;
mod index;
mod journal;
pub mod limits;
mod listing;
mod memory;
mod objects;
mod record;
mod recover;
#[cfg(test)]
mod testing;
mod upload;
mod uploads;
mod version;

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use serde::Serialize;
use time::OffsetDateTime;

pub use body::{BodyHome, BodyId, BodyWriter, StoredBody};
pub use bucket::{Bucket, BucketEncryption, DefaultEncryption, Versioning};
pub use error::{OpenError, StoreError};
pub use facts::Facts;
pub use files::FileBodies;
pub use listing::{Next, Page, Query};
pub use memory::MemoryBodies;
pub use objects::{Deleted, Target, Written};
pub use record::{ChecksumLabel, ChecksumType, Encryption, ObjectHead, ObjectRecord, PartRecord};
pub use upload::{StoredPart, Upload, UploadState};
pub use uploads::Completion;
pub use version::{Version, VersionId};

use self::ids::RecordId;
use self::index::Index;
use self::journal::{Journal, Kind};
use crate::clock::Clock;
use crate::random::{Random, random_bytes};

/// The store. Calls are synchronous; see [`is_durable`](Store::is_durable) for where to make
/// them. Readers are never held up by the disk.
pub struct Store {
    /// Held for as long as it takes to look something up or to enter it.
    index: RwLock<Index>,
    /// Held by whoever writes, from judging what is there to entering what is new.
    commit: Mutex<Commit>,
    durable: bool,
    bodies: Arc<dyn BodyHome>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

impl Store {
    /// A store that lives as long as the process.
    pub fn in_memory(clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        let bodies = Arc::new(MemoryBodies::default());
        Self::new(Index::default(), Commit::in_memory(), bodies, clock, random)
    }

    /// Opens or makes the data folder `dir`.
    ///
    /// # Errors
    /// [`OpenError`]; nothing in the folder is removed then.
    pub fn on_disk(
        dir: &Path,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, OpenError> {
        let path = dir.join("bodies");
        let bodies = FileBodies::open(&path).map_err(|source| OpenError::Io { path, source })?;
        Self::with_bodies(Some(dir), Arc::new(bodies), clock, random)
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
        let Some(dir) = dir else {
            return Ok(Self::new(
                Index::default(),
                Commit::in_memory(),
                bodies,
                clock,
                random,
            ));
        };
        let journal = Journal::open(dir)?;
        let (index, sequence) = recover::recover(&journal, &bodies, &dir.join("bodies"))?;
        let commit = Commit {
            journal: Some(journal),
            sequence,
        };
        Ok(Self::new(index, commit, bodies, clock, random))
    }

    /// Whether calls that write wait for the disk, and so belong on a thread that may block.
    pub fn is_durable(&self) -> bool {
        self.durable
    }

    /// Begins a body. Dropped before it is committed, it is gone.
    ///
    /// # Errors
    /// What the home of bodies says.
    pub fn create_body(&self) -> io::Result<NewBody> {
        Ok(NewBody {
            writer: self.bodies.create()?,
            home: Arc::clone(&self.bodies),
        })
    }

    /// The secret that what is stored needs to be read: kept in the data folder as `server.key`,
    /// mode 0600; in memory, drawn anew.
    ///
    /// # Errors
    /// [`OpenError::Damaged`] if the file has another length, or is gone while there are objects
    /// or uploads: with another secret they could never be opened again. [`OpenError::Io`].
    pub fn secret<const N: usize>(&self) -> Result<[u8; N], OpenError> {
        let commit = self.commit();
        let file = commit
            .journal
            .as_ref()
            .map(|journal| journal.dir().join("server.key"));
        let Some(file) = file else {
            return Ok(random_bytes(&*self.random));
        };
        if let Some(secret) = disk::read_secret(&file)? {
            return Ok(secret);
        }
        if !self.index().is_empty() {
            let why = "missing, and what is stored cannot be opened without it".to_owned();
            return Err(OpenError::Damaged { file, why });
        }
        let secret = random_bytes(&*self.random);
        disk::write_secret(&file, &secret)?;
        Ok(secret)
    }

    fn new(
        index: Index,
        commit: Commit,
        bodies: Arc<dyn BodyHome>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Self {
        let durable = commit.journal.is_some();
        let (index, commit) = (RwLock::new(index), Mutex::new(commit));
        Self {
            index,
            commit,
            durable,
            bodies,
            clock,
            random,
        }
    }

    /// The time of a write, in whole seconds, as all of S3's times are.
    fn now(&self) -> OffsetDateTime {
        let now = self.clock.now();
        now.replace_nanosecond(0).unwrap_or(now)
    }

    // A panic elsewhere leaves neither lock's value half changed, so poison is ignored.

    fn index(&self) -> RwLockReadGuard<'_, Index> {
        self.index.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn index_mut(&self) -> RwLockWriteGuard<'_, Index> {
        self.index.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn commit(&self) -> MutexGuard<'_, Commit> {
        self.commit.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Store(..)")
    }
}

/// The right to write: one holder at a time, who enters things on disk before the index.
struct Commit {
    /// `None` in memory: the same steps, without the disk.
    journal: Option<Journal>,
    /// The next number in the order of writes.
    sequence: u64,
}

impl Commit {
    fn in_memory() -> Self {
        Self {
            journal: None,
            sequence: 1,
        }
    }

    fn next_sequence(&mut self) -> u64 {
        self.sequence += 1;
        self.sequence - 1
    }

    fn put(&mut self, kind: Kind, id: RecordId, record: &impl Serialize) -> Result<(), StoreError> {
        self.journal
            .as_mut()
            .map_or(Ok(()), |journal| journal.put(kind, id, record))
    }

    fn remove(&mut self, kind: Kind, id: RecordId) -> Result<(), StoreError> {
        self.journal
            .as_mut()
            .map_or(Ok(()), |journal| journal.remove(kind, id))
    }

    fn sweep(&self, kind: Kind, ids: impl IntoIterator<Item = RecordId>) {
        if let Some(journal) = &self.journal {
            journal.sweep(kind, ids);
        }
    }

    /// Whether what was not written may be on disk nevertheless.
    fn is_broken(&self) -> bool {
        self.journal.as_ref().is_some_and(Journal::is_broken)
    }
}

/// A body that is being written.
pub struct NewBody {
    writer: Box<dyn BodyWriter>,
    home: Arc<dyn BodyHome>,
}

impl NewBody {
    /// Adds sealed bytes at the end.
    ///
    /// # Errors
    /// What the home of bodies says.
    pub fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.writer.append(bytes)
    }

    /// Makes the body durable. It is removed again if the handle is dropped before a record
    /// that names it is in the store.
    ///
    /// # Errors
    /// What the home of bodies says; nothing is kept then.
    pub fn commit(self) -> io::Result<StoredBody> {
        Ok(StoredBody::unclaimed(self.home, self.writer.commit()?))
    }
}

impl std::fmt::Debug for NewBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewBody(..)")
    }
}
