//! The server as a process of its own: this test binary, run again.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child as Process, Command, Stdio};

use ssec_reference::Config;
use ssec_reference::seal::SegmentLen;

use crate::client::Client;

const DIR_VARIABLE: &str = "SSEC_KILL_DIR";
/// The bucket of the test.
pub(crate) const BUCKET: &str = "bkt";

/// A server that listens or is about to.
pub(crate) struct Child(Process);

impl Child {
    pub(crate) fn spawn(dir: &Path) -> Self {
        let process = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "child::serves_until_killed",
                "--ignored",
                "--nocapture",
            ])
            .env(DIR_VARIABLE, dir)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        Self(process.unwrap())
    }

    /// Waits until it listens, and connects.
    pub(crate) fn connect(&mut self) -> Client {
        let out = self.0.stdout.as_mut().unwrap();
        let mut lines = BufReader::new(out).lines().map(Result::unwrap);
        let ready = lines
            .by_ref()
            .find_map(|line| line.strip_prefix("ready ").map(str::to_owned));
        let port = ready.expect("the server starts").parse().unwrap();
        let pem: Vec<_> = lines.take_while(|line| !line.is_empty()).collect();
        Client::connect(port, pem.join("\n").as_bytes()).unwrap()
    }

    pub(crate) fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

#[test]
#[ignore = "only as the child of the test that kills it"]
fn serves_until_killed() {
    let Some(dir) = std::env::var_os(DIR_VARIABLE) else {
        return;
    };
    let config = Config {
        http: None,
        buckets: vec![BUCKET.to_owned()],
        data: Some(dir.into()),
        segment_len: SegmentLen::new(4096).unwrap(),
        part_len_min: 1,
        ..Config::default()
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let runtime = runtime.unwrap();
    let handle = runtime
        .block_on(ssec_reference::start(config))
        .expect("the folder is sound");
    let mut out = std::io::stdout();
    let ready = format!(
        "\nready {}\n{}\n\n",
        handle.https_addr().port(),
        handle.ca_pem().trim()
    );
    out.write_all(ready.as_bytes()).unwrap();
    out.flush().unwrap();
    // Should the parent be gone before it kills, its pipe ends, and so does this.
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
}
