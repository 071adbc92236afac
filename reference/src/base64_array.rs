//! Fixed-size bytes as base64 text in records: `#[serde(with = "crate::base64_array")]`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::Serializer;

/// Writes the bytes as standard base64 with padding.
pub(crate) fn serialize<S: Serializer, const N: usize>(
    bytes: &[u8; N],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&STANDARD.encode(bytes))
}

/// Reads exactly `N` bytes of standard base64 with padding.
pub(crate) fn deserialize<'de, D: Deserializer<'de>, const N: usize>(
    deserializer: D,
) -> Result<[u8; N], D::Error> {
    let text = String::deserialize(deserializer)?;
    let bytes = STANDARD
        .decode(text)
        .map_err(|_| D::Error::custom("not base64"))?;
    <[u8; N]>::try_from(bytes).map_err(|_| D::Error::custom(format_args!("not {N} bytes")))
}

#[cfg(test)]
mod tests {
    #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
    struct Four(#[serde(with = "crate::base64_array")] [u8; 4]);

    fn check(text: &str, expected: Option<[u8; 4]>) {
        assert_eq!(
            serde_json::from_str(text).ok(),
            expected.map(Four),
            "{text}"
        );
    }

    #[test]
    fn exactly_the_length_in_the_canonical_alphabet_is_read() {
        check(r#""3q2+7w==""#, Some([0xde, 0xad, 0xbe, 0xef]));
        check(r#""3q2-7w==""#, None);
        check(r#""3q2+7w""#, None);
        check(r#""3q2+""#, None);
        check(r#""3q2+7wA=""#, None);
        check("[222, 173, 190, 239]", None);
    }

    #[test]
    fn what_is_written_is_base64() {
        let text = serde_json::to_string(&Four([0xde, 0xad, 0xbe, 0xef])).ok();
        assert_eq!(text.as_deref(), Some(r#""3q2+7w==""#));
    }
}
