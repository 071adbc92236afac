//! The three SSE-C headers of one side as text, to be read, mended and spoiled.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use http::{HeaderMap, HeaderValue};
use md5::{Digest as _, Md5};
use ssec_reference::head::header;
use ssec_reference::headers as name;
use ssec_reference::ssec::Side;

/// Algorithm, key and key-MD5 as sent. Has no Debug: the key is in it.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Triple {
    pub(crate) algorithm: Option<String>,
    pub(crate) key: Option<String>,
    pub(crate) key_md5: Option<String>,
}

impl Triple {
    /// The triple of one side.
    pub(crate) fn read(headers: &HeaderMap, side: Side) -> Self {
        let [algorithm, key, key_md5] = names(side).map(|name| header(headers, name));
        Self {
            algorithm,
            key,
            key_md5,
        }
    }

    /// The request's own.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        Self::read(headers, Side::Object)
    }

    /// That of the copy source.
    pub(crate) fn of_source(headers: &HeaderMap) -> Self {
        Self::read(headers, Side::CopySource)
    }

    /// Puts the triple in the place of the one that is there.
    pub(crate) fn write(&self, headers: &mut HeaderMap, side: Side) {
        let values = [&self.algorithm, &self.key, &self.key_md5];
        for (name, value) in names(side).into_iter().zip(values) {
            headers.remove(name);
            let value = value
                .as_ref()
                .and_then(|text| HeaderValue::from_str(text).ok());
            if let Some(value) = value {
                headers.insert(name, value);
            }
        }
    }

    /// None of the three.
    pub(crate) fn is_absent(&self) -> bool {
        *self == Self::default()
    }

    /// All that a read asks of a triple: `AES256`, base64, and a key-MD5 that fits if there is
    /// one.
    pub(crate) fn is_well_formed(&self) -> bool {
        let fits = self.key_md5.is_none() || self.key_md5 == self.md5_of_key();
        self.algorithm.as_deref() == Some("AES256") && self.key_bytes().is_some() && fits
    }

    /// The decoded key.
    pub(crate) fn key_bytes(&self) -> Option<Vec<u8>> {
        let text = self.key.as_ref().filter(|text| !text.is_empty())?;
        STANDARD.decode(text).ok()
    }

    /// What the key-MD5 should be.
    pub(crate) fn md5_of_key(&self) -> Option<String> {
        self.key_bytes().map(|bytes| md5_base64(&bytes))
    }
}

/// Base64 of the MD5 of some bytes.
pub(crate) fn md5_base64(bytes: &[u8]) -> String {
    STANDARD.encode(Md5::digest(bytes))
}

/// What people do to a triple that they should refuse.
pub(crate) mod mend {
    use super::{STANDARD, STANDARD_NO_PAD, Triple, URL_SAFE, URL_SAFE_NO_PAD};
    use base64::Engine as _;

    /// A missing key-MD5 is worked out.
    pub(crate) fn missing_md5(triple: &mut Triple) {
        if triple.key_md5.is_none() {
            triple.key_md5 = triple.md5_of_key();
        }
    }

    /// A key-MD5 that was sent is not looked at.
    pub(crate) fn wrong_md5(triple: &mut Triple) {
        if triple.key_md5.is_some() && triple.key_bytes().is_some() {
            triple.key_md5 = triple.md5_of_key();
        }
    }

    /// A key of another length is cut, or filled with zeros.
    pub(crate) fn wrong_length(triple: &mut Triple) {
        let Some(mut bytes) = triple.key_bytes().filter(|bytes| bytes.len() != 32) else {
            return;
        };
        if triple.key_md5 == triple.md5_of_key() {
            bytes.resize(32, 0);
            triple.key = Some(STANDARD.encode(&bytes));
            triple.key_md5 = triple.md5_of_key();
        }
    }

    /// What is no base64 is taken for bytes.
    pub(crate) fn broken_base64(triple: &mut Triple) {
        let text = triple.key.clone().filter(|text| !text.is_empty());
        if let Some(text) = text.filter(|_| triple.key_bytes().is_none()) {
            let mut bytes = text.into_bytes();
            bytes.resize(32, 0);
            triple.key = Some(STANDARD.encode(&bytes));
            triple.key_md5 = triple.md5_of_key();
        }
    }

    /// Base64 without its padding or of another alphabet is read all the same.
    pub(crate) fn other_base64(triple: &mut Triple) {
        let Some(text) = triple.key.as_ref().filter(|_| triple.key_bytes().is_none()) else {
            return;
        };
        let engines = [&STANDARD_NO_PAD, &URL_SAFE, &URL_SAFE_NO_PAD];
        let decoded = engines.iter().find_map(|engine| engine.decode(text).ok());
        if let Some(bytes) = decoded {
            triple.key = Some(STANDARD.encode(bytes));
        }
    }

    /// Whatever the algorithm is called, it is AES256.
    pub(crate) fn any_algorithm(triple: &mut Triple) {
        if triple
            .algorithm
            .as_ref()
            .is_some_and(|text| !text.is_empty())
        {
            triple.algorithm = Some("AES256".to_owned());
        }
    }

