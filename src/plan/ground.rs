//! What requests are made of besides the step itself: where they go, the case's secrets and bodies, and
//! the answers so far.

use std::collections::HashMap;
use std::time::SystemTime;

use super::{Bodies, PlanError};
use crate::case::triple::KeyName;
use crate::keys::{CustomerKey, Seed};
use crate::target::{Addressing, Endpoint, Target};
use crate::wire::{Response, Scheme, encode_key};

/// What all requests of one trial share.
#[derive(Clone, Copy, Debug)]
pub struct Ground<'a> {
    /// Where they go.
    pub target: &'a Target,
    /// The bucket of the trial.
    pub bucket: &'a str,
    /// Every key of the trial begins with it.
    pub prefix: &'a str,
    /// Keys and malformed material derive from the case's id.
    pub case: &'a str,
    /// And from the run's seed.
    pub seed: &'a Seed,
    /// The trial's named bodies.
    pub bodies: &'a Bodies,
    /// What `{time: …}` and lifetimes count from.
    pub now: SystemTime,
}

/// The answers that steps have named, and what is known about them.
#[derive(Clone, Debug, Default)]
pub struct Bindings(HashMap<String, Bound>);

/// One named answer.
#[derive(Clone, Debug, Default)]
pub struct Bound {
    /// The answer; `None` for a step that sends nothing.
    pub response: Option<Response>,
    /// The object that the step was about, by its name in the case.
    pub object: Option<String>,
    /// The part number that was sent.
    pub part: Option<String>,
    /// The method and the URL that `presign` made.
    pub url: Option<(String, String)>,
}

impl Bindings {
    /// The answer of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Bound> {
        self.0.get(name)
    }

    /// Names an answer.
    pub fn insert(&mut self, name: impl Into<String>, bound: Bound) {
        self.0.insert(name.into(), bound);
    }
}

impl Ground<'_> {
    /// The full key of an object of the trial.
    #[must_use]
    pub fn key(&self, object: &str) -> String {
        format!("{}{object}", self.prefix)
    }

    /// The customer key of that name.
    #[must_use]
    pub fn customer_key(&self, name: KeyName) -> CustomerKey {
        self.seed.customer_key(self.case, &name.to_string())
    }

    /// Scheme, authority and path of an object of the trial, or of its bucket.
    pub(super) fn address(
        &self,
        object: Option<&str>,
        http: bool,
    ) -> Result<(Scheme, String, String), PlanError> {
        let endpoint = self.endpoint(http)?;
        let key = object.map(|object| encode_key(&self.key(object)));
        let (authority, path) = match (self.target.addressing, key) {
            (Addressing::Path, Some(key)) => {
                (endpoint.authority(), format!("/{}/{key}", self.bucket))
            }
            (Addressing::Path, None) => (endpoint.authority(), format!("/{}", self.bucket)),
            (Addressing::Virtual, key) => {
                let host = format!("{}.{}", self.bucket, endpoint.host);
                (
                    endpoint.authority_of(&host),
                    format!("/{}", key.unwrap_or_default()),
                )
            }
        };
        Ok((endpoint.scheme, authority, path))
    }

    pub(super) fn endpoint(&self, http: bool) -> Result<&Endpoint, PlanError> {
        let main = &self.target.endpoint;
        match (http, main.scheme) {
            (false, _) | (true, Scheme::Http) => Ok(main),
            (true, Scheme::Https) => self
                .target
                .http_endpoint
                .as_ref()
                .ok_or(PlanError::NoHttpEndpoint),
        }
    }
}
