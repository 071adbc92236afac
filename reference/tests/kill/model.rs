//! What must be in the store: every answered step, and of the last one, which may have had no
//! answer, either end.

use std::collections::BTreeMap;
use std::io;

use crate::child::BUCKET;
use crate::client::{Answer, Client, Headers};
use crate::keys::{A, B, C, Key, OBJECT_SIDE, SOURCE_SIDE};
use crate::rng::Rng;

pub(crate) const NAMES: [&str; 4] = ["a", "b", "c", "d"];
/// Bytes of objects and parts: less than a segment, a whole one, several, more than a batch.
const LENS: [usize; 4] = [100, 4096, 70_000, 1_200_000];

/// An object as it must be read.
#[derive(Clone)]
pub(crate) struct Object {
    pub(crate) body: Vec<u8>,
    pub(crate) key: Key,
    /// How many sealed bodies it is made of.
    pub(crate) parts: usize,
    /// When it was put, or when its upload began: the later one stays (VER-009).
    order: u64,
}

/// An upload in progress: its parts with their ETags.
#[derive(Clone)]
pub(crate) struct Upload {
    pub(crate) name: &'static str,
    pub(crate) key: Key,
    pub(crate) parts: BTreeMap<u16, (String, Vec<u8>)>,
    order: u64,
}

/// What the server is killed in the middle of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Put,
    Copy,
    Delete,
    Create,
    Part,
    Complete,
}

/// All of them.
pub(crate) const KINDS: [Kind; 6] = [
    Kind::Put,
    Kind::Part,
    Kind::Complete,
    Kind::Copy,
    Kind::Delete,
    Kind::Create,
];

