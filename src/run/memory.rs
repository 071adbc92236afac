//! What a trial knows about its objects: their bytes and keys after every accepted write. From it come the
//! look after a refused write, and what an answer must not give away. Pure.

use std::collections::{BTreeMap, HashMap};

use bytes::{Bytes, BytesMut};

use crate::case::call::{ByteRange, Call};
use crate::case::triple::{KeyName, Triple};
use crate::case::value::{RefField, Value};
use crate::case::verb::Verb;
use crate::plan::{Bindings, Bodies};
use crate::wire::Response;

/// What is at a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// Nothing: no step has written it.
    Absent,
    /// These bytes.
    Is(Stored),
    /// Something that this page cannot follow.
    Unknown,
}

/// An object's bytes, and the customer key they are under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stored {
    pub(super) bytes: Bytes,
    pub(super) key: Option<KeyName>,
}

/// A multipart upload.
#[derive(Clone, Debug, Default)]
pub(super) struct Upload {
    /// The triple it was started with.
    pub(super) triple: Option<Triple>,
    /// Its parts by number: bytes (if known) and ETag.
    pub(super) parts: BTreeMap<String, (Option<Bytes>, Option<String>)>,
    /// It was completed or aborted.
    pub(super) ended: bool,
    /// How often its object had been written when it began.
    writes_before: usize,
}

/// What a trial knows about its objects.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory {
    objects: HashMap<String, Known>,
    /// How often each object was written.
    writes: HashMap<String, usize>,
    versions: HashMap<(String, String), Stored>,
    uploads: HashMap<String, Upload>,
}

/// An accepted request and its answer.
#[derive(Clone, Copy)]
pub(super) struct Accepted<'a> {
    pub(super) verb: Verb,
    pub(super) call: &'a Call,
    /// The name that the step gives its answer.
    pub(super) name: Option<&'a str>,
    /// The object that the request was about, by its name in the case.
    pub(super) object: Option<&'a str>,
    pub(super) method: &'a str,
    pub(super) response: &'a Response,
    pub(super) bodies: &'a Bodies,
    pub(super) bindings: &'a Bindings,
}

impl Memory {
    /// What is at an object's key.
    pub(super) fn object(&self, name: &str) -> &Known {
        self.objects.get(name).unwrap_or(&Known::Absent)
    }

    /// What a read asks for: the object, or one version of it.
    pub(super) fn read(&self, object: &str, version: Option<&str>) -> Known {
        match version {
            None => self.object(object).clone(),
            Some(version) => {
                let key = (object.to_owned(), version.to_owned());
                self.versions
                    .get(&key)
                    .map_or(Known::Unknown, |stored| Known::Is(stored.clone()))
            }
        }
    }

    /// The upload that a call is about, by the name of the answer that started it.
    pub(super) fn upload(&self, call: &Call) -> Option<&Upload> {
        self.uploads.get(upload_name(call)?)
    }

    /// Takes in an accepted request, exactly as the case states it.
    pub(super) fn accept(&mut self, accepted: Accepted<'_>) {
        let Accepted {
            verb,
            call,
            response,
            ..
        } = accepted;
        let sent = || accepted.bodies.sent(call.body.as_ref());
        match (verb, accepted.object) {
            (Verb::Put | Verb::PostForm, Some(object)) => {
                self.store(object, with_key(sent(), call.sse_c.as_ref()), response);
            }
            (Verb::Copy, Some(object)) => {
                let copied = self
                    .source(call)
                    .map(|bytes| with_key(bytes, call.sse_c.as_ref()));
                self.store(object, copied.unwrap_or(Known::Unknown), response);
            }
            (Verb::StartUpload, Some(object)) => self.start(accepted.name, object, call),
            (Verb::UploadPart, _) => self.part(call, Some(sent()), response),
            (Verb::UploadPartCopy, _) => self.part(call, self.source(call), response),
            (Verb::CompleteUpload, Some(object)) => self.complete(object, accepted),
            (Verb::AbortUpload, _) => self.end(call),
            (Verb::Delete, _) => self.delete(call),
            (Verb::Use, Some(object)) if accepted.method == "DELETE" => {
                self.set(object, Known::Absent);
            }
            (Verb::Use, Some(object)) if accepted.method == "PUT" => self.forget(object),
            // A sub-resource such as `?tagging` is not the object.
            (Verb::Raw, Some(object)) if call.query.is_empty() && accepted.method != "GET" => {
                self.forget(object);
            }
            _ => {}
        }
    }

    fn start(&mut self, name: Option<&str>, object: &str, call: &Call) {
        let writes_before = self.writes(object);
        let upload = Upload {
            triple: call.sse_c.clone(),
            writes_before,
            ..Upload::default()
        };
        self.uploads
            .extend(name.map(|name| (name.to_owned(), upload)));
    }

    /// The first Complete makes the object, a repeated one changes nothing.
    fn complete(&mut self, object: &str, accepted: Accepted<'_>) {
        let call = accepted.call;
        if self.upload(call).is_some_and(|upload| upload.ended) {
            return;
        }
        let joined = self.joined(call, object, accepted.bindings);
        self.end(call);
        self.store(object, joined.unwrap_or(Known::Unknown), accepted.response);
    }

