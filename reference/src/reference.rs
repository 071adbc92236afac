//! One server: its service without sockets, and the running thing with them.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use crate::app::App;
use crate::config::Config;
use crate::error::S3Error;
use crate::front::Front;
use crate::ops::{Operations, new_bucket};
use crate::server::Listener;
use crate::service::{Handler, Service};
use crate::tls;

/// A server without sockets: hand it requests, get answers.
pub struct Reference {
    service: Arc<dyn Service>,
}

impl Reference {
    /// Opens the store, makes the configured buckets, and puts the layers around.
    ///
    /// # Errors
    /// When the data folder cannot be opened, is in use by another server, or holds what is not
    /// ours.
    pub fn open(config: Config) -> std::io::Result<Self> {
        let app = Arc::new(App::open(&config)?);
        for name in &config.buckets {
            if app.store().bucket(name).is_err() {
                let made = app.store().create_bucket(new_bucket(&app, name));
                made.map_err(|error| std::io::Error::other(S3Error::from(error)))?;
            }
        }
        let mut handler: Arc<dyn Handler> = Arc::new(Operations { app: app.clone() });
        for layer in config.handler_layers.into_iter().rev() {
            handler = layer(handler);
        }
        let mut service: Arc<dyn Service> = Arc::new(Front { app, handler });
        for layer in config.service_layers.into_iter().rev() {
            service = layer(service);
        }
        Ok(Self { service })
    }

    /// What answers requests.
    pub fn service(&self) -> Arc<dyn Service> {
        self.service.clone()
    }
}

impl std::fmt::Debug for Reference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Reference")
    }
}

/// A running server. Dropped, it stops; [`Handle::stop`] also waits for running requests.
#[derive(Debug)]
pub struct Handle {
    https: SocketAddr,
    http: Option<SocketAddr>,
    ca_pem: String,
    stop: watch::Sender<()>,
    listeners: JoinSet<()>,
}

impl Handle {
    /// Where https listens.
    pub fn https_addr(&self) -> SocketAddr {
        self.https
    }

    /// Where http listens, if it does.
    pub fn http_addr(&self) -> Option<SocketAddr> {
        self.http
    }

    /// `https://localhost:PORT`
    pub fn https_url(&self) -> String {
        format!("https://localhost:{}", self.https.port())
    }

    /// `http://localhost:PORT`
    pub fn http_url(&self) -> Option<String> {
        self.http
            .map(|address| format!("http://localhost:{}", address.port()))
    }

    /// The certificate that clients must trust, PEM.
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    /// Takes no more connections and waits until the listeners are gone.
    pub async fn stop(mut self) {
        // Without a receiver nobody listens any more, which is what is wanted.
        let _ = self.stop.send(());
        while self.listeners.join_next().await.is_some() {}
    }
}

/// Starts a server on the current tokio runtime.
///
/// # Errors
/// When an address is taken, the domain is no DNS name, or the data folder cannot be opened.
pub async fn start(config: Config) -> std::io::Result<Handle> {
    let identity = tls::identity(&config.domain)?;
    let https = Listener::bind(config.https).await?;
    let http = match config.http {
        Some(address) => Some(Listener::bind(address).await?),
        None => None,
    };
    let service = Reference::open(config)?.service();
    let (stop, stopped) = watch::channel(());
    let addresses = (https.address(), http.as_ref().map(Listener::address));
    let acceptor = TlsAcceptor::from(identity.config);
    let mut listeners = JoinSet::new();
    listeners.spawn(https.serve(service.clone(), Some(acceptor), stopped.clone()));
    if let Some(http) = http {
        listeners.spawn(http.serve(service, None, stopped));
    }
    Ok(Handle {
        https: addresses.0,
        http: addresses.1,
        ca_pem: identity.ca_pem,
        stop,
        listeners,
    })
}
