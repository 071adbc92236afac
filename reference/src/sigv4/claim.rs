//! What a request claims before its signature is checked, whichever way it was signed.

use super::payload_hash::Declared;
use super::{Method, Scope};
use crate::error::{Code, S3Error};

/// A signature and all it says it covers; parsed, in time and in scope, but not yet proven.
#[derive(Debug)]
pub(super) struct Claim {
    pub(super) method: Method,
    pub(super) access_key_id: String,
    pub(super) scope: Scope,
    /// `YYYYMMDDTHHMMSSZ`.
    pub(super) time: String,
    /// Lower case, sorted, each once.
    pub(super) signed_headers: Vec<String>,
    pub(super) signature: String,
    /// The payload hash as sent.
    pub(super) payload: String,
    pub(super) declared: Declared,
}

impl Claim {
    pub(super) fn signs(&self, name: &str) -> bool {
        self.signed_headers.iter().any(|signed| signed == name)
    }
}

/// The names of a `SignedHeaders` list, in the order in which S3 signs them.
pub(super) fn signed_headers(list: &str) -> Vec<String> {
    let mut names: Vec<String> = list.split(';').map(str::to_ascii_lowercase).collect();
    names.sort();
    names.dedup();
    names
}

/// SIG-012: Signature Version 2, in a header or in the query. It is also what stock boto3
/// presigns with for custom endpoints, and then it puts the customer key into the URL.
pub(crate) fn version_2(key_in_query: bool) -> S3Error {
    let told = "The authorization mechanism you have provided is not supported. Please use \
                AWS4-HMAC-SHA256. (Signature version 4; in boto3: \
                Config(signature_version='s3v4').)";
    let leak = " This URL carries a customer key in its query, where logs keep it: \
                consider that key disclosed.";
    let message = if key_in_query {
        format!("{told}{leak}")
    } else {
        told.to_owned()
    };
    S3Error::new(Code::InvalidRequest, message)
}
