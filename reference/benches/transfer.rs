//! How fast objects go in and out over https: SSE-C against plain objects (sealed with the
//! server's key, and hashed for their MD5 ETag), both AEADs, and small reads.
//!
//! `cargo bench -p ssec-reference --bench transfer`. Client and server share this machine's
//! cores; compare the figures of one run with each other.

use std::sync::Arc;
use std::time::Instant;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use ssec_reference::seal::Cipher;
use ssec_reference::sigv4::{Credentials, resign};
use ssec_reference::{Config, Handle};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Bytes of a large object.
const BODY_LEN: usize = 64 * 1024 * 1024;
/// The best round counts: what the machine does when nobody disturbs it.
const ROUNDS: usize = 5;
/// Small reads in a round.
const READS: usize = 2000;

const TRIPLE: [(&str, &str); 3] = [
    ("x-amz-server-side-encryption-customer-algorithm", "AES256"),
    (
        "x-amz-server-side-encryption-customer-key",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    ),
    (
        "x-amz-server-side-encryption-customer-key-md5",
        "cLyPS3KoaSFGi/joRB3OUQ==",
    ),
];

type Headers = [(&'static str, &'static str)];

#[tokio::main]
async fn main() {
    println!("                 PUT 64 MiB   GET 64 MiB   GET 1 KiB   range of 1 KiB");
    for cipher in Cipher::ALL {
        let config = Config {
            cipher,
            buckets: vec!["bench".to_owned()],
            ..Config::default()
        };
        let handle = ssec_reference::start(config).await.expect("a server");
        for (kind, headers) in [("plain", &[][..]), ("SSE-C", &TRIPLE[..])] {
            let mut client = Client::connect(&handle).await;
            let line = measure(&mut client, headers).await;
            println!("{:<8} {kind:<6}  {line}", cipher.as_str());
        }
    }
}

async fn measure(client: &mut Client, headers: &Headers) -> String {
    let body = vec![7; BODY_LEN];
    client
        .send("PUT", "/bench/small", headers, &body[..1024])
        .await;
    let (mut put, mut get, mut small, mut range) = (0.0_f64, 0.0_f64, 0.0_f64, 0.0_f64);
    for _ in 0..ROUNDS {
        let started = Instant::now();
        client.send("PUT", "/bench/large", headers, &body).await;
        put = put.max(BODY_LEN as f64 / started.elapsed().as_secs_f64() / 1e9);
        let started = Instant::now();
        assert_eq!(
            client.send("GET", "/bench/large", headers, &[]).await,
            BODY_LEN
        );
        get = get.max(BODY_LEN as f64 / started.elapsed().as_secs_f64() / 1e9);
        small = small.max(client.reads("/bench/small", headers).await);
        let ranged = [headers, &[("range", "bytes=33554432-33555455")]].concat();
        range = range.max(client.reads("/bench/large", &ranged).await);
    }
    format!("{put:5.2} GB/s   {get:5.2} GB/s   {small:6.0}/s    {range:6.0}/s")
}

/// One connection that sends signed requests and counts the bytes of answers.
struct Client {
    stream: TlsStream<TcpStream>,
    buffer: Vec<u8>,
    host: String,
}

impl Client {
    async fn connect(handle: &Handle) -> Self {
        let mut roots = rustls::RootCertStore::empty();
        let authority = CertificateDer::from_pem_slice(handle.ca_pem().as_bytes());
        roots
            .add(authority.expect("a certificate"))
            .expect("an authority");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("TLS versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        let stream = TcpStream::connect(handle.https_addr())
            .await
            .expect("a socket");
        stream.set_nodelay(true).expect("an option");
        let name = ServerName::try_from("localhost").expect("a name");
        let connector = TlsConnector::from(Arc::new(config));
        Self {
            stream: connector.connect(name, stream).await.expect("a handshake"),
            buffer: vec![0; 256 * 1024],
            host: format!("localhost:{}", handle.https_addr().port()),
        }
    }

    /// Small reads per second.
    async fn reads(&mut self, path: &str, headers: &Headers) -> f64 {
        let started = Instant::now();
        for _ in 0..READS {
            assert_eq!(self.send("GET", path, headers, &[]).await, 1024);
        }
        READS as f64 / started.elapsed().as_secs_f64()
    }

    async fn send(&mut self, method: &str, path: &str, headers: &Headers, body: &[u8]) -> usize {
        let mut request = http::Request::builder()
            .method(method)
            .uri(path)
            .header("host", &self.host)
            .header("x-amz-content-sha256", "UNSIGNED-PAYLOAD")
            .header("content-length", body.len());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (mut parts, ()) = request.body(()).expect("a request").into_parts();
        let credentials = Credentials::new("ssec", "ssec-secret-key");
        resign(
            &mut parts,
            &credentials,
            "us-east-1",
            time::OffsetDateTime::now_utc(),
        );
        let mut head = format!("{method} {path} HTTP/1.1\r\n");
        for (name, value) in &parts.headers {
            head += &format!("{name}: {}\r\n", value.to_str().expect("text"));
        }
        head += "\r\n";
        self.stream.write_all(head.as_bytes()).await.expect("sent");
        self.stream.write_all(body).await.expect("sent");
        self.stream.flush().await.expect("sent");
        self.answer().await
    }

    async fn answer(&mut self) -> usize {
        let mut len = 0;
        let head_len = loop {
            len += self
                .stream
                .read(&mut self.buffer[len..])
                .await
                .expect("an answer");
            let end = self.buffer[..len]
                .windows(4)
                .position(|at| at == b"\r\n\r\n");
            if let Some(end) = end {
                break end + 4;
            }
        };
        let head = String::from_utf8_lossy(&self.buffer[..head_len]).to_ascii_lowercase();
        assert!(head.starts_with("http/1.1 2"), "{head}");
        let (_, rest) = head.split_once("content-length: ").expect("a length");
        let (total, _) = rest.split_once('\r').expect("a line");
        let total: usize = total.parse().expect("a number");
        let mut got = len - head_len;
        while got < total {
            got += self.stream.read(&mut self.buffer).await.expect("a body");
        }
        total
    }
}
