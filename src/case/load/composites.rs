//! Reads the fields of a request that are made of several: entries, checksums, headers, policies,
//! signatures; and the words that they are made of.

use super::reader::{Map, NAME, Reader};
use crate::case::call::{
    BucketAsk, Checksum, ChecksumPlace, Condition, Corrupt, FormPolicy, HeaderEdit, Listing,
    ObjectEntry, PartEntry, Payload, Sign, SignMethod, Statement, Wire,
};
use crate::case::node::{Node, Tree};
use crate::case::value::{CHECKSUM_ALGORITHMS, RefField, Value};

/// The names of the listings.
pub(crate) const LISTINGS: &[(&str, Listing)] = &[
    ("v1", Listing::V1),
    ("v2", Listing::V2),
    ("versions", Listing::Versions),
    ("uploads", Listing::Uploads),
];

/// The names of the bucket operations.
pub(crate) const ASKS: &[(&str, BucketAsk)] = &[
    ("head", BucketAsk::Head),
    ("get_location", BucketAsk::GetLocation),
    ("get_versioning", BucketAsk::GetVersioning),
    ("put_versioning", BucketAsk::PutVersioning),
    ("get_encryption", BucketAsk::GetEncryption),
    ("put_encryption", BucketAsk::PutEncryption),
    ("delete_encryption", BucketAsk::DeleteEncryption),
    ("get_policy", BucketAsk::GetPolicy),
    ("put_policy", BucketAsk::PutPolicy),
    ("delete_policy", BucketAsk::DeletePolicy),
];

/// The names of the ways to sign.
pub(crate) const SIGN_METHODS: &[(&str, SignMethod)] = &[
    ("header", SignMethod::V4),
    ("v2", SignMethod::V2),
    ("none", SignMethod::None),
];

/// The names of what can be spoilt in a signature.
pub(crate) const CORRUPTIONS: &[(&str, Corrupt)] = &[
    ("signature", Corrupt::Signature),
    ("access_key", Corrupt::AccessKey),
    ("region", Corrupt::Region),
];

/// The names of the ways to sign a body.
pub(crate) const PAYLOADS: &[(&str, Payload)] = &[
    ("hash", Payload::Hash),
    ("unsigned", Payload::Unsigned),
    ("streaming", Payload::Streaming),
    ("streaming_trailer", Payload::StreamingTrailer),
    ("trailer", Payload::UnsignedTrailer),
    ("wrong_hash", Payload::WrongHash),
];

/// Where a checksum can travel.
pub(crate) const CHECKSUM_PLACES: &[(&str, ChecksumPlace)] = &[
    ("header", ChecksumPlace::Header),
    ("trailer", ChecksumPlace::Trailer),
];

/// The fields of the mappings within a request, by the name of their shape.
pub(crate) mod inner {
    pub(crate) const PART: &[&str] = &["of", "part", "etag", "checksum"];
    pub(crate) const OBJECT: &[&str] = &["object", "version"];
    pub(crate) const CHECKSUM: &[&str] = &["algorithm", "value", "in"];
    pub(crate) const POLICY: &[&str] = &["conditions", "length"];
    pub(crate) const STATEMENT: &[&str] = &["effect", "action", "conditions"];
    pub(crate) const SIGN: &[&str] = &["method", "unsigned", "corrupt", "skew", "payload"];
    pub(crate) const WIRE: &[&str] = &["scheme", "lines", "first", "stop_after"];
}

pub(super) fn part_entry(r: &mut Reader<'_>, node: &Node) -> Option<PartEntry> {
    if node.scalar().is_some() {
        return Some(PartEntry {
            of: Some(r.answer(node)?),
            ..PartEntry::default()
        });
    }
    let map = r.map(node, "an entry of `parts`", inner::PART, &[])?;
    let entry = PartEntry {
        of: map.get("of").and_then(|node| r.answer(node)),
        part: map
            .get("part")
            .and_then(|node| r.text(node, "a part number")),
        etag: map
            .get("etag")
            .and_then(|node| r.value_with(node, Some(RefField::Etag))),
        checksum: map.get("checksum").and_then(|node| r.value(node)),
    };
    if entry.of.is_none() && (entry.part.is_none() || entry.etag.is_none()) {
        r.refuse(
            node,
            "an entry of `parts` needs `of`, or both `part` and `etag`",
        );
    }
    Some(entry)
}

