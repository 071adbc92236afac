//! The front door: from a request as it came to an authenticated [`Call`], head before body.
//!
//! Order: target, signature, operation, TLS for SSE-C, then the handler. Nothing of the body is
//! read before the head is accepted, so a refused upload with `Expect: 100-continue` sends none.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::header::EXPECT;
use http::request::Parts;
use http_body::{Frame, SizeHint};

use crate::app::App;
use crate::body::{Body, BodyError};
use crate::error::S3Result;
use crate::head::{Head, Transport};
use crate::payload::{self, Payload};
use crate::respond::{self, Ids};
use crate::route;
use crate::service::{Answer, Call, Handler, Request, Response, Service};
use crate::sigv4;
use crate::ssec::rules::{self, Facts};
use crate::ssec::{Side, Triple};

/// How much of a refused body is read and dropped, in bytes, so that a client that sends without
/// waiting sees the refusal and not a reset connection.
const DRAIN_LEN_MAX: usize = 32 * 1024 * 1024;
/// How long that may take.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(5);

/// Authenticates requests and hands them to a handler.
pub(crate) struct Front {
    pub(crate) app: Arc<App>,
    pub(crate) handler: Arc<dyn Handler>,
}

impl Service for Front {
    fn call(&self, request: Request) -> Answer<'_> {
        Box::pin(self.answer(request))
    }
}

impl Front {
    async fn answer(&self, request: Request) -> Response {
        let ids = Ids::new(self.app.random());
        let (parts, body) = request.into_parts();
        let lender = Lender::default();
        let body = lender.lend(body);
        let mut response = match self.admit(&parts, body) {
            Ok(call) => self.handler.handle(call).await,
            Err(error) => respond::error(&error, &parts.method, &ids),
        };
        if response.status().as_u16() >= 400 && !parts.headers.contains_key(EXPECT) {
            lender.drain().await;
        }
        if !response.headers().contains_key(crate::headers::REQUEST_ID) {
            ids.sign(&mut response);
        }
        response
    }

    fn admit(&self, parts: &Parts, body: Body) -> S3Result<Call> {
        let transport = parts.extensions.get().copied().unwrap_or(Transport::Plain);
        let mut head = Head::read(parts, transport, self.app.domain())?;
        let identity = sigv4::authenticate(
            parts,
            self.app.credentials(),
            self.app.region(),
            self.app.now(),
            &sigv4::Limits::default(),
        )?;
        if identity.is_presigned() {
            sigv4::hoist(&mut head.headers, parts.uri.query())?;
        }
        let operation = route::operation(&head)?;
        if operation.takes_sse_c() {
            admit_sse_c(&head)?;
        }
        let limits = payload::Limits::default();
        let payload = Payload::new(&head.headers, identity.payload(), body, &limits)
            .unwrap_or_else(Payload::refused);
        Ok(Call {
            operation,
            head,
            identity,
            payload,
        })
    }
}

fn admit_sse_c(head: &Head) -> S3Result<()> {
    for side in [Side::Object, Side::CopySource] {
        let triple = Triple::read(&head.headers, side);
        let transport = Some(head.transport);
        let facts = Facts {
            transport,
            triple: Some(&triple),
            ..Facts::default()
        };
        rules::decide(rules::ADMISSION, &facts)?;
    }
    Ok(())
}

/// Keeps hold of a request body while others read it, to drain what they leave.
#[derive(Clone, Default)]
struct Lender(Arc<Mutex<Option<Body>>>);

impl Lender {
    fn lend(&self, body: Body) -> Body {
        Body::stream(Lent {
            body: Some(body),
            home: self.clone(),
        })
    }

    async fn drain(&self) {
        let left = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(mut body) = left else { return };
        let drained = async {
            let mut len = 0;
            while let Some(Ok(piece)) = body.next().await {
                len += piece.len();
                if len > DRAIN_LEN_MAX {
                    return;
                }
            }
        };
        // Too slow: the connection is closed with the body unread, which is all one can do.
        let _ = tokio::time::timeout(DRAIN_TIMEOUT, drained).await;
    }
}

/// A body that goes back to its lender when it is dropped.
struct Lent {
    body: Option<Body>,
    home: Lender,
}

impl Drop for Lent {
    fn drop(&mut self) {
        *self.home.0.lock().unwrap_or_else(PoisonError::into_inner) = self.body.take();
    }
}

impl http_body::Body for Lent {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        match &mut self.body {
            Some(body) => Pin::new(body).poll_frame(cx),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body
            .as_ref()
            .is_none_or(http_body::Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body
            .as_ref()
            .map_or_else(SizeHint::default, http_body::Body::size_hint)
    }
}
