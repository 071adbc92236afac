//! Signs requests with AWS's own signer, as a client of S3 does.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation,
    SigningInstructions, SigningSettings, UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;

/// How a request says who sends it.
#[derive(Clone)]
pub(crate) enum Sign {
    /// Not at all.
    Anonymous,
    /// In the Authorization header.
    Header,
    /// In the query of a URL that lives so many seconds.
    Query(u64),
}

/// What signing needs to know beside the request.
#[derive(Clone)]
pub(crate) struct Signing {
    pub(crate) how: Sign,
    pub(crate) secret: String,
    pub(crate) payload: String,
    /// How old the signature is, in seconds.
    pub(crate) age_s: u64,
}

impl Default for Signing {
    fn default() -> Self {
        Self {
            how: Sign::Header,
            secret: "ssec-secret-key".to_owned(),
            payload: "UNSIGNED-PAYLOAD".to_owned(),
            age_s: 0,
        }
    }
}

/// The host that tests speak to.
pub(crate) const HOST: &str = "localhost";

impl Signing {
    /// Signs; gives the target with its new query parameters, and the headers to add.
    pub(crate) fn sign(
        &self,
        method: &str,
        target: &str,
        headers: &[(String, String)],
    ) -> (String, Vec<(String, String)>) {
        let mut settings = SigningSettings::default();
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        match self.how {
            Sign::Anonymous => return (target.to_owned(), Vec::new()),
            Sign::Header => {}
            Sign::Query(seconds) => {
                settings.signature_location = SignatureLocation::QueryParams;
                settings.expires_in = Some(Duration::from_secs(seconds));
                settings.payload_checksum_kind = PayloadChecksumKind::NoHeader;
            }
        }
        let instructions = self.instructions(method, target, headers, settings);
        let mut target = target.to_owned();
        for (name, value) in instructions.params() {
            let separator = if target.contains('?') { '&' } else { '?' };
            let value = value.replace('/', "%2F").replace(';', "%3B");
            target.push_str(&format!("{separator}{name}={value}"));
        }
        let own = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        (target, instructions.headers().map(own).collect())
    }

    fn instructions(
        &self,
        method: &str,
        target: &str,
        headers: &[(String, String)],
        settings: SigningSettings,
    ) -> SigningInstructions {
        let identity = Credentials::new("ssec", &self.secret, None, None, "test").into();
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region("us-east-1")
            .name("s3")
            .time(SystemTime::now() - Duration::from_secs(self.age_s))
            .settings(settings)
            .build()
            .unwrap()
            .into();
        let url = format!("https://{HOST}{target}");
        let headers = headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let body = SignableBody::Precomputed(self.payload.clone());
        let signable =
            SignableRequest::new(method, &url, headers.chain([("host", HOST)]), body).unwrap();
        sign(signable, &params).unwrap().into_parts().0
    }
}
