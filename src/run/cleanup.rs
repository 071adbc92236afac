//! Removes what a run created, one by one from its journal, by the most basic requests. What cannot be
//! removed is said, and never changes a verdict.

use std::sync::Arc;

use tokio::task::JoinSet;

use super::session::{Failure, Session};
use crate::case::call::{Call, Listing};
use crate::case::value::Value;
use crate::case::verb::Verb;
use crate::event::Cleanup;
use crate::journal::Entry;
use crate::wire::Response;
use crate::xml;

/// Removes every entry; `jobs` at a time.
pub(super) async fn clean(session: &Arc<Session>, entries: Vec<Entry>) -> Cleanup {
    let (buckets, things): (Vec<_>, Vec<_>) = entries
        .into_iter()
        .partition(|entry| matches!(entry, Entry::Bucket { .. }));
    // An object in a versioned bucket is gone once its versions are.
    let versioned: std::collections::HashSet<_> = things
        .iter()
        .filter_map(|entry| match entry {
            Entry::Version { bucket, key, .. } => Some((bucket.clone(), key.clone())),
            _ => None,
        })
        .collect();
    let is_needed = |entry: &Entry| match entry {
        Entry::Object { bucket, key } => !versioned.contains(&(bucket.clone(), key.clone())),
        _ => true,
    };
    let things = things.into_iter().filter(is_needed).collect();
    let mut cleanup = Cleanup::default();
    remove_all(session, things, &mut cleanup).await;
    remove_all(session, buckets, &mut cleanup).await;
    cleanup
}

async fn remove_all(session: &Arc<Session>, entries: Vec<Entry>, cleanup: &mut Cleanup) {
    let mut entries = entries.into_iter();
    let mut running = JoinSet::new();
    loop {
        while running.len() < session.options.jobs.max(1)
            && let Some(entry) = entries.next()
        {
            let session = Arc::clone(session);
            running.spawn(async move { (remove(&session, &entry).await, entry) });
        }
        match running.join_next().await {
            None => return,
            Some(Ok((None, _))) => cleanup.removed += 1,
            Some(Ok((Some(why), entry))) => cleanup
                .leftovers
                .push(format!("{}: {why}", described(&entry))),
            Some(Err(error)) => cleanup.leftovers.push(error.to_string()),
        }
    }
}

fn described(entry: &Entry) -> String {
    match entry {
        Entry::Bucket { bucket } => format!("bucket {bucket}"),
        Entry::Object { bucket, key } => format!("object {bucket}/{key}"),
        Entry::Version {
            bucket,
            key,
            version,
        } => format!("object {bucket}/{key}, version {version}"),
        Entry::Upload {
            bucket,
            key,
            upload,
        } => format!("upload {bucket}/{key}, id {upload}"),
    }
}

/// Removes one thing; `None`: it is gone.
async fn remove(session: &Session, entry: &Entry) -> Option<String> {
    let text = |text: &String| Some(Value::Text(text.clone()));
    let result = match entry {
        Entry::Bucket { bucket } => remove_bucket(session, bucket).await,
        Entry::Object { bucket, key } => {
            let call = Call {
                object: Some(key.clone()),
                ..Call::default()
            };
            session.ask(bucket, Verb::Delete, &call).await
        }
        Entry::Version {
            bucket,
            key,
            version,
        } => {
            let call = Call {
                object: Some(key.clone()),
                version: text(version),
                ..Call::default()
            };
            session.ask(bucket, Verb::Delete, &call).await
        }
        Entry::Upload {
            bucket,
            key,
            upload,
        } => {
            let call = Call {
                object: Some(key.clone()),
                upload: text(upload),
                ..Call::default()
            };
            session.ask(bucket, Verb::AbortUpload, &call).await
        }
    };
    match result {
        Ok(response) if response.is_success() || response.status == 404 => None,
        Ok(response) if response.status < 500 && is_gone(session, entry).await => None,
        Ok(response) => Some(format!("answered {}", response.status)),
        Err(failure) => Some(failure.to_string()),
    }
}

/// Whether there is nothing, after all, where a removal was refused: some servers refuse to remove a version twice.
async fn is_gone(session: &Session, entry: &Entry) -> bool {
    let Entry::Version {
        bucket,
        key,
        version,
    } = entry
    else {
        return false;
    };
    let call = Call {
        object: Some(key.clone()),
        version: Some(Value::Text(version.clone())),
        ..Call::default()
    };
    let answer = session.ask(bucket, Verb::Head, &call).await;
    answer.is_ok_and(|answer| answer.status == 404)
}

/// A bucket of ours that is not empty holds what answers did not tell us: versions, markers, uploads.
async fn remove_bucket(session: &Session, bucket: &str) -> Result<Response, Failure> {
    let delete = Call {
        method: Some("DELETE".to_owned()),
        ..Call::default()
    };
    let first = session.ask(bucket, Verb::Raw, &delete).await?;
    if first.is_success() || first.status == 404 {
        return Ok(first);
    }
    for listing in [Listing::Versions, Listing::Uploads, Listing::V2] {
        let call = Call {
            listing: Some(listing),
            ..Call::default()
        };
        let listed = session.ask(bucket, Verb::List, &call).await?;
        let Ok(root) = xml::parse(&listed.body) else {
            continue;
        };
        for entry in listed_entries(bucket, &root) {
            Box::pin(remove(session, &entry)).await;
        }
    }
    session.ask(bucket, Verb::Raw, &delete).await
}

fn listed_entries(bucket: &str, root: &xml::Element) -> Vec<Entry> {
    let text =
        |element: &xml::Element, name: &str| element.text_at(name).unwrap_or_default().to_owned();
    let of = |element: &xml::Element| {
        let (bucket, key) = (bucket.to_owned(), text(element, "Key"));
        Some(match element.name.as_str() {
            "Version" | "DeleteMarker" => Entry::Version {
                bucket,
                key,
                version: text(element, "VersionId"),
            },
            "Upload" => Entry::Upload {
                bucket,
                key,
                upload: text(element, "UploadId"),
            },
            "Contents" => Entry::Object { bucket, key },
            _ => return None,
        })
    };
    root.children.iter().filter_map(of).collect()
}
