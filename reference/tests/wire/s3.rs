//! A client without sockets: a server in memory, a bucket in it, and requests to be changed one
//! header at a time.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use bytes::Bytes;
use http::HeaderMap;
use http_body_util::BodyExt as _;
use ssec_reference::body::Body;
use ssec_reference::head::Transport;
use ssec_reference::seal::SegmentLen;
use ssec_reference::service::Service;
use ssec_reference::{Config, Reference};
use tokio::runtime::Runtime;

use crate::answer::Answer;
use crate::keys::{Key, OBJECT_SIDE, SOURCE_SIDE, Triple};
use crate::sign::{HOST, Sign, Signing};

/// The bucket of most tests.
pub(crate) const BUCKET: &str = "bkt";
/// Plaintext bytes in a segment of the sealed format: every test crosses borders.
pub(crate) const SEGMENT_LEN: u32 = 16;
/// Bytes of the smallest part that is not the last.
pub(crate) const PART_LEN_MIN: u64 = 20;

/// A server in memory, and what was noted about what is in it.
pub(crate) struct S3 {
    service: Arc<dyn Service>,
    runtime: Runtime,
    notes: RefCell<BTreeMap<String, String>>,
}

impl S3 {
    /// A server of tiny segments and parts with [`BUCKET`] in it.
    pub(crate) fn new() -> Self {
        Self::with(Self::config())
    }

    pub(crate) fn config() -> Config {
        Config {
            buckets: vec![BUCKET.to_owned()],
            segment_len: SegmentLen::new(SEGMENT_LEN).unwrap(),
            part_len_min: PART_LEN_MIN,
            ..Config::default()
        }
    }

    pub(crate) fn with(config: Config) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        Self {
            service: Reference::open(config).unwrap().service(),
            runtime,
            notes: RefCell::default(),
        }
    }

    /// Remembers a value that later requests name, such as an upload's id.
    pub(crate) fn note(&self, name: &str, value: impl Into<String>) {
        self.notes
            .borrow_mut()
            .insert(name.to_owned(), value.into());
    }

    /// The value that was noted.
    pub(crate) fn noted(&self, name: &str) -> String {
        self.notes.borrow()[name].clone()
    }

    /// Any request; `target` is `/bucket/key?query`.
    pub(crate) fn ask(&self, method: &str, target: &str) -> Ask<'_> {
        Ask {
            s3: self,
            method: method.to_owned(),
            target: target.to_owned(),
            headers: Vec::new(),
            unsigned: Vec::new(),
            body: Bytes::new(),
            transport: Transport::Tls,
            signing: Signing::default(),
            framing: None,
        }
    }

    /// A request about an object of [`BUCKET`]; `key` may end in a query.
    pub(crate) fn object(&self, method: &str, key: &str) -> Ask<'_> {
        self.ask(method, &format!("/{BUCKET}/{key}"))
    }

    pub(crate) fn get(&self, key: &str) -> Ask<'_> {
        self.object("GET", key)
    }

    pub(crate) fn head(&self, key: &str) -> Ask<'_> {
        self.object("HEAD", key)
    }

    pub(crate) fn delete(&self, key: &str) -> Ask<'_> {
        self.object("DELETE", key)
    }

    pub(crate) fn put(&self, key: &str, body: impl Into<Bytes>) -> Ask<'_> {
        self.object("PUT", key).body(body)
    }

    /// CopyObject within [`BUCKET`].
    pub(crate) fn copy(&self, from: &str, to: &str) -> Ask<'_> {
        self.object("PUT", to)
            .header("x-amz-copy-source", &format!("/{BUCKET}/{from}"))
    }

    /// A request about the bucket itself, such as `?encryption`.
    pub(crate) fn bucket(&self, method: &str, query: &str) -> Ask<'_> {
        self.ask(method, &format!("/{BUCKET}{query}"))
    }

    /// Stores an object and notes its ETag as `etag of KEY`, its version as `version of KEY`.
    pub(crate) fn store(&self, key: &str, body: &str, customer_key: Option<&Key>) -> Answer {
        let put = self.put(key, body.to_owned());
        let put = match customer_key {
            Some(customer_key) => put.sse_c(customer_key),
            None => put,
        };
        let answer = put.ok(200);
        self.note(&format!("etag of {key}"), answer.etag());
        let version = answer.header("x-amz-version-id").unwrap_or_default();
        self.note(&format!("version of {key}"), version);
        answer
    }

    /// Enables or suspends versioning.
    pub(crate) fn versioning(&self, status: &str) {
        let xml =
            format!("<VersioningConfiguration><Status>{status}</Status></VersioningConfiguration>");
        self.bucket("PUT", "?versioning").body(xml).ok(200);
    }
}

