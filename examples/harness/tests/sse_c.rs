//! The whole SSE-C suite against this crate's server: `cargo test --test sse_c`, or one area of it with `get/`.

use ssec::Target;
use ssec::harness::Harness;
use ssec::target::{Credentials, Trust};
use ssec_harness_example::{ACCESS_KEY_ID, SECRET_ACCESS_KEY, start};

fn main() -> std::process::ExitCode {
    Harness::new().run(async || {
        let server = start().await.expect("the server starts");
        let credentials = Credentials::new(ACCESS_KEY_ID, SECRET_ACCESS_KEY, None);
        let mut target = Target::new(server.https_url().parse().expect("a URL"), credentials);
        target.http_endpoint = server.http_url().map(|url| url.parse().expect("a URL"));
        target.trust = Trust::Pem(server.ca_pem().into());
        (target, server)
    })
}
