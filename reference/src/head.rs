//! The head of a request as S3 reads it: bucket, key, query and headers, decoded once.

use http::header::{HOST, HeaderMap};
use http::request::Parts;

use crate::error::{Code, S3Error, S3Result};

/// The longest object key, in bytes of UTF-8 (S3 user guide, "Naming Amazon S3 objects").
pub const KEY_LEN_MAX: usize = 1024;

/// Which listener a request came in by; SSE-C is for TLS alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// The https listener.
    Tls,
    /// The http listener. What a client writes into `X-Forwarded-Proto` changes nothing.
    Plain,
}

/// A request without its body.
#[derive(Clone, Debug)]
pub struct Head {
    /// The method.
    pub method: http::Method,
    /// The listener.
    pub transport: Transport,
    /// The bucket, from the path or from the host name.
    pub bucket: Option<String>,
    /// The object's key, decoded.
    pub key: Option<String>,
    /// The query, decoded.
    pub query: Query,
    /// The headers; names are in lower case.
    pub headers: HeaderMap,
}

impl Head {
    /// Reads target and host. `domain` is what virtual-host names end in, such as `s3.localhost`.
    ///
    /// # Errors
    /// `InvalidURI` when the path is not percent-encoded UTF-8, `KeyTooLongError`.
    pub fn read(parts: &Parts, transport: Transport, domain: &str) -> S3Result<Self> {
        let path = decode(parts.uri.path(), false)?;
        let path = path.strip_prefix('/').unwrap_or(&path);
        let (bucket, key) = match virtual_host(parts, domain) {
            Some(bucket) => (Some(bucket), path),
            None => match path.split_once('/') {
                Some((bucket, key)) => (Some(bucket.to_owned()), key),
                None => (Some(path.to_owned()), ""),
            },
        };
        if key.len() > KEY_LEN_MAX {
            return Err(S3Error::from(Code::KeyTooLongError)
                .with("Size", key.len().to_string())
                .with("MaxSizeAllowed", KEY_LEN_MAX.to_string()));
        }
        Ok(Self {
            method: parts.method.clone(),
            transport,
            bucket: bucket.filter(|bucket| !bucket.is_empty()),
            key: Some(key.to_owned()).filter(|key| !key.is_empty()),
            query: Query::read(parts.uri.query().unwrap_or_default())?,
            headers: parts.headers.clone(),
        })
    }

    /// The value of a header as text; several values are joined by commas, as the signature
    /// joins them. What is not UTF-8 is replaced, so it can match nothing.
    pub fn header(&self, name: &str) -> Option<String> {
        header(&self.headers, name)
    }

    /// The bucket's name, when the route says there is one.
    pub fn bucket(&self) -> &str {
        self.bucket.as_deref().unwrap_or_default()
    }

    /// The object's key, when the route says there is one.
    pub fn key(&self) -> &str {
        self.key.as_deref().unwrap_or_default()
    }
}

/// See [`Head::header`].
pub fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    let mut values = headers.get_all(name).iter();
    let first = String::from_utf8_lossy(values.next()?.as_bytes())
        .trim()
        .to_owned();
    Some(values.fold(first, |mut all, value| {
        all.push(',');
        all.push_str(String::from_utf8_lossy(value.as_bytes()).trim());
        all
    }))
}

/// A decoded query string, in the order it was sent.
#[derive(Clone, Debug, Default)]
pub struct Query(Vec<(String, String)>);

