//! The gate in somebody's pipeline: baselines, target files, pace, manners, transcripts.

#[path = "../support/mod.rs"]
#[expect(
    dead_code,
    reason = "shared with tests/cli.rs, which needs other parts of it"
)]
mod support;

mod baselines;
mod manners;
mod pace;
mod secrets;
mod targets;
mod watched;

use support::command::{Folder, command, printed, text};
use watched::Watched;

/// Runs against a server with its certificate; `more` are further arguments.
#[track_caller]
fn run(server: &Watched, folder: &Folder, more: &[&str], code: i32) -> (String, String) {
    let arguments = arguments(server, folder, more);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let output = command(&arguments)
        .env("XDG_STATE_HOME", &folder.0)
        .output();
    printed(&arguments, &output.expect("the command can be run"), code)
}

fn arguments(server: &Watched, folder: &Folder, more: &[&str]) -> Vec<String> {
    folder.write("ca.pem", &server.ca_pem);
    let ca = folder.0.join("ca.pem");
    let first = [
        "run",
        "--endpoint",
        &server.endpoint,
        "--ca-file",
        text(&ca),
    ];
    first.iter().chain(more).map(ToString::to_string).collect()
}
