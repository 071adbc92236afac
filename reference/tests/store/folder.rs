//! A data folder: what comes back, what a crash may leave, and what damage is not forgiven.

use std::fs;
use std::path::{Path, PathBuf};

use ssec_reference::store::OpenError;

use super::*;

fn opened(dir: &TempDir) -> Store {
    let store = open(dir).expect("a sound folder");
    if store.buckets().is_empty() {
        store
            .create_bucket(bucket(BUCKET, Versioning::Unversioned))
            .expect("a bucket");
    }
    store
}

/// The contents of some folders, to be put back later as if a crash had left them.
fn keep(dir: &TempDir, folders: &[&str]) -> Vec<(PathBuf, Vec<u8>)> {
    let files = folders.iter().flat_map(|folder| dir.files(folder));
    files
        .map(|file| (file.clone(), fs::read(&file).expect("readable")))
        .collect()
}

fn put_back(files: &[(PathBuf, Vec<u8>)]) {
    for (path, bytes) in files {
        fs::write(path, bytes).expect("writable");
    }
}

fn count(dir: &TempDir) -> [usize; 5] {
    ["buckets", "versions", "uploads", "parts", "bodies"].map(|folder| dir.files(folder).len())
}

#[test]
fn all_of_a_record_comes_back() {
    let dir = TempDir::new();
    let store = opened(&dir);
    let before = put(&store, "a", "x").version;
    let id = upload(&store, "b", &["y"]);
    let upload_before = store.upload(BUCKET, "b", &id).expect("open");
    let bucket_before = store.bucket(BUCKET).expect("there");
    let (before, upload_before) = (format!("{before:?}"), format!("{upload_before:?}"));
    drop(store);
    let store = opened(&dir);
    let after = store.version(BUCKET, "a", None).expect("there");
    assert_eq!(format!("{after:?}"), before);
    assert_eq!(
        format!("{:?}", store.upload(BUCKET, "b", &id).expect("open")),
        upload_before
    );
    assert_eq!(store.bucket(BUCKET).expect("there"), bucket_before);
}

#[test]
fn what_was_completed_is_known_after_a_restart() {
    let dir = TempDir::new();
    let store = opened(&dir);
    let id = upload(&store, "a", &["x"]);
    complete(&store, "a", &id).expect("completed");
    drop(store);
    let again = complete(&opened(&dir), "a", &id).expect("repeated");
    assert!(matches!(again, Completion::Repeated(_)));
}

#[test]
fn ver_009_holds_across_a_restart() {
    let dir = TempDir::new();
    let store = opened(&dir);
    let early = upload(&store, "a", &["early"]);
    drop(store);
    put(&opened(&dir), "a", "later");
    let store = opened(&dir);
    complete(&store, "a", &early).expect("answered");
    assert_eq!(current(&store, "a"), Ok(Some("later".into())));
}

#[test]
fn a_noted_delete_is_known_after_a_restart() {
    let dir = TempDir::new();
    let store = opened(&dir);
    put(&store, "a", "x");
    let id = upload(&store, "a", &["y"]);
    delete(&store, "a");
    drop(store);
    let state = opened(&dir).upload(BUCKET, "a", &id);
    assert!(matches!(state, Ok(UploadState::Open(upload)) if upload.deleted_since));
}

#[test]
fn the_secret_is_made_once_and_not_again_when_something_needs_it() {
    let dir = TempDir::new();
    let store = opened(&dir);
    let made: [u8; 32] = store.secret().expect("made");
    assert_ne!(made, [0; 32]);
    drop(store);
    let store = opened(&dir);
    assert_eq!(store.secret::<32>().expect("the same"), made);
    put(&store, "a", "x");
    let file = dir.path().join("server.key");
    fs::remove_file(&file).expect("lost");
    let error = store
        .secret::<32>()
        .expect_err("what is stored needs the old one");
    assert!(
        matches!(&error, OpenError::Damaged { file: named, .. } if *named == file),
        "{error}"
    );
    assert!(!file.exists());
    delete(&store, "a");
    assert_ne!(
        store.secret::<32>().expect("nothing needs the old one"),
        made
    );
}

