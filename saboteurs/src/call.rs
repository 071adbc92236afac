//! Calls to the reference's handler: what was asked, the same again, another body.

use bytes::{Bytes, BytesMut};
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, HeaderValue};
use ssec_reference::body::Body;
use ssec_reference::copy_source::CopySource;
use ssec_reference::error::S3Error;
use ssec_reference::head::Head;
use ssec_reference::payload::{Limits, Payload};
use ssec_reference::route::Operation as Op;
use ssec_reference::service::Call;
use ssec_reference::sigv4::{Identity, Method, PayloadHash, Scope, Signed};

use crate::reply::Reply;
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

    /// The same call with this body, which is held against the digests that were promised.
    pub(crate) fn again(&self, body: &Bytes) -> Call {
        let hash = match self.identity.payload() {
            PayloadHash::Sha256(hash) => PayloadHash::Sha256(*hash),
            PayloadHash::Unsigned
            | PayloadHash::Streaming { .. }
            | PayloadHash::StreamingUnsignedTrailer => PayloadHash::Unsigned,
        };
        let payload = payload(&self.head.headers, &hash, body);
        Call {
            operation: self.operation,
            head: self.head.clone(),
            identity: self.identity.clone(),
            payload,
        }
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

/// Reads the body of a call to its end, judged by nobody yet.
///
/// # Errors
/// The refusal of a body that breaks off.
pub(crate) async fn take_body(call: &mut Call) -> Result<Bytes, Reply> {
    let empty = payload(&HeaderMap::new(), &PayloadHash::Unsigned, &Bytes::new());
    let mut taken = std::mem::replace(&mut call.payload, empty);
    let mut all = BytesMut::new();
    while let Some(piece) = taken.next().await {
        all.extend_from_slice(&piece.map_err(|error| refusal(&error))?);
    }
    Ok(all.freeze())
}

fn refusal(error: &S3Error) -> Reply {
    Reply::error(error.status(), error.code().as_str())
}

/// A payload that is at hand, with the digests among these headers to be held against it.
fn payload(headers: &HeaderMap, hash: &PayloadHash, body: &Bytes) -> Payload {
    let digests = headers.iter().filter(|(name, _)| is_digest(name.as_str()));
    let mut promised: HeaderMap = digests
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    promised.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    let whole = |headers: &HeaderMap| {
        let body = Body::from_bytes(body.clone());
        Payload::new(headers, hash, body, &Limits::default())
    };
    whole(&promised)
        .or_else(|_| whole(&HeaderMap::new()))
        .expect("a head that promises nothing is kept")
}

/// Whether a header is a digest of the body.
pub(crate) fn is_digest(name: &str) -> bool {
    const OTHERS: &[&str] = &["mode", "algorithm", "type"];
    let tail = name.strip_prefix("x-amz-checksum-");
    name == "content-md5" || tail.is_some_and(|tail| !OTHERS.contains(&tail))
}
