//! Faults of bucket policies: conditions that nobody looks at, or looks at too closely.

use ssec_reference::headers as name;
use ssec_reference::route::Operation as Op;

use crate::blocks::ask_with;
use crate::call::{Asked, take_body};
use crate::fault::Fault;
use crate::reply::Reply;
use crate::tamper::{around, asking};

/// A policy that `when` picks is taken, and never asked.
pub(crate) fn is_not_asked(when: fn(&str) -> bool) -> Fault {
    around(move |mut call, next| {
        Box::pin(async move {
            if call.operation != Op::PutBucketPolicy {
                return next.call(call).await;
            }
            let body = take_body(&mut call).await;
            let asked = Asked::of(&call);
            let picked = when(&body.text());
            let reply = next.call(asked.again(&body)).await;
            if picked && reply.is_ok() {
                next.ask(&asked.of_bucket(Op::DeleteBucketPolicy)).await;
            }
            reply
        })
    })
}

/// A policy on `x-amz-server-side-encryption` is asked of SSE-C writes as if they named `AES256`.
pub(crate) fn sse_c_counts_as_sse() -> Fault {
    around(|call, next| {
        Box::pin(async move {
            let asked = Asked::of(&call);
            if asked.is(&[Op::PutObject]) && asked.triple().is_well_formed() {
                let policy = next.ask(&asked.of_bucket(Op::GetBucketPolicy)).await.body;
                let policy = String::from_utf8_lossy(&policy);
                if policy.contains("\"s3:x-amz-server-side-encryption\"")
                    && policy.contains("AES256")
                {
                    return Reply::error(403, "AccessDenied");
                }
            }
            next.call(call).await
        })
    })
}

/// A policy may ask for the customer key itself.
pub(crate) fn key_is_a_condition() -> Fault {
    around(|mut call, next| {
        Box::pin(async move {
            if call.operation != Op::PutBucketPolicy {
                return next.call(call).await;
            }
            let body = take_body(&mut call).await;
            let names_key = body.text().contains("customer-key");
            let reply = next.call(Asked::of(&call).again(&body)).await;
            if names_key && reply.code().as_deref() == Some("MalformedPolicy") {
                return Reply::empty(204);
            }
            reply
        })
    })
}

/// Nobody looks whose bucket the client expects.
pub(crate) fn owner_is_not_checked() -> Fault {
    asking(|call, _| {
        call.head.headers.remove(name::EXPECTED_BUCKET_OWNER);
        call.head.query.remove(name::EXPECTED_BUCKET_OWNER);
    })
}

/// Complete is asked of policies as if its upload's triple came with it.
pub(crate) fn complete_passes_for_sse_c() -> Fault {
    around(|mut call, next| {
        Box::pin(async move {
            let asked = Asked::of(&call);
            let completes = asked.is(&[Op::CompleteMultipartUpload]);
            if !completes || !asked.triple().is_absent() || !next.memory.is_sse_c(&asked) {
                return next.call(call).await;
            }
            let body = take_body(&mut call).await;
            let reply = next.call(asked.again(&body)).await;
            if reply.status != 403 {
                return reply;
            }
            let mut again = asked.again(&body);
            ask_with(&mut again, name::SSEC_ALGORITHM, "AES256");
            next.call(again).await
        })
    })
}