pub(super) fn object_entry(r: &mut Reader<'_>, node: &Node) -> Option<ObjectEntry> {
    if node.scalar().is_some() {
        return Some(ObjectEntry {
            object: r.text(node, "an object's name")?,
            version: None,
        });
    }
    let map = r.map(node, "an entry of `objects`", inner::OBJECT, &["object"])?;
    Some(ObjectEntry {
        object: r.text(map.get("object")?, "an object's name")?,
        version: map
            .get("version")
            .and_then(|node| r.value_with(node, Some(RefField::VersionId))),
    })
}

pub(super) fn checksum(r: &mut Reader<'_>, node: &Node) -> Option<Checksum> {
    if node.scalar().is_some() {
        let algorithm = r.word(node, "checksum algorithm", CHECKSUM_ALGORITHMS)?;
        return Some(Checksum {
            algorithm,
            value: None,
            place: ChecksumPlace::Header,
        });
    }
    let map = r.map(node, "a checksum", inner::CHECKSUM, &["algorithm"])?;
    Some(Checksum {
        algorithm: r.word(
            map.get("algorithm")?,
            "checksum algorithm",
            CHECKSUM_ALGORITHMS,
        )?,
        value: map.get("value").and_then(|node| r.value(node)),
        place: map
            .get("in")
            .and_then(|node| r.word(node, "place", CHECKSUM_PLACES))
            .unwrap_or_default(),
    })
}

/// Named values; those that are `null` are not there.
pub(super) fn values(r: &mut Reader<'_>, node: &Node, what: &str) -> Vec<(String, Value)> {
    let values = optional_values(r, node, what);
    values
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
}

pub(super) fn optional_values(
    r: &mut Reader<'_>,
    node: &Node,
    what: &str,
) -> Vec<(String, Option<Value>)> {
    let mut values = Vec::new();
    for (key, value) in r.entries(node, what).unwrap_or_default() {
        let Some(name) = r.text(key, "a name") else {
            continue;
        };
        values.push((
            name,
            if value.is_null() {
                None
            } else {
                r.value(value)
            },
        ));
    }
    values
}

pub(super) fn headers(r: &mut Reader<'_>, node: &Node) -> Vec<HeaderEdit> {
    let mut edits = Vec::new();
    for (key, value) in r.entries(node, "`headers`").unwrap_or_default() {
        let Some(name) = header_name(r, key) else {
            continue;
        };
        let values = match &value.value {
            Tree::Null => Vec::new(),
            Tree::List(_) => r
                .list(value, "a header's values")
                .into_iter()
                .filter_map(|item| r.value(item))
                .collect(),
            Tree::Scalar(_) | Tree::Map(_) => r.value(value).into_iter().collect(),
        };
        edits.push(HeaderEdit { name, values });
    }
    edits
}

/// A header's name: a token (RFC 9110 §5.6.2). Other names are sent by `wire`.
pub(super) fn header_name(r: &mut Reader<'_>, node: &Node) -> Option<String> {
    let name = r.text(node, "a header's name")?;
    let is_token = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte));
    if !is_token {
        r.refuse_hinting(
            node,
            format!("`{name}` is no header's name"),
            "a line that is no header is sent by wire: {lines: […]}",
        );
        return None;
    }
    Some(name)
}

pub(super) fn form_policy(r: &mut Reader<'_>, node: &Node) -> FormPolicy {
    let Some(map) = r.map(node, "`policy`", inner::POLICY, &[]) else {
        return FormPolicy::default();
    };
    let mut conditions = Vec::new();
    let named = map
        .get("conditions")
        .and_then(|node| r.entries(node, "`conditions`"));
    for (key, value) in named.unwrap_or_default() {
        let Some(name) = r.text(key, "a field's name") else {
            continue;
        };
        if let Some(condition) = condition(r, value) {
            conditions.push((name, condition));
        }
    }
    FormPolicy {
        conditions,
        length: map.get("length").and_then(|node| length(r, node)),
    }
}

fn condition(r: &mut Reader<'_>, node: &Node) -> Option<Condition> {
    match node.get("starts_with") {
        _ if node.is_null() => Some(Condition::Unnamed),
        Some(start) => Some(Condition::StartsWith(r.value(start)?)),
        None => Some(Condition::Equals(r.value(node)?)),
    }
}

fn length(r: &mut Reader<'_>, node: &Node) -> Option<(u64, u64)> {
    let items = r.list(node, "`length`");
    let [least, most] = items[..] else {
        r.refuse(node, "`length` is a list of the least and the most bytes");
        return None;
    };
    Some((r.number(least, "a length")?, r.number(most, "a length")?))
}

