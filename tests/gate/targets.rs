//! `ssec.toml`: targets by name; an option wins over the environment, and that over the file.

use crate::support::command::{Folder, check, command, printed, text};
use crate::watched::Watched;

const CASE: &str = "get-with-another-key";

#[test]
fn a_named_target_needs_nothing_else() {
    let server = Watched::start(&[]);
    let folder = Folder::new("named");
    folder.write("ca.pem", &server.ca_pem);
    let target = format!(
        "[target.ours]\nendpoint = \"{}\"\nhttp-endpoint = \"{}\"\nca-file = \"ca.pem\"\nregion = \"us-east-1\"\n\
         jobs = 2\nrate = \"500/s\"\nfeatures = {{ policy = \"no\" }}\n",
        server.endpoint, server.http_endpoint
    );
    folder.write("ssec.toml", &target);
    let arguments = ["run", "--target", "ours", "-v", CASE];
    let told = |more: &[&str], environment: &[(&str, &str)]| {
        let arguments = [&arguments[..], more].concat();
        let mut command = command(&arguments);
        command
            .current_dir(&folder.0)
            .env("XDG_STATE_HOME", &folder.0);
        command.envs(environment.iter().copied());
        let output = command.output().expect("the command can be run");
        printed(&arguments, &output, 0)
    };
    let (out, err) = told(&[], &[]);
    assert!(
        out.contains(", 2 at a time, ") && out.contains("3 pass"),
        "{out}"
    );
    for line in [
        "setting jobs = 2 (ssec.toml:6)",
        "setting rate = 500/s (ssec.toml:7)",
        "setting feature = policy=false (ssec.toml:8)",
        "setting ca-file = ca.pem (ssec.toml:4)",
    ] {
        assert!(err.contains(line), "{line}\n---\n{err}");
    }
    let (out, err) = told(&[], &[("SSEC_JOBS", "3")]);
    assert!(
        out.contains(", 3 at a time, ") && err.contains("jobs = 3 (SSEC_JOBS)"),
        "{err}"
    );
    let (out, err) = told(&["--jobs", "4"], &[("SSEC_JOBS", "3")]);
    assert!(
        out.contains(", 4 at a time, ") && err.contains("jobs = 4 (--jobs)"),
        "{err}"
    );
}

#[test]
fn a_mistake_in_the_file_is_shown_where_it_stands() {
    let folder = Folder::new("mistake");
    folder.write(
        "x.toml",
        "[target.ours]\nendpoint = \"https://127.0.0.1:1\"\nregoin = \"x\"\n",
    );
    let path = folder.0.join("x.toml");
    let (_, err) = check(&["run", "--config", text(&path), "--target", "ours"], 2);
    assert!(
        err.contains("x.toml:3:1: a target has no field `regoin`"),
        "{err}"
    );
    assert!(err.contains("did you mean `region`?"), "{err}");
    folder.write(
        "x.toml",
        "[target.ours]\nendpoint = \"https://127.0.0.1:1\"\n",
    );
    let (_, err) = check(&["run", "--config", text(&path), "--target", "their"], 2);
    assert!(err.contains("has no target `their`; it has: ours"), "{err}");
    check(&["run", "--config", text(&path)], 2);
    check(&["run", "--target", "ours"], 2);
}

#[test]
fn a_mistake_in_the_environment_is_named_too() {
    for (name, value) in [
        ("SSEC_ENDPOINT", "localhost"),
        ("SSEC_JOBS", "0"),
        ("SSEC_RATE", "fast"),
        ("SSEC_GATE", "loose"),
        ("SSEC_FEATURES", "coppy=no"),
    ] {
        let arguments = ["run", CASE];
        let mut command = command(&arguments);
        if name != "SSEC_ENDPOINT" {
            command.env("SSEC_ENDPOINT", "https://127.0.0.1:1");
        }
        let output = command
            .env(name, value)
            .output()
            .expect("the command can be run");
        let (_, err) = printed(&arguments, &output, 2);
        assert!(err.contains(name), "{name}: {err}");
    }
}

#[test]
fn profiles_come_from_both_of_awss_files() {
    let server = Watched::start(&[]);
    let folder = Folder::new("profiles");
    folder.write("ca.pem", &server.ca_pem);
    folder.write(
        "config",
        "[profile ours]\nregion = us-east-1\n[profile sso]\nsso_session = work\n",
    );
    let secret = crate::support::command::SECRET;
    folder.write(
        "credentials",
        &format!("[ours]\naws_access_key_id = somebody\naws_secret_access_key = {secret}\n"),
    );
    let ca = folder.0.join("ca.pem");
    let run = |profile: &str, code: i32| {
        let arguments = [
            "run",
            "--endpoint",
            &server.endpoint,
            "--ca-file",
            text(&ca),
            "--profile",
            profile,
            CASE,
        ];
        let output = command(&arguments)
            .env_remove("AWS_ACCESS_KEY_ID")
            .env_remove("AWS_SECRET_ACCESS_KEY")
            .env("AWS_CONFIG_FILE", folder.0.join("config"))
            .env("AWS_SHARED_CREDENTIALS_FILE", folder.0.join("credentials"))
            .env("XDG_STATE_HOME", &folder.0)
            .output();
        printed(&arguments, &output.expect("the command can be run"), code)
    };
    run("ours", 0);
    let (_, err) = run("sso", 2);
    assert!(
        err.contains("aws configure export-credentials --profile sso"),
        "{err}"
    );
}
