//! Put-, Get- and DeleteBucketEncryption, `BlockedEncryptionTypes` included (BLK-001..009).

use crate::app::App;
use crate::authorize;
use crate::error::{Code, S3Error, S3Result};
use crate::respond;
use crate::service::{Call, Response};
use crate::store::{Bucket, BucketEncryption, DefaultEncryption};
use crate::xml::{Element, Writer, malformed};

use super::DOCUMENT_LEN_MAX;

/// GetBucketEncryption.
pub(super) fn get(app: &App, call: &Call) -> S3Result<Response> {
    let bucket = authorize::admit(app, call)?;
    let encryption = &bucket.encryption;
    let mut writer = Writer::document("ServerSideEncryptionConfiguration");
    writer
        .open("Rule")
        .open("ApplyServerSideEncryptionByDefault");
    match &encryption.default {
        DefaultEncryption::Aes256 => {
            writer.text("SSEAlgorithm", "AES256");
        }
        DefaultEncryption::Kms { algorithm, key_id } => {
            writer.text("SSEAlgorithm", algorithm);
            writer.optional("KMSMasterKeyID", key_id.as_ref());
        }
    }
    writer.close();
    writer.text("BucketKeyEnabled", encryption.bucket_key.to_string());
    let blocked = if encryption.sse_c_blocked {
        "SSE-C"
    } else {
        "NONE"
    };
    writer
        .open("BlockedEncryptionTypes")
        .text("EncryptionType", blocked)
        .close();
    Ok(respond::xml(200, writer))
}

/// PutBucketEncryption. Leaving `BlockedEncryptionTypes` out sets it back to the default, which
/// on S3 blocks SSE-C again (BLK-004).
pub(super) async fn put(app: &App, call: Call) -> S3Result<Response> {
    let bucket = authorize::admit(app, &call)?;
    let body = call.payload.collect(DOCUMENT_LEN_MAX).await?;
    let encryption = read(&body, app.settings().block_sse_c_by_default)?;
    set_encryption(app, &bucket, encryption)?;
    Ok(respond::empty(200))
}

/// DeleteBucketEncryption: back to what a new bucket has (BLK-007).
pub(super) fn delete(app: &App, call: &Call) -> S3Result<Response> {
    let bucket = authorize::admit(app, call)?;
    let encryption = BucketEncryption::new(app.settings().block_sse_c_by_default);
    set_encryption(app, &bucket, encryption)?;
    Ok(respond::empty(204))
}

fn set_encryption(app: &App, bucket: &Bucket, encryption: BucketEncryption) -> S3Result<()> {
    app.commit(|store| {
        store.update_bucket(&bucket.name, |bucket| {
            bucket.encryption = encryption;
            Ok::<_, S3Error>(())
        })
    })?;
    Ok(())
}

/// The configuration: exactly one rule, nothing that S3's schema does not have (ENC-002, ENC-005).
fn read(body: &[u8], blocked_by_default: bool) -> S3Result<BucketEncryption> {
    let root = Element::parse(body)?;
    only(&root, &["Rule"])?;
    let mut rules = root.all("Rule");
    let (Some(rule), None) = (rules.next(), rules.next()) else {
        return Err(malformed());
    };
    only(
        rule,
        &[
            "ApplyServerSideEncryptionByDefault",
            "BucketKeyEnabled",
            "BlockedEncryptionTypes",
        ],
    )?;
    Ok(BucketEncryption {
        default: read_default(rule.child("ApplyServerSideEncryptionByDefault"))?,
        bucket_key: rule
            .text_of("BucketKeyEnabled")
            .is_some_and(|text| text == "1" || text.eq_ignore_ascii_case("true")),
        sse_c_blocked: match rule.child("BlockedEncryptionTypes") {
            None => blocked_by_default,
            Some(types) => read_blocked(types)?,
        },
        is_explicit: true,
    })
}

fn read_default(element: Option<&Element>) -> S3Result<DefaultEncryption> {
    let Some(element) = element else {
        return Ok(DefaultEncryption::Aes256);
    };
    only(element, &["SSEAlgorithm", "KMSMasterKeyID"])?;
    let key_id = element
        .text_of("KMSMasterKeyID")
        .filter(|id| !id.is_empty());
    match (element.text_of("SSEAlgorithm"), key_id) {
        (Some("AES256"), None) => Ok(DefaultEncryption::Aes256),
        (Some("AES256"), Some(_)) => Err(S3Error::new(
            Code::InvalidArgument,
            "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or \
             aws:kms:dsse",
        )
        .with("ArgumentName", "ApplyServerSideEncryptionByDefault")),
        (Some(algorithm @ ("aws:kms" | "aws:kms:dsse")), key_id) => Ok(DefaultEncryption::Kms {
            algorithm: algorithm.to_owned(),
            key_id: key_id.map(str::to_owned),
        }),
        _ => Err(malformed()),
    }
}

/// One of `NONE` and `SSE-C`, once (BLK-008); another word is not in the schema (BLK-009).
fn read_blocked(types: &Element) -> S3Result<bool> {
    only(types, &["EncryptionType"])?;
    let words: Vec<_> = types
        .all("EncryptionType")
        .map(|word| word.text.as_str())
        .collect();
    if words.iter().any(|word| !matches!(*word, "NONE" | "SSE-C")) {
        return Err(malformed());
    }
    match words.as_slice() {
        ["SSE-C"] => Ok(true),
        ["NONE"] => Ok(false),
        _ => Err(S3Error::new(
            Code::InvalidArgument,
            "BlockedEncryptionTypes must hold exactly one of NONE and SSE-C",
        )),
    }
}

fn only(element: &Element, allowed: &[&str]) -> S3Result<()> {
    let known = |child: &Element| allowed.contains(&child.name.as_str());
    if element.children.iter().all(known) {
        Ok(())
    } else {
        Err(malformed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rule: &str, wanted: Result<bool, Code>) {
        let body = format!(
            "<ServerSideEncryptionConfiguration>{rule}</ServerSideEncryptionConfiguration>"
        );
        let got = read(body.as_bytes(), true);
        let got = got
            .map(|encryption| encryption.sse_c_blocked)
            .map_err(|error| error.code());
        assert_eq!(got, wanted, "{rule}");
    }

    fn blocked(types: &str) -> String {
        format!("<Rule><BlockedEncryptionTypes>{types}</BlockedEncryptionTypes></Rule>")
    }

    #[test]
    fn blocked_types_as_recorded() {
        const NONE: &str = "<EncryptionType>NONE</EncryptionType>";
        const SSE_C: &str = "<EncryptionType>SSE-C</EncryptionType>";
        check(&blocked(NONE), Ok(false)); // BLK-003, BLK-005
        check(&blocked(SSE_C), Ok(true));
        check("<Rule/>", Ok(true)); // BLK-006
        for list in [
            "",
            &[NONE, NONE].concat(),
            &[SSE_C, SSE_C].concat(),
            &[NONE, SSE_C].concat(),
        ] {
            check(&blocked(list), Err(Code::InvalidArgument)); // BLK-008
        }
        for word in ["AES256", "sse-c", "x"] {
            check(
                &blocked(&format!("<EncryptionType>{word}</EncryptionType>")),
                Err(Code::MalformedXML),
            ); // BLK-009
        }
        check("", Err(Code::MalformedXML)); // ENC-002
        check("<Rule/><Rule/>", Err(Code::MalformedXML));
        check("<Rule><X/></Rule>", Err(Code::MalformedXML));
    }
}
