//! What is in the bucket as far as S3's rules say: objects and versions, whose key opens them, uploads. No
//! ciphers, no requests: bytes are pieces of what was sent, ids and ETags are the names of answers that have them.

use std::collections::BTreeMap;

use super::content::Content;
use super::op::OBJECTS;
use super::scale::Scale;
use crate::case::data::{self, Datum, Fill};
use crate::case::triple::KeyName;
use crate::case::value::{Ref, RefField, Value};

/// The names of the objects, in the order of a listing.
const NAMES: [&str; OBJECTS] = ["a", "b", "c"];

/// A bucket, after what was done so far.
#[derive(Clone, Debug)]
pub struct World {
    /// Which sizes are asked for.
    pub(super) scale: Scale,
    /// Whether new objects are versions.
    pub(super) versioning: Versioning,
    /// Whether SSE-C is blocked.
    pub(super) blocked: bool,
    /// Whether the bucket was given a default encryption.
    pub(super) default_encryption: bool,
    objects: [Vec<Version>; OBJECTS],
    pub(super) uploads: Vec<Upload>,
    data: Vec<Datum>,
    /// How many requests there were.
    pub(super) clock: usize,
}

/// Whether new objects are versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Versioning {
    /// Never enabled.
    Off,
    On,
    Suspended,
}

/// A version of an object, or a delete marker.
#[derive(Clone, Debug)]
pub(super) struct Version {
    /// The answer that tells its version id, if it has one; else it is the null version.
    pub(super) id: Option<String>,
    /// `None`: a delete marker.
    pub(super) stored: Option<Stored>,
    /// When its write, or its upload, began.
    pub(super) began: usize,
}

/// Bytes under a key.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub(super) key: Option<KeyName>,
    pub(super) content: Content,
    /// Lengths of its parts; empty: it was not uploaded in parts.
    pub(super) parts: Vec<u64>,
    /// The answer that tells its ETag.
    pub(super) maker: String,
    /// Its user metadata `fuzz`.
    pub(super) note: String,
    pub(super) origin: Origin,
}

/// How an object came to be: which promise a wrong byte breaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    /// PutObject, a form, a presigned URL.
    #[default]
    Put,
    /// A copy of another object.
    Copy,
    /// A copy onto itself.
    Rotation,
    /// An upload in parts.
    Parts,
}

/// A multipart upload that was neither completed nor aborted.
#[derive(Clone, Debug)]
pub(super) struct Upload {
    /// The answer that tells its id; also the metadata of its object.
    pub(super) id: String,
    pub(super) slot: usize,
    pub(super) key: Option<KeyName>,
    pub(super) parts: BTreeMap<u16, Part>,
    pub(super) began: usize,
}

#[derive(Clone, Debug)]
pub(super) struct Part {
    /// The answer that tells its ETag.
    pub(super) maker: String,
    pub(super) content: Content,
}

/// What a read finds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Found<'a> {
    /// No such object; or its latest version is a marker.
    Nothing,
    /// A marker, by its version id.
    Marker,
    Object(&'a Version, &'a Stored),
}

impl World {
    /// A new bucket, without versions, SSE-C allowed.
    #[must_use]
    pub fn new(scale: Scale) -> Self {
        Self {
            scale,
            versioning: Versioning::Off,
            blocked: false,
            default_encryption: false,
            objects: Default::default(),
            uploads: Vec::new(),
            data: Vec::new(),
            clock: 0,
        }
    }

    /// The bodies that were sent so far.
    #[must_use]
    pub fn data(&self) -> &[Datum] {
        &self.data
    }

    /// A few words for the state that an operation on this object meets.
    #[must_use]
    pub fn state(&self, slot: usize) -> String {
        let object = match self.find(slot, 0).1 {
            Found::Nothing if self.objects[slot].is_empty() => "absent",
            Found::Nothing | Found::Marker => "deleted",
            Found::Object(_, stored) => match (stored.key.is_some(), stored.origin) {
                (true, Origin::Put) => "sse-c",
                (true, Origin::Copy) => "sse-c copy",
                (true, Origin::Rotation) => "sse-c rotated",
                (true, Origin::Parts) => "sse-c parts",
                (false, Origin::Put) => "plain",
                (false, Origin::Copy | Origin::Rotation) => "plain copy",
                (false, Origin::Parts) => "plain parts",
            },
        };
        let versions = match (self.versioning, self.objects[slot].len()) {
            (Versioning::Off, _) => "",
            (Versioning::On, 0..2) => ", versioned",
            (Versioning::On, _) => ", versions",
            (Versioning::Suspended, _) => ", suspended",
        };
        let blocked = if self.blocked { ", blocked" } else { "" };
        format!("{object}{versions}{blocked}")
    }

