//! Opening a data folder: reads all records, checks that they fit together, and sweeps what a
//! crash left behind. Nothing is removed unless everything could be read.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::body::{BodyHome, BodyId, StoredBody};
use super::error::OpenError;
use super::ids::RecordId;
use super::index::{BucketEntry, Index};
use super::journal::{Found, Journal, Kind};
use super::record::PartRecord;
use super::upload::{StoredPart, Upload, UploadState};
use super::{Bucket, Version};

/// A part in its record file: which upload it belongs to, and the part.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PartFile<P> {
    pub(super) bucket: String,
    pub(super) key: String,
    pub(super) upload_id: String,
    pub(super) part: P,
}

/// Rebuilds the index from the records; returns it with the next sequence number.
pub(super) fn recover(
    journal: &Journal,
    home: &Arc<dyn BodyHome>,
    bodies_path: &Path,
) -> Result<(Index, u64), OpenError> {
    let failed = |source| OpenError::Io {
        path: bodies_path.to_owned(),
        source,
    };
    let there: HashSet<_> = home.ids().map_err(failed)?.into_iter().collect();
    let mut recovery = Recovery {
        home,
        there: &there,
        named: HashSet::new(),
        index: Index::default(),
        next_sequence: 1,
        dead_uploads: Vec::new(),
        dead_parts: Vec::new(),
    };
    journal
        .load(Kind::Bucket)?
        .into_iter()
        .try_for_each(|found| recovery.bucket(found))?;
    journal
        .load(Kind::Version)?
        .into_iter()
        .try_for_each(|found| recovery.version(found))?;
    journal
        .load(Kind::Upload)?
        .into_iter()
        .try_for_each(|found| recovery.upload(found))?;
    journal
        .load(Kind::Part)?
        .into_iter()
        .try_for_each(|found| recovery.part(found))?;

    journal.sweep(Kind::Upload, recovery.dead_uploads);
    journal.sweep(Kind::Part, recovery.dead_parts);
    journal.sweep_temporaries()?;
    for orphan in there.difference(&recovery.named) {
        home.remove(orphan).map_err(failed)?;
    }
    Ok((recovery.index, recovery.next_sequence))
}

struct Recovery<'a> {
    home: &'a Arc<dyn BodyHome>,
    there: &'a HashSet<BodyId>,
    named: HashSet<BodyId>,
    index: Index,
    next_sequence: u64,
    dead_uploads: Vec<RecordId>,
    dead_parts: Vec<RecordId>,
}

impl Recovery<'_> {
    fn bucket(&mut self, found: Found<Bucket>) -> Result<(), OpenError> {
        let name = found.record.name.clone();
        let entry = BucketEntry::new(Arc::new(found.record), found.id);
        match self.index.buckets.insert(name, entry) {
            None => Ok(()),
            Some(_) => Err(damaged(found.path, "a second record of its bucket")),
        }
    }

    fn version(&mut self, found: Found<Version>) -> Result<(), OpenError> {
        let Found {
            id,
            path,
            record: mut version,
        } = found;
        version.file = id;
        self.next_sequence = self.next_sequence.max(version.sequence + 1);
        for part in version.object.iter().flat_map(|object| &object.parts) {
            self.adopt(&part.body, &path)?;
        }
        let Ok(entry) = self.index.entry_mut(&version.bucket) else {
            return Err(damaged(path, "its bucket has no record"));
        };
        match entry.insert(Arc::new(version)) {
            None => Ok(()),
            Some(_) => Err(damaged(path, "a second record of its version")),
        }
    }

    /// An upload that was completed, or whose bucket is gone, was about to be removed.
    fn upload(&mut self, found: Found<Upload>) -> Result<(), OpenError> {
        let Found {
            id,
            path,
            record: mut upload,
        } = found;
        upload.file = id;
        self.next_sequence = self.next_sequence.max(upload.sequence + 1);
        let Ok(entry) = self.index.entry_mut(&upload.bucket) else {
            self.dead_uploads.push(id);
            return Ok(());
        };
        match entry.upload(&upload.key, &upload.id) {
            Ok(UploadState::Finished(_)) => self.dead_uploads.push(id),
            Ok(UploadState::Open(_)) => return Err(damaged(path, "a second record of its upload")),
            Err(_) => entry.insert_upload(Arc::new(upload)),
        }
        Ok(())
    }

    /// A part without its upload was about to be removed.
    fn part(&mut self, found: Found<PartFile<PartRecord>>) -> Result<(), OpenError> {
        let PartFile {
            bucket,
            key,
            upload_id,
            part,
        } = found.record;
        let body = part.body.clone();
        let part = Arc::new(StoredPart {
            record: part,
            file: found.id,
        });
        let entry = self.index.entry_mut(&bucket);
        match entry.and_then(|entry| entry.insert_part(&key, &upload_id, part)) {
            Err(_) => self.dead_parts.push(found.id),
            Ok(None) => self.adopt(&body, &found.path)?,
            Ok(Some(_)) => return Err(damaged(found.path, "a second record of its part")),
        }
        Ok(())
    }

    fn adopt(&mut self, body: &StoredBody, record: &Path) -> Result<(), OpenError> {
        if !self.there.contains(&body.id()) {
            return Err(damaged(
                record.to_owned(),
                &format!("its body {} is missing", body.id()),
            ));
        }
        body.attach(self.home);
        self.named.insert(body.id());
        Ok(())
    }
}

fn damaged(file: PathBuf, why: &str) -> OpenError {
    OpenError::Damaged {
        file,
        why: why.to_owned(),
    }
}
