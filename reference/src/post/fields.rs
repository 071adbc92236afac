//! The fields of a form: a small ordered map whose names compare without case.

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::error::{Code, S3Error, S3Result};

/// Names and values, in the order they were sent; each name once.
#[derive(Clone, Default)]
pub struct Fields(Vec<(String, String)>);

/// Fields that stand for headers of the same name, beside all `x-amz-*`.
const AS_HEADERS: &[&str] = &[
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-type",
    "content-md5",
    "expires",
];

/// Fields of the signature, which are no headers of the object.
const OF_SIGNATURE: &[&str] = &[
    "x-amz-algorithm",
    "x-amz-credential",
    "x-amz-date",
    "x-amz-security-token",
    "x-amz-signature",
];

impl Fields {
    /// The value of a field, its name in any case.
    pub fn get(&self, name: &str) -> Option<&str> {
        let field = self
            .0
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(&field.1)
    }

    /// All fields, in the order they were sent.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Takes one more field. Two of one name are refused: the policy would judge one of them and
    /// the object would get the other.
    pub(super) fn push(&mut self, name: String, value: String) -> S3Result<()> {
        if self.get(&name).is_some() {
            let message = format!("Bucket POST must contain only one field named '{name}'.");
            return Err(S3Error::new(Code::InvalidArgument, message).with("ArgumentName", name));
        }
        self.0.push((name, value));
        Ok(())
    }

    /// The fields as headers of a PutObject: `x-amz-*`, content headers, and `acl` as `x-amz-acl`.
    pub(super) fn headers(&self) -> S3Result<HeaderMap> {
        let mut headers = HeaderMap::new();
        for (name, value) in self.iter() {
            let lower = name.to_ascii_lowercase();
            let of_amz = lower.starts_with("x-amz-") && !OF_SIGNATURE.contains(&lower.as_str());
            let header = match lower.as_str() {
                "acl" => "x-amz-acl",
                other if of_amz || AS_HEADERS.contains(&other) => other,
                _ => continue,
            };
            let invalid = || S3Error::from(Code::InvalidArgument).with("ArgumentName", name);
            let header = HeaderName::from_bytes(header.as_bytes()).map_err(|_| invalid())?;
            let mut value =
                HeaderValue::from_bytes(value.trim().as_bytes()).map_err(|_| invalid())?;
            value.set_sensitive(is_secret(name));
            headers.append(header, value);
        }
        Ok(headers)
    }
}

/// Whether a field carries a customer key.
pub(super) fn is_secret(name: &str) -> bool {
    let name = name.strip_prefix('$').unwrap_or(name);
    [crate::headers::SSEC_KEY, crate::headers::COPY_SSEC_KEY]
        .iter()
        .any(|secret| secret.eq_ignore_ascii_case(name))
}

/// Names alone: a value may be a customer key.
impl std::fmt::Debug for Fields {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list()
            .entries(self.iter().map(|(name, _)| name))
            .finish()
    }
}
