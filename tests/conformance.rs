//! Every case as one trial of `cargo test`, against one bundled reference per process.
//!
//! Environment: `SSEC_ENDPOINT` (with `SSEC_HTTP_ENDPOINT`, `SSEC_CA_FILE` and AWS credentials) points elsewhere, and
//! then the gate is `safe`, and slow cases are ignored unless asked for with `--ignored`. `SSEC_SHUFFLE=SEED` puts the
//! trials into another order. The rest is `ssec::harness`.

use std::env;
use std::process::ExitCode;

use ssec::Target;
use ssec::bundled;
use ssec::harness::Harness;
use ssec::keys::Seed;
use ssec::target::{Addressing, Credentials, Trust};
use ssec::verdict::Gate;

fn main() -> ExitCode {
    let mut harness = Harness::new();
    if let Ok(seed) = env::var("SSEC_SHUFFLE") {
        harness = harness.shuffle(Seed::new(seed));
    }
    match elsewhere() {
        Some(target) => harness.run(async || (target, ())),
        None => harness.gate(Gate::Exact).full().run(async || {
            let options = bundled::Options::to_judge(Addressing::Path);
            let server = bundled::start(options).await.expect("the reference starts");
            (server.target(), server)
        }),
    }
}

/// Somebody's endpoint, if the environment names one.
fn elsewhere() -> Option<Target> {
    let endpoint = env::var("SSEC_ENDPOINT").ok()?;
    let needed = |name: &str| {
        env::var(name).unwrap_or_else(|_| panic!("{name} is needed beside SSEC_ENDPOINT"))
    };
    let credentials = Credentials::new(
        needed("AWS_ACCESS_KEY_ID"),
        needed("AWS_SECRET_ACCESS_KEY"),
        env::var("AWS_SESSION_TOKEN").ok(),
    );
    let mut target = Target::new(
        endpoint.parse().expect("SSEC_ENDPOINT is an endpoint"),
        credentials,
    );
    target.http_endpoint = env::var("SSEC_HTTP_ENDPOINT")
        .ok()
        .map(|url| url.parse().expect("SSEC_HTTP_ENDPOINT is an endpoint"));
    if let Ok(path) = env::var("SSEC_CA_FILE") {
        target.trust = Trust::Pem(std::fs::read(path).expect("SSEC_CA_FILE can be read"));
    }
    Some(target)
}
