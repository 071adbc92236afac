//! Stand-in servers: a TLS listener of a dozen lines with one answer to everything.

pub(crate) mod command;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use rcgen::{CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// A request whose body was read.
pub(crate) type Asked = Request<Bytes>;
/// What a stand-in says.
pub(crate) type Said = Response<Full<Bytes>>;

/// A server on loopback that stops with the process.
pub(crate) struct StandIn {
    /// `https://localhost:PORT`
    pub(crate) endpoint: String,
    /// The authority to trust, PEM.
    pub(crate) ca_pem: String,
}

impl StandIn {
    /// Serves on a runtime of its own; `answer` gets every request.
    pub(crate) fn start(answer: impl Fn(&Asked) -> Said + Send + Sync + 'static) -> Self {
        let (acceptor, ca_pem) = identity();
        let (told, address) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime
                .expect("a runtime starts")
                .block_on(serve(acceptor, Arc::new(answer), told));
        });
        let address: SocketAddr = address.recv().expect("the stand-in listens");
        Self {
            endpoint: format!("https://localhost:{}", address.port()),
            ca_pem,
        }
    }

    /// The authority in a file, for `--ca-file`.
    pub(crate) fn ca_file(&self, dir: &std::path::Path) -> std::path::PathBuf {
        let path = dir.join("ca.pem");
        std::fs::write(&path, &self.ca_pem).expect("a temporary file can be written");
        path
    }
}

/// An answer with an S3 error document.
pub(crate) fn error(status: u16, code: &str) -> Said {
    let xml =
        format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>no</Message></Error>");
    let answer = Response::builder()
        .status(status)
        .header("content-type", "application/xml");
    answer
        .body(Full::from(xml))
        .expect("a status and one header make an answer")
}

/// An answer to everything: done, and nothing in it.
pub(crate) fn ok() -> Said {
    Response::new(Full::default())
}

type Answer = dyn Fn(&Asked) -> Said + Send + Sync;

async fn serve(tls: TlsAcceptor, answer: Arc<Answer>, told: std::sync::mpsc::Sender<SocketAddr>) {
    let listener = TcpListener::bind("127.0.0.1:0")
        .await
        .expect("loopback has a free port");
    told.send(listener.local_addr().expect("it is bound"))
        .expect("somebody waits for it");
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(connection(stream, tls.clone(), answer.clone()));
    }
}

async fn connection(stream: TcpStream, tls: TlsAcceptor, answer: Arc<Answer>) {
    let Ok(stream) = tls.accept(stream).await else {
        return;
    };
    let service = service_fn(move |request: Request<Incoming>| {
        let answer = answer.clone();
        async move {
            let (head, body) = request.into_parts();
            let body = body
                .collect()
                .await
                .map(|body| body.to_bytes())
                .unwrap_or_default();
            Ok::<_, Infallible>(answer(&Request::from_parts(head, body)))
        }
    });
    let connection = hyper::server::conn::http1::Builder::new();
    let _ = connection
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

fn identity() -> (TlsAcceptor, String) {
    let mut params = CertificateParams::new(Vec::new()).expect("no names are valid names");
    params.is_ca = IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let key = || KeyPair::generate().expect("a key pair can be made");
    let authority = CertifiedIssuer::self_signed(params, key()).expect("an authority signs itself");
    let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    let leaf = key();
    let certificate = CertificateParams::new(names)
        .and_then(|params| params.signed_by(&leaf, &authority))
        .expect("the authority signs a certificate");
    let private_key = PrivateKeyDer::Pkcs8(leaf.serialize_der().into());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring knows the default versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], private_key)
        .expect("the key belongs to the certificate");
    (TlsAcceptor::from(Arc::new(config)), authority.pem())
}
