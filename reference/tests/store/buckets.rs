//! Buckets: names, settings, and what keeps them from being deleted.

use ssec_reference::store::limits::BUCKETS_MAX;

use super::*;

#[test]
fn a_name_is_given_once_and_free_again_when_the_bucket_is_gone() {
    let store = store(Versioning::Unversioned);
    let taken = store.create_bucket(bucket(BUCKET, Versioning::Unversioned));
    assert_eq!(
        taken,
        Err(StoreError::BucketAlreadyOwnedByYou {
            bucket: BUCKET.into()
        })
    );
    put(&store, "a", "x");
    let full = store.delete_bucket(BUCKET);
    assert_eq!(
        full,
        Err(StoreError::BucketNotEmpty {
            bucket: BUCKET.into()
        })
    );
    delete(&store, "a");
    store.delete_bucket(BUCKET).expect("empty");
    assert_eq!(
        store.delete_bucket(BUCKET),
        Err(StoreError::NoSuchBucket {
            bucket: BUCKET.into()
        })
    );
    store
        .create_bucket(bucket(BUCKET, Versioning::Unversioned))
        .expect("free again");
}

#[test]
fn a_delete_marker_fills_a_bucket_and_uploads_do_not() {
    let store = store(Versioning::Enabled);
    delete(&store, "a");
    store.delete_bucket(BUCKET).expect_err("a marker is in it");
    let (_, marker, _) = &versions(&store)[0];
    let marker = VersionId::parse(marker).expect("our own id");
    store
        .delete_object(BUCKET, "a", Some(&marker), allow)
        .expect("removed");
    let id = upload(&store, "a", &["x"]);
    store
        .delete_bucket(BUCKET)
        .expect("uploads go with the bucket");
    store
        .create_bucket(bucket(BUCKET, Versioning::Unversioned))
        .expect("free again");
    assert!(matches!(
        store.upload(BUCKET, "a", &id),
        Err(StoreError::NoSuchUpload { .. })
    ));
}

#[test]
fn a_refused_change_changes_nothing() {
    let store = store(Versioning::Unversioned);
    let refused = store.update_bucket(BUCKET, |bucket| {
        bucket.policy = Some("{}".to_owned());
        Err::<(), _>(S3Error::from(Code::MalformedPolicy))
    });
    assert_eq!(refused.expect_err("refused").code(), Code::MalformedPolicy);
    assert_eq!(store.bucket(BUCKET).expect("there").policy, None);
}

#[test]
fn a_bucket_keeps_its_name() {
    let store = store(Versioning::Unversioned);
    let changed = store.update_bucket(BUCKET, |bucket| {
        bucket.name = "other".to_owned();
        Ok::<_, StoreError>(())
    });
    assert_eq!(changed.expect("changed").name, BUCKET);
}

#[test]
fn there_is_a_last_bucket() {
    let store = store(Versioning::Unversioned);
    for n in 1..BUCKETS_MAX {
        let bucket = bucket(&format!("bucket-{n}"), Versioning::Unversioned);
        store.create_bucket(bucket).expect("room");
    }
    let refused = store.create_bucket(bucket("one-more", Versioning::Unversioned));
    assert_eq!(refused, Err(StoreError::TooManyBuckets));
    assert_eq!(store.buckets().len(), BUCKETS_MAX);
}
