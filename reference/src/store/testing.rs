//! Folders for the unit tests of this module.

use std::path::{Path, PathBuf};

use crate::random::{OsRandom, random_bytes};

/// A folder that goes when it is dropped.
pub(super) struct TempDir(PathBuf);

impl TempDir {
    pub(super) fn new() -> Self {
        let name = u64::from_be_bytes(random_bytes(&OsRandom));
        let path = std::env::temp_dir().join(format!("ssec-store-{name:016x}"));
        std::fs::create_dir(&path).expect("a fresh folder");
        Self(path)
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
