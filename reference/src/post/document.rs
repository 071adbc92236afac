//! The policy document of a form: what its signer allows the form to say. Pure.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::fields::{Fields, is_secret};
use crate::error::{Code, S3Error, S3Result};
use crate::policy::json::Json;

/// A policy document that was understood.
#[derive(Clone, Debug)]
pub(super) struct Document {
    expiration: OffsetDateTime,
    conditions: Vec<Condition>,
}

#[derive(Clone, Debug)]
struct Condition {
    test: Test,
    /// As S3 repeats it in a refusal: `["eq", "$name", "value"]`.
    shown: Json,
}

#[derive(Clone, Debug)]
enum Test {
    Eq {
        field: Option<String>,
        value: String,
    },
    StartsWith {
        field: Option<String>,
        value: String,
    },
    /// Bounds in bytes; `None` when they are no numbers, which no file meets (PST-127).
    Length(Option<(u64, u64)>),
}

/// The sizes a file may have, in bytes, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LengthRange {
    /// The least.
    pub min: u64,
    /// The greatest.
    pub max: u64,
}

/// Fields that need no condition, beside `x-ignore-*` (PST-003).
const EXEMPT: [&str; 4] = ["x-amz-signature", "file", "policy", "bucket"];

impl Document {
    /// Reads the base64 of a policy (PST-124, PST-148).
    pub(super) fn parse(text: &str) -> S3Result<Self> {
        let json = STANDARD
            .decode(text)
            .map_err(|_| invalid("invalid Base64 encoding."))?;
        if json.is_empty() {
            return Err(invalid("Expecting '{' but found End-of-Input"));
        }
        let Some(Json::Object(members)) = Json::parse(&json) else {
            return Err(invalid("Invalid JSON."));
        };
        let (mut expiration, mut conditions) = (None, None);
        for (name, value) in &members {
            match name.as_str() {
                "expiration" => expiration = Some(parse_expiration(value)?),
                "conditions" => conditions = Some(parse_conditions(value)?),
                _ => return Err(invalid(format!("Unexpected: '{name}'."))),
            }
        }
        let expiration = expiration.ok_or_else(|| invalid("Policy missing expiration."))?;
        let conditions = conditions.ok_or_else(|| invalid("Policy missing conditions."))?;
        Ok(Self {
            expiration,
            conditions,
        })
    }

    /// Holds a form against the document, and gives the sizes its file may have.
    pub(super) fn check(
        &self,
        fields: &Fields,
        bucket: &str,
        key: &str,
        now: OffsetDateTime,
    ) -> S3Result<Option<LengthRange>> {
        if now > self.expiration {
            return Err(expired());
        }
        let value = |field: &str| match field {
            "bucket" => bucket.to_owned(),
            "key" => key.to_owned(),
            other => fields.get(other).unwrap_or_default().to_owned(),
        };
        for condition in &self.conditions {
            if !condition.test.holds(value) {
                return Err(refused(format!(
                    "Policy Condition failed: {}",
                    condition.shown
                )));
            }
        }
        self.check_extra(fields)?;
        Ok(self.length_range())
    }

    /// PST-003, PST-131: every field has a condition, and so has the bucket.
    fn check_extra(&self, fields: &Fields) -> S3Result<()> {
        let covered = |name: &str| {
            self.conditions.iter().any(|condition| {
                condition
                    .test
                    .field()
                    .is_some_and(|field| field.eq_ignore_ascii_case(name))
            })
        };
        let exempt = |name: &str| {
            EXEMPT.iter().any(|known| known.eq_ignore_ascii_case(name))
                || name.to_ascii_lowercase().starts_with("x-ignore-")
        };
        let names = fields
            .iter()
            .map(|(name, _)| name)
            .filter(|name| !exempt(name));
        match names.chain(["bucket"]).find(|name| !covered(name)) {
            Some(name) => Err(refused(format!("Extra input fields: {name}"))),
            None => Ok(()),
        }
    }

    /// What all conditions on the size leave.
    fn length_range(&self) -> Option<LengthRange> {
        let ranges = self
            .conditions
            .iter()
            .filter_map(|condition| match condition.test {
                Test::Length(Some((min, max))) => Some(LengthRange { min, max }),
                _ => None,
            });
        ranges.reduce(|a, b| LengthRange {
            min: a.min.max(b.min),
            max: a.max.min(b.max),
        })
    }
}

