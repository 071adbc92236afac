//! Faults of buckets that block SSE-C: where the block is not felt, and where it should not be.

use bytes::Bytes;
use ssec_reference::route::Operation as Op;

use super::form::Form;
use crate::call::{Asked, Taken, take_body};
use crate::fault::Fault;
use crate::reply::Reply;
use crate::tamper::{Next, around};

const NONE: &str = "<BlockedEncryptionTypes><EncryptionType>NONE</EncryptionType>\
                    </BlockedEncryptionTypes>";

/// The block does not stop these operations.
pub(crate) fn spares(operations: &'static [Op]) -> Fault {
    around(move |mut call, next| {
        Box::pin(async move {
            if !operations.contains(&call.operation) {
                return next.call(call).await;
            }
            let body = take_body(&mut call).await;
            let asked = Asked::of(&call);
            let reply = next.call(asked.again(&body)).await;
            let message = reply.element("Message").unwrap_or_default();
            if !message.contains("has blocked upload requests") {
                return reply;
            }
            let owner = owner(&asked, &body);
            let shown = next.ask(&owner.of_bucket(Op::GetBucketEncryption)).await;
            configure(next, &owner, unblocked(&shown.body)).await;
            let reply = next.call(asked.again(&body)).await;
            configure(next, &owner, shown.body).await;
            reply
        })
    })
}

/// Who may configure the bucket: whoever signed the call, or the form in its body.
fn owner(asked: &Asked, body: &Taken) -> Asked {
    let mut owner = asked.clone();
    let form = Form::read(
        &asked.header("content-type").unwrap_or_default(),
        &body.bytes,
    );
    if let Some(credential) = form.and_then(|form| form.field("x-amz-credential")) {
        owner.sign_as(&credential);
    }
    owner
}

async fn configure(next: &Next, asked: &Asked, document: Bytes) {
    let put = asked.of_bucket(Op::PutBucketEncryption);
    next.call(put.again(&Taken::of(document))).await;
}

fn unblocked(document: &[u8]) -> Bytes {
    let text = String::from_utf8_lossy(document);
    text.replace(">SSE-C<", ">NONE<").into()
}

/// Whether the bucket of a call blocks SSE-C.
pub(crate) async fn is_blocked(next: &Next, asked: &Asked) -> bool {
    let shown = next.ask(&asked.of_bucket(Op::GetBucketEncryption)).await;
    shown.element("EncryptionType").as_deref() == Some("SSE-C")
}

/// The block stops what it should let through, where `when` says so.
pub(crate) fn stops(when: fn(&Asked) -> bool) -> Fault {
    around(move |call, next| {
        Box::pin(async move {
            let asked = Asked::of(&call);
            if !when(&asked) || !is_blocked(next, &asked).await {
                return next.call(call).await;
            }
            let mut reply = Reply::error(403, "AccessDenied");
            if asked.is(&[Op::HeadObject]) {
                reply.become_error(403, "AccessDenied", true);
            }
            reply
        })
    })
}

/// A configuration that says nothing of blocked types leaves them as they are.
pub(crate) fn silence_keeps_none() -> Fault {
    around(|mut call, next| {
        Box::pin(async move {
            let asked = Asked::of(&call);
            if !asked.is(&[Op::PutBucketEncryption]) || is_blocked(next, &asked).await {
                return next.call(call).await;
            }
            let body = take_body(&mut call).await;
            let text = body.text();
            let is_silent = !text.contains("BlockedEncryptionTypes");
            let body = match text.rsplit_once("</Rule>").filter(|_| is_silent) {
                Some((rule, rest)) => body.edited(format!("{rule}{NONE}</Rule>{rest}")),
                None => body,
            };
            let mut asked = Asked::of(&call);
            asked.forget_digests();
            next.call(asked.again(&body)).await
        })
    })
}

/// Deleting the configuration of a bucket unblocks it.
pub(crate) fn deleting_unblocks() -> Fault {
    around(|call, next| {
        Box::pin(async move {
            let asked = Asked::of(&call);
            let reply = next.call(call).await;
            if asked.is(&[Op::DeleteBucketEncryption]) && reply.is_ok() {
                let shown = next
                    .ask(&asked.of_bucket(Op::GetBucketEncryption))
                    .await
                    .body;
                configure(next, &asked, unblocked(&shown)).await;
            }
            reply
        })
    })
}

/// Words that are no encryption types are taken for types that nobody uses.
pub(crate) fn takes_any_type() -> Fault {
    around(|mut call, next| {
        Box::pin(async move {
            if call.operation != Op::PutBucketEncryption {
                return next.call(call).await;
            }
            let body = take_body(&mut call).await;
            let mut asked = Asked::of(&call);
            let reply = next.call(asked.again(&body)).await;
            if reply.is_ok() || !body.text().contains("EncryptionType>") {
                return reply;
            }
            asked.forget_digests();
            let rule = format!("<S><Rule>{NONE}</Rule></S>");
            next.call(asked.again(&body.edited(rule))).await
        })
    })
}

/// A document without the namespace is refused.
pub(crate) fn wants_a_namespace() -> Fault {
    around(|mut call, next| {
        Box::pin(async move {
            if call.operation != Op::PutBucketEncryption {
                return next.call(call).await;
            }
            let body = take_body(&mut call).await;
            if !body.text().contains("xmlns=") {
                return Reply::error(400, "MalformedXML");
            }
            next.call(Asked::of(&call).again(&body)).await
        })
    })
}

/// What was deleted cannot be deleted again.
pub(crate) fn is_deleted_once() -> Fault {
    around(|call, next| {
        Box::pin(async move {
            let asked = Asked::of(&call);
            let note = format!("deleted {}", asked.head.bucket());
            if asked.is(&[Op::PutBucketEncryption]) {
                next.memory.note(note, "");
            } else if asked.is(&[Op::DeleteBucketEncryption]) {
                if next.memory.noted(&note).as_deref() == Some("deleted") {
                    return Reply::error(404, "ServerSideEncryptionConfigurationNotFoundError");
                }
                next.memory.note(note, "deleted");
            }
            next.call(call).await
        })
    })
}