#[test]
fn one_server_at_a_time() {
    let dir = TempDir::new();
    let first = opened(&dir);
    let error = open(&dir).expect_err("in use");
    assert!(
        matches!(&error, OpenError::InUse { dir: named } if named == dir.path()),
        "{error}"
    );
    drop(first);
    opened(&dir);
}

#[test]
fn a_crash_between_the_steps_of_complete_is_a_complete() {
    let dir = TempDir::new();
    let store = opened(&dir);
    let id = upload(&store, "a", &["x", "y"]);
    let left = keep(&dir, &["uploads", "parts"]);
    complete(&store, "a", &id).expect("completed");
    drop(store);
    put_back(&left);
    let store = opened(&dir);
    assert_eq!(current(&store, "a"), Ok(Some("xy".into())));
    assert!(matches!(
        store.upload(BUCKET, "a", &id),
        Ok(UploadState::Finished(_))
    ));
    assert_eq!(count(&dir), [1, 1, 0, 0, 2]);
}

#[test]
fn a_crash_between_the_steps_of_abort_is_an_abort() {
    let dir = TempDir::new();
    let store = opened(&dir);
    let id = upload(&store, "a", &["x", "y"]);
    let left = keep(&dir, &["parts", "bodies"]);
    store.abort_upload(BUCKET, "a", &id).expect("aborted");
    drop(store);
    put_back(&left);
    opened(&dir).upload(BUCKET, "a", &id).expect_err("aborted");
    assert_eq!(count(&dir), [1, 0, 0, 0, 0]);
}

#[test]
fn a_crash_between_the_steps_of_delete_bucket_deletes_it() {
    let dir = TempDir::new();
    let store = opened(&dir);
    upload(&store, "a", &["x"]);
    let left = keep(&dir, &["uploads", "parts", "bodies"]);
    store.delete_bucket(BUCKET).expect("no versions");
    assert_eq!(count(&dir), [0, 0, 0, 0, 0]);
    drop(store);
    put_back(&left);
    assert!(open(&dir).expect("sound").buckets().is_empty());
    assert_eq!(count(&dir), [0, 0, 0, 0, 0]);
}

#[test]
fn a_crash_before_a_record_is_in_place_leaves_what_was() {
    let dir = TempDir::new();
    let store = opened(&dir);
    put(&store, "a", "old");
    let record = dir.files("versions").remove(0);
    drop(store);
    fs::write(record.with_extension("tmp"), "{\"format\":1,\"rec").expect("half a record");
    fs::write(
        dir.path().join("bodies").join("0".repeat(32)),
        "half a body",
    )
    .expect("an orphan");
    let store = opened(&dir);
    assert_eq!(current(&store, "a"), Ok(Some("old".into())));
    assert_eq!(count(&dir), [1, 1, 0, 0, 1]);
}

/// Damages one file; the folder must not open, name the file, and be left as it was.
fn check_damage(folder: &str, why: &str, damage: impl FnOnce(&Path)) {
    let dir = TempDir::new();
    let store = opened(&dir);
    put(&store, "a", "x");
    upload(&store, "b", &["y"]);
    drop(store);
    fs::write(dir.path().join("bodies").join("0".repeat(32)), "orphan").expect("an orphan");
    damage(&dir.files(folder)[0]);
    let before = keep(&dir, &["buckets", "versions", "uploads", "parts", "bodies"]);
    let error = open(&dir).expect_err(why).to_string();
    assert!(error.contains(why), "{error}");
    let after = keep(&dir, &["buckets", "versions", "uploads", "parts", "bodies"]);
    assert!(before == after, "nothing is removed: {why}");
}

fn edit(from: &'static str, to: &'static str) -> impl FnOnce(&Path) {
    move |path| {
        let text = fs::read_to_string(path).expect("text");
        assert!(text.contains(from), "{text}");
        fs::write(path, text.replace(from, to)).expect("writable");
    }
}

fn cut(path: &Path) {
    let text = fs::read(path).expect("readable");
    fs::write(path, &text[..text.len() / 2]).expect("writable");
}

