//! Where sealed bytes live: the trait every home of bodies implements, and the handle that
//! records hold on them. Knows nothing of what the bytes mean.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::encoding::hex;

/// A home of bodies. Embedding seam: a test or a saboteur may put its own in the place of
/// [`MemoryBodies`](super::MemoryBodies) or [`FileBodies`](super::FileBodies), or wrap one.
///
/// Calls are synchronous; a home on disk belongs on a thread that may block, except for reads
/// of some kilobytes, which are cheaper in place.
pub trait BodyHome: Send + Sync {
    /// Begins a body.
    fn create(&self) -> io::Result<Box<dyn BodyWriter>>;

    /// Exactly `len` bytes from `offset` on.
    ///
    /// # Errors
    /// `NotFound` if there is no such body, `UnexpectedEof` if it ends earlier.
    fn read(&self, id: &BodyId, offset: u64, len: usize) -> io::Result<Bytes>;

    /// Removes a body; one that is gone already is no error.
    fn remove(&self, id: &BodyId) -> io::Result<()>;

    /// Every body that was committed, or begun and left behind by a crash.
    fn ids(&self) -> io::Result<Vec<BodyId>>;
}

/// A body that is being written. Dropped without [`commit`](BodyWriter::commit), it is gone.
pub trait BodyWriter: Send {
    /// Adds bytes at the end.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Makes the body durable, as far as its home is, and names it.
    fn commit(self: Box<Self>) -> io::Result<BodyId>;
}

/// The name of a body within its home; never derived from an object's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BodyId(#[serde(with = "hex")] [u8; 16]);

impl BodyId {
    /// The id with these bytes.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The id that [`Display`](std::fmt::Display) wrote as 32 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        hex::decode(text).map(Self)
    }
}

impl std::fmt::Display for BodyId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex::encode(&self.0))
    }
}

/// A committed body, shared by the record that names it and by everybody who is reading it.
///
/// The bytes go when the last handle is dropped and no record names them any more: a reader
/// that holds a record can finish whatever happens to the object meanwhile. In a record on
/// disk it stands as its id.
#[derive(Clone)]
pub struct StoredBody(Arc<Shared>);

struct Shared {
    id: BodyId,
    home: OnceLock<Arc<dyn BodyHome>>,
    /// Whether a record in the index names this body.
    claimed: AtomicBool,
}

impl StoredBody {
    /// A body that no record names yet: dropped like this, it is removed.
    pub(super) fn unclaimed(home: Arc<dyn BodyHome>, id: BodyId) -> Self {
        Self(Arc::new(Shared {
            id,
            home: OnceLock::from(home),
            claimed: AtomicBool::new(false),
        }))
    }

    /// The body's name.
    pub fn id(&self) -> BodyId {
        self.0.id
    }

    /// Exactly `len` sealed bytes from `offset` on, see [`BodyHome::read`].
    pub fn read(&self, offset: u64, len: usize) -> io::Result<Bytes> {
        let home = self.0.home.get().ok_or(io::ErrorKind::NotFound)?;
        home.read(&self.0.id, offset, len)
    }

    /// Gives a body that was read from a record its home.
    pub(super) fn attach(&self, home: &Arc<dyn BodyHome>) {
        self.0.home.get_or_init(|| Arc::clone(home));
    }

    /// Says that a record names the body, or that none does any more.
    pub(super) fn set_claimed(&self, claimed: bool) {
        self.0.claimed.store(claimed, Ordering::Release);
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        if let Some(home) = self.home.get()
            && !self.claimed.load(Ordering::Acquire)
        {
            // What cannot be removed now is an orphan, and swept at the next start.
            let _ = home.remove(&self.id);
        }
    }
}

impl Serialize for StoredBody {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.id.serialize(to)
    }
}

impl<'de> Deserialize<'de> for StoredBody {
    /// A body read from a record is claimed by that record, and homeless until attached.
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let id = BodyId::deserialize(from)?;
        let (home, claimed) = (OnceLock::new(), AtomicBool::new(true));
        Ok(Self(Arc::new(Shared { id, home, claimed })))
    }
}

impl std::fmt::Debug for StoredBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "StoredBody({})", self.0.id)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// What every home must do, around the size of its pieces.
    pub(in crate::store) fn check_home(home: &dyn BodyHome, piece: usize) {
        for len in [0, 1, piece - 1, piece, piece + 1, 3 * piece, 3 * piece + 7] {
            let bytes: Vec<u8> = (0..len).map(|n| (n % 251) as u8).collect();
            let id = write(home, &bytes, 1000.max(piece / 3));
            check_reads(home, &id, &bytes, piece);
            home.remove(&id).expect("removed");
            home.remove(&id).expect("gone already");
            let gone = home.read(&id, 0, 0).expect_err("gone");
            assert_eq!(gone.kind(), io::ErrorKind::NotFound);
        }
        let mut dropped = home.create().expect("a body");
        dropped.append(b"never committed").expect("appended");
        drop(dropped);
        assert_eq!(home.ids().expect("ids"), []);
    }

    fn write(home: &dyn BodyHome, bytes: &[u8], step: usize) -> BodyId {
        let mut writer = home.create().expect("a body");
        bytes
            .chunks(step)
            .for_each(|chunk| writer.append(chunk).expect("appended"));
        let id = writer.commit().expect("committed");
        assert_eq!(home.ids().expect("ids"), [id]);
        id
    }

    fn check_reads(home: &dyn BodyHome, id: &BodyId, bytes: &[u8], piece: usize) {
        let edges = [
            0,
            1,
            piece - 1,
            piece,
            piece + 1,
            2 * piece,
            bytes.len(),
            bytes.len() + 1,
        ];
        for (from, to) in edges.iter().flat_map(|&from| edges.map(|to| (from, to))) {
            let Some(len) = to.checked_sub(from) else {
                continue;
            };
            let read = home.read(id, from as u64, len);
            match bytes.get(from..to) {
                Some(expected) => assert!(read.expect("in range") == expected, "{from}..{to}"),
                None => {
                    let error = read.expect_err("beyond the end");
                    assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof, "{from}..{to}");
                }
            }
        }
        let error = home
            .read(id, u64::MAX, usize::MAX)
            .expect_err("beyond everything");
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    }
}
