//! Conditions of policies: a table of operators and a table of keys.

use super::json::Json;
use super::matching::matches;
use super::{Ask, malformed};
use crate::error::S3Result;

/// One operator over one key.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Condition {
    operator: Operator,
    if_exists: bool,
    key: Key,
    values: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equals { case: bool, negated: bool },
    Like { negated: bool },
    Bool,
    Null,
}

/// Source: IAM user guide, "IAM JSON policy elements: Condition operators".
const OPERATORS: &[(&str, Operator)] = &[
    (
        "StringEquals",
        Operator::Equals {
            case: true,
            negated: false,
        },
    ),
    (
        "StringNotEquals",
        Operator::Equals {
            case: true,
            negated: true,
        },
    ),
    (
        "StringEqualsIgnoreCase",
        Operator::Equals {
            case: false,
            negated: false,
        },
    ),
    (
        "StringNotEqualsIgnoreCase",
        Operator::Equals {
            case: false,
            negated: true,
        },
    ),
    ("StringLike", Operator::Like { negated: false }),
    ("StringNotLike", Operator::Like { negated: true }),
    ("Bool", Operator::Bool),
    ("Null", Operator::Null),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    SecureTransport,
    Header(&'static str),
}

/// The keys, in lower case; names of keys compare without case. A customer key and its MD5 are
/// none (POL-008).
///
/// Source: Service authorization reference, "Condition keys for Amazon S3".
const KEYS: &[(&str, Key)] = &[
    ("aws:securetransport", Key::SecureTransport),
    header("s3:x-amz-acl"),
    header("s3:x-amz-content-sha256"),
    header("s3:x-amz-copy-source"),
    header("s3:x-amz-metadata-directive"),
    header("s3:x-amz-server-side-encryption"),
    header("s3:x-amz-server-side-encryption-aws-kms-key-id"),
    header("s3:x-amz-server-side-encryption-customer-algorithm"),
    header("s3:x-amz-storage-class"),
    header("s3:x-amz-website-redirect-location"),
];

/// A key that is a header, after its prefix `s3:`.
const fn header(key: &'static str) -> (&'static str, Key) {
    (key, Key::Header(key.split_at(3).1))
}

impl Condition {
    /// Reads the `Condition` element: operators over keys over values.
    pub(super) fn parse_all(block: &Json) -> S3Result<Vec<Self>> {
        let mut all = Vec::new();
        for (operator, keys) in members(block)? {
            for (key, values) in members(keys)? {
                all.push(Self::parse(operator, key, values)?);
            }
        }
        Ok(all)
    }

    fn parse(operator: &str, key: &str, values: &Json) -> S3Result<Self> {
        let (name, if_exists) = match operator.strip_suffix("IfExists") {
            Some(name) => (name, true),
            None => (operator, false),
        };
        let found = OPERATORS
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, found)| *found);
        let operator = found
            .filter(|found| !(if_exists && *found == Operator::Null))
            .ok_or_else(|| malformed(format!("Invalid Condition type : {operator}")))?;
        let lower = key.to_ascii_lowercase();
        let key = KEYS
            .iter()
            .find(|(known, _)| *known == lower)
            .map(|(_, key)| *key)
            .ok_or_else(|| malformed("Policy has an invalid condition key"))?;
        let values: Vec<String> = values
            .one_or_many()
            .iter()
            .map(|value| text(operator, value))
            .collect::<S3Result<_>>()?;
        if values.is_empty() {
            return Err(malformed("Policy has an invalid condition value"));
        }
        Ok(Self {
            operator,
            if_exists,
            key,
            values,
        })
    }

    /// Whether the request meets the condition.
    pub(super) fn holds(&self, ask: &Ask<'_>) -> bool {
        let found = self.key.value(ask);
        let Some(value) = found else {
            return match self.operator {
                Operator::Null => self.any(|expected| expected == "true"),
                Operator::Equals { negated, .. } | Operator::Like { negated } => {
                    negated || self.if_exists
                }
                Operator::Bool => self.if_exists,
            };
        };
        match self.operator {
            Operator::Null => self.any(|expected| expected == "false"),
            Operator::Bool => self.any(|expected| expected == value),
            Operator::Equals { case, negated } => {
                let equal = |expected: &str| {
                    if case {
                        expected == value
                    } else {
                        expected.eq_ignore_ascii_case(&value)
                    }
                };
                self.any(equal) != negated
            }
            Operator::Like { negated } => self.any(|expected| matches(expected, &value)) != negated,
        }
    }

    fn any(&self, test: impl Fn(&str) -> bool) -> bool {
        self.values.iter().any(|value| test(value))
    }
}

impl Key {
    fn value(self, ask: &Ask<'_>) -> Option<String> {
        match self {
            Self::SecureTransport => Some(ask.secure.to_string()),
            Self::Header(name) => crate::head::header(ask.headers, name),
        }
    }
}

fn members(json: &Json) -> S3Result<&[(String, Json)]> {
    match json {
        Json::Object(members) => Ok(members),
        _ => Err(malformed("Invalid Condition")),
    }
}

/// A value of a condition; booleans in either spelling, in lower case. Policy variables are not
/// understood here.
fn text(operator: Operator, value: &Json) -> S3Result<String> {
    let text = match value {
        Json::String(text) => text.clone(),
        Json::Bool(value) => value.to_string(),
        Json::Number(number) => number.to_string(),
        Json::Null | Json::List(_) | Json::Object(_) => String::from("${"),
    };
    let boolean = matches!(operator, Operator::Bool | Operator::Null);
    let text = if boolean {
        text.to_ascii_lowercase()
    } else {
        text
    };
    if text.contains("${") || (boolean && text != "true" && text != "false") {
        return Err(malformed("Policy has an invalid condition value"));
    }
    Ok(text)
}
