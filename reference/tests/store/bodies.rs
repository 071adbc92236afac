//! Bodies live exactly as long as somebody may need them.

use super::*;

fn counted() -> (Arc<MemoryBodies>, Store) {
    let home = Arc::new(MemoryBodies::default());
    let (clock, random) = (Arc::new(SystemClock), Arc::new(OsRandom));
    let store = Store::with_bodies(None, home.clone(), clock, random).expect("in memory");
    store
        .create_bucket(bucket(BUCKET, Versioning::Unversioned))
        .expect("a bucket");
    (home, store)
}

fn count(home: &MemoryBodies) -> usize {
    home.ids().expect("ids").len()
}

#[test]
fn a_reader_finishes_what_was_replaced_meanwhile() {
    let (home, store) = counted();
    put(&store, "a", "old");
    let reading = store.version(BUCKET, "a", None).expect("there");
    put(&store, "a", "new");
    delete(&store, "a");
    assert_eq!(parts(&reading), Some(vec![(1, "old".into())]));
    assert_eq!(count(&home), 1);
    drop(reading);
    assert_eq!(count(&home), 0);
}

#[test]
fn what_no_record_names_is_removed() {
    let (home, store) = counted();
    drop(body(&store, "abandoned"));
    let refused = store.put_object(BUCKET, "a", object(&store, "x"), |_| {
        Err::<(), _>(S3Error::from(Code::PreconditionFailed))
    });
    refused.expect_err("refused");
    let id = upload(&store, "a", &["one", "two"]);
    store
        .put_part(BUCKET, "a", &id, part(&store, 1, "uno"))
        .expect("replaced");
    assert_eq!(count(&home), 2);
    let chosen = store.complete_upload(BUCKET, "a", &id, |upload, _| {
        let parts = vec![upload.parts[&2].record.clone()];
        Ok::<_, StoreError>(object_of(upload.head.clone(), parts))
    });
    drop(chosen.expect("completed"));
    assert_eq!(count(&home), 1, "the part that was left out is gone");
    let id = upload(&store, "b", &["one"]);
    store.abort_upload(BUCKET, "b", &id).expect("aborted");
    let early = upload(&store, "a", &["early"]);
    put(&store, "a", "later");
    drop(complete(&store, "a", &early).expect("VER-009"));
    upload(&store, "c", &["one"]);
    delete(&store, "a");
    store.delete_bucket(BUCKET).expect("empty");
    assert_eq!(count(&home), 0);
}

#[test]
fn what_is_in_use_outlives_the_store() {
    let (home, store) = counted();
    put(&store, "a", "x");
    drop(store);
    assert_eq!(count(&home), 1);
}
