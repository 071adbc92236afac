//! The names that the store gives: of record files, versions and uploads.

use crc_fast::{CrcAlgorithm, checksum};

use super::encoding::hex;
use crate::random::{OsRandom, Random, random_bytes};

/// 64 characters that are safe in a URL, in the order of ASCII, so that encoded numbers sort.
const ALPHABET: &[u8; 64] = b".0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

/// Characters of a version id, as in S3: the sequence number, random ones, the check.
const VERSION_PARTS: [usize; 3] = [SEQUENCE_CHARS, 19, 5];

/// 48 bits: a write each microsecond for nine years.
const SEQUENCE_CHARS: usize = 8;

/// Random characters of an upload id.
const UPLOAD_RANDOM_CHARS: usize = 56;

/// The name of a record file, never derived from what the record is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct RecordId([u8; 16]);

impl RecordId {
    /// A new name; no part of what a seed repeats, as a repeated one would overwrite a record.
    pub(super) fn new() -> Self {
        Self(random_bytes(&OsRandom))
    }

    /// The name that [`Display`](std::fmt::Display) wrote.
    pub(super) fn parse(text: &str) -> Option<Self> {
        hex::decode(text).map(Self)
    }
}

impl std::fmt::Display for RecordId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex::encode(&self.0))
    }
}

/// A version id for the write with this sequence number, see [`VersionId`](super::VersionId).
pub(super) fn new_version_id(sequence: u64, random: &dyn Random) -> String {
    let [_, random_chars, _] = VERSION_PARTS;
    let mut id = number(sequence, SEQUENCE_CHARS) + &noise(random_chars, random);
    id += &check(&id);
    id
}

/// The sequence number in a version id, if the id has this server's shape.
pub(super) fn version_sequence(id: &str) -> Option<u64> {
    let [sequence, random, check_chars] = VERSION_PARTS;
    if id.len() != sequence + random + check_chars || !id.bytes().all(|c| ALPHABET.contains(&c)) {
        return None;
    }
    let (payload, given) = id.split_at(sequence + random);
    let digit = |c: u8| ALPHABET.iter().position(|&a| a == c).map(|n| n as u64);
    let value = id
        .bytes()
        .take(sequence)
        .try_fold(0, |n, c| Some(n << 6 | digit(c)?));
    value.filter(|_| check(payload) == given)
}

/// An upload id: ids sort in the order of their sequence numbers.
pub(super) fn new_upload_id(sequence: u64, random: &dyn Random) -> String {
    number(sequence, SEQUENCE_CHARS) + &noise(UPLOAD_RANDOM_CHARS, random)
}

fn check(payload: &str) -> String {
    let [_, _, check_chars] = VERSION_PARTS;
    number(
        checksum(CrcAlgorithm::Crc32IsoHdlc, payload.as_bytes()),
        check_chars,
    )
}

/// The low `6 * chars` bits of a number, most significant first.
fn number(value: u64, chars: usize) -> String {
    (0..chars)
        .rev()
        .map(|place| character(value >> (6 * place)))
        .collect()
}

fn noise(chars: usize, random: &dyn Random) -> String {
    let mut bytes = vec![0; chars];
    random.fill(&mut bytes);
    bytes
        .into_iter()
        .map(|byte| character(byte.into()))
        .collect()
}

fn character(bits: u64) -> char {
    char::from(ALPHABET[(bits % 64) as usize])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_ids_are_told_from_foreign_ones() {
        for sequence in [0, 1, 63, 64, 1 << 47] {
            let id = new_version_id(sequence, &OsRandom);
            assert_eq!(id.len(), 32);
            assert_eq!(version_sequence(&id), Some(sequence), "{id}");
            assert_eq!(version_sequence(&id[1..]), None);
            let other = if id.ends_with('a') { "b" } else { "a" };
            assert_eq!(version_sequence(&format!("{}{other}", &id[..31])), None);
        }
        let real_s3 = "3sL4kqtJlcpXroDTDmJ.rmSpXd3dIbrH";
        for foreign in [
            &"A".repeat(32),
            &"0".repeat(32),
            &".".repeat(32),
            real_s3,
            "",
            "é",
        ] {
            assert_eq!(version_sequence(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn upload_ids_sort_by_sequence() {
        let ids: Vec<_> = [0, 1, 10, 63, 64, 65, 4096, 1 << 40]
            .map(|sequence| new_upload_id(sequence, &OsRandom))
            .into();
        assert!(ids.is_sorted(), "{ids:?}");
    }
}
