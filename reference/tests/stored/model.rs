//! A naive model of one bucket: what the store must hold after a sequence of operations. It
//! knows no files, locks or handles, and shares no code with the store.

use std::collections::BTreeMap;

use ssec_reference::store::{
    Completion, PartRecord, Query, Store, StoreError, UploadState, VersionId, Versioning,
};

use super::{BUCKET, body, head, object_of, part, parts, put, text};

/// Something done to the bucket. What it is done to is counted modulo what there is, so that
/// every sub-list of a list of operations makes sense.
#[derive(Clone, Debug)]
pub(crate) enum Op {
    Put {
        key: String,
        text: String,
    },
    Delete {
        key: String,
    },
    DeleteVersion {
        nth: usize,
    },
    Tag {
        nth: usize,
        tag: String,
    },
    Versioning {
        enabled: bool,
    },
    Start {
        key: String,
    },
    Part {
        nth: usize,
        number: u16,
        text: String,
    },
    Complete {
        nth: usize,
        skip: u16,
    },
    Abort {
        nth: usize,
    },
    /// A body that no record ever names.
    Abandon,
}

impl Op {
    /// One of all operations.
    pub(crate) fn from_number(number: u64) -> Self {
        let field = |at: u32, modulo: u64| (number >> at) % modulo;
        let nth = field(8, 256) as usize;
        let key = ["a", "a/b", "b", "ä"][field(16, 4) as usize].to_owned();
        let text = format!("{number:x}.").repeat(1 + field(20, 40) as usize * 40);
        match field(0, 20) {
            0..4 => Self::Put { key, text },
            4..6 => Self::Delete { key },
            6..8 => Self::DeleteVersion { nth },
            8 => Self::Tag {
                nth,
                tag: format!("{number:x}"),
            },
            9 => Self::Versioning {
                enabled: field(24, 2) == 0,
            },
            10..12 => Self::Start { key },
            12..16 => Self::Part {
                nth,
                number: 1 + field(24, 4) as u16,
                text,
            },
            16..18 => Self::Complete {
                nth,
                skip: field(24, 8) as u16,
            },
            18 => Self::Abort { nth },
            _ => Self::Abandon,
        }
    }

