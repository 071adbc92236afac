//! Requests that no client library would send: every byte is written here, and the answer is read with
//! limits on all of it. One connection each.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Buf as _, Bytes, BytesMut};
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::name::Names;
use super::ordinary::text;
use super::{Timeouts, TransportError};
use crate::wire::{BODY_LEN_MAX, HEAD_LEN_MAX, HEADERS_MAX, Headers, Request, Response, Scheme};

/// How long a client waits for `100 Continue` before it sends the body all the same.
const CONTINUE_WAIT: Duration = Duration::from_secs(1);
/// Digits and extensions of a chunk's size line.
const CHUNK_LINE_LEN_MAX: usize = 1024;

#[derive(Debug)]
pub(super) struct Client {
    tls: Arc<rustls::ClientConfig>,
    names: Names,
    timeouts: Timeouts,
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
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
        .unwrap_or(Err(TransportError::Timeout {
            limit
        }))
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
    let mut connection = Connection {
        stream,
        buffer: BytesMut::new(),
    };
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

struct Connection {
    stream: Box<dyn Stream>,
    buffer: BytesMut,
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

    /// The head of the next answer that is no `1xx`.
    async fn read_final_head(&mut self) -> Result<(u16, Headers), TransportError> {
        loop {
            let (status, headers) = self.read_head().await?;
            if status >= 200 {
                return Ok((status, headers));
            }
        }
    }

    async fn read_head(&mut self) -> Result<(u16, Headers), TransportError> {
        loop {
            if let Some((head_len, status, headers)) = parse_head(&self.buffer)? {
                self.buffer.advance(head_len);
                return Ok((status, headers));
            }
            if self.buffer.len() > HEAD_LEN_MAX {
                return Err(TransportError::TooLong { max: HEAD_LEN_MAX });
            }
            if !self.read_more().await? {
                return Err(TransportError::Closed);
            }
        }
    }

    async fn read_answer(
        &mut self,
        request: &Request,
        status: u16,
        headers: Headers,
    ) -> Result<Response, TransportError> {
        let bodiless = request.method == "HEAD" || status == 204 || status == 304;
        let chunked = headers
            .all("transfer-encoding")
            .any(|value| value.to_ascii_lowercase().contains("chunked"));
        let length = headers.get("content-length").map(str::trim);
        let body = match length {
            _ if bodiless => Bytes::new(),
            _ if chunked => self.read_chunked().await?,
            Some(length) => {
                let length = length
                    .parse()
                    .map_err(|_| TransportError::Garbage("Content-Length".to_owned()))?;
                self.read_exactly(length).await?
            }
            None => self.read_to_end().await?,
        };
        Ok(Response {
            status,
            headers,
            body,
        })
    }

    async fn read_exactly(&mut self, length: usize) -> Result<Bytes, TransportError> {
        if length > BODY_LEN_MAX {
            return Err(TransportError::TooLong { max: BODY_LEN_MAX });
        }
        while self.buffer.len() < length {
            if !self.read_more().await? {
                return Err(TransportError::HalfBody);
            }
        }
        Ok(self.buffer.split_to(length).freeze())
    }

    async fn read_chunked(&mut self) -> Result<Bytes, TransportError> {
        let mut body = BytesMut::new();
        loop {
            let line = self.read_line().await?;
            let digits = line.split(';').next().unwrap_or_default().trim();
            let size = usize::from_str_radix(digits, 16)
                .map_err(|_| TransportError::Garbage("a chunk's size".to_owned()))?;
            if size == 0 {
                while !self.read_line().await?.is_empty() {}
                return Ok(body.freeze());
            }
            if body.len().saturating_add(size) > BODY_LEN_MAX {
                return Err(TransportError::TooLong { max: BODY_LEN_MAX });
            }
            body.extend_from_slice(&self.read_exactly(size).await?);
            self.read_line().await?;
        }
    }

    async fn read_line(&mut self) -> Result<String, TransportError> {
        loop {
            if let Some(end) = self.buffer.windows(2).position(|pair| pair == b"\r\n") {
                let line = self.buffer.split_to(end);
                self.buffer.advance(2);
                return Ok(text(&line));
            }
            if self.buffer.len() > CHUNK_LINE_LEN_MAX {
                return Err(TransportError::TooLong {
                    max: CHUNK_LINE_LEN_MAX,
                });
            }
            if !self.read_more().await? {
                return Err(TransportError::HalfBody);
            }
        }
    }

    async fn read_to_end(&mut self) -> Result<Bytes, TransportError> {
        while self.read_more().await? {
            if self.buffer.len() > BODY_LEN_MAX {
                return Err(TransportError::TooLong { max: BODY_LEN_MAX });
            }
        }
        Ok(self.buffer.split().freeze())
    }

    /// Whether anything came; a peer that closes TLS without saying so ends the answer all the same.
    async fn read_more(&mut self) -> Result<bool, TransportError> {
        match self.stream.read_buf(&mut self.buffer).await {
            Ok(count) => Ok(count > 0),
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Ok(false),
            Err(error) => Err(TransportError::from_io(&error)),
        }
    }
}

/// Length, status and headers of a complete head; `None` if more must be read.
fn parse_head(bytes: &[u8]) -> Result<Option<(usize, u16, Headers)>, TransportError> {
    let mut lines = [httparse::EMPTY_HEADER; HEADERS_MAX];
    let mut head = httparse::Response::new(&mut lines);
    let parsed = head
        .parse(bytes)
        .map_err(|error| TransportError::Garbage(error.to_string()))?;
    let httparse::Status::Complete(length) = parsed else {
        return Ok(None);
    };
    let headers = head
        .headers
        .iter()
        .map(|line| (line.name.to_owned(), text(line.value)))
        .collect();
    Ok(Some((length, head.code.unwrap_or_default(), headers)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Framing;

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
