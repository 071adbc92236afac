//! Servers that are broken so thoroughly that they prove a suite, not a case.

use ssec_reference::headers as name;
use ssec_reference::route::Operation as Op;
use ssec_reference::ssec::Side;

use crate::call::Asked;
use crate::fault::Fault;
use crate::outside::pass_for_tls;
use crate::reply::Reply;
use crate::tamper::{answering, around, asking};
use crate::triple::Triple;
use crate::{blocks, outside};

/// Whatever is asked of an object is denied; so is a browser's upload. Buckets are as they are.
pub(crate) fn always_403() -> Fault {
    around(|call, next| {
        let asked = Asked::of(&call);
        if asked.head.key.is_none() && !asked.is(&[Op::PostObject]) {
            return Box::pin(next.call(call));
        }
        let mut reply = Reply::error(403, "AccessDenied");
        reply.become_error(403, "AccessDenied", asked.is(&[Op::HeadObject]));
        Box::pin(std::future::ready(reply))
    })
}

/// Whatever would be refused is a success without a word.
pub(crate) fn always_200() -> Fault {
    let taken = outside::asking(|parts, _| pass_for_tls(parts));
    taken.and(answering(|reply, asked, _| {
        if !reply.is_ok() {
            *reply = Reply::empty(200);
            blocks::echo(reply, &asked.triple());
        }
    }))
}

/// The customer headers are not seen at all, over http no more than over https.
pub(crate) fn ignores_sse_c() -> Fault {
    let taken = outside::asking(|parts, _| pass_for_tls(parts));
    taken.and(asking(|call, _| {
        for side in [Side::Object, Side::CopySource] {
            Triple::default().write(&mut call.head.headers, side);
        }
        call.head.headers.remove(name::SSEC_KEY);
    }))
}