impl Test {
    fn holds(&self, value: impl Fn(&str) -> String) -> bool {
        match self {
            Self::Eq {
                field: Some(field),
                value: expected,
            } => value(field) == *expected,
            Self::StartsWith {
                field: Some(field),
                value: prefix,
            } => value(field).starts_with(prefix),
            Self::Eq { field: None, .. } | Self::StartsWith { field: None, .. } => false,
            Self::Length(range) => range.is_some(),
        }
    }

    fn field(&self) -> Option<&str> {
        match self {
            Self::Eq { field, .. } | Self::StartsWith { field, .. } => field.as_deref(),
            Self::Length(_) => None,
        }
    }
}

fn parse_expiration(json: &Json) -> S3Result<OffsetDateTime> {
    let wrong = || invalid(format!("Invalid 'expiration' value: '{}'", shown(json)));
    let text = json.as_str().ok_or_else(wrong)?;
    OffsetDateTime::parse(text, &Rfc3339).map_err(|_| wrong())
}

fn parse_conditions(json: &Json) -> S3Result<Vec<Condition>> {
    match json {
        Json::List(items) => items.iter().map(Condition::parse).collect(),
        _ => Err(invalid("Invalid 'conditions' value: must be a List.")),
    }
}

impl Condition {
    fn parse(json: &Json) -> S3Result<Self> {
        match json {
            Json::Object(members) => match members.as_slice() {
                [(name, Json::String(value))] => {
                    let field = Json::String(format!("${name}"));
                    let value = Json::String(value.clone());
                    Self::of("eq", &[Json::String("eq".to_owned()), field, value])
                }
                [_] => Err(invalid("Invalid Simple-Condition: value must be a string.")),
                _ => Err(invalid(
                    "Invalid Simple-Condition: Simple-Conditions must have exactly one property \
                     specified.",
                )),
            },
            Json::List(items) => {
                let operation = items.first().and_then(Json::as_str).unwrap_or_default();
                Self::of(&operation.to_ascii_lowercase(), items)
            }
            _ => Err(invalid("Invalid condition test: must be a List or Object.")),
        }
    }

    /// `items` are the operation, a field, and a value; or an operation and two bounds.
    fn of(operation: &str, items: &[Json]) -> S3Result<Self> {
        let known = ["eq", "starts-with", "content-length-range"].contains(&operation);
        let [_, first, second] = items else {
            let fault = "wrong number of arguments.";
            return Err(match known {
                true => invalid(format!("Invalid {operation}: {fault}")),
                false => unknown(operation),
            });
        };
        // A name without `$` matches no field, and so the condition always fails (PST-121).
        let name = first.as_str().unwrap_or_default();
        let field = name.strip_prefix('$').map(str::to_ascii_lowercase);
        let value = || {
            second
                .as_str()
                .map(str::to_owned)
                .ok_or_else(|| not_a_string(operation))
        };
        let test = match operation {
            "eq" => Test::Eq {
                field,
                value: value()?,
            },
            "starts-with" => Test::StartsWith {
                field,
                value: value()?,
            },
            "content-length-range" => Test::Length(bound(first).zip(bound(second))),
            _ => return Err(unknown(operation)),
        };
        Ok(Self {
            test,
            shown: redacted(name, items),
        })
    }
}

/// A condition on a customer key is repeated without the key.
fn redacted(name: &str, items: &[Json]) -> Json {
    let mut items = items.to_vec();
    if is_secret(name)
        && let Some(value) = items.last_mut()
    {
        *value = Json::String("REDACTED".to_owned());
    }
    Json::List(items)
}

fn bound(json: &Json) -> Option<u64> {
    match json {
        Json::Number(number) => number.as_u64(),
        Json::String(text) => text.parse().ok(),
        _ => None,
    }
}

fn shown(json: &Json) -> String {
    json.as_str()
        .map_or_else(|| json.to_string(), str::to_owned)
}

fn unknown(operation: &str) -> S3Error {
    invalid(format!(
        "Invalid Condition: unknown operation '{operation}'."
    ))
}

fn not_a_string(operation: &str) -> S3Error {
    invalid(format!("Invalid {operation}: value must be a string."))
}

fn invalid(tail: impl std::fmt::Display) -> S3Error {
    S3Error::new(
        Code::InvalidPolicyDocument,
        format!("Invalid Policy: {tail}"),
    )
}

fn refused(tail: impl std::fmt::Display) -> S3Error {
    S3Error::new(
        Code::AccessDenied,
        format!("Invalid according to Policy: {tail}"),
    )
}

/// PST-110, PST-145.
pub(super) fn expired() -> S3Error {
    refused("Policy expired.")
}