fn remove(path: &Path) {
    fs::remove_file(path).expect("removed");
}

/// Makes a record name another body, which is not there.
fn other_body(path: &Path) {
    let text = fs::read_to_string(path).expect("text");
    let at = text.find("\"body\": \"").expect("a body") + "\"body\": \"".len();
    let other = format!("{}{}{}", &text[..at], "e".repeat(32), &text[at + 32..]);
    fs::write(path, other).expect("writable");
}

fn double(path: &Path) {
    fs::copy(
        path,
        path.with_file_name(format!("{}.json", "f".repeat(32))),
    )
    .expect("copied");
}

#[test]
fn damage_is_named_and_nothing_is_removed() {
    for folder in ["buckets", "versions", "uploads", "parts"] {
        check_damage(folder, folder, cut);
        check_damage(folder, "format 2", edit("\"format\": 1", "\"format\": 2"));
        check_damage(folder, "a second record", double);
        check_damage(folder, "not a record", |path| {
            fs::write(path.with_file_name("notes.txt"), "mine").expect("written");
        });
    }
    check_damage("buckets", "has no record", remove);
    check_damage(
        "versions",
        "no version id",
        edit("\"id\": \"null\"", "\"id\": \"mine\""),
    );
    check_damage(
        "versions",
        "unknown field",
        edit("\"etag\":", "\"extra\": 1, \"etag\":"),
    );
    check_damage("parts", "is missing", other_body);
    check_damage("bodies", "no body of this server", |path| {
        fs::write(path.with_file_name("notes.txt"), "mine").expect("written");
    });
}

#[test]
fn a_record_whose_body_is_gone_is_named() {
    let dir = TempDir::new();
    let store = opened(&dir);
    put(&store, "a", "x");
    drop(store);
    remove(&dir.files("bodies")[0]);
    let error = open(&dir).expect_err("damaged").to_string();
    assert!(
        error.contains("is missing") && error.contains("versions"),
        "{error}"
    );
}

#[test]
fn no_name_in_the_folder_is_made_of_a_key() {
    let dir = TempDir::new();
    let store = opened(&dir);
    for key in ["../escape", "/etc/passwd", ".", "..", "a\0b", "CON", "a\\b"] {
        put(&store, key, "x");
        upload(&store, key, &["y"]);
    }
    let before = View::of(&store);
    drop(store);
    assert_eq!(View::of(&opened(&dir)), before);
    assert_eq!(count(&dir), [1, 7, 7, 7, 14]);
    assert_eq!(text_of_names(&dir).matches("escape").count(), 0);
}

fn text_of_names(dir: &TempDir) -> String {
    ["versions", "uploads", "parts", "bodies"]
        .map(|folder| format!("{:?}", dir.files(folder)))
        .concat()
}

#[cfg(unix)]
#[test]
fn a_disk_that_refuses_stores_nothing_and_says_so() {
    let dir = TempDir::new();
    let store = opened(&dir);
    put(&store, "a", "old");
    // No file can be made where a folder is missing; this holds for root too.
    let (there, away) = (dir.path().join("versions"), dir.path().join("away"));
    fs::rename(&there, &away).expect("moved");
    let refused = store.put_object(BUCKET, "a", object(&store, "new"), allow);
    assert!(matches!(refused, Err(StoreError::Io(_))), "{refused:?}");
    assert_eq!(current(&store, "a"), Ok(Some("old".into())));
    assert_eq!(dir.files("bodies").len(), 1, "the refused body is gone");
    fs::rename(&away, &there).expect("moved back");
    put(&store, "a", "newer");
    assert_eq!(current(&store, "a"), Ok(Some("newer".into())));
    drop(store);
    assert_eq!(current(&opened(&dir), "a"), Ok(Some("newer".into())));
}

#[test]
fn a_part_is_read_back_by_its_text() {
    let dir = TempDir::new();
    let id = upload(&opened(&dir), "a", &["x"]);
    let (parts, _) = opened(&dir)
        .list_parts(BUCKET, "a", &id, 0, 10)
        .expect("listed");
    assert_eq!(text(&parts[0].record), "x");
}