impl Query {
    fn read(raw: &str) -> S3Result<Self> {
        raw.split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                Ok((decode(name, true)?, decode(value, true)?))
            })
            .collect::<S3Result<_>>()
            .map(Self)
    }

    /// The first value of `name`; `Some("")` when it stands there without one.
    pub fn get(&self, name: &str) -> Option<&str> {
        let pair = self.0.iter().find(|(given, _)| given == name)?;
        Some(&pair.1)
    }

    /// Whether `name` is in the query.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Puts a parameter in the place of those of its name, for layers that ask otherwise.
    pub fn set(&mut self, name: &str, value: &str) {
        self.remove(name);
        self.0.push((name.to_owned(), value.to_owned()));
    }

    /// Takes a parameter away.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(given, _)| given != name);
    }

    /// A whole number, or S3's refusal that names the parameter.
    pub fn number(&self, name: &'static str, max: u64) -> S3Result<Option<u64>> {
        let Some(text) = self.get(name).filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        match text.parse::<u64>() {
            Ok(number) if number <= max => Ok(Some(number)),
            _ => Err(S3Error::new(
                Code::InvalidArgument,
                format!("Provided {name} not an integer or within integer range"),
            )
            .with("ArgumentName", name)
            .with("ArgumentValue", text)),
        }
    }
}

/// Undoes percent-encoding once; in a query a plus sign is a space.
///
/// # Errors
/// `InvalidURI`. The text is not repeated: a customer key may stand in a query by mistake.
pub fn decode(text: &str, plus_is_space: bool) -> S3Result<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'%' => hex_digit(bytes.next())? << 4 | hex_digit(bytes.next())?,
            b'+' if plus_is_space => b' ',
            byte => byte,
        });
    }
    String::from_utf8(out).map_err(|_| Code::InvalidURI.into())
}

fn hex_digit(byte: Option<u8>) -> S3Result<u8> {
    let digit = byte.and_then(|byte| char::from(byte).to_digit(16));
    digit
        .map(|digit| digit as u8)
        .ok_or_else(|| Code::InvalidURI.into())
}

fn virtual_host(parts: &Parts, domain: &str) -> Option<String> {
    let host = match parts.uri.host() {
        Some(host) => host,
        None => parts.headers.get(HOST)?.to_str().ok()?,
    };
    let host = host.rsplit_once(':').map_or(host, |(name, port)| {
        if port.bytes().all(|byte| byte.is_ascii_digit()) {
            name
        } else {
            host
        }
    });
    let bucket = host.strip_suffix(domain)?.strip_suffix('.')?;
    Some(bucket.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(target: &str, host: &str, bucket: Option<&str>, key: Option<&str>) {
        let request = http::Request::builder()
            .uri(target)
            .header(HOST, host)
            .body(())
            .unwrap();
        let head = Head::read(&request.into_parts().0, Transport::Tls, "s3.localhost").unwrap();
        assert_eq!(
            (head.bucket.as_deref(), head.key.as_deref()),
            (bucket, key),
            "{target} {host}"
        );
    }

    #[test]
    fn path_style_and_virtual_host() {
        check("/", "localhost:9443", None, None);
        check("/b", "localhost:9443", Some("b"), None);
        check("/b/", "localhost:9443", Some("b"), None);
        check("/b/a%20b/c+d", "localhost:9443", Some("b"), Some("a b/c+d"));
        check("/b//a", "localhost", Some("b"), Some("/a"));
        check("/a/b", "bkt.s3.localhost:9443", Some("bkt"), Some("a/b"));
        check("/", "x.y.s3.localhost", Some("x.y"), None);
        check("/b", "s3.localhost", Some("b"), None);
    }

    #[test]
    fn queries_keep_empty_values_and_decode() {
        let query = Query::read("uploads&prefix=a%2Fb+c&x=").unwrap();
        assert_eq!(query.get("uploads"), Some(""));
        assert_eq!(query.get("prefix"), Some("a/b c"));
        assert!(query.has("x") && !query.has("y"));
        let mut query = query;
        query.set("prefix", "c");
        query.remove("x");
        assert_eq!(query.get("prefix"), Some("c"));
        assert!(query.has("uploads") && !query.has("x"));
    }

    #[test]
    fn bad_percent_encoding_is_refused() {
        for bad in ["%", "%4", "%zz", "%ff", "%+f"] {
            assert_eq!(
                decode(bad, false).unwrap_err().code(),
                Code::InvalidURI,
                "{bad}"
            );
        }
    }
}
