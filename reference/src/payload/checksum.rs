//! S3's flexible checksums: one table of algorithms, values, and hashers that compute them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crc_fast::CrcAlgorithm;
use ring::digest;

/// A checksum algorithm of S3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// CRC-32 (ISO-HDLC).
    Crc32,
    /// CRC-32C (Castagnoli).
    Crc32c,
    /// CRC-64/NVME, S3's default.
    Crc64Nvme,
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
}

struct Row {
    algorithm: Algorithm,
    name: &'static str,
    header: &'static str,
    element: &'static str,
    len: usize,
}

/// Source: AWS, "Checking object integrity in Amazon S3".
const TABLE: [Row; 5] = [
    row(
        Algorithm::Crc32,
        "CRC32",
        "x-amz-checksum-crc32",
        "ChecksumCRC32",
        4,
    ),
    row(
        Algorithm::Crc32c,
        "CRC32C",
        "x-amz-checksum-crc32c",
        "ChecksumCRC32C",
        4,
    ),
    row(
        Algorithm::Crc64Nvme,
        "CRC64NVME",
        "x-amz-checksum-crc64nvme",
        "ChecksumCRC64NVME",
        8,
    ),
    row(
        Algorithm::Sha1,
        "SHA1",
        "x-amz-checksum-sha1",
        "ChecksumSHA1",
        20,
    ),
    row(
        Algorithm::Sha256,
        "SHA256",
        "x-amz-checksum-sha256",
        "ChecksumSHA256",
        32,
    ),
];

const fn row(
    algorithm: Algorithm,
    name: &'static str,
    header: &'static str,
    element: &'static str,
    len: usize,
) -> Row {
    Row {
        algorithm,
        name,
        header,
        element,
        len,
    }
}

impl Algorithm {
    /// All algorithms, in S3's order.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|row| row.algorithm)
    }

    /// The algorithm of this name (`CRC32`), in any case.
    pub fn from_name(name: &str) -> Option<Self> {
        find(|row| row.name.eq_ignore_ascii_case(name))
    }

    /// The algorithm of this header (`x-amz-checksum-crc32`), in any case.
    pub fn from_header(header: &str) -> Option<Self> {
        find(|row| row.header.eq_ignore_ascii_case(header))
    }

    /// The name as in `x-amz-checksum-algorithm`: `CRC32`.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// The header that carries a value: `x-amz-checksum-crc32`.
    pub fn header(self) -> &'static str {
        self.row().header
    }

    /// The XML element that carries a value: `ChecksumCRC32`.
    pub fn element(self) -> &'static str {
        self.row().element
    }

    /// Checksums of parts combine into that of the whole (`FULL_OBJECT` of a multipart upload).
    pub fn combines(self) -> bool {
        self.crc().is_some()
    }

    fn row(self) -> &'static Row {
        TABLE
            .iter()
            .find(|row| row.algorithm == self)
            .expect("every algorithm has a row")
    }

    fn crc(self) -> Option<CrcAlgorithm> {
        match self {
            Self::Crc32 => Some(CrcAlgorithm::Crc32IsoHdlc),
            Self::Crc32c => Some(CrcAlgorithm::Crc32Iscsi),
            Self::Crc64Nvme => Some(CrcAlgorithm::Crc64Nvme),
            Self::Sha1 | Self::Sha256 => None,
        }
    }
}

fn find(test: impl Fn(&Row) -> bool) -> Option<Algorithm> {
    TABLE.iter().find(|row| test(row)).map(|row| row.algorithm)
}

/// The checksum of some bytes.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Checksum {
    algorithm: Algorithm,
    bytes: Vec<u8>,
}

impl Checksum {
    /// A value of the right length, else `None`.
    pub fn new(algorithm: Algorithm, bytes: impl Into<Vec<u8>>) -> Option<Self> {
        let bytes = bytes.into();
        (bytes.len() == algorithm.row().len).then_some(Self { algorithm, bytes })
    }

    /// Reads the base64 form, `None` if it is not base64 or of another length.
    pub fn parse(algorithm: Algorithm, text: &str) -> Option<Self> {
        Self::new(algorithm, STANDARD.decode(text).ok()?)
    }

    /// The checksum of bytes at hand.
    pub fn of(algorithm: Algorithm, data: &[u8]) -> Self {
        let mut hasher = Hasher::new(algorithm);
        hasher.update(data);
        hasher.finish()
    }

    /// The checksum of checksums: the `COMPOSITE` value of a multipart upload, without its `-N`.
    ///
    /// `parts` are those of the parts in order, all of one algorithm.
    pub fn composite(algorithm: Algorithm, parts: &[Self]) -> Self {
        let mut hasher = Hasher::new(algorithm);
        parts.iter().for_each(|part| hasher.update(&part.bytes));
        hasher.finish()
    }

