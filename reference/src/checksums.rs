//! The checksums that a record keeps: of plaintext, and so sealed under the server's key; bound
//! to the list of streams they cover, which is authenticated with them.

use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::error::{Code, S3Result};
use crate::headers as name;
use crate::payload::{Algorithm, Checksum};
use crate::respond;
use crate::seal::{BlobKey, open_blob, seal_blob};
use crate::service::Response;
use crate::store::{ChecksumLabel, ChecksumType};

/// A checksum and what it covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) checksum: Checksum,
    pub(crate) kind: ChecksumType,
    /// How many parts a composite covers.
    pub(crate) parts: usize,
    /// A part's checksum that the client did not send is kept and not shown (CHK-004).
    pub(crate) shown: bool,
}

/// The form inside the seal.
#[derive(Serialize, Deserialize)]
struct Form {
    algorithm: String,
    value: String,
    kind: ChecksumType,
    parts: usize,
    shown: bool,
}

impl Kept {
    /// The checksum of a whole body.
    pub(crate) fn full(checksum: Checksum) -> Self {
        Self {
            checksum,
            kind: ChecksumType::FullObject,
            parts: 0,
            shown: true,
        }
    }

    /// Algorithm and type, as listings show them.
    pub(crate) fn label(&self) -> ChecksumLabel {
        ChecksumLabel {
            algorithm: self.checksum.algorithm(),
            kind: self.kind,
        }
    }

    /// Shows the checksum in the headers of an answer.
    pub(crate) fn show(&self, response: &mut Response) {
        respond::set(response, self.checksum.algorithm().header(), &self.value());
        respond::set(response, name::CHECKSUM_TYPE, self.kind.as_str());
    }

    /// The value in headers and in Complete's answer: a composite ends in `-N` (CHK-122).
    pub(crate) fn value(&self) -> String {
        match self.kind {
            ChecksumType::FullObject => self.checksum.to_base64(),
            ChecksumType::Composite => format!("{}-{}", self.checksum.to_base64(), self.parts),
        }
    }
}

/// Seals a checksum, or that there is none, for the streams that `manifest` lists.
pub(crate) fn seal(app: &App, manifest: &[u8], kept: Option<&Kept>) -> Vec<u8> {
    let form = kept.map(|kept| Form {
        algorithm: kept.checksum.algorithm().name().to_owned(),
        value: kept.checksum.to_base64(),
        kind: kept.kind,
        parts: kept.parts,
        shown: kept.shown,
    });
    let text = serde_json::to_vec(&form).expect("plain data becomes JSON");
    seal_blob(
        BlobKey::Server(app.server_key()),
        manifest,
        &text,
        app.cipher(),
        app.random(),
    )
}

/// Opens what [`seal`] sealed for the same streams.
///
/// # Errors
/// `InternalError` when the record was tampered with: another checksum, or other streams.
pub(crate) fn open(app: &App, manifest: &[u8], sealed: &[u8]) -> S3Result<Option<Kept>> {
    let text = open_blob(
        BlobKey::Server(app.server_key()),
        manifest,
        sealed,
        app.cipher(),
    )
    .map_err(|_| Code::InternalError)?;
    let form: Option<Form> = serde_json::from_slice(&text).map_err(|_| Code::InternalError)?;
    let Some(form) = form else { return Ok(None) };
    let algorithm = Algorithm::from_name(&form.algorithm).ok_or(Code::InternalError)?;
    let checksum = Checksum::parse(algorithm, &form.value).ok_or(Code::InternalError)?;
    Ok(Some(Kept {
        checksum,
        kind: form.kind,
        parts: form.parts,
        shown: form.shown,
    }))
}
