//! Probes of what is left on disks and in logs: nothing of it goes over the wire.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};

use super::s3::{S3, base64, bytes, key, md5};

/// What the tests below probe.
pub(crate) const PROBED: [&str; 6] = [
    "plaintext-is-spooled",
    "key-is-written-down",
    "key-md5-is-written-down",
    "key-is-logged",
    "randomness-starts-over",
    "deleted-bytes-stay",
];

/// A data folder that is removed again.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("ssec-at-rest-{}-{count}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn open(&self, saboteur: &[&str]) -> S3 {
        let config = ssec_reference::Config {
            data: Some(self.0.clone()),
            buckets: vec!["b".to_owned()],
            ..ssec_reference::Config::default()
        };
        S3::open(ssec_saboteurs::apply(config, saboteur).unwrap())
    }

    fn files(&self) -> Vec<Vec<u8>> {
        fn walk(at: &Path, found: &mut Vec<Vec<u8>>) {
            for entry in fs::read_dir(at).unwrap() {
                let path = entry.unwrap().path();
                match path.is_dir() {
                    true => walk(&path, found),
                    false => found.push(fs::read(&path).unwrap()),
                }
            }
        }
        let mut found = Vec::new();
        walk(&self.0, &mut found);
        found
    }

    fn holds(&self, bytes: impl AsRef<[u8]>) -> bool {
        let wanted = bytes.as_ref();
        let mut files = self.files().into_iter();
        files.any(|file| file.windows(wanted.len()).any(|window| window == wanted))
    }

    /// The sealed bodies.
    fn bodies(&self) -> Vec<Vec<u8>> {
        let entries = fs::read_dir(self.0.join("bodies")).unwrap();
        entries
            .map(|entry| fs::read(entry.unwrap().path()).unwrap())
            .collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Puts the same bytes at two places, and looks at what is left of them.
#[track_caller]
fn check(name: &'static str, shows: fn(&Folder, &S3) -> bool) {
    for saboteur in [&[name][..], &[]] {
        let folder = Folder::new();
        let s3 = folder.open(saboteur);
        for target in ["b/one", "b/two"] {
            assert_eq!(s3.put(target).key('A').body(bytes(500)).status(), 200);
        }
        assert_eq!(
            shows(&folder, &s3),
            !saboteur.is_empty(),
            "{name} {saboteur:?}"
        );
    }
}

#[test]
fn plaintext() {
    check("plaintext-is-spooled", |folder, _| folder.holds(bytes(500)));
}

#[test]
fn keys() {
    check("key-is-written-down", |folder, _| {
        folder.holds(base64(key('A')))
    });
    check("key-md5-is-written-down", |folder, _| {
        folder.holds(md5(key('A')))
    });
}

#[test]
fn two_servers() {
    check("randomness-starts-over", |folder, _| {
        let again = Folder::new();
        let s3 = again.open(&["randomness-starts-over"]);
        for target in ["b/one", "b/two"] {
            s3.put(target).key('A').body(bytes(500)).answer();
        }
        let [mut first, mut second] = [folder.bodies(), again.bodies()];
        first.sort();
        second.sort();
        first == second
    });
}

#[test]
fn deleted_bytes() {
    check("deleted-bytes-stay", |folder, s3| {
        s3.delete("b/one").status() == 204 && folder.bodies().len() == 2
    });
}

/// A log is seen from outside, so this test runs itself once more.
#[test]
fn logs() {
    for name in ["key-is-logged", ""] {
        let mut test = Command::new(std::env::current_exe().unwrap());
        test.args([
            "--exact",
            "at_rest::writes_a_log",
            "--ignored",
            "--nocapture",
        ]);
        let output = test.env("SABOTEUR", name).output().unwrap();
        assert!(output.status.success());
        let log = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(log.contains(&base64(key('A'))), !name.is_empty(), "{name}");
    }
}

#[test]
#[ignore = "run by the test above, which reads its log"]
fn writes_a_log() {
    let name = std::env::var("SABOTEUR").unwrap_or_default();
    let names: Vec<_> = Some(name.as_str())
        .into_iter()
        .filter(|name| !name.is_empty())
        .collect();
    let s3 = S3::open(ssec_saboteurs::apply(super::world::config(), &names).unwrap());
    super::world::configure(&s3, "b", "AES256", "NONE");
    assert_eq!(s3.put("b/one").key('A').status(), 200);
}