    /// A write was accepted that should not have been: nobody knows what is there now.
    pub(super) fn forget(&mut self, object: &str) {
        self.set(object, Known::Unknown);
    }

    fn set(&mut self, object: &str, known: Known) {
        self.objects.insert(object.to_owned(), known);
    }

    fn store(&mut self, object: &str, known: Known, response: &Response) {
        if let (Known::Is(stored), Some(version)) = (&known, response.header("x-amz-version-id")) {
            self.versions
                .insert((object.to_owned(), version.to_owned()), stored.clone());
        }
        *self.writes.entry(object.to_owned()).or_default() += 1;
        self.set(object, known);
    }

    fn delete(&mut self, call: &Call) {
        let listed = call
            .objects
            .iter()
            .map(|entry| (entry.object.as_str(), entry.version.is_some()));
        let one = call
            .object
            .as_deref()
            .map(|object| (object, call.version.is_some()));
        for (object, is_version) in listed.chain(one) {
            self.set(
                object,
                if is_version {
                    Known::Unknown
                } else {
                    Known::Absent
                },
            );
        }
    }

    /// Bytes that a copy takes from its source.
    fn source(&self, call: &Call) -> Option<Bytes> {
        let Known::Is(stored) = self.object(call.from.as_deref()?) else {
            return None;
        };
        if call.source_version.is_some() {
            return None;
        }
        let Some(range) = call.range else {
            return Some(stored.bytes.clone());
        };
        let len = stored.bytes.len() as u64;
        let (from, end) = match range {
            ByteRange::Between(first, last) => (first, last.saturating_add(1)),
            ByteRange::From(first) => (first, len),
            ByteRange::Last(count) => (len.saturating_sub(count), len),
        };
        let index = |at: u64| usize::try_from(at.min(len)).unwrap_or(stored.bytes.len());
        (from <= end).then(|| stored.bytes.slice(index(from)..index(end)))
    }

    fn part(&mut self, call: &Call, bytes: Option<Bytes>, response: &Response) {
        let (Some(name), Some(number)) = (upload_name(call), call.part.clone()) else {
            return;
        };
        if let Some(upload) = self.uploads.get_mut(name) {
            let etag = response.etag().map(str::to_owned).or_else(|| {
                let root = crate::xml::parse(&response.body).ok()?;
                root.find("ETag")
                    .map(|etag| etag.trim_matches('"').to_owned())
            });
            upload.parts.insert(number, (bytes, etag));
        }
    }

    fn end(&mut self, call: &Call) {
        if let Some(upload) = upload_name(call).and_then(|name| self.uploads.get_mut(name)) {
            upload.ended = true;
        }
    }

    fn writes(&self, object: &str) -> usize {
        self.writes.get(object).copied().unwrap_or_default()
    }

    /// The object that the listed parts make; `None`: nobody knows, as where the object was written after
    /// the upload began: then the later write stays current (VER-009).
    fn joined(&self, call: &Call, object: &str, bindings: &Bindings) -> Option<Known> {
        let upload = self.upload(call)?;
        if self.writes(object) != upload.writes_before {
            return None;
        }
        let mut bytes = BytesMut::new();
        for entry in &call.parts {
            let number = entry
                .part
                .clone()
                .or_else(|| bindings.get(entry.of.as_deref()?)?.part.clone())?;
            bytes.extend_from_slice(upload.parts.get(&number)?.0.as_ref()?);
        }
        Some(with_key(bytes.freeze(), upload.triple.as_ref()))
    }
}

fn upload_name(call: &Call) -> Option<&str> {
    match call.upload.as_ref()? {
        Value::Ref(reference) if reference.field == RefField::UploadId => Some(&reference.name),
        _ => None,
    }
}

