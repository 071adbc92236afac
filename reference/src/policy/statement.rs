//! One statement of a policy: whom, what, where, when.

use super::condition::Condition;
use super::json::Json;
use super::matching::matches;
use super::{Ask, malformed};
use crate::error::{S3Error, S3Result};

/// A statement that was understood completely.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Statement {
    pub(super) effect: Effect,
    principals: Vec<Principal>,
    actions: Vec<String>,
    resources: Vec<String>,
    conditions: Vec<Condition>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    Allow,
    Deny,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Principal {
    /// Anyone, signed or not.
    Anyone,
    /// Everyone of an account, by its 12 digits.
    Account(String),
    /// One user or role, by its ARN.
    Arn(String),
}

/// The actions of the operations that are served here. Another name is refused, as S3 refuses
/// names that are no actions of its own.
///
/// Source: Service authorization reference, "Actions defined by Amazon S3".
const ACTIONS: &[&str] = &[
    "AbortMultipartUpload",
    "BypassGovernanceRetention",
    "CreateBucket",
    "DeleteBucket",
    "DeleteBucketPolicy",
    "DeleteObject",
    "DeleteObjectTagging",
    "DeleteObjectVersion",
    "DeleteObjectVersionTagging",
    "GetBucketAcl",
    "GetBucketLocation",
    "GetBucketPolicy",
    "GetBucketVersioning",
    "GetEncryptionConfiguration",
    "GetObject",
    "GetObjectAcl",
    "GetObjectAttributes",
    "GetObjectTagging",
    "GetObjectVersion",
    "GetObjectVersionAcl",
    "GetObjectVersionAttributes",
    "GetObjectVersionTagging",
    "ListAllMyBuckets",
    "ListBucket",
    "ListBucketMultipartUploads",
    "ListBucketVersions",
    "ListMultipartUploadParts",
    "PutBucketAcl",
    "PutBucketPolicy",
    "PutBucketVersioning",
    "PutEncryptionConfiguration",
    "PutObject",
    "PutObjectAcl",
    "PutObjectTagging",
    "PutObjectVersionAcl",
    "PutObjectVersionTagging",
];

impl Statement {
    /// Reads a statement of the policy of `bucket`.
    pub(super) fn parse(json: &Json, bucket: &str) -> S3Result<Self> {
        let Json::Object(members) = json else {
            return Err(malformed("Missing required field Statement"));
        };
        const KNOWN: [&str; 6] = [
            "Sid",
            "Effect",
            "Principal",
            "Action",
            "Resource",
            "Condition",
        ];
        if let Some((name, _)) = members
            .iter()
            .find(|(name, _)| !KNOWN.contains(&name.as_str()))
        {
            return Err(malformed(format!("Unknown field {name}")));
        }
        let find = |wanted: &str| {
            members
                .iter()
                .find(|(name, _)| name == wanted)
                .map(|(_, value)| value)
        };
        let need = |wanted: &'static str| {
            find(wanted).ok_or_else(|| malformed(format!("Missing required field {wanted}")))
        };
        let conditions = find("Condition").map(Condition::parse_all).transpose()?;
        Ok(Self {
            effect: effect(need("Effect")?)?,
            principals: principals(need("Principal")?)?,
            actions: texts(need("Action")?, "Policy has invalid action", is_action)?,
            resources: texts(need("Resource")?, "Policy has invalid resource", |text| {
                is_resource(text, bucket)
            })?,
            conditions: conditions.unwrap_or_default(),
        })
    }

    /// Whether the statement is about this request.
    pub(super) fn is_about(&self, ask: &Ask<'_>) -> bool {
        let action = ask.action.to_ascii_lowercase();
        self.principals
            .iter()
            .any(|principal| principal.is(ask.principal))
            && self
                .actions
                .iter()
                .any(|known| matches(&known.to_ascii_lowercase(), &action))
            && self
                .resources
                .iter()
                .any(|known| matches(known, ask.resource))
            && self.conditions.iter().all(|condition| condition.holds(ask))
    }
}

impl Principal {
    /// `*`, an account, or the ARN of a user or role; `None` for anything else.
    fn parse(text: &str) -> Option<Self> {
        let account = |text: &str| {
            let digits = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| text.to_owned())
        };
        if text == "*" {
            return Some(Self::Anyone);
        }
        if let Some(account) = account(text) {
            return Some(Self::Account(account));
        }
        let (id, name) = text.strip_prefix("arn:aws:iam::")?.split_once(':')?;
        let account = account(id)?;
        match name {
            "root" => Some(Self::Account(account)),
            _ if name.contains(['*', '?']) || !name.contains('/') => None,
            _ => Some(Self::Arn(text.to_owned())),
        }
    }

    fn is(&self, principal: Option<&str>) -> bool {
        match (self, principal) {
            (Self::Anyone, _) => true,
            (Self::Account(_) | Self::Arn(_), None) => false,
            (Self::Account(account), Some(arn)) => arn
                .strip_prefix("arn:aws:iam::")
                .and_then(|rest| rest.split_once(':'))
                .is_some_and(|(id, _)| id == account),
            (Self::Arn(known), Some(arn)) => known == arn,
        }
    }
}

fn effect(json: &Json) -> S3Result<Effect> {
    match json.as_str() {
        Some("Allow") => Ok(Effect::Allow),
        Some("Deny") => Ok(Effect::Deny),
        other => Err(malformed(format!(
            "Invalid effect: {}",
            other.unwrap_or_default()
        ))),
    }
}

/// `"*"`, or `{"AWS": …}`; other kinds of principals do not exist here.
fn principals(json: &Json) -> S3Result<Vec<Principal>> {
    let invalid = || malformed("Invalid principal in policy");
    let names = match json {
        Json::String(text) if text == "*" => std::slice::from_ref(json),
        Json::Object(members) => match members.as_slice() {
            [(kind, names)] if kind == "AWS" => names.one_or_many(),
            _ => return Err(invalid()),
        },
        _ => return Err(invalid()),
    };
    let parsed: Option<Vec<Principal>> = names
        .iter()
        .map(|name| Principal::parse(name.as_str()?))
        .collect();
    parsed.filter(|all| !all.is_empty()).ok_or_else(invalid)
}

fn texts(json: &Json, fault: &'static str, valid: impl Fn(&str) -> bool) -> S3Result<Vec<String>> {
    let refuse = || -> S3Error { malformed(fault) };
    let texts: Option<Vec<String>> = json
        .one_or_many()
        .iter()
        .map(|item| item.as_str().filter(|text| valid(text)).map(str::to_owned))
        .collect();
    texts.filter(|all| !all.is_empty()).ok_or_else(refuse)
}

/// `*`, or `s3:` and a pattern that means at least one action.
fn is_action(text: &str) -> bool {
    let Some((service, pattern)) = text.split_once(':') else {
        return text == "*";
    };
    let pattern = pattern.to_ascii_lowercase();
    service.eq_ignore_ascii_case("s3")
        && ACTIONS
            .iter()
            .any(|action| matches(&pattern, &action.to_ascii_lowercase()))
}

/// The bucket, or objects in it. Policy variables are not understood here.
fn is_resource(text: &str, bucket: &str) -> bool {
    let of_bucket = text.strip_prefix("arn:aws:s3:::").is_some_and(|rest| {
        rest == bucket
            || rest.split_once('/').is_some_and(|(name, _)| name == bucket)
            || rest
                .strip_prefix(bucket)
                .is_some_and(|tail| tail.starts_with('*'))
    });
    of_bucket && !text.contains("${")
}
