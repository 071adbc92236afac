//! Calls to the reference's handler: what was asked, the same again, another body.

use bytes::{Bytes, BytesMut};
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, HeaderValue};
use ssec_reference::body::Body;
use ssec_reference::copy_source::CopySource;
use ssec_reference::error::S3Error;
use ssec_reference::head::Head;
use ssec_reference::payload::{Checksum, Limits, Payload};
use ssec_reference::route::Operation as Op;
use ssec_reference::service::Call;
use ssec_reference::sigv4::{Identity, Method, PayloadHash, Scope, Signed};

use crate::triple::Triple;

/// The operations that need the key of an SSE-C object.
pub(crate) const READS: &[Op] = &[Op::GetObject, Op::HeadObject, Op::GetObjectAttributes];
/// The operations that copy.
pub(crate) const COPIES: &[Op] = &[Op::CopyObject, Op::UploadPartCopy];
/// The operations that add a part.
pub(crate) const PARTS: &[Op] = &[Op::UploadPart, Op::UploadPartCopy];

/// A call without its body.
#[derive(Clone)]
pub(crate) struct Asked {
    pub(crate) operation: Op,
    pub(crate) head: Head,
    identity: Identity,
}

impl Asked {
    pub(crate) fn of(call: &Call) -> Self {
        Self {
            operation: call.operation,
            head: call.head.clone(),
            identity: call.identity.clone(),
        }
    }

    pub(crate) fn is(&self, operations: &[Op]) -> bool {
        operations.contains(&self.operation)
    }

    pub(crate) fn header(&self, name: &str) -> Option<String> {
        self.head.header(name)
    }

    pub(crate) fn triple(&self) -> Triple {
        Triple::of(&self.head.headers)
    }

    pub(crate) fn source_triple(&self) -> Triple {
        Triple::of_source(&self.head.headers)
    }

    /// Bucket, key and version that a copy reads.
    pub(crate) fn source(&self) -> Option<CopySource> {
        CopySource::read(&self.head).ok()
    }

    /// Whether a copy writes what it reads.
    pub(crate) fn is_onto_itself(&self) -> bool {
        self.operation == Op::CopyObject
            && self.source().is_some_and(|source| {
                source.bucket == self.head.bucket() && source.key == self.head.key()
            })
    }

    /// The same call with this body.
    pub(crate) fn again(&self, body: &Taken) -> Call {
        Call {
            operation: self.operation,
            head: self.head.clone(),
            identity: self.identity.clone(),
            payload: body.payload(&self.head.headers),
        }
    }

    /// The same call without a body.
    pub(crate) fn bare(&self) -> Call {
        self.again(&Taken::default())
    }

    /// Another call by the same sender to the same object: no header, no query, no body.
    pub(crate) fn other(&self, operation: Op) -> Self {
        let mut other = self.clone();
        other.operation = operation;
        other.head.method = match operation {
            Op::HeadObject => http::Method::HEAD,
            Op::PutObject | Op::CopyObject | Op::UploadPart | Op::UploadPartCopy => {
                http::Method::PUT
            }
            Op::DeleteObject => http::Method::DELETE,
            _ => http::Method::GET,
        };
        other.forget_digests();
        other.head.headers = HeaderMap::new();
        other.head.query = ssec_reference::head::Query::default();
        other
    }

    /// Another call by the same sender to the same bucket.
    pub(crate) fn of_bucket(&self, operation: Op) -> Self {
        let mut other = self.other(operation);
        other.head.key = None;
        other
    }

    /// Takes away what was promised of the body.
    pub(crate) fn forget_digests(&mut self) {
        let names: Vec<_> = self.head.headers.keys().cloned().collect();
        for name in names.iter().filter(|name| is_digest(name.as_str())) {
            self.head.headers.remove(name);
        }
        if let Identity::Signed(signed) = &mut self.identity {
            signed.payload = PayloadHash::Unsigned;
        }
    }

    /// Lets the call pass for one that was signed with this credential, as forms have it.
    pub(crate) fn sign_as(&mut self, credential: &str) {
        self.identity = Identity::Signed(Signed {
            access_key_id: credential.split('/').next().unwrap_or_default().to_owned(),
            scope: Scope::new("", "", "s3"),
            signed_headers: Vec::new(),
            method: Method::Header,
            payload: PayloadHash::Unsigned,
        });
    }

    /// Adds a header.
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        set(&mut self.head.headers, name, value);
        self
    }
}

/// Sets a header, if HTTP can carry its value.
pub(crate) fn set(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// The body of a call, read to its end.
#[derive(Clone, Default)]
pub(crate) struct Taken {
    pub(crate) bytes: Bytes,
    /// The checksum that came behind it.
    trailer: Option<Checksum>,
    /// What is wrong with it, to be told when its time comes.
    fault: Option<S3Error>,
}

/// Reads the body of a call. What is wrong with it is found by whoever reads it again.
pub(crate) async fn take_body(call: &mut Call) -> Taken {
    let empty = Taken::default().payload(&HeaderMap::new());
    let mut payload = std::mem::replace(&mut call.payload, empty);
    let mut all = BytesMut::new();
    while let Some(Ok(piece)) = payload.next().await {
        all.extend_from_slice(&piece);
    }
    let verified = payload.finish();
    Taken {
        bytes: all.freeze(),
        fault: verified.as_ref().err().cloned(),
        trailer: verified.ok().and_then(|verified| verified.checksum),
    }
}

impl Taken {
    /// Another body, with which nothing is wrong.
    pub(crate) fn of(bytes: impl Into<Bytes>) -> Self {
        Self {
            bytes: bytes.into(),
            ..Self::default()
        }
    }

    /// The same with other bytes: what was wrong stays wrong.
    pub(crate) fn edited(self, bytes: impl Into<Bytes>) -> Self {
        Self {
            bytes: bytes.into(),
            trailer: None,
            fault: self.fault,
        }
    }

    /// The same without a digest that does not fit.
    pub(crate) fn forgiven(self) -> Self {
        match self.fault() {
            Some("BadDigest") => Self::of(self.bytes),
            _ => self,
        }
    }

    /// The bytes as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The Code of what is wrong.
    pub(crate) fn fault(&self) -> Option<&str> {
        self.fault.as_ref().map(|fault| fault.code().as_str())
    }

    fn payload(&self, headers: &HeaderMap) -> Payload {
        if let Some(fault) = &self.fault {
            return Payload::refused(fault.clone());
        }
        let digests = headers.iter().filter(|(name, _)| is_digest(name.as_str()));
        let mut promised: HeaderMap = digests
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        promised.insert(CONTENT_LENGTH, HeaderValue::from(self.bytes.len()));
        if let Some(checksum) = &self.trailer {
            set(
                &mut promised,
                checksum.algorithm().header(),
                &checksum.to_base64(),
            );
        }
        let body = Body::from_bytes(self.bytes.clone());
        Payload::new(&promised, &PayloadHash::Unsigned, body, &Limits::default())
            .unwrap_or_else(Payload::refused)
    }
}

/// Whether a header is a digest of the body.
pub(crate) fn is_digest(name: &str) -> bool {
    const OTHERS: &[&str] = &["mode", "algorithm", "type"];
    let tail = name.strip_prefix("x-amz-checksum-");
    name == "content-md5" || tail.is_some_and(|tail| !OTHERS.contains(&tail))
}
