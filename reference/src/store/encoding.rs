//! How bytes and times stand in a record: hexadecimal, base64, S3 names and RFC 3339 text.

/// Bytes of fixed length as lower-case hexadecimal.
pub(super) mod hex {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(in crate::store) fn serialize<S: Serializer>(
        bytes: &[u8; 16],
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.serialize_str(&encode(bytes))
    }

    pub(in crate::store) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<[u8; 16], D::Error> {
        let text = String::deserialize(from)?;
        decode(&text).ok_or_else(|| D::Error::custom("expected 32 lower-case hexadecimal digits"))
    }

    pub(in crate::store) fn encode(bytes: &[u8; 16]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Exactly what [`encode`] writes, or nothing.
    pub(in crate::store) fn decode(text: &str) -> Option<[u8; 16]> {
        let lower = |digit: u8| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit);
        if text.len() != 32 || !text.bytes().all(lower) {
            return None;
        }
        u128::from_str_radix(text, 16).ok().map(u128::to_be_bytes)
    }
}

/// Bytes of any length as base64.
pub(super) mod base64 {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(in crate::store) fn serialize<S: Serializer>(
        bytes: &[u8],
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.serialize_str(&STANDARD.encode(bytes))
    }

    pub(in crate::store) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<u8>, D::Error> {
        STANDARD
            .decode(String::deserialize(from)?)
            .map_err(D::Error::custom)
    }
}

/// A checksum algorithm as its S3 name.
pub(super) mod algorithm {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use crate::payload::Algorithm;

    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde hands over a reference"
    )]
    pub(in crate::store) fn serialize<S: Serializer>(
        algorithm: &Algorithm,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.serialize_str(algorithm.name())
    }

    pub(in crate::store) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Algorithm, D::Error> {
        let name = String::deserialize(from)?;
        Algorithm::from_name(&name).ok_or_else(|| D::Error::custom("no checksum algorithm of S3"))
    }
}

/// A time as RFC 3339 text.
pub(super) mod rfc3339 {
    use serde::{Deserialize, Deserializer, Serializer, de, ser};
    use time::OffsetDateTime;
    use time::format_description::well_known::Rfc3339;

    pub(in crate::store) fn serialize<S: Serializer>(
        time: &OffsetDateTime,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.serialize_str(&time.format(&Rfc3339).map_err(ser::Error::custom)?)
    }

    pub(in crate::store) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<OffsetDateTime, D::Error> {
        OffsetDateTime::parse(&String::deserialize(from)?, &Rfc3339).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::hex;

    #[test]
    fn hex_reads_only_what_it_writes() {
        let bytes = [0, 1, 0xab, 0xff, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
        let text = "0001abff0405060708090a0b0c0d0e0f";
        assert_eq!(hex::encode(&bytes), text);
        assert_eq!(hex::decode(text), Some(bytes));
        for wrong in [
            &text[1..],
            &text.to_uppercase(),
            "+001abff0405060708090a0b0c0d0e0f",
            "",
        ] {
            assert_eq!(hex::decode(wrong), None, "{wrong:?}");
        }
    }
}
