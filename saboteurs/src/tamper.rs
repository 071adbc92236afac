//! The handler layer of saboteurs: a call may be altered on its way in, its answer on its way
//! out, or both ways by a function of its own.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use ssec_reference::service::{Answer, Call, Handler};

use crate::call::Asked;
use crate::fault::{Fault, Seam};
use crate::memory::Memory;
use crate::reply::Reply;

/// A reply to come.
pub(crate) type Coming<'a> = Pin<Box<dyn Future<Output = Reply> + Send + 'a>>;

/// The reference's own handler, and what was learnt from its answers.
pub(crate) struct Next {
    inner: Arc<dyn Handler>,
    pub(crate) memory: Memory,
}

impl Next {
    /// Has a call carried out.
    pub(crate) async fn call(&self, call: Call) -> Reply {
        let asked = Asked::of(&call);
        let reply = Reply::read(self.inner.handle(call).await).await;
        self.memory.learn(&asked, &reply);
        reply
    }

    /// Has a call without a body carried out.
    pub(crate) async fn ask(&self, asked: &Asked) -> Reply {
        self.call(asked.bare()).await
    }
}

struct Tamper<F> {
    next: Next,
    tamper: F,
}

impl<F> Handler for Tamper<F>
where
    F: for<'a> Fn(Call, &'a Next) -> Coming<'a> + Send + Sync,
{
    fn handle(&self, call: Call) -> Answer<'_> {
        let coming = (self.tamper)(call, &self.next);
        Box::pin(async { coming.await.into_response() })
    }
}

/// Calls are answered by `tamper`, which may have them carried out as often as it likes.
pub(crate) fn around(
    tamper: impl for<'a> Fn(Call, &'a Next) -> Coming<'a> + Send + Sync + 'static,
) -> Fault {
    Fault::new(Seam::Handler, |config| {
        config.handler_layers.push(Box::new(|inner| {
            let memory = Memory::default();
            let next = Next { inner, memory };
            Arc::new(Tamper { next, tamper })
        }));
    })
}

/// Calls are altered before they are carried out.
pub(crate) fn asking(alter: impl Fn(&mut Call, &Memory) + Send + Sync + 'static) -> Fault {
    around(move |mut call, next| {
        alter(&mut call, &next.memory);
        Box::pin(next.call(call))
    })
}

/// Answers are altered.
pub(crate) fn answering(
    alter: impl Fn(&mut Reply, &Asked, &Memory) + Send + Sync + 'static,
) -> Fault {
    let alter = Arc::new(alter);
    around(move |call, next| {
        let alter = alter.clone();
        Box::pin(async move {
            let asked = Asked::of(&call);
            let mut reply = next.call(call).await;
            alter(&mut reply, &asked, &next.memory);
            reply
        })
    })
}
