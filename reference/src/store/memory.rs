//! The home of bodies that live as long as the process.

use std::collections::HashMap;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use bytes::{Bytes, BytesMut};

use super::body::{BodyHome, BodyId, BodyWriter};

/// Bytes of a piece: a body of any size grows by pieces and is never moved.
const PIECE_BYTES: usize = 256 << 10;

/// Bodies in memory.
#[derive(Default)]
pub struct MemoryBodies {
    bodies: Arc<Bodies>,
    /// Bodies so far: their names, which are never used again.
    named: AtomicU64,
}

/// All pieces of a body but the last are full.
type Bodies = RwLock<HashMap<BodyId, Vec<Bytes>>>;

impl BodyHome for MemoryBodies {
    fn create(&self) -> io::Result<Box<dyn BodyWriter>> {
        let name = u128::from(self.named.fetch_add(1, Ordering::Relaxed));
        Ok(Box::new(Writer {
            id: BodyId::from_bytes(name.to_be_bytes()),
            full: Vec::new(),
            last: Vec::new(),
            bodies: Arc::clone(&self.bodies),
        }))
    }

    fn read(&self, id: &BodyId, offset: u64, len: usize) -> io::Result<Bytes> {
        let bodies = self.bodies.read().unwrap_or_else(PoisonError::into_inner);
        let pieces = bodies.get(id).ok_or(io::ErrorKind::NotFound)?;
        let offset = usize::try_from(offset).map_err(|_| io::ErrorKind::UnexpectedEof)?;
        slice(pieces, offset, len).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }

    fn remove(&self, id: &BodyId) -> io::Result<()> {
        let removed = self
            .bodies
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(id);
        drop(removed);
        Ok(())
    }

    fn ids(&self) -> io::Result<Vec<BodyId>> {
        let bodies = self.bodies.read().unwrap_or_else(PoisonError::into_inner);
        Ok(bodies.keys().copied().collect())
    }
}

/// The bytes of a range, if there are so many; without a copy if they lie in one piece.
fn slice(pieces: &[Bytes], offset: usize, len: usize) -> Option<Bytes> {
    let total: usize = pieces.iter().map(Bytes::len).sum();
    if offset.checked_add(len)? > total {
        return None;
    }
    let (first, mut at) = (offset / PIECE_BYTES, offset % PIECE_BYTES);
    if let Some(piece) = pieces.get(first)
        && at + len <= piece.len()
    {
        return Some(piece.slice(at..at + len));
    }
    let mut out = BytesMut::with_capacity(len);
    for piece in pieces.iter().skip(first) {
        let rest = &piece[at..];
        out.extend_from_slice(&rest[..rest.len().min(len - out.len())]);
        at = 0;
    }
    Some(out.freeze())
}

struct Writer {
    id: BodyId,
    full: Vec<Bytes>,
    last: Vec<u8>,
    bodies: Arc<Bodies>,
}

impl BodyWriter for Writer {
    fn append(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(PIECE_BYTES - self.last.len()));
            self.last.extend_from_slice(now);
            bytes = later;
            if self.last.len() == PIECE_BYTES {
                self.full.push(std::mem::take(&mut self.last).into());
            }
        }
        Ok(())
    }

    fn commit(mut self: Box<Self>) -> io::Result<BodyId> {
        if !self.last.is_empty() {
            self.full.push(self.last.into_boxed_slice().into());
        }
        let mut bodies = self.bodies.write().unwrap_or_else(PoisonError::into_inner);
        bodies.insert(self.id, self.full);
        Ok(self.id)
    }
}

impl std::fmt::Debug for MemoryBodies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MemoryBodies(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_contract_of_homes() {
        crate::store::body::tests::check_home(&MemoryBodies::default(), PIECE_BYTES);
    }
}
