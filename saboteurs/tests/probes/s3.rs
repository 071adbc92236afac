//! A small client of the reference's service, without sockets, signed by AWS's own signer.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation,
    SigningInstructions, SigningSettings, UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest as _, Md5};
use ssec_reference::body::Body;
use ssec_reference::head::Transport;
use ssec_reference::service::Service;
use ssec_reference::{Config, Reference};
use tokio::runtime::Runtime;

pub(crate) const HOST: &str = "localhost";
pub(crate) const ALGORITHM: &str = "x-amz-server-side-encryption-customer-algorithm";
pub(crate) const KEY: &str = "x-amz-server-side-encryption-customer-key";
pub(crate) const KEY_MD5: &str = "x-amz-server-side-encryption-customer-key-md5";
pub(crate) const SOURCE_ALGORITHM: &str =
    "x-amz-copy-source-server-side-encryption-customer-algorithm";
pub(crate) const SOURCE_KEY: &str = "x-amz-copy-source-server-side-encryption-customer-key";
pub(crate) const SOURCE_KEY_MD5: &str = "x-amz-copy-source-server-side-encryption-customer-key-md5";
pub(crate) const SSE: &str = "x-amz-server-side-encryption";

/// The customer key of this name.
pub(crate) fn key(name: char) -> [u8; 32] {
    [name as u8; 32]
}

/// Base64.
pub(crate) fn base64(bytes: impl AsRef<[u8]>) -> String {
    STANDARD.encode(bytes)
}

/// Base64 of the MD5.
pub(crate) fn md5(bytes: impl AsRef<[u8]>) -> String {
    STANDARD.encode(Md5::digest(bytes))
}

/// `len` bytes that are nowhere alike.
pub(crate) fn bytes(len: usize) -> Vec<u8> {
    (0..len).map(|n| ((n % 251) ^ (n / 251)) as u8).collect()
}

/// A server to be asked.
pub(crate) struct S3 {
    service: Arc<dyn Service>,
    runtime: Runtime,
}

/// A request to come.
#[derive(Clone)]
pub(crate) struct Ask<'a> {
    s3: &'a S3,
    method: &'static str,
    target: String,
    headers: Vec<(String, String)>,
    unsigned: Vec<(String, String)>,
    body: Vec<u8>,
    transport: Transport,
    presigned_s: Option<u64>,
    ago_s: u64,
    payload: &'static str,
    spoiled: bool,
    anonymous: bool,
    lost: Option<&'static str>,
}

/// An answer that was read to its end.
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: http::HeaderMap,
    pub(crate) body: Vec<u8>,
    pub(crate) breaks_off: bool,
}

