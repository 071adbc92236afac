//! The command in a test: run with an environment that holds nothing else, and what it printed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The secret access key of everybody.
pub(crate) const SECRET: &str = "the-secret-access-key-of-somebody";

/// A folder of its own that is removed again.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("ssec-cli-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).expect("a temporary folder can be made");
        Self(path)
    }

    /// Writes a file below the folder.
    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().expect("it has a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The command with an environment that holds nothing but the test's credentials.
pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ssec"));
    command
        .args(arguments)
        .env_clear()
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    command
        .env("AWS_ACCESS_KEY_ID", "somebody")
        .env("AWS_SECRET_ACCESS_KEY", SECRET);
    command.env("TMPDIR", std::env::temp_dir());
    command.env(
        "XDG_STATE_HOME",
        std::env::temp_dir().join("ssec-cli-state"),
    );
    command
}

/// The one door: runs the command, checks the code, hands out what it printed to stdout and stderr.
#[track_caller]
pub(crate) fn check(arguments: &[&str], code: i32) -> (String, String) {
    let output = command(arguments).output().expect("the command can be run");
    printed(arguments, &output, code)
}

#[track_caller]
pub(crate) fn printed(arguments: &[&str], output: &Output, code: i32) -> (String, String) {
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(
        output.status.code(),
        Some(code),
        "ssec {arguments:?}\n{out}\n{err}"
    );
    assert!(
        !out.contains(SECRET) && !err.contains(SECRET),
        "a credential was printed: {arguments:?}"
    );
    (out, err)
}

/// A path as an argument.
pub(crate) fn text(path: &Path) -> &str {
    path.to_str().expect("temporary folders have simple names")
}
