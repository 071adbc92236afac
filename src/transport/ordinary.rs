//! Ordinary requests: connections are pooled; nothing is retried, redirected, proxied or decompressed.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::Url;

use super::name::Names;
use super::{Timeouts, TransportError};
use crate::wire::{BODY_LEN_MAX, Headers, Request, Response};

/// Below the keep-alive time of common servers, so that no request goes into a closing connection.
const IDLE_MAX: Duration = Duration::from_secs(3);

#[derive(Debug)]
pub(super) struct Client {
    http: reqwest::Client,
    limit: Duration,
}

/// The request's URL, if the URL library leaves it as it is.
pub(super) fn url(request: &Request) -> Option<Url> {
    let url = Url::parse(&request.url()).ok()?;
    (url.path() == request.path && url.query().unwrap_or_default() == request.query).then_some(url)
}

impl Client {
    pub(super) fn new(
        tls: rustls::ClientConfig,
        names: Names,
        timeouts: Timeouts,
    ) -> Result<Self, TransportError> {
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .dns_resolver(std::sync::Arc::new(names))
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .referer(false)
            .tcp_nodelay(true)
            .pool_idle_timeout(IDLE_MAX)
            .connect_timeout(timeouts.connect)
            .timeout(timeouts.exchange)
            .build()
            .map_err(|error| TransportError::Trust(error.to_string()))?;
        Ok(Self {
            http,
            limit: timeouts.exchange,
        })
    }

    pub(super) async fn send(
        &self,
        url: Url,
        request: &Request,
    ) -> Result<Response, TransportError> {
        let host = url.host_str().unwrap_or_default().to_owned();
        let failed = |error: reqwest::Error| TransportError::from_client(&error, &host, self.limit);
        let outgoing = outgoing(url, request)?;
        let mut incoming = self.http.execute(outgoing).await.map_err(failed)?;
        let status = incoming.status().as_u16();
        let headers = headers(incoming.headers());
        let mut body = BytesMut::new();
        while let Some(chunk) = incoming.chunk().await.map_err(failed)? {
            if body.len() + chunk.len() > BODY_LEN_MAX {
                return Err(TransportError::TooLong { max: BODY_LEN_MAX });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Response {
            status,
            headers,
            body: body.freeze(),
        })
    }
}

fn outgoing(url: Url, request: &Request) -> Result<reqwest::Request, TransportError> {
    let unsendable = |error: &dyn std::error::Error| TransportError::Unsendable(error.to_string());
    let method = request
        .method
        .parse()
        .map_err(|error: http::method::InvalidMethod| unsendable(&error))?;
    let mut outgoing = reqwest::Request::new(method, url);
    for (name, value) in request.headers.iter() {
        let name = http::HeaderName::try_from(name).map_err(|error| unsendable(&error))?;
        let value =
            http::HeaderValue::from_bytes(value.as_bytes()).map_err(|error| unsendable(&error))?;
        outgoing.headers_mut().append(name, value);
    }
    let host =
        http::HeaderValue::try_from(&request.authority).map_err(|error| unsendable(&error))?;
    outgoing.headers_mut().insert(http::header::HOST, host);
    // S3 wants a length of every write (411 MissingContentLength), and the library tells none of an empty body.
    if request.body.is_empty() && matches!(request.method.as_str(), "PUT" | "POST") {
        let zero = http::HeaderValue::from_static("0");
        outgoing
            .headers_mut()
            .insert(http::header::CONTENT_LENGTH, zero);
    }
    *outgoing.body_mut() = Some(Bytes::clone(&request.body).into());
    Ok(outgoing)
}

fn headers(map: &http::HeaderMap) -> Headers {
    map.iter()
        .map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes())))
        .collect()
}

/// A header's value; bytes that are no UTF-8 are replaced.
pub(super) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Scheme;

    #[test]
    fn every_write_has_a_length() {
        for (method, expected) in [
            ("PUT", Some("0")),
            ("POST", Some("0")),
            ("GET", None),
            ("DELETE", None),
        ] {
            let request = Request {
                scheme: Scheme::Https,
                authority: "localhost".to_owned(),
                method: method.to_owned(),
                path: "/bucket/object".to_owned(),
                query: String::new(),
                headers: Headers::default(),
                body: Bytes::new(),
                trailers: Headers::default(),
                framing: crate::wire::Framing::default(),
            };
            let url = url(&request).expect("an ordinary URL");
            let outgoing = outgoing(url, &request).expect("can be sent");
            let length = outgoing.headers().get(http::header::CONTENT_LENGTH);
            let length = length.map(|length| length.to_str().expect("text"));
            assert_eq!(length, expected, "{method}");
        }
    }
}