impl S3 {
    pub(crate) fn open(config: Config) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let service = Reference::open(config).unwrap().service();
        Self { service, runtime }
    }

    /// `target` is `BUCKET/KEY?QUERY`.
    pub(crate) fn ask(&self, method: &'static str, target: &str) -> Ask<'_> {
        Ask {
            s3: self,
            method,
            target: format!("/{target}"),
            headers: Vec::new(),
            unsigned: Vec::new(),
            body: Vec::new(),
            transport: Transport::Tls,
            presigned_s: None,
            ago_s: 0,
            payload: "UNSIGNED-PAYLOAD",
            spoiled: false,
            anonymous: false,
            lost: None,
        }
    }

    pub(crate) fn get(&self, target: &str) -> Ask<'_> {
        self.ask("GET", target)
    }

    pub(crate) fn head(&self, target: &str) -> Ask<'_> {
        self.ask("HEAD", target)
    }

    pub(crate) fn put(&self, target: &str) -> Ask<'_> {
        self.ask("PUT", target).body("abc")
    }

    pub(crate) fn delete(&self, target: &str) -> Ask<'_> {
        self.ask("DELETE", target)
    }

    pub(crate) fn attributes(&self, target: &str) -> Ask<'_> {
        let ask = self.get(&format!("{target}?attributes"));
        ask.with("x-amz-object-attributes", "ETag,ObjectSize")
    }

    pub(crate) fn copy(&self, source: &str, target: &str) -> Ask<'_> {
        self.ask("PUT", target).with("x-amz-copy-source", source)
    }

    /// Begins an upload and gives its id.
    pub(crate) fn create(&self, target: &str, key: Option<char>) -> String {
        let ask = self.ask("POST", &format!("{target}?uploads"));
        let ask = key.into_iter().fold(ask, Ask::key);
        ask.answer().element("UploadId")
    }

    pub(crate) fn part(&self, target: &str, id: &str, number: u16) -> Ask<'_> {
        self.put(&format!("{target}?partNumber={number}&uploadId={id}"))
    }

    pub(crate) fn part_copy(&self, source: &str, target: &str, id: &str) -> Ask<'_> {
        self.copy(source, &format!("{target}?partNumber=1&uploadId={id}"))
    }

    pub(crate) fn complete(&self, target: &str, id: &str, parts: &[(u16, String)]) -> Ask<'_> {
        let parts = parts.iter().map(|(number, etag)| {
            format!("<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>")
        });
        let list: String = parts.collect();
        let ask = self.ask("POST", &format!("{target}?uploadId={id}"));
        ask.body(format!("<C>{list}</C>"))
    }

    /// Uploads parts of these numbers and bodies under key A, in this order, and completes.
    pub(crate) fn upload(&self, target: &str, parts: &[(u16, Vec<u8>)]) -> Answer {
        let id = self.create(target, Some('A'));
        let mut list = Vec::new();
        for (number, body) in parts {
            let part = self.part(target, &id, *number).key('A').body(body);
            list.push((*number, part.answer().header("etag")));
        }
        list.sort();
        list.dedup_by_key(|(number, _)| *number);
        self.complete(target, &id, &list).answer()
    }
}

