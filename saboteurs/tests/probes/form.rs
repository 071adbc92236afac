//! Probes of browser uploads: forms signed over a policy.

use std::time::SystemTime;

use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
use time::OffsetDateTime;
use time::format_description::well_known::Iso8601;
use time::macros::format_description;

use super::Probe;
use super::s3::{ALGORITHM, Ask, KEY, KEY_MD5, S3, SSE, base64, key, md5};

pub(crate) const PROBES: &[Probe] = &[
    ("post-ignores-fields", |s3| {
        Form::sse_c().post(s3).status() == 204 && s3.get("b/n").status() == 200
    }),
    ("post-policy-exempts-sse-c", |s3| {
        let mut form = Form::sse_c();
        form.conditions.clear();
        form.post(s3).status() == 204 && s3.get("b/n").key('A').status() == 200
    }),
    ("post-compares-no-conditions", |s3| {
        let mut form = Form::sse_c();
        form.fields = Form::triple('B');
        form.post(s3).status() == 204 && s3.get("b/n").key('B').status() == 200
    }),
    ("post-half-triple-is-plain", |s3| {
        let mut form = Form::sse_c();
        form.conditions.retain(|(name, _)| name == ALGORITHM);
        form.fields.retain(|(name, _)| name == ALGORITHM);
        form.post(s3).status() == 204 && s3.get("b/n").status() == 200
    }),
    ("post-takes-sse-too", |s3| {
        let mut form = Form::sse_c();
        let sse = (SSE.to_owned(), "AES256".to_owned());
        form.fields.push(sse.clone());
        form.conditions.push(sse);
        form.post(s3).status() == 204 && s3.get("b/n").key('A').status() == 200
    }),
    ("post-malformed-triple-is-plain", |s3| {
        let mut form = Form::sse_c();
        for pair in form.fields.iter_mut().chain(&mut form.conditions) {
            if pair.0 == ALGORITHM {
                "KMS".clone_into(&mut pair.1);
            }
        }
        form.post(s3).status() == 204 && s3.get("b/n").status() == 200
    }),
    ("post-asks-no-policy", |s3| {
        let mut form = Form::plain();
        form.conditions
            .push(("x-amz-meta-a".to_owned(), "1".to_owned()));
        form.post(s3).status() == 204
    }),
    ("post-checks-no-signature", |s3| {
        let mut form = Form::plain();
        form.spoiled = true;
        form.post(s3).status() == 204
    }),
    ("post-makes-up-a-key", |s3| {
        let mut form = Form::plain();
        form.nameless = true;
        form.post(s3).status() == 204
    }),
    ("post-drops-odd-fields", |s3| {
        let mut form = Form::plain();
        let odd = ("x-amz-storage-class".to_owned(), "ODD".to_owned());
        form.fields.push(odd.clone());
        form.conditions.push(odd);
        form.post(s3).status() == 204
    }),
    ("post-takes-any-encoding", |s3| {
        let ask = Form::plain().post(s3);
        ask.with("content-type", "text/plain").status() == 204
    }),
    ("post-refuses-sse-c", |s3| {
        Form::sse_c().post(s3).status() == 403
    }),
    ("post-http-is-taken", |s3| {
        Form::sse_c().post(s3).over_http().status() == 204 && s3.get("b/n").key('A').status() == 200
    }),
    ("block-spares-forms", |s3| {
        Form::sse_c().post_to(s3, "blocked").status() == 204
            && s3.put("blocked/n").key('A').status() == 403
    }),
];

/// A form for the object `n`.
struct Form {
    /// What the policy wants, beside bucket, key and signature.
    conditions: Vec<(String, String)>,
    /// What is sent, beside the same.
    fields: Vec<(String, String)>,
    /// The signature is wrong.
    spoiled: bool,
    /// There is no key field.
    nameless: bool,
}

impl Form {
    fn plain() -> Self {
        Self {
            conditions: Vec::new(),
            fields: Vec::new(),
            spoiled: false,
            nameless: false,
        }
    }

    fn triple(name: char) -> Vec<(String, String)> {
        let pairs = [
            (ALGORITHM, "AES256".to_owned()),
            (KEY, base64(key(name))),
            (KEY_MD5, md5(key(name))),
        ];
        pairs.map(|(name, value)| (name.to_owned(), value)).to_vec()
    }

    fn sse_c() -> Self {
        Self {
            conditions: Self::triple('A'),
            fields: Self::triple('A'),
            ..Self::plain()
        }
    }

    fn post<'a>(&self, s3: &'a S3) -> Ask<'a> {
        self.post_to(s3, "b")
    }

    fn post_to<'a>(&self, s3: &'a S3, bucket: &str) -> Ask<'a> {
        let now = OffsetDateTime::from(SystemTime::now());
        let date = now
            .format(format_description!(
                "[year][month][day]T[hour][minute][second]Z"
            ))
            .unwrap();
        let own = [
            ("key", "n".to_owned()),
            ("x-amz-algorithm", "AWS4-HMAC-SHA256".to_owned()),
            (
                "x-amz-credential",
                format!("ssec/{}/us-east-1/s3/aws4_request", &date[..8]),
            ),
            ("x-amz-date", date),
        ];
        let own = own.map(|(name, value)| (name.to_owned(), value));
        let until = now + time::Duration::hours(1);
        let bucket_condition = ("bucket".to_owned(), bucket.to_owned());
        let conditions: Vec<_> = [bucket_condition]
            .iter()
            .chain(&own)
            .chain(&self.conditions)
            .map(|(name, value)| format!("{{\"{name}\":\"{value}\"}}"))
            .collect();
        let policy = base64(format!(
            "{{\"expiration\":\"{}\",\"conditions\":[{}]}}",
            until.format(&Iso8601::DATE_TIME_OFFSET).unwrap(),
            conditions.join(",")
        ));
        let signing_key =
            generate_signing_key("ssec-secret-key", SystemTime::now(), "us-east-1", "s3");
        let signature = calculate_signature(signing_key, policy.as_bytes());
        let signature = match self.spoiled {
            true => signature.chars().rev().collect(),
            false => signature,
        };
        let seal = [("policy", policy), ("x-amz-signature", signature)];
        let seal = seal.map(|(name, value)| (name.to_owned(), value));
        let mut body = String::new();
        let fields = own.iter().chain(&self.fields).chain(&seal);
        for (name, value) in fields.filter(|(name, _)| name != "key" || !self.nameless) {
            body.push_str(&format!(
                "--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            ));
        }
        body.push_str(
            "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\nabc\r\n\
             --edge--\r\n",
        );
        let ask = s3.ask("POST", bucket).body(body).anonymous();
        ask.with("content-type", "multipart/form-data; boundary=edge")
    }
}
