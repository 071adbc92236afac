//! Faults of the rule that a customer key travels over TLS alone.

use http::request::Parts;
use ssec_reference::body::Body;
use ssec_reference::service::Request;

use crate::fault::Fault;
use crate::outside::{around, asking, is_plain, pass_for_tls};
use crate::reply::Reply;
use crate::triple::Triple;

/// Requests over http pass where `when` says so.
pub(crate) fn taken(when: fn(&Parts) -> bool) -> Fault {
    asking(move |parts, _| {
        if when(parts) {
            pass_for_tls(parts);
        }
    })
}

/// GET and HEAD.
pub(crate) fn is_read(parts: &Parts) -> bool {
    matches!(parts.method.as_str(), "GET" | "HEAD")
}

/// A client says that it came by https.
pub(crate) fn is_forwarded(parts: &Parts) -> bool {
    let says = |name: &str, text: &str| {
        let value = parts
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok());
        value.is_some_and(|value| value.to_ascii_lowercase().contains(text))
    };
    says("x-forwarded-proto", "https")
        || says("forwarded", "proto=https")
        || says("x-forwarded-ssl", "on")
        || says("front-end-https", "on")
}

/// Only a copy's source is concerned.
pub(crate) fn has_source_triple_alone(parts: &Parts) -> bool {
    Triple::of(&parts.headers).is_absent() && !Triple::of_source(&parts.headers).is_absent()
}

fn has_triple(parts: &Parts) -> bool {
    !Triple::of(&parts.headers).is_absent() || !Triple::of_source(&parts.headers).is_absent()
}

/// The refusal has another Code.
pub(crate) fn is_invalid_request() -> Fault {
    around(|request, front| {
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let concerned = is_plain(&parts) && has_triple(&parts);
            let response = front.call(Request::from_parts(parts, body)).await;
            if !concerned {
                return response;
            }
            let mut reply = Reply::read(response).await;
            if reply.code().as_deref() == Some("InvalidArgument") {
                reply.edit_elements("Code", |_| "InvalidRequest".to_owned());
            }
            reply.into_response()
        })
    })
}

/// A write over http is refused once it is stored.
pub(crate) fn refused_but_stored() -> Fault {
    around(|request, front| {
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            if !is_plain(&parts) || !has_triple(&parts) || parts.method != "PUT" {
                return front.call(Request::from_parts(parts, body)).await;
            }
            let refused = Request::from_parts(parts.clone(), Body::empty());
            pass_for_tls(&mut parts);
            front.call(Request::from_parts(parts, body)).await;
            front.call(refused).await
        })
    })
}

/// Over http, too, what does not exist is looked for first.
pub(crate) fn existence_comes_first() -> Fault {
    around(|request, front| {
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            if is_plain(&parts) && is_read(&parts) && has_triple(&parts) {
                let mut first = parts.clone();
                pass_for_tls(&mut first);
                let response = front.call(Request::from_parts(first, Body::empty())).await;
                if response.status() == 404 {
                    return response;
                }
            }
            front.call(Request::from_parts(parts, body)).await
        })
    })
}
