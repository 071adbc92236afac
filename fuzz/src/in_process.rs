//! The reference without sockets, as something to play sequences against: the same clock, the same randomness,
//! so that a sequence always goes the same way.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::body::Frame;
use ssec::fuzz::{Dice, Endpoint, NoAnswer};
use ssec::plan::Planned;
use ssec::sign::Signer;
use ssec::target::{Credentials, Target};
use ssec::wire::{Request, Response, Scheme};
use ssec_reference::body::Body;
use ssec_reference::clock::Clock;
use ssec_reference::head::Transport;
use ssec_reference::random::Random;
use ssec_reference::seal::SegmentLen;
use ssec_reference::service::Service;
use ssec_reference::{Config, Reference};

/// When everything happens: 2026-01-01T00:00:00Z.
const NOW_S: u64 = 1_767_225_600;
/// The bucket of every sequence.
pub const BUCKET: &str = "fuzz";
/// Bytes of the smallest part that is not the last, as `ssec::model::Scale::TINY` has it.
const PART_LEN_MIN: u64 = 40;
/// Bytes of a segment, as `ssec::model::Scale::TINY` has it.
const SEGMENT_LEN: u32 = 16;

/// A new server with an empty bucket.
pub struct InProcess {
    service: Arc<dyn Service>,
    target: Target,
}

impl InProcess {
    /// The reference with borders everywhere.
    pub fn new() -> Self {
        Self::of(config())
    }

    /// A server of this configuration; clock and randomness are kept.
    pub fn of(config: Config) -> Self {
        let reference = Reference::open(config).expect("a server in memory opens");
        let endpoint = |url: &str| url.parse().expect("it is an endpoint");
        let credentials = Credentials::new("ssec", "ssec-secret-key", None);
        let mut target = Target::new(endpoint("https://localhost:9443"), credentials);
        target.http_endpoint = Some(endpoint("http://localhost:9080"));
        target.bundled = true;
        Self {
            service: reference.service(),
            target,
        }
    }

    /// Sends a request as it is.
    pub async fn send(&self, request: &Request) -> Result<Response, NoAnswer> {
        let silence = |error: &dyn std::fmt::Display| NoAnswer::Silence(error.to_string());
        let request = incoming(request).map_err(|error| silence(&error))?;
        let (head, body) = self.service.call(request).await.into_parts();
        let body = body.collect().await.map_err(|error| silence(&error))?;
        let text =
            |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = head.headers.iter();
        Ok(Response {
            status: head.status.as_u16(),
            headers: headers
                .map(|(name, value)| (name.to_string(), text(value)))
                .collect(),
            body: body.to_bytes(),
        })
    }
}

/// The reference with tiny segments and parts, a clock that stands still, and randomness that repeats.
pub fn config() -> Config {
    Config {
        http: None,
        buckets: vec![BUCKET.to_owned()],
        segment_len: SegmentLen::new(SEGMENT_LEN).expect("16 bytes are a segment"),
        part_len_min: PART_LEN_MIN,
        clock: Arc::new(Still),
        random: Arc::new(Repeated::default()),
        ..Config::default()
    }
}

impl Endpoint for InProcess {
    fn target(&self) -> &Target {
        &self.target
    }

    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(NOW_S)
    }

    async fn exchange(&self, _: &str, planned: Planned) -> Result<Response, NoAnswer> {
        let signer = Signer {
            credentials: &self.target.credentials,
            region: &self.target.region,
            now: self.now(),
        };
        let signed = signer.sign(planned.request, &planned.sign);
        let signed = signed.map_err(|error| NoAnswer::Over(error.to_string()))?;
        self.send(&signed).await
    }
}

/// The request as the server's listener would hand it on.
fn incoming(request: &Request) -> Result<http::Request<Body>, http::Error> {
    let mut incoming = http::Request::builder()
        .method(request.method.as_str())
        .uri(request.target())
        .header("host", &request.authority);
    for (name, value) in request.headers.iter() {
        incoming = incoming.header(name, value);
    }
    for (name, value) in request
        .framing
        .lines
        .iter()
        .filter_map(|line| line.split_once(':'))
    {
        incoming = incoming.header(name.trim(), value.trim());
    }
    if !request.body.is_empty() || matches!(request.method.as_str(), "PUT" | "POST") {
        incoming = incoming.header("content-length", request.body.len());
    }
    incoming
        .extension(match request.scheme {
            Scheme::Https => Transport::Tls,
            Scheme::Http => Transport::Plain,
        })
        .body(match request.framing.stop_after {
            None => Body::from_bytes(request.body.clone()),
            Some(len) => Body::stream(Cut::new(&request.body, len)),
        })
}

/// A body whose sender goes away.
struct Cut(Option<Bytes>);

impl Cut {
    fn new(body: &Bytes, len: u64) -> Self {
        let len = usize::try_from(len).map_or(body.len(), |len| len.min(body.len()));
        Self(Some(body.slice(..len)))
    }
}

impl hyper::body::Body for Cut {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let gone = || std::io::Error::from(std::io::ErrorKind::ConnectionReset);
        Poll::Ready(Some(self.0.take().map(Frame::data).ok_or_else(gone)))
    }
}

struct Still;

impl Clock for Still {
    fn now(&self) -> time::OffsetDateTime {
        let seconds = i64::try_from(NOW_S).expect("it is within the range");
        time::OffsetDateTime::from_unix_timestamp(seconds).expect("it is a time")
    }
}

/// Bytes that never repeat within a server and are the same in every one.
#[derive(Default)]
struct Repeated(AtomicU64);

impl Random for Repeated {
    fn fill(&self, out: &mut [u8]) {
        let mut dice = Dice::new(self.0.fetch_add(1, Ordering::Relaxed) << 20);
        for chunk in out.chunks_mut(8) {
            chunk.copy_from_slice(&dice.roll().to_le_bytes()[..chunk.len()]);
        }
    }
}
