//! An answer that is whole in memory, to be altered and sent on.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, StatusCode};
use http_body::Frame;
use ssec_reference::body::{Body, BodyError};
use ssec_reference::service::Response;

/// An answer.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The body ends before the length that its headers promise.
    pub(crate) breaks_off: bool,
}

impl Reply {
    /// Reads an answer to its end.
    pub(crate) async fn read(response: Response) -> Self {
        let (parts, mut body) = response.into_parts();
        let mut all = BytesMut::new();
        let mut breaks_off = false;
        while let Some(piece) = body.next().await {
            match piece {
                Ok(piece) => all.extend_from_slice(&piece),
                Err(_) => breaks_off = true,
            }
        }
        Self {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: all.freeze(),
            breaks_off,
        }
    }

    /// An S3 error.
    pub(crate) fn error(status: u16, code: &str) -> Self {
        let mut reply = Self::empty(status);
        reply.become_error(status, code, false);
        reply
    }

    /// An answer without a body.
    pub(crate) fn empty(status: u16) -> Self {
        let mut reply = Self {
            status,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            breaks_off: false,
        };
        reply.set_body(Bytes::new());
        reply
    }

    /// Whether it is a success.
    pub(crate) fn is_ok(&self) -> bool {
        self.status < 300
    }

    /// The Code of an error with a body.
    pub(crate) fn code(&self) -> Option<String> {
        self.element("Code").filter(|_| !self.is_ok())
    }

    /// Turns into an error; `bodiless` if it answers HEAD. Its ids stay.
    pub(crate) fn become_error(&mut self, status: u16, code: &str, bodiless: bool) {
        self.status = status;
        self.breaks_off = false;
        let ids = |name: &http::HeaderName| name == "x-amz-request-id" || name == "x-amz-id-2";
        self.headers = self
            .headers
            .drain()
            .filter_map(|(name, value)| Some((name.filter(ids)?, value)))
            .collect();
        self.set("content-type", "application/xml");
        let text = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code>\
             <Message>{code}</Message><RequestId>0</RequestId></Error>"
        );
        self.set_body(if bodiless { Bytes::new() } else { text.into() });
    }

    /// A header as text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Sets a header, if HTTP can carry its value.
    pub(crate) fn set(&mut self, name: &'static str, value: &str) {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
    }

    /// Takes a header away.
    pub(crate) fn remove(&mut self, name: &str) {
        self.headers.remove(name);
    }

    /// Another body, and its length.
    pub(crate) fn set_body(&mut self, body: impl Into<Bytes>) {
        self.body = body.into();
        self.headers
            .insert(CONTENT_LENGTH, HeaderValue::from(self.body.len()));
    }

    /// Whether the body is XML.
    pub(crate) fn is_xml(&self) -> bool {
        self.header(CONTENT_TYPE.as_str()) == Some("application/xml")
    }

    /// The text of the first element of this name.
    pub(crate) fn element(&self, name: &str) -> Option<String> {
        let text = std::str::from_utf8(&self.body).ok()?;
        let (_, rest) = text.split_once(&format!("<{name}>"))?;
        let (found, _) = rest.split_once(&format!("</{name}>"))?;
        Some(found.to_owned())
    }

    /// Gives all elements of this name another text.
    pub(crate) fn edit_elements(&mut self, name: &str, edit: impl Fn(&str) -> String) {
        let (open, close) = (format!("<{name}>"), format!("</{name}>"));
        let text = String::from_utf8_lossy(&self.body).into_owned();
        let mut pieces = text.split(&open);
        let mut out = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let (inner, rest) = piece.split_once(&close).unwrap_or((piece, ""));
            out.push_str(&format!("{open}{}{close}{rest}", edit(inner)));
        }
        self.set_body(out);
    }

    /// The same with one text for all, where there is a body to have them.
    pub(crate) fn edit_elements_if_any(&mut self, name: &str, text: &str) {
        if !self.body.is_empty() {
            self.edit_elements(name, |_| text.to_owned());
        }
    }

    /// Gives all elements of this name one of a few texts.
    pub(crate) fn edit_elements_with(&mut self, name: &str, edit: fn(&str) -> &'static str) {
        self.edit_elements(name, |text| edit(text).to_owned());
    }

    /// Takes all elements of this name away.
    pub(crate) fn remove_elements(&mut self, name: &str) {
        let text = self.element(name).unwrap_or_default();
        let whole = format!("<{name}>{text}</{name}>");
        self.set_body(String::from_utf8_lossy(&self.body).replace(&whole, ""));
    }

    /// Spoils the bytes from an offset on.
    pub(crate) fn garble(&mut self, from: usize) {
        let mut bytes = BytesMut::from(&self.body[..]);
        for byte in bytes.iter_mut().skip(from) {
            *byte ^= 0x5a;
        }
        self.body = bytes.freeze();
    }

    /// The answer as the reference's seams have it.
    pub(crate) fn into_response(self) -> Response {
        let body = if self.breaks_off {
            Body::stream(Broken(Some(self.body)))
        } else {
            Body::from_bytes(self.body)
        };
        let mut response = http::Response::new(body);
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        *response.headers_mut() = self.headers;
        response
    }
}

/// Bytes, and then a connection that is gone.
struct Broken(Option<Bytes>);

impl http_body::Body for Broken {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        Poll::Ready(Some(match self.0.take() {
            Some(bytes) => Ok(Frame::data(bytes)),
            None => Err("the answer breaks off".into()),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_found_and_edited() {
        let mut reply = Reply::error(400, "A");
        reply.set_body("<L><E>1</E><F/><E>2</E></L>");
        reply.edit_elements("E", |text| format!("{text}0"));
        assert_eq!(&reply.body[..], b"<L><E>10</E><F/><E>20</E></L>");
        assert_eq!(reply.element("E").as_deref(), Some("10"));
        assert_eq!(reply.header("content-length"), Some("29"));
    }

    #[test]
    fn garbling_spares_what_lies_before() {
        let mut reply = Reply::empty(200);
        reply.set_body("aaaa");
        reply.garble(2);
        assert_eq!(&reply.body[..], b"aa\x3b\x3b");
    }
}
