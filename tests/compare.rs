//! `ssec compare` as users meet it, and all formats of one run at once.

#![cfg(feature = "bundled")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Runs the command in a folder of its own; hands out exit code, stdout and stderr.
fn ssec(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_ssec"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .output()
        .expect("the command can be run");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let code = output.status.code().unwrap_or(-1);
    (code, text(&output.stdout), text(&output.stderr))
}

fn folder(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("ssec-compare-{}-{name}", std::process::id()));
    fs::create_dir_all(&path).expect("a temporary folder can be made");
    path
}

#[test]
fn one_run_writes_every_format_and_is_compared() {
    let folder = folder("formats");
    let mut arguments = vec!["run", "get-with-another-key"];
    for spec in [
        "human",
        "json=a.json",
        "junit=a.xml",
        "markdown=a.md",
        "github=a.github",
        "html=a.html",
    ] {
        arguments.extend(["--format", spec]);
    }
    let (code, out, err) = ssec(&folder, &arguments);
    assert_eq!(code, 0, "{out}{err}");
    for (file, expected) in [
        ("a.json", "\"ssec.report/1\""),
        ("a.xml", "<testsuites name=\"ssec\""),
        ("a.md", "| Is it safe? | **yes** |"),
        ("a.html", "<!DOCTYPE html>"),
    ] {
        let text = fs::read_to_string(folder.join(file)).expect("the report is there");
        assert!(text.contains(expected), "{file}: {text}");
    }
    let annotations = fs::read_to_string(folder.join("a.github")).expect("the file is there");
    assert_eq!(annotations, "", "nothing to say about the reference");

    let (code, out, _) = ssec(&folder, &["compare", "a.json", "a.json"]);
    assert_eq!(
        (code, out.contains("Nothing changed in 3 cases")),
        (0, true),
        "{out}"
    );
    let (code, out, _) = ssec(
        &folder,
        &["compare", "--rules", "a.json", "--format", "markdown"],
    );
    assert_eq!(
        (code, out.contains("no evidence of S3")),
        (0, true),
        "{out}"
    );
    let _ = fs::remove_dir_all(folder);
}

#[test]
fn what_is_no_report_is_an_error_of_usage() {
    let folder = folder("errors");
    fs::write(folder.join("other.json"), "{\"schema\":\"ssec.report/9\"}")
        .expect("it can be written");
    fs::write(folder.join("text.json"), "not JSON").expect("it can be written");
    for (arguments, expected) in [
        (&["other.json"][..], "its schema is `ssec.report/9`"),
        (&["text.json"], "text.json: expected"),
        (&["nowhere.json"], "nowhere.json: "),
        (
            &["--changes", "text.json", "other.json", "--rules"],
            "cannot be used with",
        ),
        (
            &["other.json", "--format", "pdf"],
            "there are: text, markdown, html",
        ),
        (&[], "required"),
    ] {
        let (code, _, err) = ssec(&folder, &[&["compare"], arguments].concat());
        assert_eq!(code, 2, "{arguments:?}: {err}");
        assert!(err.contains(expected), "{arguments:?}: {err}");
    }
    let _ = fs::remove_dir_all(folder);
}
