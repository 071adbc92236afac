//! AWS's published vectors, stage by stage: canonical request, string to sign, signature.

use http::request::Parts;
use ring::hmac;
use serde::Deserialize;

use super::canonical::{Canonical, string_to_sign};
use super::claim::signed_headers;
use super::query::Params;
use super::{Credentials, Method, Scope, hex};

#[derive(Deserialize)]
struct Vector {
    name: String,
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    canonical_request: String,
    string_to_sign: String,
    signature: String,
}

const TIME: &str = "20150830T123600Z";

impl Vector {
    fn parts(&self) -> Parts {
        let mut request = http::Request::builder()
            .method(self.method.as_str())
            .uri(self.target.as_str());
        for (name, value) in &self.headers {
            request = request.header(name, value.as_bytes());
        }
        request.body(()).unwrap().into_parts().0
    }

    /// The signed names as the request itself lists them.
    fn signed_headers(&self, parts: &Parts, params: &Params) -> Vec<String> {
        match params.get("X-Amz-SignedHeaders") {
            Some(list) => signed_headers(std::str::from_utf8(list).unwrap()),
            None => {
                let authorization = parts.headers["authorization"].to_str().unwrap();
                let (_, rest) = authorization.split_once("SignedHeaders=").unwrap();
                signed_headers(rest.split_once(',').unwrap().0)
            }
        }
    }

    fn check(&self) {
        let parts = self.parts();
        let params = Params::parse(parts.uri.query());
        let method = if self.name.ends_with("/query") {
            Method::Query
        } else {
            Method::Header
        };
        let canonical = Canonical {
            parts: &parts,
            params: &params,
            method,
            signed_headers: &self.signed_headers(&parts, &params),
            payload: self.canonical_request.lines().last().unwrap(),
        };
        let text = String::from_utf8(canonical.text()).unwrap();
        assert_eq!(text, self.canonical_request, "{}", self.name);
        let scope = Scope::new("20150830", "us-east-1", "service");
        let to_sign = string_to_sign(TIME, &scope, text.as_bytes());
        assert_eq!(to_sign, self.string_to_sign, "{}", self.name);
        let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
        let key = Credentials::new("AKIDEXAMPLE", secret).signing_key(&scope);
        let signature = hex::encode(hmac::sign(&key, to_sign.as_bytes()).as_ref());
        assert_eq!(signature, self.signature, "{}", self.name);
    }
}

#[test]
fn aws_signing_test_suite() {
    let text = include_str!("../../tests/vectors/aws-sigv4.json");
    let vectors: Vec<Vector> = serde_json::from_str(text).unwrap();
    assert_eq!(vectors.len(), 60);
    vectors.iter().for_each(Vector::check);
}