    /// The letters of the algorithm may be small.
    pub(crate) fn lower_case(triple: &mut Triple) {
        if triple.algorithm.as_deref() == Some("aes256") {
            triple.algorithm = Some("AES256".to_owned());
        }
    }

    /// An empty algorithm is the default one.
    pub(crate) fn empty_algorithm(triple: &mut Triple) {
        if triple.algorithm.as_deref() == Some("") {
            triple.algorithm = Some("AES256".to_owned());
        }
    }

    /// A missing algorithm is the default one.
    pub(crate) fn missing_algorithm(triple: &mut Triple) {
        if triple.key.is_some() && triple.algorithm.is_none() {
            triple.algorithm = Some("AES256".to_owned());
        }
    }

    /// Without an algorithm there is no SSE-C.
    pub(crate) fn no_algorithm(triple: &mut Triple) {
        if triple.algorithm.is_none() {
            *triple = Triple::default();
        }
    }

    /// Without a key there is no SSE-C.
    pub(crate) fn no_key(triple: &mut Triple) {
        if triple.key.as_ref().is_none_or(String::is_empty) {
            *triple = Triple::default();
        }
    }

    /// A key-MD5 that stands alone is not there.
    pub(crate) fn lone_md5(triple: &mut Triple) {
        if triple.algorithm.is_none() && triple.key.is_none() {
            *triple = Triple::default();
        }
    }

    /// The algorithm is not looked at.
    pub(crate) fn ignored_algorithm(triple: &mut Triple) {
        if triple.key.is_some() {
            triple.algorithm = Some("AES256".to_owned());
        }
    }

    /// The letters of the key-MD5 may be of another case.
    pub(crate) fn any_case_of_md5(triple: &mut Triple) {
        let right = triple.md5_of_key();
        let sent = triple.key_md5.as_deref();
        if let (Some(right), Some(sent)) = (right, sent)
            && right.eq_ignore_ascii_case(sent)
        {
            triple.key_md5 = Some(right);
        }
    }
}

fn names(side: Side) -> [&'static str; 3] {
    match side {
        Side::Object => [name::SSEC_ALGORITHM, name::SSEC_KEY, name::SSEC_KEY_MD5],
        Side::CopySource => [
            name::COPY_SSEC_ALGORITHM,
            name::COPY_SSEC_KEY,
            name::COPY_SSEC_KEY_MD5,
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(mend: fn(&mut Triple), given: [&str; 3], wanted: [&str; 3]) {
        let triple = |[algorithm, key, key_md5]: [&str; 3]| {
            let part = |text: &str| Some(text.to_owned()).filter(|text| text != "-");
            Triple {
                algorithm: part(algorithm),
                key: part(key),
                key_md5: part(key_md5),
            }
        };
        let mut mended = triple(given);
        mend(&mut mended);
        assert!(mended == triple(wanted), "{given:?} {wanted:?}");
    }

    // base64 of four and of 32 zero bytes, and their MD5.
    const SHORT: &str = "AAAAAA==";
    const SHORT_MD5: &str = "8dP/iM6mU+FzppS95q2ojg==";
    const WHOLE: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    #[test]
    fn each_mend_mends_one_thing() {
        let whole_md5 = md5_base64(&[0; 32]);
        let short_md5 = md5_base64(&[0; 4]);
        check(
            mend::missing_md5,
            ["-", WHOLE, "-"],
            ["-", WHOLE, &whole_md5],
        );
        check(mend::missing_md5, ["-", WHOLE, "x"], ["-", WHOLE, "x"]);
        check(mend::wrong_md5, ["-", WHOLE, "x"], ["-", WHOLE, &whole_md5]);
        check(mend::wrong_md5, ["-", WHOLE, "-"], ["-", WHOLE, "-"]);
        check(
            mend::wrong_length,
            ["a", SHORT, &short_md5],
            ["a", WHOLE, &whole_md5],
        );
        check(
            mend::wrong_length,
            ["a", SHORT, SHORT_MD5],
            ["a", SHORT, SHORT_MD5],
        );
        check(mend::other_base64, ["a", "AAAAAA", "b"], ["a", SHORT, "b"]);
        check(mend::lower_case, ["aes256", "k", "m"], ["AES256", "k", "m"]);
        check(mend::lower_case, ["KMS", "k", "m"], ["KMS", "k", "m"]);
        check(mend::any_algorithm, ["KMS", "k", "m"], ["AES256", "k", "m"]);
        check(mend::any_algorithm, ["", "k", "m"], ["", "k", "m"]);
        check(
            mend::missing_algorithm,
            ["-", "k", "m"],
            ["AES256", "k", "m"],
        );
        check(mend::missing_algorithm, ["-", "-", "m"], ["-", "-", "m"]);
        check(mend::no_algorithm, ["-", "k", "m"], ["-", "-", "-"]);
        check(mend::no_key, ["a", "", "m"], ["-", "-", "-"]);
        check(mend::lone_md5, ["-", "-", "m"], ["-", "-", "-"]);
        check(mend::lone_md5, ["a", "-", "m"], ["a", "-", "m"]);
    }
}