    /// The checksum of the whole from those of the parts and their lengths in bytes;
    /// `None` for an algorithm that does not combine, or when a part has another algorithm.
    pub fn combine(algorithm: Algorithm, parts: &[(Self, u64)]) -> Option<Self> {
        let crc = algorithm.crc()?;
        let mut whole = Self::of(algorithm, b"").number();
        for (part, len) in parts {
            if part.algorithm != algorithm {
                return None;
            }
            whole = crc_fast::checksum_combine(crc, whole, part.number(), *len);
        }
        Some(Self::from_number(algorithm, whole))
    }

    /// The algorithm.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The raw value, big-endian.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The form in headers and XML.
    pub fn to_base64(&self) -> String {
        STANDARD.encode(&self.bytes)
    }

    fn number(&self) -> u64 {
        self.bytes
            .iter()
            .fold(0, |sum, byte| sum << 8 | u64::from(*byte))
    }

    fn from_number(algorithm: Algorithm, number: u64) -> Self {
        let bytes = number.to_be_bytes();
        let bytes = bytes[bytes.len() - algorithm.row().len..].to_vec();
        Self { algorithm, bytes }
    }
}

impl std::fmt::Debug for Checksum {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.algorithm.name(), self.to_base64())
    }
}

/// Computes a checksum piece by piece.
pub struct Hasher {
    algorithm: Algorithm,
    state: State,
}

enum State {
    Crc(crc_fast::Digest),
    Sha(digest::Context),
}

impl Hasher {
    /// A hasher that has seen nothing.
    pub fn new(algorithm: Algorithm) -> Self {
        let state = match algorithm.crc() {
            Some(crc) => State::Crc(crc_fast::Digest::new(crc)),
            None if algorithm == Algorithm::Sha1 => {
                State::Sha(digest::Context::new(&digest::SHA1_FOR_LEGACY_USE_ONLY))
            }
            None => State::Sha(digest::Context::new(&digest::SHA256)),
        };
        Self { algorithm, state }
    }

    /// The algorithm.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Takes the next piece.
    pub fn update(&mut self, data: &[u8]) {
        match &mut self.state {
            State::Crc(digest) => digest.update(data),
            State::Sha(context) => context.update(data),
        }
    }

    /// The checksum of all pieces.
    pub fn finish(self) -> Checksum {
        match self.state {
            State::Crc(digest) => Checksum::from_number(self.algorithm, digest.finalize()),
            State::Sha(context) => Checksum {
                algorithm: self.algorithm,
                bytes: context.finish().as_ref().to_vec(),
            },
        }
    }
}

impl std::fmt::Debug for Hasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Hasher({})", self.algorithm.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Check values of "123456789": the CRC catalogue (reveng) and RFC 3174 / FIPS 180-4 by
    /// `sha1sum`, `sha256sum`.
    #[test]
    fn check_values_of_the_catalogues() {
        let expected = [
            (Algorithm::Crc32, "cbf43926"),
            (Algorithm::Crc32c, "e3069283"),
            (Algorithm::Crc64Nvme, "ae8b14860a799888"),
            (Algorithm::Sha1, "f7c3bc1d808e04732adf679965ccc34ca7ae3441"),
            (
                Algorithm::Sha256,
                "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
            ),
        ];
        for (algorithm, hex) in expected {
            let checksum = Checksum::of(algorithm, b"123456789");
            assert_eq!(
                crate::sigv4::hex::encode(checksum.bytes()),
                hex,
                "{algorithm:?}"
            );
            assert_eq!(
                Checksum::parse(algorithm, &checksum.to_base64()),
                Some(checksum)
            );
        }
    }

    #[test]
    fn parts_combine_into_the_whole() {
        let (a, b) = (b"an aws-chunked ".as_slice(), b"payload".as_slice());
        for algorithm in Algorithm::all() {
            let parts = [a, b, b""].map(|part| (Checksum::of(algorithm, part), part.len() as u64));
            let whole = Checksum::of(algorithm, &[a, b].concat());
            let combined = Checksum::combine(algorithm, &parts);
            assert_eq!(
                combined,
                algorithm.combines().then_some(whole),
                "{algorithm:?}"
            );
        }
    }

    #[test]
    fn a_value_of_another_length_is_none() {
        for text in ["", "AAAA", "!!!!", "AAAAAA", "AAAAAA==="] {
            assert_eq!(Checksum::parse(Algorithm::Crc32, text), None, "{text}");
        }
    }
}
