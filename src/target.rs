//! What is under test: where it listens, who we are there, whom we trust. It opens no socket.

use std::collections::BTreeMap;

use crate::redact::Redactor;
use crate::wire::Scheme;

/// The server under test.
#[derive(Clone, Debug)]
pub struct Target {
    /// Where ordinary requests go.
    pub endpoint: Endpoint,
    /// The same server without TLS; without it the rule that keys travel over https only is not tested.
    pub http_endpoint: Option<Endpoint>,
    /// Signing region.
    pub region: String,
    /// Where the bucket's name goes.
    pub addressing: Addressing,
    /// Who we are.
    pub credentials: Credentials,
    /// Whose certificates we accept.
    pub trust: Trust,
    /// An existing bucket to work in; it and everything else in it are left alone.
    pub bucket: Option<String>,
    /// Features that are there (`true`) or not, said by whoever knows the server.
    pub features: BTreeMap<String, bool>,
    /// This is the reference inside the binary: what S3 is only inferred to do is graded as well.
    pub bundled: bool,
}

impl Target {
    /// A target with path-style addressing, region `us-east-1` and the system's certificates.
    #[must_use]
    pub fn new(endpoint: Endpoint, credentials: Credentials) -> Self {
        Self {
            endpoint,
            http_endpoint: None,
            region: "us-east-1".to_owned(),
            addressing: Addressing::Path,
            credentials,
            trust: Trust::System,
            bucket: None,
            features: BTreeMap::new(),
            bundled: false,
        }
    }
}

/// Where the bucket's name goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Addressing {
    /// `https://host/bucket/object`
    #[default]
    Path,
    /// `https://bucket.host/object`
    Virtual,
}

impl Addressing {
    /// `path` or `virtual`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Virtual => "virtual",
        }
    }
}

/// A server's address: `https://host[:port]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// https or http.
    pub scheme: Scheme,
    /// A name or an address; IPv6 in brackets.
    pub host: String,
    /// Always known: the scheme's default when the URL names none.
    pub port: u16,
}

/// Why a text is no endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// Neither `https://` nor `http://`.
    #[error("an endpoint begins with https:// or http://")]
    Scheme,
    /// Nothing, or something odd, where the host is expected.
    #[error("an endpoint needs a host name or an address")]
    Host,
    /// Not a number from 1 to 65535.
    #[error("the port of an endpoint is a number from 1 to 65535")]
    Port,
    /// More than `scheme://host:port`.
    #[error("an endpoint has no user, path or query; the bucket is named elsewhere")]
    Superfluous,
}

impl Endpoint {
    /// `host[:port]`, the port only where the scheme does not imply it: the Host header.
    #[must_use]
    pub fn authority(&self) -> String {
        self.authority_of(&self.host)
    }

    /// The same for another host of this endpoint: `bucket.host[:port]`.
    #[must_use]
    pub fn authority_of(&self, host: &str) -> String {
        if self.port == self.scheme.default_port() {
            host.to_owned()
        } else {
            format!("{host}:{}", self.port)
        }
    }
}

impl std::fmt::Display for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}://{}", self.scheme.as_str(), self.authority())
    }
}

impl std::str::FromStr for Endpoint {
    type Err = EndpointError;

    fn from_str(text: &str) -> Result<Self, EndpointError> {
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => (Scheme::Https, rest),
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => (Scheme::Http, rest),
            _ => return Err(EndpointError::Scheme),
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        if rest.contains(['/', '?', '#', '@']) {
            return Err(EndpointError::Superfluous);
        }
        let (host, port) = split_port(rest)?;
        let port = match port {
            Some(digits) => digits
                .parse()
                .ok()
                .filter(|port| *port > 0)
                .ok_or(EndpointError::Port)?,
            None => scheme.default_port(),
        };
        if !is_host(host) {
            return Err(EndpointError::Host);
        }
        Ok(Self {
            scheme,
            host: host.to_ascii_lowercase(),
            port,
        })
    }
}

