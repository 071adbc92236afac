//! Flexible checksums (AWS, "Checking object integrity in Amazon S3"), computed over what a case sends.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crc_fast::CrcAlgorithm;
use ring::digest;

use super::{ChecksumPlace, Headers, Payload, PlanError, Sign, Summed, Verb};
use crate::case::call::Checksum;
use crate::case::value::ChecksumAlgorithm;

/// Adds the checksum of a call where its verb wants it.
pub(super) fn add(
    headers: &mut Headers,
    trailers: &mut Headers,
    sign: &mut Sign,
    body: &[u8],
    summed: &Summed<'_>,
) -> Result<(), PlanError> {
    match (&summed.call.checksum, summed.verb) {
        (Some(checksum), Verb::StartUpload | Verb::Copy) => {
            headers.push("x-amz-checksum-algorithm", checksum.algorithm.name());
        }
        // The list of parts carries the checksums.
        (Some(_), Verb::CompleteUpload) => {}
        (Some(checksum), _) => {
            let (name, value) = line(checksum, body, summed)?;
            match checksum.place {
                ChecksumPlace::Header => headers.push(name, value),
                ChecksumPlace::Trailer => trailers.push(name, value),
            }
            if checksum.place == ChecksumPlace::Trailer && sign.payload == Payload::Hash {
                sign.payload = Payload::UnsignedTrailer;
            }
        }
        (None, _)
            if matches!(
                sign.payload,
                Payload::StreamingTrailer | Payload::UnsignedTrailer
            ) =>
        {
            // A trailer of some kind there must be; CRC-32 is what stock clients send.
            let value = checksum_base64(ChecksumAlgorithm::Crc32, body);
            trailers.push(header_name(ChecksumAlgorithm::Crc32), value);
        }
        (None, _) => {}
    }
    Ok(())
}

/// Name and value of the header, trailer or form field.
pub(super) fn line(
    checksum: &Checksum,
    body: &[u8],
    summed: &Summed<'_>,
) -> Result<(&'static str, String), PlanError> {
    let value = match &checksum.value {
        Some(value) => summed.ground.value(summed.bindings, value)?,
        None => checksum_base64(checksum.algorithm, body),
    };
    Ok((header_name(checksum.algorithm), value))
}

/// Name of the header that carries a checksum.
pub(super) const fn header_name(algorithm: ChecksumAlgorithm) -> &'static str {
    match algorithm {
        ChecksumAlgorithm::Crc32 => "x-amz-checksum-crc32",
        ChecksumAlgorithm::Crc32c => "x-amz-checksum-crc32c",
        ChecksumAlgorithm::Crc64Nvme => "x-amz-checksum-crc64nvme",
        ChecksumAlgorithm::Sha1 => "x-amz-checksum-sha1",
        ChecksumAlgorithm::Sha256 => "x-amz-checksum-sha256",
    }
}

/// Base64 of the checksum, most significant byte first.
pub(super) fn checksum_base64(algorithm: ChecksumAlgorithm, bytes: &[u8]) -> String {
    let crc = |algorithm, len: usize| {
        crc_fast::checksum(algorithm, bytes).to_be_bytes()[8 - len..].to_vec()
    };
    STANDARD.encode(match algorithm {
        ChecksumAlgorithm::Crc32 => crc(CrcAlgorithm::Crc32IsoHdlc, 4),
        ChecksumAlgorithm::Crc32c => crc(CrcAlgorithm::Crc32Iscsi, 4),
        ChecksumAlgorithm::Crc64Nvme => crc(CrcAlgorithm::Crc64Nvme, 8),
        ChecksumAlgorithm::Sha1 => digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, bytes)
            .as_ref()
            .to_vec(),
        ChecksumAlgorithm::Sha256 => digest::digest(&digest::SHA256, bytes).as_ref().to_vec(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Check values of the CRC catalogue (reveng) and of FIPS 180-4, for the text `123456789`; in base64.
    #[test]
    fn computes_the_published_check_values() {
        for (algorithm, hexadecimal) in [
            (ChecksumAlgorithm::Crc32, "cbf43926"),
            (ChecksumAlgorithm::Crc32c, "e3069283"),
            (ChecksumAlgorithm::Crc64Nvme, "ae8b14860a799888"),
            (
                ChecksumAlgorithm::Sha1,
                "f7c3bc1d808e04732adf679965ccc34ca7ae3441",
            ),
            (
                ChecksumAlgorithm::Sha256,
                "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
            ),
        ] {
            let bytes = STANDARD
                .decode(checksum_base64(algorithm, b"123456789"))
                .unwrap();
            assert_eq!(crate::keys::hex(&bytes), hexadecimal, "{algorithm:?}");
        }
    }
}
