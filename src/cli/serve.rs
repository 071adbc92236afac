//! `ssec serve`: the reference server, until it is interrupted.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use ssec::bundled::{self, Bundled, Options};
use ssec::exit;

use super::signals::Signals;
use super::{complain, variable};

/// Serve the reference: a strict S3 endpoint with S3's own SSE-C errors.
///
/// Credentials are taken from SSEC_ACCESS_KEY_ID and SSEC_SECRET_ACCESS_KEY (default: ssec, ssec-secret-key). When it
/// is ready it prints what to export for the AWS CLI and the SDKs, and serves until Ctrl-C.
#[derive(Args)]
pub(super) struct Serve {
    /// Where https listens; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value_t = SocketAddr::new(LOOPBACK, 9443))]
    https: SocketAddr,
    /// Where plain http listens, where SSE-C is refused; `off` for nowhere
    #[arg(long, value_name = "ADDRESS|off", default_value = "127.0.0.1:9080", value_parser = address_or_off)]
    http: Listen,
    /// What virtual-host names end in: BUCKET.DOMAIN
    #[arg(long, default_value = "s3.localhost")]
    domain: String,
    /// A bucket that exists from the start; repeatable
    #[arg(long = "bucket", value_name = "NAME")]
    buckets: Vec<String>,
    /// Keep objects in this folder instead of in memory
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Write the certificate of the self-made authority to this file (default: a temporary file)
    #[arg(long, value_name = "FILE")]
    ca_out: Option<PathBuf>,
    /// Which implementation of AES-256-GCM seals the objects
    #[arg(long, value_enum, default_value_t = Cipher::Ring)]
    cipher: Cipher,
    /// Break it with this saboteur (see `ssec list --saboteurs`); repeatable
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    sabotage: Vec<String>,
    /// New buckets block SSE-C until PutBucketEncryption allows it, as on S3 since April 2026
    #[arg(long)]
    block_sse_c_by_default: bool,
}

const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

#[derive(Clone, Copy, ValueEnum)]
enum Cipher {
    Ring,
    AesGcm,
}

#[derive(Clone, Copy)]
enum Listen {
    At(SocketAddr),
    Off,
}

fn address_or_off(text: &str) -> Result<Listen, String> {
    match text {
        "off" => Ok(Listen::Off),
        _ => text
            .parse()
            .map(Listen::At)
            .map_err(|error: std::net::AddrParseError| error.to_string()),
    }
}

/// Serves until interrupted.
pub(super) async fn serve(arguments: Serve) -> u8 {
    let mut signals = match Signals::listen() {
        Ok(signals) => signals,
        Err(error) => {
            return complain(
                exit::INTERNAL,
                &format!("cannot listen for Ctrl-C: {error}"),
            );
        }
    };
    let ca_out = arguments.ca_out.clone();
    let server = match bundled::start(options(arguments)).await {
        Ok(server) => server,
        Err(error) => return complain(exit::USAGE, &format!("cannot serve: {error}")),
    };
    let temporary = ca_out.is_none();
    let ca_file = ca_out.unwrap_or_else(|| {
        std::env::temp_dir().join(format!("ssec-ca-{}.pem", std::process::id()))
    });
    if let Err(error) = std::fs::write(&ca_file, server.ca_pem()) {
        let text = format!("cannot write {}: {error}", ca_file.display());
        return complain(exit::USAGE, &text);
    }
    // Whoever reads may have gone away; the server is what was asked for.
    let _ = announce(&server, &ca_file);
    signals.any().await;
    server.stop().await;
    if temporary {
        let _ = std::fs::remove_file(&ca_file);
    }
    exit::OK
}

fn options(arguments: Serve) -> Options {
    let mut options = Options {
        https: arguments.https,
        http: match arguments.http {
            Listen::At(address) => Some(address),
            Listen::Off => None,
        },
        domain: arguments.domain,
        buckets: arguments.buckets,
        data: arguments.data,
        cipher: match arguments.cipher {
            Cipher::Ring => bundled::Cipher::Ring,
            Cipher::AesGcm => bundled::Cipher::AesGcm,
        },
        block_sse_c_by_default: arguments.block_sse_c_by_default,
        sabotage: arguments.sabotage,
        ..Options::default()
    };
    if let Some(id) = variable("SSEC_ACCESS_KEY_ID") {
        options.access_key_id = id;
    }
    if let Some(secret) = variable("SSEC_SECRET_ACCESS_KEY") {
        options.secret_access_key = secret;
    }
    options
}

/// What to export, in a form that a shell takes; a secret that was given is referred to, not repeated.
fn announce(server: &Bundled, ca_file: &Path) -> io::Result<()> {
    use io::Write as _;
    let given = |name: &str, default: &str| match variable(name) {
        Some(_) => format!("\"${name}\""),
        None => default.to_owned(),
    };
    let mut out = io::stdout().lock();
    if let Some(http) = server.http_url() {
        writeln!(out, "# plain http, where SSE-C is refused: {http}")?;
    }
    writeln!(out, "export AWS_ENDPOINT_URL_S3={}", server.https_url())?;
    writeln!(out, "export AWS_CA_BUNDLE={}", ca_file.display())?;
    writeln!(out, "export NODE_EXTRA_CA_CERTS={}", ca_file.display())?;
    writeln!(
        out,
        "export AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1"
    )?;
    let id = given("SSEC_ACCESS_KEY_ID", bundled::ACCESS_KEY_ID);
    writeln!(out, "export AWS_ACCESS_KEY_ID={id}")?;
    let secret = given("SSEC_SECRET_ACCESS_KEY", bundled::SECRET_ACCESS_KEY);
    writeln!(out, "export AWS_SECRET_ACCESS_KEY={secret}")?;
    writeln!(out, "# ready; Ctrl-C ends it")?;
    out.flush()
}
