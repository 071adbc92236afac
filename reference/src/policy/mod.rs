//! Bucket policies: what they may say here, and what they say about one request.
//! Pure; knows nothing of buckets and stores.
//!
//! A small subset of the policy language, chosen for conditions on SSE-C: `Effect`, `Principal`,
//! `Action`, `Resource`, `Condition`, with the operators and keys of [`condition`]. What is not
//! understood is refused with `MalformedPolicy`, never ignored: a Deny that nobody evaluates is
//! worse than none.

mod condition;
pub(crate) mod json;
mod matching;
mod statement;

use http::HeaderMap;

use crate::error::{Code, S3Error, S3Result};
use json::Json;
use statement::{Effect, Statement};

/// The longest policy in bytes (S3 user guide, "Bucket policies": 20 KB).
pub const POLICY_LEN_MAX: usize = 20 * 1024;

/// A bucket policy that was understood completely.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    statements: Vec<Statement>,
}

/// One request, as policies see it.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// The ARN of who asks (`arn:aws:iam::ACCOUNT:user/NAME`), `None` for an anonymous request.
    pub principal: Option<&'a str>,
    /// What is asked for, such as `s3:PutObject`.
    pub action: &'a str,
    /// `arn:aws:s3:::BUCKET` or `arn:aws:s3:::BUCKET/KEY`.
    pub resource: &'a str,
    /// The request came over TLS.
    pub secure: bool,
    /// The headers of the request, or the fields of a form.
    pub headers: &'a HeaderMap,
}

/// What a policy says about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// A statement denies: nothing can allow it.
    Deny,
    /// A statement allows and none denies.
    Allow,
    /// No statement is about this request.
    NoMatch,
}

impl Policy {
    /// Reads the policy of a bucket.
    ///
    /// # Errors
    /// `MalformedPolicy` for anything that is not understood completely.
    pub fn parse(text: &[u8], bucket: &str) -> S3Result<Self> {
        if text.len() > POLICY_LEN_MAX || text.first() != Some(&b'{') {
            return Err(Code::MalformedPolicy.into());
        }
        let Some(Json::Object(members)) = Json::parse(text) else {
            return Err(Code::MalformedPolicy.into());
        };
        let mut statements = Vec::new();
        for (name, value) in &members {
            match name.as_str() {
                "Version" if matches!(value.as_str(), Some("2012-10-17" | "2008-10-17")) => {}
                "Version" => {
                    return Err(malformed("The policy must contain a valid version string"));
                }
                "Id" if value.as_str().is_some() => {}
                "Statement" => {
                    for item in value.one_or_many() {
                        statements.push(Statement::parse(item, bucket)?);
                    }
                }
                _ => return Err(malformed(format!("Unknown field {name}"))),
            }
        }
        if statements.is_empty() {
            return Err(malformed("Missing required field Statement"));
        }
        Ok(Self { statements })
    }

    /// What the policy says about a request.
    pub fn decide(&self, ask: &Ask<'_>) -> Decision {
        let says = |effect| {
            self.statements
                .iter()
                .any(|statement| statement.effect == effect && statement.is_about(ask))
        };
        if says(Effect::Deny) {
            Decision::Deny
        } else if says(Effect::Allow) {
            Decision::Allow
        } else {
            Decision::NoMatch
        }
    }
}

/// The refusal that a Deny leads to (POL-007).
pub fn denied(ask: &Ask<'_>) -> S3Error {
    let Some(principal) = ask.principal else {
        return Code::AccessDenied.into();
    };
    let (action, resource) = (ask.action, ask.resource);
    S3Error::new(
        Code::AccessDenied,
        format!(
            "User: {principal} is not authorized to perform: {action} on resource: \"{resource}\" \
             with an explicit deny in a resource-based policy"
        ),
    )
}

fn malformed(message: impl Into<std::borrow::Cow<'static, str>>) -> S3Error {
    S3Error::new(Code::MalformedPolicy, message)
}

#[cfg(test)]
mod rows;
