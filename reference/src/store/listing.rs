//! What listings are asked and what they answer; one shape for objects, versions and uploads.

use std::sync::Arc;

use super::ids::version_sequence;
use super::limits::PAGE_ENTRIES_MAX;
use super::{Store, StoreError, StoredPart, Upload, Version, VersionId};

/// What a listing is asked for. The default asks for everything.
#[derive(Clone, Copy, Debug, Default)]
pub struct Query<'a> {
    /// Only keys that begin with this.
    pub prefix: &'a str,
    /// Keys that have this after the prefix are rolled up into one common prefix.
    pub delimiter: Option<&'a str>,
    /// Only keys (and common prefixes) after this one: `marker`, `start-after`, `key-marker`,
    /// or the last name of the page before.
    pub after: Option<&'a str>,
    /// The most entries of the page, common prefixes included; above
    /// [`PAGE_ENTRIES_MAX`](super::limits::PAGE_ENTRIES_MAX) counts as that.
    pub max: Option<usize>,
}

/// One page of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The entries, in order.
    pub items: Vec<T>,
    /// The common prefixes, in order.
    pub common_prefixes: Vec<String>,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<Next>,
}

/// The last entry of a page that is not the last one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    /// Its key, or the common prefix: the next page's [`Query::after`].
    pub key: String,
    /// Its version id or upload id, if it is not a common prefix.
    pub id: Option<String>,
}

impl Store {
    /// The current versions of a bucket's keys; keys under a delete marker are passed over.
    ///
    /// # Errors
    /// [`StoreError::NoSuchBucket`].
    pub fn list_objects(
        &self,
        bucket: &str,
        query: Query<'_>,
    ) -> Result<Page<Arc<Version>>, StoreError> {
        let index = self.index();
        let keys = index.entry(bucket)?.keys_from(query.first_key());
        let objects = keys
            .take_while(|(key, _)| query.reaches(key))
            .filter(|(key, _)| query.is_after(key))
            .filter_map(|(key, versions)| Some((key, versions.last()?)))
            .filter(|(_, current)| !current.is_delete_marker())
            .map(|(key, current)| Entry {
                key,
                id: None,
                item: Arc::clone(current),
            });
        Ok(page(query, objects))
    }

    /// All versions and delete markers: by key, each key's newest first. The flag says whether
    /// it is the key's current version. With `version_after`, goes on within the key
    /// [`Query::after`], behind that version, even if it is gone meanwhile.
    ///
    /// # Errors
    /// [`StoreError::NoSuchBucket`].
    pub fn list_versions(
        &self,
        bucket: &str,
        query: Query<'_>,
        version_after: Option<&VersionId>,
    ) -> Result<Page<(Arc<Version>, bool)>, StoreError> {
        let index = self.index();
        let entry = index.entry(bucket)?;
        let resume = query.after.zip(version_after);
        // Versions of the key `after` from this sequence number on are on earlier pages.
        let listed = resume.map(|(key, id)| match id {
            VersionId::Id(id) => version_sequence(id).unwrap_or(u64::MAX),
            // Where a null version was is not known once it is gone: then nothing is left out.
            VersionId::Null => entry
                .version(key, id)
                .map_or(u64::MAX, |null| null.sequence),
        });
        let versions = entry
            .keys_from(query.first_key())
            .take_while(|(key, _)| query.reaches(key))
            .flat_map(|(key, versions)| {
                let current = versions.last().map(|current| current.sequence);
                versions
                    .iter()
                    .rev()
                    .map(move |version| (key, version, current))
            })
            .filter(|(key, version, _)| {
                query.is_after(key)
                    || (query.after == Some(*key)
                        && listed.is_some_and(|listed| version.sequence < listed))
            })
            .map(|(key, version, current)| Entry {
                key,
                id: Some(version.id.as_str()),
                item: (Arc::clone(version), current == Some(version.sequence)),
            });
        Ok(page(query, versions))
    }

