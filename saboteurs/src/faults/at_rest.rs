//! Faults that no client sees: what is left on disks and in logs.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use md5::{Digest as _, Md5};
use ssec_reference::Config;
use ssec_reference::random::Random;
use ssec_reference::route::Operation as Op;
use ssec_reference::store::{BodyHome, BodyId, BodyWriter, FileBodies, MemoryBodies};

use crate::call::{Asked, take_body};
use crate::fault::{Fault, Seam};
use crate::tamper::{answering, around};

/// Each body is spooled in clear to a file that nobody removes.
pub(crate) fn plaintext_is_spooled() -> Fault {
    in_data_folder(|folder| {
        let count = AtomicU64::new(0);
        let folder = Arc::new((folder, count));
        around(move |mut call, next| {
            let folder = folder.clone();
            Box::pin(async move {
                if call.operation != Op::PutObject && call.operation != Op::UploadPart {
                    return next.call(call).await;
                }
                let body = take_body(&mut call).await;
                let number = folder.1.fetch_add(1, Ordering::Relaxed);
                // A spool that cannot be written is one fault less.
                let _ = std::fs::write(folder.0.join(format!("spool-{number}.tmp")), &body.bytes);
                next.call(Asked::of(&call).again(&body)).await
            })
        })
    })
}

/// What is known of a triple is appended to a file beside the records.
pub(crate) fn is_written_down(text: fn(&Asked) -> Option<String>) -> Fault {
    in_data_folder(move |folder| {
        answering(move |_, asked, _| {
            if let Some(text) = text(asked) {
                let path = folder.join("requests.log");
                let file = std::fs::OpenOptions::new()
                    .create(true)
                    .append(true)
                    .open(path);
                let _ = file.and_then(|mut file| writeln!(file, "{text}"));
            }
        })
    })
}

/// The key of a request.
pub(crate) fn key(asked: &Asked) -> Option<String> {
    asked.triple().key
}

/// The key-MD5 of a request: a fast hash without salt.
pub(crate) fn key_md5(asked: &Asked) -> Option<String> {
    asked.triple().md5_of_key()
}

/// The headers of each request are printed to standard error.
pub(crate) fn headers_are_logged() -> Fault {
    answering(|_, asked, _| {
        let mut log = io::stderr().lock();
        for (name, value) in &asked.head.headers {
            let value = String::from_utf8_lossy(value.as_bytes());
            // Whoever closed the log does not see the fault.
            let _ = writeln!(log, "DEBUG {}: {name}: {value}", asked.operation.name());
        }
    })
}

/// A fault that needs the data folder; without one there is nothing at rest.
fn in_data_folder(make: impl FnOnce(PathBuf) -> Fault + 'static) -> Fault {
    Fault::new(Seam::Handler, |config: &mut Config| {
        if let Some(folder) = config.data.clone() {
            make(folder).fit(config);
        }
    })
}

/// The generator begins at the same place whenever a server starts, and so repeats its keys and
/// nonces.
pub(crate) fn randomness_starts_over() -> Fault {
    struct FromTheStart(AtomicU64);
    impl Random for FromTheStart {
        fn fill(&self, out: &mut [u8]) {
            for piece in out.chunks_mut(16) {
                let count = self.0.fetch_add(1, Ordering::Relaxed);
                piece.copy_from_slice(&Md5::digest(count.to_be_bytes())[..piece.len()]);
            }
        }
    }
    Fault::new(Seam::Random, |config| {
        config.random = Arc::new(FromTheStart(AtomicU64::new(0)));
    })
}

/// The bytes of what is deleted or overwritten stay.
pub(crate) fn deleted_bodies_stay() -> Fault {
    struct Stays(Arc<dyn BodyHome>);
    impl BodyHome for Stays {
        fn create(&self) -> io::Result<Box<dyn BodyWriter>> {
            self.0.create()
        }
        fn read(&self, id: &BodyId, offset: u64, len: usize) -> io::Result<Bytes> {
            self.0.read(id, offset, len)
        }
        fn remove(&self, _: &BodyId) -> io::Result<()> {
            Ok(())
        }
        fn ids(&self) -> io::Result<Vec<BodyId>> {
            self.0.ids()
        }
    }
    Fault::new(Seam::Bodies, |config| {
        let home: Arc<dyn BodyHome> = match (&config.bodies, &config.data) {
            (Some(bodies), _) => bodies.clone(),
            (None, None) => Arc::new(MemoryBodies::default()),
            (None, Some(folder)) => match FileBodies::open(&folder.join("bodies")) {
                Ok(bodies) => Arc::new(bodies),
                Err(_) => return,
            },
        };
        config.bodies = Some(Arc::new(Stays(home)));
    })
}
