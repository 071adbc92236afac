//! The home of bodies in a folder: a file each, durable once committed.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use bytes::Bytes;

use super::body::{BodyHome, BodyId, BodyWriter};
use super::disk;
use crate::random::{OsRandom, random_bytes};

/// Bytes gathered before they are written: segments may be small.
const BUFFER_BYTES: usize = 64 << 10;

/// Bodies in a folder of their own.
///
/// What is in the folder and not yet named by a record, because the process died in between,
/// is an orphan: the store removes it when it is opened.
#[derive(Debug)]
pub struct FileBodies {
    dir: PathBuf,
}

impl FileBodies {
    /// The bodies in `dir`, which is made if need be.
    pub fn open(dir: &Path) -> io::Result<Self> {
        disk::create_private_dir(dir)?;
        Ok(Self {
            dir: dir.to_owned(),
        })
    }

    fn path(&self, id: &BodyId) -> PathBuf {
        self.dir.join(id.to_string())
    }
}

impl BodyHome for FileBodies {
    fn create(&self) -> io::Result<Box<dyn BodyWriter>> {
        // Names are no part of what a seed repeats: a repeated one would collide after a restart.
        let id = BodyId::from_bytes(random_bytes(&OsRandom));
        let path = self.path(&id);
        let file = BufWriter::with_capacity(BUFFER_BYTES, disk::create_private_file(&path)?);
        Ok(Box::new(Writer {
            id,
            file,
            path,
            committed: false,
        }))
    }

    fn read(&self, id: &BodyId, offset: u64, len: usize) -> io::Result<Bytes> {
        let mut file = File::open(self.path(id))?;
        let there = file.metadata()?.len();
        // Judged first, so that a wrong length asks for no memory.
        if offset.checked_add(len as u64).is_none_or(|end| end > there) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        file.seek(SeekFrom::Start(offset))?;
        let mut bytes = vec![0; len];
        file.read_exact(&mut bytes)?;
        Ok(bytes.into())
    }

    fn remove(&self, id: &BodyId) -> io::Result<()> {
        match fs::remove_file(self.path(id)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn ids(&self) -> io::Result<Vec<BodyId>> {
        let names = fs::read_dir(&self.dir)?.map(|entry| Ok(entry?.file_name()));
        names
            .map(|name: io::Result<_>| {
                let name = name?;
                name.to_str().and_then(BodyId::parse).ok_or_else(|| {
                    let path = self.dir.join(&name);
                    let text = format!("{}: no body of this server", path.display());
                    io::Error::new(io::ErrorKind::InvalidData, text)
                })
            })
            .collect()
    }
}

struct Writer {
    id: BodyId,
    file: BufWriter<File>,
    path: PathBuf,
    committed: bool,
}

impl BodyWriter for Writer {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)
    }

    fn commit(mut self: Box<Self>) -> io::Result<BodyId> {
        self.file.flush()?;
        self.file.get_ref().sync_all()?;
        disk::sync_parent(&self.path)?;
        self.committed = true;
        Ok(self.id)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        if !self.committed {
            // What cannot be removed now is an orphan, and swept at the next start.
            let _ = fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::TempDir;

    #[test]
    fn keeps_the_contract_of_homes() {
        let dir = TempDir::new();
        let home = FileBodies::open(dir.path()).expect("a fresh folder");
        crate::store::body::tests::check_home(&home, BUFFER_BYTES);
        assert_eq!(fs::read_dir(dir.path()).expect("the folder").count(), 0);
    }

    #[test]
    fn foreign_files_are_named_not_taken_for_bodies() {
        let dir = TempDir::new();
        let home = FileBodies::open(dir.path()).expect("a fresh folder");
        fs::write(dir.path().join("notes.txt"), "mine").expect("a file");
        let error = home.ids().expect_err("a foreign file");
        assert!(error.to_string().contains("notes.txt"), "{error}");
    }
}
