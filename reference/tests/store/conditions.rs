//! Writes and deletes that are judged at the instant of the swap.

use super::*;

/// As If-None-Match: * does (CND-101).
fn if_absent(target: Target<'_>) -> Result<(), S3Error> {
    target
        .object()
        .map_or(Ok(()), |_| Err(Code::PreconditionFailed.into()))
}

#[test]
fn cnd_101_a_refused_write_changes_nothing_and_a_marker_counts_as_absent() {
    let store = store(Versioning::Enabled);
    store
        .put_object(BUCKET, "a", object(&store, "x"), if_absent)
        .expect("absent");
    let refused = store.put_object(BUCKET, "a", object(&store, "y"), if_absent);
    assert_eq!(refused.expect_err("there").code(), Code::PreconditionFailed);
    assert_eq!(current(&store, "a"), Ok(Some("x".into())));
    delete(&store, "a");
    store
        .put_object(BUCKET, "a", object(&store, "z"), if_absent)
        .expect("hidden");
}

#[test]
fn of_many_writers_that_ask_for_absence_one_wins() {
    let store = store(Versioning::Unversioned);
    let won = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| (0..50).filter(|at| race(&store, *at)).count()))
            .collect();
        writers
            .into_iter()
            .map(|writer| writer.join().expect("no panic"))
            .sum::<usize>()
    });
    assert_eq!(won, 50, "one winner for each key");
}

fn race(store: &Store, key: usize) -> bool {
    let object = object(store, "x");
    store
        .put_object(BUCKET, &key.to_string(), object, if_absent)
        .is_ok()
}

#[test]
fn a_conditional_delete_sees_the_version_it_names() {
    let store = store(Versioning::Enabled);
    let first = put(&store, "a", "x").version.id.clone();
    let second = put(&store, "a", "y").version.id.clone();
    let seen = |target: Target<'_>| -> Result<(), S3Error> {
        assert_eq!(target.version.map(|version| &version.id), Some(&first));
        Err(Code::PreconditionFailed.into())
    };
    store
        .delete_object(BUCKET, "a", Some(&first), seen)
        .expect_err("refused");
    assert_eq!(versions(&store).len(), 2);
    assert_eq!(store.version(BUCKET, "a", None).expect("there").id, second);
}
