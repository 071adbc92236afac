//! What speaks against a control's success. A target that accepts everything without doing it proves as
//! little as one that refuses everything.

use super::control::send;
use super::memory::Known;
use super::walk::{Halt, Walk};
use crate::case::Step;
use crate::case::call::Call;
use crate::case::verb::Verb;
use crate::keys::contains;
use crate::plan::Planned;
use crate::verdict::{Answer, Role};
use crate::wire::{Response, SSE_C_ALGORITHM};

/// What speaks against the control's success.
pub(super) async fn doubt(
    walk: &mut Walk<'_>,
    index: usize,
    step: &Step,
    (call, planned): (&Call, &Planned),
    response: &Response,
) -> Result<Option<String>, Halt> {
    if response.status >= 400 {
        let brief = walk.answers.last().map(Answer::brief).unwrap_or_default();
        return Ok(Some(format!("it was refused: {brief}")));
    }
    if let Some(missing) = missing(walk, step.verb, call, planned, response) {
        return Ok(Some(format!("its success comes without {missing}")));
    }
    let is_used_write = step.verb == Verb::Use && planned.request.method == "PUT";
    if is_used_write || step.verb == Verb::PostForm {
        return comes_back(walk, index, step, (call, planned)).await;
    }
    let stores = matches!(step.verb, Verb::Put | Verb::Copy);
    if stores && call.sse_c.is_some() && response.header(SSE_C_ALGORITHM).is_none() {
        return opens_without_key(walk, index, step, call).await;
    }
    Ok(None)
}

/// What every success of S3 has, and this one lacks.
pub(super) fn missing(
    walk: &Walk<'_>,
    verb: Verb,
    call: &Call,
    planned: &Planned,
    response: &Response,
) -> Option<&'static str> {
    let root = || crate::xml::parse(&response.body).ok();
    let has = |name: &str| root().is_some_and(|root| root.find(name).is_some());
    let method = planned.request.method.as_str();
    match (verb, method) {
        (Verb::Put | Verb::UploadPart, _) | (Verb::Use, "PUT") => {
            response.etag().is_none().then_some("an ETag")
        }
        (Verb::Copy | Verb::UploadPartCopy, _) => (!has("ETag")).then_some("an ETag"),
        (Verb::StartUpload, _) => (!has("UploadId")).then_some("an UploadId"),
        (Verb::Attributes | Verb::List | Verb::ListParts, _) | (Verb::Bucket, "GET") => {
            (root().is_none() && response.status != 304 && !is_json(response))
                .then_some("a document")
        }
        (Verb::Get | Verb::Head, _) | (Verb::Use, "GET" | "HEAD") => {
            (!is_of_object(walk, call, planned, response)).then_some("what was stored")
        }
        _ => None,
    }
}

/// A bucket policy is the one document that is not XML.
fn is_json(response: &Response) -> bool {
    serde_json::from_slice::<serde_json::Value>(&response.body).is_ok()
}

/// Whether a read brought what is known to be there: its bytes, a range of them, or their number.
fn is_of_object(walk: &Walk<'_>, call: &Call, planned: &Planned, response: &Response) -> bool {
    let object = walk.object(planned);
    let known = object.as_deref().map(|object| walk.memory.object(object));
    let whole = call.range.is_none() && call.part.is_none();
    let Some(Known::Is(stored)) = known.filter(|_| call.version.is_none() && response.is_success())
    else {
        return true;
    };
    let (len, got) = (stored.bytes.len(), &response.body);
    if planned.request.method == "HEAD" {
        return !whole || response.header("content-length") == Some(&len.to_string());
    }
    contains(&stored.bytes, got) && (got.len() == len || (!whole && !got.is_empty()))
}

/// A store that does not say that it used the key: who asks without one must be refused.
async fn opens_without_key(
    walk: &mut Walk<'_>,
    index: usize,
    step: &Step,
    call: &Call,
) -> Result<Option<String>, Halt> {
    let read = Call {
        object: call.object.clone(),
        ..Call::default()
    };
    let planned = walk.plan(Verb::Get, &read, &walk.bindings)?;
    let response = send(walk, index, step, Role::Control, &planned).await?;
    let doubt = "what it stored opens without a key".to_owned();
    Ok((response.status < 400).then_some(doubt))
}

/// A store whose answer says nothing about keys: what went in must come out.
async fn comes_back(
    walk: &mut Walk<'_>,
    index: usize,
    step: &Step,
    (call, planned): (&Call, &Planned),
) -> Result<Option<String>, Halt> {
    let read = Call {
        object: walk.object(planned),
        sse_c: call.sse_c.clone(),
        ..Call::default()
    };
    let planned = walk.plan(Verb::Get, &read, &walk.bindings)?;
    let response = send(walk, index, step, Role::Control, &planned).await?;
    let wanted = call.body.as_ref().map(|body| walk.bodies.of(body));
    let is_same = response.is_success() && response.body == wanted.unwrap_or_default();
    Ok((!is_same).then(|| "what it stored does not come back".to_owned()))
}
