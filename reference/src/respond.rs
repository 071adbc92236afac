//! Answers: the headers every answer has, XML bodies, and the one door from an error to bytes.

use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Method, StatusCode};

use crate::body::Body;
use crate::error::S3Error;
use crate::headers as name;
use crate::random::{Random, random_bytes};
use crate::service::Response;
use crate::xml::Writer;

/// The two ids that every answer carries.
#[derive(Debug)]
pub(crate) struct Ids {
    request: String,
    host: String,
}

impl Ids {
    pub(crate) fn new(random: &dyn Random) -> Self {
        use base64::Engine as _;
        let request: [u8; 8] = random_bytes(random);
        let host: [u8; 48] = random_bytes(random);
        Self {
            request: request.iter().map(|byte| format!("{byte:02X}")).collect(),
            host: base64::engine::general_purpose::STANDARD.encode(host),
        }
    }

    /// Puts the ids into an answer.
    pub(crate) fn sign(&self, response: &mut Response) {
        set(response, name::REQUEST_ID, &self.request);
        set(response, name::ID_2, &self.host);
    }
}

/// An answer without a body.
pub(crate) fn empty(status: u16) -> Response {
    let mut response = http::Response::new(Body::empty());
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    if !matches!(status, 204 | 304) {
        set(&mut response, CONTENT_LENGTH.as_str(), "0");
    }
    response
}

/// An answer with an XML body.
pub(crate) fn xml(status: u16, document: Writer) -> Response {
    text(status, "application/xml", document.finish())
}

/// An answer with a text for a body.
pub(crate) fn text(status: u16, content_type: &'static str, text: String) -> Response {
    let mut response = empty(status);
    set_text(&mut response, content_type, text);
    response
}

/// Gives an answer an XML body.
pub(crate) fn fill(response: &mut Response, document: Writer) {
    set_text(response, "application/xml", document.finish());
}

fn set_text(response: &mut Response, content_type: &'static str, text: String) {
    set(response, CONTENT_TYPE.as_str(), content_type);
    set(response, CONTENT_LENGTH.as_str(), &text.len().to_string());
    *response.body_mut() = Body::from_bytes(text);
}

/// Sets a header; a value that HTTP cannot carry is left out.
pub(crate) fn set(response: &mut Response, name: &str, value: &str) {
    let name = HeaderName::from_bytes(name.as_bytes());
    let value = HeaderValue::from_bytes(value.as_bytes());
    if let (Ok(name), Ok(value)) = (name, value) {
        response.headers_mut().insert(name, value);
    }
}

/// The answer to a refusal. HEAD and 304 have no body.
pub(crate) fn error(error: &S3Error, method: &Method, ids: &Ids) -> Response {
    let mut response = if *method == Method::HEAD || error.status() == 304 {
        empty(error.status())
    } else {
        xml(error.status(), error_document(error, ids))
    };
    if *method == Method::HEAD {
        set(&mut response, CONTENT_TYPE.as_str(), "application/xml");
    }
    for (name, value) in error.headers() {
        set(&mut response, name, value);
    }
    response
}

fn error_document(error: &S3Error, ids: &Ids) -> Writer {
    let mut writer = Writer::bare("Error");
    writer
        .text("Code", error.code().as_str())
        .text("Message", error.message());
    for (name, value) in error.elements() {
        writer.text(name, value);
    }
    writer
        .text("RequestId", &ids.request)
        .text("HostId", &ids.host);
    writer
}
