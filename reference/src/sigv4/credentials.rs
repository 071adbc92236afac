//! An access key and its secret, and the signing key derived from them. Knows nothing of requests.

use ring::hmac;
use zeroize::Zeroizing;

use super::scope::Scope;

/// An access key id and its secret. `Debug` shows the id alone.
#[derive(Clone)]
pub struct Credentials {
    access_key_id: String,
    secret: Zeroizing<String>,
}

impl Credentials {
    /// Credentials that this server accepts.
    pub fn new(access_key_id: impl Into<String>, secret: impl Into<String>) -> Self {
        Self {
            access_key_id: access_key_id.into(),
            secret: Zeroizing::new(secret.into()),
        }
    }

    /// The public half.
    pub fn access_key_id(&self) -> &str {
        &self.access_key_id
    }

    /// The key that signs for one day, region and service.
    ///
    /// Source: AWS, "Create a signed AWS API request", step 4 (derive a signing key).
    pub fn signing_key(&self, scope: &Scope) -> hmac::Key {
        let seed = Zeroizing::new(format!("AWS4{}", self.secret.as_str()));
        let steps = [
            scope.date(),
            scope.region(),
            scope.service(),
            "aws4_request",
        ];
        let first = hmac::Key::new(hmac::HMAC_SHA256, seed.as_bytes());
        steps.iter().fold(first, |key, step| {
            let tag = hmac::sign(&key, step.as_bytes());
            hmac::Key::new(hmac::HMAC_SHA256, tag.as_ref())
        })
    }
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials")
            .field("access_key_id", &self.access_key_id)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_the_id_and_never_the_secret() {
        let shown = format!("{:?}", Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI"));
        assert!(shown.contains("AKIDEXAMPLE"));
        assert!(!shown.contains("wJal"));
    }
}