/// Host and port digits; the colons of a bracketed IPv6 address separate nothing.
fn split_port(authority: &str) -> Result<(&str, Option<&str>), EndpointError> {
    if authority.starts_with('[') {
        let end = authority.find(']').ok_or(EndpointError::Host)?;
        let (host, rest) = authority.split_at(end + 1);
        return match rest.strip_prefix(':') {
            Some(digits) => Ok((host, Some(digits))),
            None if rest.is_empty() => Ok((host, None)),
            None => Err(EndpointError::Host),
        };
    }
    Ok(authority
        .split_once(':')
        .map_or((authority, None), |(host, digits)| (host, Some(digits))))
}

fn is_host(host: &str) -> bool {
    match host
        .strip_prefix('[')
        .and_then(|inner| inner.strip_suffix(']'))
    {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => {
            !host.is_empty()
                && host
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
        }
    }
}

/// Whose certificates we accept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// The operating system's certificates.
    #[default]
    System,
    /// These certificates, in PEM, and no others.
    Pem(Vec<u8>),
    /// Anything, even expired or made out to somebody else.
    Insecure,
}

/// Who we are. Never printed: `Debug` says nothing, and [`Credentials::redact`] cleans what is printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    access_key_id: String,
    secret_access_key: String,
    session_token: Option<String>,
}

/// Shorter ids are not redacted: they would eat ordinary words (the bundled reference's is `ssec`).
const ACCESS_KEY_ID_REDACTED_LEN_MIN: usize = 8;

impl Credentials {
    /// Credentials as AWS hands them out.
    pub fn new(
        access_key_id: impl Into<String>,
        secret_access_key: impl Into<String>,
        session_token: Option<String>,
    ) -> Self {
        Self {
            access_key_id: access_key_id.into(),
            secret_access_key: secret_access_key.into(),
            session_token,
        }
    }

    pub(crate) fn access_key_id(&self) -> &str {
        &self.access_key_id
    }

    pub(crate) fn secret_access_key(&self) -> &str {
        &self.secret_access_key
    }

    pub(crate) fn session_token(&self) -> Option<&str> {
        self.session_token.as_deref()
    }

    /// The text without any value of these credentials.
    #[must_use]
    pub fn redact(&self, text: &str) -> String {
        self.redactor().text(text).into_owned()
    }

    /// What [`Credentials::redact`] does, prepared for many texts.
    pub(crate) fn redactor(&self) -> Redactor {
        let id = Some(self.access_key_id()).filter(|id| id.len() >= ACCESS_KEY_ID_REDACTED_LEN_MIN);
        let values = [Some(self.secret_access_key()), self.session_token(), id];
        Redactor::new(values.into_iter().flatten())
    }
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credentials(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<&str, EndpointError>) {
        assert_eq!(
            text.parse::<Endpoint>().map(|e| e.to_string()),
            expected.map(str::to_owned),
            "{text}"
        );
    }

    #[test]
    fn endpoints() {
        check("https://localhost:9443", Ok("https://localhost:9443"));
        check("HTTPS://S3.Example.com/", Ok("https://s3.example.com"));
        check("https://h:443", Ok("https://h"));
        check("http://127.0.0.1:80/", Ok("http://127.0.0.1"));
        check("http://[::1]:9000", Ok("http://[::1]:9000"));
        check("https://[::1]", Ok("https://[::1]"));
        check("localhost:9443", Err(EndpointError::Scheme));
        check("ftp://h", Err(EndpointError::Scheme));
        check("https://", Err(EndpointError::Host));
        check("https://[::1", Err(EndpointError::Host));
        check("https://a b", Err(EndpointError::Host));
        check("https://h:0", Err(EndpointError::Port));
        check("https://h:70000", Err(EndpointError::Port));
        check("https://h/bucket", Err(EndpointError::Superfluous));
        check("https://user:pw@h", Err(EndpointError::Superfluous));
    }

    #[test]
    fn credentials_are_redacted_by_value() {
        let credentials = Credentials::new(
            "AKIDEXAMPLE1",
            "topsecretvalue",
            Some("token-token".to_owned()),
        );
        assert_eq!(
            credentials.redact("AKIDEXAMPLE1 said topsecretvalue with token-token"),
            "[redacted] said [redacted] with [redacted]"
        );
        assert_eq!(format!("{credentials:?}"), "Credentials(..)");
        assert_eq!(
            Credentials::new("ssec", "ssec-secret-key", None).redact("ssec run"),
            "ssec run"
        );
    }
}
