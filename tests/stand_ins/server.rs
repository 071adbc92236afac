//! A server on loopback that writes what it is told to, byte by byte, and an S3 of a dozen lines.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A request as a stand-in sees it.
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines
            .filter(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
            .next()
    }
}

/// What a stand-in does about a request.
pub(crate) enum Said {
    Bytes(Vec<u8>),
    /// The same, and then the connection is closed.
    Last(Vec<u8>),
    Hang,
    Reset,
}

pub(crate) fn said(status: u16, headers: &str, body: &[u8]) -> Said {
    let head = format!(
        "HTTP/1.1 {status} X\r\n{headers}Content-Length: {}\r\n\r\n",
        body.len()
    );
    Said::Bytes([head.as_bytes(), body].concat())
}

pub(crate) fn refused(status: u16, code: &str) -> Said {
    let body = format!("<Error><Code>{code}</Code><Message>no</Message></Error>");
    said(status, "", body.as_bytes())
}

/// Serves on loopback until the test ends.
pub(crate) async fn serve(answer: impl Fn(&Asked) -> Said + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let answer = Arc::new(answer);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let answer = Arc::clone(&answer);
            tokio::spawn(async move { while converse(&mut stream, &*answer).await.is_some() {} });
        }
    });
    address
}

/// One request and its answer; `None` ends the connection.
async fn converse(
    stream: &mut TcpStream,
    answer: &(dyn Fn(&Asked) -> Said + Send + Sync),
) -> Option<()> {
    let asked = read(stream).await?;
    match answer(&asked) {
        Said::Bytes(bytes) => stream.write_all(&bytes).await.ok()?,
        Said::Last(bytes) => {
            stream.write_all(&bytes).await.ok()?;
            return None;
        }
        Said::Hang => std::future::pending().await,
        Said::Reset => return None,
    }
    (asked.method != "HEAD" && !asked.head.contains("Connection: close")).then_some(())
}

async fn read(stream: &mut TcpStream) -> Option<Asked> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at;
        }
        (stream.read_buf(&mut bytes).await.ok()? > 0).then_some(())?;
    };
    let body = bytes.split_off(end + 4);
    let head = String::from_utf8(bytes).ok()?;
    let mut words = head.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut asked = Asked {
        method,
        target,
        head,
        body,
    };
    let length = asked
        .header("content-length")
        .and_then(|length| length.parse().ok())
        .unwrap_or(0);
    while asked.body.len() < length {
        (stream.read_buf(&mut asked.body).await.ok()? > 0).then_some(())?;
    }
    Some(asked)
}

impl Said {
    /// The same with bytes flipped at the beginning: no HTTP any more.
    pub(crate) fn cut(self, from: usize) -> Self {
        match self {
            Self::Bytes(bytes) => Self::Bytes(
                [
                    &b"\x00\x01"[..],
                    &bytes[bytes.len().min(from)..],
                    b"\r\n\r\n",
                ]
                .concat(),
            ),
            other => other,
        }
    }
}

/// An S3 of a dozen lines that keeps objects and the key they came with.
#[derive(Default)]
pub(crate) struct Tiny {
    pub(crate) objects: Mutex<BTreeMap<String, Stored>>,
}

/// The key header that an object came with, and its bytes.
pub(crate) type Stored = (Option<String>, Vec<u8>);

impl Tiny {
    pub(crate) const KEY: &str = "x-amz-server-side-encryption-customer-key";

    pub(crate) fn answer(&self, asked: &Asked) -> Said {
        let mut objects = self.objects.lock().unwrap();
        let key = asked.header(Self::KEY).map(str::to_owned);
        let echo = match (
            &key,
            asked.header("x-amz-server-side-encryption-customer-key-MD5"),
        ) {
            (Some(_), Some(md5)) => format!(
                "x-amz-server-side-encryption-customer-algorithm: AES256\r\n\
                 x-amz-server-side-encryption-customer-key-MD5: {md5}\r\nETag: \"opaque\"\r\n"
            ),
            (Some(_), None) => return refused(400, "InvalidArgument"),
            _ => "ETag: \"opaque\"\r\n".to_owned(),
        };
        match asked.method.as_str() {
            "PUT" => {
                objects.insert(asked.target.clone(), (key, asked.body.clone()));
                said(200, &echo, b"")
            }
            "DELETE" if asked.target.matches('/').count() == 1 && objects.len() > 1 => {
                refused(409, "BucketNotEmpty")
            }
            "DELETE" => {
                objects.remove(&asked.target);
                said(204, "", b"")
            }
            "GET" => match objects.get(&asked.target) {
                None => refused(404, "NoSuchKey"),
                Some((Some(_), _)) if key.is_none() => refused(400, "InvalidRequest"),
                Some((stored, _)) if *stored != key => refused(403, "AccessDenied"),
                Some((_, body)) => said(200, &echo, body),
            },
            _ => refused(501, "NotImplemented"),
        }
    }
}
