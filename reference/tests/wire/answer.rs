//! An answer, its XML, and what holds of every answer.

use bytes::Bytes;
use http::HeaderMap;

use crate::keys::{A, B, C, Key, OBJECT_SIDE};
use crate::xml::leaves;

/// What came back.
pub(crate) struct Answer {
    what: String,
    pub(crate) status: u16,
    headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn new(what: String, status: u16, headers: HeaderMap, body: Bytes) -> Self {
        Self {
            what,
            status,
            headers,
            body,
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The ETag header without its quotes, which must be there.
    #[track_caller]
    pub(crate) fn etag(&self) -> String {
        let header = self.header("etag").unwrap_or_default();
        let etag = header.strip_prefix('"').and_then(|e| e.strip_suffix('"'));
        etag.unwrap_or_else(|| panic!("no quoted ETag: {self}"))
            .to_owned()
    }

    /// The text of the first XML element of this name.
    pub(crate) fn element(&self, name: &str) -> Option<String> {
        self.elements(name).into_iter().next()
    }

    /// The texts of all XML elements of this name.
    pub(crate) fn elements(&self, name: &str) -> Vec<String> {
        let leaves = leaves(&self.body).unwrap_or_default();
        let named = leaves.into_iter().filter(|(given, _)| given == name);
        named.map(|(_, text)| text).collect()
    }

    /// The text of an XML element that must be there.
    #[track_caller]
    pub(crate) fn must(&self, name: &str) -> String {
        self.element(name)
            .unwrap_or_else(|| panic!("no {name}: {self}"))
    }

    #[track_caller]
    pub(crate) fn has_header(&self, name: &str, value: &str) -> &Self {
        assert_eq!(self.header(name), Some(value), "{name}: {self}");
        self
    }

    #[track_caller]
    pub(crate) fn lacks_header(&self, name: &str) -> &Self {
        assert_eq!(self.header(name), None, "{name}: {self}");
        self
    }

    /// The echo of SSE-C, and no word of another encryption (PUT-001).
    #[track_caller]
    pub(crate) fn echoes(&self, customer_key: &Key) -> &Self {
        self.has_header(OBJECT_SIDE[0], "AES256")
            .has_header(OBJECT_SIDE[2], &customer_key.md5())
            .lacks_header("x-amz-server-side-encryption")
            .lacks_header("x-amz-server-side-encryption-aws-kms-key-id")
    }

    /// No word of SSE-C.
    #[track_caller]
    pub(crate) fn echoes_nothing(&self) -> &Self {
        OBJECT_SIDE
            .iter()
            .fold(self, |answer, name| answer.lacks_header(name))
    }

    /// Holds for every answer: ids, lengths, no customer key, errors in S3's form.
    pub(crate) fn check_always(&self, is_head: bool) {
        for name in ["x-amz-request-id", "x-amz-id-2"] {
            assert!(self.header(name).is_some(), "no {name}: {self}");
        }
        self.lacks_header(OBJECT_SIDE[1]);
        for customer_key in [A, B, C] {
            assert!(!self.shows(&customer_key), "a customer key in {self}");
        }
        if is_head {
            assert!(self.body.is_empty(), "a body: {self}");
        } else if let Some(length) = self.header("content-length") {
            assert_eq!(length, self.body.len().to_string(), "{self}");
        }
        assert!(self.status < 500 || self.status == 501, "{self}");
        if self.status >= 400 {
            self.echoes_nothing().lacks_header("etag");
        }
        if self.status >= 400 && !is_head {
            self.has_header("content-type", "application/xml");
            let leaves = leaves(&self.body).unwrap_or_else(|| panic!("not XML: {self}"));
            let names: Vec<_> = leaves.iter().map(|(name, _)| name.as_str()).collect();
            assert_eq!(names[..2], ["Code", "Message"], "{self}");
            assert!(names.ends_with(&["RequestId", "HostId"]), "{self}");
        }
    }

    /// Whether the key stands anywhere in the answer, as base64, hexadecimal or bytes.
    fn shows(&self, customer_key: &Key) -> bool {
        let hex: String = customer_key.0.iter().map(|b| format!("{b:02x}")).collect();
        let spaced: Vec<_> = customer_key.0.iter().map(|b| format!("{b:02x}")).collect();
        let encodings = [
            customer_key.0.to_vec(),
            customer_key.base64().into_bytes(),
            hex.clone().into_bytes(),
            hex.to_uppercase().into_bytes(),
            spaced.join(" ").into_bytes(),
        ];
        let values = self.headers.values().map(|value| value.as_bytes());
        values.chain([&*self.body]).any(|text| {
            let holds = |secret: &Vec<u8>| text.windows(secret.len()).any(|w| w == &secret[..]);
            encodings.iter().any(holds)
        })
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let body = String::from_utf8_lossy(&self.body);
        write!(
            f,
            "{} -> {}\n{:#?}\n{body}",
            self.what, self.status, self.headers
        )
    }
}
