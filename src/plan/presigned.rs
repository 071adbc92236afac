//! Presigned URLs: what is signed into one, and the request that uses one.

use super::{
    Bindings, Bytes, Call, Ground, Headers, PlanError, Planned, Request, Sign, SignMethod, Summed,
    Verb, checksum, edit, edit_query, framing, range_value, triple, value,
};

/// The request that a presigned URL is made of: `presign` goes through [`super::plan`] as any other verb,
/// and this is the request of `use`, which is signed already.
pub(super) fn plan(
    ground: &Ground<'_>,
    bindings: &Bindings,
    call: &Call,
) -> Result<Planned, PlanError> {
    let source = call
        .url
        .as_ref()
        .ok_or_else(|| PlanError::Undefined("a URL".to_owned()))?;
    let url = ground.value(bindings, source)?;
    let made = value::reference(source).and_then(|reference| bindings.get(&reference.name));
    let made_for = made
        .and_then(|bound| bound.url.as_ref())
        .map(|(method, _)| method.clone());
    let object = made.and_then(|bound| bound.object.clone());

    let body = ground.bodies.sent(call.body.as_ref());
    let mut headers = Headers::default();
    triple::add(&mut headers, ground, call);
    headers_of_range(&mut headers, call);
    let mut sign = Sign {
        method: SignMethod::None,
        ..Sign::default()
    };
    let mut trailers = Headers::default();
    let summed = Summed {
        ground,
        bindings,
        verb: Verb::Use,
        call,
    };
    checksum::add(&mut headers, &mut trailers, &mut sign, &body, &summed)?;
    edit(&mut headers, ground, bindings, call)?;

    let mut request = address(ground, call, &url)?;
    request.method = call
        .method
        .clone()
        .or(made_for)
        .unwrap_or_else(|| "GET".to_owned());
    request.headers = headers;
    request.body = body;
    request.trailers = trailers;
    edit_query(&mut request, ground, bindings, call)?;
    Ok(Planned {
        request,
        sign,
        key: object.map(|object| ground.key(&object)),
    })
}

fn headers_of_range(headers: &mut Headers, call: &Call) {
    if let Some(range) = call.range {
        headers.push("Range", range_value(range));
    }
}

/// Where the URL leads, or the same path on the http endpoint.
fn address(ground: &Ground<'_>, call: &Call, url: &str) -> Result<Request, PlanError> {
    let odd = || PlanError::Undefined(format!("the URL {url}"));
    let (_, rest) = url.split_once("://").ok_or_else(odd)?;
    let (authority, target) = rest.split_at(rest.find('/').ok_or_else(odd)?);
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let endpoint = ground.endpoint(call.wire.http)?;
    let host = authority
        .rsplit_once(':')
        .map_or(authority, |(host, _)| host);
    Ok(Request {
        scheme: endpoint.scheme,
        authority: if call.wire.http {
            endpoint.authority_of(host)
        } else {
            authority.to_owned()
        },
        method: String::new(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers: Headers::default(),
        body: Bytes::new(),
        trailers: Headers::default(),
        framing: framing(call),
    })
}
