//! One connection over TLS, requests and answers one after the other; what breaks is an error.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::{CertificateDer, ServerName, pem::PemObject};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::child::BUCKET;
use crate::sign::{HOST, Signing};
use crate::xml::leaves;

/// A connection to the server.
pub(crate) struct Client(StreamOwned<ClientConnection, TcpStream>);

/// What came back, whole.
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Vec<u8>,
}

/// Headers of a request.
pub(crate) type Headers = Vec<(String, String)>;

impl Client {
    pub(crate) fn connect(port: u16, ca_pem: &[u8]) -> io::Result<Self> {
        let mut roots = RootCertStore::empty();
        roots
            .add(CertificateDer::from_pem_slice(ca_pem).unwrap())
            .unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider);
        let config = config.with_safe_default_protocol_versions().unwrap();
        let config = config.with_root_certificates(roots).with_no_client_auth();
        let name = ServerName::try_from(HOST).unwrap();
        let connection = ClientConnection::new(Arc::new(config), name).unwrap();
        let socket = TcpStream::connect(("127.0.0.1", port))?;
        socket.set_nodelay(true)?;
        socket.set_read_timeout(Some(Duration::from_secs(20)))?;
        Ok(Self(StreamOwned::new(connection, socket)))
    }

    /// Sends a request about the bucket, `target` without it, and reads the answer.
    pub(crate) fn ask(
        &mut self,
        method: &str,
        target: &str,
        headers: &[(String, String)],
        body: &[u8],
    ) -> io::Result<Answer> {
        let target = format!("/{BUCKET}{target}");
        let (target, added) = Signing::default().sign(method, &target, headers);
        let mut head = format!(
            "{method} {target} HTTP/1.1\r\nhost: {HOST}\r\ncontent-length: {}\r\n",
            body.len()
        );
        for (name, value) in headers.iter().chain(&added) {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        self.0.write_all(head.as_bytes())?;
        self.0.write_all(body)?;
        self.0.flush()?;
        self.answer()
    }

    fn answer(&mut self) -> io::Result<Answer> {
        let mut bytes = Vec::new();
        let end = loop {
            if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
                break end + 4;
            }
            self.more(&mut bytes)?;
        };
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let mut answer = Answer {
            status,
            head,
            body: bytes.split_off(end),
        };
        let length = answer
            .header("content-length")
            .unwrap_or("0")
            .parse()
            .unwrap();
        while answer.body.len() < length {
            self.more(&mut answer.body)?;
        }
        Ok(answer)
    }

    fn more(&mut self, bytes: &mut Vec<u8>) -> io::Result<()> {
        let mut buffer = [0; 65_536];
        match self.0.read(&mut buffer)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            len => {
                bytes.extend_from_slice(&buffer[..len]);
                Ok(())
            }
        }
    }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (given, value) = line.split_once(": ")?;
            (given == name).then_some(value)
        })
    }

    /// The texts of all XML elements of this name.
    pub(crate) fn elements(&self, name: &str) -> Vec<String> {
        let leaves = leaves(&self.body).unwrap();
        leaves
            .into_iter()
            .filter(|(given, _)| given == name)
            .map(|(_, text)| text)
            .collect()
    }

    /// The answer, which must have this status.
    #[track_caller]
    pub(crate) fn ok(self, status: u16) -> Self {
        assert_eq!(
            self.status,
            status,
            "{}{}",
            self.head,
            String::from_utf8_lossy(&self.body)
        );
        self
    }
}
