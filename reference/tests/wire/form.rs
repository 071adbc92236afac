//! Browser forms: fields in their order, a policy that is signed as the API reference describes it
//! ("Authenticating requests: browser-based uploads"), the file last.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac::{HMAC_SHA256, Key, sign};
use time::OffsetDateTime;
use time::macros::format_description;

use crate::keys::{OBJECT_SIDE, Triple};
use crate::s3::{Ask, S3};

const BOUNDARY: &str = "----wire-boundary";

/// A form in the making.
#[derive(Clone)]
pub(crate) struct Form {
    fields: Vec<(String, String)>,
    conditions: Vec<String>,
    pub(crate) filename: Option<&'static str>,
    pub(crate) file: String,
    pub(crate) after: Vec<(String, String)>,
    pub(crate) expires_s: i64,
    pub(crate) signed: bool,
    pub(crate) content_type: String,
    /// Changed after signing.
    pub(crate) change: fn(&mut Vec<(String, String)>),
}

impl Form {
    /// A form for this key, with the conditions that every form of S3 must have.
    pub(crate) fn new(key: &str) -> Self {
        let form = Self {
            fields: Vec::new(),
            conditions: vec![r#"{"bucket": "bkt"}"#.to_owned()],
            filename: Some("file.txt"),
            file: "0123456789".to_owned(),
            after: Vec::new(),
            expires_s: 600,
            signed: true,
            content_type: format!("multipart/form-data; boundary={BOUNDARY}"),
            change: |_| {},
        };
        form.field("key", key)
            .condition(r#"["starts-with", "$key", ""]"#)
    }

    /// A field that no condition names.
    pub(crate) fn field(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn condition(mut self, json: &str) -> Self {
        self.conditions.push(json.to_owned());
        self
    }

    /// A field and the condition that it has this very value.
    pub(crate) fn agreed(self, name: &str, value: &str) -> Self {
        let condition = format!(r#"{{"{name}": "{value}"}}"#);
        self.field(name, value).condition(&condition)
    }

    /// The triple as fields, each agreed on.
    pub(crate) fn triple(self, triple: Triple) -> Self {
        let pairs = OBJECT_SIDE.into_iter().zip(triple.0);
        pairs.fold(self, |form, (name, value)| match value {
            Some(value) => form.agreed(name, &value),
            None => form,
        })
    }

    pub(crate) fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// The request that sends it.
    pub(crate) fn post<'a>(&self, s3: &'a S3) -> Ask<'a> {
        let mut fields = self.fields.clone();
        if self.signed {
            fields.extend(self.signature());
        }
        (self.change)(&mut fields);
        let mut body = String::new();
        let mut part = |name: &str, filename: Option<&str>, value: &str| {
            let filename = filename
                .map(|name| format!("; filename=\"{name}\""))
                .unwrap_or_default();
            body.push_str(&format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{filename}\r\n\r\n{value}\r\n"
            ));
        };
        fields
            .iter()
            .for_each(|(name, value)| part(name, None, value));
        part("file", self.filename, &self.file);
        self.after
            .iter()
            .for_each(|(name, value)| part(name, None, value));
        body.push_str(&format!("--{BOUNDARY}--\r\n"));
        s3.bucket("POST", "")
            .anonymous()
            .header("content-type", &self.content_type)
            .body(body)
    }

    fn signature(&self) -> Vec<(String, String)> {
        let now = OffsetDateTime::now_utc();
        let day = now
            .format(format_description!("[year][month][day]"))
            .unwrap();
        let date = now
            .format(format_description!(
                "[year][month][day]T[hour][minute][second]Z"
            ))
            .unwrap();
        let expires = now + time::Duration::seconds(self.expires_s);
        let expires = expires
            .format(format_description!(
                "[year]-[month]-[day]T[hour]:[minute]:[second].000Z"
            ))
            .unwrap();
        let credential = format!("ssec/{day}/us-east-1/s3/aws4_request");
        let own = [
            r#"{"x-amz-algorithm": "AWS4-HMAC-SHA256"}"#.to_owned(),
            format!(r#"{{"x-amz-credential": "{credential}"}}"#),
            format!(r#"{{"x-amz-date": "{date}"}}"#),
        ];
        let conditions: Vec<_> = self
            .conditions
            .iter()
            .chain(&own)
            .map(String::as_str)
            .collect();
        let policy = format!(
            r#"{{"expiration": "{expires}", "conditions": [{}]}}"#,
            conditions.join(", ")
        );
        let policy = STANDARD.encode(policy);
        let steps = [
            day.as_str(),
            "us-east-1",
            "s3",
            "aws4_request",
            policy.as_str(),
        ];
        let signature = steps
            .iter()
            .fold(b"AWS4ssec-secret-key".to_vec(), |key, step| {
                sign(&Key::new(HMAC_SHA256, &key), step.as_bytes())
                    .as_ref()
                    .to_vec()
            });
        let signature: String = signature.iter().map(|byte| format!("{byte:02x}")).collect();
        let pairs = [
            ("x-amz-algorithm", "AWS4-HMAC-SHA256"),
            ("x-amz-credential", &credential),
            ("x-amz-date", &date),
            ("policy", &policy),
            ("x-amz-signature", &signature),
        ];
        pairs
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec()
    }
}

/// Takes a field out, after signing.
pub(crate) fn drop_field(fields: &mut Vec<(String, String)>, name: &str) {
    let before = fields.len();
    fields.retain(|(given, _)| given != name);
    assert!(fields.len() < before, "{name}");
}
