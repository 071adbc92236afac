//! Requests that no client library would send: every byte is written here, and the answer is read with
//! limits on all of it. One connection each.

use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::name::Names;
use super::reader::Connection;
use super::{Timeouts, TransportError};
use crate::wire::{Request, Response, Scheme};

/// How long a client waits for `100 Continue` before it sends the body all the same.
const CONTINUE_WAIT: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub(super) struct Client {
    tls: Arc<rustls::ClientConfig>,
    names: Names,
    timeouts: Timeouts,
}

pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

impl Client {
    pub(super) fn new(tls: Arc<rustls::ClientConfig>, names: Names, timeouts: Timeouts) -> Self {
        Self {
            tls,
            names,
            timeouts,
        }
    }

    pub(super) async fn send(&self, request: &Request) -> Result<Response, TransportError> {
        let stream = within(self.timeouts.connect, self.connect(request)).await?;
        within(self.timeouts.exchange, exchange(stream, request)).await
    }

    async fn connect(&self, request: &Request) -> Result<Box<dyn Stream>, TransportError> {
        let (host, port) = host_and_port(request);
        let found = self.names.resolve(host, port).await;
        let addresses = found.map_err(|_| TransportError::Name(host.to_owned()))?;
        let tcp = TcpStream::connect(&addresses[..])
            .await
            .map_err(|error| TransportError::from_io(&error))?;
        tcp.set_nodelay(true)
            .map_err(|error| TransportError::from_io(&error))?;
        if request.scheme == Scheme::Http {
            return Ok(Box::new(tcp));
        }
        let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned())
            .map_err(|error| TransportError::Name(error.to_string()))?;
        let connector = TlsConnector::from(Arc::clone(&self.tls));
        let tls = connector
            .connect(name, tcp)
            .await
            .map_err(|error| TransportError::from_io(&error))?;
        Ok(Box::new(tls))
    }
}

async fn within<T>(
    limit: Duration,
    work: impl Future<Output = Result<T, TransportError>>,
) -> Result<T, TransportError> {
    timeout(limit, work)
        .await
        .unwrap_or(Err(TransportError::Timeout { limit }))
}

fn host_and_port(request: &Request) -> (&str, u16) {
    let authority = request.authority.as_str();
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => {
            (host, port.parse().unwrap_or(request.scheme.default_port()))
        }
        _ => (authority, request.scheme.default_port()),
    }
}

async fn exchange(stream: Box<dyn Stream>, request: &Request) -> Result<Response, TransportError> {
    let mut connection = Connection::new(stream);
    let head = head(request);
    connection
        .stream
        .write_all(&head)
        .await
        .map_err(|error| TransportError::from_io(&error))?;
    connection
        .stream
        .flush()
        .await
        .map_err(|error| TransportError::from_io(&error))?;
    if request.headers.get("expect").is_some()
        && let Ok(early) = timeout(CONTINUE_WAIT, connection.read_head()).await
        && let (status, headers) = early?
        && status != 100
    {
        return connection.read_answer(request, status, headers).await;
    }
    let body = match request.framing.stop_after {
        Some(stop) => request.body.slice(
            ..request
                .body
                .len()
                .min(usize::try_from(stop).unwrap_or(usize::MAX)),
        ),
        None => request.body.clone(),
    };
    // A server may refuse and close before it has read the body: the answer counts, not the broken pipe.
    let written = connection
        .write_body(&body, request.framing.stop_after.is_some())
        .await;
    match connection.read_final_head().await {
        Ok((status, headers)) => connection.read_answer(request, status, headers).await,
        Err(error) => Err(written.err().unwrap_or(error)),
    }
}

/// Request line and headers: those named in `first`, then Host and the others, then the raw lines.
fn head(request: &Request) -> Vec<u8> {
    let mut lines = Vec::new();
    if request.headers.get("host").is_none() {
        lines.push(("Host", request.authority.as_str()));
    }
    lines.extend(request.headers.iter());
    let length = request.body.len().to_string();
    let has_length = request.headers.get("content-length").is_some()
        || request.headers.get("transfer-encoding").is_some()
        || request
            .framing
            .lines
            .iter()
            .any(|line| line.to_ascii_lowercase().starts_with("content-length"));
    let needs_length =
        !request.body.is_empty() || matches!(request.method.as_str(), "PUT" | "POST");
    if needs_length && !has_length {
        lines.push(("Content-Length", length.as_str()));
    }
    if request.headers.get("connection").is_none() {
        lines.push(("Connection", "close"));
    }
    let rank = |name: &str| {
        let first = &request.framing.first;
        first
            .iter()
            .position(|wanted| wanted.eq_ignore_ascii_case(name))
            .unwrap_or(first.len())
    };
    lines.sort_by_key(|(name, _)| rank(name));
    let mut head = format!("{} {} HTTP/1.1\r\n", request.method, request.target());
    for (name, value) in lines {
        head.extend([name, ": ", value, "\r\n"]);
    }
    for line in &request.framing.lines {
        head.extend([line.as_str(), "\r\n"]);
    }
    head.push_str("\r\n");
    head.into_bytes()
}

