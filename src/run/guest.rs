//! What another runner of this crate may do with a target: ask the first question, send requests, and remove what
//! it made. Everything that a run promises about journals, limits and interruptions holds for it too.

use std::sync::Arc;

use super::buckets::{Buckets, NoBucket};
use super::session::{Failure, Session};
use super::{Options, clean_up, cleanup, fresh_id, open, preflight};
use crate::event::{Cleanup, Feature, FirstQuestion};
use crate::journal::Entry;
use crate::plan::Planned;
use crate::target::Target;
use crate::transport::TransportError;
use crate::wire::Response;

/// A way to a target that is not a run of cases.
#[derive(Debug)]
pub(crate) struct Guest {
    session: Arc<Session>,
    buckets: Buckets,
}

/// Why there is no answer.
pub(crate) enum Unanswered {
    /// The connection was refused or cut.
    Silence(String),
    /// Interrupted, or the target is dead or unreachable.
    Over(String),
}

impl Guest {
    /// Opens the way; nothing is sent yet.
    pub(crate) fn open(target: &Target, options: Options) -> Result<Self, String> {
        let run_id = options.run_id.clone().unwrap_or_else(fresh_id);
        Ok(Self {
            session: Arc::new(open(target, options, run_id)?),
            buckets: Buckets::default(),
        })
    }

    /// Names what is made.
    pub(crate) fn run_id(&self) -> &str {
        &self.session.run_id
    }

    pub(crate) fn target(&self) -> &Target {
        &self.session.target
    }

    /// Whether the target does SSE-C at all.
    pub(crate) async fn first_question(&self) -> Result<FirstQuestion, String> {
        let asked = preflight::first_question(&self.session, &self.buckets).await;
        asked.map_err(|why| self.clean_text(&why))
    }

    /// The bucket that sequences share.
    pub(crate) async fn shared_bucket(&self) -> Result<String, String> {
        let made = self.buckets.shared(&self.session).await;
        made.map_err(|none| self.no_bucket(&none))
    }

    /// A new bucket in which SSE-C is allowed.
    pub(crate) async fn own_bucket(&self, kind: &str) -> Result<String, String> {
        let made = self.buckets.make(&self.session, kind).await;
        made.map_err(|none| self.no_bucket(&none))
    }

    /// Signs and sends.
    pub(crate) async fn exchange(
        &self,
        bucket: &str,
        planned: Planned,
    ) -> Result<Response, Unanswered> {
        let answer = self.session.exchange(bucket, planned).await;
        answer.map_err(|failure| {
            let why = self.clean_text(&failure.to_string());
            match failure {
                Failure::Transport(
                    TransportError::Refused
                    | TransportError::Closed
                    | TransportError::HalfBody
                    | TransportError::Garbage(_)
                    | TransportError::TooLong { .. },
                ) => Unanswered::Silence(why),
                _ => Unanswered::Over(why),
            }
        })
    }

    /// Removes everything that was made so far, but for the bucket that sequences share. What cannot be removed
    /// now stays in the journal, for the end.
    pub(crate) async fn tidy(&self) {
        let shared = self.buckets.shared_name();
        let is_shared = |entry: &Entry| matches!(entry, Entry::Bucket { bucket } if Some(bucket.as_str()) == shared);
        let entries = self.session.journal.entries();
        let (kept, things): (Vec<_>, Vec<_>) = entries.into_iter().partition(is_shared);
        let cleanup = cleanup::clean(&self.session, things).await;
        if cleanup.leftovers.is_empty() {
            // If the file cannot be written anew, the old one still names everything.
            let _ = self.session.journal.settle(&kept);
        }
    }

    /// Removes everything.
    pub(crate) async fn leave(&self) -> Cleanup {
        clean_up(&self.session).await
    }

    pub(crate) fn is_interrupted(&self) -> bool {
        self.session.options.interrupt.is_triggered()
    }

    pub(crate) fn death(&self) -> Option<String> {
        self.session.death()
    }

    pub(crate) fn features(&self) -> Vec<Feature> {
        self.session.features()
    }

    /// Text without credentials.
    pub(crate) fn clean_text(&self, text: &str) -> String {
        self.session.redactor.text(text).into_owned()
    }

    fn no_bucket(&self, none: &NoBucket) -> String {
        match none {
            NoBucket::Failure(failure) => self.clean_text(&failure.to_string()),
            NoBucket::Refused(response, feature) => {
                format!("a bucket is answered {} (needs {feature})", response.status)
            }
        }
    }
}