fn with_key(bytes: Bytes, triple: Option<&Triple>) -> Known {
    match triple.map(Triple::key_name) {
        None => Known::Is(Stored { bytes, key: None }),
        Some(Some(key)) => Known::Is(Stored {
            bytes,
            key: Some(key),
        }),
        Some(None) => Known::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::call::PartEntry;
    use crate::case::data::Body;
    use crate::case::value::Ref;

    fn key(letter: char) -> Triple {
        Triple::of(KeyName::new(letter).unwrap())
    }

    fn doc(text: &str, sse_c: Option<Triple>) -> Call {
        let body = Some(Body::Text(text.to_owned()));
        Call {
            object: Some("doc".to_owned()),
            body,
            sse_c,
            ..Call::default()
        }
    }

    fn up() -> Option<Value> {
        Some(Value::Ref(Ref {
            name: "up".to_owned(),
            field: RefField::UploadId,
        }))
    }

    /// A memory that takes in accepted requests, and what it then knows of `doc`.
    #[derive(Default)]
    struct Told {
        memory: Memory,
        bindings: Bindings,
    }

    impl Told {
        fn accept(&mut self, verb: Verb, call: &Call) -> &mut Self {
            self.answered(
                verb,
                call,
                "GET",
                &Response {
                    status: 200,
                    ..Response::default()
                },
            )
        }

        fn answered(
            &mut self,
            verb: Verb,
            call: &Call,
            method: &str,
            response: &Response,
        ) -> &mut Self {
            let bodies = Bodies::default();
            self.memory.accept(Accepted {
                verb,
                call,
                name: Some("up"),
                object: Some("doc"),
                method,
                response,
                bodies: &bodies,
                bindings: &self.bindings,
            });
            self
        }

        fn check(&self, expected: Option<(&str, Option<char>)>) {
            let known = match self.memory.object("doc") {
                Known::Is(stored) => {
                    let key = stored.key.map(KeyName::letter);
                    Some((String::from_utf8_lossy(&stored.bytes).into_owned(), key))
                }
                Known::Absent | Known::Unknown => None,
            };
            assert_eq!(known, expected.map(|(text, key)| (text.to_owned(), key)));
        }
    }

    #[test]
    fn the_last_write_counts() {
        let mut told = Told::default();
        assert_eq!(*told.memory.object("doc"), Known::Absent);
        told.accept(Verb::Put, &doc("one", Some(key('A'))))
            .check(Some(("one", Some('A'))));
        told.accept(Verb::PostForm, &doc("two", None))
            .check(Some(("two", None)));
        told.accept(Verb::Delete, &doc("", None)).check(None);
        assert_eq!(*told.memory.object("doc"), Known::Absent);
        let odd = Triple {
            key: crate::case::triple::KeyHeader::Bytes(31),
            ..key('A')
        };
        told.accept(Verb::Put, &doc("three", Some(odd)));
        assert_eq!(*told.memory.object("doc"), Known::Unknown);
    }

    #[test]
    fn copies_take_bytes_and_leave_the_key() {
        let mut told = Told::default();
        told.accept(Verb::Put, &doc("0123456789", Some(key('A'))));
        let copy = Call {
            from: Some("doc".to_owned()),
            ..doc("", Some(key('B')))
        };
        told.accept(Verb::Copy, &copy)
            .check(Some(("0123456789", Some('B'))));
        let of_version = Call {
            source_version: up(),
            ..copy
        };
        told.accept(Verb::Copy, &of_version).check(None);
    }

    #[test]
    fn parts_make_an_object_unless_it_was_written_meanwhile() {
        let part = |number: &str, text: &str| Call {
            upload: up(),
            part: Some(number.to_owned()),
            ..doc(text, Some(key('A')))
        };
        let parts = ["1", "2"].map(|part| PartEntry {
            part: Some(part.to_owned()),
            ..PartEntry::default()
        });
        let complete = Call {
            upload: up(),
            parts: parts.to_vec(),
            ..Call::default()
        };
        let mut told = Told::default();
        told.accept(Verb::StartUpload, &doc("", Some(key('A'))))
            .accept(Verb::UploadPart, &part("2", "two"))
            .accept(Verb::UploadPart, &part("1", "old"))
            .accept(Verb::UploadPart, &part("1", "one"))
            .accept(Verb::CompleteUpload, &complete)
            .check(Some(("onetwo", Some('A'))));
        told.accept(Verb::Put, &doc("later", None))
            .accept(Verb::CompleteUpload, &complete);
        told.check(Some(("later", None)));
        let mut told = Told::default();
        told.accept(Verb::StartUpload, &doc("", None))
            .accept(Verb::UploadPart, &part("1", "one"))
            .accept(Verb::Put, &doc("later", None))
            .accept(Verb::CompleteUpload, &complete)
            .check(None);
    }

    #[test]
    fn parts_are_copied_by_range() {
        let mut told = Told::default();
        told.accept(Verb::Put, &doc("0123456789", None));
        for (range, expected) in [
            (ByteRange::Between(2, 4), Some("234")),
            (ByteRange::From(8), Some("89")),
            (ByteRange::Last(3), Some("789")),
            (ByteRange::Between(8, 99), Some("89")),
            (ByteRange::Between(4, 2), None),
        ] {
            let call = Call {
                from: Some("doc".to_owned()),
                range: Some(range),
                ..Call::default()
            };
            let got = told.memory.source(&call);
            assert_eq!(got.as_deref(), expected.map(str::as_bytes), "{range:?}");
        }
    }

    #[test]
    fn versions_are_kept_apart() {
        let versioned = |id: &str| Response {
            status: 200,
            headers: [("x-amz-version-id".to_owned(), id.to_owned())]
                .into_iter()
                .collect(),
            ..Response::default()
        };
        let mut told = Told::default();
        told.answered(
            Verb::Put,
            &doc("one", Some(key('A'))),
            "PUT",
            &versioned("v1"),
        );
        told.answered(
            Verb::Put,
            &doc("two", Some(key('B'))),
            "PUT",
            &versioned("v2"),
        );
        let Known::Is(first) = told.memory.read("doc", Some("v1")) else {
            panic!("v1 is known")
        };
        assert_eq!(
            (&first.bytes[..], first.key),
            (&b"one"[..], KeyName::new('A'))
        );
        assert_eq!(told.memory.read("doc", Some("v3")), Known::Unknown);
        told.check(Some(("two", Some('B'))));
    }
}
