//! A multipart upload that is in progress.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::encoding::rfc3339;
use super::ids::RecordId;
use super::record::{ObjectHead, PartRecord};

/// A multipart upload that is in progress.
///
/// One that was completed lives on in the version it made, as that record's `upload_id`, for
/// as long as the version does: this is how a repeated Complete is known (MPU-015, MPU-108).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Upload {
    /// The bucket's name.
    pub bucket: String,
    /// The object's key.
    pub key: String,
    /// The upload's name. Ids of one key sort in the order of initiation.
    pub id: String,
    /// When it was initiated: the `Last-Modified` of the object to be. Whole seconds.
    #[serde(with = "rfc3339")]
    pub initiated: OffsetDateTime,
    /// What CreateMultipartUpload settled.
    pub head: ObjectHead,
    /// Whether the object was deleted since: a conditional Complete conflicts (MPU-110).
    pub deleted_since: bool,
    /// Its place in the order of writes (VER-009).
    pub(super) sequence: u64,
    /// The parts so far, by number.
    #[serde(skip)]
    pub parts: BTreeMap<u16, Arc<StoredPart>>,
    /// The record file.
    #[serde(skip)]
    pub(super) file: RecordId,
}

impl Upload {
    /// Says that no record names the bodies of this upload any more, but those of `kept`.
    pub(super) fn release_parts(&self, kept: &[PartRecord]) {
        let kept: HashSet<_> = kept.iter().map(|part| part.body.id()).collect();
        for part in self
            .parts
            .values()
            .filter(|part| !kept.contains(&part.body.id()))
        {
            part.body.set_claimed(false);
        }
    }
}

/// An uploaded part and the file of its record.
#[derive(Debug)]
pub struct StoredPart {
    /// The part.
    pub record: PartRecord,
    pub(super) file: RecordId,
}

impl std::ops::Deref for StoredPart {
    type Target = PartRecord;
    fn deref(&self) -> &PartRecord {
        &self.record
    }
}

/// Where an upload stands.
#[derive(Clone, Debug)]
pub enum UploadState {
    /// In progress.
    Open(Arc<Upload>),
    /// Completed, and the version it made is still there.
    Finished(Arc<super::Version>),
}
