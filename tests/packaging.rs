//! What leaves this repository: packages with everything in them, and a library that brings no server along.

use std::process::Command;

/// What cargo prints; it asks no registry.
fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .arg("--offline")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo can be run");
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {complaints}");
    String::from_utf8(output.stdout).expect("cargo prints text")
}

#[test]
fn the_harness_alone_brings_no_server_along() {
    let tree = |features: &[&str]| {
        let arguments = [
            "tree",
            "--package",
            "ssec",
            "--edges",
            "normal",
            "--prefix",
            "none",
        ];
        cargo(&[&arguments, features].concat())
    };
    let servers = |tree: &str| {
        tree.lines()
            .filter(|line| line.starts_with("ssec-"))
            .count()
    };
    let bare = tree(&["--no-default-features", "--features", "harness"]);
    assert!(bare.contains("libtest-mimic "), "{bare}");
    assert_eq!(servers(&bare), 0, "{bare}");
    assert!(servers(&tree(&[])) > 0, "the binary has the reference");
}

#[test]
fn packages_hold_what_they_need() {
    for (package, needed) in [
        (
            "ssec",
            &[
                "build.rs",
                "cases/get/keys.yaml",
                "cases/rules/get.yaml",
                "src/report/html/report.css",
                "src/report/html/report.js",
            ][..],
        ),
        ("ssec-reference", &["src/lib.rs"]),
        ("ssec-saboteurs", &["src/lib.rs"]),
    ] {
        let files = cargo(&["package", "--package", package, "--list", "--allow-dirty"]);
        for file in needed {
            assert!(files.lines().any(|line| line == *file), "{package}: {file}");
        }
    }
}
