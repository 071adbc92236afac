//! Reads what stands in a request: values, bodies, triples, references, lengths of time.

use super::reader::{NameKind, Reader, Use};
use crate::case::call::ByteRange;
use crate::case::data::{Body, Piece};
use crate::case::node::{Node, Tree};
use crate::case::triple::{AES256, KeyHeader, KeyMd5Header, KeyName, Triple};
use crate::case::value::{CHECKSUM_ALGORITHMS, Ref, RefField, Value};

/// The computed values: the one field that each is written with.
pub(crate) const COMPUTED: &[&str] = &[
    "key",
    "key_md5",
    "md5_of",
    "etag_of",
    "checksum_of",
    "object",
    "time",
];

/// Header names that `$name.field` may have besides those that begin with `x-amz-`.
const PLAIN_HEADERS: &[&str] = &[
    "last-modified",
    "date",
    "location",
    "content-range",
    "content-length",
    "content-type",
    "expires",
];

impl Reader<'_> {
    /// A text, a reference or a computed value.
    pub(super) fn value(&mut self, node: &Node) -> Option<Value> {
        self.value_with(node, None)
    }

    /// The same, where a bare `$name` stands for that field of the answer.
    pub(super) fn value_with(&mut self, node: &Node, bare: Option<RefField>) -> Option<Value> {
        let text = match &node.value {
            Tree::Scalar(text) => text,
            Tree::Map(entries) => return self.computed(node, entries),
            Tree::Null | Tree::List(_) => {
                self.refuse(
                    node,
                    format!(
                        "a value must be text or a mapping, and this is {}",
                        node.kind()
                    ),
                );
                return None;
            }
        };
        match text.strip_prefix('$') {
            None => Some(Value::Text(text.clone())),
            // `$$` writes a dollar; `${` is S3's own `${filename}`.
            Some(rest) if rest.starts_with('$') => Some(Value::Text(rest.to_owned())),
            Some(rest) if rest.starts_with('{') => Some(Value::Text(text.clone())),
            Some(rest) => self.reference(node, rest, bare).map(Value::Ref),
        }
    }

    fn reference(&mut self, node: &Node, text: &str, bare: Option<RefField>) -> Option<Ref> {
        let (name, field) = match text.split_once('.') {
            Some((name, field)) => (name, self.ref_field(node, field)?),
            None if bare.is_some() => (text, bare?),
            None => {
                let hint = format!("such as ${text}.etag; `$$` writes a dollar");
                self.refuse_hinting(node, format!("`${text}` needs a field"), hint);
                return None;
            }
        };
        self.use_name(NameKind::Answer, name, node);
        Some(Ref {
            name: name.to_owned(),
            field,
        })
    }

    fn ref_field(&mut self, node: &Node, field: &str) -> Option<RefField> {
        match field {
            "etag" => Some(RefField::Etag),
            "version_id" => Some(RefField::VersionId),
            "upload_id" => Some(RefField::UploadId),
            "url" => Some(RefField::Url),
            header if header.starts_with("x-amz-") || PLAIN_HEADERS.contains(&header) => {
                Some(RefField::Header(header.to_owned()))
            }
            other => {
                let own = ["etag", "version_id", "upload_id", "url", "x-amz-…"];
                let allowed = own.iter().chain(PLAIN_HEADERS).copied();
                self.refuse_word(
                    node,
                    format!("an answer has no field `{other}`"),
                    other,
                    allowed,
                );
                None
            }
        }
    }

    fn computed(&mut self, node: &Node, entries: &[(Node, Node)]) -> Option<Value> {
        let name = entries
            .first()
            .and_then(|(key, _)| key.scalar())
            .unwrap_or_default();
        let allowed: &[&str] = match name {
            "checksum_of" | "algorithm" => &["checksum_of", "algorithm"],
            other => COMPUTED
                .iter()
                .find(|known| **known == other)
                .map_or(COMPUTED, std::slice::from_ref),
        };
        let required = if allowed.len() == COMPUTED.len() {
            &[]
        } else {
            allowed
        };
        let map = self.map(node, "a computed value", allowed, required)?;
        match name {
            "key" => Some(Value::Key(self.key_name(map.get("key")?)?)),
            "key_md5" => Some(Value::KeyMd5(self.key_name(map.get("key_md5")?)?)),
            "md5_of" => Some(Value::Md5Of(self.datum(map.get("md5_of")?)?)),
            "etag_of" => Some(Value::EtagOf(self.datum(map.get("etag_of")?)?)),
            "object" => Some(Value::ObjectKey(
                self.text(map.get("object")?, "an object's name")?,
            )),
            "time" => Some(Value::Time(self.seconds(map.get("time")?)?)),
            "checksum_of" | "algorithm" => {
                let datum = self.datum(map.get("checksum_of")?)?;
                let algorithm = self.word(
                    map.get("algorithm")?,
                    "checksum algorithm",
                    CHECKSUM_ALGORITHMS,
                )?;
                Some(Value::ChecksumOf(datum, algorithm))
            }
            _ => None,
        }
    }

    /// The name of a datum, which is noted as used.
    pub(super) fn datum(&mut self, node: &Node) -> Option<String> {
        let name = self.text(node, "the name of a datum")?;
        self.use_name(NameKind::Datum, &name, node);
        Some(name)
    }

    /// `$name`: a whole answer, which is noted as used.
    pub(super) fn answer(&mut self, node: &Node) -> Option<String> {
        let text = self.text(node, "the name of an answer")?;
        let Some(name) = text.strip_prefix('$').filter(|name| !name.contains('.')) else {
            self.refuse_hinting(node, "an answer is named here", format!("such as ${text}"));
            return None;
        };
        self.use_name(NameKind::Answer, name, node);
        Some(name.to_owned())
    }

    fn use_name(&mut self, kind: NameKind, name: &str, node: &Node) {
        self.uses.push(Use {
            kind,
            name: name.to_owned(),
            node: node.clone(),
        });
    }

    /// `A` to `Z`.
    pub(super) fn key_name(&mut self, node: &Node) -> Option<KeyName> {
        let text = self.text(node, "the name of a key")?;
        let mut letters = text.chars();
        let name = letters
            .next()
            .filter(|_| letters.as_str().is_empty())
            .and_then(KeyName::new);
        if name.is_none() {
            self.refuse_hinting(
                node,
                format!("`{text}` is no name of a key"),
                "a key is one capital, A to Z",
            );
        }
        name
    }

    /// `doc`, `{slice: …}`, a list of such, `{text: …}` or `empty`.
    pub(super) fn body(&mut self, node: &Node) -> Option<Body> {
        match &node.value {
            Tree::Scalar(text) if text == "empty" => Some(Body::Empty),
            Tree::Scalar(_) => Some(Body::Data(vec![self.piece(node)?])),
            Tree::List(_) => {
                let items = self.list(node, "a body");
                Some(Body::Data(
                    items
                        .into_iter()
                        .filter_map(|item| self.piece(item))
                        .collect(),
                ))
            }
            Tree::Map(_) if node.get("text").is_some() => {
                let map = self.map(node, "a body", &["text"], &["text"])?;
                let text = self.text(map.get("text")?, "the text of a body")?;
                Some(Body::Text(text))
            }
            Tree::Map(_) | Tree::Null => Some(Body::Data(vec![self.piece(node)?])),
        }
    }

    /// `doc` or `{slice: doc, from: 100, to: 199}`.
    fn piece(&mut self, node: &Node) -> Option<Piece> {
        if let Tree::Scalar(_) = &node.value {
            return self.datum(node).map(Piece::whole);
        }
        let fields = &["slice", "from", "to"];
        let map = self.map(node, "a body", &["slice", "from", "to", "text"], fields)?;
        let name = self.datum(map.get("slice")?)?;
        let from = self.number(map.get("from")?, "the first byte of a slice")?;
        let to = self.number(map.get("to")?, "the last byte of a slice")?;
        if from > to {
            self.refuse(node, format!("a slice from {from} to {to} is empty"));
        }
        Some(Piece {
            name,
            slice: Some((from, to)),
        })
    }

    /// `100-199`, `100-` or `-100`.
    pub(super) fn range(&mut self, node: &Node) -> Option<ByteRange> {
        let text = self.text(node, "a range")?;
        let number = |text: &str| text.parse::<u64>().ok();
        let range = text
            .split_once('-')
            .and_then(|(first, last)| match (first, last) {
                ("", last) => number(last).map(ByteRange::Last),
                (first, "") => number(first).map(ByteRange::From),
                (first, last) => {
                    let (first, last) = (number(first)?, number(last)?);
                    (first <= last).then_some(ByteRange::Between(first, last))
                }
            });
        if range.is_none() {
            let hint = "first-last, first- or -length; anything else is written as a header";
            self.refuse_hinting(node, format!("`{text}` is no range"), hint);
        }
        range
    }

    /// `300s`, `20m`, `-1h`, `7d`: seconds.
    pub(super) fn seconds(&mut self, node: &Node) -> Option<i64> {
        let text = self.text(node, "a length of time")?;
        let seconds = text.char_indices().next_back().and_then(|(at, unit)| {
            let factor = UNITS.iter().find(|(name, _)| *name == unit)?.1;
            text[..at]
                .strip_prefix('+')
                .unwrap_or(&text[..at])
                .parse::<i64>()
                .ok()?
                .checked_mul(factor)
        });
        if seconds.is_none() {
            self.refuse_hinting(
                node,
                format!("`{text}` is no length of time"),
                "such as 300s, 20m, -1h or 7d",
            );
        }
        seconds
    }

    /// A key's name, or a mapping of the three headers.
    pub(super) fn triple(&mut self, node: &Node) -> Option<Triple> {
        if node.scalar().is_some() {
            return Some(Triple::of(self.key_name(node)?));
        }
        let map = self.map(node, "a triple", TRIPLE, &[])?;
        let algorithm = match node.get("algorithm") {
            None => Some(AES256.to_owned()),
            Some(node) => self.algorithm(node)?,
        };
        let key = match node.get("key") {
            None => {
                self.refuse(
                    map.node,
                    "a triple needs the field `key`, and there is no correct one before it",
                );
                return None;
            }
            Some(node) => self.key_header(node)?,
        };
        let key_md5 = match node.get("md5") {
            None => self.key_md5_of(map.node, &key)?,
            Some(node) => self.key_md5_header(node)?,
        };
        Some(Triple {
            algorithm,
            key,
            key_md5,
        })
    }

    /// The MD5 that goes with a key: the right one.
    fn key_md5_of(&mut self, node: &Node, key: &KeyHeader) -> Option<KeyMd5Header> {
        match key {
            KeyHeader::Named(name) => Some(KeyMd5Header::Of(*name)),
            KeyHeader::Text(_) | KeyHeader::Bytes(_) => Some(KeyMd5Header::OfSent),
            KeyHeader::Omit => {
                self.refuse_hinting(
                    node,
                    "a triple without a key needs the field `md5`",
                    "a key's name or omit",
                );
                None
            }
        }
    }

    fn algorithm(&mut self, node: &Node) -> Option<Option<String>> {
        match &node.value {
            _ if is_omitted(node) => Some(None),
            Tree::Map(_) => {
                let map = self.map(node, "an algorithm", &["text"], &["text"])?;
                Some(Some(self.text(map.get("text")?, "an algorithm")?))
            }
            _ => Some(Some(self.text(node, "an algorithm")?)),
        }
    }

    fn key_header(&mut self, node: &Node) -> Option<KeyHeader> {
        if is_omitted(node) {
            return Some(KeyHeader::Omit);
        }
        if node.scalar().is_some() {
            return Some(KeyHeader::Named(self.key_name(node)?));
        }
        Some(match self.text_or_bytes(node, "a key")? {
            Ok(text) => KeyHeader::Text(text),
            Err(len) => KeyHeader::Bytes(len),
        })
    }

    fn key_md5_header(&mut self, node: &Node) -> Option<KeyMd5Header> {
        if is_omitted(node) {
            return Some(KeyMd5Header::Omit);
        }
        if node.scalar().is_some() {
            return Some(KeyMd5Header::Of(self.key_name(node)?));
        }
        Some(match self.text_or_bytes(node, "a key's MD5")? {
            Ok(text) => KeyMd5Header::Text(text),
            Err(len) => KeyMd5Header::Bytes(len),
        })
    }

    fn text_or_bytes(&mut self, node: &Node, what: &str) -> Option<Result<String, usize>> {
        let map = self.map(node, what, &["text", "bytes"], &[])?;
        match (map.get("text"), map.get("bytes")) {
            (Some(text), None) => Some(Ok(self.text(text, what)?)),
            (None, Some(bytes)) => {
                let len: usize = self.number(bytes, "a number of bytes")?;
                if len > MAX_KEY_BYTES {
                    self.refuse(bytes, format!("at most {MAX_KEY_BYTES} bytes"));
                }
                Some(Err(len))
            }
            _ => {
                self.refuse_hinting(
                    node,
                    format!("{what} is one of these"),
                    "a key's name, omit, {text: …} or {bytes: N}",
                );
                None
            }
        }
    }
}

/// The fields of a triple.
pub(crate) const TRIPLE: &[&str] = &["key", "md5", "algorithm"];

/// The longest key material that a case can ask for.
const MAX_KEY_BYTES: usize = 4096;

/// The units of a length of time, in seconds.
const UNITS: &[(char, i64)] = &[('s', 1), ('m', 60), ('h', 3600), ('d', 86_400)];

/// `omit`, or `null` from a table: the header is not sent.
pub(super) fn is_omitted(node: &Node) -> bool {
    node.is_null() || node.scalar() == Some("omit")
}
