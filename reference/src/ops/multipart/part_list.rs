//! The list of parts that a client sends with CompleteMultipartUpload, and what must hold of it.

use md5::{Digest as _, Md5};

use crate::error::{Code, S3Error, S3Result};
use crate::payload::Algorithm;
use crate::sigv4::hex;
use crate::store::limits::PARTS_MAX;
use crate::store::{ChecksumType, StoredPart, Upload};
use crate::xml::{Element, malformed};

/// One `<Part>`.
pub(super) struct Listed {
    pub(super) number: u16,
    /// Without quotes.
    pub(super) etag: String,
    checksums: Vec<(Algorithm, String)>,
}

/// Reads the body of Complete (MPU-105).
///
/// # Errors
/// `InvalidRequest` without a body, `MalformedXML` when it is no list of parts.
pub(super) fn read(body: &[u8]) -> S3Result<Vec<Listed>> {
    if body.is_empty() {
        return Err(S3Error::new(
            Code::InvalidRequest,
            "You must specify at least one part",
        ));
    }
    let root = Element::parse(body)?;
    let parts: Vec<_> = root.all("Part").map(read_part).collect::<S3Result<_>>()?;
    if parts.is_empty() || parts.len() > usize::from(PARTS_MAX) {
        return Err(malformed());
    }
    Ok(parts)
}

fn read_part(part: &Element) -> S3Result<Listed> {
    let number = part
        .text_of("PartNumber")
        .and_then(|text| text.parse().ok());
    let etag = part.text_of("ETag").ok_or_else(malformed)?;
    let checksum = |algorithm: Algorithm| {
        let text = part
            .text_of(algorithm.element())
            .filter(|text| !text.is_empty())?;
        Some((algorithm, text.to_owned()))
    };
    Ok(Listed {
        number: number.ok_or_else(malformed)?,
        etag: etag.trim_matches('"').to_owned(),
        checksums: Algorithm::all().filter_map(checksum).collect(),
    })
}

/// MD5 over the binary ETags of the parts, and how many there are (MPU-019). An ETag that is not
/// hexadecimal is no part's, and counts as its text.
pub(super) fn object_etag(parts: &[Listed]) -> String {
    let mut md5 = Md5::new();
    for part in parts {
        md5.update(hex::decode(&part.etag).unwrap_or_else(|| part.etag.clone().into_bytes()));
    }
    let digest: [u8; 16] = md5.finalize().into();
    format!("{}-{}", hex::encode(&digest), parts.len())
}

/// Finds the listed parts in the upload: ascending (MPU-102), there and unchanged (MPU-103).
///
/// # Errors
/// `InvalidPartOrder`, `InvalidPart`.
pub(super) fn find<'u>(listed: &[Listed], upload: &'u Upload) -> S3Result<Vec<&'u StoredPart>> {
    if !listed.is_sorted_by(|a, b| a.number < b.number) {
        return Err(S3Error::from(Code::InvalidPartOrder).with("UploadId", &*upload.id));
    }
    let find = |part: &Listed| {
        let stored = upload.parts.get(&part.number);
        stored
            .map(|stored| &**stored)
            .filter(|stored| stored.etag == part.etag)
            .ok_or_else(|| invalid(part, upload))
    };
    listed.iter().map(find).collect()
}

/// `InvalidPart` with S3's elements.
pub(super) fn invalid(part: &Listed, upload: &Upload) -> S3Error {
    S3Error::from(Code::InvalidPart)
        .with("UploadId", &*upload.id)
        .with("PartNumber", part.number.to_string())
        .with("ETag", &*part.etag)
}

/// Holds a listed part's checksums against the part's own, in base64 (CHK-115, CHK-116, CHK-125).
///
/// # Errors
/// `InvalidPart`, `BadDigest`, or `InvalidRequest` for a COMPOSITE part without its checksum.
pub(super) fn check_checksums(part: &Listed, own: &str, upload: &Upload) -> S3Result<()> {
    let Some(label) = upload.head.checksum else {
        return match part.checksums.is_empty() {
            true => Ok(()),
            false => Err(invalid(part, upload)),
        };
    };
    let name = |algorithm: Algorithm| algorithm.name().to_ascii_lowercase();
    if let Some((other, _)) = part.checksums.iter().find(|(a, _)| *a != label.algorithm) {
        return Err(S3Error::new(
            Code::BadDigest,
            format!(
                "The {} you specified for part {} did not match what we received.",
                name(*other),
                part.number
            ),
        ));
    }
    match part.checksums.first() {
        Some((_, sent)) if sent == own => Ok(()),
        Some(_) => Err(invalid(part, upload)),
        None if label.kind == ChecksumType::FullObject => Ok(()),
        None => Err(S3Error::new(
            Code::InvalidRequest,
            format!(
                "The upload was created using a {} checksum. The complete request must include \
                 the checksum for each part. It was missing for part {} in the request.",
                name(label.algorithm),
                part.number
            ),
        )),
    }
}

/// All parts but the last have the least size (MPU-104).
///
/// # Errors
/// `EntityTooSmall`.
pub(super) fn check_sizes(parts: &[&StoredPart], min: u64) -> S3Result<()> {
    let Some((_, others)) = parts.split_last() else {
        return Ok(());
    };
    match others.iter().find(|part| part.size < min) {
        None => Ok(()),
        Some(small) => Err(S3Error::new(
            Code::EntityTooSmall,
            "Your proposed upload is smaller than the minimum allowed size",
        )
        .with("ETag", &*small.etag)
        .with("MinSizeAllowed", min.to_string())
        .with("PartNumber", small.number.to_string())
        .with("ProposedSize", small.size.to_string())),
    }
}
