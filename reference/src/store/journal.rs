//! The record files of a data folder: one for each bucket, version, upload and part, replaced
//! and removed atomically. Knows nothing of how records hang together.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::disk::{self, NotReplaced};
use super::error::{OpenError, StoreError};
use super::ids::RecordId;
use super::limits::RECORD_BYTES_MAX;

/// The format of records that this code writes and reads.
const FORMAT: u32 = 1;

/// A kind of record, and the folder of its files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Bucket,
    Version,
    Upload,
    Part,
}

impl Kind {
    const ALL: [Self; 4] = [Self::Bucket, Self::Version, Self::Upload, Self::Part];

    fn folder(self) -> &'static str {
        match self {
            Self::Bucket => "buckets",
            Self::Version => "versions",
            Self::Upload => "uploads",
            Self::Part => "parts",
        }
    }
}

/// The record files of one data folder, which is locked while this lives.
#[derive(Debug)]
pub(super) struct Journal {
    dir: PathBuf,
    _lock: File,
    /// Set when disk and index may differ: nothing is written after that.
    broken: bool,
}

/// A record as it was found.
#[derive(Debug)]
pub(super) struct Found<T> {
    pub(super) id: RecordId,
    pub(super) path: PathBuf,
    pub(super) record: T,
}

/// What a file holds.
#[derive(Serialize)]
struct Envelope<'a, T> {
    format: u32,
    record: &'a T,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, bound = "T: Deserialize<'de>")]
struct OwnedEnvelope<T> {
    #[serde(rename = "format")]
    _format: u32,
    record: T,
}

#[derive(Deserialize)]
struct FormatOnly {
    format: u32,
}

impl Journal {
    /// Locks the folder, and makes it if need be.
    pub(super) fn open(dir: &Path) -> Result<Self, OpenError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            |source| OpenError::Io { path, source }
        };
        disk::create_private_dir(dir).map_err(failed(dir))?;
        let lock = disk::lock(dir)?;
        for kind in Kind::ALL {
            let folder = dir.join(kind.folder());
            disk::create_private_dir(&folder).map_err(failed(&folder))?;
        }
        disk::sync_parent(&dir.join("lock")).map_err(failed(dir))?;
        Ok(Self {
            dir: dir.to_owned(),
            _lock: lock,
            broken: false,
        })
    }

    /// The data folder.
    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Writes a record in the place of what is there under its name.
    pub(super) fn put(
        &mut self,
        kind: Kind,
        id: RecordId,
        record: &impl Serialize,
    ) -> Result<(), StoreError> {
        self.check()?;
        let text = serde_json::to_vec_pretty(&Envelope {
            format: FORMAT,
            record,
        });
        let text = text.map_err(|error| StoreError::Io(error.to_string()))?;
        let path = self.path(kind, id, "json");
        disk::replace(&path, &self.path(kind, id, "tmp"), &text).map_err(|failure| {
            self.broken = matches!(failure, NotReplaced::Unknown(_));
            let (NotReplaced::Unchanged(error) | NotReplaced::Unknown(error)) = failure;
            StoreError::Io(format!("{}: {error}", path.display()))
        })
    }

    /// Removes a record.
    pub(super) fn remove(&mut self, kind: Kind, id: RecordId) -> Result<(), StoreError> {
        self.check()?;
        let path = self.path(kind, id, "json");
        fs::remove_file(&path)
            .and_then(|()| disk::sync_parent(&path))
            .map_err(|error| {
                self.broken = true;
                StoreError::Io(format!("{}: {error}", path.display()))
            })
    }

    /// Removes records that mean nothing any more, as far as that is possible: those that stay
    /// are swept when the folder is opened.
    pub(super) fn sweep(&self, kind: Kind, ids: impl IntoIterator<Item = RecordId>) {
        for id in ids {
            let _ = fs::remove_file(self.path(kind, id, "json"));
        }
    }

    /// Whether disk and index may differ.
    pub(super) fn is_broken(&self) -> bool {
        self.broken
    }

    /// Reads all records of a kind.
    pub(super) fn load<T: DeserializeOwned>(&self, kind: Kind) -> Result<Vec<Found<T>>, OpenError> {
        let mut found = Vec::new();
        for (path, name) in self.files(kind)? {
            if let Name::Record(id) = name {
                let record = read_record(&path)?;
                found.push(Found { id, path, record });
            }
        }
        Ok(found)
    }

    /// Removes what interrupted writes left.
    pub(super) fn sweep_temporaries(&self) -> Result<(), OpenError> {
        for kind in Kind::ALL {
            for (path, name) in self.files(kind)? {
                if matches!(name, Name::Temporary) {
                    let removed = disk::remove_if_there(&path);
                    removed.map_err(|source| OpenError::Io { path, source })?;
                }
            }
        }
        Ok(())
    }

    fn files(&self, kind: Kind) -> Result<Vec<(PathBuf, Name)>, OpenError> {
        let folder = self.dir.join(kind.folder());
        let failed = |source| OpenError::Io {
            path: folder.clone(),
            source,
        };
        let mut files = Vec::new();
        for entry in fs::read_dir(&folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            match Name::parse(&path) {
                Some(name) => files.push((path, name)),
                None => {
                    let why = "not a record of this server".to_owned();
                    return Err(OpenError::Damaged { file: path, why });
                }
            }
        }
        Ok(files)
    }

    fn path(&self, kind: Kind, id: RecordId, extension: &str) -> PathBuf {
        self.dir
            .join(kind.folder())
            .join(format!("{id}.{extension}"))
    }

    fn check(&self) -> Result<(), StoreError> {
        if self.broken {
            return Err(StoreError::Io(
                "refused after an earlier failure of the disk".to_owned(),
            ));
        }
        Ok(())
    }
}