    /// The operation at `step` of a run with this seed (SplitMix64, Steele et al. 2014).
    pub(crate) fn at(seed: u64, step: u64) -> Self {
        let mut z = seed
            .wrapping_mul(0xa076_1d64_78bd_642f)
            .wrapping_add(step.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        Self::from_number(z ^ (z >> 31))
    }

    /// Does it to the store.
    pub(crate) fn perform(&self, store: &Store) -> Result<(), StoreError> {
        let ok = |_: ssec_reference::store::Target<'_>| Ok::<_, StoreError>(());
        match self {
            Self::Put { key, text } => drop(put(store, key, text)),
            Self::Delete { key } => drop(store.delete_object(BUCKET, key, None, ok)?),
            Self::DeleteVersion { nth } => {
                if let Some((key, id)) = nth_version(store, *nth) {
                    store.delete_object(BUCKET, &key, Some(&id), ok)?;
                }
            }
            Self::Tag { nth, tag } => {
                if let Some((key, id)) = nth_version(store, *nth) {
                    let tags = vec![("tag".to_owned(), tag.clone())];
                    match store.set_tags(BUCKET, &key, Some(&id), tags) {
                        Ok(_) | Err(StoreError::IsDeleteMarker { .. }) => {}
                        Err(error) => return Err(error),
                    }
                }
            }
            Self::Versioning { enabled } => {
                let state = if *enabled {
                    Versioning::Enabled
                } else {
                    Versioning::Suspended
                };
                store.update_bucket(BUCKET, |bucket| {
                    bucket.versioning = state;
                    Ok::<_, StoreError>(())
                })?;
            }
            Self::Start { key } => drop(store.create_upload(BUCKET, key, head())?),
            Self::Part { nth, number, text } => {
                if let Some((key, id)) = nth_upload(store, *nth) {
                    store.put_part(BUCKET, &key, &id, part(store, *number, text))?;
                }
            }
            Self::Complete { nth, skip } => {
                if let Some((key, id)) = nth_upload(store, *nth) {
                    complete(store, &key, &id, *skip)?;
                }
            }
            Self::Abort { nth } => {
                if let Some((key, id)) = nth_upload(store, *nth) {
                    store.abort_upload(BUCKET, &key, &id)?;
                }
            }
            Self::Abandon => drop(body(store, "abandoned")),
        }
        Ok(())
    }
}

fn complete(store: &Store, key: &str, id: &str, skip: u16) -> Result<(), StoreError> {
    let UploadState::Open(upload) = store.upload(BUCKET, key, id)? else {
        panic!("{id} is listed as open");
    };
    let numbers: Vec<_> = upload.parts.keys().copied().collect();
    let chosen = choose(&numbers, skip);
    drop(upload);
    if chosen.is_empty() {
        return Ok(());
    }
    let done = store.complete_upload(BUCKET, key, id, |upload, _| {
        let parts: Vec<PartRecord> = chosen
            .iter()
            .map(|number| upload.parts[number].record.clone())
            .collect();
        Ok::<_, StoreError>(object_of(upload.head.clone(), parts))
    })?;
    assert!(matches!(done, Completion::Done(_)), "{id} was open");
    Ok(())
}

/// All parts but one, if there are several.
fn choose(numbers: &[u16], skip: u16) -> Vec<u16> {
    let kept = numbers
        .iter()
        .copied()
        .filter(|&number| number != skip)
        .collect::<Vec<_>>();
    if kept.is_empty() {
        numbers.to_vec()
    } else {
        kept
    }
}

fn nth_version(store: &Store, nth: usize) -> Option<(String, VersionId)> {
    let page = store
        .list_versions(BUCKET, Query::default(), None)
        .expect("listed");
    let (version, _) = page.items.get(nth.checked_rem(page.items.len())?)?;
    Some((version.key.clone(), version.id.clone()))
}

fn nth_upload(store: &Store, nth: usize) -> Option<(String, String)> {
    let page = store
        .list_uploads(BUCKET, Query::default(), None)
        .expect("listed");
    let upload = page.items.get(nth.checked_rem(page.items.len())?)?;
    Some((upload.key.clone(), upload.id.clone()))
}

/// Parts by number, with their text.
type Parts = Vec<(u16, String)>;

/// What can be seen of a bucket: its versioning; key, whether it is the null version, parts (of a delete
/// marker: none) and tags; by key, newest first. Then the uploads in progress.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct View {
    pub(crate) versioning: Versioning,
    pub(crate) versions: Vec<(String, bool, Option<Parts>, Vec<String>)>,
    pub(crate) uploads: Vec<(String, Parts)>,
}

impl View {
    /// What the store shows. Reads every byte.
    pub(crate) fn of(store: &Store) -> Self {
        let versions = store
            .list_versions(BUCKET, Query::default(), None)
            .expect("listed");
        let uploads = store
            .list_uploads(BUCKET, Query::default(), None)
            .expect("listed");
        let versions = versions.items.iter().map(|(version, _)| {
            let tags = version.facts().map_or(&[][..], |facts| facts.tags());
            let tags = tags.iter().map(|(_, tag)| tag.clone()).collect();
            (
                version.key.clone(),
                version.id == VersionId::Null,
                parts(version),
                tags,
            )
        });
        let uploads = uploads.items.iter().map(|upload| {
            let parts = upload.parts.values().map(|part| (part.number, text(part)));
            (upload.key.clone(), parts.collect())
        });
        Self {
            versioning: store.bucket(BUCKET).expect("the bucket").versioning,
            versions: versions.collect(),
            uploads: uploads.collect(),
        }
    }

    /// How many bodies are named.
    pub(crate) fn bodies(&self) -> usize {
        let of_versions = self
            .versions
            .iter()
            .map(|(_, _, parts, _)| parts.as_ref().map_or(0, Vec::len));
        let of_uploads = self.uploads.iter().map(|(_, parts)| parts.len());
        of_versions.chain(of_uploads).sum()
    }
}

