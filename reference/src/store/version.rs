//! Versions of objects and their ids.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::encoding::rfc3339;
use super::error::StoreError;
use super::ids::{self, RecordId};
use super::record::ObjectRecord;
use crate::random::Random;

/// The name of a version within its key.
///
/// An id of this server is 32 characters of `.0-9A-Z_a-z`: 8 carry the version's place in the
/// order of writes (so that a listing can go on after a version that is gone), 19 are random,
/// and the last 5 are a check (30 bits of the CRC-32 of the first 27). So an id from elsewhere
/// is told from one that was deleted (VER-001, VER-002); it is no secret and no proof.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum VersionId {
    /// The version that a bucket without (or with suspended) versioning writes.
    Null,
    /// A version written while versioning was enabled; always well-formed.
    Id(String),
}

impl VersionId {
    /// Reads `null` or an id of this server's shape.
    ///
    /// # Errors
    /// [`StoreError::InvalidVersionId`] for anything else (VER-001).
    pub fn parse(text: &str) -> Result<Self, StoreError> {
        match text {
            "null" => Ok(Self::Null),
            _ if ids::version_sequence(text).is_some() => Ok(Self::Id(text.to_owned())),
            _ => Err(StoreError::InvalidVersionId {
                version_id: text.to_owned(),
            }),
        }
    }

    /// The id as it stands in `x-amz-version-id` and in listings.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Null => "null",
            Self::Id(id) => id,
        }
    }

    /// A new id for the write with this sequence number.
    pub(super) fn new(sequence: u64, random: &dyn Random) -> Self {
        Self::Id(ids::new_version_id(sequence, random))
    }
}

impl From<VersionId> for String {
    fn from(id: VersionId) -> Self {
        id.as_str().to_owned()
    }
}

impl TryFrom<String> for VersionId {
    type Error = StoreError;
    fn try_from(text: String) -> Result<Self, StoreError> {
        Self::parse(&text)
    }
}

impl std::fmt::Display for VersionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One version of one object: what a read finds, and what stands in a record on disk.
///
/// Holding it keeps its bodies readable, whatever happens to the object.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Version {
    /// The bucket's name.
    pub bucket: String,
    /// The object's key.
    pub key: String,
    /// The version's name.
    pub id: VersionId,
    /// When it was written; of a multipart upload: when it was initiated. Whole seconds.
    #[serde(with = "rfc3339")]
    pub last_modified: OffsetDateTime,
    /// The object; a delete marker has none. Outside the store it is seen as
    /// [`facts`](Version::facts), or [unlocked](Version::unlock).
    pub(super) object: Option<ObjectRecord>,
    /// Its place in the order of writes: the current version is the one with the highest.
    pub(super) sequence: u64,
    /// The record file.
    #[serde(skip)]
    pub(super) file: RecordId,
}

impl Version {
    /// Whether this version says that the object was deleted.
    pub fn is_delete_marker(&self) -> bool {
        self.object.is_none()
    }

    /// The multipart upload that became this version.
    pub(super) fn upload_id(&self) -> Option<&str> {
        self.object.as_ref()?.upload_id.as_deref()
    }

    /// Says whether the index names the bodies of this version.
    pub(super) fn set_claimed(&self, claimed: bool) {
        for part in self.object.iter().flat_map(|object| &object.parts) {
            part.body.set_claimed(claimed);
        }
    }
}