/// What a file's name says that it is.
enum Name {
    Record(RecordId),
    Temporary,
}

impl Name {
    fn parse(path: &Path) -> Option<Self> {
        let (stem, extension) = path.file_name()?.to_str()?.split_once('.')?;
        let id = RecordId::parse(stem)?;
        match extension {
            "json" => Some(Self::Record(id)),
            "tmp" => Some(Self::Temporary),
            _ => None,
        }
    }
}

fn read_record<T: DeserializeOwned>(path: &Path) -> Result<T, OpenError> {
    let text = disk::read(path, RECORD_BYTES_MAX)?;
    let damaged = |why| OpenError::Damaged {
        file: path.to_owned(),
        why,
    };
    let not_readable = |error: serde_json::Error| damaged(error.to_string());
    let FormatOnly { format } = serde_json::from_slice(&text).map_err(not_readable)?;
    if format != FORMAT {
        return Err(damaged(format!(
            "format {format}; this server reads format {FORMAT}"
        )));
    }
    serde_json::from_slice(&text)
        .map(|all: OwnedEnvelope<T>| all.record)
        .map_err(not_readable)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::TempDir;

    fn path_of(dir: &TempDir, name: &str) -> PathBuf {
        dir.path().join("uploads").join(name)
    }

    fn load(dir: &TempDir) -> Result<Vec<String>, OpenError> {
        let found = Journal::open(dir.path())?.load::<String>(Kind::Upload)?;
        Ok(found.into_iter().map(|found| found.record).collect())
    }

    #[test]
    fn records_are_replaced_and_removed() {
        let dir = TempDir::new();
        let mut journal = Journal::open(dir.path()).expect("a fresh folder");
        let id = RecordId::new();
        journal.put(Kind::Upload, id, &"old").expect("written");
        journal.put(Kind::Upload, id, &"new").expect("replaced");
        drop(journal);
        assert_eq!(load(&dir).expect("readable"), ["new"]);
        let mut journal = Journal::open(dir.path()).expect("the folder");
        journal.remove(Kind::Upload, id).expect("removed");
        journal.remove(Kind::Upload, id).expect_err("it is gone");
        journal
            .put(Kind::Upload, id, &"later")
            .expect_err("broken journals write nothing");
        assert!(journal.is_broken());
        drop(journal);
        assert!(load(&dir).expect("readable").is_empty());
    }

    #[test]
    fn what_is_damaged_or_foreign_is_named_and_left() {
        let id = RecordId::new();
        let record = format!("{id}.json");
        for (name, text, why) in [
            (record.as_str(), "", "EOF"),
            (&record, "{\"format\":1,\"record\":\"cut", "EOF"),
            (&record, "{\"format\":2,\"record\":\"newer\"}", "format 2"),
            (
                &record,
                "{\"format\":1,\"record\":\"a\",\"more\":1}",
                "more",
            ),
            (&record, "{\"format\":1,\"record\":3}", "invalid type"),
            ("notes.txt", "mine", "not a record"),
        ] {
            let dir = TempDir::new();
            drop(Journal::open(dir.path()).expect("a fresh folder"));
            let path = path_of(&dir, name);
            fs::write(&path, text).expect("damage");
            let error = load(&dir).expect_err(text).to_string();
            let file = path
                .file_name()
                .and_then(|name| name.to_str())
                .expect("a name");
            assert!(error.contains(file) && error.contains(why), "{error}");
            assert_eq!(fs::read_to_string(&path).expect("left"), text);
        }
    }

    #[test]
    fn what_an_interrupted_write_left_is_swept() {
        let dir = TempDir::new();
        let journal = Journal::open(dir.path()).expect("a fresh folder");
        let temporary = path_of(&dir, &format!("{}.tmp", RecordId::new()));
        fs::write(&temporary, "half").expect("a leftover");
        assert!(
            journal
                .load::<String>(Kind::Upload)
                .expect("passed over")
                .is_empty()
        );
        journal.sweep_temporaries().expect("swept");
        assert!(!temporary.exists());
    }
}
