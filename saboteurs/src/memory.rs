//! What a saboteur remembers of the writes it let through: which key seals what.
//!
//! A server that skips the proof of a key is imitated by one that always has the right key.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ssec_reference::headers as name;
use ssec_reference::route::Operation as Op;
use ssec_reference::service::Call;
use ssec_reference::ssec::Side;

use crate::call::Asked;
use crate::reply::Reply;
use crate::triple::Triple;

/// What was written so far.
#[derive(Default)]
pub(crate) struct Memory(Mutex<State>);

#[derive(Default)]
struct State {
    /// Bucket and key to the versions, the latest last.
    objects: HashMap<(String, String), Vec<Kept>>,
    uploads: HashMap<String, Triple>,
    notes: HashMap<String, String>,
}

#[derive(Clone)]
struct Kept {
    version: String,
    triple: Triple,
    multipart: bool,
}

impl Memory {
    /// Learns from a call that was carried out.
    pub(crate) fn learn(&self, asked: &Asked, reply: &Reply) {
        if !reply.is_ok() {
            return;
        }
        let upload_id = asked.head.query.get("uploadId").unwrap_or_default();
        let mut state = self.state();
        match asked.operation {
            Op::PutObject | Op::CopyObject => state.keep(asked, reply, asked.triple()),
            Op::CreateMultipartUpload => {
                let id = reply.element("UploadId").unwrap_or_default();
                state.uploads.insert(id, asked.triple());
            }
            Op::CompleteMultipartUpload => {
                if let Some(triple) = state.uploads.get(upload_id).cloned() {
                    state.keep(asked, reply, triple);
                    if let Some(kept) = state.objects.get_mut(&place(asked)) {
                        kept.iter_mut()
                            .rev()
                            .take(1)
                            .for_each(|kept| kept.multipart = true);
                    }
                }
            }
            Op::DeleteObject => match asked.head.query.get("versionId") {
                Some(version) => state.forget(asked, version),
                None if reply.header(name::DELETE_MARKER).is_some() => {
                    state.keep(asked, reply, Triple::default());
                }
                None => state.forget(asked, "null"),
            },
            _ => {}
        }
    }

    /// The triple of a version, of the latest without one; absent for an object without SSE-C.
    /// `None` if nothing is known of it.
    pub(crate) fn triple(&self, bucket: &str, key: &str, version: Option<&str>) -> Option<Triple> {
        let state = self.state();
        let kept = state.objects.get(&(bucket.to_owned(), key.to_owned()))?;
        let found = match version {
            Some(version) => kept.iter().find(|kept| kept.version == version),
            None => kept.last(),
        };
        found.map(|kept| kept.triple.clone())
    }

    /// Whether the latest version was uploaded in parts.
    pub(crate) fn is_multipart(&self, asked: &Asked) -> bool {
        let state = self.state();
        let kept = state.objects.get(&place(asked));
        kept.is_some_and(|kept| kept.last().is_some_and(|kept| kept.multipart))
    }

    /// Whether what a call reads or adds to is known, and not SSE-C.
    pub(crate) fn is_plain(&self, asked: &Asked) -> bool {
        self.right_triple(asked)
            .is_some_and(|triple| triple.is_absent())
    }

    /// Whether what a call reads or adds to is SSE-C.
    pub(crate) fn is_sse_c(&self, asked: &Asked) -> bool {
        self.right_triple(asked)
            .is_some_and(|triple| !triple.is_absent())
    }

    /// The right triple for what a call reads, or for the upload that it adds to.
    pub(crate) fn right_triple(&self, asked: &Asked) -> Option<Triple> {
        let query = &asked.head.query;
        match query.get("uploadId") {
            Some(id) => self.state().uploads.get(id).cloned(),
            None => self.triple(
                asked.head.bucket(),
                asked.head.key(),
                query.get("versionId"),
            ),
        }
    }

    /// The right triple of a copy's source.
    pub(crate) fn right_source_triple(&self, asked: &Asked) -> Option<Triple> {
        let source = asked.source()?;
        self.triple(&source.bucket, &source.key, source.version_id.as_deref())
    }

    /// Gives a call the right triple of its object or upload, in place of what was sent.
    pub(crate) fn unlock(&self, call: &mut Call) {
        if let Some(triple) = self.right_triple(&Asked::of(call)) {
            triple.write(&mut call.head.headers, Side::Object);
        }
    }

    /// Gives a copy the right triple of its source.
    pub(crate) fn unlock_source(&self, call: &mut Call) {
        if let Some(triple) = self.right_source_triple(&Asked::of(call)) {
            triple.write(&mut call.head.headers, Side::CopySource);
        }
    }

    /// Keeps a text under a name.
    pub(crate) fn note(&self, name: impl Into<String>, text: impl Into<String>) {
        self.state().notes.insert(name.into(), text.into());
    }

    /// The text kept under a name.
    pub(crate) fn noted(&self, name: &str) -> Option<String> {
        self.state().notes.get(name).cloned()
    }

    // A panic elsewhere leaves no entry half made, so poison is ignored.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn keep(&mut self, asked: &Asked, reply: &Reply, triple: Triple) {
        let version = reply.header(name::VERSION_ID).unwrap_or("null").to_owned();
        let kept = self.objects.entry(place(asked)).or_default();
        kept.retain(|kept| kept.version != version);
        kept.push(Kept {
            version,
            triple,
            multipart: false,
        });
    }

    fn forget(&mut self, asked: &Asked, version: &str) {
        let kept = self.objects.entry(place(asked)).or_default();
        kept.retain(|kept| kept.version != version);
    }
}

fn place(asked: &Asked) -> (String, String) {
    (asked.head.bucket().to_owned(), asked.head.key().to_owned())
}