impl Connection {
    async fn write_body(&mut self, body: &[u8], close: bool) -> Result<(), TransportError> {
        let failed = |error: std::io::Error| TransportError::from_io(&error);
        self.stream.write_all(body).await.map_err(failed)?;
        self.stream.flush().await.map_err(failed)?;
        if close {
            self.stream.shutdown().await.map_err(failed)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use tokio::io::AsyncReadExt as _;

    use super::super::ordinary::text;
    use super::*;
    use crate::wire::{BODY_LEN_MAX, Framing, Headers};

    fn request(method: &str, framing: Framing) -> Request {
        Request {
            scheme: Scheme::Https,
            authority: "h:9".to_owned(),
            method: method.to_owned(),
            path: "/b/../k".to_owned(),
            query: "a&b=1".to_owned(),
            headers: [
                ("X-A".to_owned(), "1".to_owned()),
                ("x-a".to_owned(), "2".to_owned()),
            ]
            .into_iter()
            .collect(),
            body: Bytes::from_static(b"0123456789"),
            trailers: Headers::default(),
            framing,
        }
    }

    #[test]
    fn the_head_goes_out_as_written() {
        let framing = Framing {
            first: vec!["x-a".to_owned()],
            lines: vec!["odd line".to_owned()],
            ..Framing::default()
        };
        assert_eq!(
            text(&head(&request("PUT", framing))),
            "PUT /b/../k?a&b=1 HTTP/1.1\r\nX-A: 1\r\nx-a: 2\r\nHost: h:9\r\nContent-Length: 10\r\n\
             Connection: close\r\nodd line\r\n\r\n"
        );
    }

    /// Answers `reply` to whatever comes, and returns what the client makes of it.
    async fn check(
        method: &str,
        reply: &'static [u8],
        expected: Result<(u16, &[u8]), TransportError>,
    ) {
        let (client, mut server) = tokio::io::duplex(64 * 1024);
        let server = async move {
            let _ = server.read(&mut [0; 4096]).await;
            let _ = server.write_all(reply).await;
        };
        let request = request(method, Framing::default());
        let (answer, ()) = tokio::join!(exchange(Box::new(client), &request), server);
        assert_eq!(
            answer.map(|answer| (answer.status, answer.body)),
            expected.map(|(s, b)| (s, b.to_vec().into()))
        );
    }

    #[tokio::test]
    async fn answers_are_read_in_every_framing() {
        check(
            "GET",
            b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
            Ok((200, b"hi")),
        )
        .await;
        check(
            "HEAD",
            b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n",
            Ok((200, b"")),
        )
        .await;
        check(
            "GET",
            b"HTTP/1.1 200 OK\r\n\r\nuntil the end",
            Ok((200, b"until the end")),
        )
        .await;
        check("GET", b"HTTP/1.1 304 Not Modified\r\n\r\n", Ok((304, b""))).await;
        check(
            "PUT",
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n",
            Ok((403, b"")),
        )
        .await;
        let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nt: 1\r\n\r\n";
        check("GET", chunked, Ok((200, b"abcde"))).await;
    }

    #[tokio::test]
    async fn what_is_no_answer_is_an_error() {
        check("GET", b"", Err(TransportError::Closed)).await;
        check(
            "GET",
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhi",
            Err(TransportError::HalfBody),
        )
        .await;
        let garbage = Err(TransportError::Garbage("invalid HTTP version".to_owned()));
        check("GET", b"SSH-2.0-OpenSSH\r\n", garbage).await;
        let endless = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n";
        check(
            "GET",
            endless,
            Err(TransportError::TooLong { max: BODY_LEN_MAX }),
        )
        .await;
        let chunks = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n";
        check(
            "GET",
            chunks,
            Err(TransportError::Garbage("a chunk's size".to_owned())),
        )
        .await;
    }
}