/// The model. Every write has a number; the highest is the newest.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Model {
    versioning: Versioning,
    writes: u64,
    versions: Vec<ModelVersion>,
    uploads: Vec<ModelUpload>,
}

#[derive(Clone, Debug, PartialEq)]
struct ModelVersion {
    key: String,
    null: bool,
    write: u64,
    parts: Option<Parts>,
    tags: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
struct ModelUpload {
    key: String,
    write: u64,
    parts: BTreeMap<u16, String>,
}

impl Model {
    pub(crate) fn view(&self) -> View {
        let shown = |version: &ModelVersion| {
            (
                version.key.clone(),
                version.null,
                version.parts.clone(),
                version.tags.clone(),
            )
        };
        let upload = |upload: &ModelUpload| {
            (
                upload.key.clone(),
                upload.parts.clone().into_iter().collect(),
            )
        };
        View {
            versioning: self.versioning,
            versions: self.versions.iter().map(shown).collect(),
            uploads: self.uploads.iter().map(upload).collect(),
        }
    }

    pub(crate) fn apply(&mut self, op: &Op) {
        match op {
            Op::Put { key, text } => {
                let write = self.next_write();
                self.write(key, write, Some(vec![(1, text.clone())]));
            }
            Op::Delete { key } if self.versioning == Versioning::Unversioned => {
                self.versions.retain(|version| version.key != *key);
            }
            Op::Delete { key } => {
                let write = self.next_write();
                self.write(key, write, None);
            }
            Op::DeleteVersion { nth } => {
                if let Some(at) = nth.checked_rem(self.versions.len()) {
                    self.versions.remove(at);
                }
            }
            Op::Tag { nth, tag } => {
                if let Some(at) = nth.checked_rem(self.versions.len())
                    && self.versions[at].parts.is_some()
                {
                    self.versions[at].tags = vec![tag.clone()];
                }
            }
            Op::Versioning { enabled } => {
                self.versioning = if *enabled {
                    Versioning::Enabled
                } else {
                    Versioning::Suspended
                };
            }
            Op::Start { key } => {
                let (key, write) = (key.clone(), self.next_write());
                self.uploads.push(ModelUpload {
                    key,
                    write,
                    parts: BTreeMap::new(),
                });
                self.uploads
                    .sort_by(|a, b| (&a.key, a.write).cmp(&(&b.key, b.write)));
            }
            Op::Part { nth, number, text } => {
                if let Some(at) = nth.checked_rem(self.uploads.len()) {
                    self.uploads[at].parts.insert(*number, text.clone());
                }
            }
            Op::Complete { nth, skip } => {
                if let Some(at) = nth.checked_rem(self.uploads.len())
                    && !self.uploads[at].parts.is_empty()
                {
                    let upload = self.uploads.remove(at);
                    let numbers: Vec<_> = upload.parts.keys().copied().collect();
                    let chosen = choose(&numbers, *skip);
                    let parts = chosen
                        .iter()
                        .map(|number| (*number, upload.parts[number].clone()));
                    self.write(&upload.key, upload.write, Some(parts.collect()));
                }
            }
            Op::Abort { nth } => {
                if let Some(at) = nth.checked_rem(self.uploads.len()) {
                    self.uploads.remove(at);
                }
            }
            Op::Abandon => {}
        }
    }

    fn next_write(&mut self) -> u64 {
        self.writes += 1;
        self.writes
    }

    fn write(&mut self, key: &str, write: u64, parts: Option<Parts>) {
        let null = self.versioning != Versioning::Enabled;
        let is_null = |version: &ModelVersion| version.key == key && version.null;
        if null {
            if self
                .versions
                .iter()
                .any(|version| is_null(version) && version.write > write)
            {
                return;
            }
            self.versions.retain(|version| !is_null(version));
        }
        self.versions.push(ModelVersion {
            key: key.to_owned(),
            null,
            write,
            parts,
            tags: Vec::new(),
        });
        self.versions
            .sort_by(|a, b| (&a.key, b.write).cmp(&(&b.key, a.write)));
    }
}
