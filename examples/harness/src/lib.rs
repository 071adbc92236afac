//! Stands for the crate of an S3 server. Here it is the reference; in yours it is your server.

use std::io;

use ssec_reference::sigv4::Credentials;
use ssec_reference::{Config, Handle};

/// Who may sign.
pub const ACCESS_KEY_ID: &str = "example";
/// Its secret.
pub const SECRET_ACCESS_KEY: &str = "example-secret";

/// Starts the server on free ports of loopback; it stops when the handle is dropped.
///
/// # Errors
/// When no port can be bound.
pub async fn start() -> io::Result<Handle> {
    let config = Config {
        credentials: vec![Credentials::new(ACCESS_KEY_ID, SECRET_ACCESS_KEY)],
        ..Config::default()
    };
    ssec_reference::start(config).await
}
