//! A target over the network as something to play sequences against.

use std::time::SystemTime;

use super::play::play;
use super::stage::{Endpoint, NoAnswer, Played, Stage};
use crate::catalogue::Catalogue;
use crate::keys::Seed;
use crate::model::{Op, Scale};
use crate::plan::Planned;
use crate::run::{Guest, Unanswered};
use crate::target::Target;
use crate::wire::Response;

impl Endpoint for Guest {
    fn target(&self) -> &Target {
        Self::target(self)
    }

    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    async fn exchange(&self, bucket: &str, planned: Planned) -> Result<Response, NoAnswer> {
        let answer = Self::exchange(self, bucket, planned).await;
        answer.map_err(|unanswered| match unanswered {
            Unanswered::Silence(why) => NoAnswer::Silence(why),
            Unanswered::Over(why) => NoAnswer::Over(why),
        })
    }
}

/// Where sequences go: nobody else's objects, and a bucket of their own where they change it.
#[derive(Clone, Copy)]
pub(super) struct Ground<'a> {
    pub(super) guest: &'a Guest,
    pub(super) shared: &'a str,
    pub(super) seed: &'a Seed,
    pub(super) catalogue: &'a Catalogue,
}

impl Ground<'_> {
    /// Plays a sequence whose objects nobody else has: `lane` is not used by another at the same time.
    pub(super) async fn play(&self, ops: &[Op], lane: &str) -> Played {
        let own = if ops.iter().any(|op| op.act.changes_bucket()) {
            match self.guest.own_bucket(&format!("fuzz-{lane}")).await {
                Ok(bucket) => Some(bucket),
                Err(why) => {
                    return Played {
                        over: Some(why),
                        ..Played::default()
                    };
                }
            }
        } else {
            None
        };
        let prefix = format!("{}/fuzz/{lane}/", self.guest.run_id());
        let stage = Stage {
            endpoint: self.guest,
            bucket: own.as_deref().unwrap_or(self.shared),
            prefix: &prefix,
            seed: self.seed,
            catalogue: Some(self.catalogue),
            scale: Scale::S3,
        };
        play(&stage, ops).await
    }
}
