//! The listeners: sockets, TLS and HTTP/1.1 framing around a [`Service`]; nothing of S3.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use crate::body::Body;
use crate::head::Transport;
use crate::service::Service;

/// How long a client may take for its request head, and for the TLS handshake.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// The largest request head, in bytes; S3 allows 8 KiB of headers, and presigned URLs are long.
const HEAD_LEN_MAX: usize = 256 * 1024;
/// The most header lines in a request.
const HEADERS_MAX: usize = 200;

/// One listener that is bound and not yet served.
#[derive(Debug)]
pub(crate) struct Listener {
    socket: TcpListener,
    address: SocketAddr,
}

impl Listener {
    /// Binds; port 0 takes a free one.
    pub(crate) async fn bind(address: SocketAddr) -> std::io::Result<Self> {
        let socket = TcpListener::bind(address).await.map_err(|error| {
            std::io::Error::new(error.kind(), format!("cannot listen on {address}: {error}"))
        })?;
        let address = socket.local_addr()?;
        Ok(Self { socket, address })
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Accepts until `stop` changes; running requests may finish.
    pub(crate) async fn serve(
        self,
        service: Arc<dyn Service>,
        tls: Option<TlsAcceptor>,
        mut stop: watch::Receiver<()>,
    ) {
        loop {
            let accepted = tokio::select! {
                accepted = self.socket.accept() => accepted,
                _ = stop.changed() => return,
            };
            match accepted {
                Ok((stream, _)) => {
                    tokio::spawn(connection(
                        stream,
                        service.clone(),
                        tls.clone(),
                        stop.clone(),
                    ));
                }
                // Out of file descriptors, most likely: give the others time to finish.
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    }
}

async fn connection(
    stream: TcpStream,
    service: Arc<dyn Service>,
    tls: Option<TlsAcceptor>,
    stop: watch::Receiver<()>,
) {
    // Without this the first answer of a TLS connection waits for a delayed ACK (40 ms).
    if stream.set_nodelay(true).is_err() {
        return;
    }
    match tls {
        None => exchange(stream, service, Transport::Plain, stop).await,
        Some(acceptor) => {
            let handshake = tokio::time::timeout(HEAD_TIMEOUT, acceptor.accept(stream)).await;
            if let Ok(Ok(stream)) = handshake {
                exchange(stream, service, Transport::Tls, stop).await;
            }
        }
    }
}

async fn exchange<S>(
    stream: S,
    service: Arc<dyn Service>,
    transport: Transport,
    mut stop: watch::Receiver<()>,
) where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let answer = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
        let service = service.clone();
        async move {
            let mut request = request.map(Body::stream);
            request.extensions_mut().insert(transport);
            Ok::<_, Infallible>(service.call(request).await)
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(HEAD_LEN_MAX)
        .max_headers(HEADERS_MAX)
        .serve_connection(TokioIo::new(stream), answer);
    tokio::pin!(connection);
    // A connection that breaks is the client's business; there is nobody to tell.
    tokio::select! {
        _ = connection.as_mut() => {}
        _ = stop.changed() => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}
