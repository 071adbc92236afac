//! What a folder that must survive a crash needs of the file system: syncing, replacing,
//! locking, and files that are nobody else's business.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::Path;

use zeroize::Zeroizing;

use super::error::OpenError;

/// Makes a folder (and those above it) that only its owner may enter, or finds it made.
pub(super) fn create_private_dir(dir: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

/// Makes a new file that only its owner may read.
pub(super) fn create_private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes the names in the folder of `path` durable.
pub(super) fn sync_parent(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()?;
    }
    Ok(())
}

/// Why a file was not replaced.
#[derive(Debug)]
pub(super) enum NotReplaced {
    /// The old one stands.
    Unchanged(io::Error),
    /// The old one stands, or the new one: a crash would tell.
    Unknown(io::Error),
}

/// Puts `bytes` in the place of the file `path`, by way of `temporary` in the same folder: who
/// looks, even after a crash, sees the old file or the new one, whole.
pub(super) fn replace(path: &Path, temporary: &Path, bytes: &[u8]) -> Result<(), NotReplaced> {
    let written = remove_if_there(temporary)
        .and_then(|()| create_private_file(temporary))
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(temporary, path));
    if let Err(error) = written {
        let _ = fs::remove_file(temporary);
        return Err(NotReplaced::Unchanged(error));
    }
    sync_parent(path).map_err(NotReplaced::Unknown)
}

/// Removes a file that may be gone already.
pub(super) fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Takes the folder for this process; the lock goes with the file that is returned, and with
/// the process however it ends.
pub(super) fn lock(dir: &Path) -> Result<File, OpenError> {
    let path = dir.join("lock");
    let mut options = OpenOptions::new();
    let file = options.write(true).create(true).truncate(false).open(&path);
    let file = file.map_err(|source| OpenError::Io {
        path: path.clone(),
        source,
    })?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse {
            dir: dir.to_owned(),
        }),
        Err(TryLockError::Error(source)) => Err(OpenError::Io { path, source }),
    }
}

/// Reads at most `max` bytes of a file; one that is longer is an error.
pub(super) fn read(path: &Path, max: u64) -> Result<Vec<u8>, OpenError> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(max + 1).read_to_end(&mut bytes));
    read.map_err(|source| OpenError::Io {
        path: path.to_owned(),
        source,
    })?;
    if bytes.len() as u64 > max {
        let why = format!("longer than {max} bytes");
        return Err(OpenError::Damaged {
            file: path.to_owned(),
            why,
        });
    }
    Ok(bytes)
}

/// Reads a secret of `N` bytes; `None` if there is no such file.
pub(super) fn read_secret<const N: usize>(path: &Path) -> Result<Option<[u8; N]>, OpenError> {
    let there = path.try_exists();
    if !there.map_err(|source| OpenError::Io {
        path: path.to_owned(),
        source,
    })? {
        return Ok(None);
    }
    let secret = Zeroizing::new(read(path, N as u64)?);
    let secret = <[u8; N]>::try_from(secret.as_slice()).map_err(|_| OpenError::Damaged {
        file: path.to_owned(),
        why: format!("not {N} bytes long"),
    })?;
    Ok(Some(secret))
}

/// Puts a secret in a file of mode 0600.
pub(super) fn write_secret(path: &Path, secret: &[u8]) -> Result<(), OpenError> {
    replace(path, &path.with_extension("tmp"), secret).map_err(|failure| {
        let (NotReplaced::Unchanged(source) | NotReplaced::Unknown(source)) = failure;
        OpenError::Io {
            path: path.to_owned(),
            source,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::TempDir;

    #[test]
    fn a_secret_is_kept_for_its_owner_only() {
        let dir = TempDir::new();
        let path = dir.path().join("server.key");
        assert_eq!(read_secret::<4>(&path).expect("none yet"), None);
        write_secret(&path, b"four").expect("written");
        assert_eq!(read_secret(&path).expect("readable"), Some(*b"four"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(&path).expect("the file").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        for damage in [b"fou".as_slice(), b"four\n", b""] {
            fs::write(&path, damage).expect("damage");
            let error = read_secret::<4>(&path).expect_err("damaged");
            assert!(matches!(error, OpenError::Damaged { .. }), "{error}");
        }
    }

    #[test]
    fn what_cannot_be_replaced_stays_and_nothing_is_left_beside_it() {
        let dir = TempDir::new();
        let (path, temporary) = (dir.path().join("taken"), dir.path().join("taken.tmp"));
        fs::create_dir(&path).expect("a folder is in the way");
        let refused = replace(&path, &temporary, b"new").expect_err("no file is put over a folder");
        assert!(matches!(refused, NotReplaced::Unchanged(_)), "{refused:?}");
        assert!(path.is_dir() && !temporary.exists());
    }

    #[test]
    fn a_folder_has_one_server() {
        let dir = TempDir::new();
        let first = lock(dir.path()).expect("free");
        let error = lock(dir.path()).expect_err("taken");
        assert!(matches!(error, OpenError::InUse { .. }), "{error}");
        drop(first);
        lock(dir.path()).expect("free again");
    }
}