impl Ask<'_> {
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(given, _)| given != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn twice(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(given, _)| given != name);
        self
    }

    /// A header that is added after signing.
    pub(crate) fn unsigned(mut self, name: &str, value: &str) -> Self {
        self.unsigned.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The complete triple of a key.
    pub(crate) fn key(self, name: char) -> Self {
        self.key_bytes(&key(name))
    }

    pub(crate) fn key_bytes(self, bytes: &[u8]) -> Self {
        self.with(ALGORITHM, "AES256")
            .with(KEY, &base64(bytes))
            .with(KEY_MD5, &md5(bytes))
    }

    /// The complete triple of the copy source's key.
    pub(crate) fn source_key(self, name: char) -> Self {
        self.with(SOURCE_ALGORITHM, "AES256")
            .with(SOURCE_KEY, &base64(key(name)))
            .with(SOURCE_KEY_MD5, &md5(key(name)))
    }

    pub(crate) fn range(self, range: &str) -> Self {
        self.with("range", &format!("bytes={range}"))
    }

    pub(crate) fn body(mut self, body: impl AsRef<[u8]>) -> Self {
        self.body = body.as_ref().to_vec();
        self
    }

    pub(crate) fn over_http(mut self) -> Self {
        self.transport = Transport::Plain;
        self
    }

    /// As a URL that is good for so many seconds and was signed an hour ago if `old`.
    pub(crate) fn presigned(mut self, old: bool) -> Self {
        self.presigned_s = Some(600);
        self.ago_s = if old { 3600 } else { 0 };
        self
    }

    /// The signature is wrong.
    pub(crate) fn spoiled(mut self) -> Self {
        self.spoiled = true;
        self
    }

    /// A header that is signed and gets lost.
    pub(crate) fn lost(mut self, name: &'static str) -> Self {
        self.lost = Some(name);
        self
    }

    /// Signed when nobody takes it any more.
    pub(crate) fn an_hour_ago(mut self) -> Self {
        self.ago_s = 3600;
        self
    }

    /// Not signed at all.
    pub(crate) fn anonymous(mut self) -> Self {
        self.anonymous = true;
        self
    }

    /// What is said of the payload.
    pub(crate) fn payload(mut self, payload: &'static str) -> Self {
        self.payload = payload;
        self
    }

    pub(crate) fn status(self) -> u16 {
        self.answer().status
    }

    pub(crate) fn code(self) -> String {
        self.answer().element("Code")
    }

    pub(crate) fn answer(self) -> Answer {
        let request = self.request();
        let (service, runtime) = (&self.s3.service, &self.s3.runtime);
        runtime.block_on(async {
            let (parts, mut body) = service.call(request).await.into_parts();
            let mut all = Vec::new();
            let mut breaks_off = false;
            while let Some(piece) = body.next().await {
                match piece {
                    Ok(piece) => all.extend_from_slice(&piece),
                    Err(_) => {
                        breaks_off = true;
                        break;
                    }
                }
            }
            Answer {
                status: parts.status.as_u16(),
                headers: parts.headers,
                body: all,
                breaks_off,
            }
        })
    }

    fn request(&self) -> ssec_reference::service::Request {
        let mut headers = self.headers.clone();
        headers.push(("host".to_owned(), HOST.to_owned()));
        let mut target = self.target.clone();
        if !self.anonymous {
            if self.presigned_s.is_none() {
                headers.push(("x-amz-content-sha256".to_owned(), self.payload.to_owned()));
            }
            let signature = self.sign(&headers);
            for (name, value) in signature.params() {
                let separator = if target.contains('?') { '&' } else { '?' };
                let mut value = value.replace('/', "%2F").replace(';', "%3B");
                if self.spoiled && *name == "X-Amz-Signature" {
                    value = value.chars().rev().collect();
                }
                target.push_str(&format!("{separator}{name}={value}"));
            }
            let added = signature.headers();
            headers.extend(added.map(|(name, value)| (name.to_owned(), value.to_owned())));
        }
        headers.retain(|(name, _)| Some(name.as_str()) != self.lost);
        headers.extend(self.unsigned.clone());
        let request = http::Request::builder().method(self.method).uri(target);
        let request = headers.into_iter().fold(request, |request, (name, value)| {
            request.header(name, value)
        });
        let request = request.header("content-length", self.body.len());
        let request = request.extension(self.transport);
        request.body(Body::from_bytes(self.body.clone())).unwrap()
    }

    fn sign(&self, headers: &[(String, String)]) -> SigningInstructions {
        let identity =
            aws_credential_types::Credentials::new("ssec", "ssec-secret-key", None, None, "test");
        let identity = identity.into();
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region("us-east-1")
            .name("s3")
            .time(SystemTime::now() - Duration::from_secs(self.ago_s))
            .settings(self.settings())
            .build()
            .unwrap()
            .into();
        let url = format!("https://{HOST}{}", self.target);
        let pairs = headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let body = SignableBody::Precomputed(self.payload.to_owned());
        let signable = SignableRequest::new(self.method, &url, pairs, body).unwrap();
        sign(signable, &params).unwrap().into_parts().0
    }

    fn settings(&self) -> SigningSettings {
        let mut settings = SigningSettings::default();
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        settings.payload_checksum_kind = PayloadChecksumKind::NoHeader;
        if let Some(seconds) = self.presigned_s {
            settings.signature_location = SignatureLocation::QueryParams;
            settings.expires_in = Some(Duration::from_secs(seconds));
        }
        settings
    }
}

impl Answer {
    pub(crate) fn is_ok(&self) -> bool {
        self.status < 300
    }

    /// A header, empty if it is missing.
    pub(crate) fn header(&self, name: &str) -> String {
        let value = self.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.headers.contains_key(name)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The text of the first element of this name, empty if there is none.
    pub(crate) fn element(&self, name: &str) -> String {
        let text = self.text();
        let found = text.split_once(&format!("<{name}>"));
        let found = found.and_then(|(_, rest)| rest.split_once(&format!("</{name}>")));
        found
            .map(|(text, _)| text.replace("&quot;", "\""))
            .unwrap_or_default()
    }

    /// Whether this text stands anywhere in the answer.
    pub(crate) fn shows(&self, text: &str) -> bool {
        let headers = self.headers.values();
        let mut headers =
            headers.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        self.text().contains(text) || headers.any(|value| value.contains(text))
    }
}
