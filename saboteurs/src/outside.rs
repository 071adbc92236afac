//! The service layer of saboteurs: requests as they came, altered and signed anew.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use http::request::Parts;
use ssec_reference::clock::Clock;
use ssec_reference::head::Transport;
use ssec_reference::service::{Answer, Request, Response, Service};
use ssec_reference::sigv4::{Credentials, Limits, authenticate, resign};
use time::OffsetDateTime;

use crate::fault::{Fault, Seam};

/// The reference's own service, and what it takes to sign.
pub(crate) struct Front {
    inner: Arc<dyn Service>,
    credentials: Vec<Credentials>,
    region: String,
    clock: Arc<dyn Clock>,
}

impl Front {
    /// Has a request answered.
    pub(crate) async fn call(&self, request: Request) -> Response {
        self.inner.call(request).await
    }

    /// Whether the signature is good, at this time if one is given.
    pub(crate) fn is_signed(&self, parts: &Parts, at: Option<OffsetDateTime>) -> bool {
        let now = at.unwrap_or_else(|| self.clock.now());
        let limits = Limits::default();
        authenticate(parts, &self.credentials, &self.region, now, &limits).is_ok()
    }

    /// Signs a request anew, in its header.
    pub(crate) fn resign(&self, parts: &mut Parts) {
        let query = parts.uri.query().unwrap_or_default().to_owned();
        let kept: Vec<&str> = query
            .split('&')
            .filter(|pair| !is_of_a_signature(pair))
            .collect();
        set_query(parts, &kept.join("&"));
        if let Some(credentials) = self.credentials.first() {
            resign(parts, credentials, &self.region, self.clock.now());
        }
    }
}

/// An answer to come.
pub(crate) type Coming<'a> = Pin<Box<dyn Future<Output = Response> + Send + 'a>>;

struct Outside<F> {
    front: Front,
    tamper: F,
}

impl<F> Service for Outside<F>
where
    F: for<'a> Fn(Request, &'a Front) -> Coming<'a> + Send + Sync,
{
    fn call(&self, request: Request) -> Answer<'_> {
        (self.tamper)(request, &self.front)
    }
}

/// Requests are answered by `tamper`.
pub(crate) fn around(
    tamper: impl for<'a> Fn(Request, &'a Front) -> Coming<'a> + Send + Sync + 'static,
) -> Fault {
    Fault::new(Seam::Service, |config| {
        let (credentials, region) = (config.credentials.clone(), config.region.clone());
        let clock = config.clock.clone();
        config.service_layers.push(Box::new(move |inner| {
            let front = Front {
                inner,
                credentials,
                region,
                clock,
            };
            Arc::new(Outside { front, tamper })
        }));
    })
}

/// Requests are altered before they are answered.
pub(crate) fn asking(alter: impl Fn(&mut Parts, &Front) + Send + Sync + 'static) -> Fault {
    around(move |request, front| {
        let (mut parts, body) = request.into_parts();
        alter(&mut parts, front);
        Box::pin(front.call(Request::from_parts(parts, body)))
    })
}

/// Whether a request came over http.
pub(crate) fn is_plain(parts: &Parts) -> bool {
    parts.extensions.get() != Some(&Transport::Tls)
}

/// Lets a request pass for one that came over https.
pub(crate) fn pass_for_tls(parts: &mut Parts) {
    parts.extensions.insert(Transport::Tls);
}

/// Gives a request another query.
pub(crate) fn set_query(parts: &mut Parts, query: &str) {
    let target = match query {
        "" => parts.uri.path().to_owned(),
        query => format!("{}?{query}", parts.uri.path()),
    };
    let mut pieces = parts.uri.clone().into_parts();
    if let Ok(target) = target.parse() {
        pieces.path_and_query = Some(target);
        if let Ok(uri) = http::Uri::from_parts(pieces) {
            parts.uri = uri;
        }
    }
}

/// `X-Amz-Signature` and its company.
fn is_of_a_signature(pair: &str) -> bool {
    const NAMES: &[&str] = &[
        "X-Amz-Algorithm",
        "X-Amz-Credential",
        "X-Amz-Date",
        "X-Amz-Expires",
        "X-Amz-SignedHeaders",
        "X-Amz-Signature",
    ];
    NAMES.contains(&pair.split('=').next().unwrap_or_default())
}