/// One request, and what it makes if it is done.
#[derive(Clone)]
pub(crate) enum Step {
    Put(&'static str, Object),
    Copy(&'static str, &'static str, Object),
    Delete(&'static str),
    Create(Upload),
    Part(String, u16, Vec<u8>),
    Complete(String, Object),
}

/// The model.
#[derive(Default)]
pub(crate) struct World {
    pub(crate) objects: BTreeMap<&'static str, Object>,
    pub(crate) uploads: BTreeMap<String, Upload>,
    /// The step that had no answer.
    pub(crate) pending: Option<Step>,
    order: u64,
}

impl World {
    /// A step of this kind; what it needs is there or is made.
    pub(crate) fn plan(&mut self, kind: Kind, client: &mut Client, rng: &mut Rng) -> Step {
        self.order += 1;
        let (name, key) = (rng.pick(&NAMES), rng.pick(&[A, B, C]));
        match kind {
            Kind::Put => Step::Put(name, self.object(bytes(rng), key)),
            Kind::Create => Step::Create(Upload {
                name,
                key,
                parts: BTreeMap::new(),
                order: self.order,
            }),
            Kind::Copy => {
                let (from, body) = self.some_object(client, rng);
                Step::Copy(from, name, self.object(body, key))
            }
            Kind::Delete => Step::Delete(self.some_object(client, rng).0),
            Kind::Part => Step::Part(
                self.some_upload(client, rng),
                rng.below(3) as u16 + 1,
                bytes(rng),
            ),
            Kind::Complete => {
                let id = self.some_upload(client, rng);
                for number in 1..=2 {
                    let part = Step::Part(id.clone(), number, bytes(rng));
                    self.perform(part, client).expect("nobody kills it yet");
                }
                let upload = &self.uploads[&id];
                let body = upload
                    .parts
                    .values()
                    .flat_map(|(_, body)| body.clone())
                    .collect();
                let (parts, order) = (upload.parts.len(), upload.order);
                Step::Complete(
                    id,
                    Object {
                        body,
                        key: upload.key,
                        parts,
                        order,
                    },
                )
            }
        }
    }

    fn object(&self, body: Vec<u8>, key: Key) -> Object {
        Object {
            body,
            key,
            parts: 1,
            order: self.order,
        }
    }

    /// The name and the bytes of an object.
    fn some_object(&mut self, client: &mut Client, rng: &mut Rng) -> (&'static str, Vec<u8>) {
        if self.objects.is_empty() {
            let put = self.plan(Kind::Put, client, rng);
            self.perform(put, client).expect("nobody kills it yet");
        }
        let names: Vec<_> = self.objects.keys().copied().collect();
        let name = rng.pick(&names);
        (name, self.objects[name].body.clone())
    }

    fn some_upload(&mut self, client: &mut Client, rng: &mut Rng) -> String {
        if self.uploads.is_empty() {
            let create = self.plan(Kind::Create, client, rng);
            self.perform(create, client).expect("nobody kills it yet");
        }
        let at = rng.below(self.uploads.len() as u64) as usize;
        self.uploads.keys().nth(at).expect("one of them").clone()
    }

    /// Sends the step and believes its answer. An error is the end of the server.
    pub(crate) fn perform(&mut self, step: Step, client: &mut Client) -> io::Result<()> {
        self.pending = Some(step.clone());
        let answer = self.send(&step, client)?;
        self.pending = None;
        let first = |element| answer.elements(element).remove(0);
        match step {
            Step::Put(name, object) | Step::Copy(_, name, object) => {
                self.objects.insert(name, object);
            }
            Step::Delete(name) => {
                self.objects.remove(name);
            }
            Step::Create(upload) => {
                self.uploads.insert(first("UploadId"), upload);
            }
            Step::Part(id, number, body) => {
                let etag = answer.header("etag").unwrap().to_owned();
                self.uploads
                    .get_mut(&id)
                    .unwrap()
                    .parts
                    .insert(number, (etag, body));
            }
            Step::Complete(id, object) => self.completed(&id, object),
        }
        Ok(())
    }

    fn send(&self, step: &Step, client: &mut Client) -> io::Result<Answer> {
        let none = Headers::new();
        match step {
            Step::Put(name, object) => client.ask(
                "PUT",
                &format!("/{name}"),
                &triple(OBJECT_SIDE, object.key),
                &object.body,
            ),
            Step::Copy(from, to, object) => {
                let mut headers = triple(OBJECT_SIDE, object.key);
                headers.extend(triple(SOURCE_SIDE, self.objects[from].key));
                headers.push(("x-amz-copy-source".to_owned(), format!("/{BUCKET}/{from}")));
                client.ask("PUT", &format!("/{to}"), &headers, b"")
            }
            Step::Delete(name) => {
                return Ok(client
                    .ask("DELETE", &format!("/{name}"), &none, b"")?
                    .ok(204));
            }
            Step::Create(upload) => client.ask(
                "POST",
                &format!("/{}?uploads", upload.name),
                &triple(OBJECT_SIDE, upload.key),
                b"",
            ),
            Step::Part(id, number, body) => {
                let Upload { name, key, .. } = &self.uploads[id];
                let target = format!("/{name}?partNumber={number}&uploadId={id}");
                client.ask("PUT", &target, &triple(OBJECT_SIDE, *key), body)
            }
            Step::Complete(id, _) => {
                let upload = &self.uploads[id];
                client.ask(
                    "POST",
                    &format!("/{}?uploadId={id}", upload.name),
                    &none,
                    upload.list().as_bytes(),
                )
            }
        }
        .map(|answer| answer.ok(200))
    }

    /// An object that was written after the upload began stays what it is (VER-009).
    pub(crate) fn completed(&mut self, id: &str, object: Object) {
        let name = self.uploads.remove(id).unwrap().name;
        if self
            .objects
            .get(name)
            .is_none_or(|there| there.order < object.order)
        {
            self.objects.insert(name, object);
        }
    }
}

impl Upload {
    fn list(&self) -> String {
        let part = |(number, (etag, _)): (&u16, &(String, Vec<u8>))| {
            format!("<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>")
        };
        let parts: String = self.parts.iter().map(part).collect();
        format!("<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>")
    }
}

impl Step {
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::Put(..) => Kind::Put,
            Self::Copy(..) => Kind::Copy,
            Self::Delete(..) => Kind::Delete,
            Self::Create(..) => Kind::Create,
            Self::Part(..) => Kind::Part,
            Self::Complete(..) => Kind::Complete,
        }
    }
}

/// The right triple of a key.
pub(crate) fn triple(names: [&str; 3], key: Key) -> Headers {
    let pairs = names.into_iter().zip(key.triple().0);
    pairs
        .map(|(name, value)| (name.to_owned(), value.unwrap()))
        .collect()
}

/// Bytes of which no two bodies have the same.
fn bytes(rng: &mut Rng) -> Vec<u8> {
    let len = rng.pick(&LENS);
    let mut words = Rng(rng.next());
    let mut bytes: Vec<u8> = (0..len.div_ceil(8))
        .flat_map(|_| words.next().to_be_bytes())
        .collect();
    bytes.truncate(len);
    bytes
}
