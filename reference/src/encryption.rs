//! Whose key a new object is sealed under, and how answers say so.

use http::HeaderMap;

use crate::app::App;
use crate::error::{Code, S3Error, S3Result};
use crate::head::header;
use crate::headers as name;
use crate::respond;
use crate::seal::{Binding, ObjectKey, SealedObjectKey, WrappingKey};
use crate::service::Response;
use crate::ssec::rules::{self, Facts};
use crate::ssec::{CustomerKey, KeyVerifier, Side, Triple};
use crate::store::{Bucket, DefaultEncryption, Encryption};

/// What a write asks for, its headers checked.
pub(crate) enum Wanted {
    /// A key the server holds.
    Server(Encryption),
    /// The key that came with the request.
    Customer(CustomerKey),
}

/// A fresh object key and how it is kept.
pub(crate) struct Sealing {
    pub(crate) object_key: ObjectKey,
    pub(crate) sealed_object_key: SealedObjectKey,
    pub(crate) encryption: Encryption,
    pub(crate) binding: Binding,
    /// The key-MD5 to echo.
    pub(crate) key_md5: Option<String>,
}

impl Wanted {
    /// Reads the headers of a write; an SSE-C triple overrides the bucket's default (OTH-011).
    ///
    /// # Errors
    /// What [`rules::WRITE`] refuses, and algorithms S3 does not have.
    pub(crate) fn read(headers: &HeaderMap, bucket: &Bucket) -> S3Result<Self> {
        let triple = Triple::read(headers, Side::Object);
        check_triple(headers, &triple)?;
        match triple.customer_key() {
            Some(customer_key) => Ok(Self::Customer(customer_key)),
            None => server_side(headers, bucket).map(Self::Server),
        }
    }

    /// Whether the write asks for SSE-C.
    pub(crate) fn is_sse_c(&self) -> bool {
        matches!(self, Self::Customer(_))
    }

    /// Draws an object key for `bucket/key` and wraps it.
    pub(crate) fn begin(self, app: &App, bucket: &str, key: &str) -> Sealing {
        let object_key = ObjectKey::generate(app.random());
        let binding = Binding::new(bucket, key, app.random());
        let (under, encryption, key_md5) = match &self {
            Self::Server(encryption) => (
                WrappingKey::Server(app.server_key()),
                encryption.clone(),
                None,
            ),
            Self::Customer(customer_key) => {
                let verifier = KeyVerifier::new(customer_key, app.random());
                let key_md5 = Some(customer_key.key_md5());
                (
                    WrappingKey::Customer(customer_key),
                    Encryption::SseC { verifier },
                    key_md5,
                )
            }
        };
        let sealed_object_key = object_key.wrap(under, &binding, app.cipher(), app.random());
        Sealing {
            object_key,
            sealed_object_key,
            encryption,
            binding,
            key_md5,
        }
    }
}

/// Walks the rules of a triple that is to encrypt.
///
/// # Errors
/// What [`rules::WRITE`] refuses.
pub(crate) fn check_triple(headers: &HeaderMap, triple: &Triple) -> S3Result<()> {
    let other = [name::SSE, name::SSE_KMS_KEY_ID, name::SSE_CONTEXT]
        .iter()
        .find_map(|name| header(headers, name));
    let facts = Facts {
        triple: Some(triple),
        other_encryption: other.as_deref(),
        ..Facts::default()
    };
    rules::decide(rules::WRITE, &facts)
}

fn server_side(headers: &HeaderMap, bucket: &Bucket) -> S3Result<Encryption> {
    let bucket_key = header(headers, name::SSE_BUCKET_KEY)
        .map_or(bucket.encryption.bucket_key, |text| {
            text.eq_ignore_ascii_case("true")
        });
    let kms = |algorithm: &str, key_id: Option<String>| Encryption::SseKms {
        algorithm: algorithm.to_owned(),
        key_id,
        bucket_key,
    };
    match header(headers, name::SSE).as_deref() {
        Some("AES256") => Ok(Encryption::SseS3),
        Some(algorithm @ ("aws:kms" | "aws:kms:dsse")) => {
            Ok(kms(algorithm, header(headers, name::SSE_KMS_KEY_ID)))
        }
        Some(other) => {
            let code = Code::InvalidEncryptionAlgorithmError;
            Err(S3Error::from(code)
                .with("ArgumentName", name::SSE)
                .with("ArgumentValue", other))
        }
        None => Ok(match &bucket.encryption.default {
            DefaultEncryption::Aes256 => Encryption::SseS3,
            DefaultEncryption::Kms { algorithm, key_id } => kms(algorithm, key_id.clone()),
        }),
    }
}

/// Says in an answer whose key seals the object. The key itself is never among it.
pub(crate) fn show(
    response: &mut Response,
    app: &App,
    encryption: &Encryption,
    key_md5: Option<&str>,
) {
    match encryption {
        Encryption::SseS3 => respond::set(response, name::SSE, "AES256"),
        Encryption::SseKms {
            algorithm,
            key_id,
            bucket_key,
        } => {
            respond::set(response, name::SSE, algorithm);
            let key_id = key_id.clone().unwrap_or_else(|| default_kms_key(app));
            respond::set(response, name::SSE_KMS_KEY_ID, &key_id);
            if *bucket_key {
                respond::set(response, name::SSE_BUCKET_KEY, "true");
            }
        }
        Encryption::SseC { .. } => {
            respond::set(response, name::SSEC_ALGORITHM, "AES256");
            if let Some(key_md5) = key_md5 {
                respond::set(response, name::SSEC_KEY_MD5, key_md5);
            }
        }
    }
}

/// There is no KMS here: objects are sealed under the server's key, and this names it.
fn default_kms_key(app: &App) -> String {
    let settings = app.settings();
    format!(
        "arn:aws:kms:{}:{}:alias/aws/s3",
        settings.region, settings.account_id
    )
}
