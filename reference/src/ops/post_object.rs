//! PostObject: a browser's form, whose fields are the headers of a PutObject.

use http::header::{ETAG, LOCATION};

use crate::app::App;
use crate::authorize;
use crate::encryption::Wanted;
use crate::error::S3Result;
use crate::head::{Head, Transport};
use crate::payload::{self, Payload};
use crate::post::{self, Success};
use crate::respond::{self, set};
use crate::route::Operation;
use crate::service::{Call, Response};
use crate::sigv4::PayloadHash;
use crate::ssec::rules::{self, Facts};
use crate::ssec::{Side, Triple};
use crate::xml::Writer;

use super::put_object::{self, Admitted};
use super::tagging;

/// PostObject. Who asks stands in the form; the SSE-C triple counts as fields only.
pub(super) async fn post(app: &App, call: Call) -> S3Result<Response> {
    let bucket = authorize::bucket(app, &call.head)?;
    let Call { head, payload, .. } = call;
    let upload = post::read(
        &head.headers,
        payload.into_body(),
        &bucket.name,
        app.credentials(),
        app.region(),
        app.now(),
    )
    .await?;
    // A form's tags are a document; one without a tag set has none (PST-129).
    let tags = match upload.fields.get("tagging") {
        Some(document) => tagging::read(document.as_bytes())?.unwrap_or_default(),
        None => Vec::new(),
    };
    let host = head.header("host").unwrap_or_default();
    let head = Head {
        key: Some(upload.key),
        headers: upload.headers,
        ..head
    };
    admit_sse_c(&head)?;
    let wanted = Wanted::read(&head.headers, &bucket)?;
    let limits = payload::Limits::default();
    let payload = Payload::new(&head.headers, &PayloadHash::Unsigned, upload.file, &limits);
    let payload = payload.unwrap_or_else(Payload::refused);
    let call = Call {
        operation: Operation::PostObject,
        head,
        identity: upload.identity,
        payload,
    };
    let admitted = Admitted {
        tags,
        ..put_object::admit(app, &call, &bucket, wanted)?
    };
    let Call { head, payload, .. } = call;
    let stored = put_object::store(app, &bucket, head.key(), payload, admitted).await?;
    Ok(answer(stored, &head, &host, &upload.success))
}

/// The triple of a form is for TLS alone, too (PST-006).
fn admit_sse_c(head: &Head) -> S3Result<()> {
    let triple = Triple::read(&head.headers, Side::Object);
    let facts = Facts {
        transport: Some(head.transport),
        triple: Some(&triple),
        ..Facts::default()
    };
    rules::decide(rules::ADMISSION, &facts)
}

/// What the form asked for (PST-101 to PST-104), with the headers of the write.
fn answer(mut stored: Response, head: &Head, host: &str, success: &Success) -> Response {
    let etag = stored
        .headers()
        .get(ETAG)
        .and_then(|etag| etag.to_str().ok());
    let etag = etag.unwrap_or_default().to_owned();
    let location = success
        .location(head.bucket(), head.key(), &etag)
        .unwrap_or_else(|| object_url(head, host));
    let (status, document) = match success {
        Success::Redirect(_) => (303, None),
        Success::Status(201) => (201, Some(document(head, &location, &etag))),
        Success::Status(status) => (*status, None),
    };
    let mut response = respond::empty(status);
    std::mem::swap(response.headers_mut(), stored.headers_mut());
    if status == 204 {
        response.headers_mut().remove(http::header::CONTENT_LENGTH);
    }
    if let Some(document) = document {
        respond::fill(&mut response, document);
    }
    set(&mut response, LOCATION.as_str(), &location);
    response
}

fn document(head: &Head, location: &str, etag: &str) -> Writer {
    let mut writer = Writer::bare("PostResponse");
    writer
        .text("Location", location)
        .text("Bucket", head.bucket());
    writer.text("Key", head.key()).text("ETag", etag);
    writer
}

/// Where the object is to be found, its key percent-encoded.
fn object_url(head: &Head, host: &str) -> String {
    let scheme = match head.transport {
        Transport::Tls => "https",
        Transport::Plain => "http",
    };
    let key = crate::sigv4::percent_encode(head.key().as_bytes(), crate::sigv4::Slash::Encoded);
    format!("{scheme}://{host}/{}/{key}", head.bucket())
}
