//! What the verb `bucket` asks: one table of sub-resources, and their documents.

use bytes::Bytes;
use serde_json::json;

use super::documents::NAMESPACE;
use super::{Bindings, Draft, Ground, PlanError};
use crate::case::call::{BucketAsk, Call};
use crate::keys::md5_base64;
use crate::xml::escape;

/// Method and sub-resource of a bucket operation.
const fn row(ask: BucketAsk) -> (&'static str, Option<&'static str>) {
    match ask {
        BucketAsk::Head => ("HEAD", None),
        BucketAsk::GetLocation => ("GET", Some("location")),
        BucketAsk::GetVersioning => ("GET", Some("versioning")),
        BucketAsk::PutVersioning => ("PUT", Some("versioning")),
        BucketAsk::GetEncryption => ("GET", Some("encryption")),
        BucketAsk::PutEncryption => ("PUT", Some("encryption")),
        BucketAsk::DeleteEncryption => ("DELETE", Some("encryption")),
        BucketAsk::GetPolicy => ("GET", Some("policy")),
        BucketAsk::PutPolicy => ("PUT", Some("policy")),
        BucketAsk::DeletePolicy => ("DELETE", Some("policy")),
    }
}

pub(super) fn method(call: &Call) -> &'static str {
    row(call.ask.unwrap_or(BucketAsk::Head)).0
}

/// Adds the sub-resource and the document.
pub(super) fn ask(
    draft: &mut Draft,
    ground: &Ground<'_>,
    bindings: &Bindings,
    call: &Call,
) -> Result<(), PlanError> {
    let ask = call.ask.unwrap_or(BucketAsk::Head);
    draft.query.extend(row(ask).1.map(|name| (name, None)));
    let written = call.body.as_ref().map(|body| ground.bodies.of(body));
    draft.body = match (written, ask) {
        (Some(body), _) => body,
        (None, BucketAsk::PutVersioning) => {
            versioning(call.versioning.as_deref().unwrap_or("Enabled"))
        }
        (None, BucketAsk::PutEncryption) => {
            encryption(call.default_encryption.as_deref(), call.blocked.as_deref())
        }
        (None, BucketAsk::PutPolicy) => policy(ground, bindings, call)?,
        _ => return Ok(()),
    };
    draft.headers.push("Content-MD5", md5_base64(&draft.body));
    Ok(())
}

/// The document of PutBucketVersioning.
pub(crate) fn versioning(status: &str) -> Bytes {
    let status = escape(status);
    format!("<VersioningConfiguration xmlns=\"{NAMESPACE}\"><Status>{status}</Status></VersioningConfiguration>").into()
}

/// The document of PutBucketEncryption; `blocked` are its BlockedEncryptionTypes.
pub(crate) fn encryption(default: Option<&str>, blocked: Option<&[String]>) -> Bytes {
    let mut rule = String::new();
    if let Some(algorithm) = default {
        let algorithm = escape(algorithm);
        rule.push_str(&format!(
            "<ApplyServerSideEncryptionByDefault><SSEAlgorithm>{algorithm}</SSEAlgorithm>\
             </ApplyServerSideEncryptionByDefault>"
        ));
    }
    if let Some(types) = blocked {
        let types: String = types
            .iter()
            .map(|word| format!("<EncryptionType>{}</EncryptionType>", escape(word)))
            .collect();
        rule.push_str(&format!(
            "<BlockedEncryptionTypes>{types}</BlockedEncryptionTypes>"
        ));
    }
    format!(
        "<ServerSideEncryptionConfiguration xmlns=\"{NAMESPACE}\"><Rule>{rule}</Rule>\
         </ServerSideEncryptionConfiguration>"
    )
    .into()
}

/// A policy about the case's objects, for everybody.
fn policy(ground: &Ground<'_>, bindings: &Bindings, call: &Call) -> Result<Bytes, PlanError> {
    let mut statements = Vec::new();
    for statement in &call.statements {
        let mut conditions = serde_json::Map::new();
        for (operator, key, values) in &statement.conditions {
            let values: Result<Vec<_>, _> = values
                .iter()
                .map(|value| ground.value(bindings, value))
                .collect();
            let of_operator = conditions
                .entry(operator.clone())
                .or_insert_with(|| json!({}));
            of_operator[key.as_str()] = json!(values?);
        }
        let mut document = json!({
            "Effect": statement.effect,
            "Principal": "*",
            "Action": statement.action,
            "Resource": format!("arn:aws:s3:::{}/{}*", ground.bucket, ground.prefix),
        });
        if !conditions.is_empty() {
            document["Condition"] = conditions.into();
        }
        statements.push(document);
    }
    Ok(json!({ "Version": "2012-10-17", "Statement": statements })
        .to_string()
        .into())
}
