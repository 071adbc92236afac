//! The embedding seams: what answers a whole request, and what answers an authenticated one.
//!
//! A [`Service`] wrapper sees the request as it came and the answer as it goes; since it may
//! hold the credentials it can alter and re-sign. A [`Handler`] wrapper sees who is asking, the
//! decoded head and the decoded body. Saboteurs, tests and fuzzers live on these two.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use crate::body::Body;
use crate::head::Head;
use crate::payload::Payload;
use crate::route::Operation;
use crate::sigv4::Identity;

/// A request as it came in. Its extensions hold the [`crate::head::Transport`].
pub type Request = http::Request<Body>;
/// An answer.
pub type Response = http::Response<Body>;
/// An answer to come.
pub type Answer<'a> = Pin<Box<dyn Future<Output = Response> + Send + 'a>>;

/// Answers a request.
pub trait Service: Send + Sync {
    /// The answer, errors included.
    fn call(&self, request: Request) -> Answer<'_>;
}

/// A request whose sender is known and whose body is decoded while it is read.
pub struct Call {
    /// What is asked for.
    pub operation: Operation,
    /// The head.
    pub head: Head,
    /// Who asks.
    pub identity: Identity,
    /// The plaintext of the body; nothing of it has been read yet.
    pub payload: Payload,
}

impl std::fmt::Debug for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Call({})", self.operation.name())
    }
}

/// Answers an authenticated request.
pub trait Handler: Send + Sync {
    /// The answer, errors included.
    fn handle(&self, call: Call) -> Answer<'_>;
}

/// Wraps a service into another.
pub type ServiceLayer = Box<dyn FnOnce(Arc<dyn Service>) -> Arc<dyn Service> + Send>;
/// Wraps a handler into another.
pub type HandlerLayer = Box<dyn FnOnce(Arc<dyn Handler>) -> Arc<dyn Handler> + Send>;