    /// The uploads in progress: by key, each key's oldest first. With `upload_after`, goes on
    /// within the key [`Query::after`], behind that upload, even if it is gone meanwhile.
    ///
    /// # Errors
    /// [`StoreError::NoSuchBucket`].
    pub fn list_uploads(
        &self,
        bucket: &str,
        query: Query<'_>,
        upload_after: Option<&str>,
    ) -> Result<Page<Arc<Upload>>, StoreError> {
        let index = self.index();
        let uploads = index
            .entry(bucket)?
            .uploads_from(query.first_key(), "")
            .take_while(|upload| query.reaches(&upload.key))
            .filter(|upload| {
                query.is_after(&upload.key)
                    || (query.after == Some(upload.key.as_str())
                        && upload_after.is_some_and(|listed| upload.id.as_str() > listed))
            })
            .map(|upload| Entry {
                key: &upload.key,
                id: Some(&upload.id),
                item: Arc::clone(upload),
            });
        Ok(page(query, uploads))
    }

    /// The parts of an upload in progress with a number above `after`, and whether there are
    /// more than these.
    ///
    /// # Errors
    /// [`StoreError::NoSuchBucket`], [`StoreError::NoSuchUpload`].
    pub fn list_parts(
        &self,
        bucket: &str,
        key: &str,
        upload_id: &str,
        after: u16,
        max: usize,
    ) -> Result<(Vec<Arc<StoredPart>>, bool), StoreError> {
        let index = self.index();
        let upload = index.entry(bucket)?.open_upload(key, upload_id)?;
        let mut parts = upload
            .parts
            .range(after.saturating_add(1)..)
            .map(|(_, part)| Arc::clone(part));
        let page: Vec<_> = parts.by_ref().take(max.min(PAGE_ENTRIES_MAX)).collect();
        let more = !page.is_empty() && parts.next().is_some();
        Ok((page, more))
    }
}

impl<'a> Query<'a> {
    /// No key before this one can be on the page.
    fn first_key(&self) -> &'a str {
        self.prefix.max(self.after.unwrap_or_default())
    }

    /// Whether a key at or after [`first_key`](Self::first_key) has the prefix; if not, none
    /// that comes later has it.
    fn reaches(&self, key: &str) -> bool {
        key.starts_with(self.prefix)
    }

    fn is_after(&self, key: &str) -> bool {
        self.after.is_none_or(|after| key > after)
    }

    /// What a key is rolled up into.
    fn common_prefix<'k>(&self, key: &'k str) -> Option<&'k str> {
        let delimiter = self.delimiter.filter(|delimiter| !delimiter.is_empty())?;
        let rest = key.get(self.prefix.len()..)?;
        let end = self.prefix.len() + rest.find(delimiter)? + delimiter.len();
        Some(&key[..end])
    }
}

/// One line of a listing before it is cut into pages.
struct Entry<'a, T> {
    key: &'a str,
    id: Option<&'a str>,
    item: T,
}

/// Cuts a page from entries that are in order and after the page before.
///
/// A common prefix counts as one entry, at the place of its first key; it is on an earlier
/// page if `after` is within it.
fn page<'a, T>(query: Query<'_>, entries: impl Iterator<Item = Entry<'a, T>>) -> Page<T> {
    let max = query.max.unwrap_or(PAGE_ENTRIES_MAX).min(PAGE_ENTRIES_MAX);
    let mut page = Page {
        items: Vec::new(),
        common_prefixes: Vec::<String>::new(),
        next: None,
    };
    let mut last = None;
    for entry in entries {
        let common = query.common_prefix(entry.key);
        if let Some(prefix) = common
            && (query.after.is_some_and(|after| after.starts_with(prefix))
                || page
                    .common_prefixes
                    .last()
                    .is_some_and(|listed| listed == prefix))
        {
            continue;
        }
        if page.items.len() + page.common_prefixes.len() >= max {
            page.next = last;
            break;
        }
        last = Some(Next {
            key: common.unwrap_or(entry.key).to_owned(),
            id: entry.id.filter(|_| common.is_none()).map(str::to_owned),
        });
        match common {
            Some(prefix) => page.common_prefixes.push(prefix.to_owned()),
            None => page.items.push(entry.item),
        }
    }
    page
}
