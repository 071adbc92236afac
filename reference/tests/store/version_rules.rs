//! Versions, delete markers, tags and keys, rule by rule.

use super::*;

#[test]
fn ver_001_a_foreign_id_is_no_id() {
    for foreign in [
        "A".repeat(32),
        "0".repeat(32),
        "3sL4kqtJlcpXroDTDmJ+rmSpXd3dIbrHY".into(),
    ] {
        let error = S3Error::from(VersionId::parse(&foreign).expect_err(&foreign));
        assert_eq!(error.code(), Code::InvalidArgument);
        assert_eq!(error.message(), "Invalid version id specified");
        let elements = [
            ("ArgumentName", "versionId".into()),
            ("ArgumentValue", foreign),
        ];
        assert_eq!(error.elements(), elements);
    }
}

#[test]
fn ver_002_a_deleted_version_is_gone_and_can_be_deleted_again() {
    let store = store(Versioning::Enabled);
    let id = put(&store, "a", "x").version.id.clone();
    for _ in 0..2 {
        let deleted = store
            .delete_object(BUCKET, "a", Some(&id), allow)
            .expect("deleted");
        assert_eq!(
            (deleted.version_id.as_ref(), deleted.delete_marker),
            (Some(&id), false)
        );
    }
    let error = store.version(BUCKET, "a", Some(&id)).expect_err("gone");
    let error = S3Error::from(error);
    assert_eq!(error.code(), Code::NoSuchVersion);
    assert_eq!(
        error.elements(),
        [("Key", "a".into()), ("VersionId", id.to_string())]
    );
    let error = store.version(BUCKET, "a", None).expect_err("gone");
    assert_eq!(error, StoreError::NoSuchKey { key: "a".into() });
}

#[test]
fn ver_004_a_suspended_bucket_writes_the_null_version_and_keeps_the_others() {
    let store = store(Versioning::Unversioned);
    put(&store, "a", "before");
    set_versioning(&store, Versioning::Enabled);
    let kept = put(&store, "a", "kept").version.id.clone();
    set_versioning(&store, Versioning::Suspended);
    assert_eq!(put(&store, "a", "after").version.id, VersionId::Null);
    let expected = [
        ("a".into(), "null".into(), true),
        ("a".into(), kept.to_string(), false),
    ];
    assert_eq!(versions(&store), expected);
    assert_eq!(current(&store, "a"), Ok(Some("after".into())));
}

#[test]
fn ver_005_a_delete_in_a_suspended_bucket_replaces_the_null_version() {
    let store = store(Versioning::Suspended);
    put(&store, "a", "x");
    let deleted = delete(&store, "a");
    assert_eq!(
        (deleted.version_id, deleted.delete_marker),
        (Some(VersionId::Null), true)
    );
    assert_eq!(versions(&store), [("a".into(), "null".into(), true)]);
    assert_eq!(current(&store, "a"), Ok(None), "a delete marker");
}

#[test]
fn a_delete_marker_hides_and_its_removal_brings_back() {
    let store = store(Versioning::Enabled);
    put(&store, "a", "x");
    let marker = delete(&store, "a").version_id.expect("a marker");
    assert_eq!(current(&store, "a"), Ok(None));
    assert!(
        store
            .list_objects(BUCKET, Query::default())
            .expect("listed")
            .items
            .is_empty()
    );
    let deleted = store
        .delete_object(BUCKET, "a", Some(&marker), allow)
        .expect("removed");
    assert_eq!(
        (deleted.version_id, deleted.delete_marker),
        (Some(marker), true)
    );
    assert_eq!(current(&store, "a"), Ok(Some("x".into())));
}

#[test]
fn deleting_what_never_was_is_no_error() {
    let store = store(Versioning::Unversioned);
    let deleted = delete(&store, "a");
    assert_eq!((deleted.version_id, deleted.delete_marker), (None, false));
    set_versioning(&store, Versioning::Enabled);
    assert!(
        delete(&store, "a").delete_marker,
        "S3 makes a marker for any key"
    );
}

#[test]
fn tags_change_without_the_rest() {
    let store = store(Versioning::Enabled);
    let before = put(&store, "a", "x").version;
    let tags = vec![("k".to_owned(), "v".to_owned())];
    let after = store
        .set_tags(BUCKET, "a", None, tags.clone())
        .expect("tagged");
    assert_eq!(
        (&after.id, after.last_modified),
        (&before.id, before.last_modified)
    );
    assert_eq!(after.facts().expect("an object").tags(), tags);
    assert_eq!(current(&store, "a"), Ok(Some("x".into())));
    drop(before);
    assert_eq!(
        current(&store, "a"),
        Ok(Some("x".into())),
        "the body is still named"
    );
    let marker = delete(&store, "a").version_id.expect("a marker");
    let error = store
        .set_tags(BUCKET, "a", None, Vec::new())
        .expect_err("a marker");
    assert_eq!(error, StoreError::NoSuchKey { key: "a".into() });
    let error = store
        .set_tags(BUCKET, "a", Some(&marker), Vec::new())
        .expect_err("a marker");
    assert_eq!(
        S3Error::from(error).code(),
        Code::MethodNotAllowed,
        "VER-006"
    );
}

#[test]
fn keys_have_a_length() {
    let store = store(Versioning::Unversioned);
    put(&store, &"ä".repeat(512), "1024 bytes");
    let long = "a".repeat(1025);
    let error = store
        .put_object(BUCKET, &long, object(&store, "x"), allow)
        .expect_err("long");
    assert_eq!(error, StoreError::KeyTooLong { bytes: 1025 });
    let error = store
        .create_upload(BUCKET, &long, head())
        .expect_err("long");
    assert_eq!(error, StoreError::KeyTooLong { bytes: 1025 });
}

fn set_versioning(store: &Store, versioning: Versioning) {
    let set = store.update_bucket(BUCKET, |bucket| {
        bucket.versioning = versioning;
        Ok::<_, StoreError>(())
    });
    set.expect("set");
}
