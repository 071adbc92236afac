//! The reference server with somebody watching: what was asked and how it was answered, in order.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use ssec_reference::body::Body;
use ssec_reference::service::{Answer, Request, Response, Service};
use ssec_reference::sigv4::Credentials;
use ssec_reference::{Config, Handle};

use crate::support::command::SECRET;

/// A request and its answer.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) at: Instant,
    pub(crate) method: String,
    /// Path and query as they were sent.
    pub(crate) target: String,
    pub(crate) authorization: String,
    pub(crate) status: u16,
}

impl Seen {
    /// The bucket, and the key if there is one.
    pub(crate) fn place(&self) -> (&str, Option<&str>) {
        let path = self.target.split('?').next().unwrap_or_default();
        let path = path.trim_start_matches('/');
        match path.split_once('/') {
            Some((bucket, key)) if !key.is_empty() => (bucket, Some(key)),
            Some((bucket, _)) => (bucket, None),
            None => (path, None),
        }
    }
}

type Log = Arc<Mutex<Vec<Seen>>>;
/// Answers in place of the server, if it likes; it gets what was seen so far, and what is asked.
pub(crate) type Meddle = dyn Fn(&[Seen], &Request) -> Option<Response> + Send + Sync;

/// A running server.
pub(crate) struct Watched {
    pub(crate) endpoint: String,
    pub(crate) http_endpoint: String,
    pub(crate) ca_pem: String,
    log: Log,
    _handle: Handle,
    _runtime: tokio::runtime::Runtime,
}

impl Watched {
    pub(crate) fn start(buckets: &[&str]) -> Self {
        Self::slow(buckets, Duration::ZERO, |_, _| None)
    }

    /// The same; every answer takes a while, and somebody meddles.
    pub(crate) fn slow(
        buckets: &[&str],
        delay: Duration,
        meddle: impl Fn(&[Seen], &Request) -> Option<Response> + Send + Sync + 'static,
    ) -> Self {
        let log = Log::default();
        let watcher = Watcher {
            log: Arc::clone(&log),
            delay,
            meddle: Arc::new(meddle),
        };
        let config = Config {
            buckets: buckets.iter().map(ToString::to_string).collect(),
            credentials: vec![Credentials::new("somebody", SECRET)],
            service_layers: vec![Box::new(move |inner| Arc::new(Layer { inner, watcher }))],
            ..Config::default()
        };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime starts");
        let handle = runtime
            .block_on(ssec_reference::start(config))
            .expect("the reference starts");
        Self {
            endpoint: handle.https_url(),
            http_endpoint: handle.http_url().expect("it listens on http too"),
            ca_pem: handle.ca_pem().to_owned(),
            log,
            _handle: handle,
            _runtime: runtime,
        }
    }

    /// Everything so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.log.lock().expect("nobody panicked").clone()
    }
}

struct Watcher {
    log: Log,
    delay: Duration,
    meddle: Arc<Meddle>,
}

struct Layer {
    inner: Arc<dyn Service>,
    watcher: Watcher,
}

impl Service for Layer {
    fn call(&self, request: Request) -> Answer<'_> {
        let header = request.headers().get("authorization");
        let authorization = header
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        let mut seen = Seen {
            at: Instant::now(),
            method: request.method().to_string(),
            target: request.uri().to_string(),
            authorization,
            status: 0,
        };
        let before = self.watcher.log.lock().expect("nobody panicked").clone();
        let meddled = (self.watcher.meddle)(&before, &request);
        let answer: Pin<Box<dyn Future<Output = Response> + Send + '_>> = match meddled {
            Some(response) => Box::pin(std::future::ready(response)),
            None => self.inner.call(request),
        };
        Box::pin(async move {
            tokio::time::sleep(self.watcher.delay).await;
            let answer = answer.await;
            seen.status = answer.status().as_u16();
            self.watcher.log.lock().expect("nobody panicked").push(seen);
            answer
        })
    }
}

/// An S3 error.
pub(crate) fn error(status: u16, code: &str) -> Response {
    let xml = format!("<Error><Code>{code}</Code><Message>no</Message></Error>");
    http::Response::builder()
        .status(status)
        .body(Body::from_bytes(xml))
        .expect("a status makes an answer")
}