/// Makes the body once the headers are signed.
type Framing = Rc<dyn Fn(&[(String, String)]) -> String>;

/// A request about to be sent.
#[derive(Clone)]
pub(crate) struct Ask<'a> {
    s3: &'a S3,
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    unsigned: Vec<(String, String)>,
    body: Bytes,
    transport: Transport,
    signing: Signing,
    framing: Option<Framing>,
}

impl Ask<'_> {
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// A header that is added after signing.
    pub(crate) fn unsigned(mut self, name: &str, value: &str) -> Self {
        self.unsigned.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// A body that continues the signature of the head, whose added headers it is given.
    pub(crate) fn framed(
        mut self,
        frame: impl Fn(&[(String, String)]) -> String + 'static,
    ) -> Self {
        self.framing = Some(Rc::new(frame));
        self
    }

    /// The right triple of a key.
    pub(crate) fn sse_c(self, customer_key: &Key) -> Self {
        self.triple(customer_key.triple())
    }

    /// The right triple of the source's key.
    pub(crate) fn source_sse_c(self, customer_key: &Key) -> Self {
        self.source_triple(customer_key.triple())
    }

    pub(crate) fn triple(self, triple: Triple) -> Self {
        self.side(OBJECT_SIDE, triple)
    }

    pub(crate) fn source_triple(self, triple: Triple) -> Self {
        self.side(SOURCE_SIDE, triple)
    }

    fn side(self, names: [&str; 3], triple: Triple) -> Self {
        let pairs = names.into_iter().zip(triple.0);
        pairs.fold(self, |ask, (name, value)| match value {
            Some(value) => ask.header(name, &value),
            None => ask,
        })
    }

    /// Over http without TLS.
    pub(crate) fn plain_http(mut self) -> Self {
        self.transport = Transport::Plain;
        self
    }

    pub(crate) fn anonymous(mut self) -> Self {
        self.signing.how = Sign::Anonymous;
        self
    }

    pub(crate) fn presigned(mut self, expires_s: u64) -> Self {
        self.signing.how = Sign::Query(expires_s);
        self
    }

    pub(crate) fn signing(mut self, change: impl FnOnce(&mut Signing)) -> Self {
        change(&mut self.signing);
        self
    }

    /// Sends it, and holds the answer to what always holds.
    pub(crate) fn send(self) -> Answer {
        let what = format!("{} {}", self.method, self.target);
        let s3 = self.s3;
        let is_head = self.method == "HEAD";
        let request = self.request();
        let (head, body) = s3.runtime.block_on(async {
            let response = s3.service.call(request).await;
            let (head, body) = response.into_parts();
            (head, body.collect().await.map(|body| body.to_bytes()))
        });
        let headers: HeaderMap = head.headers;
        let body = body.unwrap_or_else(|error| panic!("{what}: the body broke off: {error}"));
        let answer = Answer::new(what, head.status.as_u16(), headers, body);
        answer.check_always(is_head);
        answer
    }

    fn request(self) -> ssec_reference::service::Request {
        let (target, added) = self.signing.sign(&self.method, &self.target, &self.headers);
        let body = match &self.framing {
            Some(frame) => frame(&added).into(),
            None => self.body,
        };
        let mut request = http::Request::builder()
            .method(self.method.as_str())
            .uri(target)
            .header("host", HOST);
        for (name, value) in self.headers.iter().chain(&added).chain(&self.unsigned) {
            request = request.header(name, value);
        }
        if !body.is_empty() || matches!(self.method.as_str(), "PUT" | "POST") {
            request = request.header("content-length", body.len());
        }
        let mut request = request.body(Body::from_bytes(body)).unwrap();
        request.extensions_mut().insert(self.transport);
        request
    }

    /// Sends it; it must succeed with this status.
    #[track_caller]
    pub(crate) fn ok(self, status: u16) -> Answer {
        let answer = self.send();
        assert_eq!(answer.status, status, "{answer}");
        answer
    }
}
