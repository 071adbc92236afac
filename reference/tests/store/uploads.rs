//! Multipart uploads from initiation to the repeated Complete.

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

#[test]
fn mpu_110_a_delete_is_noted_in_the_uploads_of_its_key() {
    let store = store(Versioning::Unversioned);
    put(&store, "a", "x");
    put(&store, "b", "x");
    let id = upload(&store, "a", &["y"]);
    let deleted_since = || match store.upload(BUCKET, "a", &id) {
        Ok(UploadState::Open(upload)) => upload.deleted_since,
        other => panic!("{other:?}"),
    };
    delete(&store, "b");
    assert!(!deleted_since(), "another key");
    delete(&store, "a");
    assert!(deleted_since());
    let id = upload(&store, "b", &["y"]);
    delete(&store, "b");
    let Ok(UploadState::Open(upload)) = store.upload(BUCKET, "b", &id) else {
        panic!("open");
    };
    assert!(!upload.deleted_since, "there was nothing to delete");
}
