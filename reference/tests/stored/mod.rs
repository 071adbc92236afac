//! What the tests of the store share: small objects in it, and a look at all of it.
//!
//! "Sealed" bytes are readable text here: the store does not mind.
#![allow(dead_code, reason = "each test crate uses its share")]

pub(crate) mod model;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ssec_reference::clock::SystemClock;
use ssec_reference::random::{OsRandom, random_bytes};
use ssec_reference::seal::{SealedObjectKey, SegmentLen, StreamHeader};
use ssec_reference::ssec::rules;
use ssec_reference::store::{
    Bucket, BucketEncryption, Encryption, ObjectHead, ObjectRecord, OpenError, PartRecord, Query,
    Store, StoreError, StoredBody, Version, Versioning, Written,
};
use time::OffsetDateTime;

use self::model::View;

/// The bucket of most tests.
pub(crate) const BUCKET: &str = "bucket";

/// A folder that goes when it is dropped.
pub(crate) struct TempDir(PathBuf);

impl TempDir {
    pub(crate) fn new() -> Self {
        let name = u64::from_be_bytes(random_bytes(&OsRandom));
        let path = std::env::temp_dir().join(format!("ssec-store-{name:016x}"));
        std::fs::create_dir(&path).expect("a fresh folder");
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// The names of the files in a folder of the store.
    pub(crate) fn files(&self, folder: &str) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.0.join(folder)).expect("a folder of the store");
        let mut files: Vec<_> = entries
            .map(|entry| entry.expect("an entry").path())
            .collect();
        files.sort();
        files
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn open(dir: &TempDir) -> Result<Store, OpenError> {
    Store::on_disk(dir.path(), Arc::new(SystemClock), Arc::new(OsRandom))
}

/// A store in memory with [`BUCKET`] in it.
pub(crate) fn store(versioning: Versioning) -> Store {
    let store = Store::in_memory(Arc::new(SystemClock), Arc::new(OsRandom));
    store
        .create_bucket(bucket(BUCKET, versioning))
        .expect("a bucket");
    store
}

pub(crate) fn bucket(name: &str, versioning: Versioning) -> Bucket {
    Bucket {
        name: name.to_owned(),
        region: "us-east-1".to_owned(),
        created: OffsetDateTime::UNIX_EPOCH,
        versioning,
        encryption: BucketEncryption::new(true),
        policy: None,
    }
}

pub(crate) fn head() -> ObjectHead {
    ObjectHead {
        write_id: random_bytes(&OsRandom),
        encryption: Encryption::SseS3,
        sealed_object_key: SealedObjectKey {
            salt: [1; 32],
            nonce: [2; 12],
            sealed: [3; 48],
        },
        headers: vec![("content-type".to_owned(), "text/plain".to_owned())],
        tags: Vec::new(),
        storage_class: "STANDARD".to_owned(),
        checksum: None,
    }
}

pub(crate) fn body(store: &Store, text: &str) -> StoredBody {
    let mut body = store.create_body().expect("a body");
    body.append(text.as_bytes()).expect("appended");
    body.commit().expect("committed")
}

pub(crate) fn part(store: &Store, number: u16, text: &str) -> PartRecord {
    PartRecord {
        number,
        size: text.len() as u64,
        etag: format!("etag-of-{}", text.len()),
        last_modified: OffsetDateTime::UNIX_EPOCH,
        stream: StreamHeader {
            salt: [4; 16],
            nonce_prefix: [5; 7],
            segment_len: SegmentLen::DEFAULT,
            part_number: None,
        },
        sealed_checksums: vec![6; 60],
        body: body(store, text),
    }
}

/// An object of one part, not yet in the store.
pub(crate) fn object(store: &Store, text: &str) -> ObjectRecord {
    object_of(head(), vec![part(store, 1, text)])
}

pub(crate) fn object_of(head: ObjectHead, parts: Vec<PartRecord>) -> ObjectRecord {
    ObjectRecord {
        head,
        etag: "etag".to_owned(),
        size: parts.iter().map(|part| part.size).sum(),
        parts,
        upload_id: None,
        checksum_named: false,
        sealed_checksums: Vec::new(),
    }
}

pub(crate) fn put(store: &Store, key: &str, text: &str) -> Written {
    let object = object(store, text);
    store
        .put_object(BUCKET, key, object, |_| Ok::<_, StoreError>(()))
        .expect("stored")
}

pub(crate) fn delete(store: &Store, key: &str) -> ssec_reference::store::Deleted {
    store
        .delete_object(BUCKET, key, None, |_| Ok::<_, StoreError>(()))
        .expect("deleted")
}

/// The parts of a version with their text; a delete marker has none.
pub(crate) fn parts(version: &Version) -> Option<Vec<(u16, String)>> {
    let proof = rules::prove(&[], &rules::Facts::default()).expect("no customer key is needed");
    let parts = &version.unlock(&proof)?.parts;
    Some(parts.iter().map(|part| (part.number, text(part))).collect())
}

pub(crate) fn text(part: &PartRecord) -> String {
    let len = usize::try_from(part.size).expect("small");
    let bytes = part.body.read(0, len).expect("readable");
    String::from_utf8(bytes.into()).expect("text")
}

/// The text of the current version.
pub(crate) fn current(store: &Store, key: &str) -> Result<Option<String>, StoreError> {
    let version = store.version(BUCKET, key, None)?;
    Ok(parts(&version).map(|parts| parts.into_iter().map(|(_, text)| text).collect()))
}

/// All versions: key, id, whether it is current.
pub(crate) fn versions(store: &Store) -> Vec<(String, String, bool)> {
    let page = store
        .list_versions(BUCKET, Query::default(), None)
        .expect("listed");
    let named = |(version, current): (Arc<Version>, bool)| {
        (version.key.clone(), version.id.to_string(), current)
    };
    page.items.into_iter().map(named).collect()
}

/// Nothing may be in the folder that is not part of what is seen.
pub(crate) fn check_files(dir: &TempDir, seen: &View) {
    let parts: usize = seen.uploads.iter().map(|(_, parts)| parts.len()).sum();
    for (folder, expected) in [
        ("buckets", 1),
        ("versions", seen.versions.len()),
        ("uploads", seen.uploads.len()),
        ("parts", parts),
        ("bodies", seen.bodies()),
    ] {
        assert_eq!(dir.files(folder).len(), expected, "{folder} of {seen:#?}");
    }
}
