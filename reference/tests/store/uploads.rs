//! Multipart uploads from initiation to the repeated Complete.

use ssec_reference::clock::Clock;
use time::OffsetDateTime;

use super::*;

#[test]
fn parts_are_replaced_by_number_and_become_the_object_in_order() {
    let store = store(Versioning::Unversioned);
    let id = upload(&store, "a", &["one,", "two,"]);
    store
        .put_part(BUCKET, "a", &id, part(&store, 7, "seven"))
        .expect("a gap");
    store
        .put_part(BUCKET, "a", &id, part(&store, 1, "uno,"))
        .expect("replaced");
    let Completion::Done(written) = complete(&store, "a", &id).expect("completed") else {
        panic!("completed for the first time");
    };
    let expected = [(1, "uno,".into()), (2, "two,".into()), (7, "seven".into())];
    assert_eq!(parts(&written.version).expect("an object"), expected);
    assert_eq!(
        written.version.facts().expect("an object").parts_count(),
        Some(3)
    );
    assert!(
        store
            .list_uploads(BUCKET, Query::default(), None)
            .expect("listed")
            .items
            .is_empty()
    );
}

#[test]
fn mpu_101_an_upload_is_known_by_bucket_key_and_id() {
    let store = store(Versioning::Unversioned);
    let id = upload(&store, "a", &["x"]);
    for (key, id) in [("b", id.as_str()), ("a", "unknown"), ("a", "")] {
        let expected = StoreError::NoSuchUpload {
            upload_id: id.into(),
        };
        assert_eq!(
            store.upload(BUCKET, key, id).expect_err("unknown"),
            expected
        );
        assert_eq!(complete(&store, key, id).expect_err("unknown"), expected);
        assert_eq!(
            store.abort_upload(BUCKET, key, id).expect_err("unknown"),
            expected
        );
        let put = store.put_part(BUCKET, key, id, part(&store, 1, "y"));
        assert_eq!(put.expect_err("unknown"), expected);
        let listed = store.list_parts(BUCKET, key, id, 0, 10);
        assert_eq!(listed.expect_err("unknown"), expected);
    }
    store.abort_upload(BUCKET, "a", &id).expect("aborted");
    store.abort_upload(BUCKET, "a", &id).expect_err("gone");
}

#[test]
fn mpu_108_a_repeated_complete_is_known_while_its_version_is_there() {
    let store = store(Versioning::Unversioned);
    let id = upload(&store, "a", &["x"]);
    complete(&store, "a", &id).expect("completed");
    store
        .abort_upload(BUCKET, "a", &id)
        .expect("MPU-112: no error and no effect");
    let never = |_: &Upload, _: Target<'_>| -> Result<ObjectRecord, StoreError> {
        panic!("what was completed is not judged again")
    };
    let again = store
        .complete_upload(BUCKET, "a", &id, never)
        .expect("repeated");
    assert!(matches!(again, Completion::Repeated(version) if parts(&version).is_some()));
    assert!(matches!(
        store.upload(BUCKET, "a", &id),
        Ok(UploadState::Finished(_))
    ));
    put(&store, "b", "z");
    store
        .upload(BUCKET, "b", &id)
        .expect_err("the upload of another key");
    put(&store, "a", "y");
    let error = complete(&store, "a", &id).expect_err("overwritten");
    assert_eq!(error, StoreError::NoSuchUpload { upload_id: id });
}

#[test]
fn a_refused_complete_leaves_the_upload() {
    let store = store(Versioning::Unversioned);
    let id = upload(&store, "a", &["x"]);
    let refused = store.complete_upload(BUCKET, "a", &id, |_, _| {
        Err::<ObjectRecord, _>(S3Error::from(Code::InvalidPart))
    });
    assert_eq!(refused.expect_err("refused").code(), Code::InvalidPart);
    complete(&store, "a", &id).expect("still there");
    assert_eq!(current(&store, "a"), Ok(Some("x".into())));
}