pub(super) fn statement(r: &mut Reader<'_>, node: &Node) -> Option<Statement> {
    let map = r.map(node, "a statement", inner::STATEMENT, &["effect", "action"])?;
    let mut conditions = Vec::new();
    for (operator, keys) in map
        .get("conditions")
        .and_then(|n| r.entries(n, "`conditions`"))
        .unwrap_or_default()
    {
        for (key, values) in r.entries(keys, "a condition").unwrap_or_default() {
            let (Some(operator), Some(key)) = (
                r.text(operator, "an operator"),
                r.text(key, "a condition key"),
            ) else {
                continue;
            };
            let values = match &values.value {
                Tree::List(items) => items.iter().filter_map(|item| r.value(item)).collect(),
                _ => r.value(values).into_iter().collect(),
            };
            conditions.push((operator, key, values));
        }
    }
    Some(Statement {
        effect: r.text(map.get("effect")?, "an effect")?,
        action: r.text(map.get("action")?, "an action")?,
        conditions,
    })
}

pub(super) fn sign(r: &mut Reader<'_>, node: &Node) -> Sign {
    if node.scalar().is_some() {
        let method = r
            .word(node, "way to sign", SIGN_METHODS)
            .unwrap_or_default();
        return Sign {
            method,
            ..Sign::default()
        };
    }
    let Some(map) = r.map(node, "`sign`", inner::SIGN, &[]) else {
        return Sign::default();
    };
    Sign {
        method: map
            .get("method")
            .and_then(|n| r.word(n, "way to sign", SIGN_METHODS))
            .unwrap_or_default(),
        unsigned: header_names(r, map, "unsigned")
            .iter()
            .map(|name| name.to_ascii_lowercase())
            .collect(),
        corrupt: map
            .get("corrupt")
            .and_then(|n| r.word(n, "part of a signature", CORRUPTIONS)),
        skew: map
            .get("skew")
            .and_then(|n| r.seconds(n))
            .unwrap_or_default(),
        payload: map
            .get("payload")
            .and_then(|n| r.word(n, "way to sign a body", PAYLOADS))
            .unwrap_or_default(),
    }
}

fn header_names(r: &mut Reader<'_>, map: Map<'_>, field: &str) -> Vec<String> {
    let Some(node) = map.get(field) else {
        return Vec::new();
    };
    let items = r.list(node, &format!("`{field}`"));
    items
        .into_iter()
        .filter_map(|item| header_name(r, item))
        .collect()
}

pub(super) fn wire(r: &mut Reader<'_>, node: &Node) -> Wire {
    let Some(map) = r.map(node, "`wire`", inner::WIRE, &[]) else {
        return Wire::default();
    };
    Wire {
        http: map
            .get("scheme")
            .and_then(|n| r.word(n, "scheme", SCHEMES))
            .unwrap_or_default(),
        lines: map
            .get("lines")
            .map(|n| r.texts(n, "a header line"))
            .unwrap_or_default(),
        first: header_names(r, map, "first"),
        stop_after: map.get("stop_after").and_then(|n| size(r, n)),
    }
}

/// The names of the schemes, and whether it is plain http.
pub(crate) const SCHEMES: &[(&str, bool)] = &[("https", false), ("http", true)];

/// `100B`, `64KiB`, `5MiB`: bytes.
pub(super) fn size(r: &mut Reader<'_>, node: &Node) -> Option<u64> {
    let text = r.text(node, "a size")?;
    let size = SIZE_UNITS.iter().find_map(|(unit, factor)| {
        let digits = text
            .strip_suffix(unit)
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
        digits
            .parse::<u64>()
            .ok()?
            .checked_mul(*factor)
            .filter(|bytes| *bytes <= MAX_BODY_BYTES)
    });
    if size.is_none() {
        r.refuse_hinting(
            node,
            format!("`{text}` is no size"),
            "bytes, such as 100B, 64KiB or 5MiB; at most 64MiB",
        );
    }
    size
}

/// The units of a size. `B` comes last because the others end in it too.
const SIZE_UNITS: &[(&str, u64)] = &[("KiB", 1024), ("MiB", 1024 * 1024), ("B", 1)];

/// The largest body of a case.
const MAX_BODY_BYTES: u64 = 64 * 1024 * 1024;

/// The name of a datum where it is defined.
pub(super) fn datum_name(r: &mut Reader<'_>, node: &Node) -> Option<String> {
    let name = r.id(node, "name of a datum", NAME)?;
    if name == "empty" {
        r.refuse(node, "`empty` already means no bytes");
    }
    Some(name)
}
