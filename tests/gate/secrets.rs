//! No credential and no signature is in any output: looked for by value, at every verbosity.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use crate::support::command::{Folder, SECRET, command, text};
use crate::support::{Asked, StandIn, ok};
use crate::watched::Watched;

const TOKEN: &str = "the-session-token/of+somebody==";
const ID: &str = "AKIDSOMEBODY";

/// Everything that a run writes: standard output and error, reports in every form, transcripts.
fn everything(
    endpoint: &str,
    ca_pem: &str,
    folder: &Folder,
    environment: &[(&str, &str)],
    more: &[&str],
) -> Vec<(String, String)> {
    folder.write("ca.pem", ca_pem);
    let (ca, traces) = (folder.0.join("ca.pem"), folder.0.join("traces"));
    let mut arguments = vec![
        "run",
        "-vv",
        "--endpoint",
        endpoint,
        "--ca-file",
        text(&ca),
        "--trace",
        text(&traces),
    ];
    let formats = ["json", "junit", "markdown", "github", "html"];
    let formats =
        formats.map(|name| format!("{name}={}", text(&folder.0.join(format!("report.{name}")))));
    arguments.extend(["--format", "human"]);
    arguments.extend(
        formats
            .iter()
            .flat_map(|format| ["--format", format.as_str()]),
    );
    arguments.extend(more);
    let mut command = command(&arguments);
    let output = command
        .env("XDG_STATE_HOME", &folder.0)
        .envs(environment.iter().copied())
        .output();
    let output = output.expect("the command can be run");
    assert!(
        matches!(output.status.code(), Some(0 | 1)),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let mut texts = vec![
        (
            "stdout".to_owned(),
            String::from_utf8_lossy(&output.stdout).into_owned(),
        ),
        (
            "stderr".to_owned(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        ),
    ];
    collect(&folder.0, &mut texts);
    texts
}

/// The text of every file below a folder.
fn collect(folder: &Path, texts: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("it can be listed").flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, texts);
        } else {
            let text = fs::read(&path).expect("it can be read");
            texts.push((text_of(&path), String::from_utf8_lossy(&text).into_owned()));
        }
    }
}

fn text_of(path: &Path) -> String {
    path.display().to_string()
}

#[track_caller]
fn holds_none_of(texts: &[(String, String)], secrets: &BTreeSet<String>) {
    for (name, text) in texts {
        for secret in secrets {
            assert!(!text.contains(secret.as_str()), "{name} holds {secret}");
        }
    }
}

/// What follows a mark, up to the next character that is none of a signature.
fn after<'t>(text: &'t str, mark: &'t str) -> impl Iterator<Item = String> + 't {
    text.split(mark).skip(1).map(|rest| {
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "%/+=".contains(c)));
        rest[..end.unwrap_or(rest.len())].to_owned()
    })
}

fn signatures(text: &str) -> BTreeSet<String> {
    [
        "Signature=",
        "chunk-signature=",
        "trailer-signature:",
        "name=\"x-amz-signature\"\r\n\r\n",
        "name=\"signature\"\r\n\r\n",
    ]
    .into_iter()
    .flat_map(|mark| after(text, mark))
    .filter(|signature| signature.len() >= 20)
    .collect()
}

#[test]
fn a_whole_run_shows_no_credential_and_no_signature() {
    let server = Watched::start(&[]);
    let folder = Folder::new("secrets");
    let http = server.http_endpoint.clone();
    let texts = everything(
        &server.endpoint,
        &server.ca_pem,
        &folder,
        &[],
        &["--http-endpoint", &http],
    );
    let seen = server.seen();
    let mut secrets: BTreeSet<String> = seen
        .iter()
        .flat_map(|seen| signatures(&seen.authorization))
        .collect();
    secrets.extend(seen.iter().flat_map(|seen| signatures(&seen.target)));
    assert!(secrets.len() > 500, "{} signatures", secrets.len());
    secrets.insert(SECRET.to_owned());
    holds_none_of(&texts, &secrets);

    let trace = texts
        .iter()
        .find(|(name, _)| name.contains("traces/get/keys/get-with-another-key[1KiB].http"));
    let (_, trace) = trace.expect("every case has a transcript");
    for expected in [
        "# pass: get/keys/get-with-another-key[1KiB]",
        "### 1. put (",
        "> PUT /ssec-",
        "< 403",
        "<Code>AccessDenied</Code>",
        "control: ",
    ] {
        assert!(trace.contains(expected), "{expected}\n---\n{trace}");
    }
    assert!(
        texts
            .iter()
            .any(|(name, text)| name.ends_with("traces/first-question.http")
                && text.contains("supported"))
    );
}

/// A stand-in sees bodies too: forms, and what is cut into signed chunks.
#[test]
fn session_tokens_and_signed_forms_are_not_shown_either() {
    let asked: Arc<Mutex<String>> = Arc::default();
    let log = Arc::clone(&asked);
    let stand_in = StandIn::start(move |request: &Asked| {
        let mut log = log.lock().expect("nobody panicked");
        log.push_str(&format!("{} {:?}\n", request.uri(), request.headers()));
        log.push_str(&String::from_utf8_lossy(request.body()));
        ok()
    });
    let folder = Folder::new("token");
    let environment = [("AWS_ACCESS_KEY_ID", ID), ("AWS_SESSION_TOKEN", TOKEN)];
    let texts = everything(
        &stand_in.endpoint,
        &stand_in.ca_pem,
        &folder,
        &environment,
        &["post", "presign", "checksums", "get"],
    );
    let mut secrets = signatures(&asked.lock().expect("nobody panicked"));
    assert!(secrets.len() > 50, "{} signatures", secrets.len());
    secrets
        .extend([SECRET, TOKEN, "the-session-token%2Fof%2Bsomebody%3D%3D", ID].map(str::to_owned));
    // A base64 policy that asks for the token holds it.
    let policies: Vec<String> = after(
        &asked.lock().expect("nobody panicked"),
        "name=\"policy\"\r\n\r\n",
    )
    .collect();
    assert!(!policies.is_empty(), "forms were sent");
    secrets.extend(policies.into_iter().filter(|policy| policy.len() > 20));
    holds_none_of(&texts, &secrets);
}