    /// A version by its handle: 0 is the latest, named without an id; the id of the others.
    pub(super) fn find(&self, slot: usize, handle: u8) -> (Option<Value>, Found<'_>) {
        let versions = &self.objects[slot];
        let chosen = usize::from(handle) % (versions.len() + 1);
        let (version, id) = match chosen.checked_sub(1) {
            None => (versions.last(), None),
            Some(index) => (
                versions.get(index),
                versions.get(index).map(Version::id_value),
            ),
        };
        let found = match version {
            None => Found::Nothing,
            Some(version) => match (&version.stored, &id) {
                (Some(stored), _) => Found::Object(version, stored),
                (None, None) => Found::Nothing,
                (None, Some(_)) => Found::Marker,
            },
        };
        (id, found)
    }

    /// All versions of an object, the oldest first.
    pub(super) fn versions(&self, slot: usize) -> &[Version] {
        &self.objects[slot]
    }

    /// The latest version, if it is an object.
    pub(super) fn latest(&self, slot: usize) -> Option<&Stored> {
        self.objects[slot].last()?.stored.as_ref()
    }

    /// An object was written by the request that is named `name`.
    pub(super) fn store(&mut self, slot: usize, name: &str, began: usize, stored: Option<Stored>) {
        let versions = &mut self.objects[slot];
        match self.versioning {
            Versioning::Off => versions.clear(),
            Versioning::On => {}
            Versioning::Suspended => versions.retain(|version| version.id.is_some()),
        }
        let id = (self.versioning == Versioning::On).then(|| name.to_owned());
        versions.push(Version { id, stored, began });
    }

    /// DeleteObject without a version id, by the request that is named `name`.
    pub(super) fn delete(&mut self, slot: usize, name: &str) {
        if self.versioning == Versioning::Off {
            self.objects[slot].clear();
        } else {
            self.store(slot, name, self.clock, None);
        }
    }

    /// Takes a version away for good.
    pub(super) fn remove(&mut self, slot: usize, index: usize) -> Version {
        self.objects[slot].remove(index)
    }

    /// Whether Complete of an upload that began then leaves the current object as it is (VER-009), and
    /// `None` where nobody has seen what happens: in a bucket with versions.
    pub(super) fn is_overtaken(&self, slot: usize, began: usize) -> Option<bool> {
        let overtaken = self.objects[slot]
            .last()
            .is_some_and(|last| last.began > began);
        match (self.versioning, overtaken) {
            (Versioning::Off, _) | (_, false) => Some(overtaken),
            (Versioning::On | Versioning::Suspended, true) => None,
        }
    }

    /// New bytes of that length.
    pub(super) fn datum(&mut self, len: u64) -> Content {
        let name = format!("d{}", self.data.len());
        self.data.push(Datum {
            name: name.clone(),
            content: data::Content::Filled {
                size: len,
                fill: Fill::Random,
            },
        });
        Content::of(&name, len)
    }
}

impl Version {
    /// As a request names it.
    pub(super) fn id_value(&self) -> Value {
        match &self.id {
            Some(answer) => answer_field(answer, RefField::VersionId),
            None => Value::Text("null".to_owned()),
        }
    }
}

impl Stored {
    /// Its ETag.
    pub(super) fn etag(&self) -> Value {
        answer_field(&self.maker, RefField::Etag)
    }
}

/// The name of an object.
pub(super) fn object_name(slot: usize) -> String {
    NAMES[slot].to_owned()
}

/// A field of an earlier answer.
pub(super) fn answer_field(name: &str, field: RefField) -> Value {
    Value::Ref(Ref {
        name: name.to_owned(),
        field,
    })
}

/// The customer key that a write uses: A to D, or none.
pub(super) fn key_of(number: u8) -> Option<KeyName> {
    const LETTERS: [Option<char>; 5] = [Some('A'), Some('B'), Some('C'), Some('D'), None];
    LETTERS[usize::from(number) % LETTERS.len()].and_then(KeyName::new)
}
