//! From host names to addresses. With virtual addressing `bucket.host` lives where `host` lives, even if
//! nobody told the resolver: `bucket.s3.localhost` resolves on few systems.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use crate::target::Target;

/// Resolves the target's names and those below them.
#[derive(Clone, Debug)]
pub(super) struct Names {
    endpoints: Arc<[String]>,
}

impl Names {
    pub(super) fn of(target: &Target) -> Self {
        let endpoints = [Some(&target.endpoint), target.http_endpoint.as_ref()];
        Self {
            endpoints: endpoints
                .into_iter()
                .flatten()
                .map(|endpoint| endpoint.host.clone())
                .collect(),
        }
    }

    /// Every address of `host`, with that port.
    pub(super) async fn resolve(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        let host = host.trim_matches(['[', ']']);
        // Names below `localhost` are loopback wherever this runs, and resolvers are not to be asked (RFC 6761, 6.3).
        let host = if host.ends_with(".localhost") {
            "localhost"
        } else {
            host
        };
        match lookup(host, port).await {
            Err(error) => match self.parent(host) {
                Some(parent) => lookup(parent, port).await,
                None => Err(error),
            },
            found => found,
        }
    }

    /// The endpoint that `host` lies below.
    fn parent(&self, host: &str) -> Option<&str> {
        self.endpoints
            .iter()
            .find(|endpoint| {
                host.strip_suffix(endpoint.as_str())
                    .is_some_and(|below| below.ends_with('.'))
            })
            .map(String::as_str)
    }
}

impl reqwest::dns::Resolve for Names {
    fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
        let names = self.clone();
        Box::pin(async move {
            let found = names.resolve(name.as_str(), 0).await?;
            Ok(Box::new(found.into_iter()) as reqwest::dns::Addrs)
        })
    }
}

/// Loopback names need no resolver (RFC 6761 §6.3), and some systems do not know them.
async fn lookup(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    let found: io::Result<Vec<_>> = tokio::net::lookup_host((host, port))
        .await
        .map(Iterator::collect);
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        _ if host == "localhost" || host.ends_with(".localhost") => {
            Ok(vec![SocketAddr::from(([127, 0, 0, 1], port))])
        }
        Ok(_) => Err(io::Error::new(io::ErrorKind::NotFound, "no address")),
        Err(error) => Err(error),
    }
}
