//! Browser forms: multipart/form-data with a policy that fits the form, unless the case says otherwise.
//!
//! AWS, "POST Object" and "Creating a POST Policy", Amazon S3 API Reference.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};
use time::OffsetDateTime;
use time::macros::format_description;

use super::{
    Bindings, Bytes, Call, Ground, Headers, PlanError, Planned, Request, Sign, SignMethod, Summed,
    Verb, checksum, edit, edit_query, framing, triple,
};
use crate::case::call::Condition;
use crate::sign::Signer;
use crate::wire::{SSE_C_ALGORITHM, SSE_C_KEY, SSE_C_KEY_MD5};

/// How long a form's policy holds, in seconds.
const LIFETIME_S: i64 = 300;

/// Fields of a form in their order.
type Fields = Vec<(String, String)>;

pub(super) fn plan(
    ground: &Ground<'_>,
    bindings: &Bindings,
    call: &Call,
) -> Result<Planned, PlanError> {
    let object = call.object.clone().unwrap_or_default();
    let content = ground.bodies.sent(call.body.as_ref());
    let fields = signed(ground, bindings, call, &content)?;
    let boundary = format!("ssec-{}", ground.seed.tag(&object));
    let mut headers = Headers::default();
    headers.push(
        "Content-Type",
        format!("multipart/form-data; boundary={boundary}"),
    );
    edit(&mut headers, ground, bindings, call)?;
    let (scheme, authority, path) = ground.address(None, call.wire.http)?;
    let filename = call.filename.as_deref().unwrap_or(&object);
    let mut request = Request {
        scheme,
        authority,
        method: "POST".to_owned(),
        path,
        query: String::new(),
        headers,
        body: encode(&boundary, &fields, filename, &content),
        trailers: Headers::default(),
        framing: framing(call),
    };
    edit_query(&mut request, ground, bindings, call)?;
    // The signature is in the fields.
    let sign = Sign {
        method: SignMethod::None,
        ..Sign::default()
    };
    Ok(Planned {
        request,
        sign,
        key: Some(ground.key(&object)),
    })
}

/// Every field but the file: what to store, the policy, its signature; without those that the case takes away.
fn signed(
    ground: &Ground<'_>,
    bindings: &Bindings,
    call: &Call,
    content: &[u8],
) -> Result<Fields, PlanError> {
    let signer = Signer {
        credentials: &ground.target.credentials,
        region: &ground.target.region,
        now: ground.now,
    };
    let mut fields = fields(ground, bindings, call, content)?;
    let named = |(name, value): (&str, String)| (name.to_owned(), value);
    fields.extend(signer.form_fields(&call.sign).into_iter().map(named));
    let policy = STANDARD.encode(policy(ground, bindings, call, &fields)?.to_string());
    let signature = signer.form_signature(&policy, &call.sign);
    if call.sign.method != SignMethod::None {
        fields.push(("policy".to_owned(), policy));
    }
    fields.extend(signature.map(named));
    let taken = |name: &str| {
        let mut taken = call.fields.iter().filter(|(_, value)| value.is_none());
        taken.any(|(out, _)| out.eq_ignore_ascii_case(name))
    };
    fields.retain(|(name, _)| !taken(name));
    Ok(fields)
}

/// The fields that say what to store, then those that the case adds.
fn fields(
    ground: &Ground<'_>,
    bindings: &Bindings,
    call: &Call,
    content: &[u8],
) -> Result<Fields, PlanError> {
    let mut fields = vec![(
        "key".to_owned(),
        ground.key(call.object.as_deref().unwrap_or_default()),
    )];
    if let Some(triple) = &call.sse_c {
        let names = [SSE_C_ALGORITHM, SSE_C_KEY, SSE_C_KEY_MD5];
        let values = names.into_iter().zip(triple::values(ground, triple));
        fields.extend(values.filter_map(|(name, value)| Some((name.to_owned(), value?))));
    }
    for (name, value) in &call.metadata {
        fields.push((format!("x-amz-meta-{name}"), ground.value(bindings, value)?));
    }
    if let Some(checksum) = &call.checksum {
        let summed = Summed {
            ground,
            bindings,
            verb: Verb::PostForm,
            call,
        };
        let (name, value) = checksum::line(checksum, content, &summed)?;
        fields.push((name.to_owned(), value));
    }
    for (name, value) in &call.fields {
        if let Some(value) = value {
            fields.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
            fields.push((name.clone(), ground.value(bindings, value)?));
        }
    }
    Ok(fields)
}

/// A condition for the bucket and for every field, but where the case says otherwise.
fn policy(
    ground: &Ground<'_>,
    bindings: &Bindings,
    call: &Call,
    fields: &[(String, String)],
) -> Result<Json, PlanError> {
    let mut conditions = vec![json!({ "bucket": ground.bucket })];
    for (name, value) in fields {
        let said = call
            .policy
            .conditions
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        match said.map(|(_, condition)| condition) {
            None => conditions.push(json!({ name.as_str(): value })),
            Some(Condition::Unnamed) => {}
            Some(condition) => conditions.push(stated(ground, bindings, name, condition)?),
        }
    }
    for (name, condition) in &call.policy.conditions {
        let of_field = fields
            .iter()
            .any(|(known, _)| known.eq_ignore_ascii_case(name));
        if !of_field && *condition != Condition::Unnamed {
            conditions.push(stated(ground, bindings, name, condition)?);
        }
    }
    if let Some((min, max)) = call.policy.length {
        conditions.push(json!(["content-length-range", min, max]));
    }
    let form = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].000Z");
    let expires = OffsetDateTime::from(ground.now)
        + time::Duration::seconds(call.expires.unwrap_or(LIFETIME_S));
    Ok(json!({ "expiration": expires.format(form).unwrap_or_default(), "conditions": conditions }))
}

fn stated(
    ground: &Ground<'_>,
    bindings: &Bindings,
    name: &str,
    condition: &Condition,
) -> Result<Json, PlanError> {
    let field = format!("${name}");
    Ok(match condition {
        Condition::Unnamed => Json::Null,
        Condition::Equals(value) => json!(["eq", field, ground.value(bindings, value)?]),
        Condition::StartsWith(value) => {
            json!(["starts-with", field, ground.value(bindings, value)?])
        }
    })
}

/// RFC 7578, the file last as S3 wants it.
fn encode(boundary: &str, fields: &[(String, String)], filename: &str, content: &[u8]) -> Bytes {
    let mut out = Vec::new();
    for (name, value) in fields {
        let part = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        );
        out.extend_from_slice(part.as_bytes());
    }
    let head = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{filename}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    out.extend_from_slice(head.as_bytes());
    out.extend_from_slice(content);
    out.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    out.into()
}
