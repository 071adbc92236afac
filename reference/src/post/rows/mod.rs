//! The rows of S3's behaviour about browser uploads, one test each.

mod mechanics;
mod policy;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::HeaderMap;
use ring::hmac;
use time::OffsetDateTime;
use time::macros::datetime;

use super::{Upload, read};
use crate::body::Body;
use crate::error::{Code, S3Error, S3Result};
use crate::payload::{Limits, Payload};
use crate::sigv4::{Credentials, Scope, hex};

/// The time, the credentials and the bucket of AWS's documented form.
const NOW: OffsetDateTime = datetime!(2015-12-29 00:00 UTC);
const ID: &str = "AKIAIOSFODNN7EXAMPLE";
const CREDENTIAL: &str = "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request";
const BUCKET: &str = "sigv4examplebucket";

fn credentials() -> Credentials {
    Credentials::new(ID, "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
}

/// A form in the making: fields in order, then the file.
#[derive(Clone)]
struct Form {
    fields: Vec<(String, String)>,
    filename: Option<&'static str>,
    file: &'static str,
    after: &'static str,
}

impl Form {
    /// A form without a signature.
    fn bare() -> Self {
        let fields = vec![("key".to_owned(), "a/b".to_owned())];
        Self {
            fields,
            filename: Some("f.txt"),
            file: "hello",
            after: "",
        }
    }

    /// A form signed over its bucket, its key, and `conditions` besides.
    fn signed(conditions: &str) -> Self {
        Self::with_policy(&format!(
            r#"{{"expiration": "2016-12-30T12:00:00.000Z", "conditions": [
                {{"bucket": "{BUCKET}"}}, ["starts-with", "$key", ""],
                {{"x-amz-algorithm": "AWS4-HMAC-SHA256"}}, {{"x-amz-credential": "{CREDENTIAL}"}},
                {{"x-amz-date": "20151229T000000Z"}}{}{conditions}]}}"#,
            if conditions.is_empty() { "" } else { ", " }
        ))
    }

    /// A form signed over this text.
    fn with_policy(document: &str) -> Self {
        let policy = STANDARD.encode(document);
        let scope = Scope::new("20151229", "us-east-1", "s3");
        let signature = hmac::sign(&credentials().signing_key(&scope), policy.as_bytes());
        Self::bare()
            .set("X-Amz-Algorithm", "AWS4-HMAC-SHA256")
            .set("X-Amz-Credential", CREDENTIAL)
            .set("X-Amz-Date", "20151229T000000Z")
            .set("Policy", &policy)
            .set("X-Amz-Signature", &hex::encode(signature.as_ref()))
    }

    /// Adds or replaces a field.
    fn set(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(known, _)| known != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(known, _)| known != name);
        self
    }

    fn body(&self) -> String {
        let part = |name: &str, value: &str| {
            format!("--xX\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let fields = self.fields.iter().map(|(name, value)| part(name, value));
        let filename = self.filename.map(|name| format!("; filename=\"{name}\""));
        format!(
            "{}--xX\r\nContent-Disposition: form-data; name=\"file\"{}\r\n\
             Content-Type: text/plain\r\n\r\n{}\r\n{}--xX--\r\n",
            fields.collect::<String>(),
            filename.unwrap_or_default(),
            self.file,
            self.after,
        )
    }

    fn read(&self) -> S3Result<Upload> {
        read_body(self.body())
    }

    #[track_caller]
    fn accepted(&self) -> Upload {
        self.read().unwrap_or_else(|error| panic!("{error}"))
    }

    #[track_caller]
    fn refused(&self, code: Code, message: &str) -> S3Error {
        let error = self.read().unwrap_err();
        assert_eq!(error.code(), code, "{error}");
        assert!(error.message().contains(message), "{error}");
        error
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(future)
}

fn read_body(body: impl Into<Bytes>) -> S3Result<Upload> {
    read_as("multipart/form-data; boundary=xX", Body::from_bytes(body))
}

fn read_as(content_type: &str, body: Body) -> S3Result<Upload> {
    read_at(content_type, body, NOW)
}

fn read_at(content_type: &str, body: Body, now: OffsetDateTime) -> S3Result<Upload> {
    let mut headers = HeaderMap::new();
    headers.insert("content-type", content_type.parse().unwrap());
    block_on(read(
        &headers,
        body,
        BUCKET,
        &[credentials()],
        "us-east-1",
        now,
    ))
}

/// The file as the operation reads it.
fn file(upload: Upload) -> S3Result<Vec<u8>> {
    let payload = Payload::new(
        &upload.headers,
        upload.identity.payload(),
        upload.file,
        &Limits::default(),
    )?;
    block_on(payload.collect(1 << 20)).map(Vec::from)
}

fn element<'a>(error: &'a S3Error, name: &str) -> &'a str {
    &error
        .elements()
        .iter()
        .find(|(given, _)| *given == name)
        .unwrap()
        .1
}
