//! The reference server inside another program: starts it, says where it is, serves until killed.
//!
//! `cargo run -p ssec-reference --example embed -- CA_FILE [DATA_DIR]`

use std::net::SocketAddr;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let ca_file = arguments.next();
    let config = ssec_reference::Config {
        https: SocketAddr::from(([127, 0, 0, 1], 9443)),
        http: Some(SocketAddr::from(([127, 0, 0, 1], 9080))),
        data: arguments.next().map(Into::into),
        ..ssec_reference::Config::default()
    };
    let handle = ssec_reference::start(config).await?;
    if let Some(path) = ca_file {
        std::fs::write(path, handle.ca_pem())?;
    }
    println!("{} {:?}", handle.https_url(), handle.http_url());
    std::future::pending().await
}
