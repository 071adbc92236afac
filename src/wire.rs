//! Requests and responses as plain data, with the header names and limits of the wire.
//!
//! Nothing here knows what a case is, signs, or opens a socket.

use bytes::Bytes;

/// The longest response body that is read; a longer one is an error, not a finding.
pub const BODY_LEN_MAX: usize = 64 * 1024 * 1024;
/// The longest response head (status line and headers) that is read from a hand-written exchange.
pub const HEAD_LEN_MAX: usize = 64 * 1024;
/// The most response headers that are read from a hand-written exchange.
pub const HEADERS_MAX: usize = 128;

/// `x-amz-server-side-encryption-customer-algorithm`
pub const SSE_C_ALGORITHM: &str = "x-amz-server-side-encryption-customer-algorithm";
/// `x-amz-server-side-encryption-customer-key`
pub const SSE_C_KEY: &str = "x-amz-server-side-encryption-customer-key";
/// `x-amz-server-side-encryption-customer-key-MD5`
pub const SSE_C_KEY_MD5: &str = "x-amz-server-side-encryption-customer-key-MD5";
/// `x-amz-server-side-encryption`
pub const SSE: &str = "x-amz-server-side-encryption";
/// `x-amz-copy-source`
pub const COPY_SOURCE: &str = "x-amz-copy-source";
/// `x-amz-copy-source-server-side-encryption-customer-algorithm`
pub const SOURCE_SSE_C_ALGORITHM: &str =
    "x-amz-copy-source-server-side-encryption-customer-algorithm";
/// `x-amz-copy-source-server-side-encryption-customer-key`
pub const SOURCE_SSE_C_KEY: &str = "x-amz-copy-source-server-side-encryption-customer-key";
/// `x-amz-copy-source-server-side-encryption-customer-key-MD5`
pub const SOURCE_SSE_C_KEY_MD5: &str = "x-amz-copy-source-server-side-encryption-customer-key-MD5";

/// How a request travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// TLS.
    Https,
    /// Plain text: what S3 refuses for SSE-C.
    Http,
}

impl Scheme {
    /// `https` or `http`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Https => "https",
            Self::Http => "http",
        }
    }

    /// The port that a URL of this scheme need not name.
    #[must_use]
    pub const fn default_port(self) -> u16 {
        match self {
            Self::Https => 443,
            Self::Http => 80,
        }
    }
}

/// Header lines in order, names in the case in which they are sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    /// Adds a line after the others.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }

    /// Replaces all lines of this name by one.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.remove(name);
        self.push(name, value);
    }

    /// Removes all lines of this name.
    pub fn remove(&mut self, name: &str) {
        self.0
            .retain(|(known, _)| !known.eq_ignore_ascii_case(name));
    }

    /// The first value of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Every value of this name, in order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Every line, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl FromIterator<(String, String)> for Headers {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(lines: I) -> Self {
        Self(lines.into_iter().collect())
    }
}

/// What a client library would refuse to send.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Framing {
    /// Write the bytes by hand even if nothing below asks for it.
    pub by_hand: bool,
    /// Header lines that go out as they are, after the others.
    pub lines: Vec<String>,
    /// Names of headers that go out first, in this order.
    pub first: Vec<String>,
    /// Announce the whole body, send this many bytes, then close for writing.
    pub stop_after: Option<u64>,
}

/// A request as it goes out, path and query already percent-encoded.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Request {
    /// https or http.
    pub scheme: Scheme,
    /// `host[:port]`: where to connect, and the Host header.
    pub authority: String,
    /// The method's name.
    pub method: String,
    /// Begins with `/`.
    pub path: String,
    /// Without the `?`; empty when there is none.
    pub query: String,
    /// Without Host and Content-Length, which the transport adds.
    pub headers: Headers,
    /// The payload.
    pub body: Bytes,
    /// What follows an aws-chunked payload, such as its checksum.
    pub trailers: Headers,
    /// Departures from what a client library sends.
    pub framing: Framing,
}

impl Request {
    /// `/path?query`
    #[must_use]
    pub fn target(&self) -> String {
        if self.query.is_empty() {
            self.path.clone()
        } else {
            format!("{}?{}", self.path, self.query)
        }
    }

    /// `https://host/path?query`
    #[must_use]
    pub fn url(&self) -> String {
        format!(
            "{}://{}{}",
            self.scheme.as_str(),
            self.authority,
            self.target()
        )
    }

    /// Adds a query parameter, encoding the value but not the name.
    pub fn add_query(&mut self, name: &str, value: Option<&str>) {
        if !self.query.is_empty() {
            self.query.push('&');
        }
        self.query.push_str(name);
        if let Some(value) = value {
            self.query.push('=');
            self.query.push_str(&percent_encode(value, ""));
        }
    }
}

/// A whole answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// In the order received; bytes that are no UTF-8 are replaced.
    pub headers: Headers,
    /// Everything that came.
    pub body: Bytes,
}

impl Response {
    /// 2xx.
    #[must_use]
    pub const fn is_success(&self) -> bool {
        self.status >= 200 && self.status < 300
    }

    /// The first value of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)
    }

    /// The ETag without its quotes.
    #[must_use]
    pub fn etag(&self) -> Option<&str> {
        self.header("etag").map(|etag| etag.trim_matches('"'))
    }
}

/// Percent-encodes everything but RFC 3986's unreserved characters and those in `keep`: the form in which
/// SigV4 canonicalises, so that what is sent and what is signed are the same.
#[must_use]
pub fn percent_encode(text: &str, keep: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        let unreserved = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if unreserved || keep.as_bytes().contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// An object's name in a path: `/` stays.
#[must_use]
pub fn encode_key(key: &str) -> String {
    percent_encode(key, "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Unreserved characters of RFC 3986 §2.3 stay; SigV4 wants upper-case hexadecimal digits and `%20`.
    #[test]
    fn encodes_as_sigv4_canonicalises() {
        for (key, expected) in [
            ("a/b c", "a/b%20c"),
            ("a+b~c", "a%2Bb~c"),
            ("ümlaut", "%C3%BCmlaut"),
            ("(x)!*'", "%28x%29%21%2A%27"),
            ("100%", "100%25"),
        ] {
            assert_eq!(encode_key(key), expected);
        }
    }

    #[test]
    fn headers_ignore_case_and_keep_order() {
        let mut headers = Headers::default();
        headers.push("ETag", "1");
        headers.push("x", "2");
        headers.push("etag", "3");
        assert_eq!(headers.get("ETAG"), Some("1"));
        assert_eq!(headers.all("etag").collect::<Vec<_>>(), ["1", "3"]);
        headers.set("Etag", "4");
        assert_eq!(
            headers.iter().collect::<Vec<_>>(),
            [("x", "2"), ("Etag", "4")]
        );
    }

    #[test]
    fn query_values_are_encoded_and_names_are_not() {
        let mut request = Request {
            scheme: Scheme::Https,
            authority: "h:1".to_owned(),
            method: "GET".to_owned(),
            path: "/b/k".to_owned(),
            query: String::new(),
            headers: Headers::default(),
            body: Bytes::new(),
            trailers: Headers::default(),
            framing: Framing::default(),
        };
        assert_eq!(request.url(), "https://h:1/b/k");
        request.add_query("uploads", None);
        request.add_query("prefix", Some("a/b&c"));
        assert_eq!(request.target(), "/b/k?uploads&prefix=a%2Fb%26c");
    }
}
