//! Faults of browser uploads: fields that are headers, and a policy that must name them.

use bytes::Bytes;
use ssec_reference::headers as name;
use ssec_reference::route::Operation as Op;
use ssec_reference::ssec::Side;

use super::form::Form;
use crate::call::{Asked, Taken, take_body};
use crate::fault::Fault;
use crate::reply::Reply;
use crate::tamper::{Next, around};
use crate::triple::Triple;

/// A form, and what the reference answered to it.
pub(crate) struct Posted<'a> {
    pub(crate) form: &'a Form,
    pub(crate) reply: &'a Reply,
}

/// Where `when` says so the file is stored once more, under the triple that it gives, and the
/// answer is a success.
pub(crate) fn stores_otherwise(when: fn(&Posted<'_>) -> Option<Triple>) -> Fault {
    around(move |mut call, next| {
        Box::pin(async move {
            if call.operation != Op::PostObject {
                return next.call(call).await;
            }
            let content_type = call.head.header("content-type").unwrap_or_default();
            let body = take_body(&mut call).await;
            let asked = Asked::of(&call);
            let reply = next.call(asked.again(&body)).await;
            let Some(form) = Form::read(&content_type, &body.bytes) else {
                return reply;
            };
            let posted = Posted {
                form: &form,
                reply: &reply,
            };
            match when(&posted) {
                None => reply,
                Some(triple) => put(next, &asked, &form, &triple).await,
            }
        })
    })
}

async fn put(next: &Next, asked: &Asked, form: &Form, triple: &Triple) -> Reply {
    let mut put = asked.other(Op::PutObject);
    put.sign_as(&form.field("x-amz-credential").unwrap_or_default());
    put.head.key = form.field("key").or_else(|| Some("nameless".to_owned()));
    triple.write(&mut put.head.headers, Side::Object);
    let mut reply = next.call(put.again(&Taken::of(form.file()))).await;
    if reply.is_ok() {
        reply.status = 204;
        reply.set_body(Bytes::new());
        reply.remove("content-length");
    }
    reply
}

/// The three fields are not seen.
pub(crate) fn fields_are_ignored(posted: &Posted<'_>) -> Option<Triple> {
    let asks = !posted.form.triple().is_absent();
    (asks && posted.reply.status < 400).then(Triple::default)
}

/// The policy need not name the three fields.
pub(crate) fn fields_are_exempt(posted: &Posted<'_>) -> Option<Triple> {
    refused_for(posted, &["Extra input fields", "customer"])
}

/// What the policy says of the three fields is not compared.
pub(crate) fn conditions_are_not_compared(posted: &Posted<'_>) -> Option<Triple> {
    refused_for(posted, &["Policy Condition failed", "customer"])
}

fn refused_for(posted: &Posted<'_>, words: &[&str]) -> Option<Triple> {
    let message = posted.reply.element("Message").unwrap_or_default();
    let refused = posted.reply.status == 403 && words.iter().all(|word| message.contains(word));
    refused.then(|| posted.form.triple())
}

/// A triple of which a part is missing counts as none.
pub(crate) fn half_triple_is_none(posted: &Posted<'_>) -> Option<Triple> {
    let triple = posted.form.triple();
    let half = [&triple.algorithm, &triple.key, &triple.key_md5].map(Option::is_some);
    let is_half = half.contains(&true) && half.contains(&false);
    (is_half && posted.reply.status == 400).then(Triple::default)
}

/// A triple that is whole and malformed counts as none.
pub(crate) fn malformed_triple_is_none(posted: &Posted<'_>) -> Option<Triple> {
    let triple = posted.form.triple();
    let whole = [&triple.algorithm, &triple.key, &triple.key_md5];
    let is_whole = whole.iter().all(|part| part.is_some());
    (is_whole && posted.reply.status == 400).then(Triple::default)
}

/// What a policy refuses is taken.
pub(crate) fn policy_is_not_asked(posted: &Posted<'_>) -> Option<Triple> {
    let code = posted.reply.code().unwrap_or_default();
    let message = posted.reply.element("Message").unwrap_or_default();
    let by_policy = message.contains("according to Policy") || code.starts_with("EntityToo");
    by_policy.then(|| posted.form.triple())
}

/// What is refused for its signature, or for want of one, is taken.
pub(crate) fn signature_is_believed(posted: &Posted<'_>) -> Option<Triple> {
    let code = posted.reply.code().unwrap_or_default();
    let argument = posted.reply.element("ArgumentName").unwrap_or_default();
    let message = posted.reply.element("Message").unwrap_or_default();
    let is_of_signature = code == "SignatureDoesNotMatch"
        || SIGNATURE.contains(&argument.to_ascii_lowercase().as_str())
        || (code == "AccessDenied" && !message.contains("according to Policy"));
    is_of_signature.then(|| posted.form.triple())
}

/// The fields of a signature.
const SIGNATURE: &[&str] = &[
    "x-amz-algorithm",
    "x-amz-credential",
    "x-amz-date",
    "x-amz-signature",
];

/// A form that names no key is stored.
pub(crate) fn key_is_made_up(posted: &Posted<'_>) -> Option<Triple> {
    let has_key = posted.form.field("key").is_some();
    (!has_key && posted.reply.status == 400).then(|| posted.form.triple())
}

/// Fields that are refused as headers are dropped.
pub(crate) fn odd_fields_are_dropped(posted: &Posted<'_>) -> Option<Triple> {
    let code = posted.reply.code().unwrap_or_default();
    let is_odd = matches!(code.as_str(), "InvalidStorageClass" | "MalformedXML");
    is_odd.then(|| posted.form.triple())
}

/// Other encryption beside the three fields is not seen.
pub(crate) fn other_encryption_is_dropped(posted: &Posted<'_>) -> Option<Triple> {
    let both = posted.form.field(name::SSE).is_some() && !posted.form.triple().is_absent();
    (both && posted.reply.status == 400).then(|| posted.form.triple())
}

/// A form with the three fields is refused.
pub(crate) fn sse_c_is_refused() -> Fault {
    around(|mut call, next| {
        Box::pin(async move {
            if call.operation != Op::PostObject {
                return next.call(call).await;
            }
            let content_type = call.head.header("content-type").unwrap_or_default();
            let body = take_body(&mut call).await;
            let form = Form::read(&content_type, &body.bytes);
            if form.is_some_and(|form| !form.triple().is_absent()) {
                return Reply::error(403, "AccessDenied");
            }
            next.call(Asked::of(&call).again(&body)).await
        })
    })
}
