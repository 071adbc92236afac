//! The self-made certificate authority of one server, and the certificate it signs.
//!
//! Fresh at every start: it costs a tenth of a millisecond, and no private key lies in a
//! repository. Nothing is written to disk.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose,
};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;

/// A server's TLS configuration and the authority that clients must trust.
pub(crate) struct Identity {
    /// For the https listener.
    pub(crate) config: Arc<ServerConfig>,
    /// The authority's certificate, PEM.
    pub(crate) ca_pem: String,
}

/// Makes an authority and a certificate for localhost, 127.0.0.1, ::1, `domain` and `*.domain`.
///
/// # Errors
/// When the domain is not a DNS name.
pub(crate) fn identity(domain: &str) -> std::io::Result<Identity> {
    let authority = authority().map_err(std::io::Error::other)?;
    let key = KeyPair::generate().map_err(std::io::Error::other)?;
    let leaf = leaf(domain)
        .and_then(|params| params.signed_by(&key, &authority))
        .map_err(std::io::Error::other)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let chain = vec![leaf.der().clone(), authority.der().clone()];
    let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(std::io::Error::other)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(std::io::Error::other)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Identity {
        config: Arc::new(config),
        ca_pem: authority.pem(),
    })
}

fn authority() -> Result<CertifiedIssuer<'static, KeyPair>, rcgen::Error> {
    let mut params = CertificateParams::new(Vec::new())?;
    params
        .distinguished_name
        .push(DnType::CommonName, "ssec reference authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    CertifiedIssuer::self_signed(params, KeyPair::generate()?)
}

fn leaf(domain: &str) -> Result<CertificateParams, rcgen::Error> {
    let names = [
        "localhost",
        "127.0.0.1",
        "::1",
        domain,
        &format!("*.{domain}"),
    ];
    let mut params = CertificateParams::new(names.map(str::to_owned))?;
    params
        .distinguished_name
        .push(DnType::CommonName, "ssec reference server");
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    Ok(params)
}
