//! Why the store refuses, one variant for each way, and the S3 error that each becomes.

use std::io;
use std::path::PathBuf;

use super::limits::{BUCKETS_MAX, KEY_BYTES_MAX};
use crate::error::{Code, S3Error};

/// Why an operation on the store was refused. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// There is no bucket of this name.
    #[error("no bucket {bucket}")]
    NoSuchBucket {
        /// The name asked for.
        bucket: String,
    },
    /// There is one already.
    #[error("bucket {bucket} exists")]
    BucketAlreadyOwnedByYou {
        /// The name asked for.
        bucket: String,
    },
    /// The bucket has versions or delete markers.
    #[error("bucket {bucket} is not empty")]
    BucketNotEmpty {
        /// The bucket's name.
        bucket: String,
    },
    /// There are [`BUCKETS_MAX`] buckets.
    #[error("there are {BUCKETS_MAX} buckets already")]
    TooManyBuckets,
    /// The key has no version at all, or its current one is a delete marker.
    #[error("no object {key}")]
    NoSuchKey {
        /// The key asked for.
        key: String,
    },
    /// The id is well-formed, but the key has no such version (VER-002).
    #[error("no version {version_id} of {key}")]
    NoSuchVersion {
        /// The key asked for.
        key: String,
        /// The version asked for.
        version_id: String,
    },
    /// The version asked for by its id is a delete marker (VER-006).
    #[error("version {version_id} of {key} is a delete marker")]
    IsDeleteMarker {
        /// The key asked for.
        key: String,
        /// The version asked for.
        version_id: String,
    },
    /// No server of this kind makes such version ids (VER-001).
    #[error("{version_id:?} is no version id")]
    InvalidVersionId {
        /// The text that was given for one.
        version_id: String,
    },
    /// The upload never was, was aborted, or its object is gone (MPU-101, MPU-108).
    #[error("no upload {upload_id}")]
    NoSuchUpload {
        /// The id asked for.
        upload_id: String,
    },
    /// The key is longer than [`KEY_BYTES_MAX`].
    #[error("a key of {bytes} bytes")]
    KeyTooLong {
        /// Its length in UTF-8.
        bytes: usize,
    },
    /// The disk failed. If what was decided may be on disk nevertheless, the store refuses
    /// every further write until it is opened again.
    #[error("{0}")]
    Io(String),
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        Self::Io(error.to_string())
    }
}

impl From<StoreError> for S3Error {
    /// Elements as recorded for each code; the text of an I/O error stays inside.
    fn from(error: StoreError) -> Self {
        use StoreError as E;
        match error {
            E::NoSuchBucket { bucket } => named(Code::NoSuchBucket, "BucketName", bucket),
            E::BucketAlreadyOwnedByYou { bucket } => {
                named(Code::BucketAlreadyOwnedByYou, "BucketName", bucket)
            }
            E::BucketNotEmpty { bucket } => named(Code::BucketNotEmpty, "BucketName", bucket),
            E::TooManyBuckets => Code::TooManyBuckets.into(),
            E::NoSuchKey { key } => named(Code::NoSuchKey, "Key", key),
            E::NoSuchVersion { key, version_id } => {
                named(Code::NoSuchVersion, "Key", key).with("VersionId", version_id)
            }
            E::IsDeleteMarker { .. } => named(
                Code::MethodNotAllowed,
                "ResourceType",
                "DeleteMarker".to_owned(),
            )
            .with_header("Allow", "DELETE"),
            E::InvalidVersionId { version_id } => {
                S3Error::new(Code::InvalidArgument, "Invalid version id specified")
                    .with("ArgumentName", "versionId")
                    .with("ArgumentValue", version_id)
            }
            E::NoSuchUpload { upload_id } => named(Code::NoSuchUpload, "UploadId", upload_id),
            E::KeyTooLong { bytes } => named(Code::KeyTooLongError, "Size", bytes.to_string())
                .with("MaxSizeAllowed", KEY_BYTES_MAX.to_string()),
            E::Io(_) => Code::InternalError.into(),
        }
    }
}

fn named(code: Code, element: &'static str, value: String) -> S3Error {
    S3Error::from(code).with(element, value)
}

/// Why a data folder could not be opened. Nothing in it was changed or removed.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another server has the folder open.
    #[error("{} is in use by another server", dir.display())]
    InUse {
        /// The data folder.
        dir: PathBuf,
    },
    /// A file that this server did not write like this: damaged, foreign, or of a newer format.
    #[error("{}: {why}", file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The disk failed, or does not let us.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}