#[test]
fn ver_009_the_later_initiated_write_of_the_null_version_stands() {
    for versioning in [Versioning::Unversioned, Versioning::Suspended] {
        let store = store(versioning);
        let early = upload(&store, "a", &["early"]);
        put(&store, "a", "later");
        let late = upload(&store, "a", &["latest"]);
        let Ok(Completion::Done(written)) = complete(&store, "a", &early) else {
            panic!("the answer is a success");
        };
        assert!(!written.kept);
        assert_eq!(current(&store, "a"), Ok(Some("later".into())));
        let error = complete(&store, "a", &early).expect_err("not known");
        assert_eq!(error, StoreError::NoSuchUpload { upload_id: early });
        complete(&store, "a", &late).expect("completed");
        assert_eq!(current(&store, "a"), Ok(Some("latest".into())));
    }
}

/// AWS, "Uploading and copying objects using multipart upload": with versioning the
/// current version is the one whose upload was initiated last.
#[test]
fn with_versioning_each_is_kept_in_the_order_of_initiation() {
    let store = store(Versioning::Enabled);
    let early = upload(&store, "a", &["early"]);
    put(&store, "a", "later");
    let Ok(Completion::Done(written)) = complete(&store, "a", &early) else {
        panic!("completed");
    };
    assert!(written.kept);
    assert_eq!(current(&store, "a"), Ok(Some("later".into())));
    let listed = versions(&store);
    assert_eq!(
        (listed.len(), &listed[1].1),
        (2, &written.version.id.to_string())
    );
}

fn deleted_since(store: &Store, key: &str, id: &str) -> bool {
    match store.upload(BUCKET, key, id) {
        Ok(UploadState::Open(upload)) => upload.deleted_since,
        other => panic!("{other:?}"),
    }
}

#[test]
fn mpu_110_a_delete_is_noted_in_the_uploads_of_its_key() {
    let store = store(Versioning::Unversioned);
    let ids = ["a", "b", "c"].map(|key| {
        put(&store, key, "x");
        (key, upload(&store, key, &["y"]))
    });
    delete(&store, "b");
    let noted = ids.map(|(key, id)| deleted_since(&store, key, &id));
    assert_eq!(noted, [false, true, false]);
    let id = upload(&store, "b", &["y"]);
    delete(&store, "b");
    assert!(
        !deleted_since(&store, "b", &id),
        "there was nothing to delete"
    );
}

#[test]
fn mpu_110_only_the_current_version_counts() {
    let store = store(Versioning::Enabled);
    let [old, new] = ["old", "new"].map(|text| put(&store, "a", text).version.id.clone());
    let id = upload(&store, "a", &["y"]);
    store
        .delete_object(BUCKET, "a", Some(&old), allow)
        .expect("deleted");
    assert!(!deleted_since(&store, "a", &id));
    store
        .delete_object(BUCKET, "a", Some(&new), allow)
        .expect("deleted");
    assert!(deleted_since(&store, "a", &id));
}

/// A clock that goes on by a second and a half with each look.
#[derive(Default)]
struct Ticks(std::sync::atomic::AtomicI64);

impl Clock for Ticks {
    fn now(&self) -> OffsetDateTime {
        let look = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        OffsetDateTime::UNIX_EPOCH + time::Duration::milliseconds(1500 * look)
    }
}

/// AWS, API reference, "HeadObject" on Last-Modified: of a multipart upload it is the date of
/// initiation. Listings show whole seconds.
#[test]
fn the_object_is_as_old_as_its_upload() {
    let store = Store::in_memory(Arc::new(Ticks::default()), Arc::new(OsRandom));
    store
        .create_bucket(bucket(BUCKET, Versioning::Unversioned))
        .expect("a bucket");
    put(&store, "other", "x");
    let id = upload(&store, "a", &["x"]);
    let second = put(&store, "other", "y").version.last_modified;
    complete(&store, "a", &id).expect("completed");
    let completed = store
        .version(BUCKET, "a", None)
        .expect("there")
        .last_modified;
    let seconds = [completed, second].map(OffsetDateTime::unix_timestamp);
    assert_eq!(seconds, [1, 3], "looks at 1.5 and 3 seconds");
    assert_eq!(completed.nanosecond(), 0);
}
